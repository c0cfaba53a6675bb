"""Levelling seats of many elections placed together are those placed one by one, equal quotients and all."""

from __future__ import annotations

from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest

from sailau import compile
from sailau.counting.compensation import _place_levelling
from sailau.counting.ties import Ties

SIZE = 40


@pytest.mark.parametrize("largest", [3, 10**6])
@pytest.mark.parametrize("without_seats", [0, 2, 19])
@pytest.mark.parametrize("first", [Fraction(1), Fraction(7, 5), Fraction(4)])
def test_placed_together_as_one_by_one(largest: int, without_seats: int, first: Fraction) -> None:
    random = np.random.default_rng([largest, without_seats])
    plan = compile("storting-2021")
    paper = plan.papers["list"]
    (tier,) = (t for t in plan.law.tier if t.levelling is not None)
    assert tier.levelling is not None
    tier = tier.model_copy(update={"levelling": tier.levelling.model_copy(update={"placement_first": first})})
    votes = random.integers(0, largest, (*paper.votes.shape, SIZE))
    seats = random.integers(0, 3, votes.shape)
    seats[:, :without_seats] = 0
    due = np.zeros((len(votes), SIZE), np.int64)
    due[:4] = random.integers(0, 6, (4, SIZE))
    block = plan.block("list", (votes, np.zeros((len(paper.lines), *votes.shape[1:]), np.int64)), SIZE)
    placed = []
    for many in (1, SIZE + 1):
        with patch("sailau.counting.compensation._MANY", many):
            ties = Ties(SIZE, seed=7)
            placed.append((_place_levelling(block, tier, seats, due, ties, None), ties.broken))
    (together, some), (alone, others) = placed
    assert alone.any()
    assert (together == alone).all()
    assert (some == others).all()
