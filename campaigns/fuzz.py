"""Break cases in every way, for as long as asked: each must be counted, or refused with faults that are in order.

    python campaigns/fuzz.py --cases 200000

Prints the seed of every case that does anything else (or needs more than 20 seconds) and keeps its files under
`--keep`. `--seed N` shows one again. Ends with 1 if anything was found.
"""

import argparse
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter
from traceback import format_exc

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from election.mutations import answer, broken, save

LIMIT = 20
"""Seconds that one case may take."""


def too_slow(*_: object) -> None:
    """Stop a case that takes too long."""
    raise TimeoutError(f"more than {LIMIT} seconds")


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--start", type=int, default=0, help="first seed")
    parser.add_argument("--seed", type=int, help="one case again")
    parser.add_argument("--keep", type=Path, help="folder for the cases that were found")
    given = parser.parse_args()
    seeds = range(given.start, given.start + given.cases) if given.seed is None else range(given.seed, given.seed + 1)
    signal.signal(signal.SIGALRM, too_slow)
    answers: Counter[str] = Counter()
    begin = perf_counter()
    for seed in seeds:
        folder = broken(Random(seed))
        signal.alarm(LIMIT)
        try:
            answers[answer(folder)] += 1
        except Exception:
            answers["found"] += 1
            print(f"--seed {seed}: {format_exc()}", flush=True)
            if given.keep:
                save(folder, given.keep / str(seed))
        finally:
            signal.alarm(0)
    print(
        ", ".join(f"{number} {what}" for what, number in sorted(answers.items())), f"in {perf_counter() - begin:.0f} s"
    )
    return 1 if answers["found"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
