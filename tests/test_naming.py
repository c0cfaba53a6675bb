"""Things are found by any of their names, and a miss names the nearest."""

from __future__ import annotations

import pytest

from sailau.naming import Names, plain

PARTIES = Names(
    {
        "amanat": ["«AMANAT» партиясы", "Партия «AMANAT»"],
        "aq-jol": ["«Ақ жол» демократиялық партиясы", "Aq Jol Democratic Party"],
        "hoyre": ["Høyre"],
        "kpss": ["Party of Patriots"],
        "pensioners": ["Party of Pensioners"],
    }
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("amanat", "amanat"),
        ("AMANAT", "amanat"),
        ("«Ақ жол»", "aq-jol"),
        ("ак жол", "aq-jol"),
        ("Hoyre", "hoyre"),
        ("patriot", "kpss"),
        ("\u0430\u043c\u0430\u043d\u0430\u0442", "amanat"),
        ("party", None),
        ("of", None),
        ("", None),
        ("amanut", None),
    ],
)
def test_a_name_is_found_whatever_its_letters_look_like(wanted: str, found: str | None) -> None:
    assert PARTIES.find(wanted) == found


def test_numbers_in_names_are_whole() -> None:
    cases = Names({"house-2021": (), "house-2023": ()})
    assert cases.find("house-202") is None
    assert cases.find("House 2023") == "house-2023"


def test_a_miss_names_the_nearest_and_an_unclear_name_those_that_bear_it() -> None:
    assert PARTIES.near("amanut") == ["amanat"]
    assert PARTIES.near("\u0430\u043c\u0430\u043d\u0442") == ["amanat"], "typed in other letters"
    assert PARTIES.near("pensionres") == ["pensioners"], "by a word of the name"
    assert set(PARTIES.near("party of")) == {"kpss", "pensioners"}
    assert PARTIES.expected("amanut", "a party").startswith("a party, perhaps amanat; one of amanat, ")


def test_long_lists_are_left_to_the_command_that_shows_them() -> None:
    many = Names({f"unit-{number}": () for number in range(50)})
    assert many.expected("nowhere", "a unit", "sailau case list") == "a unit; `sailau case list` lists all 50"


def test_letters_without_marks_are_the_same_letters() -> None:
    assert plain("  Žygimantas_Pavilionis ") == plain("zygimantas pavilionis")
