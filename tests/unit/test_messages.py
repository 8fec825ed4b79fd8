"""What a person reads when a document is wrong: whole Spanish, with the field, what was found, and what to do."""

from __future__ import annotations

import re
import time

import pytest

from simulator.i18n import LANGUAGES, messages, translator_for
from simulator.scenario.commas import without_comma
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files import examine
from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml import load_text
from tests.unit.test_checks import DEAL, ERRORS, WARNINGS
from tests.unit.test_checks import found as issues_of

LEVEL = "{kind: beta, mean: 0.5, sd: 0.1}"
BENCHMARK = "measured: {kind: benchmark, value: 0.2}"
PUBLISHED = "{value: 100 000, tolerance: 5, sources: [S1]}"
TITLE = "title: {es: Trato de prueba, en: Test deal}"

# What is written in the document, what somebody wrote instead, and the code of the message that must come of it.
EDITS = [
    ("share: 0.9, segments", "share: 0,9, segments", "decimal_comma"),
    ("{kind: uniform, low: 0.5, high: 0.8}", "{kind: uniform, low: 0,5, high: 0,8}", "decimal_comma"),
    ("counterfactual: 0.3\n", "counterfactual: 0,3\n", "decimal_comma"),
    ("coupon: 4 %", "coupon: 4,5 %", "decimal_comma"),
    ("amount: 250 000", "amount: 250,000", "decimal_comma"),
    ("amount: 250 000", "amount: 1 250 000,50 (S1)", "decimal_comma"),
    ("amount: 250 000", "amount: 1,250,000", "decimal_comma"),
    ("{at: 5 %, pay: 10 000}", "{at: 5,5 %, pay: 10 000}", "decimal_comma"),
    ("amount: 250 000", "amount: 250.000", "yaml.thousands_dot"),
    ("amount: 250 000", "amount: S/ 250 000", "number"),
    ("money: 400 000", "money: $400000", "number"),
    ("amount: 250 000", "amount: doscientos mil", "number"),
    ("size: 400 (S1)", "size: 400 (S 1!)", "number"),
    ("size: 400 (S1)", "size: [S1]", "type"),
    ("size: 400 (S1)", "size: 1e20", "range"),
    ("size: 400 (S1)", "size: -5", "range"),
    ("size: 400 (S1)", "size: 0400", "yaml.leading_zero"),
    ("size: 400 (S1)", "size: .nan", "yaml.number"),
    ("size: 400 (S1)", "tamaño: 400", "missing"),
    ("rank: 0.3", "rank: '30 %'", "number"),
    ("rank: 0.3", "rank: 3", "range"),
    ("prob: 0.02", "prob: 2", "range.percent"),
    ("world:\n", "mundo:\n", "missing"),
    ("world:\n", "world: 5\nmundo:\n", "type"),
    (TITLE, "title: {fr: Trato}", "type"),
    (TITLE, "title: 5", "type"),
    (TITLE, f"title: {'largo ' * 1000}", "length"),
    ("name: Ministry", "name: [a]", "type"),
    ("name: Ministry", "nombre: Ministerio", "missing"),
    ("role: payer, name: Ministry", "role: pagador, name: Ministerio", "choice"),
    ("ministry: {role", "Ministerio: {role", "pattern"),
    ("schema: 1\n", "", "missing"),
    ("schema: 1", "schema: uno", "choice"),
    ("schema: 1", "schema: 9", "schema.newer"),
    ("periods: 16", "periods: dieciséis", "whole"),
    ("periods: 16", "periods: 16.5", "whole"),
    ("periods: 16", "periods: true", "whole"),
    ("period: quarter", "period: trimestre", "choice"),
    ('"2027-01-01"', "01/02/2027", "date"),
    ('"2027-01-01"', "2027", "type"),
    (BENCHMARK, "measured: benchmark", "missing"),
    (BENCHMARK, "measured: encuesta", "choice"),
    (BENCHMARK, "measured: 5", "type"),
    ("curve: {kind: per_unit, price: 500}", "curve: 500", "type"),
    ("curve: {kind: per_unit, price: 500}", "curve: {price: 500}", "missing"),
    ("less_is_better: true", "less_is_better: sí", "type"),
    ("- {kind: fees}", "- fees", "type"),
    ("until: interest", "until: intereses", "choice"),
    ("draw: as_needed", "draw: cuando haga falta", "choice"),
    (LEVEL, "{kind: beta, media: 0.5, sd: 0.1}", "unknown_field"),
    (LEVEL, "{kind: normal, mean: 0.5}", "missing"),
    (LEVEL, "{kind: discrete, values: [1, 2], weights: [0, 0]}", "distribution"),
    (LEVEL, "{kind: pert, low: 1, mode: 0.5, high: 0.9}", "distribution"),
    (LEVEL, "{kind: normal, mean: 0.5, sd: 0.1, min: 5, max: 6}", "distribution"),
    (PUBLISHED, "{value: 1, at_least: 2}", "one_of"),
    (PUBLISHED, "[1]", "type"),
    ("placed: [{count: 150, where: {intake: 1}}]", "placed: [{where: {intake: 1}}]", "one_of"),
    ("everything: {on: all, money: 400 000}", "everything: {on: all}", "one_of"),
    ("    school: {role", "\tschool: {role", "yaml.tab"),
    ("  account: trust\n", "   account: trust\n", "yaml.indent"),
    ("account: trust", "account trust", "yaml.missing_colon"),
    ("name: Ministry", "name: Ministerio: Perú", "yaml.bracket"),
    ("name: Ministry", 'name: "Ministerio', "yaml.quote"),
    ("name: Ministry", "name: @a", "yaml.start_character"),
    ("name: Ministry", "name: &a b", "yaml.anchor"),
    ("name: Ministry", 'name: "a\\q"', "yaml.escape"),
    ("  account: trust\n", "  account: trust\n  account: fund\n", "yaml.duplicate_key"),
    ("  account: trust\n", "  ? [a]\n  : b\n", "yaml.complex_key"),
]  # fmt: skip
DOCUMENTS = [
    "hola\n",
    "",
    "- a\n- b\n",
    "5\n",
    "# nada\n",
    "title: Hola\n",
    DEAL + "---\na: 1\n",
    "%TAG a b\n" + DEAL,
]

# Words of English sentences that are no words of Spanish and no fields or options of a document.
ENGLISH = re.compile(
    r"\b(exactly|one of|with|without|within|and|or|both|none|other|must|should|not|the|mapping|string|texts?|numbers?|"
    r"list|object|finite|ascending|characters?|weights, not|reach|required|invalid|valid|expected|allowed|found|missing|"
    r"file|directory|device|pipe|socket|input|sum|inf|None|True|False|most|such as)\b"
)
TO_DO = re.compile(
    r"\b(Acórte|Actualice|Agrég|Agregue|Ajuste|Alargue|Alinee|Baje|Borre|Cambie|Ciérre|Complete|Copie|Corrij|Corríja|"
    r"Deje|Divida|Elija|Escrib|Escríba|Guárde|Inténte|Ordéne|Pague|Pida|Ponga|póngal|Quite|Quíte|Redondée|Reescríba|"
    r"Revise|Simplifique|Simule|Use|Envíe|escríba)"
)


def found_in(text: str) -> list[Issue]:
    try:
        return examine(load_text(text))[1]
    except ScenarioFileError as error:
        return list(error.issues)


def edited(before: str, after: str) -> str:
    assert before in DEAL, before
    return DEAL.replace(before, after, 1)


def spanish(issue: Issue) -> str:
    return translator_for("es", "PE").issue(issue.code, **issue.placeholders())


def check_sentence(issue: Issue) -> None:
    text = spanish(issue)
    own = text.replace(issue.path or "–", "").replace(
        issue.value or "–", ""
    )  # what the person wrote is theirs
    assert ENGLISH.search(own) is None, text
    assert issue.path in text
    assert TO_DO.search(text.rpartition(". ")[2] or text), text


@pytest.mark.parametrize(("before", "after", "code"), EDITS, ids=[after[:40] for _, after, _ in EDITS])
def test_a_broken_document_is_told_in_whole_spanish(before: str, after: str, code: str) -> None:
    issues = found_in(edited(before, after))
    assert code in [issue.code for issue in issues]
    for issue in issues:
        check_sentence(issue)
        assert str(issue.line) in spanish(issue)


@pytest.mark.parametrize("text", DOCUMENTS)
def test_what_is_no_deal_at_all_is_told_in_whole_spanish(text: str) -> None:
    issues = found_in(text)
    assert issues
    for issue in issues:
        check_sentence(issue)


def test_every_example_of_a_check_is_told_in_whole_spanish() -> None:
    for code, _, edits in ERRORS + WARNINGS:
        for issue in issues_of(edits):
            if issue.code == code:
                check_sentence(issue)


def test_every_sentence_says_what_to_do() -> None:
    for key, message in messages("es").items():
        if key.startswith("issue.") and not key.startswith("issue.number."):
            text = message.forms[0].text
            sentences = [part for part in text.split(". ") if TO_DO.search(part)]
            assert sentences, f"{key}: {text}"


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("world:\n", "mundo:\n", "world"),
        (BENCHMARK, "measured: benchmark", "value"),
        ("size: 400 (S1)", "tamaño: 400", "size"),
        ("role: payer, name: Ministry", "name: Ministerio", "role"),
    ],
)
def test_what_is_missing_has_a_name(before: str, after: str, field: str) -> None:
    issue = next(issue for issue in found_in(edited(before, after)) if issue.code == "missing")
    for language in LANGUAGES:
        assert f"“{field}”" in translator_for(language).issue(issue.code, **issue.placeholders())
    assert issue.allowed not in ("", "{…}")


# ── Commas ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value", "allowed"),
    [
        ("{low: 0,2, high: 1}", "0,2", "0.2"),
        ("{low: 0,2 }", "0,2", "0.2"),
        ("{low: -0,25 (S1), high: 1}", "-0,25 (S1)", "-0.25 (S1)"),
        ("{low: 4,5 %\n, high: 1}", "4,5 %", "4.5 %"),
        ("{low: 250,000}", "250,000", "250 000 | 250.0000"),
        ("{low: 1,250,000.5, high: 1}", "1,250,000.5", "1 250 000.5"),
        ("{low: 1.250,50}", "1.250,50", "1 250.50"),
    ],
)
def test_a_comma_inside_braces_is_one_number_and_not_two_fields(text: str, value: str, allowed: str) -> None:
    issues = [issue for issue in found_in(f"a: {text}") if issue.code == "decimal_comma"]
    assert [(issue.path, issue.value, issue.allowed, issue.line) for issue in issues] == [
        ("a.low", value, allowed, 1)
    ]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{low: 0, 2: 1}", {"low": 0, "2": 1}),
        ("{low: 0,2: 1}", {"low": 0, "2": 1}),
        ("{low: 0,\n2}", {"low": 0, "2": None}),
        ("{low: [0,2]}", {"low": [0, 2]}),
        ('{low: "0",2}', {"low": "0", "2": None}),
        ("{low: a,2}", {"low": "a", "2": None}),
        ('{"low":1,"high":2}', {"low": 1, "high": 2}),
        ("low: a,2", {"low": "a,2"}),
    ],
)
def test_other_commas_are_left_alone(text: str, data: object) -> None:
    assert load_text(text).data == data


def test_the_rest_of_the_document_is_read_after_a_comma() -> None:
    with pytest.raises(ScenarioFileError) as error:
        load_text("a: {low: 0,5, high: 1,5}\nb: 010\nb: 2\n")
    assert [(issue.code, issue.path) for issue in error.value.issues] == [
        ("decimal_comma", "a.low"), ("decimal_comma", "a.high"), ("yaml.leading_zero", "b"), ("yaml.duplicate_key", "b"),
    ]  # fmt: skip
    assert [issue.code for issue in found_in("a: {low: 0,5")] == ["yaml.bracket"]
    assert next(issue.code for issue in found_in("a: {low: 0,5,")) in ("decimal_comma", "yaml.bracket")


@pytest.mark.parametrize(
    "text", ["1,5,2", "a,5", ",5", "5,", "1,2,3.5", "1.5.2,5", "9" * 200 + ",5", "12,34,567"]
)
def test_what_is_no_number_with_a_comma_has_no_other_way(text: str) -> None:
    assert without_comma(text) == ""


def test_a_long_row_of_commas_takes_no_long_time() -> None:
    row = ",".join(map(str, range(20_000)))
    start = time.perf_counter()
    load_text(f"{{a: {row}: x}}")
    load_text(f"{{a: {row}}}")
    assert time.perf_counter() - start < 10


def test_a_broken_number_does_not_make_its_references_wrong() -> None:
    codes = [issue.code for issue in found_in(edited(LEVEL, "{kind: pert, low: 1, mode: 0.5, high: 0.9}"))]
    assert codes == ["distribution"]
