"""The number parser: whatever we write we read back, and what could be misread is refused."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.i18n import LOCALES, NBSP, Formats, NumberIssue, ParsedNumber, Translator, parse_number
from simulator.i18n.figures import exact, rounded

TAGS = tuple(LOCALES)
CURRENCIES = ("CLP", "PEN", "COP", "MXN", "ARS", "USD", "EUR", "GBP", "CLF", "UYU", "PYG")
SEEDED_VALUES = 1_500  # by locale; each is written in nine ways

tags = st.sampled_from(TAGS)
floats = st.one_of(
    st.just(0.0),
    st.floats(min_value=1e-9, max_value=1e18),
    st.floats(min_value=-1e18, max_value=-1e-9),
)


def read(text: str, tag: str, currency: str | None = None) -> ParsedNumber:
    parsed = parse_number(text, tag, currency=currency)
    assert isinstance(parsed, ParsedNumber), (text, tag, parsed)
    return parsed


def check_round_trip(x: float, digits: int, currency: str, formats: Formats) -> None:
    """Write a number in every way there is, and read it back."""
    tag = formats.tag
    assert read(formats.number(x), tag).value == x
    assert read(formats.number(x, digits), tag).exact == rounded(exact(x), digits)
    assert read(formats.percent(x, None), tag).value == x
    assert read(formats.percent(x, None), tag).is_percent
    amount = rounded(exact(x), digits)
    for show_code in (False, True):
        assert read(formats.money(x, currency, digits, show_code=show_code), tag, currency).exact == amount
    assert read(formats.money(x, currency), tag, currency).mark
    own = formats.locale.currency
    assert read(formats.money(x, own, digits), tag, own).exact == amount
    if tag == "es-CL":
        thousands = rounded(exact(x).scaleb(-3), digits).scaleb(3)
        assert read(formats.money_in(x, "CLP", "thousand", digits), tag, "CLP").exact == thousands


@given(x=floats, digits=st.integers(0, 6), tag=tags, currency=st.sampled_from(CURRENCIES))
def test_what_is_written_is_read_back(x: float, digits: int, tag: str, currency: str) -> None:
    check_round_trip(x, digits, currency, Formats(tag))
    check_round_trip(x, digits, currency, Formats(tag, space=NBSP))


@pytest.mark.parametrize("tag", TAGS)
def test_thousands_of_values_are_read_back(tag: str) -> None:
    random_numbers = random.Random(20260101)  # noqa: S311 - no secrets here
    formats = Formats(tag)
    for _ in range(SEEDED_VALUES):
        magnitude = 10 ** random_numbers.uniform(-6, 15)
        x = round(magnitude * random_numbers.choice((-1, 1)), random_numbers.randrange(0, 8))
        check_round_trip(x, random_numbers.randrange(0, 5), random_numbers.choice(CURRENCIES), formats)


@given(x=floats, tag=tags)
def test_the_echo_means_the_same(x: float, tag: str) -> None:
    formats = Formats(tag)
    for text in (formats.number(x), formats.percent(x, None), formats.money(x, formats.locale.currency, 4)):
        first = read(text, tag)
        again = read(first.echo, tag)
        assert (again.exact, again.is_percent, again.mark) == (first.exact, first.is_percent, first.mark)


@given(whole=st.integers(0, 10**15), tag=tags, mark=st.sampled_from(" \u00a0\u202f\u2009'\u2019"))
def test_thousands_may_be_spaces_or_apostrophes(whole: int, tag: str, mark: str) -> None:
    assert read(f"{whole:,}".replace(",", mark), tag).value == whole


@given(text=st.text(alphabet="0123456789.,' -+$%", max_size=12), tag=tags)
def test_no_text_is_read_in_two_ways(text: str, tag: str) -> None:
    """An independent reading: take the separators away, put the decimal point back, count the groups."""
    parsed = parse_number(text, tag)
    if isinstance(parsed, NumberIssue):
        assert parsed.code.startswith("number.")
        return
    locale = LOCALES[tag]
    bare = text.strip(" +-$%").replace("$", "").strip(" +-")
    whole, _, fraction = bare.partition(locale.decimal)
    groups = whole.replace(locale.group, " ").replace("'", " ").split(" ")
    assert len(groups) == 1 or (1 <= len(groups[0]) <= 3 and {len(group) for group in groups[1:]} == {3})
    written = Decimal(f"{''.join(groups) or '0'}.{fraction or '0'}")
    written = written / 100 if parsed.is_percent else written
    assert parsed.exact == (-written if "-" in text else written)


@given(text=st.text(max_size=80), tag=tags)
def test_any_text_gets_an_answer_that_can_be_said(text: str, tag: str) -> None:
    parsed = parse_number(text, tag)
    if isinstance(parsed, ParsedNumber):
        assert math.isfinite(parsed.value)
        return
    for language in ("es", "en"):
        said = Translator(language, strict=True).issue(
            parsed.code, value=parsed.value, allowed=parsed.allowed
        )
        assert parsed.allowed in said


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────────

# text, then its reading (a number) or its refusal (a word) in Chile and in Peru
BY_HAND: list[tuple[str, float | str, float | str]] = [
    # one text, two countries
    ("1.234", 1234, 1.234),
    ("1,234", 1.234, 1234),
    ("12,5", 12.5, "grouping"),
    ("12.5", "grouping", 12.5),
    ("0,25", 0.25, "grouping"),
    ("0.25", "grouping", 0.25),
    ("1234,75", 1234.75, "grouping"),
    ("1.234,75", 1234.75, "decimal"),
    ("1,234.75", "decimal", 1234.75),
    ("0.123", "grouping", 0.123),
    ("0,123", 0.123, "grouping"),
    ("1.234.567", 1234567, "decimal"),
    ("1,234,567", "decimal", 1234567),
    (",5", 0.5, "grouping"),
    (".5", "grouping", 0.5),
    # the same everywhere
    ("1234", 1234, 1234),
    ("  77 ", 77, 77),
    ("0", 0, 0),
    ("-0", 0, 0),
    ("+5", 5, 5),
    ("-5", -5, -5),
    ("- 5", -5, -5),
    ("\u22125", -5, -5),
    ("1 234 567", 1234567, 1234567),
    ("1\u00a0234\u00a0567", 1234567, 1234567),
    ("1\u202f234", 1234, 1234),
    ("1\t234\r\n", 1234, 1234),
    ("1'234'567", 1234567, 1234567),
    ("1\u2019234", 1234, 1234),
    # malformed grouping
    ("12 34", "grouping", "grouping"),
    ("1 2", "grouping", "grouping"),
    ("1  234", "grouping", "grouping"),
    ("1234 567", "grouping", "grouping"),
    ("1.23.456", "grouping", "decimal"),
    ("12,34,567", "decimal", "grouping"),
    ("1..234", "grouping", "decimal"),
    ("1.234 567", "grouping", "decimal"),
    ("1 234.567,8", "grouping", "decimal"),
    ("012.345", "grouping", "zeros"),
    ("1.234.", "grouping", "decimal"),
    ("12,", "decimal", "grouping"),
    ("5'", "grouping", "grouping"),
    ("1'234 567", "grouping", "grouping"),
    ("007", "zeros", "zeros"),
    ("00,5", "zeros", "grouping"),
    # two readings
    ("S/.5", "ambiguous", "ambiguous"),
    ("S/.500", "ambiguous", "ambiguous"),
    ("62'078.001", 62078001, "ambiguous"),
    ("62'078,001", "ambiguous", 62078001),
    ("1 234,567", "ambiguous", "grouping"),
    ("1 234.567", "grouping", "ambiguous"),
    # how Peru and Mexico write millions, how the gazette writes thousands
    ("1'234,567.89", "decimal", 1234567.89),
    ("1'234.567,89", 1234567.89, "decimal"),
    ("1,234'567", "decimal", "grouping"),
    ("S/62 078 001", 62078001, 62078001),
    ("240 806 216 645,00", 240806216645, "grouping"),
    # signs
    ("--5", "sign", "sign"),
    ("5-", "sign", "sign"),
    ("5-3", "sign", "sign"),
    ("-$-5", "sign", "sign"),
    ("$-1.234.568", -1234568, "decimal"),
    ("-$1.234.568", -1234568, "decimal"),
    ("(1234)", "characters", "characters"),
    # currencies
    ("$ 5", 5, 5),
    ("US$5", 5, 5),
    ("s/ 5", 5, 5),
    ("S/. 1,234.50", "decimal", 1234.5),
    ("5 CLP", 5, 5),
    ("uf 4", 4, 4),
    ("€5", 5, 5),
    ("$ 5 CLP", "words", "words"),
    ("$", "characters", "characters"),
    ("MM$ 3", 3_000_000, "words"),
    ("M$1.263.672", 1_263_672_000, "words"),
    ("m$ 3", "words", "words"),
    # percentages
    ("12%", 0.12, 0.12),
    ("12 %", 0.12, 0.12),
    ("-7%", -0.07, -0.07),
    ("29%", 0.29, 0.29),
    ("12,5 %", 0.125, "grouping"),
    ("%12", "percent", "percent"),
    ("5%%", "percent", "percent"),
    ("$5%", "percent", "percent"),
    ("5‰", "characters", "characters"),
    # not figures
    ("", "empty", "empty"),
    (" \u00a0 ", "empty", "empty"),
    ("1e5", "words", "words"),
    ("1_000", "characters", "characters"),
    ("0x1F", "words", "words"),
    ("nan", "words", "words"),
    ("inf", "words", "words"),
    ("—", "characters", "characters"),
    ("330 millones", "words", "words"),
    ("mil", "words", "words"),
    ("5 PERROS", "words", "words"),
    ("½", "characters", "characters"),
    ("٣", "characters", "characters"),
    ("\uff11\uff12", "characters", "characters"),
    ("1\n2", "characters", "characters"),
    ("=1+1", "sign", "sign"),
    ("0." + "3" * 58, "grouping", 1 / 3),
    ("0,3" + " " * 70, 0.3, "grouping"),
    ("9" * 61, "length", "length"),
]


@pytest.mark.parametrize(("text", "chile", "peru"), BY_HAND, ids=[ascii(row[0]) for row in BY_HAND])
def test_by_hand(text: str, chile: float | str, peru: float | str) -> None:
    for tag, expected in (("es-CL", chile), ("es-PE", peru)):
        parsed = parse_number(text, tag)
        if isinstance(parsed, ParsedNumber):
            assert parsed.value == expected, tag
            assert math.copysign(1, parsed.value) == (-1 if parsed.value < 0 else 1)
        else:
            assert parsed.code == f"number.{expected}", tag


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("es-CO", "1.234", 1234),
        ("es-AR", "1.234,5", 1234.5),
        ("es-MX", "1.234", 1.234),
        ("es-MX", "1'234,567.89", 1234567.89),
        ("en-US", "1,234", 1234),
        ("en-GB", "£1,234.50", 1234.5),
        ("es-ES", "1234,50 €", 1234.5),
        ("es-ES", "1.234,50 €", 1234.5),
    ],
)
def test_other_locales(tag: str, text: str, value: float) -> None:
    assert read(text, tag).value == value


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("$5", "PEN", "currency"),
        ("S/ 5", "CLP", "currency"),
        ("US$ 5", "CLP", "currency"),
        ("UF 5", "CLP", "currency"),
        ("$5", "UF", "currency"),
        ("CLP 5", "COP", "currency"),
        ("MM$ 5", "USD", "currency"),
        ("5%", "CLP", "percent"),
    ],
)
def test_the_mark_of_another_currency_is_refused(text: str, currency: str, code: str) -> None:
    parsed = parse_number(text, "es-CL", currency=currency)
    assert isinstance(parsed, NumberIssue)
    assert parsed.code == f"number.{code}"


@pytest.mark.parametrize(
    ("text", "currency"), [("$5", "CLP"), ("$5", "USD"), ("UF 5", "UF"), ("5", "PEN"), ("CLF 5", "CLF")]
)
def test_the_mark_of_the_currency_expected_is_accepted(text: str, currency: str) -> None:
    assert read(text, "es-CL", currency).value == 5


def test_the_reading_is_echoed() -> None:
    echoes = [
        read(text, "es-CL").echo for text in ("1234,50", "12,5%", "$ 1.234", "MM$ 3", "-5", "uf 4,6", "S/. 5")
    ]
    assert echoes == ["1.234,5", "12,5%", "$ 1.234", "$ 3.000.000", "-5", "UF 4,6", "S/. 5"]


def test_a_field_in_percent_reads_both_ways_of_writing() -> None:
    assert read("12,5", "es-CL").share == read("12,5%", "es-CL").share == 0.125
    assert read("29", "es-CL").share == 0.29


def test_an_issue_shows_the_text_and_an_example() -> None:
    issue = parse_number("12,5", "es-PE")
    assert issue == NumberIssue(code="number.grouping", value="12,5", allowed="1,234,567.89")
    longest = parse_number("x" * 60, "es-CL")
    assert longest == NumberIssue(code="number.words", value="x" * 60, allowed="1.234.567,89")
    endless = parse_number("9" * 1000, "es-CL")
    assert endless == NumberIssue(code="number.length", value="9" * 60 + "…", allowed="1.234.567,89")


def test_an_unknown_locale_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="es-419"):
        parse_number("1", "es-419")
