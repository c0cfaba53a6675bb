"""Bars: who takes part in the allocation.

Arrays are (options, districts, elections). A bar for the whole has a districts axis of length one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from sailau.counting.papers import Paper
from sailau.counting.sheet import Measure, Sheet, of_whole
from sailau.election.model import Election
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding
from sailau.rulebook.schema import Threshold


def exceeds(votes: IntArray, base: IntArray, share: Fraction, comparison: str) -> BoolArray:
    """Compare votes with a share of a base, exactly; a base of zero lets nobody pass."""
    compare = at_least if comparison == "at-least" else more_than
    return compare(votes, base, share.numerator, share.denominator, fewest=1)


@dataclass
class Admission:
    """Who cleared a bar, and how that went."""

    bar: Bar
    votes: IntArray  # (options, 1 or districts, elections) what was compared
    base: Measure  # with what
    cleared: BoolArray  # who cleared the bar as it stands
    admitted: BoolArray  # (options, 1 or districts, elections) who takes part
    # shares of the options and who cleared them, after each fall of the bars
    lowered: list[tuple[Sequence[Fraction], BoolArray]] = field(default_factory=list)
    # votes of those admitted so far, (1 or districts, elections), and who then joined, round by round
    filled: list[tuple[IntArray, BoolArray]] = field(default_factory=list)
    fill_base: Measure | None = None  # with what the votes of those admitted are compared

    def findings(self) -> Iterator[Finding]:
        """Yield what cannot be verified."""
        path, cite, contest = f"{self.bar.tier}.threshold", self.bar.rule.cite, self.bar.contest
        for base in (self.base, self.fill_base):
            if base is not None:
                yield from base.findings(contest, path, cite)


@dataclass(frozen=True)
class Bar:
    """A threshold compiled for a ballot paper."""

    tier: str  # whose bar it is
    contest: str
    rule: Threshold
    shares: tuple[Fraction, ...]  # what every option must reach

    @staticmethod
    def of(tier: str, rule: Threshold | None, paper: Paper, election: Election) -> Bar | None:
        """Return the bar of a paper; None where the law has none."""
        if rule is None:
            return None
        return Bar(tier, paper.name, rule, tuple(_share_of(rule, str(option), election) for option in paper.options))

    def admit(self, sheet: Sheet) -> Admission:
        """Return who takes part in the allocation."""
        rule = self.rule
        if rule.area == "whole":
            votes, base = of_whole(sheet.votes), sheet.measure_whole(rule.base)
        else:
            votes, base = sheet.votes, sheet.measure(rule.base)
        cleared = self._over(votes, base.figures, self.shares)
        admission = Admission(self, votes, base, cleared, cleared)
        if rule.lower is not None:
            self._lower(admission)
        if rule.fill is not None:
            whole = rule.area == "whole"
            admission.fill_base = sheet.measure_whole(rule.fill.base) if whole else sheet.measure(rule.fill.base)
            self._fill(admission, admission.fill_base.figures)
        if rule.area == "any-district":
            # Whoever reaches it in one district takes part in all of them.
            admission.admitted = np.asarray(admission.admitted.any(axis=1, keepdims=True))
        return admission

    def _over(self, votes: IntArray, base: IntArray, shares: Sequence[Fraction]) -> BoolArray:
        first = shares[0] if len(shares) else self.rule.share
        if all(share is first or share == first for share in shares):
            return exceeds(votes, base, first, self.rule.comparison)
        passed = np.zeros(votes.shape, np.bool_)
        for option, share in enumerate(shares):
            passed[option] = exceeds(votes[option], base, share, self.rule.comparison)
        return passed

    def _lower(self, admission: Admission) -> None:
        """Lower every bar by steps in the elections in which too few lists qualify."""
        rule, shares = self.rule.lower, self.shares
        assert rule is not None
        # Lists without a vote cannot qualify however low the bar: waiting for them would never end.
        wanted = np.minimum(rule.lists, (admission.votes > 0).sum(axis=0))
        while (few := admission.admitted.sum(axis=0) < wanted).any():
            shares = tuple(max(share - rule.step, Fraction(0)) for share in shares)
            over = self._over(admission.votes, admission.base.figures, shares)
            admission.admitted = np.where(few, over, admission.admitted)
            admission.lowered.append((shares, admission.admitted))

    def _fill(self, admission: Admission, base: IntArray) -> None:
        """Admit the next largest lists, equal ones together, until those admitted hold the share of the base."""
        rule, votes = self.rule.fill, admission.votes
        assert rule is not None
        while True:
            inside = np.where(admission.admitted, votes, 0).sum(axis=0)
            waiting = np.where(admission.admitted, 0, votes)
            largest = waiting.max(axis=0)
            few = ~at_least(inside, base, rule.share.numerator, rule.share.denominator) & (largest > 0)
            if not few.any():
                return
            # Equal lists join together: the law measures lists by votes and has no other order between them.
            joins = few & (waiting == largest) & (waiting > 0)
            admission.admitted = admission.admitted | joins
            admission.filled.append((inside, joins))


def _share_of(rule: Threshold, option: str, election: Election) -> Fraction:
    """Return the share that a list must reach: by kind and number of members where the law tells them apart."""
    party = election.parties.get(option)
    if party is None or not rule.kinds:
        return rule.share
    fitting = [k for k in rule.kinds if k.kind == party.kind and k.members <= party.members]
    return max(fitting, key=lambda k: k.members).share if fitting else rule.share
