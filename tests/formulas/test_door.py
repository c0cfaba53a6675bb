"""The door for numbers: every width and byte order gives the same seats, and what is no whole number is refused."""

from typing import Any

import numpy as np
import pytest

from sailau import allocate, biproportional
from sailau.formulas.door import whole_numbers

WIDTHS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", "<i8", "O")
VOTES = (53, 24, 23, 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_and_byte_order_gives_the_same_numbers(width: str) -> None:
    array = whole_numbers(np.array(VOTES, width), "votes")
    assert array.tolist() == list(VOTES)
    assert array.dtype in (np.dtype("=i4"), np.dtype("=i8"))
    assert array.dtype.isnative
    assert allocate(np.array(VOTES, width), 7).tolist() == [4, 2, 1, 0]


@pytest.mark.parametrize("width", ["i1", "i2", "i4", "i8", ">i2", ">i4", ">i8", "O"])
def test_a_negative_number_is_refused_in_every_width(width: str) -> None:
    with pytest.raises(ValueError, match=r"votes\[3\] is -80: expected no negative number"):
        allocate(np.array([100, 60, 20, -80], width), 5)


@pytest.mark.parametrize("width", ["u8", ">u8", "O"])
def test_beyond_64_bits_python_integers_stand_in(width: str) -> None:
    array = whole_numbers(np.array([2**63 + 5, 7], width), "votes")
    assert array.tolist() == [2**63 + 5, 7]
    assert {type(value) for value in array.flat} == {int}


def test_numpy_integers_among_python_ones_do_not_wrap() -> None:
    votes = np.empty(2, object)
    votes[:] = [np.int64(2**62), 2**70]
    assert allocate(votes, 300).tolist() == [1, 299]


MASKED = np.ma.array([1, 2, 3], mask=[False, True, False])


@pytest.mark.parametrize(
    "votes",
    [
        MASKED,
        np.array([1.0, 2.0]),
        [1, 2.0],
        np.array([True, False]),
        [True, 1],
        np.array(["1", "2"]),
        [None, 1],
        np.array(["2023-01-01"], "M8[D]"),
        np.zeros(2, [("votes", "i8")]),
    ],
)
def test_what_is_no_whole_number_is_refused(votes: Any) -> None:
    with pytest.raises(TypeError):
        allocate(votes, 3)
    with pytest.raises(TypeError):
        biproportional(votes if isinstance(votes, list) else votes[None], [3], [1, 2])


def test_an_array_that_masks_nothing_is_itself() -> None:
    assert allocate(np.ma.array(VOTES), 7).tolist() == [4, 2, 1, 0]


def test_a_limit_is_named() -> None:
    with pytest.raises(ValueError, match=r"votes\[1\] is 11: expected 10 at most"):
        whole_numbers([3, 11], "votes", 10)
