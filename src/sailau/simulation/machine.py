"""What work on many elections asks of the machine: its memory, and its processors side by side.

Work is done in processes forked from this one where that is safe, else in threads.

Two threads that make array calls of a few microseconds wait for each other's interpreter most of the time: measured, they
do 1.0 to 1.4 times the work of one, two processes 1.85 to 2.0 times. A forked process sees everything that its parent has,
so that only the piece of work and its result travel.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_AHEAD = 2
"""Pieces in work for each worker, so that none of them waits."""


# glibc's numbers of two limits (malloc.h), and the bytes they are set to: the most it takes for the first.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_HELD_BYTES = 32 * 2**20


@cache
def hold_memory() -> None:
    """Let the allocator keep the memory of one block of elections for the next one.

    glibc returns large arrays to the system, which clears every page of the next array again: that takes longer than the
    count. Other allocators have no such limits and are left alone.
    """
    import ctypes

    try:
        limit = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    limit(_MMAP_THRESHOLD, _HELD_BYTES)
    limit(_TRIM_THRESHOLD, 8 * _HELD_BYTES)


def processors() -> int:
    """Return how many processors this process may use; all of them where the system does not tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether processes can be forked: a fork copies no threads, and what another one holds stays locked for ever."""
    return sys.platform == "linux" and threading.active_count() == 1


def side_by_side(
    work: Callable[[Piece], Result], pieces: Sequence[Piece], workers: int, *, forked: bool | None = None
) -> Iterator[Result]:
    """Yield `work(piece)` for every piece, in order.

    Args:
        work: what is done; doing it twice must change nothing, as a process that dies leaves its piece to this one.
        pieces: what it is done to.
        workers: how many pieces are in work at once.
        forked: whether in processes; as `can_fork` says when None. Results must then be such as can be pickled.
    """
    if workers < 2 or len(pieces) < 2:
        yield from map(work, pieces)
        return
    workers = min(workers, len(pieces))
    if can_fork() if forked is None else forked:
        yield from _in_processes(work, pieces, workers)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        yield from _in_order(pool, work, pieces, workers)


def _in_processes(work: Callable[[Piece], Result], pieces: Sequence[Piece], workers: int) -> Iterator[Result]:
    from concurrent.futures.process import BrokenProcessPool

    pool = _forked_pool(work, workers)
    done = 0
    try:
        for result in _in_order(pool, _do, pieces, workers):
            yield result
            done += 1
    except BrokenProcessPool:
        yield from map(work, pieces[done:])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _forked_pool(work: Callable[[Any], Any], workers: int) -> Executor:
    """Return a pool whose processes are all there: an interrupt waits until each of them knows what to do with one."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(workers, get_context("fork"), _begin, (work,))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with warnings.catch_warnings():
            # Python warns of threads that numerical libraries keep asleep; they hold nothing.
            warnings.simplefilter("ignore", DeprecationWarning)
            pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _in_order(pool: Executor, work: Callable[[Any], Any], pieces: Sequence[Any], workers: int) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    for piece in pieces:
        waiting.append(pool.submit(work, piece))
        if len(waiting) > _AHEAD * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_work: Callable[[Any], Any] | None = None
"""What a forked process does; it came with the memory of its parent."""


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    # An interrupt ends a child at once and without a word; its parent tells of it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _do(piece: Any) -> Any:
    assert _work is not None
    return _work(piece)
