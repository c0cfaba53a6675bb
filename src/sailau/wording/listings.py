"""What is shipped as tables: laws with the days between which they hold, elections with theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sailau.wording import document
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import text_in, words

if TYPE_CHECKING:
    from sailau.election import Election
    from sailau.rulebook import Book


def laws_sheet(books: Iterable[Book], language: str = "en") -> Table:
    """Return laws by id, with the polling days that they govern and what is elected by them.

    Args:
        books: the rule books.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    rows = []
    for book in books:
        since, until = book.span
        first = None if since == date.min else since
        name = text_in(book.own["body"]["name"], language, book.id)
        days = (document.day(said, first), document.day(said, until))
        rows.append((Cell(book.id, "name"), *days, document.name(name)))
    heads = (said.say("law"), said.say("votes from"), said.say("votes before"), said.say("what is elected"))
    return Table("", document.heads(tuple(zip(heads, ("name", "date", "date", "name"), strict=True))), tuple(rows))


def cases_sheet(elections: Iterable[Election], language: str = "en") -> Table:
    """Return elections by name, with day, law and title.

    Args:
        elections: as they were read.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    rows = [
        (
            Cell(election.name, "name"),
            document.day(said, election.day),
            Cell(election.law, "name"),
            document.name(text_in(election.titles, language, election.name)),
        )
        for election in elections
    ]
    columns = (
        Column(said.say("election"), "name"),
        Column(said.say("polling day"), "date"),
        Column(said.say("law"), "name"),
        Column(said.say("title"), "name"),
    )
    return Table("", columns, tuple(rows))
