"""One word for each idea: what the glossary sets aside stands in no catalogue, book, case, page or sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sailau"
TERMS = tomllib.loads((ROOT / "docs" / "reference" / "glossary.toml").read_text(encoding="utf-8"))["term"]
NEVER = [(term["en"], word) for term in TERMS for words in term.get("never", {}).values() for word in words]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every file with words for people in it."""
    for pattern in ("*.po", "*.toml", "*.csv"):
        yield from ((path, path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob(pattern)))
    pages = [path for path in (ROOT / "docs").rglob("*.md") if "law" not in path.relative_to(ROOT / "docs").parts]
    yield from ((path, path.read_text(encoding="utf-8")) for path in [ROOT / "README.md", *sorted(pages)])


def places(word: str, text: str) -> list[str]:
    """Return the lines of a text in which a word begins so, without regard to case."""
    begins = re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE)
    return [line for line in text.splitlines() if begins.search(line)]


def test_a_word_is_found_at_its_beginning_in_any_case() -> None:
    assert places("порог", "Порога нет\nбезпорог") == ["Порога нет"]


def test_every_idea_has_a_word_in_each_language() -> None:
    assert all(term["en"] and term["ru"] and term["kk"] and term["means"] for term in TERMS)
    assert len(NEVER) > 10


@pytest.fixture(scope="module")
def held() -> list[tuple[Path, str]]:
    return list(texts())


@pytest.mark.parametrize(("idea", "word"), NEVER, ids=[word for _, word in NEVER])
def test_the_other_words_stand_nowhere(idea: str, word: str, held: list[tuple[Path, str]]) -> None:
    found = {path.relative_to(ROOT).as_posix(): places(word, text)[:2] for path, text in held if places(word, text)}
    assert found == {}, f"{idea}: see docs/reference/glossary.md"
