"""Limits on units and money, worked by hand: 100 people who all achieve the result, at 10 each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.engine.simulate import simulate
from tests.oracle.small import Mapping, Whole, small

TWICE: Mapping = {"people": {"intakes": {"count": 2}}}
"""Two intakes of 50, at 0 and 1, measured at 1 and 2: 500 and 500 are earned."""
FOUR: Mapping = {"people": {"intakes": {"count": 2}, "segments": {"young": 0.6, "old": 0.4}}}
"""The same in two segments: 300 and 200 at each date."""


def paid(contract: Mapping, world: Mapping | None = None, **limits: Any) -> list[float]:
    """What the city pays at each moment."""
    named = {f"limit_{k}": {"on": "success", **limit} for k, limit in limits.items()}
    flows = simulate(small({**contract, "limits": named}, world), trials=2, seed=1).flows
    assert np.array_equal(flows.payers["city"][:, 0], flows.payers["city"][:, 1])
    return [float(x) for x in flows.payers["city"][:, 0]]


def test_without_limits_all_is_paid() -> None:
    assert paid(TWICE) == [0, 500, 500, 0]


@pytest.mark.parametrize(
    ("limit", "right"),
    [
        ({"money": 700}, [500, 200]),
        ({"money": 400, "per": "period"}, [400, 400]),
        ({"money": 400, "per": "intake"}, [400, 400]),
        ({"money": 300, "per": "fiscal_year"}, [300, 300]),
        ({"money": 8, "per": "person"}, [400, 400]),
        ({"units": 70}, [500, 200]),
        ({"units": 40, "per": "period"}, [400, 400]),
        ({"units": 0.5, "per": "person"}, [250, 250]),
        ({"share": 0.6, "of": "people"}, [500, 100]),
        ({"share": 0.6, "of": "people", "per": "intake"}, [300, 300]),
        # 40 % of what is measured by then: 20 of 50 at 1, 40 of 100 at 2.
        ({"share": 0.4, "of": "placed"}, [200, 200]),
    ],
)
def test_one_limit(limit: Mapping, right: list[float]) -> None:
    assert paid(TWICE, a=limit)[1:3] == pytest.approx(right)


# Claims of one date share alike: 300 young and 200 old under 250 in all give 150 and 100.
def test_claims_of_one_date_share_in_proportion() -> None:
    by_segment = {**FOUR, "payments": {"success": {"where": {"segment": "old"}},
                                       "other": {"name": "other", "on": "placed", "where": {"segment": "young"},
                                                 "curve": {"kind": "per_unit", "price": 10}}}}  # fmt: skip
    limits = {"cap": {"on": "all", "money": 250, "per": "period"}}
    flows = simulate(small({**by_segment, "limits": limits}), trials=2, seed=1).flows

    assert flows.payments["success"][1] == pytest.approx([100, 100])
    assert flows.payments["other"][1] == pytest.approx([150, 150])


# Per segment: the young have earned 600 by 2 and get 450, the old 400 and all of it.
def test_a_limit_per_segment() -> None:
    assert paid(FOUR, a={"money": 450, "per": "segment"})[1:3] == pytest.approx([500, 350])


# Units first, then money, whatever the order in the document: 70 units are 700, and of those 600 are paid.
def test_limits_on_units_come_before_limits_on_money() -> None:
    assert paid(TWICE, a={"money": 600}, b={"units": 70})[1:3] == pytest.approx([500, 100])


# The order among money limits is that of the document. First 300 a period, then 500 in all: 300, 200.
# First 500 in all (500, 0), then 300 a period: 300, 0.
def test_limits_on_money_apply_one_after_the_other() -> None:
    period, whole = {"money": 300, "per": "period"}, {"money": 500}

    assert paid(TWICE, a=period, b=whole)[1:3] == pytest.approx([300, 200])
    assert paid(TWICE, a=whole, b=period)[1:3] == pytest.approx([300, 0])


# 350 a period, the rest waits: 350 of 500 at 1; 350 of 150 + 500 at 2; the other 300 at 3.
def test_what_exceeds_a_period_waits() -> None:
    assert paid(TWICE, a={"money": 350, "per": "period", "excess": "carried"}) == pytest.approx(
        [0, 350, 350, 300]
    )


# 200 a period: 400 still wait when the contract ends, and are lost.
def test_what_still_waits_at_the_end_is_lost() -> None:
    limit = {"on": "success", "money": 200, "per": "period", "excess": "carried"}
    flows = simulate(small({**TWICE, "limits": {"cap": limit}}), trials=2, seed=1).flows

    assert flows.payers["city"][:, 0].tolist() == pytest.approx([0, 200, 200, 200])
    assert flows.unpaid["limit.cap"].tolist() == pytest.approx([400, 400])


# A fiscal year that begins in July: with half years from January, moments 1 (30 June) and 0 fall into 2023, 2 and 3
# into 2024. 600 a year: 500 in 2023; 500 in 2024.
def test_a_limit_per_fiscal_year_follows_the_budget() -> None:
    calendar = {"period": "half_year", "periods": 3, "fiscal_year_starts": 7}
    assert paid({**TWICE, "calendar": calendar}, a={"money": 600, "per": "fiscal_year"}) == [0, 500, 500, 0]
    calendar["fiscal_year_starts"] = 1  # both in 2024
    assert paid({**TWICE, "calendar": calendar}, a={"money": 600, "per": "fiscal_year"}) == [0, 500, 100, 0]


# A limit that grows by 10 % a year is compared at its worth at close: 500 / 1.1 + 500 / 1.21 are 867.77 of close's
# worth. Under 600, 500 are paid at 1 and (600 - 454.55) x 1.21 = 176 at 2.
def test_a_limit_with_an_index_is_compared_at_its_worth_at_close() -> None:
    world = {"indices": {"cpi": {"kind": "growth", "rate": 0.1}}}

    assert paid(TWICE, world, a={"money": 600, "index": "cpi"})[1:3] == pytest.approx([500, 176])


# Money that goes back makes room again. Under 400, of +500 at 1 400 are paid and 100 wait; at 2 50 people at -6 take
# 300 back, so that there is room for what waits: in all 200, as much as is earned in all.
def test_money_that_goes_back_makes_room_for_what_waits() -> None:
    back = {
        "name": "back",
        "on": "placed",
        "where": {"intake": 2},
        "curve": {"kind": "per_unit", "price": -6},
    }
    payments = {"success": {"where": {"intake": 1}}, "back": back}
    deal = small({**TWICE, "payments": payments, "limits": {"cap": {"on": "all", "money": 400}}})
    flows = simulate(deal, trials=2, seed=1).flows

    assert flows.payments["success"][:, 0].tolist() == pytest.approx([0, 400, 100, 0])
    assert flows.payments["back"][2] == pytest.approx([-300, -300])


# What the city may not pay the state pays: 300 a period from the city, the other 200 from the state.
def test_what_exceeds_a_payers_limit_is_another_payers() -> None:
    limits = {"cap": {"on": "success", "money": 300, "per": "period", "payers": "city", "excess": "state"}}
    flows = simulate(small({**TWICE, "limits": limits}), trials=2, seed=1).flows

    assert flows.payers["city"][:, 0].tolist() == pytest.approx([0, 300, 300, 0])
    assert flows.payers["state"][:, 0].tolist() == pytest.approx([0, 200, 200, 0])
    assert flows.unpaid["limit.cap"].tolist() == [0, 0]


# 1000 are earned in all, 1300 are owed at least: 300 more on the last date.
def test_a_floor_is_topped_up_on_the_last_date() -> None:
    deal = small({**TWICE, "limits": {"least": {"on": "success", "floor": 1300}}})

    assert simulate(deal, trials=2, seed=1).flows.payers["city"][:, 0].tolist() == pytest.approx(
        [0, 500, 800, 0]
    )


# Euros at 1.2 of the deal's money: 500 euros at each date are 600; a limit of 900 euros in all is 1080.
def test_limits_and_prices_may_be_in_another_currency() -> None:
    world = {"exchange": {"EUR": {"at_close": 1.2}}}
    term = {"payments": {"success": {"currency": "EUR"}}}

    assert paid({**TWICE, **term}, world)[1:3] == pytest.approx([600, 600])
    assert paid({**TWICE, **term}, world, a={"money": 900, "currency": "EUR"})[1:3] == pytest.approx(
        [600, 480]
    )


# Steps 40 and 80 of units to date: with at most 70 units, the second step is never reached.
def test_a_curve_reads_what_a_limit_on_units_leaves() -> None:
    steps = Whole({"kind": "steps", "steps": [{"at": 40, "pay": 100}, {"at": 80, "pay": 900}]})
    term = {"pool": "all", "to_date": True, "curve": steps}

    assert paid({**TWICE, "payments": {"success": term}}) == [0, 100, 800, 0]
    assert paid({**TWICE, "payments": {"success": term}}, a={"units": 70}) == [0, 100, 0, 0]
