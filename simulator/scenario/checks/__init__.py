"""Checks of a whole scenario: references, sums, loops, horizons. Each returns issues; none raises.

What cannot be right is an *error* and stops the run. What can be right and is probably not what was meant (a
tranche that is never drawn, a term that never pays) is a *warning* and travels with the results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from simulator.scenario.changes import as_seen_by
from simulator.scenario.checks import (
    actuals,
    capital,
    codes,
    figures,
    horizon,
    idle,
    limits,
    money,
    parties,
    results,
    terms,
    value,
)
from simulator.scenario.checks.common import Check, range_issue
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario

_KINDS = frozenset({"fixed", "uniform", "triangular", "pert", "beta", "beta_counts", "normal", "lognormal", "quantiles",
                    "discrete", "empirical", "mixture", "may_fail", "scaled"})  # fmt: skip
"""Names of distributions, which stand in the address of a mistake and in no document."""
CHECKS: tuple[Check, ...] = tuple(
    check
    for part in (
        codes,
        parties,
        results,
        terms,
        limits,
        horizon,
        money,
        capital,
        idle,
        figures,
        actuals,
        value,
    )
    for check in part.CHECKS
)


def check_scenario(scenario: Scenario) -> list[Issue]:
    """Find everything that is wrong or remarkable in a scenario whose structure holds."""
    found = [issue for check in CHECKS for issue in check(scenario)]
    if any(issue.severity == "error" for issue in found):
        return found
    return [*found, *_check_worlds_believed(scenario)]


def _check_worlds_believed(scenario: Scenario) -> Iterator[Issue]:
    """Every stakeholder's world is one that could be written down as the world of the deal."""
    for who in scenario.beliefs:
        seen = as_seen_by(scenario, who)
        try:
            written = Scenario.model_validate({**seen.model_dump(by_alias=True), "beliefs": {}})
        except ValidationError as error:
            for wrong in error.errors():
                place = ".".join(str(key) for key in wrong["loc"] if str(key) not in _KINDS)
                found = wrong.get("ctx", {})
                yield Issue(code="range", path=f"beliefs.{who}.{place}", value=str(found.get("found", "")),
                            allowed=str(found.get("allowed", "")))  # fmt: skip
            continue
        for check in CHECKS:
            for issue in check(written):
                if issue.severity == "error":
                    yield replace(issue, path=f"beliefs.{who}.{issue.path}")


__all__ = ["CHECKS", "check_scenario", "range_issue"]
