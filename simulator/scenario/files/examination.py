"""Find every mistake of a document at once, each with its place.

A document goes through two examinations: its *structure* (fields, kinds, numbers; pydantic) and its *sense*
(references, sums, loops; ``checks.py``). The second needs a structure that holds. Where it does not, the wrong
parts are mended with stand-ins, in several different ways, and what the checks say in *all* of these ways is
certain and reported too: a person sees every mistake of the document in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from simulator.scenario.checks import check_scenario
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files.culprits import STUMBLES
from simulator.scenario.files.recovery import certain_issues
from simulator.scenario.files.structure import attempt
from simulator.scenario.issues import Issue, short_repr
from simulator.scenario.scenario import SCHEMA_VERSION, Scenario
from simulator.scenario.strict_yaml import Document
from simulator.scenario.strict_yaml.limits import MAX_ISSUES
from simulator.scenario.upgrades import upgrade

_WHOLE = "{schema: 1, id: …, title: …, country: …, currency: …, contract: {…}, world: {…}}"


def examine(document: Document) -> tuple[Scenario | None, list[Issue]]:
    """Find everything that is wrong with a document, and everything remarkable.

    Returns
    -------
    The scenario, if its structure holds, and all issues in the order of the document: errors and warnings.

    Raises
    ------
    ScenarioFileError
        If the document is written in a newer schema than this package knows.
    """
    data: Any = document.data
    if not isinstance(data, dict):
        return None, [Issue(code="type", path="", value=short_repr(data), allowed=_WHOLE, line=1)]
    _refuse_newer(data, document)
    try:
        data = upgrade(data)
    except STUMBLES:
        return None, _placed([Issue(code="schema.upgrade", path="schema", value=short_repr(data.get("schema")),
                                    allowed=str(SCHEMA_VERSION))], data, document)  # fmt: skip
    scenario, wrong = attempt(data)
    issues = [mistake.issue for mistake in wrong]
    if scenario is None:
        issues += certain_issues(data, wrong)
    else:
        issues += check_scenario(scenario)
    return scenario, _placed(issues, data, document)


def _refuse_newer(data: dict[str, Any], document: Document) -> None:
    version = data.get("schema")
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        newer = Issue(code="schema.newer", path="schema", value=short_repr(version), allowed=f"<= {SCHEMA_VERSION}",
                      line=document.line_of("schema"))  # fmt: skip
        raise ScenarioFileError([newer])


def _placed(issues: Iterable[Issue], data: Any, document: Document) -> list[Issue]:
    """Give each issue its path as the person wrote it and its line; in the order of the document, each once."""
    placed: dict[Issue, None] = {}
    for issue in issues:
        path = _as_written(issue.path, data)
        placed[replace(issue, path=path, line=document.line_of(path))] = None
    ordered = sorted(placed, key=lambda issue: (issue.severity == "warning", issue.line or 0, issue.path))
    if len(ordered) <= MAX_ISSUES:
        return ordered
    more = Issue(code="file.too_many_issues", path="", value=str(len(ordered)), allowed=f"<= {MAX_ISSUES}",
                 line=ordered[MAX_ISSUES].line)  # fmt: skip
    return [*ordered[:MAX_ISSUES], more]


def _as_written(path: str, data: Any) -> str:
    """Path in the document as it is: what was written short (``to: loan``) has no parts of its own."""
    parts, here = path.split("."), data
    kept: list[str] = []
    while parts:
        if isinstance(here, dict):
            several = (
                n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in here
            )  # payer.payments is one key
            length = next(several, 0)
            if length:
                key, parts = ".".join(parts[:length]), parts[length:]
                kept, here = [*kept, key], here[key]
            elif parts[0].isdigit():
                parts = parts[1:]  # one thing was written without a list around it
            else:
                return ".".join([*kept, *parts])
        elif isinstance(here, list) and parts[0].isdigit() and int(parts[0]) < len(here):
            kept, here, parts = [*kept, parts[0]], here[int(parts[0])], parts[1:]
        else:
            break
    return ".".join(kept)
