"""The result of a simulation: every party's money in every trial and period."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from simulator.scenario.distributions import FloatArray
from simulator.scenario.scenario import Scenario

OUTSIDE = "outside"
"""Staff, suppliers and everybody else whom the parties pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Money of one simulation. Arrays have shape ``(periods + 1, trials)`` unless said otherwise.

    Positive means received by the party named, in the deal's currency, nominal.
    """

    parties: dict[str, FloatArray]
    """Net flow of each party, and of :data:`OUTSIDE`."""
    balance: FloatArray
    """Money in the account after each moment."""
    payments: dict[str, FloatArray]
    """By term, what payers paid for it (negative where money went back)."""
    payers: dict[str, FloatArray]
    """By payer, what it paid for results before rebates and refunds."""
    refunds_unpaid: FloatArray
    """Refunds owed to payers for which the account had no money, shape ``(trials,)``."""
    rebates: dict[str, FloatArray]
    """By payer, what came back to it: refunds of negative payments, and its share in the waterfall."""
    drawn: dict[str, FloatArray]
    """By tranche or grant, money put in."""
    received: dict[str, FloatArray]
    """By tranche, money got back."""
    guaranteed: dict[str, FloatArray]
    """By guarantee, money paid."""
    spent: dict[str, FloatArray]
    """By cost line, what the work cost."""
    fees: dict[str, FloatArray]
    """By party, fees received."""
    arrears: FloatArray
    """Fees due and unpaid after each moment."""
    unpaid: dict[str, FloatArray]
    """Earned and not paid, by cause, shape ``(trials,)``."""
    enrolled: FloatArray
    """People who took part, shape ``(trials,)``."""
    measured: dict[str, FloatArray]
    """By result, people, claims or amount certified, shape ``(trials,)``."""
    true: dict[str, FloatArray]
    """By result, the same as it truly was."""
    anyway: dict[str, FloatArray]
    """By result, the same as expected without the programme."""
    deadweight: dict[str, FloatArray]
    """By term, which part of its payment is for what would have happened anyway, shape ``(trials,)``."""
    rates: dict[str, FloatArray]
    """By party or role, the rate a year at which it discounts, shape ``(trials,)``."""
    ended: FloatArray
    """Moment of an early end, one past the last moment where there was none, shape ``(trials,)``."""
    deflator: FloatArray
    """Level of the world's deflator: nominal money divided by it is money of close."""
    principal_lost: dict[str, FloatArray]
    """By tranche, principal owed and not repaid, shape ``(trials,)``."""
    additional: dict[str, FloatArray]
    """By result that the world gives a value, what the programme added (in the wanted direction) when it was measured."""
    valued: dict[str, FloatArray]
    """By path, what the figures behind public value and the alternative by inputs are, shape ``(trials,)``."""
    trust_deposits: dict[str, FloatArray]
    """By payer that sets money apart in a trust, what it puts in."""
    trust_covered: dict[str, FloatArray]
    """By payer, what was paid for results out of the trust (a part of what ``payers`` tells)."""
    trust_interest: dict[str, FloatArray]
    """By payer, what its part of the trust earned, from outside."""
    trust_fees: dict[str, FloatArray]
    """By payer, what holding its part of the trust cost."""
    trust_returned: dict[str, FloatArray]
    """By payer, what came back to it out of the trust when the contract closed."""
    trust_balance: dict[str, FloatArray]
    """By payer, its part of the trust after each moment."""

    def imbalance(self) -> float:
        """Largest sum of all parties' flows and the change of the account and the trust, over all trials and moments."""
        held = np.sum([self.balance, *self.trust_balance.values()], axis=0)
        change = np.diff(held, axis=0, prepend=0.0)
        return float(np.abs(np.sum(list(self.parties.values()), axis=0) + change).max())


def join(parts: list[Flows]) -> Flows:
    """Put the trials of several blocks side by side."""
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, Any] = {}
    for item in fields(Flows):
        values = [getattr(part, item.name) for part in parts]
        if isinstance(values[0], dict):
            joined[item.name] = {key: np.concatenate([v[key] for v in values], axis=-1) for key in values[0]}
        else:
            joined[item.name] = np.concatenate(values, axis=-1)
    return Flows(**joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A scenario, the luck it was run with, and the money that came of it."""

    scenario: Scenario
    seed: int
    trials: int
    flows: Flows
    replayed: bool = False
    """Whether chance was left out and what really happened was put in."""

    @property
    def per_year(self) -> int:
        """Periods a year."""
        return self.scenario.contract.calendar.per_year
