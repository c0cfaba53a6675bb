"""Two elections side by side, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.wording import document
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import Words, words
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name, option_short

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.parliament.swing import ContestSwing


def swing_tables(swings: Sequence[ContestSwing], before: Outcome, after: Outcome, language: str) -> list[Table]:
    """Return a table per ballot paper: shares, swing in percentage points, seats; turnout and volatility above it."""
    said = words(language)
    sheets = []
    for swing in swings:
        rows = tuple(
            (
                _name(row.option, before, after, language),
                document.share(said, row.share_before, "–"),
                document.share(said, row.share_after, "–"),
                document.points(said, row.swing, "–"),
                document.seats(said, row.seats_before, "–"),
                document.seats(said, row.seats_after, "–"),
            )
            for row in swing.rows
        )
        days = (said.day(before.law.day), said.day(after.law.day))
        columns = [
            Column("", "name"),
            *(Column(day, "share") for day in days),
            Column(said.say("swing"), "points"),
            *(Column(f"{said.say('seats')} {day}", "seats") for day in days),
        ]
        sheets.append(Table(_title(swing, before, after, said), tuple(columns), rows))
    return sheets


def _title(swing: ContestSwing, before: Outcome, after: Outcome, said: Words) -> str:
    law = after.law if swing.contest in after.contests else before.law
    parts = [contest_title(law, swing.contest, said)]
    if any(t is not None for t in swing.turnout):
        shown = " → ".join(_share(t, said) for t in swing.turnout)
        parts.append(said.say("turnout {shares}", shares=shown))
    if swing.pedersen is not None:
        parts.append(said.say("votes that moved (Pedersen index) {share}", share=said.percent(swing.pedersen)))
    return "; ".join(parts)


def _name(option: str, before: Outcome, after: Outcome, language: str) -> Cell:
    election = after.election if after.election.name_of(option, language) != option else before.election
    said = words(language)
    return document.name(option_name(election, option, said), option_short(election, option, said))


def _share(value: Fraction | None, said: Words) -> str:
    return "–" if value is None else said.percent(value)
