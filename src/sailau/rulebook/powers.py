"""Powers: the decisions a chamber can take, with majority, quorum and article – and those taken by others about it.

A section `power` of a rule book is a list of things with an `id`. What can change by law is the `vote`: one or several
dated versions of who must move it, how many votes carry it and which other chamber must agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from sailau.rulebook.schema import Block, Comparison, Provision, Share, Text

if TYPE_CHECKING:
    from sailau.rulebook.schema import Law

Subject = Literal[
    "government", "laws", "veto", "constitution", "head-of-state", "appointments", "dissolution", "chamber"
]
By = Literal["chamber", "joint-sitting", "head-of-state", "government", "voters"]
Effect = Literal["forms-government", "ends-government"]
Measure = Literal["all-members", "present", "voting"]


class Partner(Block):
    """Another chamber that must agree.

    Attributes:
        chamber: id of its law, or a word where no book describes it.
        members: its members by law; where absent, those that its own book gives.
        partial: its book fills only part of its seats, so that its size is not known from there.
    """

    chamber: str
    share: Share = Fraction(1, 2)
    of: Measure = "all-members"
    comparison: Comparison = "more-than"
    members: int | None = Field(None, ge=1)
    partial: bool = False


class Vote(Provision):
    """The majority that carries a decision.

    Attributes:
        of: what the share is a share of: all members by law, those present, or those who vote for or against.
        motion: share of the members who must move it.
        motion_members: the same as a number.
        quorum: share of the members who must be present.
        quorum_comparison: whether the quorum must be reached or exceeded.
        members: what the share is a share of, where that is not the number of members in the book: a chamber of which
            the book fills a part only, both chambers together.
        with_: other chambers that must agree.
        then: what follows or limits it, where that changed with the majority.
    """

    share: Share = Field(Fraction(1, 2))
    of: Measure = "all-members"
    comparison: Comparison = "more-than"
    motion: Share | None = None
    motion_members: int | None = Field(None, ge=1)
    quorum: Share | None = None
    quorum_comparison: Comparison = "at-least"
    members: int | None = Field(None, ge=1)
    with_: list[Partner] = Field(default_factory=list)
    then: Text | None = None


class Power(Provision):
    """One decision about government, laws or offices.

    Attributes:
        subject: what it is about.
        effect: whether a government begins or ends by it.
        by: who takes it; a chamber by `vote`, others without.
        vote: the majority; None where the chamber has no vote in it.
        negative: the chamber's votes stop something that otherwise stands.
        then: what follows, or what limits it.
    """

    id: str
    subject: Subject
    effect: Effect | None = None
    by: By = "chamber"
    vote: Vote | None = None
    negative: bool = False
    then: Text | None = None

    @model_validator(mode="after")
    def _complete(self) -> Power:
        missing = [code for code in ("en", "kk", "ru") if code not in (self.title or {})]
        if missing:
            raise ValueError(f"give a title in en, kk and ru (missing: {', '.join(missing)})")
        if self.by in ("chamber", "joint-sitting") and self.vote is None:
            raise ValueError("a decision of the chamber has a vote")
        return self

    @property
    def consequence(self) -> Text:
        """What follows or limits it, by language; empty where the book says nothing."""
        return (self.vote.then if self.vote is not None else None) or self.then or {}

    @property
    def article(self) -> str:
        """The article of the majority, else of the power itself."""
        return self.vote.cite if self.vote is not None and self.vote.cite else self.cite

    @property
    def sureness(self) -> str:
        """How sure the book is of the majority, else of the power itself."""
        return self.vote.confidence if self.vote is not None and self.vote.cite else self.confidence


def powers_of(law: Law) -> tuple[Power, ...]:
    """Return the powers of a law's chamber on its day, in the order of the book; none for offices and questions."""
    return law.section("power")


def members_by_law(law: Law) -> int | None:
    """Return how many members the chamber has by law, as the book says, else the sum over its tiers; None: unknown."""
    if law.body.members is not None:
        return law.body.members.value
    if law.body.seats is not None:
        return law.body.seats
    each = [law.seats(tier) for tier in law.tier]
    return None if None in each else sum(seats for seats in each if seats is not None)


@dataclass(frozen=True, slots=True)
class PowerChange:
    """What became of one power between two laws: `before` or `after` is None where it does not exist."""

    id: str
    before: Power | None
    after: Power | None


def power_changes(before: Sequence[Power], after: Sequence[Power]) -> tuple[PowerChange, ...]:
    """Return the powers that differ in who decides, by which majority, on whose motion or with which other chamber."""
    old, new = {p.id: p for p in before}, {p.id: p for p in after}
    changes = [PowerChange(key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    return tuple(c for c in changes if _substance(c.before) != _substance(c.after))


def _substance(power: Power | None) -> object:
    if power is None:
        return None
    vote = power.vote
    rule = () if vote is None else (vote.share, vote.of, vote.comparison, vote.motion, vote.motion_members, vote.quorum)
    partners = () if vote is None else tuple((p.chamber, p.share, p.of, p.comparison) for p in vote.with_)
    return power.by, power.negative, rule, partners, power.consequence.get("en", "")
