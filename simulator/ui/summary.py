"""What a screen needs of a simulation: a few kilobytes, plain, kept by the cache in place of the money itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.charts.series import Dots, Fan, Move, YearMoney, dots, fan, money_moves, year_money
from simulator.engine.result import Simulation
from simulator.metrics.registry import investor_stream, metrics, payer_payments, provider_cash
from simulator.metrics.summary import Estimate, estimate
from simulator.scenario.capital import Tranche
from simulator.scenario.distributions import FloatArray

SHOWN = (
    "payer.payments", "payer.payments_present_value", "payer.nothing_paid_probability", "payer.earned_unpaid",
    "payer.payments_for_deadweight", "investors.irr", "investors.net", "investors.moic", "investors.npv",
    "investors.loss_probability", "investors.total_loss_probability", "investors.expected_loss",
    "investors.loss_given_loss", "investors.drawn", "investors.peak_capital", "investors.payback_years",
    "investors.shortfall_95", "provider.cash_low_point", "provider.out_of_cash_probability", "provider.margin",
    "people.enrolled",
)  # fmt: skip
"""Numbers that any deal may show; those of its results and tranches come on top."""
PER_TRANCHE = ("net", "loss_probability", "loss_given_loss", "moic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One deal in one position of its levers, with one seed and so many trials."""

    trials: int
    estimates: dict[str, Estimate]
    roles: dict[str, Estimate]
    """By role, what its parties together have in the end."""
    behind: dict[str, float]
    """By role, the share of futures in which they have less in the end than at the beginning."""
    moves: tuple[Move, ...]
    years: tuple[YearMoney, ...]
    fans: dict[str, Fan]
    dots: dict[str, Dots]

    def mean(self, key: str) -> float:
        """Mean of a number."""
        return self.estimates[key].mean


def summarise(simulation: Simulation) -> Summary:
    """Boil a simulation down to what is drawn and written on the screen."""
    flows, contract = simulation.flows, simulation.scenario.contract
    registry = metrics(simulation)
    size = max(float(np.abs(table).sum(axis=0).max()) for table in flows.parties.values())
    wanted = [key for key in _wanted(simulation) if key in registry]
    totals = _by_role(simulation)
    paid = payer_payments(simulation)
    cash = provider_cash(simulation)
    fans = {
        "provider": fan(cash, simulation.per_year),
        "payer": fan(-np.cumsum(paid, axis=0), simulation.per_year),
    }
    spots = {
        "payer.payments": dots(paid.sum(axis=0), size=size),
        "provider.margin": dots(cash[-1], size=size),
    }
    stream = investor_stream(simulation)
    if stream is not None:
        fans["investor"] = fan(np.cumsum(stream.flows, axis=0), simulation.per_year)
        spots["investors.net"] = dots(registry["investors.net"].values(), size=size)
        spots["investors.irr"] = dots(registry["investors.irr"].values(), is_rate=True)
    return Summary(
        trials=simulation.trials,
        estimates={key: registry[key].estimate() for key in wanted},
        roles={role: estimate(values) for role, values in totals.items()},
        behind={role: float((values < -1e-9 * size).mean()) for role, values in totals.items()},
        moves=money_moves(simulation),
        years=year_money(paid, contract.calendar),
        fans=fans,
        dots=spots,
    )


def _by_role(simulation: Simulation) -> dict[str, FloatArray]:
    """Sum of all flows of the parties of each role, shape ``(trials,)``."""
    totals: dict[str, FloatArray] = {}
    for name, party in simulation.scenario.contract.parties.items():
        own = simulation.flows.parties[name].sum(axis=0)
        totals[party.role] = totals[party.role] + own if party.role in totals else own
    return totals


def _wanted(simulation: Simulation) -> list[str]:
    """Name the numbers to keep: the usual ones, those of results, and those of tranches if there are several."""
    contract = simulation.scenario.contract
    results = [
        f"{name}.{number}"
        for name in contract.results
        for number in ("measured", "true", "additional", "payer_cost_per_additional", "payment_per_measured")
    ]
    tranches = [name for name, part in contract.capital.items() if isinstance(part, Tranche)]
    several = [f"{name}.{number}" for name in tranches for number in PER_TRANCHE] if len(tranches) > 1 else []
    called = [f"{name}.{word}" for name in contract.capital for word in ("called", "given")]
    return [*SHOWN, *results, *several, *called]


__all__ = ["PER_TRANCHE", "SHOWN", "Summary", "summarise"]
