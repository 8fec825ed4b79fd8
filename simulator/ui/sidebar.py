"""The controls: language, deal, levers, precision."""

from __future__ import annotations

import streamlit as st

from simulator.scenario.levers import Lever, levers
from simulator.ui import cache, state
from simulator.ui.figures import lever_result
from simulator.ui.link import TRIALS
from simulator.ui.state import Screen, show
from simulator.ui.voice import plain

_LANGUAGES = {"es": "Español", "en": "English"}


def draw(screen: Screen) -> None:
    """Draw all controls."""
    voice = screen.voice
    with st.sidebar:
        st.segmented_control(
            voice.tr("ui.language"), list(_LANGUAGES), format_func=lambda code: _LANGUAGES[code], required=True,
            key=show("in_lang", screen.link.lang), on_change=state.choose_language, label_visibility="collapsed",
            width="stretch",
        )  # fmt: skip
        deals = cache.deals()
        st.selectbox(
            voice.tr("ui.deal"), list(deals), format_func=lambda name: voice.text(deals[name].title),
            key=show("in_deal", screen.link.deal), on_change=state.choose_deal,
        )  # fmt: skip
        st.subheader(voice.tr("ui.levers"), anchor=False, help=plain(voice.tr("ui.levers.help")))
        for lever in levers(screen.base):
            _lever(lever, screen)
        st.button(
            voice.tr("ui.reset"), on_click=state.reset_levers, disabled=not screen.is_moved, key="reset",
            icon=":material/restart_alt:", width="stretch",
        )  # fmt: skip
        _precision(screen)


def _lever(lever: Lever, screen: Screen) -> None:
    """Draw one slider, in percent, with what it comes to in words."""
    voice = screen.voice
    position = screen.link.positions.get(lever.id, lever.neutral)
    sign = voice.formats.locale.percent.replace("%", "%%")
    st.slider(
        plain(voice.tr(f"lever.{lever.id}")),
        min_value=round(lever.low * 100, 4), max_value=round(lever.high * 100, 4), step=round(lever.step * 100, 4),
        format=f"%.4g{sign}", key=show(f"in_lever_{lever.id}", round(position * 100, 4)),
        on_change=state.move_lever, args=(lever,), help=plain(voice.tr(f"lever.{lever.id}.help")),
    )  # fmt: skip
    words = voice.tr(f"lever.{lever.id}.value", percent=voice.percent(position, None))
    comes_to = lever_result(lever, voice, screen.scenario) if lever.is_factor else ""
    st.caption(plain(f"{words}: {comes_to}" if comes_to else words))


def _precision(screen: Screen) -> None:
    """Draw how many futures, and which luck."""
    voice = screen.voice
    with st.expander(voice.tr("ui.precision"), key="precision", icon=":material/casino:"):
        st.segmented_control(
            voice.tr("ui.trials"), list(TRIALS), format_func=voice.number, required=True, width="stretch",
            key=show("in_trials", screen.link.trials), on_change=state.choose_trials, help=plain(voice.tr("ui.trials.help")),
        )  # fmt: skip
        st.text_input(
            voice.tr("ui.seed"), key=show("in_seed", str(screen.link.seed)), max_chars=10,
            on_change=state.choose_seed, help=plain(voice.tr("ui.seed.help")),
        )  # fmt: skip
