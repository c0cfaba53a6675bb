"""Change public logs in every way an attacker may: every change must be found, with the right kind and place.

    python campaigns/tamper.py --cases 10000 --clean 1000

Prints the seed of every change that was not found so, and of every clean log that raised an alarm; ends with 1 if there is any.
`--seed N` shows one again.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from integrity.tampering import CHANGES, clean_log, findings, unfound


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--clean", type=int, default=1_000, help="clean logs, of elections of their own")
    parser.add_argument("--start", type=int, default=0, help="first seed, of changes and of clean logs")
    parser.add_argument("--seed", type=int, help="one change again")
    given = parser.parse_args()
    seeds = range(given.start, given.start + given.cases) if given.seed is None else range(given.seed, given.seed + 1)
    found = 0
    begin = perf_counter()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        clean = clean_log(place / "clean")
        for seed in seeds:
            if said := unfound(clean, place / "changed", seed):
                found += 1
                print(f"--seed {seed}: {said}", flush=True)
        for number in range(given.start, given.start + given.clean) if given.seed is None else ():
            with TemporaryDirectory() as own:
                if seen := findings(clean_log(Path(own) / "log", seed=number + 2)):
                    found += 1
                    print(f"clean log {number}: {seen[:3]}", flush=True)
    print(
        f"{len(seeds)} changes of {len(CHANGES)} kinds, {found} not found or false, in {perf_counter() - begin:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
