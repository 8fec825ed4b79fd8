"""Documents that somebody broke: every one is either a deal that runs, or mistakes that are told."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator
from simulator.i18n import LANGUAGES, Translator
from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.files import dump, examine, from_document, loads
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.scenario.strict_yaml import Document, load_file
from tests.unit.test_checks import LEAKS, READ

Way = tuple[str | int, ...]
DEALS: dict[str, Any] = {"test-deal": READ.data} | {
    name: load_file(path).data for name, path in simulator.library().items()
}
TRIALS = 50
NAMES = ["people", "placed", "loan", "all", "records", "as_needed", "principal", "x", "Bad Name", "", "ñ", "8 %", "1,5",
         "9 600 (A)", "12 (S99)", "2027-02-31", "payer.payments"]  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from(
        [0, 1, -1, 2, 8, 100, 600, 601, 10**6, 10**9, 10**18, 10**39, 10**400, 0.5, 1.5, -0.0, 1e-300, 1e300]
    ),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-10, 300),
)
SCALARS = st.one_of(NUMBERS, st.sampled_from(NAMES), st.booleans(), st.none(), st.text(max_size=8))
FIGURES = st.sampled_from(
    [
        {"kind": "pert"}, {"kind": "uniform", "low": 0, "high": 1}, {"kind": "uniform", "low": 1, "high": 0},
        {"kind": "beta", "mean": 0.5, "sd": 0.6}, {"kind": "beta", "mean": 0.5, "sd": 1e-200},
        {"kind": "lognormal", "mean": 1e-200, "sd": 1e17}, {"kind": "normal", "mean": 0, "sd": 1e-290, "min": 5},
        {"kind": "discrete", "values": [0, 1], "weights": [0, 0]}, {"kind": "may_fail", "prob": 1, "works": 3},
        {"kind": "scaled", "of": 3, "factor": -1}, {"value": 3, "sources": ["S1"]}, {"kind": ["fixed"]}, {"es": "a"},
    ]
)  # fmt: skip
KEYS = st.sampled_from([*NAMES, "kind", "on", "of"])
VALUES = st.recursive(
    SCALARS | FIGURES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def ways(part: Any, way: Way = ()) -> list[Way]:
    """Places of everything inside a document."""
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [w for key, item in entries for w in [(*way, key), *ways(item, (*way, key))]]


def at(data: Any, way: Way) -> Any:
    for key in way:
        data = data[key]
    return data


WAYS = {name: ways(data) for name, data in DEALS.items()}


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """A deal with one to four places dropped, replaced, renamed, repeated or moved."""
    name = draw(st.sampled_from(list(DEALS)))
    data = copy.deepcopy(DEALS[name])
    for _ in range(draw(st.integers(1, 4))):
        places = ways(data)
        if not places:
            break
        way = draw(st.sampled_from(places))
        here, last = at(data, way[:-1]), way[-1]
        what = draw(st.sampled_from(["drop", "replace", "replace", "insert", "rename", "copy"]))
        if what == "drop":
            del here[last]
        elif what == "replace":
            here[last] = copy.deepcopy(draw(VALUES))
        elif what == "copy":
            here[last] = copy.deepcopy(at(data, draw(st.sampled_from(places))))
        elif isinstance(here, list):
            here.insert(int(last), copy.deepcopy(draw(VALUES)))
        elif what == "rename":
            here[draw(st.sampled_from(NAMES))] = here.pop(last)
        else:
            here[draw(st.sampled_from(["zzz", "kind", "lag", "pricee", "a.b", "on"]))] = copy.deepcopy(
                draw(VALUES)
            )
    return data


def like(value: Any) -> st.SearchStrategy[Any]:
    """Another value of the same type: most documents changed like this are deals still."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return st.sampled_from([0, 1, 2, 3, value + 1, max(value - 1, 0), 2 * value, 10 * value])
    if isinstance(value, float):
        return st.sampled_from([0.0, 0.01, 0.5, 1.0, value / 2, value * 1.1, value * 100])
    if isinstance(value, dict) and "kind" in value:
        return st.just(value) | st.sampled_from([0, 0.5, {"kind": "uniform", "low": 0, "high": 1}])
    return st.just(value)


@st.composite
def varied(draw: st.DrawFn) -> Any:
    """A deal with a few numbers put otherwise."""
    name = draw(st.sampled_from(list(DEALS)))
    data = copy.deepcopy(DEALS[name])
    for way in draw(st.lists(st.sampled_from(WAYS[name]), min_size=1, max_size=4)):
        try:
            here = at(data, way[:-1])
            here[way[-1]] = copy.deepcopy(draw(like(here[way[-1]])))
        except (LookupError, TypeError):
            continue  # a place inside something that was replaced before
    return data


def answer(data: Any) -> Scenario | list[Issue]:
    """What loading says: a scenario, or issues. Anything else that is raised fails the test."""
    try:
        return from_document(Document(data=data, lines={}))
    except (ScenarioError, ScenarioFileError) as error:
        return list(error.issues)


def check_told(issues: list[Issue]) -> None:
    """There is a mistake, and each has a sentence in both languages without the validator's own words."""
    assert issues
    for issue in issues:
        assert issue.severity == "error"
        assert "[key]" not in issue.path
        assert "function-" not in issue.path
        for language in LANGUAGES:
            text = Translator(language, strict=True).issue(issue.code, **issue.placeholders())
            assert not LEAKS.search(text.replace(issue.value, "")), text


def check_runs(deal: Scenario) -> None:
    """It simulates and replays, no money appears or disappears, and writing loses nothing."""
    for result in (simulator.simulate(deal, trials=TRIALS, seed=1), simulator.replay(deal)):
        flows = result.flows
        change = np.diff(flows.balance, axis=0, prepend=0.0)
        total = np.sum(list(flows.parties.values()), axis=0) + change
        size = max(float(np.abs(table).sum(axis=0).max()) for table in flows.parties.values())
        assert np.isfinite(total).all()
        assert np.abs(total).max() <= 1e-9 * max(size, 1.0)
    for one in simulator.estimates(simulator.simulate(deal, trials=TRIALS, seed=1)).values():
        assert one.trials <= TRIALS
        assert 0 <= sum(one.undefined.values()) <= 1 + 1e-9
    assert loads(dump(deal)).digest() == deal.digest()


@given(data=broken())
def test_a_broken_document_is_a_deal_that_runs_or_mistakes_that_are_told(data: Any) -> None:
    found = answer(data)
    if isinstance(found, Scenario):
        check_runs(found)
    else:
        check_told(found)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=varied())
def test_a_varied_deal_runs_or_its_mistakes_are_told(data: Any) -> None:
    found = answer(data)
    if isinstance(found, Scenario):
        check_runs(found)
    else:
        check_told(found)


@given(data=VALUES)
def test_any_data_at_all_is_answered(data: Any) -> None:
    found = answer(data)
    assert isinstance(found, list)
    check_told(found)


@given(data=broken())
def test_examining_changes_nothing_and_says_the_same_twice(data: Any) -> None:
    document = Document(data=data, lines={})
    before = repr(data)
    try:
        first, second = examine(document)[1], examine(document)[1]
    except ScenarioFileError:
        return
    assert first == second
    assert repr(data) == before
