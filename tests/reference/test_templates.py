"""Templates for those who start from nothing: they run, lose no money, and repeat the sums that sources allow by hand.

The figures worked out by hand are those of the project's notes on Latin America (section 2): each is computed again
here by the engine from the template's own numbers, with expectations in place of chance.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest

import simulator
from simulator import Chance, Scenario, Simulation
from simulator.scenario.checks import check_scenario
from simulator.scenario.figures import walk_figures
from simulator.scenario.files import from_data
from simulator.scenario.strict_yaml import load_file

Data = dict[str, Any]
TEMPLATES = {name: path for name, path in simulator.library().items() if path.parent.name == "templates"}
NAMES = (
    "plantilla-cis-lectoescritura", "plantilla-cis-reinsercion", "plantilla-pxr-anemia", "plantilla-pxr-clima-amazonia",
    "plantilla-pxr-empleo-co", "plantilla-pxr-empleo-pe", "plantilla-pxr-genero-municipal",
)  # fmt: skip
COUNTRY_RATES = {"CL": 0.06, "CO": 0.09, "PE": 0.08}
"""Official social discount rates (S1, S4, S2)."""
each_template = pytest.mark.parametrize("name", NAMES)


@cache
def template(name: str) -> Scenario:
    """A template as it is shipped."""
    return simulator.load(TEMPLATES[name])


def variant(name: str, change: Callable[[Data], None]) -> Scenario:
    """A template with some facts changed."""
    data: Any = deepcopy(load_file(TEMPLATES[name]).data)
    change(data)
    return from_data(data)


@cache
def run(name: str) -> Simulation:
    """A short run of a template."""
    return simulator.simulate(template(name), trials=500, seed=3)


def as_expected(deal: Scenario) -> Simulation:
    """One future in which every figure is its expectation and luck is switched off."""
    return simulator.simulate(deal, trials=1, seed=1, chance=Chance(ignorance=False, luck=False))


def number(simulation: Simulation, key: str) -> float:
    """One number of a run."""
    return simulator.metrics(simulation)[key].estimate().mean


def figure(name: str, path: str) -> float:
    """Expectation of one figure of a template."""
    figures = {
        p: f for part in ("contract", "world") for p, f in walk_figures(getattr(template(name), part), part)
    }
    return figures[path].expectation()


def spent(simulation: Simulation, line: str) -> float:
    """What a cost line comes to, on average."""
    return float(simulation.flows.spent[line].sum(axis=0).mean())


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_promised_templates_are_shipped() -> None:
    assert tuple(sorted(TEMPLATES)) == NAMES


@each_template
def test_nothing_is_wrong_or_remarkable(name: str) -> None:
    assert check_scenario(template(name)) == []


@each_template
def test_is_a_template_and_not_a_deal(name: str) -> None:
    deal = template(name)
    assert deal.grade is None
    assert deal.actuals is None
    assert deal.published == {}


@each_template
def test_money_is_neither_created_nor_lost(name: str) -> None:
    for simulation in (run(name), as_expected(template(name))):
        moved = max(float(np.abs(table).sum(axis=0).max()) for table in simulation.flows.parties.values())
        assert moved > 0
        assert simulation.flows.imbalance() <= 1e-9 * moved


@each_template
def test_somebody_may_win_and_somebody_may_lose(name: str) -> None:
    simulation = run(name)
    assert 0.05 < number(simulation, "investors.loss_probability") < 0.7
    assert number(simulation, "investors.total_loss_probability") < 0.25
    assert -0.25 < simulator.metrics(simulation)["investors.irr"].estimate().p50 < 0.25


@each_template
def test_capital_is_neither_too_little_nor_too_much(name: str) -> None:
    """What is committed covers the trough where all goes as expected, and is not twice as much."""
    tranches = [part for part in template(name).contract.capital.values() if part.kind == "tranche"]
    committed = sum(part.commitment.expectation() for part in tranches)
    peak = number(as_expected(template(name)), "investors.peak_capital")
    assert peak <= committed < 2.2 * peak


@each_template
def test_discounts_at_the_official_rate_of_its_country(name: str) -> None:
    deal = template(name)
    for who in ("payer", "society"):
        rate = deal.world.discount_rates[who]
        assert rate.expectation() == COUNTRY_RATES[deal.country]
        assert rate.sources


@each_template
def test_only_the_climate_template_is_expected_to_lose(name: str) -> None:
    simulation = as_expected(template(name))
    loses = number(simulation, "investors.net") < 0
    assert loses == (name == "plantilla-pxr-clima-amazonia")


# ── Reading, Chile ───────────────────────────────────────────────────────────────────────────────────────


class TestReading:
    """CIS de lectoescritura: 550 and 330 million over 3,000 pupils (S29)."""

    NAME = "plantilla-cis-lectoescritura"

    def test_maximum_payment_for_a_pupil(self) -> None:
        pupils = figure(self.NAME, "contract.people.size")
        assert figure(self.NAME, "contract.limits.ceiling.money") / pupils == pytest.approx(183_333, abs=0.5)
        assert figure(self.NAME, "contract.capital.loan.commitment") / pupils == pytest.approx(110_000)

    def test_both_years_together_reach_the_maximum_and_no_more(self) -> None:
        def change(data: Data) -> None:
            data["world"]["results"]["reading"]["effect"] = 0.2
            del data["world"]["correlations"]
            data["world"]["indices"]["uf"] = {"kind": "growth", "rate": 0}

        assert number(as_expected(variant(self.NAME, change)), "payer.payments") == pytest.approx(550_000_000)

    def test_price_of_an_additional_reader(self) -> None:
        def change(data: Data) -> None:
            data["world"]["results"]["reading"] |= {"counterfactual": 0.38, "effect": 0.12}
            data["world"]["indices"]["uf"] = {"kind": "growth", "rate": 0}
            data["world"]["enrolment"] = {"share": 1}
            del data["world"]["correlations"]

        found = number(as_expected(variant(self.NAME, change)), "reading.payer_cost_per_additional")
        assert found == pytest.approx(1_530_000, rel=2e-3)

    def test_payment_follows_the_uf_and_so_does_its_ceiling(self) -> None:
        nominal = number(as_expected(template(self.NAME)), "payer.payments")
        # The two halves are paid after five and nine quarters, at 3.5 % a year.
        assert nominal == pytest.approx(275e6 * (1.035**1.25 + 1.035**2.25), rel=1e-9)
        assert number(as_expected(template(self.NAME)), "payer.payments_real") == pytest.approx(550e6)

    def test_investor_earns_no_more_than_the_published_return(self) -> None:
        assert number(as_expected(template(self.NAME)), "investors.irr") == pytest.approx(0.095, abs=1e-6)


# ── Employment, Colombia and Peru ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "package", "rate"),
    [("plantilla-pxr-empleo-co", 5_500_000, 3_757.08), ("plantilla-pxr-empleo-pe", 4_900, 3.369)],
)
class TestEmployment:
    """PxR de empleo: 750,000 dollars over 514 people (S39), split 30/30/40."""

    TERMS = ("placement", "retention3", "retention6")

    def prices(self, name: str) -> list[float]:
        return [figure(name, f"contract.payments.{term}.curve.price") for term in self.TERMS]

    def test_package_is_the_dollar_price_at_the_rate_of_2025(
        self, name: str, package: float, rate: float
    ) -> None:
        assert sum(self.prices(name)) == pytest.approx(package)
        assert package == pytest.approx(750_000 / 514 * rate, rel=5e-3)

    def test_split(self, name: str, package: float, rate: float) -> None:
        assert np.array(self.prices(name)) / package == pytest.approx([0.30, 0.30, 0.40])

    def test_one_person_who_achieves_everything_is_paid_the_package(
        self, name: str, package: float, rate: float
    ) -> None:
        def change(data: Data) -> None:
            for result in data["world"]["results"].values():
                result["level"] = 1
            del data["contract"]["limits"], data["world"]["correlations"]

        simulation = as_expected(variant(name, change))
        people = float(simulation.flows.enrolled.mean())
        assert number(simulation, "payer.payments") == pytest.approx(people * package)

    def test_a_later_price_buys_longer_jobs_and_costs_the_investor_risk(
        self, name: str, package: float, rate: float
    ) -> None:
        def split(*parts: float) -> Callable[[Data], None]:
            def change(data: Data) -> None:
                for term, part in zip(self.TERMS, parts, strict=True):
                    data["contract"]["payments"][term]["curve"]["price"] = part * package

            return change

        early, late = (
            number(
                simulator.simulate(variant(name, split(*parts)), trials=500, seed=3),
                "investors.loss_probability",
            )
            for parts in ((0.5, 0.4, 0.1), (0.2, 0.2, 0.6))
        )
        assert early + 0.1 < late

    def test_an_additional_job_costs_more_than_a_job_that_is_paid(
        self, name: str, package: float, rate: float
    ) -> None:
        simulation = run(name)
        paid = number(simulation, "payer.payments") / number(simulation, "placed.measured")
        assert number(simulation, "payer.payments") / number(simulation, "placed.additional") > 1.5 * paid


# ── Climate, Peru ────────────────────────────────────────────────────────────────────────────────────────


class TestClimate:
    """PxR de clima: 100,000 ha, 0.3 %, 40 %, 420 t/ha, 10 soles a hectare and year."""

    NAME = "plantilla-pxr-clima-amazonia"

    def at(self, price: float, *, buffer_is_lost: bool = False) -> Simulation:
        """All as expected, at another price per tonne."""

        def change(data: Data) -> None:
            for term in ("tonnes", "buffer"):
                data["contract"]["payments"][term]["worth"] = price
            if buffer_is_lost:
                del data["contract"]["payments"]["buffer"]

        return as_expected(variant(self.NAME, change))

    def break_even(self, **more: Any) -> float:
        """Price at which payments are what looking after the forest costs (they are proportional to it)."""
        simulation = self.at(5, **more)
        return 5 * spent(simulation, "conservation") / number(simulation, "payer.payments")

    def test_tonnes_and_money_of_a_year(self) -> None:
        simulation = self.at(5)
        tonnes = number(simulation, "emissions.additional") / 5
        assert (
            100_000 * 0.003 * 420 == figure(self.NAME, "contract.results.emissions.measured.value") == 126_000
        )
        assert tonnes == pytest.approx(50_400)
        assert spent(simulation, "conservation") / 5 == pytest.approx(1_000_000)
        dollars = {p: number(self.at(p), "payer.payments") / 5 / 3.369 for p in (5, 7, 10)}
        assert dollars == pytest.approx({5: 252_000, 7: 352_800, 10: 504_000})

    def test_break_even_price(self) -> None:
        assert self.break_even() == pytest.approx(5.9, abs=0.02)
        assert self.break_even(buffer_is_lost=True) == pytest.approx(7.4, abs=0.05)

    def test_loses_at_five_dollars_and_earns_at_seven(self) -> None:
        assert number(self.at(5), "investors.net") < 0
        assert number(self.at(5.88), "investors.net") == pytest.approx(0, abs=0.02 * 5_000_000)
        assert number(self.at(7), "investors.net") > 0
        assert number(run(self.NAME), "investors.loss_probability") > 0.5

    def test_a_stronger_sol_brings_fewer_soles(self) -> None:
        def change(data: Data) -> None:
            data["world"]["exchange"]["USD"]["at_close"] = 3.369 * 0.9

        weaker = number(as_expected(variant(self.NAME, change)), "payer.payments")
        assert weaker == pytest.approx(0.9 * number(self.at(5), "payer.payments"))

    def test_buffer_waits_until_the_end(self) -> None:
        flows = self.at(5).flows
        whole = sum(float(table.sum()) for table in flows.payments.values())
        assert float(flows.payments["buffer"].sum()) == pytest.approx(0.2 * whole)
        assert np.flatnonzero(flows.payments["buffer"][:, 0]).tolist() == [22]
        assert np.flatnonzero(flows.payments["tonnes"][:, 0]).tolist() == [6, 10, 14, 18, 22]

    def test_nobody_pays_back_when_emissions_exceed_the_benchmark(self) -> None:
        flows = run(self.NAME).flows
        assert all(float(table.min()) >= 0 for table in flows.payments.values())


# ── Gender and local government, Peru ────────────────────────────────────────────────────────────────────


class TestMunicipalities:
    """PxR de género, FED style: weights of 2.5 million a year, threshold 80 %, cap 100 %."""

    NAME = "plantilla-pxr-genero-municipal"
    YEARS = 3

    def compliance(self, share: float) -> float:
        """Payment over all years when every indicator reaches this share of its target."""

        def change(data: Data) -> None:
            payments, results = data["contract"]["payments"], data["world"]["results"]
            del data["world"]["correlations"]
            for name, belief in results.items():
                target = float(str(payments[name]["target"]).split()[0]) / (
                    1 if name in ("schools", "budget") else 100
                )
                belief.pop("verified", None)
                if name == "violence":
                    belief["counterfactual"] = 0.48
                    belief["relative_effect"] = -target * share
                else:
                    belief["level"] = target * share

        return number(as_expected(variant(self.NAME, change)), "payer.payments")

    def test_weights_sum_to_the_mean_transfer_of_a_region(self) -> None:
        # 62,078,001 soles to 25 regional governments (S63), rounded.
        assert pytest.approx(2_500_000, rel=0.01) == 62_078_001 / 25
        assert self.compliance(1.0) == pytest.approx(self.YEARS * 2_500_000)

    def test_threshold_and_cap(self) -> None:
        assert self.compliance(0.799) == 0
        assert self.compliance(0.801) == pytest.approx(self.YEARS * 2_500_000 * 0.801)
        assert self.compliance(0.9) == pytest.approx(self.YEARS * 2_500_000 * 0.9)
        assert self.compliance(1.1) == pytest.approx(self.YEARS * 2_500_000)

    def test_average_is_below_what_is_expected(self) -> None:
        expected = number(as_expected(template(self.NAME)), "payer.payments")
        average = number(run(self.NAME), "payer.payments")
        assert expected == pytest.approx(6_800_000, rel=0.01)
        assert average < 0.85 * expected

    def test_a_line_in_place_of_the_jump_lowers_the_risk(self) -> None:
        def change(data: Data) -> None:
            for term in data["contract"]["payments"].values():
                points = term["curve"]["points"]
                term["curve"]["points"] = [{"at": 0.6, "pay": 0}, {"at": 1, "pay": points[-1]["pay"]}]

        line = simulator.simulate(variant(self.NAME, change), trials=500, seed=3)
        sd = [float(np.std(simulator.metrics(s)["payer.payments"].values())) for s in (line, run(self.NAME))]
        mean = [number(s, "payer.payments") for s in (line, run(self.NAME))]
        assert mean[0] == pytest.approx(mean[1], rel=0.06)
        assert sd[0] < 0.9 * sd[1]


# ── Anaemia, Peru ────────────────────────────────────────────────────────────────────────────────────────


class TestAnaemia:
    """PxR de anemia: 350 soles a child; the trap of measuring against the initial figure."""

    NAME = "plantilla-pxr-anemia"

    @pytest.mark.parametrize(("points", "cost"), [(3, 11_667), (6, 5_833), (11, 3_182)])
    def test_cost_of_a_case_avoided(self, points: int, cost: float) -> None:
        def change(data: Data) -> None:
            data["world"]["results"]["anaemia"]["effect"] = -points / 100
            del data["world"]["correlations"]

        simulation = as_expected(variant(self.NAME, change))
        avoided = number(simulation, "anaemia.additional")
        assert spent(simulation, "visits") / avoided == pytest.approx(cost, abs=1)

    def test_natural_recovery_is_eight_to_fifteen_points(self) -> None:
        low, high = template(self.NAME).world.results["anaemia"].counterfactual.support()  # type: ignore[union-attr]
        assert (0.531 - high, 0.531 - low) == pytest.approx((0.08, 0.15))

    def test_a_comparison_pays_for_the_effect_and_nothing_else(self) -> None:
        simulation = as_expected(template(self.NAME))
        expected = figure(self.NAME, "world.results.anaemia.effect")
        people = float(simulation.flows.enrolled.mean())
        assert expected == pytest.approx(-0.06)
        assert float(simulation.flows.payments["avoided"].sum()) == pytest.approx(people * 0.06 * 8_000)

    def test_the_initial_figure_pays_three_times_as_much(self) -> None:
        def change(data: Data) -> None:
            data["contract"]["results"]["anaemia"]["measured"] = {"kind": "benchmark", "value": 0.531}
            del data["contract"]["limits"]

        trapped = as_expected(variant(self.NAME, change)).flows.payments["avoided"].sum()
        honest = as_expected(template(self.NAME)).flows.payments["avoided"].sum()
        assert trapped / honest == pytest.approx((0.531 - 0.416 + 0.06) / 0.06)

        def nothing(data: Data) -> None:
            change(data)
            data["world"]["results"]["anaemia"]["effect"] = 0
            del data["world"]["correlations"]

        assert as_expected(variant(self.NAME, nothing)).flows.payments["avoided"].sum() > 1.5 * honest


# ── Reintegration, Chile ─────────────────────────────────────────────────────────────────────────────────


class TestReintegration:
    """CIS de reinserción: 3.67 million a participant, 8 points, and what prison really saves."""

    NAME = "plantilla-cis-reinsercion"

    def expected(self) -> Simulation:
        def change(data: Data) -> None:
            data["world"]["results"]["return"] |= {"counterfactual": 0.395, "effect": -0.08}
            del data["world"]["correlations"]

        return as_expected(variant(self.NAME, change))

    def test_cost_of_a_participant_and_of_a_return_avoided(self) -> None:
        simulation = self.expected()
        people = float(simulation.flows.enrolled.mean())
        cost = spent(simulation, "programme")
        assert cost / people == pytest.approx(3_670_000)
        assert cost / number(simulation, "return.additional") == pytest.approx(45.9e6, rel=1e-3)

    def test_prison_saves_less_than_a_third_of_it(self) -> None:
        simulation = self.expected()
        cost = spent(simulation, "programme") / number(simulation, "return.additional")
        assert 14_200_000 / cost == pytest.approx(0.31, abs=0.005)
        assert 0.30 * 14_200_000 / cost == pytest.approx(0.09, abs=0.005)

    def test_three_years_of_two_hundred(self) -> None:
        people = template(self.NAME).contract.people
        assert people.size.expectation() == 3 * 200
        assert people.intakes.count == 3

    def test_payment_depends_on_the_difference_and_not_on_the_level(self) -> None:
        def worse_everywhere(data: Data) -> None:
            data["world"]["results"]["return"] |= {"counterfactual": 0.45, "effect": -0.08}
            del data["world"]["correlations"]

        paid = as_expected(variant(self.NAME, worse_everywhere)).flows.payments["return"].sum()
        assert float(paid) == pytest.approx(float(self.expected().flows.payments["return"].sum()))
