"""Three ways to spend the same luck: do nothing, buy the programme by inputs, or sign this contract.

Arrays are per trial, and trial ``i`` is the same future in all three: the same people, effects, costs and prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.engine.result import Simulation
from simulator.metrics.deadweight import deadweight_payments
from simulator.scenario.distributions import FloatArray
from simulator.scenario.reference.rates import HIGH, LOW, OFFICIAL, Discount, flat
from simulator.scenario.scenario import Scenario
from simulator.value.streams import Costing, Logic, Stream, present, streams_of

Key = Literal["nothing", "inputs", "contract"]
KEYS: tuple[Key, ...] = ("nothing", "inputs", "contract")
COUNTS = ("count", "claims", "total", "rate", "mean")
"""Quantities of which more is paid for, whatever would have happened anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one alternative costs the payers and brings, in every trial."""

    key: Key
    payments: FloatArray
    """Price paid, nominal, shape ``(periods + 1, trials)``."""
    own: FloatArray
    """What the payers spend themselves besides (their cost lines less what they are repaid), same shape."""
    true: Mapping[str, FloatArray]
    """By result, units that truly come, shape ``(trials,)``."""
    additional: Mapping[str, FloatArray]
    """By result, units beyond what would have happened anyway, in the wanted direction."""
    paid: Mapping[str, FloatArray]
    """By result that is paid by the unit, units that are paid for."""
    effect: FloatArray
    """Additional results as a multiple of those under the contract; so much of its value it has too."""
    deadweight: FloatArray | None
    """Payment for what would have happened anyway; nothing where no result is paid for."""

    @property
    def spending(self) -> FloatArray:
        """All that the payers spend, nominal, shape ``(periods + 1, trials)``."""
        return self.payments + self.own


def discount_of(scenario: Scenario) -> Discount:
    """Rate at which a deal's public value is discounted: society's if the world says one, else the country's official.

    Where neither is known it is the low one, marked as an assumption.
    """
    stated = scenario.world.discount_rates.get("society")
    if stated is not None:
        tags = [scenario.tag_of(key) for key in stated.sources]
        titles = [scenario.sources[key].title for key in stated.sources if key in scenario.sources]
        tag = tags[0] if tags else "assumption"
        return flat(stated.expectation(), key="official", source="; ".join(titles), tag=tag)
    if scenario.country in OFFICIAL:
        return OFFICIAL[scenario.country]
    return flat(LOW.rate, key="official", source=LOW.source, tag="assumption")


def discounts_of(scenario: Scenario) -> tuple[Discount, ...]:
    """The rate of a deal, and beside it always 3.5 % and 12 %."""
    return discount_of(scenario), LOW, HIGH


def accounts(simulation: Simulation, payers: tuple[str, ...] = ()) -> dict[Key, Account]:
    """Lay out the three alternatives of a simulated deal.

    Parameters
    ----------
    simulation
        A simulated deal.
    payers
        Whose spending counts; all payers, if none is named. By inputs they would bear their agreed shares.

    Returns
    -------
    By inputs the payers pay what the work costs those who do it (all lines that no payer bears, or those named in
    ``world.by_inputs``, times its cost factor), on the same calendar, whatever happens; results are the same, the
    additional ones times its effect.
    """
    flows = simulation.flows
    names = payers or tuple(flows.payers)
    price: FloatArray = np.sum([flows.payers[name] - flows.rebates[name] for name in names], axis=0)
    own, repaid = _own(simulation, names)
    additional = _additional(simulation)
    ones, nothing = np.ones(simulation.trials), np.zeros_like(price)
    effect = flows.valued.get("world.by_inputs.effect", ones)
    gained = {name: flows.true[name] - flows.anyway[name] for name in flows.true}
    by_inputs = {name: flows.anyway[name] + effect * gained[name] for name in flows.true}
    return {
        "nothing": Account(
            key="nothing", payments=nothing, own=nothing, true=flows.anyway, paid={}, effect=0 * ones,
            additional=dict.fromkeys(additional, 0 * ones), deadweight=None,
        ),
        "inputs": Account(
            key="inputs", payments=_bought(simulation, names), own=own, true=by_inputs, paid=by_inputs,
            effect=effect, additional={name: effect * units for name, units in additional.items()},
            deadweight=None,
        ),
        "contract": Account(
            key="contract", payments=price, own=own - repaid, true=flows.true, paid=_paid_units(simulation),
            effect=ones, additional=additional,
            deadweight=deadweight_payments(simulation) * _share_of(simulation, names, price),
        ),
    }  # fmt: skip


def _own(simulation: Simulation, names: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """What some payers spend on the work themselves, and what the account repays them for it."""
    flows, costs = simulation.flows, simulation.scenario.world.costs
    spent, repaid = np.zeros_like(flows.balance), np.zeros_like(flows.balance)
    for line, table in flows.spent.items():
        if costs[line].by in names:
            spent = spent + table
    for name in names:
        repaid = repaid + flows.fees.get(name, 0.0)
    return spent, repaid


def _bought(simulation: Simulation, names: tuple[str, ...]) -> FloatArray:
    """What the work costs if it is bought by inputs, as far as some payers bear it; nominal."""
    flows, world = simulation.flows, simulation.scenario.world
    chosen = world.by_inputs.costs if world.by_inputs is not None else ()
    lines = chosen or tuple(line for line in flows.spent if world.costs[line].by not in flows.payers)
    whole = np.zeros_like(flows.balance)
    for line in lines:
        whole = whole + flows.spent[line]
    return whole * flows.valued.get("world.by_inputs.cost_factor", 1.0) * agreed_share(simulation, names)


def agreed_share(simulation: Simulation, names: tuple[str, ...]) -> float:
    """Share of the payers named in what all payers bear by the contract; all of it for all of them."""
    shares = simulation.scenario.contract.payers
    if set(names) >= set(simulation.flows.payers):
        return 1.0
    return sum(shares[name].expectation() for name in names if name in shares)


def _share_of(simulation: Simulation, names: tuple[str, ...], price: FloatArray) -> FloatArray:
    """Share of some payers in what all paid, shape ``(trials,)``."""
    flows = simulation.flows
    whole = np.sum([(flows.payers[n] - flows.rebates[n]).sum(axis=0) for n in flows.payers], axis=0)
    return np.where(whole != 0, price.sum(axis=0) / np.where(whole != 0, whole, 1.0), 1.0)


def _additional(simulation: Simulation) -> dict[str, FloatArray]:
    flows, results = simulation.flows, simulation.scenario.contract.results
    return {
        name: (-1.0 if result.less_is_better else 1.0) * (flows.true[name] - flows.anyway[name])
        for name, result in results.items()
    }


def _paid_units(simulation: Simulation) -> dict[str, FloatArray]:
    """Certified units of the results that some term counts."""
    terms = simulation.scenario.contract.payments.values()
    counted = dict.fromkeys(term.on for term in terms if term.on is not None and term.quantity in COUNTS)
    return {name: simulation.flows.measured[name] for name in counted}


class Books:
    """Present values of three alternatives, trial by trial, computed once.

    Parameters
    ----------
    simulation
        A simulated deal.
    payers
        Whose spending counts; all payers, if none is named.
    discounts
        Rates; the deal's own, 3.5 % and 12 %, if none is given.
    streams
        What is valued; all that the deal gives a value, unless said.
    """

    def __init__(
        self,
        simulation: Simulation,
        *,
        payers: tuple[str, ...] = (),
        discounts: tuple[Discount, ...] = (),
        streams: tuple[Stream, ...] | None = None,
    ) -> None:
        self.simulation, self.payers = simulation, payers or tuple(simulation.flows.payers)
        self.discounts = {d.key: d for d in discounts or discounts_of(simulation.scenario)}
        self.accounts = accounts(simulation, payers)
        self._costs: dict[tuple[Key, str], FloatArray] = {}
        self.streams = streams_of(simulation) if streams is None else streams
        value = simulation.scenario.world.value
        self.horizon = value.horizon if value is not None else 0
        self._streams = {(s.key, key): self._present(s, d) for s in self.streams
                         for key, d in self.discounts.items()}  # fmt: skip

    def _present(self, stream: Stream, discount: Discount) -> FloatArray:
        additional = self.simulation.flows.additional[stream.on]
        return present(
            stream, additional, per_year=self.simulation.per_year, horizon=self.horizon, discount=discount
        )

    def of_stream(self, stream: Stream, logic: Logic, costing: Costing, rate: str) -> FloatArray:
        """Present value of one stream under the contract, shape ``(trials,)``."""
        return self._streams[stream.key, rate] * stream.part(logic, costing)

    def value(self, key: Key, logic: Logic, costing: Costing, rate: str) -> FloatArray:
        """Present value of what an alternative saves or brings, gross, shape ``(trials,)``."""
        whole = np.zeros(self.simulation.trials)
        for stream in self.streams:
            whole = whole + self.of_stream(stream, logic, costing, rate)
        return whole * self.accounts[key].effect

    def present_value(self, nominal: FloatArray, rate: str) -> FloatArray:
        """Present value of nominal money: deflated to money of close, then discounted at the real rate.

        Defined as ``sum over t of nominal[t] / deflator[t] × factor(t / periods a year)``.
        """
        years = np.arange(nominal.shape[0]) / self.simulation.per_year
        factors = self.discounts[rate].factor(years)
        return factors @ (nominal / self.simulation.flows.deflator)

    def cost(self, key: Key, rate: str) -> FloatArray:
        """Present value of all that the payers spend, shape ``(trials,)``."""
        if (key, rate) not in self._costs:
            self._costs[key, rate] = self.present_value(self.accounts[key].spending, rate)
        return self._costs[key, rate]

    def net(self, key: Key, logic: Logic, costing: Costing, rate: str) -> FloatArray:
        """Present value of what an alternative saves or brings less what it costs, shape ``(trials,)``."""
        return self.value(key, logic, costing, rate) - self.cost(key, rate)
