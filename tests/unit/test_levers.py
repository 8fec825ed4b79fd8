"""Levers: at neutral the deal is as it is written, exactly; elsewhere its figures are what the position says."""

from __future__ import annotations

import math

import pytest

import simulator
from simulator.scenario.figures import walk_figures
from tests.unit.test_checks import DEAL


def deal(prob: str = "0.02") -> simulator.Scenario:
    return simulator.loads(DEAL.replace("prob: 0.02", f"prob: {prob}"))


def figure(scenario: simulator.Scenario, path: str) -> float:
    return dict(walk_figures(scenario.world, "world"))[path].expectation()


@pytest.mark.parametrize(
    "prob", ["0.02", "0.0234567", "0.73", "1", "{kind: uniform, low: 0.01, high: 0.0234567}"]
)
def test_neutral_is_what_the_document_says_to_the_last_digit(prob: str) -> None:
    scenario = deal(prob)
    lever = next(lever for lever in simulator.levers(scenario) if lever.id == "early_end")
    assert lever.neutral == figure(scenario, "world.early_end.prob")
    assert lever.low <= lever.neutral <= lever.high


def test_a_position_is_taken_as_it_is() -> None:
    scenario = deal()
    moved = simulator.apply_levers(scenario, {"early_end": 1 / 3, "costs": 1 / 1.7})
    assert figure(moved, "world.early_end.prob") == 1 / 3
    assert math.isclose(figure(moved, "world.costs.teaching.amount"), 250_000 / 1.7, rel_tol=1e-15)


@pytest.mark.parametrize("name", [lever.id for lever in simulator.levers(deal())])
def test_at_neutral_the_deal_is_itself_and_beyond_the_ends_it_is_held(name: str) -> None:
    scenario = deal()
    lever = next(lever for lever in simulator.levers(scenario) if lever.id == name)
    assert simulator.apply_levers(scenario, {name: lever.neutral}) is scenario
    for end, beyond in ((lever.low, -1e9), (lever.high, 1e9)):
        held, pushed = (simulator.apply_levers(scenario, {name: position}) for position in (end, beyond))
        assert held == pushed
        assert held != scenario


def test_a_lever_that_the_deal_does_not_have_is_refused() -> None:
    with pytest.raises(simulator.ScenarioError):
        simulator.apply_levers(deal(), {"nothing": 1.0})
