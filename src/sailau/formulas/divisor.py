"""Divisor methods: seats go one by one to the largest quotients of votes and divisors.

Sources: M. Balinski and H. P. Young, *Fair Representation* (2nd ed., Brookings 2001); F. Pukelsheim,
*Proportional Representation* (2nd ed., Springer 2017), chapter 4, for the idea of a jump to a good divisor
followed by a few steps.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from sailau.formulas.allocation import Allocation, DivisorWorkings, finish
from sailau.formulas.arrays import (
    LARGEST_INT64,
    BoolArray,
    FloatArray,
    IntArray,
    choose,
    columns,
    floats,
    largest,
    per_election,
    tally,
    wide_enough,
)

Method: TypeAlias = Literal[
    "dhondt",
    "sainte-lague",
    "modified-sainte-lague",
    "huntington-hill",
    "adams",
    "dean",
    "danish",
    "imperiali-divisor",
]
First: TypeAlias = Fraction | float | str | tuple[int, int]
_Seats = TypeVar("_Seats", int, IntArray)

_MORE_JUMPS = 8


@dataclass(frozen=True, slots=True)
class Divisors:
    """A sequence of divisors, as whole numbers.

    With s seats held, the divisor raised to `power` is `numerator(s) / (scale * denominator(s))`, where the
    numerator is `slope * s + offset`, or `slope * s * (s + 1)` for a `pair` (Dean and Huntington–Hill take
    means of s and s + 1). Where divisors are raised to an exponent p/q, votes are raised to q times their power and
    numerators to p times theirs: v / n^(p/q) is as large as v^q / n^p tells, in whole numbers.

    Attributes:
        slope: See above.
        offset: See above.
        pair: See above.
        odd: The denominator is 2s + 1 (Dean), otherwise 1.
        power: 2 for Huntington–Hill, whose divisors are square roots.
        scale: Makes the numerators whole.
        first: The divisor of the first seat where it is not the sequence's own, raised to `power` and scaled.
        degree: Numerators are raised to it (9, with a power of 10, for divisors n^0.9).
    """

    slope: int
    offset: int
    pair: bool = False
    odd: bool = False
    power: int = 1
    scale: int = 1
    first: Fraction | None = None
    degree: int = 1

    def numerator(self, held: IntArray) -> IntArray:
        """Return the divisors' numerators, all multiplied with the same number, for `held` seats."""
        value = self._value(held)
        if self.degree > 1:
            # Beyond 64 bits from a hundred seats on.
            return cast(IntArray, value.astype(object) ** self.degree)
        if self.first is None:
            return value
        return np.where(held == 0, self.first.numerator, self.first.denominator * value)

    def _value(self, held: _Seats) -> _Seats:
        return self.slope * held * (held + 1) if self.pair else self.slope * held + self.offset

    def weights(self, powers: IntArray, held: IntArray) -> IntArray:
        """Return the quotients' numerators: votes (raised to `power`) times the divisors' denominators."""
        return powers * (2 * held + 1) if self.odd else powers

    def divisor(self, held: int) -> Fraction:
        """Return the divisor, raised to `power`, for an option that holds `held` seats."""
        if held == 0 and self.first is not None:
            return self.first / self.scale
        return Fraction(self._value(held), self.scale * (2 * held + 1 if self.odd else 1)) ** self.degree

    @property
    def starts_at_zero(self) -> bool:
        """Whether the first divisor is 0, so that every option is seated before any gets a second seat."""
        return self.first is None and (self.pair or self.offset == 0)

    @property
    def middle(self) -> float:
        """Where a divisor lies between s and s + 1: enough to estimate."""
        return 0.5 if self.pair else self.offset / self.slope

    def estimate(self, held: IntArray) -> FloatArray:
        """Return the divisors, raised to `power`, as floats, on a scale where they grow by about one."""
        unit = (1 if self.pair else self.slope) * (1 if self.first is None else self.first.denominator)
        return self.numerator(held) / ((2 * held + 1) * unit if self.odd else unit)

    def rate(self, held: IntArray) -> FloatArray:
        """Return the divisors' numerators as floats."""
        if self.degree > 1:
            return self._value(held).astype(np.float64) ** self.degree
        return cast(FloatArray, self.numerator(held))

    def seats_scale(self, weight: FloatArray) -> FloatArray:
        """Return votes on the scale on which seats grow evenly, from votes raised to `power`."""
        if self.degree > 1:
            return weight ** (1 / self.degree)
        return np.sqrt(weight) if self.power == 2 else weight

    def greatest_factor(self, held: int) -> int:
        """Return the largest number with which votes (raised to `power`) are multiplied up to `held` seats."""
        value: int = self._value(held) ** self.degree
        if self.first is not None:
            value = max(value * self.first.denominator, self.first.numerator)
        return value * (2 * held + 1 if self.odd else 1)


_SEQUENCES: dict[Method, Divisors] = {
    "dhondt": Divisors(1, 1),
    "sainte-lague": Divisors(2, 1),
    "modified-sainte-lague": Divisors(2, 1, first=Fraction(7, 5)),
    "huntington-hill": Divisors(1, 0, pair=True, power=2),
    "adams": Divisors(1, 0),
    "dean": Divisors(2, 0, pair=True, odd=True),
    "danish": Divisors(3, 1),
    "imperiali-divisor": Divisors(1, 2, scale=2),
}
DIVISOR_METHODS: tuple[Method, ...] = tuple(_SEQUENCES)


def exact(number: First, name: str = "first") -> Fraction:
    """Return a number as a fraction; a float counts as the decimal number that it shows (7/5 is 1.4).

    Raises:
        TypeError: No number.
        ValueError: A text that is none.
    """
    if isinstance(number, tuple | list) and len(number) == 2:
        return Fraction(*number)
    if isinstance(number, bool) or not isinstance(number, Fraction | int | float | str):
        raise TypeError(f"{name}={number!r}: expected a number such as '7/5', (7, 5) or 1.4")
    try:
        return Fraction(str(number))
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name}={number!r}: expected a number such as '7/5', (7, 5) or 1.4") from None


def divisors(method: Method, first: First | None = None, exponent: Fraction | None = None) -> Divisors:
    """Return a method's divisors.

    Args:
        method: One of `DIVISOR_METHODS`.
        first: The divisor of the first seat, as a fraction, a text "7/5", a pair (7, 5) or a number; it must lie
            between 0 and the divisor of the second seat. None keeps the method's own (7/5 for `modified-sainte-lague`).
        exponent: To which divisors are raised, between 0 and 1 (9/10 makes D'Hondt's 1, 2^0.9, 3^0.9 …); numerator and
            denominator are 99 at most. For methods whose divisors are whole numbers from the first seat on.

    Raises:
        ValueError: The method is unknown, `first` is out of bounds, or an exponent is or does not fit the method.
    """
    if method not in _SEQUENCES:
        raise ValueError(f"unknown divisor method {method!r}: expected one of {', '.join(DIVISOR_METHODS)}")
    sequence = _SEQUENCES[method]
    if exponent is not None:
        return _raised(method, sequence, first, exponent)
    if first is None:
        return sequence
    start = exact(first)
    scaled = start**sequence.power * sequence.scale
    if not 0 < scaled < replace(sequence, first=None).divisor(1) * sequence.scale:
        raise ValueError(f"first divisor {start} of {method}: expected one above 0 and below the second divisor")
    return replace(sequence, first=scaled)


def _raised(method: Method, sequence: Divisors, first: First | None, exponent: Fraction) -> Divisors:
    if first is not None or sequence.first is not None or sequence.starts_at_zero or sequence.scale > 1:
        raise ValueError(f"exponent {exponent} with {method}: expected a method of whole divisors without a first one")
    if not 0 < exponent <= 1 or exponent.denominator > 99:
        raise ValueError(f"exponent {exponent}: expected a fraction above 0 and up to 1, its denominator 99 at most")
    return replace(sequence, power=exponent.denominator, degree=exponent.numerator)


def highest_averages(
    votes: ArrayLike,
    seats: ArrayLike,
    *,
    method: Method,
    first: First | None = None,
    exponent: Fraction | None = None,
    limits: ArrayLike | None = None,
    eligible: ArrayLike | None = None,
    start: ArrayLike | None = None,
    workings: bool = False,
) -> Allocation:
    """Allocate seats by a divisor method.

    An option without votes gets no seat; where nobody has votes, all are tied. A method whose first divisor
    is 0 (Adams, Dean, Huntington–Hill) seats every option once before any twice, the larger ones first where
    seats are short.

    Args:
        votes: Integers `(options, ...)`, not negative.
        seats: Integers that broadcast to `(...)`: how many seats are dealt (those of `start` not among them).
        method: One of `DIVISOR_METHODS`.
        first: Another first divisor, see `divisors`.
        exponent: To which divisors are raised, see `divisors`.
        limits: `(options, ...)` most of these seats an option can take; the surplus goes to the next
            quotients.
        eligible: `(options, ...)` mask of options that take part; votes for others count for nothing.
        start: `(options, ...)` seats that options hold already: their first seat here is their (start +
            1)-th. They are not part of the result.
        workings: Keep last and next quotients.

    Returns:
        An allocation.

    Raises:
        ValueError: See `divisors`; or so many seats that divisors do not fit into 64 bits (Dean: a million).
    """
    sequence = divisors(method, first, exponent)
    given = np.asarray(votes)
    shape = given.shape
    want = per_election(seats, shape[1:])
    held = columns(0 if start is None else start, shape)
    factor = sequence.greatest_factor(largest(held) + largest(want) + 1)
    if factor > LARGEST_INT64 and exponent is None:
        raise ValueError(
            f"{method} for {largest(want)} seats: divisors beyond 64 bits, expected a plainer first divisor"
        )
    poll = wide_enough(given, factor * largest(given) ** (sequence.power - 1)).reshape(shape[0], want.size)
    if eligible is not None:
        poll = np.where(columns(eligible, shape, bool), poll, 0)
    limit = None if limits is None else columns(limits, shape)
    # No more than there are: a limit may be a number that stands for "none".
    cap = np.where(poll > 0, want if limit is None else np.minimum(limit, want), 0)
    won, tied, left = _Race(sequence, poll**sequence.power, held, cap).run(want)
    kept = _workings(sequence, poll, held, won, limit, shape) if workings else None
    voteless = np.asarray(~(poll > 0).any(axis=0))
    return finish(shape, won, tied, left, voteless, eligible, limit, kept)


@dataclass(frozen=True, slots=True)
class _Race:
    """Options that compete for seats, `(options, elections)`.

    Attributes:
        sequence: The divisors.
        powers: Votes, raised to the sequence's power.
        held: Seats held before.
        cap: Most seats an option can take; 0 for an option without votes.
    """

    sequence: Divisors
    powers: IntArray
    held: IntArray
    cap: IntArray

    def run(self, want: IntArray) -> tuple[IntArray, BoolArray | None, IntArray]:
        """Deal `want` seats; return the seats decided, the tied options (None: nobody) and the open seats."""
        if not self.sequence.starts_at_zero:
            return self._deal(want)
        fresh = (self.held == 0) & (self.cap > 0)
        number = tally(fresh)
        short = number > want
        seated = fresh & ~short
        later = replace(self, held=self.held + seated, cap=np.where(short, 0, self.cap - seated))
        won, tied, left = later._deal(np.where(short, 0, want - number))
        won += seated
        where = np.flatnonzero(short)
        if where.size:
            keys = np.where(fresh[:, where], self.powers[:, where], 0)
            sure, bar = choose(keys, want[where], 0)
            won[:, where] = sure
            left[where] = want[where] - tally(sure)
            tied = np.zeros(won.shape, dtype=bool) if tied is None else tied
            tied[:, where] = (keys == bar) & (keys > 0) & (left[where] > 0)
        return won, tied, left

    def _deal(self, want: IntArray) -> tuple[IntArray, BoolArray | None, IntArray]:
        """Deal seats where no divisor that is used is 0: estimate, correct, look for ties at the cut."""
        target = np.minimum(want, self.cap.sum(axis=0))
        weight = floats(self.powers)
        won = self._estimate(weight, target)
        lead = _rates(self.sequence, weight, self.held, won, self.cap, 1).argmax(axis=0)
        better, weak = self._faults(won, lead)
        where = np.flatnonzero(better.any(axis=0) | weak.any(axis=0))
        if not where.size:
            return won, None, want - target
        race = _Race(self.sequence, self.powers[:, where], self.held[:, where], self.cap[:, where])
        best = won[:, where]
        losing, gaining = race._correct(best, lead[where])
        won[:, where] = best - losing
        tied = np.zeros(won.shape, dtype=bool)
        tied[:, where] = losing | gaining
        left = want - target
        left[where] += tally(losing)
        return won, tied, left

    def _estimate(self, weight: FloatArray, target: IntArray) -> IntArray:
        """Propose seats from one divisor for all, then single steps in floats."""
        votes = self.sequence.seats_scale(weight)
        cap = np.minimum(self.cap, target)
        won = self._jump(votes, cap, cap > 0, np.zeros(self.held.shape, dtype=np.int64), target)
        missing = target - won.sum(axis=0)
        # One jump lands within a few seats, unless many seats are held before or limits bind.
        for _ in range(_MORE_JUMPS):
            far = np.abs(missing) > won.shape[0]
            if not far.any():
                break
            free = np.where(missing > 0, won < cap, won > 0)
            won = np.where(far, self._jump(votes, cap, free, won, missing), won)
            missing = target - won.sum(axis=0)
        self._walk(weight, won, missing, 1)
        self._walk(weight, won, -missing, -1)
        return won

    def _jump(self, votes: FloatArray, cap: IntArray, free: BoolArray, won: IntArray, missing: IntArray) -> IntArray:
        """Estimate the divisor that gives free options their seats and those missing; return what all get."""
        middle = self.sequence.middle
        seats = missing + np.where(free, won + self.held + (middle - 0.5), 0).sum(axis=0)
        divisor = np.where(free, votes, 0).sum(axis=0) / np.maximum(seats, 0.5)
        ratio = np.minimum(votes / np.where(divisor > 0, divisor, 1), self.held + cap + 1)
        total = np.floor(ratio - middle).astype(np.int64) + 1
        if self.sequence.pair or self.sequence.first is not None:
            # Here the middle is not the divisor itself: one seat more or less may be due.
            bar = ratio**self.sequence.power
            total -= (total > 0) & (self.sequence.estimate(total - 1) > bar)
            total += self.sequence.estimate(total) <= bar
        return cast(IntArray, np.clip(total - self.held, 0, cap))

    def _walk(self, weight: FloatArray, won: IntArray, number: IntArray, step: Literal[1, -1]) -> None:
        """Give (step 1) or take (step -1) `number` seats one by one where it is positive."""
        where = np.flatnonzero(number > 0)
        if not where.size:
            return
        number = number[where]
        rates = _rates(self.sequence, weight[:, where], self.held[:, where], won[:, where], self.cap[:, where], step)
        while True:
            chosen = rates.argmax(axis=0)
            won[chosen, where] += step
            number = number - 1
            more = number > 0
            if not more.all():
                rates, chosen, where, number = rates[:, more], chosen[more], where[more], number[more]
            if not where.size:
                return
            at = (chosen, where)
            new = _rates(self.sequence, weight[at], self.held[at], won[at], self.cap[at], step)
            rates[chosen, np.arange(where.size)] = new

    def _faults(self, won: IntArray, lead: IntArray) -> tuple[BoolArray, BoolArray]:
        """Compare exactly with the next quotient of `lead`: whose next is larger, whose last is not?"""
        weight, divisor = self._next_of(won, lead)
        held = self.held + won
        ahead = self.sequence.weights(self.powers, held) * divisor > weight * self.sequence.numerator(held)
        held = held - 1
        weak = self.sequence.weights(self.powers, held) * divisor <= weight * self.sequence.numerator(held)
        return ahead & (won < self.cap), weak & (won > 0)

    def _next_of(self, won: IntArray, lead: IntArray) -> tuple[IntArray, IntArray]:
        """Return the next quotient of option `lead` as a fraction; 0/1 where it can take no more."""
        at = (lead, np.arange(lead.size))
        held = self.held[at] + won[at]
        possible = won[at] < self.cap[at]
        weight = np.where(possible, self.sequence.weights(self.powers[at], held), 0)
        return weight, np.where(possible, self.sequence.numerator(held), 1)

    def _correct(self, won: IntArray, lead: IntArray) -> tuple[BoolArray, BoolArray]:
        """Move seats in place until no next quotient is larger than a last one.

        Returns:
            Options whose last quotient equals the largest next one, and those whose next does; nobody where
            there is no tie.
        """
        while True:
            better, weak = self._faults(won, lead)
            wrong = np.flatnonzero(better.any(axis=0))
            lead[wrong] = better[:, wrong].argmax(axis=0)
            weight, divisor = self._next_of(won, lead)
            held = self.held + won - 1
            level = self.sequence.weights(self.powers, held) * divisor == weight * self.sequence.numerator(held)
            less = weak & ~level
            move = np.flatnonzero(less.any(axis=0) & ~better.any(axis=0))
            won[less[:, move].argmax(axis=0), move] -= 1
            won[lead[move], move] += 1
            if not wrong.size and not move.size:
                break
        losing = weak & level
        held = held + 1
        level = self.sequence.weights(self.powers, held) * divisor == weight * self.sequence.numerator(held)
        return losing, level & (won < self.cap) & losing.any(axis=0)


def _rates(
    sequence: Divisors, weight: FloatArray, held: IntArray, won: IntArray, cap: IntArray, step: Literal[1, -1]
) -> FloatArray:
    """Estimate the quotients of the next seats (step 1), or minus those of the last (step -1); -inf: there is none."""
    possible = won < cap if step > 0 else won > 0
    held = held + won if step > 0 else held + won - 1
    # Where nothing is possible the divisor may be 0 or less.
    divisor = np.where(possible, sequence.rate(held), 1)
    if sequence.odd:
        weight = weight * (2 * held + 1)
    return np.where(possible, step * weight / divisor, -np.inf)


def _workings(
    sequence: Divisors,
    votes: IntArray,
    held: IntArray,
    won: IntArray,
    limit: IntArray | None,
    shape: tuple[int, ...],
) -> DivisorWorkings:
    """Write the quotients down as fractions of votes and divisors."""
    powers = votes**sequence.power * sequence.scale
    if sequence.first is not None:
        powers = powers * sequence.first.denominator
    has, more = won > 0, votes > 0
    if limit is not None:
        more = more & (won < limit)
    total = held + won
    last = (
        np.where(has, sequence.weights(powers, total - 1), 0),
        np.where(has, sequence.numerator(total - 1), 1),
    )
    after = np.where(more, sequence.weights(powers, total), 0), np.where(more, sequence.numerator(total), 1)
    return DivisorWorkings(
        last[0].reshape(shape),
        last[1].reshape(shape),
        after[0].reshape(shape),
        after[1].reshape(shape),
        sequence.power,
    )
