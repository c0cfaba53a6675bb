"""The law, annotated: a rule book as a guide that a layperson can read, every rule with article, dates and confidence.

`annotate` gives the guide as data, chapter by chapter, so that pages of any kind can be made of it; `markdown` makes the
page of the docs. Whatever stands in the book appears: a condition that is added needs nothing here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sailau.rulebook import Book, Law, diff, load
from sailau.rulebook.changes import Change
from sailau.rulebook.powers import Power
from sailau.rulebook.schema import Provision, Tier
from sailau.wording import conduct
from sailau.wording.citations import cite
from sailau.wording.conduct import deadline_titles, joined
from sailau.wording.guide import gloss, translated
from sailau.wording.language import Words, capital, text_in, words
from sailau.wording.names import BODY, NONE, block_name, leaf_name, show_value
from sailau.wording.provisions import ORDER, block_of, contest, say_block, term
from sailau.wording.seats import contest_title, tier_title

_HERE = Path(__file__).parent

_CHAPTER_OF = {
    "deadline": "calendar",
    "held": "held",
    "wage": "money",
    "deposit": "money",
    "fund": "money",
    "commission": "commissions",
    "administration": "commissions",
    "complaint": "complaints",
    "ballot": "ballots",
    "voting": "ballots",
    "observer": "observers",
    "access": "campaign",
    "power": "powers",
}
_PERSON_CHAPTERS = {"vote": "vote", "stand": "stand", "register": "register", "serve": "serve", "found": "parties"}


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stood for some votes.

    Attributes:
        since: first polling day it governs, None from the beginning of the law.
        until: first polling day it no longer governs, None where it still does.
        text: what it says beyond its title.
        cite: its articles, laws named in the language.
        note: what is open or remarkable, in the language or in English.
    """

    since: date | None
    until: date | None
    title: str
    text: str
    cite: str
    confidence: str
    note: str = ""
    in_force: date | None = None


@dataclass(frozen=True, slots=True)
class AnnotatedRule:
    """One provision with all its versions, the newest last.

    Attributes:
        id: its path in the book, `list.threshold` or `condition.age-25`; pages use it as their anchor.
    """

    id: str
    chapter: str
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """The version that begins last."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        """What the newest version is called."""
        return self.newest.title


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a reform: a rule before and after, None where it did not exist."""

    id: str
    title: str
    before: str | None
    after: str | None
    cite: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ReformGuide:
    """Two laws side by side."""

    id: str
    title: str
    text: str
    before: date
    after: date
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A law as a guide in one language."""

    law: str
    language: str
    title: str
    notes: tuple[str, ...]
    since: date
    until: date | None
    seats: int | None
    file: str
    rules: tuple[AnnotatedRule, ...]
    reforms: tuple[ReformGuide, ...]
    sources: tuple[tuple[str, str, str], ...]

    def chapter(self, name: str) -> tuple[AnnotatedRule, ...]:
        """Return the rules of one chapter, in the order of the book."""
        return tuple(rule for rule in self.rules if rule.chapter == name)

    @property
    def questions(self) -> tuple[tuple[AnnotatedRule, Version], ...]:
        """What is open: newest versions with a note, or not read in the text."""
        return tuple((r, r.newest) for r in self.rules if r.newest.note or r.newest.confidence == "unverified")


# ---------------------------------------------------------------- one law, one day


@dataclass(frozen=True, slots=True)
class _Told:
    id: str
    chapter: str
    version: Version


def _told_of_law(law: Law, said: Words) -> Iterator[_Told]:
    """Yield every rule of a law as it stands on its day."""
    yield from _counting(law, said)
    sections = _sections(law.id, law.day)
    titles = deadline_titles(sections["deadline"], said)
    for section, say in conduct.SAYERS.items():
        for thing in sections[section]:
            rule = _sure(thing) if isinstance(thing, Power) else thing
            title = text_in(thing.title or {}, said.language, thing.id)
            version = _version(law, said, title, say(thing, said, titles), rule)
            yield _Told(f"{section}.{thing.id}", _chapter(section, thing), version)


def _chapter(section: str, thing: Any) -> str:
    if section != "condition":
        return _CHAPTER_OF[section]
    if thing.of == "list":
        return "lists"
    return "parties" if thing.of == "party" else _PERSON_CHAPTERS[thing.to]


def _sure(power: Power) -> Power:
    """Return a power with the article, confidence and note of its majority."""
    note = power.vote.note if power.vote is not None and power.vote.note else power.note
    return power.model_copy(update={"cite": power.article, "confidence": power.sureness, "note": note})


def _counting(law: Law, said: Words) -> Iterator[_Told]:
    if law.body.term is not None:
        title = capital(said.say(BODY["term"]))
        yield _Told(
            "body.term", "seats", _version(law, said, title, _sentence(term(law.body.term, said)), law.body.term)
        )
    for paper in law.contest:
        title = f"{capital(block_name('contest', said))}: {contest_title(law, paper.id, said)}"
        yield _Told(f"contest.{paper.id}", "seats", _version(law, said, title, _sentence(contest(paper, said)), paper))
    for tier in law.tier:
        yield from _tier(law, tier, said)


def _tier(law: Law, tier: Tier, said: Words) -> Iterator[_Told]:
    for key in ORDER:
        text = say_block(tier, key, said)
        if not text:
            continue
        block = block_of(tier, key)
        rule = block if isinstance(block, Provision) else tier.mandates
        assert rule is not None, "a block that is no provision of its own stands in the mandates"
        meaning = gloss(tier.formula, said) if key == "formula" else ""
        title = f"{capital(block_name(key, said))} – {tier_title(law, tier.id, said)}"
        chapter = "persons" if key.startswith("mandates") else "seats"
        version = _version(law, said, title, joined(_sentence(text), meaning), rule, tier.cite)
        yield _Told(f"{tier.id}.{key}", chapter, version)


def _sentence(clauses: str) -> str:
    """Return clauses as a sentence."""
    return f"{capital(clauses)}." if clauses else ""


def _version(law: Law, said: Words, title: str, text: str, rule: Provision, above: str = "") -> Version:
    article = cite(law, rule.cite or above, said.language)
    note = translated(rule.note, said.language, law)
    return Version(None, None, title, text, article, rule.confidence, note, rule.in_force)


# ---------------------------------------------------------------- a book, all its days


@lru_cache(maxsize=64)
def _laws(book: str) -> tuple[tuple[date, Law], ...]:
    read = load(book)
    since, _ = read.span
    return tuple((day, _law(book, day)) for day in sorted({since, *read.days}))


@lru_cache(maxsize=512)
def _law(book: str, day: date) -> Law:
    return load(book).on(day)


@lru_cache(maxsize=512)
def _sections(book: str, day: date) -> Mapping[str, tuple[Any, ...]]:
    """Return section → the things of it that concern a law, read once for all languages."""
    law = _law(book, day)
    return {
        name: tuple(x for x in law.section(name) if isinstance(x, Power) or x.concerns(law.id))
        for name in conduct.SAYERS
    }


@lru_cache(maxsize=64)
def _differences(before: tuple[str, date], after: tuple[str, date]) -> Sequence[Change]:
    return tuple(diff(_law(*before), _law(*after)))


def annotate(book: Book, language: str = "en") -> Guide:
    """Return a rule book as a guide.

    Args:
        book: a shipped rule book; its whole life is told.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    laws = _laws(book.id)
    newest = laws[-1][1]
    since, until = book.span
    note = translated(str(book.data.get("body", {}).get("note", "")), language, newest)
    return Guide(
        book.id,
        language,
        text_in(newest.body.name, language, book.id),
        (note,) if note else (),
        since,
        until,
        newest.body.seats,
        f"{book.id}.toml",
        tuple(_rules(laws, said)),
        tuple(_reforms(book.id, said)),
        tuple((key, text_in(source.title, language, key), source.url) for key, source in newest.sources.items()),
    )


def _rules(laws: Sequence[tuple[date, Law]], said: Words) -> list[AnnotatedRule]:
    """Return all rules with their versions: those that say the same on consecutive days are one."""
    found: dict[str, list[Version]] = {}
    chapters: dict[str, str] = {}
    orders: list[list[str]] = []
    for number, (day, law) in enumerate(laws):
        told = {entry.id: entry for entry in _told_of_law(law, said)}
        orders.append(list(told))
        for name, entry in told.items():
            chapters[name] = entry.chapter
            held = found.setdefault(name, [])
            stands = bool(held) and held[-1].until is None
            if stands and _same(held[-1], entry.version):
                continue
            if stands:
                held[-1] = replace(held[-1], until=day)
            held.append(replace(entry.version, since=day if number else None))
        for name, held in found.items():
            if name not in told and held[-1].until is None:
                held[-1] = replace(held[-1], until=day)
    order = dict.fromkeys(name for names in reversed(orders) for name in names)
    return [AnnotatedRule(name, chapters[name], tuple(found[name])) for name in order]


def _same(one: Version, other: Version) -> bool:
    return replace(one, since=None, until=None) == replace(other, since=None, until=None)


# ---------------------------------------------------------------- reforms


def _reforms(law: str, said: Words) -> Iterator[ReformGuide]:
    table = tomllib.loads((_HERE / "reforms.toml").read_text(encoding="utf-8"))
    for row in table["reform"]:
        if law in row["pages"]:
            before = _law(row["before"]["law"], row["before"]["day"])
            after = _law(row["after"]["law"], row["after"]["day"])
            changes = tuple(_changes(before, after, said))
            yield ReformGuide(
                row["id"],
                text_in(row["title"], said.language, row["id"]),
                text_in(row["text"], said.language, ""),
                before.day,
                after.day,
                changes,
            )


def _changes(before: Law, after: Law, said: Words) -> Iterator[Changed]:
    """Yield the rules in which two laws differ, as `law.diff` finds them, each in sentences."""
    old = {told.id: told.version for told in _told_of_law(before, said)}
    new = {told.id: told.version for told in _told_of_law(after, said)}
    raw: dict[str, list[str]] = {}
    for change in _differences((before.id, before.day), (after.id, after.day)):
        name = _rule_of(change.path, [*old, *new])
        if name is not None:
            values = [NONE if e is None else show_value(e.value, said) for e in (change.before, change.after)]
            leaf = leaf_name(tuple(change.path.removeprefix(f"{name}.").split(".")), said)
            raw.setdefault(name, []).append(f"{leaf}: {values[0]} → {values[1]}")
    for name in dict.fromkeys([*new, *old]):
        if name in raw and name.split(".")[0] not in ("held", "wage"):
            yield _changed(name, old.get(name), new.get(name), raw[name])


def _changed(name: str, before: Version | None, after: Version | None, raw: Sequence[str]) -> Changed:
    """Return one line of a reform: by sentences where they differ, by the values of the book where they do not."""
    shown = after or before
    assert shown is not None
    one = None if before is None else _whole(name, before, before, after)
    other = None if after is None else _whole(name, after, before, after)
    if one == other:
        other = f"{other} ({'; '.join(raw)})"
    return Changed(name, shown.title, one, other, shown.cite, shown.confidence)


def _whole(name: str, version: Version, before: Version | None, after: Version | None) -> str:
    """Return what a reform shows of a rule; the title where the title is the rule."""
    if before is not None and after is not None and before.title != after.title:
        return version.title
    if name.startswith("condition.") and (before is None or after is None):
        return "✓"
    return version.text or "✓"


def _rule_of(path: str, names: list[str]) -> str | None:
    """Return the rule in which a value of `law.diff` stands: the longest path that leads to it."""
    fitting = [name for name in names if path == name or path.startswith(f"{name}.")]
    return max(fitting, key=len, default=None)
