"""The budget for people in a terminal, and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from simulator import __version__
from simulator.cli.json_output import finite, warnings_of
from simulator.cli.text import aligned, formats_of
from simulator.engine.result import Simulation
from simulator.i18n import Translator, translator_for
from simulator.metrics.budget import PUBLIC, WHOLE, Budget, Line
from simulator.metrics.provision import Provided
from simulator.report.budget_words import BudgetWords
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario


def budget_words(scenario: Scenario, translator: Translator) -> BudgetWords:
    """Words of the deal's country in the reader's language, figures as the country writes them."""
    words = translator_for(translator.language, scenario.country)
    return BudgetWords(scenario, words, formats_of(scenario, translator))


def budget_tables(budget: Budget, words: BudgetWords) -> Iterator[str]:
    """A table by payer, with its sentences, and what the country's rules say."""
    yield ""
    rule = words.tr("cli.budget.rule", rule=words.rule(budget.rule), meaning=words.rule_meaning(budget.rule))
    yield f"{rule} {words.kind_of_money(budget)}"
    if words.in_thousands:
        yield words.tr("ui.budget.thousands")
    if not budget.public:
        yield words.tr("budget.no_public")
    for key in _shown(budget):
        line = budget.lines[key]
        yield ""
        yield words.payer(key)
        rows = [[f"  {words.year(year)}", *words.year_cells(found)] for year, found in line.years.items()]
        rows.append([f"  {words.tr('budget.column.total')}", *words.year_cells(line.total)])
        head = words.headings()
        yield from aligned([[f"  {head[0]}", *head[1:]], *rows], left=1)
        said = (*words.sentences(budget, key), words.precision(budget, key))
        yield from (f"  {sentence}" for sentence in said if sentence)
    yield ""
    yield from (sentence for sentence in (words.appropriation(budget), words.trust(budget)) if sentence)
    yield from (sentence for _, _, sentence in words.future_years(budget))
    if budget.public:
        for text, _, evidence, source in words.law():
            yield f"- {text} [{evidence}{f': {source}' if source else ''}]"
    yield words.tr("budget.total_help")


def _shown(budget: Budget) -> tuple[str, ...]:
    """Payers one by one, and together where there are several."""
    several = len(budget.payers) > 1
    together = [WHOLE] if several else []
    return (
        *budget.payers,
        *([PUBLIC] if PUBLIC in budget.lines and len(budget.public) > 1 else []),
        *together,
    )


def budget_document(
    simulation: Simulation,
    budget: Budget,
    words: BudgetWords,
    issues: Iterable[Issue],
    translator: Translator,
) -> dict[str, Any]:
    """Everything for machines: plain numbers, English keys; sentences in the reader's language."""
    scenario = simulation.scenario
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "seed": simulation.seed,
        "trials": simulation.trials, "currency": scenario.currency, "rule": budget.rule.name,
        "money": "constant" if budget.constant else "nominal", "has_deflator": budget.has_deflator,
        "fiscal_year_starts": scenario.contract.calendar.fiscal_year_starts,
        "payers": {
            key.lstrip(":") or "all": _line(line, key in budget.public) for key, line in budget.lines.items()
        },
        "appropriation_fails": dict(budget.appropriation), "not_appropriated": finite(budget.not_appropriated),
        "trust": None if budget.trust is None else asdict(budget.trust),
        "future_years": {
            name: {"first_year": test.first_year, "amount": test.amount, "first": test.first, "share": finite(test.share),
                   "applies": test.applies, "meets": test.meets, "missing": test.missing, "says": sentence}
            for name, test, sentence in words.future_years(budget)
        },
        "country_rules": [
            {"text": text, "tag": tag, "source": source} for text, tag, _, source in words.law()
        ],
        "says": {key.lstrip(":") or "all": list(words.sentences(budget, key)) for key in budget.lines},
        "warnings": warnings_of(issues, translator),
    }  # fmt: skip


def _line(line: Line, public: bool) -> dict[str, Any]:
    return {
        "public": public,
        "share": finite(line.share),
        "returned": finite(line.returned),
        "provisions": finite(line.provisions),
        "unspent": finite(line.unspent),
        "short": finite(line.short),
        "short_se": finite(line.short_se),
        "years": {str(year): _numbers(found) for year, found in line.years.items()},
        "all_years": _numbers(line.total),
    }


def _numbers(found: Provided) -> dict[str, float | None]:
    return {name: finite(value) for name, value in asdict(found).items()}


__all__ = ["budget_document", "budget_tables", "budget_words"]
