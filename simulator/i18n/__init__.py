"""Languages, countries and the way figures are written.

Three things are kept apart: the *language* of the texts (``catalogues/``), the *country*
whose words they use (``terms.py``) and the *number locale* (``locales.py``). Everything
here is immutable and serves any number of sessions at once.
"""

from simulator.i18n.catalogue import Message, messages
from simulator.i18n.formats import NBSP, UNDEFINED, Formats
from simulator.i18n.locales import COUNTRY_LOCALES, LOCALES, locale_for_country
from simulator.i18n.parsing import NumberIssue, ParsedNumber, parse_number
from simulator.i18n.translator import MissingTextError, Translator, translator_for
from simulator.i18n.words import LANGUAGES

__all__ = [
    "COUNTRY_LOCALES",
    "LANGUAGES",
    "LOCALES",
    "NBSP",
    "UNDEFINED",
    "Formats",
    "Message",
    "MissingTextError",
    "NumberIssue",
    "ParsedNumber",
    "Translator",
    "locale_for_country",
    "messages",
    "parse_number",
    "translator_for",
]
