"""How many times faster `irr` is than a loop over numpy-financial or pyxirr.

Rows: capital drawn over the first sixth of the periods, lumpy payments after, 5 % of rows with a later outflow, 1 %
lost entirely. All take turns in one process, round by round, and the medians are compared: a ratio says much
the same on another machine, a time does not. How near the rates are is a matter for tests/unit/test_irr.py.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import TypedDict

if __name__ == "__main__":  # before NumPy is imported: a second BLAS thread spins and slows numpy-financial
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy_financial as npf
import pyxirr
from numpy.typing import NDArray

from simulator.metrics.irr import irr

ROUNDS = 9
TRIALS = {24: 32_768, 120: 16_384}
SAMPLE = {24: 100, 120: 6}
"""Rows that numpy-financial, slow, works on in each round; pyxirr works on 20 times as many."""
FLOORS = {
    ("numpy_financial", 24): 180.0,
    ("numpy_financial", 120): 2_400.0,
    ("pyxirr", 24): 6.0,
    ("pyxirr", 120): 30.0,
}


class Figure(TypedDict):
    """One measured ratio."""

    name: str
    ratio: float
    """Median time of the other, divided by the median time of ours, for each row of flows."""
    floor: float
    """What the ratio must not fall below."""
    median: float
    """Our own median time for each row, microseconds; to be read, not to be held to."""
    spread: float
    """Half of the rounds had a ratio within this range, as a share of `ratio`."""


def rows(periods: int, trials: int, *, late_outflow: float = 0.05, lost: float = 0.01) -> NDArray[np.float64]:
    """Draw rows as a deal makes them, shape ``(periods + 1, trials)``."""
    rng = np.random.default_rng(20)
    draws = periods // 6
    flows = np.zeros((periods + 1, trials))
    flows[:draws] = -rng.uniform(50, 150, (draws, trials)) / draws
    lumps = rng.exponential(1.0, (periods + 1 - draws, trials)) * (
        rng.random((periods + 1 - draws, trials)) < 0.6
    )
    lumps[-1] += 1e-6
    flows[draws:] = (
        lumps / lumps.sum(axis=0) * -flows[:draws].sum(axis=0) * rng.normal(1.25, 0.25, trials).clip(0.3)
    )
    luck = rng.random(trials)
    late = np.flatnonzero(luck < late_outflow)
    flows[rng.integers(periods // 2, periods + 1, late.size), late] -= rng.uniform(5, 20, late.size)
    flows[draws:, luck > 1 - lost] = 0.0
    return flows


def run() -> list[Figure]:
    """Measure the ratios, numpy-financial and pyxirr at 24 and 120 periods."""
    return [figure for periods in TRIALS for figure in _figures(periods)]


def _figures(periods: int) -> list[Figure]:
    flows = rows(periods, TRIALS[periods])
    single = [np.ascontiguousarray(row) for row in flows[:, : 20 * SAMPLE[periods]].T]
    few = single[: SAMPLE[periods]]
    work: dict[str, tuple[int, Callable[[], object]]] = {
        "own": (flows.shape[1], lambda: irr(flows)),
        "numpy_financial": (len(few), lambda: [npf.irr(row) for row in few]),
        "pyxirr": (len(single), lambda: [pyxirr.irr(row, silent=True) for row in single]),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, (count, action) in work.items():
            begin = time.perf_counter()
            action()
            times[name].append((time.perf_counter() - begin) / count)
    return [_figure(name, periods, times) for name in ("numpy_financial", "pyxirr")]


def _figure(name: str, periods: int, times: dict[str, list[float]]) -> Figure:
    ratio = median(times[name]) / median(times["own"])
    low, _, high = quantiles(
        [theirs / ours for theirs, ours in zip(times[name], times["own"], strict=True)], n=4
    )
    return Figure(
        name=f"irr vs {name}, {periods} periods",
        ratio=ratio,
        floor=FLOORS[name, periods],
        median=median(times["own"]) * 1e6,
        spread=(high - low) / ratio,
    )


def main() -> None:
    """Print the ratios as a table."""
    print(f"{'':36}{'ratio':>9}{'floor':>9}{'spread':>9}{'own us/row':>12}")
    for figure in run():
        verdict = "" if figure["ratio"] >= figure["floor"] else "  BELOW"
        print(
            f"{figure['name']:36}{figure['ratio']:9.1f}{figure['floor']:9.0f}"
            f"{figure['spread']:9.0%}{figure['median']:12.2f}{verdict}"
        )


if __name__ == "__main__":
    main()
