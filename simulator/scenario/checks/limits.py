"""Limits: what they bind, for whom, and where two of them contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from simulator.scenario.checks.common import Check, known_names, one_name, span, warning
from simulator.scenario.contract import Contract, Limit, bound_terms
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario


def _check_limits(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for name, limit in contract.limits.items():
        path = f"contract.limits.{name}"
        yield from known_names(f"{path}.on", limit.on, {*contract.payments, "all"})
        if limit.of is not None:
            yield from one_name(f"{path}.of", limit.of, {"people", *contract.results})
        if limit.money is None and limit.floor is None:
            yield from _check_counted(path, limit, scenario)
        if limit.excess == "carried" and (limit.per not in ("period", "fiscal_year") or limit.money is None):
            yield Issue(
                code="field.only_for", path=f"{path}.excess", value=limit.per, allowed="period, fiscal_year"
            )
        if limit.unused == "carried" and (limit.per not in ("period", "fiscal_year") or limit.money is None):
            yield Issue(
                code="field.only_for", path=f"{path}.unused", value=limit.per, allowed="period, fiscal_year"
            )
        if limit.per in ("segment", "provider"):
            kinds = contract.people.segments if limit.per == "segment" else contract.people.providers
            if not kinds:
                yield Issue(code="field.needs", path=f"{path}.per", value=limit.per,
                            allowed=f"contract.people.{limit.per}s")  # fmt: skip
    yield from _check_doubled(contract)


def _check_counted(path: str, limit: Limit, scenario: Scenario) -> Iterator[Issue]:
    """A limit on units binds terms that count units."""
    payments = scenario.contract.payments
    for key in bound_terms(limit, scenario.contract):
        if key not in payments:
            continue
        term = payments[key]
        if term.quantity not in ("count", "claims", "total") or term.on is None or term.score:
            yield Issue(code="limit.units", path=f"{path}.on", value=key, allowed="count, claims, total")


def _check_doubled(contract: Contract) -> Iterator[Issue]:
    """Of two limits on the same thing the lower one decides, always."""
    measures = ("money", "units", "share")
    for (first, a), (second, b) in combinations(contract.limits.items(), 2):
        rest = [
            limit.model_copy(
                update={**dict.fromkeys(measures), "on": frozenset(bound_terms(limit, contract))}
            )
            for limit in (a, b)
        ]
        for field in measures:
            both = getattr(a, field), getattr(b, field)
            if None not in both and rest[0] == rest[1]:
                found = " · ".join(
                    f"{name}: {span(figure)}" for name, figure in zip((first, second), both, strict=True)
                )
                yield warning("limit.doubled", f"contract.limits.{second}", found, "1 x")


def _check_limit_parties(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    payers = [name for name, party in contract.parties.items() if party.role == "payer"]
    for name, limit in contract.limits.items():
        path = f"contract.limits.{name}"
        yield from known_names(f"{path}.payers", limit.payers, payers)
        yield from known_names(f"{path}.excess", [limit.excess], {"lost", "carried", *payers})
        if limit.payers and limit.money is None and limit.floor is None:
            yield Issue(code="field.only_for", path=f"{path}.payers", value="units", allowed="money, floor")
        if limit.excess in payers and (not limit.payers or limit.excess in limit.payers):
            allowed = "a payer outside contract.limits.*.payers"
            yield Issue(code="limit.excess", path=f"{path}.excess", value=limit.excess, allowed=allowed)
        if limit.floor is not None and limit.excess != "lost":
            yield Issue(code="field.only_for", path=f"{path}.excess", value="floor", allowed="money")


def _check_contradictions(scenario: Scenario) -> Iterator[Issue]:
    """A floor above a cap on the same terms can never be kept."""
    contract = scenario.contract
    payers = {name for name, party in contract.parties.items() if party.role == "payer"}

    def concerned(limit: Limit) -> tuple[object, ...]:
        return (set(bound_terms(limit, contract)), limit.per, set(limit.payers) or payers, limit.where,
                limit.index, limit.currency)  # fmt: skip

    for name, low in contract.limits.items():
        for other, high in contract.limits.items():
            if low.floor is None or high.money is None or concerned(low) != concerned(high):
                continue
            if low.floor.support()[0] > high.money.support()[1]:
                found = f"{low.floor.support()[0]:g} > {high.money.support()[1]:g} ({other})"
                yield Issue(code="limit.contradiction", path=f"contract.limits.{name}.floor", value=found,
                            allowed=f"<= {high.money.support()[1]:g}")  # fmt: skip


CHECKS: tuple[Check, ...] = (_check_limits, _check_limit_parties, _check_contradictions)
