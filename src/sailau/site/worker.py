"""What-ifs of readers, counted in a process of their own with limits of time and memory: what exceeds them is refused."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from sailau.rulebook import BadInput

SECONDS = 2.0
"""For one what-if; the process is ended then."""
MEMORY = 2 * 1024**3
"""Bytes of address space that the process may use."""
START = 30.0
"""Seconds in which the process has to begin."""


class UnansweredError(Exception):
    """A what-if that is not answered, and why."""


class Worker:
    """One process that counts what-ifs, one at a time; it is replaced where it takes too long."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Any = None

    def page(self, where: str, language: str, changes: Mapping[str, str]) -> bytes:
        """Return the first page of a case under changed provisions.

        Raises:
            UnansweredError: the changes are faulty, or the count took too long or too much memory.
        """
        with self._lock:
            self._begin()
            try:
                self._pipe.send((where, language, dict(changes)))
                if not self._pipe.poll(self._seconds):
                    raise UnansweredError("too long")
                is_made, answer = self._pipe.recv()
            except (EOFError, OSError):
                self.close()
                raise UnansweredError("too much") from None
            except UnansweredError:
                self.close()
                raise
        if not is_made:
            raise UnansweredError(answer.decode())
        return bytes(answer)

    def _begin(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other,), daemon=True)
        self._process.start()
        other.close()
        if not self._pipe.poll(START):
            self.close()
            raise UnansweredError("too long")
        self._pipe.recv()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


def _work(pipe: Connection) -> None:
    """Answer what-ifs until the pipe is closed."""
    from sailau.site.publish import sites_of

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError):  # where the system has no such limit, time alone holds
        pass
    pipe.send((True, b""))
    while True:
        try:
            where, language, changes = pipe.recv()
        except EOFError:
            return
        try:
            site = sites_of(where, changes, lab=False)[0]
            page = next(p for p in site.pages() if p.path == f"{language}/{site.prefix}index.html")
            pipe.send((True, page.make()))
        except BadInput as error:
            pipe.send((False, str(error).encode()))
        except MemoryError:
            pipe.send((False, b"too much"))
