"""EL 97-1(6): the next from the list by the party's choice, the quota still holding; EL 85(4): districts vote anew."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from mandates.cases import case, listed, mazhilis, parties
from sailau.api import count
from sailau.mandates import Mandates, assign, vacate
from sailau.rulebook import BadInput
from sailau.wording.mandates import vacancy_tables

DAY = date(2024, 5, 2)
NAMES = "АБВГДЕЖЗИКЛМ"


def list_of(folder: Path, sexes: str) -> Mandates:
    """Ten mandates, twelve names in alphabetical order, disability known of all."""
    rows = [(*row, "no") for row in listed(NAMES[: len(sexes)], sexes)]
    return assign(mazhilis(folder, rows, columns=",disability", votes=14))


def test_97_1_6_the_choice_is_the_party_s(tmp_path: Path) -> None:
    found = vacate(list_of(tmp_path, "fffmmmmmmmmm"), "p9", DAY, "resigned")
    assert (found.status, found.successor, found.proposed) == ("party-decides", None, "p11")
    assert found.mandates.held_by("p9") is None
    assert found.mandates.open == found.mandates.to_json()["open"]


def test_97_1_6_whom_the_party_chooses_takes_the_seat(tmp_path: Path) -> None:
    found = vacate(list_of(tmp_path, "fffmmmmmmmmm"), "p9", DAY, "resigned", chosen="p12")
    assert (found.status, found.successor) == ("filled", "p12")
    seat = found.mandates.held_by("p12")
    assert seat is not None
    assert seat.basis == "successor"
    assert len(found.mandates.of_party("ours")) == 10


def test_97_1_6_the_quota_must_still_hold(tmp_path: Path) -> None:
    """Three women of ten; one leaves, a man is next: the woman after him keeps the quota."""
    before = list_of(tmp_path, "fffmmmmmmmmf")
    assert vacate(before, "p1", DAY, "resigned").proposed == "p12"
    wrong = vacate(before, "p1", DAY, "resigned", chosen="p11")
    assert (wrong.status, wrong.successor) == ("breaks-quota", None)
    assert wrong.quota is not None
    assert wrong.quota.verdict == "broken"
    right = vacate(before, "p1", DAY, "resigned", chosen="p12")
    assert right.status == "filled"
    assert right.mandates.quotas[0].verdict == "met"


def test_97_1_6_a_quota_that_nobody_can_keep_is_flagged(tmp_path: Path) -> None:
    found = vacate(list_of(tmp_path, "fffmmmmmmmmm"), "p1", DAY, "died", chosen="p11")
    assert found.status == "filled"
    assert "quota-cannot-hold" in {f.code for f in found.findings}


def test_97_1_6_no_names_left_leaves_the_seat_vacant(tmp_path: Path) -> None:
    mandates = list_of(tmp_path, "fffmmmmmmm")
    found = vacate(mandates, "p4", DAY, "left-party")
    assert found.status == "vacant"
    assert [seat.basis for seat in found.mandates.of_party("ours")].count("vacant") == 1


def test_refusal_is_a_vacancy_too_and_who_left_does_not_come_back(tmp_path: Path) -> None:
    mandates = list_of(tmp_path, "fffmmmmmmmmm")
    first = vacate(mandates, "p10", DAY, "refused", chosen="p11")
    second = vacate(first.mandates, "p11", DAY, "refused", chosen="p12")
    assert second.mandates.gone == {"p10": "refused", "p11": "refused"}
    third = vacate(second.mandates, "p12", DAY, "refused")
    assert third.status == "vacant"


def test_the_party_s_own_order_names_the_next(tmp_path: Path) -> None:
    rows = [(*row, "no") for row in listed(NAMES, "f" * 12)]
    outcome = mazhilis(tmp_path, rows, columns=",disability", votes=14)
    mandates = assign(outcome, chosen={"ours": [f"p{n}" for n in (*range(1, 11), 12, 11)]})
    assert vacate(mandates, "p3", DAY, "resigned").proposed == "p12"


def test_open_seats_of_a_list_are_not_filled_by_another_s_successor(tmp_path: Path) -> None:
    mandates = list_of(tmp_path, "ffffffffff")
    one = vacate(mandates, "p1", DAY, "died")
    two = vacate(one.mandates, "p2", DAY, "died")
    assert sum(seat.candidate is None for seat in two.mandates.of_party("ours")) == 2


@pytest.mark.parametrize(("person", "chosen"), [("p12", None), ("nobody", None), ("p1", "p2"), ("p1", "nobody")])
def test_what_cannot_be_is_refused(tmp_path: Path, person: str, chosen: str | None) -> None:
    with pytest.raises(BadInput, match=r"expected a person (who holds a seat|of that list who has no seat)"):
        vacate(list_of(tmp_path, "fffmmmmmmmmm"), person, DAY, "resigned", chosen)


def test_a_law_that_binds_the_list_seats_the_next_itself(tmp_path: Path) -> None:
    rows = "".join(f"c{n},list,,pas,{n},N{n}\n" for n in range(1, 103))
    files = {
        "parties.csv": parties("pas"),
        "candidates.csv": f"candidate,contest,unit,party,position,name\n{rows}",
        "returns.csv": "unit,contest,item,count\n,list,pas,600\n,list,@registered,900\n",
    }
    mandates = assign(case(tmp_path, "md/parliament", "2025-09-28", files))
    found = vacate(mandates, "c5", DAY, "resigned")
    assert (found.status, found.successor) == ("filled", "c102")
    with pytest.raises(BadInput, match=r"expected nobody: the law says who follows"):
        vacate(mandates, "c5", DAY, "resigned", chosen="c102")


# ---------------------------------------------------------------- districts


def district(folder: Path, law: str = "kz/mazhilis") -> Mandates:
    files = {
        "parties.csv": parties("ours"),
        "units.csv": "unit,level\nd1,district\n",
        "candidates.csv": "candidate,contest,unit,party,name\na,single,d1,ours,A\nb,single,d1,,B\n",
        "returns.csv": "unit,contest,item,count\nd1,single,a,5\nd1,single,b,4\n",
    }
    return assign(case(folder, law, "2023-03-19", files))


def test_85_4_a_district_of_the_mazhilis_votes_anew(tmp_path: Path) -> None:
    found = vacate(district(tmp_path), "a", date(2024, 11, 30), "recalled")
    assert (found.status, found.due, found.what) == ("by-election", date(2025, 2, 28), "called")
    assert "85(4)" in found.cite


@pytest.mark.parametrize(("day", "status"), [("2027-03-19", "by-election"), ("2027-03-20", "no-by-election")])
def test_99_2_none_in_the_last_year_of_the_term(tmp_path: Path, day: str, status: str) -> None:
    assert vacate(district(tmp_path), "a", date.fromisoformat(day), "died").status == status


@pytest.mark.parametrize(
    ("day", "due"), [("2023-06-01", "2023-10-29"), ("2023-10-30", "2024-03-31"), ("2025-10-26", "2025-10-26")]
)
def test_101_3_1_a_maslikhat_votes_on_the_last_sunday_of_march_or_october(tmp_path: Path, day: str, due: str) -> None:
    """The by-elections of 29 October 2023 and 26 October 2025 were held on these days."""
    found = vacate(district(tmp_path, "kz/maslikhat-district"), "a", date.fromisoformat(day), "resigned")
    assert (found.due, found.what) == (date.fromisoformat(due), "held")


def test_a_book_without_a_rule_says_so() -> None:
    mandates = assign(count("senado-2019-04"))
    person = mandates.seats[0].candidate
    assert person is not None
    found = vacate(mandates, person, DAY, "died")
    assert (found.status, found.successor) == ("no-rule", None)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_a_vacancy_is_told_in_every_language(tmp_path: Path, language: str) -> None:
    cases = [
        vacate(list_of(tmp_path / "list", "fffmmmmmmmmm"), "p1", DAY, "resigned"),
        vacate(district(tmp_path / "district"), "a", DAY, "something else"),
    ]
    for found in cases:
        json.dumps(found.to_json())
        (table,) = vacancy_tables(found, language)
        assert all(len(row) == len(table.columns) for row in table.rows)
