"""Evaluation: how often the evaluator's noise makes a contract pay for nothing, or not pay for a success."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from simulator.engine.simulate import Future, imagine, term_payments
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
    money_without_effect_se: float
    money_missed: float
    """Mean payment that the truth deserves and measurement withholds, over all futures."""
    money_missed_se: float


def without_effect(scenario: Scenario) -> Scenario:
    """The same deal in a world where the programme changes nothing."""
    nothing = OutsideView(multiplier=Fixed(kind="fixed", value=0.0, sources=("A",)))
    world = scenario.world.model_copy(update={"outside_view": nothing})
    return scenario.model_copy(update={"world": world})


def evaluation_errors(
    scenario: Scenario, *, trials: int | None = None, seed: int | None = None
) -> dict[str, EvaluationErrors]:
    """Tell how often each measured term pays without effect, and how often it does not pay a true success.

    A term *deserves* payment in a future if its curve, gates and limits pay something for what truly happened, compared with
    the true level without the programme. Without effect, every level is its counterfactual.

    Parameters
    ----------
    scenario
        The deal.
    trials, seed
        How many futures and which luck; the deal's own unless given.

    Returns
    -------
    By term that reads a result; activity payments are left out.
    """
    size = scenario.simulation.trials if trials is None else trials
    luck = scenario.simulation.seed if seed is None else seed
    futures = imagine(scenario, trials=size, seed=luck)
    idle = without_effect(scenario)
    nil = _paid(idle, imagine(idle, trials=size, seed=luck), truly=False)
    seen, deserved = (_paid(scenario, futures, truly=truly) for truly in (False, True))
    return {
        name: _errors(name, nil[name], seen[name], deserved[name])
        for name, term in scenario.contract.payments.items()
        if not term.is_activity
    }


def _errors(term: str, nil: FloatArray, seen: FloatArray, deserved: FloatArray) -> EvaluationErrors:
    success = deserved > 0
    withheld = np.where(success, np.maximum(deserved - seen, 0.0), 0.0)
    return EvaluationErrors(
        term=term,
        pays_without_effect=_share(nil > 0),
        misses_success=_share(seen[success] <= 0),
        money_without_effect=float(nil.mean()),
        money_without_effect_se=_se(nil),
        money_missed=float(withheld.mean()),
        money_missed_se=_se(withheld),
    )


def _se(values: FloatArray) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")


def _paid(scenario: Scenario, futures: tuple[Future, ...], *, truly: bool) -> dict[str, FloatArray]:
    parts = [term_payments(scenario, future, as_it_truly_was=truly) for future in futures]
    return {name: np.concatenate([part[name] for part in parts]) for name in scenario.contract.payments}


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
    KeyError
        If the deal has no such term, or it reads no result.
    """
    if error not in ("pays_without_effect", "misses_success"):
        raise ValueError(f"error must be pays_without_effect or misses_success, not {error!r}")
    if not 0 < limit < 1:
        raise ValueError(f"limit must be inside (0, 1), not {limit!r}")

    def excess(log_factor: float) -> float:
        errors = evaluation_errors(resized(scenario, float(np.exp(log_factor))), trials=trials)[term]
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
