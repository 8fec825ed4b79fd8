"""Levers: the few numbers of a deal that people move first, each as a factor on what was agreed or believed.

A lever at 1 leaves the deal as it is. Which levers a deal has follows from its document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.scenario.changes import Change, change_figures, put, scale
from simulator.scenario.errors import ScenarioError
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario

MONEY_OF_CURVES = ("price", "pay", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One number to move."""

    id: str
    """Stable name; its label is ``lever.<id>`` in the catalogues."""
    low: float
    high: float
    step: float
    neutral: float
    """Position at which the deal is as in its document."""
    paths: tuple[str, ...]
    """Figures that it moves."""
    is_factor: bool = True
    """Whether it multiplies the figures or puts a value in their place."""


def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """Tell which levers a deal has, in the order in which people ask for them."""
    paths = [
        path for part in ("contract", "world") for path, _ in walk_figures(getattr(scenario, part), part)
    ]
    prices = tuple(p for p in paths if p.startswith("contract.payments.") and _is_money_of_curve(p))
    ceilings = tuple(p for p in paths if p.startswith("contract.limits.") and p.endswith(".money"))
    effects = tuple(
        p for p in paths
        if p.startswith("world.results.") and p.rsplit(".", 1)[-1] in ("level", "effect", "relative_effect")
    )  # fmt: skip
    costs = tuple(p for p in paths if p.startswith("world.costs.") and p.endswith(".amount"))
    enrolment = ("world.enrolment.share",)
    capital = tuple(p for p in paths if p.startswith("contract.capital.") and p.endswith(".commitment"))
    made = [
        Lever(id="prices", low=0.5, high=2.0, step=0.05, neutral=1.0, paths=prices),
        Lever(id="ceilings", low=0.5, high=2.0, step=0.05, neutral=1.0, paths=ceilings),
        Lever(id="effects", low=0.0, high=1.5, step=0.05, neutral=1.0, paths=effects),
        Lever(id="enrolment", low=0.3, high=1.2, step=0.05, neutral=1.0, paths=enrolment),
        Lever(id="costs", low=0.5, high=1.5, step=0.05, neutral=1.0, paths=costs),
        Lever(id="capital", low=0.25, high=2.0, step=0.05, neutral=1.0, paths=capital),
    ]
    if scenario.world.early_end is not None:
        prob = scenario.world.early_end.prob.expectation()
        made.append(
            Lever(id="early_end", low=0.0, high=max(0.5, prob), step=0.01, neutral=prob,
                  paths=("world.early_end.prob",), is_factor=False)
        )  # fmt: skip
    return tuple(lever for lever in made if lever.paths)


def _is_money_of_curve(path: str) -> bool:
    keys = path.split(".")
    return "curve" in keys and (keys[-1] in MONEY_OF_CURVES or "price" in keys)


def apply_levers(scenario: Scenario, positions: Mapping[str, float]) -> Scenario:
    """Move levers of a deal.

    Parameters
    ----------
    scenario
        The deal as in its document.
    positions
        By lever, where it stands; levers that are not named, or stand at neutral, change nothing. Positions are
        held between the lever's ends.

    Returns
    -------
    The deal itself if nothing moves, else a new one.

    Raises
    ------
    ScenarioError
        If the deal has no such lever, or a position is no number.
    """
    known = {lever.id: lever for lever in levers(scenario)}
    wrong = [Issue(code="reference", path=name, value=name, allowed=", ".join(known) or "-")
             for name in positions if name not in known]  # fmt: skip
    for name, position in positions.items():
        if name in known and not math.isfinite(position):
            allowed = f"{known[name].low:g} <= x <= {known[name].high:g}"
            wrong.append(Issue(code="range", path=name, value=str(position), allowed=allowed))
    if wrong:
        raise ScenarioError(wrong)
    changes: dict[str, Change] = {}
    for name, position in positions.items():
        lever = known[name]
        held = min(max(position, lever.low), lever.high)
        if abs(held - lever.neutral) < 1e-12:
            continue
        changes.update({path: _change_of(scenario, lever, path, held) for path in lever.paths})
    return change_figures(scenario, changes) if changes else scenario


def _change_of(scenario: Scenario, lever: Lever, path: str, position: float) -> Change:
    if not lever.is_factor:
        return put(position)
    if lever.id == "effects":
        result = scenario.contract.results[path.split(".")[2]]
        if result.kind in ("share", "repeated") and path.endswith(".level"):
            return scale(position, low=0.0, high=1.0)
    return scale(position)
