"""Public value against figures that were published or worked out by hand.

Provenance: the benefit-cost summary of the Washington State Institute for Public Policy (benefits by perspective, cost,
net and ratio, as transcribed in the project's issue C, "must show"); LATAM section 1 (UF of the Central Bank of Chile,
UIT, official rates) and section 2 (prison, forest, anaemia, reading), each figure with its source there and in the
templates. Tolerances are the printed digits.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import pytest

import simulator
from simulator import Alternatives, Chance, NoDatedValueError, Scenario
from simulator.scenario.files import from_data
from simulator.scenario.reference.rates import HIGH, LOW, OFFICIAL, flat, nominal_rate
from simulator.scenario.reference.units import price_growth, uf_value, unit_value
from simulator.scenario.strict_yaml import load_file
from tests.oracle.small import small

Data = dict[str, Any]
UNDISCOUNTED = (flat(0.0, key="official"),)


def template(name: str, change: Callable[[Data], None] = lambda data: None) -> Scenario:
    """A template with some facts changed."""
    data: Any = deepcopy(load_file(simulator.library()[name]).data)
    change(data)
    return from_data(data)


def as_expected(deal: Scenario, **options: Any) -> Alternatives:
    """The alternatives in the one future in which every figure is its expectation."""
    one = simulator.simulate(deal, trials=1, seed=1, chance=Chance(ignorance=False, luck=False))
    return simulator.compare(one, **options)


# ── WSIPP ────────────────────────────────────────────────────────────────────────────────────────────────
WSIPP = {"taxpayers": 8_017, "participants": 1_507, "others": 19_378, "indirect": 1_890}


def wsipp() -> Scenario:
    """One participant who costs 3,470 and brings four kinds of benefits, already present values."""
    benefits: Data = {
        name: {"name": name, "on": "placed", "amount": amount, "cashable": 1}
        for name, amount in WSIPP.items()
    }
    benefits["taxpayers"]["agency"] = "treasury"
    return small(
        {
            "people": {"size": 1},
            "payments": {
                "success": {"name": "fee", "on": "placed", "curve": {"kind": "per_unit", "price": 3_470}}
            },
        },
        {
            "costs": {"programme": {"by": "prov_a", "amount": 3_470, "over": 1}},
            "value": {"horizon": 5, "agencies": {"treasury": {"name": "Treasury"}}, "benefits": benefits},
        },
    )


def test_wsipp_example() -> None:
    both = as_expected(wsipp(), discounts=UNDISCOUNTED)
    for key in ("inputs", "contract"):
        worth = both.alternatives[key].worth("social")
        assert worth.gross.mean == pytest.approx(30_792, abs=0.5)
        assert worth.net.mean == pytest.approx(27_322, abs=0.5)
        assert worth.ratio.mean == pytest.approx(8.87, abs=0.005)
        assert both.alternatives[key].payments.mean == pytest.approx(3_470)
    assert both.parts.cash_saved.mean == pytest.approx(8_017)
    assert both.parts.social.mean == pytest.approx(30_792 - 8_017)
    assert both.in_cash == "pays"  # 8,017 of taxpayers' money for 3,470


# ── Prison, Chile (LATAM 2.4) ────────────────────────────────────────────────────────────────────────────
def reintegration() -> Alternatives:
    def change(data: Data) -> None:
        data["world"]["results"]["return"] |= {"counterfactual": 0.395, "effect": -0.08}
        data["world"]["by_inputs"] = {"costs": ["programme"]}
        data["world"]["early_end"] = {"prob": 0, "first": 4, "last": 16}
        del data["world"]["correlations"]

    return as_expected(template("plantilla-cis-reinsercion", change), discounts=UNDISCOUNTED)


def test_reintegration_recovers_31_cents_at_average_cost_and_9_in_cash() -> None:
    bought = reintegration().alternatives["inputs"]
    assert bought.worth("cash", "average").ratio.mean == pytest.approx(0.31, abs=0.005)
    assert bought.worth("cash", "marginal").ratio.mean == pytest.approx(0.09, abs=0.005)
    assert bought.results["return"].cost_per_additional.mean == pytest.approx(45.9e6, rel=1e-3)
    assert bought.in_cash == "does_not_pay"


def test_a_reintegration_contract_does_not_pay_for_itself_in_cash() -> None:
    deal = template("plantilla-cis-reinsercion")
    both = simulator.compare(simulator.simulate(deal, trials=500, seed=3))
    assert both.in_cash == "does_not_pay"
    assert (
        both.parts.cash_saved.mean
        < 0.1 * both.alternatives["contract"].spending_present_value["official"].mean
    )
    assert both.alternatives["contract"].worth("cash").positive.mean < 0.02
    prisons = next(purse for purse in both.purses if purse.key == "prisons")
    society = next(purse for purse in both.purses if purse.key == "society")
    assert prisons.public
    assert prisons.cash.mean == pytest.approx(both.parts.cash_saved.mean)
    assert society.social.mean == pytest.approx(both.parts.social.mean)
    assert both.tags == {"prison": ("derived", "source", "unverified"), "victims": ("assumption",)}


# ── Forest, Peru (LATAM 2.6) ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("dollars", "gains"), [(5.0, False), (7.0, True), (10.0, True)])
def test_forest_loses_at_five_dollars_a_tonne_and_breaks_even_near_5_9(dollars: float, gains: bool) -> None:
    def change(data: Data) -> None:
        data["world"]["value"]["benefits"]["carbon"]["amount"] = dollars
        data["world"]["by_inputs"] = {"costs": ["conservation"]}

    worth = as_expected(template("plantilla-pxr-clima-amazonia", change), discounts=UNDISCOUNTED)
    looked_after = worth.alternatives["inputs"].worth("social")
    assert (looked_after.net.mean > 0) == gains
    assert dollars / looked_after.ratio.mean == pytest.approx(5.9, abs=0.02)


# ── Anaemia, Peru (LATAM 2.8) ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("points", "cost"), [(3, 11_667), (6, 5_833), (11, 3_182)])
def test_cost_of_a_case_of_anaemia_avoided(points: int, cost: float) -> None:
    def change(data: Data) -> None:
        data["world"]["results"]["anaemia"]["effect"] = -points / 100
        data["world"]["by_inputs"] = {"costs": ["visits"]}
        del data["world"]["correlations"]

    bought = as_expected(template("plantilla-pxr-anemia", change)).alternatives["inputs"]
    assert bought.results["anaemia"].cost_per_additional.mean == pytest.approx(cost, abs=1)


# ── Reading, Chile (LATAM 2.1) ───────────────────────────────────────────────────────────────────────────
def test_price_of_a_pupil_and_of_an_additional_pupil() -> None:
    def change(data: Data) -> None:
        data["world"]["results"]["reading"] |= {"counterfactual": 0.38, "effect": 0.12}
        data["world"]["indices"]["uf"] = {"kind": "growth", "rate": 0}
        data["world"]["enrolment"] = {"share": 1}
        del data["world"]["correlations"]

    signed = as_expected(template("plantilla-cis-lectoescritura", change)).alternatives["contract"]
    assert signed.payments.mean / 3_000 == pytest.approx(183_333, abs=0.5)
    assert signed.results["reading"].cost_per_additional.mean == pytest.approx(1.53e6, rel=2e-3)


# ── Rates and units (LATAM 1) ────────────────────────────────────────────────────────────────────────────
def test_official_rates() -> None:
    rates = {country: rate.rate for country, rate in OFFICIAL.items()}
    assert rates == {"CL": 0.06, "PE": 0.08, "CO": 0.09, "MX": 0.10, "AR": 0.12, "EC": 0.12, "GB": 0.035}
    assert {country for country, rate in OFFICIAL.items() if rate.tag == "unverified"} == {"AR"}
    assert all(rate.source for rate in OFFICIAL.values())
    assert (LOW.rate, HIGH.rate) == (0.035, 0.12)


def test_the_british_rate_falls_with_time() -> None:
    found = OFFICIAL["GB"].factor(np.array([0.0, 30.0, 31.0, 75.0, 76.0]))
    after = 1.035**-30
    late = after * 1.03**-45
    assert found == pytest.approx([1, after, after / 1.03, late, late / 1.025])


def test_the_uf_spreads_the_change_of_prices_of_the_month_before_over_its_period() -> None:
    found = (uf_value(date(2024, 12, 9)) / uf_value(date(2024, 11, 30))) ** (30 / 9) - 1
    assert round(found, 6) == 0.01
    assert uf_value(date(2024, 12, 1)) == pytest.approx(38_247.92 * 1.01 ** (1 / 30), abs=0.005)
    with pytest.raises(NoDatedValueError, match=r"uf has no value at 2027-01-01.*2026-01-09"):
        uf_value(date(2027, 1, 1))
    with pytest.raises(NoDatedValueError):
        uf_value(date(2025, 8, 30))  # in a period whose change of prices is not on file


def test_the_other_units_have_dated_values() -> None:
    assert unit_value("uit", date(2026, 3, 1)) / unit_value("uit", date(2025, 3, 1)) - 1 == pytest.approx(
        0.028, abs=5e-4
    )
    assert unit_value("utm", date(2025, 8, 31)) * 12 == 823_764  # the UTA
    assert price_growth("CL", 2023, 2025) == pytest.approx(1.045 * 1.035)
    for unit, day in (("uit", date(2021, 1, 1)), ("utm", date(2025, 9, 1))):
        with pytest.raises(NoDatedValueError):
            unit_value(unit, day)  # type: ignore[arg-type]
    with pytest.raises(NoDatedValueError, match="CPI PE has no value at 2024"):
        price_growth("PE", 2023, 2025)


def test_a_benefit_in_uf_is_worth_its_pesos() -> None:
    def change(data: Data) -> None:
        data["world"]["value"]["benefits"]["victims"] |= {
            "amount": 10,
            "unit": "uf",
            "unit_date": "2025-08-31",
        }

    def pesos(data: Data) -> None:
        data["world"]["value"]["benefits"]["victims"]["amount"] = 393_830.7

    found, expected = (
        as_expected(template("plantilla-cis-reinsercion", how)).parts.social.mean for how in (change, pesos)
    )
    assert found == pytest.approx(expected)


def test_real_money_at_the_real_rate_is_nominal_money_at_the_nominal_rate() -> None:
    """Anexo 11 (S2): real flows at the real rate, nominal flows at the nominal one."""
    deal = template("plantilla-cis-lectoescritura", lambda data: data["world"]["indices"].update(
        {"uf": {"kind": "growth", "rate": 0.035}}))  # fmt: skip
    one = simulator.simulate(deal, trials=50, seed=1)
    paid = simulator.compare(one).alternatives["contract"].spending_present_value["official"].mean
    years = np.arange(one.flows.balance.shape[0]) / one.per_year
    nominal = sum(one.flows.payers.values()) - sum(one.flows.rebates.values())
    expected = ((1 + nominal_rate(0.06, 0.035)) ** -years @ nominal).mean()
    assert paid == pytest.approx(expected)


# ── The rate is the country's, unless the deal says otherwise ────────────────────────────────────────────
def rates_of(country: str, stated: float | None) -> dict[str, tuple[float, str]]:
    world: Data = {} if stated is None else {"discount_rates": {"society": stated}}
    deal = small({}, world).model_copy(update={"country": country})
    return {key: (rate.rate, rate.tag) for key, rate in as_expected(deal).discounts.items()}


def test_rate_of_a_deal() -> None:
    assert rates_of("MX", None) == {
        "official": (0.10, "source"),
        "low": (0.035, "source"),
        "high": (0.12, "source"),
    }
    assert rates_of("AR", None)["official"] == (0.12, "unverified")
    assert rates_of("MX", 0.07)["official"] == (0.07, "assumption")
    assert rates_of("BO", None)["official"] == (0.035, "assumption")
