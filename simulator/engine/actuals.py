"""What really happened, in place of chance: enrolment, measurements, costs and guarantees of a deal that is over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.engine.draws import Numbers, Value
from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Luck, Outcomes, outcomes
from simulator.scenario.contract import Result
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Observed, Scenario


def numbers_really(scenario: Scenario, numbers: Numbers) -> Numbers:
    """Put really spent amounts in place of believed costs.

    A cost line that came to so much in all is scaled so that the line, as scheduled, comes to that.
    """
    actuals = scenario.actuals
    if actuals is None:
        return numbers
    changed: dict[str, Value] = {}
    for line, figure in actuals.costs.items():
        cost = scenario.world.costs[line]
        if cost.per == "deal":
            periods = scenario.contract.calendar.periods
            over = cost.over or max(periods - cost.starts, 1)
            stopped = periods + 1 if actuals.ended is None else actuals.ended
            run = len([t for t in range(cost.starts, min(cost.starts + over, periods + 1)) if t < stopped])
            changed[f"world.costs.{line}.amount"] = figure.expectation() * over / max(run, 1)
        else:
            changed[f"world.costs.{line}.amount"] = figure.expectation()
    if actuals.enrolled is not None:
        size = np.asarray(numbers.at("contract.people.size"))
        changed["world.enrolment.share"] = float(actuals.enrolled.expectation() / np.maximum(size, 1e-300))
    return Numbers({**numbers.values, **changed})


def enrolled_really(
    scenario: Scenario, plan: Plan, truth: Outcomes, numbers: Numbers, luck: Luck
) -> Outcomes:
    """Outcomes as measured where they are known: what was certified is taken for the truth."""
    if scenario.actuals is None:
        return truth
    true, base = dict(truth.true), dict(truth.base)
    for name in plan.chain:
        for observed in scenario.actuals.results.get(name, ()):
            rows = _rows(observed, name, plan)
            if observed.out_of is not None:
                base[name] = _spread(base[name], rows, observed.out_of.expectation())
            if observed.count is not None:
                true[name] = _spread(true[name], rows, observed.count.expectation())
            elif observed.mean is not None:
                true[name] = true[name].copy()
                true[name][rows] = base[name][rows] * observed.mean.expectation()
        truth = replace(truth, true=true, base=base)
        truth = _follow_chain(scenario, plan, truth, name)
        true, base = dict(truth.true), dict(truth.base)
    return truth


def _follow_chain(scenario: Scenario, plan: Plan, truth: Outcomes, name: str) -> Outcomes:
    """Let later results of a chain be measured on those who really achieved this one."""
    from simulator.engine.outcomes import parent_row

    base, true = dict(truth.base), dict(truth.true)
    for later, result in scenario.contract.results.items():
        if result.of == name:
            above = [parent_row(result, plan, later, row) for row in range(len(plan.observations[later]))]
            rate = np.where(base[later] > 0, true[later] / np.where(base[later] > 0, base[later], 1.0), 0.0)
            base[later] = truth.true[name][above]
            true[later] = rate * base[later]
    return replace(truth, base=base, true=true)


def _rows(observed: Observed, name: str, plan: Plan) -> list[int]:
    rows = rows_of(plan, name, observed.where, moment=None, cells=None)
    number = observed.measurement
    return [row for row in rows if number is None or plan.observations[name][row].measurement == number]


def _spread(table: FloatArray, rows: list[int], whole: float) -> FloatArray:
    """Spread a known total over observations in proportion to what was expected of them."""
    spread = table.copy()
    expected = table[rows].sum(axis=0)
    even = 1 / len(rows) if rows else 0.0
    for row in rows:
        weight = np.where(expected > 0, table[row] / np.where(expected > 0, expected, 1.0), even)
        spread[row] = weight * whole
    return spread


def measured_really(scenario: Scenario, plan: Plan, measured: dict[str, Measured]) -> dict[str, Measured]:
    """Put what was really certified in place of what would be measured."""
    if scenario.actuals is None:
        return measured
    known = dict(measured)
    for name, several in scenario.actuals.results.items():
        for observed in several:
            known[name] = _certified(
                observed, scenario.contract.results[name], known[name], _rows(observed, name, plan)
            )
    return known


def _certified(observed: Observed, result: Result, measured: Measured, rows: list[int]) -> Measured:
    if observed.count is not None:
        return replace(measured, total=_spread(measured.total, rows, observed.count.expectation()))
    total = measured.total.copy()
    if observed.mean is not None:
        unit = np.ones_like(measured.base) if result.kind == "total" else measured.base
        total[rows] = unit[rows] * observed.mean.expectation()
        return replace(measured, total=total)
    other = _comparison_mean(measured, result)
    if observed.relative_reduction is not None:
        wanted = other * (1 - observed.relative_reduction.expectation())
    else:
        change = observed.difference.expectation() if observed.difference is not None else 0.0
        wanted = other - change if result.less_is_better else other + change
    unit = np.ones_like(measured.base) if result.kind == "total" else measured.base
    total[rows] = (wanted * unit)[rows]
    return replace(measured, total=total)


def _comparison_mean(measured: Measured, result: Result) -> FloatArray:
    mean = np.zeros_like(measured.total)
    for comparator in measured.comparators:
        size = np.ones_like(comparator.size) if result.kind == "total" else comparator.size
        mean = mean + comparator.weight * comparator.total / np.where(size > 0, size, 1.0)
    return mean


def guaranteed_really(scenario: Scenario) -> dict[str, float]:
    """What guarantees really stood for, by name, where it differs from the contract."""
    actuals = scenario.actuals
    if actuals is None:
        return {}
    return {name: figure.expectation() for name, figure in actuals.guaranteed.items()}


__all__ = ["enrolled_really", "guaranteed_really", "measured_really", "numbers_really", "outcomes"]
