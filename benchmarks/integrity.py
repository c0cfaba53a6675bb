"""How fast a log is kept and verified, as ratios in one run.

    python benchmarks/integrity.py [--stations 10000]

Verification of a log (two signatures each) beside the bare Ed25519 checks in one process; appending beside canonicalising and
signing the same payloads in a loop; the mathematics of forensics and audits for so many stations, in seconds.
"""

import argparse
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from integrity.sample import ORIGIN, sample_keys, write_election
from sailau.election import open_case
from sailau.integrity import batch_bounds, integer_excess, list_assertions, resampled_density, verifier
from sailau.integrity.casebook import protocols_of
from sailau.integrity.forensics import examine
from sailau.integrity.founding import found, record
from sailau.integrity.keys import canonical
from sailau.integrity.verifier import Key, signed_bytes, verifies


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and the result of some work."""
    begin = perf_counter()
    made = work()
    return perf_counter() - begin, made


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=10_000)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        election = open_case(str(write_election(place / "case", given.stations)))
        looked, _ = timed(lambda: examine(election))
        keys = sample_keys()
        payloads = list(protocols_of(election))
        bare, _ = timed(lambda: [[k.sign(signed_bytes(canonical(p))) for k in keys.operators] for p in payloads])
        log = found(place / "log", keys, election, "benchmark")
        append, _ = timed(lambda: record(log, payloads, keys.operators))
        log.checkpoint(ORIGIN, keys.log)
        key = Key("", 1, keys.operators[0].public)
        message = signed_bytes(canonical(payloads[0]))
        signature = keys.operators[0].sign(message)
        checks, _ = timed(lambda: [verifies(key, signature, message) for _ in range(2 * len(payloads))])
        whole, report = timed(lambda: verifier.verify(place / "log"))
        assert report.verdict == "good"
    print("| what | seconds | ratio |\n| --- | ---: | ---: |")
    print(f"| append {len(payloads)} entries beside canonicalising and signing | {append:.1f} | {append / bare:.2f} |")
    print(
        f"| verify {report.size} entries beside their bare Ed25519 checks in one process | {whole:.1f} | {whole / checks:.2f} |"
    )
    print(f"| forensics of {len(payloads)} stations, opened case to leads, without density | {looked:.1f} | |")
    print(f"| largest memory of all of this | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB | |")
    for name, seconds in mathematics(100_000):
        print(f"| {name} | {seconds:.1f} | |")
    for name, own, other in starts():
        print(f"| {name} | {own:.3f} | {own / other:.2f} |")


def starts(runs: int = 15) -> list[tuple[str, float, float]]:
    """Return what starting takes, in processor seconds, beside bare imports: the least of several runs."""
    file = verifier.__file__
    folder = str(Path(file).parent)
    # Compiled modules are kept, as on any machine in use.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def least(*arguments: str) -> float:
        taken = []
        for _ in range(runs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(taken)

    bare, signatures = least("-c", "import cryptography"), least("-c", f"import {ED25519}")
    module, script = least("-c", "import verifier"), least(file, "--help")
    return [
        ("import the verifier beside `import cryptography`", module, bare),
        (f"import the verifier beside `import {ED25519}`", module, signatures),
        (f"`python verifier.py --help` beside `import {ED25519}`", script, signatures),
    ]


ED25519 = "cryptography.hazmat.primitives.asymmetric.ed25519"


def mathematics(stations: int) -> list[tuple[str, float]]:
    """Return what the mathematics of so many stations take."""
    chance = np.random.default_rng(1)
    listed = chance.integers(150, 2500, stations)
    issued = chance.binomial(listed, chance.uniform(0.4, 0.9, stations))
    votes = chance.multinomial(issued, [0.45, 0.2, 0.12, 0.1, 0.08, 0.05])
    made = list_assertions(votes.sum(axis=0), 150)
    return [
        ("integer percentages, 100,000 stations", timed(lambda: integer_excess(issued, listed, votes[:, 0], issued))[0]),
        ("bounds of 30 claims, 100,000 batches", timed(lambda: [batch_bounds(votes, issued, a) for a in made])[0]),
        ("kernel density, 100,000 stations, 300 replicates",
         timed(lambda: resampled_density(issued, listed, votes[:, 0], issued))[0]),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
