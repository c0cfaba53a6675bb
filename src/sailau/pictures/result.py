"""The result of an election: the chamber as a half circle of seats, and what every list or candidate got of the vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin

from sailau.counting import Outcome
from sailau.counting.results import ContestOutcome
from sailau.pictures.canvas import EDGE, INK, PALE, Canvas
from sailau.pictures.fonts import POINTS, shortened, width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, PictureFrame
from sailau.wording import say_status, say_whatif
from sailau.wording.pictures import caption, turnout_sentence

_INNER = 0.42
"""Part of the radius that stays empty in a large chamber."""
_DOT, _CLOSE = 0.16, 0.42
"""Inches of the largest dot's radius; radius of a dot where dots are one inch apart."""
_HOLLOW = 0.6
"""Inches of the radius that stay empty in a small chamber."""
_ROW = 0.23
"""Inches of a line of the table below."""
_MOST = 14
"""Lines of the table; smaller options are added up in one more."""
_LEAST = Fraction(1, 200)
"""Share of the vote from which an option without seats has a line of its own."""
_OPEN = "open"


@dataclass(frozen=True)
class _Line:
    """A line of the table: an option, or what is left of all others (an empty name)."""

    option: str
    votes: int | None
    seats: int


def result(outcome: Outcome, language: str, width: float = WIDTH) -> Canvas:
    """Draw an outcome.

    Args:
        outcome: of a count.
        language: of all words.
        width: inches of the picture.
    """
    total = sum(outcome.seats.values())
    vacant = sum(question.seats for question in outcome.undetermined)
    has_chamber = total + vacant > 1
    lines, base = _lines(outcome)
    title = caption(language, "chamber" if has_chamber else "result")
    said = (turnout_sentence(outcome, language),)
    changed, status = say_whatif(outcome, language), say_status(outcome, language)
    sheet = PictureFrame(outcome.election, outcome.law, language, title, (changed, *said), (status,), width=width)
    table = _ROW * (len(lines) + 1)
    hall = hall_of(total + vacant, (width - 2 * MARGIN) / 2 - 0.06) if has_chamber else None
    canvas, low = sheet.canvas(table + (hall.radius + 0.35 if hall is not None else 0))
    if hall is not None:
        _half_circle(sheet, canvas, low + table + 0.2, hall, {**_ordered(outcome.seats), _OPEN: vacant})
    _table(sheet, canvas, low + table, lines, base)
    return canvas


def _ordered(seats: Mapping[str, int]) -> dict[str, int]:
    """Return seats, the largest first; equals in the order of the case."""
    return {name: seats[name] for name in sorted(seats, key=lambda name: -seats[name]) if seats[name]}


# ---------------------------------------------------------------------- seats


def _half_circle(sheet: PictureFrame, canvas: Canvas, bottom: float, hall: Hall, seats: Mapping[str, int]) -> None:
    """Draw every seat as a dot, parties from the left; seats that are open are rings at the end."""
    middle = sheet.width / 2
    total = sum(seats.values())
    owners = [name for name, number in seats.items() for _ in range(number)]
    for (x, y), owner in zip(hall.places, owners, strict=True):
        color = PALE if owner == _OPEN else sheet.color(owner)
        canvas.dot(middle + x, bottom + y, hall.dot, color, hollow=owner == _OPEN)
    canvas.write(middle, bottom + 0.32, sheet.words.number(total), 22, INK, anchor="middle", bold=True)
    needed = sheet.say("majority-at", seats=sheet.words.number(total // 2 + 1))
    canvas.write(middle, bottom + 0.1, needed, LABEL_SIZE, EDGE, anchor="middle")


@dataclass(frozen=True)
class Hall:
    """Where the dots of a chamber stand: from left to right around the middle of its floor, in inches."""

    places: list[tuple[float, float]]
    dot: float
    radius: float


def hall_of(total: int, room: float, *, is_wide: bool = False) -> Hall:
    """Lay a half circle of so many dots out, of at most `room` inches of radius.

    Args:
        total: seats, at least one.
        room: inches from the middle to the edge.
        is_wide: whether a small chamber takes all of the room, too.
    """
    rows = next(n for n in range(1, 1000) if _capacity(n, room) >= total)
    apart = room * (1 - _INNER) / rows
    if is_wide or apart < _DOT / _CLOSE:
        return _hall(total, room, rows, apart)
    apart = _DOT / _CLOSE
    radii = [(total * apart / pi + apart * n * n / 2) / n for n in range(1, rows + 1)]
    fitting = [(n, radius) for n, radius in enumerate(radii, 1) if radius - n * apart >= _HOLLOW and radius <= room]
    number, radius = fitting[-1] if fitting else (1, max(radii[0], _HOLLOW + apart))
    return _hall(total, min(radius, room), number, apart)


def _hall(total: int, radius: float, rows: int, apart: float) -> Hall:
    radii = [radius - (row + 0.5) * apart for row in range(rows)]
    numbers = _shared(total, radii)
    dots = [
        (pi - pi * (place + 0.5) / number, length)
        for number, length in zip(numbers, radii, strict=True)
        for place in range(number)
    ]
    dots.sort(key=lambda dot: (-dot[0], dot[1]))
    closest = min([apart, *(pi * r / n for n, r in zip(numbers, radii, strict=True) if n)])
    return Hall([(r * cos(angle), r * sin(angle)) for angle, r in dots], min(closest * _CLOSE, _DOT), radius)


def _capacity(rows: int, radius: float) -> int:
    """Return how many dots fit into so many rows with as much room along a row as between rows."""
    apart = radius * (1 - _INNER) / rows
    return sum(int(pi * (radius - (row + 0.5) * apart) / apart) for row in range(rows))


def _shared(total: int, radii: list[float]) -> list[int]:
    """Share dots among rows by their lengths, largest remainders first."""
    whole = sum(radii)
    exact = [total * radius / whole for radius in radii]
    numbers = [int(part) for part in exact]
    order = sorted(range(len(radii)), key=lambda row: numbers[row] - exact[row])
    for row in order[: total - sum(numbers)]:
        numbers[row] += 1
    return numbers


# ---------------------------------------------------------------------- votes


def _lines(outcome: Outcome) -> tuple[list[_Line], int | None]:
    """Return the lines of the table, and what shares are measured by where a ballot paper ranks options in the whole."""
    paper = _paper(outcome)
    if paper is None:
        return [_Line(name, None, number) for name, number in _ordered(outcome.seats).items()], None
    base = paper.base or sum(paper.votes.values())
    names = dict.fromkeys([*paper.votes, *outcome.seats])
    lines = [_Line(name, paper.votes.get(name), outcome.seats.get(name, 0)) for name in names]
    lines.sort(key=lambda line: (-line.seats, -(line.votes or 0)))
    shown = [ln for ln in lines if ln.seats or Fraction(ln.votes or 0, max(base, 1)) >= _LEAST][:_MOST]
    rest = [ln for ln in lines if ln not in shown and (ln.votes or ln.seats)]
    if rest:
        shown.append(_Line("", sum(ln.votes or 0 for ln in rest), sum(ln.seats for ln in rest)))
    return shown, base


def _paper(outcome: Outcome) -> ContestOutcome | None:
    """Return the ballot paper whose options are ranked in the whole: not one of persons in districts."""
    persons = set(outcome.election.candidates)
    papers = [
        c
        for c in outcome.contests.values()
        if any(c.votes.values()) and (len(c.districts) < 2 or not persons & set(c.votes))
    ]
    return max(papers, key=lambda c: sum(c.votes.values()), default=None)


def _table(sheet: PictureFrame, canvas: Canvas, top: float, lines: list[_Line], base: int | None) -> None:
    """Write options with bars of their shares and their seats."""
    most_room = sheet.width * 0.4
    names = [sheet.fitting(line.option, most_room) if line.option else sheet.say("others") for line in lines]
    name_room = min(max((width(name, LABEL_SIZE) for name in names), default=0), most_room)
    left, right = MARGIN + 0.22 + name_room + 0.15, sheet.width - MARGIN
    seats_head, votes_head = sheet.say("number-of-seats"), sheet.say("share-of-vote")
    seats_room = width(seats_head, LABEL_SIZE) + 0.15
    has_seats = any(line.seats for line in lines)
    bars_end = right - (seats_room if has_seats else 0) - 0.6
    middle = top - _ROW / 2
    if base:
        end = bars_end + 0.6
        head = shortened(votes_head, end - MARGIN, LABEL_SIZE)
        begin = min(left, end - width(head, LABEL_SIZE))
        canvas.write(begin, middle, head, LABEL_SIZE, PALE, at="middle")
    if has_seats:
        canvas.write(right, middle, seats_head, LABEL_SIZE, PALE, anchor="end", at="middle")
    most = max((line.votes or 0 for line in lines), default=0) or 1
    for number, (line, name) in enumerate(zip(lines, names, strict=True)):
        middle = top - _ROW * (number + 1.5)
        color = sheet.color(line.option)
        canvas.bar(MARGIN, middle - 0.06, MARGIN + 0.12, middle + 0.06, color)
        canvas.write(MARGIN + 0.22, middle, name, LABEL_SIZE, at="middle")
        if base and line.votes is not None:
            end = left + max(line.votes / most * (bars_end - left), 0.5 / POINTS)
            canvas.bar(left, middle - 0.06, end, middle + 0.06, color)
            share = sheet.words.percent(Fraction(line.votes, base))
            canvas.write(end + 0.05, middle, share, LABEL_SIZE, at="middle")
        if has_seats and line.seats:
            seats = sheet.words.number(line.seats)
            canvas.write(right, middle, seats, LABEL_SIZE, anchor="end", at="middle", bold=True)
