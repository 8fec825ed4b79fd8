"""Chance for the oracle: one trial's value of every figure, and its scalar quantile functions.

The streams of uniform numbers and the quantile functions of figures are the product's own (they have tests of
their own); everything else here is plain Python with ``scipy.stats`` one number at a time.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import stats

from simulator.engine.randomness import uniforms
from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import Scenario

TINY = 2.0**-54


@lru_cache(maxsize=20_000)
def _stream(seed: int, name: str, block: int, trials: int) -> tuple[float, ...]:
    return tuple(float(u) for u in uniforms(seed, name, block, trials))


class Draws:
    """What chance gives to one trial."""

    def __init__(self, scenario: Scenario, seed: int, block: int, trial: int, block_trials: int) -> None:
        self.seed, self.block, self.trial, self.block_trials = seed, block, trial, block_trials
        self.figures = {
            path: figure
            for part in ("contract", "world")
            for path, figure in walk_figures(getattr(scenario, part), part)
        }
        self.close_calls: list[str] = []
        self._values: dict[str, float] = {}
        self._joint = self._correlated(scenario)

    def uniform(self, name: str) -> float:
        """Return the uniform number of one named decision in this trial."""
        return _stream(self.seed, name, self.block, self.block_trials)[self.trial]

    def binomial(self, name: str, n: int, p: float) -> int:
        """Return how many of ``n`` succeed."""
        return binomial(self.uniform(name), n, p)

    def poisson(self, name: str, mean: float) -> int:
        """Return how many events happen."""
        return poisson(self.uniform(name), mean)

    def normal(self, name: str) -> float:
        """Return a standard normal score."""
        return float(stats.norm.ppf(self.uniform(name)))

    def rate(self, name: str, mean: float, correlation: float) -> float:
        """Return the rate that a group of clusters shares."""
        return beta_rate(self.uniform(name), mean, correlation)

    def has(self, path: str) -> bool:
        """Tell whether the document has this figure."""
        return path in self.figures

    def value(self, path: str) -> float:
        """Return the value of a figure in this trial."""
        if path not in self._values:
            u = self._joint[path] if path in self._joint else self.uniform(path)
            self._values[path] = float(self.figures[path].quantile(np.array([u]))[0])
        return self._values[path]

    def reaches(self, value: float, threshold: float, what: str) -> bool:
        """Tell whether a value reaches a threshold, and remember when rounding might decide it."""
        size = max(abs(threshold), 1.0)
        if 1e-13 * size < threshold - value <= 1e-9 * size:
            self.close_calls.append(what)
        return value >= threshold - 1e-12 * size

    def whole(self, value: float, what: str) -> int:
        """Round half to even, and remember when rounding errors might decide it."""
        if (
            0 < abs(value % 1 - 0.5) <= 1e-9 * max(1.0, abs(value))
        ):  # a half itself is rounded alike everywhere
            self.close_calls.append(what)
        return round(value)

    def _correlated(self, scenario: Scenario) -> dict[str, float]:
        """Spearman's r between figures becomes 2 sin(pi r / 6) between normal scores (Gaussian copula)."""
        pairs = scenario.world.correlations
        paths: list[str] = []
        for pair in pairs:
            paths += [path for path in pair.between if path not in paths]
        matrix = [[1.0 if i == j else 0.0 for j in range(len(paths))] for i in range(len(paths))]
        for pair in pairs:
            i, j = (paths.index(path) for path in pair.between)
            matrix[i][j] = matrix[j][i] = 2 * math.sin(math.pi * pair.rank / 6)
        matrix = _possible(matrix)
        root = _cholesky(matrix)
        scores = [float(stats.norm.ppf(self.uniform(path))) for path in paths]
        joint = {}
        for i, path in enumerate(paths):
            score = math.fsum(root[i][j] * scores[j] for j in range(i + 1))
            joint[path] = min(max(float(stats.norm.cdf(score)), TINY), 1 - 2.0**-53)
        return joint


def _possible(matrix: list[list[float]]) -> list[list[float]]:
    """Repair a matrix that no correlations can have: negative eigenvalues up to zero, diagonal back to one."""
    if not matrix:
        return matrix
    values, vectors = np.linalg.eigh(np.array(matrix))
    if min(values) >= 1e-10:
        return matrix
    size = len(matrix)
    raised = [
        [sum(vectors[i, k] * max(values[k], 1e-10) * vectors[j, k] for k in range(size)) for j in range(size)]
        for i in range(size)
    ]
    return [
        [float(raised[i][j] / math.sqrt(raised[i][i] * raised[j][j])) for j in range(size)]
        for i in range(size)
    ]


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    size = len(matrix)
    root = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(root[i][k] * root[j][k] for k in range(j))
            root[i][j] = math.sqrt(max(rest, 0.0)) if i == j else rest / root[j][j]
    return root


def binomial(u: float, n: int, p: float) -> int:
    """Smallest k with P(Binomial(n, p) <= k) >= u."""
    if n <= 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    if n * p < 1e-3:  # SciPy cannot bracket the root there, and says so
        k = 0
        while k < n and stats.binom.cdf(k, n, p) < u:
            k += 1
        return k
    return int(stats.binom.ppf(u, n, p))


def poisson(u: float, mean: float) -> int:
    """Smallest k with P(Poisson(mean) <= k) >= u."""
    return int(stats.poisson.ppf(u, mean)) if mean > 0 else 0


def beta_rate(u: float, mean: float, correlation: float) -> float:
    """Rate of a group from a beta distribution whose two numbers sum to ``1 / correlation - 1``."""
    if correlation <= 0 or mean <= 0 or mean >= 1:
        return mean
    size = 1 / correlation - 1
    if size <= 0:
        return 1.0 if u > 1 - mean else 0.0
    return float(stats.beta.ppf(u, mean * size, (1 - mean) * size))
