"""What one visitor has on the screen. The link is the truth; widgets are views of it. Nobody else writes here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import streamlit as st

from simulator.i18n import LOCALES
from simulator.library import DEFAULT
from simulator.metrics.provision import DEFAULT_RULE, RULES
from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.files import loads
from simulator.scenario.issues import Issue
from simulator.scenario.levers import Lever, apply_levers, levers
from simulator.scenario.scenario import Scenario
from simulator.ui import cache
from simulator.ui.link import LOGICS, OWN, RATES, TRIALS, VIEWS, Link, parse_seed, read_link
from simulator.ui.voice import Voice

_LINK, _WRITTEN, _NOTICES, _TOUCHED = "link", "link_written", "link_notices", "link_touched"
_OWN, _WRONG = "own_deal", "own_deal_issues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything a page reads."""

    link: Link
    base: Scenario
    """The deal as in its document."""
    scenario: Scenario
    """The deal as its levers stand."""
    voice: Voice

    @property
    def is_moved(self) -> bool:
        """Whether any lever is moved."""
        return bool(self.link.positions)


def start() -> Link:
    """Take the link from the address when the session begins, or when the visitor goes back to an older address.

    While a widget is being moved, the address in the browser may be one step behind: then it is not believed.
    """
    params = st.query_params.to_dict()
    state = st.session_state
    went_back = params and params != state.get(_WRITTEN) and not state.pop(_TOUCHED, False)
    if _LINK not in state or went_back:
        found = deals()
        default = DEFAULT if DEFAULT in found else next(iter(found), "")
        link, notices = read_link(
            params,
            deals=tuple(found),
            default=default,
            levers_of=lambda name: levers(found[name]) if found else (),
            payers_of=lambda name: tuple(found[name].contract.payers) if found else (),
        )
        state[_LINK], state[_NOTICES] = link, notices
    state[_TOUCHED] = False
    link = current()
    state[_WRITTEN] = link.params()
    if params != state[_WRITTEN]:
        st.query_params.from_dict(state[_WRITTEN])
    return link


def deals() -> dict[str, Scenario]:
    """The shipped deals, and the visitor's own if one was opened."""
    own: Scenario | None = st.session_state.get(_OWN)
    return cache.deals() | ({OWN: own} if own is not None else {})


def take_wrong() -> tuple[Issue, ...]:
    """What is wrong with the file that was opened last."""
    issues: tuple[Issue, ...] = st.session_state.get(_WRONG, ())
    return issues


def forget_wrong() -> None:
    """Close the panel about the file that could not be opened."""
    st.session_state[_WRONG] = ()


def current() -> Link:
    """The link as it stands."""
    link: Link = st.session_state[_LINK]
    return link


def _put(link: Link) -> None:
    """Change what is on the screen because the visitor asked for it."""
    st.session_state[_LINK] = link
    st.session_state[_TOUCHED] = True


def take_notices() -> tuple[str, ...]:
    """Notices about the link, once."""
    notices: tuple[str, ...] = st.session_state.get(_NOTICES, ())
    st.session_state[_NOTICES] = ()
    return notices


def screen() -> Screen:
    """Put together what pages read."""
    link = current()
    base = deals()[link.deal]
    voice = Voice.of(link.lang, base, numbers=link.numbers)
    return Screen(link=link, base=base, scenario=apply_levers(base, link.positions), voice=voice)


def show(key: str, value: object) -> str:
    """Let a widget show a value of the link; returns the widget's key."""
    st.session_state[key] = value
    return key


# ── What widgets do when they are moved ──────────────────────────────────────────────────────────────


def choose_deal() -> None:
    """Open another deal with its levers at rest."""
    if (deal := st.session_state["in_deal"]) in deals():
        _open(deal)


def choose_group() -> None:
    """Open the first deal of another group of the list."""
    first = cache.groups()[found][0] if (found := st.session_state["in_group"]) in cache.groups() else OWN
    if first in deals():
        _open(DEFAULT if found == "real" and DEFAULT in cache.deals() else first)


def choose_file() -> None:
    """Open the visitor's own deal, or keep what is wrong with it; it stays in this session only."""
    st.session_state[_WRONG] = ()
    if (file := st.session_state["in_file"]) is None:
        return
    try:
        st.session_state[_OWN] = loads(file.getvalue())
    except (ScenarioError, ScenarioFileError) as error:
        st.session_state[_WRONG] = error.issues
    else:
        _open(OWN)


def _open(deal: str) -> None:
    st.session_state[_WRONG] = ()
    _put(replace(current(), deal=deal, payer="", positions=MappingProxyType({})))


def choose_numbers() -> None:
    """Write figures another way."""
    if (numbers := st.session_state["in_numbers"]) in ("", *LOCALES):
        _put(replace(current(), numbers=numbers))


def choose_payer() -> None:
    """Look at one payer, or at all together."""
    if (payer := st.session_state["in_payer"]) in ("", *deals()[current().deal].contract.payers):
        _put(replace(current(), payer=payer))


def choose_rule() -> None:
    """Provide under another rule."""
    if (rule := st.session_state["in_rule"]) in RULES:
        _put(replace(current(), rule="" if rule == DEFAULT_RULE else rule))


def choose_money() -> None:
    """Count in nominal money, or in money of close."""
    if (money := st.session_state["in_money"]) in ("", "constant"):
        _put(replace(current(), money=money))


def choose_logic() -> None:
    """Count another kind of gain."""
    if (logic := st.session_state["in_logic"]) in LOGICS:
        _put(replace(current(), logic=logic))


def choose_discount() -> None:
    """Discount at another rate."""
    if (rate := st.session_state["in_discount"]) in RATES:
        _put(replace(current(), discount=rate))


def choose_language() -> None:
    """Speak the other language; nothing else changes."""
    if (lang := st.session_state["in_lang"]) in ("es", "en"):
        _put(replace(current(), lang=lang))


def choose_view() -> None:
    """Turn the page."""
    if (view := st.session_state["in_view"]) in VIEWS:
        _put(replace(current(), view=view))


def choose_trials() -> None:
    """Simulate more or fewer futures."""
    if (trials := st.session_state["in_trials"]) in TRIALS:
        _put(replace(current(), trials=trials))


def choose_seed() -> None:
    """Take other luck; what is not a whole number leaves it as it was."""
    seed = parse_seed(str(st.session_state["in_seed"]).strip())
    if seed is None:
        st.session_state[_NOTICES] = ("ui.link.seed_typed",)
    else:
        _put(replace(current(), seed=seed))


def move_lever(lever: Lever) -> None:
    """Put a lever where its slider is; sliders speak in percent."""
    found = st.session_state[f"in_lever_{lever.id}"]
    _put(current().move(lever, round(float(found) / 100, 12)))


def reset_levers() -> None:
    """Put all levers back."""
    _put(replace(current(), positions=MappingProxyType({})))


__all__ = [
    "Screen", "choose_deal", "choose_discount", "choose_file", "choose_group", "choose_language",
    "choose_logic", "choose_money", "choose_numbers", "choose_payer", "choose_rule", "choose_seed",
    "choose_trials", "choose_view", "current", "deals", "forget_wrong", "move_lever", "reset_levers", "screen", "show",
    "start", "take_notices", "take_wrong",
]  # fmt: skip
