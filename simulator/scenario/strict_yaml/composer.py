"""From events to plain data."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError

from simulator.scenario.commas import without_comma
from simulator.scenario.issues import short_repr
from simulator.scenario.strict_yaml.collecting import Log, Refused
from simulator.scenario.strict_yaml.document import Document, Plain
from simulator.scenario.strict_yaml.limits import MAX_DEPTH, MAX_KEY, MAX_NODES, MAX_RECORDED_PATH
from simulator.scenario.strict_yaml.scalars import CONSTANTS, NUMBER, NumberError, read_number
from simulator.scenario.strict_yaml.scanner import REST_OF_LINE, TAG, Loader
from simulator.scenario.strict_yaml.source import REFUSED_IN_VALUE, code_point

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

_REST_OF_NUMBER = re.compile(
    r"(?:,[0-9]{1,40}){1,8}(?:\.[0-9]{1,40})?(?: *%)?(?: *[(\[][A-Za-z0-9_ ]{1,80}[)\]])*(?= *[,}\n#])"
)
"""What follows the first figures of a number with a comma, and nothing that has a value of its own."""


class Composer:
    """Builds plain data from the events of one document and notes everything that does not belong."""

    def __init__(self, text: str, log: Log) -> None:
        self._text = text
        self._log = log
        self._loader = Loader(text, log)
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

    def _next(self, *, stay: bool = False) -> Any:
        """Return the next event, and go on to it unless told to stay."""
        parser = self._loader._parser
        try:
            return parser.peek_event() if stay else parser.get_event()
        except Refused:
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
        value = REST_OF_LINE.match(self._text, start)
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
        return self._mapping(path, depth, flow=bool(event.flow_style))

    def _is_bare(self, event: Any, line: int, path: str) -> bool:
        """Note anchors and tags; say whether there is a value (an alias is none)."""
        if isinstance(event, ev.AliasEvent):
            self._log.add("yaml.alias", line, path, value=f"*{event.anchor}")
            return False
        if event.anchor is not None:
            self._log.add("yaml.anchor", line, path, value=f"&{event.anchor}")
        if event.ctag is not None:
            tag = TAG.search(self._text, event.start_mark.index)
            self._log.add("yaml.tag", line, path, value=tag.group() if tag else "!")
        return True

    def _sequence(self, path: str, depth: int) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := self._next(), ev.SequenceEndEvent):
            items.append(self._node(event, _join(path, str(len(items))), depth + 1))
        return items

    def _mapping(self, path: str, depth: int, *, flow: bool) -> dict[str, Plain]:
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
            content = self._next()
            value = self._node(content, place, depth + 1)
            if key is not None:
                entries[key] = value
            if flow:
                self._pass_comma(content, line, place)
        return entries

    def _pass_comma(self, event: Any, line: int, path: str) -> None:
        """Note a number such as ``0,2`` inside braces, where YAML takes the rest of it for another field."""
        if not isinstance(event, ev.ScalarEvent) or event.style is not None or not event.value:
            return
        rest = _REST_OF_NUMBER.match(self._text, event.end_mark.index)
        written = without_comma(event.value + rest.group()) if rest else ""
        if rest and written:
            self._log.add("decimal_comma", line, path, value=event.value + rest.group(), allowed=written)
            while self._next(stay=True).start_mark.index < rest.end():
                self._count(self._next())
                self._count(self._next())  # its value, which is nothing

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
        if text in CONSTANTS:
            return CONSTANTS[text]
        number = NUMBER.fullmatch(text)
        return self._number(number, line, path) if number else text

    def _quoted(self, event: ev.ScalarEvent, line: int, path: str) -> str:
        """Return the text of a scalar; escapes may have brought in what the file itself cannot contain."""
        text: str = event.value
        if event.style != '"' or not REFUSED_IN_VALUE.search(text):
            return text
        # JSON writes characters beyond U+FFFF as two escapes.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        for character in dict.fromkeys(REFUSED_IN_VALUE.findall(text)):
            self._log.add("yaml.character", line, path, value=code_point(character))
        return text

    def _number(self, match: re.Match[str], line: int, path: str) -> int | float:
        try:
            return read_number(match)
        except NumberError as error:
            self._log.add(error.code, line, path, value=match.group(), allowed=error.allowed)
            return 0


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
