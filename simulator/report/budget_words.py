"""The budget in words: names of rules and columns, sentences computed from the numbers, what a country's rules ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from simulator.i18n import Formats, Translator
from simulator.metrics.budget import FIRST_YEAR_SHARE, PUBLIC, WHOLE, Budget, FutureYears, Line, future_years
from simulator.metrics.budget_law import law_notes
from simulator.metrics.provision import Provided, Rule
from simulator.report.amounts import three_figures
from simulator.scenario.scenario import Scenario

COLUMNS = ("mean", "p10", "p90", "most", "provision", "unspent", "short", "lack")
"""What a table says of each fiscal year."""
WORTH_SAYING = 0.02
"""Part of the provisions below which a difference is not worth a sentence."""
SMALL = 0.005
"""Chance that is less than one in a hundred."""


@dataclass(frozen=True, slots=True)
class BudgetWords:
    """Words and figures of budgets for one reader of one deal."""

    scenario: Scenario
    translator: Translator
    formats: Formats

    def tr(self, key: str, /, **values: object) -> str:
        """Text of a key in the words of the deal's country."""
        return self.translator.tr(key, **values)

    # ── Figures ──────────────────────────────────────────────────────────────────────────────────────

    def amount(self, value: float) -> str:
        """An amount in a table, as the country's budget writes it: in Chile in thousands (M$), elsewhere in full."""
        value = 0.0 if abs(value) < 0.5 else value
        if self.in_thousands:
            return self.formats.money_in(value, self.scenario.currency, "thousand")
        return self.formats.money(value, self.scenario.currency, 0)

    @property
    def in_thousands(self) -> bool:
        """Whether amounts are written in thousands (M$), as in Chile's budget law."""
        return self.formats.money_in(1.0, self.scenario.currency, "thousand").startswith("M$")

    def money(self, value: float) -> str:
        """An amount in a sentence, with few figures."""
        return three_figures(value, self.scenario.currency, self.formats)

    def percent(self, share: float) -> str:
        """A share as a percentage, without a decimal that says nothing."""
        return self.formats.percent(share, 0 if abs(share * 100 - round(share * 100)) < 0.05 else 1)

    def chance(self, share: float, trials: int) -> str:
        """A probability as so many futures of 100."""
        if share <= 0:
            return self.tr("ui.chance.none", trials=self.formats.number(trials, 0))
        if share >= 1:
            return self.tr("ui.chance.all", trials=self.formats.number(trials, 0))
        if share < SMALL:
            return self.tr("ui.chance.few")
        if share > 1 - SMALL:
            return self.tr("ui.chance.most")
        return self.tr("ui.chance.some", count=self.formats.number(round(share * 100), 0))

    def year(self, year: int) -> str:
        """A fiscal year: one calendar year, or the two it touches."""
        starts = self.scenario.contract.calendar.fiscal_year_starts
        return str(year) if starts == 1 else f"{year}-{(year + 1) % 100:02d}"

    def payer(self, key: str) -> str:
        """Name of a payer, or of several together."""
        if key in (WHOLE, PUBLIC):
            return self.tr("chart.payers.all" if key == WHOLE else "chart.payers.all_public")
        return self.scenario.contract.parties[key].name[self.translator.language]

    def rule(self, rule: Rule) -> str:
        """Name of a rule as budget offices know it."""
        if rule.kind == "percentile":
            return f"P{round(rule.level * 100)}"
        if rule.kind == "mean_sd":
            return self.tr("budget.rule.mean_sd", k=self.formats.number(rule.level, None))
        return self.tr(f"budget.rule.{rule.kind}")

    def rule_meaning(self, rule: Rule) -> str:
        """What a rule sets apart, in a sentence."""
        return self.tr(
            f"budget.rule.{rule.kind}.help",
            count=self.formats.number(round(rule.level * 100), 0),
            k=self.formats.number(rule.level, None),
        )

    # ── Tables ───────────────────────────────────────────────────────────────────────────────────────

    def headings(self) -> tuple[str, ...]:
        """Headings of a table of fiscal years, that of the years first."""
        year = self.tr("ui.fiscal_year")
        return (year[:1].upper() + year[1:], *(self.tr(f"budget.column.{name}") for name in COLUMNS))

    def year_cells(self, found: Provided) -> tuple[str, ...]:
        """What is known of one fiscal year, in the order of :data:`COLUMNS`."""
        lack = self.amount(found.lack) if found.short > 0 else self.tr("budget.no_lack")
        amounts = (found.mean, found.p10, found.p90, found.most, found.provision, found.unspent)
        return (*(self.amount(value) for value in amounts), self.formats.percent(found.short, 1), lack)

    # ── Sentences ────────────────────────────────────────────────────────────────────────────────────

    def sentences(self, budget: Budget, key: str) -> tuple[str, ...]:
        """What the numbers of one line say."""
        line = budget.lines[key]
        if line.total.most <= 0:
            return (self.tr("ui.say.years.none"),)
        name, trials = self.rule(budget.rule), budget.trials
        said = [
            self.tr(
                "budget.say.provision",
                rule=name,
                amount=self.money(line.provisions),
                mean=self.money(line.total.mean),
                unspent=self.money(line.unspent),
            )
        ]
        tight = max(line.years, key=lambda year: line.years[year].short)
        found = line.years[tight]
        if found.short > 0:
            said.append(
                self.tr(
                    "budget.say.short", year=self.year(tight), chance=self.chance(found.short, trials),
                    lack=self.money(found.lack), most=self.money(found.most_lack),
                )
            )  # fmt: skip
        else:
            said.append(self.tr("budget.say.enough", trials=self.formats.number(trials, 0)))
        return (*said, *self._pooled(budget, key, line))

    def _pooled(self, budget: Budget, key: str, line: Line) -> Iterator[str]:
        """What one fund for all years, or for all payers, would save or cost."""
        more = line.provisions - line.total.provision
        if len(line.years) > 1 and abs(more) > WORTH_SAYING * line.provisions:
            kind = "more" if more > 0 else "less"
            yield self.tr(
                f"budget.say.fund.{kind}",
                fund=self.money(line.total.provision),
                difference=self.money(abs(more)),
            )
        names = budget.payers if key == WHOLE else budget.public
        if key in (WHOLE, PUBLIC) and len(names) > 1:
            apart = sum(budget.lines[name].provisions for name in names)
            if apart - line.provisions > WORTH_SAYING * apart:
                yield self.tr(
                    "budget.say.apart", apart=self.money(apart), together=self.money(line.provisions)
                )

    def part_unspent(self, line: Line) -> str:
        """Which part of what was set apart is left over."""
        if not line.provisions > 0:
            return ""
        return self.tr("budget.say.part", share=self.percent(line.unspent / line.provisions))

    def lacking(self, line: Line) -> str:
        """What is lacking in the year in which most is lacking on average, where anything is."""
        short = [found for found in line.years.values() if found.short > 0]
        if not short:
            return self.tr("budget.say.never_short")
        return self.tr("budget.say.then", lack=self.money(max(found.lack for found in short)))

    def precision(self, budget: Budget, key: str) -> str:
        """How far the provision of a year may be off because so many futures were simulated; nothing if it is not."""
        errors = [year.provision_se for year in budget.lines[key].years.values()]
        if budget.rule.kind == "maximum":
            return self.tr("budget.say.most", trials=self.formats.number(budget.trials, 0))
        if not max(errors, default=0.0) > 0:
            return ""
        return self.tr("budget.say.error", error=self.money(1.96 * max(errors)))

    def appropriation(self, budget: Budget) -> str:
        """What failing appropriations take away; nothing where none is believed to fail."""
        risks = {name: share for name, share in budget.appropriation.items() if share > 0}
        if not risks:
            return ""
        listed = "; ".join(f"{self.payer(name)} {self.percent(share)}" for name, share in risks.items())
        return self.tr("budget.say.appropriation", risks=listed, lost=self.money(budget.not_appropriated))

    def trust(self, budget: Budget) -> str:
        """What goes through the trust; without one, what it would take where appropriations may fail."""
        if budget.trust is not None:
            amounts = {name: self.money(value) for name, value in asdict(budget.trust).items()}
            return self.tr("budget.say.trust", **amounts)
        names = [name for name in budget.public if budget.appropriation.get(name, 0) > 0]
        if len(names) != 1 or not budget.lines[names[0]].total.provision > 0:
            return ""
        amount = self.money(budget.lines[names[0]].total.provision)
        return self.tr(
            "budget.say.no_trust", amount=amount, rule=self.rule(budget.rule), payer=self.payer(names[0])
        )

    def kind_of_money(self, budget: Budget) -> str:
        """Nominal or constant, and where constant money is the same as nominal, that it is."""
        if not budget.constant:
            return self.tr("budget.say.nominal")
        start = self.scenario.contract.calendar.start[:4]
        return self.tr("budget.say.constant" if budget.has_deflator else "budget.say.no_deflator", year=start)

    # ── The country ──────────────────────────────────────────────────────────────────────────────────

    def law(self) -> tuple[tuple[str, str, str, str], ...]:
        """Text, tag, its name and the source of each thing known of the country's budget rules."""
        return tuple(
            (self.tr(note.text), note.tag, self.tr(f"tag.{note.tag}"), note.source)
            for note in law_notes(self.scenario.country)
        )

    def form(self, budget: Budget, key: str) -> tuple[tuple[int, str, float, float], ...]:
        """As the country's forms ask for it: year, under which heading, provision, part of the whole."""
        line, country = budget.lines[key], self.scenario.country.lower()
        known = country if self.translator.has(f"budget.form.first.{country}") else "other"
        rows = []
        for year, found in line.years.items():
            kind = "first" if year <= budget.first_year else "later"
            part = found.provision / line.provisions if line.provisions > 0 else float("nan")
            rows.append((year, self.tr(f"budget.form.{kind}.{known}"), found.provision, part))
        return tuple(rows)

    def future_years(self, budget: Budget) -> tuple[tuple[str, FutureYears, str], ...]:
        """Colombia: for each public payer, whether the first year's appropriation is enough, and a sentence."""
        if self.scenario.country != "CO":
            return ()
        found = [(name, future_years(budget.lines[name], budget.first_year)) for name in budget.public]
        return tuple((name, test, self._future_years(name, test)) for name, test in found)

    def _future_years(self, name: str, test: FutureYears) -> str:
        if not test.applies:
            return self.tr("budget.future_years.none", payer=self.payer(name))
        return self.tr(
            f"budget.future_years.{'meets' if test.meets else 'misses'}",
            payer=self.payer(name), year=self.year(test.first_year), first=self.money(test.first),
            share=self.percent(test.share), amount=self.money(test.amount), needed=self.percent(FIRST_YEAR_SHARE),
            missing=self.money(test.missing),
        )  # fmt: skip


__all__ = ["COLUMNS", "BudgetWords"]
