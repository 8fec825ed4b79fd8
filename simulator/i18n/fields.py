"""What each part and each field of a scenario document means, in both languages.

English is what the schema says of itself: docstrings of models and fields, and :data:`ENGLISH` for fields that
have none. Spanish is ``catalogues/fields.es.po`` with the keys ``model.<Model>`` and ``field.<Model>.<field>``.
Fields are named as they are written in a document (``schema``, ``is``).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.i18n.catalogue import parse_catalogue
from simulator.i18n.words import LANGUAGES
from simulator.scenario.base import Frozen
from simulator.scenario.scenario import Scenario

__all__ = [
    "ENGLISH",
    "catalogue_problems",
    "field_text",
    "keys",
    "model_text",
    "models",
    "spanish_source",
    "written_fields",
]

ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "field.Scenario.schema": "Version of the document format; 1 today.",
        "field.Scenario.id": (
            "Identifier of the deal: lower case, digits and hyphens; the file has the same name."
        ),
        "field.Scenario.title": "Name of the deal for people.",
        "field.Scenario.summary": (
            "Two or three sentences that tell the deal to someone who does not know it."
        ),
        "field.Scenario.sources": "The sources of the figures, by a short key that figures refer to.",
        "field.Scenario.contract": "What is agreed.",
        "field.Scenario.world": "What is believed.",
        "field.Scenario.simulation": "How it is simulated unless the caller says otherwise.",
        "field.Scenario.actuals": "What really happened, for the replay of a deal that is over or under way.",
        "field.Scenario.published": (
            "Published figures, by the name of the number they are compared with (`pxr run --json` lists "
            "the names)."
        ),
        "field.Source.title": "Title, author and date, so that a person can find it.",
        "field.Source.address": "Address on the web, if it has one.",
        "field.Source.tag": "What kind of evidence it is.",
        "field.Settings.trials": "How many futures are simulated.",
        "field.Settings.seed": "Which luck: same deal, seed and trials, same numbers.",
        "field.Settings.sampling": (
            "How the futures are spread: plain chance, Latin hypercube or Sobol points, which need fewer "
            "trials for the same precision."
        ),
        "field.Contract.calendar": "The grid of time.",
        "field.Contract.parties": "Everybody who takes part, by a short name.",
        "field.Contract.people": "Who is served.",
        "field.Contract.results": "The results the contract speaks of, by a short name.",
        "field.Contract.payments": "The payment terms, by a short name.",
        "field.Contract.limits": "Caps, quotas and floors on payments, in the order in which they apply.",
        "field.Contract.capital": "Loans, equity, grants and guarantees, by a short name.",
        "field.Party.role": (
            "What it does: pays for results, does the work, invests, gives, guarantees, manages, "
            "certifies, or only holds the account."
        ),
        "field.Party.name": "Its name for people.",
        "field.People.intakes": "When people begin: equal intakes, or a list of intakes one by one.",
        "field.Intakes.first": "Moment of the first intake.",
        "field.Intakes.every": "Periods from one intake to the next.",
        "field.Intakes.count": "How many intakes.",
        "field.Intake.starts": "Moment at which its people begin.",
        "field.Result.name": "Its name for people.",
        "field.Result.measured": (
            "How it is measured: from records, against a benchmark, against a comparison group, or a "
            "blend. A kind without details is written by its name alone."
        ),
        "field.Blend.of": "The estimators; weights sum to 1.",
        "field.Weighted.weight": "Its weight.",
        "field.Weighted.method": "The estimator: a benchmark or a comparison.",
        "field.Term.name": "Its name for people.",
        "field.Term.quantity": "What of the result is read by the curve: see [quantities](#quantities).",
        "field.Term.curve": "From quantity to money.",
        "field.Term.gate": "What must hold before it pays.",
        "field.Term.paid": "When it is paid.",
        "field.Point.at": (
            "The quantity: a number, or a share such as 8.5 %, whatever the term's quantity is."
        ),
        "field.Point.pay": "The money, rate or share that belongs to it.",
        "field.Steps.steps": "Thresholds in ascending order.",
        "field.Band.above": "Units above this have the price, up to the next band.",
        "field.Band.price": "Money per unit inside the band.",
        "field.Bands.bands": "Bands in ascending order; the last has no end.",
        "field.Lines.points": "Points in ascending order.",
        "field.PartOf.share": "Which part of the value is paid.",
        "field.Lump.pay": "The sum.",
        "field.Gate.all": "Every one of these conditions must hold.",
        "field.Gate.any": "At least one of these must hold.",
        "field.Gate.none": "None of these may hold.",
        "field.Condition.quantity": "What of the result is looked at: see [quantities](#quantities).",
        "field.Condition.where": "Only some intakes, segments or providers.",
        "field.Condition.at_least": "It holds from this number on.",
        "field.Condition.below": "It holds below this number, and where nothing is known.",
        "field.Where.segment": "Segments.",
        "field.Where.provider": "Providers.",
        "field.Limit.money": "Most money.",
        "field.Limit.units": "Most units.",
        "field.Limit.share": "Most units, as a share of what `of` names.",
        "field.Limit.per": (
            "For what the limit holds: the whole contract, or each intake, segment, provider, payment "
            "period, fiscal year, or person."
        ),
        "field.FeeAmount.to": "The party it is owed to.",
        "field.FeeAmount.amount": "The sum.",
        "field.FeeAmount.index": "The index by which it grows.",
        "field.FeeAmount.currency": "The currency it is written in, if not the deal's.",
        "field.ByPerformance.on": "The result that is looked at, to date.",
        "field.ByPerformance.quantity": "What of it is read by the curve: see [quantities](#quantities).",
        "field.ByPerformance.where": "Only some intakes, segments or providers.",
        "field.ByPerformance.curve": "From quantity to rate or share.",
        "field.Tranche.party": "Whose money it is.",
        "field.Tranche.commitment": "The most it will put in.",
        "field.Tranche.draw": "When it is put in; a kind without details is written by its name alone.",
        "field.Grant.party": "Who gives it.",
        "field.Grant.amount": "How much.",
        "field.Grant.draw": "When it is given.",
        "field.Grant.order": "Money with a lower number is drawn first, tranches and grants alike.",
        "field.Guarantee.party": "Who guarantees.",
        "field.Guarantee.up_to": "The most it pays.",
        "field.KeepReserve.periods": "Fees of how many coming periods are kept.",
        "field.KeepReserve.amount": "The amount that is kept.",
        "field.Pay.until": (
            "The goal; without one, all that is left is passed on. A goal without details is written by "
            "its name alone."
        ),
        "field.UntilIrr.rate": "The rate of return.",
        "field.UntilMultiple.times": "The multiple.",
        "field.UntilAmount.amount": "The sum.",
        "field.BreakOption.at": "The moment.",
        "field.BreakOption.by": "The party that may stop it.",
        "field.World.enrolment": "How many really take part.",
        "field.World.results": "What is believed about each result of the contract; each must be here.",
        "field.World.costs": "What the work costs, by line.",
        "field.World.indices": "Indices by which money grows, by name.",
        "field.World.early_end": "The chance that the contract ends before its time.",
        "field.World.outside_view": (
            "A correction of what this world believes, from what past deals achieved."
        ),
        "field.World.correlations": "Figures that move together.",
        "field.Enrolment.share": "Share of the planned people; may be above 1.",
        "field.Enrolment.segments": "Further factors by segment.",
        "field.Belief.segments": "Segments where it is otherwise.",
        "field.Belief.providers": "Providers where it is otherwise.",
        "field.Cost.amount": "How much.",
        "field.Cost.index": "The index by which it grows.",
        "field.Cost.currency": "The currency it is written in, if not the deal's.",
        "field.Steady.rate": "Growth a year.",
        "field.Path.values": "Values; what counts is their proportion to the first.",
        "field.Walk.rate": "Growth a year on average.",
        "field.Exchange.at_close": "What it is worth at close.",
        "field.EarlyEnd.prob": "Probability that it does.",
        "field.EarlyEnd.first": "First possible moment.",
        "field.EarlyEnd.last": "Last possible moment.",
        "field.OutsideView.multiplier": "What is left of the improvement: 0.7 keeps 70 %.",
        "field.Fixed.value": "The number.",
        "field.Uniform.low": "Lowest value.",
        "field.Uniform.high": "Highest value.",
        "field.Triangular.low": "Lowest value.",
        "field.Triangular.mode": "Most likely value.",
        "field.Triangular.high": "Highest value.",
        "field.Pert.low": "Lowest value.",
        "field.Pert.mode": "Most likely value.",
        "field.Pert.high": "Highest value.",
        "field.Beta.mean": "Mean.",
        "field.Beta.sd": "Standard deviation.",
        "field.BetaCounts.successes": "Successes seen.",
        "field.BetaCounts.failures": "Failures seen.",
        "field.Normal.mean": "Mean before the cut.",
        "field.Normal.sd": "Standard deviation before the cut.",
        "field.Normal.min": "No value below this.",
        "field.Normal.max": "No value above this.",
        "field.LogNormal.mean": "Mean before the cut.",
        "field.LogNormal.sd": "Standard deviation before the cut.",
        "field.LogNormal.min": "No value below this.",
        "field.LogNormal.max": "No value above this.",
        "field.Quantiles.p10": "One in ten is lower.",
        "field.Quantiles.p50": "Half is lower.",
        "field.Quantiles.p90": "Nine in ten are lower.",
        "field.Quantiles.min": "Lowest value.",
        "field.Quantiles.max": "Highest value.",
        "field.Discrete.values": "The possible values.",
        "field.Discrete.weights": "Their weights; equal, if none are given.",
        "field.MayFail.prob": "Probability that it does not work.",
        "field.MayFail.works": "The value if it works: a number or another distribution.",
        "field.MayFail.otherwise": "The value if it does not.",
        "field.Component.weight": "Its weight.",
        "field.Component.is": "The value in this case: a number or another distribution.",
        "field.Mixture.of": "The parts.",
        "field.Scaled.of": "The other figure.",
        "field.Scaled.factor": "The factor.",
        "field.Scaled.min": "No value below this.",
        "field.Scaled.max": "No value above this.",
        "field.Actuals.enrolled": "People who took part.",
        "field.Actuals.results": "By result, what was measured: a count, or observations one by one.",
        "field.Observed.where": "Where it was measured.",
        "field.Observed.relative_reduction": "Measured reduction, as a share of the comparison.",
        "field.Observed.difference": (
            "Measured difference to the comparison, in the direction that is wanted."
        ),
        "field.Published.value": "The published value.",
        "field.Published.at_least": "The published lower end.",
        "field.Published.at_most": "The published upper end.",
    }
)
"""English texts of fields without a docstring in the schema; a docstring, once there is one, is used instead."""


@lru_cache(maxsize=1)
def models() -> Mapping[str, type[BaseModel]]:
    """Return every model that can occur in a document, by name, in the order in which it is met."""
    found: dict[str, type[BaseModel]] = {}

    def visit(part: Any) -> None:
        if isinstance(part, type) and issubclass(part, BaseModel) and part.__name__ not in found:
            found[part.__name__] = part
            for info in part.model_fields.values():
                visit(info.annotation)
        for inner in get_args(part):
            visit(inner)

    visit(Scenario)
    return MappingProxyType(found)


def written_fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the name they have in a document, without a ``kind`` that only names it."""
    return {
        info.alias or name: info
        for name, info in model.model_fields.items()
        if not (name == "kind" and len(get_args(info.annotation)) == 1)
    }


def keys() -> Iterator[tuple[str, str]]:
    """Yield the key of every model and field with its English text, empty where there is none."""
    named = models()
    parents = {
        base.__name__: base
        for model in named.values()
        for base in model.__mro__
        if issubclass(base, Frozen) and base is not Frozen
    }
    for name, model in (parents | dict(named)).items():
        yield f"model.{name}", _model_english(model)
        for field in written_fields(model):
            if _declaring(model, field) is model:
                yield f"field.{name}.{field}", _field_english(model, field)


def model_text(language: str, model: type[BaseModel] | str) -> str:
    """Tell what a part of a document is.

    Parameters
    ----------
    language
        ``es`` or ``en``.
    model
        The model or its name.

    Raises
    ------
    KeyError
        If there is no such model, or no text.

    Examples
    --------
    >>> model_text("en", "Quality").split(";")[0], model_text("es", "Quality").split(";")[0]
    ('Another result by which the money of a term is multiplied', 'Otro resultado que multiplica el dinero de una cláusula')
    """
    part = _model(model)
    if _checked(language) == "es":
        return _spanish()[f"model.{part.__name__}"]
    return _model_english(part)


def field_text(language: str, model: type[BaseModel] | str, field: str) -> str:
    """Tell what a field of a document means.

    Parameters
    ----------
    language
        ``es`` or ``en``.
    model
        The model or its name; inherited fields have the text of the model that declares them.
    field
        The field as it is written in a document.

    Raises
    ------
    KeyError
        If there is no such field, or no text.

    Examples
    --------
    >>> field_text("es", "Calendar", "periods")
    'Cuántos períodos dura el contrato.'
    """
    owner = _declaring(_model(model), field)
    if _checked(language) == "es":
        return _spanish()[f"field.{owner.__name__}.{field}"]
    text = _field_english(owner, field)
    if not text:
        raise KeyError(f"field.{owner.__name__}.{field}")
    return text


def catalogue_problems() -> list[str]:
    """Return what schema and Spanish catalogue do not share, and fields without an English text."""
    wanted, there = dict(keys()), _spanish()
    found = [f"fields.es: {key}: missing" for key in sorted(wanted.keys() - there.keys())]
    found += [
        f"fields.es: {key}: nothing of this name in the schema"
        for key in sorted(there.keys() - wanted.keys())
    ]
    found += [f"fields.es: {key}: is empty" for key, text in there.items() if not text.strip()]
    found += [f"fields.en: {key}: has no docstring" for key, text in wanted.items() if not text]
    found += [
        f"fields.en: {key}: nothing of this name in the schema" for key in sorted(set(ENGLISH) - set(wanted))
    ]
    return found


def spanish_source() -> str:
    """Return the text of the Spanish catalogue file."""
    return (files("simulator.i18n") / "catalogues" / "fields.es.po").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _spanish() -> Mapping[str, str]:
    """Return the Spanish texts by key."""
    messages = parse_catalogue(spanish_source(), "es").messages
    return MappingProxyType({key: message.forms[0].text for key, message in messages.items()})


def _checked(language: str) -> str:
    """Return the language if it is one of ours."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, got {language!r}")
    return language


def _model(model: type[BaseModel] | str) -> type[BaseModel]:
    """Find a model by its name."""
    return models()[model] if isinstance(model, str) else model


def _declaring(model: type[BaseModel], field: str) -> type[BaseModel]:
    """Find the class in which a field is first written."""
    name = next((n for n, info in model.model_fields.items() if field in (info.alias, n)), None)
    if name is None:
        raise KeyError(f"field.{model.__name__}.{field}")
    bases = [base for base in model.__mro__ if issubclass(base, BaseModel)]
    return next(base for base in bases if name in inspect.get_annotations(base))


def _model_english(model: type[BaseModel]) -> str:
    """Return the docstring of a model with its marks of code as Markdown has them."""
    return _plain(inspect.cleandoc(model.__doc__ or ""))


def _field_english(model: type[BaseModel], field: str) -> str:
    """Return the docstring of a field, or what stands in for it."""
    said = written_fields(model)[field].description
    return _plain(said) if said else ENGLISH.get(f"field.{model.__name__}.{field}", "")


def _plain(text: str) -> str:
    """Join lines of a paragraph and turn double backticks into single ones."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(re.sub(r"\s+", " ", part) for part in paragraphs).replace("``", "`")
