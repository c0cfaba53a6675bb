"""Tables of a case that are too many to keep station by station: which files they are, and what of them is read.

Units and returns as Parquet, or as CSV beyond what is read in memory, stay where they are; a database reads them. Of the
units only those are read that something lies in, or that are no polling stations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sailau.election.files import Folder
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import reason_of
from sailau.rulebook.limits import COLUMNS

TABLES = ("units", "returns", "protocols")
ENDINGS = (".parquet", ".csv.gz", ".csv")
EXTRA = "tabulation"


@dataclass(frozen=True)
class LargeTables:
    """Files of a case that a database reads.

    Attributes:
        paths: `units`, `returns`, `protocols` → the file.
        folder: the other files of the case, with the upper units as units.csv.
    """

    paths: Mapping[str, Path]
    folder: Folder


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def source(path: Path | Sequence[Path]) -> str:
    """Return what a table is read from, as SQL: every column of a CSV file as text; several files are parts of one table."""
    if not isinstance(path, Path):
        return f"read_parquet([{', '.join(text(str(part)) for part in path)}])"
    if path.suffix == ".parquet":
        parts = path / "*.parquet" if path.is_dir() else path
        return f"read_parquet({text(str(parts))})"
    names, delimiter = header_of(path)
    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({text(str(path))}, header = true, auto_detect = false, columns = {{{columns}}}, delim = {text(delimiter)},"
        " quote = '\"', escape = '\"', strict_mode = true)"
    )


def header_of(path: Path) -> tuple[list[str], str]:
    """Return the names in the header of a CSV file, and what stands between them.

    Raises:
        BadInput: one fault: no text, no header, or a column twice.
    """
    import csv
    import gzip
    import zlib

    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            line = file.readline(_HEADER).decode("utf-8-sig").rstrip("\r\n")
        if path.suffix != ".gz":
            _check_end(path)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadInput(
            [Fault(path.name, 1, "", reason_of(error), "text in UTF-8, in a spreadsheet: save as CSV UTF-8")]
        ) from None
    delimiter = ";" if line.count(";") > line.count(",") else ","
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    if not any(names) or len(set(names)) < len(names) or len(names) > COLUMNS.most:
        raise BadInput([Fault(path.name, 1, "", line or "nothing", "a header with each column once")])
    return names, delimiter


def _check_end(path: Path) -> None:
    """Refuse a file whose end was never written or is one endless line: the database would leave that out unsaid.

    Raises:
        BadInput: one fault, on the line where the end begins.
    """
    import mmap

    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _HEADER, 0))
        end = file.read()
        is_empty, is_endless = b"\0" in end, len(end) == _HEADER and not any(sign in end for sign in (b"\n", b"\r"))
        if not is_empty and not is_endless:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            until = data.find(b"\0") if is_empty else data.rfind(b"\n") + 1
            line = data[:until].count(b"\n") + 1
    told = "bytes of nought" if is_empty else f"a line of more than {_HEADER:,} bytes"
    raise BadInput([Fault(path.name, line, "", told, "a text file in UTF-8")])


_HEADER = 1 << 20
"""Bytes among which the header is looked for."""


def connect() -> Any:
    """Return a new database in memory that spills to a folder of its own, and asks nobody for anything."""
    duckdb = library("duckdb", EXTRA, "large tables")
    config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    database = duckdb.connect(config=config)
    database.execute("SET enable_progress_bar = false")
    return database


def columns_of(database: Any, file: str, path: Path) -> tuple[str, ...]:
    """Return the columns of a table.

    Raises:
        BadInput: one fault: no such table, or a header with a column twice.
    """
    rows = run(database, file, f"DESCRIBE SELECT * FROM {source(path)}").fetchall()
    return tuple(row[0] for row in rows)


def run(database: Any, file: str, sql: str) -> Any:
    """Run a query; what the database cannot read is a fault of the file.

    Raises:
        BadInput: one fault, with the line where the database knows it.
    """
    import re

    duckdb = library("duckdb", EXTRA, "large tables")
    try:
        return database.execute(sql)
    except duckdb.Error as error:
        told = str(error).split("\n")[0].removeprefix("Invalid Input Error: ")
        if "Parallel CSV Reader" in told:
            told = f"a line of more than {_HEADER:,} bytes, or a quotation mark without its other"
        line = re.search(r"[Ll]ine:? (\d+)", str(error))
        raise BadInput([Fault(file, int(line.group(1)) if line else 0, "", told, "a table that can be read")]) from None


UNIT_COLUMNS = ("unit", "parent", "level")


def with_upper_units(folder: Folder, paths: Mapping[str, Path]) -> tuple[Folder, list[int]]:
    """Return the folder with units.csv holding only the upper units, and the line that each row had.

    A unit is a polling station that is not kept where its level is `precinct` and nothing lies in it.
    """
    from sailau.election.writing import to_csv

    path = paths.get("units")
    if path is None:
        return folder, []
    database = connect()
    names = columns_of(database, path.name, path)
    if missing := [name for name in ("unit",) if name not in names]:
        raise BadInput([Fault(path.name, 1, "", f"a header without {', '.join(missing)}", "a column unit")])
    levels = "coalesce(level, '')" if "level" in names else "''"
    above = [name for name in names if name == "parent" or name.startswith("district_")]
    inner = " UNION ".join(f"SELECT {quoted(name)} FROM {source(path)}" for name in above)
    upper = f"{levels} <> 'precinct'" + (f" OR unit IN ({inner})" if inner else "")
    numbered = f'SELECT *, row_number() OVER () AS "line of the file" FROM {source(path)}'
    rows = run(database, path.name, f'SELECT * FROM ({numbered}) WHERE {upper} ORDER BY "line of the file"').fetchall()
    data = to_csv([names, *(row[:-1] for row in rows)]).encode()
    return replace(folder, files={**folder.files, "units.csv": data}, large={}), [int(row[-1]) + 1 for row in rows]
