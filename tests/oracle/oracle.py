"""The oracle: one trial of a deal in plain, slow Python, written from docs/model.md and not from the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.scenario.capital import Guarantee, Tranche
from simulator.scenario.scenario import Scenario
from tests.oracle.account import Account, Lines, Row
from tests.oracle.draws import Draws
from tests.oracle.payments import Payments, end_of
from tests.oracle.people import Life, cells_of
from tests.oracle.quantities import Reader
from tests.oracle.trust import Purse

OUTSIDE = "outside"


@dataclass
class Trial:
    """What one trial gives: the same names as the engine's result, without the axis of trials."""

    tables: dict[str, dict[str, Row]]
    """By name of the result's field and key, money at each moment."""
    numbers: dict[str, dict[str, float]]
    """By name of the result's field and key, one number."""
    close_calls: list[str]
    """Comparisons that rounding might decide."""


def run_trial(scenario: Scenario, seed: int, block: int, trial_index: int, block_trials: int) -> Trial:
    """Live through one trial of a deal."""
    return live(scenario, Draws(scenario, seed, block, trial_index, block_trials))


def live(scenario: Scenario, draws: Draws) -> Trial:
    """Live through a trial with the luck that is given."""
    cells = cells_of(scenario, draws)
    seen = Life(scenario, draws, cells).seen()
    end = end_of(scenario, draws, Reader(scenario, draws), seen)
    payments = Payments(scenario, draws, cells, seen, end)
    by_term, by_payer = payments.run()
    lines = Lines(scenario, draws, cells, payments.seen, end)
    spent = lines.spent()
    never = Lines(scenario, draws, cells, seen, scenario.contract.calendar.periods + 1)
    scheduled = never.fees(never.spent())
    account = Account(scenario, draws, by_payer, lines.fees(spent), scheduled, payments.seen, seen, end)
    account.run()
    for purse in payments.purses.values():
        purse.close(account.close)
    tables: dict[str, dict[str, Row]] = {
        "parties": _parties(scenario, by_payer, spent, account, payments.purses),
        "": {"balance": account.balance, "arrears": account.arrears_after},
        "payments": by_term,
        "payers": {payer: [max(x, 0.0) for x in row] for payer, row in by_payer.items()},
        "rebates": {payer: account.passed_on[payer] for payer in by_payer},
        "drawn": account.drawn,
        "received": account.received,
        "guaranteed": account.guaranteed,
        "spent": spent,
        "fees": account.fees_paid,
        "trust_deposits": {payer: purse.deposited for payer, purse in payments.purses.items()},
        "trust_covered": {payer: purse.covered for payer, purse in payments.purses.items()},
        "trust_interest": {payer: purse.interest for payer, purse in payments.purses.items()},
        "trust_fees": {payer: purse.fee for payer, purse in payments.purses.items()},
        "trust_returned": {payer: purse.returned for payer, purse in payments.purses.items()},
        "trust_balance": {payer: purse.balance for payer, purse in payments.purses.items()},
    }
    numbers: dict[str, dict[str, Any]] = {
        "": {
            "refunds_unpaid": sum(account.owed_back.values()),
            "enrolled": float(sum(cell.enrolled for cell in cells if cell.starts < end)),
            "ended": float(end),
        },
        "measured": {name: sum(o.certified for o in some) for name, some in payments.seen.items()},
        "true": {name: sum(o.true for o in some) for name, some in payments.seen.items()},
        "anyway": {name: sum(o.anyway for o in some) for name, some in payments.seen.items()},
        "principal_lost": account.lost,
        "unpaid": payments.unpaid,
    }
    return Trial(tables, numbers, draws.close_calls)


def _parties(
    scenario: Scenario,
    by_payer: dict[str, Row],
    spent: dict[str, Row],
    account: Account,
    purses: dict[str, Purse],
) -> dict[str, Row]:
    moments = range(scenario.contract.calendar.periods + 1)
    parties = {name: [0.0 for _ in moments] for name in (*scenario.contract.parties, OUTSIDE)}
    for t in moments:
        for payer, row in by_payer.items():
            parties[payer][t] -= max(row[t], 0.0)
        for payer, purse in purses.items():
            trust = scenario.contract.trust
            assert trust is not None
            parties[payer][t] += purse.covered[t] + purse.returned[t] - purse.deposited[t]
            parties[payer][t] -= purse.fee[t] if trust.fee_from == "payers" else 0.0
            parties[trust.held_by][t] += purse.fee[t]
            parties[OUTSIDE][t] -= purse.interest[t]
        for party in scenario.contract.parties:
            parties[party][t] += account.fees_paid[party][t] + account.passed_on[party][t]
        for line, row in spent.items():
            parties[scenario.world.costs[line].by][t] -= row[t]
            parties[OUTSIDE][t] += row[t]
        for name, part in scenario.contract.capital.items():
            if isinstance(part, Guarantee):
                parties[part.party][t] -= account.guaranteed[name][t]
                continue
            parties[part.party][t] -= account.drawn[name][t]
            if isinstance(part, Tranche):
                parties[part.party][t] += account.received[name][t]
    return parties
