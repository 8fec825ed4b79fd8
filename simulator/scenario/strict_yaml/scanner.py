"""From characters to events, with the scanner and parser of ruamel.yaml."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import tokens
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from simulator.scenario.strict_yaml.collecting import Log

REST_OF_LINE = re.compile(r"[^\n\0]*")
TAG = re.compile(r"![^ \t\n\0,\[\]{}]*")


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

    def __init__(self, loader: Loader, log: Log) -> None:
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
            text = self._rest(REST_OF_LINE)
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
        self.reader.forward(len(self._rest(TAG)))
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

    def __init__(self, loader: Loader) -> None:
        self.scanner = loader._scanner
        self.resolver = loader  # which version of YAML is spoken
        super().__init__(loader)


class Loader:
    """The parts of ruamel.yaml, connected as they expect it, without its constructor of objects."""

    comment_handling = None
    processing_version = (1, 2)

    def __init__(self, text: str, log: Log) -> None:
        self._reader = _Reader(text, loader=self)
        self._scanner = _Scanner(self, log)
        self._parser = _Parser(self)
