"""A law as a reader meets it: body, ballot papers, seats, further sections – each provision with its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sailau.wording import conduct as sayings
from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import Words, capital, text_in, words
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import BODY, NONE, SECTIONS, block_name
from sailau.wording.notes import note_in
from sailau.wording.provisions import ORDER, block_of, body, contest, say_block
from sailau.wording.seats import contest_title, tier_title

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.schema import Tier


@dataclass(frozen=True, slots=True)
class Provided:
    """One provision in a language.

    Attributes:
        name: what it is called.
        text: what it says.
        cite: its article, laws named.
        since: first polling day that this version governs; empty where it has always stood so.
        begins: the same as a day.
        confidence: how sure the rule book is.
        note: what is open about it, in English.
        path: where it stands in the rule book.
        in_force: day of entry into force, where the book knows it.
        read: day of the edition in which it was read, where the book names it.
    """

    name: str
    text: str
    cite: str
    since: str = ""
    begins: date | None = None
    confidence: str = "statute"
    note: str = ""
    path: str = ""
    in_force: date | None = None
    read: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a law: a heading and its provisions."""

    title: str
    columns: tuple[Column, ...]
    provisions: tuple[Provided, ...]
    marks: Mapping[str, str]

    @property
    def table(self) -> Table:
        """Name, sentence, article, since when; doubts stand with the sentence."""
        rows = tuple(
            (document.name(p.name), Cell(self._text(p)), document.article(p.cite), Cell(p.since, "date", p.begins))
            for p in self.provisions
        )
        return Table(self.title, self.columns, rows)

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
    columns = (
        Column(said.say("provision"), "name"),
        Column(said.say("what it says")),
        Column(said.say("article"), "article"),
        Column(said.say("since"), "date"),
    )
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
        if isinstance(rule, Mapping):
            return rule.get(key)
        return getattr(rule, f"{key}_" if key == "from" else key.replace("-", "_"), None)

    since = held("from")
    return Provided(
        name,
        text,
        cite(law, str(held("cite") or ""), said.language),
        said.day(since) if isinstance(since, date) else "",
        since if isinstance(since, date) else None,
        str(held("confidence") or "statute"),
        str(held("note") or ""),
        path,
        held("in-force"),
        held("read"),
    )


def _section(law: Law, key: str, said: Words) -> list[Provided]:
    titles = sayings.deadline_titles(law.section("deadline"), said)
    say = sayings.form if key == "form" else sayings.SAYERS.get(key)
    return [
        _provided(law, said, text_in(thing.title or {}, said.language, thing.id), text, thing, f"{key}.{thing.id}")
        for thing in law.section(key)
        if key in ("power", "form") or thing.concerns(law.id)
        for text in (say(thing, said, titles) if say is not None else "",)
    ]


def thing_title(thing: Mapping[str, Any], said: Words) -> str:
    """Return the title of a thing of a section in a language, else its id."""
    titles = thing.get("title") or thing.get("name") or {}
    return text_in(titles, said.language, str(thing.get("id", NONE)))


def review_sheet(law: Law, language: str = "en") -> Table:
    """Return every provision of a law, one line each, to be checked against its text: an empty column is the reviewer's.

    A provision is shown with its article, the day from which it governs and is in force, the edition in which it was
    read, how sure the book is, and what is open about it.
    """
    said = words(language)
    marks = {"statute": said.say("read in the law"), **{key: said.say(text) for key, text in CONFIDENCE.items()}}
    rows = [
        (
            document.name(section.title),
            document.name(p.name),
            Cell(p.text),
            document.article(p.cite),
            Cell(p.since, "date", p.begins),
            *(Cell(said.day(day) if day else "", "date", day) for day in (p.in_force, p.read)),
            Cell(marks[p.confidence]),
            Cell(note_in(p.note, language, law) or p.note),
            Cell(p.path),
            Cell(""),
        )
        for section in show_law(law, language, conduct=True)
        for p in section.provisions
    ]
    columns = (
        Column(said.say("part"), "name"),
        Column(said.say("provision"), "name"),
        Column(said.say("what it says")),
        Column(said.say("article"), "article"),
        Column(said.say("since"), "date"),
        Column(said.say("in force from"), "date"),
        Column(said.say("edition read"), "date"),
        Column(said.say("how sure")),
        Column(said.say("what is open")),
        Column(said.say("place in the book")),
        Column(said.say("reviewer")),
    )
    return Table(said.say("Provisions and their sources"), columns, tuple(rows))


def sources_sheet(law: Law, language: str = "en") -> Table:
    """Return of every provision only where it stands and how sure it is: what fits a screen."""
    return review_sheet(law, language).without(10).without(9).without(4).without(2)
