"""What is known of the budget rules of a country, each with where it comes from. Nothing is known of the others.

These are notes beside numbers and not legal advice: what no source at hand says is marked as not verified. The
sentences are in the catalogues under ``budget.law.COUNTRY.KEY``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from simulator.scenario.scenario import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class LawNote:
    """One rule, or custom, of a country's budget."""

    country: str
    key: str
    tag: Tag
    source: str = ""
    """Title and address; nothing where nothing was found."""

    @property
    def text(self) -> str:
        """Key of its sentence."""
        return f"budget.law.{self.country.lower()}.{self.key}"


def _notes(country: str, *notes: tuple[str, Tag, str]) -> tuple[LawNote, ...]:
    return tuple(LawNote(country=country, key=key, tag=tag, source=source) for key, tag, source in notes)


LAW: Final[Mapping[str, tuple[LawNote, ...]]] = MappingProxyType(
    {
        "CL": _notes(
            "CL",
            ("year", "source", "Ley 21.640 de Presupuestos 2024, bcn.cl/leychile idNorma=1199318"),
            ("authority", "unverified", ""),
        ),
        "PE": _notes(
            "PE",
            ("year", "source", "busquedas.elperuano.pe 1731057-1; RD 0034-2020-EF/50.01"),
            ("commitment", "source", "Programación de Compromisos Anual 2024, scribd 741335273"),
            ("forecast", "unverified", ""),
        ),
        "CO": _notes(
            "CO",
            ("future_years", "unverified", "Proyecto de ley 171 de 2017, imprenta.gov.co"),
            ("trust", "source", "Fiducia mercantil 359 FIP de 2019, lawinsider.com kmrYLOAiLeq"),
        ),
        "AR": _notes(
            "AR",
            ("index", "source", "La Nación, ar.vlex.com/vid/879186807"),
            ("year", "unverified", ""),
        ),
    }
)  # fmt: skip
"""Facts and sources are those of the project's research on Latin America, sections 3 and 7."""


def law_notes(country: str) -> tuple[LawNote, ...]:
    """What is known of a country; nothing for most."""
    return LAW.get(country, ())


__all__ = ["LAW", "LawNote", "law_notes"]
