"""Units of account and consumer prices with dated values: UF, UTM (Chile), UIT (Peru), CPI.

Small tables of values that could be sourced. A date without a value is an error that says which dates have one:
nothing is guessed. The UF between two values of one of its months follows from its own rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from simulator.scenario.errors import NoDatedValueError

Unit = Literal["uf", "utm", "uit"]


@dataclass(frozen=True, slots=True)
class Dated:
    """A value on a day (or in the year or month that begins on it) with its source."""

    value: float
    source: str
    tag: Literal["source", "unverified"] = "source"


def _days(*rows: tuple[str, Dated]) -> MappingProxyType[date, Dated]:
    return MappingProxyType({date.fromisoformat(day): value for day, value in rows})


UF: Final = _days(
    ("2016-06-30", Dated(26_000.0, "de memoria, ±2 %", "unverified")),
    ("2022-06-30", Dated(33_000.0, "de memoria, ±2 %", "unverified")),
    ("2024-01-08", Dated(36_855.65, "biobiochile.cl, 8 de enero de 2024")),
    ("2024-11-30", Dated(38_247.92, "Banco Central de Chile, si3.bcentral.cl, nine days before")),
    ("2024-12-09", Dated(38_362.26, "Banco Central de Chile, si3.bcentral.cl")),
    ("2025-08-31", Dated(39_383.07, "Previred, agosto de 2025, api.gael.cloud")),
    ("2025-11-09", Dated(39_643.59, "latercera.com, 8 de octubre de 2025")),
    ("2026-01-09", Dated(39_762.52, "elmostrador.cl, 8 de enero de 2026")),
)
"""Unidad de Fomento, pesos, by day."""
UTM: Final = _days(("2025-08-01", Dated(68_647.0, "Previred, agosto de 2025, api.gael.cloud")))
"""Unidad Tributaria Mensual, pesos, by the first day of its month."""
UIT: Final = _days(
    ("2022-01-01", Dated(4_600.0, "rpp.pe noticia-1668236; diariocorreo.pe, 17 de diciembre de 2025")),
    ("2023-01-01", Dated(4_950.0, "rpp.pe noticia-1668236; diariocorreo.pe, 17 de diciembre de 2025")),
    ("2024-01-01", Dated(5_150.0, "rpp.pe noticia-1668236; diariocorreo.pe, 17 de diciembre de 2025")),
    ("2025-01-01", Dated(5_350.0, "rpp.pe noticia-1668236; diariocorreo.pe, 17 de diciembre de 2025")),
    ("2026-01-01", Dated(5_500.0, "DS 301-2025-EF, diariocorreo.pe, 17 de diciembre de 2025")),
)
"""Unidad Impositiva Tributaria, soles, by the first day of its year."""
CPI: Final = MappingProxyType(
    {
        "CL": MappingProxyType(
            {
                2023: Dated(0.039, "biobiochile.cl, 8 de enero de 2024"),
                2024: Dated(0.045, "elmostrador.cl, 8 de enero de 2026"),
                2025: Dated(0.035, "elmostrador.cl, 8 de enero de 2026"),
            }
        )
    }
)
"""Change of consumer prices from December to December, by country and year."""
MONTHLY_CPI: Final = MappingProxyType({(2024, 10): 0.01})
"""Change of Chilean consumer prices in a calendar month, where it follows from published values of the UF."""
CURRENCY: Final = MappingProxyType({"uf": "CLP", "utm": "CLP", "uit": "PEN"})
"""What each unit is worth is money of this currency."""


def known_dates(unit: Unit) -> tuple[str, ...]:
    """Days, months or years in which a unit has a value."""
    table, digits = {"uf": (UF, 10), "utm": (UTM, 7), "uit": (UIT, 4)}[unit]
    return tuple(day.isoformat()[:digits] for day in table)


def unit_value(unit: Unit, day: date) -> float:
    """What one unit is worth on a day, in the currency of its country.

    Raises
    ------
    NoDatedValueError
        If the tables have no value from which it follows.

    Examples
    --------
    >>> unit_value("uit", date(2026, 7, 28)), unit_value("uf", date(2024, 12, 9))
    (5500.0, 38362.26)
    """
    if unit == "uf":
        return uf_value(day)
    table, first = (UTM, day.replace(day=1)) if unit == "utm" else (UIT, date(day.year, 1, 1))
    if first not in table:
        raise NoDatedValueError(unit, day.isoformat(), known_dates(unit))
    return table[first].value


def uf_value(day: date) -> float:
    """The UF on a day: as published, or by its rule from a value of the same period, 10th to 9th.

    Raises
    ------
    NoDatedValueError
        If there is no published value in that period, or the change of prices behind it is not known.
    """
    if day in UF:
        return UF[day].value
    begin, end = uf_period(day)
    before = begin - timedelta(days=1)
    anchors = [known for known in UF if before <= known <= end]
    last_month = before.replace(day=1) - timedelta(days=1)
    change = MONTHLY_CPI.get((last_month.year, last_month.month))
    if not anchors or change is None:
        raise NoDatedValueError("uf", day.isoformat(), known_dates("uf"))
    return round(uf_grown(UF[anchors[0]].value, anchors[0], day, change), 2)


def uf_period(day: date) -> tuple[date, date]:
    """First and last day of the period of the UF in which a day lies: from the 10th to the 9th of the next month.

    Examples
    --------
    >>> [str(end) for end in uf_period(date(2024, 12, 1))]
    ['2024-11-10', '2024-12-09']
    """
    end = day.replace(day=9)
    if day.day > 9:
        end = (day.replace(day=28) + timedelta(days=4)).replace(day=9)
    begin = (end.replace(day=1) - timedelta(days=1)).replace(day=10)
    return begin, end


def uf_grown(value: float, since: date, until: date, change: float) -> float:
    """The UF some days later in the same period.

    Defined as ``value × (1 + change)^(days / days of the period)``: the change of consumer prices in the calendar month
    before the period begins, spread geometrically over its days.

    Examples
    --------
    >>> round(uf_grown(38_247.92, date(2024, 11, 30), date(2024, 12, 9), 0.01), 1)
    38362.3
    """
    begin, end = uf_period(until)
    return value * (1 + change) ** ((until - since).days / ((end - begin).days + 1))


def price_growth(country: str, since: int, until: int) -> float:
    """By how much consumer prices grew from the end of one year to the end of another.

    Raises
    ------
    NoDatedValueError
        If a year between them has no value.

    Examples
    --------
    >>> round(price_growth("CL", 2022, 2025), 4)
    1.1238
    """
    table = CPI.get(country, MappingProxyType({}))
    level = 1.0
    for year in range(since + 1, until + 1):
        if year not in table:
            raise NoDatedValueError(f"CPI {country}", str(year), tuple(map(str, table)))
        level *= 1 + table[year].value
    return level
