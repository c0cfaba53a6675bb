"""Published apportionments, and the numbers that explain them."""

from fractions import Fraction

import numpy as np
import pytest

from sailau.formulas import allocate, divisors, highest_averages, largest_remainder, most_votes

# The first census of the United States, 1790: representative populations (Balinski and Young, *Fair
# Representation*, 2nd ed., Brookings 2001, appendix B). Congress passed Hamilton's 120 seats, Washington
# vetoed them, Jefferson's 105 became law.
STATES_1791 = {
    "Virginia": (630_560, 21, 19),
    "Massachusetts": (475_327, 16, 14),
    "Pennsylvania": (432_879, 14, 13),
    "North Carolina": (353_523, 12, 10),
    "New York": (331_589, 11, 10),
    "Maryland": (278_514, 9, 8),
    "Connecticut": (236_841, 8, 7),
    "South Carolina": (206_236, 7, 6),
    "New Jersey": (179_570, 6, 5),
    "New Hampshire": (141_822, 5, 4),
    "Vermont": (85_533, 3, 2),
    "Georgia": (70_835, 2, 2),
    "Kentucky": (68_705, 2, 2),
    "Rhode Island": (68_446, 2, 2),
    "Delaware": (55_540, 2, 1),
}
# Huntington's five states and 26 seats, on which the five classical divisor methods all differ (ibid.).
FIVE_STATES = [9061, 7179, 5259, 3319, 1182]
FIVE_METHODS = {
    "adams": [9, 7, 5, 3, 2],
    "dean": [9, 7, 5, 4, 1],
    "huntington-hill": [9, 7, 6, 3, 1],
    "sainte-lague": [9, 8, 5, 3, 1],
    "dhondt": [10, 7, 5, 3, 1],
}


def test_hamilton_and_jefferson_in_1791() -> None:
    people = [row[0] for row in STATES_1791.values()]
    assert sum(people) == 3_615_920
    assert allocate(people, 120).tolist() == [row[1] for row in STATES_1791.values()]
    assert allocate(people, 105, "dhondt").tolist() == [row[2] for row in STATES_1791.values()]


@pytest.mark.parametrize("method", FIVE_METHODS)
def test_five_methods_five_answers(method: str) -> None:
    assert allocate(FIVE_STATES, 26, method).tolist() == FIVE_METHODS[method]


def test_national_list_vote_of_2023() -> None:
    """Kazakhstan, 19 March 2023: lists above 5 per cent, 69 seats, as announced on 27 March 2023."""
    votes = np.array([3_431_510, 693_938, 547_154, 535_139, 432_920, 331_058])
    allocation = largest_remainder(votes, 69, workings=True)
    assert allocation.seats.tolist() == [40, 8, 6, 6, 5, 4]
    workings = allocation.workings
    assert Fraction(int(workings.quota_numerator), int(workings.quota_denominator)) == Fraction(5_971_719, 69)
    assert workings.whole.tolist() == [39, 8, 6, 6, 5, 3]
    assert workings.left == 2


def test_modified_sainte_lague_needs_seven_fifths_of_a_quotient() -> None:
    allocation = highest_averages(np.array([1000, 380, 250]), 5, method="modified-sainte-lague", workings=True)
    assert allocation.seats.tolist() == [3, 1, 1]
    last = [
        Fraction(a, b)
        for a, b in zip(
            allocation.workings.last_numerator.tolist(),
            allocation.workings.last_denominator.tolist(),
            strict=True,
        )
    ]
    assert last == [Fraction(1000, 5), Fraction(380 * 5, 7), Fraction(250 * 5, 7)]


@pytest.mark.parametrize("method", [*FIVE_METHODS, "danish", "imperiali-divisor", "modified-sainte-lague"])
def test_workings_bound_the_divisor(method: str) -> None:
    """Every next quotient is at most every last one; both are votes over the method's divisors."""
    allocation = highest_averages(np.array(FIVE_STATES), 26, method=method, workings=True)
    workings, sequence = allocation.workings, divisors(method)
    last, following = [], []
    for i, (count, seats) in enumerate(zip(FIVE_STATES, allocation.seats.tolist(), strict=True)):
        power = count**workings.power
        following.append(Fraction(int(workings.next_numerator[i]), int(workings.next_denominator[i])))
        assert following[-1] == power / sequence.divisor(seats)
        if seats > 1:
            last.append(Fraction(int(workings.last_numerator[i]), int(workings.last_denominator[i])))
            assert last[-1] == power / sequence.divisor(seats - 1)
    assert max(following) <= min(last)


def test_an_infinite_quotient_has_denominator_zero() -> None:
    workings = highest_averages(np.array([9, 1]), 2, method="huntington-hill", workings=True).workings
    assert workings.last_denominator.tolist() == [0, 0]
    assert workings.power == 2


def test_remainders_explain_every_vote() -> None:
    votes = np.array([47_000, 16_000, 15_900, 12_000, 6_000, 3_100])
    for quota, seats in (("hare", [5, 2, 1, 1, 1, 0]), ("droop", [5, 2, 2, 1, 0, 0])):
        allocation = largest_remainder(votes, 10, quota=quota, workings=True)
        workings = allocation.workings
        assert allocation.seats.tolist() == seats
        parts = workings.whole * workings.quota_numerator + workings.remainders
        assert (parts == votes * workings.quota_denominator).all()
        assert workings.left == 10 - workings.whole.sum()


def test_plurality_says_how_close_it_was() -> None:
    assert most_votes(np.array([5, 9, 7]), 2, workings=True).workings.next_votes == 5
