"""Write the generated pages of ``docs/``: the reference of the scenario document, in both languages.

``python -m scripts.build_docs`` writes them; ``python -m scripts.check_docs`` says whether they are up to date.
What is said comes from the schema (fields, types, ranges, defaults, docstrings), from the Spanish catalogue of fields
and from the examples; only what frames it is written here.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from scripts.reference_examples import SMALL_DEAL, Part, parts
from simulator.i18n.fields import field_text, model_text, models, written_fields
from simulator.scenario import base, figures
from simulator.scenario.distributions import Distribution, Number, Positive

__all__ = ["LANGUAGES", "examples_missing", "main", "pages", "reference"]

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
LANGUAGES: Final = ("es", "en")

Words = Mapping[str, str]

FIGURE_RANGES: Final[tuple[tuple[Any, Words], ...]] = (
    (figures.Amount, {"es": "≥ 0", "en": "≥ 0"}),
    (figures.Share, {"es": "0 a 1 (0 % a 100 %)", "en": "0 to 1 (0 % to 100 %)"}),
    (figures.Rate, {"es": "al año, -99 % a 100 %", "en": "a year, -99 % to 100 %"}),
    (figures.Growth, {"es": "al año, -99 % a 1 000 %", "en": "a year, -99 % to 1 000 %"}),
    (figures.Multiple, {"es": "> 0, hasta 1 000", "en": "> 0, up to 1 000"}),
)
"""Figures that stay inside a range; any other figure may have any value."""

PATTERNS: Final[Mapping[str, Words]] = {
    r"^[A-Z]{3}$": {"es": "tres letras mayúsculas", "en": "three capital letters"},
    r"^[A-Z]{2}$": {"es": "dos letras mayúsculas", "en": "two capital letters"},
    r"^[a-z0-9][a-z0-9-]{0,60}$": {"es": "minúsculas, cifras y guiones", "en": "lower case, digits, hyphens"},
    r"^\d{1,3}$": {"es": "momento", "en": "moment"},
    r"^[A-Za-z][A-Za-z0-9_]{0,15}$": {"es": "clave", "en": "key"},
}
"""What a text must look like, in words."""

ONE_OR_MORE: Final = frozenset({"_several", "_labels", "_observations"})
"""Readers of the schema that take one thing for a list of one."""

WORDS: Final[Mapping[str, Words]] = {
    "figure": {"es": "[número](#numbers)", "en": "[number](#numbers)"},
    "plain": {"es": "número", "en": "number"},
    "whole": {"es": "número entero", "en": "whole number"},
    "name": {"es": "nombre", "en": "name"},
    "text": {"es": "texto", "en": "text"},
    "texts": {"es": "texto, o `{es, en}`", "en": "text, or `{es, en}`"},
    "date": {"es": "fecha año-mes-día", "en": "date, year-month-day"},
    "list": {"es": "lista de", "en": "list of"},
    "one_or_list": {"es": "uno o una lista de", "en": "one or a list of"},
    "recipients": {"es": "nombre, lista de nombres, o", "en": "name, list of names, or"},
    "or": {"es": "o", "en": "or"},
    "required": {"es": "**obligatorio**", "en": "**required**"},
    "to": {"es": "a", "en": "to"},
    "from": {"es": "desde", "en": "from"},
    "above": {"es": "mayor que", "en": "above"},
    "less": {"es": "menor que", "en": "below"},
    "upto": {"es": "hasta", "en": "up to"},
}

HEAD: Final[Words] = {
    "es": """\
# Referencia: todo lo que se puede escribir

<!-- Generado por scripts/build_docs.py (make docs): no lo edite a mano. -->

Un contrato es un solo documento YAML con dos mitades que no deben confundirse: `contract`, lo que se acordó, y `world`, lo
que se cree. Esta página dice qué es cada parte y cada campo, qué se permite, qué vale si no se escribe y cómo se escribe.
Las palabras del documento (`payments`, `on`, `lag`) son código y no se traducen; las demás son suyas.

[Cómo escribir su contrato](how-to-write-a-contract.es.md) lleva de un contrato firmado a un archivo en seis pasos;
[el modelo](model.md) dice con qué fórmula se calcula cada cosa; `pxr check archivo.yaml` encuentra todos los errores a la
vez. · [In English](reference.en.md)

Los ejemplos se prueban: cada uno se pone en [un contrato pequeño](guide/small-deal.yaml), que está entero
[al final](#small-deal), se lee y se simula.

## <a id="time"></a>Cómo se cuenta el tiempo

El momento 0 es el cierre financiero y el momento `t` es el final del período `t`. Todo plazo se cuenta en períodos enteros
del [calendario](#calendar): con `period: quarter`, un plazo de seis meses es 2. Lo que cuesta el período `t + 1` vence en
el momento `t`.

## <a id="numbers"></a>Cómo se escriben los números

| se escribe | se lee |
| --- | --- |
| `12.5` | doce y medio: el punto separa los decimales |
| `9 600 000` | nueve millones seiscientos mil: los espacios separan los miles |
| `12.5 %` | 0.125 |
| `9 600 000 (S1 M)` | lo mismo, con sus [fuentes](#sources) entre paréntesis |
| `{value: 12.5 %, sources: [S1], note: "página 3"}` | lo mismo, con una nota |
| `{kind: pert, low: 10, mode: 12, high: 20}` | un número que no se conoce: una [distribución](#fixed) |

Las comas se rechazan, porque `1,250` es mil doscientos cincuenta para unos y uno y cuarto para otros. Donde esta página dice
[número](#numbers), vale cualquiera de estas formas; donde dice «número» sin enlace, solo las tres primeras.

## <a id="sources"></a>De dónde viene cada cifra

Entre paréntesis van claves de [`sources`](#source), o una de estas letras, que no hay que declarar: `D` derivado de otras
cifras, `M` de memoria y sin verificar, `A` supuesto, `X` en disputa. Una cifra sin clave no dice de dónde viene.

## <a id="quantities"></a>Cantidades

Lo que una cláusula, una condición o un tramo puede leer de un resultado, sobre todo lo que se mide junto:

| `quantity` | qué es | para resultados |
| --- | --- | --- |
| `count` | cuántas personas lo lograron | `share`, `repeated` |
| `rate` | qué proporción lo logró | `share`, `repeated` |
| `claims` | cuántas veces se contó en total | `repeated` |
| `mean` | promedio por persona | `repeated`, `amount` |
| `total` | la suma | `amount`, `total` |
| `difference` | diferencia con la comparación, en el sentido deseado | con comparación o referencia |
| `additional` | la misma diferencia, por todas las personas | con comparación o referencia |
| `relative_reduction` | cuánto menos que la comparación, como proporción | con comparación o referencia |
| `relative_increase` | cuánto más que la comparación, como proporción | con comparación o referencia |

## <a id="cells"></a>Celdas: a quién se mide junto

Cada combinación de ingreso, segmento y ejecutor es una celda. Sin decir nada, una cláusula mira cada celda y cada medición
por separado: con `pool: intake` mira cada cohorte entera, con `pool: all` todo junto. Un precio por unidad da lo mismo de
cualquier manera; un umbral, no.
""",
    "en": """\
# Reference: everything that can be written

<!-- Generated by scripts/build_docs.py (make docs): do not edit it by hand. -->

A deal is one YAML document with two halves that nobody should confuse: `contract`, what is agreed, and `world`, what is
believed. This page says what each part and each field is, what is allowed, what holds if it is not written, and how it is
written. The words of the document (`payments`, `on`, `lag`) are code; the others are yours.

[How to write down your contract](how-to-write-a-contract.en.md) takes a reader from a signed contract to a file in six
steps; [the model](model.md) says by which formula each thing is computed; `pxr check file.yaml` finds all mistakes at once.
· [En español](reference.es.md)

The examples are tried: each one is put into [a small deal](guide/small-deal.yaml), printed in full
[at the end](#small-deal), which is then read and simulated.

## <a id="time"></a>How time is counted

Moment 0 is financial close and moment `t` is the end of period `t`. Every delay is counted in whole periods of the
[calendar](#calendar): with `period: quarter`, six months are 2. What period `t + 1` costs falls due at moment `t`.

## <a id="numbers"></a>How numbers are written

| written | read as |
| --- | --- |
| `12.5` | twelve and a half: a point before the decimals |
| `9 600 000` | nine million six hundred thousand: spaces between thousands |
| `12.5 %` | 0.125 |
| `9 600 000 (S1 M)` | the same, with its [sources](#sources) in brackets |
| `{value: 12.5 %, sources: [S1], note: "page 3"}` | the same, with a note |
| `{kind: pert, low: 10, mode: 12, high: 20}` | a number that is not known: a [distribution](#fixed) |

Commas are refused, because `1,250` is one thousand two hundred and fifty to some readers and one and a quarter to others.
Where this page says [number](#numbers), any of these forms will do; where it says "number" without a link, the first three.

## <a id="sources"></a>Where each figure comes from

The brackets hold keys of [`sources`](#source), or one of these letters, which need no entry: `D` derived from other figures,
`M` from memory and unverified, `A` assumption, `X` disputed. A figure without a key does not say where it comes from.

## <a id="quantities"></a>Quantities

What a term, a condition or a tranche may read of a result, over all that is measured together:

| `quantity` | what it is | for results |
| --- | --- | --- |
| `count` | how many people achieved it | `share`, `repeated` |
| `rate` | which share achieved it | `share`, `repeated` |
| `claims` | how often it was claimed in all | `repeated` |
| `mean` | mean per person | `repeated`, `amount` |
| `total` | the sum | `amount`, `total` |
| `difference` | difference to the comparison, in the direction that is wanted | with a comparison or benchmark |
| `additional` | the same difference times all people | with a comparison or benchmark |
| `relative_reduction` | by how much less than the comparison, as a share | with a comparison or benchmark |
| `relative_increase` | by how much more than the comparison, as a share | with a comparison or benchmark |

## <a id="cells"></a>Cells: who is measured together

Each combination of intake, segment and provider is a cell. Unless told otherwise, a term looks at each cell and each
measurement by itself: with `pool: intake` it looks at each whole cohort, with `pool: all` at everything together. A price
per unit comes to the same either way; a threshold does not.
""",
}

PLACES: Final[Mapping[str, Words]] = {
    "document": {"es": "todo el documento", "en": "the whole document"},
    "list": {"es": "(lista)", "en": "(list)"},
    "one or list": {"es": "(una, o una lista)", "en": "(one, or a list)"},
    "figure": {"es": "en lugar de cualquier número", "en": "in place of any number"},
    "figure list": {"es": "en la lista `of`", "en": "in the list `of`"},
}
"""Remarks on where a part stands, by what the examples call them."""

LABELS: Final[Mapping[str, Words]] = {
    "place": {"es": "Dónde", "en": "Where"},
    "table": {
        "es": "| campo | qué es | permitido | si no se escribe | ejemplo |",
        "en": "| field | meaning | allowed | if not written | example |",
    },
    "short": {
        "es": "Puede escribirse solo con su nombre:",
        "en": "It may be written by its name alone:",
    },
    "nothing": {"es": "No tiene más campos.", "en": "It has no other fields."},
    "figure": {
        "es": "Puede decir además sus [`sources` y una `note`](#sourced).",
        "en": "It may also give its [`sources` and a `note`](#sourced).",
    },
    "contents": {"es": "## En esta página", "en": "## On this page"},
    "small": {"es": "El contrato pequeño", "en": "The small deal"},
}


def main() -> int:
    """Write the pages that differ from what is there; return 0."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(DOCS.parent))
    return 0


def pages() -> dict[Path, str]:
    """Return the text of every generated page by its path."""
    return {DOCS / f"reference.{language}.md": reference(language) for language in LANGUAGES}


def examples_missing() -> list[str]:
    """Return what of the schema has no section or no example, and sections of what the schema no longer has."""
    sections = {part.model: part for part in parts() if part.model}
    found = [f"scripts/reference_examples.yaml: {name}: nothing of this name in the schema"
             for name in sections if name not in _all_models()]  # fmt: skip
    for name, model in _all_models().items():
        if name not in sections:
            found.append(f"scripts/reference_examples.yaml: {name}: missing")
            continue
        found += [
            f"scripts/reference_examples.yaml: {name}.{field}: no example"
            for field in written_fields(model)
            if field not in _SOURCED and not sections[name].example_of(field)
        ]
    return found


def reference(language: str) -> str:
    """Return the reference in one language as Markdown."""
    out = [HEAD[language], LABELS["contents"][language] + "\n"]
    out += [*_contents(language), ""]
    for part in parts():
        out.append(f"## {part.title[language]}\n" if not part.model else _section(part, language))
    small = LABELS["small"][language]
    deal = SMALL_DEAL.read_text(encoding="utf-8")
    out.append(f'## <a id="small-deal"></a>{small}\n\n<!-- whole -->\n```yaml\n{deal}```\n')
    return "\n".join(out)


_SOURCED: Final = ("sources", "note")


def _all_models() -> Mapping[str, type[BaseModel]]:
    """Return the models of the schema, with those that only lend their fields to others."""
    found = dict(models())
    for model in list(found.values()):
        for parent in model.__mro__:
            if issubclass(parent, base.Frozen) and parent is not base.Frozen:
                found.setdefault(parent.__name__, parent)
    return found


def _contents(language: str) -> Iterator[str]:
    """Yield one line per group with links to its parts."""
    group, links = "", list[str]()
    for part in (*parts(), Part(model="", title={"es": "", "en": ""})):
        if part.model:
            links.append(f"[{part.title[language]}](#{part.model.lower()})")
        else:
            if links:
                yield f"* **{group}**: {' · '.join(links)}"
            group, links = part.title[language], []


def _section(part: Part, language: str) -> str:
    """Return the section of one model."""
    model = _all_models()[part.model]
    out = [
        f'### <a id="{part.model.lower()}"></a>{part.title[language]}\n',
        model_text(language, model) + "\n",
    ]
    kind = _kind_of(model)
    path, _, note = part.place.partition("(")
    shown = (f"`{path.strip()}`", PLACES[note.rstrip(")")][language] if note else "")
    place = f"{LABELS['place'][language]}: " + " ".join(words for words in shown if words not in ("", "``"))
    place += f" · `kind: {kind}`" if kind else ""
    if part.short and kind:
        place += f" · {LABELS['short'][language]} `{part.short}: {kind}`"
    out.append(place + ".\n")
    out += [f"```yaml\n{example.text}```\n" for example in part.examples]
    is_figure = issubclass(model, _all_models()["Sourced"]) and part.model != "Sourced"
    fields = {
        name: info for name, info in written_fields(model).items() if not (is_figure and name in _SOURCED)
    }
    if fields:
        out.append(LABELS["table"][language] + "\n| --- | --- | --- | --- | --- |")
        out[-1] += (
            "".join("\n" + _row(part, model, name, info, language) for name, info in fields.items()) + "\n"
        )
    else:
        out.append(LABELS["nothing"][language] + "\n")
    if is_figure:
        out.append(LABELS["figure"][language] + "\n")
    return "\n".join(out)


def _kind_of(model: type[BaseModel]) -> str:
    """Return the ``kind`` that names a model, empty if it has none of its own."""
    info = model.model_fields.get("kind")
    options = get_args(info.annotation) if info is not None else ()
    return str(options[0]) if len(options) == 1 else ""


def _row(part: Part, model: type[BaseModel], name: str, info: FieldInfo, language: str) -> str:
    """Return the row of one field."""
    attribute = next(n for n, i in model.model_fields.items() if i is info)
    hint = get_type_hints(model, include_extras=True)[attribute]
    cells = (
        f"`{name}`",
        field_text(language, model, name),
        _allowed(hint, language),
        _default(info, language),
        f"`{part.example_of(name)}`",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


# ── What is allowed ──────────────────────────────────────────────────────────────────────────────────


def _allowed(hint: Any, language: str) -> str:
    """Say in words what a field may hold."""
    found = _figure(hint, language) or _scalar(hint, language)
    if found:
        return found
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(inner[0], inner[1:], language)
    if origin is dict:
        return f"{_allowed(inner[0], language)} → {_allowed(inner[1], language)}"
    if origin is tuple:
        items = dict.fromkeys(_allowed(item, language) for item in inner if item is not Ellipsis)
        return f"{_say('list', language)} {', '.join(items)}"
    return _one_of(inner, language)


def _say(word: str, language: str) -> str:
    return WORDS[word][language]


def _figure(hint: Any, language: str) -> str:
    """Words for a number that may be uncertain, with its range; empty for anything else."""
    if hint == Distribution or hint == "Distribution":
        return _say("figure", language)
    ranges = (words[language] for alias, words in FIGURE_RANGES if hint == alias)
    return next((f"{_say('figure', language)} {words}" for words in ranges), "")


def _scalar(hint: Any, language: str) -> str:
    """Words for names, texts, truth values, choices and parts; empty for anything else."""
    if get_origin(hint) is Literal:
        return " · ".join(f"`{option}`" for option in get_args(hint))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{_kind_of(hint) or _title(hint, language)}](#{hint.__name__.lower()})"
    known: tuple[tuple[Any, str], ...] = (
        (base.Name, _say("name", language)), (base.Text, _say("texts", language)), (bool, "`true` · `false`"),
        (str, _say("text", language)), (int, _say("whole", language)), (float, _say("plain", language)),
        (Number, _say("plain", language)), (Positive, f"{_say('plain', language)} > 0"),
    )  # fmt: skip
    return next((words for kind, words in known if hint == kind), "")


def _title(model: type[BaseModel], language: str) -> str:
    """Return the title of a part in lower case, for the middle of a sentence."""
    title = next((part.title[language] for part in parts() if part.model == model.__name__), model.__name__)
    return title[:1].lower() + title[1:]


def _annotated(hint: Any, extras: tuple[Any, ...], language: str) -> str:
    """Words for a type with bounds or a pattern."""
    bounds: dict[str, Any] = {}
    for extra in extras:
        for item in (extra, *getattr(extra, "metadata", ())):
            bounds |= {
                key: getattr(item, key) for key in ("ge", "gt", "le", "lt", "pattern") if _has(item, key)
            }
    if "pattern" in bounds:
        return PATTERNS.get(bounds["pattern"], WORDS["date"])[language]
    words = _allowed(hint, language)
    if hint in (int, float):
        return f"{words}{_range(bounds, language)}"
    readers = {getattr(getattr(extra, "func", None), "__name__", "") for extra in extras}
    if readers & ONE_OR_MORE:
        return words.replace(_say("list", language), _say("one_or_list", language), 1)
    return f"{_say('recipients', language)} {words}" if "_recipients" in readers else words


def _has(item: Any, key: str) -> bool:
    return getattr(item, key, None) is not None


def _range(bounds: Mapping[str, Any], language: str) -> str:
    """Words for the ends of a range."""
    low = bounds.get("ge", bounds.get("gt"))
    high = bounds.get("le", bounds.get("lt"))
    if "ge" in bounds and "le" in bounds:
        return f", {_number(low)} {_say('to', language)} {_number(high)}"
    said = []
    if low is not None:
        said.append(f"{_say('from' if 'ge' in bounds else 'above', language)} {_number(low)}")
    if high is not None:
        said.append(f"{_say('upto' if 'le' in bounds else 'less', language)} {_number(high)}")
    return "".join(f", {words}" for words in said)


def _number(value: float) -> str:
    """Write a bound as in a document: spaces between thousands, powers of two as they are."""
    return "2⁶³ - 1" if value == 2**63 - 1 else f"{value:,.12g}".replace(",", " ")


def _one_of(options: tuple[Any, ...], language: str) -> str:
    """Words for a choice between types."""
    said = dict.fromkeys(_allowed(option, language) for option in options if option is not type(None))
    separator = (
        " · "
        if all(words.startswith("[") for words in said) and len(said) > 2
        else f" {_say('or', language)} "
    )
    return separator.join(said)


# ── What holds if nothing is written ─────────────────────────────────────────────────────────────────


def _default(info: FieldInfo, language: str) -> str:
    """Say what a field holds if it is not written."""
    if info.is_required():
        return _say("required", language)
    return _value(info.get_default(call_default_factory=True, validated_data={}), language)


def _value(value: Any, language: str) -> str:
    """Write a default as it would be written in a document; a dash for nothing."""
    if value is None or value in ((), {}) or value == "":
        return "—"
    if isinstance(value, BaseModel):
        return _part_value(value)
    if isinstance(value, dict) and set(value) == {"es", "en"}:
        return f"`{value[language]}`"
    if isinstance(value, tuple) and len(value) == 1:
        return f"`{value[0]}`"
    if isinstance(value, dict):
        value = {
            key: item.model_dump(mode="json") if isinstance(item, BaseModel) else item
            for key, item in value.items()
        }
    return f"`{_flow(value)}`"


def _part_value(part: BaseModel) -> str:
    """Write a part that stands if nothing is written: a bare number, a bare kind, or its few plain fields."""
    data: Any = part.model_dump(mode="json", by_alias=True)
    if not isinstance(data, dict):
        return f"`{_flow(data)}`"
    if set(data) == {"kind"}:
        return f"`{data['kind']}`"
    shown = {key: item for key, item in data.items() if item not in (None, [], {})}
    return (
        f"`{_flow(shown)}`" if shown and not any(isinstance(item, dict) for item in shown.values()) else "—"
    )


def _flow(data: Any) -> str:
    """Write data as YAML on one line."""
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = True
    writer.width = 500
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # the stubs know no false
    writer.dump(data, stream)
    return stream.getvalue().replace("...", "").strip()


if __name__ == "__main__":
    sys.exit(main())
