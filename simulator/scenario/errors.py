"""Every exception of the simulator, in one place.

::

    SimulatorError
    ├─ ScenarioError          the scenario is impossible; ``.issues`` holds everything that is wrong with it
    ├─ ScenarioFileError      the file cannot be read as a scenario; ``.issues``, ``.source``
    ├─ NoDatedValueError      a unit of account or price index has no value at a date; ``.known``
    ├─ SolverError            a search has no answer; ``.reason``, ``.bracket``, ``.tried``
    └─ EngineInvariantError   money was created or lost: a fault of ours, please report it

Mistakes in a scenario are collected and raised once, all together. All of these survive pickling, because
runs happen in several processes.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.scenario.issues import Issue


class SimulatorError(Exception):
    """Anything the simulator refuses to do; catch this to catch all of it."""


class ScenarioError(SimulatorError):
    """A scenario that cannot be run, with all its issues.

    Parameters
    ----------
    issues
        Everything that is wrong, in the order of the document.

    Examples
    --------
    >>> issue = Issue(code="capital.shares_sum", path="contract.capital", value="1.05", allowed="= 1")
    >>> print(ScenarioError([issue]))
    contract.capital: capital.shares_sum, found 1.05, allowed = 1
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        """Return the issues, one per line."""
        return "\n".join(map(str, self.issues))


class ScenarioFileError(SimulatorError):
    """A file that cannot be read as a scenario: missing, too large, not plain YAML, of a newer schema.

    Parameters
    ----------
    issues
        Everything that is wrong, in the order of the file.
    source
        Name of the file, as the person who asked for it knows it.
    """

    def __init__(self, issues: Iterable[Issue], source: str = "") -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        self.source = source
        super().__init__(self.issues)

    def __str__(self) -> str:
        """Return the issues, one per line."""
        return "\n".join(map(str, self.issues))


class NoDatedValueError(SimulatorError):
    """A unit or a price index has no value at a date.

    Parameters
    ----------
    name
        The unit or index.
    when
        The date or year that was asked for.
    known
        Dates or years that have one.
    """

    def __init__(self, name: str, when: str, known: tuple[str, ...]) -> None:
        self.name, self.when, self.known = name, when, known
        super().__init__(name, when, known)

    def __str__(self) -> str:
        """Return what was asked for and what there is."""
        return f"{self.name} has no value at {self.when}; there is one at {', '.join(self.known) or '-'}"


class SolverError(SimulatorError):
    """A search without an answer; says why and what was tried, never returns a bound in silence.

    Parameters
    ----------
    message
        What was looked for, where, and the best that was found.
    reason
        Stable name of the cause, for the translated sentence, e.g. ``no_sign_change``.
    bracket
        Interval searched, lower and upper end.
    tried
        Pairs of argument and value on the way.

    Examples
    --------
    >>> raise SolverError("no price in 0..5000 gives IRR 8 %", reason="no_sign_change", bracket=(0.0, 5e3))
    Traceback (most recent call last):
    simulator.scenario.errors.SolverError: no price in 0..5000 gives IRR 8 %
    """

    def __init__(
        self,
        message: str,
        reason: str = "not_solved",
        bracket: tuple[float, float] | None = None,
        tried: Iterable[tuple[float, float]] = (),
    ) -> None:
        self.reason = reason
        self.bracket = bracket
        self.tried: tuple[tuple[float, float], ...] = tuple(tried)
        super().__init__(message)


class EngineInvariantError(SimulatorError):
    """The engine created or lost money, or broke another promise of its own: please report it."""
