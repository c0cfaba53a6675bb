"""List tiers: seats allocated to lists by a formula, for many elections at once.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sailau.counting.bars import admitted_lists, nobody_qualifies
from sailau.counting.block import Block
from sailau.counting.criteria import criteria, tie_question
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.telling import tell_allocation, tell_single
from sailau.counting.ties import Ties
from sailau.election.model import Election
from sailau.formulas.agreements import joint
from sailau.formulas.allocation import Allocation, QuotaWorkings
from sailau.formulas.arrays import BoolArray, IntArray, places, tally_in_bytes, wide_enough
from sailau.formulas.divisor import highest_averages
from sailau.formulas.majority import most_votes
from sailau.formulas.quota import largest_remainder
from sailau.rulebook import BadInput, Fault, Finding
from sailau.rulebook.schema import Agreements, Formula, SingleQualifier, Tier


@dataclass
class TierResult:
    """What one tier gave in a block of elections.

    Attributes:
        seats: (options, districts, elections) seats decided.
        admitted: (options, 1 or districts, elections) lists that took part.
        workings: of the formula, for later tiers.
        invalid: (elections,) where the poll is void.
    """

    seats: IntArray
    admitted: BoolArray | None = None
    workings: Any = None
    invalid: BoolArray | None = None


_MANY = 64
"""Elections from which looking for the lists that stand pays."""
_WORTH_LEAVING_OUT = 0.75
"""Share of a paper's lists up to which leaving out the others pays."""
UNLIMITED = 10**6
"""Seats that no list can exceed."""


def list_tier(
    block: Block,
    tier: Tier,
    seats: IntArray,
    election: Election,
    ties: Ties,
    findings: list[Finding],
    trace: Trace | None,
) -> TierResult:
    """Allocate a tier's seats to lists.

    Args:
        block: votes (options, districts, elections).
        tier: its rules.
        seats: (districts, 1 or elections).
        election: for kinds, dates of registration and lengths of lists.
        ties: settles or asks.
        findings: what could not be verified is added.
        trace: where steps go.
    """
    admitted = admitted_lists(block, tier, election, findings, trace)
    want = np.broadcast_to(seats, block.votes.shape[1:])
    if admitted is not None:
        number = tally_in_bytes(admitted)
        nobody = number == 0
        if nobody.any():
            want = np.where(nobody, 0, want)
            ties.broken |= nobody.any(axis=0)
            nobody_qualifies(block, tier, seats, nobody, ties, trace)
    votes, eligible, limits = _contenders(block, tier, admitted, election, want)
    plain = tier.formula.leftover == "remainders"
    group = None if tier.agreements is None else _agreed(block, tier.agreements, election)
    if group is not None:
        formula = partial(apply_formula, tier.formula, eligible=None, limits=None, workings=trace is not None)
        allocation = joint(votes if eligible is None else np.where(eligible, votes, 0), want, group, formula)
    elif plain and trace is None and block.size >= _MANY:
        allocation = _apply_to_many(tier.formula, votes, want, eligible, limits)
    else:
        allocation = apply_formula(tier.formula, votes, want, eligible, limits, trace is not None or not plain)
    if len(votes) > len(block.votes):
        allocation, limits = _without_last(allocation), limits_of(block, tier, election)
        votes, eligible = votes[:-1], None if eligible is None else eligible[:-1]
    if not plain:
        allocation = _whole_parts_only(allocation, limits)
    if tier.formula.leftover == "most-votes":
        allocation = _to_the_largest(allocation, votes, eligible, limits)
    if tier.single_qualifier is not None and admitted is not None and (number == 1).any():
        allocation, admitted = _single_qualifier(block, tier, want, admitted, allocation, ties, trace)
    if trace is not None:
        tell_allocation(trace, block, tier, want, allocation, admitted, limits)
    ranks = criteria(block)
    allocation = ties.settle(allocation, tier, block.paper, block.paper.districts, tie_question(tier), ranks, trace)
    return TierResult(allocation.seats, admitted, allocation.workings)


def _apply_to_many(formula: Formula, votes: IntArray, seats: IntArray, eligible: Any, limits: Any) -> Allocation:
    """Apply a formula to the lists that stand: those that never take part in a district of the block are left out of it."""
    takes_part = None if formula.method == "balinski-young-quota" else _taking_part(votes, seats, eligible)
    stands = None if takes_part is None else takes_part.any(axis=2)
    most = 0 if stands is None else int(stands.sum(axis=0).max(initial=0))
    if stands is None or not 0 < most <= len(votes) * _WORTH_LEAVING_OUT:
        return apply_formula(formula, votes, seats, eligible, limits, False)
    districts = np.arange(votes.shape[1])
    slots = np.argsort(~stands, axis=0, kind="stable")[:most]
    part = [None if a is None else np.broadcast_to(a, votes.shape)[slots, districts] for a in (votes, eligible, limits)]
    small = apply_formula(formula, part[0], seats, part[1], part[2], False)  # type: ignore[arg-type]
    found = replace(small, seats=np.zeros(votes.shape, small.seats.dtype), tied=np.zeros(votes.shape, np.bool_))
    found.seats[slots, districts], found.tied[slots, districts] = small.seats, small.tied
    if small.room is not None:
        found = replace(found, room=np.zeros(votes.shape, small.room.dtype))
        found.room[slots, districts] = small.room  # type: ignore[index]
    return found


def _taking_part(votes: IntArray, seats: IntArray, eligible: BoolArray | None) -> BoolArray | None:
    """Return who may take part, (options, districts, elections); None where all do, or lists without votes may matter.

    They do where nobody has votes: all lists are tied then, those that do not stand among them.
    """
    if votes.shape[1] == 1:
        # On a paper of the whole all lists stand: only a bar keeps some out, and who is under it is in no tie.
        return eligible
    takes_part = votes > 0 if eligible is None else (votes > 0) & eligible
    return None if (~takes_part.any(axis=0) & (seats > 0)).any() else takes_part


def _agreed(block: Block, rule: Agreements, election: Election) -> IntArray | None:
    """Return the number of each list's group, (options,): partners of an agreement share one; None where nobody agreed.

    Raises:
        BadInput: more lists in one agreement than the law allows.
    """
    names = [str(option) for option in block.paper.options]
    keys = [election.parties[n].agreement or f"={n}" if n in election.parties else f"={n}" for n in names]
    for key, number in Counter(keys).items():
        if number > rule.partners:
            found, expected = f"{number} lists with “{key}”", f"{rule.partners} lists at most in one agreement"
            raise BadInput([Fault("parties.csv", 0, "agreement", found, expected)])
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys]) if len(numbers) < len(names) else None


def apply_formula(
    formula: Formula, votes: IntArray, seats: IntArray, eligible: Any, limits: Any, workings: bool
) -> Allocation:
    """Apply a proportional formula of the rule book to (options, …) votes."""
    if formula.method == "largest-remainder":
        return largest_remainder(
            votes,
            seats,
            quota=formula.quota,
            round_quota=formula.round_quota,
            eligible=eligible,
            limits=limits,
            workings=workings,
        )
    if formula.method == "balinski-young-quota":
        from sailau.formulas import balinski_young

        return balinski_young(votes, seats, eligible=eligible)
    return highest_averages(
        votes,
        seats,
        method=formula.method,  # type: ignore[arg-type]
        first=formula.first,
        exponent=formula.exponent,
        eligible=eligible,
        limits=limits,
        workings=workings,
    )


def _contenders(
    block: Block, tier: Tier, admitted: BoolArray | None, election: Election, seats: IntArray
) -> tuple[IntArray, BoolArray | None, IntArray | None]:
    """Return votes, mask and limits as the formula sees them, by what the law does with the votes of lists under the bar."""
    votes = block.votes
    limits = limits_of(block, tier, election)
    how = tier.formula.unqualified
    if admitted is None or how == "set-aside":
        return votes, None if admitted is None else np.broadcast_to(admitted, votes.shape), limits
    held = np.where(admitted, votes, 0)
    total = block.base("valid")
    assert total is not None
    below = total - held.sum(axis=0)
    if how == "shared-equally":
        number = admitted.sum(axis=0)
        return np.where(admitted, held * number + below, 0), np.broadcast_to(admitted, votes.shape), limits
    # In the quota but without a seat: an unelectable contender holds the votes of all lists under the bar.
    most = np.broadcast_to(np.asarray(seats), votes.shape[1:])
    own = np.broadcast_to(most, votes.shape) if limits is None else np.broadcast_to(limits, votes.shape)
    return (
        np.concatenate([held, below[None]]),
        np.concatenate([np.broadcast_to(admitted, votes.shape), np.ones((1, *votes.shape[1:]), np.bool_)]),
        np.concatenate([own, np.zeros((1, *votes.shape[1:]), np.int64)]),
    )


def _without_last(allocation: Allocation) -> Allocation:
    """Take the unelectable contender out again."""
    work = allocation.workings
    if isinstance(work, QuotaWorkings):
        work = replace(work, whole=work.whole[:-1], remainders=work.remainders[:-1])
    room = None if allocation.room is None else allocation.room[:-1]
    return replace(allocation, seats=allocation.seats[:-1], tied=allocation.tied[:-1], workings=work, room=room)


def limits_of(block: Block, tier: Tier, election: Election) -> IntArray | None:
    """Return the most seats each list can take, (options, districts, 1); None where nothing limits it."""
    paper = block.paper
    if tier.limits is None and tier.exhaustion is None:
        return None
    most = np.full((len(paper.options), len(paper.districts), 1), UNLIMITED, np.int64)
    if tier.limits is not None:
        for slot, option in enumerate(paper.options):
            party = election.parties.get(str(option))
            if party is not None and party.kind in tier.limits.kinds:
                most[slot] = tier.limits.kinds[party.kind]
    if tier.exhaustion is not None:
        lengths = _list_lengths(paper.name, election)
        for slot, option in enumerate(paper.options):
            for place, district in enumerate(paper.districts):
                length = lengths.get((str(option), district))
                if length is not None:
                    most[slot, place] = np.minimum(most[slot, place], length)
    return most


def _list_lengths(contest: str, election: Election) -> dict[tuple[str, str], int]:
    """Return (party, district) → number of candidates, for lists given completely (positions 1 to n)."""
    positions: dict[tuple[str, str], list[int]] = {}
    for person in election.candidates.values():
        if person.contest == contest and person.position is not None:
            positions.setdefault((person.party, person.unit), []).append(person.position)
    return {key: len(held) for key, held in positions.items() if sorted(held) == list(range(1, len(held) + 1))}


def _whole_parts_only(allocation: Allocation, limits: IntArray | None) -> Allocation:
    """Keep whole parts, surplus taken back, where the seats left over move to a later tier."""
    work = allocation.workings
    assert isinstance(work, QuotaWorkings)
    whole = work.whole if limits is None else np.minimum(work.whole, limits)
    too_many = work.left < 0
    return replace(
        allocation,
        seats=np.where(too_many, allocation.seats, whole.astype(np.int64)),
        tied=allocation.tied & too_many,
        open=np.where(too_many, allocation.open, 0),
    )


def _to_the_largest(
    allocation: Allocation, votes: IntArray, eligible: BoolArray | None, limits: IntArray | None
) -> Allocation:
    """Give seats left over one each to the lists with most votes."""
    work = allocation.workings
    assert isinstance(work, QuotaWorkings)
    left = np.where(work.left > 0, work.left, 0)
    able = np.ones(votes.shape, np.bool_) if eligible is None else eligible
    if limits is not None:
        able = able & (allocation.seats < limits)
    more = most_votes(votes, left, eligible=able)
    tied, still = allocation.tied | more.tied, np.where(left > 0, more.open, allocation.open)
    return replace(allocation, seats=allocation.seats + more.seats, tied=tied, open=still)


def _single_qualifier(
    block: Block,
    tier: Tier,
    seats: IntArray,
    admitted: BoolArray,
    allocation: Allocation,
    ties: Ties,
    trace: Trace | None,
) -> tuple[Allocation, BoolArray]:
    """Where one list alone reached the bar, let the next one join.

    The second list gets the whole part of its votes over the quota times the factor, at least the minimum; every other
    seat goes to the first.
    """
    rule = tier.single_qualifier
    assert rule is not None
    place, number = places(tally_in_bytes(admitted) == 1)
    cells = np.arange(len(place))
    votes, total = block.votes[:, place, number], seats[place, number]
    first = admitted[:, place, number].argmax(axis=0)
    others = votes.copy()
    others[first, cells] = 0
    best = others.max(axis=0)
    second = others.argmax(axis=0)
    joins = best > 0
    for cell in np.flatnonzero((others == best).sum(axis=0)[joins] > 1):
        at = int(np.flatnonzero(joins)[cell])
        equal = np.flatnonzero(others[:, at] == best[at]).tolist()
        chosen = _second_of(block, tier, equal, int(place[at]), int(number[at]), ties, trace)
        second[at] = -1 if chosen is None else chosen
    get = _second_gets(rule, votes[first, cells], others[second, cells], total)
    share, each = allocation.seats.copy(), admitted.copy()
    tied, left = allocation.tied.copy(), allocation.open.copy()
    decided, silent = joins & (second >= 0), joins & (second < 0)
    share[:, place[joins], number[joins]] = 0
    tied[:, place[joins], number[joins]], left[place[joins], number[joins]] = False, 0
    left[place[silent], number[silent]] = total[silent]
    share[first[decided], place[decided], number[decided]] = (total - get)[decided]
    share[second[decided], place[decided], number[decided]] = get[decided]
    each[second[decided], place[decided], number[decided]] = True
    if trace is not None:
        for cell in np.flatnonzero(decided):
            tell_single(trace, block, tier, int(place[cell]), int(first[cell]), int(second[cell]), int(total[cell]))
    return replace(allocation, seats=share, tied=tied, open=left), each


def _second_gets(rule: SingleQualifier, first: IntArray, second: IntArray, seats: IntArray) -> IntArray:
    """Return the second list's seats: whole part of votes ÷ quota × factor, at least the minimum, at most all."""
    scale = int(seats.max(initial=0)) * rule.factor.numerator
    wide = wide_enough(second, max(scale, 1))
    both = wide_enough(first + second, rule.factor.denominator)
    whole = wide * (seats * rule.factor.numerator) // np.maximum(both * rule.factor.denominator, 1)
    return np.asarray(np.minimum(np.maximum(whole, rule.minimum_seats), seats), np.int64)


def _second_of(
    block: Block, tier: Tier, seconds: list[int], place: int, number: int, ties: Ties, trace: Trace | None
) -> int | None:
    """Return which of several equal lists joins: the law has no rule, so a decision or a draw."""
    rule = tier.single_qualifier
    assert rule is not None
    names = tuple(block.paper.option(o, place) for o in seconds)
    asked = Undetermined(block.paper.name, block.paper.districts[place], "no-rule", names, 1, rule.cite, tier.id)
    chosen = ties.resolve(asked, number, trace, f"{tier.id}.single-qualifier")
    return None if chosen is None else seconds[names.index(chosen[0])]
