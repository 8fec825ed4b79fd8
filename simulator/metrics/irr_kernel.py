"""The quick way to many IRRs: a start from the timing of the money, then two Newton steps, all at once.

With ``x = log(1 + r)``, the function ``g(x) = log PV(inflows) - log PV(outflows)`` is almost a straight
line. Its Taylor coefficients at ``x = 0`` are differences of *cumulants of payment timing*, which repeated
running sums give for a whole block of trials. A fourth-order equation then yields a start good to 1e-4 ...
1e-9, which one Newton step with a curvature term and one chord step on NPV bring to rounding.

Rows with one change of sign have one root. For others Norstrom's test, from both ends of time, often proves
as much (`only_roots`); the rest go to `simulator.metrics.irr_roots`, with the root found here as a hint.

Every operation acts on each trial by itself and sums run in date order, with no matrix product, so a
trial's answer does not depend on its neighbours, on the number of trials or on the number of threads, to
the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating[Any]]
"""Single precision in fact, which the types of NumPy lose at the first division."""
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

ORDER = 4
"""Moments of timing kept: with 3 the start is some 20 times worse, with 5 hardly better."""
REACH = 8.0
"""Largest ``|x| * periods`` answered here; beyond, series and rounding deserve the careful way."""
LEFT = 1e-14
"""Error in ``x`` that no further step needs to mend."""
CLEAR = 1e-6
"""A net sum above this share of all amounts has a sign beyond doubt."""
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

    The sums are in single precision: they only make the start of Newton's method, and cost half. An outer
    loop over dates with one straight run over trials inside keeps all the sums in the processor's nearest
    memory.
    """
    trials = flows.shape[1]
    inflow, outflow, relapse, positive, negative = np.zeros((5, trials), dtype=np.bool_)
    single, gain, pay = np.empty((3, trials), dtype=np.float32)
    sums_in, sums_out = (list(table) for table in np.zeros((2, ORDER + 1, trials), dtype=np.float32))
    add, either, both, nil = np.add, np.logical_or, np.logical_and, np.float32(0.0)
    for row in flows:
        np.greater(row, 0.0, positive)
        np.less(row, 0.0, negative)
        either(outflow, negative, outflow)
        both(inflow, negative, negative)
        either(relapse, negative, relapse)
        either(inflow, positive, inflow)
        single[:] = row
        np.maximum(single, nil, out=gain)
        np.subtract(gain, single, pay)
        for k in range(ORDER, 0, -1):  # the highest first: each adds the lower one of the date before
            add(sums_in[k], sums_in[k - 1], sums_in[k])
            add(sums_out[k], sums_out[k - 1], sums_out[k])
        add(sums_in[0], gain, sums_in[0])
        add(sums_out[0], pay, sums_out[0])
    return Survey(inflow=inflow, outflow=outflow, relapse=relapse, sums_in=sums_in, sums_out=sums_out)


def cumulants(sums: list[SingleArray]) -> tuple[SingleArray, ...]:
    """Turn the sums of a `Survey` into the first four cumulants of the periods left, weighted by money."""
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
    # Where both means of timing are alike, the tilt has no bounds: every step would then look small.
    tilt = np.clip(tilt.astype(np.float64), -periods, 2 * periods)
    reach = REACH / max(periods, 1)
    return np.clip(x.astype(np.float64), -reach, reach), tilt


def columns(flows: FloatArray, which: IntArray) -> FloatArray:
    """Copy some trials, row by row: `np.take` would first copy all of a slice of a larger table."""
    picked = np.empty((flows.shape[0], which.size))
    for row, target in zip(flows, picked, strict=True):
        row.take(which, out=target, mode="clip")
    return picked


def present_value(flows: FloatArray, x: FloatArray) -> FloatArray:
    """Discount each trial at its own rate: NPV at ``r = exp(x) - 1``, shape ``(trials,)``."""
    discount = np.exp(-x)
    value: FloatArray = flows[-1].copy()
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
    bend = np.abs(periods * first)
    left = np.abs(second) * (bend**2 + periods * np.abs(second))
    return found, (left < LEFT) & (bend < 0.5) & (np.abs(found) * periods < REACH)


def quick_roots(flows: FloatArray, seen: Survey) -> FloatArray:
    """Find one root of each trial, as ``x = log(1 + rate per period)``, or nan where it takes more care.

    For a trial with one change of sign it is the only root; otherwise there may be others.

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


def only_roots(flows: FloatArray, x: FloatArray, gross: SingleArray) -> BoolArray:
    """Tell for which trials the root found is proved to be the only one, by Norstrom's test both ways.

    *Defined as*: let ``S[t] = sum(flows[:t + 1])`` and ``R[t] = sum(flows[t:])``. The changes of sign of
    ``S`` are at least as many as the roots above 0, those of ``R`` as the roots below, of the same parity.
    One change in one of them and none in the other leave a single root.

    Parameters
    ----------
    flows
        Flows of the investor, shape ``(periods + 1, trials)``.
    x
        The root found, or nan, shape ``(trials,)``.
    gross
        Sum of all amounts of each trial, shape ``(trials,)``: a net sum near nil proves nothing.
    """
    total, rose, sank, fell_again = _running_signs(flows, np.greater, np.less)
    _, fell, peaked, rose_again = _running_signs(flows[::-1], np.less, np.greater)
    clear = np.abs(total) > CLEAR * gross
    gain = (x > 0) & (total > 0) & sank & ~fell_again & ~fell
    loss = (x < 0) & (total < 0) & peaked & ~rose_again & ~rose
    return clear & (gain | loss)


def _running_signs(
    flows: FloatArray, first: np.ufunc, then: np.ufunc
) -> tuple[FloatArray, BoolArray, BoolArray, BoolArray]:
    """Sum row by row: the total; whether a sum was `first` to nil, was `then`, was `then` after `first`."""
    running = np.zeros(flows.shape[1])
    once, other, back, compared = np.zeros((4, flows.shape[1]), dtype=np.bool_)
    for row in flows:
        np.add(running, row, running)
        then(running, 0.0, compared)
        np.logical_or(other, compared, other)
        np.logical_and(once, compared, compared)
        np.logical_or(back, compared, back)
        first(running, 0.0, compared)
        np.logical_or(once, compared, once)
    return running, once, other, back
