"""Three alternatives on hand-sized arrays: what each costs and brings, who pays and who saves, what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator
from scripts.reference_examples import blocks
from simulator import Alternatives, Chance
from simulator.engine.result import Simulation
from simulator.metrics.breakdown import public_payers
from simulator.scenario.checks import check_scenario
from simulator.scenario.reference.rates import flat
from simulator.value.alternatives import Books
from tests.oracle.small import PARTIES, small

ROOT = Path(__file__).resolve().parents[2]
FREE = (flat(0.0, key="official"),)
BENEFIT = {
    "name": "bed",
    "on": "placed",
    "agency": "office",
    "amount": 100,
    "avoidable": 0.5,
    "cashable": 0.4,
}
VALUE = {"horizon": 5, "agencies": {"office": {"name": "Office"}}, "benefits": {"bed": BENEFIT}}
COSTS = {
    "work": {"by": "prov_a", "amount": 800, "over": 1},
    "watch": {"by": "city", "amount": 50, "over": 1},
}


def run(
    contract: dict[str, Any] | None = None, trials: int = 1, chance: bool = False, **world: Any
) -> Simulation:
    """One hundred people of whom 60 achieve a result worth 10 each to the city, and 20 would have anyway."""
    believed = {"results": {"placed": {"level": 0.6, "counterfactual": 0.2}}, "costs": COSTS, "value": VALUE}
    return simulator.simulate(
        small(contract, believed | world), trials=trials, seed=2, chance=Chance(ignorance=chance, luck=chance)
    )


def test_three_alternatives_by_hand() -> None:
    # 60 results, 40 additional. Contract: 600 for results. By inputs: 800 for the work. The city's own 50 in both.
    both = simulator.compare(run(), discounts=FREE)
    found = {key: (a.payments.mean, a.own_costs.mean) for key, a in both.alternatives.items()}
    assert found == {"nothing": (0, 0), "inputs": (800, 50), "contract": (600, 50)}
    contract, inputs = both.alternatives["contract"], both.alternatives["inputs"]
    assert (contract.results["placed"].true.mean, contract.results["placed"].additional.mean) == (60, 40)
    assert both.alternatives["nothing"].results["placed"].true.mean == 20
    assert contract.results["placed"].cost_per_paid is not None
    assert contract.results["placed"].cost_per_paid.mean == pytest.approx(10)
    assert contract.results["placed"].cost_per_additional.mean == pytest.approx(15)
    assert inputs.results["placed"].cost_per_additional.mean == pytest.approx(20)
    assert contract.deadweight is not None
    assert contract.deadweight.mean == pytest.approx(200)  # 20 of 60 would have come anyway
    assert inputs.deadweight is None
    # 40 × 100 = 4000 at average cost; half of it avoided; 40 % of that in cash.
    readings = {("cash", "marginal"): 800, ("budget", "marginal"): 2_000, ("social", "average"): 4_000,
                ("cash", "average"): 1_600}  # fmt: skip
    for (logic, costing), gross in readings.items():
        worth = contract.worth(logic, costing)  # type: ignore[arg-type]
        assert worth.gross.mean == pytest.approx(gross)
        assert worth.net.mean == pytest.approx(gross - 650)
        assert worth.ratio.mean == pytest.approx(gross / 650)
        assert worth.positive.mean == 1
    assert (both.parts.not_spent.mean, both.parts.premium.mean) == (200, 0)
    assert both.parts.cash_saved.mean == pytest.approx(800)
    assert both.parts.social.mean == 0
    assert both.parts.others.mean == pytest.approx(-200)  # the provider did work for 800 and was paid 600
    assert both.differences["contract_less_inputs"].net["cash", "marginal", "official"].mean == pytest.approx(
        200
    )
    assert both.in_cash == "pays"
    assert inputs.in_cash == "does_not_pay"
    assert both.alternatives["nothing"].in_cash == "not_valued"
    assert not both.real


def test_what_the_money_is_worth_by_year() -> None:
    both = simulator.compare(run(value=VALUE | {"benefits": {"bed": BENEFIT | {"years": 2, "decay": 0.25}}}))
    # Measured and paid at the end of year 1: beds of 4000 then, of 3000 a year later; a fifth of it cash.
    assert [year.cash.mean for year in both.years] == pytest.approx([0, 800, 600, 0, 0])
    assert [year.contract.mean for year in both.years] == pytest.approx([50, 600, 0, 0, 0])
    assert [year.inputs.mean for year in both.years] == pytest.approx([850, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("amount", "status"), [(100, "pays"), (0, "does_not_pay"), (600 / 40 / 0.2 + 6.25, "undecided")]
)
def test_whether_it_pays_for_itself_in_cash(amount: float, status: str) -> None:
    value = VALUE | {"benefits": {"bed": BENEFIT | {"amount": amount}}}
    assert simulator.compare(run(value=value), discounts=FREE).in_cash == status
    assert simulator.compare(run(value=None)).in_cash == "not_valued"


def test_who_pays_and_who_saves() -> None:
    parties = PARTIES | {"city": PARTIES["city"] | {"public": True}}
    shared = {"payers": {"city": 0.75, "state": 0.25}, "parties": parties}
    savers = {"bed": "city", "care": "insurer", "harm": None}
    value = {
        "horizon": 5,
        "agencies": {"insurer": {"name": "Insurer", "public": False}},
        "benefits": {name: BENEFIT | {"agency": saver} for name, saver in savers.items()},
    }
    simulation = run(shared, value=value)
    both = simulator.compare(simulation, discounts=FREE)
    table = {p.key: (p.public, p.pays.mean, p.pays_by_inputs.mean, p.cash.mean, p.budget.mean, p.social.mean)
             for p in both.purses}  # fmt: skip
    assert table == {
        "city": (True, 500, 650, 800, 2_000, 0),
        "state": (False, 150, 200, 0, 0, 0),
        "insurer": (False, 0, 0, 0, 0, 2_000),
        "society": (False, 0, 0, 0, 0, 2_000),
    }
    alone = simulator.compare(simulation, payers=public_payers(simulation), discounts=FREE)
    assert alone.payers == ("city",)
    assert alone.alternatives["contract"].spending_present_value["official"].mean == pytest.approx(500)
    assert alone.alternatives["inputs"].spending_present_value["official"].mean == pytest.approx(650)
    assert alone.alternatives["contract"].deadweight is not None
    assert alone.alternatives["contract"].deadweight.mean == pytest.approx(150)


def test_a_payers_costs_that_the_account_repays_are_counted_once() -> None:
    fees = {"fees": {"watching": {"kind": "at_cost", "costs": ["watch"]}},
            "waterfall": [{"kind": "fees"}, {"kind": "pay", "to": "prov_a"}]}  # fmt: skip
    both = simulator.compare(run(fees), discounts=FREE)
    assert both.alternatives["contract"].spending_present_value["official"].mean == pytest.approx(600)


def test_risk_is_transferred_where_payment_follows_what_results_are_worth() -> None:
    worth_its_price = {"bed": BENEFIT | {"amount": 30, "avoidable": 1, "cashable": 1}}
    level = {
        "results": {"placed": {"level": {"kind": "uniform", "low": 0.2, "high": 0.9}, "counterfactual": 0.2}}
    }
    simulation = run(trials=400, chance=True, value=VALUE | {"benefits": worth_its_price}, **level)
    both = simulator.compare(simulation, discounts=FREE)
    # A result more is worth 30 and costs 10: two thirds of the spread stay with the city, one third goes.
    risk = both.risk_transferred["budget"]
    assert risk.share == pytest.approx(1 / 3)
    assert risk.spread_contract / risk.spread_inputs == pytest.approx(2 / 3)
    books = Books(simulation, discounts=FREE)
    net = [books.net(key, "budget", "marginal", "official") for key in ("contract", "inputs")]
    assert risk.share == pytest.approx(1 - net[0].std() / net[1].std())
    worthless = simulator.compare(
        run(trials=50, chance=True, **level, value=VALUE | {"benefits": {"bed": BENEFIT | {"amount": 0}}})
    )
    assert np.isnan(worthless.risk_transferred["cash"].share)


def test_paired_differences_are_known_better_than_either_side() -> None:
    level = {
        "results": {"placed": {"level": {"kind": "uniform", "low": 0.2, "high": 0.9}, "counterfactual": 0.2}}
    }
    both = simulator.compare(run(trials=300, chance=True, **level))
    reading = ("social", "average", "official")
    sides = [both.alternatives[key].worths[reading].net.se for key in ("contract", "inputs")]  # type: ignore[index]
    assert both.differences["contract_less_inputs"].net[reading].se < min(sides) / 5  # type: ignore[index]


def test_what_cannot_be_asked_is_said() -> None:
    with pytest.raises(ValueError, match="payers must be among"):
        simulator.compare(run(), payers=("prov_a",))
    with pytest.raises(ValueError, match="official"):
        simulator.compare(run(), discounts=(flat(0.05),))


def test_it_can_be_written_as_plain_data() -> None:
    both = simulator.compare(run())
    assert isinstance(both, Alternatives)
    data = json.loads(json.dumps(both.to_dict(), allow_nan=False))
    assert data["in_cash"] == "pays"
    assert data["alternatives"]["contract"]["worths"]["cash.marginal.official"]["gross"]["mean"] > 0
    assert data["discounts"]["low"]["rate"] == 0.035


def test_numbers_of_the_payer_say_the_same() -> None:
    simulation = run(trials=50, chance=True)
    numbers, both = simulator.estimates(simulation), simulator.compare(simulation)
    worth = both.alternatives["contract"].worth("social")
    assert numbers["payer.net_value"] == worth.net
    assert numbers["payer.benefit_cost_ratio"] == worth.ratio
    assert numbers["payer.net_value_probability"] == worth.positive
    assert numbers["payer.cash_savings"] == both.parts.cash_saved
    assert numbers["payer.net_cash"] == both.alternatives["contract"].worth("cash").net
    assert "payer.net_value" not in simulator.estimates(run(value=None))


def test_a_value_moves_no_digest_of_a_deal_without_one() -> None:
    assert "value" not in small({}, {}).canonical_json()
    assert "by_inputs" not in small({}, {}).canonical_json()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_about_it_can_be_run(language: str) -> None:
    text = (ROOT / "docs" / f"value.{language}.md").read_text(encoding="utf-8")
    for block in blocks(text):
        deal = simulator.loads(block.deal())
        assert check_scenario(deal) == []
        assert simulator.compare(simulator.simulate(deal, trials=20)).in_cash == "does_not_pay"
