"""The bare mathematics for those who have only numbers: `allocate`."""

# Annotations stay text: evaluating `np.random` would load the generators for those who break no tie by lot.
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, NoReturn, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.formulas.allocation import Allocation, Tie, draw, settle
from sailau.formulas.arrays import BoolArray, IntArray, largest, per_election
from sailau.formulas.divisor import DIVISOR_METHODS, First, Method, divisors, exact, highest_averages
from sailau.formulas.door import whole_numbers
from sailau.formulas.quota import QUOTA_ROUNDINGS, QUOTAS, Quota, RoundQuota, largest_remainder
from sailau.formulas.quota_method import balinski_young

AnyMethod: TypeAlias = Literal["largest-remainder", "balinski-young-quota"] | Method
METHODS: tuple[AnyMethod, ...] = ("largest-remainder", *DIVISOR_METHODS, "balinski-young-quota")
Ties: TypeAlias = 'Literal["raise", "report"] | int | np.random.Generator | Sequence[int] | NDArray[Any]'

# As many elections as fit into a processor's cache, for some ten options.
_BLOCK = 4096


@overload
def allocate(
    votes: ArrayLike,
    seats: ArrayLike,
    method: AnyMethod = ...,
    quota: Quota = ...,
    round_quota: RoundQuota = ...,
    *,
    ties: Literal["report"],
    first: First | None = ...,
    exponent: First | None = ...,
) -> tuple[IntArray, BoolArray]: ...
@overload
def allocate(
    votes: ArrayLike,
    seats: ArrayLike,
    method: AnyMethod = ...,
    quota: Quota = ...,
    round_quota: RoundQuota = ...,
    ties: Literal["raise"] | int | np.random.Generator | Sequence[int] | NDArray[Any] = ...,
    first: First | None = ...,
    exponent: First | None = ...,
) -> IntArray: ...
def allocate(
    votes: ArrayLike,
    seats: ArrayLike,
    method: AnyMethod = "largest-remainder",
    quota: Quota = "hare",
    round_quota: RoundQuota = "no",
    ties: Ties = "raise",
    first: First | None = None,
    exponent: First | None = None,
) -> IntArray | tuple[IntArray, BoolArray]:
    """Allocate seats to options by a formula, exactly, for one election or millions.

    An option without votes gets no seat. Where nobody has votes, every option is tied.

    Args:
        votes: Whole numbers `(..., options)`, not negative, of any size (Python integers beyond 64 bits are
            fine).
        seats: A whole number, or an array of them that broadcasts to `votes.shape[:-1]`.
        method: One of `METHODS`; what they do is said at `largest_remainder`, `highest_averages` and
            `balinski_young`.
        quota: For `largest-remainder`: `hare`, `droop`, `hagenbach-bischoff` or `imperiali`.
        round_quota: For `largest-remainder`: `no`, `nearest` (a half goes up) or `up`.
        ties: What breaks a tie. `"raise"` raises `Tie`; `"report"` returns the decided seats and a mask of
            tied options; a sequence of option indices, the first preferred, or a seeded generator or seed
            decides (where nobody has votes, seats are dealt in that order, round by round).
        first: For divisor methods: another first divisor: a fraction, "7/5", (7, 5) or 1.4.
        exponent: For divisor methods: to which divisors are raised, such as "9/10"; see `divisors`.

    Returns:
        Seats, int64, of the shape of `votes`; with `ties="report"` seats and mask.

    Raises:
        Tie: A tie, and `ties` is `"raise"`.
        TypeError: Votes or seats are not whole numbers, or `ties` is of no known kind.
        ValueError: A negative number, a shape that does not fit, an unknown name, an order that is not one.

    Example:
        >>> allocate([53, 24, 23], 7)
        array([4, 2, 1])
    """
    poll = whole_numbers(votes, "votes")
    if not poll.ndim or not poll.shape[-1]:
        raise ValueError(f"votes of shape {poll.shape}: expected the options on the last axis, at least one")
    want = _seats(seats, poll.shape[:-1])
    kernel = _kernel(method, quota, round_quota, first, exponent)
    decide = _decision(ties, poll.shape[-1])
    return _in_blocks(poll, want, kernel, decide, report=isinstance(ties, str) and ties == "report")


def _seats(seats: ArrayLike, batch: tuple[int, ...]) -> IntArray:
    """Return the number of seats of every election, flat."""
    array = whole_numbers(seats, "seats")
    if largest(array) >= 2**62:
        raise ValueError("seats are too many: expected a number below 2**62")
    try:
        return per_election(array, batch)
    except ValueError:
        raise ValueError(
            f"seats of shape {array.shape}: expected a number or shape {batch}, one per election"
        ) from None


def _kernel(
    method: AnyMethod, quota: Quota, round_quota: RoundQuota, first: First | None, exponent: First | None
) -> Callable[[IntArray, IntArray], Allocation]:
    """Return the formula as a function of votes `(options, elections)` and seats `(elections,)`."""
    for value, known, name in (
        (method, METHODS, "method"),
        (quota, QUOTAS, "quota"),
        (round_quota, QUOTA_ROUNDINGS, "round_quota"),
    ):
        if value not in known:
            raise ValueError(f"{name}={value!r}: expected one of {', '.join(known)}")
    if method == "largest-remainder" or method == "balinski-young-quota":
        for name, number, word in (("first", first, "a first divisor"), ("exponent", exponent, "an exponent")):
            if number is not None:
                raise ValueError(f"{name}={number!r} with method={method!r}: only divisor methods have {word}")
        if method == "balinski-young-quota":
            return balinski_young
        return partial(largest_remainder, quota=quota, round_quota=round_quota)
    power = None if exponent is None else exact(exponent, "exponent")
    divisors(method, first, power)
    return partial(highest_averages, method=method, first=first, exponent=power)


def _decision(ties: Ties, options: int) -> Callable[[Allocation], Allocation] | None:
    """Return what decides ties; None where they are raised or reported."""
    if isinstance(ties, str):
        if ties not in ("raise", "report"):
            raise ValueError(f"ties={ties!r}: expected 'raise', 'report', an order of options, a generator or a seed")
        return None
    if isinstance(ties, np.random.Generator):
        return partial(draw, rng=ties)
    if isinstance(ties, int | np.integer) and not isinstance(ties, bool):
        return partial(draw, rng=np.random.default_rng(int(ties)))
    if not isinstance(ties, Sequence | np.ndarray):
        raise TypeError(f"ties is {ties!r}: expected 'raise', 'report', an order of options, a generator or a seed")
    order = whole_numbers(ties, "ties")
    if sorted(order.reshape(-1).tolist()) != list(range(options)):
        raise ValueError(f"ties={list(ties)}: expected an order of all {options} options, by index, first preferred")
    return partial(settle, rank=order.argsort())


def _in_blocks(
    votes: NDArray[Any],
    seats: IntArray,
    kernel: Callable[[IntArray, IntArray], Allocation],
    decide: Callable[[Allocation], Allocation] | None,
    report: bool,
) -> IntArray | tuple[IntArray, BoolArray]:
    """Run a formula over blocks of elections, options first, and put the options back last."""
    rows = votes.reshape(-1, votes.shape[-1])
    result = np.empty(rows.shape, dtype=np.int64)
    mask = np.zeros(rows.shape if report else (0, 0), dtype=bool)
    for begin in range(0, len(rows), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        allocation = kernel(np.ascontiguousarray(rows[block].T), seats[block])
        if decide is not None:
            allocation = decide(allocation)
        elif report:
            mask[block] = allocation.tied.T
        elif allocation.open.any():
            _raise_tie(allocation, begin, votes.shape[:-1])
        result[block] = allocation.seats.T
    shaped = result.reshape(votes.shape)
    return (shaped, mask.reshape(votes.shape)) if report else shaped


def _raise_tie(allocation: Allocation, begin: int, batch: tuple[int, ...]) -> NoReturn:
    """Raise the first tie of a block that begins at election `begin`."""
    place = int(allocation.tied.any(axis=0).argmax())
    election = tuple(int(index) for index in np.unravel_index(begin + place, batch)) if batch else ()
    options = tuple(np.flatnonzero(allocation.tied[:, place]).tolist())
    raise Tie(options, int(allocation.open[place]), election)
