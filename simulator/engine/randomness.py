"""Luck: named streams of uniform numbers, one for each decision, in blocks of trials.

A stream depends on seed, name and block only: a new stream moves no other, more trials keep the earlier ones,
and any number of workers gives the same bytes.
"""

from __future__ import annotations

import hashlib

import numpy as np

from simulator.scenario.distributions import FloatArray

BLOCK = 8_192
"""Trials in a block: the unit of memory, of random numbers and of parallel work."""
_SMALLEST = 2.0**-54


def stream(seed: int, name: str, block: int) -> np.random.Generator:
    """Open the random stream of one named decision in one block.

    Parameters
    ----------
    seed
        Seed of the scenario.
    name
        Name of the decision, such as ``world.results.placed.level``.
    block
        Number of the block, from 0.
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], dtype="<u4")
    sequence = np.random.SeedSequence(seed, spawn_key=(*(int(word) for word in words), block))
    return np.random.Generator(np.random.PCG64(sequence))


def uniforms(seed: int, name: str, block: int, trials: int) -> FloatArray:
    """Draw the uniform numbers of one named decision, inside (0, 1), shape ``(trials,)``.

    Examples
    --------
    >>> bool((uniforms(1, "a", 0, 5) == uniforms(1, "a", 0, 9)[:5]).all())
    True
    """
    drawn = stream(seed, name, block).random(trials)
    return np.maximum(drawn, _SMALLEST)


def block_sizes(trials: int) -> tuple[int, ...]:
    """Split a number of trials into blocks; all but the last are full.

    Examples
    --------
    >>> block_sizes(10_000)
    (8192, 1808)
    """
    full, rest = divmod(trials, BLOCK)
    return (BLOCK,) * full + ((rest,) if rest else ())
