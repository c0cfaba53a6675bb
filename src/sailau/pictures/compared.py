"""The same votes under several laws: a bar of seats for each law, lists in the same order and colours."""

from __future__ import annotations

from sailau.pictures.canvas import Box, Canvas
from sailau.pictures.chart import KEY_LINE, KeyEntry, key, key_rows, stacked
from sailau.pictures.fonts import shortened, wrapped
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.rulebook import BadInput, Fault
from sailau.simulation.comparing import Comparison
from sailau.wording.names import law_names
from sailau.wording.pictures import caption

_NAME, _BAR, _AIR = 0.19, 0.24, 0.12
"""Inches of a line of a law's name, of its bar, and under it."""
_MOST = 10
"""Lists with a colour of their own; smaller ones are added up."""
_LINES = 2


def compared(comparison: Comparison, language: str, size: float = WIDTH) -> Canvas:
    """Draw a comparison.

    Args:
        comparison: of `sailau.compare`.
        language: of all words.
        size: inches of the picture.

    Raises:
        BadInput: no law gives a seat.
    """
    own = comparison.rows[0]
    sheet = PictureFrame(
        own.outcome.election,
        own.law,
        language,
        caption(language, "compare"),
        (caption(language, "same-votes"),),
        width=size,
    )
    winners = [o for o in own.seats if any(row.seats.get(o, 0) for row in comparison.rows)]
    if not winners:
        raise BadInput([Fault("--plot", 0, "", "no seats under these laws", "laws that fill seats with these votes")])
    order = sorted(winners, key=lambda o: (-own.seats[o], -max(row.seats.get(o, 0) for row in comparison.rows)))
    named, rest = (order, []) if len(order) <= _MOST else (order[: _MOST - 1], order[_MOST - 1 :])
    names = [_name(text, size) for text in law_names([row.law for row in comparison.rows], sheet.words)]
    entries = [KeyEntry(sheet.in_key(o), sheet.color(o), dashes=None) for o in named]
    entries += [KeyEntry(sheet.say("others"), sheet.color(""), dashes=None)] if rest else []
    legend = key_rows(entries, size)
    body = KEY_LINE * len(legend) + 0.1 + sum(_NAME * len(lines) + _BAR + _AIR for lines in names)
    canvas, low = sheet.canvas(body)
    key(canvas, legend, low + body)
    top = low + body - KEY_LINE * len(legend) - 0.1
    for row, lines in zip(comparison.rows, names, strict=True):
        for line in lines:
            canvas.write(MARGIN, top - _NAME / 2, line, LABEL_SIZE, at="middle")
            top -= _NAME
        total = max(sum(row.seats.values()), 1)
        box = Box(MARGIN, top - _BAR, size - 2 * MARGIN, _BAR, 0, total, 1)
        parts = [(float(row.seats.get(o, 0)), sheet.color(o), sheet.words.number(row.seats.get(o, 0))) for o in named]
        others = sum(row.seats.get(o, 0) for o in rest)
        parts += [(float(others), sheet.color(""), sheet.words.number(others))] if others else []
        stacked(canvas, box, [part for part in parts if part[0]])
        top -= _BAR + _AIR
    return canvas


def _name(text: str, size: float) -> list[str]:
    lines = wrapped(text, size - 2 * MARGIN, LABEL_SIZE)
    return lines if len(lines) <= _LINES else [lines[0], shortened(" ".join(lines[1:]), size - 2 * MARGIN, LABEL_SIZE)]
