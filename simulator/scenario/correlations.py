"""How figures move together: from rank correlations to a matrix that numbers can have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.scenario.distributions import FloatArray
from simulator.scenario.world import Pair

SMALLEST_EIGENVALUE = 1e-10


def correlation_matrix(pairs: Sequence[Pair]) -> tuple[list[str], FloatArray, FloatArray]:
    """Correlation of the normal scores of correlated figures, as asked for and as it can be.

    Spearman's ``r`` is that of normal scores with Pearson's ``2 sin(pi r / 6)`` (Pearson 1907). A matrix that no
    set of numbers can have is repaired: negative eigenvalues become zero and the diagonal one again
    (Rebonato and Jaeckel 1999, spectral decomposition).

    Parameters
    ----------
    pairs
        Rank correlations by pair of paths.

    Returns
    -------
    Paths in order; the matrix asked for; the nearest possible one.
    """
    paths = list(dict.fromkeys(path for pair in pairs for path in pair.between))
    asked = np.eye(len(paths))
    for pair in pairs:
        i, j = (paths.index(path) for path in pair.between)
        asked[i, j] = asked[j, i] = 2 * np.sin(np.pi * pair.rank / 6)
    values, vectors = np.linalg.eigh(asked)
    if values.min() >= SMALLEST_EIGENVALUE:
        return paths, asked, asked
    repaired = (vectors * np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(repaired))
    return paths, asked, repaired / np.outer(scale, scale)
