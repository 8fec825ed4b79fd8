"""Public value and errors of measurement for people in a terminal, and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from simulator import __version__
from simulator.analysis.evaluation import EvaluationErrors
from simulator.cli.json_output import finite, warnings_of
from simulator.cli.text import aligned, formats_of
from simulator.engine.result import Simulation
from simulator.i18n import Translator, translator_for
from simulator.report.value_words import ValueWords
from simulator.scenario.issues import Issue
from simulator.scenario.scenario import Scenario
from simulator.value.alternatives import KEYS
from simulator.value.comparison import Alternatives
from simulator.value.streams import LOGICS


def value_words(scenario: Scenario, translator: Translator) -> ValueWords:
    """Words of the deal's country in the reader's language, figures as the country writes them."""
    words = translator_for(translator.language, scenario.country)
    return ValueWords(scenario, words, formats_of(scenario, translator))


def value_tables(found: Alternatives, words: ValueWords) -> Iterator[str]:
    """The three alternatives side by side, in every logic, with their sentences."""
    yield ""
    head = (words.tr("value.row"), *(words.alternative(key) for key in KEYS))
    rows = [list(words.cells(row)) for row in words.rows(found)]
    if found.in_cash != "not_valued":
        for logic in LOGICS:
            rows.append([f"{words.tr(f'value.logic.{logic}')}:", *([""] * len(KEYS))])
            rows += [
                [f"  {cells[0]}", *cells[1:]] for cells in map(words.cells, words.logic_rows(found, logic))
            ]
            rows.append([f"  {words.tr('value.row.risk')}", "—", "—", words.risk(found, logic)])  # fmt: skip
    yield from aligned([list(head), *rows], left=1)
    yield ""
    yield f"{words.tr('ui.value.cells')} {words.money_kind(found)}"
    yield words.verdict(found)
    if found.in_cash == "not_valued":
        return
    yield from (words.worth(found, logic) for logic in LOGICS)
    yield from words.buys(found)
    yield words.risk_says(found, "cash")
    yield ""
    columns = ("pays", "pays_by_inputs", "cash", "budget", "social")
    purses = [
        [words.purse(purse.key), *(words.cell(getattr(purse, name), "money") for name in columns)]
        for purse in found.purses
    ]
    names = [words.tr("value.purse"), *(words.tr(f"value.purse.{name}") for name in columns)]
    yield from aligned([names, *purses], left=1)
    yield words.purses_say(found, "social")
    yield ""
    yield from words.origins(found)


def value_document(
    simulation: Simulation,
    found: Alternatives,
    words: ValueWords,
    issues: Iterable[Issue],
    translator: Translator,
) -> dict[str, Any]:
    """Everything for machines: plain numbers, English keys; sentences in the reader's language."""
    said = [words.verdict(found), *(words.worth(found, logic) for logic in LOGICS), *words.buys(found)]
    return {
        **_head(simulation.scenario, simulation.seed, simulation.trials),
        **found.to_dict(),
        "says": [sentence for sentence in said if sentence],
        "warnings": warnings_of(issues, translator),
    }


def evaluation_tables(found: Mapping[str, EvaluationErrors], words: ValueWords) -> Iterator[str]:
    """A row for each measured payment, and what it means."""
    yield ""
    if found:
        rows = [list(words.evaluation_cells(one)) for one in found.values()]
        yield from aligned([list(words.evaluation_headings()), *rows], left=1)
        yield ""
    yield from words.evaluation_says(found)


def evaluation_document(
    scenario: Scenario,
    found: Mapping[str, EvaluationErrors],
    words: ValueWords,
    issues: Iterable[Issue],
    translator: Translator,
    *,
    seed: int,
    trials: int,
) -> dict[str, Any]:
    """Everything for machines, by payment."""
    return {
        **_head(scenario, seed, trials),
        "payments": {name: _plain(asdict(one)) for name, one in found.items()},
        "says": list(words.evaluation_says(found)),
        "warnings": warnings_of(issues, translator),
    }


def _head(scenario: Scenario, seed: int, trials: int) -> dict[str, Any]:
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "seed": seed, "trials": trials,
        "currency": scenario.currency,
    }  # fmt: skip


def _plain(item: Any) -> Any:
    if isinstance(item, dict):
        return {name: _plain(part) for name, part in item.items()}
    return finite(item) if isinstance(item, float) else item


__all__ = ["evaluation_document", "evaluation_tables", "value_document", "value_tables", "value_words"]
