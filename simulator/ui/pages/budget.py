"""What each payer has to set apart, year by year: the page of the budget office."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator.charts.fiscal_years import fiscal_years
from simulator.charts.series import YearMoney
from simulator.i18n import NBSP
from simulator.metrics.budget import WHOLE, Budget, Line
from simulator.metrics.provision import DEFAULT_RULE, RULES, parse_rule
from simulator.report.budget_words import COLUMNS, BudgetWords
from simulator.ui import cache, panels, state
from simulator.ui.panels import Headline, Table
from simulator.ui.sentences import join
from simulator.ui.state import Screen, show
from simulator.ui.voice import Voice, plain

_MARKS = {"source": "●", "derived": "◐", "unverified": "○", "assumption": "△", "disputed": "✕"}


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    words = BudgetWords(screen.scenario, voice.translator, replace(voice.formats, space=NBSP))
    now, base = _budgets(screen)
    key = _choose(now, words, screen)
    screen = replace(screen, voice=replace(voice, payer=key))
    if not now.public:
        st.info(plain(voice.tr("budget.no_public")), icon=":material/info:")
    panels.headlines(_headlines(now, base, key, words), screen)
    _years(now, base, key, words, screen)
    if key == WHOLE and len(now.payers) > 1:
        _payers(now, words, screen)
    _country(now, key, words, screen)


def _budgets(screen: Screen) -> tuple[Budget, Budget]:
    """The budget of the deal as it stands, and of the unmoved one beside it."""
    link = screen.link
    rule, constant = link.rule or DEFAULT_RULE, link.money == "constant"
    with st.spinner(screen.voice.tr("ui.working")):
        base, now = (
            cache.budget_of(
                deal, screen.base, trials=link.trials, seed=link.seed, rule=rule, constant=constant
            )
            for deal in (screen.base, screen.scenario)
        )
    return now, base


def _choose(now: Budget, words: BudgetWords, screen: Screen) -> str:
    """Offer the rule, the kind of money and the payer."""
    voice, link = screen.voice, screen.link
    names = [WHOLE, *(name for name in screen.base.contract.payers if name in now.lines)]
    chosen = link.payer if link.payer in names else WHOLE
    with st.container(horizontal=True, vertical_alignment="center", key="budget_choices"):
        st.selectbox(
            voice.tr("ui.budget.rule"), list(RULES), key=show("in_rule", link.rule or DEFAULT_RULE),
            format_func=lambda name: voice.tr("ui.budget.rule.named", rule=words.rule(parse_rule(name))),
            on_change=state.choose_rule, width=240, label_visibility="collapsed",
        )  # fmt: skip
        st.segmented_control(
            voice.tr("ui.budget.money"), ["", "constant"], required=True, key=show("in_money", link.money),
            format_func=lambda kind: voice.tr(f"ui.budget.money.{kind or 'nominal'}"), on_change=state.choose_money,
            label_visibility="collapsed",
        )  # fmt: skip
        if len(names) > 2:
            st.segmented_control(
                voice.tr("ui.payers"), names, format_func=lambda name: plain(words.payer(name)), required=True,
                key=show("in_payer", chosen), on_change=state.choose_payer, label_visibility="collapsed",
            )  # fmt: skip
    return chosen if len(names) > 2 else names[-1]


def _headlines(now: Budget, base: Budget, key: str, words: BudgetWords) -> list[Headline]:
    """What is set apart, what is spent, what is left, and how often it is not enough."""
    line, before = now.lines[key], base.lines[key]
    errors = sum(year.provision_se for year in line.years.values())
    return [
        Headline(name="metric.budget_provision", value=line.provisions, se=errors, base=before.provisions, kind="money",
                 better="lower", detail=words.tr("ui.budget.by_rule", rule=words.rule(now.rule))),
        Headline(name="metric.budget_spending", value=line.total.mean, se=line.total.se, base=before.total.mean,
                 kind="money", better="lower", low=line.total.p10, high=line.total.p90),
        Headline(name="metric.budget_unspent", value=line.unspent, se=line.unspent_se, base=before.unspent, kind="money",
                 better="lower", detail=words.part_unspent(line)),
        Headline(name="metric.budget_short", value=line.short, se=line.short_se, base=before.short, kind="share",
                 better="lower", detail=words.lacking(line)),
    ]  # fmt: skip


def _years(now: Budget, base: Budget, key: str, words: BudgetWords, screen: Screen) -> None:
    """The years as a chart, in a sentence and as a table."""
    voice, line = screen.voice, now.lines[key]
    legend = {
        name: voice.tr(f"chart.years.{name}") for name in ("mean", "spread", "most", "base", "provision")
    }
    figure = fiscal_years(
        _money(line), _money(base.lines[key]), label=voice.fiscal_year, write=voice.money_ticks, words=legend,
        provisions={year: found.provision for year, found in line.years.items()},
    )  # fmt: skip
    said = [
        *words.sentences(now, key)[int(line.total.most > 0) :],
        words.kind_of_money(now) if now.constant else "",
    ]
    panels.chart(
        "budget", figure, join(*said), _table(line, words, voice), screen, title=voice.tr("chart.budget.title"),
        opened=True,
    )  # fmt: skip
    notes = [voice.tr("budget.total_help"), words.precision(now, key)]
    if words.in_thousands:
        notes.insert(0, voice.tr("ui.budget.thousands"))
    st.caption(plain(" ".join(note for note in notes if note)))


def _money(line: Line) -> tuple[YearMoney, ...]:
    return tuple(
        YearMoney(year=year, mean=found.mean, p10=found.p10, p90=found.p90, most=found.most)
        for year, found in line.years.items()
    )


def _table(line: Line, words: BudgetWords, voice: Voice) -> Table:
    """One row a fiscal year, and one for all together."""
    names = (*COLUMNS, "se", "provision_se", "unspent_se", "short_se", "lack_se", "most_lack")
    found = {str(year): provided for year, provided in line.years.items()} | {"all": line.total}
    labels = [*(words.year(year) for year in line.years), voice.tr("budget.column.total")]
    rows = tuple((key, *(getattr(provided, name) for name in names)) for key, provided in found.items())
    shown = tuple(
        (label, *words.year_cells(provided)) for label, provided in zip(labels, found.values(), strict=True)
    )
    return Table(columns=("fiscal_year", *names), headings=words.headings(), rows=rows, shown=shown)


def _payers(now: Budget, words: BudgetWords, screen: Screen) -> None:
    """Provisions of every payer by year."""
    voice, years = screen.voice, list(now.lines[WHOLE].years)
    rows, shown = [], []
    for key in (*now.payers, WHOLE):
        line = now.lines[key]
        amounts = [*(line.years[year].provision for year in years), line.provisions, line.unspent]
        rows.append((key or "all", *amounts, line.share))
        shown.append(
            (words.payer(key), *map(words.amount, amounts), panels.write(line.share, "share", voice))
        )
    columns = ("payer", *(f"provision_{year}" for year in years), "provisions", "unspent", "share")
    headings = (
        voice.tr("budget.column.payer"), *(words.year(year) for year in years), voice.tr("budget.column.sum"),
        voice.tr("budget.column.unspent"), voice.tr("budget.column.share"),
    )  # fmt: skip
    table = Table(columns=columns, headings=headings, rows=tuple(rows), shown=tuple(shown))
    panels.listing(
        "budget_payers", voice.tr("ui.budget.payers.says", rule=words.rule(now.rule)), table, screen,
        title=voice.tr("ui.budget.payers"),
    )  # fmt: skip


def _country(now: Budget, key: str, words: BudgetWords, screen: Screen) -> None:
    """What the country's forms and rules ask of a public payer."""
    voice = screen.voice
    risks = [sentence for sentence in (words.appropriation(now), words.trust(now)) if sentence]
    if not now.public:
        if risks:
            st.markdown(plain(join(*risks)))
        return
    for name in now.public if key == WHOLE else [name for name in now.public if name == key]:
        rows = words.form(now, name)
        machine = tuple((year, kind, provision, part) for year, kind, provision, part in rows)
        shown = tuple(
            (words.year(year), kind, words.amount(provision), voice.percent(part) if part == part else "—")
            for year, kind, provision, part in rows
        )
        columns = ("fiscal_year", "heading", "provision", "part")
        headings = (
            words.headings()[0],
            *(voice.tr(f"budget.form.column.{column}") for column in columns[1:]),
        )
        table = Table(columns=columns, headings=headings, rows=machine, shown=shown)
        tests = [sentence for payer, _, sentence in words.future_years(now) if payer == name]
        title = voice.tr("ui.budget.form", payer=words.payer(name))
        panels.listing(f"budget_form{panels.SEVERAL}{name}", join(*tests), table, screen, title=title)
    lines = [f"- {_MARKS['derived']} {plain(risk)} ({plain(voice.tr('tag.derived'))})" for risk in risks]
    lines += [
        f"- {_MARKS[tag]} {plain(text)} ({plain(evidence)}{plain(f': {source}' if source else '')})"
        for text, tag, evidence, source in words.law()
    ]
    if lines:
        st.subheader(plain(voice.tr("ui.budget.law")), anchor=False)
        st.markdown("\n".join(lines))


__all__ = ["draw"]
