"""Work done side by side: in order, the same in processes and threads, and nothing lost with a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from sailau.simulation.machine import can_fork, side_by_side

MANY = range(40)


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


@pytest.mark.parametrize("forked", [True, False])
def test_results_come_in_order_of_the_pieces(forked: bool) -> None:
    found = list(side_by_side(square, MANY, 3, forked=forked))
    assert [result for result, _ in found] == [n * n for n in MANY]
    processes = {process for _, process in found}
    assert os.getpid() not in processes if forked else processes == {os.getpid()}


def test_one_worker_or_one_piece_needs_no_other() -> None:
    assert {process for _, process in side_by_side(square, MANY, 1, forked=True)} == {os.getpid()}
    assert list(side_by_side(square, [3], 8, forked=True)) == [(9, os.getpid())]
    assert list(side_by_side(square, [], 8, forked=True)) == []


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    def work(number: int) -> int:
        return 1 // (number - 7)

    with pytest.raises(ZeroDivisionError):
        list(side_by_side(work, MANY, 2, forked=True))


def test_a_killed_process_costs_time_and_no_result(tmp_path: Path) -> None:
    victim, here = tmp_path / "victim", os.getpid()

    def work(number: int) -> int:
        if number == 11 and os.getpid() != here and not victim.exists():
            victim.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number

    assert list(side_by_side(work, MANY, 2, forked=True)) == [n * n for n in MANY]
    assert victim.exists()


def test_beside_other_threads_nothing_is_forked() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not can_fork()
        assert {process for _, process in side_by_side(square, MANY, 2)} == {os.getpid()}
    finally:
        done.set()
        other.join()


INTERRUPTED = """
import os
import time
from sailau.simulation.machine import side_by_side

def work(number):
    os.write(1, b"begun\\n")
    time.sleep(60)

try:
    list(side_by_side(work, range(4), 2, forked=True))
except KeyboardInterrupt:
    raise SystemExit(130)
"""


def test_an_interrupt_ends_all_processes_at_once_and_quietly() -> None:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running([sys.executable, "-c", INTERRUPTED], **pipes, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (130, "")


LONG = (
    ("simulate", "mazhilis-2023", "--draws", "1000000000", "--threads", "2"),
    ("paradox", "congress-2019-04", "--tries", "3000000"),
)
"""Commands that take many minutes on any machine."""


def heed_signals() -> None:
    """Undo what a shell does to commands in the background, and nohup: they ignore some signals, and so would their children."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def running(command: Sequence[str], **how: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command that heeds signals and is killed when the block ends, however it ends."""
    with subprocess.Popen(command, text=True, preexec_fn=heed_signals, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def workers_of(process: int) -> list[int]:
    """Return the children of a process."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until(done: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(done())


@pytest.mark.parametrize("command", LONG, ids=lambda command: command[0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_the_parent_alone_ends_all_its_processes(command: Sequence[str], number: signal.Signals) -> None:
    ours = [sys.executable, "-m", "sailau", *command]
    with running(ours, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert wait_until(lambda: len(workers_of(process.pid)) == 2, 30)
        workers = workers_of(process.pid)
        process.send_signal(number)
        begin = time.monotonic()
        _, told = process.communicate(timeout=20)
        assert wait_until(lambda: not any(map(is_alive, workers)), 2)
        took = time.monotonic() - begin
    assert took < 2, "on a quiet machine it takes a tenth of a second"
    code = -number if number == signal.SIGKILL else 128 + number
    assert (process.returncode, told) == (code, "")


def test_a_command_that_takes_too_long_leaves_no_process() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", ORPHANS, marker := f"sailau-{os.getpid()}"], timeout=2, check=False)
    assert wait_until(lambda: not processes_called(marker), 2)


ORPHANS = """
import os, sys, time
from sailau.simulation import machine

def work(number):
    time.sleep(60)

if "pipe" in sys.argv:
    machine._ask_to_be_killed = lambda: None
list(machine.side_by_side(work, range(4), 2, forked=True))
"""


def processes_called(marker: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if marker.encode() in entry.read_bytes() and is_alive(int(entry.parent.name)):
                found.append(int(entry.parent.name))
    return found


def test_the_lifeline_alone_ends_orphans_where_no_system_kills_them() -> None:
    marker = f"sailau-pipe-{os.getpid()}"
    with running([sys.executable, "-c", ORPHANS, "pipe", marker]) as process:
        assert wait_until(lambda: len(processes_called(marker)) == 3, 20)
        # The processes must have come as far as to watch the pipe.
        time.sleep(0.3)
        process.kill()
        process.wait(timeout=10)
        assert wait_until(lambda: not processes_called(marker), 2)


def test_whoever_stops_asking_ends_the_work_at_once() -> None:
    def work(number: int) -> int:
        time.sleep(0 if number == 0 else 60)
        return number

    results = side_by_side(work, range(4), 2, forked=True)
    assert next(results) == 0
    begin = time.monotonic()
    results.close()
    assert time.monotonic() - begin < 2


def test_pieces_are_asked_for_as_they_are_needed() -> None:
    asked: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(10**12):
            asked.append(number)
            yield number

    for forked in (True, False):
        asked.clear()
        with closing(side_by_side(square, pieces(), 2, forked=forked)) as results:
            assert next(results)[0] == 0
        assert len(asked) < 20


NOTEBOOK = """
import signal, threading
from sailau import compile
from sailau.simulation import find_paradoxes, simulate

threading.Thread(target=threading.Event().wait, daemon=True).start()
print("begun", flush=True)
try:
    {call}
except KeyboardInterrupt:
    raise SystemExit(130)
"""


@pytest.mark.parametrize(
    "call",
    [
        'find_paradoxes(compile("congress-2019-04"), tries=3_000_000)',
        'simulate("mazhilis-2023", draws=10**9, threads=2)',
    ],
)
def test_an_interrupt_ends_work_beside_other_threads_as_in_a_notebook(call: str) -> None:
    with running([sys.executable, "-c", NOTEBOOK.replace("{call}", call)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        process.wait(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - begin < 2
