"""Two elections side by side, as tables."""

from __future__ import annotations

from collections.abc import Sequence
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
        sheets.append(_participation(swing, days, said))
    return [sheet for sheet in sheets if sheet.rows]


def _participation(swing: ContestSwing, days: Sequence[str], said: Words) -> Table:
    """Return who took part in both elections; lines that are unknown in both are left out."""
    old, new = swing.turnout
    moved = None if old.share is None or new.share is None else new.share - old.share
    measured = said.say("ballots issued" if "issued" in (old.measure, new.measure) else "ballots cast")
    rows = [
        (
            said.say("turnout"),
            document.share(said, old.share, "–"),
            document.share(said, new.share, "–"),
            document.points(said, moved, "–"),
        )
    ]
    figures = ((said.say("voters on the lists"), old.registered, new.registered), (measured, old.ballots, new.ballots))
    for name, before, after in (*figures, (said.say("invalid ballots"), old.invalid, new.invalid)):
        change = None if before is None or after is None else after - before
        rows.append(
            (
                name,
                document.count(said, before, "–"),
                document.count(said, after, "–"),
                Cell("–" if change is None else f"{'+' if change > 0 else ''}{said.number(change)}", "count", change),
            )
        )
    known = tuple((document.name(name), *cells) for name, *cells in rows if any(c.value is not None for c in cells))
    columns = (Column("", "name"), *(Column(day, "count") for day in days), Column(said.say("change"), "count"))
    return Table(said.say("Who took part"), columns, known)


def _title(swing: ContestSwing, before: Outcome, after: Outcome, said: Words) -> str:
    law = after.law if swing.contest in after.contests else before.law
    parts = [contest_title(law, swing.contest, said)]
    if swing.pedersen is not None:
        parts.append(said.say("votes that moved (Pedersen index) {share}", share=said.percent(swing.pedersen)))
    return "; ".join(parts)


def _name(option: str, before: Outcome, after: Outcome, language: str) -> Cell:
    election = after.election if after.election.name_of(option, language) != option else before.election
    said = words(language)
    return document.name(option_name(election, option, said), option_short(election, option, said))
