"""Uncertain figures: they give numbers, move together as far as they can, and stakeholders' beliefs are of the world."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simulator.scenario.checks.common import Check, known_names, one_name, warning
from simulator.scenario.correlations import correlation_matrix
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Path


def _check_figures(scenario: Scenario) -> Iterator[Issue]:
    """Every distribution gives numbers; parameters that are too small or too large for a computer do not."""
    luck = np.array([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
    for part in ("contract", "world", "beliefs", "actuals"):
        for path, figure in walk_figures(getattr(scenario, part), part):
            if figure.kind == "fixed":
                continue
            try:
                with np.errstate(all="ignore"):
                    values = [*figure.quantile(luck), figure.expectation()]
            except (ArithmeticError, ValueError):
                values = [math.nan]
            if not all(math.isfinite(value) for value in values):
                yield Issue(code="impossible", path=path, value=figure.kind, allowed="")


def _check_correlations(scenario: Scenario) -> Iterator[Issue]:
    figures = {path: figure for part in ("contract", "world")
               for path, figure in walk_figures(getattr(scenario, part), part)}  # fmt: skip
    uncertain = {path for path, figure in figures.items() if figure.support()[0] < figure.support()[1]}
    seen: set[frozenset[str]] = set()
    for k, pair in enumerate(scenario.world.correlations):
        path = f"world.correlations.{k}.between"
        yield from known_names(
            path, pair.between, figures if set(pair.between) - set(figures) else pair.between
        )
        for fixed in [name for name in pair.between if name in figures and name not in uncertain]:
            yield warning("correlation.fixed", path, fixed, "low < high")
        if frozenset(pair.between) in seen:
            yield Issue(code="duplicate", path=path, value=" · ".join(pair.between), allowed="1 x")
        seen.add(frozenset(pair.between))


def _check_correlation_repair(scenario: Scenario) -> Iterator[Issue]:
    """Correlations that no set of numbers can have are repaired, and the user is told."""
    pairs = scenario.world.correlations
    if not pairs:
        return
    paths, asked, possible = correlation_matrix(pairs)
    worst = float(np.abs(asked - possible).max())
    if worst > 1e-9:
        i, j = np.unravel_index(np.argmax(np.abs(asked - possible)), asked.shape)
        found = f"{paths[i]} ~ {paths[j]}: {asked[i, j]:.3f}"
        yield Issue(code="correlations.repaired", path="world.correlations", value=found,
                    allowed=f"{possible[i, j]:.3f}", severity="warning")  # fmt: skip


def _check_stakeholders(scenario: Scenario) -> Iterator[Issue]:
    known = {path for path, _ in walk_figures(scenario.world, "world")}
    for who, beliefs in scenario.beliefs.items():
        yield from one_name(
            f"beliefs.{who}", who, {*scenario.contract.parties, "payer", "investors", "provider"}
        )
        yield from known_names(f"beliefs.{who}", beliefs, known)


def _check_world_names(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    payers = [name for name, party in contract.parties.items() if party.role == "payer"]
    yield from known_names("world.payment_delay", world.payment_delay, payers)
    if world.deflator is not None:
        yield from known_names("world.deflator", [world.deflator], world.indices)
    if world.outside_view is not None:
        yield from known_names("world.outside_view.of", world.outside_view.of, contract.results)
    for name, index in world.indices.items():
        for k, value in enumerate(index.values if isinstance(index, Path) else ()):
            if value.support()[0] <= 0:
                found = f"{value.support()[0]:g}"
                yield Issue(code="range", path=f"world.indices.{name}.values.{k}", value=found, allowed="> 0")


CHECKS: tuple[Check, ...] = (
    _check_figures,
    _check_correlations,
    _check_correlation_repair,
    _check_stakeholders,
    _check_world_names,
)
