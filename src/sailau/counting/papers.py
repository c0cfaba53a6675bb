"""The ballot papers of one election under one law, laid out as arrays: districts, options and lines.

A nationwide or shared paper has the same options in every district; a paper of persons in districts has its own options in
each (*local*), padded to the longest, with a mask of those that stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sailau.election.model import ASSEMBLY, INDEPENDENT, RESERVED, WHOLE, Election
from sailau.formulas.arrays import IntArray
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.schema import Base, Contest, Law, TieRule
from sailau.tabulation import Tabulation, Totals, lines_of

Fact: TypeAlias = tuple[IntArray, NDArray[np.bool_]]
"""(options, districts) ranks, the smaller preferred, and where the fact is unknown."""


@dataclass(frozen=True)
class Paper:
    """One ballot paper, laid out."""

    name: str  # the contest as the case calls it
    contest: Contest  # its rule in the law
    districts: tuple[str, ...]  # ids of the units in which its seats are filled; `("",)` for the whole
    # ids of the options, the same in every district; for a local paper one tuple per district
    options: tuple[str, ...] | tuple[tuple[str, ...], ...]
    local: bool  # whether options differ from district to district
    lines: tuple[str, ...]  # the @ lines that its rules read and the case has
    votes: IntArray  # (options, districts) the case's figures
    stood: NDArray[np.bool_]  # (options, districts) which of them stand in the district
    figures: IntArray  # (lines, districts) the case's figures
    known: NDArray[np.bool_]  # (lines, districts) whether they are known
    whole: Mapping[str, int]  # line → figure given for the whole only
    reported: NDArray[np.bool_]  # (districts,) whether votes are known there
    # votes of the second round, like `votes`, and where they are known; None without one
    second: tuple[IntArray, NDArray[np.bool_]] | None = field(default=None)
    # criterion of the law between equals → the fact of every option in its district, where it is one of the case's
    # files; see `facts_of`
    facts: Mapping[TieRule, Fact] = field(default_factory=dict)

    def place(self, unit: str) -> int | None:
        """Return the place of a district, None for another unit."""
        return self._places.get(unit)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self.districts)}

    @cached_property
    def items(self) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        """What the columns of an array of votes mean: options, then lines; per district where options are local."""
        if not self.local:
            return (*self.options, *self.lines)
        width = len(self.votes)
        rows = [(*names, *("",) * (width - len(names)), *self.lines) for names in self.options]
        return tuple(rows)

    @property
    def everybody(self) -> list[str]:
        """Every option, district by district where they differ."""
        return [option for names in self.options for option in names] if self.local else [*map(str, self.options)]

    def of_district(self, place: int) -> Paper:
        """Return the paper of one of its districts."""
        here = slice(place, place + 1)
        second = None if self.second is None else (self.second[0][:, here], self.second[1][here])
        return replace(
            self,
            districts=self.districts[here],
            options=self.options[here] if self.local else self.options,
            votes=self.votes[:, here],
            stood=self.stood[:, here],
            figures=self.figures[:, here],
            known=self.known[:, here],
            whole={},
            reported=self.reported[here],
            facts={rule: (ranks[:, here], unknown[:, here]) for rule, (ranks, unknown) in self.facts.items()},
            second=second,
        )

    def option(self, slot: int, district: int) -> str:
        """Return the id of the option in a slot."""
        return self.options[district][slot] if self.local else str(self.options[slot])

    def names(self, district: int) -> tuple[str, ...]:
        """Return the options of a district in the order of the slots."""
        held: Any = self.options[district] if self.local else self.options
        return tuple(held)


def bases_read(law: Law, contest: str) -> set[Base]:
    """Return every base that the rules of a ballot paper compare with."""
    bases: set[Base] = set()
    for tier in law.tiers_of(contest):
        if tier.threshold is not None:
            bases.add(tier.threshold.base)
            if tier.threshold.fill is not None:
                bases.add(tier.threshold.fill.base)
        if tier.majority is not None:
            bases |= {bar.base for bar in tier.majority.bars}
            if any(bar.turnout_from or bar.turnout_below for bar in tier.majority.bars):
                bases |= {"registered", "cast"}
        if tier.turnout is not None:
            bases |= {tier.turnout.of, tier.turnout.counted, *(("cast",) if tier.turnout.of_present else ())}
        if tier.adoption is not None:
            bases.add(tier.adoption.base)
        if tier.formula.unqualified != "set-aside":
            bases.add("valid")  # what lists under the bar hold does not depend on what the bar is measured by
        if tier.seats.apportion is not None:
            bases |= {base for base in ("valid", "options") if base in tier.seats.apportion.score}
    return bases


def contests_held(law: Law, election: Election, tabulation: Tabulation) -> dict[str, Contest]:
    """Return the ballot papers of the election that the law knows, by the name the case gives them."""
    named = [
        *tabulation.contests,
        *(award.contest for award in election.declared),
        *(award.contest for award in election.official),
        *(person.contest for person in election.candidates.values()),
    ]
    held: dict[str, Contest] = dict(law.contests)
    for name in dict.fromkeys(named):
        contest = law.contest_of(name)
        if contest is not None:
            held[name] = contest
    further = [name for name in held if name not in law.contests]
    unused = {law.contests[n].id for n in law.contests if law.contests[n].repeats and n not in named}
    return {name: contest for name, contest in held.items() if not (further and name in unused)}


def districts_of(contest: Contest, election: Election) -> tuple[str, ...]:
    """Return the units in which the seats of a paper are filled, in the order of the case."""
    if not contest.level:
        return (WHOLE,)
    units = [u for u in election.units.values() if u.level == contest.level]
    if contest.kinds is not None:
        units = [u for u in units if u.kind in contest.kinds]
    return tuple(u.id for u in units)


def lay_out(name: str, contest: Contest, law: Law, election: Election, tabulation: Tabulation) -> Paper | None:
    """Lay one ballot paper out; None where the case has no votes for it at district level."""
    totals = tabulation.of(name)
    if totals is None:
        return None
    several = contest.ballot == "list" and any((t.seats.districts or 1) > 1 for t in law.tiers_of(contest.id))
    districts = _districts_reporting(contest, election, totals, several)
    rows = np.array([totals.place(d) if totals.place(d) is not None else -1 for d in districts], np.int64)
    if len(rows) == 1 and not totals.reports(districts[0]) and totals.reports(WHOLE):
        rows = np.zeros(1, np.int64)  # the only district is the whole
    reported = np.array([r >= 0 and bool(totals.known[r, : totals.electable].any()) for r in rows])
    if not len(districts) or not reported.any():
        return None
    local = bool(contest.level) and contest.ballot == "candidates"
    named = _local_options(name, totals, election, districts, rows) if local else None
    shared = () if named is not None else _shared_options(name, contest, totals, election)
    options: tuple[str, ...] | tuple[tuple[str, ...], ...] = shared if named is None else named
    per_district = [shared] * len(districts) if named is None else list(named)
    votes, stood = _votes(totals, rows, per_district)
    lines = tuple(x for x in lines_of(bases_read(law, contest.id)) if x in totals.items)
    figures, known, whole = _figures(totals, rows, lines)
    second = tabulation.of(name, 2)
    return Paper(
        name,
        contest,
        districts,
        options,
        local,
        lines,
        votes,
        stood,
        figures,
        known,
        whole,
        reported,
        None if second is None else _second(election, second, districts, per_district, len(votes)),
        facts_of(per_district, votes.shape, election),
    )


def facts_of(named: Sequence[Sequence[str]], shape: tuple[int, ...], election: Election) -> dict[TieRule, Fact]:
    """Return the facts that decide between equals, of every option in its own district.

    A candidate has those of the party that put it up.

    Args:
        named: options of each district, in the order of the slots.
        shape: (options, districts).
        election: whose parties they are.
    """
    facts: dict[TieRule, Fact] = {}
    for rule in ("registered-earlier", "list-number"):
        ranks, unknown = np.zeros(shape, np.int64), np.ones(shape, np.bool_)
        for place, options in enumerate(named):
            for slot, option in enumerate(options):
                fact = _fact(rule, option, election)
                if fact is not None:
                    ranks[slot, place], unknown[slot, place] = fact, False
        facts[rule] = ranks, unknown
    return facts


def _fact(rule: TieRule, option: str, election: Election) -> int | None:
    person = election.candidates.get(option)
    party = election.parties.get(option if person is None else person.party)
    if party is None:
        return None
    if rule == "list-number":
        return party.number
    return None if party.registered is None else party.registered.toordinal()


def _districts_reporting(contest: Contest, election: Election, totals: Totals, several: bool) -> tuple[str, ...]:
    """Return a paper's districts; where the case names none of that level, the units that report it themselves.

    The whole is a district of its own, but not for lists of which the law says that they stand in several.
    """
    districts = districts_of(contest, election)
    if districts or not contest.level:
        return districts
    reporting = [u for u in totals.units if u and totals.own[totals.place(u), : totals.electable].any()]
    untold = [u for u in reporting if u not in election.units or not election.units[u].level]
    return tuple(untold) or ((WHOLE,) if totals.reports(WHOLE) and not election.units and not several else ())


def _shared_options(name: str, contest: Contest, totals: Totals, election: Election) -> tuple[str, ...]:
    if contest.answers:
        return tuple(contest.answers)
    standing = [c.id for c in election.candidates.values() if c.contest == name and contest.ballot == "candidates"]
    present = totals.items[: totals.electable]
    parties_stand = {election.candidates[i].party for i in present if i in election.candidates}
    return tuple(dict.fromkeys([*present, *(c for c in standing if c not in parties_stand)]))


def _local_options(
    name: str, totals: Totals, election: Election, districts: tuple[str, ...], rows: NDArray[np.int64]
) -> tuple[tuple[str, ...], ...]:
    standing: dict[str, list[str]] = {}
    for person in election.candidates.values():
        if person.contest == name:
            standing.setdefault(person.unit, []).append(person.id)
    electable = totals.items[: totals.electable]
    named = []
    for district, row in zip(districts, rows, strict=True):
        listed = [item for column, item in enumerate(electable) if row >= 0 and totals.listed[row, column]]
        persons = standing.get(district, [])
        by_party = {election.candidates[p].party for p in persons} & set(listed)
        unlisted = [p for p in persons if p not in listed and election.candidates[p].party not in by_party]
        named.append((*listed, *unlisted))
    return tuple(named)


def _votes(totals: Totals, rows: NDArray[np.int64], named: list[tuple[str, ...]]) -> tuple[IntArray, NDArray[np.bool_]]:
    width = max((len(names) for names in named), default=0)
    votes = np.zeros((width, len(rows)), totals.counts.dtype)
    stood = np.zeros(votes.shape, np.bool_)
    columns = {item: column for column, item in enumerate(totals.items)}
    for district, (row, names) in enumerate(zip(rows, named, strict=True)):
        stood[: len(names), district] = True
        if row < 0:
            continue
        where = [columns.get(n, -1) for n in names]
        held = np.array([w >= 0 and bool(totals.known[row, w]) for w in where], np.bool_)
        votes[: len(names), district] = np.where(held, totals.counts[row, where], 0) if names else 0
    return votes, stood


def _figures(
    totals: Totals, rows: NDArray[np.int64], lines: tuple[str, ...]
) -> tuple[IntArray, NDArray[np.bool_], dict[str, int]]:
    figures = np.zeros((len(lines), len(rows)), totals.counts.dtype)
    known = np.zeros(figures.shape, np.bool_)
    whole: dict[str, int] = {}
    for place, line in enumerate(lines):
        column = totals.items.index(line)
        found = (rows >= 0) & totals.known[rows, column]
        figures[place] = np.where(found, totals.counts[rows, column], 0)
        known[place] = found
        figure = totals.figure(WHOLE, line)
        if figure is not None:
            whole[line] = figure
    return figures, known, whole


def _second(
    election: Election, totals: Totals, districts: tuple[str, ...], named: list[tuple[str, ...]], width: int
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the votes of round two in the slots of round one; slots without a line are −1."""
    votes = np.full((width, len(districts)), -1, totals.counts.dtype)
    reported = np.zeros(len(districts), np.bool_)
    columns = {item: column for column, item in enumerate(totals.items)}
    for place, (district, names) in enumerate(zip(districts, named, strict=True)):
        row = totals.place(district)
        if row is None or not totals.known[row, : totals.electable].any():
            continue
        reported[place] = True
        strangers = [
            item for item in totals.items[: totals.electable] if totals.listed[row, columns[item]] and item not in names
        ]
        if strangers:
            raise BadInput([_stranger(election, totals.contest, item) for item in strangers])
        for slot, name in enumerate(names):
            column = columns.get(name)
            if column is not None and totals.listed[row, column]:
                votes[slot, place] = totals.counts[row, column]
    return votes, reported


def _stranger(election: Election, contest: str, item: str) -> Fault:
    """Return the fault of somebody who is in the second round and did not stand in the first."""
    held = election.returns
    here = (held.round == 2) & (held.item == held.items.index(item)) & (held.contest == held.contests.index(contest))
    found = f"“{item}” in round 2 of {contest}"
    return Fault("returns.csv", int(held.line[here][0]), "item", found, "somebody who stood in round 1")


def party_of(option: str, election: Election) -> str:
    """Return the party under which an option's seats are added up."""
    if option in election.candidates:
        return election.candidates[option].party or INDEPENDENT
    return option if option not in RESERVED or option == ASSEMBLY else INDEPENDENT
