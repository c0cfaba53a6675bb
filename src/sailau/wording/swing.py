"""Two elections side by side, as tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.rulebook.sheet import Table
from sailau.wording.language import Words, words

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.counting.swing import ContestSwing


def swing_tables(swings: Sequence[ContestSwing], before: Outcome, after: Outcome, language: str) -> list[Table]:
    """Return a table per ballot paper: shares, swing in percentage points, seats; turnout and volatility above it."""
    said = words(language)
    sheets = []
    for swing in swings:
        rows = [
            [
                _name(row.option, before, after, language),
                _share(row.share_before, said),
                _share(row.share_after, said),
                _points(row.swing, said),
                _seats(row.seats_before),
                _seats(row.seats_after),
            ]
            for row in swing.rows
        ]
        days = (str(before.law.day), str(after.law.day))
        columns = ["", days[0], days[1], said.say("swing"), *(f"{said.say('seats')} {day}" for day in days)]
        sheets.append(Table(_title(swing, said), columns, rows))
    return sheets


def _title(swing: ContestSwing, said: Words) -> str:
    parts = [swing.contest]
    if any(t is not None for t in swing.turnout):
        shown = " → ".join(_share(t, said) for t in swing.turnout)
        parts.append(said.say("turnout {shares}", shares=shown))
    if swing.pedersen is not None:
        parts.append(said.say("votes that moved (Pedersen index) {share}", share=said.percent(swing.pedersen)))
    return "; ".join(parts)


def _name(option: str, before: Outcome, after: Outcome, language: str) -> str:
    name = after.election.name_of(option, language)
    return name if name != option else before.election.name_of(option, language)


def _share(value: Fraction | None, said: Words) -> str:
    return "–" if value is None else said.percent(value)


def _points(value: Fraction | None, said: Words) -> str:
    if value is None:
        return "–"
    text = said.decimal(value * 100, 2)
    return f"+{text}" if value > 0 else text


def _seats(value: int | None) -> str:
    return "–" if value is None else str(value)
