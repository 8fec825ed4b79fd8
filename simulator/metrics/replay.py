"""Replay against publication: what a deal that is over should have paid, beside what was printed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.engine.result import Simulation
from simulator.metrics.deadweight import payer_payments
from simulator.metrics.registry import metrics
from simulator.scenario.distributions import FloatArray
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One published figure beside the replayed one."""

    key: str
    found: float
    expected: float | None
    """Published value, if it is one."""
    at_least: float | None
    at_most: float | None
    difference: float
    """Found less published; zero inside published bounds."""
    tolerance: float
    proves: Evidence
    """What agreement proves: independent, consistency, or circular."""
    sources: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the difference is within half a unit of the last printed digit."""
        return abs(self.difference) <= self.tolerance + 1e-9 * max(abs(self.found), 1.0)


def compare_with_published(simulation: Simulation) -> tuple[Comparison, ...]:
    """Compare a replayed deal with everything that was published about it.

    A key is that of a number (``payer.payments``), or money up to a moment (``payments.housing@8``). Keys that the deal
    does not have are left out: :func:`check_published` tells of them.
    """
    unknown = {issue.value for issue in check_published(simulation)}
    compared = []
    for key, published in simulation.scenario.published.items():
        if key in unknown:
            continue
        value = headline(simulation, key)
        compared.append(
            Comparison(key=key, found=value, expected=published.value, at_least=published.at_least,
                       at_most=published.at_most, difference=published.difference(value),
                       tolerance=published.tolerance, proves=published.proves, sources=published.sources)
        )  # fmt: skip
    return tuple(compared)


def headline(simulation: Simulation, key: str) -> float:
    """The number itself in a run without chance: a number of the registry, or money up to a moment (``key@moment``)."""
    name, at, moment = key.partition("@")
    if at:
        return float(_money(simulation)[name][: int(moment) + 1].sum(axis=0).mean())
    return metrics(simulation)[name].estimate().mean


def _money(simulation: Simulation) -> dict[str, FloatArray]:
    """Money by moment that can be read up to a date."""
    tables = {f"payments.{term}": table for term, table in simulation.flows.payments.items()}
    return {"payer.payments": payer_payments(simulation), **tables}


def check_published(simulation: Simulation) -> list[Issue]:
    """Find published figures whose key names no number of the deal; a warning for each."""
    known, money = metrics(simulation), _money(simulation)
    last = simulation.scenario.contract.calendar.periods
    issues = []
    for key in simulation.scenario.published:
        name, at, moment = key.partition("@")
        right = name in money and _is_whole(moment) and int(moment) <= last if at else name in known
        if not right:
            issues.append(Issue(code="published.unknown", path=f"published.{key}", value=key, severity="warning",
                                allowed=_options(key, known, money, last)))  # fmt: skip
    return issues


def _is_whole(text: str) -> bool:
    """Whether a text is a whole number that `int` can read; "²" is a digit and none."""
    return text.isascii() and text.isdecimal() and len(text) <= 4


def _options(key: str, known: Iterable[str], money: Iterable[str], last: int) -> str:
    """What may have been meant: the nearest names, with the moments where money up to a moment was asked for."""
    name, at, _ = key.partition("@")
    near = difflib.get_close_matches(name, money if at else known, n=3) or ["payer.payments"]
    return ", ".join(f"{option}@0 … {option}@{last}" if at else option for option in near)
