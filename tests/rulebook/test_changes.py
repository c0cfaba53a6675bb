"""What-ifs: another method starts without what belonged to the old one."""

import pytest

import sailau

METHODS = ("sainte-lague", "dhondt", "imperiali-divisor", "danish")


@pytest.mark.parametrize("method", METHODS)
def test_another_method_drops_the_first_divisor_of_the_old_one(method: str) -> None:
    """Norway's first divisor 7/5 belongs to modified Sainte-Laguë, not to whatever is tried in its place."""
    law = sailau.law("no/storting", on="2021-09-13")
    assert law.tier[0].formula.first is not None
    tried = sailau.amend(law, {"list.formula.method": method})
    assert tried.tier[0].formula.first is None
    assert tried.changes == {"list.formula.method": method}
    assert law.tier[0].formula.first is not None


def test_seats_under_plain_sainte_lague_are_not_those_of_the_modified_method() -> None:
    plain = sailau.count("storting-2021", changes={"list.formula.method": "sainte-lague"})
    stated = sailau.count("storting-2021", changes={"list.formula.method": "sainte-lague", "list.formula.first": "1"})
    assert plain.seats == stated.seats
    assert plain.seats != sailau.count("storting-2021").seats


def test_a_first_divisor_that_is_given_stays() -> None:
    law = sailau.law("no/storting", on="2021-09-13")
    for changes in (
        {"list.formula.method": "sainte-lague", "list.formula.first": "6/5"},
        {"list.formula.first": "6/5", "list.formula.method": "sainte-lague"},
    ):
        assert str(sailau.amend(law, changes).tier[0].formula.first) == "6/5"


def test_the_same_method_keeps_its_first_divisor() -> None:
    law = sailau.law("no/storting", on="2021-09-13")
    same = sailau.amend(law, {"list.formula.method": "modified-sainte-lague"})
    assert same.tier[0].formula.first == law.tier[0].formula.first
