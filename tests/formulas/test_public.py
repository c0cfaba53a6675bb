"""`allocate`: what it accepts, what it refuses and how ties leave it."""

import doctest
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import sailau.formulas.public as public
from oracle import formulas as oracle
from sailau.formulas import METHODS, Tie, allocate


def test_the_example_runs() -> None:
    assert doctest.testmod(public).attempted > 0
    assert doctest.testmod(public).failed == 0


def test_options_come_last_and_seats_broadcast() -> None:
    votes = np.array([[[53, 24, 23], [10, 0, 0]], [[1, 1, 1], [5, 4, 1]]])
    seats = allocate(votes, [[7, 2], [3, 10]])
    assert seats.tolist() == [[[4, 2, 1], [2, 0, 0]], [[1, 1, 1], [5, 4, 1]]]
    assert seats.dtype == np.int64
    assert allocate(votes[:, 0], np.array([7, 3])).tolist() == [[4, 2, 1], [1, 1, 1]]
    assert allocate(np.empty((0, 3), dtype=int), 5).shape == (0, 3)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_by_name(method: str) -> None:
    votes = [340_000, 280_000, 160_000, 60_000, 15_000]
    assert allocate(votes, 11, method).sum() == 11


def test_quota_and_first_divisor_are_passed_on() -> None:
    votes = [47_000, 16_000, 15_900, 12_000, 6_000, 3_100]
    assert allocate(votes, 10, quota="hare").tolist() == [5, 2, 1, 1, 1, 0]
    assert allocate(votes, 10, quota="droop").tolist() == [5, 2, 2, 1, 0, 0]
    assert allocate([1000, 380, 250], 5, "sainte-lague", first=(9, 5)).tolist() == [4, 1, 0]
    assert allocate([1000, 380, 250], 5, "sainte-lague", first=Fraction(7, 5)).tolist() == [3, 1, 1]


@pytest.mark.parametrize("first", [Fraction(7, 5), (7, 5), [7, 5], "7/5", "1.4", 1.4, 7 / 5])
def test_a_first_divisor_is_exact_however_it_is_written(first: Any) -> None:
    """1400 ÷ 1.4 equals 3000 ÷ 3: any other reading of 1.4 would break the tie."""
    with pytest.raises(Tie):
        allocate([3000, 1400], 2, "sainte-lague", first=first)
    surplus = allocate([53, 26, 21], 2, quota="imperiali", round_quota="up")
    assert surplus.tolist() == list(*oracle.largest_remainder([53, 26, 21], 2, "imperiali", "up"))


def test_ties_raise_by_default_and_name_what_is_at_stake() -> None:
    with pytest.raises(Tie, match="1 seat is tied between options 1, 2: ") as caught:
        allocate([50, 25, 25], 2)
    assert (caught.value.options, caught.value.seats, caught.value.election) == ((1, 2), 1, ())
    batch = [[[3, 2, 1], [4, 1, 1]], [[1, 1, 1], [1, 1, 1]]]
    with pytest.raises(Tie, match="in election 1, 0") as caught:
        allocate(batch, [[6, 6], [2, 2]])
    assert (caught.value.options, caught.value.seats, caught.value.election) == ((0, 1, 2), 2, (1, 0))
    assert isinstance(caught.value, ValueError)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.options, copy.seats, copy.election, str(copy)) == ((0, 1, 2), 2, (1, 0), str(caught.value))


def test_a_tie_is_found_in_a_later_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sailau.formulas.public._BLOCK", 2)
    with pytest.raises(Tie) as caught:
        allocate([[3, 1], [3, 1], [3, 1], [2, 2]], 1)
    assert caught.value.election == (3,)


def test_ties_reported() -> None:
    seats, tied = allocate([[50, 25, 25], [50, 30, 20]], 2, ties="report")
    assert seats.tolist() == [[1, 0, 0], [1, 1, 0]]
    assert tied.tolist() == [[False, True, True], [False, False, False]]
    seats, tied = allocate([0, 0], 3, ties="report")
    assert (seats.tolist(), tied.tolist()) == ([0, 0], [True, True])


@pytest.mark.parametrize("method", METHODS)
def test_ties_broken_by_an_order(method: str) -> None:
    assert allocate([30, 30, 30], 4, method, ties=[2, 0, 1]).tolist() == [1, 1, 2]
    assert allocate([30, 30, 30], 5, method, ties=np.array([2, 0, 1])).tolist() == [2, 1, 2]
    assert allocate([0, 0, 0], 5, method, ties=(1, 2, 0)).tolist() == [1, 2, 2]


def test_ties_broken_by_lot() -> None:
    votes = np.ones((500, 4), dtype=int)
    seats = allocate(votes, 1, ties=np.random.default_rng(3))
    assert (seats.sum(axis=1) == 1).all()
    assert (abs(seats.sum(axis=0) - 125) < 60).all()
    assert (allocate(votes, 1, ties=8) == allocate(votes, 1, ties=np.random.default_rng(8))).all()


def test_integers_of_any_size() -> None:
    assert allocate([10**30 + 1, 10**30], 1).tolist() == [1, 0]
    assert allocate([2**63, 1, 2**64], 3, "dhondt").tolist() == [1, 0, 2]
    assert allocate(np.array([2**63, 5], dtype=np.uint64), 2).tolist() == [2, 0]
    assert allocate([10**30, 1], 2).dtype == np.int64


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"votes": [1.0, 2.0]}, TypeError, r"votes\[0\] is 1.0: expected a whole number"),
    ({"votes": np.array([1.0, 2.0])}, TypeError, "votes are float64: expected whole numbers"),
    ({"votes": [float("nan"), 2]}, TypeError, r"votes\[0\] is nan"),
    ({"votes": ["7", 2]}, TypeError, r"votes\[0\] is '7'"),
    ({"votes": [True, 2]}, TypeError, r"votes\[0\] is True"),
    ({"votes": np.array([True, False])}, TypeError, "votes are bool"),
    ({"votes": [[1, 2], [3]]}, TypeError, "expected a whole number"),
    ({"votes": [[1, 2], [3, -4]]}, ValueError, r"votes\[1, 1\] is -4: expected no negative number"),
    ({"votes": [10**30, -1]}, ValueError, r"votes\[1\] is -1"),
    ({"votes": 5}, ValueError, r"votes of shape \(\): expected the options on the last axis"),
    ({"votes": []}, ValueError, r"votes of shape \(0,\)"),
    ({"seats": 2.0}, TypeError, "seats is 2.0: expected a whole number"),
    ({"seats": -1}, ValueError, "seats is -1: expected no negative number"),
    ({"seats": [1, 2]}, ValueError, r"seats of shape \(2,\): expected a number or shape \(\)"),
    ({"seats": 2**70}, ValueError, "seats are too many"),
    ({"method": "hamilton"}, ValueError, "method='hamilton': expected one of largest-remainder, dhondt"),
    ({"quota": "nair"}, ValueError, "quota='nair': expected one of hare"),
    ({"round_quota": "down"}, ValueError, "round_quota='down': expected one of no, nearest, up"),
    ({"first": (7, 5)}, ValueError, "only divisor methods have a first divisor"),
    ({"method": "sainte-lague", "first": (3, 1)}, ValueError, "first divisor 3 of sainte-lague"),
    ({"method": "dhondt", "first": (0, 1)}, ValueError, "first divisor 0 of dhondt"),
    ({"method": "dhondt", "first": 0}, ValueError, "first divisor 0 of dhondt"),
    ({"method": "dhondt", "first": "seven"}, ValueError, "first='seven': expected a number such as '7/5'"),
    ({"method": "dhondt", "first": "1/0"}, ValueError, "first='1/0': expected a number"),
    ({"method": "dhondt", "first": float("nan")}, ValueError, "first=nan: expected a number"),
    ({"method": "dhondt", "first": True}, TypeError, "first=True: expected a number"),
    ({"method": "dhondt", "first": {}}, TypeError, "first={}: expected a number"),
    ({"ties": "first"}, ValueError, "ties='first': expected 'raise', 'report', an order"),
    ({"ties": [0]}, ValueError, "expected an order of all 2 options"),
    ({"ties": [0, 0]}, ValueError, "expected an order of all 2 options"),
    ({"ties": None}, TypeError, "ties is None"),
    ({"ties": 0.5}, TypeError, "ties is 0.5"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), REFUSED)
def test_refuses_with_one_clear_sentence(wrong: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        allocate(**{"votes": [3, 2], "seats": 3, **wrong})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("quota", ["hare", "droop"])
def test_more_seats_than_the_votes_have_bits_for(quota: Any) -> None:
    for seats in (2**31, 2**40):
        won, tied = allocate(np.zeros(3, np.int32), seats, quota=quota, ties="report")
        assert won.tolist() == [0, 0, 0]
        assert tied.all()
