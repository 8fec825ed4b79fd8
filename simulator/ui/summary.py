"""What a screen needs of a simulation: a few kilobytes, plain, kept by the cache in place of the money itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.charts.series import NEGLIGIBLE, Dots, Fan, Move, YearMoney, dots, fan, money_moves, year_money
from simulator.engine.result import Simulation
from simulator.metrics.breakdown import (
    ResultCost,
    first_shortfall_years,
    payments_of,
    public_payers,
    result_costs,
    shortfall_where_short,
)
from simulator.metrics.deadweight import payer_payments
from simulator.metrics.registry import investor_stream, metrics, provider_cash
from simulator.metrics.summary import Estimate, estimate
from simulator.scenario.capital import Tranche
from simulator.scenario.distributions import FloatArray

SHOWN = (
    "payer.payments", "payer.payments_present_value", "payer.nothing_paid_probability", "payer.earned_unpaid",
    "payer.payments_for_deadweight", "investors.irr", "investors.net", "investors.moic", "investors.npv",
    "investors.loss_probability", "investors.total_loss_probability", "investors.expected_loss",
    "investors.loss_given_loss", "investors.drawn", "investors.peak_capital", "investors.payback_years",
    "investors.value_at_risk_95", "investors.shortfall_95",
    "provider.cash_low_point", "provider.out_of_cash_probability", "provider.margin",
    "people.enrolled",
)  # fmt: skip
"""Numbers that any deal may show; those of its results and tranches come on top."""
PER_TRANCHE = ("net", "loss_probability", "loss_given_loss", "moic")
WHOLE, PUBLIC = "", ":public"
"""All payers together, and the public ones together; no party can have such names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerPart:
    """What one payer pays, or several together."""

    gross: Estimate
    returned: Estimate
    net: Estimate
    nothing: float
    """Share of futures in which nothing is paid in the end."""
    share: float
    """Of the mean payment of all; undefined if nothing is ever paid."""
    years: tuple[YearMoney, ...]
    returned_years: tuple[YearMoney, ...]
    """What comes back, by fiscal year."""
    dots: Dots

    @property
    def returned_share(self) -> float:
        """Part of the mean gross payment that comes back."""
        return self.returned.mean / self.gross.mean if self.gross.mean > 0 else 0.0


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
    payers: dict[str, PayerPart]
    """By payer; :data:`WHOLE`; and :data:`PUBLIC` if some but not all are public bodies."""
    results: dict[str, ResultCost]
    """By result that is paid for."""
    shortfall: Estimate
    """What the providers lack in the futures in which they lack anything."""
    short_from: Estimate
    """In those futures, when they run out of cash for the first time, in years since close."""

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
    cash = np.where(np.abs(cash) < NEGLIGIBLE * size, 0.0, cash)  # rounding is nothing to draw
    fans = {
        "provider": fan(cash, simulation.per_year, deepest=True),
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
        payers=_payers(simulation, size),
        results=result_costs(simulation),
        shortfall=estimate(shortfall_where_short(simulation)),
        short_from=estimate(first_shortfall_years(simulation)),
    )


def _payers(simulation: Simulation, size: float) -> dict[str, PayerPart]:
    names, public = tuple(simulation.flows.payers), public_payers(simulation)
    groups = {WHOLE: names} | ({name: (name,) for name in names} if len(names) > 1 else {})
    if public and public != names:
        groups[PUBLIC] = public
    whole = float(payments_of(simulation).net.sum(axis=0).mean())
    parts = {}
    for key, group in groups.items():
        paid = payments_of(simulation, group)
        net = paid.net.sum(axis=0)
        parts[key] = PayerPart(
            gross=estimate(paid.gross.sum(axis=0)), returned=estimate(paid.returned.sum(axis=0)), net=estimate(net),
            nothing=float((net <= 0).mean()), share=float(net.mean()) / whole if whole > 0 else float("nan"),
            years=year_money(paid.net, simulation.scenario.contract.calendar),
            returned_years=year_money(paid.returned, simulation.scenario.contract.calendar), dots=dots(net, size=size),
        )  # fmt: skip
    return parts


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


__all__ = ["PER_TRANCHE", "PUBLIC", "SHOWN", "WHOLE", "PayerPart", "Summary", "summarise"]
