"""Deadweight: which part of what a term pays for was to be expected without the programme."""

from __future__ import annotations

import numpy as np

from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Outcomes
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Term
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario

COUNTED_ALONE = frozenset({"count", "claims", "total", "rate", "mean"})
"""Quantities that are not compared with anything."""


def deadweight_parts(
    scenario: Scenario, plan: Plan, truth: Outcomes, seen: dict[str, Measured], live: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    """Part of each term's payment that is for what would have happened anyway, shape ``(trials,)``.

    Defined over the observations that a term looks at. For quantities that count, it is ``anyway / measured``; for
    differences it is ``(anyway - granted) / (measured - granted)``, with what the comparison takes for granted: a fixed
    benchmark its number, a comparison group on average what would have happened anyway (so that nothing is left of it), a
    blend both by their weights. For a score it is the mean of its results' parts by their weights. All are held inside 0
    and 1; activity payments have none.
    """

    def part(result: str, quantity: str, *places: Where) -> FloatArray:
        rows = [
            row
            for row in rows_of(plan, result, places[0], moment=None, cells=None)
            if all(plan.is_in(plan.observations[result][row], where) for where in places)
        ]
        anyway = (truth.anyway[result][rows] * live[result][rows]).sum(axis=0)
        measured = seen[result].total[rows].sum(axis=0)
        granted: FloatArray | float = 0.0
        if quantity not in COUNTED_ALONE:
            for c in seen[result].comparators:
                granted = granted + c.weight * (anyway if c.noisy else c.total[rows].sum(axis=0))
        beyond = measured - granted
        share = np.where(beyond != 0, (anyway - granted) / np.where(beyond != 0, beyond, 1.0), 0.0)
        return np.clip(share, 0.0, 1.0)

    def of(term: Term) -> FloatArray | None:
        if term.on is not None:
            return part(term.on, term.quantity, term.where)
        if not term.score:
            return None
        weights = sum(one.weight for one in term.score)
        parts = [
            one.weight / weights * part(one.on, one.quantity, one.where, term.where) for one in term.score
        ]
        return np.asarray(np.sum(parts, axis=0))

    found = {name: of(term) for name, term in scenario.contract.payments.items()}
    return {name: share for name, share in found.items() if share is not None}


__all__ = ["deadweight_parts"]
