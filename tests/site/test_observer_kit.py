"""The observer's kit: a page and a printable document in three languages."""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path

import pytest

from sailau.cli.app import run
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


SOUND = {
    "@registered": 900,
    "@received": 1000,
    "@issued": 600,
    "@issued_by_members": 600,
    "@cancelled": 400,
    "@home_requests": 20,
    "@home": 19,
    "@cast": 598,
    "@invalid": 8,
    "@against_all": 30,
    "@valid": 590,
    "options": 560,
}
"""A protocol in which everything fits; its other lines are nought."""


def test_relations_hold_for_a_sound_protocol_and_fail_for_a_broken_one() -> None:
    """EL 43(3-1)-(5): the letters of the relations, put into figures."""
    law = default_law()
    relations = [row[1] for part in kit(law, "en").parts if part.rows and part.rows[0][0] == "☐" for row in part.rows]
    form = law.section("form")[0]
    letters = {
        line: letter
        for letter, line in zip(string.ascii_uppercase, [*(x.id for x in form.line), "options"], strict=False)
    }

    def broken(**changes: int) -> list[str]:
        figures = {letter: changes.get(line.lstrip("@"), SOUND.get(line, 0)) for line, letter in letters.items()}
        return [formula for formula in relations if not holds(formula, figures)]

    assert broken() == []
    for line in ("received", "issued_by_members", "home", "cast", "invalid", "valid", "options"):
        assert broken(**{line: SOUND.get(f"@{line}", SOUND["options"]) + 7}), line
    assert broken(registered=597)
    assert broken(cast=601)


def holds(formula: str, figures: dict[str, int]) -> bool:
    text = re.sub(r"[A-Z]", lambda m: str(figures[m.group(0)]), formula.replace("≤", "<=").replace(" = ", " == "))
    return bool(eval(text))


def test_the_kit_of_another_vote_has_its_dates() -> None:
    made = kit(load("kz/mazhilis").on(date(2023, 3, 19)), "ru")
    rows = next(part for part in made.parts if part.title == "Сроки").rows
    assert any("18 февраля 2023 года, 18:00" in row for row in rows), "registration ended on 18 February"


def test_markup_in_a_text_is_not_read_as_markup() -> None:
    source = kit_typst(kit(default_law(), "en"))
    assert "20\\-1(2)" in source
    assert "\\_\\_\\_" in source


def test_each_place_has_a_protocol_of_its_own_and_a_region_its_name() -> None:
    law = load("kz/mazhilis").on(date(2023, 3, 19))
    made = kit(law, "kk", ("almaty", "№ 102 учаске"))
    assert made.places == ("Алматы", "№ 102 учаске")
    forms = [part for part in made.parts if part.rows and part.rows[0][0] == "A"]
    assert [part.title.rpartition(" – ")[2] for part in forms] == ["Алматы", "№ 102 учаске"]
    assert forms[0].rows[0][1] == law.section("form")[0].line[0].title["kk"]
    assert made.parts[0].lines[0][0].startswith("●"), "the key stands first"


def test_steps_are_told_for_days_whose_text_is_known() -> None:
    def marks(day: date) -> set[str]:
        steps = [p for p in kit(load("kz/president").on(day)).parts if p.title == "The count, step by step"]
        return {article[-1] for part in steps for _, article in part.lines}

    assert marks(date(2026, 11, 1)) == {"●"}
    assert marks(date(2015, 4, 26)) == {"?"}
    assert marks(date(1999, 1, 10)) == set()


def test_the_command_writes_what_its_ending_says_and_refuses_laws_without_observers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["kit", "kz/kurultai@2026-08-23", "--unit", "Алматы", "--lang", "ru"]
    assert run([*asked, "--to", str(tmp_path / "kit.pdf")]) == 0
    assert (tmp_path / "kit.pdf").read_bytes().startswith(b"%PDF")
    assert run(asked) == 0
    assert "Ваши права" in capsys.readouterr().out
    assert run([*asked, "--to", str(tmp_path / "kit.docx")]) == 2
    assert ".pdf, .csv" in capsys.readouterr().err
    assert run(["kit", "es/congress@2019-04-28"]) == 2
    assert "no rules for observers" in capsys.readouterr().err
