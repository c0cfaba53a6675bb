"""What a reform changed: the differences of two laws, a row for each provision, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import Words, capital, text_in, words
from sailau.wording.lawbook import thing_title
from sailau.wording.names import BODY, NONE, SECTIONS, block_name, leaf_name, show_value
from sailau.wording.provisions import ORDER, block_of, contest, say_block, say_tier
from sailau.wording.seats import contest_title, tier_title

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.changes import Change


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One change of a law.

    Attributes:
        what: name of the provision.
        before: what it said; “–” where it did not exist.
        after: what it says.
        cite: article of what is new, or of what is gone.
        path: where it stands in the rule book.
        section: `count` for what decides seats, else the key of the section (`condition`, `deadline` …).
        confidence: how sure the rule book is of what is new.
    """

    what: str
    before: str
    after: str
    cite: str
    path: str
    section: str = "count"
    confidence: str = "statute"


@dataclass(frozen=True, slots=True)
class Reform:
    """The changes between two laws.

    Attributes:
        title: the law and its two days.
        changes: what decides seats first, then further sections.
        columns: of the table.
        further: what counts the changes in all other sections; empty where there are none.
    """

    title: str
    columns: tuple[Column, ...]
    changes: tuple[DiffRow, ...]
    further: str = ""
    conduct: str = ""

    @property
    def table(self) -> Table:
        """What, before, after, article – of what decides seats; then one row for everything else."""
        rows = [
            (document.name(capital(r.what)), Cell(r.before), Cell(r.after), document.article(r.cite))
            for r in self.changes
            if r.section == "count"
        ]
        if self.further:
            rows.append((document.name(self.conduct), Cell(NONE), Cell(self.further), Cell("", "article")))
        return Table(self.title, self.columns, tuple(rows))


def show_diff(changes: Sequence[Change], before: Law, after: Law, language: str = "en") -> Reform:
    """Return the changes between two laws as a table, what decides seats first.

    Args:
        changes: of `sailau.rulebook.diff(before, after)`.
        before: the earlier law.
        after: the later law.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    book = _Names(before, after, said)
    counting: dict[tuple[str, ...], list[Change]] = {}
    conduct: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        first, _, rest = change.path.partition(".")
        if first in SECTIONS and not rest:
            continue  # a section that came or went: its things are listed themselves
        if before.id != after.id and change.path.startswith(("body.name", "body.country")):
            continue  # two laws are of two bodies: the title says it
        if first in SECTIONS:
            conduct.setdefault((first, rest.partition(".")[0]), []).append(change)
        else:
            counting.setdefault(book.group(change.path), []).append(change)
    rows = [row for group, held in counting.items() for row in book.rows(group, held)]
    rows.sort(key=lambda r: book.place(r.path))
    rows += [book.thing(section, thing, held) for (section, thing), held in conduct.items()]
    columns = (
        Column(said.say("provision"), "name"),
        Column(said.say("before")),
        Column(said.say("after")),
        Column(said.say("article"), "article"),
    )
    return Reform(
        _title(before, after, said),
        columns,
        tuple(rows),
        _further(conduct, said) if conduct else "",
        capital(said.say("conduct of elections")),
    )


def _title(before: Law, after: Law, said: Words) -> str:
    """Return the law and its two days, or two laws each with its day."""
    old, new = (f"{text_in(law.body.name, said.language, law.id)}, {said.day(law.day)}" for law in (before, after))
    return f"{old} → {said.day(after.day)}" if before.id == after.id else f"{old} → {new}"


def _further(conduct: Mapping[tuple[str, str], Sequence[Change]], said: Words) -> str:
    """Say of all sections on the conduct of elections how many things in each are new, changed, gone."""
    parts = []
    for section in dict.fromkeys(s for s, _ in conduct):
        held = [changes for (s, _), changes in conduct.items() if s == section]
        new = sum(all(c.before is None for c in changes) for changes in held)
        gone = sum(all(c.after is None for c in changes) for changes in held)
        changed = len(held) - new - gone
        numbers = [
            said.plural("{n} new", "{n} new", new) if new else "",
            said.plural("{n} changed", "{n} changed", changed) if changed else "",
            said.plural("{n} dropped", "{n} dropped", gone) if gone else "",
        ]
        parts.append(f"{said.say(SECTIONS[section])}: {', '.join(n for n in numbers if n)}")
    return "; ".join(parts)


class _Names:
    """Names and shows what two laws have and have not in common."""

    def __init__(self, before: Law, after: Law, said: Words) -> None:
        self.before, self.after, self.said = before, after, said

    def group(self, path: str) -> tuple[str, ...]:
        """Return the provision that a path belongs to: (tier, block), ("contest", id), ("body", key)."""
        first, *rest = path.split(".")
        if first in ("contest", "body"):
            return (first, rest[0] if rest else "")
        if rest[:2] == ["mandates", "quota"]:
            return (first, "mandates.quota")
        return (first, rest[0] if rest else "")

    def place(self, path: str) -> tuple[int, int]:
        """Return the order of a row: body, ballot papers, then the tiers in the order of counting."""
        first, _, rest = path.partition(".")
        tiers = list(dict.fromkeys([*self.before.tiers, *self.after.tiers]))
        if first in tiers:
            blocks = [i for i, key in enumerate(ORDER) if rest == key or rest.startswith(f"{key}.")]
            return 2 + tiers.index(first), max(blocks, default=-1)
        return (0 if first == "body" else 1), 0

    def rows(self, group: tuple[str, ...], changes: Sequence[Change]) -> list[DiffRow]:
        """Return the rows of one provision."""
        first, second = group
        if first == "contest":
            return self._contest(second, changes)
        if first == "body":
            name = self.said.say(BODY[second]) if second in BODY else second
            return [self._leaf(name, c, c.path.split(".")[2:]) for c in changes]
        if first in self.before.tiers and first in self.after.tiers:
            return self._block(first, second, changes)
        return self._tier(first, second, changes)

    # ------------------------------------------------------------------ whole tiers and ballot papers

    def _tier(self, tier: str, block: str, changes: Sequence[Change]) -> list[DiffRow]:
        """Return one row for a tier that came or went, whatever parts of it are listed."""
        here = self.after if tier in self.after.tiers else self.before
        if block != "seats":
            return [] if tier in here.tiers else [self._leaf(c.path, c, []) for c in changes]
        text = say_tier(here.tiers[tier], self.said)
        old, new = (NONE, text) if here is self.after else (text, NONE)
        return [self._row(tier_title(here, tier, self.said), old, new, changes, tier)]

    def _contest(self, name: str, changes: Sequence[Change]) -> list[DiffRow]:
        title = contest_title(self.after if name in self.after.contests else self.before, name, self.said)
        if name in self.before.contests and name in self.after.contests:
            return [self._leaf(title, c, c.path.split(".")[2:]) for c in changes]
        here, other = (self.after, self.before) if name in self.after.contests else (self.before, self.after)
        if any(tier.id not in other.tiers for tier in here.tiers_of(name)):
            return []  # the row of the tier says it
        text = contest(here.contests[name], self.said)
        old, new = (NONE, text) if here is self.after else (text, NONE)
        what = f"{title}: {block_name('contest', self.said)}"
        return [self._row(what, old, new, changes, f"contest.{name}")]

    # ------------------------------------------------------------------ provisions of a tier

    def _block(self, tier: str, block: str, changes: Sequence[Change]) -> list[DiffRow]:
        title = tier_title(self.after, tier, self.said)
        if block not in ORDER:
            return [self._leaf(title, c, c.path.split(".")[1:]) for c in changes]
        old, new = (self._sentence(law, tier, block) for law in (self.before, self.after))
        if old != new:
            what = f"{title}: {block_name(block, self.said)}"
            return [self._row(what, old, new, changes, f"{tier}.{block}")]
        name = f"{title}: {block_name(block, self.said)}"
        return [self._leaf(name, c, c.path.split(".")[1 + len(block.split(".")) :]) for c in changes]

    def _sentence(self, law: Law, tier: str, block: str) -> str:
        if block_of(law.tiers[tier], block) is None:
            return NONE
        return say_block(law.tiers[tier], block, self.said) or NONE

    # ------------------------------------------------------------------ rows

    def _row(self, what: str, old: str, new: str, changes: Sequence[Change], path: str) -> DiffRow:
        law, entry = self._source(changes)
        where = cite(law, entry.cite, self.said.language) if entry is not None else ""
        return DiffRow(what, old, new, where, path, "count", entry.confidence if entry is not None else "statute")

    def _leaf(self, what: str, change: Change, leaf: Iterable[str]) -> DiffRow:
        law, entry = self._source([change])
        name = leaf_name(tuple(leaf), self.said)
        old, new = (show_value(e.value, self.said) if e is not None else NONE for e in (change.before, change.after))
        where = cite(law, entry.cite, self.said.language) if entry is not None else ""
        confidence = entry.confidence if entry is not None else "statute"
        return DiffRow(f"{what}: {name}" if name else what, old, new, where, change.path, "count", confidence)

    def _source(self, changes: Sequence[Change]) -> tuple[Law, Any]:
        """Return the law and the entry whose article stands beside a row: the new one's, else the old one's."""
        new = next((c.after for c in changes if c.after is not None), None)
        if new is not None:
            return self.after, new
        return self.before, next((c.before for c in changes if c.before is not None), None)

    def thing(self, section: str, thing: str, changes: Sequence[Change]) -> DiffRow:
        """Return one row for a condition, a deadline or another thing of a section."""
        old, new = (self._thing_of(law, section, thing) for law in (self.before, self.after))
        title = thing_title(new or old or {"id": thing}, self.said)
        heading = self.said.say(SECTIONS[section])
        before = self._values([(c.path, c.before) for c in changes]) if old is not None else NONE
        after = self._values([(c.path, c.after) for c in changes]) if new is not None else NONE
        law, entry = self._source(changes)
        where = cite(law, entry.cite, self.said.language) if entry is not None else ""
        confidence = entry.confidence if entry is not None else "statute"
        return DiffRow(f"{heading}: {title}", before, after, where, f"{section}.{thing}", section, confidence)

    def _thing_of(self, law: Law, section: str, thing: str) -> Mapping[str, Any] | None:
        held = law.tables.get(section, ())
        return next((t for t in held if str(t.get("id")) == thing), None)

    def _values(self, entries: Sequence[tuple[str, Any]]) -> str:
        parts = []
        for path, entry in entries:
            if entry is not None:
                name = ".".join(path.split(".")[2:])
                parts.append(f"{name} {show_value(entry.value, self.said)}".strip())
        return "; ".join(parts) or NONE
