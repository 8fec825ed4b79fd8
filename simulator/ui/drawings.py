"""From a summary to a figure with its words and its table: the charts that pages share. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.charts.cash_fan import cash_fan
from simulator.charts.fiscal_years import fiscal_years
from simulator.charts.future_dots import future_dots
from simulator.charts.money_map import money_map
from simulator.charts.series import Dots, Fan
from simulator.ui.panels import Table
from simulator.ui.state import Screen
from simulator.ui.summary import Summary
from simulator.ui.voice import Voice

Drawing = tuple[dict[str, Any], Table]
LONGEST = 28


def draw_years(now: Summary, base: Summary, voice: Voice) -> Drawing:
    """Payments by fiscal year."""
    words = {name: voice.tr(f"chart.years.{name}") for name in ("mean", "spread", "most", "base")}
    figure = fiscal_years(now.years, base.years, label=voice.fiscal_year, write=voice.money_tick, words=words)
    rows = [(item.year, item.mean, item.p10, item.p90, item.most) for item in now.years]
    names = ("fiscal_year", "mean", "p10", "p90", "most")
    headings = (voice.say("ui.fiscal_year"), *(voice.tr(f"chart.years.column.{name}") for name in names[1:]))
    shown = tuple((voice.fiscal_year(row[0]), *(voice.money(cell) for cell in row[1:])) for row in rows)
    return figure, Table(columns=names, headings=headings, rows=tuple(rows), shown=shown)


def draw_fan(now: Fan, base: Fan, voice: Voice, *, colour: str) -> Drawing:
    """Running total of a party's money."""
    words = {
        name: voice.tr(f"chart.fan.{name}") for name in ("wide", "half", "middle", "paths", "base", "time")
    }
    figure = cash_fan(now, base, colour=colour, write=voice.money_tick, write_year=voice.years, words=words)
    names = ("years", "p05", "p25", "p50", "p75", "p95")
    rows = tuple(zip(now.years, now.p05, now.p25, now.p50, now.p75, now.p95, strict=True))
    headings = tuple(voice.tr(f"chart.fan.column.{name}") for name in names)
    shown = tuple((voice.number(row[0], 2), *(voice.money(cell) for cell in row[1:])) for row in rows)
    return figure, Table(columns=names, headings=headings, rows=rows, shown=shown)


def draw_dots(
    now: Dots,
    base: Dots,
    voice: Voice,
    *,
    name: str,
    colour: str,
    means: tuple[float, float],
    write: Callable[[float], str] | None = None,
    losses: bool = True,
) -> Drawing:
    """A distribution as 50 dots; ``name`` chooses the words of its axis and legend."""
    write = write or voice.money_tick
    words = {part: voice.tr(f"chart.dots.{name}.{part}") for part in ("loss", "fine", "axis", "mean")}
    words |= {part: voice.tr(f"chart.dots.{part}") for part in ("base", "total_loss", "undefined")}
    figure = future_dots(
        now, base, colour=colour, write=write, words=words, mean=means[0], base_mean=means[1], losses=losses
    )
    rows: list[tuple[object, ...]] = [(number, value) for number, value in enumerate(now.values, start=1)]
    shown = [(str(number), write(value)) for number, value in enumerate(now.values, start=1)]
    extra = [("total_loss", now.total_loss), ("undefined", now.undefined)]
    for key, count in extra:
        if count:
            rows.append((key, count))
            shown.append(
                (
                    voice.tr(f"chart.dots.{key}").replace("<br>", " "),
                    voice.tr("chart.dots.count", count=count),
                )
            )
    headings = (voice.tr("chart.dots.column.future"), voice.tr(f"chart.dots.{name}.axis"))
    return figure, Table(columns=("future", "value"), headings=headings, rows=tuple(rows), shown=tuple(shown))


def draw_map(now: Summary, screen: Screen) -> Drawing:
    """Who pays whom."""
    voice = screen.voice
    places = list(dict.fromkeys(place for move in now.moves for place in (move.source, move.target)))
    named = {place: place_name(place, voice) for place in places}
    headings = tuple(voice.tr(f"chart.map.{name}") for name in ("puts_in", "gets"))
    figure = money_map(
        now.moves, names={place: _no_markup(name) for place, (name, _) in named.items()},
        details={place: f"{detail}<br>" if detail else "" for place, (_, detail) in named.items()},
        write=voice.money, headings=headings,
    )  # fmt: skip
    names = {place: f"{name} ({detail})" if detail else name for place, (name, detail) in named.items()}
    rows = tuple((move.source, move.target, move.amount) for move in now.moves)
    shown = tuple((names[move.source], names[move.target], voice.money(move.amount)) for move in now.moves)
    columns = ("source", "target", "mean_amount")
    heads = tuple(voice.tr(f"chart.map.column.{name}") for name in columns)
    return figure, Table(columns=columns, headings=heads, rows=rows, shown=shown)


def place_name(place: str, voice: Voice) -> tuple[str, str]:
    """Name a place of the map: who puts money in by its own name and role, who gets it by its role."""
    side, _, role = place.rpartition(".")
    if not side:
        return voice.tr(f"chart.map.place.{role}"), ""
    if side == "out":
        return voice.say(f"chart.map.gets.{role}"), ""
    parties = [party for party in voice.scenario.contract.parties.values() if party.role == role]
    label = voice.tr(f"ui.role.{role}")
    if len(parties) != 1:
        return voice.say(f"ui.roles.{role}"), ""
    name = voice.text(parties[0].name)
    return (name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"), label


def _no_markup(text: str) -> str:
    """Take out what the plotting library would read as markup."""
    return text.replace("<", "‹").replace(">", "›").replace("&", "+")


__all__ = ["draw_dots", "draw_fan", "draw_map", "draw_years", "place_name"]
