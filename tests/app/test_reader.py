"""What a second fresh reader missed: gross beside net, caps that move, noise, codes, a file that does not open."""

from __future__ import annotations

import pytest

import simulator
from simulator.charts.fiscal_years import fiscal_years
from simulator.charts.future_dots import to_whole_ticks
from simulator.charts.money_map import money_map
from simulator.charts.series import Move, YearMoney
from simulator.metrics.breakdown import first_shortfall_years, payments_of, shortfall_where_short
from simulator.ui import state
from simulator.ui.figures import figure_rows, source_rows
from simulator.ui.link import OWN
from simulator.ui.panels import Table
from simulator.ui.voice import Voice
from tests.app.screens import assert_healthy, open_link, texts

VIS = "vis-buenos-aires"


def deal(name: str) -> simulator.Scenario:
    return simulator.load(simulator.library()[name])


def test_the_payer_reads_what_the_budget_has_to_hold_and_what_comes_back() -> None:
    app = open_link(deal=VIS, view="payer", seed=7)
    assert_healthy(app)
    written, scenario = texts(app), deal(VIS)
    paid = payments_of(simulator.simulate(scenario, trials=1000, seed=7))
    gross, voice = paid.gross.sum(axis=0), Voice.of("es", scenario)
    for amount in (gross.mean(), gross.max()):
        assert voice.money_beside(float(amount), float(gross.mean())).replace("\u00a0", " ") in written
    assert "sobre todo en 2022" in written
    assert "en moneda del cierre" in written
    assert "del pago bruto" in written


def test_a_price_that_comes_back_is_said() -> None:
    assert "la diferencia es lo que vuelve" in texts(open_link(deal=VIS, view="payer", prices=1.25))


def test_a_deal_with_one_result_shows_deadweight_and_cost() -> None:
    written = texts(open_link(deal="plantilla-pxr-anemia", view="payer"))
    assert "Pago por lo que habría ocurrido igual" in written
    assert "Costo por caso evitado" in written


def test_what_cannot_be_told_from_zero_is_not_stated() -> None:
    assert "no se distingue de cero" in texts(open_link(deal=VIS, view="provider", trials=10_000)).lower()


def test_a_provider_without_ups_and_downs_has_a_sentence_and_no_chart() -> None:
    app = open_link(deal="able-rikers", view="provider")
    assert_healthy(app)
    assert "No hay nada que dibujar" in texts(app)


def test_the_first_lack_of_cash_has_a_time_where_there_is_one() -> None:
    run = simulator.simulate(deal("lectoescritura-cis"), trials=500, seed=1)
    when, depth = first_shortfall_years(run), shortfall_where_short(run)
    assert ((when == when) == (depth == depth)).all()


def test_every_code_is_decoded_and_no_identifier_is_shown() -> None:
    for name in simulator.library():
        voice = Voice.of("es", deal(name))
        known = {row[0] for row in source_rows(voice)}
        for row in figure_rows(voice):
            assert set(row.codes) <= known
            assert "ceiling" not in row.label


def test_mistakes_of_a_file_stand_in_a_table_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class File:
        def getvalue(self) -> bytes:
            return b"schema: 1\nfoo: 2\n"

    kept: dict[str, object] = {"in_file": File()}
    with monkeypatch.context() as patch:
        patch.setattr("simulator.ui.state.st.session_state", kept)
        state.choose_file()
        wrong = state.take_wrong()
    app = open_link(deal=VIS)
    app.session_state["own_deal_issues"] = wrong
    app.run()
    assert_healthy(app)
    assert "Su archivo no se abrió" in texts(app)
    assert "foo" in texts(app)
    app.button(key="close_wrong").click().run()
    assert "Su archivo no se abrió" not in texts(app)


def test_a_file_lost_on_reloading_is_told_apart_from_an_unknown_deal() -> None:
    assert "se perdió al recargar" in texts(open_link(deal=OWN))
    assert "se perdió" not in texts(open_link(deal="nobody"))


def test_a_table_goes_out_in_the_words_of_the_page() -> None:
    table = Table(
        columns=("who", "much"),
        headings=("Quién", "Cuánto"),
        rows=(("id", 1.5),),
        shown=(("La Ciudad", "$ 2"),),
    )
    assert table.csv() == "Quién,Cuánto\nLa Ciudad,1.5\n"


def test_amounts_beside_each_other_share_their_unit() -> None:
    voice = Voice.of("es", deal("lectoescritura-cis"))
    assert voice.money_beside(492.6e6, 492.6e6).replace("\u00a0", " ") == "MM$ 493"
    assert voice.money_fine(4_981.0, 1.2e6).replace("\u00a0", " ") == "MM$ 0,0050"
    assert voice.money_ticks(5e5, 2e6)(1e6).replace("\u00a0", " ") == "MM$ 1,0"


def test_long_texts_write_figures_as_the_page_does() -> None:
    voice = Voice.of("es", deal("plantilla-pxr-anemia"))
    assert voice.prose({"es": "5 000 niños, 53,1 % (S55)", "en": ""}) == "5,000 niños, 53.1% (S55)"


def test_every_year_has_its_amount_and_dots_have_ticks_on_both_sides() -> None:
    years = [YearMoney(year=2027 + k, mean=1e6 * k, p10=0, p90=2e6 * k, most=3e6 * k) for k in range(3)]
    words = dict.fromkeys(("mean", "spread", "most", "base"), "x")
    figure = fiscal_years(years, years, label=str, write=lambda _, __: str, words=words)
    assert len(figure["layout"]["xaxis"]["ticktext"]) == 3
    assert all("<b>" in text for text in figure["layout"]["xaxis"]["ticktext"])
    assert to_whole_ticks((-3.0, 38.2)) == (-10.0, 40.0)


def test_names_stand_beside_the_bars_of_the_map() -> None:
    moves = [
        Move(source="in.payer", target="account", amount=2.0),
        Move(source="account", target="out.provider", amount=2.0),
    ]
    names = {"in.payer": "A", "account": "B", "out.provider": "C"}
    figure = money_map(
        moves, names=names, details=dict.fromkeys(names, ""), write=str, headings=("in", "out")
    )
    assert not any(figure["data"][0]["node"]["label"])
    assert sum("<b>A</b>" in note["text"] for note in figure["layout"]["annotations"]) == 1
