"""Notes of rule books in the languages of the screens, kept as data beside the books."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sailau.wording.citations import cite

if TYPE_CHECKING:
    from sailau.rulebook import Law


@lru_cache(maxsize=1)
def _notes() -> Mapping[str, Mapping[str, str]]:
    """Return note of a book → language → its translation; read when a page in another language first needs one."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["note"]
    return {row["en"]: row for row in rows}


def note_in(note: str, language: str, law: Law | None = None) -> str | None:
    """Return a note of a book in a language, None where it is not translated.

    Args:
        note: as the book has it, in English; it may be empty.
        language: `en`, `kk` or `ru`.
        law: of the book: then the articles in the note are named in words, not by the keys of the book.
    """
    text = note if language == "en" or not note else _notes().get(note, {}).get(language)
    return _with_articles(text, law, language) if text and law is not None else text


def _with_articles(text: str, law: Law, language: str) -> str:
    keys = "|".join(re.escape(key) for key in sorted(law.sources, key=len, reverse=True))
    return re.sub(rf"\b({keys}) {_PLACES}", lambda match: cite(law, match.group(), language), text)


_PLACES = r"\d[\d-]*(?:\([\da-z,-]+\))*(?:, \d[\d-]*(?:\([\da-z,-]+\))+)*"
"""Numbers of articles as they stand in a note: `97-1(3)`, `22(1), 23(3)`."""
