"""Divisors raised to an exponent: D'Hondt with n^0.9, as in Estonia, exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailau.formulas.divisor import divisors, highest_averages

NINE_TENTHS = Fraction(9, 10)

# National Electoral Committee of Estonia: votes of the lists with 5 per cent or more, and their seats of 101.
RIIGIKOGU = {
    2015: {158_970: 30, 142_458: 27, 87_189: 15, 78_699: 14, 49_882: 8, 46_772: 7},
    2019: {162_363: 34, 129_618: 26, 99_671: 19, 64_219: 12, 55_175: 10},
    2023: {190_632: 37, 97_966: 17, 93_254: 16, 81_329: 14, 56_584: 9, 50_118: 8},
}


def one_by_one(votes: list[int], seats: int, exponent: Fraction) -> list[int] | None:
    """Deal seats one by one to the largest v^q / n^p; None where two are equal at the cut."""
    p, q = exponent.numerator, exponent.denominator
    quotients = sorted(
        ((Fraction(v**q, n**p), option) for option, v in enumerate(votes) if v for n in range(1, seats + 1)),
        reverse=True,
    )
    if len(quotients) > seats and quotients[seats - 1][0] == quotients[seats][0]:
        return None
    given = [option for _, option in quotients[:seats]]
    return [given.count(option) for option in range(len(votes))]


@pytest.mark.parametrize("year", RIIGIKOGU)
def test_the_riigikogu(year: int) -> None:
    votes, seats = list(RIIGIKOGU[year]), list(RIIGIKOGU[year].values())
    assert highest_averages(votes, 101, method="dhondt", exponent=NINE_TENTHS).seats.tolist() == seats
    assert highest_averages(votes, 101, method="dhondt").seats.tolist() != seats


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=6),
    st.integers(1, 40),
    st.sampled_from([NINE_TENTHS, Fraction(1, 2), Fraction(2, 3), Fraction(1)]),
)
def test_equals_dealing_one_by_one(votes: list[int], seats: int, exponent: Fraction) -> None:
    if not any(votes):
        return
    expected = one_by_one(votes, seats, exponent)
    allocation = highest_averages(votes, seats, method="dhondt", exponent=exponent)
    if expected is None:
        assert allocation.open == seats - allocation.seats.sum() > 0
    else:
        assert allocation.seats.tolist() == expected


def test_many_elections_at_once_and_many_seats() -> None:
    random = np.random.default_rng(5)
    votes = random.integers(1, 2_000_000, (5, 200))
    seats = random.integers(1, 300, 200)
    many = highest_averages(votes, seats, method="dhondt", exponent=NINE_TENTHS)
    for n in range(0, 200, 10):
        assert many.seats[:, n].tolist() == one_by_one(votes[:, n].tolist(), int(seats[n]), NINE_TENTHS)


def test_an_exact_tie_is_found() -> None:
    # 1024 / 1 = 2^10 equals 2^10 · 2^0: the second seat of 2^9-fold votes: (2^9)^10 / 2^90 … so v2 = v1 · 2^0.9 has no whole
    # votes; with exponent 1/2 four times the seats cost twice the votes.
    allocation = highest_averages([200, 100], 4, method="dhondt", exponent=Fraction(1, 2))
    assert allocation.seats.tolist() == [3, 0]
    assert allocation.tied.tolist() == [True, True]
    assert allocation.open == 1


def test_quotients_are_told_raised() -> None:
    work = highest_averages([100, 60], 2, method="dhondt", exponent=NINE_TENTHS, workings=True).workings
    assert work.power == 10
    assert Fraction(int(work.last_numerator[0]), int(work.last_denominator[0])) == Fraction(100**10, 1)
    assert Fraction(int(work.next_numerator[0]), int(work.next_denominator[0])) == Fraction(100**10, 2**9)


@pytest.mark.parametrize(
    ("method", "first", "exponent", "words"),
    [
        ("adams", None, NINE_TENTHS, "expected a method of whole divisors"),
        ("modified-sainte-lague", None, NINE_TENTHS, "expected a method of whole divisors"),
        ("dhondt", "7/5", NINE_TENTHS, "expected a method of whole divisors"),
        ("dhondt", None, Fraction(11, 10), "above 0 and up to 1"),
        ("dhondt", None, Fraction(1, 100), "99 at most"),
    ],
)
def test_what_cannot_be_raised(method: str, first: str | None, exponent: Fraction, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        divisors(method, first, exponent)  # type: ignore[arg-type]
