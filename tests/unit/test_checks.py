"""Every check can fail: one small edit of a deal that is right, and the message that must come of it."""

from __future__ import annotations

import ast
import copy
import re
from pathlib import Path
from typing import Any

import pytest

import simulator
from simulator import scenario as package
from simulator.i18n import LANGUAGES, Translator, messages
from simulator.scenario import numbers
from simulator.scenario.checks import check_scenario, range_issue
from simulator.scenario.checks.codes import COUNTRIES, CURRENCIES
from simulator.scenario.files import complaints, examine
from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml import Document, load_text

DEAL = """
schema: 1
id: test-deal
title: {es: Trato de prueba, en: Test deal}
country: CL
currency: CLP
sources:
  S1: {title: A contract}
contract:
  calendar: {start: "2027-01-01", period: quarter, periods: 16}
  parties:
    ministry: {role: payer, name: Ministry}
    city: {role: payer, name: City}
    school: {role: provider, name: School}
    workshop: {role: provider, name: Workshop}
    fund: {role: investor, name: Fund}
    backer: {role: guarantor, name: Backer}
    trust: {role: account, name: Trust}
  payers: {ministry: 75 %, city: 25 %}
  account: trust
  people:
    size: 400 (S1)
    intakes: {first: 0, every: 2, count: 2}
    segments: {young: 0.4, adult: 0.6}
    providers: {school: 0.5, workshop: 0.5}
  results:
    placed: {kind: share, name: Placed, after: 3}
    kept: {kind: share, name: Kept, of: placed, after: 5}
    visits: {kind: repeated, name: Visits, after: 4, at_most: 6}
    days:
      kind: amount
      name: Days
      after: 6
      measured: {kind: comparison, ratio: 1}
      less_is_better: true
    income: {kind: share, name: Income, after: 6, measured: {kind: benchmark, value: 0.2}}
  payments:
    placement: {name: Placement, on: placed, curve: {kind: per_unit, price: {young: 900, adult: 800}}, paid: {lag: 1}}
    retention:
      name: Retention
      on: kept
      curve: {kind: per_unit, price: 500}
      gate: {all: [{term: placement}]}
    fewer_days:
      name: Fewer days
      on: days
      quantity: relative_reduction
      pool: all
      curve: {kind: steps, steps: [{at: 5 %, pay: 10 000}, {at: 10 %, pay: 25 000}]}
    start: {name: Start, curve: {kind: lump, pay: 5 000}, paid: {dates: [0]}}
  limits:
    everything: {on: all, money: 400 000}
    places: {on: [placement, retention], units: 500}
  fees:
    work: {kind: at_cost, costs: [teaching]}
    judging: {kind: amount, to: trust, amount: 2 000, over: 8}
  capital:
    loan: {kind: tranche, party: fund, commitment: 300 000, draw: as_needed, coupon: 4 %}
    gift: {kind: grant, party: fund, amount: 10 000}
    cover: {kind: guarantee, party: backer, of: [loan], share: 0.5, up_to: 100 000}
  waterfall:
    - {kind: fees}
    - {kind: pay, to: loan, until: interest}
    - {kind: pay, to: loan, until: principal}
    - {kind: pay, to: {fund: 0.7, school: 0.3}}
  stop: {at: 10, by: fund, unless: [{on: placed, quantity: rate, at_least: 10 %}]}
world:
  enrolment: {share: 0.9, segments: {young: 0.95}}
  results:
    placed:
      level: {kind: beta, mean: 0.5, sd: 0.1}
      counterfactual: 0.3
      segments: {young: {level: 0.4}}
      providers: {school: {verified: 0.9}}
    kept: {level: {kind: uniform, low: 0.5, high: 0.8}}
    visits: {level: 0.5, claims: 3}
    days: {counterfactual: 40, relative_effect: {kind: uniform, low: -0.3, high: 0}, individual_sd: 20}
    income: {level: 0.4, counterfactual: 0.2}
  costs:
    teaching: {by: school, amount: 250 000, per: deal, over: 8, index: wages}
  indices:
    wages: {kind: growth, rate: 3 %}
  early_end: {prob: 0.02, first: 2, last: 16}
  appropriation_fails: {ministry: 0.01}
  discount_rates: {payer: 4 %, fund: 8 %}
  correlations: [{between: [world.results.placed.level, world.results.kept.level], rank: 0.3}]
actuals:
  ended: 12
  results: {placed: [{count: 150, where: {intake: 1}}], days: {relative_reduction: 10 %}}
  costs: {teaching: 240 000}
  guaranteed: {cover: 90 000}
published:
  payer.payments: {value: 100 000, tolerance: 5, sources: [S1]}
"""
READ = load_text(DEAL)
GONE = object()
Edit = dict[str, Any]


def changed(edits: Edit) -> Document:
    """The deal with some places put otherwise; places are paths with slashes."""
    data: Any = copy.deepcopy(READ.data)
    for place, value in edits.items():
        *way, last = [int(key) if key.isdigit() else key for key in place.split("/")]
        here = data
        for key in way:
            here = here[key]
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return Document(data=data, lines=READ.lines)


def found(edits: Edit) -> list[Issue]:
    return examine(changed(edits))[1]


def test_the_deal_without_edits_is_right() -> None:
    scenario, issues = examine(load_text(DEAL))
    assert issues == []
    assert scenario is not None
    result = simulator.simulate(scenario, trials=200)
    assert result.flows.imbalance() < 1e-6


STEP = "contract/waterfall/3"
BENEFIT = {"name": "Prison", "on": "days", "agency": "prisons", "amount": "40 (A)", "years": 3, "decay": 0.2}
VALUE = {"horizon": 10, "agencies": {"prisons": {"name": "Prisons"}}, "benefits": {"prison": BENEFIT}}

# One row for each thing that can be wrong: code, path in the message, edits of the deal.
ERRORS: list[tuple[str, str, Edit]] = [
    # structure
    ("type", "contract.people", {"contract/people": 5}),
    ("whole", "contract.calendar.periods", {"contract/calendar/periods": True}),
    ("missing", "contract.account", {"contract/account": GONE}),
    ("missing", "contract.payments.retention.curve.price", {"contract/payments/retention/curve": {"kind": "per_unit"}}),
    ("missing", "contract.payments.retention.curve.kind", {"contract/payments/retention/curve": {"price": 500}}),
    ("missing", "contract.fees.judging.amount", {"contract/fees/judging/amount": GONE}),
    ("unknown_field", "contract.calendar.perods", {"contract/calendar/perods": 3}),
    ("choice", "contract.calendar.period", {"contract/calendar/period": "week"}),
    ("choice", "contract.capital.loan.draw", {"contract/capital/loan/draw": "at_clos"}),
    ("choice", "contract.payments.start.curve.kind", {"contract/payments/start/curve/kind": "lumpy"}),
    ("pattern", "id", {"id": "Test Deal"}),
    ("pattern", "country", {"country": "Chile"}),
    ("date", "contract.calendar.start", {"contract/calendar/start": "01/01/2027"}),
    ("length", "contract.payers", {"contract/payers": {}}),
    ("number", "contract.people.size", {"contract/people/size": "four hundred"}),
    ("number", "contract.people.size", {"contract/people/size": float("nan")}),
    ("decimal_comma", "contract.people.size", {"contract/people/size": "400,5"}),
    ("number", "contract.people.size", {"contract/people/size": 10**400}),
    ("whole", "contract.calendar.periods", {"contract/calendar/periods": 15.5}),
    ("range", "contract.people.size", {"contract/people/size": -5}),
    ("range", "contract.people.intakes.count", {"contract/people/intakes/count": -2}),
    ("range", "world.early_end.prob", {"world/early_end/prob": 1.2}),
    ("range.percent", "world.discount_rates.payer", {"world/discount_rates/payer": 8}),
    ("range.percent", "world.results.kept.level",
     {"world/results/kept/level": {"kind": "uniform", "low": 30, "high": 70}, "world/correlations": []}),
    ("distribution", "world.results.placed.level", {"world/results/placed/level": {"kind": "beta", "mean": 0.5, "sd": 0.6}}),
    ("order", "contract.payments.fewer_days.curve", {"contract/payments/fewer_days/curve/steps/0/at": "20 %"}),
    ("sum", "contract.results.days.measured",
     {"contract/results/days/measured": {"kind": "blend", "of": [
         {"weight": 0.5, "method": {"kind": "comparison"}},
         {"weight": 0.4, "method": {"kind": "benchmark", "value": 40}}]}}),
    ("one_of", "contract.limits.everything", {"contract/limits/everything/units": 5}),
    ("one_of", "contract.stop.unless.0", {"contract/stop/unless/0/below": 0.5}),
    ("one_of", "published.payer.payments", {"published/payer.payments": {"value": 1, "at_least": 2}}),
    ("one_of", "contract.waterfall.0", {"contract/waterfall/0": {"kind": "reserve"}}),
    ("impossible", "world.costs.teaching.amount",
     {"world/costs/teaching/amount": {"kind": "lognormal", "mean": 1e-200, "sd": 1e17}}),
    ("impossible", "world.results.placed.level",
     {"world/results/placed/level": {"kind": "beta", "mean": 0.5, "sd": 1e-200}}),
    # names
    ("reference", "contract.account", {"contract/account": "bank"}),
    ("reference", "contract.payers.school", {"contract/payers": {"ministry": 0.5, "school": 0.5}}),
    ("reference", "contract.people.providers.nobody", {"contract/people/providers": {"school": 0.5, "nobody": 0.5}}),
    ("reference", "contract.payments.retention.payers.fund", {"contract/payments/retention/payers": {"fund": 1}}),
    ("reference", "contract.fees.judging.to", {"contract/fees/judging/to": "judge"}),
    ("reference", "contract.fees.work.costs.0", {"contract/fees/work/costs": ["food"], "actuals/costs": {}}),
    ("reference", "contract.capital.loan.party", {"contract/capital/loan/party": "bank"}),
    ("reference", "contract.capital.cover.of.0", {"contract/capital/cover/of": ["gift"]}),
    ("reference", "contract.stop.by", {"contract/stop/by": "bank"}),
    ("reference", "world.costs.teaching.by", {"world/costs/teaching/by": "bank"}),
    ("reference", "world.appropriation_fails.fund", {"world/appropriation_fails": {"fund": 0.1}}),
    ("reference", "world.discount_rates.bank", {"world/discount_rates": {"bank": 0.1}}),
    ("reference", "contract.results.kept.of", {"contract/results/kept/of": "hired"}),
    ("reference", "world.results.extra", {"world/results/extra": {"level": 0.5}}),
    ("reference", "world.results.placed.segments.old", {"world/results/placed/segments": {"old": {"level": 0.5}}}),
    ("reference", "world.results.placed.providers.bank", {"world/results/placed/providers": {"bank": {"level": 0.5}}}),
    ("reference", "world.enrolment.segments.old", {"world/enrolment/segments": {"old": 0.5}}),
    ("reference", "contract.payments.placement.on", {"contract/payments/placement/on": "hired"}),
    ("reference", "contract.payments.retention.where.segment", {"contract/payments/retention/where": {"segment": "old"}}),
    ("reference", "contract.payments.retention.where.provider.1",
     {"contract/payments/retention/where": {"provider": ["school", "bank"]}}),
    ("reference", "contract.payments.placement.curve.price.old",
     {"contract/payments/placement/curve/price": {"young": 1, "adult": 2, "old": 3}}),
    ("reference", "contract.payments.retention.gate.all.0.term",
     {"contract/payments/retention/gate": {"all": [{"term": "x"}]}}),
    ("reference", "contract.payments.start.gate.none.0.on",
     {"contract/payments/start/gate": {"none": [{"on": "hired", "at_least": 1}]}}),
    ("reference", "contract.limits.everything.on", {"contract/limits/everything/on": "placements"}),
    ("reference", "contract.limits.places.of",
     {"contract/limits/places": {"on": ["placement"], "share": 0.5, "of": "hired"}}),
    ("reference", "world.costs.teaching.per", {"world/costs/teaching/per": "hour"}),
    ("reference", "contract.fees.judging.per", {"contract/fees/judging/per": "hour"}),
    ("reference", "world.costs.teaching.index", {"world/costs/teaching/index": "prices"}),
    ("reference", "contract.limits.everything.index", {"contract/limits/everything/index": "prices"}),
    ("reference", "contract.waterfall.0.of.0", {"contract/waterfall/0/of": ["rent"], "contract/fees": {}}),
    ("reference", "contract.waterfall.3.to.bank", {f"{STEP}/to": {"fund": 0.7, "bank": 0.3}}),
    ("reference", "contract.waterfall.2.of", {"contract/waterfall/2/of": "gift"}),
    ("reference", "contract.people.size", {"contract/people/size": "400 (S9)"}),
    ("reference", "published.payer.payments", {"published/payer.payments/sources": ["S9"]}),
    ("reference", "actuals.results.hired", {"actuals/results/hired": 5}),
    ("reference", "actuals.costs.food", {"actuals/costs/food": 5}),
    ("reference", "actuals.guaranteed.loan", {"actuals/guaranteed": {"loan": 5}}),
    ("reference", "actuals.results.placed.0.where.segment", {"actuals/results/placed/0/where": {"segment": "old"}}),
    ("reference", "world.correlations.0.between.1",
     {"world/correlations/0/between": ["world.results.placed.level", "world.results.nobody.level"]}),
    ("duplicate", "contract.limits.places.on", {"contract/limits/places/on": ["placement", "placement"]}),
    ("duplicate", "contract.capital.cover.of", {"contract/capital/cover/of": ["loan", "loan"]}),
    ("duplicate", "world.correlations.1.between",
     {"world/correlations": [{"between": ["world.results.placed.level", "world.results.kept.level"], "rank": 0.3},
                             {"between": ["world.results.kept.level", "world.results.placed.level"], "rank": 0.1}]}),
    ("reserved", "contract.parties.outside", {"contract/parties/outside": {"role": "manager", "name": "X"}}),
    ("reserved", "contract.results.people",
     {"contract/results/people": {"kind": "share", "name": "X", "after": 1}, "world/results/people": {"level": 0.1}}),
    ("reserved", "contract.payments.all",
     {"contract/payments/all": {"name": "X", "curve": {"kind": "lump", "pay": 1}, "paid": {"dates": [1]}}}),
    ("reserved", "contract.capital.investors",
     {"contract/capital/investors": {"kind": "grant", "party": "fund", "amount": 1}}),
    ("reserved", "sources.A", {"sources/A": {"title": "X"}}),
    # results and beliefs
    ("chain.kind", "contract.results.kept.of", {"contract/results/kept/of": "visits"}),
    ("chain.times", "contract.results.kept.times", {"contract/results/placed/times": 3, "contract/results/kept/times": 2}),
    ("cycle", "contract.results.kept.of", {"contract/results/placed/of": "kept"}),
    ("cycle", "contract.results.kept.of", {"contract/results/kept/of": "kept"}),
    ("field.only_for", "contract.results.placed.at_most", {"contract/results/placed/at_most": 3}),
    ("field.only_for", "world.results.kept.claims", {"world/results/kept/claims": 3}),
    ("field.only_for", "world.results.kept.individual_sd", {"world/results/kept/individual_sd": 3}),
    ("field.only_for", "world.results.kept.events", {"world/results/kept/events": True}),
    ("field.only_for", "contract.limits.everything.excess", {"contract/limits/everything/excess": "carried"}),
    ("field.only_for", "contract.stop.unless.0.term", {"contract/stop/unless": [{"term": "placement"}]}),
    ("field.needs", "contract.limits.everything.per",
     {"contract/limits/everything/per": "segment", "contract/people/segments": {}, "world/enrolment/segments": {},
      "world/results/placed/segments": {}, "contract/payments/placement/curve/price": 3}),
    ("field.needs", "contract.payments.start.where", {"contract/payments/start/where": {"intake": 1}}),
    ("missing", "world.results.kept", {"world/results/kept": GONE, "world/correlations": []}),
    ("missing", "world.results.visits.level", {"world/results/visits/level": GONE}),
    ("missing", "world.results.placed.level",
     {"world/results/placed": {"segments": {"young": {"level": 0.4}}}, "world/correlations": []}),
    ("missing", "world.results.days.counterfactual", {"world/results/days/counterfactual": GONE}),
    ("range", "contract.results.income.measured.value", {"contract/results/income/measured/value": 1.1}),
    ("range", "world.results.placed.segments.young.level", {"world/results/placed/segments/young/level": 1.5}),
    ("range", "world.results.visits.claims", {"world/results/visits/claims": 7}),
    ("range", "world.results.visits.claims", {"world/results/visits/claims": 0.5}),
    ("one_of", "world.results.days", {"world/results/days/effect": -2}),
    # terms and limits
    ("missing", "contract.payments.start.paid.dates", {"contract/payments/start/paid": GONE}),
    ("missing", "contract.payments.placement.curve.price.adult", {"contract/payments/placement/curve/price": {"young": 1}}),
    ("choice", "contract.payments.start.curve.price",
     {"contract/payments/start/curve": {"kind": "per_unit", "price": {"young": 1, "adult": 2}}}),
    ("choice", "contract.payments.start.curve.kind",
     {"contract/payments/start/curve": {"kind": "bands", "bands": [{"above": 0, "price": 1}]}}),
    ("choice", "contract.payments.retention.quantity",
     {"contract/payments/retention/quantity": "mean", "contract/limits/places/on": ["placement"]}),
    ("choice", "contract.payments.retention.pool", {"contract/payments/retention/pool": ["each", "intake"]}),
    ("length", "contract.payments.retention.payers", {"contract/payments/retention/payers": {}}),
    ("range", "contract.payments.retention.target", {"contract/payments/retention/target": 0}),
    ("range", "contract.payments.retention.where.intake", {"contract/payments/retention/where": {"intake": 3}}),
    ("quantity.needs_comparison", "contract.payments.retention.quantity",
     {"contract/payments/retention/quantity": "difference", "contract/limits/places/on": ["placement"]}),
    ("quantity.needs_comparison", "contract.stop.unless.0.quantity",
     {"contract/stop/unless": [{"on": "placed", "significant": 0.05}]}),
    ("quantity.needs_comparison", "actuals.results.placed.0.difference",
     {"actuals/results/placed": [{"difference": 3}]}),
    ("gate.cycle", "contract.payments.retention.gate",
     {"contract/payments/placement/gate": {"any": [{"term": "retention"}]}}),
    ("limit.units", "contract.limits.places.on", {"contract/limits/places/on": ["placement", "fewer_days"]}),
    ("limit.units", "contract.limits.places.on", {"contract/limits/places/on": "all"}),
    ("sum", "contract.payers", {"contract/payers": {"ministry": 0.5, "city": 0.4}}),
    ("sum", "contract.people.segments", {"contract/people/segments": {"young": 0.5, "adult": 0.6}}),
    ("sum", "contract.people.providers", {"contract/people/providers": {"school": 0.5, "workshop": 0.4}}),
    ("sum", "contract.people.intakes", {"contract/people/intakes": [{"starts": 0, "share": 0.5}]}),
    ("sum", "contract.payments.retention.payers", {"contract/payments/retention/payers": {"city": 0.5}}),
    ("fee.twice", "contract.fees", {"contract/fees/again": {"kind": "at_cost", "costs": ["teaching"]}}),
    ("range", "world.indices.wages.values.0", {"world/indices/wages": {"kind": "path", "values": [0, 1]}}),
    ("date", "contract.calendar.start", {"contract/calendar/start": "2027-02-31"}),
    # currencies, payers of limits, beliefs
    ("currency.no_rate", "contract.payments.start.currency", {"contract/payments/start/currency": "USD"}),
    ("currency.own", "world.exchange.CLP", {"world/exchange": {"CLP": {"at_close": 1}}}),
    ("limit.excess", "contract.limits.everything.excess", {"contract/limits/everything/excess": "city"}),
    ("limit.contradiction", "contract.limits.least.floor", {"contract/limits/least": {"on": "all", "floor": 500_000}}),
    ("reference", "contract.limits.everything.payers", {"contract/limits/everything/payers": "fund"}),
    ("reference", "contract.limits.everything.excess", {"contract/limits/everything/excess": "fund"}),
    ("reference", "world.deflator", {"world/deflator": "prices"}),
    ("reference", "beliefs.nobody", {"beliefs": {"nobody": {"world.results.placed.level": 0.5}}}),
    ("range", "contract.people.size", {"contract/people/size": "20 000 000 000"}),
    ("range", "world.enrolment.share", {"world/enrolment/share": 200}),
    ("range", "actuals.results.placed.0.count", {"actuals/results/placed/0/count": -5}),
    ("field.only_for", "contract.payments.placement.gate.all.0.significant",
     {"contract/results/jobs_made": {"kind": "total", "name": "x", "after": 1, "measured": "comparison"},
      "world/results/jobs_made": {"level": 2, "counterfactual": 1},
      "contract/payments/placement/gate": {"all": [{"on": "jobs_made", "significant": 0.05}]}}),
    ("reference", "beliefs.fund.world.results.hired.level", {"beliefs": {"fund": {"world.results.hired.level": 0.5}}}),
    ("field.only_for", "contract.limits.places.payers", {"contract/limits/places/payers": ["city"]}),
    ("field.only_for", "contract.results.kept.of", {"contract/results/kept/of": "deal"}),
    # time
    ("horizon", "contract.results.days.after", {"contract/results/days/after": 15}),
    ("horizon", "contract.payments.retention.paid", {"contract/payments/retention/paid": {"lag": 10}}),
    ("horizon", "contract.payments.retention.paid", {"contract/payments/retention/paid": {"dates": [5]}}),
    ("horizon", "contract.payments.start.paid.dates", {"contract/payments/start/paid/dates": [17]}),
    ("horizon", "contract.stop.at", {"contract/stop/at": 17}),
    ("horizon", "actuals.ended", {"actuals/ended": 17}),
    ("horizon", "world.early_end.last", {"world/early_end/last": 1}),
    ("horizon", "world.costs.teaching.over", {"world/costs/teaching/starts": 12}),
    ("horizon", "contract.fees.judging.over", {"contract/fees/judging/starts": 12}),
    ("horizon", "contract.people.intakes", {"contract/people/intakes/every": 17}),
    ("horizon", "contract.capital.loan.draw.shares.20",
     {"contract/capital/loan/draw": {"kind": "scheduled", "shares": {"20": 1}}}),
    ("plan.too_large", "contract.results", {"contract/people/intakes": {"every": 1, "count": 60},
                                            "contract/calendar/periods": 240, "contract/results/placed/times": 90}),
    # capital
    ("sum", "contract.capital.loan.draw.shares",
     {"contract/capital/loan/draw": {"kind": "scheduled", "shares": {"0": 0.7, "1": 0.7}}}),
    ("pattern", "contract.capital.loan.draw.shares.007",
     {"contract/capital/loan/draw": {"kind": "scheduled", "shares": {"007": 0.7}}}),
    ("choice", "contract.capital.loan.coupon.quantity",
     {"contract/capital/loan/coupon": {"on": "placed", "quantity": "total", "curve": {"kind": "lump", "pay": 0.05}}}),
    ("choice", "contract.capital.loan.coupon.curve.price",
     {"contract/capital/loan/coupon": {"on": "placed", "quantity": "rate",
                                       "curve": {"kind": "per_unit", "price": {"young": 1, "adult": 2}}}}),
    ("range.percent", "contract.capital.loan.coupon.curve.steps.0.pay",
     {"contract/capital/loan/coupon": {"on": "placed", "quantity": "rate",
                                       "curve": {"kind": "steps", "steps": [{"at": 0.3, "pay": 5}]}}}),
    ("waterfall.unreached", "contract.capital.loan",
     {"contract/waterfall/1/to": "fund", "contract/waterfall/1/until": {"kind": "amount", "amount": 1},
      "contract/waterfall/2": {"kind": "reserve", "periods": 2}}),
    ("waterfall.unreached", "contract.fees.work", {"contract/waterfall/0/of": ["judging"]}),
    ("waterfall.goal", "contract.waterfall.3.until", {f"{STEP}/until": "principal"}),
    ("waterfall.shares", "contract.waterfall.3.to", {f"{STEP}/to": ["fund", "school"]}),
    ("sum", "contract.waterfall.3.to", {f"{STEP}/to": {"fund": 0.7, "school": 0.2}}),
    ("waterfall.blocked", "contract.waterfall.3", {"contract/waterfall/2": {"kind": "pay", "to": "loan"}}),
    # public value
    ("reference", "world.value.benefits.prison.on",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"on": "hired"}}}}),
    ("value.agency", "world.value.benefits.prison.agency",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"agency": "police"}, "rest": BENEFIT}}}),
    ("reserved", "world.value.agencies.fund",
     {"world/value": VALUE | {"agencies": {"prisons": {"name": "Prisons"}, "fund": {"name": "Fund"}}}}),
    ("range.percent", "world.value.benefits.prison.cashable",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"cashable": 30}}}}),
    ("range", "world.value.benefits.prison.avoidable",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"avoidable": 1.2}}}}),
    ("range.percent", "world.discount_rates.society", {"world/value": VALUE, "world/discount_rates/society": 8}),
    ("range", "world.value.horizon", {"world/value": VALUE | {"horizon": 0}}),
    ("length", "world.value.benefits", {"world/value": {"horizon": 10, "benefits": {}}}),
    ("currency.no_rate", "world.value.benefits.prison.currency",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"currency": "USD"}}}}),
    ("value.no_dated_value", "world.value.benefits.prison.unit_date",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"unit": "uf", "unit_date": "2027-01-01"}}}}),
    ("date", "world.value.benefits.prison.unit_date",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"unit": "utm", "unit_date": "2025-02-31"}}}}),
    ("missing", "world.value.benefits.prison.unit_date",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"unit": "uf"}}}}),
    ("field.needs", "world.value.benefits.prison.unit_date",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"unit_date": "2025-08-31"}}}}),
    ("field.only_for", "world.value.benefits.prison.unit",
     {"world/value": VALUE | {"benefits": {"prison": BENEFIT | {"unit": "uit", "unit_date": "2025-08-31"}}}}),
    ("reference", "world.by_inputs.costs.0", {"world/by_inputs": {"costs": ["food"]}}),
    ("range", "actuals.results.placed.0.measurement", {"actuals/results/placed/0/measurement": 2}),
    ("range", "actuals.results.placed.mean", {"actuals/results/placed": {"mean": 1.5}}),
]  # fmt: skip
WARNINGS: list[tuple[str, str, Edit]] = [
    ("country.unknown", "country", {"country": "ZZ"}),
    ("value.horizon", "world.value.benefits.prison.years", {"world/value": VALUE | {"horizon": 3}}),
    ("value.agency_idle", "world.value.agencies.police",
     {"world/value": VALUE | {"agencies": {"prisons": {"name": "Prisons"}, "police": {"name": "Police"}}}}),
    ("value.no_rate", "world.value", {"world/value": VALUE, "country": "BO"}),
    ("currency.unknown", "currency", {"currency": "CPL"}),
    ("chain.early", "contract.results.kept.after", {"contract/results/kept/after": 2}),
    ("counterfactual.missing", "world.results.days.counterfactual", {"world/results/days": {"level": 30}}),
    ("limit.doubled", "contract.limits.again", {"contract/limits/again": {"on": "all", "money": 300_000}}),
    ("capital.idle", "contract.capital.gift", {"contract/capital/gift/amount": 0}),
    ("capital.idle", "contract.capital.loan",
     {"contract/fees": {}, "contract/waterfall/0": {"kind": "reserve", "periods": 1}}),
    ("guarantee.idle", "contract.capital.cover", {"contract/capital/cover/up_to": 0}),
    ("guarantee.idle", "contract.capital.cover", {"contract/capital/loan/commitment": 0}),
    ("term.never", "contract.payments.start.curve", {"contract/payments/start/curve/pay": 0}),
    ("term.never", "contract.payments.retention.curve.steps",
     {"contract/payments/retention/curve": {"kind": "steps", "steps": [{"at": 1.2, "pay": 5}]},
      "contract/payments/retention/quantity": "rate", "contract/limits/places/on": ["placement"]}),
    ("term.never", "contract.payments.placement.gate.all.0",
     {"contract/payments/placement/gate": {"all": [{"on": "days", "quantity": "mean", "at_least": 1}]}}),
    ("stop.always", "contract.stop.unless.0", {"contract/stop/at": 2}),
    ("correlation.fixed", "world.correlations.0.between",
     {"world/results/visits/level": 0.3,
      "world/correlations": [{"between": ["world.results.placed.level", "world.results.visits.level"], "rank": 0.5}]}),
    ("correlations.repaired", "world.correlations",
     {"world/results/visits/level": {"kind": "uniform", "low": 0.2, "high": 0.4},
      "world/correlations": [
          {"between": ["world.results.placed.level", "world.results.kept.level"], "rank": 0.9},
          {"between": ["world.results.kept.level", "world.results.visits.level"], "rank": 0.9},
          {"between": ["world.results.placed.level", "world.results.visits.level"], "rank": -0.9}]}),
]  # fmt: skip


# Sentences and names of the validator, gaps without a value; words in what should need no translation.
LEAKS = re.compile(
    r"Input should|valid |function-|tagged-union|NoneType|\{(where|allowed|suggestion|did_you_mean)\}"
)
ENGLISH = re.compile(r"\b(with|exactly|and|or|none|both|other|must|number|numbers|text)\b")


def ids(rows: list[tuple[str, str, Edit]]) -> list[str]:
    return [f"{code}@{path}" for code, path, _ in rows]


@pytest.mark.parametrize(("code", "path", "edits"), ERRORS, ids=ids(ERRORS))
def test_each_mistake_is_found_where_it_is(code: str, path: str, edits: Edit) -> None:
    issues = found(edits)
    assert (code, path) in [(issue.code, issue.path) for issue in issues if issue.severity == "error"]


@pytest.mark.parametrize(("code", "path", "edits"), WARNINGS, ids=ids(WARNINGS))
def test_each_oddity_is_told_and_stops_nothing(code: str, path: str, edits: Edit) -> None:
    scenario, issues = examine(changed(edits))
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert (code, path) in [(issue.code, issue.path) for issue in issues]
    assert scenario is not None
    assert simulator.simulate(scenario, trials=20).flows.imbalance() < 1e-6


# What a real mistake may bring about at another place of the document.
CONSEQUENCES = {
    "waterfall.unreached",
    "cycle",
    "gate.cycle",
    "reference",
    "horizon",
    "sum",
    "chain.times",
    "duplicate",
}


@pytest.mark.parametrize(("code", "path", "edits"), ERRORS, ids=ids(ERRORS))
def test_one_mistake_raises_no_false_alarms_elsewhere(code: str, path: str, edits: Edit) -> None:
    places = {place.replace("/", ".") for place in edits}
    for issue in found(edits):
        at_edit = any(issue.path.startswith(p) or p.startswith(issue.path) for p in (path, *places))
        assert at_edit or issue.code in CONSEQUENCES or issue.severity == "warning", str(issue)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "path", "edits"), ERRORS + WARNINGS, ids=ids(ERRORS + WARNINGS))
def test_each_message_names_what_was_found_and_where(
    code: str, path: str, edits: Edit, language: str
) -> None:
    issue = next(issue for issue in found(edits) if (issue.code, issue.path) == (code, path))
    text = Translator(language, strict=True).issue(issue.code, **issue.placeholders())
    assert path in text
    assert issue.value in text
    assert text.count(". ") >= 1, "what is wrong and what to do"
    assert text.endswith(".")
    assert not LEAKS.search(text)
    if language == "es":
        assert not ENGLISH.search(f"{issue.allowed} {issue.value}")


# ── Nothing is left out ──────────────────────────────────────────────────────────────────────────────


SOURCES = sorted(Path(*package.__path__).rglob("*.py"))


def literal_codes(path: Path) -> set[str]:
    """Codes that a module writes down: ``code="…"``, ``warning("…")`` and conditional ones."""
    codes = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "code":
            codes |= {part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "warning":
            codes.add(node.args[0].value)  # type: ignore[attr-defined]
        named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code"
        if named and isinstance(node.value, ast.IfExp):  # type: ignore[attr-defined]
            two = (node.value.body, node.value.orelse)  # type: ignore[attr-defined]
            codes |= {part.value for part in two if isinstance(part, ast.Constant)}
    return {code for code in codes if isinstance(code, str)}


def all_codes() -> set[str]:
    return set().union(*map(literal_codes, SOURCES), complaints.CODES.values(), complaints.OWN_CODES.values())


# Those that need a file or an old document: tests/unit/test_files.py has an example of each.
OF_FILES = {"schema.newer", "schema.upgrade", "file.too_many_issues"}


def test_every_code_has_an_example() -> None:
    shown = {code for code, _, _ in ERRORS + WARNINGS}
    assert all_codes() - OF_FILES - shown == set()
    assert shown <= all_codes(), "an example of a code that is never used"


def test_the_search_for_codes_finds_them() -> None:
    assert {
        "type",
        "choice",
        "quantity.needs_comparison",
        "term.never",
        "range.percent",
        "number",
    } <= all_codes()
    assert len(all_codes()) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_core_has_a_sentence_that_says_what_to_do(language: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    written = set(re.findall(r'"((?:yaml|file)\.[a-z_]+)"', text))
    assert len(written) > 25
    missing = {code for code in all_codes() | written if f"issue.{code}" not in messages(language)}
    assert missing == set()
    for code in all_codes() | written:
        text = messages(language)[f"issue.{code}"].forms[0].text
        assert text.endswith("."), code
        assert text.count(". ") >= 1, code


def test_every_complaint_of_our_validators_is_worded_without_words() -> None:
    """What the models say is allowed is English here and there; each such text has a neutral form."""
    english = re.compile(
        r"\b(exactly|one of|with|weights|without|within|finite|ascending|mapping|only|amount)\b"
    )
    checked = 0
    for path in SOURCES:
        for text in allowed_texts(ast.parse(path.read_text(encoding="utf-8"))):
            if english.search(text):
                checked += 1
                assert text in SHOWN_OTHERWISE or any(key.startswith(text) for key in complaints.NEUTRAL), (
                    f"{path.name}: {text}"
                )
    assert checked > 8


# The validator's own sentence (never shown), the general number (shown as an example) and a count with its number.
SHOWN_OTHERWISE = {
    "a text, or a mapping with es and en",
    "texts only",
    numbers.ALLOWED,
    " weights, not all zero",
}


RAISERS = ("PydanticCustomError", "_wrong", "wrong_number")


def allowed_texts(tree: ast.AST) -> set[str]:
    """Texts that stand where a validator says what would be right."""
    found: set[str] = set()
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISERS
        assigned = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
            "allowed",
            "ALLOWED",
        )
        if called or assigned:
            found |= {str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)}
    return {text for text in found if " " in text}


# ── Details ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "allowed", "suggestion"),
    [
        ("8", "-0.99 <= x <= 1", "8 %"), ("12.5", "0 <= x <= 1", "12.5 %"), ("30 … 70", "0 <= x <= 1", "30 % … 70 %"),
        ("1.2", "0 <= x <= 1", None), ("800", "0 <= x <= 1", None), ("-8", "0 <= x <= 1", None), ("8", "0 <= x <= 6", None),
    ],
)  # fmt: skip
def test_a_number_that_may_be_a_percentage_says_how_to_write_it(
    value: str, allowed: str, suggestion: str | None
) -> None:
    assert dict(range_issue("a", value, allowed).params).get("suggestion") == suggestion


def test_a_loop_is_told_once_and_as_a_walk() -> None:
    loops = [issue for issue in found({"contract/results/placed/of": "kept"}) if issue.code == "cycle"]
    assert [issue.value for issue in loops] == ["kept → placed → kept"]


def test_two_loops_are_two_mistakes() -> None:
    edits = {"contract/results/kept/of": "kept", "contract/results/income/of": "income"}
    assert [issue.path for issue in found(edits) if issue.code == "cycle"] == [
        "contract.results.kept.of", "contract.results.income.of",
    ]  # fmt: skip


def test_a_reference_suggests_the_nearest_name() -> None:
    issue = next(
        issue for issue in found({"contract/payments/placement/on": "place"}) if issue.code == "reference"
    )
    assert dict(issue.params)["suggestion"] == "placed"
    assert "placed" in issue.allowed


def test_a_term_for_some_intakes_is_held_to_their_dates_only() -> None:
    edits = {
        "contract/payments/retention/where": {"intake": 1},
        "contract/payments/retention/paid": {"dates": [5]},
    }
    assert found(edits) == []


@pytest.mark.parametrize(
    ("codes", "ours"),
    [
        (COUNTRIES, "AR BO BR CL CO CR DO EC ES GB GT HN MX NI PA PE PY SV US UY VE"),
        (CURRENCIES, "ARS BOB BRL CLF CLP COP CRC DOP EUR GBP GTQ HNL MXN NIO PAB PEN PYG USD UYU"),
    ],
)
def test_the_codes_of_our_region_are_known(codes: frozenset[str], ours: str) -> None:
    assert set(ours.split()) <= codes


def test_the_checks_do_not_change_the_deal() -> None:
    scenario = simulator.loads(DEAL)
    before = scenario.digest()
    check_scenario(scenario)
    assert scenario.digest() == before
