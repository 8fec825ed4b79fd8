"""The arrows of the house go one way, and the core comes without screens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("streamlit", "plotly", "pandas", "matplotlib")
CORE = ("scenario", "engine", "metrics", "value", "analysis")

# Imports a package, and all modules inside those of its parts that are named; prints what came along.
PROGRAM = """
import importlib, json, pkgutil, sys
for name in sys.argv[1].split():
    package = importlib.import_module(name)
    if name != "simulator":
        for module in pkgutil.walk_packages(package.__path__, name + "."):
            importlib.import_module(module.name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def imported_with(names: list[str]) -> set[str]:
    """Return the top-level modules in memory after importing some packages in a fresh process."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, " ".join(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout))


def test_imports_follow_the_contract(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_logo=True, no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_the_public_face_comes_without_screens() -> None:
    assert imported_with(["simulator"]).isdisjoint(HEAVY)


def test_every_module_of_the_core_comes_without_screens() -> None:
    parts = [part for part in CORE if (ROOT / "simulator" / part / "__init__.py").exists()]
    assert parts, "no part of the core was found"
    assert imported_with([f"simulator.{part}" for part in parts]).isdisjoint(HEAVY)
