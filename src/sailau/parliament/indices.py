"""How votes became seats: indices of fragmentation and disproportionality, thresholds, wasted votes.

Arrays carry any leading batch axes and the options on the last axis, ``votes`` and ``seats`` alike:
``(..., options)``. Votes are whole numbers of votes for electable options. "Against all", blank and uncounted
ballots are no options: leave them out. Independents are options like any other, each its own column where the
figures allow it; one column that lumps them together is treated as one party.

Indices that are a quotient of whole numbers come as a `Ratio`, exact until somebody shows it. The two that
are not (a square root; a sum of quotients) are floats computed from exact whole-number differences, zero
exactly where votes and seats are in proportion. No index decides a seat.

Nothing is divided by zero in silence: with no votes at all, or no seats at all, an index is undefined
(``nan``).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]
"""Whole numbers, ``int64`` or, where a product would not fit, ``object`` (Python integers)."""

FloatArray = npt.NDArray[np.float64]

_INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """Quotients of whole numbers, kept as two integer arrays of the same shape.

    ``n / 0`` is infinite, ``0 / 0`` undefined.
    """

    numerator: IntArray
    denominator: IntArray

    @property
    def value(self) -> FloatArray:
        """The quotients as floats for display; ``inf`` for n / 0, ``nan`` for 0 / 0."""
        empty = self.denominator == 0
        quotient = self.numerator / np.where(empty, 1, self.denominator)
        limit = np.where(self.numerator == 0, np.nan, np.inf)
        return np.where(empty, limit, np.asarray(quotient, dtype=np.float64))

    @property
    def percent(self) -> FloatArray:
        """The quotients in per cent, for display."""
        return 100 * self.value

    def fraction(self, *index: int) -> Fraction | None:
        """The exact quotient of one election of the batch, None where it is infinite or undefined."""
        below = int(self.denominator[index])
        return Fraction(int(self.numerator[index]), below) if below else None


def as_counts(values: npt.ArrayLike, name: str = "values") -> IntArray:
    """Checked whole numbers from 0 with at least one axis, as ``int64`` or, beyond it, ``object``.

    Raises:
        TypeError: something is not a whole number (a float is not, whatever its value).
        ValueError: a number is negative, or there is no axis of options.
    """
    array = np.asarray(values)
    if array.ndim == 0:
        raise ValueError(f"{name}: an axis of options is needed, found a single number")
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        # NumPy reads a list of integers below and beyond 2^63 as floats
        found, array = array.dtype, np.asarray(values, dtype=object)
        if not all(type(number) is int for number in array.flat):
            raise TypeError(f"{name}: whole numbers are needed, found {found}")
    if array.min() < 0:
        raise ValueError(f"{name}: no number may be negative, found {array.min()}")
    return array.astype(np.int64 if int(array.max()) <= _INT64_MAX else object)


def effective_number(values: npt.ArrayLike, *, independents: npt.ArrayLike = 0) -> Ratio:
    """Effective number of parties, ``(sum x)^2 / sum x^2``: of votes or of seats.

    Source: Laakso and Taagepera, "Effective" number of parties, Comparative Political Studies 12 (1979).

    Args:
        values: votes or seats ``(..., options)``. Votes lumped together as "others" make it too small.
        independents: further members who each stand alone, broadcast to the leading axes; each counts as a
            party of one seat.

    Returns:
        Exact ratios of shape ``(...)``; 0 / 0 where nobody has anything.
    """
    each = as_counts(values)
    alone = as_counts(np.asarray(independents)[..., None], "independents")
    each = _widen(_largest(each) * each.shape[-1] + _largest(alone), each)
    total = each.sum(axis=-1, keepdims=True) + alone
    each, alone, total = (_widen(_largest(total) ** 2, array) for array in (each, alone, total))
    squares = (each * each).sum(axis=-1, keepdims=True) + alone
    return _ratio(total * total, squares)


def loosemore_hanby(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """Loosemore–Hanby index, ``1/2 sum |v - s|`` over shares: the share of misplaced seats.

    Source: Loosemore and Hanby, The theoretical limits of maximum distortion, British Journal of Political
    Science 1 (1971).

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Exact ratios of shape ``(...)``, between 0 and 1; 0 / 0 without votes or without seats.
    """
    difference, whole = share_differences(votes, seats)
    return _ratio(abs(difference).sum(axis=-1, keepdims=True), 2 * whole)


def gallagher(votes: npt.ArrayLike, seats: npt.ArrayLike) -> FloatArray:
    """Gallagher's least-squares index, ``sqrt(1/2 sum (v - s)^2)`` over shares.

    Source: Gallagher, Proportionality, disproportionality and electoral systems, Electoral Studies 10 (1991),
    where it is given in per cent: 100 times this.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Floats of shape ``(...)``, between 0 and 1, for display; nan without votes or without seats.
    """
    apart = _shares_apart(votes, seats)
    return np.asarray(np.sqrt((apart * apart).sum(axis=-1) / 2), dtype=np.float64)


def sainte_lague_index(votes: npt.ArrayLike, seats: npt.ArrayLike) -> FloatArray:
    """Sainte-Laguë index, ``sum (s - v)^2 / v`` over shares: what the Sainte-Laguë method makes smallest.

    Source: Gallagher 1991 (see `gallagher`), there in per cent: 100 times this.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Floats of shape ``(...)``, for display; an option with neither votes nor seats adds nothing, seats
        without votes make it infinite; nan without votes or without seats at all.
    """
    apart = _shares_apart(votes, seats)
    cast = as_counts(votes, "votes")
    whole = _total(cast)
    cast, whole = cast.astype(np.float64), whole.astype(np.float64)
    weight = np.where(cast > 0, whole, np.inf) / np.where(cast > 0, cast, 1)
    with np.errstate(invalid="ignore"):
        term = np.where(apart == 0, 0.0, apart * apart * weight)
    return np.asarray(term.sum(axis=-1), dtype=np.float64)


def advantage_ratios(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """Advantage ratios, each option's share of seats divided by its share of votes.

    Source: Taagepera and Laakso, Proportionality profiles of West European electoral systems, European
    Journal of Political Research 8 (1980).

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Exact ratios of shape ``(..., options)``; infinite for seats without votes, 0 / 0 for neither.
    """
    cast, held, total, chamber = _pair(votes, seats)
    return Ratio(held * total, cast * chamber)


def dhondt_index(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """D'Hondt index, the largest advantage ratio ``max s / v``: what the D'Hondt method makes smallest.

    Source: Gallagher 1991 (see `gallagher`).

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Exact ratios of shape ``(...)``, at least 1; infinite where an option without votes has a seat; 0 / 0
        without votes or without seats at all. Which ratio is largest is found by cross products of integers.
    """
    cast, held, total, chamber = _pair(votes, seats)
    best, below = chamber * 0, chamber * 0 + 1
    for option in range(cast.shape[-1]):
        seat, vote = held[..., option : option + 1], cast[..., option : option + 1]
        larger = seat * below > best * vote
        best, below = np.where(larger, seat, best), np.where(larger, vote, below)
    return _ratio(best * total, below * chamber)


def share_differences(votes: npt.ArrayLike, seats: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Differences of the shares of votes and seats over one common denominator.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        ``v_i * S - s_i * V`` of shape ``(..., options)`` and ``V * S`` of shape ``(..., 1)``, exact.
    """
    cast, held, total, chamber = _pair(votes, seats)
    return cast * chamber - held * total, total * chamber


def wasted_votes(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """Votes for options that won no seat, of all votes for options.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Ratios of shape ``(...)``: the numerator counts the votes. 0 / 0 without votes.
    """
    cast, held = _broadcast(votes, seats)
    cast = _widen(_largest(cast) * cast.shape[-1], cast)
    lost = np.where(held == 0, cast, 0).sum(axis=-1, keepdims=True)
    return _ratio(lost, cast.sum(axis=-1, keepdims=True))


def votes_per_seat(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """What a seat cost each option, in votes.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Ratios of shape ``(..., options)``; infinite for votes without a seat, 0 / 0 for neither.
    """
    return Ratio(*_broadcast(votes, seats))


def mean_votes_per_seat(votes: npt.ArrayLike, seats: npt.ArrayLike) -> Ratio:
    """What a seat cost on average: all votes for options, lost ones too, by all seats.

    Args:
        votes: ``(..., options)``.
        seats: ``(..., options)``; leading axes broadcast against those of ``votes``.

    Returns:
        Ratios of shape ``(...)``.
    """
    cast, held = _broadcast(votes, seats)
    return _ratio(_total(cast), _total(held))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Between which shares of the vote the first seat of a district lies.

    Attributes:
        inclusion: below this share no seat can be won.
        exclusion: above this share a seat cannot be missed.
    """

    inclusion: Fraction
    exclusion: Fraction


_DIVISORS: dict[str, tuple[int, int, int]] = {
    "dhondt": (1, 2, 1),
    "sainte-lague": (1, 3, 2),
    "modified-sainte-lague": (0, 3, 2),  # the first divisor is an argument
    "danish": (1, 4, 3),
    "imperiali-divisor": (2, 3, 1),
}
_SEAT_FOR_EACH = ("adams", "dean", "huntington-hill")
_QUOTAS = {"hare": 0, "hagenbach-bischoff": 1, "droop": 1}


def thresholds(
    method: str,
    magnitude: int,
    parties: int,
    *,
    quota: str = "hare",
    first: Fraction = Fraction(7, 5),
    bar: Fraction = Fraction(0),
) -> Thresholds:
    """Thresholds of inclusion and exclusion of one district.

    At a threshold itself the seat is tied. With s seats of each other party, divisors d and own share v, a
    divisor method includes from ``v (1 + max sum d(s+1)/d(1)) = 1`` over the ways the others can hold
    ``magnitude - 1`` seats, and excludes to ``v (1 + min sum d(s)/d(1)) = 1`` over the ways they can hold
    all. Largest remainder with the quota ``1 / (M + c)``: inclusion ``(1 + c) / (n (M + c))``; exclusion
    ``(k + c) / ((k + 1)(M + c))``, largest over the k seats that remainders can decide.

    Source: Rae, Hanby and Loosemore, Thresholds of representation and thresholds of exclusion, Comparative
    Political Studies 3 (1971); Lijphart and Gibberd, Thresholds and payoffs in list systems of proportional
    representation, European Journal of Political Research 5 (1977); Palomares and Ramírez, Thresholds of the
    divisor methods, Numerical Algorithms 34 (2003).

    Args:
        method: ``plurality`` (the strongest takes all seats), ``largest-remainder``, ``dhondt``,
            ``sainte-lague``, ``modified-sainte-lague``, ``danish``, ``imperiali-divisor``, ``adams``,
            ``dean``, ``huntington-hill``.
        magnitude: seats of the district, from 1.
        parties: how many compete for them, the one in question included, from 2.
        quota: of largest remainder: ``hare`` or ``hagenbach-bischoff``; ``droop`` gives the same, to which
            its rounded quota tends as votes grow.
        first: first divisor of modified Sainte-Laguë, above 0 and at most 3.
        bar: the law's own threshold as a share of the same votes; neither threshold lies below it.

    Returns:
        The exact shares.

    Raises:
        ValueError: unknown method or quota, or a number out of its range.
    """
    if magnitude < 1 or parties < 2:
        raise ValueError(f"a seat and two parties at least are needed, found {magnitude} and {parties}")
    if not 0 <= bar <= 1:
        raise ValueError(f"bar: a share from 0 to 1 is needed, found {bar}")
    if method == "plurality":
        low, high = Fraction(1, parties), Fraction(1, 2)
    elif method == "largest-remainder":
        low, high = _remainder_thresholds(magnitude, parties, quota)
    elif method in _SEAT_FOR_EACH:
        # any vote at all is enough while seats last, then the larger lists come first
        low, high = Fraction(0), Fraction(0) if parties <= magnitude else Fraction(1, magnitude + 1)
    elif method in _DIVISORS:
        low, high = _divisor_thresholds(magnitude, parties, *_divisors(method, first))
    else:
        raise ValueError(f"method: no thresholds are known for {method!r}")
    return Thresholds(max(low, bar), max(high, bar))


def _divisors(method: str, first: Fraction) -> tuple[Fraction, int, int]:
    start, second, step = _DIVISORS[method]
    if start:
        return Fraction(start), second, step
    if not 0 < first <= second:
        raise ValueError(f"first: a divisor above 0 and at most {second} is needed, found {first}")
    return Fraction(first), second, step


def _divisor_thresholds(
    magnitude: int, parties: int, first: Fraction, second: int, step: int
) -> tuple[Fraction, Fraction]:
    """Thresholds for the divisors first, second, second + step and so on by step."""
    others = parties - 1
    spare = magnitude - 1
    seated = range(1 if spare else 0, min(others, spare) + 1)
    most = max((others - some) * first + some * second + (spare - some) * step for some in seated)
    # `lone` of the others hold one seat each, `rich` two or more
    least = min(
        lone * first + rich * second + (magnitude - lone - 2 * rich) * step
        for rich in range(min(others, magnitude // 2) + 1)
        for lone in range(min(others - rich, magnitude - 2 * rich) + 1)
        if rich or lone == magnitude
    )
    return first / (first + most), first / (first + least)


def _remainder_thresholds(magnitude: int, parties: int, quota: str) -> tuple[Fraction, Fraction]:
    if quota not in _QUOTAS:
        raise ValueError(f"quota: no thresholds are known for {quota!r}")
    extra = _QUOTAS[quota]
    whole = magnitude + extra
    by_remainder = range(min(parties - 1, magnitude) + 1)
    high = max(Fraction(last + extra, last + 1) for last in by_remainder)
    return Fraction(1 + extra, parties * whole), high / whole


def _largest(array: IntArray) -> int:
    return int(array.max()) if array.size else 0


def _widen(bound: int, array: IntArray) -> IntArray:
    """The same numbers, as Python integers where results may reach beyond ``int64``."""
    return array if bound <= _INT64_MAX else array.astype(object)


def _total(array: IntArray) -> IntArray:
    wide = _widen(_largest(array) * array.shape[-1], array)
    return np.asarray(wide.sum(axis=-1, keepdims=True), dtype=wide.dtype)


def _broadcast(votes: npt.ArrayLike, seats: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    cast, held = as_counts(votes, "votes"), as_counts(seats, "seats")
    if cast.shape[-1] != held.shape[-1]:
        raise ValueError(f"votes of {cast.shape[-1]} options do not fit seats of {held.shape[-1]}")
    cast, held = np.broadcast_arrays(cast, held)
    return cast, held


def _pair(votes: npt.ArrayLike, seats: npt.ArrayLike) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Votes, seats ``(..., options)`` and their totals ``(..., 1)``, wide enough for every product."""
    cast, held = _broadcast(votes, seats)
    total, chamber = _total(cast), _total(held)
    bound = 2 * max(_largest(total), 1) * max(_largest(chamber), 1)
    return _widen(bound, cast), _widen(bound, held), _widen(bound, total), _widen(bound, chamber)


def _shares_apart(votes: npt.ArrayLike, seats: npt.ArrayLike) -> FloatArray:
    """Share of votes less share of seats ``(..., options)``; nan without votes or without seats."""
    difference, whole = share_differences(votes, seats)
    below = np.where(whole == 0, np.nan, whole.astype(np.float64))
    return np.asarray(difference.astype(np.float64) / below, dtype=np.float64)


def _ratio(numerator: IntArray, denominator: IntArray) -> Ratio:
    """A ratio without the last axis, which was kept so that one election stays an array."""
    above, below = np.broadcast_arrays(numerator, denominator)
    return Ratio(above[..., 0], below[..., 0])
