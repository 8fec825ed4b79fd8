"""The page of public value: the core's numbers, switches in the link, deals without value, errors of measurement."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

import simulator
from simulator.analysis.evaluation import evaluation_errors
from simulator.engine.simulate import simulate
from simulator.i18n import LANGUAGES
from simulator.scenario.reference.rates import HIGH
from simulator.ui import cache
from simulator.ui.link import LOGICS
from simulator.ui.voice import Voice
from simulator.value.comparison import compare
from tests.app.screens import address, assert_healthy, open_link, plain, texts

DEAL = "plantilla-cis-reinsercion"
VALUED = sorted(
    name for name, path in simulator.library().items() if simulator.load(path).world.value is not None
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_are_those_of_the_core(lang: str) -> None:
    deal = simulator.load(simulator.library()[DEAL])
    rate = replace(HIGH, key="official")
    found = compare(simulate(deal, trials=1000, seed=9), discounts=(rate,))
    app = open_link(deal=DEAL, view="value", lang=lang, logic="social", discount="high", seed=9)

    assert_healthy(app)
    written, voice = texts(app), Voice.of(lang, deal)
    worth = found.alternatives["contract"].worth("social")
    for amount in (
        found.alternatives["contract"].payments.mean, found.alternatives["inputs"].payments.mean, worth.gross.mean,
        worth.net.p10, found.parts.not_spent.mean, found.parts.premium.mean, found.parts.cash_saved.mean,
        found.parts.social.mean, *(purse.pays.mean for purse in found.purses),
    ):  # fmt: skip
        assert plain(voice.money(amount)) in written
    assert "12%" in written.replace(" %", "%")


@pytest.mark.parametrize(
    ("deal", "logic"), [(DEAL, "budget"), *zip(VALUED, itertools.cycle(LOGICS), strict=False)]
)
def test_every_valued_deal_opens(deal: str, logic: str) -> None:
    app = open_link(deal=deal, view="value", logic=logic)

    assert_healthy(app)
    assert len(app.table) == 3
    assert not app.info


def test_switches_are_kept_in_the_link_and_survive_the_language() -> None:
    app = open_link(deal=DEAL, view="value")
    assert "no se paga solo en caja" in texts(app)
    assert "Los pagos varían más que lo que los resultados ahorran" in texts(app)
    app.segmented_control(key="in_logic").set_value("social").run()
    app.segmented_control(key="in_discount").set_value("low").run()
    app.segmented_control(key="in_lang").set_value("en").run()

    assert_healthy(app)
    assert (address(app)["logic"], address(app)["discount"]) == ("social", "low")
    assert "does not pay for itself in cash: at a rate of 3.5%" in texts(app)
    assert "Counting social benefit too" in texts(app)


@pytest.mark.parametrize("wrong", [{"logic": "profit"}, {"discount": "0"}])
def test_a_wrong_switch_in_the_link_gives_a_notice(wrong: dict[str, str]) -> None:
    app = open_link(deal=DEAL, view="value", **wrong)

    assert_healthy(app)
    assert len(app.warning) == 1
    assert not wrong.keys() & address(app).keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_deal_without_value_says_what_to_write_and_still_judges_its_measurement(lang: str) -> None:
    deal = simulator.load(simulator.library()["lectoescritura-cis"])
    errors = evaluation_errors(deal, trials=1000, seed=9)["gain"]
    app = open_link(deal=deal.id, view="value", lang=lang, seed=9)

    assert_healthy(app)
    assert len(app.info) == 1
    assert "world.value" in texts(app)
    assert plain(Voice.of(lang, deal).money(errors.money_without_effect)) in texts(app)


def test_a_lever_moves_the_value_and_the_switch_does_not_move_it_back() -> None:
    before = texts(open_link(deal=DEAL, view="value"))
    app = open_link(deal=DEAL, view="value", prices="1.5")

    assert_healthy(app)
    assert texts(app) != before
    assert "original" in texts(app).lower()


def test_measurement_is_judged_in_few_futures() -> None:
    deal = simulator.load(simulator.library()["lectoescritura-cis"])

    assert cache.evaluation_of(deal, trials=50_000, seed=3) == evaluation_errors(
        deal, trials=cache.FEW, seed=3
    )
