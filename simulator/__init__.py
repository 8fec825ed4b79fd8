"""Simulate outcomes-based contracts: a candidate contract in, every party's money out.

Examples
--------
>>> import simulator
>>> deal = simulator.load(simulator.library()["able-rikers"])
>>> result = simulator.simulate(deal, trials=200, seed=7)
>>> estimates = simulator.estimates(result)
>>> 0 <= estimates["investors.loss_probability"].mean <= 1
True
"""

from simulator.analysis.evaluation import EvaluationErrors, evaluation_errors, group_factor_needed
from simulator.analysis.uncertainty import Spread, spreads
from simulator.engine.draws import Chance
from simulator.engine.result import Flows, Simulation
from simulator.engine.simulate import imagine, replay, settle, simulate
from simulator.library import library
from simulator.metrics.registry import Metric, estimates, metrics
from simulator.metrics.replay import Comparison, compare_with_published
from simulator.metrics.summary import Estimate
from simulator.scenario.changes import as_seen_by
from simulator.scenario.errors import (
    EngineInvariantError,
    NoDatedValueError,
    ScenarioError,
    ScenarioFileError,
    SimulatorError,
    SolverError,
)
from simulator.scenario.files import dump, load, loads
from simulator.scenario.issues import Issue
from simulator.scenario.levers import Lever, apply_levers, levers
from simulator.scenario.scenario import Scenario
from simulator.scenario.schema import json_schema
from simulator.value.comparison import Alternatives, compare
from simulator.version import __version__

__all__ = [
    "Alternatives",
    "Chance",
    "Comparison",
    "EngineInvariantError",
    "Estimate",
    "EvaluationErrors",
    "Flows",
    "Issue",
    "Lever",
    "Metric",
    "NoDatedValueError",
    "Scenario",
    "ScenarioError",
    "ScenarioFileError",
    "Simulation",
    "SimulatorError",
    "SolverError",
    "Spread",
    "__version__",
    "apply_levers",
    "as_seen_by",
    "compare",
    "compare_with_published",
    "dump",
    "estimates",
    "evaluation_errors",
    "group_factor_needed",
    "imagine",
    "json_schema",
    "levers",
    "library",
    "load",
    "loads",
    "metrics",
    "replay",
    "settle",
    "simulate",
    "spreads",
]
