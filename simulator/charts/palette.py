"""Colours and marks of the parties, the same in every chart (Okabe and Ito, safe for colour-blind readers)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

PAYER: Final = "#0072B2"
INVESTOR: Final = "#D55E00"
PROVIDER: Final = "#009E73"
GUARANTOR: Final = "#CC79A7"
NEUTRAL: Final = "#7A868C"
PROVISION: Final = "#E69F00"
LOSS: Final = INVESTOR
"""A loss has the investor's colour and, always, another shape or a hatch too."""

OF_ROLE: Final = MappingProxyType(
    {
        "payer": PAYER,
        "investor": INVESTOR,
        "provider": PROVIDER,
        "guarantor": GUARANTOR,
        "grantor": GUARANTOR,
        "manager": NEUTRAL,
        "evaluator": NEUTRAL,
        "account": NEUTRAL,
        "outside": NEUTRAL,
    }
)


def tint(colour: str, alpha: float) -> str:
    """Make a colour see-through.

    Examples
    --------
    >>> tint("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
