"""Ignorance and luck: which part of a number's spread is what nobody knows, and which is how it falls out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simulator.engine.result import Simulation
from simulator.engine.simulate import imagine, settle
from simulator.metrics.registry import metrics
from simulator.scenario.distributions import FloatArray
from simulator.scenario.scenario import MOST_SEED, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The spread of one number, split in two."""

    sd: float
    """Standard deviation over all futures, in the number's own unit."""
    ignorance: float
    """Share of the variance that comes of uncertain figures; the rest is luck. NaN where nothing varies."""
    se: float
    """Monte Carlo standard error of that share."""

    @property
    def luck(self) -> float:
        """Share of the variance that would remain if every figure were known."""
        return 1.0 - self.ignorance


def spreads(
    scenario: Scenario,
    keys: Iterable[str] | None = None,
    *,
    trials: int | None = None,
    seed: int | None = None,
) -> dict[str, Spread]:
    """Split the variance of numbers of a deal into ignorance and luck.

    Every future is lived through twice, with the same values of all uncertain figures and a luck of its own. Defined as
    ``Var(E[Y | figures]) / Var(Y)``, which is the correlation of the two (Sobol', Mathematics and Computers in Simulation
    55, 2001: "pick and freeze"); its standard error is ``(1 - r^2) / sqrt(n)``.

    Parameters
    ----------
    scenario
        A checked deal.
    keys
        Numbers, by their keys in :func:`simulator.metrics.registry.metrics`; all, unless said.
    trials, seed
        How many futures and which luck; the deal's own unless given.

    Returns
    -------
    By key; futures in which a number is undefined in either life are left out of it.

    Raises
    ------
    KeyError
        If the deal has no such number.
    """
    size = scenario.simulation.trials if trials is None else trials
    first = scenario.simulation.seed if seed is None else seed
    lives = [_live(scenario, size, first, luck) for luck in (first, (first + 1) % MOST_SEED)]
    wanted = list(lives[0]) if keys is None else list(keys)
    return {key: _spread(lives[0][key], lives[1][key]) for key in wanted}


def _live(scenario: Scenario, trials: int, seed: int, luck_seed: int) -> dict[str, FloatArray]:
    futures = imagine(scenario, trials=trials, seed=seed, luck_seed=luck_seed)
    simulation = Simulation(scenario=scenario, seed=seed, trials=trials, flows=settle(scenario, futures))
    return {key: np.asarray(metric.values(), dtype=float) for key, metric in metrics(simulation).items()}


def _spread(one: FloatArray, other: FloatArray) -> Spread:
    both = np.isfinite(one) & np.isfinite(other)
    one, other = one[both], other[both]
    if one.size < 2 or one.std() == 0 or other.std() == 0:
        return Spread(sd=0.0 if one.size else float("nan"), ignorance=float("nan"), se=float("nan"))
    share = float(np.corrcoef(one, other)[0, 1])
    return Spread(
        sd=float(np.concatenate([one, other]).std(ddof=1)),
        ignorance=min(max(share, 0.0), 1.0),
        se=float((1 - share**2) / np.sqrt(one.size)),
    )


__all__ = ["Spread", "spreads"]
