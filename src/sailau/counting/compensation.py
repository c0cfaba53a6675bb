"""Tiers that build on an earlier one: levelling seats, and the second scrutiny of remainders.

Both loop over elections plainly where seats are placed in districts; the rest is vectorised.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from sailau.counting.bars import admitted_lists
from sailau.counting.block import Block
from sailau.counting.criteria import criteria, tie_question
from sailau.counting.lists import TierResult, apply_formula, limits_of
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Election
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import BoolArray, FloatArray, IntArray
from sailau.formulas.majority import most_votes
from sailau.rulebook import Finding
from sailau.rulebook.schema import Tier

_MANY = 16
"""Elections from which they are worth placing together."""
_NOBODY = -1.0
"""In place of a quotient where no seat can be placed."""
_ALIKE = 1e-12
"""Floats this close, as parts of themselves, may stand for quotients in another order or for equal ones."""


def levelling_tier(
    block: Block,
    tier: Tier,
    earlier: TierResult,
    election: Election,
    ties: Ties,
    findings: list[Finding],
    trace: Trace | None,
) -> TierResult:
    """Deal levelling seats: what each list lacks of its share of the whole, then a place for every one of them.

    A list that holds more seats in the districts than its share keeps them and leaves the computation, which is then done
    again for the others.
    """
    rule = tier.levelling
    assert rule is not None
    admitted = admitted_lists(block, tier, election, findings, trace)
    active = np.ones((len(block.votes), 1, block.size), np.bool_) if admitted is None else admitted.copy()
    votes = block.votes.sum(axis=1, keepdims=True)
    held = earlier.seats.sum(axis=1, keepdims=True)
    extra = rule.per_district * len(block.paper.districts)
    if ties.waiting(block.paper.name):
        return TierResult(np.zeros_like(earlier.seats), admitted)
    ranks = criteria(Block(block.paper, votes, {}, {}))
    while True:
        pool = earlier.seats.sum(axis=(0, 1))[None] + extra - np.where(active, 0, held).sum(axis=0)
        share = apply_formula(tier.formula, votes, pool, active, None, trace is not None)
        over = active & (held > share.seats + (share.tied & (share.open > 0)))
        if not over.any():
            # A tie counts only when no list leaves for sure: the next computation may not have it.
            share = ties.settle(share, tier, block.paper, (WHOLE,), tie_question(tier), ranks, trace)
            over = active & (held > share.seats) & (share.open == 0)
        if trace is not None:
            _tell_pool(trace, block, tier, votes, held, pool, active, over, share)
        if not over.any():
            break
        active &= ~over
    if ties.waiting(block.paper.name):
        return TierResult(np.zeros_like(earlier.seats), admitted, share.workings)
    due = np.maximum(np.where(active, share.seats - held, 0)[:, 0], 0)
    placed = _place_levelling(block, tier, earlier.seats, due, ties, trace)
    return TierResult(placed, admitted, share.workings)


def _tell_pool(
    trace: Trace,
    block: Block,
    tier: Tier,
    votes: IntArray,
    held: IntArray,
    pool: IntArray,
    active: BoolArray,
    over: BoolArray,
    share: Allocation,
) -> None:
    work = share.workings
    rows: dict[str, dict[str, Any]] = {}
    for slot, name in enumerate(block.paper.names(0)):
        if not active[slot, 0, 0]:
            continue
        row: dict[str, Any] = {
            "votes": int(votes[slot, 0, 0]),
            "held": int(held[slot, 0, 0]),
            "share": int(share.seats[slot, 0, 0]),
            "over": bool(over[slot, 0, 0]),
        }
        if isinstance(work, DivisorWorkings) and row["share"]:
            row["last"] = Fraction(int(work.last_numerator[slot, 0, 0]), int(work.last_denominator[slot, 0, 0]))
        rows[name] = row
    values = {"pool": int(pool[0, 0]), "method": tier.formula.method, "first": tier.formula.first}
    trace.add("levelling", tier.id, block.paper.name, WHOLE, f"{tier.id}.levelling", tier.levelling, values, rows)


def _place_levelling(
    block: Block, tier: Tier, district_seats: IntArray, due: IntArray, ties: Ties, trace: Trace | None
) -> IntArray:
    """Walk down the ranked quotients; a seat goes where the district's levelling seat is free and the list has one due."""
    rule = tier.levelling
    assert rule is not None
    placed = np.zeros(block.votes.shape, np.int64)
    numbers = np.flatnonzero(due.any(axis=0))
    if trace is None and numbers.size >= _MANY and block.votes.dtype != object:
        numbers = _place_together(block, tier, district_seats, due, numbers, placed)
    for number in numbers:
        cells = _quotients(block, tier, district_seats, int(number), due[:, number] > 0)
        left = due[:, number].copy()
        free = np.full(len(block.paper.districts), rule.per_district)
        rivals = _Rivals(block, tier, int(number), ties, trace)
        for _, level in groupby(cells, lambda cell: cell[0]):
            waiting = [(slot, place) for _, slot, place in level]
            while able := [(slot, place) for slot, place in waiting if left[slot] and free[place]]:
                sure = _next_of(rivals, able, left, free)
                if not sure:
                    break
                for slot, place in sure:
                    placed[slot, place, number] += 1
                    left[slot] -= 1
                    free[place] -= 1
                    if trace is not None:
                        _tell_place(trace, block, tier, district_seats, slot, place)
                waiting = [cell for cell in waiting if cell not in sure]
            if able or not left.any():
                break
    return placed


def _place_together(
    block: Block, tier: Tier, district_seats: IntArray, due: IntArray, numbers: IntArray, placed: IntArray
) -> IntArray:
    """Place seats in many elections at once, largest quotient by largest quotient, and write them into `placed`.

    Returns:
        The elections in which two quotients are closer than floats can tell apart: nothing is placed in them.
    """
    rule = tier.levelling
    assert rule is not None
    slots = np.flatnonzero(due[:, numbers].any(axis=1))
    left = due[np.ix_(slots, numbers)].T.copy()
    free = np.full((numbers.size, block.votes.shape[1]), rule.per_district)
    waiting = _float_quotients(block, tier, district_seats, slots, numbers)
    waiting[left == 0] = _NOBODY
    cells = waiting.reshape(numbers.size, -1)
    rows, sure = np.arange(numbers.size), np.ones(numbers.size, np.bool_)
    gains: list[tuple[IntArray, ...]] = []
    while rows.size:
        best = cells[rows].argmax(axis=1)
        top = cells[rows, best]
        cells[rows, best] = _NOBODY
        sure[rows] &= (cells[rows].max(axis=1) < top * (1 - _ALIKE)) | (top < 0)
        going = (top >= 0) & sure[rows]
        rows, best = rows[going], best[going]
        slot, place = np.divmod(best, free.shape[1])
        gains.append((rows, slot, place))
        left[rows, slot] -= 1
        free[rows, place] -= 1
        done = left[rows, slot] == 0
        waiting[rows[done], slot[done]] = _NOBODY
        done = free[rows, place] == 0
        waiting[rows[done], :, place[done]] = _NOBODY
    for rows, slot, place in gains:
        kept = sure[rows]
        placed[slots[slot[kept]], place[kept], numbers[rows[kept]]] += 1
    return numbers[~sure]


def _float_quotients(block: Block, tier: Tier, seats: IntArray, slots: IntArray, numbers: IntArray) -> FloatArray:
    """Return the quotients of `_quotients` about, (elections, lists, districts); `_NOBODY` where a list has no votes."""
    rule = tier.levelling
    assert rule is not None
    votes, held = block.votes[..., numbers], seats[..., numbers]
    average = held.sum(axis=0) / np.maximum(votes.sum(axis=0), 1)
    own = held[slots]
    divisor = np.where(own == 0, float(rule.placement_first), 2.0 * own + 1)
    # A district without seats of its own has quotients of 0, and its levelling seat all the same.
    found = np.where(votes[slots] > 0, votes[slots] * average / divisor, _NOBODY)
    return np.ascontiguousarray(found.transpose(2, 0, 1))


Cell = tuple[int, int, int]


def _quotients(block: Block, tier: Tier, seats: IntArray, number: int, due: BoolArray) -> list[Cell]:
    """Return (quotient, list, district) of every place, largest first: votes ÷ divisor ÷ votes per seat of the district.

    Quotients are whole numbers, scaled so far up that different ones stay different: two fractions whose denominators
    are below 2ⁿ differ by more than 2⁻²ⁿ.
    """
    rule = tier.levelling
    assert rule is not None
    votes, held = block.votes[:, :, number].tolist(), seats[:, :, number].tolist()
    total, magnitude = [sum(v) for v in zip(*votes, strict=True)], [sum(h) for h in zip(*held, strict=True)]
    first = rule.placement_first
    most = max(map(max, held), default=0)
    scale = 2 * (max(total, default=1) * (2 * most + 1) * first.numerator).bit_length() + 1
    cells = []
    for slot in np.flatnonzero(due).tolist():
        for place, cast in enumerate(votes[slot]):
            if cast and total[place]:
                own = held[slot][place]
                above, below = (first.denominator, first.numerator) if own == 0 else (1, 2 * own + 1)
                quotient = (cast * magnitude[place] * above << scale) // (total[place] * below)
                cells.append((-quotient, slot, place))
    cells.sort()
    return cells


def _next_of(rivals: _Rivals, able: list[tuple[int, int]], left: IntArray, free: IntArray) -> list[tuple[int, int]]:
    """Return who of those with one quotient gets a seat next, (list, district); nobody where it stays open."""
    for place in dict.fromkeys(p for _, p in able):
        lists = [s for s, p in able if p == place]
        if len(lists) > free[place]:
            return [(s, place) for s in rivals.lists(place, lists, int(free[place]))]
    for slot in dict.fromkeys(s for s, _ in able):
        places = [p for s, p in able if s == slot]
        if len(places) > left[slot]:
            return [(slot, p) for p in rivals.districts(slot, places, int(left[slot]))]
    return able


@dataclass
class _Rivals:
    """Decides between equals when seats are placed in one election: a recorded decision or a draw; else it is open."""

    block: Block
    tier: Tier
    number: int
    ties: Ties
    trace: Trace | None

    def lists(self, place: int, slots: list[int], seats: int) -> list[int]:
        """Return which lists get the seats of one district."""
        unit = self.block.paper.districts[place]
        names = [self.block.paper.option(slot, place) for slot in slots]
        return self._decide("quotient", unit, slots, names, seats)

    def districts(self, slot: int, places: list[int], seats: int) -> list[int]:
        """Return in which districts one list gets its seats."""
        names = [self.block.paper.districts[place] for place in places]
        return self._decide("district", WHOLE, places, names, seats, self.block.paper.option(slot, 0))

    def _decide(self, kind: str, unit: str, among: list[int], names: list[str], seats: int, of: str = "") -> list[int]:
        tier = self.tier
        rule = tier.levelling or tier.transfer
        by_lot = tier.tie is not None and tier.tie.otherwise == "lot"
        cite = rule.cite if rule is not None else tier.cite
        asked = Undetermined(
            self.block.paper.name, unit, kind, tuple(names), seats, cite, tier.id, "lot" if by_lot else "none"
        )
        path = f"{tier.id}.{'levelling' if tier.levelling else 'transfer'}"
        chosen = self.ties.resolve(asked, self.number, self.trace, path, of) or ()
        return [place for place, name in zip(among, names, strict=True) if name in chosen]


def _tell_place(trace: Trace, block: Block, tier: Tier, seats: IntArray, slot: int, place: int) -> None:
    assert tier.levelling is not None
    name, held = block.paper.option(slot, place), int(seats[slot, place, 0])
    votes, total = int(block.votes[slot, place, 0]), int(block.votes[:, place, 0].sum())
    magnitude = int(seats[:, place, 0].sum())
    divisor = Fraction(2 * held + 1) if held else tier.levelling.placement_first
    row = {
        "votes": votes,
        "held": held,
        "divisor": divisor,
        "district_votes": total,
        "district_seats": magnitude,
        "quotient": Fraction(votes * magnitude, total) / divisor,
    }
    unit, path = block.paper.districts[place], f"{tier.id}.levelling"
    trace.add("levelling-place", tier.id, block.paper.name, unit, path, tier.levelling, {}, {name: row})


# ---------------------------------------------------------------------- second scrutiny


def transfer_tier(
    block: Block,
    tier: Tier,
    earlier: TierResult,
    seats: IntArray,
    election: Election,
    ties: Ties,
    trace: Trace | None,
) -> TierResult:
    """Share the seats that districts left open by the added remainders of all districts, and place them.

    Args:
        block: votes (options, districts, elections).
        tier: the second scrutiny.
        earlier: result and workings of the first.
        seats: (districts, 1 or elections) seats of the districts in the first scrutiny.
        election: for criteria of ties.
        ties: settles or asks.
        trace: where steps go.
    """
    if ties.waiting(block.paper.name):
        return TierResult(np.zeros_like(earlier.seats), earlier.admitted)
    work = earlier.workings
    assert isinstance(work, QuotaWorkings), "a second scrutiny follows a quota formula"
    admitted = np.ones_like(earlier.seats, np.bool_) if earlier.admitted is None else earlier.admitted
    remainders = np.where(admitted, work.remainders // work.quota_denominator, 0)
    transferred = np.where(earlier.seats == 0, np.where(admitted, block.votes, 0), remainders)
    total = transferred.sum(axis=1, keepdims=True)
    left = (np.broadcast_to(seats, block.votes.shape[1:]) - earlier.seats.sum(axis=0)).sum(axis=0)[None]
    room = _room_left(block, tier, earlier.seats, election)
    limits = None if room is None else room.sum(axis=1, keepdims=True)
    stood = np.broadcast_to(admitted.any(axis=1, keepdims=True), total.shape)
    allocation = apply_formula(tier.formula, total, np.maximum(left, 0), stood, limits, True)
    if trace is not None:
        _tell_transfer(trace, block, tier, earlier.seats, total, left, allocation)
    ranks = criteria(block, {"more-transferred": total})
    allocation = ties.settle(allocation, tier, block.paper, (WHOLE,), tie_question(tier), ranks, trace)
    placed = _place_transferred(block, tier, remainders, room, allocation.seats[:, 0], ties, trace)
    return TierResult(placed, earlier.admitted, allocation.workings)


def _room_left(block: Block, tier: Tier, seats: IntArray, election: Election) -> IntArray | None:
    """Return how many more seats each list can take in a district, where lists can run out of candidates."""
    limits = limits_of(block, tier, election)
    return None if limits is None else np.where(block.paper.reported[:, None], np.maximum(limits - seats, 0), 0)


def _tell_transfer(
    trace: Trace,
    block: Block,
    tier: Tier,
    seats: IntArray,
    total: IntArray,
    left: IntArray,
    allocation: Allocation,
) -> None:
    work = allocation.workings
    assert isinstance(work, QuotaWorkings)
    quota = Fraction(int(work.quota_numerator[0, 0]), int(work.quota_denominator[0, 0]))
    rows = {}
    for slot, name in enumerate(block.paper.names(0)):
        if total[slot, 0, 0]:
            rows[name] = {
                "transferred": int(total[slot, 0, 0]),
                "whole": int(work.whole[slot, 0, 0]),
                "remainder": Fraction(int(work.remainders[slot, 0, 0]), int(work.quota_denominator[0, 0])),
                "seats": int(allocation.seats[slot, 0, 0]),
                "first": int(seats[slot, :, 0].sum()),
            }
    values = {"left": int(left[0, 0]), "votes": int(total[:, 0, 0].sum()), "quota": quota, "kind": tier.formula.quota}
    trace.add("transfer", tier.id, block.paper.name, WHOLE, f"{tier.id}.transfer", tier.transfer, values, rows)


def _place_transferred(
    block: Block,
    tier: Tier,
    remainders: IntArray,
    room: IntArray | None,
    won: IntArray,
    ties: Ties,
    trace: Trace | None,
) -> IntArray:
    """Give each list its seats in the districts where its remainders are largest, in rounds where it has more than districts.

    Args:
        block: the paper's figures.
        tier: the second scrutiny.
        remainders: (options, districts, elections).
        room: (options, districts, elections) seats a list can still take; None without limit.
        won: (options, elections) seats to place.
        ties: settles or asks.
        trace: where steps go.
    """
    by_district = np.moveaxis(remainders, 1, 0)
    seats = np.zeros(by_district.shape, np.int64)
    reported = block.paper.reported[:, None, None]
    while True:
        open_to = np.broadcast_to(reported, seats.shape)
        if room is not None:
            open_to = open_to & (np.broadcast_to(np.moveaxis(room, 1, 0), seats.shape) > seats)
        number = np.minimum(won - seats.sum(axis=0), open_to.sum(axis=0))
        if not number.any():
            break
        placed = most_votes(by_district, number, eligible=open_to, voteless=True)
        seats += placed.seats
        if placed.tied.any():
            decided = _place_ties(block, tier, placed, ties, trace)
            seats += decided
            won = won - np.where(placed.tied.any(axis=0), placed.open - decided.sum(axis=0), 0)  # what stays open
    seats = np.moveaxis(seats, 0, 1)
    if trace is not None:
        for slot, place in np.argwhere(seats[:, :, 0] > 0):
            name = block.paper.option(int(slot), int(place))
            row = {"seats": int(seats[slot, place, 0]), "remainder": int(remainders[slot, place, 0])}
            unit, path = block.paper.districts[place], f"{tier.id}.transfer"
            trace.add("transfer-place", tier.id, block.paper.name, unit, path, tier.transfer, {}, {name: row})
    return np.asarray(seats)


def _place_ties(block: Block, tier: Tier, placed: Allocation, ties: Ties, trace: Trace | None) -> IntArray:
    """Decide between districts with equal remainders of one list: by lot."""
    extra = np.zeros(placed.seats.shape, np.int64)
    for slot, number in np.argwhere((placed.open > 0) & placed.tied.any(axis=0)):
        places = [int(place) for place in np.flatnonzero(placed.tied[:, slot, number])]
        rivals = _Rivals(block, tier, int(number), ties, trace)
        chosen = rivals.districts(int(slot), places, int(placed.open[slot, number]))
        extra[chosen, slot, number] = 1
    return extra
