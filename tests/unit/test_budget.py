"""The budget against closed forms: sure payments, two payers, rules on known numbers, Colombia's 15 %, the trust."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.i18n import LANGUAGES, translator_for
from simulator.metrics.budget import PUBLIC, WHOLE, Budget, budget, future_years
from simulator.metrics.provision import RULES, parse_rule, provide
from simulator.scenario.errors import ScenarioError
from simulator.scenario.files import loads
from simulator.scenario.scenario import Scenario
from tests.oracle.small import PLAIN, Whole, mixed, small
from tests.property.strategies import deals

ONE_HUNDRED = np.arange(1.0, 101.0)
UNSURE: dict[str, Any] = {
    "results": {"placed": {"level": {"kind": "discrete", "values": [0.2, 0.6], "weights": [1, 1]}}}
}


def of(deal: Scenario, rule: str = "p90", *, constant: bool = False, trials: int = 200) -> Budget:
    """Budget of a small deal."""
    return budget(simulate(deal, trials=trials, seed=5), parse_rule(rule), constant=constant)


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        ("mean", 50.5),
        ("p50", 50.5),
        ("p90", 90.1),
        ("maximum", 100.0),
        ("mean+2sd", 50.5 + 2 * np.sqrt(100 * 101 / 12)),
    ],
)
def test_rules_on_the_first_hundred_numbers(rule: str, amount: float) -> None:
    found = provide(ONE_HUNDRED, parse_rule(rule))

    assert found.provision == pytest.approx(amount)
    left = np.maximum(amount - ONE_HUNDRED, 0)
    assert found.unspent == pytest.approx(left.mean())
    assert found.short == pytest.approx((amount < ONE_HUNDRED).mean())


def test_what_is_lacking_is_that_of_the_futures_in_which_it_is() -> None:
    found = provide(ONE_HUNDRED, parse_rule("p90"))

    assert found.lack == pytest.approx(np.arange(91, 101).mean() - 90.1)  # 91 … 100 are more than 90.1
    assert found.most_lack == pytest.approx(9.9)


@pytest.mark.parametrize("rule", ["mean", "p50", "p75", "p90", "p95", "mean+1sd"])
def test_standard_errors_are_the_spread_of_the_provision_between_runs(rule: str) -> None:
    generator = np.random.default_rng(3)
    runs = [provide(generator.gamma(2.0, 1.0, 1000), parse_rule(rule)) for _ in range(300)]
    spread = float(np.std([run.provision for run in runs]))

    assert np.mean([run.provision_se for run in runs]) == pytest.approx(spread, rel=0.2)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_the_maximum_is_never_too_small(values: list[float]) -> None:
    found = provide(np.array(values), parse_rule("maximum"))

    assert found.short == 0
    assert found.most_lack == 0
    assert np.isnan(found.lack)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.sampled_from(RULES))
def test_what_is_set_apart_is_spent_left_or_lacking(values: list[float], rule: str) -> None:
    found = provide(np.array(values), parse_rule(rule))
    lacking = found.short * found.lack if found.short > 0 else 0.0

    assert found.provision + lacking == pytest.approx(found.mean + found.unspent, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        *((rule, "budget.rule") for rule in ("p0", "p100", "median", "")),
        ("mean+-1sd", "budget.k"),
        ("mean+11sd", "budget.k"),
    ],
)
def test_a_rule_that_does_not_exist_is_one_clear_message_in_both_languages(rule: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_rule(rule)

    (issue,) = caught.value.issues
    assert issue.code == code
    said = {translator_for(lang, "CL").issue(issue.code, **issue.placeholders()) for lang in LANGUAGES}
    assert len(said) == 2


@pytest.mark.parametrize("rule", [*RULES, "p1", "p99", "mean+0.5sd"])
def test_names_of_rules_are_read_again(rule: str) -> None:
    assert parse_rule(rule).name == rule


# ── Payers and years ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("rule", RULES)
def test_one_sure_payment_is_provided_for_exactly(rule: str) -> None:
    """One hundred people achieve it at moment 1, 2025-01-01, which belongs to 2024; 10 each."""
    line = of(small({}), rule).lines[WHOLE]

    assert {year: found.provision for year, found in line.years.items()} == {2024: 1000.0}
    assert (line.provisions, line.unspent, line.short, line.total.mean) == (1000.0, 0.0, 0.0, 1000.0)
    assert line.total.se == 0


def test_two_payers_by_their_shares() -> None:
    parties = {"city": {"public": True}}
    found = of(small({"payers": Whole({"city": 0.25, "state": 0.75}), "parties": parties}, UNSURE))
    lines = found.lines

    assert found.payers == ("city", "state")
    assert found.public == ("city",)
    assert lines["city"].share == pytest.approx(0.25)
    assert sum(lines[name].share for name in found.payers) == pytest.approx(1)
    assert lines["city"].provisions + lines["state"].provisions == pytest.approx(lines[WHOLE].provisions)
    assert lines[PUBLIC].provisions == lines["city"].provisions


def test_a_payer_without_a_share_that_never_pays_is_not_shown() -> None:
    assert of(small({})).payers == ("city",)


@given(deal=deals(negative=False), rule=st.sampled_from(RULES))
def test_years_and_payers_sum_to_the_whole(deal: Scenario, rule: str) -> None:
    found = budget(simulate(deal, trials=20, seed=1), parse_rule(rule))
    whole = found.lines[WHOLE]
    little = 1e-9 * max(1.0, whole.total.most)

    for line in found.lines.values():
        assert sum(year.mean for year in line.years.values()) == pytest.approx(line.total.mean, abs=little)
    assert sum(found.lines[name].total.mean for name in found.payers) == pytest.approx(
        whole.total.mean, abs=little
    )
    if rule == "maximum":
        assert all(line.short == 0 for line in found.lines.values())


def test_constant_money_without_a_deflator_is_nominal_money() -> None:
    deal = small({}, UNSURE)

    assert of(deal, constant=True).lines == of(deal).lines
    assert not of(deal, constant=True).has_deflator


def test_constant_money_is_divided_by_the_deflator_of_its_moment() -> None:
    world = {"indices": {"cpi": {"kind": "growth", "rate": 0.25}}, "deflator": "cpi"}
    line = of(small({}, world), constant=True).lines[WHOLE]

    assert line.years[2024].provision == pytest.approx(1000 / 1.25)


def test_fiscal_years_may_begin_in_another_month() -> None:
    calendar = {"start": "2024-03-15", "fiscal_year_starts": 7}
    line = of(small({"calendar": calendar})).lines[WHOLE]

    assert {year: found.provision for year, found in line.years.items()} == {2023: 0.0, 2024: 1000.0}


# ── Colombia ─────────────────────────────────────────────────────────────────────────────────────────────
def two_years(first: float, later: float) -> Budget:
    """A deal that surely pays two sums, the first in the year of close."""
    lumps = {
        name: {
            "name": name,
            "on": None,
            "curve": {"kind": "lump", "pay": pay},
            "paid": {"dates": [moment]},
        }
        for name, pay, moment in (("success", first, 1), ("second", later, 2))
    }
    return of(small({"payments": Whole(lumps)}))


@pytest.mark.parametrize(
    ("first", "later", "meets", "missing"),
    [(15, 85, True, 0), (14, 86, False, 1), (0, 100, False, 15), (50, 50, True, 0)],
)
def test_fifteen_per_cent_in_the_first_year(first: float, later: float, meets: bool, missing: float) -> None:
    found = two_years(first, later)
    test = future_years(found.lines[WHOLE], found.first_year)

    assert (test.first_year, test.amount, test.first) == (2024, 100, first)
    assert test.meets is meets
    assert test.missing == pytest.approx(missing)


def test_a_deal_of_one_year_needs_no_future_years() -> None:
    found = two_years(100, 0)
    test = future_years(found.lines[WHOLE], found.first_year)

    assert not test.applies
    assert test.meets


# ── The trust ────────────────────────────────────────────────────────────────────────────────────────────
def with_trust(world: dict[str, Any] | None = None, **trust: Any) -> Scenario:
    """The plain deal, in which the city owes 1000 at moment 1, with money set apart."""
    whole = {"held_by": "manager", "deposits": {"city": {"amount": 1000}}} | trust
    return small({"trust": whole}, world or {})


NEVER = {"appropriation_fails": {"city": 1}}


def test_what_is_in_the_trust_is_paid_whatever_happens_to_the_budget() -> None:
    """The appropriation of the year of close is there, so the deposit is made; without a trust nothing is paid."""
    sometimes = {"appropriation_fails": {"city": 0.5}}
    calendar = {"start": "2024-06-15"}
    plain = simulate(small({"calendar": calendar}, sometimes), trials=400, seed=2).flows
    deal = small(
        {"calendar": calendar, "trust": {"held_by": "manager", "deposits": {"city": {"amount": 1000}}}},
        sometimes,
    )
    held = simulate(deal, trials=400, seed=2).flows
    deposited = held.trust_deposits["city"][0] > 0

    assert 0.4 < deposited.mean() < 0.6
    assert (held.payers["city"][1, deposited] == 1000).all()
    assert (held.payers["city"][1, ~deposited] == plain.payers["city"][1, ~deposited]).all()
    assert held.unpaid["appropriation"].mean() < plain.unpaid["appropriation"].mean()


def test_failing_appropriations_hit_the_deposits() -> None:
    flows = simulate(with_trust(NEVER), trials=3, seed=1).flows

    assert flows.trust_deposits["city"].sum() == 0
    assert flows.payers["city"].sum() == 0
    assert (flows.unpaid["appropriation"] == 1000).all()


@pytest.mark.parametrize(("fee_from", "returned"), [("trust", 500 + 150 - 165), ("payers", 650)])
def test_interest_fee_and_what_comes_back_by_hand(fee_from: str, returned: float) -> None:
    """1500 at 10 % earn 150 in year 1; the fee is 1 % of 1500 and 150; 1000 are paid; nothing more is held long."""
    deposits = {"city": {"amount": 1500}}
    world = {"early_end": {"prob": 1, "first": 1, "last": 1}}
    deal = with_trust(
        world, deposits=deposits, interest=0.1, fee_share=0.01, fee_amount=150, fee_from=fee_from
    )
    flows = simulate(deal, trials=2, seed=1).flows

    assert flows.trust_interest["city"][1] == pytest.approx(150)
    assert flows.trust_fees["city"][1] == pytest.approx(165)
    assert flows.trust_covered["city"][1] == pytest.approx(1000)
    assert flows.trust_returned["city"][1] == pytest.approx(returned)
    assert flows.parties["manager"].sum(axis=0) == pytest.approx(165)
    assert flows.imbalance() < 1e-9


def test_what_the_trust_lacks_the_budget_pays() -> None:
    deal = with_trust(deposits={"city": {"amount": 600, "at": {"0": 0.5, "1": 0.5}}})
    flows = simulate(deal, trials=2, seed=1).flows
    found = of(deal)

    assert flows.trust_covered["city"][1] == pytest.approx(600)
    assert flows.payers["city"][1] == pytest.approx(1000)
    # 300 at close, 2024-01-01; at moment 1, which is still 2024, the other 300 and the 400 that are lacking
    assert found.lines["city"].years[2024].provision == pytest.approx(1000)


def test_a_deposit_that_suffices_leaves_nothing_unsure_for_the_budget() -> None:
    found = of(
        small({"trust": {"held_by": "manager", "deposits": {"city": {"amount": 1000}}}}, UNSURE), "mean"
    )

    assert found.lines["city"].total.provision == 1000
    assert found.lines["city"].short == 0
    assert found.lines["city"].returned == pytest.approx(1000 - 10 * 100 * 0.4, rel=0.1)


@pytest.mark.parametrize(
    ("trust", "code"),
    [
        ({"fee_share": 1.5}, "range"),
        ({"interest": -1.5}, "range"),
        ({"held_by": "nobody"}, "reference"),
        ({"deposits": {"prov_a": {"amount": 1}}}, "reference"),
        ({"deposits": {"city": {"amount": 1, "at": {"0": 0.5}}}}, "sum"),
        ({"deposits": {"city": {"amount": 1, "at": {"9": 1}}}}, "horizon"),
    ],
)
def test_an_impossible_trust_is_one_clear_message_in_both_languages(trust: dict[str, Any], code: str) -> None:
    whole = {"held_by": "manager", "deposits": {"city": {"amount": 1000}}} | trust
    with pytest.raises(ScenarioError) as caught:
        loads(json.dumps(mixed(PLAIN, {"contract": {"trust": whole}})))

    (issue,) = caught.value.issues

    assert issue.code == code
    said = [translator_for(lang, "CL").issue(issue.code, **issue.placeholders()) for lang in LANGUAGES]
    assert all("contract.trust" in text for text in said)
    assert said[0] != said[1]
