"""The examples of the documents: where they stand in a deal, and the whole deal that each of them makes.

Two kinds: those of the reference (``reference_examples.yaml``) and the YAML blocks of the pages in ``docs/``. An
example is put into a deal, most often ``docs/guide/small-deal.yaml``, and the tests read and run what comes out.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

__all__ = [
    "Block",
    "Example",
    "Part",
    "blocks",
    "merged",
    "parts",
    "placed",
    "read_yaml",
    "small_deal",
    "written",
]

ROOT: Final = Path(__file__).resolve().parents[1]
DATA: Final = Path(__file__).with_name("reference_examples.yaml")
SMALL_DEAL: Final = ROOT / "docs" / "guide" / "small-deal.yaml"

_FENCE: Final = re.compile(r"(?:<!-- (?P<marks>[^>]*?) -->\n)?```yaml\n(?P<text>.*?)```", re.DOTALL)
_LINE: Final = re.compile(r"^(?P<field>[a-z_0-9]+): ?(?P<rest>.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of a part of a document."""

    text: str
    """As it is printed: one line per field."""
    at: tuple[str, ...]
    """Path in the small deal."""
    needs: dict[str, Any] = field(default_factory=dict)
    """What it asks of the rest of the deal."""
    merge: bool = False
    """Whether it is merged into what is there or takes its place."""

    def lines(self) -> dict[str, str]:
        """Return the line of each field."""
        found = (_LINE.match(line) for line in self.text.splitlines())
        return {match["field"]: match.group() for match in found if match}

    def deal(self) -> str:
        """Return the whole deal in which it is tried, as YAML."""
        return written(
            placed(merged(small_deal(), self.needs), self.at, read_yaml(self.text), merge=self.merge)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A model of the schema with its title and its examples, or a title of a group of models."""

    model: str
    """Empty for a group."""
    title: dict[str, str]
    place: str = ""
    """Where it stands in a document, for people."""
    short: str = ""
    """Field that may hold the name of its kind alone."""
    examples: tuple[Example, ...] = ()

    def example_of(self, name: str) -> str:
        """Return the first line that gives a field, empty if none does."""
        return next((ex.lines()[name] for ex in self.examples if name in ex.lines()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A YAML block of a page, with the marks in the comment before it.

    ``step`` says that it adds to the contract that the page writes step by step, ``whole`` that it is a deal by
    itself, ``skip`` that it is no part of a deal; anything else is tried in the small deal.
    """

    text: str
    marks: frozenset[str]
    line: int

    def deal(self) -> str:
        """Return the small deal with this block in it; what is ``null`` in the block is taken out of the deal."""
        return written(merged(small_deal(), read_yaml(self.text)))


def blocks(page: str) -> Iterator[Block]:
    """Yield the YAML blocks of a Markdown page."""
    for match in _FENCE.finditer(page):
        marks = frozenset((match["marks"] or "").split())
        yield Block(text=match["text"], marks=marks, line=page.count("\n", 0, match.start("text")) + 1)


def read_yaml(text: str) -> Any:
    """Read YAML into plain data."""
    return YAML(typ="safe", pure=True).load(text)


def written(data: Any) -> str:
    """Write plain data as YAML."""
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # the stubs know no false
    writer.dump(data, stream)
    return stream.getvalue()


def merged(base: Any, change: Any) -> Any:
    """Merge a change into data, mapping by mapping; null takes a key out, anything else takes a place.

    Examples
    --------
    >>> merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 4, "c": None}})
    {'a': {'b': 4}, 'd': 3}
    """
    if not isinstance(base, dict) or not isinstance(change, dict):
        return copy.deepcopy(change)
    made = dict(base)
    for key, value in change.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key, {} if isinstance(value, dict) else None), value)
    return made


def placed(data: Any, at: Sequence[str], value: Any, *, merge: bool = False) -> Any:
    """Put a value at a path, making mappings on the way."""
    if not at:
        return merged(data, value) if merge else value
    head, *rest = at
    if isinstance(data, list):
        number = int(head)
        return [
            placed(item, rest, value, merge=merge) if k == number else item for k, item in enumerate(data)
        ]
    inside = data.get(head, {}) if isinstance(data, dict) else {}
    return {**data, head: placed(inside, rest, value, merge=merge)}


@lru_cache(maxsize=1)
def small_deal() -> dict[str, Any]:
    """Return the deal in which examples are tried; nobody writes into it."""
    data: dict[str, Any] = read_yaml(SMALL_DEAL.read_text(encoding="utf-8"))
    return data


def _path(at: str | list[str]) -> tuple[str, ...]:
    return tuple(at.split(".")) if isinstance(at, str) and at else tuple(at)


@lru_cache(maxsize=1)
def parts() -> tuple[Part, ...]:
    """Return groups and parts of a document in reading order."""
    return tuple(_part(entry) for entry in read_yaml(DATA.read_text(encoding="utf-8")))


def _part(entry: dict[str, Any]) -> Part:
    if "group" in entry:
        return Part(model="", title=entry["group"])
    examples = []
    for given in entry["examples"]:
        own = {"yaml": given} if isinstance(given, str) else given
        needs = merged(entry.get("needs", {}), own.get("needs", {}))
        examples.append(
            Example(
                text=own["yaml"].strip() + "\n",
                at=_path(own.get("at", entry["at"])),
                needs=needs,
                merge=entry.get("merge", False),
            )
        )
    return Part(
        model=entry["model"],
        title=entry["title"],
        place=entry["place"],
        short=entry.get("short", ""),
        examples=tuple(examples),
    )
