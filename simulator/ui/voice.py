"""How the screen speaks: one language, the words of one country, its way to write figures. No Streamlit here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.i18n import NBSP, Formats, Translator, locale_for_country, translator_for
from simulator.report.amounts import three_figures
from simulator.scenario.scenario import Scenario

_SPECIAL = re.compile(r"([\\`*_\[\]<>$~#|:&{}])")
_LINE_START = re.compile(r"(?m)^(\s*)([-+=.]|\d+[.)])")
_PERCENT = re.compile(r"(\d) %")
_DECIMAL = re.compile(r"(?<![\d,.])(\d+),(\d{1,2})(?![\d,])")
_THOUSANDS = re.compile(r"(?<![\d.,])(?<!\d )[1-9]\d{0,2}(?: \d{3})+(?!\d)")
_SMALL = 0.005


def plain(text: str) -> str:
    r"""Escape a text so that it is shown as it is: no formulas, links, images or colours can come of it.

    Examples
    --------
    >>> plain("![x](http://a.b) costs $5")
    '!\\[x\\](http\\://a.b) costs \\$5'
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(lambda found: f"{found[1]}{_protected(found[2])}", escaped)


def _protected(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"


def _held(amount: str) -> str:
    """Keep the sign of the currency on the line of its figures."""
    sign, _, figures = amount.partition(" ")
    return amount if any(c.isdigit() for c in sign) else f"{sign}{NBSP}{figures}"


def default_numbers(language: str, country: str) -> str:
    """Choose how figures are written when nobody did.

    Examples
    --------
    >>> default_numbers("es", "CL"), default_numbers("en", "CL"), default_numbers("en", "GB")
    ('es-CL', 'en-US', 'en-GB')
    """
    try:
        tag = locale_for_country(country)
    except ValueError:
        tag = "es-MX"
    if language == "es":
        return tag
    return tag if tag.startswith("en") else "en-US"


@dataclass(frozen=True, slots=True)
class Voice:
    """Words and figures for one reader of one deal."""

    translator: Translator
    formats: Formats
    scenario: Scenario
    payer: str = ""
    """The payer it speaks of; all of them if none is named."""

    @classmethod
    def of(cls, language: str, scenario: Scenario, *, numbers: str = "", payer: str = "") -> Voice:
        """Speak a language with the words of the deal's country.

        Figures are written as in ``numbers`` if somebody chose that; else Spanish follows the deal's country, and
        English is written the English way.
        """
        tag = numbers or default_numbers(language, scenario.country)
        return cls(translator_for(language, scenario.country), Formats(tag, language), scenario, payer)

    @property
    def language(self) -> str:
        """``es`` or ``en``."""
        return self.translator.language

    def tr(self, key: str, /, **values: object) -> str:
        """Text of a key; ``{payer}`` and its like fill themselves."""
        return self.translator.tr(key, **{**self._own(), **values})

    def say(self, key: str, /, **values: object) -> str:
        """Text of a key as a sentence: it begins with a capital."""
        text = self.tr(key, **values)
        return text[:1].upper() + text[1:]

    def _own(self) -> dict[str, str]:
        parties, payers = self.scenario.contract.parties, self.scenario.contract.payers
        kind = "several" if len(payers) > 1 else "public" if parties[next(iter(payers))].public else "other"
        whole = self.translator.tr(f"ui.payer.{kind}")
        return {
            "payer": self.text(parties[self.payer].name) if self.payer else whole,
            "payer_tab": self.translator.tr(f"ui.payer.tab.{kind}"),
        }

    def text(self, texts: Mapping[str, str] | None) -> str:
        """A text of the document in the reader's language."""
        return "" if texts is None else texts[self.language]

    def prose(self, texts: Mapping[str, str] | None) -> str:
        """A long text of the document, with its figures as the rest of the page writes them."""
        text, locale = self.text(texts), self.formats.locale
        text = _PERCENT.sub(lambda found: f"{found[1]}{locale.percent}", text)
        if self.language != "es":
            return text
        text = _DECIMAL.sub(lambda found: f"{found[1]}{locale.decimal}{found[2]}", text)
        return _THOUSANDS.sub(lambda found: found[0].replace(" ", locale.group), text)

    def money(self, amount: float) -> str:
        """An amount with three figures or so."""
        return _held(three_figures(amount, self.scenario.currency, self.formats))

    def money_beside(self, amount: float, largest: float, digits: int | None = None) -> str:
        """An amount in the unit of the largest one beside it, so that nobody has to convert.

        Parameters
        ----------
        amount
            What to write.
        largest
            The largest amount beside it: it chooses the unit and, unless told otherwise, the decimals.
        digits
            Decimals; enough for three figures of the largest amount if not given.
        """
        size = abs(largest)
        if not math.isfinite(amount) or not math.isfinite(size) or amount == 0:
            return self.money(amount)
        unit = self._unit(size)
        if unit is None:
            return self.money(amount)
        places = self._three(max(size, abs(amount)) / 10 ** unit[1]) if digits is None else digits
        return _held(self.formats.money_in(amount, self.scenario.currency, unit[0], places))

    def money_fine(self, amount: float, largest: float) -> str:
        """A small amount, an error or a difference, in the unit of a larger one; with two figures of its own."""
        unit = self._unit(abs(largest))
        if unit is None or not math.isfinite(amount) or amount == 0:
            return self.money_beside(amount, largest)
        scaled = abs(amount) / 10 ** unit[1]
        places = min(max(1 - math.floor(math.log10(scaled)), 0), 4)
        return self.money_beside(amount, largest, min(places, 2) if scaled >= 0.1 else places)

    def money_ticks(self, step: float, largest: float) -> Callable[[float], str]:
        """How amounts on one axis are written: one unit, and as many decimals as the step between ticks needs."""
        unit = self._unit(largest)
        if unit is None:
            return lambda amount: self.formats.money(
                amount, self.scenario.currency, 0 if largest >= 10 else None
            )
        scaled = step / 10 ** unit[1]
        places = next((n for n in range(4) if abs(scaled * 10**n - round(scaled * 10**n)) < 1e-6), 3)
        return lambda amount: self.money_beside(amount, largest, places)

    def _unit(self, size: float) -> tuple[Literal["thousand", "million"], int] | None:
        """Thousands or millions for amounts of a size; nothing for those that are written in full."""
        in_millions = self.formats.money(1e7, self.scenario.currency, compact=True).startswith("MM")
        if not math.isfinite(size) or size < (999_500 if in_millions else 9_999.5):
            return None
        return ("million", 6) if in_millions or size >= 999_500 else ("thousand", 3)

    @staticmethod
    def _three(scaled: float) -> int:
        return 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0

    def percent(self, share: float, digits: int | None = 1) -> str:
        """A share as a percentage."""
        return self.formats.percent(share, 0 if digits == 1 and abs(share) in (0.0, 1.0) else digits)

    def rate(self, value: float) -> str:
        """A rate as a percentage, without a decimal that says nothing."""
        return self.percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1)

    def rate_ticks(self, step: float, largest: float) -> Callable[[float], str]:
        """How rates on one axis are written."""
        places = 0 if abs(step * 100 - round(step * 100)) < 1e-6 else 1
        return lambda value: self.percent(value, places)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number; with few digits if it is not whole."""
        if digits is None:
            digits = 0 if abs(value) >= 100 or value == round(value) else 2
        return self.formats.number(value, digits)

    def years(self, value: float) -> str:
        """A length of time in years, with a decimal if it is not whole."""
        return self.formats.number(value, 0 if abs(value - round(value)) < 0.05 else 1)

    def chance(self, share: float, trials: int) -> str:
        """A probability as so many futures of 100: “en 23 de cada 100 futuros”."""
        if share <= 0:
            return self.tr("ui.chance.none", trials=self.number(trials))
        if share >= 1:
            return self.tr("ui.chance.all", trials=self.number(trials))
        if share < _SMALL:
            return self.tr("ui.chance.few")
        if share > 1 - _SMALL:
            return self.tr("ui.chance.most")
        return self.tr("ui.chance.some", count=self.number(round(share * 100)))

    def fiscal_year(self, year: int) -> str:
        """A fiscal year: one calendar year, or the two it touches."""
        if self.scenario.contract.calendar.fiscal_year_starts == 1:
            return str(year)
        return f"{year}-{(year + 1) % 100:02d}"

    def calendar_year(self, years: float) -> str:
        """Calendar time so many years after close."""
        calendar = self.scenario.contract.calendar
        year, month = calendar.month_of(round(years * calendar.per_year))
        return str(year) if month == 1 else f"{month:02d}/{year}"


__all__ = ["Voice", "default_numbers", "plain"]
