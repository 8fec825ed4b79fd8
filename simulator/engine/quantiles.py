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
_SMALL = 4.0
"""Variance of a count below which probabilities are added up one by one."""
_MOST_ADDED = 120
"""More counts than a variance below 4 has probabilities above :data:`_NOTHING`."""
_NOTHING = 1e-18


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


def _expanded(
    u: FloatArray, mean: FloatArray, variance: FloatArray, third: FloatArray, fourth: FloatArray
) -> tuple[FloatArray, np.ndarray]:
    """Counts by the Cornish-Fisher expansion, and the positions of those that it does not settle.

    The expansion is that of a lattice, with Sheppard's corrections (Cornish and Fisher, 1937; Kolassa, Series Approximation
    Methods in Statistics, 2006, 3.15), to the fourth cumulant. For binomial and Poisson counts of a variance of at least 4
    and within 6 standard deviations its error is below ``0.01 (1 + |z|^5) / variance`` (measured over a wide field); a count
    is settled if twice that does not reach the next one.
    """
    z = special.ndtri(u)
    smooth = np.maximum(variance, _SMALL) - 1 / 12
    spread = np.sqrt(smooth)
    skew, peak = third / (smooth * spread), (fourth + 1 / 120) / (smooth * smooth)
    square = z * z
    steps = z + skew * (square - 1) / 6 + (peak * (square - 3) / 24 - skew * skew * (2 * square - 5) / 36) * z
    place = mean + spread * steps - 0.5
    count = np.ceil(place)
    apart = np.minimum(count - place, place - count + 1)
    far = np.abs(z)
    settled = (variance >= _SMALL) & (far < 6.0) & (apart * variance > 0.02 * (1 + square * square * far))
    return count, np.flatnonzero(~settled)


def _few(u: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """Binomial counts of a small variance, by adding up probabilities from none (or, where most succeed, from all).

    It ends where a probability no longer changes the sum.
    """
    most = p > 0.5
    rare = np.where(most, 1 - p, p)
    aim = np.where(most, np.minimum(np.nextafter(1 - u, 2.0), 1 - 2.0**-53), u)  # of the others: beyond 1 - u
    term = np.exp(n * np.log1p(-rare))
    total, odds = term.copy(), rare / (1 - rare)
    count = np.zeros_like(u)
    still = np.flatnonzero((total < aim) & (n > 0))
    for step in range(1, _MOST_ADDED):
        if not still.size:
            break
        term[still] *= (n[still] - step + 1) / step * odds[still]
        total[still] += term[still]
        count[still] = step
        still = still[(total[still] < aim[still]) & (n[still] > step) & (term[still] > _NOTHING)]
    return np.where(most, n - count, count)


def binomial_quantile(u: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """Smallest count of successes whose cumulative binomial probability reaches ``u``.

    Defined as ``min {k : P(Binomial(n, p) <= k) >= u}``, exactly: where an expansion leaves a doubt, the distribution
    function decides.

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
    variance = n * p * q
    found, doubts = _expanded(u, n * p, variance, variance * (q - p), variance * (1 - 6 * p * q))
    count = np.clip(found, 0.0, n)
    u, n, p, q = u[doubts], n[doubts], p[doubts], q[doubts]

    def cdf(count: FloatArray, where: np.ndarray) -> FloatArray:
        found: FloatArray = special.betainc(n[where] - count, count + 1, q[where])
        return np.where(count >= n[where], 1.0, found)

    def pmf(count: FloatArray, where: np.ndarray) -> FloatArray:
        rest = n[where] - count
        ways = _log_factorial(n[where]) - _log_factorial(count) - _log_factorial(rest)
        return np.exp(ways + special.xlogy(count, p[where]) + special.xlog1py(rest, -p[where]))

    few = (variance[doubts] < _SMALL) & ((p <= 0.5) | (u > 1e-6))  # 1 - u keeps few digits of a smaller u
    count[doubts[few]] = _few(u[few], n[few], p[few])
    doubts, u, n, p, q = doubts[~few], u[~few], n[~few], p[~few], q[~few]
    count[doubts] = _settle(u, count[doubts], n, cdf, pmf)
    return count


def poisson_quantile(u: FloatArray, mean: FloatArray) -> FloatArray:
    """Smallest number of events whose cumulative Poisson probability reaches ``u``, shape ``(trials,)``.

    Examples
    --------
    >>> poisson_quantile(np.array([0.01, 0.5]), np.array([4.0, 4.0]))
    array([0., 4.])
    """
    count, doubts = _expanded(u, mean, mean, mean, mean)
    u, mean = u[doubts], mean[doubts]

    def cdf(count: FloatArray, where: np.ndarray) -> FloatArray:
        found: FloatArray = special.gammaincc(count + 1, mean[where])
        return found

    def pmf(count: FloatArray, where: np.ndarray) -> FloatArray:
        return np.exp(special.xlogy(count, mean[where]) - mean[where] - _log_factorial(count))

    count[doubts] = _settle(u, count[doubts], np.full_like(mean, 1e15), cdf, pmf)
    return count


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
