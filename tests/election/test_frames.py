"""An election from somebody's table is the one that its case folder would be, and is checked as one."""

from __future__ import annotations

from typing import Any

import duckdb
import polars
import pyarrow
import pytest

import sailau
from sailau.election.frames import rows_of

COLUMNS = {"party": ["Rot", "Grün", "Blau Weiß"], "votes": [100.0, 300, 500]}


class Frame:
    """What a frame of pandas offers: columns by name, numbers as floats where a cell is empty."""

    columns = ("party", "votes", "round")

    def __getitem__(self, name: str) -> list[Any]:
        return {**COLUMNS, "round": [1.0, float("nan"), None]}[name]


@pytest.mark.parametrize(
    "table",
    [
        COLUMNS,
        [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
        polars.DataFrame(COLUMNS, strict=False),
        pyarrow.table(COLUMNS),
        duckdb.from_arrow(pyarrow.table(COLUMNS)),
        Frame(),
    ],
    ids=["columns", "rows", "polars", "arrow", "duckdb", "pandas"],
)
def test_any_frame_gives_the_same_election(table: Any) -> None:
    election = sailau.Election.from_rows(table, law="md/parliament", day="2025-09-28")
    assert dict(sailau.count(election).seats) == {"blau-weiss": 56, "grun": 34, "rot": 11}
    assert election.name_of("blau-weiss") == "Blau Weiß"


def test_a_shipped_case_as_rows_counts_as_the_case_does() -> None:
    case = sailau.open_case("storting-2021")
    held = case.returns
    rows = [
        {"unit": held.units[u], "item": held.items[i], "count": int(n)}
        for u, i, n in zip(held.unit, held.item, held.count, strict=True)
    ]
    facts = ("level", "population", "area_km2")
    units = [{"unit": u.id, **{name: getattr(u, name) for name in facts}} for u in case.units.values()]
    made = sailau.Election.from_rows(rows, case.own_law(), units=units)
    assert dict(sailau.count(made).seats) == dict(sailau.count(case).seats)


def test_persons_stand_for_an_office() -> None:
    rows = [{"item": "Анна Ә", "count": 12}, {"item": "Bo", "count": 10}, {"item": "@cast", "count": 22}]
    election = sailau.Election.from_rows(rows, "kz/president", "2022-11-20")
    assert sailau.count(election).seats["anna-a"] == 1
    assert election.candidates["anna-a"].called("ru") == "Анна Ә"


def test_small_lists_in_one_row_win_nothing() -> None:
    rows = {"party": ["A", "B", "Others"], "votes": [60, 30, 10]}
    kinds = {"party": ["Others"], "kind": ["others"]}
    outcome = sailau.count(sailau.Election.from_rows(rows, "md/parliament", "2025-09-28", parties=kinds))
    assert outcome.seats.get("others", 0) == 0
    assert outcome.contests["list"].base == 100


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"itm": ["a"], "count": [1]}, ["rows, itm: found unknown column itm", "rows, item: found nothing"]),
        ({"item": ["a", "a"], "count": [-1, "x"]}, ["rows, line 2, count", "line 3, count", "each line once"]),
        ({"item": ["a"], "count": [1, 2]}, ["columns of [1, 2] values"]),
        ([1, 2], ["rows, line 2: found 1", "rows, line 3: found 2"]),
        (7, ["found 7; expected a data frame"]),
    ],
)
def test_rows_that_are_wrong_are_told_all_at_once(rows: Any, said: list[str]) -> None:
    with pytest.raises(sailau.BadInput) as refused:
        sailau.Election.from_rows(rows, "md/parliament", "2025-09-28")
    assert [part for part in said if part not in str(refused.value)] == []


def test_a_contest_must_be_said_where_a_law_has_several() -> None:
    with pytest.raises(sailau.BadInput, match="the column contest"):
        sailau.Election.from_rows({"item": ["a"], "count": [1]}, "kz/mazhilis", "2023-03-19")


def test_empty_cells_are_empty_and_whole_numbers_have_no_decimals() -> None:
    assert rows_of({"a": [1.0, None], "b": [float("nan"), "x "]}) == [{"a": "1", "b": ""}, {"a": "", "b": "x"}]
