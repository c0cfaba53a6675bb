"""Tabulation by a database: protocols in tables that nobody reads station by station, the same totals and breaches.

A database lays out, chooses, checks and adds up the stations of the table, or of each of its parts, on this machine or on
others (`part.py`); what lies above the stations is added up here, as in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.case import read_case
from sailau.election.known import Known
from sailau.election.large import LargeTables, header_of, text
from sailau.election.model import WHOLE, Election, Protocol
from sailau.election.writing import to_csv, unit_rows
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults
from sailau.tabulation.forms import Breaches, FormChecks, between_contests, breaches
from sailau.tabulation.part import Group, Key, Name, TablePart, Tables, Task, added_up, fault_lines, names_of
from sailau.tabulation.protocols import Exclusion, standing
from sailau.tabulation.totals import (
    INT64_ROOM,
    LISTED,
    PRECINCT,
    Asked,
    Leaves,
    LinesOf,
    Tabulation,
    Totals,
    checks_for,
    column_of,
    in_order,
    one_mark,
    parents,
    rolled_up,
    wrong_figures,
)

if TYPE_CHECKING:
    from sailau.rulebook import Law

WIDE = 150
"""Items beyond which those of a contest are not laid side by side."""
_PLACES, _SAMPLE = 64, 1 << 16
"""Places of a CSV file at which its items are sampled, and the bytes that are read at each."""

_PIECE = 16_000_000
"""Bytes of parts that are one piece of work: seconds of it, many times what reading the units takes."""


def tabulate_tables(
    election: Election,
    tables: LargeTables,
    law: Law | None = None,
    asked: Asked | None = None,
) -> Tabulation:
    """Add up the standing returns of a case whose tables a database reads, and check them; see `tabulate`.

    Raises:
        BadInput: every fault of the tables, with its line.
    """
    return _Whole(election, tables, law, asked or Asked(), asked is not None).tabulation()


def statements(election: Election, tables: LargeTables, law: Law | None = None) -> list[str]:
    """Return every statement of a tabulation, in the order in which they are run."""
    whole = _Whole(election, tables, law, Asked(), is_asked=False)
    whole.tabulation()
    return whole.statements


@dataclass
class _Whole:
    """One tabulation under way."""

    election: Election
    large: LargeTables
    law: Law | None
    asked: Asked
    is_asked: bool
    statements: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def tabulation(self) -> Tabulation:
        """Return the whole."""
        self.tables = self._tables()
        names = self._sampled()
        parts = self._parts(names, is_guess=True) if names else None
        if parts is None:
            parts = self._parts(self._names(), is_guess=False)
        assert parts is not None
        upper = self._upper(parts)
        return self._checked(parts, self._totals(parts, upper), upper)

    def _tables(self) -> Tables:
        paths = self.large.paths
        for name, what in (("units", "the units in which the returns lie"), ("returns", "the returns")):
            if name not in paths:
                raise BadInput([Fault(f"{name}.csv", 0, "", "no such file", what)])
        upper = ("", *self.election.units)
        return Tables(paths["returns"], paths["units"], paths.get("protocols"), upper)

    def _pieces(self) -> list[Tables]:
        """Return the tables part by part where other machines share the work, else as one."""
        path = self.large.paths["returns"]
        if self.asked.spread is None or not path.is_dir():
            return [self.tables]
        pieces: list[list[Path]] = []
        room = 0
        for file in sorted(path.glob("*.parquet")):
            if file.stat().st_size > room:
                pieces.append([])
                room = _PIECE
            pieces[-1].append(file)
            room -= file.stat().st_size
        return [replace(self.tables, returns=tuple(piece)) for piece in pieces]

    def _each(self, work: Any, tasks: Sequence[Any]) -> Iterator[Any]:
        """Yield what each task gives; each is read once for its items and once for all else."""
        before = 0 if work is names_of else len(tasks)
        answers = map(work, tasks) if self.asked.spread is None else self.asked.spread(work, tasks)
        for done, answer in enumerate(answers, before + 1):
            if self.asked.progress is not None:
                self.asked.progress(done, 2 * len(tasks))
            yield answer

    # ------------------------------------------------------------------ contests and items

    def _names(self) -> set[Name]:
        """Return every contest, item and round.

        Raises:
            BadInput: what the case does not know, on its lines.
        """
        names: set[Name] = set()
        for more, faults in self._each(names_of, self._pieces()):
            names |= more
            self.faults.extend(faults)
        self.faults.raise_any()
        known = self._known()
        for contest, item in sorted({name[:2] for name in names}, key=str):
            trouble = known.trouble(contest or "", item or "")
            if trouble is None:
                continue
            value = contest if trouble[0] == "contest" else item
            where = f"contest IS NOT DISTINCT FROM {text(contest)}" if contest is not None else "contest IS NULL"
            if trouble[0] == "item":
                where += f" AND item = {text(value)}" if item is not None else " AND item IS NULL"
            self.faults.extend(fault_lines(self.tables, where, trouble))
        self.faults.raise_any()
        return names

    def _known(self) -> Known:
        return Known(self.election.own_law(), self.election, lambda f: f in self.election.files, set())

    def _sampled(self) -> set[Name]:
        """Return the contests and items that stand at many places of a CSV file, which is slow to read twice.

        None are returned where it cannot be sampled. A piece of text that a cut line gives is no name that the case knows.
        """
        path = self.large.paths["returns"]
        if path.suffix != ".csv":
            return set()
        header, delimiter = header_of(path)
        if "round" in header or not {"contest", "item"} <= set(header):
            return set()
        columns = header.index("contest"), header.index("item")
        known = self._known()
        pairs = set()
        for line in _lines_at_places(path):
            fields = line.split(delimiter)
            if len(fields) == len(header):
                pairs.add((fields[columns[0]].strip('"'), fields[columns[1]].strip('"')))
        return {(c, i, 1) for c, i in pairs if known.trouble(c, i) is None}

    def _groups(self, names: set[Name]) -> tuple[Group, ...]:
        pairs = sorted({name[:2] for name in names})
        order = {c: n for n, c in enumerate(self.law.contests if self.law is not None else ())}
        self.contests = sorted({c for c, _ in pairs}, key=lambda c: (order.get(c, len(order)), c))
        self.items = {c: in_order(self.election, [i for k, i in pairs if k == c]) for c in self.contests}
        narrow: list[str] = []
        groups: list[Group] = []
        for contest in self.contests:
            options, lines = self.items[contest]
            if len(options) > WIDE:
                groups.append(Group(f"protocol_{len(groups) + 1}", (contest,), options, lines, is_wide=True))
            else:
                narrow.append(contest)
        if narrow:
            options, lines = (tuple(dict.fromkeys(i for c in narrow for i in self.items[c][k])) for k in (0, 1))
            groups.append(Group("protocol", tuple(narrow), options, lines, is_wide=False))
        return tuple(groups)

    # ------------------------------------------------------------------ the parts

    def _parts(self, names: set[Name], *, is_guess: bool) -> list[TablePart] | None:
        """Return what every part gives, None where an item turned up that no sample had.

        Raises:
            BadInput: the faults of all parts.
        """
        groups = self._groups(names)
        if is_guess and len(groups) > 1:
            return None
        asked = self.asked if self.is_asked else None
        self.forms = {c: checks_for(self.law, c, self.items[c][1], asked) for c in self.contests}
        checks = {c: (self.forms[c], self.law is None or one_mark(self.law, c)) for c in self.contests}
        lines = {
            (contest, round_): tuple(i for c, i, r in sorted(names) if (c, r) == (contest, round_) and i[0] == "@")
            for contest in self.contests
            for round_ in (1, 2)
            if any((c, r) == (contest, round_) for c, _, r in names)
        }
        pieces = self._pieces()
        tasks = [
            Task(
                tables,
                groups,
                checks,
                lines,
                is_guess,
                number == 0,
                len(pieces) == 1,
                self.asked.listed,
                self.asked.unexplained,
            )
            for number, tables in enumerate(pieces)
        ]
        parts: list[TablePart] = list(self._each(added_up, tasks))
        if is_guess and any(part.is_unforeseen or self._has_others(part) for part in parts):
            return None
        for part in parts:
            self.faults.extend(part.faults)
        self.statements = parts[0].statements
        self._check_apart(parts)
        self.faults.raise_any()
        return parts

    def _has_others(self, part: TablePart) -> bool:
        """Whether a part has items of a contest that no sample of that contest had."""
        items = {contest: {*both[0], *both[1]} for contest, both in self.items.items()}
        stated = ((key[0], name) for key, below in part.below.items() for name in below if _is_stated(below, name))
        above = ((contest, item) for _, contest, item, *_ in part.upper)
        return any(item not in items.get(contest, ()) for contest, item in (*stated, *above))

    def _check_apart(self, parts: Sequence[TablePart]) -> None:
        """Note units right below the whole whose stations are in two parts: a line twice would not be seen."""
        seen: set[str] = set()
        for part in parts:
            areas = {self._area(unit) for unit in part.parents}
            for area in sorted(areas & seen):
                where = f"stations of “{area or 'the whole'}” in several parts"
                self.faults.add(
                    Fault(
                        self.tables.name, 0, "unit", where, "all stations of a unit right below the whole in one part"
                    )
                )
            seen |= areas

    def _area(self, unit: str) -> str:
        while unit in self.election.units and self.election.units[unit].parent:
            unit = self.election.units[unit].parent
        return unit

    def _upper(self, parts: Sequence[TablePart]) -> Election:
        """Return the election with the standing returns of units that are no stations."""
        rows = [row for part in parts for row in part.upper]
        if not rows:
            return self.election
        lines = [row[-1] + self.tables.first_line for row in rows]
        data = to_csv([("unit", "contest", "item", "count", "round", "version"), *(row[:-1] for row in rows)]).encode()
        files = {
            **self.large.folder.files,
            "returns.csv": data,
            "units.csv": to_csv(unit_rows(self.election)).encode(),
        }
        try:
            upper = read_case(replace(self.large.folder, large={}, files=files), foreign_columns=True)
        except BadInput as error:
            raise error.changed(partial(_in_whole, name=self.tables.name, lines=lines)) from None
        told = dict.fromkeys(row for part in parts for row in part.told)
        stands, _ = standing(replace(upper, protocols=tuple(Protocol(u, c, int(v), s) for u, c, v, s in told)))
        places = np.array(lines, np.int32)[stands.line - 2]
        return replace(upper, returns=replace(stands, line=places))

    # ------------------------------------------------------------------ totals

    def _totals(self, parts: Sequence[TablePart], upper: Election) -> dict[Key, Totals]:
        units = (WHOLE, *self.election.units)
        number = _numbers(units, parts)
        upper_keys = {
            (upper.returns.contests[c], int(r)) for c, r in zip(upper.returns.contest, upper.returns.round, strict=True)
        }
        keys = upper_keys.union(*(part.below for part in parts), *(part.long for part in parts))
        ordered = [(c, r) for c in self.contests for r in (1, 2) if (c, r) in keys]
        return {key: self._total(key, units, parts, (number, upper)) for key in ordered}

    def _total(
        self,
        key: Key,
        units: tuple[str, ...],
        parts: Sequence[TablePart],
        around: tuple[Mapping[str, NDArray[np.int64]], Election],
    ) -> Totals:
        (contest, round_), (number, upper) = key, around
        returns = upper.returns
        here = (returns.contest == _place(returns.contests, contest)) & (returns.round == round_)
        stated = {returns.items[i] for i in returns.item[here]}
        below = [part.below[key] for part in parts if key in part.below]
        long = [row for part in parts for row in part.long.get(key, ())]
        of_contest = (*self.items[contest][0], *self.items[contest][1])
        stated |= {i for i in of_contest if any(_is_stated(one, i) for one in below)} | {row[2] for row in long}
        options, lines = (tuple(i for i in items if i in stated) for items in self.items[contest])
        items = (*options, *lines)
        places = {u: n for n, u in enumerate(units)}, {i: n for n, i in enumerate(items)}
        leaves = _leaves(places, below, long, number.get(contest, number[""]))
        counts, own = _own(upper, contest, round_, places, leaves.sums)
        parent = parents(self.election.units, units, places[0], contest)
        return rolled_up(contest, round_, units, parent, (items, len(options)), (counts, own), leaves)

    # ------------------------------------------------------------------ checks

    def _checked(self, parts: Sequence[TablePart], totals: dict[Key, Totals], upper: Election) -> Tabulation:
        stations = _by_key(one for part in parts for one in part.broken)
        broken: list[Breaches] = []
        columns = {}
        returns = upper.returns
        for (contest, round_), total in totals.items():
            levels = [self.election.units[u].level if u in self.election.units else "" for u in total.units]
            is_one = self.law is None or one_mark(self.law, contest)
            chosen = np.flatnonzero((returns.contest == _place(returns.contests, contest)) & (returns.round == round_))
            station = np.array([level == PRECINCT for level in levels])
            self.faults.extend(wrong_figures(total, station, is_one, LinesOf(returns, chosen, self.tables.name)))
            columns[contest, round_] = partial(column_of, total)
            broken += breaches(contest, round_, self.forms[contest], columns[contest, round_], one_mark=is_one)
            broken += self._together(stations, self.forms[contest], (contest, round_))
        self.faults.raise_any()
        broken += between_contests(columns, self.forms)
        across = _by_key(one for part in parts for one in part.across)
        for key in totals:
            broken += self._together(across, self.forms[key[0]], key)
        left_out: dict[str, int] = {}
        for part in parts:
            for status, n in part.left_out.items():
                left_out[status] = left_out.get(status, 0) + n
        unexplained: dict[Key, dict[str, int]] = {}
        for part in parts:
            for key, votes_of in part.unexplained.items():
                sums = unexplained.setdefault(key, {})
                for unit, votes in votes_of.items():
                    sums[unit] = sums.get(unit, 0) + votes
        excluded = _first_excluded(parts)
        return Tabulation(totals, tuple(broken), excluded, dict(sorted(left_out.items())), unexplained)

    def _together(
        self, told: Mapping[tuple[str, int, str], list[Breaches]], checks: FormChecks, key: Key
    ) -> Iterator[Breaches]:
        """Yield the breaches of each relation, those of all parts in the order of the units, the first ones listed."""
        for check in checks.checks:
            ones = told.get((*key, check.code), [])
            if not ones:
                continue
            names = np.array([name for one in ones for name in one.names or ()], object)
            rows, left, right = (np.concatenate([getattr(one, n) for one in ones]) for n in ("rows", "left", "right"))
            order = np.argsort(rows, kind="stable")[: self.asked.listed]
            listed, number = [str(name) for name in names[order]], sum(len(one) for one in ones)
            first = np.arange(len(order))
            yield Breaches(*key, check, first, left[order], right[order], ones[0].other, listed, number)


def _lines_at_places(path: Path) -> Iterator[str]:
    """Yield whole lines from many places of a text file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        for place in range(_PLACES):
            file.seek(size * place // _PLACES)
            lines = file.read(_SAMPLE).decode("utf-8", "replace").splitlines()
            yield from lines[1:-1]


def _by_key(told: Iterable[Breaches]) -> dict[tuple[str, int, str], list[Breaches]]:
    keyed: dict[tuple[str, int, str], list[Breaches]] = {}
    for one in told:
        keyed.setdefault((one.contest, one.round, one.check.code), []).append(one)
    return keyed


def _first_excluded(parts: Sequence[TablePart]) -> tuple[Exclusion, ...]:
    every = [one for part in parts for one in part.excluded]
    return tuple(sorted(every, key=lambda e: (e.unit, e.contest, e.version, e.status, e.reason))[:LISTED])


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _is_stated(below: Mapping[str, Any], item: str) -> bool:
    return f"{item} stated" in below and bool(below[f"{item} stated"].any())


def _numbers(units: Sequence[str], parts: Sequence[TablePart]) -> dict[str, NDArray[np.int64]]:
    """Return how many stations lie in each unit, by contest where its districts are others than the units above."""
    rows = {u: n for n, u in enumerate(units)}
    numbers: dict[str, NDArray[np.int64]] = {}
    for part in parts:
        for contest, counts in part.number.items():
            number = numbers.setdefault(contest, np.zeros(len(units), np.int64))
            for above, count in counts.items():
                number[rows[above]] += count
    return numbers


def _leaves(
    places: tuple[Mapping[str, int], Mapping[str, int]],
    below: Sequence[Mapping[str, NDArray[Any]]],
    long: Sequence[tuple[str, int, str, int, int]],
    number: NDArray[np.int64],
) -> Leaves:
    """Return the stations of each unit, from what the parts added up."""
    rows, columns = places
    largest = sum(max((int(one[i].max(initial=0)) for i in columns if i in one), default=0) for one in below)
    largest = max(largest, sum(row[3] for row in long))
    sums = np.zeros((len(rows), len(columns)), np.int64 if largest < INT64_ROOM else object)
    stated = np.zeros(sums.shape, np.int64)
    reporting, options = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for one in below:
        at = np.array([rows[u] for u in one["above"]], np.int64)
        np.add.at(reporting, at, one["reporting"].astype(np.int64))
        np.add.at(options, at, one["options"].astype(np.int64))
        for item, column in columns.items():
            if item in one:
                np.add.at(sums[:, column], at, one[item].astype(sums.dtype))
                np.add.at(stated[:, column], at, one[f"{item} stated"].astype(np.int64))
    for above, _, item, total, count in long:
        sums[rows[above], columns[item]] += total
        stated[rows[above], columns[item]] += count
    return Leaves(sums, stated, options, reporting, number)


def _own(
    upper: Election, contest: str, round_: int, places: tuple[Mapping[str, int], Mapping[str, int]], sums: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return what units that are no stations state themselves."""
    returns, (rows, columns) = upper.returns, places
    chosen = np.flatnonzero((returns.contest == _place(returns.contests, contest)) & (returns.round == round_))
    largest = int(returns.count[chosen].max(initial=0)) * (len(chosen) + 1)
    below = int(sums.max(initial=0)) * (len(rows) + 1)
    counts = np.zeros(sums.shape, np.int64 if max(largest, below) < INT64_ROOM and sums.dtype != object else object)
    own = np.zeros(sums.shape, np.bool_)
    for k in chosen:
        at = rows[returns.units[returns.unit[k]]], columns[returns.items[returns.item[k]]]
        counts[at] = int(returns.count[k])
        own[at] = True
    return counts, own


def _in_whole(fault: Fault, *, name: str, lines: list[int]) -> Fault:
    """Return a fault of the upper returns where it stands in the whole table."""
    if fault.file != "returns.csv":
        return fault
    return replace(fault, file=name, line=lines[fault.line - 2] if 2 <= fault.line < len(lines) + 2 else fault.line)
