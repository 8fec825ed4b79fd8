"""The quick way to many IRRs: a start from the timing of the money, then two Newton steps, all trials at once.

With ``x = log(1 + r)``, the function ``g(x) = log PV(inflows) - log PV(outflows)`` is almost a straight line. Its
Taylor coefficients at ``x = 0`` are differences of *cumulants of payment timing*, which repeated running sums give
for a whole block of trials. A fourth-order equation then yields a start good to 1e-4 ... 1e-9, which one Newton step
with a curvature term and one chord step on NPV bring to rounding.

Nothing here proves that a root is the only one: rows with one change of sign need no proof, and the others go to
`simulator.metrics.irr_roots`, with the root found here as a hint.

Every operation acts on each trial by itself and sums run in date order, with no matrix product, so a trial's answer
does not depend on its neighbours, on the number of trials or on the number of threads, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

ORDER = 4
"""Moments of timing kept: with 3 the start is about 20 times worse, with 5 no better than single precision."""
REACH = 8.0
"""Largest ``|x| * periods`` answered here; beyond, series and rounding deserve the careful way."""
ROUNDS = 3
"""Pairs of Newton steps tried before a row is left to the careful way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one pass over a block of flows tells of each trial; all arrays have shape ``(trials,)``."""

    inflow: BoolArray
    """Money comes in."""
    outflow: BoolArray
    """Money goes out."""
    relapse: BoolArray
    """Money goes out after some came in: the trial may have several roots."""
    sums_in: list[SingleArray]
    """Inflows weighted by ``binomial(periods left, k)`` and added up, for k = 0 ... ORDER."""
    sums_out: list[SingleArray]
    """The same of outflows."""


def survey(flows: FloatArray) -> Survey:
    """Go once over a block of flows of shape ``(periods + 1, trials)``, date by date.

    The sums are in single precision: they only make the start of Newton's method, and cost half. An outer loop over
    dates with one straight run over trials inside keeps all the sums in the processor's nearest memory.
    """
    trials = flows.shape[1]
    inflow, outflow, relapse, positive, negative = np.zeros((5, trials), dtype=np.bool_)
    single, gain, pay = np.empty((3, trials), dtype=np.float32)
    sums_in, sums_out = (
        list(np.zeros((ORDER + 1, trials), np.float32)),
        list(np.zeros((ORDER + 1, trials), np.float32)),
    )
    add, either, both, nil = np.add, np.logical_or, np.logical_and, np.float32(0.0)
    for row in flows:
        np.greater(row, 0.0, positive)
        np.less(row, 0.0, negative)
        either(outflow, negative, outflow)
        both(inflow, negative, negative)
        either(relapse, negative, relapse)
        either(inflow, positive, inflow)
        single[:] = row
        np.maximum(single, nil, gain)
        np.subtract(gain, single, pay)
        for k in range(ORDER, 0, -1):  # the highest first: each adds the lower one of the date before
            add(sums_in[k], sums_in[k - 1], sums_in[k])
            add(sums_out[k], sums_out[k - 1], sums_out[k])
        add(sums_in[0], gain, sums_in[0])
        add(sums_out[0], pay, sums_out[0])
    return Survey(inflow=inflow, outflow=outflow, relapse=relapse, sums_in=sums_in, sums_out=sums_out)


def cumulants(sums: list[SingleArray]) -> tuple[SingleArray, ...]:
    """Turn `timing_sums` into the first four cumulants of the periods left, weighted by money."""
    unit = 1 / sums[0]
    mean, second, third, fourth = sums[1] * unit, 2 * sums[2] * unit, 6 * sums[3] * unit, 24 * sums[4] * unit
    square = mean * mean
    f2 = second - square  # factorial cumulants, then ordinary ones
    f3 = third + mean * (2 * square - 3 * second)
    f4 = fourth - 4 * third * mean - 3 * second * second + square * (12 * second - 6 * square)
    return mean, f2 + mean, f3 + 3 * f2 + mean, f4 + 6 * f3 + 7 * f2 + mean


def start(seen: Survey, periods: int) -> tuple[FloatArray, FloatArray]:
    """Guess ``x = log(1 + r)`` of each trial, and the tilt that makes NPV straight around it.

    *Defined as* the root of the fourth-order Taylor polynomial of ``g``. The tilt ``s`` is such that
    ``NPV(x) * exp(s * x)`` has no curvature at the root: Newton's method on it is of third order.
    """
    early, late = cumulants(seen.sums_out), cumulants(seen.sums_in)
    gap = 1 / (late[0] - early[0])
    c2, c3, c4 = (
        (late[k] - early[k]) * (gap * np.float32(w)) for k, w in ((1, 1 / 2), (2, 1 / 6), (3, 1 / 24))
    )
    line = -np.log(seen.sums_in[0] / seen.sums_out[0]) * gap
    x = line * (1 - line * (c2 - line * (2 * c2 * c2 - c3)))
    for _ in range(2):
        value = ((c4 * x + c3) * x + c2) * x * x + x - line
        slope = ((4 * c4 * x + 3 * c3) * x + 2 * c2) * x + 1
        x = x - value / np.maximum(slope, np.float32(0.25))
    x = np.where(np.abs(x - line) < np.float32(0.5) * np.abs(line), x, line)
    mean = (late[0] + late[1] * x) + (early[0] + early[1] * x)
    spread = (late[1] + late[2] * x) - (early[1] + early[2] * x)
    tilt = periods - np.float32(0.5) * (mean + spread * gap)
    reach = REACH / max(periods, 1)
    return np.clip(x.astype(np.float64), -reach, reach), tilt.astype(np.float64)


def columns(flows: FloatArray, which: IntArray) -> FloatArray:
    """Copy some trials, row by row: `np.take` would first copy all of a slice of a larger table."""
    picked = np.empty((flows.shape[0], which.size))
    for row, target in zip(flows, picked, strict=True):
        row.take(which, out=target, mode="clip")
    return picked


def present_value(flows: FloatArray, x: FloatArray) -> FloatArray:
    """Discount each trial at its own rate: NPV at ``r = exp(x) - 1``, shape ``(trials,)``."""
    discount = np.exp(-x)
    value = flows[-1].copy()
    for row in flows[-2::-1]:
        np.multiply(value, discount, value)
        np.add(value, row, value)
    return value


def value_and_slope(flows: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Discount each trial at its own rate: NPV and its derivative in ``x``, each shape ``(trials,)``."""
    discount = np.exp(-x)
    value = flows[-1].copy()
    slope = np.zeros_like(value)
    for row in flows[-2::-1]:
        np.multiply(slope, discount, slope)
        np.add(slope, value, slope)
        np.multiply(value, discount, value)
        np.add(value, row, value)
    return value, -slope * discount


def polish(flows: FloatArray, x: FloatArray, tilt: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Take one curved Newton step and one chord step; tell where the second was too small to matter."""
    periods = flows.shape[0] - 1
    value, slope = value_and_slope(flows, x)
    tilted = slope + tilt * value
    first = -value / tilted
    second = -present_value(flows, x + first) / (tilted * (1 - tilt * first))
    found = x + first + second
    # What is left after the chord step: the step times the relative error of the chord's slope.
    left = np.abs(second) * ((periods * first) ** 2 + periods * np.abs(second))
    return found, (left < 1e-14) & (np.abs(found) * periods < REACH)


def quick_roots(flows: FloatArray, seen: Survey) -> FloatArray:
    """Find one root of each trial, as ``x = log(1 + rate per period)``, or nan where it takes more care.

    Parameters
    ----------
    flows
        Flows of the investor, shape ``(periods + 1, trials)``, rows contiguous.
    seen
        What `survey` told of them.
    """
    x, tilt = start(seen, flows.shape[0] - 1)
    x, good = polish(flows, x, tilt)
    again = np.flatnonzero(~good & np.isfinite(x))
    for _ in range(ROUNDS - 1):
        if not again.size:
            break
        x[again], settled = polish(columns(flows, again), x[again], tilt[again])
        good[again] = settled
        again = again[~settled & np.isfinite(x[again])]
    x[~good] = np.nan
    return x
