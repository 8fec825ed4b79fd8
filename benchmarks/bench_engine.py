"""How many times faster the engine is than a naive loop, each with the investors' rate of return in every trial.

Both take turns in one process, round by round, and the medians are compared: a ratio says much the same on
another machine, a time does not. That both say the same of a deal is a matter for tests/property/test_oracle.py.
"""

from __future__ import annotations

import os
import time
from statistics import median, quantiles
from typing import TypedDict

if __name__ == "__main__":  # before NumPy is imported: both sides with one thread
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import simulator
from benchmarks.naive import rates
from simulator.metrics.irr import irr
from simulator.scenario.capital import Tranche
from simulator.scenario.scenario import Scenario

ROUNDS = 7
TRIALS = 8_192
"""Trials that the engine works on in each round: one block."""
SAMPLE = 12
"""Trials that the naive loop works on in each round."""
FLOORS = {
    "able-rikers": 150.0,
    "empleando-futuro": 90.0,  # inverse beta functions, one for each cell of clustered people, take most of its time
    "lectoescritura-cis": 150.0,
    "vis-buenos-aires": 150.0,
}


class Figure(TypedDict):
    """One measured ratio."""

    name: str
    ratio: float
    """Median time of the naive loop, divided by the median time of the engine, for each trial."""
    floor: float
    """What the ratio must not fall below."""
    median: float
    """The engine's own median time for each trial, microseconds; to be read, not to be held to."""
    spread: float
    """Half of the rounds had a ratio within this range, as a share of `ratio`."""


def run() -> list[Figure]:
    """Measure the ratio for some of the shipped deals."""
    return [_figure(name) for name in FLOORS]


def engine(deal: Scenario, seed: int) -> None:
    """Simulate a deal, and take the investors' rate of return in every trial."""
    flows = simulator.simulate(deal, trials=TRIALS, seed=seed).flows
    names = [name for name, part in deal.contract.capital.items() if isinstance(part, Tranche)]
    stream = np.sum([flows.received[name] - flows.drawn[name] for name in names], axis=0)
    irr(stream, periods_per_year=deal.contract.calendar.per_year)


def _figure(name: str) -> Figure:
    deal = simulator.load(simulator.library()[name])
    engine(deal, seed=0)  # once, so that nobody pays for what is loaded or remembered the first time
    rates(deal, 1, seed=0)
    own, naive = [], []
    for k in range(ROUNDS):
        begin = time.perf_counter()
        engine(deal, seed=k)
        middle = time.perf_counter()
        rates(deal, SAMPLE, seed=k)
        own.append((middle - begin) / TRIALS)
        naive.append((time.perf_counter() - middle) / SAMPLE)
    ratio = median(naive) / median(own)
    low, _, high = quantiles([theirs / ours for theirs, ours in zip(naive, own, strict=True)], n=4)
    return Figure(
        name=f"engine vs naive loop, {name}",
        ratio=ratio,
        floor=FLOORS[name],
        median=median(own) * 1e6,
        spread=(high - low) / ratio,
    )


def main() -> None:
    """Print the ratios as a table."""
    print(f"{'':42}{'ratio':>9}{'floor':>9}{'spread':>9}{'own us/trial':>14}")
    for figure in run():
        verdict = "" if figure["ratio"] >= figure["floor"] else "  BELOW"
        print(
            f"{figure['name']:42}{figure['ratio']:9.1f}{figure['floor']:9.0f}"
            f"{figure['spread']:9.0%}{figure['median']:14.2f}{verdict}"
        )


if __name__ == "__main__":
    main()
