"""Distributions of figures against scipy.stats: quantiles, means, supports."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from scipy import stats

from simulator.scenario.figures import Figure

U = np.concatenate([[1e-9, 1e-4], np.linspace(0.005, 0.995, 199), [1 - 1e-4, 1 - 1e-9]])


class Holder(BaseModel):
    figure: Figure


def read(data: Any) -> Any:
    return Holder.model_validate({"figure": data}).figure


def lognormal(mean: float, sd: float) -> Any:
    variance = math.log1p((sd / mean) ** 2)
    return stats.lognorm(math.sqrt(variance), scale=math.exp(math.log(mean) - variance / 2))


SCIPY: dict[str, tuple[Any, Any]] = {
    "uniform": ({"kind": "uniform", "low": -2, "high": 5}, stats.uniform(-2, 7)),
    "triangular": ({"kind": "triangular", "low": 1, "mode": 2, "high": 6}, stats.triang(0.2, 1, 5)),
    "triangular, mode low": ({"kind": "triangular", "low": 1, "mode": 1, "high": 6}, stats.triang(0, 1, 5)),
    "triangular, mode high": ({"kind": "triangular", "low": 1, "mode": 6, "high": 6}, stats.triang(1, 1, 5)),
    "pert": ({"kind": "pert", "low": 10, "mode": 20, "high": 50}, stats.beta(2, 4, 10, 40)),
    "pert, mode low": ({"kind": "pert", "low": 0, "mode": 0, "high": 1}, stats.beta(1, 5)),
    "beta": ({"kind": "beta", "mean": 0.3, "sd": 0.1}, stats.beta(0.3 * 20, 0.7 * 20)),
    "beta_counts": ({"kind": "beta_counts", "successes": 7, "failures": 3}, stats.beta(8, 4)),
    "normal": ({"kind": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
    "normal, cut": (
        {"kind": "normal", "mean": 3, "sd": 2, "min": 0, "max": 4},
        stats.truncnorm(-1.5, 0.5, 3, 2),
    ),
    "normal, cut below": (
        {"kind": "normal", "mean": 3, "sd": 2, "min": 2},
        stats.truncnorm(-0.5, np.inf, 3, 2),
    ),
    "lognormal": ({"kind": "lognormal", "mean": 100, "sd": 40}, lognormal(100, 40)),
}


@pytest.mark.parametrize(("data", "right"), SCIPY.values(), ids=SCIPY)
def test_quantiles_are_scipys(data: Any, right: Any) -> None:
    assert np.allclose(read(data).quantile(U), right.ppf(U), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("data", "right"), SCIPY.values(), ids=SCIPY)
def test_means_are_scipys(data: Any, right: Any) -> None:
    assert read(data).expectation() == pytest.approx(right.mean(), rel=1e-9)


def test_a_lognormal_with_ends_is_the_middle_of_a_whole_one() -> None:
    figure, whole = (
        read({"kind": "lognormal", "mean": 100, "sd": 40, "min": 60, "max": 150}),
        lognormal(100, 40),
    )
    low, high = whole.cdf(60), whole.cdf(150)

    assert np.allclose(figure.quantile(U), whole.ppf(low + (high - low) * U), rtol=1e-9)


SOME: list[Any] = [data for data, _ in SCIPY.values()] + [
    {"kind": "lognormal", "mean": 100, "sd": 40, "min": 60, "max": 150},
    {"kind": "quantiles", "p10": 1, "p50": 2, "p90": 5},
    {"kind": "quantiles", "p10": 1, "p50": 2, "p90": 5, "min": 0.5, "max": 20},
    {"kind": "discrete", "values": [5, 1, 3], "weights": [1, 2, 1]},
    {"kind": "may_fail", "prob": 0.4, "works": {"kind": "uniform", "low": 1, "high": 3}},
    {"kind": "may_fail", "prob": 0.4, "works": {"kind": "uniform", "low": -3, "high": -1}},
    {
        "kind": "mixture",
        "of": [{"weight": 3, "is": {"kind": "uniform", "low": 5, "high": 9}}, {"weight": 1, "is": 2}],
    },
    {"kind": "scaled", "of": {"kind": "uniform", "low": 1, "high": 3}, "factor": 2},
    {"kind": "scaled", "of": {"kind": "uniform", "low": 1, "high": 3}, "factor": 2, "max": 3},
    {"kind": "fixed", "value": 4},
]


@pytest.mark.parametrize("data", SOME, ids=[data["kind"] for data in SOME])
def test_the_mean_is_the_integral_of_the_quantile_function(data: Any) -> None:
    figure, cells = read(data), 400_000
    middle = figure.quantile((np.arange(cells) + 0.5) / cells).mean()

    assert figure.expectation() == pytest.approx(middle, rel=3e-4, abs=1e-6)


@pytest.mark.parametrize("data", SOME, ids=[data["kind"] for data in SOME])
def test_values_rise_with_luck_and_stay_in_their_support(data: Any) -> None:
    figure = read(data)
    values = figure.quantile(np.concatenate([[2.0**-54], U, [1 - 2.0**-53]]))
    low, high = figure.support()

    assert (np.diff(values) >= -1e-12).all()
    assert values.min() >= low - 1e-12
    assert values.max() <= high + 1e-12


# Worked by hand: with 4 in 10 no effect, u = 0.7 is the middle of what works, 1 … 3.
def test_what_may_fail_fails_first() -> None:
    figure = read({"kind": "may_fail", "prob": 0.4, "works": {"kind": "uniform", "low": 1, "high": 3}})

    assert figure.quantile(np.array([0.1, 0.39, 0.7])).tolist() == pytest.approx([0, 0, 2])


# An effect below zero is the lower values: 6 in 10 of them, then nothing.
def test_what_may_fail_fails_last_where_less_is_better() -> None:
    figure = read({"kind": "may_fail", "prob": 0.4, "works": {"kind": "uniform", "low": -3, "high": -1}})

    assert figure.quantile(np.array([0.3, 0.61, 0.9])).tolist() == pytest.approx([-2, 0, 0])


# Weights 2, 1, 1 of 1, 3, 5: up to one half 1, up to three quarters 3.
def test_discrete_values_come_in_order_with_their_weights() -> None:
    figure = read({"kind": "discrete", "values": [5, 1, 3], "weights": [1, 2, 1]})

    assert figure.quantile(np.array([0.01, 0.49, 0.51, 0.74, 0.76])).tolist() == [1, 1, 3, 3, 5]


# The outer tenth is as wide as the neighbouring four tenths: 1 - (2 - 1) = 0 and 5 + (5 - 2) = 8.
def test_quantiles_reach_as_far_outside_as_inside() -> None:
    figure = read({"kind": "quantiles", "p10": 1, "p50": 2, "p90": 5})

    assert figure.support() == (0, 8)
    assert figure.quantile(np.array([0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95])).tolist() == pytest.approx(
        [0.5, 1, 1.5, 2, 3.5, 5, 6.5]
    )


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "uniform", "low": 2, "high": 2},
        {"kind": "triangular", "low": 2, "mode": 1, "high": 3},
        {"kind": "pert", "low": 2, "mode": 4, "high": 3},
        {"kind": "beta", "mean": 0.5, "sd": 0.5},
        {"kind": "normal", "mean": 0, "sd": 0},
        {"kind": "normal", "mean": 0, "sd": 1, "min": 50},
        {"kind": "lognormal", "mean": -1, "sd": 1},
        {"kind": "quantiles", "p10": 2, "p50": 1, "p90": 3},
        {"kind": "discrete", "values": [1, 2], "weights": [1]},
        {"kind": "discrete", "values": [1, 2], "weights": [0, 0]},
        {"kind": "uniform", "low": 0, "high": float("inf")},
        {"kind": "unheard_of", "low": 0},
    ],
)
def test_impossible_distributions_are_refused(data: Any) -> None:
    with pytest.raises(ValidationError):
        read(data)


@given(
    low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), place=st.floats(0, 1),
    u=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=2, max_size=20),
)  # fmt: skip
def test_three_point_distributions_hold_everywhere(
    low: float, width: float, place: float, u: list[float]
) -> None:
    high = low + width
    mode = min(max(low + place * width, low), high)
    for kind in ("triangular", "pert"):
        figure = read({"kind": kind, "low": low, "mode": mode, "high": high})
        values = figure.quantile(np.array(sorted(u)))
        little = 1e-9 * (abs(low) + width)
        assert (np.diff(values) >= -little).all()
        assert low - little <= values.min()
        assert values.max() <= high + little
        assert low <= figure.expectation() <= high
