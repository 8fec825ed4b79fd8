"""The command line: arguments only. What it shows comes from the public face; it never shows a traceback.

Exit codes: 0 when all is well, 2 with every mistake on standard error, 130 when interrupted from the keyboard.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from simulator import __version__
from simulator.engine.result import OUTSIDE, Simulation
from simulator.engine.simulate import replay, simulate
from simulator.i18n import LANGUAGES, Formats, Translator, translator_for
from simulator.i18n.locales import COUNTRY_LOCALES
from simulator.library import library
from simulator.metrics.registry import Metric, Unit, metrics
from simulator.metrics.replay import Comparison, check_published, compare_with_published
from simulator.metrics.summary import Estimate
from simulator.scenario.errors import EngineInvariantError, ScenarioError, ScenarioFileError
from simulator.scenario.files import examine
from simulator.scenario.issues import Issue, clean
from simulator.scenario.scenario import Scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.strict_yaml import load_file

WRONG, INTERRUPTED = 2, 130
MAX_TRIALS = 1_000_000
MAX_SEED = 2**63 - 1
MAX_WORKERS = 64
MAX_PORT = 65_535
PAYMENTS = "payer.payments"
_PLAIN_LOCALE = "en-US"
"""For countries without a number format of their own: decimal points, as in the documents."""
_HERE = Path(__file__).resolve().parent
APPS = (_HERE / "_app.py", _HERE.parent / "app.py")
"""Where the app's door may be: inside an installed package, or in a checkout."""


class _WrongUse(Exception):  # noqa: N818 - a signal inside this module
    """A command that cannot be carried out; carries the sentence that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What was asked, and how to speak to the person who asked."""

    arguments: argparse.Namespace
    translator: Translator

    def tr(self, key: str, /, **values: object) -> str:
        return self.translator.tr(key, **values)


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
    translator = translator_for(_language(arguments, os.environ))
    try:
        code = _dispatch(arguments, translator)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _forget_output()
        return 0  # whoever was reading has seen enough
    except KeyboardInterrupt:
        return _say(translator.tr("cli.error.interrupted"), INTERRUPTED)
    except (ScenarioError, ScenarioFileError) as error:
        return _tell(error.issues, translator, getattr(error, "source", ""))
    except Exception as error:
        if os.environ.get("PXR_DEBUG"):
            raise
        return _say(_excuse(error, translator), WRONG)


def _excuse(error: Exception, translator: Translator) -> str:
    """Say why nothing came of it."""
    if isinstance(error, _WrongUse):
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


def _tell(issues: Iterable[Issue], translator: Translator, source: str) -> int:
    """Write every issue on a line of its own."""
    found = list(issues)
    print(translator.trn("issues.count", len(found), n=len(found)), file=sys.stderr)
    for issue in found:
        print(_line(issue, translator, source), file=sys.stderr)
    return WRONG


def _line(issue: Issue, translator: Translator, source: str) -> str:
    place = ":".join(part for part in (clean(source, limit=300), str(issue.line or "")) if part)
    return f"{place}: {_sentence(issue, translator)}" if place else _sentence(issue, translator)


def _sentence(issue: Issue, translator: Translator) -> str:
    return translator.issue(issue.code, **issue.placeholders())


# ── Language ─────────────────────────────────────────────────────────────────────────────────────────


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for, else that of PXR_LANG, else that of the system, else Spanish."""
    asked = [b for a, b in pairwise(arguments) if a == "--lang"]
    asked += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    system = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    for wish in (*asked, environment.get("PXR_LANG", ""), system):
        if wish[:2].lower() in LANGUAGES and wish[2:3] in ("", "_", "-", "."):
            return wish[:2].lower()
    return LANGUAGES[0]


# ── Arguments ────────────────────────────────────────────────────────────────────────────────────────


class _Formatter(argparse.HelpFormatter):
    """Help without a word of its own."""

    usage_word = ""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with our word for usage."""
        super().add_usage(usage, actions, groups, f"{self.usage_word}: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Leaves the words to us."""

    def error(self, message: str) -> NoReturn:
        """Refuse a command line."""
        raise _WrongUse(self.refusal + "\n" + self.format_usage().rstrip())

    refusal = ""


def _parser(translator: Translator) -> argparse.ArgumentParser:
    tr = translator.tr
    word = tr("cli.help.usage")
    formatter = type("_Formatter", (_Formatter,), {"usage_word": word})
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
    options.add_argument(
        "--version", action="version", version=f"pxr {__version__}", help=tr("cli.help.version")
    )
    commands: Any = parser.add_subparsers(
        title=tr("cli.help.commands"), dest="command", metavar="", parser_class=kind
    )
    for name in COMMANDS:
        about = {
            "run": tr("cli.help.run"), "check": tr("cli.help.check"), "replay": tr("cli.help.replay"),
            "list": tr("cli.help.list"), "schema": tr("cli.help.schema"), "app": tr("cli.help.app"),
        }[name]  # fmt: skip
        _, options = made(commands.add_parser, name, help=about, description=about)
        if name in ("run", "check", "replay"):
            options.add_argument("file", metavar="FILE", nargs="?", help=tr("cli.help.file"))
        if name in ("run", "replay", "list"):
            options.add_argument("--json", action="store_true", help=tr("cli.help.json"))
        if name == "run":
            options.add_argument("--trials", metavar="N", help=tr("cli.help.trials", most=f"{MAX_TRIALS}"))
            options.add_argument("--seed", metavar="S", help=tr("cli.help.seed"))
            options.add_argument("--workers", metavar="W", default="1", help=tr("cli.help.workers"))
        if name == "app":
            options.add_argument("--port", metavar="P", default="8501", help=tr("cli.help.port"))
    return parser


def _dispatch(arguments: list[str], translator: Translator) -> int:
    parser = _parser(translator)
    first = next(
        (a for k, a in enumerate(arguments) if not a.startswith("-") and arguments[k - 1 : k] != ["--lang"]),
        None,
    )
    if first is not None and first not in COMMANDS:
        close = difflib.get_close_matches(first, COMMANDS, n=1)
        hint = {"suggestion": close[0]} if close else {}
        allowed = ", ".join(COMMANDS)
        raise _WrongUse(translator.tr("cli.error.command", value=clean(first), allowed=allowed, **hint))
    try:
        known, unknown = parser.parse_known_args(arguments)
    except SystemExit as end:  # help and version have been shown
        return int(end.code or 0)
    if unknown:
        raise _WrongUse(translator.tr("cli.error.argument", value=clean(" ".join(unknown))))
    if getattr(known, "lang", LANGUAGES[0]) not in LANGUAGES:
        raise _WrongUse(
            translator.tr("cli.error.language", value=clean(known.lang), allowed=", ".join(LANGUAGES))
        )
    if known.command is None:
        parser.print_help()
        return 0
    return COMMANDS[known.command](_Call(arguments=known, translator=translator))


def _whole(call: _Call, option: str, low: int, high: int) -> int:
    """Read a whole number from an option."""
    text = getattr(call.arguments, option).strip()
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 20 and low <= int(text) <= high:
        return int(text)
    raise _WrongUse(
        call.tr("cli.error.number", option=f"--{option}", value=clean(text), allowed=f"{low} … {high}")
    )


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────


def _source(call: _Call) -> str:
    """Path of the deal that was asked for: a file, or a shipped deal by its id."""
    name = call.arguments.file
    if not name:
        raise _WrongUse(call.tr("cli.error.no_file", allowed=", ".join(library())))
    shipped = library()
    try:
        is_file = Path(name).is_file()
    except (OSError, ValueError):
        is_file = False
    if name in shipped and not is_file:
        return str(shipped[name])
    close = difflib.get_close_matches(name, shipped, n=1)
    if close and not is_file and "/" not in name and not name.endswith((".yaml", ".yml", ".json")):
        raise _WrongUse(
            call.tr("cli.error.no_deal", value=clean(name), allowed=", ".join(shipped), suggestion=close[0])
        )
    return str(name)


def _read(call: _Call) -> tuple[Scenario, list[Issue], str]:
    """Read a deal; its warnings come with it."""
    source = _source(call)
    try:
        scenario, issues = examine(load_file(source))
    except ScenarioFileError as error:
        raise ScenarioFileError(error.issues, source) from None
    if scenario is None or any(issue.severity == "error" for issue in issues):
        raise ScenarioFileError(issues, source)
    return scenario, issues, source


def _unknown_published(simulation: Simulation) -> list[Issue]:
    """Published figures that name no number of the deal."""
    known = metrics(simulation)
    return [
        Issue(code="published.unknown", path=issue.path, value=issue.value, severity="warning",
              allowed=", ".join(difflib.get_close_matches(issue.value, known, n=3)) or PAYMENTS)
        for issue in check_published(simulation)
    ]  # fmt: skip


def _compared(simulation: Simulation) -> list[Comparison]:
    """Every published figure beside the computed one; one that names no number is compared with nothing."""
    known = {check.key: check for check in compare_with_published(simulation)}
    nothing = float("nan")
    return [
        known.get(key) or Comparison(
            key=key, found=nothing, expected=one.value, at_least=one.at_least, at_most=one.at_most, difference=nothing,
            tolerance=one.tolerance, sources=one.sources,
        )
        for key, one in simulation.scenario.published.items()
    ]  # fmt: skip


def _warn(call: _Call, issues: Iterable[Issue], source: str) -> None:
    for issue in issues:
        print(_line(issue, call.translator, source), file=sys.stderr)


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────────


def _run(call: _Call) -> int:
    asked = call.arguments
    trials = None if asked.trials is None else _whole(call, "trials", 1, MAX_TRIALS)
    seed = None if asked.seed is None else _whole(call, "seed", 0, MAX_SEED)
    workers = _whole(call, "workers", 1, MAX_WORKERS)
    scenario, issues, source = _read(call)
    simulation = simulate(scenario, trials=trials, seed=seed, workers=workers)
    numbers = metrics(simulation)
    found = {key: metric.estimate() for key, metric in numbers.items()}
    issues = [*issues, *_unknown_published(simulation)]
    if asked.json:
        _print_json(_run_data(call, simulation, numbers, found, issues))
        return 0
    _print_heading(call, scenario, (
        call.tr("cli.run.trials", n=_formats(call, scenario).number(simulation.trials)),
        call.tr("cli.run.seed", seed=simulation.seed),
    ))  # fmt: skip
    for line in _tables(call, scenario, numbers, found):
        print(line)
    _warn(call, issues, source)
    return 0


def _check(call: _Call) -> int:
    scenario, issues, source = _read(call)
    if scenario.published:
        issues = [*issues, *_unknown_published(replay(scenario))]
    _print_heading(call, scenario, ())
    print(
        call.translator.trn("cli.check.warnings", len(issues), n=len(issues))
        if issues
        else call.tr("cli.check.fine")
    )
    _warn(call, issues, source)
    return 0


def _replay(call: _Call) -> int:
    scenario, issues, source = _read(call)
    simulation = replay(scenario)
    payments = metrics(simulation)[PAYMENTS].estimate().mean
    checks = _compared(simulation)
    issues = [*issues, *_unknown_published(simulation)]
    if call.arguments.json:
        _print_json(_replay_data(call, scenario, payments, checks, issues))
        return 0
    _print_heading(call, scenario, ())
    written = _formats(call, scenario).money(payments, scenario.currency)
    print(call.tr("cli.replay.payments", payments=written))
    units = {key: metric.unit for key, metric in metrics(simulation).items()}
    for line in _check_table(call, scenario, checks, units):
        print(line)
    _warn(call, issues, source)
    return 0


def _list(call: _Call) -> int:
    deals, wrong = [], []
    for name, path in library().items():
        try:
            scenario, issues = examine(load_file(path))
        except ScenarioFileError as error:
            scenario, issues = None, list(error.issues)
        if scenario is None or any(issue.severity == "error" for issue in issues):
            wrong += [_line(issue, call.translator, str(path)) for issue in issues]
        else:
            deals.append((name, scenario))
    for line in wrong:
        print(line, file=sys.stderr)
    if call.arguments.json:
        _print_json([{"id": name, "title": deal.title, "country": deal.country, "currency": deal.currency,
                      "grade": deal.grade, "digest": deal.digest()} for name, deal in deals])  # fmt: skip
    else:
        head = [
            call.tr("cli.list.id"),
            call.tr("cli.list.country"),
            call.tr("cli.list.grade"),
            call.tr("cli.list.title"),
        ]
        rows = [
            [name, deal.country, deal.grade or "", deal.title[call.translator.language]]
            for name, deal in deals
        ]
        for line in _aligned([head, *rows], left=4):
            print(line)
    return WRONG if wrong else 0


def _schema(call: _Call) -> int:
    _print_json(json_schema())
    return 0


def _app(call: _Call) -> int:
    port = _whole(call, "port", 1, MAX_PORT)
    door = next((path for path in APPS if path.is_file()), None)
    if door is None:
        raise _WrongUse(call.tr("cli.error.no_app", value=" · ".join(map(str, APPS))))
    if importlib.util.find_spec("streamlit") is None:
        raise _WrongUse(call.tr("cli.error.no_streamlit"))
    command = [sys.executable, "-m", "streamlit", "run", str(door), f"--server.port={port}"]
    code = subprocess.run(command, check=False).returncode  # noqa: S603 - our own program, no shell
    return 0 if code == 0 else WRONG


COMMANDS: dict[str, Callable[[_Call], int]] = {
    "run": _run, "check": _check, "replay": _replay, "list": _list, "schema": _schema, "app": _app,
}  # fmt: skip


# ── For machines ─────────────────────────────────────────────────────────────────────────────────────


def _print_json(data: Any) -> None:
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(data, indent=2, ensure_ascii=not is_utf8, allow_nan=False))


def _finite(value: float | None) -> float | None:
    return None if value is None or value != value or abs(value) == float("inf") else float(value)


def _warning_data(call: _Call, issues: Iterable[Issue]) -> list[dict[str, Any]]:
    return [
        {"code": issue.code, "path": issue.path, "line": issue.line, "value": issue.value, "allowed": issue.allowed,
         "severity": issue.severity, "message": _sentence(issue, call.translator)}
        for issue in issues
    ]  # fmt: skip


def _run_data(
    call: _Call, simulation: Simulation, numbers: Mapping[str, Metric], found: Mapping[str, Estimate],
    issues: Iterable[Issue],
) -> dict[str, Any]:  # fmt: skip
    scenario = simulation.scenario
    table: dict[str, Any] = {}
    for key, metric in numbers.items():
        table[key] = {**found[key].to_dict(), "unit": metric.unit, "party": metric.party}
        if metric.unit == "rate":
            table[key]["undefined"] = dict(found[key].undefined)
            table[key]["of_mean_flows"] = _finite(found[key].of_mean_flows)
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "seed": simulation.seed,
        "trials": simulation.trials, "currency": scenario.currency, "metrics": table,
        "warnings": _warning_data(call, issues), "notes": _notes(call, scenario),
    }  # fmt: skip


def _notes(call: _Call, scenario: Scenario) -> list[str]:
    return [scenario.remarks[call.translator.language]] if scenario.remarks else []


def _replay_data(
    call: _Call, scenario: Scenario, payments: float, checks: Sequence[Comparison], issues: Iterable[Issue]
) -> dict[str, Any]:
    paid = next((check for check in checks if check.key == PAYMENTS), None)
    expected: Any = None
    if paid is not None:
        expected = (
            paid.expected
            if paid.expected is not None
            else {"at_least": paid.at_least, "at_most": paid.at_most}
        )
    return {
        "deal": scenario.id, "digest": scenario.digest(), "version": __version__, "currency": scenario.currency,
        "payments": _finite(payments), "expected": expected,
        "difference": None if paid is None else _finite(paid.difference),
        "checks": [
            {"key": check.key, "found": _finite(check.found), "expected": check.expected, "at_least": check.at_least,
             "at_most": check.at_most, "difference": _finite(check.difference), "tolerance": check.tolerance,
             "agrees": check.agrees, "sources": list(check.sources)}
            for check in checks
        ],
        "warnings": _warning_data(call, issues), "notes": _notes(call, scenario),
    }  # fmt: skip


# ── For people ───────────────────────────────────────────────────────────────────────────────────────


def _formats(call: _Call, scenario: Scenario) -> Formats:
    tag = COUNTRY_LOCALES.get(scenario.country, _PLAIN_LOCALE)
    return Formats(tag, call.translator.language)


def _print_heading(call: _Call, scenario: Scenario, more: Iterable[str]) -> None:
    print(f"{scenario.title[call.translator.language]} ({scenario.id})")
    print(" · ".join((call.tr("cli.run.digest", digest=scenario.digest()), f"pxr {__version__}", *more)))


def _written(value: float | None, unit: Unit, scenario: Scenario, formats: Formats) -> str:
    """One number as the deal's country writes it."""
    if value is None or value != value:
        return formats.number(float("nan"))
    if unit in ("money", "money_per_unit"):
        return formats.money(value, scenario.currency, 0 if abs(value) >= 1_000 else None)
    if unit in ("rate", "share"):
        return formats.percent(value, 1)
    if unit == "multiple":
        return f"{formats.number(value, 2)}×"
    return formats.number(value, 0 if abs(value) >= 1_000 else 1)


def _label(call: _Call, metric: Metric, scenario: Scenario) -> str:
    """Name of a number, with the result or capital it speaks of."""
    owner, _, number = metric.key.rpartition(".")
    language, contract = call.translator.language, scenario.contract
    if owner == "parties":
        return _party(call, scenario, number)
    if owner == "payments":
        return f"{_in_words(call, 'metric.payments', scenario)}: {contract.payments[number].name[language]}"
    key = f"metric.{number}"
    text = _in_words(call, key, scenario) if call.translator.has(key) else number.replace("_", " ")
    if owner in contract.results:
        return f"{text}: {contract.results[owner].name[language]}"
    return (
        text if owner in (metric.party, "payer", "people", "provider", "investors") else f"{text} ({owner})"
    )


def _in_words(call: _Call, key: str, scenario: Scenario) -> str:
    return translator_for(call.translator.language, scenario.country).tr(key)


def _party(call: _Call, scenario: Scenario, name: str) -> str:
    if name in scenario.contract.parties:
        return scenario.contract.parties[name].name[call.translator.language]
    roles = {"payer": "cli.party.payer", "people": "cli.party.people", "investors": "cli.party.investors",
             "provider": "cli.party.provider", OUTSIDE: "cli.party.outside"}  # fmt: skip
    if name in roles:
        return call.tr(roles[name])
    part = scenario.contract.capital.get(name)
    return call.tr("cli.party.capital", name=name, party=_party(call, scenario, part.party)) if part else name


def _tables(
    call: _Call, scenario: Scenario, numbers: Mapping[str, Metric], found: Mapping[str, Estimate]
) -> Iterable[str]:
    """A table of numbers for each party, and what has to be said below."""
    formats = _formats(call, scenario)
    head = [call.tr("cli.column.mean"), call.tr("cli.column.error"), "P10", "P50", "P90"]
    groups: dict[str, list[list[str]]] = {}
    notes: list[str] = []
    for key, metric in numbers.items():
        one = found[key]
        group = (
            call.tr("cli.party.all") if key.startswith("parties.") else _party(call, scenario, metric.party)
        )
        rate = metric.unit == "rate"
        mean = one.of_mean_flows if rate else one.mean
        label = _label(call, metric, scenario) + (" *" if rate else "")
        row = [_written(value, metric.unit, scenario, formats)
               for value in (mean, None if rate else one.se, one.p10, one.p50, one.p90)]  # fmt: skip
        groups.setdefault(group, []).append([f"  {label}", *row])
        if one.undefined and sum(one.undefined.values()) > 0:
            shares = ", ".join(
                f"{_reason(call, why)}: {formats.percent(share)}" for why, share in one.undefined.items()
            )
            notes.append(
                call.tr("cli.note.undefined", name=f"{label.removesuffix(' *')} – {group}", shares=shares)
            )
    rows: list[list[str]] = []
    for group, own in groups.items():
        rows += [[group, *([""] * 5)], *own]
    yield ""
    yield from _aligned([["", *head], *rows], left=1)
    yield ""
    if any(metric.unit == "rate" for metric in numbers.values()):
        yield call.tr("cli.note.rate")
    yield from notes


def _reason(call: _Call, reason: str) -> str:
    key = f"cli.reason.{reason}"
    return call.tr(key) if call.translator.has(key) else reason.replace("_", " ")


def _check_table(
    call: _Call, scenario: Scenario, checks: Sequence[Comparison], units: Mapping[str, Unit]
) -> Iterable[str]:
    if not checks:
        yield call.tr("cli.replay.nothing")
        return
    formats = _formats(call, scenario)
    head = [call.tr("cli.replay.key"), call.tr("cli.replay.found"), call.tr("cli.replay.expected"),
            call.tr("cli.replay.difference"), call.tr("cli.replay.agrees"), call.tr("cli.replay.sources")]  # fmt: skip
    rows = []
    for check in checks:
        unit = units.get(check.key.partition("@")[0], "units")
        low, high = (
            _written(v, unit, scenario, formats) if v is not None else ""
            for v in (check.at_least, check.at_most)
        )
        expected = (
            f"{low} … {high}" if check.expected is None else _written(check.expected, unit, scenario, formats)
        )
        rows.append([check.key, _written(check.found, unit, scenario, formats), expected,
                     _written(check.difference, unit, scenario, formats),
                     call.tr("cli.replay.yes") if check.agrees else call.tr("cli.replay.no"),
                     ", ".join(check.sources)])  # fmt: skip
    yield ""
    yield from _aligned([head, *rows], left=1)


def _aligned(rows: Sequence[Sequence[str]], *, left: int) -> Iterable[str]:
    """Columns of equal width: the first ones flush left, the others right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(w) if k < left else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


if __name__ == "__main__":
    sys.exit(main())
