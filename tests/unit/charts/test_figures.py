"""Figures: what they hold, how large they are, that their axes stand still, and that the library accepts them."""

from __future__ import annotations

import csv
import json
from typing import Any

import plotly.graph_objects as go
import pytest

import simulator
from simulator.charts.axes import nice_ticks, steady_range
from simulator.charts.icon_array import icon_array
from simulator.ui.drawings import Drawing, draw_dots, draw_fan, draw_map, draw_years
from simulator.ui.link import Link
from simulator.ui.state import Screen
from simulator.ui.summary import Summary, summarise
from simulator.ui.voice import Voice

LIMIT = 50_000
DEALS = simulator.library()


def summary(deal: str, **positions: float) -> Summary:
    scenario = simulator.apply_levers(simulator.load(DEALS[deal]), positions)
    return summarise(simulator.simulate(scenario, trials=1000, seed=5))


def drawings(deal: str, lang: str, now: Summary, base: Summary) -> dict[str, Drawing]:
    scenario = simulator.load(DEALS[deal])
    voice = Voice.of(lang, scenario)
    screen = Screen(link=Link(deal=deal, lang=lang), base=scenario, scenario=scenario, voice=voice)
    drawn = {
        "years": draw_years(now.years, base.years, voice),
        "map": draw_map(now, screen),
        "payments": draw_dots(
            now.dots["payer.payments"], base.dots["payer.payments"], voice, name="payments", colour="#0072B2",
            means=(now.mean("payer.payments"), base.mean("payer.payments")), losses=False,
        ),
    }  # fmt: skip
    drawn |= {
        f"fan_{name}": draw_fan(now.fans[name], base.fans[name], voice, colour="#D55E00") for name in now.fans
    }
    for key, name in (("investors.net", "net"), ("investors.irr", "irr"), ("provider.margin", "margin")):
        if key in now.dots:
            means = (now.mean(key), base.mean(key))
            drawn[name] = draw_dots(
                now.dots[key], base.dots[key], voice, name=name, colour="#D55E00", means=means
            )
    return drawn


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("deal", list(DEALS))
def test_figures_are_small_whole_and_accepted(deal: str, lang: str) -> None:
    base, now = summary(deal), summary(deal, prices=1.5, enrolment=0.6)
    for name, (figure, table) in drawings(deal, lang, now, base).items():
        sent = json.dumps(figure, allow_nan=False)
        assert len(sent) <= LIMIT, name
        assert set(figure) == {"data", "layout"}
        go.Figure(figure)
        assert len(table.headings) == len(table.columns)
        assert len(table.rows) == len(table.shown) >= 1
        assert next(csv.reader([table.csv().splitlines()[0]])) == list(table.headings)


def test_the_bars_are_the_engines_numbers() -> None:
    deal = next(iter(DEALS))
    base = summary(deal)
    figure, table = drawings(deal, "es", base, base)["years"]
    assert figure["data"][0]["y"] == [item.mean for item in base.years]
    assert [row[1] for row in table.rows] == [item.mean for item in base.years]


def ranges(figure: dict[str, Any]) -> list[Any]:
    return [figure["layout"].get(axis, {}).get("range") for axis in ("xaxis", "yaxis")]


@pytest.mark.parametrize("deal", list(DEALS))
def test_axes_stand_still_while_a_lever_moves_a_little(deal: str) -> None:
    base, now = summary(deal), summary(deal, prices=0.95)
    still, moved = drawings(deal, "es", base, base), drawings(deal, "es", now, base)
    assert ranges(still["years"][0]) == ranges(moved["years"][0])
    assert ranges(still["payments"][0]) == ranges(moved["payments"][0])


@pytest.mark.parametrize("now", [(0, 0), (0, 1), (-5, 3), (0, 10), (-300, 400), (5, 1e9), (-1e12, -1)])
@pytest.mark.parametrize("base", [(0, 0), (0, 10), (-10, 0), (-10, 10), (5, 10)])
def test_an_axis_holds_what_it_shows(base: tuple[float, float], now: tuple[float, float]) -> None:
    low, high = steady_range(base, now)
    assert low <= min(*base, *now, 0)
    assert high >= max(*base, *now, 0)
    assert low < high
    assert 2 <= len(nice_ticks(low, high)) <= 12


def test_a_hundred_signs_are_always_a_hundred() -> None:
    for share in (-1.0, 0.0, 0.004, 0.23, 0.999, 1.0, 2.0):
        drawn = icon_array(share, colour="#0072B2")
        assert drawn.count("<circle") + drawn.count("<path") == 100
        assert drawn.count("<path") == min(max(round(share * 100), 0), 100)
