"""What it means to whoever does the work: cash in hand, what is left, for how many people."""

from __future__ import annotations

import streamlit as st

from simulator.charts.palette import PROVIDER
from simulator.ui import panels, sentences
from simulator.ui.drawings import draw_dots, draw_fan
from simulator.ui.panels import headline_from, headline_of
from simulator.ui.results import results_of
from simulator.ui.state import Screen
from simulator.ui.voice import plain


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    now, base = results_of(screen)
    found, before = now.estimates, base.estimates
    chance = now.mean("provider.out_of_cash_probability")
    detail = (
        voice.tr(
            "ui.short_in",
            chance=voice.chance(chance, now.trials),
            worst=voice.money_beside(now.shortfall.high, now.shortfall.mean),
        )
        if chance > 0
        else voice.tr("ui.never_short.detail")
    )
    panels.headlines(
        [
            headline_of("metric.margin", found, before, key="provider.margin", kind="money", better="higher"),
            headline_of(
                "metric.out_of_cash_probability", found, before, key="provider.out_of_cash_probability", kind="share",
                better="lower",
            ),
            headline_from(
                "metric.shortfall_when_short", now.shortfall, base.shortfall, kind="money", better="lower",
                instead=voice.tr("ui.never_short"), detail=detail,
            ),
            headline_of("metric.enrolled", found, before, key="people.enrolled", kind="number", better="higher"),
        ],
        screen,
    )  # fmt: skip
    if sentences.provider_is_even(now) and sentences.provider_is_even(base):
        st.markdown(plain(sentences.join(voice.tr("ui.say.provider.nothing"), sentences.together(voice))))
        return
    event = (now.short_from.p50, voice.tr("chart.fan.short_from")) if chance > 0 else None
    figure, table = draw_fan(
        now.fans["provider"], base.fans["provider"], voice, colour=PROVIDER, event=event,
    )  # fmt: skip
    panels.chart(
        "provider_cash", figure, sentences.provider_cash(now, voice), table, screen,
        title=voice.tr("chart.fan.provider.title"),
    )  # fmt: skip
    key = "provider.margin"
    if len({*now.dots[key].values, *base.dots[key].values}) < 2:
        st.markdown(plain(sentences.provider_margin(now, voice)))
        return
    figure, table = draw_dots(
        now.dots[key],
        base.dots[key],
        voice,
        name="margin",
        colour=PROVIDER,
        means=(now.mean(key), base.mean(key)),
    )
    panels.chart(
        "margin", figure, sentences.provider_margin(now, voice), table, screen,
        title=voice.tr("chart.dots.margin.title"),
    )  # fmt: skip


__all__ = ["draw"]
