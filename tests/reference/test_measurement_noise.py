"""Noise of measurement against closed forms and the reference values of the brief's model page."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from simulator.engine.simulate import simulate
from simulator.scenario.scenario import Scenario
from tests.oracle.small import Mapping, Whole, small

TRIALS = 40_000
SIGMAS = 4.5

# MODEL.md, section 6: treated total ~ Poisson(1550 (1 - d)), comparison total ~ Poisson(15500), pay if the observed
# fall is at least 10 %. Two million evaluations gave these probabilities of paying, to four decimals.
PUBLISHED = {0.0: 0.0001, 0.05: 0.0258, 0.084: 0.2649, 0.10: 0.5015, 0.15: 0.9788}


def paid(deal: Scenario, trials: int = TRIALS, seed: int = 2) -> NDArray[np.float64]:
    """What the city pays in each trial."""
    total: NDArray[np.float64] = simulate(deal, trials=trials, seed=seed).flows.payers["city"].sum(axis=0)
    return total


def falling(d: float) -> Scenario:
    """1550 people, one event each without the programme; 1 is paid if the observed fall is at least 10 %."""
    result = {"kind": "amount", "name": "days", "after": 1, "less_is_better": True,
              "measured": {"kind": "comparison", "ratio": 10}}  # fmt: skip
    steps = {"kind": "steps", "steps": [{"at": 0.10, "pay": 1}]}
    return small(
        {
            "people": {"size": 1550},
            "results": {"placed": Whole(result)},
            "payments": {"success": {"quantity": "relative_reduction", "curve": Whole(steps)}},
        },
        {"results": {"placed": Whole({"counterfactual": 1, "relative_effect": -d, "events": True})}},
    )


def exactly(d: float) -> float:
    """Sum over all comparison totals c of P(c) P(treated <= 0.09 c)."""
    comparison = np.arange(14_500, 16_501)
    treated = stats.poisson.cdf(9 * comparison // 100, 1550 * (1 - d))
    return float(stats.poisson.pmf(comparison, 15_500) @ treated)


@pytest.mark.parametrize(("d", "published"), PUBLISHED.items())
def test_the_published_probabilities_are_the_exact_sums(d: float, published: float) -> None:
    # Two million evaluations: a standard error of 0.00035 at the middle, and half a unit of the fourth decimal.
    error = math.sqrt(published * (1 - published) / 2e6)

    assert abs(exactly(d) - published) <= 0.00005 + 3 * error


@pytest.mark.parametrize("d", PUBLISHED)
def test_a_fall_is_paid_as_often_as_the_two_poisson_totals_say(d: float) -> None:
    trials, probability = 100_000, exactly(d)
    error = math.sqrt(max(probability * (1 - probability), 1 / trials) / trials)

    assert abs(paid(falling(d), trials).mean() - probability) <= SIGMAS * error


def share(world: Mapping, contract: Mapping | None = None, *, people: int = 300) -> Scenario:
    """A share that is paid at 1 for each unit."""
    whole: Mapping = {"people": {"size": people}, "payments": {"success": {"curve": {"price": 1}}}}
    for key, value in (contract or {}).items():
        whole[key] = {**whole.get(key, {}), **value}
    return small(whole, {"results": {"placed": Whole(world)}})


def agrees(values: NDArray[np.float64], mean: float, variance: float) -> None:
    """Check mean and variance within Monte Carlo error (of a variance: as for a normal sample)."""
    assert abs(values.mean() - mean) <= SIGMAS * math.sqrt(variance / values.size)
    assert abs(values.var() - variance) <= SIGMAS * variance * math.sqrt(2.5 / values.size)


def test_a_share_is_binomial() -> None:
    agrees(paid(share({"level": 0.3})), 300 * 0.3, 300 * 0.3 * 0.7)


def test_evidence_thins_a_share() -> None:
    """Binomial of a binomial is binomial with the product of the rates."""
    rate = 0.6 * 0.8
    agrees(paid(share({"level": 0.6, "verified": 0.8})), 300 * rate, 300 * rate * (1 - rate))


def test_evidence_is_a_fixed_part_of_an_amount() -> None:
    amount = {"placed": Whole({"kind": "amount", "name": "days", "after": 1})}
    deal = share(
        {"level": 5, "individual_sd": 2, "verified": 0.9},
        {"results": amount, "payments": {"success": {"quantity": "total", "curve": {"price": 1}}}},
    )

    agrees(paid(deal), 300 * 5 * 0.9, 300 * 4 * 0.9**2)


@pytest.mark.parametrize("ratio", [0.5, 1, 4])
def test_a_difference_has_the_noise_of_both_groups(ratio: float) -> None:
    deal = share(
        {"level": 0.5, "counterfactual": 0.3, "selection_bias": 0.05},
        {
            "results": {"placed": {"measured": {"kind": "comparison", "ratio": ratio}}},
            "payments": {"success": {"quantity": "difference", "curve": {"price": 1}}},
        },
    )

    agrees(paid(deal), 0.5 - 0.35, 0.25 / 300 + 0.35 * 0.65 / (300 * ratio))


def test_a_benchmark_has_no_noise_of_its_own() -> None:
    deal = share(
        {"level": 0.5, "counterfactual": 0.3},
        {
            "results": {"placed": {"measured": {"kind": "benchmark", "value": 0.4}}},
            "payments": {"success": {"quantity": "difference", "curve": {"price": 1}}},
        },
    )

    agrees(paid(deal), 0.1, 0.25 / 300)


def test_a_blend_weighs_the_noise_of_its_parts() -> None:
    parts = [
        {"weight": 0.25, "method": {"kind": "benchmark", "value": 0.4}},
        {"weight": 0.75, "method": {"kind": "comparison", "ratio": 1}},
    ]
    deal = share(
        {"level": 0.5, "counterfactual": 0.3},
        {
            "results": {"placed": {"measured": {"kind": "blend", "of": parts}}},
            "payments": {"success": {"quantity": "difference", "curve": {"price": 1}}},
        },
    )

    agrees(paid(deal), 0.5 - 0.25 * 0.4 - 0.75 * 0.3, 0.25 / 300 + 0.75**2 * 0.21 / 300)


@pytest.mark.parametrize(("size", "correlation"), [(20, 0.1), (30, 0.02), (300, 0.3)])
def test_clusters_widen_a_share_by_kish_design_effect(size: int, correlation: float) -> None:
    deal = share({"level": 0.4, "cluster_size": size, "cluster_correlation": correlation})
    design = 1 + (size - 1) * correlation
    values = paid(deal)

    assert abs(values.mean() - 120) <= SIGMAS * math.sqrt(300 * 0.24 * design / TRIALS)
    # The kurtosis of a beta-binomial is below that of a normal; the same bound holds.
    assert abs(values.var() / (300 * 0.24 * design) - 1) <= SIGMAS * math.sqrt(2.5 / TRIALS)


def test_clusters_widen_an_amount_by_the_same_effect() -> None:
    amount = {"placed": Whole({"kind": "amount", "name": "days", "after": 1})}
    deal = share(
        {"level": 5, "individual_sd": 2, "cluster_size": 20, "cluster_correlation": 0.1},
        {"results": amount, "payments": {"success": {"quantity": "total", "curve": {"price": 1}}}},
    )

    agrees(paid(deal), 1500, 300 * 4 * (1 + 19 * 0.1))


@pytest.mark.parametrize(("size", "correlation"), [(1, 0.0), (20, 0.1)])
def test_significance_is_reached_by_chance_as_often_as_its_level_says(size: int, correlation: float) -> None:
    """With no effect, one in twenty: also where people come in clusters, in both groups."""
    gate = {"all": [{"on": "placed", "significant": 0.05}]}
    deal = share(
        {"level": 0.4, "counterfactual": 0.4, "cluster_size": size, "cluster_correlation": correlation},
        {
            "results": {"placed": {"measured": {"kind": "comparison", "ratio": 1}}},
            "payments": {"success": {"gate": gate, "curve": Whole({"kind": "lump", "pay": 1})}},
        },
        people=2000,
    )

    # The normal approximation and whole people cost a few tenths of a percentage point.
    assert abs(paid(deal).mean() - 0.05) <= 0.004 + SIGMAS * math.sqrt(0.05 * 0.95 / TRIALS)


def test_claims_of_achievers_are_one_and_further_ones_up_to_the_most() -> None:
    """231 people, 527 claims (a real rate card): k achievers, k + Binomial(2 k, 0.7) claims of at most 3 each."""
    repeated = {"placed": Whole({"kind": "repeated", "name": "claims", "after": 1, "at_most": 3})}
    deal = share(
        {"level": 0.5, "claims": 2.4},
        {"results": repeated, "payments": {"success": {"quantity": "claims", "curve": {"price": 1}}}},
    )
    # Mean 300 p 2.4. Variance of a sum over achievers: E[k] Var(one) + Var(k) 2.4^2, Var(one) = 2 x 0.7 x 0.3.
    agrees(paid(deal), 300 * 0.5 * 2.4, 150 * 0.42 + 75 * 2.4**2)
