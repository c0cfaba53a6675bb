"""Seats shared among lists by a proportional formula of the rule book, for many elections at once.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sailau.counting.sheet import Sheet
from sailau.formulas.allocation import Allocation, QuotaWorkings
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import most_votes
from sailau.rulebook.schema import Formula

_WORTH_LEAVING_OUT = 0.75
"""Share of a paper's lists up to which leaving out the others pays."""


def proportional(
    formula: Formula, votes: IntArray, seats: IntArray, *, workings: bool = False, **among: Any
) -> Allocation:
    """Apply a proportional formula of the rule book to (options, …) votes.

    Args:
        formula: the provision.
        votes: (options, …).
        seats: (…).
        workings: keep the numbers behind the seats.
        among: `eligible` and `limits` of the options, (options, …) or None.
    """
    if formula.method == "largest-remainder":
        from sailau.formulas.quota import largest_remainder

        quota, rounding = formula.quota, formula.round_quota
        return largest_remainder(votes, seats, quota=quota, round_quota=rounding, workings=workings, **among)
    if formula.method == "balinski-young-quota":
        from sailau.formulas.quota_method import balinski_young

        return balinski_young(votes, seats, eligible=among.get("eligible"))
    from sailau.formulas.divisor import highest_averages

    divisors = {"method": formula.method, "first": formula.first, "exponent": formula.exponent}
    return highest_averages(votes, seats, **divisors, workings=workings, **among)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Share:
    """Lists that share seats by a formula: everything that the formula is given."""

    formula: Formula
    # (options, districts, elections); one row more, of nobody, where votes of lists under the bar stay in the quota
    votes: IntArray
    seats: IntArray  # (districts, elections)
    eligible: BoolArray | None = None  # which options take part, like `votes`; None for all
    limits: IntArray | None = None  # the most seats of each, like `votes`; None without limits
    group: IntArray | None = None  # (options,) number of the group of partners; None where nobody agreed

    @staticmethod
    def of(
        formula: Formula, sheet: Sheet, seats: IntArray, admitted: BoolArray | None, limits: IntArray | None
    ) -> Share:
        """Return what the formula is given, by what the law does with the votes of lists under the bar."""
        votes = sheet.votes
        part = None if admitted is None else np.broadcast_to(admitted, votes.shape)
        if part is None or formula.unqualified == "set-aside":
            return Share(formula, votes, seats, part, limits)
        inside = np.where(part, votes, 0)
        below = sheet.valid - inside.sum(axis=0)
        if formula.unqualified == "shared-equally":
            # Each of n lists gets an nth of those votes: all votes are held n times, so that they stay whole numbers.
            return Share(formula, np.where(part, inside * part.sum(axis=0) + below, 0), seats, part, limits)
        # In the quota but without a seat: an unelectable contender holds the votes of all lists under the bar.
        most = np.broadcast_to(seats if limits is None else limits, votes.shape)
        everybody, nobody = np.ones((1, *below.shape), np.bool_), np.zeros((1, *below.shape), np.int64)
        return Share(
            formula,
            np.concatenate([inside, below[None]]),
            seats,
            np.concatenate([part, everybody]),
            np.concatenate([most, nobody]),
        )

    def dealt(self, options: int) -> Allocation:
        """Return the allocation to the paper's options, seats left over where the law sends them; ties are open in it."""
        leftover = self.formula.leftover
        if self.group is not None:
            allocation = self._jointly(self.group)
        elif leftover == "remainders":
            allocation = self._dealt_to_those_who_stand()
        else:
            allocation = self._allocate(workings=True)
        allocation = _first(allocation, options)
        limits = None if self.limits is None else np.broadcast_to(self.limits, self.votes.shape)[:options]
        if leftover != "remainders":
            allocation = _whole_parts_only(allocation, limits)
        if leftover == "most-votes":
            eligible = None if self.eligible is None else self.eligible[:options]
            allocation = _to_the_largest(allocation, self.votes[:options], eligible, limits)
        return allocation

    def explained(self, options: int) -> Any:
        """Return the workings behind `dealt`: the formula gives them on request."""
        if self.group is not None:
            return self._jointly(self.group, workings=True).workings
        return _first(self._allocate(workings=True), options).workings

    def _jointly(self, group: IntArray, *, workings: bool = False) -> Allocation:
        from sailau.formulas.agreements import joint

        votes = self.votes if self.eligible is None else np.where(self.eligible, self.votes, 0)
        return joint(votes, self.seats, group, partial(proportional, self.formula, workings=workings))

    def _allocate(self, *, workings: bool = False) -> Allocation:
        limits, eligible = self.limits, self.eligible
        return proportional(self.formula, self.votes, self.seats, workings=workings, eligible=eligible, limits=limits)

    def _dealt_to_those_who_stand(self) -> Allocation:
        """Apply the formula to the lists that stand: those that never take part in a district are left out of it."""
        votes = self.votes
        takes_part = None if self.formula.method == "balinski-young-quota" else self._taking_part()
        stands = None if takes_part is None else takes_part.any(axis=2)
        most = 0 if stands is None else int(stands.sum(axis=0).max(initial=0))
        if stands is None or not 0 < most <= len(votes) * _WORTH_LEAVING_OUT:
            return self._allocate()
        districts = np.arange(votes.shape[1])
        slots = np.argsort(~stands, axis=0, kind="stable")[:most]
        part = [
            None if a is None else np.broadcast_to(a, votes.shape)[slots, districts]
            for a in (votes, self.eligible, self.limits)
        ]
        small = proportional(self.formula, part[0], self.seats, eligible=part[1], limits=part[2])  # type: ignore[arg-type]
        seats, tied = np.zeros(votes.shape, small.seats.dtype), np.zeros(votes.shape, np.bool_)
        seats[slots, districts], tied[slots, districts] = small.seats, small.tied
        room = None
        if small.room is not None:
            room = np.zeros(votes.shape, small.room.dtype)
            room[slots, districts] = small.room
        return replace(small, seats=seats, tied=tied, room=room)

    def _taking_part(self) -> BoolArray | None:
        """Return who may take part, like `votes`; None where all do, or lists without votes may matter.

        They do where nobody has votes: all lists are tied then, those that do not stand among them.
        """
        if self.votes.shape[1] == 1:
            # On a paper of the whole all lists stand: only a bar keeps some out, and who is under it is in no tie.
            return self.eligible
        takes_part = self.votes > 0 if self.eligible is None else (self.votes > 0) & self.eligible
        return None if (~takes_part.any(axis=0) & (self.seats > 0)).any() else takes_part


def _first(allocation: Allocation, options: int) -> Allocation:
    """Take the unelectable contender out again."""
    if len(allocation.seats) == options:
        return allocation
    work = allocation.workings
    if isinstance(work, QuotaWorkings):
        work = replace(work, whole=work.whole[:options], remainders=work.remainders[:options])
    room = None if allocation.room is None else allocation.room[:options]
    seats, tied = allocation.seats[:options], allocation.tied[:options]
    return replace(allocation, seats=seats, tied=tied, workings=work, room=room)


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
