"""The deal that was asked for: a file, or a shipped deal by its name."""

from __future__ import annotations

import difflib
from pathlib import Path

from simulator.cli.arguments import Call, WrongUse
from simulator.library import library
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files import examine
from simulator.scenario.issues import Issue, clean
from simulator.scenario.scenario import Scenario
from simulator.scenario.strict_yaml import load_file

_ENDINGS = (".yaml", ".yml", ".json")


def read_deal(call: Call) -> tuple[Scenario, list[Issue], str]:
    """Read the deal that was asked for; its warnings and where it was read come with it.

    Raises
    ------
    ScenarioFileError
        If it cannot be read or is not possible.
    WrongUse
        If no deal was named, or one that does not exist.
    """
    source = find_deal(call)
    scenario, issues = try_deal(source)
    if scenario is None:
        raise ScenarioFileError(issues, source)
    return scenario, issues, source


def try_deal(source: str) -> tuple[Scenario | None, list[Issue]]:
    """Read a deal that may be wrong: nothing instead of it, then, and what is wrong."""
    try:
        scenario, issues = examine(load_file(source))
    except ScenarioFileError as error:
        return None, list(error.issues)
    wrong = any(issue.severity == "error" for issue in issues)
    return (None if wrong else scenario), issues


def find_deal(call: Call, *, shipped_only: bool = False) -> str:
    """Path of the deal that was asked for; a file goes before a shipped deal of the same name.

    Raises
    ------
    WrongUse
        If no deal was named, or one that does not exist.
    """
    name, shipped = call.arguments.file, library()
    if not name:
        raise WrongUse(call.tr("cli.error.no_file"))
    if name in shipped and (shipped_only or not _is_file(name)):
        return str(shipped[name])
    if shipped_only or not (_is_file(name) or "/" in name or "\\" in name or _is_there(name)):
        close = difflib.get_close_matches(name.removesuffix(".yaml"), shipped, n=1)
        if close or shipped_only or not name.endswith(_ENDINGS):
            raise WrongUse(_no_deal(call, name, close))
    return str(name)


def _no_deal(call: Call, name: str, close: list[str]) -> str:
    if close:
        return call.tr("cli.error.no_deal_like", value=clean(name), suggestion=close[0])
    return call.tr("cli.error.no_deal", value=clean(name))


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _is_there(name: str) -> bool:
    """Whether the name means something that is no ordinary file, or nothing a file can be called."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return True
