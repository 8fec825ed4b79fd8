"""Measures of one stream of money: pure functions of flows, shape ``(periods + 1, trials)``, positive = received."""

from __future__ import annotations

import numpy as np

from simulator.scenario.distributions import FloatArray

NEGLIGIBLE = 1e-9
"""Part of the money moved below which an amount counts as nothing."""


def net(flows: FloatArray) -> FloatArray:
    """Sum of all flows, nominal money, shape ``(trials,)``."""
    return flows.sum(axis=0)


def loss(flows: FloatArray) -> FloatArray:
    """Money lost: ``max(0, -net)``, shape ``(trials,)``; rounding is not a loss."""
    lost = np.maximum(-net(flows), 0.0)
    return np.where(lost > NEGLIGIBLE * np.abs(flows).sum(axis=0), lost, 0.0)


def is_loss(flows: FloatArray) -> FloatArray:
    """1 where money is lost, else 0, shape ``(trials,)``."""
    return (loss(flows) > 0).astype(float)


def loss_where_lost(flows: FloatArray) -> FloatArray:
    """Money lost where any is, else undefined, shape ``(trials,)``."""
    lost = loss(flows)
    return np.where(lost > 0, lost, np.nan)


def is_total_loss(received: FloatArray, drawn: FloatArray) -> FloatArray:
    """1 where capital was put in and nothing came back, shape ``(trials,)``."""
    put_in = drawn.sum(axis=0)
    return ((put_in > 0) & (received.sum(axis=0) <= NEGLIGIBLE * put_in)).astype(float)


def multiple(received: FloatArray, drawn: FloatArray) -> FloatArray:
    """Money got back per money put in (MOIC), shape ``(trials,)``; undefined where nothing was put in."""
    put_in, got = drawn.sum(axis=0), received.sum(axis=0)
    return np.where(put_in > 0, got / np.where(put_in > 0, put_in, 1.0), np.nan)


def present_value(flows: FloatArray, rate: float | FloatArray, per_year: int) -> FloatArray:
    """Value at close at an effective annual rate: ``sum flows[t] / (1 + rate)^(t / m)``, shape ``(trials,)``."""
    years = np.arange(flows.shape[0])[:, None] / per_year
    value: FloatArray = (flows / (1 + np.asarray(rate)) ** years).sum(axis=0)
    return value


def peak_capital(flows: FloatArray) -> FloatArray:
    """Most money that is out at any moment: ``max(0, -min cumulative flows)``, shape ``(trials,)``."""
    return np.maximum(-np.cumsum(flows, axis=0).min(axis=0), 0.0)


def average_capital(flows: FloatArray) -> FloatArray:
    """Mean money that is out, over the moments at which some is, shape ``(trials,)``."""
    out = np.maximum(-np.cumsum(flows, axis=0), 0.0)
    moments = (out > 0).sum(axis=0)
    return np.where(moments > 0, out.sum(axis=0) / np.maximum(moments, 1), 0.0)


def payback_years(flows: FloatArray, per_year: int) -> FloatArray:
    """Years from close until the running total is no longer negative for good, shape ``(trials,)``; else undefined."""
    running = np.cumsum(flows, axis=0)
    out = running < -NEGLIGIBLE * np.abs(flows).sum(axis=0)
    last_out = np.where(out.any(axis=0), flows.shape[0] - 1 - np.argmax(out[::-1], axis=0), -1)
    returned = last_out < flows.shape[0] - 1
    return np.where(returned & (last_out >= 0), (last_out + 1) / per_year, np.nan)


def duration_years(received: FloatArray, per_year: int) -> FloatArray:
    """Mean time of what is received, weighted with the money, in years, shape ``(trials,)``."""
    years = np.arange(received.shape[0])[:, None] / per_year
    whole = received.sum(axis=0)
    return np.where(whole > 0, (received * years).sum(axis=0) / np.where(whole > 0, whole, 1.0), np.nan)


def low_point(cash: FloatArray) -> FloatArray:
    """Lowest running total of cash, at most zero, shape ``(trials,)``."""
    return np.minimum(np.cumsum(cash, axis=0).min(axis=0), 0.0)


def tail_mean(losses: FloatArray, level: float) -> float:
    """Mean of the worst ``1 - level`` of losses (CVaR, expected shortfall: Rockafellar and Uryasev 2000).

    Examples
    --------
    >>> tail_mean(np.arange(1.0, 101.0), 0.95)
    98.0
    """
    ordered = np.sort(losses)
    count = max(round(ordered.size * (1 - level)), 1)
    return float(ordered[-count:].mean())
