"""An election from somebody's table: a data frame, columns or rows – made into a case folder in memory and read as one."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sailau.election.case import read_case
from sailau.election.files import CASE, Folder
from sailau.election.tables import ID
from sailau.naming import id_of
from sailau.rulebook import BadInput, Book, Fault, Law, load
from sailau.rulebook.schema import Contest

if TYPE_CHECKING:
    from sailau.election.model import Election

ROWS = "rows"
"""The file in faults of the rows themselves; their first row is line 2, as in a file with a header."""
_CALLED = {"party": "item", "option": "item", "list": "item", "votes": "count"}
"""Names of columns that say the same."""
_GIVEN = {
    "returns.csv": ROWS,
    "parties.csv": "parties",
    "units.csv": "units",
    "candidates.csv": ROWS,
    CASE: "law and day",
}
"""File of a case → what somebody gave in its place."""
_COLUMNS = ("unit", "contest", "item", "count", "round", "version")
_ITEM = re.compile(r"@[a-z][a-z0-9_]*")
_DECIMALS = re.compile(r"(\d+)\.0+")

Rows = list[dict[str, str]]


def election_from_rows(
    rows: Any, law: str | Law, day: date | str | None, parties: Any, units: Any, name: str
) -> Election:
    """Return an election from rows of votes; see `Election.from_rows`.

    Raises:
        BadInput: every fault of the rows.
    """
    book, polled = _law_of(law, day)
    contests = book.on(polled).contest
    returns = _returns(rows, contests)
    party_rows = [] if parties is None else rows_of(parties)
    unit_rows = [] if units is None else rows_of(units)
    ballots = {contest.id: contest.ballot for contest in contests}
    of_lists, of_persons = _apart(returns, ballots, party_rows)
    party_rows = _with_ids(of_lists, "item", party_rows, "party")
    people = _with_ids(of_persons, "item", [], "candidate")
    unit_rows = _with_ids(returns, "unit", unit_rows, "unit")
    _describe(people, of_persons, unit_rows, contests)
    files = {
        CASE: f"law = {json.dumps(book.id)}\nday = {polled.isoformat()}\ntitle.en = {json.dumps(name)}\n".encode(),
        "returns.csv": _csv(returns, _COLUMNS),
        **({"parties.csv": _csv(party_rows)} if party_rows else {}),
        **({"candidates.csv": _csv(people)} if people else {}),
        **({"units.csv": _csv(unit_rows)} if unit_rows else {}),
    }
    try:
        return read_case(Folder(name, files), book=book)
    except BadInput as error:
        raise error.changed(lambda fault: replace(fault, file=_GIVEN.get(fault.file, fault.file))) from None


def _law_of(law: str | Law, day: date | str | None) -> tuple[Book, date]:
    if isinstance(law, Law):
        return law.book, law.day
    if day is None:
        raise BadInput([Fault("day", 0, "", "nothing", "a day such as 2023-03-19")])
    from sailau.rulebook.asked import read_day

    return load(law), day if isinstance(day, date) else read_day(day)


def rows_of(table: Any) -> Rows:
    """Return the rows of a table as texts; an empty cell is an empty text.

    Args:
        table: a frame of pandas or Polars, a table of Arrow, a relation of DuckDB, columns (name → values), or rows
            (mappings).
    """
    if hasattr(table, "to_pydict"):
        return _from_columns(table.to_pydict())
    if isinstance(table, Mapping):
        return _from_columns(table)
    if hasattr(table, "columns") and hasattr(table, "fetchall"):
        names = [str(column) for column in table.columns]
        return [{n: _text(v) for n, v in zip(names, row, strict=True)} for row in table.fetchall()]
    if hasattr(table, "columns") and hasattr(table, "__getitem__"):
        return _from_columns({str(column): list(table[column]) for column in table.columns})
    if hasattr(table, "__arrow_c_stream__"):
        from sailau.extras import library

        return _from_columns(library("pyarrow", "parquet", "from_rows").table(table).to_pydict())
    rows = list(table) if isinstance(table, Iterable) and not isinstance(table, str | bytes) else [table]
    expected = "a data frame, columns (name = values) or rows (name = value)"
    wrong = [Fault(ROWS, n, "", repr(row), expected) for n, row in enumerate(rows, 2) if not isinstance(row, Mapping)]
    if wrong:
        raise BadInput(wrong)
    return [{str(key): _text(value) for key, value in row.items()} for row in rows]


def _from_columns(columns: Mapping[Any, Sequence[Any]]) -> Rows:
    lengths = {str(name): len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadInput([Fault(ROWS, 0, "", f"columns of {sorted(set(lengths.values()))} values", "columns as long")])
    names = list(lengths)
    return [{n: _text(v) for n, v in zip(names, row, strict=True)} for row in zip(*columns.values(), strict=True)]


def _text(value: Any) -> str:
    """Return a cell as a file would have it; numbers that a frame holds as floats without their decimals."""
    if value is None or value != value:  # not a number: an empty cell of a frame
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    whole = _DECIMALS.fullmatch(text)
    return whole[1] if whole else text


def _returns(rows: Any, contests: Sequence[Contest]) -> Rows:
    """Return rows with the columns of returns.csv; the contest may go without saying where there is one.

    Raises:
        BadInput: a column that is none, or one that is missing.
    """
    found = [{_CALLED.get(name, name): value for name, value in row.items()} for row in rows_of(rows)]
    names = {name for row in found for name in row}
    faults = [
        Fault(ROWS, 0, name, f"unknown column {name}", f"a column of {', '.join(_COLUMNS)}")
        for name in sorted(names)
        if name not in _COLUMNS and not name.startswith("x_")
    ]
    needed = ("item", "count") if len(contests) == 1 else ("contest", "item", "count")
    faults += [Fault(ROWS, 0, name, "nothing", f"the column {name}") for name in needed if name not in names]
    if faults:
        raise BadInput(faults)
    only = contests[0].id if len(contests) == 1 else ""
    return [{**row, "contest": row.get("contest") or only} for row in found]


def _apart(rows: Rows, ballots: Mapping[str, str], parties: Rows) -> tuple[Rows, Rows]:
    """Return rows of votes for lists, and rows of votes for persons; in the former stands also a party among persons."""
    known = {row.get("party", "") for row in parties}
    electable = [row for row in rows if ballots.get(row["contest"], "list") != "question"]
    of_persons = [row for row in electable if ballots.get(row["contest"]) == "candidates" and row["item"] not in known]
    persons = {id(row) for row in of_persons}
    return [row for row in electable if id(row) not in persons], of_persons


def _describe(people: Rows, votes: Rows, units: Rows, contests: Sequence[Contest]) -> None:
    """Write down on which ballot paper and where persons stand, and the level of units for which nobody gave one."""
    first = {row["item"]: row for row in reversed(votes)}
    for person in people:
        person["contest"] = first[person["candidate"]]["contest"]
        person["unit"] = first[person["candidate"]].get("unit", "")
    level = next((contest.level for contest in contests if contest.level), "")
    for row in units:
        row.setdefault("level", level)


def _with_ids(rows: Rows, column: str, known: Rows, key: str) -> Rows:
    """Give names in a column ids in their place, and return the table of what is called so, with its names.

    Args:
        rows: votes, whose column is changed.
        column: `item` or `unit`.
        known: rows of parties or units that somebody gave.
        key: the column of ids in them.
    """
    ids: dict[str, str] = {}
    for row in known:
        given = row.get(key, "")
        ids[given] = given if ID.fullmatch(given) else id_of(given)
        if ids[given] != given:
            row[key] = ids[given]
            row.setdefault("name_en", given)
    made: Rows = []
    for called in dict.fromkeys(row.get(column, "") for row in rows):
        if not called or _ITEM.fullmatch(called) or called in ids or ID.fullmatch(called):
            ids.setdefault(called, called)
            continue
        base = id_of(called)
        taken = set(ids.values())
        ids[called] = next(i for n in range(1, len(taken) + 2) if (i := base if n == 1 else f"{base}-{n}") not in taken)
        made.append({key: ids[called], "name_en": called})
    for row in rows:
        if column in row:
            row[column] = ids[row[column]]
    listed = {row.get(key) for row in (*known, *made)}
    plain = [{key: i} for i in dict.fromkeys(ids.values()) if i and i not in listed and not _ITEM.fullmatch(i)]
    return [*known, *made, *plain] if made or known or key != "party" else []


def _csv(rows: Rows, columns: Sequence[str] = ()) -> bytes:
    names = [*columns] or list(dict.fromkeys(name for row in rows for name in row))
    used = [name for name in names if any(name in row for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, used, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
