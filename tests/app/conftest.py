"""Texts are strict here: a missing one is an error and not a key on the screen."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _strict_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_STRICT_TEXTS", "1")
