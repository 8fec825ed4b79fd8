"""The whole pipeline: draws → outcomes → measurement → payments → funding and waterfall → flows by party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from simulator.engine.actuals import (
    NOTHING,
    Known,
    enrolled_really,
    known_money,
    measured_really,
    numbers_really,
)
from simulator.engine.costs import Dues, dues
from simulator.engine.deadweight import deadweight_parts
from simulator.engine.draws import Chance, Numbers, draw_numbers
from simulator.engine.ending import believed_end, final_end, live_observations
from simulator.engine.indices import Levels, levels_of
from simulator.engine.measurement import Comparator, Measured, measure
from simulator.engine.outcomes import Luck, Outcomes, outcomes
from simulator.engine.payments import Payments, payments
from simulator.engine.performance import Performance
from simulator.engine.randomness import block_sizes
from simulator.engine.result import OUTSIDE, Flows, Simulation, join
from simulator.engine.trust import Held, close
from simulator.engine.waterfall import Account, Funded
from simulator.scenario.capital import Guarantee, Tranche
from simulator.scenario.contract import Trust
from simulator.scenario.distributions import FloatArray
from simulator.scenario.errors import EngineInvariantError, ScenarioError
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.plan import Plan, plan_of
from simulator.scenario.scenario import MOST_SEED, MOST_TRIALS, Scenario

MOST_MEMORY = 12_000_000_000
"""Bytes that one simulation may keep."""
MOST_WORKERS = 64
MOST_MONEY = 1e30
"""More money than any figure of a deal can mean: growth or a rate that is mistyped."""
TOLERANCE = 1e-9
"""Largest imbalance of money, as a share of the contract's size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """What happens to the people in one block of trials, before any money is moved.

    It depends on the people, the results and the world, not on prices, limits, capital or waterfall: a change of
    those settles the same futures again.
    """

    scenario: Scenario
    """The deal it was drawn for."""
    seed: int
    """Seed of what is not known; that of luck stands with the luck."""
    luck: Luck
    numbers: Numbers
    truth: Outcomes
    measured: dict[str, Measured]
    ends: FloatArray


def imagine(
    scenario: Scenario, *, trials: int, seed: int, chance: Chance | None = None, workers: int = 1,
    luck_seed: int | None = None,
) -> tuple[Future, ...]:  # fmt: skip
    """Draw the futures of a scenario: enrolment, true outcomes, what is measured, and when it may end.

    Parameters
    ----------
    scenario
        A checked deal.
    trials, seed
        How many futures, and which luck.
    chance
        Which kinds of chance are at work; all, unless said.
    workers
        Threads; the numbers do not depend on it.
    luck_seed
        Another luck under the same ignorance: uncertain figures keep their values, how things fall out does not.

    Returns
    -------
    One future per block of trials.

    Raises
    ------
    ScenarioError
        As :func:`simulate`.
    """
    check_run(scenario, trials=trials, seed=seed, workers=workers)
    plan = plan_of(scenario.contract)
    jobs = (
        delayed(_imagine_one)(scenario, plan, seed, block, size, chance or Chance(), luck_seed)
        for block, size in enumerate(block_sizes(trials))
    )
    return tuple(Parallel(n_jobs=workers, prefer="threads")(jobs))


def _imagine_one(
    scenario: Scenario, plan: Plan, seed: int, block: int, trials: int, chance: Chance,
    luck_seed: int | None = None,
) -> Future:  # fmt: skip
    """Draw the futures of one block; what is too large for a computer is told at the end, not warned of on the way."""
    with np.errstate(all="ignore"):
        return _imagined(scenario, plan, seed, block, trials, chance, luck_seed)


def _imagined(
    scenario: Scenario, plan: Plan, seed: int, block: int, trials: int, chance: Chance, luck_seed: int | None
) -> Future:
    luck = Luck(seed=seed if luck_seed is None else luck_seed, block=block, trials=trials, chance=chance)
    numbers = draw_numbers(scenario, seed=seed, block=block, trials=trials, chance=chance)
    truth = outcomes(scenario, plan, numbers, luck)
    measured = measure(scenario, plan, numbers, truth, luck)
    ends = believed_end(scenario, numbers, luck)
    return Future(
        scenario=scenario, seed=seed, luck=luck, numbers=numbers, truth=truth, measured=measured, ends=ends
    )


def settle(
    scenario: Scenario,
    futures: tuple[Future, ...],
    *,
    known: Known = NOTHING,
    workers: int = 1,
) -> Flows:
    """Move the money of a contract through futures that have been imagined.

    Parameters
    ----------
    scenario
        A checked deal, with the same people, results and world as the futures.
    futures
        What :func:`imagine` gave.
    known
        Sums of money that are known because the deal is over.
    workers
        Threads; the numbers do not depend on it.

    Raises
    ------
    ScenarioError
        If there are no futures, or they are those of another world, other people or other results.
    EngineInvariantError
        If money was created or lost.
    """
    _check_futures(scenario, futures, workers)
    plan = plan_of(scenario.contract)
    jobs = (delayed(_settle_one)(scenario, plan, future, known) for future in futures)
    parts = Parallel(n_jobs=workers, prefer="threads")(jobs)
    flows = join(list(parts))
    check_conservation(flows)
    return flows


def _check_futures(scenario: Scenario, futures: tuple[Future, ...], workers: int) -> None:
    """Refuse futures that another deal was imagined for."""
    check_run(scenario, trials=max(sum(future.luck.trials for future in futures), 1), seed=0, workers=workers)

    def half(deal: Scenario) -> tuple[object, ...]:
        contract = deal.contract
        uncertain = {path for path, figure in walk_figures(contract) if figure.kind != "fixed"}
        return (
            deal.world,
            contract.people,
            contract.results,
            contract.calendar,
            deal.simulation.sampling,
            uncertain,
        )

    if not futures or any(half(future.scenario) != half(scenario) for future in futures):
        raise ScenarioError(
            [Issue(code="simulation.other_futures", path="", value=scenario.id, allowed="imagine(…)")]
        )


def simulate(
    scenario: Scenario, *, trials: int | None = None, seed: int | None = None, chance: Chance | None = None,
    workers: int = 1,
) -> Simulation:  # fmt: skip
    """Simulate a scenario.

    Parameters
    ----------
    scenario
        A checked deal.
    trials, seed
        How many futures and which luck; the scenario's own unless given.
    chance
        Which kinds of chance are at work; all, unless said.
    workers
        Threads; the numbers do not depend on it.

    Returns
    -------
    Every party's money in every trial and period. Same scenario, seed and trials, same numbers.

    Raises
    ------
    ScenarioError
        If trials, seed or workers are not whole numbers in their range, or the run would not fit into memory.
    """
    trials = scenario.simulation.trials if trials is None else trials
    seed = scenario.simulation.seed if seed is None else seed
    check_run(scenario, trials=trials, seed=seed, workers=workers)
    plan = plan_of(scenario.contract)

    def one(block: int, size: int) -> Flows:
        future = _imagine_one(scenario, plan, seed, block, size, chance or Chance())
        return _settle_one(scenario, plan, future, NOTHING)

    jobs = (delayed(one)(block, size) for block, size in enumerate(block_sizes(trials)))
    flows = join(list(Parallel(n_jobs=workers, prefer="threads")(jobs)))
    check_conservation(flows)
    return Simulation(scenario=scenario, seed=seed, trials=trials, flows=flows)


def memory_needed(scenario: Scenario, trials: int) -> int:
    """Bytes that a simulation keeps at its end, roughly: twice every table of :class:`Flows`, as blocks are joined."""
    contract = scenario.contract
    payers = sum(party.role == "payer" for party in contract.parties.values())
    tables = len(contract.parties) + 2 * payers + len(contract.payments) + 2 * len(contract.capital)
    tables += len(scenario.world.costs) + len(contract.fees) + 5
    if scenario.world.value is not None:
        tables += len({benefit.on for benefit in scenario.world.value.benefits.values()})
    tables += 6 * len(contract.trust.deposits) if contract.trust is not None else 0
    return 16 * trials * tables * (contract.calendar.periods + 1)


def check_run(scenario: Scenario, *, trials: int, seed: int, workers: int) -> None:
    """Refuse a simulation that cannot be run or would not fit, before any memory is taken.

    Raises
    ------
    ScenarioError
        If trials, seed or workers are not whole numbers in their range, or it would keep more than
        :data:`MOST_MEMORY` bytes.
    """
    asked: tuple[tuple[str, Any, int, int], ...] = (
        ("simulation.trials", trials, 1, MOST_TRIALS),
        ("simulation.seed", seed, 0, MOST_SEED),
        ("simulation.workers", workers, 1, MOST_WORKERS),
    )
    issues = [
        Issue(code="range", path=path, value=repr(found), allowed=f"{low} <= n <= {high}")
        for path, found, low, high in asked
        if not isinstance(found, (int, np.integer)) or isinstance(found, bool) or not low <= found <= high
    ]
    if not issues and (needed := memory_needed(scenario, trials)) > MOST_MEMORY:
        possible = int(trials * MOST_MEMORY / needed)
        issues.append(
            Issue(
                code="simulation.memory",
                path="simulation.trials",
                value=str(trials),
                allowed=f"<= {possible}",
            )
        )
    if issues:
        raise ScenarioError(issues)


def replay(scenario: Scenario) -> Simulation:
    """Run a deal once without chance: what really happened where it is known, else what was expected."""
    plan = plan_of(scenario.contract)
    luck = Luck(seed=0, block=0, trials=1, chance=Chance(ignorance=False, luck=False))
    numbers = draw_numbers(scenario, seed=0, block=0, trials=1, chance=luck.chance)
    numbers = numbers_really(scenario, plan, numbers, luck)
    truth = enrolled_really(scenario, plan, outcomes(scenario, plan, numbers, luck), numbers, luck)
    measured = measured_really(scenario, plan, measure(scenario, plan, numbers, truth, luck))
    ends = believed_end(scenario, numbers, luck)
    ended = None if scenario.actuals is None else scenario.actuals.ended
    if ended is not None and ended < scenario.contract.calendar.periods:
        ends = np.full(1, float(ended))
    future = Future(
        scenario=scenario, seed=0, luck=luck, numbers=numbers, truth=truth, measured=measured, ends=ends
    )
    flows = settle(scenario, (future,), known=known_money(scenario))
    return Simulation(scenario=scenario, seed=0, trials=1, flows=flows, replayed=True)


def term_payments(
    scenario: Scenario, future: Future, *, as_it_truly_was: bool = False
) -> dict[str, FloatArray]:
    """What each term pays in one block of trials, without funding and waterfall.

    Parameters
    ----------
    scenario, future
        The deal and a block of its futures.
    as_it_truly_was
        Whether the contract sees the truth in place of what the evaluator measured: true results, compared with
        the true level without the programme, without any sampling error or bias.

    Returns
    -------
    Money by term, summed over time, shape ``(trials,)``.
    """
    plan = plan_of(scenario.contract)
    numbers = Numbers({**future.numbers.values, **_contract_numbers(scenario, future).values})
    measured = true_measurements(future) if as_it_truly_was else future.measured
    ends = final_end(scenario, plan, numbers, future.measured, future.ends)
    live = {name: live_observations(scenario, plan, ends, name) for name in plan.chain}
    seen = {name: measured[name].only(live[name]) for name in plan.chain}
    levels = levels_of(scenario, numbers, future.luck)
    paid = payments(scenario, plan, numbers, seen, future.truth.enrolled, ends, future.luck, levels)
    return {name: table.sum(axis=0) for name, table in paid.by_term.items()}


def true_measurements(future: Future) -> dict[str, Measured]:
    """What an evaluator without error would measure."""
    truth = future.truth
    return {
        name: Measured(
            base=truth.base[name],
            total=truth.true[name],
            person_variance=truth.person_variance[name],
            comparators=(
                Comparator(weight=1.0, size=truth.base[name], total=truth.anyway[name], noisy=False),
            ),
        )
        for name in truth.true
    }


def _settle_one(scenario: Scenario, plan: Plan, future: Future, known: Known) -> Flows:
    """Move the money of one block."""
    with np.errstate(all="ignore"):
        return _settled(scenario, plan, future, known)


def _settled(scenario: Scenario, plan: Plan, future: Future, known: Known) -> Flows:
    numbers = Numbers({**future.numbers.values, **_contract_numbers(scenario, future).values})
    ends = final_end(scenario, plan, numbers, future.measured, future.ends)
    live = {name: live_observations(scenario, plan, ends, name) for name in plan.chain}
    seen = {name: future.measured[name].only(live[name]) for name in plan.chain}
    levels = levels_of(scenario, numbers, future.luck)
    paid = payments(scenario, plan, numbers, seen, future.truth.enrolled, ends, future.luck, levels)
    owed = dues(scenario, plan, numbers, future.truth, future.measured, seen, live, ends, levels, known.costs)
    performance = Performance(scenario, plan, numbers, seen, future.luck.trials)
    funded = Account(
        scenario, numbers, paid.by_payer, owed, performance, ends, known.guaranteed, levels
    ).run()
    return _flows(scenario, plan, future, live, seen, paid, owed, funded, ends, levels, numbers)


def _contract_numbers(scenario: Scenario, future: Future) -> Numbers:
    """Values of the contract's figures: a new price needs no new luck."""
    luck = future.luck
    return draw_numbers(
        scenario, seed=future.seed, block=luck.block, trials=luck.trials, chance=luck.chance, half="contract"
    )


def _flows(
    scenario: Scenario, plan: Plan, future: Future, live: dict[str, FloatArray], seen: dict[str, Measured],
    paid: Payments, owed: Dues, funded: Funded, ends: FloatArray, levels: Levels, numbers: Numbers,
) -> Flows:  # fmt: skip
    """Gather every party's money."""
    contract, truth = scenario.contract, future.truth
    shape = funded.balance.shape
    parties = {name: np.zeros(shape) for name in contract.parties} | {OUTSIDE: np.zeros(shape)}
    paid_in = {payer: np.maximum(amount, 0.0) for payer, amount in paid.by_payer.items()}
    for payer, amount in paid_in.items():
        parties[payer] -= amount
    trusts = {payer: close(held, funded.ends) for payer, held in paid.trusts.items()}
    for payer, held in trusts.items():
        _through_trust(parties, payer, held, contract.trust)
    for party, amount in (*funded.fees_paid.items(), *funded.passed_on.items()):
        parties[party] += amount
    for line, amount in owed.spent.items():
        parties[scenario.world.costs[line].by] -= amount
        parties[OUTSIDE] += amount
    for name, part in contract.capital.items():
        if isinstance(part, Guarantee):
            parties[part.party] -= funded.guaranteed[name]
        else:
            parties[part.party] -= funded.drawn[name]
            if isinstance(part, Tranche):
                parties[part.party] += funded.received[name]
    started = np.array([cell.starts < ends for cell in plan.cells])
    return Flows(
        parties=parties,
        balance=funded.balance,
        payments=paid.by_term,
        payers=paid_in,
        refunds_unpaid=funded.refunds_unpaid,
        rebates={payer: funded.passed_on[payer] for payer in paid.by_payer},
        drawn=funded.drawn,
        received=funded.received,
        guaranteed=funded.guaranteed,
        spent=owed.spent,
        fees=funded.fees_paid,
        arrears=funded.arrears,
        unpaid=paid.unpaid,
        enrolled=(truth.enrolled * started).sum(axis=0),
        measured={name: m.total.sum(axis=0) for name, m in seen.items()},
        true={name: (value * live[name]).sum(axis=0) for name, value in truth.true.items()},
        anyway={name: (value * live[name]).sum(axis=0) for name, value in truth.anyway.items()},
        deadweight=deadweight_parts(scenario, plan, truth, seen, live),
        rates={
            who: np.zeros(ends.size) + numbers.at(f"world.discount_rates.{who}")
            for who in scenario.world.discount_rates
        },
        ended=ends,
        deflator=np.array(
            [np.zeros(ends.size) + levels.at(scenario.world.deflator, None, t) for t in range(shape[0])]
        ),
        principal_lost=funded.principal_lost,
        additional=_additional(scenario, plan, truth, live, shape),
        valued={path: np.zeros(ends.size) + value for path, value in future.numbers.values.items()
                if path.startswith(("world.value.", "world.by_inputs.")) or _is_close_rate(scenario, path)},
        trust_deposits={payer: held.deposited for payer, held in trusts.items()},
        trust_covered={payer: held.covered for payer, held in trusts.items()},
        trust_interest={payer: held.interest for payer, held in trusts.items()},
        trust_fees={payer: held.fee for payer, held in trusts.items()},
        trust_returned={payer: held.returned for payer, held in trusts.items()},
        trust_balance={payer: held.balance for payer, held in trusts.items()},
    )  # fmt: skip


def _is_close_rate(scenario: Scenario, path: str) -> bool:
    """Tell whether a path is the exchange rate of close of a currency that values are written in."""
    value = scenario.world.value
    used = {benefit.currency for benefit in value.benefits.values()} if value is not None else set()
    return any(path == f"world.exchange.{currency}.at_close" for currency in used)


def _additional(
    scenario: Scenario, plan: Plan, truth: Outcomes, live: dict[str, FloatArray], shape: tuple[int, ...]
) -> dict[str, FloatArray]:
    """What the programme added to each result that has a value, at the moments at which it was measured."""
    value = scenario.world.value
    tables = {}
    for name in dict.fromkeys(benefit.on for benefit in value.benefits.values()) if value is not None else ():
        sign = -1.0 if scenario.contract.results[name].less_is_better else 1.0
        rows = sign * (truth.true[name] - truth.anyway[name]) * live[name]
        tables[name] = np.zeros(shape)
        for row, observation in zip(rows, plan.observations[name], strict=True):
            tables[name][observation.moment] += row
    return tables


def _through_trust(parties: dict[str, FloatArray], payer: str, held: Held, trust: Trust | None) -> None:
    """Enter what one payer's part of the trust moves: its payments have left the payer already."""
    if trust is None:
        return
    parties[payer] += held.covered - held.deposited + held.returned
    parties[trust.held_by] += held.fee
    if trust.fee_from == "payers":
        parties[payer] -= held.fee
    parties[OUTSIDE] -= held.interest


def check_conservation(flows: Flows) -> None:
    """Look that no money was created or lost.

    Raises
    ------
    EngineInvariantError
        If the flows of all parties and the account do not sum to zero within :data:`TOLERANCE` of the largest
        sum of money that any trial moves.
    ScenarioError
        If a deal moves more money than can be counted to the cent, or sums that are no numbers.
    """
    size = max((float(np.abs(table).sum(axis=0).max()) for table in flows.parties.values()), default=0.0)
    if not np.isfinite(size) or size > MOST_MONEY:
        issue = Issue(code="simulation.overflow", path="", value=f"{size:.3g}", allowed=f"<= {MOST_MONEY:g}")
        raise ScenarioError([issue])
    if not flows.imbalance() <= TOLERANCE * max(size, 1.0):  # also where it is no number
        raise EngineInvariantError(f"money created or lost: {flows.imbalance():g} in a contract of {size:g}")


__all__ = ["Future", "check_conservation", "imagine", "replay", "settle", "simulate", "term_payments"]
