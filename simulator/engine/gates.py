"""Conditions: whether something holds in each trial at a moment, judged by what was measured to date."""

from __future__ import annotations

import numpy as np

from simulator.engine.draws import Numbers
from simulator.engine.measurement import Measured
from simulator.engine.quantities import is_significant, read
from simulator.scenario.conditions import Condition, Where
from simulator.scenario.distributions import BoolArray, FloatArray, reaches
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


def rows_of(
    plan: Plan, result: str, where: Where, *, moment: int | None, cells: frozenset[int] | None
) -> list[int]:
    """Observations of a result in some cells up to a moment."""
    return [
        row
        for row, observation in enumerate(plan.observations[result])
        if plan.is_in(observation, where)
        and (moment is None or observation.moment <= moment)
        and (cells is None or not cells or bool(plan.cells_of(observation) & cells))
    ]


def design_effect(scenario: Scenario, numbers: Numbers, result: str) -> FloatArray:
    """Factor by which clusters widen a variance: ``1 + (m - 1) rho``."""
    size = scenario.world.results[result].cluster_size
    return np.asarray(1 + (size - 1) * numbers.at(f"world.results.{result}.cluster_correlation"), dtype=float)


def condition_holds(
    condition: Condition, path: str, scenario: Scenario, plan: Plan, numbers: Numbers,
    measured: dict[str, Measured], *, moment: int, cells: frozenset[int] | None,
) -> BoolArray:  # fmt: skip
    """Tell in which trials a condition on a result holds, shape ``(trials,)``.

    Parameters
    ----------
    condition, path
        The condition and its path in the document.
    moment
        What was measured up to here counts.
    cells
        Cells that are looked at, or all.

    Returns
    -------
    Truth by trial; where nothing was measured yet, a minimum does not hold and a maximum does.
    """
    name = condition.on
    assert name is not None  # noqa: S101 - conditions on terms are answered by the payments stage
    result = scenario.contract.results[name]
    rows = rows_of(
        plan, name, condition.where, moment=moment, cells=cells if condition.pool == "same" else None
    )
    some = next(iter(measured.values()))
    if not rows:
        return np.full(some.base.shape[-1], condition.below is not None)
    if condition.significant is not None:
        design = design_effect(scenario, numbers, name)
        return is_significant(measured[name], rows, result, level=condition.significant, design=design)
    reading = read(measured[name], rows, condition.quantity, result)
    if condition.at_least is not None:
        reached: BoolArray = reaches(reading.value, numbers.at(f"{path}.at_least")) & reading.known
        return reached
    below: BoolArray = ~reaches(reading.value, numbers.at(f"{path}.below")) | ~reading.known
    return below
