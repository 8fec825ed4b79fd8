"""Indices and exchange rates: by how much money of close has grown at each moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.engine.draws import Numbers, Value
from simulator.engine.outcomes import Luck
from simulator.scenario.distributions import FloatArray
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Index, Path, Steady


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of all indices and exchange rates of a world, by name, one per moment."""

    indices: dict[str, list[Value]]
    rates: dict[str, list[Value]]
    """By currency, units of the deal's currency for one of the foreign."""

    def at(self, index: str | None, currency: str | None, moment: int) -> Value:
        """Factor from an amount as written to money at a moment: the index's level times the exchange rate."""
        level: Value = 1.0 if index is None else self.indices[index][moment]
        return level if currency is None else level * self.rates[currency][moment]


def levels_of(scenario: Scenario, numbers: Numbers, luck: Luck) -> Levels:
    """Compute every index and exchange rate at every moment."""
    world = scenario.world
    indices = {
        name: _levels(index, name, f"world.indices.{name}", scenario, numbers, luck)
        for name, index in world.indices.items()
    }
    rates = {}
    for currency, rate in world.exchange.items():
        prefix = f"world.exchange.{currency}"
        moves = [1.0] * (scenario.contract.calendar.periods + 1)
        steps = (
            _levels(rate.moves, currency, f"{prefix}.moves", scenario, numbers, luck) if rate.moves else moves
        )
        rates[currency] = [numbers.at(f"{prefix}.at_close") * step for step in steps]
    return Levels(indices, rates)


def _levels(
    index: Index, name: str, path: str, scenario: Scenario, numbers: Numbers, luck: Luck
) -> list[Value]:
    """Level of one index at each moment, 1 at close.

    Defined as ``(1 + rate)^(t / m)`` for steady growth; as ``values[t] / values[0]`` for a path; and for a walk as
    steady growth times ``exp(sum over s <= t of (sd z_s / sqrt(m) - sd^2 / (2 m)))``, whose mean is steady growth.
    """
    calendar = scenario.contract.calendar
    moments = range(calendar.periods + 1)
    if isinstance(index, Path):
        first = numbers.at(f"{path}.values.0")
        return [numbers.at(f"{path}.values.{min(t, len(index.values) - 1)}") / first for t in moments]
    steady = [(1 + numbers.at(f"{path}.rate")) ** (t / calendar.per_year) for t in moments]
    if isinstance(index, Steady):
        return steady
    spread = numbers.at(f"{path}.sd")
    walked: FloatArray = np.zeros(luck.trials)
    levels: list[Value] = [steady[0]]
    for t in moments[1:]:
        u = luck.uniform(f"index/{name}/{t}")
        if u is not None:
            walked = (
                walked
                + spread * special.ndtri(u) / np.sqrt(calendar.per_year)
                - spread**2 / 2 / calendar.per_year
            )
        levels.append(steady[t] * np.exp(walked))
    return levels
