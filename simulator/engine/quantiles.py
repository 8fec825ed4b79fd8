"""Exact quantiles of counts for whole arrays: binomial, Poisson, and people who come in clusters.

SciPy's own quantile functions give the same numbers several times more slowly; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from simulator.scenario.distributions import FloatArray

Cdf = Callable[[FloatArray, np.ndarray], FloatArray]
_MOST_STEPS = 10_000


def _settle(u: FloatArray, guess: FloatArray, highest: FloatArray, cdf: Cdf) -> FloatArray:
    """Move guesses to the smallest count whose cumulative probability reaches ``u``.

    ``cdf(counts, where)`` gives the distribution function at counts for the trials in ``where``.
    """
    count = np.clip(guess, 0, highest)
    everyone = np.arange(u.size)
    too_low = cdf(count, everyone) < u
    low = everyone[too_low]
    for _ in range(_MOST_STEPS):
        low = low[count[low] < highest[low]]
        if not low.size:
            break
        count[low] += 1
        low = low[cdf(count[low], low) < u[low]]
    high = everyone[~too_low]
    for _ in range(_MOST_STEPS):
        high = high[count[high] > 0]
        high = high[cdf(count[high] - 1, high) >= u[high]]
        if not high.size:
            break
        count[high] -= 1
    return count


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

    return _settle(u, guess, n, cdf)


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

    return _settle(u, guess, np.full_like(mean, 1e15), cdf)


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
