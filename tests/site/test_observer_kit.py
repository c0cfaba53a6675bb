"""The observer's kit: a page and a printable document in three languages."""

from __future__ import annotations

import re

import pytest

from sailau.nomination import complaints, observers
from sailau.rulebook import load
from sailau.site import pages
from sailau.site.observer_kit import default_law, kit, kit_pdf, kit_typst
from sailau.wording.language import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_right_and_every_complaint_is_in_it(code: str) -> None:
    law = default_law()
    text = pages.kit_pages()[f"observer-kit.{code}.md"]
    for line in (*observers(law, "right"), *observers(law, "duty")):
        assert line.title[code] in text
    for line in complaints(law):
        assert line.title[code] in text
    assert text.count("43(4)") >= 4
    assert "EL 43" not in text, "articles stand in words"


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_document_is_set_without_a_missing_letter(code: str) -> None:
    data = kit_pdf(kit(default_law(), code))
    assert data.startswith(b"%PDF")
    assert data == kit_pdf(kit(default_law(), code)), "the same kit gives the same bytes"


def test_relations_hold_for_a_sound_protocol_and_fail_for_a_broken_one() -> None:
    """EL 43(3-1)-(5): the letters of the relations, put into figures."""
    relations = next(p for p in kit(default_law(), "en").parts if p.rows and p.rows[0][0] == "☐").rows
    sound = {"A": 900, "B": 1000, "C": 600, "D": 400, "E": 600, "F": 20, "G": 19, "H": 598, "I": 8, "J": 30, "K": 560}

    def holds(formula: str, figures: dict[str, int]) -> bool:
        text = re.sub(r"[A-K]", lambda m: str(figures[m.group(0)]), formula.replace("−", "-").replace("≤", "<="))
        return bool(eval(text.replace(" = ", " == ")))

    assert all(holds(row[1], sound) for row in relations)
    for letter, row in (("B", 0), ("E", 1), ("G", 3), ("H", 5)):
        assert not holds(relations[row][1], {**sound, letter: sound[letter] + 7})
    assert not holds(relations[2][1], {**sound, "A": 599})
    assert not holds(relations[4][1], {**sound, "H": 601})


def test_the_kit_of_another_vote_has_its_dates() -> None:
    from datetime import date

    made = kit(load("kz/mazhilis").on(date(2023, 3, 19)), "ru")
    rows = next(part for part in made.parts if part.title == "Сроки").rows
    assert any("18 февраля 2023 года, 18:00" in row for row in rows), "registration ended on 18 February"


def test_markup_in_a_text_is_not_read_as_markup() -> None:
    source = kit_typst(kit(default_law(), "en"))
    assert "20\\-1(2)" in source
    assert "\\_\\_\\_" in source
