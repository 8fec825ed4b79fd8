"""Estimates: what a sample of trials says about a number, and how exactly it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simulator.scenario.distributions import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the trials say about one number."""

    mean: float
    """Mean over the trials in which the number is defined."""
    se: float
    """Monte Carlo standard error of that mean."""
    p10: float
    p50: float
    p90: float
    low: float
    high: float
    trials: int
    """Trials in which the number is defined."""
    undefined: Mapping[str, float] = field(default_factory=dict)
    """Share of all trials in which it is not, by reason."""
    of_mean_flows: float | None = None
    """For a rate of return: that of the mean flows, which is the headline."""

    def to_dict(self) -> dict[str, object]:
        """Write as plain data; undefined numbers become nothing."""
        names = ("mean", "se", "p10", "p50", "p90", "low", "high")
        data: dict[str, object] = {name: _plain(getattr(self, name)) for name in names}
        data["trials"] = self.trials
        if self.undefined:
            data["undefined"] = dict(self.undefined)
        if self.of_mean_flows is not None:
            data["of_mean_flows"] = _plain(self.of_mean_flows)
        return data


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


FEWEST_GROUPS = 8
"""Groups of dependent trials from which an error can be told."""


def _grouped_se(values: FloatArray, group: int) -> float:
    """Standard error of the mean from the means of whole groups, undefined trials left out."""
    whole = values[: values.size // group * group].reshape(-1, group)
    known = np.isfinite(whole)
    counts = known.sum(axis=1)
    means = np.where(known, whole, 0.0).sum(axis=1)[counts > 0] / counts[counts > 0]
    return float(means.std(ddof=1) / np.sqrt(means.size)) if means.size > 1 else 0.0


def estimate(
    values: FloatArray, *, reasons: Mapping[str, float] | None = None, of_mean_flows: float | None = None,
    group: int | None = None,
) -> Estimate:  # fmt: skip
    """Summarise one number per trial.

    The standard error is ``sd / sqrt(n)`` of independent trials; it is 0 for a single trial. Where trials in a row depend on
    each other (Latin hypercube, Sobol'), it is that of the means of whole groups of them, which do not, if there are at
    least :data:`FEWEST_GROUPS`; with fewer, the error of independent trials stands, which is too large.

    Parameters
    ----------
    values
        One number per trial, NaN where it is undefined, shape ``(trials,)``.
    reasons
        Share of trials that are undefined, by reason; ``undefined`` for all if not given.
    of_mean_flows
        For rates of return, that of the mean flows.
    group
        How many trials in a row depend on each other.
    """
    known = values[np.isfinite(values)]
    missing = 1 - known.size / max(values.size, 1)
    undefined = dict(reasons) if reasons is not None else ({"undefined": missing} if missing else {})
    if not known.size:
        return Estimate(mean=np.nan, se=np.nan, p10=np.nan, p50=np.nan, p90=np.nan, low=np.nan, high=np.nan,
                        trials=0, undefined=undefined, of_mean_flows=of_mean_flows)  # fmt: skip
    p10, p50, p90 = np.quantile(known, (0.1, 0.5, 0.9))
    se = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else 0.0
    if group is not None and values.size // group >= FEWEST_GROUPS:
        se = _grouped_se(values, group)
    return Estimate(
        mean=float(known.mean()), se=se, p10=float(p10), p50=float(p50), p90=float(p90),
        low=float(known.min()), high=float(known.max()), trials=int(known.size), undefined=undefined,
        of_mean_flows=of_mean_flows,
    )  # fmt: skip


def ratio_of_means(above: FloatArray, below: FloatArray) -> Estimate:
    """Summarise a ratio of two numbers per trial by the ratio of their means.

    The ratio of a single trial may divide by almost nothing; quantiles are those of single trials all the same. The
    standard error is that of the residual ``above - ratio × below``, divided by the mean of ``below`` (delta method).
    """
    plain = estimate(np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan))
    mean = float(above.mean() / below.mean()) if below.mean() > 0 else np.nan
    residual = above - mean * below if np.isfinite(mean) else np.full_like(above, np.nan)
    se = float(residual.std() / np.sqrt(above.size) / below.mean()) if np.isfinite(mean) else np.nan
    return Estimate(
        mean=mean, se=se, p10=plain.p10, p50=plain.p50, p90=plain.p90, low=plain.low, high=plain.high,
        trials=plain.trials, undefined=plain.undefined,
    )  # fmt: skip
