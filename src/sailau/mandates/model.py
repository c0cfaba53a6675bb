"""What the room gives: seats with their persons, quotas checked, proposals – immutable, as data and as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sailau.counting import Outcome
from sailau.election.model import Election
from sailau.mandates.words import Words, words
from sailau.rulebook import Finding
from sailau.rulebook.mandates import Mandates as Rule
from sailau.rulebook.sheet import Table

Basis = Literal["elected", "decided", "default", "list", "preferences", "provisional", "successor", "open", "vacant"]
Verdict = Literal["met", "broken", "undecided", "impossible"]
Office = Literal["", "must-give-up", "given-up"]


class Place(NamedTuple):
    """Where a list stands: its ballot paper, district and party."""

    contest: str
    unit: str
    party: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat and who takes it.

    Attributes:
        candidate: None while nobody is known to hold it.
        position: place on the registered list.
        basis: `elected` by name; `decided` by the party; `default` where the party is silent; `list` or `preferences`
            where the law binds the order; `provisional` where what decides is not known; `successor`; `open` (nobody
            named yet) or `vacant` (nobody left).
        office: whether an incompatible office stands in the way, as far as the facts say.
    """

    contest: str
    unit: str
    party: str
    candidate: str | None = None
    name: str = ""
    position: int | None = None
    basis: Basis = "open"
    cite: str = ""
    confidence: str = "statute"
    office: Office = ""

    @property
    def place(self) -> Place:
        """The list it was won by."""
        return Place(self.contest, self.unit, self.party)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "contest": self.contest,
            "unit": self.unit,
            "party": self.party,
            "candidate": self.candidate,
            "name": self.name,
            "position": self.position,
            "basis": self.basis,
            "cite": self.cite,
            "confidence": self.confidence,
            "office": self.office,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """The nearest assignment that meets a quota: as few persons displaced as can be, then those nearest to the cut.

    Persons are named only by facts that are public (sex, age). Where these do not suffice, `further` says how many more
    persons of the groups the party has to find; nobody is named by a fact about health.

    Attributes:
        takes: those who would take the seats, in order.
        out: who would give way, with the place in the order.
        into: who would come in, with the place in the order.
        low: how many of them surely count for the quota.
        further: how many are still missing after it.
    """

    takes: tuple[str, ...]
    out: tuple[tuple[str, int], ...]
    into: tuple[tuple[str, int], ...]
    low: int
    further: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "takes": list(self.takes),
            "out": [{"candidate": who, "place": place} for who, place in self.out],
            "in": [{"candidate": who, "place": place} for who, place in self.into],
            "count": self.low,
            "further": self.further,
        }


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """The quota of mandates of one party.

    Attributes:
        needed: mandates that must go to the groups.
        low: persons who surely count; high: who count if every open fact turns out so.
        groups: group → (surely, at most); counts only.
        verdict: `impossible` where the list cannot meet it in any order: reported, the seats stay.
        missing: facts that leave it open.
        guessed: rests on a guess in the data.
    """

    place: Place
    seats: int
    needed: int
    low: int
    high: int
    groups: Mapping[str, tuple[int, int]]
    verdict: Verdict
    missing: tuple[str, ...] = ()
    guessed: bool = False
    cite: str = ""
    confidence: str = "statute"
    proposal: Proposal | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; of health it holds only counts."""
        return {
            "contest": self.place.contest,
            "unit": self.place.unit,
            "party": self.place.party,
            "seats": self.seats,
            "needed": self.needed,
            "count": self.low,
            "at_most": self.high,
            "groups": {name: {"count": low, "at_most": high} for name, (low, high) in self.groups.items()},
            "verdict": self.verdict,
            "missing": list(self.missing),
            "guessed": self.guessed,
            "cite": self.cite,
            "confidence": self.confidence,
            "proposal": self.proposal.to_json() if self.proposal else None,
        }


@dataclass(frozen=True, slots=True)
class Refund:
    """Whether the deposit of a list or candidate comes back.

    Attributes:
        refunded: None where it cannot be told.
        because: `elected`, `share`, `below`, `votes-unknown`.
        share: votes over the base, exact, as text; empty where unknown.
    """

    contest: str
    unit: str
    option: str
    refunded: bool | None
    because: Literal["elected", "share", "below", "votes-unknown"]
    votes: int | None
    base: int | None
    bar: str
    cite: str
    confidence: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "contest": self.contest,
            "unit": self.unit,
            "option": self.option,
            "refunded": self.refunded,
            "because": self.because,
            "votes": self.votes,
            "base": self.base,
            "bar": self.bar,
            "cite": self.cite,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Mandates:
    """All seats of an outcome with their persons, and what else the lists tell.

    Attributes:
        reserve: list → who follows on it, in the order in which they would.
        gone: persons who no longer can take a seat → why.
        rules: ballot paper → the rule of its mandates, None where the book has none.
        findings: what is open or unusual, each with its article.
    """

    outcome: Outcome = field(repr=False)
    seats: tuple[Seat, ...]
    reserve: Mapping[Place, tuple[str, ...]]
    quotas: tuple[QuotaCheck, ...]
    refunds: tuple[Refund, ...]
    findings: tuple[Finding, ...]
    rules: Mapping[str, Rule | None] = field(repr=False)
    gone: Mapping[str, str] = field(default_factory=dict)

    @property
    def election(self) -> Election:
        """The election it is about."""
        return self.outcome.election

    @property
    def open(self) -> int:
        """Seats without a person."""
        return sum(seat.candidate is None for seat in self.seats)

    def held_by(self, person: str) -> Seat | None:
        """Return the seat a person holds."""
        return next((seat for seat in self.seats if seat.candidate == person), None)

    def of_party(self, party: str) -> tuple[Seat, ...]:
        """Return the seats of a party, all ballot papers together."""
        return tuple(seat for seat in self.seats if seat.party == party)

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data; keys are added freely, never renamed."""
        return {
            "law": self.outcome.law.id,
            "day": self.outcome.law.day.isoformat(),
            "status": self.outcome.status,
            "seats": [seat.to_json() for seat in self.seats],
            "open": self.open,
            "quotas": [quota.to_json() for quota in self.quotas],
            "refunds": [refund.to_json() for refund in self.refunds],
            "findings": [
                {
                    "code": finding.code,
                    "contest": finding.contest,
                    "unit": finding.unit,
                    "values": dict(finding.values),
                    "cite": finding.cite,
                    "confidence": finding.confidence,
                }
                for finding in self.findings
            ],
        }

    def tables(self, language: str = "en") -> list[Table]:
        """Return what a screen shows: seats, quotas, proposals, deposits, remarks; those with rows only."""
        say = words(language)
        tables = [
            self._seats_table(say),
            self._quota_table(say),
            self._proposal_table(say),
            self._refund_table(say),
            self._remarks_table(say),
        ]
        return [table for table in tables if table.rows]

    # ------------------------------------------------------------------ tables

    def _party(self, party: str, say: Words) -> str:
        return say.known("party", party) or self.election.name_of(party, say.language, short=say.language == "en")

    def _unit(self, unit: str, say: Words) -> str:
        known = self.election.units.get(unit)
        names = known.names if known else {}
        return names.get(say.language) or names.get("kk") or unit

    def _seats_table(self, say: Words) -> Table:
        grouped: dict[tuple[str, str, str, str, Basis, str], list[Seat]] = {}
        for seat in self.seats:
            person = seat.candidate or ""
            grouped.setdefault((seat.contest, seat.unit, seat.party, person, seat.basis, seat.cite), []).append(seat)
        rows = []
        for (contest, unit, party, _, basis, cite), seats in grouped.items():
            name = seats[0].name or say.text("seats-without-name", number=len(seats))
            office = seats[0].office
            state = say.text(f"basis-{basis}") + (f"; {say.text(f'office-{office}')}" if office else "")
            place = "" if seats[0].position is None else str(seats[0].position)
            rows.append(
                (say.contest(contest), self._unit(unit, say), self._party(party, say), name, place, state, cite)
            )
        return say.table("seats", rows)

    def _quota_table(self, say: Words) -> Table:
        rows = []
        for quota in self.quotas:
            counted = say.range(quota.low, quota.high)
            groups = ", ".join(f"{say.text(f'group-{name}')} {say.range(*of)}" for name, of in quota.groups.items())
            verdict = say.text(f"quota-{quota.verdict}")
            if quota.missing and quota.verdict == "undecided":
                verdict += f": {', '.join(say.text(f'fact-{name}') for name in quota.missing)}"
            if quota.guessed:
                verdict += f" ({say.text('guessed')})"
            party = self._party(quota.place.party, say)
            rows.append((party, str(quota.seats), str(quota.needed), counted, groups, verdict, quota.cite))
        return say.table("quotas", rows)

    def _proposal_table(self, say: Words) -> Table:
        rows = []
        for quota in self.quotas:
            proposal = quota.proposal
            if proposal is None:
                continue
            out = ", ".join(f"{self._name(who)} ({place})" for who, place in proposal.out)
            into = ", ".join(f"{self._name(who)} ({place})" for who, place in proposal.into)
            reason = say.text(
                "proposal", displaced=len(proposal.out), count=proposal.low, needed=quota.needed, seats=quota.seats
            )
            if proposal.further:
                reason += " " + say.text("proposal-further", number=proposal.further)
            rows.append((self._party(quota.place.party, say), out or "–", into or "–", reason))
        return say.table("proposals", rows)

    def _refund_table(self, say: Words) -> Table:
        rows = []
        for refund in self.refunds:
            answer = say.text({True: "yes", False: "no", None: "unknown"}[refund.refunded])
            why = say.text(f"refund-{refund.because}", bar=refund.bar)
            name = self._party(refund.option, say)
            share = "" if refund.votes is None or not refund.base else say.percent(refund.votes, refund.base)
            row = (say.contest(refund.contest), self._unit(refund.unit, say), name, share, answer, why, refund.cite)
            rows.append(row)
        return say.table("refunds", rows)

    def _remarks_table(self, say: Words) -> Table:
        rows = []
        for finding in self.findings:
            values = dict(finding.values)
            if "party" in values:
                values["party"] = self._party(str(values["party"]), say)
            if "person" in values:
                values["person"] = self._name(str(values["person"]))
            if "needs" in values:
                values["needs"] = ", ".join(say.text(f"fact-{name}") for name in values["needs"])
            text = say.text(finding.code, contest=say.contest(finding.contest), **values)
            rows.append((text, finding.cite, say.text(f"confidence-{finding.confidence}")))
        return say.table("remarks", rows)

    def _name(self, person: str) -> str:
        candidate = self.election.candidates.get(person)
        return (candidate.name if candidate else "") or person


def places(seats: Sequence[Seat]) -> dict[Place, list[Seat]]:
    """Return the seats by the list that won them, in order."""
    held: dict[Place, list[Seat]] = {}
    for seat in seats:
        held.setdefault(seat.place, []).append(seat)
    return held
