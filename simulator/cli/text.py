"""Answers for people: tables and sentences in their language, figures as the deal's country writes them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from babel import Locale

from simulator import __version__
from simulator.cli.labels import Labels
from simulator.i18n import Formats, Translator
from simulator.i18n.locales import COUNTRY_LOCALES
from simulator.metrics.registry import Metric, Unit
from simulator.metrics.replay import Comparison
from simulator.metrics.summary import Estimate
from simulator.scenario.capital import Tranche
from simulator.scenario.issues import Issue, clean
from simulator.scenario.scenario import Scenario

_PLAIN_LOCALE = "en-US"
"""For countries without a number format of their own: decimal points, as in the documents."""
_OF_THE_TAIL = ("value_at_risk_95", "shortfall_95")
"""Numbers that are one value of all trials together and have no percentiles."""
_GRADES = ("A", "B", "C")


# ── What is wrong ────────────────────────────────────────────────────────────────────────────────────


def print_issues(issues: Iterable[Issue], translator: Translator, source: str) -> None:
    """Write how many issues there are, and every one on a line of its own, to standard error."""
    found = list(issues)
    print(translator.trn("issues.count", len(found), n=len(found)), file=sys.stderr)
    print_warnings(found, translator, source)


def print_warnings(issues: Iterable[Issue], translator: Translator, source: str) -> None:
    """Write every issue on a line of its own to standard error."""
    for issue in issues:
        print(issue_line(issue, translator, source), file=sys.stderr)


def issue_line(issue: Issue, translator: Translator, source: str) -> str:
    """File and line as editors understand them, and the sentence."""
    place = ":".join(part for part in (clean(source, limit=300), str(issue.line or "")) if part)
    sentence = translator.issue(issue.code, **issue.placeholders())
    return f"{place}: {sentence}" if place else sentence


# ── What was found ───────────────────────────────────────────────────────────────────────────────────


def formats_of(scenario: Scenario, translator: Translator) -> Formats:
    """Figures as the deal's country writes them."""
    return Formats(COUNTRY_LOCALES.get(scenario.country, _PLAIN_LOCALE), translator.language)


def heading(scenario: Scenario, translator: Translator, *more: str) -> Iterator[str]:
    """Which deal it is, and what it was computed with."""
    yield f"{scenario.title[translator.language]} ({scenario.id})"
    yield " · ".join((translator.tr("cli.run.digest", digest=scenario.digest()), f"pxr {__version__}", *more))


def run_tables(
    scenario: Scenario, numbers: Mapping[str, Metric], found: Mapping[str, Estimate], translator: Translator
) -> Iterator[str]:
    """A table of numbers for each party, and what has to be said below."""
    formats, labels = formats_of(scenario, translator), Labels(scenario, translator.language)
    groups: dict[str, list[list[str]]] = {}
    left_out = repeated(scenario, numbers)
    for key, metric in numbers.items():
        if key in left_out:
            continue
        mark = " *" if metric.unit == "rate" else ""
        row = [f"  {labels.number(key)}{mark}", *_estimate_cells(metric, found[key], scenario, formats)]
        groups.setdefault(labels.group(metric), []).append(row)
    head = ["", translator.tr("cli.column.mean"), translator.tr("cli.column.error"), "P10", "P50", "P90"]
    rows = [row for group, own in groups.items() for row in ([group, *([""] * 5)], *own)]
    yield ""
    yield from aligned([head, *rows], left=1)
    yield ""
    yield translator.tr("cli.note.percentiles")
    yield translator.tr("cli.note.error")
    if any(metric.unit == "rate" for metric in numbers.values()):
        yield translator.tr("cli.note.rate")
    for key, metric in numbers.items():
        if key not in left_out and sum(found[key].undefined.values()) > 0:
            name = f"{labels.number(key)} – {labels.group(metric)}"
            yield _undefined_note(name, found[key], formats, translator)


def repeated(scenario: Scenario, numbers: Mapping[str, Metric]) -> frozenset[str]:
    """Numbers that would stand in the table twice.

    The loss of a future has the expected loss for its mean; and where one tranche is all the investors' capital, its
    numbers are the investors' own.
    """
    twice = {key for key in numbers if key.endswith(".loss")}
    capital = scenario.contract.capital
    investors = [
        name for name, part in capital.items()
        if isinstance(part, Tranche) and scenario.contract.parties[part.party].role == "investor"
    ]  # fmt: skip
    if len(investors) == 1:
        own = f"{investors[0]}."
        twice |= {
            key for key in numbers if key.startswith(own) and f"investors.{key.removeprefix(own)}" in numbers
        }
    return frozenset(twice)


def _estimate_cells(metric: Metric, one: Estimate, scenario: Scenario, formats: Formats) -> list[str]:
    """Mean, standard error and percentiles of one number."""
    rate = metric.unit == "rate"
    values = [one.of_mean_flows if rate else one.mean, None if rate else one.se, one.p10, one.p50, one.p90]
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value)]
    cells = [
        _written(value, metric.unit, scenario, formats, largest=max(sizes, default=0)) for value in values
    ]
    # What is 0 or 1 in one future has no percentiles worth reading.
    single = metric.key.endswith(_OF_THE_TAIL) or metric.key.endswith("_probability")
    return [*cells[:2], "", "", ""] if single else cells


def _written(
    value: float | None, unit: Unit, scenario: Scenario, formats: Formats, *, largest: float | None = None
) -> str:
    """One number as the deal's country writes it; decimals only where nothing beside it is large."""
    if value is None or math.isnan(value):
        return formats.number(math.nan)
    size = abs(value) if largest is None else largest
    if unit in ("money", "money_per_unit"):
        return formats.money(value, scenario.currency, 0 if size >= 1_000 or size == 0 else None)
    if unit in ("rate", "share"):
        return formats.percent(value, 1)
    if unit == "multiple":
        return f"{formats.number(value, 2)}×"
    return formats.number(value, 0 if size >= 1_000 else 1)


def _undefined_note(name: str, one: Estimate, formats: Formats, translator: Translator) -> str:
    shares = ", ".join(
        f"{translator.tr(f'cli.reason.{why}')}: {formats.percent(share)}"
        for why, share in one.undefined.items()
    )
    return translator.tr("cli.note.undefined", name=name, shares=shares)


def replay_table(
    scenario: Scenario, checks: Sequence[Comparison], units: Mapping[str, Unit], translator: Translator
) -> Iterator[str]:
    """Published figures beside the replayed ones."""
    if not checks:
        yield translator.tr("cli.replay.nothing")
        return
    formats, labels = formats_of(scenario, translator), Labels(scenario, translator.language)
    columns = ("key", "found", "expected", "difference", "agrees", "proves", "sources")
    rows = [[translator.tr(f"cli.replay.{column}") for column in columns]]
    for check in checks:
        name = check.key.partition("@")[0]
        unit = units.get(name, "units")
        known = name in units and not math.isnan(check.found)
        ends = (check.found, check.expected, check.at_least, check.at_most)
        largest = max((abs(end) for end in ends if end is not None and math.isfinite(end)), default=0.0)
        rows.append([
            labels.full(check.key) if known else f"“{clean(check.key)}”",
            _written(check.found, unit, scenario, formats, largest=largest),
            _published(check, unit, scenario, formats, largest),
            _written(check.difference, unit, scenario, formats, largest=largest),
            translator.tr("cli.replay.yes" if check.agrees else "cli.replay.no"),
            translator.tr(f"cli.proves.{check.proves}"), ", ".join(check.sources),
        ])  # fmt: skip
    yield ""
    yield from aligned(rows, left=1)
    yield ""
    yield translator.tr("cli.replay.codes")
    for code in dict.fromkeys(code for check in checks for code in check.sources):
        yield f"  {code}: {_decoded(code, scenario, translator)}"


def _decoded(code: str, scenario: Scenario, translator: Translator) -> str:
    """What a code of a source stands for, with its address as it is printed."""
    source = scenario.sources.get(code)
    if source is None:
        return translator.tr(f"ui.sources.built_in.{scenario.tag_of(code)}")
    return clean(f"{source.title} ({source.address})" if source.address else source.title, limit=300)


def _published(check: Comparison, unit: Unit, scenario: Scenario, formats: Formats, largest: float) -> str:
    """A published figure, or the bounds that were published."""
    if check.expected is not None:
        return _written(check.expected, unit, scenario, formats, largest=largest)
    low, high = (
        "" if end is None else _written(end, unit, scenario, formats, largest=largest)
        for end in (check.at_least, check.at_most)
    )
    return f"{low} … {high}".strip()


# ── The library ──────────────────────────────────────────────────────────────────────────────────────


def library_tables(deals: Sequence[tuple[str, Scenario, bool]], translator: Translator) -> Iterator[str]:
    """Real deals and templates apart, what the grades mean, and how to open a file of one's own."""
    real = [(name, deal) for name, deal, is_template in deals if not is_template]
    templates = [(name, deal) for name, deal, is_template in deals if is_template]
    if real:
        yield translator.tr("cli.list.real")
        yield from _deal_table(real, translator, graded=True)
        yield ""
        yield translator.tr("cli.list.grades")
        for grade in _GRADES:
            yield f"  {grade}: {translator.tr(f'ui.grade.{grade.lower()}')}"
        yield ""
    if templates:
        yield translator.tr("cli.list.templates")
        yield from _deal_table(templates, translator, graded=False)
        yield ""
    if deals:
        yield translator.tr("cli.list.open", name=deals[0][0])
    if templates:
        yield translator.tr("cli.list.copy", name=templates[0][0])
    yield translator.tr("cli.list.own")


def _deal_table(
    deals: Iterable[tuple[str, Scenario]], translator: Translator, *, graded: bool
) -> Iterator[str]:
    """Deals one below the other; invented ones have no grade."""
    columns = ("id", "country", "grade", "title") if graded else ("id", "country", "title")
    rows = [
        [
            f"  {translator.tr(f'cli.list.{columns[0]}')}",
            *(translator.tr(f"cli.list.{c}") for c in columns[1:]),
        ]
    ]
    for name, deal in deals:
        cells = {"country": _country(deal.country, translator.language), "grade": deal.grade or "–",
                 "title": deal.title[translator.language]}  # fmt: skip
        rows.append([f"  {name}", *(cells[column] for column in columns[1:])])
    yield from aligned(rows, left=len(columns))


def _country(code: str, language: str) -> str:
    """Name of a country in a language; its code if it has none."""
    return str(Locale.parse(language).territories.get(code, code))


def aligned(rows: Sequence[Sequence[str]], *, left: int) -> Iterator[str]:
    """Columns of equal width: the first ones flush left, the others right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
