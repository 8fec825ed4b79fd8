"""What is wrong with a scenario, told without language: a stable code, a place, what was found and allowed.

The sentence a person reads is made by the translator from the code and the placeholders. Values are cleaned
and cut here, so that a hostile file cannot put line breaks, control characters or a megabyte of text into a
message; escaping for HTML or Markdown remains the duty of whoever shows them.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Params = tuple[tuple[str, str | int | float], ...]

MAX_VALUE = 80
MAX_PATH = 200
MAX_ALLOWED = 400
_ELLIPSIS = "…"
_MAX_INT_BITS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing wrong (*error*) or remarkable (*warning*) in a scenario or its file.

    Parameters
    ----------
    code
        Stable name of the kind of issue, e.g. ``capital.shares_sum``; the key of the translated sentence.
    path
        Dotted place in the document, e.g. ``contract.payments.placement.curve``; empty for the whole of it.
    value
        What was found, in short. Control and direction-changing characters are removed, and everything
        beyond 80 characters is cut.
    allowed
        What would be right, as an expression that needs no translation: ``>= 0``, ``0..1``, ``UTF-8``.
    severity
        ``error`` stops the run; ``warning`` travels with the result.
    line
        Line of the file, counted from 1, if it is known.
    params
        More placeholders of the sentence, as pairs of name and value.

    Examples
    --------
    >>> issue = Issue(code="capital.shares_sum", path="contract.capital", value="1.05", allowed="= 1", line=7)
    >>> str(issue)
    'line 7 · contract.capital: capital.shares_sum, found 1.05, allowed = 1'
    """

    code: str
    path: str
    value: str
    allowed: str
    severity: Severity = "error"
    line: int | None = None
    params: Params = ()

    def __post_init__(self) -> None:
        """Clean what may come from a file; the path is an address and stays as it is until it is shown."""
        object.__setattr__(self, "value", clean(self.value))
        object.__setattr__(self, "allowed", clean(self.allowed, limit=MAX_ALLOWED))
        pairs = self.params.items() if isinstance(self.params, Mapping) else self.params
        cleaned = tuple((name, clean(item) if isinstance(item, str) else item) for name, item in pairs)
        object.__setattr__(self, "params", cleaned)

    def __str__(self) -> str:
        """Return the issue on one line, the same in every language."""
        where = f"line {self.line}" if self.line else "", clean(self.path, limit=MAX_PATH)
        place = " · ".join(part for part in where if part)
        found = f", found {self.value}" if self.value else ""
        allowed = f", allowed {self.allowed}" if self.allowed else ""
        return f"{place}{': ' if place else ''}{self.code}{found}{allowed}"

    def placeholders(self) -> dict[str, str | int | float]:
        """Return everything a translated sentence may name: the fields and the extra parameters.

        ``field`` is the last part of the path, unless a parameter says otherwise.

        Examples
        --------
        >>> Issue(code="file.too_large", path="", value="2 MB", allowed="1 MB").placeholders()["allowed"]
        '1 MB'
        """
        path = clean(self.path, limit=MAX_PATH)
        own = {"path": path, "value": self.value, "allowed": self.allowed, "line": self.line or ""}
        return {"field": clean(self.path.rpartition(".")[2])} | dict(self.params) | own


def clean(text: str, *, limit: int = MAX_VALUE) -> str:
    r"""Return a text on one line, without invisible characters, of at most ``limit`` characters.

    Line breaks and tabs become spaces; control and format characters (among them those that change the
    direction of writing), lone surrogates and whatever else cannot be printed go.

    Examples
    --------
    >>> clean("total\n\x1b[31m\u202epaid")
    'total [31mpaid'
    """
    head = text[: 4 * limit]
    shown = "".join(" " if c.isspace() else c for c in head if c.isspace() or c.isprintable()).strip()
    if len(shown) > limit or len(text) > len(head):
        return shown[: limit - 1].rstrip() + _ELLIPSIS
    return shown


def short_repr(value: object) -> str:
    """Return what was found as a person would have written it in the file, in at most 80 characters.

    Safe for any object and any size: nothing large is printed in full before it is cut.

    Examples
    --------
    >>> short_repr("12,5"), short_repr(None), short_repr(True), short_repr(1.05)
    ("'12,5'", 'null', 'true', '1.05')
    >>> short_repr({"placement": {"price": 10}, "wage": [1, 2]}), short_repr([1, [2, 3]])
    ('{placement, wage}', '[1, […]]')
    """
    if isinstance(value, str):
        return f"'{clean(value, limit=MAX_VALUE - 2)}'"
    if isinstance(value, Mapping):
        return clean("{" + ", ".join(_first(map(_key_repr, value))) + "}")
    if isinstance(value, (list, tuple)):
        return clean("[" + ", ".join(_first(map(_item_repr, value))) + "]")
    return clean(_scalar_repr(value))


def _scalar_repr(value: object) -> str:
    """Print a scalar in the notation of the file; for anything else say its type."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, numbers.Integral):
        number = int(value)
        return str(number) if number.bit_length() <= _MAX_INT_BITS else hex(number)[: 2 * MAX_VALUE]
    if isinstance(value, numbers.Real):
        with suppress(OverflowError):  # a fraction may be too large
            return repr(float(value))
    return type(value).__name__


def _key_repr(key: object) -> str:
    return key if isinstance(key, str) else _scalar_repr(key)


def _item_repr(value: object) -> str:
    """Print a member of a list, without going into its own members."""
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[…]" if value else "[]"
    return short_repr(value)


def _first(parts: Iterable[str]) -> Iterable[str]:
    """Yield as many parts as can be seen, and an ellipsis if there are more."""
    room = MAX_VALUE
    for part in parts:
        yield part
        room -= len(part) + 2
        if room < 0:
            yield _ELLIPSIS
            return
