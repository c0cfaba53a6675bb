"""Axes, ticks, marks and keys: what charts on a canvas share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, cos, floor, log10, pi, sin

from sailau.pictures.canvas import EDGE, GRID, INK, OVER, PALE, UNDER, Box, Canvas
from sailau.pictures.colors import on
from sailau.pictures.fonts import shortened, width, wrapped
from sailau.pictures.sheet import LABEL_SIZE, MARGIN
from sailau.wording.language import Words

TICK = 0.035
BELOW = 0.24
"""Inches that the numbers under an axis take."""
SLOT_LINE, SLOT_LINES = 0.15, 3
"""Inches of a line of words under an axis, and how many there are at most."""
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))
_CORNERS = (0, 4, 3, 5, 6, 8)
"""Corners of the marks that lines carry; 0 is a dot."""
KEY_LINE = 0.19
"""Inches between the lines of a key."""
_SAMPLE, _GAP = 0.3, 0.08
"""Inches of a sample in a key, and between it and its words."""


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[Fraction]:
    """Return round numbers from `low` to `high`, at most `most` steps of 1, 2, 2½ or 5 times a power of ten apart."""
    for step in _round_steps(Fraction(high - low) / most):
        first, last = ceil(Fraction(low) / step), floor(Fraction(high) / step)
        if last - first <= most and (not whole or step.denominator == 1):
            return [step * place for place in range(first, last + 1)]
    raise AssertionError("steps grow for ever")


def _round_steps(least: Fraction) -> Iterator[Fraction]:
    """Yield round numbers, growing for ever, from the one below `least`."""
    power = floor(log10(least)) if least > 0 else 0
    while True:
        for step in _STEPS:
            yield step * Fraction(10) ** power
        power += 1


def rise(canvas: Canvas, box: Box, words: Words) -> None:
    """Draw the vertical axis, its numbers and the grid."""
    values = ticks(box.floor, box.tallest, 4)
    digits = next(d for d in count() if all((value * 10**d).denominator == 1 for value in values))
    for value in values:
        height = box.up(float(value))
        canvas.line([(box.left, height), (box.right, height)], GRID, 0.7, order=UNDER)
        canvas.line([(box.left - TICK, height), (box.left, height)], EDGE, 0.8, order=OVER)
        number = words.decimal(value, digits)
        canvas.write(box.left - 0.07, height, number, LABEL_SIZE, EDGE, anchor="end", at="middle")
    canvas.line([(box.left, box.top), (box.left, box.bottom), (box.right, box.bottom)], EDGE, 0.8, order=OVER)


def run(canvas: Canvas, box: Box, places: Sequence[tuple[float, str]]) -> None:
    """Draw the ticks of the horizontal axis with their words, leaving out words that would run into others."""
    end = -1.0
    for value, words in places:
        where = box.across(value)
        canvas.line([(where, box.bottom - TICK), (where, box.bottom)], EDGE, 0.8, order=OVER)
        half = width(words, LABEL_SIZE) / 2
        middle = min(max(where, half + MARGIN), canvas.width - half - MARGIN)
        if middle - half < end:
            continue
        canvas.write(middle, box.bottom - 0.09, words, LABEL_SIZE, EDGE, anchor="middle", at="top")
        end = middle + half + 0.05


def slots(canvas: Canvas, box: Box, texts: Sequence[str]) -> None:
    """Write words under the horizontal axis, each in a slot of its own, on as many lines as there may be."""
    room = box.width / len(texts)
    for number, text in enumerate(texts):
        lines = wrapped(text, room - 0.06, LABEL_SIZE)
        if len(lines) > SLOT_LINES:
            rest = " ".join(lines[SLOT_LINES - 1 :])
            lines[SLOT_LINES - 1 :] = [shortened(rest, room - 0.06, LABEL_SIZE)]
        for place, line in enumerate(lines):
            height = box.bottom - 0.09 - place * SLOT_LINE
            canvas.write(box.left + (number + 0.5) * room, height, line, LABEL_SIZE, EDGE, anchor="middle", at="top")


def numbers(words: Words, values: Sequence[Fraction]) -> list[tuple[float, str]]:
    """Return ticks with their numbers as the language writes them."""
    digits = next(d for d in count() if all((value * 10**d).denominator == 1 for value in values))
    return [(float(value), words.decimal(value, digits)) for value in values]


def beside(canvas: Canvas, text: str, low: float, high: float) -> None:
    """Write what the vertical axis shows, turned, in the middle between two heights."""
    fitting = shortened(text, canvas.height - 2 * MARGIN, LABEL_SIZE)
    half = width(fitting, LABEL_SIZE) / 2
    middle = min(max((low + high) / 2, half + MARGIN), canvas.height - half - MARGIN)
    canvas.write(0.1, middle, fitting, LABEL_SIZE, anchor="middle", at="top", turned=True)


def under(canvas: Canvas, text: str, box: Box, lines: int = 0) -> None:
    """Write what the horizontal axis shows, in the middle under it and under so many more lines of words."""
    fitting = shortened(text, canvas.width - 2 * MARGIN, LABEL_SIZE)
    half = width(fitting, LABEL_SIZE) / 2
    middle = min(max(box.left + box.width / 2, half + MARGIN), canvas.width - half - MARGIN)
    canvas.write(middle, box.bottom - BELOW - 0.05 - lines * SLOT_LINE, fitting, LABEL_SIZE, anchor="middle", at="top")


def mark(canvas: Canvas, place: tuple[float, float], color: str, number: int) -> None:
    """Draw one of six marks, by which lines are told apart without their colours."""
    x, y = place
    corners = _CORNERS[number % len(_CORNERS)]
    radius = 0.032
    if not corners:
        canvas.dot(x, y, radius, color)
        return
    turn = pi / 4 if corners == 4 else pi / 2
    angles = [turn + 2 * pi * n / corners for n in range(corners)]
    canvas.area([(x + 1.25 * radius * cos(a), y + 1.25 * radius * sin(a)) for a in angles], color, order=OVER + 1)


@dataclass(frozen=True)
class KeyEntry:
    """A line of a key.

    Attributes:
        words: what it stands for.
        color: of its sample.
        mark: number of its mark; None for a line without.
        dashes: of its line; None for a bar in place of a line.
    """

    words: str
    color: str = INK
    mark: int | None = None
    dashes: tuple[float, ...] | None = ()


def key_rows(entries: Sequence[KeyEntry], room: float) -> list[list[tuple[float, KeyEntry]]]:
    """Lay a key out on so many inches: rows of entries, each with where it begins; too long names are shortened later."""
    rows: list[list[tuple[float, KeyEntry]]] = []
    end = room
    for entry in entries:
        wide = _SAMPLE + _GAP + width(entry.words, LABEL_SIZE) + 0.2
        if end + wide > room - MARGIN + 0.2:
            rows.append([])
            end = MARGIN
        rows[-1].append((end, entry))
        end += wide
    return rows


def key(canvas: Canvas, rows: Sequence[Sequence[tuple[float, KeyEntry]]], top: float) -> None:
    """Draw a key that was laid out, from a height downwards."""
    for number, row in enumerate(rows):
        height = top - (number + 0.5) * KEY_LINE
        for left, entry in row:
            right = left + _SAMPLE
            if entry.dashes is None:
                canvas.bar(left, height - 0.045, right, height + 0.045, entry.color)
            else:
                canvas.line([(left, height), (right, height)], entry.color, 1.4, entry.dashes, OVER)
            if entry.mark is not None:
                mark(canvas, ((left + right) / 2, height), entry.color, entry.mark)
            words = shortened(entry.words, canvas.width - MARGIN - right - _GAP, LABEL_SIZE)
            canvas.write(right + _GAP, height, words, LABEL_SIZE, at="middle")


def spread(heights: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return heights, given in rising order, moved as little as is simple so that neighbours are apart and all are inside."""
    moved = list(heights)
    for place, height in enumerate(moved):
        moved[place] = max(height, low if place == 0 else moved[place - 1] + apart)
    limit = high
    for place in range(len(moved) - 1, -1, -1):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - apart
    return moved


def pale_line(canvas: Canvas, box: Box, value: float, words: str) -> None:
    """Draw an upright line at a value, with words at its upper end, on the side where they have room."""
    where = box.across(value)
    canvas.line([(where, box.bottom), (where, box.top)], PALE, 0.9, (1.0, 1.4), 1)
    left = where + 0.04 + width(words, 8.0) > box.right
    canvas.write(where + (-0.04 if left else 0.04), box.top + 0.02, words, 8.0, PALE, anchor="end" if left else "start")


def frame(canvas: Canvas, corner: tuple[float, float], side: float, color: str, width_: float) -> None:
    """Draw the outline of a square from its lower left corner."""
    x, y = corner
    canvas.line([(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)], color, width_, order=OVER)


def stacked(canvas: Canvas, box: Box, parts: Sequence[tuple[float, str, str]], line: float = -1.0) -> None:
    """Draw amounts beside each other as one bar that fills a box, words in it where they fit and no line runs through them.

    Args:
        canvas: the sheet.
        box: the bar.
        parts: amount, colour and words of each.
        line: where an upright line stands, in amounts; none below zero.
    """
    at, through = box.low, box.across(line)
    for amount, color, text in parts:
        left, right = box.across(at), box.across(at + amount)
        canvas.bar(left, box.bottom, right, box.top, color)
        if left < through < right and line >= 0:  # the words go to the wider side of the line
            left, right = (left, through) if through - left > right - through else (through, right)
        if text and width(text, LABEL_SIZE) + 0.06 <= right - left:
            middle = (left + right) / 2
            canvas.write(middle, box.bottom + box.height / 2, text, LABEL_SIZE, on(color), anchor="middle", at="middle")
        at += amount
