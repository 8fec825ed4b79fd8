"""What really happened."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.capital import Guarantee
from simulator.scenario.checks.common import Check, known_names, within
from simulator.scenario.checks.quantities import check_where
from simulator.scenario.contract import Records
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Observed, Scenario


def _check_actuals(scenario: Scenario) -> Iterator[Issue]:
    actuals, contract = scenario.actuals, scenario.contract
    if actuals is None:
        return
    yield from known_names("actuals.results", actuals.results, contract.results)
    yield from known_names("actuals.costs", actuals.costs, scenario.world.costs)
    guarantees = [name for name, part in contract.capital.items() if isinstance(part, Guarantee)]
    yield from known_names("actuals.guaranteed", actuals.guaranteed, guarantees)
    for name, several in actuals.results.items():
        for k, observed in enumerate(several):
            path = f"actuals.results.{name}.{k}"
            yield from check_where(f"{path}.where", observed.where, scenario)
            result = contract.results.get(name)
            if result is None:
                continue
            if observed.measurement is not None and observed.measurement > result.times:
                allowed = f"1 <= n <= {result.times}"
                yield Issue(
                    code="range", path=f"{path}.measurement", value=str(observed.measurement), allowed=allowed
                )
            compared = [
                key for key in ("relative_reduction", "difference") if getattr(observed, key) is not None
            ]
            if compared and isinstance(result.measured, Records):
                yield Issue(code="quantity.needs_comparison", path=f"{path}.{compared[0]}", value=compared[0],
                            allowed="count, mean")  # fmt: skip
            if result.kind == "share":
                yield from within(f"{path}.mean", observed.mean, 0, 1)
            if result.kind in ("share", "repeated"):
                yield from within(f"{path}.mean", observed.mean, 0, math.inf)
                yield from within(
                    f"{path}.count", observed.count, 0, _most_achievers(observed, name, scenario)
                )


def _most_achievers(observed: Observed, name: str, scenario: Scenario) -> float:
    """People who can have achieved a result: those it was measured on, else those who took part, at each measurement."""
    actuals, result = scenario.actuals, scenario.contract.results[name]
    if result.kind == "repeated":
        return math.inf
    if observed.out_of is not None:
        return observed.out_of.support()[1]
    people = actuals.enrolled if actuals is not None else None
    most = (scenario.contract.people.size if people is None else people).support()[1]
    return most * (result.times if observed.measurement is None else 1)


CHECKS: tuple[Check, ...] = (_check_actuals,)
