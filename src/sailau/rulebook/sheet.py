"""Tables of text in three languages: what rooms below `wording` show of laws, parliaments and comparisons.

Sentences stand in a TOML file beside the module that uses them: key → language → text with `{…}` for values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.rulebook.schema import Law

LANGUAGES = ("en", "kk", "ru")
_GAP, _THIN = "\u00a0", "\u202f"
_MARKS = {"en": (",", "."), "kk": (_THIN, ","), "ru": (_THIN, ",")}
"""Between thousands and before decimals."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be shown: every cell is text.

    Attributes:
        title: heading, or empty.
        columns: names of the columns.
        rows: one text for each column.
        note: a sentence under the table, or empty.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def cited(law: Law, text: str, language: str) -> str:
    """Return a citation in a language, with the names of laws in place of their keys."""
    # Words know laws, not the other way round: the room is looked up when somebody wants to read one.
    found: str = import_module("sailau.wording.citations").cite(law, text, language)
    return found


@lru_cache(maxsize=8)
def _file(path: Path) -> Mapping[str, Mapping[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one file in one language, with the numbers of that language.

    Attributes:
        path: the TOML file.
        language: `en`, `kk` or `ru`.
    """

    path: Path
    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"no language “{self.language}”: expected one of {', '.join(LANGUAGES)}")

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values put in."""
        return _file(self.path)[key][self.language].format(**values)

    def has(self, key: str) -> bool:
        """Whether the file has a sentence of this name."""
        return key in _file(self.path)

    def text(self, names: Mapping[Any, str] | None, other: str = "") -> str:
        """Return a text of a rule book in this language; a missing one falls back to English, then to `other`."""
        return (names or {}).get(self.language) or (names or {}).get("en") or other

    def number(self, value: Fraction | int, digits: int = 0) -> str:
        """Return a number with so many decimals, rounded half up."""
        scale = 10**digits
        whole, part = divmod((2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator), scale)
        thousands, point = _MARKS[self.language]
        shown = f"{whole:,}".replace(",", thousands) + (f"{point}{part:0{digits}d}" if digits else "")
        return f"−{shown}" if value < 0 and (whole or part) else shown

    def percent(self, value: Fraction | int, digits: int = 1) -> str:
        """Return a share in per cent."""
        return f"{self.number(Fraction(value) * 100, digits)}{_GAP}%"

    def share(self, value: Fraction) -> str:
        """Return a share that a law sets: a simple fraction such as 2/3, else per cent where that is whole."""
        percent = value * 100
        if percent.denominator == 1 and (value < Fraction(1, 5) or value.denominator > 5):
            return f"{percent.numerator}{_GAP}%"
        return str(value) if value.denominator != 1 else str(value.numerator)
