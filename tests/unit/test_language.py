"""Constructs of the language against closed forms: indexed capital, scores, samples, biases, variation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.engine.result import Flows
from simulator.engine.simulate import simulate
from simulator.scenario.scenario import Scenario
from tests.oracle.small import Whole, mistakes, small

GROWTH: dict[str, Any] = {"indices": {"uf": {"kind": "growth", "rate": 0.1}}}
DOLLAR: dict[str, Any] = {
    "exchange": {"EUR": {"at_close": 2, "moves": {"kind": "path", "values": [1, 1.5, 3]}}}
}


def run(deal: Scenario, trials: int = 4, seed: int = 1) -> Flows:
    """Flows of a few trials."""
    return simulate(deal, trials=trials, seed=seed).flows


def loan(**more: Any) -> dict[str, Any]:
    """A loan of 100 drawn at close and repaid as soon as there is money."""
    tranche = {"kind": "tranche", "party": "inv_a", "commitment": 100, "draw": "at_close", **more}
    return {
        "capital": {"loan": tranche},
        "waterfall": [{"kind": "pay", "to": "loan", "until": "principal", "starts": 1}],
    }


def test_principal_in_units_of_an_index_grows_with_it() -> None:
    flows = run(small(loan(index="uf"), GROWTH))

    assert flows.drawn["loan"][0, 0] == 100
    assert flows.received["loan"][1, 0] == pytest.approx(110)
    assert flows.principal_lost["loan"][0] == pytest.approx(0)


def test_interest_is_on_principal_at_its_worth() -> None:
    """Real interest of 5 % on a loan in UF that grows 10 %: 1.1 x 1.05."""
    deal = small(loan(index="uf", coupon=0.05), GROWTH)
    step = {"kind": "pay", "to": "loan", "until": "interest", "starts": 1}
    contract = loan(index="uf", coupon=0.05)
    contract["waterfall"] = [step, *contract["waterfall"]]
    deal = small(contract, GROWTH)

    assert run(deal).received["loan"][1, 0] == pytest.approx(100 * 1.1 * 1.05)


def test_a_foreign_loan_is_drawn_and_repaid_at_the_rate_of_the_day() -> None:
    flows = run(small(loan(currency="EUR"), DOLLAR))

    assert flows.drawn["loan"][0, 0] == pytest.approx(200)
    assert flows.received["loan"][1, 0] == pytest.approx(300)


def test_a_hurdle_of_a_foreign_loan_is_in_its_own_money() -> None:
    """100 euros at 10 % a year are 110 euros after a year, 330 in the deal's money."""
    contract = loan(currency="EUR")
    contract["waterfall"] = [
        {"kind": "pay", "to": "loan", "until": {"kind": "irr", "rate": 0.1}, "starts": 1}
    ]

    assert run(small(contract, DOLLAR)).received["loan"][1, 0] == pytest.approx(330)


def test_a_guarantee_in_an_index_covers_up_to_its_worth() -> None:
    contract = loan(index="uf")
    contract["capital"]["cover"] = {
        "kind": "guarantee", "party": "guarantor", "of": ["loan"], "up_to": 50, "index": "uf",
    }  # fmt: skip
    spend = {"kind": "pay", "to": "prov_a", "until": {"kind": "amount", "amount": 5000}}
    contract["waterfall"] = [spend, *contract["waterfall"]]
    deal = small(contract, {**GROWTH, "results": {"placed": {"level": 0}}})

    assert run(deal).guaranteed["cover"].sum(axis=0)[0] == pytest.approx(50 * 1.1**3)


def test_a_score_weighs_results_against_their_targets() -> None:
    """0.6 x min(0.5 / 0.4, 1) + 0.4 x 0.25 / 0.5 = 0.8: just enough for the second step."""
    score = [
        {"on": "placed", "weight": 0.6, "target": 0.4, "at_most": 1},
        {"on": "kept", "weight": 0.4, "target": 0.5},
    ]
    steps = [{"at": 0.7, "pay": 10}, {"at": 0.8, "pay": 70}, {"at": 0.81, "pay": 99}]
    term = Whole(
        {
            "name": "score",
            "score": score,
            "pool": "all",
            "curve": {"kind": "steps", "steps": steps},
            "paid": {"lag": 1},
        }
    )
    deal = small(
        {"people": {"size": 1000}, "results": {"kept": Whole({"kind": "share", "name": "kept", "after": 2})},
         "payments": {"success": term}},
        {"results": {"placed": {"level": 0.5}, "kept": {"level": 0.25}}},
    )  # fmt: skip
    flows = simulate(deal, trials=400, seed=1).flows
    paid = flows.payments["success"]
    kept = flows.measured["kept"] / 1000 * 0.8 + 0.6 * np.minimum(flows.measured["placed"] / 400, 1)

    assert (paid[:3] == 0).all(), "known at 2, when the last result is measured; paid at 3"
    assert set(np.unique(paid[3])) <= {0.0, 10.0, 70.0, 99.0}
    assert (
        paid[3]
        == np.select([kept >= 0.81 - 1e-12, kept >= 0.8 - 1e-12, kept >= 0.7 - 1e-12], [99, 70, 10], 0)
    ).all()


def test_a_score_has_no_result_of_its_own() -> None:
    score = [{"on": "placed", "weight": 1}]
    deal = small({"payments": {"success": {"score": score}}}, checked=False)

    assert any("on" in line for line in mistakes(deal))


def test_a_sample_adds_the_noise_of_a_finite_population() -> None:
    """All 400 people fare alike but for chance: sd of the inferred count is N sqrt(p (1 - p) (1 - s) / (s N))."""
    deal = small(
        {"people": {"size": 400}, "results": {"placed": {"sampled": 0.25}}},
        {"results": {"placed": {"level": 0.5}}},
    )
    flows = simulate(deal, trials=8000, seed=2).flows
    error = flows.measured["placed"] - flows.true["placed"]

    assert error.mean() == pytest.approx(0, abs=4 * error.std() / np.sqrt(error.size))
    assert error.std() == pytest.approx(400 * np.sqrt(0.25 * 0.75 / (0.25 * 400)), rel=0.03)


def test_each_estimator_of_a_blend_has_its_own_bias() -> None:
    """Both estimators of 0.5 x 0.2 and 0.5 x 0: the difference is 0.1 too small."""
    both = [{"weight": 0.5, "method": {"kind": "comparison", "ratio": 50}} for _ in range(2)]
    term = {"quantity": "difference", "curve": {"price": 1000}}
    deal = small(
        {"people": {"size": 4000}, "results": {"placed": {"measured": {"kind": "blend", "of": both}}},
         "payments": {"success": term}},
        {"results": {"placed": {"level": 0.5, "counterfactual": 0.3, "biases": [0.2, 0]}}},
    )  # fmt: skip
    paid = simulate(deal, trials=2000, seed=3).flows.payments["success"].sum(axis=0)

    assert paid.mean() == pytest.approx(100, abs=4 * paid.std() / np.sqrt(paid.size))


def test_a_total_varies_from_one_measurement_to_the_next() -> None:
    total = {"kind": "total", "name": "hectares", "after": 1, "times": 3}
    deal = small(
        {"people": {"intakes": {"count": 1}, "segments": {"a": 0.5, "b": 0.5}},
         "results": {"placed": Whole(total)}, "calendar": {"periods": 4},
         "payments": {"success": {"quantity": "total", "pool": "measurement", "curve": {"price": 1}}}},
        {"results": {"placed": {"level": 1000, "variation": 50}}},
    )  # fmt: skip
    paid = simulate(deal, trials=6000, seed=4).flows.payments["success"][1:4]

    assert paid.std(axis=1) == pytest.approx([50, 50, 50], rel=0.05)
    assert np.corrcoef(paid[0], paid[1])[0, 1] == pytest.approx(0, abs=0.06)


def test_a_sum_per_period_may_fall_due_every_few_periods() -> None:
    fee = {"kind": "amount", "to": "evaluator", "amount": 7, "per": "period", "over": 5, "every": 2}
    deal = small(
        {"calendar": {"periods": 6}, "fees": {"audit": fee}, "waterfall": [{"kind": "fees"}],
         "capital": {"gift": {"kind": "grant", "party": "grantor", "amount": 50}}}
    )  # fmt: skip

    assert run(deal).fees["evaluator"][:, 0].tolist() == [7, 0, 7, 0, 7, 0, 0]


def test_what_a_year_leaves_of_its_cap_is_added_to_the_next() -> None:
    """500 earned at 2 and at 3; 300 a year: 600 by 2, 900 by 3. Lost without it: 300 and 300."""
    limit = {"on": "success", "money": 300, "per": "period"}
    contract: dict[str, Any] = {"people": {"intakes": {"first": 1, "count": 2}}, "limits": {"cap": limit}}
    plain = run(small(contract)).payments["success"][:, 0]
    limit["unused"] = "carried"
    kept = run(small(contract)).payments["success"][:, 0]

    assert plain.tolist() == [0, 0, 300, 300]
    assert kept.tolist() == [0, 0, 500, 400]


def test_a_price_is_multiplied_by_quality() -> None:
    """100 placed at 10 each; half of them keep the job: factor 0.75."""
    quality = {
        "on": "kept", "curve": {"kind": "lines", "points": [{"at": 0, "pay": 0.5}, {"at": 1, "pay": 1}]},
    }  # fmt: skip
    deal = small(
        {"results": {"kept": Whole({"kind": "amount", "name": "kept", "after": 1})},
         "payments": {"success": {"quality": quality | {"quantity": "mean"}}}},
        {"results": {"kept": {"level": 0.5}}},
    )  # fmt: skip

    assert run(deal).payments["success"][1, 0] == pytest.approx(750)


def test_quality_that_is_measured_later_leaves_a_claim_closed() -> None:
    quality = {"on": "kept", "curve": {"kind": "lump", "pay": 1}}
    deal = small(
        {"results": {"kept": Whole({"kind": "share", "name": "kept", "after": 2})},
         "payments": {"success": {"quality": quality}}},
        {"results": {"kept": {"level": 0.5}}},
    )  # fmt: skip

    assert run(deal).payments["success"].sum() == 0
