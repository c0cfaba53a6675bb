"""What the room `nomination` has to say: every code has its sentence, said with names and figures of the language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sailau
import sailau.nomination
from sailau.cli.app import run
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
