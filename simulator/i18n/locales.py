"""How numbers, money and dates are written in each country: the table behind the formatter.

Our own table and not Babel's, because a number on a contract must not change when a
library updates its data, and because CLDR differs from what people write in three places
that matter: Chileans write ``-$1.234`` (CLDR ``$-1.234``), nobody writes ``CLF`` for the
UF, and the generic ``es`` and ``es-419`` are wrong for half of the continent, so there
is no fallback to them. Source: the project's research notes (LATAM.md, section 6; ICU 78.2 /
CLDR 48); the tests compare separators and percentages with Babel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = [
    "COUNTRY_LOCALES",
    "CURRENCY_DIGITS",
    "LOCALES",
    "NumberLocale",
    "locale_for_country",
    "number_locale",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLocale:
    """One way to write figures.

    Attributes
    ----------
    tag
        Language and country, such as ``es-CL``.
    decimal, group
        Decimal mark and thousands mark.
    currency
        ISO code of the country's own currency.
    symbols
        Currency marks by ISO code, spaces included; other currencies show their code.
    symbol_last
        Whether the mark follows the figure, as in ``1234,50 €``.
    group_from
        Digits in the whole part from which thousands are separated.
    percent
        What follows the figure of a percentage.
    short_date
        Pattern of the date in figures, for ``str.format`` with ``d``, ``m`` and ``y``.
    september
        Name and abbreviation of the month that changes by country, in Spanish.
    month_dot
        Whether abbreviated Spanish months carry a full stop.
    """

    tag: str
    decimal: str
    group: str
    currency: str
    symbols: Mapping[str, str]
    symbol_last: bool = False
    group_from: int = 4
    percent: str = "%"
    short_date: str = "{d}/{m}/{y}"
    september: tuple[str, str] = ("septiembre", "sept")
    month_dot: bool = False


def _comma(tag: str, currency: str, symbols: dict[str, str]) -> NumberLocale:
    """Return a locale with decimal comma: 1.234.567,89."""
    marks = MappingProxyType(symbols)
    return NumberLocale(tag=tag, decimal=",", group=".", currency=currency, symbols=marks)


_CL: Final = NumberLocale(
    tag="es-CL",
    decimal=",",
    group=".",
    currency="CLP",
    symbols=MappingProxyType({"CLP": "$", "USD": "US$"}),
    short_date="{d:02}-{m:02}-{y}",
)
_PE: Final = NumberLocale(
    tag="es-PE",
    decimal=".",
    group=",",
    currency="PEN",
    symbols=MappingProxyType({"PEN": "S/ "}),
    september=("setiembre", "set"),
    month_dot=True,
)
_MX: Final = NumberLocale(
    tag="es-MX",
    decimal=".",
    group=",",
    currency="MXN",
    symbols=MappingProxyType({"MXN": "$"}),
    september=("septiembre", "sep"),
)
_ES: Final = NumberLocale(
    tag="es-ES",
    decimal=",",
    group=".",
    currency="EUR",
    symbols=MappingProxyType({"EUR": " €", "USD": " US$"}),
    symbol_last=True,
    group_from=5,
    percent=" %",
)
_US: Final = NumberLocale(
    tag="en-US",
    decimal=".",
    group=",",
    currency="USD",
    symbols=MappingProxyType({"USD": "$", "EUR": "€", "GBP": "£"}),
    short_date="{m}/{d}/{y}",
)
_GB: Final = NumberLocale(
    tag="en-GB",
    decimal=".",
    group=",",
    currency="GBP",
    symbols=MappingProxyType({"GBP": "£", "USD": "US$", "EUR": "€"}),
    short_date="{d:02}/{m:02}/{y}",
)

LOCALES: Final[Mapping[str, NumberLocale]] = MappingProxyType(
    {
        locale.tag: locale
        for locale in (
            _CL,
            _PE,
            _comma("es-CO", "COP", {"COP": "$ ", "USD": "US$ "}),
            _MX,
            _comma("es-AR", "ARS", {"ARS": "$ ", "USD": "US$ "}),
            _US,
            _GB,
            _ES,
        )
    }
)

# The countries in the second line have no row of their own: they borrow the one with the
# same separators (checked against CLDR in the tests); their currency shows its ISO code.
COUNTRY_LOCALES: Final[Mapping[str, str]] = MappingProxyType(
    {tag[-2:]: tag for tag in LOCALES} | {"BO": "es-AR", "EC": "es-AR", "PY": "es-AR", "UY": "es-AR"}
)

# Decimals people write, which for CLP and COP is none. CLF is the UF: 2 for amounts; ask
# for 4 on unit prices. Any other ISO code has 2.
CURRENCY_DIGITS: Final[Mapping[str, int]] = MappingProxyType({"CLP": 0, "COP": 0, "PYG": 0, "CLF": 2})


def number_locale(tag: str) -> NumberLocale:
    """Return the number locale with this tag.

    Raises
    ------
    ValueError
        If the tag is not in the table: ``es`` or ``es-419`` would be wrong somewhere.
    """
    try:
        return LOCALES[tag]
    except KeyError:
        allowed = ", ".join(LOCALES)
        raise ValueError(f"number locale {tag!r} is not known; use one of {allowed}") from None


def locale_for_country(country: str) -> str:
    """Return the tag of the number locale a country uses by default.

    Raises
    ------
    ValueError
        If the country is not in the table; the caller should let the user choose.

    Examples
    --------
    >>> locale_for_country("PE")
    'es-PE'
    """
    try:
        return COUNTRY_LOCALES[country]
    except KeyError:
        allowed = ", ".join(sorted(COUNTRY_LOCALES))
        raise ValueError(f"no default number locale for country {country!r}; known: {allowed}") from None
