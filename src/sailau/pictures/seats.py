"""How many seats, and how often: bars for the case's own law, dashed outlines for others, one panel for each party.

All panels share one canvas: axes of their own, each with its ticks, take five times as long to set up and draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from math import ceil, floor, log10

import numpy as np

from sailau.pictures.canvas import EDGE, INK, Box, Canvas
from sailau.pictures.easel import (
    GRID,
    HEAD,
    MARGIN,
    PALE,
    SUBTITLE,
    SUBTITLE_SIZE,
    TITLE,
    TITLE_SIZE,
    WIDTH,
    Easel,
)
from sailau.simulation.report import Result

DASHES = ((4.0, 2.0), (1.0, 1.4), (6.0, 2.0, 1.0, 2.0))
_OTHER_LAWS = len(DASHES)
_NEVER = Fraction(1, 1000)
"""Share of the elections with a seat up to which a party has no panel."""
_PANEL, _INNER = 1.7, 1.0
"""Inches from one row of panels to the next, and of the bars in them."""
_KEY_LINE = 0.2
"""Inches between the names of laws."""
_LEFT, _RIGHT, _BETWEEN = 0.56, 0.16, 0.54
"""Inches beside the panels and between them."""
_TICK = 0.035
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))


def seats(easel: Easel) -> Canvas:
    """Draw the distributions of seats."""
    results = [r for r in easel.report.results if r.variant.vary is None]
    results = results[: 1 + _OTHER_LAWS]
    shown = [p for p in easel.parties if any(r.enters(p) > _NEVER for r in results)] or easel.parties[:1]
    columns = 1 if len(shown) == 1 else 2
    rows = -(-len(shown) // columns)
    legend = _KEY_LINE * len(results) + 0.1 if len(results) > 1 else 0.0
    height = HEAD + legend + _PANEL * rows + 0.15
    canvas = Canvas(WIDTH, height)
    canvas.write(MARGIN, height - TITLE, easel.say("plot-seats"), TITLE_SIZE, at="middle", bold=True)
    canvas.write(MARGIN, height - SUBTITLE, easel.subtitle, SUBTITLE_SIZE, PALE, at="middle")
    top = height - HEAD - legend - 0.2
    wide = (WIDTH - _LEFT - _RIGHT - (columns - 1) * _BETWEEN) / columns
    for place, party in enumerate(shown):
        row, column = divmod(place, columns)
        corner = (_LEFT + column * (wide + _BETWEEN), top - row * _PANEL - _INNER)
        box = _panel(easel, canvas, party, results, (*corner, wide, _INNER))
        if place >= len(shown) - columns:
            canvas.write(box.left + wide / 2, box.bottom - 0.36, easel.say("seats"), 9, anchor="middle", at="top")
    middle = (top + top - (rows - 1) * _PANEL - _INNER) / 2
    canvas.write(0.1, middle, easel.say("share-of-elections"), 9, anchor="middle", at="top", turned=True)
    if len(results) > 1:
        _key(easel, canvas, results, height - HEAD - 0.04)
    return canvas


def _panel(
    easel: Easel,
    canvas: Canvas,
    party: str,
    results: Sequence[Result],
    place: tuple[float, float, float, float],
) -> Box:
    row = easel.report.job.parties.index(party)
    spreads = [r.tally.seats[row] / max(r.tally.elections, 1) * 100 for r in results]
    held = [np.flatnonzero(spread > 0.02) for spread in spreads]
    low = min(int(h[0]) for h in held if h.size)
    high = max(int(h[-1]) for h in held if h.size)
    tallest = max(float(s.max()) for s in spreads)
    box = Box(*place, low - 0.8, high + 0.8, tallest * 1.12)
    _axes(easel, canvas, box)
    color = easel.fill(party)
    for number in held[0].tolist():
        left, right, top = box.across(number - 0.45), box.across(number + 0.45), box.up(float(spreads[0][number]))
        canvas.bar(left, box.bottom, right, top, color)
    for dashes, spread in zip(DASHES, spreads[1:], strict=False):
        heights = np.zeros(high - low + 3)
        part = spread[low : high + 1]
        heights[1 : 1 + part.size] = part
        edges = np.clip(np.arange(low, high + 4) - 1.5, box.low, box.high)
        across, up = box.across(np.repeat(edges, 2)[1:-1]), box.up(np.repeat(heights, 2))
        canvas.line(list(zip(across.tolist(), up.tolist(), strict=True)), INK, 1.3, dashes, 3)
    needed = results[0].majority
    if low <= needed <= high:
        where = box.across(needed - 0.5)
        canvas.line([(where, box.bottom), (where, box.bottom + box.height)], INK, 0.8, order=4)
        words = easel.say("half-line", needed=needed)
        canvas.write(where + 0.03, box.bottom + box.height * 0.98, words, 7.5, at="top")
    low_90, _, high_90 = results[0].quantiles(party)
    span = str(low_90) if low_90 == high_90 else easel.say("from-to", low=low_90, high=high_90)
    mean = easel.phrases.number(results[0].expected(party), 1)
    over = box.bottom + box.height + 0.06
    canvas.write(box.left, over, easel.writer.name(party), 10, bold=True)
    about = f"{easel.say('average-mark')} {mean} ({span})"
    canvas.write(box.left + box.width, over, about, 8.5, PALE, anchor="end")
    return box


def _axes(easel: Easel, canvas: Canvas, box: Box) -> None:
    """Draw the grid, the two axes and their numbers."""
    right, top = box.left + box.width, box.bottom + box.height
    shares = ticks(0, box.tallest, 4)
    digits = next(d for d in count() if all((value * 10**d).denominator == 1 for value in shares))
    for value in shares:
        height = box.up(float(value))
        canvas.line([(box.left, height), (right, height)], GRID, 0.7, order=0)
        canvas.line([(box.left - _TICK, height), (box.left, height)], EDGE, 0.8, order=3)
        canvas.write(box.left - 0.08, height, easel.phrases.number(value, digits), 9, EDGE, anchor="end", at="middle")
    for value in ticks(box.low, box.high, 6, whole=True):
        where = box.across(float(value))
        canvas.line([(where, box.bottom - _TICK), (where, box.bottom)], EDGE, 0.8, order=3)
        canvas.write(where, box.bottom - 0.09, easel.phrases.number(value), 9, EDGE, anchor="middle", at="top")
    canvas.line([(box.left, top), (box.left, box.bottom), (right, box.bottom)], EDGE, 0.8, order=3)


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


def _key(easel: Easel, canvas: Canvas, results: Sequence[Result], top: float) -> None:
    """Say which law is drawn how, one below the other: names of laws can be long."""
    for number, result in enumerate(results):
        height, left, right = top - number * _KEY_LINE, 0.18, 0.5
        if number:
            canvas.line([(left, height), (right, height)], INK, 1.4, DASHES[number - 1])
        else:
            canvas.bar(left, height - 0.045, right, height + 0.045, PALE)
        canvas.write(right + 0.1, height, easel.writer.law(result), 8.5, at="middle")
