"""Parties that are named exist, and shares of one whole sum to one."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.capital import FeeAmount, Guarantee, Tranche
from simulator.scenario.checks.common import Check, Shares, known_names, one_name, shares_of_one, terms
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario


def _check_parties(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    parties = contract.parties
    payers = [name for name, party in parties.items() if party.role == "payer"]
    yield from one_name("contract.account", contract.account, parties)
    yield from known_names("contract.payers", contract.payers, payers)
    yield from known_names("contract.people.providers", contract.people.providers, parties)
    for name, term in contract.payments.items():
        yield from known_names(f"contract.payments.{name}.payers", term.payers or {}, payers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from one_name(f"contract.fees.{name}.to", fee.to, parties)
        else:
            yield from known_names(f"contract.fees.{name}.costs", fee.costs, world.costs)
    tranches = [name for name, part in contract.capital.items() if isinstance(part, Tranche)]
    for name, part in contract.capital.items():
        yield from one_name(f"contract.capital.{name}.party", part.party, parties)
        if isinstance(part, Guarantee):
            yield from known_names(f"contract.capital.{name}.of", part.of, tranches)
    if contract.trust is not None:
        yield from one_name("contract.trust.held_by", contract.trust.held_by, parties)
        yield from known_names("contract.trust.deposits", contract.trust.deposits, payers)
    if contract.stop is not None:
        yield from one_name("contract.stop.by", contract.stop.by, parties)
    for name, cost in world.costs.items():
        yield from one_name(f"world.costs.{name}.by", cost.by, parties)
    yield from known_names("world.appropriation_fails", world.appropriation_fails, payers)
    yield from known_names(
        "world.discount_rates", world.discount_rates, {*parties, "payer", "investors", "society"}
    )


def _check_sums(scenario: Scenario) -> Iterator[Issue]:
    """Shares of one whole sum to one."""
    contract = scenario.contract
    people = contract.people
    wholes: list[tuple[str, Shares]] = [
        ("contract.payers", contract.payers), ("contract.people.segments", people.segments),
        ("contract.people.providers", people.providers),
    ]  # fmt: skip
    wholes += [(f"{path}.payers", term.payers) for path, term in terms(scenario) if term.payers]
    if isinstance(people.intakes, tuple):
        wholes.append(("contract.people.intakes", {str(k): i.share for k, i in enumerate(people.intakes)}))
    if contract.trust is not None:
        wholes += [
            (f"contract.trust.deposits.{name}.at", part.at) for name, part in contract.trust.deposits.items()
        ]
    for path, shares in wholes:
        if shares:
            yield from shares_of_one(path, shares)


CHECKS: tuple[Check, ...] = (_check_parties, _check_sums)
