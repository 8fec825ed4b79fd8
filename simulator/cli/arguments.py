"""What was asked: commands, options and the language to answer in."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NoReturn

from simulator import __version__
from simulator.i18n import LANGUAGES, Translator
from simulator.metrics.provision import DEFAULT_RULE, RULES
from simulator.scenario.issues import clean
from simulator.scenario.scenario import MOST_SEED, MOST_TRIALS

COMMANDS: Final = ("run", "budget", "value", "evaluate", "check", "replay", "list", "show", "schema", "app")
MAX_WORKERS: Final = 64
MAX_PORT: Final = 65_535


class WrongUse(Exception):  # noqa: N818 - a signal inside this package
    """A command that cannot be carried out; carries the sentence that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked, and how to speak to the person who asked."""

    arguments: argparse.Namespace
    translator: Translator

    def tr(self, key: str, /, **values: object) -> str:
        """Text of a key in the language of the person."""
        return self.translator.tr(key, **values)


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for, else that of PXR_LANG, else that of the system, else Spanish."""
    asked = [b for a, b in pairwise(arguments) if a == "--lang"]
    asked += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    system = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    for wish in (*asked, environment.get("PXR_LANG", ""), system):
        if wish[:2].lower() in LANGUAGES and wish[2:3] in ("", "_", "-", "."):
            return wish[:2].lower()
    return LANGUAGES[0]


def read_arguments(arguments: Sequence[str], translator: Translator) -> Call | None:
    """Read a command line.

    Returns
    -------
    The call; nothing if help or the version was asked for, and shown.

    Raises
    ------
    WrongUse
        If the command line cannot be understood.
    """
    parser = _parser(translator)
    _check_command(arguments, translator)
    try:
        known, unknown = parser.parse_known_args(arguments)
    except SystemExit:  # help and version have been shown
        return None
    if unknown:
        raise WrongUse(translator.tr("cli.error.argument", value=clean(" ".join(unknown))))
    if getattr(known, "lang", LANGUAGES[0]) not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise WrongUse(translator.tr("cli.error.language", value=clean(known.lang), allowed=allowed))
    if known.command is None:
        parser.print_help()
        return None
    return Call(arguments=known, translator=translator)


def whole_number(call: Call, option: str, low: int, high: int) -> int:
    """Read a whole number from an option.

    Raises
    ------
    WrongUse
        If it is none, or not between the two ends.
    """
    text = getattr(call.arguments, option).strip()
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 20 and low <= int(text) <= high:
        return int(text)
    allowed = f"{low} … {high}"
    raise WrongUse(call.tr("cli.error.number", option=f"--{option}", value=clean(text), allowed=allowed))


class _Formatter(argparse.HelpFormatter):
    """Help without a word of its own."""

    usage_word = ""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with our word for usage."""
        super().add_usage(usage, actions, groups, f"{self.usage_word}: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Leaves the words to us."""

    refusal = ""

    def error(self, message: str) -> NoReturn:
        """Refuse a command line."""
        raise WrongUse(self.refusal + "\n" + self.format_usage().rstrip())


def _parser(translator: Translator) -> argparse.ArgumentParser:
    tr = translator.tr
    formatter = type("_Formatter", (_Formatter,), {"usage_word": tr("cli.help.usage")})
    kind = type("_Parser", (_Parser,), {"refusal": tr("cli.error.usage")})

    def made(
        make: Callable[..., argparse.ArgumentParser], *names: str, **more: Any
    ) -> tuple[argparse.ArgumentParser, Any]:
        parser = make(*names, add_help=False, allow_abbrev=False, formatter_class=formatter, **more)
        options = parser.add_argument_group(tr("cli.help.options"))
        options.add_argument("-h", "--help", action="help", help=tr("cli.help.help"))
        options.add_argument("--lang", metavar="es|en", default=argparse.SUPPRESS, help=tr("cli.help.lang"))
        return parser, options

    parser, options = made(kind, prog="pxr", description=tr("cli.help.pxr"))
    version = f"pxr {__version__}"
    options.add_argument("--version", action="version", version=version, help=tr("cli.help.version"))
    commands: Any = parser.add_subparsers(
        title=tr("cli.help.commands"), dest="command", metavar="", parser_class=kind
    )
    for name in COMMANDS:
        about = tr(f"cli.help.{name}")
        _, options = made(commands.add_parser, name, help=about, description=about)
        _add_options(options, name, translator)
    return parser


def _add_options(options: Any, command: str, translator: Translator) -> None:
    """Add what one command understands."""
    tr = translator.tr
    if command in ("run", "budget", "value", "evaluate", "check", "replay"):
        options.add_argument("file", metavar=tr("cli.help.file_word"), nargs="?", help=tr("cli.help.file"))
    if command == "show":
        options.add_argument("file", metavar=tr("cli.help.name_word"), nargs="?", help=tr("cli.help.name"))
    if command in ("run", "budget", "value", "evaluate", "replay", "list"):
        options.add_argument("--json", action="store_true", help=tr("cli.help.json"))
    if command == "budget":
        rules = ", ".join(RULES)
        options.add_argument(
            "--rule", metavar="R", default=DEFAULT_RULE, help=tr("cli.help.rule", rules=rules)
        )
        options.add_argument("--constant", action="store_true", help=tr("cli.help.constant"))
    if command in ("run", "budget", "value", "evaluate"):
        options.add_argument("--trials", metavar="N", help=tr("cli.help.trials", most=f"{MOST_TRIALS}"))
        options.add_argument("--seed", metavar="S", help=tr("cli.help.seed", most=f"{MOST_SEED}"))
    if command in ("run", "budget", "value"):
        options.add_argument("--workers", metavar="W", default="1", help=tr("cli.help.workers"))
    if command == "app":
        options.add_argument("--port", metavar="P", default="8501", help=tr("cli.help.port"))


def _check_command(arguments: Sequence[str], translator: Translator) -> None:
    """Refuse a command that does not exist, in our words."""
    words = (
        word
        for k, word in enumerate(arguments)
        if not word.startswith("-") and list(arguments[max(k - 1, 0) : k]) != ["--lang"]
    )
    first = next(words, None)
    if first is None or first in COMMANDS:
        return
    close = difflib.get_close_matches(first, COMMANDS, n=1)
    hint = {"suggestion": close[0]} if close else {}
    allowed = ", ".join(COMMANDS)
    raise WrongUse(translator.tr("cli.error.command", value=clean(first), allowed=allowed, **hint))


__all__ = [
    "COMMANDS",
    "MAX_PORT",
    "MAX_WORKERS",
    "MOST_SEED",
    "MOST_TRIALS",
    "Call",
    "WrongUse",
    "language_of",
    "read_arguments",
    "whole_number",
]  # fmt: skip
