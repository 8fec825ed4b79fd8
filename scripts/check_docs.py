"""Say what is wrong with the documents: generated pages, links, texts of fields, examples.

``python -m scripts.check_docs`` prints each problem on one line and returns 1; it is silent when all is well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from scripts.build_docs import examples_missing, pages
from simulator.i18n.catalogue import parse_catalogue
from simulator.i18n.check import file_problems, scan
from simulator.i18n.fields import catalogue_problems, spanish_source

__all__ = ["field_problems", "link_problems", "main", "page_problems", "problems"]

ROOT: Final = Path(__file__).resolve().parents[1]

_CODE: Final = re.compile(r"^(```|~~~).*?^\1[ \t]*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:src|href)=\"([^\"]+)\"")
_ELSEWHERE: Final = re.compile(r"^[a-z][a-z0-9+.-]*:|^//", re.IGNORECASE)
_HEADING: Final = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_ANCHOR: Final = re.compile(r"<a id=\"([^\"]+)\">")
_KINDS: Final = ("is empty", "stray spaces", "is not neutral Spanish", "is marked fuzzy")


def main() -> int:
    """Print the problems and return the exit code: 0 when there are none."""
    found = problems()
    if found:
        print("\n".join(found))
    return int(bool(found))


def problems() -> list[str]:
    """Return everything that is wrong; texts of fields first, because pages are made from them."""
    found = field_problems() + examples_missing()
    return found or [*page_problems(), *link_problems(ROOT)]


def field_problems() -> list[str]:
    """Return what is wrong with the texts of models and fields."""
    found = file_problems(spanish_source(), "es")
    if found:
        return [f"fields.{line}" for line in found]
    catalogue = parse_catalogue(spanish_source(), "es")
    style = [line for line in scan(catalogue, catalogue) if any(kind in line for kind in _KINDS)]
    return catalogue_problems() + [f"fields.{line}" for line in style]


def page_problems() -> Iterator[str]:
    """Yield generated pages that are not what the code would write now."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(ROOT)}: out of date; run python -m scripts.build_docs"


def link_problems(root: Path) -> Iterator[str]:
    """Yield links of ``README.md`` and the pages of ``docs/`` that lead to nothing in the repository."""
    for page in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")]):
        text = page.read_text(encoding="utf-8")
        for target in _targets(text):
            file, _, anchor = target.partition("#")
            place = (page.parent / unquote(file)).resolve() if file else page
            name = page.relative_to(root)
            if not place.is_relative_to(root.resolve()) or not place.exists():
                yield f"{name}: link to {target}: no such file"
            elif (
                anchor and place.suffix == ".md" and anchor not in _anchors(place.read_text(encoding="utf-8"))
            ):
                yield f"{name}: link to {target}: no such place in the page"


def _targets(text: str) -> list[str]:
    """Return what a page links to, inside the repository; code is not looked at."""
    found = (first or second for first, second in _LINK.findall(_CODE.sub("", text)))
    return [target for target in found if not _ELSEWHERE.match(target)]


def _anchors(text: str) -> set[str]:
    """Return the names that links may have after ``#``: of headings, as GitHub makes them, and explicit ones."""
    headings = (
        re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]*>|`", "", heading.lower()))
        for heading in _HEADING.findall(text)
    )
    return {heading.strip().replace(" ", "-") for heading in headings} | set(_ANCHOR.findall(text))


if __name__ == "__main__":
    sys.exit(main())
