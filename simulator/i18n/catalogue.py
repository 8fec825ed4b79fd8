"""Message catalogues: gettext files read once per language and never changed.

The files are ordinary ``.po``, which translators' tools understand, keyed by stable
English ids (``app.title``) instead of by text, so that rewording never breaks a link
between the languages. They are read as they are: there is nothing to compile.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType

from babel.messages.pofile import PoFileError, read_po

from simulator.i18n.words import LANGUAGES

__all__ = [
    "Catalogue",
    "Message",
    "Template",
    "load_catalogue",
    "messages",
    "parse_catalogue",
    "source_text",
]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named gaps, taken apart once so that filling it interprets nothing.

    Only ``{name}`` is allowed. ``{name.part}``, ``{name!r}`` and ``{name:>9}`` would give
    a catalogue the power to look inside objects, and formatting belongs to ``Formats``.

    Attributes
    ----------
    text
        As in the catalogue, braces included.
    parts
        Pairs of literal text and the name of the gap that follows, None at the end.
    """

    text: str
    parts: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, text: str) -> "Template":
        """Take a text apart.

        Raises
        ------
        ValueError
            If a brace is alone or a gap is more than a plain name.
        """
        parts: list[tuple[str, str | None]] = []
        for literal, name, spec, conversion in Formatter().parse(text):
            if name is not None and (spec or conversion or not name.isidentifier()):
                raise ValueError(f"only plain gaps such as {{name}} are allowed: {text!r}")
            parts.append((literal, name))
        return cls(text, tuple(parts))

    @property
    def names(self) -> frozenset[str]:
        """Names of the gaps."""
        return frozenset(name for _, name in self.parts if name is not None)


@dataclass(frozen=True, slots=True)
class Message:
    """One entry: its key and its text, or its texts for one and for several.

    Attributes
    ----------
    key
        Stable English id.
    forms
        One template, or two if the message is plural: for one and for the rest.
    fuzzy
        Whether a translator's tool marked it as a guess.
    comment
        Notes for whoever edits it.
    """

    key: str
    forms: tuple[Template, ...]
    fuzzy: bool = False
    comment: str = ""

    @property
    def is_plural(self) -> bool:
        """Whether the message changes with a count."""
        return len(self.forms) > 1

    @property
    def names(self) -> frozenset[str]:
        """Names of the gaps in any of its forms."""
        return frozenset[str]().union(*(form.names for form in self.forms))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages of one language, by key."""

    language: str
    messages: Mapping[str, Message]


def parse_catalogue(text: str, language: str) -> Catalogue:
    """Read the text of a ``.po`` file.

    Raises
    ------
    ValueError
        If the file is not well formed or a message has gaps that are not plain names.
    """
    try:
        source = read_po(io.StringIO(text), locale=language, ignore_obsolete=True, abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"not a well-formed .po file: {error}") from error
    entries: dict[str, Message] = {}
    for entry in source:
        if not entry.id:
            continue  # the header
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        strings = (entry.string,) if isinstance(entry.string, str) else entry.string or ("",)
        entries[key] = Message(
            key=key,
            forms=tuple(Template.of(string) for string in strings),
            fuzzy=entry.fuzzy,
            comment=" ".join([*entry.auto_comments, *entry.user_comments]),
        )
    return Catalogue(language, MappingProxyType(entries))


def source_text(language: str) -> str:
    """Return the text of the catalogue file of a language."""
    folder = files("simulator.i18n") / "catalogues"
    return (folder / f"{language}.po").read_text(encoding="utf-8")


@lru_cache(maxsize=len(LANGUAGES))
def load_catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language, read from its file the first time.

    Two threads that ask first at the same moment may both read the file; they get equal
    catalogues and one is kept.

    Raises
    ------
    ValueError
        If the language is not one of ours.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, got {language!r}")
    return parse_catalogue(source_text(language), language)


def messages(language: str, keys: Iterable[str] | None = None) -> Mapping[str, Message]:
    """Return the messages of a language for some keys, or all; unknown keys are left out."""
    entries = load_catalogue(language).messages
    if keys is None:
        return entries
    return MappingProxyType({key: entries[key] for key in keys if key in entries})
