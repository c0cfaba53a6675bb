"""What the chamber can decide: its parties side by side, and how many votes each kind of decision needs."""

from __future__ import annotations

from sailau.parliament.chamber import ChamberReport
from sailau.parliament.decisions import ChamberDecision
from sailau.pictures.canvas import INK, PALE, Box, Canvas
from sailau.pictures.chart import KEY_LINE, KeyEntry, key, key_rows, stacked
from sailau.pictures.fonts import shortened, wrapped
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.rulebook import BadInput, Fault
from sailau.wording.pictures import caption, needed_sentence

_BAR, _LINE, _AIR = 0.26, 0.17, 0.14
_LINES = 3
_MOST = 10


def powers(report: ChamberReport, language: str, size: float = WIDTH) -> Canvas:
    """Draw a parliament.

    Args:
        report: of `sailau.parliament.report`.
        language: of all words.
        size: inches of the picture.

    Raises:
        BadInput: no seats are known, or the law tells no decision by votes.
    """
    groups = _groups(report)
    if not groups:
        raise BadInput(
            [Fault("--plot", 0, "", "no decision by votes of this chamber", "a chamber whose law has [[power]]")]
        )
    sheet = PictureFrame(
        report.outcome.election, report.outcome.law, language, caption(language, "powers"),
        (caption(language, "line-needed"),), width=size,
    )  # fmt: skip
    order = sorted(report.seats.parties, key=lambda party: -report.seats.parties[party])
    named = order if len(order) <= _MOST else order[: _MOST - 1]
    alone = report.seats.size - sum(report.seats.parties[party] for party in named)
    entries = [KeyEntry(sheet.in_key(party), sheet.color(party), dashes=None) for party in named]
    entries += [KeyEntry(sheet.say("others"), PALE, dashes=None)] if alone else []
    legend = key_rows(entries, size)
    texts = [_text(decisions, language, size) for decisions in groups.values()]
    body = KEY_LINE * len(legend) + 0.1 + sum(_LINE * len(text) + _BAR + _AIR for text in texts)
    canvas, low = sheet.canvas(body)
    key(canvas, legend, low + body)
    top = low + body - KEY_LINE * len(legend) - 0.1
    parts = [
        (float(report.seats.parties[p]), sheet.color(p), sheet.words.number(report.seats.parties[p])) for p in named
    ]
    parts += [(float(alone), PALE, sheet.words.number(alone))] if alone else []
    for (needed, members), text in zip(groups, texts, strict=True):
        for number, line in enumerate(text):
            color = INK if number == 0 else PALE
            canvas.write(MARGIN, top - _LINE / 2, line, LABEL_SIZE, color, at="middle", bold=number == 0)
            top -= _LINE
        box = Box(MARGIN, top - _BAR + 0.04, size - 2 * MARGIN, _BAR - 0.08, 0, members, 1)
        stacked(canvas, box, parts, needed - 0.5)
        where = box.across(needed - 0.5)
        canvas.line([(where, top - _BAR), (where, top)], INK, 1.6, order=4)
        top -= _BAR + _AIR
    return canvas


def _groups(report: ChamberReport) -> dict[tuple[int, int], list[ChamberDecision]]:
    """Return the decisions of the chamber by (votes needed, members), the lowest number first."""
    groups: dict[tuple[int, int], list[ChamberDecision]] = {}
    for decision in report.decisions:
        if decision.needed is not None and decision.members == report.seats.size and report.seats.held:
            groups.setdefault((decision.needed, decision.members), []).append(decision)
    return dict(sorted(groups.items()))


def _text(decisions: list[ChamberDecision], language: str, size: float) -> list[str]:
    """Return how many votes are needed, and for what, on at most three lines."""
    head, what = needed_sentence(decisions, language)
    room = size - 2 * MARGIN
    lines = wrapped(what, room, LABEL_SIZE)
    if len(lines) > _LINES - 1:
        lines = [*lines[: _LINES - 2], shortened(" ".join(lines[_LINES - 2 :]), room, LABEL_SIZE)]
    return [shortened(head, room, LABEL_SIZE, bold=True), *lines]
