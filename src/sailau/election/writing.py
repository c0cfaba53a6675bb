"""A case written back to its folder: what is read again is the same election."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sailau.election.model import INDEPENDENT, Award, Election
from sailau.rulebook import BadInput, Fault
from sailau.writing import whole_folder

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NAMES = ("name_en", "name_kk", "name_ru")


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV text with plain line ends."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def save_case(election: Election, folder: Path) -> Path:
    """Write an election as a case folder and return its path; columns that stay empty are left out.

    A law that lies beside the case is written beside it again.

    Raises:
        BadInput: the folder exists and is not empty.
    """
    return write_texts(folder, case_texts(election))


def write_texts(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write files into a new folder, all of them or none, and return its path.

    Raises:
        BadInput: the folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput([Fault(str(folder), 0, "", "a folder that is not empty", "a new folder")])
    with whole_folder(folder) as beside:
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="")
    return folder


def case_texts(election: Election) -> dict[str, str]:
    """Return the files of a case folder, name → text."""
    texts = {"case.toml": _case_toml(election)}
    if election.law.endswith(".toml") and election.book is not None:
        texts[election.law.removeprefix("./")] = election.book.parts[election.book.path.name]
    for file, rows in _tables(election).items():
        if file == "returns.csv" or len(rows) > 1 or file in election.files:
            texts[file] = to_csv(_trimmed(rows))
    return texts


def _trimmed(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Leave out optional columns in which nothing stands; the first column and those of a bare header stay."""
    if len(rows) < 2:
        return [list(row) for row in rows]
    kept = [
        place
        for place, name in enumerate(rows[0])
        if place == 0
        or name in ("contest", "item", "count", "option", "seats", "status")
        or any(row[place] not in ("", None) for row in rows[1:])
    ]
    return [["" if row[place] is None else row[place] for place in kept] for row in rows]


def _tables(election: Election) -> dict[str, list[Sequence[object]]]:
    return {
        "units.csv": unit_rows(election),
        "parties.csv": _parties(election),
        "candidates.csv": _candidates(election),
        "returns.csv": _returns(election),
        "protocols.csv": _protocols(election),
        "declared.csv": _awards(election.declared),
        "official.csv": _awards(election.official),
        "commissions.csv": _commissions(election),
    }


def _names(names: Mapping[str, str]) -> list[str]:
    return [names.get(column.removeprefix("name_"), "") for column in _NAMES]


def unit_rows(election: Election) -> list[Sequence[object]]:
    """Return the units as rows of units.csv, header first."""
    units = election.units.values()
    seats = list(dict.fromkeys(c for u in units for c in u.seats))
    districts = list(dict.fromkeys(c for u in units for c in u.district))
    header = ("unit", "parent", "level", *_NAMES, "population", "area_km2", "kind", "stations")
    rows: list[Sequence[object]] = [
        (*header, *(f"seats_{c}" for c in seats), *(f"district_{c}" for c in districts)),
    ]
    for u in units:
        own = (u.id, u.parent, u.level, *_names(u.names), u.population, u.area_km2, u.kind, u.stations)
        rows.append((*own, *(u.seats.get(c) for c in seats), *(u.district.get(c) for c in districts)))
    return rows


def _parties(election: Election) -> list[Sequence[object]]:
    parties = election.parties.values()
    facts = list(dict.fromkeys(f for p in parties for f in p.facts))
    shorts = ("short", "short_kk", "short_ru")
    header = ("party", *_NAMES, *shorts, "color", "kind", "members", "number", "registered", "agreement", "was", *facts)
    rows: list[Sequence[object]] = [header]
    for p in parties:
        brief = (p.short, p.shorts.get("kk"), p.shorts.get("ru"))
        own = (p.id, *_names(p.names), *brief, p.color, p.kind, p.members, p.number, p.registered, p.agreement)
        rows.append((*own, " ".join(p.was), *(p.facts.get(f) for f in facts)))
    return rows


def _candidates(election: Election) -> list[Sequence[object]]:
    people = election.candidates.values()
    facts = list(dict.fromkeys(f for c in people for f in c.facts))
    rows: list[Sequence[object]] = [
        ("candidate", "contest", "unit", "party", "position", "name", *_NAMES, "sex", "birth_date", *facts)
    ]
    for c in people:
        party = "" if c.party == INDEPENDENT else c.party
        own = (c.id, c.contest, c.unit, party, c.position, c.name, *_names(c.names), c.sex, c.birth_date)
        rows.append((*own, *(c.facts.get(f) for f in facts)))
    return rows


def _returns(election: Election) -> list[Sequence[object]]:
    r = election.returns
    two, corrected = (bool((column > 1).any()) for column in (r.round, r.version))
    rows: list[Sequence[object]] = [("unit", "contest", "item", "count", "round", "version")]
    columns = zip(r.unit, r.contest, r.item, r.count, r.round, r.version, strict=True)
    for unit, contest, item, count, round_, version in columns:
        further = (int(round_) if two else "", int(version) if corrected else "")
        rows.append((r.units[unit], r.contests[contest], r.items[item], int(count), *further))
    return rows


def _protocols(election: Election) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [("unit", "contest", "version", "status", "received", "reason", "source")]
    rows += [(p.unit, p.contest, p.version, p.status, p.received, p.reason, p.source) for p in election.protocols]
    return rows


def _awards(awards: Sequence[Award]) -> list[Sequence[object]]:
    return [("contest", "unit", "option", "seats"), *((a.contest, a.unit, a.option, a.seats) for a in awards)]


def _commissions(election: Election) -> list[Sequence[object]]:
    columns = list(dict.fromkeys(["commission", *(k for row in election.commissions for k in row)]))
    return [columns, *([row.get(c, "") for c in columns] for row in election.commissions)]


# ---------------------------------------------------------------------- case.toml


def _case_toml(election: Election) -> str:
    lines = [f"law = {to_toml(election.law)}", f"day = {election.day.isoformat()}"]
    lines += [f"title.{language} = {to_toml(text)}" for language, text in election.titles.items()]
    if election.sources:
        lines.append("sources = [\n" + "".join(f"  {to_toml(source)},\n" for source in election.sources) + "]")
    if election.notes:
        lines.append("notes = [\n" + "".join(f"  {to_toml(note)},\n" for note in election.notes) + "]")
    if election.synthetic:
        lines.append("synthetic = true")
    if election.calendar:
        lines += ["", "[calendar]", *(f"{to_key(key)} = {to_toml(value)}" for key, value in election.calendar.items())]
    for contest, settings in election.settings.items():
        lines += ["", f"[contest.{contest}]", *(f"{to_key(key)} = {to_toml(value)}" for key, value in settings.items())]
    for made in election.decisions:
        lines += ["", "[[decision]]"]
        lines += [f"{key} = {to_toml(getattr(made, key))}" for key in ("kind", "contest", "unit", "question")]
        lines += [f"among = {to_toml(made.among)}", f"chosen = {to_toml(made.chosen)}"]
        if made.date is not None:
            lines.append(f"date = {made.date.isoformat()}")
        if made.source:
            lines.append(f"source = {to_toml(made.source)}")
    return "\n".join(lines) + "\n"


def to_toml(value: Any) -> str:
    """Write a value as TOML: texts as JSON writes them, which TOML reads alike."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{to_key(key)} = {to_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(to_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def to_key(name: str) -> str:
    """Write a key as TOML: bare where it may be."""
    return name if _BARE.fullmatch(name) else to_toml(name)
