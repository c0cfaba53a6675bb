"""A chamber on a day, and deposits that come back (EL 88(4)-(5), 104(1-1))."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from mandates.cases import case, parties
from sailau.api import count
from sailau.election import open_case
from sailau.mandates import chambers, composition, memberships, refunds
from sailau.rulebook import BadInput
from sailau.wording.mandates import chamber_tables


@pytest.fixture(scope="module")
def eighth():
    return memberships("mazhilis-8")


def test_the_known_deputies_of_the_eighth_mazhilis_are_shipped(eighth) -> None:
    assert "mazhilis-8" in chambers()
    assert len(eighth) == 58
    assert all(member.source for member in eighth)
    assert sum(member.contest == "single" for member in eighth) == 9


def test_party_ids_are_those_of_the_case(eighth) -> None:
    known = {*open_case("mazhilis-2023").parties, "independent", ""}
    assert {member.party for member in eighth} <= known


def test_no_party_has_more_sure_members_than_seats(eighth) -> None:
    seats = dict(count("mazhilis-2023").seats)
    for day in (date(2024, 1, 1), date(2024, 6, 1), date(2025, 6, 1)):
        for party, (sure, _) in composition(eighth, day).parties.items():
            assert party == "" or sure <= seats[party]


def test_successors_come_and_go(eighth) -> None:
    """One left in January 2025; two took vacated seats in that year; one already in 2024."""
    names = {year: {m.name for m in composition(eighth, date(year, 7, 1)).members} for year in (2024, 2025)}
    before = {m.name for m in composition(eighth, date(2024, 12, 31)).members}
    assert "Gaukhar Tanasheva" in before
    later = composition(eighth, date(2025, 2, 1))
    assert "Gaukhar Tanasheva" not in {m.name for m in (*later.members, *later.possible)}
    assert "СМОЛЯКОВА Екатерина Сергеевна" not in names[2024]
    assert "СМОЛЯКОВА Екатерина Сергеевна" in {m.name for m in composition(eighth, date(2025, 12, 31)).members}


def test_nobody_sits_after_the_end(eighth) -> None:
    after = composition(eighth, date(2027, 1, 1))
    assert not after.members
    assert {m.end for m in after.possible} == {None}


def test_what_is_not_known_is_counted(eighth) -> None:
    found = composition(eighth, date(2024, 6, 1), seats=98)
    assert found.missing == 98 - len(found.members) - len(found.possible)
    data = json.loads(json.dumps(found.to_json()))
    assert data["missing"] == found.missing
    assert sum(m["sure"] for m in data["members"]) == len(found.members)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_composition_is_told_in_every_language(eighth, language: str) -> None:
    for table in chamber_tables(composition(eighth, date(2024, 6, 1), seats=98), language):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize(
    ("start", "end", "day", "sits"),
    [
        ("2023-03-29", "2024-05-01", "2023-03-28", False),
        ("2023-03-29", "2024-05-01", "2023-03-29", True),
        ("2023-03-29", "2024-05-01", "2024-05-01", True),
        ("2023-03-29", "2024-05-01", "2024-05-02", False),
        ("2023", "2024", "2023-12-30", None),
        ("2023", "2024", "2023-12-31", True),
        ("2023", "2024", "2024-01-02", None),
        ("2023-02", "2023-03", "2023-02-28", True),
        ("", "2024", "2023-06-01", None),
        ("2023", "", "2030-01-01", None),
        ("2023", "", "2022-12-31", False),
    ],
)
def test_dates_are_as_exact_as_they_are(tmp_path: Path, start: str, end: str, day: str, sits: bool | None) -> None:
    path = tmp_path / "members.csv"
    path.write_text(f"name,party,from,to\nA,x,{start},{end}\n", encoding="utf-8")
    (member,) = memberships(path)
    assert member.sits(date.fromisoformat(day)) is sits


@pytest.mark.parametrize("text", ["2023-13", "2023-02-30", "March 2023"])
def test_a_date_that_is_none_is_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "members.csv"
    path.write_text(f"name,party,from,to\nA,x,{text},\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        memberships(path)
    assert error.value.faults[0].line == 2


def test_a_file_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(BadInput, match="mazhilis-8"):
        memberships("nothing-here")


# ---------------------------------------------------------------- deposits


def test_88_4_the_lists_of_2023_get_their_deposits_back_from_five_per_cent() -> None:
    found = {r.option: r.refunded for r in refunds(count("mazhilis-2023")) if r.contest == "list"}
    assert found["baytaq"] is False
    assert found["nsdp"] is True


def test_valid_votes_are_the_same_for_the_bar_and_for_the_refund(tmp_path: Path) -> None:
    """Valid votes that count for no option are in both bases."""
    files = {
        "parties.csv": parties("ours", "theirs"),
        "returns.csv": "unit,contest,item,count\n,list,ours,600\n,list,theirs,55\n,list,@not_counted,445\n",
    }
    outcome = case(tmp_path, "kz/mazhilis", "2023-03-19", files)
    assert {r.base for r in refunds(outcome) if r.contest == "list"} == {outcome.contests["list"].base} == {1100}
    assert next(r for r in refunds(outcome) if r.option == "theirs").refunded


@pytest.mark.parametrize(("votes", "refunded", "because"), [(50, True, "share"), (49, False, "below")])
def test_88_5_a_district_candidate_needs_exactly_five_per_cent(
    tmp_path: Path, votes: int, refunded: bool, because: str
) -> None:
    rest = 1000 - votes - 600 - 10
    files = {
        "parties.csv": parties("ours"),
        "units.csv": "unit,level\nd1,district\n",
        "candidates.csv": "candidate,contest,unit,party,name\na,single,d1,ours,A\nb,single,d1,,B\nc,single,d1,,C\n",
        "returns.csv": (
            f"unit,contest,item,count\nd1,single,a,600\nd1,single,b,{votes}\nd1,single,c,{rest}\n"
            "d1,single,@against_all,10\nd1,single,@invalid,77\n"
        ),
    }
    found = {r.option: r for r in refunds(case(tmp_path, "kz/mazhilis", "2023-03-19", files))}
    assert (found["b"].refunded, found["b"].because) == (refunded, because)
    assert (found["b"].base, found["b"].cite) == (1000, "EL 88(5)"), "against all counts, invalid ballots do not"
    assert found["a"].because == "elected"


def test_declared_winners_get_it_back_and_the_rest_is_not_known() -> None:
    found = {r.option: r for r in refunds(count("president-2015"))}
    assert found["nursultan-nazarbayev"].because == "elected"
    assert all(r.refunded is None for name, r in found.items() if name != "nursultan-nazarbayev")


@pytest.mark.parametrize(("not_counted", "because"), [(0, "elected"), (1, "below")])
def test_a_deposit_is_measured_by_the_same_valid_votes_as_the_bar(
    tmp_path: Path, not_counted: int, because: str
) -> None:
    rows = f",list,a,500\n,list,c,450\n,list,b,50\n,list,@not_counted,{not_counted}\n"
    files = {"parties.csv": "party\na\nb\nc\n", "returns.csv": "unit,contest,item,count\n" + rows}
    outcome = case(tmp_path, "kz/mazhilis", "2023-03-19", files)
    found = {r.option: r for r in refunds(outcome)}
    assert found["b"].base == outcome.contests["list"].base == 1000 + not_counted
    assert found["b"].because == because
