"""Numbers typed or pasted by people: one reading or none.

A browser's number field turns "12,5" into 125 under an English interface and "1.234,75"
into 1.23 everywhere (measured in Chromium). In a financial tool a wrong number is worse than
a question, so this parser knows the locale, accepts a text only if it has exactly one
reading there, and returns an echo for the screen to show back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from simulator.i18n.figures import plain_figures, shifted
from simulator.i18n.locales import NumberLocale, number_locale

__all__ = ["NumberIssue", "ParsedNumber", "parse_number"]

_LONGEST: Final = 60

# What people and programs use for a space, an apostrophe and a minus. The characters are
# written by number because most of them look alike.
_SAME: Final = str.maketrans(
    {
        "\u00a0": " ",  # no-break space
        "\u2007": " ",  # figure space
        "\u2009": " ",  # thin space
        "\u202f": " ",  # narrow no-break space
        "\t": " ",  # from a spreadsheet
        "\u2018": "'",  # quotation marks used as apostrophes
        "\u2019": "'",
        "\u00b4": "'",  # acute accent
        "\u02bc": "'",  # modifier apostrophe
        "\u2212": "-",  # minus sign
    }
)

# Currency marks and the ISO codes each may stand for.
_PESOS: Final = frozenset({"ARS", "CLP", "COP", "MXN", "USD", "UYU"})
_CODES: Final = (
    *("ARS", "BOB", "BRL", "CAD", "CHF", "CLP", "COP", "CRC", "DOP", "EUR"),
    *("GBP", "GTQ", "HNL", "MXN", "NIO", "PEN", "PYG", "USD", "UYU"),
)
_MARKS: Final[dict[str, frozenset[str]]] = {
    "$": _PESOS,
    "US$": frozenset({"USD"}),
    "U$S": frozenset({"USD"}),
    "S/": frozenset({"PEN"}),
    "S/.": frozenset({"PEN"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "UF": frozenset({"CLF"}),
    "CLF": frozenset({"CLF"}),
} | {code: frozenset({code}) for code in _CODES}
# Thousands and millions of pesos in Chile; elsewhere "M$" may mean millions: refused.
_SCALES: Final[Mapping[str, int]] = MappingProxyType({"M$": 3, "MM$": 6})
_CHILEAN_MARKS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    _MARKS | {mark: frozenset({"CLP"}) for mark in _SCALES}
)

# The old mark of the sol ends in a point: S/.5 is five soles or half a sol.
_OLD_SOL: Final = re.compile(r".*S/\.[0-9]+", re.IGNORECASE)
_FIGURES: Final = re.compile(r"[0-9.,' ]*[0-9][0-9.,' ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedNumber:
    """The one reading of a text.

    Attributes
    ----------
    value
        The number meant: "12,5%" is 0.125 and Chile's "MM$ 3" is 3,000,000.
    exact
        The same without binary rounding.
    is_percent
        Whether a percent sign was written.
    mark
        Currency mark found, such as ``$``, ``S/``, ``UF`` or ``CLP``; empty if none.
    echo
        The reading as the locale writes it, to show beside the field.
    """

    value: float
    exact: Decimal
    is_percent: bool
    mark: str
    echo: str

    @property
    def share(self) -> float:
        """The reading of a field labelled in percent: "12,5" and "12,5%" are 0.125."""
        return self.value if self.is_percent else float(shifted(self.exact, -2))


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberIssue:
    """Why a text is not one number; ``issue.<code>`` in the catalogue is the sentence.

    Attributes
    ----------
    code
        ``number.empty``, ``.length``, ``.characters``, ``.words``, ``.sign``,
        ``.grouping``, ``.decimal``, ``.zeros``, ``.ambiguous``, ``.percent``,
        ``.currency``.
    value
        The text received, shortened if endless.
    allowed
        How a number is written in this locale, as an example.
    """

    code: str
    value: str
    allowed: str


def parse_number(text: str, locale_tag: str, *, currency: str | None = None) -> ParsedNumber | NumberIssue:
    """Read a number as the locale writes it, or say why it cannot be read.

    Thousands may be separated by the locale's mark, by spaces of any width or by
    apostrophes, always in threes; a sign, a currency mark and a percent sign may stand
    around the figures. Refused are: a separator in the wrong place ("12,5" in Peru is
    never 125), mixed separators, exponents, words, parentheses, leading zeros and
    whatever could be read in two ways.

    Parameters
    ----------
    text
        What was typed or pasted.
    locale_tag
        Number locale, such as ``es-CL``.
    currency
        ISO code expected in this field; a mark of another currency is then refused.
        A percentage is refused too. None accepts any.

    Raises
    ------
    ValueError
        If the locale is not one of ours: that is a mistake of the program.

    Examples
    --------
    >>> parse_number("1.234", "es-CL").value, parse_number("1.234", "es-PE").value
    (1234.0, 1.234)
    >>> parse_number("12,5", "es-PE").code
    'number.grouping'
    """
    locale = number_locale(locale_tag)
    wanted = "CLF" if currency == "UF" else currency
    outcome = _read(text, locale, wanted)
    if isinstance(outcome, ParsedNumber):
        return outcome
    _, example = plain_figures(Decimal("1234567.89"), locale, 2)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return NumberIssue(code=f"number.{outcome}", value=shown, allowed=example)


def _read(text: str, locale: NumberLocale, currency: str | None) -> ParsedNumber | str:
    """Return the only reading of a text, or the last word of an issue code."""
    body = text.translate(_SAME).strip()
    if not body:
        return "empty"
    if len(body) > _LONGEST:
        return "length"
    if _OLD_SOL.fullmatch(body):
        return "ambiguous"
    is_percent = body.endswith("%")
    body = body.removesuffix("%").rstrip()
    if "%" in body:
        return "percent"
    readings = [(mark, _signed_figures(before, rest, locale)) for before, mark, rest in _splits(body, locale)]
    numbers = {number: mark for mark, number in readings if isinstance(number, Decimal)}
    if len(numbers) > 1:
        return "ambiguous"
    if not numbers:
        return _refusal(body, [code for _, code in readings if isinstance(code, str)])
    number, mark = numbers.popitem()
    if is_percent and (mark or currency):
        return "percent"
    if mark and currency and currency not in _CHILEAN_MARKS[mark]:
        return "currency"
    return _reading(number, mark, locale, is_percent=is_percent)


def _splits(body: str, locale: NumberLocale) -> Iterator[tuple[str, str, str]]:
    """Yield each way to split a text into sign, currency mark and the rest."""
    sign, rest = _off_sign(body)
    yield sign, "", rest
    for mark in _CHILEAN_MARKS if locale.tag == "es-CL" else _MARKS:
        size = len(mark)
        if _is_mark(rest[:size], mark):
            yield sign, mark, rest[size:].strip()
        if _is_mark(rest[-size:], mark):
            yield sign, mark, rest[:-size].strip()


def _off_sign(text: str) -> tuple[str, str]:
    """Take a sign off the front of a text."""
    return (text[0], text[1:].lstrip()) if text[:1] in ("+", "-") else ("", text)


def _is_mark(text: str, mark: str) -> bool:
    """Compare a text with a mark; capitals matter only where M$ and MM$ are concerned."""
    return text == mark or (mark not in _SCALES and text.upper() == mark)


def _signed_figures(before: str, text: str, locale: NumberLocale) -> Decimal | str:
    """Read figures that may have one sign, before the currency mark or after it."""
    after, figures = _off_sign(text)
    if before and after:
        return "sign"
    if not _FIGURES.fullmatch(figures):
        return "characters"
    number = _figures(figures, locale)
    if isinstance(number, str) or not number:
        return number
    return number.copy_negate() if "-" in (before, after) else number


def _figures(text: str, locale: NumberLocale) -> Decimal | str:
    """Read unsigned figures with their separators."""
    whole, point, fraction = text.partition(locale.decimal)
    if point and not fraction.isdecimal():
        return "decimal"
    if not whole:
        return Decimal(f"0.{fraction}")
    marks = "".join(char for char in whole if not char.isdecimal())
    groups = re.split(r"[.,' ]", whole)
    if not marks:
        if whole != "0" and whole.startswith("0"):
            return "zeros"
    elif not _is_grouped(groups, marks, locale):
        return "grouping"
    elif locale.group not in marks and len(fraction) == 3:
        return "ambiguous"  # 62'078.001 is how the Peruvian press writes 62 million
    digits = "".join(groups)
    return Decimal(f"{digits}.{fraction}" if point else digits)


def _is_grouped(groups: list[str], marks: str, locale: NumberLocale) -> bool:
    """Return whether thousands are separated in threes by marks that go together."""
    first, *others = groups
    in_threes = first[:1] not in ("", "0") and len(first) <= 3
    in_threes = in_threes and all(len(group) == 3 for group in others)
    alike = len(set(marks)) == 1 and marks[0] in (locale.group, " ", "'")
    millions = marks == f"'{locale.group}"  # 1'234,567 in Peru and Mexico
    return in_threes and (alike or millions)


def _refusal(body: str, codes: list[str]) -> str:
    """Choose the most telling reason among those of the splits that failed."""
    telling = [code for code in codes if code != "characters"]
    if telling:
        return telling[0]
    if any(char.isalpha() for char in body):
        return "words"
    return "sign" if any(char in "+-" for char in body) else "characters"


def _reading(number: Decimal, mark: str, locale: NumberLocale, *, is_percent: bool) -> ParsedNumber:
    """Put the value meant and its echo together."""
    value = shifted(number, -2 if is_percent else _SCALES.get(mark, 0))
    negative, figures = plain_figures(number if is_percent else value, locale, None)
    kept = "$" if mark in _SCALES else mark
    sign, before = "-" if negative else "", f"{kept} " if kept else ""
    after = locale.percent if is_percent else ""
    return ParsedNumber(
        value=float(value),
        exact=value,
        is_percent=is_percent,
        mark=kept,
        echo=f"{sign}{before}{figures}{after}",
    )
