"""Payments: from claims to the money each payer owes, term by term and date by date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from simulator.engine.claims import Claim, claims_of, term_gate
from simulator.engine.draws import Numbers, Value
from simulator.engine.limits import limit_money, limit_units
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Luck
from simulator.scenario.contract import Contract
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Steady


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What is owed for results. Money arrays have shape ``(periods + 1, trials)``, in the deal's currency."""

    by_term: dict[str, FloatArray]
    by_payer: dict[str, FloatArray]
    unpaid: dict[str, FloatArray]
    """Money earned and not paid, by cause (a limit's name, ``gate``, ``appropriation``), shape ``(trials,)``."""

    @property
    def total(self) -> FloatArray:
        """All payments, shape ``(periods + 1, trials)``."""
        return np.sum(list(self.by_payer.values()), axis=0)


def index_level(scenario: Scenario, name: str | None, moment: int, numbers: Numbers) -> Value:
    """Level of an index at a moment, 1 at close; 1 without an index."""
    if name is None:
        return 1.0
    index = scenario.world.indices[name]
    if isinstance(index, Steady):
        years = moment / scenario.contract.calendar.per_year
        grown: Value = (1 + numbers.at(f"world.indices.{name}.rate")) ** years
        return grown
    place = min(moment, len(index.values) - 1)
    return numbers.at(f"world.indices.{name}.values.{place}") / numbers.at(f"world.indices.{name}.values.0")


def gate_order(contract: Contract) -> tuple[str, ...]:
    """Order terms so that each follows those its gate waits for; terms in a loop are left out."""
    waits = {
        name: {
            condition.term
            for kind in ("all", "any", "none")
            for condition in (getattr(term.gate, kind) if term.gate else ())
            if condition.term is not None
        }
        for name, term in contract.payments.items()
    }
    ordered: list[str] = []
    while ready := [name for name in waits if name not in ordered and waits[name] <= set(ordered)]:
        ordered.extend(ready)
    return tuple(ordered)


def payments(
    scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured], enrolled: FloatArray,
    ends: FloatArray, luck: Luck,
) -> Payments:  # fmt: skip
    """Turn measurements into money.

    In this order: gates on results, limits on units, the curve, gates on other terms, the index, limits on
    money, what an early end forfeits, failed appropriations, the payers' shares.

    Parameters
    ----------
    scenario, plan, numbers
        The deal, its plan and the values of its figures.
    measured
        What was measured, with what an early end prevents left out.
    enrolled
        People who take part by cell, shape ``(cells, trials)``, for limits per person or as a share of people.
    ends
        Moment of an early end, shape ``(trials,)``.
    luck
        The luck of this block.

    Returns
    -------
    Money by term and payer and date, and what was earned and not paid, by cause.
    """
    contract = scenario.contract
    unpaid: dict[str, FloatArray] = {}
    claims = claims_of(scenario, plan, numbers, measured, luck.trials)
    asked = _priced(scenario, claims, numbers, gated=False)
    for name, limit in contract.limits.items():
        if limit.money is None:
            claims = limit_units(name, scenario, plan, claims, numbers, measured, enrolled)
    priced = _priced(scenario, claims, numbers, gated=False)
    _note(unpaid, "units", asked, priced)
    gated = _priced(scenario, claims, numbers, gated=True)
    _note(unpaid, "gate", priced, gated)
    flat = [claim for name in contract.payments for claim in gated[name]]
    for name, limit in contract.limits.items():
        if limit.money is not None:
            level = partial(index_level, scenario, limit.index, numbers=numbers)
            flat, lost = limit_money(name, scenario, flat, numbers, enrolled, level)
            unpaid[f"limit.{name}"] = lost
    if contract.after_early_end == "nothing":
        flat, lost = _forfeit(flat, ends)
        unpaid["early_end"] = lost
    return _to_payers(scenario, flat, numbers, luck, unpaid)


def _priced(
    scenario: Scenario, claims: dict[str, list[Claim]], numbers: Numbers, *, gated: bool
) -> dict[str, list[Claim]]:
    """Put money on claims: the curve of what is open, indexed to the payment date."""
    contract = scenario.contract
    priced: dict[str, list[Claim]] = {}
    for name in gate_order(contract):
        term = contract.payments[name]
        figure = numbers.under(f"contract.payments.{name}.curve")
        before: dict[tuple[object, ...], FloatArray] = {}
        made = []
        for claim in claims[name]:
            quantity = claim.quantity
            if term.target is not None:
                quantity = quantity / numbers.at(f"contract.payments.{name}.target")
            if term.worth is not None:
                quantity = quantity * numbers.at(f"contract.payments.{name}.worth")
            segment = claim.segment if isinstance(claim.segment, str) else None
            money = term.curve.money(quantity, figure, segment)
            opened = claim.open * (term_gate(claim, term, priced) if gated else 1.0)
            if term.to_date:
                earlier = before.get(claim.key, np.zeros_like(money))
                reached = np.where(opened > 0, money, earlier)
                before[claim.key] = reached
                money = reached - earlier
            else:
                money = money * opened
            made.append(replace(claim, money=money * index_level(scenario, term.index, claim.due, numbers)))
        priced[name] = made
    return priced


def _note(
    unpaid: dict[str, FloatArray], cause: str, before: dict[str, list[Claim]], after: dict[str, list[Claim]]
) -> None:
    """Report the money that one step took away."""
    lost = [
        old.money - new.money
        for name in before
        for old, new in zip(before[name], after[name], strict=True)
    ]  # fmt: skip
    if lost:
        unpaid[cause] = np.sum(lost, axis=0)


def _forfeit(claims: list[Claim], ends: FloatArray) -> tuple[list[Claim], FloatArray]:
    kept = [replace(claim, money=claim.money * (claim.due <= ends)) for claim in claims]
    lost = np.zeros_like(ends)
    for old, new in zip(claims, kept, strict=True):
        lost = lost + old.money - new.money
    return kept, lost


def _to_payers(
    scenario: Scenario, claims: list[Claim], numbers: Numbers, luck: Luck, unpaid: dict[str, FloatArray]
) -> Payments:
    """Split money by payer, and lose what failed appropriations do not cover."""
    contract = scenario.contract
    shape = (contract.calendar.periods + 1, luck.trials)
    by_payer = {name: np.zeros(shape) for name, party in contract.parties.items() if party.role == "payer"}
    by_term = {name: np.zeros(shape) for name in contract.payments}
    held = _appropriations(scenario, numbers, luck)
    missed = np.zeros(luck.trials)
    for claim in claims:
        term = contract.payments[claim.term]
        own = term.payers is not None
        prefix = f"contract.payments.{claim.term}.payers" if own else "contract.payers"
        for payer in term.payers if term.payers is not None else contract.payers:
            owed = claim.money * numbers.at(f"{prefix}.{payer}")
            year = contract.calendar.fiscal_year(claim.due)
            paid = owed * held[payer][year] if payer in held else owed
            by_payer[payer][claim.due] += paid
            by_term[claim.term][claim.due] += paid
            missed = missed + owed - paid
    if held:
        unpaid["appropriation"] = missed
    return Payments(by_term=by_term, by_payer=by_payer, unpaid=unpaid)


def _appropriations(scenario: Scenario, numbers: Numbers, luck: Luck) -> dict[str, dict[int, FloatArray]]:
    """1 where a payer's money for a fiscal year is there, else 0, by payer and year."""
    calendar = scenario.contract.calendar
    years = {calendar.fiscal_year(moment) for moment in range(calendar.periods + 1)}
    held: dict[str, dict[int, FloatArray]] = {}
    for payer in scenario.world.appropriation_fails:
        fails = numbers.at(f"world.appropriation_fails.{payer}")
        held[payer] = {}
        for year in years:
            u = luck.uniform(f"appropriation/{payer}/{year}")
            held[payer][year] = np.ones(luck.trials) if u is None else (u > fails).astype(float)
    return held
