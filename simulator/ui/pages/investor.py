"""What it means to whoever puts money at risk: rate, chance of loss, when the money is back."""

from __future__ import annotations

import streamlit as st

from simulator.charts.palette import INVESTOR
from simulator.metrics.summary import Estimate
from simulator.ui import panels, sentences
from simulator.ui.drawings import draw_dots, draw_fan
from simulator.ui.panels import Headline, headline_of
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
        "net", figure, sentences.investor_loss(now, screen.voice), table, screen,
        title=screen.voice.tr("chart.dots.net.title"),
    )  # fmt: skip


def _rate(now: Summary, base: Summary, screen: Screen) -> None:
    key, voice = "investors.irr", screen.voice
    figure, table = draw_dots(
        now.dots[key], base.dots[key], voice, name="irr", colour=INVESTOR,
        means=(_headline_rate(now.estimates[key]), _headline_rate(base.estimates[key])),
        write=voice.rate,
    )  # fmt: skip
    panels.chart(
        "irr",
        figure,
        sentences.investor_rate(now, voice),
        table,
        screen,
        title=voice.tr("chart.dots.irr.title"),
    )


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
