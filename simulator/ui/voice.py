"""How the screen speaks: one language, the words of one country, its way to write figures. No Streamlit here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.i18n import NBSP, Formats, Translator, locale_for_country, translator_for
from simulator.report.amounts import three_figures
from simulator.scenario.scenario import Scenario

_SPECIAL = re.compile(r"([\\`*_\[\]<>$~#|:&{}])")
_LINE_START = re.compile(r"(?m)^(\s*)([-+=.]|\d+[.)])")
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

    def money(self, amount: float) -> str:
        """An amount with three figures or so."""
        return _held(three_figures(amount, self.scenario.currency, self.formats))

    def money_tick(self, amount: float) -> str:
        """An amount on an axis."""
        return self.formats.money(
            amount, self.scenario.currency, 0 if abs(amount) < 10_000 else None, compact=True
        )

    def percent(self, share: float, digits: int | None = 1) -> str:
        """A share as a percentage."""
        return self.formats.percent(share, digits)

    def rate(self, value: float) -> str:
        """A rate as a percentage, without a decimal that says nothing."""
        return self.percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1)

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
