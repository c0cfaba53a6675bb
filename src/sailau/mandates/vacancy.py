"""A seat falls vacant: who follows, by whose choice, until when – and whether the quota still holds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from sailau.mandates import quota
from sailau.mandates.distribution import subjects
from sailau.mandates.model import Mandates, Place, QuotaCheck, Seat
from sailau.naming import Names
from sailau.nomination.calendar import add_months
from sailau.nomination.subjects import Subject
from sailau.rulebook import BadInput, Fault, Finding
from sailau.rulebook.mandates import ByElection
from sailau.rulebook.mandates import MandateRules as Rule

Status = Literal["filled", "party-decides", "breaks-quota", "vacant", "by-election", "no-by-election", "no-rule"]


@dataclass(frozen=True)
class Vacancy:
    """What follows when a seat falls vacant.

    Attributes:
        status: `filled` by a successor; `party-decides`: the choice is the party's, `proposed` keeps the quota;
            `breaks-quota`: the party's choice does not, though another person would; `vacant`: nobody is left;
            `by-election`, or `no-by-election` so near to the end of the term; `no-rule`: the book does not say.
        due: last day of the by-election, or of its call.
        mandates: all seats after it.
    """

    seat: Seat
    on: date
    reason: str
    status: Status
    successor: str | None
    proposed: str | None
    due: date | None
    what: str
    quota: QuotaCheck | None
    cite: str
    confidence: str
    findings: tuple[Finding, ...]
    mandates: Mandates

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        from sailau import answers

        return answers.told(answers.VacancyAnswer, self)


def vacate(mandates: Mandates, person: str, on: date, reason: str, chosen: str | None = None) -> Vacancy:
    """Take a person out of a seat and say who follows.

    Refusing a mandate before taking it (`reason="refused"`) is the same case: the next follows.

    Args:
        mandates: the seats as they stand.
        person: the candidate who leaves, by id or name.
        on: day on which the seat falls vacant.
        reason: why, in a word such as `refused`, `resigned`, `died`, `left-party`, `recalled`, `incompatible-office`.
        chosen: whom the party chose, where the choice is the party's, by id or name.

    Raises:
        BadInput: the person holds no seat, or the party's choice cannot take it.
    """
    holders = _names(mandates, [seat.candidate for seat in mandates.seats if seat.candidate])
    known = holders.find(person)
    seat = mandates.held_by(known) if known is not None else None
    if seat is None or known is None:
        expected = holders.expected(person, "a person who holds a seat", f"sailau mandates {mandates.election.name}")
        raise BadInput([Fault("--vacate", 0, "", f"“{person}”", expected)])
    person = known
    rule = mandates.rules.get(seat.contest)
    gone = {**mandates.gone, person: reason}
    open_seat = replace(seat, candidate=None, name="", position=None, basis="open", office="")
    after = replace(mandates, seats=_with(mandates.seats, seat, open_seat), gone=gone)
    case = _Case(after, seat, rule, on, reason)
    if rule is None or rule.vacancy is None:
        return case.answer("no-rule")
    if rule.vacancy == "by-election":
        return case.by_election(rule.by_election)
    if chosen is not None and rule.vacancy != "party":
        raise BadInput([Fault("--chosen", 0, "", f"“{chosen}”", "nobody: the law says who follows")])
    return case.from_list(chosen)


def _names(mandates: Mandates, persons: Iterable[str]) -> Names:
    """Return persons with what they are called."""
    return Names({person: mandates.election.names_of(person) for person in persons})


def _with(seats: Sequence[Seat], old: Seat, new: Seat) -> tuple[Seat, ...]:
    """Return the seats with one of them exchanged; open seats of a list may be one object, so only the first is."""
    place = next(i for i, seat in enumerate(seats) if seat is old)
    return (*seats[:place], new, *seats[place + 1 :])


@dataclass
class _Case:
    """One vacancy while it is worked out; `after` are the seats with this one open."""

    after: Mandates
    seat: Seat
    rule: Rule | None
    on: date
    reason: str

    def answer(self, status: Status, **known: Any) -> Vacancy:
        told: dict[str, Any] = {
            "successor": None,
            "proposed": None,
            "due": None,
            "what": "",
            "quota": None,
            "cite": self.rule.cite if self.rule else "",
            "confidence": self.rule.confidence if self.rule else "statute",
            "findings": (),
            "mandates": self.after,
            **known,
        }
        return Vacancy(self.seat, self.on, self.reason, status, **told)

    # ------------------------------------------------------------------ by-elections

    def by_election(self, rule: ByElection | None) -> Vacancy:
        if rule is None:
            return self.answer("by-election")
        told = {"cite": rule.cite, "confidence": rule.confidence}
        end = self._term_ends()
        if rule.not_in_last_months and end is None:
            finding = Finding("term-unknown", self.seat.contest, self.seat.unit, {}, rule.cite, rule.confidence)
            told["findings"] = (finding,)  # type: ignore[assignment]
        elif end is not None and self.on > add_months(end, -rule.not_in_last_months):
            return self.answer("no-by-election", **told)
        due = add_months(self.on, rule.months) if rule.months else None
        if rule.sundays:
            due = _last_sunday(self.on, rule.sundays)
        return self.answer("by-election", due=due, what=rule.what, **told)

    def _term_ends(self) -> date | None:
        law = self.after.outcome.law
        return add_months(law.day, 12 * law.body.term.years) if law.body.term is not None else None

    # ------------------------------------------------------------------ the list

    def from_list(self, chosen: str | None) -> Vacancy:
        assert self.rule is not None
        place = self.seat.place
        waiting = [p for p in self.after.reserve.get(place, ()) if p not in self.after.gone]
        if chosen is not None:
            names = _names(self.after, waiting)
            if names.find(chosen) is None:
                expected = names.expected(chosen, "a person of that list who has no seat")
                raise BadInput([Fault("--chosen", 0, "", f"“{chosen}”", expected)])
            chosen = names.find(chosen)
        if not waiting:
            vacant = replace(self.after, seats=self._seats("", "vacant"))
            return self.answer("vacant", mandates=vacant)
        if self.rule.vacancy == "list":
            return self._filled(place, waiting, waiting[0])
        proposed = self._keeps_quota(place, waiting)
        if chosen is None:
            findings = () if proposed else (self._finding("quota-cannot-hold"),)
            return self.answer("party-decides", proposed=proposed or waiting[0], findings=findings)
        if proposed is not None and not self._fits(place, chosen):
            return self.answer(
                "breaks-quota",
                proposed=proposed,
                quota=self._quota(place, chosen),
                findings=(self._finding("successor-breaks-quota", person=chosen),),
            )
        return self._filled(place, waiting, chosen)

    def _filled(self, place: Place, waiting: Sequence[str], person: str) -> Vacancy:
        reserve = {**self.after.reserve, place: tuple(p for p in waiting if p != person)}
        held = self._quota(place, person)
        quotas = tuple(held if held and q.place == place else q for q in self.after.quotas)
        after = replace(self.after, seats=self._seats(person, "successor"), reserve=reserve, quotas=quotas)
        broken = held is not None and held.verdict in ("broken", "impossible")
        findings = (self._finding("quota-cannot-hold"),) if broken else ()
        return self.answer("filled", successor=person, quota=held, findings=findings, mandates=after)

    def _seats(self, person: str, basis: Literal["successor", "vacant"]) -> tuple[Seat, ...]:
        """Return all seats with the open one given to a person, or marked as vacant."""
        candidate = self.after.election.candidates.get(person)
        opened = next(
            s for s in self.after.seats if s.candidate is None and s.basis == "open" and s.place == self.seat.place
        )
        name, position = (candidate.name, candidate.position) if candidate else ("", None)
        filled = replace(opened, candidate=person or None, name=name, position=position, basis=basis)
        return _with(self.after.seats, opened, filled)

    def _finding(self, code: str, **values: object) -> Finding:
        assert self.rule is not None
        known = {"party": self.seat.party, **values}
        return Finding(code, self.seat.contest, self.seat.unit, known, self.rule.cite, self.rule.confidence)

    # ------------------------------------------------------------------ quota

    @cached_property
    def people(self) -> dict[str, Subject]:
        return subjects(self.after.outcome)

    def _staying(self, place: Place) -> list[Subject]:
        people = self.people
        return [people[s.candidate] for s in self.after.seats if s.place == place and s.candidate is not None]

    def _size(self, place: Place) -> int:
        return sum(seat.place == place for seat in self.after.seats)

    def _fits(self, place: Place, person: str) -> bool:
        """Whether a choice keeps the quota, or may keep it as far as the facts are known."""
        held = self._quota(place, person)
        return held is None or held.verdict in ("met", "undecided")

    def _quota(self, place: Place, person: str) -> QuotaCheck | None:
        assert self.rule is not None
        people = self.people
        taking = [*self._staying(place), people[person]]
        waiting = [people[p] for p in self.after.reserve.get(place, ()) if p not in self.after.gone and p != person]
        day = self.after.outcome.law.day
        return quota.check(self.rule, place, taking, [*taking, *waiting], self._size(place), day)

    def _keeps_quota(self, place: Place, waiting: Sequence[str]) -> str | None:
        """Return the first in order with whom the quota surely holds; None where public facts find nobody."""
        assert self.rule is not None
        if self.rule.quota is None:
            return waiting[0]
        people, day = self.people, self.after.outcome.law.day
        staying = self._staying(place)
        wanted = quota.mandates_needed(self.rule.quota, self._size(place))
        kept = (p for p in waiting if quota.fits(self.rule.quota, staying, people[p], wanted, day))
        return next(kept, None)


def _last_sunday(after: date, months: Sequence[int]) -> date:
    """Return the first last Sunday of one of the months that does not lie before a day."""
    days = []
    for year in (after.year, after.year + 1):
        for month in months:
            last = date(year, month, monthrange(year, month)[1])
            days.append(last - timedelta(days=(last.weekday() + 1) % 7))
    return min(day for day in days if day >= after)
