"""The trust: money that payers set apart beforehand, so that a year without appropriation does not stop payments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.engine.draws import Numbers
from simulator.scenario.contract import Trust
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one payer's part of the trust goes through. Arrays ``(periods + 1, trials)``."""

    deposited: FloatArray
    """Put in by the payer."""
    covered: FloatArray
    """Paid for results out of it."""
    interest: FloatArray
    """Earned on what was held, from outside."""
    fee: FloatArray
    """Paid to who holds it."""
    returned: FloatArray
    """Given back to the payer when the contract closes."""
    balance: FloatArray
    """Held after each moment."""


def cover(
    scenario: Scenario, numbers: Numbers, payer: str, due: FloatArray, held: FloatArray, ends: FloatArray
) -> tuple[Held, FloatArray]:
    """Pay what falls due out of what a payer has set apart, as far as it goes, and the rest out of its budget.

    At each moment, in this order: interest and fee on what was held, deposit, payment. Deposits are made while the
    contract runs, and only in fiscal years in which the payer's appropriation is there; so is the rest paid.

    Parameters
    ----------
    scenario, numbers
        The deal and the values of its figures.
    payer
        Who has set money apart.
    due
        What it owes at each moment (negative where money is owed back), shape ``(periods + 1, trials)``.
    held
        1 where its appropriation is there at each moment, else 0, same shape.
    ends
        Moment of an early end, shape ``(trials,)``.

    Returns
    -------
    What the trust goes through before it is closed, and which share of what is due is paid.
    """
    trust, calendar = scenario.contract.trust, scenario.contract.calendar
    assert trust is not None  # noqa: S101 - the caller has looked
    path = f"contract.trust.deposits.{payer}"
    tables = [np.zeros_like(due) for _ in range(5)]
    deposited, covered, interest, fee, balance = tables
    paid = np.ones_like(due)
    growth = (1 + np.asarray(numbers.at("contract.trust.interest"))) ** (1 / calendar.per_year) - 1
    now = np.zeros(due.shape[1])
    for t in range(due.shape[0]):
        if t > 0:
            interest[t] = now * growth
            charged = _charged(trust, numbers, payer, now) / calendar.per_year
            fee[t] = np.minimum(charged, now + interest[t]) if trust.fee_from == "trust" else charged
            now = now + interest[t] - (fee[t] if trust.fee_from == "trust" else 0.0)
        share = numbers.get(f"{path}.at.{t}")
        is_open: BoolArray = (t < ends) | (t == 0)
        if share is not None:
            deposited[t] = numbers.at(f"{path}.amount") * share * is_open * held[t]
        owed = np.maximum(due[t], 0.0)
        covered[t] = np.minimum(now + deposited[t], owed)
        now = now + deposited[t] - covered[t]
        balance[t] = now
        whole = covered[t] + (owed - covered[t]) * held[t]
        paid[t] = np.where(owed > 0, whole / np.where(owed > 0, owed, 1.0), 1.0)
    return Held(
        deposited=deposited, covered=covered, interest=interest, fee=fee, returned=np.zeros_like(due), balance=balance
    ), paid  # fmt: skip


def _charged(trust: Trust, numbers: Numbers, payer: str, balance: FloatArray) -> FloatArray:
    """Fee of a year on what is held, and this payer's part of the fixed one, in proportion to the agreed deposits."""
    amounts = {
        name: np.zeros_like(balance) + numbers.at(f"contract.trust.deposits.{name}.amount")
        for name in trust.deposits
    }
    whole = np.sum(list(amounts.values()), axis=0)
    part = np.where(whole > 0, amounts[payer] / np.where(whole > 0, whole, 1.0), 0.0)
    charged: FloatArray = balance * numbers.at("contract.trust.fee_share") + part * numbers.at(
        "contract.trust.fee_amount"
    )
    return charged


def close(held: Held, closes: FloatArray) -> Held:
    """Give back what is left at the moment the contract closes; nothing moves after that.

    Parameters
    ----------
    held
        What :func:`cover` gave.
    closes
        Moment at which the account is closed, shape ``(trials,)``.
    """
    moments = np.arange(held.balance.shape[0])[:, None]
    during = moments <= closes
    return Held(
        deposited=held.deposited * during, covered=held.covered * during, interest=held.interest * during,
        fee=held.fee * during, returned=held.balance * (moments == closes), balance=held.balance * (moments < closes),
    )  # fmt: skip


__all__ = ["Held", "close", "cover"]
