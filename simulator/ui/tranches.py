"""Tranches side by side: who loses first."""

from __future__ import annotations

import streamlit as st

from simulator.scenario.capital import Tranche
from simulator.ui import panels
from simulator.ui.panels import Table
from simulator.ui.state import Screen
from simulator.ui.summary import Summary
from simulator.ui.voice import plain

COLUMNS = ("tranche", "loss_probability", "net", "loss_given_loss", "moic")


def draw_tranches(now: Summary, screen: Screen) -> None:
    """Draw a table of tranches where there are several."""
    voice, contract = screen.voice, screen.base.contract
    names = [name for name, part in contract.capital.items() if isinstance(part, Tranche)]
    if len(names) < 2:
        return
    st.subheader(plain(voice.tr("ui.tranches")), anchor=False)
    rows, shown = [], []
    for name in names:
        found = {number: now.estimates[f"{name}.{number}"].mean for number in COLUMNS[1:]}
        party = voice.text(contract.parties[contract.capital[name].party].name)
        rows.append((name, *found.values()))
        shared = sum(contract.capital[other].party == contract.capital[name].party for other in names) > 1
        shown.append(
            (f"{party} ({name.replace('_', ' ')})" if shared else party, voice.chance(found["loss_probability"], now.trials),
             panels.write(found["net"], "money", voice), panels.write(found["loss_given_loss"], "money", voice),
             panels.write(found["moic"], "multiple", voice))
        )  # fmt: skip
    headings = tuple(voice.tr(f"ui.column.{column}") for column in COLUMNS)
    table = Table(columns=COLUMNS, headings=headings, rows=tuple(rows), shown=tuple(shown))
    st.table(table.for_people(), hide_index=True)


__all__ = ["draw_tranches"]
