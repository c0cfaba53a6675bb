"""A rule book without conditions admits nobody: what was not checked is undecided."""

from __future__ import annotations

from datetime import date

from sailau.election import open_case
from sailau.nomination import vet, vet_person
from sailau.rulebook import load
from sailau.wording.people import People


def test_lists_of_a_law_without_conditions_are_undecided_and_say_why() -> None:
    law = load("bg/assembly").on(date(2021, 7, 11))
    election = open_case("congress-2019-04")
    assert law.section("condition") == ()
    vetting = vet(law, election)
    found = [*vetting.parties, *vetting.lists]
    assert {verdict.verdict for verdict in found} == {"undecided"}
    assert {People(law, "en").finding(f) for verdict in found for f in verdict.findings} == {
        "National Assembly of Bulgaria: undecided: the rule book holds no conditions"
    }


def test_so_is_a_described_person() -> None:
    law = load("es/senate").on(open_case("senado-2019-04").day)
    answer = vet_person(law, {"birth_date": "1990-05-17"})
    assert {answer.vote.verdict, *(v.verdict for v in answer.stand.values())} == {"undecided"}


def test_the_conditions_of_spain_admit_at_18_and_refuse_a_day_before() -> None:
    law = load("es/congress").on(open_case("congress-2019-04").day)
    facts = {"citizen": "yes", "serving_sentence": "no"}
    born = {"2001-04-28": "admitted", "2001-04-29": "refused"}
    found = {day: vet_person(law, {**facts, "birth_date": day}).stand["list"].verdict for day in born}
    assert found == born


def test_in_norway_who_turns_18_later_in_the_year_is_not_refused() -> None:
    law = load("no/storting").on(date(2021, 9, 13))
    answer = vet_person(law, {"citizen": "yes", "birth_date": "2003-12-31"})
    assert answer.stand["list"].verdict == "undecided"


def test_lists_are_not_admitted_where_only_conditions_on_persons_are_written() -> None:
    election = open_case("storting-2021")
    law = election.own_law()
    assert {c.of for c in law.section("condition")} == {"person"}
    assert {v.verdict for v in vet(law, election).lists} == {"undecided"}
