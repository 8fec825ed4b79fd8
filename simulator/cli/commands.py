"""The commands: each reads its arguments, calls public functions, and prints. True if all is well."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from simulator.analysis.evaluation import evaluation_errors
from simulator.cli.arguments import (
    MAX_PORT,
    MAX_WORKERS,
    MOST_SEED,
    MOST_TRIALS,
    Call,
    WrongUse,
    whole_number,
)
from simulator.cli.budget import budget_document, budget_tables, budget_words
from simulator.cli.deals import find_deal, read_deal, try_deal
from simulator.cli.json_output import PAYMENTS, list_document, print_json, replay_document, run_document
from simulator.cli.text import (
    formats_of,
    heading,
    issue_line,
    library_tables,
    print_warnings,
    replay_table,
    run_tables,
)
from simulator.cli.value import (
    evaluation_document,
    evaluation_tables,
    value_document,
    value_tables,
    value_words,
)
from simulator.engine.result import Simulation
from simulator.engine.simulate import replay, simulate
from simulator.library import is_template, library
from simulator.metrics.budget import budget
from simulator.metrics.provision import parse_rule
from simulator.metrics.registry import metrics
from simulator.metrics.replay import Comparison, check_published, compare_with_published
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.scenario.schema import json_schema
from simulator.value.comparison import compare

_PACKAGE = Path(__file__).resolve().parents[1]
APPS = (_PACKAGE / "_app.py", _PACKAGE.parent / "app.py")
"""Where the app's door may be: inside an installed package, or in a checkout."""


def run(call: Call) -> bool:
    """Simulate a deal and show every party's numbers."""
    simulation, issues, source = _simulated(call)
    asked, scenario = call.arguments, simulation.scenario
    numbers = metrics(simulation)
    found = {key: metric.estimate() for key, metric in numbers.items()}
    issues = [*issues, *check_published(simulation)]
    if asked.json:
        print_json(run_document(simulation, numbers, found, issues, call.translator))
        return True
    _print(heading(scenario, call.translator, *_how(simulation, call)))
    _print(run_tables(scenario, numbers, found, call.translator))
    print_warnings(issues, call.translator, source)
    return True


def _simulated(call: Call) -> tuple[Simulation, list[Issue], str]:
    """Simulate the deal that was asked for, with its warnings and where it was read."""
    trials, seed = _asked(call)
    workers = whole_number(call, "workers", 1, MAX_WORKERS)
    scenario, issues, source = read_deal(call)
    return simulate(scenario, trials=trials, seed=seed, workers=workers), issues, source


def _asked(call: Call) -> tuple[int | None, int | None]:
    """How many futures and which luck were asked for, if they were."""
    asked = call.arguments
    return (
        None if asked.trials is None else whole_number(call, "trials", 1, MOST_TRIALS),
        None if asked.seed is None else whole_number(call, "seed", 0, MOST_SEED),
    )


def _how(simulation: Simulation, call: Call) -> tuple[str, str]:
    """How many futures, and which luck."""
    return _counted(simulation.scenario, simulation.trials, simulation.seed, call)


def _counted(scenario: Scenario, trials: int, seed: int, call: Call) -> tuple[str, str]:
    written = formats_of(scenario, call.translator).number(trials)
    return call.tr("cli.run.trials", n=written), call.tr("cli.run.seed", seed=seed)


def budget_deal(call: Call) -> bool:
    """Show what each payer provides for, year by year, under a rule."""
    rule = parse_rule(call.arguments.rule)
    simulation, issues, source = _simulated(call)
    found = budget(simulation, rule, constant=call.arguments.constant)
    words = budget_words(simulation.scenario, call.translator)
    if call.arguments.json:
        print_json(budget_document(simulation, found, words, issues, call.translator))
        return True
    _print(heading(simulation.scenario, call.translator, *_how(simulation, call)))
    _print(budget_tables(found, words))
    print_warnings(issues, call.translator, source)
    return True


def value_deal(call: Call) -> bool:
    """Set a deal beside doing nothing and buying by inputs."""
    simulation, issues, source = _simulated(call)
    found = compare(simulation)
    words = value_words(simulation.scenario, call.translator)
    if call.arguments.json:
        print_json(value_document(simulation, found, words, issues, call.translator))
        return True
    _print(heading(simulation.scenario, call.translator, *_how(simulation, call)))
    _print(value_tables(found, words))
    print_warnings(issues, call.translator, source)
    return True


def evaluate(call: Call) -> bool:
    """Tell how often measurement pays without effect, and how often it misses a success."""
    asked_trials, asked_seed = _asked(call)
    scenario, issues, source = read_deal(call)
    trials = scenario.simulation.trials if asked_trials is None else asked_trials
    seed = scenario.simulation.seed if asked_seed is None else asked_seed
    found = evaluation_errors(scenario, trials=trials, seed=seed)
    words = value_words(scenario, call.translator)
    if call.arguments.json:
        print_json(
            evaluation_document(scenario, found, words, issues, call.translator, seed=seed, trials=trials)
        )
        return True
    _print(heading(scenario, call.translator, *_counted(scenario, trials, seed, call)))
    _print(evaluation_tables(found, words))
    print_warnings(issues, call.translator, source)
    return True


def check(call: Call) -> bool:
    """Look for mistakes in a document."""
    scenario, issues, source = read_deal(call)
    if scenario.published:
        issues = [*issues, *check_published(replay(scenario))]
    _print(heading(scenario, call.translator))
    count = len(issues)
    print(call.translator.trn("cli.check.warnings", count, n=count) if count else call.tr("cli.check.fine"))
    print_warnings(issues, call.translator, source)
    return True


def replay_deal(call: Call) -> bool:
    """Compute a deal with what really happened, and compare with what was published."""
    scenario, issues, source = read_deal(call)
    simulation = replay(scenario)
    numbers = metrics(simulation)
    payments = numbers[PAYMENTS].estimate().mean
    checks = _compared(simulation)
    issues = [*issues, *check_published(simulation)]
    if call.arguments.json:
        print_json(replay_document(scenario, payments, checks, issues, call.translator))
        return True
    _print(heading(scenario, call.translator))
    written = formats_of(scenario, call.translator).money(payments, scenario.currency, 0)
    print(call.tr("cli.replay.payments", payments=written))
    units = {key: metric.unit for key, metric in numbers.items()}
    _print(replay_table(scenario, checks, units, call.translator))
    print_warnings(issues, call.translator, source)
    return True


def _compared(simulation: Simulation) -> list[Comparison]:
    """Every published figure beside the computed one; one that names no number is compared with nothing."""
    known = {check.key: check for check in compare_with_published(simulation)}
    nothing = float("nan")
    return [
        known.get(key) or Comparison(
            key=key, found=nothing, expected=one.value, at_least=one.at_least, at_most=one.at_most, difference=nothing,
            tolerance=one.tolerance, proves=one.proves, sources=one.sources,
        )
        for key, one in simulation.scenario.published.items()
    ]  # fmt: skip


def list_deals(call: Call) -> bool:
    """Name the shipped deals."""
    deals, wrong = [], []
    for name, path in library().items():
        scenario, issues = try_deal(str(path))
        if scenario is None:
            wrong += [issue_line(issue, call.translator, str(path)) for issue in issues]
        else:
            deals.append((name, scenario, is_template(path)))
    for line in wrong:
        print(line, file=sys.stderr)
    if call.arguments.json:
        print_json(list_document(deals))
    else:
        _print(library_tables(deals, call.translator))
    return not wrong


def show(call: Call) -> bool:
    """Write the document of a shipped deal as it is, to be copied."""
    print(Path(find_deal(call, shipped_only=True)).read_text(encoding="utf-8"), end="")
    return True


def schema(call: Call) -> bool:
    """Write the JSON schema of documents."""
    print_json(json_schema())
    return True


def app(call: Call) -> bool:
    """Open the app in the browser."""
    port = whole_number(call, "port", 1, MAX_PORT)
    door = next((path for path in APPS if path.is_file()), None)
    if door is None:
        raise WrongUse(call.tr("cli.error.no_app", value=" · ".join(map(str, APPS))))
    if importlib.util.find_spec("streamlit") is None:
        raise WrongUse(call.tr("cli.error.no_streamlit"))
    command = [sys.executable, "-m", "streamlit", "run", str(door), f"--server.port={port}"]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own program, no shell


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


COMMANDS: Final[dict[str, Callable[[Call], bool]]] = {
    "run": run, "budget": budget_deal, "value": value_deal, "evaluate": evaluate,
    "check": check, "replay": replay_deal, "list": list_deals, "show": show,
    "schema": schema, "app": app,
}  # fmt: skip
