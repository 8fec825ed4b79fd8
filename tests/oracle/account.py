"""Costs, fees, capital and the waterfall in one trial: docs/model.md, sections 8 and 9."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.capital import (
    AtClose,
    AtCost,
    ByPerformance,
    FeeAmount,
    Grant,
    Guarantee,
    KeepReserve,
    Pay,
    PayFees,
    Scheduled,
    Tranche,
    UntilAmount,
    UntilInterest,
    UntilIrr,
    UntilMultiple,
    UntilPrincipal,
)
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Cost
from tests.oracle.draws import Draws
from tests.oracle.levels import Levels
from tests.oracle.people import Cell, Seen
from tests.oracle.quantities import Reader, money

Row = list[float]


class Lines:
    """What falls due when."""

    def __init__(self, scenario: Scenario, draws: Draws, cells: list[Cell], seen: dict[str, list[Seen]],
                 end: int) -> None:  # fmt: skip
        self.scenario, self.draws, self.cells, self.seen, self.end = scenario, draws, cells, seen, end
        self.periods = scenario.contract.calendar.periods
        self.levels = Levels(scenario, draws)

    def spent(self) -> dict[str, Row]:
        """By cost line, what it costs at each moment."""
        return {
            name: self._line(cost, f"world.costs.{name}", "true")
            for name, cost in self.scenario.world.costs.items()
        }

    def fees(self, spent: dict[str, Row]) -> dict[tuple[str, str], Row]:
        """By fee and party, what is owed at each moment."""
        owed: dict[tuple[str, str], Row] = {}
        for name, fee in self.scenario.contract.fees.items():
            if isinstance(fee, AtCost):
                for line in fee.costs:
                    key = (name, self.scenario.world.costs[line].by)
                    row = owed.setdefault(key, [0.0] * (self.periods + 1))
                    for t, amount in enumerate(spent[line]):
                        row[t] += amount
            else:
                owed[(name, fee.to)] = self._line(fee, f"contract.fees.{name}", "certified")
        return owed

    def _line(self, line: Cost | FeeAmount, path: str, units: str) -> Row:
        row = [0.0] * (self.periods + 1)
        stops = line.per in ("deal", "period", "participant")
        amount = self.draws.value(f"{path}.amount")
        for t, share in self._shares(line, units):
            if t <= self.periods and (not stops or t < self.end or t == 0):
                row[t] += amount * share * self.levels.at(line.index, line.currency, t)
        return row

    def _shares(self, line: Cost | FeeAmount, units: str) -> list[tuple[int, float]]:
        """At which moments a line is due, and how many times its amount."""
        rest = max(self.periods - line.starts, 1)
        if line.per == "deal":
            over = line.over or rest
            return [(line.starts + k, 1 / over) for k in range(over)]
        if line.per == "period":
            return [(line.starts + k, 1.0) for k in range(0, line.over or rest, line.every)]
        if line.per == "participant":
            over = line.over or 1
            here = [cell for cell in self.cells if cell.is_in(line.where) and cell.starts < self.end]
            return [(c.starts + line.starts + k, c.enrolled / over) for c in here for k in range(over)]
        counted = [o for o in self.seen[line.per] if o.is_in(line.where)]
        return [
            (o.moment + line.starts, max(o.true if units == "true" else o.certified, 0.0)) for o in counted
        ]


class Account:
    """The money in the middle, moment by moment."""

    def __init__(self, scenario: Scenario, draws: Draws, by_payer: dict[str, Row], fees: dict[tuple[str, str], Row],
                 scheduled: dict[tuple[str, str], Row], seen: dict[str, list[Seen]], planned: dict[str, list[Seen]],
                 end: int) -> None:  # fmt: skip
        self.scheduled = scheduled
        self.scenario, self.contract, self.draws, self.end = scenario, scenario.contract, draws, end
        self.by_payer, self.fees, self.seen, self.planned = by_payer, fees, seen, planned
        self.periods = self.contract.calendar.periods
        self.reader, self.levels = Reader(scenario, draws), Levels(scenario, draws)
        self.tranches = {n: p for n, p in self.contract.capital.items() if isinstance(p, Tranche)}
        self.grants = {n: p for n, p in self.contract.capital.items() if isinstance(p, Grant)}
        self.sources: dict[str, Tranche | Grant] = {**self.tranches, **self.grants}
        self.guarantees = {n: p for n, p in self.contract.capital.items() if isinstance(p, Guarantee)}
        self.cash = 0.0
        self.outstanding = dict.fromkeys(self.tranches, 0.0)
        self.interest = dict.fromkeys(self.tranches, 0.0)
        self.growing = dict.fromkeys(self.tranches, 0.0)
        self.all_drawn = dict.fromkeys([*self.tranches, *self.grants], 0.0)
        self.all_received = dict.fromkeys(self.tranches, 0.0)
        self.hurdle = {
            k: 0.0
            for k, step in enumerate(self.contract.waterfall)
            if isinstance(step, Pay) and isinstance(step.until, UntilIrr)
        }
        self.step_paid = dict.fromkeys(range(len(self.contract.waterfall)), 0.0)
        self.arrears = dict.fromkeys(fees, 0.0)
        self.owed_back = dict.fromkeys(by_payer, 0.0)
        self.stood = dict.fromkeys(self.guarantees, 0.0)
        empty = [0.0] * (self.periods + 1)
        self.drawn = {n: empty.copy() for n in self.all_drawn}
        self.received = {n: empty.copy() for n in self.tranches}
        self.guaranteed = {n: empty.copy() for n in self.guarantees}
        self.fees_paid: dict[str, Row] = {n: empty.copy() for n in self.contract.parties}
        self.passed_on: dict[str, Row] = {n: empty.copy() for n in self.contract.parties}
        self.balance = empty.copy()
        self.arrears_after = empty.copy()
        self.lost: dict[str, float] = {}
        self.close = self._closing()

    def _closing(self) -> int:
        if self.end > self.periods:
            return self.periods
        moving = [
            t for row in (*self.by_payer.values(), *self.fees.values()) for t, x in enumerate(row) if x != 0
        ]
        return max([self.end, *moving])

    def run(self) -> None:
        """Go through the moments."""
        for t in range(self.periods + 1):
            self._accrue(t)
            for payer, row in self.by_payer.items():
                self.cash += max(row[t], 0.0)
                self.owed_back[payer] += max(-row[t], 0.0)
            for key, row in self.fees.items():
                self.arrears[key] += row[t]
            if t < self.end or t == 0:
                self._draw_as_agreed(t)
                self._draw_as_needed(t)
            self._refund(t)
            kept = 0.0
            for k, step in enumerate(self.contract.waterfall):
                kept += self._step(t, k, step)
            self.cash += kept
            if t == self.close:
                self._finish(t)
            self.balance[t] = self.cash
            self.arrears_after[t] = sum(self.arrears.values())

    # ── 1 interest ───────────────────────────────────────────────────────────────────────────────────
    def _growth(self, rate: float) -> float:
        return float((1 + rate) ** (1 / self.contract.calendar.per_year))

    def _accrue(self, t: int) -> None:
        if t == 0:
            return
        self._revalue(t)
        for name, tranche in self.tranches.items():
            if tranche.coupon is not None:
                rate = self._coupon(name, tranche, t)
                base = self.outstanding[name] + self.interest[name] + self.growing[name]
                self.growing[name] += base * (self._growth(rate) - 1)
                if self._falls_due(tranche, t) or t == self.close:
                    self.interest[name] += self.growing[name]
                    self.growing[name] = 0.0
        for k in self.hurdle:
            self.hurdle[k] *= self._growth(self.draws.value(f"contract.waterfall.{k}.until.rate"))

    def _level(self, name: str, t: int) -> float:
        part = self.contract.capital[name]
        return self.levels.at(part.index, part.currency, t)

    def _revalue(self, t: int) -> None:
        """What is owed in units of an index or in foreign money is worth more or less now."""
        for name in self.sources:
            change = self._level(name, t) / self._level(name, t - 1)
            for book in (self.outstanding, self.interest, self.growing, self.all_drawn, self.all_received):
                if name in book:
                    book[name] *= change
            for k in self.hurdle:
                if self._goal_of(k) == name:
                    self.hurdle[k] *= change

    def _falls_due(self, tranche: Tranche, t: int) -> bool:
        """Interest by performance falls due when it is measured, and after the last measurement at once."""
        if not isinstance(tranche.coupon, ByPerformance):
            return True
        moments = self._moments(tranche.coupon)
        return t in moments or t > max(moments)

    def _coupon(self, name: str, tranche: Tranche, t: int) -> float:
        path = f"contract.capital.{name}.coupon"
        if not isinstance(tranche.coupon, ByPerformance):
            return self.draws.value(path)
        moments = self._moments(tranche.coupon)
        later = [moment for moment in moments if moment >= t]
        found = self._performance(tranche.coupon, path, min(later) if later else max(moments))
        return 0.0 if found is None else found

    def _moments(self, what: ByPerformance) -> list[int]:
        return [o.moment for o in self.planned[what.on] if o.is_in(what.where)]

    def _performance(self, what: ByPerformance, path: str, until: int) -> float | None:
        """What the curve gives, or nothing where nothing was measured."""
        pool = [o for o in self.seen[what.on] if o.moment <= until and o.is_in(what.where)]
        reading = self.reader.read(what.on, what.quantity, pool)
        return (
            None if not reading.known else money(what.curve, f"{path}.curve", self.draws, reading.value, None)
        )

    # ── 3, 4 draws ───────────────────────────────────────────────────────────────────────────────────
    def _commitment(self, name: str, t: int) -> float:
        key = "commitment" if name in self.tranches else "amount"
        return self.draws.value(f"contract.capital.{name}.{key}") * self._level(name, t)

    def _left(self, name: str, t: int) -> float:
        if name in self.tranches and self.tranches[name].revolving:
            return max(self._commitment(name, t) - self.outstanding[name], 0.0)
        return max(self._commitment(name, t) - self.all_drawn[name], 0.0)

    def _draw(self, t: int, name: str, amount: float) -> None:
        self.cash += amount
        self.drawn[name][t] += amount
        self.all_drawn[name] += amount
        if name in self.tranches:
            self.outstanding[name] += amount
        for k in self.hurdle:
            if self._goal_of(k) == name:
                self.hurdle[k] += amount

    def _draw_as_agreed(self, t: int) -> None:
        for name, part in self.sources.items():
            if isinstance(part.draw, AtClose) and t == 0:
                self._draw(t, name, self._commitment(name, t))
            elif isinstance(part.draw, Scheduled):
                for moment in part.draw.shares:
                    if int(moment) == t:
                        share = self.draws.value(f"contract.capital.{name}.draw.shares.{moment}")
                        self._draw(t, name, min(share * self._commitment(name, t), self._left(name, t)))

    def _draw_as_needed(self, t: int) -> None:
        sources = {n: p for n, p in self.sources.items() if p.draw.kind == "as_needed"}
        need = sum(self.arrears.values()) + sum(self.owed_back.values()) - self.cash
        for order in sorted({part.order for part in sources.values()}):
            left = {name: self._left(name, t) for name, part in sources.items() if part.order == order}
            whole = sum(left.values())
            part_drawn = min(max(need, 0.0), whole)
            for name, room in left.items():
                if whole > 0:
                    self._draw(t, name, part_drawn * room / whole)
            need -= part_drawn

    # ── 5 refunds, 6 steps ───────────────────────────────────────────────────────────────────────────
    def _refund(self, t: int) -> None:
        owed = sum(self.owed_back.values())
        paid = min(owed, self.cash)
        for payer, amount in self.owed_back.items():
            if owed > 0:
                self.passed_on[payer][t] += paid * amount / owed
                self.owed_back[payer] -= paid * amount / owed
        self.cash -= paid if owed > 0 else 0.0

    def _step(self, t: int, k: int, step: PayFees | KeepReserve | Pay) -> float:
        """Act one step; return what it keeps back."""
        if isinstance(step, PayFees):
            self._pay_fees(t, step)
            return 0.0
        if isinstance(step, KeepReserve):
            return self._reserve(t, k, step)
        if t == self.close or (step.starts <= t < self.close and not step.at_end):
            self._pay(t, k, step)
        return 0.0

    def _pay_fees(self, t: int, step: PayFees) -> None:
        named = {name for s in self.contract.waterfall if isinstance(s, PayFees) for name in s.of}
        mine = [key for key in self.arrears if (key[0] in step.of if step.of else key[0] not in named)]
        owed = sum(self.arrears[key] for key in mine)
        paid = min(owed, self.cash)
        for key in mine:
            if owed > 0:
                part = paid * self.arrears[key] / owed
                self.fees_paid[key[1]][t] += part
                self.arrears[key] -= part
        self.cash -= paid if owed > 0 else 0.0

    def _reserve(self, t: int, k: int, step: KeepReserve) -> float:
        if t >= self.close:
            return 0.0
        if step.periods is not None:
            coming = self.scheduled if t < self.end else self.fees
            target = sum(sum(row[t + 1 : t + step.periods + 1]) for row in coming.values())
        else:
            target = self.draws.value(f"contract.waterfall.{k}.amount")
        kept = min(target, self.cash)
        self.cash -= kept
        return kept

    def _goal_of(self, k: int) -> str:
        step = self.contract.waterfall[k]
        assert isinstance(step, Pay)
        return step.of or next(name for name in step.to if name in self.tranches)

    def _principal_due(self, name: str, t: int) -> float:
        owed = 1.0
        share = self.tranches[name].principal
        made = [o.moment for o in self.seen[share.on] if o.is_in(share.where)] if share is not None else []
        if share is not None and t >= max(made, default=0):
            value = self._performance(share, f"contract.capital.{name}.principal", t)
            owed = 1.0 if value is None else min(max(value, 0.0), 1.0)
        return max(self.outstanding[name] - (1 - owed) * self.all_drawn[name], 0.0)

    def _due(self, t: int, k: int, name: str) -> float:
        step = self.contract.waterfall[k]
        assert isinstance(step, Pay)
        if isinstance(step.until, UntilInterest):
            return self.interest[name]
        if isinstance(step.until, UntilPrincipal):
            return self._principal_due(name, t)
        if isinstance(step.until, UntilIrr):
            return max(self.hurdle[k], 0.0)
        assert isinstance(step.until, UntilMultiple)
        times = self.draws.value(f"contract.waterfall.{k}.until.times")
        return max(times * self.all_drawn[name] - self.all_received[name], 0.0)

    def _pay(self, t: int, k: int, step: Pay) -> None:
        if any(share is None for share in step.to.values()):
            dues = {name: self._due(t, k, name) for name in step.to}
            whole = sum(dues.values())
            total = min(self.cash, whole)
            for name, due in dues.items():
                if whole > 0:
                    self._give(t, k, name, total * due / whole)
            return
        shares = {name: self.draws.value(f"contract.waterfall.{k}.to.{name}") for name in step.to}
        if step.until is None:
            total = self.cash
        elif isinstance(step.until, UntilAmount):
            left = self.draws.value(f"contract.waterfall.{k}.until.amount") - self.step_paid[k]
            total = min(self.cash, max(left, 0.0))
        else:
            goal = self._goal_of(k)
            total = min(self.cash, self._due(t, k, goal) / shares.get(goal, 1.0))
        for name, share in shares.items():
            self._give(t, k, name, total * share)

    def _give(self, t: int, k: int, name: str, amount: float) -> None:
        step = self.contract.waterfall[k]
        assert isinstance(step, Pay)
        self.cash -= amount
        self.step_paid[k] += amount
        if name not in self.tranches:
            self.passed_on[name][t] += amount
            return
        self._take(t, name, amount)
        if not isinstance(step.until, UntilPrincipal):
            interest = min(amount, self.interest[name])
            self.interest[name] -= interest
            amount -= interest
        self.outstanding[name] = max(self.outstanding[name] - amount, 0.0)

    def _take(self, t: int, name: str, amount: float) -> None:
        self.received[name][t] += amount
        self.all_received[name] += amount
        for k in self.hurdle:
            if self._goal_of(k) == name:
                self.hurdle[k] -= amount

    # ── 7 closing ────────────────────────────────────────────────────────────────────────────────────
    def _finish(self, t: int) -> None:
        for name, guarantee in self.guarantees.items():
            for tranche in guarantee.of:
                share = self.draws.value(f"contract.capital.{name}.share")
                left = (
                    self.draws.value(f"contract.capital.{name}.up_to") * self._level(name, t)
                    - self.stood[name]
                )
                paid = min(share * self._principal_due(tranche, t), max(left, 0.0))
                self.stood[name] += paid
                self.guaranteed[name][t] += paid
                self._take(t, tranche, paid)
                self.outstanding[tranche] = max(self.outstanding[tranche] - paid, 0.0)
        for name in self.tranches:
            self.lost[name] = self._principal_due(name, t)
        self.passed_on[self.contract.account][t] += self.cash
        self.cash = 0.0


def total(rows: Sequence[Row]) -> Row:
    """Sum rows moment by moment."""
    return [sum(column) for column in zip(*rows, strict=True)]
