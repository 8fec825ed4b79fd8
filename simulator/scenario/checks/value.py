"""Public value: results and agencies exist, value ends inside its horizon, units have a value at their date."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from simulator.scenario.checks.common import (
    MAX_OBSERVATIONS,
    Check,
    known_names,
    one_name,
    size_of_plan,
    warning,
)
from simulator.scenario.errors import NoDatedValueError
from simulator.scenario.issues import Issue
from simulator.scenario.plan import plan_of
from simulator.scenario.public_value import Benefit, PublicValue
from simulator.scenario.reference.rates import OFFICIAL
from simulator.scenario.reference.units import CURRENCY, unit_value
from simulator.scenario.scenario import Scenario


def _check_value_names(scenario: Scenario) -> Iterator[Issue]:
    """Benefits are of results that exist and relieve somebody who does."""
    contract, value = scenario.contract, scenario.world.value
    by_inputs = scenario.world.by_inputs
    if by_inputs is not None:
        yield from known_names("world.by_inputs.costs", by_inputs.costs, scenario.world.costs)
    if value is None:
        return
    for name, benefit in value.benefits.items():
        path = f"world.value.benefits.{name}"
        yield from one_name(f"{path}.on", benefit.on, contract.results)
        if benefit.agency is not None and benefit.agency not in {*value.agencies, *contract.parties}:
            known = ", ".join(sorted({*value.agencies, *contract.parties}))
            yield Issue(
                code="value.agency", path=f"{path}.agency", value=benefit.agency, allowed=known or "-"
            )
        if benefit.currency is not None and benefit.currency not in scenario.world.exchange:
            allowed = ", ".join(sorted(scenario.world.exchange)) or f"world.exchange.{benefit.currency}"
            yield Issue(
                code="currency.no_rate", path=f"{path}.currency", value=benefit.currency, allowed=allowed
            )
    saving = {benefit.agency for benefit in value.benefits.values()}
    for name in value.agencies:
        path = f"world.value.agencies.{name}"
        if name in contract.parties:
            yield Issue(code="reserved", path=path, value=name, allowed="≠ contract.parties")
        elif name not in saving:
            yield warning("value.agency_idle", path, name, ", ".join(value.benefits))


def _check_value_horizon(scenario: Scenario) -> Iterator[Issue]:
    """What is worth something after the horizon is not counted, and the user is told."""
    value = scenario.world.value
    if value is None or size_of_plan(scenario) > MAX_OBSERVATIONS:
        return
    observations = plan_of(scenario.contract).observations
    for name, benefit in value.benefits.items():
        last = max((o.moment for o in observations.get(benefit.on, ())), default=0)
        ends = last / scenario.contract.calendar.per_year + benefit.starts + benefit.years - 1
        if ends >= value.horizon:
            path = f"world.value.benefits.{name}.years"
            yield warning("value.horizon", path, f"{ends:g}", f"< {value.horizon}")


def _check_units(scenario: Scenario) -> Iterator[Issue]:
    """A unit of account has a value at its date, in the deal's currency."""
    value = scenario.world.value
    for name, benefit in value.benefits.items() if value is not None else ():
        path = f"world.value.benefits.{name}"
        if benefit.unit is None:
            if benefit.unit_date is not None:
                yield Issue(
                    code="field.needs", path=f"{path}.unit_date", value=benefit.unit_date, allowed="unit"
                )
        elif benefit.unit_date is None:
            yield Issue(code="missing", path=f"{path}.unit_date", value="", allowed="2025-08-31")
        elif CURRENCY[benefit.unit] != scenario.currency or benefit.currency is not None:
            yield Issue(code="field.only_for", path=f"{path}.unit", value=benefit.currency or scenario.currency,
                        allowed=CURRENCY[benefit.unit])  # fmt: skip
        else:
            yield from _unit_issues(path, benefit)


def _unit_issues(path: str, benefit: Benefit) -> Iterator[Issue]:
    if benefit.unit is None or benefit.unit_date is None:
        return
    try:
        unit_value(benefit.unit, datetime.date.fromisoformat(benefit.unit_date))
    except NoDatedValueError as missing:
        yield Issue(code="value.no_dated_value", path=f"{path}.unit_date", value=benefit.unit_date,
                    allowed=", ".join(missing.known))  # fmt: skip
    except ValueError:  # the 31st of February
        yield Issue(code="date", path=f"{path}.unit_date", value=benefit.unit_date, allowed="2025-08-31")


def _check_rate(scenario: Scenario) -> Iterator[Issue]:
    """Where the country has no official rate on file, somebody has to say one."""
    value: PublicValue | None = scenario.world.value
    stated = "society" in scenario.world.discount_rates
    if value is not None and not stated and scenario.country not in OFFICIAL:
        allowed = f"world.discount_rates.society | {', '.join(sorted(OFFICIAL))}"
        yield warning("value.no_rate", "world.value", scenario.country, allowed)


CHECKS: tuple[Check, ...] = (_check_value_names, _check_value_horizon, _check_units, _check_rate)
