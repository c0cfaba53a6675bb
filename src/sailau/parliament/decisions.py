"""What the chamber just elected can decide: for every power of its law the votes needed, who passes and who blocks it.

A party votes as one; independents and members whom no party put up vote each alone. Seats of the chamber that the
outcome does not give (another half, appointed members, districts without returns) are held by members unknown here, who
may each vote either way: what a party can do alone is sure, what coalitions need from them is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailau.election.model import RESERVED
from sailau.parliament.coalitions import LIMIT, Coalition, Coalitions, DecisionAnalysis, analyse, minimal_winning
from sailau.parliament.power import votes_needed
from sailau.rulebook import BadInput, load
from sailau.rulebook.powers import Partner, Power, PowerChange, Vote, members_by_law, power_changes, powers_of
from sailau.rulebook.sections import section_on

if TYPE_CHECKING:
    from datetime import date

    from sailau.counting import Outcome
    from sailau.rulebook import Law

SHOWN = 40
"""Coalitions listed for each decision; their exact number is always given."""


@dataclass(frozen=True, slots=True)
class ChamberSeats:
    """Who sits in a chamber.

    Attributes:
        parties: party → seats, the largest first.
        alone: members who vote each for themselves.
        members: members by law; None where the law does not tell.
    """

    parties: Mapping[str, int]
    alone: int
    members: int | None

    @property
    def held(self) -> int:
        """Seats that the outcome gives."""
        return sum(self.parties.values()) + self.alone

    @property
    def size(self) -> int:
        """Members by law, else the seats known; never fewer than these."""
        return max(self.members or 0, self.held)

    @property
    def complete(self) -> bool:
        """Whether every member is known."""
        return self.held > 0 and self.held >= self.size

    @staticmethod
    def of(outcome: Outcome, law: Law | None = None) -> ChamberSeats:
        """Return who sits in the chamber that an outcome fills; `law` gives its size, by default the outcome's own."""
        parties = {party: seats for party, seats in outcome.seats.items() if seats and party not in RESERVED}
        alone = sum(outcome.seats.get(kind, 0) for kind in RESERVED)
        return ChamberSeats(parties, alone, members_by_law(law if law is not None else outcome.law))


@dataclass(frozen=True, slots=True)
class PartnerNeed:
    """What another chamber must add.

    Attributes:
        chamber: id of its law.
        members: its members by law; None where not known.
        needed: votes needed there when everybody is present; None where its size is not known.
    """

    chamber: str
    members: int | None
    needed: int | None
    rule: Partner


@dataclass(frozen=True, slots=True)
class ChamberDecision:
    """One decision and what it takes in this chamber.

    Attributes:
        rule: the power in the rule book, with article and confidence.
        members: what shares are shares of.
        needed: votes for it when everybody is present and votes; None where the chamber has no vote.
        at_quorum: the fewest votes that can carry it, when only the quorum is present; None where all members count.
        quorum: members who must be present; None where the book names no quorum.
        motion: members who must move it; None where the book asks for none.
        movers: the smallest coalitions that can move it; None without a motion or without seats.
        absent: parties without which there is no quorum.
        unknown: members of the chamber whom the outcome does not give.
        partners: other chambers that must agree.
        analysis: who passes and who blocks, unknown members among those who vote alone; None without vote or seats.
    """

    rule: Power
    members: int
    needed: int | None
    at_quorum: int | None
    quorum: int | None
    motion: int | None
    movers: Coalitions | None
    absent: tuple[str, ...]
    unknown: int
    partners: tuple[PartnerNeed, ...]
    analysis: DecisionAnalysis | None

    @property
    def id(self) -> str:
        """The power's name in the rule book."""
        return self.rule.id

    @property
    def note(self) -> str:
        """What the book says is open about the majority, else about the power."""
        return (self.rule.vote.note if self.rule.vote is not None else "") or self.rule.note

    def to_json(self) -> dict[str, Any]:
        """Return the decision as data; shares and power indices exact."""
        from sailau.answers import Analysis, DecisionAnswer, told

        return told(DecisionAnswer, self) | ({} if self.analysis is None else told(Analysis, self.analysis))


def decisions(outcome: Outcome, law: Law | None = None, *, limit: int = SHOWN) -> list[ChamberDecision]:
    """Return every power of the law with what it takes in the chamber elected.

    Args:
        outcome: who won which seats.
        law: whose powers; default: the law of the outcome. Another version of it, or the law of the body that followed,
            answers what the same seats could do there – shares are then taken of that chamber's members, or of the
            seats held where more are held than it has.
        limit: coalitions listed at most for each decision; their number is exact regardless.

    Returns:
        The decisions in the order of the book; none where the book has no powers (offices, questions).

    Raises:
        BadInput: the section of powers is faulty.
    """
    rules = powers_of(outcome.law if law is None else law)
    seats = ChamberSeats.of(outcome, law)
    return [decide(rule, seats, (law or outcome.law).day, limit) for rule in rules]


def decide(rule: Power, seats: ChamberSeats, day: date, limit: int = LIMIT) -> ChamberDecision:
    """Return what one power takes among given seats; `day` is that on which other chambers are measured."""
    vote = rule.vote
    if vote is None:
        return ChamberDecision(rule, seats.size, None, None, None, None, None, (), 0, (), None)
    members = max(vote.members or seats.size, seats.held)
    unknown = members - seats.held
    needed = votes_for(vote, members)
    quorum = None if vote.quorum is None else _share(members, vote.quorum, vote.quorum_comparison)
    motion = vote.motion_members or (None if vote.motion is None else _share(members, vote.motion, "at-least"))
    known, alone = seats.held > 0, seats.alone + unknown
    return ChamberDecision(
        rule=rule,
        members=members,
        needed=needed,
        at_quorum=None if quorum is None or vote.of == "all-members" else votes_for(vote, quorum),
        quorum=quorum,
        motion=motion,
        movers=minimal_winning(seats.parties, motion, independents=alone, limit=limit) if known and motion else None,
        absent=() if quorum is None else tuple(p for p, held in seats.parties.items() if members - held < quorum),
        unknown=unknown,
        partners=tuple(_partner(p, rule.id, day) for p in vote.with_),
        analysis=analyse(seats.parties, needed, independents=alone, limit=limit) if known else None,
    )


def votes_for(vote: Vote | Partner, members: int) -> int:
    """Return how many votes carry a decision when `members` (all, or those present) vote.

    Args:
        vote: the majority.
        members: all members where the law counts them all, else those present.
    """
    return _share(members, vote.share, vote.comparison)


def _share(members: int, share: Fraction, comparison: str) -> int:
    return votes_needed(members, share, more_than=comparison == "more-than")


def _partner(partner: Partner, power: str, day: date) -> PartnerNeed:
    members = partner.members
    if members is None and not partner.partial:
        members = _size_of(partner.chamber, power, day)
    return PartnerNeed(partner.chamber, members, None if members is None else votes_for(partner, members), partner)


def _size_of(chamber: str, power: str, day: date) -> int | None:
    """Return the members of another chamber on a day, from its own rule book; None where there is none for that day."""
    try:
        law = load(chamber).on(day)
    except BadInput:
        return None
    sizes = {p.id: p.vote.members for p in powers_of(law) if p.vote is not None and p.vote.members is not None}
    return sizes.get(power) or members_by_law(law) or next(iter(sizes.values()), None)


# ---------------------------------------------------------------------- what reforms changed


@dataclass(frozen=True, slots=True)
class PowersReform:
    """What changed in the powers of a chamber on one day: from which law to which."""

    day: date
    changes: tuple[PowerChange, ...]


def reforms(law: Law) -> tuple[PowersReform, ...]:
    """Return the days in the life of a law's book on which its powers changed, oldest first."""
    found, before = [], None
    for day in law.book.days:
        now = section_on(law, "power", day)
        if before is not None and (changes := power_changes(before, now)):
            found.append(PowersReform(day, changes))
        before = now
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Balance:
    """How the powers about government, laws and offices are spread, in numbers of decisions.

    Attributes:
        alone: decisions that others take without the chamber.
        majority: decisions that a majority of the chamber takes.
        more: decisions that need more than a majority.
        partner: decisions that another chamber must share.
        minority: rights of a minority: decisions below a majority, and motions that a part of the members may force.
    """

    alone: tuple[str, ...]
    majority: tuple[str, ...]
    more: tuple[str, ...]
    partner: tuple[str, ...]
    minority: tuple[str, ...]


def balance(powers: Sequence[Power]) -> Balance:
    """Return how many decisions lie with whom, and how high the bars are."""
    half = Fraction(1, 2)
    voted = [p for p in powers if p.vote is not None]
    return Balance(
        alone=tuple(p.id for p in powers if p.vote is None),
        majority=tuple(p.id for p in voted if p.vote and p.vote.share == half),
        more=tuple(p.id for p in voted if p.vote and p.vote.share > half),
        partner=tuple(p.id for p in voted if p.vote and p.vote.with_),
        minority=tuple(
            p.id for p in voted if p.vote and (p.vote.share < half or p.vote.motion or p.vote.motion_members)
        ),
    )


# ---------------------------------------------------------------------- forming a government


@dataclass(frozen=True)
class Formation:
    """Who can form or bring down a government.

    Attributes:
        decisions: those about the government that the chamber votes on.
    """

    decisions: Sequence[ChamberDecision]

    @cached_property
    def form(self) -> ChamberDecision | None:
        """The vote by which a government begins; None where there is none."""
        return next((d for d in self.decisions if d.rule.effect == "forms-government"), None)

    @cached_property
    def fall(self) -> ChamberDecision | None:
        """The vote by which it ends."""
        return next((d for d in self.decisions if d.rule.effect == "ends-government"), None)

    @property
    def coalitions(self) -> tuple[Coalition, ...]:
        """The smallest coalitions that can form one, those with the fewest seats first."""
        if self.form is None or self.form.analysis is None:
            return ()
        return tuple(
            sorted(self.form.analysis.winning.listed, key=lambda c: (c.seats, len(c.parties) + c.independents))
        )


def formation(found: Sequence[ChamberDecision]) -> Formation:
    """Return the decisions about government among all."""
    return Formation([d for d in found if d.rule.subject == "government"])
