"""Polls from a CSV file: who was asked when, how many, and what they said.

One row per poll and option, columns `institute,day,sample,option,percent` and, if wanted, `design`:

- `institute`: id of the house that asked; its polls share one house effect.
- `day`: last day of the interviews.
- `sample`: respondents who named a list (those who did not say or would not vote are left out by whoever writes the file).
- `option`: id of a list as in the case, or `@against_all`.
- `percent`: share of those respondents, `54.3`; options that a poll does not name were not offered in it.
- `design`: the poll's own design factor, where its institute publishes one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from sailau.election.tables import CaseTable, read_table
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.limits import LIST

COLUMNS = ("institute", "day", "sample", "option", "percent")
_DECIMAL = re.compile(r"\d{1,3}([.,]\d{1,6})?")
_ITEM = re.compile(r"@?[a-z0-9]+([-_][a-z0-9]+)*")
_WHOLE = 100
_ROUNDING = 1
"""Percentage points by which published shares may pass 100 together: each is rounded."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll.

    Attributes:
        institute: id of the house that asked.
        day: last day of the interviews.
        sample: respondents who named a list.
        shares: option → share of them; options not named were not offered.
        design: its own design factor, None where only the model's is known.
    """

    institute: str
    day: date
    sample: int
    shares: dict[str, Fraction] = field(hash=False)
    design: Fraction | None = None


def read_polls(path: str | Path, *, options: Sequence[str] | None = None) -> tuple[Poll, ...]:
    """Read a poll file.

    Args:
        path: the CSV file; comma or semicolon, UTF-8.
        options: what may be named; anything else is a fault. None allows every id.

    Raises:
        BadInput: every fault, with its line and column.
    """
    file = Path(path)
    try:
        data = read_bytes(file, LIST)
    except OSError as error:
        raise BadInput([Fault(file.name, 0, "", error.strerror or "", "a readable poll file (.csv)")]) from None
    table = read_table(file.name, data, COLUMNS, lambda name: name == "design")
    rows = [_row(table, line, row, options) for line, row in table.rows] if table.readable else []
    polls = _gathered(table, [r for r in rows if r is not None]) if not table.faults else ()
    if not table.faults and not polls:
        table.fault(0, "", "no row", "at least one poll")
    if table.faults:
        raise BadInput(table.faults)
    return polls


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    institute: str
    day: date
    sample: int
    option: str
    share: Fraction
    design: Fraction | None


def _row(table: CaseTable, line: int, row: list[str], options: Sequence[str] | None) -> _Row | None:
    before = len(table.faults)
    institute = table.id(line, row, "institute")
    day = table.day(line, row, "day")
    if day is None and not table.get(row, "day"):
        table.fault(line, "day", "nothing", "a date such as 2023-03-19")
    sample = table.number(line, row, "sample", least=1)
    if sample is None and not table.get(row, "sample"):
        table.fault(line, "sample", "nothing", "how many respondents named a list")
    option = table.get(row, "option")
    if not _ITEM.fullmatch(option) or (options is not None and option not in options):
        known = ", ".join(options) if options is not None else "the id of a list, or @against_all"
        table.fault(line, "option", f"“{option}”", f"one of {known}" if options is not None else known)
    share = _decimal(table, line, row, "percent", most=_WHOLE)
    design = _decimal(table, line, row, "design", most=_WHOLE) if table.get(row, "design") else None
    if design is not None and design < Fraction(1, _WHOLE):
        table.fault(line, "design", table.get(row, "design"), "a factor of at least 1")
    if len(table.faults) > before or day is None or sample is None or share is None:
        return None
    return _Row(line, institute, day, sample, option, share, None if design is None else design * _WHOLE)


def _decimal(table: CaseTable, line: int, row: list[str], column: str, *, most: int) -> Fraction | None:
    """Return a decimal number over 100, None with a fault where it is none."""
    text = table.get(row, column).removesuffix("%").strip()
    value = Fraction(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None
    if value is None or value > most:
        table.fault(line, column, f"“{text}”" if text else "nothing", f"a number from 0 to {most}, such as 54.3")
        return None
    return value / _WHOLE


def _gathered(table: CaseTable, rows: Sequence[_Row]) -> tuple[Poll, ...]:
    """Put the rows of each poll together."""
    held: dict[tuple[str, date], list[_Row]] = {}
    for row in rows:
        held.setdefault((row.institute, row.day), []).append(row)
    polls = []
    for (institute, day), mine in held.items():
        shares: dict[str, Fraction] = {}
        for row in mine:
            if row.option in shares:
                table.fault(row.line, "option", f"“{row.option}” twice", "each option once in a poll")
            if row.sample != mine[0].sample:
                table.fault(row.line, "sample", str(row.sample), f"{mine[0].sample}, as in the poll's first row")
            if row.design != mine[0].design:
                first = "nothing" if mine[0].design is None else f"{float(mine[0].design):g}"
                found = "nothing" if row.design is None else f"{float(row.design):g}"
                table.fault(row.line, "design", found, f"{first}, as in the poll's first row")
            shares[row.option] = row.share
        total = sum(shares.values()) * _WHOLE
        if total > _WHOLE + _ROUNDING or not total:
            table.fault(
                mine[0].line, "percent", f"{float(total):g} together", "at most 100 in one poll, and some above 0"
            )
        polls.append(Poll(institute, day, mine[0].sample, shares, mine[0].design))
    return tuple(sorted(polls, key=lambda p: (p.day, p.institute)))
