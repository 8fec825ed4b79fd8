"""Limits: the most that terms may pay, in units, in units as a share of a count, or in money; and the least.

Every limit works alike. Claims arrive in order of date in a pot; from the pot as much is released as there is
room under the cap on that date, in proportion; what is held back waits for a cap that grows. Groups (each intake,
each fiscal year, …) have pots of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from simulator.engine.claims import Claim, due_moment, shared_labels
from simulator.engine.draws import Numbers, Value
from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Contract, Limit, bound_terms
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario

Level = Callable[[int], Value]
ROUNDING = 1e-12


@dataclass(slots=True)
class Waiting:
    """A claim in the pot, and how much of it still waits, shape ``(trials,)``."""

    claim: Claim
    left: FloatArray


@dataclass(frozen=True, slots=True)
class Release:
    """What a limit lets through of a claim on a date."""

    claim: Claim
    date: int
    amount: FloatArray


def hold(
    arriving: dict[int, list[Waiting]], cap: Callable[[int], Value], *, dates: Iterable[int] = (),
    year: Callable[[int], object] = lambda date: None, worth: Level = lambda date: 1.0, waits: bool = True,
) -> tuple[list[Release], list[Waiting]]:  # fmt: skip
    """Let through what a cap has room for, in order of date.

    Defined as, with ``C[t]`` all that has arrived and ``L[t]`` the cap: let through by ``t`` in all
    ``min(C[t], L[t])``, where the cap does not shrink (where it does, nothing is taken back); what is let through on a
    date is taken from everything that waits then, in proportion.

    Parameters
    ----------
    arriving
        By date, what arrives.
    cap
        By date, the most that may have been let through.
    dates
        Further dates on which the cap is looked at again.
    year
        By date, the span for which the cap holds; it begins anew with each span.
    waits
        Whether what is held back may be let through on a later date.
    worth
        By date, what one unit of the cap is worth in what arrives (an index's level, an exchange rate).

    Returns
    -------
    What is let through, and what is not.

    Examples
    --------
    >>> claim = Claim.empty(trials=1)
    >>> claims = {t: [Waiting(claim, np.array([40.0]))] for t in range(3)}
    >>> [float(part.amount[0]) for part in hold(claims, lambda date: 100.0)[0]]
    [40.0, 40.0, 20.0]
    """
    pot: list[Waiting] = []
    gone: list[Waiting] = []
    released: list[Release] = []
    used: Value = 0.0
    span: object = None
    for date in sorted({*arriving, *dates}):
        if year(date) != span:
            used, span = 0.0, year(date)
        pot = [part for part in pot if part.left.any()] + arriving.get(date, [])
        if not pot:
            continue
        whole = np.sum([part.left for part in pot], axis=0)
        if len(pot) > 1:  # claims and refunds that cancel do so whatever the rounding
            whole = np.where(
                np.abs(whole) <= ROUNDING * np.sum([abs(p.left) for p in pot], axis=0), 0.0, whole
            )
        let = np.minimum(whole, np.maximum(cap(date) - used, 0.0) * worth(date))
        let = np.where(np.abs(let - whole) <= ROUNDING * np.abs(whole), whole, let)
        used = used + let / worth(date)
        factor = np.where(whole != 0, let / np.where(whole != 0, whole, 1.0), 1.0)
        for part in pot:
            amount = part.left * factor
            part.left = part.left - amount
            if date == part.claim.due or amount.any():
                released.append(Release(part.claim, date, amount))
        if not waits:
            gone, pot = gone + pot, []
    return released, gone + pot


def _inside(limit: Limit, claim: Claim, contract: Contract, plan: Plan) -> bool:
    """Tell whether a claim is of the cells that a limit names; one whose pool reaches beyond them is not."""
    if limit.where == Where():
        return True
    of_people = not contract.payments[claim.term].is_activity
    return of_people and all(plan.cells[cell].is_in(limit.where) for cell in claim.pool)


def _groups(limit: Limit, claims: list[Claim], contract: Contract) -> list[list[Claim]]:
    """Claims that share a pot, each group in order of date."""
    if limit.per == "person" and _binds_everybody(limit, contract):
        return [sorted(claims, key=lambda claim: claim.due)] if claims else []
    if limit.per == "person":
        return _by_people(claims)
    found: dict[object, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.due):
        key = {
            "contract": None, "intake": claim.intake, "segment": claim.segment, "provider": claim.provider,
            "period": claim.due, "fiscal_year": contract.calendar.fiscal_year(claim.due),
        }[limit.per]  # fmt: skip
        found.setdefault(None if _carries(limit) or _adds_up(limit) else key, []).append(claim)
    return list(found.values())


def _binds_everybody(limit: Limit, contract: Contract) -> bool:
    """Whether an activity payment is bound: it is for all people, even where it is not due in the end."""
    named = limit.where != Where()
    return not named and any(contract.payments[term].is_activity for term in bound_terms(limit, contract))


def _carries(limit: Limit) -> bool:
    return limit.excess == "carried"


def _adds_up(limit: Limit) -> bool:
    """Whether what a span leaves of its cap is added to the next one's: the cap is then one that grows."""
    return limit.unused == "carried"


def _spans_until(limit: Limit, contract: Contract) -> Callable[[int], float]:
    """How many spans of a limit have begun by a date; what falls due at close belongs to the first."""
    year = contract.calendar.fiscal_year
    first = year(0)
    return (
        (lambda date: year(date) - first + 1.0)
        if limit.per == "fiscal_year"
        else (lambda date: float(max(date, 1)))
    )


def _by_people(claims: list[Claim]) -> list[list[Claim]]:
    """Claims for the same people together: cells that any claim joins are one group."""
    groups: list[tuple[frozenset[int], list[Claim]]] = []
    for claim in sorted(claims, key=lambda claim: claim.due):
        touching = [group for group in groups if group[0] & claim.pool]
        apart = [group for group in groups if group not in touching]
        cells = claim.pool.union(*(group[0] for group in touching))
        groups = [*apart, (cells, [*(c for group in touching for c in group[1]), claim])]
    return [sorted(group, key=lambda claim: claim.due) for _, group in groups]


def _span(limit: Limit, contract: Contract) -> Callable[[int], object]:
    """Span for which a carried limit holds: the period or the fiscal year of a date."""
    if not _carries(limit) or _adds_up(limit):
        return lambda date: None
    return contract.calendar.fiscal_year if limit.per == "fiscal_year" else (lambda date: date)


def _arriving(claims: list[Claim], amount: Callable[[Claim], FloatArray]) -> dict[int, list[Waiting]]:
    dates: dict[int, list[Waiting]] = {}
    for claim in claims:
        dates.setdefault(claim.due, []).append(Waiting(claim, amount(claim)))
    return dates


def limit_units(
    name: str, scenario: Scenario, plan: Plan, claims: dict[str, list[Claim]], numbers: Numbers,
    measured: dict[str, Measured], enrolled: FloatArray,
) -> dict[str, list[Claim]]:  # fmt: skip
    """Hold the units of some terms below a limit.

    Where the limit is a share of a result that is measured after the last claim, what waits is looked at once more
    when that measurement is in.

    Returns
    -------
    Claims by term with the quantity that may be paid for, in order of date.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    terms = bound_terms(limit, contract)
    bound = [c for term in terms for c in claims[term] if _inside(limit, c, contract, plan)]
    kept = [c for term in terms for c in claims[term] if not _inside(limit, c, contract, plan)]
    for group in _groups(limit, bound, contract):
        cells = frozenset(cell for claim in group for cell in claim.pool)
        looks = [(claim.due, claim.known) for claim in group]
        looks += _later_looks(limit, scenario, plan, group, cells)
        known = {date: max(moment for look, moment in looks if look <= date) for date, _ in looks}

        def cap(date: int, cells: frozenset[int] = cells, known: dict[int, int] = known) -> Value:
            return _units_cap(name, limit, plan, numbers, measured, enrolled, known[date], cells)

        released, _ = hold(_arriving(group, lambda c: c.units * c.open), cap, dates=known)
        kept += [_let_through(part, scenario, known[part.date]) for part in released]
    found = {
        term: sorted((c for c in kept if c.term == term), key=lambda c: (c.due, c.known)) for term in terms
    }
    return {**claims, **{term: _with_quantities(found[term]) for term in terms}}


def _let_through(part: Release, scenario: Scenario, known: int) -> Claim:
    """A claim for what is let through: on its own date, or on its term's next date once there is room."""
    claim = part.claim
    if part.date == claim.due:
        return replace(claim, units=part.amount)
    last = scenario.contract.calendar.periods
    dates = scenario.contract.payments[claim.term].paid.dates
    due = part.date if dates is None else min((date for date in dates if date >= part.date), default=last)
    return replace(claim, units=part.amount, known=known, due=due)


def _later_looks(
    limit: Limit, scenario: Scenario, plan: Plan, group: list[Claim], cells: frozenset[int]
) -> list[tuple[int, int]]:
    """Payment dates and moments of later measurements, after the last claim's, of the result that a share is of."""
    if limit.share is None or limit.of in (None, "people"):
        return []
    inside = cells if limit.per not in ("contract", "period", "fiscal_year") else None
    rows = rows_of(plan, str(limit.of), Where(), moment=None, cells=inside)
    moments = {plan.observations[str(limit.of)][row].moment for row in rows}
    last, payments = scenario.contract.calendar.periods, scenario.contract.payments
    looks = []
    for moment in sorted(moment for moment in moments if moment > max(claim.known for claim in group)):
        dates = [due_moment(payments[term], moment) for term in {claim.term for claim in group}]
        looks.append((min(last if date is None else min(date, last) for date in dates), moment))
    return looks


def _with_quantities(claims: list[Claim]) -> list[Claim]:
    """Let the curve read the units of a pool that may be paid for by each claim's date."""
    sums: dict[tuple[object, ...], FloatArray] = {}
    made = []
    for claim in claims:
        quantity = sums.get(claim.key, 0.0) + claim.units
        sums[claim.key] = quantity
        made.append(replace(claim, quantity=quantity))
    return made


def _units_cap(
    name: str, limit: Limit, plan: Plan, numbers: Numbers, measured: dict[str, Measured], enrolled: FloatArray,
    moment: int, cells: frozenset[int],
) -> Value:  # fmt: skip
    """Most units that may have been paid for when everything up to a moment is measured."""
    if limit.units is not None:
        number = numbers.at(f"contract.limits.{name}.units")
        return number * enrolled[sorted(cells)].sum(axis=0) if limit.per == "person" else number
    share = numbers.at(f"contract.limits.{name}.share")
    inside = None if limit.per in ("contract", "period", "fiscal_year") else cells
    if limit.of == "people" or limit.of is None:
        rows = range(len(enrolled)) if inside is None else sorted(inside)
        return share * enrolled[list(rows)].sum(axis=0)
    found = rows_of(plan, limit.of, Where(), moment=moment, cells=inside)
    return share * measured[limit.of].total[found].sum(axis=0)


def limit_money(
    name: str, scenario: Scenario, plan: Plan, claims: list[Claim], numbers: Numbers, enrolled: FloatArray,
    level: Level,
) -> tuple[list[Claim], FloatArray]:  # fmt: skip
    """Hold the money of some terms below a limit.

    Parameters
    ----------
    name
        The limit.
    scenario, plan, claims, numbers, enrolled
        The deal, its plan, all its claims with money, values of figures, people by cell ``(cells, trials)``.
    level
        Level of the limit's own index and currency by moment: money is compared at its worth at close.

    Returns
    -------
    Claims with the money that may be paid, and what is lost, shape ``(trials,)``.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    mine = _mine(limit, claims, contract, plan)
    places = {id(claim) for claim in mine}
    made = [claim for claim in claims if id(claim) not in places]
    lost = np.zeros(enrolled.shape[-1])
    for group in _groups(limit, mine, contract):
        cap = numbers.at(f"contract.limits.{name}.money")
        if limit.per == "person":
            cap = cap * _people(limit, contract, group, enrolled)
        spans = _spans_until(limit, contract) if _adds_up(limit) else (lambda date: 1.0)
        dates = range(group[0].due, contract.calendar.periods + 1) if _carries(limit) else ()
        released, waiting = hold(
            _arriving(group, lambda c: c.money), lambda date, cap=cap, spans=spans: cap * spans(date),  # type: ignore[misc]
            dates=dates, year=_span(limit, contract), worth=level, waits=_carries(limit) or not _adds_up(limit),
        )  # fmt: skip
        made += [replace(part.claim, due=part.date, money=part.amount) for part in released]
        if limit.excess in contract.parties:
            made += [replace(part.claim, payer=limit.excess, money=part.left) for part in waiting]
        elif waiting:
            lost = lost + np.sum([part.left for part in waiting], axis=0)
    return made, lost


def _people(limit: Limit, contract: Contract, group: list[Claim], enrolled: FloatArray) -> FloatArray:
    """People whom the claims of a group speak of."""
    if _binds_everybody(limit, contract):
        everybody: FloatArray = enrolled.sum(axis=0)
        return everybody
    whole: FloatArray = enrolled[sorted({cell for claim in group for cell in claim.pool})].sum(axis=0)
    return whole


def _mine(limit: Limit, claims: list[Claim], contract: Contract, plan: Plan) -> list[Claim]:
    """Claims that a limit on money binds."""
    terms = bound_terms(limit, contract)
    return [
        claim for claim in claims
        if claim.term in terms
        and (not limit.payers or claim.payer in limit.payers)
        and _inside(limit, claim, contract, plan)
    ]  # fmt: skip


def top_up(
    name: str, scenario: Scenario, plan: Plan, claims: list[Claim], numbers: Numbers, enrolled: FloatArray,
    ends: FloatArray, level: Level,
) -> list[Claim]:  # fmt: skip
    """Pay at least a floor: what a group's claims lack is added at its last date, unless the contract ended early.

    The last date is the last one agreed: what waits for room under a limit does not move it. Every period or fiscal
    year of the calendar is a group, whether or not anything falls due in it.

    Returns
    -------
    Claims with one more for each payer of a group that falls short, in the payers' shares of the contract.
    """
    contract = scenario.contract
    limit = contract.limits[name]
    mine = [c for c in _mine(limit, claims, contract, plan) if not contract.payments[c.term].paid.early_end]
    made = list(claims)
    order = list(contract.payments)
    shares = {
        payer: numbers.at(f"contract.payers.{payer}")
        for payer in contract.payers
        if not limit.payers or payer in limit.payers
    }
    if limit.payers and not shares:
        shares = dict.fromkeys(limit.payers, 1.0)
    whole_share, even = np.asarray(sum(shares.values())), 1.0 / max(len(shares), 1)
    for date, group in _floor_groups(limit, mine, contract):
        paid = np.sum([claim.money / level(claim.due) for claim in group], axis=0)
        least = numbers.at(f"contract.limits.{name}.floor")
        if limit.per == "person" and group:
            least = least * _people(limit, contract, group, enrolled)
        short = np.maximum(least - paid, 0.0) * level(date)
        short = short * (ends > contract.calendar.periods)
        pattern = max(group or mine, key=lambda claim: (claim.agreed, order.index(claim.term)))
        pool = frozenset(cell for claim in group or mine for cell in claim.pool)
        pattern = replace(pattern, pool=pool, **shared_labels(pool, plan))
        for payer, share in shares.items():
            made.append(
                replace(
                    pattern,
                    payer=payer,
                    key=("floor", name, date),
                    due=date,
                    money=short
                    * np.where(whole_share > 0, share / np.where(whole_share > 0, whole_share, 1.0), even),
                )
            )
    return made


def _floor_groups(limit: Limit, mine: list[Claim], contract: Contract) -> list[tuple[int, list[Claim]]]:
    """Groups of a floor with the date at which each is topped up."""
    if not mine:
        return []
    if limit.per not in ("period", "fiscal_year"):
        return [(max(c.agreed for c in group), group) for group in _groups(limit, mine, contract)]
    span = contract.calendar.fiscal_year if limit.per == "fiscal_year" else (lambda date: date)
    spans: dict[int, int] = {span(date): date for date in range(1, contract.calendar.periods + 1)}
    return [(last, [c for c in mine if span(c.due) == key]) for key, last in spans.items()]
