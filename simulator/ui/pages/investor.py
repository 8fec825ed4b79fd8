"""What it means to whoever puts money at risk: rate, chance of loss, when the money is back."""

from __future__ import annotations

import streamlit as st

from simulator.charts.palette import INVESTOR
from simulator.metrics.summary import Estimate
from simulator.ui import panels, sentences
from simulator.ui.drawings import draw_dots, draw_fan
from simulator.ui.panels import Headline, Table, headline_of
from simulator.ui.results import results_of
from simulator.ui.state import Screen
from simulator.ui.summary import Summary
from simulator.ui.tranches import draw_tranches
from simulator.ui.voice import Voice, plain


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    now, base = results_of(screen)
    if "investors.net" not in now.estimates:
        st.info(plain(voice.tr("ui.no_investor")), icon=":material/info:")
        return
    panels.headlines(_headlines(now, base, voice), screen)
    _net(now, base, screen)
    figure, table = draw_fan(now.fans["investor"], base.fans["investor"], voice, colour=INVESTOR)
    panels.chart(
        "investor_cash", figure, sentences.investor_cash(now, voice), table, screen,
        title=voice.tr("chart.fan.investor.title"),
    )  # fmt: skip
    _rate(now, base, screen)
    _risk(now, screen)
    draw_tranches(now, screen)


def _net(now: Summary, base: Summary, screen: Screen) -> None:
    key = "investors.net"
    figure, table = draw_dots(
        now.dots[key],
        base.dots[key],
        screen.voice,
        name="net",
        colour=INVESTOR,
        means=(now.mean(key), base.mean(key)),
    )
    panels.chart(
        "investor_net", figure, sentences.investor_loss(now, screen.voice), table, screen,
        title=screen.voice.tr("chart.dots.net.title"),
    )  # fmt: skip


def _rate(now: Summary, base: Summary, screen: Screen) -> None:
    key, voice = "investors.irr", screen.voice
    figure, table = draw_dots(
        now.dots[key], base.dots[key], voice, name="irr", colour=INVESTOR,
        means=(_headline_rate(now.estimates[key]), _headline_rate(base.estimates[key])),
        is_rate=True,
    )  # fmt: skip
    panels.chart(
        "irr",
        figure,
        sentences.investor_rate(now, voice),
        table,
        screen,
        title=voice.tr("chart.dots.irr.title"),
    )


def _risk(now: Summary, screen: Screen) -> None:
    """Show what may be lost; where the worst futures all cost the same, in one line and not in two."""
    voice = screen.voice
    at_risk, beyond = now.mean("investors.value_at_risk_95"), now.mean("investors.shortfall_95")
    numbers = {
        "total_loss": now.mean("investors.total_loss_probability"), "loss_given_loss": now.mean("investors.loss_given_loss"),
        "expected_loss": now.mean("investors.expected_loss"), "value_at_risk": at_risk, "shortfall": beyond,
    }  # fmt: skip
    if sentences.same(at_risk, beyond):
        numbers["worst"] = numbers.pop("shortfall")
        del numbers["value_at_risk"]
    rows = tuple(numbers.items())
    shown = tuple(
        (voice.tr(f"ui.risk.{key}"), _risk_value(key, value, now, screen), voice.tr(f"ui.risk.{key}.help"))
        for key, value in rows
    )
    headings = tuple(voice.tr(f"ui.risk.column.{column}") for column in ("number", "value", "meaning"))
    table = Table(
        columns=("number", "value", "meaning"), headings=headings, shown=shown,
        rows=tuple((*row, text[2]) for row, text in zip(rows, shown, strict=True)),
    )  # fmt: skip
    panels.listing("risk", sentences.tail(now, voice), table, screen, title=voice.tr("ui.risk.title"))


def _risk_value(key: str, value: float, now: Summary, screen: Screen) -> str:
    if key == "total_loss":
        return screen.voice.chance(value, now.trials)
    return panels.write(value, "money", screen.voice)


def _headline_rate(found: Estimate) -> float:
    """The rate of the mean flows: never the mean of rates."""
    return float("nan") if found.of_mean_flows is None else found.of_mean_flows


def _headlines(now: Summary, base: Summary, voice: Voice) -> list[Headline]:
    """Rate, chance of loss, gain, loss when there is one."""
    found, before = now.estimates, base.estimates
    rate = found["investors.irr"]
    median = voice.tr("ui.median", value=voice.percent(rate.p50) if rate.trials else voice.tr("ui.undefined"))
    return [
        Headline(
            name="metric.irr", value=_headline_rate(rate), se=float("nan"), base=_headline_rate(before["investors.irr"]),
            kind="rate", better="higher", detail=median,
        ),
        headline_of(
            "metric.loss_probability", found, before, key="investors.loss_probability", kind="share", better="lower"
        ),
        headline_of("metric.net", found, before, key="investors.net", kind="money", better="higher"),
        headline_of(
            "metric.expected_loss", found, before, key="investors.expected_loss", kind="money", better="lower"
        ),
    ]  # fmt: skip


__all__ = ["draw"]
