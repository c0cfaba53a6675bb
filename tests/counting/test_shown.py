"""What a shell shows of the things a newcomer gets from the library: one short line, never all they hold."""

from __future__ import annotations

import numpy as np
import pytest

import sailau


def test_results_fit_on_a_line() -> None:
    plan = sailau.compile("mazhilis-2023")
    batch = plan({"list": np.arange(24).reshape(3, 8)})
    case, law = sailau.open_case("mazhilis-2023"), sailau.law("kz/mazhilis", on="2023-03-19")
    assert repr(sailau.count(case)).startswith(
        "<Outcome mazhilis-2023 under kz/mazhilis of 2023-03-19, final: amanat 62, auyl 8, "
    )
    assert repr(law) == "<Law kz/mazhilis of 2023-03-19>"
    assert repr(case) == "<Election mazhilis-2023, 2023-03-19, kz/mazhilis>"
    assert repr(plan) == "<Plan mazhilis-2023 under kz/mazhilis of 2023-03-19: list>"
    assert repr(batch) == f"<Batch of (3,): {plan!r}, {batch.tied.sum()} tied>"
    assert {len(repr(thing).splitlines()) for thing in (law, case, plan, batch)} == {1}


def test_votes_without_the_name_of_their_contest_are_refused() -> None:
    with pytest.raises(TypeError, match="votes are ndarray: expected a mapping"):
        sailau.compile("mazhilis-2023")(np.ones(8, int))  # type: ignore[arg-type]
