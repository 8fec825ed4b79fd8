"""Payments by fiscal year: what to expect, what one in ten exceeds, and the most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.charts.axes import HEIGHT, axis, layout, steady_range
from simulator.charts.palette import NEUTRAL, PAYER, PROVISION
from simulator.charts.series import YearMoney

ROOM = 0.15
"""Share of the largest amount from which a bar holds its own amount in writing."""
FEW = 3
"""Years whose amounts have room side by side."""
INK = "#56656D"
"""Of the spread: visible on the bar, on white and on black."""


def fiscal_years(
    years: Sequence[YearMoney],
    base: Sequence[YearMoney],
    *,
    label: Callable[[int], str],
    write: Callable[[float], str],
    words: Mapping[str, str],
    colour: str = PAYER,
    provisions: Mapping[int, float] | None = None,
) -> dict[str, Any]:
    """Draw money by fiscal year as bars with their spread.

    Parameters
    ----------
    years, base
        The deal as it stands, and unmoved (drawn as an outline where it differs).
    label, write
        How a year and an amount are written.
    words
        Legend: ``mean``, ``spread``, ``most``, ``base``; ``provision`` where there are provisions.
    colour
        Colour of the party.
    provisions
        By year, what is set apart for it; drawn as a line across its bar, and written under it where years are few.
    """
    every = sorted({item.year for item in (*years, *base)})
    x = [label(year) for year in every]
    now = {item.year: item for item in years}
    before = {item.year: item.mean for item in base}
    shown = [now.get(year, YearMoney(year=year, mean=0, p10=0, p90=0, most=0)) for year in every]
    means = [item.mean for item in shown]
    largest = max((abs(end) for item in shown for end in (item.most, item.p10)), default=0.0)
    data: list[dict[str, Any]] = [
        {"type": "bar", "name": words["mean"], "x": x, "y": means, "marker": {"color": colour}, "width": 0.5,
         "text": [_own_amount(item, largest, write) for item in shown], "textposition": "inside",
         "insidetextanchor": "start", "textangle": 0, "textfont": {"size": 16, "color": "#FFFFFF"},
         "hovertext": [write(item.mean) for item in shown], "hovertemplate": "%{x}: %{hovertext}<extra></extra>"},
        _spread(x, shown, words["spread"], write),
        {"type": "scatter", "mode": "markers", "name": words["most"], "x": x, "y": [item.most for item in shown],
         "marker": {"symbol": "triangle-down-open", "size": 13, "color": NEUTRAL, "line": {"width": 2}},
         "hovertext": [write(item.most) for item in shown], "hovertemplate": "%{x}: %{hovertext}<extra></extra>"},
    ]  # fmt: skip
    ticks: dict[str, Any] = {}
    if provisions:
        amounts = [provisions.get(year, 0.0) for year in every]
        data.append(_set_apart(x, amounts, words["provision"], write))
        if len(x) <= FEW:
            ticks = {
                "tickmode": "array",
                "tickvals": x,
                "ticktext": _labels(x, amounts, write),
                "tickangle": 0,
            }
    ghost = [before.get(year, 0.0) for year in every]
    if any(abs(a - b) > 1e-6 * max(abs(b), 1.0) for a, b in zip(means, ghost, strict=True)):
        data.append(
            {"type": "bar", "name": words["base"], "x": x, "y": ghost, "width": 0.72, "hoverinfo": "skip",
             "marker": {"color": "rgba(0,0,0,0)", "line": {"color": NEUTRAL, "width": 2}}}
        )  # fmt: skip
    ends = [
        (min((i.p10 for i in s), default=0.0), max((i.most for i in s), default=0.0)) for s in (base, years)
    ]
    if provisions:
        ends[1] = (ends[1][0], max(ends[1][1], *provisions.values()))
    return {
        "data": data,
        "layout": layout(
            height=HEIGHT, barmode="overlay", yaxis=axis(steady_range(ends[0], ends[1]), write),
            xaxis={"type": "category", "tickfont": {"size": 16}, "fixedrange": True, "automargin": True} | ticks,
        ),
    }  # fmt: skip


def _set_apart(
    x: list[str], amounts: Sequence[float], name: str, write: Callable[[float], str]
) -> dict[str, Any]:
    """A line across each year, short enough for five years on a telephone."""
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": x, "y": list(amounts),
        "marker": {"symbol": "line-ew-open", "size": 36, "color": PROVISION, "line": {"width": 5, "color": PROVISION}},
        "hovertext": [write(amount) for amount in amounts], "hovertemplate": "%{x}: %{hovertext}<extra></extra>",
    }  # fmt: skip


def _labels(x: Sequence[str], amounts: Sequence[float], write: Callable[[float], str]) -> list[str]:
    """Under each year what is set apart for it, behind the colour of the legend."""
    mark = f'<b><span style="color:{PROVISION}">——</span></b>'
    return [
        f"{year}<br>{mark} {write(amount)}" if amount > 0 else year
        for year, amount in zip(x, amounts, strict=True)
    ]


def _own_amount(item: YearMoney, largest: float, write: Callable[[float], str]) -> str:
    """What a bar says at its foot, if the spread leaves it free."""
    near = min(abs(item.p10), abs(item.p90)) if item.p10 * item.p90 > 0 else 0.0
    return write(item.mean) if min(abs(item.mean), near) > ROOM * largest else ""


def _spread(
    x: list[str], shown: Sequence[YearMoney], name: str, write: Callable[[float], str]
) -> dict[str, Any]:
    across: list[str | None] = []
    along: list[float | None] = []
    for place, item in zip(x, shown, strict=True):
        across += [place, place, None]
        along += [item.p10, item.p90, None]
    texts = [text for item in shown for text in (write(item.p10), write(item.p90), "")]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": across, "y": along,
        "line": {"color": INK, "width": 4}, "marker": {"symbol": "line-ew-open", "size": 16, "color": INK,
                                                       "line": {"width": 4, "color": INK}},
        "hovertext": texts, "hovertemplate": "%{x}: %{hovertext}<extra></extra>",
    }  # fmt: skip


__all__ = ["fiscal_years"]
