"""Ignorance and luck against the law of total variance."""

from __future__ import annotations

import math

import pytest

import simulator
from simulator.analysis.uncertainty import spreads
from simulator.scenario.scenario import Scenario
from tests.oracle.small import small

TRIALS = 20_000


def deal(people: int, low: float, high: float) -> Scenario:
    """People who achieve a result with a rate that is between two ends; 10 for each."""
    level = low if low == high else {"kind": "uniform", "low": low, "high": high}
    return small({"people": {"size": people}}, {"results": {"placed": {"level": level}}})


@pytest.mark.parametrize(
    ("people", "low", "high"), [(10, 0.3, 0.7), (100, 0.3, 0.7), (1000, 0.4, 0.5), (50, 0.1, 0.9)]
)
def test_the_share_of_ignorance_is_that_of_the_law_of_total_variance(
    people: int, low: float, high: float
) -> None:
    """Var(k) = n^2 Var(p) + n E[p (1 - p)], the first part being ignorance."""
    variance = (high - low) ** 2 / 12
    mean = (low + high) / 2
    ignorance = people**2 * variance
    luck = people * (mean - variance - mean**2)
    found = spreads(deal(people, low, high), ["payer.payments"], trials=TRIALS, seed=3)["payer.payments"]

    assert found.ignorance == pytest.approx(ignorance / (ignorance + luck), abs=4.5 * found.se)
    assert found.sd == pytest.approx(10 * math.sqrt(ignorance + luck), rel=0.03)
    assert found.luck == 1 - found.ignorance


def test_where_everything_is_known_all_is_luck() -> None:
    found = spreads(deal(100, 0.5, 0.5), ["payer.payments"], trials=TRIALS, seed=3)["payer.payments"]

    assert found.ignorance == pytest.approx(0, abs=4.5 * found.se)


def test_where_nothing_varies_nothing_is_split() -> None:
    found = spreads(deal(100, 1.0, 1.0), ["payer.payments"], trials=100)["payer.payments"]

    assert found.sd == 0
    assert math.isnan(found.ignorance)


def test_every_number_of_a_shipped_deal_can_be_split() -> None:
    found = spreads(simulator.load(simulator.library()["able-rikers"]), trials=300)

    assert set(found) == set(
        simulator.estimates(simulator.simulate(simulator.load(simulator.library()["able-rikers"]), trials=5))
    )
    assert all(0 <= spread.ignorance <= 1 or math.isnan(spread.ignorance) for spread in found.values())


def test_the_same_luck_twice_is_the_same_future() -> None:
    """The second luck differs, the uncertain figures do not."""
    scenario = deal(100, 0.3, 0.7)
    one, same, other = (
        simulator.imagine(scenario, trials=50, seed=1, luck_seed=luck)[0] for luck in (None, 1, 2)
    )

    assert (one.truth.true["placed"] == same.truth.true["placed"]).all()
    assert (one.truth.true["placed"] != other.truth.true["placed"]).any()
    level = "world.results.placed.level"
    assert (one.numbers.at(level) == other.numbers.at(level)).all()  # type: ignore[union-attr]
