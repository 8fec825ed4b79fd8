"""Errors of an evaluation against sums over the two Poisson totals of the brief's model page, section 6."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

from simulator.analysis.evaluation import evaluation_errors, group_factor_needed
from simulator.scenario.errors import SolverError
from simulator.scenario.scenario import Scenario
from tests.oracle.small import Whole, small
from tests.reference.test_measurement_noise import SIGMAS, exactly, falling

TRIALS = 60_000


def within(share: float, expected: float, of: int) -> bool:
    """A share agrees with a probability."""
    error = math.sqrt(max(expected * (1 - expected), 1 / of) / of)
    return abs(share - expected) <= SIGMAS * error


def missed(d: float, people: float = 1550) -> float:
    """P(observed fall below 10 % | true fall at least 10 %): the truth is the treated total against ``people``."""
    low, high = (float(stats.poisson.ppf(u, 10 * people)) for u in (1e-12, 1 - 1e-12))
    comparison = np.arange(low, high + 1)
    bar = math.floor(0.9 * people + 1e-9)
    paid = np.minimum(np.floor(0.09 * comparison + 1e-9), bar)
    success = stats.poisson.cdf(bar, people * (1 - d))
    both = stats.poisson.pmf(comparison, 10 * people) @ stats.poisson.cdf(paid, people * (1 - d))
    return float(1 - both / success)


@pytest.mark.parametrize("d", [0.05, 0.10, 0.15])
def test_a_term_pays_without_effect_as_often_as_two_equal_groups_seem_to_differ(d: float) -> None:
    """Whatever fall is believed, without effect both groups are alike: MODEL.md 6 gives .0001 for d = 0."""
    errors = evaluation_errors(falling(d), trials=TRIALS)["success"]

    assert within(errors.pays_without_effect.value, exactly(0.0), TRIALS)
    assert errors.money_without_effect == pytest.approx(errors.pays_without_effect.value)


@pytest.mark.parametrize("d", [0.084, 0.10, 0.15])
def test_a_success_is_missed_as_often_as_the_comparison_group_is_unlucky(d: float) -> None:
    errors = evaluation_errors(falling(d), trials=TRIALS)["success"]

    assert errors.misses_success.of < TRIALS or d == 0.15
    assert within(errors.misses_success.value, missed(d), errors.misses_success.of)


def test_groups_grow_until_few_successes_are_missed() -> None:
    wanted = 0.02
    exact = optimize.brentq(lambda factor: missed(0.12, 1550 * factor) - wanted, 1.0, 20.0)
    factor = group_factor_needed(
        falling(0.12), "success", error="misses_success", limit=wanted, trials=20_000
    )

    assert factor == pytest.approx(exact, rel=0.15)
    assert missed(0.12, 1550 * factor) == pytest.approx(wanted, abs=0.006)


def test_a_bias_does_not_shrink_with_size() -> None:
    """A comparison group that is 12 % worse off: a fall of more than 10 % is seen where there is none."""
    deal = falling(0.0)
    belief = deal.world.results["placed"]
    biased = belief.model_copy(
        update={"selection_bias": belief.selection_bias.model_copy(update={"value": 0.15})}
    )
    world = deal.world.model_copy(update={"results": {"placed": biased}})

    with pytest.raises(SolverError, match="pays_without_effect"):
        group_factor_needed(
            deal.model_copy(update={"world": world}), "success", error="pays_without_effect", limit=0.05
        )


def test_records_neither_pay_nothing_nor_miss_anything() -> None:
    deal: Scenario = small({"payments": {"work": {"name": "work", "curve": {"kind": "lump", "pay": 5},
                                                  "paid": {"dates": [0]}}}},
                           {"results": {"placed": Whole({"level": 0.4, "counterfactual": 0})}})  # fmt: skip
    errors = evaluation_errors(deal, trials=500)

    assert set(errors) == {"success"}, "an activity payment measures nothing"
    assert errors["success"].pays_without_effect.value == 0
    assert errors["success"].misses_success.value == 0


def test_counting_without_a_comparison_pays_for_what_would_have_happened_anyway() -> None:
    """Deadweight: 30 of 100 would have found work; at 10 each the State pays 300 where nothing was changed."""
    deal = small(None, {"results": {"placed": Whole({"level": 0.5, "counterfactual": 0.3})}})
    errors = evaluation_errors(deal, trials=4000)["success"]

    assert errors.pays_without_effect.value == 1
    assert errors.money_without_effect == pytest.approx(300, abs=5 * errors.money_without_effect_se)


@pytest.mark.parametrize(
    ("error", "limit"), [("nonsense", 0.1), ("misses_success", 0.0), ("misses_success", 1.0)]
)
def test_a_question_that_makes_no_sense_is_refused(error: str, limit: float) -> None:
    with pytest.raises(ValueError, match=r"error|limit"):
        group_factor_needed(falling(0.1), "success", error=error, limit=limit)
