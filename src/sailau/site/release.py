"""Releases of a site: a folder of its own for each, and one atomic switch from the last to the new.

A site `OUT` is a link to its newest release in `OUT.releases/`. A file that has not changed is a hard link to the one of the
release before, so that it keeps its time; only what has changed is written. The link is renamed over the old one at the end:
a reader sees one release or the other, whole, and whatever ends the program before leaves the old one in place.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from shutil import rmtree

from sailau.rulebook.faults import BadInput, Fault
from sailau.writing import write_whole

KEPT = 3
"""Releases that stay, the newest one included."""
GRACE = 60.0
"""Seconds for which a release stays in any case, so that whoever is reading it can go on."""
_UNFINISHED = ".unfinished"
_PACKED = (".html", ".css", ".js", ".json", ".csv", ".svg", ".xml")
_SMALL = 1000
"""Bytes below which a packed copy saves nothing."""
_MANY = 2000
"""Files to be made from which several processes are worth their start."""


@dataclass(frozen=True)
class File:
    """A file of a site.

    Attributes:
        path: in the site, with slashes.
        depends: digest of everything that it is made of.
        make: returns its content; not called where `depends` has not changed.
    """

    path: str
    depends: str
    make: Callable[[], bytes]


def content_file(path: str, content: bytes) -> File:
    """Return a file whose content is at hand."""
    return File(path, hashlib.sha256(content).hexdigest(), lambda: content)


@dataclass(frozen=True)
class Released:
    """What a publication did.

    Attributes:
        folder: of the release that is shown now.
        files: of the site, without packed copies.
        written: paths that are new or have changed.
        removed: paths that are gone.
    """

    folder: Path
    files: int
    written: tuple[str, ...]
    removed: tuple[str, ...]


def release(out: Path, files: Iterable[File], kept: int = KEPT, grace: float = GRACE) -> Released:
    """Publish files as a new release, and show it.

    Args:
        out: the site: what is not there yet, an empty folder, or the link of an earlier publication.
        files: all of them.
        kept: releases that stay.
        grace: seconds for which older ones stay, too.

    Raises:
        BadInput: something else stands at `out`, or two files have one path.
        OSError: the disk is full, or a folder cannot be written; the old release stays.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 - a link must not be followed
    store = out.with_name(f"{out.name}.releases")
    _check_place(out, store)
    store.mkdir(parents=True, exist_ok=True)
    with _alone(store):
        _clear(store)
        before = _current(out, store)
        number = max((int(p.name) for p in _releases(store)), default=0) + 1
        folder = store / f"{number:06d}"
        beside = store / f"{folder.name}{_UNFINISHED}"
        old = _manifest(before)
        beside.mkdir()
        new, written = _fill(beside, before, old, files)
        removed = tuple(sorted(set(old) - set(new)))
        if before is not None and not written and not removed:
            rmtree(beside)
            return Released(before, len(new), (), ())
        write_whole(folder.with_suffix(".json"), json.dumps(new, separators=(",", ":")))
        if hasattr(os, "sync"):
            os.sync()
        beside.rename(folder)
        _show(out, folder)
        _drop(store, kept, grace)
        return Released(folder, len(new), tuple(written), removed)


def _check_place(out: Path, store: Path) -> None:
    """See to it that nothing of anybody else's is replaced."""
    if out.is_symlink() and out.resolve().parent == store.resolve():
        return
    if not out.is_symlink() and not out.exists():
        return
    if not out.is_symlink() and out.is_dir() and not any(out.iterdir()):
        return
    expected = "a path that is not there yet, an empty folder, or a site that this command made"
    raise BadInput([Fault(str(out), 0, "", "something else", expected)])


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Let one publication at a time work on a site; a lock that its process leaves behind does not hold."""
    if os.name != "posix":
        yield
        return
    import fcntl

    with (store / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise BadInput([Fault(str(store), 0, "", "another publication at work", "one at a time")]) from None
        yield


def _clear(store: Path) -> None:
    """Remove what a publication that was killed left behind."""
    for path in store.glob(f"*{_UNFINISHED}"):
        rmtree(path, ignore_errors=True) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def _releases(store: Path) -> list[Path]:
    return sorted(p for p in store.iterdir() if p.is_dir() and p.name.isdecimal())


def _current(out: Path, store: Path) -> Path | None:
    if not out.is_symlink():
        return None
    folder = store / out.readlink().name
    return folder if folder.is_dir() else None


def _manifest(folder: Path | None) -> Mapping[str, list[str]]:
    """Return path → what it depends on and the digest of its content, of a release; empty where that is not known."""
    if folder is None:
        return {}
    try:
        held = json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _fill(
    folder: Path, before: Path | None, old: Mapping[str, list[str]], files: Iterable[File]
) -> tuple[dict[str, list[str]], list[str]]:
    """Write or link every file, and return the new manifest and what was written."""
    new: dict[str, list[str]] = {}
    asked: list[File] = []
    made: set[str] = set()
    for file in files:
        if file.path in new or not _is_inside(file.path):
            raise BadInput([Fault(file.path, 0, "", "a path twice, or one that leads outside", "a path of its own")])
        place = folder / file.path
        parent = file.path.rpartition("/")[0]
        if parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(parent)
        known = old.get(file.path)
        if known and before is not None and known[0] == file.depends and _link(before, folder, file.path):
            new[file.path] = known
            continue
        new[file.path] = [file.depends, ""]
        asked.append(file)
    written: list[str] = []
    for file, (digest, is_new) in zip(asked, _made(_Making(folder, before, old), asked), strict=True):
        new[file.path][1] = digest
        if is_new:
            written.append(file.path)
    return new, written


_Result = tuple[str, bool]
"""Digest of a file, and whether it was written, not linked."""


@dataclass(frozen=True)
class _Making:
    """Where files are made: the folder of the new release, the one before, and its manifest."""

    folder: Path
    before: Path | None
    old: Mapping[str, list[str]]

    def one(self, file: File) -> _Result:
        """Make a file: write it, or link the one of the release before where it came out the same."""
        content = file.make()
        digest = hashlib.sha256(content).hexdigest()
        known = self.old.get(file.path)
        if known and self.before is not None and known[1] == digest and _link(self.before, self.folder, file.path):
            return digest, False
        _write(self.folder / file.path, content)
        return digest, True


def _made(making: _Making, files: Sequence[File]) -> list[_Result]:
    """Make files, many of them in as many processes as there are cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if len(files) < _MANY or cores < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return [making.one(file) for file in files]
    # What files are made of is at hand in a fork, so that nothing but digests goes from one process to another.
    context = multiprocessing.get_context("fork")
    shares = []
    try:
        for first in range(cores):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_share, args=(making, files[first::cores], there), daemon=True)
            process.start()
            there.close()
            shares.append((process, here))
        results: list[_Result] = [("", False)] * len(files)
        for first, (_, here) in enumerate(shares):
            results[first::cores] = _answer(here)
        return results
    finally:
        for process, _ in shares:
            process.kill()
            process.join()


def _share(making: _Making, files: Sequence[File], answer: Connection) -> None:
    """Make a share of the files, and send what came of it: their digests, or what went wrong."""
    try:
        results = [making.one(file) for file in files]
    except Exception as error:  # it is raised again where the files were asked for
        answer.send(error)
    else:
        answer.send(results)


def _answer(here: Connection) -> list[_Result]:
    try:
        answer = here.recv()
    except EOFError:
        raise OSError(errno.ECHILD, "a process that made pages was ended") from None
    if isinstance(answer, Exception):
        raise answer
    return list(answer)


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _write(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    if place.suffix in _PACKED and len(content) >= _SMALL:
        place.with_name(f"{place.name}.gz").write_bytes(gzip.compress(content, 6, mtime=0))


def _link(before: Path, folder: Path, path: str) -> bool:
    """Take a file over from the release before, with its packed copy; say whether it was there."""
    try:
        os.link(before / path, folder / path)
    except OSError:
        return False
    packed = f"{path}.gz"
    if (before / packed).exists():
        os.link(before / packed, folder / packed)
    return True


def _show(out: Path, folder: Path) -> None:
    """Let the site be a release: the one step that readers see."""
    beside = folder.parent / f"{folder.name}.link{_UNFINISHED}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(f"{folder.parent.name}/{folder.name}", target_is_directory=True)
    if out.is_dir() and not out.is_symlink():
        out.rmdir()
    beside.replace(out)


def _drop(store: Path, kept: int, grace: float) -> None:
    now = time.time()
    for folder in _releases(store)[: -max(kept, 1)]:
        if now - folder.with_suffix(".json").stat().st_mtime >= grace:
            rmtree(folder, ignore_errors=True)
            folder.with_suffix(".json").unlink(missing_ok=True)
