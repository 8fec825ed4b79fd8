"""Error recovery: what else is certainly wrong with a document whose structure does not hold.

The wrong parts are mended with stand-ins, in several different ways; what is found in all of them is certain.
"""

from __future__ import annotations

from typing import Any

from simulator.scenario.checks import check_scenario
from simulator.scenario.files.culprits import STUMBLES
from simulator.scenario.files.schema_nodes import Node, entry, figure_kinds, is_figure, kinds, resolved, said
from simulator.scenario.files.structure import Mistake, attempt
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario

_WAYS = 4
_ROUNDS = 4
_STAND_INS: dict[str, Any] = {
    "Condition": {"on": "stand_in", "at_least": 1}, "Observed": {"count": 1}, "Limit": {"on": ["all"], "money": 1e15},
    "KeepReserve": {"kind": "reserve", "periods": 1}, "Published": {"value": 1},
    "Blend": {"kind": "benchmark", "value": 0.5}, "Calendar": {"start": "2027-01-31", "period": "year", "periods": 240},
}  # fmt: skip
"""What can stand for a part whose fields depend on each other, by its title in the schema."""
_REGISTERS = {
    (), ("sources",), ("contract",), *(("contract", section) for section in
    ("parties", "people", "results", "payments", "fees", "capital")),
    ("world",), *(("world", section) for section in ("results", "costs", "indices", "exchange")),
}  # fmt: skip
"""Parts of a document whose names other parts refer to."""


def certain_issues(data: dict[str, Any], wrong: list[Mistake]) -> list[Issue]:
    """What else is wrong, whatever the wrong parts should have been."""
    certain: list[Issue] = []
    for way in range(_WAYS):
        found = _in_one_way(data, wrong, way)
        certain = found if way == 0 else [issue for issue in certain if issue in found]
        if not certain:
            break
    return certain


def _in_one_way(data: dict[str, Any], wrong: list[Mistake], way: int) -> list[Issue]:
    """Mend the structure with stand-ins until it holds, and tell what is found on the way."""
    mistakes, mended = list(wrong), _copy(data)
    fresh, issues = wrong, list[Issue]()
    for _ in range(_ROUNDS):
        if not all(_mend(mended, mistake, way) for mistake in fresh):
            return issues
        scenario, fresh = attempt(mended)
        issues += [m.issue for m in fresh if not _is_tainted(m.path, mistakes)]
        mistakes += fresh
        if scenario is not None:
            return issues + _sensible(scenario, mistakes)
    return issues


def _sensible(scenario: Scenario, mistakes: list[Mistake]) -> list[Issue]:
    """What the checks say about a mended document, without what may be the fault of the stand-ins."""
    if any(m.keys in _REGISTERS and not m.remove for m in mistakes):
        return []  # every reference to the names in it would be called wrong
    try:
        found = check_scenario(scenario)
    except STUMBLES:
        return []
    steps = any(m.path.startswith("contract.waterfall") for m in mistakes)
    return [
        issue
        for issue in found
        if issue.severity == "error"
        and not _is_tainted(issue.path, mistakes)
        and not _is_tainted(issue.value, mistakes)  # a reference to a part that a stand-in took the place of
        and not (steps and issue.code.startswith("waterfall."))
    ]


def _is_tainted(path: str, mistakes: list[Mistake]) -> bool:
    return any(path == m.path or path.startswith(f"{m.path}.") for m in mistakes if not m.remove)


def _mend(data: Any, mistake: Mistake, way: int) -> bool:
    """Take out what should not be there, or put a stand-in in place of what is wrong."""
    here = data
    for key in mistake.keys[:-1]:
        try:
            here = here[key]
        except (LookupError, TypeError):
            return True  # gone with something larger
    if not mistake.keys or not isinstance(here, (dict, list)):
        return not isinstance(here, (dict, list))
    last = mistake.keys[-1]
    if mistake.remove:
        if isinstance(here, dict):
            here.pop(last, None)
    elif isinstance(here, dict):
        here[last] = _stand_in(mistake.node, way)
    elif int(last) < len(here):
        here[int(last)] = _stand_in(mistake.node, way)
    return True


def _copy(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _copy(item) for key, item in part.items()}
    return [_copy(item) for item in part] if isinstance(part, list) else part


def _stand_in(node: Node, way: int) -> Any:
    """Something that could stand at a place; several ways give different things."""
    node = resolved(node)
    kind = node.get("properties", {}).get("kind", {}).get("const")
    if node.get("title") in _STAND_INS:
        return _copy(_STAND_INS[node["title"]])
    if "anyOf" in node:
        options = [option for option in node["anyOf"] if option.get("type") != "null"]
        return _stand_in(options[0], way)
    if is_figure(node) or kind in figure_kinds():
        return (0.5, 0.25, 1, 0.75)[way]
    if kinds(node):
        mapping = list(node["discriminator"]["mapping"].values())
        return _stand_in({"$ref": mapping[way % len(mapping)]}, way)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return node["enum"][way % len(node["enum"])]
    if node.get("type") == "object":
        if node.get("additionalProperties") == {"type": "string"}:
            return {"es": "–", "en": "–"}
        made = {key: _stand_in(node["properties"][key], way) for key in node.get("required", ())}
        names = (f"stand_in_{k}" for k in range(said(node, "minProperties", "minLength")))
        return made | {name: _stand_in(entry(node, ""), way) for name in names}
    if node.get("type") == "array":
        return [_stand_in(entry(node, 0), way) for _ in range(said(node, "minItems", "minLength"))]
    return _scalar_stand_in(node, way)


def _scalar_stand_in(node: Node, way: int) -> Any:
    if node.get("type") == "boolean":
        return bool(way % 2)
    if node.get("type") == "integer":
        low, high = node.get("minimum", 0), node.get("maximum", 600)
        return min(low + way, high)
    if node.get("type") == "number":
        least = said(node, "minimum", "exclusiveMinimum")
        most = said(node, "maximum", "exclusiveMaximum", otherwise=least + 1)
        return least + (most - least) * (0.2 + 0.2 * way)
    examples = {r"^[A-Z]{2}$": "US", r"^[A-Z]{3}$": "USD", r"^[a-z0-9][a-z0-9-]{0,60}$": "stand-in"}
    pattern = node.get("pattern", "")
    return "2027-01-31" if pattern.startswith(r"^\d{4}-") else examples.get(pattern, "stand_in")
