"""Set clones up with the real venv and pip: interrupted at many moments, several at once, in awkward places.

    python campaigns/set_up.py --moments 20

Prints one line per try; exits with 1 where a set-up did not work after what it said was done.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AWKWARD = ("with spaces", "сайлау ғылымы", "a:b")


def clone(place: Path) -> Path:
    """Clone the repository as it is committed."""
    subprocess.run(["git", "clone", "--quiet", ROOT, place], check=True)
    return place


def start(root: Path) -> subprocess.Popen[bytes]:
    """Start a first count in a process group of its own."""
    command = [str(root / "bin" / "sailau"), "count", "mazhilis-2023"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def works(root: Path) -> bool:
    """Say whether a count works now, setting up what is left to do."""
    process = start(root)
    words = process.communicate()[1]
    if process.returncode:
        print(words.decode(errors="replace"), file=sys.stderr)
    return process.returncode == 0


def interrupted(root: Path, draw: random.Random) -> str:
    """Kill a first set-up at some moment and return how."""
    number = draw.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    after = draw.uniform(0.02, 12)
    process = start(root)
    time.sleep(after)
    if process.poll() is None:
        os.killpg(process.pid, number)
    process.communicate()
    return f"{number.name} after {after:.2f} s"


def main() -> int:
    """Try everything once and the interrupts as often as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    tries: list[tuple[str, bool]] = []
    with tempfile.TemporaryDirectory() as folder:
        for moment in range(options.moments):
            root = clone(Path(folder, f"moment-{moment}"))
            how = interrupted(root, draw)
            tries.append((how, works(root)))
            print(*tries[-1], flush=True)
            subprocess.run(["rm", "-rf", root], check=True)
        for name in AWKWARD:
            tries.append((name, works(clone(Path(folder, name)))))
            print(*tries[-1], flush=True)
        root = clone(Path(folder, "four"))
        four = [start(root) for _ in range(4)]
        for process in four:
            process.communicate()
        tries.append(("four at once", not any(process.returncode for process in four)))
        print(*tries[-1], flush=True)
    return 0 if all(good for _, good in tries) else 1


if __name__ == "__main__":
    sys.exit(main())
