"""The frame around every page: start, controls, title, the page itself, and what is said when something fails."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

import streamlit as st

from simulator.i18n import translator_for
from simulator.ui import cache, share, sidebar, state, style, upload
from simulator.ui.link import VIEWS
from simulator.ui.pages import budget, deal, evidence, investor, payer, provider, value
from simulator.ui.state import Screen, show
from simulator.ui.voice import plain

PAGES: Final = MappingProxyType(
    {"deal": deal.draw, "payer": payer.draw, "budget": budget.draw, "value": value.draw, "investor": investor.draw,
     "provider": provider.draw,
     "evidence": evidence.draw}
)  # fmt: skip
ICONS: Final = MappingProxyType(
    {"deal": ":material/handshake:", "payer": ":material/account_balance:",
     "budget": ":material/calendar_month:", "value": ":material/balance:", "investor": ":material/savings:",
     "provider": ":material/groups:", "evidence": ":material/fact_check:"}
)  # fmt: skip
# Constant scripts: nothing a visitor writes ever gets into them.
_LANG_SCRIPT: Final = MappingProxyType(
    {lang: f"<script>document.documentElement.lang='{lang}'</script>" for lang in ("es", "en")}
)
_LOG = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def freeze() -> bool:
    """Spare the start-up objects the full garbage collection after every run, once per process."""
    gc.collect()
    gc.freeze()
    return True


def run() -> None:
    """Draw the app."""
    freeze()
    st.set_page_config(
        page_title=translator_for("es").tr("app.title"), page_icon="⚖️", layout="wide",
        initial_sidebar_state="auto",
    )  # fmt: skip
    if not cache.deals():
        st.error(translator_for("es").tr("ui.no_deals") + "  \n" + translator_for("en").tr("ui.no_deals"))
        return
    link = state.start()
    guarded(_screen, link.lang)
    st.html(_LANG_SCRIPT[link.lang], unsafe_allow_javascript=True)


def guarded(draw: Callable[[], None], lang: str) -> None:
    """Draw something; what fails goes to the log, and the visitor reads a sentence."""
    try:
        draw()
    except Exception:
        _LOG.exception("page failed")
        st.error(translator_for(lang).tr("ui.failed"), icon=":material/error:")


def _screen() -> None:
    screen = state.screen()
    voice = screen.voice
    style.draw(screen.link.lang)
    sidebar.draw(screen)
    with st.container(horizontal=True, vertical_alignment="center", key="title"):
        st.title(plain(voice.text(screen.base.title)), anchor=False)
        share.draw(screen)
    for key in state.take_notices():
        st.warning(plain(voice.tr(key)), icon=":material/link_off:")
    upload.draw(screen)
    st.segmented_control(
        voice.tr("ui.views"), list(VIEWS), format_func=lambda view: f"{ICONS[view]} {voice.tr(f'ui.view.{view}')}",
        required=True, key=show("in_view", screen.link.view), on_change=state.choose_view,
        label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key=f"page_{screen.link.view}"):
        guarded(lambda: _page(screen), screen.link.lang)


def _page(screen: Screen) -> None:
    PAGES[screen.link.view](screen)


__all__ = ["run"]
