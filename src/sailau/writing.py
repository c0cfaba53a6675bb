"""Writing files so that a place holds the former thing or the new one whole, whatever happens in between.

What is written goes beside the place first, under a hidden name that ends with `.unfinished`; it is synced to the disk and
then renamed, which happens at once or not at all. A full disk or an interrupt leaves the former file and nothing else; a
process that is killed can leave the hidden one behind, which the next run that writes to the same place takes away. Every
room that writes a file does so here.
"""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from platform import node
from shutil import copymode, rmtree


def write_whole(path: Path, content: bytes | str) -> Path:
    """Write a file and return its path; text in UTF-8.

    Raises:
        OSError: it cannot be written; `filename` is the path.
    """
    with whole_file(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the path of an empty file to write to, which takes the place of `path` when the block ends without an error.

    A link stays a link to the file that is replaced; what is no file (a pipe, `/dev/stdout`) is written to as it is.

    Raises:
        OSError: it cannot be written; `filename` is the path.
    """
    with _named_in_errors(path):
        place = Path(os.path.realpath(path))
        if place.exists() and not place.is_file():
            if place.is_dir():
                raise _error(errno.EISDIR)
            yield place
            return
        if place.exists() and not os.access(place, os.W_OK):
            raise _error(errno.EACCES)
        _tidy(place)
        beside = _beside(place)
        try:
            beside.touch(exist_ok=False)
            if place.exists():
                copymode(place, beside)
            yield beside
            _sync(beside)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
        _sync(place.parent)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give the path of an empty folder to fill, which becomes `path` when the block ends without an error.

    Args:
        path: of a folder that is not there yet, or is empty.

    Raises:
        OSError: it cannot be written, or is there and not empty; `filename` is the path.
    """
    with _named_in_errors(path):
        place = Path(os.path.realpath(path))
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and any(place.iterdir()):
            raise _error(errno.ENOTEMPTY)
        _tidy(place)
        beside = _beside(place)
        try:
            beside.mkdir()
            yield beside
            for file in sorted(beside.rglob("*")):
                _sync(file)
            _sync(beside)
            _take_place(beside, place)
        finally:
            rmtree(beside, ignore_errors=True)
        _sync(place.parent)


def _take_place(beside: Path, place: Path) -> None:
    """Give a folder the name of another one, which is empty or not there."""
    if place.exists() and place.samefile(Path.cwd()):
        # Whoever stands in the empty folder shall go on standing in it.
        for file in beside.iterdir():
            file.replace(place / file.name)
        return
    if os.name != "posix":
        with suppress(FileNotFoundError):
            place.rmdir()
    beside.replace(place)


def _beside(place: Path) -> Path:
    # Read here only: it brings cryptography along, which a count that writes nothing need not wait for.
    from secrets import token_hex

    return place.with_name(f"{_start(place)}{os.getpid()}.{token_hex(4)}.unfinished")


def _start(place: Path) -> str:
    """Return how the hidden names of a place begin that this machine gives: a process is known on its own machine only."""
    return f".{place.name[:40]}.{zlib.crc32(node().encode()):08x}."


def _tidy(place: Path) -> None:
    """Take away what processes of this machine left beside a place that are there no more: they were killed."""
    start = _start(place)
    for left in _unfinished(place.parent):
        if left.name.startswith(start):
            process = left.name.removeprefix(start).partition(".")[0]
            if process.isascii() and process.isdigit() and not _runs(int(process)):
                rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _unfinished(folder: Path) -> tuple[Path, ...]:
    """Return what was unfinished in a folder when this process first wrote there; a site writes thousands of files."""
    return tuple(path for path in folder.iterdir() if path.name.endswith(".unfinished"))


def _runs(process: int) -> bool:
    """Whether a process is there, or nobody can tell."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk; some systems and file systems cannot for folders."""
    if path.is_dir() and os.name != "posix":
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(opened)


@contextmanager
def _named_in_errors(path: Path) -> Iterator[None]:
    """Name the file somebody asked for in errors of the system, not the one beside it or none."""
    try:
        yield
    except OSError as error:
        is_ours = error.filename is None or str(error.filename).endswith(".unfinished")
        if is_ours and error.errno is not None and not isinstance(error, BrokenPipeError):
            error.filename, error.filename2, error.strerror = str(path), None, os.strerror(error.errno)
        raise
