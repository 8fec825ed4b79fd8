"""The button that copies the address: everything on the screen is in it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import streamlit as st

from simulator.i18n import LANGUAGES, translator_for
from simulator.ui.link import OWN
from simulator.ui.state import Screen
from simulator.ui.voice import plain

# A constant text for each language, made of our own words: nothing a visitor writes ever gets into it. Where the
# clipboard is closed (a page without https) the old way is taken.
_BUTTON: Final = """
<button type="button" id="copy-link" data-done="{done}" title="{help}"><span>{label}</span></button>
<script>
(() => {{
  const button = document.getElementById("copy-link");
  if (!button || button.dataset.ready) return;
  button.dataset.ready = "yes";
  button.addEventListener("click", async () => {{
    const address = window.location.href;
    try {{
      await navigator.clipboard.writeText(address);
    }} catch (refused) {{
      const field = document.createElement("textarea");
      field.value = address;
      document.body.appendChild(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }}
    const words = button.firstElementChild, before = words.textContent;
    words.textContent = button.dataset.done;
    setTimeout(() => {{ words.textContent = before; }}, 2000);
  }});
}})();
</script>
"""


def _button(lang: str) -> str:
    tr = translator_for(lang).tr
    return _BUTTON.format(label=tr("ui.share"), done=tr("ui.share.done"), help=tr("ui.share.help"))


def draw(screen: Screen) -> None:
    """Draw the button, or say that one's own file does not travel in a link."""
    if screen.link.deal == OWN:
        st.caption(plain(screen.voice.tr("ui.share.own")), width="content")
        return
    lang = screen.link.lang if screen.link.lang in LANGUAGES else "es"
    st.html(_CODE[lang], width="content", unsafe_allow_javascript=True)


_CODE: Final = MappingProxyType({lang: _button(lang) for lang in LANGUAGES})

__all__ = ["draw"]
