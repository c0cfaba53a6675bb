"""Generate command lines and run them: none may end in a traceback or with an exit code other than 0, 1, 2 or 130.

    python campaigns/command_lines.py --lines 20000

Prints every line that ended otherwise with its seed, and ends with 1 if there is any. `--seed N` runs one again; `--start` goes on
where another run ended. One line of forty runs as a process of its own, in another encoding, with its output closed, full or read
only at its beginning; the others run in this process, one of ten of them without some of the libraries of the extras.
"""

import argparse
import shlex
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cli.command_lines import commands, furnish, line_of, trouble

_FRESH = 500
"""Lines after which the folder in which they run is made anew."""


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--start", type=int, default=0, help="first seed")
    parser.add_argument("--seed", type=int, help="one line again")
    parser.add_argument("--slow", type=float, default=20, help="seconds from which a line is named as slow")
    given = parser.parse_args()
    seeds = range(given.start, given.start + given.lines) if given.seed is None else range(given.seed, given.seed + 1)
    wrong, kinds, begin = 0, Counter(), perf_counter()
    for first in range(seeds.start, seeds.stop, _FRESH):
        with TemporaryDirectory() as folder:
            furnish(Path(folder))
            for seed in range(first, min(first + _FRESH, seeds.stop)):
                line = line_of(seed)
                started = perf_counter()
                kinds[line.ending or "here"] += 1
                said = trouble(line, Path(folder))
                took = perf_counter() - started
                if said or took > given.slow:
                    wrong += bool(said)
                    shown = " ".join(shlex.quote(word[:80]) for word in line.arguments)
                    where = f"{line.ending} {line.encoding}".strip() if line.ending else f"without {line.missing}"
                    print(f"--seed {seed} ({took:.0f} s, {where}): sailau {shown}\n    {said}", flush=True)
    print(
        f"{len(seeds)} lines of {len(commands())} commands ({dict(kinds)}), {wrong} wrong, {perf_counter() - begin:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
