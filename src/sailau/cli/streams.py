"""The doors of the process: output in any encoding, to readers that go away, to places that are closed or full."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STANDS_FOR = {
    "─": "-", "–": "-", "—": "-", "−": "-", "→": "->", "≥": ">=", "≤": "<=", "×": "x", "…": "...", "✓": "+", "·": ".",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
"""What is written for a sign that an encoding lacks; any other becomes a question mark."""


class Outlet(io.RawIOBase):
    """One end of the process that never fails in the middle of a command.

    A reader that has gone (`| head`) is no fault: the command goes on, so that it writes the files it was asked for and
    ends with its own exit code. What else goes wrong is kept, to be said at the end.

    Attributes:
        fault: why nothing more could be written, or empty.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self.fault = ""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes, or drop them once that has failed."""
        try:
            return os.write(self._number, data)
        except OSError as error:
            if error.errno not in (errno.EPIPE, errno.EBADF):
                self.fault = error.strerror or "it cannot be written"
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._number)
        return len(memoryview(data).cast("B"))

    def writable(self) -> bool:
        """Whether it takes output: always."""
        return True

    def fileno(self) -> int:
        """Return the number that the system knows it by."""
        return self._number

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        try:
            return os.isatty(self._number)
        except OSError:
            return False


class Doors:
    """Standard output and standard error of one run.

    Attributes:
        are_ours: whether this process writes to its own streams, not to those that a test or a notebook set.
        replaced: whether letters were replaced that an encoding lacks.
    """

    def __init__(self) -> None:
        self.replaced = False
        codecs.register_error("sailau", self._stand_in)
        self._out = self._opened("stdout", 1)
        self._opened("stderr", 2)
        self.are_ours = self._out is not None

    def close(self, code: int) -> int:
        """Write what is left and return the exit code: 2 where output was lost to a full disk."""
        if self.replaced:
            print(
                "sailau: letters that this output cannot show were replaced; PYTHONUTF8=1 keeps them", file=sys.stderr
            )
        if sys.stdout is not None:
            sys.stdout.flush()
        if self._out is not None and self._out.fault:
            print(f"standard output: found {self._out.fault}; expected a place that can be written", file=sys.stderr)
            code = 2
        if sys.stderr is not None:
            sys.stderr.flush()
        return code

    def _opened(self, name: str, number: int) -> Outlet | None:
        """Put our own outlet behind a stream; one that somebody else set, as tests and notebooks do, stays."""
        stream = getattr(sys, name)
        if stream is not None and not (isinstance(stream, io.TextIOWrapper) and stream is getattr(sys, f"__{name}__")):
            return None
        outlet = Outlet(number)
        encoding = stream.encoding if stream is not None else "utf-8"
        if stream is not None:
            stream.flush()
            stream.detach()
        elif not _is_open(number):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        kept = _is_utf8(encoding) or _is_asked_for(encoding, outlet.isatty())
        ours = io.TextIOWrapper(
            io.BufferedWriter(outlet),
            encoding=encoding if kept else "utf-8",
            errors="sailau",
            line_buffering=outlet.isatty() or number == 2,
        )
        setattr(sys, name, ours)
        setattr(sys, f"__{name}__", ours)
        return outlet

    def _stand_in(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        self.replaced = True
        return "".join(_STANDS_FOR.get(c, "?") for c in error.object[error.start : error.end]), error.end


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"


def _is_asked_for(encoding: str, is_terminal: bool) -> bool:
    """Say that an encoding is somebody's wish (or his terminal's), and not just what a locale or a code page leaves."""
    return bool(os.environ.get("PYTHONIOENCODING")) or (is_terminal and codecs.lookup(encoding).name != "ascii")
