"""The few words that belong to figures: large numbers and months, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["LANGUAGES", "MONTHS", "MONTHS_SHORT", "SCALES", "Scale"]

LANGUAGES: Final = ("es", "en")


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of ten with the word for one and for several of it.

    ``links`` says that Spanish puts "de" between the word and a noun: *330 millones de €*.
    """

    exponent: int
    one: str
    many: str
    links: bool = False


# Spanish billón is 10^12, English billion 10^9: the costliest false friend of all.
SCALES: Final[Mapping[str, tuple[Scale, ...]]] = MappingProxyType(
    {
        "es": (
            Scale(3, "mil", "mil"),
            Scale(6, "millón", "millones", links=True),
            Scale(9, "mil millones", "mil millones", links=True),
            Scale(12, "billón", "billones", links=True),
        ),
        "en": (
            Scale(3, "thousand", "thousand"),
            Scale(6, "million", "million"),
            Scale(9, "billion", "billion"),
            Scale(12, "trillion", "trillion"),
        ),
    }
)

# September in Spanish comes from the number locale: it is "setiembre" in Peru.
MONTHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "es": (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        "en": (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    }
)
MONTHS_SHORT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    }
)
