"""Counts by quantile: the same numbers as scipy.stats, everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from simulator.engine.quantiles import binomial_quantile, clustered_rate, poisson_quantile

Array = NDArray[np.float64]
SMALLEST, LARGEST = 2.0**-54, 1 - 2.0**-53
EXTREMES = np.array([SMALLEST, 1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12, LARGEST])


def same(found: Array, right: Any, u: Array, cdf: Any, before: Any) -> None:
    """Equal, or apart only where rounding of the distribution function itself decides.

    Beyond ``1 - 1e-11`` a distribution function has few digits left, and many counts share one value of it.
    """
    differs = found != right
    close = np.minimum(np.abs(cdf - u), np.abs(before - u)) <= 1e-12 * np.maximum(u, 1e-3)
    assert not (differs & ~close).any()
    inside = u < 1 - 1e-11
    assert (np.abs(found - right)[inside] <= 1).all()
    assert differs[inside].mean() <= 1e-3


def binomial_is_right(u: Array, n: Array, p: Array) -> None:
    found, right = binomial_quantile(u, n, p), stats.binom.ppf(u, n, p)
    lower = np.minimum(found, right)
    same(found, np.maximum(right, 0), u, stats.binom.cdf(lower, n, p), stats.binom.cdf(lower - 1, n, p))


def test_binomial_is_scipys_over_a_wide_field() -> None:
    rng = np.random.default_rng(1)
    n = np.floor(10 ** rng.uniform(0, 5, 20_000))
    p = np.where(rng.random(n.size) < 0.5, rng.random(n.size), 10 ** rng.uniform(-8, 0, n.size))
    p = np.where(rng.random(n.size) < 0.3, 1 - p, p)

    binomial_is_right(rng.random(n.size), n, p)


def test_binomial_is_scipys_in_small_groups() -> None:
    u, n, p = (
        x.ravel()
        for x in np.meshgrid(np.linspace(0.001, 0.999, 97), np.arange(0.0, 13), np.linspace(0, 1, 21))
    )

    binomial_is_right(u, n, p)


@pytest.mark.parametrize("n", [0.0, 1.0, 7.0, 514.0, 1e5, 1e7])
@pytest.mark.parametrize("p", [0.0, 1e-8, 1e-5, 0.3, 0.5, 1 - 1e-5, 1.0])
def test_binomial_is_scipys_at_the_ends(n: float, p: float) -> None:
    if n * p * (1 - p) > 1e6:
        pytest.skip("SciPy's own distribution function is not exact enough there to compare")
    binomial_is_right(EXTREMES, np.full(EXTREMES.size, n), np.full(EXTREMES.size, p))


def test_nobody_and_nothing_and_all() -> None:
    u = EXTREMES
    ones = np.ones(u.size)

    assert not binomial_quantile(u, 0 * ones, 0.5 * ones).any()
    assert not binomial_quantile(u, 50 * ones, 0 * ones).any()
    assert (binomial_quantile(u, 50 * ones, ones) == 50).all()
    assert not poisson_quantile(u, 0 * ones).any()


def test_poisson_is_scipys_over_a_wide_field() -> None:
    rng = np.random.default_rng(2)
    mean = 10 ** rng.uniform(-6, 5, 20_000)
    u = rng.random(mean.size)
    found, right = poisson_quantile(u, mean), stats.poisson.ppf(u, mean)
    lower = np.minimum(found, right)

    same(found, right, u, stats.poisson.cdf(lower, mean), stats.poisson.cdf(lower - 1, mean))


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.5, 12.0, 1550.0, 15500.0, 1e6])
def test_poisson_is_scipys_at_the_ends(mean: float) -> None:
    means = np.full(EXTREMES.size, mean)
    found, right = poisson_quantile(EXTREMES, means), stats.poisson.ppf(EXTREMES, means)
    lower = np.minimum(found, right)

    same(found, right, EXTREMES, stats.poisson.cdf(lower, means), stats.poisson.cdf(lower - 1, means))


# Hand-sized: Binomial(2, 1/2) has P(0) = 1/4, P(<= 1) = 3/4; the count is the smallest with P(<= k) >= u.
def test_two_people() -> None:
    u = np.array([0.25, 0.250001, 0.75, 0.750001])

    assert binomial_quantile(u, np.full(4, 2.0), np.full(4, 0.5)).tolist() == [0, 1, 1, 2]


UNIT = st.floats(1e-9, 1 - 1e-9)


@given(u=st.tuples(UNIT, UNIT), p=st.floats(0, 1), n=st.integers(0, 5000))
def test_more_luck_never_means_fewer(u: tuple[float, float], p: float, n: int) -> None:
    low, high = binomial_quantile(np.array(sorted(u)), np.full(2, float(n)), np.full(2, p))
    fewer, more = poisson_quantile(np.array(sorted(u)), np.full(2, n * p))

    assert low <= high
    assert fewer <= more


@given(u=UNIT, p=st.tuples(st.floats(0, 1), st.floats(0, 1)), n=st.integers(0, 5000))
def test_a_higher_rate_never_means_fewer(u: float, p: tuple[float, float], n: int) -> None:
    rates = np.array(sorted(p))
    low, high = binomial_quantile(np.full(2, u), np.full(2, float(n)), rates)
    fewer, more = poisson_quantile(np.full(2, u), n * rates)

    assert low <= high
    assert fewer <= more


@given(u=UNIT, p=st.floats(0.01, 0.99), people=st.integers(2, 2000), size=st.integers(2, 2500))
def test_the_rate_of_clusters_is_scipys_beta(u: float, p: float, people: int, size: int) -> None:
    inside = 0.2 * (min(size, people) - 1) / (people - 1)
    total = 1 / inside - 1
    found = clustered_rate(
        np.array([u]), np.array([float(people)]), np.array([p]), size=size, correlation=np.array(0.2)
    )

    assert found[0] == pytest.approx(stats.beta.ppf(u, p * total, (1 - p) * total), rel=1e-7, abs=1e-12)


def test_without_clusters_the_rate_is_the_rate() -> None:
    u, p = np.array([0.1, 0.5, 0.9]), np.array([0.0, 0.4, 1.0])
    one = np.ones(3)

    assert (clustered_rate(u, 9 * one, p, size=5, correlation=np.zeros(3)) == p).all()
    assert (clustered_rate(u, 1 * one, p, size=5, correlation=np.full(3, 0.3)) == p).all()
    assert (clustered_rate(u, 0 * one, p, size=5, correlation=np.full(3, 0.3)) == p).all()
