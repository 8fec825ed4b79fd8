"""The structure of a document: fields, kinds and numbers, as the models declare them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simulator.scenario.files.complaints import dotted, expected, kind_issue, plain_issue, unknown_issue
from simulator.scenario.files.culprits import STUMBLES, culprits
from simulator.scenario.files.schema_nodes import Node, entry, kinds, option_meant, resolved, schema, shape
from simulator.scenario.issues import Issue, short_repr
from simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One wrong thing in the structure, and what could stand there."""

    issue: Issue
    keys: tuple[str | int, ...]
    node: Node
    remove: bool = False
    """Whether it should not be there at all."""

    @property
    def path(self) -> str:
        """Dotted path of the place."""
        return dotted(self.keys)


def attempt(data: dict[str, Any]) -> tuple[Scenario | None, list[Mistake]]:
    """Build a scenario, or tell what is wrong with the structure."""
    scenario, wrong = None, []
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        found = (_mistake(detail, data) for detail in error.errors(include_url=False))
        wrong = [mistake for mistake in found if mistake is not None]
    except STUMBLES:
        wrong = [_impossible(keys, data) for keys in culprits(data)]
    known = {mistake.keys for mistake in wrong}
    wrong += [mistake for mistake in _truth_values(data, schema(), ()) if mistake.keys not in known]
    return (None if wrong else scenario), wrong


def _truth_values(part: Any, node: Node, keys: tuple[str | int, ...]) -> Iterator[Mistake]:
    """``true`` where a number belongs; the validator would silently take it for 1."""
    node = shape(node, part)
    if isinstance(part, bool):
        if node.get("type") in ("integer", "number") or isinstance(node.get("const"), int):
            issue = Issue(code="type", path=dotted(keys), value=short_repr(part), allowed=expected(node))
            yield Mistake(issue=issue, keys=keys, node=node)
        return
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, item in entries:
        yield from _truth_values(item, entry(node, key), (*keys, key))


def _mistake(detail: ErrorDetails, data: Any) -> Mistake | None:
    """Turn one complaint of the validator into ours; nothing if it is about a shape that nobody meant."""
    place = _place(detail["loc"], data)
    if place is None:
        return None
    keys, node, around = place
    kind, found = detail["type"], detail["input"]
    remove = kind in ("extra_forbidden", "invalid_key") or "[key]" in detail["loc"]
    if kind in ("union_tag_invalid", "union_tag_not_found") and isinstance(found, dict):
        issue = kind_issue(keys, node, found)
    elif kind == "extra_forbidden":
        issue = unknown_issue(keys, around)
    else:
        issue = plain_issue(detail, keys, node)
    return Mistake(issue=issue, keys=keys, node=node, remove=remove)


def _place(loc: tuple[int | str, ...], data: Any) -> tuple[tuple[str | int, ...], Node, Node] | None:
    """Where a complaint belongs in the document: its keys, what is possible there and around it.

    The validator's own place has names of variants in between, and parts that the person did not write because
    there is a short form. Nothing is returned if the complaint is about a variant that was not meant.
    """
    keys: list[str | int] = []
    here, node, around = data, schema(), schema()
    parts = list(loc)
    while parts:
        node = resolved(node)
        part = parts.pop(0)
        if "anyOf" in node:
            node = option_meant(node, here)
            if not _is_label(str(part), node):
                return None
            continue
        if "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"].get(part, "")} if part in kinds(node) else {}
            continue
        if part == "[key]":
            break
        below = entry(node, part)
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
    return tuple(keys), resolved(node), around


def _is_label(label: str, option: Node) -> bool:
    if "discriminator" in option:
        return label.startswith(("function-", "tagged-union"))
    if option.get("type") == "array":
        return label.startswith("tuple[")
    return label == option.get("title") or ("properties" not in option and label.startswith("dict["))


def _impossible(keys: tuple[str | int, ...], data: Any) -> Mistake:
    node, here = schema(), data
    for key in keys:
        node, here = entry(shape(node, here), key), here[key]
    issue = Issue(code="impossible", path=dotted(keys), value=short_repr(here), allowed="")
    return Mistake(issue=issue, keys=keys, node=resolved(node))
