"""What a newcomer reads: lines of the nucleus, and of every file that one count executes, by room.

Run: python benchmarks/reading.py [CASE]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import sailau

ROOT = Path(sailau.__file__).parent


def lines(path: Path) -> int:
    """Number of lines of a file, blank ones and docstrings included."""
    return len(path.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Count a case, then print both."""
    case = sys.argv[1] if len(sys.argv) > 1 else "mazhilis-2023"
    sailau.count(case)
    files = [Path(module.__file__ or "") for module in sys.modules.values() if getattr(module, "__file__", None)]
    rooms: Counter[str] = Counter()
    for path in files:
        if path.is_relative_to(ROOT):
            rooms[path.relative_to(ROOT).parts[0]] += lines(path)
    print(f"executed by count({case!r}): {rooms.total()} lines")
    for room, number in rooms.most_common():
        print(f"{number:>8}  {room}")
    nucleus = {path.name: lines(path) for path in sorted((ROOT / "counting").glob("*.py"))}
    print(f"counting/: {sum(nucleus.values())} lines")
    for name, number in sorted(nucleus.items(), key=lambda item: -item[1]):
        print(f"{number:>8}  {name}")


if __name__ == "__main__":
    main()
