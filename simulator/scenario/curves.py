"""Curves from a measured quantity to money: one class per shape, each with its formula.

``figure`` looks up the value that a figure of the curve has in each future, by its path inside the curve.
A new shape is one new class here and its name in ``Curve``; schema, documents and engine follow from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Frozen, Name
from simulator.scenario.distributions import FloatArray, reaches
from simulator.scenario.figures import Figure

Lookup = Callable[[str], Any]
"""From a figure's path inside its curve to its value: a number, or one per trial."""


class PerUnit(Frozen):
    """A price for each unit; where segments have different prices, one for each."""

    kind: Literal["per_unit"]
    price: Figure | dict[Name, Figure]
    """Money per unit, or a mapping from segment to money per unit."""

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """Price times quantity."""
        price = figure(f"price.{segment}") if isinstance(self.price, dict) else figure("price")
        return np.asarray(price * quantity)


class Point(Frozen):
    """A quantity and the money that belongs to it."""

    at: Figure
    pay: Figure


def _check_ascending(points: tuple[Point, ...]) -> None:
    lows = [point.at.support()[0] for point in points]
    highs = [point.at.support()[1] for point in points]
    if any(high > low for high, low in zip(highs, lows[1:], strict=False)):
        raise PydanticCustomError(
            "order", "{allowed}", {"allowed": "`at` ascending", "found": str(highs)[:80]}
        )


class Steps(Frozen):
    """The pay of the highest threshold that is reached; nothing below the first."""

    kind: Literal["steps"]
    steps: Annotated[tuple[Point, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _ascending(self) -> Steps:
        _check_ascending(self.steps)
        return self

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """Pay of the highest step reached."""
        paid = np.zeros_like(quantity)
        for index in range(len(self.steps)):
            paid = np.where(
                reaches(quantity, figure(f"steps.{index}.at")), figure(f"steps.{index}.pay"), paid
            )
        return paid


class Band(Frozen):
    """From which quantity on a price holds."""

    above: Figure
    price: Figure


class Bands(Frozen):
    """A price for the units inside each band, like a tax table; nothing for units below the first."""

    kind: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        _check_ascending(tuple(Point(at=band.above, pay=band.price) for band in self.bands))
        return self

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """Sum over bands of price times the units inside the band."""
        paid = np.zeros_like(quantity)
        for index in range(len(self.bands)):
            above = quantity - figure(f"bands.{index}.above")
            last = index == len(self.bands) - 1
            width = np.inf if last else figure(f"bands.{index + 1}.above") - figure(f"bands.{index}.above")
            paid = paid + figure(f"bands.{index}.price") * np.clip(above, 0.0, width)
        return paid


class Lines(Frozen):
    """Straight lines between points, level before the first and after the last.

    Two points at the same quantity are a jump: the later one holds from there on.
    """

    kind: Literal["lines"]
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=60)]

    @model_validator(mode="after")
    def _ascending(self) -> Lines:
        _check_ascending(self.points)
        return self

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """Interpolated pay."""
        paid = np.zeros_like(quantity) + figure("points.0.pay")
        for index in range(len(self.points) - 1):
            left, right = figure(f"points.{index}.at"), figure(f"points.{index + 1}.at")
            low, high = figure(f"points.{index}.pay"), figure(f"points.{index + 1}.pay")
            width = np.where(right > left, right - left, 1.0)
            inside = low + (high - low) * (quantity - left) / width
            between = np.where(reaches(quantity, right), high, inside)
            paid = np.where(reaches(quantity, left), between, paid)
        return paid


class PartOf(Frozen):
    """A share of the quantity itself, when the quantity is money (`worth` in the term)."""

    kind: Literal["share"]
    share: Figure

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """Share times value."""
        return np.asarray(figure("share") * quantity)


class Lump(Frozen):
    """A sum that is paid once for each pool, whatever was measured: activity payments, advances."""

    kind: Literal["lump"]
    pay: Figure

    def money(self, quantity: FloatArray, figure: Lookup, segment: str | None) -> FloatArray:
        """The sum."""
        return np.zeros_like(quantity) + figure("pay")


Curve = Annotated[PerUnit | Steps | Bands | Lines | PartOf | Lump, Field(discriminator="kind")]
UNIT_PRICED = (PerUnit, PartOf)
"""Shapes whose money is proportional to the quantity."""
