"""Texts: keys, gaps, plurals, country words, and what happens when something is missing."""

from __future__ import annotations

import dataclasses
import doctest
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.i18n import MissingTextError, Translator, messages, translator_for
from simulator.i18n import catalogue as catalogue_module
from simulator.i18n import terms as terms_module
from simulator.i18n import translator as translator_module
from simulator.i18n.catalogue import Catalogue, Template, load_catalogue, parse_catalogue
from simulator.i18n.terms import FORMS, TERMS, phrases
from simulator.i18n.translator import STRICT_VARIABLE

PO = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "a.empty"
msgstr ""

msgid "a.greeting"
msgstr "Hola, {name}. {name} debe {amount}."

msgid "a.months"
msgid_plural "a.months"
msgstr[0] "un mes"
msgstr[1] "{n} meses"

msgid "a.term"
msgstr "{Term_budget_year_the} es {term_budget_year_a}; todo es {term_budget_year_of}."
"""


def own(*, strict: bool = True, country: str = "", text: str = PO) -> Translator:
    return Translator("es", country, strict, parse_catalogue(text, "es"))


# ── Gaps ─────────────────────────────────────────────────────────────────────────────────────────────


def test_values_fill_their_gaps_wherever_they_are() -> None:
    text = own().tr("a.greeting", name="Ana", amount="S/ 5.00")
    assert text == "Hola, Ana. Ana debe S/ 5.00."


@pytest.mark.parametrize("hostile", ["{amount}", "{0}", "{", "}}", "{amount.__class__}", "%s %(n)s", "{{"])
def test_braces_in_a_value_mean_nothing(hostile: str) -> None:
    assert own().tr("a.greeting", name=hostile, amount="1") == f"Hola, {hostile}. {hostile} debe 1."


def test_a_value_is_not_formatted_by_its_own_class() -> None:
    class Loud:
        def __format__(self, spec: str) -> str:
            raise AssertionError("formatted")

        def __str__(self) -> str:
            return "quiet"

    assert own().tr("a.greeting", name=Loud(), amount=1).startswith("Hola, quiet.")


def test_what_is_absent_shows_as_a_dash_and_truth_as_files_spell_it() -> None:
    assert own().tr("a.greeting", name=None, amount=True) == "Hola, —. — debe true."


def test_values_may_be_called_like_the_arguments() -> None:
    made = parse_catalogue('msgid "a.b"\nmsgstr "{key} {self} {n}"\n', "es")
    assert Translator("es", "", True, made).tr("a.b", key=1, self=2, n=3) == "1 2 3"


@pytest.mark.parametrize("text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{}", "{0}", "{a b}"])
def test_a_template_has_plain_gaps_only(text: str) -> None:
    with pytest.raises(ValueError, match="plain gaps"):
        Template.of(text)


@pytest.mark.parametrize("text", ["{", "a } b", "{a"])
def test_a_template_has_no_lonely_braces(text: str) -> None:
    with pytest.raises(ValueError, match=r"encountered|expected"):
        Template.of(text)


def test_doubled_braces_are_one_brace() -> None:
    made = parse_catalogue('msgid "a.b"\nmsgstr "{{x}} {y}"\n', "es")
    assert Translator("es", "", True, made).tr("a.b", y=1) == "{x} 1"


# ── Plurals ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "un mes"), (0, "0 meses"), (2, "2 meses"), (1.5, "1.5 meses"), (1_000_000, "1000000 meses")],
)
def test_the_form_follows_the_count(n: float, text: str) -> None:
    assert own().trn("a.months", n) == text


def test_the_count_may_come_written() -> None:
    assert own().trn("a.months", 1200, n="1.200") == "1.200 meses"


def test_plurals_of_the_shipped_catalogues() -> None:
    assert [Translator("es").trn("issues.count", n) for n in (1, 3)] == [
        "Se encontró un problema.",
        "Se encontraron 3 problemas.",
    ]
    assert [Translator("en").trn("issues.count", n) for n in (1, 3)] == [
        "One problem was found.",
        "3 problems were found.",
    ]


# ── Missing ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["a.nothing", "a.empty"])
def test_a_missing_text_raises_when_strict_and_shows_its_key_otherwise(key: str) -> None:
    with pytest.raises(MissingTextError, match=key):
        own().tr(key)
    with pytest.raises(MissingTextError, match=key):
        own().trn(key, 2)
    assert own(strict=False).tr(key) == key
    assert own(strict=False).trn(key, 2) == key


def test_a_missing_value_raises_when_strict_and_leaves_its_gap_otherwise() -> None:
    with pytest.raises(MissingTextError, match="amount"):
        own().tr("a.greeting", name="Ana")
    assert own(strict=False).tr("a.greeting", name="Ana") == "Hola, Ana. Ana debe {amount}."


def test_the_wrong_function_for_a_key_raises_when_strict() -> None:
    with pytest.raises(MissingTextError, match="trn"):
        own().tr("a.months", n=2)
    with pytest.raises(MissingTextError, match="needs tr"):
        own().trn("a.greeting", 2, name="a", amount=1)
    assert own(strict=False).tr("a.months", n=2) == "2 meses"
    assert own(strict=False).trn("a.greeting", 2, name="a", amount=1) == "Hola, a. a debe 1."


def test_the_environment_makes_texts_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, strict in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv(STRICT_VARIABLE, value)
        assert Translator().strict is strict
        assert translator_for("es", "PE").strict is strict
    monkeypatch.delenv(STRICT_VARIABLE)
    assert Translator().strict is False


def test_an_unknown_language_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="language"):
        Translator("fr")
    with pytest.raises(ValueError, match="language"):
        phrases("fr", "")


@pytest.mark.parametrize("text", ['msgid "a', 'msgid "a.b"\nmsgstr "{a.b}"', 'msgid "a"\nmsgstr[1] "x"\nfoo'])
def test_a_broken_catalogue_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"well-formed|plain gaps"):
        parse_catalogue(text, "es")


# ── Sharing ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_catalogue_is_read_once_and_cannot_change() -> None:
    assert load_catalogue("es") is load_catalogue("es")
    with pytest.raises(TypeError):
        load_catalogue("es").messages["app.title"] = None  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Translator().language = "en"  # type: ignore[misc]


def test_one_translator_per_language_and_country() -> None:
    assert translator_for("es", "CL") is translator_for("es", "CL")
    assert translator_for("es", "CL") != translator_for("es", "PE")
    assert translator_for("es", "CL") != translator_for("en", "CL")


def test_sessions_in_different_languages_do_not_meet() -> None:
    def text(i: int) -> bool:
        language = ("es", "en")[i % 2]
        expected = {"es": "Se encontraron 2 problemas.", "en": "2 problems were found."}[language]
        return Translator(language).trn("issues.count", 2) == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(text, range(400)))


def test_messages_can_be_looked_at() -> None:
    assert set(messages("en", ["app.title", "no.such"])) == {"app.title"}
    assert set(Translator("en").messages(["app.title", "no.such"])) == {"app.title"}
    assert messages("es").keys() == Translator("es").messages().keys()
    assert messages("es")["issue.sum"].names == {"where", "value", "allowed"}
    assert Translator().has("app.title")
    assert not Translator().has("no.such")


# ── Issues ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"path": "capital.rate", "line": 7}, "en capital.rate (línea 7)"),
        ({"path": "capital.rate", "line": None}, "en capital.rate"),
        ({"path": "capital.rate", "line": ""}, "en capital.rate"),
        ({"path": "", "line": 7}, "en la línea 7"),
        ({"path": "", "line": ""}, "en los datos"),
        ({}, "en los datos"),
    ],
)
def test_the_place_of_an_issue_is_put_in_words(place: dict[str, object], words: str) -> None:
    text = Translator("es", strict=True).tr("issue.sum", value="105%", allowed="100%", **place)
    assert text.startswith(f"La suma {words} no es la esperada. Suma encontrada: 105%. Debe ser: 100%.")


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"suggestion": "price", "allowed": "price, cap"}, "Did you mean “price”?"),
        ({"suggestion": "", "allowed": "price, cap"}, "Allowed: price, cap."),
        ({"suggestion": "", "allowed": ""}, "It resembles no known field."),
    ],
)
def test_an_unknown_field_suggests_what_it_can(values: dict[str, str], hint: str) -> None:
    text = Translator("en", strict=True).issue("unknown_field", path="contract", value="prize", **values)
    start, end = (
        "There is an unknown field in contract. Found: prize.",
        "Correct the name or remove the field.",
    )
    assert text == f"{start} {hint} {end}"


def test_an_issue_words_what_is_empty_as_a_dash() -> None:
    text = Translator("en", strict=True).issue("range", path="a", value="", allowed="0..1", line="")
    assert "Found: —. Allowed range: 0..1." in text


def test_an_issue_without_a_sentence_has_a_general_one_in_production() -> None:
    text = Translator("en", strict=False).issue("very.new", path="a", value="1", allowed="2")
    assert text == "There is a problem in a. Code: very.new. Found: 1. Allowed: 2. Check that value."
    with pytest.raises(MissingTextError, match=r"issue\.very\.new"):
        Translator("en", strict=True).issue("very.new", path="a")


# ── Country words ────────────────────────────────────────────────────────────────────────────────────


WORDS = """
CL| contrato de impacto social (CIS)     | VAN| mandante           | colaborador del Estado| inversionista
PE| contrato de pago por resultados (PxR)| VAN| entidad contratante| prestador de servicios| inversionista
CO| bono de impacto social (BIS)         | VPN| entidad contratante| operador              | inversionista
AR| vínculo de impacto social (VIS)      | VAN| entidad contratante| prestador de servicios| inversor
MX| contrato de pago por resultados (PxR)| VPN| entidad contratante| prestador de servicios| inversionista
"""


@pytest.mark.parametrize("row", WORDS.strip().splitlines())
def test_words_change_with_the_country(row: str) -> None:
    country, *expected = (cell.strip() for cell in row.split("|"))
    words = phrases("es", country)
    names = ("term_instrument", "term_npv_short", "term_commissioner", "term_provider", "term_investor")
    assert [words[name] for name in names] == expected


def test_the_country_changes_words_in_english_too() -> None:
    found = [phrases("en", country)["term_instrument_a"] for country in ("CL", "PE", "CO", "AR", "")]
    assert found == [
        "a social impact contract (CIS)",
        "a payment-by-results contract (PxR)",
        "a social impact bond (BIS)",
        "a social impact bond (VIS)",
        "a payment-by-results contract (PbR)",
    ]
    assert phrases("en", "AR")["term_investor_a"] == "an investor"


def test_phrases_carry_gender_and_number() -> None:
    masculine = [phrases("es", "PE")[f"term_budget_year{form}"] for form in FORMS]
    assert masculine == [
        "año fiscal", "un año fiscal", "el año fiscal", "del año fiscal", "al año fiscal",
        "años fiscales", "los años fiscales", "año fiscal",
    ]  # fmt: skip
    feminine = [phrases("es", "CO")[f"term_budget_year{form}"] for form in FORMS]
    assert feminine == [
        "vigencia", "una vigencia", "la vigencia", "de la vigencia", "a la vigencia",
        "vigencias", "las vigencias", "vigencia",
    ]  # fmt: skip
    assert own(country="CO").tr("a.term") == "La vigencia es una vigencia; todo es de la vigencia."
    assert own(country="PE").tr("a.term") == "El año fiscal es un año fiscal; todo es del año fiscal."


def test_an_unknown_country_has_the_general_words() -> None:
    assert phrases("es", "ZZ") == phrases("es", "")
    assert own(country="ZZ").tr("a.term").startswith("El año presupuestario")


def test_a_value_given_wins_over_a_country_word() -> None:
    made = parse_catalogue('msgid "a.b"\nmsgstr "{term_npv_short}"\n', "es")
    assert Translator("es", "CL", True, made).tr("a.b", term_npv_short="x") == "x"


def test_a_country_word_that_does_not_exist_is_missing() -> None:
    made = Catalogue("es", parse_catalogue('msgid "a.b"\nmsgstr "{term_nothing}"\n', "es").messages)
    with pytest.raises(MissingTextError, match="term_nothing"):
        Translator("es", "CL", True, made).tr("a.b")


def test_every_term_has_every_form_in_both_languages() -> None:
    expected = {f"{t}erm_{name}{form}" for t in "tT" for name in TERMS for form in FORMS}
    for language in ("es", "en"):
        words = phrases(language, "CL")
        assert set(words) == expected
        assert all(words.values())
        assert all(words[f"T{name[1:]}"][0] == words[name][0].upper() for name in words if name[0] == "t")


@pytest.mark.parametrize("module", [catalogue_module, terms_module, translator_module])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
