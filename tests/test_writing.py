"""A place holds the former thing or the new one whole: on a full disk, after an interrupt, a kill, an error."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pyarrow.parquet
import pytest

from sailau import open_case, writing
from sailau.election import save_case
from sailau.writing import whole_file, whole_folder, write_whole

NARROW = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
from sailau.cli import main
main()
"""
"""A command line on a disk that takes 100 bytes of a file."""

WRITE = {
    "law": ("law", "new", "xx/chamber", "--to", "."),
    "case": ("case", "new", "mine", "--law", "kz/mazhilis"),
    "calendar": ("calendar", "kz/mazhilis@2023-03-19", "--ics", "former.ics"),
    "draws": ("simulate", "mazhilis-2023", "--draws", "1000", "--parquet", "former.parquet"),
    "plot": ("simulate", "mazhilis-2023", "--draws", "1000", "--plot", "former.svg"),
}


@pytest.mark.parametrize("command", WRITE.values(), ids=WRITE)
def test_a_full_disk_is_one_line_and_leaves_what_was_there(command: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("former.ics", "former.parquet", "former.svg"):
        (tmp_path / name).write_text("former")
    done = subprocess.run(
        [sys.executable, "-c", NARROW, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "too large" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["former.ics", "former.parquet", "former.svg"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"former"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_simulation_leaves_the_former_draws(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "draws.parquet"
    path.write_text("former")
    command = ["simulate", "mazhilis-2023", "--draws", "100000000", "--parquet", str(path)]
    ours = [sys.executable, "-m", "sailau", *command]
    # A shell lets commands in the background ignore interrupts, and so would their children.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(ours, stderr=subprocess.DEVNULL, preexec_fn=heed) as process:
        deadline = time.monotonic() + 30
        while sum(f.stat().st_size for f in tmp_path.iterdir()) < 10**6 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        process.wait(timeout=20)
    assert path.read_text() == "former"
    others = [file.name for file in tmp_path.iterdir() if file != path]
    assert all(name.endswith(".unfinished") for name in others)
    assert number == signal.SIGKILL or not others
    # The next run of the same output takes away what a killed one left.
    write_whole(path, "later")
    assert [file.name for file in tmp_path.iterdir()] == ["draws.parquet"]


def test_what_a_running_process_or_another_machine_writes_stays(tmp_path: Path) -> None:
    path = tmp_path / "draws.parquet"
    with whole_file(path) as beside:
        started = beside.name.replace(f".{os.getpid()}.", ".1.")
        elsewhere = re.sub(r"\.[0-9a-f]{8}\.(\d+)\.", r".00000000.999999999.", beside.name, count=1)
        for name in (started, elsewhere, ".draws.parquet.unfinished", ".other.parquet.999999999.ab.unfinished"):
            (tmp_path / name).write_text("")
        beside.write_text("mine")
        write_whole(path, "theirs")
        assert beside.exists()
        (tmp_path / beside.name.replace(f".{os.getpid()}.", ".999999999.")).mkdir()
    left = {file.name for file in tmp_path.iterdir()}
    assert path.read_text() == "mine"
    writing._unfinished.cache_clear()  # as in another process
    write_whole(path, "last")
    after = {file.name for file in tmp_path.iterdir()}
    assert {started, elsewhere, ".draws.parquet.unfinished", ".other.parquet.999999999.ab.unfinished"} <= after
    assert left - after == {beside.name.replace(f".{os.getpid()}.", ".999999999.")}


def test_draws_say_what_they_are(tmp_path: Path) -> None:
    from sailau import simulate

    path = tmp_path / "draws.parquet"
    simulate("mazhilis-2023", draws=1000, seed=3, sets=["list.seats=100000"], parquet=path)
    told = {k.decode(): v.decode() for k, v in pyarrow.parquet.read_metadata(path).metadata.items()}
    assert told["program"].startswith("sailau ")
    assert told["law"] == "kz/mazhilis@2023-03-19"
    assert (told["case"], told["seed"], told["draws"], told["complete"]) == ("mazhilis-2023", "3", "1000", "true")
    assert told["case-digest"].startswith("sha256:")
    assert told["generator"]
    assert '"list.seats": "100000"' in told["variants"]
    table = pyarrow.parquet.read_table(path)
    seats = [table[f"seats:set:{party}"].to_numpy() for party in ("amanat", "auyl", "respublica")]
    assert min(column.min() for column in seats) >= 0
    assert seats[0].max() > 2**15, "seats beyond 16 bits"
    again = tmp_path / "again.parquet"
    simulate("mazhilis-2023", draws=1000, seed=3, sets=["list.seats=100000"], parquet=again)
    assert again.read_bytes() == path.read_bytes()


def fails_in_a_file(path: Path) -> None:
    with whole_file(path) as beside:
        beside.write_text("new")
        raise ZeroDivisionError


def fails_in_a_folder(path: Path) -> None:
    with whole_folder(path) as beside:
        (beside / "b.txt").write_text("new")
        raise ZeroDivisionError


def test_what_goes_wrong_in_between_changes_nothing(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a.txt", "former")
    with pytest.raises(ZeroDivisionError):
        fails_in_a_file(path)
    with pytest.raises(ZeroDivisionError):
        fails_in_a_folder(tmp_path / "folder")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "former"


def test_what_is_replaced_keeps_its_mode_and_links_stay_links(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_text("former")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    plain = tmp_path / "plain.txt"
    plain.touch()
    assert write_whole(tmp_path / "b.txt", b"new").stat().st_mode == plain.stat().st_mode


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, "new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    with pytest.raises(IsADirectoryError) as raised:
        write_whole(tmp_path, "new")
    assert raised.value.filename == str(tmp_path)


def test_an_empty_folder_is_filled_at_once_and_a_full_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    election = open_case("mazhilis-2023")
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "new" / "deep"):
        save_case(election, place)
        assert (place / "case.toml").is_file()
        assert not list(place.parent.glob(".*"))
    with pytest.raises(OSError, match="not empty"), whole_folder(tmp_path / "empty"):
        pass
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    save_case(election, Path())
    assert Path("case.toml").is_file(), "whoever stands in the folder goes on standing in it"
