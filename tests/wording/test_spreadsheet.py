"""A spreadsheet holds numbers as numbers and days as days, and computes nothing."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import python_calamine

from sailau.cli.app import run
from sailau.wording import document
from sailau.wording.document import Cell, Column, Document, Note, Paragraph, Table
from sailau.wording.language import words
from sailau.wording.spreadsheet import xlsx


def read(data: bytes) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(*cells: Cell, title: str = "T") -> Table:
    return Table(title, tuple(Column(str(n)) for n in range(len(cells))), (cells,))


def test_cells_keep_what_they_are() -> None:
    said = words("ru")
    cells = (
        document.name("Партия"),
        document.count(said, 6_366_441),
        document.share(said, Fraction(1, 20)),
        document.points(said, Fraction(-1, 40)),
        document.day(said, date(2023, 3, 19)),
        document.count(said, None, "–"),
    )
    _, row = read(xlsx(Document((table(*cells),), "ru")))["T"]
    assert row == ["Партия", 6_366_441, 0.05, -2.5, date(2023, 3, 19), "–"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "12"])
def test_no_text_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    assert read(xlsx(Document((table(Cell(text)),))))["T"][1] == [text]


def test_a_number_that_a_spreadsheet_would_round_stays_text() -> None:
    assert read(xlsx(Document((table(document.count(words("en"), 2**53 + 1)),))))["T"][1] == ["9,007,199,254,740,993"]


def test_sheets_have_names_of_their_own_and_sentences_one_of_theirs() -> None:
    long = "What the chamber can decide: [all] of it/and more than that"
    shown = Document((table(Cell("a"), title=long), table(Cell("b"), title=long), Paragraph("Said."), Note("Small.")))
    sheets = read(xlsx(shown))
    assert len(sheets) == 3
    assert all(len(name) <= 31 for name in sheets)
    assert sheets["Notes"] == [["Said."], ["Small."]]
    assert xlsx(shown) == xlsx(shown)


def test_a_command_writes_one(tmp_path: Path) -> None:
    file = tmp_path / "seats.xlsx"
    assert run(["count", "mazhilis-2023", "--to", str(file), "--lang", "kk"]) == 0
    rows = next(iter(read(file.read_bytes()).values()))
    amanat = next(row for row in rows if row[0] == "«AMANAT»")
    assert amanat[1] == 3_431_510
    assert amanat[-1] == 62
