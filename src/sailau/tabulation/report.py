"""What a tabulation gives on the night: how far the protocols are in, totals, what does not add up, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.election.model import WHOLE, Election
from sailau.rulebook.finding import Finding
from sailau.tabulation.forms import Breaches, FormChecks, between_contests, checks_of
from sailau.tabulation.totals import PRECINCT, Asked, Tabulation, Totals, column_of, depths, tabulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sailau.rulebook import Law
    from sailau.tabulation.forms import Column

SHOWN = 20
"""Breaches that are told in words."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the protocols of one contest are in, by unit.

    Attributes:
        expected: (units,) polling stations in the unit.
        received: (units,) those whose standing protocol is in the totals.
        voters: (units,) voters on the lists of those.
    """

    expected: NDArray[np.int64]
    received: NDArray[np.int64]
    voters: NDArray[Any]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of a contest: its protocols and its figures."""

    unit: str
    expected: int
    received: int
    voters: int
    figures: Mapping[str, int | None]

    @property
    def is_complete(self) -> bool:
        """Whether no expected protocol is missing."""
        return self.received >= self.expected


@dataclass(frozen=True)
class TabulationReport:
    """One case, tabulated."""

    election: Election
    law: Law
    tabulation: Tabulation
    across: tuple[Breaches, ...] = ()

    @property
    def breaches(self) -> tuple[Breaches, ...]:
        """Relations that do not hold, those between the cases of a polling day behind the others."""
        return (*self.tabulation.breaches, *self.across)

    def codes(self) -> dict[str, int]:
        """Return how many protocols break each relation."""
        codes: dict[str, int] = {}
        for one in self.breaches:
            codes[one.check.code] = codes.get(one.check.code, 0) + len(one)
        return codes

    def findings(self, most: int) -> tuple[Finding, ...]:
        """Return the first findings of all."""
        across = replace(self.tabulation, breaches=self.across, totals=_plain_keys(self.tabulation.totals, self.across))
        return (*self.tabulation.findings[:most], *across.findings)[:most]

    def lines(self, contest: str, round_: int, level: str | None = None) -> list[UnitLine]:
        """Return the whole and the units of a level (those right below the whole where none is named)."""
        total = self.tabulation.totals[contest, round_]
        made = progress(self.election, total)
        depth = depths(total.parent)
        lines = []
        for row, unit in enumerate(total.units):
            known = self.election.units.get(unit)
            wanted = depth[row] <= 1 if level is None else known is not None and known.level == level
            if unit != WHOLE and (not wanted or (level is None and known is not None and known.level == PRECINCT)):
                continue
            figures = {item: total.figure(unit, item) for item in total.items}
            counts = (int(made.expected[row]), int(made.received[row]), int(made.voters[row]))
            if unit == WHOLE or counts[0] or any(v is not None for v in figures.values()):
                lines.append(UnitLine(unit, *counts, figures))
        return lines

    def to_json(self, level: str | None = None) -> dict[str, Any]:
        """Return it as plain data."""
        contests: dict[str, Any] = {}
        for contest, round_ in self.tabulation.totals:
            units = {
                line.unit: {
                    "stations": {"expected": line.expected, "received": line.received, "voters": line.voters},
                    "complete": line.is_complete,
                    "figures": {item: value for item, value in line.figures.items() if value is not None},
                }
                for line in self.lines(contest, round_, level)
            }
            contests.setdefault(contest, {})[str(round_)] = units
        return {
            "case": self.election.name,
            "law": self.law.id,
            "day": self.law.day.isoformat(),
            "contests": contests,
            "codes": self.codes(),
            "findings": [_finding_json(finding) for finding in self.findings(SHOWN)],
            "left_out": dict(self.tabulation.left_out),
            "excluded": [
                {"unit": e.unit, "contest": e.contest, "version": e.version, "status": e.status, "reason": e.reason}
                for e in self.tabulation.excluded[:SHOWN]
            ],
        }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "contest": finding.contest,
        "unit": finding.unit,
        **finding.values,
        "cite": finding.cite,
    }


def _plain_keys(totals: Mapping[tuple[str, int], Totals], across: Sequence[Breaches]) -> dict[tuple[str, int], Totals]:
    """Return totals under the names that breaches between cases give to contests."""
    return {(one.contest, one.round): totals[one.contest.rpartition("/")[2], one.round] for one in across}


def reports(elections: Sequence[Election], asked: Asked | None = None) -> list[TabulationReport]:
    """Tabulate a case, or all cases of a polling day, and compare what the stations state for several votes.

    Raises:
        BadInput: what makes a case wrong.
    """
    made = []
    for election in elections:
        law = election.own_law()
        made.append(TabulationReport(election, law, tabulate(election, law, asked=asked or Asked())))
    if len(made) < 2 or any(r.election.tables is not None for r in made):
        return made
    broken = list(_across(made))
    return [replace(r, across=tuple(b for b in broken if b.contest.partition("/")[0] == r.election.name)) for r in made]


def _across(made: Sequence[TabulationReport]) -> Iterator[Breaches]:
    """Yield lines that differ between ballot papers of different cases at one station."""
    from sailau.rulebook.forms import form_of

    columns: dict[tuple[str, int], Callable[[str], Column | None]] = {}
    forms: dict[str, FormChecks] = {}
    for report in made:
        for (contest, round_), total in report.tabulation.totals.items():
            name = f"{report.election.name}/{contest}"
            columns[name, round_] = partial(column_of, total)
            forms[name] = checks_of(form_of(report.law, contest))
    for one in between_contests(columns, forms):
        if one.contest.partition("/")[0] != one.other.partition("/")[0]:
            yield one


def progress(election: Election, totals: Totals) -> Progress:
    """Return how far the protocols of a contest are in."""
    size = len(totals.units)
    expected, received = np.zeros(size, np.int64), np.zeros(size, np.int64)
    voters = np.zeros(size, totals.counts.dtype)
    inner = np.zeros(size, np.bool_)
    inner[totals.parent[1:]] = True
    level = [election.units[u].level if u in election.units else "" for u in totals.units]
    station = np.array([name == PRECINCT for name in level]) & ~inner
    column = totals.items.index("@registered") if "@registered" in totals.items else None
    there = totals.own.any(axis=1)
    expected[station], received[station & there] = 1, 1
    if column is not None:
        stated = station & totals.own[:, column]
        voters[stated] = totals.counts[stated, column]
    if totals.leaves is not None:
        expected, received = expected + totals.leaves.number, received + totals.leaves.reporting
        if column is not None:
            voters = voters + totals.leaves.sums[:, column].astype(voters.dtype)
    depth = depths(totals.parent)
    for at in range(int(depth.max()), 0, -1):
        here = np.flatnonzero(depth == at)
        for figures in (expected, received, voters):
            np.add.at(figures, totals.parent[here], figures[here])
    return Progress(expected, received, voters)
