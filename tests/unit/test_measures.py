"""Measures of one stream of money, worked by hand for two trials and three periods."""

from __future__ import annotations

import numpy as np
import pytest

import simulator
from simulator.metrics import measures
from tests.oracle.small import small

# Trial 1: -100, +30, +40, +50: in all +20.   Trial 2: -100, -50, +60, 0: in all -90.
FLOWS = np.array([[-100.0, -100.0], [30.0, -50.0], [40.0, 60.0], [50.0, 0.0]])
RECEIVED, DRAWN = np.maximum(FLOWS, 0), np.maximum(-FLOWS, 0)


def test_net() -> None:
    assert measures.net(FLOWS).tolist() == [20, -90]


def test_loss_is_never_negative() -> None:
    assert measures.loss(FLOWS).tolist() == [0, 90]
    assert measures.is_loss(FLOWS).tolist() == [0, 1]


def test_rounding_is_not_a_loss() -> None:
    flows = np.array([[-0.3], [0.1], [0.2 - 1e-17]])

    assert measures.is_loss(flows).tolist() == [0]


def test_a_total_loss_is_money_put_in_and_nothing_back() -> None:
    """Nothing back; something back; nothing put in; half of it back at the moment of the draw, and no more."""
    drawn = np.array([[1.0, 1.0, 0.0, 200.0], [0.0, 0.0, 0.0, 0.0]])
    received = np.array([[0.0, 0.0, 0.0, 100.0], [0.0, 0.5, 0.0, 0.0]])

    assert measures.is_total_loss(received, drawn).tolist() == [1, 0, 0, 0]


# 120 / 100 and 60 / 150; where nothing was put in there is no multiple.
def test_multiple() -> None:
    assert measures.multiple(RECEIVED, DRAWN) == pytest.approx([1.2, 0.4])
    assert np.isnan(measures.multiple(np.ones((2, 1)), np.zeros((2, 1)))[0])


# At 10 % a year and yearly periods: -100 + 30/1.1 + 40/1.21 + 50/1.331 = -2.1037; -100 - 50/1.1 + 60/1.21.
def test_present_value() -> None:
    right = [-100 + 30 / 1.1 + 40 / 1.21 + 50 / 1.331, -100 - 50 / 1.1 + 60 / 1.21]

    assert measures.present_value(FLOWS, 0.1, 1) == pytest.approx(right)


# Two half years make one year: 110 at the end of period 2 is 100 today.
def test_present_value_of_half_years() -> None:
    assert measures.present_value(np.array([[0.0], [0.0], [110.0]]), 0.1, 2) == pytest.approx([100])


# Running totals: -100, -70, -30, 20 and -100, -150, -90, -90.
def test_peak_capital_is_the_deepest_point() -> None:
    assert measures.peak_capital(FLOWS).tolist() == [100, 150]
    assert measures.peak_capital(np.array([[5.0], [-1.0]])).tolist() == [0]


def test_average_capital_over_the_moments_at_which_some_is_out() -> None:
    assert measures.average_capital(FLOWS) == pytest.approx([200 / 3, 430 / 4])
    assert measures.average_capital(np.ones((2, 1))).tolist() == [0]


# Trial 1 is back at moment 3; trial 2 never.
def test_payback() -> None:
    years = measures.payback_years(FLOWS, 1)

    assert years[0] == 3
    assert np.isnan(years[1])
    assert measures.payback_years(FLOWS, 4)[0] == 0.75


# (30 x 1 + 40 x 2 + 50 x 3) / 120 = 2.1667 years; only one payment at 2.
def test_duration() -> None:
    assert measures.duration_years(RECEIVED, 1) == pytest.approx([260 / 120, 2])
    assert np.isnan(measures.duration_years(np.zeros((2, 1)), 1)[0])


def test_low_point_is_at_most_zero() -> None:
    assert measures.low_point(FLOWS).tolist() == [-100, -150]
    assert measures.low_point(np.ones((2, 1))).tolist() == [0]


# Of 1 … 100 the worst 5 % are 96 … 100: mean 98. Of three losses, the worst 5 % is at least one trial.
def test_tail_mean() -> None:
    assert measures.tail_mean(np.arange(1.0, 101.0), 0.95) == 98
    assert measures.tail_mean(np.array([1.0, 7.0, 3.0]), 0.95) == 7
    assert measures.tail_mean(np.zeros(50), 0.95) == 0


def test_a_blend_pays_for_what_its_fixed_half_does_not_see() -> None:
    """No effect at all; 52 % would do it anyway, the fixed half takes 40 % for granted: all that is paid is deadweight."""
    both = {
        "kind": "blend",
        "of": [
            {"weight": 0.5, "method": {"kind": "benchmark", "value": 0.4}},
            {"weight": 0.5, "method": {"kind": "comparison", "ratio": 1}},
        ],
    }
    deal = small(
        {"people": {"size": 100_000}, "results": {"placed": {"measured": both}},
         "payments": {"success": {"quantity": "additional", "curve": {"price": 1}}}},
        {"results": {"placed": {"level": 0.52, "counterfactual": 0.52}}},
    )  # fmt: skip
    found = simulator.estimates(simulator.simulate(deal, trials=200, seed=1))

    assert found["payer.payments"].mean == pytest.approx(0.06 * 100_000, rel=0.05)
    assert found["payer.payments_for_deadweight"].mean == pytest.approx(
        found["payer.payments"].mean, rel=0.05
    )


def test_what_a_shut_gate_withholds_is_not_earned() -> None:
    gate = {"all": [{"on": "placed", "quantity": "rate", "at_least": 1.1}]}
    deal = small({"payments": {"success": {"gate": gate}}})
    found = simulator.estimates(simulator.simulate(deal, trials=5, seed=1))

    assert found["payer.earned_unpaid"].mean == 0
