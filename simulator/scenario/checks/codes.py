"""Codes of country and currency, the date of the close, names that mean something else, references to sources."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator

from simulator.scenario.checks.common import DRIVERS, Check, one_name, warning
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import BUILT_IN_TAGS, Scenario

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())
"""ISO 3166 codes that are in use (CLDR 48)."""
_CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD "
    "TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CURRENCIES.split())
"""ISO 4217 codes that are in use (CLDR 48)."""
RESERVED = {
    "contract.parties": frozenset({"outside"}),
    "contract.results": frozenset({"people", *DRIVERS}),
    "contract.payments": frozenset({"all"}),
    "contract.capital": frozenset({"investors"}),
}
"""Names that mean something else in a document or among the numbers of a deal."""


def _check_codes(scenario: Scenario) -> Iterator[Issue]:
    """Country and currency exist; the date of the close does."""
    if scenario.country not in COUNTRIES:
        yield warning("country.unknown", "country", scenario.country, "ISO 3166")
    if scenario.currency not in CURRENCIES:
        close = ", ".join(difflib.get_close_matches(scenario.currency, sorted(CURRENCIES), n=3)) or "ISO 4217"
        yield warning("currency.unknown", "currency", scenario.currency, close)
    start = scenario.contract.calendar.start
    try:
        datetime.date.fromisoformat(start)
    except ValueError:
        yield Issue(code="date", path="contract.calendar.start", value=start, allowed="2027-01-31")


def _check_reserved(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for section, names in (("parties", contract.parties), ("results", contract.results),
                           ("payments", contract.payments), ("capital", contract.capital)):  # fmt: skip
        reserved = RESERVED[f"contract.{section}"]
        for name in names:
            if name in reserved:
                allowed = "≠ " + ", ".join(sorted(reserved))
                yield Issue(code="reserved", path=f"contract.{section}.{name}", value=name, allowed=allowed)


def _check_sources(scenario: Scenario) -> Iterator[Issue]:
    known = {*scenario.sources, *BUILT_IN_TAGS}
    for part in ("contract", "world", "beliefs", "actuals", "published"):
        for path, figure in walk_figures(getattr(scenario, part), part):
            for key in dict.fromkeys(figure.sources):
                yield from one_name(path, key, known)
    for key in set(scenario.sources) & set(BUILT_IN_TAGS):
        yield Issue(
            code="reserved", path=f"sources.{key}", value=key, allowed="≠ " + ", ".join(BUILT_IN_TAGS)
        )


CHECKS: tuple[Check, ...] = (_check_codes, _check_reserved, _check_sources)
