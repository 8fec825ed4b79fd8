"""Funding and waterfall worked by hand: two trials, three yearly periods.

Unless said, 100 people all achieve the result at moment 1 and the city pays 1000 there; nothing else moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.engine.result import Flows
from simulator.engine.simulate import simulate
from tests.oracle.small import Mapping, Whole, small

FEE: Mapping = {"kind": "amount", "to": "prov_b", "amount": 100, "per": "period", "over": 3}
"""100 at moments 0, 1 and 2."""
REST: Mapping = {"kind": "pay", "to": "prov_a"}


def run(contract: Mapping, world: Mapping | None = None) -> Flows:
    """Flows of two trials."""
    return simulate(small(contract, world), trials=2, seed=1).flows


def row(table: Any, trial: int = 0) -> list[float]:
    """One trial of a table."""
    return [float(x) for x in np.round(np.asarray(table)[:, trial], 6)]


def loan(**changes: Any) -> Mapping:
    """A tranche of inv_a."""
    return {"kind": "tranche", "party": "inv_a", "commitment": 400, **changes}


def until(goal: Any, to: Any = "loan", **changes: Any) -> Mapping:
    """A step that pays until a goal."""
    return {"kind": "pay", "to": to, "until": goal, **changes}


# ── Draws ────────────────────────────────────────────────────────────────────────────────────────────────
# Fees of 100 at 0, 1, 2. At 0 there is no cash: 100 are drawn. At 1 the city's 1000 are there.
def test_capital_is_drawn_as_needed() -> None:
    flows = run(
        {
            "fees": {"work": FEE},
            "capital": {"loan": loan()},
            "waterfall": [{"kind": "fees"}, until("principal")],
        }
    )

    assert row(flows.drawn["loan"]) == [100, 0, 0, 0]
    assert row(flows.received["loan"]) == [0, 100, 0, 0]
    assert row(flows.fees["prov_b"]) == [100, 100, 100, 0]
    # The trust closes at 3 with 1000 - 100 (loan) - 200 (fees): its own, as holder of the account.
    assert row(flows.parties["trust"]) == [0, 0, 0, 700]


def test_capital_is_drawn_at_close_or_as_scheduled() -> None:
    at_close = run({"capital": {"loan": loan(draw="at_close")}, "waterfall": [until("principal")]})
    shares = {"kind": "scheduled", "shares": {"0": 0.5, "2": 0.25}}
    scheduled = run({"capital": {"loan": loan(draw=shares)}, "waterfall": [until("principal", starts=1)]})

    assert row(at_close.drawn["loan"]) == [400, 0, 0, 0]
    assert row(scheduled.drawn["loan"]) == [200, 0, 100, 0]


# 40 left of a commitment of 100 at moment 1 (nothing is achieved): 100 at 0, nothing at 1; arrears 100, then 200.
def test_a_commitment_may_not_be_enough() -> None:
    contract = {"fees": {"work": FEE}, "capital": {"loan": loan(commitment=140)},
                "waterfall": [{"kind": "fees"}, until("principal")]}  # fmt: skip
    flows = run(contract, {"results": {"placed": {"level": 0}}})

    assert row(flows.drawn["loan"]) == [100, 40, 0, 0]
    assert row(flows.arrears) == [0, 60, 160, 160]
    assert flows.principal_lost["loan"].tolist() == [140, 140]


# 150 are needed at 0. Order 1: 60 and 40 in proportion, all of it; order 2: the other 50.
def test_lower_orders_are_drawn_first_and_equal_orders_in_proportion() -> None:
    capital = {
        "first": loan(commitment=60),
        "gift": {"kind": "grant", "party": "grantor", "amount": 40, "draw": "as_needed"},
        "last": loan(commitment=500, order=2),
    }
    steps = [{"kind": "fees"}, until("principal", to="first"), until("principal", to="last")]
    fee = {**FEE, "amount": 150}
    flows = run({"fees": {"work": fee}, "capital": capital, "waterfall": steps})
    small_fee = run({"fees": {"work": {**FEE, "amount": 50}}, "capital": capital, "waterfall": steps})

    assert [row(flows.drawn[name])[0] for name in capital] == [60, 40, 50]
    assert [row(small_fee.drawn[name])[0] for name in capital] == [30, 20, 0]


# Fees of 300 at 0, 1, 2 and 250 of results at 1 and 2 (people in two intakes of 25). A line of 350: 300 at 0; at 1
# 50 are missing; 250 come in at 1 and pay fees; nothing is repaid, so revolving does not help …
# … but with fees of 100 the line is repaid at 1 and drawn again when results are late.
@pytest.mark.parametrize(("revolving", "again"), [(True, 100), (False, 0)])
def test_a_revolving_line_is_drawn_again(revolving: bool, again: float) -> None:
    fee = {**FEE, "over": 1}
    late = {**FEE, "over": 1, "starts": 2}
    flows = run(
        {
            "fees": {"work": fee, "late": late},
            "capital": {"loan": loan(commitment=100, revolving=revolving)},
            "waterfall": [{"kind": "fees"}, until("principal"), REST],
        }
    )

    assert row(flows.drawn["loan"]) == [100, 0, again, 0]


# ── Interest and principal ───────────────────────────────────────────────────────────────────────────────
# 400 at 10 %. Steps act from 2 on: interest 40 at 1 and 44 at 2 (interest bears interest) are 84; principal 400.
def test_interest_bears_interest() -> None:
    steps = [until("interest", starts=2), until("principal", starts=2), {**REST, "starts": 2}]
    flows = run({"capital": {"loan": loan(draw="at_close", coupon=0.1)}, "waterfall": steps})

    assert row(flows.received["loan"]) == [0, 0, 484, 0]
    assert row(flows.parties["prov_a"]) == [0, 0, 1400 - 484, 0]


# Half years: 10 % a year is 1.1^0.5 - 1 a period; after two periods exactly 10 % of 400.
def test_a_rate_a_year_is_compounded_by_period() -> None:
    steps = [until("interest", starts=2), {**REST, "at_end": True}, until("principal", at_end=True)]
    flows = run(
        {
            "calendar": {"period": "half_year"},
            "capital": {"loan": loan(draw="at_close", coupon=0.1)},
            "waterfall": steps,
        }
    )

    assert row(flows.received["loan"])[2] == pytest.approx(40)


# 100 a year come in (10 people at 10, each year). Principal first leaves interest to grow; 400 at 10 %:
# at 1 40 of interest; 100 principal -> 300; at 2: 40 x 1.1 + 30 = 74; 100 -> 200.
def test_a_principal_step_leaves_interest_alone() -> None:
    contract = {
        "people": {"size": 30, "intakes": {"count": 3}},
        "capital": {"loan": loan(draw="at_close", coupon=0.1)},
        "waterfall": [until("principal", starts=1), until("interest", starts=1)],
    }
    spend = [{"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 400}}]
    flows = run({**contract, "waterfall": [*spend, *contract["waterfall"]]})  # type: ignore[misc]

    assert row(flows.received["loan"]) == [0, 100, 100, 100]
    assert flows.principal_lost["loan"].tolist() == [100, 100]


# Half of the principal is owed if fewer than 60 % achieve it. 400 drawn; 200 owed.
@pytest.mark.parametrize(("level", "owed"), [(0.5, 200), (0.7, 400)])
def test_principal_by_performance(level: float, owed: float) -> None:
    steps = {"kind": "steps", "steps": [{"at": 0, "pay": 0.5}, {"at": 0.6, "pay": 1}]}
    term = {"on": "placed", "quantity": "rate", "curve": steps}
    flows = run(
        {
            "people": {"size": 100_000},
            "capital": {"loan": loan(draw="at_close", principal=term)},
            "waterfall": [until("principal", starts=1), REST],
        },
        {"results": {"placed": {"level": level}}},
    )

    # REST takes what is there at 0: the 400 that were drawn.
    assert row(flows.received["loan"]) == [0, owed, 0, 0]


# The coupon of a period is the curve of the measurement that ends it: 100 % achieved -> 20 %, on 400 for one year.
def test_a_coupon_by_performance() -> None:
    curve = {"kind": "lines", "points": [{"at": 0, "pay": 0}, {"at": 1, "pay": 0.2}]}
    coupon = {"on": "placed", "quantity": "rate", "curve": curve}
    steps = [until("interest"), until("principal", starts=1), {**REST, "starts": 1}]
    flows = run({"capital": {"loan": loan(draw="at_close", coupon=coupon)}, "waterfall": steps})

    assert row(flows.received["loan"]) == [0, 480, 0, 0]


# ── Goals ────────────────────────────────────────────────────────────────────────────────────────────────
# 8 % a year on 400 until 1: 432. Then the rest goes elsewhere. The 400 themselves are spent at 0.
def test_until_a_rate_of_return() -> None:
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 400}}
    flows = run(
        {
            "capital": {"loan": loan(draw="at_close")},
            "waterfall": [spend, until({"kind": "irr", "rate": 0.08}), REST],
        }
    )

    assert row(flows.parties["prov_b"]) == [400, 0, 0, 0]
    assert row(flows.received["loan"]) == [0, 432, 0, 0]
    assert row(flows.parties["prov_a"]) == [0, 568, 0, 0]


def test_until_a_multiple() -> None:
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 400}}
    steps = [spend, until({"kind": "multiple", "times": 1.5}), REST]
    flows = run({"capital": {"loan": loan(draw="at_close")}, "waterfall": steps})

    assert row(flows.received["loan"]) == [0, 600, 0, 0]


# IRR capped with a split: of what comes in, 75 % to the loan and 25 % to the city until the loan has 1.5 x 400 = 600;
# that takes 800. The other 200 to the provider.
def test_a_split_until_a_goal() -> None:
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 400}}
    split = until({"kind": "multiple", "times": 1.5}, to={"loan": 0.75, "city": 0.25})
    flows = run({"capital": {"loan": loan(draw="at_close")}, "waterfall": [spend, split, REST]})

    assert row(flows.received["loan"]) == [0, 600, 0, 0]
    assert row(flows.rebates["city"]) == [0, 200, 0, 0]
    assert row(flows.parties["city"]) == [0, -800, 0, 0]
    assert row(flows.parties["prov_a"]) == [0, 200, 0, 0]


# 1000 for principal of 900 and 300 alike: 750 and 250.
def test_a_list_of_tranches_is_paid_in_proportion_to_what_is_due() -> None:
    capital = {"big": loan(commitment=900, draw="at_close"), "little": loan(commitment=300, draw="at_close")}
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 1200}}
    flows = run({"capital": capital, "waterfall": [spend, until("principal", to=["big", "little"])]})

    assert row(flows.received["big"]) == [0, 750, 0, 0]
    assert row(flows.received["little"]) == [0, 250, 0, 0]


def test_steps_may_start_late_or_act_only_when_the_contract_ends() -> None:
    late = run({"waterfall": [{**REST, "starts": 2}]})
    at_end = run({"waterfall": [{**REST, "at_end": True}]})

    assert row(late.parties["prov_a"]) == [0, 0, 1000, 0]
    assert row(at_end.parties["prov_a"]) == [0, 0, 0, 1000]
    assert row(at_end.balance) == [0, 1000, 1000, 0]


# ── Fees and reserves ────────────────────────────────────────────────────────────────────────────────────
# Only 100 of capital for fees of 100 and 300 at 0: 25 and 75.
def test_fees_that_cannot_all_be_paid_share_alike_and_wait() -> None:
    one, other = (
        {**FEE, "over": 1, "amount": amount, "to": to} for amount, to in ((100, "prov_b"), (300, "manager"))
    )
    flows = run(
        {
            "fees": {"one": one, "other": other},
            "capital": {"loan": loan(commitment=100)},
            "waterfall": [{"kind": "fees"}, until("principal")],
        }
    )

    assert row(flows.fees["prov_b"]) == [25, 75, 0, 0]
    assert row(flows.fees["manager"]) == [75, 225, 0, 0]
    assert row(flows.arrears) == [300, 0, 0, 0]


def test_named_fees_come_first() -> None:
    one, other = (
        {**FEE, "over": 1, "amount": amount, "to": to} for amount, to in ((100, "prov_b"), (300, "manager"))
    )
    flows = run(
        {
            "fees": {"one": one, "other": other},
            "capital": {"loan": loan(commitment=100)},
            "waterfall": [{"kind": "fees", "of": ["one"]}, {"kind": "fees"}, until("principal")],
        }
    )

    assert row(flows.fees["prov_b"]) == [100, 0, 0, 0]
    assert row(flows.fees["manager"]) == [0, 300, 0, 0]


# At 1 there are 1000 - 100 of fees; the reserve for the fee at 2 keeps 100; 800 are passed on. At 2 the 100 pay the fee.
def test_a_reserve_keeps_money_for_coming_fees() -> None:
    steps = [{"kind": "fees"}, {"kind": "reserve", "periods": 1}, {**REST, "starts": 1}]
    capital = {"gift": {"kind": "grant", "party": "grantor", "amount": 100}}
    flows = run({"fees": {"work": FEE}, "capital": capital, "waterfall": steps})

    assert row(flows.parties["prov_a"]) == [0, 800, 0, 0]
    assert row(flows.balance) == [0, 100, 0, 0]
    assert row(flows.fees["prov_b"]) == [100, 100, 100, 0]


def test_a_reserve_of_an_amount_is_free_when_the_contract_closes() -> None:
    flows = run({"waterfall": [{"kind": "reserve", "amount": 300}, REST]})

    assert row(flows.parties["prov_a"]) == [0, 700, 0, 300]


# ── Negative payments ────────────────────────────────────────────────────────────────────────────────────
# The second intake costs the account 6 for each of its 50 people: 300 are owed back at 2. Of the 500 of moment 1 the
# provider takes all, so that the loan must lend 300 at 2.
def test_what_is_owed_back_is_drawn_and_paid_before_any_step() -> None:
    back = {
        "name": "back",
        "on": "placed",
        "where": {"intake": 2},
        "curve": {"kind": "per_unit", "price": -6},
    }
    flows = run(
        {
            "people": {"intakes": {"count": 2}},
            "payments": {"success": {"where": {"intake": 1}}, "back": back},
            "capital": {"loan": loan()},
            "waterfall": [until("principal"), REST],
        }
    )

    assert row(flows.drawn["loan"]) == [0, 0, 300, 0]
    assert row(flows.rebates["city"]) == [0, 0, 300, 0]
    assert flows.refunds_unpaid.tolist() == [0, 0]


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────
# Nothing is achieved. 400 lost; the guarantor stands for 75 % of it, up to 250.
@pytest.mark.parametrize(("up_to", "paid"), [(1000, 300), (250, 250)])
def test_a_guarantee_pays_its_share_up_to_its_amount_at_the_end(up_to: float, paid: float) -> None:
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 400}}
    capital = {
        "loan": loan(draw="at_close"),
        "cover": {"kind": "guarantee", "party": "guarantor", "of": ["loan"], "share": 0.75, "up_to": up_to},
    }
    flows = run(
        {"capital": capital, "waterfall": [spend, until("principal")]}, {"results": {"placed": {"level": 0}}}
    )

    assert row(flows.guaranteed["cover"]) == [0, 0, 0, paid]
    assert row(flows.received["loan"]) == [0, 0, 0, paid]
    assert flows.principal_lost["loan"].tolist() == [400 - paid] * 2


def test_a_guarantee_covers_its_tranches_in_order() -> None:
    spend = {"kind": "pay", "to": "prov_b", "until": {"kind": "amount", "amount": 800}}
    capital = {
        "loan": loan(draw="at_close"),
        "other": loan(draw="at_close", party="inv_b"),
        "cover": {"kind": "guarantee", "party": "guarantor", "of": ["other", "loan"], "up_to": 500},
    }
    steps = [spend, until("principal"), until("principal", to="other")]
    flows = run({"capital": capital, "waterfall": steps}, {"results": {"placed": {"level": 0}}})

    assert row(flows.received["other"])[3] == 400
    assert row(flows.received["loan"])[3] == 100


# The contract ends at 2 in every trial. Fees of 100 fall due at 0 and 1 only; the account closes at 2.
def test_an_early_end_stops_fees_and_closes_the_account() -> None:
    flows = run(
        {
            "fees": {"work": FEE},
            "capital": {"loan": loan()},
            "waterfall": [{"kind": "fees"}, until("principal")],
        },
        {"early_end": {"prob": 1, "first": 2, "last": 2}},
    )

    assert row(flows.fees["prov_b"]) == [100, 100, 0, 0]
    assert row(flows.parties["trust"]) == [0, 0, 800, 0]
    assert flows.ended.tolist() == [2, 2]


# Two intakes, measured at 2 and 3, and an end at 2: what is measured by then is paid ("measured"), also what belongs
# to people who had started ("started"), or nothing that is due later ("nothing": paid one period after measurement).
@pytest.mark.parametrize(
    ("rule", "lag", "right"),
    [
        ("measured", 0, [0, 0, 500, 0, 0]),
        ("started", 0, [0, 0, 500, 500, 0]),
        ("measured", 1, [0, 0, 0, 500, 0]),
        ("nothing", 1, [0, 0, 0, 0, 0]),
        ("nothing", 0, [0, 0, 500, 0, 0]),
    ],
)
def test_rules_after_an_early_end(rule: str, lag: int, right: list[float]) -> None:
    flows = run(
        {
            "calendar": {"periods": 4},
            "people": {"intakes": {"count": 2}},
            "results": {"placed": {"after": 2}},
            "payments": {"success": {"paid": {"lag": lag}}},
            "after_early_end": rule,
        },
        {"early_end": {"prob": 1, "first": 2, "last": 2}},
    )

    assert row(flows.payers["city"]) == right


# Fifty of fifty achieve it by 1: a bar of 60 is missed and the investor stops; one of 40 is reached.
@pytest.mark.parametrize(("bar", "ended"), [(60, 1), (40, 4)])
def test_an_option_to_stop_is_used_unless_its_conditions_hold(bar: float, ended: int) -> None:
    stop = {"at": 1, "by": "inv_a", "unless": [{"on": "placed", "at_least": bar}]}
    flows = run({"people": {"intakes": {"count": 2}}, "stop": stop})

    assert flows.ended.tolist() == [ended, ended]


# ── Gates, dates, payers ─────────────────────────────────────────────────────────────────────────────────
def test_payment_dates_and_lags() -> None:
    lag = run({"payments": {"success": {"paid": {"lag": 1}}}})
    dates = run({"payments": {"success": {"paid": {"dates": [0, 3]}}}})

    assert row(lag.payers["city"]) == [0, 0, 1000, 0]
    assert row(dates.payers["city"]) == [0, 0, 0, 1000]


@pytest.mark.parametrize(
    ("gate", "paid"),
    [
        ({"all": [{"on": "placed", "at_least": 100}]}, 1000),
        ({"all": [{"on": "placed", "at_least": 101}]}, 0),
        ({"all": [{"on": "placed", "below": 100}]}, 0),
        ({"any": [{"on": "placed", "at_least": 101}, {"on": "placed", "below": 101}]}, 1000),
        ({"none": [{"on": "placed", "at_least": 100}]}, 0),
        ({"none": [{"on": "placed", "at_least": 101}]}, 1000),
        ({"all": [{"term": "bonus"}]}, 1000),
        ({"none": [{"term": "bonus"}]}, 0),
    ],
)
def test_gates(gate: Mapping, paid: float) -> None:
    bonus = {"name": "bonus", "on": "placed", "curve": {"kind": "lump", "pay": 5}}
    flows = run({"payments": {"success": {"gate": gate}, "bonus": bonus}})

    assert row(flows.payments["success"]) == [0, paid, 0, 0]


# 70 % and 30 %; the state's appropriation fails in every year.
def test_payers_pay_their_shares_and_a_failed_appropriation_pays_nothing() -> None:
    contract = {"payers": Whole({"city": 0.7, "state": 0.3})}
    both = run(contract)
    failed = run(contract, {"appropriation_fails": {"state": 1}})

    assert [row(both.payers[name])[1] for name in ("city", "state")] == [700, 300]
    assert [row(failed.payers[name])[1] for name in ("city", "state")] == [700, 0]
    assert failed.unpaid["appropriation"].tolist() == pytest.approx([300, 300])


# 5 % a year: 1000 x 1.05 at 1; by values 1, 1.2: 1200.
def test_prices_grow_with_their_index() -> None:
    term = {"payments": {"success": {"index": "cpi"}}}

    assert row(run(term, {"indices": {"cpi": {"kind": "growth", "rate": 0.05}}}).payers["city"])[1] == 1050
    assert (
        row(run(term, {"indices": {"cpi": {"kind": "path", "values": [2, 2.4]}}}).payers["city"])[1] == 1200
    )


# ── Costs ────────────────────────────────────────────────────────────────────────────────────────────────
# 900 for the deal, by default over moments 0 … 2; 100 a period for 2 periods from 1; 3 for each of 100 people over 2
# periods; 4 for each achiever when it is measured.
@pytest.mark.parametrize(
    ("line", "right"),
    [
        ({"amount": 900}, [300, 300, 300, 0]),
        ({"amount": 900, "over": 2, "starts": 1}, [0, 450, 450, 0]),
        ({"amount": 100, "per": "period", "over": 2, "starts": 1}, [0, 100, 100, 0]),
        ({"amount": 3, "per": "participant", "over": 2}, [150, 150, 0, 0]),
        ({"amount": 4, "per": "placed"}, [0, 400, 0, 0]),
        ({"amount": 4, "per": "placed", "starts": 1}, [0, 0, 400, 0]),
        ({"amount": 4, "per": "placed", "starts": 3}, [0, 0, 0, 0]),
    ],
)
def test_costs_fall_due(line: Mapping, right: list[float]) -> None:
    flows = run({}, {"costs": {"work": {"by": "prov_b", **line}}})

    assert row(flows.spent["work"]) == right
    assert row(flows.parties["prov_b"]) == [0.0 - x for x in right]
    assert row(flows.parties["outside"]) == right


# What the work costs is what was truly achieved; what is owed for it, what was certified.
def test_costs_count_true_units_and_fees_certified_ones() -> None:
    fee = {"kind": "amount", "to": "prov_b", "amount": 2, "per": "placed"}
    amount = {"placed": Whole({"kind": "amount", "name": "days", "after": 1})}
    flows = run(
        {"results": amount, "payments": {"success": {"quantity": "total"}}, "fees": {"work": fee},
         "waterfall": [{"kind": "fees"}]},
        {"results": {"placed": {"level": 5, "verified": 0.8}},
         "costs": {"work": {"by": "prov_b", "amount": 1, "per": "placed"}}},
    )  # fmt: skip

    assert row(flows.spent["work"]) == [0, 500, 0, 0]
    assert row(flows.fees["prov_b"]) == [0, 800, 0, 0]


# An account that repays what the work costs: 300 at 0, 1 and 2, to the provider that bears them.
def test_fees_at_cost() -> None:
    flows = run(
        {"fees": {"work": {"kind": "at_cost", "costs": ["work"]}}, "capital": {"loan": loan()},
         "waterfall": [{"kind": "fees"}, until("principal")]},
        {"costs": {"work": {"by": "prov_b", "amount": 900}}},
    )  # fmt: skip

    assert row(flows.fees["prov_b"]) == [300, 300, 300, 0]
    assert row(flows.parties["prov_b"]) == [0, 0, 0, 0]
