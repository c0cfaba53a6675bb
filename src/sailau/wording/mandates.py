"""Seats with their persons, quotas, deposits, vacancies and the members of a chamber as tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Kind, Table
from sailau.wording.language import Words, marked, words
from sailau.wording.names import NONE
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name, option_short, unit_name

if TYPE_CHECKING:
    from sailau.election import Election
    from sailau.mandates import Composition, Mandates, Seat, Vacancy
    from sailau.rulebook import Finding

_TABLES: dict[str, tuple[str, tuple[tuple[str, Kind], ...]]] = {
    "seats": (
        marked("Seats and persons"),
        (
            (marked("Ballot"), "text"),
            (marked("District"), "name"),
            (marked("Party"), "name"),
            (marked("Person"), "name"),
            (marked("Place on the list"), "count"),
            (marked("Ground"), "text"),
            (marked("Article"), "article"),
        ),
    ),
    "quotas": (
        marked("Quota of mandates"),
        (
            (marked("Party"), "name"),
            (marked("Mandates"), "seats"),
            (marked("Needed"), "seats"),
            (marked("Counted"), "seats"),
            (marked("Groups"), "text"),
            (marked("Answer"), "text"),
            (marked("Article"), "article"),
        ),
    ),
    "proposals": (
        marked("Nearest distribution that meets the quota (a proposal, the decision is the party's)"),
        (
            (marked("Party"), "name"),
            (marked("Gives way (place)"), "text"),
            (marked("Comes in (place)"), "text"),
            (marked("Why"), "text"),
        ),
    ),
    "refunds": (
        marked("Deposits"),
        (
            (marked("Ballot"), "text"),
            (marked("District"), "name"),
            (marked("List or candidate"), "name"),
            (marked("Share"), "share"),
            (marked("Comes back"), "text"),
            (marked("Why"), "text"),
            (marked("Article"), "article"),
        ),
    ),
    "remarks": (
        marked("What is open or unusual"),
        (
            (marked("Remark"), "text"),
            (marked("Article"), "article"),
            (marked("Confidence"), "text"),
        ),
    ),
    "vacancy": (
        marked("A seat falls vacant"),
        (
            (marked("Leaves"), "name"),
            (marked("Day"), "date"),
            (marked("Reason"), "text"),
            (marked("What follows"), "text"),
            (marked("Article"), "article"),
        ),
    ),
    "chamber-parties": (
        marked("Members by party"),
        (
            (marked("Party"), "name"),
            (marked("Members"), "seats"),
        ),
    ),
    "chamber-members": (
        marked("Members"),
        (
            (marked("Name"), "name"),
            (marked("Party"), "name"),
            (marked("Mandate"), "text"),
            (marked("District"), "name"),
            (marked("Sat on that day"), "text"),
        ),
    ),
}
"""Table → its title and its columns."""
_SENTENCES = {
    "party-silent": marked(
        "{party} has not said who takes its {seats} mandates (it has {days} days after publication): "
        "the law's order for a silent party is shown."
    ),
    "party-partly-silent": marked(
        "{party} named {named} persons for {seats} mandates: the rest follow the law's order for a silent party."
    ),
    "party-must-decide": marked(
        "{party}: the party decides who takes its {seats} mandates (within {days} days after publication); "
        "it named {named}, and the law names no order for a silent party."
    ),
    "yes": marked("yes"),
    "no": marked("no"),
    "unknown": marked("cannot be told"),
    "perhaps": marked("perhaps"),
    "not-known": marked("not known"),
    "guessed": marked("rests on a guess in the data"),
    "seats-without-name": marked("{number} without a name"),
    "group-women": marked("women"),
    "group-youth": marked("youth"),
    "group-disability": marked("persons with disabilities"),
    "fact-sex": marked("sex"),
    "fact-birth_date": marked("date of birth"),
    "fact-disability": marked("whether there is a disability"),
    "fact-name": marked("the persons who take the seats"),
    "confidence-statute": marked("read in the law"),
    "confidence-reported": marked("reported"),
    "confidence-secondary": marked("second hand"),
    "confidence-unverified": marked("unverified"),
    "basis-elected": marked("elected by name"),
    "basis-decided": marked("decided by the party"),
    "basis-default": marked("the law's order where the party is silent"),
    "basis-list": marked("order of the list"),
    "basis-preferences": marked("preference votes"),
    "basis-provisional": marked("order of the list, for want of what decides"),
    "basis-successor": marked("successor"),
    "basis-open": marked("nobody named yet"),
    "basis-vacant": marked("vacant: no names are left"),
    "office-must-give-up": marked("must first give up an incompatible office"),
    "office-given-up": marked("incompatible office given up"),
    "quota-met": marked("the quota is met"),
    "quota-broken": marked("the quota is not met"),
    "quota-undecided": marked("undecided, needs"),
    "quota-impossible": marked("cannot be met by this list; the seats stay"),
    "quota-is-broken": marked(
        "{party}: {count} of {seats} mandates go to the groups of the quota, {needed} are needed. The law "
        "names no sanction; the seats stay."
    ),
    "quota-is-undecided": marked(
        "{party}: surely {count} of {seats} mandates go to the groups of the quota, {needed} are needed. "
        "Undecided: needs {needs}."
    ),
    "quota-is-impossible": marked(
        "{party}: the list cannot give {needed} of {seats} mandates to the groups of the quota in any order. "
        "The law makes no exception and names no sanction: flagged, the seats stay."
    ),
    "proposal": marked(
        "{displaced} person(s) displaced, those nearest to the cut; then {count} of {seats} count for the "
        "quota, {needed} are needed."
    ),
    "proposal-further": marked(
        "{number} more person(s) of the groups must be found by the party: facts that are public do not tell."
    ),
    "names-unknown": marked("{contest}: no persons are known for {lists} of {of} lists that won seats."),
    "names-run-out": marked("{party}: the list has run out of names; {seats} seat(s) stay vacant."),
    "order-not-in-book": marked(
        "{contest}: the rule book does not say in which order persons take the seats; the order of the list is shown."
    ),
    "preferences-unknown": marked(
        "{party}: voters choose among the persons of the list, but preference votes are not known: the order "
        "of the list is shown."
    ),
    "seats-undetermined": marked(
        "{contest}: {seats} seat(s) await a decision that the count leaves open; nobody takes them yet."
    ),
    "passed-over": marked("{party}: {person} already won a seat in a district and is passed over on the list."),
    "named-cannot-take": marked(
        "{party}: {person} was named but has withdrawn or sits already, and takes no seat of the list."
    ),
    "decision-not-asked": marked(
        "{party}: a decision was given, but the law does not leave the order to the party; it was not used."
    ),
    "decision-without-seats": marked("{party}: a decision was given for a list without seats."),
    "office-in-the-way": marked("{person} holds an incompatible office that has not been given up."),
    "refund-elected": marked("won a seat"),
    "refund-share": marked("at least {bar} of the votes"),
    "refund-below": marked("below {bar} of the votes"),
    "refund-votes-unknown": marked("the votes are not known"),
    "vacancy-filled": marked("{who} takes the seat"),
    "vacancy-party-decides": marked("the party chooses; proposal: {who}"),
    "vacancy-breaks-quota": marked("the choice would break the quota of mandates; {who} would keep it"),
    "vacancy-vacant": marked("no names are left: the seat stays vacant"),
    "vacancy-by-election": marked("by-election; {day} {what}"),
    "vacancy-no-by-election": marked("so near to the end of the term there is no by-election: the seat stays vacant"),
    "vacancy-no-rule": marked("the rule book does not say who follows"),
    "by-election-called": marked("is the last day of its call"),
    "by-election-held": marked("is its day"),
    "quota-cannot-hold": marked(
        "No successor surely keeps the quota of mandates: flagged, the seat is filled all the same."
    ),
    "successor-breaks-quota": marked("With {person} the quota of mandates would not hold."),
    "term-unknown": marked(
        "The length of the term is not in the rule book, so the bar on late by-elections was not checked."
    ),
    "reason-refused": marked("refused the mandate"),
    "reason-resigned": marked("resigned"),
    "reason-died": marked("died"),
    "reason-incompatible-office": marked("incompatible office"),
    "reason-left-party": marked("left the party"),
    "reason-expelled": marked("expelled from the party"),
    "reason-recalled": marked("recalled"),
    "reason-conviction": marked("conviction in force"),
    "reason-citizenship": marked("loss of citizenship"),
    "reason-moved-abroad": marked("moved abroad for good"),
    "reason-party-ended": marked("end of the party"),
}
"""Code → sentence: words, grounds, verdicts, findings and what follows on a vacancy."""
_CONTESTS = {"list": marked("List"), "single": marked("District")}
"""Ballot papers in a narrow column."""
_PARTIES = {"independent": marked("self-nominated"), "assembly-of-the-people": marked("Assembly of the People")}


class _MandatesWriter:
    """Writes tables about the seats of one outcome in one language."""

    def __init__(self, mandates: Mandates, language: str) -> None:
        self.mandates, self.words = mandates, words(language)
        self.law, self.election = mandates.outcome.law, mandates.outcome.election

    def tell(self, code: str, **values: object) -> str:
        return self.words.say(_SENTENCES[code], **{name: self._value(value) for name, value in values.items()})

    def _value(self, value: object) -> str:
        if isinstance(value, int | Fraction):
            return self.words.number(value)
        return self.words.day(value) if isinstance(value, date) else str(value)

    def cite(self, text: str) -> str:
        return cite(self.law, text, self.words.language)

    def contest(self, contest: str) -> str:
        known = _CONTESTS.get(contest)
        return self.words.say(known) if known else contest_title(self.law, contest, self.words)

    def unit(self, unit: str) -> str:
        return unit_name(self.election, unit, self.words) if unit else ""

    def party(self, party: str) -> str:
        known = _PARTIES.get(party)
        return self.words.say(known) if known else option_name(self.election, party, self.words)

    def person(self, person: str) -> str:
        candidate = self.election.candidates.get(person)
        return candidate.called(self.words.language) if candidate else person

    def facts(self, names: Sequence[str]) -> str:
        return ", ".join(self.tell(f"fact-{name}") for name in names)

    def finding(self, finding: Finding) -> str:
        values = dict(finding.values)
        for name, said in (("party", self.party), ("person", self.person)):
            if name in values:
                values[name] = said(str(values[name]))
        if "needs" in values:
            values["needs"] = self.facts(values["needs"])
        return self.tell(finding.code, contest=self.contest(finding.contest), **values)

    # ------------------------------------------------------------------ tables

    def seats(self) -> Table:
        grouped: dict[tuple[str, ...], list[Seat]] = {}
        for seat in self.mandates.seats:
            key = (seat.contest, seat.unit, seat.party, seat.candidate or "", seat.basis, seat.cite)
            grouped.setdefault(key, []).append(seat)
        rows = []
        for seats in grouped.values():
            first = seats[0]
            name = (self.person(first.candidate) if first.candidate else first.name) or self.tell(
                "seats-without-name", number=len(seats)
            )
            ground = self.tell(f"basis-{first.basis}") + (
                f"; {self.tell(f'office-{first.office}')}" if first.office else ""
            )
            place = document.count(self.words, first.position)
            where = self._where(first.contest, first.unit, first.party)
            rows.append((*where, document.name(name), place, Cell(ground), self._article(first.cite)))
        return _table("seats", rows, self.words)

    def _where(self, contest: str, unit: str, party: str) -> tuple[Cell, Cell, Cell]:
        return Cell(self.contest(contest)), document.name(self.unit(unit)), document.name(self.party(party))

    def _article(self, text: str) -> Cell:
        return document.article(self.cite(text))

    def quotas(self) -> Table:
        rows = []
        for quota in self.mandates.quotas:
            groups = ", ".join(f"{self.tell(f'group-{name}')} {_range(*of)}" for name, of in quota.groups.items())
            verdict = self.tell(f"quota-{quota.verdict}")
            if quota.missing and quota.verdict == "undecided":
                verdict += f": {self.facts(quota.missing)}"
            if quota.guessed:
                verdict += f" ({self.tell('guessed')})"
            seats, needed = document.seats(self.words, quota.seats), document.seats(self.words, quota.needed)
            counted = _span(self.words, quota.low, quota.high)
            party = document.name(self.party(quota.place.party))
            rows.append((party, seats, needed, counted, Cell(groups), Cell(verdict), self._article(quota.cite)))
        return _table("quotas", rows, self.words)

    def proposals(self) -> Table:
        rows = []
        for quota in self.mandates.quotas:
            proposal = quota.proposal
            if proposal is None:
                continue
            out, into = (
                ", ".join(f"{self.person(who)} ({place})" for who, place in moved)
                for moved in (proposal.out, proposal.into)
            )
            figures = {"count": proposal.low, "needed": quota.needed, "seats": quota.seats}
            reason = self.tell("proposal", displaced=len(proposal.out), **figures)
            if proposal.further:
                reason += " " + self.tell("proposal-further", number=proposal.further)
            party = document.name(self.party(quota.place.party))
            rows.append((party, Cell(out or NONE), Cell(into or NONE), Cell(reason)))
        return _table("proposals", rows, self.words)

    def refunds(self) -> Table:
        rows = []
        for refund in self.mandates.refunds:
            answer = self.tell({True: "yes", False: "no", None: "unknown"}[refund.refunded])
            bar = self.words.share(Fraction(refund.bar.removesuffix("%")) / (100 if refund.bar.endswith("%") else 1))
            why = self.tell(f"refund-{refund.because}", bar=bar)
            known = refund.votes is not None and refund.base
            share = document.share(self.words, Fraction(refund.votes or 0, refund.base or 1) if known else None)
            where = self._where(refund.contest, refund.unit, refund.option)
            rows.append((*where, share, Cell(answer), Cell(why), self._article(refund.cite)))
        return _table("refunds", rows, self.words)

    def remarks(self) -> Table:
        rows = [
            (Cell(self.finding(f)), self._article(f.cite), Cell(self.tell(f"confidence-{f.confidence}")))
            for f in self.mandates.findings
        ]
        return _table("remarks", rows, self.words)


def mandate_tables(mandates: Mandates, language: str = "en") -> list[Table]:
    """Return what a screen shows of seats: persons, quotas, proposals, deposits, remarks; those with rows only."""
    writer = _MandatesWriter(mandates, language)
    tables = [writer.seats(), writer.quotas(), writer.proposals(), writer.refunds(), writer.remarks()]
    return [table for table in tables if table.rows]


def vacancy_tables(vacancy: Vacancy, language: str = "en") -> list[Table]:
    """Return one table: who left, why, what follows, by which article."""
    writer = _MandatesWriter(vacancy.mandates, language)
    heir = vacancy.successor or vacancy.proposed
    what = writer.tell(f"by-election-{vacancy.what}") if vacancy.what else ""
    who = writer.person(heir) if heir else NONE
    follows = writer.tell(f"vacancy-{vacancy.status}", who=who, day=vacancy.due or NONE, what=what)
    reason = f"reason-{vacancy.reason}"
    why = writer.tell(reason) if reason in _SENTENCES else vacancy.reason
    gone = document.name(writer.person(vacancy.seat.candidate) if vacancy.seat.candidate else NONE)
    article = document.article(writer.cite(vacancy.cite))
    rows = [(gone, document.day(writer.words, vacancy.on), Cell(why), Cell(follows), article)]
    rows += [
        (Cell(), Cell(), Cell(), Cell(writer.finding(f)), document.article(writer.cite(f.cite)))
        for f in vacancy.findings
    ]
    return [_table("vacancy", rows, writer.words)]


def chamber_tables(composition: Composition, language: str = "en", election: Election | None = None) -> list[Table]:
    """Return two tables: members by party, then members by name.

    Args:
        composition: a chamber on a day.
        language: of all words.
        election: in which the chamber was elected, for the names of parties, districts and persons; ids stand without it.
    """
    said = words(language)
    called = {party: _party_of(party, election, said) for party in composition.parties}
    parties = [(document.name(called[party]), _span(said, *counts)) for party, counts in composition.parties.items()]
    if composition.missing:
        missing = document.seats(said, composition.missing)
        parties.append((document.name(said.say(_SENTENCES["not-known"])), missing))
    rows = [
        (
            document.name(_member(member.name, election, said)),
            document.name(called[member.party]),
            Cell(said.say(_CONTESTS[member.contest]) if member.contest in _CONTESTS else member.contest or NONE),
            document.name(unit_name(election, member.unit, said) if election and member.unit else member.unit),
            Cell(said.say(_SENTENCES["yes" if sure else "perhaps"])),
        )
        for sure, members in ((True, composition.members), (False, composition.possible))
        for member in members
    ]
    return [_table("chamber-parties", parties, said), _table("chamber-members", rows, said)]


def _party_of(party: str, election: Election | None, said: Words) -> str:
    if party in _PARTIES:
        return said.say(_PARTIES[party])
    return option_short(election, party, said) if election and party else party or NONE


def _member(name: str, election: Election | None, said: Words) -> str:
    """Return a member's name: in the language where the election knows it, and never in capitals."""
    people = election.candidates.values() if election else ()
    known = next((person for person in people if person.name == name), None)
    if known is not None:
        return known.called(said.language)
    return " ".join(part.capitalize() if part.isupper() and len(part) > 1 else part for part in name.split())


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _span(said: Words, low: int, high: int) -> Cell:
    return document.seats(said, low) if low == high else Cell(_range(low, high), "seats")


def _table(code: str, rows: Sequence[tuple[Cell, ...]], said: Words) -> Table:
    """Return a table with the title and the columns of a code; columns without any content are left out."""
    title, heads = _TABLES[code]
    table = Table(said.say(title), tuple(Column(said.say(head), kind) for head, kind in heads), tuple(rows))
    for place in reversed(range(len(heads))):
        if not any(row[place].text for row in rows):
            table = table.without(place)
    return table
