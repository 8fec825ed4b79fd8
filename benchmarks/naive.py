"""The deal as one would first write it: a Python loop over trials, random numbers one at a time, numpy-financial.

It lives through each trial as the oracle of the tests does (plain floats, dicts and loops), but draws as a
programmer would who has no use for common luck: ``Generator.binomial`` and so on.
"""

from __future__ import annotations

import numpy as np
import numpy_financial as npf

from simulator.scenario.capital import Tranche
from simulator.scenario.distributions import Fixed
from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import Scenario
from tests.oracle.draws import Draws
from tests.oracle.oracle import live


class OneAtATime(Draws):
    """Luck from one generator, drawn when it is needed."""

    def __init__(self, scenario: Scenario, rng: np.random.Generator) -> None:
        self.rng = rng
        self.figures = {
            path: figure
            for part in ("contract", "world")
            for path, figure in walk_figures(getattr(scenario, part), part)
        }
        self.close_calls = []
        self._values = {}
        self._joint = {}

    def again(self) -> None:
        """Forget the values of the last trial."""
        self._values.clear()
        self.close_calls.clear()

    def uniform(self, name: str) -> float:
        """Return a uniform number."""
        return self.rng.random()

    def value(self, path: str) -> float:
        """Return the value of a figure in this trial."""
        figure = self.figures[path]
        return figure.value if isinstance(figure, Fixed) else super().value(path)

    def binomial(self, name: str, n: int, p: float) -> int:
        """Return how many of ``n`` succeed."""
        return int(self.rng.binomial(n, min(max(p, 0.0), 1.0)))

    def poisson(self, name: str, mean: float) -> int:
        """Return how many events happen."""
        return int(self.rng.poisson(max(mean, 0.0)))

    def normal(self, name: str) -> float:
        """Return a standard normal score."""
        return float(self.rng.standard_normal())

    def rate(self, name: str, mean: float, correlation: float) -> float:
        """Return the rate that a group of clusters shares."""
        if not 0 < correlation < 1 or not 0 < mean < 1:
            return mean
        size = 1 / correlation - 1
        return float(self.rng.beta(mean * size, (1 - mean) * size))


def rates(deal: Scenario, trials: int, seed: int) -> list[float]:
    """Rate of return of all investors together, trial by trial."""
    draws = OneAtATime(deal, np.random.default_rng(seed))
    names = [name for name, part in deal.contract.capital.items() if isinstance(part, Tranche)]
    found = []
    for _ in range(trials):
        draws.again()
        tables = live(deal, draws).tables
        moments = range(deal.contract.calendar.periods + 1)
        stream = [sum(tables["received"][n][t] - tables["drawn"][n][t] for n in names) for t in moments]
        rate = float(npf.irr(stream)) if any(stream) else float("nan")
        found.append((1 + rate) ** deal.contract.calendar.per_year - 1)
    return found
