"""Digits: from a number to grouped figures, with no currency and no words."""

from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Integral
from typing import Final, SupportsFloat

from simulator.i18n.locales import NumberLocale

__all__ = ["Figure", "exact", "group_digits", "plain_figures", "rounded", "shifted"]

# What the formatter accepts: float, int, Decimal, NumPy scalars; None stands for undefined.
Figure = SupportsFloat | None

# A float has at most 309 whole digits and 1,074 decimals.
_PRECISION: Final = 1400


def exact(x: Figure) -> Decimal:
    """Return the decimal number a person would read: the shortest that means ``x``."""
    if x is None:
        return Decimal("NaN")
    if isinstance(x, Decimal):
        return x
    if isinstance(x, Integral):
        return Decimal(int(x))
    return Decimal(repr(float(x)))


def rounded(x: Decimal, digits: int | None) -> Decimal:
    """Round half away from zero, as Excel and people do; None keeps every digit."""
    if digits is None:
        return x
    unit = Decimal(1).scaleb(-digits)
    return x.quantize(unit, rounding=ROUND_HALF_UP, context=Context(prec=_PRECISION))


def shifted(x: Decimal, places: int) -> Decimal:
    """Multiply by a power of ten, exactly: 0.29 is 29 %, not 28.999999999999996 %."""
    return x.scaleb(places, context=Context(prec=_PRECISION))


def group_digits(whole: str, *, mark: str, start: int) -> str:
    """Separate thousands in a run of digits when it has at least ``start`` of them."""
    if len(whole) < start:
        return whole
    head = len(whole) % 3
    groups = [whole[i : i + 3] for i in range(head, len(whole), 3)]
    return mark.join([whole[:head], *groups] if head else groups)


def plain_figures(x: Decimal, locale: NumberLocale, digits: int | None) -> tuple[bool, str]:
    """Split a finite number into its sign and its figures as the locale writes them.

    Returns
    -------
    Whether a minus goes in front, and the figures without it. What rounds to zero has
    no sign: nobody reads "-0".
    """
    shown = rounded(x, digits)
    whole, _, fraction = f"{shown.copy_abs():f}".partition(".")
    if digits is None:
        fraction = fraction.rstrip("0")
    figures = group_digits(whole, mark=locale.group, start=locale.group_from)
    if fraction:
        figures = f"{figures}{locale.decimal}{fraction}"
    return shown < 0, figures
