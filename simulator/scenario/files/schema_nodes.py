"""The JSON schema of a document, walked part by part: what is possible at each place."""

from __future__ import annotations

from functools import cache
from typing import Any

from simulator.scenario.scenario import Scenario

Node = dict[str, Any]


@cache
def schema() -> Node:
    """The schema of a whole document."""
    return Scenario.model_json_schema()


def resolved(node: Node) -> Node:
    """Follow references, and look through "or nothing"."""
    while True:
        options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
        if "$ref" in node:
            node = schema()["$defs"][node["$ref"].rpartition("/")[2]]
        elif len(options) == 1:
            node = options[0]
        else:
            return node


def option_meant(node: Node, part: Any) -> Node:
    """Of several shapes that are possible here, the one that a person seems to have meant."""
    options = [resolved(option) for option in node["anyOf"] if option.get("type") != "null"]
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


def shape(node: Node, part: Any) -> Node:
    """The shape of a part of the document, as far as it can be told."""
    node = resolved(node)
    if "anyOf" in node:
        node = option_meant(node, part)
    if "discriminator" in node and isinstance(part, dict):
        mapping = node["discriminator"]["mapping"]
        kind = part.get("kind", "fixed")
        return resolved({"$ref": mapping[kind]}) if isinstance(kind, str) and kind in mapping else node
    return node


def entry(node: Node, key: Any) -> Node:
    """What is possible at one entry of a mapping or list."""
    if key in node.get("properties", {}):
        found: Node = node["properties"][key]
        return found
    for several in (node.get("patternProperties", {}).values(), node.get("prefixItems", ())):
        if several:
            return next(iter(several))
    other = node.get("items", node.get("additionalProperties"))
    return other if isinstance(other, dict) else {}


def kinds(node: Node) -> list[str]:
    """Names of the variants that are possible here."""
    return list(node.get("discriminator", {}).get("mapping", {}))


def is_figure(node: Node) -> bool:
    """Whether a number that may be uncertain belongs here."""
    return "fixed" in kinds(node)


def said(node: Node, *keys: str, otherwise: Any = 0) -> Any:
    """What a node says under the first of several keys that it has."""
    return next((node[key] for key in keys if key in node), otherwise)


@cache
def figure_kinds() -> frozenset[str]:
    """Kinds of distributions."""
    return frozenset(kinds(resolved(schema()["$defs"]["People"]["properties"]["size"])))
