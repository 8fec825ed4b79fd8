"""The three alternatives side by side: what each costs, brings and risks, and how they differ on the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from itertools import product
from typing import Any, Literal

import numpy as np

from simulator.engine.result import OUTSIDE, Simulation
from simulator.metrics.summary import Estimate, estimate, ratio_of_means
from simulator.scenario.distributions import FloatArray
from simulator.scenario.reference.rates import Discount
from simulator.value.alternatives import KEYS, Account, Books, Key
from simulator.value.streams import COSTINGS, LOGICS, Costing, Logic, is_public, yearly

InCash = Literal["pays", "does_not_pay", "undecided", "not_valued"]
"""Whether cash saved covers what is spent; undecided within two standard errors; not valued without any benefit."""
PAIRS: tuple[tuple[Key, Key], ...] = (("contract", "inputs"), ("contract", "nothing"), ("inputs", "nothing"))
GROUPS = 20
"""Groups of trials for the standard error of a ratio of spreads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What an alternative is worth in one logic, costing and rate; present values in money of close."""

    gross: Estimate
    """Savings, or savings and social benefit."""
    net: Estimate
    """Gross less all that the payers spend."""
    ratio: Estimate
    """Benefit-cost ratio: mean gross by mean spending; quantiles are of single futures."""
    positive: Estimate
    """Probability that the net value is above zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One result under one alternative."""

    true: Estimate
    additional: Estimate
    paid: Estimate | None
    """Units paid for: certified ones under a contract that counts them, all that come by inputs."""
    cost_per_paid: Estimate | None
    """All payments by the units of this result that are paid for."""
    cost_per_additional: Estimate
    """All payments by the additional units of this result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One alternative with its uncertainty."""

    key: Key
    payments: Estimate
    """Price paid, nominal."""
    payments_real: Estimate
    """Price paid, in money of close."""
    own_costs: Estimate
    """What the payers spend besides, nominal."""
    spending_present_value: Mapping[str, Estimate]
    """Price and own costs, by rate."""
    deadweight: Estimate | None
    """Payment for what would have happened anyway, nominal; nothing where no result is paid for."""
    results: Mapping[str, Outcome]
    worths: Mapping[tuple[Logic, Costing, str], Worth]
    in_cash: InCash

    def worth(self, logic: Logic = "cash", costing: Costing = "marginal", rate: str = "official") -> Worth:
        """What it is worth in one logic, costing and rate."""
        return self.worths[logic, costing, rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One alternative less another, trial by trial: standard errors are those of paired differences."""

    spending_present_value: Mapping[str, Estimate]
    additional: Mapping[str, Estimate]
    gross: Mapping[tuple[Logic, Costing, str], Estimate]
    net: Mapping[tuple[Logic, Costing, str], Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Three sums that are never added up, and who pays for the first: present values at the deal's rate."""

    not_spent: Estimate
    """What the State does not spend because results did not come: what the work would have cost by inputs less what
    the contract paid, in the futures in which it paid less."""
    premium: Estimate
    """What it pays above the cost of the work in the futures in which it paid more: the price of the risk it passed on."""
    cash_saved: Estimate
    """Cash that leaves the State's budgets because results came."""
    social: Estimate
    """What nobody's public budget saves: victims, incomes, health."""
    others: Estimate
    """What investors, providers, donors and all other parties gain (lose, where negative): a contract that costs the payers
    less than the work does costs somebody else more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTransfer:
    """Share of the spread of the payers' net value that the contract takes away.

    Defined as ``1 - sd(net under the contract) / sd(net by inputs)``, present values at the deal's rate. Negative where
    the contract makes the payers' position less certain than buying by inputs would.
    """

    share: float
    se: float
    """Standard error, by the jackknife over groups of trials."""
    spread_contract: float
    spread_inputs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Who pays and who saves: one payer, agency or society; present values at the deal's rate."""

    key: str
    public: bool
    pays: Estimate
    """Under the contract, with its own costs."""
    pays_by_inputs: Estimate
    cash: Estimate
    """Saves in cash, under the contract."""
    budget: Estimate
    """Saves in all that its budget is relieved of."""
    social: Estimate
    """Gains that are no public budget's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year from close, in money of close, undiscounted."""

    number: int
    """0 for the first."""
    contract: Estimate
    """Spending under the contract."""
    inputs: Estimate
    """Spending by inputs."""
    cash: Estimate
    budget: Estimate
    social: Estimate
    """Gains that are no public budget's; these three under the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """Do nothing, buy by inputs, or this contract: the same futures in all three."""

    discounts: Mapping[str, Discount]
    """By name: ``official`` (the deal's), ``low`` (3.5 %), ``high`` (12 %)."""
    payers: tuple[str, ...]
    """Whose spending counts."""
    real: bool
    """Whether the world has a deflator; without one, money of all dates is taken for money of close."""
    alternatives: Mapping[Key, Alternative]
    differences: Mapping[str, Difference]
    """By ``contract_less_inputs``, ``contract_less_nothing``, ``inputs_less_nothing``."""
    parts: Parts
    risk_transferred: Mapping[Logic, RiskTransfer]
    purses: tuple[Purse, ...]
    years: tuple[Year, ...]
    tags: Mapping[str, tuple[str, ...]]
    """By benefit, how sure its amount is."""

    @property
    def in_cash(self) -> InCash:
        """Whether the contract pays for itself in cash, at the deal's rate and by what is really avoided."""
        return self.alternatives["contract"].in_cash

    def to_dict(self) -> dict[str, Any]:
        """Write as plain data; keys of several parts are joined by dots, undefined numbers become nothing."""
        return {"in_cash": self.in_cash, **_plain(self)}


def compare(
    simulation: Simulation, *, payers: tuple[str, ...] = (), discounts: tuple[Discount, ...] = ()
) -> Alternatives:
    """Set this contract beside doing nothing and beside the same programme bought by inputs, on the same luck.

    Parameters
    ----------
    simulation
        A simulated deal.
    payers
        Whose spending counts; all payers, if none is named (``public_payers(simulation)`` for the State alone).
    discounts
        Real rates, the first of them the headline and named ``official``; the deal's own, 3.5 % and 12 %, if none is given.

    Raises
    ------
    ValueError
        If a payer is none, or no rate is named ``official``.

    Examples
    --------
    >>> import simulator
    >>> deal = simulator.load(simulator.library()["plantilla-cis-reinsercion"])
    >>> both = compare(simulator.simulate(deal, trials=200, seed=7))
    >>> both.in_cash
    'does_not_pay'
    >>> both.alternatives["inputs"].worth("cash").gross.mean < both.alternatives["inputs"].payments_real.mean
    True
    """
    if set(payers) - set(simulation.flows.payers):
        raise ValueError(f"payers must be among {sorted(simulation.flows.payers)}, got {payers}")
    if discounts and "official" not in {d.key for d in discounts}:
        raise ValueError("one discount must have the key 'official'")
    books = Books(simulation, payers=payers, discounts=discounts)
    return Alternatives(
        discounts=books.discounts,
        payers=books.payers,
        real=simulation.scenario.world.deflator is not None,
        alternatives={key: _alternative(books, key) for key in KEYS},
        differences={f"{a}_less_{b}": _difference(books, a, b) for a, b in PAIRS},
        parts=_parts(books),
        risk_transferred={logic: risk_transferred(books, logic) for logic in LOGICS},
        purses=_purses(books),
        years=_years(books),
        tags={stream.key: stream.tags for stream in books.streams},
    )


def _readings(books: Books) -> list[tuple[Logic, Costing, str]]:
    return list(product(LOGICS, COSTINGS, books.discounts))


def _alternative(books: Books, key: Key) -> Alternative:
    account, flows = books.accounts[key], books.simulation.flows
    return Alternative(
        key=key,
        payments=estimate(account.payments.sum(axis=0)),
        payments_real=estimate((account.payments / flows.deflator).sum(axis=0)),
        own_costs=estimate(account.own.sum(axis=0)),
        spending_present_value={rate: estimate(books.cost(key, rate)) for rate in books.discounts},
        deadweight=estimate(account.deadweight) if account.deadweight is not None else None,
        results={name: _outcome(account, name) for name in account.true},
        worths={reading: _worth(books, key, *reading) for reading in _readings(books)},
        in_cash=in_cash(books, key),
    )


def _outcome(account: Account, name: str) -> Outcome:
    whole, paid = account.payments.sum(axis=0), account.paid.get(name)
    return Outcome(
        true=estimate(account.true[name]),
        additional=estimate(account.additional[name]),
        paid=estimate(paid) if paid is not None else None,
        cost_per_paid=ratio_of_means(whole, paid) if paid is not None else None,
        cost_per_additional=ratio_of_means(whole, account.additional[name]),
    )


def _worth(books: Books, key: Key, logic: Logic, costing: Costing, rate: str) -> Worth:
    gross, cost = books.value(key, logic, costing, rate), books.cost(key, rate)
    return Worth(
        gross=estimate(gross),
        net=estimate(gross - cost),
        ratio=ratio_of_means(gross, cost),
        positive=estimate((gross - cost > 0).astype(float)),
    )


def in_cash(books: Books, key: Key) -> InCash:
    """Tell whether an alternative pays for itself in cash, at the deal's rate and by what is really avoided.

    Defined by the mean net cash value: ``pays`` above twice its standard error, ``does_not_pay`` below minus twice it.
    """
    if not books.streams or key == "nothing":
        return "not_valued"
    net = estimate(books.net(key, "cash", "marginal", "official"))
    if abs(net.mean) <= 2 * net.se:
        return "undecided"
    return "pays" if net.mean > 0 else "does_not_pay"


def _difference(books: Books, one: Key, other: Key) -> Difference:
    a, b = books.accounts[one], books.accounts[other]
    return Difference(
        spending_present_value={
            rate: estimate(books.cost(one, rate) - books.cost(other, rate)) for rate in books.discounts
        },
        additional={name: estimate(a.additional[name] - b.additional[name]) for name in a.additional},
        gross={r: estimate(books.value(one, *r) - books.value(other, *r)) for r in _readings(books)},
        net={r: estimate(books.net(one, *r) - books.net(other, *r)) for r in _readings(books)},
    )


def _parts(books: Books) -> Parts:
    spared = books.cost("inputs", "official") - books.cost("contract", "official")
    social = books.value("contract", "social", "marginal", "official")
    return Parts(
        not_spent=estimate(np.maximum(spared, 0.0)),
        premium=estimate(np.maximum(-spared, 0.0)),
        cash_saved=estimate(books.value("contract", "cash", "marginal", "official")),
        social=estimate(social - books.value("contract", "budget", "marginal", "official")),
        others=estimate(books.present_value(_others(books), "official")),
    )


def _others(books: Books) -> FloatArray:
    """Net flows of all parties whose spending is not counted, shape ``(periods + 1, trials)``."""
    parties = books.simulation.flows.parties
    whole = np.zeros_like(books.simulation.flows.balance)
    for name, table in parties.items():
        if name != OUTSIDE and name not in books.payers:
            whole = whole + table
    return whole


def risk_transferred(books: Books, logic: Logic) -> RiskTransfer:
    """Share of the spread of the payers' net value that the contract takes away, in one logic."""
    contract, inputs = (books.net(key, logic, "marginal", "official") for key in ("contract", "inputs"))
    share = _spared(contract, inputs)
    groups = min(GROUPS, contract.size)
    whose = np.arange(contract.size) % max(groups, 1)
    without = np.array([_spared(contract[whose != k], inputs[whose != k]) for k in range(groups)])
    se = (
        float(np.sqrt((groups - 1) / groups * np.square(without - without.mean()).sum()))
        if groups > 1
        else 0.0
    )
    return RiskTransfer(
        share=share, se=se, spread_contract=float(contract.std()), spread_inputs=float(inputs.std())
    )


def _spared(contract: FloatArray, inputs: FloatArray) -> float:
    """One less the ratio of two spreads; no number where there is no spread to take away."""
    scale = 1e-12 * max(float(np.abs(inputs).max(initial=0.0)), 1.0)
    below = float(inputs.std()) if inputs.size else 0.0
    return 1 - float(contract.std()) / below if below > scale else float("nan")


def _purses(books: Books) -> tuple[Purse, ...]:
    """Every payer that counts, every agency and party that saves, and society."""
    payers = books.payers
    savers = [stream.agency for stream in books.streams]
    names: list[str | None] = list(dict.fromkeys([*payers, *(s for s in savers if s is not None)]))
    names += [None] if None in savers else []
    return tuple(_purse(books, name) for name in names)


def _purse(books: Books, name: str | None) -> Purse:
    simulation = books.simulation
    nothing = np.zeros(simulation.trials)
    pays, by_inputs = nothing, nothing
    if name in books.payers and name is not None:
        own = Books(simulation, payers=(name,), discounts=tuple(books.discounts.values()), streams=())
        pays, by_inputs = own.cost("contract", "official"), own.cost("inputs", "official")
    mine = [stream for stream in books.streams if stream.agency == name]
    cash, budget, social = (
        sum((books.of_stream(s, logic, "marginal", "official") for s in mine), start=nothing)
        for logic in LOGICS
    )
    return Purse(
        key=name if name is not None else "society",
        public=is_public(simulation.scenario, name),
        pays=estimate(pays), pays_by_inputs=estimate(by_inputs),
        cash=estimate(cash), budget=estimate(budget), social=estimate(social - budget),
    )  # fmt: skip


def _years(books: Books) -> tuple[Year, ...]:
    """Spending and gains year by year, real and undiscounted."""
    simulation, per_year = books.simulation, books.simulation.per_year
    flows = simulation.flows
    count = max(books.horizon, (flows.balance.shape[0] - 1) // per_year + 1)
    spent = {key: np.zeros((count, simulation.trials)) for key in ("contract", "inputs")}
    for key, table in spent.items():
        real = books.accounts[key].spending / flows.deflator  # type: ignore[index]
        for moment, row in enumerate(real):
            table[moment // per_year] += row
    gains = {logic: np.zeros((count, simulation.trials)) for logic in LOGICS}
    for stream in books.streams:
        table = yearly(stream, flows.additional[stream.on], per_year=per_year, horizon=books.horizon)
        for logic, whole in gains.items():
            whole[: books.horizon] += table * stream.part(logic, "marginal")
    return tuple(
        Year(
            number=year, contract=estimate(spent["contract"][year]), inputs=estimate(spent["inputs"][year]),
            cash=estimate(gains["cash"][year]), budget=estimate(gains["budget"][year]),
            social=estimate(gains["social"][year] - gains["budget"][year]),
        )
        for year in range(count)
    )  # fmt: skip


def _plain(item: Any) -> Any:
    """Turn estimates, parts and mappings with keys of several parts into plain data."""
    if isinstance(item, Estimate):
        return item.to_dict()
    if isinstance(item, Discount):
        return {"rate": item.rate, "source": item.source, "tag": item.tag}
    if is_dataclass(item) and not isinstance(item, type):
        return {name: _plain(getattr(item, name)) for name in item.__dataclass_fields__}
    if isinstance(item, Mapping):
        return {".".join(key) if isinstance(key, tuple) else key: _plain(part) for key, part in item.items()}
    if isinstance(item, (tuple, list)):
        return [_plain(part) for part in item]
    return None if isinstance(item, float) and not np.isfinite(item) else item


__all__ = [
    "Alternative", "Alternatives", "Difference", "InCash", "Outcome", "Parts", "Purse", "RiskTransfer", "Worth", "Year",
    "compare", "in_cash", "risk_transferred",
]  # fmt: skip
