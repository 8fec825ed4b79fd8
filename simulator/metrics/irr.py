"""Internal rate of return of many trials at once, each with a status that says what the number is worth.

A rate is *effective annual*. A row without a rate is nan and says why; a row with several says so and
carries the one chosen by a fixed rule. The share of each status belongs beside any statistic of the rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.irr_kernel import (
    FloatArray,
    IntArray,
    SingleArray,
    columns,
    only_roots,
    quick_roots,
    survey,
)
from simulator.metrics.irr_roots import find_roots

BLOCK = 8_192
"""Trials worked on at a time: what fits the processor's own memory."""
CARE_BLOCK = 2_048
"""The same for trials that take more care, and more memory each."""
NOISE = 1e-12
"""A flow below this share of the largest flow of its trial is rounding noise, and taken for zero."""

StatusArray = NDArray[np.int8]


class IrrStatus(IntEnum):
    """What the rate of one trial is worth."""

    OK = 0
    """The only rate above -100 % at which the NPV is zero."""
    TOTAL_LOSS = 1
    """Money was paid in and none came back: the rate is -1 exactly."""
    NO_FLOWS = 2
    """Nothing was paid, either way: nan."""
    NO_OUTFLOW = 3
    """Money came in and none was ever at risk: nan."""
    NO_ROOT = 4
    """Flows of both signs, yet no rate above -100 % makes the NPV zero: nan."""
    MULTIPLE = 5
    """Several rates make the NPV zero; one was chosen by rule."""
    NOT_CONVERGED = 6
    """The search gave up: nan. Not known to happen; please report it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrrResult:
    """Rates and what they are worth, each shape ``(trials,)``."""

    rate: FloatArray
    """Effective annual rate of each trial, nan where there is none."""
    status: StatusArray
    """`IrrStatus` of each trial."""


def irr(flows: FloatArray, *, periods_per_year: int = 1) -> IrrResult:
    """Find the internal rate of return of each trial.

    The rate at which what an investor pays in and what it gets back are worth the same. *Defined as*, for
    one trial, the ``(1 + r) ** periods_per_year - 1`` of the root ``r > -1`` of::

        NPV(r) = sum(flows[t] / (1 + r) ** t for t in range(periods + 1)) = 0

    With several roots, the rate is the one nearest 0 among those where the NPV falls as the rate rises
    (there, as for a plain investment, a dearer price of money makes the deal worse); if it falls at none,
    the one nearest 0.

    Parameters
    ----------
    flows
        Flows of the investor, positive = received, currency units, shape ``(periods + 1, trials)``; row
        ``t`` falls at the end of period ``t``.
    periods_per_year
        Periods in a year: 1, 4 for quarters, 12 for months.

    Returns
    -------
    Rate and status of each trial. Scaling a trial's flows changes neither. A rate too large for a float is
    infinite.

    Raises
    ------
    ValueError
        If flows are not a table, or not finite: money that is not a number has no rate; or if there is less
        than one period in a year.

    Notes
    -----
    Flows below `NOISE` times the largest of their trial are taken for zero, so that rounding in a waterfall
    makes no roots. A rate at which the NPV touches zero without crossing it is a root like any other, and
    alone it is ``OK``.

    Examples
    --------
    >>> result = irr(np.array([[-100.0, -100.0], [60.0, 0.0], [60.0, 0.0]]))
    >>> result.rate.round(6)
    array([ 0.130662, -1.      ])
    >>> [IrrStatus(status).name for status in result.status]
    ['OK', 'TOTAL_LOSS']
    """
    flows = np.asarray(flows, dtype=np.float64)
    if flows.ndim != 2:
        raise ValueError(
            f"flows must have shape (periods + 1, trials), got {flows.shape}; for one row use irr_of"
        )
    if periods_per_year < 1:
        raise ValueError(f"periods_per_year must be >= 1, got {periods_per_year}")
    trials = flows.shape[1]
    x = np.full(trials, np.nan)
    status = np.full(trials, IrrStatus.NO_FLOWS, dtype=np.int8)
    with np.errstate(all="ignore"):
        for begin in range(0, trials if flows.size else 0, BLOCK):
            here = slice(begin, begin + BLOCK)
            x[here], status[here] = _quickly(flows[:, here], begin)
        unsure = np.flatnonzero(status == IrrStatus.NOT_CONVERGED)
        for begin in range(0, unsure.size, CARE_BLOCK):
            some = unsure[begin : begin + CARE_BLOCK]
            x[some], status[some] = _carefully(columns(flows, some), x[some], periods_per_year)
    with np.errstate(over="ignore"):
        rate = np.expm1(x * periods_per_year)
    rate[status == IrrStatus.TOTAL_LOSS] = -1.0
    rate.setflags(write=False)
    status.setflags(write=False)
    return IrrResult(rate=rate, status=status)


def irr_of(flows: Sequence[float] | FloatArray, *, periods_per_year: int = 1) -> tuple[float, IrrStatus]:
    """Find the internal rate of return of one row of flows; see `irr`.

    Examples
    --------
    >>> rate, status = irr_of([-100.0, 230.0, -132.0])
    >>> round(rate, 6), status.name
    (0.2, 'MULTIPLE')
    """
    row = np.asarray(flows, dtype=np.float64)
    if row.ndim != 1:
        raise ValueError(f"flows must be one row of numbers, got shape {row.shape}; for a table use irr")
    result = irr(row[:, np.newaxis], periods_per_year=periods_per_year)
    return float(result.rate[0]), IrrStatus(int(result.status[0]))


def _quickly(flows: FloatArray, begin: int) -> tuple[FloatArray, StatusArray]:
    """Find ``log(1 + rate per period)`` and status of each trial, leaving some ``NOT_CONVERGED`` for now."""
    if flows.strides[1] != flows.itemsize:
        flows = np.ascontiguousarray(flows)
    seen = survey(flows)
    gross = seen.sums_in[0] + seen.sums_out[0]
    _check_finite(flows, gross, begin)
    x = quick_roots(flows, seen)
    proved = ~(seen.relapse | np.isnan(x))
    test = np.flatnonzero(seen.relapse & ~np.isnan(x))
    if test.size:
        proved[test] = only_roots(columns(flows, test), x[test], gross[test])
    status = np.where(proved, IrrStatus.OK, IrrStatus.NOT_CONVERGED).astype(np.int8)
    status[~seen.outflow] = IrrStatus.NO_OUTFLOW
    status[~seen.inflow] = IrrStatus.TOTAL_LOSS
    status[~(seen.inflow | seen.outflow)] = IrrStatus.NO_FLOWS
    x[(status != IrrStatus.OK) & (status != IrrStatus.NOT_CONVERGED)] = np.nan
    return x, status


def _check_finite(flows: FloatArray, gross: SingleArray, begin: int) -> None:
    """Refuse flows that are not numbers, naming the first."""
    for trial in np.flatnonzero(~np.isfinite(gross)):  # single precision: may be infinite for good flows too
        wrong = np.flatnonzero(~np.isfinite(flows[:, trial]))
        if wrong.size:
            raise ValueError(
                f"flows must be finite, got {flows[wrong[0], trial]} "
                f"at trial {begin + trial}, period {wrong[0]}"
            )


def _carefully(flows: FloatArray, hint: FloatArray, periods_per_year: int) -> tuple[FloatArray, StatusArray]:
    """Do the same for trials that may have any number of roots, noise, or extreme rates."""
    flows = _cleaned(flows)
    has_in, has_out = (flows > 0).any(axis=0), (flows < 0).any(axis=0)
    x = np.full(hint.size, np.nan)
    status = np.where(has_in, IrrStatus.NO_OUTFLOW, IrrStatus.TOTAL_LOSS).astype(np.int8)
    both = np.flatnonzero(has_in & has_out)
    if both.size:
        roots = find_roots(np.take(flows, both, axis=1), hint[both])
        count = np.bincount(roots.row, minlength=both.size)
        status[both] = np.select(
            [roots.failed, count == 0, count == 1],
            [IrrStatus.NOT_CONVERGED, IrrStatus.NO_ROOT, IrrStatus.OK],
            IrrStatus.MULTIPLE,
        )
        best = _chosen(roots.row, np.abs(np.expm1(roots.x * periods_per_year)), roots.direction)
        x[both[roots.row[best]]] = roots.x[best]
        x[both[roots.failed]] = np.nan
    return x, status


def _cleaned(flows: FloatArray) -> FloatArray:
    """Bring each trial to a size near 1, without rounding, and its noise to zero."""
    largest = np.max(np.abs(flows), axis=0)
    clean: FloatArray = np.ldexp(flows, -np.frexp(largest)[1])
    clean[np.abs(flows) <= NOISE * largest] = 0.0
    return clean


def _chosen(row: IntArray, distance: FloatArray, direction: IntArray) -> IntArray:
    """Choose one root of each row: first those where NPV falls, then the one whose rate is nearest 0."""
    order = np.lexsort((distance, direction >= 0, row))
    _, first = np.unique(row[order], return_index=True)
    return order[first]
