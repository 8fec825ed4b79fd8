"""Quantities of a pool of measurements, curves, and conditions, for one trial: docs/model.md, sections 5 and 7."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import stats

from simulator.scenario.conditions import Condition
from simulator.scenario.curves import Bands, Curve, Lines, Lump, PartOf, PerUnit, Steps
from simulator.scenario.scenario import Scenario
from tests.oracle.draws import Draws
from tests.oracle.people import Seen


@dataclass
class Reading:
    """A quantity, and whether anything was measured."""

    value: float
    known: bool


class Reader:
    """Reads quantities from measurements that count."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.scenario, self.draws = scenario, draws

    def read(self, result: str, quantity: str, pool: list[Seen]) -> Reading:
        """Sum over the pool, then take the quantity."""
        is_total = self.scenario.contract.results[result].kind == "total"
        people = sum(o.base for o in pool)
        value = sum(o.certified for o in pool)
        if quantity in ("count", "claims", "total"):
            known = bool(pool) if is_total else people > 0
            return Reading(value if known else 0.0, known)
        if not (bool(pool) if is_total else people > 0):
            return Reading(0.0, False)
        rate = value if is_total else value / people
        if quantity in ("rate", "mean"):
            return Reading(rate, True)
        levels = self._levels(is_total, pool)
        if levels is None:
            return Reading(0.0, False)
        if quantity in ("difference", "additional"):
            sign = -1.0 if self.scenario.contract.results[result].less_is_better else 1.0
            difference = sign * (rate - sum(weight * level for weight, level in levels))
            return Reading(difference * (people if quantity == "additional" and not is_total else 1.0), True)
        reduction = sum(weight * (1 - rate / level) for weight, level in levels if level != 0)
        return Reading(reduction if quantity == "relative_reduction" else -reduction, True)

    def _levels(self, is_total: bool, pool: list[Seen]) -> list[tuple[float, float]] | None:
        levels = []
        for i, part in enumerate(pool[0].compared):
            size = sum(o.compared[i].size for o in pool)
            total = sum(o.compared[i].total for o in pool)
            if size <= 0 and not is_total:
                return None
            levels.append((part.weight, total if is_total else total / size))
        return levels

    def significant(self, result: str, level: float, pool: list[Seen]) -> bool:
        """Tell whether the difference is larger than chance would give in one of ``1 / level`` cases."""
        found = self.read(result, "difference", pool)
        if not found.known:
            return False
        belief = self.scenario.world.results[result]
        kind = self.scenario.contract.results[result].kind
        people = sum(o.base for o in pool)

        def variance(mean: float) -> float:
            if kind == "share":
                return mean * (1 - mean)
            return sum(o.base * o.spread for o in pool) / people

        looked_at = people * self.scenario.contract.results[result].sampled
        error = variance(sum(o.certified for o in pool) / people) / looked_at
        for i, part in enumerate(pool[0].compared):
            if part.noisy:
                size = sum(o.compared[i].size for o in pool)
                mean = sum(o.compared[i].total for o in pool) / size
                error += part.weight**2 * variance(mean) / size
        correlation = self.draws.value(f"world.results.{result}.cluster_correlation")
        error *= 1 + (belief.cluster_size - 1) * correlation
        needed = float(stats.norm.ppf(1 - level)) * math.sqrt(max(error, 0.0))
        if 0 < abs(found.value - needed) <= 1e-9:
            self.draws.close_calls.append("significance")
        return found.value > needed

    def holds(self, condition: Condition, path: str, seen: dict[str, list[Seen]], until: int,
              cells: set[int] | None) -> bool:  # fmt: skip
        """Tell whether a condition on a result holds on what was measured up to a moment."""
        assert condition.on is not None
        pool = [
            o
            for o in seen[condition.on]
            if o.moment <= until
            and o.is_in(condition.where)
            and (condition.pool == "all" or cells is None or bool(o.cells & cells))
        ]
        if condition.significant is not None:
            return self.significant(condition.on, condition.significant, pool)
        found = self.read(condition.on, condition.quantity, pool)
        key = "at_least" if condition.at_least is not None else "below"
        limit = self.draws.value(f"{path}.{key}")
        reached = found.known and self.draws.reaches(found.value, limit, path)
        return reached if key == "at_least" else not reached


def money(curve: Curve, path: str, draws: Draws, q: float, segment: str | None) -> float:
    """Money that a curve gives for a quantity."""

    def figure(key: str) -> float:
        return draws.value(f"{path}.{key}")

    if isinstance(curve, PerUnit):
        return q * (figure(f"price.{segment}") if isinstance(curve.price, dict) else figure("price"))
    if isinstance(curve, PartOf):
        return q * figure("share")
    if isinstance(curve, Lump):
        return figure("pay")
    if isinstance(curve, Bands):
        return _bands(len(curve.bands), figure, q)
    if isinstance(curve, Steps):
        reached = [k for k in range(len(curve.steps)) if draws.reaches(q, figure(f"steps.{k}.at"), path)]
        return figure(f"steps.{reached[-1]}.pay") if reached else 0.0
    assert isinstance(curve, Lines)
    return _lines(
        [(figure(f"points.{k}.at"), figure(f"points.{k}.pay")) for k in range(len(curve.points))], draws, q
    )


def _bands(count: int, figure: Callable[[str], float], q: float) -> float:
    paid = 0.0
    for k in range(count):
        above = figure(f"bands.{k}.above")
        top = figure(f"bands.{k + 1}.above") if k + 1 < count else math.inf
        paid += figure(f"bands.{k}.price") * max(min(q, top) - above, 0.0)
    return paid


def _lines(points: list[tuple[float, float]], draws: Draws, q: float) -> float:
    if q < points[0][0]:
        return points[0][1]
    last = max(k for k in range(len(points)) if draws.reaches(q, points[k][0], "lines") or k == 0)
    if last == len(points) - 1:
        return points[last][1]
    (x0, y0), (x1, y1) = points[last], points[last + 1]
    return y0 + (y1 - y0) * (q - x0) / (x1 - x0)
