"""Notes of rule books in the languages of the screens, kept as data beside the books."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _notes() -> Mapping[str, Mapping[str, str]]:
    """Return note of a book → language → its translation; read when a page in another language first needs one."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["note"]
    return {row["en"]: row for row in rows}


def note_in(note: str, language: str) -> str | None:
    """Return a note of a book in a language, None where it is not translated.

    Args:
        note: as the book has it, in English; it may be empty.
        language: `en`, `kk` or `ru`.
    """
    return note if language == "en" or not note else _notes().get(note, {}).get(language)
