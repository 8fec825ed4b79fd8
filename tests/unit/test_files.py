"""Reading and writing documents: every mistake at once, with its place; nothing is lost on the way back."""

from __future__ import annotations

import copy
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator
from simulator.i18n import Translator
from simulator.scenario import files, upgrades
from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.files import dump, examine, from_data, load, loads
from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml import Document, load_file, load_text
from simulator.scenario.strict_yaml.limits import MAX_ISSUES
from tests.unit.test_checks import DEAL

RIKERS = simulator.library()["able-rikers"]
TEXT = DEAL.lstrip()


PAY = "{kind: pay, to: loan, until: principal}"
DRAW = "draw: as_needed, coupon: 4 %"
INTAKES = "intakes: {first: 0, every: 2, count: 2}"


def edited(*edits: tuple[str, str]) -> str:
    """The text of a deal with some passages put otherwise; each must be there once."""
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def issues_of(text: str) -> list[Issue]:
    try:
        loads(text)
    except (ScenarioError, ScenarioFileError) as error:
        return list(error.issues)
    raise AssertionError("nothing was wrong")


def places(issues: list[Issue]) -> list[tuple[int | None, str, str]]:
    return [(issue.line, issue.path, issue.code) for issue in issues]


def line_of(text: str, passage: str) -> int:
    return text[: text.index(passage)].count("\n") + 1


# ── All at once ──────────────────────────────────────────────────────────────────────────────────────


def test_mistakes_of_structure_and_of_sense_come_together() -> None:
    text = edited(
        ("    size: 400 (S1)", "    size: -400 (S1)\n    sise: 3"),
        ("  account: trust", "  account: nobody"),
        ("by: school, amount", "by: skool, amount"),
        ("fund: 8 %", "fund: 8 (A)"),
    )
    assert places(issues_of(text)) == [
        (line_of(text, "account: nobody"), "contract.account", "reference"),
        (line_of(text, "size: -400"), "contract.people.size", "range"),
        (line_of(text, "sise: 3"), "contract.people.sise", "unknown_field"),
        (line_of(text, "skool"), "world.costs.teaching.by", "reference"),
        (line_of(text, "fund: 8 (A)"), "world.discount_rates.fund", "range.percent"),
    ]


def test_missing_fields_do_not_hide_what_else_is_wrong() -> None:
    text = edited(("  account: trust\n", ""), ("      name: Days\n", ""), ("of: [loan]", "of: [laon]"))
    assert [(issue.path, issue.code) for issue in issues_of(text)] == [
        ("contract.account", "missing"),
        ("contract.results.days.name", "missing"),
        ("contract.capital.cover.of.0", "reference"),
    ]


def test_nearly_everything_may_be_wrong_at_once() -> None:
    text = edited(
        ("title: {es: Trato de prueba, en: Test deal}", "titel: Test"),
        ("period: quarter", "period: week"),
        ("{ministry: 75 %, city: 25 %}", "{ministry: 75 %, city: 20 %}"),
        ("of: placed, after: 5", "of: kept, after: 50"),
        ("on: kept\n", "on: keept\n"),
        (f"    - {PAY}\n", ""),
        ("    - {kind: pay, to: loan, until: interest}\n", ""),
        ("counterfactual: 0.3", "counterfactual: 30"),
        ("rank: 0.3", "rank: 3"),
    )
    assert {(issue.path, issue.code) for issue in issues_of(text)} == {
        ("title", "missing"),
        ("titel", "unknown_field"),
        ("contract.calendar.period", "choice"),
        ("contract.payers", "sum"),
        ("contract.results.kept.of", "cycle"),
        ("contract.results.kept.after", "horizon"),
        ("contract.payments.retention.on", "reference"),
        ("contract.capital.loan", "waterfall.unreached"),
        ("world.results.placed.counterfactual", "range.percent"),
        ("world.correlations.0.rank", "range"),
    }


def test_a_stand_in_never_causes_an_alarm() -> None:
    """Whatever single field is missing, what is told is about that field."""
    whole = load_text(TEXT).data
    for way in ways(whole):
        data: Any = copy.deepcopy(whole)
        here = data
        for key in way[:-1]:
            here = here[key]
        if not isinstance(here, dict):
            continue
        del here[way[-1]]
        _, issues = examine(Document(data=data, lines={}))
        gone = ".".join(map(str, way))
        for issue in issues:
            if issue.code == "missing" and issue.path == gone:
                others = [
                    i for i in issues if i is not issue and i.severity == "error" and gone not in i.value
                ]
                assert others == [], gone


def ways(part: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [w for key, item in entries for w in [(*way, key), *ways(item, (*way, key))]]


def test_a_wrong_kind_of_section_is_told_once() -> None:
    assert [(i.path, i.code) for i in issues_of(edited(("  parties:\n", "  parties: 5\n  partes:\n")))] == [
        ("contract.parties", "type"),
        ("contract.partes", "unknown_field"),
    ]


@pytest.mark.parametrize("text", ["5", "[1, 2]", "just words", "null"])
def test_a_document_that_is_no_mapping_says_so(text: str) -> None:
    assert places(issues_of(text)) == [(1, "", "type")]


def test_an_empty_mapping_lacks_everything() -> None:
    assert {issue.path for issue in issues_of("{}")} >= {"schema", "id", "title", "contract", "world"}


def test_more_mistakes_than_anybody_reads_are_cut() -> None:
    many = "\n".join(f"field_{k}: 1" for k in range(500))
    issues = issues_of(f"{TEXT}\n{many}\n")
    assert len(issues) == MAX_ISSUES + 1
    assert issues[-1].code == "file.too_many_issues"


# ── Where ────────────────────────────────────────────────────────────────────────────────────────────


PLACES: list[tuple[str, str, str, str]] = [
    # the names of variants are no part of the path
    ("relative_effect: {kind: uniform, low", "relative_effect: {kind: uniform, lowest",
     "world.results.days.relative_effect.lowest", "unknown_field"),
    ("{at: 10 %, pay: 25 000}", "{at: 10 %, pay: many}", "contract.payments.fewer_days.curve.steps.1.pay", "number"),
    # a variant named as a field of its own: the curve `share` has a field `share`
    ("curve: {kind: per_unit, price: 500}", "curve: {kind: share}", "contract.payments.retention.curve.share", "missing"),
    ("to: trust, amount: 2 000, over: 8}", "to: trust}", "contract.fees.judging.amount", "missing"),
    # short forms have no parts of their own
    (PAY, "{kind: pay, to: Loan, until: principal}", "contract.waterfall.2.to", "pattern"),
    (PAY, "{kind: pay, to: loan, until: capital}", "contract.waterfall.2.until", "choice"),
    ("      pool: all", "      pool: everything", "contract.payments.fewer_days.pool", "choice"),
    ("{relative_reduction: 10 %}", "{relative_reduction: none}", "actuals.results.days.relative_reduction", "number"),
    ("draw: as_needed", "draw: [1]", "contract.capital.loan.draw", "type"),
    # several shapes are possible: the complaint is about the one that was meant
    (INTAKES, "intakes: {first: 0, every: -4, count: 4}", "contract.people.intakes.every", "range"),
    (INTAKES, "intakes: [{starts: 0, share: 2}]", "contract.people.intakes.0.share", "range.percent"),
    (DRAW, "coupon: {on: days, quantity: mean}", "contract.capital.loan.coupon.curve", "missing"),
    (DRAW, "coupon: high", "contract.capital.loan.coupon", "number"),
    (DRAW, "coupon: 9", "contract.capital.loan.coupon", "range.percent"),
    ("price: {young: 900, adult: 800}", "price: {young: lots, adult: 800}", "contract.payments.placement.curve.price.young",
     "number"),
    # keys with points and spaces in them
    ("payer.payments: {value: 100 000,", "payer.payments: {value: x,", "published.payer.payments.value", "number"),
    ("    visits: {kind: repeated", "    My visits: {kind: repeated", "contract.results.My visits", "pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "code"), PLACES, ids=[path for _, _, path, _ in PLACES])
def test_the_path_is_as_the_person_wrote_it(old: str, new: str, path: str, code: str) -> None:
    text = edited((old, new))
    issue = next((issue for issue in issues_of(text) if issue.path == path), None)
    assert issue is not None, [str(issue) for issue in issues_of(text)]
    assert issue.code == code
    assert issue.line is not None
    assert abs(issue.line - line_of(text, new.strip())) <= new.count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("      quantity: relative", "      quantiti: relative", "quantity"),
        (
            "price: {young: 900, adult: 800}}, paid: {lag: 1}",
            "price: {young: 900, adult: 800}}, lag: 1",
            "paid.lag",
        ),
        ("      pool: all", "      zzz: all", None),
        ("{role: provider, name: School}", "{roel: provider, name: School}", "role"),
        (
            "{kind: per_unit, price: 500}",
            "{kind: per_unit, price: 500, at: 3}",
            None,
        ),  # `at` exists, but not here
    ],
)
def test_an_unknown_field_suggests_what_is_possible_there(old: str, new: str, suggestion: str | None) -> None:
    issue = next(issue for issue in issues_of(edited((old, new))) if issue.code == "unknown_field")
    assert dict(issue.params).get("suggestion") == suggestion
    assert issue.allowed, "the possible fields are listed"
    spanish = Translator("es", strict=True).issue(issue.code, **issue.placeholders())
    assert (f"“{suggestion}”" if suggestion else issue.allowed) in spanish


# ── Hostile files ────────────────────────────────────────────────────────────────────────────────────


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 10)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bomb(), "yaml.alias"),
        ("a: " + "[" * 5000, "yaml.depth"),
        ("a: .nan", "yaml.number"),
        ("a: 1e400", "yaml.number"),
        (f"a: 1{'0' * 400}", "yaml.number_digits"),
        ("a: !!python/object/apply:os.system [ls]", "yaml.tag"),
        ("a: 1\n---\nb: 2", "yaml.multiple_documents"),
        ("a: 1\na: 2", "yaml.duplicate_key"),
        ("", "file.empty"),
        ("a: \x00", "yaml.character"),
    ],
)
def test_hostile_texts_are_refused_in_no_time(text: str, code: str) -> None:
    start = time.perf_counter()
    issues = issues_of(text)
    assert code in {issue.code for issue in issues}
    assert time.perf_counter() - start < 5


def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(100 * 2**20)
    start = time.perf_counter()
    with pytest.raises(ScenarioFileError) as caught:
        load(huge)
    assert [issue.code for issue in caught.value.issues] == ["file.too_large"]
    assert caught.value.source == str(huge)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b.yaml", "x" * 5000])
def test_what_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        load(f"{tmp_path}{os.sep}{name}")
    assert caught.value.issues[0].code.startswith("file.")


def test_a_newer_schema_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(edited(("schema: 1", "schema: 2")), encoding="utf-8")
    with pytest.raises(ScenarioFileError) as caught:
        load(path)
    assert [(issue.code, issue.line) for issue in caught.value.issues] == [("schema.newer", 1)]
    assert caught.value.source == str(path)


@pytest.mark.parametrize("version", ["0", "-3", "true", "one", "1.5"])
def test_a_schema_that_never_was_is_told(version: str) -> None:
    assert {issue.path for issue in issues_of(edited(("schema: 1", f"schema: {version}")))} == {"schema"}


def test_an_upgrade_that_stumbles_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: dict[str, Any]) -> dict[str, Any]:
        return {"schema": 1, "currency": data["coin"]}

    monkeypatch.setitem(upgrades.STEPS, 0, broken)
    assert places(issues_of(edited(("schema: 1", "schema: 0")))) == [(1, "schema", "schema.upgrade")]


def test_an_upgrade_that_does_not_move_on_ends() -> None:
    with pytest.raises(ValueError, match="0"):
        upgrades.upgrade({"schema": 0}, {0: lambda data: data})


TOO_FAR = {"kind": "lognormal", "mean": 1e-200, "sd": 1e17}
STRANGE = [[[1]], {"kind": ["a"]}, {"kind": "pert"}, TOO_FAR, b"x", object(), 10**400]


@pytest.mark.parametrize(
    "value", STRANGE, ids=[type(value).__name__ + str(k) for k, value in enumerate(STRANGE)]
)
def test_plain_data_of_any_type_is_answered(value: Any) -> None:
    whole: Any = load_text(TEXT).data
    for way in ways(whole):
        if len(way) not in (3, 5):
            continue
        data = copy.deepcopy(whole)
        here = data
        for key in way[:-1]:
            here = here[key]
        here[way[-1]] = value
        scenario, issues = examine(Document(data=data, lines={}))
        assert issues or scenario is not None
        for issue in issues:
            assert not issue.path.endswith("]"), issue.path


def test_what_validation_stumbles_over_is_told_at_its_place() -> None:
    data: Any = load_text(TEXT).data
    data["contract"]["waterfall"][1]["to"] = [["loan"]]  # no name, and nothing that can be one
    data["world"]["costs"]["teaching"]["amount"] = {"kind": "lognormal", "mean": 1e-200, "sd": 1e17}
    data["account"] = 3
    _, issues = examine(Document(data=data, lines={}))
    assert {(issue.code, issue.path) for issue in issues} == {
        ("unknown_field", "account"),
        ("impossible", "contract.waterfall.1.to"),
        ("impossible", "world.costs.teaching.amount"),
    }


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", simulator.library())
def test_every_shipped_deal_survives_writing_and_reading(name: str) -> None:
    deal = load(simulator.library()[name])
    text = dump(deal)
    again = loads(text)
    assert again == deal
    assert again.digest() == deal.digest()
    assert dump(again) == text


def test_what_is_written_is_readable() -> None:
    text = dump(load(RIKERS))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 112
    assert "title: {es: ABLE / Rikers Island (Nueva York), en: ABLE / Rikers Island (New York)}" in lines
    assert "    mdrc: {role: manager, name: MDRC}" in lines
    assert "          - {at: 0.085 (I), pay: 4 800 000 (M)}" in lines
    assert "  es: >-" in lines
    assert len(lines) < 130


def test_a_long_list_is_wrapped() -> None:
    data: Any = load_text(TEXT).data
    data["world"]["indices"] = {"wages": {"kind": "path", "values": [1 + k / 1000 for k in range(90)]}}
    deal = from_data(data)
    lines = dump(deal).splitlines()
    assert max(map(len, lines)) <= 112
    assert sum("1.0" in line for line in lines) < 20
    assert loads(dump(deal)).digest() == deal.digest()


# What a document may hold at all: line ends are those of YAML, nothing invisible, no lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")) | st.sampled_from("\n:#-'\"{}[],&*!|>%@`"),
                min_size=1, max_size=200)  # fmt: skip


# The reader refuses numbers below 1e-300: nobody writes them on purpose.
VALUES = st.floats(1e-300, 1e17) | st.floats(-1e17, -1e-300) | st.sampled_from([0.0, -0.0])
KEYS = st.lists(st.sampled_from(["S1", "A", "M"]), max_size=4)


@given(text=TEXTS, other=TEXTS, value=VALUES, keys=KEYS)
def test_any_text_and_number_survives(text: str, other: str, value: float, keys: list[str]) -> None:
    data: Any = load_text(TEXT).data
    data["title"] = {"es": text, "en": other}
    data["remarks"] = text
    data["world"]["results"]["days"]["selection_bias"] = {"value": value, "sources": keys, "note": other}
    data["contract"]["payments"]["fewer_days"]["curve"]["steps"][0]["pay"] = {"value": value, "sources": keys}
    deal = from_data(data)
    again = loads(dump(deal))
    assert again == deal
    assert again.digest() == deal.digest()


@pytest.mark.parametrize(
    "text",
    ["true", "No", "~", "null", "010", "1_000", "12:30", "2027-01-31", "- a", "a: b", "a #b", " a", "a\n\nb", "a\n b",
     "12 (S1)", "---", "...", "%YAML", "x" * 300, "ñandú " * 60, "a  b " * 40, "\u2028", "“x”", "", "ends with colon:"],
)  # fmt: skip
def test_texts_that_yaml_would_take_for_something_else_survive(text: str) -> None:
    data: Any = load_text(TEXT).data
    data["sources"]["S1"]["title"] = text or "-"
    data["title"] = text
    deal = from_data(data)
    assert loads(dump(deal)) == deal


def test_minus_zero_and_small_numbers_keep_their_digest() -> None:
    for value in (-0.0, 1e-7, 1e16, 123456789.125, 12.125, -999.5, -150.001, 0.125, 0.1 + 0.2):
        data: Any = load_text(TEXT).data
        data["contract"]["payments"]["fewer_days"]["curve"]["steps"][0]["pay"] = value
        next(iter(data["world"]["costs"].values()))["amount"] = {"value": abs(value), "sources": ["S1"]}
        deal = from_data(data)
        assert loads(dump(deal)).digest() == deal.digest(), value


def test_the_public_face_reads_like_the_module() -> None:
    assert simulator.load is load
    assert simulator.loads is loads
    assert load(str(RIKERS)) == from_data(load_file(RIKERS).data)  # type: ignore[arg-type]
    assert files.from_document(load_file(RIKERS)).digest() == load(RIKERS).digest()
