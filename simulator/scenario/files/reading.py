"""From a file, a text or plain data to a checked scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.scenario.errors import ScenarioError, ScenarioFileError
from simulator.scenario.files.examination import examine
from simulator.scenario.scenario import Scenario
from simulator.scenario.strict_yaml import Document, load_file, load_text


def load(source: str | Path) -> Scenario:
    """Read a scenario from a file and check it.

    Parameters
    ----------
    source
        Path of a YAML or JSON file.

    Returns
    -------
    The frozen, checked scenario.

    Raises
    ------
    ScenarioFileError
        If the file cannot be read as a document, or its schema is newer than this package.
    ScenarioError
        If the document is not a possible scenario; ``issues`` lists everything that is wrong.
    """
    try:
        return from_document(load_file(source))
    except ScenarioFileError as error:
        raise ScenarioFileError(error.issues, error.source or str(source)) from None


def loads(text: str | bytes) -> Scenario:
    """Read a scenario from YAML or JSON text and check it; see :func:`load`."""
    return from_document(load_text(text))


def from_document(document: Document) -> Scenario:
    """Build and check a scenario from a document that was read."""
    scenario, issues = examine(document)
    errors = [issue for issue in issues if issue.severity == "error"]
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario


def from_data(data: dict[str, Any]) -> Scenario:
    """Build and check a scenario from plain data; see :func:`load` for what is raised."""
    return from_document(Document(data=data, lines={}))
