"""Draws: the value that every uncertain figure of a scenario takes in every trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from simulator.engine.randomness import BLOCK, stream, uniforms
from simulator.scenario.correlations import correlation_matrix
from simulator.scenario.distributions import Distribution, Fixed, FloatArray
from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Pair

Value = float | FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Which kinds of chance are at work: what is not known (ignorance), and how it falls out (luck)."""

    ignorance: bool = True
    luck: bool = True


@dataclass(frozen=True, slots=True)
class Numbers:
    """The value of every figure of a document by its path: one number, or one per trial."""

    values: Mapping[str, Value]

    def at(self, path: str) -> Value:
        """Value of a figure, shape ``()`` or ``(trials,)``; units as in the document."""
        return self.values[path]

    def get(self, path: str) -> Value | None:
        """Value of a figure, or nothing if the document does not have it."""
        return self.values.get(path)

    def under(self, prefix: str) -> Callable[[str], Any]:
        """Look-up of the figures below a path."""
        return lambda path: self.values[f"{prefix}.{path}"]


def draw_numbers(
    scenario: Scenario, *, seed: int, block: int, trials: int, chance: Chance, half: str | None = None
) -> Numbers:
    """Draw every uncertain figure of a scenario for one block of trials.

    Parameters
    ----------
    scenario
        The document.
    seed, block, trials
        Which luck, which block, how many trials of it.
    chance
        Without ignorance, every figure takes its expectation.
    half
        Give only the figures below this part (``contract`` or ``world``), or all. The table of uniforms is filled for
        both, since figures of the two halves may move together.

    Returns
    -------
    Values by path.
    """
    figures: dict[str, Distribution] = {}
    for part in ("contract", "world"):
        figures.update(walk_figures(getattr(scenario, part), part))
    uncertain = [path for path, figure in figures.items() if not isinstance(figure, Fixed)]
    wanted = [path for path in figures if half is None or path.startswith(f"{half}.")]
    values: dict[str, Value] = {path: figures[path].expectation() for path in wanted}
    if chance.ignorance and uncertain:
        tables = _uniform_table(scenario, uncertain, seed=seed, block=block, trials=trials)
        values.update({path: figures[path].quantile(tables[path]) for path in wanted if path in tables})
    return Numbers(values)


def _uniform_table(
    scenario: Scenario, paths: list[str], *, seed: int, block: int, trials: int
) -> dict[str, FloatArray]:
    """Fill the table of uniforms by the chosen sampling, then let correlated figures move together."""
    fill = {"plain": _plain, "latin": _latin, "sobol": _sobol}[scenario.simulation.sampling]
    table = fill(paths, seed, block, trials)
    pairs = [pair for pair in scenario.world.correlations if set(pair.between) <= set(paths)]
    return _correlate(table, pairs) if pairs else table


def _plain(paths: list[str], seed: int, block: int, trials: int) -> dict[str, FloatArray]:
    return {path: uniforms(seed, path, block, trials) for path in paths}


GROUP = 512
"""Points that a Latin hypercube or a scrambled Sobol' sequence spreads together. Every group has a randomisation of its
own, so that the spread of their means is an honest error (Owen, Statistical Science 12, 1997), and more trials keep the
earlier ones: a group is always drawn whole."""
_PER_BLOCK = BLOCK // GROUP


def _latin(paths: list[str], seed: int, block: int, trials: int) -> dict[str, FloatArray]:
    table = {}
    for path in paths:
        parts = []
        for group in _groups(block, trials):
            generator = stream(seed, f"latin:{path}", group)
            parts.append((generator.permutation(GROUP) + np.clip(generator.random(GROUP), 1e-12, 1)) / GROUP)
        table[path] = np.clip(np.concatenate(parts)[:trials], 2.0**-54, 1 - 2.0**-53)
    return table


def _sobol(paths: list[str], seed: int, block: int, trials: int) -> dict[str, FloatArray]:
    from scipy.stats import qmc

    names = sorted(
        paths, key=lambda path: (path.startswith("contract."), path)
    )  # the document's order says nothing
    parts = []
    for group in _groups(block, trials):
        points = qmc.Sobol(len(names), scramble=True, rng=stream(seed, "sobol", group))
        parts.append(points.random_base2(int(np.log2(GROUP))))
    drawn = np.clip(np.concatenate(parts)[:trials], 2.0**-54, 1 - 2.0**-53)
    return {path: drawn[:, k] for k, path in enumerate(names)}


def _groups(block: int, trials: int) -> range:
    """Numbers of the groups of which a block of trials is made."""
    return range(block * _PER_BLOCK, block * _PER_BLOCK - (-trials // GROUP))


def _correlate(table: dict[str, FloatArray], pairs: list[Pair]) -> dict[str, FloatArray]:
    paths, _, matrix = correlation_matrix(pairs)
    scores = special.ndtri(np.array([table[path] for path in paths]))
    joint = special.ndtr(np.linalg.cholesky(matrix) @ scores)
    return {**table, **{path: np.clip(joint[k], 2.0**-54, 1 - 2.0**-53) for k, path in enumerate(paths)}}
