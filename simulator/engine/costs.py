"""Costs and fees: what the work costs those who do it, and what the account owes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulator.engine.draws import Numbers, Value
from simulator.engine.indices import Levels
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Outcomes
from simulator.scenario.capital import AtCost, FeeAmount, KeepReserve
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Money that work costs and that the account owes for it. Arrays ``(periods + 1, trials)``."""

    spent: dict[str, FloatArray]
    """By cost line, what the party that does the work spends."""
    owed: dict[str, dict[str, FloatArray]]
    """By fee, then by the party it is owed to."""
    scheduled: dict[str, dict[str, FloatArray]]
    """The same as it would be if the contract did not end early: what a reserve provides for, which cannot see an
    early end coming."""


def dues(
    scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes, measured: dict[str, Measured],
    seen: dict[str, Measured], live: dict[str, FloatArray], ends: FloatArray, levels: Levels,
    really: Mapping[str, float] = MappingProxyType({}),
) -> Dues:  # fmt: skip
    """Lay out costs and fees over the moments at which they fall due.

    Work is paid for before it is done: what period ``t + 1`` costs falls due at moment ``t``. Work stops when the
    deal stops.

    Parameters
    ----------
    truth, measured, seen, live
        True outcomes, what would be measured without an early end, what was measured, and which observations were
        still made, by result.
    ends
        Moment of an early end, shape ``(trials,)``.
    levels
        Indices and exchange rates.
    really
        By cost line, what it came to in all, where that is known: the line keeps its course and comes to that.
    """
    units = {name: truth.true[name] * live[name] for name in truth.true}
    certified = {name: m.total for name, m in seen.items()}
    spent, owed = _laid(scenario, plan, numbers, truth, units, certified, ends, levels, really)
    scheduled = owed
    keeps = any(isinstance(step, KeepReserve) and step.periods for step in scenario.contract.waterfall)
    never = np.full_like(ends, scenario.contract.calendar.periods + 1)
    if keeps and (ends < never).any():
        planned = {name: m.total for name, m in measured.items()}
        _, scheduled = _laid(scenario, plan, numbers, truth, truth.true, planned, never, levels, really)
    return Dues(spent=spent, owed=owed, scheduled=scheduled)


def _laid(
    scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes, units: dict[str, FloatArray],
    certified: dict[str, FloatArray], ends: FloatArray, levels: Levels, really: Mapping[str, float],
) -> tuple[dict[str, FloatArray], dict[str, dict[str, FloatArray]]]:  # fmt: skip
    """Costs by line, and fees by fee and party, if the contract ends at ``ends``."""
    world, contract = scenario.world, scenario.contract
    started = np.array([cell.starts < ends for cell in plan.cells], dtype=float)
    layout = _Layout(scenario, plan, numbers, truth.enrolled * started, ends, levels)
    spent = {name: layout.lay(cost, f"world.costs.{name}", units) for name, cost in world.costs.items()}
    spent |= {name: _coming_to(whole, spent[name], world.costs[name]) for name, whole in really.items()}
    owed: dict[str, dict[str, FloatArray]] = {}
    for name, fee in contract.fees.items():
        if isinstance(fee, AtCost):
            owed[name] = {}
            for line in fee.costs:
                party = world.costs[line].by
                owed[name][party] = owed[name].get(party, 0.0) + spent[line]
        else:
            owed[name] = {fee.to: layout.lay(fee, f"contract.fees.{name}", certified)}
    return spent, owed


def _coming_to(whole: float, table: FloatArray, cost: Cost) -> FloatArray:
    """A line on its course that comes to a known sum; all at its start, if nothing was laid out."""
    laid = table.sum(axis=0)
    scaled = table * np.where(laid != 0, whole / np.where(laid != 0, laid, 1.0), 0.0)
    scaled[min(cost.starts, len(table) - 1)] += np.where(laid == 0, whole, 0.0)
    return scaled


class _Layout:
    """Lays lines of money out over time."""

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        numbers: Numbers,
        people: FloatArray,
        ends: FloatArray,
        levels: Levels,
    ) -> None:
        self.plan, self.numbers, self.people, self.ends, self.levels = plan, numbers, people, ends, levels
        self.last = scenario.contract.calendar.periods

    def lay(self, line: Cost | FeeAmount, path: str, units: dict[str, FloatArray]) -> FloatArray:
        """Money of one line at each moment, shape ``(periods + 1, trials)``."""
        amount = self.numbers.at(f"{path}.amount")
        if line.per in ("deal", "period"):
            table = self._regular(line, amount)
        elif line.per == "participant":
            table = self._by_participant(line, amount)
        else:
            table = self._by_unit(line, amount, units[line.per])
        if line.index is None and line.currency is None:
            return table
        level = [self.levels.at(line.index, line.currency, moment) for moment in range(self.last + 1)]
        return table * np.array([np.zeros(self.ends.size) + value for value in level])

    def _regular(self, line: Cost | FeeAmount, amount: Value) -> FloatArray:
        """A sum for the deal, spread evenly, or the same sum every period."""
        table = np.zeros((self.last + 1, self.ends.size))
        over = line.over or max(self.last - line.starts, 1)
        each = amount / over if line.per == "deal" else amount
        step = line.every if line.per == "period" else 1
        for moment in range(line.starts, min(line.starts + over, self.last + 1), step):
            table[moment] = each * ((moment < self.ends) | (moment == 0))
        return table

    def _by_participant(self, line: Cost | FeeAmount, amount: Value) -> FloatArray:
        """A sum for each person of each cell, spread over periods from the cell's start."""
        table = np.zeros((self.last + 1, self.ends.size))
        over = line.over or 1
        for index, cell in enumerate(self.plan.cells):
            if not cell.is_in(line.where):
                continue
            for moment in range(cell.starts + line.starts, cell.starts + line.starts + over):
                if moment <= self.last:
                    table[moment] += amount / over * self.people[index] * (moment < self.ends)
        return table

    def _by_unit(self, line: Cost | FeeAmount, amount: Value, units: FloatArray) -> FloatArray:
        """A sum for each unit of a result, when it is measured."""
        table = np.zeros((self.last + 1, self.ends.size))
        for row, observation in enumerate(self.plan.observations[line.per]):
            moment = observation.moment + line.starts
            if moment <= self.last and self.plan.is_in(observation, line.where):
                table[moment] += amount * np.maximum(units[row], 0.0)
        return table
