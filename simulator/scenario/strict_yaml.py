"""Read a scenario file: a small, safe part of YAML 1.2, of which JSON is a part too.

YAML in general is neither small nor safe: aliases explode, tags build objects, ``no`` is false in one version
and a word in the next, ``1:30`` may be ninety. Here a document is mappings with text keys, lists and scalars,
nothing else. The pure Python scanner and parser of ruamel.yaml deliver events (the C parser would need a
second package and knows YAML 1.1 only); the composer below turns them into plain data and builds no objects.

========================  ====================================================================================
Scalar, unquoted          Read as
========================  ====================================================================================
``true`` ``False`` …      boolean (``true True TRUE``, likewise false); ``yes no on off`` are text
``null`` ``~``, nothing   null
``12`` ``-3`` ``0x1F``    integer, also ``0o17``
``1.5`` ``1e5`` ``.5``    number from 1e-300 to 1e300 in size, up to 40 digits; ``.inf``, ``.nan`` are refused
``010`` ``-007.5``        refused: octal in YAML 1.1, decimal in 1.2, often a code that should be in quotes
anything else             text: so are dates, ``1:30``, ``1_000`` and ``12,5``; quotes always make text
========================  ====================================================================================

Keys are text as written, whatever they look like. Problems are collected as issues and raised once; those
after which reading makes no sense (syntax, too deep, too many nodes) end the collection.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from ruamel.yaml import events as ev
from ruamel.yaml import tokens
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.issues import Issue, short_repr
from simulator.scenario.numbers import THOUSANDS_DOT, written_both_ways

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"

MAX_BYTES: Final = 2**20
MAX_LINES: Final = 50_000
MAX_NODES: Final = 50_000
MAX_DEPTH: Final = 20
MAX_KEY: Final = 120
MAX_DIGITS: Final = 40
MAX_NUMBER: Final = 1e300
MIN_NUMBER: Final = 1e-300
MAX_ISSUES: Final = 100
MAX_RECORDED_PATH: Final = 300
"""Lines are not kept for longer paths: twenty long keys above fifty thousand items would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as plain data, and where in the file each part of it stands.

    Parameters
    ----------
    data
        Mappings (keys are always text), lists, text, numbers, booleans and nulls.
    lines
        Line of each part, counted from 1, by its dotted path; items of lists by their position from 0, as in
        ``contract.tranches.0.rate``. An entry of a mapping stands where its key stands; the whole is ``""``.
    """

    data: Plain
    lines: dict[str, int]

    def line_of(self, path: str) -> int | None:
        r"""Return the line of a part or, if the file does not have it, of the nearest part around it.

        Examples
        --------
        >>> load_text("contract:\n  price: 10\n").line_of("contract.price.cap")
        2
        """
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path)


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
        content = _read_bytes(Path(path))
    except _Refused as refused:
        raise ScenarioFileError(refused.issues, source) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise ScenarioFileError([_os_issue(error, source)], source) from None
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
    log = _Log()
    try:
        document = _Composer(_checked_text(text, log), log).document()
        log.end_if_any()
    except _Refused as refused:
        raise ScenarioFileError(refused.issues, source) from None
    return document


# ── Collecting ───────────────────────────────────────────────────────────────────────────────────────


class _Refused(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    """Ends the reading."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__()
        self.issues = sorted(issues, key=lambda issue: issue.line or 0)


class _Log:
    """The issues found so far."""

    def __init__(self) -> None:
        self._issues: dict[Issue, None] = {}  # a set that keeps the order

    def add(self, code: str, line: int | None = None, path: str = "", **details: Any) -> None:
        """Note an issue; give up when there are more than anybody reads."""
        self._issues[_issue(code, line, path, **details)] = None
        if len(self._issues) >= MAX_ISSUES:
            self.stop("file.too_many_issues", line, allowed=f"< {MAX_ISSUES}")

    def stop(self, code: str, line: int | None = None, path: str = "", **details: Any) -> NoReturn:
        """Note an issue after which nothing more can be read."""
        raise _Refused([*self._issues, _issue(code, line, path, **details)])

    def end_if_any(self) -> None:
        """Refuse the file if anything was noted."""
        if self._issues:
            raise _Refused([*self._issues])


def _issue(
    code: str,
    line: int | None = None,
    path: str = "",
    *,
    value: str = "",
    allowed: str = "",
    **params: str | int,
) -> Issue:
    return Issue(code=code, path=path, value=value, allowed=allowed, line=line, params=tuple(params.items()))


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────

_KINDS = (
    (stat.S_ISDIR, "directory"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
)
_OS_CODES = {
    errno.ENOENT: "file.not_found",
    errno.ENOTDIR: "file.not_found",
    errno.EACCES: "file.permission",
    errno.EPERM: "file.permission",
}


def _read_bytes(path: Path) -> bytes:
    """Read an ordinary file of allowed size, however it changes meanwhile."""
    _check_status(path.stat())  # before opening, which may already do something to a device
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        _check_status(os.fstat(descriptor))
        return file.read(MAX_BYTES + 1)


def _check_status(status: os.stat_result) -> None:
    for is_kind, name in _KINDS:
        if is_kind(status.st_mode):
            raise _Refused([_issue("file.not_regular", value=name, allowed="file")])
    _check_size(status.st_size)


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise _Refused([_issue("file.too_large", value=f"{size} B", allowed=f"<= {MAX_BYTES} B")])


def _os_issue(error: OSError | ValueError, source: str) -> Issue:
    number = (error.errno or 0) if isinstance(error, OSError) else errno.EINVAL
    code = _OS_CODES.get(number, "file.unreadable")
    return _issue(code, value=source, reason=errno.errorcode.get(number, type(error).__name__))


# ── The text ─────────────────────────────────────────────────────────────────────────────────────────

_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# Control characters, lone surrogates, non-characters, marks inside the text, and the signs that make a person
# see another text than the machine reads ("Trojan source").
_NOT_TEXT = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
)
_REFUSED_IN_VALUE = re.compile(f"[{_NOT_TEXT}]")
# Line ends for YAML 1.1 and the scanner, ordinary characters for YAML 1.2: only as escapes in double quotes.
_REFUSED_IN_FILE = re.compile(f"[{_NOT_TEXT}\x85\u2028\u2029]+")


def _checked_text(content: str | bytes, log: _Log) -> str:
    """Return the characters of a file, with one kind of line end, if all of them are acceptable."""
    _check_size(len(content))
    if isinstance(content, bytes):
        text = _decoded(content)
    else:
        text = content
        _check_size(len(text.encode("utf-8", "surrogatepass")))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if (lines := text.count("\n")) > MAX_LINES:
        log.stop("file.too_many_lines", value=str(lines), allowed=f"<= {MAX_LINES}")
    _check_characters(text, log)
    log.end_if_any()
    return text


def _decoded(content: bytes) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            raise _Refused([_issue("file.encoding", value=name, allowed="UTF-8")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        value = f"0x{content[error.start]:02x}"
        raise _Refused(
            [_issue("file.encoding", before.count(b"\n") + 1, value=value, allowed="UTF-8")]
        ) from None


def _check_characters(text: str, log: _Log) -> None:
    line, position = 1, 0
    seen: set[tuple[int, str]] = set()
    for match in _REFUSED_IN_FILE.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        for character in dict.fromkeys(match.group()):
            if (line, character) not in seen:
                seen.add((line, character))
                log.add("yaml.character", line, value=_code_point(character))


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


# ── From characters to events ────────────────────────────────────────────────────────────────────────

_LINE = re.compile(r"[^\n\0]*")


class _Mark:
    """A place in the text; the original's keeps the whole text too."""

    __slots__ = ("column", "index", "line")

    def __init__(self, index: int, line: int, column: int) -> None:
        self.index = index
        self.line = line
        self.column = column


class _Reader(Reader):
    """Moves over many characters at once; the text has only one kind of line end."""

    def get_mark(self) -> _Mark:
        return _Mark(self.index, self.line, self.column)

    def forward(self, length: int = 1) -> None:
        start = self.pointer
        self.pointer = self.index = end = start + length
        if breaks := self.buffer.count("\n", start, end):
            self.line += breaks
            self.column = end - self.buffer.rindex("\n", start, end) - 1
        else:
            self.column += length


class _Scanner(Scanner):
    """Notes what has no place in a scenario, and takes long texts in steps of words instead of letters."""

    _DIRECTIVE_YAML = re.compile(r"%YAML +1\.2 *(?: #.*)?(?=[\n\0])")
    _TAG = re.compile(r"![^ \t\n\0,\[\]{}]*")
    _COMMENT = re.compile(r" *(?:#[^\n\0]*)?")
    # Words of a plain scalar on one line; a word ends at a space, at ": " and inside brackets at a bracket.
    _WORD_BLOCK = r"(?:[^ \t\n\0:]|:(?![ \t\n\0]))"
    _WORD_FLOW = r"(?:[^ \t\n\0:,\[\]{}]|:(?![ \t\n\0]))"
    _RUN_BLOCK = re.compile(rf"(?!#){_WORD_BLOCK}++(?: ++(?!#){_WORD_BLOCK}++)*+")
    _RUN_FLOW = re.compile(rf"(?!#){_WORD_FLOW}++(?: ++(?!#){_WORD_FLOW}++)*+")

    # Words between quotes, with the spaces between them and the escapes.
    _ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0abt\tnvfre \"/\\N_LP])"
    _WORD_DOUBLE = rf"(?:[^ \t\n\0\"\\]|{_ESCAPE})"
    _WORD_SINGLE = r"(?:[^ \t\n\0']|'')"
    _RUN_DOUBLE = re.compile(rf"{_WORD_DOUBLE}++(?:[ \t]++{_WORD_DOUBLE}++)*+")
    _RUN_SINGLE = re.compile(rf"{_WORD_SINGLE}++(?:[ \t]++{_WORD_SINGLE}++)*+")
    _ESCAPES = re.compile(_ESCAPE)

    reader: Any = None  # an attribute where the original looks for one at each character

    def __init__(self, loader: _Loader, log: _Log) -> None:
        self.reader = loader._reader
        self._log = log
        super().__init__(loader)

    def _rest(self, pattern: re.Pattern[str]) -> str:
        """Return what a pattern matches here, perhaps nothing."""
        match = pattern.match(self.reader.buffer, self.reader.pointer)
        return match.group() if match else ""

    def check_token(self, *choices: type[tokens.Token]) -> bool:
        """Say whether the next token is one of these, asking about all of them at once."""
        if self.possible_simple_keys or not self.tokens:
            while self.need_more_tokens():
                self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_to_next_token(self) -> None:
        """Skip spaces, line ends and comments, if there are any."""
        if self.reader.peek() in " \t\n#":
            super().scan_to_next_token()

    def fetch_directive(self) -> None:
        """Accept ``%YAML 1.2``; note any other directive and go to the end of its line."""
        self.unwind_indent(-1)
        self.remove_possible_simple_key()
        self.allow_simple_key = False
        mark = self.reader.get_mark()
        if text := self._rest(self._DIRECTIVE_YAML):
            self.tokens.append(tokens.DirectiveToken("YAML", (1, 2), mark, mark))
        else:
            text = self._rest(_LINE)
            self._log.add("yaml.directive", mark.line + 1, value=text, allowed="%YAML 1.2")
        self.reader.forward(len(text))

    def fetch_key(self) -> None:
        """Note a key announced by a question mark."""
        self._log.add("yaml.complex_key", self.reader.line + 1, value="?")
        super().fetch_key()

    def fetch_tag(self) -> None:
        """Read a tag without looking into it; the composer notes it."""
        self.save_possible_simple_key()
        self.allow_simple_key = False
        start = self.reader.get_mark()
        self.reader.forward(len(self._rest(self._TAG)))
        self.tokens.append(tokens.TagToken((None, "!"), start, self.reader.get_mark()))

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """Skip a comment behind ``|`` or ``>``; the original takes quadratic time."""
        self.reader.forward(len(self._rest(self._COMMENT)))
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[str]:
        """Read words and the spaces between them at once, and what remains as the original does."""
        text = self._rest(self._RUN_DOUBLE if double else self._RUN_SINGLE)
        self.reader.forward(len(text))
        text = self._ESCAPES.sub(self._unescape, text) if double else text.replace("''", "'")
        return [text, *super().scan_flow_scalar_non_spaces(double, start_mark)]

    def _unescape(self, match: re.Match[str]) -> str:
        name = match.group()[1:]
        return self.ESCAPE_REPLACEMENTS[name] if len(name) == 1 else chr(int(name[1:], 16))

    def scan_plain(self) -> tokens.ScalarToken:
        """Read an unquoted scalar as the original does, but a line at a time."""
        pattern = self._RUN_FLOW if self.flow_level else self._RUN_BLOCK
        start = end = self.reader.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] = []
        while text := self._rest(pattern):
            self.allow_simple_key = False
            chunks += [*spaces, text]
            self.reader.forward(len(text))
            end = self.reader.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or (not self.flow_level and self.reader.column < indent):
                break
        return tokens.ScalarToken("".join(chunks), True, start, end)


class _Parser(Parser):
    """Knows its scanner instead of looking for it at each token."""

    scanner: Any = None
    resolver: Any = None

    def __init__(self, loader: _Loader) -> None:
        self.scanner = loader._scanner
        self.resolver = loader  # which version of YAML is spoken
        super().__init__(loader)


class _Loader:
    """The parts of ruamel.yaml, connected as they expect it, without its constructor of objects."""

    comment_handling = None
    processing_version = (1, 2)

    def __init__(self, text: str, log: _Log) -> None:
        self._reader = _Reader(text, loader=self)
        self._scanner = _Scanner(self, log)
        self._parser = _Parser(self)


# ── From events to data ──────────────────────────────────────────────────────────────────────────────

_SYNTAX = (  # what the scanner or the parser says → our code; anything else is yaml.syntax
    ("found character '\\t'", "yaml.tab"),
    ("found character", "yaml.start_character"),
    ("mapping values are not allowed here", "yaml.colon"),
    ("could not find expected ':'", "yaml.missing_colon"),
    ("found unexpected end of stream", "yaml.quote"),
    ("found unknown escape character", "yaml.escape"),
    ("expected escape sequence", "yaml.escape"),
    ("expected <block end>", "yaml.indent"),
    ("sequence entries are not allowed here", "yaml.dash"),
    ("expected ',' or", "yaml.bracket"),
    ("while scanning an alias", "yaml.alias"),
    ("while scanning an anchor", "yaml.anchor"),
)


class _Composer:
    """Builds plain data from the events of one document and notes everything that does not belong."""

    def __init__(self, text: str, log: _Log) -> None:
        self._text = text
        self._log = log
        self._loader = _Loader(text, log)
        self._lines: dict[str, int] = {}
        self._nodes = 0

    def document(self) -> Document:
        """Read the only document."""
        self._next()  # the stream begins
        if isinstance(self._next(), ev.StreamEndEvent):
            self._log.end_if_any()
            self._log.stop("file.empty")
        data = self._node(self._next(), "", 1)
        self._next()  # the document ends
        after = self._next()
        if not isinstance(after, ev.StreamEndEvent):
            self._log.stop("yaml.multiple_documents", after.start_mark.line + 1, allowed="1")
        return Document(data=data, lines=self._lines)

    def _next(self) -> Any:
        try:
            return self._loader._parser.get_event()
        except _Refused:
            raise
        except MarkedYAMLError as error:
            self._stop_at(error)
        except Exception:  # malformed files make the parser stumble in several ways of its own
            self._log.stop("yaml.syntax", self._loader._reader.line + 1)

    def _stop_at(self, error: MarkedYAMLError) -> NoReturn:
        """Translate an error of syntax; what was left open is shown where it was opened."""
        said = [str(part) for part in (error.problem, error.context) if part]
        codes = (code for start, code in _SYNTAX for part in said if part.startswith(start))
        code = next(codes, "yaml.syntax")
        here = self._loader._reader.get_mark()
        began = error.context_mark or error.problem_mark or here
        mark = began if code in {"yaml.quote", "yaml.missing_colon"} else error.problem_mark or began
        start = max(self._text.rfind("\n", 0, mark.index) + 1, mark.index - 40)
        value = _LINE.match(self._text, start)
        self._log.stop(
            code,
            mark.line + 1,
            value=value.group() if value else "",
            column=mark.column + 1,
            start_line=began.line + 1,
            detail=said[0] if said else "",
        )

    def _count(self, event: Any) -> int:
        """Count a node and return its line."""
        line = int(event.start_mark.line) + 1
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._log.stop("yaml.too_many_nodes", line, allowed=f"<= {MAX_NODES}")
        return line

    def _node(self, event: Any, path: str, depth: int) -> Plain:
        line = self._count(event)
        if len(path) <= MAX_RECORDED_PATH:
            self._lines.setdefault(path, line)
        if not self._is_bare(event, line, path):
            return None
        if isinstance(event, ev.ScalarEvent):
            return self._scalar(event, line, path)
        if depth > MAX_DEPTH:
            self._log.stop("yaml.depth", line, path, value=str(depth), allowed=f"<= {MAX_DEPTH}")
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._mapping(path, depth)

    def _is_bare(self, event: Any, line: int, path: str) -> bool:
        """Note anchors and tags; say whether there is a value (an alias is none)."""
        if isinstance(event, ev.AliasEvent):
            self._log.add("yaml.alias", line, path, value=f"*{event.anchor}")
            return False
        if event.anchor is not None:
            self._log.add("yaml.anchor", line, path, value=f"&{event.anchor}")
        if event.ctag is not None:
            tag = _Scanner._TAG.search(self._text, event.start_mark.index)
            self._log.add("yaml.tag", line, path, value=tag.group() if tag else "!")
        return True

    def _sequence(self, path: str, depth: int) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := self._next(), ev.SequenceEndEvent):
            items.append(self._node(event, _join(path, str(len(items))), depth + 1))
        return items

    def _mapping(self, path: str, depth: int) -> dict[str, Plain]:
        entries: dict[str, Plain] = {}
        first: dict[str, int] = {}
        while not isinstance(event := self._next(), ev.MappingEndEvent):
            line, key = self._key(event, path, depth)
            place = _join(path, "?" if key is None else key)
            if key is not None and key in first:
                self._log.add("yaml.duplicate_key", line, place, value=key, first_line=first[key])
                key = None
            if key is not None:
                first[key] = line
                if len(place) <= MAX_RECORDED_PATH:
                    self._lines[place] = line
            value = self._node(self._next(), place, depth + 1)
            if key is not None:
                entries[key] = value
        return entries

    def _key(self, event: Any, path: str, depth: int) -> tuple[int, str | None]:
        """Return the line of a key, and the key unless it cannot be used."""
        line = self._count(event)
        if not self._is_bare(event, line, path):
            return line, None
        if not isinstance(event, ev.ScalarEvent):
            self._log.add("yaml.complex_key", line, value="?")
            self._skip(depth)
            return line, None
        if event.style is None and event.value == "<<":
            self._log.add("yaml.merge_key", line, path, value="<<")
            return line, None
        key = self._quoted(event, line, path)
        if not key.strip() or len(key) > MAX_KEY or "\n" in key:
            self._log.add("yaml.key", line, path, value=short_repr(key), allowed=f"1..{MAX_KEY}")
            return line, None
        return line, key

    def _skip(self, depth: int) -> None:
        """Pass over the rest of a collection that serves as a key."""
        level = 1
        while level:
            event = self._next()
            if isinstance(event, ev.CollectionEndEvent):
                level -= 1
                continue
            line = self._count(event)
            if isinstance(event, ev.CollectionStartEvent):
                level += 1
                if depth + level > MAX_DEPTH:
                    self._log.stop("yaml.depth", line, value=str(depth + level), allowed=f"<= {MAX_DEPTH}")

    def _scalar(self, event: ev.ScalarEvent, line: int, path: str) -> Plain:
        text = self._quoted(event, line, path)
        if event.style is not None or event.ctag is not None:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        number = _NUMBER.fullmatch(text)
        return self._number(number, line, path) if number else text

    def _quoted(self, event: ev.ScalarEvent, line: int, path: str) -> str:
        """Return the text of a scalar; escapes may have brought in what the file itself cannot contain."""
        text: str = event.value
        if event.style != '"' or not _REFUSED_IN_VALUE.search(text):
            return text
        # JSON writes characters beyond U+FFFF as two escapes.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        for character in dict.fromkeys(_REFUSED_IN_VALUE.findall(text)):
            self._log.add("yaml.character", line, path, value=_code_point(character))
        return text

    def _number(self, match: re.Match[str], line: int, path: str) -> int | float:
        try:
            return _number(match)
        except _NumberError as error:
            self._log.add(error.code, line, path, value=match.group(), allowed=error.allowed)
            return 0


# ── Scalars ──────────────────────────────────────────────────────────────────────────────────────────

_CONSTANTS: dict[str, bool | None] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
_NUMBER = re.compile(
    r"(?P<special>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
    r"|(?P<radix>0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<integer>[-+]?[0-9]+)"
    r"|(?P<decimal>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_RANGE = "0, ±1e-300..±1e300"  # MIN_NUMBER to MAX_NUMBER
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")


class _NumberError(ValueError):
    def __init__(self, code: str, allowed: str) -> None:
        super().__init__(code)
        self.code = code
        self.allowed = allowed


def _number(match: re.Match[str]) -> int | float:
    """Return a number if it is one that nobody can misread."""
    text, kind = match.group(), match.lastgroup
    if kind == "special":
        raise _NumberError("yaml.number", _RANGE)
    digits = len(text) - 2 if kind == "radix" else sum(map(text.count, "0123456789"))
    if digits > MAX_DIGITS:
        raise _NumberError("yaml.number_digits", f"<= {MAX_DIGITS}")
    if kind == "radix":
        return int(text, 0)
    if THOUSANDS_DOT.match(text):
        raise _NumberError("yaml.thousands_dot", written_both_ways(text))
    if _LEADING_ZERO.match(text):
        raise _NumberError("yaml.leading_zero", "")
    return int(text) if kind == "integer" else _decimal(text)


def _decimal(text: str) -> float:
    value = float(text)
    is_zero = re.match("[^eE]*[1-9]", text) is None
    if not is_zero and not MIN_NUMBER <= abs(value) <= MAX_NUMBER:
        raise _NumberError("yaml.number", _RANGE)
    return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
