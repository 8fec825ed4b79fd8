"""Every example in a docstring runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import simulator

SKIPPED = ("simulator.ui",)
"""Pages are scripts: importing one outside a session would run it."""


def modules() -> list[str]:
    """Names of all modules whose examples are run."""
    found = pkgutil.walk_packages(simulator.__path__, "simulator.")
    return [module.name for module in found if not module.name.startswith(SKIPPED)]


@pytest.mark.parametrize("name", ["simulator", *modules()])
def test_examples_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples() -> None:
    attempted = sum(doctest.testmod(importlib.import_module(name)).attempted for name in modules())
    assert attempted >= 15
