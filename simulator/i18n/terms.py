"""Words that change with the country and not with the language.

The same Spanish screen says *contrato de impacto social* in Chile, *pago por resultados*
in Peru and *bono de impacto social* in Colombia; a reader from one country does not look
for the word of another. Messages use them as gaps that fill themselves::

    {term_investor}         inversionista            investor
    {term_investor_a}       un inversionista         an investor
    {term_investor_the}     el inversionista         the investor
    {term_investor_of}      del inversionista        of the investor
    {term_investor_to}      al inversionista         to the investor
    {term_investor_many}    inversionistas           investors
    {term_investor_all}     los inversionistas       the investors
    {term_investor_short}   inversionista            investor    (CIS, VAN where there is one)

``{Term_…}`` starts with a capital. Whole phrases carry gender and number, so a message
must not add adjectives or articles of its own. A country without a word of its own has the
general one. Source: the project's research notes (LATAM.md, section 5), repeated in ``glossary.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from simulator.i18n.words import LANGUAGES

__all__ = ["FORMS", "TERMS", "Noun", "Term", "phrases"]

FORMS: Final = ("", "_a", "_the", "_of", "_to", "_many", "_all", "_short")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase with what is needed to put it in a sentence."""

    one: str
    many: str
    feminine: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One concept: its general words and those of the countries that differ.

    Attributes
    ----------
    note
        Where the words come from, and what is a choice of ours.
    general
        Noun by language.
    by_country
        Nouns by country and language; a missing one falls back to the general.
    """

    note: str
    general: Mapping[str, Noun]
    by_country: Mapping[str, Mapping[str, Noun]]

    def noun(self, language: str, country: str) -> Noun:
        """Return the noun for a language and a country."""
        return self.by_country.get(country, {}).get(language, self.general[language])


def _m(one: str, many: str, short: str = "") -> Noun:
    """Return a masculine Spanish noun, or an English one."""
    return Noun(one, many, False, short)


def _f(one: str, many: str, short: str = "") -> Noun:
    """Return a feminine Spanish noun."""
    return Noun(one, many, True, short)


def _term(note: str, es: Noun, en: Noun, **countries: Noun | tuple[Noun, Noun]) -> Term:
    """Build a term; a country gives its Spanish noun, or Spanish and English."""
    by_country = {
        country: MappingProxyType(
            {"es": nouns} if isinstance(nouns, Noun) else {"es": nouns[0], "en": nouns[1]}
        )
        for country, nouns in countries.items()
    }
    return Term(note, MappingProxyType({"es": es, "en": en}), MappingProxyType(by_country))


_BIS: Final = (
    _m("bono de impacto social (BIS)", "bonos de impacto social (BIS)", "BIS"),
    _m("social impact bond (BIS)", "social impact bonds (BIS)", "BIS"),
)

TERMS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        "instrument": _term(
            "LATAM.md 5. Peru writes PxR because PpR is its performance budget; UY as CO.",
            _m(
                "contrato de pago por resultados (PxR)",
                "contratos de pago por resultados (PxR)",
                "PxR",
            ),
            _m("payment-by-results contract (PbR)", "payment-by-results contracts (PbR)", "PbR"),
            CL=(
                _m("contrato de impacto social (CIS)", "contratos de impacto social (CIS)", "CIS"),
                _m("social impact contract (CIS)", "social impact contracts (CIS)", "CIS"),
            ),
            PE=(
                _m(
                    "contrato de pago por resultados (PxR)",
                    "contratos de pago por resultados (PxR)",
                    "PxR",
                ),
                _m(
                    "payment-by-results contract (PxR)",
                    "payment-by-results contracts (PxR)",
                    "PxR",
                ),
            ),
            CO=_BIS,
            UY=_BIS,
            AR=(
                _m("vínculo de impacto social (VIS)", "vínculos de impacto social (VIS)", "VIS"),
                _m("social impact bond (VIS)", "social impact bonds (VIS)", "VIS"),
            ),
        ),
        "payer": _term(
            "LATAM.md 5: pagador in CL and CO; PE also says financiador, which would be "
            "read as the investor, so we do not.",
            _m("pagador de resultados", "pagadores de resultados", "pagador"),
            _m("outcome payer", "outcome payers", "payer"),
        ),
        "commissioner": _term(
            "LATAM.md 5: mandante CL; entidad contratante PE, CO.",
            _f("entidad contratante", "entidades contratantes"),
            _m("contracting authority", "contracting authorities"),
            CL=(
                _m("mandante", "mandantes"),
                _m("commissioning body", "commissioning bodies"),
            ),
        ),
        "provider": _term(
            "LATAM.md 0 and 5: colaborador del Estado CL (Impacta); operador CO.",
            _m("prestador de servicios", "prestadores de servicios", "prestador"),
            _m("service provider", "service providers", "provider"),
            CL=_m("colaborador del Estado", "colaboradores del Estado", "colaborador"),
            CO=_m("operador", "operadores"),
        ),
        "investor": _term(
            "LATAM.md 5: inversor AR; UY as AR is our assumption.",
            _m("inversionista", "inversionistas"),
            _m("investor", "investors"),
            AR=_m("inversor", "inversores"),
            UY=_m("inversor", "inversores"),
        ),
        "verifier": _term(
            "LATAM.md 5: evaluador independiente CL; verificador CO, PE.",
            _m("verificador", "verificadores"),
            _m("verifier", "verifiers"),
            CL=(
                _m("evaluador independiente", "evaluadores independientes", "evaluador"),
                _m("independent evaluator", "independent evaluators", "evaluator"),
            ),
        ),
        "metric": _term(
            "LATAM.md 5: métrica CO; indicador CL, PE.",
            _m("indicador", "indicadores"),
            _m("payment metric", "payment metrics", "metric"),
            CO=_f("métrica", "métricas"),
        ),
        "npv": _term(
            "LATAM.md 5: VAN CL, PE, AR; VPN CO, MX.",
            _m("valor actual neto (VAN)", "valores actuales netos (VAN)", "VAN"),
            _m("net present value (NPV)", "net present values (NPV)", "NPV"),
            CO=_m("valor presente neto (VPN)", "valores presentes netos (VPN)", "VPN"),
            MX=_m("valor presente neto (VPN)", "valores presentes netos (VPN)", "VPN"),
        ),
        "budget_year": _term(
            "LATAM.md 5: año presupuestario CL, año fiscal PE, vigencia CO; others ours.",
            _m("año presupuestario", "años presupuestarios"),
            _m("budget year", "budget years"),
            PE=(_m("año fiscal", "años fiscales"), _m("fiscal year", "fiscal years")),
            CO=(_f("vigencia", "vigencias"), _m("fiscal year", "fiscal years")),
        ),
        "future_commitment": _term(
            "LATAM.md 3 and 5: compromiso plurianual CL, PE; vigencias futuras CO.",
            _m("compromiso plurianual", "compromisos plurianuales"),
            _m("multi-year commitment", "multi-year commitments"),
            CO=(
                _f("vigencia futura", "vigencias futuras"),
                _m("future-year appropriation", "future-year appropriations"),
            ),
        ),
        "budget_certificate": _term(
            "LATAM.md 5: CDP in CO, CCP in PE; the general phrase is ours.",
            _m(
                "certificado de disponibilidad presupuestaria",
                "certificados de disponibilidad presupuestaria",
            ),
            _m("budget availability certificate", "budget availability certificates"),
            CO=_m(
                "certificado de disponibilidad presupuestal (CDP)",
                "certificados de disponibilidad presupuestal (CDP)",
                "CDP",
            ),
            PE=_f(
                "certificación de crédito presupuestario (CCP)",
                "certificaciones de crédito presupuestario (CCP)",
                "CCP",
            ),
        ),
        "deduction": _term(
            "LATAM.md 5: descuento; penalidad PE, multa CL.",
            _m("descuento", "descuentos"),
            _m("deduction", "deductions"),
            CL=_f("multa", "multas"),
            PE=_f("penalidad", "penalidades"),
        ),
        "performance_bond": _term(
            "LATAM.md 5: boleta CL, carta fianza PE, póliza CO.",
            _f("fianza", "fianzas"),
            _m("performance bond", "performance bonds"),
            CL=_f("boleta de garantía", "boletas de garantía", "boleta"),
            PE=_f("carta fianza", "cartas fianza"),
            CO=_f("póliza", "pólizas"),
        ),
        "trust": _term(
            "LATAM.md 3.3 and 5: fideicomiso PE, AR; fiducia CO; CL general, our choice.",
            _m("fideicomiso", "fideicomisos"),
            _m("trust", "trusts"),
            CO=_f("fiducia", "fiducias"),
        ),
        "indexation": _term(
            "LATAM.md 5: reajuste CL.",
            _f("indexación", "indexaciones"),
            _m("indexation", "indexations"),
            CL=_m("reajuste", "reajustes"),
        ),
    }
)


def _spanish(noun: Noun) -> tuple[str, ...]:
    """Return the phrases of a Spanish noun in the order of ``FORMS``."""
    one, many = noun.one, noun.many
    if noun.feminine:
        articles = (f"una {one}", f"la {one}", f"de la {one}", f"a la {one}")
        return (one, *articles, many, f"las {many}", noun.short or one)
    articles = (f"un {one}", f"el {one}", f"del {one}", f"al {one}")
    return (one, *articles, many, f"los {many}", noun.short or one)


def _english(noun: Noun) -> tuple[str, ...]:
    """Return the phrases of an English noun in the order of ``FORMS``."""
    one, many = noun.one, noun.many
    article = "an" if one[0] in "aeiou" else "a"
    articles = (f"{article} {one}", f"the {one}", f"of the {one}", f"to the {one}")
    return (one, *articles, many, f"the {many}", noun.short or one)


@lru_cache(maxsize=64)
def phrases(language: str, country: str) -> Mapping[str, str]:
    """Return every phrase a message may use, by the name of its gap.

    Raises
    ------
    ValueError
        If the language is not one of ours. An unknown country has the general words.

    Examples
    --------
    >>> phrases("es", "CO")["term_budget_year_of"]
    'de la vigencia'
    >>> phrases("es", "CL")["Term_provider_the"]
    'El colaborador del Estado'
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, got {language!r}")
    build = _spanish if language == "es" else _english
    table: dict[str, str] = {}
    for name, term in TERMS.items():
        texts = build(term.noun(language, country))
        for form, text in zip(FORMS, texts, strict=True):
            table[f"term_{name}{form}"] = text
            table[f"Term_{name}{form}"] = text[:1].upper() + text[1:]
    return MappingProxyType(table)
