"""The controls: language, deal, levers, own file, precision, how numbers are written."""

from __future__ import annotations

import streamlit as st

from simulator.i18n import LOCALES, Formats
from simulator.scenario.levers import Lever, levers
from simulator.ui import cache, state
from simulator.ui.figures import lever_result
from simulator.ui.link import OWN, TRIALS
from simulator.ui.state import Screen, show
from simulator.ui.voice import default_numbers, plain

_LANGUAGES = {"es": "Español", "en": "English"}
_EXAMPLE = 1_234_567.89


def draw(screen: Screen) -> None:
    """Draw all controls."""
    voice = screen.voice
    with st.sidebar:
        st.segmented_control(
            voice.tr("ui.language"), list(_LANGUAGES), format_func=lambda code: _LANGUAGES[code], required=True,
            key=show("in_lang", screen.link.lang), on_change=state.choose_language, label_visibility="collapsed",
            width="stretch",
        )  # fmt: skip
        _deal(screen)
        st.subheader(voice.tr("ui.levers"), anchor=False, help=plain(voice.tr("ui.levers.help")))
        for lever in levers(screen.base):
            _lever(lever, screen)
        st.button(
            voice.tr("ui.reset"), on_click=state.reset_levers, disabled=not screen.is_moved, key="reset",
            icon=":material/restart_alt:", width="stretch",
        )  # fmt: skip
        _own_file(screen)
        _precision(screen)


def _deal(screen: Screen) -> None:
    """Draw the list of deals: which part of it, and which deal."""
    voice, deals = screen.voice, state.deals()
    groups = cache.groups() | ({OWN: (OWN,)} if OWN in deals else {})
    group = next((name for name, names in groups.items() if screen.link.deal in names), next(iter(groups)))
    st.segmented_control(
        voice.tr("ui.deals"), list(groups), format_func=lambda name: voice.tr(f"ui.deals.{name}"), required=True,
        key=show("in_group", group), on_change=state.choose_group, label_visibility="collapsed", width="stretch",
    )  # fmt: skip

    def label(name: str) -> str:
        deal = deals[name]
        return " · ".join(part for part in (voice.text(deal.title), deal.country, deal.grade or "") if part)

    st.selectbox(
        voice.tr("ui.deal"), list(groups[group]), format_func=label, key=show("in_deal", screen.link.deal),
        on_change=state.choose_deal, help=plain(voice.tr(f"ui.deals.{group}.help")),
    )  # fmt: skip


def _lever(lever: Lever, screen: Screen) -> None:
    """Draw one slider, in percent, with what it comes to in words."""
    voice = screen.voice
    position = screen.link.positions.get(lever.id, lever.neutral)
    sign = voice.formats.locale.percent.replace("%", "%%")
    st.slider(
        plain(voice.tr(f"lever.{lever.id}")),
        min_value=round(lever.low * 100, 9), max_value=round(lever.high * 100, 9), step=round(lever.step * 100, 4),
        format=f"%.4g{sign}", key=show(f"in_lever_{lever.id}", round(position * 100, 9)),
        on_change=state.move_lever, args=(lever,), help=plain(voice.tr(f"lever.{lever.id}.help")),
    )  # fmt: skip
    words = voice.tr(f"lever.{lever.id}.value", percent=voice.percent(position, None))
    comes_to = lever_result(lever, voice, screen.scenario, screen.base) if lever.is_factor else ""
    said = f"{words}: {comes_to}" if comes_to else words
    st.caption(plain(f"{said[:1].upper()}{said[1:]}"))


def _own_file(screen: Screen) -> None:
    """Let the visitor open a document of theirs; it is read in this session and kept nowhere."""
    voice = screen.voice
    with st.expander(voice.tr("ui.file"), key="own_file", icon=":material/upload_file:"):
        st.caption(plain(voice.tr("ui.file.help")))
        st.file_uploader(
            voice.tr("ui.file.choose"), type=["yaml", "yml", "json"], key="in_file", on_change=state.choose_file,
            label_visibility="collapsed",
        )  # fmt: skip


def _precision(screen: Screen) -> None:
    """Draw how many futures, which luck, and how numbers are written."""
    voice, link = screen.voice, screen.link
    with st.expander(voice.tr("ui.precision"), key="precision", icon=":material/casino:"):
        st.segmented_control(
            voice.tr("ui.trials"), list(TRIALS), format_func=voice.number, required=True, width="stretch",
            key=show("in_trials", link.trials), on_change=state.choose_trials, help=plain(voice.tr("ui.trials.help")),
        )  # fmt: skip
        st.text_input(
            voice.tr("ui.seed"), key=show("in_seed", str(link.seed)), max_chars=10,
            on_change=state.choose_seed, help=plain(voice.tr("ui.seed.help")),
        )  # fmt: skip

    def label(tag: str) -> str:
        example = Formats(tag or default_numbers(link.lang, screen.base.country), link.lang).number(
            _EXAMPLE, 2
        )
        place = voice.tr("ui.numbers.auto") if not tag else voice.tr(f"ui.country.{tag[-2:].lower()}")
        return f"{example} · {place}"

    st.selectbox(
        voice.tr("ui.numbers"), ["", *LOCALES], format_func=label, key=show("in_numbers", link.numbers),
        on_change=state.choose_numbers, help=plain(voice.tr("ui.numbers.help")),
    )  # fmt: skip


__all__ = ["draw"]
