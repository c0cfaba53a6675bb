"""A document as a spreadsheet: a sheet for each table, numbers as numbers, days as days, and nothing that is a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sailau.extras import library
from sailau.wording.document import Cell, Document, Kind, Table
from sailau.wording.language import words
from sailau.wording.rendering import texts_of

_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "seats": "#,##0",
    "number": "#,##0.##",
    "share": "0.00%",
    "points": "+0.00;-0.00;0.00",
    "date": "yyyy-mm-dd",
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NAME = 31
"""Characters of the name of a sheet."""
_WIDEST = 60
_EXACT = 2**53
"""Whole numbers beyond are no longer exact in a spreadsheet: they are written as text."""
_DAY = datetime(2020, 1, 1)
"""When the file says that it was made: the same document gives the same bytes."""


def xlsx(document: Document) -> bytes:
    """Return a document as an .xlsx file.

    Raises:
        BadInput: the extra `exchange` is not installed.
    """
    writer = library("xlsxwriter", "exchange", ".xlsx")
    file = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = writer.Workbook(file, {"in_memory": True, **never})
    book.set_properties({"title": document.title, "created": _DAY})
    formats = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMATS.items()}
    head, text = (
        book.add_format({"bold": True, "text_wrap": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    names: set[str] = set()
    said = words(document.language)
    for number, table in enumerate(document.tables(), 1):
        _write_table(book.add_worksheet(_sheet_name(table.title or f"{number}", names)), table, formats, (head, text))
    notes = [*(text for block in document.blocks for text in texts_of(block)), *_notes(document.tables())]
    if notes or not names:
        sheet = book.add_worksheet(_sheet_name(said.say("Notes"), names))
        sheet.set_column(0, 0, 2 * _WIDEST, text)
        for row, note in enumerate(notes):
            sheet.write_string(row, 0, note)
    book.close()
    return file.getvalue()


def _notes(tables: Iterable[Table]) -> list[str]:
    return [table.note for table in tables if table.note]


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a name that a sheet may have and no other has."""
    name = _FORBIDDEN.sub(" ", title).strip()[:_NAME].strip() or "1"
    number = 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = _FORBIDDEN.sub(" ", title).strip()[: _NAME - len(ending)].strip() + ending
    taken.add(name.casefold())
    return name


def _write_table(sheet: Any, table: Table, formats: dict[Kind, Any], plain: tuple[Any, Any]) -> None:
    head, text = plain
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.head, head)
        longest = max([len(column.head), *(len(line) for row in table.rows for line in row[place].text.split("\n"))])
        sheet.set_column(place, place, min(longest + 2, _WIDEST))
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write_cell(sheet, (number, place), cell, formats.get(cell.kind), text)
    sheet.freeze_panes(1, 0)


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, form: Any, text: Any) -> None:
    value = cell.value
    if isinstance(value, date):
        sheet.write_datetime(*place, datetime(value.year, value.month, value.day), form)
    elif isinstance(value, Fraction | int) and -_EXACT < value < _EXACT:
        sheet.write_number(*place, float(value * 100 if cell.kind == "points" else value), form)
    elif cell.text:
        sheet.write_string(*place, cell.text, text)
