"""Public value: what an additional result is worth, to whom, for how long; and the same programme bought by inputs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.base import Currency, Frozen, Name, Text
from simulator.scenario.distributions import Fixed
from simulator.scenario.figures import Amount, Figure, Share

Years = Annotated[int, Field(strict=True, ge=1, le=100)]


class Agency(Frozen):
    """Somebody whose budget a result relieves, whether or not it is a party to the contract."""

    name: Text
    """Its name for people."""
    public: bool = True
    """Whether its budget is the State's; what others save counts as social benefit."""


class Benefit(Frozen):
    """What one additional unit of a result is worth a year, to one agency or to society.

    The first yearly amount falls when the result is measured, or so many years later; the others follow year by year,
    each smaller by the decay. Amounts are money of close.
    """

    name: Text
    """Its name for people."""
    on: Name
    """The result, whose additional units (true less what would have happened anyway) are valued."""
    agency: Name | None = None
    """Who saves it: an agency or a party; nobody's budget (a social benefit), if none is named."""
    amount: Figure
    """Money per additional unit and year, at average cost; negative for a cost that the result brings."""
    starts: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    """Years from the measurement to the first yearly amount."""
    years: Years = 1
    """How many yearly amounts there are."""
    decay: Share = Field(default_factory=lambda: Fixed(kind="fixed", value=0.0))
    """Share that is lost from each year to the next."""
    avoidable: Share = Field(default_factory=lambda: Fixed(kind="fixed", value=1.0))
    """Share of the average cost that is really avoided (marginal cost): a prisoner less does not close the prison."""
    cashable: Share = Field(default_factory=lambda: Fixed(kind="fixed", value=0.0))
    """Share of what is avoided that can be taken out of a budget; the rest is capacity for others."""
    currency: Currency | None = None
    """The currency the amount is written in, if not the deal's, at the exchange rate of close."""
    unit: Literal["uf", "utm", "uit"] | None = None
    """The unit of account that the amount is written in, if it is not money."""
    unit_date: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = None
    """Date at whose value the unit is converted, as year-month-day."""


class PublicValue(Frozen):
    """What the results are worth to the State and to society, over a horizon of its own."""

    horizon: Years
    """Years from close over which value is counted; it may run long after the contract."""
    agencies: Annotated[dict[Name, Agency], Field(max_length=20)] = Field(default_factory=dict)
    """Those whose budgets results relieve and who are no parties to the contract, by a short name."""
    benefits: Annotated[dict[Name, Benefit], Field(min_length=1, max_length=40)]
    """Streams of value, by a short name."""


class ByInputs(Frozen):
    """The same programme paid for whatever happens, as the alternative to the contract.

    Unless said otherwise it costs what the work costs those who do it, on the same calendar, and achieves the same.
    """

    costs: Annotated[tuple[Name, ...], Field(max_length=40)] = ()
    """Cost lines that would be bought; all that no payer bears, if none is named."""
    cost_factor: Amount = Field(default_factory=lambda: Fixed(kind="fixed", value=1.0))
    """What the work would cost, as a multiple of what it costs here."""
    effect: Amount = Field(default_factory=lambda: Fixed(kind="fixed", value=1.0))
    """What it would achieve, as a multiple of the additional results here."""
