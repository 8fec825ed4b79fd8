"""Every part and every field of a document says what it means, in Spanish and in English."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from scripts.check_docs import field_problems
from simulator.i18n import fields
from simulator.i18n.fields import catalogue_problems, field_text, keys, model_text, models, written_fields
from simulator.i18n.words import LANGUAGES
from simulator.scenario.contract import Term


def test_schema_and_texts_speak_of_the_same_fields() -> None:
    assert field_problems() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_and_field_has_a_text(language: str) -> None:
    for name, model in models().items():
        assert model_text(language, name).endswith("."), name
        for field in written_fields(model):
            assert field_text(language, model, field), f"{name}.{field}"


def test_texts_are_sentences_without_marks_of_python() -> None:
    for language in LANGUAGES:
        for name, model in models().items():
            texts = [model_text(language, name)]
            texts += [field_text(language, model, field) for field in written_fields(model)]
            assert not [text for text in texts if "``" in text or ":class:" in text or "  " in text]


def test_fields_have_the_name_that_a_document_gives_them() -> None:
    assert field_text("en", "Scenario", "schema").startswith("Version")
    assert field_text("es", "Component", "is").startswith("El valor")
    assert "kind" not in written_fields(models()["PerUnit"])
    assert "kind" in written_fields(models()["Result"])


def test_an_inherited_field_has_the_text_of_whoever_declares_it() -> None:
    assert field_text("es", "Belief", "level") == field_text("es", "Level", "level")
    assert field_text("en", "Pert", "sources") == field_text("en", "Beta", "sources")


def test_a_model_may_be_given_itself() -> None:
    assert field_text("es", Term, "paid") == field_text("es", "Term", "paid")


def test_what_does_not_exist_is_said() -> None:
    with pytest.raises(KeyError, match="NoSuchModel"):
        model_text("es", "NoSuchModel")
    with pytest.raises(KeyError, match=r"field\.Term\.no_such_field"):
        field_text("en", "Term", "no_such_field")
    with pytest.raises(ValueError, match="language must be one of"):
        field_text("fr", "Term", "on")


# ── The check can say no ─────────────────────────────────────────────────────────────────────────────


def test_missing_and_obsolete_texts_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {key: "texto" for key, _ in keys()}
    del there["field.Term.on"]
    there |= {"field.Term.gone": "texto", "model.Term": " "}
    monkeypatch.setattr(fields, "_spanish", lambda: there)
    monkeypatch.setattr(fields, "ENGLISH", MappingProxyType({**fields.ENGLISH, "field.Term.gone": "text"}))
    assert catalogue_problems() == [
        "fields.es: field.Term.on: missing",
        "fields.es: field.Term.gone: nothing of this name in the schema",
        "fields.es: model.Term: is empty",
        "fields.en: field.Term.gone: nothing of this name in the schema",
    ]


def test_a_field_without_docstring_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {key: text for key, text in fields.ENGLISH.items() if key != "field.Pert.low"}
    monkeypatch.setattr(fields, "ENGLISH", MappingProxyType(rest))
    if models()["Pert"].model_fields["low"].description is None:
        assert catalogue_problems() == ["fields.en: field.Pert.low: has no docstring"]
        with pytest.raises(KeyError, match=r"field\.Pert\.low"):
            field_text("en", "Pert", "low")
