"""A workbook: a sheet of totals for every level, one of figures that do not add up, one of protocols left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sailau.election import Election
from sailau.election.model import WHOLE
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.tabulation import Tabulation, Totals
from sailau.wording import say_finding
from sailau.wording.language import Words, words
from sailau.wording.names import figure_name
from sailau.wording.view import option_name, unit_name
from sailau.writing import whole_file

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet has room for; the library would drop the rest in silence."""
_EXACT = 10**15
"""A cell holds a number of fifteen digits; a larger one is written as text, so that none is lost."""


def write_workbook(election: Election, tabulation: Tabulation, path: Path, language: str = "en") -> Path:
    """Write a formatted workbook and return its path; texts are never read as formulas."""
    xlsxwriter = library("xlsxwriter", "exchange", "xlsx")
    said = words(language)
    with whole_file(path) as beside:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(str(beside), options)
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "count": book.add_format({"num_format": "#,##0"}),
            "name": book.add_format({}),
            "title": book.add_format({"bold": True, "font_size": 14}),
        }
        levels = list(dict.fromkeys(u.level for u in election.units.values() if u.level))
        for level in ("", *levels):
            sheet = book.add_worksheet(
                _sheet_name(level or said.say("whole"), [s.get_name() for s in book.worksheets()])
            )
            _fill(sheet, election, tabulation, level, styles, said)
        _findings(
            book.add_worksheet(_sheet_name(said.say("Figures that do not add up"), [])),
            election,
            tabulation,
            styles,
            language,
        )
        book.close()
    return path


def _sheet_name(text: str, taken: list[str]) -> str:
    name = "".join(c for c in text if c not in "[]:*?/\\'")[:31] or "-"
    return name if name not in taken else f"{name[:28]} {len(taken)}"


def _fill(
    sheet: Any, election: Election, tabulation: Tabulation, level: str, styles: dict[str, Any], said: Words
) -> None:
    """Write the totals of one level, contest under contest."""
    title = next(
        (election.titles[c] for c in (said.language, "kk", "ru", "en") if election.titles.get(c)), election.name
    )
    sheet.write_string(0, 0, title, styles["title"])
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 60, 13)
    at = 2
    for (contest, round_), total in tabulation.totals.items():
        units = [u for u in total.units if _level(election, u) == level and _has_figures(total, u)]
        if not units:
            continue
        check_room(election.name, at + 1 + len(units), 1 + len(total.items))
        heads = [f"{contest}, {round_}", *(_item(election, item, said) for item in total.items)]
        for column, head in enumerate(heads):
            sheet.write_string(at, column, head, styles["head"])
        for row, unit in enumerate(units, at + 1):
            sheet.write_string(row, 0, unit_name(election, unit, said) if unit else said.say("whole"), styles["name"])
            for column, item in enumerate(total.items, 1):
                _number(sheet, row, column, total.figure(unit, item), styles["count"])
        at += len(units) + 3
    sheet.freeze_panes(0, 1)


def check_room(name: str, rows: int, columns: int) -> None:
    """Refuse what a sheet has no room for.

    Raises:
        BadInput: one fault.
    """
    if rows > ROWS or columns > COLUMNS:
        expected = f"at most {ROWS:,} rows and {COLUMNS:,} columns: csv or parquet have room"
        raise BadInput([Fault(name, 0, "xlsx", f"{rows:,} rows, {columns:,} columns", expected)])


def _number(sheet: Any, row: int, column: int, figure: int | None, style: Any) -> None:
    if figure is None:
        return
    if figure < _EXACT:
        sheet.write_number(row, column, figure, style)
    else:
        sheet.write_string(row, column, str(figure), style)


def _level(election: Election, unit: str) -> str:
    return "" if unit == WHOLE or unit not in election.units else election.units[unit].level


def _has_figures(total: Totals, unit: str) -> bool:
    place = total.place(unit)
    return place is not None and bool(total.known[place].any())


def _item(election: Election, item: str, said: Words) -> str:
    return figure_name(item, said) if item.startswith("@") else option_name(election, item, said)


def _findings(sheet: Any, election: Election, tabulation: Tabulation, styles: dict[str, Any], language: str) -> None:
    law = election.own_law()
    said = words(language)
    for column, head in enumerate((said.say("code"), said.say("unit"), "")):
        sheet.write_string(0, column, head, styles["head"])
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 110)
    for row, finding in enumerate(tabulation.findings, 1):
        sheet.write_string(row, 0, finding.code)
        sheet.write_string(row, 1, finding.unit)
        sheet.write_string(row, 2, say_finding(finding, language, election, law))
    sheet.freeze_panes(1, 0)
