"""What the commands show of an election: turnout, areas, the case itself, one district, parts of a parliament."""

from __future__ import annotations

import json

import pytest

from sailau.cli.app import run


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(list(arguments)) == code
    told = capsys.readouterr()
    return told.out + told.err


def test_a_count_says_who_took_part(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "count", "mazhilis-2007")
    assert (
        "Turnout 68.41 %: 6,082,430 ballots of 8,891,561 voters on the lists. 146,805 invalid ballots (2.41 %)." in text
    )
    assert "6,521,860 ballots issued to 12,035,578 voters" in shown(capsys, "count", "mazhilis-2023")


def test_two_elections_say_who_took_part(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "diff", "mazhilis-2007", "mazhilis-2016")
    line = next(line for line in text.splitlines() if line.startswith("voters on the lists"))
    assert line.split()[-3:] == ["8,891,561", "9,810,852", "+919,291"]


@pytest.mark.parametrize("level", ["district", "округ", "Округ"])
def test_districts_are_shown_with_winners_and_leads(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "count", "storting-2021", "--by", level)
    line = next(line for line in text.splitlines() if line.startswith("Oslo"))
    assert "23.54 %" in line
    assert "2,184" in line
    assert "Høyre 5, Arbeiderpartiet 4" in line


def test_a_level_that_is_none_is_said_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "perhaps district; one of district" in shown(capsys, "count", "storting-2021", "--by", "distrikt", code=2)


def test_one_district_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "explain", "congress-2019-04", "--unit", "cuenca")
    assert text.startswith("Cuenca")
    assert "119,530" in text
    assert "perhaps cuenca" in shown(capsys, "explain", "congress-2019-04", "--unit", "Cuanca", code=2)


def test_a_case_is_shown_with_notes_sources_and_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "case", "show", "seimas-2024", "--lang", "ru")
    assert "Что известно" in text
    assert "https://www.vrk.lt/2024-seimo/rezultatai" in text
    data = json.loads(shown(capsys, "case", "show", "mazhilis-2023", "--json"))
    assert data["contests"]["list"]["seats_counted"] == 69
    assert data["contests"]["single"]["seats_declared"] == 29
    assert len(data["sources"]) == 18


def test_parts_of_a_parliament(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "parliament", "mazhilis-2023", "--only", "power,balance")
    assert text.startswith("Voting power")
    assert "How votes became seats" not in text
    assert "perhaps power" in shown(capsys, "parliament", "mazhilis-2023", "--only", "powr", code=2)


def test_lists_that_were_renamed_are_found_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "diff", "mazhilis-2016", "mazhilis-2021", "--same", "Birlik=Adal", "--json")
    (adal,) = (o for c in json.loads(text)["contests"] for o in c["options"] if o["option"] == "adal")
    assert None not in adal["share"]
    assert "a list of mazhilis-2021" in shown(
        capsys, "diff", "mazhilis-2016", "mazhilis-2021", "--same", "birlik=x", code=2
    )
