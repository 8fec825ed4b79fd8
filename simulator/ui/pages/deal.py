"""The deal: what it is, who pays whom, and who is likely to lose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import streamlit as st

from simulator.charts.icon_array import icon_array
from simulator.charts.palette import OF_ROLE
from simulator.ui import cache, panels, sentences
from simulator.ui.drawings import draw_map
from simulator.ui.results import results_of
from simulator.ui.state import Screen
from simulator.ui.summary import Summary
from simulator.ui.voice import Voice, plain

_ORDER = ("payer", "investor", "guarantor", "grantor", "provider")
_NEUTRAL = ("payer", "grantor")
"""Roles for which what is counted is nothing to fear."""
_COLOURS: Final[Mapping[str, Literal["green", "blue", "orange"]]] = MappingProxyType(
    {"A": "green", "B": "blue", "C": "orange"}
)
_CONSTANT: Final = MappingProxyType({
    "es": re.compile(r"\b\w+ constantes(?: de(?: \w+ de)? [12]\d{3})?"),
    "en": re.compile(r"\bconstant \w+(?: of(?: \w+)? [12]\d{3})?"),
})  # fmt: skip
_ICONS: Final = MappingProxyType({
    "payer": ":material/account_balance:", "investor": ":material/savings:", "guarantor": ":material/shield:",
    "grantor": ":material/volunteer_activism:", "provider": ":material/groups:",
})  # fmt: skip


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice, base = screen.voice, screen.base
    _badges(screen)
    if base.summary is not None:
        st.markdown(plain(voice.prose(base.summary)))
    now, _ = results_of(screen)
    figure, table = draw_map(now, screen)
    panels.chart(
        "map", figure, sentences.money_map(now, voice), table, screen, title=voice.tr("chart.map.title")
    )
    st.subheader(plain(voice.tr("ui.who_loses")), anchor=False)
    with st.container(horizontal=True, key="roles"):
        for role in _ORDER:
            if role in now.roles:
                _card(screen, role, now)


def _badges(screen: Screen) -> None:
    """Show country, currency, calendar and grade."""
    voice, base = screen.voice, screen.base
    calendar = base.contract.calendar
    years = voice.years(calendar.periods / calendar.per_year)
    country = f"ui.country.{base.country.lower()}"
    money = voice.tr("ui.badge.currency", code=base.currency)
    constant = constant_money(voice)
    shown = (
        (voice.tr(country) if voice.translator.has(country) else base.country, ":material/public:"),
        (f"{money}, {constant}" if constant else money, ":material/payments:"),
        (voice.tr("ui.badge.years", years=years, start=calendar.start[:4]), ":material/calendar_month:"),
    )
    with st.container(horizontal=True, key="badges"):
        for text, icon in shown:
            st.badge(plain(text), icon=icon, color="gray")
        if screen.link.deal in cache.groups().get("template", ()):
            st.badge(plain(voice.tr("ui.badge.template")), icon=":material/edit_document:", color="violet")
        if base.grade is not None:
            meaning = plain(voice.tr(f"ui.grade.{base.grade.lower()}"))
            label = plain(voice.tr("ui.badge.grade", grade=base.grade))
            st.badge(f"{label} – {meaning}", icon=":material/verified:", color=_COLOURS[base.grade])


def constant_money(voice: Voice) -> str:
    """What the deal's summary says of money without inflation, in its own words; nothing if it says nothing."""
    found = _CONSTANT[voice.language].search(voice.text(voice.scenario.summary))
    return found[0] if found else ""


def _card(screen: Screen, role: str, now: Summary) -> None:
    """Say and show what the parties of one role have to expect."""
    voice = screen.voice
    names = [voice.text(party.name) for party in screen.base.contract.parties.values() if party.role == role]
    share, what = sentences.bad_share(role, now), voice.tr(f"ui.icons.{role}")
    with st.container(border=True, width="stretch", gap="xsmall", height="stretch", key=f"role_{role}"):
        heading = voice.say("ui.view.payer" if role == "payer" else f"ui.role.{role}")
        st.markdown(f"{_ICONS[role]} **{plain(heading)}**")
        st.caption(plain(", ".join(names)))
        st.markdown(plain(sentences.join(sentences.role(role, now, voice))))
        alt = voice.tr("ui.icons.alt", count=voice.number(round(share * 100)), what=what[2:])
        st.image(icon_array(share, colour=OF_ROLE[role], is_bad=role not in _NEUTRAL), width=150, alt=alt)
        st.caption(plain(voice.tr("ui.icons", what=what)))


__all__ = ["constant_money", "draw"]
