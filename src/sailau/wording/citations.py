"""Citations as people read them: “Elections Law art. 97-1(1)” from “EL 97-1(1)”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sailau.wording.language import Words, counted, text_in, words

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.schema import Source

_NUMBERS = {
    "article": counted("art. {numbers}", "art. {numbers}"),
    "section": counted("§ {numbers}", "§ {numbers}"),
    "step": counted("step {numbers}", "steps {numbers}"),
}
_LAW, _CHAPTER = "Law ", "ch. "
_DATED = re.compile(r"Law of (\d{1,2} [A-Z][a-z]+ \d{4})")


@dataclass(frozen=True, slots=True)
class Reference:
    """One source and the places in it.

    Attributes:
        source: key of the rule book's sources; empty for a text that names none.
        places: as the rule book writes them.
    """

    source: str
    places: tuple[str, ...]


@lru_cache(maxsize=4096)
def references(cite: str, keys: frozenset[str]) -> tuple[Reference, ...]:
    """Split a citation into its sources: `EL 97-1(1), 43(5); PL 4(4)` names two."""
    found: list[Reference] = []
    for part in filter(None, (p.strip() for p in cite.split(";"))):
        first, _, rest = part.partition(" ")
        if first.rstrip(",") in keys:
            found.append(Reference(first.rstrip(","), _places(rest)))
        elif found and part[0].isdigit():
            found.append(Reference(found[-1].source, _places(part)))
        else:
            found.append(Reference("", (part,)))
    return tuple(found)


def _places(text: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in text.split(",") if p.strip())


def cite(law: Law, text: str, language: str = "en") -> str:
    """Return a citation in a language, with the names of laws in place of their keys.

    Args:
        law: whose sources the citation names.
        text: as it stands in the rule book, `EL 97-1(1), 43(5), Law 41-VII`.
        language: `en`, `kk` or `ru`.
    """
    return Citer(law, words(language)).full(text)


class Citer:
    """Writes citations one after another; a law that was just named is not named again."""

    def __init__(self, law: Law, said: Words) -> None:
        self._sources: Mapping[str, Source] = law.sources
        self._keys = frozenset(law.sources)
        self._words = said
        self._last = ""

    def full(self, text: str) -> str:
        """Return a citation with every law named, amending laws included."""
        found = references(text, self._keys)
        before = ["", *(r.source for r in found)]
        return "; ".join(self._one(r, named=r.source != b, amending=True) for r, b in zip(found, before, strict=False))

    def brief(self, text: str) -> str:
        """Return a citation for a column: a law named before goes unnamed, amending laws are left out."""
        parts = []
        for reference in references(text, self._keys):
            parts.append(self._one(reference, named=reference.source != self._last, amending=False))
            self._last = reference.source or self._last
        return "; ".join(filter(None, parts))

    def begin(self) -> None:
        """Name laws again: a new section begins."""
        self._last = ""

    def _one(self, reference: Reference, *, named: bool, amending: bool) -> str:
        source = self._sources.get(reference.source)
        if source is None:
            return ", ".join(reference.places)
        say = self._words.say
        numbers = [p for p in reference.places if p[0].isdigit()]
        others = [p for p in reference.places if not p[0].isdigit() and (amending or not p.startswith(_LAW))]
        said = []
        if numbers:
            several = len(numbers) > 1 or (source.numbers == "step" and "-" in numbers[0])
            said.append(self._words.plural(*_NUMBERS[source.numbers], 2 if several else 1, numbers=", ".join(numbers)))
        for place in others:
            if place.startswith(_CHAPTER):
                said.append(say("ch. {numbers}", numbers=place.removeprefix(_CHAPTER)))
            elif place.startswith(_LAW) and place.removeprefix(_LAW)[:1].isdigit():
                said.append(say("Law {number}", number=place.removeprefix(_LAW)))
            elif dated := _DATED.fullmatch(place):
                day = datetime.strptime(dated[1], "%d %B %Y").date()
                said.append(say("Law of {day}", day=self._words.day(day)))
            else:
                said.append(place)
        where = ", ".join(said)
        if not named and where:
            return where
        name = source_name(source, reference.source, self._words)
        return say("{law} {place}", law=name, place=where) if where else name


def source_name(source: Source, key: str, said: Words) -> str:
    """Return the short name of a law, else its title."""
    return text_in(source.short or source.title, said.language, key)
