"""Checks of a whole scenario: references, sums, loops, horizons. Each returns issues; none raises.

What cannot be right is an *error* and stops the run. What can be right and is probably not what was meant (a
tranche that is never drawn, a term that never pays) is a *warning* and travels with the results.
"""

from __future__ import annotations

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
    return [issue for check in CHECKS for issue in check(scenario)]


__all__ = ["CHECKS", "check_scenario", "range_issue"]
