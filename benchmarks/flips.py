"""One digit of a clean protocol exchanged, anywhere: which share the law's form catches, and by which code.

    python benchmarks/flips.py [STATIONS]

A made-up election without a flaw; each of its figures in turn gets another digit in each of its places, one flip at a time.
A flip is harmful where it changes the votes of an option. One that the form cannot see moves a line that stands in no
relation beside known ones; those are counted apart.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np

from sailau.election import open_case
from sailau.rulebook import load
from sailau.rulebook.forms import form_of
from sailau.simulation.stations import Flaws, generate
from sailau.tabulation import tabulate
from sailau.tabulation.forms import breaches, checks_of

LAW, DAY = "kz/mazhilis", date(2023, 3, 19)


def main(stations: int) -> None:
    """Print shares and codes."""
    with tempfile.TemporaryDirectory() as place:
        none = Flaws(*[Fraction(0)] * 4)
        election = open_case(generate(Path(place) / "clean", load(LAW), DAY, stations, flaws=none))
    law = election.own_law()
    total = tabulate(election, law).of("list")
    assert total is not None
    checks = checks_of(form_of(law, "list"))
    rows = np.flatnonzero(total.own.any(axis=1))
    counts, own = total.counts[rows], total.own[rows]
    caught: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    flips: Counter[str] = Counter()
    for column, item in enumerate(total.items):
        kind = item if item.startswith("@") else "votes of an option"
        for unit in (1, 10, 100):
            for more in range(1, 10):
                digit = counts[:, column] // unit % 10
                changed = counts.copy()
                changed[:, column] += ((digit + more) % 10 - digit) * unit
                there = counts[:, column] >= unit
                flips[kind] += int(there.sum())
                caught[kind] += _caught(codes, total.items, total.electable, changed, own, checks, there)
    print(f"{stations:,} stations, {sum(flips.values()):,} flips")
    for kind, number in flips.items():
        print(f"{kind:22}{100 * caught[kind] / number:7.2f} % of {number:,} caught")
    print("by code: " + ", ".join(f"{code} {number:,}" for code, number in codes.most_common()))


def _caught(
    codes: Counter[str],
    items: tuple[str, ...],
    electable: int,
    counts: np.ndarray,
    own: np.ndarray,
    checks: object,
    there: np.ndarray,
) -> int:
    """Return in how many of the protocols a relation breaks."""

    def column(line: str) -> tuple[np.ndarray, np.ndarray] | None:
        if line == "options":
            return counts[:, :electable].sum(axis=1), own[:, :electable].any(axis=1)
        return (counts[:, items.index(line)], own[:, items.index(line)]) if line in items else None

    hit = np.zeros(len(counts), np.bool_)
    for one in breaches("list", 1, checks, column):  # type: ignore[arg-type]
        hit[one.rows] = True
        codes[one.check.code] += int(there[one.rows].sum())
    return int((hit & there).sum())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
