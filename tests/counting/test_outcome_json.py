"""The JSON of an outcome, key by key, in every status."""

import json
from typing import Any

import pyarrow
import pytest

import sailau
from counting.test_kazakhstan import EQUAL, YES, counted, districts, lists, president, referendum
from oracle.cases import case, votes
from sailau.counting import Outcome, count
from sailau.election import open_case, shipped
from sailau.rulebook import amend

TOP = {
    "law": str,
    "day": str,
    "status": str,
    "seats": dict,
    "contests": dict,
    "elected": list,
    "questions": dict,
    "undetermined": list,
    "findings": list,
    "declared": list,
    "whatif": dict,
}
CONTEST = {"base", "votes", "seats", "districts"}
ELECTED = {"contest", "unit", "party", "candidate", "position"}
ASKED = {"contest", "unit", "question", "among", "seats", "cite"}
QUESTIONS = {"remainder", "quotient", "district", "run-off", "repeat-vote", "repeat-election", "no-rule"}


def told(outcome: Outcome) -> Any:
    """Return the JSON as another program reads it."""
    return json.loads(json.dumps(outcome.to_json()))


def holds(data: Any) -> None:
    """Check everything that the contract promises of any outcome."""
    for key, kind in TOP.items():
        assert isinstance(data[key], kind), key
    assert data["status"] in ("final", "partial", "undetermined", "invalid")
    seats = 0
    for name, contest in data["contests"].items():
        assert set(contest) >= CONTEST
        assert contest["base"] is None or type(contest["base"]) is int
        for unit, district in contest["districts"].items():
            assert set(district) >= {"base", "votes", "seats"}, (name, unit)
            assert all(type(v) is int for part in ("votes", "seats") for v in district[part].values())
        if name in data["questions"]:
            assert contest["seats"] == {}
            continue
        for part in ("votes", "seats"):
            added: dict[str, int] = {}
            for district in contest["districts"].values():
                for option, number in district[part].items():
                    added[option] = added.get(option, 0) + number
            assert contest[part] == added, name
        seats += sum(contest["seats"].values())
    assert sum(data["seats"].values()) == seats
    assert len(data["elected"]) == seats
    assert all(set(row) >= ELECTED for row in data["elected"])
    assert all(set(row) == {"outcome"} for row in data["questions"].values())
    assert all(row["outcome"] in ("adopted", "rejected", "invalid", None) for row in data["questions"].values())
    for row in data["undetermined"]:
        assert set(row) >= ASKED
        assert row["question"] in QUESTIONS
        assert row["cite"]
        assert row["among"]
        assert row["seats"] >= 1
    assert (data["status"] in ("undetermined", "invalid")) or not data["undetermined"]
    assert all(f["code"] and f["message"] for f in data["findings"])


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases(name: str) -> None:
    outcome = counted(open_case(name))
    data = told(outcome)
    holds(data)
    assert (data["law"], data["day"], data["case"]) == (outcome.law.id, outcome.election.day.isoformat(), name)
    assert data == told(counted(open_case(name))), "counting is deterministic"


def test_final_with_declared_seats() -> None:
    data = told(counted(open_case("mazhilis-2023")))
    assert data["seats"] == {
        "amanat": 62,
        "auyl": 8,
        "independent": 7,
        "respublica": 6,
        "aq-jol": 6,
        "ppk": 5,
        "nsdp": 4,
        "baytaq": 0,
    }
    assert data["contests"]["list"]["base"] == 6366441
    assert data["contests"]["list"]["districts"][""]["base"] == 6366441
    assert data["contests"]["list"]["votes"]["amanat"] == 3431510
    assert data["contests"]["list"]["seats"]["baytaq"] == 0
    assert data["contests"]["single"] == {
        "base": None,
        "votes": {},
        "seats": {"amanat": 22, "independent": 7},
        "districts": {"": {"base": None, "votes": {}, "seats": {"amanat": 22, "independent": 7}}},
    }
    assert data["declared"] == ["single"]
    assert (
        data["elected"].count({"contest": "list", "unit": "", "party": "nsdp", "candidate": None, "position": None})
        == 4
    )
    assert (data["status"], data["whatif"], data["questions"]) == ("final", {}, {})


def test_partial() -> None:
    data = told(counted(open_case("kurultai-2026")))
    holds(data)
    assert (data["status"], data["seats"], data["elected"]) == ("partial", {}, [])
    assert data["contests"] == {"list": {"base": None, "votes": {}, "seats": {}, "districts": {}}}


def test_undetermined() -> None:
    data = told(counted(lists(EQUAL, parties=[{"party": p, "registered": "2023-02-01"} for p in EQUAL])))
    holds(data)
    assert data["status"] == "undetermined"
    assert {k: data["undetermined"][0][k] for k in ASKED} == {
        "contest": "list",
        "unit": "",
        "question": "no-rule",
        "among": ["a", "b"],
        "seats": 1,
        "cite": "EL 97-1(4)",
    }
    assert sum(data["seats"].values()) == 68


def test_undetermined_is_worse_than_partial() -> None:
    # No returns of the districts (partial) and a gap in the list vote (undetermined).
    data = told(counted(lists({"a": 920, "b": 40, "c": 40})))
    assert data["status"] == "undetermined"
    assert told(counted(lists({"a": 9, "b": 4})))["status"] == "partial"


def test_invalid_is_the_worst() -> None:
    data = told(referendum({**YES, "@registered": 200}, kind="other"))
    holds(data)
    assert (data["status"], data["questions"]) == ("invalid", {"question": {"outcome": "invalid"}})
    assert data["contests"]["question"]["votes"] == {"yes": 60, "no": 30}
    assert data["contests"]["question"]["base"] == 100


def test_a_question_that_cannot_be_told_is_null() -> None:
    data = told(referendum({**YES, "@registered": 150}, places=["r1", "r2"]))
    holds(data)
    assert (data["status"], data["questions"]) == ("partial", {"question": {"outcome": None}})


def test_top_level_seats_of_a_single_office_are_by_candidate() -> None:
    data = told(president({"x": 600, "y": 300, "z": 50}))
    holds(data)
    assert data["seats"] == {"x": 1, "y": 0, "z": 0}
    assert data["elected"] == [
        {"contest": "president", "unit": "", "party": "independent", "candidate": "x", "position": None}
    ]


def test_top_level_seats_of_a_chamber_are_by_party_and_independents() -> None:
    data = told(districts({"d1": {"p1": 5, "x1": 3}, "d2": {"p2": 1, "x2": 2}, "d3": {"x3": 4}}))
    holds(data)
    assert data["seats"] == {"independent": 2, "p": 1}
    assert data["elected"][0] == {"contest": "single", "unit": "d1", "party": "p", "candidate": "p1", "position": None}
    assert data["contests"]["single"]["base"] is None
    assert data["contests"]["single"]["districts"]["d1"] == {
        "base": None,
        "votes": {"p1": 5, "x1": 3},
        "seats": {"p1": 1, "x1": 0},
    }


def test_a_what_if_says_so() -> None:
    election = open_case("mazhilis-2023")
    data = told(count(amend(election.own_law(), {"list.threshold.share": "7%"}), election))
    holds(data)
    assert data["whatif"] == {"list.threshold.share": "7%"}
    assert [n for n in data["contests"]["list"]["seats"].values() if n] == [46, 9, 7, 7]


def test_seats_of_a_list_in_several_districts() -> None:
    units = [{"unit": u, "level": "region", "seats_list": 4} for u in ("r1", "r2")]
    rows = votes("list", {"a": 30, "b": 10}, "r1") + votes("list", {"a": 10, "b": 30}, "r2")
    election = case("kz/maslikhat-region", "2021-01-10", rows, units=units, parties=[{"party": "a"}, {"party": "b"}])
    data = told(counted(election))
    holds(data)
    assert [(row["unit"], row["party"]) for row in data["elected"]] == [
        *[("r1", "a")] * 3,
        ("r1", "b"),
        ("r2", "a"),
        *[("r2", "b")] * 3,
    ]


def test_numbers_beyond_a_double_are_exact() -> None:
    big = 2**62
    data = told(counted(lists({"a": big + 1, "b": big - 1})))
    holds(data)
    assert data["contests"]["list"]["votes"] == {"a": big + 1, "b": big - 1}
    assert data["contests"]["list"]["base"] == 2**63
    assert data["contests"]["list"]["seats"] == {"a": 35, "b": 34}


def test_an_outcome_is_a_table_of_arrow_and_shows_itself_in_a_notebook() -> None:
    outcome = sailau.count("mazhilis-2023")
    table = pyarrow.table(outcome)
    rows = {row["option"]: row for row in table.to_pylist() if row["contest"] == "list"}
    assert (rows["auyl"]["votes"], rows["auyl"]["seats"]) == (693938, 8)
    assert "693,938" in outcome._repr_html_()
    assert outcome._repr_svg_().startswith("<svg")
