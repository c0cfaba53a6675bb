"""Count random elections under all laws, as they stand and amended, and compare each with the oracle.

    python campaigns/differential.py --elections 100000

Prints one line per law, and the seed of every difference; `--law xx/chamber --seed N` shows one again. Ends with 1
if anything differs.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from oracle.blocks import check_block, length
from oracle.compare import check_batch, differences
from oracle.elections import DAYS, random_case, random_law

BATCH = 8
PATTERNS = 12
"""Random elections that a block repeats; the oracle counts each of them."""
LONGEST = {"ch/zh-kantonsrat": 300}
"""Elections of a block at most, where a law is counted election by election."""


def one(law: str, seed: int) -> tuple[int, list[str]]:
    """Return how many elections one seed stands for, and what differs: every fourth seed is a batch, every eighth a block."""
    random = Random(f"{law} {seed}")
    now = random_law(random, law, amended=bool(seed % 2))
    scale = random.choice((1, 1, 1, 10**12))
    election = random_case(random, now, scale)
    found = differences(now, election)
    if seed % 4:
        return 1, found
    most = 400 if law in ("cz/chamber", "no/storting") else 6
    if seed % 8:
        return 1 + BATCH, found + check_batch(random, now, election, BATCH, most, scale)
    size = length(random, LONGEST.get(law, 70_000))
    return 1 + PATTERNS, found + check_block(random, now, election, size, PATTERNS, most)


def run(law: str, elections: int, start: int) -> Iterator[str]:
    """Count so many elections of one law; yield a line for each seed that differs."""
    done, seed = 0, start
    while done < elections:
        number, found = one(law, seed)
        if found:
            yield f"{law} --seed {seed}: {found[0]}"
        done, seed = done + number, seed + 1


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elections", type=int, default=100_000)
    parser.add_argument("--law", choices=sorted(DAYS))
    parser.add_argument("--seed", type=int, help="show one seed of one law again")
    parser.add_argument("--start", type=int, default=0, help="first seed")
    given = parser.parse_args()
    if given.law and given.seed is not None:
        print("\n".join(one(given.law, given.seed)[1]) or "no difference")
        return 0
    laws = [given.law] if given.law else sorted(DAYS)
    bad = 0
    for law in laws:
        begin = perf_counter()
        for line in run(law, given.elections // len(laws), given.start):
            bad += 1
            print(line, flush=True)
        print(f"{law}: {given.elections // len(laws)} elections, {perf_counter() - begin:.0f} s", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
