"""A provision varied: expected seats by its value, with bands for nine elections in ten."""

from __future__ import annotations

from collections.abc import Sequence

from sailau.pictures.canvas import OVER, UNDER, Box, Canvas
from sailau.pictures.chart import (
    BELOW,
    SLOT_LINE,
    SLOT_LINES,
    beside,
    mark,
    numbers,
    pale_line,
    rise,
    run,
    slots,
    spread,
    ticks,
    under,
)
from sailau.pictures.colors import dark
from sailau.pictures.fonts import width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, PictureFrame
from sailau.pictures.simulated import Simulated
from sailau.simulation.report import Report, Result
from sailau.wording.compensation import METHODS
from sailau.wording.names import provision_name

_GAP = 2.5
"""Ratio between neighbouring parties from which large and small ones get panels of their own."""
_LEFT, _BETWEEN = 0.64, 0.2
_HEIGHTS = {1: (2.6,), 2: (1.2, 2.0)}
"""Inches of the panels, where there is one and where there are two."""
_APART = 0.155
"""Inches between two names beside the ends of their lines."""


def sweep(simulated: Simulated) -> Canvas:
    """Draw the expected seats; large and small parties in panels of their own."""
    path, results = next(iter(simulated.report.sweeps.items()))
    values = [str(r.variant.vary[1]) for r in results if r.variant.vary is not None]
    places, percent, are_numbers = _places(values)
    groups = _groups(simulated, results)
    sheet = simulated.sheet("sweep", said=(simulated.plain.say("bands"),))
    heights = _HEIGHTS[len(groups)]
    body = sum(heights) + _BETWEEN * len(groups) + BELOW + 0.3 + (0 if are_numbers else SLOT_LINE * (SLOT_LINES - 1))
    canvas, low = sheet.canvas(body)
    labels = {p: _label(sheet, p, results[-1]) for p in simulated.parties}
    label_room = max(width(text, LABEL_SIZE) for text in labels.values())
    top = low + body
    standing = _standing(simulated.report, path, percent)
    box = Box(0, 0, 1, 1, 0, 1, 1)
    edges = (places[0], max(places[-1], places[0] + 1)) if are_numbers else (-0.5, len(places) - 0.5)
    for height, parties in zip(heights, groups, strict=True):
        top -= _BETWEEN + height
        floor, tallest = _range(results, parties, is_last=parties is groups[-1])
        wide = sheet.width - _LEFT - label_room - MARGIN - 0.12
        box = Box(_LEFT, top, wide, height, *edges, tallest, floor)
        rise(canvas, box, sheet.words)
        for party in parties:
            number = simulated.parties.index(party)
            _line(canvas, box, results, places, (party, sheet.color(party), number), bands=are_numbers)
        if standing is not None and places[0] <= standing <= places[-1]:
            pale_line(canvas, box, standing, sheet.say("the-law") if parties is groups[0] else "")
        _names(sheet, canvas, box, {p: float(results[-1].expected(p)) for p in parties}, labels)
    if are_numbers:
        run(canvas, box, numbers(sheet.words, ticks(box.low, box.high, 8)))
    else:
        slots(canvas, box, [_value(sheet, value) for value in values])
    under(canvas, _axis_words(sheet, path), box, 0 if are_numbers else SLOT_LINES - 1)
    beside(canvas, sheet.say("expected-seats"), box.bottom, low + body)
    return canvas


def _label(sheet: PictureFrame, party: str, result: Result) -> str:
    """Return what stands beside the end of a line: a name, shortened where it is long, and the last average."""
    mean = sheet.words.decimal(result.expected(party), 1)
    return f"{sheet.fitting(party, sheet.width * 0.32)} {mean}"


def _value(sheet: PictureFrame, value: str) -> str:
    """Return a value that is no number in words, where it is a formula."""
    return sheet.words.say(METHODS[value]) if value in METHODS else value


def _axis_words(sheet: PictureFrame, path: str) -> str:
    """Return what is varied, in words."""
    if path.endswith("threshold.share"):
        return sheet.say("threshold")
    if path.endswith(".seats"):
        return sheet.say("list-seats")
    return provision_name(path, sheet.words)


def _places(values: Sequence[str]) -> tuple[list[float], bool, bool]:
    """Return where the values of a sweep stand on the axis, whether in per cent, and whether they are numbers at all.

    Words stand one after the other, with nothing between them.
    """
    from sailau.rulebook.schema import share

    try:
        exact = [share(v) for v in values]
    except ValueError:
        return [float(n) for n in range(len(values))], False, False
    percent = any(v.endswith("%") for v in values)
    return [float(v * 100 if percent else v) for v in exact], percent, True


def _standing(report: Report, path: str, percent: bool) -> float | None:
    """Return the value that the law has as it stands, on the axis."""
    from sailau.rulebook import entries
    from sailau.rulebook.schema import share

    provisions = entries(report.own.variant.law)
    entry = provisions.get(path) or provisions.get(f"{path}.value")
    try:
        value = None if entry is None else share(entry.value)
    except ValueError:
        return None
    return None if value is None else float(value * 100 if percent else value)


def _groups(simulated: Simulated, results: Sequence[Result]) -> list[list[str]]:
    """Split parties where the next smaller one is much smaller."""
    most = {p: max(float(r.expected(p)) for r in results) for p in simulated.parties}
    order = sorted(simulated.parties, key=lambda p: -most[p])
    for place in range(1, len(order)):
        if most[order[place]] * _GAP < most[order[place - 1]] and most[order[place]] > 1 and place <= 2:
            return [order[:place], order[place:]]
    return [order]


def _range(results: Sequence[Result], parties: Sequence[str], *, is_last: bool) -> tuple[float, float]:
    """Return the edges of the vertical axis: from zero in the lowest panel, around the bands in the one above."""
    spans = [r.quantiles(p) for r in results for p in parties]
    low, high = min(s[0] for s in spans), max(s[-1] for s in spans)
    air = max(high - low, 1) * 0.08
    return (0.0, high + air) if is_last else (max(low - air, 0.0), high + air)


def _line(
    canvas: Canvas,
    box: Box,
    results: Sequence[Result],
    places: Sequence[float],
    drawn: tuple[str, str, int],
    *,
    bands: bool,
) -> None:
    """Draw a party: its averages as a line with marks, where nine in ten elections end as a band."""
    party, color, number = drawn
    across = [box.across(place) for place in places]
    means = [box.up(float(r.expected(party))) for r in results]
    spans = [r.quantiles(party) for r in results]
    low, high = [box.up(s[0]) for s in spans], [box.up(s[-1]) for s in spans]
    points = list(zip(across, means, strict=True))
    if bands:
        upper = list(zip(across, high, strict=True))
        lower = list(zip(across, low, strict=True))
        canvas.area([*upper, *reversed(lower)], color, 0.1, UNDER)
        canvas.line(points, color, 1.8, order=OVER)
    else:
        for x, bottom, top in zip(across, low, high, strict=True):
            half = 0.035
            canvas.area([(x - half, bottom), (x - half, top), (x + half, top), (x + half, bottom)], color, 0.25, UNDER)
    for point in points:
        mark(canvas, point, color, number)


def _names(sheet: PictureFrame, canvas: Canvas, box: Box, ends: dict[str, float], labels: dict[str, str]) -> None:
    """Write names beside the ends of lines, apart from each other."""
    order = sorted(ends, key=lambda p: ends[p])
    heights = spread([box.up(ends[p]) for p in order], _APART, box.bottom, box.top)
    for party, height in zip(order, heights, strict=True):
        canvas.write(box.right + 0.1, height, labels[party], LABEL_SIZE, dark(sheet.color(party)), at="middle")
