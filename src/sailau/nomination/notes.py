"""What this room has to say in a few words, as codes with typed values; the room `wording` has the sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sailau.nomination.subjects import When


@dataclass(frozen=True, slots=True)
class CodedNote:
    """A code with its values, in the order of their names: `at-least` with `amount` 5.

    Attributes:
        code: its sentence in the room `wording`.
        values: name → a `Value`, several of them, or a text by language.
    """

    code: str
    values: tuple[tuple[str, object], ...] = field(default=())

    def value(self, name: str) -> object:
        """Return one of the values, None where there is none of that name."""
        return dict(self.values).get(name)


Value = CodedNote | When | date | Fraction | int | str | None
"""What was found or is asked for: a figure as it is, or with a few words."""


def note(code: str, **values: object) -> CodedNote:
    """Return a note by its code."""
    return CodedNote(code, tuple(sorted(values.items())))


def from_book(text: str) -> Iterator[CodedNote]:
    """Yield a note of the rule book as one of these; nothing where there is none."""
    if text:
        yield note("book", text=text)
