"""Pieces that every page is made of: headline numbers, a chart with its sentence and table, notices."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import streamlit as st

from simulator.i18n import NBSP
from simulator.metrics.summary import Estimate
from simulator.ui.state import Screen
from simulator.ui.voice import Voice, plain

CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["toImage"]],
    "showSendToCloud": False,
    "showEditInChartStudio": False,
    "plotlyServerURL": "",
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}
_PAGE: Final = {"light": "rgba(255,255,255,0.85)", "dark": "rgba(2,6,10,0.85)"}
_INK: Final = {"light": "#1F2A30", "dark": "#D9E2E5"}
"""Colour of texts in charts, as in the theme."""
_JOINER: Final = "\u2060"
"""Keeps a minus on the line of its figures."""
Kind = Literal["money", "share", "rate", "number", "multiple", "years"]
Better = Literal["higher", "lower", "neither"]

SEVERAL = "__"
"""Between the kind of a panel and the name of one of several of that kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One large number."""

    name: str
    """Key of its name; its definition is the same key with ``.help``."""
    value: float
    se: float
    base: float
    """The same number of the unmoved deal."""
    kind: Kind
    better: Better
    detail: str = ""
    """A line under it instead of the range."""
    low: float | None = None
    high: float | None = None
    instead: str = ""
    """What stands in its place where there is no such number."""
    title: str = ""
    """Its name, where it is made of words of the deal."""


def headline_from(
    name: str,
    now: Estimate,
    base: Estimate,
    *,
    kind: Kind,
    better: Better,
    detail: str = "",
    instead: str = "",
) -> Headline:
    """Headline of an estimate that is not in the registry."""
    return Headline(
        name=name, value=now.mean, se=now.se, base=base.mean, kind=kind, better=better, low=now.p10, high=now.p90,
        detail=detail, instead=instead,
    )  # fmt: skip


def headline_of(
    name: str,
    now: Mapping[str, Estimate],
    base: Mapping[str, Estimate],
    *,
    key: str,
    kind: Kind,
    better: Better,
) -> Headline:
    """Headline of a number of the registry; the range of eight in ten futures goes with money."""
    found = now[key]
    spread = kind in ("money", "number", "years")
    return Headline(
        name=name, value=found.mean, se=found.se, base=base[key].mean, kind=kind, better=better,
        low=found.p10 if spread else None, high=found.p90 if spread else None,
    )  # fmt: skip


def is_noise(value: float, se: float) -> bool:
    """Whether a mean cannot be told from zero with so many futures."""
    return 0 < abs(value) <= 1.96 * se


def write(value: float, kind: Kind, voice: Voice) -> str:
    """A number of a kind as people read it."""
    if value != value:
        return voice.tr("ui.undefined")
    if kind == "money":
        return voice.money(value)
    if kind in ("share", "rate"):
        return voice.percent(value)
    return voice.number(value, 2 if kind in ("multiple", "years") else 0 if abs(value) >= 10 else 2)


def change(value: float, kind: Kind, voice: Voice) -> str:
    """A difference as people read it: shares differ by points, not by per cent."""
    if kind in ("share", "rate"):
        shown = voice.number(value * 100, 1)
    elif kind == "number":
        shown = voice.number(value, 0 if abs(value) >= 10 else 1)
    else:
        shown = write(value, kind, voice)
    signed = f"+{shown}" if value > 0 else shown
    return voice.tr("ui.points", value=signed) if kind in ("share", "rate") else signed


def headlines(items: Sequence[Headline], screen: Screen) -> None:
    """Draw a row of headline numbers with their uncertainty and what the levers changed."""
    with st.container(horizontal=True, key="headlines"):
        for item in items:
            # Not st.metric, which cuts long names and amounts off instead of taking a second line.
            with st.container(
                border=True, gap="xsmall", height="stretch", key=f"headline_{item.name.split('.')[1]}"
            ):
                _headline(item, screen)


def _headline(item: Headline, screen: Screen) -> None:
    voice = screen.voice
    st.markdown(f"**{plain(item.title or voice.say(item.name))}**", help=plain(voice.tr(f"{item.name}.help")))
    written = (
        item.instead if item.instead and item.value != item.value
        else _beside(item.value, item, voice)
    )  # fmt: skip
    st.header(plain(written), anchor=False)
    if screen.is_moved:
        _delta(item, voice)
    before = voice.tr("ui.delta.original", value=_beside(item.base, item, voice)) if screen.is_moved else ""
    st.caption(plain(f"{before} {_detail(item, voice)}".strip()))


def _beside(value: float, item: Headline, voice: Voice) -> str:
    """One of the amounts of a card, in the unit of the largest of them."""
    if item.kind != "money":
        return write(value, item.kind, voice)
    return voice.money_beside(value, _largest(item))


def _largest(item: Headline) -> float:
    return max((abs(end) for end in (item.value, item.base) if end == end), default=0.0)


def _delta(item: Headline, voice: Voice) -> None:
    """Say what the levers changed, with an arrow and, where a party has a preference, a colour."""
    difference = item.value - item.base
    if difference != difference:
        return
    shown = change(difference, item.kind, voice)
    if item.kind == "money":
        amount = voice.money_fine(difference, _largest(item))
        shown = f"+{amount}" if difference > 0 else amount
    if abs(difference) <= 1e-9 * max(abs(item.base), abs(item.value)) or shown.lstrip("+-") == change(
        0.0, item.kind, voice
    ):
        st.badge(plain(voice.tr("ui.delta.none")), icon=":material/drag_handle:", color="gray")
        return
    better = {"higher": difference > 0, "lower": difference < 0}.get(item.better)
    colour: Literal["green", "red", "gray"] = "gray" if better is None else "green" if better else "red"
    icon = ":material/arrow_upward:" if difference > 0 else ":material/arrow_downward:"
    st.badge(plain(shown), icon=icon, color=colour)


def _detail(item: Headline, voice: Voice) -> str:
    lines = []
    if item.value != item.value:
        return item.detail
    if item.se == item.se and item.se > 0:
        error = change(1.96 * item.se, item.kind, voice).removeprefix("+")
        if item.kind == "money":
            error = voice.money_fine(1.96 * item.se, _largest(item))
        if error != change(0.0, item.kind, voice).removeprefix("+"):
            lines.append(voice.tr("ui.error", error=f"±{NBSP}{error}"))
        if is_noise(item.value, item.se) and item.better != "neither" and item.kind == "money":
            lines.append(voice.tr("ui.noise"))
    if item.detail:
        lines.append(item.detail)
    elif item.low is not None and item.high is not None and item.high > item.low:
        low, high = (_beside(end, item, voice) for end in (item.low, item.high))
        lines.append(voice.tr("ui.eight_in_ten", low=low, high=high))
    text = " ".join(f"{line[:1].upper()}{line[1:]}." for line in lines or [voice.tr("ui.certain")])
    return text.replace("-", f"-{_JOINER}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers behind a chart: for people as written texts, for machines as plain numbers."""

    columns: tuple[str, ...]
    """English identifiers."""
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    shown: tuple[tuple[str, ...], ...]

    def csv(self) -> str:
        """Write with the headings of the page and plain numbers: full stop for decimals, no formulas."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_harmless(heading) for heading in self.headings])
        for row, texts in zip(self.rows, self.shown, strict=True):
            writer.writerow([_harmless(_cell(cell, text)) for cell, text in zip(row, texts, strict=True)])
        return file.getvalue()

    def for_people(self) -> dict[str, list[str]]:
        """Columns of escaped texts by escaped heading."""
        cells = zip(*self.shown, strict=True) if self.shown else [[] for _ in self.headings]
        return {
            plain(head): [plain(cell) for cell in column]
            for head, column in zip(self.headings, cells, strict=True)
        }


def _cell(cell: object, text: str) -> object:
    """A number as it is, and everything else as it is written on the page: never an identifier."""
    return cell if isinstance(cell, (int, float)) and not isinstance(cell, bool) else text


def file_name(name: str, screen: Screen) -> str:
    """Name of a table's file, in the reader's language."""
    return f"{screen.link.deal}-{screen.voice.tr(f'ui.csv.{name.partition(SEVERAL)[0]}')}.csv"


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is marked as text (OWASP, CSV injection)."""
    return (
        f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\0") else cell
    )


def chart(
    name: str,
    figure: dict[str, Any],
    sentence: str,
    table: Table,
    screen: Screen,
    *,
    title: str,
    opened: bool = False,
) -> None:
    """Draw a chart with its title, its sentence, and its numbers on request, or at once."""
    voice = screen.voice
    st.subheader(plain(title), anchor=False)
    st.markdown(plain(sentence))
    light = st.context.theme.type or "light"
    figure["layout"]["font"]["color"] = _INK.get(light, _INK["light"])
    for note in figure["layout"].get("annotations", ()):
        if note.get("name") == "value":
            note["bgcolor"] = _PAGE.get(light, _PAGE["light"])
    st.plotly_chart(
        figure,
        width="stretch",
        key=f"chart_{name}",
        config=config(voice, file_name(name, screen).removesuffix(".csv")),
        alt=f"{title}. {sentence}",
        theme=None,
    )
    file = file_name(name, screen)
    if opened:
        st.table(table.for_people(), hide_index=True)
        offer_file(name, table, voice, file=file)
    else:
        numbers(name, table, voice, file=file)


def config(voice: Voice, file: str) -> dict[str, Any]:
    """Settings of the plotting library: one button that saves the picture, in the reader's language."""
    words = {
        text: voice.tr(key)
        for key, texts in (
            ("ui.picture", ("Download plot as a PNG", "Download plot as a png", "Download plot")),
            ("ui.picture.working", ("Taking snapshot - this may take a few seconds",)),
            ("ui.picture.done", ("Snapshot succeeded",)),
            ("ui.picture.failed", ("Sorry, there was a problem downloading your snapshot!",)),
        )
        for text in texts
    }
    name = "reader"  # any name will do that is not the library's own "en"
    return CONFIG | {
        "locale": name,
        "locales": {name: {"dictionary": words, "format": {}}},
        "toImageButtonOptions": {"format": "png", "filename": file, "scale": 2},
    }


def listing(name: str, sentence: str, table: Table, screen: Screen, *, title: str) -> None:
    """Draw a table that speaks for itself, with its title, its sentence and its file."""
    st.subheader(plain(title), anchor=False)
    if sentence:
        st.markdown(plain(sentence))
    st.table(table.for_people(), hide_index=True)
    offer_file(name, table, screen.voice, file=file_name(name, screen))


def numbers(name: str, table: Table, voice: Voice, *, file: str) -> None:
    """Offer the table behind a chart, and its file; nothing is drawn until it is opened."""
    # The state of an expander is the browser's alone: language and levers leave it open.
    panel = st.expander(
        voice.tr("ui.table"), key=f"table_{name}", on_change="rerun", icon=":material/table_rows:"
    )
    if panel.open:
        with panel:
            st.table(table.for_people(), hide_index=True)
            offer_file(name, table, voice, file=file)


def offer_file(name: str, table: Table, voice: Voice, *, file: str) -> None:
    """Offer a table as a file for machines."""
    st.download_button(
        voice.tr("ui.download"), data=table.csv, file_name=file, mime="text/csv", key=f"csv_{name}",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


__all__ = [
    "CONFIG",
    "Headline",
    "Table",
    "chart",
    "config",
    "file_name",
    "headline_from",
    "headline_of",
    "headlines",
    "is_noise",
    "listing",
    "numbers",
    "offer_file",
    "write",
]
