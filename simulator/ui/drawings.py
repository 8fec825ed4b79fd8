"""From a summary to a figure with its words and its table: the charts that pages share. No Streamlit here."""

from __future__ import annotations

import textwrap
from collections import Counter
from functools import partial
from typing import Any

from simulator.charts.cash_fan import cash_fan
from simulator.charts.fiscal_years import fiscal_years
from simulator.charts.future_dots import future_dots
from simulator.charts.money_map import money_map
from simulator.charts.payer_bars import Bar, payer_bars
from simulator.charts.series import Dots, Fan, Move, YearMoney
from simulator.ui.panels import Table
from simulator.ui.state import Screen
from simulator.ui.summary import PUBLIC, WHOLE, PayerPart, Summary
from simulator.ui.voice import Voice

Drawing = tuple[dict[str, Any], Table]
LONGEST = 28
MOST_PAYERS = 4
"""Payers that the map of money shows one by one."""


def draw_years(now: tuple[YearMoney, ...], base: tuple[YearMoney, ...], voice: Voice) -> Drawing:
    """Payments by fiscal year."""
    words = {name: voice.tr(f"chart.years.{name}") for name in ("mean", "spread", "most", "base")}
    figure = fiscal_years(now, base, label=voice.fiscal_year, write=voice.money_ticks, words=words)
    rows = [(item.year, item.mean, item.p10, item.p90, item.most) for item in now]
    names = ("fiscal_year", "mean", "p10", "p90", "most")
    headings = (voice.say("ui.fiscal_year"), *(voice.tr(f"chart.years.column.{name}") for name in names[1:]))
    shown = tuple(
        (
            voice.fiscal_year(year),
            voice.money(mean),
            voice.money(p10),
            high(p90, most, voice),
            voice.money(most),
        )
        for year, mean, p10, p90, most in rows
    )
    return figure, Table(columns=names, headings=headings, rows=tuple(rows), shown=shown)


def high(p90: float, most: float, voice: Voice) -> str:
    """What one future in ten exceeds; where it is the most there is, nobody exceeds it, and that is said."""
    if p90 >= most * (1 - 1e-9):
        return voice.tr("chart.years.no_more", most=voice.money(most))
    return voice.money(p90)


def draw_payers(now: Summary, base: Summary, voice: Voice) -> Drawing:
    """What each payer pays, and the public bodies together."""
    words = {name: voice.tr(f"chart.payers.{name}") for name in ("public", "private", "spread")}
    figure = payer_bars(_bars(now, voice), _bars(base, voice), write=voice.money_ticks, words=words)
    columns = ("payer", "kind", "mean", "p10", "p90", "share")
    rows, shown = [], []
    several_public = sum(bar.public for bar in _bars(now, voice)) > 1
    keys = [key for key in now.payers if key != PUBLIC or several_public]
    for key in sorted(keys, key=lambda name: (name == WHOLE, name == PUBLIC)):
        part, net = now.payers[key], now.payers[key].net
        kind = (
            ""
            if key == WHOLE
            else voice.tr(f"chart.payers.{'public' if _is_public(key, voice) else 'private'}")
        )
        rows.append((key.lstrip(":") or "all", kind, net.mean, net.p10, net.p90, part.share))
        shown.append(
            (payer_name(key, voice), kind, voice.money(net.mean), voice.money(net.p10), high(net.p90, net.high, voice),
             voice.percent(part.share))
        )  # fmt: skip
    headings = tuple(voice.tr(f"chart.payers.column.{name}") for name in columns)
    return figure, Table(columns=columns, headings=headings, rows=tuple(rows), shown=tuple(shown))


def payer_name(key: str, voice: Voice) -> str:
    """Name a payer, or several together."""
    if key in (WHOLE, PUBLIC):
        return voice.tr("chart.payers.all" if key == WHOLE else "chart.payers.all_public")
    return voice.text(voice.scenario.contract.parties[key].name)


def _is_public(key: str, voice: Voice) -> bool:
    return key == PUBLIC or voice.scenario.contract.parties[key].public


def _bars(summary: Summary, voice: Voice) -> list[Bar]:
    def bar(key: str, part: PayerPart) -> Bar:
        name = textwrap.shorten(_no_markup(payer_name(key, voice)), 40, placeholder="…")
        return Bar(
            name=name, share=voice.percent(part.share), mean=part.net.mean, p10=part.net.p10, p90=part.net.p90,
            public=_is_public(key, voice),
        )  # fmt: skip

    return [bar(key, part) for key, part in summary.payers.items() if key not in (WHOLE, PUBLIC)]


def _in_lines(name: str) -> str:
    """A long name in two lines; what does not fit two is cut."""
    lines = textwrap.wrap(name, LONGEST)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: LONGEST - 1]}…"]
    return "<br>".join(lines)


def draw_fan(
    now: Fan, base: Fan, voice: Voice, *, colour: str, event: tuple[float, str] | None = None
) -> Drawing:
    """Running total of a party's money; ``event`` is a moment in years with its name."""
    words = {
        name: voice.tr(f"chart.fan.{name}") for name in ("wide", "half", "middle", "paths", "base", "time")
    }
    figure = cash_fan(
        now, base, colour=colour, write=voice.money_ticks, write_year=voice.years, words=words, event=event
    )
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
    is_rate: bool = False,
    losses: bool = True,
) -> Drawing:
    """A distribution as 50 dots; ``name`` chooses the words of its axis and legend."""
    write = voice.rate_ticks if is_rate else voice.money_ticks
    words = {part: voice.tr(f"chart.dots.{name}.{part}") for part in ("loss", "fine", "axis", "mean")}
    words |= {part: voice.tr(f"chart.dots.{part}") for part in ("base", "total_loss", "undefined")}
    words["count"] = voice.tr("chart.dots.count", count="{count}")
    words["near"] = voice.tr("chart.dots.near", value="{value}")
    figure = future_dots(
        now, base, colour=colour, write=write, words=words, mean=means[0], base_mean=means[1], losses=losses
    )
    counts = Counter(now.values)
    rows: list[tuple[object, ...]] = [(count, value) for value, count in counts.items()]
    say = (
        voice.rate if is_rate else partial(voice.money_beside, largest=means[0] or max(map(abs, now.ends())))
    )
    shown = [(str(count), say(value)) for value, count in counts.items()]
    extra = [("total_loss", now.total_loss), ("undefined", now.undefined)]
    for key, count in extra:
        if count:
            rows.append((count, key))
            shown.append((str(count), voice.tr(f"chart.dots.{key}").replace("<br>", " ")))
    headings = (voice.tr("chart.dots.column.future"), voice.tr(f"chart.dots.{name}.axis"))
    return figure, Table(
        columns=("futures", "value"), headings=headings, rows=tuple(rows), shown=tuple(shown)
    )


def draw_map(now: Summary, screen: Screen) -> Drawing:
    """Who pays whom."""
    voice, moves = screen.voice, _moves(now)
    places = list(dict.fromkeys(place for move in moves for place in (move.source, move.target)))
    named = {place: place_name(place, voice) for place in places}
    headings = tuple(voice.tr(f"chart.map.{name}") for name in ("puts_in", "gets"))
    figure = money_map(
        moves, names={place: _in_lines(_no_markup(name)) for place, (name, _) in named.items()},
        details={place: f"{detail}<br>" if detail else "" for place, (_, detail) in named.items()},
        write=voice.money, headings=headings,
    )  # fmt: skip
    names = {place: f"{name} ({detail})" if detail else name for place, (name, detail) in named.items()}
    rows = tuple((move.source, move.target, move.amount) for move in moves)
    shown = tuple((names[move.source], names[move.target], voice.money(move.amount)) for move in moves)
    columns = ("source", "target", "mean_amount")
    heads = tuple(voice.tr(f"chart.map.column.{name}") for name in columns)
    return figure, Table(columns=columns, headings=heads, rows=rows, shown=shown)


def _moves(now: Summary) -> list[Move]:
    """Moves of money with the payers one by one, if they are few."""
    parts = {key: part for key, part in now.payers.items() if key not in (WHOLE, PUBLIC)}
    if not 2 <= len(parts) <= MOST_PAYERS:
        return list(now.moves)
    moves = []
    for move in now.moves:
        if move.source == "in.payer":
            moves += [
                Move(source=f"in.payer.{key}", target=move.target, amount=part.gross.mean)
                for key, part in parts.items()
                if part.gross.mean > 0
            ]
        else:
            moves.append(move)
    return moves


def place_name(place: str, voice: Voice) -> tuple[str, str]:
    """Name a place of the map: who puts money in by its own name and role, who gets it by its role."""
    side, _, role = place.partition(".")
    if not role:
        return voice.tr(f"chart.map.place.{side}"), ""
    role, _, payer = role.partition(".")
    if payer:
        return payer_name(payer, voice), ""
    if side == "out":
        return voice.say(f"chart.map.gets.{role}"), ""
    parties = [party for party in voice.scenario.contract.parties.values() if party.role == role]
    label = voice.tr(f"ui.role.{role}")
    if len(parties) != 1:
        return voice.say(f"ui.roles.{role}"), ""
    name = voice.text(parties[0].name)
    return name, "" if name.casefold() == label.casefold() else label


def _no_markup(text: str) -> str:
    """Take out what the plotting library would read as markup."""
    return text.replace("<", "‹").replace(">", "›").replace("&", "+")


__all__ = [
    "draw_dots",
    "draw_fan",
    "draw_map",
    "draw_payers",
    "draw_years",
    "high",
    "payer_name",
    "place_name",
]
