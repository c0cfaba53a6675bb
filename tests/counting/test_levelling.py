"""Levelling seats of many elections placed together are those placed one by one, equal quotients and all."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sailau import amend, compile, open_case
from sailau.counting.compensation import LevellingWorkings
from sailau.counting.ties import Ties

SIZE = 40


@pytest.mark.parametrize("largest", [3, 10**6])
@pytest.mark.parametrize("without_votes", [0, 2, 18])
@pytest.mark.parametrize("first", [Fraction(1), Fraction(7, 5), Fraction(4)])
def test_placed_together_as_one_by_one(largest: int, without_votes: int, first: Fraction) -> None:
    random = np.random.default_rng([largest, without_votes])
    election = open_case("storting-2021")
    law = election.own_law()
    (name,) = (t.id for t in law.tier if t.levelling is not None)
    plan = compile(amend(law, {f"{name}.levelling.placement-first": str(first)}), election)
    paper = plan.papers["list"]
    votes = random.integers(0, largest, (*paper.votes.shape, SIZE))
    votes[5:, :without_votes] = 0
    lines = np.zeros((len(paper.lines), *votes.shape[1:]), np.int64)
    placed = []
    # Python integers are placed one by one, by exact quotients; 64 bits together, as far as floats tell quotients apart.
    for wide in (np.int64, object):
        ties = Ties(SIZE, seed=7)
        sheet = plan.sheet("list", (votes.astype(wide), lines.astype(wide)), SIZE)
        workings = plan.run({"list": sheet}, ties).workings["list", name]
        assert isinstance(workings, LevellingWorkings)
        assert workings.placed is not None
        placed.append((workings.placed, ties.broken))
    (together, some), (alone, others) = placed
    assert alone.seats.any()
    assert (together.seats == alone.seats).all()
    assert (some == others).all()
    assert together.order == alone.order
    if largest > 3:
        assert together.alone < alone.alone
