"""What a scenario file may contain, what it may not, and where the messages point."""

from __future__ import annotations

import errno
import json
import math
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.scenario import strict_yaml
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml import composer, load_file, load_text, source
from simulator.scenario.strict_yaml.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_ISSUES,
    MAX_KEY,
    MAX_LINES,
    MAX_NODES,
    MAX_NUMBER,
    MAX_RECORDED_PATH,
    MIN_NUMBER,
)


def refused(text: str | bytes) -> tuple[Issue, ...]:
    with pytest.raises(ScenarioFileError) as caught:
        load_text(text)
    return caught.value.issues


def found(text: str | bytes) -> list[tuple[str, int | None]]:
    """Return code and line of each issue."""
    return [(issue.code, issue.line) for issue in refused(text)]


# ── Scalars ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
        ("0", 0), ("-0", 0), ("+5", 5), ("-17", -17), ("0x1F", 31), ("0o17", 15),
        ("0x" + "f" * MAX_DIGITS, 16**MAX_DIGITS - 1),
        ("9" * MAX_DIGITS, int("9" * MAX_DIGITS)),
        ("1.5", 1.5), ("-0.25", -0.25), (".5", 0.5), ("5.", 5.0), ("1e5", 1e5), ("1E+5", 1e5),
        ("2.5e-3", 0.0025),
        ("0.0", 0.0), ("0e999", 0.0), ("1e300", 1e300), ("-1e300", -1e300), ("1e-300", 1e-300),
    ],
)  # fmt: skip
def test_scalars_of_the_core_schema(written: str, value: Any) -> None:
    data = load_text(f"a: {written}\n").data
    assert data == {"a": value}
    assert isinstance(data, dict)
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        "no", "yes", "on", "off", "y", "n", "No", "YES", "tRUE", "nULL", "none", "nil",
        "1:30", "1_000", "12,5", "1 000", "50%", "2027-01-31", "2027-01-31T10:00:00Z",
        "0b11", "0o8", "0xG", "-0x1F", "-0o17",
        "1e", "e5", ".", "..", "--", "+", "--1", "1.2.3", "inf", "nan", "Infinity", "NaN",
        "=", "1.5.", "٣", "０",
    ],
)  # fmt: skip
def test_everything_else_is_text_as_written(written: str) -> None:
    assert load_text(f"a: {written}\n").data == {"a": written}


@pytest.mark.parametrize("written", ["true", "1", "1.5", "~", "010", ".inf", "", "<<", "9" * 100])
def test_quotes_always_make_text(written: str) -> None:
    for quoted in (f'"{written}"', f"'{written}'"):
        assert load_text(f"a: {quoted}").data == {"a": written}
    assert load_text(f"a: |-\n  {written}\n").data == {"a": written}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (".inf", "yaml.number"), ("-.Inf", "yaml.number"), ("+.INF", "yaml.number"),
        (".nan", "yaml.number"), (".NaN", "yaml.number"), (".NAN", "yaml.number"),
        ("1e999", "yaml.number"), ("-1e999", "yaml.number"), ("1.1e300", "yaml.number"),
        ("1e-999", "yaml.number"), ("-9e-301", "yaml.number"),
        ("9" * (MAX_DIGITS + 1), "yaml.number_digits"), ("-" + "9" * 5_000, "yaml.number_digits"),
        ("0." + "1" * MAX_DIGITS, "yaml.number_digits"), ("1e" + "0" * 5_000, "yaml.number_digits"),
        ("0x" + "f" * (MAX_DIGITS + 1), "yaml.number_digits"),
        ("010", "yaml.leading_zero"), ("-007", "yaml.leading_zero"), ("00", "yaml.leading_zero"),
        ("00.5", "yaml.leading_zero"), ("01e5", "yaml.leading_zero"),
    ],
)  # fmt: skip
def test_numbers_that_nobody_should_write_are_refused(written: str, code: str) -> None:
    (issue,) = refused(f"\na:\n  - {written}\n")
    assert (issue.code, issue.line, issue.path) == (code, 3, "a.0")
    assert issue.value[:10] == written[:10]


# ── Collections, JSON, keys ──────────────────────────────────────────────────────────────────────────


def test_mappings_lists_and_texts_over_several_lines() -> None:
    text = """\
# a deal
name: Empleo ‘juvenil’   # with a comment
parties:
  - {id: payer, kind: public}
  -
    id: provider
    note: >
      folded
      text
list:
- 1
- [2, 'it''s', "a\\tb"]
plain: one
  two
nothing:
"""
    assert load_text(text).data == {
        "name": "Empleo ‘juvenil’",
        "parties": [
            {"id": "payer", "kind": "public"},
            {"id": "provider", "note": "folded text\n"},
        ],
        "list": [1, [2, "it's", "a\tb"]],
        "plain": "one two",
        "nothing": None,
    }


def test_comments_end_a_text_inside_brackets_too() -> None:
    assert load_text("[a\n#c\n, b #d\n, c#d]").data == ["a", "b", "c#d"]


DEAL = {
    "schema": 1,
    "name": "Pago por resultados – año 1 😀 \u2028",
    "empty": [{}, [], "", None],
    "flags": [True, False],
    "numbers": [0, -1, 1.5, 1e-9, 12345678901234567890],
    "quotes": "\"\\/\n\t'",
}


@pytest.mark.parametrize("indent", [None, 2, "\t"], ids=["one line", "spaces", "tabs"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_files_load_too(indent: int | str | None, ascii_only: bool) -> None:
    content = json.dumps(DEAL, indent=indent, ensure_ascii=ascii_only)
    if not ascii_only:
        content = content.replace("\u2028", "\\u2028")
    assert load_text(content).data == DEAL
    assert load_text(content.encode()).data == DEAL
    assert load_text(json.dumps(DEAL, separators=(",", ":"))).data == DEAL


def test_keys_are_text_whatever_they_look_like() -> None:
    assert load_text("1: a\ntrue: b\n~: c\n2027-01-31: d\n'x y': e\nno: f\n010: g").data == {
        "1": "a", "true": "b", "~": "c", "2027-01-31": "d", "x y": "e", "no": "f", "010": "g",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["''", '"  "', "", "x" * (MAX_KEY + 1), '"a\\nb"'])
def test_empty_long_and_broken_keys_are_refused(key: str) -> None:
    assert found(f"b: 1\n{key}: 1")[0] == ("yaml.key", 2)
    assert load_text(f"{'x' * MAX_KEY}: 1").data == {"x" * MAX_KEY: 1}


def test_each_repetition_of_a_key_is_an_issue_that_names_the_first() -> None:
    issues = refused("a:\n  x: 1\n  y: 2\n  x: 3\n  'x': 4\nb: {1: a, '1': b}\n")
    assert [(i.code, i.path, i.line, i.value) for i in issues] == [
        ("yaml.duplicate_key", "a.x", 4, "x"),
        ("yaml.duplicate_key", "a.x", 5, "x"),
        ("yaml.duplicate_key", "b.1", 6, "1"),
    ]
    assert [dict(i.params)["first_line"] for i in issues] == [2, 2, 6]


# ── What YAML has and a scenario has not ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1", [("yaml.anchor", 1, "a", "&x")]),
        ("b: 1\na: *x", [("yaml.alias", 2, "a", "*x")]),
        ("*x : 1", [("yaml.alias", 1, "", "*x")]),
        ("&x a: 1", [("yaml.anchor", 1, "", "&x")]),
        ("a: &x {b: *x}", [("yaml.anchor", 1, "a", "&x"), ("yaml.alias", 1, "a.b", "*x")]),
        ("a: !!str 1", [("yaml.tag", 1, "a", "!!str")]),
        ("- !local\n  b: 1", [("yaml.tag", 1, "0", "!local")]),
        ("a: &x !<tag:x> [1]", [("yaml.anchor", 1, "a", "&x"), ("yaml.tag", 1, "a", "!<tag:x>")]),
        ("a: ! x", [("yaml.tag", 1, "a", "!")]),
        ("hi: ho!\na: !!float .nan", [("yaml.tag", 2, "a", "!!float")]),
        ("!t a: 1", [("yaml.tag", 1, "", "!t")]),
        (
            "!!python/object/apply:os.system ['id']",
            [("yaml.tag", 1, "", "!!python/object/apply:os.system")],
        ),
        ("a:\n  <<: {b: 1}", [("yaml.merge_key", 2, "a", "<<")]),
        ("a:\n  <<: *x", [("yaml.merge_key", 2, "a", "<<"), ("yaml.alias", 2, "a.?", "*x")]),
        ("? a\n: b", [("yaml.complex_key", 1, "", "?")]),
        ("? [a, {b: c}]\n: 1", [("yaml.complex_key", 1, "", "?")]),
        ("x: 1\n[a, b]: 1", [("yaml.complex_key", 2, "", "?")]),
        ("{[a]: .nan}", [("yaml.complex_key", 1, "", "?"), ("yaml.number", 1, "?", ".nan")]),
        ("%YAML 1.1\n---\na: 1", [("yaml.directive", 1, "", "%YAML 1.1")]),
        ("%YAML 1.23\n---\na: 1", [("yaml.directive", 1, "", "%YAML 1.23")]),
        ("%YAML 1.2 1\n", [("yaml.directive", 1, "", "%YAML 1.2 1")]),
        ("%TAG ! x\n%FOO\n---\na: 1",
         [("yaml.directive", 1, "", "%TAG ! x"), ("yaml.directive", 2, "", "%FOO")]),
        ("a: 1\n---\nb: 1", [("yaml.multiple_documents", 2, "", "")]),
        ("a: 1\n...\nb: 1", [("yaml.multiple_documents", 3, "", "")]),
        ("", [("file.empty", None, "", "")]),
        ("\ufeff\n# nothing\n", [("file.empty", None, "", "")]),
    ],
)  # fmt: skip
def test_features_that_are_refused(text: str, expected: list[tuple[str, int | None, str, str]]) -> None:
    assert [(i.code, i.line, i.path, i.value) for i in refused(text)] == expected


def test_the_directive_and_the_markers_of_a_single_document_are_fine() -> None:
    assert load_text("%YAML 1.2 # ok\n--- # begins\na: 1\n...\n# ends\n").data == {"a": 1}
    assert load_text("---\n").data is None


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = 'a: &x 1\nb: .nan\nc: 010\nd: !t "\\0"\na: *x\ne: {<<: 1}\n'
    assert found(text) == [
        ("yaml.anchor", 1),
        ("yaml.number", 2),
        ("yaml.leading_zero", 3),
        ("yaml.tag", 4),
        ("yaml.character", 4),
        ("yaml.duplicate_key", 5),
        ("yaml.alias", 5),
        ("yaml.merge_key", 6),
    ]


def test_issues_are_in_order_although_the_scanner_is_ahead_of_the_composer() -> None:
    assert found("&a\n? b\n: 1\n") == [("yaml.anchor", 1), ("yaml.complex_key", 2)]


def test_what_was_found_before_an_error_of_syntax_is_told_too() -> None:
    assert found("a: &x 1\nb: [1\nc: .nan") == [("yaml.anchor", 1), ("yaml.bracket", 3)]


def test_nobody_reads_a_thousand_issues() -> None:
    codes = found("".join(f"- &a{i} {i}\n" for i in range(1_000)))
    assert codes[-1] == ("file.too_many_issues", MAX_ISSUES)
    assert codes[:-1] == [("yaml.anchor", line) for line in range(1, MAX_ISSUES + 1)]
    codes = found("".join(f"? a{i}\n" for i in range(1_000)))  # noticed by the scanner, not by the composer
    assert codes[-1] == ("file.too_many_issues", MAX_ISSUES)


# ── Syntax ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code", "line", "value"),
    [
        ("a:\n\tb: 1", "yaml.tab", 2, "b: 1"),
        ("a:\t1", "yaml.tab", 1, "a: 1"),
        ("a: 1\nb: @x", "yaml.start_character", 2, "b: @x"),
        ("a: 50\nb: %x", "yaml.start_character", 2, "b: %x"),
        ("a: `x`", "yaml.start_character", 1, "a: `x`"),
        ("x: 1\nnote: see: this", "yaml.colon", 2, "note: see: this"),
        ("a: 1\n  b: 2", "yaml.colon", 2, "b: 2"),
        ("a: 1\nb\nc: 2", "yaml.missing_colon", 2, "b"),
        ("a: 'x\nb: 2\n", "yaml.quote", 1, "a: 'x"),
        ('a: 1\nb: "x\nc: 2\n', "yaml.quote", 2, 'b: "x'),
        ('a: "C:\\path"', "yaml.escape", 1, 'a: "C:\\path"'),
        ('a: "\\x4"', "yaml.escape", 1, 'a: "\\x4"'),
        ("- 1\na: 2", "yaml.indent", 2, "a: 2"),
        ("a:\n    b: 1\n  c: 2", "yaml.indent", 3, "c: 2"),
        ("a: - 1", "yaml.dash", 1, "a: - 1"),
        ("a: [1, 2\nb: 3", "yaml.bracket", 2, "b: 3"),
        ("a: {b: 1\n", "yaml.bracket", 2, ""),
        ("a: * item", "yaml.alias", 1, "a: * item"),
        ("a: & b", "yaml.anchor", 1, "a: & b"),
        ("a: 1\n'a' b", "yaml.missing_colon", 2, "'a' b"),
        ("[1]]", "yaml.syntax", 1, "[1]]"),
        ("a: |0\n x", "yaml.syntax", 1, "a: |0"),
        ("a: 1\n%YAML 1.2\n", "yaml.syntax", 3, ""),
        ('a: "\\U00110000"', "yaml.syntax", 1, ""),
        ('a: "\\UFFFFFFFF"', "yaml.syntax", 1, ""),
    ],
)
def test_common_slips_have_a_code_of_their_own(text: str, code: str, line: int, value: str) -> None:
    issue = refused(text)[-1]
    assert (issue.code, issue.line, issue.value) == (code, line, value)


def test_an_error_of_syntax_says_the_column_where_it_began_and_what_the_parser_thinks() -> None:
    (issue,) = refused("a: [1,\n 2\nb: 3")
    assert issue.params == (
        ("column", 2),
        ("start_line", 1),
        ("detail", "expected ',' or ']', but got ':'"),
    )


def test_the_part_of_a_long_line_that_is_wrong_is_shown() -> None:
    (issue,) = refused("[" + "1, " * 1_000 + "here: {x]" + ", 1" * 1_000 + "]")
    assert "here: {x]" in issue.value


# ── Characters and encodings ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "character", ["\x00", "\x01", "\x1b", "\x7f", "\x80", "\u202e", "\u2066", "\ufffe", "\ud800"]
)
def test_characters_that_hide_or_break_something_are_refused_raw_and_escaped(character: str) -> None:
    code_point = f"U+{ord(character):04X}"
    (raw,) = refused(f"a: 1\nb: {character}{character} # {character}")
    assert (raw.code, raw.line, raw.value) == ("yaml.character", 2, code_point)
    (escaped,) = refused(f'a: 1\nb: ["\\u{ord(character):04x}"]')
    assert (escaped.code, escaped.line, escaped.path, escaped.value) == (
        "yaml.character",
        2,
        "b.0",
        code_point,
    )


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_line_ends_of_other_standards_are_refused_raw_and_fine_escaped(character: str) -> None:
    assert found(f"a: 1\nb: x{character}y") == [("yaml.character", 2)]
    assert load_text(f'"x\\u{ord(character):04x}y"').data == f"x{character}y"


def test_two_escapes_may_make_one_character_but_one_half_does_not() -> None:
    assert load_text('"\\ud83d\\ude00"').data == "😀"
    assert [i.value for i in refused('["\\ude00\\ud83d", "\\ud83d"]')] == ["U+DE00", "U+D83D", "U+D83D"]


def test_line_ends_of_all_systems_count_alike() -> None:
    for end in ("\n", "\r\n", "\r"):
        document = load_text(f"a: 1{end}b: |{end}  x{end}  y{end}c: 2{end}")
        assert document.data == {"a": 1, "b": "x\ny\n", "c": 2}
        assert document.lines["c"] == 5
        assert found(f"a: 1{end}b: 'ñ{end}".encode("latin-1")) == [("file.encoding", 2)]


@pytest.mark.parametrize(
    ("content", "line", "value"),
    [
        ("a: 1\nb: ñ".encode("latin-1"), 2, "0xf1"),
        ("a: 1".encode("utf-16"), None, "UTF-16"),
        ("a: 1".encode("utf-32"), None, "UTF-32"),
        (b"\xed\xa0\x80", 1, "0xed"),
        (b"a: \xff", 1, "0xff"),
    ],
)
def test_only_utf_8_is_read(content: bytes, line: int | None, value: str) -> None:
    (issue,) = refused(content)
    assert (issue.code, issue.line, issue.value, issue.allowed) == ("file.encoding", line, value, "UTF-8")


def test_a_byte_order_mark_at_the_start_does_no_harm() -> None:
    assert load_text("\ufeffa: ñ".encode()).data == load_text("\ufeffa: ñ").data == {"a": "ñ"}
    assert found("a: 1\n\ufeffb: 1") == [("yaml.character", 2)]


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_part_knows_its_line() -> None:
    document = load_text("# x\na: 1\nb:\n  c:\n    - 5\n    -\n      d: 6\n    - [7,\n       8]\n")
    assert document.lines == {
        "": 2, "a": 2, "b": 3, "b.c": 4, "b.c.0": 5, "b.c.1": 7, "b.c.1.d": 7, "b.c.2": 8,
        "b.c.2.0": 8, "b.c.2.1": 9,
    }  # fmt: skip


def test_a_part_that_is_not_there_is_looked_for_around_it() -> None:
    document = load_text("a: 1\nb:\n  c: 2\n")
    assert [document.line_of(path) for path in ("b.c", "b.x.y", "z", "")] == [3, 2, 1, 1]


def test_lines_of_very_long_paths_are_not_kept() -> None:
    long = "k" * MAX_KEY
    document = load_text(f"{long}:\n {long}:\n  {long}:\n   x: 1")
    assert max(map(len, document.lines)) <= MAX_RECORDED_PATH
    assert document.line_of(f"{long}.{long}.{long}.x") == 2


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_limit_of_size_is_in_bytes() -> None:
    assert load_text("#" * (MAX_BYTES - 2) + "\n1").data == 1
    for content in ("#" * (MAX_BYTES - 1) + "\n1", "#" + "ñ" * (MAX_BYTES // 2), b"#" * (MAX_BYTES + 1)):
        (issue,) = refused(content)
        assert (issue.code, issue.allowed) == ("file.too_large", "<= 1048576 B")
        assert int(issue.value.removesuffix(" B")) > MAX_BYTES


def test_the_limit_of_lines() -> None:
    assert load_text("1" + "\n" * MAX_LINES).data == 1
    assert found("1" + "\r" * (MAX_LINES + 1)) == [("file.too_many_lines", None)]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_the_limit_of_depth(opening: str, closing: str) -> None:
    load_text(opening * MAX_DEPTH + "1" + closing * MAX_DEPTH)
    issues = refused(opening * (MAX_DEPTH + 1) + "1" + closing * (MAX_DEPTH + 1))
    assert [i.code for i in issues] == ["yaml.depth"]


def test_the_limit_of_depth_holds_inside_keys_too() -> None:
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert [i.code for i in refused(f"{{? {deep} : 1}}")] == ["yaml.complex_key"]
    assert [i.code for i in refused(f"{{? [{deep}] : 1}}")] == ["yaml.complex_key", "yaml.depth"]


def test_the_limit_of_nodes_counts_keys_and_what_is_inside_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MAX_NODES", 100)  # the real one is met by the attacks below
    assert load_text("[" + "1," * 99 + "]").data == [1] * 99
    assert load_text("".join(f"k{i}: 1\n" for i in range(49))).lines["k48"] == 49
    assert found("[" + "1,\n" * 100 + "]") == [("yaml.too_many_nodes", 100)]
    assert found("".join(f"k{i}: 1\n" for i in range(50))) == [("yaml.too_many_nodes", 50)]
    assert found("? [" + "1," * 99 + "]\n: 1")[-1] == ("yaml.too_many_nodes", 1)


# ── Attacks ──────────────────────────────────────────────────────────────────────────────────────────


def fill(unit: str, before: str = "", after: str = "") -> str:
    """Repeat something until the file has its greatest size."""
    return before + unit * ((MAX_BYTES - len(before) - len(after)) // len(unit.encode())) + after


ATTACKS = {
    "billion laughs": "a0: &a0 [x]\n"
    + "".join(f"a{i}: &a{i} [{f'*a{i - 1},' * 10}]\n" for i in range(1, 10)),
    "nested lists": "[" * 100_000,
    "nested mappings": "{a: " * 100_000,
    "nested questions": fill("? "),
    "nested dashes": fill("- "),
    "staircase": "".join(" " * i + "a:\n" for i in range(1_400)),
    "python object": "a: !!python/object/apply:os.system ['id']",
    "complex key": "? {a: [b]}\n: c",
    "long integer": fill("9"),
    "5,000 digits": "9" * 5_000,
    "long fraction": fill("9", "0."),
    "long exponent": fill("9", "1e"),
    "null bytes": fill("\0"),
    "control characters": fill("a\x01 "),
    "lone surrogates": "\ud800" * 300_000,
    "escaped surrogates": fill("\\ud800", '"', '"'),
    "tabs": fill("\t"),
    "spaces": fill(" "),
    "line ends": fill("\n"),
    "comment": fill("#"),
    "comments": "# x\n" * MAX_LINES,
    "long plain": fill("a"),
    "plain words": fill("a "),
    "plain colons": fill(":"),
    "plain lines": "a b\n" * MAX_LINES,
    "double-quoted words": fill("a ", '"', '"'),
    "double-quoted escapes": fill("\\n ", '"', '"'),
    "double-quoted lines": '"' + "a \\\n" * MAX_LINES + '"',
    "single-quoted quotes": fill("'' ", "'", "'"),
    "unfinished quote": fill("a ", '"'),
    "literal lines": "|\n" + " a b\n" * (MAX_LINES - 1),
    "literal spaces": fill(" ", "|\n"),
    "comment behind a bar": fill("a", "| #"),
    "long key": fill("a", "", ": 1"),
    "long tag": fill("a", "!"),
    "escapes in a tag": fill("%41", "!"),
    "exclamation marks": fill("!"),
    "long anchor": fill("a", "&"),
    "many anchors": fill("&a "),
    "aliases": fill("*a,", "[", "]"),
    "directive": fill("1", "%YAML 1."),
    "directives": "%A\n" * MAX_LINES,
    "documents": "---\n" * MAX_LINES,
    "same key": fill("a: 1,", "{", "}"),
    "items": fill("1,", "[", "]"),
    "deep items": fill("[" * 17 + "]" * 17 + ",", "[", "]"),
    "objects": fill('{"a":1,"b":"x"},', "[", "]"),
    "long paths": "".join(" " * i + "k" * MAX_KEY + ":\n" for i in range(19))
    + " " * 20
    + "["
    + "1," * 49_000
    + "]",
}


# The first thing that is said about them; the others may load or not.
NAMED = {
    "billion laughs": "yaml.anchor",
    "nested lists": "yaml.depth",
    "nested mappings": "yaml.depth",
    "nested questions": "yaml.complex_key",
    "staircase": "yaml.depth",
    "python object": "yaml.tag",
    "complex key": "yaml.complex_key",
    "long integer": "yaml.number_digits",
    "5,000 digits": "yaml.number_digits",
    "null bytes": "yaml.character",
    "lone surrogates": "yaml.character",
    "escaped surrogates": "yaml.character",
    "tabs": "yaml.tab",
    "spaces": "file.empty",
    "line ends": "file.too_many_lines",
    "unfinished quote": "yaml.quote",
    "long key": "yaml.colon",
    "directives": "yaml.directive",
    "documents": "yaml.multiple_documents",
    "same key": "yaml.duplicate_key",
    "items": "yaml.too_many_nodes",
}


def seconds_to_load(content: str) -> tuple[float, tuple[Issue, ...]]:
    started = time.process_time()
    try:
        load_text(content)
    except ScenarioFileError as error:
        return time.process_time() - started, error.issues
    return time.process_time() - started, ()


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_end_soon_in_data_or_in_issues(name: str) -> None:
    honest, _ = seconds_to_load("[" + "1," * 2_500 + "]")
    seconds, issues = seconds_to_load(ATTACKS[name])
    # A twentieth of the greatest number of nodes sets the measure: this machine now, however busy it is.
    # The worst attacks take about 25 times as long, one or two seconds; quadratic ones hundreds of times.
    assert seconds < max(5.0, 80 * honest)
    assert len(issues) <= MAX_ISSUES + 1
    assert len("\n".join(map(str, issues))) < 100_000
    if name in NAMED:
        assert issues[0].code == NAMED[name]


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────


def file_issue(path: Any) -> Issue:
    with pytest.raises(ScenarioFileError) as caught:
        load_file(path)
    assert caught.value.source == os.fspath(path)
    (issue,) = caught.value.issues
    return issue


def test_a_file_is_read_as_its_content_is(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_bytes("name: año\r\nprice: 1".encode("utf-8-sig"))
    for name in (path, str(path)):
        document = load_file(name)
        assert document.data == {"name": "año", "price": 1}
        assert document.lines["price"] == 2
    path.write_text("a: *x")
    assert file_issue(path).code == "yaml.alias"


def test_the_source_of_a_text_is_told() -> None:
    with pytest.raises(ScenarioFileError) as caught:
        load_text("*x", source="upload.yaml")
    assert caught.value.source == "upload.yaml"


@pytest.mark.parametrize("name", ["missing.yaml", "missing/deal.yaml", "deal.yaml/deeper.yaml"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "deal.yaml").touch()
    assert file_issue(tmp_path / name).code == "file.not_found"


@pytest.mark.parametrize(
    ("name", "reason"), [("a\0b", "EINVAL"), ("x" * 5_000, "ENAMETOOLONG"), ("\ud800", "EINVAL")]
)
def test_an_impossible_name(name: str, reason: str) -> None:
    if name == "\ud800" and sys.platform == "win32":
        pytest.skip("any name is possible there")
    issue = file_issue(name)
    assert (issue.code, dict(issue.params)["reason"]) == ("file.unreadable", reason)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100 * MAX_BYTES)
    monkeypatch.setattr(os, "open", pytest.fail)
    assert file_issue(path).value == f"{100 * MAX_BYTES} B"


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.yaml"
    path.write_bytes(b"#" * (3 * MAX_BYTES))
    monkeypatch.setattr(source, "check_status", lambda status: None)
    assert file_issue(path).value == f"{MAX_BYTES + 1} B"


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EACCES, "file.permission"), (errno.EIO, "file.unreadable")]
)
def test_errors_of_the_system_are_issues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text("a: 1")

    def fail(*_: object) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "open", fail)
    issue = file_issue(path)
    assert (issue.code, issue.params) == (code, (("reason", errno.errorcode[number]),))


def make_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def make_socket(folder: Path) -> Path:
    os.chdir(folder)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    return folder / "socket"


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda folder: folder, "directory"),
        (lambda folder: Path("/dev/zero"), "device"),
        (make_pipe, "pipe"),
        (make_socket, "socket"),
    ],
    ids=["directory", "device", "pipe", "socket"],
)
def test_only_ordinary_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Path], kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = make(tmp_path)
    code = "file.directory" if kind == "directory" else "file.not_regular"
    assert (file_issue(path).code, file_issue(path).value) == (code, kind)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert file_issue(link).code == code


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_a_file_that_turns_into_a_pipe_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_pipe(tmp_path)
    status = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda self: status)
    assert file_issue(path).value == "pipe"  # and nobody waits for somebody to write into it


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_a_link_in_a_circle(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    assert file_issue(link).code == "file.unreadable"


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_LINES, MAX_DIGITS) == (2**20, 20, 50_000, 50_000, 40)
    assert math.isclose(MAX_NUMBER * MIN_NUMBER, 1.0)
    assert f"{MIN_NUMBER:g}" in (strict_yaml.__doc__ or "")
