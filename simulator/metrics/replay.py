"""Replay against publication: what a deal that is over should have paid, beside what was printed."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.engine.result import Simulation
from simulator.metrics.registry import metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One published figure beside the replayed one."""

    key: str
    found: float
    expected: float | None
    """Published value, if it is one."""
    at_least: float | None
    at_most: float | None
    difference: float
    """Found less published; zero inside published bounds."""
    tolerance: float
    sources: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the difference is within half a unit of the last printed digit."""
        return abs(self.difference) <= self.tolerance + 1e-9 * max(abs(self.found), 1.0)


def compare_with_published(simulation: Simulation) -> tuple[Comparison, ...]:
    """Compare a replayed deal with everything that was published about it.

    Raises
    ------
    KeyError
        If a published figure names a number the deal does not have (the checks complain first).
    """
    found = metrics(simulation)
    compared = []
    for key, published in simulation.scenario.published.items():
        value = headline(simulation, key) if key in found else float("nan")
        compared.append(
            Comparison(key=key, found=value, expected=published.value, at_least=published.at_least,
                       at_most=published.at_most, difference=published.difference(value),
                       tolerance=published.tolerance, sources=published.sources)
        )  # fmt: skip
    return tuple(compared)


def headline(simulation: Simulation, key: str) -> float:
    """The number itself in a run without chance."""
    return metrics(simulation)[key].estimate().mean
