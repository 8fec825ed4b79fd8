"""Numbers and constants of a document: each with one reading only."""

from __future__ import annotations

import re

from simulator.scenario.numbers import THOUSANDS_DOT, written_both_ways
from simulator.scenario.strict_yaml.limits import MAX_DIGITS, MAX_NUMBER, MIN_NUMBER

CONSTANTS: dict[str, bool | None] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
NUMBER = re.compile(
    r"(?P<special>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
    r"|(?P<radix>0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<integer>[-+]?[0-9]+)"
    r"|(?P<decimal>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_RANGE = "0, ±1e-300..±1e300"  # MIN_NUMBER to MAX_NUMBER
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")


class NumberError(ValueError):
    """A number that is refused: the code of the issue and what would be right."""

    def __init__(self, code: str, allowed: str) -> None:
        super().__init__(code)
        self.code = code
        self.allowed = allowed


def read_number(match: re.Match[str]) -> int | float:
    """Return a number if it is one that nobody can misread."""
    text, kind = match.group(), match.lastgroup
    if kind == "special":
        raise NumberError("yaml.number", _RANGE)
    digits = len(text) - 2 if kind == "radix" else sum(map(text.count, "0123456789"))
    if digits > MAX_DIGITS:
        raise NumberError("yaml.number_digits", f"<= {MAX_DIGITS}")
    if kind == "radix":
        return int(text, 0)
    if THOUSANDS_DOT.match(text):
        raise NumberError("yaml.thousands_dot", written_both_ways(text))
    if _LEADING_ZERO.match(text):
        raise NumberError("yaml.leading_zero", "")
    return int(text) if kind == "integer" else _decimal(text)


def _decimal(text: str) -> float:
    value = float(text)
    is_zero = re.match("[^eE]*[1-9]", text) is None
    if not is_zero and not MIN_NUMBER <= abs(value) <= MAX_NUMBER:
        raise NumberError("yaml.number", _RANGE)
    return value
