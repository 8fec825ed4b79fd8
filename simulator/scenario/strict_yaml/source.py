"""From a file to its characters: only ordinary files, of a believable size, in UTF-8, without hidden signs."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from pathlib import Path

from simulator.scenario.issues import Issue
from simulator.scenario.strict_yaml.collecting import Log, Refused, make_issue
from simulator.scenario.strict_yaml.limits import MAX_BYTES, MAX_LINES

_SPECIAL = "file.not_regular"
_KINDS = (
    (stat.S_ISDIR, "directory", "file.directory"),
    (stat.S_ISCHR, "device", _SPECIAL),
    (stat.S_ISBLK, "device", _SPECIAL),
    (stat.S_ISFIFO, "pipe", _SPECIAL),
    (stat.S_ISSOCK, "socket", _SPECIAL),
)
_OS_CODES = {
    errno.ENOENT: "file.not_found",
    errno.ENOTDIR: "file.not_found",
    errno.EACCES: "file.permission",
    errno.EPERM: "file.permission",
}


def read_bytes(path: Path) -> bytes:
    """Read an ordinary file of allowed size, however it changes meanwhile."""
    check_status(path.stat())  # before opening, which may already do something to a device
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        check_status(os.fstat(descriptor))
        return file.read(MAX_BYTES + 1)


def check_status(status: os.stat_result) -> None:
    """Refuse whatever is no ordinary file of allowed size."""
    for is_kind, name, code in _KINDS:
        if is_kind(status.st_mode):
            raise Refused([make_issue(code, value=name, allowed="file")])
    check_size(status.st_size)


def check_size(size: int) -> None:
    """Refuse what is larger than a document can be."""
    if size > MAX_BYTES:
        raise Refused([make_issue("file.too_large", value=f"{size} B", allowed=f"<= {MAX_BYTES} B")])


def os_issue(error: OSError | ValueError, source: str) -> Issue:
    """Turn an error of the operating system into an issue."""
    number = (error.errno or 0) if isinstance(error, OSError) else errno.EINVAL
    code = _OS_CODES.get(number, "file.unreadable")
    return make_issue(code, value=source, reason=errno.errorcode.get(number, type(error).__name__))


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
REFUSED_IN_VALUE = re.compile(f"[{_NOT_TEXT}]")
# Line ends for YAML 1.1 and the scanner, ordinary characters for YAML 1.2: only as escapes in double quotes.
_REFUSED_IN_FILE = re.compile(f"[{_NOT_TEXT}\x85\u2028\u2029]+")


def checked_text(content: str | bytes, log: Log) -> str:
    """Return the characters of a file, with one kind of line end, if all of them are acceptable."""
    check_size(len(content))
    if isinstance(content, bytes):
        text = _decoded(content)
    else:
        text = content
        check_size(len(text.encode("utf-8", "surrogatepass")))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if (lines := text.count("\n")) > MAX_LINES:
        log.stop("file.too_many_lines", value=str(lines), allowed=f"<= {MAX_LINES}")
    _check_characters(text, log)
    log.end_if_any()
    return text


def _decoded(content: bytes) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            raise Refused([make_issue("file.encoding", value=name, allowed="UTF-8")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        value = f"0x{content[error.start]:02x}"
        raise Refused(
            [make_issue("file.encoding", before.count(b"\n") + 1, value=value, allowed="UTF-8")]
        ) from None


def _check_characters(text: str, log: Log) -> None:
    line, position = 1, 0
    seen: set[tuple[int, str]] = set()
    for match in _REFUSED_IN_FILE.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        for character in dict.fromkeys(match.group()):
            if (line, character) not in seen:
                seen.add((line, character))
                log.add("yaml.character", line, value=code_point(character))


def code_point(character: str) -> str:
    """Name a character that cannot be shown."""
    return f"U+{ord(character):04X}"
