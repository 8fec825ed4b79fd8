"""Numbers, money and dates for people.

The number locale (``es-CL``: how figures are written) is separate from the language
(``es``: which words go with them), because Spanish is not one format and an English
reader of a Chilean contract still meets Chilean figures. Rounding happens here and in the
reports, nowhere else.

Decisions
---------
- The space between mark and figure is an ordinary space, so that texts compare, search
  and paste simply; CLDR's no-break space is one argument away, ``Formats(..., space=NBSP)``,
  for print. :func:`parse_number` reads either.
- The minus is the keyboard hyphen and comes first: ``-$1.234.568``, ``-S/ 12.00``.
- Rounding is half away from zero on the decimal number a person reads, as in Excel.
- NaN and None show as an em dash: undefined is a value, and its reason is told elsewhere.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal, Self

from simulator.i18n.figures import Figure, exact, plain_figures, rounded, shifted
from simulator.i18n.locales import (
    CURRENCY_DIGITS,
    NumberLocale,
    locale_for_country,
    number_locale,
)
from simulator.i18n.parsing import NumberIssue, ParsedNumber, parse_number
from simulator.i18n.words import LANGUAGES, MONTHS, MONTHS_SHORT, SCALES, Scale

__all__ = [
    "NBSP",
    "UNDEFINED",
    "Figure",
    "Formats",
    "NumberIssue",
    "ParsedNumber",
    "parse_number",
]

NBSP: Final = "\u00a0"
UNDEFINED: Final = "—"

DateStyle = Literal["short", "medium", "long"]
MoneyScale = Literal["thousand", "million"]

_ISO_CODE: Final = re.compile(r"[A-Z]{3}")
_COMPACT_FROM: Final = 10_000
_BUDGET_UNITS: Final[Mapping[int, str]] = MappingProxyType({3: "M$ ", 6: "MM$ "})
_EXPONENTS: Final[Mapping[MoneyScale, int]] = MappingProxyType({"thousand": 3, "million": 6})


@dataclass(frozen=True, slots=True)
class Formats:
    """Write figures and dates for one number locale and one language.

    Immutable and without global state: one object may serve every session.

    Attributes
    ----------
    tag
        Number locale: ``es-CL``, ``es-PE``, ``es-CO``, ``es-MX``, ``es-AR``, ``en-US``,
        ``en-GB`` or ``es-ES``.
    language
        Language of the words, ``es`` or ``en``; empty means that of the locale.
    space
        What stands for a space inside a figure; ``NBSP`` keeps it on one line in print.

    Raises
    ------
    ValueError
        If the locale or the language is not one of ours: a generic ``es`` would be
        wrong in some country, so there is no fallback.

    Examples
    --------
    >>> Formats("es-CL").money(-1234567.89, "CLP")
    '-$1.234.568'
    >>> Formats("es-PE").money(330e6, "PEN", compact=True)
    'S/ 330 millones'
    >>> Formats("es-CL", "en").number(1234.5, 1)
    '1.234,5'
    """

    tag: str
    language: str = ""
    space: str = " "

    def __post_init__(self) -> None:
        """Check the locale and take the language from it when none was given."""
        number_locale(self.tag)
        if not self.language:
            object.__setattr__(self, "language", self.tag[:2])
        if self.language not in LANGUAGES:
            raise ValueError(f"language must be one of {LANGUAGES}, got {self.language!r}")

    @classmethod
    def for_country(cls, country: str, language: str = "", *, space: str = " ") -> Self:
        """Return the formats a country uses by default."""
        return cls(locale_for_country(country), language, space)

    @property
    def locale(self) -> NumberLocale:
        """The row of the table that says how figures are written."""
        return number_locale(self.tag)

    def number(self, x: Figure, digits: int | None = None) -> str:
        """Write a number with this many decimals; None keeps every digit it has.

        Examples
        --------
        >>> Formats("es-MX").number(1234567.891, 2)
        '1,234,567.89'
        """
        return self._written(exact(x), digits)

    def percent(self, x: Figure, digits: int | None = 1) -> str:
        """Write a share as a percentage: 0.123 is 12.3 %.

        Examples
        --------
        >>> Formats("es-CO").percent(0.123)
        '12,3%'
        """
        return self._written(shifted(exact(x), 2), digits, after=self.locale.percent)

    def money(
        self,
        x: Figure,
        currency: str,
        digits: int | None = None,
        *,
        compact: bool = False,
        show_code: bool = False,
    ) -> str:
        """Write an amount the way the country does.

        Parameters
        ----------
        x
            Amount, currency units.
        currency
            ISO code; ``CLF`` or ``UF`` is the Chilean unit of account.
        digits
            Decimals; None takes the custom of the currency (none for CLP and COP).
        compact
            Large amounts in words, or in MM$ for Chilean pesos in Spanish.
        show_code
            ISO code instead of the sign: wherever currencies mix, as five of ours are "$".

        Examples
        --------
        >>> Formats("es-CL").money(1082345678, "CLP", compact=True)
        'MM$ 1.082'
        """
        code = _iso(currency)
        before, after = self._mark(code, show_code=show_code)
        amount = exact(x)
        if compact and amount.is_finite() and abs(amount) >= _COMPACT_FROM:
            if self._in_budget_units(code, show_code=show_code):
                if rounded(abs(amount), 0) >= 1_000_000:
                    return self._scaled(amount, 6, digits, before=_BUDGET_UNITS[6])
            else:
                return self._in_words(amount, digits, before=before, after=after)
        places = CURRENCY_DIGITS.get(code, 2) if digits is None else digits
        return self._written(amount, places, before=before, after=after)

    def money_in(
        self,
        x: Figure,
        currency: str,
        scale: MoneyScale,
        digits: int = 0,
        *,
        show_code: bool = False,
    ) -> str:
        """Write an amount in thousands or millions, whatever its size, as budgets do.

        In Chile the budget office's M$ is *thousands* of pesos and MM$ millions.

        Examples
        --------
        >>> Formats("es-CL").money_in(1_263_672_000, "CLP", "thousand")
        'M$ 1.263.672'
        >>> Formats("es-PE").money_in(62_078_001, "PEN", "million", 1)
        'S/ 62.1 millones'
        """
        code = _iso(currency)
        exponent = _EXPONENTS[scale]
        if self._in_budget_units(code, show_code=show_code):
            return self._scaled(exact(x), exponent, digits, before=_BUDGET_UNITS[exponent])
        before, after = self._mark(code, show_code=show_code)
        word = next(item for item in SCALES[self.language] if item.exponent == exponent)
        return self._with_word(exact(x), word, digits, before=before, after=after)

    def compact(self, x: Figure, digits: int | None = None) -> str:
        """Write a large number in words; below ten thousand it is written in full.

        Examples
        --------
        >>> Formats("es-AR").compact(1.2e9)
        '1,2 mil millones'
        >>> Formats("en-US").compact(1.2e9)
        '1.2 billion'
        """
        amount = exact(x)
        if amount.is_finite() and abs(amount) >= _COMPACT_FROM:
            return self._in_words(amount, digits)
        return self._written(amount, _few_digits(amount) if digits is None else digits)

    def unit(self, x: Figure, unit: str, digits: int | None = None) -> str:
        """Write a quantity with its unit behind, such as "1.000 UTM"; the UF goes first."""
        if unit in ("UF", "CLF"):
            return self.money(x, unit, digits)
        return self._written(exact(x), digits, after=f" {unit}")

    def date(self, day: datetime.date | None, style: DateStyle = "long") -> str:
        """Write a day; in figures the order is the locale's, in words the language's.

        Examples
        --------
        >>> Formats("es-PE").date(datetime.date(2025, 9, 7))
        '7 de setiembre de 2025'
        >>> Formats("es-CL").date(datetime.date(2025, 3, 7), "short")
        '07-03-2025'
        """
        if day is None:
            return UNDEFINED
        if style == "short":
            return self.locale.short_date.format(d=day.day, m=day.month, y=day.year)
        name = self._month_name(day.month, short=style == "medium")
        if self.tag == "en-US" and self.language == "en":
            return f"{name} {day.day}, {day.year}"
        link = " de " if self.language == "es" and style == "long" else " "
        return f"{day.day}{link}{name}{link}{day.year}"

    def month(self, day: datetime.date | None, *, short: bool = False) -> str:
        """Write the month and year of a day: "marzo de 2025", or "mar 2025" if short."""
        if day is None:
            return UNDEFINED
        link = " de " if self.language == "es" and not short else " "
        return f"{self._month_name(day.month, short=short)}{link}{day.year}"

    def _month_name(self, month: int, *, short: bool) -> str:
        """Return a month in the language, with the country's September."""
        names = (MONTHS_SHORT if short else MONTHS)[self.language]
        if self.language != "es":
            return names[month - 1]
        name = self.locale.september[int(short)] if month == 9 else names[month - 1]
        return f"{name}." if short and self.locale.month_dot else name

    def _mark(self, code: str, *, show_code: bool) -> tuple[str, str]:
        """Return what goes before and after an amount in a currency."""
        if code == "CLF":
            return "UF ", ""
        symbol = None if show_code else self.locale.symbols.get(code)
        if self.locale.symbol_last:
            return "", symbol or f" {code}"
        return symbol or f"{code} ", ""

    def _in_budget_units(self, code: str, *, show_code: bool) -> bool:
        """Return whether M$ and MM$ apply: only a Spanish reader in Chile knows them."""
        return (self.tag, self.language, code, show_code) == ("es-CL", "es", "CLP", False)

    def _in_words(self, x: Decimal, digits: int | None, *, before: str = "", after: str = "") -> str:
        """Write a large number with the word that leaves at most three whole digits."""
        scales = SCALES[self.language]
        for scale, larger in pairwise(scales):
            small = shifted(x, -scale.exponent)
            places = _few_digits(small) if digits is None else digits
            if abs(rounded(small, places)) < 10 ** (larger.exponent - scale.exponent):
                return self._with_word(x, scale, places, before=before, after=after)
        return self._with_word(x, scales[-1], digits, before=before, after=after)

    def _with_word(
        self, x: Decimal, scale: Scale, digits: int | None, *, before: str = "", after: str = ""
    ) -> str:
        """Write a number in units of a scale, and its word in singular or plural."""
        small = shifted(x, -scale.exponent)
        places = _few_digits(small) if digits is None else digits
        single = small.is_finite() and abs(rounded(small, places)) == 1
        word = f" {scale.one if single else scale.many}"
        link = " de" if after and scale.links and self.language == "es" else ""
        return self._written(small, places, before=before, after=f"{word}{link}{after}")

    def _scaled(self, x: Decimal, exponent: int, digits: int | None, *, before: str) -> str:
        """Write a number divided by a power of ten behind a mark that says so."""
        small = shifted(x, -exponent)
        places = _few_digits(small) if digits is None else digits
        return self._written(small, places, before=before)

    def _written(self, x: Decimal, digits: int | None, *, before: str = "", after: str = "") -> str:
        """Put sign, mark and figures together; undefined and infinite have no figures."""
        if x.is_nan():
            return UNDEFINED
        if x.is_infinite():
            return "-∞" if x < 0 else "∞"
        negative, figures = plain_figures(x, self.locale, digits)
        text = f"{'-' if negative else ''}{before}{figures}{after}"
        return text.replace(" ", self.space)


def _iso(currency: str) -> str:
    """Return the ISO code of a currency, knowing that people call the CLF "UF"."""
    code = "CLF" if currency == "UF" else currency
    if not _ISO_CODE.fullmatch(code):
        raise ValueError(f"currency must be an ISO code such as CLP or UF, got {currency!r}")
    return code


def _few_digits(x: Decimal) -> int:
    """Return the decimals of a compact figure: one below 100 unless it would be a zero."""
    if not x.is_finite() or rounded(abs(x), 1) >= 100:
        return 0
    tenth = rounded(x, 1)
    return 0 if tenth == tenth.to_integral_value() else 1
