"""What really happened, in place of chance: enrolment, measurements, costs and guarantees of a deal that is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.engine.draws import Numbers
from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Luck, Outcomes, enrolment, parent_row
from simulator.scenario.contract import Result
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Observed, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Sums of money that are known once a deal is over."""

    guaranteed: Mapping[str, float] = field(default_factory=dict)
    """By guarantee, what it really stood for, where that is other than agreed."""
    costs: Mapping[str, float] = field(default_factory=dict)
    """By cost line, what it came to in all."""


NOTHING = Known()
"""Nothing is known: a deal that lies ahead."""


def known_money(scenario: Scenario) -> Known:
    """What is known of a deal's money."""
    actuals = scenario.actuals
    if actuals is None:
        return NOTHING
    guaranteed, costs = (
        {name: figure.expectation() for name, figure in figures.items()}
        for figures in (actuals.guaranteed, actuals.costs)
    )
    return Known(guaranteed=guaranteed, costs=costs)


def numbers_really(scenario: Scenario, plan: Plan, numbers: Numbers, luck: Luck) -> Numbers:
    """Values of figures, with as many people as really took part: those of cells that started, taken together."""
    actuals = scenario.actuals
    if actuals is None or actuals.enrolled is None:
        return numbers
    ended = scenario.contract.calendar.periods + 1 if actuals.ended is None else actuals.ended
    whole = Numbers({**numbers.values, "world.enrolment.share": 1.0})
    people = enrolment(scenario.contract, plan, whole, scenario.world.enrolment.ramp, luck)
    expected = people[[k for k, cell in enumerate(plan.cells) if cell.starts < ended]].sum()
    share = actuals.enrolled.expectation() / expected if expected > 0 else 0.0
    return Numbers({**numbers.values, "world.enrolment.share": float(share)})


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


__all__ = ["NOTHING", "Known", "enrolled_really", "known_money", "measured_really", "numbers_really"]
