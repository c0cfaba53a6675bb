"""The closed set of tests a condition may use: each looks at the facts of one subject.

It answers yes, no or unknown. A missing fact is never a silent pass: the answer is unknown and names what it
needs. Shares are compared as integers or fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sailau.nomination.calendar import CalendarEntry, add_months
from sailau.nomination.money import Due, deposit_due
from sailau.nomination.notes import CodedNote, Value, note
from sailau.nomination.quota import ROUND, needed, tally
from sailau.nomination.subjects import Subject, When, number, years_on
from sailau.rulebook import conduct as c
from sailau.rulebook.schema import Law


@dataclass(frozen=True, slots=True)
class TestAnswer:
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
        confidence: of a figure of the law beside the condition itself, such as the minimum wage; empty where none.
    """

    holds: bool | None
    fact: str = ""
    found: Value = None
    required: Value = None
    needs: tuple[str, ...] = ()
    code: str = ""
    guessed: bool = False
    confidence: str = ""


@dataclass(slots=True)
class Field:
    """Everything around a subject that a test may look at.

    Attributes:
        day: polling day (or the day of an application).
        entries: the calendar by id.
        named: name → the persons who bear it.
        standing: (person or list, contest, unit) → how many stand there.
        nominated: (nominator, contest, unit or None for all) → how many it names.
        dues: deposits already worked out.
    """

    law: Law
    day: date
    entries: Mapping[str, CalendarEntry] = field(default_factory=dict)
    named: Mapping[str, list[Subject]] = field(default_factory=dict)
    standing: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    nominated: Mapping[tuple[str, str, str | None], int] = field(default_factory=dict)
    dues: dict[tuple[str, int | None, str | None, tuple[date, date]], Due] = field(default_factory=dict)


def check(test: Any, subject: Subject, around: Field) -> TestAnswer:
    """Return what one test finds about one subject."""
    return _TESTS[test.op](test, subject, around)


def _needs(*facts: str, required: Value = None, code: str = "needs-fact", found: Value = None) -> TestAnswer:
    return TestAnswer(None, facts[0], found, required, facts, code)


# ---------------------------------------------------------------- time


def _full_years(fact: str, since: When | None, years: int, day: date) -> TestAnswer:
    required = note("years-by", years=years, day=day)
    if since is None:
        return _needs(fact, required=required)
    if years_on(since.last, years) <= day:
        return TestAnswer(True, fact, since, required)
    if years_on(since.first, years) > day:
        return TestAnswer(False, fact, since, required)
    return _needs(fact, required=required, code="needs-day", found=since)


def _age_at_least(test: c.AgeAtLeast, subject: Subject, around: Field) -> TestAnswer:
    return _full_years("birth_date", subject.born, test.years, around.day)


def _years_since(test: c.YearsSince, subject: Subject, around: Field) -> TestAnswer:
    return _full_years(test.fact, _when(subject, test.fact), test.years, around.day)


def _when(subject: Subject, fact: str) -> When | None:
    value = subject.facts.get(fact)
    return value if isinstance(value, When) else None


def _in_time(test: c.InTime | c.OutOfTime, subject: Subject, around: Field) -> TestAnswer:
    entry, when = around.entries.get(test.deadline), _when(subject, test.fact)
    if when is None:
        return _needs(test.fact, required=_span(entry))
    if entry is None or entry.closes is None:
        return TestAnswer(None, test.fact, when, None, (test.deadline,), "needs-deadline")
    required = _span(entry)
    opens = entry.opens if entry.opens != entry.closes else None
    if (opens and when.last < opens) or when.first > entry.closes:
        return TestAnswer(False, test.fact, when, required)
    if not when.exact:
        inside = (opens is None or when.first >= opens) and when.last <= entry.closes
        return (
            TestAnswer(True, test.fact, when, required)
            if inside and not entry.closes_hour
            else _needs(test.fact, required=required, code="needs-day", found=when)
        )
    if when.first == entry.closes and entry.closes_hour:
        if not when.hour:
            return _needs(test.fact, required=required, code="needs-hour", found=when)
        return TestAnswer(when.hour <= entry.closes_hour, test.fact, when, required)
    return TestAnswer(True, test.fact, when, required)


def _out_of_time(test: c.OutOfTime, subject: Subject, around: Field) -> TestAnswer:
    answer = _in_time(test, subject, around)
    holds = None if answer.holds is None else not answer.holds
    return TestAnswer(holds, answer.fact, answer.found, answer.required, answer.needs, answer.code)


def _span(entry: CalendarEntry | None) -> CodedNote | None:
    if entry is None or entry.closes is None:
        return None
    last = When(entry.closes, entry.closes, entry.closes_hour)
    if entry.opens and entry.opens != entry.closes:
        return note("span", opens=entry.opens, closes=last)
    return note("by", day=last)


def _within(test: c.Within, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    start, end = _when(subject, test.after), _when(subject, test.fact)
    span = note("months", count=test.months) if test.months else note("days", count=test.days)
    required = note("within", span=span, fact=test.after)
    missing = tuple(name for name, value in ((test.fact, end), (test.after, start)) if value is None)
    if start is None or end is None:
        return _needs(*missing, required=required)
    found = note("span", opens=start, closes=end)
    if end.last < start.first or end.first > _later(start.last, test):
        return TestAnswer(False, test.fact, found, required)
    if end.last <= _later(start.first, test) and end.first >= start.last:
        return TestAnswer(True, test.fact, found, required)
    return _needs(test.fact, required=required, code="needs-day", found=found)


def _later(day: date, test: c.Within) -> date:
    return date.fromordinal(add_months(day, test.months).toordinal() + test.days)


def _not_after(test: c.NotAfter, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    mine, other = _when(subject, test.fact), _when(subject, test.other)
    if mine is None or other is None:
        missing = tuple(n for n, value in ((test.fact, mine), (test.other, other)) if value is None)
        return _needs(*missing, required=note("not-after", fact=test.other))
    holds = True if mine.last <= other.first else False if mine.first > other.last else None
    code = "" if holds is not None else "needs-day"
    required = note("by", day=other)
    return TestAnswer(holds, test.fact, mine, required, () if code == "" else (test.fact,), code)


# ---------------------------------------------------------------- values


def _is(test: c.Is, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None:
        return _needs(test.fact, required=test.value)
    return TestAnswer(value == test.value, test.fact, value, test.value)


def _is_not(test: c.IsNot, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    binary = isinstance(test.value, bool)
    required = not test.value if binary else note("not", value=test.value)
    if value is None:
        return _needs(test.fact, required=required)
    return TestAnswer(value != test.value, test.fact, value, required)


def _in(test: c.In, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    value, required = subject.facts.get(test.fact), note("one-of", values=tuple(test.values))
    if value is None:
        return _needs(test.fact, required=required)
    return TestAnswer(value in test.values, test.fact, value, required)


def _given(test: c.Given, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    return _needs(test.fact) if value is None else TestAnswer(True, test.fact, value)


def _same_party(test: c.SameParty, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    value = subject.facts.get(test.fact)
    if value is None or not subject.party:
        return _needs(test.fact if value is None else "party", required=subject.party)
    return TestAnswer(value == subject.party, test.fact, value, subject.party)


# ---------------------------------------------------------------- numbers


def _count_at_least(test: c.CountAtLeast, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    return _count(
        test,
        subject,
        lambda found, bound: found > bound if test.comparison == "more-than" else found >= bound,
    )


def _count_at_most(test: c.CountAtMost, subject: Subject, around: Field) -> TestAnswer:  # noqa: ARG001
    return _count(
        test,
        subject,
        lambda found, bound: found < bound if test.comparison == "more-than" else found <= bound,
    )


def _count(
    test: c.CountAtLeast | c.CountAtMost, subject: Subject, holds: Callable[[Fraction, Fraction], bool]
) -> TestAnswer:
    found = number(subject, test.fact)
    whole = number(subject, test.of) if test.share is not None else 1
    missing = tuple(name for name, value in ((test.fact, found), (test.of, whole)) if value is None)
    code = _BOUNDS[test.op][test.comparison == "more-than"]
    if found is None or whole is None:
        amount = test.value if test.share is None else note("part-of-fact", share=test.share, fact=test.of)
        return _needs(*missing, required=note(code, amount=amount), found=found)
    bound = Fraction(test.value or 0) if test.share is None else test.share * whole
    return TestAnswer(holds(Fraction(found), bound), test.fact, found, note(code, amount=bound))


_BOUNDS = {
    "count-at-least": ("at-least", "more-than"),
    "count-at-most": ("at-most", "fewer-than"),
}


def _length_at_most(test: c.LengthAtMost, subject: Subject, around: Field) -> TestAnswer:
    seats = _seats(subject, around.law)
    length = number(subject, "list_length")
    if seats is None or length is None:
        needed = tuple(n for n, v in (("list_length", length), ("seats", seats)) if v is None)
        return _needs(*needed)
    most = ROUND[test.rounding](seats * (1 + test.extra))
    required = note("at-most-for-seats", amount=most, seats=seats)
    return TestAnswer(length <= most, "list_length", length, required)


def _seats(subject: Subject, law: Law) -> int | None:
    tiers = law.tiers_of(subject.contest)
    return law.seats(tiers[0]) if tiers else None


def _share_at_least(test: c.ShareAtLeast, subject: Subject, around: Field) -> TestAnswer:
    """Count the groups of a list; where the age of youth has two readings, both must give the answer."""
    answer = _share_read(test, subject, around)
    if test.youth_or is None:
        return answer
    other = _share_read(test.model_copy(update={"youth_under": test.youth_or}), subject, around)
    if answer.holds is other.holds:
        return answer
    if None in (answer.holds, other.holds):
        return answer if answer.holds is None else other
    refuses, admits = (test.youth_under, test.youth_or) if other.holds else (test.youth_or, test.youth_under)
    return TestAnswer(None, answer.fact, answer.found, answer.required, (str(refuses), str(admits)), "needs-age")


def _share_read(test: c.ShareAtLeast, subject: Subject, around: Field) -> TestAnswer:
    counts = tally(test, subject, around.day)
    if counts is None:
        return _needs("list_length", required=note("at-least", amount=note("share", share=test.share)))
    least = needed(test, counts.length)
    amount = note("share-of", count=least, whole=counts.length, share=test.share)
    required = note("at-least", amount=amount)
    holds = True if counts.low >= least else False if counts.high < least else None
    missing = counts.missing if holds is None else ()
    code = "needs-fact" if holds is None else ""
    return TestAnswer(holds, "list_in_groups", counts.figures, required, missing, code, counts.guessed)


# ---------------------------------------------------------------- places


def _exclusive_with(test: c.ExclusiveWith, subject: Subject, around: Field) -> TestAnswer:
    required = note("one-place", contests=tuple(test.contests))
    same = [p for p in around.named.get(_key(subject), ()) if p.id != subject.id and p.contest in test.contests]
    sure = [p for p in same if _same_person(subject, p)]
    if sure:
        return TestAnswer(False, "birth_date", note("persons", persons=tuple(p.id for p in sure)), required)
    maybe = [p for p in same if _same_person(subject, p) is None]
    if maybe:
        found = note("same-name", persons=tuple(p.id for p in maybe))
        return _needs("birth_date", required=required, code="needs-fact", found=found)
    return TestAnswer(True, "birth_date", subject.id, required)


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


def _one_per_nominator(test: c.OnePerNominator, subject: Subject, around: Field) -> TestAnswer:
    kind, nominator = subject.facts.get("nominator_kind"), subject.facts.get("nominator")
    required = note("at-most", amount=test.most)
    if kind is None:
        return _needs("nominator_kind", required=required)
    if kind not in test.kinds:
        return TestAnswer(True, "nominator_kind", kind, required)
    if nominator is None:
        return _needs("nominator", required=required)
    area = subject.unit if test.area == "district" else None
    count = around.nominated.get((str(nominator), subject.contest, area), 1)
    found = note("of", count=count, whole=nominator)
    return TestAnswer(count <= test.most, "nominator", found, required)


def nominated(people: Iterable[Subject]) -> Counter[tuple[str, str, str | None]]:
    """Count the persons of each nominator in each district and in each contest."""
    found: Counter[tuple[str, str, str | None]] = Counter()
    for person in people:
        name = person.facts.get("nominator")
        if name is not None:
            found[str(name), person.contest, person.unit] += 1
            found[str(name), person.contest, None] += 1
    return found


def standing(people: Iterable[Subject], lists: Iterable[Subject]) -> Counter[tuple[str, str, str]]:
    """Count the persons and lists in each district that have not withdrawn."""
    return Counter((s.of, s.contest, s.unit) for s in (*people, *lists) if "withdrawn" not in s.facts)


def _contestants_at_least(test: c.ContestantsAtLeast, subject: Subject, around: Field) -> TestAnswer:
    here = around.standing.get((subject.of, subject.contest, subject.unit), 0)
    return TestAnswer(here >= test.count, "", here, note("at-least", amount=test.count))


def _payment(subject: Subject, around: Field) -> tuple[date, date]:
    """Return the first and last day on which a deposit can have been paid: that of payment, else of the registration."""
    known = _when(subject, "list_deposit_on" if subject.of == "list" else "deposit_paid_on")
    if known is not None:
        return known.first, known.last
    entries = [around.entries.get(name) for name in ("nomination", "registration")]
    opens = min((e.opens for e in entries if e and e.opens), default=None)
    closes = max((e.closes for e in entries if e and e.closes), default=None)
    last = closes or around.day
    return min(opens or add_months(last, -2), last), last


def _deposit_paid(test: c.DepositPaid, subject: Subject, around: Field) -> TestAnswer:
    paid = number(subject, test.fact)
    names = number(subject, "list_length") if subject.of == "list" else 1
    last = subject.facts.get("last_share")
    span = _payment(subject, around)
    key = (test.deposit, names, None if last is None else str(last), span)
    due = around.dues.get(key) or deposit_due(around.law, key[0], names=names, last=key[2], paid=span)
    around.dues[key] = due
    if due.amount == 0:
        return TestAnswer(True, test.fact, 0, due.sum)
    missing = tuple(n for n, absent in ((test.fact, paid is None), *((need, True) for need in due.needs)) if absent)
    if paid is not None and due.most is not None and paid >= due.most:
        return TestAnswer(True, test.fact, paid, due.sum)
    if paid is not None and due.least is not None and paid < due.least:
        return TestAnswer(False, test.fact, paid, due.sum, confidence=due.confidence)
    if missing:
        return _needs(*missing, required=due.sum, found=paid)
    return TestAnswer(False, test.fact, paid, due.sum, confidence=due.confidence)


_TESTS: Mapping[str, Callable[[Any, Subject, Field], TestAnswer]] = {
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
