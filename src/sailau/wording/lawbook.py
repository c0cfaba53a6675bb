"""A law as a reader meets it: body, ballot papers, seats, further sections – each provision with its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sailau.wording.citations import cite
from sailau.wording.language import LANGUAGES, Words, capital, text_in, words
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import BODY, NONE, SECTIONS, block_name, show_value
from sailau.wording.provisions import ORDER, block_of, body, contest, say_block
from sailau.wording.seats import contest_title, tier_title

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.schema import Tier

MARKS = frozenset(
    {"cite", "from", "until", "in-force", "read", "confidence", "note", "id", "title", "contests", "bodies"}
)
"""Keys of a provision that say where it stands, not what it says."""


@dataclass(frozen=True, slots=True)
class Provided:
    """One provision in a language.

    Attributes:
        name: what it is called.
        text: what it says.
        cite: its article, laws named.
        since: first polling day that this version governs; empty where it has always stood so.
        confidence: how sure the rule book is.
        note: what is open about it, in English.
        path: where it stands in the rule book.
    """

    name: str
    text: str
    cite: str
    since: str = ""
    confidence: str = "statute"
    note: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a law: a heading and its provisions; ready to be shown as a table."""

    title: str
    columns: tuple[str, ...]
    provisions: tuple[Provided, ...]
    marks: Mapping[str, str]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """Name, sentence, article, since when; doubts stand with the sentence."""
        return [(p.name, self._text(p), p.cite, p.since) for p in self.provisions]

    def _text(self, provision: Provided) -> str:
        mark = self.marks.get(provision.confidence)
        return f"{provision.text} ({mark})" if mark else provision.text


def show_law(law: Law, language: str = "en", *, conduct: bool = False) -> list[Section]:
    """Return a law as readable sections: the body, every ballot paper, every kind of seats.

    Args:
        law: as it stands on a day.
        language: `en`, `kk` or `ru`.
        conduct: with the sections on the conduct of elections (conditions, calendar, money …).
    """
    said = words(language)
    columns = (said.say("provision"), said.say("what it says"), said.say("article"), said.say("since"))
    marks = {key: said.say(text) for key, text in CONFIDENCE.items()}
    parts = [(text_in(law.body.name, language, law.id), _body(law, said))]
    for held in law.contest:
        title = contest_title(law, held.id, said)
        provision = _provided(law, said, block_name("contest", said), contest(held, said), held, f"contest.{held.id}")
        parts.append((title, [provision]))
    parts += [(tier_title(law, tier.id, said), _tier(law, tier, said)) for tier in law.tier]
    if conduct:
        parts += [(said.say(name), _section(law, key, said)) for key, name in SECTIONS.items() if law.tables.get(key)]
    return [Section(capital(title), columns, tuple(held), marks) for title, held in parts if held]


def _body(law: Law, said: Words) -> list[Provided]:
    return [
        _provided(law, said, said.say(BODY[key]), text, rule, f"body.{key}") for key, text, rule in body(law.body, said)
    ]


def _tier(law: Law, tier: Tier, said: Words) -> list[Provided]:
    found = []
    for key in ORDER:
        text = say_block(tier, key, said)
        if text:
            rule = block_of(tier, "mandates" if key == "mandates.quota" else key)
            found.append(_provided(law, said, block_name(key, said), text, rule, f"{tier.id}.{key}"))
    return found


def _provided(law: Law, said: Words, name: str, text: str, rule: Any, path: str) -> Provided:
    """Put a sentence beside the article of its provision, a model or (in further sections) a table."""

    def held(key: str) -> Any:
        return rule.get(key) if isinstance(rule, Mapping) else getattr(rule, f"{key}_" if key == "from" else key, None)

    since = held("from")
    return Provided(
        name,
        text,
        cite(law, str(held("cite") or ""), said.language),
        said.day(since) if isinstance(since, date) else "",
        str(held("confidence") or "statute"),
        str(held("note") or ""),
        path,
    )


def _section(law: Law, key: str, said: Words) -> list[Provided]:
    return [
        _provided(law, said, thing_title(thing, said), thing_text(thing, said), thing, f"{key}.{thing.get('id', '')}")
        for thing in law.tables[key]
        if law.id in (thing.get("bodies") or [law.id])
    ]


def thing_title(thing: Mapping[str, Any], said: Words) -> str:
    """Return the title of a thing of a section in a language, else its id."""
    titles = thing.get("title") or thing.get("name") or {}
    return text_in(titles, said.language, str(thing.get("id", NONE)))


def thing_text(thing: Mapping[str, Any], said: Words) -> str:
    """Return the values of a thing of a section, as its own text or as they stand in the rule book."""
    text = thing.get("text")
    if isinstance(text, Mapping):
        return str(next((text[c] for c in (said.language, *LANGUAGES) if text.get(c)), ""))
    return "; ".join(f"{key} {_shown(value, said)}" for key, value in thing.items() if _says(key, value))


def _says(key: str, value: Any) -> bool:
    """Whether a value of a thing can be told in a line."""
    nested = isinstance(value, list) and any(isinstance(v, dict) for v in value)
    return key not in MARKS and key not in ("text", "document", "cure", "name") and not nested


def _shown(value: Any, said: Words) -> str:
    if isinstance(value, Mapping):
        languages = [value[c] for c in (said.language, *LANGUAGES) if value.get(c)]
        if languages and set(value) <= set(LANGUAGES):
            return str(languages[0])
        return " ".join(f"{k} {_shown(v, said)}" for k, v in value.items() if k not in MARKS)
    return said.day(value) if isinstance(value, date) else show_value(value, said)
