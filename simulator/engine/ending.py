"""Early end: when a contract stops before its time, and what is then still measured and paid."""

from __future__ import annotations

import numpy as np

from simulator.engine.draws import Numbers
from simulator.engine.gates import condition_holds
from simulator.engine.measurement import Measured
from simulator.engine.outcomes import Luck
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


def believed_end(scenario: Scenario, numbers: Numbers, luck: Luck) -> FloatArray:
    """Moment of an early end that the world brings, shape ``(trials,)``; one past the last moment where none."""
    never = scenario.contract.calendar.periods + 1
    ends = np.full(luck.trials, float(never))
    early, u = scenario.world.early_end, luck.uniform("early_end")
    when = luck.uniform("early_end_moment")
    if early is None or u is None or when is None:
        return ends
    moment = early.first + np.floor(when * (early.last - early.first + 1))
    return _before_the_last(np.where(u > 1 - numbers.at("world.early_end.prob"), moment, ends), never)


def final_end(
    scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured], ends: FloatArray
) -> FloatArray:
    """Moment of an early end after a party has used its option to stop, shape ``(trials,)``."""
    option = scenario.contract.stop
    if option is None:
        return ends
    seen = {name: m.only(live_observations(scenario, plan, ends, name)) for name, m in measured.items()}
    goes_on = np.ones(ends.shape, dtype=bool)
    for index, condition in enumerate(option.unless):
        path = f"contract.stop.unless.{index}"
        goes_on &= condition_holds(
            condition, path, scenario, plan, numbers, seen, moment=option.at, cells=None
        )
    return _before_the_last(
        np.where(goes_on, ends, np.minimum(ends, option.at)), scenario.contract.calendar.periods + 1
    )


def _before_the_last(ends: FloatArray, never: int) -> FloatArray:
    """Ends that are early: a contract that ends at its last moment has run its time."""
    return np.where(ends >= never - 1, float(never), ends)


def live_observations(scenario: Scenario, plan: Plan, ends: FloatArray, name: str) -> FloatArray:
    """1 where an observation is still made despite an early end, else 0, shape ``(observations, trials)``."""
    rule = scenario.contract.after_early_end
    rows = []
    for observation in plan.observations[name]:
        started = plan.starts(observation) < ends
        rows.append(started & (observation.moment <= ends) if rule != "started" else started)
    return np.array(rows, dtype=float).reshape(len(rows), ends.size)
