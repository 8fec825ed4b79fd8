"""Every page in both languages, at rest, at the ends of its levers, and with links that are wrong."""

from __future__ import annotations

import pytest

import simulator
from simulator.i18n import LANGUAGES
from simulator.library import DEFAULT
from simulator.ui.link import VIEWS
from simulator.ui.voice import Voice
from tests.app.screens import address, assert_healthy, open_link, texts

EVERY = tuple(simulator.library())
DEALS = ("able-rikers", "empleando-futuro", "lectoescritura-cis", "vis-buenos-aires")
"""Deals whose every page is opened in every way; they differ in payers, capital and who holds the account."""
FIRST = DEFAULT if DEFAULT in DEALS else DEALS[0]


def ends(deal: str, end: str) -> dict[str, float]:
    """Return all levers of a deal at one end."""
    return {
        lever.id: getattr(lever, end) for lever in simulator.levers(simulator.load(simulator.library()[deal]))
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("deal", DEALS)
def test_every_page_of_every_deal_opens(deal: str, view: str, lang: str) -> None:
    app = open_link(deal=deal, view=view, lang=lang)
    assert_healthy(app)
    assert not app.warning


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("deal", [deal for deal in EVERY if deal not in DEALS])
def test_every_page_of_the_other_deals_opens(deal: str, view: str) -> None:
    app = open_link(deal=deal, view=view, lang="es")
    assert_healthy(app)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("deal", DEALS)
def test_every_page_opens_with_all_levers_at_their_ends(deal: str, end: str, view: str, lang: str) -> None:
    app = open_link(deal=deal, view=view, lang=lang, **ends(deal, end))
    assert_healthy(app)
    assert not app.warning


WRONG: tuple[dict[str, str], ...] = (
    {"deal": "../../etc/passwd"},
    {"seed": "-1"},
    {"seed": "9" * 40},
    {"trials": "1e9"},
    {"prices": "nan"},
    {"prices": "1e400"},
    {"prices": "99"},
    {"no_such_lever": "1"},
    {"prices": "<script>alert(1)</script>", "x" * 500: "![a](http://evil.example/a.png)"},
)
ALL_WRONG = {name: value for wrong in WRONG for name, value in wrong.items()}


@pytest.mark.parametrize(
    ("wrong", "view", "lang"),
    [
        *((wrong, "deal", "es") for wrong in WRONG),
        *((ALL_WRONG, view, lang) for view in VIEWS for lang in LANGUAGES),
    ],
)
def test_a_wrong_link_gives_a_notice_and_the_default(wrong: dict[str, str], view: str, lang: str) -> None:
    app = open_link(view=view, lang=lang, **wrong)
    assert_healthy(app)
    assert app.warning
    written = texts(app)
    assert "evil" not in written
    assert "script" not in written
    clean = address(app)
    assert clean["deal"] in DEALS
    assert not set(wrong) & (set(clean) - {"deal", "seed", "trials"})


def test_a_link_of_marketing_tools_gives_no_notice() -> None:
    assert not open_link(utm_source="boletin", fbclid="abc").warning


@pytest.mark.parametrize("params", [{"lang": "fr"}, {"view": "admin"}])
def test_an_unknown_language_or_page_gives_spanish_and_the_first(params: dict[str, str]) -> None:
    app = open_link(**params)
    assert app.warning
    assert address(app)["lang"] == "es"
    assert address(app)["view"] == "deal"


@pytest.mark.parametrize("deal", DEALS)
def test_the_numbers_are_the_engines(deal: str) -> None:
    """What the pages say is what the public face returns for the same link."""
    scenario = simulator.load(simulator.library()[deal])
    lever = simulator.levers(scenario)[0]
    position = lever.low + lever.step
    moved = simulator.apply_levers(scenario, {lever.id: position})
    found = simulator.estimates(simulator.simulate(moved, trials=1000, seed=7))
    voice = Voice.of("es", scenario)
    link = {"deal": deal, "seed": 7, lever.id: position}
    payer = texts(open_link(view="payer", **link))
    assert voice.money(found["payer.payments"].mean).replace("\u00a0", " ") in payer
    assert voice.percent(found["payer.nothing_paid_probability"].mean) in payer
    provider = texts(open_link(view="provider", **link))
    assert voice.money(found["provider.margin"].mean).replace("\u00a0", " ") in provider
    investor = texts(open_link(view="investor", **link))
    if "investors.net" in found:
        rate = found["investors.irr"].of_mean_flows
        assert rate is not None
        assert voice.percent(rate) in investor
        assert voice.percent(found["investors.loss_probability"].mean) in investor
        assert voice.money(found["investors.net"].mean).replace("\u00a0", " ") in investor


def test_changing_language_keeps_everything_else() -> None:
    app = open_link(deal=FIRST, view="payer", seed=11, prices=1.25)
    spanish = address(app)
    app.segmented_control(key="in_lang").set_value("en").run()
    assert_healthy(app)
    assert address(app) == spanish | {"lang": "en"}
    assert app.slider(key="in_lever_prices").value == 125
    assert "What if" in texts(app)


def test_turning_the_page_keeps_everything_else() -> None:
    app = open_link(deal=FIRST, seed=11, prices=1.25)
    before = address(app)
    for view in VIEWS:
        app.segmented_control(key="in_view").set_value(view).run()
        assert_healthy(app)
        assert address(app) == before | {"view": view}


def test_moving_a_lever_changes_the_link_and_resetting_takes_it_out() -> None:
    app = open_link(deal=FIRST, view="payer")
    at_rest = texts(app)
    assert "prices" not in address(app)
    app.slider(key="in_lever_prices").set_value(150).run()
    assert address(app)["prices"] == "1.5"
    assert texts(app) != at_rest
    app.button(key="reset").click().run()
    assert "prices" not in address(app)
    assert texts(app) == at_rest


def test_another_deal_begins_with_its_levers_at_rest() -> None:
    others = [name for name in DEALS if name != FIRST]
    if not others:
        pytest.skip("only one deal")
    app = open_link(deal=FIRST, prices=1.5, seed=3)
    app.selectbox(key="in_deal").set_value(others[0]).run()
    assert_healthy(app)
    assert address(app)["deal"] == others[0]
    assert address(app)["seed"] == "3"
    assert "prices" not in address(app)


def test_a_seed_that_is_no_number_is_refused_politely() -> None:
    app = open_link(deal=FIRST, seed=3)
    app.text_input(key="in_seed").set_value("azar").run()
    assert app.warning
    assert_healthy(app)
    assert address(app)["seed"] == "3"
    app.text_input(key="in_seed").set_value("12").run()
    assert address(app)["seed"] == "12"


def test_what_fails_is_said_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("simulator.ui.cache.summary", fail)
    app = open_link(deal=FIRST)
    assert not app.exception
    assert len(app.error) == 1
    assert "secret" not in texts(app)


def test_the_table_of_a_chart_opens_and_is_escaped() -> None:
    app = open_link(deal=FIRST, view="evidence")
    assert len(app.table) >= 1
    scenario = simulator.load(simulator.library()[FIRST])
    title = next(iter(scenario.sources.values())).title
    assert title in texts(app)
