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

    Defined as, summed over terms: payment × the part of what is paid for that was to be expected without the
    programme. For terms that count, that part is ``anyway / measured``; for terms on a difference to a fixed benchmark
    it is ``(anyway − benchmark) / (measured − benchmark)``, both held inside 0 and 1. Terms on a difference to a
    comparison group pay for no deadweight by design.
    """
    flows, contract = simulation.flows, simulation.scenario.contract
    whole = np.zeros(simulation.trials)
    for name, term in contract.payments.items():
        if term.on is None:
            continue
        counts = term.quantity in ("count", "claims", "total", "rate", "mean")
        if not counts and term.on not in flows.agreed:
            continue
        granted = 0.0 if counts else flows.agreed[term.on]
        expected, counted = flows.anyway[term.on] - granted, flows.measured[term.on] - granted
        part = np.where(counted != 0, expected / np.where(counted != 0, counted, 1.0), 0.0)
        whole = whole + flows.payments[name].sum(axis=0) * np.clip(part, 0.0, 1.0)
    return whole
