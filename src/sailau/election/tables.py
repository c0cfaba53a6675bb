"""Reading the CSV files of a case: encoding, header and rows, every fault with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sailau.rulebook import Fault
from sailau.rulebook.faults import Faults
from sailau.rulebook.limits import COLUMNS, FAULTS, ROWS, Limit
from sailau.rulebook.limits import SEATS as SEATS_LIMIT

if TYPE_CHECKING:
    from _csv import Reader

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DIGITS = re.compile(r"[0-9]+")
LARGEST_COUNT = 2**63 - 1
MOST_SEATS = SEATS_LIMIT.most
_IGNORED = "x_"
_HEADER = 1 << 20
"""Characters among which the header is looked for."""


@dataclass(slots=True)
class CaseTable:
    """One CSV file of a case.

    Attributes:
        columns: name → place in a row; columns that begin with `x_` are left out.
        rows: (line in the file, fields), blank lines left out; read as they are asked for, once.
        faults: what is wrong so far; readers add to it.
        readable: False where nothing below the header could be read.
    """

    file: str
    columns: Mapping[str, int] = field(default_factory=dict)
    rows: Iterable[tuple[int, list[str]]] = ()
    faults: Faults = field(default_factory=Faults)
    readable: bool = True
    _beginning: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def beginning(self, start: str) -> tuple[str, ...]:
        """Return the columns whose names begin so, in the order of their names."""
        if start not in self._beginning:
            self._beginning[start] = tuple(sorted(name for name in self.columns if name.startswith(start)))
        return self._beginning[start]

    def fault(self, line: int, column: str, found: str, expected: str) -> None:
        """Note one fault."""
        self.faults.add(lambda: Fault(self.file, line, column, found, expected))

    def get(self, row: list[str], column: str) -> str:
        """Return a field, or an empty text where the file lacks the column."""
        place = self.columns.get(column)
        return row[place].strip() if place is not None else ""

    def id(self, line: int, row: list[str], column: str, *, empty: bool = False) -> str:
        """Return an id, noting a fault where it is none."""
        text = self.get(row, column)
        if not text and empty:
            return text
        if not ID.fullmatch(text):
            self.fault(line, column, f"“{text}”" if text else "nothing", "an id: a-z, 0-9, single hyphens between")
        return text

    def number(
        self, line: int, row: list[str], column: str, *, least: int = 0, most: int = LARGEST_COUNT
    ) -> int | None:
        """Return a whole number from `least` to `most`, None where the field is empty."""
        text = self.get(row, column)
        if not text:
            return None
        value = int(text) if _DIGITS.fullmatch(text) and len(text) < 40 else -1
        if not least <= value <= most:
            limit = "2^63 − 1" if most == LARGEST_COUNT else str(most)
            self.fault(line, column, f"“{text}”", f"a whole number from {least} to {limit}, digits only")
            return None
        return value

    def day(self, line: int, row: list[str], column: str) -> date | None:
        """Return a date, None where the field is empty."""
        text = self.get(row, column)
        value = parse_day(text)
        if text and value is None:
            self.fault(line, column, f"“{text}”", "a date such as 2023-03-19")
        return value


def parse_day(text: str) -> date | None:
    """Read `2023-03-19`; None for anything else."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


_AS_UTF8 = "text in UTF-8, in a spreadsheet: save as CSV UTF-8"


def decode(file: str, data: bytes) -> tuple[str, list[Fault]]:
    """Return the text of a file in UTF-8 (with or without BOM), line ends made one; a fault where it is none."""
    if b"\0" in data:
        return "", [Fault(file, data[: data.index(b"\0")].count(b"\n") + 1, "", "a NUL byte", _AS_UTF8)]
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", [Fault(file, line, "", f"byte 0x{data[error.start]:02x}", _AS_UTF8)]


def read_table(
    file: str, data: bytes, required: tuple[str, ...], allowed: Callable[[str], bool], limit: Limit = ROWS
) -> CaseTable:
    """Read a CSV file; a file that is not UTF-8 or has no valid header gives exactly one fault.

    Args:
        file: its name, for messages.
        data: its bytes.
        required: columns that must be there.
        allowed: says whether a further column is known.
        limit: how many rows it may have.
    """
    text, faults = decode(file, data)
    table = CaseTable(file, faults=Faults(faults), readable=not faults)
    if faults:
        return table
    first, _, _ = text[:_HEADER].lstrip("\n").partition("\n")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = _rows(table, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    line, header = next(rows, (0, []))
    if len(header) > COLUMNS.most:
        table.faults.add(COLUMNS.fault(file, len(header), line=line))
    names = [name.strip() for name in header]
    if not _header_holds(table, line, names, required, allowed):
        table.readable = False
        return table
    table.columns = {name: place for place, name in enumerate(names) if not name.startswith(_IGNORED)}
    table.rows = _even(table, rows, len(names), limit)
    return table


def _even(
    table: CaseTable, rows: Iterator[tuple[int, list[str]]], width: int, limit: Limit
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have as many fields as the header; no more of them once there are too many or too many faults."""
    for number, (line, row) in enumerate(rows, 1):
        if number > limit.most:
            table.faults.add(limit.fault(table.file, "more", line=line))
            return
        if len(table.faults) >= FAULTS.most:
            return
        if len(row) == width:
            yield line, row
        else:
            table.fault(line, "", f"{len(row)} fields", f"{width}, as in the header")


def _rows(table: CaseTable, reader: Reader) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which it ends, fields) of each row that is not blank."""
    try:
        for row in reader:
            if row and "".join(row).strip():
                yield reader.line_num, row
    except csv.Error as error:
        table.fault(reader.line_num, "", str(error), "well-formed CSV")


def _header_holds(
    table: CaseTable, line: int, names: list[str], required: tuple[str, ...], allowed: Callable[[str], bool]
) -> bool:
    if table.faults:
        return False
    missing = [name for name in required if name not in names]
    seen: set[str] = set()
    doubled = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    unknown = [n for n in names if n not in required and not n.startswith(_IGNORED) and not allowed(n)]
    if missing:
        table.fault(max(line, 1), "", f"a header without {', '.join(missing)}", f"columns {', '.join(required)}")
    elif unknown:
        table.fault(
            line, unknown[0], f"unknown column {', '.join(unknown)}", "a known column, or a name with x_ in front"
        )
    elif doubled:
        table.fault(line, doubled[0], f"the column {doubled[0]} twice", "each column once")
    return not table.faults
