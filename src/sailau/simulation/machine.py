"""What work on many elections asks of the machine: its memory, and its processors side by side.

Work is done in processes forked from this one where that is safe, else in threads.

Two threads that make array calls of a few microseconds wait for each other's interpreter most of the time: measured, they
do 1.0 to 1.4 times the work of one, two processes 1.85 to 2.0 times. A forked process sees everything that its parent has,
so that only the piece of work and its result travel.

No process outlives the one that forked it, however that ends. Pieces and results go through a pair of sockets; the parent's
end is open in the parent alone, so that the system closes it when the parent dies, and a thread of the child waits for
nothing but that. Linux is asked to kill the child with its parent besides.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from multiprocessing.connection import Connection

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1
"""Linux's number of the request for a signal when the parent ends (prctl.h)."""
_STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} if os.name == "posix" else {signal.SIGINT}
"""Signals by which a process is asked to end."""
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
    work: Callable[[Piece], Result], pieces: Iterable[Piece], workers: int, *, forked: bool | None = None
) -> Generator[Result, None, None]:
    """Yield `work(piece)` for every piece, in order.

    Args:
        work: what is done; doing it twice must change nothing, as a process that dies leaves its piece to this one.
        pieces: what it is done to; they are asked for as they are needed.
        workers: how many pieces are in work at once.
        forked: whether in processes; as `can_fork` says when None. Results must then be such as can be pickled.
    """
    coming = iter(pieces)
    first = list(islice(coming, max(workers, 1)))
    pieces = chain(first, coming)
    if len(first) < 2:
        yield from map(work, pieces)
    elif can_fork() if forked is None else forked:
        yield from _in_processes(work, pieces, len(first))
    else:
        yield from _in_threads(work, pieces, len(first))


def _in_threads(work: Callable[[Piece], Result], pieces: Iterator[Piece], workers: int) -> Iterator[Result]:
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers)
    try:
        yield from _in_order(pool, work, pieces, _AHEAD * workers)
    finally:
        # Whoever is interrupted waits for no piece but those in work.
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: Executor, work: Callable[[Any], Any], pieces: Iterator[Any], most: int) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    for piece in pieces:
        waiting.append(pool.submit(work, piece))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


# ---------------------------------------------------------------------- forked processes


class _LostError(Exception):
    """A process has died and left its pieces undone."""


def _in_processes(work: Callable[[Piece], Result], pieces: Iterator[Piece], workers: int) -> Iterator[Result]:
    crew: list[_Worker] = []
    undone: deque[Piece] = deque()
    try:
        for _ in range(workers):
            crew.append(_Worker(work, crew))
        yield from _handed_out(crew, pieces, undone)
    except _LostError:
        # What a process left undone is done here, and all that follows.
        yield from map(work, chain(undone, pieces))
    finally:
        for worker in crew:
            worker.end()


def _handed_out(crew: Sequence[_Worker], pieces: Iterator[Any], undone: deque[Any]) -> Iterator[Any]:
    """Hand pieces out and yield results in order; `undone` holds the pieces whose results have not been yielded."""
    from multiprocessing.connection import wait

    free = deque(worker for _ in range(_AHEAD) for worker in crew)
    results: dict[int, _Answer] = {}
    first = 0
    while True:
        for piece in islice(pieces, min(len(free), 2 * _AHEAD * len(crew) - len(undone))):
            undone.append(piece)
            free.popleft().give(first + len(undone) - 1, piece)
        if not undone:
            return
        if first in results:
            result = results.pop(first).result()
            undone.popleft()
            first += 1
            yield result
            continue
        ready = wait([worker.connection for worker in crew])
        for worker in crew:
            if worker.connection in ready:
                answer = worker.answer()
                results[answer.number] = answer
                free.append(worker)


@dataclass(frozen=True)
class _Answer:
    """What became of a piece: its number, and a value or what went wrong."""

    number: int
    value: Any = None
    error: Exception | None = None

    def result(self) -> Any:
        """Return the value, or raise what went wrong."""
        if self.error is not None:
            raise self.error
        return self.value


class _Worker:
    """A process forked from this one.

    Args:
        work: what it does.
        others: processes forked before it, whose connections it inherits and must not keep open.
    """

    def __init__(self, work: Callable[[Any], Any], others: Sequence[_Worker]) -> None:
        from multiprocessing import Pipe

        self.connection, theirs = Pipe()
        parent = os.getpid()
        # A signal waits until the child knows what to do with one.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        try:
            with warnings.catch_warnings():
                # Python warns of threads that numerical libraries keep asleep; they hold nothing.
                warnings.simplefilter("ignore", DeprecationWarning)
                self.process = os.fork()
            if self.process == 0:
                try:
                    for worker in (self, *others):
                        worker.connection.close()
                    _live_with(parent, theirs)
                    _serve(work, theirs)
                finally:
                    # Nothing of the parent's is tidied up or printed twice.
                    os._exit(1)
            theirs.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def give(self, number: int, piece: Any) -> None:
        """Hand over a piece; few are under way, so that this waits for nobody."""
        with suppress(OSError):
            self.connection.send((number, piece))

    def answer(self) -> _Answer:
        """Return the next answer.

        Raises:
            _LostError: the process has died.
        """
        try:
            answer: _Answer = self.connection.recv()
        except (EOFError, OSError):
            raise _LostError from None
        return answer

    def end(self) -> None:
        """End the process in whatever it does."""
        self.connection.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def _serve(work: Callable[[Any], Any], connection: Connection) -> None:
    """Do pieces until nobody is there to hand them over."""
    with suppress(EOFError, OSError):
        while True:
            number, piece = connection.recv()
            try:
                answer = _Answer(number, work(piece))
            except Exception as error:
                answer = _Answer(number, error=error)
            connection.send(answer)


def _live_with(parent: int, connection: Connection) -> None:
    """See to it that this process ends with its parent."""
    # A signal ends a child at once and without a word; its parent tells of it.
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
    _ask_to_be_killed()
    # The parent may have died before it was watched.
    if os.getppid() != parent:
        os._exit(1)


def _end_with(socket: int) -> None:
    """End this process when the other end of a pair of sockets is closed."""
    from select import poll

    watch = poll()
    watch.register(socket, 0)
    watch.poll()
    os._exit(1)


def _ask_to_be_killed() -> None:
    """Ask Linux to kill this process when its parent ends."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
