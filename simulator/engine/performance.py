"""Performance terms of capital: coupons and principal that depend on what was measured."""

from __future__ import annotations

import numpy as np

from simulator.engine.draws import Numbers, Value
from simulator.engine.gates import rows_of
from simulator.engine.measurement import Measured
from simulator.engine.quantities import read
from simulator.scenario.capital import ByPerformance, Tranche
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.plan import Plan
from simulator.scenario.scenario import Scenario


class Performance:
    """Looks up the coupon and the share of principal that each tranche has earned at a moment."""

    def __init__(
        self, scenario: Scenario, plan: Plan, numbers: Numbers, measured: dict[str, Measured], trials: int
    ) -> None:
        self.scenario, self.plan, self.numbers, self.measured, self.trials = (
            scenario,
            plan,
            numbers,
            measured,
            trials,
        )

    def coupon(self, tranche: str, moment: int) -> Value:
        """Coupon a year for the period that ends at a moment.

        A performance coupon is the curve of what is measured next (at this moment or the first one after it, to
        date), so that each measurement sets the coupon of the periods that lead up to it. What was never measured, because
        the contract ended before, earns nothing.
        """
        part = self.scenario.contract.capital[tranche]
        assert isinstance(part, Tranche)  # noqa: S101 - the account asks for tranches only
        if part.coupon is None:
            return 0.0
        path = f"contract.capital.{tranche}.coupon"
        if not isinstance(part.coupon, ByPerformance):
            return self.numbers.at(path)
        value, known = self._value(part.coupon, path, self._next(part.coupon, moment))
        return np.where(known, value, 0.0)

    def coupon_is_due(self, tranche: str, moment: int) -> bool:
        """Whether interest falls due: an agreed coupon always, one by performance when measured and ever after."""
        part = self.scenario.contract.capital[tranche]
        term = part.coupon if isinstance(part, Tranche) else None
        if not isinstance(term, ByPerformance):
            return True
        moments = self._moments(term)
        return moment in moments or moment > moments[-1]

    def principal_share(self, tranche: str, moment: int) -> Value:
        """Share of principal that is owed: all of it until the last measurement is in, then the curve's.

        All of it too where an early end prevented every measurement.
        """
        part = self.scenario.contract.capital[tranche]
        assert isinstance(part, Tranche)  # noqa: S101 - the account asks for tranches only
        if part.principal is None:
            return 1.0
        value, known = self._value(part.principal, f"contract.capital.{tranche}.principal", moment)
        return np.where(known & (moment >= self._last_made(part.principal)), np.clip(value, 0.0, 1.0), 1.0)

    def _last_made(self, term: ByPerformance) -> FloatArray:
        """Moment of the last measurement that an early end does not prevent, shape ``(trials,)``."""
        rows = rows_of(self.plan, term.on, term.where, moment=None, cells=None)
        live = self.measured[term.on].live
        moments = np.array([self.plan.observations[term.on][row].moment for row in rows], dtype=float)[
            :, None
        ]
        made = moments if live is None else np.where(live[rows] > 0, moments, 0.0)
        last: FloatArray = made.max(axis=0)
        return last

    def _moments(self, term: ByPerformance) -> list[int]:
        rows = rows_of(self.plan, term.on, term.where, moment=None, cells=None)
        return sorted({self.plan.observations[term.on][row].moment for row in rows})

    def _next(self, term: ByPerformance, moment: int) -> int:
        moments = self._moments(term)
        return next((m for m in moments if m >= moment), moments[-1])

    def _value(self, term: ByPerformance, path: str, moment: int) -> tuple[FloatArray, BoolArray]:
        """What the curve gives for the quantity to date, and whether anything was measured."""
        rows = rows_of(self.plan, term.on, term.where, moment=moment, cells=None)
        reading = read(self.measured[term.on], rows, term.quantity, self.scenario.contract.results[term.on])
        return term.curve.money(reading.value, self.numbers.under(f"{path}.curve"), None), reading.known
