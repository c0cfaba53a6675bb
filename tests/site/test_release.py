"""Releases: only what changed is written, one switch, and a crash at any moment leaves the old site whole."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sailau.rulebook import BadInput
from sailau.site.release import File, content_file, release

TEXT = b"<p>text</p>" * 200


def files(**contents: str) -> list[File]:
    return [content_file(f"{name}/index.html", text.encode()) for name, text in contents.items()]


def test_only_what_changed_is_written_and_the_rest_is_linked(tmp_path: Path) -> None:
    out = tmp_path / "site"
    release(out, [*files(one="a", two="b"), content_file("long.html", TEXT)])
    before = {p: (out / p).stat().st_ino for p in ("one/index.html", "two/index.html", "long.html", "long.html.gz")}
    made = release(out, [*files(one="a", two="changed"), content_file("long.html", TEXT)])
    after = {p: (out / p).stat().st_ino for p in before}
    assert made.written == ("two/index.html",)
    assert [p for p in before if before[p] != after[p]] == ["two/index.html"]
    assert (out / "two/index.html").read_text() == "changed"


def test_what_depends_on_nothing_new_is_not_made_again(tmp_path: Path) -> None:
    out, asked = tmp_path / "site", []

    def make() -> bytes:
        asked.append(1)
        return b"made"

    release(out, [File("a.html", "same", make)])
    release(out, [File("a.html", "same", make), *files(b="new")])
    assert len(asked) == 1
    assert (out / "a.html").read_bytes() == b"made"


def test_the_same_again_is_no_release_and_what_is_gone_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = release(out, files(one="a", two="b"))
    assert release(out, files(one="a", two="b")).folder == first.folder
    made = release(out, files(one="a"))
    assert made.removed == ("two/index.html",)
    assert not (out / "two").exists()


def test_the_last_releases_stay(tmp_path: Path) -> None:
    out = tmp_path / "site"
    for number in range(5):
        release(out, files(one=str(number)), kept=3, grace=0)
    shown = sorted(p.name for p in (tmp_path / "site.releases").iterdir() if p.is_dir())
    assert shown == ["000003", "000004", "000005"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_somebody_elses_stays(tmp_path: Path, kind: str) -> None:
    out, other = tmp_path / "site", tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    if kind == "folder":
        other.rename(out)
    elif kind == "file":
        out.write_text("mine")
    else:
        out.symlink_to(other)
    with pytest.raises(BadInput, match="a site that this command made"):
        release(out, files(one="a"))
    assert (out.read_text() if kind == "file" else (out / "mine.txt").read_text()) == "mine"


def test_paths_that_lead_outside_are_refused(tmp_path: Path) -> None:
    for path in ("../a.html", "/a.html", "x/../../a.html"):
        with pytest.raises(BadInput):
            release(tmp_path / "site", [content_file(path, b"")])
    assert not (tmp_path / "site").exists()


def test_many_files_are_made_by_several_processes_as_by_one(tmp_path: Path) -> None:
    makers: set[str] = set()

    def numbered(n: int) -> File:
        return File(f"{n}.txt", "", lambda: f"{n} {os.getpid()}".encode())

    made = release(tmp_path / "site", [numbered(n) for n in range(2100)])
    assert made.written == tuple(f"{n}.txt" for n in range(2100))
    for n in range(2100):
        number, maker = (tmp_path / f"site/{n}.txt").read_text().split()
        assert int(number) == n
        makers.add(maker)
    assert len(makers) == len(os.sched_getaffinity(0))


def test_what_goes_wrong_in_one_of_several_processes_leaves_the_old_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = release(out, files(one="a"))

    def full() -> bytes:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        release(out, [File(f"{n}.txt", "", full) for n in range(2100)])

    def killed() -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    with pytest.raises(OSError, match="was ended"):
        release(out, [File(f"{n}.txt", "", killed) for n in range(2100)])
    assert out.resolve() == first.folder


PUBLISHER = """
import sys
from pathlib import Path
from sailau.site.release import content_file, release
out, number = Path(sys.argv[1]), int(sys.argv[2])
while True:
    number += 1
    release(out, [content_file(f"{n}.html", f"{number}".encode()) for n in range(60)])
"""


def test_readers_see_one_version_whatever_ends_the_publication(tmp_path: Path) -> None:
    out = tmp_path / "site"
    release(out, [content_file(f"{n}.html", b"0") for n in range(60)])
    seen: set[bytes] = set()
    for number, pause in enumerate(hashlib.sha256(b"moments").digest()[:6]):
        child = subprocess.Popen([sys.executable, "-c", PUBLISHER, str(out), str(number * 10_000)])
        known = len(seen)
        while len(seen) < known + 2 and child.poll() is None:
            shown = _whole(out)
            assert len(shown) == 1
            seen |= shown
        time.sleep(pause / 10_000)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert len(_whole(out)) == 1
    assert len(seen) >= 12
    release(out, files(one="last"))
    assert not list((tmp_path / "site.releases").glob("*.unfinished"))


def _whole(out: Path) -> set[bytes]:
    """Read a whole site, as a server does that has looked up its folder once."""
    folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        found = set()
        for number in range(60):
            handle = os.open(f"{number}.html", os.O_RDONLY, dir_fd=folder)
            found.add(os.read(handle, 100))
            os.close(handle)
        return found
    finally:
        os.close(folder)
