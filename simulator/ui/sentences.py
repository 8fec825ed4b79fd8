"""Sentences computed from the numbers: what a chart says, for people who do not read charts. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.charts.series import YearMoney
from simulator.metrics.summary import Estimate
from simulator.scenario.contract import Limit, Result
from simulator.scenario.scenario import Scenario
from simulator.ui.summary import PUBLIC, WHOLE, PayerPart, Summary
from simulator.ui.voice import Voice

MATTERS = 0.02
"""Share of what is paid from which it is said that it comes back."""
MOST_CAPS = 4


def join(*sentences: str) -> str:
    """Put sentences side by side, each with a capital."""
    return " ".join(text[:1].upper() + text[1:] for text in sentences if text)


def payer_total(part: PayerPart, trials: int, voice: Voice) -> str:
    """What the payer pays, how often nothing, and what one future in ten exceeds."""
    paid, nothing = part.net, part.nothing
    return join(
        voice.tr("ui.say.payer.mean", mean=voice.money(paid.mean)),
        voice.tr("ui.say.payer.nothing", chance=voice.chance(nothing, trials)),
        voice.tr(
            "ui.say.payer.capped" if paid.p90 >= paid.high * (1 - 1e-9) else "ui.say.payer.high",
            high=voice.money(paid.p90),
            most=voice.money(paid.high),
        ),
    )


def comes_back(part: PayerPart, before: PayerPart, voice: Voice, *, is_moved: bool) -> str:
    """How much of what is paid comes back and when; with moved levers, that gross and net move differently."""
    if part.returned_share < MATTERS and before.returned_share < MATTERS:
        return ""
    when = max(part.returned_years, key=lambda item: item.mean, default=None)
    largest = part.gross.mean
    gross, returned, net = (
        voice.money_beside(item.mean, largest) for item in (part.gross, part.returned, part.net)
    )
    first = voice.tr(
        "ui.say.back", gross=gross, returned=returned, net=net, share=voice.percent(part.returned_share, 0),
        year=voice.fiscal_year(when.year) if when is not None else "",
    )  # fmt: skip
    if not is_moved or before.gross.mean <= 0 or before.net.mean <= 0:
        return first
    grown, kept = part.gross.mean / before.gross.mean - 1, part.net.mean / before.net.mean - 1
    if abs(grown - kept) < MATTERS:
        return first
    return join(first, voice.tr("ui.say.back.moved", gross=_signed(grown, voice), net=_signed(kept, voice)))


def _signed(share: float, voice: Voice) -> str:
    text = voice.percent(share)
    return f"+{text}" if share > 0 else text


def caps(scenario: Scenario, voice: Voice) -> str:
    """The caps in money, each with what it binds and in which money it is written."""
    lines = [
        _cap(limit, scenario, voice) for limit in scenario.contract.limits.values() if limit.money is not None
    ]
    if not lines:
        return ""
    more = voice.tr("ui.say.caps.more", count=len(lines) - MOST_CAPS) if len(lines) > MOST_CAPS else ""
    return join(voice.tr("ui.say.caps", caps="; ".join([*lines[:MOST_CAPS], *([more] if more else [])])))


def _cap(limit: Limit, scenario: Scenario, voice: Voice) -> str:
    contract, money = scenario.contract, limit.money
    amount = money.expectation() if money is not None else float("nan")
    terms = [name for name in limit.on if name in contract.payments]
    what = (
        ", ".join(f"“{voice.text(contract.payments[name].name)}”" for name in terms)
        if terms and len(terms) < len(contract.payments)
        else voice.tr("ui.cap.all")
    )
    if limit.payers:
        what = f"{what} ({', '.join(voice.text(contract.parties[name].name) for name in limit.payers)})"
    written = f"{limit.currency} {voice.number(amount)}" if limit.currency else voice.money(amount)
    per = "" if limit.per == "contract" else f" {voice.tr(f'ui.cap.per.{limit.per}')}"
    text = f"{what}: {written}{per}"
    if limit.index is None:
        return text
    key = f"ui.key.{limit.index}"
    index = voice.tr(key) if voice.translator.has(key) else limit.index.replace("_", " ")
    return voice.tr("ui.cap.indexed", cap=text, index=index)


def per_avoided(result: Result, voice: Voice) -> str:
    """Name of the cost of one unit less of something that should be rare."""
    if result.kind in ("share", "repeated"):
        return voice.say("metric.payer_cost_per_case_avoided")
    return voice.say("metric.payer_cost_per_unit_avoided", unit=voice.text(result.unit))


def payers(now: Summary, voice: Voice) -> str:
    """Which part the public bodies bear, and who bears most."""
    parts = {key: part for key, part in now.payers.items() if key not in (WHOLE, PUBLIC)}
    most = max(parts, key=lambda key: parts[key].net.mean)
    public = now.payers.get(PUBLIC)
    parties = voice.scenario.contract.parties
    if public is not None:
        first = voice.tr(
            "ui.say.payers.public", share=voice.percent(public.share), mean=voice.money(public.net.mean)
        )
    else:
        all_public = all(parties[key].public for key in parts)
        first = voice.tr("ui.say.payers.all_public" if all_public else "ui.say.payers.none_public")
    fails = bool(voice.scenario.world.appropriation_fails)
    return join(
        first,
        voice.tr(
            "ui.say.payers.most", name=voice.text(parties[most].name), share=voice.percent(parts[most].share)
        ),
        voice.tr("ui.say.payers.fails" if fails else "ui.say.payers.sums"),
    )


def reconciliation(part: PayerPart, voice: Voice) -> str:
    """Gross less returned is net."""
    if part.returned.high <= 0:
        return voice.tr("ui.say.net.same", mean=voice.money(part.net.mean))
    return voice.tr(
        "ui.say.net.less", gross=voice.money(part.gross.mean), returned=voice.money(part.returned.mean),
        net=voice.money(part.net.mean),
    )  # fmt: skip


def results(now: Summary, voice: Voice) -> str:
    """Which result takes most of the money."""
    most = max(now.results, key=lambda key: now.results[key].paid.mean)
    whole = sum(cost.paid.mean for cost in now.results.values())
    if whole <= 0:
        return voice.tr("ui.say.years.none")
    name = voice.text(voice.scenario.contract.results[most].name)
    share = now.results[most].paid.mean / whole
    return voice.tr("ui.say.results", count=len(now.results), name=name, share=voice.percent(share))


def tranches(names: Sequence[tuple[str, float]], voice: Voice, trials: int) -> str:
    """Who loses most often, and who least."""
    worst, best = max(names, key=lambda item: item[1]), min(names, key=lambda item: item[1])
    if worst[1] <= best[1]:
        return voice.tr("ui.say.tranches.same", chance=voice.chance(worst[1], trials))
    return voice.tr(
        "ui.say.tranches", worst=worst[0], often=voice.chance(worst[1], trials), best=best[0],
        seldom=voice.chance(best[1], trials),
    )  # fmt: skip


def payer_years(years: Sequence[YearMoney], voice: Voice) -> str:
    """The dearest year, and what covers nine futures in ten."""
    if not years or max(item.most for item in years) <= 0:
        return voice.tr("ui.say.years.none")
    dearest: YearMoney = max(years, key=lambda item: item.mean)
    return join(
        voice.tr(
            "ui.say.years.dearest", year=voice.fiscal_year(dearest.year), mean=voice.money(dearest.mean)
        ),
        voice.tr(
            "ui.say.years.enough" if dearest.p90 >= dearest.most * (1 - 1e-9) else "ui.say.years.cover",
            p90=voice.money(max(dearest.p90, 0.0)),
            most=voice.money(dearest.most),
        ),
    )


def investor_loss(now: Summary, voice: Voice) -> str:
    """How often the investor loses and how much, in both framings."""
    losing = now.mean("investors.loss_probability")
    first = voice.tr("ui.say.investor.loses", chance=voice.chance(losing, now.trials))
    if losing <= 0:
        return join(first)
    lost = now.estimates["investors.loss_given_loss"].mean
    other = voice.tr("ui.say.investor.not", chance=voice.chance(1 - losing, now.trials))
    return join(
        first, other if losing < 1 else "", voice.tr("ui.say.investor.how_much", loss=voice.money(lost))
    )


def tail(now: Summary, voice: Voice) -> str:
    """What the worst futures cost; where they all cost the same, that they do."""
    at_risk, beyond = now.mean("investors.value_at_risk_95"), now.mean("investors.shortfall_95")
    if beyond <= 0:
        return voice.tr("ui.say.tail.none")
    key = "ui.say.tail.same" if same(at_risk, beyond) else "ui.say.tail.more"
    return voice.tr(key, loss=voice.money(max(at_risk, 0.0)), mean=voice.money(beyond))


def same(one: float, other: float) -> bool:
    """Whether two amounts are the same to what is shown of them."""
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1.0)


def investor_cash(now: Summary, voice: Voice) -> str:
    """How much is out at the worst moment, and when it is back."""
    peak = now.estimates["investors.peak_capital"]
    back = now.estimates["investors.payback_years"]
    first = voice.tr(
        "ui.say.cash.peak", peak=voice.money(peak.mean), most=voice.money_beside(peak.high, peak.mean)
    )
    if not back.trials:
        return join(first, voice.tr("ui.say.cash.never"))
    return join(
        first, voice.tr("ui.say.cash.back", years=voice.number(back.p50, 1), share=_share(back, now, voice))
    )


def _share(found: Estimate, now: Summary, voice: Voice) -> str:
    return voice.chance(found.trials / now.trials, now.trials)


def investor_rate(now: Summary, voice: Voice) -> str:
    """The rate of return, and the futures that have none, by reason."""
    rate = now.estimates["investors.irr"]
    whole = rate.of_mean_flows
    known = whole is not None and whole == whole
    first = (
        voice.tr("ui.say.rate.whole", rate=voice.percent(whole))
        if known and whole is not None
        else voice.tr("ui.say.rate.no_whole")
    )
    middle = voice.tr("ui.say.rate.median", rate=voice.percent(rate.p50)) if rate.trials else ""
    lost = now.mean("investors.total_loss_probability")
    total = voice.tr("ui.say.rate.total_loss", chance=voice.chance(lost, now.trials)) if lost > 0 else ""
    reasons = [
        voice.tr(f"ui.say.rate.{reason}", chance=voice.chance(share, now.trials))
        for reason, share in rate.undefined.items()
        if share > 0 and voice.translator.has(f"ui.say.rate.{reason}")
    ]
    return join(first, middle, total, *reasons)


def provider_cash(now: Summary, voice: Voice) -> str:
    """How often the provider runs out of cash, when, and how deep; whose cash it is, where there are several."""
    broke = now.mean("provider.out_of_cash_probability")
    low = now.shortfall
    lines = [voice.tr("ui.say.provider.broke", chance=voice.chance(broke, now.trials))]
    if broke > 0:
        lines += [
            voice.tr("ui.say.provider.at_once")
            if now.short_from.p50 < 0.05
            else voice.tr("ui.say.provider.when", years=voice.number(now.short_from.p50, 1),
                     moment=voice.calendar_year(now.short_from.p50)),
            voice.tr("ui.say.provider.deep", low=voice.money(low.mean), worst=voice.money_beside(low.high, low.mean)),
        ]  # fmt: skip
    return join(*lines, together(voice))


def together(voice: Voice) -> str:
    """That the providers are shown as one, where there are several."""
    names = [voice.text(p.name) for p in voice.scenario.contract.parties.values() if p.role == "provider"]
    return voice.tr("ui.say.provider.together", names=", ".join(names)) if len(names) > 1 else ""


def provider_is_even(now: Summary) -> bool:
    """Whether nothing is ever left to the providers, and nothing missing: there is nothing to draw."""
    margin = now.estimates["provider.margin"]
    return abs(margin.high) + abs(margin.low) < 1 and now.mean("provider.out_of_cash_probability") <= 0


def provider_margin(now: Summary, voice: Voice) -> str:
    """What is left to the provider, and how often it is less than nothing."""
    margin = now.estimates["provider.margin"]
    if abs(margin.high) + abs(margin.low) < 1:
        return join(voice.tr("ui.say.provider.even"))
    if is_noise(margin):
        first = _noise("ui.say.provider.noise", margin, voice)
    else:
        key = "ui.say.provider.left" if margin.mean >= 0 else "ui.say.provider.short"
        first = voice.tr(key, mean=voice.money(abs(margin.mean)))
    if same(margin.p10, margin.p90):
        return join(first, voice.tr("ui.say.provider.mostly", value=voice.money(margin.p50)))
    ends = {"low": voice.money(margin.p10), "high": voice.money(margin.p90)}
    return join(first, voice.tr("ui.say.provider.range", **ends))


def is_noise(found: Estimate) -> bool:
    """Whether a mean cannot be told from zero with so many futures."""
    return 0 < abs(found.mean) <= 1.96 * found.se


def _noise(key: str, found: Estimate, voice: Voice) -> str:
    largest = max(abs(found.mean), 1.96 * found.se)
    return voice.tr(
        key, mean=voice.money_beside(found.mean, largest), error=voice.money_beside(1.96 * found.se, largest)
    )


def money_map(now: Summary, voice: Voice) -> str:
    """Who puts money in, and what it buys."""
    put = sum(move.amount for move in now.moves if move.target == "account" and move.source == "in.payer")
    lent = sum(move.amount for move in now.moves if move.target == "account" and move.source == "in.investor")
    spent = sum(move.amount for move in now.moves if move.target == "outside")
    lines = [voice.tr("ui.say.map.work", spent=voice.money(spent))]
    if lent > 0:
        lines.append(voice.tr("ui.say.map.lent", lent=voice.money(lent)))
    back = sum(move.amount for move in now.moves if move.target == "out.payer")
    key = "ui.say.map.paid_back" if back > 0 else "ui.say.map.paid"
    lines.append(voice.tr(key, paid=voice.money(put), back=voice.money(back)))
    return join(*lines)


def bad_share(name: str, now: Summary) -> float:
    """Share of futures in which the parties of a role meet what they fear; for a payer, in which nothing is paid."""
    keys = {
        "payer": "payer.nothing_paid_probability",
        "investor": "investors.loss_probability",
        "provider": "provider.out_of_cash_probability",
    }
    return now.mean(keys[name]) if name in keys else now.behind[name]


def role(name: str, now: Summary, voice: Voice) -> str:
    """What the parties of a role have to expect; nothing for those that only pass money on."""
    total = now.roles[name]
    chance = voice.chance(bad_share(name, now), now.trials)
    if name == "payer":
        return voice.tr("ui.say.role.payer", mean=voice.money(now.mean("payer.payments")), chance=chance)
    if name == "investor" and is_noise(total):
        return voice.tr("ui.say.role.noise", chance=chance)
    if name == "investor":
        key = "ui.say.role.gains" if total.mean >= 0 else "ui.say.role.loses"
        return voice.tr(key, mean=voice.money(abs(total.mean)), chance=chance)
    if name in ("guarantor", "grantor"):
        return voice.tr(f"ui.say.role.{name}", mean=voice.money(-total.mean), chance=chance)
    if name == "provider":
        margin = now.mean("provider.margin")
        if abs(margin) < 1:
            return voice.tr("ui.say.role.provider_even", chance=chance)
        if is_noise(now.estimates["provider.margin"]):
            return voice.tr("ui.say.role.provider_noise", chance=chance)
        key = "ui.say.role.provider_short" if margin < 0 else "ui.say.role.provider_left"
        return voice.tr(key, mean=voice.money(abs(margin)), chance=chance)
    return ""


__all__ = [
    "bad_share",
    "caps",
    "comes_back",
    "investor_cash",
    "investor_loss",
    "investor_rate",
    "is_noise",
    "join",
    "money_map",
    "payer_total",
    "payer_years",
    "payers",
    "per_avoided",
    "provider_cash",
    "provider_is_even",
    "provider_margin",
    "reconciliation",
    "results",
    "role",
    "same",
    "tail",
    "together",
    "tranches",
]
