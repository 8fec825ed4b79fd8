"""From a file or text to a checked scenario, and back; every mistake is reported at once, with its place."""

from __future__ import annotations

import difflib
import io
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML

from simulator.scenario.checks import check_scenario
from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import SCHEMA_VERSION, Scenario
from simulator.scenario.strict_yaml import Document, load_file, load_text
from simulator.scenario.upgrades import upgrade

_KINDS = {"fixed", "distribution"}


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
    return from_document(load_file(source))


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
    The scenario, if its structure holds, and all issues in the order of the document.
    """
    data = document.data
    if not isinstance(data, dict):
        return None, [Issue(code="type", path="", value=type(data).__name__, allowed="a mapping", line=1)]
    version = data.get("schema")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        newer = Issue(code="schema.newer", path="schema", value=str(version), allowed=f"<= {SCHEMA_VERSION}",
                      line=document.lines.get("schema"))  # fmt: skip
        raise ScenarioFileError([newer], source="schema")
    data = upgrade(data)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        issues = [_to_issue(detail) for detail in error.errors(include_url=False)]
        issues += _deeper_issues(data, error)
        return None, _placed(issues, document)
    return scenario, _placed(check_scenario(scenario), document)


def _deeper_issues(data: dict[str, Any], error: ValidationError) -> list[Issue]:
    """Mend the structure just enough to see whether references and sums are wrong too."""
    mended: Any = _copy(data)
    places = [_path_keys(detail["loc"], data) for detail in error.errors(include_url=False)]
    for keys, detail in zip(places, error.errors(include_url=False), strict=True):
        if detail["type"] == "missing" or not _remove(mended, keys, detail["type"]):
            return []
    try:
        scenario = Scenario.model_validate(mended)
    except ValidationError:
        return []
    wrong = {".".join(keys) for keys in places}
    return [
        issue
        for issue in check_scenario(scenario)
        if not any(issue.path.startswith(path) or path.startswith(issue.path) for path in wrong)
    ]


def _copy(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _copy(item) for key, item in part.items()}
    return [_copy(item) for item in part] if isinstance(part, list) else part


def _remove(data: Any, keys: list[str], kind: str) -> bool:
    """Take an unknown field out, or put a harmless number in place of a wrong one."""
    for key in keys[:-1]:
        data = data[int(key)] if isinstance(data, list) else data.get(key)
        if not isinstance(data, (dict, list)):
            return False
    if not keys or not isinstance(data, dict) or keys[-1] not in data:
        return False
    if kind == "extra_forbidden":
        del data[keys[-1]]
    else:
        data[keys[-1]] = 0.5
    return True


def _path_keys(loc: tuple[int | str, ...], data: Any) -> list[str]:
    """Place of a mistake in the document: without the names of variants that the validator puts between."""
    keys: list[str] = []
    here = data
    for part in loc:
        if isinstance(here, dict) and (part in here):
            here = here[part]
            keys.append(str(part))
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            keys.append(str(part))
        elif part == loc[-1] and isinstance(here, dict) and not _is_variant(part):
            keys.append(str(part))
    return keys


def _is_variant(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or part in _VARIANTS)


def _variants(model: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    for definition in model.model_json_schema()["$defs"].values():
        kind = definition.get("properties", {}).get("kind", {})
        found |= {kind["const"]} if "const" in kind else set()
    return found


_VARIANTS = _variants(Scenario)
_CODES = {
    "extra_forbidden": "unknown_field", "missing": "missing", "union_tag_invalid": "choice",
    "union_tag_not_found": "choice", "literal_error": "choice", "string_pattern_mismatch": "pattern",
    "range": "range", "number": "number", "sum": "sum", "order": "order", "choice": "choice", "text": "type",
    "distribution": "distribution", "too_long": "length", "too_short": "length", "string_too_long": "length",
    "greater_than": "range", "greater_than_equal": "range", "less_than": "range", "less_than_equal": "range",
    "finite_number": "number", "int_from_float": "whole", "int_parsing": "whole", "int_type": "whole",
}  # fmt: skip


def _to_issue(detail: ErrorDetails) -> Issue:
    context = detail.get("ctx", {})
    code = _CODES.get(detail["type"], "type")
    found = context.get("found", detail["input"] if detail["type"] != "missing" else "")
    if isinstance(found, (dict, list)):
        found = "{…}" if isinstance(found, dict) else "[…]"
    loc = tuple(part for part in detail["loc"])
    return Issue(code=code, path="\0".join(map(str, loc)), value=str(found)[:200], allowed=_allowed(detail))


def _allowed(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        return ""
    for key, sign in (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<")):
        if key in context:
            return f"{sign} {context[key]}"
    for key in ("allowed", "expected_tags", "expected", "pattern", "max_length", "min_length"):
        if key in context:
            return str(context[key]).replace("'", "")
    return "" if detail["type"] == "missing" else detail["type"].replace("_", " ")


def _placed(issues: list[Issue], document: Document) -> list[Issue]:
    """Give each issue its path in the document and its line; suggest names for unknown fields."""
    placed = []
    for issue in issues:
        keys = issue.path.split("\0") if "\0" in issue.path else issue.path.split(".")
        typed = tuple(int(key) if key.isdigit() else key for key in keys)
        known = _path_keys(typed, document.data) if "\0" in issue.path or issue.code in _CODES.values() else keys
        path = ".".join(known) if known else ".".join(keys)
        params = issue.params
        if issue.code == "unknown_field":
            params = (("suggestion", _suggest(keys[-1])),)
        placed.append(
            Issue(code=issue.code, path=path, value=issue.value, allowed=issue.allowed, severity=issue.severity,
                  line=_line(path, document.lines), params=params)
        )  # fmt: skip
    unique = list(dict.fromkeys(placed))
    return sorted(unique, key=lambda issue: (issue.line or 0, issue.path))


def _line(path: str, lines: dict[str, int]) -> int | None:
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None


def _field_names(model: type[BaseModel]) -> list[str]:
    names: set[str] = set(model.model_json_schema()["properties"])
    for definition in model.model_json_schema()["$defs"].values():
        names |= set(definition.get("properties", {}))
    return sorted(names)


_FIELDS = _field_names(Scenario)


def _suggest(name: str) -> str:
    return next(iter(difflib.get_close_matches(name, _FIELDS, n=1)), "")


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML: canonical order, defaults left out. Reading it back gives the same digest."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.allow_unicode = True
    writer.width = 110
    writer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(_plain(data), stream)
    return stream.getvalue()


def _plain(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _plain(item) for key, item in part.items()}
    if isinstance(part, (list, tuple)):
        return [_plain(item) for item in part]
    if isinstance(part, float) and part.is_integer() and abs(part) < 1e15:
        return int(part)
    return part
