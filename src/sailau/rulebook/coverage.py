"""How much of a rule book was read in the text: provisions by confidence, editions read, the oldest reading.

A part that several books share holds versions that never govern one of them: a wage of 2005 says nothing about a body
that was first elected in 2026. Those are left out, so that the share is one of provisions that can be met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from sailau.rulebook.book import Book
from sailau.rulebook.provision import Confidence

_OUTSIDE = frozenset({"sources", "held", "station", "region"})
"""Tables of elections and places, which no article decrees."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The provisions of one rule book, all versions together.

    Attributes:
        law: id of the law.
        provisions: cited provisions, each version once.
        by_confidence: confidence → how many.
        edition: provisions that name the edition of the text in which they were read.
        bare: provisions that are said to be read in the law and name no edition.
        oldest: the oldest edition among them, None where none is named.
        newest: the newest one.
    """

    law: str
    provisions: int
    by_confidence: Mapping[str, int]
    edition: int
    bare: int
    oldest: date | None
    newest: date | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        from sailau import answers

        return answers.told(answers.Covered, self)


def coverage(book: Book) -> Coverage:
    """Count the provisions of a book by how sure they are and by the edition read."""
    body = book.own["body"]["id"]
    span = book.span
    cited = [
        table
        for key, tables in book.data.items()
        if key not in _OUTSIDE
        for table in _cited(_governing(tables, span), body)
    ]
    held = Counter(table.get("confidence", "statute") for table in cited)
    read = [table["read"] for table in cited if "read" in table]
    by_confidence = {name: held[name] for name in get_args(Confidence)}
    bare = sum(table.get("confidence", "statute") == "statute" and "read" not in table for table in cited)
    return Coverage(body, len(cited), by_confidence, len(read), bare, min(read, default=None), max(read, default=None))


def _governing(tables: Any, span: tuple[date, date | None]) -> Any:
    """Return the tables of a section without the versions that ended before a body began, or began after its end."""
    if not isinstance(tables, list):
        return tables
    first, last = span
    ends: dict[int, date] = {}
    following: dict[str, date] = {}
    for table in sorted(tables, key=_begin, reverse=True):
        name = "wage" if "since" in table else str(table.get("id", id(table)))
        ends[id(table)] = min(table.get("until", date.max), following.get(name, date.max))
        following[name] = _begin(table)
    return [t for t in tables if ends[id(t)] > first and (last is None or _begin(t) < last)]


def _begin(table: Mapping[str, Any]) -> date:
    """Return the day from which a version counts."""
    begin: date = table.get("from", table.get("since", date.min))
    return begin


def _cited(node: Any, body: str) -> Iterator[Mapping[str, Any]]:
    """Yield every table with a citation that concerns a body, those inside others too."""
    if isinstance(node, dict):
        if body not in node.get("bodies", [body]):
            return
        if node.get("cite"):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _cited(value, body)
