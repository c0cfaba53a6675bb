"""How many seats, and how often: bars for the case's own law, dashed outlines for others, one panel for each party.

Where one seat is filled, a bar for everybody who may win it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sailau.pictures.canvas import INK, PALE, Box, Canvas
from sailau.pictures.chart import BELOW, KEY_LINE, KeyEntry, beside, key, key_rows, numbers, rise, run, ticks
from sailau.pictures.fonts import shortened, width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, PictureFrame
from sailau.pictures.simulated import Simulated
from sailau.simulation.report import Result
from sailau.wording.pictures import rarely, undrawn

DASHES = ((4.0, 2.0), (1.0, 1.4), (6.0, 2.0, 1.0, 2.0))
"""How the outlines of other laws are dashed."""
_RARE = Fraction(1, 100)
"""Share of the elections with a seat under which a party has no panel."""
_MOST = 14
"""Panels of a picture."""
_INNER, _HEAD = 0.85, 0.42
"""Inches of the bars in a panel, and of the two lines above them."""
_PANEL = _HEAD + _INNER + BELOW + 0.14
_LEFT, _RIGHT, _BETWEEN = 0.56, 0.16, 0.5
"""Inches beside the panels and between them."""
_ROW = 0.26
_ABOUT_SIZE, _HANG = 8.5, 0.27
"""Points of what is said above a panel, and inches by which it begins to the left of it."""
_MOST_ON_A_PHONE = 8
_TWO_COLUMNS = 4.0
"""Inches from which panels stand in two columns."""


@dataclass(frozen=True)
class _Place:
    """Where a panel is, and how wide."""

    left: float
    bottom: float
    width: float


def seats(simulated: Simulated) -> Canvas:
    """Draw the distributions of seats."""
    results = [r for r in simulated.report.results if r.variant.vary is None][: 1 + len(DASHES)]
    if all(r.chamber == 1 for r in results):
        return _winners(simulated, results[0])
    often = [p for p in simulated.parties if any(r.enters(p) >= _RARE for r in results)] or simulated.parties[:1]
    columns = _columns(simulated, often[:_MOST], results[0])
    shown = often[: _MOST if columns > 1 else _MOST_ON_A_PHONE]
    sheet = simulated.sheet("seats", foot=_left_out(simulated, often, shown))
    rows = -(-len(shown) // columns)
    laws = [_entry(simulated, number, result) for number, result in enumerate(results)] if len(results) > 1 else []
    legend = key_rows(laws, sheet.width)
    body = KEY_LINE * len(legend) + _PANEL * rows
    canvas, low = sheet.canvas(body)
    key(canvas, legend, low + body)
    top = low + body - KEY_LINE * len(legend)
    wide = (sheet.width - _LEFT - _RIGHT - (columns - 1) * _BETWEEN) / columns
    for number, party in enumerate(shown):
        row, column = divmod(number, columns)
        place = _Place(_LEFT + column * (wide + _BETWEEN), top - row * _PANEL - _HEAD - _INNER, wide)
        box = _panel(sheet, canvas, place, party, results)
        if number >= len(shown) - columns:
            words = sheet.say("number-of-seats")
            canvas.write(box.left + wide / 2, box.bottom - BELOW - 0.03, words, LABEL_SIZE, anchor="middle", at="top")
    beside(canvas, sheet.say("share-of-elections"), low, top)
    return canvas


def _columns(simulated: Simulated, parties: Sequence[str], result: Result) -> int:
    """Return in how many columns the panels stand: in one where what is said above them would be cut in two."""
    sheet = simulated.plain
    room = (sheet.width - _LEFT - _RIGHT - _BETWEEN) / 2 + _HANG
    fits = all(width(_about(sheet, party, result), _ABOUT_SIZE) <= room for party in parties)
    return 2 if fits and len(parties) > 1 and sheet.width >= _TWO_COLUMNS else 1


def _left_out(simulated: Simulated, often: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """Say who is not drawn: those that hardly ever win, and those for whom there is no room."""
    seldom, further = len(simulated.parties) - len(often), len(often) - len(shown)
    said = (rarely(simulated.language, seldom),) if seldom else ()
    return (*said, undrawn(simulated.language, further)) if further else said


def _entry(simulated: Simulated, number: int, result: Result) -> KeyEntry:
    """Say which law is drawn how."""
    color, dashes = (INK, DASHES[number - 1]) if number else (PALE, None)
    return KeyEntry(simulated.law(result), color, dashes=dashes)


def _panel(sheet: PictureFrame, canvas: Canvas, place: _Place, party: str, results: Sequence[Result]) -> Box:
    row = results[0].parties.index(party)
    spreads = [r.tally.seats[row] / max(r.tally.elections, 1) * 100 for r in results]
    filled = [np.flatnonzero(spread > 0.02) for spread in spreads]
    low = min(int(f[0]) for f in filled if f.size)
    high = max(int(f[-1]) for f in filled if f.size)
    tallest = max(float(s.max()) for s in spreads)
    box = Box(place.left, place.bottom, place.width, _INNER, low - 0.8, high + 0.8, tallest * 1.12)
    rise(canvas, box, sheet.words)
    run(canvas, box, numbers(sheet.words, ticks(box.low, box.high, 5, whole=True)))
    for number in filled[0].tolist():
        left, right, top = box.across(number - 0.45), box.across(number + 0.45), box.up(float(spreads[0][number]))
        canvas.bar(left, box.bottom, right, top, sheet.color(party))
    for dashes, spread in zip(DASHES, spreads[1:], strict=False):
        heights = np.zeros(high - low + 3)
        part = spread[low : high + 1]
        heights[1 : 1 + part.size] = part
        edges = np.clip(np.arange(low, high + 4) - 1.5, box.low, box.high)
        across, up = box.across(np.repeat(edges, 2)[1:-1]), box.up(np.repeat(heights, 2))
        canvas.line(list(zip(across.tolist(), up.tolist(), strict=True)), INK, 1.3, dashes, 3)
    if low < results[0].majority <= high:
        _half(sheet, canvas, box, results[0].majority)
    _name(sheet, canvas, box, party, results[0])
    return box


def _half(sheet: PictureFrame, canvas: Canvas, box: Box, majority: int) -> None:
    """Draw where a majority begins, its words beside the line."""
    where, words = box.across(majority - 0.5), sheet.say("majority-at", seats=str(majority))
    canvas.line([(where, box.bottom), (where, box.top)], INK, 0.8, order=4)
    left = where + 0.03 + width(words, 7.5) > box.right
    canvas.write(where + (-0.03 if left else 0.03), box.top, words, 7.5, anchor="end" if left else "start", at="top")


def _name(sheet: PictureFrame, canvas: Canvas, box: Box, party: str, result: Result) -> None:
    """Write whose panel it is, and under that the average and where nine in ten elections end."""
    about = _about(sheet, party, result)
    left = box.left - _HANG
    room = box.right - left
    name = shortened(sheet.fitting(party, room, 9.5), room, 9.5, bold=True)
    canvas.write(left, box.top + 0.25, name, 9.5, bold=True)
    canvas.write(left, box.top + 0.1, shortened(about, room, _ABOUT_SIZE), _ABOUT_SIZE, PALE)


def _about(sheet: PictureFrame, party: str, result: Result) -> str:
    low, _, high = result.quantiles(party)
    span = str(low) if low == high else f"{low}–{high}"
    return sheet.say("average", mean=sheet.words.decimal(result.expected(party), 1), span=span)


def _winners(simulated: Simulated, result: Result) -> Canvas:
    """Draw how often each wins the one seat there is."""
    often = [p for p in simulated.parties if result.enters(p) >= _RARE] or simulated.parties[:1]
    shown = sorted(often, key=lambda p: -result.enters(p))[:_MOST]
    sheet = simulated.sheet("winners", foot=_left_out(simulated, often, shown))
    canvas, low = sheet.canvas(_ROW * len(shown))
    name_room = min(max(width(sheet.name(p), LABEL_SIZE) for p in shown), sheet.width * 0.45)
    left, right = MARGIN + name_room + 0.12, sheet.width - MARGIN - 0.62
    for number, party in enumerate(shown):
        middle = low + _ROW * (len(shown) - number - 0.5)
        share = result.enters(party)
        name = sheet.fitting(party, name_room)
        canvas.write(MARGIN, middle, name, LABEL_SIZE, at="middle")
        end = left + float(share) * (right - left)
        canvas.bar(left, middle - 0.08, end, middle + 0.08, sheet.color(party))
        canvas.write(end + 0.06, middle, sheet.words.percent(share, digits=1), LABEL_SIZE, at="middle")
    return canvas
