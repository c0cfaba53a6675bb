"""A case folder to start from, with the files and columns that a law reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sailau.election.writing import to_csv, to_toml, write_texts
from sailau.rulebook import Book, Law

_TOML = """# An election: who stood, what the polling stations reported. See docs/reference/case-folder.md.
law = {law}
day = {day}
title.en = {title}
sources = [
  # {{ title = "Who published the figures", url = "https://…" }},
]
notes = [
  # "What is missing or uncertain.",
]
"""


def write_case(folder: Path, book: Book, day: date) -> Path:
    """Write a new case folder for a law and return its path.

    A law that is not shipped is copied in as law.toml, so that the folder stands alone.

    Raises:
        BadInput: the folder exists and is not empty, or the law does not govern the day.
    """
    law = book.on(day)
    own = book.path.parent.parent.name != "books"
    title = folder.name.replace("-", " ").capitalize()
    name = "./law.toml" if own else law.id
    head = _TOML.format(law=to_toml(name), day=day.isoformat(), title=to_toml(title))
    texts = {"case.toml": head}
    if own:
        texts["law.toml"] = book.parts[book.path.name]
    texts |= {file: to_csv(rows) for file, rows in _tables(law)}
    return write_texts(folder, texts)


def _tables(law: Law) -> list[tuple[str, list[Sequence[object]]]]:
    lists = [c for c in law.contest if c.ballot == "list"]
    persons = [c for c in law.contest if c.ballot == "candidates"]
    levels = list(dict.fromkeys(c.level for c in law.contest if c.level))
    tables: list[tuple[str, list[Sequence[object]]]] = []
    if lists:
        names = ("party", "name_en", "name_kk", "name_ru", "short", "short_kk", "short_ru")
        header = (*names, "color", "kind", "members", "number", "registered")
        tables.append(("parties.csv", [header, ("a", "Party A", "", "", "A", "", "", "#1f77b4", "party", 1, 1, "")]))
    if persons:
        first = persons[0]
        unit = f"{first.level}-1" if first.level else ""
        columns = ("candidate", "contest", "unit", "party", "position", "name", "name_en", "name_kk", "name_ru")
        tables.append(
            (
                "candidates.csv",
                [columns, ("first-candidate", first.id, unit, "independent", "", "First Candidate", "", "", "")],
            )
        )
    if levels:
        tables.append(("units.csv", _units(law, levels)))
    tables.append(("returns.csv", _returns(law)))
    tables.append(("official.csv", [("contest", "unit", "option", "seats")]))
    return tables


def _units(law: Law, levels: Sequence[str]) -> list[Sequence[object]]:
    seats = [t.contest for t in law.tier if t.seats.column]
    measured = any(t.seats.apportion for t in law.tier)
    columns = ["unit", "parent", "level", "name_en", *(["population", "area_km2", "kind"] if measured else [])]
    columns += [f"seats_{contest}" for contest in dict.fromkeys(seats)]
    blank = [""] * (len(columns) - 4)
    return [columns, *([f"{level}-1", "", level, f"{level.capitalize()} 1", *blank] for level in levels)]


def _returns(law: Law) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [("unit", "contest", "item", "count", "round")]
    for contest in law.contest:
        unit = f"{contest.level}-1" if contest.level else ""
        option = contest.answers[0] if contest.answers else {"list": "a"}.get(contest.ballot, "first-candidate")
        rows.append((unit, contest.id, option, 0, ""))
        if contest.against_all:
            rows.append((unit, contest.id, "@against_all", 0, ""))
        break
    return rows
