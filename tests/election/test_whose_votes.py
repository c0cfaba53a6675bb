"""Votes of a candidate belong to the district in which the candidate stands, and slips are told in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from sailau.election import open_case
from sailau.rulebook import BadInput

CASE = 'law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "x"\n'
UNITS = "unit,parent,level,district_single\nd1,,district,\nd2,,district,\np1,d1,precinct,\nabroad,,region,d1\np2,abroad,precinct,\n"
PEOPLE = "candidate,contest,unit\nx1,single,d1\nx2,single,d2\n"


def case(folder: Path, returns: str, **files: str) -> Path:
    texts = {"case.toml": CASE, "returns.csv": "unit,contest,item,count\n" + returns, "candidates.csv": PEOPLE}
    texts |= {"units.csv": UNITS} | {name.replace("_", "."): text for name, text in files.items()}
    for name, text in texts.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("unit", ["d1", "p1", "p2", "abroad"])
def test_votes_in_the_district_or_counted_to_it_are_taken(unit: str, tmp_path: Path) -> None:
    assert len(open_case(case(tmp_path, f"{unit},single,x1,5\n")).returns) == 1


@pytest.mark.parametrize("unit", ["d2"])
def test_votes_in_another_district_are_a_fault(unit: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        open_case(case(tmp_path, f"{unit},single,x1,5\n{unit},single,x2,5\n"))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.field, fault.found) == ("returns.csv", 2, "item", "“x1” in d2")
    assert "d1" in fault.expected


def test_a_seat_declared_in_another_district_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"declared\.csv, line 2, option: found “x1” in d2"):
        open_case(case(tmp_path, "d1,single,x1,5\n", declared_csv="contest,unit,option,seats\nsingle,d2,x1,1\n"))


def test_without_a_table_of_units_nothing_is_known_of_districts(tmp_path: Path) -> None:
    assert len(open_case(case(tmp_path, "d2,single,x1,5\n", units_csv="")).returns) == 1


def test_a_line_given_twice_is_named_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found @cast of list in the whole again"):
        open_case(case(tmp_path, ",list,@cast,5\n,list,@cast,5\n"))


def test_a_moment_is_no_day_and_is_shown_as_written(tmp_path: Path) -> None:
    case(tmp_path, "", case_toml=CASE.replace("2023-03-19", "2023-03-19T10:00:00"))
    with pytest.raises(BadInput, match="line 2, day: found 2023-03-19 10:00:00; expected a date"):
        open_case(tmp_path)
