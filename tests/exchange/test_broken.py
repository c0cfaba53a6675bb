"""Broken files: lines without an end, spreadsheets that unpack to more than they say, formulas, totals among stations."""

import resource
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from sailau.cli.app import run
from sailau.rulebook.limits import Limit

MAPPING = """law = "kz/mazhilis"
day = 2023-03-19
title.en = "Made"
[defaults]
file = "FILE"
[[parties]]
rows = [{ party = "a" }, { party = "b" }]
[[units]]
unit = "s{no}"
level = "precinct"
[[returns]]
unit = "s{no}"
contest = "list"
lines = { a = ["A"], b = ["B"] }
"""


def refused(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what the command says of a file, having written nothing."""
    (tmp_path / "m.toml").write_text(MAPPING.replace("FILE", name), encoding="utf-8")
    command = ["import", str(tmp_path), "--mapping", str(tmp_path / "m.toml"), "--to", str(tmp_path / "case")]
    assert run(command) == 2
    assert not (tmp_path / "case").exists()
    told = capsys.readouterr().err.splitlines()
    assert all(len(line) <= 200 for line in told)
    return told


def endless(path: Path, head: bytes) -> Path:
    """Make a file of a thousand million bytes that takes no place, whose last line has no end."""
    path.write_bytes(head)
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    return path


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_a_line_without_end_is_a_fault_of_that_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endless(tmp_path / "x.csv", b"no,A,B\n1,2,3\n")
    before = megabytes()
    assert "x.csv, line 3: found a line of more than" in refused(tmp_path, "x.csv", capsys)[0]
    assert megabytes() - before < 100


def case_with(path: Path, returns: bytes) -> Path:
    """Make a case of one station and return the path of its returns."""
    (path / "case.toml").write_text('law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "Made"\n')
    (path / "parties.csv").write_text("party\na\nb\n")
    (path / "units.csv").write_text("unit,level\ns1,precinct\n")
    (path / "returns.csv").write_bytes(returns)
    return path / "returns.csv"


HEAD = b"unit,contest,item,count\ns1,list,a,5\n"


def test_an_end_that_was_never_written_is_a_fault_of_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endless(case_with(tmp_path, HEAD), HEAD)
    before = megabytes()
    assert run(["tabulate", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("returns.csv, line 3: found bytes of nought")
    assert megabytes() - before < 100


@pytest.mark.parametrize("after", [b"", b"\ns1,list,@cast,5\n"])
def test_a_line_without_end_in_a_case_is_never_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, after: bytes
) -> None:
    monkeypatch.setattr("sailau.election.files.IN_MEMORY", 1_000_000)
    case_with(tmp_path, HEAD + b"s1,list,b," + b"5" * 40_000_000 + after)
    before = megabytes()
    assert run(["tabulate", str(tmp_path)]) == 2
    assert "a line of more than" in capsys.readouterr().err
    assert megabytes() - before < 400


def sheet(path: Path, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for k, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(n, k, cell, day)
                else:
                    page.write(n, k, cell)


def test_days_formulas_and_fractions_in_a_spreadsheet_are_no_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet(tmp_path / "x.xlsx", [["no", "A", "B"], [1, "=1+1", 2], [2, date(2023, 3, 19), 2], [3, 4, 1.5]])
    told = refused(tmp_path, "x.xlsx", capsys)
    assert [line.split(": found ")[0] for line in told] == [
        "x.xlsx, line 2, A",
        "x.xlsx, line 3, A",
        "x.xlsx, line 4, B",
    ]
    assert "=1+1" in told[0]


def test_a_formula_is_no_id_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet(tmp_path / "x.xlsx", [["no", "A", "B"], ["=1+1", 1, 2]])
    assert "the formula" in refused(tmp_path, "x.xlsx", capsys)[0]


def test_a_spreadsheet_that_unpacks_to_more_than_a_table_holds_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sailau.exchange.spreadsheet.UNPACKED", Limit("unpacked-bytes", 10_000, "bytes", "a test"))
    sheet(tmp_path / "x.xlsx", [["no", "A", "B"], *([n, 1, 2] for n in range(1000))])
    assert "at most 10,000 bytes" in refused(tmp_path, "x.xlsx", capsys)[0]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"no spreadsheet"])
def test_what_is_no_spreadsheet_is_a_fault_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    (tmp_path / "x.xlsx").write_bytes(data)
    told = refused(tmp_path, "x.xlsx", capsys)
    assert all(line.startswith("x.xlsx: found ") for line in told)


def test_a_spreadsheet_with_entities_is_read_without_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet(tmp_path / "sound.xlsx", [["no", "A", "B"], [1, "=1+1", 2]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as old, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"<worksheet", bomb + b"<worksheet") if "sheet1" in name else data)
    assert refused(tmp_path, "x.xlsx", capsys)


def test_totals_among_the_stations_are_seen_above_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row of totals that is read as a station counts twice: the unit above says otherwise."""
    (tmp_path / "case.toml").write_text('law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "Made"\n')
    (tmp_path / "parties.csv").write_text("party\na\n")
    units = "unit,parent,level\nd,,district\ns1,d,precinct\ns2,d,precinct\ntotal,d,precinct\n"
    (tmp_path / "units.csv").write_text(units)
    (tmp_path / "returns.csv").write_text(
        "unit,contest,item,count\ns1,list,a,5\ns2,list,a,7\ntotal,list,a,12\nd,list,a,12\n"
    )
    assert run(["tabulate", str(tmp_path)]) == 2
    assert "returns.csv, line 5, count: found 12 for list/a in d; expected 24" in capsys.readouterr().err
