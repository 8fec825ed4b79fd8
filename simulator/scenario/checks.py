"""Checks of a whole scenario: references, sums, loops, horizons. Each returns issues; none raises.

What cannot be right is an *error* and stops the run. What can be right and is probably not what was meant (a
tranche that is never drawn, a term that never pays) is a *warning* and travels with the results.
"""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

import numpy as np

from simulator.scenario.capital import (
    AsNeeded,
    AtCost,
    ByPerformance,
    FeeAmount,
    Grant,
    Guarantee,
    Pay,
    PayFees,
    Scheduled,
    Tranche,
    UntilAmount,
    UntilIrr,
)
from simulator.scenario.checks_of_money import MORE_CHECKS
from simulator.scenario.conditions import Condition, Where
from simulator.scenario.contract import Benchmark, Blend, Comparison, Intakes, Limit, Records, Result, Term
from simulator.scenario.curves import Curve, Lump, PerUnit, Steps
from simulator.scenario.distributions import Distribution
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.plan import Observation, chain_order, intakes_of, plan_of
from simulator.scenario.scenario import BUILT_IN_TAGS, Scenario
from simulator.scenario.world import Level

Check = Callable[[Scenario], Iterator[Issue]]
Shares = Mapping[str, Distribution]
COMPARED = frozenset({"difference", "additional", "relative_reduction", "relative_increase"})
KIND_QUANTITIES = {
    "share": frozenset({"count", "rate"}) | COMPARED,
    "repeated": frozenset({"claims", "count", "mean", "rate"}) | COMPARED,
    "amount": frozenset({"total", "mean"}) | COMPARED,
    "total": frozenset({"total"}) | COMPARED,
}
AT_MOST_ONE = frozenset({"rate", "relative_reduction"})
"""Quantities that are never above one for a share of people."""
DRIVERS = ("deal", "period", "participant")
RESERVED = {
    "contract.parties": frozenset({"outside"}),
    "contract.results": frozenset({"people", *DRIVERS}),
    "contract.payments": frozenset({"all"}),
    "contract.capital": frozenset({"investors"}),
}
"""Names that mean something else in a document or among the numbers of a deal."""
MAX_OBSERVATIONS = 20_000
"""Measurements of a deal in all: what a computer of today has memory for."""
GATES = ("all", "any", "none")
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


def check_scenario(scenario: Scenario) -> list[Issue]:
    """Find everything that is wrong or remarkable in a scenario whose structure holds."""
    return [issue for check in CHECKS for issue in check(scenario)]


def range_issue(path: str, value: str, allowed: str) -> Issue:
    """Complain about a number out of range; where 8 may stand for 8 %, say how that is written.

    Examples
    --------
    >>> range_issue("world.discount_rates.payer", "8", "-0.99 <= x <= 1").placeholders()["suggestion"]
    '8 %'
    """
    if allowed.endswith("<= 1"):
        try:
            ends = [float(end) for end in value.split(" … ")]
        except ValueError:
            ends = []
        if ends and max(ends) >= 2 and all(0 <= end <= 100 for end in ends):
            written = " … ".join(f"{end:g} %" for end in ends)
            return Issue(
                code="range.percent",
                path=path,
                value=value,
                allowed=allowed,
                params=(("suggestion", written),),
            )
    return Issue(code="range", path=path, value=value, allowed=allowed)


def _warning(code: str, path: str, value: str = "", allowed: str = "") -> Issue:
    return Issue(code=code, path=path, value=value, allowed=allowed, severity="warning")


def _span(figure: Distribution) -> str:
    low, high = figure.support()
    return f"{low:g}" if low == high else f"{low:g} … {high:g}"


def _within(
    path: str, figure: Distribution | None, low: float, high: float, *, above: bool = False
) -> Iterator[Issue]:
    """Hold a figure between two ends; ``above`` leaves out the lower one."""
    if figure is None:
        return
    lowest, highest = figure.support()
    if not ((lowest > low if above else lowest >= low) and highest <= high):
        sign = "<" if above else "<="
        allowed = (
            f"{low:g} {sign} x <= {high:g}" if math.isfinite(high) else f"{'>' if above else '>='} {low:g}"
        )
        yield range_issue(path, _span(figure), allowed)


def _name(path: str, found: str, known: Iterable[str]) -> Iterator[Issue]:
    """A name must be one of those that exist."""
    options = sorted(set(known))
    if found not in options:
        close = difflib.get_close_matches(found, options, n=1)
        params = (("suggestion", close[0]),) if close else ()
        yield Issue(
            code="reference", path=path, value=found, allowed=", ".join(options) or "-", params=params
        )


def _names(path: str, found: Iterable[str], known: Iterable[str]) -> Iterator[Issue]:
    """Every key of a mapping, or item of a list, must be a name that exists, once."""
    options = set(known)
    seen: set[str] = set()
    for k, name in enumerate(found):
        yield from _name(f"{path}.{name if isinstance(found, Mapping) else k}", name, options)
        if name in seen:
            yield Issue(code="duplicate", path=path, value=name, allowed="1 x")
        seen.add(name)


def _check_codes(scenario: Scenario) -> Iterator[Issue]:
    """Country and currency exist; the date of the close does."""
    if scenario.country not in COUNTRIES:
        yield _warning("country.unknown", "country", scenario.country, "ISO 3166")
    if scenario.currency not in CURRENCIES:
        close = ", ".join(difflib.get_close_matches(scenario.currency, sorted(CURRENCIES), n=3)) or "ISO 4217"
        yield _warning("currency.unknown", "currency", scenario.currency, close)
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


def _check_parties(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    parties = contract.parties
    payers = [name for name, party in parties.items() if party.role == "payer"]
    yield from _name("contract.account", contract.account, parties)
    yield from _names("contract.payers", contract.payers, payers)
    yield from _names("contract.people.providers", contract.people.providers, parties)
    for name, term in contract.payments.items():
        yield from _names(f"contract.payments.{name}.payers", term.payers or {}, payers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from _name(f"contract.fees.{name}.to", fee.to, parties)
        else:
            yield from _names(f"contract.fees.{name}.costs", fee.costs, world.costs)
    tranches = [name for name, part in contract.capital.items() if isinstance(part, Tranche)]
    for name, part in contract.capital.items():
        yield from _name(f"contract.capital.{name}.party", part.party, parties)
        if isinstance(part, Guarantee):
            yield from _names(f"contract.capital.{name}.of", part.of, tranches)
    if contract.stop is not None:
        yield from _name("contract.stop.by", contract.stop.by, parties)
    for name, cost in world.costs.items():
        yield from _name(f"world.costs.{name}.by", cost.by, parties)
    yield from _names("world.appropriation_fails", world.appropriation_fails, payers)
    yield from _names(
        "world.discount_rates", world.discount_rates, {*parties, "payer", "investors", "society"}
    )


def _check_results(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    results = contract.results
    for name, result in results.items():
        path = f"contract.results.{name}"
        yield from _name(f"{path}.of", result.of, {"people", "deal", *results})
        if result.of in results and result.of != name:
            yield from _check_link(path, result, results[result.of])
        if result.at_most is not None and result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.at_most", value=result.kind, allowed="repeated")
        if result.kind in ("share", "repeated"):
            for place, method in _benchmarks(path, result):
                yield from _within(f"{place}.value", method.value, 0, 1)
        if name not in world.results:
            yield Issue(code="missing", path=f"world.results.{name}", value="", allowed="{level: …}")
    yield from _check_loops(results, set(results) - set(chain_order(contract)))
    people = contract.people
    yield from _names("world.results", world.results, results)
    for name, belief in world.results.items():
        yield from _names(f"world.results.{name}.segments", belief.segments, people.segments)
        yield from _names(f"world.results.{name}.providers", belief.providers, people.providers)
    yield from _names("world.enrolment.segments", world.enrolment.segments, people.segments)


def _check_link(path: str, result: Result, parent: Result) -> Iterator[Issue]:
    """A later result of a chain belongs to people who achieved the earlier one."""
    if parent.kind != "share":
        yield Issue(
            code="chain.kind", path=f"{path}.of", value=f"{result.of} ({parent.kind})", allowed="share"
        )
    if parent.times not in (1, result.times):
        yield Issue(
            code="chain.times", path=f"{path}.times", value=str(result.times), allowed=str(parent.times)
        )
    if result.after < parent.after:
        yield _warning("chain.early", f"{path}.after", str(result.after), f">= {parent.after}")


def _check_loops(results: Mapping[str, Result], looped: set[str]) -> Iterator[Issue]:
    """Tell each loop of a chain once, as a walk that comes back to where it began."""
    told: set[str] = set()
    for start in sorted(looped):
        walk = [start]
        while results[walk[-1]].of in looped and results[walk[-1]].of not in walk:
            walk.append(results[walk[-1]].of)
        back = results[walk[-1]].of
        if back in walk and not told & set(walk):
            loop = walk[walk.index(back) :]
            told |= set(walk)
            shown = " → ".join([*loop, loop[0]])
            yield Issue(code="cycle", path=f"contract.results.{loop[0]}.of", value=shown, allowed="people")


def _benchmarks(path: str, result: Result) -> Iterator[tuple[str, Benchmark]]:
    method = result.measured
    if isinstance(method, Benchmark):
        yield f"{path}.measured", method
    elif isinstance(method, Blend):
        for k, part in enumerate(method.of):
            if isinstance(part.method, Benchmark):
                yield f"{path}.measured.of.{k}.method", part.method


def _has_comparison(result: Result) -> bool:
    method = result.measured
    parts = [part.method for part in method.of] if isinstance(method, Blend) else [method]
    return any(isinstance(part, Comparison) for part in parts)


def _has_way(level: Level) -> bool:
    return any(way is not None for way in (level.level, level.effect, level.relative_effect))


def _check_beliefs(scenario: Scenario) -> Iterator[Issue]:
    """Every result has a level; shares stay shares; what is not of a kind is not said of it."""
    people = scenario.contract.people
    for name, belief in scenario.world.results.items():
        result = scenario.contract.results.get(name)
        if result is None:
            continue
        path = f"world.results.{name}"
        anyway = belief.counterfactual is not None
        everywhere = any(
            kinds and all(key in patches and _has_way(patches[key]) for key in kinds)
            for kinds, patches in ((people.segments, belief.segments), (people.providers, belief.providers))
        )
        if not (_has_way(belief) or anyway or everywhere):
            yield Issue(
                code="missing", path=f"{path}.level", value="", allowed="level | effect | relative_effect"
            )
        if result.kind != "amount":
            if belief.events:
                yield Issue(code="field.only_for", path=f"{path}.events", value=result.kind, allowed="amount")
            if belief.individual_sd is not None:
                yield Issue(
                    code="field.only_for", path=f"{path}.individual_sd", value=result.kind, allowed="amount"
                )
        places = [(path, belief)] + [(f"{path}.segments.{k}", part) for k, part in belief.segments.items()]
        places += [(f"{path}.providers.{k}", part) for k, part in belief.providers.items()]
        base = any(part.counterfactual is not None for _, part in places)
        for place, level in places:
            yield from _check_level(place, level, result, has_counterfactual=base)
        if _has_comparison(result) and not base:
            yield _warning("counterfactual.missing", f"{path}.counterfactual")


def _check_level(path: str, level: Level, result: Result, *, has_counterfactual: bool) -> Iterator[Issue]:
    if level.relative_effect is not None and not has_counterfactual:
        yield Issue(code="missing", path=f"{path}.counterfactual", value="", allowed="12.5 · 12.5 %")
    if result.kind in ("share", "repeated"):
        yield from _within(f"{path}.level", level.level, 0, 1)
        yield from _within(f"{path}.counterfactual", level.counterfactual, 0, 1)
    if level.claims is not None:
        if result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.claims", value=result.kind, allowed="repeated")
        high = math.inf if result.at_most is None else float(result.at_most)
        yield from _within(f"{path}.claims", level.claims, 1, high)


def _terms(scenario: Scenario) -> Iterator[tuple[str, Term]]:
    for name, term in scenario.contract.payments.items():
        yield f"contract.payments.{name}", term


def _conditions(path: str, term: Term) -> Iterator[tuple[str, Condition]]:
    for kind in GATES if term.gate else ():
        for k, condition in enumerate(getattr(term.gate, kind)):
            yield f"{path}.gate.{kind}.{k}", condition


def _check_terms(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for path, term in _terms(scenario):
        for place, condition in _conditions(path, term):
            yield from _check_condition(place, condition, scenario)
        if term.payers is not None and not term.payers:
            yield Issue(code="length", path=f"{path}.payers", value="0", allowed=">= 1")
        if term.on is None:
            yield from _check_activity(path, term)
            continue
        yield from _check_quantity(path, term.on, term.quantity, scenario)
        yield from _check_where(f"{path}.where", term.where, scenario)
        yield from _within(f"{path}.target", term.target, 0, math.inf, above=True)
        if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
            segments = set(contract.people.segments)
            yield from _names(f"{path}.curve.price", term.curve.price, segments)
            for segment in sorted((set(term.where.segment) or segments) - set(term.curve.price)):
                missing = f"{path}.curve.price.{segment}"
                yield Issue(code="missing", path=missing, value="", allowed="12.5 · 9 600 000 (S1)")
        if len(term.pool) > 1 and {"each", "all"} & set(term.pool):
            yield Issue(code="choice", path=f"{path}.pool", value=", ".join(term.pool),
                        allowed="each | all | [intake, segment, provider, measurement, period]")  # fmt: skip


def _check_activity(path: str, term: Term) -> Iterator[Issue]:
    """A payment that depends on no result has dates and a sum, and nothing that speaks of a result."""
    if not term.paid.dates and not term.paid.early_end:
        yield Issue(code="missing", path=f"{path}.paid.dates", value="", allowed="[0, 4, 8]")
    if not isinstance(term.curve, (Lump, PerUnit)):
        yield Issue(code="choice", path=f"{path}.curve.kind", value=term.curve.kind, allowed="lump")
    elif isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.curve.price", value="{…}", allowed="12.5 · 9 600 000 (S1)")
    if term.where != Where():
        yield Issue(code="field.needs", path=f"{path}.where", value="where", allowed="on")


def _check_quantity(path: str, on: str, quantity: str, scenario: Scenario) -> Iterator[Issue]:
    results = scenario.contract.results
    if on not in results:
        yield from _name(f"{path}.on", on, results)
        return
    result = results[on]
    allowed = KIND_QUANTITIES[result.kind]
    if isinstance(result.measured, Records):
        allowed = allowed - COMPARED
    if quantity not in allowed:
        compared = quantity in COMPARED and quantity in KIND_QUANTITIES[result.kind]
        code = "quantity.needs_comparison" if compared else "choice"
        yield Issue(code=code, path=f"{path}.quantity", value=quantity, allowed=", ".join(sorted(allowed)))


def _check_where(path: str, where: Where, scenario: Scenario) -> Iterator[Issue]:
    people = scenario.contract.people
    yield from _names(f"{path}.segment", where.segment, people.segments)
    yield from _names(f"{path}.provider", where.provider, people.providers)
    count = len(intakes_of(scenario.contract))
    for k, number in enumerate(where.intake):
        if number > count:
            yield Issue(
                code="range", path=f"{path}.intake.{k}", value=str(number), allowed=f"1 <= n <= {count}"
            )


def _check_condition(path: str, condition: Condition, scenario: Scenario) -> Iterator[Issue]:
    if condition.term is not None:
        yield from _name(f"{path}.term", condition.term, scenario.contract.payments)
    if condition.on is not None:
        quantity = "difference" if condition.significant is not None else condition.quantity
        yield from _check_quantity(path, condition.on, quantity, scenario)
        yield from _check_where(f"{path}.where", condition.where, scenario)


def _check_gates(scenario: Scenario) -> Iterator[Issue]:
    """Gates that wait for each other never open."""
    waits = {
        name: {c.term for _, c in _conditions("", term) if c.term is not None}
        for name, term in scenario.contract.payments.items()
    }
    done: set[str] = set()
    while ready := {name for name in waits if name not in done and waits[name] & set(waits) <= done}:
        done |= ready
    for name in waits:
        if name not in done:
            found = ", ".join(sorted(waits[name]))
            yield Issue(code="gate.cycle", path=f"contract.payments.{name}.gate", value=found, allowed="-")


def _check_limits(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for name, limit in contract.limits.items():
        path = f"contract.limits.{name}"
        yield from _names(f"{path}.on", limit.on, {*contract.payments, "all"})
        if limit.of is not None:
            yield from _name(f"{path}.of", limit.of, {"people", *contract.results})
        if limit.money is None and limit.floor is None:
            yield from _check_counted(path, limit, scenario)
        if limit.excess == "carried" and (limit.per not in ("period", "fiscal_year") or limit.money is None):
            yield Issue(
                code="field.only_for", path=f"{path}.excess", value=limit.per, allowed="period, fiscal_year"
            )
        if limit.per in ("segment", "provider"):
            kinds = contract.people.segments if limit.per == "segment" else contract.people.providers
            if not kinds:
                yield Issue(code="field.needs", path=f"{path}.per", value=limit.per,
                            allowed=f"contract.people.{limit.per}s")  # fmt: skip
    yield from _check_doubled(contract.limits)


def _check_counted(path: str, limit: Limit, scenario: Scenario) -> Iterator[Issue]:
    """A limit on units binds terms that count units."""
    payments = scenario.contract.payments
    for key in payments if "all" in limit.on else [key for key in limit.on if key in payments]:
        term = payments[key]
        if term.quantity not in ("count", "claims", "total") or term.on is None:
            yield Issue(code="limit.units", path=f"{path}.on", value=key, allowed="count, claims, total")


def _check_doubled(limits: Mapping[str, Limit]) -> Iterator[Issue]:
    """Of two limits on the same thing the lower one decides, always."""
    measures = ("money", "units", "share")
    for (first, a), (second, b) in combinations(limits.items(), 2):
        rest = [
            limit.model_copy(update={**dict.fromkeys(measures), "on": frozenset(limit.on)})
            for limit in (a, b)
        ]
        for field in measures:
            both = getattr(a, field), getattr(b, field)
            if None not in both and rest[0] == rest[1]:
                found = " · ".join(
                    f"{name}: {_span(figure)}" for name, figure in zip((first, second), both, strict=True)
                )
                yield _warning("limit.doubled", f"contract.limits.{second}", found, "1 x")


def _observations_seen(scenario: Scenario, on: str, where: Where) -> list[Observation]:
    plan = plan_of(scenario.contract)
    return [o for o in plan.observations.get(on, ()) if plan.is_in(o, where)]


def _check_size(scenario: Scenario) -> Iterator[Issue]:
    """A deal has to fit into a computer."""
    count = _size(scenario)
    if count > MAX_OBSERVATIONS:
        yield Issue(
            code="plan.too_large", path="contract.results", value=str(count), allowed=f"<= {MAX_OBSERVATIONS}"
        )


def _size(scenario: Scenario) -> int:
    people = scenario.contract.people
    intakes = people.intakes.count if isinstance(people.intakes, Intakes) else len(people.intakes)
    cells = intakes * max(len(people.segments), 1) * max(len(people.providers), 1)
    return cells * max(sum(result.times for result in scenario.contract.results.values()), 1)


def _check_horizon(scenario: Scenario) -> Iterator[Issue]:
    """Everything happens before the contract ends."""
    contract = scenario.contract
    last = contract.calendar.periods
    if _size(scenario) <= MAX_OBSERVATIONS:
        yield from _check_measurements(scenario, last)
    given = [
        (f"{path}.paid.dates", max(term.paid.dates)) for path, term in _terms(scenario) if term.paid.dates
    ]
    given += [("contract.people.intakes", max(intake.starts for intake in intakes_of(contract)))]
    for name, cost in scenario.world.costs.items():
        if cost.per in ("deal", "period"):
            given.append((f"world.costs.{name}.over", cost.starts + (cost.over or 1) - 1))
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount) and fee.per in ("deal", "period"):
            given.append((f"contract.fees.{name}.over", fee.starts + (fee.over or 1) - 1))
    given += [("contract.stop.at", contract.stop.at)] if contract.stop is not None else []
    actuals = scenario.actuals
    given += [("actuals.ended", actuals.ended)] if actuals is not None and actuals.ended is not None else []
    for path, moment in given:
        if moment > last:
            yield Issue(code="horizon", path=path, value=str(moment), allowed=f"<= {last}")
    early = scenario.world.early_end
    if early is not None and not early.first <= early.last <= last:
        found = f"{early.first} … {early.last}"
        yield Issue(
            code="horizon", path="world.early_end.last", value=found, allowed=f"first <= last <= {last}"
        )


def _check_measurements(scenario: Scenario, last: int) -> Iterator[Issue]:
    for name in scenario.contract.results:
        late = [o.moment for o in _observations_seen(scenario, name, Where()) if o.moment > last]
        if late:
            yield Issue(
                code="horizon",
                path=f"contract.results.{name}.after",
                value=str(max(late)),
                allowed=f"<= {last}",
            )
            continue
        for path, term in _terms(scenario):
            if term.on == name:
                seen = _observations_seen(scenario, name, term.where)
                yield from _check_dates(path, term, max((o.moment for o in seen), default=0), last)


def _check_dates(path: str, term: Term, measured: int, last: int) -> Iterator[Issue]:
    due = measured + term.paid.lag
    if term.paid.dates is not None:
        due = min((date for date in term.paid.dates if date >= due), default=last + 1)
    if due > last:
        yield Issue(
            code="horizon", path=f"{path}.paid", value=str(measured + term.paid.lag), allowed=f"<= {last}"
        )


def _check_money_lines(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    drivers = {*DRIVERS, *contract.results}
    for name, cost in world.costs.items():
        yield from _name(f"world.costs.{name}.per", cost.per, drivers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from _name(f"contract.fees.{name}.per", fee.per, drivers)
    covered = [
        line for fee in contract.fees.values() if isinstance(fee, AtCost) for line in dict.fromkeys(fee.costs)
    ]
    for line in sorted({line for line in covered if covered.count(line) > 1}):
        yield Issue(code="fee.twice", path="contract.fees", value=line, allowed="1 x")
    indexed = [(p, t.index) for p, t in _terms(scenario)]
    indexed += [(f"contract.limits.{n}", limit.index) for n, limit in contract.limits.items()]
    indexed += [(f"world.costs.{n}", cost.index) for n, cost in world.costs.items()]
    indexed += [
        (f"contract.fees.{n}", fee.index) for n, fee in contract.fees.items() if isinstance(fee, FeeAmount)
    ]
    for path, index in indexed:
        if index is not None:
            yield from _name(f"{path}.index", index, world.indices)


def _check_waterfall(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    tranches = {name for name, part in contract.capital.items() if isinstance(part, Tranche)}
    paid: set[str] = set()
    for k, step in enumerate(contract.waterfall):
        path = f"contract.waterfall.{k}"
        if isinstance(step, PayFees):
            yield from _names(f"{path}.of", step.of, contract.fees)
            paid |= set(step.of) or set(contract.fees)
        elif isinstance(step, Pay):
            yield from _names(f"{path}.to", step.to, tranches | set(contract.parties))
            paid |= set(step.to)
            yield from _check_goal(path, step, tranches)
    for name in sorted(tranches - paid):
        yield Issue(
            code="waterfall.unreached",
            path=f"contract.capital.{name}",
            value=name,
            allowed="contract.waterfall",
        )
    for name in sorted(set(contract.fees) - paid):
        yield Issue(
            code="waterfall.unreached", path=f"contract.fees.{name}", value=name, allowed="contract.waterfall"
        )
    yield from _check_blocked(scenario)


def _check_goal(path: str, step: Pay, tranches: set[str]) -> Iterator[Issue]:
    shares = {name: share for name, share in step.to.items() if share is not None}
    several = len(shares) < len(step.to)
    if shares:
        yield from _whole(f"{path}.to", shares, incomplete=several)
    if step.of is not None:
        yield from _name(f"{path}.of", step.of, tranches & set(step.to))
    elif step.until is not None and not isinstance(step.until, UntilAmount) and not set(step.to) & tranches:
        yield Issue(code="waterfall.goal", path=f"{path}.until", value=", ".join(step.to),
                    allowed=", ".join(sorted(tranches)) or "-")  # fmt: skip
    goalless = step.until is None or isinstance(step.until, (UntilAmount, UntilIrr))
    if several and (goalless or not set(step.to) <= tranches):
        yield Issue(
            code="waterfall.shares", path=f"{path}.to", value=", ".join(step.to), allowed="{a: 0.5, b: 0.5}"
        )


def _check_blocked(scenario: Scenario) -> Iterator[Issue]:
    """After a step that passes on all that is left at once, later steps never receive anything."""
    swept = None
    for k, step in enumerate(scenario.contract.waterfall):
        if swept is not None:
            yield Issue(
                code="waterfall.blocked", path=f"contract.waterfall.{k}", value=str(swept + 1), allowed="-"
            )
        if isinstance(step, Pay) and step.until is None and step.starts == 0 and not step.at_end:
            swept = k if swept is None else swept


def _check_capital(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for name, part in contract.capital.items():
        path = f"contract.capital.{name}"
        if isinstance(part, (Tranche, Grant)) and isinstance(part.draw, Scheduled):
            yield from _check_schedule(f"{path}.draw.shares", part.draw, contract.calendar.periods)
        if isinstance(part, Tranche):
            for field in ("coupon", "principal"):
                term = getattr(part, field)
                if isinstance(term, ByPerformance):
                    yield from _check_performance(f"{path}.{field}", term, scenario, rate=field == "coupon")
    if contract.stop is not None:
        for k, condition in enumerate(contract.stop.unless):
            path = f"contract.stop.unless.{k}"
            yield from _check_condition(path, condition, scenario)
            if condition.term is not None:
                yield Issue(code="field.only_for", path=f"{path}.term", value="stop", allowed="gate")


def _check_schedule(path: str, draw: Scheduled, last: int) -> Iterator[Issue]:
    total = sum(share.support()[1] for share in draw.shares.values())
    if total > 1 + 1e-9:
        yield Issue(code="sum", path=path, value=f"{total:g}", allowed="<= 1")
    for moment in draw.shares:
        if moment != str(int(moment)):
            yield Issue(code="pattern", path=f"{path}.{moment}", value=moment, allowed=str(int(moment)))
        if int(moment) > last:
            yield Issue(code="horizon", path=f"{path}.{moment}", value=moment, allowed=f"<= {last}")


def _check_performance(path: str, term: ByPerformance, scenario: Scenario, *, rate: bool) -> Iterator[Issue]:
    yield from _check_quantity(path, term.on, term.quantity, scenario)
    yield from _check_where(f"{path}.where", term.where, scenario)
    if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
        yield Issue(code="choice", path=f"{path}.curve.price", value="{…}", allowed="12.5 · 12.5 %")
    for place, figure in _payoffs(f"{path}.curve", term.curve):
        yield from _within(place, figure, -0.99 if rate else 0, 1)


def _payoffs(path: str, curve: Curve) -> Iterator[tuple[str, Distribution]]:
    """Amounts that a curve can pay, where they do not depend on a price."""
    if isinstance(curve, Lump):
        yield f"{path}.pay", curve.pay
    for key, points in (("steps", getattr(curve, "steps", ())), ("points", getattr(curve, "points", ()))):
        for k, point in enumerate(points):
            yield f"{path}.{key}.{k}.pay", point.pay


def _check_idle(scenario: Scenario) -> Iterator[Issue]:
    """Capital that nobody will ever see at work."""
    capital = scenario.contract.capital
    idle = set()
    for name, part in capital.items():
        if isinstance(part, Guarantee):
            continue
        amount = part.commitment if isinstance(part, Tranche) else part.amount
        needless = isinstance(part.draw, AsNeeded) and not scenario.contract.fees
        if amount.support()[1] <= 0 or needless:
            idle.add(name)
            yield _warning(
                "capital.idle",
                f"contract.capital.{name}",
                _span(amount),
                "contract.fees" if needless else "> 0",
            )
    for name, part in capital.items():
        if isinstance(part, Guarantee):
            nothing = part.share.support()[1] <= 0 or part.up_to.support()[1] <= 0
            if nothing or set(part.of) <= idle:
                found = _span(part.up_to) if nothing else ", ".join(part.of)
                yield _warning("guarantee.idle", f"contract.capital.{name}", found, "share > 0, up_to > 0")


def _check_never(scenario: Scenario) -> Iterator[Issue]:
    """Terms that cannot pay, and an option to stop that is always used."""
    contract = scenario.contract
    if _size(scenario) > MAX_OBSERVATIONS:
        return
    for path, term in _terms(scenario):
        if _pays_nothing(term.curve):
            yield _warning("term.never", f"{path}.curve", "0", "> 0")
        result = contract.results.get(term.on or "")
        if result is None:
            continue
        lowest = (
            min((step.at.support()[0] for step in term.curve.steps), default=0)
            if isinstance(term.curve, Steps)
            else 0
        )
        bound = (
            result.kind == "share"
            and term.quantity in AT_MOST_ONE
            and term.target is None
            and term.worth is None
        )
        if bound and lowest > 1:
            yield _warning(
                "term.never", f"{path}.curve.steps", f"{term.quantity} >= {lowest:g}", f"{term.quantity} <= 1"
            )
        seen = [o.moment for o in _observations_seen(scenario, term.on or "", term.where)]
        yield from _check_waiting(path, term, max(seen, default=0), scenario)
    if contract.stop is not None:
        for k, condition in enumerate(contract.stop.unless):
            first = _first_seen(condition, scenario)
            if first is not None and first > contract.stop.at:
                yield _warning(
                    "stop.always", f"contract.stop.unless.{k}", str(contract.stop.at), f">= {first}"
                )


def _pays_nothing(curve: Curve) -> bool:
    figures = [figure for path, figure in walk_figures(curve) if path.split(".")[0] in ("price", "pay", "share")
               or path.endswith((".pay", ".price"))]  # fmt: skip
    return bool(figures) and all(figure.support() == (0, 0) for figure in figures)


def _check_waiting(path: str, term: Term, last: int, scenario: Scenario) -> Iterator[Issue]:
    """A gate on something that is measured only after the term itself stays shut."""
    for place, condition in _conditions(path, term):
        first = _first_seen(condition, scenario)
        if ".gate.all." in place and first is not None and first > last:
            yield _warning("term.never", place, str(last), f">= {first}")


def _first_seen(condition: Condition, scenario: Scenario) -> int | None:
    """When a condition that needs a measurement can first hold."""
    if condition.on not in scenario.contract.results or condition.below is not None:
        return None
    return min((o.moment for o in _observations_seen(scenario, condition.on, condition.where)), default=None)


def _whole(path: str, shares: Shares, *, incomplete: bool = False) -> Iterator[Issue]:
    """Shares of one whole sum to one."""
    low, high = (sum(share.support()[end] for share in shares.values()) for end in (0, 1))
    if incomplete or abs(low - 1) > 1e-6 or abs(high - 1) > 1e-6:
        found = f"{low:.6g}" if abs(high - low) < 1e-9 else f"{low:.6g} … {high:.6g}"
        yield Issue(code="sum", path=path, value=found, allowed="1")


def _check_sums(scenario: Scenario) -> Iterator[Issue]:
    """Shares of one whole sum to one."""
    contract = scenario.contract
    people = contract.people
    wholes: list[tuple[str, Shares]] = [
        ("contract.payers", contract.payers), ("contract.people.segments", people.segments),
        ("contract.people.providers", people.providers),
    ]  # fmt: skip
    wholes += [(f"{path}.payers", term.payers) for path, term in _terms(scenario) if term.payers]
    if isinstance(people.intakes, tuple):
        wholes.append(("contract.people.intakes", {str(k): i.share for k, i in enumerate(people.intakes)}))
    for path, shares in wholes:
        if shares:
            yield from _whole(path, shares)


def _check_sources(scenario: Scenario) -> Iterator[Issue]:
    known = {*scenario.sources, *BUILT_IN_TAGS}
    for part in ("contract", "world", "beliefs", "actuals", "published"):
        for path, figure in walk_figures(getattr(scenario, part), part):
            for key in dict.fromkeys(figure.sources):
                yield from _name(path, key, known)
    for key in set(scenario.sources) & set(BUILT_IN_TAGS):
        yield Issue(
            code="reserved", path=f"sources.{key}", value=key, allowed="≠ " + ", ".join(BUILT_IN_TAGS)
        )


def _check_actuals(scenario: Scenario) -> Iterator[Issue]:
    actuals, contract = scenario.actuals, scenario.contract
    if actuals is None:
        return
    yield from _names("actuals.results", actuals.results, contract.results)
    yield from _names("actuals.costs", actuals.costs, scenario.world.costs)
    guarantees = [name for name, part in contract.capital.items() if isinstance(part, Guarantee)]
    yield from _names("actuals.guaranteed", actuals.guaranteed, guarantees)
    for name, several in actuals.results.items():
        for k, observed in enumerate(several):
            path = f"actuals.results.{name}.{k}"
            yield from _check_where(f"{path}.where", observed.where, scenario)
            result = contract.results.get(name)
            if result is None:
                continue
            if observed.measurement is not None and observed.measurement > result.times:
                allowed = f"1 <= n <= {result.times}"
                yield Issue(
                    code="range", path=f"{path}.measurement", value=str(observed.measurement), allowed=allowed
                )
            compared = [
                key for key in ("relative_reduction", "difference") if getattr(observed, key) is not None
            ]
            if compared and isinstance(result.measured, Records):
                yield Issue(code="quantity.needs_comparison", path=f"{path}.{compared[0]}", value=compared[0],
                            allowed="count, mean")  # fmt: skip
            if result.kind == "share":
                yield from _within(f"{path}.mean", observed.mean, 0, 1)


def _check_figures(scenario: Scenario) -> Iterator[Issue]:
    """Every distribution gives numbers; parameters that are too small or too large for a computer do not."""
    luck = np.array([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
    for part in ("contract", "world", "beliefs", "actuals"):
        for path, figure in walk_figures(getattr(scenario, part), part):
            if figure.kind == "fixed":
                continue
            try:
                with np.errstate(all="ignore"):
                    values = [*figure.quantile(luck), figure.expectation()]
            except (ArithmeticError, ValueError):
                values = [math.nan]
            if not all(math.isfinite(value) for value in values):
                yield Issue(code="impossible", path=path, value=figure.kind, allowed="")


def _check_correlations(scenario: Scenario) -> Iterator[Issue]:
    figures = {path: figure for part in ("contract", "world")
               for path, figure in walk_figures(getattr(scenario, part), part)}  # fmt: skip
    uncertain = {path for path, figure in figures.items() if figure.support()[0] < figure.support()[1]}
    seen: set[frozenset[str]] = set()
    for k, pair in enumerate(scenario.world.correlations):
        path = f"world.correlations.{k}.between"
        yield from _names(path, pair.between, uncertain)
        if frozenset(pair.between) in seen:
            yield Issue(code="duplicate", path=path, value=" · ".join(pair.between), allowed="1 x")
        seen.add(frozenset(pair.between))


CHECKS: tuple[Check, ...] = (
    _check_codes, _check_reserved, _check_parties, _check_results, _check_beliefs, _check_terms, _check_gates,
    _check_limits, _check_size, _check_horizon, _check_money_lines, _check_waterfall, _check_capital, _check_idle,
    _check_never, _check_sums, _check_sources, _check_actuals, _check_figures, _check_correlations,
    *MORE_CHECKS,
)  # fmt: skip

__all__ = ["CHECKS", "check_scenario", "range_issue"]
