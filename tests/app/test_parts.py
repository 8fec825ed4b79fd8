"""What a fresh reader missed: payers one by one, gross and net, groups of deals, one's own file, number format."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator
from simulator.charts.future_dots import stack_up
from simulator.metrics.breakdown import payments_of
from simulator.ui import cache, state
from simulator.ui.link import OWN
from simulator.ui.pages.deal import constant_money
from simulator.ui.panels import config
from simulator.ui.summary import PUBLIC, WHOLE, summarise
from simulator.ui.voice import Voice
from tests.app.screens import address, assert_healthy, open_link, texts

SHARED = "lectoescritura-cis"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


@pytest.mark.parametrize("payer", ["", "puente_alto", "foundations"])
def test_each_payer_has_its_own_numbers(payer: str) -> None:
    app = open_link(deal=SHARED, view="payer", payer=payer, seed=7)
    assert_healthy(app)
    deal = simulator.load(simulator.library()[SHARED])
    run = simulator.simulate(deal, trials=1000, seed=7)
    net = payments_of(run, (payer,) if payer else ()).net.sum(axis=0).mean()
    assert Voice.of("es", deal).money(float(net)).replace("\u00a0", " ") in texts(app)


def test_choosing_a_payer_changes_the_link_and_another_deal_forgets_it() -> None:
    app = open_link(deal=SHARED, view="payer")
    app.segmented_control(key="in_payer").set_value("puente_alto").run()
    assert_healthy(app)
    assert address(app)["payer"] == "puente_alto"
    app.selectbox(key="in_deal").set_value("vis-buenos-aires").run()
    assert_healthy(app)
    assert "payer" not in address(app)


def test_parts_add_up_and_the_public_part_is_there() -> None:
    found = summarise(simulator.simulate(simulator.load(simulator.library()[SHARED]), trials=500, seed=1))
    single = [part for key, part in found.payers.items() if key not in (WHOLE, PUBLIC)]
    assert sum(part.net.mean for part in single) == pytest.approx(found.payers[WHOLE].net.mean)
    assert sum(part.share for part in single) == pytest.approx(1)
    assert found.payers[PUBLIC].net.mean == pytest.approx(found.payers["puente_alto"].net.mean)
    whole = found.payers[WHOLE]
    assert whole.gross.mean - whole.returned.mean == pytest.approx(whole.net.mean)


def test_dots_stand_at_values_that_occur() -> None:
    for name in ("lectoescritura-cis", "vis-buenos-aires", "able-rikers"):
        found = summarise(simulator.simulate(simulator.load(simulator.library()[name]), trials=500, seed=1))
        for dots in found.dots.values():
            low, high = dots.ends()
            stacks = stack_up(dots.values, max(high - low, 1e-9) / 30)
            assert all(stack.at in dots.values for stack in stacks)
            assert sorted(place for stack in stacks for place in stack.places) == list(
                range(len(dots.values))
            )
            assert all(
                {dots.values[place] for place in stack.places} == {stack.at}
                for stack in stacks
                if stack.identical
            )


def test_templates_stand_apart_from_real_deals() -> None:
    groups = cache.groups()
    assert all(name.startswith("plantilla") for name in groups["template"])
    assert not any(name.startswith("plantilla") for name in groups["real"])
    app = open_link(deal="vis-buenos-aires")
    app.segmented_control(key="in_group").set_value("template").run()
    assert_healthy(app)
    assert address(app)["deal"] == groups["template"][0]


def test_english_writes_english_numbers_unless_a_country_is_chosen() -> None:
    deal = simulator.load(simulator.library()[SHARED])
    assert Voice.of("en", deal).number(1234.5, 1) == "1,234.5"
    assert Voice.of("es", deal).number(1234.5, 1) == "1.234,5"
    assert Voice.of("en", deal, numbers="es-CL").number(1234.5, 1) == "1.234,5"
    app = open_link(deal=SHARED, view="payer", lang="en")
    app.selectbox(key="in_numbers").set_value("es-CL").run()
    assert_healthy(app)
    assert address(app)["numbers"] == "es-CL"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_picture_button_speaks_the_readers_language(lang: str) -> None:
    deal = simulator.load(simulator.library()[SHARED])
    settings = config(Voice.of(lang, deal), "x")
    words = settings["locales"][settings["locale"]]["dictionary"]
    assert words["Download plot as a PNG"] == Voice.of(lang, deal).tr("ui.picture")


def test_constant_money_is_said_where_the_document_says_so() -> None:
    deal = simulator.load(simulator.library()["vis-buenos-aires"])
    assert constant_money(Voice.of("es", deal)) == "pesos constantes de octubre de 2018"
    assert constant_money(Voice.of("en", deal)) == "constant pesos of October 2018"
    assert constant_money(Voice.of("es", simulator.load(simulator.library()[SHARED]))) == ""


def test_ones_own_file_opens_and_a_wrong_one_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_link(deal=SHARED)
    app.session_state["own_deal"] = simulator.load(GUIDE / "primer-empleo.yaml")
    app.query_params["deal"] = OWN
    app.run()
    assert_healthy(app)
    assert "Primer Empleo" in texts(app)
    assert "no viaja" in texts(app)

    class File:
        def getvalue(self) -> bytes:
            return b"schema: 1\nfoo: 2\n"

    kept: dict[str, object] = {"in_file": File()}
    monkeypatch.setattr("simulator.ui.state.st.session_state", kept)
    state.choose_file()
    assert state.take_wrong()
    assert "own_deal" not in kept


def test_a_link_to_somebody_elses_file_gives_a_notice() -> None:
    app = open_link(deal=OWN)
    assert_healthy(app)
    assert app.warning
