"""Answers for machines: JSON with stable English keys, the same in every language but for the sentences."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator import __version__
from simulator.engine.result import Simulation
from simulator.i18n import Translator
from simulator.metrics.registry import Metric
from simulator.metrics.replay import Comparison
from simulator.metrics.summary import Estimate
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario

PAYMENTS = "payer.payments"


def print_json(data: Any) -> None:
    """Print a document; beyond ASCII only where the terminal can show it."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(data, indent=2, ensure_ascii=not is_utf8, allow_nan=False))


def run_document(
    simulation: Simulation, numbers: Mapping[str, Metric], found: Mapping[str, Estimate], issues: Iterable[Issue],
    translator: Translator,
) -> dict[str, Any]:  # fmt: skip
    """Every number of a run."""
    scenario = simulation.scenario
    table: dict[str, Any] = {}
    size = max((abs(found[key].high) for key, metric in numbers.items() if metric.unit == "money"
                and math.isfinite(found[key].high)), default=0.0)  # fmt: skip
    for key, metric in numbers.items():
        table[key] = {**_rounded(found[key], metric, size), "unit": metric.unit, "party": metric.party}
        if metric.unit == "rate":
            table[key]["undefined"] = dict(found[key].undefined)
            table[key]["of_mean_flows"] = finite(found[key].of_mean_flows)
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "seed": simulation.seed,
        "sampling": scenario.simulation.sampling,
        "trials": simulation.trials, "currency": scenario.currency, "metrics": table,
        "warnings": warnings_of(issues, translator), "notes": _notes(scenario, translator),
    }  # fmt: skip


NOISE = 1e-9
"""Of the contract's size: less is the rounding of the computer, and is written as nothing."""


def _rounded(one: Estimate, metric: Metric, size: float) -> dict[str, object]:
    """An estimate without the rounding noise of money."""
    plain = one.to_dict()
    if metric.unit != "money":
        return plain
    return {
        name: 0.0 if isinstance(value, float) and abs(value) < NOISE * size else value
        for name, value in plain.items()
    }


def replay_document(
    scenario: Scenario,
    payments: float,
    checks: Sequence[Comparison],
    issues: Iterable[Issue],
    translator: Translator,
) -> dict[str, Any]:
    """Published figures beside the replayed ones."""
    paid = next((check for check in checks if check.key == PAYMENTS), None)
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "currency": scenario.currency,
        "payments": finite(payments), "expected": None if paid is None else _expected(paid),
        "difference": None if paid is None else finite(paid.difference),
        "checks": [
            {"key": check.key, "found": finite(check.found), "expected": check.expected, "at_least": check.at_least,
             "at_most": check.at_most, "difference": finite(check.difference), "tolerance": check.tolerance,
             "agrees": check.agrees, "proves": check.proves, "sources": list(check.sources)}
            for check in checks
        ],
        "warnings": warnings_of(issues, translator), "notes": _notes(scenario, translator),
    }  # fmt: skip


def list_document(deals: Iterable[tuple[str, Scenario, bool]]) -> list[dict[str, Any]]:
    """The shipped deals; each with whether it is a template."""
    return [
        {"id": name, "kind": "template" if is_template else "deal", "title": deal.title, "country": deal.country,
         "currency": deal.currency, "grade": deal.grade, "digest": deal.digest()}
        for name, deal, is_template in deals
    ]  # fmt: skip


def _expected(paid: Comparison) -> float | dict[str, float | None]:
    return {"at_least": paid.at_least, "at_most": paid.at_most} if paid.expected is None else paid.expected


def finite(value: float | None) -> float | None:
    """A number that JSON can write; nothing where it is none."""
    return float(value) if value is not None and math.isfinite(value) else None


def warnings_of(issues: Iterable[Issue], translator: Translator) -> list[dict[str, Any]]:
    """Warnings with their sentences."""
    return [
        {"code": issue.code, "path": issue.path, "line": issue.line, "value": issue.value, "allowed": issue.allowed,
         "severity": issue.severity, "message": translator.issue(issue.code, **issue.placeholders())}
        for issue in issues
    ]  # fmt: skip


def _notes(scenario: Scenario, translator: Translator) -> list[str]:
    return [scenario.remarks[translator.language]] if scenario.remarks else []
