"""The trust in one trial: docs/model.md, section 7, after step 10."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.scenario.scenario import Scenario
from tests.oracle.draws import Draws

Row = list[float]


@dataclass
class Purse:
    """One payer's part of the trust, moment by moment."""

    deposited: Row = field(default_factory=list)
    covered: Row = field(default_factory=list)
    interest: Row = field(default_factory=list)
    fee: Row = field(default_factory=list)
    balance: Row = field(default_factory=list)
    returned: Row = field(default_factory=list)
    lost: float = 0.0

    def close(self, moment: int) -> None:
        """Give back what is held, and let nothing move after that."""
        self.returned = [held if t == moment else 0.0 for t, held in enumerate(self.balance)]
        self.balance = [held if t < moment else 0.0 for t, held in enumerate(self.balance)]
        for row in (self.deposited, self.covered, self.interest, self.fee):
            row[moment + 1 :] = [0.0] * len(row[moment + 1 :])


def purse_of(
    scenario: Scenario, draws: Draws, payer: str, owed: Row, fails: Callable[[int], bool], end: int
) -> tuple[Purse, Row]:
    """Live through the moments; also by which factor what is owed at each is paid."""
    trust, per_year = scenario.contract.trust, scenario.contract.calendar.per_year
    assert trust is not None
    path = "contract.trust"
    agreed = {name: draws.value(f"{path}.deposits.{name}.amount") for name in trust.deposits}
    fixed = (
        draws.value(f"{path}.fee_amount") * agreed[payer] / sum(agreed.values())
        if sum(agreed.values())
        else 0.0
    )
    purse, factors, cash = Purse(), [], 0.0
    for t, due in enumerate(owed):
        interest = fee = deposit = 0.0
        if t > 0:
            interest = cash * ((1 + draws.value(f"{path}.interest")) ** (1 / per_year) - 1)
            fee = (cash * draws.value(f"{path}.fee_share") + fixed) / per_year
            cash += interest
            if trust.fee_from == "trust":
                fee = min(fee, cash)
                cash -= fee
        if str(t) in trust.deposits[payer].at and (t < end or t == 0) and not fails(t):
            deposit = agreed[payer] * draws.value(f"{path}.deposits.{payer}.at.{t}")
            cash += deposit
        covered = min(cash, max(due, 0.0))
        cash -= covered
        rest = 0.0 if fails(t) else max(due, 0.0) - covered
        factors.append((covered + rest) / due if due > 0 else 1.0)
        purse.lost += max(due, 0.0) - covered - rest
        for row, amount in ((purse.deposited, deposit), (purse.covered, covered), (purse.interest, interest),
                            (purse.fee, fee), (purse.balance, cash)):  # fmt: skip
            row.append(amount)
    return purse, factors
