"""Random deals: Hypothesis strategies that reach every construct of the language.

A deal is built as the plain mapping that a document would be, small enough for the slow oracle: at most three
intakes, two segments, two providers, three results and three terms.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from simulator.scenario.figures import walk_figures
from simulator.scenario.scenario import Scenario
from simulator.scenario.world import World
from tests.oracle.small import PARTIES, mistakes

Draw = Callable[[st.SearchStrategy[Any]], Any]
Mapping = dict[str, Any]
T = TypeVar("T")
COMPARED = ("difference", "additional", "relative_reduction", "relative_increase")
QUANTITIES = {"share": ("count", "rate"), "repeated": ("claims", "count", "mean", "rate"),
              "amount": ("total", "mean"), "total": ("total",)}  # fmt: skip
UNITS = ("count", "claims", "total")


def one_of(draw: Draw, *options: T) -> T:
    """Draw one of a few things."""
    chosen: T = draw(st.sampled_from(options))
    return chosen


def chance(draw: Draw, in_ten: int) -> bool:
    """Draw true in so many of ten cases; the simplest example is false."""
    return bool(draw(st.integers(0, 9)) >= 10 - in_ten)


def number(draw: Draw, low: float, high: float) -> float:
    """Draw one of 41 round numbers from low to high."""
    return float(f"{low + (high - low) * draw(st.integers(0, 40)) / 40:.6g}")


def figure(draw: Draw, low: float, high: float) -> Any:
    """A number, or now and then a distribution of one, between two ends."""
    if not chance(draw, 3) or low == high:
        return number(draw, low, high)
    middle = float(f"{(low + high) / 2:.6g}")
    even = {"kind": "uniform", "low": low, "high": high}
    return one_of(
        draw,
        even,
        {"kind": "triangular", "low": low, "mode": middle, "high": high},
        {"kind": "pert", "low": low, "mode": middle, "high": high},
        {"kind": "normal", "mean": middle, "sd": (high - low) / 3, "min": low, "max": high},
        {"kind": "discrete", "values": [low, middle, high], "weights": [1, 2, 1]},
        {"kind": "quantiles", "p10": low, "p50": low, "p90": high, "min": low, "max": high},
        {"kind": "may_fail", "prob": 0.3, "works": even, "otherwise": low},
        {"kind": "mixture", "of": [{"weight": 1, "is": low}, {"weight": 2, "is": even}]},
        {"kind": "scaled", "of": even, "factor": 1},
    )  # fmt: skip


def split(draw: Draw, names: list[str]) -> Mapping:
    """Shares of one whole."""
    if len(names) == 1:
        return {names[0]: 1}
    first = one_of(draw, 0.5, 0.25, 0.8)
    rest = (1 - first) / (len(names) - 1)
    return {name: first if k == 0 else rest for k, name in enumerate(names)}


class Deal:
    """A deal in the making."""

    def __init__(self, draw: Draw, *, negative: bool = True) -> None:
        self.draw, self.negative = draw, negative
        self.providers = ["prov_a", "prov_b"] if chance(draw, 3) else []
        self.segments = ["young", "old"] if chance(draw, 4) else []
        self.starts = [0]
        for _ in range(draw(st.integers(0, 2))):
            self.starts.append(self.starts[-1] + draw(st.integers(1, 2)))
        self.last = self.starts[-1] + 1
        self.results: dict[str, Mapping] = {}
        self.beliefs: dict[str, Mapping] = {}
        self.measured_until: dict[str, int] = {}
        self.terms: dict[str, Mapping] = {}
        self.indices: Mapping = {}
        if chance(draw, 4):
            self.indices["cpi"] = {"kind": "growth", "rate": figure(draw, -0.1, 0.3)}
            self.indices["uf"] = {"kind": "path", "values": [1, 1.1, figure(draw, 1, 2), 1.3]}
            self.indices["wage"] = {"kind": "walk", "rate": 0.05, "sd": figure(draw, 0, 0.3)}
        self.exchange: Mapping = {}
        if chance(draw, 3):
            moves = one_of(draw, {"kind": "walk", "rate": 0.02, "sd": 0.2}, {"kind": "growth", "rate": 0.1})
            self.exchange["EUR"] = {"at_close": figure(draw, 0.5, 2)} | (
                {"moves": moves} if chance(draw, 6) else {}
            )

    def money_of(self, part: Mapping) -> None:
        """Write a sum in the money of an index or a currency, now and then."""
        if self.indices and chance(self.draw, 4):
            part["index"] = one_of(self.draw, *self.indices)
        if self.exchange and chance(self.draw, 4):
            part["currency"] = "EUR"

    # ── people and results ───────────────────────────────────────────────────────────────────────────
    def people(self) -> Mapping:
        draw = self.draw
        people: Mapping = {"size": figure(draw, 0, 120)}
        even = len({b - a for a, b in pairwise(self.starts)}) <= 1
        if even and chance(draw, 5):
            every = self.starts[1] - self.starts[0] if len(self.starts) > 1 else 1
            people["intakes"] = {"first": self.starts[0], "every": every, "count": len(self.starts)}
        else:
            shares = split(draw, [str(k) for k in range(len(self.starts))])
            people["intakes"] = [{"starts": s, "share": shares[str(k)]} for k, s in enumerate(self.starts)]
        if self.segments:
            people["segments"] = split(draw, self.segments)
        if self.providers:
            people["providers"] = split(draw, self.providers)
        return people

    def enrolment(self) -> Mapping:
        draw = self.draw
        enrolment: Mapping = {}
        if chance(draw, 4):
            enrolment["share"] = figure(draw, 0.3, 1.3)
        if self.segments and chance(draw, 3):
            enrolment["segments"] = {"old": figure(draw, 0, 1.5)}
        if chance(draw, 3):
            enrolment["ramp"] = [figure(draw, 0.2, 1) for _ in range(draw(st.integers(1, 2)))]
        return enrolment

    def add_result(self, name: str) -> None:
        draw = self.draw
        kind = one_of(draw, "share", "amount", "repeated", "total")
        result: Mapping = {"kind": kind, "name": name, "after": draw(st.integers(0, 3))}
        parents = [n for n, r in self.results.items() if r["kind"] == "share"]
        if parents and chance(draw, 5):
            result["of"] = one_of(draw, *parents)
            parent = self.results[result["of"]]
            result["times"] = (
                parent.get("times", 1) if parent.get("times", 1) > 1 else draw(st.integers(1, 3))
            )
        else:
            result["times"] = draw(st.integers(1, 3))
        result["every"] = draw(st.integers(1, 2))
        if kind == "total" and "of" not in result and chance(draw, 4):
            result["of"] = "deal"
        if kind == "repeated" and chance(draw, 7):
            result["at_most"] = draw(st.integers(1, 4))
        result["less_is_better"] = chance(draw, 3)
        if chance(draw, 6):
            result["measured"] = self.method(kind)
        if kind != "total" and chance(draw, 2):
            result["sampled"] = one_of(draw, 0.5, 0.9)
        self.results[name] = result
        begin = 0 if result.get("of") == "deal" else self.starts[-1]
        self.measured_until[name] = begin + result["after"] + result["every"] * (result["times"] - 1)
        self.beliefs[name] = self.belief(name, result)

    def level_range(self, kind: str) -> tuple[float, float]:
        return {"share": (0.0, 1.0), "repeated": (0.0, 1.0), "amount": (2.0, 12.0), "total": (20.0, 200.0)}[
            kind
        ]

    def method(self, kind: str) -> Mapping:
        draw = self.draw
        low, high = self.level_range(kind)
        benchmark = {"kind": "benchmark", "value": figure(draw, low + (high - low) / 10, high)}
        comparison = {"kind": "comparison", "ratio": one_of(draw, 1, 0.5, 3)}
        blend = {
            "kind": "blend",
            "of": [{"weight": 0.25, "method": benchmark}, {"weight": 0.75, "method": comparison}],
        }
        return one_of(draw, comparison, benchmark, blend)

    def level(self, kind: str, *, claims: bool, at_most: int | None) -> Mapping:
        draw = self.draw
        low, high = self.level_range(kind)
        said: Mapping = {}
        if chance(draw, 7):
            said["counterfactual"] = figure(draw, low, high)
        way = one_of(draw, "level", "effect", "relative_effect")
        if way == "level" or "counterfactual" not in said:
            said["level"] = figure(draw, low, high)
        elif way == "effect":
            said["effect"] = figure(draw, -low / 2 if low else -0.2, (high - low) / 4)
        else:
            said["relative_effect"] = figure(draw, -0.5, 0.5)
        if claims:
            said["claims"] = figure(draw, 1, at_most or 3)
        if chance(draw, 3):
            said["verified"] = figure(draw, 0.5, 1)
        return said

    def belief(self, name: str, result: Mapping) -> Mapping:
        draw = self.draw
        kind, at_most = result["kind"], result.get("at_most")
        claims = kind == "repeated" and chance(draw, 8)
        belief = self.level(kind, claims=claims, at_most=at_most)
        if kind == "amount":
            if chance(draw, 4):
                belief["events"] = True
            elif self.negative and chance(draw, 7):
                belief["individual_sd"] = figure(draw, 0, 8)
        if kind != "total" and chance(draw, 3):
            belief["cluster_size"] = one_of(draw, 5, 1, 12.5, 500)
            belief["cluster_correlation"] = figure(draw, 0, 0.5)
        if kind == "total" and chance(draw, 3):
            belief["variation"] = figure(draw, 0, 20)
        if result.get("measured", {}).get("kind") == "blend" and chance(draw, 4):
            belief["biases"] = [0, figure(draw, -0.05, 0.05)]
        if chance(draw, 3):
            low, high = self.level_range(kind)
            belief["selection_bias"] = figure(draw, -(high - low) / 20, (high - low) / 20)
        for key, names in (("segments", self.segments), ("providers", self.providers)):
            if names and chance(draw, 5):
                belief[key] = {one_of(draw, *names): self.level(kind, claims=claims, at_most=at_most)}
        return belief

    # ── payments ─────────────────────────────────────────────────────────────────────────────────────
    def quantities(self, result: str) -> tuple[str, ...]:
        shown = self.results[result]
        compared = (
            COMPARED
            if self.negative and shown.get("measured", {}).get("kind", "records") != "records"
            else ()
        )
        return QUANTITIES[shown["kind"]] + compared

    def scale(self, result: str, quantity: str) -> float:
        """What the quantity is about."""
        mean = {"share": 0.5, "repeated": 0.8, "amount": 6.0, "total": 60.0}[self.results[result]["kind"]]
        people = 1.0 if self.results[result]["kind"] == "total" else 20.0
        return {"rate": mean, "mean": mean, "difference": mean / 5, "additional": mean * people / 5,
                "relative_reduction": 0.2, "relative_increase": 0.2}.get(quantity, mean * people)  # fmt: skip

    def where(self) -> Mapping:
        draw = self.draw
        where: Mapping = {}
        if not chance(draw, 2):
            return where
        where["intake"] = [one_of(draw, *range(1, len(self.starts) + 1))]
        if self.segments and chance(draw, 5):
            where["segment"] = one_of(draw, *self.segments)
        if self.providers and chance(draw, 5):
            where["provider"] = one_of(draw, *self.providers)
        return where

    def curve(self, scale: float, top: float, *, segments: bool = False) -> Mapping:
        """A curve whose money is about ``top`` at the quantity ``scale``."""
        draw = self.draw
        low = -top / 2 if self.negative and chance(draw, 2) else 0.0
        at = [float(f"{scale * f:.6g}") for f in (0.3, 0.8, 1.5)]
        tops = (top, top, top) if self.negative else (top / 4, top / 2, top)
        pays = [figure(draw, low if self.negative else high / 2, high) for high in tops]
        prices = [figure(draw, low / scale, top / scale) for _ in at]
        kinds: list[Mapping] = [
            {"kind": "per_unit", "price": prices[0]},
            {"kind": "steps", "steps": [{"at": a, "pay": p} for a, p in zip(at, pays, strict=True)]},
            {"kind": "bands", "bands": [{"above": a, "price": p} for a, p in zip([0.0, *at], prices, strict=False)]},
            {"kind": "lines", "points": [{"at": a, "pay": p} for a, p in zip([0.0, *at], [0, *pays], strict=True)]},
            {"kind": "lines", "points": [{"at": at[0], "pay": pays[0]}, {"at": at[1], "pay": pays[0]},
                                         {"at": at[1], "pay": pays[1]}, {"at": at[2], "pay": pays[2]}]},
            {"kind": "lump", "pay": pays[0]},
            {"kind": "share", "share": prices[1]},
        ]  # fmt: skip
        if segments:
            kinds.append({"kind": "per_unit", "price": dict(zip(self.segments, prices, strict=False))})
        return one_of(draw, *kinds)

    def condition(self) -> Mapping:
        draw = self.draw
        if self.terms and chance(draw, 4):
            return {"term": one_of(draw, *self.terms), "pool": one_of(draw, "all", "same")}
        result = one_of(draw, *self.results)
        quantity = one_of(draw, *self.quantities(result))
        condition: Mapping = {"on": result, "quantity": quantity, "pool": one_of(draw, "all", "same")}
        sampled = self.results[result]["kind"] != "total"
        if sampled and "difference" in self.quantities(result) and chance(draw, 3):
            return condition | {"significant": one_of(draw, 0.05, 0.2, 0.45)}
        side = one_of(draw, "at_least", "below")
        scale = self.scale(result, quantity)
        return condition | {side: figure(draw, 0, scale * 1.2), "where": self.where_of(result)}

    def where_of(self, result: str) -> Mapping:
        """Some cells; a result of the whole deal has none of its own."""
        return {} if self.results[result].get("of") == "deal" else self.where()

    def gate(self) -> Mapping:
        draw = self.draw
        kind = one_of(draw, "all", "any", "none")
        gate: Mapping = {kind: [self.condition() for _ in range(draw(st.integers(1, 2)))]}
        if chance(draw, 2):
            gate["none" if kind == "all" else "all"] = [self.condition()]
        return gate

    def add_term(self, name: str) -> None:
        draw = self.draw
        term: Mapping = {"name": name}
        if chance(draw, 2):
            lump = {"kind": "lump", "pay": figure(draw, -5 if self.negative else 0, 20)}
            term["curve"] = one_of(draw, lump, {"kind": "per_unit", "price": figure(draw, 0, 9)})
            dates = draw(st.lists(st.integers(0, self.last), min_size=1, max_size=3, unique=True))
            term["paid"] = {"dates": dates}
            if chance(draw, 3):
                term["paid"] = {"early_end": True, "dates": dates, "lag": draw(st.integers(0, 2))}
        elif chance(draw, 2):
            self.add_score(term)
        else:
            self.add_measured(term)
        if chance(draw, 4):
            term["gate"] = self.gate()
        if chance(draw, 2):
            result = one_of(draw, *self.results)
            quantity = one_of(draw, *self.quantities(result))
            scale = self.scale(result, quantity)
            points = [{"at": 0, "pay": 0.5}, {"at": scale, "pay": figure(draw, 0.5, 1.2)}]
            term["quality"] = {"on": result, "quantity": quantity, "where": self.where_of(result),
                               "curve": {"kind": "lines", "points": points}}  # fmt: skip
        if chance(draw, 2):
            term["payers"] = split(draw, ["city", "state"])
        self.money_of(term)
        self.terms[name] = term

    def add_score(self, term: Mapping) -> None:
        """Two results, or one in two parts, read together."""
        draw, score, until = self.draw, [], 0
        of_deal = False
        for _ in range(2):
            on = one_of(draw, *self.results)
            quantity = one_of(draw, *self.quantities(on))
            part: Mapping = {"on": on, "quantity": quantity, "weight": one_of(draw, 0.5, 0.25, 2)}
            if chance(draw, 8):
                part["target"] = figure(draw, self.scale(on, quantity) / 2, self.scale(on, quantity) * 2)
            if chance(draw, 5):
                part["at_most"] = one_of(draw, 1, 0.7)
            if self.segments and self.results[on].get("of") != "deal" and chance(draw, 3):
                part["where"] = {"segment": one_of(draw, *self.segments)}
            of_deal = of_deal or self.results[on].get("of") == "deal"
            until = max(until, self.measured_until[on])
            score.append(part)
        term["score"] = score
        term["pool"] = (
            ["all"] if of_deal else one_of(draw, ["all"], ["intake"], ["provider"], ["intake", "segment"])
        )
        term["curve"] = self.curve(1.0, 40)
        lag = draw(st.integers(0, 2))
        self.last = max(self.last, until + lag)
        term["paid"] = {"lag": lag}

    def add_measured(self, term: Mapping) -> None:
        draw = self.draw
        term["on"] = one_of(draw, *self.results)
        quantities = self.quantities(term["on"])
        # Units first: they can be limited.
        term["quantity"] = one_of(draw, *(q for q in quantities if q in UNITS), *quantities)
        scale = self.scale(term["on"], term["quantity"])
        term["where"] = self.where_of(term["on"])
        term["pool"] = one_of(draw, ["each"], ["all"], ["intake"], ["segment"], ["provider"], ["measurement"],
                              ["period"], ["intake", "segment"], ["provider", "period"])  # fmt: skip
        term["to_date"] = chance(draw, 4) and (self.negative or term["quantity"] in UNITS)
        if chance(draw, 2):
            term["target"] = figure(draw, scale / 2, scale * 2)
            scale = 1.0
        if chance(draw, 2):
            term["worth"] = figure(draw, 0.5, 4)
        term["curve"] = self.curve(
            scale, 40, segments=bool(self.segments) and self.results[term["on"]].get("of") != "deal"
        )
        until = self.measured_until[term["on"]]
        lag = draw(st.integers(0, 2))
        self.last = max(self.last, until + lag)
        term["paid"] = {"lag": lag}
        if chance(draw, 3):
            term["paid"]["dates"] = sorted({until + lag, max(until + lag - 3, 0)})

    def limit(self) -> Mapping:
        draw = self.draw
        counting = [n for n, t in self.terms.items() if t.get("quantity") in UNITS]
        kind = one_of(draw, "money", "units", "share") if counting else "money"
        cells = [
            "intake",
            *(["segment"] if self.segments else []),
            *(["provider"] if self.providers else []),
            "person",
        ]
        per = one_of(draw, "contract", *cells, "period", "fiscal_year")
        limit: Mapping = {"per": per}
        bound = list(self.terms) if kind == "money" else counting
        if where := self.where():
            limit["where"] = where
        everything = len(bound) == len(self.terms)
        limit["on"] = one_of(draw, "all" if everything else bound, one_of(draw, *bound), bound)
        if kind == "units":
            limit["units"] = figure(draw, 0, 1.0 if per == "person" else 40)
        elif kind == "share":
            limit["share"] = figure(draw, 0, 0.8)
            limit["of"] = one_of(draw, "people", *self.results)
        else:
            self.limit_of_money(limit, per)
        return limit

    def limit_of_money(self, limit: Mapping, per: str) -> None:
        draw = self.draw
        limit["money"] = figure(draw, 0, 2 if per == "person" else 80)
        if per in ("period", "fiscal_year"):
            limit["excess"] = one_of(draw, "lost", "carried", "carried")
            limit["unused"] = one_of(draw, "lost", "lost", "carried")
        self.money_of(limit)
        if chance(draw, 3):
            limit["payers"] = one_of(draw, "city", "state")
            other = "state" if limit["payers"] == "city" else "city"
            if limit.get("excess", "lost") == "lost" and chance(draw, 5):
                limit["excess"] = other

    def floor(self) -> Mapping:
        """The least that some terms pay."""
        draw = self.draw
        terms = sorted(self.terms)
        per = one_of(draw, "contract", "fiscal_year", "period", "intake", "person")
        limit: Mapping = {"on": terms, "floor": figure(draw, 0, 60), "per": per}
        self.money_of(limit)
        if chance(draw, 3):
            limit["payers"] = "city"
        return limit

    def limits(self) -> Mapping:
        limits = [self.limit() for _ in range(self.draw(st.integers(0, 3)))]
        if chance(self.draw, 2):
            limits.insert(self.draw(st.integers(0, len(limits))), self.floor())
        return {f"limit_{k}": limit for k, limit in enumerate(limits)}

    # ── money lines and capital ──────────────────────────────────────────────────────────────────────
    def line(self, top: float) -> Mapping:
        draw = self.draw
        per = one_of(draw, "deal", "period", "participant", *self.results)
        share = {"deal": 1.0, "period": 0.2, "participant": 0.05}.get(per, 0.05)
        line: Mapping = {
            "amount": figure(draw, 0, top * share),
            "per": per,
            "starts": draw(st.integers(0, 2)),
        }
        if chance(draw, 5):
            line["over"] = draw(st.integers(1, max(self.last - line["starts"], 1)))
        if per == "participant" or (per in self.results and self.results[per].get("of") != "deal"):
            line["where"] = self.where()
        if per == "period" and chance(draw, 3):
            line["every"] = 2
        self.money_of(line)
        return line

    def costs(self) -> Mapping:
        draw = self.draw
        spenders = ["prov_a", "prov_b", "manager", "city"]
        return {
            f"cost_{k}": self.line(60) | {"by": one_of(draw, *spenders)}
            for k in range(1 + draw(st.integers(0, 1)))
        }

    def fees(self, costs: Mapping) -> Mapping:
        draw = self.draw
        fees: Mapping = {}
        if chance(draw, 7):
            fees["at_cost"] = {"kind": "at_cost", "costs": sorted(costs)}
        for k in range(draw(st.integers(0, 2))):
            fees[f"fee_{k}"] = self.line(30) | {
                "kind": "amount",
                "to": one_of(draw, "prov_a", "manager", "evaluator"),
            }
        return fees

    def by_performance(self, low: float, high: float) -> Mapping:
        draw = self.draw
        result = one_of(draw, *self.results)
        quantity = one_of(draw, *self.quantities(result))
        scale = self.scale(result, quantity)
        middle = (low + high) / 2
        shape = one_of(draw, "steps", "lines")
        points = [{"at": 0, "pay": low}, {"at": scale / 2, "pay": middle}, {"at": scale, "pay": high}]
        curve = {"kind": shape, ("steps" if shape == "steps" else "points"): points}
        return {"on": result, "quantity": quantity, "where": self.where_of(result), "curve": curve}

    def draws(self) -> Any:
        draw = self.draw
        scheduled = {"kind": "scheduled", "shares": {"0": 0.5, str(self.last // 2): figure(draw, 0, 0.5)}}
        if self.last // 2 == 0:
            scheduled = {"kind": "scheduled", "shares": {"0": 0.7}}
        return one_of(draw, "as_needed", "at_close", scheduled)

    def tranche(self) -> Mapping:
        draw = self.draw
        tranche: Mapping = {
            "kind": "tranche", "party": one_of(draw, "inv_a", "inv_b", "prov_a"), "commitment": figure(draw, 0, 60),
            "draw": self.draws(), "order": draw(st.integers(1, 2)), "revolving": chance(draw, 3),
        }  # fmt: skip
        if chance(draw, 5):
            tranche["coupon"] = figure(draw, 0, 0.2)
        elif chance(draw, 4):
            tranche["coupon"] = self.by_performance(0, 0.3)
        if chance(draw, 3):
            tranche["principal"] = self.by_performance(0, 1)
        self.money_of(tranche)
        return tranche

    def capital(self) -> Mapping:
        draw = self.draw
        capital: Mapping = {name: self.tranche() for name in ("senior", "junior")[: draw(st.integers(0, 2))]}
        tranches = list(capital)
        if tranches and chance(draw, 5):
            covered = tranches if chance(draw, 5) else tranches[:1]
            capital["cover"] = {
                "kind": "guarantee",
                "party": "guarantor",
                "of": covered,
                "up_to": figure(draw, 0, 40),
            }
            if chance(draw, 5):
                capital["cover"]["share"] = figure(draw, 0.3, 1)
        if chance(draw, 4):
            capital["gift"] = {"kind": "grant", "party": "grantor", "amount": figure(draw, 0, 40),
                               "draw": self.draws(), "order": draw(st.integers(1, 2))}  # fmt: skip
        for name in ("cover", "gift"):
            if name in capital:
                self.money_of(capital[name])
        return capital

    # ── waterfall ────────────────────────────────────────────────────────────────────────────────────
    def goal(self) -> Any:
        draw = self.draw
        return one_of(
            draw, "principal", "interest", {"kind": "irr", "rate": figure(draw, 0, 0.3)},
            {"kind": "multiple", "times": figure(draw, 0.5, 2)}, {"kind": "amount", "amount": figure(draw, 0, 50)},
        )  # fmt: skip

    def split_step(self, tranches: list[str]) -> Mapping:
        draw = self.draw
        names = one_of(draw, ["city", "prov_a"], ["inv_a", "city", "prov_b"])
        step: Mapping = {"kind": "pay", "to": split(draw, [*tranches[:1], *names])}
        if chance(draw, 6):
            step["until"] = self.goal() if tranches else {"kind": "amount", "amount": figure(draw, 0, 50)}
            if tranches and chance(draw, 3):
                step["of"] = one_of(draw, tranches[0])
        return step

    def pay_step(self, tranches: list[str]) -> Mapping:
        draw = self.draw
        if not tranches or chance(draw, 3):
            step = self.split_step(tranches)
        elif len(tranches) > 1 and chance(draw, 4):
            goals: tuple[Any, ...] = (
                "principal",
                "interest",
                {"kind": "multiple", "times": figure(draw, 0.5, 2)},
            )
            step = {"kind": "pay", "to": tranches, "until": one_of(draw, *goals)}
        else:
            step = {"kind": "pay", "to": one_of(draw, *tranches), "until": self.goal()}
        if chance(draw, 2):
            step["starts"] = draw(st.integers(1, self.last))
        if chance(draw, 2) or (step.get("until") is None and not step.get("starts")):
            step["at_end"] = True
        return step

    def waterfall(self, fees: Mapping, capital: Mapping) -> list[Mapping]:
        draw = self.draw
        tranches = [name for name, part in capital.items() if part["kind"] == "tranche"]
        steps: list[Mapping] = []
        if len(fees) > 1 and chance(draw, 4):
            steps += [{"kind": "fees", "of": [sorted(fees)[0]]}, {"kind": "fees"}]
        elif fees:
            steps.append({"kind": "fees"})
        if chance(draw, 3):
            reserve = (
                {"periods": draw(st.integers(1, 3))} if chance(draw, 5) else {"amount": figure(draw, 0, 20)}
            )
            steps.append({"kind": "reserve"} | reserve)
        steps += [self.pay_step(tranches) for _ in range(draw(st.integers(0, 4)))]
        reached = {name for step in steps for name in step.get("to", ())}
        steps += [
            {"kind": "pay", "to": name, "until": "principal"} for name in tranches if name not in reached
        ]
        if len(steps) > 1 and chance(draw, 2):
            steps = draw(st.permutations(steps))
        if chance(draw, 6):
            steps = [*steps, {"kind": "pay", "to": one_of(draw, "city", "prov_a", *tranches)}]
        return steps

    # ── all together ─────────────────────────────────────────────────────────────────────────────────
    def document(self) -> Mapping:
        draw = self.draw
        for k in range(1 + draw(st.integers(0, 2))):
            self.add_result(f"r{k}")
        self.last = max(self.last, *self.measured_until.values())
        for k in range(1 + draw(st.integers(0, 2))):
            self.add_term(f"t{k}")
        limits = self.limits()
        costs = self.costs()
        fees, capital = self.fees(costs), self.capital()
        contract: Mapping = {
            "calendar": {"start": one_of(draw, "2024-01-01", "2023-08-15", "2022-07-01"), "periods": max(self.last, 1),
                         "period": one_of(draw, "quarter", "month", "half_year", "year"),
                         "fiscal_year_starts": one_of(draw, 1, 7, 4)},
            "parties": PARTIES, "payers": split(draw, ["city", "state"][: draw(st.integers(1, 2))]),
            "account": one_of(draw, "trust", "prov_a"), "people": self.people(), "results": self.results,
            "payments": self.terms, "limits": limits, "fees": fees, "capital": capital,
            "waterfall": self.waterfall(fees, capital),
            "after_early_end": one_of(draw, "measured", "started", "nothing"),
        }  # fmt: skip
        world: Mapping = {
            "enrolment": self.enrolment(),
            "results": self.beliefs,
            "costs": costs,
            "indices": self.indices,
        }
        if chance(draw, 4):
            contract["trust"] = self.trust()
        if chance(draw, 3):
            contract["stop"] = {
                "at": draw(st.integers(0, self.last)),
                "by": "city",
                "unless": [self.stop_condition()],
            }
        if chance(draw, 4):
            first = draw(st.integers(0, self.last))
            world["early_end"] = {
                "prob": figure(draw, 0.2, 1),
                "first": first,
                "last": draw(st.integers(first, self.last)),
            }
        world["exchange"] = self.exchange
        if chance(draw, 3):
            world["payment_delay"] = {one_of(draw, "city", "state"): figure(draw, 0, 3)}
        if chance(draw, 3):
            world["outside_view"] = {"multiplier": figure(draw, 0.3, 1.2)}
            if chance(draw, 5):
                world["outside_view"]["of"] = [one_of(draw, *self.results)]
        if chance(draw, 4):
            world["appropriation_fails"] = {"city": figure(draw, 0, 0.6)}
        return {"schema": 1, "id": "random-deal", "title": "Random", "country": "US", "currency": "USD",
                "contract": contract, "world": world}  # fmt: skip

    def trust(self) -> Mapping:
        """Money set apart by one or two payers, at close or in two parts, with fee and interest."""
        draw = self.draw
        later = str(draw(st.integers(1, max(self.last, 1))))
        deposits: Mapping = {}
        for payer in ["city", "state"][: draw(st.integers(1, 2))]:
            deposits[payer] = {"amount": figure(draw, 0, 80)}
            if chance(draw, 5):
                first = number(draw, 0, 1)
                deposits[payer]["at"] = {"0": first, later: 1 - first}
        trust: Mapping = {"held_by": one_of(draw, "trust", "manager", "prov_a"), "deposits": deposits,
                          "fee_from": one_of(draw, "trust", "payers")}  # fmt: skip
        for name, high in (("fee_share", 0.3), ("fee_amount", 20.0), ("interest", 0.3)):
            if chance(draw, 6):
                trust[name] = figure(draw, 0, high)
        return trust

    def stop_condition(self) -> Mapping:
        terms, self.terms = self.terms, {}
        condition = self.condition()
        self.terms = terms
        return condition | {"pool": "all"}


@st.composite
def deals(draw: Draw, *, negative: bool = True) -> Scenario:
    """A random valid deal; without ``negative``, no term ever asks for money back."""
    scenario = Scenario.model_validate(Deal(draw, negative=negative).document())
    if chance(draw, 3):
        scenario = correlated(draw, scenario)
    assume(not mistakes(scenario))
    return scenario


def correlated(draw: Draw, scenario: Scenario) -> Scenario:
    """Let up to three uncertain figures move together."""
    halves = ("world", "contract")
    paths = [path for half in halves for path, figure in walk_figures(getattr(scenario, half), half)
             if figure.support()[0] < figure.support()[1]]  # fmt: skip
    if len(paths) < 2:
        return scenario
    chosen = draw(st.lists(st.sampled_from(paths), min_size=2, max_size=3, unique=True))
    pairs = [{"between": list(pair), "rank": number(draw, -0.5, 0.9)} for pair in pairwise(chosen)]
    world = World.model_validate(scenario.world.model_dump(by_alias=True) | {"correlations": pairs})
    return scenario.model_copy(update={"world": world})
