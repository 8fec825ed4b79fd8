"""Whatever bytes come in, plain data or issues come out; and what is read is what YAML and JSON say it is."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterable
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.issues import MAX_VALUE
from simulator.scenario.strict_yaml import Plain, load_text
from simulator.scenario.strict_yaml.collecting import Log
from simulator.scenario.strict_yaml.limits import MAX_DEPTH, MAX_ISSUES, MAX_KEY, MAX_NUMBER, MIN_NUMBER
from simulator.scenario.strict_yaml.scanner import Loader

MANY = settings(max_examples=max(150, settings.default.max_examples))  # type: ignore[union-attr]

# What a file may not contain at all, what JSON leaves as it is, and what is not a number for us.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda text: not HIDDEN.search(text)
)
keys = texts.filter(lambda key: key.strip() and "\n" not in key)
numbers = st.integers(-(10**39), 10**39) | st.floats(-MAX_NUMBER, MAX_NUMBER).filter(
    lambda number: number == 0 or abs(number) >= MIN_NUMBER
)
documents: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)

# Pieces that mean something to YAML, to be put together at random.
PIECES = [
    "a", "b", "1", "0.5", "010", ".nan", "true", "~", "é", "😀", "\xa0", "/", "=", "k: ", "k:\n  ", "'x y'",
    '"x y"',
    " ", "  ", "\n", "\n", "\n  ", "\r\n", ": ", ":", "- ", "- ", "-", "?", "? ", ",", ", ", "[", "]", "{",
    "}",
    "'", "''", '"', "\\", "\\n", "\\x41", "\\ud83d", "\\ude00", "\\U0001F600", "\\q", "\\U00110000", "\\\n",
    "|", "|-\n ", "|+", "|2", ">\n  ", ">-", "#", " # c", "\t", "*a", "&a ", "!", "!t ", "!!str ", "<<: ",
    "---", "---\n", "--- ", "...", "...\n", "%", "%YAML 1.2\n", "%TAG ! x\n", "@", "`",
    "\x00", "\x85", "\u2028", "\u202e", "\ud800", "\ufeff",
]  # fmt: skip
yaml_like = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def parts(data: Plain, depth: int = 0) -> Iterable[tuple[Plain, int]]:
    """Yield each part of a document, keys too, with its depth."""
    yield data, depth
    if isinstance(data, dict):
        for key, item in data.items():
            yield key, depth
            yield from parts(item, depth + 1)
    elif isinstance(data, list):
        for item in data:
            yield from parts(item, depth + 1)


def check_data(data: Plain) -> None:
    for part, depth in parts(data):
        assert type(part) in {dict, list, str, int, float, bool, type(None)}
        if type(part) in {int, float}:
            assert isinstance(part, (int, float))
            assert math.isfinite(part)
            assert abs(part) <= MAX_NUMBER
        if isinstance(part, (dict, list)):
            assert depth < MAX_DEPTH
        if isinstance(part, dict):
            assert all(type(key) is str and 0 < len(key) <= MAX_KEY for key in part)
        if isinstance(part, str):
            part.encode()  # no lone surrogates


def check_loading(content: str | bytes) -> None:
    """Load something, and look whether the outcome is one of the two that are promised."""
    try:
        document = load_text(content)
    except ScenarioFileError as error:
        lines = str(error).splitlines()
        assert 1 <= len(error.issues) == len(lines) <= MAX_ISSUES + 1  # noqa: PT017 - either outcome is fine
        assert all(line.isprintable() for line in lines)
        for issue in error.issues:
            assert re.fullmatch(r"(file|yaml)\.[a-z_0-9]+", issue.code)
            assert len(issue.value) <= MAX_VALUE
            assert issue.line is None or 1 <= issue.line <= len(content) + 1
    else:
        check_data(document.data)
        assert all(1 <= line <= len(content) + 1 for line in document.lines.values())


# ── No traceback, ever ───────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=300))
@MANY
def test_any_bytes_give_data_or_issues(content: bytes) -> None:
    check_loading(content)


@given(st.text(st.characters(codec=None), max_size=200))
@MANY
def test_any_text_gives_data_or_issues(content: str) -> None:
    check_loading(content)


@given(yaml_like)
@example("a: &x [*x]")
@example("? ")
@example("{? ")
@example("%")
@example("a: |9\n")
@example("- - - !")
@example('"\\UFFFFFFFF')
@MANY
def test_anything_like_yaml_gives_data_or_issues(content: str) -> None:
    check_loading(content)
    check_loading(content.encode("utf-8", "surrogatepass"))


@given(documents, st.integers(0, 10_000), st.sampled_from(PIECES), st.integers(0, 3))
@MANY
def test_a_good_file_with_a_bad_piece_gives_data_or_issues(
    data: Any, place: int, piece: str, length: int
) -> None:
    content = dumped(data) if place % 2 else json.dumps(data, ensure_ascii=False)
    place %= len(content) + 1
    check_loading(content[:place] + piece + content[place + length :])


# ── The right data ───────────────────────────────────────────────────────────────────────────────────


def dumped(data: Any) -> str:
    """Write data as YAML the way scenarios are saved."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(data, stream)
    return stream.getvalue()


def same(left: Any, right: Any) -> bool:
    """Say whether two documents are equal, types and all."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@given(documents, st.booleans(), st.sampled_from([None, 1, "\t"]))
@MANY
def test_json_is_read_as_json(data: Any, ascii_only: bool, indent: int | str | None) -> None:
    assert same(load_text(json.dumps(data, ensure_ascii=ascii_only, indent=indent)).data, data)


@given(documents)
@MANY
def test_what_ruamel_writes_is_read_as_it_was(data: Any) -> None:
    written = dumped(data)
    try:
        read_back = YAML(typ="safe", pure=True).load(written)
    except (YAMLError, ValueError):
        read_back = NotImplemented
    assume(same(read_back, data))  # it does not understand everything it writes, e.g. {':0': null}
    assert same(load_text(written).data, data), written


def seen(events: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return what a parser says, up to and including its error."""
    told: list[tuple[Any, ...]] = []
    try:
        for event in events:
            mark = event.start_mark
            details = (getattr(event, name, None) for name in ("value", "style", "anchor"))
            told.append((type(event).__name__, mark.line, mark.column, *details))
    except (YAMLError, ValueError, OverflowError) as error:
        told.append((type(error).__name__, getattr(error, "problem", None)))
    return told


def our_events(content: str) -> Iterable[Any]:
    parser = Loader(content, Log())._parser
    while parser.check_event():
        yield parser.get_event()


@given(yaml_like)
@MANY
def test_the_faster_scanner_sees_what_the_scanner_of_ruamel_sees(content: str) -> None:
    content = content.replace("\r\n", "\n")
    # Tags and directives are told in another way on purpose; some characters never reach the scanner.
    assume(not re.search("[!\x00\x85\u2028\u202e\ud800\ufeff]|^%", content, re.MULTILINE))
    assert seen(our_events(content)) == seen(YAML(typ="safe", pure=True).parse(content))


@given(documents)
@MANY
def test_lines_point_at_the_place_where_a_part_stands(data: Any) -> None:
    rows = [
        f"k{i}: {json.dumps(item)}\n" + "# x\n" * (i % 3) for i, item in enumerate([data, 1, data, [data]])
    ]
    document = load_text("".join(rows))
    before = 0
    for i, row in enumerate(rows):
        inside = {path: line for path, line in document.lines.items() if path.split(".")[0] == f"k{i}"}
        assert f"k{i}" in inside
        assert set(inside.values()) == {before + 1}
        before += row.count("\n")
