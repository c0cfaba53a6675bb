"""Who sits in a chamber on a day: a file of memberships, and the composition read from it.

Sources often give the year alone, or only one end. A membership then counts as sure on a day that lies inside whatever
it may have been, as possible where the day lies at its open ends, and nothing is filled in.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sailau.election.tables import read_table
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.limits import LIST

CHAMBERS = Path(__file__).parent / "chambers"
_COLUMNS = ("name", "party", "from", "to")
_MORE = ("member", "contest", "unit", "sex", "sex_basis", "birth_year", "note", "source")
_WHEN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Span:
    """When something began or ended, as exactly as it is known: from the first to the last day it may have been."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's time in a chamber.

    Attributes:
        contest: ballot paper the mandate comes from, empty where it is not known.
        start: None where nothing is known; the first day in the chamber.
        end: None where nothing is known; the last day in the chamber.
    """

    name: str
    party: str
    contest: str = ""
    unit: str = ""
    start: Span | None = None
    end: Span | None = None
    sex: str = ""
    birth_year: int | None = None
    note: str = ""
    source: str = ""

    def sits(self, day: date) -> bool | None:
        """Whether the person sat on a day; None where the source does not tell."""
        if (self.start and day < self.start.first) or (self.end and day > self.end.last):
            return False
        begun = self.start is not None and day >= self.start.last
        lasts = self.end is not None and day <= self.end.first
        return True if begun and lasts else None


@dataclass(frozen=True)
class Composition:
    """A chamber on a day.

    Attributes:
        members: who surely sat.
        possible: who may have sat.
        seats: seats of the chamber, None where not given.
    """

    day: date
    members: tuple[Membership, ...]
    possible: tuple[Membership, ...]
    seats: int | None = None

    @property
    def missing(self) -> int | None:
        """Seats of which not even a possible member is known."""
        return None if self.seats is None else max(0, self.seats - len(self.members) - len(self.possible))

    @property
    def parties(self) -> Mapping[str, tuple[int, int]]:
        """Party → members surely, and at most; an unknown party is empty."""
        names = dict.fromkeys(m.party for m in (*self.members, *self.possible))
        sure = {p: sum(m.party == p for m in self.members) for p in names}
        return {p: (sure[p], sure[p] + sum(m.party == p for m in self.possible)) for p in names}

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "day": self.day.isoformat(),
            "seats": self.seats,
            "missing": self.missing,
            "parties": {party: {"members": low, "at_most": high} for party, (low, high) in self.parties.items()},
            "members": [
                {
                    "name": m.name,
                    "party": m.party,
                    "contest": m.contest,
                    "unit": m.unit,
                    "sure": m in self.members,
                    "source": m.source,
                }
                for m in (*self.members, *self.possible)
            ],
        }


def chambers() -> list[str]:
    """Return the names of the shipped files of memberships."""
    return sorted(path.stem for path in CHAMBERS.glob("*.csv"))


def memberships(where: str | Path) -> tuple[Membership, ...]:
    """Read memberships: a shipped file by its name, or a path.

    Columns: name, party, from, to; and where known contest, unit, sex, sex_basis, birth_year, note, source. `from` and
    `to` are the first and last day, a month (`2025-01`) or a year.

    Raises:
        BadInput: no such file, or every fault of it.
    """
    path = CHAMBERS / f"{where}.csv"
    if not re.fullmatch(r"[a-z0-9-]+", str(where)) or not path.is_file():
        path = Path(where)
    try:
        data = read_bytes(path, LIST)
    except OSError as error:
        known = ", ".join(chambers())
        raise BadInput(
            [Fault(str(where), 0, "", error.strerror or "", f"a readable file, or one of {known}")]
        ) from None
    table = read_table(path.name, data, _COLUMNS, lambda column: column in _MORE)
    found = []
    for line, row in table.rows if table.readable else ():
        spans: list[Span | None] = []
        for column in ("from", "to"):
            text = table.get(row, column)
            span = _span(text)
            if text and span is None:
                table.fault(line, column, f"“{text}”", "a day such as 2023-03-29, a month 2023-03, or a year 2023")
            spans.append(span)
        found.append(
            Membership(
                name=table.get(row, "name"),
                party=table.get(row, "party"),
                contest=table.get(row, "contest"),
                unit=table.get(row, "unit"),
                start=spans[0],
                end=spans[1],
                sex=table.get(row, "sex"),
                birth_year=table.number(line, row, "birth_year"),
                note=table.get(row, "note"),
                source=table.get(row, "source"),
            )
        )
    if table.faults:
        raise BadInput(table.faults)
    return tuple(found)


def _span(text: str) -> Span | None:
    match = _WHEN.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        return Span(first, date(first.year, month or 12, day or monthrange(first.year, month or 12)[1]))
    except ValueError:
        return None


def elected_in(chamber: str) -> str:
    """Return the shipped case that filled a shipped chamber; empty where none is known."""
    path = CHAMBERS / f"{chamber}.toml"
    return str(tomllib.loads(path.read_text(encoding="utf-8"))["case"]) if path.is_file() else ""


def composition(members: Sequence[Membership], day: date, seats: int | None = None) -> Composition:
    """Return who sat in a chamber on a day.

    Args:
        members: what `memberships` read.
        day: any day.
        seats: seats of the chamber, so that what is not known can be counted.
    """
    answers = [(member, member.sits(day)) for member in members]
    sure = tuple(m for m, answer in answers if answer)
    return Composition(day, sure, tuple(m for m, answer in answers if answer is None), seats)
