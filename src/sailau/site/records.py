"""What the pages of an election show, without any language: one record a page, given as JSON, CSV and HTML alike.

A record names what it was made of by its version, the first digits of the SHA-256 of its content: a page, its JSON and its
CSV with the same version show the same figures.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailau.counting.papers import party_of
from sailau.election.model import WHOLE, Unit, named
from sailau.rulebook.forms import form_of
from sailau.rulebook.lines import COMMON_LINES
from sailau.rulebook.marks import visible, visible_json
from sailau.tabulation import Totals, base_of
from sailau.tabulation.turnout import turnout_of
from sailau.wording.rendering import no_formula

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.counting.results import ContestOutcome
    from sailau.wording.document import Table

SCHEMA = 1
"""Version of the JSON beside the pages: keys are added within it, and never renamed."""
_DIGITS = 12
"""Digits of a version."""
_DECIMALS = 9
"""Decimals of a share in JSON and CSV."""
PRECINCT = "precinct"


def compact(data: Any) -> bytes:
    """Return data as JSON that is the same, byte for byte, for the same content."""
    return visible_json(json.dumps(data, ensure_ascii=False, separators=(",", ":"))).encode()


def version_of(data: Any) -> str:
    """Return the version of data: the first digits of the SHA-256 of its JSON."""
    return hashlib.sha256(compact(data)).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class Record:
    """The data of one page.

    Attributes:
        path: where it stands under `data/`, without ending.
        kind: what it is of: `result`, `contest`, `areas`, `unit`, `option` or `tables`.
        head: figures that are not in the table.
        columns: of the table.
        rows: of the table, one value a column; shares are exact fractions here.
    """

    path: str
    kind: str
    head: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...] = ()

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the JSON holds, but for its version."""
        rows = [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]
        return {"schema": SCHEMA, "kind": self.kind, **self.head, "rows": rows}

    @cached_property
    def version(self) -> str:
        """The version that the page, its JSON and its CSV carry."""
        return version_of(self.content)

    def json(self) -> bytes:
        """Return the record as JSON."""
        return compact({**self.content, "version": self.version}) + b"\n"

    def csv(self) -> bytes:
        """Return the table as CSV, the version in its last column."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*self.columns, "version"])
        for row in self.rows:
            cells = (_cell(value, name) for name, value in zip(self.columns, row, strict=True))
            writer.writerow([*cells, self.version])
        return text.getvalue().encode("utf-8", "backslashreplace")

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yield the rows as mappings, shares as fractions."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


def _plain(value: Any) -> Any:
    return round(float(value), _DECIMALS) if isinstance(value, Fraction) else value


def _cell(value: Any, column: str) -> Any:
    if isinstance(value, str):
        # Only names are anybody's text; ids hold no sign that a spreadsheet acts on, lines of a protocol begin with @.
        return no_formula(visible(value)) if column in TEXTS else value
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else _plain(value)


@dataclass(frozen=True)
class ContestProgress:
    """How much of a contest is known.

    Attributes:
        known: units whose votes are known.
        expected: units that are expected to report.
        level: what these units are; empty where votes were given for the whole only.
    """

    known: int
    expected: int
    level: str


def tables_record(name: str, head: Mapping[str, Any], tables: Sequence[Table]) -> Record:
    """Return the record of a page that shows tables of other rooms, cell by cell, in English.

    Args:
        name: of the page; its files stand under `tables/`.
        head: of which election.
        tables: in English; a cell has an exact `value`, or a `text`.
    """
    rows = [
        (
            table.title,
            number,
            column.head,
            cell.kind,
            _figure(cell.value),
            _in_one_line(cell.text) if cell.value is None else "",
        )
        for table in tables
        for number, row in enumerate(table.rows, 1)
        for column, cell in zip(table.columns, row, strict=True)
    ]
    return Record(f"tables/{name}", "tables", head, TABLE_COLUMNS, tuple(rows))


def _in_one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.split("\n"))


def _figure(value: int | Fraction | date | None) -> int | Fraction | str | None:
    return value.isoformat() if isinstance(value, date) else value


TABLE_COLUMNS = ("table", "row", "column", "kind", "value", "text")
NAMES = ("name_en", "name_kk", "name_ru")
TEXTS = (*NAMES, "table", "column", "text")
"""Columns in which anybody's text may stand."""


@dataclass(frozen=True)
class Records:
    """Makes the records of one outcome."""

    outcome: Outcome
    _ids: dict[str, tuple[str, str, str]] = field(default_factory=dict, repr=False)
    _forms: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)
    _bases: dict[tuple[str, str], int | None] = field(default_factory=dict, repr=False)

    # ------------------------------------------------------------------ names and figures

    def names(self, thing: str) -> tuple[str, str, str]:
        """Return what an option, a unit or a line is called in English, Kazakh and Russian."""
        if thing not in self._ids:
            from sailau.wording.language import words
            from sailau.wording.names import figure_name
            from sailau.wording.view import option_name, unit_name

            election = self.outcome.election
            shown = []
            for code in ("en", "kk", "ru"):
                said = words(code)
                if thing.startswith("@"):
                    shown.append(figure_name(thing, said))
                elif thing in election.parties:
                    shown.append(named(election.parties[thing].names, code, election.parties[thing].short or thing))
                elif thing in election.units or thing == WHOLE:
                    shown.append(unit_name(election, thing, said))
                else:
                    shown.append(option_name(election, thing, said))
            self._ids[thing] = (shown[0], shown[1], shown[2])
        return self._ids[thing]

    def base(self, contest: str, unit: str = WHOLE) -> int | None:
        """Return what shares of a contest are shown of in a unit: the law's base, else all valid votes."""
        if (contest, unit) not in self._bases:
            self._bases[contest, unit] = self._base(contest, unit)
        return self._bases[contest, unit]

    def _base(self, contest: str, unit: str) -> int | None:
        held = self.outcome.contests[contest]
        if unit == WHOLE and held.base:
            return held.base
        if unit in held.districts and held.districts[unit].base:
            return held.districts[unit].base
        totals = self.totals(contest)
        if totals is None or totals.place(unit) is None:
            return None
        name = self._base_name(contest)
        return base_of(totals, unit, name) or base_of(totals, unit, "valid") or None

    def _base_name(self, contest: str) -> Any:
        return self._base_names.get(contest, "valid")

    @cached_property
    def _base_names(self) -> dict[str, Any]:
        steps = reversed(self.outcome.steps)
        return {step.contest: step.values["base_name"] for step in steps if "base_name" in step.values}

    def totals(self, contest: str, round_: int = 1) -> Totals | None:
        """Return the totals of a contest."""
        return self.outcome.plan.tabulation.of(contest, round_)

    def lines(self, contest: str, unit: str = WHOLE) -> dict[str, int]:
        """Return the lines of the protocol that are known of a unit, in the order of the law's form."""
        totals = self.totals(contest)
        if totals is None or totals.place(unit) is None:
            return {}
        places = self._places(contest)
        items = sorted(totals.items[totals.electable :], key=lambda line: (places.get(line, len(places)), line))
        known = {line: totals.figure(unit, line) for line in items}
        return {line: value for line, value in known.items() if value is not None}

    def _places(self, contest: str) -> dict[str, int]:
        """Return line → its place in the form of a protocol; lines that it does not have stand last."""
        if contest not in self._forms:
            form = form_of(self.outcome.law, contest)
            lines = [line.id for line in form.line] if form is not None else COMMON_LINES
            self._forms[contest] = {line: place for place, line in enumerate(lines)}
        return self._forms[contest]

    def turnout(self, contest: str, unit: str = WHOLE) -> tuple[str, int, int] | None:
        """Return which line says how many took part, that figure, and the voters registered; None where not known."""
        known = turnout_of(self.totals(contest), unit)
        if not known.registered or known.ballots is None:
            return None
        return f"@{known.measure}", known.ballots, known.registered

    def progress(self, contest: str) -> ContestProgress:
        """Return how much of a contest is known."""
        totals = self.totals(contest)
        if totals is None:
            return ContestProgress(0, 0, "")
        row = totals.place(WHOLE)
        if row is not None and totals.own[row, : totals.electable].any():
            return ContestProgress(1, 1, "")
        leaves = self.leaves(contest)
        known = sum(totals.reports(unit.id) for unit in leaves)
        levels = {unit.level for unit in leaves}
        return ContestProgress(known, len(leaves), levels.pop() if len(levels) == 1 else "unit")

    def leaves(self, contest: str) -> list[Unit]:
        """Return the units that are expected to report a contest: its polling stations, else its districts or regions."""
        units = self.outcome.election.units
        precincts = [u for u in units.values() if u.level == PRECINCT]
        if precincts:
            return precincts
        level = self.outcome.plan.held[contest].level
        at_level = [u for u in units.values() if level and u.level == level]
        if at_level:
            return at_level
        totals = self.totals(contest)
        reporting = [u for u in units.values() if totals is not None and totals.reports(u.id)]
        levels = {u.level for u in reporting}
        return [u for u in units.values() if u.level in levels]

    # ------------------------------------------------------------------ records

    def head(self, contest: str = "", unit: str = WHOLE) -> dict[str, Any]:
        """Return what stands in every record: of what it is, and how sure it is."""
        outcome = self.outcome
        return {
            "case": outcome.election.name,
            "law": outcome.law.id,
            "day": outcome.law.day.isoformat(),
            "status": outcome.status,
            "whatif": dict(outcome.whatif),
            "contest": contest,
            "unit": unit,
        }

    def main(self) -> ContestOutcome | None:
        """Return the ballot paper whose options are ranked in the whole: not one of persons in districts."""
        persons = set(self.outcome.election.candidates)
        papers = [
            c
            for c in self.outcome.contests.values()
            if any(c.votes.values()) and (len(c.districts) < 2 or not persons & set(c.votes))
        ]
        ballots = {name: contest.ballot for name, contest in self.outcome.plan.held.items()}
        lists = [c for c in papers if ballots[c.name] == "list"]
        return max(lists or papers, key=lambda c: sum(c.votes.values()), default=None)

    def result(self) -> Record:
        """Return the result of the whole: votes of the main ballot paper, seats by ballot paper and all seats."""
        outcome, main = self.outcome, self.main()
        filled = [c for c in outcome.contests.values() if sum(c.seats.values())]
        base = self.base(main.name) if main is not None else None
        votes = main.votes if main is not None else {}
        by_party = self._seats_by_party(filled)
        single = outcome.law.body.single_office
        stood = (o for o in votes if single or party_of(o, outcome.election) == o)
        options = dict.fromkeys([*outcome.seats, *stood])
        order = sorted(options, key=lambda o: (-outcome.seats.get(o, 0), -votes.get(o, 0)))
        rows = tuple(
            (
                option,
                *self.names(option),
                votes.get(option),
                _share(votes.get(option), base),
                *(by_party[c.name].get(option, 0) for c in filled),
                outcome.seats.get(option, 0),
            )
            for option in order
        )
        columns = ("option", *NAMES, "votes", "share", *(f"seats_{c.name}" for c in filled), "seats")
        contest = main.name if main is not None else ""
        lines = self.lines(contest) if contest else {}
        head = {**self.head(contest), "base": base, "lines": lines, "declared": list(outcome.declared)}
        return Record("result", "result", head, columns, rows)

    def _seats_by_party(self, contests: Sequence[ContestOutcome]) -> dict[str, dict[str, int]]:
        election, single = self.outcome.election, self.outcome.law.body.single_office
        found: dict[str, dict[str, int]] = {}
        for contest in contests:
            held = found.setdefault(contest.name, {})
            for option, seats in contest.seats.items():
                party = option if single else party_of(option, election)
                held[party] = held.get(party, 0) + seats
        return found

    def declared(self) -> dict[str, int]:
        """Return how many seats of each party were announced, not counted."""
        election, single = self.outcome.election, self.outcome.law.body.single_office
        found: dict[str, int] = {}
        for contest in self.outcome.contests.values():
            for district in contest.districts.values():
                for option, seats in district.seats.items() if district.declared else ():
                    party = option if single else party_of(option, election)
                    found[party] = found.get(party, 0) + seats
        return found

    def contest(self, name: str) -> Record:
        """Return one ballot paper in the whole: every option with votes, share and seats."""
        held = self.outcome.contests[name]
        base = self.base(name)
        passed = {
            option: row.passed
            for step in self.outcome.steps
            if step.contest == name and step.unit == WHOLE and step.code in ("threshold", "majority", "adoption")
            for option, row in step.rows.items()
        }
        options = dict.fromkeys([*held.votes, *held.seats])
        order = sorted(options, key=lambda o: (-held.seats.get(o, 0), -held.votes.get(o, 0)))
        second = bool(held.second)
        rows = tuple(
            (
                option,
                *self.names(option),
                held.votes.get(option),
                _share(held.votes.get(option), base),
                *((held.second.get(option),) if second else ()),
                passed.get(option),
                held.seats.get(option, 0),
            )
            for option in order
        )
        columns = ("option", *NAMES, "votes", "share", *(("second_round",) if second else ()), "passed", "seats")
        progress = self.progress(name)
        head = {
            **self.head(name),
            "base": base,
            "lines": self.lines(name),
            "progress": {"known": progress.known, "expected": progress.expected, "level": progress.level},
            "declared": held.declared,
        }
        return Record(f"contests/{name}", "contest", head, columns, rows)

    def areas(self, name: str) -> Record:
        """Return one ballot paper by area: its districts, or the regions that report it; a row for each option there."""
        held = self.outcome.contests[name]
        districts = {u: d for u, d in held.districts.items() if u != WHOLE}
        totals = self.totals(name)
        units = [u for u in self.outcome.election.units.values() if u.id in districts or self._is_area(u, totals)]
        rows = []
        for unit in units:
            base, district = self.base(name, unit.id), districts.get(unit.id)
            votes = self.votes(name, unit.id)
            seats: Mapping[str, int] = district.seats if district is not None else {}
            options = [o for o in dict.fromkeys([*votes, *seats]) if votes.get(o) or seats.get(o)]
            for option in sorted(options, key=lambda o: (-seats.get(o, 0), -votes.get(o, 0))):
                figures = (votes.get(option), _share(votes.get(option), base))
                won = seats.get(option, 0) if district is not None else None
                rows.append((unit.id, *self.names(unit.id), option, *figures, won))
        columns = ("unit", *NAMES, "option", "votes", "share", "seats")
        return Record(f"areas/{name}", "areas", self.head(name), columns, tuple(rows))

    def _is_area(self, unit: Unit, totals: Totals | None) -> bool:
        return totals is not None and unit.parent == WHOLE and totals.reports(unit.id)

    def votes(self, contest: str, unit: str) -> dict[str, int]:
        """Return the votes for every option of a contest in a unit; empty where none are known."""
        held = self.outcome.contests[contest]
        if unit == WHOLE:
            return dict(held.votes)
        totals = self.totals(contest)
        row = totals.place(unit) if totals is not None else None
        if totals is None or row is None or not totals.reports(unit):
            return dict(held.districts[unit].votes) if unit in held.districts else {}
        options = totals.items[: totals.electable]
        listed = totals.listed[row, : totals.electable]
        counts = totals.counts[row, : totals.electable].tolist()
        # In a district of persons only those who stand there have a line.
        everywhere = self.outcome.plan.held[contest].ballot != "candidates"
        return {o: int(n) for o, n, own in zip(options, counts, listed, strict=True) if own or (everywhere and n)}

    def unit(self, unit: Unit) -> Record:
        """Return one unit: every line of its protocols, or of the sum of those below it."""
        rows: list[tuple[Any, ...]] = []
        parts: dict[str, Any] = {}
        for name, held in self.outcome.contests.items():
            votes, lines = self.votes(name, unit.id), self.lines(name, unit.id)
            district = held.districts.get(unit.id)
            seats: Mapping[str, int] = district.seats if district is not None else {}
            if not votes and not lines and not any(seats.values()):
                continue
            base = self.base(name, unit.id)
            parts[name] = {"base": base, "declared": district is not None and district.declared}
            rows += [(name, line, *self.names(line), value, None, None) for line, value in lines.items()]
            for option in sorted(dict.fromkeys([*votes, *seats]), key=lambda o: -votes.get(o, 0)):
                figures = (votes.get(option), _share(votes.get(option), base))
                rows.append((name, option, *self.names(option), *figures, seats.get(option) if seats else None))
        columns = ("contest", "item", *NAMES, "count", "share", "seats")
        names = dict(zip(NAMES, self.names(unit.id), strict=True))
        head = {**self.head(unit=unit.id), **names, "level": unit.level, "parent": unit.parent, "contests": parts}
        return Record(f"units/{unit.id}", "unit", head, columns, tuple(rows))

    def option(self, option: str) -> Record:
        """Return one list, candidate or answer: votes, share and seats by ballot paper and area."""
        rows: list[tuple[Any, ...]] = []
        for name, held in self.outcome.contests.items():
            if option in held.votes or option in held.seats:
                votes = held.votes.get(option)
                row = (votes, _share(votes, self.base(name)), held.seats.get(option, 0))
                rows.append((name, WHOLE, *self.names(WHOLE), *row))
            for area in self._areas_of[name].get(option, ()):
                figures = (area["votes"], area["share"], area["seats"])
                rows.append((name, area["unit"], *self.names(area["unit"]), *figures))
        columns = ("contest", "unit", *NAMES, "votes", "share", "seats")
        head = {**self.head(), "option": option, **dict(zip(NAMES, self.names(option), strict=True))}
        head["seats"] = self.outcome.seats.get(option, 0)
        return Record(f"options/{option}", "option", head, columns, tuple(rows))

    @cached_property
    def _areas_of(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Contest → option → its rows by place."""
        found: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for name in self.outcome.contests:
            by_option = found.setdefault(name, {})
            for row in self.areas(name).dicts():
                by_option.setdefault(row["option"], []).append(row)
        return found


def _share(votes: int | None, base: int | None) -> Fraction | None:
    return None if votes is None or not base else Fraction(votes, base)
