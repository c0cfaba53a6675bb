"""Double-proportional tiers: seats of lists in the whole first, then the matrix of districts and lists."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sailau.counting.bars import admitted_lists
from sailau.counting.block import Block
from sailau.counting.criteria import criteria, tie_question
from sailau.counting.lists import TierResult
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Election
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.biproportional import biproportional, divisors
from sailau.formulas.divisor import highest_averages
from sailau.rulebook import Finding
from sailau.rulebook.schema import Tier

UPPER: dict[str, Literal["sainte-lague", "dhondt", "adams"]] = {
    "standard": "sainte-lague",
    "down": "dhondt",
    "up": "adams",
}


def matrix_tier(
    block: Block,
    tier: Tier,
    seats: IntArray,
    election: Election,
    ties: Ties,
    findings: list[Finding],
    trace: Trace | None,
) -> TierResult:
    """Allocate seats to lists in the whole, then to lists in districts so that both margins hold.

    The matrix is computed election by election, plainly.
    """
    formula = tier.formula
    admitted = admitted_lists(block, tier, election, findings, trace)
    votes = block.votes if admitted is None else np.where(admitted, block.votes, 0)
    each = np.broadcast_to(seats, votes.shape[1:])
    nobody = np.asarray((votes == 0).all(axis=(0, 1)))
    if nobody.any():
        each = np.where(nobody, 0, each)
        ties.broken |= nobody
        _nobody(block, tier, int(np.broadcast_to(seats, votes.shape[1:])[:, 0].sum()), ties, trace)
    strength = _strength(votes, each) if formula.voter_numbers else votes.sum(axis=1, keepdims=True)
    upper = highest_averages(strength, each.sum(axis=0)[None], method=UPPER[formula.rounding], workings=False)
    upper = ties.settle(
        upper,
        tier,
        block.paper,
        (WHOLE,),
        tie_question(tier),
        criteria(Block(block.paper, strength, {}, {})),
        trace,
    )
    won, tied = np.zeros(votes.shape, np.int64), np.zeros(votes.shape, np.bool_)
    for number in range(block.size):
        party_seats = upper.seats[:, 0, number]
        if int(party_seats.sum()) != int(each[:, number].sum()):
            continue
        won[:, :, number], tied[:, :, number] = _matrix(
            block, tier, votes[:, :, number], each[:, number], party_seats, number, ties
        )
    # Nobody holds a seat of a cell that another matrix, as proportional, gives to others.
    sure = np.where(tied, 0, won)
    if trace is not None:
        _tell(trace, block, tier, strength, upper.seats, votes, won, sure)
    return TierResult(sure, admitted)


def _nobody(block: Block, tier: Tier, seats: int, ties: Ties, trace: Trace | None) -> None:
    """Ask what the law says where no list takes part: the matrix is of the whole, whatever the bar is measured on."""
    if not ties.asks:
        return
    kind, cite = ("no-rule", tier.cite) if tier.threshold is None else (tier.threshold.nobody, tier.threshold.cite)
    among = tuple(option for option in block.paper.names(0) if option)
    ties.open_questions.append(Undetermined(block.paper.name, WHOLE, kind, among, seats, cite, tier.id))
    if trace is not None:
        values = {"seats": seats, "rule": kind}
        path = f"{tier.id}.threshold"
        trace.add("nobody-qualifies", tier.id, block.paper.name, WHOLE, path, tier.threshold or tier, values)


def _strength(votes: IntArray, seats: IntArray) -> IntArray:
    """Return voter numbers of the whole: votes of a list over the seats of the district, each rounded to the nearest."""
    divisor = np.maximum(seats, 1)
    return np.asarray(((2 * votes + divisor) // (2 * divisor)).sum(axis=1, keepdims=True))


def _matrix(
    block: Block, tier: Tier, votes: IntArray, seats: IntArray, party_seats: IntArray, number: int, ties: Ties
) -> tuple[IntArray, BoolArray]:
    """Return one matrix, (options, districts), and the cells that stay open because another one is as proportional."""
    rounding = tier.formula.rounding
    found, mask = biproportional(votes.T, seats, party_seats, rounding, ties="report")
    if not mask.any():
        return found.T, mask.T
    ties.broken[number] = True
    if ties.seed is not None:
        drawn = biproportional(votes.T, seats, party_seats, rounding, ties=ties.lot(number, f"{tier.id} matrix"))
        return drawn.T, np.zeros_like(mask.T)
    if ties.asks:
        among = tuple(block.paper.names(0)[slot] for slot in np.flatnonzero(mask.any(axis=0)))
        cite = tier.tie.cite if tier.tie else tier.cite
        stake = int((np.where(mask, found, 0)).sum())
        answer = "lot" if tier.tie is not None and tier.tie.otherwise == "lot" else "none"
        asked = Undetermined(block.paper.name, WHOLE, "quotient", among, stake, cite, tier.id, answer)
        ties.open_questions.append(asked)
    return found.T, mask.T


def _tell(
    trace: Trace,
    block: Block,
    tier: Tier,
    strength: IntArray,
    upper: IntArray,
    votes: IntArray,
    won: IntArray,
    sure: IntArray,
) -> None:
    path, paper = f"{tier.id}.formula", block.paper
    rows = {
        name: {"votes": int(strength[slot, 0, 0]), "seats": int(upper[slot, 0, 0])}
        for slot, name in enumerate(paper.names(0))
        if strength[slot, 0, 0]
    }
    values = {"seats": int(upper[:, 0, 0].sum()), "method": UPPER[tier.formula.rounding]}
    trace.add("matrix-lists", tier.id, paper.name, WHOLE, path, tier.formula, values, rows)
    if not won.any():
        return
    of_district, of_list = divisors(votes[:, :, 0].T, won[:, :, 0].T, tier.formula.rounding)
    for place, unit in enumerate(paper.districts):
        cells = {}
        for slot, name in enumerate(paper.names(place)):
            above, below = of_district[place], of_list[slot]
            if above is None or below is None or not votes[slot, place, 0]:
                continue
            quotient = int(votes[slot, place, 0]) / above / below
            row = {"votes": int(votes[slot, place, 0]), "divisor": below, "quotient": quotient}
            cells[name] = {**row, "seats": int(sure[slot, place, 0])}
        shared = {"divisor": of_district[place], "rounding": tier.formula.rounding}
        trace.add("matrix", tier.id, paper.name, unit, path, tier.formula, shared, cells)
