"""Payments: from claims to the money each payer owes, term by term and date by date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from simulator.engine.claims import Claim, claims_of, term_gate
from simulator.engine.draws import Numbers
from simulator.engine.indices import Levels
from simulator.engine.limits import limit_money, limit_units, top_up
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Luck
from simulator.engine.trust import Held, cover
from simulator.scenario.contract import Contract, bound_terms
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What is owed for results. Money arrays have shape ``(periods + 1, trials)``, in the deal's currency."""

    by_term: dict[str, FloatArray]
    by_payer: dict[str, FloatArray]
    unpaid: dict[str, FloatArray]
    """Money earned and not paid, by cause (``limit.`` and its name, ``gate``, ``appropriation`` …), ``(trials,)``."""
    trusts: dict[str, Held]
    """By payer that sets money apart, what its part of the trust goes through before it is closed."""


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
    ends: FloatArray, luck: Luck, levels: Levels,
) -> Payments:  # fmt: skip
    """Turn measurements into money.

    In this order: gates on results, limits on units, the curve, gates on other terms, index and currency, the
    payers' shares, limits on money and floors, what an early end forfeits, failed appropriations, delays.

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
    levels
        Indices and exchange rates.

    Returns
    -------
    Money by term and payer and date, and what was earned and not paid, by cause.
    """
    contract = scenario.contract
    unpaid: dict[str, FloatArray] = {}
    claims = claims_of(scenario, plan, numbers, measured, ends)
    asked = {
        name: priced(scenario, [replace(claim, open=claim.seen) for claim in claims[name]], numbers, levels)
        for name, term in contract.payments.items()
        if term.gate is not None
    }
    claims = {name: priced(scenario, claims[name], numbers, levels) for name in contract.payments}
    behind_gates = _lost(claims, asked, luck)
    for name, limit in contract.limits.items():
        if limit.units is not None or limit.share is not None:
            held = limit_units(name, scenario, plan, claims, numbers, measured, enrolled)
            bound = {
                term: priced(scenario, held[term], numbers, levels) for term in bound_terms(limit, contract)
            }
            unpaid[f"limit.{name}"] = np.maximum(_lost(claims, bound, luck), 0.0)
            claims = {**claims, **bound}
    gated = _through_term_gates(scenario, claims, numbers, levels)
    unpaid["gate"] = np.maximum(_lost(claims, gated, luck) - behind_gates, 0.0)
    flat = _by_payer(scenario, [claim for name in contract.payments for claim in gated[name]], numbers)
    for name, limit in contract.limits.items():
        level = partial(levels.at, limit.index, limit.currency)
        if limit.money is not None:
            flat, unpaid[f"limit.{name}"] = limit_money(name, scenario, plan, flat, numbers, enrolled, level)
        elif limit.floor is not None:
            flat = top_up(name, scenario, plan, flat, numbers, enrolled, ends, level)
    if contract.after_early_end == "nothing":
        kept = [claim if _is_for_the_end(claim, scenario) else _until(claim, ends) for claim in flat]
        unpaid["early_end"] = _sum([old.money - new.money for old, new in zip(flat, kept, strict=True)], luck)
        flat = kept
    return _booked(scenario, flat, numbers, luck, unpaid, ends)


def _is_for_the_end(claim: Claim, scenario: Scenario) -> bool:
    return scenario.contract.payments[claim.term].paid.early_end


def _until(claim: Claim, ends: FloatArray) -> Claim:
    return replace(claim, money=claim.money * (claim.due <= ends))


def _sum(parts: list[FloatArray], luck: Luck) -> FloatArray:
    return np.sum(parts, axis=0) if parts else np.zeros(luck.trials)


def _lost(before: dict[str, list[Claim]], after: dict[str, list[Claim]], luck: Luck) -> FloatArray:
    """Money that one step took away."""
    gone = [claim.money for name in after for claim in before[name]]
    left = [claim.money for name in after for claim in after[name]]
    return _sum(gone, luck) - _sum(left, luck)


def priced(scenario: Scenario, claims: list[Claim], numbers: Numbers, levels: Levels) -> list[Claim]:
    """Put money on the claims of one term: the curve of what is open, indexed and exchanged at the payment date.

    Several claims of one pool (to date, or because units had to wait) are paid what each adds to the one before.
    """
    before: dict[tuple[object, ...], FloatArray] = {}
    made = []
    for claim in claims:
        term = scenario.contract.payments[claim.term]
        money = _curve_money(scenario, claim, numbers)
        earlier = before.get(claim.key, np.zeros_like(money))
        reached = np.where(claim.open > 0, money, earlier)
        before[claim.key] = reached
        money = reached - earlier
        made.append(replace(claim, money=money * levels.at(term.index, term.currency, claim.due)))
    return made


def _through_term_gates(
    scenario: Scenario, claims: dict[str, list[Claim]], numbers: Numbers, levels: Levels
) -> dict[str, list[Claim]]:
    """Close claims whose gates on other terms do not hold, terms that are waited for first."""
    done: dict[str, list[Claim]] = {}
    for name in gate_order(scenario.contract):
        term, mine = scenario.contract.payments[name], claims[name]
        if any(claim.waiting for claim in mine):
            opened = [replace(claim, open=claim.open * term_gate(claim, term, done)) for claim in mine]
            mine = priced(scenario, opened, numbers, levels)
        done[name] = mine
    return done


def _curve_money(scenario: Scenario, claim: Claim, numbers: Numbers) -> FloatArray:
    """What the curve gives for a claim's quantity, as a share of the target and times its worth if so agreed."""
    term, prefix = scenario.contract.payments[claim.term], f"contract.payments.{claim.term}"
    quantity = claim.quantity
    if term.target is not None:
        target = np.asarray(numbers.at(f"{prefix}.target"))
        quantity = np.where(target != 0, quantity / np.where(target != 0, target, 1.0), 0.0)
    if term.worth is not None:
        quantity = quantity * numbers.at(f"{prefix}.worth")
    segment = claim.segment if isinstance(claim.segment, str) else None
    return term.curve.money(quantity, numbers.under(f"{prefix}.curve"), segment) * claim.factor


def _by_payer(scenario: Scenario, claims: list[Claim], numbers: Numbers) -> list[Claim]:
    """Split claims among those who pay them."""
    contract = scenario.contract
    made = []
    for claim in claims:
        own = contract.payments[claim.term].payers
        prefix = "contract.payers" if own is None else f"contract.payments.{claim.term}.payers"
        for payer in contract.payers if own is None else own:
            made.append(replace(claim, payer=payer, money=claim.money * numbers.at(f"{prefix}.{payer}")))
    return made


def _booked(
    scenario: Scenario, claims: list[Claim], numbers: Numbers, luck: Luck, unpaid: dict[str, FloatArray],
    ends: FloatArray,
) -> Payments:  # fmt: skip
    """Enter money by payer, term and date, without what failed appropriations do not cover, late where paid late."""
    contract = scenario.contract
    last = contract.calendar.periods
    by_payer = {
        name: np.zeros((last + 1, luck.trials))
        for name, party in contract.parties.items()
        if party.role == "payer"
    }
    by_term = {name: np.zeros((last + 1, luck.trials)) for name in contract.payments}
    held = _appropriations(scenario, numbers, luck)
    missed = np.zeros(luck.trials)
    dated = [(claim, list(_late(scenario, claim.payer, claim.due, claim.money, numbers))) for claim in claims]
    trusts, paid = _out_of_trusts(scenario, dated, numbers, luck, held, ends)
    for claim, parts in dated:
        for date, part in parts:
            money = part
            if claim.payer in trusts:
                money = part * paid[claim.payer][date]
            elif claim.payer in held:
                money = part * held[claim.payer][contract.calendar.fiscal_year(claim.due)]
            by_payer[claim.payer][date] += money
            by_term[claim.term][date] += money
            if money is not part:
                missed = missed + part - money
    if held:
        unpaid["appropriation"] = missed
    return Payments(by_term=by_term, by_payer=by_payer, unpaid=unpaid, trusts=trusts)


def _out_of_trusts(
    scenario: Scenario, dated: list[tuple[Claim, list[tuple[int, FloatArray]]]], numbers: Numbers, luck: Luck,
    held: dict[str, dict[int, FloatArray]], ends: FloatArray,
) -> tuple[dict[str, Held], dict[str, FloatArray]]:  # fmt: skip
    """Payers who have set money apart: what their parts of the trust go through, and which share is paid when."""
    trust, calendar = scenario.contract.trust, scenario.contract.calendar
    trusts: dict[str, Held] = {}
    paid: dict[str, FloatArray] = {}
    for payer in trust.deposits if trust is not None else ():
        due = np.zeros((calendar.periods + 1, luck.trials))
        for claim, parts in dated:
            for date, part in parts if claim.payer == payer else ():
                due[date] += part
        years = held.get(payer, {})
        there = np.array(
            [years.get(calendar.fiscal_year(t), np.ones(luck.trials)) for t in range(due.shape[0])]
        )
        trusts[payer], paid[payer] = cover(scenario, numbers, payer, due, there, ends)
    return trusts, paid


def _late(
    scenario: Scenario, payer: str, due: int, money: FloatArray, numbers: Numbers
) -> list[tuple[int, FloatArray]]:
    """Dates at which a payer really pays, and how much in which trials."""
    if payer not in scenario.world.payment_delay:
        return [(due, money)]
    last = scenario.contract.calendar.periods
    late = np.rint(np.zeros_like(money) + numbers.at(f"world.payment_delay.{payer}"))
    paid = np.minimum(due + late, last).astype(int)
    return [(int(date), money * (paid == date)) for date in np.unique(paid)]


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
