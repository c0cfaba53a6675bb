"""Turnout that makes a poll valid. Arrays are (1 or districts, elections)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sailau.counting.sheet import Sheet
from sailau.election.model import WHOLE
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding
from sailau.rulebook.schema import Provision, Turnout


@dataclass
class Attendance:
    """Whether enough voters took part."""

    rule: Turnout
    void: BoolArray  # where too few took part
    units: tuple[str, ...]  # ids of the rows: the districts, or the whole
    told: BoolArray  # (units,) where the figures are known
    counted: IntArray  # who took part
    of: IntArray  # of how many
    findings: tuple[Finding, ...] = ()  # what could not be checked


@dataclass(frozen=True)
class TurnoutRule:
    """The turnout that a law asks, compiled for a paper. Figures that are unknown are taken as enough; a finding says so."""

    tier: str
    rule: Turnout

    def measure(self, sheet: Sheet) -> Attendance:
        """Return where too few voters took part."""
        if self.rule.of_present is not None:
            return self._quorum(sheet)
        return self._whole(sheet) if self.rule.area == "whole" else self._by_district(sheet)

    def _whole(self, sheet: Sheet) -> Attendance:
        rule, path = self.rule, f"{self.tier}.turnout"
        of, counted = sheet.base_whole(rule.of), sheet.base_whole(rule.counted)
        if of is None or counted is None:
            needs = f"@{rule.of}" if of is None else f"@{rule.counted}"
            note = Finding("not-checked", sheet.paper.name, WHOLE, {"needs": needs, "rule": path}, rule.cite)
            return self._unknown(sheet, (WHOLE,), (note,))
        return Attendance(
            rule, ~self._enough(counted, of)[None], (WHOLE,), np.ones(1, np.bool_), counted[None], of[None]
        )

    def _by_district(self, sheet: Sheet) -> Attendance:
        rule, paper = self.rule, sheet.paper
        (of, has_of), (counted, has_counted) = sheet.base_where(rule.of), sheet.base_where(rule.counted)
        notes = tuple(not_checked(sheet, rule, f"{self.tier}.turnout", (rule.of, has_of), (rule.counted, has_counted)))
        known = has_of & has_counted & paper.reported
        if not known.any():
            return self._unknown(sheet, paper.districts, notes)
        void = ~self._enough(counted, of) & known[:, None]
        return Attendance(rule, void, paper.districts, known, counted, of, notes)

    def _enough(self, counted: IntArray, of: IntArray) -> BoolArray:
        compare = at_least if self.rule.comparison == "at-least" else more_than
        return compare(counted, of, self.rule.share.numerator, self.rule.share.denominator)

    def _unknown(self, sheet: Sheet, units: tuple[str, ...], notes: tuple[Finding, ...]) -> Attendance:
        nowhere = np.zeros((len(units), sheet.size), np.bool_)
        nothing = np.zeros(nowhere.shape, np.int64)
        return Attendance(self.rule, nowhere, units, nowhere[:, 0], nothing, nothing, notes)

    def _quorum(self, sheet: Sheet) -> Attendance:
        """Return where there was no quorum: too few present, or too few of those present voted.

        Where those present are unknown they are no fewer than those who voted: votes of more than `share` of all prove the
        quorum, votes of no more than `of-present` of `share` disprove it, and between the two nothing is decided.
        """
        rule, paper, path = self.rule, sheet.paper, f"{self.tier}.turnout"
        assert rule.of_present is not None
        (of, has_of), (voted, has_voted) = sheet.base_where(rule.of), sheet.base_where("cast")
        present, has_present = sheet.base_where("present")
        notes = list(not_checked(sheet, rule, path, (rule.of, has_of), ("cast", has_voted)))
        known = has_of & has_voted & paper.reported
        if not known.any():
            return self._unknown(sheet, paper.districts, tuple(notes))
        part, least, seen = rule.of_present, rule.share * rule.of_present, has_present[:, None]
        there = np.where(seen, present, voted)
        gathered = more_than(there, of, rule.share.numerator, rule.share.denominator)
        took_part = more_than(voted, present, part.numerator, part.denominator)
        possible = more_than(voted, of, least.numerator, least.denominator)
        enough = np.where(seen, gathered & took_part, possible) | ~known[:, None]
        doubtful = known & ~has_present & (possible & ~gathered)[:, 0]
        values = {"needs": "@present", "used": "cast", "rule": path}
        units = [paper.districts[place] for place in np.flatnonzero(doubtful)]
        notes += [Finding("cannot-be-verified", paper.name, unit, values, rule.cite) for unit in units]
        return Attendance(rule, ~enough, paper.districts, known & ~doubtful, there, of, tuple(notes))


def not_checked(
    sheet: Sheet, rule: Provision, path: str, of: tuple[str, BoolArray], counted: tuple[str, BoolArray]
) -> Iterator[Finding]:
    """Yield the districts in which figures of a turnout are missing; once for the whole where it is missing everywhere.

    Args:
        sheet: the figures.
        rule: the provision.
        path: where it stands.
        of: a base, and in which districts it is known.
        counted: the other.
    """
    reported = sheet.paper.reported
    missing = ~(of[1] & counted[1]) & reported
    everywhere = not (reported & ~missing).any()
    for place in np.flatnonzero(missing)[: 1 if everywhere else None]:
        needs = f"@{counted[0]}" if of[1][place] else f"@{of[0]}"
        unit = WHOLE if everywhere else sheet.paper.districts[place]
        yield Finding("not-checked", sheet.paper.name, unit, {"needs": needs, "rule": path}, rule.cite)
