"""Results, chains of results, and what is believed about them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from simulator.scenario.checks.common import Check, known_names, one_name, warning, within
from simulator.scenario.contract import Benchmark, Blend, Comparison, Result
from simulator.scenario.issues import Issue
from simulator.scenario.plan import chain_order
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import Belief, Level


def _check_results(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    results = contract.results
    for name, result in results.items():
        path = f"contract.results.{name}"
        yield from one_name(f"{path}.of", result.of, {"people", "deal", *results})
        if result.of in results and result.of != name:
            yield from _check_link(path, result, results[result.of])
        if result.at_most is not None and result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.at_most", value=result.kind, allowed="repeated")
        if result.sampled < 1 and result.kind == "total":
            yield Issue(
                code="field.only_for",
                path=f"{path}.sampled",
                value=result.kind,
                allowed="share, repeated, amount",
            )
        if result.kind in ("share", "repeated"):
            for place, method in _benchmarks(path, result):
                yield from within(f"{place}.value", method.value, 0, 1)
        if name not in world.results:
            yield Issue(code="missing", path=f"world.results.{name}", value="", allowed="{level: …}")
    yield from _check_loops(results, set(results) - set(chain_order(contract)))
    people = contract.people
    yield from known_names("world.results", world.results, results)
    for name, belief in world.results.items():
        yield from known_names(f"world.results.{name}.segments", belief.segments, people.segments)
        yield from known_names(f"world.results.{name}.providers", belief.providers, people.providers)
    yield from known_names("world.enrolment.segments", world.enrolment.segments, people.segments)


def _check_link(path: str, result: Result, parent: Result) -> Iterator[Issue]:
    """A later result of a chain belongs to people who achieved the earlier one."""
    if parent.kind != "share":
        yield Issue(
            code="chain.kind", path=f"{path}.of", value=f"{result.of} ({parent.kind})", allowed="share"
        )
    if parent.times not in (1, result.times):
        yield Issue(
            code="chain.times", path=f"{path}.times", value=str(result.times), allowed=str(parent.times)
        )
    if result.after < parent.after:
        yield warning("chain.early", f"{path}.after", str(result.after), f">= {parent.after}")


def _check_loops(results: Mapping[str, Result], looped: set[str]) -> Iterator[Issue]:
    """Tell each loop of a chain once, as a walk that comes back to where it began."""
    told: set[str] = set()
    for start in sorted(looped):
        walk = [start]
        while results[walk[-1]].of in looped and results[walk[-1]].of not in walk:
            walk.append(results[walk[-1]].of)
        back = results[walk[-1]].of
        if back in walk and not told & set(walk):
            loop = walk[walk.index(back) :]
            told |= set(walk)
            shown = " → ".join([*loop, loop[0]])
            yield Issue(code="cycle", path=f"contract.results.{loop[0]}.of", value=shown, allowed="people")


def _benchmarks(path: str, result: Result) -> Iterator[tuple[str, Benchmark]]:
    method = result.measured
    if isinstance(method, Benchmark):
        yield f"{path}.measured", method
    elif isinstance(method, Blend):
        for k, part in enumerate(method.of):
            if isinstance(part.method, Benchmark):
                yield f"{path}.measured.of.{k}.method", part.method


def _has_comparison(result: Result) -> bool:
    method = result.measured
    parts = [part.method for part in method.of] if isinstance(method, Blend) else [method]
    return any(isinstance(part, Comparison) for part in parts)


def _has_way(level: Level) -> bool:
    return any(way is not None for way in (level.level, level.effect, level.relative_effect))


def _check_beliefs(scenario: Scenario) -> Iterator[Issue]:
    """Every result has a level; shares stay shares; what is not of a kind is not said of it."""
    people = scenario.contract.people
    for name, belief in scenario.world.results.items():
        result = scenario.contract.results.get(name)
        if result is None:
            continue
        path = f"world.results.{name}"
        anyway = belief.counterfactual is not None
        everywhere = any(
            kinds and all(key in patches and _has_way(patches[key]) for key in kinds)
            for kinds, patches in ((people.segments, belief.segments), (people.providers, belief.providers))
        )
        if not (_has_way(belief) or anyway or everywhere):
            yield Issue(
                code="missing", path=f"{path}.level", value="", allowed="level | effect | relative_effect"
            )
        yield from _check_kind(path, belief, result)
        places = [(path, belief)] + [(f"{path}.segments.{k}", part) for k, part in belief.segments.items()]
        places += [(f"{path}.providers.{k}", part) for k, part in belief.providers.items()]
        base = any(part.counterfactual is not None for _, part in places)
        for place, level in places:
            yield from _check_level(place, level, result, has_counterfactual=base)
        if _has_comparison(result) and not base:
            yield warning("counterfactual.missing", f"{path}.counterfactual")


def _check_kind(path: str, belief: Belief, result: Result) -> Iterator[Issue]:
    """What is said of one kind of result only."""
    if result.kind != "amount":
        if belief.events:
            yield Issue(code="field.only_for", path=f"{path}.events", value=result.kind, allowed="amount")
        if belief.individual_sd is not None:
            yield Issue(
                code="field.only_for", path=f"{path}.individual_sd", value=result.kind, allowed="amount"
            )
    if belief.variation is not None and result.kind != "total":
        yield Issue(code="field.only_for", path=f"{path}.variation", value=result.kind, allowed="total")
    estimators = len(result.measured.of) if isinstance(result.measured, Blend) else 0
    if belief.biases and len(belief.biases) != estimators:
        found = str(len(belief.biases))
        yield Issue(code="length", path=f"{path}.biases", value=found, allowed=f"{estimators}")


def _check_level(path: str, level: Level, result: Result, *, has_counterfactual: bool) -> Iterator[Issue]:
    if level.relative_effect is not None and not has_counterfactual:
        yield Issue(code="missing", path=f"{path}.counterfactual", value="", allowed="12.5 · 12.5 %")
    if result.kind in ("share", "repeated"):
        yield from within(f"{path}.level", level.level, 0, 1)
        yield from within(f"{path}.counterfactual", level.counterfactual, 0, 1)
    if level.claims is not None:
        if result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.claims", value=result.kind, allowed="repeated")
        high = math.inf if result.at_most is None else float(result.at_most)
        yield from within(f"{path}.claims", level.claims, 1, high)


def _check_whole_deal(scenario: Scenario) -> Iterator[Issue]:
    """Only a total can be measured once for the whole deal."""
    for name, result in scenario.contract.results.items():
        if result.of == "deal" and result.kind != "total":
            yield Issue(
                code="field.only_for", path=f"contract.results.{name}.of", value="deal", allowed="kind: total"
            )


CHECKS: tuple[Check, ...] = (_check_results, _check_beliefs, _check_whole_deal)
