"""What `check` found, as tables: how many seats were compared, and every number that differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailau.wording import document
from sailau.wording.document import Block, Cell, Column, Note, Table
from sailau.wording.language import Words, marked, words
from sailau.wording.seats import contest_title
from sailau.wording.view import View

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.integrity.official import Check

_VERDICTS = {
    "agrees": marked("agrees"),
    "differs": marked("differs"),
    "nothing verified": marked("nothing verified"),
}


def say_checks(checks: Sequence[tuple[Check, Outcome]], skipped: Sequence[str], language: str = "en") -> list[Block]:
    """Return the screen of a check of several cases.

    Args:
        checks: what was found, with the outcome it was found in.
        skipped: cases without official seats.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    columns = (
        Column(said.say("case"), "name"),
        Column(said.say("official seats")),
        Column(said.say("counted from votes"), "seats"),
        Column(said.say("only declared"), "seats"),
    )
    rows = tuple(
        (
            document.name(check.case),
            Cell(said.say(_VERDICTS[check.verdict])),
            document.seats(said, check.counted),
            document.seats(said, check.declared),
        )
        for check, _ in checks
    )
    blocks: list[Block] = [Table("", columns, rows)] if rows else []
    blocks += [_differences(check, outcome, said) for check, outcome in checks if check.differences]
    if skipped:
        blocks.append(Note(said.say("Without official seats: {cases}.", cases=", ".join(skipped))))
    return blocks


def _differences(check: Check, outcome: Outcome, said: Words) -> Table:
    view = View(outcome, said)
    columns = (
        Column(said.say("contest")),
        Column(said.say("district")),
        Column(said.say("list or candidate"), "name"),
        Column(said.say("official"), "seats"),
        Column(said.say("counted"), "seats"),
    )
    rows = tuple(
        (
            Cell(contest_title(outcome.law, d.contest, said)),
            Cell(view.unit(d.unit) if d.unit else ""),
            document.name(view.name(d.option)),
            document.seats(said, d.official),
            document.seats(said, d.counted),
        )
        for d in check.differences
    )
    return Table(check.case, columns, rows)
