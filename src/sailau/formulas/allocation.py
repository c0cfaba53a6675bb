"""What a formula gives: seats, what a tie leaves open, and the workings that explain both."""

# Annotations stay text: evaluating `np.random` would load the generators, which counting does not need.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from sailau.formulas.arrays import BoolArray, IntArray, choose, columns


class Tie(ValueError):  # noqa: N818 - the word of the field, not a failure
    """A tie that the rule does not decide.

    Attributes:
        options: Indices of the tied options.
        seats: How many seats are at stake between them.
        election: Index of the first tied election of a batch; `()` for a single election.
    """

    def __init__(self, options: tuple[int, ...], seats: int, election: tuple[int, ...] = ()) -> None:
        self.options = options
        self.seats = seats
        self.election = election
        where = f" in election {', '.join(map(str, election))}" if election else ""
        what = "1 seat is" if seats == 1 else f"{seats} seats are"
        names = ", ".join(map(str, options))
        super().__init__(f"{what} tied between options {names}{where}: pass an order or a seeded generator as ties=")

    def __reduce__(self) -> tuple[type[Tie], tuple[object, ...]]:
        return type(self), (self.options, self.seats, self.election)


@dataclass(frozen=True, slots=True)
class QuotaWorkings:
    """How a quota method came to its seats.

    An option's votes are `whole * quota + remainder / quota_denominator`, the quota being
    `quota_numerator / quota_denominator`. Remainders of one election are compared as they stand.

    Attributes:
        total: `(...)` votes of all options that took part.
        quota_numerator: `(...)`.
        quota_denominator: `(...)`.
        whole: `(options, ...)` whole parts, before limits and floors.
        remainders: `(options, ...)` numerators over `quota_denominator`.
        left: `(...)` seats left after the whole parts; negative where the quota awarded too many.
    """

    total: IntArray
    quota_numerator: IntArray
    quota_denominator: IntArray
    whole: IntArray
    remainders: IntArray
    left: IntArray


@dataclass(frozen=True, slots=True)
class DivisorWorkings:
    """How a divisor method came to its seats.

    Quotients are fractions raised to `power` (2 for Huntington–Hill, whose divisors are square roots). A next
    quotient with denominator 0 is infinite: a first divisor of 0. The method's divisor may be any number from
    the largest next to the smallest last quotient.

    Attributes:
        last_numerator: `(options, ...)` of the quotient that earned the option's last seat; 0/1 where it has
            none.
        last_denominator: `(options, ...)`.
        next_numerator: `(options, ...)` of the quotient for the seat after; 0/1 where the option can take
            none.
        next_denominator: `(options, ...)`.
        power: 1, 2 where the fractions are squares, or the denominator of an exponent.
    """

    last_numerator: IntArray
    last_denominator: IntArray
    next_numerator: IntArray
    next_denominator: IntArray
    power: int


@dataclass(frozen=True, slots=True)
class LargestWorkings:
    """How the largest were chosen.

    Attributes:
        next_votes: `(...)` votes of the first option that is not surely elected; 0 where there is none.
    """

    next_votes: IntArray


Workings: TypeAlias = QuotaWorkings | DivisorWorkings | LargestWorkings


@dataclass(frozen=True, slots=True)
class Allocation:
    """Seats that a rule decides, and what a tie leaves open.

    Over all ways to break the ties, `seats` is the least that an option gets and `tied` marks the options
    that may get more.

    Attributes:
        seats: `(options, ...)` seats that the rule decides.
        tied: `(options, ...)` options between which the open seats must still be decided.
        open: `(...)` seats that are left open. A tied option takes at most one of them, except where nobody
            has votes.
        workings: The numbers behind the seats, where they were asked for.
        room: `(options, ...)` most open seats a tied option can take; None stands for one each, and where
            nobody has votes for as many as there are.
        again: For a rule whose open seats depend on each other: allocates anew with ties broken by a rank.
    """

    seats: IntArray
    tied: BoolArray
    open: IntArray
    workings: Workings | None = None
    room: IntArray | None = None
    again: Callable[[IntArray], Allocation] | None = None

    @property
    def unfilled(self) -> IntArray:
        """`(...)` open seats that nobody can take: all options are at their limits or without votes."""
        return np.where(self.tied.any(axis=0), 0, self.open)


def finish(
    shape: tuple[int, ...],
    seats: IntArray,
    tied: BoolArray | None,
    left: IntArray,
    voteless: BoolArray,
    eligible: ArrayLike | None,
    limit: IntArray | None,
    workings: Workings | None,
) -> Allocation:
    """Build an allocation from `(options, elections)` arrays; where nobody has votes, everybody is tied.

    Args:
        shape: `(options, ...)` that every array gets back.
        seats: Seats dealt.
        tied: Tied options; None where there are none at all.
        left: `(elections,)` seats that are open.
        voteless: `(elections,)` nobody has votes.
        eligible: Options that take part; None for all.
        limit: Most seats an option can take; None for no limit.
        workings: Passed on.
    """
    empty = voteless & (left > 0)
    room = None
    if empty.any():
        able = columns(True if eligible is None else eligible, shape, bool)
        room = None if limit is None else limit - seats
        able = able & empty if room is None else able & empty & (room > 0)
        tied = able if tied is None else tied | able
    mask = np.zeros(shape, dtype=bool) if tied is None else tied.reshape(shape)
    shaped = None if room is None else room.reshape(shape)
    return Allocation(seats.reshape(shape), mask, left.reshape(shape[1:]), workings, shaped)


def settle(allocation: Allocation, rank: ArrayLike) -> Allocation:
    """Decide open seats by a criterion.

    Args:
        allocation: What a formula gave.
        rank: Integers that broadcast to `(options, ...)`; the smallest is preferred. Equal ranks stay tied,
            so that criteria can be applied one after the other. Where options stand to lose a seat, the
            preferred keep theirs.

    Returns:
        A new allocation with seats, tied and open as they stand after the criterion.
    """
    shape = allocation.seats.shape
    tied = allocation.tied.reshape(shape[0], -1)
    where = np.flatnonzero(tied.any(axis=0))
    if not where.size:
        return allocation
    ranks = columns(rank, shape)
    if allocation.again is not None:
        return allocation.again(ranks.reshape(shape))
    seats = allocation.seats.reshape(shape[0], -1).copy()
    still = tied.copy()
    left = allocation.open.reshape(-1).copy()
    room = None if allocation.room is None else allocation.room.reshape(shape[0], -1)[:, where].copy()
    gained, still[:, where], left[where] = _deal(tied[:, where], left[where], ranks[:, where], room)
    seats[:, where] += gained
    return replace(
        allocation,
        seats=seats.reshape(shape),
        tied=still.reshape(shape),
        open=left.reshape(allocation.open.shape),
    )


def _deal(
    tied: BoolArray, left: IntArray, ranks: IntArray, room: IntArray | None
) -> tuple[IntArray, BoolArray, IntArray]:
    """Deal open seats to tied options by rank, in rounds where there are more seats than options."""
    gained = np.zeros(tied.shape, dtype=np.int64)
    limit = room if room is not None else np.broadcast_to(left, tied.shape)
    able = tied & (limit > 0)
    while (full := (able.sum(axis=0) <= left) & able.any(axis=0) & (left > 0)).any():
        whole_round = able & full
        gained += whole_round
        left = left - whole_round.sum(axis=0)
        able = able & (gained < limit)
    order = ranks.astype(np.int64)
    bottom = -int(order.max()) - 1
    keys = np.where(able, -order, bottom)
    sure, bar = choose(keys, left, bottom)
    gained += sure
    left = left - sure.sum(axis=0)
    return gained, able & (keys == bar) & (left > 0), left


def draw(allocation: Allocation, rng: np.random.Generator) -> Allocation:
    """Decide what is left open by lot, every order of the options being equally likely.

    Args:
        allocation: What a formula gave, or `settle` left.
        rng: A seeded generator. It is used once for each tied election in turn and not at all for the others.
    """
    shape = allocation.seats.shape
    where = np.flatnonzero(allocation.tied.reshape(shape[0], -1).any(axis=0))
    if not where.size:
        return allocation
    ranks = np.zeros((shape[0], allocation.tied[0].size), dtype=np.int64)
    ranks[:, where] = rng.random((where.size, shape[0])).argsort(axis=1).T
    return settle(allocation, ranks.reshape(shape))
