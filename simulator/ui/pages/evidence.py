"""Why believe it: replay against publication, every figure with its source, and what this does not tell."""

from __future__ import annotations

import streamlit as st

from simulator.i18n import NBSP
from simulator.metrics.replay import Comparison
from simulator.ui import cache, panels
from simulator.ui.figures import WORST_FIRST, figure_rows, source_rows
from simulator.ui.panels import Table
from simulator.ui.published import metric_label, write_difference, write_metric
from simulator.ui.state import Screen
from simulator.ui.voice import plain

_MARKS = {
    "source": "●",
    "derived": "◐",
    "unverified": "○",
    "assumption": "△",
    "disputed": "✕",
    "independent": "●",
    "circular": "◐",
}
"""A mark in front of the word, so that nobody needs colour to tell them apart."""
_LIMITS = ("believed", "behaviour", "value", "not_advice")


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    st.subheader(plain(voice.tr("ui.limits")), anchor=False)
    st.markdown("\n".join(f"- {plain(voice.tr(f'ui.limits.{name}'))}" for name in _LIMITS))
    if screen.base.actuals is not None and screen.base.published:
        _replay(screen)
    if screen.base.remarks is not None:
        st.markdown(f"**{plain(voice.tr('ui.remarks'))}** {plain(voice.prose(screen.base.remarks))}")
    _sources(screen)
    _figures(screen)


def _replay(screen: Screen) -> None:
    voice = screen.voice
    found = cache.comparison(screen.base)
    agreeing = sum(item.agrees for item in found)
    st.subheader(plain(voice.tr("ui.replay")), anchor=False)
    st.markdown(plain(voice.tr("ui.replay.says", agreeing=agreeing, count=len(found))))
    st.caption(plain(voice.tr("ui.replay.help")))
    columns = ("number", "published", "reproduced", "difference", "agrees", "evidence")
    headings = tuple(voice.tr(f"ui.column.{column}") for column in columns)
    shown = tuple(_replayed(item, screen) for item in found)
    rows = tuple(
        (item.key, item.expected, item.found, item.difference, item.agrees, _proof(item, screen))
        for item in found
    )
    table = Table(columns=columns, headings=headings, rows=rows, shown=shown)
    st.table(table.for_people(), hide_index=True)
    panels.offer_file("replay", table, voice, file=panels.file_name("replay", screen))


def _replayed(item: Comparison, screen: Screen) -> tuple[str, ...]:
    voice = screen.voice
    if item.expected is not None:
        published = write_metric(item.key, item.expected, voice)
    else:
        ends = [
            write_metric(item.key, end, voice) if end is not None else "…"
            for end in (item.at_least, item.at_most)
        ]
        published = voice.tr("ui.range", low=ends[0], high=ends[1])
    is_range = item.expected is None
    yes, no = ("ui.inside", "ui.outside") if is_range else ("ui.agrees", "ui.differs")
    agrees = f"✓ {voice.tr(yes)}" if item.agrees else f"✕ {voice.tr(no)}"
    difference = "—" if is_range and item.agrees else write_difference(item.key, item.difference, voice)
    proof = _proof(item, screen)
    mark = _MARKS.get(proof, _MARKS["derived"])
    found = write_metric(item.key, item.found, voice)
    return (
        metric_label(item.key, voice),
        published,
        found,
        difference,
        agrees,
        f"{mark} {voice.tr(f'tag.{proof}')}",
    )


def _proof(item: Comparison, screen: Screen) -> str:
    """What agreement with a published figure proves, where that is known; else the kind of evidence of the figure."""
    if item.proves != "consistency":
        return item.proves
    tags = {screen.base.tag_of(reference) for reference in item.sources} or {"assumption"}
    return next(tag for tag in WORST_FIRST if tag in tags)


def _figures(screen: Screen) -> None:
    """List every figure with its evidence."""
    voice = screen.voice
    rows = figure_rows(voice)
    with st.expander(voice.tr("ui.sources"), expanded=True, key="sources", icon=":material/library_books:"):
        counts = {tag: sum(row.tag == tag for row in rows) for tag in _MARKS}
        legend = [
            f"{_MARKS[tag]} {voice.tr(f'tag.{tag}')}: {count}" for tag, count in counts.items() if count
        ]
        st.markdown(plain(" · ".join(legend)))
        st.caption(plain(voice.tr("ui.sources.help")))
        columns = ("figure", "value", "evidence", "codes", "note")
        shown = tuple(
            (row.label, row.value, f"{_MARKS[row.tag]}{NBSP}{voice.tr(f'tag.{row.tag}')}".replace(" ", NBSP),
             ", ".join(row.codes) or "—", row.note or "—")
            for row in rows
        )  # fmt: skip
        headings = tuple(voice.tr(f"ui.column.{column}") for column in columns)
        machine = tuple((row.label, row.value, row.tag, ", ".join(row.codes), row.note) for row in rows)
        table = Table(columns=columns, headings=headings, rows=machine, shown=shown)
        st.table(table.for_people(), hide_index=True)
        panels.offer_file("sources", table, voice, file=panels.file_name("sources", screen))


def _sources(screen: Screen) -> None:
    """Say what every code means: title, address as it is printed, never a live link."""
    voice = screen.voice
    found = source_rows(voice)
    columns = ("code", "title", "address", "kind")
    rows = tuple((*row[:3], voice.tr(f"tag.{row[3]}")) for row in found)
    headings = tuple(voice.tr(f"ui.column.{column}") for column in columns)
    table = Table(columns=columns, headings=headings, rows=rows, shown=rows)
    panels.listing("codes", voice.tr("ui.codes.help"), table, screen, title=voice.tr("ui.codes"))


__all__ = ["draw"]
