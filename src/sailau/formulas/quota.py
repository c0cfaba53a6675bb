"""Quota methods: whole parts of votes over a quota, then the largest remainders.

Sources: F. Pukelsheim, *Proportional Representation* (2nd ed., Springer 2017), chapters 5 and 11, for the
quotas and their names; the customs for surplus seats and rounded quotas are those of national laws, which
choose them by parameter.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sailau.formulas.allocation import Allocation, QuotaWorkings, finish
from sailau.formulas.arrays import (
    BoolArray,
    IntArray,
    choose,
    columns,
    fitting,
    largest,
    one_for_all,
    per_election,
    summed,
    tally,
    tally_in_bytes,
    whole_parts,
    wide_enough,
)

Quota = Literal["hare", "droop", "hagenbach-bischoff", "imperiali"]
RoundQuota = Literal["no", "nearest", "up"]
QUOTAS: tuple[Quota, ...] = ("hare", "droop", "hagenbach-bischoff", "imperiali")
QUOTA_ROUNDINGS: tuple[RoundQuota, ...] = ("no", "nearest", "up")


def largest_remainder(
    votes: ArrayLike,
    seats: ArrayLike,
    *,
    quota: Quota = "hare",
    round_quota: RoundQuota = "no",
    limits: ArrayLike | None = None,
    floors: ArrayLike | None = None,
    eligible: ArrayLike | None = None,
    workings: bool = False,
) -> Allocation:
    """Allocate seats by a quota and the largest remainders.

    Each option gets the whole part of its votes over the quota. Seats that are left go one each to the
    largest remainders, in further rounds where there are more seats than options; seats too many are taken
    back one by one from the smallest remainders of options that hold one. An option without votes gets no
    seat; where nobody has votes, all are tied.

    Args:
        votes: Integers `(options, ...)`, not negative.
        seats: Integers that broadcast to `(...)`, not negative.
        quota: `hare` votes / seats, `droop` ⌊votes / (seats + 1)⌋ + 1, `hagenbach-bischoff` votes / (seats +
            1), `imperiali` votes / (seats + 2).
        round_quota: `no`, `nearest` (a half goes up) or `up`, to a whole number of votes; 0 becomes 1.
        limits: `(options, ...)` most seats an option can take; the surplus goes to the next remainders.
        floors: `(options, ...)` least seats an option gets. An option lifted to its floor comes last among
            the remainders; one at its floor gives no seat back.
        eligible: `(options, ...)` mask of options that take part; votes for others count for nothing.
        workings: Keep quota, whole parts and remainders.

    Returns:
        An allocation. Where seats are taken back, `tied` options are those that may keep their last seat.
    """
    given = np.asarray(votes)
    shape = given.shape
    want = per_election(seats, shape[1:])
    floor = None if floors is None else columns(floors, shape)
    factor = 2 * (shape[0] + largest(want) + 2) * (1 if floor is None else largest(floor) + 1)
    bits = wide_enough if workings or floor is not None else fitting
    poll = bits(given, factor).reshape(shape[0], want.size)
    if eligible is not None:
        # Turned to numbers first: an array of truths is slow to multiply with.
        poll = poll * columns(eligible, shape, bool).astype(poll.dtype)
    total = summed(poll)
    alike = want if poll.dtype == object else one_for_all(want).astype(poll.dtype, copy=False)
    numerator, denominator = _quota(total, alike, quota, round_quota)
    whole, remainder = whole_parts(poll * denominator, numerator)
    limit = None if limits is None else columns(limits, shape)
    seated = whole.astype(np.int64) if whole.dtype == object else whole
    won, keys = _bounded(seated, remainder, numerator, limit, floor)
    left = alike - summed(won)
    if limit is None and floor is None:
        dealt, tied, undecided = _deal_plainly(poll, won, keys, left)
    else:
        dealt, tied, undecided = _deal(poll, won, keys, left, limit, floor)
    kept = _workings(total, numerator, denominator, whole, remainder, left, shape) if workings else None
    return finish(shape, dealt, tied, undecided, total == 0, eligible, limit, kept)


def _quota(total: IntArray, seats: IntArray, quota: Quota, rounding: RoundQuota) -> tuple[IntArray, IntArray]:
    """Return the quota of every election as a fraction, positive even without votes or seats."""
    if quota == "droop":
        return total // (seats + 1) + 1, np.ones_like(seats)
    more = {"hare": 0, "hagenbach-bischoff": 1, "imperiali": 2}[quota]
    denominator = np.maximum(seats + more, 1)
    if rounding == "no":
        return np.maximum(total, 1), denominator
    if rounding == "nearest":
        rounded = (2 * total + denominator) // (2 * denominator)
    else:
        rounded = -(-total // denominator)
    return np.maximum(rounded, 1), np.ones_like(seats)


def _bounded(
    whole: IntArray, remainder: IntArray, quota: IntArray, limit: IntArray | None, floor: IntArray | None
) -> tuple[IntArray, IntArray]:
    """Return whole parts within limits and floors, and the remainders that then compete."""
    won, keys = whole, remainder
    if limit is not None:
        won = np.minimum(won, limit)
    if floor is not None:
        # A lifted option has used up more than its votes: its remainder is negative, below all others.
        keys = np.where(floor > won, remainder - (floor - whole) * quota, remainder)
        won = np.maximum(won, floor)
    return won, keys


def _deal_plainly(
    votes: IntArray, won: IntArray, keys: IntArray, left: IntArray
) -> tuple[IntArray, BoolArray | None, IntArray]:
    """Deal as `_deal` does without limits and floors: one seat each, then the few elections where that is not all in full."""
    # An option without votes has no remainder: at 0 nobody is sure of anything here.
    sure, _ = choose(keys, np.maximum(left, 0), 0)
    seats = sure.astype(won.dtype)
    undecided = left - tally_in_bytes(sure).astype(left.dtype)
    seats += won
    if not undecided.any():
        return seats, None, undecided
    rest = np.flatnonzero(undecided != 0)
    tied = np.zeros(votes.shape, dtype=bool)
    dealt, among, still = _deal(votes[:, rest], won[:, rest], keys[:, rest], left[rest], None, None)
    seats[:, rest], undecided[rest] = dealt, still
    if among is not None:
        tied[:, rest] = among
    return seats, tied, undecided


def _deal(
    votes: IntArray,
    won: IntArray,
    keys: IntArray,
    left: IntArray,
    limit: IntArray | None,
    floor: IntArray | None,
) -> tuple[IntArray, BoolArray | None, IntArray]:
    """Deal what is left to the largest remainders; return seats, tied options (None: nobody), open seats."""
    able = votes > 0
    if limit is not None:
        able &= won < limit
    bottom = -1 if floor is None else min(int(keys.min(initial=0)), 0) - 1
    # Arithmetic in place of a choice element by element, which is ten times slower where the mask is irregular.
    competing = (keys - bottom) * able + bottom
    sure, bar = choose(competing, np.maximum(left, 0), bottom)
    seats = won + sure
    undecided = left - tally(sure)
    if not undecided.any():
        return seats, None, undecided
    tied = (competing == bar) & able & (undecided > 0)
    rest = np.flatnonzero((undecided > 0) & ~tied.any(axis=0))
    if rest.size and able[:, rest].any():
        room = None if limit is None else limit[:, rest] - seats[:, rest]
        gained, tied[:, rest], undecided[rest] = _further_rounds(
            able[:, rest], keys[:, rest], undecided[rest], room, bottom
        )
        seats[:, rest] += gained
    over = np.flatnonzero(undecided < 0)
    if over.size:
        spare = won[:, over] if floor is None else won[:, over] - floor[:, over]
        lost, tied[:, over], undecided[over] = _take_back(spare, keys[:, over], -undecided[over])
        seats[:, over] -= lost
    return seats, tied, undecided


def _further_rounds(
    able: BoolArray, keys: IntArray, left: IntArray, room: IntArray | None, bottom: int
) -> tuple[IntArray, BoolArray, IntArray]:
    """Deal more seats than there are options: full rounds, then the last by the remainders."""
    gained = np.zeros(keys.shape, dtype=np.int64)
    if room is None:
        room = np.broadcast_to(left, keys.shape)
    while True:
        able = able & (gained < room)
        times = left // np.maximum(able.sum(axis=0), 1)
        times = np.minimum(times, np.where(able, room - gained, left).min(axis=0)) * able.any(axis=0)
        if not times.any():
            break
        gained += able * times
        left = left - able.sum(axis=0) * times
    competing = np.where(able, keys, bottom)
    sure, bar = choose(competing, left, bottom)
    left = left - sure.sum(axis=0)
    return gained + sure, (competing == bar) & able & (left > 0), left


def _take_back(spare: IntArray, keys: IntArray, surplus: IntArray) -> tuple[IntArray, BoolArray, IntArray]:
    """Take seats back from the smallest remainders.

    Returns:
        Seats lost, for sure or in a tie; the tied options; how many of these keep their seat.
    """
    lost = np.zeros(keys.shape, dtype=np.int64)
    while True:
        able = spare > lost
        number = able.sum(axis=0)
        full = (surplus > number) & (number > 0)
        if not full.any():
            break
        lost += able & full
        surplus = surplus - number * full
    bottom = -largest(keys) - 1
    competing = np.where(able, -keys, bottom)
    sure, bar = choose(competing, surplus, bottom)
    surplus = surplus - sure.sum(axis=0)
    tied = (competing == bar) & able & (surplus > 0)
    return lost + sure + tied, tied, np.where(tied.any(axis=0), tied.sum(axis=0) - surplus, 0)


def _workings(
    total: IntArray,
    numerator: IntArray,
    denominator: IntArray,
    whole: IntArray,
    remainder: IntArray,
    left: IntArray,
    shape: tuple[int, ...],
) -> QuotaWorkings:
    rest = shape[1:]
    return QuotaWorkings(
        total.reshape(rest),
        numerator.reshape(rest),
        np.broadcast_to(denominator, left.shape).reshape(rest),
        whole.reshape(shape),
        remainder.reshape(shape),
        left.reshape(rest),
    )
