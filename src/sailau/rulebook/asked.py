"""A law as somebody asks for it: `LAW@DAY`, by its id, a name or the path of a rule book; without a day its latest version."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sailau.rulebook.book import Book, books, load, names
from sailau.rulebook.faults import BadInput, Fault

if TYPE_CHECKING:
    from sailau.rulebook.schema import Law

FIRST_YEAR, LAST_YEAR = 1800, 2999
"""Years of elections: deadlines are counted from a day, and must be days themselves."""


def read_day(text: str, field: str = "day") -> date:
    """Read a day as somebody wrote it.

    Raises:
        BadInput: it is none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput([Fault(field, 0, "", f"“{text}”", "a day such as 2023-03-19")]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput([Fault(field, 0, "", f"“{text}”", f"a day of the years {FIRST_YEAR} to {LAST_YEAR}")])
    return day


def book_asked(name: str) -> tuple[Book, date | None]:
    """Read the book of `LAW` or `LAW@DAY`, and the day where one is said.

    Raises:
        BadInput: no such law, or no such day.
    """
    law, at, day = name.rpartition("@")
    if not at or day.endswith(".toml"):
        return _book(name), None
    return _book(law), read_day(day)


def _book(name: str) -> Book:
    """Read the book of a law by its id or path, else by any of its names."""
    is_id = name.endswith(".toml") or name in books()
    return load(name if is_id else names().find(name) or name)


def law_asked(name: str, day: date | None = None) -> Law:
    """Return a law by `LAW@DAY`; without a day in it, as it stood on another day, or in its latest version.

    Raises:
        BadInput: no such law, no such day, a faulty book, or a day that the law does not govern.
    """
    book, said = book_asked(name)
    return book.on(said or day or latest(book))


def latest(book: Book) -> date:
    """Return a day in the latest version of a law."""
    since, _ = book.span
    first: date = since if since != date.min else date(2000, 1, 1)
    return max([*book.days, first])
