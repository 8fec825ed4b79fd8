"""Which measurements a part of the contract looks at, and what it asks of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Frozen, Name
from simulator.scenario.figures import Figure


def _several(data: Any) -> Any:
    return (data,) if isinstance(data, (str, int)) and not isinstance(data, bool) else data


Names = Annotated[tuple[Name, ...], BeforeValidator(_several)]


class Where(Frozen):
    """Some cells only; what is not named is not restricted."""

    intake: Annotated[
        tuple[Annotated[int, Field(strict=True, ge=1, le=60)], ...], BeforeValidator(_several)
    ] = ()
    """Numbers of intakes, the first is 1."""
    segment: Names = ()
    provider: Names = ()


class Condition(Frozen):
    """Something that must hold: a measured quantity on one side of a number, or a term that has paid."""

    on: Name | None = None
    """A result whose measured quantity is looked at, to date."""
    quantity: Literal[
        "count", "claims", "total", "rate", "mean", "difference", "additional",
        "relative_reduction", "relative_increase",
    ] = "count"  # fmt: skip
    where: Where = Where()
    pool: Literal["same", "all"] = "all"
    """Looked at within the term's own pool, or over everything."""
    at_least: Figure | None = None
    below: Figure | None = None
    significant: Annotated[float, Field(gt=0, lt=0.5)] | None = None
    """One-sided level at which the difference to the comparison must be significant."""
    term: Name | None = None
    """A term that must have paid something by then."""

    @model_validator(mode="after")
    def _one_question(self) -> Condition:
        tests = [self.at_least is not None, self.below is not None, self.significant is not None]
        right = (self.term is not None and self.on is None and not any(tests)) or (
            self.term is None and self.on is not None and sum(tests) == 1
        )
        if not right:
            allowed = "term, or on with exactly one of at_least, below, significant"
            raise PydanticCustomError("choice", "{allowed}", {"allowed": allowed, "found": "other"})
        return self
