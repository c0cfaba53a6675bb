"""Adding up: the returns of a contest, at whatever levels they were given, as one dense table of units and items.

A unit's own line stands for the unit; where it has none, the sum of the units below stands for it. A line that is absent
is unknown, not zero; only an electable item absent in a unit that reports votes of the contest has zero votes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.model import WHOLE, Election, Returns, Unit
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults
from sailau.rulebook.finding import Finding
from sailau.rulebook.limits import CELLS, CELLS_OF_LINE, UNIT_DEPTH
from sailau.rulebook.lines import COMMON_LINES as COMMON
from sailau.tabulation.bases import OTHERS_LINE
from sailau.tabulation.forms import (
    DEFAULT,
    OPTIONS,
    VALID,
    Breaches,
    Column,
    FormChecks,
    between_contests,
    breaches,
    checks_of,
    with_limits,
)
from sailau.tabulation.protocols import Exclusion, standing

if TYPE_CHECKING:
    from sailau.rulebook import Law

PRECINCT = "precinct"
PARTS_OF_VALID = ("@against_all", "@blank", "@others")
"""What the line `@valid` of a protocol adds to the votes for options."""
INT64_ROOM = 2**62


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
        leaves: polling stations that are not among the units, summed by the unit that they lie in.
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
    leaves: Leaves | None = None

    def place(self, unit: str) -> int | None:
        """Return the row of a unit, or None."""
        return self._places.get(unit)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.units)}

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {item: column for column, item in enumerate(self.items)}

    def reports(self, unit: str) -> bool:
        """Whether votes of this contest are known in a unit."""
        row = self.place(unit)
        return row is not None and bool(self.known[row, : self.electable].any())

    @cached_property
    def listed(self) -> NDArray[np.bool_]:
        """(units, items) whether a line for the item stands in the unit or in one below it."""
        listed = self.own.copy() if self.leaves is None else self.own | (self.leaves.stated > 0)
        depth = depths(self.parent)
        for level in range(int(depth.max()), 0, -1):
            here = np.flatnonzero(depth == level)
            np.logical_or.at(listed, self.parent[here], listed[here])
        return listed

    def figure(self, unit: str, item: str) -> int | None:
        """Return one figure, None where it is unknown."""
        row, column = self.place(unit), self._columns.get(item)
        if row is None or column is None:
            return None
        return int(self.counts[row, column]) if self.known[row, column] else None


LISTED = 10_000
"""Breaches that are told one by one as findings; a broken count may have millions of them."""


@dataclass(frozen=True)
class Leaves:
    """Polling stations that are not kept one by one, summed by the unit that they lie in.

    Attributes:
        sums: (units, items) figures added up.
        stated: (units, items) how many stations state the item.
        options: (units,) how many state votes for any option.
        reporting: (units,) how many state anything.
        number: (units,) how many there are.
    """

    sums: NDArray[Any]
    stated: NDArray[np.int64]
    options: NDArray[np.int64]
    reporting: NDArray[np.int64]
    number: NDArray[np.int64]


@dataclass(frozen=True)
class Tabulation:
    """All contests added up, with what the checks found and what was left out.

    Attributes:
        totals: by contest and round.
        breaches: relations that do not hold, as columns, in the order in which they are noted.
        excluded: protocols that are not in the totals; of very many the first ones.
        left_out: how many there are of each status.
        unexplained: by contest and round, the unexplained votes of stations that are not kept one by one, by the unit
            above; only where they were asked for.
    """

    totals: Mapping[tuple[str, int], Totals]
    breaches: tuple[Breaches, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    unexplained: Mapping[tuple[str, int], Mapping[str, int]] = field(default_factory=dict)

    def of(self, contest: str, round_: int = 1) -> Totals | None:
        """Return the totals of a contest, None where it has no returns."""
        return self.totals.get((contest, round_))

    @property
    def contests(self) -> tuple[str, ...]:
        """Contests that have returns, in order."""
        return tuple(dict.fromkeys(contest for contest, _ in self.totals))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is recorded but does not add up, told one by one; beyond ten thousand only how many more there are."""
        told: list[Finding] = []
        further: Counter[str] = Counter()
        for one in self.breaches:
            room = LISTED - len(told)
            told += self._told(one, room)
            further[one.contest] += max(len(one) - room, 0)
        told += [Finding("more-findings", contest, values={"found": n}) for contest, n in further.items() if n]
        return tuple(told)

    def _told(self, one: Breaches, most: int) -> Iterator[Finding]:
        units = self.totals[one.contest, one.round].units
        more = {"other": one.other} if one.other else {}
        names = one.names if one.names is not None else [units[int(row)] for row in one.rows[:most]]
        for unit, left, right in zip(names[:most], one.left[:most], one.right[:most], strict=True):
            values = {"found": int(left), "expected": int(right), **more}
            yield Finding(one.check.code, one.contest, unit, values, one.check.cite, one.check.confidence)


Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""Gives what a function returns for each of some arguments, in any order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tabulation is asked for beyond what a count needs: every relation of the law's form, and more.

    Attributes:
        limits: shares from which a figure is noted, by the keys of `sailau.tabulation.forms.LIMITED`.
        listed: breaches of a relation that are kept one by one where a database reads the tables.
        unexplained: whether the votes that broken relations leave unexplained are added up.
        progress: called with the pieces of work that are done and how many there are, where a database reads the tables.
        spread: does a piece of work for each of some tasks, in any order; other machines may take part.
    """

    limits: Mapping[str, Fraction] = field(default_factory=dict)
    listed: int = LISTED
    spread: Spread | None = None
    unexplained: bool = False
    progress: Callable[[int, int], None] | None = None


def tabulate(election: Election, law: Law | None = None, *, asked: Asked | None = None) -> Tabulation:
    """Add up all standing returns of an election and check their sums.

    Args:
        election: any election.
        law: its protocol forms and ballots say what is checked; without it what holds in every protocol.
        asked: what is checked beyond what a count needs.

    Raises:
        BadInput: above the precincts, a `@valid` that differs from its parts, or a line that differs from the sum of
            all units below.
    """
    if election.tables is not None:
        from sailau.tabulation.database import tabulate_tables

        return tabulate_tables(election, election.tables, law, asked)
    totals: dict[tuple[str, int], Totals] = {}
    faults = Faults()
    broken: list[Breaches] = []
    returns, excluded = standing(election)
    forms: dict[str, FormChecks] = {}
    columns = {}
    for number, contest in enumerate(returns.contests):
        rows = np.flatnonzero(returns.contest == number)
        for round_ in (1, 2):
            chosen = rows[returns.round[rows] == round_]
            if not len(chosen):
                continue
            added = _add_up(election, returns, contest, round_, chosen)
            totals[contest, round_] = added
            if contest not in forms:
                forms[contest] = checks_for(law, contest, added.items[added.electable :], asked)
            is_one = law is None or one_mark(law, contest)
            level_of = [election.units[u].level if u in election.units else "" for u in added.units]
            station = np.array([level == PRECINCT for level in level_of])
            faults.extend(wrong_figures(added, station, is_one, LinesOf(returns, chosen)))
            columns[contest, round_] = partial(column_of, added)
            broken += breaches(contest, round_, forms[contest], columns[contest, round_], one_mark=is_one)
    faults.raise_any()
    place = {name: n for n, name in enumerate(law.contests if law is not None else ())}
    ordered = sorted(columns, key=lambda key: (place.get(key[0], len(place)), *key))
    broken += between_contests({key: columns[key] for key in ordered}, forms)
    return Tabulation(totals, tuple(broken), excluded, Counter(e.status for e in excluded))


def checks_for(law: Law | None, contest: str, lines: Sequence[str], asked: Asked | None = None) -> FormChecks:
    """Return what is checked in a contest: the law's form is read where a case has lines of it, or where it is asked for."""
    checks = DEFAULT
    if law is not None and (asked or "form" in law.book.own or not set(lines) <= set(COMMON)):
        from sailau.rulebook.forms import form_of

        checks = checks_of(form_of(law, contest))
    return checks if asked is None else with_limits(checks, asked.limits)


def one_mark(law: Law, contest: str) -> bool:
    """Whether a ballot of a contest carries one mark, so that votes add up to ballots."""
    paper = law.contest_of(contest)
    return paper is None or all(t.formula.marks in (None, 1) for t in law.tiers_of(paper.id))


def column_of(totals: Totals, line: str) -> Column | None:
    """Return the figures that units state themselves."""
    if line == OPTIONS:
        named = totals.own[:, : totals.electable]
        stated: NDArray[np.bool_] = np.asarray(named.any(axis=1))
        parts = [*range(totals.electable), *(k for k, item in enumerate(totals.items) if item == OTHERS_LINE)]
        return np.where(totals.own[:, parts], totals.counts[:, parts], 0).sum(axis=1), stated
    if line not in totals.items:
        return None
    column = totals.items.index(line)
    return totals.counts[:, column], totals.own[:, column]


def _add_up(election: Election, returns: Returns, contest: str, round_: int, chosen: NDArray[np.intp]) -> Totals:
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
    counts = np.zeros((len(units), len(items)), np.int64 if largest < INT64_ROOM else object)
    own = np.zeros(counts.shape, np.bool_)
    place = (row_of[returns.unit[chosen]], column_of[returns.item[chosen]])
    counts[place] = returns.count[chosen] if counts.dtype != object else returns.count[chosen].astype(object)
    own[place] = True
    parent = parents(election.units, units, rows, contest)
    return rolled_up(contest, round_, units, parent, (items, electable), (counts, own))


def rolled_up(
    contest: str,
    round_: int,
    units: tuple[str, ...],
    parent: NDArray[np.int32],
    listed: tuple[tuple[str, ...], int],
    stated: tuple[NDArray[Any], NDArray[np.bool_]],
    leaves: Leaves | None = None,
) -> Totals:
    """Return the totals of one contest, sums of the units below standing where a unit states no line.

    Args:
        contest: its name.
        round_: 1 or 2.
        units: ids, the whole first.
        parent: index of each unit's parent in the contest.
        listed: the items, and how many of them are electable.
        stated: (units, items) figures and whether the unit states them; changed in place.
        leaves: polling stations that are not among the units.
    """
    (items, electable), (counts, own) = listed, stated
    known = own.copy()
    reports = own[:, :electable].any(axis=1)
    known[reports, :electable] = True
    _roll_up(counts, known, parent, electable, leaves)
    return Totals(contest, round_, units, parent, items, electable, counts, known, own, leaves)


def _items(election: Election, returns: Returns, chosen: NDArray[np.intp]) -> tuple[tuple[str, ...], int]:
    """Return the items of the chosen lines: options in the order of the case's files, then @ lines."""
    present = [returns.items[i] for i in dict.fromkeys(returns.item[chosen].tolist())]
    options, lines = in_order(election, present)
    return (*options, *lines), len(options)


def in_order(election: Election, present: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return options in the order of the case's files, and @ lines in that of the alphabet."""
    there = set(present)
    options = [item for item in present if not item.startswith("@")]
    listed = [*(p for p in election.parties if p in there), *(c for c in election.candidates if c in there)]
    return tuple(dict.fromkeys([*listed, *options])), tuple(sorted(item for item in there if item.startswith("@")))


def parents(
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


def awaited(election: Election, tabulation: Tabulation, contest: str) -> tuple[int, int]:
    """Return how many polling stations are still needed for a contest's totals, and how many there are.

    A station is needed where neither it nor a unit above it has figures of its own: the votes cast there are in no total.
    One whose protocol is void is not waited for.
    """
    totals = tabulation.of(contest)
    if totals is None:
        return 0, 0
    inner = np.zeros(len(totals.units), np.bool_)
    inner[totals.parent[1:]] = True
    level = [election.units[u].level if u in election.units else "" for u in totals.units]
    station = np.array([name == PRECINCT for name in level]) & ~inner
    leaves = totals.leaves
    if not station.any() and leaves is None:
        return 0, 0
    void = {e.unit for e in tabulation.excluded if e.status == "void" and e.contest in ("", contest)}
    told = np.asarray(totals.own.any(axis=1)) | np.array([unit in void for unit in totals.units])
    depth = depths(totals.parent)
    for at in range(1, int(depth.max()) + 1):
        here = np.flatnonzero(depth == at)
        told[here] |= told[totals.parent[here]]
    missing, number = int((station & ~told).sum()), int(station.sum())
    if leaves is not None:
        silent = int((leaves.number - leaves.reporting)[~told].sum())
        missing += max(silent - tabulation.left_out.get("void", 0), 0)
        number += int(leaves.number.sum())
    return missing, number


def depths(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return in how many units each one lies, the whole in none.

    Raises:
        BadInput: districts that lie within each other.
    """
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


def _roll_up(
    counts: NDArray[Any],
    known: NDArray[np.bool_],
    parent: NDArray[np.int32],
    electable: int,
    leaves: Leaves | None = None,
) -> None:
    """Fill unknown figures with sums of the units below, deepest first; in place."""
    depth = depths(parent)
    lines = slice(electable, None)
    for level in range(int(depth.max()), -1, -1):
        above = np.flatnonzero(depth == level)
        below = np.flatnonzero((depth == level + 1) & known.any(axis=1))
        within = np.zeros(len(above), np.int64)
        sums = np.zeros((len(above), counts.shape[1]), counts.dtype)
        have = np.zeros((len(above), counts.shape[1]), np.int64)
        if leaves is not None:
            sums, have, within = leaves.sums[above].astype(counts.dtype), leaves.stated[above], leaves.reporting[above]
            have[:, :electable] = leaves.options[above, None]
        if len(below):
            position = np.searchsorted(above, parent[below])
            np.add.at(sums, position, np.where(known[below], counts[below], 0))
            np.add.at(have, position, known[below].astype(np.int64))
            within = within + np.bincount(position, minlength=len(above))
        complete = have > 0
        complete[:, lines] &= have[:, lines] == within[:, None]
        fill = complete & ~known[above]
        counts[above] = np.where(fill, sums, counts[above])
        known[above] |= fill


class LinesOf:
    """Finds the line of the returns that a fault names: the chosen lines are put in order once, when first asked."""

    def __init__(self, returns: Returns, chosen: NDArray[np.intp], file: str = "returns.csv") -> None:
        self.returns, self.chosen, self.file = returns, chosen, file

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        r = self.returns
        keys = r.unit[self.chosen].astype(np.int64) * len(r.items) + r.item[self.chosen]
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[str, int]]:
        r = self.returns
        return {unit: n for n, unit in enumerate(r.units)}, {item: n for n, item in enumerate(r.items)}

    def line(self, unit: str, item: str) -> int:
        """Return the line on which a unit states an item."""
        r = self.returns
        keys, order = self._places
        units, items = self._numbers
        key = units[unit] * len(r.items) + items[item]
        return int(r.line[self.chosen[order[np.searchsorted(keys, key)]]])


def wrong_figures(totals: Totals, station: NDArray[np.bool_], is_one: bool, lines: LinesOf) -> Faults:
    """Return what makes a case wrong: sums above the precincts that do not hold."""
    faults = Faults()

    def fault(row: int, item: str, found: int, expected: str) -> Fault:
        unit = totals.units[row]
        where = unit or "the whole"
        told = f"{found:,} for {totals.contest}/{item} in {where}"
        return Fault(lines.file, lines.line(unit, item), "count", told, expected)

    for row, found, expected in wrong_valid(totals) if is_one else ():
        if not station[row]:
            faults.add(partial(fault, row, VALID, found, f"{expected:,}, the sum of its parts"))
    for row, item, found, expected in wrong_sums(totals, station):
        faults.add(partial(fault, row, item, found, f"{expected:,}, the sum of all its parts"))
    return faults


def wrong_valid(t: Totals) -> Iterator[tuple[int, int, int]]:
    """Yield (row, found, expected) where a unit's own @valid differs from its own parts."""
    if VALID not in t.items:
        return
    column = t.items.index(VALID)
    parts = [*range(t.electable), *(t.items.index(p) for p in PARTS_OF_VALID if p in t.items)]
    expected = np.where(t.own[:, parts], t.counts[:, parts], 0).sum(axis=1)
    given = t.own[:, column] & t.own[:, : t.electable].any(axis=1)
    for row in np.flatnonzero(given & (t.counts[:, column] != expected)):
        yield int(row), int(t.counts[row, column]), int(expected[row])


def wrong_sums(t: Totals, station: NDArray[np.bool_]) -> Iterator[tuple[int, str, int, int]]:
    """Yield (row, item, found, expected) of each own line that differs from its complete children."""
    children = np.flatnonzero(np.arange(len(t.units)) != 0)
    number = np.bincount(t.parent[children], minlength=len(t.units))
    have = np.zeros(t.counts.shape, np.int64)
    sums = np.zeros_like(t.counts)
    if t.leaves is not None:
        number, have, sums = number + t.leaves.number, t.leaves.stated.copy(), t.leaves.sums.astype(t.counts.dtype)
    complete = _complete(t)
    np.add.at(have, t.parent[children], complete[children].astype(np.int64))
    np.add.at(sums, t.parent[children], np.where(complete[children], t.counts[children], 0))
    full = (number > 0)[:, None] & (have == number[:, None]) & t.own & ~station[:, None]
    for row, column in np.argwhere(full & (sums != t.counts)):
        yield int(row), t.items[column], int(t.counts[row, column]), int(sums[row, column])


def _complete(t: Totals) -> NDArray[np.bool_]:
    """Whether a unit has a line: its own, or all of the units below have it."""
    complete = t.own.copy()
    depth = depths(t.parent)
    for level in range(int(depth.max()), -1, -1):
        above = np.flatnonzero(depth == level)
        here = np.flatnonzero(depth == level + 1)
        have = np.zeros((len(above), t.counts.shape[1]), np.int64)
        number = np.zeros(len(above), np.int64)
        if t.leaves is not None:
            have, number = have + t.leaves.stated[above], number + t.leaves.number[above]
        if len(here):
            position = np.searchsorted(above, t.parent[here])
            np.add.at(have, position, complete[here].astype(np.int64))
            number = number + np.bincount(position, minlength=len(above))
        complete[above] |= (number > 0)[:, None] & (have == number[:, None])
    return complete
