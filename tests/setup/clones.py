"""Scratch clones for the tests of set-up: the launchers as they are, an interpreter and an environment that cost nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FAKE = """#!{python} -I
# Stands for python3 and for the environment's python: answers what bin/setup asks, in no time, and keeps a log.
import os, runpy, shutil, sys, time
from pathlib import Path

arguments = [argument for argument in sys.argv[1:] if argument != "-I"]
place = Path(__file__).parent.parent
pause = float(os.environ.get("FAKE_PAUSE", "0"))


def log(word):
    with open(os.environ["FAKE_LOG"], "a") as file:
        file.write(word + "\\n")


if arguments[0] == "-c":
    if "import pip" in arguments[1] and not (place / "pip").exists():
        sys.exit("No module named pip")
    exec(arguments[1].replace("import pip,", "import"))
elif arguments[:2] == ["-m", "venv"]:
    environment = Path(arguments[2])
    if ":" in str(environment.absolute()):
        sys.exit("Error: Refusing to create a venv because it contains the PATH separator :.")
    log("venv begins")
    (environment / "bin").mkdir(parents=True)
    shutil.copy(__file__, environment / "bin" / "python")
    time.sleep(pause)
    (environment / "pip").touch()
    log("venv ends")
elif arguments[:2] == ["-m", "pip"]:
    if not (place / "pip").exists():
        sys.exit("No module named pip")
    log("pip begins")
    (place / "packages").write_text("half")
    time.sleep(pause)
    if os.environ.get("FAKE_DISK") == "full":
        sys.exit("ERROR: Could not install packages: [Errno 28] No space left on device")
    (place / "packages").write_text("whole")
    log("pip ends")
else:
    if os.environ.get("FAKE_ENSUREPIP") == "missing":
        sys.modules["ensurepip"] = None
    sys.executable, sys.argv = __file__, arguments
    runpy.run_path(arguments[0], run_name="__main__")
"""


def scratch(folder: Path) -> Path:
    """Make a clone in a folder: bin/ and requirements/ copied, src/ linked, no environment."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "bin", folder / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / "src").symlink_to(ROOT / "src")
    return folder


def with_environment(clone: Path) -> Path:
    """Give a clone an environment that is done: the packages of the Python that runs the tests."""
    environment = clone / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    (environment / "lib").symlink_to(Path(sys.prefix, "lib"))
    home = Path(sys._base_executable).parent  # type: ignore[attr-defined]
    (environment / "pyvenv.cfg").write_text(f"home = {home}\ninclude-system-site-packages = false\n", encoding="utf-8")
    for lock in (clone / "requirements").glob("*.lock"):
        shutil.copy(lock, environment / f".sailau-{lock.stem}")
    return clone


class FakeClone:
    """A clone whose python3 is a fake that pretends to make environments and to install packages."""

    def __init__(self, folder: Path, name: str = "clone") -> None:
        self.root = scratch(folder / name)
        self.log = folder / "log"
        self.tools = folder / "tools"
        self.tools.mkdir()
        self.fake(self.tools / "python3")

    def fake(self, path: Path) -> None:
        """Write a fake interpreter."""
        path.write_text(FAKE.format(python=sys.executable), encoding="utf-8")
        path.chmod(0o755)

    def start(self, **settings: str) -> subprocess.Popen[str]:
        """Start bin/setup in a process group of its own."""
        environment = os.environ | {"PATH": f"{self.tools}:{os.environ['PATH']}", "FAKE_LOG": str(self.log), **settings}
        return subprocess.Popen(
            [self.root / "bin" / "setup", "run"], env=environment, stderr=subprocess.PIPE, text=True,
            start_new_session=True, cwd=self.tools,
        )  # fmt: skip

    def set_up(self, **settings: str) -> tuple[int, str]:
        """Run bin/setup and return its exit code and what it says."""
        process = self.start(**settings)
        said = process.communicate(timeout=60)[1]
        return process.returncode, said

    def events(self) -> list[str]:
        """Return what the fake interpreters did, in order."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def is_whole(self) -> bool:
        """Say whether an environment stands there that was finished, with nothing left beside it."""
        left = [path.name for path in self.root.glob(".venv.old*")]
        packages = self.root / ".venv" / "packages"
        mark = self.root / ".venv" / ".sailau-run"
        lock = self.root / "requirements" / "run.lock"
        return packages.read_text() == "whole" and mark.read_bytes() == lock.read_bytes() and not left
