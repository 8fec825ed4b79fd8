"""Everything happens before the contract ends, and the deal fits into a computer."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simulator.scenario.capital import FeeAmount
from simulator.scenario.checks.common import MAX_OBSERVATIONS, Check, observations_seen, size_of_plan, terms
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Term
from simulator.scenario.distributions import Distribution
from simulator.scenario.issues import Issue
from simulator.scenario.plan import intakes_of
from simulator.scenario.scenario import Scenario

MOST_PEOPLE = 1e10
"""More people than live on earth."""
MOST_TIMES = 100.0
"""How many times the planned people may come."""
MOST_EVENTS = 10_000.0
"""Events of a person."""
_ALMOST_SURE = np.array([1 - 1e-12])


def _check_size(scenario: Scenario) -> Iterator[Issue]:
    """A deal has to fit into a computer."""
    count = size_of_plan(scenario)
    if count > MAX_OBSERVATIONS:
        yield Issue(
            code="plan.too_large", path="contract.results", value=str(count), allowed=f"<= {MAX_OBSERVATIONS}"
        )


def _check_people(scenario: Scenario) -> Iterator[Issue]:
    """As many people, and as many events, as can be counted one by one."""
    size = _most(scenario.contract.people.size)
    if size > MOST_PEOPLE:
        yield Issue(
            code="range", path="contract.people.size", value=f"{size:g}", allowed=f"<= {MOST_PEOPLE:g}"
        )
    enrolment = scenario.world.enrolment
    factors = [("share", enrolment.share), *((f"segments.{k}", f) for k, f in enrolment.segments.items()),
               *((f"ramp.{k}", f) for k, f in enumerate(enrolment.ramp))]  # fmt: skip
    for key, factor in factors:
        if _most(factor) > MOST_TIMES:
            yield Issue(code="range", path=f"world.enrolment.{key}", value=f"{_most(factor):g}",
                        allowed=f"0 <= x <= {MOST_TIMES:g}")  # fmt: skip
    for name, belief in scenario.world.results.items():
        for way in ("level", "counterfactual") if belief.events else ():
            figure = getattr(belief, way)
            if figure is not None and _most(figure) > MOST_EVENTS:
                yield Issue(code="range", path=f"world.results.{name}.{way}", value=f"{_most(figure):g}",
                            allowed=f"0 <= x <= {MOST_EVENTS:g}")  # fmt: skip


def _most(figure: Distribution) -> float:
    """The most that a figure comes to in a million million futures."""
    return (
        figure.support()[1] if math.isfinite(figure.support()[1]) else float(figure.quantile(_ALMOST_SURE)[0])
    )


def _check_horizon(scenario: Scenario) -> Iterator[Issue]:
    """Everything happens before the contract ends."""
    contract = scenario.contract
    last = contract.calendar.periods
    if size_of_plan(scenario) <= MAX_OBSERVATIONS:
        yield from _check_measurements(scenario, last)
    given = [
        (f"{path}.paid.dates", max(term.paid.dates)) for path, term in terms(scenario) if term.paid.dates
    ]
    given += [("contract.people.intakes", max(intake.starts for intake in intakes_of(contract)))]
    for name, cost in scenario.world.costs.items():
        if cost.per in ("deal", "period"):
            given.append((f"world.costs.{name}.over", cost.starts + (cost.over or 1) - 1))
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount) and fee.per in ("deal", "period"):
            given.append((f"contract.fees.{name}.over", fee.starts + (fee.over or 1) - 1))
    given += [("contract.stop.at", contract.stop.at)] if contract.stop is not None else []
    for name, deposit in contract.trust.deposits.items() if contract.trust is not None else ():
        given.append((f"contract.trust.deposits.{name}.at", max(map(int, deposit.at))))
    actuals = scenario.actuals
    given += [("actuals.ended", actuals.ended)] if actuals is not None and actuals.ended is not None else []
    for path, moment in given:
        if moment > last:
            yield Issue(code="horizon", path=path, value=str(moment), allowed=f"<= {last}")
    early = scenario.world.early_end
    if early is not None and not early.first <= early.last <= last:
        found = f"{early.first} … {early.last}"
        yield Issue(
            code="horizon", path="world.early_end.last", value=found, allowed=f"first <= last <= {last}"
        )


def _check_measurements(scenario: Scenario, last: int) -> Iterator[Issue]:
    for name in scenario.contract.results:
        late = [o.moment for o in observations_seen(scenario, name, Where()) if o.moment > last]
        if late:
            yield Issue(
                code="horizon",
                path=f"contract.results.{name}.after",
                value=str(max(late)),
                allowed=f"<= {last}",
            )
            continue
        for path, term in terms(scenario):
            if name in term.results:
                seen = observations_seen(scenario, name, term.where)
                yield from _check_dates(path, term, max((o.moment for o in seen), default=0), last)


def _check_dates(path: str, term: Term, measured: int, last: int) -> Iterator[Issue]:
    due = measured + term.paid.lag
    if term.paid.dates is not None:
        due = min((date for date in term.paid.dates if date >= due), default=last + 1)
    if due > last:
        yield Issue(
            code="horizon", path=f"{path}.paid", value=str(measured + term.paid.lag), allowed=f"<= {last}"
        )


CHECKS: tuple[Check, ...] = (_check_size, _check_people, _check_horizon)
