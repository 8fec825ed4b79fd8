"""People, true outcomes and what is measured of them, for one trial: sections 3 to 5 of docs/model.md."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from simulator.scenario.conditions import Where
from simulator.scenario.contract import Benchmark, Blend, Comparison, Contract, Intakes, Records, Result
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Belief
from tests.oracle.draws import Draws


@dataclass
class Cell:
    """One intake x one segment x one provider."""

    number: int
    intake: int
    segment: str | None
    provider: str | None
    starts: int
    enrolled: int = 0
    weight: float = 0.0
    planned: float = 0.0

    def is_in(self, where: Where) -> bool:
        """Tell whether it is among those named."""
        return (
            (not where.intake or self.intake in where.intake)
            and (not where.segment or self.segment in where.segment)
            and (not where.provider or self.provider in where.provider)
        )


@dataclass
class Compared:
    """What one estimator is compared with."""

    weight: float
    size: float
    total: float
    noisy: bool


@dataclass
class Seen:
    """One measurement of one result in one cell."""

    result: str
    cell: Cell
    measurement: int
    moment: int
    base: float
    true: float
    anyway: float
    certified: float
    cells: frozenset[int]
    """Numbers of the cells it speaks of."""
    compared: list[Compared] = field(default_factory=list)
    spread: float = 0.0

    def is_in(self, where: Where) -> bool:
        """Tell whether it is of the cells named; a measurement of the whole deal is only if none is named."""
        return where == Where() if self.cell.number < 0 else self.cell.is_in(where)


def cells_of(scenario: Scenario, draws: Draws) -> list[Cell]:
    """Lay out the cells and fill them with people."""
    people = scenario.contract.people
    if isinstance(people.intakes, Intakes):
        starts = [people.intakes.first + people.intakes.every * k for k in range(people.intakes.count)]
        shares = [1 / people.intakes.count] * people.intakes.count
    else:
        starts = [intake.starts for intake in people.intakes]
        shares = [draws.value(f"contract.people.intakes.{k}.share") for k in range(len(starts))]
    cells: list[Cell] = []
    segments: list[str | None] = [*people.segments] or [None]
    providers: list[str | None] = [*people.providers] or [None]
    for k, start in enumerate(starts):
        for segment in segments:
            for provider in providers:
                cell = Cell(len(cells), k + 1, segment, provider, start)
                cell.planned = _planned(scenario, draws, cell, shares[k])
                cells.append(cell)
    _fill(cells, draws)
    everybody = sum(cell.enrolled for cell in cells)
    for cell in cells:
        cell.weight = cell.enrolled / everybody if everybody > 0 else 1 / len(cells)
    return cells


def _fill(cells: list[Cell], draws: Draws) -> None:
    """Whole people: running sums are rounded, all intakes of one segment and provider after the other."""
    kinds: list[tuple[str | None, str | None]] = []
    for cell in cells:
        if (cell.segment, cell.provider) not in kinds:
            kinds.append((cell.segment, cell.provider))
    planned, given = 0.0, 0
    for kind in kinds:
        for cell in cells:
            if (cell.segment, cell.provider) == kind:
                planned += cell.planned
                cell.enrolled = draws.whole(round(planned, 9), "enrolled") - given
                given += cell.enrolled


def _planned(scenario: Scenario, draws: Draws, cell: Cell, share: float) -> float:
    enrolment = scenario.world.enrolment
    people = draws.value("contract.people.size") * share
    if cell.segment is not None:
        people *= draws.value(f"contract.people.segments.{cell.segment}")
    if cell.provider is not None:
        people *= draws.value(f"contract.people.providers.{cell.provider}")
    people *= draws.value("world.enrolment.share")
    if cell.segment in enrolment.segments:
        people *= draws.value(f"world.enrolment.segments.{cell.segment}")
    if enrolment.ramp:
        people *= draws.value(f"world.enrolment.ramp.{min(cell.intake, len(enrolment.ramp)) - 1}")
    return people


def chain_of(contract: Contract) -> list[str]:
    """Order results so that each follows the one it belongs to."""
    order: list[str] = []
    while len(order) < len(contract.results):
        order += [
            name
            for name, result in contract.results.items()
            if name not in order and result.of in ("people", "deal", *order)
        ]
    return order


class Life:
    """Lives one trial: what happens to everybody, and what is measured."""

    def __init__(self, scenario: Scenario, draws: Draws, cells: list[Cell]) -> None:
        self.scenario, self.draws, self.cells = scenario, draws, cells

    def seen(self) -> dict[str, list[Seen]]:
        """All measurements by result, in order of cell, then time."""
        found: dict[str, list[Seen]] = {}
        for name in chain_of(self.scenario.contract):
            result = self.scenario.contract.results[name]
            found[name] = []
            for cell in [self._whole()] if result.of == "deal" else self.cells:
                for j in range(1, result.times + 1):
                    found[name].append(self._observe(name, result, cell, j, found))
        return found

    def _whole(self) -> Cell:
        """Everybody, as if they were one cell without intake, segment and provider."""
        return Cell(-1, 0, None, None, 0, sum(cell.enrolled for cell in self.cells), 1.0)

    def _observe(self, name: str, result: Result, cell: Cell, j: int, found: dict[str, list[Seen]]) -> Seen:
        base, base_anyway = float(cell.enrolled), float(cell.enrolled)
        if result.of not in ("people", "deal"):
            times = self.scenario.contract.results[result.of].times
            earlier = next(
                o for o in found[result.of] if o.cell is cell and o.measurement == (1 if times == 1 else j)
            )
            base, base_anyway = earlier.true, earlier.anyway
        moment = cell.starts + result.after + (j - 1) * result.every
        cells = frozenset({cell.number} if cell.number >= 0 else {c.number for c in self.cells})
        one = Seen(name, cell, j, moment, base, 0.0, 0.0, 0.0, cells)
        level, without = self._levels(name, result, cell)
        one.true = self._true(one, result, level)
        claims = self._of(name, cell, "claims", 1.0)
        one.anyway = {
            "share": base_anyway * without,
            "repeated": base_anyway * without * claims,
            "amount": base_anyway * without,
            "total": without * cell.weight,
        }[result.kind]
        one.certified = self._certified(one, result)
        one.spread = self._variance(name, level)
        if result.kind == "repeated":
            one.spread = self._claims_variance(result, level, claims)
        if result.sampled < 1 and one.base > 0:
            one.certified = self._inferred(one, result)
        self._compare(one, result, without)
        return one

    # ── what is believed ─────────────────────────────────────────────────────────────────────────────
    def _belief(self, name: str) -> Belief:
        return self.scenario.world.results[name]

    def _entries(self, name: str, cell: Cell) -> list[str]:
        own = f"world.results.{name}"
        return [f"{own}.providers.{cell.provider}", f"{own}.segments.{cell.segment}", own]

    def _of(self, name: str, cell: Cell, key: str, default: float) -> float:
        for entry in self._entries(name, cell):
            if self.draws.has(f"{entry}.{key}"):
                return self.draws.value(f"{entry}.{key}")
        return default

    def _levels(self, name: str, result: Result, cell: Cell) -> tuple[float, float]:
        without = self._of(name, cell, "counterfactual", 0.0)
        level = without
        for entry in self._entries(name, cell):
            ways = [w for w in ("level", "effect", "relative_effect") if self.draws.has(f"{entry}.{w}")]
            if ways:
                value = self.draws.value(f"{entry}.{ways[0]}")
                level = {"level": value, "effect": without + value, "relative_effect": without * (1 + value)}[
                    ways[0]
                ]
                break
        outside = self.scenario.world.outside_view
        if outside is not None and (not outside.of or name in outside.of):
            level = without + (level - without) * self.draws.value("world.outside_view.multiplier")
        if result.kind in ("share", "repeated"):
            level, without = min(max(level, 0.0), 1.0), min(max(without, 0.0), 1.0)
        return level, without

    def _variance(self, name: str, level: float) -> float:
        if self._belief(name).events:
            return max(level, 0.0)
        path = f"world.results.{name}.individual_sd"
        return self.draws.value(path) ** 2 if self.draws.has(path) else 0.0

    @staticmethod
    def _claims_variance(result: Result, level: float, claims: float) -> float:
        """E[Y^2] - E[Y]^2 of the claims Y of one person."""
        if result.at_most == 1:
            return level * (1 - level)
        tries = 0 if result.at_most is None else result.at_most - 1
        again = (claims - 1) / tries if tries else 0.0
        square = claims**2 + tries * again * (1 - again)
        return level * square - (level * claims) ** 2

    def _correlation(self, name: str) -> float:
        return self.draws.value(f"world.results.{name}.cluster_correlation")

    def _clustered(self, name: str) -> bool:
        return self._belief(name).cluster_size > 1 and self._correlation(name) > 0

    def _widened(self, name: str, people: float) -> float:
        size = min(self._belief(name).cluster_size, max(people, 1.0))
        return 1 + (size - 1) * self._correlation(name)

    def _rate(self, stream: str, name: str, level: float, people: float) -> float:
        if not self._clustered(name):
            return level
        size = min(self._belief(name).cluster_size, people)
        return self.draws.rate(stream, level, self._correlation(name) * (size - 1) / max(people - 1, 1.0))

    def _stream(self, kind: str, one: Seen) -> str:
        cell = one.cell
        return "/".join(
            [
                kind,
                one.result,
                str(cell.intake),
                cell.segment or "",
                cell.provider or "",
                str(one.measurement),
            ]
        )

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────
    def _true(self, one: Seen, result: Result, level: float) -> float:
        if result.kind == "total":
            path = f"world.results.{one.result}.variation"
            if self.draws.has(path):
                level += self.draws.value(path) * self.draws.normal(f"variation/{one.result}/{one.moment}")
            return level * one.cell.weight
        if result.kind == "amount":
            return self._amount("luck", one, level, one.base)
        rate = self._rate(self._stream("cluster", one), one.result, level, one.base)
        achievers = self.draws.binomial(self._stream("luck", one), round(one.base), rate)
        return self._claimed("claims", one, result, achievers)

    def _claimed(self, kind: str, one: Seen, result: Result, achievers: int) -> float:
        """Claims of some achievers; they themselves, if each counts once."""
        if result.kind == "share":
            return float(achievers)
        claims = self._of(one.result, one.cell, "claims", 1.0)
        if result.at_most is None:
            return achievers * claims
        if result.at_most == 1:
            return float(achievers)
        further = (claims - 1) / (result.at_most - 1)
        again = self.draws.binomial(self._stream(kind, one), achievers * (result.at_most - 1), further)
        return float(achievers + again)

    def _amount(self, kind: str, one: Seen, level: float, people: float) -> float:
        stream = self._stream(kind, one)
        if self._belief(one.result).events and not self._clustered(one.result):
            return float(self.draws.poisson(stream, people * level))
        variance = self._variance(one.result, level) * self._widened(one.result, people)
        return people * level + math.sqrt(people * variance) * self.draws.normal(stream)

    # ── what is measured ─────────────────────────────────────────────────────────────────────────────
    def _certified(self, one: Seen, result: Result) -> float:
        verified = self._of(one.result, one.cell, "verified", -1.0)
        if verified in (-1.0, 1.0):
            return one.true
        if result.kind in ("amount", "total"):
            return one.true * verified
        return float(self.draws.binomial(self._stream("verified", one), round(one.true), verified))

    def _inferred(self, one: Seen, result: Result) -> float:
        """What the evaluator takes the whole for, from a sample of it."""
        people, looked_at = one.base, result.sampled * one.base
        mean = one.certified / people
        variance = mean * (1 - mean) if result.kind == "share" else one.spread
        of_mean = variance * self._widened(one.result, looked_at) / looked_at * (1 - looked_at / people)
        inferred = one.certified + people * math.sqrt(max(of_mean, 0.0)) * self.draws.normal(
            self._stream("sample", one)
        )
        return min(max(inferred, 0.0), people) if result.kind == "share" else inferred

    def _compare(self, one: Seen, result: Result, without: float) -> None:
        method, path = result.measured, f"contract.results.{one.result}.measured"
        if isinstance(method, Records):
            return
        if isinstance(method, Blend):
            for i, part in enumerate(method.of):
                value = f"{path}.of.{i}.method.value"
                one.compared.append(self._estimator(one, result, without, part.method, i, part.weight, value))
            return
        one.compared.append(self._estimator(one, result, without, method, 0, 1.0, f"{path}.value"))

    def _estimator(
        self, one: Seen, result: Result, without: float, method: Benchmark | Comparison, i: int, weight: float,
        value: str,
    ) -> Compared:  # fmt: skip
        if isinstance(method, Benchmark):
            size = one.cell.weight if result.kind == "total" else one.base
            return Compared(weight, one.base, size * self.draws.value(value), False)
        path = f"world.results.{one.result}"
        own = f"{path}.biases.{i}"
        level = without + self.draws.value(own if self.draws.has(own) else f"{path}.selection_bias")
        if result.kind == "total":
            return Compared(weight, one.base, one.cell.weight * level, True)
        people = float(self.draws.whole(one.base * method.ratio, "comparison size"))
        if result.kind == "amount":
            return Compared(weight, people, self._amount(f"comparison/{i}", one, level, people), True)
        level = min(max(level, 0.0), 1.0)
        rate = self._rate(self._stream(f"comparison_cluster/{i}", one), one.result, level, people)
        achievers = self.draws.binomial(self._stream(f"comparison/{i}", one), round(people), rate)
        total = self._claimed(f"comparison_claims/{i}", one, result, achievers)
        return Compared(weight, people, total, True)
