"""What is drawn is what the engine returned."""

from __future__ import annotations

import numpy as np
import pytest

import simulator
from simulator.charts.series import DOTS, dots, fan, money_moves, year_money
from simulator.metrics.deadweight import payer_payments
from simulator.metrics.registry import investor_stream

DEALS = simulator.library()


@pytest.fixture(scope="module", params=list(DEALS))
def run(request: pytest.FixtureRequest) -> simulator.Simulation:
    return simulator.simulate(simulator.load(DEALS[request.param]), trials=1000, seed=5)


def test_years_add_up_to_what_the_payer_pays(run: simulator.Simulation) -> None:
    paid = payer_payments(run)
    years = year_money(paid, run.scenario.contract.calendar)
    assert sum(item.mean for item in years) == pytest.approx(paid.sum(axis=0).mean(), rel=1e-9, abs=1e-6)
    assert all(item.p10 <= item.p90 <= item.most for item in years)


def test_money_moves_leave_every_role_with_what_it_has(run: simulator.Simulation) -> None:
    """What goes into a role less what it puts in is its mean balance, to the rounding of small moves."""
    moves = money_moves(run)
    size = max(move.amount for move in moves)
    for role in {party.role for party in run.scenario.contract.parties.values()}:
        names = [name for name, party in run.scenario.contract.parties.items() if party.role == role]
        balance = sum(run.flows.parties[name].sum(axis=0).mean() for name in names)
        got = sum(move.amount for move in moves if move.target == f"out.{role}")
        gave = sum(move.amount for move in moves if move.source in (f"in.{role}", f"out.{role}"))
        assert got - gave == pytest.approx(balance, abs=2e-5 * size)


def test_the_account_passes_on_all_it_gets(run: simulator.Simulation) -> None:
    moves = money_moves(run)
    into = sum(move.amount for move in moves if move.target == "account")
    out = sum(move.amount for move in moves if move.source == "account")
    assert into == pytest.approx(out, rel=2e-5)


def test_the_fan_is_ordered_and_ends_at_the_quantiles(run: simulator.Simulation) -> None:
    stream = investor_stream(run)
    if stream is None:
        pytest.skip("no investor")
    cumulative = np.cumsum(stream.flows, axis=0)
    drawn = fan(cumulative, run.per_year)
    for low, high in (
        (drawn.p05, drawn.p25),
        (drawn.p25, drawn.p50),
        (drawn.p50, drawn.p75),
        (drawn.p75, drawn.p95),
    ):
        assert all(a <= b for a, b in zip(low, high, strict=True))
    middle = np.quantile(cumulative[-1], 0.5, method="nearest")
    assert drawn.p50[-1] == pytest.approx(middle, rel=1e-4, abs=1e-6 * np.abs(cumulative).max())
    assert len(drawn.paths) <= 10


@pytest.mark.parametrize("share", [0.0, 0.1, 0.37, 0.9, 1.0])
def test_the_share_of_losing_dots_is_the_share_of_losing_futures(share: float) -> None:
    values = np.where(np.arange(1000) < 1000 * share, -2.0, 3.0)
    found = dots(values)
    assert len(found.values) == DOTS
    assert sum(value < 0 for value in found.values) == pytest.approx(DOTS * share, abs=1)


def test_futures_without_a_rate_are_never_left_out() -> None:
    rates = np.concatenate([np.full(500, 0.05), np.full(300, -1.0), np.full(200, np.nan)])
    found = dots(rates, is_rate=True)
    assert (len(found.values), found.total_loss, found.undefined) == (25, 15, 10)
    nothing = dots(np.full(10, np.nan), is_rate=True)
    assert (nothing.values, nothing.undefined) == ((), DOTS)


def test_rounding_is_not_a_loss() -> None:
    assert dots(np.full(100, -1e-4), size=1e9).values == (0.0,) * DOTS
