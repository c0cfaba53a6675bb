"""Shares of groups on a list: how many names surely count, how many may, and how many the law asks for.

Whether a person of two groups counts once, until what age one is young and how a share is rounded are settings of
the rule, because laws are often silent on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from sailau.nomination.notes import CodedNote, note
from sailau.nomination.subjects import Subject, number, years_on
from sailau.rulebook.conduct import ShareAtLeast

ROUND: Mapping[str, Callable[[Fraction], int]] = {
    "up": ceil,
    "down": floor,
    "nearest": lambda value: floor(value + Fraction(1, 2)),
}
"""How a share of names or seats becomes a whole number."""

_FACT_OF = {"women": "sex", "youth": "birth_date", "disability": "disability"}


@dataclass(frozen=True, slots=True)
class GroupTally:
    """How many names of a list belong to the groups of a rule.

    Attributes:
        low: names that surely count.
        high: names that count if every open fact turns out so.
        length: names on the list.
        groups: group → (surely, at most).
        missing: facts that leave it open.
        guessed: rests on a guess in the data.
    """

    low: int
    high: int
    length: int
    groups: Mapping[str, tuple[int, int]]
    missing: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def figures(self) -> CodedNote:
        """The counts: 12 of 30 (40 %), of them women 7, youth 5."""
        code = "share-of" if self.low == self.high else "share-of-or-more"
        share = Fraction(self.low, self.length)
        whole = note(code, count=spread(self.low, self.high), whole=self.length, share=share)
        groups = tuple(note("group", group=name, count=spread(*counts)) for name, counts in self.groups.items())
        return note("by-group", whole=whole, groups=groups) if groups else whole


def spread(low: int, high: int) -> CodedNote | int:
    """Return a number, or the two between which it lies."""
    return low if low == high else note("range", low=low, high=high)


def needed(rule: ShareAtLeast, length: int) -> int:
    """Return how many names the rule asks for on a list (or among mandates) of a length."""
    return ROUND[rule.rounding](rule.share * length)


def belongs(group: str, person: Subject, youth_under: int, day: date) -> bool | None:
    """Say whether a person belongs to a group on a day, None where it is not known."""
    if group == "women":
        return {"F": True, "M": False}.get(person.sex)
    if group == "youth":
        if person.born is None:
            return None
        first, last = (years_on(born, youth_under) <= day for born in (person.born.first, person.born.last))
        return not first if first == last else None
    value = person.facts.get("disability")
    return value if isinstance(value, bool) else None


def tally(rule: ShareAtLeast, subject: Subject, day: date) -> GroupTally | None:
    """Count the names of a list that belong to the groups of a rule; None where its length is not known."""
    length = number(subject, "list_length")
    if not length:
        return None
    return _of_members(rule, subject, day) if subject.members else _of_numbers(rule, subject, length)


def tally_of(rule: ShareAtLeast, people: Iterable[Subject], day: date) -> GroupTally:
    """Count persons, such as those who take the mandates of a list, by the groups of a rule."""
    return _of_members(rule, Subject("list", "", members=tuple(people)), day)


def _of_members(rule: ShareAtLeast, subject: Subject, day: date) -> GroupTally:
    sure: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    low = high = 0
    for person in subject.members:
        answers = [belongs(group, person, rule.youth_under, day) for group in rule.groups]
        for group, answer in zip(rule.groups, answers, strict=True):
            sure[group] += answer is True
            open_[group] += answer is None
        certain, possible = sum(a is True for a in answers), sum(a is not False for a in answers)
        low += min(certain, 1) if rule.persons == "once" else certain
        high += min(possible, 1) if rule.persons == "once" else possible
    return GroupTally(
        low,
        high,
        len(subject.members),
        {g: (sure[g], sure[g] + open_[g]) for g in rule.groups},
        tuple(_FACT_OF[g] for g in rule.groups if open_[g]),
        "women" in rule.groups and any(p.facts.get("sex_basis") == "guess" for p in subject.members),
    )


def _of_numbers(rule: ShareAtLeast, subject: Subject, length: int) -> GroupTally:
    """Count where only numbers are published, not persons."""
    counts = {group: number(subject, f"list_{group}") for group in rule.groups}
    known = [n for n in counts.values() if n is not None]
    missing = tuple(f"list_{g}" for g, n in counts.items() if n is None)
    union = number(subject, "list_in_groups")
    groups = {str(g): (n, n) for g, n in counts.items() if n is not None}
    if rule.persons == "each-group":
        most = sum(known) + length * len(missing)
        return GroupTally(sum(known), most, length, groups, missing)
    if union is not None:
        return GroupTally(union, union, length, groups)
    most = length if missing else min(length, sum(known))
    return GroupTally(max(known, default=0), most, length, groups, missing or ("list_in_groups",))
