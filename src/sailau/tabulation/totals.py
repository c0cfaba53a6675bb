"""Adding up: the returns of a contest, at whatever levels they were given, as one dense table of units and items.

A unit's own line stands for the unit; where it has none, the sum of the units below stands for it. A line that is absent
is unknown, not zero; only an electable item absent in a unit that reports votes of the contest has zero votes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.model import WHOLE, Election, Returns, Unit
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults
from sailau.rulebook.finding import Finding
from sailau.rulebook.limits import CELLS, CELLS_OF_LINE, UNIT_DEPTH

PRECINCT = "precinct"
VALID = "@valid"
_PARTS_OF_VALID = ("@against_all", "@blank")
"""What the line `@valid` of a protocol adds to the votes for options."""
_INT64_ROOM = 2**62

_RELATIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("cast-differs", "@cast", (VALID, "@invalid", "@not_counted")),
    ("received-differs", "@received", ("@issued", "@cancelled")),
)
_ORDER: tuple[tuple[str, str, str], ...] = (
    ("more-cast-than-issued", "@cast", "@issued"),
    ("more-issued-than-registered", "@issued", "@registered"),
    ("more-cast-than-registered", "@cast", "@registered"),
)


@dataclass(frozen=True)
class Totals:
    """One contest, one round, added up.

    Attributes:
        units: ids, the whole ("") first.
        parent: index of each unit's parent in this contest (the whole: itself).
        items: electable items in the order of the case, then the @ lines.
        electable: how many of the items are electable.
        counts: (units, items) votes and lines; Python integers where int64 could not hold a sum.
        known: (units, items) whether the figure is known.
        own: (units, items) whether the unit gave the line itself.
    """

    contest: str
    round: int
    units: tuple[str, ...]
    parent: NDArray[np.int32]
    items: tuple[str, ...]
    electable: int
    counts: NDArray[Any]
    known: NDArray[np.bool_]
    own: NDArray[np.bool_]

    def place(self, unit: str) -> int | None:
        """Return the row of a unit, or None."""
        return self._places.get(unit)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.units)}

    def reports(self, unit: str) -> bool:
        """Whether votes of this contest are known in a unit."""
        row = self.place(unit)
        return row is not None and bool(self.known[row, : self.electable].any())

    @cached_property
    def listed(self) -> NDArray[np.bool_]:
        """(units, items) whether a line for the item stands in the unit or in one below it."""
        listed = self.own.copy()
        depth = _depths(self.parent)
        for level in range(int(depth.max()), 0, -1):
            here = np.flatnonzero(depth == level)
            np.logical_or.at(listed, self.parent[here], listed[here])
        return listed

    def figure(self, unit: str, item: str) -> int | None:
        """Return one figure, None where it is unknown."""
        row = self.place(unit)
        if row is None or item not in self.items:
            return None
        column = self.items.index(item)
        return int(self.counts[row, column]) if self.known[row, column] else None


@dataclass(frozen=True)
class Tabulation:
    """All contests added up, with what the checks found."""

    totals: Mapping[tuple[str, int], Totals]
    findings: tuple[Finding, ...]

    def of(self, contest: str, round_: int = 1) -> Totals | None:
        """Return the totals of a contest, None where it has no returns."""
        return self.totals.get((contest, round_))

    @property
    def contests(self) -> tuple[str, ...]:
        """Contests that have returns, in order."""
        return tuple(dict.fromkeys(contest for contest, _ in self.totals))


def tabulate(election: Election, *, several_marks: frozenset[str] = frozenset()) -> Tabulation:
    """Add up all returns of an election and check their sums.

    Args:
        election: any election.
        several_marks: contests in which a ballot carries several marks, so that marks do not add up to ballots.

    Raises:
        BadInput: above the precincts, a `@valid` that differs from its parts, or a line that differs from the sum of
            all units below.
    """
    totals: dict[tuple[str, int], Totals] = {}
    faults = Faults()
    findings: list[Finding] = []
    returns = election.returns
    for number, contest in enumerate(returns.contests):
        for round_ in (1, 2):
            chosen = np.flatnonzero((returns.contest == number) & (returns.round == round_))
            if not len(chosen):
                continue
            added = _add_up(election, contest, round_, chosen)
            totals[contest, round_] = added
            checks = _Checks(election, added, contest not in several_marks)
            checks.faults(faults)
            findings.extend(checks.findings())
    faults.raise_any()
    return Tabulation(totals, tuple(findings))


def _add_up(election: Election, contest: str, round_: int, chosen: NDArray[np.intp]) -> Totals:
    returns = election.returns
    units = tuple(dict.fromkeys([WHOLE, *election.units, *returns.units]))
    items, electable = _items(election, returns, chosen)
    room = CELLS.most + CELLS_OF_LINE * len(chosen)
    if (cells := len(units) * len(items)) > room:
        raise BadInput([CELLS.fault("returns.csv", cells)])
    rows = {unit: row for row, unit in enumerate(units)}
    columns = {item: column for column, item in enumerate(items)}
    row_of = np.array([rows[unit] for unit in returns.units], np.int64)
    column_of = np.array([columns.get(item, -1) for item in returns.items], np.int64)
    largest = int(returns.count[chosen].max()) * len(chosen)
    counts = np.zeros((len(units), len(items)), np.int64 if largest < _INT64_ROOM else object)
    own = np.zeros(counts.shape, np.bool_)
    place = (row_of[returns.unit[chosen]], column_of[returns.item[chosen]])
    counts[place] = returns.count[chosen] if counts.dtype != object else returns.count[chosen].astype(object)
    own[place] = True
    parent = _parents(election.units, units, rows, contest)
    known = own.copy()
    reports = own[:, :electable].any(axis=1)
    known[reports, :electable] = True
    _roll_up(counts, known, parent, electable)
    return Totals(contest, round_, units, parent, items, electable, counts, known, own)


def _items(election: Election, returns: Returns, chosen: NDArray[np.intp]) -> tuple[tuple[str, ...], int]:
    """Return the items of the chosen lines: options in the order of the case's files, then @ lines."""
    present = dict.fromkeys(returns.items[i] for i in dict.fromkeys(returns.item[chosen].tolist()))
    options = [item for item in present if not item.startswith("@")]
    listed = [*(p for p in election.parties if p in present), *(c for c in election.candidates if c in present)]
    ordered = dict.fromkeys([*listed, *options])
    lines = sorted(item for item in present if item.startswith("@"))
    return (*ordered, *lines), len(ordered)


def _parents(
    all_units: Mapping[str, Unit], units: Sequence[str], rows: Mapping[str, int], contest: str
) -> NDArray[np.int32]:
    """Return each unit's parent in one contest: its electoral district where it names one, else its own parent."""
    parent = np.zeros(len(units), np.int32)
    for row, name in enumerate(units):
        unit = all_units.get(name)
        if unit is None:
            continue
        district = unit.district.get(contest, "")
        parent[row] = rows[district if district and district != name else unit.parent]
    return parent


def _depths(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    depth = np.zeros(len(parent), np.int32)
    at = parent.copy()
    for _ in range(UNIT_DEPTH.most):
        deeper = at != 0
        if not deeper.any():
            return np.asarray(depth + (np.arange(len(parent)) != 0), np.int32)
        depth += deeper
        at = np.where(deeper, parent[at], 0).astype(np.int32)
    expected = f"a tree of at most {UNIT_DEPTH.most} {UNIT_DEPTH.of} (limit {UNIT_DEPTH.name})"
    raise BadInput([Fault("units.csv", 0, "district", "districts that lie within each other", expected)])


def _roll_up(counts: NDArray[Any], known: NDArray[np.bool_], parent: NDArray[np.int32], electable: int) -> None:
    """Fill unknown figures with sums of the units below, deepest first; in place."""
    depth = _depths(parent)
    lines = slice(electable, None)
    for level in range(int(depth.max()), 0, -1):
        here = np.flatnonzero(depth == level)
        reporting = here[known[here].any(axis=1)]
        if not len(reporting):
            continue
        above = np.unique(parent[reporting])
        position = np.searchsorted(above, parent[reporting])
        sums = np.zeros((len(above), counts.shape[1]), counts.dtype)
        np.add.at(sums, position, np.where(known[reporting], counts[reporting], 0))
        have = np.zeros((len(above), counts.shape[1]), np.int64)
        np.add.at(have, position, known[reporting].astype(np.int64))
        children = np.bincount(position, minlength=len(above))
        complete = have > 0
        complete[:, lines] = have[:, lines] == children[:, None]
        fill = complete & ~known[above]
        counts[above] = np.where(fill, sums, counts[above])
        known[above] |= fill


class _Checks:
    """The control relations of one contest."""

    def __init__(self, election: Election, totals: Totals, one_mark: bool) -> None:
        self.totals = totals
        self.election = election
        self.one_mark = one_mark
        self.columns = {item: column for column, item in enumerate(totals.items)}
        levels = [election.units[u].level if u in election.units else "" for u in totals.units]
        self.precinct = np.array([level == PRECINCT for level in levels])

    def faults(self, faults: Faults) -> None:
        """Add what makes a case wrong: sums above the precincts that do not hold."""
        for row, found, expected in self._valid():
            if not self.precinct[row]:
                faults.add(partial(self._fault, row, VALID, found, f"{expected:,}, the sum of its parts"))
        for row, item, found, expected in self._children():
            faults.add(partial(self._fault, row, item, found, f"{expected:,}, the sum of all its parts"))

    def findings(self) -> Iterator[Finding]:
        """Yield what is recorded but does not add up."""
        for row, found, expected in self._valid():
            if self.precinct[row]:
                yield self._finding("valid-differs", row, found=found, expected=expected)
        if not self.one_mark:
            return
        for code, whole, parts in _RELATIONS:
            yield from self._sum(code, whole, parts)
        for code, less, more in _ORDER:
            yield from self._order(code, less, more)

    def _valid(self) -> Iterator[tuple[int, int, int]]:
        """Yield (row, found, expected) where a unit's own @valid differs from its own parts."""
        t = self.totals
        column = self.columns.get(VALID)
        if column is None or not self.one_mark:
            return
        parts = [*range(t.electable), *(self.columns[p] for p in _PARTS_OF_VALID if p in self.columns)]
        expected = np.where(t.own[:, parts], t.counts[:, parts], 0).sum(axis=1)
        given = t.own[:, column] & t.own[:, : t.electable].any(axis=1)
        for row in np.flatnonzero(given & (t.counts[:, column] != expected)):
            yield int(row), int(t.counts[row, column]), int(expected[row])

    def _children(self) -> Iterator[tuple[int, str, int, int]]:
        """Yield (row, item, found, expected) of each own line that differs from its complete children."""
        t = self.totals
        children = np.flatnonzero(np.arange(len(t.units)) != 0)
        number = np.bincount(t.parent[children], minlength=len(t.units))
        have = np.zeros(t.counts.shape, np.int32)
        complete = self._complete()
        np.add.at(have, t.parent[children], complete[children].astype(np.int32))
        sums = np.zeros_like(t.counts)
        np.add.at(sums, t.parent[children], np.where(complete[children], t.counts[children], 0))
        full = (number > 0)[:, None] & (have == number[:, None]) & t.own & ~self.precinct[:, None]
        for row, column in np.argwhere(full & (sums != t.counts)):
            yield int(row), t.items[column], int(t.counts[row, column]), int(sums[row, column])

    def _complete(self) -> NDArray[np.bool_]:
        """Whether a unit has a line: its own, or all of the units below have it."""
        t = self.totals
        complete = t.own.copy()
        depth = _depths(t.parent)
        for level in range(int(depth.max()), 0, -1):
            here = np.flatnonzero(depth == level)
            above, position = np.unique(t.parent[here], return_inverse=True)
            have = np.zeros((len(above), t.counts.shape[1]), np.int64)
            np.add.at(have, position, complete[here].astype(np.int64))
            complete[above] |= have == np.bincount(position)[:, None]
        return complete

    def _sum(self, code: str, whole: str, parts: tuple[str, ...]) -> Iterator[Finding]:
        t = self.totals
        if whole not in self.columns:
            return
        options = t.own[:, : t.electable].any(axis=1)
        votes = np.where(t.own[:, : t.electable], t.counts[:, : t.electable], 0).sum(axis=1)
        for part in _PARTS_OF_VALID:
            if part in self.columns:
                votes = votes + np.where(t.own[:, self.columns[part]], t.counts[:, self.columns[part]], 0)
        expected = np.zeros_like(votes)
        given = t.own[:, self.columns[whole]].copy()
        for part in parts:
            if part == VALID:
                held = t.own[:, self.columns[VALID]] if VALID in self.columns else np.zeros(len(votes), np.bool_)
                value = np.where(held, t.counts[:, self.columns[VALID]] if VALID in self.columns else 0, votes)
                given &= held | options
                expected = expected + value
            elif part in self.columns:
                given &= t.own[:, self.columns[part]] | (part == "@not_counted")
                expected = expected + np.where(t.own[:, self.columns[part]], t.counts[:, self.columns[part]], 0)
            elif part != "@not_counted":
                return
        column = self.columns[whole]
        for row in np.flatnonzero(given & (t.counts[:, column] != expected)):
            yield self._finding(code, int(row), found=int(t.counts[row, column]), expected=int(expected[row]))

    def _order(self, code: str, less: str, more: str) -> Iterator[Finding]:
        t = self.totals
        if less not in self.columns or more not in self.columns:
            return
        a, b = self.columns[less], self.columns[more]
        for row in np.flatnonzero(t.own[:, a] & t.own[:, b] & (t.counts[:, a] > t.counts[:, b])):
            yield self._finding(code, int(row), found=int(t.counts[row, a]), expected=int(t.counts[row, b]))

    def _fault(self, row: int, item: str, found: int, expected: str) -> Fault:
        t, returns = self.totals, self.election.returns
        unit = t.units[row]
        here = (returns.unit == returns.units.index(unit)) & (returns.item == returns.items.index(item))
        here &= (returns.contest == returns.contests.index(t.contest)) & (returns.round == t.round)
        line = int(returns.line[here.argmax()])
        where = unit or "the whole"
        return Fault("returns.csv", line, "count", f"{found:,} for {t.contest}/{item} in {where}", expected)

    def _finding(self, code: str, row: int, **values: int) -> Finding:
        return Finding(code, self.totals.contest, self.totals.units[row], values)
