"""Changes: the same deal with some figures put otherwise. A change makes a new scenario; none is written into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from simulator.scenario.distributions import Distribution, Fixed, Scaled
from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import Scenario

Change = Callable[[Distribution], Distribution]


def change_figures(scenario: Scenario, changes: Mapping[str, Change]) -> Scenario:
    """Put figures otherwise.

    Parameters
    ----------
    scenario
        The deal.
    changes
        By path of a figure (``contract.payments.success.curve.price``), what becomes of it.

    Returns
    -------
    A new scenario.

    Raises
    ------
    KeyError
        If there is no figure at a path.
    """
    known = {
        path for part in ("contract", "world") for path, _ in walk_figures(getattr(scenario, part), part)
    }
    missing = set(changes) - known
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    by_keys = {tuple(path.split(".")): change for path, change in changes.items()}
    changed: Scenario = _changed(scenario, by_keys)
    return changed


def _changed(part: Any, changes: dict[tuple[str, ...], Change]) -> Any:
    if () in changes:
        return changes[()](part)
    heads = {keys[0] for keys in changes}
    below = {head: {keys[1:]: c for keys, c in changes.items() if keys[0] == head} for head in heads}
    if isinstance(part, BaseModel):
        return part.model_copy(
            update={head: _changed(getattr(part, head), inner) for head, inner in below.items()}
        )
    if isinstance(part, dict):
        return {
            key: _changed(item, below[str(key)]) if str(key) in below else item for key, item in part.items()
        }
    return tuple(
        _changed(item, below[str(index)]) if str(index) in below else item for index, item in enumerate(part)
    )


def as_seen_by(scenario: Scenario, stakeholder: str) -> Scenario:
    """Put a stakeholder's own beliefs in place of the world's; whoever has none sees the world as it is written.

    Raises
    ------
    KeyError
        If a belief names a figure that the world does not have.
    """
    own = scenario.beliefs.get(stakeholder, {})
    changes: dict[str, Change] = {path: _becomes(figure) for path, figure in own.items()}
    return change_figures(scenario, changes) if changes else scenario


def _becomes(figure: Distribution) -> Change:
    return lambda _: figure


def put(value: float) -> Change:
    """Put a number in place of a figure; where it came from no longer holds."""
    return lambda _: Fixed(kind="fixed", value=value, sources=("A",))


def scale(factor: float, *, low: float | None = None, high: float | None = None) -> Change:
    """Multiply a figure, held inside two ends."""

    def change(figure: Distribution) -> Distribution:
        scaled = Scaled(kind="scaled", of=figure, factor=factor, min=low, max=high, sources=("A",))
        if isinstance(figure, Fixed):
            return Fixed(kind="fixed", value=scaled.expectation(), sources=("A",))
        return scaled

    return change


__all__ = ["Change", "as_seen_by", "change_figures", "put", "scale"]
