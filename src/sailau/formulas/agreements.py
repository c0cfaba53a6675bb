"""Agreements between lists: partners are dealt seats as if they were one list, then share them by the same formula.

Known as surplus agreements (the Bader–Ofer rule) or apparentement. Source: M. Balinski and H. P. Young, *Fair
Representation* (2nd ed., Brookings 2001), chapter 11 (schisms and coalitions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from sailau.formulas.allocation import Allocation, DivisorWorkings, settle
from sailau.formulas.arrays import BoolArray, IntArray

Formula: TypeAlias = Callable[[IntArray, IntArray], Allocation]
"""Votes (options, ...) and seats (...) → allocation."""


@dataclass(frozen=True, slots=True)
class JointWorkings:
    """What partners were dealt together.

    Attributes:
        votes: `(groups, ...)` votes of each group.
        group: `(options,)` number of each option's group.
        part: `(options, ...)` which options have votes that count.
        groups: What each group was dealt, `(groups, ...)`.
        within: Group → how its seats went to its members, `(members, ...)`; groups of two or more.
    """

    votes: IntArray
    group: IntArray
    part: BoolArray
    groups: Allocation
    within: dict[int, Allocation]

    @property
    def power(self) -> int:
        """To which quotients are raised, see `DivisorWorkings`."""
        work = self.groups.workings
        return work.power if isinstance(work, DivisorWorkings) else 1

    def row(self, option: int) -> int:
        """Return an option's row among the members of its group."""
        return int((self.group[:option] == self.group[option]).sum())


def joint(
    votes: IntArray, seats: IntArray, group: IntArray, formula: Formula, ranks: tuple[IntArray, ...] = ()
) -> Allocation:
    """Allocate seats to groups of lists by their votes together, then each group's seats to its lists.

    Args:
        votes: `(options, ...)`, 0 for a list that takes no part: an agreement with it joins nobody.
        seats: Integers that broadcast to `(...)`.
        group: `(options,)` number of each option's group, from 0; an option without partners is a group of its own.
        formula: The rule at both steps.
        ranks: `(options, ...)` each: criteria that break ties, first to last; the smallest is preferred, a group ranks
            as its best member.

    Returns:
        An allocation with `JointWorkings`; where a tie between groups is open, all members of these groups are tied.
    """
    number = int(group.max()) + 1
    together = np.zeros((number, *votes.shape[1:]), dtype=votes.dtype)
    np.add.at(together, group, votes)
    upper = formula(together, seats)
    for rank in ranks:
        upper = settle(upper, _best(rank, group, upper.seats.shape))
    won, left = upper.seats[group], upper.open.copy()
    tied = upper.tied[group] & (votes > 0) if upper.tied.any() else np.zeros(votes.shape, dtype=bool)
    within: dict[int, Allocation] = {}
    for place in np.flatnonzero(np.bincount(group, minlength=number) > 1):
        members = np.flatnonzero(group == place)
        own = formula(votes[members], upper.seats[place])
        for rank in ranks:
            own = settle(own, np.broadcast_to(rank, votes.shape)[members])
        won[members], tied[members], left = own.seats, tied[members] | own.tied, left + own.open
        within[int(place)] = own
    again = partial(_again, votes, seats, group, formula, ranks) if left.any() else None
    return Allocation(won, tied, left, JointWorkings(together, group, votes > 0, upper, within), again=again)  # type: ignore[arg-type]


def _again(
    votes: IntArray, seats: IntArray, group: IntArray, formula: Formula, ranks: tuple[IntArray, ...], rank: IntArray
) -> Allocation:
    return joint(votes, seats, group, formula, (*ranks, rank))


def _best(rank: IntArray, group: IntArray, shape: tuple[int, ...]) -> IntArray:
    """Return the smallest rank among the members of each group, `(groups, ...)`."""
    ranks = np.broadcast_to(rank, (len(group), *shape[1:]))
    best = np.full(shape, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(best, group, ranks)
    return best
