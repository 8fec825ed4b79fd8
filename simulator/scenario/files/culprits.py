"""Where validation itself stumbles: numbers that are valid one by one and cannot be calculated with."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from simulator.scenario.scenario import Scenario

# What a validator, a check or an upgrade may stumble over when a document is strange enough. None of them
# should; if one does, the person still gets a message with a place and not a traceback.
STUMBLES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_MAX_TRIES = 400


def culprits(data: Any) -> list[tuple[str | int, ...]]:
    """Parts of a document at which validation stumbles, each as small as can be found."""
    tries = [0]

    def stumbles(mended: Any) -> bool:
        tries[0] += 1
        try:
            Scenario.model_validate(mended)
        except ValidationError:
            return False
        except STUMBLES:
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
