"""What nobody knows: one class per kind of distribution, each with its quantile function.

Everything random about a figure goes through :meth:`quantile`, so that two deals compared with
the same seed share the same luck. A new distribution is one new class here and its name in
``Distribution``; schema, documents and engine follow from it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Any, Literal, Union

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError
from scipy import special

from simulator.scenario.base import Frozen
from simulator.scenario.beta_quantile import beta_quantile
from simulator.scenario.numbers import read_figure, read_number

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Number = Annotated[float, BeforeValidator(read_number)]
Positive = Annotated[float, BeforeValidator(read_number), Field(gt=0)]


def reaches(quantity: FloatArray, threshold: float | FloatArray) -> BoolArray:
    """Tell where a quantity reaches a threshold; a difference that only rounding explains does not count.

    Examples
    --------
    >>> bool(reaches(np.array([1 - 0.8]), 0.2)[0])
    True
    """
    slack = 1e-12 * np.maximum(np.abs(threshold), 1.0)
    reached: BoolArray = quantity >= threshold - slack
    return reached


def _wrong(code: str, allowed: str, found: Any) -> PydanticCustomError:
    return PydanticCustomError(
        "distribution", "{allowed}", {"allowed": allowed, "found": str(found), "rule": code}
    )


class Sourced(Frozen):
    """Anything that can say where it comes from."""

    sources: tuple[str, ...] = ()
    """Keys of the document's ``sources``, or D (derived), M (from memory, unverified), A (assumption)."""
    note: str | None = Field(default=None, max_length=1_000)
    """A remark for the reader."""


class Uniform(Sourced):
    """Every value between two ends is equally likely."""

    kind: Literal["uniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if not self.low < self.high:
            raise _wrong("order", "low < high", (self.low, self.high))
        return self

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        return self.low + (self.high - self.low) * u

    def expectation(self) -> float:
        """Mean of the distribution."""
        return (self.low + self.high) / 2

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self.low, self.high


class Triangular(Sourced):
    """A lowest, a most likely and a highest value, joined by straight lines."""

    kind: Literal["triangular"]
    low: Number
    mode: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise _wrong("order", "low <= mode <= high, low < high", (self.low, self.mode, self.high))
        return self

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        width = self.high - self.low
        peak = (self.mode - self.low) / width
        rising = self.low + np.sqrt(u * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - u) * width * (self.high - self.mode))
        return np.where(u < peak, rising, falling)

    def expectation(self) -> float:
        """Mean of the distribution."""
        return (self.low + self.mode + self.high) / 3

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self.low, self.high


class Pert(Sourced):
    """A lowest, a most likely and a highest value, smoothly joined (beta with weight 4 on the mode).

    Defined as ``low + (high - low) * Beta(1 + 4 m, 1 + 4 (1 - m))`` with ``m`` the relative place of the
    mode: Malcolm, Roseboom, Clark and Fazar (1959), Operations Research 7(5).
    """

    kind: Literal["pert"]
    low: Number
    mode: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Pert:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise _wrong("order", "low <= mode <= high, low < high", (self.low, self.mode, self.high))
        return self

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        place = (self.mode - self.low) / (self.high - self.low)
        inner = beta_quantile(1 + 4 * place, 5 - 4 * place, u)
        return self.low + (self.high - self.low) * inner

    def expectation(self) -> float:
        """Mean of the distribution."""
        return (self.low + 4 * self.mode + self.high) / 6

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self.low, self.high


class Beta(Sourced):
    """A share between 0 and 1, by its mean and standard deviation."""

    kind: Literal["beta"]
    mean: Annotated[float, BeforeValidator(read_number), Field(gt=0, lt=1)]
    sd: Positive

    @model_validator(mode="after")
    def _possible(self) -> Beta:
        limit = math.sqrt(self.mean * (1 - self.mean))
        if not self.sd < limit:
            raise _wrong("sd", f"0 < sd < {limit:.4g}", self.sd)
        return self

    def shapes(self) -> tuple[float, float]:
        """The two shape parameters that give this mean and standard deviation."""
        size = self.mean * (1 - self.mean) / self.sd**2 - 1
        return self.mean * size, (1 - self.mean) * size

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        return beta_quantile(*self.shapes(), u)

    def expectation(self) -> float:
        """Mean of the distribution."""
        return self.mean

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return 0.0, 1.0


class BetaCounts(Sourced):
    """A share known from a sample: what is believed after so many successes and failures (uniform before)."""

    kind: Literal["beta_counts"]
    successes: Annotated[float, BeforeValidator(read_number), Field(ge=0, le=1e9)]
    failures: Annotated[float, BeforeValidator(read_number), Field(ge=0, le=1e9)]

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        return beta_quantile(self.successes + 1, self.failures + 1, u)

    def expectation(self) -> float:
        """Mean of the distribution."""
        return (self.successes + 1) / (self.successes + self.failures + 2)

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return 0.0, 1.0


class Normal(Sourced):
    """A bell, cut off at ``min`` and ``max`` where these are given (the mean is that before the cut)."""

    kind: Literal["normal"]
    mean: Number
    sd: Positive
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Normal:
        low, high = self.support()
        if not low < high:
            raise _wrong("order", "min < max", (self.min, self.max))
        if self._mass() < 1e-9:
            raise _wrong("bounds", "min and max within reach of the mean", (self.min, self.max))
        return self

    def _ends(self) -> tuple[float, float]:
        low, high = ((end - self.mean) / self.sd for end in self.support())
        return float(special.ndtr(low)), float(special.ndtr(high))

    def _mass(self) -> float:
        low, high = self._ends()
        return high - low

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        low, high = self._ends()
        z = special.ndtri(low + (high - low) * u)
        return np.clip(self.mean + self.sd * z, *self.support())

    def expectation(self) -> float:
        """Mean after the cut."""
        low, high = ((end - self.mean) / self.sd for end in self.support())
        density = [math.exp(-(end**2) / 2) / math.sqrt(2 * math.pi) for end in (low, high)]
        return self.mean + self.sd * (density[0] - density[1]) / self._mass()

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return (
            -math.inf if self.min is None else self.min,
            math.inf if self.max is None else self.max,
        )


class LogNormal(Sourced):
    """A positive amount with a long right tail, by its mean and standard deviation, optionally cut off."""

    kind: Literal["lognormal"]
    mean: Positive
    sd: Positive
    min: Positive | None = None
    max: Positive | None = None

    @model_validator(mode="after")
    def _ordered(self) -> LogNormal:
        low, high = self.support()
        if not low < high or self._ends()[1] - self._ends()[0] < 1e-9:
            raise _wrong("order", "min < max, within reach of the mean", (self.min, self.max))
        return self

    def _logs(self) -> tuple[float, float]:
        variance = math.log1p((self.sd / self.mean) ** 2)
        return math.log(self.mean) - variance / 2, math.sqrt(variance)

    def _ends(self) -> tuple[float, float]:
        mu, sigma = self._logs()
        low, high = self.support()
        lower = -math.inf if low == 0 else (math.log(low) - mu) / sigma
        upper = math.inf if high == math.inf else (math.log(high) - mu) / sigma
        return float(special.ndtr(lower)), float(special.ndtr(upper))

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        mu, sigma = self._logs()
        low, high = self._ends()
        return np.clip(np.exp(mu + sigma * special.ndtri(low + (high - low) * u)), *self.support())

    def expectation(self) -> float:
        """Mean after the cut."""
        mu, sigma = self._logs()
        low, high = self._ends()
        shifted = special.ndtr(special.ndtri(np.array([low, high])) - sigma)
        return float(math.exp(mu + sigma**2 / 2) * (shifted[1] - shifted[0]) / (high - low))

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self.min or 0.0, math.inf if self.max is None else self.max


class Quantiles(Sourced):
    """Three points that an expert can name: one in ten is lower, half is lower, nine in ten are lower.

    Defined as the piecewise-linear quantile function through (0, min), (0.1, p10), (0.5, p50), (0.9, p90),
    (1, max). Without ``min`` or ``max`` the outer tenth is as wide as the neighbouring four tenths.
    """

    kind: Literal["quantiles"]
    p10: Number
    p50: Number
    p90: Number
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Quantiles:
        points = self._points()
        if any(a > b for a, b in pairwise(points)) or not points[0] < points[-1]:
            raise _wrong("order", "min <= p10 <= p50 <= p90 <= max", points)
        return self

    def _points(self) -> tuple[float, ...]:
        low = self.p10 - (self.p50 - self.p10) if self.min is None else self.min
        high = self.p90 + (self.p90 - self.p50) if self.max is None else self.max
        return low, self.p10, self.p50, self.p90, high

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        result: FloatArray = np.interp(u, (0.0, 0.1, 0.5, 0.9, 1.0), self._points())
        return result

    def expectation(self) -> float:
        """Mean of the distribution."""
        low, p10, p50, p90, high = self._points()
        return 0.1 * (low + p10) / 2 + 0.4 * (p10 + p50) / 2 + 0.4 * (p50 + p90) / 2 + 0.1 * (p90 + high) / 2

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self._points()[0], self._points()[-1]


class Discrete(Sourced):
    """A few possible values, each with its weight (weights need not sum to one)."""

    kind: Literal["discrete"]
    values: Annotated[tuple[Number, ...], Field(min_length=1, max_length=500)]
    weights: Annotated[
        tuple[Annotated[float, BeforeValidator(read_number), Field(ge=0, le=1e9)], ...], Field(max_length=500)
    ] = ()

    @model_validator(mode="after")
    def _match(self) -> Discrete:
        if self.weights and (len(self.weights) != len(self.values) or sum(self.weights) <= 0):
            raise _wrong("weights", f"{len(self.values)} weights, not all zero", self.weights)
        return self

    def _sorted(self) -> tuple[FloatArray, FloatArray]:
        values = np.asarray(self.values, dtype=float)
        weights = np.asarray(self.weights or [1.0] * len(values), dtype=float)
        order = np.argsort(values, kind="stable")
        return values[order], weights[order] / weights.sum()

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        values, weights = self._sorted()
        edges = np.cumsum(weights)[:-1]
        picked: FloatArray = values[np.searchsorted(edges, u, side="right")]
        return picked

    def expectation(self) -> float:
        """Mean of the distribution."""
        values, weights = self._sorted()
        return float(values @ weights)

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return min(self.values), max(self.values)


class MayFail(Sourced):
    """It may not work at all: a probability of no effect, and what happens if it works.

    Below ``prob`` the value is ``otherwise`` (nothing, unless said); above, it is ``works``. For the quantile
    function the worse case comes first, so higher luck never means a worse result when effects are positive.
    """

    kind: Literal["may_fail"]
    prob: Annotated[float, BeforeValidator(read_number), Field(ge=0, le=1)]
    works: Distribution
    otherwise: Number = 0.0

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies."""
        if self.works.expectation() < self.otherwise:
            share = 1 - self.prob
            inner = np.clip(u / share, 0, 1) if share > 0 else np.zeros_like(u)
            return np.where(u < share, self.works.quantile(inner), self.otherwise)
        share = self.prob
        inner = np.clip((u - share) / (1 - share), 0, 1) if share < 1 else np.ones_like(u)
        return np.where(u < share, self.otherwise, self.works.quantile(inner))

    def expectation(self) -> float:
        """Mean of the distribution."""
        return self.prob * self.otherwise + (1 - self.prob) * self.works.expectation()

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        low, high = self.works.support()
        return min(low, self.otherwise), max(high, self.otherwise)


class Component(Frozen):
    """One part of a mixture: how likely it is the right one, and what it says."""

    weight: Positive
    is_: Annotated[Distribution, Field(alias="is")]


class Mixture(Sourced):
    """One of several distributions is the right one, each with its weight; lower means come first."""

    kind: Literal["mixture"]
    of: Annotated[tuple[Component, ...], Field(min_length=1, max_length=20)]

    def _ordered_parts(self) -> list[tuple[float, Distribution]]:
        total = sum(part.weight for part in self.of)
        return sorted(
            ((part.weight / total, part.is_) for part in self.of), key=lambda part: part[1].expectation()
        )

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies (exact where the parts do not overlap)."""
        parts = self._ordered_parts()
        edges = np.cumsum([0.0, *(weight for weight, _ in parts)])
        which = np.searchsorted(edges[1:-1], u, side="right")
        value = np.empty_like(u)
        for index, (weight, part) in enumerate(parts):
            here = which == index
            value[here] = part.quantile(np.clip((u[here] - edges[index]) / weight, 0, 1))
        return value

    def expectation(self) -> float:
        """Mean of the distribution."""
        return sum(weight * part.expectation() for weight, part in self._ordered_parts())

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        supports = [part.is_.support() for part in self.of]
        return min(low for low, _ in supports), max(high for _, high in supports)


class Scaled(Sourced):
    """Another figure times a factor, held inside ``min`` and ``max``: a lever, a stress, an outside view."""

    kind: Literal["scaled"]
    of: Distribution
    factor: Number
    min: Number | None = None
    max: Number | None = None

    def _held(self, values: FloatArray) -> FloatArray:
        low = -np.inf if self.min is None else self.min
        high = np.inf if self.max is None else self.max
        return np.clip(values * self.factor, low, high)

    def quantile(self, u: FloatArray) -> FloatArray:
        """Value below which a share ``u`` of the futures lies (above which, for a negative factor)."""
        return self._held(self.of.quantile(u))

    def expectation(self) -> float:
        """Mean of the distribution (over a fine grid of quantiles where the ends cut)."""
        low, high = self.of.support()
        ends = self._held(np.array([low, high]))
        if np.allclose(ends, np.array([low, high]) * self.factor, equal_nan=True):
            return self.of.expectation() * self.factor
        return float(self._held(self.of.quantile((np.arange(4096) + 0.5) / 4096)).mean())

    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        ends = self._held(np.array(self.of.support()))
        return float(ends.min()), float(ends.max())


class Fixed(Sourced):
    """A number that is known, or agreed."""

    kind: Literal["fixed"]
    value: Number

    @model_serializer(mode="wrap")
    def _short(self, handler: SerializerFunctionWrapHandler) -> Any:
        """Write a bare number where there is nothing else to say."""
        written = handler(self)
        written.pop("kind", None)
        return self.value if not self.sources and self.note is None else written

    def quantile(self, u: FloatArray) -> FloatArray:
        """The number, whatever the luck."""
        return np.full_like(u, self.value)

    def expectation(self) -> float:
        """The number."""
        return self.value

    def support(self) -> tuple[float, float]:
        """The number, twice."""
        return self.value, self.value


Distribution = Annotated[
    Union[  # noqa: UP007 - the names above refer forward to this one
        Fixed,
        Uniform,
        Triangular,
        Pert,
        Beta,
        BetaCounts,
        Normal,
        LogNormal,
        Quantiles,
        Discrete,
        MayFail,
        Mixture,
        Scaled,
    ],
    Field(discriminator="kind"),
    BeforeValidator(read_figure),
]
"""A number that is known, or a distribution of what it may be."""

for _model in (MayFail, Component, Mixture, Scaled):
    _model.model_rebuild()
