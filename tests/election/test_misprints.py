"""Misprints found in print: two are refused, four are findings, one is a seat that the count does not give."""

from pathlib import Path

import pytest

from sailau.counting import Outcome, count
from sailau.election import open_case
from sailau.rulebook import BadInput

HERE = Path(__file__).parent / "misprints"


def counted(name: str) -> Outcome:
    election = open_case(HERE / name)
    return count(election.own_law(), election)


@pytest.mark.parametrize(
    ("name", "line", "found", "expected"),
    [
        ("amanat-3341510", 3, "6,366,441", "6,276,441"),
        ("astana-auyl-2197", 2, "330,497", "330,547"),
    ],
)
def test_valid_votes_that_are_not_the_sum_of_their_parts_are_refused(
    name: str, line: int, found: str, expected: str
) -> None:
    with pytest.raises(BadInput) as refused:
        counted(name)
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.field) == ("returns.csv", line, "count")
    assert found in fault.found
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("name", "contest", "found", "expected"),
    [
        ("against-2045371", "question", 7820204, 7820304),
        ("both-answers-82722", "question", 7820204, 7820197),
        ("for-7954666", "question", 9127192, 9127191),
        ("preliminary-votes-2007", "list", 6082430, 6019903),
    ],
)
def test_ballots_cast_that_are_not_the_sum_are_recorded_and_said(
    name: str, contest: str, found: int, expected: int
) -> None:
    outcome = counted(name)
    sums = [(f.code, f.contest, f.unit, f.values) for f in outcome.findings if f.code.endswith("-differs")]
    assert sums == [("cast-differs", contest, "", {"found": found, "expected": expected})]
    assert not outcome.undetermined


def test_a_wrong_official_seat_changes_no_count() -> None:
    outcome = counted("official-nsdp-5")
    announced = {a.option: a.seats for a in outcome.election.official}
    assert (outcome.contests["list"].seats["nsdp"], announced["nsdp"]) == (4, 5)
    assert {p: n for p, n in outcome.contests["list"].seats.items() if n != announced[p]} == {"nsdp": 4}


def test_every_misprint_is_tested() -> None:
    assert len([p for p in HERE.iterdir() if p.is_dir()]) == 7
