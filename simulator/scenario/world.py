"""The world: what is believed. Enrolment, effects, costs, delays, indices, rates, how they move together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Currency, Frozen, Name
from simulator.scenario.conditions import Where
from simulator.scenario.distributions import Fixed
from simulator.scenario.figures import Amount, Figure, Growth, Rate, Share
from simulator.scenario.public_value import ByInputs, PublicValue

Moment = Annotated[int, Field(strict=True, ge=0, le=600)]


def _fixed(value: float) -> Any:
    return Field(default_factory=lambda: Fixed(kind="fixed", value=value))


class Level(Frozen):
    """What is believed about a result: with the programme, without it, and how well it can be shown.

    The level with the programme is given by exactly one of ``level``, ``effect`` (added to the counterfactual)
    and ``relative_effect`` (proportion of the counterfactual).
    """

    level: Figure | None = None
    """With the programme: share who achieve it, mean per person, or total."""
    counterfactual: Figure | None = None
    """What would have happened anyway, in the same unit."""
    effect: Figure | None = None
    """Change that the programme brings, in the same unit."""
    relative_effect: Figure | None = None
    """Change that the programme brings, as a proportion of the counterfactual."""
    claims: Amount | None = None
    """For a repeated result: mean claims per achiever."""
    verified: Share | None = None
    """Share of true results for which evidence is found."""

    @model_validator(mode="after")
    def _one_way(self) -> Level:
        given = [key for key in ("level", "effect", "relative_effect") if getattr(self, key) is not None]
        if len(given) > 1:
            allowed = "one of level, effect, relative_effect"
            raise PydanticCustomError("choice", "{allowed}", {"allowed": allowed, "found": ", ".join(given)})
        return self


class Belief(Level):
    """What is believed about one result, and where segments or providers differ."""

    individual_sd: Amount | None = None
    """Standard deviation between people of an amount."""
    events: StrictBool = False
    """Whether an amount counts rare events: then its variance equals its mean (Poisson)."""
    cluster_size: Annotated[float, Field(ge=1, le=1e6)] = 1.0
    """People per cluster (school, village)."""
    cluster_correlation: Share = _fixed(0.0)
    """Intra-cluster correlation."""
    selection_bias: Figure = _fixed(0.0)
    """By how much the comparison group's level differs from the true counterfactual."""
    biases: Annotated[tuple[Figure, ...], Field(max_length=5)] = ()
    """For a blend: the selection bias of each of its estimators, in their order, in place of `selection_bias`."""
    variation: Amount | None = None
    """For a total: standard deviation between its measurements, in its own unit."""
    segments: dict[Name, Level] = Field(default_factory=dict)
    providers: dict[Name, Level] = Field(default_factory=dict)


class Enrolment(Frozen):
    """How many of the planned people really take part."""

    share: Amount = _fixed(1.0)
    segments: dict[Name, Amount] = Field(default_factory=dict)
    ramp: tuple[Amount, ...] = ()
    """Multipliers by intake, in order; the last one holds for the rest."""


class Cost(Frozen):
    """What a part of the work costs the party that does it."""

    by: Name
    """The party that spends it."""
    amount: Amount
    per: Name = "deal"
    """deal, period, participant, or a result (each unit truly achieved)."""
    starts: Moment = 0
    """First moment at which it is spent (after the intake's start, for a cost per participant or unit)."""
    over: Annotated[int, Field(strict=True, ge=1, le=240)] | None = None
    """Over how many periods a cost per deal or participant is spread, or how long a cost per period runs."""
    every: Annotated[int, Field(strict=True, ge=1, le=240)] = 1
    """Periods between two payments of a cost per period."""
    where: Where = Where()
    """Only some intakes, segments or providers, for a cost per participant or result."""
    index: Name | None = None
    currency: Currency | None = None


class Steady(Frozen):
    """An index that grows at a rate a year, from 1 at close."""

    kind: Literal["growth"]
    rate: Growth


class Path(Frozen):
    """An index given by its values at moments 0, 1, 2 …; the last one holds on."""

    kind: Literal["path"]
    values: Annotated[tuple[Amount, ...], Field(min_length=1, max_length=601)]


class Walk(Frozen):
    """An index that grows at a rate a year on average and wanders around it (geometric random walk)."""

    kind: Literal["walk"]
    rate: Growth
    sd: Amount
    """Standard deviation of a year's growth (of its logarithm)."""


Index = Annotated[Steady | Path | Walk, Field(discriminator="kind")]


class Exchange(Frozen):
    """What one unit of a foreign currency is worth in the deal's currency."""

    at_close: Amount
    moves: Index | None = None
    """How it moves from there; it stays, if nothing is said."""


class OutsideView(Frozen):
    """What past deals achieved against their plans, applied to the improvement that this world believes in.

    The level becomes counterfactual + (level - counterfactual) x multiplier.
    """

    multiplier: Amount
    of: tuple[Name, ...] = ()
    """Results it applies to; all, if none is named."""


class EarlyEnd(Frozen):
    """The contract may end early, at a moment equally likely between two."""

    prob: Share
    first: Moment = 1
    last: Moment


class Pair(Frozen):
    """Two uncertain figures that move together."""

    between: Annotated[
        tuple[str, str], BeforeValidator(lambda data: tuple(data) if isinstance(data, list) else data)
    ]
    """Paths of two figures, such as world.results.placed.level."""
    rank: Annotated[float, Field(ge=-1, le=1)]
    """Spearman's rank correlation."""


class World(Frozen):
    """What is believed."""

    enrolment: Enrolment = Enrolment()
    results: Annotated[dict[Name, Belief], Field(max_length=60)] = Field(default_factory=dict)
    costs: Annotated[dict[Name, Cost], Field(max_length=40)] = Field(default_factory=dict)
    indices: Annotated[dict[Name, Index], Field(max_length=12)] = Field(default_factory=dict)
    early_end: EarlyEnd | None = None
    appropriation_fails: dict[Name, Share] = Field(default_factory=dict)
    """Probability a fiscal year that a payer's appropriation fails and what is due that year is not paid."""
    exchange: Annotated[dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Exchange], Field(max_length=8)] = (
        Field(default_factory=dict)
    )
    """Exchange rates by foreign currency."""
    deflator: Name | None = None
    """The index by which nominal money becomes money of close."""
    outside_view: OutsideView | None = None
    payment_delay: dict[Name, Amount] = Field(default_factory=dict)
    """By payer, periods by which it pays late (rounded); what is later than the last moment is paid then."""
    discount_rates: dict[Name, Rate] = Field(default_factory=dict)
    """Rates a year at which parties (or roles: payer, investors, society) discount."""
    value: PublicValue | None = None
    """What additional results are worth to the State and to society."""
    by_inputs: ByInputs | None = None
    """What the same programme would cost and achieve if it were bought by inputs; just this work and these results, if
    nothing is said."""
    correlations: Annotated[tuple[Pair, ...], Field(max_length=200)] = ()
