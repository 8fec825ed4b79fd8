"""Money by fiscal year: what a budget office provides for."""

from __future__ import annotations

import numpy as np

from simulator.scenario.contract import Calendar
from simulator.scenario.distributions import FloatArray


def by_fiscal_year(flows: FloatArray, calendar: Calendar) -> dict[int, FloatArray]:
    """Sum flows by fiscal year.

    Parameters
    ----------
    flows
        Money by moment, shape ``(periods + 1, trials)``.
    calendar
        The deal's calendar.

    Returns
    -------
    By year in which the fiscal year begins, in order, money per trial, shape ``(trials,)``.
    """
    years: dict[int, FloatArray] = {}
    for moment in range(flows.shape[0]):
        year = calendar.fiscal_year(moment)
        years[year] = years.get(year, np.zeros(flows.shape[1])) + flows[moment]
    return dict(sorted(years.items()))
