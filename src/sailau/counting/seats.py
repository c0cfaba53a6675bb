"""How many seats each district has: set by the law, read from the case, or computed from population, area or votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import lcm

import numpy as np

from sailau.counting.block import Block
from sailau.counting.criteria import narrow_ranks
from sailau.counting.lists import apply_formula
from sailau.counting.papers import Paper
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Election, Unit
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import IntArray
from sailau.rulebook import BadInput, Fault, Finding
from sailau.rulebook.schema import Apportionment, Tier


def magnitudes(
    paper: Paper, tier: Tier, election: Election, findings: list[Finding], trace: Trace | None
) -> IntArray | None:
    """Return the seats of every district, (districts,); None where they depend on the votes or on a decision.

    Raises:
        BadInput: the law neither sets nor computes them and the case does not give them.
    """
    rule, plan = tier.seats, tier.seats.apportion
    if rule.rest:
        return np.zeros(len(paper.districts), np.int64)
    units = _districts(paper, tier, election)
    given = [unit.seats.get(paper.name, unit.seats.get(paper.contest.id)) for unit in units]
    if plan is not None:
        return _by_plan(paper, tier, units, given, findings, trace)
    if not rule.column:
        assert rule.value is not None
        _compare(paper, tier, units, given, [rule.value] * len(units), findings)
        return np.full(len(units), rule.value, np.int64)
    filled = [g if g is not None else rule.value for g in given]
    missing = [u.id for u, g in zip(units, filled, strict=True) if g is None and _votes_in(paper, u.id)]
    if missing:
        raise BadInput([_missing(paper, missing, f"the column seats_{paper.name} for every district with votes")])
    return np.array([g or 0 for g in filled], np.int64)


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
    paper: Paper,
    tier: Tier,
    units: Sequence[Unit],
    given: Sequence[int | None],
    findings: list[Finding],
    trace: Trace | None,
) -> IntArray | None:
    """Return seats of districts that the law computes: from the case's figures where it has them all, else as it gives them.

    Without the figures, or the kind, of one district those of the others cannot be computed either.
    """
    plan = tier.seats.apportion
    assert plan is not None
    kinds, votes = _kinds(plan), any(name in ("valid", "options") for name in plan.score)
    needs = ["kind"] if kinds and any(unit.kind not in kinds for unit in units) else []
    if not votes and any(_lacks(unit, plan) for unit in units):
        needs += plan.score
    unheard = votes and not bool(paper.reported.all())
    if (needs or unheard) and all(g is not None for g in given):
        values = {"needs": ", ".join(needs or plan.score), "rule": f"{tier.id}.seats"}
        findings.append(Finding("not-checked", paper.name, "", values, tier.seats.cite))
        return np.maximum(np.array(given, np.int64) - _set_aside(plan, given), 0)
    if needs:
        lacking = [u.id for u in units if _lacks(u, plan) or (kinds and u.kind not in kinds)]
        told = [f"kind ({' or '.join(sorted(kinds))})" if n == "kind" else n for n in needs]
        raise BadInput([_missing(paper, lacking, f"{' and '.join(told)}, or seats_{paper.name}, for every district")])
    if votes:
        return None
    seats = _computed(paper, tier, units, given, findings, trace)
    return None if seats is None else np.maximum(seats - plan.set_aside, 0)


def _lacks(unit: Unit, plan: Apportionment) -> bool:
    """Whether a figure is missing by which a district shares in the seats."""
    return (plan.only is None or unit.kind in plan.only) and _score(unit, plan) is None


def _set_aside(plan: Apportionment, given: Sequence[int | None]) -> int:
    """Return how many of the given seats of a district a later tier fills; none where they add up without those."""
    without = plan.total - plan.set_aside * len(given)
    return 0 if sum(g or 0 for g in given) == without else plan.set_aside


def _votes_in(paper: Paper, unit: str) -> bool:
    return bool(paper.reported[paper.districts.index(unit)])


def _missing(paper: Paper, units: Sequence[str], expected: str) -> Fault:
    shown = ", ".join(units[:5]) + (" …" if len(units) > 5 else "")
    return Fault("units.csv", 0, f"seats_{paper.name}", f"nothing for {shown or 'the whole'}", expected)


def _score(unit: Unit, plan: Apportionment) -> int | None:
    """Return what a district is measured by, as an integer on a common scale; None where a figure is missing."""
    scale = lcm(*(weight.denominator for weight in plan.score.values()))
    total = 0
    for name, weight in plan.score.items():
        figure = getattr(unit, name)
        if figure is None:
            return None
        total += figure * weight.numerator * (scale // weight.denominator)
    return total


def _computed(
    paper: Paper,
    tier: Tier,
    units: Sequence[Unit],
    given: Sequence[int | None],
    findings: list[Finding],
    trace: Trace | None,
) -> IntArray | None:
    """Return seats by what units.csv says; None where equal districts make them depend on a decision."""
    plan = tier.seats.apportion
    assert plan is not None
    scores = np.array([_score(u, plan) or 0 for u in units], object)[:, None]
    allocation, fixed = _apportioned(plan, scores, units)
    if allocation.open.any():
        return None
    seats = np.asarray(allocation.seats[:, 0] + fixed)
    later = 0 if None in given else plan.set_aside - _set_aside(plan, given)
    _compare(paper, tier, units, given, [int(mine) - later for mine in seats], findings)
    if trace is not None:
        _tell(trace, paper, tier, units, scores, seats)
    return seats


def _compare(
    paper: Paper,
    tier: Tier,
    units: Sequence[Unit],
    given: Sequence[int | None],
    seats: Sequence[int],
    findings: list[Finding],
) -> None:
    """Note where the case gives a district other seats than the law, which is followed."""
    for unit, column, expected in zip(units, given, seats, strict=True):
        if column is not None and column != expected:
            values = {"found": column, "expected": expected}
            findings.append(Finding("seats-differ", paper.name, unit.id, values, tier.seats.cite))


def _apportioned(plan: Apportionment, scores: IntArray, units: Sequence[Unit]) -> tuple[Allocation, IntArray]:
    """Return seats (districts, elections) by the plan's formula over the scores, and those fixed beforehand, (districts,)."""
    fixed = np.array([plan.fixed.get(u.kind, 0) for u in units], np.int64)
    shares = np.array([plan.only is None or u.kind in plan.only for u in units])
    eligible = np.broadcast_to(shares[:, None], scores.shape)
    seats = np.array(max(plan.total - int(fixed.sum()), 0))
    allocation = apply_formula(plan.formula, scores, seats, eligible, None, False)
    if "higher-score" in plan.tie:
        allocation = settle(allocation, narrow_ranks(-scores))
    return allocation, fixed


def by_votes(block: Block, tier: Tier, election: Election, ties: Ties, trace: Trace | None) -> IntArray:
    """Return seats of districts computed from the votes of each election, or drawn between equals, (districts, elections).

    Where it is asked who gets a seat, the districts between which it is open wait for it and have none until then.
    """
    plan = tier.seats.apportion
    assert plan is not None
    units = _districts(block.paper, tier, election)
    if any(name in ("valid", "options") for name in plan.score):
        base = block.base("valid" if "valid" in plan.score else "options")
        assert base is not None
        scores = base
    else:
        scores = np.repeat(np.array([_score(u, plan) or 0 for u in units], object)[:, None], block.size, axis=1)
    allocation, fixed = _apportioned(plan, scores, units)
    decided = _decided(block, tier, allocation, ties, trace)
    waits = decided.tied & (decided.open > 0) & ties.asks
    seats = np.where(waits, 0, decided.seats + fixed[:, None])
    if trace is not None:
        _tell(trace, block.paper, tier, units, scores, seats[:, 0])
    return np.asarray(np.maximum(seats - plan.set_aside, 0))


def _decided(block: Block, tier: Tier, allocation: Allocation, ties: Ties, trace: Trace | None) -> Allocation:
    """Settle seats for which districts are equal: by lot in a batch, else by a recorded decision, else it is asked."""
    plan, districts = tier.seats.apportion, block.paper.districts
    assert plan is not None
    open_ = allocation.tied.any(axis=0) & (allocation.open > 0)
    if not open_.any():
        return allocation
    ties.broken |= open_
    if ties.seed is not None:
        shape = (len(districts), 1, ties.size)
        return settle(allocation, ties.lots(shape, f"{tier.id} seats")[:, 0])
    if not ties.asks:
        return allocation
    among = tuple(d for d, tied in zip(districts, allocation.tied[:, 0], strict=True) if tied)
    kind = "remainder" if plan.formula.method == "largest-remainder" else "quotient"
    if plan.otherwise == "no-rule" and plan.tie:
        kind = "no-rule"
    answer, cite = "lot" if plan.otherwise == "lot" else "none", plan.cite or tier.seats.cite
    asked = Undetermined(block.paper.name, WHOLE, kind, among, int(allocation.open[0]), cite, tier.id, answer)
    chosen = ties.decision(asked, trace, f"{tier.id}.seats")
    if chosen is None:
        ties.open_questions.append(asked)
        return allocation
    return settle(allocation, np.array([0 if d in chosen else 1 for d in districts])[:, None])


def _tell(trace: Trace, paper: Paper, tier: Tier, units: Sequence[Unit], scores: IntArray, seats: IntArray) -> None:
    plan = tier.seats.apportion
    assert plan is not None
    rows = {u.id: {"score": int(scores[i, 0]), "seats": int(seats[i])} for i, u in enumerate(units)}
    values = {"total": plan.total, "by": tuple(plan.score), "set_aside": plan.set_aside, "districts": rows}
    path = f"{tier.id}.seats"
    trace.add("district-seats", tier.id, paper.name, WHOLE, path, plan if plan.cite else tier.seats, values)
