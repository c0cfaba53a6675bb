"""Who decides in a chamber: exact power indices of a weighted vote.

A *game* is a chamber in which each party votes as one with all its seats, and a decision passes with a given
number of votes. The number needed is counted in votes, not as a share: "more than half of 98" is 50
(`votes_needed`). An independent is a party of one seat. A party without seats is
not in the game: it has no power and no coalition counts twice for its sake.

All indices come from one table, the number of coalitions by members and seats, filled party by party (dynamic
programming, not enumeration) in whole numbers; every result is an integer or a fraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

_INT64_PLAYERS = 62
"""Up to so many players every count of coalitions, at most 2^players, fits ``int64``."""


@dataclass(frozen=True, slots=True)
class VotingPower:
    """Power of each party in one decision, in the order of the seats given.

    Attributes:
        seats: seats of each party.
        needed: votes that a decision needs.
        players: parties with a seat.
        winning: coalitions of players that reach the number of votes, of 2^players.
        swings: for each party, the coalitions of others that it turns from losing to winning (raw Banzhaf).
        shapley: Shapley–Shubik index: the share of all orders of the players in which the party is the one
            that brings the number of votes. Sums to 1 where anything can pass. Source: Shapley and Shubik, A
            method for evaluating the distribution of power in a committee system, American Political Science
            Review 48 (1954).
    """

    seats: tuple[int, ...]
    needed: int
    players: int
    winning: int
    swings: tuple[int, ...]
    shapley: tuple[Fraction, ...]

    @property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """Normalised Banzhaf index, swings by all swings; all zero where nothing can pass.

        Source: Banzhaf, Weighted voting doesn't work, Rutgers Law Review 19 (1965).
        """
        return self._over(sum(self.swings))

    @property
    def penrose(self) -> tuple[Fraction, ...]:
        """Penrose–Banzhaf measure, swings by 2^(players - 1): how likely the party's vote decides.

        Source: Penrose, The elementary statistics of majority voting, Journal of the Royal Statistical
        Society 109 (1946).
        """
        return self._over(2 ** max(self.players - 1, 0))

    @property
    def prevent(self) -> tuple[Fraction, ...]:
        """Coleman's power to prevent action, swings by winning coalitions: 1 for a party that alone blocks.

        Source: Coleman, Control of collectivities and the power of a collectivity to act (1971).
        """
        return self._over(self.winning)

    @property
    def initiate(self) -> tuple[Fraction, ...]:
        """Coleman's power to initiate action, swings by losing coalitions. Source: see `prevent`."""
        return self._over(2**self.players - self.winning)

    @property
    def dummies(self) -> tuple[int, ...]:
        """Positions of the parties, with seats or without, whose vote never matters."""
        return tuple(place for place, swings in enumerate(self.swings) if swings == 0)

    @property
    def vetoes(self) -> tuple[int, ...]:
        """Positions of the parties without which nothing passes; none where nothing passes anyway."""
        rest = sum(self.seats) - self.needed
        return tuple(place for place, held in enumerate(self.seats) if 0 <= rest < held)

    def _over(self, whole: int) -> tuple[Fraction, ...]:
        return tuple(Fraction(swings, whole) if whole else Fraction(0) for swings in self.swings)


@dataclass(frozen=True, slots=True)
class PartyPower:
    """What one party, or one independent, can do in one decision. For the indices see `VotingPower`."""

    party: str
    seats: int
    passes: bool
    blocks: bool
    swings: int
    banzhaf: Fraction
    penrose: Fraction
    shapley: Fraction

    @property
    def dummy(self) -> bool:
        """Whether the vote never matters."""
        return self.swings == 0


def votes_needed(members: int, share: Fraction = Fraction(1, 2), *, more_than: bool = True) -> int:
    """Votes that a share of the members amounts to.

    Args:
        members: what the share is a share of, from 0: all members by law, or those present.
        share: from 0 to 1.
        more_than: whether the share must be exceeded ("a majority": more than one half) or only reached ("two
            thirds"; "at least one fifth").

    Returns:
        The smallest number of votes that is enough; 1 at least, as no decision is made by nobody.

    Raises:
        TypeError: the share is not exact.
        ValueError: fewer than 0 members, or no share.
    """
    if not isinstance(share, (int, Fraction)):
        raise TypeError(f"share: an exact fraction is needed, found {share!r}")
    if members < 0 or not 0 <= share <= 1:
        raise ValueError(f"members and a share from 0 to 1 are needed, found {members} and {share}")
    part = members * share
    enough = part.numerator // part.denominator + 1 if more_than else -(-part.numerator // part.denominator)
    return max(enough, 1)


def voting_power(seats: Sequence[int], needed: int) -> VotingPower:
    """Exact Banzhaf, Penrose–Banzhaf, Coleman and Shapley–Shubik indices of one decision.

    Work grows with parties^2 times seats for each different number of seats; up to 62 parties it runs in
    ``int64``, beyond that in Python integers.

    Args:
        seats: seats of each party, from 0; an independent is an entry of 1.
        needed: votes needed, from 1; more than all seats together means that nothing can pass.

    Returns:
        The indices, in the order of ``seats``.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number of seats is negative, or ``needed`` is below 1.
    """
    held = check_game(seats, needed)
    weights = [number for number in held if number]
    players, total = len(weights), sum(weights)
    if needed > total:
        return VotingPower(held, needed, players, 0, (0,) * len(held), (Fraction(0),) * len(held))
    # The game and its dual (who can block) have the same swings; the smaller number makes the smaller table.
    dual = total + 1 - needed
    quota = min(needed, dual)
    table = coalition_counts(weights, quota)
    losing = sum(table.sum(axis=1).tolist())
    by_weight = {weight: _swings_by_size(table, weight) for weight in set(weights)}
    swings = {weight: sum(sizes) for weight, sizes in by_weight.items()}
    value = {weight: _shapley(sizes) for weight, sizes in by_weight.items()}
    return VotingPower(
        seats=held,
        needed=needed,
        players=players,
        winning=losing if quota == dual else 2**players - losing,
        swings=tuple(swings.get(number, 0) for number in held),
        shapley=tuple(value.get(number, Fraction(0)) for number in held),
    )


def power_by_party(seats: Mapping[str, int], needed: int, *, independents: int = 0) -> tuple[PartyPower, ...]:
    """What each party can do in one decision, by name.

    Args:
        seats: seats by party.
        needed: votes needed, from 1.
        independents: members who each vote alone.

    Returns:
        An entry for each party, in the order given, then one for each independent.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number is negative, or ``needed`` is below 1.
    """
    names = (*seats, *("independent",) * independents)
    power = voting_power((*seats.values(), *(1,) * independents), needed)
    banzhaf, penrose, vetoes = power.banzhaf, power.penrose, set(power.vetoes)
    return tuple(
        PartyPower(
            party=name,
            seats=power.seats[place],
            passes=power.seats[place] >= needed,
            blocks=place in vetoes,
            swings=power.swings[place],
            banzhaf=banzhaf[place],
            penrose=penrose[place],
            shapley=power.shapley[place],
        )
        for place, name in enumerate(names)
    )


def smallest_blocking_set(seats: Sequence[int], needed: int) -> tuple[int, ...]:
    """A smallest set of parties without which the rest do not reach the number of votes.

    The largest parties, as few as are needed; of equal ones the earlier. Other sets may be as small:
    `sailau.parliament.coalitions.minimal_blocking` lists them.

    Args:
        seats: seats of each party.
        needed: votes needed, from 1.

    Returns:
        Positions in ``seats``, largest first; empty where nothing can pass and nobody need block.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number of seats is negative, or ``needed`` is below 1.
    """
    held = check_game(seats, needed)
    order = sorted(range(len(held)), key=lambda place: -held[place])
    blocking = sum(held) - needed + 1
    reached = accumulate((held[place] for place in order), initial=0)
    enough = next(count for count, votes in enumerate(reached) if votes >= blocking)
    return tuple(order[:enough])


def coalition_counts(weights: Sequence[int], quota: int) -> npt.NDArray[Any]:
    """How many coalitions there are of each size and number of seats, below a quota.

    Args:
        weights: seats of each player, each from 1.
        quota: numbers of seats from this on are left out; from 0.

    Returns:
        Counts of shape ``(players + 1, quota)``, by members and seats; ``int64`` to 62 players, else
        ``object``.
    """
    players = len(weights)
    table: npt.NDArray[Any] = np.zeros((players + 1, quota), np.int64 if players <= _INT64_PLAYERS else object)
    table[0, :1] = 1
    for before, weight in enumerate(weights):
        if weight < quota:
            table[1 : before + 2, weight:] += table[: before + 1, : quota - weight]
    return table


def check_game(seats: Sequence[int], needed: int) -> tuple[int, ...]:
    """The seats as Python integers, once it is sure that seats and votes needed make a game.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number of seats is negative, or ``needed`` is below 1.
    """
    for number in (*seats, needed):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise TypeError(f"whole numbers of seats and votes are needed, found {number!r}")
    if any(number < 0 for number in seats):
        raise ValueError("seats: no party can hold fewer than 0")
    if needed < 1:
        raise ValueError(f"needed: a decision needs at least one vote, found {needed}")
    return tuple(int(number) for number in seats)


def _swings_by_size(table: npt.NDArray[Any], weight: int) -> list[int]:
    """Coalitions of k others, k = 0 … players - 1, that a player of this weight makes win."""
    quota = table.shape[1]
    if weight >= quota:
        others = table  # such a player is in no coalition of the table
    else:
        others = table.copy()
        for size in range(1, len(others)):
            others[size, weight:] -= others[size - 1, : quota - weight]
    swings: list[int] = others[:-1, max(quota - weight, 0) :].sum(axis=1).tolist()
    return swings


def _shapley(swings: list[int]) -> Fraction:
    """Share of orders in which the player comes after exactly a coalition of others that it makes win."""
    players = len(swings)
    orders = _orders(players)
    return Fraction(sum(count * ways for count, ways in zip(swings, orders, strict=True)), factorial(players))


@lru_cache(maxsize=16)
def _orders(players: int) -> tuple[int, ...]:
    """Orders of the players in which given k others come before a given player: k! (players - 1 - k)!"""
    return tuple(factorial(before) * factorial(players - 1 - before) for before in range(players))
