"""Single seats and block votes: the most votes, or an absolute majority with a second round.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sailau.counting.bars import exceeds, known_base, not_checked, note_doubts
from sailau.counting.block import Block
from sailau.counting.criteria import criteria
from sailau.counting.lists import TierResult
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Question, Ties
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import BoolArray, IntArray, places
from sailau.formulas.majority import at_least, most_votes
from sailau.rulebook import Finding
from sailau.rulebook.schema import Bar, OpenTie, Provision, RunOff, Tier


def plurality_tier(block: Block, tier: Tier, seats: IntArray, ties: Ties, trace: Trace | None) -> TierResult:
    """Elect the options with the most votes: plurality, block vote, limited vote.

    Args:
        block: votes (options, districts, elections).
        tier: its rules.
        seats: (districts, 1 or elections).
        ties: settles or asks.
        trace: where steps go.
    """
    allocation = most_votes(block.votes, seats)
    if trace is not None:
        _tell_most(trace, block, tier, allocation, np.broadcast_to(seats, block.votes.shape[1:]))
    if allocation.open.any():
        allocation = _second_vote(block, tier, _voteless_tied(block, allocation), ties, trace)
    question = _district_question(tier)
    allocation = ties.settle(allocation, tier, block.paper, block.paper.districts, question, criteria(block), trace)
    return TierResult(allocation.seats)


def _district_question(tier: Tier) -> Question:
    if tier.tie is None:
        return Question("district", (), "no-rule", f"{tier.id}.formula", tier.formula)
    return Question("district", tier.tie.order, tier.tie.otherwise, f"{tier.id}.tie", tier.tie, tier.tie.of_two)


def _tell_most(trace: Trace, block: Block, tier: Tier, allocation: Allocation, seats: IntArray) -> None:
    for place, unit in enumerate(block.paper.districts):
        if not block.paper.reported[place]:
            continue
        rows = {
            name: {
                "votes": int(block.votes[slot, place, 0]),
                "elected": bool(allocation.seats[slot, place, 0]),
                "tied": bool(allocation.tied[slot, place, 0]),
            }
            for slot, name in enumerate(block.paper.names(place))
        }
        values = {"seats": int(seats[place, 0]), "candidates": len(rows)}
        trace.add("most-votes", tier.id, block.paper.name, unit, f"{tier.id}.formula", tier.formula, values, rows)


def _voteless_tied(block: Block, allocation: Allocation) -> Allocation:
    """Tie all who stood where none of them has a vote: nobody is elected, and the law must say what follows."""
    place, number = places(allocation.open > 0)
    empty = (block.votes[:, place, number].max(axis=0, initial=0) == 0) & block.paper.reported[place]
    if not empty.any():
        return allocation
    void = np.zeros(allocation.open.shape, np.bool_)
    void[place[empty], number[empty]] = True
    tied = np.where(void[None], block.paper.stood[:, :, None], allocation.tied)
    left = np.where(void, np.minimum(allocation.open, tied.sum(axis=0)), allocation.open)
    return Allocation(allocation.seats, tied, left.astype(np.int64), room=tied.astype(np.int64))


def _second_vote(block: Block, tier: Tier, allocation: Allocation, ties: Ties, trace: Trace | None) -> Allocation:
    """Decide tied districts by the repeat vote that the returns hold as round 2, where the law knows one."""
    repeated = tier.tie is not None and tier.tie.otherwise in ("repeat-vote", "repeat-election")
    if block.paper.second is None or not repeated:
        return allocation
    votes, reported = block.paper.second
    seats, tied, left = allocation.seats.copy(), allocation.tied.copy(), allocation.open.copy()
    for place in np.flatnonzero(allocation.tied.any(axis=(0, 2)) & reported):
        winner = _leader(votes[:, place])
        if winner is not None and not tied[winner, place].any():
            winner = None  # somebody who was not among the equals cannot win the vote between them
        for number in np.flatnonzero(tied[:, place].any(axis=0)):
            ties.broken[number] = True
            if winner is not None and tied[winner, place, number] and left[place, number] == 1:
                seats[winner, place, number] += 1
                tied[:, place, number], left[place, number] = False, 0
        if trace is not None:
            winners = [] if winner is None else [winner]
            _tell_second(trace, block, tier, int(place), tier.tie, f"{tier.id}.tie", winners)
    return Allocation(seats, tied, left, room=allocation.room)


def _leader(votes: IntArray) -> int | None:
    """Return the slot with the most votes of a second round; None for a tie or no votes."""
    if not len(votes) or votes.max() <= 0:
        return None
    top = np.flatnonzero(votes == votes.max())
    return int(top[0]) if len(top) == 1 else None


def _tell_second(
    trace: Trace, block: Block, tier: Tier, place: int, rule: Provision | None, path: str, winners: Sequence[int]
) -> None:
    assert block.paper.second is not None
    votes, _ = block.paper.second
    rows = {
        name: {"votes": int(votes[slot, place]), "elected": slot in winners}
        for slot, name in enumerate(block.paper.names(place))
        if votes[slot, place] >= 0
    }
    trace.add("second-round", tier.id, block.paper.name, block.paper.districts[place], path, rule, {}, rows)


# ---------------------------------------------------------------------- absolute majority


def majority_tier(
    block: Block,
    tier: Tier,
    seats: IntArray,
    ties: Ties,
    findings: list[Finding],
    trace: Trace | None,
) -> TierResult:
    """Elect who clears a bar in the first round, else in the second round between the leaders.

    A second round is fresh votes: the case's round 2 where it has one, a question otherwise.
    """
    assert tier.majority is not None
    want = np.broadcast_to(seats, block.votes.shape[1:])
    cleared = np.zeros(block.votes.shape, np.bool_)
    for bar in tier.majority.bars:
        cleared |= _clears(block, tier, bar, want, ties, findings, trace)
    elected = most_votes(block.votes, want, eligible=cleared)
    missing = want - elected.seats.sum(axis=0)
    if missing.any():
        _second_round(block, tier, elected.seats, missing, ties, findings, trace)
    return TierResult(elected.seats)


def _clears(
    block: Block, tier: Tier, bar: Bar, seats: IntArray, ties: Ties, findings: list[Finding], trace: Trace | None
) -> BoolArray:
    """Return who clears one bar, leaders only where the bar is tied to a turnout.

    Where several seats are filled at once every ballot has a mark for each: votes add up to so many times the ballots.
    """
    doubts: list[Finding] = []
    name, base = known_base(block, tier, bar.base, "district", doubts)
    marks = np.maximum(seats, 1) if name in ("valid", "options") else 1
    votes: IntArray = block.votes
    if np.any(marks != 1):
        votes = np.asarray(votes.astype(object) * marks)
    cleared = exceeds(votes, base, bar.share, bar.comparison)
    if bar.turnout_from is not None or bar.turnout_below is not None:
        holds = _turnout_holds(block, tier, bar, findings)
        cleared &= holds
        if not holds.any():
            return cleared
    if doubts and ties.asks and block.paper.second is not None:
        # A second round was held: whatever the base that is not known, nobody had been elected before.
        cleared[:, block.paper.second[1] & ~block.base_where(bar.base)[1]] = False
    note_doubts(block, bar.base, np.asarray(cleared.any(axis=0)), doubts, findings)
    if trace is not None:
        _tell_majority(trace, block, tier, bar, name, base, cleared)
    return cleared


def _turnout_holds(block: Block, tier: Tier, bar: Bar, findings: list[Finding]) -> BoolArray:
    (cast, has_cast), (registered, has_registered) = block.base_where("cast"), block.base_where("registered")
    known = (has_cast & has_registered)[:, None]
    if bar.turnout_from is not None:
        not_checked(block, tier, tier.majority, has_registered, has_cast, ("registered", "cast"), findings)
        enough = at_least(cast, registered, bar.turnout_from.numerator, bar.turnout_from.denominator)
        return np.asarray(enough | ~known)
    assert bar.turnout_below is not None
    enough = at_least(cast, registered, bar.turnout_below.numerator, bar.turnout_below.denominator)
    return np.asarray(~enough & known)


def _tell_majority(
    trace: Trace, block: Block, tier: Tier, bar: Bar, name: str, base: IntArray, cleared: BoolArray
) -> None:
    for place, unit in enumerate(block.paper.districts):
        if not block.paper.reported[place]:
            continue
        rows = {
            option: {"votes": int(block.votes[slot, place, 0]), "passed": bool(cleared[slot, place, 0])}
            for slot, option in enumerate(block.paper.names(place))
        }
        values = {
            "base": int(base[place, 0]),
            "base_name": name,
            "share": bar.share,
            "comparison": bar.comparison,
            "turnout_from": bar.turnout_from,
            "turnout_below": bar.turnout_below,
        }
        trace.add("majority", tier.id, block.paper.name, unit, f"{tier.id}.majority", tier.majority, values, rows)


def _second_round(
    block: Block,
    tier: Tier,
    seats: IntArray,
    missing: IntArray,
    ties: Ties,
    findings: list[Finding],
    trace: Trace | None,
) -> None:
    """Fill seats that the first round left, in place, district by district."""
    second = block.paper.second
    for place in np.flatnonzero(missing.any(axis=1) & block.paper.reported):
        held = second is not None and bool(second[1][place])
        for number in np.flatnonzero(missing[place]):
            ties.broken[number] = True
            if not ties.asks and not held:
                continue
            won = seats[:, place, number] > 0
            final = _Final(
                block, tier, int(place), int(number), int(missing[place, number]), won, ties, findings, trace
            )
            for slot in final.decide():
                seats[slot, place, number] += 1


@dataclass
class _Final:
    """The second round of one district of one election, for the seats that the first left.

    Attributes:
        missing: seats to be filled.
        won: (options,) who was elected in the first round.
    """

    block: Block
    tier: Tier
    place: int
    number: int
    missing: int
    won: BoolArray
    ties: Ties
    findings: list[Finding]
    trace: Trace | None

    @property
    def unit(self) -> str:
        return self.block.paper.districts[self.place]

    @property
    def names(self) -> Sequence[str]:
        return self.block.paper.names(self.place)

    @property
    def votes(self) -> IntArray:
        """(options,) votes of the first round."""
        return self.block.votes[:, self.place, self.number]

    def decide(self) -> list[int]:
        """Return the slots elected in the second round, none where it is still open."""
        rule = self.tier.run_off
        standing = [int(s) for s in np.flatnonzero(self.block.paper.stood[:, self.place] & ~self.won)]
        if rule is None or len(standing) + int(self.won.sum()) <= rule.stood:
            otherwise = rule.else_ if rule is not None else "no-rule"
            return self._ask(otherwise, standing, rule, self.missing) or []
        second = self.block.paper.second
        if second is not None and bool(second[1][self.place]):
            return self._held(rule, second[0][:, self.place])
        finalists = self._finalists(rule, standing)
        return [] if finalists is None else self._ask("run-off", finalists, rule, self.missing) or []

    def _finalists(self, rule: RunOff, standing: list[int]) -> list[int] | None:
        """Return who goes on; a tie for a place is asked as the law says."""
        places = rule.candidates if self.missing == 1 else self.missing + 1
        top = _most_of(self.votes, standing, places)
        sure, tied = _slots(top.seats), _slots(top.tied)
        if not tied:
            return sure
        chosen = self._ask(rule.tie_for_place, tied, rule, int(top.open[0]), "run-off")
        return None if chosen is None else sure + chosen

    def _held(self, rule: RunOff, votes: IntArray) -> list[int]:
        """Return who won the second round that the returns hold."""
        stood = _slots(votes >= 0)
        if self.trace is not None:
            self._check_finalists(rule, stood)
        top = _most_of(votes, stood, self.missing)
        if "first-round" in rule.tie:
            top = settle(top, -self.votes[:, None])
        winners, tied = _slots(top.seats), _slots(top.tied)
        if tied:
            winners += self._ask(rule.tie_otherwise, tied, rule, int(top.open[0])) or []
        if self.trace is not None:
            _tell_second(self.trace, self.block, self.tier, self.place, rule, f"{self.tier.id}.run-off", winners)
        return winners

    def _check_finalists(self, rule: RunOff, stood: list[int]) -> None:
        ordered = sorted((int(v) for v in self.votes), reverse=True)
        last = ordered[min(rule.candidates, len(ordered)) - 1]
        outside = [self.names[s] for s in stood if self.votes[s] < last]
        if outside:
            values = {"options": outside}
            self.findings.append(Finding("second-round-replaced", self.block.paper.name, self.unit, values, rule.cite))

    def _ask(
        self, answer: OpenTie | str, slots: list[int], rule: RunOff | None, seats: int, kind: str | None = None
    ) -> list[int] | None:
        """Ask who is elected or goes on; return the slots that a decision names."""
        if not self.ties.asks:
            return None
        among = tuple(self.names[s] for s in slots)
        question = kind or ("district" if answer == "lot" else answer)
        cite = rule.cite if rule is not None else self.tier.cite
        who = {"lot": "lot", "run-off": "returns", "repeat-vote": "returns"}.get(answer, "none")
        asked = Undetermined(self.block.paper.name, self.unit, question, among, seats, cite, self.tier.id, who)
        chosen = self.ties.decision(asked, self.trace, f"{self.tier.id}.run-off")
        if self.trace is not None and chosen is None:
            values = {"question": question, "among": among}
            self.trace.add("open", self.tier.id, asked.contest, self.unit, f"{self.tier.id}.run-off", rule, values)
        if chosen is None:
            self.ties.open_questions.append(asked)
            return None
        return [slots[among.index(name)] for name in chosen]


def _slots(mask: IntArray | BoolArray) -> list[int]:
    """Return the options of (options, …) that are marked in one election."""
    return [int(slot) for slot in np.flatnonzero(mask)]


def _most_of(votes: IntArray, among: list[int], number: int) -> Allocation:
    """Return the `number` of those named who have most votes, (options, 1); no votes count as any number."""
    eligible = np.zeros((len(votes), 1), np.bool_)
    eligible[among] = True
    return most_votes(votes[:, None], min(number, len(among)), eligible=eligible, voteless=True)
