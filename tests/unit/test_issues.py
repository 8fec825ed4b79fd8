"""Issues are short, clean and stable; the exceptions that carry them survive a process boundary."""

from __future__ import annotations

import dataclasses
import pickle
import time
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from simulator.scenario import errors
from simulator.scenario.errors import (
    EngineInvariantError,
    NoDatedValueError,
    ScenarioError,
    ScenarioFileError,
    SimulatorError,
    SolverError,
)
from simulator.scenario.issues import MAX_PATH, MAX_VALUE, Issue, clean, short_repr

SUM = Issue(code="capital.shares_sum", path="contract.capital", value="1.05", allowed="= 1", line=12)


# ── The line of an issue ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("issue", "line"),
    [
        (SUM, "line 12 · contract.capital: capital.shares_sum, found 1.05, allowed = 1"),
        (
            dataclasses.replace(SUM, line=None),
            "contract.capital: capital.shares_sum, found 1.05, allowed = 1",
        ),
        (dataclasses.replace(SUM, path=""), "line 12: capital.shares_sum, found 1.05, allowed = 1"),
        (Issue(code="file.empty", path="", value="", allowed=""), "file.empty"),
        (Issue(code="missing", path="world", value="", allowed="text"), "world: missing, allowed text"),
    ],
)
def test_an_issue_is_one_line_without_the_parts_it_lacks(issue: Issue, line: str) -> None:
    assert str(issue) == line


def test_the_line_of_an_issue_stays_one_line_whatever_the_file_says() -> None:
    issue = Issue(code="x", path="a\nb\x1b[2J", value="1\r\n2\u2028\u2029\x00", allowed="\n\u202e", line=1)
    assert str(issue) == "line 1 · a b[2J: x, found 1  2"
    assert str(issue).isprintable()


def test_an_issue_cannot_be_changed_and_is_an_error_unless_it_says_otherwise() -> None:
    assert SUM.severity == "error"
    with pytest.raises(dataclasses.FrozenInstanceError):
        SUM.code = "other"  # type: ignore[misc]


def test_issues_that_say_the_same_are_the_same() -> None:
    assert len({SUM, dataclasses.replace(SUM), dataclasses.replace(SUM, line=13)}) == 2


# ── Cleaning ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  1.05 ", "1.05"),
        ("a\tb\nc", "a b c"),
        ("pay\u202eyap", "payyap"),
        ("\u2066x\u2069\u200b\ufeff", "x"),
        ("\x00\x1b\x7f\x9fx", "x"),
        ("\ud800x\udfff", "x"),
        ("\ufffe\uffff\U0001fffex", "x"),
        ("año 👍 日本", "año 👍 日本"),
    ],
)
def test_invisible_characters_go(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert clean("x" * MAX_VALUE) == "x" * MAX_VALUE
    assert clean("x" * (MAX_VALUE + 1)) == "x" * (MAX_VALUE - 1) + "…"
    assert clean("\x00" * 1_000 + "x") == "…"  # the rest is not even looked at


def test_the_value_and_the_params_are_cleaned_and_the_path_only_when_it_is_shown() -> None:
    params: Any = {"name": "x" * 1_000, "limit": 3}
    issue = Issue(code="x", path="a\0" + "b" * 1_000, value="v" * 1_000, allowed="", params=params)
    assert len(issue.value) == MAX_VALUE
    assert issue.params == (("name", "x" * (MAX_VALUE - 1) + "…"), ("limit", 3))
    assert issue.path == "a\0" + "b" * 1_000
    assert len(str(issue.placeholders()["path"])) == MAX_PATH


def test_placeholders_offer_the_fields_and_the_params_and_no_param_hides_a_field() -> None:
    issue = dataclasses.replace(SUM, params=(("total", 1.05), ("value", "hidden")))
    assert issue.placeholders() == {
        "field": "capital",
        "path": "contract.capital",
        "value": "1.05",
        "allowed": "= 1",
        "line": 12,
        "total": 1.05,
    }
    assert "line {line}".format(**dataclasses.replace(SUM, line=None).placeholders()) == "line "


# ── What was found ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (1.05, "1.05"),
        (float("nan"), "nan"),
        (np.float64(2.5), "2.5"),
        (np.int64(7), "7"),
        (Fraction(1, 2), "0.5"),
        (Fraction(10**400), "Fraction"),
        ("12,5", "'12,5'"),
        ("", "''"),
        ([], "[]"),
        ({}, "{}"),
        ([1, "a", None, {"b": 1}, [2], [], {}], "[1, 'a', null, {…}, […], [], {}]"),
        ({"b": [1], "c": {}, 3: 4}, "{b, c, 3}"),
        (MappingProxyType({"a": 1}), "{a}"),
        (object(), "object"),
        (SUM, "Issue"),
    ],
)
def test_what_was_found_is_shown_as_it_stands_in_the_file(value: object, shown: str) -> None:
    assert short_repr(value) == shown


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**7,
        10**100_000,
        -(10**5_000),
        ["y" * 10**6] * 1_000,
        dict.fromkeys(range(10**6)),
        {10**5_000: 1},
        {"k" * 10**6: 1},
        list(range(10**6)),
    ],
    ids=["text", "integer", "negative", "texts", "mapping", "integer key", "long key", "list"],
)
def test_what_was_found_stays_short_and_quick_however_large_it_is(value: object) -> None:
    started = time.process_time()
    shown = short_repr(value)
    assert 0 < len(shown) <= MAX_VALUE
    assert time.process_time() - started < 0.5


def test_an_object_with_a_broken_repr_does_no_harm() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert short_repr([Broken()]) == "[Broken]"


# ── Exceptions ───────────────────────────────────────────────────────────────────────────────────────

RAISED = [
    ScenarioError([SUM]),
    ScenarioFileError([SUM], "deal.yaml"),
    SolverError("no price in 0..5000", reason="no_sign_change", bracket=(0.0, 5e3), tried=[(0.0, -1.0)]),
    EngineInvariantError("flows of trial 3 sum to 0.5"),
    NoDatedValueError("UF", "2031-01-01", ("2024-01-08", "2024-12-09")),
]


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_exceptions_have_one_root_and_survive_pickling(error: SimulatorError) -> None:
    assert isinstance(error, SimulatorError)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_scenario_errors_list_their_issues_one_per_line() -> None:
    second = dataclasses.replace(SUM, line=13, value="0.5")
    for error in (ScenarioError(iter([SUM, second])), ScenarioFileError(iter([SUM, second]), "deal.yaml")):
        assert error.issues == (SUM, second)
        assert str(error).splitlines() == [str(SUM), str(second)]
    assert ScenarioFileError([SUM], "deal.yaml").source == "deal.yaml"


def test_a_solver_error_says_why_and_what_was_tried() -> None:
    error = SolverError("no price", reason="no_sign_change", bracket=(0.0, 1.0), tried=iter([(0.0, 2.0)]))
    assert (str(error), error.reason) == ("no price", "no_sign_change")
    assert (error.bracket, error.tried) == ((0.0, 1.0), ((0.0, 2.0),))


def test_the_tree_in_the_docstring_shows_every_exception_of_the_file() -> None:
    classes = {name for name, item in vars(errors).items() if isinstance(item, type)} - {"Issue", "Iterable"}
    tree = errors.__doc__ or ""
    assert (
        {name for name in classes if name in tree}
        == classes
        == {"SimulatorError"} | {type(error).__name__ for error in RAISED}
    )
