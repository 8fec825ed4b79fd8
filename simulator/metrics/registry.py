"""The registry of numbers by party: each with its name, unit, party, direction and function.

A new number is one new entry here; command line, app, documents and translations follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from simulator.engine.draws import GROUP
from simulator.engine.result import Simulation
from simulator.metrics import measures
from simulator.metrics.deadweight import deadweight_payments, payer_payments
from simulator.metrics.irr import IrrStatus, irr
from simulator.metrics.summary import Estimate, estimate, ratio_of_means
from simulator.scenario.capital import Grant, Guarantee, Tranche
from simulator.scenario.distributions import FloatArray
from simulator.value.alternatives import Books
from simulator.value.streams import LOGICS

Unit = Literal["money", "rate", "share", "multiple", "years", "units", "money_per_unit"]
Better = Literal["higher", "lower", "neither"]
DEFAULT_HURDLE = 0.0


@dataclass(frozen=True, slots=True)
class Stream:
    """The money of one investor, tranche or group of them."""

    flows: FloatArray
    drawn: FloatArray
    received: FloatArray
    hurdle: FloatArray | float
    per_year: int


FAMILIES = {"parties": "balance", "payments": "payments"}
"""Numbers that every party or every term has one of: what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number of one party."""

    key: str
    """Stable name, ``party.number``."""
    unit: Unit
    party: str
    better: Better
    """Which direction this party likes."""
    values: Callable[[], FloatArray]
    """The number in each trial, NaN where undefined."""
    summarise: Callable[[], Estimate] | None = None
    """How to summarise, if not by the values alone."""
    group: int | None = None
    """Trials in a row whose points depend on each other (Latin hypercube, Sobol'), if they do."""

    @property
    def name(self) -> str:
        """Key of its name in the catalogues: the number without the party, or that of a family of numbers."""
        family, _, number = self.key.rpartition(".")
        return f"metric.{FAMILIES.get(family, number)}"

    def estimate(self) -> Estimate:
        """What the trials say about it."""
        if self.summarise is not None:
            return self.summarise()
        return estimate(self.values(), group=self.group)


def metrics(simulation: Simulation) -> dict[str, Metric]:
    """All numbers that a simulated deal has, by key, computed when they are asked for."""
    makers = (
        _payer_metrics,
        _value_metrics,
        _result_metrics,
        _capital_metrics,
        _provider_metrics,
        _party_metrics,
    )
    group = None if simulation.scenario.simulation.sampling == "plain" else GROUP
    found = (metric for maker in makers for metric in maker(simulation))
    return {metric.key: replace(metric, group=group) for metric in found}


def estimates(simulation: Simulation) -> dict[str, Estimate]:
    """Estimates of all numbers of a simulated deal, by key."""
    return {key: metric.estimate() for key, metric in metrics(simulation).items()}


def rate_of(simulation: Simulation, role: str, default: FloatArray | float) -> FloatArray | float:
    """Discount rate a year of a party or role: one for each trial, since it may be uncertain."""
    return simulation.flows.rates.get(role, default)


def _payer_metrics(simulation: Simulation) -> Iterator[Metric]:
    paid = payer_payments(simulation)
    rate = rate_of(simulation, "payer", 0.0)
    flows = simulation.flows
    yield Metric(
        key="payer.payments", unit="money", party="payer", better="lower", values=lambda: paid.sum(axis=0)
    )
    yield Metric(
        key="payer.payments_gross", unit="money", party="payer", better="lower",
        values=lambda: np.sum([table.sum(axis=0) for table in flows.payers.values()], axis=0),
    )  # fmt: skip
    for term, table in flows.payments.items():
        yield Metric(
            key=f"payments.{term}", unit="money", party="payer", better="lower", values=_same(table.sum(axis=0))
        )  # fmt: skip
    yield Metric(
        key="payer.payments_present_value", unit="money", party="payer", better="lower",
        values=lambda: measures.present_value(paid, rate, simulation.per_year),
    )  # fmt: skip
    if simulation.scenario.world.deflator is not None:
        yield Metric(
            key="payer.payments_real", unit="money", party="payer", better="lower",
            values=lambda: (paid / flows.deflator).sum(axis=0),
        )  # fmt: skip
    yield Metric(
        key="payer.nothing_paid_probability", unit="share", party="payer", better="neither",
        values=lambda: (paid.sum(axis=0) <= 0).astype(float),
    )  # fmt: skip
    earned = [money for cause, money in flows.unpaid.items() if cause != "gate"]
    if flows.unpaid:
        yield Metric(
            key="payer.earned_unpaid", unit="money", party="payer", better="neither",
            values=lambda: np.sum([np.zeros(simulation.trials), *earned], axis=0),
        )  # fmt: skip
    yield Metric(
        key="payer.payments_for_deadweight", unit="money", party="payer", better="lower",
        values=lambda: deadweight_payments(simulation),
    )  # fmt: skip


def _value_metrics(simulation: Simulation) -> Iterator[Metric]:
    """What the payers' money is worth under the contract, if the deal says what results are worth."""
    if simulation.scenario.world.value is None:
        return

    @cache
    def sums() -> dict[str, FloatArray]:
        books = Books(simulation)
        cost = books.cost("contract", "official")
        cash, budget, social = (books.value("contract", logic, "marginal", "official") for logic in LOGICS)
        return {
            "real_spending_present_value": cost, "cash_savings": cash, "budget_savings": budget,
            "social_benefit": social - budget, "net_cash": cash - cost, "net_value": social - cost,
            "net_value_probability": (social - cost > 0).astype(float),
            "cash_ratio": _ratio(cash, cost)(), "benefit_cost_ratio": _ratio(social, cost)(), "all": social,
        }  # fmt: skip

    def of(name: str) -> Callable[[], FloatArray]:
        return lambda: sums()[name]

    def ratio(name: str) -> Callable[[], Estimate]:
        return lambda: ratio_of_means(sums()[name], sums()["real_spending_present_value"])

    yield Metric(
        key="payer.real_spending_present_value", unit="money", party="payer", better="lower",
        values=of("real_spending_present_value"),
    )  # fmt: skip
    for name in ("cash_savings", "budget_savings", "social_benefit", "net_cash", "net_value"):
        yield Metric(key=f"payer.{name}", unit="money", party="payer", better="higher", values=of(name))
    yield Metric(
        key="payer.net_value_probability", unit="share", party="payer", better="higher",
        values=of("net_value_probability"),
    )  # fmt: skip
    for name, gained in (("cash_ratio", "cash_savings"), ("benefit_cost_ratio", "all")):
        yield Metric(
            key=f"payer.{name}", unit="multiple", party="payer", better="higher",
            values=of(name), summarise=ratio(gained),
        )  # fmt: skip


def _result_metrics(simulation: Simulation) -> Iterator[Metric]:
    flows, contract = simulation.flows, simulation.scenario.contract
    yield Metric(
        key="people.enrolled", unit="units", party="people", better="higher", values=lambda: flows.enrolled
    )
    for name, result in contract.results.items():
        sign = -1.0 if result.less_is_better else 1.0
        additional = sign * (flows.true[name] - flows.anyway[name])
        own = [flows.payments[term].sum(axis=0) for term, t in contract.payments.items() if t.on == name]
        better: Better = "lower" if result.less_is_better else "higher"
        yield Metric(
            key=f"{name}.measured",
            unit="units",
            party="people",
            better=better,
            values=_same(flows.measured[name]),
        )
        yield Metric(
            key=f"{name}.true", unit="units", party="people", better=better, values=_same(flows.true[name])
        )
        yield Metric(
            key=f"{name}.additional", unit="units", party="people", better="higher", values=_same(additional)
        )
        if own:
            paid: FloatArray = np.sum(own, axis=0)
            yield Metric(
                key=f"{name}.payment_per_measured", unit="money_per_unit", party="payer", better="lower",
                values=_ratio(paid, flows.measured[name]),
            )  # fmt: skip
            yield Metric(
                key=f"{name}.payer_cost_per_additional", unit="money_per_unit", party="payer", better="lower",
                values=_ratio(paid, additional), summarise=_ratio_of_means(paid, additional),
            )  # fmt: skip


def _same(values: FloatArray) -> Callable[[], FloatArray]:
    return lambda: values


def _ratio(above: FloatArray, below: FloatArray) -> Callable[[], FloatArray]:
    return lambda: np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _ratio_of_means(above: FloatArray, below: FloatArray) -> Callable[[], Estimate]:
    return lambda: ratio_of_means(above, below)


def investor_stream(simulation: Simulation) -> Stream | None:
    """Money of all investors together; nothing if the deal has none."""
    contract, flows = simulation.scenario.contract, simulation.flows
    names = [name for name, party in contract.parties.items() if party.role == "investor"]
    if not names:
        return None
    total = np.sum([flows.parties[name] for name in names], axis=0)
    tranches = [
        n for n, part in contract.capital.items() if isinstance(part, Tranche) and part.party in names
    ]
    drawn = np.sum([flows.drawn[n] for n in tranches], axis=0) if tranches else np.maximum(-total, 0.0)
    return Stream(
        total, drawn, total + drawn, rate_of(simulation, "investors", DEFAULT_HURDLE), simulation.per_year
    )


def tranche_streams(simulation: Simulation) -> dict[str, Stream]:
    """Money of each tranche."""
    flows, contract = simulation.flows, simulation.scenario.contract
    streams = {}
    for name, part in contract.capital.items():
        if isinstance(part, Tranche):
            rate = rate_of(simulation, part.party, rate_of(simulation, "investors", DEFAULT_HURDLE))
            net = flows.received[name] - flows.drawn[name]
            streams[name] = Stream(net, flows.drawn[name], flows.received[name], rate, simulation.per_year)
    return streams


def _capital_metrics(simulation: Simulation) -> Iterator[Metric]:
    everybody = investor_stream(simulation)
    if everybody is not None:
        yield from stream_metrics("investors", everybody)
    for name, stream in tranche_streams(simulation).items():
        yield from stream_metrics(name, stream)
    for name, part in simulation.scenario.contract.capital.items():
        if isinstance(part, Guarantee):
            paid = simulation.flows.guaranteed[name].sum(axis=0)
            yield Metric(
                key=f"{name}.called", unit="money", party=part.party, better="lower", values=_same(paid)
            )
        elif isinstance(part, Grant):
            given = simulation.flows.drawn[name].sum(axis=0)
            yield Metric(
                key=f"{name}.given", unit="money", party=part.party, better="neither", values=_same(given)
            )


def stream_metrics(owner: str, s: Stream) -> Iterator[Metric]:
    """Numbers of an investor or tranche."""
    numbers: tuple[tuple[str, Unit, Better, Callable[[], FloatArray]], ...] = (
        ("net", "money", "higher", lambda: measures.net(s.flows)),
        ("moic", "multiple", "higher", lambda: measures.multiple(s.received, s.drawn)),
        ("npv", "money", "higher", lambda: measures.present_value(s.flows, s.hurdle, s.per_year)),
        ("loss", "money", "lower", lambda: measures.loss(s.flows)),
        ("loss_probability", "share", "lower", lambda: measures.is_loss(s.flows)),
        ("total_loss_probability", "share", "lower", lambda: measures.is_total_loss(s.received, s.drawn)),
        ("expected_loss", "money", "lower", lambda: measures.loss(s.flows)),
        ("loss_given_loss", "money", "lower", lambda: measures.loss_where_lost(s.flows)),
        ("drawn", "money", "neither", lambda: s.drawn.sum(axis=0)),
        ("peak_capital", "money", "lower", lambda: measures.peak_capital(s.flows)),
        ("average_capital", "money", "lower", lambda: measures.average_capital(s.flows)),
        ("payback_years", "years", "lower", lambda: measures.payback_years(s.flows, s.per_year)),
        ("duration_years", "years", "lower", lambda: measures.duration_years(s.received, s.per_year)),
    )  # fmt: skip
    yield Metric(
        key=f"{owner}.irr", unit="rate", party=owner, better="higher",
        values=lambda: irr(s.flows, periods_per_year=s.per_year).rate, summarise=lambda: irr_estimate(s),
    )  # fmt: skip
    for number, unit, better, values in numbers:
        yield Metric(key=f"{owner}.{number}", unit=unit, party=owner, better=better, values=values)
    yield Metric(
        key=f"{owner}.value_at_risk_95", unit="money", party=owner, better="lower",
        values=lambda: -measures.net(s.flows), summarise=lambda: _tail(s, mean=False),
    )  # fmt: skip
    yield Metric(
        key=f"{owner}.shortfall_95", unit="money", party=owner, better="lower",
        values=lambda: -measures.net(s.flows), summarise=lambda: _tail(s, mean=True),
    )  # fmt: skip


def irr_estimate(s: Stream) -> Estimate:
    """Estimate of a rate of return, with the share of trials in which there is none, by reason."""
    found = irr(s.flows, periods_per_year=s.per_year)
    reasons = {
        status.name.lower(): float((found.status == status).mean())
        for status in IrrStatus
        if not np.isfinite(found.rate[found.status == status]).any() and (found.status == status).any()
    }
    whole = irr(s.flows.mean(axis=1, keepdims=True), periods_per_year=s.per_year)
    return estimate(found.rate, reasons=reasons, of_mean_flows=float(whole.rate[0]))


def _tail(s: Stream, *, mean: bool) -> Estimate:
    """Value at risk (a loss that 95 % of trials do not exceed) or the mean loss beyond it."""
    losses = -measures.net(s.flows)
    worst = max(round(losses.size * 0.05), 1)
    at_risk = float(np.sort(losses)[-worst])
    value = measures.tail_mean(losses, 0.95) if mean else at_risk
    beyond = np.maximum(losses - at_risk, 0.0)
    se = float(beyond.std() / 0.05 / np.sqrt(losses.size)) if mean else _quantile_se(losses, 0.95)
    return Estimate(
        mean=value, se=se, p10=value, p50=value, p90=value, low=value, high=value, trials=losses.size
    )


def _quantile_se(values: FloatArray, level: float) -> float:
    """Standard error of a quantile from the order statistics one binomial deviation away."""
    ordered = np.sort(values)
    spread = np.sqrt(ordered.size * level * (1 - level))
    places = np.clip(
        np.array([ordered.size * level - spread, ordered.size * level + spread]), 0, ordered.size - 1
    )
    low, high = ordered[places.astype(int)]
    return float(high - low) / 2


def provider_cash(simulation: Simulation) -> FloatArray:
    """Cash that providers have in hand, cumulative, shape ``(periods + 1, trials)``.

    Their own flows, and the contract account where a provider holds it.
    """
    contract, flows = simulation.scenario.contract, simulation.flows
    names = [name for name, party in contract.parties.items() if party.role == "provider"]
    own = np.sum([flows.parties[name] for name in names], axis=0) if names else np.zeros_like(flows.balance)
    cash: FloatArray = np.cumsum(own, axis=0)
    return cash + flows.balance if contract.parties[contract.account].role == "provider" else cash


def _provider_metrics(simulation: Simulation) -> Iterator[Metric]:
    cash = provider_cash(simulation)
    low = np.minimum(cash.min(axis=0), 0.0)
    size = max(float(np.abs(simulation.flows.parties["outside"]).sum(axis=0).max()), 1.0)
    broke = (low < -measures.NEGLIGIBLE * size).astype(float)
    yield Metric(
        key="provider.cash_low_point", unit="money", party="provider", better="higher", values=_same(low)
    )
    yield Metric(
        key="provider.out_of_cash_probability",
        unit="share",
        party="provider",
        better="lower",
        values=_same(broke),
    )
    yield Metric(
        key="provider.margin", unit="money", party="provider", better="higher", values=_same(cash[-1])
    )


def _party_metrics(simulation: Simulation) -> Iterator[Metric]:
    for name, flows in simulation.flows.parties.items():
        yield Metric(
            key=f"parties.{name}", unit="money", party=name, better="higher", values=_same(flows.sum(axis=0))
        )  # fmt: skip
