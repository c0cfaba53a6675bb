"""List tiers: the bar, the exceptions to it, and the allocation of seats to lists, for many elections at once.

Arrays are (options, districts, elections). A bar for the whole has a districts axis of length one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from sailau.count.block import FALLBACK, Block
from sailau.count.steps import Trace, Undetermined
from sailau.count.ties import Question, Ranks, Ties
from sailau.election.model import WHOLE, Election
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import BoolArray, IntArray, wide_enough
from sailau.formulas.divisor import highest_averages
from sailau.formulas.majority import at_least, more_than, most_votes
from sailau.formulas.quota import largest_remainder
from sailau.law import Finding
from sailau.law.schema import Formula, SingleQualifier, Threshold, Tier, TieRule


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


UNLIMITED = 10**6
"""Seats that no list can exceed."""


def exceeds(votes: IntArray, base: IntArray, share: Fraction, comparison: str) -> BoolArray:
    """Compare votes with a share of a base, exactly; a base of zero lets nobody pass."""
    compare = at_least if comparison == "at-least" else more_than
    return compare(votes, base, share.numerator, share.denominator) & (votes > 0)


def known_base(block: Block, tier: Tier, name: str, area: str, findings: list[Finding]) -> tuple[str, IntArray]:
    """Return a base that is known: the law's own, else the one that stands in for it, with a finding.

    Returns:
        Its name and its figures, (elections,) for the whole or (districts, elections).
    """
    wanted: Any = name
    if area == "whole":
        while (found := block.base_whole(wanted)) is None:
            wanted = FALLBACK.get(wanted, "valid")
        if wanted != name:
            _not_verified(block, tier, name, wanted, WHOLE, findings)
        return wanted, found
    found, known = block.base_where(wanted)
    known = known | ~block.paper.reported
    missing = np.flatnonzero(~known)
    nowhere = not (known & block.paper.reported).any()
    while not known.all():
        wanted = FALLBACK.get(wanted, "valid")
        other, where = block.base_where(wanted)
        found, known = np.where(known[:, None], found, other), known | where
    for place in missing[:1] if nowhere else missing:
        _not_verified(block, tier, name, wanted, WHOLE if nowhere else block.paper.districts[place], findings)
    return wanted if nowhere else name, found


def _not_verified(block: Block, tier: Tier, name: str, used: str, unit: str, findings: list[Finding]) -> None:
    """Note that the figures of a base are missing and what stood in for it."""
    rule = tier.threshold or tier.majority or tier.adoption
    path = "threshold" if tier.threshold else "majority" if tier.majority else "adoption"
    values = {"needs": f"@{name}", "used": used, "rule": f"{tier.id}.{path}"}
    found = Finding("cannot-be-verified", block.paper.name, unit, values, rule.cite if rule else tier.cite)
    if found not in findings:
        findings.append(found)


def admitted_lists(
    block: Block, tier: Tier, election: Election, findings: list[Finding], trace: Trace | None
) -> BoolArray | None:
    """Return who takes part in the allocation, (options, 1 or districts, elections); None where the law has no bar."""
    bar = tier.threshold
    if bar is None:
        return None
    name, base = known_base(block, tier, bar.base, bar.area, findings)
    if bar.area == "whole":
        votes, base = _over_districts(block.votes), base[None, :]
    else:
        votes = block.votes
    shares = [_bar_of(bar, str(option), election) for option in block.paper.options]
    admitted = _over_bars(votes, base, shares, bar)
    if trace is not None:
        _tell_bar(trace, block, tier, bar, name, votes, base, shares, admitted)
    if bar.lower is not None:
        admitted = _lowered(votes, base, shares, bar, admitted, tier, block, trace)
    if bar.fill is not None:
        _, fill_base = known_base(block, tier, bar.fill.base, bar.area, findings)
        admitted = _filled(votes, fill_base.reshape(base.shape), bar, admitted, tier, block, trace)
    return np.asarray(admitted.any(axis=1, keepdims=True)) if bar.area == "any-district" else admitted


def _over_districts(votes: IntArray) -> IntArray:
    return votes if votes.shape[1] == 1 else votes.sum(axis=1, keepdims=True)


def _bar_of(bar: Threshold, option: str, election: Election) -> Fraction:
    """Return the share that a list must reach: by kind and number of members where the law tells them apart."""
    party = election.parties.get(option)
    if party is None or not bar.kinds:
        return bar.share
    fitting = [k for k in bar.kinds if k.kind == party.kind and k.members <= party.members]
    return max(fitting, key=lambda k: k.members).share if fitting else bar.share


def _over_bars(votes: IntArray, base: IntArray, shares: Sequence[Fraction], bar: Threshold) -> BoolArray:
    first = shares[0] if len(shares) else bar.share
    if all(share == first for share in shares):
        return exceeds(votes, base, first, bar.comparison)
    passed = np.zeros(votes.shape, np.bool_)
    for option, share in enumerate(shares):
        passed[option] = exceeds(votes[option], base, share, bar.comparison)
    return passed


def _lowered(
    votes: IntArray,
    base: IntArray,
    shares: Sequence[Fraction],
    bar: Threshold,
    admitted: BoolArray,
    tier: Tier,
    block: Block,
    trace: Trace | None,
) -> BoolArray:
    """Lower every bar by steps in the elections in which too few lists qualify."""
    assert bar.lower is not None
    while True:
        few = admitted.sum(axis=0) < np.minimum(bar.lower.lists, (votes > 0).sum(axis=0))
        if not few.any():
            return admitted
        shares = [max(share - bar.lower.step, Fraction(0)) for share in shares]
        admitted = np.where(few, _over_bars(votes, base, shares, bar), admitted)
        if trace is not None:
            values = {"share": max(shares), "step": bar.lower.step, "lists": bar.lower.lists}
            rows = {
                name: {"share": shares[o], "passed": bool(admitted[o, 0, 0])}
                for o, name in enumerate(block.paper.names(0))
            }
            trace.add("bar-lowered", tier.id, block.paper.name, WHOLE, f"{tier.id}.threshold.lower", bar, values, rows)


def _filled(
    votes: IntArray,
    base: IntArray,
    bar: Threshold,
    admitted: BoolArray,
    tier: Tier,
    block: Block,
    trace: Trace | None,
) -> BoolArray:
    """Admit the next largest lists, equal ones together, until those admitted hold the share of the base."""
    assert bar.fill is not None
    share = bar.fill.share
    while True:
        held = np.where(admitted, votes, 0).sum(axis=0)
        waiting = np.where(admitted, 0, votes)
        largest = waiting.max(axis=0)
        few = ~at_least(held, base, share.numerator, share.denominator) & (largest > 0)
        if not few.any():
            return admitted
        joins = few & (waiting == largest) & (waiting > 0)
        admitted = admitted | joins
        if trace is not None:
            values = {"share": share, "held": int(held[0, 0]), "base": int(base[0, 0])}
            rows = {
                name: {"votes": int(votes[o, 0, 0])} for o, name in enumerate(block.paper.names(0)) if joins[o, 0, 0]
            }
            trace.add("filled-up", tier.id, block.paper.name, WHOLE, f"{tier.id}.threshold.fill", bar, values, rows)


def _tell_bar(
    trace: Trace,
    block: Block,
    tier: Tier,
    bar: Threshold,
    name: str,
    votes: IntArray,
    base: IntArray,
    shares: Sequence[Fraction],
    admitted: BoolArray,
) -> None:
    units = (WHOLE,) if bar.area == "whole" else block.paper.districts
    for place, unit in enumerate(units):
        if bar.area != "whole" and not block.paper.reported[place]:
            continue
        total = int(base[place if base.shape[0] > 1 else 0, 0])
        rows = {
            option: {"votes": int(votes[o, place, 0]), "share": shares[o], "passed": bool(admitted[o, place, 0])}
            for o, option in enumerate(block.paper.names(place))
        }
        values = {"base": total, "base_name": name, "share": bar.share, "comparison": bar.comparison}
        trace.add("threshold", tier.id, block.paper.name, unit, f"{tier.id}.threshold", bar, values, rows)


# ---------------------------------------------------------------------- the allocation


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
        nobody = np.asarray(~admitted.any(axis=0))
        if nobody.any():
            want = np.where(nobody, 0, want)
            ties.broken |= nobody.any(axis=0)
            _nobody(block, tier, seats, nobody, ties, trace)
    votes, eligible, limits = _contenders(block, tier, admitted, election, want)
    plain = tier.formula.leftover == "remainders"
    allocation = apply_formula(tier.formula, votes, want, eligible, limits, trace is not None or not plain)
    if len(votes) > len(block.votes):
        allocation, limits = _without_last(allocation), limits_of(block, tier, election)
    if not plain:
        allocation = _whole_parts_only(allocation, limits)
    if tier.formula.leftover == "most-votes":
        allocation = _to_the_largest(allocation, votes, eligible, limits)
    if tier.single_qualifier is not None and admitted is not None:
        allocation, admitted = _single_qualifier(block, tier, want, admitted, allocation, ties, trace)
    if trace is not None:
        tell_allocation(trace, block, tier, want, allocation, admitted, limits)
    ranks = criteria(block, election)
    allocation = ties.settle(allocation, tier, block.paper, block.paper.districts, tie_question(tier), ranks, trace)
    return TierResult(allocation.seats, admitted, allocation.workings)


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


def _nobody(
    block: Block, tier: Tier, seats: IntArray, nobody: BoolArray, ties: Ties, trace: Trace | None
) -> None:
    """No list reached the bar: the law's own answer, or a gap in the law."""
    bar = tier.threshold
    assert bar is not None
    if not ties.asks:
        return
    units = (WHOLE,) if bar.area == "whole" else block.paper.districts
    for place, unit in enumerate(units):
        if not nobody[place, 0] or (bar.area == "district" and not block.paper.reported[place]):
            continue
        stake = int(np.broadcast_to(seats, block.votes.shape[1:])[:, 0].sum()) if bar.area == "whole" else int(seats[place, 0])
        among = tuple(o for o in block.paper.names(place) if o)
        asked = Undetermined(block.paper.name, unit, bar.nobody, among, stake, bar.cite, tier.id)
        ties.open_questions.append(asked)
        if trace is not None:
            values = {"seats": stake, "rule": bar.nobody}
            trace.add("nobody-qualifies", tier.id, block.paper.name, unit, f"{tier.id}.threshold", bar, values)


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
    alone = admitted.sum(axis=0) == 1
    if not alone.any():
        return allocation, admitted
    place, number = np.nonzero(alone)
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
        ties.broken[number[at]] = True
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
            _tell_single(trace, block, tier, int(place[cell]), int(first[cell]), int(second[cell]), int(total[cell]))
    return replace(allocation, seats=share, tied=tied, open=left), each


def _second_gets(rule: SingleQualifier, first: IntArray, second: IntArray, seats: IntArray) -> IntArray:
    """Return the second list's seats: whole part of votes ÷ quota × factor, at least the minimum, at most all."""
    scale = int(seats.max(initial=0)) * rule.factor.numerator
    wide = wide_enough(second, max(scale, 1))
    whole = wide * (seats * rule.factor.numerator) // np.maximum((first + second) * rule.factor.denominator, 1)
    return np.asarray(np.minimum(np.maximum(whole, rule.minimum_seats), seats), np.int64)


def _second_of(
    block: Block, tier: Tier, seconds: list[int], place: int, number: int, ties: Ties, trace: Trace | None
) -> int | None:
    """Return which of several equal lists joins: the law has no rule, so a decision or a draw."""
    rule = tier.single_qualifier
    assert rule is not None
    if ties.seed is not None:
        return seconds[(ties.seed + ties.first + number) % len(seconds)]
    if not ties.asks:
        return None
    names = tuple(block.paper.option(o, place) for o in seconds)
    asked = Undetermined(block.paper.name, block.paper.districts[place], "no-rule", names, 1, rule.cite, tier.id)
    chosen = ties.decision(asked, trace, f"{tier.id}.single-qualifier")
    if chosen is None:
        ties.open_questions.append(asked)
        return None
    return seconds[names.index(chosen[0])]


def _tell_single(trace: Trace, block: Block, tier: Tier, place: int, first: int, second: int, total: int) -> None:
    rule = tier.single_qualifier
    assert rule is not None
    one, two = block.paper.option(first, place), block.paper.option(second, place)
    more, fewer = int(block.votes[first, place, 0]), int(block.votes[second, place, 0])
    quota = Fraction(more + fewer, total) if total else Fraction(1)
    quotient = fewer / quota * rule.factor
    get = min(max(int(quotient), rule.minimum_seats), total)
    values = {
        "first": one,
        "second": two,
        "quota": quota,
        "factor": rule.factor,
        "minimum": rule.minimum_seats,
        "quotient": quotient,
        "seats": total,
    }
    rows: dict[str, dict[str, Any]] = {
        one: {"seats": total - get, "votes": more},
        two: {"seats": get, "votes": fewer, "quotient": quotient},
    }
    unit = block.paper.districts[place]
    trace.add("single-qualifier", tier.id, block.paper.name, unit, f"{tier.id}.single-qualifier", rule, values, rows)


# ---------------------------------------------------------------------- ties and steps


def tie_question(tier: Tier, path: str = "tie") -> Question:
    """Return what a tie between lists of a tier is about."""
    kind = "remainder" if tier.formula.method == "largest-remainder" else "quotient"
    rule = tier.tie
    where = f"{tier.id}.{path}"
    if rule is None:
        return Question(kind, (), "no-rule", f"{tier.id}.formula", tier.formula)
    return Question(kind, rule.order, rule.otherwise, where, rule, rule.of_two)


def criteria(block: Block, election: Election, further: dict[str, IntArray] | None = None) -> Ranks:
    """Return the values of the law's tie criteria for a paper's options."""

    def ranks(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        if further is not None and rule in further:
            return narrow_ranks(-further[rule]), None
        if rule == "more-votes":
            return narrow_ranks(-block.votes), None
        if rule == "fewer-votes":
            return narrow_ranks(block.votes), None
        if rule == "more-votes-whole":
            return narrow_ranks(-_over_districts(block.votes)), None
        facts = [_fact(rule, str(option), election) for option in _flat(block.paper.options)]
        unknown = np.array([fact is None for fact in facts])[:, None, None]
        rank = np.array([0 if fact is None else fact for fact in facts], np.int64)[:, None, None]
        return rank, unknown

    return ranks


def narrow_ranks(values: IntArray) -> IntArray:
    """Return values as ranks: as they are, or numbered in order where they may not fit into 64 bits."""
    if values.dtype != object:
        return values
    return np.asarray(np.unique(values, return_inverse=True)[1]).reshape(values.shape)


def _flat(options: Sequence[Any]) -> Sequence[Any]:
    return options if not options or isinstance(options[0], str) else options[0]


def _fact(rule: TieRule, option: str, election: Election) -> int | None:
    party = election.parties.get(option)
    if party is None:
        return None
    if rule == "registered-earlier":
        return None if party.registered is None else party.registered.toordinal()
    return party.number if rule == "list-number" else None


def tell_allocation(
    trace: Trace,
    block: Block,
    tier: Tier,
    seats: IntArray,
    allocation: Allocation,
    admitted: BoolArray | None,
    limits: IntArray | None,
) -> None:
    """Record quota, whole parts and remainders, or quotients, of every district."""
    for place, unit in enumerate(block.paper.districts):
        single = admitted is not None and tier.single_qualifier is not None
        if not block.paper.reported[place] or (single and _told_single(trace, tier, unit)):
            continue
        took_part = [
            slot
            for slot in range(len(block.paper.names(place)))
            if (admitted is None or admitted[slot, place if admitted.shape[1] > 1 else 0, 0])
            and block.votes[slot, place, 0] > 0
        ]
        if not took_part:
            continue
        if isinstance(allocation.workings, QuotaWorkings):
            _tell_quota(trace, block, tier, place, int(seats[place, 0]), allocation, took_part)
        elif isinstance(allocation.workings, DivisorWorkings):
            _tell_divisor(trace, block, tier, place, int(seats[place, 0]), allocation, took_part)
        if limits is not None:
            _tell_limits(trace, block, tier, place, allocation, limits, took_part)


def _told_single(trace: Trace, tier: Tier, unit: str) -> bool:
    return any(s.code == "single-qualifier" and s.tier == tier.id and s.unit == unit for s in trace.steps)


def _tell_quota(
    trace: Trace, block: Block, tier: Tier, place: int, seats: int, allocation: Allocation, took_part: list[int]
) -> None:
    work = allocation.workings
    assert isinstance(work, QuotaWorkings)
    paper, formula, unit = block.paper, tier.formula, block.paper.districts[place]
    path = f"{tier.id}.formula"
    quota = Fraction(int(work.quota_numerator[place, 0]), int(work.quota_denominator[place, 0]))
    total, left = int(work.total[place, 0]), int(work.left[place, 0])
    values = {
        "votes": total,
        "seats": seats,
        "quota": quota,
        "kind": formula.quota,
        "rounding": formula.round_quota,
        "unqualified": formula.unqualified,
    }
    trace.add("quota", tier.id, paper.name, unit, path, formula, values)
    rows: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        whole = int(work.whole[slot, place, 0])
        remainder = Fraction(int(work.remainders[slot, place, 0]), int(work.quota_numerator[place, 0]))
        votes = int(block.votes[slot, place, 0])
        rows[paper.option(slot, place)] = {"votes": votes, "whole": whole, "remainder": remainder, "quotient": whole + remainder}
    trace.add("whole", tier.id, paper.name, unit, path, formula, {"quota": quota, "left": left}, rows)
    if not left or (formula.leftover == "transfer" and left > 0):
        return
    changed: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        row = rows[paper.option(slot, place)]
        gained = int(allocation.seats[slot, place, 0]) - row["whole"]
        tied = bool(allocation.tied[slot, place, 0])
        changed[paper.option(slot, place)] = {"remainder": row["remainder"], "gained": gained, "tied": tied}
    order = tuple(sorted(changed, key=lambda o: -changed[o]["remainder"]))
    code = "remainders" if left > 0 else "taken-back"
    trace.add(code, tier.id, paper.name, unit, path, tier.tie or formula, {"left": left, "order": order}, changed)


def _tell_divisor(
    trace: Trace, block: Block, tier: Tier, place: int, seats: int, allocation: Allocation, took_part: list[int]
) -> None:
    work = allocation.workings
    assert isinstance(work, DivisorWorkings)
    paper = block.paper
    rows: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        last = _quotient(work.last_numerator, work.last_denominator, slot, place)
        following = _quotient(work.next_numerator, work.next_denominator, slot, place)
        rows[paper.option(slot, place)] = {
            "votes": int(block.votes[slot, place, 0]),
            "seats": int(allocation.seats[slot, place, 0]),
            "last": last,
            "next": following,
            "tied": bool(allocation.tied[slot, place, 0]),
        }
    won = [row["last"] for row in rows.values() if row["seats"] and row["last"] is not None]
    lost = [row["next"] for row in rows.values() if row["next"] is not None]
    values = {
        "seats": seats,
        "method": tier.formula.method,
        "smallest": min(won, default=None),
        "largest": max(lost, default=None),
        "first": tier.formula.first,
        "power": work.power,
    }
    path, unit = f"{tier.id}.formula", paper.districts[place]
    trace.add("quotients", tier.id, paper.name, unit, path, tier.formula, values, rows)


def _quotient(numerator: IntArray, denominator: IntArray, slot: int, place: int) -> Fraction | None:
    """Return a quotient; None for none, or for an infinite one."""
    above, below = int(numerator[slot, place, 0]), int(denominator[slot, place, 0])
    return Fraction(above, below) if below and above else None


def _tell_limits(
    trace: Trace,
    block: Block,
    tier: Tier,
    place: int,
    allocation: Allocation,
    limits: IntArray,
    took_part: list[int],
) -> None:
    rows = {}
    for slot in took_part:
        most = int(np.broadcast_to(limits, block.votes.shape)[slot, place, 0])
        if int(allocation.seats[slot, place, 0]) == most:
            rows[block.paper.option(slot, place)] = {"most": most}
    if rows:
        rule = tier.exhaustion or tier.limits
        path = f"{tier.id}.{'exhaustion' if tier.exhaustion else 'limits'}"
        trace.add("limit", tier.id, block.paper.name, block.paper.districts[place], path, rule, {}, rows)
