"""Curves from a quantity to money, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from simulator.scenario.curves import Curve
from simulator.scenario.figures import walk_figures

ADAPTER: TypeAdapter[Any] = TypeAdapter(Curve)


def money(data: Any, *quantities: float, segment: str | None = None) -> list[float]:
    """Money of a curve of fixed figures."""
    curve = ADAPTER.validate_python(data)
    values = {path: figure.expectation() for path, figure in walk_figures(curve)}
    look_up: Callable[[str], Any] = values.__getitem__
    return [float(x) for x in curve.money(np.array(quantities, dtype=float), look_up, segment)]


def test_a_price_for_each_unit() -> None:
    assert money({"kind": "per_unit", "price": 12.5}, 0, 3, -2) == [0, 37.5, -25]


def test_a_price_for_each_unit_of_a_segment() -> None:
    prices = {"kind": "per_unit", "price": {"young": 10, "old": 20}}

    assert money(prices, 3, segment="young") == [30]
    assert money(prices, 3, segment="old") == [60]


# A step is reached at its threshold itself; below the first nothing is paid; a later step may pay less.
def test_steps() -> None:
    steps = {
        "kind": "steps",
        "steps": [{"at": 10, "pay": 100}, {"at": 20, "pay": 250}, {"at": 30, "pay": 200}],
    }

    assert money(steps, -1, 9.99, 10, 19.99, 20, 30, 1e9) == [0, 0, 100, 100, 250, 200, 200]


# Units 10-30 at 5 each, those above 30 at 2 each: at 40, 20 x 5 + 10 x 2 = 120.
def test_bands_are_like_a_tax_table() -> None:
    bands = {"kind": "bands", "bands": [{"above": 10, "price": 5}, {"above": 30, "price": 2}]}

    assert money(bands, 0, 10, 11, 30, 40) == [0, 0, 5, 100, 120]


def test_one_band_has_no_end() -> None:
    assert money({"kind": "bands", "bands": [{"above": -5, "price": 1}]}, -10, -5, 95) == [0, 0, 100]


# From (10, 100) to (20, 200) to (40, 0): at 15, 150; at 30, 100; level outside.
def test_lines() -> None:
    points = [{"at": 10, "pay": 100}, {"at": 20, "pay": 200}, {"at": 40, "pay": 0}]

    assert money({"kind": "lines", "points": points}, 0, 10, 15, 20, 30, 40, 99) == [
        100,
        100,
        150,
        200,
        100,
        0,
        0,
    ]


# A jump at 10 from 50 to 80: the later point holds from 10 on.
def test_lines_may_jump() -> None:
    points = [{"at": 0, "pay": 0}, {"at": 10, "pay": 50}, {"at": 10, "pay": 80}, {"at": 20, "pay": 100}]

    assert money({"kind": "lines", "points": points}, 5, 9.999999, 10, 15, 20) == pytest.approx(
        [25, 49.999995, 80, 90, 100]
    )


def test_a_jump_at_the_first_point_and_at_the_last() -> None:
    points = [{"at": 0, "pay": 1}, {"at": 0, "pay": 2}, {"at": 5, "pay": 3}, {"at": 5, "pay": 9}]

    assert money({"kind": "lines", "points": points}, -1, 0, 4, 5, 6) == pytest.approx([1, 2, 2.8, 9, 9])


def test_a_share_of_a_value() -> None:
    assert money({"kind": "share", "share": "40 %"}, 1000, -100) == [400, -40]


def test_a_lump_is_paid_whatever_was_measured() -> None:
    assert money({"kind": "lump", "pay": -7}, 0, 5, 1e9) == [-7, -7, -7]


def test_uncertain_figures_hold_one_value_for_each_trial() -> None:
    curve = ADAPTER.validate_python({"kind": "steps", "steps": [{"at": 10, "pay": 1}]})
    values = {"steps.0.at": np.array([5.0, 15.0]), "steps.0.pay": np.array([100.0, 200.0])}

    assert curve.money(np.array([10.0, 10.0]), values.__getitem__, None).tolist() == [100, 0]


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "steps", "steps": [{"at": 20, "pay": 1}, {"at": 10, "pay": 2}]},
        {"kind": "bands", "bands": [{"above": 20, "price": 1}, {"above": 10, "price": 2}]},
        {"kind": "lines", "points": [{"at": 20, "pay": 1}, {"at": 10, "pay": 2}]},
        {
            "kind": "steps",
            "steps": [{"at": {"kind": "uniform", "low": 0, "high": 15}, "pay": 1}, {"at": 10, "pay": 2}],
        },
        {"kind": "steps", "steps": []},
        {"kind": "lines", "points": [{"at": 20, "pay": 1}]},
        {"kind": "per_unit"},
    ],
)
def test_curves_that_are_not_ascending_or_empty_are_refused(data: Any) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(data)
