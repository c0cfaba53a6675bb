"""The result of an election: the chamber as a half circle of seats, and what every list or candidate got of the vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin

from sailau.counting import Outcome
from sailau.counting.outcome import ContestOutcome
from sailau.pictures.canvas import EDGE, INK, PALE, Canvas
from sailau.pictures.fonts import POINTS, shortened, width
from sailau.pictures.sheet import LABEL_SIZE, MARGIN, WIDTH, Sheet
from sailau.wording import say_status, say_whatif
from sailau.wording.pictures import caption

RADIUS = 2.45
"""Inches of the half circle's outer edge."""
_INNER = 0.42
"""Part of the radius that stays empty."""
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


def result(outcome: Outcome, language: str) -> Canvas:
    """Draw an outcome.

    Args:
        outcome: of a count.
        language: of all words.
    """
    total = sum(outcome.seats.values())
    vacant = sum(question.seats for question in outcome.undetermined)
    has_chamber = total + vacant > 1
    lines, base = _lines(outcome)
    title = caption(language, "chamber" if has_chamber else "result")
    changed, status = say_whatif(outcome, language), say_status(outcome, language)
    sheet = Sheet(outcome.election, outcome.law, language, title, (changed,), (status,))
    table = _ROW * (len(lines) + 1)
    canvas, low = sheet.canvas(table + (RADIUS + 0.35 if has_chamber else 0))
    if has_chamber:
        _half_circle(sheet, canvas, low + table + 0.2, {**_ordered(outcome.seats), _OPEN: vacant})
    _table(sheet, canvas, low + table, lines, base)
    return canvas


def _ordered(seats: Mapping[str, int]) -> dict[str, int]:
    """Return seats, the largest first; equals in the order of the case."""
    return {name: seats[name] for name in sorted(seats, key=lambda name: -seats[name]) if seats[name]}


# ---------------------------------------------------------------------- seats


def _half_circle(sheet: Sheet, canvas: Canvas, bottom: float, seats: Mapping[str, int]) -> None:
    """Draw every seat as a dot, parties from the left; seats that are open are rings at the end."""
    total = sum(seats.values())
    places, radius = seat_places(total)
    owners = [name for name, number in seats.items() for _ in range(number)]
    for (x, y), owner in zip(places, owners, strict=True):
        color = PALE if owner == _OPEN else sheet.color(owner)
        canvas.dot(WIDTH / 2 + x, bottom + y, radius, color, hollow=owner == _OPEN)
    canvas.write(WIDTH / 2, bottom + 0.32, sheet.words.number(total), 22, INK, anchor="middle", bold=True)
    needed = sheet.say("majority-at", seats=sheet.words.number(total // 2 + 1))
    canvas.write(WIDTH / 2, bottom + 0.1, needed, LABEL_SIZE, EDGE, anchor="middle")


def seat_places(total: int) -> tuple[list[tuple[float, float]], float]:
    """Return where so many dots stand on a half circle around (0, 0), from left to right, and their radius."""
    rows = next(n for n in range(1, 100) if _capacity(n) >= total)
    apart = RADIUS * (1 - _INNER) / max(rows, 1)
    radii = [RADIUS - (row + 0.5) * apart for row in range(rows)]
    numbers = _shared(total, radii)
    dots = [
        (pi - pi * (place + 0.5) / number, radius)
        for number, radius in zip(numbers, radii, strict=True)
        for place in range(number)
    ]
    dots.sort(key=lambda dot: (-dot[0], dot[1]))
    closest = min([apart, *(pi * r / n for n, r in zip(numbers, radii, strict=True) if n)])
    return [(r * cos(angle), r * sin(angle)) for angle, r in dots], min(closest * 0.42, 0.16)


def _capacity(rows: int) -> int:
    """Return how many dots fit into so many rows with as much room along a row as between rows."""
    apart = RADIUS * (1 - _INNER) / rows
    return sum(int(pi * (RADIUS - (row + 0.5) * apart) / apart) for row in range(rows))


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


def _table(sheet: Sheet, canvas: Canvas, top: float, lines: list[_Line], base: int | None) -> None:
    """Write options with bars of their shares and their seats."""
    names = [sheet.name(line.option) if line.option else sheet.say("others") for line in lines]
    name_room = min(max((width(name, LABEL_SIZE) for name in names), default=0), WIDTH * 0.4)
    left, right = MARGIN + 0.22 + name_room + 0.15, WIDTH - MARGIN
    seats_head, votes_head = sheet.say("number-of-seats"), sheet.say("share-of-vote")
    seats_room = width(seats_head, LABEL_SIZE) + 0.15
    has_seats = any(line.seats for line in lines)
    bars_end = right - (seats_room if has_seats else 0) - 0.6
    middle = top - _ROW / 2
    if base:
        room = bars_end + 0.6 - left
        canvas.write(left, middle, shortened(votes_head, room, LABEL_SIZE), LABEL_SIZE, PALE, at="middle")
    if has_seats:
        canvas.write(right, middle, seats_head, LABEL_SIZE, PALE, anchor="end", at="middle")
    most = max((line.votes or 0 for line in lines), default=0) or 1
    for number, (line, name) in enumerate(zip(lines, names, strict=True)):
        middle = top - _ROW * (number + 1.5)
        color = sheet.color(line.option)
        canvas.bar(MARGIN, middle - 0.06, MARGIN + 0.12, middle + 0.06, color)
        canvas.write(MARGIN + 0.22, middle, shortened(name, name_room, LABEL_SIZE), LABEL_SIZE, at="middle")
        if base and line.votes is not None:
            end = left + max(line.votes / most * (bars_end - left), 0.5 / POINTS)
            canvas.bar(left, middle - 0.06, end, middle + 0.06, color)
            share = sheet.words.percent(Fraction(line.votes, base))
            canvas.write(end + 0.05, middle, share, LABEL_SIZE, at="middle")
        if has_seats and line.seats:
            seats = sheet.words.number(line.seats)
            canvas.write(right, middle, seats, LABEL_SIZE, anchor="end", at="middle", bold=True)
