"""The room's own sentences in three languages, kept as data, and tables made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from sailau.rulebook.sheet import Table

LANGUAGES = ("en", "kk", "ru")
_FILE = Path(__file__).with_name("sentences.toml")


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return code → language → sentence with `{…}` for values."""
    table: dict[str, dict[str, str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return table


class Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no language “{language}”: expected one of {', '.join(LANGUAGES)}")
        self.language = language

    def text(self, code: str, **values: object) -> str:
        """Return a sentence with its values put in."""
        return sentences()[code][self.language].format(**values)

    def known(self, kind: str, name: str) -> str:
        """Return the word for a reserved name, empty where it is none."""
        return sentences().get(f"{kind}-{name}", {}).get(self.language, "")

    def contest(self, contest: str) -> str:
        """Return what a ballot paper is called; its id where no word is at hand."""
        return self.known("contest", contest) or contest

    def range(self, low: int, high: int) -> str:
        """Return a number, or the two it lies between."""
        return str(low) if low == high else f"{low}–{high}"

    def percent(self, part: int, whole: int) -> str:
        """Return a share with two decimals, rounded half up from integers; nothing is decided by it."""
        hundredths = (part * 20000 + whole) // (2 * whole)
        point = "." if self.language == "en" else ","
        return f"{hundredths // 100}{point}{hundredths % 100:02d} %"

    def table(self, code: str, rows: Sequence[tuple[str, ...]]) -> Table:
        """Return a table with the title and the columns of a code; columns without any content are left out."""
        titles = tuple(self.text(f"columns-{code}").split("|"))
        kept = [place for place in range(len(titles)) if any(row[place] for row in rows)]
        return Table(
            self.text(f"title-{code}"),
            tuple(titles[place] for place in kept),
            tuple(tuple(row[place] for place in kept) for row in rows),
        )


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Words:
    """Return the words of a language.

    Raises:
        ValueError: no such language.
    """
    return Words(language)
