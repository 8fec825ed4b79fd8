"""Capital, its performance terms, and the steps of the waterfall."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.capital import (
    ByPerformance,
    Grant,
    Pay,
    PayFees,
    Scheduled,
    Tranche,
    UntilAmount,
    UntilIrr,
)
from simulator.scenario.checks.common import Check, known_names, one_name, shares_of_one, span, within
from simulator.scenario.checks.quantities import check_condition, check_quantity, check_where
from simulator.scenario.curves import Curve, Lump, PerUnit
from simulator.scenario.distributions import Distribution
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario


def _check_waterfall(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    tranches = {name for name, part in contract.capital.items() if isinstance(part, Tranche)}
    paid: set[str] = set()
    for k, step in enumerate(contract.waterfall):
        path = f"contract.waterfall.{k}"
        if isinstance(step, PayFees):
            yield from known_names(f"{path}.of", step.of, contract.fees)
            paid |= set(step.of) or set(contract.fees)
        elif isinstance(step, Pay):
            yield from known_names(f"{path}.to", step.to, tranches | set(contract.parties))
            paid |= set(step.to)
            yield from _check_goal(path, step, tranches)
    for name in sorted(tranches - paid):
        yield Issue(
            code="waterfall.unreached",
            path=f"contract.capital.{name}",
            value=name,
            allowed="contract.waterfall",
        )
    for name in sorted(set(contract.fees) - paid):
        yield Issue(
            code="waterfall.unreached", path=f"contract.fees.{name}", value=name, allowed="contract.waterfall"
        )
    yield from _check_blocked(scenario)


def _check_goal(path: str, step: Pay, tranches: set[str]) -> Iterator[Issue]:
    shares = {name: share for name, share in step.to.items() if share is not None}
    several = len(shares) < len(step.to)
    if shares:
        yield from shares_of_one(f"{path}.to", shares, incomplete=several)
    goal = step.of or next((name for name in step.to if name in tranches), None)
    needs = step.until is not None and not isinstance(step.until, UntilAmount)
    share = step.to.get(goal) if goal is not None else None
    if needs and share is not None and share.support()[0] <= 0:
        yield Issue(code="range", path=f"{path}.to.{goal}", value=span(share), allowed="> 0")
    if step.of is not None:
        yield from one_name(f"{path}.of", step.of, tranches & set(step.to))
    elif step.until is not None and not isinstance(step.until, UntilAmount) and not set(step.to) & tranches:
        yield Issue(code="waterfall.goal", path=f"{path}.until", value=", ".join(step.to),
                    allowed=", ".join(sorted(tranches)) or "-")  # fmt: skip
    goalless = step.until is None or isinstance(step.until, (UntilAmount, UntilIrr))
    if several and (goalless or not set(step.to) <= tranches):
        yield Issue(
            code="waterfall.shares", path=f"{path}.to", value=", ".join(step.to), allowed="{a: 0.5, b: 0.5}"
        )


def _check_blocked(scenario: Scenario) -> Iterator[Issue]:
    """After a step that passes on all that is left at once, later steps never receive anything."""
    swept = None
    for k, step in enumerate(scenario.contract.waterfall):
        if swept is not None:
            yield Issue(
                code="waterfall.blocked", path=f"contract.waterfall.{k}", value=str(swept + 1), allowed="-"
            )
        if isinstance(step, Pay) and step.until is None and step.starts == 0 and not step.at_end:
            swept = k if swept is None else swept


def _check_capital(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for name, part in contract.capital.items():
        path = f"contract.capital.{name}"
        if isinstance(part, (Tranche, Grant)) and isinstance(part.draw, Scheduled):
            yield from _check_schedule(f"{path}.draw.shares", part.draw, contract.calendar.periods)
        if isinstance(part, Tranche):
            for field in ("coupon", "principal"):
                term = getattr(part, field)
                if isinstance(term, ByPerformance):
                    yield from _check_performance(f"{path}.{field}", term, scenario, rate=field == "coupon")
    if contract.stop is not None:
        for k, condition in enumerate(contract.stop.unless):
            path = f"contract.stop.unless.{k}"
            yield from check_condition(path, condition, scenario)
            if condition.term is not None:
                yield Issue(code="field.only_for", path=f"{path}.term", value="stop", allowed="gate")


def _check_schedule(path: str, draw: Scheduled, last: int) -> Iterator[Issue]:
    total = sum(share.support()[1] for share in draw.shares.values())
    if total > 1 + 1e-9:
        yield Issue(code="sum", path=path, value=f"{total:g}", allowed="<= 1")
    for moment in draw.shares:
        if moment != str(int(moment)):
            yield Issue(code="pattern", path=f"{path}.{moment}", value=moment, allowed=str(int(moment)))
        if int(moment) > last:
            yield Issue(code="horizon", path=f"{path}.{moment}", value=moment, allowed=f"<= {last}")


def _check_performance(path: str, term: ByPerformance, scenario: Scenario, *, rate: bool) -> Iterator[Issue]:
    yield from check_quantity(path, term.on, term.quantity, scenario)
    yield from check_where(f"{path}.where", term.where, scenario)
    if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.curve.price", value="{…}", allowed="12.5 · 12.5 %")
    for place, figure in _payoffs(f"{path}.curve", term.curve):
        yield from within(place, figure, -0.99 if rate else 0, 1)


def _payoffs(path: str, curve: Curve) -> Iterator[tuple[str, Distribution]]:
    """Amounts that a curve can pay, where they do not depend on a price."""
    if isinstance(curve, Lump):
        yield f"{path}.pay", curve.pay
    for key, points in (("steps", getattr(curve, "steps", ())), ("points", getattr(curve, "points", ()))):
        for k, point in enumerate(points):
            yield f"{path}.{key}.{k}.pay", point.pay


CHECKS: tuple[Check, ...] = (_check_waterfall, _check_capital)
