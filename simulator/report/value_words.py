"""Public value in words: rows of the three alternatives, computed sentences, where the amounts come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.analysis.evaluation import EvaluationErrors, Share
from simulator.i18n import NBSP, Formats, Translator
from simulator.metrics.summary import Estimate
from simulator.report.amounts import three_figures
from simulator.scenario.scenario import Scenario
from simulator.value.alternatives import KEYS, Key
from simulator.value.comparison import Alternatives, Purse
from simulator.value.streams import Logic

RATE = "official"
"""Name of the headline rate in what the core returns."""
SURE = 1.96
"""Standard errors on either side of a mean that make a simulation error."""
EVALUATION = ("pays", "money_paid", "misses", "money_missed")
"""What a table says of each measured payment."""
MARKS = {"source": "●", "derived": "◐", "unverified": "○", "assumption": "△", "disputed": "✕"}
Kind = Literal["money", "number", "multiple", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number under each alternative."""

    key: str
    label: str
    kind: Kind
    found: Mapping[Key, Estimate | None]


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Words and figures of public value for one reader of one deal."""

    scenario: Scenario
    translator: Translator
    formats: Formats

    def tr(self, key: str, /, **values: object) -> str:
        """Text of a key in the words of the deal's country."""
        return self.translator.tr(key, **values)

    # ── Figures ──────────────────────────────────────────────────────────────────────────────────────

    def money(self, value: float) -> str:
        """An amount with three figures or so."""
        return three_figures(value, self.scenario.currency, self.formats)

    def percent(self, share: float) -> str:
        """A share as a percentage, without a decimal that says nothing."""
        return self.formats.percent(share, 0 if abs(share * 100 - round(share * 100)) < 0.05 else 1)

    def write(self, value: float, kind: Kind) -> str:
        """A number of a kind; a dash where there is none."""
        if value != value:
            return "—"
        if kind == "money":
            return self.money(value)
        if value == 0 and kind == "number":
            return "0"
        if kind == "share":
            return self.percent(value)
        return self.formats.number(value, 2 if kind == "multiple" or abs(value) < 10 else 0)

    def cell(self, found: Estimate | None, kind: Kind) -> str:
        """A mean with the range of eight in ten futures and its simulation error."""
        if found is None or found.mean != found.mean:
            return "—"
        parts = [self.write(found.mean, kind)]
        if kind != "share" and found.p90 > found.p10:
            ends = self.write(found.p10, kind), self.write(found.p90, kind)
            parts.append(self.tr("value.range", low=ends[0], high=ends[1]))
        if found.se > 0:
            parts.append(f"±{NBSP}{self._error(SURE * found.se, kind)}")
        return " · ".join(parts)

    def _error(self, error: float, kind: Kind) -> str:
        if kind == "share":
            return self.tr("ui.points", value=self.formats.number(error * 100, 1))
        if kind == "multiple" and error < 0.01:
            return self.formats.number(error, 4)
        return self.write(error, kind)

    # ── Names ────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, texts: Mapping[str, str]) -> str:
        return texts[self.translator.language]

    def alternative(self, key: Key) -> str:
        """Name of an alternative."""
        return self.tr(f"value.alternative.{key}")

    def purse(self, key: str) -> str:
        """Name of somebody who pays or saves."""
        value, parties = self.scenario.world.value, self.scenario.contract.parties
        if value is not None and key in value.agencies:
            return self._text(value.agencies[key].name)
        return self._text(parties[key].name) if key in parties else self.tr("value.society")

    def term(self, key: str) -> str:
        """Name of a payment."""
        return self._text(self.scenario.contract.payments[key].name)

    def rate(self, found: Alternatives) -> str:
        """The headline rate as a percentage."""
        return self.percent(found.discounts[RATE].rate)

    # ── The three alternatives ───────────────────────────────────────────────────────────────────────

    def rows(self, found: Alternatives) -> Iterator[Row]:
        """What does not depend on whose gain counts: money paid, results, cost of each, payment for deadweight."""
        options = found.alternatives
        yield self._row("payments", "money", {key: options[key].payments for key in KEYS})
        if any(option.own_costs.mean for option in options.values()):
            yield self._row("own_costs", "money", {key: options[key].own_costs for key in KEYS})
        yield self._row("spending", "money", {key: options[key].spending_present_value[RATE] for key in KEYS})
        for name in self._told(found):
            result = self.scenario.contract.results[name]
            whose, way = self._text(result.name), "avoided" if result.less_is_better else "additional"
            units = {key: options[key].results[name].additional for key in KEYS}
            costs = {
                key: options[key].results[name].cost_per_additional if units[key].mean > 0 else None
                for key in KEYS
            }
            yield self._row(
                "additional", "number", units, name=name, label=self.tr(f"value.row.{way}", result=whose)
            )
            yield self._row(
                "cost", "money", costs, name=name, label=self.tr(f"value.row.cost.{way}", result=whose)
            )
        yield self._row("deadweight", "money", {key: options[key].deadweight for key in KEYS})

    def logic_rows(self, found: Alternatives, logic: Logic) -> Iterator[Row]:
        """What depends on whose gain counts: savings gross and net, their ratio to spending, the chance of a gain."""
        worths = {key: found.alternatives[key].worth(logic, "marginal", RATE) for key in KEYS}
        yield self._row("gross", "money", {key: worth.gross for key, worth in worths.items()})
        yield self._row("net", "money", {key: worth.net for key, worth in worths.items()})
        yield self._row("ratio", "multiple", {key: worth.ratio for key, worth in worths.items()})
        positive = {key: worth.positive if key != "nothing" else None for key, worth in worths.items()}
        yield self._row("positive", "share", positive)

    def _row(
        self, key: str, kind: Kind, found: Mapping[Key, Estimate | None], *, name: str = "", label: str = ""
    ) -> Row:
        label = label or self.tr(f"value.row.{key}")
        return Row(key=f"{key}.{name}" if name else key, label=label, kind=kind, found=found)

    def _told(self, found: Alternatives) -> list[str]:
        """Results that somebody pays for or values; all of them if there is none."""
        value = self.scenario.world.value
        valued = {benefit.on for benefit in value.benefits.values()} if value is not None else set()
        paid = {term.on for term in self.scenario.contract.payments.values()}
        every = list(found.alternatives["contract"].results)
        return [name for name in every if name in valued | paid] or every

    def cells(self, row: Row) -> tuple[str, ...]:
        """A row as people read it."""
        return (row.label, *(self.cell(row.found[key], row.kind) for key in KEYS))

    def risk(self, found: Alternatives, logic: Logic) -> str:
        """Share of risk transferred with its error."""
        risk = found.risk_transferred[logic]
        if risk.share != risk.share:
            return "—"
        return f"{self.percent(risk.share)} · ±{NBSP}{self._error(SURE * risk.se, 'share')}"

    # ── Sentences ────────────────────────────────────────────────────────────────────────────────────

    def verdict(self, found: Alternatives) -> str:
        """Whether the contract pays for itself in cash, and what comes back of each hundred spent."""
        if found.in_cash == "not_valued":
            return self.tr("value.say.write")
        contract = found.alternatives["contract"]
        marginal, average = (
            contract.worth("cash", costing, RATE).ratio.mean for costing in ("marginal", "average")
        )
        if marginal != marginal:
            return self.tr("value.say.no_spending")
        said = self.tr(
            f"value.say.cash.{found.in_cash}", rate=self.rate(found), back=self.formats.number(marginal * 100, 0)
        )  # fmt: skip
        if average > marginal * 1.05:
            said += " " + self.tr("value.say.average", back=self.formats.number(average * 100, 0))
        return said

    def buys(self, found: Alternatives) -> tuple[str, ...]:
        """What the contract buys besides cash: three sums that are never added up, and who else pays."""
        if found.in_cash == "not_valued":
            return ()
        parts = found.parts
        said = [self.tr("value.say.buys")] if found.in_cash == "does_not_pay" else []
        if parts.not_spent.mean > 0:
            said.append(self.tr("value.say.not_spent", money=self.money(parts.not_spent.mean)))
        if parts.premium.mean > 0:
            said.append(self.tr("value.say.premium", money=self.money(parts.premium.mean)))
        said.append(self.tr("value.say.cash_saved", money=self.money(parts.cash_saved.mean)))
        if abs(parts.social.mean) > 0:
            said.append(self.tr("value.say.social", money=self.money(parts.social.mean)))
        said.append(self.tr("value.say.never_added"))
        if abs(parts.others.mean) > 2 * parts.others.se:
            way = "lose" if parts.others.mean < 0 else "gain"
            said.append(self.tr(f"value.say.others.{way}", money=self.money(abs(parts.others.mean))))
        return tuple(said)

    def worth(self, found: Alternatives, logic: Logic) -> str:
        """Net value of the contract in one logic, and beside the same programme bought by inputs."""
        if found.in_cash == "not_valued":
            return ""
        worth = found.alternatives["contract"].worth(logic, "marginal", RATE)
        more = found.differences["contract_less_inputs"].net[logic, "marginal", RATE]
        way = "same" if abs(more.mean) <= 2 * more.se else "more" if more.mean > 0 else "less"
        return " ".join(
            (
                self.tr(
                    "value.say.net", logic=self.tr(f"value.logic.{logic}.in"), net=self.money(worth.net.mean),
                    chance=self.chance(worth.positive.mean, worth.positive.trials),
                ),
                self.tr(
                    f"value.say.beside.{way}", money=self.money(abs(more.mean)), error=self.money(SURE * more.se)
                ),
            )
        )  # fmt: skip

    def chance(self, share: float, trials: int) -> str:
        """A probability as so many futures of 100."""
        if share <= 0:
            return self.tr("ui.chance.none", trials=self.formats.number(trials, 0))
        if share >= 1:
            return self.tr("ui.chance.all", trials=self.formats.number(trials, 0))
        if share <= 0.005:
            return self.tr("ui.chance.few")
        if share >= 1 - 0.005:
            return self.tr("ui.chance.most")
        return self.tr("ui.chance.some", count=self.formats.number(round(share * 100), 0))

    def risk_says(self, found: Alternatives, logic: Logic) -> str:
        """What the share of risk transferred means, and why it may be negative."""
        risk = found.risk_transferred[logic]
        if risk.share != risk.share:
            return self.tr("value.say.risk.none")
        way = "same" if abs(risk.share) <= 2 * risk.se else "transferred" if risk.share > 0 else "negative"
        return self.tr(
            f"value.say.risk.{way}", share=self.percent(risk.share), contract=self.money(risk.spread_contract),
            inputs=self.money(risk.spread_inputs),
        )  # fmt: skip

    # ── Who pays and who saves ───────────────────────────────────────────────────────────────────────

    def saves(self, purse: Purse, logic: Logic) -> Estimate:
        """What somebody saves or gains, as far as a logic counts it."""
        if logic == "cash":
            return purse.cash
        return purse.social if logic == "social" and not purse.public else purse.budget

    def purses_say(self, found: Alternatives, logic: Logic) -> str:
        """Who pays most, who saves most, and whether they are the same."""
        payer = max(found.purses, key=lambda purse: purse.pays.mean, default=None)
        saver = max(found.purses, key=lambda purse: self.saves(purse, logic).mean, default=None)
        if payer is None or saver is None or payer.pays.mean <= 0:
            return ""
        saved = self.saves(saver, logic).mean
        if saved <= 0:
            return self.tr("value.say.nobody_saves", payer=self.purse(payer.key))
        same = "same" if payer.key == saver.key else "other"
        return self.tr(
            f"value.say.purses.{same}", payer=self.purse(payer.key), pays=self.money(payer.pays.mean),
            saver=self.purse(saver.key), saves=self.money(saved),
        )  # fmt: skip

    # ── Where it comes from ──────────────────────────────────────────────────────────────────────────

    def origins(self, found: Alternatives) -> Iterator[str]:
        """The rate and every benefit, with how sure they are."""
        discount = found.discounts[RATE]
        said = self.tr("value.origin.rate", rate=self.rate(found))
        sure = ": ".join(part for part in (self.tr(f"tag.{discount.tag}"), discount.source) if part)
        yield f"{MARKS[discount.tag]} {said} ({sure})"
        value = self.scenario.world.value
        for key, tags in found.tags.items():
            if value is None or key not in value.benefits:
                continue
            benefit = value.benefits[key]
            whose = self.purse(benefit.agency or "")
            kinds = tags or ("assumption",)
            words = ", ".join(self.tr(f"tag.{tag}") for tag in kinds)
            worst = max(kinds, key=list(MARKS).index)
            yield f"{MARKS[worst]} {self._text(benefit.name)} → {whose} ({words})"

    def money_kind(self, found: Alternatives) -> str:
        """Which money present values are in."""
        return self.tr("value.money.real" if found.real else "value.money.close")

    # ── Measurement ──────────────────────────────────────────────────────────────────────────────────

    def evaluation_headings(self) -> tuple[str, ...]:
        """Headings of the table of errors of measurement."""
        return tuple(self.tr(f"value.evaluation.{name}") for name in ("term", *EVALUATION))

    def evaluation_cells(self, errors: EvaluationErrors) -> tuple[str, ...]:
        """A measured payment as people read it."""
        return (
            self.term(errors.term),
            self._share(errors.pays_without_effect),
            self._amount(errors.money_without_effect, errors.money_without_effect_se),
            self._share(errors.misses_success),
            self._amount(errors.money_missed, errors.money_missed_se),
        )

    def _share(self, share: Share) -> str:
        if not share.of:
            return "—"
        error = f" · ±{NBSP}{self._error(SURE * share.se, 'share')}" if share.se > 0 else ""
        return self.percent(share.value) + error

    def _amount(self, mean: float, se: float) -> str:
        return self.money(mean) + (f" · ±{NBSP}{self.money(SURE * se)}" if se > 0 else "")

    def evaluation_says(self, found: Mapping[str, EvaluationErrors]) -> tuple[str, ...]:
        """How often measurement pays without effect, and how often it withholds what was deserved."""
        if not found:
            return (self.tr("value.say.not_measured"),)
        wrong = max(found.values(), key=lambda one: one.pays_without_effect.value)
        paid = sum(one.money_without_effect for one in found.values())
        said = [
            self.tr(
                "value.say.pays_without", term=self.term(wrong.term), total=self.money(paid),
                chance=self.chance(wrong.pays_without_effect.value, wrong.pays_without_effect.of),
            )
            if wrong.pays_without_effect.value > 0
            else self.tr("value.say.never_pays_without")
        ]  # fmt: skip
        missing = [one for one in found.values() if one.misses_success.of and one.misses_success.value > 0]
        if missing:
            worst = max(missing, key=lambda one: one.misses_success.value)
            withheld = sum(one.money_missed for one in found.values())
            said.append(
                self.tr(
                    "value.say.misses", term=self.term(worst.term), money=self.money(withheld),
                    share=self.percent(worst.misses_success.value),
                )
            )  # fmt: skip
        else:
            said.append(self.tr("value.say.never_misses"))
        return tuple(said)


__all__ = ["EVALUATION", "MARKS", "RATE", "SURE", "Row", "ValueWords"]
