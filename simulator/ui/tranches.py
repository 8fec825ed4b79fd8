"""Tranches side by side: who loses first."""

from __future__ import annotations

from simulator.scenario.capital import Tranche
from simulator.ui import panels, sentences
from simulator.ui.panels import Table
from simulator.ui.state import Screen
from simulator.ui.summary import Summary

COLUMNS = ("tranche", "loss_probability", "net", "loss_given_loss", "moic")


def draw_tranches(now: Summary, screen: Screen) -> None:
    """Draw a table of tranches where there are several."""
    voice, contract = screen.voice, screen.base.contract
    names = [name for name, part in contract.capital.items() if isinstance(part, Tranche)]
    if len(names) < 2:
        return
    rows, shown = [], []
    often: list[tuple[str, float]] = []
    for name in names:
        found = {number: now.estimates[f"{name}.{number}"].mean for number in COLUMNS[1:]}
        own = contract.capital[name].name
        party = voice.text(contract.parties[contract.capital[name].party].name)
        rows.append((name, *found.values()))
        shared = sum(contract.capital[other].party == contract.capital[name].party for other in names) > 1
        label = f"{party} ({name.replace('_', ' ')})" if shared else party
        label = label if own is None else voice.text(own)
        often.append((label, found["loss_probability"]))
        shown.append(
            (label, voice.chance(found["loss_probability"], now.trials),
             panels.write(found["net"], "money", voice), panels.write(found["loss_given_loss"], "money", voice),
             panels.write(found["moic"], "multiple", voice))
        )  # fmt: skip
    headings = tuple(voice.tr(f"ui.column.{column}") for column in COLUMNS)
    table = Table(columns=COLUMNS, headings=headings, rows=tuple(rows), shown=tuple(shown))
    said = sentences.tranches(often, voice, now.trials)
    panels.listing("tranches", said, table, screen, title=voice.tr("ui.tranches"))


__all__ = ["draw_tranches"]
