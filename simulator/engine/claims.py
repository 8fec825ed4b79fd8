"""Claims: what each payment term asks for each pool at each date, before any limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulator.engine.draws import Numbers
from simulator.engine.gates import condition_holds, rows_of
from simulator.engine.measurement import Measured
from simulator.engine.quantities import read
from simulator.scenario.conditions import Condition
from simulator.scenario.contract import Term
from simulator.scenario.curves import PerUnit
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one term asks for one pool at one date. Arrays have shape ``(trials,)``."""

    term: str
    key: tuple[object, ...]
    """Which pool of the term it belongs to."""
    cells: frozenset[int]
    """Cells that were measured so far: a gate on the same pool looks at them."""
    pool: frozenset[int]
    """Cells of the whole pool: limits look at them."""
    intake: object
    segment: object
    provider: object
    """What all cells of its pool share, or nothing."""
    known: int
    """Moment of the measurement behind it; of the one that made room, for units that had to wait."""
    judged: int
    """Moment at which its gates are judged: that of its own measurement."""
    due: int
    """Moment of payment."""
    agreed: int
    """Moment of payment if it need not wait for room under a limit."""
    quantity: FloatArray
    """What the curve reads (to date, where the term counts to date)."""
    units: FloatArray
    """Units that are new with this claim."""
    seen: FloatArray
    """Whether there is something to measure and the contract still runs."""
    open: FloatArray
    """The same, and gates are open."""
    money: FloatArray
    """Money asked; filled in after limits on units."""
    payer: str = ""
    """Who pays it; filled in before limits on money."""
    factor: FloatArray | float = 1.0
    """By what its money is multiplied: another result's quality."""
    waiting: tuple[tuple[str, tuple[BoolArray, ...]], ...] = ()
    """Parts of the gate that also ask for other terms: the part's kind and its answers on results."""

    @classmethod
    def empty(cls, *, trials: int) -> Claim:
        """A claim for nothing, at close."""
        zero = np.zeros(trials)
        nobody: frozenset[int] = frozenset()
        return cls(term="", key=(), cells=nobody, pool=nobody, intake=None, segment=None, provider=None, known=0,
                   judged=0, due=0, agreed=0, quantity=zero, units=zero, seen=zero, open=zero, money=zero)  # fmt: skip


def due_moment(term: Term, known: int) -> int | None:
    """Payment date of something measured at ``known``; nothing if no date is left."""
    earliest = known + term.paid.lag
    if term.paid.dates is None:
        return earliest
    return next((date for date in sorted(term.paid.dates) if date >= earliest), None)


def pools(term: Term, plan: Plan) -> dict[tuple[object, ...], list[int]]:
    """Observations that a term measures together, by pool."""
    found: dict[tuple[object, ...], list[int]] = {}
    if term.on is None:
        return found
    for row in rows_of(plan, term.on, term.where, moment=None, cells=None):
        found.setdefault(_pool_key(term, plan, term.on, row), []).append(row)
    return found


def _pool_key(term: Term, plan: Plan, result: str, row: int) -> tuple[object, ...]:
    """Which pool of a term an observation belongs to."""
    observation = plan.observations[result][row]
    cell, labels = plan.label(observation), set(term.pool)
    by_segment = isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict)
    each = "each" in labels and not term.score
    return (
        cell.intake if each or "intake" in labels else None,
        cell.segment if each or by_segment or "segment" in labels else None,
        cell.provider if each or "provider" in labels else None,
        observation.measurement if each or "measurement" in labels else None,
        observation.moment if "period" in labels else None,
    )


def _term_claims(
    name: str,
    scenario: Scenario,
    plan: Plan,
    numbers: Numbers,
    measured: dict[str, Measured],
    ends: FloatArray,
) -> list[Claim]:
    """Claims of one term before any limit, without their money."""
    term = scenario.contract.payments[name]
    if term.is_activity:
        return _activity_claims(name, term, scenario, plan, numbers, measured, ends)
    if term.on is None:
        return _score_claims(name, term, scenario, plan, numbers, measured)
    claims = []
    for key, rows in pools(term, plan).items():
        moments = sorted({plan.observations[term.on][row].moment for row in rows})
        pool = _cells_of(term.on, rows, plan)
        for moment in moments if term.to_date else moments[-1:]:
            due = due_moment(term, moment)
            if due is not None and due <= scenario.contract.calendar.periods:
                so_far = [row for row in rows if plan.observations[term.on][row].moment <= moment]
                claims.append(
                    _claim(name, term, key, pool, so_far, moment, due, scenario, plan, numbers, measured)
                )
    claims.sort(key=lambda claim: claim.known)
    claims = [_with_quality(claim, term, scenario, plan, numbers, measured) for claim in claims]
    return _new_units(claims) if term.to_date else claims


def _with_quality(
    claim: Claim, term: Term, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured]
) -> Claim:
    """A claim with the factor that another result gives it; closed as long as that was not measured."""
    quality = term.quality
    if quality is None:
        return claim
    rows = rows_of(plan, quality.on, quality.where, moment=claim.judged, cells=claim.cells)
    if not rows:
        nothing = np.zeros_like(claim.seen)
        return replace(claim, seen=nothing, open=nothing)
    reading = read(measured[quality.on], rows, quality.quantity, scenario.contract.results[quality.on])
    figures = numbers.under(f"contract.payments.{claim.term}.quality.curve")
    factor = quality.curve.money(reading.value, figures, None)
    return replace(claim, factor=factor, seen=claim.seen * reading.known, open=claim.open * reading.known)


def _activity_claims(
    name: str, term: Term, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured],
    ends: FloatArray,
) -> list[Claim]:  # fmt: skip
    """Claims of a term without a result: at its dates while the contract runs, or when it ends early."""
    one, everybody = np.ones_like(ends), frozenset(range(len(plan.cells)))
    last = scenario.contract.calendar.periods
    if term.paid.early_end:
        dates = [(date, (ends == date) * 1.0) for date in range(last + 1) if (ends == date).any()]
    else:
        dates = [(date, (ends >= date) * 1.0) for date in term.paid.dates or () if date <= last]
    made = []
    for date, running in dates:
        opened, waiting = _result_conditions(name, term, scenario, plan, numbers, measured, date, everybody)
        due = min(date + term.paid.lag, last)
        made.append(
            Claim(term=name, key=(date,), cells=everybody, pool=everybody, **shared_labels(everybody, plan), known=date,
                  judged=date, due=due, agreed=due, quantity=one, units=one, seen=running, open=running * opened, money=one,
                  waiting=waiting)
        )  # fmt: skip
    return [_with_quality(claim, term, scenario, plan, numbers, measured) for claim in made]


def _score_claims(
    name: str, term: Term, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured]
) -> list[Claim]:
    """Claims of a term that reads several results together: one for each pool, when the last of them is measured.

    The quantity is defined as ``sum weight x min(quantity / target, at_most)``.
    """
    pooled: dict[tuple[object, ...], dict[int, list[int]]] = {}
    for k, part in enumerate(term.score):
        for row in rows_of(plan, part.on, part.where, moment=None, cells=None):
            if plan.is_in(plan.observations[part.on][row], term.where):
                pooled.setdefault(_pool_key(term, plan, part.on, row), {}).setdefault(k, []).append(row)
    made = []
    for key, rows in pooled.items():
        known = max(plan.observations[term.score[k].on][row].moment for k in rows for row in rows[k])
        due = due_moment(term, known)
        if len(rows) < len(term.score) or due is None or due > scenario.contract.calendar.periods:
            continue
        total, seen = np.zeros(1), np.ones(1, dtype=bool)
        for k, part in enumerate(term.score):
            reading = read(measured[part.on], rows[k], part.quantity, scenario.contract.results[part.on])
            target = numbers.get(f"contract.payments.{name}.score.{k}.target")
            value = reading.value if target is None else reading.value / target
            total = total + part.weight * (value if part.at_most is None else np.minimum(value, part.at_most))
            seen = seen & reading.known
        pool = frozenset().union(*(_cells_of(term.score[k].on, rows[k], plan) for k in rows))
        gate, waiting = _result_conditions(name, term, scenario, plan, numbers, measured, known, pool)
        opened = np.asarray(seen * gate, dtype=float)
        made.append(
            Claim(
                term=name, key=key, cells=pool, pool=pool, **shared_labels(pool, plan), known=known, judged=known,
                due=due, agreed=due, quantity=total, units=total, seen=np.asarray(seen, dtype=float), open=opened,
                money=opened, waiting=waiting,
            )
        )  # fmt: skip
    made.sort(key=lambda claim: claim.known)
    return [_with_quality(claim, term, scenario, plan, numbers, measured) for claim in made]


def _claim(
    name: str, term: Term, key: tuple[object, ...], pool: frozenset[int], rows: list[int], moment: int, due: int,
    scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured],
) -> Claim:  # fmt: skip
    assert term.on is not None  # noqa: S101 - the caller has looked
    result = scenario.contract.results[term.on]
    cells = _cells_of(term.on, rows, plan)
    reading = read(measured[term.on], rows, term.quantity, result)
    gate, waiting = _result_conditions(name, term, scenario, plan, numbers, measured, moment, cells)
    opened = np.asarray(reading.known * gate, dtype=float)
    return Claim(
        term=name, key=key, cells=cells, pool=pool, **shared_labels(pool, plan), known=moment, judged=moment, due=due,
        agreed=due, quantity=reading.value, units=reading.value, seen=np.asarray(reading.known, dtype=float), open=opened,
        money=opened, waiting=waiting,
    )  # fmt: skip


def _cells_of(result: str, rows: list[int], plan: Plan) -> frozenset[int]:
    """Cells that some observations of a result speak of."""
    return frozenset().union(*(plan.cells_of(plan.observations[result][row]) for row in rows))


def shared_labels(cells: frozenset[int], plan: Plan) -> dict[str, Any]:
    """Intake, segment and provider that all cells share, or nothing."""
    labels = ("intake", "segment", "provider")
    return {label: _common(getattr(plan.cells[cell], label) for cell in cells) for label in labels}


def _common(values: Iterable[object]) -> object:
    """The one value that all share, or nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _result_conditions(
    name: str, term: Term, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured],
    moment: int, cells: frozenset[int],
) -> tuple[FloatArray | float, tuple[tuple[str, tuple[BoolArray, ...]], ...]]:  # fmt: skip
    """Whether the parts of a gate that ask for results only hold, and the answers on results of the other parts."""
    if term.gate is None:
        return 1.0, ()
    opened: FloatArray | float = 1.0
    waiting = []
    for kind in ("all", "any", "none"):
        conditions: tuple[Condition, ...] = getattr(term.gate, kind)
        held = [
            condition_holds(
                condition, f"contract.payments.{name}.gate.{kind}.{k}", scenario, plan, numbers, measured,
                moment=moment, cells=cells,
            )
            for k, condition in enumerate(conditions)
            if condition.term is None
        ]  # fmt: skip
        if any(condition.term is not None for condition in conditions):
            waiting.append((kind, tuple(held)))
        elif held:
            opened = opened * _combined(kind, held).astype(float)
    return opened, tuple(waiting)


def _combined(kind: str, held: Sequence[BoolArray]) -> BoolArray:
    """All of ``all``, one of ``any``, none of ``none``."""
    if kind == "all":
        return np.all(held, axis=0)
    return np.any(held, axis=0) if kind == "any" else ~np.any(held, axis=0)


def term_gate(claim: Claim, term: Term, earlier: dict[str, list[Claim]]) -> FloatArray | float:
    """Whether the parts of a gate that ask for other terms hold for a claim."""
    opened: FloatArray | float = 1.0
    for kind, on_results in claim.waiting:
        on_terms = [
            _has_paid(claim, condition, earlier[condition.term])
            for condition in getattr(term.gate, kind)
            if condition.term is not None
        ]
        opened = opened * _combined(kind, [*on_results, *on_terms]).astype(float)
    return opened


def _has_paid(claim: Claim, condition: Condition, others: list[Claim]) -> BoolArray:
    paid = np.zeros(claim.quantity.shape, dtype=bool)
    for other in others:
        overlaps = condition.pool == "all" or bool(other.cells & claim.cells)
        if other.known <= claim.judged and overlaps:
            paid |= other.money > 0
    return paid


def _new_units(claims: list[Claim]) -> list[Claim]:
    """For terms that count to date, take the units that each open claim adds to the open one before in its pool."""
    before: dict[tuple[object, ...], FloatArray] = {}
    made = []
    for claim in claims:
        earlier = before.get(claim.key, np.zeros_like(claim.quantity))
        reached = np.where(claim.open > 0, claim.quantity, earlier)
        before[claim.key] = reached
        made.append(replace(claim, units=reached - earlier))
    return made


def claims_of(
    scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured], ends: FloatArray
) -> dict[str, list[Claim]]:
    """Claims of every term in order of date, without their money.

    Returns
    -------
    By term; a claim whose payment date lies after the contract's last period is left out (the checks complain).
    """
    return {
        name: _term_claims(name, scenario, plan, numbers, measured, ends)
        for name in scenario.contract.payments
    }
