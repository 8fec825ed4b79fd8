"""What the results are worth, beside doing nothing and buying by inputs; and how often measurement errs."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator.charts.purses import PurseBar, Side, purse_bars
from simulator.i18n import NBSP
from simulator.metrics.summary import Estimate
from simulator.report.value_words import EVALUATION, RATE, ValueWords
from simulator.ui import cache, panels, state
from simulator.ui.link import LOGICS, RATES
from simulator.ui.panels import Headline, Table
from simulator.ui.sentences import join
from simulator.ui.state import Screen, show
from simulator.ui.voice import plain
from simulator.value.alternatives import KEYS
from simulator.value.comparison import Alternatives
from simulator.value.streams import Logic

_NUMBERS = ("mean", "p10", "p90", "se")


def draw(screen: Screen) -> None:
    """Draw the page."""
    voice = screen.voice
    words = ValueWords(screen.scenario, voice.translator, replace(voice.formats, space=NBSP))
    if screen.base.world.value is None:
        st.info(plain(words.tr("value.say.write")), icon=":material/edit_note:")
    else:
        _value(words, screen)
    _measurement(words, screen)


def _value(words: ValueWords, screen: Screen) -> None:
    logic = _choose(screen)
    link = screen.link
    with st.spinner(screen.voice.tr("ui.working")):
        base, now = (
            cache.value_of(deal, screen.base, trials=link.trials, seed=link.seed, rate=link.discount)
            for deal in (screen.base, screen.scenario)
        )
    panels.headlines(_headlines(now, base, logic, words), screen)
    st.markdown(f"**{plain(words.verdict(now))}** {plain(words.worth(now, logic))}")
    _alternatives(now, logic, words, screen)
    bought = words.buys(now)
    if bought:
        st.subheader(plain(words.tr("ui.value.buys")), anchor=False)
        st.markdown(plain(join(*bought)))
    st.subheader(plain(words.tr("ui.value.risk")), anchor=False)
    st.markdown(plain(words.risk_says(now, logic)))
    _purses(now, logic, words, screen)
    st.subheader(plain(words.tr("ui.value.origins")), anchor=False)
    st.markdown("\n".join(f"- {plain(line)}" for line in words.origins(now)))


def _choose(screen: Screen) -> Logic:
    """Offer whose gain counts, and the rate."""
    voice, link = screen.voice, screen.link
    with st.container(horizontal=True, vertical_alignment="center", key="value_choices"):
        st.segmented_control(
            voice.tr("ui.value.logic"), list(LOGICS), required=True, key=show("in_logic", link.logic),
            format_func=lambda logic: voice.tr(f"value.logic.{logic or 'cash'}"), on_change=state.choose_logic,
            label_visibility="collapsed",
        )  # fmt: skip
        st.segmented_control(
            voice.tr("ui.value.rate"), list(RATES), required=True, key=show("in_discount", link.discount),
            format_func=lambda rate: voice.tr(
                f"ui.value.rate.{rate or 'official'}", rate=voice.rate(cache.rate_of(screen.base, rate))
            ),
            on_change=state.choose_discount, label_visibility="collapsed",
        )  # fmt: skip
    return {"budget": "budget", "social": "social"}.get(link.logic, "cash")  # type: ignore[return-value]


def _headlines(now: Alternatives, base: Alternatives, logic: Logic, words: ValueWords) -> list[Headline]:
    """Net value, what comes back of what is spent, how often it is a gain, and whose risk it is."""
    worth, before = (found.alternatives["contract"].worth(logic, "marginal", RATE) for found in (now, base))
    risk, earlier = (found.risk_transferred[logic] for found in (now, base))
    return [
        panels.headline_from("metric.value_net", worth.net, before.net, kind="money", better="higher"),
        panels.headline_from("metric.value_ratio", worth.ratio, before.ratio, kind="multiple", better="higher"),
        Headline(name="metric.value_positive", value=worth.positive.mean, se=worth.positive.se,
                 base=before.positive.mean, kind="share", better="higher"),
        Headline(name="metric.value_risk", value=risk.share, se=risk.se, base=earlier.share, kind="share",
                 better="higher", detail=words.tr("ui.value.risk.detail")),
    ]  # fmt: skip


def _alternatives(now: Alternatives, logic: Logic, words: ValueWords, screen: Screen) -> None:
    """The three alternatives side by side."""
    found = [*words.rows(now), *words.logic_rows(now, logic)]
    shown = [words.cells(row) for row in found]
    shown.append((words.tr("value.row.risk"), "—", "—", words.risk(now, logic)))
    machine = [
        (row.key, key, *(getattr(row.found[key], name, None) for name in _NUMBERS))
        for row in found
        for key in KEYS
    ]
    risk = now.risk_transferred[logic]
    machine.append(("risk", "contract", risk.share, None, None, risk.se))
    table = Table(
        columns=("number", "alternative", *_NUMBERS),
        headings=(words.tr("value.row"), *(words.alternative(key) for key in KEYS)),
        rows=tuple(machine),
        shown=tuple(shown),
    )
    title = words.tr("ui.value.alternatives")
    panels.listing("value", words.tr("ui.value.alternatives.says"), table, screen, title=title)
    st.caption(plain(f"{words.tr('ui.value.cells')} {words.money_kind(now)}"))


def _purses(now: Alternatives, logic: Logic, words: ValueWords, screen: Screen) -> None:
    """Who pays and who saves."""
    voice = screen.voice
    bars = [
        PurseBar(name=words.purse(purse.key), pays=_side(purse.pays), saves=_side(words.saves(purse, logic)))
        for purse in now.purses
    ]
    legend = {name: words.tr(f"value.purse.{name}") for name in ("pays", "saves")}
    columns = ("pays", "pays_by_inputs", "cash", "budget", "social")
    table = Table(
        columns=("purse", "public", *(f"{name}_{part}" for name in columns for part in _NUMBERS)),
        headings=(words.tr("value.purse"), *(words.tr(f"value.purse.{name}") for name in columns)),
        rows=tuple(
            (purse.key, purse.public, *(getattr(getattr(purse, name), part) for name in columns for part in _NUMBERS))
            for purse in now.purses
        ),
        shown=tuple(
            (words.purse(purse.key), *(words.cell(getattr(purse, name), "money") for name in columns))
            for purse in now.purses
        ),
    )  # fmt: skip
    panels.chart(
        "purses", purse_bars(bars, write=voice.money, words=legend), words.purses_say(now, logic), table, screen,
        title=words.tr("ui.value.purses"), opened=True,
    )  # fmt: skip


def _side(found: Estimate) -> Side:
    return Side(mean=found.mean, p10=found.p10, p90=found.p90)


def _measurement(words: ValueWords, screen: Screen) -> None:
    """How often each measured payment errs."""
    with st.spinner(screen.voice.tr("ui.working")):
        found = cache.evaluation_of(screen.scenario, trials=screen.link.trials, seed=screen.link.seed)
    title, said = words.tr("ui.value.measurement"), join(*words.evaluation_says(found))
    if not found:
        st.subheader(plain(title), anchor=False)
        st.markdown(plain(said))
        return
    table = Table(
        columns=("term", *EVALUATION, "pays_se", "money_paid_se", "misses_se", "misses_of", "money_missed_se"),
        headings=words.evaluation_headings(),
        rows=tuple(
            (one.term, one.pays_without_effect.value, one.money_without_effect, one.misses_success.value,
             one.money_missed, one.pays_without_effect.se, one.money_without_effect_se, one.misses_success.se,
             one.misses_success.of, one.money_missed_se)
            for one in found.values()
        ),
        shown=tuple(words.evaluation_cells(one) for one in found.values()),
    )  # fmt: skip
    panels.listing("measurement", said, table, screen, title=title)
    st.caption(plain(words.tr("ui.value.measurement.help")))


__all__ = ["draw"]
