"""Quantities: what a payment term, a gate or a coupon reads off the measurements of a pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.engine.measurement import Measured
from simulator.scenario.contract import Result
from simulator.scenario.distributions import BoolArray, FloatArray

COUNTED = frozenset({"count", "claims", "total"})
"""Quantities that are sums, so that units of them can be limited."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity and whether there was anything to measure, shape ``(trials,)`` each."""

    value: FloatArray
    known: BoolArray


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.where(below != 0, above / np.where(below != 0, below, 1.0), 0.0)


def pooled(table: FloatArray, rows: list[int]) -> FloatArray:
    """Sum of some observations, shape ``(trials,)``; one observation is not copied."""
    if len(rows) == 1:
        row: FloatArray = table[rows[0]]
        return row
    whole: FloatArray = table[rows].sum(axis=0)
    return whole


def read(measured: Measured, rows: list[int], quantity: str, result: Result) -> Reading:
    """Read one quantity off the pooled observations of a result.

    With ``N`` the people measured, ``X`` what was measured of them, ``M_i`` and ``C_i`` the same of comparator
    ``i`` with weight ``w_i``, all summed over the pool, the quantities are defined as::

        count, claims, total   X
        rate, mean             X / N
        difference             s (X / N - sum w_i C_i / M_i), s = -1 where less is better
        additional             N difference
        relative_reduction     sum w_i (1 - (X / N) / (C_i / M_i))
        relative_increase      - relative_reduction

    Parameters
    ----------
    measured
        Measurements of the result.
    rows
        Observations in the pool.
    quantity
        One of the names above.
    result
        The result, for its direction.

    Returns
    -------
    The quantity; where nobody was measured, or a total was not, it is 0 and not known.
    """
    base, total = pooled(measured.base, rows), pooled(measured.total, rows)
    known: BoolArray = base > 0
    if result.kind == "total":
        base, known = np.ones_like(base), measured.counts(rows)
    if quantity in COUNTED:
        return Reading(total, known)
    mean = _ratio(total, base)
    if quantity in ("rate", "mean"):
        return Reading(np.where(known, mean, 0.0), known)
    change = np.zeros_like(mean)
    for comparator in measured.comparators:
        size = np.ones_like(base) if result.kind == "total" else pooled(comparator.size, rows)
        known = known & (size > 0)
        other = _ratio(pooled(comparator.total, rows), size)
        step = mean - other if quantity in ("difference", "additional") else _ratio(mean - other, other)
        change = change + comparator.weight * step
    if quantity in ("difference", "additional"):
        change = -change if result.less_is_better else change
        change = change * base if quantity == "additional" else change
    elif quantity == "relative_reduction":
        change = -change
    return Reading(np.where(known, change, 0.0), known)


def is_significant(
    measured: Measured, rows: list[int], result: Result, *, level: float, design: FloatArray
) -> BoolArray:
    """Tell in which trials the difference is significant at a one-sided level, shape ``(trials,)``.

    Defined as ``difference / se > z(1 - level)`` with the variances of both means estimated from the people
    measured, widened by the design effect of clusters.
    """
    base, total = np.maximum(pooled(measured.base, rows), 1.0), pooled(measured.total, rows)
    person = _person_variance(measured, rows, base, total, result)
    variance = person / (base * measured.sampled) * design
    for comparator in measured.comparators:
        if comparator.noisy:
            size = np.maximum(pooled(comparator.size, rows), 1.0)
            other = _person_variance(measured, rows, size, pooled(comparator.total, rows), result)
            variance = variance + comparator.weight**2 * other / size * design
    difference = read(measured, rows, "difference", result)
    reached = difference.value > special.ndtri(1 - level) * np.sqrt(variance)
    return reached & difference.known


def _person_variance(
    measured: Measured, rows: list[int], size: FloatArray, total: FloatArray, result: Result
) -> FloatArray:
    if result.kind == "share":
        rate = np.clip(total / size, 0.0, 1.0)
        return rate * (1 - rate)
    people = np.maximum(pooled(measured.base, rows), 1.0)
    whole: FloatArray = (measured.person_variance[rows] * measured.base[rows]).sum(axis=0)
    return whole / people
