"""JSON Schema of the scenario document, for editors that complete and check while one writes.

Derived from the models. What people may write shorter than the models say (``pool: all``, ``to: loan``,
``9 600 000 (S1)``) is added here; the reader accepts the same forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from simulator.scenario.scenario import SCHEMA_VERSION, Scenario

Node = dict[str, Any]
_GROUPS = r"[-+]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?"
_REFERENCES = r"(?:\[[A-Za-z0-9_ ]{1,80}\]\s*|\([A-Za-z0-9_ ]{1,80}\)\s*)*"
_NUMBER_TEXT: Node = {
    "type": "string", "pattern": rf"^\s*{_GROUPS}\s*%?\s*$",
    "description": "A number as people write it: 12.5 %, 9 600 000.",
}  # fmt: skip
_FIGURE_TEXT: Node = {
    "type": "string", "pattern": rf"^\s*{_GROUPS}\s*%?\s*{_REFERENCES}$",
    "description": "A number as people write it, with references: 12.5 %, 9 600 000 (S1).",
}  # fmt: skip
_TEXT: Node = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "properties": {"es": {"type": "string"}, "en": {"type": "string"}},
         "additionalProperties": False, "minProperties": 1},
    ]
}  # fmt: skip
_BARE_NUMBERS = {("Pair", "rank"), ("Belief", "cluster_size"), ("Condition", "significant")}
"""Numbers that are not read from texts."""


def json_schema() -> dict[str, Any]:
    """Build the schema (draft 2020-12): everything may be written as short as the reader allows."""
    schema = Scenario.model_json_schema(by_alias=True)
    definitions: dict[str, Node] = schema["$defs"]
    for owner, field in _fields_reading("x", ("x",)):
        _or(definitions[owner]["properties"], field, [definitions[owner]["properties"][field]["items"]])
    for owner, field in _fields_reading("x", {"kind": "x"}):
        kinds = [kind for kind, model in _variants(definitions[owner]["properties"][field], definitions)
                 if model["required"] == ["kind"]]  # fmt: skip
        _or(definitions[owner]["properties"], field, [{"enum": kinds}])
    name = definitions["Tranche"]["properties"]["party"]
    _or(definitions["Pay"]["properties"], "to", [{"type": "string", "pattern": name["pattern"]},
                                                 {"type": "array", "items": name, "minItems": 1}])  # fmt: skip
    observed = definitions["Actuals"]["properties"]["results"]
    one = {"$ref": "#/$defs/Observed"}
    _in_values(observed, lambda several: {"anyOf": [several, one, {"type": "number"}, _FIGURE_TEXT]})
    _in_values(
        schema["properties"]["published"], lambda one: {"anyOf": [{"type": "number"}, _FIGURE_TEXT, one]}
    )
    written: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"Simulador PxR scenario, schema {SCHEMA_VERSION}",
        "properties": _properties("Scenario", schema["properties"]),
        "$defs": {key: _definition(key, definition) for key, definition in definitions.items()},
    }
    return written


def _fields_reading(written: str, read: Any) -> Iterator[tuple[str, str]]:
    """Fields (model and name) whose reader takes this for that: ``all`` for ``[all]``, ``records`` for its kind."""
    for model in _models(Scenario, set()):
        for name, field in model.model_fields.items():
            readers = [mark.func for mark in _marks(field) if isinstance(mark, BeforeValidator)]
            if any(_result(reader, written) == read for reader in readers):
                yield model.__name__, name


def _models(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A model and all models inside it."""
    if model not in seen:
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            for inner in _inside(field.annotation):
                yield from _models(inner, seen)


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _inside(argument)


def _marks(field: FieldInfo) -> list[Any]:
    """What is noted at a field, or at its type where it may be absent."""
    return [
        *field.metadata,
        *(mark for argument in get_args(field.annotation) for mark in get_args(argument)[1:]),
    ]


def _result(reader: Any, written: str) -> Any:
    try:
        return reader(written)
    except PydanticCustomError:
        return None


def _or(properties: dict[str, Node], field: str, others: list[Node]) -> None:
    """Let a field be something else too; its default and description stay with it."""
    node = properties[field]
    about: Node = {key: node[key] for key in ("default", "description", "title") if key in node}
    shape = {key: item for key, item in node.items() if key not in about}
    properties[field] = {"anyOf": [shape, *others], **about}


def _variants(node: Node, definitions: dict[str, Node]) -> list[tuple[str, Node]]:
    mapping = node.get("discriminator", {}).get("mapping") or next(
        option["discriminator"]["mapping"] for option in node["anyOf"] if "discriminator" in option
    )
    return [(kind, definitions[reference.rpartition("/")[2]]) for kind, reference in mapping.items()]


def _in_values(node: Node, change: Any) -> None:
    """Change what the values of a mapping may be."""
    if "patternProperties" in node:
        node["patternProperties"] = {key: change(item) for key, item in node["patternProperties"].items()}
    else:
        node["additionalProperties"] = change(node["additionalProperties"])


def _definition(name: str, definition: Node) -> Node:
    """Loosen one model; a number that is known need not say its kind."""
    made = {**_loosen(definition), "properties": _properties(name, definition.get("properties", {}))}
    if name == "Fixed":
        made["required"] = [key for key in definition["required"] if key != "kind"]
    return made


def _properties(owner: str, properties: dict[str, Node]) -> dict[str, Node]:
    return {key: node if (owner, key) in _BARE_NUMBERS else _loosen(node) for key, node in properties.items()}


def _loosen(part: Any) -> Any:
    """Let every figure be a number or a text too, every number a text, every text one for both languages."""
    if isinstance(part, list):
        return [_loosen(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "object" and part.get("additionalProperties") == {"type": "string"}:
        return _TEXT | {
            key: item for key, item in part.items() if key not in ("type", "additionalProperties")
        }
    mapping = part.get("discriminator", {}).get("mapping", {})
    inner = {key: item if key in ("default", "properties") else _loosen(item) for key, item in part.items()}
    inner.pop("discriminator", None)  # a word of another standard
    for end in (
        "min",
        "max",
    ):  # the validator's own schema speaks of lengths where the standard counts members
        members = {"array": f"{end}Items", "object": f"{end}Properties"}.get(str(part.get("type")))
        if members and f"{end}Length" in inner:
            inner[members] = inner.pop(f"{end}Length")
    if part.get("type") == "number":
        about: Node = {key: inner.pop(key) for key in ("default", "description", "title") if key in inner}
        return {"anyOf": [inner, _NUMBER_TEXT], **about}
    if "patternProperties" in inner:
        inner["additionalProperties"] = False
    if "fixed" in mapping:
        ends = inner.pop("x-number", {})
        return {"anyOf": [{"type": "number", **ends}, _FIGURE_TEXT, {"oneOf": inner.pop("oneOf")}], **inner}
    return inner


__all__ = ["json_schema"]
