"""The map of money: who puts it in, the account, who gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.charts.axes import layout
from simulator.charts.palette import NEUTRAL, OF_ROLE, tint
from simulator.charts.series import Move

BARS = 0.55
"""Share of a column's height that the places take when there are few."""
SLOT = 0.16
"""Least share of the height for one place: its label has two lines."""
SIDE = 0.24
"""Share of the width on either side for names."""
TOP = 0.84
"""Share of the height below the headings."""
_LEFT, _MIDDLE, _RIGHT = 0.001, 0.5, 0.999


def money_map(
    moves: Sequence[Move],
    *,
    names: Mapping[str, str],
    details: Mapping[str, str],
    write: Callable[[float], str],
    headings: Sequence[str],
) -> dict[str, Any]:
    """Draw moves of money from left to right; what is spent outside the contract is left out.

    Parameters
    ----------
    moves
        Money from place to place.
    names
        Label of each place.
    details
        What is written before its amount.
    write
        How an amount is written.
    headings
        Words over the outer columns: puts in, gets.
    """
    moves = [move for move in moves if move.target != "outside"]
    places = list(dict.fromkeys(place for move in moves for place in (move.source, move.target)))
    volume = {place: _volume(place, moves) for place in places}
    labels = {place: f"<b>{names[place]}</b><br>{details[place]}{write(volume[place])}" for place in places}
    columns = {place: _column(place) for place in places}
    heights = _heights(places, volume, columns)
    node = {
        # Names stand beside the bars and not on the ribbons; the account is named above its column.
        "label": [""] * len(places),
        "customdata": [labels[place] for place in places],
        "color": [_colour(place) for place in places],
        "x": [columns[place] for place in places],
        "y": heights,
        "pad": 34,
        "thickness": 26,
        "line": {"width": 0},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    link = {
        "source": [places.index(move.source) for move in moves],
        "target": [places.index(move.target) for move in moves],
        "value": [move.amount for move in moves],
        "color": [tint(_link_colour(move), 0.62) for move in moves],
        "label": [f"{names[move.source]} → {names[move.target]}: {write(move.amount)}" for move in moves],
        "hovertemplate": "%{label}<extra></extra>",
    }
    headings = (headings[0], labels.get("account", ""), headings[1])
    marks = zip(headings, (_LEFT, _MIDDLE, _RIGHT), ("left", "center", "right"), strict=True)
    trace = {
        "type": "sankey", "arrangement": "fixed", "node": node, "link": link, "textfont": {"size": 16},
        "domain": {"x": [SIDE, 1.0 - SIDE], "y": [0.0, TOP]},
    }  # fmt: skip
    annotations = [
        {"text": text, "x": x, "y": 1.0, "xref": "paper", "yref": "paper", "xanchor": anchor, "yanchor": "top",
         "showarrow": False, "font": {"size": 15}}
        for text, x, anchor in marks
    ]  # fmt: skip
    annotations += [
        {"text": labels[place], "x": SIDE - 0.01 if columns[place] == _LEFT else 1.01 - SIDE, "y": TOP * (1 - height),
         "xref": "paper", "yref": "paper", "xanchor": "right" if columns[place] == _LEFT else "left",
         "yanchor": "middle", "align": "right" if columns[place] == _LEFT else "left", "showarrow": False,
         "xshift": -8 if columns[place] == _LEFT else 8, "font": {"size": 14}}
        for place, height in zip(places, heights, strict=True)
        if place != "account"
    ]  # fmt: skip
    return {
        "data": [trace],
        "layout": layout(height=_height(list(columns.values())), annotations=annotations),
    }


def _volume(place: str, moves: Sequence[Move]) -> float:
    """Money that goes through a place: what comes in, or what goes out of a place that puts it in."""
    into = sum(move.amount for move in moves if move.target == place)
    out = sum(move.amount for move in moves if move.source == place)
    return max(into, out)


def _column(place: str) -> float:
    if place.startswith("in."):
        return _LEFT
    return _MIDDLE if place == "account" else _RIGHT


def _heights(places: Sequence[str], volume: Mapping[str, float], columns: Mapping[str, float]) -> list[float]:
    """Centre of each place in its column, from the top: in proportion to its money, with room for its label."""
    heights: dict[str, float] = {}
    for column in set(columns.values()):
        own = [place for place in places if columns[place] == column]
        whole = sum(volume[place] for place in own)
        slots = [max(volume[place] / whole * BARS if whole else 0.0, SLOT) for place in own]
        gap = max(1.0 - sum(slots), 0.0) / (len(own) + 1)
        stretch = min(1.0 / sum(slots), 1.0) if own else 1.0
        top = gap
        for place, slot in zip(own, slots, strict=True):
            heights[place] = min(max(top + slot * stretch / 2, 0.02), 0.98)
            top += slot * stretch + gap
    return [heights[place] for place in places]


def _height(columns: Sequence[float]) -> int:
    """As high as its fullest column needs."""
    most = max((columns.count(column) for column in set(columns)), default=0)
    return 255 + 36 * max(most - 5, 0)


def _colour(place: str) -> str:
    side, _, role = place.partition(".")
    return OF_ROLE.get(role.partition(".")[0] or side, NEUTRAL)


def _link_colour(move: Move) -> str:
    """The colour of whoever puts the money in, or of who gets it out of the account."""
    return _colour(move.target if move.source == "account" else move.source)


__all__ = ["money_map"]
