"""How much of a rule book was read in the text: provisions by confidence, editions read, the oldest reading."""

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
        oldest: the oldest edition among them, None where none is named.
        newest: the newest one.
    """

    law: str
    provisions: int
    by_confidence: Mapping[str, int]
    edition: int
    oldest: date | None
    newest: date | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        from sailau import answers

        return answers.told(answers.Covered, self)


def coverage(book: Book) -> Coverage:
    """Count the provisions of a book by how sure they are and by the edition read."""
    body = book.own["body"]["id"]
    cited = [table for key, tables in book.data.items() if key not in _OUTSIDE for table in _cited(tables, body)]
    held = Counter(table.get("confidence", "statute") for table in cited)
    read = [table["read"] for table in cited if "read" in table]
    by_confidence = {name: held[name] for name in get_args(Confidence)}
    return Coverage(body, len(cited), by_confidence, len(read), min(read, default=None), max(read, default=None))


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
