"""A batch is many single elections: the same answers whatever the shape, layout, width and size."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formulas.cases import KERNELS
from sailau.formulas import (
    Allocation,
    allocate,
    draw,
    highest_averages,
    largest_remainder,
    most_votes,
    settle,
)
from sailau.formulas.arrays import choose, next_in_line, tally, whole_parts, wide_enough

KERNELS_TOO = {**KERNELS, "most votes": most_votes}


def assert_equal(batch: Allocation, single_at: Callable[[int], Allocation], what: Any = None) -> None:
    """Compare every fourth election of a batch `(options, elections)` with itself alone."""
    for i in range(0, batch.open.size, 4):
        single = single_at(i)
        assert batch.seats[:, i].tolist() == single.seats.tolist(), (what, i)
        assert batch.tied[:, i].tolist() == single.tied.tolist(), (what, i)
        assert batch.open[i] == single.open, (what, i)


@pytest.mark.parametrize("name", KERNELS_TOO)
@pytest.mark.parametrize("top", [3, 10_000])
def test_batch_equals_single_elections(name: str, top: int) -> None:
    """Enough elections for the network of comparisons, few enough votes for all kinds of ties."""
    rng = np.random.default_rng(top)
    votes, seats = rng.integers(0, top, (5, 300)), rng.integers(0, 9, 300)
    eligible = rng.random((5, 300)) < 0.9
    kernel = KERNELS_TOO[name]
    for extra in ({}, {"eligible": eligible}):
        batch = kernel(votes, seats, **extra)
        assert_equal(
            batch,
            lambda i, extra=extra: kernel(
                votes[:, i], int(seats[i]), **{key: value[:, i] for key, value in extra.items()}
            ),
            name,
        )


@pytest.mark.parametrize("name", ["largest remainder", "dhondt", "huntington-hill", "sainte-lague"])
def test_bounds_in_batches(name: str) -> None:
    rng = np.random.default_rng(5)
    votes, seats = rng.integers(0, 30, (6, 280)), rng.integers(0, 12, 280)
    limits, other = rng.integers(0, 5, (6, 280)), rng.integers(0, 3, (6, 280))

    def run(at: Any) -> Allocation:
        if name == "largest remainder":
            return largest_remainder(votes[:, at], seats[at], limits=limits[:, at])
        return highest_averages(votes[:, at], seats[at], method=name, limits=limits[:, at], start=other[:, at])

    everything = run(slice(None))
    assert_equal(everything, run, name)
    ranks = rng.integers(0, 2, (6, 280))
    assert_equal(settle(everything, ranks), lambda i: settle(run(i), ranks[:, i]), name)


@pytest.mark.parametrize("name", KERNELS_TOO)
def test_any_shape_layout_and_width(name: str) -> None:
    rng = np.random.default_rng(7)
    votes, kernel = rng.integers(0, 40, (4, 3, 5)), KERNELS_TOO[name]
    expected = kernel(votes, 4)
    assert expected.seats.shape == expected.tied.shape == (4, 3, 5)
    assert expected.open.shape == (3, 5)
    variants = [
        votes.astype(np.int16),
        votes.astype(np.uint64),
        votes.astype(object),
        np.asfortranarray(votes),
        np.repeat(votes, 2, axis=2)[:, :, ::2],
    ]
    for variant in variants:
        found = kernel(variant, np.full((3, 5), 4))
        assert (found.seats == expected.seats).all()
        assert (found.tied == expected.tied).all()
        assert (found.open == expected.open).all()
        assert found.seats.dtype == found.open.dtype == np.int64
    spread = kernel(votes, np.array([[1], [2], [3]]))
    assert (spread.seats[:, 1] == kernel(votes[:, 1], 2).seats).all()
    assert kernel(votes[:, :, :0], 4).seats.shape == (4, 3, 0)


def test_bounds_may_be_given_per_option() -> None:
    votes = np.random.default_rng(3).integers(1, 50, (4, 7))
    flat = largest_remainder(votes, 9, limits=[1, 2, 3, 9], floors=[0, 1, 0, 0])
    full = largest_remainder(votes, 9, limits=np.tile([[1], [2], [3], [9]], 7), floors=np.tile([[0], [1], [0], [0]], 7))
    assert (flat.seats == full.seats).all()


@pytest.mark.parametrize("options", [1, 2, 3, 7, 16, 24, 25, 40, 130])
def test_next_in_line_is_what_a_sort_says(options: int) -> None:
    rng = np.random.default_rng(options)
    keys, count = rng.integers(-2, 9, (options, 400)), rng.integers(0, options + 3, 400)
    ordered = np.sort(keys, axis=0)[::-1]
    expected = [ordered[n, i] if n < options else -3 for i, n in enumerate(count)]
    assert next_in_line(keys, count, -3).tolist() == expected
    assert next_in_line(keys[:, :9], count[:9], -3).tolist() == expected[:9]
    sure, bar = choose(keys, count, -3)
    assert (tally(sure) <= count).all()
    assert (tally(keys >= bar) >= np.minimum(count, options)).all()


@given(dividend=st.lists(st.integers(0, 2**62), min_size=1, max_size=8), divisor=st.integers(1, 2**62))
@example(dividend=[2**61 - 2], divisor=2**61 - 1)  # floats propose one too many
@example(dividend=[3 * (2**60 + 129)], divisor=2**60 + 129)  # one too few
@settings(max_examples=100, deadline=None)
def test_whole_parts_are_exact(dividend: list[int], divisor: int) -> None:
    """Whatever floats propose. Whole parts stay below 2**44 here as they do in any house of seats."""
    divisor = max(divisor, max(dividend) // 2**44 + 1)
    for dtype in (np.int64, object):
        column = np.array(dividend, dtype=dtype)[:, None]
        whole, rest = whole_parts(column, np.array([divisor], dtype=dtype))
        assert [divmod(value, divisor) for value in dividend] == list(
            zip(whole[:, 0].tolist(), rest[:, 0].tolist(), strict=True)
        )


def test_width_is_decided_by_the_largest_product() -> None:
    assert wide_enough([2**40], 2**22).dtype == np.int64
    assert wide_enough([2**40], 2**23).dtype == object
    assert wide_enough(np.array([2**63], dtype=np.uint64), 1).dtype == object
    assert wide_enough([], 1).dtype == np.int64


def test_a_lot_is_uniform_and_repeatable() -> None:
    votes = np.tile(np.array([[3], [3], [3], [1]]), 3000)
    allocation = largest_remainder(votes, 2)
    drawn = draw(allocation, np.random.default_rng(11))
    assert (drawn.seats.sum(axis=0) == 2).all()
    assert not drawn.tied.any()
    pairs = drawn.seats.sum(axis=1)
    assert pairs[3] == 0
    assert (abs(pairs[:3] - 2000) < 150).all()
    assert (draw(allocation, np.random.default_rng(11)).seats == drawn.seats).all()


def test_a_lot_does_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = np.random.default_rng(2).integers(0, 4, (100, 3))
    whole = allocate(votes, 3, ties=5)
    monkeypatch.setattr("sailau.formulas.public._BLOCK", 7)
    assert (allocate(votes, 3, ties=5) == whole).all()


def test_an_allocation_is_not_changed_by_settling() -> None:
    allocation = largest_remainder(np.array([1, 1, 1]), 1)
    settle(allocation, [0, 1, 2])
    assert allocation.open == 1
    assert allocation.tied.all()
