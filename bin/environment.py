"""Make the virtual environment `.venv` of a clone as a lock file says; called by `bin/setup` where it is not done yet.

Only one process builds at a time: the others wait for a lock that the system frees when its owner dies. A mark stands in
the environment while it is being changed; whoever finds that mark without an owner starts afresh. So a set-up that was
interrupted, at any moment, is mended by running the same command again. Needs the standard library only.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(".venv")
"""Named from the clone's root, in which all of this runs."""
UNFINISHED = VENV / ".sailau-unfinished"
PYTHON = VENV / "bin" / "python"
LOCKS = Path("requirements")
AGAIN = "then run the same command again"
FOREIGN_SETTINGS = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
"""Settings by which pip would install somewhere else."""


class SetupError(Exception):
    """What stopped the set-up, and what to do about it, in one sentence."""


def main(level: str) -> int:
    """Set the environment up for a level and return the exit code: 0 done, 2 not, 130 or 143 interrupted."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, _end)
    try:
        with _only_one() as lock:
            if not _is_done(level):
                _make(lock)
                _install(level, lock)
    except SetupError as error:
        print(f"sailau: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"sailau: set-up stopped: {error.filename or '.venv'}: {error.strerror}{_room()}; {AGAIN}", file=sys.stderr
        )
        return 2
    except KeyboardInterrupt:
        print("sailau: set-up was interrupted; the next command starts it again", file=sys.stderr)
        return 130
    return 0


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


@contextmanager
def _only_one() -> Iterator[int]:
    """Hold the lock of the clone and give its descriptor: children keep it, so that no orphan of pip is built over."""
    try:
        lock = os.open(".venv.lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise SetupError(
            f"this folder cannot be written ({error.strerror}): {ROOT}: let somebody who may write there run bin/setup"
            f" once, or copy the folder to a place of yours; {AGAIN}"
        ) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Sailau is being set up by another command: waiting for it …", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _is_done(level: str) -> bool:
    mark = VENV / f".sailau-{level}"
    return os.access(PYTHON, os.X_OK) and mark.is_file() and mark.read_bytes() == _lock_file(level).read_bytes()


def _lock_file(level: str) -> Path:
    path = LOCKS / f"{level}.lock"
    if not path.is_file():
        levels = ", ".join(sorted(path.stem for path in LOCKS.glob("*.lock")))
        raise SetupError(f"bin/setup knows no {level}; one of {levels}")
    return path


def _make(lock: int) -> None:
    """Make the environment where there is none that works and is whole."""
    for old in Path().glob(".venv.old-*"):
        shutil.rmtree(old, ignore_errors=True)
    if _works():
        return
    if VENV.is_symlink():
        raise SetupError(
            f".venv is a link to {VENV.readlink()}, where no whole environment stands: remove the link (rm .venv), {AGAIN}"
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"Python's module venv is missing: on Debian or Ubuntu, apt install python3-venv (or {name}-venv); {AGAIN}"
        )
    _put_away()
    print("Setting Sailau up in .venv (once) …", file=sys.stderr)
    VENV.mkdir()
    UNFINISHED.touch()
    if os.pathsep not in str(ROOT):
        _fill(VENV, lock)
        return
    # venv refuses such a path for the sake of its activate scripts; nothing here uses them.
    with tempfile.TemporaryDirectory() as place:
        _fill(Path(place, VENV), lock)
        shutil.copytree(Path(place, VENV), VENV, symlinks=True, dirs_exist_ok=True)


def _fill(environment: Path, lock: int) -> None:
    # By its full name: .venv/bin/python then ends, instead of lacking its packages, when the system's Python is replaced.
    interpreter = Path(sys.executable).resolve()
    if _run([str(interpreter), "-I", "-m", "venv", str(environment)], lock):
        raise SetupError(f"python3 -m venv failed, its words stand above{_room()}; mend that, {AGAIN}")


def _works() -> bool:
    """Say whether an environment is there, whole, with pip and a Python that Sailau can use."""
    if UNFINISHED.exists() or not os.access(PYTHON, os.X_OK):
        return False
    code = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, check=False).returncode == 0


def _put_away() -> None:
    """Remove what is left of an environment: moved first, so that no half of it can be taken for a whole one."""
    if not VENV.exists():
        return
    names = {path.name for path in VENV.iterdir()}
    if names and not names & {"pyvenv.cfg", "bin", UNFINISHED.name}:
        raise SetupError(f"{ROOT / VENV} is no environment of Python: move it away, {AGAIN}")
    old = Path(f".venv.old-{os.getpid()}")
    VENV.rename(old)
    shutil.rmtree(old, ignore_errors=True)


def _install(level: str, lock: int) -> None:
    """Install what a lock file pins, and put down the marks by which `bin/setup` knows that it is done."""
    UNFINISHED.touch()
    if level not in ("core", "run", "dev"):
        print(f"Installing what “{level}” needs (once) …", file=sys.stderr)
    for other in LOCKS.glob("*.lock"):
        if not _is_done(other.stem):
            (VENV / f".sailau-{other.stem}").unlink(missing_ok=True)
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if _run([*pip, "--require-hashes", "--requirement", str(_lock_file(level))], lock):
        raise SetupError(
            f"pip could not install requirements/{level}.lock, its words stand above{_room()}:"
            f" mend that (network, proxy, room on the disk), {AGAIN}"
        )
    UNFINISHED.unlink()
    for done in _levels_in(level):
        shutil.copyfile(_lock_file(done), VENV / f".sailau-{done}")


def _levels_in(level: str) -> set[str]:
    """Return the levels whose packages a level holds: dev all, run all but those of dev, an extra those of counting."""
    if level not in ("run", "dev"):
        return {level, "core"}
    return {path.stem for path in LOCKS.glob("*.lock")} - ({"dev"} if level == "run" else set())


def _run(command: list[str], lock: int) -> int:
    """Run a command and return its exit code; it ends when we are ended."""
    settings = {name: value for name, value in os.environ.items() if name not in FOREIGN_SETTINGS}
    with subprocess.Popen(command, stdout=sys.stderr, env=settings, pass_fds=(lock,)) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


def _room() -> str:
    """Return how little room is left on the disk, where it is little."""
    free = shutil.disk_usage(ROOT).free // 2**20
    return f" (only {free} MB are free on the disk)" if free < 1000 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
