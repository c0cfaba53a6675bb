"""What a fair formula keeps to, as functions that give a witness of a violation or None.

Names follow F. Pukelsheim, *Proportional Representation* (2nd ed., Springer 2017), chapter 4, for anonymity,
balancedness, concordance, decency and exactness, and M. Balinski and H. P. Young, *Fair Representation* (2nd
ed., Brookings 2001), for the quota rule and the two monotonicities. A formula gives `Seats`: the least and
the most that each option gets over all ways to break ties; an axiom is violated only if it is violated
however ties are broken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import Any

Votes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seats:
    """Least and most seats of each option."""

    least: tuple[int, ...]
    most: tuple[int, ...]


Formula = Callable[[Votes, int], Seats]


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that violates an axiom: what went in, what came out, and for which options."""

    axiom: str
    votes: Votes
    seats: int
    given: Any
    options: tuple[int, ...] = ()


Axiom = Callable[[Formula, Votes, int], Witness | None]


def completeness(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """All seats are given to options with votes, and no option gets a negative number."""
    given = formula(votes, seats)
    fits = sum(given.least) <= seats <= sum(given.most) if any(votes) else True
    empty = [i for i, count in enumerate(votes) if not count and any(votes) and given.most[i]]
    if fits and not empty and min(given.least) >= 0:
        return None
    return Witness("completeness", votes, seats, given, tuple(empty))


def anonymity(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Only votes count, not names or places: reversed or rotated options get reversed or rotated seats."""
    given = formula(votes, seats)
    size = len(votes)
    for order in (tuple(reversed(range(size))), (*range(1, size), 0)):
        moved = formula(tuple(votes[i] for i in order), seats)
        expected = Seats(tuple(given.least[i] for i in order), tuple(given.most[i] for i in order))
        if moved != expected:
            return Witness("anonymity", votes, seats, (given, moved), order)
    return None


def neutrality(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Options with equal votes are treated alike: the same sure seats, the same chance of more."""
    given = formula(votes, seats)
    for i, j in combinations(range(len(votes)), 2):
        if votes[i] == votes[j] and (given.least[i], given.most[i]) != (given.least[j], given.most[j]):
            return Witness("neutrality", votes, seats, given, (i, j))
    return None


def balancedness(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Options with equal votes end at most one seat apart."""
    given = formula(votes, seats)
    for i, j in combinations(range(len(votes)), 2):
        if any(votes) and votes[i] == votes[j] and given.most[i] - given.least[j] > 1:
            return Witness("balancedness", votes, seats, given, (i, j))
    return None


def concordance(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """More votes never mean fewer seats."""
    given = formula(votes, seats)
    for i in range(len(votes)):
        for j in range(len(votes)):
            if votes[i] > votes[j] and (given.least[i] < given.least[j] or given.most[i] < given.most[j]):
                return Witness("concordance", votes, seats, given, (i, j))
    return None


def decency(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Three times the votes give the same seats."""
    given, scaled = formula(votes, seats), formula(tuple(3 * count for count in votes), seats)
    return None if given == scaled else Witness("decency", votes, seats, (given, scaled))


def exactness(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Votes that are exact multiples of whole numbers of seats give those seats (here from 0 to 6 each)."""
    due = tuple(count % 7 for count in votes)
    given = formula(tuple(11 * count for count in due), sum(due))
    return None if not any(due) or given == Seats(due, due) else Witness("exactness", votes, seats, given)


def lower_quota(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Nobody gets less than the exact share rounded down."""
    return _quota(formula, votes, seats, "lower quota")


def upper_quota(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Nobody gets more than the exact share rounded up."""
    return _quota(formula, votes, seats, "upper quota")


def _quota(formula: Formula, votes: Votes, seats: int, which: str) -> Witness | None:
    given = formula(votes, seats)
    for i, count in enumerate(votes):
        share = Fraction(count * seats, max(sum(votes), 1))
        wrong = given.least[i] < floor(share) if which == "lower quota" else given.most[i] > ceil(share)
        if any(votes) and wrong:
            return Witness(which, votes, seats, given, (i,))
    return None


def house_monotonicity(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """One seat more in the house takes a seat from nobody, compared seat by seat up to `seats`."""
    before = formula(votes, 0)
    for house in range(1, seats + 1):
        after = formula(votes, house)
        losers = [i for i in range(len(votes)) if any(votes) and after.least[i] < before.least[i]]
        if losers:
            return Witness("house monotonicity", votes, house, (before, after), tuple(losers))
        before = after
    return None


def population_monotonicity(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Who gains votes does not lose a seat to somebody who loses votes."""
    before = formula(votes, seats)
    for j in range(len(votes)):
        i = j - 1
        swing = max(votes[j] // 10, 1)
        if len(votes) < 2 or not votes[i] or not votes[j]:
            continue
        changed = list(votes)
        changed[i] += 2 * swing
        changed[j] -= swing
        after = formula(tuple(changed), seats)
        if after.most[i] < before.least[i] and after.least[j] > before.most[j]:
            return Witness("population monotonicity", votes, seats, (changed, before, after), (i, j))
    return None


def merging(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Two options that join do not get fewer seats than apart (D'Hondt keeps to it)."""
    return _joined(formula, votes, seats, "merging", lambda joined, apart: joined.most < apart.least)


def splitting(formula: Formula, votes: Votes, seats: int) -> Witness | None:
    """Two options that join do not get more seats than apart, given a seat for each (Adams keeps to it)."""
    if seats < len(votes):
        return None
    return _joined(formula, votes, seats, "splitting", lambda joined, apart: joined.least > apart.most)


@dataclass(frozen=True, slots=True)
class _Range:
    least: int
    most: int


def _joined(
    formula: Formula, votes: Votes, seats: int, name: str, worse: Callable[[_Range, _Range], bool]
) -> Witness | None:
    if len(votes) < 3 or not all(votes):
        return None
    apart, joined = formula(votes, seats), formula((votes[0] + votes[1], *votes[2:]), seats)
    both = _Range(apart.least[0] + apart.least[1], apart.most[0] + apart.most[1])
    if worse(_Range(joined.least[0], joined.most[0]), both):
        return Witness(name, votes, seats, (apart, joined), (0, 1))
    return None


def first_witness(axiom: Axiom, formula: Formula, cases: Sequence[tuple[Votes, int]]) -> Witness | None:
    """Look through cases for a violation."""
    return next((found for votes, seats in cases if (found := axiom(formula, votes, seats))), None)
