"""Change the rules in the pure rooms, one place at a time, and see that a test of the room notices (mutmut).

    python campaigns/mutation.py --mutants 200 --seed 1
    python campaigns/mutation.py formulas counting --mutants 50 --seed 7

Works in a copy of the source and the tests. Prints the change of every mutant that no test noticed, and the share of them;
exits with 1 where it is above the share that is asked for. Lines of words and of kinds of numbers are left alone: words have
tests of their own. Not every mutant is wrong: a first guess that is mended afterwards may be any number.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = {
    "formulas": ["tests/formulas"],
    "counting": ["tests/counting", "tests/test_exact.py", "tests/wording/test_explanation.py"],
    "tabulation": ["tests/tabulation", "tests/test_exact.py"],
    "nomination": ["tests/nomination", "tests/test_exact.py"],
    "mandates": ["tests/mandates", "tests/test_exact.py"],
}
NOTICED = {1, 3, 24, -24, 152, -9}
"""What the tool notes where a test fails, the tests break, or they take too long."""
SETTINGS = r"""[mutmut]
source_paths=src
only_mutate=src/sailau/{room}/*
also_copy=
  pytest.ini
  campaigns
  docs
  bin
pytest_add_cli_args=
  -q
  -pno:cacheprovider
pytest_add_cli_args_test_selection={tests}
process_isolation=forkserver
track_dependencies=false
use_git_change_detection=false
timeout_multiplier=4
timeout_constant=30
do_not_mutate_patterns=
  raise\s
  ["'][^"']*\s[^"']*["']
  dtype=
  cast\(
  strict=
  copy=
"""


def copy(room: str, folder: Path) -> None:
    """Copy what the tests of a room read, with the settings of the tool."""
    for name in ("src", "tests", "campaigns", "docs", "bin"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow: a campaign\n", encoding="utf-8")
    tests = "".join(f"\n  {path}" for path in TESTS[room])
    (folder / "setup.cfg").write_text(SETTINGS.format(room=room, tests=tests), encoding="utf-8")


def mutmut(folder: Path, *arguments: str) -> str:
    """Run the tool in a copy and return what it prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    surroundings = {**os.environ, "COLUMNS": "80", "CI": "1"}
    surroundings.pop("PYTHONPATH", None)
    return subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False
    ).stdout


def verdicts(room: str, folder: Path) -> dict[str, int | None]:
    """Return what became of each mutant; None for those that were not tried."""
    metas = (folder / "mutants" / "src" / "sailau" / room).glob("*.py.meta")
    return {
        name: code
        for meta in sorted(metas)
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items()
    }


def change(folder: Path, mutant: str) -> str:
    """Return the lines that a mutant takes away and puts in their place."""
    lines = mutmut(folder, "show", mutant).splitlines()
    return "\n".join(line for line in lines if re.match(r"[-+](?![-+]{2} )", line))


def survivors(room: str, mutants: int, draw: random.Random) -> tuple[int, int]:
    """Try mutants of one room; print those that survive; return how many there were, and how many survive."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(room, folder)
        # The tool makes its mutants and learns which test runs what before it finds that none has this name.
        said = mutmut(folder, "run", "--max-children", "1", "none")
        made = sorted(verdicts(room, folder))
        if not made:
            raise SystemExit(said[-2000:])
        names = draw.sample(made, min(mutants, len(made)))
        mutmut(folder, "run", "--max-children", "1", *names)
        after = verdicts(room, folder)
        left = [name for name in names if after[name] not in NOTICED]
        for name in left:
            print(f"{name}\n{change(folder, name)}\n", flush=True)
        return len(names), len(left)


def main() -> int:
    """Try a sample of mutants of each room."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(TESTS))
    parser.add_argument("--mutants", type=int, default=200, help="over all rooms")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.05, help="of mutants that may survive")
    options = parser.parse_args()
    rooms = options.rooms or list(TESTS)
    if unknown := set(rooms) - set(TESTS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    tried = left = 0
    for place, room in enumerate(rooms):
        draw = random.Random(f"{options.seed} {room}")
        some = options.mutants * (place + 1) // len(rooms) - options.mutants * place // len(rooms)
        several, alive = survivors(room, some, draw)
        print(f"{room}: {several} mutants, {alive} survive (seed {options.seed})", flush=True)
        tried, left = tried + several, left + alive
    print(f"{left} of {tried} survive: {left / tried:.1%}")
    return int(left > tried * options.share)


if __name__ == "__main__":
    sys.exit(main())
