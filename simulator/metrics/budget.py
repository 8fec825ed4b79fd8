"""The budget: payers by fiscal years, what to provide under a rule, and what the country's rules ask for.

A provision is made for a year and ends with it. So the provisions of all years together are never less than what one
fund for all years would need under the mean, mean + k sd and the maximum, and seldom less under a percentile; so are
those of several payers. Both are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.engine.result import Simulation
from simulator.metrics.breakdown import public_payers
from simulator.metrics.provision import Provided, Rule, is_short, provide
from simulator.metrics.years import by_fiscal_year
from simulator.scenario.distributions import FloatArray

WHOLE, PUBLIC = "", ":public"
"""All payers together, and the public ones together; no party can have such names."""
FIRST_YEAR_SHARE = 0.15
"""Colombia: share of the amount that must be appropriated in the year in which future years are authorised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one payer provides for, or several together."""

    years: Mapping[int, Provided]
    """By calendar year in which the fiscal year begins."""
    total: Provided
    """All years as one: a fund that does not lapse."""
    share: float
    """Of the mean payment of all payers; undefined if nothing is ever paid."""
    returned: float
    """Mean of what comes back to it in all years: refunds and a share of what is left."""

    unspent: float
    """Mean of what is left at the ends of all years."""
    unspent_se: float
    """With the provisions given."""
    short: float
    """Share of futures in which the provision of some year is not enough."""
    short_se: float

    @property
    def provisions(self) -> float:
        """Provisions of all years, one by one."""
        return float(sum(year.provision for year in self.years.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustMoney:
    """What goes through the trust, all depositors together: means over the trials, nominal."""

    deposited: float
    covered: float
    """Paid for results out of it."""
    interest: float
    fees: float
    returned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What payers provide for, year by year, under one rule."""

    rule: Rule
    constant: bool
    """Whether money is that of close, by the world's deflator."""
    has_deflator: bool
    """Whether the world has one; without it constant money is nominal money."""
    trials: int
    public: tuple[str, ...]
    """Payers that are public bodies."""
    first_year: int
    """Fiscal year of close."""
    lines: Mapping[str, Line]
    """By payer that pays anything; :data:`WHOLE`; :data:`PUBLIC` if some but not all are public bodies."""
    appropriation: Mapping[str, float]
    """By payer, the expected probability a fiscal year that its appropriation fails."""
    not_appropriated: float
    """Mean of what was earned and not paid because an appropriation failed, nominal."""
    trust: TrustMoney | None
    """What goes through the trust, if the contract has one."""

    @property
    def payers(self) -> tuple[str, ...]:
        """The payers one by one."""
        return tuple(name for name in self.lines if name not in (WHOLE, PUBLIC))


def outlays(simulation: Simulation) -> dict[str, FloatArray]:
    """What each payer spends, before what comes back to it, shape ``(periods + 1, trials)``.

    What is set apart in a trust is spent when it is deposited; what is then paid out of the trust is not spent again.
    """
    flows, trust = simulation.flows, simulation.scenario.contract.trust
    spent = dict(flows.payers)
    for name, deposited in flows.trust_deposits.items():
        spent[name] = spent[name] - flows.trust_covered[name] + deposited
        if trust is not None and trust.fee_from == "payers":
            spent[name] = spent[name] + flows.trust_fees[name]
    return spent


def returned(simulation: Simulation) -> dict[str, FloatArray]:
    """What comes back to each payer: refunds, a share of what is left, the rest of the trust; shape as above."""
    flows = simulation.flows
    return {
        name: table + flows.trust_returned[name] if name in flows.trust_returned else table
        for name, table in flows.rebates.items()
    }


def budget(simulation: Simulation, rule: Rule, *, constant: bool = False) -> Budget:
    """Work out the budget of every payer.

    Defined as, for the money ``x[y]`` that a payer spends in fiscal year ``y``: the rule's statistic of ``x[y]`` over
    the trials. Constant money is each moment's money divided by the level of the world's deflator at that moment.

    Parameters
    ----------
    simulation
        A simulated deal.
    rule
        How much to provide.
    constant
        Whether to count in money of close.
    """
    flows, calendar = simulation.flows, simulation.scenario.contract.calendar
    unit = flows.deflator if constant else np.ones_like(flows.deflator)
    spent = {name: table / unit for name, table in outlays(simulation).items()}
    back = {name: float((table / unit).sum(axis=0).mean()) for name, table in returned(simulation).items()}
    spent = {name: table for name, table in spent.items() if _pays(simulation, name, table)}
    public = tuple(name for name in public_payers(simulation) if name in spent)
    groups = {WHOLE: tuple(spent)} | {name: (name,) for name in spent}
    if public and public != tuple(spent):
        groups[PUBLIC] = public
    by_year = {name: by_fiscal_year(table, calendar) for name, table in spent.items()}
    years = _years(by_year)
    whole = float(np.sum([table.sum(axis=0).mean() for table in spent.values()]))
    lines = {}
    for key, names in groups.items():
        sums = {year: np.sum([by_year[name][year] for name in names], axis=0) for year in years}
        total = np.sum(list(sums.values()), axis=0)
        provided = {year: provide(values, rule) for year, values in sums.items()}
        short = _any_short(sums, provided)
        left = np.sum([np.maximum(provided[year].provision - sums[year], 0.0) for year in years], axis=0)
        lines[key] = Line(
            years=provided,
            total=provide(total, rule),
            share=float(total.mean()) / whole if whole > 0 else float("nan"),
            returned=sum(back[name] for name in names),
            unspent=float(left.mean()),
            unspent_se=float(left.std(ddof=1) / np.sqrt(left.size)) if left.size > 1 else 0.0,
            short=short,
            short_se=float(np.sqrt(short * (1 - short) / simulation.trials)),
        )
    fails = simulation.scenario.world.appropriation_fails
    lost = flows.unpaid.get("appropriation")
    return Budget(
        rule=rule, constant=constant, has_deflator=simulation.scenario.world.deflator is not None,
        trials=simulation.trials, public=public, first_year=calendar.fiscal_year(0), lines=lines,
        appropriation={name: fails[name].expectation() for name in spent if name in fails},
        not_appropriated=0.0 if lost is None else float(lost.mean()),
        trust=_trust_money(simulation),
    )  # fmt: skip


def _trust_money(simulation: Simulation) -> TrustMoney | None:
    flows = simulation.flows
    if simulation.scenario.contract.trust is None:
        return None

    def mean(tables: Mapping[str, FloatArray]) -> float:
        return float(sum(table.sum(axis=0).mean() for table in tables.values()))

    return TrustMoney(
        deposited=mean(flows.trust_deposits), covered=mean(flows.trust_covered), interest=mean(flows.trust_interest),
        fees=mean(flows.trust_fees), returned=mean(flows.trust_returned),
    )  # fmt: skip


def _any_short(sums: Mapping[int, FloatArray], provided: Mapping[int, Provided]) -> float:
    """Share of trials in which the provision of at least one year is not enough."""
    lacking = [is_short(values, provided[year].provision) for year, values in sums.items()]
    return float(np.any(lacking, axis=0).mean())


def _pays(simulation: Simulation, name: str, spent: FloatArray) -> bool:
    """Whether a party with the role of a payer is one here: named by the contract, or paying in some future."""
    return name in simulation.scenario.contract.payers or bool((spent != 0).any())


def _years(by_year: Mapping[str, Mapping[int, FloatArray]]) -> list[int]:
    """Fiscal years from close to the last in which anybody ever pays; that of close at least."""
    every = sorted({year for table in by_year.values() for year in table})
    moving = [year for year in every if any((table[year] != 0).any() for table in by_year.values())]
    return [year for year in every if year <= max(moving, default=every[0])]


# ── Colombia: vigencias futuras ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureYears:
    """Whether enough is appropriated in the first year for future years to be authorised."""

    first_year: int
    amount: float
    """Provisions of all years."""
    first: float
    """Provision of the first year."""
    applies: bool
    """Whether anything is provided for later years at all."""

    @property
    def share(self) -> float:
        """Part of the amount that is appropriated in the first year; undefined if nothing is provided."""
        return self.first / self.amount if self.amount > 0 else float("nan")

    @property
    def missing(self) -> float:
        """What would have to be brought forward to the first year: ``max(15 % x amount - first, 0)``."""
        return max(FIRST_YEAR_SHARE * self.amount - self.first, 0.0) if self.applies else 0.0

    @property
    def meets(self) -> bool:
        """Whether nothing is missing."""
        return self.missing <= 1e-9 * max(self.amount, 1.0)


def future_years(line: Line, first_year: int) -> FutureYears:
    """Compare what is provided for the first year with the share of the amount that must be.

    The amount is that of all years, the first one too: a stricter reading than that of the future years alone.

    Parameters
    ----------
    line
        What a payer provides.
    first_year
        Fiscal year in which future years are authorised: that of close.
    """
    first = line.years[first_year].provision if first_year in line.years else 0.0
    amount = line.provisions
    later = amount - first
    return FutureYears(
        first_year=first_year, amount=amount, first=first, applies=later > 1e-9 * max(amount, 1.0)
    )


__all__ = [
    "FIRST_YEAR_SHARE", "PUBLIC", "WHOLE", "Budget", "FutureYears", "Line", "TrustMoney", "budget", "future_years",
    "outlays", "returned",
]  # fmt: skip
