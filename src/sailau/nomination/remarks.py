"""Short remarks of this room (codes with values) and their text in three languages, kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sailau.rulebook.notes import note_in

LANGUAGES = ("en", "kk", "ru")


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Mapping[str, str]]:
    """Return code → language → text with `{…}` for values."""
    table: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class Remark:
    """A code with its values, in the order of their names; or a note of the book (no code)."""

    code: str
    values: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def say(self, language: str = "en") -> str:
        """Return the text in a language."""
        if not self.code:
            return note_in(self.text, language) or self.text
        return templates()[self.code][language].format(**dict(self.values))


def remark(code: str, **values: object) -> Remark:
    """Return a remark by its code."""
    return Remark(code, tuple(sorted((name, str(value)) for name, value in values.items())))


def book_note(text: str) -> tuple[Remark, ...]:
    """Return a note of the rule book as a remark, nothing where there is none."""
    return (Remark("", (), text),) if text else ()
