"""Draws: the value that every uncertain figure of a scenario takes in every trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from simulator.engine.randomness import stream, uniforms
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


def _latin(paths: list[str], seed: int, block: int, trials: int) -> dict[str, FloatArray]:
    table = {}
    for path in paths:
        generator = stream(seed, f"latin:{path}", block)
        table[path] = (generator.permutation(trials) + np.clip(generator.random(trials), 1e-12, 1)) / trials
    return table


def _sobol(paths: list[str], seed: int, block: int, trials: int) -> dict[str, FloatArray]:
    from scipy.stats import qmc

    points = qmc.Sobol(len(paths), scramble=True, rng=stream(seed, "sobol", block))
    drawn = points.random_base2(max(int(np.ceil(np.log2(trials))), 0))[:trials]
    return {path: np.clip(drawn[:, k], 2.0**-54, 1 - 2.0**-53) for k, path in enumerate(paths)}


def _correlate(table: dict[str, FloatArray], pairs: list[Pair]) -> dict[str, FloatArray]:
    paths, _, matrix = correlation_matrix(pairs)
    scores = special.ndtri(np.array([table[path] for path in paths]))
    joint = special.ndtr(np.linalg.cholesky(matrix) @ scores)
    return {**table, **{path: np.clip(joint[k], 2.0**-54, 1 - 2.0**-53) for k, path in enumerate(paths)}}
