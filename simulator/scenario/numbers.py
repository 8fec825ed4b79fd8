"""How a number may be written in a document: ``12.5``, ``12.5 %``, ``9 600 000 (S1 M)``.

Spaces may part groups of three, a percent sign divides by one hundred, and references in brackets, round or
square, say where the figure comes from. Commas are refused, because they mean different things to different readers.
"""

from __future__ import annotations

import math
import re
from typing import Any

from pydantic_core import PydanticCustomError

LARGEST = 1e18
_WRITTEN = re.compile(
    r"^\s*(?P<number>[-+]?(?:\d{1,3}(?:[   ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)"
    r"\s*(?P<percent>%)?\s*(?P<references>(?:\[[A-Za-z0-9_ ]{1,80}\]\s*|\([A-Za-z0-9_ ]{1,80}\)\s*)*)$"
)
THOUSANDS_DOT = re.compile(r"^[-+]?[1-9]\d{0,2}\.\d{3}$")
"""One dot before exactly three digits: 150.000 is 150 000 to many who write contracts, and 150 to others."""
_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
ALLOWED = "a number such as 12.5, 12.5 % or 9 600 000 (S1); decimal point, spaces between thousands"


def written_both_ways(text: str) -> str:
    """The two unambiguous ways of writing what may have been meant.

    Examples
    --------
    >>> written_both_ways("150.000")
    '150 000 | 150.0000'
    """
    return f"{text.replace('.', ' ')} | {text}0"


def wrong_number(found: Any, allowed: str = ALLOWED) -> PydanticCustomError:
    """The one complaint about a number that cannot be read."""
    return PydanticCustomError("number", "{allowed}", {"allowed": allowed, "found": str(found)[:80]})


def read_written(text: str) -> tuple[float, tuple[str, ...]]:
    """Read a number with its references from a text.

    Parameters
    ----------
    text
        A number as a person writes it in a document.

    Returns
    -------
    The number as a decimal fraction or amount, and the reference keys that stand behind it.

    Raises
    ------
    PydanticCustomError
        If the text has no single unambiguous reading.

    Examples
    --------
    >>> read_written("8.5 % (I M)")
    (0.085, ('I', 'M'))
    >>> read_written("9 600 000")
    (9600000.0, ())
    """
    match = _WRITTEN.match(text) if len(text) <= 120 else None
    if match is None:
        raise wrong_number(text)
    if THOUSANDS_DOT.match(match["number"]) and not match["percent"]:
        raise wrong_number(text, written_both_ways(match["number"]))
    digits = re.sub(r"\s", "", match["number"])
    value = float(f"{digits}e-2") if match["percent"] and "e" not in digits.lower() else float(digits)
    if match["percent"] and "e" in digits.lower():
        value /= 100
    return checked_number(value), tuple(_REFERENCE.findall(match["references"]))


def checked_number(value: float) -> float:
    """A finite number of believable size, or a complaint."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise wrong_number(value, f"a finite number between -{LARGEST:g} and {LARGEST:g}")
    return value


def read_number(data: Any) -> Any:
    """Before-validator of plain numbers: texts are read, truth values refused, the rest left to the schema."""
    if isinstance(data, bool):
        raise wrong_number(data)
    if isinstance(data, str):
        value, references = read_written(data)
        if references:
            raise wrong_number(data, "a number without references here")
        return value
    if isinstance(data, (int, float)):
        try:
            return checked_number(float(data))
        except OverflowError:
            raise wrong_number(data) from None
    return data


def read_figure(data: Any) -> Any:
    """Before-validator of figures: bring every short form to the one form with a ``kind``."""
    if isinstance(data, bool):
        raise wrong_number(data)
    if isinstance(data, (int, float)):
        return {"kind": "fixed", "value": read_number(data)}
    if isinstance(data, str):
        value, references = read_written(data)
        return {"kind": "fixed", "value": value, "sources": references}
    if isinstance(data, dict) and "kind" not in data:
        return {"kind": "fixed", **data}
    return data
