"""What it means to whoever pays for results: how much, when, how likely, for what, and who of them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator.charts.palette import PAYER
from simulator.metrics.summary import Estimate
from simulator.scenario.scenario import Scenario
from simulator.ui import panels, sentences, state
from simulator.ui.drawings import draw_dots, draw_payers, draw_years, payer_name
from simulator.ui.panels import Headline, Table, headline_from, headline_of
from simulator.ui.results import results_of
from simulator.ui.state import Screen, show
from simulator.ui.summary import WHOLE, PayerPart, Summary
from simulator.ui.voice import Voice, plain

LINES = ("gross", "returned", "net")


def draw(screen: Screen) -> None:
    """Draw the page."""
    now, base = results_of(screen)
    key = _choose(now, screen)
    screen = replace(screen, voice=replace(screen.voice, payer=key))
    part, before = now.payers[key], base.payers[key]
    panels.headlines(_headlines(now, base, screen, key), screen)
    _years(part, before, screen)
    caps = sentences.caps(screen.scenario, screen.voice)
    if caps:
        st.caption(plain(caps))
    if key == WHOLE and len(now.payers) > 1:
        figure, table = draw_payers(now, base, screen.voice)
        panels.chart(
            "payers", figure, sentences.payers(now, screen.voice), table, screen,
            title=screen.voice.tr("chart.payers.title"), opened=True,
        )  # fmt: skip
    _total(part, before, now.trials, screen)
    _reconciliation(part, screen)
    if key == WHOLE and len(now.results) > 1:
        _by_result(now, screen)


def _choose(now: Summary, screen: Screen) -> str:
    """Offer all payers together, or one of them, where there are several."""
    names = [WHOLE, *(name for name in screen.base.contract.payers if name in now.payers)]
    if len(names) < 2:
        return WHOLE
    voice, chosen = screen.voice, screen.link.payer if screen.link.payer in names else WHOLE
    st.segmented_control(
        voice.tr("ui.payers"), names, format_func=lambda name: plain(payer_name(name, voice)), required=True,
        key=show("in_payer", chosen), on_change=state.choose_payer, label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def _years(part: PayerPart, before: PayerPart, screen: Screen) -> None:
    figure, table = draw_years(part.years, before.years, screen.voice)
    panels.chart(
        "years", figure,
        sentences.join(
            sentences.comes_back(part, before, screen.voice, is_moved=screen.is_moved),
            sentences.payer_years(part.years, screen.voice),
        ),
        table, screen,
        title=screen.voice.tr("chart.years.title"),
    )  # fmt: skip


def _total(part: PayerPart, before: PayerPart, trials: int, screen: Screen) -> None:
    figure, table = draw_dots(
        part.dots, before.dots, screen.voice, name="payments", colour=PAYER, means=(part.net.mean, before.net.mean),
        losses=False,
    )  # fmt: skip
    panels.chart(
        "payments", figure, sentences.payer_total(part, trials, screen.voice), table, screen,
        title=screen.voice.tr("chart.dots.payments.title"),
    )  # fmt: skip


def _reconciliation(part: PayerPart, screen: Screen) -> None:
    """Show how gross becomes net, line by line, each with what it means."""
    voice = screen.voice
    amounts = {"gross": part.gross.mean, "returned": -part.returned.mean, "net": part.net.mean}
    rows = tuple((line, amounts[line]) for line in LINES)
    shown = tuple(
        (voice.tr(f"ui.net.{line}"), voice.money(amounts[line]) if amounts[line] else voice.money(0.0),
         voice.tr(f"ui.net.{line}.help"))
        for line in LINES
    )  # fmt: skip
    columns = ("line", "mean", "meaning")
    headings = tuple(voice.tr(f"ui.net.column.{column}") for column in columns)
    machine = tuple((*row, text[2]) for row, text in zip(rows, shown, strict=True))
    table = Table(columns=columns, headings=headings, rows=machine, shown=shown)
    panels.listing(
        "net", sentences.reconciliation(part, voice), table, screen, title=voice.tr("ui.net.title")
    )


def _by_result(now: Summary, screen: Screen) -> None:
    """Show by result what is paid for it and what an additional unit of it costs."""
    voice, results = screen.voice, screen.base.contract.results
    columns = ("result", "measured", "additional", "paid", "per_additional")
    rows = tuple(
        (key, cost.measured.mean, cost.additional.mean, cost.paid.mean, cost.per_additional)
        for key, cost in now.results.items()
    )
    shown = tuple(
        (voice.text(results[key].name), panels.write(cost.measured.mean, "number", voice),
         panels.write(cost.additional.mean, "number", voice), voice.money(cost.paid.mean),
         panels.write(cost.per_additional, "money", voice))
        for key, cost in now.results.items()
    )  # fmt: skip
    headings = tuple(voice.tr(f"ui.by_result.{column}") for column in columns)
    table = Table(columns=columns, headings=headings, rows=rows, shown=shown)
    panels.listing(
        "results", sentences.results(now, voice), table, screen, title=voice.tr("ui.by_result.title")
    )


def _headlines(now: Summary, base: Summary, screen: Screen, key: str) -> list[Headline]:
    """What is paid in the end and at first, how often nothing; and for one payer its share, else what it buys."""
    part, before, voice = now.payers[key], base.payers[key], screen.voice
    nothing_se = (part.nothing * (1 - part.nothing) / now.trials) ** 0.5
    nothing = Headline(
        name="metric.nothing_paid_probability", value=part.nothing, se=nothing_se, base=before.nothing, kind="share",
        better="neither",
    )  # fmt: skip
    items = [*_amounts(part, before, screen), nothing]
    if key != WHOLE:
        of_whole = voice.tr("ui.share_of", whole=voice.money(now.payers[WHOLE].net.mean))
        share = Headline(name="metric.payer_share", value=part.share, se=float("nan"), base=before.share, kind="share",
                         better="neither", detail=of_whole)  # fmt: skip
        return [*items, share]
    return [*items, _deadweight(now, base, voice), *_per_result(now, base, screen)]


def _amounts(part: PayerPart, before: PayerPart, screen: Screen) -> list[Headline]:
    """What is paid in the end, and the most; where money comes back, what has to be ready before it does."""
    voice, paid = screen.voice, part.net
    if part.returned.high <= 0 and before.returned.high <= 0:
        most = Headline(name="metric.payments_most", value=paid.high, se=0.0, base=before.net.high, kind="money",
                        better="lower", detail=_most_detail(paid, screen))  # fmt: skip
        return [headline_from("metric.payments", paid, before.net, kind="money", better="lower"), most]
    largest = part.gross.mean
    most_gross, most_net = (voice.money_beside(amount, largest) for amount in (part.gross.high, paid.high))
    gross = headline_from(
        "metric.payments_gross", part.gross, before.gross, kind="money", better="lower",
        detail=voice.tr("ui.gross_detail", p90=voice.money_beside(part.gross.p90, largest), most=most_gross),
    )  # fmt: skip
    net = headline_from(
        "metric.payments", paid, before.net, kind="money", better="lower",
        detail=voice.tr(
            "ui.net_detail", low=voice.money_beside(paid.p10, largest), high=voice.money_beside(paid.p90, largest),
            most=most_net,
        ),
    )  # fmt: skip
    return [gross, replace(net, title=voice.say("metric.payments_net"))]


def _most_detail(paid: Estimate, screen: Screen) -> str:
    voice = screen.voice
    if is_ceiling(paid.high, screen.scenario):
        return voice.tr("ui.most_is_cap")
    if paid.p90 >= paid.high * (1 - 1e-9):
        return voice.tr("ui.most_often")
    return voice.tr("ui.most_detail", p90=voice.money(paid.p90))


def _deadweight(now: Summary, base: Summary, voice: Voice) -> Headline:
    """What is paid for what would have happened anyway, and which part that is of the gross payment."""
    name = "metric.payments_for_deadweight"
    item = headline_of(
        name, now.estimates, base.estimates, key="payer.payments_for_deadweight", kind="money", better="lower"
    )
    gross = now.payers[WHOLE].gross.mean
    if gross <= 0:
        return item
    detail = voice.tr(
        "ui.deadweight_detail", share=voice.percent(item.value / gross), gross=voice.money(gross)
    )
    return replace(item, detail=detail)


def _per_result(now: Summary, base: Summary, screen: Screen) -> list[Headline]:
    """Cost per additional unit of the only result that is paid for, by its name."""
    if len(now.results) != 1:
        return []
    result = next(iter(now.results))
    key = f"{result}.payer_cost_per_additional"
    if key not in now.estimates:
        return []
    voice, found = screen.voice, screen.base.contract.results[result]
    item = headline_of("metric.payer_cost_per_additional", now.estimates, base.estimates, key=key, kind="money",
                       better="lower")  # fmt: skip
    title = ""
    if found.less_is_better:
        title = sentences.per_avoided(found, voice)
    return [replace(item, detail=voice.text(found.name), title=title)]


def is_ceiling(amount: float, scenario: Scenario) -> bool:
    """Whether an amount is one that the contract allows at most, for everything together."""
    ceilings = [
        limit.money.expectation()
        for limit in scenario.contract.limits.values()
        if limit.money is not None
        and limit.per == "contract"
        and limit.index is None
        and limit.currency is None
    ]
    return any(abs(amount - ceiling) <= 1e-6 * abs(ceiling) for ceiling in ceilings)


__all__ = ["draw", "is_ceiling"]
