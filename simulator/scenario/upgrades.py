"""Schema versions: how a document of an older version becomes one of this version.

Each step is a function from plain data of one version to plain data of the next; an old file is upgraded when
it is read and never rewritten behind its owner's back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.scenario.scenario import SCHEMA_VERSION

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, Step] = {}
"""By the version a step starts from."""


def upgrade(
    data: dict[str, Any], steps: dict[int, Step] | None = None, *, to: int = SCHEMA_VERSION
) -> dict[str, Any]:
    """Bring a document to the present schema version.

    Parameters
    ----------
    data
        A document with its ``schema`` number; one without is left for validation to complain about.
    steps
        Upgrades by the version they start from; the package's own unless given.
    to
        Version to reach.

    Returns
    -------
    The document in the present version, or as it is if no step starts from its version.

    Raises
    ------
    ValueError
        If a step does not lead to a later version.

    Examples
    --------
    >>> upgrade({"schema": 0, "coin": "CLP"}, {0: lambda d: {"schema": 1, "currency": d["coin"]}})
    {'schema': 1, 'currency': 'CLP'}
    """
    table = STEPS if steps is None else steps
    while (version := _version(data)) is not None and version < to and version in table:
        data = table[version](data)
        reached = _version(data)
        if reached is None or reached <= version:
            raise ValueError(f"the upgrade from schema {version} does not lead to a later one")
    return data


def _version(data: dict[str, Any]) -> int | None:
    found = data.get("schema")
    return found if isinstance(found, int) and not isinstance(found, bool) else None
