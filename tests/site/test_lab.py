"""The lab's table: every cell is what the count gives for the same changes, classes are whole, nothing is computed in a script."""

from __future__ import annotations

import gzip
import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import sailau
from sailau.counting import Outcome
from sailau.site.lab import Lab, lab_of

STATIC = Path(sailau.__file__).parent / "site" / "static"


@pytest.fixture(scope="module")
def mazhilis() -> tuple[Outcome, Lab]:
    outcome = sailau.count("mazhilis-2023")
    lab = lab_of(outcome)
    assert lab is not None
    return outcome, lab


def cells_are_counts(outcome: Outcome, lab: Lab, number: int) -> None:
    home = lab.seats[lab.home]
    assert home == tuple(outcome.seats.values())
    for row in Random(20230319).sample(range(len(lab.seats)), min(number, len(lab.seats))):
        changed = sailau.count(outcome.election.own_law(), outcome.election, changes=lab.changes(row))
        assert lab.seats[row] == tuple(changed.seats.get(option, 0) for option in lab.options), lab.changes(row)
        assert lab.open[row] == sum(q.seats for q in changed.undetermined), lab.changes(row)


def test_cells_are_what_the_count_gives(mazhilis: tuple[Outcome, Lab]) -> None:
    cells_are_counts(*mazhilis, 60)


@pytest.mark.parametrize("name", ["snemovna-2021", "khural-2024", "maslikhat-almaty-2023"])
def test_cells_under_other_laws(name: str) -> None:
    outcome = sailau.count(name)
    lab = lab_of(outcome, most=60)
    assert lab is not None
    cells_are_counts(outcome, lab, 12)


def test_other_ballot_papers_stay_as_they_are_and_open() -> None:
    outcome = sailau.count("seimas-2016")
    lab = lab_of(outcome, most=12)
    assert lab is not None
    cells_are_counts(outcome, lab, 3)


def test_nothing_changes_within_a_class(mazhilis: tuple[Outcome, Lab]) -> None:
    outcome, lab = mazhilis
    [axis] = [a for a in lab.axes if a.path == "list.threshold.share"]
    for value, (low, high) in zip(axis.values, axis.spans, strict=True):
        inside = (Fraction(low) * 99 + Fraction(high)) / 100, Fraction(high)
        seats = [
            sailau.count(outcome.election.own_law(), outcome.election, changes={axis.path: str(share)}).seats
            for share in inside
        ]
        law = sailau.count(outcome.election.own_law(), outcome.election, changes={axis.path: value})
        assert seats == [law.seats, law.seats], value


def test_the_table_is_small(mazhilis: tuple[Outcome, Lab]) -> None:
    _, lab = mazhilis
    assert len(lab.seats) > 1000
    assert len(gzip.compress(json.dumps(lab.to_json()).encode())) < 60_000


@pytest.mark.parametrize("name", ["president-2005", "referendum-2024", "kurultai-2026"])
def test_where_nothing_can_be_tried_there_is_no_lab(name: str) -> None:
    assert lab_of(sailau.count(name)) is None


def test_scripts_know_no_formula() -> None:
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("quota", "votes", "divisor", "remainder(", "dhondt") if word in _code(text)], path


def _code(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
