"""Names and units of the registry's numbers for people. No Streamlit here."""

from __future__ import annotations

from simulator.ui.voice import Voice

_RATES = frozenset({"irr"})
_SHARES = frozenset(
    {"loss_probability", "total_loss_probability", "nothing_paid_probability", "out_of_cash_probability"}
)
_PLAIN = frozenset({"enrolled", "measured", "true", "additional", "moic", "payback_years", "duration_years"})


def metric_label(key: str, voice: Voice) -> str:
    """Name a number of the registry with whose it is."""
    owner, _, number = key.rpartition(".")
    contract = voice.scenario.contract
    if owner == "parties" and number in contract.parties:
        return f"{voice.tr('metric.balance')} — {voice.text(contract.parties[number].name)}"
    name = (
        voice.tr(f"metric.{number}") if voice.translator.has(f"metric.{number}") else number.replace("_", " ")
    )
    name = name[:1].upper() + name[1:]
    if owner in contract.results:
        return f"{name} — {voice.text(contract.results[owner].name)}"
    if owner in contract.capital:
        return f"{name} — {voice.text(contract.parties[contract.capital[owner].party].name)}"
    return name


def write_metric(key: str, value: float, voice: Voice) -> str:
    """Write a number of the registry in its unit."""
    number = key.rpartition(".")[2]
    if value != value:
        return voice.tr("ui.undefined")
    if number in _RATES | _SHARES:
        return voice.percent(value, 2)
    return voice.number(value, None) if number in _PLAIN else voice.money(value)


def write_difference(key: str, value: float, voice: Voice) -> str:
    """Write the difference of two numbers of the registry: rates and shares differ by points."""
    if value == value and key.rpartition(".")[2] in _RATES | _SHARES:
        return voice.tr("ui.points", value=voice.number(value * 100, 2))
    return write_metric(key, value, voice)


__all__ = ["metric_label", "write_difference", "write_metric"]
