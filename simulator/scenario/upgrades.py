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


def upgrade(data: dict[str, Any], steps: dict[int, Step] | None = None, *, to: int = SCHEMA_VERSION) -> dict[str, Any]:
    """Bring a document to the present schema version.

    Parameters
    ----------
    data
        A document with its ``schema`` number; one without is left for validation to complain about.
    steps
        Upgrades by the version they start from; the package's own unless given.
    to
        Version to reach.

    Examples
    --------
    >>> upgrade({"schema": 0, "coin": "CLP"}, {0: lambda d: {"schema": 1, "currency": d["coin"]}})
    {'schema': 1, 'currency': 'CLP'}
    """
    table = STEPS if steps is None else steps
    while isinstance(version := data.get("schema"), int) and version < to and version in table:
        data = table[version](data)
    return data
