"""What the engine refuses, and what it does when a contract ends before its steps and measurements have come."""

from __future__ import annotations

from typing import Any

import pytest

import simulator
from simulator.engine.simulate import imagine, settle, simulate
from simulator.scenario.errors import ScenarioError
from simulator.scenario.files import examine
from simulator.scenario.scenario import Scenario
from simulator.scenario.strict_yaml import Document
from tests.oracle import compare
from tests.oracle.compare import differences
from tests.oracle.oracle import Trial, run_trial
from tests.oracle.small import Whole, mistakes, small

EARLY: dict[str, Any] = {"early_end": {"prob": 1, "first": 1, "last": 1}}


def loan(**more: Any) -> dict[str, Any]:
    """A loan of 1000 drawn at close."""
    return {"loan": {"kind": "tranche", "party": "inv_a", "commitment": 1000, "draw": "at_close", **more}}


# ── An early end ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_step_whose_time_had_not_come_acts_when_the_contract_closes() -> None:
    """The lender has its 1000 back although repayment was to start at 3 and the contract ends at 1."""
    steps = [{"kind": "pay", "to": "loan", "until": "principal", "starts": 3}]
    flows = simulate(small({"capital": loan(), "waterfall": steps}, EARLY), trials=2, seed=1).flows

    assert flows.received["loan"].sum(axis=0)[0] == 1000
    assert flows.principal_lost["loan"][0] == 0


def test_a_guarantee_does_not_pay_while_the_account_has_cash() -> None:
    cover = {"kind": "guarantee", "party": "guarantor", "of": ["loan"], "up_to": 1000}
    steps = [{"kind": "pay", "to": "loan", "until": "principal", "starts": 3}]
    deal = small({"capital": {**loan(), "cover": cover}, "waterfall": steps}, EARLY)

    assert simulate(deal, trials=2, seed=1).flows.guaranteed["cover"].sum() == 0


def test_a_coupon_that_was_never_measured_is_nothing() -> None:
    """The worse the result the higher the coupon; the contract ends before anybody looks, with money still to come."""
    points = [{"at": 0, "pay": 0.15}, {"at": 0.5, "pay": 0}]
    coupon = {"on": "later", "quantity": "rate", "curve": {"kind": "lines", "points": points}}
    steps = [{"kind": "pay", "to": "loan", "until": goal} for goal in ("interest", "principal")]
    deal = small(
        {"results": {"later": Whole({"kind": "share", "name": "later", "after": 3})}, "capital": loan(coupon=coupon),
         "payments": {"success": {"paid": {"lag": 2}}}, "waterfall": steps},
        {"results": {"later": {"level": 0.6}}, **EARLY},
    )  # fmt: skip
    flows = simulate(deal, trials=2, seed=1).flows

    assert flows.received["loan"].sum(axis=0)[0] == pytest.approx(1000)
    assert differences(deal, trials=2, seed=1) == []


def test_principal_by_performance_that_was_never_measured_is_owed() -> None:
    steps = [{"at": 0.55, "pay": 1}]
    principal = {"on": "later", "quantity": "rate", "curve": {"kind": "steps", "steps": steps}}
    deal = small(
        {"results": {"later": Whole({"kind": "share", "name": "later", "after": 3})},
         "capital": loan(principal=principal), "waterfall": [{"kind": "pay", "to": "loan", "until": "principal"}]},
        {"results": {"later": {"level": 1}}, **EARLY},
    )  # fmt: skip

    assert simulate(deal, trials=2, seed=1).flows.received["loan"].sum(axis=0)[0] == 1000


def test_an_end_at_the_last_moment_is_not_early() -> None:
    limits = {"least": {"on": "success", "floor": 1500}}
    deal = small({"limits": limits}, {"early_end": {"prob": 1, "first": 3, "last": 3}})
    flows = simulate(deal, trials=2, seed=1).flows

    assert flows.payers["city"].sum(axis=0)[0] == 1500
    assert (flows.ended == 4).all()


# ── Deadweight ───────────────────────────────────────────────────────────────────────────────────────────
def test_deadweight_is_that_of_the_people_who_are_paid_for() -> None:
    """Only the young are paid for, and all of them would have achieved it anyway."""
    deal = small(
        {"people": {"segments": {"young": 0.5, "old": 0.5}}, "payments": {"success": {"where": {"segment": "young"}}}},
        {"results": {"placed": {"level": 1, "counterfactual": 0, "segments": {"young": {"level": 1, "counterfactual": 1}}}}},
    )  # fmt: skip
    found = simulator.estimates(simulate(deal, trials=3, seed=1))

    assert found["payer.payments"].mean == 500
    assert found["payer.payments_for_deadweight"].mean == 500


def test_a_score_without_effect_is_deadweight() -> None:
    score = [{"on": "placed", "weight": 1, "target": 0.5, "at_most": 1}]
    term = Whole({"name": "score", "score": score, "curve": {"kind": "lump", "pay": 1000}})
    deal = small({"payments": {"success": term}}, {"results": {"placed": {"level": 1, "counterfactual": 1}}})

    assert simulator.estimates(simulate(deal, trials=3, seed=1))["payer.payments_for_deadweight"].mean == 1000


def test_an_uncertain_discount_rate_is_drawn() -> None:
    """E[1000 / (1 + r)^3] with r even between 0 and 1 is 375; at its mean it would be 296."""
    uncertain = {"discount_rates": {"payer": {"kind": "uniform", "low": 0, "high": 1}}}
    deal = small({"payments": {"success": {"paid": {"lag": 2}}}}, uncertain)
    found = simulator.estimates(simulate(deal, trials=20_000, seed=1))["payer.payments_present_value"]

    assert found.mean == pytest.approx(375, abs=4.5 * found.se)
    assert found.se > 0


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("trials", [0, -5, 1.5, True, 10**9])
def test_a_number_of_trials_that_cannot_be_is_refused(trials: Any) -> None:
    with pytest.raises(ScenarioError, match=r"simulation\.trials"):
        simulate(small(), trials=trials)


@pytest.mark.parametrize(("seed", "workers"), [(-1, 1), (2**31, 1), (0.5, 1), (1, 0), (1, 65)])
def test_seeds_and_workers_that_cannot_be_are_refused(seed: Any, workers: int) -> None:
    with pytest.raises(ScenarioError, match=r"simulation\.(seed|workers)"):
        simulate(small(), trials=2, seed=seed, workers=workers)


def test_futures_of_another_deal_are_refused() -> None:
    one, other = small(), small({"people": {"size": 5000}})

    with pytest.raises(ScenarioError, match="other_futures"):
        settle(other, imagine(one, trials=3, seed=1))
    with pytest.raises(ScenarioError, match="other_futures"):
        settle(one, ())


def test_another_price_settles_the_same_futures() -> None:
    dear = small({"payments": {"success": {"curve": {"price": 20}}}})

    assert settle(dear, imagine(small(), trials=3, seed=1)).payers["city"].sum(axis=0)[0] == 2000


def test_sums_that_are_no_numbers_are_a_mistake_of_the_document() -> None:
    rate = {"EUR": {"at_close": 1e17, "moves": {"kind": "growth", "rate": 10}}}
    price = {"currency": "EUR", "curve": {"price": 1e17}}
    deal = small(
        {"calendar": {"periods": 200}, "payments": {"success": {**price, "paid": {"lag": 120}}}},
        {"exchange": rate},
    )

    with pytest.raises(ScenarioError, match=r"simulation\.overflow"):
        simulate(deal, trials=2)


def believed(beliefs: dict[str, Any]) -> list[str]:
    """What is wrong with what a fund believes."""
    data = small().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    _, issues = examine(Document(data={**data, "beliefs": {"inv_a": beliefs}}, lines={}))
    return [f"{issue.path}: {issue.code}" for issue in issues if issue.severity == "error"]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [("world.enrolment.share", -3, "beliefs.inv_a.world.enrolment.share"),
     ("world.results.placed.level", 5, "beliefs.inv_a.world.results.placed.level")],
)  # fmt: skip
def test_what_a_stakeholder_believes_is_held_to_the_same_rules(path: str, value: float, place: str) -> None:
    assert any(line.startswith(place) for line in believed({path: value}))
    assert believed({"world.results.placed.level": 0.5}) == []


def test_a_late_payer_takes_no_longer_than_the_contract() -> None:
    late = {"payment_delay": {"city": {"kind": "uniform", "low": 0, "high": 1_000_000_000}}}
    flows = simulate(small(None, late), trials=5000, seed=1).flows

    assert flows.payers["city"].sum(axis=0)[0] == 1000
    assert (flows.payers["city"][3] > 0).all()


def test_a_goal_needs_a_share_of_the_step() -> None:
    steps = [{"kind": "pay", "to": {"loan": 0, "prov_a": 1}, "until": "principal"}]

    assert any(
        "waterfall.0.to.loan" in line
        for line in mistakes(small({"capital": loan(), "waterfall": steps}, checked=False))
    )


# ── The oracle's excuse ──────────────────────────────────────────────────────────────────────────────────
def shifted(by: float, excuse: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Differences where the oracle sees another payment, with or without an excuse."""

    def wrong(*arguments: Any) -> Trial:
        one = run_trial(*arguments)
        one.tables["payments"]["success"][1] += by
        one.close_calls[:] = excuse
        return one

    monkeypatch.setattr(compare, "run_trial", wrong)
    return differences(small(), trials=2, seed=1)


def test_a_difference_is_found_unless_rounding_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shifted(1.0, [], monkeypatch) != []
    assert shifted(1e-5, [], monkeypatch) != []
    assert shifted(0.0, [], monkeypatch) == []
    assert shifted(1.0, ["a threshold"], monkeypatch) == []


def test_shipped_deals_are_compared_and_not_excused() -> None:
    names = ("able-rikers", "vis-buenos-aires", "plantilla-pxr-anemia", "plantilla-cis-lectoescritura")
    deals: list[Scenario] = [simulator.load(simulator.library()[name]) for name in names]

    assert [run_trial(deal, 7, 0, trial, 60).close_calls for deal in deals for trial in range(5)] == [[]] * 20
