"""From a complaint of the validator to an issue: which code, what was found, what would be right."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails

from simulator.scenario.checks import range_issue
from simulator.scenario.commas import without_comma
from simulator.scenario.files.schema_nodes import Node, entry, is_figure, kinds, resolved, said
from simulator.scenario.issues import Issue, clean, short_repr
from simulator.scenario.numbers import ALLOWED


def dotted(keys: Iterable[str | int]) -> str:
    """Path of a place from its keys."""
    return ".".join(map(str, keys))


CODES = {
    "missing": "missing", "literal_error": "choice", "string_pattern_mismatch": "pattern", "invalid_key": "type",
    "union_tag_invalid": "choice", "union_tag_not_found": "choice",
    "too_long": "length", "too_short": "length", "string_too_long": "length", "string_too_short": "length",
    "greater_than": "range", "greater_than_equal": "range", "less_than": "range", "less_than_equal": "range",
    "finite_number": "number", "float_parsing": "number", "float_type": "number",
    "int_from_float": "whole", "int_parsing": "whole", "int_type": "whole", "int_parsing_size": "whole",
}  # fmt: skip
"""Our code for each of the validator's; all others are ``type``."""
OWN_CODES = {"number": "number", "range": "range", "distribution": "distribution", "order": "order", "sum": "sum",
        "choice": "one_of", "text": "type"}  # fmt: skip
"""Our code for each complaint of our own validators."""
_NUMBER = "12.5 · 12.5 % · 9 600 000 (S1)"
_TEXT = "“…” | {es: “…”, en: “…”}"
_DATE = r"^\d{4}-"
NEUTRAL = {
    ALLOWED: _NUMBER,
    "a number without references here": "12.5 · 12.5 %",
    "a finite number between -1e+18 and 1e+18": "-1e18 … 1e18",
    "text | {es, en}": _TEXT,
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


def plain_issue(detail: ErrorDetails, keys: tuple[str | int, ...], node: Node) -> Issue:
    """Turn a complaint about a value that is missing or wrong into an issue."""
    kind, path, found = detail["type"], dotted(keys), detail["input"]
    if kind == "missing":
        return _missing_issue(str(detail["loc"][-1]), keys, node)
    if kind in OWN_CODES:
        return _own_issue(detail, path)
    code, context, value = CODES.get(kind, "type"), detail.get("ctx", {}), short_repr(found)
    if code == "pattern":
        pattern = str(context["pattern"])
        if pattern.startswith(_DATE):
            return Issue(code="date", path=path, value=value, allowed="2027-01-31")
        return Issue(code=code, path=path, value=value, allowed=_PATTERNS.get(pattern, pattern))
    if code == "length":
        return Issue(code=code, path=path, value=_length(found), allowed=_lengths(node, context))
    if code == "range":
        low_high = {k: f"{v:g}" for k, v in context.items() if k in ("ge", "gt", "le", "lt")}
        signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
        bounds = _bounds(node) or ", ".join(f"{signs[k]} {v}" for k, v in low_high.items())
        return Issue(code=code, path=path, value=value, allowed=bounds)
    if code == "number":  # these are numbers that are not read from texts
        return Issue(code=code, path=path, value=value, allowed=_bounds(node) or "12.5")
    return Issue(code=code, path=path, value=value, allowed=expected(node))


def _missing_issue(field: str, keys: tuple[str | int, ...], node: Node) -> Issue:
    """Complain about a field that must be there; what was written short has no place for it."""
    if keys and str(keys[-1]) == field:
        return Issue(code="missing", path=dotted(keys), value="", allowed=expected(node))
    allowed = expected(entry(node, field))
    return Issue(code="missing", path=dotted(keys), value="", allowed=allowed, params=(("field", field),))


def _own_issue(detail: ErrorDetails, path: str) -> Issue:
    """Turn a complaint of our own validators into an issue."""
    kind, context, found = detail["type"], detail.get("ctx", {}), detail["input"]
    code, allowed = OWN_CODES[kind], str(context["allowed"])
    if code == "number":
        return _number_issue(path, found, allowed)
    value = _neutral_value(str(context["found"])) if "found" in context else short_repr(found)
    if code == "range":
        return range_issue(path, value, allowed)
    if code == "one_of" and not re.search(r"\w, \w", value):
        value = short_repr(found)
    if most := re.fullmatch(r"text, at most (\d+) characters", allowed):
        longest = max((len(text) for text in _texts(found)), default=0)
        if longest > int(most[1]):
            return Issue(code="length", path=path, value=str(longest), allowed=f"0 … {most[1]}")
        allowed = "text | {es, en}"
    neutral = re.sub(r"^(\d+) weights, not all zero$", r"w[1] … w[\1] >= 0, Σ w > 0", allowed)
    return Issue(code=code, path=path, value=value, allowed=NEUTRAL.get(allowed, neutral))


def _number_issue(path: str, found: Any, allowed: str) -> Issue:
    """Complain about a number that cannot be read, with what may be meant."""
    value, neutral = short_repr(found), NEUTRAL.get(allowed, allowed)
    if isinstance(found, str) and (written := without_comma(found)):
        return Issue(code="decimal_comma", path=path, value=clean(found), allowed=written)
    is_finite = isinstance(found, int) or (isinstance(found, float) and math.isfinite(found))
    if is_finite and allowed.startswith("a finite number"):
        return Issue(code="range", path=path, value=value, allowed=neutral)
    return Issue(code="number", path=path, value=value, allowed=neutral)


def _texts(found: Any) -> list[str]:
    parts = found.values() if isinstance(found, dict) else [found]
    return [part for part in parts if isinstance(part, str)]


def _neutral_value(found: str) -> str:
    """What a validator found, without signs of Python: ``(1.0, None)`` becomes ``1, –``."""
    plain = re.sub(r"\bNone\b", "–", found).replace("inf", "∞")
    plain = re.sub(r"\d+\.\d+(?:e[-+]?\d+)?", lambda number: f"{float(number.group()):g}", plain)
    return re.sub(r"^[(\[](.*?),?[)\]]$", r"\1", plain)


def _length(found: Any) -> str:
    return str(len(found)) if isinstance(found, (str, list, tuple, dict)) else short_repr(found)


def _lengths(node: Node, context: dict[str, Any]) -> str:
    low = said(node, "minItems", "minProperties", "minLength", otherwise=context.get("min_length", 0))
    high = said(node, "maxItems", "maxProperties", "maxLength", otherwise=context.get("max_length", "…"))
    return f"{low} … {high}"


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


def expected(node: Node) -> str:
    """What may stand at a place, written without words."""
    node = resolved(node)
    if "anyOf" in node:
        return " | ".join(
            dict.fromkeys(expected(option) for option in node["anyOf"] if option.get("type") != "null")
        )
    if is_figure(node):
        return _NUMBER
    if kinds(node):
        return "{kind: " + " | ".join(kinds(node)) + "}"
    if "const" in node or "enum" in node:
        return " | ".join(map(str, node.get("enum", [node.get("const")])))
    pattern = node.get("pattern", "")
    if node.get("type") == "string":
        return "2027-01-31" if pattern.startswith(_DATE) else _PATTERNS.get(pattern, "“…”")
    if node.get("type") == "integer":
        return _bounds(node).replace("x", "n") or "1, 2, 3 …"
    if node.get("type") == "object":
        return _expected_object(node)
    return {"number": "12.5", "boolean": "true | false", "array": "[…]"}.get(node.get("type", ""), "")


def _expected_object(node: Node) -> str:
    """The fields of a part of the document: those it must have, else the first that it may have."""
    if node.get("additionalProperties") == {"type": "string"}:
        return _TEXT
    about = ("sources", "note")  # possible everywhere, expected nowhere
    fields = node.get("required") or [name for name in node.get("properties", {}) if name not in about][:5]
    return "{" + ", ".join([*fields, "…"]) + "}" if fields else "{a: …, b: …}"


def kind_issue(keys: tuple[str | int, ...], node: Node, found: dict[str, Any]) -> Issue:
    """Complain about a ``kind`` that is missing or unknown."""
    path, allowed = dotted((*keys, "kind")), " | ".join(kinds(node))
    if "kind" not in found:
        return Issue(code="missing", path=path, value="", allowed=allowed)
    return Issue(code="choice", path=path, value=short_repr(found["kind"]), allowed=allowed)


def unknown_issue(keys: tuple[str | int, ...], around: Node) -> Issue:
    """Complain about a field that does not exist, and suggest one that does."""
    name = str(keys[-1])
    fields = list(resolved(around).get("properties", {}))
    close = difflib.get_close_matches(name, fields, n=1)
    suggestion = close[0] if close else _further_down(name, resolved(around))
    params = (("suggestion", suggestion),) if suggestion else ()
    return Issue(
        code="unknown_field", path=dotted(keys), value=name, allowed=", ".join(fields), params=params
    )


def _further_down(name: str, around: Node) -> str:
    """A field of this very name one level further down, such as ``paid.lag``."""
    for field, node in around.get("properties", {}).items():
        if name in resolved(node).get("properties", {}):
            return f"{field}.{name}"
    return ""
