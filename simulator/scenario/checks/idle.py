"""Warnings: capital that is never drawn, terms that never pay, an option that is always used."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.capital import AsNeeded, Guarantee, Tranche
from simulator.scenario.checks.common import (
    MAX_OBSERVATIONS,
    Check,
    conditions,
    observations_seen,
    size_of_plan,
    span,
    terms,
    warning,
)
from simulator.scenario.conditions import Condition
from simulator.scenario.contract import Term
from simulator.scenario.curves import Curve, Steps
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario

AT_MOST_ONE = frozenset({"rate", "relative_reduction"})
"""Quantities that are never above one for a share of people."""


def _check_idle(scenario: Scenario) -> Iterator[Issue]:
    """Capital that nobody will ever see at work."""
    capital = scenario.contract.capital
    idle = set()
    for name, part in capital.items():
        if isinstance(part, Guarantee):
            continue
        amount = part.commitment if isinstance(part, Tranche) else part.amount
        needless = isinstance(part.draw, AsNeeded) and not scenario.contract.fees
        if amount.support()[1] <= 0 or needless:
            idle.add(name)
            yield warning(
                "capital.idle",
                f"contract.capital.{name}",
                span(amount),
                "contract.fees" if needless else "> 0",
            )
    for name, part in capital.items():
        if isinstance(part, Guarantee):
            nothing = part.share.support()[1] <= 0 or part.up_to.support()[1] <= 0
            if nothing or set(part.of) <= idle:
                found = span(part.up_to) if nothing else ", ".join(part.of)
                yield warning("guarantee.idle", f"contract.capital.{name}", found, "share > 0, up_to > 0")


def _check_never(scenario: Scenario) -> Iterator[Issue]:
    """Terms that cannot pay, and an option to stop that is always used."""
    contract = scenario.contract
    if size_of_plan(scenario) > MAX_OBSERVATIONS:
        return
    for path, term in terms(scenario):
        if _pays_nothing(term.curve):
            yield warning("term.never", f"{path}.curve", "0", "> 0")
        result = contract.results.get(term.on or "") if not term.score else None
        if result is None:
            continue
        lowest = (
            min((step.at.support()[0] for step in term.curve.steps), default=0)
            if isinstance(term.curve, Steps)
            else 0
        )
        bound = (
            result.kind == "share"
            and term.quantity in AT_MOST_ONE
            and term.target is None
            and term.worth is None
        )
        if bound and lowest > 1:
            yield warning(
                "term.never", f"{path}.curve.steps", f"{term.quantity} >= {lowest:g}", f"{term.quantity} <= 1"
            )
        seen = [o.moment for o in observations_seen(scenario, term.on or "", term.where)]
        yield from _check_waiting(path, term, max(seen, default=0), scenario)
        yield from _check_quality(path, term, max(seen, default=0), scenario)
    if contract.stop is not None:
        for k, condition in enumerate(contract.stop.unless):
            first = _first_seen(condition, scenario)
            if first is not None and first > contract.stop.at:
                yield warning(
                    "stop.always", f"contract.stop.unless.{k}", str(contract.stop.at), f">= {first}"
                )


def _pays_nothing(curve: Curve) -> bool:
    figures = [figure for path, figure in walk_figures(curve) if path.split(".")[0] in ("price", "pay", "share")
               or path.endswith((".pay", ".price"))]  # fmt: skip
    return bool(figures) and all(figure.support() == (0, 0) for figure in figures)


def _check_waiting(path: str, term: Term, last: int, scenario: Scenario) -> Iterator[Issue]:
    """A gate on something that is measured only after the term itself stays shut."""
    for place, condition in conditions(path, term):
        first = _first_seen(condition, scenario)
        if ".gate.all." in place and first is not None and first > last:
            yield warning("term.never", place, str(last), f">= {first}")


def _check_quality(path: str, term: Term, last: int, scenario: Scenario) -> Iterator[Issue]:
    """A term multiplied by something that is measured only after it pays nothing."""
    if term.quality is None or term.quality.on not in scenario.contract.results:
        return
    first = min(
        (o.moment for o in observations_seen(scenario, term.quality.on, term.quality.where)), default=None
    )
    if first is not None and first > last:
        yield warning("term.never", f"{path}.quality", str(last), f">= {first}")


def _first_seen(condition: Condition, scenario: Scenario) -> int | None:
    """When a condition that needs a measurement can first hold."""
    if condition.on not in scenario.contract.results or condition.below is not None:
        return None
    return min((o.moment for o in observations_seen(scenario, condition.on, condition.where)), default=None)


CHECKS: tuple[Check, ...] = (_check_idle, _check_never)
