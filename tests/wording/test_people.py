"""What the room `nomination` has to say: every code has its sentence, said with names and figures of the language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sailau
import sailau.nomination
from sailau.cli.app import run
from sailau.nomination import ConditionFinding
from sailau.nomination.notes import note
from sailau.wording.people import CODES, People

ROOM = Path(sailau.nomination.__file__).parent


def written() -> Iterator[str]:
    """Yield the codes that the room makes notes of; those made of parts as patterns are left to the tests of the room."""
    for path in ROOM.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "note":
                first = call.args[0]
                choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                yield from (choice.value for choice in choices if isinstance(choice, ast.Constant))


def test_every_code_has_a_sentence() -> None:
    codes = set(written())
    assert len(codes) > 40
    assert codes <= CODES


def test_a_note_is_said_with_the_figures_of_the_language() -> None:
    law = sailau.law("kz/mazhilis", on="2023-03-19")
    product = note("product", factors=(15, 70_000, note("names", count=2)))
    assert People(law, "en").note(product) == "15 × 70,000 × 2 names"
    assert People(law, "ru").note(product) == "15 × 70\u202f000 × 2 имени"
    assert People(law, "ru").note(note("one-of", values=("party", "self"))) == "партия или само лицо"
    assert (
        People(law, "kk")
        .note(note("needs-fact", facts=("party_registered",)))
        .endswith("«мемлекеттік тіркелген күн» керек")
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "40 лет на 26 апреля 2015 года"), ("kk", "2015 жылғы 26 сәуір күніне толық 40 жыл")],
)
def test_vetting_says_figures_in_the_language(language: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vet", "president-2015", "--lang", language]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(word in shown for word in said.split())
    assert "years by" not in shown
    assert "at least" not in shown


def test_a_verdict_says_first_what_it_hangs_on(capsys: pytest.CaptureFixture[str]) -> None:
    """The facts are named once each, those of one answer together, before the findings one by one."""
    assert run(["vet", "president-2015"]) == 0
    shown = capsys.readouterr().out
    first, decides, persons = (shown.index(head) for head in ("Verdicts", "What would decide", "Persons\nwho"))
    assert first < decides < persons
    told = shown[decides:persons]
    assert told.count("the date of birth") == told.count("deposit paid") == 1
    assert "undecided: needs" not in told


def test_a_refusal_says_which_condition_is_not_met_and_no_missing_fact() -> None:
    people = People(sailau.law("kz/mazhilis", on="2023-03-19"), "en")
    title = {"en": "25 years of age on polling day"}
    young = ConditionFinding("not-met", "age-25", "EL 4", "statute", title)
    unknown = ConditionFinding("needs-fact", "citizen", "EL 4", "statute", {"en": "Citizen"}, needs=("citizen",))
    open_age = ConditionFinding("needs-age", "quota", "EL 89(4)", "statute", {"en": "Quota"}, needs=("29", "35"))
    assert [people.reasons(f, "refused") for f in (young, unknown)] == [(title["en"],), ()]
    assert people.reasons(unknown, "undecided") == ("“is a citizen”",)
    assert people.reasons(open_age, "undecided") == ("the reading of “Quota”",)


@pytest.mark.parametrize("case", ["president-1999", "president-2005", "president-2015", "senate-2023", "akims-2023"])
def test_nobody_who_stood_is_refused(case: str) -> None:
    """Real candidates were registered: a rule book that refuses one of them is wrong, a missing fact is not."""
    election = sailau.open_case(case)
    vetting = sailau.nomination.vet(sailau.law(election.law, on=election.day.isoformat()), election)
    assert {v.verdict for v in (*vetting.persons, *vetting.lists)} <= {"admitted", "undecided"}
    for verdict in vetting.persons:
        assert {f.code for f in verdict.findings if f.undecided} <= {"needs-fact", "needs-day"}
