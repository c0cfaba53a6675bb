"""Coalitions by hand and against every subset, the exact length of cut lists, many elections at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailau.parliament import (
    Coalitions,
    analyse,
    blocks,
    blocks_alone,
    can_pass,
    fewest_parties,
    least_seats,
    minimal_blocking,
    minimal_winning,
    parties_to_pass,
    passes,
    passes_alone,
    smallest_blocking,
)

CHAMBER = {"a": 62, "b": 8, "c": 6, "d": 6, "e": 5, "f": 4}
"""With seven independents: 98 members."""

Line = tuple[tuple[str, ...], int]


def lines(found: Coalitions) -> list[Line]:
    return [(coalition.parties, coalition.independents) for coalition in found.listed]


def test_three_parties_of_which_any_two_pass() -> None:
    found = minimal_winning({"a": 40, "b": 35, "c": 25}, 51)
    assert lines(found) == [(("a", "b"), 0), (("a", "c"), 0), (("b", "c"), 0)]
    assert [coalition.seats for coalition in found.listed] == [75, 65, 60]
    assert (found.lines, found.total, found.complete) == (3, 3, True)


def test_independents_are_one_line_for_many_coalitions() -> None:
    found = minimal_winning(CHAMBER, 66, independents=7)
    pairs = [(("a", other), 0) for other in "bcdef"]
    assert lines(found) == [*pairs, (("a",), 4)]
    assert found.listed[-1].ways == comb(7, 4)
    assert (found.lines, found.total) == (6, 40)


def test_least_seats_and_fewest_parties() -> None:
    assert lines(least_seats(CHAMBER, 66, independents=7)) == [(("a", "f"), 0), (("a",), 4)]
    assert least_seats(CHAMBER, 66, independents=7).total == 36
    assert lines(fewest_parties(CHAMBER, 66, independents=7)) == [(("a", other), 0) for other in "bcdef"]
    seats = {"a": 30, "b": 29, "c": 21, "d": 20}
    assert lines(least_seats(seats, 51)) == [(("a", "c"), 0)]
    assert [coalition.seats for coalition in least_seats(seats, 52).listed] == [59]


def test_who_can_block() -> None:
    assert blocks_alone(CHAMBER, 66, independents=7) == ("a",)
    assert blocks_alone({"a": 60, "b": 30, "c": 10}, 71) == ("a", "b")
    assert blocks_alone({"a": 60, "b": 30}, 91) == ()
    found = minimal_blocking(CHAMBER, 66, independents=7)
    assert lines(found) == [(("a",), 0), (("b", "c", "d", "e", "f"), 4)]
    assert lines(smallest_blocking(CHAMBER, 66, independents=7)) == [(("a",), 0)]
    three = {"a": 40, "b": 35, "c": 25}
    assert minimal_blocking(three, 50) == minimal_winning(three, 51)


def test_who_passes_alone() -> None:
    assert passes_alone(CHAMBER, 50) == ("a",)
    assert passes_alone(CHAMBER, 66) == ()
    assert can_pass(66, 66)
    assert not can_pass([62, 3], 66)
    assert can_pass([62, 4], 66)
    with pytest.raises(ValueError, match="at least one vote"):
        can_pass(5, 0)


def test_where_nothing_can_pass() -> None:
    for needed in (99, 10**15):
        assert minimal_winning(CHAMBER, needed, independents=7) == Coalitions((), 0, 0)
        assert least_seats(CHAMBER, needed, independents=7) == Coalitions((), 0, 0)
        assert fewest_parties(CHAMBER, needed, independents=7) == Coalitions((), 0, 0)
        assert lines(minimal_blocking(CHAMBER, needed, independents=7)) == [((), 0)]
        assert smallest_blocking(CHAMBER, needed, independents=7).complete


def test_a_chamber_of_independents_only() -> None:
    found = minimal_winning({}, 26, independents=50)
    assert lines(found) == [((), 26)]
    assert found.total == comb(50, 26)
    assert lines(smallest_blocking({}, 26, independents=50)) == [((), 25)]


def test_a_list_that_is_cut_says_so() -> None:
    seats = {f"p{place}": 1 for place in range(40)}
    found = minimal_winning(seats, 21, limit=7)
    assert (len(found.listed), found.lines, found.total) == (7, comb(40, 21), comb(40, 21))
    assert not found.complete
    assert not fewest_parties(seats, 21, limit=7).complete
    assert least_seats(seats, 21, limit=7).lines == comb(40, 21)
    assert not minimal_winning(seats, 21, limit=0).listed


def test_a_cut_list_is_the_beginning_of_the_whole() -> None:
    seats = {f"p{place}": held for place, held in enumerate([9, 8, 7, 6, 5, 4, 3, 2, 2, 1])}
    whole, part = minimal_winning(seats, 24), minimal_winning(seats, 24, limit=5)
    assert whole.complete
    assert whole.lines > 5
    assert part.listed == whole.listed[:5]
    assert part.lines == whole.lines
    sizes = [len(coalition.parties) for coalition in whole.listed]
    assert sizes == sorted(sizes)


def test_a_large_chamber_of_single_members_does_not_run_deep() -> None:
    found = minimal_winning({f"p{place}": 1 for place in range(705)}, 353, limit=2)
    assert len(found.listed) == 2
    assert found.total == comb(705, 353)


def subsets(seats: Sequence[int]) -> list[tuple[int, ...]]:
    places = range(len(seats))
    return [members for size in range(len(seats) + 1) for members in combinations(places, size)]


def brute(parties: Sequence[int], independents: int, needed: int) -> list[tuple[int, ...]]:
    """Minimal winning coalitions of players, each independent a player, tried one by one."""
    seats = [*parties, *(1,) * independents]

    def votes(members: tuple[int, ...]) -> int:
        return sum(seats[place] for place in members)

    return [
        members
        for members in subsets(seats)
        if votes(members) >= needed
        and all(votes(tuple(other for other in members if other != one)) < needed for one in members)
        and all(seats[place] for place in members)
    ]


def as_lines(parties: Sequence[int], coalitions: list[tuple[int, ...]]) -> set[Line]:
    """Coalitions of players with the independents no longer told apart."""
    named = [
        (tuple(sorted(f"p{place}" for place in members if place < len(parties))), len(members))
        for members in coalitions
    ]
    return {(names, size - len(names)) for names, size in named}


games = st.tuples(st.lists(st.integers(0, 9), min_size=0, max_size=7), st.integers(0, 4), st.integers(1, 40))


def check(found: Coalitions, parties: list[int], expected: list[tuple[int, ...]]) -> None:
    listed = [(tuple(sorted(names)), independents) for names, independents in lines(found)]
    assert len(set(listed)) == len(listed) == found.lines
    assert set(listed) == as_lines(parties, expected)
    assert found.total == len(expected) == sum(coalition.ways for coalition in found.listed)


@settings(max_examples=100, deadline=None)
@given(games)
def test_lists_against_every_subset(game: tuple[list[int], int, int]) -> None:
    parties, independents, needed = game
    seats = {f"p{place}": held for place, held in enumerate(parties)}
    everyone = [*parties, *(1,) * independents]
    minimal = brute(parties, independents, needed)
    check(minimal_winning(seats, needed, independents=independents), parties, minimal)
    fewest = min((len(members) for members in minimal), default=0)
    check(
        fewest_parties(seats, needed, independents=independents),
        parties,
        [members for members in minimal if len(members) == fewest],
    )
    sums = {members: sum(everyone[place] for place in members) for members in minimal}
    check(
        least_seats(seats, needed, independents=independents),
        parties,
        [members for members in minimal if sums[members] == min(sums.values())],
    )


@settings(max_examples=60, deadline=None)
@given(games)
def test_blocking_against_every_subset(game: tuple[list[int], int, int]) -> None:
    parties, independents, needed = game
    seats = {f"p{place}": held for place, held in enumerate(parties)}
    total = sum(parties) + independents
    nobody: list[tuple[int, ...]] = [()]
    blocking = nobody if total < needed else brute(parties, independents, total - needed + 1)
    check(minimal_blocking(seats, needed, independents=independents), parties, blocking)
    alone = {members[0] for members in blocking if len(members) == 1 and members[0] < len(parties)}
    assert blocks_alone(seats, needed, independents=independents) == tuple(f"p{place}" for place in sorted(alone))


def test_analysis_of_one_decision() -> None:
    found = analyse(CHAMBER, 66, independents=7)
    assert (found.needed, found.members, found.held, found.possible) == (66, 98, 98, True)
    assert (found.alone, found.vetoes) == ((), ("a",))
    assert found.winning == minimal_winning(CHAMBER, 66, independents=7)
    assert found.smallest_blocking == smallest_blocking(CHAMBER, 66, independents=7)
    assert [power.party for power in found.power] == list(CHAMBER)
    assert found.independent is not None
    assert sum(power.shapley for power in found.power) + 7 * found.independent.shapley == 1


def test_analysis_of_a_simple_majority_and_of_vacant_seats() -> None:
    found = analyse(CHAMBER, 50, members=98)
    assert (found.held, found.members, found.alone, found.independent) == (91, 98, ("a",), None)
    assert [power.dummy for power in found.power] == [False, True, True, True, True, True]
    assert lines(found.winning) == lines(found.blocking) == [(("a",), 0)]
    assert not analyse({"a": 40}, 50, members=98).possible
    with pytest.raises(ValueError, match="98 seats are held in a chamber of 97"):
        analyse(CHAMBER, 50, independents=7, members=97)


@pytest.mark.parametrize("function", [minimal_winning, least_seats, fewest_parties, minimal_blocking, analyse])
def test_what_is_no_chamber_is_refused(function: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        function({"a": -1}, 1)
    with pytest.raises(ValueError, match="fewer than 0"):
        function({"a": 1}, 1, independents=-1)
    with pytest.raises(ValueError, match="at least one vote"):
        function({"a": 1}, 0)
    with pytest.raises(TypeError, match="whole numbers"):
        function({"a": 1.5}, 1)


# Many elections at once


def test_batches_by_hand() -> None:
    seats = np.array([[62, 30, 6], [48, 44, 6], [30, 30, 30]])
    assert passes(seats, 50).tolist() == [[True, False, False], [False, False, False], [False, False, False]]
    who = [[True, True, False], [False, True, True]]
    assert passes(seats, 50, who).tolist() == [[True, False], [True, True], [True, True]]
    assert passes(seats, [50, 93, 61], who)[:, 0].tolist() == [True, False, False]
    assert blocks(seats, 50).tolist() == [[True, False, False], [False, False, False], [False, False, False]]
    assert blocks(seats, 66)[1].tolist() == [True, True, False]
    assert parties_to_pass(seats, 50).tolist() == [1, 2, 2]
    assert parties_to_pass(seats, [98, 92, 91]).tolist() == [3, 2, 4]
    assert passes(seats, 50, who).mean(axis=0).tolist() == [1, 2 / 3]


def test_batches_agree_with_single_elections() -> None:
    generator = np.random.default_rng(7)
    seats = generator.integers(0, 60, (4, 5, 6))
    needed = generator.integers(1, 250, (5,))
    alone, stopping, fewest = passes(seats, needed), blocks(seats, needed), parties_to_pass(seats, needed)
    for i, j in np.ndindex(4, 5):
        chamber, votes = {str(place): int(held) for place, held in enumerate(seats[i, j])}, int(needed[j])
        assert tuple(np.flatnonzero(alone[i, j]).astype(str)) == passes_alone(chamber, votes)
        found = fewest_parties(chamber, votes)
        if found.listed:
            assert tuple(np.flatnonzero(stopping[i, j]).astype(str)) == blocks_alone(chamber, votes)
            assert fewest[i, j] == len(found.listed[0].parties)
        else:
            assert stopping[i, j].all()
            assert fewest[i, j] == 7


def test_batches_refuse_what_does_not_fit() -> None:
    with pytest.raises(TypeError, match="coalitions: bool"):
        passes([5, 3], 4, [[1, 0]])
    with pytest.raises(ValueError, match=r"shape \(coalitions, 2\) is needed, found \(1, 3\)"):
        passes([5, 3], 4, [[True, False, True]])
    with pytest.raises(ValueError, match="at least one vote"):
        parties_to_pass([5, 3], 0)
    with pytest.raises(TypeError, match="needed: whole numbers"):
        blocks([5, 3], 4.0)
