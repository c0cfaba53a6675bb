"""Figures in a few words, such as “at least 5” or “2 of 10”: English text that can still be said in other languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Figure(str):
    """A text that knows its sentence and its parts.

    Attributes:
        sentence: English, with `{name}` for every part; `wording` has it in other languages.
        parts: name → what stands there: text, or a figure again.
    """

    sentence: str
    parts: Mapping[str, object]

    def __new__(cls, sentence: str, **parts: object) -> Figure:
        """Put parts into a sentence."""
        made = super().__new__(cls, sentence.format(**parts))
        made.sentence, made.parts = sentence, parts
        return made


def chain(parts: Sequence[object], between: str) -> Figure:
    """Return parts one after the other, with a mark that means the same in every language between them."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Figure(between.join(f"{{{name}}}" for name in named), **named)
