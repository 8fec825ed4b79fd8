"""Measurement: what the contract sees of the truth, with the evaluator's errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from simulator.engine.draws import Numbers
from simulator.engine.outcomes import (
    Luck,
    Outcomes,
    amount_total,
    believed,
    levels,
    observation_name,
    repeated_claims,
    total_weight,
)
from simulator.engine.quantiles import binomial_quantile, clustered_rate
from simulator.scenario.contract import Benchmark, Blend, Comparison, Records, Result
from simulator.scenario.distributions import BoolArray, FloatArray
from simulator.scenario.plan import Cell, Plan
from simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """Something a result is compared with: a group with its size and total, or a fixed number."""

    weight: float
    size: FloatArray
    """People in it, shape ``(observations, trials)``."""
    total: FloatArray
    """Their people who achieve it, claims or amount, same shape."""
    noisy: bool
    """Whether it is a sample (and not a fixed number)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of one result. Arrays have shape ``(observations, trials)``."""

    base: FloatArray
    """People (or earlier achievers) it was measured on."""
    total: FloatArray
    """People who achieve it, claims or amount, as far as evidence is found."""
    person_variance: FloatArray
    comparators: tuple[Comparator, ...]
    sampled: float = 1.0
    """Share of them who were really looked at."""
    live: FloatArray | None = None
    """1 where the measurement is made, 0 where an early end prevents it; all are made, if nothing is said."""

    def counts(self, rows: list[int]) -> BoolArray:
        """Whether any of some measurements is made, shape ``(trials,)``."""
        if self.live is None:
            return np.ones(self.base.shape[-1], dtype=bool)
        return np.asarray(self.live[rows].any(axis=0), dtype=bool)

    def only(self, live: FloatArray) -> Measured:
        """Leave out what an early end prevents from being measured; ``live`` is 1 or 0 for each cell of the array."""
        return replace(
            self,
            base=self.base * live,
            total=self.total * live,
            live=live,
            comparators=tuple(replace(c, size=c.size * live, total=c.total * live) for c in self.comparators),
        )


def measure(
    scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes, luck: Luck
) -> dict[str, Measured]:
    """Measure every result as the contract says.

    Returns
    -------
    By result, what the evaluator certifies.
    """
    return {name: _measure_result(name, scenario, plan, numbers, truth, luck) for name in plan.chain}


def _measure_result(
    name: str, scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes, luck: Luck
) -> Measured:
    result = scenario.contract.results[name]
    verified = [
        _of_a_sample(
            name, result, row, scenario, plan, numbers, truth, luck,
            _with_evidence(name, result, row, plan, numbers, truth, luck),
        )
        for row in range(len(plan.observations[name]))
    ]  # fmt: skip
    return Measured(
        base=truth.base[name],
        total=np.array(verified),
        person_variance=truth.person_variance[name],
        sampled=result.sampled,
        comparators=_comparators(name, result, scenario, plan, numbers, truth, luck),
    )


def _with_evidence(
    name: str, result: Result, row: int, plan: Plan, numbers: Numbers, truth: Outcomes, luck: Luck
) -> FloatArray:
    """Part of one true value for which evidence is found."""
    observation = plan.observations[name][row]
    cell = plan.label(observation)
    found = believed(name, "verified", cell, numbers)
    true = truth.true[name][row]
    whole = found is None or np.asarray(found) == 1.0
    if found is None or np.all(whole):
        return true
    u = luck.uniform(f"verified/{observation_name(name, cell, observation)}")
    if u is None or result.kind in ("amount", "total"):
        return true * found
    return np.where(whole, true, binomial_quantile(u, np.rint(true), np.zeros_like(true) + found))


def _of_a_sample(
    name: str, result: Result, row: int, scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes,
    luck: Luck, whole: FloatArray,
) -> FloatArray:  # fmt: skip
    """What is inferred of one total from a sample of its people.

    Defined as ``X + N sqrt(v D (1 - s) / (s N)) z``: the sampling error of a mean from a share ``s`` of ``N`` people with
    the correction for a finite population (Cochran, Sampling Techniques, 1977, 2.6); ``v`` is the variance between
    people, ``D`` the design effect of clusters; a share stays between none and all.
    """
    observation = plan.observations[name][row]
    u = luck.uniform(f"sample/{observation_name(name, plan.label(observation), observation)}")
    if result.sampled >= 1.0 or u is None:
        return whole
    people, belief = truth.base[name][row], scenario.world.results[name]
    mean = np.where(people > 0, whole / np.where(people > 0, people, 1.0), 0.0)
    spread = mean * (1 - mean) if result.kind == "share" else truth.person_variance[name][row]
    clusters = np.minimum(belief.cluster_size, np.maximum(result.sampled * people, 1.0))
    design = 1 + (clusters - 1) * numbers.at(f"world.results.{name}.cluster_correlation")
    error = np.sqrt(np.maximum(spread, 0.0) * design * people * (1 - result.sampled) / result.sampled)
    inferred = whole + error * special.ndtri(u)
    return np.clip(inferred, 0.0, people) if result.kind == "share" else inferred


def _comparators(
    name: str, result: Result, scenario: Scenario, plan: Plan, numbers: Numbers, truth: Outcomes, luck: Luck
) -> tuple[Comparator, ...]:
    method = result.measured
    prefix = f"contract.results.{name}.measured"
    if isinstance(method, Records):
        return ()
    if isinstance(method, Blend):
        parts = [(part.weight, part.method, f"{prefix}.of.{k}.method") for k, part in enumerate(method.of)]
    else:
        parts = [(1.0, method, prefix)]
    made = []
    for number, (weight, estimator, path) in enumerate(parts):
        if isinstance(estimator, Benchmark):
            made.append(
                _benchmark(weight, numbers.at(f"{path}.value"), result, truth.base[name], truth, plan, name)
            )
        else:
            rows = [
                _comparison(estimator, number, name, result, row, scenario, plan, numbers, truth, luck)
                for row in range(len(plan.observations[name]))
            ]
            sizes, totals = zip(*rows, strict=True)
            made.append(Comparator(weight=weight, size=np.array(sizes), total=np.array(totals), noisy=True))
    return tuple(made)


def _benchmark(
    weight: float,
    value: float | FloatArray,
    result: Result,
    base: FloatArray,
    truth: Outcomes,
    plan: Plan,
    name: str,
) -> Comparator:
    if result.kind == "total":
        weights = total_shares(truth, plan, name)
        return Comparator(weight=weight, size=base, total=weights * value, noisy=False)
    return Comparator(weight=weight, size=base, total=base * value, noisy=False)


def total_shares(truth: Outcomes, plan: Plan, name: str) -> FloatArray:
    """Share of each observation's cell in the whole, shape ``(observations, trials)``."""
    return np.array([total_weight(truth.enrolled, plan, o) for o in plan.observations[name]])


def _comparison(
    estimator: Comparison, number: int, name: str, result: Result, row: int, scenario: Scenario, plan: Plan,
    numbers: Numbers, truth: Outcomes, luck: Luck,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Size and total of the comparison group of one observation."""
    observation = plan.observations[name][row]
    cell = plan.label(observation)
    belief = scenario.world.results[name]
    size = truth.base[name][row] * estimator.ratio
    size = np.rint(size) if luck.chance.luck else size
    _, anyway = levels(name, result, cell, numbers)
    bias = numbers.get(f"world.results.{name}.biases.{number}")
    if bias is None:
        bias = numbers.at(f"world.results.{name}.selection_bias")
    level = np.zeros(luck.trials) + anyway + bias
    stream = f"{number}/{observation_name(name, cell, observation)}"
    u = luck.uniform(f"comparison/{stream}")
    if result.kind == "total":
        share = total_shares(truth, plan, name)[row]
        return size, level * share
    if u is None:
        mean = believed(name, "claims", cell, numbers) if result.kind == "repeated" else None
        return size, size * level * (1.0 if mean is None else mean)
    correlation = np.asarray(numbers.at(f"world.results.{name}.cluster_correlation"))
    if result.kind == "amount":
        spread = numbers.get(f"world.results.{name}.individual_sd")
        variance = (
            level if belief.events else np.square(np.zeros_like(level) + (0.0 if spread is None else spread))
        )
        return size, amount_total(belief, size, level, variance, numbers, name, u)
    level = np.clip(level, 0.0, 1.0)
    shared = luck.uniform(f"comparison_cluster/{stream}")
    if belief.cluster_size > 1 and (correlation > 0).any() and shared is not None:
        level = clustered_rate(shared, size, level, size=belief.cluster_size, correlation=correlation)
    achievers = binomial_quantile(u, size, level)
    if result.kind == "share":
        return size, achievers
    mean = believed(name, "claims", cell, numbers)
    further = luck.uniform(f"comparison_claims/{stream}")
    return size, repeated_claims(achievers, 1.0 if mean is None else mean, result.at_most, further)


__all__ = ["Cell", "Comparator", "Measured", "measure", "total_shares"]
