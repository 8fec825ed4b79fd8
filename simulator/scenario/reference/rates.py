"""Official social discount rates by country: real, a year, each with its source and how sure it is.

They discount real money at the rate of the payer's country. A rate that nobody could verify says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from simulator.scenario.distributions import FloatArray

RateTag = Literal["source", "derived", "unverified", "assumption", "disputed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A real discount rate a year, or one that falls with time.

    Examples
    --------
    >>> Discount(key="flat", steps=((float("inf"), 0.06),)).factor(np.array([0.0, 1.0])).round(4).tolist()
    [1.0, 0.9434]
    """

    key: str
    """Stable name: ``official``, ``own``, ``low``, ``high`` or any other."""
    steps: tuple[tuple[float, float], ...]
    """Pairs of the year up to which a rate holds and the rate; the last one holds for ever."""
    source: str = ""
    tag: RateTag = "source"

    @property
    def rate(self) -> float:
        """The rate of the first years."""
        return self.steps[0][1]

    def factor(self, years: FloatArray) -> FloatArray:
        """Present value of one unit of real money after so many years.

        Defined as the product over steps of ``(1 + rate)^(-years spent in that step)``.
        """
        whole, begin = np.ones_like(years, dtype=float), 0.0
        for end, rate in self.steps:
            whole = whole * (1 + rate) ** -np.clip(years - begin, 0.0, end - begin)
            begin = end
        return whole


def flat(rate: float, *, key: str = "own", source: str = "", tag: RateTag = "assumption") -> Discount:
    """One rate for all years."""
    return Discount(key=key, steps=((float("inf"), rate),), source=source, tag=tag)


def nominal_rate(real: float, inflation: float) -> float:
    """Nominal rate that discounts nominal money to the same present value as a real rate does real money.

    Defined as ``(1 + real) (1 + inflation) - 1`` (Fisher).

    Examples
    --------
    >>> round(nominal_rate(0.06, 0.035), 4)
    0.0971
    """
    return (1 + real) * (1 + inflation) - 1


def _official(rate: float, source: str, tag: RateTag = "source") -> Discount:
    return flat(rate, key="official", source=source, tag=tag)


OFFICIAL: Final = MappingProxyType(
    {
        "CL": _official(
            0.06,
            "MIDEPLAN 2008; Universidad de Chile, tesis sobre la tasa social de descuento, "
            "repositorio.uchile.cl 2250/113517. 5,5 % (2024-25) sin fuente: confirmar en MDSF/SNI",
        ),
        "PE": _official(0.08, "Anexo 11, Directiva 001-2019-EF/63.01, es.scribd.com/document/468834156"),
        "CO": _official(0.09, "DNP, Archivos de Economía 487 (Piraquive et al., 2018)"),
        "MX": _official(0.10, "SHCP, Tasa Social de Descuento, gob.mx/shcp"),
        "AR": _official(0.12, "12 % histórica, de memoria: no hay tasa oficial verificada", "unverified"),
        "EC": _official(0.12, "Castillo y Zhangallimbay, La tasa social de descuento... Ecuador: 12 % de uso multilateral"),
        "GB": Discount(
            key="official",
            steps=((30.0, 0.035), (75.0, 0.03), (float("inf"), 0.025)),
            source="HM Treasury, Green Book: 3.5 % years 1-30, 3.0 % 31-75, 2.5 % after (gov.uk, 16 December 2025)",
        ),
    }
)  # fmt: skip
"""Official real rates by country (ISO 3166)."""
LOW: Final = flat(0.035, key="low", source="HM Treasury, Green Book", tag="source")
"""Always shown beside the official rate."""
HIGH: Final = flat(0.12, key="high", source="BID / planificación: tasa estándar 12 %", tag="source")
"""Always shown beside the official rate."""
