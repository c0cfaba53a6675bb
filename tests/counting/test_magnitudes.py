"""Seats of districts that both the law and the case give are compared; the law is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sailau.counting import count
from sailau.election import open_case

CASE = 'law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "x"\n'


@pytest.mark.parametrize(("column", "noticed"), [("", []), ("1", []), ("2", [("d2", {"found": 2, "expected": 1})])])
def test_a_column_beside_a_law_that_fixes_the_seats(column: str, noticed: list[object], tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
    (tmp_path / "units.csv").write_text(
        f"unit,level,seats_single\nd1,district,1\nd2,district,{column}\n", encoding="utf-8"
    )
    (tmp_path / "returns.csv").write_text(
        "unit,contest,item,count\n,list,a,5\n,list,b,5\nd1,single,a,1\nd2,single,b,1\nd2,single,a,2\n", encoding="utf-8"
    )
    election = open_case(tmp_path)
    outcome = count(election.own_law(), election)
    assert outcome.contests["single"].seats == {"a": 2, "b": 0}
    assert [(f.unit, f.values) for f in outcome.findings if f.code == "seats-differ"] == noticed


@pytest.mark.parametrize(("voters", "mean"), [((300, 100), 200), ((0, 0), None)])
def test_voters_per_seat_where_nobody_is_registered(voters: tuple[int, int], mean: int | None, tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
    (tmp_path / "returns.csv").write_text(
        "unit,contest,item,count\n,list,a,5\n,list,b,5\nd1,single,a,1\nd2,single,b,1\n"
        f"d1,single,@registered,{voters[0]}\nd2,single,@registered,{voters[1]}\n",
        encoding="utf-8",
    )
    election = open_case(tmp_path)
    told = count(election.own_law(), election).voters_per_seat
    assert told.get("single", {}).get("mean") == mean
