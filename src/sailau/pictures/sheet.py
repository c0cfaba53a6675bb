"""What every picture shares: its width, title, subtitle, the lines below it, and the names and colours of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sailau import __version__
from sailau.election import Election
from sailau.pictures.canvas import INK, PALE, Canvas
from sailau.pictures.colors import colors_of
from sailau.pictures.fonts import POINTS, shortened, width, wrapped
from sailau.rulebook import Law
from sailau.wording import say_synthetic
from sailau.wording.language import Words, text_in, words
from sailau.wording.pictures import caption, source
from sailau.wording.view import option_name, option_short

SIZES = {"web": 5.6, "print": 4.4, "phone": 3.6}
"""Inches of a picture by where it is seen; `print` is set in a column of 9 cm, where its smallest letters have 6.4 points."""
WIDTH = SIZES["web"]
MARGIN = 0.14
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE, FOOT_SIZE = 13.0, 9.5, 9.0, 8.0
_LEADING = 1.28
"""Height of a line in sizes of its type."""
_AIR = 0.12


@dataclass(frozen=True)
class PictureFrame:
    """A case in a language, with what a picture of it says around the drawing.

    Attributes:
        election: whose names, colours and sources are used.
        law: what was counted by.
        language: of all words.
        title: the headline.
        subtitle: sentences under it.
        foot: sentences below the drawing, before the source.
        seed: of what was drawn; None where nothing was.
        width: inches of the picture.
    """

    election: Election
    law: Law
    language: str
    title: str
    subtitle: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    seed: int | None = None
    width: float = WIDTH

    @cached_property
    def words(self) -> Words:
        """Numbers and sentences of the language."""
        return words(self.language)

    @cached_property
    def colors(self) -> dict[str, str]:
        """Option → colour."""
        return colors_of(self.election)

    def say(self, key: str, **values: str) -> str:
        """Return a text of pictures."""
        return caption(self.language, key, **values)

    def name(self, option: str) -> str:
        """Return what an option is called."""
        return option_name(self.election, option, self.words)

    def fitting(self, option: str, room: float, size: float = LABEL_SIZE) -> str:
        """Return what an option is called where there are so many inches: its short name where the usual one is cut."""
        name = self.name(option)
        if width(name, size) <= room:
            return name
        return shortened(option_short(self.election, option, self.words), room, size)

    def in_key(self, option: str) -> str:
        """Return what an option is called in a key: its short name where the usual one takes more than a third of the line."""
        return self.fitting(option, self.width / 3)

    def color(self, option: str) -> str:
        """Return the colour of an option."""
        return self.colors.get(option, PALE)

    @cached_property
    def _head(self) -> tuple[list[str], list[str]]:
        room = self.width - 2 * MARGIN
        case = text_in(self.election.titles, self.language, self.election.name)
        under = " ".join((f"{case}.", *self.subtitle))
        title = f"{say_synthetic(self.language)}. {self.title}" if self.election.synthetic else self.title
        return wrapped(title, room, TITLE_SIZE, bold=True), wrapped(under, room, SUBTITLE_SIZE)

    @cached_property
    def _foot(self) -> list[str]:
        law = text_in(self.law.body.name, self.language, self.law.id)
        made = f"{law}, {self.words.day(self.law.day)}. Sailau\u00a0{__version__}"
        seed = "" if self.seed is None else f", {self.say('seed', seed=str(self.seed))}"
        addresses = [str(entry.get("url", "")) for entry in self.election.sources]
        sentences = (*self.foot, source(self.language, addresses), f"{made}{seed}.")
        return [line for text in sentences if text for line in wrapped(text, self.width - 2 * MARGIN, FOOT_SIZE)]

    def canvas(self, body: float) -> tuple[Canvas, float]:
        """Return a sheet with all its words around a drawing of so many inches, and where the drawing's lower edge is."""
        titles, subtitles = self._head
        head = _AIR + _lines(titles, TITLE_SIZE) + _lines(subtitles, SUBTITLE_SIZE) + _AIR
        foot = _AIR + _lines(self._foot, FOOT_SIZE) + _AIR
        canvas = Canvas(self.width, head + body + foot)
        top = canvas.height - _AIR
        for lines, size, color, bold in (
            (titles, TITLE_SIZE, INK, True),
            (subtitles, SUBTITLE_SIZE, PALE, False),
        ):
            top = write_lines(canvas, top, lines, size, color, bold=bold)
        write_lines(canvas, foot - _AIR, self._foot, FOOT_SIZE, PALE)
        return canvas, foot


def write_lines(
    canvas: Canvas, top: float, lines: Sequence[str], size: float, color: str, *, bold: bool = False
) -> float:
    """Write lines one under the other from a height on, and return where they end."""
    for line in lines:
        top -= size * _LEADING / POINTS
        canvas.write(MARGIN, top + 0.25 * size / POINTS, line, size, color, bold=bold)
    return top


def _lines(lines: Sequence[str], size: float) -> float:
    return len(lines) * size * _LEADING / POINTS
