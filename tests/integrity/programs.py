"""Programs by others that do the same: in an environment of their own, since some have licences that Sailau may not take on.

They are started as processes and imported by nothing here. The test session makes the environment once, as `programs.lock`
says, and keeps it beside the packages of `.venv`. Where that is not possible, such as without a network, the tests that need
it are left out and the last line says so; CI asks for them (`SAILAU_PROGRAMS=asked`) and ends where they are missing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

LOCK = Path(__file__).with_name("programs.lock")
ENVIRONMENT = Path(sys.prefix) / "programs" / sha256(LOCK.read_bytes()).hexdigest()[:16]
PYTHON = ENVIRONMENT / "bin" / "python"
LEFT_OUT = "tests/integrity/test_independent.py left out: pymerkle and actasum could not be installed"


def are_there() -> bool:
    """Whether the environment is whole."""
    return (ENVIRONMENT / "whole").is_file()


def make() -> bool:
    """Make the environment where it is not there yet, one session at a time; return whether it is there now."""
    try:
        ENVIRONMENT.parent.mkdir(exist_ok=True)
        with (ENVIRONMENT.parent / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not are_there():
                shutil.rmtree(ENVIRONMENT, ignore_errors=True)
                for command in (
                    [sys.executable, "-m", "venv", str(ENVIRONMENT)],
                    [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
                     "--require-hashes", "--no-deps", "-r", str(LOCK)],
                ):  # fmt: skip
                    subprocess.run(command, check=True, capture_output=True, timeout=300)
                (ENVIRONMENT / "whole").touch()
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def run(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python in the environment of the others, which cannot import Sailau."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    command = [str(PYTHON), "-I", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, env=environment)
