"""What is kept between runs of the screen. Keys are texts; Streamlit never hashes a model or an array.

Futures of the unmoved deal are kept whole, so that a lever on prices, limits or capital only moves the money
again; everything else is kept as a few kilobytes.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import streamlit as st

from simulator.analysis.evaluation import EvaluationErrors, evaluation_errors
from simulator.engine.result import Simulation
from simulator.engine.simulate import Future, imagine, replay, settle
from simulator.library import library
from simulator.metrics.budget import Budget, budget
from simulator.metrics.provision import parse_rule
from simulator.metrics.replay import Comparison, compare_with_published
from simulator.scenario.errors import SimulatorError
from simulator.scenario.files import load
from simulator.scenario.reference.rates import HIGH, LOW, Discount
from simulator.scenario.scenario import Scenario
from simulator.ui.summary import Summary, summarise
from simulator.value.alternatives import discount_of
from simulator.value.comparison import Alternatives, compare
from simulator.version import __version__

_GATE = threading.BoundedSemaphore(2)
"""At most two simulations at a time in the whole process: forty people who click at once wait less in a queue."""
_LARGE = threading.Lock()
"""Of runs that take a gigabyte, one at a time."""
LARGE_FROM = 10_001
"""Trials from which a run is large: its futures are not kept."""
FEW = 4_000
"""Most futures in which errors of measurement are counted."""
TEMPLATES = "templates"
"""Folder of deals that are meant to be changed."""
NEAR = ("CL", "PE", "CO", "AR")
"""Countries whose deals come first in the list."""


def deals() -> dict[str, Scenario]:
    """All shipped deals that can be read, by identifier, in order."""
    return _deals(tuple((name, str(path), path.stat().st_mtime_ns) for name, path in library().items()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _deals(files: tuple[tuple[str, str, int], ...]) -> dict[str, Scenario]:
    """Read the deals once per state of the files; one that cannot be read is left out, not fatal."""
    found = {}
    for name, path, _ in files:
        try:
            found[name] = load(Path(path))
        except SimulatorError:
            continue
    return found


def groups() -> dict[str, tuple[str, ...]]:
    """Names of the deals by the part of the list they stand in: real ones, those of Latin America first; templates."""
    found = deals()
    templates = {name for name, path in library().items() if path.parent.name == TEMPLATES}
    order = {country: number for number, country in enumerate(NEAR)}
    real = sorted(
        (name for name in found if name not in templates), key=lambda n: order.get(found[n].country, 99)
    )
    parted = {"real": tuple(real), "template": tuple(name for name in found if name in templates)}
    return {group: names for group, names in parted.items() if names}


def futures_key(scenario: Scenario) -> str:
    """Identity of what a deal's futures depend on, and of the version that drew them."""
    return f"{__version__}:{scenario.futures_digest()}"


@st.cache_resource(max_entries=6, show_spinner=False)
def _futures(key: str, trials: int, seed: int, _scenario: Scenario) -> tuple[Future, ...]:
    return imagine(_scenario, trials=trials, seed=seed)


def summary(scenario: Scenario, base: Scenario, *, trials: int, seed: int) -> Summary:
    """Simulate a deal, or fetch what is known of it.

    Parameters
    ----------
    scenario
        The deal as it stands.
    base
        The deal as in its document; its futures are kept, and used where they serve.
    trials, seed
        How many futures, which luck.
    """
    key = f"{__version__}:{scenario.digest()}:{scenario.simulation.sampling}"
    return _summary(key, trials, seed, scenario, base)


@st.cache_data(max_entries=256, show_spinner=False)
def _summary(key: str, trials: int, seed: int, _scenario: Scenario, _base: Scenario) -> Summary:
    return summarise(_simulated(trials, seed, _scenario, _base))


def _simulated(trials: int, seed: int, scenario: Scenario, base: Scenario) -> Simulation:
    """Simulate, with the futures of the unmoved deal where they serve; few at a time."""
    is_large = trials >= LARGE_FROM
    with _LARGE if is_large else _GATE:
        own = futures_key(scenario)
        if own == futures_key(base) and not is_large:
            futures = _futures(own, trials, seed, base)
        else:
            futures = imagine(scenario, trials=trials, seed=seed)
        flows = settle(scenario, futures)
        return Simulation(scenario=scenario, seed=seed, trials=trials, flows=flows)


def budget_of(
    scenario: Scenario, base: Scenario, *, trials: int, seed: int, rule: str, constant: bool
) -> Budget:
    """Work out the budget of a deal under a rule, or fetch it; arguments as for :func:`summary`."""
    key = f"{__version__}:{scenario.digest()}:{scenario.simulation.sampling}"
    return _budget(key, trials, seed, rule, constant, scenario, base)


@st.cache_data(max_entries=256, show_spinner=False)
def _budget(
    key: str, trials: int, seed: int, rule: str, constant: bool, _scenario: Scenario, _base: Scenario
) -> Budget:
    return budget(_simulated(trials, seed, _scenario, _base), parse_rule(rule), constant=constant)


def _discount(scenario: Scenario, rate: str) -> Discount:
    """A rate of the screen as the core's headline rate."""
    return replace({"low": LOW, "high": HIGH}.get(rate) or discount_of(scenario), key="official")


def rate_of(scenario: Scenario, rate: str) -> float:
    """A rate of the screen, of the first years."""
    return _discount(scenario, rate).rate


def value_of(scenario: Scenario, base: Scenario, *, trials: int, seed: int, rate: str) -> Alternatives:
    """Set a deal beside its alternatives at one rate, or fetch it; arguments as for :func:`summary`."""
    key = f"{__version__}:{scenario.digest()}:{scenario.simulation.sampling}"
    return _value(key, trials, seed, rate, scenario, base)


@st.cache_data(max_entries=256, show_spinner=False)
def _value(key: str, trials: int, seed: int, rate: str, _scenario: Scenario, _base: Scenario) -> Alternatives:
    return compare(_simulated(trials, seed, _scenario, _base), discounts=(_discount(_scenario, rate),))


def evaluation_of(scenario: Scenario, *, trials: int, seed: int) -> dict[str, EvaluationErrors]:
    """Tell how often measurement errs, in no more than :data:`FEW` futures, or fetch it."""
    key = f"{__version__}:{scenario.digest()}:{scenario.simulation.sampling}"
    return _evaluation(key, min(trials, FEW), seed, scenario)


@st.cache_data(max_entries=256, show_spinner=False)
def _evaluation(key: str, trials: int, seed: int, _scenario: Scenario) -> dict[str, EvaluationErrors]:
    with _GATE:
        return evaluation_errors(_scenario, trials=trials, seed=seed)


def comparison(scenario: Scenario) -> tuple[Comparison, ...]:
    """Replay a deal that is over and compare it with what was published."""
    return _comparison(f"{__version__}:{scenario.digest()}", scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def _comparison(key: str, _scenario: Scenario) -> tuple[Comparison, ...]:
    return compare_with_published(replay(_scenario))


__all__ = [
    "budget_of", "comparison", "deals", "evaluation_of", "futures_key", "groups", "rate_of", "summary", "value_of",
]  # fmt: skip
