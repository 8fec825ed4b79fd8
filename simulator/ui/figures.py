"""Figures of a document in words: where they are, what they say, how sure they are. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.scenario.distributions import (
    Beta,
    BetaCounts,
    Discrete,
    Distribution,
    Fixed,
    LogNormal,
    MayFail,
    Mixture,
    Normal,
    Pert,
    Quantiles,
    Scaled,
    Triangular,
    Uniform,
)
from simulator.scenario.figures import walk_figures
from simulator.scenario.levers import Lever
from simulator.scenario.scenario import BUILT_IN_TAGS, Scenario, Tag
from simulator.ui.voice import Voice

MONEY = frozenset({"pay", "price", "amount", "money", "commitment", "up_to", "worth", "floor", "cap"})
SHARES = frozenset(
    {
        "share",
        "prob",
        "relative_effect",
        "verified",
        "coupon",
        "rate",
        "cluster_correlation",
        "principal",
        "rank",
    }
)
BY_RESULT = frozenset({"level", "counterfactual", "effect", "selection_bias", "value"})
"""In the unit of the result they speak of."""
PARTIES = frozenset(
    {"parties", "payers", "providers", "to", "appropriation_fails", "payment_delay", "discount_rates"}
)
"""Fields under which parties stand by name."""
SHARE_MAPS = frozenset(
    {"to", "discount_rates", "appropriation_fails", "shares", "payers", "segments", "providers"}
)
WORST_FIRST: tuple[Tag, ...] = ("disputed", "assumption", "unverified", "derived", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure of a deal, ready to be shown."""

    path: str
    label: str
    value: str
    tag: Tag
    codes: tuple[str, ...]
    """Of its sources, as the notes and the document name them."""
    sources: tuple[str, ...]
    note: str


def figure_rows(voice: Voice) -> list[FigureRow]:
    """All figures of a deal in document order."""
    scenario = voice.scenario
    return [
        FigureRow(
            path=path, label=label_of(path, voice), value=value_of(path, figure, voice),
            tag=tag_of(figure, scenario), codes=figure.sources, sources=_titles(figure, voice),
            note=figure.note or "",
        )
        for part in ("contract", "world")
        for path, figure in walk_figures(getattr(scenario, part), part)
    ]  # fmt: skip


def tag_of(figure: Distribution, scenario: Scenario) -> Tag:
    """The weakest kind of evidence behind a figure; one that says nothing is an assumption."""
    tags = {scenario.tag_of(reference) for reference in figure.sources} or {"assumption"}
    return next(tag for tag in WORST_FIRST if tag in tags)


def _titles(figure: Distribution, voice: Voice) -> tuple[str, ...]:
    sources = voice.scenario.sources
    return tuple(
        sources[key].title if key in sources else voice.tr(f"tag.{BUILT_IN_TAGS.get(key, 'assumption')}")
        for key in figure.sources
    )


# ── Where a figure is ────────────────────────────────────────────────────────────────────────────────


def label_of(path: str, voice: Voice) -> str:
    """Name a figure by the names the document gives its parts, from the general to the particular."""
    keys = path.split(".")
    words = []
    for before, key in zip(["", *keys], keys, strict=False):
        name = _name(before, key, voice)
        if name:
            words.append(name)
        elif key.isdigit():
            words.append(str(int(key) + 1))
        elif key not in ("contract", "world"):
            known = voice.translator.has(f"ui.path.{key}")
            words.append(voice.tr(f"ui.path.{key}") if known else key.replace("_", " "))
    return " › ".join(word for word in words if word != "—")


def _name(before: str, key: str, voice: Voice) -> str:
    """What the document calls a part of it that has a name of its own; nothing for fields."""
    contract, world = voice.scenario.contract, voice.scenario.world
    if before == "payments" and key in contract.payments:
        return voice.text(contract.payments[key].name)
    if before == "results" and key in contract.results:
        return voice.text(contract.results[key].name)
    if before in PARTIES and key in contract.parties:
        return voice.text(contract.parties[key].name)
    if before in ("capital", "to") and key in contract.capital:
        return voice.text(contract.parties[contract.capital[key].party].name)
    if before == "limits" and key in contract.limits:
        if "all" in contract.limits[key].on:
            return voice.tr("ui.cap.all")
        terms = [contract.payments[term] for term in contract.limits[key].on if term in contract.payments]
        return (
            ", ".join(voice.text(term.name) for term in terms[:2])
            if len(terms) < len(contract.payments)
            else "—"
        )
    kind = voice.tr(f"ui.key.{key}") if voice.translator.has(f"ui.key.{key}") else ""
    if before == "costs" and key in world.costs:
        spender = voice.text(contract.parties[world.costs[key].by].name)
        return f"{kind} ({spender})" if kind else spender
    if before == "fees" and key in contract.fees:
        return kind or voice.text(contract.parties[_paid(key, voice)].name)
    return kind if before in ("segments", "price", "indices") else ""


def _paid(fee: str, voice: Voice) -> str:
    """Who gets a fee: whoever it names, or who bears the cost that it repays."""
    found = voice.scenario.contract.fees[fee]
    to = getattr(found, "to", None)
    if to is not None:
        return str(to)
    lines = [line for line in getattr(found, "of", ()) if line in voice.scenario.world.costs]
    return voice.scenario.world.costs[lines[0]].by if lines else voice.scenario.contract.account


# ── What a figure says ───────────────────────────────────────────────────────────────────────────────


def source_rows(voice: Voice) -> list[tuple[str, str, str, str]]:
    """Code, title, address and kind of every source of a deal, and of the usual codes that its figures carry."""
    scenario = voice.scenario
    rows: list[tuple[str, str, str, str]] = [
        (code, item.title, item.address or "—", item.tag) for code, item in scenario.sources.items()
    ]
    used = {code for row in figure_rows(voice) for code in row.codes} - set(scenario.sources)
    for code in sorted(used):
        tag = scenario.tag_of(code)
        rows.append((code, voice.tr(f"ui.sources.built_in.{tag}"), "—", tag))
    return rows


def unit_of(path: str, scenario: Scenario) -> str:
    """``money``, ``share`` or ``number``, told from where the figure stands."""
    keys = [key for key in path.split(".") if not key.isdigit()]
    last = keys[-1]
    if last not in MONEY | SHARES | BY_RESULT and len(keys) > 1 and keys[-2] in MONEY:
        last = keys[-2]  # a price by segment
    if last in MONEY:
        return "money"
    if last in BY_RESULT and "results" in keys:
        result = scenario.contract.results.get(keys[keys.index("results") + 1])
        return "share" if result is not None and result.kind in ("share", "repeated") else "number"
    if last in SHARES or SHARE_MAPS & set(keys[:-1]):
        return "share"
    if last == "at" and "payments" in keys:
        term = scenario.contract.payments.get(keys[keys.index("payments") + 1])
        relative = term is not None and (
            term.target is not None or term.quantity.startswith(("relative", "rate"))
        )
        return "share" if relative else "number"
    return "number"


def writer_of(path: str, voice: Voice) -> Callable[[float], str]:
    """How the values of a figure are written."""
    unit = unit_of(path, voice.scenario)
    if unit == "money":
        return voice.money
    if unit == "share" and path.rsplit(".", 1)[-1] == "effect":  # a difference of shares
        return lambda value: voice.tr("ui.points", value=voice.number(value * 100, None))
    if unit == "share":
        return lambda value: voice.percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1)
    return voice.number


def value_of(path: str, figure: Distribution, voice: Voice) -> str:
    """What a figure says: a number, or in words what is believed about it."""
    return _words(figure, writer_of(path, voice), voice)


def _words(figure: Distribution, write: Callable[[float], str], voice: Voice) -> str:
    if isinstance(figure, Fixed):
        return write(figure.value)
    if isinstance(figure, (Uniform, Triangular, Pert)):
        mode = getattr(figure, "mode", None)
        key = "ui.figure.between" if mode is None else "ui.figure.between_mode"
        return voice.tr(
            key, low=write(figure.low), high=write(figure.high), mode=write(mode) if mode is not None else ""
        )
    if isinstance(figure, (Normal, LogNormal, Beta)):
        return voice.tr("ui.figure.around", mean=write(figure.mean), sd=write(figure.sd))
    if isinstance(figure, BetaCounts):
        total = figure.successes + figure.failures
        return voice.tr(
            "ui.figure.counts", successes=voice.number(figure.successes), total=voice.number(total)
        )
    if isinstance(figure, Quantiles):
        return voice.tr(
            "ui.figure.quantiles", p10=write(figure.p10), p50=write(figure.p50), p90=write(figure.p90)
        )
    return _composed(figure, write, voice)


def _composed(figure: Distribution, write: Callable[[float], str], voice: Voice) -> str:
    if isinstance(figure, MayFail):
        return voice.tr(
            "ui.figure.may_fail", prob=voice.percent(figure.prob, 0), otherwise=write(figure.otherwise),
            works=_words(figure.works, write, voice),
        )  # fmt: skip
    if isinstance(figure, Discrete):
        return voice.tr("ui.figure.one_of", values=" / ".join(write(value) for value in figure.values[:12]))
    if isinstance(figure, Mixture):
        return voice.tr(
            "ui.figure.one_of", values=" / ".join(_words(part.is_, write, voice) for part in figure.of)
        )
    if isinstance(figure, Scaled):
        return voice.tr(
            "ui.figure.scaled", of=_words(figure.of, write, voice), factor=voice.percent(figure.factor, 0)
        )
    return write(figure.expectation())


# ── What a lever comes to ────────────────────────────────────────────────────────────────────────────


def lever_result(lever: Lever, voice: Voice, scenario: Scenario, base: Scenario) -> str:
    """What the figures of a lever come to: one value, a sum of capital, an example where there are several.

    Parameters
    ----------
    lever
        Which lever.
    voice
        How to write.
    scenario, base
        The deal as its levers stand, and as in its document.
    """
    figures = {p: f for part in ("contract", "world") for p, f in walk_figures(getattr(scenario, part), part)}
    found = [(path, figures[path].expectation()) for path in lever.paths if path in figures]
    units = {unit_of(path, scenario) for path, _ in found}
    if not found or len(units) > 1 or not all(math.isfinite(value) for _, value in found):
        return ""
    write = writer_of(found[0][0], voice)
    values = [value for _, value in found]
    if lever.id == "capital":
        return write(sum(values))
    low, high = write(min(values)), write(max(values))
    if low == high:
        return (
            f"{low} {voice.tr('ui.at_close')}"
            if lever.id == "ceilings" and _indexed(lever, scenario)
            else low
        )
    return _example(lever, found, voice, base) if lever.id in ("prices", "ceilings") else ""


def _indexed(lever: Lever, scenario: Scenario) -> bool:
    """Whether the caps of a lever grow with an index."""
    names = [path.split(".")[2] for path in lever.paths]
    return any(scenario.contract.limits[name].index is not None for name in names)


def _example(lever: Lever, found: list[tuple[str, float]], voice: Voice, base: Scenario) -> str:
    """One of several figures, before and after; nothing while they are as in the document."""
    before = {p: f.expectation() for p, f in walk_figures(base.contract, "contract")}
    path, value = next(((p, v) for p, v in found if v), found[0])
    if abs(value - before[path]) <= 1e-9 * abs(value):
        return ""
    keys = path.split(".")
    label = (
        voice.text(base.contract.payments[keys[2]].name) if lever.id == "prices" else label_of(path, voice)
    )
    write = writer_of(path, voice)
    return voice.tr("ui.lever.example", what=label, before=write(before[path]), after=write(value))


__all__ = [
    "FigureRow",
    "figure_rows",
    "label_of",
    "lever_result",
    "source_rows",
    "tag_of",
    "unit_of",
    "value_of",
    "writer_of",
]
