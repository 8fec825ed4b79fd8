"""The J-curve: running total of a party's money, as bands with some single futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.charts.axes import HEIGHT, Writers, axis, layout, steady_range, write_ticks
from simulator.charts.palette import LOSS, NEUTRAL, tint
from simulator.charts.series import Fan, Line


def cash_fan(
    now: Fan,
    base: Fan,
    *,
    colour: str,
    write: Writers,
    write_year: Callable[[float], str],
    words: Mapping[str, str],
    event: tuple[float, str] | None = None,
) -> dict[str, Any]:
    """Draw the running total of money.

    Parameters
    ----------
    now, base
        The deal as it stands, and unmoved (its middle is drawn as a thin line where it differs).
    colour
        Colour of the party.
    write, write_year
        How amounts, by the step between ticks and the largest of them, and a time in years are written.
    words
        Legend: ``wide``, ``half``, ``middle``, ``paths``, ``base``.
    event
        A moment in years to mark, with its name.
    """
    value_range = steady_range(base.ends(), now.ends())
    hover = write_ticks(value_range, write, fine=True)
    data = [
        *_band(now.years, now.p05, now.p95, tint(colour, 0.18), words["wide"]),
        *_band(now.years, now.p25, now.p75, tint(colour, 0.38), words["half"]),
        *(_path(now.years, path, words["paths"], first=not index) for index, path in enumerate(now.paths)),
        {"type": "scatter", "mode": "lines", "name": words["middle"], "x": list(now.years), "y": list(now.p50),
         "line": {"color": colour, "width": 4}, "hovertext": [hover(value) for value in now.p50],
         "hovertemplate": "%{hovertext}<extra></extra>"},
    ]  # fmt: skip
    if now.p50 != base.p50:
        data.append(
            {"type": "scatter", "mode": "lines", "name": words["base"], "x": list(base.years), "y": list(base.p50),
             "line": {"color": NEUTRAL, "width": 3, "dash": "dash"}, "hoverinfo": "skip"}
        )  # fmt: skip
    end = max(now.years[-1], base.years[-1])
    return {
        "data": data,
        "layout": layout(
            height=HEIGHT, hovermode="x",
            yaxis=axis(value_range, write_ticks(value_range, write)),
            xaxis=axis((0.0, end), write_year, title=words["time"]) | {"zeroline": False, "showgrid": False},
            **_event(event, end),
        ),
    }  # fmt: skip


def _event(event: tuple[float, str] | None, end: float) -> dict[str, Any]:
    """A line across the chart at a moment, with its name at its foot."""
    if event is None:
        return {}
    at, name = event
    return {
        "shapes": [{"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
                    "line": {"color": LOSS, "width": 2, "dash": "dot"}}],
        "annotations": [{"text": name, "x": at, "xref": "x", "y": 0.02, "yref": "paper", "showarrow": False, "name": "value",
                         "font": {"size": 15}, "xanchor": "left" if at < end / 2 else "right", "yanchor": "bottom"}],
    }  # fmt: skip


def _band(x: Line, low: Line, high: Line, colour: str, name: str) -> list[dict[str, Any]]:
    """Draw a band as one closed shape."""
    return [
        {"type": "scatter", "mode": "lines", "x": [*x, *reversed(x)], "y": [*high, *reversed(low)], "fill": "toself",
         "fillcolor": colour, "line": {"width": 0}, "name": name, "hoverinfo": "skip"}
    ]  # fmt: skip


def _path(x: Line, y: Line, name: str, *, first: bool) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "name": name, "showlegend": first,
        "legendgroup": "paths", "line": {"color": NEUTRAL, "width": 1.2}, "opacity": 0.75, "hoverinfo": "skip",
    }  # fmt: skip


__all__ = ["cash_fan"]
