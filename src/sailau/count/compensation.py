"""Tiers that build on an earlier one: levelling seats, and the second scrutiny of remainders.

Both loop over elections plainly where seats are placed in districts; the rest is vectorised.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from sailau.count.block import Block
from sailau.count.lists import TierResult, admitted_lists, apply_formula, criteria, limits_of, tie_question
from sailau.count.steps import Trace, Undetermined
from sailau.count.ties import Ties
from sailau.election.model import WHOLE, Election
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import most_votes
from sailau.law import Finding
from sailau.law.schema import Tier


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
    while True:
        pool = earlier.seats.sum(axis=(0, 1))[None] + extra - np.where(active, 0, held).sum(axis=0)
        share = _shares(block, tier, votes, pool, active, election, ties, trace)
        over = active & (held > share.seats)
        if trace is not None:
            _tell_pool(trace, block, tier, votes, held, pool, active, over, share)
        if not over.any():
            break
        active &= ~over
    due = np.where(active, share.seats - held, 0)[:, 0]
    placed = _place_levelling(block, tier, earlier.seats, due, ties, trace)
    return TierResult(placed, admitted, share.workings)


def _shares(
    block: Block,
    tier: Tier,
    votes: IntArray,
    pool: IntArray,
    active: BoolArray,
    election: Election,
    ties: Ties,
    trace: Trace | None,
) -> Allocation:
    share = apply_formula(tier.formula, votes, pool, active, None, trace is not None)
    whole = Block(block.paper, votes, {}, {})
    return ties.settle(share, tier, block.paper, (WHOLE,), tie_question(tier), criteria(whole, election), trace)


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
    for number in np.flatnonzero(due.any(axis=0)):
        cells = _quotients(block, tier, district_seats, int(number), due[:, number] > 0)
        left = due[:, number].copy()
        free = np.full(len(block.paper.districts), rule.per_district)
        for index, (quotient, slot, place) in enumerate(cells):
            if not (left[slot] and free[place]):
                continue
            rivals = _rivals(cells, index, left, free)
            if rivals:
                ties.broken[number] = True
                _ask_place(block, tier, slot, place, rivals, ties)
            placed[slot, place, number] += 1
            left[slot] -= 1
            free[place] -= 1
            if trace is not None:
                _tell_place(trace, block, tier, district_seats, quotient, slot, place)
            if not left.any():
                break
    return placed


Cell = tuple[Fraction, int, int]


def _quotients(block: Block, tier: Tier, seats: IntArray, number: int, due: BoolArray) -> list[Cell]:
    """Return (quotient, list, district) of every place, largest first: votes ÷ divisor ÷ votes per seat of the district."""
    rule = tier.levelling
    assert rule is not None
    magnitude = seats[:, :, number].sum(axis=0)
    total = block.votes[:, :, number].sum(axis=0)
    cells = []
    for slot in np.flatnonzero(due):
        for place in range(len(magnitude)):
            votes, held = int(block.votes[slot, place, number]), int(seats[slot, place, number])
            if votes and total[place]:
                divisor = rule.placement_first if held == 0 else Fraction(2 * held + 1)
                cells.append((Fraction(votes * int(magnitude[place]), int(total[place])) / divisor, int(slot), place))
    return sorted(cells, key=lambda c: (-c[0], c[1], c[2]))


def _rivals(cells: list[Cell], index: int, left: IntArray, free: IntArray) -> list[Cell]:
    """Return later cells with the same quotient that want the same district's seat, or the list's last seat."""
    quotient, slot, place = cells[index]
    rivals = []
    for other in cells[index + 1 :]:
        if other[0] != quotient:
            break
        wants = left[other[1]] and free[other[2]]
        same_seat = other[2] == place and free[place] == 1
        same_list = other[1] == slot and left[slot] == 1
        if wants and (same_seat or same_list):
            rivals.append(other)
    return rivals


def _ask_place(block: Block, tier: Tier, slot: int, place: int, rivals: list[Cell], ties: Ties) -> None:
    """Note that equal quotients compete for a place; the law leaves it to a lot."""
    if not ties.asks:
        return
    names = [block.paper.option(slot, place), *(block.paper.option(s, p) for _, s, p in rivals)]
    cite = tier.levelling.cite if tier.levelling else ""
    asked = Undetermined(
        block.paper.name, block.paper.districts[place], "quotient", tuple(dict.fromkeys(names)), 1, cite, tier.id, "lot"
    )
    ties.open_questions.append(asked)


def _tell_place(
    trace: Trace, block: Block, tier: Tier, seats: IntArray, quotient: Fraction, slot: int, place: int
) -> None:
    name = block.paper.option(slot, place)
    held = int(seats[slot, place, 0])
    row = {
        "votes": int(block.votes[slot, place, 0]),
        "held": held,
        "divisor": 2 * held + 1 if held else (tier.levelling.placement_first if tier.levelling else 1),
        "district_votes": int(block.votes[:, place, 0].sum()),
        "district_seats": int(seats[:, place, 0].sum()),
        "quotient": quotient,
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
    work = earlier.workings
    assert isinstance(work, QuotaWorkings), "a second scrutiny follows a quota formula"
    admitted = np.ones_like(earlier.seats, np.bool_) if earlier.admitted is None else earlier.admitted
    remainders = np.where(admitted, work.remainders // work.quota_denominator, 0)
    transferred = np.where(earlier.seats == 0, np.where(admitted, block.votes, 0), remainders)
    total = transferred.sum(axis=1, keepdims=True)
    left = (np.broadcast_to(seats, block.votes.shape[1:]) - earlier.seats.sum(axis=0)).sum(axis=0)[None]
    limits = _room_left(block, tier, earlier.seats, election)
    allocation = apply_formula(tier.formula, total, np.maximum(left, 0), None, limits, True)
    if trace is not None:
        _tell_transfer(trace, block, tier, transferred, earlier.seats, total, left, allocation)
    ranks = criteria(block, election, {"more-transferred": total})
    allocation = ties.settle(allocation, tier, block.paper, (WHOLE,), tie_question(tier), ranks, trace)
    placed = _place_transferred(block, tier, remainders, allocation.seats[:, 0], ties, trace)
    return TierResult(placed, earlier.admitted, allocation.workings)


def _room_left(block: Block, tier: Tier, seats: IntArray, election: Election) -> IntArray | None:
    """Return how many more seats each list can take, where lists can run out of candidates."""
    limits = limits_of(block, tier, election)
    return None if limits is None else np.maximum(limits - seats, 0).sum(axis=1, keepdims=True)


def _tell_transfer(
    trace: Trace,
    block: Block,
    tier: Tier,
    transferred: IntArray,
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
    block: Block, tier: Tier, remainders: IntArray, won: IntArray, ties: Ties, trace: Trace | None
) -> IntArray:
    """Give each list its seats in the districts where its remainders are largest, in rounds where it has more than districts."""
    districts = len(block.paper.districts)
    by_district = np.moveaxis(remainders, 1, 0)
    rounds = won // districts
    placed = most_votes(by_district, won - rounds * districts, voteless=True)
    seats = placed.seats + rounds
    if placed.tied.any():
        seats = seats + _place_ties(block, tier, placed, ties)
    seats = np.moveaxis(seats, 0, 1)
    if trace is not None:
        for slot, place in np.argwhere(seats[:, :, 0] > 0):
            name = block.paper.option(int(slot), int(place))
            row = {"seats": int(seats[slot, place, 0]), "remainder": int(remainders[slot, place, 0])}
            unit, path = block.paper.districts[place], f"{tier.id}.transfer"
            trace.add("transfer-place", tier.id, block.paper.name, unit, path, tier.transfer, {}, {name: row})
    return np.asarray(seats)


def _place_ties(block: Block, tier: Tier, placed: Allocation, ties: Ties) -> IntArray:
    """Decide between districts with equal remainders of one list: by lot."""
    extra = np.zeros(placed.seats.shape, np.int64)
    for slot, number in np.argwhere((placed.open > 0) & placed.tied.any(axis=0)):
        places = np.flatnonzero(placed.tied[:, slot, number])
        stake = int(placed.open[slot, number])
        ties.broken[number] = True
        if ties.seed is not None:
            rng = np.random.default_rng([ties.seed, ties.first + int(number), int(slot)])
            extra[rng.permutation(places)[:stake], slot, number] = 1
            continue
        if not ties.asks:
            continue
        among = tuple(block.paper.districts[p] for p in places)
        cite = tier.transfer.cite if tier.transfer else ""
        asked = Undetermined(block.paper.name, WHOLE, "district", among, stake, cite, tier.id, "lot")
        chosen = ties.decision(asked)
        if chosen is None:
            ties.open_questions.append(asked)
        else:
            extra[[p for p in places if block.paper.districts[p] in chosen], slot, number] = 1
    return extra


