"""Seats become persons: EL 97-1(5) for lists, EL 9(2) for districts, and the laws that bind the order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mandates.cases import case, lines, listed, mazhilis, parties
from sailau.api import count
from sailau.election.model import Candidate
from sailau.mandates import assign
from sailau.mandates.orders import alphabetical
from sailau.rulebook import BadInput
from sailau.wording.mandates import mandate_tables

KAZAKH = [
    "Абаев",
    "Әбенов",
    "Ғабдул",
    "Ермек",
    "Иса",
    "Қалиев",
    "Несіпбай",
    "Нұрлан",
    "Өмір",
    "Усен",
    "Ұлан",
    "Үміт",
    "Һасен",
    "Ынтымақ",
    "Ілияс",
    "Яна",
]


def small(folder: Path, sexes: str = "mmmmfff", names: str = "ЖЕДГВБА"):
    """A party with 41 of 69 seats and seven names, their alphabet against the order of the list."""
    return mazhilis(folder, listed(list(names), sexes))


def test_97_1_5_a_silent_party_gets_the_alphabet_of_the_state_language() -> None:
    """EL 97-1(5): Ә after А, Ғ after Г, Қ after К, Ұ and Ү after У, Һ before Ы, І after Ы."""
    shuffled = [KAZAKH[(i * 7) % len(KAZAKH)] for i in range(len(KAZAKH))]
    people = [Candidate(f"c{i}", name=name) for i, name in enumerate(shuffled)]
    assert [c.name for c in alphabetical(people, "kk")] == KAZAKH


def test_97_1_5_latin_names_stand_in_their_own_order() -> None:
    people = [Candidate(f"c{i}", name=name) for i, name in enumerate(["Nurlan", "Aida", "Berik"])]
    assert [c.name for c in alphabetical(people, "kk")] == ["Aida", "Berik", "Nurlan"]


def test_97_1_5_equal_names_are_told_apart_by_id() -> None:
    people = [Candidate("b", name="Нұр"), Candidate("a", name="Нұр")]
    assert [c.id for c in alphabetical(people, "kk")] == ["a", "b"]


def test_97_1_5_the_order_of_the_list_does_not_bind(tmp_path: Path) -> None:
    mandates = assign(small(tmp_path))
    held = [seat for seat in mandates.seats if seat.party == "ours"]
    assert len(held) == 41
    assert [seat.name for seat in held[:7]] == list("АБВГДЕЖ")
    assert {seat.basis for seat in held[:7]} == {"default"}
    assert [seat.basis for seat in held[7:]] == ["vacant"] * 34
    assert {"party-silent", "names-run-out"} <= {f.code for f in mandates.findings}


def test_97_1_5_the_party_decides_by_file(tmp_path: Path) -> None:
    outcome = mazhilis(tmp_path / "case", listed(list("АБВГДЕЖ"), "fffffff"), votes=10)
    order = tmp_path / "mandates.csv"
    rows = [("list", "", "ours", f"p{n}", place) for place, n in enumerate((7, 2, 5, 1, 3, 4, 6), 1)]
    order.write_text(lines("contest,unit,party,candidate,position", rows), encoding="utf-8")
    mandates = assign(outcome, order)
    assert [seat.candidate for seat in mandates.of_party("ours")] == ["p7", "p2", "p5", "p1", "p3", "p4", "p6"]
    assert {seat.basis for seat in mandates.of_party("ours")} == {"decided"}


def test_97_1_5_a_party_that_names_some_gets_the_alphabet_for_the_rest(tmp_path: Path) -> None:
    outcome = mazhilis(tmp_path, listed(list("ЖЕДГВБАӘ"), "ffffffff"), votes=10)
    mandates = assign(outcome, chosen={"ours": ["p2", "p1"]})
    assert [seat.name for seat in mandates.of_party("ours")] == ["Е", "Ж", "А", "Ә", "Б", "В", "Г"]
    assert "party-partly-silent" in {f.code for f in mandates.findings}
    assert mandates.reserve[mandates.of_party("ours")[0].place] == ("p3",)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("list,,ours,nobody,1", "candidate"),
        ("list,,theirs,p1,1", "party"),
        ("single,,ours,p1,1", "contest"),
        ("list,,ours,p1,0", "position"),
        ("list,,ours,p1,1\nlist,,ours,p2,1", "position"),
        ("list,,ours,p1,1\nlist,,ours,p1,2", "candidate"),
    ],
)
def test_a_file_that_names_the_wrong_person_is_refused(tmp_path: Path, row: str, column: str) -> None:
    outcome = mazhilis(tmp_path / "case", listed(list("АБ"), "ff"))
    order = tmp_path / "mandates.csv"
    order.write_text(f"contest,unit,party,candidate,position\n{row}\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        assign(outcome, order)
    assert column in {fault.field for fault in error.value.faults}


def test_a_file_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    outcome = mazhilis(tmp_path / "case", listed(list("АБ"), "ff"))
    with pytest.raises(BadInput) as error:
        assign(outcome, tmp_path / "none.csv")
    assert len(error.value.faults) == 1


def test_a_choice_by_argument_must_be_on_the_list(tmp_path: Path) -> None:
    outcome = mazhilis(tmp_path, listed(list("АБ"), "ff"))
    for wrong in (["p1", "p1"], ["nobody"]):
        with pytest.raises(BadInput, match=r"found a person twice|nobody"):
            assign(outcome, chosen={("list", "", "ours"): wrong})


def test_who_withdrew_takes_no_seat(tmp_path: Path) -> None:
    rows = [(*row, "2023-03-25" if row[0] == "p1" else "") for row in listed(list("АБВ"), "fff")]
    outcome = mazhilis(tmp_path, rows, columns=",withdrawn")
    mandates = assign(outcome)
    assert mandates.held_by("p1") is None
    assert mandates.held_by("p2") is not None
    named = assign(outcome, chosen={"ours": ["p1", "p3"]})
    assert [seat.candidate for seat in named.of_party("ours")[:2]] == ["p3", "p2"]
    assert "named-cannot-take" in {f.code for f in named.findings}
    assert "А" in str(mandate_tables(named, "en")[-1].rows)


def test_111_1_5_a_maslikhat_has_no_order_for_a_silent_party(tmp_path: Path) -> None:
    """EL 111-1(5): the branch decides within five days, and nothing is said of one that does not."""
    files = {
        "parties.csv": parties("ours", "theirs"),
        "units.csv": "unit,level,seats_list\nr,region,10\n",
        "candidates.csv": lines(
            "candidate,contest,unit,party,position,name",
            [(f"p{n}", "list", "r", "ours", n, f"N{n}") for n in range(1, 9)],
        ),
        "returns.csv": lines("unit,contest,item,count", [("r", "list", "ours", 500), ("r", "list", "theirs", 500)]),
    }
    outcome = case(tmp_path, "kz/maslikhat-region", "2023-03-19", files)
    silent = assign(outcome)
    assert [seat.basis for seat in silent.of_party("ours")] == ["open"] * 5
    assert "party-must-decide" in {f.code for f in silent.findings}
    assert not silent.quotas, "no quota of mandates in a maslikhat"
    decided = assign(outcome, chosen={"ours": ["p3", "p1", "p8"]})
    assert [seat.candidate for seat in decided.of_party("ours")] == ["p3", "p1", "p8", None, None]


def test_9_2_district_winners_are_persons_already() -> None:
    mandates = assign(count("senado-2019-04"))
    assert mandates.open == 0
    assert {seat.basis for seat in mandates.seats} == {"elected"}


def test_a_party_with_one_candidate_in_the_district_is_that_person(tmp_path: Path) -> None:
    files = {
        "parties.csv": parties("ours", "theirs"),
        "units.csv": "unit,level\nd1,district\n",
        "candidates.csv": "candidate,contest,unit,party,name\na,single,d1,ours,A\n",
        "returns.csv": "unit,contest,item,count\nd1,single,ours,5\nd1,single,theirs,4\n",
    }
    mandates = assign(case(tmp_path, "kz/mazhilis", "2023-03-19", files))
    assert mandates.held_by("a") is not None


# ---------------------------------------------------------------- laws that bind the order, or ask the voters


def test_a_law_that_binds_the_list_takes_it_as_it_stands(tmp_path: Path) -> None:
    people = [(f"c{n}", "list", "", "pas", n, name) for n, name in enumerate("ZYXWV" * 30, 1)]
    files = {
        "parties.csv": parties("pas", "bloc"),
        "candidates.csv": lines("candidate,contest,unit,party,position,name", people),
        "returns.csv": lines(
            "unit,contest,item,count",
            [("", "list", "pas", 600), ("", "list", "bloc", 400), ("", "list", "@registered", 1500)],
        ),
    }
    mandates = assign(case(tmp_path, "md/parliament", "2025-09-28", files), chosen={"pas": ["c5"]})
    held = mandates.of_party("pas")
    assert [seat.candidate for seat in held] == [f"c{n}" for n in range(1, len(held) + 1)]
    assert {seat.basis for seat in held} == {"list"}
    assert "decision-not-asked" in {f.code for f in mandates.findings}


def region(folder: Path):
    """One region of fifteen seats, one list of six, 1,000 votes."""
    files = {
        "parties.csv": parties("ano", "spolu"),
        "units.csv": "unit,level\nr,region\n",
        "candidates.csv": lines(
            "candidate,contest,unit,party,position,name",
            [(f"c{n}", "list", "r", "ano", n, f"N{n}") for n in range(1, 7)],
        ),
        "returns.csv": lines("unit,contest,item,count", [("r", "list", "ano", 1000), ("r", "list", "spolu", 900)]),
    }
    return case(folder, "cz/chamber", "2021-10-08", files)


def test_preferences_of_exactly_the_bar_move_to_the_front(tmp_path: Path) -> None:
    """5 per cent of 1,000 votes of the list are 50: the fifth has them, the fourth lacks one."""
    mandates = assign(region(tmp_path), votes={"c6": 70, "c5": 50, "c4": 49, "c1": 10})
    assert [seat.candidate for seat in mandates.of_party("ano")[:6]] == ["c6", "c5", "c1", "c2", "c3", "c4"]
    assert {seat.basis for seat in mandates.of_party("ano")[:6]} == {"preferences"}


def test_equal_preferences_keep_the_order_of_the_list(tmp_path: Path) -> None:
    mandates = assign(region(tmp_path), votes={"c5": 60, "c3": 60})
    assert [seat.candidate for seat in mandates.of_party("ano")[:3]] == ["c3", "c5", "c1"]


def test_unknown_preferences_leave_the_order_provisional(tmp_path: Path) -> None:
    mandates = assign(region(tmp_path))
    assert {seat.basis for seat in mandates.of_party("ano")[:6]} == {"provisional"}
    assert "preferences-unknown" in {f.code for f in mandates.findings}


def test_who_won_a_district_is_passed_over_on_the_list(tmp_path: Path) -> None:
    rows = [("d", "single", "u1", "ours", "", "Jonas Jonaitis", "1970-05-05")]
    rows += [
        ("l1", "list", "", "ours", 1, "Jonas Jonaitis", "1970-05-05"),
        ("l2", "list", "", "ours", 2, "Ona Onaitė", ""),
    ]
    rows += [("l3", "list", "", "ours", 3, "Jonas Jonaitis", "1999-01-01")]
    files = {
        "parties.csv": parties("ours", "theirs"),
        "units.csv": "unit,level\nu1,district\n",
        "candidates.csv": lines("candidate,contest,unit,party,position,name,birth_date", rows),
        "returns.csv": lines(
            "unit,contest,item,count",
            [
                ("", "list", "ours", 600),
                ("", "list", "theirs", 400),
                ("", "list", "@registered", 1200),
                ("", "list", "@cast", 1000),
                ("u1", "single", "d", 900),
                ("u1", "single", "@registered", 1200),
                ("u1", "single", "@cast", 1000),
                ("u1", "single", "@valid", 900),
            ],
        ),
    }
    mandates = assign(case(tmp_path, "lt/seimas", "2016-10-09", files), votes={"l1": 100, "l2": 50, "l3": 60})
    taking = [seat.candidate for seat in mandates.seats if seat.contest == "list" and seat.candidate]
    assert taking == ["l3", "l2"], "the first of the list sits for the district, his namesake does not"
    assert "passed-over" in {f.code for f in mandates.findings}


# ---------------------------------------------------------------- offices, output


def test_45_an_incompatible_office_is_given_up_first(tmp_path: Path) -> None:
    rows = [
        (*row, *more)
        for row, more in zip(listed(list("АБВ"), "fff"), [("yes", ""), ("yes", "2023-03-30"), ("no", "")], strict=True)
    ]
    mandates = assign(mazhilis(tmp_path, rows, columns=",incompatible_office,resigned"))
    offices = {seat.candidate: seat.office for seat in mandates.seats if seat.candidate}
    assert offices == {"p1": "must-give-up", "p2": "given-up", "p3": ""}
    finding = next(f for f in mandates.findings if f.code == "office-in-the-way")
    assert finding.cite == "EL 45"


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_tables_are_full_in_every_language(tmp_path: Path, language: str) -> None:
    mandates = assign(small(tmp_path))
    tables = mandate_tables(mandates, language)
    assert len(tables) >= 4
    for table in tables:
        assert table.title
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_json_is_plain_data(tmp_path: Path) -> None:
    data = json.loads(json.dumps(assign(small(tmp_path)).to_json()))
    assert data["law"] == "kz/mazhilis"
    assert len(data["seats"]) == 69
    assert data["open"] == sum(seat["candidate"] is None for seat in data["seats"])


def test_shipped_cases_give_all_their_seats() -> None:
    mandates = assign(count("mazhilis-2023"))
    assert len(mandates.seats) == 98
    assert len(mandates.of_party("amanat")) == 62
    assert mandates.open == 98, "the case names no winner of its list seats"
    assert "names-unknown" in {f.code for f in mandates.findings}


def test_a_seat_that_the_count_leaves_open_is_nobody_s(tmp_path: Path) -> None:
    """EL 95(3): equal votes of three candidates lead to a repeat vote, so nobody sits yet."""
    files = {
        "units.csv": "unit,level\nd1,district\n",
        "candidates.csv": "candidate,contest,unit,name\na,single,d1,A\nb,single,d1,B\nc,single,d1,C\n",
        "returns.csv": "unit,contest,item,count\nd1,single,a,5\nd1,single,b,5\nd1,single,c,1\n",
    }
    mandates = assign(case(tmp_path, "kz/mazhilis", "2023-03-19", files))
    assert not mandates.seats
    assert [(f.code, f.unit) for f in mandates.findings] == [("seats-undetermined", "d1")]
    assert len(mandate_tables(mandates, "ru")) == 2
