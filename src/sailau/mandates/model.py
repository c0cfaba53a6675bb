"""What the room gives: seats with their persons, quotas checked, proposals – immutable, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sailau.counting import Outcome
from sailau.election.model import Election
from sailau.rulebook import Finding
from sailau.rulebook.mandates import MandateRules as Rule

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


@dataclass(frozen=True, slots=True)
class DepositRefund:
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
    refunds: tuple[DepositRefund, ...]
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
        """Return it as plain data; of health it holds only counts."""
        from sailau import answers

        return answers.told(answers.MandatesAnswer, self)


def places(seats: Sequence[Seat]) -> dict[Place, list[Seat]]:
    """Return the seats by the list that won them, in order."""
    held: dict[Place, list[Seat]] = {}
    for seat in seats:
        held.setdefault(seat.place, []).append(seat)
    return held
