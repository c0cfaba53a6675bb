"""Indices by hand, by fractions without NumPy, and by their own defining properties."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailau.parliament import (
    advantage_ratios,
    dhondt_index,
    effective_number,
    gallagher,
    loosemore_hanby,
    mean_votes_per_seat,
    sainte_lague_index,
    share_differences,
    thresholds,
    votes_per_seat,
    wasted_votes,
)

VOTES = [500, 300, 150, 50]
SEATS = [6, 3, 1, 0]
"""Shares in per cent: 50, 30, 15, 5 of the votes; 60, 30, 10, 0 of the seats."""


def test_effective_number_by_hand() -> None:
    assert effective_number([40, 30, 20, 10]).fraction() == Fraction(10, 3)
    assert effective_number([1, 1, 1, 1]).fraction() == 4
    assert effective_number([98, 0]).fraction() == 1
    assert effective_number(SEATS).fraction() == Fraction(100, 46)


def test_each_independent_is_a_party_of_one_seat() -> None:
    apart = effective_number([50, 30, 1, 1, 1])
    together = effective_number([50, 30], independents=3)
    assert together.fraction() == apart.fraction() == Fraction(83 * 83, 2500 + 900 + 3)
    batch = effective_number([[50, 30], [0, 0]], independents=[3, 5])
    assert batch.fraction(0) == apart.fraction()
    assert batch.fraction(1) == 5


def test_disproportionality_by_hand() -> None:
    assert loosemore_hanby(VOTES, SEATS).fraction() == Fraction(10, 100)
    assert loosemore_hanby(VOTES, SEATS).percent == pytest.approx(10)
    assert gallagher(VOTES, SEATS) == pytest.approx(sqrt((100 + 0 + 25 + 25) / 2) / 100)
    assert sainte_lague_index(VOTES, SEATS) == pytest.approx((100 / 50 + 25 / 15 + 25 / 5) / 100)
    assert dhondt_index(VOTES, SEATS).fraction() == Fraction(6, 5)
    assert advantage_ratios(VOTES, SEATS).fraction(2) == Fraction(2, 3)
    difference, whole = share_differences(VOTES, SEATS)
    assert (difference.tolist(), whole.tolist()) == ([-1000, 0, 500, 500], [10000])


def test_votes_without_a_seat_and_the_price_of_a_seat() -> None:
    wasted = wasted_votes(VOTES, SEATS)
    assert (int(wasted.numerator), wasted.fraction()) == (50, Fraction(1, 20))
    price = votes_per_seat(VOTES, SEATS)
    assert [price.fraction(option) for option in range(4)] == [Fraction(250, 3), 100, 150, None]
    assert price.value[3] == inf
    assert mean_votes_per_seat(VOTES, SEATS).fraction() == 100


def test_perfect_proportion_is_exactly_nothing() -> None:
    votes, seats = [3 * 10**17, 10**17, 2 * 10**17], [3, 1, 2]
    assert gallagher(votes, seats) == 0
    assert sainte_lague_index(votes, seats) == 0
    assert loosemore_hanby(votes, seats).fraction() == 0
    assert dhondt_index(votes, seats).fraction() == 1


def test_one_vote_off_proportion_is_seen_among_many() -> None:
    votes, seats = [3 * 10**17 + 1, 10**17, 2 * 10**17], [3, 1, 2]
    assert gallagher(votes, seats) > 0
    whole = 6 * 10**17 + 1
    assert loosemore_hanby(votes, seats).fraction() == Fraction(3 * 10**17 + 1, whole) - Fraction(1, 2)


@pytest.mark.parametrize(("votes", "seats"), [([0, 0], [3, 1]), ([5, 3], [0, 0]), ([0, 0], [0, 0])])
def test_without_votes_or_seats_an_index_is_undefined(votes: list[int], seats: list[int]) -> None:
    assert isnan(gallagher(votes, seats))
    assert isnan(sainte_lague_index(votes, seats))
    for index in (loosemore_hanby(votes, seats), dhondt_index(votes, seats)):
        assert isnan(index.value)
        assert index.fraction() is None


def test_no_options_at_all() -> None:
    assert isnan(effective_number([]).value)
    assert isnan(loosemore_hanby([], []).value)
    assert wasted_votes(np.zeros((3, 0), int), np.zeros((3, 0), int)).value.shape == (3,)


def test_zero_votes_have_defined_parts() -> None:
    assert isnan(effective_number([0, 0]).value)
    assert isnan(wasted_votes([0, 0], [1, 0]).value)
    assert isnan(votes_per_seat([0], [0]).value[0])
    assert isnan(advantage_ratios([0, 5], [0, 1]).value[0])


def test_seats_without_votes_are_infinitely_favoured() -> None:
    votes, seats = [10, 0, 20], [1, 1, 2]
    assert dhondt_index(votes, seats).value == inf
    assert sainte_lague_index(votes, seats) == inf
    assert advantage_ratios(votes, seats).value.tolist() == [0.75, inf, 0.75]


def test_an_option_with_nothing_changes_nothing() -> None:
    for index in (gallagher, sainte_lague_index):
        assert index([*VOTES, 0], [*SEATS, 0]) == index(VOTES, SEATS)
    assert dhondt_index([*VOTES, 0], [*SEATS, 0]).fraction() == Fraction(6, 5)


def test_batches_and_single_elections_agree() -> None:
    generator = np.random.default_rng(5)
    votes = generator.integers(0, 10**6, (3, 4, 6))
    seats = generator.integers(0, 50, (4, 6))
    for index in (gallagher, sainte_lague_index):
        single = [[float(index(votes[i, j], seats[j])) for j in range(4)] for i in range(3)]
        assert np.allclose(index(votes, seats), single, rtol=1e-12, atol=0)
    for exact in (loosemore_hanby, dhondt_index, wasted_votes, mean_votes_per_seat):
        batch = exact(votes, seats)
        for i, j in product(range(3), range(4)):
            assert batch.fraction(i, j) == exact(votes[i, j], seats[j]).fraction()


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(TypeError, match="votes: whole numbers"):
        gallagher([0.5, 0.5], [1, 1])
    with pytest.raises(TypeError, match="whole numbers"):
        effective_number([True, False])
    with pytest.raises(ValueError, match="seats: no number may be negative, found -1"):
        loosemore_hanby([1, 2], [2, -1])
    with pytest.raises(ValueError, match="votes of 2 options do not fit seats of 3"):
        wasted_votes([1, 2], [1, 1, 1])
    with pytest.raises(ValueError, match="axis of options"):
        effective_number(5)


counts = st.one_of(st.integers(0, 50), st.integers(0, 2**63 - 1), st.integers(2**63, 2**80))
tables = st.lists(st.tuples(counts, st.integers(0, 700)), min_size=1, max_size=7)


@settings(max_examples=100, deadline=None)
@given(tables)
def test_indices_against_plain_fractions(table: list[tuple[int, int]]) -> None:
    votes, seats = [row[0] for row in table], [row[1] for row in table]
    cast, chamber = sum(votes), sum(seats)
    squares = sum(vote * vote for vote in votes)
    assert effective_number(votes).fraction() == (Fraction(cast * cast, squares) if squares else None)
    if not cast or not chamber:
        return
    shares = [(Fraction(vote, cast), Fraction(seat, chamber)) for vote, seat in table]
    assert loosemore_hanby(votes, seats).fraction() == sum(abs(v - s) for v, s in shares) / 2
    least_squares = sqrt(float(sum((v - s) ** 2 for v, s in shares) / 2))
    assert gallagher(votes, seats) == pytest.approx(least_squares, rel=1e-12, abs=0)
    if any(seat and not vote for vote, seat in table):
        assert dhondt_index(votes, seats).value == inf
        assert sainte_lague_index(votes, seats) == inf
        return
    assert dhondt_index(votes, seats).fraction() == max(s / v for v, s in shares if v)
    exact = float(sum((s - v) ** 2 / v for v, s in shares if v))
    assert sainte_lague_index(votes, seats) == pytest.approx(exact, rel=1e-12, abs=0)


# Thresholds


def test_thresholds_of_the_literature() -> None:
    """Lijphart and Gibberd 1977, for five parties and four seats, and the same with ten seats."""

    def both(method: str, seats: int, parties: int, quota: str = "hare") -> tuple[Fraction, Fraction]:
        found = thresholds(method, seats, parties, quota=quota)
        return found.inclusion, found.exclusion

    assert both("dhondt", 4, 5) == (Fraction(1, 8), Fraction(1, 5))
    assert both("sainte-lague", 4, 5) == (Fraction(1, 11), Fraction(1, 5))
    assert both("sainte-lague", 10, 5) == (Fraction(1, 23), Fraction(1, 17))
    assert both("modified-sainte-lague", 10, 5) == (Fraction(14, 246), Fraction(14, 174))
    assert both("largest-remainder", 10, 5) == (Fraction(1, 50), Fraction(4, 50))
    assert both("largest-remainder", 4, 9) == (Fraction(1, 36), Fraction(1, 5))
    assert both("largest-remainder", 4, 5, quota="hagenbach-bischoff") == (Fraction(2, 25), Fraction(1, 5))
    assert both("plurality", 1, 3) == (Fraction(1, 3), Fraction(1, 2))
    assert both("adams", 4, 4) == (Fraction(0), Fraction(0))


def test_a_legal_bar_lifts_both() -> None:
    found = thresholds("dhondt", 150, 10, bar=Fraction(3, 100))
    assert (found.inclusion, found.exclusion) == (Fraction(3, 100), Fraction(3, 100))
    assert thresholds("dhondt", 9, 10, bar=Fraction(3, 100)).exclusion == Fraction(1, 10)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "borda"}, "no thresholds are known for 'borda'"),
        ({"method": "largest-remainder", "quota": "imperiali"}, "known for 'imperiali'"),
        ({"magnitude": 0}, "a seat and two parties"),
        ({"parties": 1}, "a seat and two parties"),
        ({"bar": Fraction(3, 2)}, "a share from 0 to 1"),
        ({"method": "modified-sainte-lague", "first": Fraction(0)}, "a divisor above 0"),
    ],
)
def test_thresholds_refuse_what_they_do_not_know(arguments: dict[str, object], message: str) -> None:
    given_arguments = {"method": "dhondt", "magnitude": 5, "parties": 3, **arguments}
    with pytest.raises(ValueError, match=message):
        thresholds(**given_arguments)  # type: ignore[arg-type]


DIVISORS: dict[str, Callable[[int], Fraction]] = {
    "dhondt": lambda seat: Fraction(seat),
    "sainte-lague": lambda seat: Fraction(2 * seat - 1),
    "modified-sainte-lague": lambda seat: Fraction(7, 5) if seat == 1 else Fraction(2 * seat - 1),
    "danish": lambda seat: Fraction(3 * seat - 2),
    "imperiali-divisor": lambda seat: Fraction(seat + 1, 2),
    "adams": lambda seat: Fraction(1, 10**9) if seat == 1 else Fraction(seat - 1),
    "plurality": lambda seat: Fraction(1) if seat == 1 else Fraction(10**9 + seat, 10**9),
}


def first_seat(method: str, votes: tuple[int, ...], seats: int) -> tuple[bool, bool]:
    """Whether the first party wins a seat when all ties go against it, and when all go its way."""
    if method in ("hare", "hagenbach-bischoff"):
        whole = seats + (method != "hare")
        quotas = [Fraction(vote * whole, sum(votes)) for vote in votes]
        left = seats - sum(int(part) for part in quotas)
        own, rests = quotas[0], [part - int(part) for part in quotas[1:]]
        if left < 0:  # all votes are whole quotas: one too many, and somebody must give it back
            return own >= 2, own >= 1
        return (
            own >= 1 or sum(rest >= own for rest in rests) < left,
            own >= 1 or sum(rest > own for rest in rests) < left,
        )
    divisor = DIVISORS[method]
    own = votes[0] / divisor(1)
    others = [vote / divisor(seat) for vote in votes[1:] for seat in range(1, seats + 1)]
    return sum(other >= own for other in others) < seats, sum(other > own for other in others) < seats


def compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(head, *rest) for head in range(1, total) for rest in compositions(total - head, parts - 1) if head]


@pytest.mark.parametrize("method", [*sorted(set(DIVISORS) - {"plurality", "adams"}), "hare", "hagenbach-bischoff"])
@pytest.mark.parametrize(("seats", "parties"), [(1, 2), (1, 3), (2, 3), (3, 3), (4, 3), (2, 4), (3, 4)])
def test_thresholds_hold_in_every_small_election(method: str, seats: int, parties: int) -> None:
    if method in DIVISORS:
        found = thresholds(method, seats, parties)
    else:
        found = thresholds("largest-remainder", seats, parties, quota=method)
    for total in (23, 30) if parties == 4 else (41, 60):
        for votes in compositions(total, parties):
            share = Fraction(votes[0], total)
            surely, possibly = first_seat(method, votes, seats)
            assert surely or share <= found.exclusion, votes
            assert not possibly or share >= found.inclusion, votes


@pytest.mark.parametrize("method", [*sorted(set(DIVISORS) - {"plurality", "adams"}), "hare", "hagenbach-bischoff"])
@pytest.mark.parametrize(("seats", "parties"), [(1, 2), (1, 3), (2, 3), (3, 3), (4, 3)])
def test_thresholds_are_reached(method: str, seats: int, parties: int) -> None:
    """With a number of votes that makes the threshold a whole number, some election sits on it."""
    if method in DIVISORS:
        found = thresholds(method, seats, parties)
    else:
        found = thresholds("largest-remainder", seats, parties, quota=method)
    for share, wins in ((found.inclusion, True), (found.exclusion, False)):
        total = share.denominator * (10 if share.denominator < 30 else 2)
        own = int(share * total)
        rest = [(own, *others) for others in compositions(total - own, parties - 1)]
        rest += [(own, total - own, *(0,) * (parties - 2))]
        seen = [first_seat(method, votes, seats) for votes in rest]
        assert any(possibly for _, possibly in seen) if wins else any(not surely for surely, _ in seen)


@pytest.mark.parametrize(("seats", "parties"), [(1, 3), (2, 3), (2, 4), (3, 3)])
def test_thresholds_where_the_larger_list_takes_all_or_each_gets_one(seats: int, parties: int) -> None:
    for method in ("plurality", "adams"):
        found = thresholds(method, seats, parties)
        for votes in compositions(24, parties):
            share = Fraction(votes[0], 24)
            surely, possibly = first_seat(method, votes, seats)
            assert surely or share <= found.exclusion, votes
            assert not possibly or share >= found.inclusion, votes
