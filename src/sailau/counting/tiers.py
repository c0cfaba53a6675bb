"""What every tier has in common: compiled once for a ballot paper, run on a sheet of votes, it gives workings.

A compiled tier holds everything that does not depend on votes: bars, limits, facts that decide ties, seats to be filled.
Workings hold seats, and how they came about: steps and open questions are read off them afterwards, for one election.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

import numpy as np

from sailau.counting.bars import Admission, Bar
from sailau.counting.papers import Paper
from sailau.counting.seats import Filling, Magnitudes
from sailau.counting.sheet import Sheet
from sailau.counting.ties import Answer, Equals, Ties, Undetermined, still_open
from sailau.counting.turnout import Attendance, TurnoutRule
from sailau.election.model import WHOLE
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook import Finding
from sailau.rulebook.schema import Tier


@dataclass(frozen=True)
class Sitting:
    """What a tier deals seats with in a batch of elections."""

    sheet: Sheet  # the figures
    filling: Filling  # seats to be filled
    ties: Ties  # settles, draws or asks
    earlier: Mapping[str, Workings]  # tier → workings, of the tiers that the same paper fills before

    @property
    def want(self) -> IntArray:
        """(districts, elections) seats to be filled."""
        return np.broadcast_to(self.filling.seats, self.sheet.votes.shape[1:])

    @property
    def waits(self) -> bool:
        """Whether a question is open in an earlier tier, so that what builds on its seats cannot be computed yet."""
        return self.ties.asks and any(workings.open_questions() for workings in self.earlier.values())


@dataclass(kw_only=True)
class Workings:
    """What one tier gave in a batch of elections, and how."""

    tier: CompiledTier  # the compiled tier
    sitting: Sitting  # what it dealt with
    seats: IntArray  # (options, districts, elections) seats decided
    admission: Admission | None = None  # who cleared a bar; None where the tier has none
    admitted: BoolArray | None = None  # (options, 1 or districts, elections) lists that took part; None for all
    # what became of the questions of the tier, the first asked first
    answers: list[Answer] = field(default_factory=list)
    turnout: Attendance | None = None  # whether enough voters took part; None where the law does not ask

    @property
    def sheet(self) -> Sheet:
        """The figures."""
        return self.sitting.sheet

    @property
    def filling(self) -> Filling:
        """Seats to be filled."""
        return self.sitting.filling

    @property
    def void(self) -> BoolArray | None:
        """(1 or districts, elections) polls that are void because too few took part; None where there are none."""
        return None if self.turnout is None or not self.turnout.void.any() else self.turnout.void

    # ------------------------------------------------------------------ of the only election of a sheet

    def void_units(self) -> Iterator[tuple[int, str]]:
        """Yield place and id of every district, or of the whole, where the poll is void."""
        rule = self.tier.rule.turnout
        if self.void is not None and rule is not None:
            for place in np.flatnonzero(self.void[:, 0]).tolist():
                yield place, WHOLE if rule.area == "whole" else self.tier.paper.districts[place]

    @property
    def invalid(self) -> bool:
        """Whether the law calls a poll invalid."""
        rule = self.tier.rule.turnout
        return rule is not None and rule.otherwise == "invalid" and any(True for _ in self.void_units())

    def open_questions(self) -> list[Undetermined]:
        """Return what nobody has answered; a void poll asks its own question in place of all others."""
        asked = still_open([*self.filling.answers, *self.nobody(), *self.answers])
        rule, paper = self.tier.rule.turnout, self.tier.paper
        for place, unit in self.void_units():
            assert rule is not None
            asked = [q for q in asked if unit and q.unit != unit]
            if rule.otherwise != "invalid":
                stake, among = self.to_fill(place if unit else None), paper.names(place)
                tier = self.tier.rule.id
                asked.append(Undetermined(paper.name, unit, rule.otherwise, among, stake, rule.cite, tier, "returns"))
        return asked

    def to_fill(self, place: int | None) -> int:
        """Return the seats to be filled in a district, or (None) in all."""
        each = self.filling.seats[:, 0]
        return int(each.sum() if place is None else each[place])

    def nobody(self) -> list[Answer]:
        """Return the question of every district, or of the whole, in which no list takes part.

        That is the law's own answer, or a gap in it; no decision of a case fills it.
        """
        return []

    def second_rounds(self) -> Iterable[int]:
        """Return the districts whose second vote in the returns was used."""
        return ()

    @property
    def magnitudes(self) -> dict[str, int]:
        """District → seats that the tier fills there, whether votes are known or not."""
        rule, known = self.tier.rule, self.tier.magnitudes.known
        seats = (self.filling.seats[:, 0] if known is None else known).tolist()
        if rule.levelling is not None:
            seats = [rule.levelling.per_district] * len(seats)
        return dict(zip(self.tier.paper.districts, seats, strict=True))

    @property
    def lawful(self) -> int:
        """Seats of all districts: those that the law names where the case has fewer of them, or they wait for a decision."""
        rule, districts = self.tier.rule.seats, len(self.tier.paper.districts)
        if self.tier.magnitudes.known is None and rule.apportion is not None:
            return rule.apportion.total - rule.apportion.set_aside * districts
        return max(sum(self.magnitudes.values()), (rule.value or 0) * (rule.districts or 0))

    def findings(self) -> Iterator[Finding]:
        """Yield what could not be verified, and what differs from the law."""
        if self.turnout is not None:
            yield from self.turnout.findings
        yield from self.tier.magnitudes.findings
        if self.admission is not None:
            yield from self.admission.findings()
        yield from self.own_findings()
        if self.void is not None:
            rule = self.tier.rule.turnout
            for _, unit in self.void_units():
                if rule is not None and rule.otherwise == "invalid":
                    path = f"{self.tier.rule.id}.turnout"
                    yield Finding("invalid", self.tier.paper.name, unit, {"rule": path}, rule.cite)
            return
        yield from self._vacant()

    def own_findings(self) -> Iterator[Finding]:
        """Yield what the kind of tier adds."""
        yield from ()

    def _vacant(self) -> Iterator[Finding]:
        """Yield seats that nobody can take: fewer candidates than seats, or fewer with any vote."""
        rule, paper, asked = self.tier.rule, self.tier.paper, self.open_questions()
        if rule.seats.rest or rule.majority is not None or rule.formula.leftover == "transfer":
            return
        if any(q.unit == WHOLE != paper.districts[0] for q in asked):
            return
        open_ = Counter[str]()
        for question in asked:
            open_[question.unit] += question.seats
        for place, unit in enumerate(paper.districts):
            left = self.to_fill(place) - int(self.seats[:, place, 0].sum()) - open_[unit]
            if left > 0:
                yield Finding("seats-vacant", paper.name, unit, {"seats": left}, rule.seats.cite or rule.cite)


@dataclass(frozen=True, kw_only=True)
class CompiledTier:
    """A tier compiled for a ballot paper."""

    rule: Tier
    paper: Paper
    magnitudes: Magnitudes  # seats of its districts
    equals: Equals  # who may be equal, and what the law says then
    turnout: TurnoutRule | None = None  # what makes the poll void; None where nothing does
    bar: Bar | None = None  # which lists take part; None for all
    # (options, districts, 1) the most seats each list can take; None where nothing limits them
    limits: IntArray | None = None

    of_whole: ClassVar[bool] = False
    """Whether lists compete for its seats in the whole, not district by district."""
    answers: ClassVar[bool] = False
    """Whether it answers a question and fills no seat."""

    def run(self, sheet: Sheet, ties: Ties, earlier: Mapping[str, Workings]) -> Workings:
        """Fill the seats of the tier in every election of a sheet.

        Args:
            sheet: the figures.
            ties: settles, draws or asks.
            earlier: tier → workings, of the tiers that the same paper fills before.
        """
        turnout = None if self.turnout is None else self.turnout.measure(sheet)
        filling = self.magnitudes.fill(sheet, ties)
        workings = self.deal(Sitting(sheet, filling, ties, earlier))
        workings.turnout = turnout
        if workings.void is not None:
            workings.seats = np.where(workings.void[None], 0, workings.seats)
            ties.broken |= workings.void.any(axis=0)
        return workings

    def deal(self, sitting: Sitting) -> Workings:
        """Deal the seats by the rules of the kind."""
        raise NotImplementedError

    def of_district(self, place: int, paper: Paper) -> CompiledTier:
        """Return the tier of one district that is counted by itself; see `joined`."""
        known, here = self.magnitudes.known, slice(place, place + 1)
        assert known is not None
        seats = Magnitudes(self.rule, paper).with_known(known[here, None])
        equals = replace(self.equals, paper=paper, units=self.equals.units[here])
        limits = None if self.limits is None else self.limits[:, here]
        return replace(self, paper=paper, magnitudes=seats, equals=equals, limits=limits)

    # ------------------------------------------------------------------ what others ask about its rules

    @property
    def to_fill(self) -> IntArray | None:
        """(districts,) seats that it fills where votes are known; None where votes decide how many."""
        if self.rule.levelling is not None:
            return np.full(len(self.paper.districts), self.rule.levelling.per_district)
        return None if self.magnitudes.fixed is None else self.magnitudes.fixed.seats[:, 0]

    @cached_property
    def shares(self) -> tuple[Fraction, ...]:
        """Every bar of the tier."""
        bar = self.rule.threshold
        return () if bar is None else (bar.share, *(kind.share for kind in bar.kinds))

    @property
    def joined(self) -> bool:
        """Whether votes in one district may change seats in another."""
        rules = (self.rule.threshold, self.rule.turnout)
        later = self.rule.levelling is not None or self.rule.transfer is not None
        matrix = self.rule.formula.method == "biproportional"
        by_votes = self.magnitudes.known is None
        return later or matrix or by_votes or any(rule is not None and rule.area != "district" for rule in rules)

    @property
    def ranked(self) -> bool:
        """Whether the place of a list among the others may admit it, whatever its own share."""
        bar = self.rule.threshold
        return self.rule.single_qualifier is not None or (bar is not None and bar.fill is not None)

    @property
    def narrow(self) -> bool:
        """Whether it only compares votes, or shares seats by a quota of the votes that take part."""
        rule, formula = self.rule, self.rule.formula
        if rule.seats.apportion or rule.turnout or rule.levelling or rule.transfer:
            return False
        quota = formula.method == "largest-remainder" and formula.unqualified == "set-aside"
        return formula.method == "plurality" or (quota and formula.leftover != "transfer")
