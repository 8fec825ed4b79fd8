"""Payment terms and their gates."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.checks.common import Check, conditions, known_names, terms, within
from simulator.scenario.checks.quantities import check_condition, check_quantity, check_where
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Term
from simulator.scenario.curves import Lump, PerUnit
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario


def _check_terms(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for path, term in terms(scenario):
        for place, condition in conditions(path, term):
            yield from check_condition(place, condition, scenario)
        if term.payers is not None and not term.payers:
            yield Issue(code="length", path=f"{path}.payers", value="0", allowed=">= 1")
        yield from _check_quality(path, term, scenario)
        if term.paid.early_end and not term.is_activity:
            yield Issue(
                code="field.only_for", path=f"{path}.paid.early_end", value="on", allowed="lump, per_unit"
            )
        if term.score:
            yield from _check_score(path, term, scenario)
            continue
        if term.on is None:
            yield from _check_activity(path, term)
            continue
        yield from check_quantity(path, term.on, term.quantity, scenario)
        yield from check_where(f"{path}.where", term.where, scenario)
        yield from within(f"{path}.target", term.target, 0, math.inf, above=True)
        if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
            segments = set(contract.people.segments)
            yield from known_names(f"{path}.curve.price", term.curve.price, segments)
            for segment in sorted((set(term.where.segment) or segments) - set(term.curve.price)):
                missing = f"{path}.curve.price.{segment}"
                yield Issue(code="missing", path=missing, value="", allowed="12.5 · 9 600 000 (S1)")
        if len(term.pool) > 1 and {"each", "all"} & set(term.pool):
            yield Issue(code="choice", path=f"{path}.pool", value=", ".join(term.pool),
                        allowed="each | all | [intake, segment, provider, measurement, period]")  # fmt: skip


def _check_quality(path: str, term: Term, scenario: Scenario) -> Iterator[Issue]:
    """The result that multiplies a term exists and has the quantity."""
    quality = term.quality
    if quality is None:
        return
    yield from check_quantity(f"{path}.quality", quality.on, quality.quantity, scenario)
    yield from check_where(f"{path}.quality.where", quality.where, scenario)
    if isinstance(quality.curve, PerUnit) and isinstance(quality.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.quality.curve.price", value="{…}", allowed="12.5")


def _check_score(path: str, term: Term, scenario: Scenario) -> Iterator[Issue]:
    """A score stands in place of a result, reads quantities that exist, and pools cells, not measurements."""
    if term.on is not None:
        yield Issue(code="choice", path=f"{path}.on", value=term.on, allowed="on | score")
    if term.to_date:
        yield Issue(code="field.only_for", path=f"{path}.to_date", value="score", allowed="on")
    if term.quantity != "count":
        yield Issue(code="field.only_for", path=f"{path}.quantity", value="score", allowed="on")
    if term.pool != ("each",) and not set(term.pool) <= {"all", "intake", "segment", "provider"}:
        yield Issue(
            code="choice",
            path=f"{path}.pool",
            value=", ".join(term.pool),
            allowed="all | intake | segment | provider",
        )
    if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.curve.price", value="{…}", allowed="12.5 · 9 600 000 (S1)")
    yield from check_where(f"{path}.where", term.where, scenario)
    yield from within(f"{path}.target", term.target, 0, math.inf, above=True)
    for k, part in enumerate(term.score):
        place = f"{path}.score.{k}"
        yield from check_quantity(place, part.on, part.quantity, scenario)
        yield from check_where(f"{place}.where", part.where, scenario)
        yield from within(f"{place}.target", part.target, 0, math.inf, above=True)
        result = scenario.contract.results.get(part.on)
        if result is not None and result.of == "deal" and not set(term.pool) <= {"all", "each"}:
            yield Issue(code="choice", path=f"{path}.pool", value=", ".join(term.pool), allowed="all")


def _check_activity(path: str, term: Term) -> Iterator[Issue]:
    """A payment that depends on no result has dates and a sum, and nothing that speaks of a result."""
    if not term.paid.dates and not term.paid.early_end:
        yield Issue(code="missing", path=f"{path}.paid.dates", value="", allowed="[0, 4, 8]")
    if not isinstance(term.curve, (Lump, PerUnit)):
        yield Issue(code="choice", path=f"{path}.curve.kind", value=term.curve.kind, allowed="lump")
    elif isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.curve.price", value="{…}", allowed="12.5 · 9 600 000 (S1)")
    if term.where != Where():
        yield Issue(code="field.needs", path=f"{path}.where", value="where", allowed="on")


def _check_gates(scenario: Scenario) -> Iterator[Issue]:
    """Gates that wait for each other never open."""
    waits = {
        name: {c.term for _, c in conditions("", term) if c.term is not None}
        for name, term in scenario.contract.payments.items()
    }
    done: set[str] = set()
    while ready := {name for name in waits if name not in done and waits[name] & set(waits) <= done}:
        done |= ready
    for name in waits:
        if name not in done:
            found = ", ".join(sorted(waits[name]))
            yield Issue(code="gate.cycle", path=f"contract.payments.{name}.gate", value=found, allowed="-")


CHECKS: tuple[Check, ...] = (_check_terms, _check_gates)
