"""When a contract ends, and what its payment terms pay in one trial: docs/model.md, sections 6 and 7."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.scenario.conditions import Condition
from simulator.scenario.contract import Limit, Term
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Steady
from tests.oracle.draws import Draws
from tests.oracle.people import Cell, Seen
from tests.oracle.quantities import Reader, is_in, money


@dataclass(eq=False)
class Claim:
    """One pool at one date."""

    term: str
    cells: set[int]
    """Cells measured so far."""
    pool: set[int]
    """Cells of the whole pool: to them a limit applies."""
    segment: str | None
    planned: list[Seen]
    known_at: int
    due: int
    before: Claim | None = None
    open: bool = True
    quantity: float = 0.0
    """What the curve sees, before target and worth; after limits on units."""
    units: float = 0.0
    """Part of the quantity that is new with this claim."""
    gross: float = 0.0
    """What the curve gave, whole pool to date."""
    priced: float = 0.0
    paid: dict[int, float] = field(default_factory=dict)
    """Money by moment."""


def index_level(scenario: Scenario, draws: Draws, name: str | None, t: int) -> float:
    """Level of an index at a moment, 1 at close."""
    if name is None:
        return 1.0
    index = scenario.world.indices[name]
    if isinstance(index, Steady):
        rate = draws.value(f"world.indices.{name}.rate")
        return float((1 + rate) ** (t / scenario.contract.calendar.per_year))
    last = min(t, len(index.values) - 1)
    path = f"world.indices.{name}.values"
    return draws.value(f"{path}.{last}") / draws.value(f"{path}.0")


def _common(values: set[Any]) -> object:
    """The one value that all share, or nothing."""
    return min(values) if len(values) == 1 else None


def end_of(scenario: Scenario, draws: Draws, reader: Reader, seen: dict[str, list[Seen]]) -> int:
    """Moment of an early end, or one past the last."""
    end = scenario.contract.calendar.periods + 1
    early = scenario.world.early_end
    if early is not None and draws.uniform("early_end") > 1 - draws.value("world.early_end.prob"):
        spread = math.floor(draws.uniform("early_end_moment") * (early.last - early.first + 1))
        end = early.first + spread
    stop = scenario.contract.stop
    if stop is not None and stop.at < end:
        conditions = enumerate(stop.unless)
        if not all(reader.holds(c, f"contract.stop.unless.{k}", seen, stop.at, None) for k, c in conditions):
            end = stop.at
    return end


def counts(scenario: Scenario, one: Seen, end: int) -> bool:
    """Tell whether a measurement counts."""
    if one.cell.starts >= end:
        return False
    return scenario.contract.after_early_end == "started" or one.moment <= end


class Payments:
    """Prices, limits and payers."""

    def __init__(self, scenario: Scenario, draws: Draws, cells: list[Cell], seen: dict[str, list[Seen]],
                 end: int) -> None:  # fmt: skip
        self.scenario, self.draws, self.cells, self.end = scenario, draws, cells, end
        self.contract = scenario.contract
        self.periods = self.contract.calendar.periods
        self.seen = {name: [o for o in some if counts(scenario, o, end)] for name, some in seen.items()}
        self.all_seen = seen
        self.reader = Reader(scenario, draws)
        self.claims = {name: self._claims(name, term) for name, term in self.contract.payments.items()}
        self.unpaid: dict[str, float] = {}

    # ── who claims what, when ────────────────────────────────────────────────────────────────────────
    def _claims(self, name: str, term: Term) -> list[Claim]:
        if term.on is None:
            cells = {cell.number for cell in self.cells if is_in(cell, term.where)}
            return [Claim(name, cells, cells, None, [], date, date) for date in sorted(term.paid.dates or ())]
        pools: dict[tuple[object, ...], list[Seen]] = {}
        for o in self.all_seen[term.on]:
            if is_in(o.cell, term.where):
                pools.setdefault(self._key(term, o), []).append(o)
        claims = []
        for pool in pools.values():
            cells = {o.cell.number for o in pool}
            segment = pool[0].cell.segment
            moments = sorted({o.moment for o in pool}) if term.to_date else [max(o.moment for o in pool)]
            before = None
            for t in moments:
                some = [o for o in pool if o.moment <= t]
                so_far = {o.cell.number for o in some}
                claim = Claim(name, so_far, cells, segment, some, t, self._due(term, t), before)
                claims.append(claim)
                before = claim if term.to_date else None
        return claims

    def _key(self, term: Term, o: Seen) -> tuple[object, ...]:
        labels = {
            "each": (o.cell.number, o.measurement),
            "intake": o.cell.intake,
            "segment": o.cell.segment,
            "provider": o.cell.provider,
            "measurement": o.measurement,
            "period": o.moment,
            "all": None,
        }
        key = tuple(labels[label] for label in term.pool)
        return (*key, o.cell.segment) if isinstance(getattr(term.curve, "price", None), dict) else key

    def _due(self, term: Term, known: int) -> int:
        due = known + term.paid.lag
        return due if term.paid.dates is None else min(date for date in term.paid.dates if date >= due)

    # ── the eight steps ──────────────────────────────────────────────────────────────────────────────
    def run(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """By term and by payer, money at each moment."""
        everything = [claim for claims in self.claims.values() for claim in claims]
        for claim in everything:
            self._measure(claim)
        asked = self._price_all(gated=False)
        for name, limit in self.contract.limits.items():
            if limit.money is None:
                self._limit_units(name, limit)
        allowed = self._price_all(gated=False)
        gated = self._price_all(gated=True)
        self.unpaid["units"] = sum(asked[claim] - allowed[claim] for claim in everything)
        self.unpaid["gate"] = sum(allowed[claim] - gated[claim] for claim in everything)
        for name, limit in self.contract.limits.items():
            if limit.money is not None:
                before = self._whole(everything)
                self._limit_money(name, limit)
                self.unpaid[f"limit.{name}"] = before - self._whole(everything)
        if self.contract.after_early_end == "nothing":
            before = self._whole(everything)
            for claim in everything:
                claim.paid = {t: amount for t, amount in claim.paid.items() if t <= self.end}
            self.unpaid["early_end"] = before - self._whole(everything)
        return self._shares()

    @staticmethod
    def _whole(claims: list[Claim]) -> float:
        return sum(amount for claim in claims for amount in claim.paid.values())

    def _measure(self, claim: Claim) -> None:
        term = self.contract.payments[claim.term]
        if term.on is None:
            claim.quantity, known = 1.0, claim.due <= self.end
        else:
            reading = self.reader.read(term.on, term.quantity, [o for o in claim.planned if o in self.seen[term.on]])
            claim.quantity, known = reading.value, reading.known
        claim.open = known and self._gate(claim, on_terms=False)
        before = claim.before.quantity if claim.before is not None else 0.0
        if not claim.open:
            claim.quantity = before
        claim.units = claim.quantity - before

    def _gate(self, claim: Claim, *, on_terms: bool) -> bool:
        gate = self.contract.payments[claim.term].gate
        if gate is None:
            return True
        path = f"contract.payments.{claim.term}.gate"

        def ask(kind: str, conditions: tuple[Condition, ...]) -> list[bool]:
            return [
                self._condition(claim, condition, f"{path}.{kind}.{k}")
                for k, condition in enumerate(conditions)
                if (condition.term is not None) == on_terms
            ]

        if not all(ask("all", gate.all)) or any(ask("none", gate.none)):
            return False
        mixed = len({condition.term is None for condition in gate.any}) == 2
        if mixed:
            return not on_terms or any(
                self._condition(claim, condition, f"{path}.any.{k}") for k, condition in enumerate(gate.any)
            )
        asked = ask("any", gate.any)
        return any(asked) or not asked

    def _condition(self, claim: Claim, condition: Condition, path: str) -> bool:
        if condition.term is None:
            return self.reader.holds(condition, path, self.seen, claim.known_at, claim.cells)
        return any(
            other.priced > 0
            and other.known_at <= claim.known_at
            and (condition.pool == "all" or bool(other.cells & claim.cells))
            for other in self.claims[condition.term]
        )

    def _priced_order(self) -> list[str]:
        order: list[str] = []
        while len(order) < len(self.claims):
            for name, term in self.contract.payments.items():
                gate = term.gate
                waits = {c.term for c in (*gate.all, *gate.any, *gate.none) if c.term} if gate else set()
                if name not in order and waits <= set(order):
                    order.append(name)
        return order

    def _price_all(self, *, gated: bool) -> dict[Claim, float]:
        """Put money on all claims; return it, indexed to the payment date."""
        found = {}
        for name in self._priced_order():
            for claim in self.claims[name]:
                self._price(claim, gated=gated)
                found[claim] = claim.paid[claim.due]
        return found

    def _price(self, claim: Claim, *, gated: bool) -> None:
        term = self.contract.payments[claim.term]
        path = f"contract.payments.{claim.term}"
        before = claim.before.gross if claim.before is not None and term.to_date else 0.0
        claim.gross = before
        if claim.open and (not gated or self._gate(claim, on_terms=True)):
            q = claim.quantity
            if term.target is not None:
                q /= self.draws.value(f"{path}.target")
            if term.worth is not None:
                q *= self.draws.value(f"{path}.worth")
            claim.gross = money(term.curve, f"{path}.curve", self.draws, q, claim.segment)
        claim.priced = claim.gross - before
        claim.paid = {claim.due: claim.priced * index_level(self.scenario, self.draws, term.index, claim.due)}

    # ── limits ───────────────────────────────────────────────────────────────────────────────────────
    def _bound(self, limit: Limit) -> list[Claim]:
        names = self.contract.payments if "all" in limit.on else limit.on
        return [claim for name in names for claim in self.claims[name]]

    def _group(self, limit: Limit, claim: Claim, t: int) -> object:
        cells = [self.cells[k] for k in sorted(claim.pool)]
        groups: dict[str, Callable[[], object]] = {
            "contract": lambda: None,
            "intake": lambda: _common({cell.intake for cell in cells}),
            "segment": lambda: _common({cell.segment for cell in cells}),
            "provider": lambda: _common({cell.provider for cell in cells}),
            "period": lambda: t,
            "fiscal_year": lambda: self.contract.calendar.fiscal_year(t),
            "person": lambda: tuple(sorted(claim.pool)),
        }
        return groups[limit.per]()

    def _people(self, limit: Limit, claims: list[Claim]) -> set[int]:
        if limit.per in ("intake", "segment", "provider", "person"):
            return set().union(*(claim.pool for claim in claims))
        return {cell.number for cell in self.cells}

    def _unit_cap(self, name: str, limit: Limit, group: list[Claim], now: list[Claim]) -> float:
        cells = self._people(limit, group)
        people = sum(self.cells[k].enrolled for k in cells)
        path = f"contract.limits.{name}"
        if limit.units is not None:
            return self.draws.value(f"{path}.units") * (people if limit.per == "person" else 1)
        if limit.of == "people":
            return self.draws.value(f"{path}.share") * people
        assert limit.of is not None
        until = max(claim.known_at for claim in now)
        whole = sum(o.certified for o in self.seen[limit.of] if o.moment <= until and o.cell.number in cells)
        return self.draws.value(f"{path}.share") * whole

    def _limit_units(self, name: str, limit: Limit) -> None:
        groups: dict[object, list[Claim]] = {}
        for claim in self._bound(limit):
            groups.setdefault(self._group(limit, claim, claim.due), []).append(claim)
        for group in groups.values():
            total, allowed = 0.0, 0.0
            for t in sorted({claim.due for claim in group}):
                now = [claim for claim in group if claim.due == t]
                asked = sum(claim.units for claim in now)
                total += asked
                part = min(total, self._unit_cap(name, limit, group, now)) - allowed
                allowed += part
                for claim in now:
                    claim.units = claim.units * part / asked if asked else claim.units
        for claim in self._bound(limit):
            before = claim.before.quantity if claim.before is not None else 0.0
            claim.quantity = before + claim.units

    def _limit_money(self, name: str, limit: Limit) -> None:
        groups: dict[object, list[tuple[Claim, int]]] = {}
        bound = self._bound(limit)
        if limit.excess == "carried":
            self._carry(name, limit, bound)
            return
        for claim in bound:
            for t in claim.paid:
                groups.setdefault(self._group(limit, claim, t), []).append((claim, t))
        for group in groups.values():
            cap = self._money_cap(name, limit, [claim for claim, _ in group])
            total, allowed = 0.0, 0.0
            for t in sorted({t for _, t in group}):
                now = [claim for claim, when in group if when == t]
                asked = sum(claim.paid[t] for claim in now)
                total += asked / index_level(self.scenario, self.draws, limit.index, t)
                part = min(total, cap) - allowed
                allowed += part
                part *= index_level(self.scenario, self.draws, limit.index, t)
                for claim in now:
                    claim.paid[t] = claim.paid[t] * part / asked if asked else claim.paid[t]

    def _money_cap(self, name: str, limit: Limit, claims: list[Claim]) -> float:
        cap = self.draws.value(f"contract.limits.{name}.money")
        if limit.per == "person":
            cap *= sum(self.cells[k].enrolled for k in self._people(limit, claims))
        return cap

    def _carry(self, name: str, limit: Limit, bound: list[Claim]) -> None:
        """Wait for the next period or fiscal year with room."""
        cap = self.draws.value(f"contract.limits.{name}.money")
        waiting = {claim: 0.0 for claim in bound}
        used: dict[object, float] = {}
        asked = {claim: dict(claim.paid) for claim in bound}
        for claim in bound:
            claim.paid = {}
        for t in range(self.periods + 1):
            key = t if limit.per == "period" else self.contract.calendar.fiscal_year(t)
            level = index_level(self.scenario, self.draws, limit.index, t)
            for claim in bound:
                waiting[claim] += asked[claim].get(t, 0.0)
            due = sum(waiting.values())
            room = max(cap - used.get(key, 0.0), 0.0) * level
            part = min(due, room)
            used[key] = used.get(key, 0.0) + part / level
            for claim in bound:
                claim.paid[t] = waiting[claim] * part / due if due else 0.0
                waiting[claim] -= claim.paid[t]

    # ── payers ───────────────────────────────────────────────────────────────────────────────────────
    def _fails(self, payer: str, t: int) -> bool:
        if payer not in self.scenario.world.appropriation_fails:
            return False
        year = self.contract.calendar.fiscal_year(t)
        prob = self.draws.value(f"world.appropriation_fails.{payer}")
        return self.draws.uniform(f"appropriation/{payer}/{year}") <= prob

    def _shares(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        by_term = {name: [0.0] * (self.periods + 1) for name in self.claims}
        by_payer: dict[str, list[float]] = {
            name: [0.0] * (self.periods + 1)
            for name, party in self.contract.parties.items()
            if party.role == "payer"
        }
        for name, claims in self.claims.items():
            term = self.contract.payments[name]
            path = f"contract.payments.{name}.payers" if term.payers else "contract.payers"
            shares = {payer: self.draws.value(f"{path}.{payer}") for payer in term.payers or self.contract.payers}
            for claim in claims:
                for t, amount in claim.paid.items():
                    for payer, share in shares.items():
                        if self._fails(payer, t):
                            self.unpaid["appropriation"] = self.unpaid.get("appropriation", 0.0) + amount * share
                        else:
                            by_term[name][t] += amount * share
                            by_payer[payer][t] += amount * share
        return by_term, by_payer
