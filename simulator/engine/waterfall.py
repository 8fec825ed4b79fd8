"""Funding and waterfall: how capital fills the account and in which order the account's money is passed on.

Vectors over trials, a loop over moments. At each moment: outcome payments come in; interest accrues; scheduled
capital is drawn; what is still missing for the dues is drawn as needed; then the steps of the waterfall run in
order. When the contract ends, the guarantees are called and what is left goes to the holder of the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simulator.engine.costs import Dues
from simulator.engine.draws import Numbers, Value
from simulator.engine.indices import Levels
from simulator.engine.performance import Performance
from simulator.scenario.capital import (
    AsNeeded,
    AtClose,
    Grant,
    Guarantee,
    KeepReserve,
    Pay,
    PayFees,
    Tranche,
    UntilAmount,
    UntilInterest,
    UntilIrr,
    UntilMultiple,
    UntilPrincipal,
)
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.scenario import Scenario


@dataclass(slots=True)
class TrancheState:
    """Where a tranche stands. Arrays ``(trials,)``; flows ``(periods + 1, trials)``."""

    drawn: FloatArray
    received: FloatArray
    outstanding: FloatArray
    interest_due: FloatArray
    interest_growing: FloatArray
    """Interest by performance that has accrued and is not due before its measurement."""
    repaid_principal: FloatArray
    contributed: FloatArray
    returned: FloatArray
    hurdles: dict[int, FloatArray] = field(default_factory=dict)
    """By step, what is still missing for its rate of return."""

    @classmethod
    def empty(cls, moments: int, trials: int) -> TrancheState:
        """A tranche before anything has happened."""
        drawn, received = np.zeros((moments, trials)), np.zeros((moments, trials))
        nothing = [np.zeros(trials) for _ in range(6)]
        return cls(drawn, received, nothing[0], nothing[1], nothing[2], nothing[3], nothing[4], nothing[5])

    def revalue(self, change: Value) -> None:
        """Multiply everything that is still owed, and what it is measured against."""
        self.outstanding = self.outstanding * change
        self.interest_due = self.interest_due * change
        self.interest_growing = self.interest_growing * change
        self.contributed = self.contributed * change
        self.returned = self.returned * change
        self.hurdles = {number: missing * change for number, missing in self.hurdles.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Funded:
    """Money through the account. Arrays ``(periods + 1, trials)``."""

    drawn: dict[str, FloatArray]
    """By tranche or grant, money put in."""
    received: dict[str, FloatArray]
    """By tranche, money got back from the account and from guarantors."""
    guaranteed: dict[str, FloatArray]
    """By guarantee, money paid to tranches."""
    fees_paid: dict[str, FloatArray]
    """By party, fees received from the account."""
    passed_on: dict[str, FloatArray]
    """By party, what the waterfall passes on to it otherwise (a rebate, a share of what is left)."""
    refunds_unpaid: FloatArray
    """Refunds that the account owed to payers and could not pay, shape ``(trials,)``."""
    balance: FloatArray
    """Money in the account after each moment."""
    arrears: FloatArray
    """Fees due and unpaid after each moment."""
    principal_lost: dict[str, FloatArray]
    """By tranche, principal owed and not repaid at the end, shape ``(trials,)``."""
    ends: FloatArray
    """Moment at which the account is closed, shape ``(trials,)``."""


class Account:
    """The contract account of one block of trials."""

    def __init__(
        self, scenario: Scenario, numbers: Numbers, by_payer: dict[str, FloatArray], dues: Dues,
        performance: Performance, ends: FloatArray, guaranteed: Mapping[str, float], levels: Levels,
    ) -> None:  # fmt: skip
        self.levels = levels
        self.scenario, self.contract, self.numbers = scenario, scenario.contract, numbers
        self.dues, self.performance, self.guaranteed_really = dues, performance, guaranteed
        self.paid_in = np.sum([np.maximum(amount, 0.0) for amount in by_payer.values()], axis=0)
        self.refunds = {payer: np.maximum(-amount, 0.0) for payer, amount in by_payer.items()}
        self.last, self.trials = self.paid_in.shape[0] - 1, self.paid_in.shape[1]
        self.stops = ends
        self.cash = np.zeros(self.trials)
        self.reserve = np.zeros(self.trials)
        self.owed_back = {payer: np.zeros(self.trials) for payer in by_payer}
        self.states = {
            name: TrancheState.empty(self.last + 1, self.trials)
            for name, part in self.contract.capital.items() if isinstance(part, Tranche)
        }  # fmt: skip
        self.granted = self._tables(name for name, p in self.contract.capital.items() if isinstance(p, Grant))
        self.given = {name: np.zeros(self.trials) for name in self.granted}
        self.called = self._tables(
            name for name, p in self.contract.capital.items() if isinstance(p, Guarantee)
        )
        self.fees_paid = self._tables(party for parties in dues.owed.values() for party in parties)
        self.passed_on = self._tables(self.contract.parties)
        self.unpaid = {
            (fee, party): np.zeros(self.trials) for fee, parties in dues.owed.items() for party in parties
        }
        self.step_paid = {k: np.zeros(self.trials) for k, _ in enumerate(self.contract.waterfall)}
        self.principal_lost = {name: np.zeros(self.trials) for name in self.states}
        self.closes = self._closing()

    def _tables(self, names: object) -> dict[str, FloatArray]:
        return {str(name): np.zeros((self.last + 1, self.trials)) for name in names}  # type: ignore[attr-defined]

    def _closing(self) -> FloatArray:
        """The contract's last moment, or that of the last money due after an early end."""
        moving = self.paid_in + np.sum(list(self.refunds.values()), axis=0) != 0
        for parties in self.dues.owed.values():
            for owed in parties.values():
                moving = moving | (owed != 0)
        after = np.where(moving, np.arange(self.last + 1)[:, None], 0).max(axis=0)
        return np.where(self.stops <= self.last, np.maximum(self.stops, after), self.last)

    def run(self) -> Funded:
        """Run all moments."""
        balance, arrears = (np.zeros((self.last + 1, self.trials)) for _ in range(2))
        for t in range(self.last + 1):
            closing = self.closes == t
            self._accrue(t)
            self._receive(t)
            self._draw_scheduled(t)
            self._draw_needed(t)
            self._refund(t)
            for number, step in enumerate(self.contract.waterfall):
                if isinstance(step, PayFees):
                    self._pay_fees(t, step)
                elif isinstance(step, KeepReserve):
                    self._keep(t, number, step, closing)
                else:
                    self._pay(t, number, step, closing)
            self.cash = self.cash + self.reserve
            self.reserve = np.zeros(self.trials)
            self._close(t, closing)
            balance[t] = self.cash
            arrears[t] = np.sum(list(self.unpaid.values()), axis=0) if self.unpaid else 0.0
        return self._funded(balance, arrears)

    def _accrue(self, t: int) -> None:
        """Interest and hurdles grow over the period that ends at ``t``; what is indexed or foreign is worth more or less."""
        self._revalue(t)
        per_year = self.contract.calendar.per_year
        for name, state in self.states.items():
            if t > 0:
                rate = self.performance.coupon(name, t)
                factor = (1 + rate) ** (1 / per_year) - 1
                owed = state.outstanding + state.interest_due + state.interest_growing
                state.interest_growing = state.interest_growing + owed * factor
                due = (self.closes == t) | self.performance.coupon_is_due(name, t)
                state.interest_due = state.interest_due + state.interest_growing * due
                state.interest_growing = state.interest_growing * ~due
                for number in state.hurdles:
                    hurdle = self.numbers.at(f"contract.waterfall.{number}.until.rate")
                    state.hurdles[number] = state.hurdles[number] * (1 + hurdle) ** (1 / per_year)
        if t == 0:
            for number, step in enumerate(self.contract.waterfall):
                if isinstance(step, Pay) and isinstance(step.until, UntilIrr):
                    self.states[self._whose(step)].hurdles[number] = np.zeros(self.trials)

    def _level(self, name: str, t: int) -> Value:
        """Factor from amounts of a part of the capital, as written, to the deal's money at a moment."""
        part = self.contract.capital[name]
        return self.levels.at(part.index, part.currency, t)

    def _revalue(self, t: int) -> None:
        """What is owed to capital written in an index or a currency moves with it."""
        for name, part in self.contract.capital.items():
            if t == 0 or (part.index is None and part.currency is None):
                continue
            change = self._level(name, t) / self._level(name, t - 1)
            if name in self.given:
                self.given[name] = self.given[name] * change
            if name in self.states:
                self.states[name].revalue(change)

    def _receive(self, t: int) -> None:
        """Outcome payments come in; a negative one is owed back to its payer before anything else."""
        self.cash = self.cash + self.paid_in[t]
        for payer, refund in self.refunds.items():
            self.owed_back[payer] = self.owed_back[payer] + refund[t]

    def _all_owed_back(self) -> FloatArray:
        return np.sum(list(self.owed_back.values()), axis=0)

    def _open(self, t: int) -> BoolArray:
        """Whether capital may still be drawn."""
        return (t < self.stops) | (t == 0)

    def _room(self, name: str, part: Tranche | Grant, t: int) -> FloatArray:
        if isinstance(part, Grant):
            whole = self.numbers.at(f"contract.capital.{name}.amount") * self._level(name, t)
            return np.maximum(whole - self.given[name], 0.0)
        state = self.states[name]
        used = state.outstanding if part.revolving else state.contributed
        whole = self.numbers.at(f"contract.capital.{name}.commitment") * self._level(name, t)
        return np.maximum(whole - used, 0.0)

    def _put_in(self, t: int, name: str, amount: FloatArray) -> None:
        self.cash = self.cash + amount
        if name in self.granted:
            self.granted[name][t] += amount
            self.given[name] = self.given[name] + amount
            return
        state = self.states[name]
        state.drawn[t] += amount
        state.outstanding = state.outstanding + amount
        state.contributed = state.contributed + amount
        for number in state.hurdles:
            state.hurdles[number] = state.hurdles[number] + amount

    def _draw_scheduled(self, t: int) -> None:
        for name, part in self.contract.capital.items():
            if isinstance(part, Guarantee) or isinstance(part.draw, AsNeeded):
                continue
            field_name = "amount" if isinstance(part, Grant) else "commitment"
            whole = self.numbers.at(f"contract.capital.{name}.{field_name}") * self._level(name, t)
            if isinstance(part.draw, AtClose):
                share: Value = 1.0 if t == 0 else 0.0
            else:
                found = self.numbers.get(f"contract.capital.{name}.draw.shares.{t}")
                share = 0.0 if found is None else found
            self._put_in(t, name, np.minimum(whole * share * self._open(t), self._room(name, part, t)))

    def _draw_needed(self, t: int) -> None:
        """Draw what is missing for dues and refunds, lower orders first, equal orders in proportion."""
        missing = self._due_now(t) + self._all_owed_back() - self.cash
        need = np.maximum(missing, 0.0) * self._open(t)
        groups: dict[int, list[str]] = {}
        for name, part in self.contract.capital.items():
            if not isinstance(part, Guarantee) and isinstance(part.draw, AsNeeded):
                groups.setdefault(part.order, []).append(name)
        for _, names in sorted(groups.items()):
            parts = [self.contract.capital[name] for name in names]
            rooms = [
                self._room(n, p, t) for n, p in zip(names, parts, strict=True) if not isinstance(p, Guarantee)
            ]
            room = np.sum(rooms, axis=0)
            drawn = np.minimum(need, room)
            for name, own in zip(names, rooms, strict=True):
                self._put_in(t, name, drawn * own / np.where(room > 0, room, 1.0))
            need = need - drawn

    def _due_now(self, t: int) -> FloatArray:
        due = np.zeros(self.trials)
        for (fee, party), unpaid in self.unpaid.items():
            due = due + unpaid + self.dues.owed[fee][party][t]
        return due

    def _pay_fees(self, t: int, step: PayFees) -> None:
        """Pay fees that are due with their arrears, in proportion."""
        named = {name for s in self.contract.waterfall if isinstance(s, PayFees) for name in s.of}
        mine = [key for key in self.unpaid if (key[0] in step.of if step.of else key[0] not in named)]
        due = {key: self.unpaid[key] + self.dues.owed[key[0]][key[1]][t] for key in mine}
        whole = np.sum(list(due.values()), axis=0) if due else np.zeros(self.trials)
        paid = np.minimum(whole, self.cash)
        for key, own in due.items():
            part = paid * own / np.where(whole > 0, whole, 1.0)
            self.unpaid[key] = own - part
            self.fees_paid[key[1]][t] += part
        self.cash = self.cash - paid

    def _refund(self, t: int) -> None:
        """Pay back what payers are owed, in proportion, as far as there is money."""
        whole = self._all_owed_back()
        paid = np.minimum(whole, self.cash)
        for payer, owed in self.owed_back.items():
            part = paid * owed / np.where(whole > 0, whole, 1.0)
            self.owed_back[payer] = owed - part
            self.passed_on[payer][t] += part
        self.cash = self.cash - paid

    def _keep(self, t: int, number: int, step: KeepReserve, closing: BoolArray) -> None:
        """Set money apart so that later steps do not pass it on."""
        if step.periods is not None:
            ahead = slice(t + 1, t + 1 + step.periods)
            scheduled, known = (
                np.sum([o[ahead].sum(axis=0) for p in fees.values() for o in p.values()], axis=0)
                for fees in (self.dues.scheduled, self.dues.owed)
            )
            target = np.where(t < self.stops, scheduled, known)
        else:
            target = np.zeros(self.trials) + self.numbers.at(f"contract.waterfall.{number}.amount")
        kept = np.minimum(self.cash, target) * ~closing
        self.reserve = self.reserve + kept
        self.cash = self.cash - kept

    def _whose(self, step: Pay) -> str:
        return step.of or next(name for name in step.to if name in self.states)

    def _still_due(self, t: int, number: int, step: Pay, name: str) -> FloatArray:
        """What is missing for the step's goal, for one tranche."""
        goal, path = step.until, f"contract.waterfall.{number}.until"
        if isinstance(goal, UntilAmount):
            return np.maximum(self.numbers.at(f"{path}.amount") - self.step_paid[number], 0.0)
        state = self.states[name]
        if isinstance(goal, UntilInterest):
            return state.interest_due
        if isinstance(goal, UntilPrincipal):
            return self.principal_due(name, t)
        if isinstance(goal, UntilIrr):
            return np.maximum(state.hurdles[number], 0.0)
        if isinstance(goal, UntilMultiple):
            return np.maximum(self.numbers.at(f"{path}.times") * state.contributed - state.returned, 0.0)
        return self.cash

    def principal_due(self, name: str, t: int) -> FloatArray:
        """Principal that is owed and not repaid: all of it, or the share that performance earns."""
        state = self.states[name]
        forgiven = (1 - self.performance.principal_share(name, t)) * state.contributed
        return np.maximum(state.outstanding - forgiven, 0.0)

    def _pay(self, t: int, number: int, step: Pay, closing: BoolArray) -> None:
        """Pass money on until the goal is reached, or all that is left."""
        acts = closing if step.at_end else closing | (t >= step.starts)
        cash = self.cash * acts
        shares = {name: self.numbers.get(f"contract.waterfall.{number}.to.{name}") for name in step.to}
        if any(share is None for share in shares.values()):
            due = {name: self._still_due(t, number, step, name) for name in step.to}
            whole = np.sum(list(due.values()), axis=0)
            paid = np.minimum(cash, whole)
            parts = {name: paid * own / np.where(whole > 0, whole, 1.0) for name, own in due.items()}
        else:
            paid = cash
            if isinstance(step.until, UntilAmount):
                paid = np.minimum(cash, self._still_due(t, number, step, ""))
            elif step.until is not None:
                whose = self._whose(step)
                own_share = shares[whose]
                share = np.zeros(self.trials) + (1.0 if own_share is None else own_share)
                paid = np.minimum(
                    cash, self._still_due(t, number, step, whose) / np.where(share > 0, share, 1.0)
                )
            parts = {name: paid * share for name, share in shares.items() if share is not None}
        for name, amount in parts.items():
            self._hand_over(t, name, amount, step)
            self.step_paid[number] = self.step_paid[number] + amount
            self.cash = self.cash - amount

    def _hand_over(self, t: int, name: str, amount: FloatArray, step: Pay) -> None:
        if name not in self.states:
            self.passed_on[name][t] += amount
            return
        state = self.states[name]
        state.received[t] += amount
        state.returned = state.returned + amount
        for hurdle in state.hurdles:
            state.hurdles[hurdle] = state.hurdles[hurdle] - amount
        principal_first = isinstance(step.until, UntilPrincipal)
        if not principal_first:
            interest = np.minimum(amount, state.interest_due)
            state.interest_due = state.interest_due - interest
            amount = amount - interest
        principal = np.minimum(amount, state.outstanding)
        state.outstanding = state.outstanding - principal
        state.repaid_principal = state.repaid_principal + principal

    def _close(self, t: int, closing: BoolArray) -> None:
        """Call guarantees and hand what is left to the holder of the account, where the contract ends now."""
        if not closing.any():
            return
        for name, part in self.contract.capital.items():
            if isinstance(part, Guarantee):
                self._call(t, name, part, closing)
        for name in self.states:
            self.principal_lost[name] = np.where(
                closing, self.principal_due(name, t), self.principal_lost[name]
            )
        rest = self.cash * closing
        self.passed_on[self.contract.account][t] += rest
        self.cash = self.cash - rest

    def _call(self, t: int, name: str, part: Guarantee, closing: BoolArray) -> None:
        limit = self.guaranteed_really.get(name)
        room = np.zeros(self.trials) + (
            self.numbers.at(f"contract.capital.{name}.up_to") * self._level(name, t)
            if limit is None
            else limit
        )
        room = room - self.called[name].sum(axis=0)
        share = self.numbers.at(f"contract.capital.{name}.share")
        for tranche in part.of:
            state = self.states[tranche]
            covered = np.minimum(self.principal_due(tranche, t) * share, np.maximum(room, 0.0)) * closing
            room = room - covered
            self.called[name][t] += covered
            state.received[t] += covered
            state.returned = state.returned + covered
            state.outstanding = state.outstanding - covered

    def _funded(self, balance: FloatArray, arrears: FloatArray) -> Funded:
        return Funded(
            drawn={**{name: state.drawn for name, state in self.states.items()}, **self.granted},
            received={name: state.received for name, state in self.states.items()},
            guaranteed=self.called,
            fees_paid=self.fees_paid,
            passed_on=self.passed_on,
            refunds_unpaid=self._all_owed_back(),
            balance=balance,
            arrears=arrears,
            principal_lost=self.principal_lost,
            ends=self.closes,
        )
