"""Every formula against fractions, seat by seat, before and after ties are broken."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulas.cases import same
from oracle import formulas as oracle
from sailau.formulas import (
    DIVISOR_METHODS,
    QUOTA_ROUNDINGS,
    QUOTAS,
    Allocation,
    balinski_young,
    draw,
    highest_averages,
    largest_remainder,
    most_votes,
    settle,
)

Outcomes = Callable[[list[int] | None], set[oracle.Seats]]


@dataclass(frozen=True, slots=True)
class Case:
    """A small election, full of ties."""

    votes: list[int]
    seats: int
    limits: list[int] | None
    floors: list[int] | None
    start: list[int] | None
    rank: list[int]
    order: list[int]

    @property
    def array(self) -> np.ndarray:
        return np.array(self.votes)


@st.composite
def elections(draw_: st.DrawFn) -> Case:
    size = draw_(st.integers(1, 5))
    most = draw_(st.sampled_from([2, 3, 6, 12, 40]))
    votes = draw_(st.lists(st.integers(0, most), min_size=size, max_size=size))
    seats = draw_(st.integers(0, 7))

    def numbers(top: int) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(0, top), min_size=size, max_size=size)

    limits = draw_(st.none() | numbers(4))
    floors = draw_(st.none() | numbers(2))
    if floors is not None:
        if limits is not None:
            floors = [min(pair) for pair in zip(floors, limits, strict=True)]
        if sum(floors) > seats:
            floors = None
    return Case(
        votes,
        seats,
        limits,
        floors,
        draw_(st.none() | numbers(3)),
        draw_(numbers(2)),
        draw_(st.permutations(range(size))),
    )


def compare(case: Case, allocation: Allocation, outcomes: Outcomes, what: str) -> None:
    """Compare with all outcomes; break ties by a weak order, the rest by a strict one; then all by lot."""
    if not any(case.votes):
        nobody(case, allocation, what)
        return
    assert same(allocation, oracle.verdict(outcomes(None), case.seats)), what
    settled = settle(allocation, case.rank)
    assert same(settled, oracle.verdict(outcomes(case.rank), case.seats)), what
    both = [10 * first + second for first, second in zip(case.rank, case.order, strict=True)]
    assert same(settle(settled, case.order), oracle.verdict(outcomes(both), case.seats)), what
    drawn = draw(allocation, np.random.default_rng(1))
    assert not drawn.tied.any()
    assert tuple(drawn.seats.tolist()) in outcomes(None), what


def nobody(case: Case, allocation: Allocation, what: str) -> None:
    """Where nobody has votes, everybody with room is tied, and an order deals the seats in rounds."""
    held = tuple(allocation.seats.tolist())
    able = [case.limits is None or limit > has for limit, has in zip(case.limits or held, held, strict=True)]
    assert same(allocation, oracle.voteless(able, case.seats, held)), what
    room = None if case.limits is None else [a - b for a, b in zip(case.limits, held, strict=True)]
    dealt = oracle.by_rounds(case.order, case.seats - sum(held), room)
    settled = settle(allocation, case.order)
    assert tuple((settled.seats - held).tolist()) == dealt, what
    assert not settled.tied.any()
    assert int(settled.open) == int(settled.unfilled) == case.seats - sum(held) - sum(dealt)


@given(case=elections())
@settings(max_examples=60, deadline=None)
def test_largest_remainder(case: Case) -> None:
    for quota in QUOTAS:
        for rounding in QUOTA_ROUNDINGS:
            bounds = {"limits": case.limits, "floors": case.floors}
            allocation = largest_remainder(case.array, case.seats, quota=quota, round_quota=rounding, **bounds)
            compare(
                case,
                allocation,
                lambda rank, q=quota, r=rounding: oracle.largest_remainder(
                    case.votes, case.seats, q, r, case.limits, case.floors, rank
                ),
                f"{quota}, {rounding}",
            )


@pytest.mark.parametrize("first", [None, Fraction(9, 10)])
@given(case=elections())
@settings(max_examples=60, deadline=None)
def test_highest_averages(first: Fraction | None, case: Case) -> None:
    for method in DIVISOR_METHODS:
        allocation = highest_averages(
            case.array, case.seats, method=method, limits=case.limits, start=case.start, first=first
        )
        compare(
            case,
            allocation,
            lambda rank, m=method: oracle.highest_averages(
                case.votes, case.seats, m, case.limits, case.start, first, rank
            ),
            method,
        )


@given(case=elections())
@settings(max_examples=100, deadline=None)
def test_quota_method(case: Case) -> None:
    free = Case(case.votes, case.seats, None, None, None, case.rank, case.order)
    allocation = balinski_young(case.array, case.seats)
    compare(free, allocation, lambda rank: oracle.balinski_young(case.votes, case.seats, rank), "quota method")


def test_quota_method_reports_ties_that_depend_on_each_other() -> None:
    """10, 10, 20, 20: the third seat is tied between the small ones, the fourth between all who wait."""
    allocation = balinski_young(np.array([10, 10, 20, 20]), 4)
    assert allocation.seats.tolist() == [0, 0, 1, 1]
    assert allocation.tied.all()
    assert allocation.open == 2
    # Whoever ranks the large ones first still cannot give both of them a second seat.
    assert settle(allocation, [2, 3, 0, 1]).seats.tolist() == [1, 0, 2, 1]


@given(case=elections())
@settings(max_examples=100, deadline=None)
def test_most_votes(case: Case) -> None:
    expected = oracle.verdict(oracle.most_votes(case.votes, case.seats), case.seats)
    for workings in (False, True):
        allocation = most_votes(case.array, case.seats, workings=workings)
        assert same(allocation, expected)
        settled = settle(allocation, case.rank)
        assert same(settled, oracle.verdict(oracle.most_votes(case.votes, case.seats, case.rank), case.seats))
    raised = most_votes(case.array, case.seats, voteless=True)
    shifted = [count + 1 for count in case.votes]
    assert same(raised, oracle.verdict(oracle.most_votes(shifted, case.seats), case.seats))


@pytest.mark.parametrize("method", DIVISOR_METHODS)
def test_large_houses_in_which_one_jump_is_not_enough(method: str) -> None:
    """Seats held before and limits throw the first estimate far off; one batch, checked election by election."""
    rng = np.random.default_rng(17)
    votes = np.rint(rng.lognormal(8, 1.5, (9, 12))).astype(np.int64)
    limits, start = rng.integers(0, 60, (9, 12)), rng.integers(0, 90, (9, 12)) * (rng.random((9, 12)) < 0.4)
    limits[votes.argmax(axis=0), np.arange(12)] = 3
    batch = highest_averages(votes, 120, method=method, limits=limits, start=start)
    for i in range(12):
        columns = (votes[:, i].tolist(), 120, method, limits[:, i].tolist(), start[:, i].tolist())
        expected = oracle.verdict(oracle.highest_averages(*columns), 120)
        assert tuple(batch.seats[:, i].tolist()) == expected.seats
        assert tuple(batch.tied[:, i].tolist()) == expected.tied
