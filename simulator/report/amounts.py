"""Amounts in sentences: three figures or so, whatever their size."""

from __future__ import annotations

import math

from simulator.i18n import Formats


def three_figures(amount: float, currency: str, formats: Formats) -> str:
    """Write an amount with about three figures, large ones with their word or in MM$.

    Examples
    --------
    >>> three_figures(1_185_855_000.0, "COP", Formats("es-CO"))
    '$ 1,19 mil millones'
    """
    return formats.money(amount, currency, _digits(amount, currency, formats), compact=True)


def _digits(amount: float, currency: str, formats: Formats) -> int | None:
    """Decimals that leave three figures in a compact amount."""
    size = abs(amount)
    if not math.isfinite(size) or size < 10_000:
        return 0
    in_millions = formats.money(1e7, currency, compact=True).startswith("MM")
    if in_millions and size < 999_500:
        return 0
    scaled = size / 1e6 if in_millions else size / 10 ** (3 * math.floor(math.log10(size) / 3))
    return 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0


__all__ = ["three_figures"]
