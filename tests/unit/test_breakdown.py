"""Numbers taken apart add up to the whole again."""

from __future__ import annotations

import numpy as np
import pytest

import simulator
from simulator.engine.result import Simulation
from simulator.metrics.breakdown import payments_of, public_payers, result_costs, shortfall_where_short

SEVERAL = ("lectoescritura-cis", "cali-progresa", "village-enterprise", "vis-buenos-aires")


@pytest.fixture(scope="module", params=SEVERAL)
def run(request: pytest.FixtureRequest) -> Simulation:
    deal = simulator.load(simulator.library()[request.param])
    return simulator.simulate(deal, trials=400, seed=3)


def test_payers_add_up_to_what_is_paid(run: Simulation) -> None:
    whole = payments_of(run)
    parts = [payments_of(run, (name,)) for name in run.flows.payers]
    np.testing.assert_allclose(sum(part.net for part in parts), whole.net, rtol=1e-12, atol=1e-6)
    found = simulator.estimates(run)
    assert whole.net.sum(axis=0).mean() == pytest.approx(found["payer.payments"].mean)
    assert whole.gross.sum(axis=0).mean() == pytest.approx(found["payer.payments_gross"].mean)
    assert whole.returned.sum(axis=0).mean() == pytest.approx(
        found["payer.payments_gross"].mean - found["payer.payments"].mean, abs=1e-6
    )


def test_public_payers_are_those_that_say_so(run: Simulation) -> None:
    parties = run.scenario.contract.parties
    assert all(parties[name].public and parties[name].role == "payer" for name in public_payers(run))


def test_results_add_up_to_what_the_terms_on_results_pay(run: Simulation) -> None:
    costs = result_costs(run)
    on_results = sum(
        float(run.flows.payments[name].sum(axis=0).mean())
        for name, term in run.scenario.contract.payments.items()
        if term.on is not None
    )
    assert sum(cost.paid.mean for cost in costs.values()) == pytest.approx(on_results)
    for cost in costs.values():
        if cost.additional.mean > 0:
            assert cost.per_additional == pytest.approx(cost.paid.mean / cost.additional.mean)
        else:
            assert np.isnan(cost.per_additional)


def test_the_mean_shortfall_is_its_chance_times_the_mean_where_there_is_one(run: Simulation) -> None:
    short = shortfall_where_short(run)
    found = simulator.estimates(run)
    chance = float(np.isfinite(short).mean())
    assert chance == found["provider.out_of_cash_probability"].mean
    where = float(np.nanmean(short)) if chance else 0.0
    assert -chance * where == pytest.approx(found["provider.cash_low_point"].mean, abs=1e-3)
