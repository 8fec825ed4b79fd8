"""The headline numbers of every shipped deal stay what they are, until a changelog line says why they move.

The files beside this test are written by ``scripts/refresh_golden.py`` only. They are yesterday's output, not
truth: what is true is tested against published figures, closed forms and the oracle.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulator
from scripts.refresh_golden import FOLDER, golden_numbers

FILES = sorted(FOLDER.glob("*.json"))
RELATIVE, ABSOLUTE = 1e-7, 1e-7
"""Sums differ in the last digits between kinds of processors; results do not differ by more."""


def test_every_deal_has_golden_numbers() -> None:
    assert {path.stem for path in FILES} == set(simulator.library())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_numbers_have_not_moved(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))
    found = golden_numbers(path.stem)
    assert found.keys() == expected.keys()
    for key, parts in expected.items():
        for part, value in parts.items():
            assert found[key][part] == pytest.approx(value, rel=RELATIVE, abs=ABSOLUTE), f"{key}.{part}"
