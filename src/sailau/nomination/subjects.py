"""Who is vetted: a person, a list or a party with the facts known of it, read by the kinds in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from sailau.election.model import INDEPENDENT, Candidate, Election, Party
from sailau.rulebook.facts import FACTS
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.schema import Law, share

Of = Literal["person", "list", "party"]
_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?)?")
_YES = {"yes": True, "true": True, "no": False, "false": False}
_SEX = {"f": "F", "female": "F", "w": "F", "m": "M", "male": "M"}


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A day, its hour where one was written, or the year alone."""

    first: date
    last: date
    hour: str = ""

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        if not self.exact:
            return str(self.first.year)
        return f"{self.first}T{self.hour}" if self.hour else str(self.first)


def read_when(value: object) -> When:
    """Read a date, a date with an hour, or a year.

    Raises:
        ValueError: none of these.
    """
    if isinstance(value, datetime):
        return When(value.date(), value.date(), f"{value:%H:%M}")
    if isinstance(value, date):
        return When(value, value)
    text = str(value).strip()
    if re.fullmatch(r"\d{4}", text):
        return When(date(int(text), 1, 1), date(int(text), 12, 31))
    match = _HOUR.fullmatch(text)
    if match is None:
        raise ValueError("a date such as 2023-02-08, 2023-02-08T18:00, or a year")
    day = date.fromisoformat(match.group(1))
    return When(day, day, f"{match.group(2)}:{match.group(3)}" if match.group(2) else "")


def read_fact(name: str, value: object) -> bool | int | str | When:
    """Read one fact by its kind.

    Raises:
        ValueError: with what is expected.
    """
    fact = FACTS[name]
    if fact.kind == "date":
        return read_when(value)
    if fact.kind == "bool":
        if isinstance(value, bool):
            return value
        found = _YES.get(str(value).strip().lower())
        if found is None:
            raise ValueError("yes or no")
        return found
    if fact.kind == "int":
        text = str(value).strip()
        if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 18:
            raise ValueError("a whole number")
        return int(text)
    text = str(value).strip()
    if fact.kind == "choice" and text not in fact.values:
        raise ValueError("one of " + ", ".join(fact.values))
    if name == "last_share":
        _check_share(text)
    return text


def _check_share(text: str) -> Fraction:
    value = share(text)
    if not 0 <= value <= 1:
        raise ValueError("a share from 0% to 100%, such as 5.20%")
    return value


@dataclass(frozen=True, slots=True)
class Subject:
    """One person, list or party with what is known of it.

    Attributes:
        contest: ballot paper on which it stands, empty for a party or a person who is only described.
        facts: facts by name, those absent unknown.
        members: the persons of a list.
        withdrawn: whether it has left the contest in any case.
    """

    of: Of
    id: str
    contest: str = ""
    unit: str = ""
    party: str = ""
    name: str = ""
    sex: str = ""
    born: When | None = None
    facts: Mapping[str, bool | int | str | When] = field(default_factory=dict)
    members: tuple[Subject, ...] = ()


def years_on(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 1 March where the year lacks it, the last day of all follows all."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def number(subject: Subject, fact: str) -> int | None:
    """Return a number known of a subject; the length of a list is also counted from its members."""
    value = subject.facts.get(fact)
    if isinstance(value, int):
        return value
    if fact == "list_length" and subject.members:
        return len(subject.members)
    if fact == "list_left" and subject.members:
        return sum("withdrawn" in person.facts for person in subject.members) or None
    return None


def read_facts(
    where: str, facts: Mapping[str, object], of: Of | None, faults: list[Fault]
) -> dict[str, bool | int | str | When]:
    """Read all facts of a subject, noting a fault for each that is unknown or badly written."""
    read: dict[str, bool | int | str | When] = {}
    for name, value in facts.items():
        fact = FACTS.get(name)
        if fact is None or (of is not None and fact.of != of):
            known = ", ".join(f.name for f in FACTS.values() if of in (None, f.of))
            faults.append(Fault(where, 0, name, f"“{name}”", f"a fact: {known}"))
            continue
        if value is None or value == "":
            continue
        try:
            read[name] = read_fact(name, value)
        except ValueError as error:
            faults.append(Fault(where, 0, name, f"“{value}”", str(error)))
    return read


def described_person(facts: Mapping[str, object], where: str = "person") -> Subject:
    """Return a person described by facts, `birth_date`, `sex` and `name` among them.

    Raises:
        BadInput: an unknown fact or one that is badly written.
    """
    faults: list[Fault] = []
    rest = {k: v for k, v in facts.items() if k not in ("id", "name", "sex", "birth_date", "party")}
    born = None
    if facts.get("birth_date") not in (None, ""):
        try:
            born = read_when(facts["birth_date"])
        except ValueError as error:
            faults.append(Fault(where, 0, "birth_date", f"“{facts['birth_date']}”", str(error)))
    read = read_facts(where, rest, "person", faults)
    if faults:
        raise BadInput(faults)
    return Subject(
        "person",
        str(facts.get("id", where)),
        party=str(facts.get("party", "")),
        name=str(facts.get("name", "")),
        sex=_SEX.get(str(facts.get("sex", "")).lower(), ""),
        born=born,
        facts=read,
    )


def persons(election: Election, faults: list[Fault]) -> list[Subject]:
    """Return everybody who stands in an election."""
    return [_person(candidate, faults) for candidate in election.candidates.values()]


def _person(candidate: Candidate, faults: list[Fault]) -> Subject:
    facts = read_facts(f"candidates.csv, {candidate.id}", candidate.facts, "person", faults)
    party = "" if candidate.party == INDEPENDENT else candidate.party
    if party:
        facts = {"nominator_kind": "party", "nominator": party, **facts}
    return Subject(
        "person",
        candidate.id,
        candidate.contest,
        candidate.unit,
        party,
        candidate.name,
        _SEX.get(candidate.sex.lower(), ""),
        None if candidate.birth_date is None else read_when(candidate.birth_date),
        facts,
    )


def lists(law: Law, election: Election, people: list[Subject], faults: list[Fault]) -> list[Subject]:
    """Return every party list: of parties with names in a list contest, of all where none has names."""
    found = []
    for contest in law.contest:
        if contest.ballot != "list":
            continue
        members: dict[tuple[str, str], list[Subject]] = {}
        for person in people:
            if person.contest == contest.id and person.party:
                members.setdefault((person.unit, person.party), []).append(person)
        for party in election.parties.values():
            facts = {k: v for k, v in party.facts.items() if k in FACTS and FACTS[k].of == "list"}
            places = [unit for unit, name in members if name == party.id]
            for unit in places or ([""] if facts or not members else []):
                where = f"parties.csv, {party.id}"
                found.append(
                    Subject(
                        "list",
                        f"{unit}/{party.id}" if len(places) > 1 else party.id,
                        contest.id,
                        unit,
                        party.id,
                        facts=read_facts(where, facts, "list", faults),
                        members=tuple(members.get((unit, party.id), ())),
                    )
                )
    return found


def parties(election: Election, faults: list[Fault]) -> Iterator[Subject]:
    """Yield every party of an election."""
    for party in election.parties.values():
        if party.kind in ("", "party"):
            yield _party(party, faults)


def _party(party: Party, faults: list[Fault]) -> Subject:
    facts = {k: v for k, v in party.facts.items() if k in FACTS and FACTS[k].of == "party"}
    return Subject(
        "party",
        party.id,
        party=party.id,
        facts=read_facts(f"parties.csv, {party.id}", facts, "party", faults),
    )
