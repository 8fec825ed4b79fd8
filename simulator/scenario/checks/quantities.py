"""What may be asked of a result: quantities of its kind, cells that exist, conditions."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.checks.common import known_names, one_name
from simulator.scenario.conditions import Condition, Where
from simulator.scenario.contract import Records
from simulator.scenario.issues import Issue
from simulator.scenario.plan import intakes_of
from simulator.scenario.scenario import Scenario

COMPARED = frozenset({"difference", "additional", "relative_reduction", "relative_increase"})
KIND_QUANTITIES = {
    "share": frozenset({"count", "rate"}) | COMPARED,
    "repeated": frozenset({"claims", "count", "mean", "rate"}) | COMPARED,
    "amount": frozenset({"total", "mean"}) | COMPARED,
    "total": frozenset({"total"}) | COMPARED,
}


def check_quantity(path: str, on: str, quantity: str, scenario: Scenario) -> Iterator[Issue]:
    """A quantity is one that the kind of its result has, and its measurement gives."""
    results = scenario.contract.results
    if on not in results:
        yield from one_name(f"{path}.on", on, results)
        return
    result = results[on]
    allowed = KIND_QUANTITIES[result.kind]
    if isinstance(result.measured, Records):
        allowed = allowed - COMPARED
    if quantity not in allowed:
        compared = quantity in COMPARED and quantity in KIND_QUANTITIES[result.kind]
        code = "quantity.needs_comparison" if compared else "choice"
        yield Issue(code=code, path=f"{path}.quantity", value=quantity, allowed=", ".join(sorted(allowed)))


def check_where(path: str, where: Where, scenario: Scenario) -> Iterator[Issue]:
    """Segments, providers and intakes that are named exist."""
    people = scenario.contract.people
    yield from known_names(f"{path}.segment", where.segment, people.segments)
    yield from known_names(f"{path}.provider", where.provider, people.providers)
    count = len(intakes_of(scenario.contract))
    for k, number in enumerate(where.intake):
        if number > count:
            yield Issue(
                code="range", path=f"{path}.intake.{k}", value=str(number), allowed=f"1 <= n <= {count}"
            )


def check_condition(path: str, condition: Condition, scenario: Scenario) -> Iterator[Issue]:
    """A condition asks for a term, or for a quantity of a result, that exists."""
    if condition.term is not None:
        yield from one_name(f"{path}.term", condition.term, scenario.contract.payments)
    if condition.on is not None:
        quantity = "difference" if condition.significant is not None else condition.quantity
        yield from check_quantity(path, condition.on, quantity, scenario)
        yield from check_where(f"{path}.where", condition.where, scenario)
        result = scenario.contract.results.get(condition.on)
        if condition.significant is not None and result is not None and result.kind == "total":
            yield Issue(code="field.only_for", path=f"{path}.significant", value="total",
                        allowed="share, repeated, amount")  # fmt: skip
