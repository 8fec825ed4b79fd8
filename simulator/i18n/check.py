"""The catalogues against each other, against the style of the house and against the code.

``python -m simulator.i18n.check`` prints what is wrong and is silent when all is well;
with ``--sort`` it puts the entries of both files in the order of their keys first, so
that a new one may be written anywhere.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from simulator.i18n.catalogue import Catalogue, Message, parse_catalogue, source_text
from simulator.i18n.terms import phrases
from simulator.i18n.words import LANGUAGES

__all__ = ["code_problems", "file_problems", "main", "problems", "scan", "sorted_text"]

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_ENTRY_KEY: Final = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
_HEADER: Final = '"Language: {language}\\n"', '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
_CALLS: Final = ("tr", "trn")

# Not how a public office writes to a reader anywhere in Latin America: voseo, tuteo,
# vosotros, and the words of Spain for computer things.
_NOT_OURS: Final = re.compile(
    r"\b(vos|tenés|podés|querés|elegí|ingresá|escribí|revisá|corregí|agregá|hacé"
    r"|tú|tienes|puedes|quieres|haz"
    r"|vosotros|vuestr[oa]s?|tenéis|podéis|ficheros?|ordenador(?:es)?)\b",
    re.IGNORECASE,
)
# A text of this many words that is the same in both languages was not translated.
_WORDS_ALIKE: Final = 3
_SAME_ON_PURPOSE: Final = "same in both languages"


def problems() -> list[str]:
    """Return everything wrong with the shipped catalogues; empty when all is well."""
    found = [line for language in LANGUAGES for line in file_problems(source_text(language), language)]
    if found:
        return found  # what is read from a broken file would only mislead
    spanish, english = (parse_catalogue(source_text(language), language) for language in ("es", "en"))
    package = Path(__file__).resolve().parent.parent
    return scan(spanish, english) + code_problems(package, spanish.messages)


def file_problems(text: str, language: str) -> list[str]:
    """Return what is wrong with the text of one file: reading, header, order, repetition."""
    found = [
        f"{language}: header lacks {line.format(language=language)}"
        for line in _HEADER
        if line.format(language=language) not in text
    ]
    keys = _ENTRY_KEY.findall(text)
    found += [f"{language}: {key}: appears {n} times" for key, n in Counter(keys).items() if n > 1]
    if keys != sorted(keys):
        found.append(f"{language}: entries are not sorted; run python -m simulator.i18n.check --sort")
    if "\n#~" in text:
        found.append(f"{language}: has obsolete entries (#~); delete them")
    try:
        parse_catalogue(text, language)
    except ValueError as error:
        found.append(f"{language}: cannot be read: {error}")
    return found


def scan(spanish: Catalogue, english: Catalogue) -> list[str]:
    """Return what is wrong with two catalogues that can be read.

    Same keys, same gaps, same plurals; nothing fuzzy, empty, malformed, untranslated or
    in the wrong variety of Spanish.
    """
    es, en = spanish.messages, english.messages
    found = [f"en: {key}: missing" for key in sorted(es.keys() - en.keys())]
    found += [f"es: {key}: missing" for key in sorted(en.keys() - es.keys())]
    for language, entries in (("es", es), ("en", en)):
        for key in sorted(entries):
            found += [f"{language}: {key}: {what}" for what in _entry_problems(entries[key])]
    for key in sorted(es):
        found += [f"es: {key}: {word!r} is not neutral Spanish" for word in _odd_words(es[key])]
        if key in en:
            found += [f"{key}: {what}" for what in _pair_problems(es[key], en[key])]
    return found


def code_problems(folder: Path, entries: Mapping[str, Message]) -> list[str]:
    """Return the keys written in calls of ``tr`` and ``trn`` that have no text."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder.parent)
        try:
            calls = list(_keys_in(path.read_text(encoding="utf-8")))
        except SyntaxError as error:
            found.append(f"{place}: cannot be read: {error}")
            continue
        for line, name, key in calls:
            if key not in entries:
                found.append(f"{place}:{line}: no text for {key!r}")
            elif entries[key].is_plural != (name == "trn"):
                found.append(f"{place}:{line}: {key!r} needs {'trn' if name == 'tr' else 'tr'}")
    return found


def sorted_text(text: str) -> str:
    """Return the text of a catalogue file with its entries in the order of their keys."""
    header, *entries = re.split(r"\n{2,}", text.strip())
    entries.sort(key=lambda entry: _ENTRY_KEY.findall(entry)[:1])
    return "\n\n".join([header, *entries]) + "\n"


def main(arguments: Iterable[str] | None = None) -> int:
    """Print the problems and return the exit code: 0 when there are none."""
    chosen = sys.argv[1:] if arguments is None else list(arguments)
    if "--sort" in chosen:
        for language in LANGUAGES:
            path = Path(__file__).resolve().parent / "catalogues" / f"{language}.po"
            path.write_text(sorted_text(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = problems()
    if found:
        print("\n".join(found))
    return int(bool(found))


def _entry_problems(message: Message) -> Iterator[str]:
    """Yield what is wrong with one entry by itself."""
    if not _KEY.fullmatch(message.key):
        yield "a key is lower-case words joined by points"
    if message.fuzzy:
        yield "is marked fuzzy"
    for form in message.forms:
        if not form.text.strip():
            yield "is empty"
        elif form.text != form.text.strip() or "  " in form.text:
            yield "has stray spaces"
    known = phrases("en", "").keys()
    terms = (name for name in message.names if name.lower().startswith("term_"))
    yield from (f"{{{name}}} is not in terms.py" for name in sorted(terms) if name not in known)


def _pair_problems(es: Message, en: Message) -> Iterator[str]:
    """Yield what is wrong between the two languages of one key."""
    if es.is_plural != en.is_plural:
        yield "is plural in one language only"
    elif _gaps(es) != _gaps(en):
        yield f"gaps differ: es {sorted(_gaps(es))}, en {sorted(_gaps(en))}"
    alike = es.forms[-1].text == en.forms[-1].text
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}", "", es.forms[-1].text))
    if alike and len(words) >= _WORDS_ALIKE and _SAME_ON_PURPOSE not in es.comment:
        yield f"is not translated (if it is right, say '#. {_SAME_ON_PURPOSE}' in es.po)"


def _gaps(message: Message) -> frozenset[str]:
    """Return the gaps that both languages must share.

    Country terms are left out, because one language may need the article where the other
    repeats the noun, and so is what the singular may leave unsaid ("one month").
    """
    return frozenset(name for name in message.forms[-1].names if not name.lower().startswith("term_"))


def _odd_words(message: Message) -> Iterator[str]:
    """Yield the words that do not belong in our Spanish."""
    for form in message.forms:
        yield from _NOT_OURS.findall(form.text)


def _keys_in(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, function and key of each call of ``tr`` or ``trn`` with a literal key."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if name in _CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield node.lineno, name, first.value


if __name__ == "__main__":
    sys.exit(main())
