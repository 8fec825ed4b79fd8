"""Fifty equally likely futures as fifty dots; those with a loss have another colour and another shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.charts.axes import (
    FLAT,
    HEIGHT,
    Range,
    Writers,
    axis,
    layout,
    nice_ticks,
    steady_range,
    write_ticks,
)
from simulator.charts.palette import LOSS, NEUTRAL, tint
from simulator.charts.series import Dots

STACKS = 30
"""About so many stacks side by side fill the axis."""
ROWS = 15
"""Dots on top of each other before they become smaller."""
LABELLED = 4
"""Identical values from which their stack says which value it is."""
LABELS = 3
LABEL_ROOM = 0.15
"""Share of the axis that a label covers."""
HEADROOM = 4.0
"""Rows above the tallest stack, for its label."""
SIZE, SMALLEST = 13.0, 5.0


@dataclass(frozen=True, slots=True)
class Stack:
    """Dots above one value, which one of these futures really has."""

    at: float
    places: tuple[int, ...]
    """Positions of its dots among the values."""
    identical: bool


def future_dots(
    now: Dots,
    base: Dots,
    *,
    colour: str,
    write: Writers,
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
        How values are written, by the step between ticks and the largest of them.
    words
        Legend and names: ``loss``, ``fine``, ``mean``, ``base``, ``total_loss``, ``undefined``, ``axis``; ``count`` with
        a gap for how many dots are the same, and ``near`` with one for a value that they are near to.
    mean, base_mean
        Where the mean is marked.
    losses
        Whether a value below zero is a loss.
    """
    value_range = to_whole_ticks(steady_range(base.ends(), now.ends()))
    tick = write_ticks(value_range, write)
    fine = _three_figures(mean, value_range, write)
    stacks = stack_up(now.values, (value_range[1] - value_range[0]) / STACKS)
    tallest = max([*(len(stack.places) for stack in stacks), *_side_rows(now)], default=1)
    step = min(1.0, ROWS / tallest)
    marks = {
        place: (stack.at, (row + 0.6) * step) for stack in stacks for row, place in enumerate(stack.places)
    }
    below = [value < 0 for value in now.values] if losses else [False] * len(now.values)
    data = [
        _trace(
            marks, now, [not lost for lost in below], words["fine"], _marker(colour, "circle", step), fine
        ),
        _trace(marks, now, below, words["loss"], _marker(LOSS, "x", step), fine),
    ]
    sides = [
        (words["total_loss"], now.total_loss, "x", LOSS),
        (words["undefined"], now.undefined, "square-open", NEUTRAL),
    ]
    sides = [side for side in sides if side[1]]
    left = 0.13 * len(sides)
    for place, side in enumerate(sides):
        data.append(_side(place, *side, step=step))
    shown = layout(
        height=HEIGHT + 30,
        xaxis=axis(value_range, tick, title=words["axis"]) | {"domain": [left, 1.0], "showgrid": False},
        yaxis={"range": [0, ROWS + HEADROOM], "visible": False, "fixedrange": True},
        shapes=[*_loss_area(value_range, losses), _line(mean, colour, "solid"), *_ghost(mean, base_mean)],
        annotations=[
            *_mean_note(mean, fine, words, value_range),
            *_labels(stacks, step, fine, words, value_range, mean),
        ],
    )
    shown["legend"] = shown["legend"] | {"y": 1.11}
    shown["margin"] = shown["margin"] | {"l": 28}
    if sides:
        shown["xaxis2"] = {
            "domain": [0.0, left - 0.02], "range": [-0.5, len(sides) - 0.5], "fixedrange": True, "showgrid": False,
            "tickvals": list(range(len(sides))), "ticktext": [side[0] for side in sides], "tickfont": {"size": 14},
            "automargin": True, "zeroline": False,
        }  # fmt: skip
    return {"data": [trace for trace in data if trace["x"]], "layout": shown}


def to_whole_ticks(value_range: Range) -> Range:
    """Widen a range to ticks on both sides of everything in it.

    Examples
    --------
    >>> to_whole_ticks((0.0, 38.2))
    (0.0, 40.0)
    """
    ticks = nice_ticks(*value_range)
    if value_range == FLAT or len(ticks) < 2:
        return value_range
    step = ticks[1] - ticks[0]
    low, high = math.floor(value_range[0] / step + 1e-9), math.ceil(value_range[1] / step - 1e-9)
    return low * step, high * step


def _three_figures(mean: float, value_range: Range, write: Writers) -> Callable[[float], str]:
    """Values with the decimals that leave the mean three figures, as it has them elsewhere on the page."""
    size = abs(mean) if math.isfinite(mean) and mean else max(abs(end) for end in value_range)
    return write(10.0 ** (math.floor(math.log10(size)) - 2), size)


def stack_up(values: Sequence[float], width: float) -> list[Stack]:
    """Put dots on top of each other: identical values in one stack, near ones above the middle one of them.

    No dot stands at a value that none of these futures has, so nothing is drawn beyond a cap.

    Parameters
    ----------
    values
        In ascending order.
    width
        Distance on the axis within which values share a stack.

    Examples
    --------
    >>> [(stack.at, stack.places) for stack in stack_up((0.0, 0.0, 4.8, 5.0, 5.1), 1.0)]
    [(0.0, (0, 1)), (5.0, (2, 3, 4))]
    """
    atoms: dict[float, list[int]] = {}
    for place, value in enumerate(values):
        atoms.setdefault(value, []).append(place)
    stacks: list[Stack] = []
    near: list[int] = []

    def close() -> None:
        if near:
            middle = values[near[len(near) // 2]]
            stacks.append(Stack(middle, tuple(near), identical=values[near[0]] == values[near[-1]]))
            near.clear()

    for value, places in atoms.items():
        apart = near and (value - values[near[0]] > width or (values[near[0]] < 0 <= value))
        if apart or len(places) >= LABELLED:
            close()
        if len(places) >= LABELLED:
            stacks.append(Stack(value, tuple(places), identical=True))
        else:
            near.extend(places)
    close()
    return stacks


def _labels(
    stacks: Sequence[Stack],
    step: float,
    write: Callable[[float], str],
    words: Mapping[str, str],
    value_range: tuple[float, float],
    mean: float,
) -> list[dict[str, Any]]:
    """Write its value above the tallest stack and each of identical ones, as far as there is room beside the mean."""
    width = value_range[1] - value_range[0]
    chosen: list[Stack] = []
    for stack in sorted(stacks, key=lambda item: -len(item.places)):
        free = all(abs(stack.at - other.at) > LABEL_ROOM * width for other in chosen)
        if (
            (stack.identical or not chosen)
            and len(stack.places) >= LABELLED
            and free
            and len(chosen) < LABELS
        ):
            chosen.append(stack)
    notes = []
    for stack in chosen:
        place = (stack.at - value_range[0]) / width
        anchor = "left" if place < LABEL_ROOM / 2 else "right" if place > 1 - LABEL_ROOM / 2 else "center"
        if abs(stack.at - mean) < LABEL_ROOM / 2 * width:  # the line of the mean does not go through it
            anchor = "left" if stack.at >= mean else "right"
        value = f"<b>{write(stack.at)}</b>"
        value = value if stack.identical else words["near"].format(value=value)
        text = f"{value}<br>{words['count'].format(count=len(stack.places))}"
        # The name tells the page to put its own colour behind it: a line may pass there.
        notes.append(
            {"text": text, "x": stack.at, "y": (len(stack.places) + 0.4) * step, "xref": "x", "yref": "y", "name": "value",
             "showarrow": False, "xanchor": anchor, "yanchor": "bottom", "font": {"size": 15}, "borderpad": 1}
        )  # fmt: skip
    return notes


def _trace(
    marks: Mapping[int, tuple[float, float]],
    dots: Dots,
    chosen: list[bool],
    name: str,
    marker: dict[str, Any],
    write: Callable[[float], str],
) -> dict[str, Any]:
    kept = [place for place, flag in enumerate(chosen) if flag]
    return {
        "type": "scatter", "mode": "markers", "name": name, "showlegend": True,
        "x": [marks[k][0] for k in kept], "y": [float(f"{marks[k][1]:.4g}") for k in kept],
        "marker": marker,
        "hovertext": [write(dots.values[k]) for k in kept], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _marker(colour: str, symbol: str, step: float = 1.0) -> dict[str, Any]:
    size = max(round(SIZE * step, 1), SMALLEST)
    filled = tint(colour, 0.45) if symbol == "circle" else colour
    return {"color": filled, "symbol": symbol, "size": size, "line": {"color": colour, "width": 1.2}}


def _side(place: int, name: str, count: int, symbol: str, colour: str, *, step: float) -> dict[str, Any]:
    """Dots that have no place on the axis stand in a column of their own, never left out."""
    columns = max(math.ceil(count / ROWS), 2)
    spots = [
        (place + (k % columns - (columns - 1) / 2) * 0.16, (k // columns + 0.6) * step) for k in range(count)
    ]
    return {
        "type": "scatter", "mode": "markers", "name": name.replace("<br>", " "), "xaxis": "x2",
        "x": [spot[0] for spot in spots], "y": [spot[1] for spot in spots], "marker": _marker(colour, symbol, step),
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
    return {"type": "line", "xref": "x", "yref": "paper", "x0": value, "x1": value, "y0": 0, "y1": 1,
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
        {"text": f"{words['mean']}: <b>{write(mean)}</b>", "x": mean, "xref": "x", "y": 1.0, "yref": "paper",
         "showarrow": False, "font": {"size": 16}, "xanchor": "left" if mean < middle else "right", "yanchor": "bottom"}
    ]  # fmt: skip


__all__ = ["Stack", "future_dots", "stack_up", "to_whole_ticks"]
