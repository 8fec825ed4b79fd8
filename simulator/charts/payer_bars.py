"""Payers side by side: what each is expected to pay, with its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.charts.axes import Writers, axis, layout, steady_range, write_ticks
from simulator.charts.fiscal_years import INK
from simulator.charts.palette import PAYER, tint

ROW, FRAME = 72, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One payer."""

    name: str
    share: str
    """Of the whole, as it is written."""
    mean: float
    p10: float
    p90: float
    public: bool
    """A public body's bar is full, another's is hatched."""


def payer_bars(
    bars: Sequence[Bar], base: Sequence[Bar], *, write: Writers, words: Mapping[str, str]
) -> dict[str, Any]:
    """Draw one bar for each payer, public bodies full and others hatched.

    Parameters
    ----------
    bars, base
        The deal as it stands, and unmoved (which fixes the axis).
    write
        How amounts are written, by the step between ticks and the largest of them.
    words
        Legend: ``public``, ``private``, ``spread``.
    """
    ends = [
        (
            min((min(bar.p10, bar.mean) for bar in s), default=0.0),
            max((max(bar.p90, bar.mean) for bar in s), default=0.0),
        )
        for s in (base, bars)
    ]
    value_range = steady_range(*ends)
    fine = write_ticks(value_range, write, count=3, fine=True)
    data: list[dict[str, Any]] = []
    for is_public, word in ((True, "public"), (False, "private")):
        own = [bar for bar in bars if bar.public == is_public]
        pattern = (
            {} if is_public else {"pattern": {"shape": "/", "fgcolor": PAYER, "bgcolor": tint(PAYER, 0.15)}}
        )
        data.append(
            {"type": "bar", "orientation": "h", "name": words[word], "y": [bar.name for bar in own],
             "x": [bar.mean for bar in own], "width": 0.38,
             "marker": {"color": PAYER, "line": {"color": PAYER, "width": 1}} | pattern,
             "hovertext": [f"{fine(bar.mean)} ({bar.share})" for bar in own],
             "hovertemplate": "%{y}: %{hovertext}<extra></extra>"}
        )  # fmt: skip
    data.append(
        {"type": "scatter", "mode": "lines", "name": words["spread"], "line": {"color": INK, "width": 4},
         "x": [end for bar in bars for end in (bar.p10, bar.p90, None)],
         "y": [name for bar in bars for name in (bar.name, bar.name, None)], "hoverinfo": "skip"}
    )  # fmt: skip
    names = [bar.name for bar in bars]
    # Names stand above their bars: beside them they would leave a telephone no room for the bars.
    above = [
        {"text": bar.name, "x": 0, "xref": "paper", "y": bar.name, "yref": "y", "xanchor": "left", "yanchor": "bottom",
         "yshift": 14, "showarrow": False, "font": {"size": 16}}
        for bar in bars
    ]  # fmt: skip
    return {
        "data": [trace for trace in data if trace["x"]],
        "layout": layout(
            height=FRAME + ROW * len(bars), barmode="overlay",
            xaxis=axis(value_range, write_ticks(value_range, write, count=3), count=3),
            yaxis={"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "visible": False,
                   "range": [-0.5, len(bars) - 0.2], "fixedrange": True},
            annotations=above,
        ) | {"margin": {"l": 24, "r": 40, "t": 8, "b": 8}},
    }  # fmt: skip


__all__ = ["Bar", "payer_bars"]
