"""Lists that never take part in a block are left out of the formula; that changes nothing, whoever passes the bar."""

from __future__ import annotations

import numpy as np
import pytest

from sailau import compile, open_case
from sailau.rulebook import amend

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
    # Counted one by one other lists are left out, those that do not stand in that election.
    for number in range(0, SIZE, 7):
        assert many.outcome(number).seats == dict(zip(plan.parties, many.total[number].tolist(), strict=True))


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


def test_seats_left_over_go_to_the_largest_lists_over_the_bar_where_others_stay_in_the_quota() -> None:
    election = open_case("mazhilis-2023")
    changes = {"list.formula.unqualified": "in-quota", "list.formula.leftover": "most-votes", "list.seats": 10}
    plan = compile(amend(election.own_law(), changes), election)
    names = plan.papers["list"].options
    votes = np.zeros((2, len(plan.papers["list"].items)), np.int64)
    votes[:, [names.index("amanat"), names.index("auyl"), names.index("baytaq")]] = 600, 360, 40
    # A quota of 100: six and three whole ones, 40 votes under the bar hold the last seat back for the largest list.
    won = plan({"list": votes}).seats["list"]
    assert dict(zip(names, won[0].tolist(), strict=True)) == dict.fromkeys(names, 0) | {"amanat": 7, "auyl": 3}
