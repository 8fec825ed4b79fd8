"""What holds for the IRR of any flows, held against exact arithmetic and other people's programs."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import assume, example, given
from hypothesis import strategies as st

from simulator.metrics.irr import IrrStatus, irr, irr_of
from simulator.metrics.irr_kernel import FloatArray

UNDEFINED = {IrrStatus.NO_FLOWS, IrrStatus.NO_OUTFLOW, IrrStatus.NO_ROOT}

small_flows = st.lists(st.integers(-20, 20), min_size=1, max_size=9)
money = st.floats(1.0, 1e4, allow_nan=False)
amounts = st.floats(-1e4, 1e4, allow_nan=False).map(lambda amount: round(amount, 2))
any_flows = st.lists(amounts, min_size=2, max_size=30)
tables = st.integers(1, 12).flatmap(
    lambda periods: st.lists(
        st.lists(amounts, min_size=periods + 1, max_size=periods + 1), min_size=1, max_size=6
    )
)
scales = st.one_of(st.sampled_from([1e-9, 1e-3, 1 / 3, 1e3, 1e12]), st.floats(1e-9, 1e12))


def count_roots(flows: list[int]) -> int:
    """Count the different roots above -100 % by Sturm's theorem, in exact arithmetic."""
    inside = np.flatnonzero(flows)
    if inside.size < 2:
        return 0
    polynomial = [Fraction(flow) for flow in flows[inside[0] : inside[-1] + 1]]
    degree = len(polynomial) - 1
    chain = [polynomial, [c * (degree - i) for i, c in enumerate(polynomial[:-1])]]
    while len(chain[-1]) > 1:
        rest = list(chain[-2])
        while len(rest) >= len(chain[-1]):
            factor = rest[0] / chain[-1][0]
            divisor = chain[-1] + [Fraction(0)] * (len(rest) - len(chain[-1]))
            rest = [c - factor * d for c, d in zip(rest, divisor, strict=True)][1:]
        while rest and rest[0] == 0:
            rest = rest[1:]
        if not rest:
            break
        chain.append([-c for c in rest])
    return _changes([p[-1] for p in chain]) - _changes([p[0] for p in chain])


def _changes(values: list[Fraction]) -> int:
    signs = [value > 0 for value in values if value != 0]
    return sum(one != other for one, other in pairwise(signs))


def expected_status(flows: list[int]) -> IrrStatus:
    if not any(flows):
        return IrrStatus.NO_FLOWS
    if max(flows) <= 0:
        return IrrStatus.TOTAL_LOSS
    if min(flows) >= 0:
        return IrrStatus.NO_OUTFLOW
    return {0: IrrStatus.NO_ROOT, 1: IrrStatus.OK}.get(count_roots(flows), IrrStatus.MULTIPLE)


def net_value(flows: FloatArray, rate: float) -> float:
    """NPV at a rate as a share of the money, in whichever direction of time does not overflow."""
    dates = np.flatnonzero(flows)
    anchor = dates[0] if rate > 0 else dates[-1]
    present = flows * np.exp(-math.log1p(rate) * (np.arange(flows.size) - anchor))
    return float(present.sum() / np.abs(present).sum())


def test_the_oracle_counts_roots() -> None:
    known = {(-1, 2): 1, (-1, 3, -2): 2, (-1, 2, -1): 1, (-1, 3, -3, 1): 1, (1, 1, 1): 0, (0, -1, 1, 0): 1}

    assert {flows: count_roots(list(flows)) for flows in known} == known


@given(small_flows)
@example([-1, 2, -1])
@example([-1, 3, -3, 1])
@example([-1, 4, -6, 4, -1])
@example([1, -2, 1, 0, 0, 1, -2, 1])
@example([0, 0, -20, 19, 1, 0])
@example([-56, 55, -56])
@example([-100, 0, 2, 0, 0, 0, 2, 0, -100])
def test_the_status_is_that_of_exact_arithmetic(flows: list[int]) -> None:
    assert irr_of(flows)[1] is expected_status(flows)


@given(any_flows)
def test_the_rate_is_the_root_that_the_rule_chooses(flows: list[float]) -> None:
    row = np.array(flows)
    rate, status = irr_of(row)
    roots = np.roots(np.trim_zeros(row)) if np.any(row) else np.zeros(0)
    real = np.sort(roots.real[(np.abs(roots.imag) < 1e-9 * np.abs(roots)) & (roots.real > 0)]) - 1
    # np.roots cannot tell roots that nearly touch; those are for the exact test above.
    near = np.abs(roots.imag) < 1e-4 * np.abs(roots)
    assume(near.sum() == (np.abs(roots.imag) < 1e-9 * np.abs(roots)).sum())
    assume(real.size < 2 or np.diff(np.log1p(real)).min() > 1e-4)

    if status in {IrrStatus.OK, IrrStatus.MULTIPLE}:
        assert (real.size > 1) == (status is IrrStatus.MULTIPLE)
        assert abs(net_value(row, rate)) < 1e-10
        falling = [root for root in real if net_value(row, _above(root)) < net_value(row, _below(root))]
        assert rate == pytest.approx(min(falling or real, key=abs), rel=1e-6, abs=1e-7)
    else:
        assert real.size == 0
        assert (rate == -1.0) if status is IrrStatus.TOTAL_LOSS else math.isnan(rate)


def _above(rate: float) -> float:
    return math.expm1(math.log1p(rate) + 1e-5)


def _below(rate: float) -> float:
    return math.expm1(math.log1p(rate) - 1e-5)


@given(st.lists(money, min_size=1, max_size=8), st.lists(money, min_size=1, max_size=24))
def test_conventional_rows_agree_with_numpy_financial_and_pyxirr(
    paid: list[float], back: list[float]
) -> None:
    flows = np.array([-amount for amount in paid] + back)
    rate, status = irr_of(flows)

    assert status is IrrStatus.OK
    assume(-0.9 < rate < 10)  # beyond, the others lose digits or their way
    assert rate == pytest.approx(npf.irr(flows), rel=0, abs=1e-10 * (1 + abs(rate)))
    assert rate == pytest.approx(pyxirr.irr(flows), rel=0, abs=1e-10 * (1 + abs(rate)))


@given(
    st.lists(st.floats(-0.9, 3.0), min_size=1, max_size=4),
    st.lists(st.floats(0.1, 2.0), max_size=12),
    st.booleans(),
)
def test_roots_put_in_come_out(rates: list[float], extra: list[float], flip: bool) -> None:
    places = np.sort(np.log1p(rates))
    assume(len(rates) == 1 or np.diff(places).min() > 1e-2)
    polynomial = np.poly([*np.exp(places), *(-value for value in extra)])
    flows: FloatArray = np.asarray(polynomial if flip else -polynomial, dtype=np.float64)

    rate, status = irr_of(flows)

    falling = places[::-1][flip::2]  # from the highest rate down, falling and rising take turns
    allowed = np.expm1(falling if falling.size else places)
    assert status is (IrrStatus.OK if len(rates) == 1 else IrrStatus.MULTIPLE)
    assert rate == pytest.approx(min(allowed, key=abs), rel=0, abs=1e-6)


@given(tables, scales)
@example([[-56.0, 55.0, -56.0]], 1e-9)
def test_scaling_money_changes_nothing(rows: list[list[float]], scale: float) -> None:
    flows = np.array(rows).T
    plain, scaled = irr(flows), irr(flows * scale)

    assert (plain.status == scaled.status).all()
    # Loose enough for a root that almost touches: it is known to half the digits only.
    np.testing.assert_allclose(scaled.rate, plain.rate, rtol=1e-7, atol=1e-9)


@given(tables, st.sampled_from([2.0**-30, 2.0, 2.0**40]))
def test_scaling_by_a_power_of_two_changes_no_bit(rows: list[list[float]], scale: float) -> None:
    flows = np.array(rows).T

    assert irr(flows * scale).rate.tobytes() == irr(flows).rate.tobytes()


@given(tables, st.randoms(use_true_random=False))
def test_the_order_and_number_of_trials_change_no_bit(rows: list[list[float]], random: Random) -> None:
    flows = np.array(rows).T
    order = list(range(flows.shape[1]))
    random.shuffle(order)
    whole = irr(flows)

    moved = irr(flows[:, order])

    assert moved.rate.tobytes() == whole.rate[order].tobytes()
    assert moved.status.tobytes() == whole.status[order].tobytes()
    for trial in range(flows.shape[1]):
        alone = irr(flows[:, trial : trial + 1])
        assert alone.rate.tobytes() == whole.rate[trial : trial + 1].tobytes()


@given(tables, st.integers(0, 40), st.integers(0, 40))
def test_waiting_before_or_after_changes_nothing(rows: list[list[float]], before: int, after: int) -> None:
    flows = np.array(rows).T
    plain = irr(flows)

    padded = irr(np.pad(flows, ((before, after), (0, 0))))

    assert (padded.status == plain.status).all()
    np.testing.assert_allclose(padded.rate, plain.rate, rtol=1e-7, atol=1e-9)


@given(tables, st.integers(2, 12))
@example([[-1.0, 0.0, 0.02, 0.0, -1.0]], 5)
def test_a_finer_calendar_changes_nothing(rows: list[list[float]], parts: int) -> None:
    flows = np.array(rows).T
    finer = np.zeros(((flows.shape[0] - 1) * parts + 1, flows.shape[1]))
    finer[::parts] = flows
    plain = irr(flows)

    result = irr(finer, periods_per_year=parts)

    assert (result.status == plain.status).all()
    np.testing.assert_allclose(result.rate, plain.rate, rtol=1e-6, atol=1e-8)


@given(any_flows)
@example([12.0, -11.75, 12.0])
def test_the_other_side_of_a_deal_has_the_same_roots(flows: list[float]) -> None:
    mirrored = {IrrStatus.TOTAL_LOSS: IrrStatus.NO_OUTFLOW, IrrStatus.NO_OUTFLOW: IrrStatus.TOTAL_LOSS}
    rate, status = irr_of(flows)
    other_rate, other = irr_of([-flow for flow in flows])

    assert other is mirrored.get(status, status)
    if status is IrrStatus.OK:
        assert other_rate == pytest.approx(rate, rel=1e-7, abs=1e-9)


@given(tables)
def test_a_number_and_its_status_go_together(rows: list[list[float]]) -> None:
    result = irr(np.array(rows).T)

    for rate, status in zip(result.rate, result.status, strict=True):
        if status in UNDEFINED:
            assert math.isnan(rate)
        else:
            assert rate >= -1
            assert (rate == -1) == (status == IrrStatus.TOTAL_LOSS)


@given(
    st.lists(money, min_size=1, max_size=8), st.lists(money, min_size=1, max_size=24), st.floats(0.0, 100.0)
)
def test_more_money_back_is_never_a_lower_rate(paid: list[float], back: list[float], extra: float) -> None:
    flows = np.array([-amount for amount in paid] + back)
    more = flows.copy()
    more[-1] += extra

    assert irr_of(more)[0] >= irr_of(flows)[0] * (1 - 1e-13) - 1e-13


@pytest.mark.parametrize(("dates", "most"), [(3, 6), (4, 4), (5, 2)])
def test_every_small_row_has_the_status_of_exact_arithmetic(dates: int, most: int) -> None:
    rows = list(product(range(-most, most + 1), repeat=dates))
    expected = np.array([expected_status(list(row)) for row in rows])
    flows = np.array(rows, dtype=np.float64).T

    for scale in (1.0, 1e-9 / 3, 1e12 / 7):
        wrong = np.flatnonzero(irr(flows * scale).status != expected)
        assert [rows[row] for row in wrong] == []
