"""IRR of many trials: statuses, chosen roots, errors, and independence from the trials around."""

from __future__ import annotations

import doctest
import math

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr

from simulator.metrics import irr as irr_module
from simulator.metrics import irr_roots
from simulator.metrics.irr import BLOCK, CARE_BLOCK, IrrStatus, irr, irr_of
from simulator.metrics.irr_kernel import FloatArray, cumulants, only_roots, quick_roots, survey
from simulator.metrics.irr_roots import find_roots


def mixed_rows(periods: int, trials: int, seed: int = 7) -> FloatArray:
    """Draw rows as a deal makes them: drawn early, paid back in lumps, at times a late cost or nothing."""
    rng = np.random.default_rng(seed)
    draws = max(periods // 6, 1)
    flows = np.zeros((periods + 1, trials))
    flows[:draws] = -rng.uniform(50, 150, (draws, trials)) / draws
    lumps = rng.exponential(1.0, flows[draws:].shape) * (rng.random(flows[draws:].shape) < 0.6)
    lumps[-1] += 1e-3
    flows[draws:] = lumps / lumps.sum(axis=0) * -flows[:draws].sum(axis=0) * rng.uniform(0.4, 2.0, trials)
    late_cost = rng.random(trials) < 0.2
    flows[rng.integers(draws, periods + 1, trials)[late_cost], late_cost] -= rng.uniform(
        5, 40, late_cost.sum()
    )
    flows[draws:, rng.random(trials) < 0.05] = 0.0
    return flows


def polynomial(*roots: float) -> FloatArray:
    """Make the flows, starting with -1, whose NPV is nil where ``1 + rate`` is one of the roots."""
    return np.asarray(-np.poly(roots), dtype=np.float64)


def same_bytes(one: FloatArray, other: FloatArray) -> bool:
    return one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("flows", "rate", "status"),
    [
        ([-100.0, 110.0], 0.1, IrrStatus.OK),  # 110 / 100 - 1
        ([-100.0, 0.0, 121.0], 0.1, IrrStatus.OK),  # (121 / 100)^(1/2) - 1
        ([-100.0, 90.0], -0.1, IrrStatus.OK),
        ([-60.0, -44.0, 0.0, 121.0], None, IrrStatus.OK),  # no closed form: checked by its NPV below
        ([-100.0, -5.0], -1.0, IrrStatus.TOTAL_LOSS),
        ([0.0, 0.0], math.nan, IrrStatus.NO_FLOWS),
        ([0.0, 7.0], math.nan, IrrStatus.NO_OUTFLOW),
        ([-100.0, 250.0, -160.0], math.nan, IrrStatus.NO_ROOT),
        ([-100.0, 230.0, -132.0], 0.2, IrrStatus.MULTIPLE),  # 100 (w - 1.1)(w - 1.2)
    ],
)
def test_each_status_has_its_rate(flows: list[float], rate: float | None, status: IrrStatus) -> None:
    found, found_status = irr_of(flows)

    assert found_status is status
    if rate is None:
        assert npf.npv(found, flows) == pytest.approx(0.0, abs=1e-10)
    else:
        assert found == pytest.approx(rate, rel=0, abs=1e-13, nan_ok=True)


def test_a_rate_is_effective_annual() -> None:
    flows = np.array([[-100.0], [0.0], [0.0], [0.0], [110.0]])

    assert irr(flows).rate[0] == pytest.approx(1.1**0.25 - 1, rel=0, abs=1e-14)
    assert irr(flows, periods_per_year=4).rate[0] == pytest.approx(0.1, rel=0, abs=1e-14)


def test_the_same_deal_on_a_finer_calendar_has_the_same_rate_even_with_several_roots() -> None:
    yearly = [-252.0, 1431.0, -3035.0, 2850.0, -1000.0]
    quarterly = np.zeros(17)
    quarterly[::4] = yearly

    rate, status = irr_of(quarterly, periods_per_year=4)

    assert status is IrrStatus.MULTIPLE
    assert rate == pytest.approx(irr_of(yearly)[0], rel=0, abs=1e-10)


@pytest.mark.parametrize(
    "yearly", [[-100.0, 230.0, -132.0], [-100.0, 250.0, -160.0], [-100.0, 220.0, -121.0]]
)
def test_a_thousand_periods_between_flows_lose_nothing(yearly: list[float]) -> None:
    # At 70 % a period a flow 1,000 periods away is worth 1e-230: nothing, and still the only one of its sign.
    flows = np.zeros(2001)
    flows[::1000] = yearly

    rate, status = irr_of(flows, periods_per_year=1000)

    expected, expected_status = irr_of(yearly)
    assert status is expected_status
    assert rate == pytest.approx(expected, rel=0, abs=1e-10, nan_ok=True)


def test_nearness_to_nil_is_judged_by_the_annual_rate() -> None:
    # -(w - 0.84)(w - 1)(w - 1.155): the NPV falls at -16 % and at 15.5 % a period and rises at 0.
    # With four periods in a year that is -50 % and 78 % a year, so the nearer is the other.
    flows = polynomial(0.84, 1.0, 1.155)

    assert irr_of(flows)[0] == pytest.approx(0.155, rel=0, abs=1e-9)
    assert irr_of(flows, periods_per_year=4)[0] == pytest.approx(0.84**4 - 1, rel=0, abs=1e-9)


def test_where_the_npv_falls_at_no_root_the_rate_is_the_root_nearest_nil() -> None:
    # -(w - 1.3)^2 (w^2 + 1): the NPV touches nil at 30 % and is negative elsewhere.
    once = np.convolve(polynomial(1.3, 1.3), [1.0, 0.0, 1.0])
    twice = polynomial(1.3, 1.3, 0.9, 0.9)  # touches at 30 % and at -10 %

    result = irr(np.stack((once, twice), axis=1))

    assert result.status.tolist() == [IrrStatus.OK, IrrStatus.MULTIPLE]
    np.testing.assert_allclose(result.rate, [0.3, -0.1], rtol=0, atol=1e-7)


@pytest.mark.parametrize("rate", [-0.4, -0.037, 0.013, 0.1, 0.55])
def test_a_root_that_only_touches_is_as_exact_as_another(rate: float) -> None:
    flows = np.convolve(polynomial(1 + rate, 1 + rate), polynomial(-0.3, -0.9, -1.7))

    assert irr_of(flows)[0] == pytest.approx(rate, rel=0, abs=1e-12)


@pytest.mark.parametrize(("periods", "trials"), [(24, 400), (120, 40)])
def test_conventional_rows_agree_with_numpy_financial_and_pyxirr(periods: int, trials: int) -> None:
    flows = mixed_rows(periods, trials)
    flows[max(periods // 6, 1) :] = np.abs(flows[max(periods // 6, 1) :])
    flows = flows[:, (flows > 0).any(axis=0)]

    result = irr(flows)

    assert (result.status == IrrStatus.OK).all()
    for column, rate in zip(flows.T, result.rate, strict=True):
        assert rate == pytest.approx(npf.irr(column), rel=0, abs=1e-10)
        assert rate == pytest.approx(pyxirr.irr(column), rel=0, abs=1e-10)


@pytest.mark.parametrize("periods", [24, 120])
def test_a_trial_does_not_feel_its_neighbours(periods: int) -> None:
    flows = mixed_rows(periods, BLOCK + 300)
    whole = irr(flows)
    assert {IrrStatus.OK, IrrStatus.TOTAL_LOSS, IrrStatus.MULTIPLE} <= set(whole.status.tolist())

    for trials in (2, 3, 301, CARE_BLOCK + 1):
        part = irr(flows[:, :trials])
        assert same_bytes(part.rate, whole.rate[:trials])
        assert (part.status == whole.status[:trials]).all()
    order = np.random.default_rng(1).permutation(flows.shape[1])
    assert same_bytes(irr(flows[:, order]).rate, whole.rate[order])
    for trial in range(0, flows.shape[1], 211):
        assert same_bytes(np.array([irr_of(flows[:, trial])[0]]), whole.rate[trial : trial + 1])


def test_memory_order_type_and_slices_do_not_matter() -> None:
    flows = np.rint(mixed_rows(24, 60))
    expected = irr(flows).rate

    assert same_bytes(irr(np.asfortranarray(flows)).rate, expected)
    assert same_bytes(irr(flows.astype(np.int64)).rate, expected)
    assert same_bytes(irr(np.repeat(flows, 2, axis=1)[:, ::2]).rate, expected)


def test_flows_are_left_alone_and_results_cannot_be_changed() -> None:
    flows = mixed_rows(12, 50)
    before = flows.copy()
    flows.setflags(write=False)

    result = irr(flows)

    assert same_bytes(flows, before)
    assert not result.rate.flags.writeable
    assert not result.status.flags.writeable
    assert result.status.dtype == np.int8


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (5, 0), (0, 0)])
def test_tables_without_periods_or_trials_have_no_rates(shape: tuple[int, int]) -> None:
    result = irr(np.zeros(shape))

    assert result.rate.shape == result.status.shape == (shape[1],)
    assert np.isnan(result.rate).all()
    assert (result.status == IrrStatus.NO_FLOWS).all()


def test_a_single_date_has_a_status_too() -> None:
    result = irr(np.array([[-1.0, 1.0, 0.0]]))

    assert result.status.tolist() == [IrrStatus.TOTAL_LOSS, IrrStatus.NO_OUTFLOW, IrrStatus.NO_FLOWS]


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("trial", [0, BLOCK + 2])
def test_money_that_is_no_number_is_refused_by_name(wrong: float, trial: int) -> None:
    flows = np.tile(np.array([[-100.0], [60.0], [60.0]]), BLOCK + 5)
    flows[1, trial] = wrong

    with pytest.raises(ValueError, match=rf"finite, got {wrong} at trial {trial}, period 1"):
        irr(flows)


def test_wrong_shapes_and_calendars_are_refused() -> None:
    with pytest.raises(ValueError, match="for one row use irr_of"):
        irr(np.array([-100.0, 110.0]))
    with pytest.raises(ValueError, match="for a table use irr"):
        irr_of(np.array([[-100.0], [110.0]]))
    with pytest.raises(ValueError, match="periods_per_year must be >= 1, got 0"):
        irr_of([-100.0, 110.0], periods_per_year=0)


@pytest.mark.parametrize("scale", [1e-300, 1e-60, 1e-9, 1.0, 1e12, 1e60, 1e290])
def test_the_size_of_money_does_not_matter(scale: float) -> None:
    flows = mixed_rows(24, 300)
    expected = irr(flows)

    result = irr(flows * scale)

    assert (result.status == expected.status).all()
    np.testing.assert_allclose(result.rate, expected.rate, rtol=0, atol=1e-12)


@pytest.mark.parametrize("noise", [1e-13, -1e-13, 1e-16])
def test_rounding_noise_makes_no_roots(noise: float) -> None:
    rng = np.random.default_rng(3)
    flows = mixed_rows(24, 500)
    flows[:, :100] = np.maximum(flows[:, :100], 0.0)  # no outflow
    expected = irr(flows)
    largest = np.abs(flows).max(axis=0)
    disturbed = np.where(flows == 0, noise * largest * rng.random(flows.shape), flows)

    result = irr(disturbed)

    assert (result.status == expected.status).all()
    np.testing.assert_allclose(result.rate, expected.rate, rtol=0, atol=1e-9)


def test_a_rate_beyond_floats_is_infinite_without_a_warning() -> None:
    assert irr_of([-1.0, 1e9], periods_per_year=365) == (math.inf, IrrStatus.OK)


@pytest.mark.parametrize("rate", [1e9, 1e4, 30.0, 3.0, -0.5, -0.99, -0.999999])
@pytest.mark.parametrize("periods", [1, 7, 24, 120])
def test_extreme_rates_are_found(rate: float, periods: int) -> None:
    # 1 paid in now; what a period earns is paid out at its end, and the 1 at the last.
    flows = np.array([-1.0, *[rate] * (periods - 1), 1.0 + rate]) if rate > 0 else None
    if flows is None:  # a loss: all comes back at once, what is left of it
        periods = min(periods, 3)
        flows = np.array([-1.0, *[0.0] * (periods - 1), (1.0 + rate) ** periods])
        if flows[-1] < 1e-11:
            return  # less than the noise

    found, status = irr_of(flows)

    assert status is IrrStatus.OK
    assert found == pytest.approx(rate, rel=1e-9)


def test_a_long_monthly_loan_is_no_trouble() -> None:
    # pyxirr issue 24: 480 instalments; the annuity formula at the rate found must give the loan back.
    loan, instalment = 172545.848122807, 787.735232517999

    rate, status = irr_of([-loan, *[instalment] * 480], periods_per_year=12)

    monthly = (1 + rate) ** (1 / 12) - 1
    assert status is IrrStatus.OK
    assert instalment * (1 - (1 + monthly) ** -480) / monthly == pytest.approx(loan, rel=1e-12)


@pytest.mark.parametrize("limit", ["STEPS", "LEVELS", "CROWD"])
def test_a_search_that_gives_up_says_so(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(irr_roots, limit, 0)
    flows = np.array([[-252.0, -100.0], [1431.0, 60.0], [-3035.0, 60.0], [2850.0, 0.0], [-1000.0, 0.0]])

    result = irr(flows)

    assert result.status.tolist() == [IrrStatus.NOT_CONVERGED, IrrStatus.OK]
    assert np.isnan(result.rate[0])
    assert result.rate[1] == pytest.approx(0.13066238629180749, rel=0, abs=1e-13)


def test_a_survey_counts_periods_left() -> None:
    # 2 trials x 3 periods: -10 now, 4 and 8 later; and 5 in, 7 out in the middle, 1 in.
    seen = survey(np.array([[-10.0, 5.0], [4.0, -7.0], [8.0, 1.0]]))

    assert seen.relapse.tolist() == [False, True]
    assert [float(sums[0]) for sums in seen.sums_out[:3]] == [10, 20, 10]  # binomial(2, k)
    assert [float(sums[0]) for sums in seen.sums_in[:3]] == [12, 4, 0]  # 4 with 1 period left, 8 with none
    assert [float(sums[1]) for sums in seen.sums_in[:3]] == [6, 10, 5]


def test_cumulants_of_timing_are_mean_variance_and_so_on() -> None:
    # All money with 3 periods left in trial 1; half with 4 and half with 0 in trial 2: mean 2, central
    # moments 4, 0, 16, so the cumulants are 2, 4, 0, 16 - 3 * 4^2.
    seen = survey(np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]))

    found = np.array(cumulants(seen.sums_in))

    np.testing.assert_allclose(found, [[3, 2], [0, 4], [0, 0], [0, -32]], rtol=1e-6, atol=1e-4)


def test_the_quick_proof_of_a_single_root_is_not_fooled() -> None:
    rows = [
        ([-100.0, 90.0, -20.0, 60.0], 0.1, True),  # S: - - - +, R: + + + +: one gain
        ([-100.0, 60.0, -30.0, 40.0], -0.1, True),  # S: - - - -, R: - + + +: one loss
        ([-100.0, 90.0, -20.0, 60.0], -0.1, False),  # but not on this side
        ([-100.0, 60.0, -30.0, 40.0], 0.1, False),
        ([-100.0, 90.0, 60.0, -5.0], 0.1, False),  # a second root below: R begins, from the end, negative
        ([-100.0, 120.0, -30.0, 40.0], 0.1, False),  # S: - + - +: perhaps three
        ([-56.0, 55.0, -56.0], -0.1, False),  # S: - - -, R: - - -: none, whatever Newton's method says
        ([56.0, -55.0, 56.0], 0.1, False),
        ([-0.3, 0.1, -0.1, 0.3000000001], 1e-10, False),  # one gain, if the last digits are to be trusted
    ]
    for flows, x, proved in rows:
        column = np.array(flows)[:, np.newaxis]
        assert bool(only_roots(column, np.array([x]), np.abs(column).sum(axis=0))[0]) is proved, flows


def test_newtons_method_does_not_settle_where_there_is_no_root() -> None:
    # Inflows and outflows have the same mean date, but for the rounding of the scale: the start is senseless.
    flows = np.array([[12.0], [-11.75], [12.0]]) * (1e12 / 7)

    with np.errstate(all="ignore"):
        assert np.isnan(quick_roots(flows, survey(flows)))


def test_all_roots_are_found_with_their_directions() -> None:
    roots = find_roots(
        np.array([[-252.0], [1431.0], [-3035.0], [2850.0], [-1000.0]]) / 4096, np.array([np.nan])
    )

    np.testing.assert_allclose(np.exp(roots.x), [5 / 4, 4 / 3, 10 / 7, 5 / 3], rtol=0, atol=1e-10)
    assert roots.direction.tolist() == [1, -1, 1, -1]
    assert not roots.failed.any()


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(irr_module).failed == 0
