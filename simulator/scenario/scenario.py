"""A scenario: contract and world in one frozen document, with its sources, its past and its identity."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenario.base import Frozen, Name, Text
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Contract
from simulator.scenario.distributions import Sourced
from simulator.scenario.figures import Amount, Figure, walk_figures
from simulator.scenario.numbers import read_figure, read_number
from simulator.scenario.world import World

SCHEMA_VERSION = 1
MOST_TRIALS = 1_000_000
MOST_SEED = 2**31 - 1
"""Seeds are short enough to be read out."""
BUILT_IN_TAGS = {"D": "derived", "M": "unverified", "A": "assumption", "X": "disputed"}
"""Reference keys that need no entry in ``sources``."""
Tag = Literal["source", "derived", "unverified", "assumption", "disputed"]


class Source(Frozen):
    """Where figures come from."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    address: Annotated[str, Field(max_length=500)] | None = None
    tag: Tag = "source"


class Settings(Frozen):
    """How the scenario is simulated unless the caller says otherwise."""

    trials: Annotated[int, Field(strict=True, ge=1, le=MOST_TRIALS)] = 10_000
    seed: Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)] = 20_260
    sampling: Literal["plain", "latin", "sobol"] = "plain"


class Observed(Frozen):
    """What was really measured of a result, for some cells or all."""

    where: Where = Where()
    measurement: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    """Number of the measurement, if only one; the first is 1."""
    count: Figure | None = None
    """Measured people, claims or total."""
    mean: Figure | None = None
    """Measured rate or mean."""
    relative_reduction: Figure | None = None
    difference: Figure | None = None
    out_of: Amount | None = None
    """People (or earlier achievers) it was measured on."""

    @model_validator(mode="after")
    def _one_figure(self) -> Observed:
        keys = ("count", "mean", "relative_reduction", "difference")
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) != 1:
            allowed = "exactly one of " + ", ".join(keys)
            raise PydanticCustomError(
                "choice", "{allowed}", {"allowed": allowed, "found": ", ".join(given) or "none"}
            )
        return self


def _observations(data: Any) -> Any:
    if isinstance(data, (int, float, str)):
        data = {"count": data}
    return [data] if isinstance(data, dict) else data


class Actuals(Frozen):
    """What really happened."""

    ended: Annotated[int, Field(strict=True, ge=0, le=240)] | None = None
    """Moment at which the contract ended, if early."""
    enrolled: Amount | None = None
    results: dict[Name, Annotated[tuple[Observed, ...], BeforeValidator(_observations)]] = Field(
        default_factory=dict
    )
    costs: dict[Name, Amount] = Field(default_factory=dict)
    """Cost lines with what they came to in all."""
    guaranteed: dict[Name, Amount] = Field(default_factory=dict)
    """What a guarantee really stood for, if other than agreed."""


Evidence = Literal["independent", "consistency", "circular"]


class Published(Sourced):
    """A figure that was published, to be compared with the replay: a value, or bounds."""

    value: Annotated[float, BeforeValidator(read_number)] | None = None
    at_least: Annotated[float, BeforeValidator(read_number)] | None = None
    at_most: Annotated[float, BeforeValidator(read_number)] | None = None
    tolerance: Annotated[float, BeforeValidator(read_number), Field(ge=0)] = 0.0
    """Half a unit of the last printed digit."""
    proves: Evidence = "consistency"
    """What agreement proves. independent: price, quantity and payment were published apart; circular: one of them was
    solved from the others, so that only the arithmetic is tested; consistency: something in between."""

    @model_validator(mode="after")
    def _value_or_bounds(self) -> Published:
        bounds = self.at_least is not None or self.at_most is not None
        if (self.value is None) != bounds:
            allowed = "value, or at_least and at_most"
            raise PydanticCustomError("choice", "{allowed}", {"allowed": allowed, "found": "both or none"})
        return self

    def difference(self, found: float) -> float:
        """Distance of a figure from what was published; zero inside the bounds."""
        if self.value is not None:
            return found - self.value
        low = self.at_least if self.at_least is not None else found
        high = self.at_most if self.at_most is not None else found
        return min(found - low, 0.0) + max(found - high, 0.0)


def _published(data: Any) -> Any:
    if isinstance(data, (int, float, str)) and not isinstance(data, bool):
        data = read_figure(data)
        data.pop("kind")
    return data


def _sorted(data: Any) -> Any:
    """The same data with the keys of every mapping in order."""
    if isinstance(data, dict):
        return {key: _sorted(data[key]) for key in sorted(data)}
    return [_sorted(item) for item in data] if isinstance(data, list) else data


class Scenario(Frozen):
    """A deal: what is agreed, what is believed, and what happened if it is over."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    title: Text
    summary: Text | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """Two letters, ISO 3166: decides words and number format."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """Three letters, ISO 4217."""
    grade: Literal["A", "B", "C"] | None = None
    """How well a real deal is documented: A closes independently, B with one inferred input, C is partial."""
    sources: Annotated[dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")], Source],
                       Field(max_length=100)] = Field(default_factory=dict)  # fmt: skip
    contract: Contract
    world: World
    beliefs: Annotated[
        dict[Name, dict[Annotated[str, Field(max_length=200)], Figure]], Field(max_length=12)
    ] = Field(default_factory=dict)
    """By stakeholder, figures of the world (by path) that it believes to be otherwise."""
    simulation: Settings = Settings()
    actuals: Actuals | None = None
    published: dict[
        Annotated[str, Field(max_length=80)], Annotated[Published, BeforeValidator(_published)]
    ] = Field(default_factory=dict)
    remarks: Text | None = None
    """Differences between replay and publication, explained; limits of the encoding."""

    def tag_of(self, reference: str) -> Tag:
        """Tell the kind of evidence behind a reference key."""
        if reference in self.sources:
            return self.sources[reference].tag
        return BUILT_IN_TAGS.get(reference, "assumption")  # type: ignore[return-value]

    def canonical_json(self) -> str:
        """Write the deal in one canonical way: no spaces, defaults left out, keys sorted outside the contract.

        Inside the contract names stay in the order of the document, which counts: limits apply one after the other,
        guarantees are called in turn, people are rounded segment by segment.
        """
        data = self.model_dump(mode="json", by_alias=True, exclude_unset=False, exclude_defaults=True)
        data = {key: data[key] if key == "contract" else _sorted(data[key]) for key in sorted(data)}
        return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def futures_digest(self) -> str:
        """Identity of what a deal's futures depend on: two deals with the same one share outcomes and measurements.

        Those are the world, the people, the results and the grid of time, the sampling, and which figures of the contract
        are uncertain (they take part in the table of uniform numbers); not prices, limits, capital or waterfall.
        """
        data = json.loads(self.canonical_json())
        contract = data["contract"]
        half = {
            "world": data["world"],
            "contract": {name: contract.get(name) for name in ("calendar", "people", "results")},
            "uncertain": sorted(
                path for path, figure in walk_figures(self.contract) if figure.kind != "fixed"
            ),
            "sampling": self.simulation.sampling,
        }
        return hashlib.sha256(json.dumps(half, separators=(",", ":")).encode()).hexdigest()

    def digest(self) -> str:
        """Identity of the deal: SHA-256 of its canonical JSON without the simulation settings.

        A figure is known by the digest, the seed, the number of trials and the kind of sampling together.
        """
        plain = self.model_copy(update={"simulation": Settings()})
        return hashlib.sha256(plain.canonical_json().encode()).hexdigest()


__all__ = ["Actuals", "Observed", "Published", "Scenario", "Settings", "Source"]
