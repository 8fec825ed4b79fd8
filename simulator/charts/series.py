"""Small summaries of large arrays, ready to draw: a few hundred numbers instead of a million.

Flows have shape ``(periods + 1, trials)``; what comes out is plain tuples that any cache may keep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.engine.result import OUTSIDE, Simulation
from simulator.metrics.years import by_fiscal_year
from simulator.scenario.capital import Guarantee
from simulator.scenario.contract import Calendar
from simulator.scenario.distributions import FloatArray

Line = tuple[float, ...]
DOTS = 50
PATHS = 10
NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMoney:
    """Money of one fiscal year."""

    year: int
    """Calendar year in which it begins."""
    mean: float
    p10: float
    p90: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Bands of cumulative money, with a few single futures."""

    years: Line
    """Time of each moment, in years since close."""
    p05: Line
    p25: Line
    p50: Line
    p75: Line
    p95: Line
    paths: tuple[Line, ...]

    def ends(self) -> tuple[float, float]:
        """Lowest and highest value drawn."""
        lines = (self.p05, self.p95, *self.paths)
        return min(min(line) for line in lines), max(max(line) for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """A distribution as 50 equally likely futures."""

    values: Line
    """Those in which the number is defined, in order."""
    total_loss: int = 0
    """Dots that stand for futures in which everything is lost (rates of return only)."""
    undefined: int = 0
    """Dots that stand for futures in which there is no such number."""

    def ends(self) -> tuple[float, float]:
        """Lowest and highest dot."""
        return (self.values[0], self.values[-1]) if self.values else (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money that goes from one place to another, mean over all futures."""

    source: str
    target: str
    amount: float


def year_money(flows: FloatArray, calendar: Calendar) -> tuple[YearMoney, ...]:
    """Sum money by fiscal year, leaving out the years at either end in which nothing ever moves."""
    years = by_fiscal_year(flows, calendar)
    moving = [year for year, values in years.items() if np.any(np.abs(values) > NEGLIGIBLE)]
    if not moving:
        return ()
    kept = [year for year in years if moving[0] <= year <= moving[-1]]
    return tuple(_year(year, years[year]) for year in kept)


def _year(year: int, values: FloatArray) -> YearMoney:
    p10, p90 = (float(q) for q in np.quantile(values, (0.1, 0.9)))
    return YearMoney(year=year, mean=float(values.mean()), p10=p10, p90=p90, most=float(values.max()))


def fan(cumulative: FloatArray, per_year: int, *, deepest: bool = False) -> Fan:
    """Summarise running totals of money, shape ``(periods + 1, trials)``, by moment.

    Parameters
    ----------
    cumulative, per_year
        Running totals, and periods in a year.
    deepest
        Whether the future that goes deepest below zero is one of the single ones, in place of the first: so that a lack
        of cash that most futures do not know is in the picture.
    """
    ordered = np.sort(cumulative, axis=1)
    last = ordered.shape[1] - 1
    lines = [_line(ordered[:, round(last * level)]) for level in (0.05, 0.25, 0.5, 0.75, 0.95)]
    p05, p25, p50, p75, p95 = lines
    # Futures spread evenly over the final results, so that ten paths show the whole of what can happen.
    by_end = np.argsort(cumulative[-1], kind="stable")
    chosen = by_end[np.round((np.arange(PATHS) + 0.5) / PATHS * last).astype(int)]
    if deepest and cumulative.min() < 0:
        chosen[0] = int(np.argmin(cumulative.min(axis=0)))
    paths = tuple(_line(cumulative[:, trial]) for trial in dict.fromkeys(chosen.tolist()))
    years = _line(np.arange(cumulative.shape[0]) / per_year)
    return Fan(years=years, p05=p05, p25=p25, p50=p50, p75=p75, p95=p95, paths=paths)


def dots(values: FloatArray, *, size: float = 1.0, is_rate: bool = False) -> Dots:
    """Turn one number per future into 50 equally likely ones (Kay and others 2016, quantile dot plots).

    Parameters
    ----------
    values
        One number per trial, NaN where undefined, shape ``(trials,)``.
    size
        Size of the contract: what is a billionth of it counts as nothing.
    is_rate
        Whether -1 means that everything was lost.
    """
    defined = np.isfinite(values)
    lost = defined & (values <= -1) if is_rate else np.zeros_like(defined)
    undefined, total_loss = (round(DOTS * float(part.mean())) for part in (~defined, lost))
    known = np.where(np.abs(values) < NEGLIGIBLE * size, 0.0, values)[defined & ~lost]
    count = DOTS - undefined - total_loss if known.size else 0
    places = (np.arange(count) + 0.5) / max(count, 1)
    chosen = np.sort(known)[np.floor(places * known.size).astype(int)] if count else np.empty(0)
    return Dots(values=_line(chosen), total_loss=total_loss, undefined=undefined)


def money_moves(simulation: Simulation) -> tuple[Move, ...]:
    """Tell how much money goes from whom to whom, by role, mean over all futures.

    Places are ``in.<role>`` (who puts money in), ``account``, ``out.<role>`` (who gets money) and ``outside``.
    Every sum is total money over the contract.
    """
    flows, contract = simulation.flows, simulation.scenario.contract
    roles = {name: party.role for name, party in contract.parties.items()}
    moves: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, amount: float) -> None:
        moves[source, target] = moves.get((source, target), 0.0) + amount

    passed_on = {name: _mean(table) for name, table in flows.parties.items() if name != OUTSIDE}
    for payer, table in flows.payers.items():
        add(f"in.{roles[payer]}", "account", _mean(table))
        passed_on[payer] += _mean(table)
    for name, part in contract.capital.items():
        if isinstance(part, Guarantee):
            called = _mean(flows.guaranteed[name])
            covered = roles[contract.capital[part.of[0]].party]
            add(f"in.{roles[part.party]}", f"out.{covered}", called)
            add("account", f"out.{covered}", -called)
            passed_on[part.party] += called
            continue
        drawn = _mean(flows.drawn[name])
        add(f"in.{roles[part.party]}", "account", drawn)
        passed_on[part.party] += drawn
        if name in flows.received:
            add("account", f"out.{roles[part.party]}", _mean(flows.received[name]))
            passed_on[part.party] -= _mean(flows.received[name])
    for line, table in flows.spent.items():
        spender = simulation.scenario.world.costs[line].by
        add(f"out.{roles[spender]}", OUTSIDE, _mean(table))
        passed_on[spender] += _mean(table)
    for name, amount in passed_on.items():
        add("account", f"out.{roles[name]}", amount)
    size = max((abs(amount) for amount in moves.values()), default=0.0)
    return tuple(
        Move(source=source, target=target, amount=amount)
        for (source, target), amount in moves.items()
        if amount > 1e-6 * size
    )


def _mean(table: FloatArray) -> float:
    return float(table.sum(axis=0).mean())


def _line(values: FloatArray) -> Line:
    """Plain numbers with six significant digits: enough to draw, and short to send."""
    return tuple(float(f"{value:.6g}") for value in values.tolist())


__all__ = ["DOTS", "Dots", "Fan", "Move", "YearMoney", "dots", "fan", "money_moves", "year_money"]
