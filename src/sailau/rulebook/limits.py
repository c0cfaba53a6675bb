"""How much may be read: one table, checked at the door before anything is built; `docs/reference/limits.md` shows it.

A file beyond a limit is refused with one fault that names the limit. Within the limits nothing takes time or memory that
grows faster than the input.
"""

from __future__ import annotations

from dataclasses import dataclass

from sailau.rulebook.faults import BadInput, Fault


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of something.

    Attributes:
        name: how a fault names it.
        most: the largest number that is accepted.
        of: what is counted, in the plural.
        why: what it allows, and what it keeps out.
    """

    name: str
    most: int
    of: str
    why: str

    def fault(self, file: str, amount: int | str, *, line: int = 0, field: str = "") -> Fault:
        """Return the fault of a file that goes beyond the limit, `amount` being what it has."""
        told = f"{amount:,} {self.of}" if isinstance(amount, int) else amount
        return Fault(file, line, field, told, f"at most {self.most:,} {self.of} (limit {self.name})")

    def check(self, file: str, amount: int, *, line: int = 0, field: str = "") -> None:
        """Refuse a file that goes beyond the limit.

        Raises:
            BadInput: one fault.
        """
        if amount > self.most:
            raise BadInput([self.fault(file, amount, line=line, field=field)])


FOLDER = Limit("folder-bytes", 1_000_000_000, "bytes in a case folder", "a million stations with twenty lines each")
TABLE = Limit("table-bytes", 600_000_000, "bytes in a table", "returns of a million stations")
LARGE_TABLE = Limit(
    "large-table-bytes", 4_000_000_000, "bytes in a table that a database reads", "fifty million lines of CSV"
)
LIST = Limit("list-bytes", 50_000_000, "bytes in a table", "tables of parties, candidates, awards, polls, members")
TOML = Limit("toml-bytes", 1_000_000, "bytes in a TOML file", "a rule book is a hundredth to a tenth of it")
ARCHIVE = Limit("archive-bytes", 200_000_000, "bytes in an archive", "the packed case of a nation")
UNPACKED = Limit("unpacked-bytes", 200_000_000, "bytes when unpacked", "an archive is read in memory")
RATIO = Limit(
    "packing-ratio",
    25,
    "bytes from one packed byte",
    "tables of votes pack to a fifth or a tenth, lists of protocols to a twentieth; bombs to a thousandth",
)
RATIO_FREE = 1_000_000
"""Bytes that an archive may unpack to however well they are packed."""
MEMBERS = Limit("members", 10_000, "files", "files of a folder or an archive")
ROWS = Limit("rows", 25_000_000, "rows", "a million stations with twenty lines each")
FAULTS = Limit("faults", 100_000, "faults", "a file with so many is read no further")
COLUMNS = Limit("columns", 2_000, "columns", "of one table, further ones with x_ included")
UNITS = Limit("units", 2_000_000, "units", "a million stations and the areas they lie in")
PARTIES = Limit("parties", 2_000, "lists", "lists on one ballot paper, those that only returns name included")
CANDIDATES = Limit("candidates", 1_000_000, "candidates", "of all districts together")
CELLS = Limit(
    "cells", 8_000_000, "units × items", "and eight more for each line of the returns: totals are a full table"
)
CELLS_OF_LINE = 8
"""Further cells of totals that each line of the returns allows."""
FIGURES = Limit(
    "exported-figures",
    1_000_000,
    "units × items",
    "of a workbook and of NIST's report; csv and parquet take any number",
)
SEATS = Limit("seats", 100_000, "seats", "more than any body has; of all districts of a case together")
DECISIONS = Limit("decisions", 10_000, "decisions", "tables [[decision]] of a case")
UNIT_DEPTH = Limit("unit-depth", 64, "units within each other", "precinct, district, region, nation")
KEY_DEPTH = Limit(
    "key-depth", 16, "levels of keys", "tables, lists and dotted keys within each other, in TOML and JSON"
)
INTEGER = Limit("integer-bits", 63, "bits of a whole number", "no figure of an election is beyond 2^63 − 1")
VERSIONS = Limit(
    "versions",
    150_000,
    "tables in all versions",
    "tables of a rule book times the days on which it changes; ours have 15,000",
)
TEXT = Limit("option-characters", 100_000, "characters in an option", "values of --set, --vary, --with")
STEPS = Limit(
    "steps", 250, "values of a sweep", "--vary, all sweeps together: each is a law that is compiled and counted"
)
THREADS = Limit("threads", 256, "threads", "--threads: each is a process with its own memory")
DRAWS = Limit("draws", 10**12, "elections", "--draws")

LIMITS = (
    FOLDER, TABLE, LARGE_TABLE, LIST,
    TOML, ARCHIVE, UNPACKED, RATIO, MEMBERS, ROWS, FAULTS, COLUMNS, UNITS, PARTIES, CANDIDATES, CELLS,
    FIGURES, SEATS, DECISIONS, UNIT_DEPTH, KEY_DEPTH, INTEGER, VERSIONS, TEXT, STEPS, THREADS, DRAWS,
)  # fmt: skip
"""Every limit, in the order of the page."""
