"""Two elections side by side: who gained and who lost, in points of the vote and in seats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sailau.counting import Outcome
from sailau.parliament.swing import ContestSwing, SwingRow
from sailau.pictures.canvas import EDGE, INK, PALE, Canvas
from sailau.pictures.colors import dark
from sailau.pictures.fonts import shortened, width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.rulebook import BadInput, Fault
from sailau.wording.language import text_in
from sailau.wording.pictures import caption, change_sentences

_ROW = 0.25
_MOST = 14
"""Lists that are drawn."""
_LEAST = Fraction(1, 200)


@dataclass(frozen=True)
class TwoElections:
    """A ballot paper in two elections, with the outcomes it is from."""

    before: Outcome
    after: Outcome
    swing: ContestSwing


def change(shown: TwoElections, language: str, size: float = WIDTH) -> Canvas:
    """Draw a change.

    Args:
        shown: of `sailau diff`.
        language: of all words.
        size: inches of the picture.

    Raises:
        BadInput: the two elections have no votes or no list in common.
    """
    rows = [r for r in shown.swing.rows if r.share_before is not None or r.share_after is not None]
    rows = [
        r for r in rows if max(r.share_before or 0, r.share_after or 0) >= _LEAST or r.seats_before or r.seats_after
    ]
    if not any(r.swing is not None for r in rows):
        found = "no list that stood in both elections with known votes"
        raise BadInput([Fault("--plot", 0, "", found, "two elections of one body; --same OLD=NEW for a list renamed")])
    sheet = _sheet(shown, language, size)
    rows = sorted(rows, key=_order)[:_MOST]
    canvas, low = sheet.canvas(_ROW * (len(rows) + 1))
    sheets = [
        sheet if r.option in sheet.election.parties else replace(sheet, election=shown.before.election) for r in rows
    ]
    _table(sheets, canvas, low + _ROW * (len(rows) + 1), rows)
    return canvas


def _sheet(shown: TwoElections, language: str, size: float) -> PictureFrame:
    old = text_in(shown.before.election.titles, language, shown.before.election.name)
    said = (
        caption(language, "compared-with", case=old),
        *change_sentences([t.share for t in shown.swing.turnout], language),
    )
    return PictureFrame(shown.after.election, shown.after.law, language, caption(language, "change"), said, width=size)


def _order(row: SwingRow) -> Fraction:
    """Gains first; a list that stood once changes by all it has."""
    return (row.share_before or Fraction(0)) - (row.share_after or Fraction(0))


def _table(sheets: list[PictureFrame], canvas: Canvas, top: float, rows: list[SwingRow]) -> None:
    """Draw the lists; `sheets` give each the names and colours of an election in which it stood."""
    sheet = sheets[0]
    name_room = max(width(s.name(row.option), LABEL_SIZE) for s, row in zip(sheets, rows, strict=True))
    name_room = min(name_room, sheet.width * 0.34)
    seats = [_seats(sheet, row) for row in rows]
    head = sheet.say("number-of-seats")
    seats_room = max(width(text, LABEL_SIZE) for text in (head, *seats))
    left, right = MARGIN + name_room + 0.12, sheet.width - MARGIN - seats_room - 0.15
    moves = [-_order(row) * 100 for row in rows]
    labels = [_move(sheet, row, moved) for row, moved in zip(rows, moves, strict=True)]
    if max(width(text, LABEL_SIZE) for text in labels) > (right - left) / 3:
        labels = [_points(sheet, moved) for moved in moves]
    gains = max([float(m) for m in moves if m > 0], default=0.0)
    losses = max([-float(m) for m in moves if m < 0], default=0.0)
    room_left = max([width(t, LABEL_SIZE) for t, m in zip(labels, moves, strict=True) if m < 0], default=0.0) + 0.06
    room_right = max([width(t, LABEL_SIZE) for t, m in zip(labels, moves, strict=True) if m >= 0], default=0.0) + 0.06
    scale = max(right - left - room_left - room_right, 0.3) / max(gains + losses, 0.1)
    zero = left + room_left + losses * scale
    middle = top - _ROW / 2
    heading = shortened(sheet.say("points"), sheet.width - 2 * MARGIN - seats_room - 0.1, LABEL_SIZE)
    canvas.write(MARGIN, middle, heading, LABEL_SIZE, PALE, at="middle")
    canvas.write(sheet.width - MARGIN, middle, head, LABEL_SIZE, PALE, anchor="end", at="middle")
    canvas.line([(zero, top - _ROW), (zero, top - _ROW * (len(rows) + 1))], EDGE, 0.8)
    for number, (sheet, row, moved, label) in enumerate(zip(sheets, rows, moves, labels, strict=True)):
        middle = top - _ROW * (number + 1.5)
        end = zero + float(moved) * scale
        canvas.write(MARGIN, middle, sheet.fitting(row.option, name_room), LABEL_SIZE, at="middle")
        canvas.bar(min(zero, end), middle - 0.07, max(zero, end), middle + 0.07, sheet.color(row.option))
        beside, anchor = (end - 0.05, "end") if moved < 0 else (end + 0.05, "start")
        color = dark(sheet.color(row.option)) if row.swing is not None else PALE
        canvas.write(beside, middle, label, LABEL_SIZE, color, anchor=anchor, at="middle")  # type: ignore[arg-type]
        canvas.write(
            sheet.width - MARGIN, middle, seats[number], LABEL_SIZE, INK, anchor="end", at="middle", bold=False
        )


def _move(sheet: PictureFrame, row: SwingRow, moved: Fraction) -> str:
    """Return the change in points with its sign; where a list stood only once, that it is new or gone."""
    shown = _points(sheet, moved)
    if row.share_before is None:
        return sheet.say("new", share=shown)
    return sheet.say("gone", share=shown) if row.share_after is None else shown


def _points(sheet: PictureFrame, moved: Fraction) -> str:
    said = sheet.words.decimal(moved, 1)
    return f"+{said}" if moved > 0 else said


def _seats(sheet: PictureFrame, row: SwingRow) -> str:
    before, after = ("–" if n is None else sheet.words.number(n) for n in (row.seats_before, row.seats_after))
    return f"{before} → {after}"
