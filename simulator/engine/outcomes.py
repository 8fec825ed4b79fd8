"""Outcomes: what really happens to the people of each cell, with the programme and without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.engine.draws import Chance, Numbers, Value
from simulator.engine.quantiles import binomial_quantile, clustered_rate, poisson_quantile
from simulator.engine.randomness import uniforms
from simulator.scenario.contract import Contract, Intakes, Result
from simulator.scenario.distributions import FloatArray
from simulator.scenario.plan import Cell, Observation, Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Belief, OutsideView


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """Where the luck of one block of trials comes from; without a seed everything is as expected."""

    seed: int
    block: int
    trials: int
    chance: Chance

    def uniform(self, name: str) -> FloatArray | None:
        """Uniforms of one decision, shape ``(trials,)``, or nothing where luck is switched off."""
        return uniforms(self.seed, name, self.block, self.trials) if self.chance.luck else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What really happens. Arrays have shape ``(cells, trials)`` or, by result, ``(observations, trials)``."""

    enrolled: FloatArray
    """People who take part."""
    base: dict[str, FloatArray]
    """People, or achievers of the earlier result, to whom a result can happen."""
    true: dict[str, FloatArray]
    """People who achieve it, claims, or the total amount, with the programme."""
    anyway: dict[str, FloatArray]
    """The same quantity as it would be expected without the programme."""
    person_variance: dict[str, FloatArray]
    """Variance between people of the quantity per person."""


def observation_name(result: str, cell: Cell, observation: Observation) -> str:
    """Stable name of one measurement, for its random stream."""
    return f"{result}/{cell.intake}/{cell.segment or ''}/{cell.provider or ''}/{observation.measurement}"


def outcomes(scenario: Scenario, plan: Plan, numbers: Numbers, luck: Luck) -> Outcomes:
    """Let every cell live through its results.

    Parameters
    ----------
    scenario
        The deal.
    plan
        Its cells and observations.
    numbers
        Values of all figures of its world and people.
    luck
        The luck of this block.

    Returns
    -------
    True outcomes, before anybody measures them.
    """
    contract = scenario.contract
    enrolled = enrolment(contract, plan, numbers, scenario.world.enrolment.ramp, luck)
    parts = Outcomes(enrolled=enrolled, base={}, true={}, anyway={}, person_variance={})
    for name in plan.chain:
        belief = scenario.world.results[name]
        result = contract.results[name]
        rows = [
            _one_result(name, result, belief, plan, row, parts, numbers, luck, scenario.world.outside_view)
            for row in range(len(plan.observations[name]))
        ]
        for part, column in zip((parts.base, parts.true, parts.anyway, parts.person_variance), zip(*rows, strict=True),
                                strict=True):  # fmt: skip
            part[name] = np.array(column)
    return parts


def enrolment(
    contract: Contract, plan: Plan, numbers: Numbers, ramp: tuple[object, ...], luck: Luck
) -> FloatArray:
    """People who take part in each cell, shape ``(cells, trials)``.

    Defined as planned size times the shares of intake, segment and provider times the enrolment that the world
    believes in. Where luck is at work people are whole: the sums over the intakes of the first segment and provider, then
    of the next, are rounded, so that many small cells hold as many people together as are planned.
    """
    rows = []
    for cell in plan.cells:
        value = numbers.at("contract.people.size") * cell_weight(contract, cell, numbers)
        value = value * numbers.at("world.enrolment.share")
        for path in (f"world.enrolment.segments.{cell.segment}", _ramp_path(ramp, cell)):
            found = numbers.get(path)
            value = value if found is None else value * found
        rows.append(np.zeros(luck.trials) + value)
    people = np.array(rows)
    return _whole_people(people, plan) if luck.chance.luck else people


def _whole_people(people: FloatArray, plan: Plan) -> FloatArray:
    """Round running sums of people, intake by intake within each segment and provider; half to even."""
    kinds = list(dict.fromkeys((cell.segment, cell.provider) for cell in plan.cells))
    order = sorted(
        range(len(plan.cells)), key=lambda k: kinds.index((plan.cells[k].segment, plan.cells[k].provider))
    )
    whole = np.empty_like(people)
    whole[order] = np.diff(np.rint(np.cumsum(people[order], axis=0).round(9)), axis=0, prepend=0.0)
    return whole


def _ramp_path(ramp: tuple[object, ...], cell: Cell) -> str:
    return f"world.enrolment.ramp.{min(cell.intake, len(ramp)) - 1}"


def cell_weight(contract: Contract, cell: Cell, numbers: Numbers) -> Value:
    """Planned share of a cell in the whole."""
    intakes = contract.people.intakes
    weight: Value = (
        1 / intakes.count
        if isinstance(intakes, Intakes)
        else numbers.at(f"contract.people.intakes.{cell.intake - 1}.share")
    )
    if cell.segment is not None:
        weight = weight * numbers.at(f"contract.people.segments.{cell.segment}")
    if cell.provider is not None:
        weight = weight * numbers.at(f"contract.people.providers.{cell.provider}")
    return weight


def believed(name: str, field: str, cell: Cell, numbers: Numbers) -> Value | None:
    """Value that the world gives a field of a result in a cell: the provider's, else the segment's, else the result's."""
    prefix = f"world.results.{name}"
    for path in (f"{prefix}.providers.{cell.provider}", f"{prefix}.segments.{cell.segment}", prefix):
        found = numbers.get(f"{path}.{field}")
        if found is not None:
            return found
    return None


def levels(
    name: str, result: Result, cell: Cell, numbers: Numbers, outside: OutsideView | None = None
) -> tuple[Value, Value]:
    """Level of a result with the programme and without it, per person (or in all, for a total).

    Where a segment or provider names its own way (level, effect or relative effect), that way holds for it. An outside
    view multiplies the improvement on the counterfactual.
    """
    anyway = believed(name, "counterfactual", cell, numbers)
    anyway = 0.0 if anyway is None else anyway
    prefix = f"world.results.{name}"
    level: Value = anyway
    for path in (f"{prefix}.providers.{cell.provider}", f"{prefix}.segments.{cell.segment}", prefix):
        found = {way: numbers.get(f"{path}.{way}") for way in ("level", "effect", "relative_effect")}
        if found["level"] is not None:
            level = found["level"]
        elif found["effect"] is not None:
            level = anyway + found["effect"]
        elif found["relative_effect"] is not None:
            level = anyway * (1 + found["relative_effect"])
        else:
            continue
        break
    if outside is not None and (not outside.of or name in outside.of):
        level = anyway + (level - anyway) * numbers.at("world.outside_view.multiplier")
    if result.kind in ("share", "repeated"):
        return np.clip(level, 0.0, 1.0), np.clip(anyway, 0.0, 1.0)
    return level, anyway


def parent_row(result: Result, plan: Plan, name: str, row: int) -> int:
    """Row of the earlier result's observation to which an observation belongs."""
    own = plan.observations[name][row]
    times = {o.measurement for o in plan.observations[result.of]}
    number = own.measurement if len(times) > 1 else 1
    return next(
        k
        for k, o in enumerate(plan.observations[result.of])
        if o.cell == own.cell and o.measurement == number
    )


def _one_result(
    name: str, result: Result, belief: Belief, plan: Plan, row: int, parts: Outcomes, numbers: Numbers, luck: Luck,
    outside: OutsideView | None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """Base, true value, expected value without the programme and variance per person of one observation."""
    observation = plan.observations[name][row]
    cell = plan.label(observation)
    if result.of in ("people", "deal"):
        base = base_anyway = parts.enrolled[sorted(plan.cells_of(observation))].sum(axis=0)
    else:
        above = parent_row(result, plan, name, row)
        base, base_anyway = parts.true[result.of][above], parts.anyway[result.of][above]
    level, anyway = (np.zeros(luck.trials) + value for value in levels(name, result, cell, numbers, outside))
    stream = observation_name(name, cell, observation)
    if result.kind == "total":
        whole = np.zeros(luck.trials) + total_weight(parts.enrolled, plan, observation)
        level = level + _variation(name, observation.moment, numbers, luck)
        return base, level * whole, anyway * whole, np.zeros(luck.trials)
    if result.kind == "amount":
        variance = (
            level
            if belief.events
            else np.square(_or_zero(numbers.get(f"world.results.{name}.individual_sd")))
        )
        variance = np.zeros(luck.trials) + variance
        true = amount_total(belief, base, level, variance, numbers, name, luck.uniform(f"luck/{stream}"))
        return base, true, base_anyway * anyway, variance
    k = achievers(belief, base, level, numbers, name, luck, stream)
    if result.kind == "repeated":
        mean = believed(name, "claims", cell, numbers)
        claims = repeated_claims(
            k, 1.0 if mean is None else mean, result.at_most, luck.uniform(f"claims/{stream}")
        )
        each = 1.0 if mean is None else mean
        return base, claims, base_anyway * anyway * each, claims_variance(level, each, result.at_most)
    return base, k, base_anyway * anyway, level * (1 - level)


def _variation(name: str, moment: int, numbers: Numbers, luck: Luck) -> Value:
    """By how much a total lies above its level at one moment, for all its cells together."""
    spread = numbers.get(f"world.results.{name}.variation")
    u = None if spread is None else luck.uniform(f"variation/{name}/{moment}")
    return 0.0 if spread is None or u is None else spread * special.ndtri(u)


def _or_zero(value: Value | None) -> Value:
    return 0.0 if value is None else value


def total_weight(enrolled: FloatArray, plan: Plan, observation: Observation) -> FloatArray:
    """Part of a total that belongs to an observation: its cell's share of all who take part, or the whole."""
    everybody = enrolled.sum(axis=0)
    if observation.cell is None:
        return np.ones_like(everybody)
    share = enrolled[observation.cell] / np.where(everybody > 0, everybody, 1.0)
    return np.where(everybody > 0, share, 1 / len(plan.cells))


def achievers(
    belief: Belief, base: FloatArray, level: FloatArray, numbers: Numbers, name: str, luck: Luck, stream: str
) -> FloatArray:
    """People who achieve a result: binomial, or beta-binomial where they come in clusters."""
    u = luck.uniform(f"luck/{stream}")
    if u is None:
        return base * level
    correlation = np.asarray(numbers.at(f"world.results.{name}.cluster_correlation"))
    if belief.cluster_size > 1 and (correlation > 0).any():
        shared = luck.uniform(f"cluster/{stream}")
        assert shared is not None  # noqa: S101 - luck is at work, see above
        level = clustered_rate(shared, base, level, size=belief.cluster_size, correlation=correlation)
    return binomial_quantile(u, base, level)


def repeated_claims(k: FloatArray, mean: Value, at_most: int | None, u: FloatArray | None) -> FloatArray:
    """Claims of ``k`` achievers who are claimed at least once and at most ``at_most`` times.

    Defined as ``k + Binomial(k (m - 1), (mean - 1) / (m - 1))``: each possible further claim succeeds alike.
    """
    further = np.zeros_like(k) + mean - 1.0
    if u is None or at_most is None:
        return k * (1 + further)
    if at_most == 1:
        return k
    return k + binomial_quantile(u, k * (at_most - 1), further / (at_most - 1))


def claims_variance(level: FloatArray, mean: Value, at_most: int | None) -> FloatArray:
    """Variance between people of the claims of a person.

    Defined as ``p (v + c^2) - (p c)^2`` with ``p`` the share of achievers, ``c`` their mean claims and ``v`` the variance
    of an achiever's claims, ``(c - 1) (1 - (c - 1) / (m - 1))`` with at most ``m`` and 0 without such a limit.
    """
    further = np.zeros_like(level) + mean - 1.0
    among = further * (1 - further / (at_most - 1)) if at_most is not None and at_most > 1 else 0.0
    once = 1.0 if at_most == 1 else 1 + further
    return np.maximum(level * (among + np.square(once)) - np.square(level * once), 0.0)


def amount_total(
    belief: Belief, base: FloatArray, mean: FloatArray, variance: FloatArray, numbers: Numbers, name: str,
    u: FloatArray | None,
) -> FloatArray:  # fmt: skip
    """Total of an amount over the people of a cell: its noise is that of a sum, widened for clusters."""
    if u is None:
        return base * mean
    correlation = numbers.at(f"world.results.{name}.cluster_correlation")
    apart = np.zeros(u.shape, dtype=bool) | (belief.cluster_size == 1) | (np.asarray(correlation) <= 0)
    if belief.events and apart.all():
        return poisson_quantile(u, np.maximum(base * mean, 0.0))
    design = 1 + (np.minimum(belief.cluster_size, np.maximum(base, 1.0)) - 1) * correlation
    whole = base * mean + np.sqrt(base * np.maximum(variance, 0.0) * design) * special.ndtri(u)
    if belief.events and apart.any():
        whole[apart] = poisson_quantile(u[apart], np.maximum((base * mean)[apart], 0.0))
    return whole
