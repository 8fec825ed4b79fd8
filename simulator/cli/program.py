"""One run of the program from its arguments to its exit code; whatever goes wrong becomes a sentence."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from simulator.cli.arguments import WrongUse, language_of, read_arguments
from simulator.cli.commands import COMMANDS
from simulator.cli.text import print_issues
from simulator.i18n import Translator, translator_for
from simulator.scenario.errors import EngineInvariantError, ScenarioError, ScenarioFileError
from simulator.scenario.issues import clean

WRONG, INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command.

    Parameters
    ----------
    argv
        Arguments without the program's name; those of the process unless given.

    Returns
    -------
    The exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal of another time shows a question mark
    translator = translator_for(language_of(arguments, os.environ))
    try:
        call = read_arguments(arguments, translator)
        fine = call is None or COMMANDS[call.arguments.command](call)
        sys.stdout.flush()
        return 0 if fine else WRONG
    except BrokenPipeError:
        _forget_output()
        return 0  # whoever was reading has seen enough
    except KeyboardInterrupt:
        return _say(translator.tr("cli.error.interrupted"), INTERRUPTED)
    except (ScenarioError, ScenarioFileError) as error:
        print_issues(error.issues, translator, getattr(error, "source", ""))
        return WRONG
    except Exception as error:
        if os.environ.get("PXR_DEBUG"):
            raise
        return _say(_excuse(error, translator), WRONG)


def _excuse(error: Exception, translator: Translator) -> str:
    """Say why nothing came of it."""
    if isinstance(error, WrongUse):
        return str(error)
    if isinstance(error, MemoryError):
        return translator.tr("cli.error.memory")
    if isinstance(error, EngineInvariantError):
        return translator.tr("cli.error.engine", reason=clean(str(error), limit=300))
    reason = clean(f"{type(error).__name__}: {error}", limit=300)
    return translator.tr("cli.error.unexpected", reason=reason)


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _forget_output() -> None:
    """Send what is still to be written nowhere, so that the end of the process does not complain either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
