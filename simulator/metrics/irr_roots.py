"""All rates at which a row of flows has no net present value: each one found, none invented.

On each half of the line (`simulator.metrics.irr_halves`) the slope of ``g(y) = log PV(inflows) - log
PV(outflows)`` is the difference of two mean dates that both fall as ``y`` grows. So the ends of an interval
bound the slope inside it, and that tells whether the interval

- holds no root: ``g`` cannot reach zero between its ends,
- holds just one: ``g`` only rises or only falls, and the signs at its ends differ,
- must be halved and asked again.

Norstrom's test settles most halves before that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.metrics.irr_halves import (
    LOG_RATIO,
    PLACE,
    TIME_IN,
    TIME_OUT,
    Halves,
    horizon,
    look,
    most_roots,
    sign,
    split,
)
from simulator.metrics.irr_kernel import BoolArray, FloatArray, IntArray

TOUCH = 1e-13
"""An NPV below about this share of the money counts as zero: there it touches the axis."""
FLAT = 1e-4
"""Longest interval in ``x`` taken for one root because the NPV counts as zero at both its ends."""
NARROW = 1e-9
"""Longest interval in ``x`` taken for one root because nothing else can be told of it."""
STEEP = 1e-6
"""A slope of ``g`` that does not come from rounding."""
MERGE = 1e-6
"""Roots nearer than this in ``x`` are one root."""
LEVELS = 60
"""Halvings of an interval before the search gives up."""
CROWD = 50_000
"""Open intervals in one half at which the search gives up."""
STEPS = 120
"""Newton steps or bisections of one root before the search gives up."""
STEP_SIZE = 1e-13
"""A Newton step this small, as a share of ``1 + y``, is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The roots of many rows, sorted by row and then by rate."""

    row: IntArray
    """Shape ``(roots,)``, like `x` and `direction`."""
    x: FloatArray
    """``log(1 + rate per period)``; rough where NPV rises in a row of two roots, as nobody asks for it."""
    direction: IntArray
    """-1 where NPV falls as the rate rises, +1 where it rises, 0 where it touches zero and turns."""
    failed: BoolArray
    """Rows where the search gave up, so that roots may be missing; shape ``(rows,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brackets:
    """Intervals of ``y`` with one root each, in some halves, and where to start looking for it."""

    half: IntArray
    low: FloatArray
    high: FloatArray
    direction: IntArray
    """Of ``g`` as ``y`` grows, -1 or +1."""
    start: FloatArray

    def select(self, which: IntArray | BoolArray) -> _Brackets:
        """Keep some of the intervals."""
        return _Brackets(
            half=self.half[which],
            low=self.low[which],
            high=self.high[which],
            direction=self.direction[which],
            start=self.start[which],
        )

    def join(self, other: _Brackets) -> _Brackets:
        """Put other intervals behind these."""
        return _Brackets(
            half=np.concatenate((self.half, other.half)),
            low=np.concatenate((self.low, other.low)),
            high=np.concatenate((self.high, other.high)),
            direction=np.concatenate((self.direction, other.direction)),
            start=np.concatenate((self.start, other.start)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """Intervals of ``y``: the half each lies in, and the table of `look` at its two ends."""

    half: IntArray
    left: FloatArray
    right: FloatArray

    def select(self, which: IntArray | BoolArray) -> _Spans:
        """Keep some of the intervals."""
        return _Spans(half=self.half[which], left=self.left[:, which], right=self.right[:, which])

    def join(self, other: _Spans) -> _Spans:
        """Put other intervals behind these."""
        return _Spans(
            half=np.concatenate((self.half, other.half)),
            left=np.concatenate((self.left, other.left), axis=1),
            right=np.concatenate((self.right, other.right), axis=1),
        )

    @property
    def direction(self) -> IntArray:
        """Change of sign of ``g`` from left to right: -1, 0 or +1."""
        return (sign(self.right[LOG_RATIO]) - sign(self.left[LOG_RATIO])) // 2


def find_roots(flows: FloatArray, hint: FloatArray) -> Roots:
    """Find all roots ``r > -1`` of ``NPV(r) = 0`` for each row.

    Parameters
    ----------
    flows
        Flows of shape ``(periods + 1, rows)``, free of rounding noise and of a size near 1; each row has
        inflows and outflows.
    hint
        A root that is known already, as ``x``, or nan; shape ``(rows,)``. It only saves time.

    Notes
    -----
    A root where the NPV touches zero is found if the NPV there is within `TOUCH` of zero, as a share of the
    money; it counts once. So do crossings nearer to each other than `MERGE`.
    """
    halves = split(flows)
    bound = most_roots(halves)
    brackets = _only_roots(halves, np.flatnonzero(bound == 1), hint)
    single, vague, lost = _isolate(halves, _open_spans(halves, np.flatnonzero(bound > 1)))
    brackets = brackets.join(_to_brackets(single))
    place, sure = _places(halves, brackets, bound)
    failed = np.zeros(halves.rows, dtype=np.bool_)
    failed[np.concatenate((lost, brackets.half[~sure])) % halves.rows] = True
    return _merge(
        halves,
        half=np.concatenate((brackets.half, vague.half)),
        low=np.concatenate((place, vague.left[PLACE])),
        high=np.concatenate((place, vague.right[PLACE])),
        direction=np.concatenate((brackets.direction, vague.direction)),
        failed=failed,
    )


def _only_roots(halves: Halves, half: IntArray, hint: FloatArray) -> _Brackets:
    """Bracket the root of the halves that have just one."""
    begin, end = halves.begin[half], horizon(halves, half)
    guess = halves.side[half] * hint[half % halves.rows]
    return _Brackets(
        half=half,
        low=begin,
        high=end,
        direction=sign(halves.flows[0, half]),
        start=np.where((guess > begin) & (guess < end), guess, begin),
    )


def _open_spans(halves: Halves, half: IntArray) -> _Spans:
    """Span the halves that may have several roots from the cut to their horizon."""
    begin, end = halves.begin[half], horizon(halves, half)
    ahead = end > begin
    half, begin, end = half[ahead], begin[ahead], end[ahead]
    return _Spans(half=half, left=look(halves, half, begin), right=look(halves, half, end))


def _to_brackets(spans: _Spans) -> _Brackets:
    """Start where the straight line between the ends is zero."""
    left, right = spans.left, spans.right
    share = left[LOG_RATIO] / (left[LOG_RATIO] - right[LOG_RATIO])
    return _Brackets(
        half=spans.half,
        low=left[PLACE],
        high=right[PLACE],
        direction=spans.direction,
        start=left[PLACE] + share * (right[PLACE] - left[PLACE]),
    )


def _places(halves: Halves, brackets: _Brackets, bound: IntArray) -> tuple[FloatArray, BoolArray]:
    """Find the root in each bracket, but leave the rising one of just two, one in each half, at a guess."""
    row = brackets.half % halves.rows
    rising = halves.side[brackets.half] * brackets.direction > 0
    one_each = (bound[: halves.rows] == 1) & (bound[halves.rows :] == 1)
    wanted = np.flatnonzero(~(rising & one_each[row]))
    place = (brackets.low + brackets.high) / 2
    sure = np.ones(row.size, dtype=np.bool_)
    place[wanted], sure[wanted] = _refine(halves, brackets.select(wanted))
    return place, sure


def _isolate(halves: Halves, spans: _Spans) -> tuple[_Spans, _Spans, IntArray]:
    """Halve intervals until each holds no root, just one, or one that cannot be told from several."""
    nothing = spans.select(np.zeros(0, dtype=np.int64))
    single, vague, lost = nothing, nothing, nothing.half
    for _ in range(LEVELS):
        empty, isolated, hazy = _judge(spans)
        single = single.join(spans.select(isolated))
        vague = vague.join(spans.select(hazy))
        spans = spans.select(~(empty | isolated | hazy))
        crowded = np.bincount(spans.half, minlength=halves.side.size)[spans.half] > CROWD
        lost = np.concatenate((lost, spans.half[crowded]))
        spans = spans.select(~crowded)
        if not spans.half.size:
            break
        middle = look(halves, spans.half, (spans.left[PLACE] + spans.right[PLACE]) / 2)
        spans = _Spans(
            half=np.tile(spans.half, 2),
            left=np.concatenate((spans.left, middle), axis=1),
            right=np.concatenate((middle, spans.right), axis=1),
        )
    return single, vague, np.concatenate((lost, spans.half))


def _judge(spans: _Spans) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Tell which intervals hold no root, which just one, and which are too small to ask further."""
    left, right = spans.left, spans.right
    width = right[PLACE] - left[PLACE]
    least, most = right[TIME_OUT] - left[TIME_IN], left[TIME_OUT] - right[TIME_IN]  # bounds of the slope
    rises, falls = least > 0, most < 0
    gentlest = np.where(rises, least, np.where(falls, -most, 0.0))
    crossing = spans.direction != 0
    above = sign(left[LOG_RATIO])
    here, there = np.abs(left[LOG_RATIO]), np.abs(right[LOG_RATIO])
    drop, climb = np.where(above > 0, least, -most), np.where(above > 0, most, -least)
    lowest_at = np.clip((here - there + climb * width) / np.maximum(climb - drop, 1e-300), 0.0, width)
    floor = np.where(rises | falls, np.minimum(here, there), here + drop * lowest_at)
    empty = ~crossing & ((gentlest > STEEP) | (floor > TOUCH))
    isolated = crossing & (rises | falls)
    flat = (np.maximum(here, there) <= TOUCH) & (width <= FLAT)
    return empty, isolated, ~empty & ~isolated & (flat | (width <= NARROW))


def _refine(halves: Halves, brackets: _Brackets) -> tuple[FloatArray, BoolArray]:
    """Find the root of each bracket by Newton's method on ``g``, never leaving the bracket, which shrinks."""
    low, high, y = brackets.low.copy(), brackets.high.copy(), brackets.start.copy()
    stride = high - low
    active = np.arange(y.size)
    for _ in range(STEPS):
        if not active.size:
            break
        table = look(halves, brackets.half[active], y[active])
        g, slope, direction = table[LOG_RATIO], table[TIME_OUT] - table[TIME_IN], brackets.direction[active]
        before = sign(g) != direction
        low[active] = np.where(before, y[active], low[active])
        high[active] = np.where(before, high[active], y[active])
        step = -g / np.where(slope == 0, np.inf, slope)
        target = y[active] + step
        scale = 1 + np.abs(target)
        settled = ((np.abs(step) <= STEP_SIZE * scale) & (slope * direction > 0)) | (g == 0)
        inside = (target >= low[active]) & (target <= high[active]) & (slope != 0)
        newton = settled | (inside & (np.abs(step) <= 0.75 * stride[active]))
        moved = np.where(newton, target, (low[active] + high[active]) / 2)
        stride[active] = np.abs(moved - y[active])
        y[active] = moved
        active = active[~settled & (high[active] - low[active] > 4e-16 * scale)]
    sure = np.ones(y.size, dtype=np.bool_)
    sure[active] = False
    return y, sure


def _merge(
    halves: Halves,
    *,
    half: IntArray,
    low: FloatArray,
    high: FloatArray,
    direction: IntArray,
    failed: BoolArray,
) -> Roots:
    """Sort roots, each an interval of ``y``, by row and rate; make one of those that cannot be told apart."""
    side, row = halves.side[half], half % halves.rows
    low, high = np.where(side > 0, low, -high), np.where(side > 0, high, -low)
    order = np.lexsort((low, row))
    row, low, high, direction = row[order], low[order], high[order], (side * direction)[order]
    fresh = np.ones(row.size, dtype=np.bool_)
    fresh[1:] = (row[1:] != row[:-1]) | (low[1:] - high[:-1] > MERGE)
    first = np.flatnonzero(fresh)
    if not first.size:
        return Roots(row=row, x=low, direction=direction, failed=failed)
    last = np.append(first[1:], row.size) - 1
    row, low, high = row[first], low[first], high[last]
    direction = np.clip(np.add.reduceat(direction, first), -1, 1)
    x = np.where(low == high, low, (low + high) / 2)
    touching = np.flatnonzero(direction == 0)
    if touching.size:
        x[touching] = _turning_points(halves, row[touching], low[touching], high[touching])
    return Roots(row=row, x=x, direction=direction, failed=failed)


def _turning_points(halves: Halves, row: IntArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Find where ``g`` turns in or near each interval of ``x``: a root that only touches zero lies there."""
    x = (low + high) / 2
    side = np.where(x < 0, -1, 1)
    half = np.where(x < 0, row + halves.rows, row)
    reach = (high - low) / 2 + 10 * MERGE
    near, far = side * x - reach, side * x + reach

    def slope_sign(y: FloatArray) -> IntArray:
        table = look(halves, half, y)
        return sign(table[TIME_OUT] - table[TIME_IN])

    at_near = slope_sign(near)
    turns = at_near != slope_sign(far)
    for _ in range(45):
        middle = (near + far) / 2
        same = slope_sign(middle) == at_near
        near, far = np.where(same, middle, near), np.where(same, far, middle)
    return np.where(turns, side * (near + far) / 2, x)
