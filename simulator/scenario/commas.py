"""Commas in numbers: refused, because they mean different things to different readers, with what may be meant."""

from __future__ import annotations

import re

from simulator.scenario.numbers import THOUSANDS_DOT, written_both_ways

_WITH_COMMA = re.compile(
    r"(?P<whole>[-+]?\d[\d .]*)(?P<groups>(?:,\d+)+)(?P<decimals>\.\d+)?(?P<tail>\s*%?\s*(?:[(\[].{0,90})?)"
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ .]?\d{3})*")


def without_comma(text: str) -> str:
    """How a number with commas may be written so that everybody reads the same; nothing if it is no number.

    Examples
    --------
    >>> without_comma("0,3"), without_comma("4,5 % (S1)"), without_comma("1.250.000,50")
    ('0.3', '4.5 % (S1)', '1 250 000.50')
    >>> without_comma("250,000"), without_comma("9,600,000"), without_comma("uno, dos")
    ('250 000 | 250.0000', '9 600 000', '')
    """
    match = _WITH_COMMA.fullmatch(text.strip()) if len(text) <= 120 else None
    if match is None:
        return ""
    whole, tail = match["whole"].strip(), match["tail"].rstrip()
    groups, decimals = match["groups"][1:].split(","), match["decimals"] or ""
    if decimals or len(groups) > 1:
        return (
            " ".join([whole, *groups]) + decimals + tail if all(len(group) == 3 for group in groups) else ""
        )
    if not (whole.lstrip("+-").isdecimal() or _THOUSANDS.fullmatch(whole)):
        return ""
    written = f"{whole.replace('.', ' ')}.{groups[0]}"
    if not THOUSANDS_DOT.match(written):
        return written + tail
    return " | ".join(way + tail for way in written_both_ways(written).split(" | "))


__all__ = ["without_comma"]
