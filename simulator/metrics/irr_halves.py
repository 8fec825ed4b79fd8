"""Flows seen from two sides: rates above a cut, and rates below it, each as a problem that starts at its cut.

The line ``x = log(1 + rate)`` is cut near 0. Each half is looked at from the cut outwards, with ``y = |x|``
and the flows numbered so that the first counts most: in date order where rates are high, backwards where
they are low. Either way ``PV(y) = sum(flow[k] * exp(-k * y))``, which neither overflows nor loses its
leading flow however far ``y`` goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.metrics.irr_kernel import CLEAR, FloatArray, IntArray

CUTS = (0.0, 0.0123, -0.0171, 0.0371)
"""Where the line may be cut: the first place where the NPV is clearly not zero."""
TINY = 1e-280
"""A present value below this, of flows of a size near 1, has lost its digits."""
MARGIN = 1e-3
CHUNK = 256
"""Places evaluated at a time: what fits the processor's own memory."""

PLACE, LOG_RATIO, TIME_IN, TIME_OUT = range(4)
"""Rows of the table that `look` returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """Both halves of the line for each row of flows: first all upper halves, then all lower ones."""

    flows: FloatArray
    """Flows in the order of the half, the first never zero, shape ``(periods + 1, 2 * rows)``."""
    first_in: FloatArray
    """Number of the first inflow, shape ``(2 * rows,)`` like all that follow."""
    first_out: FloatArray
    side: IntArray
    """+1 where ``x = y`` (upper half), -1 where ``x = -y``."""
    begin: FloatArray
    """The cut, as ``y``."""

    @property
    def rows(self) -> int:
        """Number of rows of flows."""
        return self.side.size // 2


def split(flows: FloatArray) -> Halves:
    """Cut the line of each row and turn its flows both ways.

    Parameters
    ----------
    flows
        Flows of shape ``(periods + 1, rows)``; each row has inflows and outflows.
    """
    turned = np.concatenate((_from_first(flows), _from_first(flows[::-1])), axis=1)
    cut = _cut(flows)
    return Halves(
        flows=turned,
        first_in=np.argmax(turned > 0, axis=0).astype(np.float64),
        first_out=np.argmax(turned < 0, axis=0).astype(np.float64),
        side=np.repeat(np.array([1, -1]), cut.size),
        begin=np.concatenate((cut, -cut)),
    )


def _from_first(flows: FloatArray) -> FloatArray:
    """Move each row ahead so that its first flow is not zero."""
    first = np.argmax(flows != 0, axis=0)
    late = np.flatnonzero(first)
    if not late.size:
        return flows
    moved = flows.copy()
    dates = first[late] + np.arange(flows.shape[0])[:, np.newaxis]
    ahead = np.take_along_axis(flows[:, late], np.minimum(dates, flows.shape[0] - 1), axis=0)
    moved[:, late] = np.where(dates < flows.shape[0], ahead, 0.0)
    return moved


def _discounted(flows: FloatArray, x: FloatArray) -> FloatArray:
    """Discount each row at its own rate, leaving those at a rate of nil alone."""
    moved = np.flatnonzero(x)
    if not moved.size:
        return flows
    result = flows.copy()
    result[:, moved] *= np.exp(-x[moved] * np.arange(flows.shape[0], dtype=np.float64)[:, np.newaxis])
    return result


def _cut(flows: FloatArray) -> FloatArray:
    """Choose where to cut the line of each row, as ``x``."""
    cut = np.zeros(flows.shape[1])
    best = np.full(flows.shape[1], -1.0)
    for x in CUTS:
        undecided = np.flatnonzero(best < CLEAR)
        if not undecided.size:
            break
        discounted = _discounted(np.take(flows, undecided, axis=1), np.full(undecided.size, x))
        share = np.abs(_sum(discounted)) / _sum(np.abs(discounted))
        better = share > best[undecided]
        best[undecided[better]] = share[better]
        cut[undecided[better]] = x
    return cut


def most_roots(halves: Halves) -> IntArray:
    """Bound the number of roots of each half by Norstrom's test, discounted to the cut.

    *Defined as* the changes of sign of ``S[k] = sum(flow[j] * exp(-j * begin) for j <= k)``: never fewer
    than the roots beyond the cut, and of the same parity, so that 0 and 1 are exact.
    """
    flows = _discounted(halves.flows, halves.begin)
    running = flows[0].copy()
    before = running > 0
    changes = np.zeros(running.size, dtype=np.int64)
    for row in flows[1:]:
        running += row
        now = (running > 0) | ((running == 0) & before)  # a sum of exactly zero has no sign
        changes += now != before
        before = now
    return changes


def horizon(halves: Halves, which: IntArray) -> FloatArray:
    """Bound the roots of some halves by Kioustelidis' rule: the first flow decides the sign beyond it."""
    flows = np.take(halves.flows, which, axis=1)
    against = np.maximum(-flows[1:] / flows[0], TINY)
    powers = np.arange(1, flows.shape[0], dtype=np.float64)[:, np.newaxis]
    furthest: FloatArray = np.max(np.log(against) / powers, axis=0)
    return furthest + (math.log(2.0) + MARGIN)


def look(halves: Halves, which: IntArray, y: FloatArray) -> FloatArray:
    """Evaluate some halves at one place each.

    Returns
    -------
    Table of shape ``(4, places)``: ``y``, ``g = log PV(inflows) - log PV(outflows)``, and the mean dates of
    the discounted inflows and outflows. ``g`` has slope ``TIME_OUT - TIME_IN``, and both dates fall as
    ``y`` grows.
    """
    table = np.empty((4, y.size))
    table[PLACE] = y
    numbers = np.arange(halves.flows.shape[0], dtype=np.float64)[:, np.newaxis]
    for begin in range(0, y.size, CHUNK):
        here = slice(begin, begin + CHUNK)
        half = which[here]
        present = np.take(halves.flows, half, axis=1)
        present *= np.exp(-y[here] * numbers)
        inflow = np.maximum(present, 0.0)
        outflow = np.subtract(inflow, present, out=present)
        value_in, value_out = _sum(inflow), _sum(outflow)
        inflow *= numbers
        outflow *= numbers
        table[LOG_RATIO, here] = np.log(np.maximum(value_in, TINY)) - np.log(np.maximum(value_out, TINY))
        # Where all of one sign is discounted to nothing, its earliest flow is all that ever counted.
        table[TIME_IN, here] = np.where(value_in > TINY, _sum(inflow) / value_in, halves.first_in[half])
        table[TIME_OUT, here] = np.where(value_out > TINY, _sum(outflow) / value_out, halves.first_out[half])
    return table


def _sum(flows: FloatArray) -> FloatArray:
    """Add up the dates of each column in their order, which NumPy does for any number of columns but one."""
    total: FloatArray = np.cumsum(flows, axis=0)[-1] if flows.shape[1] == 1 else np.add.reduce(flows, axis=0)
    return total


def sign(values: FloatArray) -> IntArray:
    """Give each value a sign, +1 or -1, never 0, so that neighbours agree on the place they share."""
    return np.where(values >= 0, 1, -1)
