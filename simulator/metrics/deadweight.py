"""What payers pay in the end, and how much of it is for what would have happened anyway."""

from __future__ import annotations

import numpy as np

from simulator.engine.result import Simulation
from simulator.scenario.distributions import FloatArray


def payer_payments(simulation: Simulation) -> FloatArray:
    """What payers pay in the end: payments less rebates, shape ``(periods + 1, trials)``."""
    flows = simulation.flows
    paid: FloatArray = np.sum([flows.payers[name] - flows.rebates[name] for name in flows.payers], axis=0)
    return paid


def deadweight_payments(simulation: Simulation) -> FloatArray:
    """Payment for what would have happened anyway, shape ``(trials,)``.

    Defined as the sum over terms of payment, gross of what comes back, times the part that
    :func:`simulator.engine.deadweight.deadweight_parts` gives.
    """
    flows = simulation.flows
    parts = [flows.payments[name].sum(axis=0) * part for name, part in flows.deadweight.items()]
    whole: FloatArray = np.sum([np.zeros(simulation.trials), *parts], axis=0)
    return whole
