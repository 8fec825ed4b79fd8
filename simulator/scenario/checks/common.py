"""What all checks share: an issue for a number out of range, an unknown name, shares that do not make a whole."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from simulator.scenario.conditions import Condition, Where
from simulator.scenario.contract import Intakes, Term
from simulator.scenario.distributions import Distribution
from simulator.scenario.issues import Issue
from simulator.scenario.plan import Observation, plan_of
from simulator.scenario.scenario import Scenario

Check = Callable[[Scenario], Iterator[Issue]]
Shares = Mapping[str, Distribution]
DRIVERS = ("deal", "period", "participant")
GATES = ("all", "any", "none")
MAX_OBSERVATIONS = 20_000
"""Measurements of a deal in all: what a computer of today has memory for."""


def range_issue(path: str, value: str, allowed: str) -> Issue:
    """Complain about a number out of range; where 8 may stand for 8 %, say how that is written.

    Examples
    --------
    >>> range_issue("world.discount_rates.payer", "8", "-0.99 <= x <= 1").placeholders()["suggestion"]
    '8 %'
    """
    if allowed.endswith("<= 1"):
        try:
            ends = [float(end) for end in value.split(" … ")]
        except ValueError:
            ends = []
        if ends and max(ends) >= 2 and all(0 <= end <= 100 for end in ends):
            written = " … ".join(f"{end:g} %" for end in ends)
            return Issue(
                code="range.percent",
                path=path,
                value=value,
                allowed=allowed,
                params=(("suggestion", written),),
            )
    return Issue(code="range", path=path, value=value, allowed=allowed)


def warning(code: str, path: str, value: str = "", allowed: str = "") -> Issue:
    """Make an issue that travels with the results and stops nothing."""
    return Issue(code=code, path=path, value=value, allowed=allowed, severity="warning")


def span(figure: Distribution) -> str:
    """Write the values that a figure can take: one, or the least and the largest."""
    low, high = figure.support()
    return f"{low:g}" if low == high else f"{low:g} … {high:g}"


def within(
    path: str, figure: Distribution | None, low: float, high: float, *, above: bool = False
) -> Iterator[Issue]:
    """Hold a figure between two ends; ``above`` leaves out the lower one."""
    if figure is None:
        return
    lowest, highest = figure.support()
    if above and lowest == low and figure.kind != "fixed":
        lowest = float(figure.quantile(np.array([1e-12]))[0])  # an end that no value reaches
    if not ((lowest > low if above else lowest >= low) and highest <= high):
        sign = "<" if above else "<="
        allowed = (
            f"{low:g} {sign} x <= {high:g}" if math.isfinite(high) else f"{'>' if above else '>='} {low:g}"
        )
        yield range_issue(path, span(figure), allowed)


def one_name(path: str, found: str, known: Iterable[str]) -> Iterator[Issue]:
    """A name must be one of those that exist."""
    options = sorted(set(known))
    if found not in options:
        close = difflib.get_close_matches(found, options, n=1)
        params = (("suggestion", close[0]),) if close else ()
        yield Issue(
            code="reference", path=path, value=found, allowed=", ".join(options) or "-", params=params
        )


def known_names(path: str, found: Iterable[str], known: Iterable[str]) -> Iterator[Issue]:
    """Every key of a mapping, or item of a list, must be a name that exists, once."""
    options = set(known)
    seen: set[str] = set()
    for k, name in enumerate(found):
        yield from one_name(f"{path}.{name if isinstance(found, Mapping) else k}", name, options)
        if name in seen:
            yield Issue(code="duplicate", path=path, value=name, allowed="1 x")
        seen.add(name)


def shares_of_one(path: str, shares: Shares, *, incomplete: bool = False) -> Iterator[Issue]:
    """Shares of one whole sum to one."""
    low, high = (sum(share.support()[end] for share in shares.values()) for end in (0, 1))
    if incomplete or abs(low - 1) > 1e-6 or abs(high - 1) > 1e-6:
        found = f"{low:.6g}" if abs(high - low) < 1e-9 else f"{low:.6g} … {high:.6g}"
        yield Issue(code="sum", path=path, value=found, allowed="1")


def terms(scenario: Scenario) -> Iterator[tuple[str, Term]]:
    """Yield every payment term with its path."""
    for name, term in scenario.contract.payments.items():
        yield f"contract.payments.{name}", term


def conditions(path: str, term: Term) -> Iterator[tuple[str, Condition]]:
    """Yield every condition of a term's gate with its path."""
    for kind in GATES if term.gate else ():
        for k, condition in enumerate(getattr(term.gate, kind)):
            yield f"{path}.gate.{kind}.{k}", condition


def observations_seen(scenario: Scenario, on: str, where: Where) -> list[Observation]:
    """Measurements of a result in some cells."""
    plan = plan_of(scenario.contract)
    return [o for o in plan.observations.get(on, ()) if plan.is_in(o, where)]


def size_of_plan(scenario: Scenario) -> int:
    """Measurements of a deal in all, counted without laying them out."""
    people = scenario.contract.people
    intakes = people.intakes.count if isinstance(people.intakes, Intakes) else len(people.intakes)
    cells = intakes * max(len(people.segments), 1) * max(len(people.providers), 1)
    return cells * max(sum(result.times for result in scenario.contract.results.values()), 1)
