"""Citations as values: the source, the places in it, and the laws that changed them.

A book writes them short: `EL 97-1(1), 43(5), Law 41-VII; PL 4(4)` names two articles of one source as Law 41-VII has them,
and one of another. The first word is a key of the book's `[sources]`; what follows a `;` and begins with a number or a small
letter is further said of the same source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from sailau.rulebook.faults import Fault

if TYPE_CHECKING:
    from sailau.rulebook.book import Book
    from sailau.rulebook.schema import Source

_ARTICLE = re.compile(r"\d[\d.]*(?:-\d+)?(?:[a-z]| bis| ter| quater)?(?=$|[(-]| to )")
_NUMBERED = re.compile(r"Law (\d.*)")
_DATED = re.compile(r"Law of (\d{1,2} [A-Z][a-z]+ \d{4})")
_CHAPTER = "ch. "


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """One place in a source.

    Attributes:
        kind: an article (section, step) of it, a chapter, the number or the day of a law that changed it, or words.
        text: as the book writes it, without what says its kind: `97-1(1)`, `13-2`, `41-VII`.
        article: of an article its number, `97-1`.
        part: what of it, `(1)`.
        day: of a law that is named by its day.
    """

    kind: Literal["article", "chapter", "law", "dated-law", "words"]
    text: str
    article: str = ""
    part: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One source and the places in it.

    Attributes:
        source: key of the rule book's sources; empty for a text that names none.
        places: in the order of the book.
    """

    source: str
    places: tuple[CitedPlace, ...]

    @property
    def articles(self) -> tuple[CitedPlace, ...]:
        """Articles that are cited."""
        return tuple(place for place in self.places if place.kind == "article")

    @property
    def changed_by(self) -> tuple[str, ...]:
        """Laws that changed them, by number or day."""
        return tuple(place.text for place in self.places if place.kind in ("law", "dated-law"))

    def links(self, sources: Mapping[str, Source]) -> tuple[str, ...]:
        """Return where each article can be read, if the source has anchors for them."""
        source = sources.get(self.source)
        if source is None or not source.anchor:
            return ()
        return tuple(dict.fromkeys(source.url + source.anchor.replace("{article}", p.article) for p in self.articles))


@lru_cache(maxsize=4096)
def citations(text: str, keys: frozenset[str]) -> tuple[Citation, ...]:
    """Parse what a book cites.

    Args:
        text: as it stands in the book.
        keys: of the book's sources.

    Returns:
        One citation for each source, in order; a part that names no source has none.
    """
    parsed: list[Citation] = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        first, _, rest = part.partition(" ")
        source = first.rstrip(",")
        if source in keys:
            parsed.append(Citation(source, _places(rest)))
        elif parsed and not part[0].isupper():
            parsed.append(Citation(parsed[-1].source, _places(part)))
        else:
            parsed.append(Citation("", (CitedPlace("words", part),)))
    return tuple(parsed)


def _places(text: str) -> tuple[CitedPlace, ...]:
    return tuple(_place(part) for p in text.split(",") if (part := p.strip()))


def _place(text: str) -> CitedPlace:
    if match := _ARTICLE.match(text):
        return CitedPlace("article", text, match[0], text[match.end() :].strip())
    if text.startswith(_CHAPTER):
        return CitedPlace("chapter", text.removeprefix(_CHAPTER))
    if match := _NUMBERED.fullmatch(text):
        return CitedPlace("law", match[1])
    if match := _DATED.fullmatch(text):
        return CitedPlace("dated-law", match[1], day=datetime.strptime(match[1], "%d %B %Y").date())
    return CitedPlace("words", text)


def unknown_sources(book: Book) -> Iterator[Fault]:
    """Yield a fault for every citation of a book that names a source which it does not have, each once."""
    keys = frozenset(book.sources)
    for text in dict.fromkeys(_cited({key: table for key, table in book.data.items() if key != "sources"})):
        unknown = next((c.places[0].text for c in citations(text, keys) if not c.source), None)
        if unknown is not None:
            file, line = _written(book, text)
            yield Fault(
                file, line, "cite", f"“{unknown}”", _expected(unknown.partition(" ")[0].rstrip(","), sorted(keys))
            )


def _expected(name: str, keys: list[str]) -> str:
    if not keys:
        return "a table [sources.KEY] that it begins with"
    near = get_close_matches(name, keys, 1)
    return f"a key of [sources] first, {f'such as {near[0]}' if near else 'one of ' + ', '.join(keys)}"


def _cited(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "cite" and isinstance(value, str):
                yield value
            else:
                yield from _cited(value)
    elif isinstance(node, list):
        for value in node:
            yield from _cited(value)


def _written(book: Book, cite: str) -> tuple[str, int]:
    """Return (file, line) of the first citation with a text."""
    pattern = re.compile(rf"\bcite\s*=\s*[\"']{re.escape(cite)}[\"']")
    for name, text in book.parts.items():
        if match := pattern.search(text):
            return name, text.count("\n", 0, match.start()) + 1
    return book.path.name, 0
