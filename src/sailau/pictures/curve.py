"""From votes to seats: the mean share of seats by the share of the vote, and who gains and loses at a threshold."""

from __future__ import annotations

import numpy as np

from sailau.pictures.canvas import OVER, PALE, Box, Canvas
from sailau.pictures.chart import (
    BELOW,
    KEY_LINE,
    KeyEntry,
    beside,
    key,
    key_rows,
    mark,
    numbers,
    pale_line,
    rise,
    run,
    ticks,
    under,
)
from sailau.pictures.sheet import MARGIN, PictureFrame
from sailau.pictures.simulated import Simulated, voted_for
from sailau.rulebook import BadInput, Fault
from sailau.simulation.report import Result
from sailau.simulation.tally import BINS

_GAP = 2.5
"""Ratio between parties from which the small ones get a panel of their own."""
_RARE = 20
"""Elections of a class of the curve below which its mean is noise."""
_LEFT, _BETWEEN, _INNER = 0.64, 0.42, 2.2
_DASHED = (4.0, 2.0)

Curve = list[tuple[float, float]]


def curve(simulated: Simulated) -> Canvas:
    """Draw the curves, small parties in a panel of their own; their names stand below, where no data are."""
    result = simulated.report.own
    curves = {p: points for p in simulated.parties if (points := _points(simulated, result, p))}
    if not curves:
        raise BadInput([Fault("--plot", 0, "", "no votes to show", "a case with a vote for parties")])
    right = max(x for points in curves.values() for x, _ in points)
    near = _near(curves, right)
    edges = (near, right * 1.05) if near else (right * 1.05,)
    sheet = simulated.sheet("curve")
    entries = [KeyEntry(sheet.in_key(p), sheet.color(p), simulated.parties.index(p)) for p in curves]
    rows = key_rows([*entries, KeyEntry(sheet.say("proportional"), PALE, dashes=_DASHED)], sheet.width)
    body = 0.2 + _INNER + BELOW + 0.26 + KEY_LINE * len(rows)
    canvas, low = sheet.canvas(body)
    bottom = low + body - 0.2 - _INNER
    wide = (sheet.width - _LEFT - MARGIN - 0.05 - (len(edges) - 1) * _BETWEEN) / len(edges)
    whole = Box(_LEFT, bottom, sheet.width - _LEFT - MARGIN - 0.05, _INNER, 0, 1, 1)
    paper = simulated.report.job.plan.papers[simulated.report.job.paper]
    is_list = paper.contest.ballot == "list"
    for number, edge in enumerate(edges):
        tallest = max([edge, *(y for points in curves.values() for x, y in points if x <= edge)]) * 1.06
        box = Box(_LEFT + number * (wide + _BETWEEN), bottom, wide, _INNER, 0, edge, tallest)
        _panel(simulated, sheet, canvas, box, curves)
    under(canvas, sheet.say("share-of-list-vote" if is_list else "share-of-vote"), whole)
    beside(canvas, sheet.say("share-of-list-seats" if is_list else "share-of-seats"), bottom, bottom + _INNER)
    key(canvas, rows, low + KEY_LINE * len(rows))
    return canvas


def _points(simulated: Simulated, result: Result, party: str) -> Curve:
    """Return (share of the vote, mean share of seats) in per cent, for classes with enough elections."""
    row = simulated.report.job.parties.index(party)
    if not result.tally.curve.size or party not in voted_for(simulated.report):
        return []
    number, seats = result.tally.curve[:, row]
    wide = 100 / BINS
    filled = max(result.tally.on_paper, 1)
    return [
        ((place + 0.5) * wide, float(seats[place]) / int(number[place]) / filled * 100)
        for place in np.flatnonzero(number >= _RARE)
    ]


def _near(curves: dict[str, Curve], right: float) -> float:
    """Return the right edge of a panel for the small parties, 0 where all are alike."""
    ends = sorted(max(x for x, _ in points) for points in curves.values())
    small = [e for e in ends if e * _GAP < right]
    return small[-1] * 1.08 if small else 0.0


def _panel(simulated: Simulated, sheet: PictureFrame, canvas: Canvas, box: Box, curves: dict[str, Curve]) -> None:
    edge = box.high
    rise(canvas, box, sheet.words)
    run(canvas, box, numbers(sheet.words, ticks(0, edge, 5)))
    canvas.line([(box.left, box.bottom), (box.right, box.up(edge))], PALE, 0.9, _DASHED, 1)
    for party, points in curves.items():
        inside = [(box.across(x), box.up(y)) for x, y in points if x <= edge]
        if not inside:
            continue
        canvas.line(inside, sheet.color(party), 1.5, order=OVER)
        for point in inside:
            mark(canvas, point, sheet.color(party), simulated.parties.index(party))
    tier = next((t for t in simulated.report.own.variant.law.tier if t.threshold is not None), None)
    if tier is not None and tier.threshold is not None and float(tier.threshold.share) * 100 < edge:
        share = sheet.words.share(tier.threshold.share)
        pale_line(canvas, box, float(tier.threshold.share) * 100, sheet.say("threshold-at", share=share))
