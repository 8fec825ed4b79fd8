"""The engine against a slow, independent calculation of single trials, written from docs/model.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator
from simulator.engine.result import Flows
from simulator.engine.simulate import simulate
from simulator.scenario.scenario import Scenario
from tests.oracle.compare import differences
from tests.oracle.small import Whole, mistakes, small
from tests.property.strategies import deals

SHIPPED = sorted(simulator.library().items())
EXAMPLES = max(200, settings().max_examples)
"""Examples of random deals; more when a search is asked for."""
LATE_TRIALS = [8191, 8192, 8199]
"""The last trial of the first block, and trials of the second."""


@pytest.mark.parametrize(("name", "path"), SHIPPED, ids=[name for name, _ in SHIPPED])
def test_shipped_deals_agree_with_the_oracle(name: str, path: Path) -> None:
    deal = simulator.load(path)
    plain = deal.model_copy(update={"simulation": deal.simulation.model_copy(update={"sampling": "plain"})})

    assert differences(plain, trials=15 if name.startswith("plantilla") else 60, seed=7) == []


def test_the_oracle_agrees_in_every_block() -> None:
    deal = simulator.load(simulator.library()["able-rikers"])

    assert differences(deal, trials=8200, seed=11, looked_at=LATE_TRIALS) == []


@settings(max_examples=EXAMPLES)
@given(deal=deals(), seed=st.integers(0, 1000))
def test_random_deals_agree_with_the_oracle(deal: Scenario, seed: int) -> None:
    assert differences(deal, trials=3, seed=seed) == []


def test_a_threshold_that_is_met_exactly_is_met() -> None:
    """Of 100, 100 achieve it, and 50 are asked for."""
    deal = small(
        {"payments": {"success": {"curve": Whole({"kind": "steps", "steps": [{"at": 50, "pay": 7}]})}}}
    )
    flows = run(deal)

    assert flows.payers["city"][1, 0] == 7
    assert differences(deal, trials=5, seed=1) == []


# ── Where engine and formula sheet once differed, each with the smallest deal that shows it ──────────────
def run(deal: Scenario, trials: int = 4, seed: int = 1) -> Flows:
    """Flows of a few trials."""
    return simulate(deal, trials=trials, seed=seed).flows


EARLY: dict[str, Any] = {"early_end": {"prob": 1, "first": 1, "last": 1}}
AMOUNT: dict[str, Any] = {"placed": Whole({"kind": "amount", "name": "days", "after": 1})}
TOTAL: dict[str, Any] = {"quantity": "total"}


def test_an_uncertain_spread_between_people_can_be_compared() -> None:
    deal = small(
        {
            "results": {
                "placed": Whole({"kind": "amount", "name": "days", "after": 1, "measured": "comparison"})
            },
            "payments": {"success": TOTAL},
        },
        {"results": {"placed": {"individual_sd": {"kind": "uniform", "low": 1, "high": 2}}}},
    )

    assert differences(deal, trials=4, seed=1) == []


def test_units_below_zero_cost_nothing() -> None:
    deal = small(
        {
            "people": {"size": 1},
            "results": AMOUNT,
            "payments": {"success": TOTAL},
            "fees": {"work": {"kind": "amount", "to": "manager", "amount": 1, "per": "placed"}},
            "waterfall": [{"kind": "fees"}],
        },
        {"results": {"placed": {"individual_sd": 100}}},
    )

    assert run(deal, trials=50).fees["manager"].min() >= 0


def test_events_without_correlation_are_whole_numbers() -> None:
    deal = small(
        {"results": AMOUNT, "payments": {"success": TOTAL}},
        {"results": {"placed": {"events": True, "cluster_size": 20}}},
    )
    events = run(deal, trials=50).true["placed"]

    assert np.array_equal(events, np.rint(events))


def test_principal_lost_is_what_was_owed_when_the_contract_closed() -> None:
    points = [{"at": 0, "pay": 0}, {"at": 1, "pay": 1}]
    principal = {"on": "placed", "quantity": "rate", "curve": {"kind": "steps", "steps": points}}
    tranche = {
        "kind": "tranche",
        "party": "inv_a",
        "commitment": 100,
        "draw": "at_close",
        "principal": principal,
    }
    steps = [{"kind": "pay", "to": "prov_a", "until": {"kind": "amount", "amount": 100}}]
    deal = small(
        {
            "results": {"placed": {"after": 2}},
            "capital": {"loan": tranche},
            "waterfall": [*steps, {"kind": "pay", "to": "loan", "until": "principal"}],
        },
        EARLY,
    )

    assert run(deal).principal_lost["loan"][0] == 100


ACTIVITY: dict[str, Any] = {"name": "work", "curve": {"kind": "lump", "pay": 50}, "paid": {"dates": [2]}}


def test_a_gate_closes_an_activity_payment() -> None:
    gate = {"all": [{"on": "placed", "quantity": "rate", "at_least": 0.5}]}
    deal = small({"payments": {"work": {**ACTIVITY, "gate": gate}}}, {"results": {"placed": {"level": 0}}})

    assert run(deal).payments["work"].sum() == 0


def test_activity_payments_end_with_the_contract() -> None:
    assert run(small({"payments": {"work": ACTIVITY}}, EARLY)).payments["work"].sum() == 0


def test_a_limit_per_person_is_for_all_that_is_paid_for_a_person() -> None:
    # 1000 for results and 800 for work; at most 12 for each of 100 people.
    work = {**ACTIVITY, "curve": {"kind": "lump", "pay": 800}}
    deal = small({"payments": {"work": work}, "limits": {"cap": {"on": "all", "money": 12, "per": "person"}}})

    assert run(deal).payers["city"].sum(axis=0)[0] == 1200


def test_events_of_a_trial_do_not_depend_on_the_correlation_in_others() -> None:
    sometimes = {"kind": "discrete", "values": [0, 0.3]}
    deal = small(
        {"results": AMOUNT, "payments": {"success": TOTAL}},
        {"results": {"placed": {"events": True, "cluster_size": 20, "cluster_correlation": sometimes}}},
    )

    assert differences(deal, trials=20, seed=1) == []


def test_a_limit_per_person_counts_people_of_activity_payments() -> None:
    limits = {"cap": {"on": "work", "money": 1, "per": "person"}}
    deal = small({"payments": {"work": ACTIVITY}, "limits": limits})

    assert run(deal).payments["work"][2, 0] == 50


def test_a_limit_on_units_holds_for_terms_to_date_with_a_gate() -> None:
    deal = small(
        {
            "people": {"size": 200, "intakes": {"count": 2}},
            "payments": {
                "success": {
                    "to_date": True,
                    "pool": "all",
                    "gate": {"all": [{"on": "placed", "quantity": "count", "at_least": 150}]},
                }
            },
            "limits": {"cap": {"on": "success", "units": 120}},
        }
    )

    assert run(deal).payments["success"].sum(axis=0)[0] == 1200


def test_one_of_any_is_enough() -> None:
    gate = {"any": [{"on": "placed", "quantity": "rate", "at_least": 0.5}, {"term": "never"}]}
    never = {"name": "never", "on": "placed", "curve": {"kind": "steps", "steps": [{"at": 1000, "pay": 1}]}}
    deal = small({"payments": {"never": never, "success": {"gate": gate}}})

    assert run(deal).payments["success"][1, 0] == 1000


def test_an_activity_payment_is_for_all_cells() -> None:
    gate = {"all": [{"term": "work", "pool": "same"}]}
    deal = small({"payments": {"work": {**ACTIVITY, "paid": {"dates": [0]}}, "success": {"gate": gate}}})

    assert run(deal).payments["success"][1, 0] == 1000


def test_a_termination_payment_needs_no_dates() -> None:
    end = {"name": "end", "curve": {"kind": "lump", "pay": 7}, "paid": {"early_end": True, "lag": 1}}

    assert run(small({"payments": {"end": end}}, EARLY)).payments["end"][2, 0] == 7


def test_a_limit_for_some_cells_leaves_pools_alone_that_reach_beyond_them() -> None:
    limits = {"cap": {"on": "success", "money": 100, "where": {"intake": 1}}}
    term = {"to_date": True, "pool": "all"}
    deal = small({"people": {"intakes": {"count": 2}}, "payments": {"success": term}, "limits": limits})

    assert run(deal).payments["success"][:, 0].tolist() == [0, 500, 500, 0]


def test_a_floor_per_person_counts_people() -> None:
    deal = small({"limits": {"least": {"on": "success", "floor": 15, "per": "person"}}})

    assert run(deal).payments["success"].sum(axis=0)[0] == 1500


def test_a_floor_is_paid_on_the_same_date_whatever_happens_in_other_trials() -> None:
    end = {"name": "end", "curve": {"kind": "lump", "pay": 7}, "paid": {"early_end": True, "dates": [0]}}
    deal = small(
        {"payments": {"end": end}, "limits": {"least": {"on": "all", "floor": 1500}}},
        {"early_end": {"prob": 0.5, "first": 2, "last": 2}},
    )
    flows = run(deal, trials=20)
    whole = flows.ended > 3

    assert whole.any()
    assert not whole.all()
    assert (flows.payers["city"][1, whole] == 1500).all()


def test_a_floor_of_payers_without_a_share_is_refused_or_paid() -> None:
    limits = {"least": {"on": "success", "floor": 1500, "payers": "state"}}
    deal = small({"payments": {"success": {"payers": {"state": 1}}}, "limits": limits}, checked=False)

    assert mistakes(deal) or run(deal).payments["success"].sum(axis=0)[0] == 1500


def test_limits_after_a_carried_limit_still_know_the_pools() -> None:
    # Each intake earns 500 (at 1 and 2). Nothing exceeds 600 a period; 400 for each intake remain.
    deal = small(
        {
            "people": {"intakes": {"count": 2}},
            "limits": {
                "smooth": {"on": "success", "money": 600, "per": "period", "excess": "carried"},
                "each": {"on": "success", "money": 400, "per": "intake"},
            },
        }
    )

    assert run(deal).payments["success"][:, 0].tolist() == [0, 400, 400, 0]


def test_a_carried_limit_with_an_index_counts_money_at_its_worth_at_close() -> None:
    # Half years of one fiscal year: 500 earned at 1 (level 1) and 500 at 2 (level 2), 600 a year at close's worth.
    # 500 are paid at 1; the room left is 100 of close's worth, 200 of moment 2; the other 300 wait for 2025.
    deal = small(
        {
            "calendar": {"period": "half_year", "periods": 4},
            "people": {"intakes": {"count": 2}},
            "limits": {
                "year": {
                    "on": "success",
                    "money": 600,
                    "per": "fiscal_year",
                    "excess": "carried",
                    "index": "double",
                }
            },
        },
        {"indices": {"double": {"kind": "path", "values": [1, 1, 2]}}},
    )

    assert run(deal).payments["success"][:, 0].tolist() == [0, 500, 200, 300, 0]


def test_without_a_comparison_group_nothing_is_known() -> None:
    measured = {"kind": "comparison", "ratio": 0.4}
    deal = small(
        {
            "people": {"size": 1},
            "results": {"placed": {"measured": measured}},
            "payments": {"success": {"quantity": "difference"}},
        },
        {"results": {"placed": {"counterfactual": 1}}},
    )

    assert run(deal).payments["success"].sum() == 0


def test_a_total_that_was_never_measured_is_not_paid() -> None:
    deal = small(
        {
            "results": {"placed": Whole({"kind": "total", "name": "hectares lost", "after": 2})},
            "payments": {
                "success": {
                    "quantity": "total",
                    "curve": Whole(
                        {"kind": "lines", "points": [{"at": 0, "pay": 900}, {"at": 10, "pay": 0}]}
                    ),
                }
            },
        },
        {"results": {"placed": {"level": 8}}, **EARLY},
    )

    assert run(deal).payments["success"].sum() == 0


def test_a_limit_per_person_holds_for_terms_to_date() -> None:
    # 100 people in two intakes, 1000 earned: 2 per person are 200 in all.
    deal = small(
        {
            "people": {"intakes": {"count": 2}},
            "payments": {"success": {"to_date": True, "pool": "all"}},
            "limits": {"cap": {"on": "success", "money": 2, "per": "person"}},
        }
    )

    assert run(deal).payments["success"].sum(axis=0)[0] <= 200 + 1e-9


def test_a_limit_per_intake_holds_for_terms_to_date() -> None:
    # One pool over two intakes: 400 in all, not 400 while only the first is measured and 400 again.
    deal = small(
        {
            "people": {"intakes": {"count": 2}},
            "payments": {"success": {"to_date": True, "pool": "all"}},
            "limits": {"cap": {"on": "success", "money": 400, "per": "intake"}},
        }
    )

    assert run(deal).payments["success"].sum(axis=0)[0] == 400


def test_units_that_waited_are_paid_on_the_date_at_which_there_is_room() -> None:
    # Of 50 + 50 who enrol, 50 and 100 are measured, and 60 % of those measured may be paid: 30 by the first date (2,
    # one period after measurement), 60 by the second (3).
    deal = small(
        {
            "calendar": {"periods": 6},
            "people": {"intakes": {"count": 2}},
            "payments": {"success": {"paid": {"lag": 1}}},
            "limits": {"cap": {"on": "success", "share": 0.6, "of": "placed"}},
        }
    )

    assert run(deal).payments["success"][:, 0].tolist() == pytest.approx([0, 0, 300, 300, 0, 0, 0])


def test_significance_weighs_the_spread_with_people() -> None:
    # 990 young people with 1 event each and 10 old ones with 100, none without the programme. The difference, about
    # 2, is 40 standard errors of sqrt(2 x 1.99 / 1000); with the plain mean 50.5, it is 6: 1e-12 tells them apart.
    method = {"kind": "comparison", "ratio": 1}
    deal = small(
        {
            "people": {"size": 1000, "segments": {"young": 0.99, "old": 0.01}},
            "results": {
                "placed": Whole({"kind": "amount", "name": "events", "after": 1, "measured": method})
            },
            "payments": {
                "success": {
                    "quantity": "mean",
                    "pool": "all",
                    "gate": {"all": [{"on": "placed", "significant": 1e-12}]},
                }
            },
        },
        {"results": {"placed": Whole({"level": 1, "events": True, "segments": {"old": {"level": 100}}})}},
    )

    assert (run(deal, trials=20).payments["success"].sum(axis=0) > 0).all()


def test_an_option_to_stop_with_a_condition_on_a_term_is_refused() -> None:
    stop = {"at": 1, "by": "city", "unless": [{"term": "success"}]}

    assert mistakes(small({"stop": stop}, checked=False))


def test_a_goal_of_a_tranche_that_the_step_does_not_pay_is_refused() -> None:
    loan = {"kind": "tranche", "party": "inv_a", "commitment": 100, "draw": "at_close"}
    steps = [
        {"kind": "pay", "to": "loan", "until": "principal", "starts": 1},
        {"kind": "pay", "to": "prov_a", "until": {"kind": "multiple", "times": 1}, "of": "loan"},
    ]

    assert mistakes(small({"capital": {"loan": loan}, "waterfall": steps}, checked=False))


def test_figures_of_contract_and_world_move_together() -> None:
    uncertain = {"kind": "uniform", "low": 0.1, "high": 0.9}
    pair = {"between": ["world.results.placed.level", "contract.payments.success.curve.price"], "rank": 1}
    deal = small(
        {"people": {"size": 100_000}, "payments": {"success": {"curve": {"price": uncertain}}}},
        {"results": {"placed": {"level": uncertain}}, "correlations": [pair]},
    )
    flows = run(deal, trials=50)
    level = flows.true["placed"] / 100_000
    price = flows.payments["success"][1] / flows.true["placed"]

    assert np.corrcoef(level, price)[0, 1] > 0.99


def test_a_repeated_result_without_effect_shows_no_difference() -> None:
    deal = small(
        {
            "people": {"size": 1000},
            "results": {
                "placed": Whole({"kind": "repeated", "name": "jobs", "after": 1, "measured": "comparison"})
            },
            "payments": {"success": {"quantity": "difference", "curve": {"price": 1}}},
        },
        {"results": {"placed": Whole({"level": 0.5, "counterfactual": 0.5, "claims": 3})}},
    )

    assert abs(run(deal, trials=200).payments["success"].sum(axis=0).mean()) < 0.1


@pytest.mark.parametrize(("people", "intakes"), [(30, 60), (90, 60), (35, 10)])
def test_as_many_people_take_part_as_are_planned(people: int, intakes: int) -> None:
    deal = small(
        {
            "calendar": {"period": "month", "periods": 61},
            "people": {"size": people, "intakes": {"count": intakes}},
        }
    )

    assert run(deal).enrolled[0] == people
