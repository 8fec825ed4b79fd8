"""What the theme cannot say: less empty room at the top, so that a projector shows the numbers and a chart at once."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import streamlit as st

_STYLE: Final = """
<style>
[data-testid="stMainBlockContainer"] { padding: 0.9rem 2rem 2rem; max-width: 100rem; }
[data-testid="stHeader"] { background: transparent; height: 2.4rem; min-height: 0; pointer-events: none; }
[data-testid="stHeader"] button { pointer-events: auto; }
[data-testid="stSidebarHeader"] { height: 1.6rem; margin: 0; padding: 0.4rem 1rem 0; }
[data-testid="stSidebarUserContent"] { padding: 0 0 2rem; }
[data-testid="stSidebar"] [data-testid="stVerticalBlock"] { gap: 0.5rem; }
[data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: 0.6rem; }
[data-testid="stSidebar"] [data-testid="stSlider"] { margin-bottom: -0.9rem; }
[data-testid="stSidebar"] [data-testid^="stSliderTickBar"] { display: none; }
[data-testid="stSidebar"] [data-testid="stSelectbox"] input, [data-testid="stSidebar"] [data-testid="stSelectbox"] button,
[data-testid="stSidebar"] [data-baseweb="select"] > div { font-size: 0.8rem; text-overflow: ellipsis; }
[data-testid="stMain"] h1, [data-testid="stMain"] h2 { padding: 0.1rem 0 0.3rem; }
[data-testid="stMain"] h3 { padding: 0.4rem 0 0.5rem; }
[data-testid="stMain"] [data-testid="stHeading"] { margin-bottom: 0; }
[data-testid="stMain"] td > div { max-width: none !important; width: auto !important; }
[data-testid="stMain"] td, [data-testid="stMain"] th { padding: 0.3rem 0.6rem; }
[class*="st-key-headline_"] { padding: 0.55rem 0.8rem; }
[class*="st-key-headline_"] h2 { line-height: 1.15; font-size: 1.4rem; padding-bottom: 0.4rem; }
[class*="st-key-headline_"] [data-testid="stCaptionContainer"] p { font-size: 0.85rem; line-height: 1.35; }
[data-testid="stMain"] table { width: 100%; }
.st-key-in_view button { padding-left: 0.5rem; padding-right: 0.6rem; }
.st-key-title { flex-wrap: nowrap !important; }
.st-key-title > div:first-child { flex: 1 1 auto !important; min-width: 0 !important; width: auto !important; }
.st-key-title > div:last-child { flex: 0 0 auto !important; }
#copy-link { font: inherit; font-size: 0.875rem; padding: 0.25rem 0.75rem; border-radius: 0.4rem; cursor: pointer;
  border: 1px solid #7D8988; background: transparent; color: inherit; white-space: nowrap; }
#copy-link:hover, #copy-link:focus-visible { border-color: #22606B; outline: 2px solid #22606B; outline-offset: 1px; }
@media (max-width: 48rem) {
  [data-testid="stMainBlockContainer"] { padding: 2.75rem 1rem 2rem; }
  .st-key-title { flex-wrap: wrap !important; }
}
</style>
"""
# The uploader's own words are English whatever the language; these stand in their place.
_UPLOADER: Final = """
<style>
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "%s"; font-size: 0.875rem; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
</style>
"""
_WORDS: Final = MappingProxyType({"es": "Elegir archivo", "en": "Choose a file"})


def draw(lang: str) -> None:
    """Send the style; it takes no room of its own."""
    st.html(_STYLE + _UPLOADER % _WORDS.get(lang, _WORDS["es"]))


__all__ = ["draw"]
