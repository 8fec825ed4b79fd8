"""The page of the budget: what it says, what the link keeps, and deals that have no budget office."""

from __future__ import annotations

import pytest

import simulator
from simulator.engine.simulate import simulate
from simulator.i18n import LANGUAGES
from simulator.metrics.budget import budget
from simulator.metrics.provision import RULES, parse_rule
from tests.app.screens import address, assert_healthy, open_link, plain, texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_are_those_of_the_core(lang: str) -> None:
    deal = simulator.load(simulator.library()["plantilla-pxr-empleo-co"])
    line = budget(simulate(deal, trials=1000, seed=9), parse_rule("p75")).lines["city"]
    app = open_link(deal=deal.id, view="budget", lang=lang, rule="p75", payer="city", seed=9, numbers="es-CO")

    assert_healthy(app)
    written = texts(app)
    for found in line.years.values():
        assert f"{found.provision:,.0f}".replace(",", ".") in written


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_opens_in_nominal_and_constant_money(rule: str) -> None:
    for money in ("", "constant"):
        app = open_link(deal="plantilla-cis-lectoescritura", view="budget", rule=rule, money=money)
        assert_healthy(app)


def test_rule_and_money_are_kept_in_the_link_and_survive_the_language() -> None:
    app = open_link(deal="lectoescritura-cis", view="budget")
    app.selectbox(key="in_rule").set_value("mean+1sd").run()
    app.segmented_control(key="in_money").set_value("constant").run()
    app.segmented_control(key="in_lang").set_value("en").run()

    assert_healthy(app)
    assert (address(app)["rule"], address(app)["money"]) == ("mean+1sd", "constant")
    assert "Mean + 1 SD" in texts(app)
    assert "constant money is the same as nominal" in texts(app)


@pytest.mark.parametrize("wrong", [{"rule": "median"}, {"rule": "mean+-1sd"}, {"money": "real"}])
def test_a_wrong_rule_in_the_link_gives_a_notice(wrong: dict[str, str]) -> None:
    app = open_link(deal="lectoescritura-cis", view="budget", **wrong)

    assert_healthy(app)
    assert len(app.warning) == 1
    assert not wrong.keys() & address(app).keys()


def test_a_deal_without_a_public_payer_says_so() -> None:
    app = open_link(deal="educate-girls", view="budget")

    assert_healthy(app)
    assert "no paga ningún organismo público" in texts(app)


@pytest.mark.parametrize(
    ("deal", "words"),
    [
        ("lectoescritura-cis", ("Año presupuestario", "M$ ", "Ley de Presupuestos 2024")),
        ("plantilla-pxr-empleo-pe", ("Año fiscal", "PIA o PIM", "previsión presupuestaria", "S/ ")),
        ("plantilla-pxr-empleo-co", ("Vigencia", "vigencia futura", "15%", "CONFIS")),
        ("vis-buenos-aires", ("Año presupuestario", "dinero constante")),
    ],
)
def test_words_and_forms_follow_the_country(deal: str, words: tuple[str, ...]) -> None:
    app = open_link(deal=deal, view="budget")
    headings = [str(column) for table in app.table for column in table.value.columns]
    written = texts(app) + plain("\n".join(headings))

    for word in words:
        assert word in written
