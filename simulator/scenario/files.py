"""From a file or text to a checked scenario, and back; every mistake is reported at once, with its place.

A document goes through two examinations: its *structure* (fields, kinds, numbers; pydantic) and its *sense*
(references, sums, loops; ``checks.py``). The second needs a structure that holds. Where it does not, the wrong
parts are mended with stand-ins, in several different ways, and what the checks say in *all* of these ways is
certain and reported too: a person sees every mistake of the document in one go.
"""

from __future__ import annotations

import difflib
import math
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from simulator.scenario.checks import check_scenario, range_issue
from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.issues import Issue, short_repr
from simulator.scenario.numbers import ALLOWED, THOUSANDS_DOT, read_written
from simulator.scenario.scenario import SCHEMA_VERSION, Scenario
from simulator.scenario.strict_yaml import MAX_ISSUES, Document, load_file, load_text
from simulator.scenario.upgrades import upgrade

Node = dict[str, Any]
"""A part of the JSON schema: what is possible at a place of the document."""

# What a validator, a check or an upgrade may stumble over when a document is strange enough. None of them
# should; if one does, the person still gets a message with a place and not a traceback.
_STUMBLES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


def load(source: str | Path) -> Scenario:
    """Read a scenario from a file and check it.

    Parameters
    ----------
    source
        Path of a YAML or JSON file.

    Returns
    -------
    The frozen, checked scenario.

    Raises
    ------
    ScenarioFileError
        If the file cannot be read as a document, or its schema is newer than this package.
    ScenarioError
        If the document is not a possible scenario; ``issues`` lists everything that is wrong.
    """
    try:
        return from_document(load_file(source))
    except ScenarioFileError as error:
        raise ScenarioFileError(error.issues, error.source or str(source)) from None


def loads(text: str | bytes) -> Scenario:
    """Read a scenario from YAML or JSON text and check it; see :func:`load`."""
    return from_document(load_text(text))


def from_document(document: Document) -> Scenario:
    """Build and check a scenario from a document that was read."""
    scenario, issues = examine(document)
    errors = [issue for issue in issues if issue.severity == "error"]
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario


def from_data(data: dict[str, Any]) -> Scenario:
    """Build and check a scenario from plain data; see :func:`load` for what is raised."""
    return from_document(Document(data=data, lines={}))


def examine(document: Document) -> tuple[Scenario | None, list[Issue]]:
    """Find everything that is wrong with a document, and everything remarkable.

    Returns
    -------
    The scenario, if its structure holds, and all issues in the order of the document: errors and warnings.

    Raises
    ------
    ScenarioFileError
        If the document is written in a newer schema than this package knows.
    """
    data: Any = document.data
    if not isinstance(data, dict):
        return None, [Issue(code="type", path="", value=short_repr(data), allowed="{…}", line=1)]
    _refuse_newer(data, document)
    try:
        data = upgrade(data)
    except _STUMBLES:
        return None, _placed([Issue(code="schema.upgrade", path="schema", value=short_repr(data.get("schema")),
                                    allowed=str(SCHEMA_VERSION))], data, document)  # fmt: skip
    scenario, wrong = _attempt(data)
    issues = [mistake.issue for mistake in wrong]
    if scenario is None:
        issues += _certain(data, wrong)
    else:
        issues += check_scenario(scenario)
    return scenario, _placed(issues, data, document)


def _refuse_newer(data: dict[str, Any], document: Document) -> None:
    version = data.get("schema")
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        newer = Issue(code="schema.newer", path="schema", value=short_repr(version), allowed=f"<= {SCHEMA_VERSION}",
                      line=document.line_of("schema"))  # fmt: skip
        raise ScenarioFileError([newer])


def _placed(issues: Iterable[Issue], data: Any, document: Document) -> list[Issue]:
    """Give each issue its path as the person wrote it and its line; in the order of the document, each once."""
    placed: dict[Issue, None] = {}
    for issue in issues:
        path = _as_written(issue.path, data)
        placed[replace(issue, path=path, line=document.line_of(path))] = None
    ordered = sorted(placed, key=lambda issue: (issue.severity == "warning", issue.line or 0, issue.path))
    if len(ordered) <= MAX_ISSUES:
        return ordered
    more = Issue(code="file.too_many_issues", path="", value=str(len(ordered)), allowed=f"<= {MAX_ISSUES}",
                 line=ordered[MAX_ISSUES].line)  # fmt: skip
    return [*ordered[:MAX_ISSUES], more]


def _as_written(path: str, data: Any) -> str:
    """Path in the document as it is: what was written short (``to: loan``) has no parts of its own."""
    parts, here = path.split("."), data
    kept: list[str] = []
    while parts:
        if isinstance(here, dict):
            several = (
                n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in here
            )  # payer.payments is one key
            length = next(several, 0)
            if length:
                key, parts = ".".join(parts[:length]), parts[length:]
                kept, here = [*kept, key], here[key]
            elif parts[0].isdigit():
                parts = parts[1:]  # one thing was written without a list around it
            else:
                return ".".join([*kept, *parts])
        elif isinstance(here, list) and parts[0].isdigit() and int(parts[0]) < len(here):
            kept, here, parts = [*kept, parts[0]], here[int(parts[0])], parts[1:]
        else:
            break
    return ".".join(kept)


# ── What is possible where ───────────────────────────────────────────────────────────────────────────


@cache
def _schema() -> Node:
    return Scenario.model_json_schema()


def _resolved(node: Node) -> Node:
    """Follow references, and look through "or nothing"."""
    while True:
        options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
        if "$ref" in node:
            node = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
        elif len(options) == 1:
            node = options[0]
        else:
            return node


def _option(node: Node, part: Any) -> Node:
    """Of several shapes that are possible here, the one that a person seems to have meant."""
    options = [_resolved(option) for option in node["anyOf"] if option.get("type") != "null"]
    return next((option for option in options if _suits(option, part)), options[0])


def _suits(option: Node, part: Any) -> bool:
    if "discriminator" in option:
        return not isinstance(part, (dict, list)) or (
            isinstance(part, dict) and bool({"kind", "value"} & part.keys())
        )
    if option.get("type") == "array":
        return isinstance(part, list)
    if "properties" in option:
        return isinstance(part, dict) and bool(option["properties"].keys() & part.keys())
    return isinstance(part, dict) and not {"kind", "value"} & part.keys()


def _shape(node: Node, part: Any) -> Node:
    """The shape of a part of the document, as far as it can be told."""
    node = _resolved(node)
    if "anyOf" in node:
        node = _option(node, part)
    if "discriminator" in node and isinstance(part, dict):
        mapping = node["discriminator"]["mapping"]
        kind = part.get("kind", "fixed")
        return _resolved({"$ref": mapping[kind]}) if isinstance(kind, str) and kind in mapping else node
    return node


def _entry(node: Node, key: Any) -> Node:
    """What is possible at one entry of a mapping or list."""
    if key in node.get("properties", {}):
        found: Node = node["properties"][key]
        return found
    for several in (node.get("patternProperties", {}).values(), node.get("prefixItems", ())):
        if several:
            return next(iter(several))
    other = node.get("items", node.get("additionalProperties"))
    return other if isinstance(other, dict) else {}


def _kinds(node: Node) -> list[str]:
    return list(node.get("discriminator", {}).get("mapping", {}))


def _is_figure(node: Node) -> bool:
    return "fixed" in _kinds(node)


# ── Structure ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mistake:
    """One wrong thing in the structure, and what could stand there."""

    issue: Issue
    keys: tuple[str | int, ...]
    node: Node
    remove: bool = False
    """Whether it should not be there at all."""

    @property
    def path(self) -> str:
        return ".".join(map(str, self.keys))


def _attempt(data: dict[str, Any]) -> tuple[Scenario | None, list[_Mistake]]:
    """Build a scenario, or tell what is wrong with the structure."""
    scenario, wrong = None, []
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        found = (_mistake(detail, data) for detail in error.errors(include_url=False))
        wrong = [mistake for mistake in found if mistake is not None]
    except _STUMBLES:
        wrong = [_impossible(keys, data) for keys in _culprits(data)]
    known = {mistake.keys for mistake in wrong}
    wrong += [mistake for mistake in _truth_values(data, _schema(), ()) if mistake.keys not in known]
    return (None if wrong else scenario), wrong


def _truth_values(part: Any, node: Node, keys: tuple[str | int, ...]) -> Iterator[_Mistake]:
    """``true`` where a number belongs; the validator would silently take it for 1."""
    node = _shape(node, part)
    if isinstance(part, bool):
        if node.get("type") in ("integer", "number") or isinstance(node.get("const"), int):
            issue = Issue(code="type", path=_dotted(keys), value=short_repr(part), allowed=_expected(node))
            yield _Mistake(issue=issue, keys=keys, node=node)
        return
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, item in entries:
        yield from _truth_values(item, _entry(node, key), (*keys, key))


def _mistake(detail: ErrorDetails, data: Any) -> _Mistake | None:
    """Turn one complaint of the validator into ours; nothing if it is about a shape that nobody meant."""
    place = _place(detail["loc"], data)
    if place is None:
        return None
    keys, node, around = place
    kind, found = detail["type"], detail["input"]
    remove = kind in ("extra_forbidden", "invalid_key") or "[key]" in detail["loc"]
    if kind in ("union_tag_invalid", "union_tag_not_found") and isinstance(found, dict):
        issue = _kind_issue(keys, node, found)
    elif kind == "extra_forbidden":
        issue = _unknown_issue(keys, around)
    else:
        issue = _plain_issue(detail, keys, node)
    return _Mistake(issue=issue, keys=keys, node=node, remove=remove)


def _place(loc: tuple[int | str, ...], data: Any) -> tuple[tuple[str | int, ...], Node, Node] | None:
    """Where a complaint belongs in the document: its keys, what is possible there and around it.

    The validator's own place has names of variants in between, and parts that the person did not write because
    there is a short form. Nothing is returned if the complaint is about a variant that was not meant.
    """
    keys: list[str | int] = []
    here, node, around = data, _schema(), _schema()
    parts = list(loc)
    while parts:
        node = _resolved(node)
        part = parts.pop(0)
        if "anyOf" in node:
            node = _option(node, here)
            if not _is_label(str(part), node):
                return None
            continue
        if "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"].get(part, "")} if part in _kinds(node) else {}
            continue
        if part == "[key]":
            break
        below = _entry(node, part)
        if isinstance(here, dict):
            if part in here or not parts:
                keys, around, node, here = [*keys, part], node, below, here.get(part)
            elif isinstance(part, int):
                node = below  # one thing was written without a list around it
            else:
                break
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            keys, around, node, here = [*keys, part], node, below, here[part]
        else:
            break
    return tuple(keys), _resolved(node), around


def _is_label(label: str, option: Node) -> bool:
    if "discriminator" in option:
        return label.startswith(("function-", "tagged-union"))
    if option.get("type") == "array":
        return label.startswith("tuple[")
    return label == option.get("title") or ("properties" not in option and label.startswith("dict["))


def _dotted(keys: Iterable[str | int]) -> str:
    return ".".join(map(str, keys))


_CODES = {
    "missing": "missing", "literal_error": "choice", "string_pattern_mismatch": "pattern", "invalid_key": "type",
    "union_tag_invalid": "choice", "union_tag_not_found": "choice",
    "too_long": "length", "too_short": "length", "string_too_long": "length", "string_too_short": "length",
    "greater_than": "range", "greater_than_equal": "range", "less_than": "range", "less_than_equal": "range",
    "finite_number": "number", "float_parsing": "number", "float_type": "number",
    "int_from_float": "whole", "int_parsing": "whole", "int_type": "whole", "int_parsing_size": "whole",
}  # fmt: skip
"""Our code for each of the validator's; all others are ``type``."""
_OWN = {"number": "number", "range": "range", "distribution": "distribution", "order": "order", "sum": "sum",
        "choice": "one_of", "text": "type"}  # fmt: skip
"""Our code for each complaint of our own validators."""
_NUMBER = "12.5 · 12.5 % · 9 600 000 (S1)"
_NEUTRAL = {
    ALLOWED: _NUMBER,
    "a number without references here": "12.5 · 12.5 %",
    "a finite number between -1e+18 and 1e+18": "-1e18 … 1e18",
    "`at` ascending": "at[1] <= at[2] <= …",
    "weights that sum to 1": "1",
    "exactly one of count, mean, relative_reduction, difference": "count | mean | relative_reduction | difference",
    "one of level, effect, relative_effect": "level | effect | relative_effect",
    "term, or on with exactly one of at_least, below, significant":
        "{term} | {on, at_least} | {on, below} | {on, significant}",
    "exactly one of money, units, share (with of), floor": "{money} | {units} | {share, of} | {floor}",
    "periods or amount": "periods | amount",
    "value, or at_least and at_most": "{value} | {at_least, at_most}",
    "min and max within reach of the mean": "P(min < x < max) >= 1e-9",
    "min < max, within reach of the mean": "min < max, P(min < x < max) >= 1e-9",
}  # fmt: skip
"""Expressions that need no translation, for what our validators allow."""
_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": "a…z 0…9 _",
    r"^[a-z0-9][a-z0-9-]{0,60}$": "a…z 0…9 -",
    r"^[A-Z]{2}$": "AR, CL, CO, MX, PE, US … (ISO 3166)",
    r"^[A-Z]{3}$": "ARS, CLP, COP, MXN, PEN, USD … (ISO 4217)",
    r"^[A-Za-z][A-Za-z0-9_]{0,15}$": "A…Z a…z 0…9 _",
    r"^\d{1,3}$": "0 … 999",
}


def _plain_issue(detail: ErrorDetails, keys: tuple[str | int, ...], node: Node) -> Issue:
    context = detail.get("ctx", {})
    kind, path = detail["type"], _dotted(keys)
    value = "" if kind == "missing" else short_repr(detail["input"])
    if kind in _OWN:
        code, allowed = _OWN[kind], str(context["allowed"])
        value = (
            re.sub(r"\bNone\b", "–", str(context["found"]))
            if kind != "number" and "found" in context
            else value
        )
        if code == "range":
            return range_issue(path, value, allowed)
        if code == "one_of" and not re.search(r"\w, \w", value):
            value = short_repr(detail["input"])
        neutral = re.sub(r"^(\d+) weights, not all zero$", r"\1, sum > 0", allowed)
        return Issue(code=code, path=path, value=value, allowed=_NEUTRAL.get(allowed, neutral))
    code = _CODES.get(kind, "type")
    if code == "pattern":
        pattern = str(context["pattern"])
        if pattern.startswith(r"^\d{4}-"):
            return Issue(code="date", path=path, value=value, allowed="2027-01-31")
        return Issue(code=code, path=path, value=value, allowed=_PATTERNS.get(pattern, pattern))
    if code == "length":
        return Issue(code=code, path=path, value=_length(detail["input"]), allowed=_lengths(node, context))
    if code == "range":
        low_high = {k: f"{v:g}" for k, v in context.items() if k in ("ge", "gt", "le", "lt")}
        signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
        bounds = _bounds(node) or ", ".join(f"{signs[k]} {v}" for k, v in low_high.items())
        return Issue(code=code, path=path, value=value, allowed=bounds)
    return Issue(code=code, path=path, value=value, allowed=_NUMBER if code == "number" else _expected(node))


def _length(found: Any) -> str:
    return str(len(found)) if isinstance(found, (str, list, tuple, dict)) else short_repr(found)


def _lengths(node: Node, context: dict[str, Any]) -> str:
    low = _said(node, "minItems", "minProperties", "minLength", otherwise=context.get("min_length", 0))
    high = _said(node, "maxItems", "maxProperties", "maxLength", otherwise=context.get("max_length", "…"))
    return f"{low} … {high}"


def _said(node: Node, *keys: str, otherwise: Any = 0) -> Any:
    """What a node says under the first of several keys that it has."""
    return next((node[key] for key in keys if key in node), otherwise)


def _bounds(node: Node) -> str:
    """The range of a number, written without words."""
    low = next(((f"{node[key]:g}", sign) for key, sign in (("minimum", "<="), ("exclusiveMinimum", "<")) if key in node),
               None)  # fmt: skip
    high = next(((f"{node[key]:g}", sign) for key, sign in (("maximum", "<="), ("exclusiveMaximum", "<")) if key in node),
                None)  # fmt: skip
    if low and high:
        return f"{low[0]} {low[1]} x {high[1]} {high[0]}"
    if low:
        return f"{'>=' if low[1] == '<=' else '>'} {low[0]}"
    return f"{high[1]} {high[0]}" if high else ""


def _expected(node: Node) -> str:
    """What may stand at a place, written without words."""
    node = _resolved(node)
    if "anyOf" in node:
        return " | ".join(
            dict.fromkeys(_expected(option) for option in node["anyOf"] if option.get("type") != "null")
        )
    if _is_figure(node):
        return _NUMBER
    if _kinds(node):
        return "{kind: " + " | ".join(_kinds(node)) + "}"
    if "const" in node or "enum" in node:
        return " | ".join(map(str, node.get("enum", [node.get("const")])))
    pattern = node.get("pattern", "")
    if node.get("type") == "string":
        return "2027-01-31" if pattern.startswith(r"^\d{4}-") else _PATTERNS.get(pattern, "“…”")
    if node.get("type") == "integer":
        return _bounds(node).replace("x", "n") or "1, 2, 3 …"
    if node.get("type") == "object":
        required = ", ".join(node.get("required", ()))
        return f"{{{required}, …}}" if required else "{…}"
    return {"number": "12.5", "boolean": "true | false", "array": "[…]"}.get(node.get("type", ""), "")


def _kind_issue(keys: tuple[str | int, ...], node: Node, found: dict[str, Any]) -> Issue:
    path, allowed = _dotted((*keys, "kind")), " | ".join(_kinds(node))
    if "kind" not in found:
        return Issue(code="missing", path=path, value="", allowed=allowed)
    return Issue(code="choice", path=path, value=short_repr(found["kind"]), allowed=allowed)


def _unknown_issue(keys: tuple[str | int, ...], around: Node) -> Issue:
    name = str(keys[-1])
    fields = list(_resolved(around).get("properties", {}))
    close = difflib.get_close_matches(name, fields, n=1)
    suggestion = close[0] if close else _further_down(name, _resolved(around))
    params = (("suggestion", suggestion),) if suggestion else ()
    return Issue(
        code="unknown_field", path=_dotted(keys), value=name, allowed=", ".join(fields), params=params
    )


def _further_down(name: str, around: Node) -> str:
    """A field of this very name one level further down, such as ``paid.lag``."""
    for field, node in around.get("properties", {}).items():
        if name in _resolved(node).get("properties", {}):
            return f"{field}.{name}"
    return ""


# ── Numbers that stop the validator itself ───────────────────────────────────────────────────────────

_MAX_TRIES = 400


def _impossible(keys: tuple[str | int, ...], data: Any) -> _Mistake:
    node, here = _schema(), data
    for key in keys:
        node, here = _entry(_shape(node, here), key), here[key]
    issue = Issue(code="impossible", path=_dotted(keys), value=short_repr(here), allowed="")
    return _Mistake(issue=issue, keys=keys, node=_resolved(node))


def _culprits(data: Any) -> list[tuple[str | int, ...]]:
    """Parts of a document at which validation stumbles, each as small as can be found."""
    tries = [0]

    def stumbles(mended: Any) -> bool:
        tries[0] += 1
        try:
            Scenario.model_validate(mended)
        except ValidationError:
            return False
        except _STUMBLES:
            return True
        return False

    def descend(keys: tuple[str | int, ...], here: Any) -> list[tuple[str | int, ...]]:
        entries = (
            list(here) if isinstance(here, dict) else list(range(len(here))) if isinstance(here, list) else []
        )
        if isinstance(here, list) and len(here) == 1 and not isinstance(here[0], dict):
            return [keys]  # taking the only member out would tell nothing about it
        found = []
        for key in entries:
            if tries[0] < _MAX_TRIES and stumbles(_only(data, (*keys, key))):
                found += descend((*keys, key), here[key])
        return found or [keys]

    return descend((), data)


def _only(data: Any, keys: tuple[str | int, ...]) -> Any:
    """The document with nothing in it but one of its parts and what that is inside of."""
    if not keys:
        return data
    inner = _only(data[keys[0]], keys[1:])
    if isinstance(data, list):
        return [inner]
    return ({"kind": data["kind"]} if "kind" in data else {}) | {keys[0]: inner}


# ── Sense, in spite of a broken structure ────────────────────────────────────────────────────────────

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


def _certain(data: dict[str, Any], wrong: list[_Mistake]) -> list[Issue]:
    """What else is wrong, whatever the wrong parts should have been."""
    certain: list[Issue] = []
    for way in range(_WAYS):
        found = _in_one_way(data, wrong, way)
        certain = found if way == 0 else [issue for issue in certain if issue in found]
        if not certain:
            break
    return certain


def _in_one_way(data: dict[str, Any], wrong: list[_Mistake], way: int) -> list[Issue]:
    """Mend the structure with stand-ins until it holds, and tell what is found on the way."""
    mistakes, mended = list(wrong), _copy(data)
    fresh, issues = wrong, list[Issue]()
    for _ in range(_ROUNDS):
        if not all(_mend(mended, mistake, way) for mistake in fresh):
            return issues
        scenario, fresh = _attempt(mended)
        issues += [m.issue for m in fresh if not _is_tainted(m.path, mistakes)]
        mistakes += fresh
        if scenario is not None:
            return issues + _sensible(scenario, mistakes)
    return issues


def _sensible(scenario: Scenario, mistakes: list[_Mistake]) -> list[Issue]:
    """What the checks say about a mended document, without what may be the fault of the stand-ins."""
    if any(m.keys in _REGISTERS and not m.remove for m in mistakes):
        return []  # every reference to the names in it would be called wrong
    try:
        found = check_scenario(scenario)
    except _STUMBLES:
        return []
    steps = any(m.path.startswith("contract.waterfall") for m in mistakes)
    return [
        issue
        for issue in found
        if issue.severity == "error"
        and not _is_tainted(issue.path, mistakes)
        and not (steps and issue.code.startswith("waterfall."))
    ]


def _is_tainted(path: str, mistakes: list[_Mistake]) -> bool:
    return any(path == m.path or path.startswith(f"{m.path}.") for m in mistakes if not m.remove)


def _mend(data: Any, mistake: _Mistake, way: int) -> bool:
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
    node = _resolved(node)
    kind = node.get("properties", {}).get("kind", {}).get("const")
    if node.get("title") in _STAND_INS:
        return _copy(_STAND_INS[node["title"]])
    if "anyOf" in node:
        options = [option for option in node["anyOf"] if option.get("type") != "null"]
        return _stand_in(options[0], way)
    if _is_figure(node) or kind in _figure_kinds():
        return (0.5, 0.25, 1, 0.75)[way]
    if _kinds(node):
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
        names = (f"stand_in_{k}" for k in range(_said(node, "minProperties", "minLength")))
        return made | {name: _stand_in(_entry(node, ""), way) for name in names}
    if node.get("type") == "array":
        return [_stand_in(_entry(node, 0), way) for _ in range(_said(node, "minItems", "minLength"))]
    return _scalar_stand_in(node, way)


@cache
def _figure_kinds() -> frozenset[str]:
    """Kinds of distributions."""
    return frozenset(_kinds(_resolved(_schema()["$defs"]["People"]["properties"]["size"])))


def _scalar_stand_in(node: Node, way: int) -> Any:
    if node.get("type") == "boolean":
        return bool(way % 2)
    if node.get("type") == "integer":
        low, high = node.get("minimum", 0), node.get("maximum", 600)
        return min(low + way, high)
    if node.get("type") == "number":
        least = _said(node, "minimum", "exclusiveMinimum")
        most = _said(node, "maximum", "exclusiveMaximum", otherwise=least + 1)
        return least + (most - least) * (0.2 + 0.2 * way)
    examples = {r"^[A-Z]{2}$": "US", r"^[A-Z]{3}$": "USD", r"^[a-z0-9][a-z0-9-]{0,60}$": "stand-in"}
    pattern = node.get("pattern", "")
    return "2027-01-31" if pattern.startswith(r"^\d{4}-") else examples.get(pattern, "stand_in")


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────

_WIDTH = 110
_PLAIN_TEXT = re.compile(r"[^\W\d_](?:[\w ./()%+–—-]|:(?=/))*(?<! )")
_FIGURE_TEXT = re.compile(r"-?\d[\d .e+-]* \([A-Za-z0-9_ ]+\)")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_ESCAPED = re.compile(
    "[\x7f-\xa0\xad\u0600-\u0605\u061c\u070f\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]"
)


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML: canonical order, defaults left out. Reading it back gives the same digest."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "".join(f"{line}\n" for line in _block(_short(data), 0))


def _short(part: Any, key: str = "") -> Any:
    """Bring plain data to the forms in which people write it."""
    if isinstance(part, dict):
        if part.keys() == {"es", "en"} and isinstance(part["es"], str) and part["es"] == part["en"]:
            return part["es"]
        if part.keys() == {"sources", "value"} and (text := _figure_text(part)) is not None:
            return text
        if key == "to" and part and all(share is None for share in part.values()):
            return list(part)
        last = () if "contract" in part else ("sources", "note")
        names = sorted(part, key=lambda name: (name != "kind", name in last))
        return {name: _short(part[name], name) for name in names}
    if isinstance(part, (list, tuple)):
        return [_short(item) for item in part]
    return _number(part) if isinstance(part, float) else part


def _number(value: float) -> int | float:
    """A whole number without its point; minus zero keeps it."""
    whole = value.is_integer() and abs(value) < 1e15 and not (value == 0 and math.copysign(1, value) < 0)
    return int(value) if whole else value


def _figure_text(part: dict[str, Any]) -> str | None:
    """A figure with its references as people write it: ``9 600 000 (S1 S2)``."""
    number = _number(part["value"])
    digits = f"{number:,}".replace(",", " ") if isinstance(number, int) else _digits(number)
    text = f"{digits} ({' '.join(part['sources'])})"
    try:
        same = read_written(text) == (part["value"], tuple(part["sources"]))
    except PydanticCustomError:
        return None
    return text if same else None


def _block(part: dict[str, Any] | list[Any], indent: int) -> Iterator[str]:
    """Lines of a mapping or list, one entry below the other."""
    space = " " * indent
    for key, item in part.items() if isinstance(part, dict) else enumerate(part):
        mark = f"{_key(str(key))}:" if isinstance(part, dict) else "-"
        first, *rest = _value(item, indent, len(mark) + 1)
        if not first and isinstance(part, list):
            first = rest.pop(0).lstrip(" ")
        yield f"{space}{mark} {first}".rstrip()
        yield from rest


def _value(item: Any, indent: int, used: int) -> list[str]:
    """What stands behind a key or dash on its line, and the lines that follow, further in by two."""
    room = _WIDTH - indent - used
    if isinstance(item, (dict, list)) and item:
        flow, depth = _flow(item), _depth(item)
        if len(flow) <= room and depth <= (2 if indent else 1):
            return [flow]
        if isinstance(item, list) and depth == 1 and not re.search(r'[^,] |"', flow):
            lines = textwrap.wrap(flow, _WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
            return ["", *(f"{' ' * (indent + 2)}{line}" for line in lines)]
        return ["", *_block(item, indent + 2)]
    if isinstance(item, str) and ("\n" in item or len(item) > room):
        return _long_text(item, indent + 2)
    return [_flow(item)]


def _long_text(text: str, indent: int) -> list[str]:
    """A text over several lines: folded if it is one paragraph, as it is if it has lines of its own."""
    space = " " * indent
    lines = text.split("\n")
    if _ESCAPED.search(text) or any(line != line.strip() or "\t" in line for line in lines) or not text:
        return [_text(text)]
    if len(lines) > 1:
        return ["|-", *(f"{space}{line}".rstrip() for line in lines)]
    if re.search(r"\s{2}|[^\S ]", text) or len(text.split()) < 2:
        return [_text(text)]
    folded = textwrap.wrap(text, max(_WIDTH - indent, 40), break_long_words=False, break_on_hyphens=False)
    return [">-", *(f"{space}{line}" for line in folded)]


def _depth(part: Any) -> int:
    items = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    return 0 if items is None else 1 + max(map(_depth, items), default=0)


def _flow(part: Any) -> str:
    """A part on one line."""
    if isinstance(part, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in part.items()) + "}"
    if isinstance(part, list):
        return "[" + ", ".join(map(_flow, part)) + "]"
    if isinstance(part, str):
        return _text(part)
    return (
        {None: "null", True: "true", False: "false"}[part]
        if part is None or isinstance(part, bool)
        else _digits(part)
    )


def _digits(number: float) -> str:
    """A number in figures; 12.125 gets a fourth decimal, because some read it as twelve thousand."""
    text = repr(number)
    return f"{text}0" if THOUSANDS_DOT.match(text) else text


def _key(key: str) -> str:
    return key if key == "on" else _text(key)


def _text(text: str) -> str:
    """A text, in quotes unless nobody could take it for anything else."""
    plain = _PLAIN_TEXT.fullmatch(text) and text.lower() not in _WORDS_OF_YAML and not _ESCAPED.search(text)
    if (plain and "  " not in text) or _FIGURE_TEXT.fullmatch(text):
        return text
    quoted = "".join(_escape(character) for character in text)
    return f'"{quoted}"'


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    if character < " " or _ESCAPED.match(character):
        return f"\\u{ord(character):04x}"
    return character
