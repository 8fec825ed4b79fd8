"""Figures: numbers of a deal that may be uncertain and may say where they come from, with their bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

from simulator.scenario.distributions import Distribution, Sourced


def bounded(low: float, high: float, *, open_low: bool = False) -> Callable[[Sourced], Sourced]:
    """Make a validator that holds every value a figure can take between two ends."""

    def check(figure: Sourced) -> Sourced:
        lowest, highest = figure.support()  # type: ignore[attr-defined]
        inside = (lowest > low if open_low else lowest >= low) and highest <= high
        if not inside:
            found = f"{lowest:g}" if lowest == highest else f"{lowest:g} … {highest:g}"
            raise PydanticCustomError(
                "range", "{allowed}", {"allowed": _range_text(low, high, open_low), "found": found}
            )
        return figure

    return check


def _range_text(low: float, high: float, open_low: bool) -> str:
    if math.isinf(high):
        return f"{'>' if open_low else '>='} {low:g}"
    return f"{low:g} {'<' if open_low else '<='} x <= {high:g}"


@dataclass(frozen=True, slots=True)
class Ends:
    """Tells the JSON Schema between which ends a figure lies, so that editors complain too."""

    low: float
    high: float
    open_low: bool = False

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Note the ends beside the schema of the figure; :mod:`simulator.scenario.schema` puts them where they belong."""
        low = {"exclusiveMinimum" if self.open_low else "minimum": self.low}
        high = {} if math.isinf(self.high) else {"maximum": self.high}
        return {**handler(core), "x-number": {**low, **high}}


Figure = Distribution
"""Any number; amounts that may be negative too."""
Amount = Annotated[Distribution, AfterValidator(bounded(0, math.inf)), Ends(0, math.inf)]
"""Money or units, never negative."""
Share = Annotated[Distribution, AfterValidator(bounded(0, 1)), Ends(0, 1)]
"""A share of a whole, 0 to 1 (or 0 % to 100 %)."""
Rate = Annotated[Distribution, AfterValidator(bounded(-0.99, 1)), Ends(-0.99, 1)]
"""An effective rate a year as a decimal (0.08 or 8 %), at most 100 %."""
Growth = Annotated[Distribution, AfterValidator(bounded(-0.99, 10)), Ends(-0.99, 10)]
"""Growth of an index a year as a decimal, at most 1,000 %."""
Multiple = Annotated[
    Distribution, AfterValidator(bounded(0, 1_000, open_low=True)), Ends(0, 1_000, open_low=True)
]
"""A factor above zero."""


def walk_figures(part: Any, path: str = "") -> Iterator[tuple[str, Distribution]]:
    """Yield every figure below a part of a document with its dotted path, in document order.

    Examples
    --------
    >>> from simulator.scenario.distributions import Fixed
    >>> [path for path, _ in walk_figures({"price": Fixed(kind="fixed", value=3.0)}, "contract")]
    ['contract.price']
    """
    if isinstance(part, Sourced):
        yield path, part  # type: ignore[misc]
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            yield from walk_figures(getattr(part, field), _join(path, field))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from walk_figures(item, _join(path, str(key)))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from walk_figures(item, _join(path, str(index)))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
