"""The case folder: an election that a person can write by hand. Read whole, all faults of all files at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from sailau.election.files import CASE, DAY, Folder, find
from sailau.election.known import Known
from sailau.election.model import (
    OTHERS,
    OTHERS_LINE,
    RESERVED,
    WHOLE,
    Award,
    Candidate,
    Decision,
    Election,
    Party,
    Protocol,
    Returns,
    Unit,
)
from sailau.election.rows import (
    CANDIDATE_COLUMNS,
    MEMBER_COLUMNS,
    MOST_VERSIONS,
    PARTY_COLUMNS,
    PROTOCOL_COLUMNS,
    UNIT_COLUMNS,
    candidate_of,
    circles,
    count_of,
    deepest,
    fact_columns,
    party_of,
    protocol_of,
    unit_of,
)
from sailau.election.tables import ID, MOST_SEATS, CaseTable, decode, read_table
from sailau.naming import Names
from sailau.rulebook import BadInput, Book, Fault, Law, load
from sailau.rulebook.book import read
from sailau.rulebook.door import parse_toml
from sailau.rulebook.faults import Faults
from sailau.rulebook.limits import CANDIDATES, DECISIONS, PARTIES, ROWS, SEATS, UNIT_DEPTH, UNITS, Limit
from sailau.rulebook.places import lines_of_things, locate

QUESTIONS = ("remainder", "quotient", "district", "run-off", "repeat-vote", "repeat-election", "no-rule")
_KEYS = ("law", "day", "title", "sources", "notes", "synthetic", "contest", "decision", "calendar")


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
    with _named(folder.name):
        return read_case(folder)


@contextmanager
def _named(case: str) -> Iterator[None]:
    """Put the name of a case in front of the files in its faults."""
    try:
        yield
    except BadInput as error:
        raise error.changed(lambda fault: replace(fault, case=fault.case or case)) from None


def open_day(where: str | Path) -> list[Election]:
    """Read a case, or all cases of a polling day (`day.toml` with one units.csv and a folder per body)."""
    folder = find(where)
    with _named(folder.name):
        return [read_case(folder)] if DAY not in folder.files else _cases_of_day(folder)


def _cases_of_day(folder: Folder) -> list[Election]:
    tables, found = _toml(DAY, folder.files[DAY])
    faults = Faults(found)
    names = tables.get("cases", [])
    if not faults and (not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names)):
        faults.add(Fault(DAY, 0, "cases", repr(names), 'a list of folders, cases = ["…"]'))
    elif not faults and len(set(names)) < len(names):
        faults.add(Fault(DAY, 0, "cases", repr(names), "each folder once"))
    elections: list[Election] = []
    units = folder.files.get("units.csv")
    for name in () if faults else names:
        inner = folder.inner(name)
        if units is not None:
            inner = replace(inner, files={**inner.files, "units.csv": units})
        if "units" in folder.large:
            inner = replace(inner, large={**inner.large, "units": folder.large["units"]})
        try:
            elections.append(read_case(inner, foreign_columns=True))
        except BadInput as error:
            faults.extend(error.changed(lambda f, name=name: replace(f, file=f"{name}/{f.file}")))  # type: ignore[misc]
    faults.raise_any()
    return elections


def read_case(folder: Folder, *, foreign_columns: bool = False, book: Book | None = None) -> Election:
    """Read a case from its files; see `open_case`.

    Args:
        folder: the files.
        foreign_columns: units.csv may hold seats and districts of contests of other cases (a polling day).
        book: its law, where somebody has read it already.
    """
    if not folder.large:
        return _Reader(folder, foreign_columns, book).read()
    from sailau.election.large import LargeTables, with_upper_units

    upper, lines = with_upper_units(folder, folder.large)
    upper = replace(upper, files={"returns.csv": b"contest,item,count\n", **upper.files})
    try:
        election = _Reader(upper, foreign_columns).read()
    except BadInput as error:
        raise error.changed(lambda fault: _in_units(fault, folder.large, lines)) from None
    return replace(election, tables=LargeTables(dict(folder.large), folder))


def _in_units(fault: Fault, paths: Mapping[str, Path], lines: list[int]) -> Fault:
    """Return a fault of the upper units where it stands in the whole table."""
    if fault.file != "units.csv" or "units" not in paths:
        return fault
    line = lines[fault.line - 2] if 2 <= fault.line < len(lines) + 2 else fault.line
    return replace(fault, file=paths["units"].name, line=line)


def _toml(file: str, data: bytes) -> tuple[dict[str, Any], list[Fault]]:
    text, faults = decode(file, data)
    if faults:
        return {}, faults
    try:
        return parse_toml(file, text), []
    except BadInput as error:
        return {}, list(error)


def _said(contest: str, unit: str, item: str) -> str:
    return f"{item} of {contest} in {unit or 'the whole'}"


_MOST_WORDS = 1_000
"""Different levels and kinds that are compared with those of the law: comparing words takes long."""


class _Reader:
    """Reads one case, gathering faults; each method reads one file."""

    def __init__(self, folder: Folder, foreign_columns: bool, book: Book | None = None) -> None:
        self.folder = folder
        self.book = book
        self.foreign_columns = foreign_columns
        self.faults = Faults()
        self.broken: set[str] = set()
        self.text = ""
        self.law: Law | None = None
        self.words: dict[tuple[str, str], str] = {}

    def read(self) -> Election:
        election = self._case()
        units = self._units()
        parties = self._parties()
        candidates = self._candidates(units, parties)
        election = replace(election, units=units, parties=parties, candidates=candidates)
        returns = self._returns(election)
        protocols = self._protocols(election)
        declared = self._awards("declared.csv", election)
        official = self._awards("official.csv", election)
        commissions = self._commissions()
        self._decisions_hold(election)
        self.faults.raise_any()
        tables = {"returns": returns, "protocols": protocols, "declared": declared, "official": official}
        return replace(election, **tables, commissions=commissions)  # type: ignore[arg-type]

    # ------------------------------------------------------------------ case.toml

    def _fault(self, key: str, found: object, expected: str, path: tuple[str | int, ...] | None = None) -> None:
        def written() -> Fault:
            line = locate(self.text, path or tuple(key.split("."))) if self.text else 0
            return Fault(CASE, line, key, found if isinstance(found, str) else repr(found), expected)

        self.faults.add(written)

    def _case(self) -> Election:
        blank = Election(self.folder.name, "", date.min, {}, files=frozenset(self.folder.files))
        if CASE not in self.folder.files:
            raise BadInput([Fault(CASE, 0, "", "no such file", f"{CASE} with law, day and a title")])
        tables, faults = _toml(CASE, self.folder.files[CASE])
        if faults:
            self.broken.add(CASE)
            self.faults.extend(faults)
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
            synthetic=self._synthetic(tables.get("synthetic", False)),
            settings=self._settings(tables.get("contest", {})),
            calendar=tables.get("calendar", {}),
            decisions=self._decisions(tables.get("decision", [])),
            book=book,
        )

    def _book(self, name: Any) -> Book | None:
        if self.book is not None:
            return self.book
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
            beside = {file: data for file, data in self.folder.files.items() if file.endswith(".toml")}
            return read((self.folder.path or Path()) / inner, beside)
        except BadInput as error:
            line = locate(self.text, ("law",))
            here = {"file": CASE, "line": line, "field": "law"}
            self.faults.extend(error.changed(lambda f: replace(f, **here) if f.file == "law" else f))  # type: ignore[arg-type]
            return None

    def _day(self, day: Any, book: Book | None) -> date:
        if isinstance(day, datetime) or not isinstance(day, date):
            self._fault("day", "nothing" if day is None else str(day), "a date without quotes, such as 2023-03-19")
            return date.min
        if book is not None:
            try:
                self.law = book.on(day)
            except BadInput as error:
                line = locate(self.text, ("day",))
                here = {"file": CASE, "line": line, "field": "day"}
                self.faults.extend(error.changed(lambda f: replace(f, **here) if f.found.startswith("the day") else f))  # type: ignore[arg-type]
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

    def _synthetic(self, value: Any) -> bool:
        if not isinstance(value, bool):
            self._fault("synthetic", value, "true or false")
        return value is True

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
        if len(rows) > DECISIONS.most:
            self.faults.add(DECISIONS.fault(CASE, len(rows)))
            return ()
        lines = lines_of_things(self.text, "decision", len(rows))
        return tuple(
            d for number, row in enumerate(rows) if (d := self._decision(number, row, lines[number])) is not None
        )

    def _decision(self, number: int, row: dict[str, Any], line: int) -> Decision | None:
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
        return Decision(row["kind"], row["contest"], unit, row["question"], among, chosen, day, source, line)

    # ------------------------------------------------------------------ the tables

    def _table(self, file: str, required: tuple[str, ...], allowed: Any, rows: Limit = ROWS) -> CaseTable | None:
        if file not in self.folder.files:
            return None
        table = read_table(file, self.folder.files[file], required, allowed, rows)
        if not table.readable:
            self.faults.extend(table.faults)
            self.broken.add(file)
            return None
        return table

    def _close(self, table: CaseTable) -> None:
        self.faults.extend(table.faults)

    def _of_contest(self, column: str, start: str) -> bool:
        name = column.removeprefix(start)
        known = self.law is None or self.foreign_columns or self.law.contest_of(name) is not None
        return column.startswith(start) and bool(ID.fullmatch(name)) and known

    def _units(self) -> Mapping[str, Unit]:
        def allowed(column: str) -> bool:
            return column in UNIT_COLUMNS or self._of_contest(column, "seats_") or self._of_contest(column, "district_")

        table = self._table("units.csv", ("unit",), allowed, UNITS)
        if table is None:
            return MappingProxyType({})
        units: dict[str, Unit] = {}
        lines: dict[str, int] = {}
        for line, row in table.rows:
            unit = unit_of(table, line, row)
            if unit.id in units:
                table.fault(line, "unit", f"“{unit.id}” again", f"each unit once (first in line {lines[unit.id]})")
            units[unit.id], lines[unit.id] = unit, line
            self._misspelt(table, line, unit)
        for unit in units.values():
            if unit.parent and unit.parent not in units:
                table.fault(lines[unit.id], "parent", f"unknown unit “{unit.parent}”", "a unit of this file, or empty")
            for contest, other in unit.district.items():
                if other not in units:
                    table.fault(
                        lines[unit.id],
                        f"district_{contest}",
                        f"unknown unit “{other}”",
                        "a unit of this file, or empty",
                    )
        within_themselves = list(circles(units))
        for name in within_themselves:
            table.fault(lines[name], "parent", f"“{name}” lies within itself", "a tree of units")
        if not within_themselves:
            name, depth = deepest(units)
            if depth > UNIT_DEPTH.most:
                table.faults.add(UNIT_DEPTH.fault(table.file, depth, line=lines[name], field="parent"))
        self._seats_in_all(table, units)
        self._close(table)
        return MappingProxyType(units)

    def _misspelt(self, table: CaseTable, line: int, unit: Unit) -> None:
        """Note levels and kinds that are nearly those of the law: any other word is a level or kind that it does not name."""
        for column, word in (("level", unit.level), ("kind", unit.kind)):
            if word and (near := self._nearly(column, word)):
                table.fault(line, column, f"“{word}”", f"{near}, as the law has it, or a word that is less like it")

    def _nearly(self, column: str, word: str) -> str:
        """Return the level or kind of the law that a word nearly is; empty where it is one, or like none."""
        key = (column, word)
        if key not in self.words:
            known = () if self.law is None else self.law.levels if column == "level" else self.law.kinds_of_units
            looked_for = word not in known and len(self.words) < _MOST_WORDS
            near = get_close_matches(word, known, 1, 0.8) if looked_for else ()
            self.words[key] = near[0] if near else ""
        return self.words[key]

    def _seats_in_all(self, table: CaseTable, units: Mapping[str, Unit]) -> None:
        seats: Counter[str] = Counter()
        for unit in units.values():
            if unit.seats:
                seats.update(unit.seats)
        for contest, total in seats.items():
            if total > SEATS.most:
                table.faults.add(SEATS.fault(table.file, total, field=f"seats_{contest}"))

    def _parties(self) -> Mapping[str, Party]:
        table = self._table(
            "parties.csv", ("party",), lambda c: c in PARTY_COLUMNS or c in fact_columns("list", "party"), PARTIES
        )
        if table is None:
            return MappingProxyType({})
        parties: dict[str, Party] = {}
        for line, row in table.rows:
            party = party_of(table, line, row)
            if party.id in parties or party.id in RESERVED:
                table.fault(line, "party", f"“{party.id}” again", "each party once; reserved names in no file")
            if self.law is not None and party.kind not in self.law.kinds_of_lists:
                known = Names({kind: (kind,) for kind in sorted(self.law.kinds_of_lists)})
                table.fault(line, "kind", f"“{party.kind}”", known.expected(party.kind, "a kind of list of this law"))
            parties[party.id] = party
        self._close(table)
        return MappingProxyType(parties)

    def _candidates(self, units: Mapping[str, Unit], parties: Mapping[str, Party]) -> Mapping[str, Candidate]:
        table = self._table(
            "candidates.csv",
            ("candidate",),
            lambda c: c in CANDIDATE_COLUMNS or c in fact_columns("person"),
            CANDIDATES,
        )
        if table is None:
            return MappingProxyType({})
        candidates: dict[str, Candidate] = {}
        for line, row in table.rows:
            person = candidate_of(table, line, row)
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
            self.faults.add(Fault("returns.csv", 0, "", "no such file", "returns.csv (it may hold just its header)"))
            return Returns()
        table = self._table("returns.csv", ("contest", "item", "count"), lambda c: c in ("unit", "round", "version"))
        if table is None:
            return Returns()
        known = Known(self.law, election, self._lists, self.broken)
        names: tuple[dict[str, int], ...] = ({}, {}, {})
        columns: tuple[list[int], ...] = ([], [], [], [], [], [], [])
        seen: dict[tuple[int, ...], int] = {}
        together = {party.id for party in election.parties.values() if party.kind == OTHERS}
        for line, row in table.rows:
            texts = (table.get(row, "contest"), table.get(row, "unit"), table.get(row, "item"))
            round_ = {"": 1, "1": 1, "2": 2}.get(table.get(row, "round"), 0)
            if not round_:
                table.fault(line, "round", f"“{table.get(row, 'round')}”", "1 or 2")
            known.line(table, line, *texts)
            texts = (*texts[:2], OTHERS_LINE) if texts[2] in together else texts
            version = table.number(line, row, "version", least=1, most=MOST_VERSIONS) or 1
            count = count_of(table, line, table.get(row, "count"))
            key = tuple(held.setdefault(text, len(held)) for held, text in zip(names, texts, strict=True))
            first = seen.setdefault((*key, round_, version), line)
            if first != line:
                table.fault(line, "", f"{_said(*texts)} again", f"each line once (first in line {first})")
            for column, value in zip(columns, (*key, count, round_, line, version), strict=True):
                column.append(value)
        self._close(table)
        contest, unit, item, count_, rounds, lines, versions = columns
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
            np.array(versions, np.int16),
        )

    def _protocols(self, election: Election) -> tuple[Protocol, ...]:
        table = self._table("protocols.csv", ("unit", "status"), lambda c: c in PROTOCOL_COLUMNS)
        if table is None:
            return ()
        known = Known(self.law, election, self._lists, self.broken)
        protocols: dict[tuple[str, str, int], Protocol] = {}
        stands: dict[tuple[str, str], int] = {}
        for line, row in table.rows:
            protocol = protocol_of(table, line, row)
            known.protocol(table, protocol)
            key = (protocol.unit, protocol.contest, protocol.version)
            if key in protocols:
                table.fault(line, "", f"version {key[2]} again", f"each once (first in line {protocols[key].line})")
            elif protocol.status == "standing":
                first = stands.setdefault(key[:2], line)
                if first != line:
                    table.fault(line, "status", "a second standing version", f"one (the first in line {first})")
            protocols[key] = protocol
        self._close(table)
        return tuple(protocols.values())

    def _awards(self, file: str, election: Election) -> tuple[Award, ...]:
        table = self._table(file, ("contest", "option"), lambda c: c in ("unit", "seats"))
        if table is None:
            return ()
        known = Known(self.law, election, self._lists, self.broken)
        awards: dict[tuple[str, str, str], Award] = {}
        for line, row in table.rows:
            contest, unit, option = (table.get(row, c) for c in ("contest", "unit", "option"))
            known.line(table, line, contest, unit, option, column="option")
            seats = table.number(line, row, "seats", most=MOST_SEATS)
            award = Award(contest, unit, option, 1 if seats is None else seats, line)
            if (contest, unit, option) in awards:
                table.fault(line, "", f"{_said(contest, unit, option)} again", "each line once")
            awards[contest, unit, option] = award
        self._close(table)
        return tuple(awards.values())

    def _commissions(self) -> tuple[Mapping[str, str], ...]:
        table = self._table("commissions.csv", ("commission",), lambda c: c in MEMBER_COLUMNS)
        if table is None:
            return ()
        columns = ("commission", *MEMBER_COLUMNS)
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
