"""Words for the numbers and parties of a deal: those of the app, never an identifier of the document."""

from __future__ import annotations

from simulator.engine.result import OUTSIDE
from simulator.i18n import Translator, translator_for
from simulator.metrics.registry import Metric
from simulator.scenario.capital import Tranche
from simulator.scenario.scenario import Scenario

_ROLES = {"payer": "cli.party.payer", "people": "cli.party.people", "investors": "cli.party.investors",
          "provider": "cli.party.provider", OUTSIDE: "cli.party.outside"}  # fmt: skip


class Labels:
    """Names of what a deal has, in one language and with the words of the deal's country."""

    def __init__(self, scenario: Scenario, language: str) -> None:
        self._scenario = scenario
        self._language = language
        self._words: Translator = translator_for(language, scenario.country)

    def text(self, texts: dict[str, str]) -> str:
        """A text of the document."""
        return texts[self._language]

    def group(self, metric: Metric) -> str:
        """Heading under which a number stands: whose it is."""
        if metric.key.startswith("parties."):
            return self._words.tr("cli.party.all")
        return self.party(metric.party)

    def number(self, key: str) -> str:
        """A number within its group, with the result or payment it speaks of."""
        owner, _, name = key.rpartition(".")
        contract = self._scenario.contract
        if owner == "parties":
            return self.party(name)
        if owner == "payments":
            return self._of("metric.payments", self.text(contract.payments[name].name))
        if owner in contract.results:
            return self._of(f"metric.{name}", self.text(contract.results[owner].name))
        return self._words.tr(f"metric.{name}")

    def full(self, key: str) -> str:
        """A number of a replay on its own, with whose it is; ``key@moment`` is money up to a moment."""
        name, _, moment = key.partition("@")
        owner, _, number = name.rpartition(".")
        if name == "payer.payments":  # of a replay: nothing is expected any more
            text = self._words.tr("cli.replay.paid")
        elif owner == "payments":
            text = self._of("cli.replay.paid", self.text(self._scenario.contract.payments[number].name))
        elif owner == "parties":
            text = self._of("metric.balance", self.party(number))
        elif owner in self._scenario.contract.capital or owner == "investors":
            text = self._of(f"metric.{number}", self.party(owner))
        else:
            text = self.number(name)
        return self._words.tr("cli.replay.until", name=text, moment=moment) if moment else text

    def party(self, name: str) -> str:
        """A party, a role, or a part of the capital."""
        contract = self._scenario.contract
        if name in contract.parties:
            return self.text(contract.parties[name].name)
        if name in contract.capital:
            return self._capital(name)
        return self._words.tr(_ROLES[name])

    def _capital(self, name: str) -> str:
        """A part of the capital by its party; by its number too where a party has several."""
        contract = self._scenario.contract
        own_name = contract.capital[name].name
        if own_name is not None:
            return self.text(own_name)
        owner = contract.capital[name].party
        party = self.text(contract.parties[owner].name)
        own = [
            key for key, part in contract.capital.items() if part.party == owner and isinstance(part, Tranche)
        ]
        if name not in own or len(own) == 1:
            return self._words.tr("cli.party.capital", party=party)
        return self._words.tr("cli.party.tranche", party=party, number=own.index(name) + 1, count=len(own))

    def _of(self, key: str, whose: str) -> str:
        return f"{self._words.tr(key)} — {whose}"
