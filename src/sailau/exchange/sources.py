"""Tables of a case that lie elsewhere: a database, a spreadsheet, anything that speaks Arrow, read in streams.

What a source gives is written batch by batch to a Parquet file for as long as a case is open; nothing is kept in memory,
and the case is then tabulated and counted like any whose tables a database reads. A source has the columns that the file of
its name would have.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from sailau.election import Election
from sailau.election.case import read_case
from sailau.election.files import Folder, find
from sailau.election.large import TABLES
from sailau.election.tables import LARGEST_COUNT
from sailau.exchange.spreadsheet import sheet_rows
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults

_ROWS = 100_000
"""Rows that are in memory at a time."""
_NUMBERS = ("count", "round", "version")
_FILES = (".parquet", ".csv", ".csv.gz")
_ADDRESS = re.compile(r"(?P<scheme>[a-z0-9+]+)://(?P<rest>[^#]*)(#(?P<table>.+))?")

Source = Any
"""A path, an address of a database, `(connection, query)`, or an object with `__arrow_c_stream__`."""


@contextmanager
def case_from(where: str | Path, sources: Mapping[str, Source]) -> Iterator[Election]:
    """Open a case some of whose tables lie elsewhere, for as long as the context lasts.

    Args:
        where: the case: a folder with case.toml, parties.csv and whatever the sources do not give.
        sources: `units`, `returns`, `protocols` → a path (.parquet, .csv, .csv.gz, .xlsx); an address of a database
            such as `postgresql://host/db#lines`, the table behind the # being called as ours where none is named;
            `(connection, "SELECT …")` with a connection of DB-API 2 or ADBC; or any object with `__arrow_c_stream__`.

    Raises:
        BadInput: every fault of the sources and of the case.
    """
    folder = find(where)
    for name in sources:
        if name not in TABLES:
            raise BadInput([Fault("--from", 0, "", f"“{name}”", f"one of {', '.join(TABLES)}")])
    with tempfile.TemporaryDirectory(prefix="sailau-") as place:
        large = {**_own_tables(folder), **{name: _path(name, s, Path(place)) for name, s in sources.items()}}
        kept = {n: data for n, data in folder.files.items() if n.removesuffix(".csv") not in large}
        yield read_case(replace(folder, files=kept, large=large))


def _own_tables(folder: Folder) -> dict[str, Path]:
    """Return the tables of a folder as paths."""
    if folder.path is None:
        raise BadInput([Fault("--from", 0, "", "an archive", "a case folder")])
    plain = {n: folder.path / f"{n}.csv" for n in TABLES if f"{n}.csv" in folder.files}
    return {**plain, **folder.large}


def _path(name: str, source: Source, place: Path) -> Path:
    """Return a file that holds a table: the source itself where it is one, else what is written of it."""
    if isinstance(source, str | Path):
        text = str(source)
        if text.endswith(_FILES):
            path = Path(text)
            if not path.exists():
                raise BadInput([Fault(text, 0, "", "no such file", f"the table {name}")])
            return path
        path = place / f"{name}.parquet"
        if text.endswith(".xlsx"):
            _write(path, _from_sheet(Path(text)))
        else:
            _write_query(path, name, text)
        return path
    path = place / f"{name}.parquet"
    if isinstance(source, tuple):
        _write_rows(path, name, *source)
        return path
    if not hasattr(source, "__arrow_c_stream__"):
        expected = "a path, an address, (connection, query), or an object with __arrow_c_stream__"
        raise TypeError(f"{name} from {type(source).__name__}, expected {expected}")
    arrow = library("pyarrow", "tabulation", "tables of others")
    _write(path, arrow.RecordBatchReader.from_stream(source))
    return path


# ---------------------------------------------------------------- databases


def _write_query(path: Path, name: str, address: str) -> None:
    """Write what a table of a database holds, found by its address."""
    match = _ADDRESS.fullmatch(address)
    if match is None or match["scheme"] not in ("postgresql", "postgres", "sqlite"):
        expected = "a file (.parquet, .csv, .csv.gz, .xlsx) or postgresql://…#table, sqlite:///file#table"
        raise BadInput([Fault("--from", 0, name, f"“{address.partition('://')[0]}”", expected)])
    query = f'SELECT * FROM "{(match["table"] or name).replace(chr(34), chr(34) * 2)}"'
    if match["scheme"] == "sqlite":
        file = Path(match["rest"].removeprefix("/"))
        if not file.is_file():
            raise BadInput([Fault("--from", 0, name, f"no file {file}", "an address such as sqlite:///file#table")])
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            _write_rows(path, name, connection, query)
        return
    driver = library("adbc_driver_postgresql.dbapi", "postgresql", "--from postgresql://…")
    try:
        connection = driver.connect(address.partition("#")[0])
    except Exception as error:
        raise _no_table(name, error) from None
    with closing(connection):
        _write_rows(path, name, connection, query)


def _write_rows(path: Path, name: str, connection: Any, query: str) -> None:
    """Write the rows of a query: as Arrow where the connection speaks it, else some rows at a time."""
    cursor = connection.cursor()
    try:
        cursor.execute(query)
        stream = cursor.fetch_record_batch() if hasattr(cursor, "fetch_record_batch") else _batches(cursor, name)
        _write(path, stream)
    except BadInput:
        raise
    except Exception as error:
        raise _no_table(name, error) from None
    finally:
        cursor.close()


def _no_table(name: str, error: Exception) -> BadInput:
    told = str(error).strip().split("\n")[0] or type(error).__name__
    return BadInput([Fault(name, 0, "", told, "a table or a query that the database can read")])


def _batches(cursor: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a cursor as batches."""
    columns = [column[0] for column in cursor.description]
    done = 0
    while rows := cursor.fetchmany(_ROWS):
        yield _batch(name, columns, rows, range(done + 1, done + len(rows) + 1))
        done += len(rows)
    if not done:
        yield _batch(name, columns, [], range(0))


def _batch(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], lines: Iterable[int]) -> Any:
    """Return rows as a batch: numbers as whole numbers of 64 bits, all else as text.

    Raises:
        BadInput: figures that are no whole numbers, with their lines.
    """
    arrow = library("pyarrow", "tabulation", "tables of others")
    faults = Faults()
    arrays = []
    for place, column in enumerate(columns):
        values = [row[place] for row in rows]
        if column in _NUMBERS:
            whole = [_whole(v) for v in values]
            for line, value, number in zip(lines, values, whole, strict=True):
                if number is None and value not in (None, ""):
                    faults.add(Fault(name, line, column, f"“{value}”", "a whole number from 0 to 2^63 − 1"))
            arrays.append(arrow.array(whole, arrow.int64()))
        else:
            texts = [None if v is None or v == "" else str(v) for v in values]
            arrays.append(arrow.array(texts, arrow.string()))
    faults.raise_any()
    return arrow.RecordBatch.from_arrays(arrays, names=list(columns))


def _whole(value: Any) -> int | None:
    """Return a cell as a whole number, None for anything else; a day and a truth value are no numbers."""
    number: Any = value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        number = int(value)
    elif isinstance(value, Decimal | float):
        number = int(value) if isfinite(value) and value == int(value) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number <= LARGEST_COUNT else None


# ---------------------------------------------------------------- spreadsheets


def _from_sheet(path: Path) -> Iterator[Any]:
    """Yield the rows of the first sheet of a spreadsheet as batches.

    Raises:
        BadInput: no spreadsheet, a header with a column twice, or figures that are no whole numbers, with their lines.
    """
    rows = sheet_rows(path)
    header = [str(name).strip() for name in rows[0]] if rows else []
    if not any(header) or len(set(filter(None, header))) < len(list(filter(None, header))):
        told = ", ".join(header) or "nothing"
        raise BadInput([Fault(path.name, 1, "", told, "a header with each column once")])
    places = [place for place, name in enumerate(header) if name]
    numbered = [(line, [row[p] for p in places]) for line, row in enumerate(rows[1:], 2) if any(c != "" for c in row)]
    names = [header[p] for p in places]
    texts = [[_text(cell, name) for cell, name in zip(row, names, strict=True)] for _, row in numbered]
    yield _batch(path.name, names, texts, [line for line, _ in numbered])


def _text(cell: Any, column: str) -> Any:
    """Return a cell, a number in a column of texts as it is written without a point."""
    if column not in _NUMBERS and isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return cell


# ---------------------------------------------------------------- writing


def _write(path: Path, batches: Iterable[Any]) -> None:
    """Write batches to a Parquet file, one at a time; texts in dictionaries and decimals without a fraction made plain."""
    arrow, parquet = library("pyarrow", "tabulation", "tables"), library("pyarrow.parquet", "tabulation", "tables")
    writer = None
    try:
        for batch in batches:
            table = _plain(arrow, arrow.Table.from_batches([batch]), path.stem)
            if writer is None:
                writer = parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is None and hasattr(batches, "schema"):
            parquet.write_table(_plain(arrow, batches.schema.empty_table(), path.stem), path)
    finally:
        if writer is not None:
            writer.close()


def _plain(arrow: Any, table: Any, name: str) -> Any:
    columns = []
    for column in table.column_names:
        values = table[column]
        kind = values.type
        if arrow.types.is_dictionary(kind):
            kind = kind.value_type
        if arrow.types.is_large_string(kind) or arrow.types.is_string_view(kind):
            kind = arrow.string()
        if arrow.types.is_decimal(kind) and column in _NUMBERS:
            kind = arrow.int64()
        try:
            columns.append(values.cast(kind) if kind != values.type else values)
        except arrow.ArrowInvalid as error:
            told = str(error).split("\n")[0]
            raise BadInput([Fault(name, 0, column, told, "whole numbers")]) from None
    return arrow.table(columns, names=table.column_names)
