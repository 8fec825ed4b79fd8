"""What it means to whoever pays for results: how much, when, how likely, for what."""

from __future__ import annotations

from dataclasses import replace

from simulator.charts.palette import PAYER
from simulator.ui import panels, sentences
from simulator.ui.drawings import draw_dots, draw_years
from simulator.ui.panels import Headline, headline_of
from simulator.ui.results import results_of
from simulator.ui.state import Screen
from simulator.ui.summary import Summary


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    now, base = results_of(screen)
    panels.headlines(_headlines(now, base, screen), screen)
    figure, table = draw_years(now, base, voice)
    panels.chart(
        "years", figure, sentences.payer_years(now, voice), table, screen, title=voice.tr("chart.years.title")
    )
    key = "payer.payments"
    figure, table = draw_dots(
        now.dots[key], base.dots[key], voice, name="payments", colour=PAYER, means=(now.mean(key), base.mean(key)),
        losses=False,
    )  # fmt: skip
    panels.chart(
        "payments",
        figure,
        sentences.payer_total(now, voice),
        table,
        screen,
        title=voice.tr("chart.dots.payments.title"),
    )


def _headlines(now: Summary, base: Summary, screen: Screen) -> list[Headline]:
    """What is paid, the most, how often nothing, and the cost per additional result."""
    paid = now.estimates["payer.payments"]
    found, before = now.estimates, base.estimates
    most = Headline(
        name="metric.payments_most", value=paid.high, se=0.0, base=before["payer.payments"].high, kind="money",
        better="lower", detail=screen.voice.tr("ui.most_detail", p90=screen.voice.money(paid.p90)),
    )  # fmt: skip
    items = [
        headline_of("metric.payments", found, before, key="payer.payments", kind="money", better="lower"),
        most,
        headline_of(
            "metric.nothing_paid_probability", found, before, key="payer.nothing_paid_probability", kind="share",
            better="neither",
        ),
    ]  # fmt: skip
    paid_for = {term.on for term in screen.base.contract.payments.values() if term.on is not None}
    if len(paid_for) == 1:
        return [*items, *_per_result(now, base, screen)]
    anyway = headline_of(
        "metric.payments_for_deadweight",
        found,
        before,
        key="payer.payments_for_deadweight",
        kind="money",
        better="lower",
    )
    return [*items, anyway]


def _per_result(now: Summary, base: Summary, screen: Screen) -> list[Headline]:
    """Cost per additional unit of the first result that is paid for."""
    contract, voice = screen.base.contract, screen.voice
    paid_for = [term.on for term in contract.payments.values() if term.on is not None]
    key = next((f"{name}.payer_cost_per_additional" for name in paid_for), "")
    if key not in now.estimates:
        return []
    result = contract.results[key.split(".")[0]]
    item = headline_of(
        "metric.payer_cost_per_additional",
        now.estimates,
        base.estimates,
        key=key,
        kind="money",
        better="lower",
    )
    return [replace(item, detail=voice.text(result.name))]


__all__ = ["draw"]
