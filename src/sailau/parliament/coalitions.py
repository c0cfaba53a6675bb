"""Which coalitions can pass a decision, and which can stop it.

Seats come as a mapping from party to seats (a party votes as one) and, apart, a number of independents, who
each have one vote of their own and are not told apart in lists: "this party and any 4 of 7 independents" is
one line that stands for 35 coalitions. Parties without seats are in no coalition.

A decision needs a number of votes; `sailau.parliament.power.votes_needed` turns a law's majority into it.
Where only those present count, the number present is the caller's to give.

Functions that end a long list say so: `Coalitions` always holds the exact number of all, counted without
listing them. `passes`, `blocks` and `parties_to_pass` answer for many elections at once, on arrays
``(..., parties)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from math import comb

import numpy as np
import numpy.typing as npt

from sailau.parliament.indices import IntArray, as_counts
from sailau.parliament.power import PartyPower, check_game, coalition_counts, power_by_party

LIMIT = 1000
"""Coalitions listed unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Coalition:
    """Parties, and how many independents, that vote together.

    Attributes:
        parties: the largest first.
        independents: how many independents, any of them.
        seats: votes of all together.
        ways: coalitions this one line stands for, by which independents they are.
    """

    parties: tuple[str, ...]
    independents: int
    seats: int
    ways: int


@dataclass(frozen=True, slots=True)
class Coalitions:
    """A list of coalitions that says how many there are in all.

    Attributes:
        listed: coalitions with fewer members first, then by the order of parties by seats.
        lines: the exact number of different lines, listed or not.
        total: the exact number of coalitions, each independent told apart.
    """

    listed: tuple[Coalition, ...]
    lines: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether every line is listed."""
        return len(self.listed) == self.lines


@dataclass(frozen=True, slots=True)
class DecisionAnalysis:
    """Who can pass and who can stop one decision of a chamber.

    Attributes:
        needed: votes needed.
        members: members the chamber has by law.
        held: seats held now; the others are vacant.
        independents: members who each vote alone.
        alone: parties that pass it alone.
        vetoes: parties without which it cannot pass.
        winning: minimal winning coalitions: none of their members can leave.
        least_seats: of these, those with the fewest seats.
        fewest_parties: of these, those with the fewest members.
        blocking: minimal blocking coalitions.
        smallest_blocking: of these, those with the fewest members.
        power: of each party, in the order given.
        independent: power of each single independent, None where there is none.
    """

    needed: int
    members: int
    held: int
    independents: int
    alone: tuple[str, ...]
    vetoes: tuple[str, ...]
    winning: Coalitions
    least_seats: Coalitions
    fewest_parties: Coalitions
    blocking: Coalitions
    smallest_blocking: Coalitions
    power: tuple[PartyPower, ...]
    independent: PartyPower | None

    @property
    def by_party(self) -> Mapping[str, PartyPower]:
        """Power of each party, and of a single independent."""
        return {p.party: p for p in (*self.power, self.independent) if p is not None}

    @property
    def possible(self) -> bool:
        """Whether all together reach the votes needed."""
        return self.held >= self.needed


def can_pass(seats: int | Sequence[int], needed: int) -> bool:
    """Whether seats, or seats of parties together, reach the votes needed.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number of seats is negative, or ``needed`` is below 1.
    """
    return sum(check_game(seats if isinstance(seats, Sequence) else (seats,), needed)) >= needed


def passes_alone(seats: Mapping[str, int], needed: int) -> tuple[str, ...]:
    """Parties that reach the votes needed alone, in the order given."""
    check_game(tuple(seats.values()), needed)
    return tuple(party for party, held in seats.items() if held >= needed)


def blocks_alone(seats: Mapping[str, int], needed: int, *, independents: int = 0) -> tuple[str, ...]:
    """Parties without which all others together do not reach the votes needed, in the order given.

    Empty where even all together cannot pass anything.
    """
    spare = sum(check_game((*seats.values(), independents), needed)) - needed
    return tuple(party for party, held in seats.items() if 0 <= spare < held)


def minimal_winning(seats: Mapping[str, int], needed: int, *, independents: int = 0, limit: int = LIMIT) -> Coalitions:
    """Coalitions that reach the votes needed and would not without any one of their members.

    Source: von Neumann and Morgenstern, Theory of Games and Economic Behavior (1944); Riker, The Theory of
    Political Coalitions (1962).

    Args:
        seats: seats by party.
        needed: votes needed, from 1.
        independents: members who each vote alone.
        limit: lines to list at most; those with fewer members come first. The numbers are exact regardless.

    Returns:
        The coalitions; none where nothing can pass.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number is negative, or ``needed`` is below 1.
    """
    return _Game.of(seats, independents, needed).minimal(limit)


def least_seats(seats: Mapping[str, int], needed: int, *, independents: int = 0, limit: int = LIMIT) -> Coalitions:
    """The winning coalitions with the fewest seats; arguments and errors of `minimal_winning`.

    Source: Riker 1962, the size principle.
    """
    return _Game.of(seats, independents, needed).smallest_sum(limit)


def fewest_parties(seats: Mapping[str, int], needed: int, *, independents: int = 0, limit: int = LIMIT) -> Coalitions:
    """The winning coalitions with the fewest members; arguments and errors of `minimal_winning`.

    An independent counts as one member. Source: the bargaining proposition of Leiserson, American Political
    Science Review 62 (1968).
    """
    return _Game.of(seats, independents, needed).fewest_members(limit)


def minimal_blocking(seats: Mapping[str, int], needed: int, *, independents: int = 0, limit: int = LIMIT) -> Coalitions:
    """Coalitions without which the rest do not reach the votes needed, and all of whose members it takes.

    Arguments and errors of `minimal_winning`. Where nothing can pass, one coalition of nobody.
    """
    return _Game.of(seats, independents, needed).dual().minimal(limit)


def smallest_blocking(
    seats: Mapping[str, int], needed: int, *, independents: int = 0, limit: int = LIMIT
) -> Coalitions:
    """The blocking coalitions with the fewest members; arguments and errors of `minimal_winning`.

    An independent counts as one member. Where nothing can pass, one coalition of nobody.
    """
    return _Game.of(seats, independents, needed).dual().fewest_members(limit)


def analyse(
    seats: Mapping[str, int],
    needed: int,
    *,
    independents: int = 0,
    members: int | None = None,
    limit: int = LIMIT,
) -> DecisionAnalysis:
    """Everything about one decision.

    Args:
        seats: seats by party.
        needed: votes needed, from 1.
        independents: members who each vote alone.
        members: members the chamber has by law; default: the seats held.
        limit: lines to list at most in each list of coalitions.

    Returns:
        The analysis; see its attributes.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number is negative, ``needed`` is below 1, or more seats are held than the chamber has.
    """
    game = _Game.of(seats, independents, needed)
    dual = game.dual()
    size = game.held if members is None else members
    if size < game.held:
        raise ValueError(f"members: {game.held} seats are held in a chamber of {size}")
    powers = power_by_party(seats, needed, independents=independents)
    return DecisionAnalysis(
        needed=needed,
        members=size,
        held=game.held,
        independents=independents,
        alone=passes_alone(seats, needed),
        vetoes=blocks_alone(seats, needed, independents=independents),
        winning=game.minimal(limit),
        least_seats=game.smallest_sum(limit),
        fewest_parties=game.fewest_members(limit),
        blocking=dual.minimal(limit),
        smallest_blocking=dual.fewest_members(limit),
        power=powers[: len(seats)],
        independent=powers[-1] if independents else None,
    )


def passes(
    seats: npt.ArrayLike, needed: npt.ArrayLike, coalitions: npt.ArrayLike | None = None
) -> npt.NDArray[np.bool_]:
    """Whether each party alone, or each given coalition, reaches the votes needed, in many elections at once.

    The mean over a batch axis is the probability.

    Args:
        seats: ``(..., parties)``.
        needed: votes needed, one number or an array that broadcasts to the leading axes.
        coalitions: ``(coalitions, parties)`` of bool, who is in each; default: every party alone.

    Returns:
        Bool of shape ``(..., coalitions)``, by default ``(..., parties)``.

    Raises:
        TypeError: seats or votes needed are not whole, or members are not bool.
        ValueError: a number is negative, or the shapes do not fit.
    """
    together = _together(as_counts(seats, "seats"), coalitions)
    return np.asarray(together >= _needed(needed), dtype=np.bool_)


def blocks(
    seats: npt.ArrayLike, needed: npt.ArrayLike, coalitions: npt.ArrayLike | None = None
) -> npt.NDArray[np.bool_]:
    """Whether the rest fail to reach the votes needed without each party, or each given coalition.

    Where even all together fall short, everybody blocks. Arguments, result and errors of `passes`.
    """
    held = as_counts(seats, "seats")
    rest = held.sum(axis=-1, keepdims=True) - _together(held, coalitions)
    return np.asarray(rest < _needed(needed), dtype=np.bool_)


def parties_to_pass(seats: npt.ArrayLike, needed: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How few parties reach the votes needed together, in many elections at once.

    Args:
        seats: ``(..., parties)``; independents are columns of one seat each.
        needed: votes needed, one number or an array that broadcasts to the leading axes.

    Returns:
        Numbers of parties, shape ``(...)``; one more than there are where all together fall short.

    Raises:
        TypeError: seats or votes needed are not whole.
        ValueError: a number is negative, ``needed`` is below 1, or the shapes do not fit.
    """
    largest_first = np.flip(np.sort(as_counts(seats, "seats"), axis=-1), axis=-1)
    short = np.cumsum(largest_first, axis=-1) < _needed(needed)
    return np.asarray(1 + np.count_nonzero(short, axis=-1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Game:
    """Parties with seats, largest first, independents, and a number of votes to reach.

    Lists are walked along tables of what can still be reached, so that no branch is entered that holds no
    coalition: the work per coalition listed is at most the number of parties.
    """

    names: tuple[str, ...]
    weights: tuple[int, ...]
    independents: int
    quota: int

    @staticmethod
    def of(seats: Mapping[str, int], independents: int, needed: int) -> _Game:
        held = dict(zip(seats, check_game((*seats.values(), independents), needed), strict=False))
        names = sorted((party for party in held if held[party]), key=lambda party: -held[party])
        return _Game(tuple(names), tuple(held[party] for party in names), int(independents), int(needed))

    @property
    def held(self) -> int:
        return sum(self.weights) + self.independents

    @property
    def _settled(self) -> Coalitions | None:
        """The answer where nobody is needed, or all together are not enough."""
        if self.quota == 0:
            return Coalitions((Coalition((), 0, 0, 1),), 1, 1)
        return Coalitions((), 0, 0) if self.quota > self.held else None

    def dual(self) -> _Game:
        """The game whose winning coalitions are those that block."""
        blocking = self.held + 1 - self.quota
        return _Game(self.names, self.weights, self.independents, max(blocking, 0))

    def minimal(self, limit: int) -> Coalitions:
        if self._settled is not None:
            return self._settled
        counts = _subset_counts(self.weights, self.quota)
        # The last member in the order of seats is the one that can leave most easily.
        lines = sum(self._closings())
        by_independents = [(counts[self.quota - some], some) for some in self._independents_below(self.quota)]
        total = lines + sum(ways * comb(self.independents, some) for ways, some in by_independents)
        lines += sum(ways for ways, _ in by_independents)
        listed = self._listed(_Walk.closing(self), self._sizes(), self.quota, limit)
        return Coalitions(listed, lines, total)

    def smallest_sum(self, limit: int) -> Coalitions:
        if self._settled is not None:
            return self._settled
        reached = 1
        for weight in (*self.weights, *(1,) * self.independents):
            reached |= reached << weight
        beyond = reached >> self.quota
        least = self.quota + (beyond & -beyond).bit_length() - 1
        counts = _subset_counts(self.weights, least + 1)
        ways = [(counts[least - some], some) for some in (0, *self._independents_below(least))]
        total = sum(number * comb(self.independents, some) for number, some in ways)
        listed = self._listed(_Walk.exact(self, least), self._sizes(), least, limit)
        return Coalitions(listed, sum(number for number, _ in ways), total)

    def fewest_members(self, limit: int) -> Coalitions:
        if self._settled is not None:
            return self._settled
        reached = accumulate((*self.weights, *(1,) * self.independents))
        size = next(count for count, votes in enumerate(reached, start=1) if votes >= self.quota)
        table = coalition_counts(self.weights, self.quota)
        lines = total = 0
        for some in range(max(size - len(self.weights), 0), min(self.independents, size) + 1):
            parties = size - some
            losing = sum(table[parties, : self.quota - some].tolist())
            ways = comb(len(self.weights), parties) - losing
            lines, total = lines + ways, total + ways * comb(self.independents, some)
        listed = self._listed(_Walk.closing(self), (size,), self.quota, limit)
        return Coalitions(listed, lines, total)

    def _closings(self) -> Iterator[int]:
        """For each party, how many minimal winning coalitions without independents it is the last of."""
        counts = _subset_counts((), self.quota)
        for weight in self.weights:
            yield sum(counts[max(self.quota - weight, 0) :])
            counts = _with_party(counts, weight)

    def _sizes(self) -> range:
        return range(1, len(self.weights) + self.independents + 1)

    def _independents_below(self, seats: int) -> range:
        return range(1, min(self.independents, seats) + 1)

    def _listed(self, walk: _Walk, sizes: Iterable[int], missing: int, limit: int) -> tuple[Coalition, ...]:
        found = (line for size in sizes for line in walk.start(size, missing))
        return tuple(self._coalition(*line) for line in islice(found, limit))

    def _coalition(self, places: tuple[int, ...], independents: int) -> Coalition:
        return Coalition(
            parties=tuple(self.names[place] for place in places),
            independents=independents,
            seats=sum(self.weights[place] for place in places) + independents,
            ways=comb(self.independents, independents),
        )


@dataclass(frozen=True, slots=True)
class _Walk:
    """Walk along the coalitions of a given size that make up a number of missing votes.

    ``reach[place][size]`` holds bit ``missing`` where ``size`` members from party ``place`` on, independents
    last, make it up: exactly, or, when ``overshoot``, so that the last of them completes it.
    """

    weights: tuple[int, ...]
    overshoot: bool
    reach: tuple[tuple[int, ...], ...]

    @staticmethod
    def closing(game: _Game) -> _Walk:
        return _Walk._build(game, game.quota, overshoot=True)

    @staticmethod
    def exact(game: _Game, seats: int) -> _Walk:
        return _Walk._build(game, seats, overshoot=False)

    @staticmethod
    def _build(game: _Game, most: int, *, overshoot: bool) -> _Walk:
        kept = (1 << (most + 1)) - 1
        sizes = len(game.weights) + game.independents + 1
        row = [(1 << size) & kept if size <= game.independents else 0 for size in range(sizes)]
        row[0] = 0 if overshoot else 1
        rows = [tuple(row)]
        for weight in reversed(game.weights):
            after = rows[-1]
            row = [after[0]]
            row += [after[size] | (after[size - 1] << weight) & kept for size in range(1, sizes)]
            if overshoot:
                row[1] |= ((1 << (weight + 1)) - 2) & kept
            rows.append(tuple(row))
        return _Walk(game.weights, overshoot, tuple(reversed(rows)))

    def start(self, size: int, missing: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """All coalitions of this size as places of parties and a number of independents."""
        ahead = [(0, size, missing, ())] if self.reach[0][size] >> missing & 1 else []
        stack: list[tuple[int, int, int, tuple[int, ...]]] = [*ahead]
        while stack:
            place, size, missing, taken = stack.pop()
            if size == 0 or place == len(self.weights):
                yield taken, size
                continue
            weight, after = self.weights[place], self.reach[place + 1]
            if after[size] >> missing & 1:
                stack.append((place + 1, size, missing, taken))
            if self.overshoot and size == 1 and missing <= weight:
                stack.append((place + 1, 0, 0, (*taken, place)))
            elif weight <= missing and after[size - 1] >> (missing - weight) & 1:
                stack.append((place + 1, size - 1, missing - weight, (*taken, place)))


def _subset_counts(weights: Sequence[int], quota: int) -> list[int]:
    """Number of coalitions by seats, 0 … quota - 1."""
    counts = [1, *(0,) * (quota - 1)] if quota else []
    for weight in weights:
        counts = _with_party(counts, weight)
    return counts


def _with_party(counts: list[int], weight: int) -> list[int]:
    return counts[:weight] + [
        ways + more for ways, more in zip(counts[weight:], counts[: max(len(counts) - weight, 0)], strict=True)
    ]


def _together(held: IntArray, coalitions: npt.ArrayLike | None) -> IntArray:
    """Seats of each coalition, ``(..., coalitions)``."""
    if coalitions is None:
        return held
    who = np.asarray(coalitions)
    if who.dtype != np.bool_:
        raise TypeError(f"coalitions: bool is needed, found {who.dtype}")
    if who.ndim != 2 or who.shape[1] != held.shape[-1]:
        raise ValueError(f"coalitions: shape (coalitions, {held.shape[-1]}) is needed, found {who.shape}")
    return np.asarray(held @ who.T.astype(held.dtype))


def _needed(needed: npt.ArrayLike) -> IntArray:
    votes = as_counts(np.asarray(needed)[..., None], "needed")
    if votes.size and votes.min() < 1:
        raise ValueError("needed: a decision needs at least one vote, found 0")
    return votes
