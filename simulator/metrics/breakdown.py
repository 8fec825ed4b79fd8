"""Numbers taken apart: payments by payer, cost by result, shortfall where there is one.

What a whole hides: that the State pays less than half, that a deal buys several results, that a mean over all
futures is small because most of them need nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.engine.result import Simulation
from simulator.metrics import measures
from simulator.metrics.registry import provider_cash
from simulator.metrics.summary import Estimate, estimate
from simulator.scenario.distributions import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What one payer, or several together, pay and get back; shape ``(periods + 1, trials)``."""

    gross: FloatArray
    """Paid for results."""
    returned: FloatArray
    """Come back: refunds of what was paid too much, and a share of what is left in the account."""

    @property
    def net(self) -> FloatArray:
        """What is paid in the end: gross less returned."""
        return self.gross - self.returned


def payments_of(simulation: Simulation, payers: tuple[str, ...] = ()) -> Payments:
    """Add up what some payers pay; all of them if none is named.

    Parameters
    ----------
    simulation
        A simulated deal.
    payers
        Names of payers.
    """
    flows = simulation.flows
    names = payers or tuple(flows.payers)
    return Payments(
        gross=np.sum([flows.payers[name] for name in names], axis=0),
        returned=np.sum([flows.rebates[name] for name in names], axis=0),
    )


def public_payers(simulation: Simulation) -> tuple[str, ...]:
    """Name the payers that are public bodies."""
    parties = simulation.scenario.contract.parties
    return tuple(name for name in simulation.flows.payers if parties[name].public)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCost:
    """What one result that is paid for comes to."""

    paid: Estimate
    """Paid by the terms on this result, gross."""
    measured: Estimate
    additional: Estimate
    """Beyond what would have happened anyway, as it truly was."""
    per_additional: float
    """Mean payment for this result divided by its mean additional units; undefined without any."""


def result_costs(simulation: Simulation) -> dict[str, ResultCost]:
    """Tell by result that is paid for what is paid for *it*, and what an additional unit of it costs."""
    flows, contract = simulation.flows, simulation.scenario.contract
    costs = {}
    for name, result in contract.results.items():
        own = [
            flows.payments[term].sum(axis=0) for term, item in contract.payments.items() if item.on == name
        ]
        if not own:
            continue
        sign = -1.0 if result.less_is_better else 1.0
        paid, additional = np.sum(own, axis=0), sign * (flows.true[name] - flows.anyway[name])
        mean = float(additional.mean())
        costs[name] = ResultCost(
            paid=estimate(paid), measured=estimate(flows.measured[name]), additional=estimate(additional),
            per_additional=float(paid.mean()) / mean if mean > 0 else float("nan"),
        )  # fmt: skip
    return costs


def shortfall_where_short(simulation: Simulation) -> FloatArray:
    """Deepest lack of cash of the providers in the trials in which they run out of it.

    Returns
    -------
    Money, positive, NaN where they never lack any, shape ``(trials,)``.
    """
    low = np.minimum(provider_cash(simulation).min(axis=0), 0.0)
    size = max(float(np.abs(simulation.flows.parties["outside"]).sum(axis=0).max()), 1.0)
    return np.where(low < -measures.NEGLIGIBLE * size, -low, np.nan)


def first_shortfall_years(simulation: Simulation) -> FloatArray:
    """Tell when the providers run out of cash for the first time.

    Returns
    -------
    Years since close, NaN in the trials in which they never do, shape ``(trials,)``.
    """
    cash = provider_cash(simulation)
    size = max(float(np.abs(simulation.flows.parties["outside"]).sum(axis=0).max()), 1.0)
    is_short = cash < -measures.NEGLIGIBLE * size
    return np.where(is_short.any(axis=0), is_short.argmax(axis=0) / simulation.per_year, np.nan)


__all__ = [
    "Payments",
    "ResultCost",
    "first_shortfall_years",
    "payments_of",
    "public_payers",
    "result_costs",
    "shortfall_where_short",
]
