"""Cases for tests: written as the text of a case folder, read by the reader, and told again as plain dictionaries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sailau.election import Election
from sailau.election.case import read_case
from sailau.election.files import Folder

Row = Sequence[object]
Lines = Mapping[str, int]


def csv(header: str, rows: Iterable[Row]) -> bytes:
    """Write a table; None is an empty field."""
    lines = [",".join("" if value is None else str(value) for value in row) for row in rows]
    return ("\n".join([header, *lines]) + "\n").encode()


def votes(contest: str, lines: Lines, unit: str = "", round_: int = 1) -> list[Row]:
    """Return the rows of returns.csv for one unit."""
    return [(unit, contest, item, count, round_) for item, count in lines.items()]


def folder(
    law: str,
    day: date | str,
    returns: Iterable[Row] = (),
    *,
    parties: Iterable[Mapping[str, Any]] = (),
    candidates: Iterable[Mapping[str, Any]] = (),
    units: Iterable[Mapping[str, Any]] = (),
    declared: Iterable[Row] = (),
    official: Iterable[Row] = (),
    toml: str = "",
    name: str = "constructed",
    files: Mapping[str, bytes] | None = None,
) -> Folder:
    """Return a case folder held in memory; `toml` is added to case.toml."""
    made = {
        "case.toml": f'law = "{law}"\nday = {day}\ntitle.en = "Constructed"\n{toml}\n'.encode(),
        "returns.csv": _returns(list(returns)),
    }
    for file, key, rows in (
        ("parties.csv", "party", parties),
        ("candidates.csv", "candidate", candidates),
        ("units.csv", "unit", units),
    ):
        table = list(rows)
        if table:
            columns = list(dict.fromkeys([key, *(name for row in table for name in row)]))
            made[file] = csv(",".join(columns), ([row.get(c) for c in columns] for row in table))
    for file, awards in (("declared.csv", list(declared)), ("official.csv", list(official))):
        if awards:
            made[file] = csv("contest,unit,option,seats", awards)
    return Folder(name, {**made, **(files or {})})


def _returns(rows: Sequence[Row]) -> bytes:
    """Write returns.csv, with a column of versions where a row has one."""
    header = "unit,contest,item,count,round"
    if all(len(row) == 5 for row in rows):
        return csv(header, rows)
    return csv(f"{header},version", [(*row, 1) if len(row) == 5 else row for row in rows])


def case(law: str, day: date | str, returns: Iterable[Row] = (), **further: Any) -> Election:
    """Return an election read from a case folder held in memory."""
    return read_case(folder(law, day, returns, **further))


def plain(election: Election) -> dict[str, Any]:
    """Tell an election in dictionaries of Python numbers and texts, for a counter that knows nothing of Sailau."""
    held = election.returns
    told: dict[tuple[str, int], dict[str, dict[str, int]]] = {}
    for contest, unit, item, count, round_ in zip(
        held.contest, held.unit, held.item, held.count, held.round, strict=True
    ):
        paper = told.setdefault((held.contests[contest], int(round_)), {})
        paper.setdefault(held.units[unit], {})[held.items[item]] = int(count)
    return {
        "returns": told,
        "units": {
            u.id: {
                "parent": u.parent,
                "level": u.level,
                "kind": u.kind,
                "population": u.population,
                "area_km2": u.area_km2,
                "seats": dict(u.seats),
                "district": dict(u.district),
            }
            for u in election.units.values()
        },
        "parties": {
            p.id: {
                "kind": p.kind,
                "members": p.members,
                "number": p.number,
                "registered": None if p.registered is None else p.registered.toordinal(),
            }
            for p in election.parties.values()
        },
        "candidates": {
            c.id: {"contest": c.contest, "unit": c.unit, "party": c.party, "position": c.position}
            for c in election.candidates.values()
        },
        "declared": [(a.contest, a.unit, a.option, a.seats) for a in election.declared],
        "kinds": {name: str(table.get("kind", "other")) for name, table in election.settings.items()},
    }
