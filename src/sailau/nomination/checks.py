"""The closed set of tests a condition may use: each looks at the facts of one subject.

It answers yes, no or unknown. A missing fact is never a silent pass: the answer is unknown and names what it
needs. Shares are compared as integers or fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from sailau.law import conduct as c
from sailau.law.schema import Law
from sailau.nomination.calendar import Entry, add_months
from sailau.nomination.money import deposit_due
from sailau.nomination.subjects import Subject, When


@dataclass(frozen=True, slots=True)
class Answer:
    """What a test found.

    Attributes:
        holds: True, False, or None where a fact is missing.
        code: why it is unknown: `needs-fact`, `needs-day` (only the year is known and it is the boundary),
            `needs-hour`, `needs-deadline`.
        fact: the fact it looked at.
        found: what was found, in figures.
        required: what the law asks for, in figures.
        needs: facts (or deadlines) that are missing.
        guessed: rests on a guess in the data.
    """

    holds: bool | None
    fact: str = ""
    found: str = ""
    required: str = ""
    needs: tuple[str, ...] = ()
    code: str = ""
    guessed: bool = False


@dataclass(slots=True)
class Field:
    """Everything around a subject that a test may look at.

    Attributes:
        day: polling day (or the day of an application).
        entries: the calendar by id.
        persons: all who stand; `named` finds them by name.
    """

    law: Law
    day: date
    entries: Mapping[str, Entry] = field(default_factory=dict)
    persons: tuple[Subject, ...] = ()
    lists: tuple[Subject, ...] = ()
    named: Mapping[str, list[Subject]] = field(default_factory=dict)


def check(test: Any, subject: Subject, around: Field) -> Answer:
    """Return what one test finds about one subject."""
    return _TESTS[test.op](test, subject, around)


def _needs(*facts: str, required: str = "", code: str = "needs-fact", found: str = "") -> Answer:
    return Answer(None, facts[0], found, required, facts, code)


# ---------------------------------------------------------------- time


def years_on(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 1 March where the year lacks it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _full_years(fact: str, since: When | None, years: int, day: date) -> Answer:
    required = f"{years} years by {day}"
    if since is None:
        return _needs(fact, required=required)
    if years_on(since.last, years) <= day:
        return Answer(True, fact, str(since), required)
    if years_on(since.first, years) > day:
        return Answer(False, fact, str(since), required)
    return _needs(fact, required=required, code="needs-day", found=str(since))


def _age_at_least(test: c.AgeAtLeast, subject: Subject, around: Field) -> Answer:
    return _full_years("birth_date", subject.born, test.years, around.day)


def _years_since(test: c.YearsSince, subject: Subject, around: Field) -> Answer:
    return _full_years(test.fact, _when(subject, test.fact), test.years, around.day)


def _when(subject: Subject, fact: str) -> When | None:
    value = subject.facts.get(fact)
    return value if isinstance(value, When) else None


def _in_time(test: c.InTime | c.OutOfTime, subject: Subject, around: Field) -> Answer:
    entry, when = around.entries.get(test.deadline), _when(subject, test.fact)
    if when is None:
        return _needs(test.fact, required=_span(entry))
    if entry is None or entry.closes is None:
        return Answer(None, test.fact, str(when), "", (test.deadline,), "needs-deadline")
    required = _span(entry)
    opens = entry.opens if entry.opens != entry.closes else None
    if (opens and when.last < opens) or when.first > entry.closes:
        return Answer(False, test.fact, str(when), required)
    if not when.exact:
        inside = (opens is None or when.first >= opens) and when.last <= entry.closes
        return (
            Answer(True, test.fact, str(when), required)
            if inside and not entry.closes_hour
            else _needs(test.fact, required=required, code="needs-day", found=str(when))
        )
    if when.first == entry.closes and entry.closes_hour:
        if not when.hour:
            return _needs(test.fact, required=required, code="needs-hour", found=str(when))
        return Answer(when.hour <= entry.closes_hour, test.fact, str(when), required)
    return Answer(True, test.fact, str(when), required)


def _out_of_time(test: c.OutOfTime, subject: Subject, around: Field) -> Answer:
    answer = _in_time(test, subject, around)
    holds = None if answer.holds is None else not answer.holds
    return Answer(holds, answer.fact, answer.found, answer.required, answer.needs, answer.code)


def _span(entry: Entry | None) -> str:
    if entry is None or entry.closes is None:
        return ""
    last = f"{entry.closes}T{entry.closes_hour}" if entry.closes_hour else str(entry.closes)
    return f"{entry.opens} to {last}" if entry.opens and entry.opens != entry.closes else f"by {last}"


def _within(test: c.Within, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    start, end = _when(subject, test.after), _when(subject, test.fact)
    span = f"{test.months} months" if test.months else f"{test.days} days"
    required = f"within {span} of {test.after}"
    missing = tuple(name for name, value in ((test.fact, end), (test.after, start)) if value is None)
    if start is None or end is None:
        return _needs(*missing, required=required)
    found = f"{start} to {end}"
    if end.last < start.first or end.first > _later(start.last, test):
        return Answer(False, test.fact, found, required)
    if end.last <= _later(start.first, test) and end.first >= start.last:
        return Answer(True, test.fact, found, required)
    return _needs(test.fact, required=required, code="needs-day", found=found)


def _later(day: date, test: c.Within) -> date:
    return date.fromordinal(add_months(day, test.months).toordinal() + test.days)


def _not_after(test: c.NotAfter, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    mine, other = _when(subject, test.fact), _when(subject, test.other)
    if mine is None or other is None:
        missing = tuple(n for n, value in ((test.fact, mine), (test.other, other)) if value is None)
        return _needs(*missing, required=f"not after {test.other}")
    holds = True if mine.last <= other.first else False if mine.first > other.last else None
    code = "" if holds is not None else "needs-day"
    return Answer(holds, test.fact, str(mine), f"by {other}", () if code == "" else (test.fact,), code)


# ---------------------------------------------------------------- values


def show(value: object) -> str:
    """Write a value of a fact as the files do."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _is(test: c.Is, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None:
        return _needs(test.fact, required=show(test.value))
    return Answer(value == test.value, test.fact, show(value), show(test.value))


def _is_not(test: c.IsNot, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None:
        return _needs(test.fact, required=f"not {show(test.value)}")
    return Answer(value != test.value, test.fact, show(value), f"not {show(test.value)}")


def _in(test: c.In, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None:
        return _needs(test.fact, required=" or ".join(test.values))
    return Answer(value in test.values, test.fact, show(value), " or ".join(test.values))


def _given(test: c.Given, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    return _needs(test.fact) if value is None else Answer(True, test.fact, show(value))


def _same_party(test: c.SameParty, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None or not subject.party:
        return _needs(test.fact if value is None else "party", required=subject.party)
    return Answer(value == subject.party, test.fact, show(value), subject.party)


# ---------------------------------------------------------------- numbers


def _number(subject: Subject, fact: str) -> int | None:
    value = subject.facts.get(fact)
    if isinstance(value, int):
        return value
    if fact == "list_length" and subject.members:
        return len(subject.members)
    if fact == "list_left" and subject.members:
        return sum("withdrawn" in person.facts for person in subject.members) or None
    return None


def _count_at_least(test: c.CountAtLeast, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    return _count(
        test,
        subject,
        lambda found, bound: found > bound if test.comparison == "more-than" else found >= bound,
    )


def _count_at_most(test: c.CountAtMost, subject: Subject, around: Field) -> Answer:  # noqa: ARG001
    return _count(
        test,
        subject,
        lambda found, bound: found < bound if test.comparison == "more-than" else found <= bound,
    )


def _count(
    test: c.CountAtLeast | c.CountAtMost, subject: Subject, holds: Callable[[Fraction, Fraction], bool]
) -> Answer:
    found = _number(subject, test.fact)
    whole = _number(subject, test.of) if test.share is not None else 1
    missing = tuple(name for name, value in ((test.fact, found), (test.of, whole)) if value is None)
    words = {"count-at-least": ("at least", "more than"), "count-at-most": ("at most", "fewer than")}[test.op]
    word = words[test.comparison == "more-than"]
    if found is None or whole is None:
        amount = str(test.value) if test.share is None else f"{test.share} of {test.of}"
        return _needs(*missing, required=f"{word} {amount}", found="" if found is None else str(found))
    bound = Fraction(test.value or 0) if test.share is None else test.share * whole
    shown = str(bound) if bound.denominator == 1 else f"{float(bound):g}"
    return Answer(holds(Fraction(found), bound), test.fact, str(found), f"{word} {shown}")


_ROUND: Mapping[str, Callable[[Fraction], int]] = {
    "up": ceil,
    "down": floor,
    "nearest": lambda value: floor(value + Fraction(1, 2)),
}


def _length_at_most(test: c.LengthAtMost, subject: Subject, around: Field) -> Answer:
    seats = _seats(subject, around.law)
    length = _number(subject, "list_length")
    if seats is None or length is None:
        needed = tuple(n for n, v in (("list_length", length), ("seats", seats)) if v is None)
        return _needs(*needed)
    most = _ROUND[test.rounding](seats * (1 + test.extra))
    return Answer(length <= most, "list_length", str(length), f"at most {most} ({seats} seats)")


def _seats(subject: Subject, law: Law) -> int | None:
    tiers = law.tiers_of(subject.contest)
    return tiers[0].seats.value if tiers else None


# ---------------------------------------------------------------- groups of a list


def _share_at_least(test: c.ShareAtLeast, subject: Subject, around: Field) -> Answer:
    length = _number(subject, "list_length")
    if not length:
        return _needs("list_length", required=f"at least {_percent(test.share)}")
    needed = _ROUND[test.rounding](test.share * length)
    required = f"at least {needed} of {length} ({_percent(test.share)})"
    if subject.members:
        low, high, words = _count_members(test, subject, around.day)
    else:
        low, high, words = _count_facts(test, subject, length)
    guessed = "women" in test.groups and any(p.facts.get("sex_basis") == "guess" for p in subject.members)
    share = (
        f"{_percent(Fraction(low, length))}" if low == high else f"{_percent(Fraction(low, length))} or more"
    )
    found = f"{low} of {length} ({share})" if low == high else f"{low} to {high} of {length} ({share})"
    found += f": {words}" if words else ""
    if low >= needed:
        return Answer(True, "list_in_groups", found, required, guessed=guessed)
    if high < needed:
        return Answer(False, "list_in_groups", found, required, guessed=guessed)
    missing = _missing_groups(test, subject, around.day)
    return Answer(None, "list_in_groups", found, required, missing, "needs-fact", guessed)


def _percent(value: Fraction) -> str:
    tenths = floor(value * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def belongs(group: str, person: Subject, youth_under: int, day: date) -> bool | None:
    """Say whether a person belongs to a group of the quota on a day, None where it is not known."""
    if group == "women":
        return {"F": True, "M": False}.get(person.sex)
    if group == "youth":
        if person.born is None:
            return None
        grown = (
            years_on(person.born.first, youth_under) <= day,
            years_on(person.born.last, youth_under) <= day,
        )
        return not grown[0] if grown[0] == grown[1] else None
    value = person.facts.get("disability")
    return value if isinstance(value, bool) else None


def _count_members(test: c.ShareAtLeast, subject: Subject, day: date) -> tuple[int, int, str]:
    """Return the smallest and largest number of names that count, and the figures by group."""
    sure: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    low = high = 0
    for person in subject.members:
        answers = [belongs(group, person, test.youth_under, day) for group in test.groups]
        for group, answer in zip(test.groups, answers, strict=True):
            sure[group] += answer is True
            open_[group] += answer is None
        if test.persons == "once":
            low += any(a is True for a in answers)
            high += any(a is not False for a in answers)
        else:
            low += sum(a is True for a in answers)
            high += sum(a is not False for a in answers)
    words = ", ".join(f"{g} {_range(sure[g], open_[g])}" for g in test.groups)
    return low, high, words


def _range(sure: int, unknown: int) -> str:
    return f"{sure} to {sure + unknown}" if unknown else str(sure)


def _count_facts(test: c.ShareAtLeast, subject: Subject, length: int) -> tuple[int, int, str]:
    """Return the same where only numbers are known, not persons."""
    counts = {group: _number(subject, f"list_{group}") for group in test.groups}
    known = [n for n in counts.values() if n is not None]
    words = ", ".join(f"{group} {'?' if n is None else n}" for group, n in counts.items())
    union = _number(subject, "list_in_groups")
    if test.persons == "each-group":
        return sum(known), sum(known) if len(known) == len(counts) else length * len(counts), words
    if union is not None:
        return union, union, words if known else ""
    return max(known, default=0), min(length, sum(known)) if len(known) == len(counts) else length, words


def _missing_groups(test: c.ShareAtLeast, subject: Subject, day: date) -> tuple[str, ...]:
    if not subject.members:
        counts = tuple(f"list_{g}" for g in test.groups if f"list_{g}" not in subject.facts)
        return counts or ("list_in_groups",)
    facts = {"women": "sex", "youth": "birth_date", "disability": "disability"}
    return tuple(
        facts[g]
        for g in test.groups
        if any(belongs(g, person, test.youth_under, day) is None for person in subject.members)
    )


# ---------------------------------------------------------------- places


def _exclusive_with(test: c.ExclusiveWith, subject: Subject, around: Field) -> Answer:
    required = "one place in " + ", ".join(test.contests)
    same = [
        p for p in around.named.get(_key(subject), ()) if p.id != subject.id and p.contest in test.contests
    ]
    sure = [p for p in same if _same_person(subject, p)]
    if sure:
        return Answer(False, "birth_date", ", ".join(p.id for p in sure), required)
    maybe = [p for p in same if _same_person(subject, p) is None]
    if maybe:
        found = "same name: " + ", ".join(p.id for p in maybe)
        return _needs("birth_date", required=required, code="needs-fact", found=found)
    return Answer(True, "birth_date", subject.id, required)


def _key(subject: Subject) -> str:
    return " ".join(subject.name.casefold().split())


def index(people: tuple[Subject, ...]) -> dict[str, list[Subject]]:
    """Return name → those who bear it, for the test of one place per person."""
    found: dict[str, list[Subject]] = {}
    for person in people:
        if person.name:
            found.setdefault(_key(person), []).append(person)
    return found


def _same_person(one: Subject, other: Subject) -> bool | None:
    """Say whether two entries with one name are one person: birth dates decide, years can only exclude."""
    if one.born is None or other.born is None:
        return None
    if one.born.last < other.born.first or other.born.last < one.born.first:
        return False
    return True if one.born.exact and other.born.exact else None


def _one_per_nominator(test: c.OnePerNominator, subject: Subject, around: Field) -> Answer:
    kind, nominator = subject.facts.get("nominator_kind"), subject.facts.get("nominator")
    required = f"at most {test.most}"
    if kind is None:
        return _needs("nominator_kind", required=required)
    if kind not in test.kinds:
        return Answer(True, "nominator_kind", show(kind), required)
    if nominator is None:
        return _needs("nominator", required=required)
    same = [
        person
        for person in around.persons
        if person.contest == subject.contest
        and person.facts.get("nominator") == nominator
        and (test.area == "contest" or person.unit == subject.unit)
    ]
    return Answer(len(same) <= test.most, "nominator", f"{len(same)} of {show(nominator)}", required)


def _contestants_at_least(test: c.ContestantsAtLeast, subject: Subject, around: Field) -> Answer:
    pool = around.lists if subject.of == "list" else around.persons
    here = [
        p
        for p in pool
        if (p.contest, p.unit) == (subject.contest, subject.unit) and "withdrawn" not in p.facts
    ]
    return Answer(len(here) >= test.count, "", str(len(here)), f"at least {test.count}")


def _deposit_paid(test: c.DepositPaid, subject: Subject, around: Field) -> Answer:
    paid = _number(subject, test.fact)
    names = _number(subject, "list_length") if subject.of == "list" else 1
    last = subject.facts.get("last_share")
    due = deposit_due(around.law, test.deposit, names=names, last=str(last) if last is not None else None)
    if due.amount == 0:
        return Answer(True, test.fact, "0", due.words)
    missing = tuple(
        n for n, absent in ((test.fact, paid is None), *((need, True) for need in due.needs)) if absent
    )
    if paid is not None and due.most is not None and paid >= due.most:
        return Answer(True, test.fact, str(paid), due.words)
    if paid is not None and due.least is not None and paid < due.least:
        return Answer(False, test.fact, str(paid), due.words)
    if missing:
        return _needs(*missing, required=due.words, found="" if paid is None else str(paid))
    return Answer(False, test.fact, str(paid), due.words)


_TESTS: Mapping[str, Callable[[Any, Subject, Field], Answer]] = {
    "age-at-least": _age_at_least,
    "years-since": _years_since,
    "is": _is,
    "is-not": _is_not,
    "in": _in,
    "given": _given,
    "count-at-least": _count_at_least,
    "count-at-most": _count_at_most,
    "share-at-least": _share_at_least,
    "length-at-most": _length_at_most,
    "in-time": _in_time,
    "out-of-time": _out_of_time,
    "within": _within,
    "not-after": _not_after,
    "exclusive-with": _exclusive_with,
    "same-party": _same_party,
    "one-per-nominator": _one_per_nominator,
    "deposit-paid": _deposit_paid,
    "contestants-at-least": _contestants_at_least,
}
