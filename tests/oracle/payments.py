"""When a contract ends, and what its payment terms pay in one trial: docs/model.md, sections 6 and 7."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.scenario.conditions import Condition, Where
from simulator.scenario.contract import Limit, Term
from simulator.scenario.scenario import Scenario
from tests.oracle.draws import Draws
from tests.oracle.levels import Levels
from tests.oracle.people import Cell, Seen
from tests.oracle.quantities import Reader, money


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
    measured: float = 0.0
    """What was measured, whatever the gates say."""
    quantity: float = 0.0
    """What the curve sees, before target and worth; after limits on units."""
    units: float = 0.0
    """Part of the quantity that is new with this claim."""
    gross: float = 0.0
    """What the curve gave, whole pool to date."""
    priced: float = 0.0
    known: bool = False
    """Whether there is something to pay for, whatever the gates say."""


@dataclass(eq=False)
class Part:
    """Money of a claim that one payer owes at one date."""

    claim: Claim
    payer: str
    due: int
    money: float


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
        self.reader, self.levels = Reader(scenario, draws), Levels(scenario, draws)
        self.claims = {name: self._claims(name, term) for name, term in self.contract.payments.items()}
        self.unpaid: dict[str, float] = {}
        self.parts: list[Part] = []

    # ── who claims what, when ────────────────────────────────────────────────────────────────────────
    def _claims(self, name: str, term: Term) -> list[Claim]:
        if term.on is None:
            return self._activity(name, term)
        pools: dict[tuple[object, ...], list[Seen]] = {}
        for o in self.all_seen[term.on]:
            if o.is_in(term.where):
                pools.setdefault(self._key(term, o), []).append(o)
        claims = []
        for pool in pools.values():
            cells = set().union(*(o.cells for o in pool))
            moments = sorted({o.moment for o in pool}) if term.to_date else [max(o.moment for o in pool)]
            before = None
            for t in moments:
                some = [o for o in pool if o.moment <= t]
                so_far = set().union(*(o.cells for o in some))
                claim = Claim(name, so_far, cells, pool[0].cell.segment, some, t, self._due(term, t), before)
                claims.append(claim)
                before = claim if term.to_date else None
        return sorted(claims, key=lambda claim: claim.known_at)

    def _activity(self, name: str, term: Term) -> list[Claim]:
        """Claims of the whole deal at agreed dates while it runs, or when it ends early."""
        if term.paid.early_end:
            dates = [self.end] if self.end <= self.periods else []
        else:
            dates = [date for date in term.paid.dates or () if date <= self.end]
        everybody = {cell.number for cell in self.cells}
        last = self.periods
        return [
            Claim(name, everybody, everybody, None, [], date, min(date + term.paid.lag, last))
            for date in sorted(dates)
        ]

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

    # ── the steps ────────────────────────────────────────────────────────────────────────────────────
    def run(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """By term and by payer, money at each moment."""
        everything = [claim for claims in self.claims.values() for claim in claims]
        for claim in everything:
            self._read(claim)
        before_gates = self._priced(everything, gates=())
        priced = self._priced(everything, gates=("results",))
        lost_to_gates = before_gates - priced
        for name, limit in self.contract.limits.items():
            if limit.units is not None or limit.share is not None:
                self._limit_units(name, limit)
                left = self._priced(everything, gates=("results",))
                self.unpaid[f"limit.{name}"] = priced - left
                priced = left
        self.unpaid["gate"] = lost_to_gates + priced - self._priced(everything, gates=("results", "terms"))
        self.parts = [part for claim in everything for part in self._by_payer(claim)]
        for name, limit in self.contract.limits.items():
            if limit.money is not None:
                self._limit_money(name, limit)
            elif limit.floor is not None and self.end > self.periods:
                self._top_up(name, limit)
        if self.contract.after_early_end == "nothing":
            self.unpaid["early_end"] = sum(part.money for part in self.parts if part.due > self.end)
            self.parts = [part for part in self.parts if part.due <= self.end]
        return self._booked()

    def _read(self, claim: Claim) -> None:
        """Look what was measured, and whether gates on results are open."""
        term = self.contract.payments[claim.term]
        claim.quantity, claim.known = 1.0, True
        if term.on is not None:
            counted = [o for o in claim.planned if o in self.seen[term.on]]
            reading = self.reader.read(term.on, term.quantity, counted)
            claim.quantity, claim.known = reading.value, reading.known
        claim.measured = claim.quantity
        claim.open = claim.known and self._gate(claim, on_terms=False)
        before = claim.before.quantity if claim.before is not None else 0.0
        claim.units = claim.quantity - before if claim.open else 0.0
        if claim.before is not None and not claim.open:
            claim.quantity = before

    def _gate(self, claim: Claim, *, on_terms: bool) -> bool:
        """Judge the parts of a gate that name no term, or those that do."""
        gate = self.contract.payments[claim.term].gate
        if gate is None:
            return True
        answers = {}
        for kind in ("all", "any", "none"):
            conditions: tuple[Condition, ...] = getattr(gate, kind)
            if conditions and any(c.term is not None for c in conditions) == on_terms:
                path = f"contract.payments.{claim.term}.gate.{kind}"
                answers[kind] = [self._condition(claim, c, f"{path}.{k}") for k, c in enumerate(conditions)]
        return all(answers.get("all", [])) and any(answers.get("any", [True])) and not any(answers.get("none", []))

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

    def _priced(self, everything: list[Claim], *, gates: tuple[str, ...]) -> float:
        """Put money on all claims; return all of it."""
        for name in self._priced_order():
            for claim in self.claims[name]:
                self._price(claim, gates)
        return sum(claim.priced for claim in everything)

    def _price(self, claim: Claim, gates: tuple[str, ...]) -> None:
        term, path = self.contract.payments[claim.term], f"contract.payments.{claim.term}"
        before = claim.before.gross if claim.before is not None else 0.0
        claim.gross = before
        is_open = claim.known and (claim.open or "results" not in gates)
        if is_open and ("terms" not in gates or self._gate(claim, on_terms=True)):
            q = claim.quantity if "results" in gates else claim.measured
            if term.target is not None:
                q /= self.draws.value(f"{path}.target")
            if term.worth is not None:
                q *= self.draws.value(f"{path}.worth")
            claim.gross = money(term.curve, f"{path}.curve", self.draws, q, claim.segment)
        claim.priced = (claim.gross - before) * self.levels.at(term.index, term.currency, claim.due)

    def _by_payer(self, claim: Claim) -> list[Part]:
        own = self.contract.payments[claim.term].payers
        path = f"contract.payments.{claim.term}.payers" if own else "contract.payers"
        return [
            Part(claim, payer, claim.due, claim.priced * self.draws.value(f"{path}.{payer}"))
            for payer in own or self.contract.payers
        ]

    # ── limits ───────────────────────────────────────────────────────────────────────────────────────
    def _binds(self, limit: Limit, claim: Claim) -> bool:
        """Tell whether a limit speaks of a claim: of its term, and of all its cells."""
        if "all" not in limit.on and claim.term not in limit.on:
            return False
        if limit.where == Where():
            return True
        measured = self.contract.payments[claim.term].on is not None
        return measured and all(self.cells[k].is_in(limit.where) for k in claim.pool)

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

    def _heads(self, limit: Limit, claims: list[Claim]) -> int:
        return sum(self.cells[k].enrolled for k in self._people(limit, claims))

    def _unit_cap(self, name: str, limit: Limit, group: list[Claim], now: list[Claim]) -> float:
        path = f"contract.limits.{name}"
        if limit.units is not None:
            return self.draws.value(f"{path}.units") * (self._heads(limit, group) if limit.per == "person" else 1)
        if limit.of == "people":
            return self.draws.value(f"{path}.share") * self._heads(limit, group)
        assert limit.of is not None
        until, cells = max(claim.known_at for claim in now), self._people(limit, group)
        whole = sum(o.certified for o in self.seen[limit.of] if o.moment <= until and bool(o.cells & cells))
        return self.draws.value(f"{path}.share") * whole

    def _limit_units(self, name: str, limit: Limit) -> None:
        groups: dict[object, list[Claim]] = {}
        bound = [c for claims in self.claims.values() for c in claims if self._binds(limit, c)]
        for claim in bound:
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
                    claim.units = claim.units * part / asked if asked > 0 else claim.units
        for claim in bound:
            before = claim.before.quantity if claim.before is not None else 0.0
            if claim.open:
                claim.quantity = before + claim.units
            elif claim.before is not None:
                claim.quantity = before

    def _bound(self, limit: Limit) -> list[Part]:
        return [
            part
            for part in self.parts
            if self._binds(limit, part.claim) and (not limit.payers or part.payer in limit.payers)
        ]

    def _groups(self, limit: Limit) -> list[list[Part]]:
        groups: dict[object, list[Part]] = {}
        for part in self._bound(limit):
            groups.setdefault(self._group(limit, part.claim, part.due), []).append(part)
        return list(groups.values())

    def _sum_of(self, name: str, key: str, limit: Limit, group: list[Part]) -> float:
        agreed = self.draws.value(f"contract.limits.{name}.{key}")
        return agreed * (self._heads(limit, [part.claim for part in group]) if limit.per == "person" else 1)

    def _limit_money(self, name: str, limit: Limit) -> None:
        self.unpaid[f"limit.{name}"] = 0.0
        if limit.excess == "carried":
            self._carry(name, limit)
            return
        for group in self._groups(limit):
            cap, total, allowed = self._sum_of(name, "money", limit, group), 0.0, 0.0
            for t in sorted({part.due for part in group}):
                level = self.levels.at(limit.index, limit.currency, t)
                now = [part for part in group if part.due == t]
                asked = sum(part.money for part in now)
                total += asked / level
                room = min(total, cap) - allowed
                allowed += room
                for part in now:
                    kept = part.money * room * level / asked if asked else part.money
                    self._exceeds(name, limit, part, part.money - kept)
                    part.money = kept

    def _exceeds(self, name: str, limit: Limit, part: Part, over: float) -> None:
        """Money over a limit is lost, or another payer's."""
        if limit.excess == "lost":
            self.unpaid[f"limit.{name}"] += over
        else:
            self.parts.append(Part(part.claim, limit.excess, part.due, over))

    def _carry(self, name: str, limit: Limit) -> None:
        """Wait for the next period or fiscal year with room."""
        cap = self.draws.value(f"contract.limits.{name}.money")
        bound, used = self._bound(limit), {}
        waiting = dict.fromkeys(bound, 0.0)
        self.parts = [part for part in self.parts if part not in waiting]
        for t in range(self.periods + 1):
            key = t if limit.per == "period" else self.contract.calendar.fiscal_year(t)
            level = self.levels.at(limit.index, limit.currency, t)
            for part in bound:
                waiting[part] += part.money if part.due == t else 0.0
            due = sum(waiting.values())
            paid = min(due, max(cap - used.get(key, 0.0), 0.0) * level)
            used[key] = used.get(key, 0.0) + paid / level
            factor = paid / due if due > 0 else 1.0
            for part in bound:
                self.parts.append(Part(part.claim, part.payer, t, waiting[part] * factor))
                waiting[part] *= 1 - factor
        self.unpaid[f"limit.{name}"] = sum(waiting.values())

    def _top_up(self, name: str, limit: Limit) -> None:
        """Pay at least a floor, at the last date of each group."""
        concerned = [payer for payer in self.contract.payers if not limit.payers or payer in limit.payers]
        shares = {payer: self.draws.value(f"contract.payers.{payer}") for payer in concerned}
        for group in self._groups(limit):
            whole = sum(part.money / self.levels.at(limit.index, limit.currency, part.due) for part in group)
            last = max(group, key=lambda part: part.due)
            lack = max(self._sum_of(name, "floor", limit, group) - whole, 0.0)
            lack *= self.levels.at(limit.index, limit.currency, last.due)
            for payer, share in shares.items():
                self.parts.append(Part(last.claim, payer, last.due, lack * share / sum(shares.values())))

    # ── payers ───────────────────────────────────────────────────────────────────────────────────────
    def _fails(self, payer: str, t: int) -> bool:
        if payer not in self.scenario.world.appropriation_fails:
            return False
        year = self.contract.calendar.fiscal_year(t)
        prob = self.draws.value(f"world.appropriation_fails.{payer}")
        return self.draws.uniform(f"appropriation/{payer}/{year}") <= prob

    def _late(self, payer: str, t: int) -> int:
        if payer not in self.scenario.world.payment_delay:
            return t
        delay = self.draws.whole(self.draws.value(f"world.payment_delay.{payer}"), "delay")
        return min(t + delay, self.periods)

    def _booked(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        moments = self.periods + 1
        parties = self.contract.parties
        by_term = {name: [0.0] * moments for name in self.claims}
        by_payer = {name: [0.0] * moments for name, party in parties.items() if party.role == "payer"}
        for part in self.parts:
            if self._fails(part.payer, part.due):
                self.unpaid["appropriation"] = self.unpaid.get("appropriation", 0.0) + part.money
                continue
            t = self._late(part.payer, part.due)
            by_term[part.claim.term][t] += part.money
            by_payer[part.payer][t] += part.money
        return by_term, by_payer
