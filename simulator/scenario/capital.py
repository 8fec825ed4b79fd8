"""Capital, fees and the waterfall: whose money is at work, what the account owes, who is paid when.

A new kind of goal or step is one new class here with its formula in ``engine/waterfall.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Currency, Frozen, Name, Text
from simulator.scenario.conditions import Condition, Where
from simulator.scenario.curves import Curve
from simulator.scenario.figures import Amount, Figure, Rate, Share

Moment = Annotated[int, Field(strict=True, ge=0, le=600)]


class AtCost(Frozen):
    """The account repays what the work really costs."""

    kind: Literal["at_cost"]
    costs: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Cost lines of the world that are repaid, to whoever bears them."""


class FeeAmount(Frozen):
    """The account owes an agreed sum to a party, whatever the work costs."""

    kind: Literal["amount"]
    to: Name
    amount: Amount
    per: Name = "deal"
    """deal, period, participant, or a result (each unit measured)."""
    starts: Moment = 0
    """First moment at which it falls due (after the intake's start, for a sum per participant)."""
    over: Annotated[int, Field(strict=True, ge=1, le=240)] | None = None
    """Over how many periods a sum per deal or participant is spread, or how long a sum per period runs."""
    every: Annotated[int, Field(strict=True, ge=1, le=240)] = 1
    """Periods between two payments of a sum per period."""
    where: Where = Where()
    """Only some intakes, segments or providers, for a sum per participant or result."""
    index: Name | None = None
    currency: Currency | None = None


Fee = Annotated[AtCost | FeeAmount, Field(discriminator="kind")]


class ByPerformance(Frozen):
    """A curve from a measured quantity to a rate or a share."""

    on: Name
    quantity: Literal[
        "count", "claims", "total", "rate", "mean", "difference", "additional",
        "relative_reduction", "relative_increase",
    ]  # fmt: skip
    where: Where = Where()
    curve: Curve


class Scheduled(Frozen):
    """Drawn at agreed moments, in agreed shares of the commitment."""

    kind: Literal["scheduled"]
    shares: Annotated[dict[Annotated[str, Field(pattern=r"^\d{1,3}$")], Share], Field(min_length=1)]
    """Moment to share of the commitment."""


class AtClose(Frozen):
    """Drawn in full at financial close."""

    kind: Literal["at_close"]


class AsNeeded(Frozen):
    """Drawn when the account lacks money for what is due."""

    kind: Literal["as_needed"]


def _by_kind(data: Any) -> Any:
    return {"kind": data} if isinstance(data, str) else data


Draw = Annotated[AtClose | AsNeeded | Scheduled, Field(discriminator="kind"), BeforeValidator(_by_kind)]


class Tranche(Frozen):
    """Capital that hopes to come back: a loan, equity, a recoverable grant, a provider's own deferral."""

    kind: Literal["tranche"]
    name: Text | None = None
    """What people call it (senior loan, first loss), if other than its party."""
    party: Name
    commitment: Amount
    draw: Draw = AsNeeded(kind="as_needed")
    order: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    """Tranches with a lower number are drawn first; equal numbers are drawn in proportion."""
    revolving: StrictBool = False
    """Whether principal that was repaid may be drawn again."""
    coupon: Rate | ByPerformance | None = None
    """Interest a year on what is outstanding: agreed, or by performance."""
    principal: ByPerformance | None = None
    """Which share of principal is owed, if it depends on performance."""
    index: Name | None = None
    """The index (UF, CPI) in whose units it is written: commitment and all that is owed move with it."""
    currency: Currency | None = None
    """The currency in which it is written, if not the deal's: commitment and all that is owed move with its rate."""


class Grant(Frozen):
    """Money that does not come back."""

    kind: Literal["grant"]
    name: Text | None = None
    """What people call it, if other than its party."""
    party: Name
    amount: Amount
    draw: Draw = AtClose(kind="at_close")
    order: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    index: Name | None = None
    """The index in whose units it is written."""
    currency: Currency | None = None
    """The currency in which it is written, if not the deal's."""


class Guarantee(Frozen):
    """Somebody covers lost principal at the end, up to an amount."""

    kind: Literal["guarantee"]
    name: Text | None = None
    """What people call it, if other than its party."""
    party: Name
    of: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Tranches that are covered, in order."""
    share: Share = Field(default_factory=lambda: _whole())
    """Share of lost principal that is covered."""
    up_to: Amount
    index: Name | None = None
    """The index in whose units `up_to` is written."""
    currency: Currency | None = None
    """The currency in which `up_to` is written, if not the deal's."""


def _whole() -> Any:
    from simulator.scenario.distributions import Fixed

    return Fixed(kind="fixed", value=1.0)


Capital = Annotated[Tranche | Grant | Guarantee, Field(discriminator="kind")]


class UntilInterest(Frozen):
    """Until accrued interest is paid."""

    kind: Literal["interest"]


class UntilPrincipal(Frozen):
    """Until the principal that is owed is repaid."""

    kind: Literal["principal"]


class UntilIrr(Frozen):
    """Until the tranche has earned this rate a year on what it put in."""

    kind: Literal["irr"]
    rate: Rate


class UntilMultiple(Frozen):
    """Until the tranche has received this multiple of what it put in."""

    kind: Literal["multiple"]
    times: Amount


class UntilAmount(Frozen):
    """Until this step has passed on this much in all."""

    kind: Literal["amount"]
    amount: Amount


Goal = Annotated[
    UntilInterest | UntilPrincipal | UntilIrr | UntilMultiple | UntilAmount,
    Field(discriminator="kind"),
    BeforeValidator(_by_kind),
]


class PayFees(Frozen):
    """Pay the fees that are due, and arrears."""

    kind: Literal["fees"]
    of: tuple[Name, ...] = ()
    """Some fees only; without names, all that no earlier step names."""


class KeepReserve(Frozen):
    """Keep money back for the fees of coming periods, or an agreed amount."""

    kind: Literal["reserve"]
    periods: Annotated[int, Field(strict=True, ge=1, le=240)] | None = None
    amount: Amount | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> KeepReserve:
        if (self.periods is None) == (self.amount is None):
            raise PydanticCustomError(
                "choice", "{allowed}", {"allowed": "periods or amount", "found": "both or none"}
            )
        return self


def _recipients(data: Any) -> Any:
    if isinstance(data, str):
        return {data: 1.0}
    if isinstance(data, (list, tuple)):
        return dict.fromkeys(data)
    return data


class Pay(Frozen):
    """Pay named recipients until a goal is reached, or all that is left."""

    kind: Literal["pay"]
    to: Annotated[dict[Name, Share | None], BeforeValidator(_recipients), Field(min_length=1, max_length=10)]
    """A tranche or party; several with agreed shares; or a list of tranches, paid in proportion to what is due."""
    until: Goal | None = None
    of: Name | None = None
    """Whose goal it is, if not the first recipient's."""
    starts: Moment = 0
    """First moment at which this step passes money on; it acts when the contract closes, even if that is earlier."""
    at_end: StrictBool = False
    """Whether this step acts only when the contract ends."""


Step = Annotated[PayFees | KeepReserve | Pay, Field(discriminator="kind")]


class BreakOption(Frozen):
    """A party may stop the contract at a moment unless conditions hold."""

    at: Moment
    by: Name
    unless: Annotated[tuple[Condition, ...], Field(min_length=1)]
    """It goes on if all of these hold, with what was measured to date."""


__all__ = [
    "AsNeeded", "AtClose", "AtCost", "BreakOption", "ByPerformance", "Capital", "Draw", "Fee", "FeeAmount",
    "Figure", "Goal", "Grant", "Guarantee", "KeepReserve", "Pay", "PayFees", "Scheduled", "Step", "Tranche",
    "UntilAmount", "UntilInterest", "UntilIrr", "UntilMultiple", "UntilPrincipal",
]  # fmt: skip
