"""What is wrong with the file that a visitor opened: all of it, where nobody can miss it."""

from __future__ import annotations

import streamlit as st

from simulator.i18n.formats import UNDEFINED
from simulator.scenario.issues import Issue
from simulator.ui import state
from simulator.ui.panels import Table
from simulator.ui.state import Screen
from simulator.ui.voice import Voice, plain

MANY = 20
"""Mistakes that are shown at once."""
COLUMNS = ("line", "field", "found", "allowed", "what")


def draw(screen: Screen) -> None:
    """Draw the panel above everything else, if the last file could not be opened."""
    wrong, voice = state.take_wrong(), screen.voice
    if not wrong:
        return
    with st.container(border=True, key="wrong_file"):
        heading = voice.translator.trn("issues.count", len(wrong), n=len(wrong))
        said = " ".join(
            (
                voice.tr("ui.wrong_file"),
                heading,
                voice.tr("ui.wrong_file.below", deal=voice.text(screen.base.title)),
            )
        )
        st.warning(plain(said), icon=":material/error:")
        st.table(issue_table(wrong, voice).for_people(), hide_index=True)
        if len(wrong) > MANY:
            st.caption(plain(voice.tr("ui.wrong_file.more", count=voice.number(len(wrong) - MANY))))
        st.button(voice.tr("ui.wrong_file.close"), on_click=state.forget_wrong, key="close_wrong")


def issue_table(wrong: tuple[Issue, ...], voice: Voice) -> Table:
    """Where each mistake is, what was found, what would be right, and what to do."""
    rows = tuple(
        (
            issue.line,
            issue.path,
            issue.value,
            issue.allowed,
            voice.translator.issue(issue.code, **issue.placeholders()),
        )
        for issue in wrong[:MANY]
    )
    shown = tuple(
        (str(line) if line else UNDEFINED, field or UNDEFINED, found or UNDEFINED, allowed or UNDEFINED, what)
        for line, field, found, allowed, what in rows
    )
    headings = tuple(voice.tr(f"ui.wrong_file.column.{column}") for column in COLUMNS)
    return Table(columns=COLUMNS, headings=headings, rows=rows, shown=shown)


__all__ = ["draw", "issue_table"]
