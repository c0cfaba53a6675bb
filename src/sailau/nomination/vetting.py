"""Vetting: the conditions of the rule book applied to persons, lists and parties.

`admitted` means that every condition is met, `refused` that one is not, `undecided` that a fact is missing. A
condition is data; adding one to a rule book needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sailau.election.model import Election
from sailau.nomination.calendar import calendar_of
from sailau.nomination.checks import Field, TestAnswer, check, index, nominated, standing
from sailau.nomination.notes import CodedNote, Value, note
from sailau.nomination.subjects import Subject, When, described_person, lists, parties, persons, read_facts
from sailau.rulebook.conduct import Condition, Purpose
from sailau.rulebook.facts import FACTS
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.schema import Law
from sailau.rulebook.sections import section_on

Result = Literal["admitted", "refused", "undecided"]
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """What one condition found about one person, list or party.

    Attributes:
        code: `met`, `not-met`, `note`, `presumed` (nothing is known against it), or what is missing:
            `needs-fact`, `needs-day`, `needs-hour`, `needs-deadline`, `needs-conditions` (of a book without any),
            `needs-reading` (this reading would refuse, but it or its figure was not read in the text).
        provision: id of the condition in the rule book.
        needs: facts that are missing.
        document: language → the paper that would prove it, where it is not met or not known.
        cure: language → what can still be done.
    """

    code: str
    provision: str
    cite: str
    confidence: str
    title: Mapping[str, str]
    fact: str = ""
    found: Value = None
    required: Value = None
    needs: tuple[str, ...] = ()
    document: Mapping[str, str] = field(default_factory=dict)
    cure: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the law refuses for it."""
        return self.code == "not-met"

    @property
    def undecided(self) -> bool:
        """Whether a fact is missing."""
        return self.code.startswith("needs-")

    @property
    def state(self) -> CodedNote:
        """How it stands: the code, with what is missing."""
        if self.code == "needs-hour":
            return note(self.code, facts=self.needs, hour=_hour(self.required))
        if self.code == "needs-deadline":
            return note(self.code, deadlines=self.needs)
        if self.code == "needs-age":
            return note(self.code, refused=self.needs[0], admitted=self.needs[1])
        return note(self.code, facts=self.needs) if self.undecided and self.needs else note(self.code)


def _hour(required: Value) -> str:
    """Return the hour at which a last day ends."""
    last = required.value("closes") or required.value("day") if isinstance(required, CodedNote) else None
    return last.hour if isinstance(last, When) else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one person, list or party."""

    id: str
    verdict: Result
    findings: tuple[ConditionFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Vetting:
    """Everybody and everything that stands in an election, vetted."""

    persons: tuple[Verdict, ...] = ()
    lists: tuple[Verdict, ...] = ()
    parties: tuple[Verdict, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether anybody or anything is refused."""
        return any(v.verdict == "refused" for v in (*self.persons, *self.lists, *self.parties))


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """May this person vote; may this person stand (by ballot paper)."""

    vote: Verdict
    stand: Mapping[str, Verdict]


def vet(law: Law, election: Election, *, everything: bool = False) -> Vetting:
    """Apply the conditions of a law to all who stand in an election.

    Args:
        law: the law of its polling day.
        election: parties and candidates with the facts known of them.
        everything: also report conditions that are met; else only those marked `always` in the book.
            What is presumed is always reported.

    Raises:
        BadInput: facts that are badly written, all at once.
    """
    faults: list[Fault] = []
    people = tuple(persons(election, faults))
    stood = tuple(lists(law, election, list(people), faults))
    bodies = tuple(parties(election, faults))
    if faults:
        raise BadInput(faults)
    entries = {entry.id: entry for entry in calendar_of(law, election)}
    around = Field(law, law.day, entries, index(people), standing(people, stood), nominated(people))
    conditions = _conditions(law.section("condition"), law)
    return Vetting(
        tuple(_verdict(p, conditions, ("vote", "stand", "register"), around, everything) for p in people),
        tuple(_verdict(s, conditions, ("stand", "register"), around, everything) for s in stood),
        tuple(_party_verdict(b, conditions, around, everything) for b in bodies),
    )


def vet_person(law: Law, facts: Mapping[str, object], day: date | None = None) -> PersonAnswer:
    """Say whether a described person may vote and may stand on a polling day.

    Args:
        law: a law of the office.
        facts: facts of a person by name, `birth_date` among them.
        day: polling day; the law's own day when absent.

    Raises:
        BadInput: an unknown or badly written fact, or no such law on that day.
    """
    if day is not None and day != law.day:
        law = law.book.on(day)
    person = described_person(facts)
    around = Field(law, law.day)
    conditions = _conditions(law.section("condition"), law)
    vote = _verdict(person, conditions, ("vote",), around, everything=True)
    stand = {}
    for contest in law.contest:
        if contest.ballot != "question":
            standing = Subject(
                "person",
                person.id,
                contest.id,
                "",
                person.party,
                person.name,
                person.sex,
                person.born,
                person.facts,
            )
            stand[contest.id] = _verdict(standing, conditions, ("vote", "stand"), around, everything=True)
    return PersonAnswer(vote, stand)


def vet_party(law: Law, facts: Mapping[str, object], day: date | None = None) -> Verdict:
    """Check an application to register a party against the law of a day (that of `party_filed` when absent).

    Raises:
        BadInput: an unknown or badly written fact.
    """
    faults: list[Fault] = []
    read = read_facts("party", {k: v for k, v in facts.items() if k != "id"}, "party", faults)
    if faults:
        raise BadInput(faults)
    party = Subject("party", str(facts.get("id", "party")), facts=read)
    filed = day or _day_of(party, "party_filed") or law.day
    conditions = _conditions(section_on(law, "condition", filed), law)
    return _verdict(party, conditions, ("found",), Field(law, filed), everything=True)


def _day_of(subject: Subject, fact: str) -> date | None:
    value = subject.facts.get(fact)
    first = getattr(value, "first", None)
    return first if isinstance(first, date) else None


def _party_verdict(party: Subject, conditions: list[Condition], around: Field, everything: bool) -> Verdict:
    """Vet a party that takes part; an application that is described is checked by the law of its day too."""
    verdict = _verdict(party, conditions, ("stand",), around, everything)
    filed = _day_of(party, "party_filed")
    if filed is None:
        return verdict
    founding = _conditions(section_on(around.law, "condition", filed), around.law)
    other = _verdict(party, founding, ("found",), Field(around.law, filed), everything)
    return _joined(party.id, (*verdict.findings, *other.findings))


def _conditions(things: Iterable[Any], law: Law) -> list[Condition]:
    return [thing for thing in things if thing.concerns(law.id)]


def _verdict(
    subject: Subject,
    conditions: list[Condition],
    purposes: tuple[Purpose, ...],
    around: Field,
    everything: bool,
) -> Verdict:
    if not any(c.of == subject.of for c in conditions):  # nobody has written them down yet: that is no admission
        body = around.law.body
        name = {str(language): text for language, text in body.name.items()}
        return _joined(subject.id, [ConditionFinding("needs-conditions", "", body.cite, body.confidence, name)])
    asked = [
        condition
        for condition in conditions
        if condition.of == subject.of
        and condition.to in purposes
        and (not condition.contests or not subject.contest or subject.contest in condition.contests)
    ]
    found = [finding for condition in asked if (finding := _finding(condition, subject, around, everything))]
    return _joined(subject.id, found)


def _joined(name: str, found: Iterable[ConditionFinding]) -> Verdict:
    findings = tuple(found)
    if any(f.refuses for f in findings):
        return Verdict(name, "refused", findings)
    return Verdict(name, "undecided" if any(f.undecided for f in findings) else "admitted", findings)


def _finding(condition: Condition, subject: Subject, around: Field, everything: bool) -> ConditionFinding | None:
    """Return what a condition finds, None where it is not asked or met and nobody wants to know."""
    for guard in condition.when:
        answer = check(guard, subject, around)
        if answer.holds is False or (answer.holds is None and guard.op == "given"):
            return None
        if answer.holds is None:
            return _told(condition, answer, answer.code)
    answer = check(condition.test, subject, around)
    code = _code(condition, answer)
    if code == "met" and not (everything or condition.always):
        return None
    return _told(condition, answer, code)


def _code(condition: Condition, answer: TestAnswer) -> str:
    if answer.holds is True:
        return "met"
    if answer.holds is False:
        if condition.consequence == "note":
            return "note"
        return "needs-reading" if _unread(condition, answer) else "not-met"
    return "presumed" if condition.presumed and answer.code == "needs-fact" else answer.code


def _unread(condition: Condition, answer: TestAnswer) -> bool:
    """Say whether a refusal would rest on a provision or a figure that nobody read: that is no refusal."""
    return "unverified" in (condition.confidence, answer.confidence)


def _told(condition: Condition, answer: TestAnswer, code: str) -> ConditionFinding:
    fact = FACTS.get(answer.fact)
    unsettled = code == "not-met" or (code.startswith("needs-") and code != "needs-reading")
    hidden = fact is not None and fact.health
    return ConditionFinding(
        code=code,
        provision=condition.id,
        cite=condition.cite,
        confidence="unverified" if answer.guessed else answer.confidence or condition.confidence,
        title=condition.texts["title"],
        fact=answer.fact,
        found=None if hidden else answer.found,
        required=answer.required,
        needs=answer.needs,
        document=(condition.texts["document"] or (fact.document if fact else _NOTHING)) if unsettled else _NOTHING,
        cure=condition.texts["cure"] if code in ("not-met", "note", "needs-reading") else _NOTHING,
        note=condition.note,
    )


def asked_by(law: Law) -> dict[str, tuple[str, ...]]:
    """Return fact → articles that ask for it in a law, for the table of facts in the docs."""
    found: dict[str, list[str]] = {}
    for condition in _conditions(law.section("condition"), law):
        for test in (condition.test, *condition.when):
            for name in _facts_of(test):
                found.setdefault(name, []).append(condition.cite)
    return {name: tuple(dict.fromkeys(cites)) for name, cites in found.items()}


def _facts_of(test: Any) -> Iterable[str]:
    """Return the facts that a test looks at, those it names and those its operator implies."""
    named = [getattr(test, key, "") for key in ("fact", "of", "after", "other")]
    implied = {
        "age-at-least": ("birth_date",),
        "exclusive-with": ("birth_date",),
        "one-per-nominator": ("nominator_kind", "nominator"),
        "length-at-most": ("list_length",),
        "deposit-paid": ("last_share", "deposit_paid_on", "list_deposit_on"),
        "share-at-least": ("sex", "birth_date", "disability", "list_length", "list_in_groups"),
    }
    return [name for name in (*named, *implied.get(test.op, ())) if name]
