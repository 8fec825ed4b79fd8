"""What every part of a scenario document shares: frozen models, names and texts in two languages."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

MAX_TEXT = 4_000


class Frozen(BaseModel):
    """A part of a scenario: immutable, without unknown fields, without NaN or infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, strict=False, use_attribute_docstrings=True
    )


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$", strict=True)]
"""An identifier inside a document: English or not, lower case, stable, never shown without its label."""


Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$", strict=True)]
"""Three letters, ISO 4217."""


def clean_text(text: str) -> str:
    """Normalise a text to NFC without control or direction-changing characters (line ends stay)."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c == "\n" or not _is_invisible(c))
    return "".join(kept).strip()


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}


def _to_texts(data: Any) -> Any:
    """Accept one text for both languages, or a mapping by language with Spanish, English or both."""
    if isinstance(data, str):
        data = {"es": data, "en": data}
    if not isinstance(data, dict) or not data or not set(data) <= {"es", "en"}:
        raise PydanticCustomError(
            "text", "a text, or a mapping with es and en", {"allowed": "text | {es, en}"}
        )
    if not all(isinstance(v, str) and len(v) <= MAX_TEXT for v in data.values()):
        raise PydanticCustomError("text", "texts only", {"allowed": f"text, at most {MAX_TEXT} characters"})
    cleaned = {language: clean_text(text) for language, text in data.items()}
    return {language: cleaned.get(language, next(iter(cleaned.values()))) for language in ("es", "en")}


Text = Annotated[dict[str, str], BeforeValidator(_to_texts)]
"""A text for people, by language (``es``, ``en``)."""
