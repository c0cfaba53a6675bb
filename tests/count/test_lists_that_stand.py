"""Lists that never take part in a block are left out of the formula; that changes nothing, whoever passes the bar."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from sailau import compile, open_case
from sailau.law import amend

SIZE = 80


@pytest.mark.parametrize("bar", ["3%", "30%", "100%"])
@pytest.mark.parametrize("largest", [2, 1000])
@pytest.mark.parametrize("case", ["mazhilis-2023", "seimas-2024", "snemovna-2021", "congress-2019-04", "storting-2021"])
def test_the_lists_that_stand_are_enough(case: str, largest: int, bar: str) -> None:
    random = np.random.default_rng([largest, int(bar[:-1])])
    election = open_case(case)
    tier = next(t.id for t in election.own_law().tier if t.threshold is not None)
    plan = compile(amend(election.own_law(), {f"{tier}.threshold.share": bar}), election)
    paper = plan.papers["list"]
    votes = random.integers(0, largest, (SIZE, len(paper.districts), len(paper.votes) + len(paper.lines)))
    # A few lists share the votes, in some elections nobody has any.
    votes[..., 3 : len(paper.votes)] = 0
    votes[: SIZE // 8] = 0
    many = plan({"list": votes}, seed=5)
    with patch("sailau.count.lists._MANY", SIZE + 1):
        alone = plan({"list": votes}, seed=5)
    assert (many.seats["list"] == alone.seats["list"]).all()
    assert (many.total == alone.total).all()
    assert (many.tied == alone.tied).all()
    assert many.outcome(SIZE - 1).seats == dict(zip(plan.parties, many.total[SIZE - 1].tolist(), strict=True))


def test_a_block_in_which_nobody_passes_the_bar() -> None:
    for case in ("mazhilis-2023", "congress-2019-04"):
        election = open_case(case)
        tier = next(t.id for t in election.own_law().tier if t.threshold is not None)
        plan = compile(amend(election.own_law(), {f"{tier}.threshold.share": "100%"}), election)
        paper = plan.papers["list"]
        votes = np.ones((SIZE, len(paper.districts), len(paper.votes) + len(paper.lines)), np.int64)
        batch = plan({"list": votes})
        assert not batch.seats["list"].any()
        assert batch.tied.all()
