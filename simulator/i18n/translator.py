"""Texts for people: a key and values in, a sentence out."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from babel import Locale

from simulator.i18n.catalogue import Catalogue, Message, Template, load_catalogue
from simulator.i18n.terms import phrases

__all__ = ["STRICT_VARIABLE", "MissingTextError", "Translator", "translator_for"]

STRICT_VARIABLE: Final = "SIMULATOR_STRICT_TEXTS"

# A value that is absent, in a sentence that speaks of it.
_ABSENT: Final = "—"


class MissingTextError(LookupError):
    """A key, a plural form or a value is missing; raised in strict mode only."""


def strict_by_default() -> bool:
    """Return whether the environment asks for strict texts, as the test run does."""
    return os.environ.get(STRICT_VARIABLE, "") not in ("", "0")


@dataclass(frozen=True, slots=True)
class Translator:
    """Texts in one language with the words of one country.

    Immutable and cheap: the catalogue behind it is read once per language and shared by
    every session. There is no current language anywhere in the process.

    Attributes
    ----------
    language
        ``es`` or ``en``.
    country
        ISO code that chooses the words of ``terms.py``; empty or unknown means the
        general ones.
    strict
        Whether something missing raises :class:`MissingTextError`. Otherwise a missing key
        shows as itself and a missing value as its gap: ugly on a screen, but alive.
    catalogue
        Messages to use instead of the shipped ones, for tests.

    Raises
    ------
    ValueError
        If the language is not one of ours.

    Examples
    --------
    >>> Translator("es", "CL").tr("issue.sum", path="capital", value="105%", allowed="100%")
    'La suma en capital no es la esperada. Suma encontrada: 105%. Debe ser: 100%. Ajuste \
los valores hasta que sumen lo indicado.'
    """

    language: str = "es"
    country: str = ""
    strict: bool = field(default_factory=strict_by_default)
    catalogue: Catalogue | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fail now and not at the first text if the language is unknown."""
        load_catalogue(self.language)

    def tr(self, key: str, /, **values: object) -> str:
        """Return the text of a key with its gaps filled.

        Values go in as they are: braces in a user's text mean nothing. Numbers should
        come already written by ``Formats``. Country terms and the phrases ``{where}``
        (from ``path`` and ``line``) and ``{did_you_mean}`` (from ``suggestion`` or
        ``allowed``) fill themselves. Values without a gap are ignored.

        Raises
        ------
        MissingTextError
            In strict mode, if the key or a value is missing or the message is plural.
        """
        message = self._message(key, plural=False)
        return key if message is None else self._filled(key, message.forms[-1], values)

    def trn(self, key: str, n: float, /, **values: object) -> str:
        """Return the text of a plural key for a count.

        The gap ``{n}`` shows the count; pass ``n=formats.number(...)`` to write it well.

        Raises
        ------
        MissingTextError
            In strict mode, if the key or a value is missing or the message is not plural.
        """
        message = self._message(key, plural=True)
        if message is None:
            return key
        single = Locale.parse(self.language).plural_form(n) == "one"
        form = message.forms[0 if single else -1]
        return self._filled(key, form, {"n": n, **values})

    def issue(self, code: str, /, **values: object) -> str:
        """Return the sentence of an issue code, or a general one if there is none.

        Values are those of the issue: ``path``, ``value``, ``allowed``, ``line``,
        ``suggestion``; what is None, empty or absent is worded around where possible::

            translator.issue(issue.code, **issue.placeholders())

        Raises
        ------
        MissingTextError
            In strict mode, if the code has no sentence.
        """
        key = f"issue.{code}"
        absent = {"value": None, "allowed": None, "code": code}
        given = absent | {name: None if value == "" else value for name, value in values.items()}
        known = self.strict or self.has(key)
        return self.tr(key if known else "issue.unknown_code", **given)

    def has(self, key: str) -> bool:
        """Return whether the catalogue has this key."""
        return key in self._messages()

    def messages(self, keys: Iterable[str] | None = None) -> Mapping[str, Message]:
        """Return the messages of some keys, or all of them, for tests and tables."""
        entries = self._messages()
        return entries if keys is None else {key: entries[key] for key in keys if key in entries}

    def _messages(self) -> Mapping[str, Message]:
        """Return the messages in use."""
        return (self.catalogue or load_catalogue(self.language)).messages

    def _message(self, key: str, *, plural: bool) -> Message | None:
        """Find a message that has a text; None outside strict mode if there is none."""
        message = self._messages().get(key)
        if message is None or not all(form.text for form in message.forms):
            self._missing(f"no text for {key!r} in language {self.language!r}")
            return None
        if message.is_plural != plural:
            self._missing(f"{key!r} needs {'tr' if plural else 'trn'}")
        return message

    def _missing(self, what: str) -> None:
        """Raise in strict mode; otherwise let the screen live."""
        if self.strict:
            raise MissingTextError(what)

    def _filled(self, key: str, form: Template, values: Mapping[str, object]) -> str:
        """Put values into the gaps of one form."""
        pieces: list[str] = []
        for literal, name in form.parts:
            pieces.append(literal)
            if name is not None:
                pieces.append(self._value(key, name, values))
        return "".join(pieces)

    def _value(self, key: str, name: str, values: Mapping[str, object]) -> str:
        """Return what a gap shows: a value given, a derived phrase or a country term."""
        if name in values:
            return _shown(values[name])
        if name == "where":
            return self._where(values)
        if name == "did_you_mean":
            hints = ("suggestion", "allowed")
            hint = next((name for name in hints if values.get(name)), "none")
            return self.tr(f"hint.{hint}", **values)
        term = phrases(self.language, self.country).get(name)
        if term is None:
            self._missing(f"{key!r} needs a value for {name!r}")
            return f"{{{name}}}"
        return term

    def _where(self, values: Mapping[str, object]) -> str:
        """Return the place of an issue from its path and its line, either or none."""
        path, line = values.get("path") or None, values.get("line")
        place = "path_line" if path and line else "path" if path else "line" if line else "data"
        return self.tr(f"where.{place}", path=path, line=line)


def translator_for(language: str = "es", country: str = "") -> Translator:
    """Return the translator of a language and a country, the same object every time."""
    return _translator(language, country, strict_by_default())


@lru_cache(maxsize=64)
def _translator(language: str, country: str, strict: bool) -> Translator:
    """Keep one translator per language, country and strictness."""
    return Translator(language, country, strict)


def _shown(value: object) -> str:
    """Return a value as text; true and false as files spell them."""
    if value is None:
        return _ABSENT
    return str(value).lower() if isinstance(value, bool) else str(value)
