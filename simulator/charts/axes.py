"""Axes that stand still while levers move, with tick labels written by us (the library only knows English)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

Range = tuple[float, float]
Writers = Callable[[float, float], Callable[[float], str]]
"""Given the step between ticks and the largest of them, how a value is written: one unit and one number of decimals."""
HEIGHT: Final = 240
"""Of a chart: with the numbers above it, it fits the 720 lines of an old projector."""
FLAT: Final = (-1.0, 1.0)
"""Range of an axis on which there is nothing but zero."""
FONT: Final = '"Source Sans", "Source Sans Pro", sans-serif'


def steady_range(base: Range, now: Range, *, pad: float = 0.06) -> Range:
    """Choose the range of an axis from the unmoved deal; it grows in large steps, and only when the moved one does not fit.

    Parameters
    ----------
    base, now
        Lowest and highest value to show of the unmoved and the moved deal.
    pad
        Room on each side that has something on it, as a share of the width.

    Examples
    --------
    >>> steady_range((0.0, 10.0), (0.0, 9.0), pad=0.0)
    (0.0, 10.0)
    >>> steady_range((0.0, 10.0), (0.0, 11.0), pad=0.0)
    (0.0, 15.0)
    """
    low, high = min(base[0], 0.0), max(base[1], 0.0)
    if not high > low:
        low, high = min(now[0], 0.0), max(now[1], 0.0)
    if not high > low:
        return FLAT
    high, low = _grown(high, now[1], high - low, pad), -_grown(-low, -now[0], high - low, pad)
    room = (high - low) * pad
    return (low - room if low < 0 else low, high + room if high > 0 else high)


def _grown(end: float, needed: float, width: float, pad: float) -> float:
    """Move an end of the axis outwards (upwards) in large steps until it holds what is needed."""
    if needed <= end + (pad * width if end > 0 else 1e-9 * width):
        return end
    start = end if end > 0 else width / 4
    doublings = max(math.floor(math.log2(needed / start)), 0) if needed > start else 0
    return float(
        next(start * 2**doublings * step for step in (1.0, 1.5, 2.0) if needed <= start * 2**doublings * step)
    )


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Place about so many round ticks inside a range.

    Examples
    --------
    >>> nice_ticks(0.0, 10.0)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    width = high - low
    if not (math.isfinite(width) and width > 0):
        return [low]
    rough = width / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((power * k for k in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - rough))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def write_ticks(
    value_range: Range, write: Writers, *, count: int = 5, fine: bool = False
) -> Callable[[float], str]:
    """Choose how the values of an axis are written; ``fine`` for values that lie between its ticks."""
    ticks = [0.0, 1.0] if value_range == FLAT else nice_ticks(*value_range, count)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else abs(ticks[0]) or 1.0
    return write(step / 100 if fine else step, max(abs(end) for end in value_range))


def axis(
    value_range: Range, write: Callable[[float], str], *, title: str = "", count: int = 5
) -> dict[str, Any]:
    """Describe an axis with a fixed range and ticks in the reader's own number format."""
    ticks = [0.0] if value_range == FLAT else nice_ticks(*value_range, count)
    described = {
        "range": list(value_range),
        "tickvals": ticks,
        "ticktext": [write(tick) for tick in ticks],
        "tickfont": {"size": 16},
        "zeroline": True,
        "zerolinewidth": 2,
        "zerolinecolor": "rgba(128,138,142,0.9)",
        "gridcolor": "rgba(128,138,142,0.25)",
        "automargin": True,
        "ticklabeloverflow": "allow",
        "fixedrange": True,
    }
    return described | ({"title": {"text": title, "font": {"size": 16}}} if title else {})


def layout(*, height: int, **more: Any) -> dict[str, Any]:
    """Share the frame of all figures: large type, transparent, legend on top, no dragging."""
    return {
        "height": height,
        # Room on the right for the button that saves the picture, so that it never covers anything.
        "margin": {"l": 8, "r": 40, "t": 8, "b": 8},
        "modebar": {"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": "#7A868C", "activecolor": "#22606B"},
        "font": {"size": 16, "family": FONT},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font": {"size": 16}},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 16},
                   "itemclick": False, "itemdoubleclick": False},
        "dragmode": False,
        "uirevision": "keep",
    } | more  # fmt: skip


__all__ = [
    "FLAT",
    "HEIGHT",
    "Range",
    "Writers",
    "axis",
    "layout",
    "nice_ticks",
    "steady_range",
    "write_ticks",
]
