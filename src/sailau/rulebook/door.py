"""The door: how a file or a text that somebody gave becomes bytes, TOML or JSON, and nothing before it is of lawful size.

A file is opened without waiting for it, looked at by its handle, and read only when it is a regular file within its limit.
TOML and JSON are refused where they nest too deeply, hold numbers that no election has, or keys that cost more to read
than they say.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.limits import INTEGER, KEY_DEPTH, TEXT, TOML, Limit

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
_OPEN |= getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LINK_ERRORS = (errno.ELOOP, errno.EMLINK, getattr(errno, "EFTYPE", errno.ELOOP))
REGULAR = "a regular file"
_TOML, _NUMBER = "valid TOML", "a number"


def read_bytes(path: str | Path, limit: Limit, *, links: bool = True, folder: int | None = None) -> bytes:
    """Read a regular file whole.

    Args:
        path: the file.
        limit: how large it may be.
        links: whether a link stands for what it points to; inside a folder that somebody else made it does not.
        folder: the open folder that `path` is in, so that nobody can exchange it meanwhile.

    Raises:
        BadInput: a link, pipe, device or socket; too large; or it changes while it is read.
        OSError: as from `open`.
    """
    name = Path(path).name
    try:
        handle = os.open(path, _OPEN | (0 if links else _NO_LINK), dir_fd=folder)
    except OSError as error:
        if not links and error.errno in _LINK_ERRORS:
            raise BadInput([Fault(name, 0, "", "a symbolic link", f"{REGULAR} in the folder itself")]) from None
        if error.errno == errno.ENXIO:  # a socket
            raise BadInput([Fault(name, 0, "", "a socket or device", REGULAR)]) from None
        raise
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise BadInput([Fault(name, 0, "", "a pipe, socket or device", REGULAR)])
        limit.check(name, status.st_size)
        data = stream.read(status.st_size + 1)
    if len(data) > status.st_size:
        raise BadInput([Fault(name, 0, "", "a file that grows while it is read", REGULAR)])
    return data


_PART = r"""(?:[A-Za-z0-9_\-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_\-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{KEY_DEPTH.most},}}")


def parse_toml(name: str, text: str, *, limit: Limit = TOML) -> dict[str, Any]:
    """Read TOML, with a fault instead of anything that is slow, deep or beyond numbers.

    Args:
        name: the file or option, for the message.
        text: with line ends made one.
        limit: how long it may be.

    Raises:
        BadInput: one fault.
    """
    limit.check(name, len(text))
    # A dotted key of n parts costs the parser n² steps.
    if match := _LONG_KEY.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise BadInput([KEY_DEPTH.fault(name, "a key of very many parts", line=line)])
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = toml_line(str(error), text)
        # A person is shown his own line; the library's sentence says little more, and only in English.
        again = " again" if "overwrite" in str(error) or "twice" in str(error) else ""
        raise BadInput([Fault(name, line, "", f"{_line(text, line)}{again}", _TOML)]) from None
    except RecursionError:
        raise BadInput([KEY_DEPTH.fault(name, "lists or tables very deep within each other")]) from None
    except ValueError:  # Python reads no decimal number of more than 4,300 digits
        raise BadInput([INTEGER.fault(name, "a number of thousands of digits")]) from None
    _check(name, table)
    return table


def _line(text: str, number: int) -> str:
    """Return a line of a text as it is quoted, the last one where the text ends too early."""
    lines = text.split("\n")
    line = lines[min(max(number, 1), len(lines)) - 1].strip()[:60]
    return f"“{line}”" if line else "nothing"


def parse_json(name: str, text: str) -> Any:
    """Read JSON by the same limits as TOML.

    Raises:
        BadInput: one fault.
    """
    TOML.check(name, len(text))
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput([Fault(name, error.lineno, "", _line(text, error.lineno), "valid JSON")]) from None
    except RecursionError:
        raise BadInput([KEY_DEPTH.fault(name, "lists or tables very deep within each other")]) from None
    except ValueError:
        raise BadInput([INTEGER.fault(name, "a number of thousands of digits")]) from None
    _check(name, data)
    return data


def parse_value(option: str, text: str) -> Any:
    """Read the value of an option as TOML would (numbers, true, dates, lists), else as text.

    Raises:
        BadInput: too long, too deep, or a number that no election has.
    """
    TEXT.check(option, len(text))
    if "\n" in text or "\r" in text:
        return text
    try:
        return parse_toml(option, f"v = {text}")["v"]
    except BadInput as error:
        (fault,) = error.faults
        if fault.expected in (_TOML, _NUMBER) and fault.field in ("", "v"):
            return text
        raise BadInput([Fault(option, 0, "", fault.found, fault.expected)]) from None


def _check(name: str, data: Any) -> None:
    """Refuse data that is too deep, and numbers that are too large or none."""
    for depth, key, value in _walk(data):
        if depth > KEY_DEPTH.most:
            raise BadInput([KEY_DEPTH.fault(name, "lists or tables very deep within each other", field=key)])
        if isinstance(value, int) and value.bit_length() > INTEGER.most:
            raise BadInput([INTEGER.fault(name, "a number beyond 2^63 − 1", field=key)])
        if isinstance(value, float) and not math.isfinite(value):
            raise BadInput([Fault(name, 0, key, str(value), _NUMBER)])
        if isinstance(value, time):
            raise BadInput([Fault(name, 0, key, str(value), "a date, or a time with its date")])


def _walk(data: Any) -> Iterator[tuple[int, str, Any]]:
    """Yield (depth, nearest key, value) of everything in tables and lists, without recursion."""
    left: list[tuple[int, str, Any]] = [(0, "", data)]
    while left:
        depth, key, value = left.pop()
        yield depth, key, value
        if depth > KEY_DEPTH.most:
            continue
        if isinstance(value, dict):
            left.extend((depth + 1, str(inner), child) for inner, child in value.items())
        elif isinstance(value, list):
            left.extend((depth + 1, key, child) for child in value)


def toml_line(message: str, text: str = "") -> int:
    """Return the line that a TOML error names (the last one of the text for its end), or 0."""
    match = re.search(r"line (\d+)", message)
    if match:
        return int(match.group(1))
    return len(text.rstrip("\n").split("\n")) if "end of document" in message else 0
