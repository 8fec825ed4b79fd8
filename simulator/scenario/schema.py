"""JSON Schema of the scenario document, for editors that complete and check while one writes."""

from __future__ import annotations

from typing import Any

from simulator.scenario.scenario import SCHEMA_VERSION, Scenario

_SHORT_FIGURE = [
    {"type": "number"},
    {"type": "string", "description": "A number as people write it: 12.5 %, 9 600 000 (S1)."},
]


def json_schema() -> dict[str, Any]:
    """Build the schema (draft 2020-12): figures may be written short, as numbers or texts with references."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"Simulador PxR scenario, schema {SCHEMA_VERSION}"
    loosened: dict[str, Any] = _loosen(schema)
    for definition in loosened["$defs"].values():
        _kind_may_be_left_out(definition)
    return loosened


def _is_figure(part: Any) -> bool:
    mapping = part.get("discriminator", {}).get("mapping", {}) if isinstance(part, dict) else {}
    return "fixed" in mapping and "pert" in mapping


def _loosen(part: Any) -> Any:
    """Let every figure be a number or a text too."""
    if isinstance(part, dict):
        inner = {key: _loosen(item) for key, item in part.items()}
        if _is_figure(part):
            return {"anyOf": [*_SHORT_FIGURE, {"oneOf": inner["oneOf"]}],
                    **{k: v for k, v in inner.items() if k not in ("oneOf", "discriminator")}}  # fmt: skip
        return inner
    return [_loosen(item) for item in part] if isinstance(part, list) else part


def _kind_may_be_left_out(definition: dict[str, Any]) -> None:
    if definition.get("properties", {}).get("kind", {}).get("const") == "fixed":
        definition["required"] = [key for key in definition["required"] if key != "kind"]
