"""Fifty equally likely futures as fifty dots; those with a loss have another colour and another shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.charts.axes import axis, layout, steady_range
from simulator.charts.palette import LOSS, NEUTRAL, tint
from simulator.charts.series import Dots

BINS = 18
ROWS = 15
"""Dots on top of each other before a second column begins."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Where dots are drawn."""

    x: list[float]
    y: list[float]


def future_dots(
    now: Dots,
    base: Dots,
    *,
    colour: str,
    write: Callable[[float], str],
    words: Mapping[str, str],
    mean: float,
    base_mean: float,
    losses: bool = True,
) -> dict[str, Any]:
    """Draw a distribution as 50 dots.

    Parameters
    ----------
    now, base
        The deal as it stands, and unmoved (which fixes the axis).
    colour
        Colour of the party.
    write
        How a value is written.
    words
        Legend and names: ``loss``, ``fine``, ``mean``, ``base``, ``total_loss``, ``undefined``, ``axis``.
    mean, base_mean
        Where the mean is marked.
    losses
        Whether a value below zero is a loss.
    """
    value_range = steady_range(base.ends(), now.ends())
    width = (value_range[1] - value_range[0]) / BINS
    marks = _stacks(now.values, width)
    below = [value < 0 for value in now.values] if losses else [False] * len(now.values)
    data = [
        _trace(marks, now, [not lost for lost in below], words["fine"], colour, "circle", write),
        _trace(marks, now, below, words["loss"], LOSS, "x", write),
    ]
    top = max([*marks.y, *_side_rows(now)], default=1.0) + 0.8
    sides = [
        (words["total_loss"], now.total_loss, "x", LOSS),
        (words["undefined"], now.undefined, "square-open", NEUTRAL),
    ]
    sides = [side for side in sides if side[1]]
    left = 0.13 * len(sides)
    for place, side in enumerate(sides):
        data.append(_side(place, *side))
    shown = layout(
        height=370,
        xaxis=axis(value_range, write, title=words["axis"]) | {"domain": [left, 1.0], "showgrid": False},
        yaxis={"range": [0, max(top, ROWS + 1.0)], "visible": False, "fixedrange": True},
        shapes=[*_loss_area(value_range, losses), _line(mean, colour, "solid"), *_ghost(mean, base_mean)],
        annotations=_mean_note(mean, write, words, value_range),
    )
    if sides:
        shown["xaxis2"] = {
            "domain": [0.0, left - 0.02], "range": [-0.5, len(sides) - 0.5], "fixedrange": True, "showgrid": False,
            "tickvals": list(range(len(sides))), "ticktext": [side[0] for side in sides], "tickfont": {"size": 14},
            "automargin": True, "zeroline": False,
        }  # fmt: skip
    return {"data": [trace for trace in data if trace["x"]], "layout": shown}


def _stacks(values: tuple[float, ...], width: float) -> Marks:
    """Put dots on top of each other, in as many columns per bin as keep the tallest stack low."""
    bins = [math.floor(value / width + 1e-9) for value in values]
    tallest = max((bins.count(number) for number in set(bins)), default=1)
    columns = max(math.ceil(tallest / ROWS), 1)
    seen: dict[int, int] = {}
    marks = Marks([], [])
    for number in bins:
        place = seen.get(number, 0)
        seen[number] = place + 1
        marks.x.append((number + (place % columns + 0.5) / columns) * width)
        marks.y.append(place // columns + 0.6)
    return marks


def _trace(
    marks: Marks,
    dots: Dots,
    chosen: list[bool],
    name: str,
    colour: str,
    symbol: str,
    write: Callable[[float], str],
) -> dict[str, Any]:
    kept = [place for place, flag in enumerate(chosen) if flag]
    return {
        "type": "scatter", "mode": "markers", "name": name, "showlegend": True,
        "x": [float(f"{marks.x[k]:.6g}") for k in kept], "y": [marks.y[k] for k in kept],
        "marker": _marker(colour, symbol),
        "hovertext": [write(dots.values[k]) for k in kept], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _marker(colour: str, symbol: str) -> dict[str, Any]:
    if symbol == "circle":
        return {
            "color": tint(colour, 0.45),
            "symbol": symbol,
            "size": 13,
            "line": {"color": colour, "width": 1.5},
        }
    return {"color": colour, "symbol": symbol, "size": 12, "line": {"color": colour, "width": 1.5}}


def _side(place: int, name: str, count: int, symbol: str, colour: str) -> dict[str, Any]:
    """Dots that have no place on the axis stand in a column of their own, never left out."""
    columns = max(math.ceil(count / ROWS), 2)
    spots = [(place + (k % columns - (columns - 1) / 2) * 0.16, k // columns + 0.6) for k in range(count)]
    return {
        "type": "scatter", "mode": "markers", "name": name.replace("<br>", " "), "xaxis": "x2",
        "x": [spot[0] for spot in spots], "y": [spot[1] for spot in spots], "marker": _marker(colour, symbol),
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _side_rows(dots: Dots) -> list[float]:
    return [count / max(math.ceil(count / ROWS), 2) for count in (dots.total_loss, dots.undefined) if count]


def _loss_area(value_range: tuple[float, float], losses: bool) -> list[dict[str, Any]]:
    if not losses or value_range[0] >= 0:
        return []
    return [
        {"type": "rect", "xref": "x", "yref": "paper", "x0": value_range[0], "x1": 0, "y0": 0, "y1": 1,
         "fillcolor": tint(LOSS, 0.10), "line": {"width": 0}, "layer": "below"}
    ]  # fmt: skip


def _line(value: float, colour: str, dash: str) -> dict[str, Any]:
    return {"type": "line", "xref": "x", "yref": "paper", "x0": value, "x1": value, "y0": 0, "y1": 0.93,
            "line": {"color": colour, "width": 3, "dash": dash}, "visible": math.isfinite(value)}  # fmt: skip


def _ghost(mean: float, base_mean: float) -> list[dict[str, Any]]:
    moved = math.isfinite(base_mean) and abs(mean - base_mean) > 1e-9 * max(abs(base_mean), 1e-9)
    return [_line(base_mean, NEUTRAL, "dash")] if moved else []


def _mean_note(
    mean: float, write: Callable[[float], str], words: Mapping[str, str], value_range: tuple[float, float]
) -> list[dict[str, Any]]:
    if not math.isfinite(mean):
        return []
    middle = (value_range[0] + value_range[1]) / 2
    return [
        {"text": f"{words['mean']}: <b>{write(mean)}</b>", "x": mean, "xref": "x", "y": 0.98, "yref": "paper",
         "showarrow": False, "font": {"size": 16}, "xanchor": "left" if mean < middle else "right", "yanchor": "top"}
    ]  # fmt: skip


__all__ = ["future_dots"]
