"""Kazakh and Russian screens hold no English: what every command prints, as the net records and compares it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sailau"
SCREENS = sorted(
    path for path in (ROOT / "tests" / "recorded" / "words").glob("*.txt") if path.stem.endswith((".kk", ".ru"))
)
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’.-]*…?")
LETTERS = re.compile(r"[^\W\d_]+")
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,5}")
ROMAN = re.compile(r"[IVXL]+")
ARTICLE = re.compile(r"\b(?:bis|ter|quater)\b")
"""What numbers articles that were put between others, in every language of a law."""


@cache
def proper_names() -> frozenset[str]:
    """Return the words of all names that cases, chambers and sources give in Latin letters, and ids that commands take."""
    names: set[str] = set()
    for path in [*SOURCE.glob("cases/*/*.csv"), *SOURCE.glob("mandates/chambers/*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for column, text in row.items():
                    if column and text and column.startswith(("name", "short")):
                        names |= set(LETTERS.findall(text))
    for path in (SOURCE / "cases").iterdir():
        names |= set(LETTERS.findall(path.name))
    for path in SOURCE.glob("rulebook/books/*/*.toml"):
        names |= {path.parent.name, *LETTERS.findall(path.stem)}
    return frozenset(names)


def english(line: str) -> list[str]:
    """Return the words of a line in Latin letters that are no proper names; a name that was cut short is one, too."""
    strange = []
    for word in LATIN.findall(ARTICLE.sub(" ", HOST.sub(" ", line))):
        cut = word.endswith("…")
        for part in LETTERS.findall(word):
            known = part in proper_names() or len(part) == 1 or ROMAN.fullmatch(part)
            if not known and not (cut and any(name.startswith(part) for name in proper_names())):
                strange.append(part)
    return strange


def test_an_english_word_is_found_among_names() -> None:
    assert english("кедергі: threshold 5 %, «AMANAT», Amanat, 156-VII, astanatimes.com") == ["threshold"]
    assert english("National Coalition (MNDP + Mongolian Green Pa…   517") == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda path: path.stem)
def test_a_screen_has_no_english_words(screen: Path) -> None:
    command, strange = "", {}
    for line in screen.read_text(encoding="utf-8").splitlines():
        if line.startswith("═══"):
            command = line
        elif words := english(line):
            strange.setdefault(command, []).append((words, line.strip()))
    assert strange == {}, "say it in words of the catalogue"
