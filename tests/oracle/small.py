"""Hand-sized deals for tests: one plain deal, and ways to change it."""

from __future__ import annotations

import copy
from typing import Any

from simulator.scenario.checks import check_scenario
from simulator.scenario.scenario import Scenario

Mapping = dict[str, Any]
PARTIES: Mapping = {
    name: {"role": role, "name": name}
    for name, role in (
        ("city", "payer"),
        ("state", "payer"),
        ("prov_a", "provider"),
        ("prov_b", "provider"),
        ("inv_a", "investor"),
        ("inv_b", "investor"),
        ("grantor", "grantor"),
        ("guarantor", "guarantor"),
        ("manager", "manager"),
        ("evaluator", "evaluator"),
        ("trust", "account"),
    )
}
PLAIN: Mapping = {
    "schema": 1,
    "id": "small",
    "title": "Small",
    "country": "US",
    "currency": "USD",
    "contract": {
        "calendar": {"start": "2024-01-01", "period": "year", "periods": 3},
        "parties": PARTIES,
        "payers": {"city": 1},
        "account": "trust",
        "people": {"size": 100},
        "results": {"placed": {"kind": "share", "name": "placed", "after": 1}},
        "payments": {
            "success": {"name": "success", "on": "placed", "curve": {"kind": "per_unit", "price": 10}}
        },
        "waterfall": [{"kind": "pay", "to": "prov_a"}],
    },
    "world": {"results": {"placed": {"level": 1}}},
}
"""One hundred people, who all achieve the result at moment 1, at 10 each: the city pays 1000, the provider has it."""


class Whole:
    """Marks a part of a deal that replaces what was there instead of being mixed into it."""

    def __init__(self, value: Any) -> None:
        self.value = value


def mixed(old: Mapping, new: Mapping) -> Mapping:
    """Mix changes into a mapping; nothing else is touched."""
    result = dict(old)
    for key, value in new.items():
        if isinstance(value, Whole):
            result[key] = value.value
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = mixed(result[key], value)
        else:
            result[key] = value
    return result


def small(contract: Mapping | None = None, world: Mapping | None = None, *, checked: bool = True) -> Scenario:
    """The plain deal with changes."""
    document = mixed(copy.deepcopy(PLAIN), {"contract": contract or {}, "world": world or {}})
    scenario = Scenario.model_validate(document)
    if checked:
        wrong = mistakes(scenario)
        assert not wrong, wrong
    return scenario


def mistakes(scenario: Scenario) -> list[str]:
    """What the checks find wrong (warnings do not count)."""
    return [f"{issue.path}: {issue.code}" for issue in check_scenario(scenario) if issue.severity == "error"]
