"""Rules by which a budget office provides for a payment that is not sure, under their usual names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.metrics.measures import NEGLIGIBLE
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.errors import ScenarioError
from simulator.scenario.issues import Issue

RULES: Final = ("mean", "p50", "p75", "p90", "p95", "maximum", "mean+1sd", "mean+2sd")
"""Rules that are offered; any other percentile from p1 to p99, and any k, may be asked for by name."""
DEFAULT_RULE: Final = "p90"
MOST_K: Final = 10.0
_PERCENTILE: Final = re.compile(r"p([1-9]\d?)")
_SPREAD: Final = re.compile(r"mean\+(-?\d{1,3}(?:\.\d{1,6})?)sd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How much to set apart for a payment that is not sure."""

    kind: Literal["mean", "percentile", "maximum", "mean_sd"]
    level: float = 0.0
    """For a percentile, its level between 0 and 1; for ``mean_sd``, how many standard deviations."""

    @property
    def name(self) -> str:
        """Name under which it is asked for.

        Examples
        --------
        >>> [parse_rule(name).name for name in ("P90", "max", "mean + 1.5 sd")]
        ['p90', 'maximum', 'mean+1.5sd']
        """
        if self.kind == "percentile":
            return f"p{round(self.level * 100)}"
        return f"mean+{self.level:g}sd" if self.kind == "mean_sd" else self.kind

    def amount(self, values: FloatArray) -> tuple[float, float]:
        """Money to set apart, and its Monte Carlo standard error.

        Defined as the mean, a percentile (between the two nearest futures, linearly), the largest, or mean + k sd of
        the trials. The standard error of a percentile is half the distance between the order statistics one binomial
        standard deviation below and above it; that of ``mean + k sd`` follows from its influence function; of the
        largest of the trials none is known (NaN), unless all are equal.

        Parameters
        ----------
        values
            Money per trial, shape ``(trials,)``.
        """
        count, mean = values.size, float(values.mean())
        sd = float(values.std(ddof=1)) if count > 1 else 0.0
        if self.kind == "maximum":
            return float(values.max()), 0.0 if values.max() == values.min() else float("nan")
        if self.kind == "percentile":
            ordered = np.sort(values)
            middle, step = (
                count * self.level,
                float(np.sqrt(count * self.level * (1 - self.level))),
            )
            low = ordered[max(int(np.floor(middle - step)) - 1, 0)]
            high = ordered[min(int(np.ceil(middle + step)), count - 1)]
            return float(np.quantile(ordered, self.level)), float(high - low) / 2
        away = values - mean
        influence = away + (self.level * (away**2 - sd**2) / (2 * sd) if sd > 0 else 0.0)
        error = float(np.std(influence) / np.sqrt(count))
        return mean + self.level * sd, error


def parse_rule(text: str) -> Rule:
    """Read the name of a rule.

    Raises
    ------
    ScenarioError
        If there is no such rule, or its number of standard deviations is below 0 or above :data:`MOST_K`.
    """
    name = re.sub(r"\s+", "", text.lower()).replace("mean+sd", "mean+1sd")
    if name in ("mean", "maximum", "max"):
        return Rule(kind="mean" if name == "mean" else "maximum")
    if found := _PERCENTILE.fullmatch(name):
        return Rule(kind="percentile", level=int(found[1]) / 100)
    if found := _SPREAD.fullmatch(name):
        k = float(found[1])
        if 0 <= k <= MOST_K:
            return Rule(kind="mean_sd", level=k)
        raise ScenarioError(
            [Issue(code="budget.k", path="rule", value=f"{k:g}", allowed=f"0 <= k <= {MOST_K:g}")]
        )
    raise ScenarioError([Issue(code="budget.rule", path="rule", value=text, allowed=", ".join(RULES))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """One uncertain payment and what is provided for it."""

    mean: float
    se: float
    p10: float
    p90: float
    most: float
    """The largest of the trials."""
    provision: float
    provision_se: float
    """Monte Carlo standard error of the provision; undefined for the largest of the trials."""
    unspent: float
    """Mean of what is left of the provision at the end: ``max(provision - payment, 0)``."""
    unspent_se: float
    short: float
    """Share of futures in which the provision is not enough."""
    short_se: float
    lack: float
    """Mean of what is lacking in the futures in which it is not enough; undefined if it always is."""
    lack_se: float
    most_lack: float
    """What is lacking in the worst of them; 0 if it is always enough."""


def is_short(values: FloatArray, amount: float) -> BoolArray:
    """Whether an amount is not enough, by more than rounding, shape ``(trials,)``."""
    return values - amount > NEGLIGIBLE * float(np.abs(values).max(initial=0.0))


def provide(values: FloatArray, rule: Rule) -> Provided:
    """Provide for an uncertain payment under a rule, and say what is left and what is lacking.

    The standard errors of what is left and lacking are those with the provision given.

    Parameters
    ----------
    values
        Money per trial, shape ``(trials,)``.
    rule
        How much to set apart.

    Examples
    --------
    >>> sure = provide(np.full(1000, 80.0), parse_rule("p90"))
    >>> sure.provision, sure.unspent, sure.short
    (80.0, 0.0, 0.0)
    """
    amount, error = rule.amount(values)
    lacking = is_short(values, amount)
    gap = np.where(lacking | (values < amount), values - amount, 0.0)
    p10, p90 = (float(q) for q in np.quantile(values, (0.1, 0.9)))
    mean, se = _mean(values)
    unspent, unspent_se = _mean(np.maximum(-gap, 0.0))
    short = float(lacking.mean())
    lack, lack_se = _mean(gap[lacking])
    return Provided(
        mean=mean, se=se, p10=p10, p90=p90, most=float(values.max()), provision=amount, provision_se=error,
        unspent=unspent, unspent_se=unspent_se, short=short, short_se=float(np.sqrt(short * (1 - short) / values.size)),
        lack=lack, lack_se=lack_se, most_lack=float(np.maximum(gap, 0.0).max()),
    )  # fmt: skip


def _mean(values: FloatArray) -> tuple[float, float]:
    """Mean and its standard error; undefined of nothing."""
    if not values.size:
        return float("nan"), float("nan")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0


__all__ = ["DEFAULT_RULE", "MOST_K", "RULES", "Provided", "Rule", "is_short", "parse_rule", "provide"]
