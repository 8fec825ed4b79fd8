"""When a contract ends, and what its payment terms pay in one trial: docs/model.md, sections 6 and 7."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from simulator.scenario.conditions import Condition, Where
from simulator.scenario.contract import Limit, Quality, Term
from simulator.scenario.scenario import Scenario
from tests.oracle.draws import Draws
from tests.oracle.levels import Levels
from tests.oracle.people import Cell, Seen
from tests.oracle.quantities import Reader, money
from tests.oracle.trust import Purse, purse_of


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
    factor: float = 1.0
    """By what its money is multiplied."""
    known: bool = False
    """Whether there is something to pay for, whatever the gates say."""
    chain: object = None
    """Its pool."""
    parts: list[list[Seen]] = field(default_factory=list)
    """Its measurements by part of a score."""
    judged: int = -1
    """When its gates are judged."""
    agreed: int = 0
    """When it is due if it need not wait."""

    def __post_init__(self) -> None:
        self.agreed = self.agreed or self.due
        self.judged = self.judged if self.judged >= 0 else self.known_at
        self.chain = self.chain if self.chain is not None else object()


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


def _tidied(part: float, whole: float) -> float:
    """The whole, where only rounding is missing: no dust is left to wait."""
    return whole if abs(part - whole) <= 1e-12 * abs(whole) else part


def _sum(parts: list[float]) -> float:
    """Sum of amounts; nothing, where they cancel but for rounding."""
    whole = sum(parts)
    return 0.0 if abs(whole) <= 1e-12 * sum(abs(part) for part in parts) else whole


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
    return end if end < scenario.contract.calendar.periods else scenario.contract.calendar.periods + 1


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
        self.purses: dict[str, Purse] = {}
        self.parts: list[Part] = []

    # ── who claims what, when ────────────────────────────────────────────────────────────────────────
    def _claims(self, name: str, term: Term) -> list[Claim]:
        if term.is_activity:
            return self._activity(name, term)
        if term.on is None:
            return self._scores(name, term)
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
                claim.chain = cells
                claims.append(claim)
                before = claim if term.to_date else None
        return sorted(claims, key=lambda claim: claim.known_at)

    def _scores(self, name: str, term: Term) -> list[Claim]:
        """Pools of several results, each known when the last of its measurements is."""
        pools: dict[tuple[object, ...], list[list[Seen]]] = {}
        for k, part in enumerate(term.score):
            for o in self.all_seen[part.on]:
                if o.is_in(part.where) and o.is_in(term.where):
                    labels = {"intake": o.cell.intake, "segment": o.cell.segment, "provider": o.cell.provider}
                    key = tuple(labels.get(label) for label in term.pool)
                    pools.setdefault(key, [[] for _ in term.score])[k].append(o)
        claims = []
        for parts in pools.values():
            if all(parts):
                together = [o for some in parts for o in some]
                cells = set().union(*(o.cells for o in together))
                known = max(o.moment for o in together)
                claim = Claim(name, cells, cells, None, together, known, self._due(term, known))
                claim.parts = parts
                claims.append(claim)
        return sorted(claims, key=lambda claim: claim.known_at)

    def _score(self, claim: Claim) -> tuple[float, bool]:
        """Weighted sum of what each result comes to against its target, and whether all were measured."""
        whole, known = 0.0, True
        for k, part in enumerate(self.contract.payments[claim.term].score):
            counted = [o for o in claim.parts[k] if o in self.seen[part.on]]
            reading = self.reader.read(part.on, part.quantity, counted)
            path = f"contract.payments.{claim.term}.score.{k}.target"
            value = reading.value / (self.draws.value(path) if part.target is not None else 1.0)
            whole += part.weight * (value if part.at_most is None else min(value, part.at_most))
            known = known and reading.known
        return whole, known

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
        for claims in self.claims.values():
            for claim in claims:
                self._read(claim)
        before_gates = self._priced(gates=())
        priced = self._priced(gates=("results",))
        lost_to_gates = before_gates - priced
        for name, limit in self.contract.limits.items():
            if limit.units is not None or limit.share is not None:
                self._limit_units(name, limit)
                left = self._priced(gates=("results",))
                self.unpaid[f"limit.{name}"] = max(priced - left, 0.0)
                priced = left
        gated = self._priced(gates=("results", "terms"))
        self.unpaid["gate"] = max(lost_to_gates + priced - gated, 0.0)
        self.parts = [
            part for claims in self.claims.values() for claim in claims for part in self._by_payer(claim)
        ]
        for name, limit in self.contract.limits.items():
            if limit.money is not None:
                self._limit_money(name, limit)
            elif limit.floor is not None and self.end > self.periods:
                self._top_up(name, limit)
        if self.contract.after_early_end == "nothing":
            late = [part for part in self.parts if part.due > self.end and not self._is_for_the_end(part)]
            self.unpaid["early_end"] = sum(part.money for part in late)
            self.parts = [part for part in self.parts if part not in late]
        return self._booked()

    def _is_for_the_end(self, part: Part) -> bool:
        return self.contract.payments[part.claim.term].paid.early_end

    def _read(self, claim: Claim) -> None:
        """Look what was measured, and whether gates on results are open."""
        term = self.contract.payments[claim.term]
        claim.quantity, claim.known = 1.0, True
        if term.score:
            claim.quantity, claim.known = self._score(claim)
        elif term.on is not None:
            counted = [o for o in claim.planned if o in self.seen[term.on]]
            reading = self.reader.read(term.on, term.quantity, counted)
            claim.quantity, claim.known = reading.value, reading.known
        claim.measured = claim.quantity
        if term.quality is not None:
            self._multiply(claim, term.quality)
        claim.open = claim.known and self._gate(claim, on_terms=False)
        before = claim.before.quantity if claim.before is not None else 0.0
        claim.units = claim.quantity - before if claim.open else 0.0
        if not claim.open:
            claim.quantity = before

    def _multiply(self, claim: Claim, quality: Quality) -> None:
        """Take the factor from what is measured of the other result, for the claim's people, by then."""
        pool = [
            o
            for o in self.seen[quality.on]
            if o.moment <= claim.judged and o.is_in(quality.where) and bool(o.cells & claim.cells)
        ]
        found = self.reader.read(quality.on, quality.quantity, pool)
        path = f"contract.payments.{claim.term}.quality.curve"
        claim.known = claim.known and found.known
        claim.factor = money(quality.curve, path, self.draws, found.value, None) if found.known else 0.0

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
        return (
            all(answers.get("all", []))
            and any(answers.get("any", [True]))
            and not any(answers.get("none", []))
        )

    def _condition(self, claim: Claim, condition: Condition, path: str) -> bool:
        if condition.term is None:
            return self.reader.holds(condition, path, self.seen, claim.judged, claim.cells)
        return any(
            other.priced > 0
            and other.known_at <= claim.judged
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

    def _priced(self, *, gates: tuple[str, ...]) -> float:
        """Put money on all claims; return all of it."""
        for name in self._priced_order():
            for claim in self.claims[name]:
                self._price(claim, gates)
        return sum(claim.priced for claims in self.claims.values() for claim in claims)

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
            claim.gross = money(term.curve, f"{path}.curve", self.draws, q, claim.segment) * claim.factor
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
        measured = not self.contract.payments[claim.term].is_activity
        return measured and all(self.cells[k].is_in(limit.where) for k in claim.pool)

    def _groups(self, limit: Limit, claims: list[Claim], dues: list[int]) -> list[list[int]]:
        """Places of claims that share a limit, each group in order of date."""
        order = sorted(range(len(claims)), key=lambda k: dues[k])
        if limit.per == "person":
            return [order] if self._is_for_all(limit) and order else self._joined(claims, order)
        groups: dict[object, list[int]] = {}
        for k in order:
            cells = [self.cells[number] for number in claims[k].pool]
            keys: dict[str, Callable[[], object]] = {
                "contract": lambda: None,
                "intake": lambda cells=cells: _common({cell.intake for cell in cells}),  # type: ignore[misc]
                "segment": lambda cells=cells: _common({cell.segment for cell in cells}),  # type: ignore[misc]
                "provider": lambda cells=cells: _common({cell.provider for cell in cells}),  # type: ignore[misc]
                "period": lambda k=k: dues[k],  # type: ignore[misc]
                "fiscal_year": lambda k=k: self.contract.calendar.fiscal_year(dues[k]),  # type: ignore[misc]
            }
            key = None if "carried" in (limit.excess, limit.unused) else keys[limit.per]()
            groups.setdefault(key, []).append(k)
        return list(groups.values())

    @staticmethod
    def _joined(claims: list[Claim], order: list[int]) -> list[list[int]]:
        """Claims for the same people: cells that any claim joins are one group."""
        groups: list[tuple[set[int], list[int]]] = []
        for k in order:
            touching = [group for group in groups if group[0] & claims[k].pool]
            cells = claims[k].pool.union(*(group[0] for group in touching))
            places = [place for group in touching for place in group[1]]
            groups = [group for group in groups if group not in touching] + [(cells, [*places, k])]
        return [places for _, places in groups]

    def _is_for_all(self, limit: Limit) -> bool:
        """Tell whether an activity payment is bound, which is for all people."""
        bound = [term for name, term in self.contract.payments.items() if {"all", name} & set(limit.on)]
        return limit.where == Where() and any(term.is_activity for term in bound)

    def _people(self, limit: Limit, claims: list[Claim]) -> set[int]:
        if limit.per == "person" and self._is_for_all(limit):
            return {cell.number for cell in self.cells}
        if limit.per in ("intake", "segment", "provider", "person"):
            return set().union(*(claim.pool for claim in claims))
        return {cell.number for cell in self.cells}

    def _heads(self, limit: Limit, claims: list[Claim]) -> int:
        return sum(self.cells[k].enrolled for k in self._people(limit, claims))

    def _unit_cap(self, name: str, limit: Limit, group: list[Claim], known: int) -> float:
        path = f"contract.limits.{name}"
        if limit.units is not None:
            return self.draws.value(f"{path}.units") * (
                self._heads(limit, group) if limit.per == "person" else 1
            )
        if limit.of == "people":
            return self.draws.value(f"{path}.share") * self._heads(limit, group)
        assert limit.of is not None
        cells = self._people(limit, group)
        whole = sum(o.certified for o in self.seen[limit.of] if o.moment <= known and bool(o.cells & cells))
        return self.draws.value(f"{path}.share") * whole

    def _limit_units(self, name: str, limit: Limit) -> None:
        bound = [c for claims in self.claims.values() for c in claims if self._binds(limit, c)]
        late: list[Claim] = []
        for places in self._groups(limit, bound, [claim.due for claim in bound]):
            late += self._units_of_group(name, limit, [bound[k] for k in places])
        for term in {claim.term for claim in bound}:
            mine = [*self.claims[term], *(claim for claim in late if claim.term == term)]
            self.claims[term] = sorted(mine, key=lambda claim: (claim.due, claim.known_at))
            self._chain(self.claims[term])

    def _units_of_group(self, name: str, limit: Limit, group: list[Claim]) -> list[Claim]:
        """Let units through; what has to wait is a claim of its own later."""
        looks = [(claim.due, claim.known_at) for claim in group] + self._looks_later(limit, group)
        left = {claim: claim.units for claim in group}
        waiting: list[Claim] = []
        made, used = [], 0.0
        for date in sorted({look for look, _ in looks}):
            known = max(moment for look, moment in looks if look <= date)
            waiting += [claim for claim in group if claim.due == date]
            whole = _sum([left[claim] for claim in waiting])
            let = min(whole, max(self._unit_cap(name, limit, group, known) - used, 0.0))
            let = _tidied(let, whole)
            used += let
            for claim in waiting:
                part = left[claim] if let == whole else left[claim] * let / whole
                left[claim] -= part
                if claim.due == date:
                    claim.units = part
                elif part:
                    due = self._date_from(claim.term, date)
                    made.append(
                        replace(claim, known_at=known, due=due, units=part, quantity=part, before=None)
                    )
        return made

    def _looks_later(self, limit: Limit, group: list[Claim]) -> list[tuple[int, int]]:
        """When a share is looked at again, and up to which measurement: the first date any term has for it."""
        if limit.share is None or limit.of in (None, "people"):
            return []
        cells, last = self._people(limit, group), max(claim.known_at for claim in group)
        later = {o.moment for o in self.all_seen[str(limit.of)] if o.moment > last and bool(o.cells & cells)}
        terms = {claim.term for claim in group}
        return [(min(self._due_or_last(self.contract.payments[term], t) for term in terms), t) for t in later]

    def _date_from(self, term: str, date: int) -> int:
        """The term's next payment date, or the date itself where it has none."""
        dates = self.contract.payments[term].paid.dates
        return date if dates is None else min((d for d in dates if d >= date), default=self.periods)

    def _due_or_last(self, term: Term, known: int) -> int:
        due = known + term.paid.lag
        if term.paid.dates is not None:
            due = min((date for date in term.paid.dates if date >= due), default=self.periods)
        return min(due, self.periods)

    def _chain(self, claims: list[Claim]) -> None:
        """Let the curve read the units that may be paid for, to date where the term counts to date."""
        last: dict[int, Claim] = {}
        for claim in claims:
            claim.before = last.get(id(claim.chain))
            before = claim.before.quantity if claim.before is not None else 0.0
            claim.quantity = before + (claim.units if claim.open else 0.0)
            last[id(claim.chain)] = claim

    def _bound(self, limit: Limit) -> list[Part]:
        return [
            part
            for part in self.parts
            if self._binds(limit, part.claim) and (not limit.payers or part.payer in limit.payers)
        ]

    def _sum_of(self, name: str, key: str, limit: Limit, group: list[Part]) -> float:
        agreed = self.draws.value(f"contract.limits.{name}.{key}")
        return agreed * (self._heads(limit, [part.claim for part in group]) if limit.per == "person" else 1)

    def _limit_money(self, name: str, limit: Limit) -> None:
        bound = self._bound(limit)
        self.parts = [part for part in self.parts if part not in bound]
        self.unpaid[f"limit.{name}"] = 0.0
        for places in self._groups(limit, [part.claim for part in bound], [part.due for part in bound]):
            self._money_of_group(name, limit, [bound[k] for k in places])

    def _money_of_group(self, name: str, limit: Limit, group: list[Part]) -> None:
        cap, used = self._sum_of(name, "money", limit, group), 0.0
        carried = limit.excess == "carried"
        dates = range(group[0].due, self.periods + 1) if carried else sorted({part.due for part in group})
        span: object = None
        left = {part: part.money for part in group}
        waiting: list[Part] = []
        for t in dates:
            year = t if limit.per == "period" else self.contract.calendar.fiscal_year(t)
            anew = carried and limit.unused == "lost"
            new = year if anew else None
            begun = 1
            if limit.unused == "carried":
                begun = (
                    max(t, 1) if limit.per == "period" else year - self.contract.calendar.fiscal_year(0) + 1
                )
            used, span = (used, span) if new == span else (0.0, new)
            waiting += [part for part in group if part.due == t]
            level = self.levels.at(limit.index, limit.currency, t)
            whole = _sum([left[part] for part in waiting])
            let = min(whole, max(cap * begun - used, 0.0) * level)
            let = _tidied(let, whole)
            used += let / level
            for part in waiting:
                paid = left[part] if let == whole else left[part] * let / whole
                left[part] -= paid
                if paid or t == part.due:
                    self.parts.append(Part(part.claim, part.payer, t, paid))
            if limit.unused == "carried" and not carried:
                waiting = []
        for part, over in left.items():
            if limit.excess in self.contract.parties:
                self.parts.append(Part(part.claim, limit.excess, part.due, over))
            else:
                self.unpaid[f"limit.{name}"] += over

    def _top_up(self, name: str, limit: Limit) -> None:
        """Pay at least a floor: at the last date of each group, or at the end of every period or fiscal year."""
        concerned = [payer for payer in self.contract.payers if not limit.payers or payer in limit.payers]
        shares = {payer: self.draws.value(f"contract.payers.{payer}") for payer in concerned}
        shares = shares or dict.fromkeys(limit.payers, 1.0)
        bound = [part for part in self._bound(limit) if not self._is_for_the_end(part)]
        order = list(self.contract.payments)
        for date, group in self._floor_groups(limit, bound):
            whole = sum(part.money / self.levels.at(limit.index, limit.currency, part.due) for part in group)
            lack = max(self._sum_of(name, "floor", limit, group) - whole, 0.0)
            lack *= self.levels.at(limit.index, limit.currency, date)
            last = max(group or bound, key=lambda part: (part.claim.agreed, order.index(part.claim.term)))
            cells = set().union(*(part.claim.pool for part in group or bound))
            claim = replace(last.claim, pool=cells)
            for payer, share in shares.items():
                whole = sum(shares.values())
                self.parts.append(
                    Part(claim, payer, date, lack * (share / whole if whole > 0 else 1 / len(shares)))
                )

    def _floor_groups(self, limit: Limit, bound: list[Part]) -> list[tuple[int, list[Part]]]:
        if not bound:
            return []
        if limit.per not in ("period", "fiscal_year"):
            groups = self._groups(limit, [part.claim for part in bound], [part.due for part in bound])
            return [
                (max(bound[k].claim.agreed for k in places), [bound[k] for k in places]) for places in groups
            ]

        def year(t: int) -> int:
            return t if limit.per == "period" else self.contract.calendar.fiscal_year(t)

        last = {year(t): t for t in range(1, self.periods + 1)}
        return [(t, [part for part in bound if year(part.due) == key]) for key, t in last.items()]

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
        dated = [(part, self._late(part.payer, part.due)) for part in self.parts]
        factors: dict[str, list[float]] = {}
        for payer in self.contract.trust.deposits if self.contract.trust is not None else ():
            owed = [0.0] * moments
            for part, t in dated:
                owed[t] += part.money if part.payer == payer else 0.0
            fails = partial(self._fails, payer)
            self.purses[payer], factors[payer] = purse_of(
                self.scenario, self.draws, payer, owed, fails, self.end
            )
            if payer in self.scenario.world.appropriation_fails:
                before = self.unpaid.get("appropriation", 0.0)
                self.unpaid["appropriation"] = before + self.purses[payer].lost
        for part, t in dated:
            money = part.money
            if part.payer in factors:
                money *= factors[part.payer][t]
            elif self._fails(part.payer, part.due):
                self.unpaid["appropriation"] = self.unpaid.get("appropriation", 0.0) + money
                continue
            by_term[part.claim.term][t] += money
            by_payer[part.payer][t] += money
        return by_term, by_payer
