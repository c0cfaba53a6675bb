"""Turnout over the day, where a commission publishes it: what cannot be, and rises far from those of the neighbours.

A file has the columns `station`, `time`, `voters`: how many had voted by then. Times are HH:MM, the same for all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sailau.election import Election
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults

COLUMNS = ("station", "time", "voters")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d")
_MOST_BYTES = 64 << 20
_MOST_VOTERS = 10**9

Reports = Mapping[str, Mapping[str, int]]
"""Station → time → voters so far."""


def read_turnout(path: Path, election: Election) -> Reports:
    """Return what stations reported over the day.

    Raises:
        BadInput: a column that is missing or not known, a station that the case does not have, a time or a number that is none.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise BadInput([Fault(path.name, 0, "", "letters that are not UTF-8", "text in UTF-8")]) from None
    if not rows or sorted(rows[0]) != sorted(COLUMNS):
        shown = ", ".join(rows[0])[:60] if rows else "nothing"
        raise BadInput([Fault(path.name, 1, "", shown, f"the columns {', '.join(COLUMNS)}, and no others")])
    faults, reports = Faults(), dict[str, dict[str, int]]()
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(rows[0], row, strict=False))
        station, time, voters = (cells.get(column, "").strip() for column in COLUMNS)
        if station not in election.units:
            faults.add(Fault(path.name, number, "station", f"“{station}”", "a unit of the case"))
        elif not _TIME.fullmatch(time) or time in reports.get(station, {}):
            faults.add(Fault(path.name, number, "time", f"“{time}”", "HH:MM, each time of a station once"))
        elif not (voters.isascii() and voters.isdigit() and int(voters[:12]) <= _MOST_VOTERS):
            faults.add(Fault(path.name, number, "voters", f"“{voters[:20]}”", "a whole number"))
        else:
            reports.setdefault(station, {})[time] = int(voters)
    faults.raise_any()
    return reports


def impossible(reports: Reports, listed: Mapping[str, int], took_part: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return station, code and size of what cannot be: fewer voters than before, more than are listed or took part at last."""
    found = []
    for station, report in reports.items():
        numbers = [report[time] for time in sorted(report)]
        fall = max((before - after for before, after in pairwise(numbers)), default=0)
        over = max(numbers) - listed.get(station, max(numbers))
        beyond = numbers[-1] - took_part.get(station, numbers[-1])
        found += [
            (station, code, size)
            for code, size in (("turnout-falls", fall), ("turnout-above-list", over), ("turnout-above-count", beyond))
            if size > 0
        ]
    return found


def rises(reports: Reports, stations: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the times that all stations reported, and how many voted up to each since the one before.

    Shape (stations, times); −1 for a station that did not report all of them.
    """
    times = sorted({time for report in reports.values() for time in report})
    often = tuple(t for t in times if sum(t in report for report in reports.values()) * 2 > len(reports))
    rows = np.full((len(stations), len(often)), -1, np.int64)
    for i, station in enumerate(stations):
        report = reports.get(station, {})
        if all(time in report for time in often):
            rows[i] = np.diff([0, *(report[time] for time in often)])
    return often, rows
