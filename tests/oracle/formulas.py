"""Every formula a second time: in fractions, seat by seat, straight from its definition, without NumPy.

A function here follows all ways in which ties can be broken at once and gives the set of final allocations,
each a tuple of seats. `verdict` says what such a set leaves undecided. Meant for a handful of options and
seats.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Seats = tuple[int, ...]
Key = Callable[[int, int], tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all allocations agree on, who may get more, how many seats are open."""

    seats: Seats
    tied: tuple[bool, ...]
    open: int


def verdict(outcomes: Iterable[Seats], seats: int) -> Verdict:
    """Compare allocations that differ only in how ties were broken."""
    by_option = list(zip(*outcomes, strict=True))
    sure = tuple(min(numbers) for numbers in by_option)
    return Verdict(sure, tuple(len(set(numbers)) > 1 for numbers in by_option), seats - sum(sure))


def voteless(able: Sequence[bool], seats: int, held: Seats | None = None) -> Verdict:
    """Where nobody has votes, everybody is tied for everything."""
    start = held or (0,) * len(able)
    left = seats - sum(start)
    return Verdict(start, tuple(who and left > 0 for who in able), left)


def _plus(seats: Seats, option: int, step: int = 1) -> Seats:
    return (*seats[:option], seats[option] + step, *seats[option + 1 :])


def _favoured(candidates: list[int], rank: Sequence[int] | None, worst: bool = False) -> list[int]:
    """Keep the candidates that a criterion prefers (or, when somebody must lose a seat, likes least)."""
    if rank is None:
        return candidates
    best = (max if worst else min)(rank[option] for option in candidates)
    return [option for option in candidates if rank[option] == best]


# Quota methods


def quota(method: str, rounding: str, votes: int, seats: int) -> Fraction:
    """Return a quota as laws write it."""
    value = {
        "hare": Fraction(votes, max(seats, 1)),
        "droop": Fraction(floor(Fraction(votes, seats + 1)) + 1),
        "hagenbach-bischoff": Fraction(votes, seats + 1),
        "imperiali": Fraction(votes, seats + 2),
    }[method]
    if rounding == "up":
        value = Fraction(ceil(value))
    elif rounding == "nearest":
        value = Fraction(floor(value + Fraction(1, 2)))
    return value or Fraction(1)


def largest_remainder(
    votes: Sequence[int],
    seats: int,
    method: str = "hare",
    rounding: str = "no",
    limits: Sequence[int] | None = None,
    floors: Sequence[int] | None = None,
    rank: Sequence[int] | None = None,
    keys: list[Fraction] | None = None,
) -> set[Seats]:
    """Whole parts, then one seat after the other to (or from) the next remainder, in rounds; or by other keys than that."""
    number = quota(method, rounding, sum(votes), seats)
    least = floors or (0,) * len(votes)
    most = limits or (sum(votes) + seats,) * len(votes)
    whole = [floor(count / number) for count in votes]
    start = tuple(max(min(part, top), low) for part, top, low in zip(whole, most, least, strict=True))
    rest = [
        count / number - (low if low > part else part) for count, part, low in zip(votes, whole, least, strict=True)
    ]
    if sum(start) > seats:
        return _rounds(start, sum(start) - seats, -1, lambda i, has: has > least[i], [-r for r in rest], rank)
    able = lambda i, has: votes[i] > 0 and has < most[i]  # noqa: E731
    return _rounds(start, seats - sum(start), 1, able, rest if keys is None else keys, rank)


def _rounds(
    start: Seats,
    number: int,
    step: int,
    able: Callable[[int, int], bool],
    keys: list[Fraction],
    rank: Sequence[int] | None,
) -> set[Seats]:
    """Give or take seats one by one to the largest key, everybody once before anybody twice."""
    states = {(start, frozenset[int]())}
    for _ in range(number):
        after = set()
        for seats, done in states:
            candidates = [i for i in range(len(seats)) if able(i, seats[i])]
            if not candidates:
                return {seats for seats, _ in states}
            turn = [i for i in candidates if i not in done]
            if not turn:
                turn, done = candidates, frozenset()
            top = max(keys[i] for i in turn)
            for option in _favoured([i for i in turn if keys[i] == top], rank, worst=step < 0):
                after.add((_plus(seats, option, step), done | {option}))
        states = after
    return {seats for seats, _ in states}


# Divisor methods: the square of the divisor for Huntington–Hill, so that everything is a fraction

DIVISORS: dict[str, Callable[[int], Fraction]] = {
    "dhondt": lambda s: Fraction(s + 1),
    "sainte-lague": lambda s: Fraction(2 * s + 1),
    "modified-sainte-lague": lambda s: Fraction(2 * s + 1) if s else Fraction(14, 10),
    "huntington-hill": lambda s: Fraction(s * (s + 1)),
    "adams": lambda s: Fraction(s),
    "dean": lambda s: 1 / (Fraction(1, 2) * (Fraction(1, s) + Fraction(1, s + 1))) if s else Fraction(0),
    "danish": lambda s: Fraction(3 * s + 1),
    "imperiali-divisor": lambda s: 1 + Fraction(s, 2),
}


def highest_averages(
    votes: Sequence[int],
    seats: int,
    method: str,
    limits: Sequence[int] | None = None,
    start: Sequence[int] | None = None,
    first: Fraction | None = None,
    rank: Sequence[int] | None = None,
) -> set[Seats]:
    """One seat after the other to the largest quotient; a divisor of 0 makes infinity, by votes."""
    most = limits or (seats,) * len(votes)
    held = start or (0,) * len(votes)
    power = 2 if method == "huntington-hill" else 1

    def quotient(option: int, has: int) -> tuple[Fraction, ...]:
        total = held[option] + has
        divisor = first**power if first is not None and not total else DIVISORS[method](total)
        if not divisor:
            return (Fraction(1), Fraction(votes[option]))
        return (Fraction(0), votes[option] ** power / divisor)

    return _seat_by_seat(votes, seats, most, quotient, rank)


def _seat_by_seat(
    votes: Sequence[int], seats: int, most: Sequence[int], key: Key, rank: Sequence[int] | None
) -> set[Seats]:
    states = {(0,) * len(votes)}
    for _ in range(seats):
        after = set()
        for state in states:
            able = [i for i in range(len(votes)) if votes[i] and state[i] < most[i]]
            if not able:
                return states
            top = max(key(i, state[i]) for i in able)
            for option in _favoured([i for i in able if key(i, state[i]) == top], rank):
                after.add(_plus(state, option))
        states = after
    return states


def balinski_young(votes: Sequence[int], seats: int, rank: Sequence[int] | None = None) -> set[Seats]:
    """The largest D'Hondt quotient among options below their quota of the house so far."""
    states = {(0,) * len(votes)}
    for house in range(1, seats + 1):
        after = set()
        for state in states:
            able = [i for i in range(len(votes)) if state[i] < Fraction(votes[i] * house, sum(votes))]
            top = max(Fraction(votes[i], state[i] + 1) for i in able)
            best = [i for i in able if Fraction(votes[i], state[i] + 1) == top]
            for option in _favoured(best, rank):
                after.add(_plus(state, option))
        states = after
    return states


def most_votes(votes: Sequence[int], seats: int, rank: Sequence[int] | None = None) -> set[Seats]:
    """The `seats` largest, none without votes."""
    return _seat_by_seat(votes, seats, (1,) * len(votes), lambda i, _: (Fraction(votes[i]),), rank)


def by_rounds(rank: Sequence[int], seats: int, most: Sequence[int] | None = None) -> Seats:
    """Deal seats in a strict order of preference, round by round, to those who have room."""
    state = (0,) * len(rank)
    order = sorted(range(len(rank)), key=lambda i: rank[i])
    while seats:
        able = [i for i in order if most is None or state[i] < most[i]]
        if not able:
            break
        for option in able[:seats]:
            state = _plus(state, option)
        seats -= min(seats, len(able))
    return state
