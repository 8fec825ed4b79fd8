"""Checks of a whole scenario: references, sums, loops, horizons. Each returns issues; none raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from simulator.scenario.capital import (
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
from simulator.scenario.contract import Records, Term
from simulator.scenario.curves import Lump, PerUnit
from simulator.scenario.figures import walk_figures
from simulator.scenario.issues import Issue
from simulator.scenario.plan import chain_order, intakes_of, plan_of
from simulator.scenario.scenario import BUILT_IN_TAGS, Scenario

Check = Callable[[Scenario], Iterator[Issue]]
COMPARED = frozenset({"difference", "additional", "relative_reduction", "relative_increase"})
KIND_QUANTITIES = {
    "share": frozenset({"count", "rate"}) | COMPARED,
    "repeated": frozenset({"claims", "count", "mean", "rate"}) | COMPARED,
    "amount": frozenset({"total", "mean"}) | COMPARED,
    "total": frozenset({"total"}) | COMPARED,
}
DRIVERS = ("deal", "period", "participant")


def check_scenario(scenario: Scenario) -> list[Issue]:
    """Find everything that is wrong or remarkable in a scenario whose structure holds."""
    return [issue for check in CHECKS for issue in check(scenario)]


def _unknown(path: str, found: str, known: Iterable[str]) -> Issue:
    return Issue(code="reference", path=path, value=found, allowed=", ".join(sorted(known)) or "-")


def _names(path: str, found: Iterable[str], known: Iterable[str]) -> Iterator[Issue]:
    options = set(known)
    for name in found:
        if name not in options:
            yield _unknown(path, name, options)


def _check_parties(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    parties = contract.parties
    payers = [name for name, party in parties.items() if party.role == "payer"]
    yield from _names("contract.account", [contract.account], parties)
    yield from _names("contract.payers", contract.payers, payers)
    yield from _names("contract.people.providers", contract.people.providers, parties)
    for name, term in contract.payments.items():
        yield from _names(f"contract.payments.{name}.payers", term.payers or (), payers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from _names(f"contract.fees.{name}.to", [fee.to], parties)
        else:
            yield from _names(f"contract.fees.{name}.costs", fee.costs, world.costs)
    for name, part in contract.capital.items():
        yield from _names(f"contract.capital.{name}.party", [part.party], parties)
        if isinstance(part, Guarantee):
            tranches = [n for n, p in contract.capital.items() if isinstance(p, Tranche)]
            yield from _names(f"contract.capital.{name}.of", part.of, tranches)
    if contract.stop is not None:
        yield from _names("contract.stop.by", [contract.stop.by], parties)
    for name, cost in world.costs.items():
        yield from _names(f"world.costs.{name}.by", [cost.by], parties)
    yield from _names("world.appropriation_fails", world.appropriation_fails, payers)
    yield from _names("world.discount_rates", world.discount_rates, {*parties, "payer", "investors", "society"})


def _check_results(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    results = contract.results
    for name, result in results.items():
        path = f"contract.results.{name}"
        yield from _names(f"{path}.of", [result.of], {"people", "deal", *results})
        parent = results.get(result.of)
        if parent is not None and parent.kind != "share":
            yield Issue(code="chain.kind", path=f"{path}.of", value=f"{result.of} ({parent.kind})", allowed="share")
        if parent is not None and parent.times not in (1, result.times):
            yield Issue(code="chain.times", path=f"{path}.times", value=str(result.times), allowed=str(parent.times))
        if result.at_most is not None and result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.at_most", value=result.kind, allowed="repeated")
        if name not in world.results:
            yield Issue(code="missing", path=f"world.results.{name}", value="", allowed="")
    for name in set(results) - set(chain_order(contract)):
        if results[name].of in results:
            yield Issue(code="cycle", path=f"contract.results.{name}.of", value=results[name].of, allowed="people")
    yield from _names("world.results", world.results, results)
    for name, belief in world.results.items():
        yield from _names(f"world.results.{name}.segments", belief.segments, contract.people.segments)
        yield from _names(f"world.results.{name}.providers", belief.providers, contract.people.providers)
    yield from _names("world.enrolment.segments", world.enrolment.segments, contract.people.segments)


def _check_beliefs(scenario: Scenario) -> Iterator[Issue]:
    """Every result has a level; shares stay shares; what is not of a kind is not said of it."""
    for name, belief in scenario.world.results.items():
        result = scenario.contract.results.get(name)
        if result is None:
            continue
        path = f"world.results.{name}"
        ways = (belief.level, belief.effect, belief.relative_effect, belief.counterfactual)
        patched = belief.segments or belief.providers
        if all(way is None for way in ways) and not patched:
            yield Issue(code="missing", path=f"{path}.level", value="", allowed="")
        if result.kind in ("share", "repeated"):
            for field in ("level", "counterfactual"):
                figure = getattr(belief, field)
                if figure is not None and not (figure.support()[0] >= 0 and figure.support()[1] <= 1):
                    found = "{:g} … {:g}".format(*figure.support())
                    yield Issue(code="range", path=f"{path}.{field}", value=found, allowed="0 <= x <= 1")
        if belief.claims is not None and result.kind != "repeated":
            yield Issue(code="field.only_for", path=f"{path}.claims", value=result.kind, allowed="repeated")
        if belief.claims is not None:
            low, high = belief.claims.support()
            if low < 1 or (result.at_most is not None and high > result.at_most):
                found = f"{low:g} … {high:g}"
                yield Issue(code="range", path=f"{path}.claims", value=found, allowed=f"1 … {result.at_most or '∞'}")


def _terms(scenario: Scenario) -> Iterator[tuple[str, Term]]:
    for name, term in scenario.contract.payments.items():
        yield f"contract.payments.{name}", term


def _check_terms(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for path, term in _terms(scenario):
        if term.on is None:
            if term.paid.dates is None:
                yield Issue(code="missing", path=f"{path}.paid.dates", value="", allowed="")
            if not isinstance(term.curve, (Lump, PerUnit)):
                yield Issue(code="choice", path=f"{path}.curve.kind", value=term.curve.kind, allowed="lump")
            continue
        yield from _check_quantity(f"{path}", term.on, term.quantity, scenario)
        yield from _check_where(f"{path}.where", term.where, scenario)
        if isinstance(term.curve, PerUnit) and isinstance(term.curve.price, dict):
            segments = set(contract.people.segments)
            yield from _names(f"{path}.curve.price", term.curve.price, segments)
            used = set(term.where.segment) or segments
            for segment in sorted(used - set(term.curve.price)):
                yield Issue(code="missing", path=f"{path}.curve.price.{segment}", value="", allowed="")
        if "each" in term.pool and len(term.pool) > 1 or "all" in term.pool and len(term.pool) > 1:
            yield Issue(code="choice", path=f"{path}.pool", value=", ".join(term.pool), allowed="each | all | labels")
        for kind in ("all", "any", "none"):
            for k, condition in enumerate(getattr(term.gate, kind) if term.gate else ()):
                yield from _check_condition(f"{path}.gate.{kind}.{k}", condition, scenario)


def _check_quantity(path: str, on: str, quantity: str, scenario: Scenario) -> Iterator[Issue]:
    results = scenario.contract.results
    if on not in results:
        yield _unknown(f"{path}.on", on, results)
        return
    result = results[on]
    allowed = KIND_QUANTITIES[result.kind]
    if isinstance(result.measured, Records):
        allowed = allowed - COMPARED
    if quantity not in allowed:
        code = "quantity.needs_comparison" if quantity in COMPARED else "choice"
        yield Issue(code=code, path=f"{path}.quantity", value=quantity, allowed=", ".join(sorted(allowed)))


def _check_where(path: str, where: Where, scenario: Scenario) -> Iterator[Issue]:
    people = scenario.contract.people
    yield from _names(f"{path}.segment", where.segment, people.segments)
    yield from _names(f"{path}.provider", where.provider, people.providers)
    count = len(intakes_of(scenario.contract))
    for number in where.intake:
        if number > count:
            yield Issue(code="range", path=f"{path}.intake", value=str(number), allowed=f"1 … {count}")


def _check_condition(path: str, condition: Condition, scenario: Scenario) -> Iterator[Issue]:
    if condition.term is not None:
        yield from _names(f"{path}.term", [condition.term], scenario.contract.payments)
    if condition.on is not None:
        quantity = "difference" if condition.significant is not None else condition.quantity
        yield from _check_quantity(path, condition.on, quantity, scenario)
        yield from _check_where(f"{path}.where", condition.where, scenario)


def _check_gates(scenario: Scenario) -> Iterator[Issue]:
    """Gates that wait for each other never open."""
    waits = {
        name: {c.term for kind in ("all", "any", "none") for c in (getattr(term.gate, kind) if term.gate else ())
               if c.term is not None}
        for name, term in scenario.contract.payments.items()
    }  # fmt: skip
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
            yield from _names(f"{path}.of", [limit.of], {"people", *contract.results})
        if limit.money is None:
            terms = contract.payments if "all" in limit.on else {k: contract.payments[k] for k in limit.on
                                                                 if k in contract.payments}  # fmt: skip
            for key, term in terms.items():
                if term.quantity not in ("count", "claims", "total") or term.on is None:
                    allowed = "terms that count units"
                    yield Issue(code="limit.units", path=f"{path}.on", value=key, allowed=allowed)
        if limit.excess == "carried" and (limit.per not in ("period", "fiscal_year") or limit.money is None):
            yield Issue(code="field.only_for", path=f"{path}.excess", value=limit.per, allowed="period, fiscal_year")


def _check_horizon(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    last = contract.calendar.periods
    plan = plan_of(contract)
    for name, observations in plan.observations.items():
        late = [o.moment for o in observations if o.moment > last]
        if late:
            yield Issue(code="horizon", path=f"contract.results.{name}.after", value=str(max(late)), allowed=f"<= {last}")
        for path, term in _terms(scenario):
            if term.on == name and not late:
                yield from _check_dates(path, term, max(o.moment for o in observations), last)
    for path, term in _terms(scenario):
        if term.paid.dates and max(term.paid.dates) > last:
            found = str(max(term.paid.dates))
            yield Issue(code="horizon", path=f"{path}.paid.dates", value=found, allowed=f"<= {last}")
    if contract.stop is not None and contract.stop.at > last:
        yield Issue(code="horizon", path="contract.stop.at", value=str(contract.stop.at), allowed=f"<= {last}")
    early = scenario.world.early_end
    if early is not None and not early.first <= early.last <= last:
        found = f"{early.first} … {early.last}"
        yield Issue(code="horizon", path="world.early_end.last", value=found, allowed=f"first <= last <= {last}")
    for name, cost in scenario.world.costs.items():
        if cost.per in ("deal", "period") and cost.starts + (cost.over or 1) - 1 > last:
            found = str(cost.starts + (cost.over or 1) - 1)
            yield Issue(code="horizon", path=f"world.costs.{name}.over", value=found, allowed=f"<= {last}")


def _check_dates(path: str, term: Term, measured: int, last: int) -> Iterator[Issue]:
    due = measured + term.paid.lag
    if term.paid.dates is not None:
        due = min((date for date in term.paid.dates if date >= due), default=last + 1)
    if due > last:
        yield Issue(code="horizon", path=f"{path}.paid", value=str(measured + term.paid.lag), allowed=f"<= {last}")


def _check_money_lines(scenario: Scenario) -> Iterator[Issue]:
    contract, world = scenario.contract, scenario.world
    drivers = {*DRIVERS, *contract.results}
    for name, cost in world.costs.items():
        yield from _names(f"world.costs.{name}.per", [cost.per], drivers)
    for name, fee in contract.fees.items():
        if isinstance(fee, FeeAmount):
            yield from _names(f"contract.fees.{name}.per", [fee.per], drivers)
    covered = [line for fee in contract.fees.values() if isinstance(fee, AtCost) for line in fee.costs]
    for line in sorted({line for line in covered if covered.count(line) > 1}):
        yield Issue(code="fee.twice", path="contract.fees", value=line, allowed="1 x")
    indexed = [(p, t.index) for p, t in _terms(scenario)]
    indexed += [(f"contract.limits.{n}", limit.index) for n, limit in contract.limits.items()]
    indexed += [(f"world.costs.{n}", cost.index) for n, cost in world.costs.items()]
    indexed += [(f"contract.fees.{n}", fee.index) for n, fee in contract.fees.items() if isinstance(fee, FeeAmount)]
    for path, index in indexed:
        if index is not None:
            yield from _names(f"{path}.index", [index], world.indices)


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
        yield Issue(code="waterfall.unreached", path=f"contract.capital.{name}", value=name, allowed="contract.waterfall")
    for name in sorted(set(contract.fees) - paid):
        yield Issue(code="waterfall.unreached", path=f"contract.fees.{name}", value=name, allowed="contract.waterfall")
    yield from _check_blocked(scenario)


def _check_goal(path: str, step: Pay, tranches: set[str]) -> Iterator[Issue]:
    shares = [share for share in step.to.values() if share is not None]
    if shares:
        low, high = (sum(share.support()[end] for share in shares) for end in (0, 1))
        if abs(low - 1) > 1e-9 or abs(high - 1) > 1e-9 or len(shares) < len(step.to):
            yield Issue(code="sum", path=f"{path}.to", value=f"{high:g}", allowed="1")
    if step.of is not None:
        yield from _names(f"{path}.of", [step.of], tranches)
    elif step.until is not None and not isinstance(step.until, UntilAmount) and not set(step.to) & tranches:
        yield Issue(code="waterfall.goal", path=f"{path}.until", value=", ".join(step.to), allowed=", ".join(tranches))
    several = len(shares) < len(step.to)
    if several and (step.until is None or isinstance(step.until, UntilAmount) or not set(step.to) <= tranches):
        yield Issue(code="waterfall.shares", path=f"{path}.to", value=", ".join(step.to), allowed="{a: 0.5, b: 0.5}")
    if several and isinstance(step.until, UntilIrr):
        yield Issue(code="waterfall.shares", path=f"{path}.to", value=", ".join(step.to), allowed="{a: 0.5, b: 0.5}")


def _check_blocked(scenario: Scenario) -> Iterator[Issue]:
    """After a step that passes on all that is left at once, later steps never receive anything."""
    swept = False
    for k, step in enumerate(scenario.contract.waterfall):
        if swept:
            yield Issue(code="waterfall.blocked", path=f"contract.waterfall.{k}", value=str(k + 1), allowed="-")
        if isinstance(step, Pay) and step.until is None and step.starts == 0 and not step.at_end:
            swept = True


def _check_capital(scenario: Scenario) -> Iterator[Issue]:
    contract = scenario.contract
    for name, part in contract.capital.items():
        path = f"contract.capital.{name}"
        if isinstance(part, (Tranche, Grant)) and isinstance(part.draw, Scheduled):
            total = sum(share.support()[1] for share in part.draw.shares.values())
            if total > 1 + 1e-9:
                yield Issue(code="sum", path=f"{path}.draw.shares", value=f"{total:g}", allowed="<= 1")
            late = [moment for moment in part.draw.shares if int(moment) > contract.calendar.periods]
            for moment in late:
                allowed = f"<= {contract.calendar.periods}"
                yield Issue(code="horizon", path=f"{path}.draw.shares", value=moment, allowed=allowed)
        if isinstance(part, Tranche):
            for field in ("coupon", "principal"):
                term = getattr(part, field)
                if isinstance(term, ByPerformance):
                    yield from _check_quantity(f"{path}.{field}", term.on, term.quantity, scenario)
                    yield from _check_where(f"{path}.{field}.where", term.where, scenario)
    if contract.stop is not None:
        for k, condition in enumerate(contract.stop.unless):
            yield from _check_condition(f"contract.stop.unless.{k}", condition, scenario)


def _check_sums(scenario: Scenario) -> Iterator[Issue]:
    """Shares of one whole sum to one."""
    contract = scenario.contract
    people = contract.people
    wholes = [("contract.payers", contract.payers), ("contract.people.segments", people.segments),
              ("contract.people.providers", people.providers)]  # fmt: skip
    wholes += [(f"{path}.payers", term.payers) for path, term in _terms(scenario) if term.payers]
    if isinstance(people.intakes, tuple):
        wholes.append(("contract.people.intakes", {str(k): i.share for k, i in enumerate(people.intakes)}))
    for path, shares in wholes:
        if shares:
            low, high = (sum(share.support()[end] for share in shares.values()) for end in (0, 1))
            if abs(low - 1) > 1e-6 or abs(high - 1) > 1e-6:
                yield Issue(code="sum", path=path, value=f"{high:.6g}", allowed="1")


def _check_sources(scenario: Scenario) -> Iterator[Issue]:
    known = {*scenario.sources, *BUILT_IN_TAGS}
    for part in ("contract", "world", "actuals", "published"):
        for path, figure in walk_figures(getattr(scenario, part), part):
            yield from _names(path, figure.sources, known)
    for key in set(scenario.sources) & set(BUILT_IN_TAGS):
        yield Issue(code="duplicate", path=f"sources.{key}", value=key, allowed="-")


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
            yield from _check_where(f"actuals.results.{name}.{k}.where", observed.where, scenario)


def _check_correlations(scenario: Scenario) -> Iterator[Issue]:
    figures = {path: figure for part in ("contract", "world")
               for path, figure in walk_figures(getattr(scenario, part), part)}  # fmt: skip
    uncertain = {path for path, figure in figures.items() if figure.support()[0] < figure.support()[1]}
    for k, pair in enumerate(scenario.world.correlations):
        yield from _names(f"world.correlations.{k}.between", pair.between, uncertain)


CHECKS: tuple[Check, ...] = (
    _check_parties, _check_results, _check_beliefs, _check_terms, _check_gates, _check_limits, _check_horizon,
    _check_money_lines, _check_waterfall, _check_capital, _check_sums, _check_sources, _check_actuals,
    _check_correlations, *MORE_CHECKS,
)  # fmt: skip

__all__ = ["CHECKS", "check_scenario"]
