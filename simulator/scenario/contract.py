"""The contract: what is agreed. People, results and how they are measured, prices and limits, dates.

Capital, fees and the waterfall are in ``capital.py``. Periods are counted from 0, the financial close; the
end of period ``t`` is moment ``t``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Currency, Frozen, Name, Text
from simulator.scenario.capital import BreakOption, Capital, Fee, Step
from simulator.scenario.conditions import Condition, Where
from simulator.scenario.curves import Curve
from simulator.scenario.distributions import Fixed
from simulator.scenario.figures import Amount, Figure, Rate, Share
from simulator.scenario.numbers import read_number

PERIODS_PER_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
Moment = Annotated[int, Field(strict=True, ge=0, le=600)]


class Calendar(Frozen):
    """The grid of time."""

    start: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    """Financial close, moment 0, as year-month-day."""
    period: Literal["month", "quarter", "half_year", "year"]
    """Length of one period."""
    periods: Annotated[int, Field(strict=True, ge=1, le=240)]
    """How many periods the contract runs."""
    fiscal_year_starts: Annotated[int, Field(strict=True, ge=1, le=12)] = 1
    """Month in which the payer's budget year begins."""

    @property
    def per_year(self) -> int:
        """Periods a year."""
        return PERIODS_PER_YEAR[self.period]

    def month_of(self, moment: int) -> tuple[int, int]:
        """Year and month (1-12) in which a moment falls."""
        months = int(self.start[:4]) * 12 + int(self.start[5:7]) - 1 + moment * 12 // self.per_year
        return months // 12, months % 12 + 1

    def fiscal_year(self, moment: int) -> int:
        """Calendar year in which the fiscal year of a moment begins.

        A moment is the end of a period: the first of January belongs to the year that just ended.
        """
        year, month = self.month_of(moment)
        if moment > 0 and int(self.start[8:]) == 1:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return year if month >= self.fiscal_year_starts else year - 1


class Party(Frozen):
    """Somebody who pays, works, invests, guarantees, manages or certifies."""

    role: Literal["payer", "provider", "investor", "grantor", "guarantor", "manager", "evaluator", "account"]
    name: Text
    public: StrictBool = False
    """Whether it is a public body."""


class Intake(Frozen):
    """One intake of people."""

    starts: Moment
    share: Share
    """Share of all people who begin with this intake."""


class Intakes(Frozen):
    """Equal intakes at even distances."""

    first: Moment = 0
    every: Annotated[int, Field(strict=True, ge=1, le=240)] = 1
    count: Annotated[int, Field(strict=True, ge=1, le=60)] = 1


class People(Frozen):
    """Who is served: how many, when they begin, in which segments, by which providers.

    One combination of intake, segment and provider is a *cell*: the smallest group that is counted.
    """

    unit: Text = Field(default_factory=lambda: {"es": "persona", "en": "person"})
    """What one of them is: person, pupil, household, village, hectare."""
    size: Amount
    """How many are planned in all."""
    intakes: Intakes | Annotated[tuple[Intake, ...], Field(min_length=1, max_length=60)] = Intakes()
    segments: Annotated[dict[Name, Share], Field(max_length=12)] = Field(default_factory=dict)
    """Kinds of people with their planned shares, if the contract tells them apart."""
    providers: Annotated[dict[Name, Share], Field(max_length=12)] = Field(default_factory=dict)
    """Providers (parties) with the shares of people they serve, if there are several."""


class Records(Frozen):
    """The result is counted from records, as it happened."""

    kind: Literal["records"]


class Benchmark(Frozen):
    """The result is compared with a fixed number that was agreed beforehand."""

    kind: Literal["benchmark"]
    value: Figure
    """The agreed level without the programme, per person (or in all, for a total)."""


class Comparison(Frozen):
    """The result is compared with a group that did not take part, with the noise of both groups."""

    kind: Literal["comparison"]
    ratio: Annotated[float, BeforeValidator(read_number), Field(gt=0, le=1000)] = 1.0
    """People in the comparison group for each person in the programme."""


class Weighted(Frozen):
    """One estimator of a blend with its agreed weight."""

    weight: Annotated[float, BeforeValidator(read_number), Field(gt=0, le=1)]
    method: Annotated[Benchmark | Comparison, Field(discriminator="kind")]


class Blend(Frozen):
    """An agreed weighted mix of estimators decides."""

    kind: Literal["blend"]
    of: Annotated[tuple[Weighted, ...], Field(min_length=2, max_length=5)]

    @model_validator(mode="after")
    def _sum(self) -> Blend:
        total = sum(part.weight for part in self.of)
        if abs(total - 1) > 1e-9:
            raise PydanticCustomError(
                "sum", "{allowed}", {"allowed": "weights that sum to 1", "found": f"{total:g}"}
            )
        return self


def _method_by_name(data: Any) -> Any:
    return {"kind": data} if isinstance(data, str) else data


Method = Annotated[
    Records | Benchmark | Comparison | Blend, Field(discriminator="kind"), BeforeValidator(_method_by_name)
]


class Result(Frozen):
    """A result the contract speaks of, and how and when it is measured."""

    kind: Literal["share", "repeated", "amount", "total"]
    """share: people who achieve it; repeated: achievers may be claimed several times; amount: so much per
    person (days, levels, pesos); total: so much in all (hectares, villages, an index)."""
    name: Text
    unit: Text | None = None
    """What one unit of it is."""
    of: Name = "people"
    """Whose result: the people; those who achieved an earlier result (a chain); or the whole deal, for a total that is
    measured once for all."""
    after: Moment
    """Periods from an intake's start to the measurement."""
    every: Annotated[int, Field(strict=True, ge=1, le=240)] = 1
    """Periods between repeated measurements."""
    times: Annotated[int, Field(strict=True, ge=1, le=120)] = 1
    """How many times each intake is measured; each time stands for itself."""
    at_most: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    """For a repeated result: claims per achiever at most."""
    measured: Method = Records(kind="records")
    sampled: Annotated[float, BeforeValidator(read_number), Field(gt=0, le=1)] = 1.0
    """Share of the people whom the evaluator measures; the rest are taken to be like them."""
    less_is_better: StrictBool = False
    """Whether the programme wants less of it (days in prison, anaemia, hectares lost)."""


Quantity = Literal[
    "count",
    "claims",
    "total",
    "rate",
    "mean",
    "difference",
    "additional",
    "relative_reduction",
    "relative_increase",
]


class When(Frozen):
    """When the money of a term is paid."""

    lag: Annotated[int, Field(strict=True, ge=0, le=120)] = 0
    """Periods from measurement to payment."""
    dates: tuple[Moment, ...] | None = None
    """Fixed payment moments: the first one not before measurement plus lag is used."""
    early_end: StrictBool = False
    """Paid (after the lag) when the contract ends early, and only then: a termination payment."""


def _labels(data: Any) -> Any:
    return (data,) if isinstance(data, str) else data


Pool = Annotated[
    tuple[Literal["each", "intake", "segment", "provider", "measurement", "period", "all"], ...],
    BeforeValidator(_labels),
    Field(min_length=1, max_length=5),
]


class Gate(Frozen):
    """What must hold when a term's result is measured for it to pay; what is measured later is not waited for."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


class Scored(Frozen):
    """One result in a score of several, with its weight."""

    on: Name
    """The result."""
    quantity: Quantity = "rate"
    """What is read off it."""
    where: Where = Where()
    """Only some intakes, segments or providers."""
    weight: Annotated[float, BeforeValidator(read_number), Field(gt=0, le=1000)]
    """How much it counts."""
    target: Figure | None = None
    """If given, the quantity is taken as a share of this target."""
    at_most: Annotated[float, BeforeValidator(read_number), Field(gt=0, le=1000)] | None = None
    """The most that counts of it (1, where exceeding one target may not make up for missing another)."""


class Quality(Frozen):
    """Another result by which the money of a term is multiplied; it has to be measured no later than the term's own."""

    on: Name
    """The result."""
    quantity: Quantity = "rate"
    """What is read off it, to date, in the cells of the claim."""
    where: Where = Where()
    """Only some intakes, segments or providers."""
    curve: Curve
    """From what is read to the factor."""


class Term(Frozen):
    """A payment term: a curve from a measured quantity to money."""

    name: Text
    on: Name | None = None
    """The result that is paid for; without one, the curve is paid at each of its dates (an activity payment)."""
    score: Annotated[tuple[Scored, ...], Field(max_length=20)] = ()
    """Several results read together, in place of `on`: the quantity is the sum of their weighted parts, over all people or
    by intake, segment or provider, when the last of them is measured."""
    quantity: Quantity = "count"
    where: Where = Where()
    """Only some intakes, segments or providers."""
    pool: Pool = ("each",)
    """What is measured together: each measurement by itself, by intake, segment, provider, measurement number
    or period, or all together."""
    to_date: StrictBool = False
    """Whether each measurement counts all that came before it in its pool; only the change is paid."""
    target: Figure | None = None
    """If given, the quantity is taken as a share of this target."""
    worth: Figure | None = None
    """If given, the quantity is multiplied by this value per unit: the curve then sees money."""
    curve: Curve
    quality: Quality | None = None
    """Another result by which the money is multiplied (a price times a score of quality)."""
    gate: Gate | None = None
    paid: When = When()
    payers: dict[Name, Share] | None = None
    """Who pays which share, if other than the contract's payers."""
    index: Name | None = None
    """The index by which the money grows from close to payment."""
    currency: Currency | None = None
    """The currency its money is written in, if not the deal's."""

    @property
    def is_activity(self) -> bool:
        """Whether it is paid at its dates, whatever is measured."""
        return self.on is None and not self.score

    @property
    def results(self) -> tuple[str, ...]:
        """Results that it reads."""
        return tuple(part.on for part in self.score) if self.on is None else (self.on,)


class Limit(Frozen):
    """The most that a group of terms may pay (in money, in units, in units as a share of a count), or the least."""

    on: Annotated[tuple[Name, ...], BeforeValidator(_labels), Field(min_length=1)]
    """Terms it binds together, or ``all``."""
    money: Amount | None = None
    units: Amount | None = None
    share: Share | None = None
    of: Name | None = None
    """For a share: of the people, or of what was measured of a result."""
    per: Literal["contract", "intake", "segment", "provider", "period", "fiscal_year", "person"] = "contract"
    floor: Amount | None = None
    """Money that is paid at least: what is missing is topped up at the group's last date."""
    where: Where = Where()
    """Only claims for these intakes, segments or providers."""
    payers: Annotated[tuple[Name, ...], BeforeValidator(_labels)] = ()
    """Only what these payers pay; all, if none is named."""
    excess: Name = "lost"
    """What happens to money over the limit: lost; carried to the next period or fiscal year; or the name of a
    payer who pays it instead."""
    unused: Literal["lost", "carried"] = "lost"
    """Whether what a period or fiscal year leaves of its limit is added to the next one's."""
    index: Name | None = None
    """The index by which the limit itself grows."""
    currency: Currency | None = None
    """The currency it is written in, if not the deal's."""

    @model_validator(mode="after")
    def _one_measure(self) -> Limit:
        given = [key for key in ("money", "units", "share", "floor") if getattr(self, key) is not None]
        if len(given) != 1 or (self.share is None) != (self.of is None):
            allowed = "exactly one of money, units, share (with of), floor"
            raise PydanticCustomError(
                "choice", "{allowed}", {"allowed": allowed, "found": ", ".join(given) or "none"}
            )
        return self


def _at_close() -> Any:
    return {"0": Fixed(kind="fixed", value=1.0)}


class Deposit(Frozen):
    """What one payer sets apart in the trust, and when."""

    amount: Amount
    """What it sets apart in all."""
    at: Annotated[dict[Annotated[str, Field(pattern=r"^\d{1,3}$")], Share], Field(min_length=1)] = Field(
        default_factory=_at_close
    )
    """Moment to share of the amount; all of it at close, unless said."""


class Trust(Frozen):
    """Money that payers set apart beforehand, out of which results are paid (fideicomiso, patrimonio autónomo).

    What is in it is paid whatever happens to the payer's budget; where it does not suffice, the payer's budget pays.
    What is left when the contract closes goes back to the payer.
    """

    held_by: Name
    """The party that holds it, and is paid for that."""
    deposits: Annotated[dict[Name, Deposit], Field(min_length=1, max_length=20)]
    """By payer, what it sets apart; payers that are not named pay out of their budgets."""
    fee_share: Share = Field(default_factory=lambda: Fixed(kind="fixed", value=0.0))
    """Fee a year, as a share of what is held."""
    fee_amount: Amount = Field(default_factory=lambda: Fixed(kind="fixed", value=0.0))
    """Fee a year, as an amount, split in proportion to the agreed deposits."""
    fee_from: Literal["trust", "payers"] = "payers"
    """Whether the fee is taken from what is held, or paid by the payers on top."""
    interest: Rate = Field(default_factory=lambda: Fixed(kind="fixed", value=0.0))
    """What is held earns this much a year."""


class Contract(Frozen):
    """What is agreed."""

    calendar: Calendar
    parties: Annotated[dict[Name, Party], Field(min_length=2, max_length=40)]
    payers: Annotated[dict[Name, Share], Field(min_length=1, max_length=20)]
    """Who pays for results, and which share."""
    account: Name
    """The party that holds the contract account: a trust, a company, or the provider itself."""
    people: People
    results: Annotated[dict[Name, Result], Field(max_length=60)] = Field(default_factory=dict)
    payments: Annotated[dict[Name, Term], Field(min_length=1, max_length=80)]
    limits: Annotated[dict[Name, Limit], Field(max_length=40)] = Field(default_factory=dict)
    fees: Annotated[dict[Name, Fee], Field(max_length=40)] = Field(default_factory=dict)
    """What the account owes to those who work."""
    capital: Annotated[dict[Name, Capital], Field(max_length=12)] = Field(default_factory=dict)
    waterfall: Annotated[tuple[Step, ...], Field(max_length=40)]
    """In which order the account's money is passed on."""
    trust: Trust | None = None
    """Money that payers set apart beforehand."""
    stop: BreakOption | None = None
    """An option to stop early that a party has."""
    after_early_end: Literal["measured", "started", "nothing"] = "measured"
    """After an early end: results measured by then are paid; those of people who had started too; or none."""


def bound_terms(limit: Limit, contract: Contract) -> tuple[str, ...]:
    """Terms that a limit binds together."""
    return tuple(contract.payments) if "all" in limit.on else limit.on
