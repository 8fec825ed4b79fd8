"""The results a page shows: of the deal as it stands, and of the unmoved one beside it."""

from __future__ import annotations

import streamlit as st

from simulator.ui import cache
from simulator.ui.state import Screen
from simulator.ui.summary import Summary


def results_of(screen: Screen) -> tuple[Summary, Summary]:
    """Simulate, or fetch: the deal as its levers stand, and the deal as in its document, with the same luck."""
    link = screen.link
    with st.spinner(screen.voice.tr("ui.working")):
        base = cache.summary(screen.base, screen.base, trials=link.trials, seed=link.seed)
        if not screen.is_moved:
            return base, base
        return cache.summary(screen.scenario, screen.base, trials=link.trials, seed=link.seed), base
