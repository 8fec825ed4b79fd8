"""Who pays and who saves: one row for each purse, what leaves it and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.charts.axes import axis, layout, steady_range
from simulator.charts.fiscal_years import INK
from simulator.charts.palette import PAYER, PROVIDER, tint

ROW, FRAME = 84, 80
WIDTH = 0.24
"""Of a bar, as a share of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An amount with its spread."""

    mean: float
    p10: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PurseBar:
    """One payer, agency or society."""

    name: str
    pays: Side
    saves: Side


def purse_bars(
    bars: Sequence[PurseBar], *, write: Callable[[float], str], words: Mapping[str, str]
) -> dict[str, Any]:
    """Draw what each purse pays (full) and saves (hatched), with the spread of eight in ten futures.

    Parameters
    ----------
    bars
        Purses from top to bottom.
    write
        How an amount is written.
    words
        Legend: ``pays``, ``saves``.
    """
    names = [bar.name for bar in bars]
    both = [bar.pays.mean != 0 and bar.saves.mean != 0 for bar in bars]
    data = [
        _trace(words["pays"], names, [bar.pays for bar in bars], 0.0, both, PAYER, write),
        _trace(
            words["saves"],
            names,
            [bar.saves for bar in bars],
            -WIDTH - 0.02,
            both,
            PROVIDER,
            write,
            hatched=True,
        ),
    ]
    sides = [side for bar in bars for side in (bar.pays, bar.saves)]
    low = min((min(side.p10, side.mean) for side in sides), default=0.0)
    high = max((max(side.p90, side.mean) for side in sides), default=0.0)
    above = [
        {"text": bar.name, "x": 0, "xref": "paper", "y": bar.name, "yref": "y", "xanchor": "left", "yanchor": "bottom",
         "yshift": 24, "showarrow": False, "font": {"size": 16}}
        for bar in bars
    ]  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            height=FRAME + ROW * len(bars), barmode="overlay",
            xaxis=axis(steady_range((low, high), (low, high)), write, count=3),
            yaxis={"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "visible": False,
                   "range": [-0.5, len(bars) - 0.2], "fixedrange": True},
            annotations=above,
        ) | {"margin": {"l": 24, "r": 40, "t": 8, "b": 8}},
    }  # fmt: skip


def _trace(
    name: str, names: list[str], sides: Sequence[Side], place: float, both: Sequence[bool], colour: str,
    write: Callable[[float], str], *, hatched: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One kind of money; a purse that has no other kind has its bar in the middle of its row."""
    pattern = {"pattern": {"shape": "/", "fgcolor": colour, "bgcolor": tint(colour, 0.15)}} if hatched else {}
    spread = [side.p90 > side.p10 for side in sides]
    return {
        "type": "bar", "orientation": "h", "name": name, "y": names,
        "x": [side.mean if side.mean else None for side in sides],
        "width": WIDTH, "offset": [place if two else -WIDTH / 2 for two in both],
        "marker": {"color": colour, "line": {"color": colour, "width": 1}} | pattern,
        "error_x": {"type": "data", "symmetric": False, "color": INK, "thickness": 3, "width": 6,
                    "array": [max(s.p90 - s.mean, 0.0) if w else None for s, w in zip(sides, spread, strict=True)],
                    "arrayminus": [max(s.mean - s.p10, 0.0) if w else None for s, w in zip(sides, spread, strict=True)]},
        "hovertext": [write(side.mean) for side in sides], "hovertemplate": "%{y}: %{hovertext}<extra></extra>",
    }  # fmt: skip


__all__ = ["PurseBar", "Side", "purse_bars"]
