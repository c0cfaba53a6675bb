"""Sheets of spreadsheets as rows: bounded before they are unpacked, formulas told apart from figures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.limits import UNPACKED

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class ComputedCell(str):
    """A cell that is computed: what it shows is whatever a program wrote there last, which is no figure of a protocol."""

    __slots__ = ()


def sheet_rows(path: Path, name: str = "") -> list[list[Any]]:
    """Return the cells of a sheet: texts, numbers, days; a formula as itself.

    Args:
        path: the spreadsheet (.xlsx).
        name: of the sheet; the first one when empty.

    Raises:
        BadInput: no spreadsheet, no such sheet, or more than a table may hold.
    """
    calamine = library("python_calamine", "tabulation", "spreadsheets")
    try:
        with zipfile.ZipFile(path) as archive:
            UNPACKED.check(path.name, sum(member.file_size for member in archive.infolist()))
            book = calamine.CalamineWorkbook.from_path(str(path))
            sheet = book.get_sheet_by_name(name) if name else book.get_sheet_by_index(0)
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            for row, column, formula in _formulas(archive, sheet.name):
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = ComputedCell(f"={formula}")
            return rows
    except BadInput:
        raise
    except Exception as error:
        raise BadInput([Fault(path.name, 0, name, str(error), "a sheet of a spreadsheet (.xlsx)")]) from None


def _formulas(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text of every formula of a sheet."""
    member = _member(archive, name)
    if member is None or b"<f" not in archive.read(member):
        return
    etree = library("lxml.etree", "exchange", "spreadsheets")
    with archive.open(member) as file:
        for _, cell in etree.iterparse(file, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
            formula = cell.find(f"{_MAIN}f")
            place = re.fullmatch(r"([A-Z]+)([0-9]+)", cell.get("r", ""))
            if formula is not None and place is not None:
                column = 0
                for letter in place[1]:
                    column = column * 26 + ord(letter) - ord("A") + 1
                yield int(place[2]) - 1, column - 1, formula.text or ""
            cell.clear()


def _member(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the file of a sheet inside a spreadsheet."""
    etree = library("lxml.etree", "exchange", "spreadsheets")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter(f"{_MAIN}sheet"):
        if sheet.get("name") == name:
            target = targets.get(sheet.get(_LINK), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in archive.namelist() else None
    return None
