"""A rule book without conditions admits nobody: what was not checked is undecided."""

from __future__ import annotations

from sailau.election import open_case
from sailau.nomination import vet, vet_person
from sailau.rulebook import load
from sailau.wording.people import People


def test_lists_of_a_law_without_conditions_are_undecided_and_say_why() -> None:
    election = open_case("congress-2019-04")
    law = election.own_law()
    assert law.section("condition") == ()
    vetting = vet(law, election)
    found = [*vetting.parties, *vetting.lists]
    assert {verdict.verdict for verdict in found} == {"undecided"}
    assert {People(law, "en").finding(f) for verdict in found for f in verdict.findings} == {
        "Congress of Deputies of Spain: undecided: the rule book holds no conditions"
    }


def test_so_is_a_described_person() -> None:
    law = load("es/congress").on(open_case("congress-2019-04").day)
    answer = vet_person(law, {"birth_date": "1990-05-17"})
    assert {answer.vote.verdict, *(v.verdict for v in answer.stand.values())} == {"undecided"}
