"""The largest are elected, and bars are comparisons of whole numbers."""

import math
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.formulas.allocation import Allocation, LargestWorkings, finish
from sailau.formulas.arrays import (
    LARGEST_INT32,
    LARGEST_INT64,
    BoolArray,
    IntArray,
    as_integers,
    choose,
    columns,
    largest,
    per_election,
    tally,
    tally_in_bytes,
)

# Votes that fit into a processor's second cache together with what is made of them.
_CELLS = 2**18


def most_votes(
    votes: ArrayLike,
    seats: ArrayLike,
    *,
    eligible: ArrayLike | None = None,
    voteless: bool = False,
    workings: bool = False,
) -> Allocation:
    """Elect the `seats` options with most votes: plurality, block vote, limited vote.

    Args:
        votes: Integers `(options, ...)`, not negative.
        seats: Integers that broadcast to `(...)`, not negative.
        eligible: `(options, ...)` mask of options that take part.
        voteless: Whether options without votes can be elected, where there are not enough others.
        workings: Keep the votes of the first option that is not surely elected.

    Returns:
        An allocation with at most one seat each, in bytes where everywhere one is elected. Options at the cut with
        equal votes are tied.
    """
    given = np.asarray(votes)
    shape = given.shape
    elections = math.prod(shape[1:])
    poll = as_integers(given).reshape(shape[0], elections)
    bottom = -1 if voteless else 0
    if eligible is not None:
        poll = np.where(columns(eligible, shape, bool), poll, bottom)
    each = np.asarray(seats)
    if elections and not workings and (each == 1).all():
        return _first(poll, bottom, shape)
    want = per_election(seats, shape[1:])
    sure, bar = choose(poll, want, bottom)
    left = want - tally(sure)
    tied = (poll == bar) & (poll > bottom) & (left > 0) if left.any() else None
    kept = LargestWorkings(np.maximum(bar, 0).reshape(shape[1:])) if workings else None
    return finish(shape, sure.astype(np.int64), tied, left, np.zeros(want.shape, dtype=bool), None, None, kept)


def _first(votes: IntArray, bottom: int, shape: tuple[int, ...]) -> Allocation:
    """Elect one: comparing with the maximum needs no order. Works through pieces that fit into the cache."""
    options, elections = votes.shape
    elected = np.empty(votes.shape, dtype=bool)
    top = np.empty(elections, dtype=votes.dtype)
    piece = max(_CELLS // options, 1)
    for begin in range(0, elections, piece):
        part = slice(begin, begin + piece)
        np.maximum.reduce(votes[:, part], axis=0, out=top[part])
        np.equal(votes[:, part], top[part], out=elected[:, part])
    undecided = tally_in_bytes(elected) != 1
    undecided |= top <= bottom
    seats, tied = cast(IntArray, elected.view(np.int8)), np.zeros(votes.shape, dtype=bool)
    where = np.flatnonzero(undecided)
    if where.size:
        tied[:, where] = elected[:, where] & (votes[:, where] > bottom)
        seats[:, where] = 0
    # Seats still open are counted with in full width: who is next is looked up at rank times elections.
    left = undecided.astype(np.int64)
    return Allocation(seats.reshape(shape), tied.reshape(shape), left.reshape(shape[1:]))


def at_least(votes: ArrayLike, base: ArrayLike, numerator: int, denominator: int, *, fewest: int = 0) -> BoolArray:
    """Compare exactly: `votes / base >= numerator / denominator`; 50 of 1000 votes are at least 5 per cent.

    Args:
        votes: Integers `(options, ...)`, not negative.
        base: Integers that broadcast to the votes; a base of 0 lets everybody pass.
        numerator: Of the bar, not negative.
        denominator: Of the bar, positive.
        fewest: Votes that it takes whatever the base.
    """
    poll, whole = np.asarray(votes), _wide(base, numerator, denominator)
    # votes * denominator >= base * numerator, and votes are whole: compare with the bar rounded up.
    return _reach(poll, (whole * numerator + (denominator - 1)) // denominator, fewest)


def more_than(votes: ArrayLike, base: ArrayLike, numerator: int, denominator: int, *, fewest: int = 0) -> BoolArray:
    """Compare exactly: `votes / base > numerator / denominator`; see `at_least`."""
    poll, whole = np.asarray(votes), _wide(base, numerator, denominator)
    return _reach(poll, whole * numerator // denominator + 1, fewest)


def absolute_majority(
    votes: ArrayLike, base: ArrayLike, *, share: tuple[int, int] = (1, 2), strict: bool = True
) -> BoolArray:
    """Return the options with more than `share` of the base, or at least that where not `strict`.

    Args:
        votes: Integers `(options, ...)`, not negative.
        base: Integers that broadcast to the votes.
        share: Numerator and denominator of the bar.
        strict: Whether exactly the share is too little.
    """
    compare = more_than if strict else at_least
    return compare(votes, base, *share)


def _wide(base: ArrayLike, numerator: int, denominator: int) -> IntArray:
    """Return a base so that its products with the numerator, and a denominator more, are exact."""
    whole = cast(IntArray, np.asarray(base))
    # A bar of nothing multiplies by 0, but its base must fit all the same.
    most = largest(whole) * max(numerator, 1) + denominator
    if whole.dtype == np.int32 and most <= LARGEST_INT32:
        return whole
    if most > LARGEST_INT64:
        return cast(IntArray, whole.astype(object))
    return whole.astype(np.int64, copy=False)


def _reach(votes: NDArray[Any], bar: Any, fewest: int) -> BoolArray:
    """Compare votes with a bar, in the bits of the votes where the bar fits into them."""
    # Arithmetic turns one Python integer in an array into a bare one, which NumPy would take for a 64-bit number.
    bar = np.maximum(np.asarray(bar, getattr(bar, "dtype", object)), fewest)
    if votes.dtype == np.int32 and bar.dtype != object and largest(bar) <= LARGEST_INT32:
        bar = bar.astype(np.int32)
    elif votes.dtype.kind == "u":
        votes = as_integers(votes)
    return np.asarray(votes >= bar, dtype=bool)
