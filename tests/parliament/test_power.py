"""Power indices: published games, brute force over coalitions and orders, and the axioms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailau.parliament import VotingPower, power_by_party, smallest_blocking_set, votes_needed, voting_power
from sailau.parliament.power import coalition_counts


def brute_swings(seats: Sequence[int], needed: int) -> tuple[list[int], int]:
    """Swings of each player and the number of winning coalitions, coalition by coalition."""
    swings, winning = [0] * len(seats), 0
    for mask in range(2 ** len(seats)):
        inside = [place for place in range(len(seats)) if mask >> place & 1]
        votes = sum(seats[place] for place in inside)
        winning += votes >= needed
        for place in inside:
            swings[place] += votes >= needed > votes - seats[place]
    return swings, winning


def brute_shapley(seats: Sequence[int], needed: int) -> list[Fraction]:
    """Share of orders in which each player is pivotal, order by order."""
    pivots, orders = [0] * len(seats), 0
    for order in permutations(range(len(seats))):
        votes, orders = 0, orders + 1
        for place in order:
            votes += seats[place]
            if votes >= needed:
                pivots[place] += 1
                break
    return [Fraction(count, orders) for count in pivots]


def test_two_large_parties_and_one_member() -> None:
    power = voting_power([50, 49, 1], 51)
    assert power.swings == (3, 1, 1)
    assert power.banzhaf == (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    assert power.penrose == (Fraction(3, 4), Fraction(1, 4), Fraction(1, 4))
    assert power.shapley == (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    assert (power.winning, power.vetoes, power.dummies) == (3, (0,), ())
    assert power.prevent == (Fraction(1), Fraction(1, 3), Fraction(1, 3))
    assert power.initiate == (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))


def test_council_of_the_six_1958() -> None:
    power = voting_power([4, 4, 4, 2, 2, 1], 12)
    assert power.swings == (10, 10, 10, 6, 6, 0)
    assert power.banzhaf == tuple(Fraction(swings, 42) for swings in (10, 10, 10, 6, 6, 0))
    assert power.shapley == tuple(Fraction(pivots, 60) for pivots in (14, 14, 14, 9, 9, 0))
    assert power.dummies == (5,)


def test_council_of_the_nine_1973() -> None:
    power = voting_power([10, 10, 10, 10, 5, 5, 3, 3, 2], 41)
    assert power.swings == (53, 53, 53, 53, 29, 29, 21, 21, 5)
    assert [round(float(index), 4) for index in power.shapley[3:]] == [
        0.1786,
        0.081,
        0.081,
        0.0571,
        0.0571,
        0.0095,
    ]


def test_security_council_of_fifteen() -> None:
    power = voting_power([7] * 5 + [1] * 10, 39)
    assert power.swings == (848,) * 5 + (84,) * 10
    assert power.shapley == (Fraction(421, 2145),) * 5 + (Fraction(4, 2145),) * 10
    assert power.vetoes == (0, 1, 2, 3, 4)


def test_county_board_with_three_dummies() -> None:
    """Nassau County 1964, from Banzhaf 1965: three of six supervisors never matter."""
    power = voting_power([31, 31, 28, 21, 2, 2], 58)
    assert power.banzhaf == (Fraction(1, 3),) * 3 + (Fraction(0),) * 3
    assert power.dummies == (3, 4, 5)


def test_a_party_that_decides_alone() -> None:
    power = voting_power([60, 30, 10], 51)
    assert power.shapley == power.banzhaf == (Fraction(1), Fraction(0), Fraction(0))
    assert (power.vetoes, power.dummies) == ((0,), (1, 2))


def test_a_party_without_seats_is_not_in_the_game() -> None:
    with_it, without = voting_power([50, 0, 49, 1], 51), voting_power([50, 49, 1], 51)
    assert with_it.players == 3
    assert with_it.swings == (3, 0, 1, 1)
    assert with_it.winning == without.winning
    assert with_it.dummies == (1,)


@pytest.mark.parametrize("seats", [[3, 2, 1], [0, 0], []])
def test_where_nothing_can_pass_nobody_has_power(seats: list[int]) -> None:
    power = voting_power(seats, 7)
    nothing = (Fraction(0),) * len(seats)
    assert power.shapley == power.banzhaf == power.penrose == power.prevent == power.initiate == nothing
    assert power.winning == 0
    assert power.vetoes == ()
    assert smallest_blocking_set(seats, 7) == ()


def test_unanimity_makes_equals() -> None:
    power = voting_power([90, 5, 3], 98)
    assert power.shapley == (Fraction(1, 3),) * 3
    assert power.vetoes == (0, 1, 2)
    assert power.winning == 1


def test_what_is_no_game_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one vote, found 0"):
        voting_power([3, 2], 0)
    with pytest.raises(ValueError, match="fewer than 0"):
        voting_power([3, -2], 1)
    for seats, needed in (([3.0, 2], 1), ([3, 2], 2.0), ([True, 2], 1)):
        with pytest.raises(TypeError, match="whole numbers"):
            voting_power(seats, needed)  # type: ignore[arg-type]


games = st.lists(st.integers(1, 12), min_size=1, max_size=9).flatmap(
    lambda seats: st.tuples(st.just(seats), st.integers(1, sum(seats) + 1))
)


@settings(max_examples=60, deadline=None)
@given(games)
def test_swings_against_every_coalition(game: tuple[list[int], int]) -> None:
    seats, needed = game
    power = voting_power(seats, needed)
    swings, winning = brute_swings(seats, needed)
    assert (list(power.swings), power.winning) == (swings, winning)


@settings(max_examples=40, deadline=None)
@given(games.filter(lambda game: len(game[0]) <= 7))
def test_shapley_against_every_order(game: tuple[list[int], int]) -> None:
    seats, needed = game
    assert list(voting_power(seats, needed).shapley) == brute_shapley(seats, needed)


def check_axioms(power: VotingPower) -> None:
    assert sum(power.shapley) == sum(power.banzhaf) == 1
    for i, j in combinations(range(len(power.seats)), 2):
        if power.seats[i] == power.seats[j]:
            assert (power.shapley[i], power.swings[i]) == (power.shapley[j], power.swings[j])
        if power.seats[i] > power.seats[j]:
            assert power.shapley[i] >= power.shapley[j]
            assert power.swings[i] >= power.swings[j]
    for place in range(len(power.seats)):
        assert (place in power.dummies) == (power.shapley[place] == 0)
        assert (place in power.vetoes) == (power.prevent[place] == 1)


chambers = st.lists(st.integers(1, 120), min_size=2, max_size=24).flatmap(
    lambda seats: st.tuples(st.just(seats), st.integers(1, sum(seats)))
)


@settings(max_examples=60, deadline=None)
@given(chambers)
def test_axioms_and_duality(game: tuple[list[int], int]) -> None:
    seats, needed = game
    power, dual = voting_power(seats, needed), voting_power(seats, sum(seats) + 1 - needed)
    check_axioms(power)
    assert (power.swings, power.shapley) == (dual.swings, dual.shapley)
    assert power.winning + dual.winning == 2 ** len(seats)


@settings(max_examples=30, deadline=None)
@given(chambers)
def test_a_dummy_takes_nothing_from_the_others(game: tuple[list[int], int]) -> None:
    """Doubling all seats and adding a member of one seat makes a dummy where the number needed is even."""
    seats, needed = [2 * held for held in game[0]], 2 * game[1]
    with_it, without = voting_power([*seats, 1], needed), voting_power(seats, needed)
    assert with_it.shapley == (*without.shapley, Fraction(0))
    assert with_it.penrose == (*without.penrose, Fraction(0))


def test_many_members_beyond_int64() -> None:
    """Equal members have a closed form; 98 of them do not fit 64 bits."""
    power = voting_power([1] * 98, 50)
    assert power.swings == (comb(97, 49),) * 98
    assert power.shapley == (Fraction(1, 98),) * 98
    assert power.winning == sum(comb(98, size) for size in range(50, 99))


@pytest.mark.parametrize("players", [61, 62, 63, 64, 75])
def test_the_seam_of_the_two_widths(players: int) -> None:
    """One large party among single members: its share of orders is known, as is its number of swings."""
    singles, large = players - 1, 20
    needed = (singles + large) // 2 + 1
    power = voting_power([large] + [1] * singles, needed)
    low, high = needed - large, min(needed - 1, singles)
    assert power.swings[0] == sum(comb(singles, size) for size in range(low, high + 1))
    assert power.shapley[0] == Fraction(high - low + 1, players)
    assert sum(power.shapley) == 1


def test_counts_of_coalitions() -> None:
    table = coalition_counts([2, 1, 1], 5)
    assert table.tolist() == [[1, 0, 0, 0, 0], [0, 2, 1, 0, 0], [0, 0, 1, 2, 0], [0, 0, 0, 0, 1]]
    assert coalition_counts([3, 2], 2).tolist() == [[1, 0], [0, 0], [0, 0]]


def test_power_by_name() -> None:
    powers = power_by_party({"a": 50, "b": 49, "none": 0}, 51, independents=1)
    assert [(power.party, power.swings, power.passes, power.blocks, power.dummy) for power in powers] == [
        ("a", 3, False, True, False),
        ("b", 1, False, False, False),
        ("none", 0, False, False, True),
        ("independent", 1, False, False, False),
    ]
    assert power_by_party({"a": 60, "b": 38}, 50)[0].passes


@settings(max_examples=60, deadline=None)
@given(games)
def test_smallest_blocking_set_blocks_and_none_is_smaller(game: tuple[list[int], int]) -> None:
    seats, needed = game
    found = smallest_blocking_set(seats, needed)
    total = sum(seats)
    assert total - sum(seats[place] for place in found) < needed
    smaller = [] if not found else list(combinations(seats, len(found) - 1))
    assert all(total - sum(members) >= needed for members in smaller)


def test_smallest_blocking_set_by_hand() -> None:
    assert smallest_blocking_set([62, 8, 6, 6, 5, 4], 66) == (0,)
    assert smallest_blocking_set([10, 30, 30, 30], 51) == (1, 2)
    assert smallest_blocking_set([5, 4, 3], 12) == (0,)


def test_votes_that_a_majority_needs() -> None:
    half, two_thirds = Fraction(1, 2), Fraction(2, 3)
    assert [votes_needed(members) for members in (97, 98, 145, 349, 350)] == [49, 50, 73, 175, 176]
    assert [votes_needed(members, two_thirds, more_than=False) for members in (98, 145, 99)] == [66, 97, 66]
    assert votes_needed(99, two_thirds) == 67
    assert [votes_needed(members, Fraction(1, 5), more_than=False) for members in (98, 145)] == [20, 29]
    assert votes_needed(98, half, more_than=False) == 49
    assert votes_needed(0) == votes_needed(0, half, more_than=False) == 1
    with pytest.raises(TypeError, match="exact fraction"):
        votes_needed(98, 0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a share from 0 to 1"):
        votes_needed(98, Fraction(3, 2))
