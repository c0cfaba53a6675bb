"""Small rules of the formulas that only one place holds: each was once without a test."""

import numpy as np

from sailau.formulas.agreements import JointWorkings, joint
from sailau.formulas.allocation import settle
from sailau.formulas.biproportional import biproportional
from sailau.formulas.divisor import highest_averages
from sailau.formulas.quota import largest_remainder
from sailau.formulas.quota_method import balinski_young


def column(*values: int) -> np.ndarray:
    return np.array(values)[:, None]


def test_who_was_lifted_to_a_floor_has_the_smallest_remainder() -> None:
    """Quota 10: a is lifted from 1 seat to 2 and is then 1 short; b's 8 beat what a had left, 9."""
    dealt = largest_remainder(column(19, 38, 43), 10, floors=column(2, 0, 0))
    assert dealt.seats[:, 0].tolist() == [2, 4, 4]
    plain = largest_remainder(column(19, 38, 43), 10)
    assert plain.seats[:, 0].tolist() == [2, 4, 4]
    twice = largest_remainder(column(9, 45, 46), 10, floors=column(2, 0, 0))
    assert twice.seats[:, 0].tolist() == [2, 4, 4]
    assert twice.open.tolist() == [0]
    lower = largest_remainder(column(18, 39, 43), 10, floors=column(2, 0, 0), limits=column(10, 3, 10))
    assert lower.seats[:, 0].tolist() == [2, 3, 5]


def test_a_later_rank_of_the_quota_method_never_overrules_an_earlier_one() -> None:
    votes = column(1, 1, 1, 1)
    for shift in (0, 1, 7):
        first = balinski_young(votes, 1, rank=column(0, 0, 1, 1) + shift)
        assert first.tied[:, 0].tolist() == [True, True, False, False]
        done = settle(first, column(5, 4, 0, 0) + shift)
        assert done.seats[:, 0].tolist() == [0, 1, 0, 0]
        assert not done.tied.any()
        half = settle(first, column(5, 5, 0, 0) + shift)
        assert half.tied[:, 0].tolist() == [True, True, False, False]
        assert settle(half, column(1, 0, 0, 0)).seats[:, 0].tolist() == [0, 1, 0, 0]


def test_where_nobody_has_votes_a_rank_deals_and_other_ties_stay_as_they_came() -> None:
    """In the same block: nobody has votes, two are level beyond the rank, the rank decides, nothing is tied."""
    votes = np.array([[0, 5, 5, 9], [0, 5, 5, 1], [0, 1, 1, 1]])
    rank = np.array([[1, 0, 1, 0], [0, 0, 0, 0], [2, 1, 2, 1]])
    block = balinski_young(votes, 1, rank=rank)
    assert block.seats.T.tolist() == [[0, 1, 0], [0, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert block.tied.T.tolist() == [[False] * 3, [True, True, False], [False] * 3, [False] * 3]
    assert block.open.tolist() == [0, 1, 0, 0]
    for place in range(4):
        alone = balinski_young(votes[:, place : place + 1], 1, rank=rank[:, place : place + 1])
        assert alone.seats[:, 0].tolist() == block.seats[:, place].tolist()
        assert alone.tied[:, 0].tolist() == block.tied[:, place].tolist()


def test_an_order_of_lists_may_leave_lists_out() -> None:
    votes = [[10, 10, 10], [10, 10, 10], [10, 10, 10]]

    def by(order: list[int]) -> list[list[int]]:
        return biproportional(votes, [1, 1, 1], [1, 1, 1], ties=order).tolist()

    assert by([0]) == by([0, 1, 2]) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert by([2]) == by([2, 0, 1]) == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert by([1]) != by([2])


def test_workings_of_an_agreement_know_who_is_whose_partner() -> None:
    votes, group = column(50, 30, 20, 10, 0), np.array([0, 1, 0, 1, 1])
    dealt = joint(votes, np.array([6]), group, lambda v, s: highest_averages(v, s, method="dhondt", workings=True))
    work = dealt.workings
    assert isinstance(work, JointWorkings)
    assert work.group.tolist() == group.tolist()
    assert [work.row(option) for option in range(5)] == [0, 0, 1, 1, 2]
    assert work.votes[:, 0].tolist() == [70, 40]
    assert work.part[:, 0].tolist() == [True, True, True, True, False]
    assert work.groups.seats[:, 0].tolist() == [4, 2]
    assert {place: own.seats[:, 0].tolist() for place, own in work.within.items()} == {0: [3, 1], 1: [2, 0, 0]}
    assert dealt.seats[:, 0].tolist() == [3, 2, 1, 0, 0]
    assert work.power == 1
