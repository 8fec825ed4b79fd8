"""Indices and exchange rates in one trial: docs/model.md, section 7, step 5."""

from __future__ import annotations

import math

from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Index, Path, Walk
from tests.oracle.draws import Draws


class Levels:
    """What an amount as written is at a moment."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.world, self.per_year, self.draws = scenario.world, scenario.contract.calendar.per_year, draws

    def at(self, index: str | None, currency: str | None, t: int) -> float:
        """Level of the index times the rate of the currency."""
        level = 1.0
        if index is not None:
            level *= self._level(self.world.indices[index], f"world.indices.{index}", index, t)
        if currency is not None:
            path, exchange = f"world.exchange.{currency}", self.world.exchange[currency]
            level *= self.draws.value(f"{path}.at_close")
            if exchange.moves is not None:
                level *= self._level(exchange.moves, f"{path}.moves", currency, t)
        return level

    def _level(self, index: Index, path: str, name: str, t: int) -> float:
        if isinstance(index, Path):
            last = min(t, len(index.values) - 1)
            return self.draws.value(f"{path}.values.{last}") / self.draws.value(f"{path}.values.0")
        level = float((1 + self.draws.value(f"{path}.rate")) ** (t / self.per_year))
        if not isinstance(index, Walk):
            return level
        sd = self.draws.value(f"{path}.sd")
        steps = [
            sd * self.draws.normal(f"index/{name}/{s}") / math.sqrt(self.per_year)
            - sd**2 / (2 * self.per_year)
            for s in range(1, t + 1)
        ]
        return level * math.exp(sum(steps))
