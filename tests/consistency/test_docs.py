"""The documents say what is so: generated pages are up to date, links lead somewhere, every example runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import simulator
from scripts import build_docs, check_docs
from scripts.build_docs import examples_missing, pages
from scripts.check_docs import link_problems, page_problems
from scripts.reference_examples import Block, Example, blocks, merged, parts, read_yaml, small_deal, written
from simulator.scenario.capital import Capital, Step
from simulator.scenario.contract import Method, Result
from simulator.scenario.curves import Curve
from simulator.scenario.distributions import Distribution
from simulator.scenario.world import Index

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = {language: DOCS / f"how-to-write-a-contract.{language}.md" for language in ("es", "en")}
CHANCE = simulator.Chance(ignorance=False, luck=False)
EXAMPLES = [
    pytest.param(example, id=f"{part.model}-{number}")
    for part in parts()
    for number, example in enumerate(part.examples)
]


def guide_blocks(language: str, mark: str) -> list[Block]:
    return [block for block in blocks(GUIDES[language].read_text(encoding="utf-8")) if mark in block.marks]


CLAUSES = [pytest.param(block, id=f"line-{block.line}") for block in guide_blocks("es", "clause")]


# ── The reference ────────────────────────────────────────────────────────────────────────────────────


def test_generated_pages_are_what_the_code_says_now() -> None:
    assert list(page_problems()) == []


def test_every_part_and_every_field_has_an_example() -> None:
    assert examples_missing() == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_reference_can_be_read_and_run(example: Example) -> None:
    assert example.lines().keys() == read_yaml(example.text).keys(), "one line per field"
    deal = simulator.loads(example.deal())
    simulator.simulate(deal, trials=20)
    if deal.actuals is not None:
        simulator.replay(deal)


def test_the_reference_names_every_choice_of_every_field() -> None:
    text = (DOCS / "reference.es.md").read_text(encoding="utf-8")
    for word in (
        "`half_year`",
        "`relative_increase`",
        "`fiscal_year`",
        "`evaluator`",
        "`sobol`",
        "`after_early_end`",
    ):
        assert word in text


def test_both_languages_have_the_same_sections_and_examples() -> None:
    spanish, english = (list(pages().values())[k] for k in (0, 1))
    assert re.findall(r'<a id="([^"]+)">', spanish) == re.findall(r'<a id="([^"]+)">', english)
    assert [block.text for block in blocks(spanish)] == [block.text for block in blocks(english)]


# ── The contract in six steps ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", GUIDES)
def test_the_steps_make_the_complete_file(language: str) -> None:
    whole = guide_blocks(language, "whole")[0].text
    assert whole == (DOCS / "guide" / "primer-empleo.yaml").read_text(encoding="utf-8")
    made: Any = {}
    for block in guide_blocks(language, "step"):
        made = merged(made, read_yaml(block.text))
    assert made == read_yaml(whole)


def test_the_complete_file_runs_and_agrees_with_what_was_published() -> None:
    deal = simulator.load(DOCS / "guide" / "primer-empleo.yaml")
    numbers = simulator.estimates(simulator.simulate(deal, trials=500))
    assert 0.02 < numbers["investors.loss_probability"].mean < 0.5
    compared = simulator.compare_with_published(simulator.replay(deal))
    assert [comparison.key for comparison in compared if not comparison.agrees] == []


def test_both_guides_have_the_same_blocks() -> None:
    spanish, english = (
        list(blocks(GUIDES[language].read_text(encoding="utf-8"))) for language in ("es", "en")
    )
    assert [(block.text, block.marks) for block in spanish] == [
        (block.text, block.marks) for block in english
    ]
    known = {"step", "whole", "clause"}
    assert [block.line for block in spanish if not block.marks & known] == []


# ── Hard clauses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", CLAUSES)
def test_a_clause_comes_to_what_the_page_says(block: Block) -> None:
    """The mark before a clause says what it pays, and what parties are left with, in the small deal without chance."""
    deal = simulator.loads(block.deal())
    simulator.simulate(deal, trials=50)
    run = simulator.replay(deal) if deal.actuals else simulator.simulate(deal, trials=1, chance=CHANCE)
    expected = dict(mark.split("=") for mark in block.marks if "=" in mark)
    assert expected
    for name, value in expected.items():
        paid = sum(float(table.sum()) for table in run.flows.payments.values())
        found = paid if name == "pays" else float(run.flows.parties[name].sum())
        assert found == pytest.approx(float(value), rel=0, abs=1), name


@pytest.mark.parametrize("language", GUIDES)
def test_the_sums_in_the_text_are_those_of_the_marks(language: str) -> None:
    sections = GUIDES[language].read_text(encoding="utf-8").split("\n### ")
    for section in sections:
        for mark in re.findall(r"=-?(\d+)", "".join(re.findall(r"<!-- clause (.*?) -->", section))):
            assert f"{int(mark):,}".replace(",", " ") in section.rpartition("```")[2]


@pytest.mark.parametrize("language", GUIDES)
def test_short_pieces_inside_sentences_are_possible_too(language: str) -> None:
    options: tuple[Any, ...] = (Distribution, Capital, Step, Method, Curve, Index, Result)
    kinds = [TypeAdapter(option) for option in options]
    pieces = re.findall(
        r"`(\{kind:[^`]+\})`", " ".join(GUIDES[language].read_text(encoding="utf-8").split("\n"))
    )
    assert len(pieces) > 8
    for piece in pieces:
        data = read_yaml(piece)
        if data["kind"] == "share" and "after" in data:
            data = {"name": "x", **data}
        assert any(_fits(kind, data) for kind in kinds), piece


def _fits(kind: TypeAdapter[Any], data: Any) -> bool:
    try:
        kind.validate_python(data)
    except ValidationError:
        return False
    return True


# ── Links, and the check that finds them broken ──────────────────────────────────────────────────────


def test_links_of_the_documents_lead_somewhere() -> None:
    """Those of README.md, with its pictures, are looked at by ``make check``."""
    assert [line for line in link_problems(DOCS.parent) if line.startswith("docs")] == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        '# Ä title, here\n\n<a id="x"></a>\n[no](b.md) [no](#y) [yes](#x)\n'
    )
    (tmp_path / "README.md").write_text(
        "[a](docs/a.md#ä-title-here) ![p](p.png) [w](https://example.org) `[c](c.md)`\n```\n[d](d.md)\n```\n"
        '<img src="e.png"> [up](../up.md)\n'
    )
    assert list(link_problems(tmp_path)) == [
        "README.md: link to p.png: no such file",
        "README.md: link to e.png: no such file",
        "README.md: link to ../up.md: no such file",
        "docs/a.md: link to b.md: no such file",
        "docs/a.md: link to #y: no such place in the page",
    ]


def test_a_page_out_of_date_is_found_and_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {tmp_path / "docs" / "reference.es.md": "texto\n"}
    monkeypatch.setattr(build_docs, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(build_docs, "pages", lambda: made)
    monkeypatch.setattr(check_docs, "pages", lambda: made)
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    assert list(page_problems()) == ["docs/reference.es.md: out of date; run python -m scripts.build_docs"]
    assert build_docs.main() == 0
    assert list(page_problems()) == []
    assert build_docs.main() == 0
    assert capsys.readouterr().out == "docs/reference.es.md\n", "it is written once"


def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_docs, "problems", lambda: ["a: wrong"])
    assert check_docs.main() == 1
    assert capsys.readouterr().out == "a: wrong\n"
    monkeypatch.setattr(check_docs, "problems", lambda: [])
    assert check_docs.main() == 0


def test_examples_that_lack_a_section_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_docs, "parts", lambda: tuple(part for part in parts() if part.model != "Gate"))
    assert examples_missing() == ["scripts/reference_examples.yaml: Gate: missing"]


def test_data_written_can_be_read_again() -> None:
    assert read_yaml(written(small_deal())) == small_deal()
