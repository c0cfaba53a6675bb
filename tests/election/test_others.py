"""Many small lists in one line, and parties that bore other names."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sailau
from sailau.parliament.swing import swing

SHIPPED = Path(sailau.__file__).parent / "cases"
Rows = list[list[str]]


@pytest.fixture
def case(tmp_path: Path) -> Callable[..., Path]:
    """Return a copy of a shipped case with tables changed."""

    def changed(**tables: Callable[[Rows], Rows]) -> Path:
        place = tmp_path / "copy"
        shutil.copytree(SHIPPED / "mazhilis-2023", place)
        for name, change in tables.items():
            file = place / f"{name}.csv"
            rows = change(list(csv.reader(file.read_text(encoding="utf-8").splitlines())))
            with file.open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows(rows)
        return place

    return changed


def with_others(rows: Rows) -> Rows:
    return [
        *rows,
        [
            "rest",
            "Small lists",
            *[""] * (rows[0].index("kind") - 2),
            "others",
            *[""] * (len(rows[0]) - rows[0].index("kind") - 1),
        ],
    ]


def with_votes(rows: Rows) -> Rows:
    """Give two million votes to small lists."""
    return [*[row for row in rows if row[2] != "@valid"], ["", "list", "rest", "2000000"]]


def test_many_small_lists_count_in_the_base_and_win_nothing(case: Callable[..., Path]) -> None:
    law_in_force = sailau.count("mazhilis-2023")
    outcome = sailau.count(case(parties=with_others, returns=with_votes))
    assert outcome.contests["list"].base == law_in_force.contests["list"].base + 2_000_000  # type: ignore[operator]
    assert "rest" not in outcome.seats
    assert outcome.contests["list"].seats["nsdp"] == 0  # 331,058 of 8,366,441 is under 5 per cent
    assert sum(outcome.contests["list"].seats.values()) == 69


def test_they_are_votes_for_lists_too(case: Callable[..., Path]) -> None:
    place = case(parties=with_others, returns=with_votes)
    outcome = sailau.count(place, changes={"list.threshold.base": "options"})
    named = sum(outcome.contests["list"].votes.values())
    assert outcome.contests["list"].base == named + 2_000_000


def test_they_are_no_winner_of_an_official_seat(case: Callable[..., Path]) -> None:
    place = case(parties=with_others, returns=with_votes, official=lambda rows: [*rows, ["list", "", "rest", "1"]])
    with pytest.raises(sailau.BadInput, match="expected a list that can win"):
        sailau.open_case(place)


def test_a_party_that_was_renamed_swings_as_one() -> None:
    (lists,) = (s for s in swing(sailau.count("mazhilis-2016"), sailau.count("mazhilis-2023")) if s.contest == "list")
    rows = {row.option: row for row in lists.rows}
    assert "nur-otan" not in rows
    assert rows["amanat"].seats_before == 84
    assert rows["amanat"].swing is not None


def test_a_former_id_is_an_id(case: Callable[..., Path]) -> None:
    place = case(parties=lambda rows: [rows[0], [*rows[1][:-1], "Nur Otan"], *rows[2:]])
    with pytest.raises(sailau.BadInput, match="ids of former elections"):
        sailau.open_case(place)
