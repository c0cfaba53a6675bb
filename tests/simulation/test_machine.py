"""Work done side by side: in order, the same in processes and threads, and nothing lost with a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

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
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (130, "")
