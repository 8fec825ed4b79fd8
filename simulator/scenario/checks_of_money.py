"""Checks of currencies, indices, limits, stakeholders and correlations of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from simulator.scenario.capital import FeeAmount
from simulator.scenario.correlations import correlation_matrix
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Path

Check = Callable[[Scenario], Iterator[Issue]]


def _known(path: str, found: Iterable[str], known: Iterable[str]) -> Iterator[Issue]:
    options = set(known)
    for name in found:
        if name not in options:
            yield Issue(code="reference", path=path, value=name, allowed=", ".join(sorted(options)) or "-")


def _check_currencies(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    lines = [(f"contract.payments.{name}", term.currency) for name, term in contract.payments.items()]
    lines += [(f"contract.limits.{name}", limit.currency) for name, limit in contract.limits.items()]
    lines += [
        (f"contract.fees.{n}", fee.currency) for n, fee in contract.fees.items() if isinstance(fee, FeeAmount)
    ]
    lines += [(f"world.costs.{name}", cost.currency) for name, cost in world.costs.items()]
    for path, currency in lines:
        if currency is not None and currency not in world.exchange:
            allowed = ", ".join(sorted(world.exchange)) or f"world.exchange.{currency}"
            yield Issue(code="currency.no_rate", path=f"{path}.currency", value=currency, allowed=allowed)
    if scenario.currency in world.exchange:
        path = f"world.exchange.{scenario.currency}"
        yield Issue(code="currency.own", path=path, value=scenario.currency, allowed="-")


def _check_world_names(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    payers = [name for name, party in contract.parties.items() if party.role == "payer"]
    yield from _known("world.payment_delay", world.payment_delay, payers)
    if world.deflator is not None:
        yield from _known("world.deflator", [world.deflator], world.indices)
    if world.outside_view is not None:
        yield from _known("world.outside_view.of", world.outside_view.of, contract.results)
    for name, index in world.indices.items():
        if isinstance(index, Path) and index.values[0].support()[0] <= 0:
            yield Issue(code="range", path=f"world.indices.{name}.values.0", value="0", allowed="> 0")


def _check_limit_parties(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    payers = [name for name, party in contract.parties.items() if party.role == "payer"]
    for name, limit in contract.limits.items():
        path = f"contract.limits.{name}"
        yield from _known(f"{path}.payers", limit.payers, payers)
        yield from _known(f"{path}.excess", [limit.excess], {"lost", "carried", *payers})
        if limit.payers and limit.money is None and limit.floor is None:
            yield Issue(code="field.only_for", path=f"{path}.payers", value="units", allowed="money, floor")
        if limit.excess in payers and (not limit.payers or limit.excess in limit.payers):
            allowed = "a payer outside contract.limits.*.payers"
            yield Issue(code="limit.excess", path=f"{path}.excess", value=limit.excess, allowed=allowed)
        if limit.floor is not None and limit.excess != "lost":
            yield Issue(code="field.only_for", path=f"{path}.excess", value="floor", allowed="money")


def _check_contradictions(scenario: Scenario) -> Iterator[Issue]:
    """A floor above a cap on the same terms can never be kept."""
    limits = scenario.contract.limits
    for name, low in limits.items():
        for other, high in limits.items():
            same = set(low.on) == set(high.on) and low.per == high.per and low.payers == high.payers
            if low.floor is None or high.money is None or not same:
                continue
            if low.floor.support()[0] > high.money.support()[1]:
                found = f"{low.floor.support()[0]:g} > {high.money.support()[1]:g} ({other})"
                yield Issue(code="limit.contradiction", path=f"contract.limits.{name}.floor", value=found,
                            allowed=f"<= {high.money.support()[1]:g}")  # fmt: skip


def _check_beliefs(scenario: Scenario) -> Iterator[Issue]:
    known = {path for path, _ in walk_figures(scenario.world, "world")}
    for who, beliefs in scenario.beliefs.items():
        yield from _known(
            f"beliefs.{who}", [who], {*scenario.contract.parties, "payer", "investors", "provider"}
        )
        yield from _known(f"beliefs.{who}", beliefs, known)


def _check_correlation_repair(scenario: Scenario) -> Iterator[Issue]:
    """Correlations that no set of numbers can have are repaired, and the user is told."""
    pairs = scenario.world.correlations
    if not pairs:
        return
    paths, asked, possible = correlation_matrix(pairs)
    worst = float(np.abs(asked - possible).max())
    if worst > 1e-9:
        i, j = np.unravel_index(np.argmax(np.abs(asked - possible)), asked.shape)
        found = f"{paths[i]} ~ {paths[j]}: {asked[i, j]:.3f}"
        yield Issue(code="correlations.repaired", path="world.correlations", value=found,
                    allowed=f"{possible[i, j]:.3f}", severity="warning")  # fmt: skip


def _check_whole_deal(scenario: Scenario) -> Iterator[Issue]:
    """Only a total can be measured once for the whole deal."""
    for name, result in scenario.contract.results.items():
        if result.of == "deal" and result.kind != "total":
            yield Issue(
                code="field.only_for", path=f"contract.results.{name}.of", value="deal", allowed="kind: total"
            )


MORE_CHECKS: tuple[Check, ...] = (
    _check_currencies, _check_world_names, _check_limit_parties, _check_contradictions, _check_beliefs,
    _check_correlation_repair, _check_whole_deal,
)  # fmt: skip
