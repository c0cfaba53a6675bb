"""An explanation as plain text: headings, numbered sentences, the article in a column on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sailau.wording.citations import Citer
from sailau.wording.language import Words, capital, marked
from sailau.wording.notes import note_in
from sailau.wording.view import Line, Row

if TYPE_CHECKING:
    from sailau.rulebook import Law

WIDTH = 117
_CITES = 33
"""Width of the column of articles."""
_NARROW = 84
"""Below this width an article has a line of its own."""
_INDENT = 5
_HELD = "\u00a0"
_NARROWEST = 20
_GAP = 2
"""Blanks between columns of a narrow page."""

CONFIDENCE = {
    "reported": marked("reported, not read in the law"),
    "secondary": marked("from a secondary source"),
    "unverified": marked("unverified"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an explanation, in the order of reading.

    Attributes:
        kind: a heading, a numbered `step`, an `item` of a compact list, a `plain` sentence, a gap.
        line: what it says.
        depth: of a heading, 0 being the largest; columns by which a plain sentence is indented.
    """

    kind: Literal["heading", "step", "item", "plain", "gap"]
    line: Line
    depth: int = 0


_LONGEST = 48
"""Characters of a name in a table."""


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def _filled(text: str, width: int) -> list[str]:
    """Break a text at spaces into lines of a width; a longer word stands alone."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


class Page:
    """Collects lines of text of a given width."""

    def __init__(self, law: Law, words: Words, width: int = WIDTH) -> None:
        self.words = words
        self.width = width
        self._law = law
        self._lines: list[str] = []
        self._number = 0
        self._at_heading = False
        self._noted: set[tuple[str, str]] = set()

    @cached_property
    def _citer(self) -> Citer:
        return Citer(self._law, self.words)

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self._lines).strip("\n")

    def add(self, piece: Piece) -> None:
        """Add a piece of an explanation."""
        if piece.kind == "step":
            self.step(piece.line)
        elif piece.kind == "item":
            self.item(piece.line)
        elif piece.kind == "heading":
            self.heading(piece.line.text, piece.depth)
        elif piece.kind == "plain":
            self.plain(piece.line.text, piece.depth)
        else:
            self.gap()

    def heading(self, text: str, depth: int = 0) -> None:
        """Begin a section; sentences are numbered from one again."""
        if self._lines and (depth == 0 or not self._at_heading):
            self._lines.append("")
        self._lines.append("  " * depth + capital(text))
        self._number = 0
        self._at_heading = True
        self._citer.begin()

    def plain(self, text: str, indent: int = 0) -> None:
        """Add a sentence without number or article."""
        self._at_heading = False
        self._lines.extend(self._wrapped(text, self.width - indent, indent))

    def gap(self) -> None:
        """Add an empty line."""
        self._lines.append("")

    def step(self, line: Line) -> None:
        """Add a numbered sentence with its article, its rows, and a mark where the rule is not certain."""
        self._number += 1
        self._with_cite(f"{self._number:>3}  ", line.text, self._citer.brief(line.cite))
        self.rows(line.rows)
        self._mark(line)

    def item(self, line: Line) -> None:
        """Add a sentence of a compact list: no number, the article on the right."""
        self._with_cite(" " * _INDENT, line.text, self._citer.brief(line.cite))
        self._mark(line)

    def rows(self, rows: Sequence[Row], indent: int = _INDENT) -> None:
        """Add a small table: names to the left, numbers to the right; on a narrow page names are broken between words."""
        if not rows:
            return
        shown = [(_cut(row[0]), *row[1:]) for row in rows]
        columns = max(len(r) for r in shown)
        widths = [max((len(r[c]) for r in shown if c < len(r)), default=0) for c in range(columns)]
        if indent + sum(widths) + 3 * (columns - 1) > self.width:
            self._narrow_rows(rows, indent)
            return
        for row in shown:
            cells = [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)),
            ]
            self._lines.append(" " * indent + "   ".join(cells).rstrip())

    def _narrow_rows(self, rows: Sequence[Row], indent: int) -> None:
        """Add a small table to a narrow page; where its figures leave no room for names, they stand below them."""
        columns = max(len(row) for row in rows)
        widths = [max((len(row[c]) for row in rows if c < len(row)), default=0) for c in range(1, columns)]
        room = self.width - indent - sum(widths) - _GAP * len(widths)
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row[1:], widths, strict=False)]
            name = _filled(row[0], max(room, _NARROWEST))
            if room < _NARROWEST:
                self._lines += [" " * indent + line for line in name if line]
                self._lines += [
                    " " * (indent + 2) + line
                    for line in _filled("; ".join(filter(None, row[1:])), self.width - indent - 2)
                ]
                continue
            self._lines.append((" " * indent + (" " * _GAP).join([name[0].ljust(room), *cells])).rstrip())
            self._lines += [" " * indent + line for line in name[1:]]

    def _mark(self, line: Line) -> None:
        """Say once in a page that a rule is not certain, and why."""
        if line.confidence == "statute":
            return
        mark = (line.confidence, line.note or line.cite)
        if mark in self._noted:
            return
        self._noted.add(mark)
        said = self.words.say(CONFIDENCE[line.confidence])
        note = note_in(line.note, self.words.language, self._law) or line.note
        self.plain(f"{said}: {note}" if note else said, _INDENT)

    def _with_cite(self, start: str, text: str, cite: str) -> None:
        self._at_heading = False
        if not cite:
            body = self._wrapped(text, self.width - _INDENT, _INDENT)
            self._lines.extend([start + body[0].strip(), *body[1:]])
            return
        if self.width < _NARROW:
            body = self._wrapped(text, self.width - _INDENT, _INDENT)
            self._lines.extend([start + body[0].strip(), *body[1:], cite.rjust(self.width)])
            return
        room = self.width - _CITES
        left = self._wrapped(text, room - _INDENT - 2, _INDENT)
        left[0] = start + left[0].strip()
        right = _filled(cite, _CITES)
        for place in range(max(len(left), len(right))):
            one = left[place] if place < len(left) else ""
            two = right[place] if place < len(right) else ""
            self._lines.append((one.ljust(room) + two).rstrip())

    def _wrapped(self, text: str, width: int, indent: int) -> list[str]:
        """Return lines, a number kept with its per cent sign."""
        if len(text) <= width:
            return [" " * indent + text]
        held = text.replace(" %", f"{_HELD}%")
        lines = _filled(held, max(width, _NARROWEST))
        if self.words.language == "en":
            lines = [line.replace(_HELD, " ") for line in lines]
        return [" " * indent + line for line in lines]
