"""Figures beside others of the same unit: its turnout at the election before, and as it was told during the day.

Both can be true and are worth a second look; no law sets a limit, and none is looked at unasked. Shares are compared as
fractions.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from sailau.election import Election
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.faults import Faults
from sailau.rulebook.limits import TABLE
from sailau.tabulation.forms import Breaches, RelationCheck
from sailau.tabulation.totals import Tabulation, Totals

JUMP = RelationCheck("turnout-jump", ("@cast",), "share", ("@registered",), "warning")
FALL = RelationCheck("turnout-falls", ("@cast",), "<=", ("@cast",), "warning")
_COLUMNS = ("unit", "time", "count")

Told = Mapping[str, tuple[tuple[str, int], ...]]
"""Unit → (time, voters who had taken part until then), in the order of the times."""


def turnout(totals: Totals, unit: str) -> tuple[int, int] | None:
    """Return who took part and who is on the list of a unit; ballots issued stand for those cast where these are unknown."""
    registered = totals.figure(unit, "@registered")
    took_part = totals.figure(unit, "@cast")
    took_part = totals.figure(unit, "@issued") if took_part is None else took_part
    return (took_part, registered) if took_part is not None and registered else None


def jumps(now: Tabulation, before: Tabulation, limit: Fraction) -> Iterator[Breaches]:
    """Yield units whose turnout differs from that of the election before by a share of the voters or more.

    Args:
        now: the election.
        before: the one before; units have the same ids. Of several ballot papers its first one is taken.
        limit: from which difference on, such as 1/10 for ten points.

    Yields:
        Who took part, and how many they would be at the turnout before, rounded down.
    """
    earlier = next(iter(before.totals.values()), None)
    for (contest, round_), total in now.totals.items() if earlier is not None else ():
        rows, sides = [], []
        for row, unit in enumerate(total.units):
            new, old = turnout(total, unit), turnout(earlier, unit) if earlier is not None else None
            if new is not None and old is not None and abs(Fraction(*new) - Fraction(*old)) >= limit:
                rows.append(row)
                sides.append((new[0], old[0] * new[1] // old[1]))
        yield from _breaches((contest, round_, JUMP), rows, sides)


def falls(tabulation: Tabulation, told: Told) -> Iterator[Breaches]:
    """Yield units where fewer have taken part than was told before: at a later time of the day, or in the protocol.

    Yields:
        The later figure and the earlier one, of each unit the first such pair.
    """
    for (contest, round_), total in tabulation.totals.items():
        rows, sides = [], []
        for unit, times in told.items():
            row, last = total.place(unit), turnout(total, unit)
            counts = [count for _, count in times] + ([last[0]] if last is not None else [])
            pair = next(((b, a) for a, b in pairwise(counts) if b < a), None)
            if row is not None and pair is not None:
                rows.append(row)
                sides.append(pair)
        yield from _breaches((contest, round_, FALL), rows, sides)
        return


def _breaches(key: tuple[str, int, RelationCheck], rows: list[int], sides: list[tuple[int, int]]) -> Iterator[Breaches]:
    if rows:
        left, right = (np.array([side[k] for side in sides], object) for k in (0, 1))
        yield Breaches(*key, np.array(rows, np.intp), left, right)


def read_told(path: Path, election: Election) -> Told:
    """Read what was told during the day: a CSV file of unit, time (such as 14:00) and count.

    Raises:
        BadInput: every fault of the file, with its line.
    """
    faults = Faults()
    try:
        reader = csv.DictReader(io.StringIO(read_bytes(path, TABLE).decode("utf-8-sig"), newline=""))
        rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise BadInput([Fault(str(path), 0, "", "no table", "a CSV file with unit, time, count")]) from None
    if not set(_COLUMNS) <= set(reader.fieldnames or ()):
        told = ", ".join(reader.fieldnames or ()) or "nothing"
        raise BadInput([Fault(path.name, 1, "", told, "columns unit, time, count")])
    times: dict[str, dict[str, int]] = {}
    for line, row in enumerate(rows, 2):
        unit, time, count = (row[name] or "" for name in _COLUMNS)
        if unit and unit not in election.units:
            faults.add(Fault(path.name, line, "unit", f"unknown unit “{unit}”", "a unit of this case"))
        is_time = len(time) == 5 and time[2] == ":" and time[:2].isdigit() and time[3:].isdigit()
        if not is_time or time in times.get(unit, {}):
            faults.add(Fault(path.name, line, "time", f"“{time}”", "a time such as 14:00, each once"))
        if not (count.isascii() and count.isdigit() and len(count) < 19):
            faults.add(Fault(path.name, line, "count", f"“{count}”", "a whole number"))
        else:
            times.setdefault(unit, {})[time] = int(count)
    faults.raise_any()
    return {unit: tuple(sorted(counts.items())) for unit, counts in times.items()}
