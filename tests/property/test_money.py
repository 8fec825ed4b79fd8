"""What must hold of money in every deal, whatever its terms: nothing is created, no limit broken, no one jumps the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

import simulator
from simulator.engine.result import Flows
from simulator.engine.simulate import simulate
from simulator.metrics.irr import irr
from simulator.scenario.capital import Grant, Guarantee, Tranche
from simulator.scenario.conditions import Where
from simulator.scenario.contract import Contract, Limit
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Steady, Walk
from tests.oracle.compare import size_of
from tests.oracle.small import Mapping, Whole, small
from tests.property.strategies import deals

Array = NDArray[np.float64]
TRIALS = 12
SEEDS = st.integers(0, 10_000)


def run(deal: Scenario, seed: int = 3, trials: int = TRIALS) -> Flows:
    """Flows of a few trials."""
    return simulate(deal, trials=trials, seed=seed).flows


# ── Money is never created or lost ───────────────────────────────────────────────────────────────────────
@given(deal=deals(), seed=SEEDS)
def test_flows_of_all_parties_and_the_account_sum_to_zero(deal: Scenario, seed: int) -> None:
    flows = run(deal, seed)
    held = np.sum([flows.balance, *flows.trust_balance.values()], axis=0)
    change = np.diff(held, axis=0, prepend=0.0)

    assert np.abs(np.sum(list(flows.parties.values()), axis=0) + change).max() <= 1e-9 * size_of(flows)


@given(deal=deals(), seed=SEEDS)
def test_the_account_never_overdraws_and_is_empty_in_the_end(deal: Scenario, seed: int) -> None:
    flows = run(deal, seed)
    little = 1e-9 * size_of(flows)

    assert flows.balance.min() >= -little
    assert np.abs(flows.balance[-1]).max() <= little
    for purse in flows.trust_balance.values():
        assert purse.min() >= -little
        assert np.abs(purse[-1]).max() <= little
    assert flows.arrears.min() >= -little
    assert flows.refunds_unpaid.min() >= -little
    for table in (
        *flows.drawn.values(),
        *flows.received.values(),
        *flows.guaranteed.values(),
        *flows.fees.values(),
    ):
        assert table.min() >= -little


@given(deal=deals(), seed=SEEDS)
def test_nobody_puts_in_more_than_was_promised(deal: Scenario, seed: int) -> None:
    flows = run(deal, seed)
    little = 1e-9 * size_of(flows)
    for name, part in deal.contract.capital.items():
        if part.index is not None or part.currency is not None:
            continue  # what was promised is not a number of the deal's money
        if isinstance(part, Guarantee):
            assert flows.guaranteed[name].sum(axis=0).max() <= part.up_to.support()[1] + little
            continue
        most = (part.amount if isinstance(part, Grant) else part.commitment).support()[1] + little
        drawn = flows.drawn[name]
        if isinstance(part, Tranche) and part.revolving:
            assert np.cumsum(drawn - flows.received[name], axis=0).max() <= most
        else:
            assert drawn.sum(axis=0).max() <= most


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────
@given(deal=deals(negative=False), seed=SEEDS)
def test_limits_are_never_exceeded(deal: Scenario, seed: int) -> None:
    assume(deal.contract.limits)
    world = deal.world.model_copy(update={"appropriation_fails": {}, "payment_delay": {}})
    deal = deal.model_copy(update={"world": world})
    flows = run(deal, seed)
    for name, limit in deal.contract.limits.items():
        for paid, most in _under(name, limit, deal, flows):
            assert (paid <= most + 1e-9 * size_of(flows)).all(), name


def _under(name: str, limit: Limit, deal: Scenario, flows: Flows) -> Iterator[tuple[Array, Array | float]]:
    """What was paid under a limit, and the most that may be."""
    contract = deal.contract
    terms = list(contract.payments) if "all" in limit.on else list(limit.on)
    plain = limit.where == Where() and not limit.payers and limit.excess in ("lost", "carried")
    plain = plain and limit.unused == "lost"  # else years add up: tests/unit/test_language.py
    if not plain or limit.floor is not None:
        return
    if limit.money is None and any(other.floor is not None for other in contract.limits.values()):
        return
    if limit.money is None:
        yield from _units_under(limit, terms, deal, flows)
        return
    level = _level(deal, limit)
    if (
        limit.per not in ("contract", "period", "fiscal_year")
        or _is_carried_over(name, contract)
        or level is None
    ):
        return
    paid = np.sum([flows.payments[term] for term in terms], axis=0) / level
    most = limit.money.support()[1]
    groups: dict[object, list[int]] = {}
    for t in range(paid.shape[0]):
        key = {"contract": 0, "period": t, "fiscal_year": contract.calendar.fiscal_year(t)}[limit.per]
        groups.setdefault(key, []).append(t)
    for moments in groups.values():
        yield paid[moments].sum(axis=0), most


def _is_carried_over(name: str, contract: Contract) -> bool:
    """Tell whether a later limit carries money into dates whose own limit had been applied before, or tops it up."""
    later = [contract.limits[n] for n in list(contract.limits)[list(contract.limits).index(name) + 1 :]]
    carried = contract.limits[name].per != "contract" and any(limit.excess == "carried" for limit in later)
    return carried or any(limit.floor is not None for limit in later)


def _level(deal: Scenario, limit: Limit) -> Array | None:
    """Highest level of a limit's index at each moment, shape ``(periods + 1, 1)``; nothing where it has no end."""
    moments = np.arange(deal.contract.calendar.periods + 1)
    if limit.currency is not None:
        return None
    if limit.index is None:
        return np.ones((moments.size, 1))
    what = deal.world.indices[limit.index]
    if isinstance(what, Walk):
        return None
    if isinstance(what, Steady):
        level = (1 + what.rate.support()[1]) ** (moments / deal.contract.calendar.per_year)
        return np.asarray(level)[:, None]
    values = [value.support()[1] for value in what.values]
    return np.array([values[min(int(t), len(values) - 1)] / values[0] for t in moments])[:, None]


def _units_under(
    limit: Limit, terms: list[str], deal: Scenario, flows: Flows
) -> Iterator[tuple[Array, Array | float]]:
    prices = [_price(deal, term) for term in terms]
    if limit.per != "contract" or any(price is None or price <= 0 for price in prices):
        return
    units = np.sum([flows.payments[term].sum(axis=0) / price for term, price in zip(terms, prices, strict=True)
                    if price is not None], axis=0)  # fmt: skip
    if limit.units is not None:
        yield units, limit.units.support()[1]
        return
    assert limit.share is not None
    assert limit.of is not None
    whole = flows.ended > deal.contract.calendar.periods
    everybody = flows.enrolled if limit.of == "people" else flows.measured[limit.of]
    yield units[whole], limit.share.support()[1] * everybody[whole]


def _price(deal: Scenario, name: str) -> float | None:
    """Money per unit of a term, if it is one number."""
    term = deal.contract.payments[name]
    price = getattr(term.curve, "price", None)
    plain = term.target is None and term.worth is None and term.index is None and term.currency is None
    if not plain or price is None or isinstance(price, dict) or price.kind != "fixed":
        return None
    return float(price.value)


# ── Order of payment ─────────────────────────────────────────────────────────────────────────────────────
@st.composite
def ladders(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Scenario:
    """Deals with a plain ladder: fees, senior interest and principal, junior interest and principal, the rest."""
    money = st.integers(0, 600)

    def tranche(party: str) -> Mapping:
        how = draw(
            st.sampled_from(["at_close", "as_needed", {"kind": "scheduled", "shares": {"0": 0.5, "2": 0.5}}])
        )
        coupon = draw(st.sampled_from([0, 0.07, 0.2]))
        return {"kind": "tranche", "party": party, "commitment": draw(money), "draw": how, "coupon": coupon}

    ladder = [{"kind": "pay", "to": who, "until": until} for who in ("senior", "junior")
              for until in ("interest", "principal")]  # fmt: skip
    contract = {
        "calendar": {"periods": 6, "period": draw(st.sampled_from(["year", "quarter"]))},
        "people": {"intakes": {"count": draw(st.integers(1, 4))}},
        "results": {"placed": {"times": 2}},
        "fees": {"work": {"kind": "amount", "to": "prov_b", "amount": draw(money), "over": 3}},
        "capital": {"senior": tranche("inv_a"), "junior": tranche("inv_b")},
        "waterfall": [{"kind": "fees"}, *ladder, {"kind": "pay", "to": "prov_a"}],
    }
    return small(contract, {"results": {"placed": {"level": {"kind": "uniform", "low": 0, "high": 1}}}})


@given(deal=ladders(), seed=SEEDS)
def test_a_junior_step_pays_only_when_its_seniors_have_all_they_are_due(deal: Scenario, seed: int) -> None:
    flows = run(deal, seed)
    little = 1e-7 * size_of(flows)
    owed_before = flows.arrears > little
    for who, paid in (("senior", flows.received["senior"]), ("junior", flows.received["junior"]),
                      ("", flows.parties["prov_a"])):  # fmt: skip
        assert not ((paid > little) & owed_before).any(), who
        if who:
            owed_before = owed_before | (_owed(deal, flows, who) > little)


def _owed(deal: Scenario, flows: Flows, name: str) -> Array:
    """Principal and interest of a tranche that are owed after each moment."""
    tranche = deal.contract.capital[name]
    assert isinstance(tranche, Tranche)
    rate = (
        tranche.coupon.expectation()
        if tranche.coupon is not None and hasattr(tranche.coupon, "expectation")
        else 0
    )
    growth = (1 + rate) ** (1 / deal.contract.calendar.per_year)
    owed = np.zeros_like(flows.balance)
    for t in range(owed.shape[0]):
        before = owed[t - 1] * growth if t else 0.0
        owed[t] = before + flows.drawn[name][t] - flows.received[name][t]
    return owed


# ── Scale, independence ──────────────────────────────────────────────────────────────────────────────────
def richer(deal: Scenario, times: float) -> Scenario:
    """The same deal with all money multiplied."""
    document = deal.model_dump(mode="json", by_alias=True)
    contract = document["contract"]
    for term in contract["payments"].values():
        _multiply(term["curve"], times, ("price", "pay", "share"))
    for limit in contract["limits"].values():
        _multiply(limit, times, ("money", "floor"))
    for part in (*contract["fees"].values(), *document["world"]["costs"].values()):
        _multiply(part, times, ("amount",))
    for part in contract["capital"].values():
        _multiply(part, times, ("amount", "commitment", "up_to"))
    for step in contract["waterfall"]:
        _multiply(step, times, ("amount",))
    if contract["trust"] is not None:
        _multiply(contract["trust"], times, ("amount", "fee_amount"))
    return Scenario.model_validate(document)


def _multiply(part: Any, times: float, keys: tuple[str, ...]) -> None:
    if isinstance(part, list):
        for item in part:
            _multiply(item, times, keys)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key in ("coupon", "principal", "draw", "to"):
            continue
        if key in keys and value is not None:
            prices = isinstance(value, dict) and "kind" not in value and "value" not in value
            part[key] = {k: _times(v, times) for k, v in value.items()} if prices else _times(value, times)
        else:
            _multiply(value, times, keys)


def _times(figure: Any, times: float) -> Any:
    return (
        figure * times
        if isinstance(figure, float | int)
        else {"kind": "scaled", "of": figure, "factor": times}
    )


@given(deal=deals(), seed=SEEDS, times=st.sampled_from([3.0, 1000.0, 0.015625]))
def test_with_all_money_multiplied_all_flows_are_and_returns_stay(
    deal: Scenario, seed: int, times: float
) -> None:
    flows, scaled = run(deal, seed), run(richer(deal, times), seed)
    size = size_of(flows)

    for name, table in flows.parties.items():
        assert np.abs(scaled.parties[name] - times * table).max() <= 1e-9 * times * size, name
    for name in flows.received:
        before, after = (f.received[name] - f.drawn[name] for f in (flows, scaled))
        assume(np.abs(before).max() > 1e-3 * size)
        one, other = irr(_clean(before, size)), irr(_clean(after, times * size))
        assert (one.status == other.status).all()
        assert np.allclose(one.rate, other.rate, rtol=1e-6, atol=1e-6, equal_nan=True)


def _clean(flows: Array, size: float) -> Array:
    return np.where(np.abs(flows) < 1e-9 * size, 0.0, flows)


@given(deal=deals(), seed=SEEDS)
def test_a_trial_is_the_same_however_many_trials_there_are(deal: Scenario, seed: int) -> None:
    few, many = run(deal, seed, trials=4), run(deal, seed, trials=9)

    for name, table in few.parties.items():
        assert np.array_equal(table, many.parties[name][:, :4]), name


@pytest.mark.parametrize("name", ["able-rikers", "vis-buenos-aires"])
def test_more_workers_give_the_same_bytes(name: str) -> None:
    deal = simulator.load(simulator.library()[name])
    one, two = (simulate(deal, trials=8200, seed=5, workers=workers).flows for workers in (1, 2))

    assert all(one.parties[party].tobytes() == two.parties[party].tobytes() for party in one.parties)


# ── Results and money ────────────────────────────────────────────────────────────────────────────────────
@given(deal=deals(), seed=SEEDS)
def test_where_nothing_is_achieved_terms_with_a_price_for_each_unit_pay_nothing(
    deal: Scenario, seed: int
) -> None:
    document = deal.model_dump(mode="json", by_alias=True)
    document["world"]["results"] = {name: {"level": 0} for name in deal.contract.results}
    document["world"]["correlations"] = []
    for limit in document["contract"]["limits"].values():
        if limit["floor"] is not None:
            limit["floor"] = 0
    flows = run(Scenario.model_validate(document), seed)
    for name, term in deal.contract.payments.items():
        counted = term.quantity in ("count", "claims", "total", "rate", "mean")
        if term.on is not None and counted and term.curve.kind in ("per_unit", "share"):
            assert not flows.payments[name].any(), name


@st.composite
def increasing(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[Scenario, Scenario]:
    """The same deal with a lower and a higher level of a share; the money rises with the count."""
    low, high = sorted(draw(st.floats(0, 1)) for _ in range(2))
    curve = draw(
        st.sampled_from(
            [
                {"kind": "per_unit", "price": 10},
                {"kind": "steps", "steps": [{"at": 10, "pay": 50}, {"at": 45, "pay": 400}, {"at": 80, "pay": 500}]},
                {"kind": "bands", "bands": [{"above": 5, "price": 3}, {"above": 40, "price": 9}]},
                {"kind": "lines", "points": [{"at": 0, "pay": 0}, {"at": 50, "pay": 80}, {"at": 50, "pay": 90},
                                             {"at": 99, "pay": 500}]},
            ]
        )
    )  # fmt: skip
    limits = [{}, {"cap": {"on": "all", "money": 300}}, {"cap": {"on": "all", "units": 60}},
              {"cap": {"on": "all", "money": 90, "per": "period", "excess": "carried"}}]  # fmt: skip
    term = {
        "pool": draw(st.sampled_from(["each", "all", "intake"])),
        "to_date": draw(st.booleans()),
        "curve": Whole(curve),
    }
    contract = {
        "calendar": {"periods": 8},
        "people": {"size": draw(st.integers(1, 300)), "intakes": {"count": draw(st.integers(1, 3))}},
        "results": {"placed": {"times": draw(st.integers(1, 3))}},
        "payments": {"success": term},
        "limits": draw(st.sampled_from(limits)),
    }
    worse, better = (small(contract, {"results": {"placed": {"level": level}}}) for level in (low, high))
    return worse, better


@given(pair=increasing(), seed=SEEDS)
def test_a_higher_level_never_costs_the_payer_less_under_the_same_luck(
    pair: tuple[Scenario, Scenario], seed: int
) -> None:
    low, high = (np.cumsum(run(deal, seed).payers["city"], axis=0) for deal in pair)

    assert (high >= low - 1e-9 * max(1.0, float(high.max()))).all()
