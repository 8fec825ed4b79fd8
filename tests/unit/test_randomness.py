"""Streams of luck: by name, block and seed only."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy import stats

from simulator.engine.draws import GROUP, Chance, draw_numbers
from simulator.engine.randomness import BLOCK, block_sizes, stream, uniforms
from simulator.engine.simulate import simulate
from simulator.metrics.registry import estimates
from simulator.scenario.correlations import correlation_matrix
from simulator.scenario.world import Pair
from tests.oracle.small import Whole, small


def test_a_stream_is_what_the_page_says() -> None:
    """PCG64 seeded with the seed, the first 16 bytes of the name's SHA-256 and the block."""
    words = np.frombuffer(hashlib.sha256(b"luck/placed/1///1").digest()[:16], dtype="<u4")
    sequence = np.random.SeedSequence(7, spawn_key=(*(int(word) for word in words), 3))
    expected = np.random.Generator(np.random.PCG64(sequence)).random(5)

    assert np.array_equal(uniforms(7, "luck/placed/1///1", 3, 5), expected)


def test_streams_are_stable_for_ever() -> None:
    """The numbers of released versions: a change here changes every published figure."""
    assert uniforms(20260, "world.results.placed.level", 0, 3).tolist() == pytest.approx(FROZEN, abs=0)


FROZEN = [0.16128613358470367, 0.6104114043964681, 0.7278630839726666]


def test_more_trials_keep_the_earlier_ones() -> None:
    assert np.array_equal(uniforms(1, "a", 0, 10), uniforms(1, "a", 0, 1000)[:10])


def test_names_blocks_and_seeds_give_different_luck() -> None:
    columns = [
        uniforms(seed, name, block, 4000) for seed in (1, 2) for name in ("a", "b") for block in (0, 1)
    ]
    correlation = np.corrcoef(columns) - np.eye(len(columns))

    assert np.abs(correlation).max() < 4.5 / np.sqrt(4000)


def test_luck_is_uniform_inside_zero_and_one() -> None:
    u = uniforms(3, "x", 0, 8192)

    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 0.001


def test_a_stream_opened_twice_is_the_same() -> None:
    assert stream(5, "n", 2).integers(1 << 60) == stream(5, "n", 2).integers(1 << 60)


@pytest.mark.parametrize("trials", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_blocks_hold_all_trials(trials: int) -> None:
    sizes = block_sizes(trials)

    assert sum(sizes) == trials
    assert all(size == BLOCK for size in sizes[:-1])
    assert 0 < sizes[-1] <= BLOCK


# ── Figures that move together ───────────────────────────────────────────────────────────────────────────
UNCERTAIN = {"kind": "uniform", "low": 0, "high": 1}


def pairs(*ranks: float) -> tuple[Pair, ...]:
    paths = [("a", "b"), ("b", "c"), ("a", "c")]
    return tuple(Pair(between=pair, rank=rank) for pair, rank in zip(paths, ranks, strict=False))


@pytest.mark.parametrize("rank", [-0.9, 0.0, 0.5, 0.95])
def test_figures_reach_the_rank_correlation_that_was_asked_for(rank: float) -> None:
    between = ["world.results.placed.level", "world.results.placed.counterfactual"]
    deal = small(
        {}, {"results": {"placed": Whole({"level": UNCERTAIN, "counterfactual": UNCERTAIN})},
             "correlations": [{"between": between, "rank": rank}]}
    )  # fmt: skip
    numbers = draw_numbers(deal, seed=4, block=0, trials=8192, chance=Chance())
    one, other = (np.asarray(numbers.at(path)) for path in between)
    found = stats.spearmanr(one, other).statistic

    assert found == pytest.approx(rank, abs=4.5 * (1 - rank**2 + 0.02) / np.sqrt(8192))


# Spearman's 1/2 is Pearson's 2 sin(pi / 12) = 0.5176 between normal scores.
def test_spearman_becomes_pearson() -> None:
    paths, asked, used = correlation_matrix(pairs(0.5))

    assert paths == ["a", "b"]
    assert asked[0, 1] == pytest.approx(0.5176380902)
    assert np.array_equal(asked, used)


def test_an_impossible_matrix_is_repaired_and_little_changed_otherwise() -> None:
    _, asked, used = correlation_matrix(pairs(0.9, 0.9, -0.9))

    assert np.linalg.eigvalsh(asked).min() < 0
    assert np.linalg.eigvalsh(used).min() > 0
    assert np.allclose(np.diag(used), 1)
    assert np.sign(used[0, 1]) == np.sign(asked[0, 1])


@pytest.mark.parametrize("sampling", ["latin", "sobol"])
def test_other_ways_to_fill_the_table_are_uniform_too(sampling: str) -> None:
    deal = small({}, {"results": {"placed": {"level": UNCERTAIN, "verified": UNCERTAIN}}})
    deal = deal.model_copy(update={"simulation": deal.simulation.model_copy(update={"sampling": sampling})})
    numbers = draw_numbers(deal, seed=4, block=0, trials=1024, chance=Chance())
    level, verified = (np.asarray(numbers.at(f"world.results.placed.{key}")) for key in ("level", "verified"))
    for group in (level[:GROUP], level[GROUP:]):
        strata = np.floor(group * GROUP).astype(int)
        assert len(set(strata.tolist())) == GROUP  # one trial of a group in each of as many equal parts
    assert abs(np.corrcoef(level, verified)[0, 1]) < 4.5 / np.sqrt(1024)


@pytest.mark.parametrize("sampling", ["plain", "latin", "sobol"])
def test_more_trials_keep_the_earlier_ones_however_the_table_is_filled(sampling: str) -> None:
    deal = small({}, {"results": {"placed": {"level": UNCERTAIN, "verified": UNCERTAIN}}})
    deal = deal.model_copy(update={"simulation": deal.simulation.model_copy(update={"sampling": sampling})})
    few, many = (simulate(deal, trials=trials, seed=3).flows.payers["city"] for trials in (700, 9000))

    assert np.array_equal(few, many[:, :700])


@pytest.mark.parametrize("sampling", ["latin", "sobol"])
def test_the_standard_error_is_that_of_the_sampling(sampling: str) -> None:
    """Means of 60 seeds spread as the error of one of them says, within what 60 and 16 groups can tell."""
    deal = small({"people": {"size": 1000}}, {"results": {"placed": {"level": UNCERTAIN}}})
    deal = deal.model_copy(update={"simulation": deal.simulation.model_copy(update={"sampling": sampling})})
    found = [estimates(simulate(deal, trials=16 * GROUP, seed=seed))["payer.payments"] for seed in range(60)]
    spread = float(np.std([one.mean for one in found], ddof=1))
    said = float(np.sqrt(np.mean([one.se**2 for one in found])))
    plain = 10_000 * np.sqrt(1 / 12) / np.sqrt(16 * GROUP)

    assert said == pytest.approx(spread, rel=0.35)
    assert said < plain / 5


def test_the_order_of_names_in_the_world_changes_nothing() -> None:
    """Sobol' points have a dimension for each figure: which one does not depend on the document's order."""
    beliefs = {"placed": {"level": UNCERTAIN, "verified": UNCERTAIN}}
    results = {"kept": Whole({"kind": "share", "name": "kept", "after": 1})}
    deals = [small({"results": results}, {"results": Whole(order)}) for order in
             ({**beliefs, "kept": {"level": UNCERTAIN}}, {"kept": {"level": UNCERTAIN}, **beliefs})]  # fmt: skip
    sobol = [
        d.model_copy(update={"simulation": d.simulation.model_copy(update={"sampling": "sobol"})})
        for d in deals
    ]
    one, other = (simulate(deal, trials=600, seed=3).flows.payers["city"] for deal in sobol)

    assert sobol[0].digest() == sobol[1].digest()
    assert np.array_equal(one, other)


# ── Ignorance and luck ───────────────────────────────────────────────────────────────────────────────────
def test_without_ignorance_and_luck_every_trial_is_the_expectation() -> None:
    # 100 people, level 0.5 on average, 10 each: 500.
    deal = small({}, {"results": {"placed": {"level": UNCERTAIN}}})
    paid = simulate(deal, trials=5, seed=1, chance=Chance(ignorance=False, luck=False)).flows.payers["city"]

    assert paid[1] == pytest.approx(500)


def test_without_luck_only_ignorance_is_left() -> None:
    deal = small({}, {"results": {"placed": {"level": UNCERTAIN}}})
    paid = simulate(deal, trials=200, seed=1, chance=Chance(luck=False)).flows.payers["city"][1]
    level = uniforms(1, "world.results.placed.level", 0, 200)

    assert paid == pytest.approx(1000 * level)


def test_without_ignorance_only_luck_is_left() -> None:
    deal = small({}, {"results": {"placed": {"level": UNCERTAIN}}})
    paid = simulate(deal, trials=200, seed=1, chance=Chance(ignorance=False)).flows.payers["city"][1]

    assert paid == pytest.approx(10 * stats.binom.ppf(uniforms(1, "luck/placed/1///1", 0, 200), 100, 0.5))
