"""From a file or text to a document."""

from __future__ import annotations

import os
from pathlib import Path

from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.strict_yaml.collecting import Log, Refused
from simulator.scenario.strict_yaml.composer import Composer
from simulator.scenario.strict_yaml.document import Document
from simulator.scenario.strict_yaml.source import checked_text, os_issue, read_bytes


def load_file(path: str | os.PathLike[str]) -> Document:
    """Read a scenario file.

    The size is looked at before anything is read, and only ordinary files are read at all.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Its content, with line numbers.

    Raises
    ------
    ScenarioFileError
        If there is no such file, it may not be read, or its content is refused as by `load_text`.
    """
    source = os.fspath(path)
    try:
        content = read_bytes(Path(path))
    except Refused as refused:
        raise ScenarioFileError(refused.issues, source) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise ScenarioFileError([os_issue(error, source)], source) from None
    return load_text(content, source=source)


def load_text(text: str | bytes, *, source: str = "<text>") -> Document:
    r"""Read a scenario from the content of a file.

    Parameters
    ----------
    text
        The content; bytes must be UTF-8, with or without a byte order mark. At most 1 MiB.
    source
        Name of the file, for the exception.

    Returns
    -------
    The content, with line numbers.

    Raises
    ------
    ScenarioFileError
        If anything in it is not allowed; its ``issues`` say everything that was found, with lines.

    Examples
    --------
    >>> load_text("price: 1.5\npaid on: [no, 2027-01-31]").data
    {'price': 1.5, 'paid on': ['no', '2027-01-31']}
    >>> load_text("a: &x 1\nb: *x")
    Traceback (most recent call last):
    simulator.scenario.errors.ScenarioFileError: line 1 · a: yaml.anchor, found &x
    line 2 · b: yaml.alias, found *x
    """
    log = Log()
    try:
        document = Composer(checked_text(text, log), log).document()
        log.end_if_any()
    except Refused as refused:
        raise ScenarioFileError(refused.issues, source) from None
    return document
