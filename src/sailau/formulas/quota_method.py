"""The quota method of Balinski and Young: divisor 1, 2, 3 …, but never above the upper quota.

Source: M. Balinski and H. P. Young, "The quota method of apportionment", *American Mathematical Monthly* 82
(1975), 701–730.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from sailau.formulas.allocation import Allocation, finish, settle
from sailau.formulas.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    columns,
    floats,
    largest,
    per_election,
    wide_enough,
)


def balinski_young(
    votes: ArrayLike,
    seats: ArrayLike,
    *,
    eligible: ArrayLike | None = None,
    rank: ArrayLike | None = None,
) -> Allocation:
    """Allocate seats by the quota method: house-monotone, and every option within its quota.

    The h-th seat goes to the largest quotient votes / (seats + 1) among options whose seats are fewer than
    votes × h / total.

    A tie for one seat can decide who is allowed to compete for the next, so open seats cannot be dealt one by
    one afterwards: `settle` allocates anew with its rank (and after it, where ranks are equal, with those of
    later calls). `tied` marks exactly the options whose seats depend on how ties are broken.

    Args:
        votes: Integers `(options, ...)`, not negative.
        seats: Integers that broadcast to `(...)`, not negative.
        eligible: `(options, ...)` mask of options that take part; votes for others count for nothing.
        rank: `(options, ...)` breaks ties as they come; the smallest is preferred.
    """
    given = np.asarray(votes)
    shape = given.shape
    want = per_election(seats, shape[1:])
    poll = wide_enough(given, shape[0] * (largest(want) + 1)).reshape(shape[0], want.size)
    if eligible is not None:
        poll = np.where(columns(eligible, shape, bool), poll, 0)
    order = columns(0 if rank is None else rank, shape)
    won, tied = _Filling(poll, poll.sum(axis=0), order).run(want)
    voteless = ~np.asarray((poll > 0).any(axis=0))
    result = finish(shape, won, tied, want - won.sum(axis=0), voteless, eligible, None, None)
    if not result.tied.any():
        return result
    if rank is not None and voteless.any():
        result = _settle_voteless(result, voteless.reshape(shape[1:]), order.reshape(shape))
    return replace(result, again=partial(_again, votes, seats, eligible, order.reshape(shape)))


def _settle_voteless(allocation: Allocation, voteless: BoolArray, rank: IntArray) -> Allocation:
    """Deal by rank where nobody has votes; the other ties have been broken as they came."""
    settled = settle(replace(allocation, tied=allocation.tied & voteless), rank)
    return replace(settled, tied=settled.tied | allocation.tied & ~voteless)


def _again(
    votes: ArrayLike, seats: ArrayLike, eligible: ArrayLike | None, earlier: IntArray, rank: IntArray
) -> Allocation:
    """Allocate with ties broken by the earlier rank, then by another."""
    spread = int(rank.max()) - int(rank.min()) + 1
    return balinski_young(votes, seats, eligible=eligible, rank=earlier * spread + (rank - rank.min()))


@dataclass(frozen=True, slots=True)
class _Filling:
    """Seats filled one after the other, `(options, elections)`.

    Attributes:
        votes: Votes.
        total: `(elections,)` their sum.
        rank: Breaks ties.
    """

    votes: IntArray
    total: IntArray
    rank: IntArray

    def run(self, want: IntArray) -> tuple[IntArray, BoolArray | None]:
        """Fill the seats; return those that do not depend on ties, and the tied options (None: nobody)."""
        won, winners, doubtful = self._fill(want)
        where = np.flatnonzero(doubtful)
        if not where.size:
            return won, None
        tied = np.zeros(won.shape, dtype=bool)
        some = _Filling(self.votes[:, where], self.total[where], self.rank[:, where])
        lost, tied[:, where] = some._ties(want[where], won[:, where], [winner[where] for winner in winners])
        won[:, where] -= lost
        return won, tied

    def _fill(self, want: IntArray) -> tuple[IntArray, list[IntArray], BoolArray]:
        """Fill the seats, ties to the first option; return seats, winners by seat, and where there were ties."""
        won = np.zeros(self.votes.shape, dtype=np.int64)
        weight = floats(self.votes)
        doubtful = np.zeros(want.shape, dtype=bool)
        winners: list[IntArray] = []
        for seat in range(1, largest(want) + 1):
            filling = (self.total > 0) & (want >= seat)
            winner, several = self._winner(weight, won, seat)
            doubtful |= several & filling
            won[winner, np.arange(want.size)] += filling
            winners.append(winner)
        return won, winners, doubtful

    def _able(self, won: IntArray, seat: int) -> BoolArray:
        """Return the options that can take one more within their upper quota of a house of `seat` seats."""
        return np.asarray(won * self.total < self.votes * seat)

    def _winner(self, weight: FloatArray, won: IntArray, seat: int) -> tuple[IntArray, BoolArray]:
        """Return the option that takes this seat, and whether another could have taken it as well."""
        able = self._able(won, seat)
        lead = np.where(able, weight / (won + 1), -1.0).argmax(axis=0)
        everyone = np.arange(lead.size)
        while True:
            mine, theirs = self.votes * (won[lead, everyone] + 1), self.votes[lead, everyone] * (won + 1)
            better = able & (mine > theirs)
            wrong = np.flatnonzero(better.any(axis=0))
            if not wrong.size:
                break
            lead[wrong] = better[:, wrong].argmax(axis=0)
        level = able & (mine == theirs)
        rank = np.where(level, self.rank, largest(self.rank) + 1)
        first = level & (rank == rank.min(axis=0))
        return first.argmax(axis=0), first.sum(axis=0) > 1

    def _ties(self, want: IntArray, won: IntArray, winners: list[IntArray]) -> tuple[BoolArray, BoolArray]:
        """Go back seat by seat; return winners whose seat another could hold, and all tied options.

        Whoever is passed over in a tie keeps the largest quotient until seated, and nobody else's seats
        depend on it. So a winner's seat is open if somebody equal was passed over and is still waiting at the
        end, or took a later seat that is open itself.
        """
        everyone = np.arange(want.size)
        count, waiting = won.copy(), won.copy()
        lost, tied = np.zeros(won.shape, dtype=bool), np.zeros(won.shape, dtype=bool)
        for seat in range(largest(want), 0, -1):
            at = (winners[seat - 1], everyone)
            filled = (want >= seat) & (self.total > 0)
            count[at] -= filled
            level = self.votes * (count[at] + 1) == self.votes[at] * (count + 1)
            other = level & self._able(count, seat) & (count == waiting) & (self.rank == self.rank[at]) & filled
            other[at] = False
            hit = other.any(axis=0)
            tied |= other
            tied[at] |= hit
            lost[at] |= hit
            waiting[at] = np.where(hit, count[at], waiting[at])
        return lost, tied
