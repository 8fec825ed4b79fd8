"""Evaluation: how often the evaluator's noise makes a contract pay for nothing, or not pay for a success."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from simulator.engine.simulate import imagine, term_payments
from simulator.scenario.changes import change_figures, scale
from simulator.scenario.distributions import Fixed, FloatArray
from simulator.scenario.errors import SolverError
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import OutsideView


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of futures with its Monte Carlo standard error."""

    value: float
    se: float
    of: int
    """Futures it is a share of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationErrors:
    """What measurement does to one payment term."""

    term: str
    pays_without_effect: Share
    """Share of futures in which the term pays although the programme changes nothing."""
    misses_success: Share
    """Share of the futures in which the truth deserves payment and nothing is paid; undefined if there are none."""
    money_without_effect: float
    """Mean payment where the programme changes nothing."""
    money_missed: float
    """Mean payment that the truth deserves and measurement withholds, over all futures."""


def without_effect(scenario: Scenario) -> Scenario:
    """The same deal in a world where the programme changes nothing."""
    nothing = OutsideView(multiplier=Fixed(kind="fixed", value=0.0, sources=("A",)))
    world = scenario.world.model_copy(update={"outside_view": nothing})
    return scenario.model_copy(update={"world": world})


def evaluation_errors(
    scenario: Scenario, term: str, *, trials: int | None = None, seed: int | None = None
) -> EvaluationErrors:
    """Tell how often a term pays without effect, and how often it does not pay a true success.

    Parameters
    ----------
    scenario
        The deal.
    term
        A payment term.
    trials, seed
        How many futures and which luck; the deal's own unless given.

    Raises
    ------
    KeyError
        If the deal has no such term.
    """
    if term not in scenario.contract.payments:
        raise KeyError(term)
    size, luck = trials or scenario.simulation.trials, scenario.simulation.seed if seed is None else seed
    nil = _paid(without_effect(scenario), term, size, luck, truly=False)
    seen = _paid(scenario, term, size, luck, truly=False)
    deserved = _paid(scenario, term, size, luck, truly=True)
    success = deserved > 0
    return EvaluationErrors(
        term=term,
        pays_without_effect=_share(nil > 0),
        misses_success=_share(seen[success] <= 0),
        money_without_effect=float(nil.mean()),
        money_missed=float(np.where(success, np.maximum(deserved - seen, 0.0), 0.0).mean()),
    )


def _paid(scenario: Scenario, term: str, trials: int, seed: int, *, truly: bool) -> FloatArray:
    futures = imagine(scenario, trials=trials, seed=seed)
    return np.concatenate(
        [term_payments(scenario, future, as_it_truly_was=truly)[term] for future in futures]
    )


def _share(hits: np.ndarray) -> Share:
    if not hits.size:
        return Share(value=float("nan"), se=float("nan"), of=0)
    value = float(hits.mean())
    return Share(value=value, se=float(np.sqrt(value * (1 - value) / hits.size)), of=int(hits.size))


def resized(scenario: Scenario, factor: float) -> Scenario:
    """The same deal with groups so many times as large, programme and comparison alike."""
    return change_figures(scenario, {"contract.people.size": scale(factor)})


def group_factor_needed(
    scenario: Scenario, term: str, *, error: str, limit: float, largest: float = 64.0, trials: int = 4_096
) -> float:
    """Find by which factor groups must grow so that an error of measurement stays below a limit.

    Parameters
    ----------
    scenario, term
        The deal and the term.
    error
        ``pays_without_effect`` or ``misses_success``.
    limit
        Highest share of futures that is tolerated, inside (0, 1).
    largest
        Largest factor that is tried; its inverse is the smallest.
    trials
        Futures for each trial of a factor, on the same luck.

    Returns
    -------
    The factor on the number of people; times ``people.size`` it is the group size.

    Raises
    ------
    SolverError
        If even the largest groups do not bring the error below the limit (a bias does not shrink with size).
    """

    def excess(log_factor: float) -> float:
        errors = evaluation_errors(resized(scenario, float(np.exp(log_factor))), term, trials=trials)
        share: Share = getattr(errors, error)
        return (share.value if share.of else 0.0) - limit

    low, high = -np.log(largest), np.log(largest)
    if excess(high) > 0:
        reached = excess(high) + limit
        raise SolverError(
            f"{error} of {term} stays above {limit:g}: {reached:.4g} with groups {largest:g} times as large",
            bracket=(1 / largest, largest), tried=((largest, reached),),
        )  # fmt: skip
    if excess(low) <= 0:
        return 1 / largest
    return float(np.exp(optimize.bisect(excess, low, high, xtol=0.02)))
