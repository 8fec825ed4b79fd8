"""Cost lines, fees, indices and currencies."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.capital import AtCost, FeeAmount
from simulator.scenario.checks.common import DRIVERS, Check, one_name, terms, within
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Cost


def _check_money_lines(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    drivers = {*DRIVERS, *contract.results}
    for name, cost in world.costs.items():
        yield from one_name(f"world.costs.{name}.per", cost.per, drivers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from one_name(f"contract.fees.{name}.per", fee.per, drivers)
    covered = [
        line for fee in contract.fees.values() if isinstance(fee, AtCost) for line in dict.fromkeys(fee.costs)
    ]
    for line in sorted({line for line in covered if covered.count(line) > 1}):
        yield Issue(code="fee.twice", path="contract.fees", value=line, allowed="1 x")
    indexed = [(p, t.index) for p, t in terms(scenario)]
    indexed += [(f"contract.limits.{n}", limit.index) for n, limit in contract.limits.items()]
    indexed += [(f"world.costs.{n}", cost.index) for n, cost in world.costs.items()]
    indexed += [
        (f"contract.fees.{n}", fee.index) for n, fee in contract.fees.items() if isinstance(fee, FeeAmount)
    ]
    indexed += [(f"contract.capital.{n}", part.index) for n, part in contract.capital.items()]
    for path, index in indexed:
        if index is not None:
            yield from one_name(f"{path}.index", index, world.indices)


def _check_currencies(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    lines = [(f"contract.payments.{name}", term.currency) for name, term in contract.payments.items()]
    lines += [(f"contract.limits.{name}", limit.currency) for name, limit in contract.limits.items()]
    lines += [
        (f"contract.fees.{n}", fee.currency) for n, fee in contract.fees.items() if isinstance(fee, FeeAmount)
    ]
    lines += [(f"world.costs.{name}", cost.currency) for name, cost in world.costs.items()]
    lines += [(f"contract.capital.{name}", part.currency) for name, part in contract.capital.items()]
    for path, currency in lines:
        if currency is not None and currency not in world.exchange:
            allowed = ", ".join(sorted(world.exchange)) or f"world.exchange.{currency}"
            yield Issue(code="currency.no_rate", path=f"{path}.currency", value=currency, allowed=allowed)
    if scenario.currency in world.exchange:
        path = f"world.exchange.{scenario.currency}"
        yield Issue(code="currency.own", path=path, value=scenario.currency, allowed="-")
    for currency, rate in world.exchange.items():
        yield from within(f"world.exchange.{currency}.at_close", rate.at_close, 0, math.inf, above=True)


def _check_every(scenario: Scenario) -> Iterator[Issue]:
    """Only a sum per period can fall due every few periods."""
    lines: list[tuple[str, Cost | FeeAmount]] = [
        (f"world.costs.{n}", c) for n, c in scenario.world.costs.items()
    ]
    lines += [
        (f"contract.fees.{n}", f) for n, f in scenario.contract.fees.items() if isinstance(f, FeeAmount)
    ]
    for path, line in lines:
        if line.every != 1 and line.per != "period":
            yield Issue(code="field.only_for", path=f"{path}.every", value=line.per, allowed="period")


CHECKS: tuple[Check, ...] = (_check_money_lines, _check_currencies, _check_every)
