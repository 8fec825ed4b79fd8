"""The link in the address bar: everything that is on the screen, as a few words anybody may send on.

Links come from outside, so nothing in them is believed: what cannot be read takes its default, and a
notice (a key of the catalogues) says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from simulator.i18n import LANGUAGES, LOCALES
from simulator.metrics.provision import RULES
from simulator.scenario.levers import Lever
from simulator.scenario.scenario import MOST_SEED

VIEWS: Final = ("deal", "payer", "budget", "value", "investor", "provider", "evidence")
TRIALS: Final = (1_000, 10_000, 50_000)
DEFAULT_SEED: Final = 20_260
DEFAULT_TRIALS: Final = 10_000
FIXED: Final = ("deal", "lang", "view", "seed", "trials")
OPTIONAL: Final = ("numbers", "payer", "rule", "money", "logic", "discount")
"""Parts of the link that are written only if somebody chose them."""
LOGICS: Final = ("", "budget", "social")
"""Whose gain counts; cash alone if nobody chose."""
RATES: Final = ("", "low", "high")
"""Rates of discount; the deal's own if nobody chose."""
OWN: Final = "own"
"""Name of the visitor's own deal, which no link can carry."""
_NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,17})?")
_SEED: Final = re.compile(r"[0-9]{1,10}")
_IGNORED: Final = re.compile(r"utm_\w+|fbclid|gclid|embed|embed_options")
_MANY: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is on the screen."""

    deal: str
    lang: str = "es"
    view: str = "deal"
    seed: int = DEFAULT_SEED
    trials: int = DEFAULT_TRIALS
    numbers: str = ""
    """Number locale; the language and the deal's country decide if nobody chose."""
    payer: str = ""
    """The payer whose page it is; all of them together if none is named."""
    rule: str = ""
    """The rule by which the budget provides; the usual one if nobody chose."""
    money: str = ""
    """``constant`` if the budget is to be counted in money of close."""
    logic: str = ""
    """Whose gain counts in public value; cash alone if nobody chose."""
    discount: str = ""
    """At which rate public value is discounted; the deal's own if nobody chose."""
    positions: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Moved levers only."""

    def move(self, lever: Lever, position: float) -> Link:
        """Put one lever somewhere; at neutral it is no longer part of the link."""
        held = min(max(position, lever.low), lever.high)
        others = {name: value for name, value in self.positions.items() if name != lever.id}
        moved = {} if abs(held - lever.neutral) < 1e-12 else {lever.id: held}
        return replace(self, positions=MappingProxyType(others | moved))

    def params(self) -> dict[str, str]:
        """Write as parameters of an address."""
        fixed = {name: str(getattr(self, name)) for name in FIXED}
        fixed |= {name: str(getattr(self, name)) for name in OPTIONAL if getattr(self, name)}
        return fixed | {
            name: np.format_float_positional(value, trim="-")
            for name, value in sorted(self.positions.items())
        }


def read_link(
    params: Mapping[str, str],
    *,
    deals: Sequence[str],
    default: str,
    levers_of: Callable[[str], tuple[Lever, ...]],
    payers_of: Callable[[str], Sequence[str]] = lambda _: (),
) -> tuple[Link, tuple[str, ...]]:
    """Read a link that may be wrong or hostile.

    Parameters
    ----------
    params
        Parameters of the address.
    deals, default
        Deals there are, and the one to open when the link names none.
    levers_of, payers_of
        The levers of a deal, and its payers.

    Returns
    -------
    The link, every part of it valid; and keys of notices about what was not understood.
    """
    notices: list[str] = []

    def choice(name: str, allowed: Sequence[str], otherwise: str) -> str:
        found = params.get(name, otherwise)
        if found in allowed:
            return found
        notices.append("ui.link.own" if name == "deal" and found == OWN else f"ui.link.{name}")
        return otherwise

    deal = choice("deal", deals, default)
    link = Link(
        deal=deal,
        lang=choice("lang", LANGUAGES, "es"),
        view=choice("view", VIEWS, "deal"),
        trials=int(choice("trials", [str(count) for count in TRIALS], str(DEFAULT_TRIALS))),
        seed=_seed(params.get("seed"), notices),
        numbers=choice("numbers", ("", *LOCALES), ""),
        payer=choice("payer", ("", *payers_of(deal)), ""),
        rule=choice("rule", ("", *RULES), ""),
        money=choice("money", ("", "constant"), ""),
        logic=choice("logic", LOGICS, ""),
        discount=choice("discount", RATES, ""),
    )
    positions, complaints = _positions(params, {lever.id: lever for lever in levers_of(deal)})
    for lever, position in positions:
        link = link.move(lever, position)
    return link, tuple(dict.fromkeys([*notices, *complaints]))


def _seed(text: str | None, notices: list[str]) -> int:
    if text is None:
        return DEFAULT_SEED
    seed = parse_seed(text)
    if seed is None:
        notices.append("ui.link.seed")
        return DEFAULT_SEED
    return seed


def parse_seed(text: str) -> int | None:
    """Read a seed somebody wrote: a whole number from 0; nothing if it is not one."""
    return int(text) if _SEED.fullmatch(text) and int(text) <= MOST_SEED else None


def _positions(
    params: Mapping[str, str], known: Mapping[str, Lever]
) -> tuple[list[tuple[Lever, float]], list[str]]:
    """Read the positions of levers."""
    found, complaints = [], []
    for name, text in list(params.items())[:_MANY]:
        if name in (*FIXED, *OPTIONAL) or _IGNORED.fullmatch(name):
            continue
        lever = known.get(name)
        if lever is None:
            complaints.append("ui.link.unknown")
        elif not _NUMBER.fullmatch(text) or not lever.low <= float(text) <= lever.high:
            complaints.append("ui.link.lever")
        else:
            found.append((lever, float(text)))
    return found, complaints + (["ui.link.unknown"] if len(params) > _MANY else [])


__all__ = [
    "DEFAULT_SEED",
    "FIXED",
    "LOGICS",
    "MOST_SEED",
    "OPTIONAL",
    "OWN",
    "RATES",
    "TRIALS",
    "VIEWS",
    "Link",
    "parse_seed",
    "read_link",
]
