"""The font of all pictures, and how wide its letters are: what is measured here is what is drawn.

DejaVu Sans has every letter of Kazakh and comes with us, since a bare machine has no font. Its letters are wide: where a
reader's machine sets an SVG in another font, the words take less room, not more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "DejaVu Sans"
FILES = (FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf")
POINTS = 72
"""Points of an inch."""
_UNITS = 2048
"""Units of the height of the type, in which widths are given."""
_WIDEST = 2048
"""Width that is reckoned for a letter which the font has not."""


@lru_cache(maxsize=1)
def _widths() -> Mapping[str, Mapping[str, int]]:
    widths: dict[str, dict[str, int]] = json.loads((FOLDER / "widths.json").read_text(encoding="utf-8"))
    return widths


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is, in inches, at a size in points."""
    letters = _widths()["bold" if bold else "regular"]
    return sum(letters.get(letter, _WIDEST) for letter in text) * size / _UNITS / POINTS


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a line that fits into so many inches, with … where something was left out."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Return a text as lines that fit into so many inches; a word that is too long is shortened."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(shortened(word, room, size, bold=bold))
    return lines
