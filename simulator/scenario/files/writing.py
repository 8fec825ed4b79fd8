"""A scenario as YAML that people can read: canonical order, defaults left out."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from simulator.scenario.numbers import THOUSANDS_DOT, read_written
from simulator.scenario.scenario import Scenario

_WIDTH = 110
_PLAIN_TEXT = re.compile(r"[^\W\d_](?:[\w ./()%+–—-]|:(?=/))*(?<! )")
_FIGURE_TEXT = re.compile(r"-?\d[\d .e+-]* \([A-Za-z0-9_ ]+\)")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_ESCAPED = re.compile(
    "[\x7f-\xa0\xad\u0600-\u0605\u061c\u070f\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]"
)


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML: canonical order, defaults left out. Reading it back gives the same digest."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "".join(f"{line}\n" for line in _block(_short(data), 0))


def _short(part: Any, key: str = "") -> Any:
    """Bring plain data to the forms in which people write it."""
    if isinstance(part, dict):
        if part.keys() == {"es", "en"} and isinstance(part["es"], str) and part["es"] == part["en"]:
            return part["es"]
        if part.keys() == {"sources", "value"} and (text := _figure_text(part)) is not None:
            return text
        if key == "to" and part and all(share is None for share in part.values()):
            return list(part)
        last = () if "contract" in part else ("sources", "note")
        names = sorted(part, key=lambda name: (name != "kind", name in last))
        return {name: _short(part[name], name) for name in names}
    if isinstance(part, (list, tuple)):
        return [_short(item) for item in part]
    return _number(part) if isinstance(part, float) else part


def _number(value: float) -> int | float:
    """A whole number without its point; minus zero keeps it."""
    whole = value.is_integer() and abs(value) < 1e15 and not (value == 0 and math.copysign(1, value) < 0)
    return int(value) if whole else value


def _figure_text(part: dict[str, Any]) -> str | None:
    """A figure with its references as people write it: ``9 600 000 (S1 S2)``."""
    number = _number(part["value"])
    digits = f"{number:,}".replace(",", " ") if isinstance(number, int) else _digits(number)
    text = f"{digits} ({' '.join(part['sources'])})"
    try:
        same = read_written(text) == (part["value"], tuple(part["sources"]))
    except PydanticCustomError:
        return None
    return text if same else None


def _block(part: dict[str, Any] | list[Any], indent: int) -> Iterator[str]:
    """Lines of a mapping or list, one entry below the other."""
    space = " " * indent
    for key, item in part.items() if isinstance(part, dict) else enumerate(part):
        mark = f"{_key(str(key))}:" if isinstance(part, dict) else "-"
        first, *rest = _value(item, indent, len(mark) + 1)
        if not first and isinstance(part, list):
            first = rest.pop(0).lstrip(" ")
        yield f"{space}{mark} {first}".rstrip()
        yield from rest


def _value(item: Any, indent: int, used: int) -> list[str]:
    """What stands behind a key or dash on its line, and the lines that follow, further in by two."""
    room = _WIDTH - indent - used
    if isinstance(item, (dict, list)) and item:
        flow, depth = _flow(item), _depth(item)
        if len(flow) <= room and depth <= (2 if indent else 1):
            return [flow]
        if isinstance(item, list) and depth == 1 and not re.search(r'[^,] |"', flow):
            lines = textwrap.wrap(flow, _WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
            return ["", *(f"{' ' * (indent + 2)}{line}" for line in lines)]
        return ["", *_block(item, indent + 2)]
    if isinstance(item, str) and ("\n" in item or len(item) > room):
        return _long_text(item, indent + 2)
    return [_flow(item)]


def _long_text(text: str, indent: int) -> list[str]:
    """A text over several lines: folded if it is one paragraph, as it is if it has lines of its own."""
    space = " " * indent
    lines = text.split("\n")
    if _ESCAPED.search(text) or any(line != line.strip() or "\t" in line for line in lines) or not text:
        return [_text(text)]
    if len(lines) > 1:
        return ["|-", *(f"{space}{line}".rstrip() for line in lines)]
    if re.search(r"\s{2}|[^\S ]", text) or len(text.split()) < 2:
        return [_text(text)]
    folded = textwrap.wrap(text, max(_WIDTH - indent, 40), break_long_words=False, break_on_hyphens=False)
    return [">-", *(f"{space}{line}" for line in folded)]


def _depth(part: Any) -> int:
    items = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    return 0 if items is None else 1 + max(map(_depth, items), default=0)


def _flow(part: Any) -> str:
    """A part on one line."""
    if isinstance(part, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in part.items()) + "}"
    if isinstance(part, list):
        return "[" + ", ".join(map(_flow, part)) + "]"
    if isinstance(part, str):
        return _text(part)
    return (
        {None: "null", True: "true", False: "false"}[part]
        if part is None or isinstance(part, bool)
        else _digits(part)
    )


def _digits(number: float) -> str:
    """A number in figures; 12.125 gets a fourth decimal, because some read it as twelve thousand."""
    text = repr(number)
    return f"{text}0" if THOUSANDS_DOT.match(text) else text


def _key(key: str) -> str:
    return key if key == "on" else _text(key)


def _text(text: str) -> str:
    """A text, in quotes unless nobody could take it for anything else."""
    plain = _PLAIN_TEXT.fullmatch(text) and text.lower() not in _WORDS_OF_YAML and not _ESCAPED.search(text)
    if (plain and "  " not in text) or _FIGURE_TEXT.fullmatch(text):
        return text
    quoted = "".join(_escape(character) for character in text)
    return f'"{quoted}"'


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    if character < " " or _ESCAPED.match(character):
        return f"\\u{ord(character):04x}"
    return character
