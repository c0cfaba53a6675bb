"""The boundary cases at which programs go wrong and law suits begin."""

from fractions import Fraction

import numpy as np
import pytest

from formulas.cases import KERNELS, same
from oracle import formulas as oracle
from sailau.formulas import (
    DIVISOR_METHODS,
    Tie,
    absolute_majority,
    allocate,
    at_least,
    draw,
    highest_averages,
    largest_remainder,
    more_than,
    most_votes,
    settle,
)


def test_exactly_at_the_bar() -> None:
    votes = np.array([901, 50, 49])
    assert at_least(votes, votes.sum(), 5, 100).tolist() == [True, True, False]
    assert more_than(votes, votes.sum(), 5, 100).tolist() == [True, False, False]


def test_a_bar_beyond_what_64_bits_can_multiply() -> None:
    base = 2**62
    votes = np.array([base // 4 - 1, base // 4, base // 4 + 1])
    assert at_least(votes, base, 25, 100).tolist() == [False, True, True]
    assert more_than(votes, base, 25, 100).tolist() == [False, False, True]
    assert at_least(np.array([3 * 10**30]), 10**31, 3, 10).tolist() == [True]


def test_bars_of_many_elections_at_once() -> None:
    votes = np.array([[5, 49], [95, 951]])
    assert at_least(votes, votes.sum(axis=0), 5, 100).tolist() == [[True, False], [True, True]]


def test_half_is_no_absolute_majority() -> None:
    votes = np.array([500, 499, 1])
    assert not absolute_majority(votes, 1000).any()
    assert absolute_majority(votes, 1000, strict=False).tolist() == [True, False, False]
    assert absolute_majority(np.array([501, 499]), 1000).tolist() == [True, False]
    assert absolute_majority(np.array([666, 667]), 1000, share=(2, 3)).tolist() == [False, True]


@pytest.mark.parametrize("name", KERNELS)
def test_nobody_at_the_bar(name: str) -> None:
    """Votes without eligible options leave all seats unfilled instead of tying those who failed."""
    votes, nobody = np.array([40, 30, 20]), np.zeros(3, dtype=bool)
    allocation = KERNELS[name](votes, 5, eligible=nobody)
    assert allocation.seats.tolist() == [0, 0, 0]
    assert not allocation.tied.any()
    assert allocation.open == allocation.unfilled == 5


@pytest.mark.parametrize("name", KERNELS)
def test_one_list_at_the_bar(name: str) -> None:
    allocation = KERNELS[name](np.array([40, 30, 20]), 5, eligible=np.array([False, True, False]))
    assert allocation.seats.tolist() == [0, 5, 0]
    assert allocation.open == 0


@pytest.mark.parametrize("name", KERNELS)
def test_one_option_in_all(name: str) -> None:
    assert KERNELS[name](np.array([7]), 3).seats.tolist() == [3]


@pytest.mark.parametrize("name", KERNELS)
def test_zero_votes_tie_everybody_who_takes_part(name: str) -> None:
    assert same(KERNELS[name](np.zeros(3, dtype=np.int64), 4), oracle.voteless([True] * 3, 4))
    eligible = np.array([True, False, True])
    allocation = KERNELS[name](np.zeros(3, dtype=np.int64), 4, eligible=eligible)
    assert same(allocation, oracle.voteless(eligible.tolist(), 4))
    assert settle(allocation, [2, 0, 1]).seats.tolist() == [2, 0, 2]
    assert not settle(allocation, [2, 0, 1]).open.any()


@pytest.mark.parametrize("name", KERNELS)
def test_no_seats(name: str) -> None:
    allocation = KERNELS[name](np.array([5, 5, 0]), 0)
    assert same(allocation, oracle.Verdict((0, 0, 0), (False,) * 3, 0))


@pytest.mark.parametrize("name", KERNELS)
def test_an_option_without_votes_gets_no_seat(name: str) -> None:
    allocation = KERNELS[name](np.array([3, 0, 2]), 50)
    assert allocation.seats[1] == 0
    assert not allocation.tied[1]
    assert allocation.seats.sum() + allocation.open == 50


def test_fewer_candidates_than_seats_pass_seats_to_the_next_remainders() -> None:
    votes = np.array([600, 250, 100, 50])
    free = largest_remainder(votes, 10)
    assert free.seats.tolist() == [6, 2, 1, 0]
    assert free.open == 1
    capped = largest_remainder(votes, 10, limits=[3, 9, 9, 9])
    assert capped.seats.tolist() == [3, 3, 2, 1]
    assert capped.tied.tolist() == [False, True, False, True]
    assert capped.open == 1


def test_fewer_candidates_than_seats_pass_seats_to_the_next_quotients() -> None:
    votes = np.array([600, 260, 110, 50])
    assert highest_averages(votes, 9, method="dhondt").seats.tolist() == [6, 2, 1, 0]
    assert highest_averages(votes, 9, method="dhondt", limits=[2, 9, 9, 9]).seats.tolist() == [2, 5, 2, 0]


@pytest.mark.parametrize("method", ["largest-remainder", *DIVISOR_METHODS])
def test_all_candidates_used_up_leaves_seats_unfilled(method: str) -> None:
    votes, limits = np.array([60, 30, 10]), [1, 2, 0]
    if method == "largest-remainder":
        allocation = largest_remainder(votes, 9, limits=limits)
    else:
        allocation = highest_averages(votes, 9, method=method, limits=limits)
    assert allocation.seats.tolist() == [1, 2, 0]
    assert not allocation.tied.any()
    assert allocation.open == allocation.unfilled == 6
    assert draw(allocation, np.random.default_rng(0)) is allocation


@pytest.mark.parametrize("method", DIVISOR_METHODS)
def test_a_limit_may_be_a_number_that_stands_for_none(method: str) -> None:
    votes, none = np.array([60, 30, 10]), np.iinfo(np.int64).max
    free = highest_averages(votes, 12, method=method)
    assert highest_averages(votes, 12, method=method, limits=none).seats.tolist() == free.seats.tolist()
    assert largest_remainder(votes, 12, limits=none).seats.tolist() == largest_remainder(votes, 12).seats.tolist()


def test_a_first_divisor_that_is_no_plain_fraction_is_refused_before_it_overflows() -> None:
    votes = np.array([60, 30, 10])
    assert highest_averages(votes, 12, method="sainte-lague", first=Fraction(1.4)).seats.sum() == 12
    with pytest.raises(ValueError, match="plainer first divisor"):
        highest_averages(votes, 50_000, method="sainte-lague", first=Fraction(1.4))


def test_tie_for_the_last_remainder() -> None:
    allocation = largest_remainder(np.array([50, 25, 25]), 2)
    assert same(allocation, oracle.Verdict((1, 0, 0), (False, True, True), 1))
    assert settle(allocation, [0, 2, 1]).seats.tolist() == [1, 0, 1]
    assert not allocation.unfilled


def test_tie_at_the_last_quotient() -> None:
    """40, 20, 20 and 13⅓ are seated; three quotients of 10 compete for the fifth seat."""
    allocation = highest_averages(np.array([40, 20, 10]), 5, method="dhondt")
    assert same(allocation, oracle.Verdict((3, 1, 0), (True, True, True), 1))
    assert settle(allocation, [2, 0, 1]).seats.tolist() == [3, 2, 0]


@pytest.mark.parametrize("method", ["largest-remainder", *DIVISOR_METHODS])
def test_two_equal_lists_and_one_seat(method: str) -> None:
    with pytest.raises(Tie) as caught:
        allocate([30, 30], 1, method)
    assert (caught.value.options, caught.value.seats, caught.value.election) == ((0, 1), 1, ())


@pytest.mark.parametrize("method", DIVISOR_METHODS)
def test_tie_that_does_not_matter_because_enough_seats_remain(method: str) -> None:
    """Equal quotients on the way, none at the end."""
    assert allocate([300, 300, 299], 2, method).tolist() == [1, 1, 0]
    assert not largest_remainder(np.array([35, 35, 30]), 2).tied.any()


def test_a_quota_that_awards_too_much_takes_back_from_the_smallest_remainder() -> None:
    """Imperiali over 100 votes and 2 seats: the quota is 25, 3 whole parts for 2 seats."""
    allocation = largest_remainder(np.array([53, 26, 21]), 2, quota="imperiali", workings=True)
    assert allocation.workings.left == -1
    assert allocation.seats.tolist() == [2, 0, 0]
    assert not allocation.tied.any()


def test_a_tie_over_who_loses_a_seat_prefers_who_keeps_it() -> None:
    assert largest_remainder(np.array([60, 60, 40]), 2, quota="imperiali").seats.tolist() == [1, 1, 0]
    equal = largest_remainder(np.array([50, 50, 50]), 2, quota="imperiali")
    assert same(equal, oracle.Verdict((0, 0, 0), (True,) * 3, 2))
    assert settle(equal, [1, 2, 3]).seats.tolist() == [1, 1, 0]
    assert settle(equal, [1, 2, 1]).seats.tolist() == [1, 0, 1]


def test_seats_are_not_taken_from_lists_without_one() -> None:
    allocation = largest_remainder(np.array([80, 80, 1]), 3, quota="imperiali", round_quota="nearest")
    expected = oracle.verdict(oracle.largest_remainder([80, 80, 1], 3, "imperiali", "nearest"), 3)
    assert same(allocation, expected)
    assert not allocation.tied[2]


@pytest.mark.parametrize(("rounding", "quota"), [("no", Fraction(25, 2)), ("nearest", 13), ("up", 13)])
def test_half_a_vote_in_a_quota_goes_up(rounding: str, quota: Fraction) -> None:
    workings = largest_remainder(np.array([13, 12]), 2, round_quota=rounding, workings=True).workings
    assert Fraction(int(workings.quota_numerator), int(workings.quota_denominator)) == quota
    below = largest_remainder(np.array([13, 12]), 3, round_quota="nearest", workings=True).workings
    assert below.quota_numerator == 8


def test_a_quota_rounded_to_nothing_becomes_one_vote() -> None:
    allocation = largest_remainder(np.array([2, 1]), 10, round_quota="nearest", workings=True)
    assert (int(allocation.workings.quota_numerator), int(allocation.workings.quota_denominator)) == (1, 1)
    # Whole parts 2 and 1, three further rounds of one each, and a last seat between equal remainders.
    assert same(allocation, oracle.Verdict((5, 4), (True, True), 1))


@pytest.mark.parametrize("scale", [2**53 + 1, 2**80 + 3, 10**400 + 7])
@pytest.mark.parametrize("name", KERNELS)
def test_votes_beyond_floats(name: str, scale: int) -> None:
    """One vote decides between lists that no float can tell apart."""
    votes = np.array([scale, scale + 1, scale], dtype=object)
    allocation = KERNELS[name](votes, 1)
    assert allocation.seats.tolist() == [0, 1, 0]
    assert not allocation.tied.any()
    assert allocation.seats.dtype == np.int64


@pytest.mark.parametrize("name", KERNELS)
def test_weighted_votes_around_1e17(name: str) -> None:
    votes = [10**17 + 1, 10**17, 3 * 10**16 + 7, 10**16 + 1]
    exact = KERNELS[name](np.array(votes, dtype=object), 7)
    narrow = KERNELS[name](np.array(votes), 7)
    assert exact.seats.tolist() == narrow.seats.tolist()
    assert exact.tied.tolist() == narrow.tied.tolist()


def test_huntington_hill_leaves_64_bits_by_itself() -> None:
    """Squares of forty million votes times divisors do not fit; one vote must still make a difference."""
    votes = [39_576_757, 39_576_756, 39_576_755, 29_183_290]
    outcome = oracle.verdict(oracle.highest_averages(votes, 21, "huntington-hill"), 21)
    assert same(highest_averages(np.array(votes), 21, method="huntington-hill"), outcome)


def test_two_way_tie_in_a_district() -> None:
    votes = np.array([[90, 40, 0], [90, 50, 0], [20, 10, 0]])
    allocation = most_votes(votes, 1)
    assert allocation.seats.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert allocation.tied.tolist() == [[True, False, False], [True, False, False], [False, False, False]]
    assert allocation.open.tolist() == [1, 0, 1]
    assert allocation.unfilled.tolist() == [0, 0, 1]


def test_padded_districts_elect_nobody_ineligible() -> None:
    votes = np.array([[9, 9], [3, 9], [5, 9]])
    allocation = most_votes(votes, 2, eligible=np.array([[True, True], [True, False], [True, False]]))
    assert allocation.seats.tolist() == [[1, 1], [0, 0], [1, 0]]
    assert allocation.unfilled.tolist() == [0, 1]


def test_an_option_without_votes_is_elected_only_where_admitted() -> None:
    votes = np.array([4, 0, 0])
    assert most_votes(votes, 2).unfilled == 1
    alone = most_votes(np.array([0]), 1)
    assert (alone.seats.sum(), alone.unfilled) == (0, 1)
    admitted = most_votes(votes, 2, voteless=True)
    assert same(admitted, oracle.Verdict((1, 0, 0), (False, True, True), 1))


def test_modified_sainte_lague_starts_at_seven_fifths() -> None:
    votes = np.array([1000, 380, 250])
    assert highest_averages(votes, 5, method="modified-sainte-lague").seats.tolist() == [3, 1, 1]
    assert highest_averages(votes, 5, method="modified-sainte-lague", first=(9, 5)).seats.tolist() == [
        4,
        1,
        0,
    ]
    higher = highest_averages(votes, 5, method="sainte-lague", first=Fraction(9, 5))
    assert higher.seats.tolist() == [4, 1, 0]


def test_first_divisor_of_zero_seats_the_larger_first() -> None:
    for method in ("adams", "dean", "huntington-hill"):
        assert highest_averages(np.array([5, 9, 7, 1]), 2, method=method).seats.tolist() == [0, 1, 1, 0]
        tied = highest_averages(np.array([5, 9, 5, 1]), 2, method=method)
        assert same(tied, oracle.Verdict((0, 1, 0, 0), (True, False, True, False), 1))


def test_seats_held_before_raise_the_divisor() -> None:
    """60 / 4 comes after 39 and 39 / 2, before 39 / 3."""
    assert highest_averages(np.array([60, 39]), 3, method="dhondt", start=[3, 0]).seats.tolist() == [1, 2]


def test_floors_lift_and_are_not_taken_back() -> None:
    lifted = largest_remainder(np.array([90, 10]), 5, floors=[0, 2])
    assert lifted.seats.tolist() == [3, 2]
    assert largest_remainder(np.array([90, 0]), 5, floors=[0, 1]).seats.tolist() == [4, 1]
