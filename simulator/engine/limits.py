"""Limits: the most that terms may pay, in units, in units as a share of a count, or in money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.engine.claims import Claim
from simulator.engine.draws import Numbers, Value
from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Contract, Limit
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


def bound_terms(limit: Limit, contract: Contract) -> tuple[str, ...]:
    """Terms that a limit binds together."""
    return tuple(contract.payments) if "all" in limit.on else limit.on


def group_of(limit: Limit, claim: Claim, contract: Contract) -> tuple[object, ...]:
    """Which of a limit's groups a claim falls into."""
    if limit.per == "period":
        return (claim.due,)
    if limit.per == "fiscal_year":
        return (contract.calendar.fiscal_year(claim.due),)
    if limit.per == "person":
        return tuple(sorted(claim.cells))
    return {
        "contract": (), "intake": (claim.intake,), "segment": (claim.segment,), "provider": (claim.provider,)
    }[limit.per]  # fmt: skip


def cap_running(asked: list[FloatArray], cap: list[FloatArray]) -> list[FloatArray]:
    """Pay in date order until the cap is used up.

    Defined as, with ``C[t]`` the running total of what was asked and ``L[t]`` the cap that holds at ``t``::

        paid[t] = min(C[t], L[t]) - min(C[t - 1], L[t - 1])

    so that what a growing cap makes room for later is then paid too.

    Examples
    --------
    >>> [float(x[0]) for x in cap_running([np.array([40.0])] * 3, [np.array([100.0])] * 3)]
    [40.0, 40.0, 20.0]
    """
    paid, running, before = [], np.zeros_like(asked[0]), np.zeros_like(asked[0])
    for new, most in zip(asked, cap, strict=True):
        running = running + new
        reached = np.minimum(running, most)
        rounding = np.abs(reached - before - new) <= 1e-12 * np.abs(running)
        paid.append(np.where(rounding, new, reached - before))
        before = reached
    return paid


def _grouped(
    limit: Limit, claims: list[tuple[int, Claim]], contract: Contract
) -> dict[tuple[object, ...], list[tuple[int, Claim]]]:
    groups: dict[tuple[object, ...], list[tuple[int, Claim]]] = {}
    for number, claim in claims:
        groups.setdefault(group_of(limit, claim, contract), []).append((number, claim))
    return groups


def _by_date(claims: list[tuple[int, Claim]]) -> dict[int, list[tuple[int, Claim]]]:
    dates: dict[int, list[tuple[int, Claim]]] = {}
    for number, claim in sorted(claims, key=lambda pair: pair[1].due):
        dates.setdefault(claim.due, []).append((number, claim))
    return dates


def limit_units(
    name: str, scenario: Scenario, plan: Plan, claims: dict[str, list[Claim]], numbers: Numbers,
    measured: dict[str, Measured], enrolled: FloatArray,
) -> dict[str, list[Claim]]:  # fmt: skip
    """Hold the units of some terms below a limit, in date order; claims of one date share alike.

    Returns
    -------
    Claims by term with the quantity that may be paid for.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    flat = [
        (k, claim) for k, claim in enumerate(c for term in bound_terms(limit, contract) for c in claims[term])
    ]
    bound = [(k, claim) for k, claim in flat if _inside(limit, claim, plan)]
    allowed: dict[int, FloatArray] = {k: claim.units for k, claim in flat}
    for group in _grouped(limit, bound, contract).values():
        dates = _by_date(group)
        asked = [np.sum([c.units * c.open for _, c in same], axis=0) for same in dates.values()]
        cells = frozenset(cell for _, claim in group for cell in claim.cells)
        caps = [
            np.zeros_like(total)
            + _units_cap(
                name, limit, scenario, plan, numbers, measured, enrolled, [c for _, c in same], cells
            )
            for total, same in zip(asked, dates.values(), strict=True)
        ]
        for paid, total, same in zip(cap_running(asked, caps), asked, dates.values(), strict=True):
            factor = np.where(total > 0, paid / np.where(total > 0, total, 1.0), 1.0)
            allowed.update({number: claim.units * factor for number, claim in same})
    return {
        **claims,
        **_with_units(scenario, [claim for _, claim in flat], allowed, bound_terms(limit, contract)),
    }


def _with_units(
    scenario: Scenario, flat: list[Claim], allowed: dict[int, FloatArray], terms: tuple[str, ...]
) -> dict[str, list[Claim]]:
    made: dict[str, list[Claim]] = {term: [] for term in terms}
    sums: dict[tuple[object, ...], FloatArray] = {}
    for number, claim in enumerate(flat):
        units = allowed[number]
        quantity = units
        if scenario.contract.payments[claim.term].to_date:
            pool = (claim.term, *claim.key)
            quantity = sums.get(pool, 0.0) + units
            sums[pool] = quantity
        made[claim.term].append(replace(claim, units=units, quantity=quantity))
    return made


def _units_cap(
    name: str, limit: Limit, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured],
    enrolled: FloatArray, claims: list[Claim], cells: frozenset[int],
) -> Value:  # fmt: skip
    """Most units that may be paid for up to the date of these claims."""
    if limit.units is not None:
        number = numbers.at(f"contract.limits.{name}.units")
        return number * enrolled[sorted(cells)].sum(axis=0) if limit.per == "person" else number
    share = numbers.at(f"contract.limits.{name}.share")
    inside = None if limit.per in ("contract", "period", "fiscal_year") else cells
    if limit.of == "people" or limit.of is None:
        rows = range(len(enrolled)) if inside is None else sorted(inside)
        return share * enrolled[list(rows)].sum(axis=0)
    moment = max(claim.known for claim in claims)
    found = rows_of(plan, limit.of, Where(), moment=moment, cells=inside)
    return share * measured[limit.of].total[found].sum(axis=0)


def limit_money(
    name: str,
    scenario: Scenario,
    plan: Plan,
    claims: list[Claim],
    numbers: Numbers,
    enrolled: FloatArray,
    level: Callable[[int], Value],
) -> tuple[list[Claim], FloatArray]:
    """Hold the money of some terms below a limit, in date order; claims of one date share alike.

    Parameters
    ----------
    name
        The limit.
    scenario, claims, numbers, enrolled
        The deal, all its claims with money, values of figures, people by cell ``(cells, trials)``.
    level
        Level of the limit's own index by moment: money is compared at its worth at close.

    Returns
    -------
    Claims with the money that may be paid, and what is lost, shape ``(trials,)``.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    mine = _mine(limit, claims, contract, plan)
    made, spilt = list(claims), []
    lost = np.zeros(enrolled.shape[-1])
    if mine and limit.per in ("period", "fiscal_year") and limit.excess == "carried":
        return _carry(name, scenario, claims, mine, numbers, level)
    for group in _grouped(limit, mine, contract).values():
        dates = _by_date(group)
        asked = [
            np.sum([claim.money / level(claim.due) for _, claim in same], axis=0) for same in dates.values()
        ]
        cap = numbers.at(f"contract.limits.{name}.money")
        if limit.per == "person":
            cells = sorted({cell for _, claim in group for cell in claim.cells})
            cap = cap * enrolled[cells].sum(axis=0)
        caps = [np.zeros_like(asked[0]) + cap] * len(asked)
        for paid, total, same in zip(cap_running(asked, caps), asked, dates.values(), strict=True):
            factor = np.where(total != 0, paid / np.where(total != 0, total, 1.0), 1.0)
            for k, claim in same:
                made[k] = replace(claim, money=claim.money * factor)
                over = claim.money - made[k].money
                if limit.excess in contract.parties:
                    spilt.append(replace(claim, payer=limit.excess, money=over))
                else:
                    lost = lost + over
    return made + spilt, lost


def _inside(limit: Limit, claim: Claim, plan: Plan) -> bool:
    """Tell whether a claim is of the cells that a limit names; one that reaches beyond them is not."""
    return limit.where == Where() or (bool(claim.cells) and all(plan.cells[c].is_in(limit.where) for c in claim.cells))


def _mine(limit: Limit, claims: list[Claim], contract: Contract, plan: Plan) -> list[tuple[int, Claim]]:
    """Claims that a limit on money binds, with their places."""
    terms = bound_terms(limit, contract)
    return [
        (k, claim)
        for k, claim in enumerate(claims)
        if claim.term in terms
        and (not limit.payers or claim.payer in limit.payers)
        and _inside(limit, claim, plan)
    ]


def top_up(
    name: str, scenario: Scenario, plan: Plan, claims: list[Claim], numbers: Numbers, ends: FloatArray,
    level: Callable[[int], Value],
) -> list[Claim]:  # fmt: skip
    """Pay at least a floor: what a group's claims lack is added at its last date, unless the contract ended early.

    Returns
    -------
    Claims with one more for each payer of a group that falls short, in the payers' shares of the contract.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    made = list(claims)
    for group in _grouped(limit, _mine(limit, claims, contract, plan), contract).values():
        last = max((claim for _, claim in group), key=lambda claim: claim.due)
        whole = np.sum([claim.money / level(claim.due) for _, claim in group], axis=0)
        short = np.maximum(numbers.at(f"contract.limits.{name}.floor") - whole, 0.0) * level(last.due)
        short = short * (ends > contract.calendar.periods)
        shares = {payer: numbers.at(f"contract.payers.{payer}") for payer in contract.payers
                  if not limit.payers or payer in limit.payers}  # fmt: skip
        total = sum(shares.values())
        for payer, share in shares.items():
            made.append(replace(last, payer=payer, key=("floor", name), money=short * share / total))
    return made


def _carry(
    name: str, scenario: Scenario, claims: list[Claim], mine: list[tuple[int, Claim]], numbers: Numbers,
    level: Callable[[int], Value],
) -> tuple[list[Claim], FloatArray]:  # fmt: skip
    """Pay what exceeds a period's or year's limit in the next one; what is left at the end is lost."""
    contract = scenario.contract
    limit = contract.limits[name]
    last = contract.calendar.periods
    cap = np.asarray(numbers.at(f"contract.limits.{name}.money"))
    waiting: dict[tuple[str, str], FloatArray] = {}
    used = np.zeros(())
    year: tuple[object, ...] | None = None
    places = {k for k, _ in mine}
    made = [claim for k, claim in enumerate(claims) if k not in places]
    dates = _by_date(mine)
    some = mine[0][1]
    for moment in range(min(dates), last + 1):
        group = group_of(limit, replace(some, due=moment), contract)
        used, year = (used, year) if group == year else (np.zeros(()), group)
        same = dates.get(moment, [])
        for _, claim in same:
            whose = (claim.term, claim.payer)
            waiting[whose] = waiting.get(whose, np.zeros_like(claim.money)) + claim.money
        total = np.sum(list(waiting.values()), axis=0)
        paid = np.minimum(total, np.maximum(cap * level(moment) - used, 0.0))
        factor = np.where(total > 0, paid / np.where(total > 0, total, 1.0), 1.0)
        used = used + paid
        for (term, payer), asked in waiting.items():
            made.append(
                replace(
                    some,
                    term=term,
                    payer=payer,
                    key=(moment,),
                    known=moment,
                    due=moment,
                    money=asked * factor,
                )
            )
            waiting[term, payer] = asked * (1 - factor)
    return made, np.sum(list(waiting.values()), axis=0)
