"""Small rules of mandates that only one place holds: each was once without a test."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mandates.cases import listed, mazhilis
from sailau.mandates import assign
from sailau.mandates.deposits import _refund
from sailau.mandates.model import Place
from sailau.mandates.orders import read_orders
from sailau.mandates.quota import check
from sailau.nomination.subjects import Subject, read_when
from sailau.rulebook import BadInput
from sailau.rulebook.mandates import MandateQuota

DAY = date(2023, 3, 19)


@pytest.mark.parametrize(
    ("comparison", "votes", "seats", "elected", "expected"),
    [
        ("at-least", 50, 0, True, (True, "share")),
        ("at-least", 49, 0, True, (False, "below")),
        ("more-than", 50, 0, True, (False, "below")),
        ("more-than", 51, 0, True, (True, "share")),
        ("at-least", 1, 1, True, (True, "elected")),
        ("at-least", 1, 1, False, (False, "below")),
        ("at-least", None, 0, True, (None, "votes-unknown")),
    ],
)
def test_a_deposit_at_its_bar(comparison: str, votes: int | None, seats: int, elected: bool, expected: Any) -> None:
    refund = SimpleNamespace(share=Fraction(1, 20), comparison=comparison, elected=elected)
    rule = SimpleNamespace(refund=refund, cite="A 1", confidence="statute")
    district = SimpleNamespace(unit="d", votes={} if votes is None else {"a": votes}, seats={"a": seats})
    found = _refund("single", district, "a", 1000, rule)  # type: ignore[arg-type]
    assert (found.refunded, found.because) == expected
    assert (found.contest, found.unit, found.option, found.votes, found.base) == ("single", "d", "a", votes, 1000)
    assert (found.bar, found.cite, found.confidence) == ("5%", "A 1", "statute")
    nobody = _refund("single", district, "a", 0, rule)  # type: ignore[arg-type]
    assert nobody.because in ("elected", "votes-unknown")


def person(sex: str, born: str = "1970-01-01") -> Subject:
    return Subject("person", sex, "list", sex=sex, born=read_when(born))


@pytest.mark.parametrize(
    ("sexes", "seats", "low", "high", "verdict", "missing"),
    [
        ("FFFMMMMMMM", 10, 3, 3, "met", ()),
        ("FFMMMMMMMM", 10, 2, 2, "broken", ()),
        ("FFMMMMMMM", 10, 2, 3, "undecided", ("name",)),
        ("FMMMMMMMM", 10, 1, 2, "broken", ()),
        ("FMMMMMMM", 10, 1, 3, "undecided", ("name",)),
        ("FFFMMMMMM", 10, 3, 3, "met", ()),
        ("FFXMMMMMMM", 10, 2, 3, "undecided", ("sex",)),
        ("FFFXMMMMMM", 10, 3, 4, "met", ()),
        ("FXMMMMMMMM", 10, 1, 2, "broken", ()),
        ("FXMMMMMMM", 10, 1, 3, "undecided", ("sex",)),
    ],
)
def test_a_quota_counts_seats_whose_holder_is_not_known(
    sexes: str, seats: int, low: int, high: int, verdict: str, missing: tuple[str, ...]
) -> None:
    quota = MandateQuota.model_validate({"groups": ["women"], "share": "30%"})
    rule: Any = SimpleNamespace(quota=quota, cite="A 1", confidence="statute")
    taking = [person({"X": ""}.get(s, s)) for s in sexes]
    place = Place("list", "", "a")
    found = check(rule, place, taking, [*taking, person("F"), person("F"), person("F")], seats, DAY)
    assert found is not None
    assert (found.low, found.high, found.verdict, found.missing) == (low, high, verdict, missing)
    assert (found.place, found.seats, found.needed, found.cite) == (place, seats, 3, "A 1")
    assert check(rule, place, [], taking, seats, DAY) is None
    assert check(SimpleNamespace(quota=None), place, taking, taking, seats, DAY) is None  # type: ignore[arg-type]


def test_a_file_of_orders_may_hold_preference_votes(tmp_path: Path) -> None:
    outcome = mazhilis(tmp_path / "case", listed(list("АБВ"), "fff"))
    file = tmp_path / "mandates.csv"
    head = "contest,unit,party,candidate,position,votes\n"
    file.write_text(head + "list,,ours,p2,2,70\nlist,,ours,p3,1,\nlist,,ours,p1,,5\n")
    orders = read_orders(file, outcome.election)
    assert orders.decided == {Place("list", "", "ours"): ("p3", "p2")}
    assert orders.votes == {"p2": 70, "p1": 5}
    file.write_text(head.replace("votes", "voices") + "list,,ours,p2,2,70\n")
    with pytest.raises(BadInput, match="unknown column voices"):
        read_orders(file, outcome.election)
    file.write_text(head + "list,,ours,p2,0,70\nlist,,ours,p3,1,-1\n")
    with pytest.raises(BadInput) as caught:
        read_orders(file, outcome.election)
    assert caught.value.count == 2


def test_whom_a_party_names_in_vain_is_told_with_the_list(tmp_path: Path) -> None:
    rows = [(*row, "2023-03-25" if row[0] == "p1" else "") for row in listed(list("АБВ"), "fff")]
    outcome = mazhilis(tmp_path, rows, columns=",withdrawn")
    named = assign(outcome, chosen={"ours": ["p1", "p3"]})
    found = [f for f in named.findings if f.code == "named-cannot-take"]
    assert [(f.contest, f.unit, f.values) for f in found] == [("list", "", {"party": "ours", "person": "p1"})]
    assert found[0].cite
