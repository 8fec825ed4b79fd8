"""Payments by fiscal year: what to expect, what one in ten exceeds, and the most."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.charts.axes import HEIGHT, Writers, axis, layout, steady_range, write_ticks
from simulator.charts.palette import NEUTRAL, PAYER, PROVISION
from simulator.charts.series import YearMoney

FEW = 3
"""Years whose provisions have room side by side."""
INK = "#56656D"
"""Of the spread: visible on the bar, on white and on black."""


def fiscal_years(
    years: Sequence[YearMoney],
    base: Sequence[YearMoney],
    *,
    label: Callable[[int], str],
    write: Writers,
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
        How a year is written, and amounts by the step between ticks and the largest of them.
    words
        Legend: ``mean``, ``spread``, ``most``, ``base``; ``provision`` where there are provisions.
    colour
        Colour of the party.
    provisions
        By year, what is set apart for it; drawn as a line across its bar, and written under it where years are few.
    """
    ends = [
        (min((i.p10 for i in s), default=0.0), max((i.most for i in s), default=0.0)) for s in (base, years)
    ]
    if provisions:
        ends[1] = (ends[1][0], max(ends[1][1], *provisions.values()))
    value_range = steady_range(ends[0], ends[1])
    tick = write_ticks(value_range, write)
    fine = write_ticks(value_range, write, fine=True)
    every = sorted({item.year for item in (*years, *base)})
    x = list(range(len(every)))
    names = [label(year) for year in every]
    now = {item.year: item for item in years}
    before = {item.year: item.mean for item in base}
    shown = [now.get(year, YearMoney(year=year, mean=0, p10=0, p90=0, most=0)) for year in every]
    means = [item.mean for item in shown]
    pairs = list(zip(names, shown, strict=True))
    amounts = [(provisions or {}).get(year, 0.0) for year in every]
    feet = _feet(names, shown, write, amounts if provisions else ())
    data: list[dict[str, Any]] = [
        {"type": "bar", "name": words["mean"], "x": x, "y": means, "marker": {"color": colour}, "width": 0.5,
         "hovertext": [f"{name}: {fine(i.mean)}" for name, i in pairs], "hovertemplate": "%{hovertext}<extra></extra>"},
        _spread(x, shown, words["spread"], fine),
        {"type": "scatter", "mode": "markers", "name": words["most"], "x": x, "y": [item.most for item in shown],
         "marker": {"symbol": "triangle-down-open", "size": 13, "color": NEUTRAL, "line": {"width": 2}},
         "hovertext": [f"{name}: {fine(i.most)}" for name, i in pairs], "hovertemplate": "%{hovertext}<extra></extra>"},
    ]  # fmt: skip
    if provisions:
        data.append(_set_apart(x, names, amounts, words["provision"], fine))
    ghost = [before.get(year, 0.0) for year in every]
    if any(abs(a - b) > 1e-6 * max(abs(b), 1.0) for a, b in zip(means, ghost, strict=True)):
        data.append(
            {"type": "bar", "name": words["base"], "x": x, "y": ghost, "width": 0.72, "hoverinfo": "skip",
             "marker": {"color": "rgba(0,0,0,0)", "line": {"color": NEUTRAL, "width": 2}}}
        )  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            height=HEIGHT, barmode="overlay", yaxis=axis(value_range, tick),
            xaxis={"range": [-0.5, len(every) - 0.5], "tickvals": x, "ticktext": feet,
                   "tickfont": {"size": 16}, "fixedrange": True, "automargin": True, "showgrid": False,
                   "zeroline": False},
        ),
    }  # fmt: skip


def _mean_writer(shown: Sequence[YearMoney], write: Writers) -> Callable[[float], str]:
    """All means with the decimals that leave the largest of them three figures."""
    largest = max((abs(item.mean) for item in shown), default=0.0)
    if largest <= 0:
        return write(1.0, 1.0)
    return write(10.0 ** (math.floor(math.log10(largest)) - 2), largest)


def _set_apart(
    x: list[int], names: Sequence[str], amounts: Sequence[float], name: str, write: Callable[[float], str]
) -> dict[str, Any]:
    """A line across each year, short enough for five years on a telephone."""
    texts = [f"{year}: {write(amount)}" for year, amount in zip(names, amounts, strict=True)]
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": x, "y": list(amounts),
        "marker": {"symbol": "line-ew-open", "size": 36, "color": PROVISION, "line": {"width": 5, "color": PROVISION}},
        "hovertext": texts, "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _feet(
    names: Sequence[str], shown: Sequence[YearMoney], write: Writers, amounts: Sequence[float] = ()
) -> list[str]:
    """Every year with its expected amount below it, and what is set apart for it where years are few.

    All are written alike, and in the way of nothing.
    """
    say = _mean_writer(shown, write)
    feet = [f"{name}<br><b>{say(item.mean)}</b>" for name, item in zip(names, shown, strict=True)]
    if not amounts or len(names) > FEW:
        return feet
    mark = f'<b><span style="color:{PROVISION}">——</span></b>'
    return [f"{foot}<br>{mark} {say(amount)}" for foot, amount in zip(feet, amounts, strict=True)]


def _spread(
    x: list[int], shown: Sequence[YearMoney], name: str, write: Callable[[float], str]
) -> dict[str, Any]:
    across: list[int | None] = []
    along: list[float | None] = []
    for place, item in zip(x, shown, strict=True):
        across += [place, place, None]
        along += [item.p10, item.p90, None]
    texts = [text for item in shown for text in (write(item.p10), write(item.p90), "")]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": across, "y": along,
        "line": {"color": INK, "width": 4}, "marker": {"symbol": "line-ew-open", "size": 16, "color": INK,
                                                       "line": {"width": 4, "color": INK}},
        "hovertext": texts, "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


__all__ = ["fiscal_years"]
