"""Exact quantiles of counts for whole arrays: binomial, Poisson, and people who come in clusters.

SciPy's own quantile functions give the same numbers several times more slowly; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import special

from simulator.scenario.distributions import FloatArray

At = Callable[[FloatArray, np.ndarray], FloatArray]
"""A function of counts for some trials, by their positions."""
_MOST_STEPS = 10_000
_CLOSE = 1e-8
"""Nearer than this to ``u``, a cumulative probability is computed anew and not by steps."""
_TABLE = 2**16


def _settle(u: FloatArray, guess: FloatArray, highest: FloatArray, cdf: At, pmf: At) -> FloatArray:
    """Move guesses to the smallest count whose cumulative probability reaches ``u``.

    The distribution function, which is dear, is asked once; from there each step adds or takes away the probability of
    one count, and where that comes close to ``u`` the function is asked again.
    """
    count = np.clip(guess, 0, highest)
    everyone = np.arange(u.size)
    reached = cdf(count, everyone)
    low, high = everyone[reached < u], everyone[reached >= u]
    for _ in range(_MOST_STEPS):
        low = low[count[low] < highest[low]]
        if not low.size:
            break
        count[low] += 1
        reached[low] = _sure(reached[low] + pmf(count[low], low), count[low], low, u, cdf)
        low = low[reached[low] < u[low]]
    for _ in range(_MOST_STEPS):
        high = high[count[high] > 0]
        before = _sure(reached[high] - pmf(count[high], high), count[high] - 1, high, u, cdf)
        still = before >= u[high]
        high = high[still]
        if not high.size:
            break
        count[high] -= 1
        reached[high] = before[still]
    return count


def _sure(value: FloatArray, count: FloatArray, where: np.ndarray, u: FloatArray, cdf: At) -> FloatArray:
    """A cumulative probability by steps, or by its function where rounding might decide."""
    close = np.flatnonzero(np.abs(value - u[where]) < _CLOSE)
    if close.size:
        value[close] = cdf(count[close], where[close])
    return value


@lru_cache(maxsize=1)
def _table() -> FloatArray:
    found: FloatArray = special.gammaln(np.arange(_TABLE) + 1.0)
    return found


def _log_factorial(count: FloatArray) -> FloatArray:
    """Logarithm of ``count!``, from a table where it is small."""
    if count.size and count.max() < _TABLE:
        return _table()[count.astype(np.intp)]
    found: FloatArray = special.gammaln(count + 1)
    return found


def binomial_quantile(u: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """Smallest count of successes whose cumulative binomial probability reaches ``u``.

    Defined as ``min {k : P(Binomial(n, p) <= k) >= u}``. A Cornish-Fisher guess is corrected with the
    exact distribution function.

    Parameters
    ----------
    u
        Uniform numbers inside (0, 1), shape ``(trials,)``.
    n
        People, whole numbers, shape ``(trials,)``.
    p
        Probability of success, clipped to [0, 1], shape ``(trials,)``.

    Returns
    -------
    Counts as floats, shape ``(trials,)``.

    Examples
    --------
    >>> binomial_quantile(np.array([0.02, 0.5, 0.98]), np.full(3, 10.0), np.full(3, 0.3))
    array([0., 3., 6.])
    """
    p = np.clip(p, 0.0, 1.0)
    q = 1 - p
    z = special.ndtri(u)
    guess = np.ceil(n * p + np.sqrt(n * p * q) * z + (q - p) * (z * z - 1) / 6 - 0.5)

    def cdf(count: FloatArray, where: np.ndarray) -> FloatArray:
        found: FloatArray = special.betainc(n[where] - count, count + 1, q[where])
        return np.where(count >= n[where], 1.0, found)

    def pmf(count: FloatArray, where: np.ndarray) -> FloatArray:
        rest = n[where] - count
        ways = _log_factorial(n[where]) - _log_factorial(count) - _log_factorial(rest)
        return np.exp(ways + special.xlogy(count, p[where]) + special.xlog1py(rest, -p[where]))

    return _settle(u, guess, n, cdf, pmf)


def poisson_quantile(u: FloatArray, mean: FloatArray) -> FloatArray:
    """Smallest number of events whose cumulative Poisson probability reaches ``u``, shape ``(trials,)``.

    Examples
    --------
    >>> poisson_quantile(np.array([0.01, 0.5]), np.array([4.0, 4.0]))
    array([0., 4.])
    """
    z = special.ndtri(u)
    guess = np.ceil(mean + np.sqrt(mean) * z + (z * z - 1) / 6 - 0.5)

    def cdf(count: FloatArray, where: np.ndarray) -> FloatArray:
        found: FloatArray = special.gammaincc(count + 1, mean[where])
        return found

    def pmf(count: FloatArray, where: np.ndarray) -> FloatArray:
        return np.exp(special.xlogy(count, mean[where]) - mean[where] - _log_factorial(count))

    return _settle(u, guess, np.full_like(mean, 1e15), cdf, pmf)


def clustered_rate(
    u: FloatArray, n: FloatArray, p: FloatArray, *, size: float, correlation: FloatArray
) -> FloatArray:
    """Rate that a group shares when its people come in clusters.

    The count given this rate is binomial, so that over all luck the count is beta-binomial with the variance of
    a clustered sample. Defined as the quantile of ``Beta(p s, (1 - p) s)`` with ``s = (n - 1) / (rho (m - 1)) - 1``,
    which gives ``Var(k) = n p (1 - p) (1 + (m - 1) rho)``: Kish's design effect (Survey Sampling, 1965).

    Parameters
    ----------
    u
        Uniform numbers inside (0, 1), shape ``(trials,)``.
    n, p
        People and probability, shape ``(trials,)``.
    size
        People per cluster ``m``.
    correlation
        Intra-cluster correlation ``rho``, in [0, 1], a number or one per trial.
    """
    inside = np.minimum(correlation * (np.minimum(size, n) - 1) / np.maximum(n - 1, 1), 1 - 1e-9)
    spread = np.where((inside > 0) & (p > 0) & (p < 1), inside, 0.5)
    total = 1 / spread - 1
    mean = np.where((p > 0) & (p < 1), p, 0.5)
    drawn = special.betaincinv(mean * total, (1 - mean) * total, u)
    return np.where((inside > 0) & (p > 0) & (p < 1), drawn, p)
