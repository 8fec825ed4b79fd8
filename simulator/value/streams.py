"""Value streams: what additional results are worth, stream by stream, over the years of a horizon.

Money here is real (of close). A stream values each additional unit of one result with a yearly amount at average cost;
what of it counts depends on who is asked (the *logic*) and on what is really avoided (the *costing*).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.engine.result import Simulation
from simulator.scenario.distributions import FloatArray
from simulator.scenario.public_value import Benefit
from simulator.scenario.reference.rates import Discount
from simulator.scenario.reference.units import unit_value
from simulator.scenario.scenario import Scenario

Logic = Literal["cash", "budget", "social"]
LOGICS: tuple[Logic, ...] = ("cash", "budget", "social")
"""Whose gain counts: what leaves a budget of the State, all that its budgets save, or that and what society gains."""
Costing = Literal["marginal", "average"]
COSTINGS: tuple[Costing, ...] = ("marginal", "average")
"""Whether a saving is what is really avoided, or the whole average cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream of value with its figures in each trial."""

    key: str
    on: str
    agency: str | None
    public: bool
    """Whether it relieves a budget of the State."""
    amount: FloatArray
    """Money of close per additional unit and year, at average cost, shape ``(trials,)``."""
    starts: int
    years: int
    decay: FloatArray
    avoidable: FloatArray
    cashable: FloatArray
    tags: tuple[str, ...]
    """How sure its amount is: source, derived, unverified, assumption, disputed."""

    def part(self, logic: Logic, costing: Costing) -> FloatArray:
        """Share of its amount that counts, shape ``(trials,)``.

        Defined as ``avoidable × cashable`` of the State's budgets in the logic of cash, ``avoidable`` of them in that of
        budgets, and ``avoidable`` of everybody's in that of society; at average cost everything is avoidable.
        """
        avoided = self.avoidable if costing == "marginal" else np.ones_like(self.avoidable)
        if logic == "social":
            return avoided
        if not self.public:
            return np.zeros_like(avoided)
        return avoided * self.cashable if logic == "cash" else avoided


def streams_of(simulation: Simulation) -> tuple[Stream, ...]:
    """Read the value streams of a simulated deal, in the order of the document; none if it gives no value."""
    value = simulation.scenario.world.value
    if value is None:
        return ()
    return tuple(_stream(simulation, name, benefit) for name, benefit in value.benefits.items())


def _stream(simulation: Simulation, name: str, benefit: Benefit) -> Stream:
    scenario, drawn = simulation.scenario, simulation.flows.valued
    path = f"world.value.benefits.{name}"
    factor: float | FloatArray = 1.0
    if benefit.unit is not None and benefit.unit_date is not None:
        factor = unit_value(benefit.unit, datetime.date.fromisoformat(benefit.unit_date))
    elif benefit.currency is not None:
        factor = drawn[f"world.exchange.{benefit.currency}.at_close"]
    return Stream(
        key=name, on=benefit.on, agency=benefit.agency, public=is_public(scenario, benefit.agency),
        amount=drawn[f"{path}.amount"] * factor, starts=benefit.starts, years=benefit.years,
        decay=drawn[f"{path}.decay"], avoidable=drawn[f"{path}.avoidable"], cashable=drawn[f"{path}.cashable"],
        tags=tuple(dict.fromkeys(scenario.tag_of(source) for source in benefit.amount.sources)),
    )  # fmt: skip


def is_public(scenario: Scenario, agency: str | None) -> bool:
    """Tell whether an agency or party is a budget of the State; nobody is not."""
    if agency is None:
        return False
    value = scenario.world.value
    if value is not None and agency in value.agencies:
        return value.agencies[agency].public
    return scenario.contract.parties[agency].public


def yearly(stream: Stream, additional: FloatArray, *, per_year: int, horizon: int) -> FloatArray:
    """Worth of a stream at average cost in each year of the horizon.

    Defined as the sum over moments ``t`` and years ``k = 0 … years - 1`` of ``additional[t] × amount × (1 - decay)^k``,
    put into the year ``floor(t / per_year + starts + k)``; what falls after the horizon is left out.

    Parameters
    ----------
    stream
        The stream.
    additional
        Additional units of its result by the moment of measurement, shape ``(periods + 1, trials)``.
    per_year
        Periods a year.
    horizon
        Years from close.

    Returns
    -------
    Real money, shape ``(horizon, trials)``.
    """
    table = np.zeros((horizon, additional.shape[1]))
    for moment, years in _falls(stream, additional, per_year, horizon):
        left = np.ones_like(stream.decay)
        for year in years:
            table[math.floor(year)] += additional[moment] * stream.amount * left
            left = left * (1 - stream.decay)
    return table


def present(
    stream: Stream, additional: FloatArray, *, per_year: int, horizon: int, discount: Discount
) -> FloatArray:
    """Present value of a stream at average cost, shape ``(trials,)``.

    Defined as :func:`yearly`, each amount times the discount factor of its own date ``t / per_year + starts + k``.
    """
    whole = np.zeros(additional.shape[1])
    for moment, years in _falls(stream, additional, per_year, horizon):
        factors = discount.factor(years)
        weight = np.polynomial.polynomial.polyval(1 - stream.decay, factors)
        whole = whole + additional[moment] * stream.amount * weight
    return whole


def _falls(
    stream: Stream, additional: FloatArray, per_year: int, horizon: int
) -> Iterator[tuple[int, FloatArray]]:
    """Moments at which something was added, with the dates of its yearly amounts inside the horizon."""
    for moment in np.flatnonzero(additional.any(axis=1)):
        years = moment / per_year + stream.starts + np.arange(stream.years)
        years = years[years < horizon]
        if years.size:
            yield int(moment), years
