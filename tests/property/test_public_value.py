"""What must hold of public value in every deal: it scales, adds up, and is nothing where nothing was added."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

import simulator
from simulator.engine.result import Simulation
from simulator.engine.simulate import simulate
from simulator.scenario.reference.rates import flat
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import World
from simulator.value.alternatives import KEYS, Books, accounts
from simulator.value.streams import COSTINGS, LOGICS, Stream, present, streams_of, yearly
from tests.oracle.compare import size_of
from tests.property.strategies import deals

Array = NDArray[np.float64]
TRIALS = 16
SHARES = st.floats(0, 1)


@st.composite
def benefits(draw: st.DrawFn, on: str) -> dict[str, Any]:
    """A random benefit of one result."""
    return {
        "name": "benefit",
        "on": on,
        "agency": draw(st.sampled_from(["office", "company", None])),
        "amount": draw(st.floats(-1_000, 1_000)),
        "starts": draw(st.integers(0, 6)),
        "years": draw(st.integers(1, 12)),
        "decay": draw(SHARES),
        "avoidable": draw(SHARES),
        "cashable": draw(SHARES),
    }


def valued(deal: Scenario, streams: dict[str, Any], **more: Any) -> Scenario:
    """A deal whose results have this worth."""
    agencies = {"office": {"name": "Office"}, "company": {"name": "Company", "public": False}}
    value = {"horizon": 15, "agencies": agencies, "benefits": streams}
    world = World.model_validate(deal.world.model_dump(by_alias=True) | {"value": value} | more)
    return deal.model_copy(update={"world": world})


@st.composite
def valued_deals(draw: st.DrawFn) -> Scenario:
    """A random deal some results of which have a worth."""
    deal = draw(deals())
    assume(deal.contract.results)
    names = draw(st.lists(st.sampled_from(sorted(deal.contract.results)), min_size=1, max_size=3))
    return valued(deal, {f"benefit{k}": draw(benefits(name)) for k, name in enumerate(names)})


def run(deal: Scenario) -> Simulation:
    return simulate(deal, trials=TRIALS, seed=5)


def close(found: Array | float, expected: Array | float) -> bool:
    scale = float(np.abs(np.asarray(expected)).max(initial=1.0))
    return bool(np.allclose(found, expected, rtol=1e-9, atol=1e-9 * max(scale, 1.0)))


# ── In whole deals ───────────────────────────────────────────────────────────────────────────────────────
@given(deal=valued_deals())
def test_a_worth_moves_no_money(deal: Scenario) -> None:
    bare = deal.model_copy(update={"world": deal.world.model_copy(update={"value": None})})
    with_value, without = run(deal).flows, run(bare).flows
    assert with_value.imbalance() <= 1e-9 * size_of(with_value)
    for party, table in without.parties.items():
        assert np.array_equal(with_value.parties[party], table)


@given(deal=valued_deals())
def test_what_was_added_over_time_is_what_was_added_in_all(deal: Scenario) -> None:
    flows = run(deal).flows
    for name, table in flows.additional.items():
        sign = -1 if deal.contract.results[name].less_is_better else 1
        assert close(table.sum(axis=0), sign * (flows.true[name] - flows.anyway[name]))


@given(deal=valued_deals(), factor=st.floats(0.1, 20))
def test_worth_scales_with_its_amounts(deal: Scenario, factor: float) -> None:
    value = deal.world.value
    assert value is not None
    larger = {
        name: benefit.model_dump(by_alias=True) | {"amount": benefit.amount.expectation() * factor}
        for name, benefit in value.benefits.items()
    }
    once, scaled = Books(run(deal)), Books(run(valued(deal, larger)))
    for key in KEYS:
        for logic in LOGICS:
            reading = (logic, "marginal", "official")
            assert close(scaled.value(key, *reading), factor * once.value(key, *reading))  # type: ignore[arg-type]
        assert np.array_equal(scaled.cost(key, "official"), once.cost(key, "official"))


@given(deal=valued_deals())
def test_streams_add_up_and_logics_nest(deal: Scenario) -> None:
    simulation = run(deal)
    books = Books(simulation)
    for logic in LOGICS:
        for costing in COSTINGS:
            each = [
                Books(simulation, streams=(stream,)).value("contract", logic, costing, "official")
                for stream in books.streams
            ]
            assert close(np.sum(each, axis=0), books.value("contract", logic, costing, "official"))
    for stream in books.streams:
        for costing in COSTINGS:
            cash, budget, social = (stream.part(logic, costing) for logic in LOGICS)
            assert (cash <= budget + 1e-12).all()
            assert (budget <= social + 1e-12).all()


@given(deal=valued_deals())
def test_net_is_gross_less_cost_and_differences_are_paired(deal: Scenario) -> None:
    simulation = run(deal)
    both, books = simulator.compare(simulation), Books(simulation)
    for key, alternative in both.alternatives.items():
        for reading, worth in alternative.worths.items():
            cost = alternative.spending_present_value[reading[2]].mean
            assert close(worth.net.mean, worth.gross.mean - cost)
            assert close(books.net(key, *reading), books.value(key, *reading) - books.cost(key, reading[2]))
    for reading, found in both.differences["contract_less_inputs"].net.items():
        pair = [both.alternatives[key].worths[reading].net.mean for key in ("contract", "inputs")]
        scale = max(map(abs, pair), default=1.0)
        assert found.mean == pytest.approx(pair[0] - pair[1], rel=1e-9, abs=1e-9 * max(scale, 1.0))
    spared = both.differences["contract_less_inputs"].spending_present_value["official"].mean
    assert both.parts.premium.mean - both.parts.not_spent.mean == pytest.approx(spared, rel=1e-9, abs=1e-6)


@given(deal=valued_deals())
def test_all_alternatives_live_through_the_same_luck(deal: Scenario) -> None:
    """By inputs with the same effect results are the same, trial by trial; nothing brings what would have come anyway."""
    simulation = run(deal)
    three = accounts(simulation)
    for name, true in simulation.flows.true.items():
        assert close(three["inputs"].true[name], true)
        assert np.array_equal(three["contract"].true[name], true)
        assert np.array_equal(three["nothing"].true[name], simulation.flows.anyway[name])
        assert np.array_equal(three["inputs"].additional[name], three["contract"].additional[name])
        assert not three["nothing"].additional[name].any()
    assert not three["nothing"].spending.any()
    again = accounts(run(deal))
    assert np.array_equal(again["inputs"].payments, three["inputs"].payments)


@given(deal=valued_deals(), factor=st.floats(0, 3), effect=st.floats(0, 2))
def test_inputs_have_a_price_and_an_effect_of_their_own(deal: Scenario, factor: float, effect: float) -> None:
    value = deal.world.value
    assert value is not None
    streams = {name: benefit.model_dump(by_alias=True) for name, benefit in value.benefits.items()}
    own = Books(run(valued(deal, streams, by_inputs={"cost_factor": factor, "effect": effect})))
    same = Books(run(deal))
    assert close(own.accounts["inputs"].payments, factor * same.accounts["inputs"].payments)
    assert np.array_equal(own.accounts["contract"].payments, same.accounts["contract"].payments)
    reading = ("social", "average", "official")
    assert close(own.value("inputs", *reading), effect * same.value("contract", *reading))  # type: ignore[arg-type]


@given(deal=deals())
def test_every_deal_can_be_compared(deal: Scenario) -> None:
    both = simulator.compare(run(deal))
    assert both.in_cash == "not_valued"
    assert both.alternatives["contract"].worth("social").gross.mean == 0
    whole = both.alternatives["contract"].payments.mean
    assert sum(purse.pays.mean for purse in both.purses) == pytest.approx(
        both.alternatives["contract"].spending_present_value["official"].mean, rel=1e-6, abs=1e-6
    )
    assert simulator.estimates(run(deal))["payer.payments"].mean == pytest.approx(whole)


def test_without_effect_there_is_no_additional_value() -> None:
    deal = simulator.load(simulator.library()["plantilla-pxr-anemia"])
    plain = deal.model_dump(mode="json", by_alias=True)
    plain["world"]["results"]["anaemia"]["effect"] = 0
    plain["world"]["correlations"] = []
    nothing = Scenario.model_validate(plain)
    books = Books(simulate(nothing, trials=1, seed=1, chance=simulator.Chance(ignorance=False, luck=False)))
    assert books.value("contract", "social", "average", "official") == pytest.approx(0, abs=1e-6)


# ── Stream by stream ─────────────────────────────────────────────────────────────────────────────────────
ADDED = st.lists(st.lists(st.floats(0, 100), min_size=2, max_size=2), min_size=1, max_size=9).map(np.array)


def a_stream(*, starts: int, years: int, decay: float) -> Stream:
    ones = np.ones(2)
    return Stream(key="a", on="b", agency=None, public=False, amount=10 * ones, starts=starts, years=years,
                  decay=decay * ones, avoidable=ones, cashable=ones, tags=())  # fmt: skip


@given(added=ADDED, starts=st.integers(0, 4), years=st.integers(1, 9), decay=SHARES,
       per_year=st.sampled_from([1, 2, 4, 12]), horizon=st.integers(1, 12), rate=st.floats(0, 0.2))  # fmt: skip
def test_present_value_is_the_plain_double_sum(
    added: Array, starts: int, years: int, decay: float, per_year: int, horizon: int, rate: float
) -> None:
    stream = a_stream(starts=starts, years=years, decay=decay)
    found = present(stream, added, per_year=per_year, horizon=horizon, discount=flat(rate))
    table = yearly(stream, added, per_year=per_year, horizon=horizon)
    expected, by_year = np.zeros(2), np.zeros((horizon, 2))
    for t, units in enumerate(added):
        for k in range(years):
            when = t / per_year + starts + k
            if when < horizon:
                worth = units * 10 * (1 - decay) ** k
                expected += worth / (1 + rate) ** when
                by_year[int(when)] += worth
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert table == pytest.approx(by_year, rel=1e-9, abs=1e-9)
    assert present(stream, added, per_year=per_year, horizon=horizon, discount=flat(0)) == pytest.approx(
        table.sum(axis=0), rel=1e-9, abs=1e-9
    )


@given(
    added=ADDED,
    starts=st.integers(0, 4),
    years=st.integers(1, 9),
    low=st.floats(0, 0.2),
    more=st.floats(0, 0.2),
)
def test_later_benefits_are_worth_less_at_a_higher_rate(
    added: Array, starts: int, years: int, low: float, more: float
) -> None:
    stream = a_stream(starts=starts, years=years, decay=0.1)
    worth = [
        present(stream, added, per_year=4, horizon=12, discount=flat(rate)) for rate in (low, low + more)
    ]
    assert (worth[1] <= worth[0] + 1e-9).all()


def test_a_deal_without_worth_has_no_streams() -> None:
    deal = simulator.load(simulator.library()["able-rikers"])
    assert streams_of(simulate(deal, trials=2)) == ()
