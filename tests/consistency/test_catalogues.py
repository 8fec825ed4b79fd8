"""Catalogues, code, country words and glossary say the same; and the check that says so can say no."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.i18n import check
from simulator.i18n.catalogue import messages, parse_catalogue, source_text
from simulator.i18n.check import code_problems, file_problems, problems, scan, sorted_text
from simulator.i18n.terms import TERMS
from simulator.i18n.words import LANGUAGES

GLOSSARY = Path(check.__file__).with_name("glossary.md")
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: es\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)
CODES = {
    "": "missing unknown_field type range choice number date duplicate reference cycle sum",
    "file.": "too_large encoding not_found not_regular permission",
    "yaml.": "syntax alias tag duplicate_key depth number nodes directive documents key",
    "number.": "empty length characters words sign grouping decimal zeros ambiguous percent currency",
}


def test_the_shipped_catalogues_agree() -> None:
    assert [line for language in LANGUAGES for line in file_problems(source_text(language), language)] == []
    assert scan(*(parse_catalogue(source_text(language), language) for language in ("es", "en"))) == []


def test_every_key_in_the_code_has_a_text() -> None:
    assert problems() == []


@pytest.mark.parametrize("code", [area + name for area, names in CODES.items() for name in names.split()])
def test_every_general_issue_has_a_sentence_that_says_what_to_do(code: str) -> None:
    for language in LANGUAGES:
        text = messages(language)[f"issue.{code}"].forms[0].text
        assert text.endswith(".")
        assert text.count(". ") >= 1, "what is wrong and what to do are two sentences at least"


# ── The check can say no ─────────────────────────────────────────────────────────────────────────────


def entry(key: str, text: str, *, before: str = "") -> str:
    return f'{before}msgid "{key}"\nmsgstr "{text}"\n'


def pair_problems(es: str, en: str) -> list[str]:
    return scan(parse_catalogue(HEADER + "\n" + es, "es"), parse_catalogue(HEADER + "\n" + en, "en"))


PLURAL = 'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "{0}"\nmsgstr[1] "{1}"\n'


def plural(one: str, many: str) -> str:
    return PLURAL.replace("{0}", one).replace("{1}", many)


def test_two_good_catalogues_pass() -> None:
    assert pair_problems(entry("a.b", "Hola {x}"), entry("a.b", "Hello {x}")) == []
    assert pair_problems(plural("un mes", "{n} meses"), plural("{n} month", "{n} months")) == []
    assert pair_problems(entry("a.b", "El {term_npv}"), entry("a.b", "Value")) == []


@pytest.mark.parametrize(
    ("es", "en", "words"),
    [
        (entry("a.b", "Hola"), "", "en: a.b: missing"),
        ("", entry("a.b", "Hello"), "es: a.b: missing"),
        (entry("a.b", "Hola {x}"), entry("a.b", "Hello {y}"), "gaps differ"),
        (entry("a.b", "Hola {x}"), entry("a.b", "Hello"), "gaps differ"),
        (plural("{n} mes", "los meses"), plural("{n} month", "{n} months"), "gaps differ"),
        (plural("un mes", "{n} meses"), entry("a.b", "{n} months"), "plural in one language only"),
        (entry("a.b", "Hola", before="#, fuzzy\n"), entry("a.b", "Hello"), "es: a.b: is marked fuzzy"),
        (entry("a.b", "Hola"), entry("a.b", "Hello", before="#, fuzzy\n"), "en: a.b: is marked fuzzy"),
        (entry("a.b", ""), entry("a.b", "Hello"), "es: a.b: is empty"),
        (entry("a.b", " "), entry("a.b", "Hello"), "es: a.b: is empty"),
        (plural("un mes", ""), plural("one month", "{n} months"), "es: a.b: is empty"),
        (entry("a.b", "Hola "), entry("a.b", "Hello"), "stray spaces"),
        (entry("a.b", "Hola  Ana"), entry("a.b", "Hello"), "stray spaces"),
        (entry("Title", "Hola"), entry("Title", "Hello"), "a key is lower-case words"),
        (entry("a.b", "{term_nothing}"), entry("a.b", "x"), "{term_nothing} is not in terms.py"),
        (entry("a.b", "One two three"), entry("a.b", "One two three"), "is not translated"),
        (entry("a.b", "Si querés, ingresá el monto"), entry("a.b", "Hello"), "'querés' is not neutral"),
        (entry("a.b", "Abra el fichero"), entry("a.b", "Hello"), "'fichero' is not neutral"),
    ],
)
def test_each_kind_of_problem_is_found(es: str, en: str, words: str) -> None:
    assert any(words in problem for problem in pair_problems(es, en))


def test_a_text_may_be_the_same_on_purpose() -> None:
    same = entry("a.b", "Monte Carlo simulator", before="#. same in both languages\n")
    assert pair_problems(same, entry("a.b", "Monte Carlo simulator")) == []
    assert pair_problems(entry("a.b", "Excel"), entry("a.b", "Excel")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER + "\n" + entry("b.a", "x") + "\n" + entry("a.a", "y"), "not sorted"),
        (HEADER + "\n" + entry("a.a", "x") + "\n" + entry("a.a", "y"), "a.a: appears 2 times"),
        (HEADER.replace("es", "fr"), "header lacks"),
        (HEADER.replace("n != 1", "n > 1"), "header lacks"),
        (HEADER + '\n#~ msgid "a.a"\n#~ msgstr "x"\n', "obsolete"),
        (HEADER + '\nmsgid "a.a"\nmsgstr "{x.y}"\n', "cannot be read"),
        (HEADER + '\nmsgid "a.a"\nmsgstr "{"\n', "cannot be read"),
        (HEADER + '\nmsgid "a.a\n', "cannot be read"),
    ],
)
def test_each_kind_of_broken_file_is_found(text: str, words: str) -> None:
    assert any(words in problem for problem in file_problems(text, "es"))


def test_a_good_file_passes() -> None:
    assert file_problems(HEADER + "\n" + entry("a.a", "x") + "\n" + entry("a.b", "y"), "es") == []


def test_a_broken_file_is_reported_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "source_text", lambda language: HEADER.replace("es", language) + "\nmsgid")
    assert check.main([]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_the_command_is_silent_when_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "code_problems", lambda folder, entries: [])
    assert check.main([]) == 0
    assert capsys.readouterr().out == ""


def test_entries_can_be_put_in_order() -> None:
    second, first = entry("b.a", "x", before="#. note\n"), plural("y", "z")
    text = HEADER + "\n" + second + "\n\n\n" + first
    assert sorted_text(text) == HEADER + "\n" + first + "\n" + second
    for language in LANGUAGES:
        assert sorted_text(source_text(language)) == source_text(language)


# ── The code ─────────────────────────────────────────────────────────────────────────────────────────


def test_keys_written_in_the_code_have_a_text(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "good.py").write_text('t.tr("a.b", x=1)\ntrn("a.n", 2)\ntr(key)\ntr()\nother("z.z")\n')
    (package / "bad.py").write_text('\ntr("no.such")\nt.trn("a.b", 1)\nt.tr("a.n")\n')
    (package / "broken.py").write_text("def\n")
    entries = parse_catalogue(HEADER + "\n" + entry("a.b", "x") + "\n" + PLURAL.replace("a.b", "a.n").replace(
        "{0}", "x").replace("{1}", "y"), "es").messages  # fmt: skip
    found = code_problems(package, entries)
    assert found[:3] == [
        "package/bad.py:2: no text for 'no.such'",
        "package/bad.py:3: 'a.b' needs tr",
        "package/bad.py:4: 'a.n' needs trn",
    ]
    assert found[3].startswith("package/broken.py: cannot be read")
    assert len(found) == 4


# ── The glossary ─────────────────────────────────────────────────────────────────────────────────────


def country_words() -> dict[str, list[str]]:
    """Return the cells of the first table of the glossary by the name of the term."""
    rows = {}
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| `\{term_(\w+)\}` \|", line)
        if found:
            cells = [re.sub(r" ?[¹²³⁴⁵⁶⁷]", "", cell).strip() for cell in line.strip("|").split("|")]
            rows[found[1]] = cells[1:]
    return rows


def test_the_glossary_lists_every_term() -> None:
    assert sorted(country_words()) == sorted(TERMS)


@pytest.mark.parametrize("name", sorted(TERMS))
def test_the_glossary_has_the_words_the_screens_use(name: str) -> None:
    term = TERMS[name]
    english, general, *countries, others = country_words()[name]
    assert term.general["es"].one == general
    for country, word in zip(("CL", "PE", "CO", "AR"), countries, strict=True):
        assert term.noun("es", country).one == (general if word == "general" else word)
        assert term.noun("en", country).one in english
    for country in ("MX", "UY"):
        word = others.removeprefix(f"{country} ") if others.startswith(country) else general
        assert term.noun("es", country).one == word
    assert term.general["en"].one in english
    assert set(term.by_country) <= {"CL", "PE", "CO", "AR", "MX", "UY"}


@pytest.mark.parametrize("name", sorted(TERMS))
def test_every_term_says_where_its_words_come_from(name: str) -> None:
    assert TERMS[name].note.startswith("LATAM.md")
