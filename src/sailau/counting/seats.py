"""How many seats each district has: set by the law, read from the case, or computed from population, area or votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import lcm

import numpy as np

from sailau.counting.papers import Paper
from sailau.counting.proportional import proportional
from sailau.counting.sheet import Sheet
from sailau.counting.ties import Answer, Ties, Undetermined, narrow_ranks
from sailau.election.model import WHOLE, Election, Unit
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook import BadInput, Fault, Finding
from sailau.rulebook.limits import SEATS
from sailau.rulebook.schema import Apportionment, Tier


@dataclass
class Filling:
    """Seats to be filled in the districts of a tier, and how they were computed."""

    seats: IntArray  # (districts, 1 or elections); 0 in a district that waits for a decision
    # (districts, 1 or elections) what the seats are shared by; None where nothing was shared
    scores: IntArray | None = None
    # (districts, 1 or elections) what each got, before seats of a later tier are set aside
    shared: IntArray | None = None
    answers: list[Answer] = field(default_factory=list)  # what became of the question between equal districts


@dataclass(frozen=True)
class Sharing:
    """How the law shares seats among districts, compiled."""

    plan: Apportionment
    scores: IntArray | None  # (districts, 1) on a common scale of integers; None where votes are what counts
    beforehand: IntArray  # (districts,) seats that each has before the others are shared
    among: BoolArray  # (districts,) which of them share in the rest

    def allocation(self, scores: IntArray) -> Allocation:
        """Return seats (districts, elections) by the plan's formula over the scores, without those fixed beforehand."""
        plan, eligible = self.plan, np.broadcast_to(self.among[:, None], scores.shape)
        seats = np.array(max(plan.total - int(self.beforehand.sum()), 0))
        allocation = proportional(plan.formula, scores, seats, eligible=eligible)
        return settle(allocation, narrow_ranks(-scores)) if "higher-score" in plan.tie else allocation

    def net(self, shared: IntArray) -> IntArray:
        """Return seats without those kept for a later tier."""
        return np.asarray(np.maximum(shared - self.plan.set_aside, 0))


@dataclass(frozen=True)
class Magnitudes:
    """Seats of the districts of one tier, compiled."""

    tier: Tier
    paper: Paper
    known: IntArray | None = None  # (districts,) they, where they depend neither on votes nor on a decision
    fixed: Filling | None = None  # the same for counting: none where no votes are known
    findings: tuple[Finding, ...] = ()  # where the case gives a district other seats than the law
    sharing: Sharing | None = None  # how they are shared, where they are not known

    def fill(self, sheet: Sheet, ties: Ties) -> Filling:
        """Return the seats to be filled in every election of a sheet.

        Where it is asked who gets a seat, the districts between which it is open wait for it and have none until then.
        """
        if self.fixed is not None:
            return self.fixed
        by = self.sharing
        assert by is not None
        scores = by.scores
        if scores is None:
            scores = sheet.base("valid" if "valid" in by.plan.score else "options")
            assert scores is not None, "votes for options, and valid ones, are always known"
        scores = np.broadcast_to(scores, (len(self.paper.districts), sheet.size))
        decided, answers = self._decided(by.allocation(scores), by.plan, ties)
        # What is dealt in a district that may yet get a seat more would have to be dealt anew: it waits.
        waits = decided.tied & (decided.open > 0) & ties.asks
        shared = np.where(waits, 0, decided.seats + by.beforehand[:, None])
        return Filling(self._reported(by.net(shared)), scores, shared, answers)

    def _reported(self, seats: IntArray) -> IntArray:
        """Return the seats that can be filled: none where no votes are known."""
        return np.where(self.paper.reported[:, None], seats, 0)

    def with_known(
        self, seats: IntArray, *, scores: IntArray | None = None, shared: IntArray | None = None
    ) -> Magnitudes:
        """Return the same with seats, (districts, 1), that depend on nothing more."""
        return replace(self, known=seats[:, 0], fixed=Filling(self._reported(seats), scores, shared))

    def _decided(self, allocation: Allocation, plan: Apportionment, ties: Ties) -> tuple[Allocation, list[Answer]]:
        """Settle seats for which districts are equal: by lot in a batch, else by a recorded decision, else it is asked."""
        districts = self.paper.districts
        open_ = allocation.tied.any(axis=0) & (allocation.open > 0)
        ties.broken |= open_
        if not open_.any():
            return allocation, []
        if ties.seed is not None:
            lots = ties.lots((len(districts), 1, ties.size), f"{self.tier.id} seats")
            return settle(allocation, lots[:, 0]), []
        if not ties.asks:
            return allocation, []
        among = tuple(d for d, tied in zip(districts, allocation.tied[:, 0], strict=True) if tied)
        kind = "remainder" if plan.formula.method == "largest-remainder" else "quotient"
        if plan.otherwise == "no-rule" and plan.tie:
            kind = "no-rule"
        who, cite = "lot" if plan.otherwise == "lot" else "none", plan.cite or self.tier.seats.cite
        seats = int(allocation.open[0])
        asked = Undetermined(self.paper.name, WHOLE, kind, among, seats, cite, self.tier.id, who)
        answer = ties.decide(asked, f"{self.tier.id}.seats")
        if answer.chosen is not None:
            allocation = settle(allocation, np.array([0 if d in answer.chosen else 1 for d in districts])[:, None])
        return allocation, [answer]


def magnitudes(paper: Paper, tier: Tier, election: Election) -> Magnitudes:
    """Compile the seats of a tier's districts.

    Raises:
        BadInput: the law neither sets nor computes them and the case does not give them, or they are beyond any body.
    """
    rule, plan = tier.seats, tier.seats.apportion
    units = _districts(paper, tier, election)
    given = [unit.seats.get(paper.name, unit.seats.get(paper.contest.id)) for unit in units]
    if rule.rest:
        return _fixed(paper, tier, [0] * len(units))
    if plan is not None:
        return _by_plan(Magnitudes(tier, paper), plan, units, given)
    if not rule.column:
        assert rule.value is not None
        return _fixed(paper, tier, [rule.value] * len(units), _compared(paper, tier, units, given, rule.value))
    filled = [g if g is not None else rule.value for g in given]
    reported = zip(units, filled, paper.reported, strict=True)
    missing = [unit.id for unit, seats, votes in reported if seats is None and votes]
    if missing:
        raise BadInput([_missing(paper, missing, f"the column seats_{paper.name} for every district with votes")])
    return _fixed(paper, tier, [g or 0 for g in filled])


def _fixed(paper: Paper, tier: Tier, seats: Sequence[int], findings: Sequence[Finding] = ()) -> Magnitudes:
    SEATS.check(f"{tier.id}.seats", sum(seats))
    return Magnitudes(tier, paper, findings=tuple(findings)).with_known(np.array(seats, np.int64)[:, None])


def _districts(paper: Paper, tier: Tier, election: Election) -> list[Unit]:
    """Return the districts as units; where only some have a kind, the others are of the kind called like their level."""
    units = [election.units.get(d, Unit(d)) for d in paper.districts]
    plan, level = tier.seats.apportion, paper.contest.level
    if plan is None or level not in _kinds(plan) or not any(unit.kind for unit in units):
        return units
    return [unit if unit.kind else replace(unit, kind=level) for unit in units]


def _kinds(plan: Apportionment) -> frozenset[str]:
    """Return the kinds of unit that the law tells apart."""
    return frozenset(plan.fixed) | frozenset(plan.only or ())


def _by_plan(
    compiled: Magnitudes, plan: Apportionment, units: Sequence[Unit], given: Sequence[int | None]
) -> Magnitudes:
    """Compile seats that the law computes: from the case's figures where it has them all, else as it gives them.

    Without the figures, or the kind, of one district those of the others cannot be computed either.
    """
    tier, paper = compiled.tier, compiled.paper
    kinds, votes = _kinds(plan), any(name in ("valid", "options") for name in plan.score)
    needs = ["kind"] if kinds and any(unit.kind not in kinds for unit in units) else []
    if not votes and any(_lacks(unit, plan) for unit in units):
        needs += plan.score
    known = [g for g in given if g is not None]
    if (needs or (votes and not bool(paper.reported.all()))) and len(known) == len(given):
        values = {"needs": ", ".join(needs or plan.score), "rule": f"{tier.id}.seats"}
        aside = _set_aside(plan, given)
        note = Finding("not-checked", paper.name, "", values, tier.seats.cite)
        return _fixed(paper, tier, [max(g - aside, 0) for g in known], [note])
    if needs:
        lacking = [u.id for u in units if _lacks(u, plan) or (kinds and u.kind not in kinds)]
        told = [f"kind ({' or '.join(sorted(kinds))})" if n == "kind" else n for n in needs]
        raise BadInput([_missing(paper, lacking, f"{' and '.join(told)}, or seats_{paper.name}, for every district")])
    scores = None if votes else np.array([_score(u, plan) or 0 for u in units], object)[:, None]
    beforehand = np.array([plan.fixed.get(u.kind, 0) for u in units], np.int64)
    among = np.array([plan.only is None or u.kind in plan.only for u in units])
    compiled = replace(compiled, sharing=Sharing(plan, scores, beforehand, among))
    return compiled if scores is None else _computed(compiled, scores, units, given)


def _computed(compiled: Magnitudes, scores: IntArray, units: Sequence[Unit], given: Sequence[int | None]) -> Magnitudes:
    """Return seats by what units.csv says; where equal districts make them depend on a decision, they stay open."""
    by, tier, paper = compiled.sharing, compiled.tier, compiled.paper
    assert by is not None
    plan, allocation = by.plan, by.allocation(scores)
    if allocation.open.any():
        return compiled
    shared = np.asarray(allocation.seats + by.beforehand[:, None])
    later = 0 if None in given else plan.set_aside - _set_aside(plan, given)
    findings = _compared(paper, tier, units, given, *(shared[:, 0] - later).tolist())
    decreed = [g for g in given if g is not None]
    whole = len(units) >= (tier.seats.districts or 0)
    if plan.decreed and findings and len(decreed) == len(given) and (sum(decreed) == plan.total or not whole):
        aside = _set_aside(plan, given)
        return _fixed(paper, tier, [max(g - aside, 0) for g in decreed], [_decreed(f) for f in findings])
    known = compiled.with_known(by.net(shared), scores=scores, shared=shared)
    return replace(known, findings=tuple(findings))


def _decreed(finding: Finding) -> Finding:
    """Return a difference as one in which the number of the case is followed, because the law lets an act state it."""
    return Finding("seats-decreed", finding.contest, finding.unit, finding.values, finding.cite)


def _lacks(unit: Unit, plan: Apportionment) -> bool:
    """Whether a figure is missing by which a district shares in the seats."""
    return (plan.only is None or unit.kind in plan.only) and _score(unit, plan) is None


def _set_aside(plan: Apportionment, given: Sequence[int | None]) -> int:
    """Return how many of the given seats of a district a later tier fills; none where they add up without those."""
    without = plan.total - plan.set_aside * len(given)
    return 0 if sum(g or 0 for g in given) == without else plan.set_aside


def _missing(paper: Paper, units: Sequence[str], expected: str) -> Fault:
    shown = ", ".join(units[:5]) + (" …" if len(units) > 5 else "")
    return Fault("units.csv", 0, f"seats_{paper.name}", f"nothing for {shown or 'the whole'}", expected)


def scale_of(plan: Apportionment) -> int:
    """Return by what scores are multiplied to be whole numbers; votes are whole as they are."""
    votes = any(name in ("valid", "options") for name in plan.score)
    return 1 if votes else lcm(*(weight.denominator for weight in plan.score.values()))


def _score(unit: Unit, plan: Apportionment) -> int | None:
    """Return what a district is measured by, as an integer on a common scale; None where a figure is missing."""
    total, scale = 0, scale_of(plan)
    for name, weight in plan.score.items():
        figure = getattr(unit, name)
        if figure is None:
            return None
        total += figure * weight.numerator * (scale // weight.denominator)
    return total


def _compared(
    paper: Paper, tier: Tier, units: Sequence[Unit], given: Sequence[int | None], *seats: int
) -> list[Finding]:
    """Return where the case gives a district other seats than the law (one number for all, or one each), which is followed."""
    each = seats if len(seats) == len(units) else seats * len(units)
    return [
        Finding("seats-differ", paper.name, unit.id, {"found": column, "expected": expected}, tier.seats.cite)
        for unit, column, expected in zip(units, given, each, strict=True)
        if column is not None and column != expected
    ]
