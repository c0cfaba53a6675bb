"""Figures are English text, and every sentence of theirs can be said in the other languages."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.wording.catalogues import read, sentences

import sailau.nomination
from sailau.cli.app import run
from sailau.nomination.figures import Figure, chain

ROOM = Path(sailau.nomination.__file__).parent


def written() -> Iterator[str]:
    """Yield the sentences that the room makes figures of."""
    for path in ROOM.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Figure" and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    yield first.value


def test_a_figure_is_its_english_text() -> None:
    found = Figure("at least {amount}", amount=chain((3, Figure("{count} names", count=4)), " × "))
    assert found == "at least 3 × 4 names"
    again = pickle.loads(pickle.dumps(found))
    assert (again, again.sentence, again.parts) == (found, found.sentence, found.parts)


def test_every_sentence_of_a_figure_is_in_the_catalogues() -> None:
    known = {message.id for message in sentences()}
    held = set(written())
    assert len(held) > 20
    assert held <= known
    for language in ("kk", "ru"):
        catalogue = read(language)
        assert all(catalogue.get(sentence).string for sentence in held)


@pytest.mark.parametrize(
    ("language", "said", "not_said"),
    [("ru", "40 лет на 2015-04-26", "years by"), ("kk", "2015-04-26 күніне толық 40 жыл", "years by")],
)
def test_vetting_says_figures_in_the_language(
    language: str, said: str, not_said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["vet", "president-2015", "--lang", language]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(word in shown for word in said.split())
    assert not_said not in shown
    assert "at least" not in shown
