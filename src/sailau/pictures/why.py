"""Why each list has its seats: a square for every seat, and what was left over beside it.

Drawn from the steps of a count, for lists whose seats are filled in one district: whole quotas and remainders, or the
quotients at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sailau.counting import Outcome
from sailau.pictures.canvas import GRID, INK, PALE, Canvas
from sailau.pictures.chart import frame
from sailau.pictures.fonts import shortened, width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.rulebook import BadInput, Fault
from sailau.wording import say_whatif
from sailau.wording.pictures import caption, why_sentences

_SQUARE, _GAP = 0.115, 0.02
"""Inches of a square and between squares."""
_LINE, _HEAD = 0.17, 0.19
"""Inches of a line of squares, and of the line with a list's name."""
_AIR = 0.1
_MOST = 16
"""Lists that are drawn; those with fewest votes are added up."""
_STEPS = ("threshold", "quota", "whole", "remainders", "quotients")


def why(outcome: Outcome, language: str, size: float = WIDTH) -> Canvas:
    """Draw an outcome.

    Args:
        outcome: of a count.
        language: of all words.
        size: inches of the picture.

    Raises:
        BadInput: its lists are not filled in one district by quotas or quotients.
    """
    contest, steps = _steps(outcome)
    sheet = PictureFrame(
        outcome.election, outcome.law, language, caption(language, "why"), (say_whatif(outcome, language),),
        why_sentences(outcome, steps, language), width=size,
    )  # fmt: skip
    votes = outcome.contests[contest].votes
    order = sorted(votes, key=lambda option: -votes[option])
    shown, rest = order[:_MOST], order[_MOST:]
    columns = int((size - 2 * MARGIN - 0.1) / (_SQUARE + _GAP))
    seats = outcome.contests[contest].seats
    drawn = [_ListRow(sheet, steps, option, seats.get(option, 0), columns) for option in shown]
    heights = [_HEAD + _LINE * row.lines + _AIR for row in drawn]
    canvas, low = sheet.canvas(sum(heights) + (_HEAD if rest else 0))
    top = low + sum(heights) + (_HEAD if rest else 0)
    for row, height in zip(drawn, heights, strict=True):
        canvas.line([(MARGIN, top), (size - MARGIN, top)], GRID, 0.7)
        _list(canvas, top, row)
        top -= height
    if rest:
        total = sheet.words.number(sum(votes[option] for option in rest))
        canvas.write(MARGIN, top - 0.1, f"{sheet.say('others')}: {total}", LABEL_SIZE, PALE, at="middle")
    return canvas


class _ListRow:
    """One list: its figures in the steps."""

    def __init__(self, sheet: PictureFrame, steps: Mapping[str, Any], option: str, seats: int, columns: int) -> None:
        self.sheet, self.steps, self.option, self.seats, self.columns = sheet, steps, option, seats, columns

    def of(self, code: str) -> Any:
        """Return its row in a step, None where it has no part in it."""
        step = self.steps.get(code)
        return step.rows.get(self.option) if step is not None else None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.sheet.name(self.option)

    @property
    def whole(self) -> int:
        """Squares that are full: whole quotas, or seats by quotients."""
        row = self.of("whole")
        return self.seats if row is None else int(row.whole)

    @property
    def part(self) -> Fraction | None:
        """What of a quota is left, None where seats go by quotients."""
        row = self.of("whole")
        return None if row is None else row.remainder

    @property
    def under(self) -> str:
        """That it is under the bar, in words; empty where it takes part."""
        row = self.of("threshold")
        if row is None or row.passed:
            return ""
        return self.sheet.say("under-the-bar", share=self.sheet.words.share(row.share))

    @property
    def share(self) -> str:
        """Its share of the vote, empty where the law knows no bar."""
        row = self.of("threshold")
        if row is None:
            return ""
        return self.sheet.words.percent(Fraction(row.votes, self.steps["threshold"].base))

    @property
    def is_short(self) -> bool:
        """Whether its name, its share and that it is under the bar stand on one line."""
        texts = width(self.name, LABEL_SIZE, bold=True) + width(f"{self.under}{self.share}", LABEL_SIZE)
        return bool(self.under) and texts + 0.8 <= self.sheet.width - 2 * MARGIN

    @property
    def lines(self) -> int:
        """Lines under its name."""
        return 0 if self.is_short else -(-max(self.whole + (self.part is not None), 1) // self.columns)


def _steps(outcome: Outcome) -> tuple[str, dict[str, Any]]:
    """Return the paper whose lists are filled in the whole, and its steps by code."""
    found: dict[str, dict[str, Any]] = {}
    for step in outcome.steps:
        if step.code in _STEPS and not step.unit:
            found.setdefault(step.contest, {})[step.code] = step
    for contest, steps in found.items():
        if "quotients" in steps or {"quota", "whole"} <= set(steps):
            return contest, steps
    expected = "lists that share the seats of one district by quotas or quotients; chamber=FILE draws any result"
    raise BadInput([Fault("--plot why", 0, "", f"no such lists in {outcome.election.name}", expected)])


def _list(canvas: Canvas, top: float, row: _ListRow) -> None:
    """Write a list's name, share and seats; under them its squares."""
    sheet, middle, right = row.sheet, top - 0.15, row.sheet.width - MARGIN
    seats = sheet.words.number(row.seats) if row.seats else ""
    canvas.write(right, middle, seats, LABEL_SIZE + 1.5, anchor="end", at="middle", bold=True)
    edge = right - max(width(seats, LABEL_SIZE + 1.5, bold=True), 0.2) - 0.12
    canvas.write(edge, middle, row.share, LABEL_SIZE, PALE, anchor="end", at="middle")
    room = edge - width(row.share, LABEL_SIZE) - 0.15 - MARGIN
    name = shortened(row.name, room, LABEL_SIZE, bold=True)
    canvas.write(MARGIN, middle, name, LABEL_SIZE, at="middle", bold=True)
    line = top - _HEAD - _LINE / 2 - 0.04
    if row.under:
        place = (MARGIN + width(name, LABEL_SIZE, bold=True) + 0.15, middle) if row.is_short else (MARGIN, line)
        canvas.write(
            *place, shortened(row.under, sheet.width - MARGIN - place[0], LABEL_SIZE), LABEL_SIZE, PALE, at="middle"
        )
        return
    color = sheet.color(row.option)
    for number in range(row.whole):
        _square(canvas, _place(row, number, line), color)
    if row.part is not None:
        _left_over(canvas, row, line, color)


def _place(row: _ListRow, number: int, line: float) -> tuple[float, float]:
    down, across = divmod(number, row.columns)
    return MARGIN + across * (_SQUARE + _GAP), line - down * _LINE


def _square(canvas: Canvas, place: tuple[float, float], color: str, part: Fraction = Fraction(1)) -> None:
    x, y = place
    bottom = y - _SQUARE / 2
    canvas.bar(x, bottom, x + _SQUARE, bottom + _SQUARE * float(part), color)


def _left_over(canvas: Canvas, row: _ListRow, line: float, color: str) -> None:
    """Draw the part of a quota that is left, outlined where it wins one of the seats that remain."""
    assert row.part is not None
    sheet = row.sheet
    place = _place(row, row.whole, line)
    ranked = row.of("remainders")
    gained = ranked is not None and bool(ranked.gained)
    _square(canvas, place, color, row.part)
    frame(canvas, (place[0], place[1] - _SQUARE / 2), _SQUARE, INK if gained else PALE, 1.3 if gained else 0.6)
    said = sheet.words.decimal(row.part, 3)
    text = sheet.say("one-more", part=said) if gained else said
    wide = width(text, LABEL_SIZE - 1)
    beside = place[0] + _SQUARE + 0.06
    if beside + wide <= sheet.width - MARGIN:
        canvas.write(beside, place[1], text, LABEL_SIZE - 1, INK if gained else PALE, at="middle")
