"""Turnout beside the election before and beside what was told during the day: exact, and only when asked."""

from fractions import Fraction
from pathlib import Path

import pytest

from oracle.cases import case, votes
from sailau.cli.app import run
from sailau.election import Election
from sailau.election.writing import case_texts, write_texts
from sailau.rulebook import BadInput
from sailau.tabulation import tabulate
from sailau.tabulation.beside import falls, jumps, read_told

PARTIES = [{"party": p} for p in "ab"]
UNITS = [
    {"unit": "d", "level": "district"},
    *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in (1, 2, 3)),
]


def election(**cast: int) -> Election:
    rows = [r for unit, n in cast.items() for r in votes("list", {"a": n, "@cast": n, "@registered": 300}, unit)]
    return case("kz/mazhilis", "2023-03-19", rows, units=UNITS, parties=PARTIES)


NOW, BEFORE = election(p1=200, p2=130, p3=100), election(p1=100, p2=100)


def test_a_jump_is_noted_exactly_from_the_limit_on() -> None:
    now, before = tabulate(NOW), tabulate(BEFORE)
    for limit, units in (
        (Fraction(1, 10), ["p1", "p2"]),
        (Fraction(1, 10) + Fraction(1, 10**12), ["p1"]),
        (Fraction(1, 2), []),
    ):
        noted = [(total.units[r], n, m) for one in jumps(now, before, limit) for total in now.totals.values()
                 for r, n, m in zip(one.rows, one.left, one.right, strict=True)]  # fmt: skip
        assert [unit for unit, *_ in noted if unit.startswith("p")] == units
        assert ("p1", 200, 100) in noted or not units


def test_a_fall_during_the_day_or_in_the_protocol_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "told.csv"
    path.write_text("unit,time,count\np1,18:00,150\np1,10:00,40\np1,14:00,90\np2,10:00,60\np2,14:00,50\np3,20:00,101\n")
    (one,) = falls(tabulate(NOW), read_told(path, NOW))
    units = tabulate(NOW).totals["list", 1].units
    assert [(units[r], n, m) for r, n, m in zip(one.rows, one.left, one.right, strict=True)] == [
        ("p2", 50, 60),
        ("p3", 100, 101),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("unit,time\np1,10:00\n", [(1, "")]),
        ("unit,time,count\np9,10:00,5\np1,noon,5\np1,11:00,-5\n", [(2, "unit"), (3, "time"), (4, "count")]),
        ("unit,time,count\np1,10:00,5\np1,10:00,6\n", [(3, "time")]),
    ],
)
def test_faults_of_what_was_told_have_their_line(tmp_path: Path, text: str, places: list[tuple[int, str]]) -> None:
    (tmp_path / "told.csv").write_text(text)
    with pytest.raises(BadInput) as refused:
        read_told(tmp_path / "told.csv", NOW)
    assert [(f.line, f.field) for f in refused.value] == places


def test_the_command_notes_both_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, before = (str(write_texts(tmp_path / n, case_texts(e))) for n, e in (("now", NOW), ("before", BEFORE)))
    (tmp_path / "told.csv").write_text("unit,time,count\np3,20:00,101\n")
    assert run(["tabulate", now]) == 0
    assert "turnout" not in capsys.readouterr().out
    asked = ["--previous", before, "--warn", "jump=1/3", "--interim", str(tmp_path / "told.csv")]
    assert run(["tabulate", now, *asked]) == 0
    told = capsys.readouterr().out
    assert "200 voters took part; at the turnout of the election before they would be 100" in told
    assert "100 voters took part, fewer than the 101 that were told earlier" in told
    assert run(["tabulate", now, "--previous", before]) == 2
