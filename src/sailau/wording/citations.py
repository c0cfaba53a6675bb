"""Citations as people read them: “Elections Law art. 97-1(1)” from “EL 97-1(1)”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sailau.rulebook.citation import Citation, CitedPlace, citations
from sailau.wording.language import Words, counted, marked, text_in, words

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.schema import Source

_NUMBERS = {
    "article": counted("art. {numbers}", "art. {numbers}"),
    "section": counted("§ {numbers}", "§ {numbers}"),
    "step": counted("step {numbers}", "steps {numbers}"),
}


_WORDS = (
    marked("calendar of the commission"),
    marked("chart of the election"),
    marked("release of"),
    marked("quoting"),
    marked("Annex"),
)
"""What books write of a place beside numbers and days."""
_NAMES_OF_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = rf"\b\d{{1,2}} (?:{_NAMES_OF_MONTHS}) \d{{4}}\b"
_MONTH = rf"\b({_NAMES_OF_MONTHS}) (\d{{4}})\b"


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
        cited = citations(text, self._keys)
        before = ["", *(c.source for c in cited)]
        return "; ".join(self._one(c, named=c.source != b, amending=True) for c, b in zip(cited, before, strict=False))

    def brief(self, text: str) -> str:
        """Return a citation for a column: a law named before goes unnamed, amending laws are left out."""
        parts = []
        for citation in citations(text, self._keys):
            parts.append(self._one(citation, named=citation.source != self._last, amending=False))
            self._last = citation.source or self._last
        return "; ".join(filter(None, parts))

    def begin(self) -> None:
        """Name laws again: a new section begins."""
        self._last = ""

    def _one(self, citation: Citation, *, named: bool, amending: bool) -> str:
        source = self._sources.get(citation.source)
        if source is None:
            return ", ".join(place.text for place in citation.places)
        numbers = [place.text for place in citation.articles]
        said = []
        if numbers:
            several = len(numbers) > 1 or (source.numbers == "step" and "-" in numbers[0])
            said.append(self._words.plural(*_NUMBERS[source.numbers], 2 if several else 1, numbers=", ".join(numbers)))
        said += [
            self._other(place)
            for place in citation.places
            if place.kind != "article" and (amending or not _amends(place))
        ]
        where = ", ".join(said)
        if not named and where:
            return where
        name = source_name(source, citation.source, self._words)
        return self._words.say("{law} {place}", law=name, place=where) if where else name

    def _other(self, place: CitedPlace) -> str:
        say = self._words.say
        if place.kind == "chapter":
            return say("ch. {numbers}", numbers=place.text)
        if place.kind == "law":
            return say("Law {number}", number=place.text)
        if place.day is not None:
            return say("Law of {day}", day=self._words.day(place.day))
        return self._in_words(place.text)

    def _in_words(self, text: str) -> str:
        """Return a place that is no number: its days and the few words that books use, in the language."""
        for english in _WORDS:
            text = text.replace(english, self._words.say(english))
        text = re.sub(rf"\b(\d[\w-]*) of ({_DAY})", self._of_day, text)
        text = re.sub(_DAY, lambda day: self._day(day.group()), text)
        return re.sub(_MONTH, lambda m: f"{self._words.month(_month(m[1]))} {m[2]}", text)

    def _of_day(self, act: re.Match[str]) -> str:
        return self._words.say("{number} of {day}", number=act[1], day=self._day(act[2]))

    def _day(self, text: str) -> str:
        return self._words.day(datetime.strptime(text, "%d %B %Y").date())


def _month(name: str) -> int:
    return datetime.strptime(name, "%B").month


def _amends(place: CitedPlace) -> bool:
    return place.kind == "law"


def source_name(source: Source, key: str, said: Words) -> str:
    """Return the short name of a law, else its title."""
    return text_in(source.short or source.title, said.language, key)
