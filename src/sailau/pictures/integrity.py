"""What a report on integrity shows: the fingerprint of a contest, last digits, whole percentages, intervals of an estimate."""

from __future__ import annotations

from fractions import Fraction
from math import log2

import numpy as np
from numpy.typing import NDArray

from sailau.election import Election
from sailau.integrity.forensics import Portrait
from sailau.integrity.observers import QuickCount
from sailau.pictures.canvas import EDGE, INK, OVER, Box, Canvas
from sailau.pictures.chart import BELOW, beside, numbers, pale_line, rise, run, ticks, under
from sailau.pictures.fonts import width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.wording.document import Picture
from sailau.wording.pictures import caption

_SHADES = ("#dbe7f3", "#b5cfe6", "#86afd3", "#5688b8", "#2f6298", "#123c68")
"""From few voters to many: each stands for four times the one before."""
_BAR, _AROUND = "#7f9fbf", "#b5502b"
"""Colours of stations, and of those around a whole percentage."""
_LEFT = 0.62
_DASHED = (4.0, 2.0)
_ROW = 0.24


def portraits(portrait: Portrait, election: Election, language: str) -> tuple[Picture, ...]:
    """Return the pictures of a contest: fingerprint, whole percentages, last digits.

    Args:
        portrait: what `forensics.examine` gives of it.
        election: names and sources.
        language: of all words: `en`, `kk` or `ru`.
    """
    drawn = (
        ("fingerprint", _fingerprint(portrait, election, language)),
        ("whole-percentages", _whole_percentages(portrait, election, language)),
        ("last-digits", _last_digits(portrait, election, language)),
    )
    return tuple(_picture(key, canvas, language) for key, canvas in drawn)


def intervals(estimate: QuickCount, election: Election, language: str) -> Picture:
    """Return the picture of a parallel tabulation: shares with their 95 % intervals."""
    return _picture("estimate", _intervals(estimate, election, language), language)


def _picture(key: str, canvas: Canvas, language: str) -> Picture:
    title = caption(language, key)
    return Picture(canvas.svg(title, language), title)


def _sheet(election: Election, language: str, key: str, *notes: str) -> PictureFrame:
    foot = tuple(caption(language, note) for note in notes)
    return PictureFrame(election, election.own_law(), language, caption(language, key), foot=foot)


def _fingerprint(portrait: Portrait, election: Election, language: str) -> Canvas:
    sheet = _sheet(election, language, "fingerprint", "fingerprint-note", "no-verdict")
    side = 3.6
    canvas, low = sheet.canvas(side + 0.1 + BELOW + 0.22)
    box = Box(_LEFT + 0.6, low + BELOW + 0.22, side, side, 0, 100, 100)
    rise(canvas, box, sheet.words)
    run(canvas, box, numbers(sheet.words, ticks(0, 100, 5)))
    squares = portrait.fingerprint.reshape(100, 2, 100, 2).sum(axis=(1, 3))
    most = float(squares.max(initial=1.0))
    for across, up in np.argwhere(squares > 0).tolist():
        shade = max(len(_SHADES) - 1 - int(log2(most / float(squares[across, up])) / 2), 0)
        left, bottom = box.across(across), box.up(up)
        canvas.bar(left, bottom, box.across(across + 1), box.up(up + 1), _SHADES[shade])
    under(canvas, sheet.say("turnout-axis"), box)
    beside(canvas, sheet.say("share-of", option=sheet.fitting(portrait.option, 1.6)), box.bottom, box.top)
    return canvas


def _whole_percentages(portrait: Portrait, election: Election, language: str) -> Canvas:
    sheet = _sheet(election, language, "whole-percentages", "whole-percentages-note", "no-verdict")
    canvas, low = sheet.canvas(1.9 + BELOW + 0.5)
    wide = (sheet.width - 2 * _LEFT - MARGIN - 0.05) / 2
    name = sheet.fitting(portrait.option, wide - 1.0)
    titles = (sheet.say("turnout-of-stations"), sheet.say("share-of-stations", option=name))
    for place, (title, counts) in enumerate(zip(titles, portrait.apart.tolist(), strict=True)):
        left = _LEFT + place * (wide + _LEFT)
        box = Box(left, low + BELOW + 0.22, wide, 1.7, -0.55, 0.45, max(max(counts), 1) * 1.1)
        rise(canvas, box, sheet.words)
        run(canvas, box, numbers(sheet.words, [Fraction(n, 10) for n in (-5, -3, 0, 2, 4)]))
        for number, count in enumerate(counts):
            at = -0.5 + number / 10
            color = _AROUND if number == len(counts) // 2 else _BAR
            canvas.bar(box.across(at - 0.043), box.bottom, box.across(at + 0.043), box.up(count), color)
        canvas.write(left, box.top + 0.08, title, LABEL_SIZE, INK)
    whole = Box(_LEFT, low + BELOW + 0.22, sheet.width - _LEFT - MARGIN, 1.7, 0, 1, 1)
    under(canvas, sheet.say("points-from-whole"), whole)
    beside(canvas, sheet.say("stations"), whole.bottom, whole.top)
    return canvas


def _last_digits(portrait: Portrait, election: Election, language: str) -> Canvas:
    sheet = _sheet(election, language, "last-digits", "no-verdict")
    canvas, low = sheet.canvas(1.9 + BELOW + 0.5)
    counts: NDArray[np.int64] = np.array(portrait.digits)
    box = Box(_LEFT, low + BELOW + 0.22, sheet.width - _LEFT - MARGIN, 1.7, -0.6, 9.6, max(int(counts.max()), 1) * 1.12)
    rise(canvas, box, sheet.words)
    run(canvas, box, [(float(digit), str(digit)) for digit in range(10)])
    for digit, count in enumerate(counts.tolist()):
        canvas.bar(box.across(digit - 0.38), box.bottom, box.across(digit + 0.38), box.up(count), _BAR)
    level = box.up(float(counts.mean()))
    canvas.line([(box.left, level), (box.right, level)], INK, 0.9, _DASHED, OVER)
    said = sheet.say("by-chance")
    canvas.write(box.right - width(said, LABEL_SIZE), box.top + 0.06, said, LABEL_SIZE, EDGE)
    canvas.line([(box.right - width(said, LABEL_SIZE) - 0.32, box.top + 0.1),
                 (box.right - width(said, LABEL_SIZE) - 0.06, box.top + 0.1)], INK, 0.9, _DASHED, OVER)  # fmt: skip
    under(canvas, sheet.say("last-digits-of", option=sheet.fitting(portrait.option, 2.0)), box)
    beside(canvas, sheet.say("stations"), box.bottom, box.top)
    return canvas


def _intervals(estimate: QuickCount, election: Election, language: str) -> Canvas:
    sheet = _sheet(election, language, "estimate", "interval-note")
    rows = sorted(estimate.estimates, key=lambda row: (-row.share, row.option))
    names = [sheet.fitting(row.option, 1.7) for row in rows]
    left = MARGIN + max((width(name, LABEL_SIZE) for name in names), default=0.0) + 0.15
    inner = _ROW * max(len(rows), 1)
    canvas, low = sheet.canvas(inner + 0.2 + BELOW + 0.22)
    right = max((100 * (row.share + row.half) for row in rows), default=1.0) * 1.05
    box = Box(left, low + BELOW + 0.22, WIDTH - left - MARGIN - 0.1, inner, 0, min(max(right, 1.0), 100.0), 1)
    canvas.line([(box.left, box.top), (box.left, box.bottom), (box.right, box.bottom)], EDGE, 0.8, order=OVER)
    run(canvas, box, numbers(sheet.words, ticks(0, box.high, 5)))
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        height = box.top - (place + 0.5) * _ROW
        ends = [box.across(min(max(100 * (row.share + side * row.half), 0), box.high)) for side in (-1, 1)]
        color = sheet.color(row.option)
        canvas.line([(ends[0], height), (ends[1], height)], color, 2.2, order=OVER)
        canvas.dot(box.across(100 * row.share), height, 0.045, color)
        canvas.write(left - 0.08, height, name, LABEL_SIZE, INK, anchor="end", at="middle")
    tier = next((t for t in sheet.law.tier if t.threshold is not None and t.contest == estimate.contest), None)
    if tier is not None and tier.threshold is not None and float(tier.threshold.share) * 100 < box.high:
        share = sheet.words.share(tier.threshold.share)
        pale_line(canvas, box, float(tier.threshold.share) * 100, sheet.say("threshold-at", share=share))
    under(canvas, sheet.say("share-of-vote"), box)
    return canvas
