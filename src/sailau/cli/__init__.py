"""The command line: a shell around the rooms. It computes nothing."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_INTERRUPTED = 130


class Stopped(BaseException):
    """The process was asked to end by a signal, its number; what is under way is tidied up and nothing is said."""


def main() -> None:
    """Run the command line; bad input is one line per fault and exit code 2, never a traceback."""
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_ours:  # Ctrl-C while modules are read: there is nothing yet to clean up, and nothing to say
        signal.signal(signal.SIGINT, _leave)
    # A short process collects no garbage worth the time; a long one still does, now and then.
    gc.set_threshold(200_000, 20, 20)
    # Pydantic would search all installed packages for plugins, a tenth of the start; Sailau uses none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Integers decide: the threads that the linear algebra of floats would start cost more than all it computes here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from sailau.cli.app import run
    from sailau.cli.streams import Doors

    doors = Doors()
    try:
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with _tidy_when_stopped():
            code = run()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Stopped as stopped:
        code = 128 + int(stopped.args[0])
    if is_ours and doors.are_ours:
        signal.signal(signal.SIGINT, _leave)
    code = doors.close(code)
    if doors.are_ours and _is_done():
        os._exit(code)
    sys.exit(code)


def _is_done() -> bool:
    """Say that nothing waits for the end of the interpreter: taking all modules apart is a seventh of a short process."""
    is_alone = threading.active_count() == 1 and "multiprocessing" not in sys.modules
    return is_alone and not atexit._ncallbacks() and sys.getprofile() is None


def _leave(_: int, __: FrameType | None) -> None:
    os._exit(_INTERRUPTED)


@contextmanager
def _tidy_when_stopped() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the process as an interrupt does: by an exception, so that no half-written file stays."""
    numbers = [n for name in ("SIGTERM", "SIGHUP") if (n := getattr(signal, name, None)) is not None]
    # Whoever ignores them (nohup) or handles them already goes on doing so.
    ours = [n for n in numbers if signal.getsignal(n) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: FrameType | None) -> None:
    raise Stopped(number)
