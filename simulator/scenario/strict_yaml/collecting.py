"""The issues found while a file is read, and the end of reading."""

from __future__ import annotations

from typing import Any, NoReturn

from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml.limits import MAX_ISSUES


class Refused(Exception):  # noqa: N818 - a signal inside this package, never seen outside
    """Ends the reading."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__()
        self.issues = sorted(issues, key=lambda issue: issue.line or 0)


class Log:
    """The issues found so far."""

    def __init__(self) -> None:
        self._issues: dict[Issue, None] = {}  # a set that keeps the order

    def add(self, code: str, line: int | None = None, path: str = "", **details: Any) -> None:
        """Note an issue; give up when there are more than anybody reads."""
        self._issues[make_issue(code, line, path, **details)] = None
        if len(self._issues) >= MAX_ISSUES:
            self.stop("file.too_many_issues", line, allowed=f"< {MAX_ISSUES}")

    def stop(self, code: str, line: int | None = None, path: str = "", **details: Any) -> NoReturn:
        """Note an issue after which nothing more can be read."""
        raise Refused([*self._issues, make_issue(code, line, path, **details)])

    def end_if_any(self) -> None:
        """Refuse the file if anything was noted."""
        if self._issues:
            raise Refused([*self._issues])


def make_issue(
    code: str,
    line: int | None = None,
    path: str = "",
    *,
    value: str = "",
    allowed: str = "",
    **params: str | int,
) -> Issue:
    """Make an issue; whatever has no field of its own becomes a parameter of the sentence."""
    return Issue(code=code, path=path, value=value, allowed=allowed, line=line, params=tuple(params.items()))
