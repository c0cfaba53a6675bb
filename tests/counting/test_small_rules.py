"""Small rules that only one place of the program holds: each was once without a test."""

import numpy as np
import pytest

import sailau
from oracle.cases import case, votes
from sailau.counting import count
from sailau.election import open_case
from sailau.rulebook import amend

DISTRICTS = [{"unit": name, "level": "district"} for name in ("d1", "d2")]


def test_an_election_of_a_batch_is_found_by_all_its_places() -> None:
    election = case("kz/kurultai", "2026-08-23", votes("list", {"a": 6, "b": 4}), parties=[{"party": p} for p in "ab"])
    plan = sailau.compile(election.own_law(), election)
    width = len(plan.items["list"])
    drawn = np.zeros((2, 3, 1, width), np.int64)
    drawn[..., 0] = np.arange(6).reshape(2, 3, 1) * 100 + 100
    drawn[..., 1] = 300
    batch = plan({"list": drawn})
    for place, number in (((0, 0), 0), ((0, 2), 2), ((1, 0), 3), ((1, 2), 5)):
        assert batch.outcome(place).contests["list"].votes["a"] == 100 * number + 100
        assert batch.outcome(number).contests["list"].votes["a"] == 100 * number + 100
        assert batch.outcome(place).contests["list"].seats["a"] == batch.seats["list"][place][0]
    with pytest.raises(IndexError, match="election 6 of 6"):
        batch.outcome(6)
    with pytest.raises(IndexError):
        batch.outcome(-1)


def test_seats_that_later_tiers_add_are_told_by_district() -> None:
    election = open_case("storting-2021")
    outcome = count(election.own_law(), election)
    districts = list(outcome.contests["list"].districts)
    added = {}
    for option in ("sv", "v", "h", "a"):
        each = [outcome.later_seats("list", option, unit)["levelling"] for unit in districts]
        assert set(each) <= {0, 1}
        added[option] = sum(each)
        assert outcome.later_seats("list", option) == {"levelling": sum(each)}
    assert added == {"sv": 5, "v": 5, "h": 1, "a": 0}
    assert outcome.later_seats("no-such", "sv") == {}


def recall(known: tuple[bool, bool]) -> list[tuple[str, str, str, str]]:
    rows = []
    for unit, has in zip(("d1", "d2"), known, strict=True):
        rows += votes("question", {"yes": 6, "no": 3, "@cast": 9} | ({"@registered": 20} if has else {}), unit)
    election = case("kz/recall", "2024-03-01", rows, units=DISTRICTS)
    outcome = count(election.own_law(), election)
    return [(f.code, f.contest, f.unit, f.values["needs"]) for f in outcome.findings if f.code == "not-checked"]


def test_figures_of_a_turnout_that_are_missing_are_told_once_or_by_district() -> None:
    assert recall((True, True)) == []
    assert recall((True, False)) == [("not-checked", "question", "d2", "@registered")]
    assert recall((False, True)) == [("not-checked", "question", "d1", "@registered")]
    assert recall((False, False)) == [("not-checked", "question", "", "@registered")]


@pytest.mark.parametrize(("invalid", "valid"), [(0, 100), (7, 107), (43, 143)])
def test_those_who_took_part_in_the_whole_are_valid_and_invalid_ballots(invalid: int, valid: int) -> None:
    rows = votes("list", {"a": 60}, "p1") + votes("list", {"b": 40}, "p2") + votes("list", {"@invalid": invalid})
    units = [{"unit": p, "level": "province", "kind": "province", "population": 100_000} for p in ("p1", "p2")]
    election = case("es/congress", "2019-04-28", rows, units=units, parties=[{"party": p} for p in "ab"])
    law = amend(election.own_law(), {"list.threshold.base": "cast"})
    sheet = sailau.compile(law, election).sheets({}, 1)["list"]
    assert np.asarray(sheet.base_whole("cast")).tolist() == [valid]


def test_a_matrix_that_nobody_enters_is_open_for_its_threshold_in_each_election() -> None:
    parties = [{"party": p} for p in "abc"]
    units = [{"unit": "x", "level": "district", "seats_list": 2}]
    rows = [("x", "list", party, 10, 1) for party in "abc"]
    election = case("ch/zh-kantonsrat", "2023-02-12", rows, parties=parties, units=units)
    law = amend(election.own_law(), {"list.threshold.share": "50%"})
    batch = sailau.compile(law, election)({"list": [[[10, 10, 10]], [[5, 10, 90]], [[9, 10, 10]]]})
    assert batch.tied.tolist() == [True, False, True]


def test_what_a_tabulation_found_stands_in_the_outcome_and_not_in_one_of_a_batch() -> None:
    rows = votes("list", {"a": 6, "b": 4, "@valid": 10, "@invalid": 1, "@cast": 12}, "p")
    units = [{"unit": "p", "level": "precinct"}]
    election = case("kz/kurultai", "2026-08-23", rows, units=units, parties=[{"party": p} for p in "ab"])
    outcome = count(election.own_law(), election)
    found = {(f.code, f.unit) for f in outcome.plan.tabulation.findings}
    assert found
    assert found <= {(f.code, f.unit) for f in outcome.findings}
    drawn = outcome.plan({}).outcome(0)
    assert not found & {(f.code, f.unit) for f in drawn.findings}
