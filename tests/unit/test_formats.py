"""Figures, money and dates as each country writes them; the table is that of the research notes."""

from __future__ import annotations

import doctest
import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from babel import Locale
from babel.numbers import format_decimal, format_percent

from simulator.i18n import COUNTRY_LOCALES, LOCALES, NBSP, UNDEFINED, Formats, locale_for_country
from simulator.i18n import figures as figures_module
from simulator.i18n import formats as formats_module
from simulator.i18n import locales as locales_module
from simulator.i18n import parsing as parsing_module

AMOUNT = 1234567.89
TAGS = tuple(LOCALES)

# locale | number | own currency | negative | USD | UF | short date | percent
TABLE = """
es-CL| 1.234.567,89| $1.234.568     | -$1.234.568     | US$1.234.567,89 | UF 1.234,50| 07-03-2025| 12,3%
es-PE| 1,234,567.89| S/ 1,234,567.89| -S/ 1,234,567.89| USD 1,234,567.89| UF 1,234.50| 7/3/2025  | 12.3%
es-CO| 1.234.567,89| $ 1.234.568    | -$ 1.234.568    | US$ 1.234.567,89| UF 1.234,50| 7/3/2025  | 12,3%
es-MX| 1,234,567.89| $1,234,567.89  | -$1,234,567.89  | USD 1,234,567.89| UF 1,234.50| 7/3/2025  | 12.3%
es-AR| 1.234.567,89| $ 1.234.567,89 | -$ 1.234.567,89 | US$ 1.234.567,89| UF 1.234,50| 7/3/2025  | 12,3%
en-US| 1,234,567.89| $1,234,567.89  | -$1,234,567.89  | $1,234,567.89   | UF 1,234.50| 3/7/2025  | 12.3%
en-GB| 1,234,567.89| £1,234,567.89  | -£1,234,567.89  | US$1,234,567.89 | UF 1,234.50| 07/03/2025| 12.3%
es-ES| 1.234.567,89| 1.234.567,89 € | -1.234.567,89 € | 1.234.567,89 US$| UF 1234,50 | 7/3/2025  | 12,3 %
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_table_of_the_countries(row: tuple[str, ...]) -> None:
    tag, number, own, negative, dollars, uf, day, percent = row
    formats = Formats(tag)
    currency = formats.locale.currency
    assert formats.number(AMOUNT, 2) == number
    assert formats.money(AMOUNT, currency) == own
    assert formats.money(-AMOUNT, currency) == negative
    assert formats.money(AMOUNT, "USD") == dollars
    assert formats.money(1234.5, "CLF") == uf
    assert formats.date(date(2025, 3, 7), "short") == day
    assert formats.percent(0.123) == percent


def test_the_table_has_every_locale() -> None:
    assert {row[0] for row in ROWS} == set(TAGS)


@pytest.mark.parametrize("tag", TAGS)
def test_separators_agree_with_cldr(tag: str) -> None:
    formats, locale = Formats(tag, space=NBSP), tag.replace("-", "_")
    for x in (AMOUNT, -AMOUNT, 12345.5, 0.25, 999.99):
        assert formats.number(x, 2) == format_decimal(x, format="#,##0.00", locale=locale)
    pattern = (
        str(Locale.parse(locale).percent_formats[None].pattern)
        .replace("0%", "0.0%")
        .replace("0\xa0", "0.0\xa0")
    )
    assert formats.percent(0.123) == format_percent(0.123, format=pattern, locale=locale)


@pytest.mark.parametrize("country", sorted(COUNTRY_LOCALES))
def test_countries_that_borrow_a_locale_have_its_separators(country: str) -> None:
    row = LOCALES[locale_for_country(country)]
    language = row.tag[:2]
    symbols = Locale.parse(f"{language}_{country}").number_symbols["latn"]
    assert (row.decimal, row.group) == (symbols["decimal"], symbols["group"])


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1.000"),
        (1234.5, None, "1.234,5"),
        (0.1, None, "0,1"),
        (1e22, None, "10.000.000.000.000.000.000.000"),
        (1e-7, None, "0,0000001"),
        (1200.0, None, "1.200"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2,68"),
        (1.005, 2, "1,01"),
        (999.999, 2, "1.000,00"),
        (-0.4, 0, "0"),
        (-0.0, 2, "0,00"),
        (1e300, 0, "1" + 100 * ".000"),
    ],
)
def test_numbers_round_as_people_do(x: float, digits: int | None, text: str) -> None:
    assert Formats("es-CL").number(x, digits) == text


def test_spain_groups_from_five_digits() -> None:
    assert [Formats("es-ES").number(x) for x in (1234.5, 12345, 1234567)] == ["1234,5", "12.345", "1.234.567"]


@pytest.mark.parametrize("x", [7, np.int64(7), np.float64(7), np.float32(7), Decimal(7), True + 6])
def test_any_kind_of_number_will_do(x: float) -> None:
    assert Formats("es-PE").number(x, 1) == "7.0"


def test_digits_beyond_those_of_a_float_survive() -> None:
    long = Decimal("-123456789012345678901234567890.12345678901234567890123456789")
    assert Formats("en-US").number(long) == (
        "-123,456,789,012,345,678,901,234,567,890.12345678901234567890123456789"
    )
    assert Formats("en-US").percent(Decimal("0.12345678901234567890123456789012345"), None) == (
        "12.345678901234567890123456789012345%"
    )


@pytest.mark.parametrize("undefined", [math.nan, None, Decimal("NaN"), np.float64("nan")])
def test_undefined_is_a_dash_everywhere(undefined: float | None) -> None:
    formats = Formats("es-CL")
    assert formats.number(undefined, 2) == UNDEFINED
    assert formats.percent(undefined) == UNDEFINED
    assert formats.money(undefined, "CLP") == UNDEFINED
    assert formats.money(undefined, "CLP", compact=True) == UNDEFINED
    assert formats.money_in(undefined, "PEN", "million") == UNDEFINED
    assert formats.compact(undefined) == UNDEFINED
    assert formats.unit(undefined, "UTM") == UNDEFINED
    assert formats.date(None) == UNDEFINED
    assert formats.month(None) == UNDEFINED


def test_infinity_has_its_sign() -> None:
    assert Formats("es-CL").number(math.inf, 2) == "∞"
    assert Formats("es-CL").money(-math.inf, "CLP", compact=True) == "-∞"


def test_percent_does_not_show_binary_noise() -> None:
    assert Formats("es-CL").percent(0.29, None) == "29%"
    assert Formats("es-CL").percent(0.07, None) == "7%"
    assert Formats("es-CL").percent(-0.0004) == "0,0%"


# ── Money ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "currency", "digits", "text"),
    [
        ("es-CL", "UF", None, "UF 4,61"),
        ("es-CL", "CLF", 4, "UF 4,6123"),
        ("es-CL", "CLP", 2, "$4,61"),
        ("es-CL", "EUR", None, "EUR 4,61"),
        ("es-CL", "PEN", None, "PEN 4,61"),
        ("es-PE", "CLP", None, "CLP 5"),
        ("es-ES", "COP", None, "5 COP"),
        ("en-US", "EUR", None, "€4.61"),
        ("es-AR", "PYG", None, "PYG 5"),
    ],
)
def test_other_currencies_show_their_code(tag: str, currency: str, digits: int | None, text: str) -> None:
    assert Formats(tag).money(4.6123, currency, digits) == text


def test_mixed_currencies_show_the_iso_code_of_each() -> None:
    shown = [
        Formats("es-CL").money(-1500, code, show_code=True) for code in ("CLP", "USD", "COP", "MXN", "ARS")
    ]
    assert shown == ["-CLP 1.500", "-USD 1.500,00", "-COP 1.500", "-MXN 1.500,00", "-ARS 1.500,00"]
    assert Formats("es-ES").money(1500, "EUR", show_code=True) == "1500,00 EUR"
    assert Formats("es-CL").money(1500, "CLF", show_code=True) == "UF 1.500,00"


def test_an_amount_that_rounds_to_nothing_has_no_sign() -> None:
    assert Formats("es-CL").money(-0.4, "CLP") == "$0"


@pytest.mark.parametrize("currency", ["", "$", "clp", "PESO", "CL", "CLP\n"])
def test_a_currency_is_an_iso_code(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO code"):
        Formats("es-CL").money(1, currency)


def test_spaces_may_be_such_that_do_not_break() -> None:
    assert Formats("es-PE", space=NBSP).money(1, "PEN") == "S/\xa01.00"
    assert Formats("es-PE", space=NBSP).money(33e7, "PEN", compact=True) == "S/\xa0330\xa0millones"
    assert " " not in Formats("es-ES", space=NBSP).percent(0.1)


def test_units() -> None:
    formats = Formats("es-CL")
    assert formats.unit(1000, "UTM") == "1.000 UTM"
    assert formats.unit(4.614, "UF") == "UF 4,61"
    assert formats.unit(4.5, "SMMLV", 1) == "4,5 SMMLV"


@pytest.mark.parametrize(
    ("tag", "language", "currency", "x", "text"),
    [
        ("es-CL", "es", "CLP", 1_082_345_678, "MM$ 1.082"),
        ("es-CL", "es", "CLP", -1_500_000, "-MM$ 1,5"),
        ("es-CL", "es", "CLP", 330e6, "MM$ 330"),
        ("es-CL", "es", "CLP", 999_999, "$999.999"),
        ("es-CL", "es", "CLP", 999_999.6, "MM$ 1"),
        ("es-CL", "en", "CLP", 1_082_345_678, "$1,1 billion"),
        ("es-CL", "es", "USD", 1.5e6, "US$1,5 millones"),
        ("es-CL", "es", "CLF", 1.5e6, "UF 1,5 millones"),
        ("es-PE", "es", "PEN", 330e6, "S/ 330 millones"),
        ("es-PE", "es", "PEN", 62_078_001, "S/ 62.1 millones"),
        ("es-PE", "es", "CLP", 330e6, "CLP 330 millones"),
        ("es-CO", "es", "COP", 64.4e12, "$ 64,4 billones"),
        ("es-CO", "en", "COP", 64.4e12, "$ 64,4 trillion"),
        ("es-AR", "es", "ARS", -1e6, "-$ 1 millón"),
        ("en-US", "en", "USD", 1.2e9, "$1.2 billion"),
        ("es-ES", "es", "EUR", 330e6, "330 millones de €"),
        ("es-ES", "es", "EUR", 12_500, "12,5 mil €"),
        ("es-ES", "en", "EUR", 330e6, "330 million €"),
        ("es-PE", "es", "PEN", 9_999.99, "S/ 9,999.99"),
        ("es-PE", "es", "PEN", 10_000, "S/ 10 mil"),
    ],
)
def test_compact_money(tag: str, language: str, currency: str, x: float, text: str) -> None:
    assert Formats(tag, language).money(x, currency, compact=True) == text


def test_compact_money_with_code_has_no_budget_units() -> None:
    shown = Formats("es-CL").money(1_082_345_678, "CLP", compact=True, show_code=True)
    assert shown == "CLP 1,1 mil millones"


def test_thousands_and_millions_as_in_budgets() -> None:
    chile = Formats("es-CL")
    assert chile.money_in(1_263_672_499, "CLP", "thousand") == "M$ 1.263.672"
    assert chile.money_in(1_263_672_499, "CLP", "million", 1) == "MM$ 1.263,7"
    assert chile.money_in(-5_000, "CLP", "thousand") == "-M$ 5"
    assert chile.money_in(5_000_000, "CLP", "million", show_code=True) == "CLP 5 millones"
    assert Formats("es-CL", "en").money_in(5_000_000, "CLP", "million") == "$5 million"
    assert Formats("es-PE").money_in(5_000, "PEN", "thousand") == "S/ 5 mil"
    assert Formats("es-CO").money_in(1e9, "COP", "million") == "$ 1.000 millones"
    assert Formats("es-CO").money_in(1.3e6, "COP", "million") == "$ 1 millón"
    assert Formats("es-CL").money_in(5_000, "USD", "thousand") == "US$5 mil"


@pytest.mark.parametrize(
    ("x", "spanish", "english"),
    [
        (1.2e9, "1,2 mil millones", "1.2 billion"),
        (330e6, "330 millones", "330 million"),
        (1e6, "1 millón", "1 million"),
        (1.04e6, "1 millón", "1 million"),
        (1.05e6, "1,1 millones", "1.1 million"),
        (1e12, "1 billón", "1 trillion"),
        (64.4e12, "64,4 billones", "64.4 trillion"),
        (5e15, "5.000 billones", "5,000 trillion"),
        (9_999, "9.999", "9,999"),
        (10_000, "10 mil", "10 thousand"),
        (-350_000, "-350 mil", "-350 thousand"),
        (999_499, "999 mil", "999 thousand"),
        (999_500, "1 millón", "1 million"),
        (999_999_999, "1 mil millones", "1 billion"),
        (99.96, "100", "100"),
        (12.34, "12,3", "12.3"),
        (0, "0", "0"),
    ],
)
def test_large_numbers_in_words(x: float, spanish: str, english: str) -> None:
    assert Formats("es-CL").compact(x) == spanish
    assert Formats("en-US").compact(x) == english


def test_compact_with_digits_asked_for() -> None:
    assert Formats("es-CL").compact(1_234_567, 2) == "1,23 millones"
    assert Formats("es-CL").compact(1_234, 1) == "1.234,0"
    assert Formats("es-CL").money(1_234_567, "CLP", 2, compact=True) == "MM$ 1,23"


# ── Dates ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "language", "medium", "long", "month", "month_short"),
    [
        ("es-CL", "es", "7 sept 2025", "7 de septiembre de 2025", "septiembre de 2025", "sept 2025"),
        ("es-PE", "es", "7 set. 2025", "7 de setiembre de 2025", "setiembre de 2025", "set. 2025"),
        ("es-MX", "es", "7 sep 2025", "7 de septiembre de 2025", "septiembre de 2025", "sep 2025"),
        ("es-CO", "es", "7 sept 2025", "7 de septiembre de 2025", "septiembre de 2025", "sept 2025"),
        ("es-AR", "es", "7 sept 2025", "7 de septiembre de 2025", "septiembre de 2025", "sept 2025"),
        ("en-US", "en", "Sep 7, 2025", "September 7, 2025", "September 2025", "Sep 2025"),
        ("en-GB", "en", "7 Sep 2025", "7 September 2025", "September 2025", "Sep 2025"),
        ("es-PE", "en", "7 Sep 2025", "7 September 2025", "September 2025", "Sep 2025"),
        ("en-US", "es", "7 sept 2025", "7 de septiembre de 2025", "septiembre de 2025", "sept 2025"),
    ],
)
def test_dates_in_words(
    tag: str, language: str, medium: str, long: str, month: str, month_short: str
) -> None:
    formats, day = Formats(tag, language), date(2025, 9, 7)
    assert formats.date(day, "medium") == medium
    assert formats.date(day) == formats.date(day, "long") == long
    assert formats.month(day) == month
    assert formats.month(day, short=True) == month_short


@pytest.mark.parametrize(
    ("tag", "width"), [(tag, width) for tag in TAGS for width in ("wide", "abbreviated")]
)
def test_months_agree_with_cldr(tag: str, width: str) -> None:
    names = Locale.parse(tag.replace("-", "_")).months["format"][width]
    ours = [Formats(tag).month(date(2025, m, 1), short=width != "wide").split()[0] for m in range(1, 13)]
    cldr = [names[m] for m in range(1, 13)]
    if (tag, width) == ("es-PE", "wide"):
        cldr[8] = "setiembre"  # CLDR has it in the abbreviation only
    if tag == "en-GB" and width == "abbreviated":
        cldr[8] = "Sep"  # one English month list; CLDR writes Sept here
    assert ours == cldr


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tag", ["es", "es-419", "es_CL", "en", "", "de-DE"])
def test_there_is_no_fallback_for_a_locale(tag: str) -> None:
    with pytest.raises(ValueError, match="es-CL"):
        Formats(tag)


def test_language_is_separate_from_the_number_locale() -> None:
    assert Formats("es-CL").language == "es"
    assert Formats("es-CL", "en").number(1.5) == "1,5"
    with pytest.raises(ValueError, match="language"):
        Formats("es-CL", "fr")


def test_a_country_has_a_default() -> None:
    assert Formats.for_country("PE") == Formats("es-PE")
    assert Formats.for_country("CL", "en") == Formats("es-CL", "en")
    assert Formats.for_country("US").language == "en"
    with pytest.raises(ValueError, match="XX"):
        Formats.for_country("XX")


@pytest.mark.parametrize("module", [figures_module, formats_module, locales_module, parsing_module])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
