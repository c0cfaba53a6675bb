"""Margins against brute force: votes changed one by one, the whole law counted by the oracle each time."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting.test_kazakhstan import EQUAL, counted, districts, lists
from oracle import law as oracle
from oracle.cases import plain
from oracle.elections import random_case, random_law
from sailau.counting import count
from sailau.election import open_case
from sailau.rulebook import Law

LIMIT = 150
"""Votes that brute force tries to add."""


def seats_of(law: Law, case: Any, contest: str, option: str) -> int:
    """Return an option's seats; one that a tie leaves open is not won."""
    out = oracle.count(law.id, law.tables, case)
    return 0 if contest in out.void else sum(s.get(option, 0) for (c, _), s in out.seats.items() if c == contest)


def stepped(law: Law, case: Any, contest: str, unit: str, option: str, sign: int) -> tuple[int | None, int | None]:
    """Return the smallest change that changes the seats of an option, vote by vote."""
    now = seats_of(law, case, contest, option)
    held = case["returns"][contest, 1][unit]
    for change in range(1, 1 + (LIMIT if sign > 0 else held.get(option, 0))):
        changed = deepcopy(case)
        lines = changed["returns"][contest, 1][unit]
        lines[option] = lines.get(option, 0) + sign * change
        if "@cast" in lines:
            lines["@cast"] += sign * change
        then = seats_of(law, changed, contest, option)
        if (then - now) * sign > 0:
            return change, then
    return None, None


@pytest.mark.parametrize(
    "law", ["kz/mazhilis", "kz/kurultai", "kz/maslikhat-district", "md/parliament", "es/congress", "lt/seimas"]
)
@settings(max_examples=6)
@given(seed=st.integers(0, 2**32 - 1))
def test_margins_are_those_of_brute_force(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=False)
    election = random_case(random, now)
    outcome, case = count(now, election), plain(election)
    keys = list(outcome.margins)
    for contest, unit, option in random.sample(keys, min(4, len(keys))):
        margin = outcome.margins[contest, unit, option]
        more = (margin.more, margin.more_seats) if margin.more is None or margin.more <= LIMIT else (None, None)
        assert more == stepped(now, case, contest, unit, option, 1), (contest, unit, option)
        fewer = stepped(now, case, contest, unit, option, -1)
        assert (margin.fewer, margin.fewer_seats) == fewer, (contest, unit, option)


def test_the_margin_to_the_bar_of_2023() -> None:
    margins = counted(open_case("mazhilis-2023")).margins
    # v + x ≥ 5 per cent of 6,366,441 + x: x = (318,322.05 − 146,431) / 0.95, rounded up; then three seats at once.
    assert margins["list", "", "baytaq"].more == 180_938
    assert margins["list", "", "baytaq"].fewer is None
    # 331,058 − x < 5 per cent of 6,366,441 − x: the bar is nearer than the last remainder.
    assert (margins["list", "", "nsdp"].fewer, margins["list", "", "nsdp"].fewer_seats) == (13_407, 0)


def test_a_vote_breaks_a_tie() -> None:
    outcome = counted(lists(EQUAL, parties=[{"party": p} for p in EQUAL]))
    assert (outcome.margins["list", "", "a"].more, outcome.margins["list", "", "a"].more_seats) == (1, 11)
    tied = districts({"d1": {"p1": 5, "x1": 5, "y1": 1}})
    assert tied.margins["single", "d1", "x1"].more == 1
    assert tied.margins["single", "d1", "y1"].more == 5


def test_a_seat_that_is_won_before_a_gap_in_the_law_is_found() -> None:
    # One more vote makes b the only second list; with very many it is alone above the bar and a and c are tied.
    outcome = counted(lists({"a": 8, "b": 8, "c": 300}))
    assert outcome.undetermined[0].question == "no-rule"
    assert (outcome.margins["list", "", "b"].more, outcome.margins["list", "", "b"].more_seats) == (1, 2)


@pytest.mark.parametrize("scale", [10**9, 2**58])
def test_margins_of_very_many_votes(scale: int) -> None:
    outcome = counted(lists({"a": 3 * scale, "b": scale + 1}))
    margin = outcome.margins["list", "", "b"]
    assert margin.more is not None
    assert margin.fewer is not None
    moved = counted(lists({"a": 3 * scale, "b": scale + 1 + margin.more}))
    assert moved.contests["list"].seats["b"] == margin.more_seats
    almost = counted(lists({"a": 3 * scale, "b": scale + margin.more}))
    assert almost.contests["list"].seats["b"] == outcome.contests["list"].seats["b"]
