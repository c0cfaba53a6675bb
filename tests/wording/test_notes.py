"""Notes of the books are said in the language of the page that shows them."""

from __future__ import annotations

import re

import pytest

import sailau
from sailau.election import shipped
from sailau.nomination import calendar
from sailau.wording.notes import note_in
from sailau.wording.people import calendar_sheet

ENGLISH = re.compile(r"\b(the|is|was|not)\b")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_note_of_a_shipped_election_is_translated(language: str) -> None:
    notes = {step.note for name in shipped() for step in sailau.count(name).steps}
    assert len(notes) > 10
    assert {note for note in notes if not note_in(note, language) and note} == set()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_an_explanation_shows_them_translated(language: str) -> None:
    outcome = sailau.count("khural-2024")
    assert "No rule for equal remainders was found." in outcome.explain("hun")
    shown = outcome.explain("hun", language)
    assert "No rule" not in shown
    assert (note_in("No rule for equal remainders was found.", language) or "?") in " ".join(shown.split())


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_so_does_the_calendar(language: str) -> None:
    law = sailau.law("kz/mazhilis", on="2023-03-19")
    sheet = calendar_sheet(calendar(law, law.day), law, language)
    assert [row[2] for row in sheet.rows if ENGLISH.search(row[2].text)] == []


def test_a_note_that_nobody_translated_is_known_as_such() -> None:
    assert note_in("An unheard-of note.", "kk") is None
    assert [note_in("An unheard-of note.", "en"), note_in("", "kk")] == ["An unheard-of note.", ""]
