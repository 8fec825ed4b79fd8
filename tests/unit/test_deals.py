"""The shipped deals: they load, say where each figure comes from, keep their identity, and lose no money."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

import simulator
from simulator import Scenario, Simulation
from simulator.scenario.distributions import Fixed, Sourced
from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import BUILT_IN_TAGS

DEALS = simulator.library()
REAL = ("able-rikers", "vis-buenos-aires", "empleando-futuro", "lectoescritura-cis")
each_deal = pytest.mark.parametrize("name", DEALS)


@cache
def deal(name: str) -> Scenario:
    """A shipped deal."""
    return simulator.load(DEALS[name])


@cache
def run(name: str) -> Simulation:
    """A short run of a shipped deal."""
    return simulator.simulate(deal(name), trials=300, seed=11)


def stated_figures(part: Any, path: str) -> Iterator[tuple[str, Sourced]]:
    """Figures that the document itself states; what is left at its default says nothing.

    A share of one that stands alone is no figure either: one payer pays the whole.
    """
    if isinstance(part, Sourced):
        yield path, part
    elif isinstance(part, BaseModel):
        for field in sorted(part.model_fields_set):
            yield from stated_figures(getattr(part, field), f"{path}.{field}")
    elif isinstance(part, dict):
        alone = len(part) == 1
        for key, item in part.items():
            if not (alone and isinstance(item, Fixed) and item.value == 1):
                yield from stated_figures(item, f"{path}.{key}")
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from stated_figures(item, f"{path}.{index}")


def test_the_promised_deals_are_shipped() -> None:
    assert set(REAL) <= set(DEALS)
    assert simulator.library.__module__ == "simulator.library"


@each_deal
def test_name_is_that_of_the_file(name: str) -> None:
    assert deal(name).id == name == DEALS[name].stem


@each_deal
def test_speaks_both_languages(name: str) -> None:
    scenario = deal(name)
    for text in (scenario.title, scenario.summary, scenario.remarks):
        assert text is not None
        assert text["es"]
        assert text["en"]
        assert text["es"] != text["en"]


@each_deal
def test_every_stated_figure_has_a_source_or_tag(name: str) -> None:
    scenario = deal(name)
    figures = [*stated_figures(scenario.contract, "contract"), *stated_figures(scenario.world, "world")]
    assert len(figures) > 10
    bare = [path for path, figure in figures if not figure.sources]
    assert bare == []


@each_deal
def test_every_source_is_used(name: str) -> None:
    scenario = deal(name)
    parts = ("contract", "world", "actuals", "published")
    used = {
        key for part in parts for _, figure in walk_figures(getattr(scenario, part)) for key in figure.sources
    }
    words = " ".join((scenario.remarks or {}).values())
    unused = [key for key in scenario.sources if key not in used and f"({key})" not in words]
    assert used <= {*scenario.sources, *BUILT_IN_TAGS}
    if name != "able-rikers":  # its S1 is background
        assert unused == []


@each_deal
def test_identity_survives_writing_and_reading(name: str) -> None:
    scenario = deal(name)
    again = simulator.loads(simulator.dump(scenario))
    assert again.digest() == scenario.digest()
    assert simulator.dump(again) == simulator.dump(scenario)


@each_deal
def test_reading_twice_gives_the_same_deal(name: str) -> None:
    assert simulator.load(DEALS[name]) == deal(name)


@each_deal
def test_money_is_neither_created_nor_lost(name: str) -> None:
    for simulation in (run(name), simulator.replay(deal(name))):
        flows = simulation.flows
        moved = max(float(np.abs(table).sum(axis=0).max()) for table in flows.parties.values())
        assert moved > 0
        assert flows.imbalance() <= 1e-9 * moved
        left = float(np.abs(flows.balance[-1]).max())
        assert left <= 1e-9 * moved


@each_deal
def test_payers_pay_what_the_terms_say(name: str) -> None:
    flows = run(name).flows
    by_term = np.sum(list(flows.payments.values()), axis=0)
    by_payer = np.sum(list(flows.payers.values()), axis=0)
    np.testing.assert_allclose(by_payer, by_term, rtol=1e-9, atol=1e-3)


@each_deal
def test_tells_a_believable_story(name: str) -> None:
    """Investors can lose and can win; work costs something; somebody may be paid."""
    found = simulator.metrics(run(name))
    assert 0 < found["investors.loss_probability"].estimate().mean < 0.75
    assert 0.0 <= found["payer.nothing_paid_probability"].estimate().mean < 0.75
    committed = found["investors.peak_capital"].estimate().mean
    assert 0 < committed < 1.5 * found["parties.outside"].estimate().mean


def test_the_identity_knows_the_order_of_limits() -> None:
    """Limits apply one after the other: another order is another contract, with other payments."""
    scenario = simulator.load(simulator.library()["vis-buenos-aires"])
    contract = scenario.contract
    turned = scenario.model_copy(
        update={"contract": contract.model_copy(update={"limits": dict(reversed(contract.limits.items()))})}
    )

    assert len(contract.limits) > 1
    assert turned.digest() != scenario.digest()
