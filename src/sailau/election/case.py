"""The case folder: an election that a person can write by hand. Read whole, all faults of all files at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from sailau.election.files import CASE, DAY, Folder, find
from sailau.election.model import (
    INDEPENDENT,
    RESERVED,
    WHOLE,
    Award,
    Candidate,
    Decision,
    Election,
    Party,
    Returns,
    Unit,
)
from sailau.election.tables import ID, LARGEST_COUNT, Table, decode, parse_day, read_table
from sailau.law import BadInput, Book, Fault, Law, load
from sailau.law.book import locate, read, toml_line

LINES = (
    "@registered",
    "@received",
    "@issued",
    "@cancelled",
    "@cast",
    "@invalid",
    "@blank",
    "@against_all",
    "@not_counted",
    "@valid",
)
"""The lines of every protocol; a rule book's contest adds its own."""

QUESTIONS = ("remainder", "quotient", "district", "run-off", "repeat-vote", "repeat-election", "no-rule")
_KEYS = ("law", "day", "title", "sources", "notes", "contest", "decision", "calendar")
_PARTY = ("name_en", "name_kk", "name_ru", "short", "color", "kind", "members", "number", "registered")
_CANDIDATE = ("contest", "unit", "party", "position", "name", "sex", "birth_date")
_MEMBER = ("level", "unit", "member", "voters", "proposed_by", "employer", "office")
_UNIT = ("parent", "level", "name_en", "name_kk", "name_ru", "population", "area_km2", "kind", "stations")
_COLOR_DIGITS = frozenset("0123456789abcdefABCDEF")


def open_case(where: str | Path) -> Election:
    """Read a case: the name of a shipped one, a folder, or a .zip of one.

    Raises:
        BadInput: every fault of every file.
    """
    folder = find(where)
    if CASE not in folder.files and DAY in folder.files:
        fault = Fault(
            f"{folder.name}/{DAY}", 0, "", "a polling day of several cases", "one case: name a folder inside it"
        )
        raise BadInput([fault])
    return read_case(folder)


def open_day(where: str | Path) -> list[Election]:
    """Read a case, or all cases of a polling day (`day.toml` with one units.csv and a folder per body)."""
    folder = find(where)
    if DAY not in folder.files:
        return [read_case(folder)]
    tables, faults = _toml(DAY, folder.files[DAY])
    names = tables.get("cases", [])
    if not faults and (not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names)):
        faults.append(Fault(DAY, 0, "cases", repr(names), 'a list of folders, cases = ["…"]'))
    elections: list[Election] = []
    units = folder.files.get("units.csv")
    for name in () if faults else names:
        inner = folder.inner(name)
        if units is not None:
            inner = replace(inner, files={**inner.files, "units.csv": units})
        try:
            elections.append(read_case(inner, foreign_columns=True))
        except BadInput as error:
            faults.extend(replace(f, file=f"{name}/{f.file}") for f in error.faults)
    if faults:
        raise BadInput(faults)
    return elections


def read_case(folder: Folder, *, foreign_columns: bool = False) -> Election:
    """Read a case from its files; see `open_case`.

    Args:
        folder: the files.
        foreign_columns: units.csv may hold seats and districts of contests of other cases (a polling day).
    """
    return _Reader(folder, foreign_columns).read()


def _toml(file: str, data: bytes) -> tuple[dict[str, Any], list[Fault]]:
    text, faults = decode(file, data)
    if faults:
        return {}, faults
    try:
        return tomllib.loads(text), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [Fault(file, toml_line(str(error)), "", str(error).split(" (at")[0], "valid TOML")]


class _Reader:
    """Reads one case, gathering faults; each method reads one file."""

    def __init__(self, folder: Folder, foreign_columns: bool) -> None:
        self.folder = folder
        self.foreign_columns = foreign_columns
        self.faults: list[Fault] = []
        self.broken: set[str] = set()
        self.text = ""
        self.law: Law | None = None

    def read(self) -> Election:
        election = self._case()
        units = self._units()
        parties = self._parties()
        candidates = self._candidates(units, parties)
        election = replace(election, units=units, parties=parties, candidates=candidates)
        returns = self._returns(election)
        declared = self._awards("declared.csv", election)
        official = self._awards("official.csv", election)
        commissions = self._commissions()
        self._decisions_hold(election)
        if self.faults:
            raise BadInput(self.faults)
        return replace(election, returns=returns, declared=declared, official=official, commissions=commissions)

    # ------------------------------------------------------------------ case.toml

    def _fault(self, key: str, found: object, expected: str, path: tuple[str | int, ...] | None = None) -> None:
        line = locate(self.text, path or tuple(key.split("."))) if self.text else 0
        self.faults.append(Fault(CASE, line, key, found if isinstance(found, str) else repr(found), expected))

    def _case(self) -> Election:
        blank = Election(self.folder.name, "", date.min, {}, files=frozenset(self.folder.files))
        if CASE not in self.folder.files:
            raise BadInput([Fault(CASE, 0, "", "no such file", f"{CASE} with law, day and a title")])
        tables, faults = _toml(CASE, self.folder.files[CASE])
        if faults:
            self.broken.add(CASE)
            self.faults += faults
            return blank
        self.text = self.folder.files[CASE].decode("utf-8-sig").replace("\r\n", "\n")
        for key in tables:
            if key not in _KEYS and not key.startswith("x_"):
                self._fault(key, f"unknown key {key}", f"one of {', '.join(_KEYS)}")
        book = self._book(tables.get("law"))
        return replace(
            blank,
            law=str(tables.get("law", "")),
            day=self._day(tables.get("day"), book),
            titles=self._titles(tables.get("title")),
            sources=self._sources(tables.get("sources", [])),
            notes=self._notes(tables.get("notes", [])),
            settings=self._settings(tables.get("contest", {})),
            calendar=tables.get("calendar", {}),
            decisions=self._decisions(tables.get("decision", [])),
            book=book,
        )

    def _book(self, name: Any) -> Book | None:
        if not isinstance(name, str) or not name:
            self._fault(
                "law", name if name is not None else "nothing", "the id of a law, such as xx/chamber, or ./law.toml"
            )
            return None
        try:
            if not name.endswith(".toml"):
                return load(name)
            inner = name.removeprefix("./")
            if "/" in inner or "\\" in inner or inner not in self.folder.files:
                self._fault("law", f"“{name}”", "a rule book inside the case folder, such as ./law.toml")
                return None
            if self.folder.path is not None:
                return read(self.folder.path / inner)
            text, faults = decode(inner, self.folder.files[inner])
            self.faults += faults
            return None if faults else read(Path(inner), text)
        except BadInput as error:
            line = locate(self.text, ("law",))
            self.faults += [
                replace(f, file=CASE, line=line, field="law") if f.file == "law" else f for f in error.faults
            ]
            return None

    def _day(self, day: Any, book: Book | None) -> date:
        if isinstance(day, datetime) or not isinstance(day, date):
            self._fault("day", day if day is not None else "nothing", "a date without quotes, such as 2023-03-19")
            return date.min
        if book is not None:
            try:
                self.law = book.on(day)
            except BadInput as error:
                line = locate(self.text, ("day",))
                for f in error.faults:
                    mine = f.found.startswith("the day")
                    self.faults.append(replace(f, file=CASE, line=line, field="day") if mine else f)
        return day

    def _titles(self, title: Any) -> Mapping[str, str]:
        good = isinstance(title, dict) and title and all(k in ("en", "kk", "ru") for k in title)
        if not good or not all(isinstance(v, str) and v for v in title.values()):
            self._fault("title", title if title is not None else "nothing", 'a title in en, kk or ru, title.en = "…"')
            return {}
        return MappingProxyType(dict(title))

    def _sources(self, sources: Any) -> tuple[Mapping[str, Any], ...]:
        rows = sources if isinstance(sources, list) else [sources]
        if not all(isinstance(row, str | dict) for row in rows):
            self._fault("sources", sources, "a list of texts or of tables with title and url")
            return ()
        return tuple(row if isinstance(row, dict) else {"title": row} for row in rows)

    def _notes(self, notes: Any) -> tuple[str, ...]:
        rows = notes if isinstance(notes, list) else [notes]
        if not all(isinstance(row, str) for row in rows):
            self._fault("notes", notes, "a list of texts")
            return ()
        return tuple(rows)

    def _settings(self, settings: Any) -> Mapping[str, Mapping[str, Any]]:
        if not isinstance(settings, dict) or not all(isinstance(v, dict) for v in settings.values()):
            self._fault("contest", settings, "tables such as [contest.question]")
            return {}
        kinds = ("constitution", "law", "other")
        for name, table in settings.items():
            if self.law is not None and self.law.contest_of(name) is None:
                self._fault(
                    f"contest.{name}", f"“{name}”", f"a contest of {self.law.id}: {', '.join(self.law.contests)}"
                )
            for key, value in table.items():
                if key == "kind" and value not in kinds:
                    self._fault(f"contest.{name}.kind", value, f"one of {', '.join(kinds)}")
                elif key not in ("kind", "title") and not key.startswith("x_"):
                    self._fault(f"contest.{name}.{key}", f"unknown key {key}", "kind or title")
        return settings

    def _decisions(self, rows: Any) -> tuple[Decision, ...]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._fault("decision", rows, "tables [[decision]]")
            return ()
        return tuple(d for number, row in enumerate(rows) if (d := self._decision(number, row)) is not None)

    def _decision(self, number: int, row: dict[str, Any]) -> Decision | None:
        keys = ("kind", "contest", "unit", "question", "among", "chosen", "date", "source")
        before = len(self.faults)

        def fault(key: str, found: object, expected: str) -> None:
            self._fault(f"decision.{key}", found, expected, ("decision", number, key))

        for key in row:
            if key not in keys and not key.startswith("x_"):
                fault(key, f"unknown key {key}", f"one of {', '.join(keys)}")
        if row.get("kind") not in ("lot", "authority"):
            fault("kind", row.get("kind", "nothing"), "lot or authority")
        if not isinstance(row.get("contest"), str):
            fault("contest", row.get("contest", "nothing"), "the id of a contest")
        if row.get("question") not in QUESTIONS:
            fault("question", row.get("question", "nothing"), f"one of {', '.join(QUESTIONS)}")
        for key in ("among", "chosen"):
            if not isinstance(row.get(key), list) or not all(isinstance(x, str) for x in row[key]):
                fault(key, row.get(key, "nothing"), "a list of ids")
        day = row.get("date")
        if day is not None and type(day) is not date:
            fault("date", day, "a date without quotes")
        if len(self.faults) > before:
            return None
        unit, source = str(row.get("unit", WHOLE)), str(row.get("source", ""))
        among, chosen = tuple(row["among"]), tuple(row["chosen"])
        if not set(chosen) <= set(among):
            fault("chosen", ", ".join(chosen), f"of those among: {', '.join(among)}")
        for key, names in (("among", among), ("chosen", chosen)):
            if len(set(names)) < len(names):
                fault(key, ", ".join(names), "each id once")
        line = locate(self.text, ("decision", number))
        return Decision(row["kind"], row["contest"], unit, row["question"], among, chosen, day, source, line)

    # ------------------------------------------------------------------ the tables

    def _table(self, file: str, required: tuple[str, ...], allowed: Any) -> Table | None:
        if file not in self.folder.files:
            return None
        table = read_table(file, self.folder.files[file], required, allowed)
        self.faults += table.faults
        table.faults = []
        if not table.readable:
            self.broken.add(file)
            return None
        return table

    def _close(self, table: Table) -> None:
        self.faults += table.faults

    def _of_contest(self, column: str, start: str) -> bool:
        name = column.removeprefix(start)
        known = self.law is None or self.foreign_columns or self.law.contest_of(name) is not None
        return column.startswith(start) and bool(ID.fullmatch(name)) and known

    def _units(self) -> Mapping[str, Unit]:
        def allowed(column: str) -> bool:
            return column in _UNIT or self._of_contest(column, "seats_") or self._of_contest(column, "district_")

        table = self._table("units.csv", ("unit",), allowed)
        if table is None:
            return MappingProxyType({})
        units: dict[str, Unit] = {}
        lines: dict[str, int] = {}
        for line, row in table.rows:
            unit = _unit(table, line, row)
            if unit.id in units:
                table.fault(line, "unit", f"“{unit.id}” again", f"each unit once (first in line {lines[unit.id]})")
            units[unit.id], lines[unit.id] = unit, line
        for unit in units.values():
            for column, other in (("parent", unit.parent), *((f"district_{c}", d) for c, d in unit.district.items())):
                if other and other not in units:
                    table.fault(lines[unit.id], column, f"unknown unit “{other}”", "a unit of this file, or empty")
        for name in _circles(units):
            table.fault(lines[name], "parent", f"“{name}” lies within itself", "a tree of units")
        self._close(table)
        return MappingProxyType(units)

    def _parties(self) -> Mapping[str, Party]:
        table = self._table("parties.csv", ("party",), lambda c: c in _PARTY or c in _facts_of("list", "party"))
        if table is None:
            return MappingProxyType({})
        parties: dict[str, Party] = {}
        for line, row in table.rows:
            party = _party(table, line, row)
            if party.id in parties or party.id in RESERVED:
                table.fault(line, "party", f"“{party.id}” again", "each party once; reserved names in no file")
            parties[party.id] = party
        self._close(table)
        return MappingProxyType(parties)

    def _candidates(self, units: Mapping[str, Unit], parties: Mapping[str, Party]) -> Mapping[str, Candidate]:
        table = self._table("candidates.csv", ("candidate",), lambda c: c in _CANDIDATE or c in _facts_of("person"))
        if table is None:
            return MappingProxyType({})
        candidates: dict[str, Candidate] = {}
        for line, row in table.rows:
            person = _candidate(table, line, row)
            if person.id in candidates:
                table.fault(line, "candidate", f"“{person.id}” again", "each candidate once")
            candidates[person.id] = person
            if person.contest and self.law is not None and self.law.contest_of(person.contest) is None:
                table.fault(line, "contest", f"unknown contest “{person.contest}”", ", ".join(self.law.contests))
            if person.unit and not self._known_unit(person.unit, units):
                table.fault(
                    line, "unit", f"unknown unit “{person.unit}”", "a unit of units.csv, or empty for the whole"
                )
            if self._lists("parties.csv") and person.party not in parties and person.party not in RESERVED:
                table.fault(line, "party", f"unknown party “{person.party}”", "a party of parties.csv, or independent")
        self._close(table)
        return MappingProxyType(candidates)

    def _lists(self, file: str) -> bool:
        """Whether a file is there and could be read, so that what it does not list is unknown."""
        return file in self.folder.files and file not in self.broken

    def _known_unit(self, unit: str, units: Mapping[str, Unit]) -> bool:
        return unit == WHOLE or unit in units or not self._lists("units.csv")

    def _returns(self, election: Election) -> Returns:
        if "returns.csv" not in self.folder.files:
            self.faults.append(Fault("returns.csv", 0, "", "no such file", "returns.csv (it may hold just its header)"))
            return Returns()
        table = self._table("returns.csv", ("contest", "item", "count"), lambda c: c in ("unit", "round"))
        if table is None:
            return Returns()
        known = _Known(self, election)
        names: tuple[dict[str, int], ...] = ({}, {}, {})
        columns: tuple[list[int], ...] = ([], [], [], [], [], [])
        seen: dict[tuple[int, int, int, int], int] = {}
        for line, row in table.rows:
            texts = (table.get(row, "contest"), table.get(row, "unit"), table.get(row, "item"))
            round_ = {"": 1, "1": 1, "2": 2}.get(table.get(row, "round"), 0)
            if not round_:
                table.fault(line, "round", f"“{table.get(row, 'round')}”", "1 or 2")
            known.line(table, line, *texts)
            count = _count(table, line, table.get(row, "count"))
            key = tuple(held.setdefault(text, len(held)) for held, text in zip(names, texts, strict=True))
            first = seen.setdefault((*key, round_), line)  # type: ignore[arg-type]
            if first != line:
                table.fault(line, "", f"{'/'.join(texts)} again", f"each line once (first in line {first})")
            for column, value in zip(columns, (*key, count, round_, line), strict=True):
                column.append(value)
        self._close(table)
        contest, unit, item, count_, rounds, lines = columns
        contests, units, items = (tuple(held) for held in names)
        return Returns(
            contests,
            units,
            items,
            np.array(contest, np.int32),
            np.array(unit, np.int32),
            np.array(item, np.int32),
            np.array(count_, np.int64),
            np.array(rounds, np.int8),
            np.array(lines, np.int32),
        )

    def _awards(self, file: str, election: Election) -> tuple[Award, ...]:
        table = self._table(file, ("contest", "option"), lambda c: c in ("unit", "seats"))
        if table is None:
            return ()
        known = _Known(self, election)
        awards: dict[tuple[str, str, str], Award] = {}
        for line, row in table.rows:
            contest, unit, option = (table.get(row, c) for c in ("contest", "unit", "option"))
            known.line(table, line, contest, unit, option, column="option")
            seats = table.number(line, row, "seats")
            award = Award(contest, unit, option, 1 if seats is None else seats, line)
            if (contest, unit, option) in awards:
                table.fault(line, "", f"{contest}/{unit}/{option} again", "each line once")
            awards[contest, unit, option] = award
        self._close(table)
        return tuple(awards.values())

    def _commissions(self) -> tuple[Mapping[str, str], ...]:
        table = self._table("commissions.csv", ("commission",), lambda c: c in _MEMBER)
        if table is None:
            return ()
        columns = ("commission", *_MEMBER)
        rows = []
        for line, row in table.rows:
            table.id(line, row, "commission")
            table.number(line, row, "voters")
            rows.append({column: text for column in columns if (text := table.get(row, column))})
        self._close(table)
        return tuple(rows)

    def _decisions_hold(self, election: Election) -> None:
        for number, decision in enumerate(election.decisions):
            if self.law is not None and self.law.contest_of(decision.contest) is None:
                expected = f"a contest of {self.law.id}: {', '.join(self.law.contests)}"
                self._fault("decision.contest", f"“{decision.contest}”", expected, ("decision", number, "contest"))
            if not self._known_unit(decision.unit, election.units):
                self._fault("decision.unit", f"unknown unit “{decision.unit}”", "a unit", ("decision", number, "unit"))


class _Known:
    """Says which contests, units and items a case may name, once per name."""

    def __init__(self, reader: _Reader, election: Election) -> None:
        self.reader, self.election = reader, election
        self.checked: dict[tuple[str, str], tuple[str, str] | None] = {}
        self.persons: dict[str, bool] = {}
        for person in election.candidates.values():
            self.persons[person.contest] = True

    def line(self, table: Table, line: int, contest: str, unit: str, item: str, column: str = "item") -> None:
        """Note a fault for each unknown name of one line."""
        if (trouble := self._once("contest", contest)) is not None:
            table.fault(line, "contest", *trouble)
            return
        if (trouble := self._once("unit", unit)) is not None:
            table.fault(line, "unit", *trouble)
        if (trouble := self._once(f"{column}:{contest}", item)) is not None:
            table.fault(line, column, *trouble)

    def _once(self, kind: str, name: str) -> tuple[str, str] | None:
        key = (kind, name)
        if key not in self.checked:
            self.checked[key] = self._trouble(kind, name)
        return self.checked[key]

    def _trouble(self, kind: str, name: str) -> tuple[str, str] | None:
        law = self.reader.law
        if kind == "contest":
            if law is not None and law.contest_of(name) is None:
                return f"unknown contest “{name}”", f"a contest of {law.id}: {', '.join(law.contests)}"
            return None if ID.fullmatch(name) else (f"“{name}”", "the id of a contest")
        if kind == "unit":
            if name and not ID.fullmatch(name):
                return f"“{name}”", "an id: a-z, 0-9, single hyphens between"
            known = self.reader._known_unit(name, self.election.units)
            return None if known else (f"unknown unit “{name}”", "a unit of units.csv, or empty for the whole")
        column, _, contest = kind.partition(":")
        return self._item(law, contest, name, column)

    def _item(self, law: Law | None, contest: str, item: str, column: str) -> tuple[str, str] | None:
        if law is None:
            return None
        paper = law.contest_of(contest)
        assert paper is not None
        if item.startswith("@"):
            lines = () if column == "option" else (*LINES, *paper.lines)
            return None if item in lines else (f"unknown line “{item}”", ", ".join(lines) or "an option that can win")
        if not ID.fullmatch(item):
            return f"“{item}”", "an id: a-z, 0-9, single hyphens between, or a line such as @invalid"
        if paper.answers:
            return None if item in paper.answers else (f"unknown answer “{item}”", ", ".join(paper.answers))
        if item in RESERVED:
            return None if paper.ballot != "list" else (f"“{item}”", "a party: independent stands for persons only")
        return None if self._electable(contest, item) else self._who(paper.ballot, item)

    def _electable(self, contest: str, item: str) -> bool:
        election, reader = self.election, self.reader
        if item in election.parties or item in election.candidates:
            return True
        if any(file in reader.broken for file in ("parties.csv", "candidates.csv")):
            return True
        return not reader._lists("parties.csv") and not self.persons.get(contest, False)

    def _who(self, ballot: str, item: str) -> tuple[str, str]:
        if ballot == "list":
            return f"unknown party “{item}”", "a party of parties.csv"
        return f"unknown candidate “{item}”", "a candidate of candidates.csv, or a party where persons are unknown"


def _facts_of(*kinds: str) -> frozenset[str]:
    """Return the columns that conditions may use; the table of facts is read only where a file has further columns."""
    from sailau.law.facts import FACTS

    return frozenset(name for name, fact in FACTS.items() if fact.of in kinds)


def _names(table: Table, row: list[str]) -> Mapping[str, str]:
    return {code: text for code in ("en", "kk", "ru") if (text := table.get(row, f"name_{code}"))}


def _unit(table: Table, line: int, row: list[str]) -> Unit:
    seats: dict[str, int] = {}
    district: dict[str, str] = {}
    for column in table.columns:
        if column.startswith("seats_") and (value := table.number(line, row, column)) is not None:
            seats[column.removeprefix("seats_")] = value
        if column.startswith("district_") and (other := table.id(line, row, column, empty=True)):
            district[column.removeprefix("district_")] = other
    return Unit(
        id=table.id(line, row, "unit"),
        parent=table.id(line, row, "parent", empty=True),
        level=table.id(line, row, "level", empty=True),
        names=_names(table, row),
        population=table.number(line, row, "population"),
        area_km2=table.number(line, row, "area_km2"),
        kind=table.id(line, row, "kind", empty=True),
        stations=table.number(line, row, "stations"),
        seats=seats,
        district=district,
    )


def _circles(units: Mapping[str, Unit]) -> Iterator[str]:
    sound: set[str] = {WHOLE}
    for start in units:
        path: list[str] = []
        at = start
        while at not in sound and at in units and at not in path:
            path.append(at)
            at = units[at].parent
        if at in path:
            yield start
        sound.update(path)


def _party(table: Table, line: int, row: list[str]) -> Party:
    color = table.get(row, "color")
    if color and not (color[0] == "#" and len(color) in (4, 7) and set(color[1:]) <= _COLOR_DIGITS):
        table.fault(line, "color", f"“{color}”", "a colour such as #1f77b4")
    members = table.number(line, row, "members", least=1)
    return Party(
        id=table.id(line, row, "party"),
        names=_names(table, row),
        short=table.get(row, "short"),
        color=color,
        kind=table.id(line, row, "kind", empty=True) or "party",
        members=1 if members is None else members,
        number=table.number(line, row, "number"),
        registered=table.day(line, row, "registered"),
        facts=_facts(table, line, row, _PARTY),
    )


def _candidate(table: Table, line: int, row: list[str]) -> Candidate:
    sex = {"f": "f", "m": "m", "female": "f", "male": "m", "": ""}.get(table.get(row, "sex").lower())
    if sex is None:
        table.fault(line, "sex", f"“{table.get(row, 'sex')}”", "f or m")
    birth = table.get(row, "birth_date")
    year = int(birth) if len(birth) == 4 and birth.isascii() and birth.isdigit() and birth > "1000" else None
    if birth and year is None and parse_day(birth) is None:
        table.fault(line, "birth_date", f"“{birth}”", "a date such as 1990-05-17, or a year")
    return Candidate(
        id=table.id(line, row, "candidate"),
        contest=table.id(line, row, "contest", empty=True),
        unit=table.id(line, row, "unit", empty=True),
        party=table.id(line, row, "party", empty=True) or INDEPENDENT,
        position=table.number(line, row, "position", least=1),
        name=table.get(row, "name"),
        sex=sex or "",
        birth_date=year if year is not None else parse_day(birth),
        facts=_facts(table, line, row, _CANDIDATE),
    )


def _facts(table: Table, line: int, row: list[str], own: tuple[str, ...]) -> Mapping[str, str]:
    """Return the columns of a row that conditions may use, with a fault where one is badly written."""
    names = [name for name in table.columns if name not in own and name not in ("party", "candidate")]
    if not names:
        return {}
    from sailau.law.facts import FACTS

    facts = {}
    for name in names:
        text = table.get(row, name)
        if not text:
            continue
        if (expected := _fact_trouble(FACTS[name], text)) is not None:
            table.fault(line, name, f"“{text}”", expected)
        facts[name] = text
    return facts


_FACT_FORMS = {
    "bool": (re.compile(r"yes|no"), "yes or no"),
    "date": (re.compile(r"\d{4}(-\d\d-\d\d(T\d\d:\d\d)?)?"), "a date such as 2023-02-08, or a year"),
    "int": (re.compile(r"\d+(\.\d+)?%?"), "a number"),
}


def _fact_trouble(fact: Any, text: str) -> str | None:
    """Return what was expected of a fact column where the text is not that."""
    if fact.kind == "choice":
        return None if text in fact.values else f"one of {', '.join(fact.values)}"
    form = _FACT_FORMS.get(fact.kind)
    return form[1] if form and not form[0].fullmatch(text) else None


def _count(table: Table, line: int, text: str) -> int:
    if text.isdigit() and text.isascii() and len(text) < 20 and (value := int(text)) <= LARGEST_COUNT:
        return value
    table.fault(line, "count", f"“{text}”" if text else "nothing", "a whole number from 0 to 2^63 − 1, digits only")
    return 0
