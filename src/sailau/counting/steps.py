"""What was done, step by step, as data: from it terminal text, JSON and pages are rendered.

A step names the provision it applies (path in the rule book, article, confidence), the numbers it used, exactly, and what
each option got or lost by it. Each kind of step is a class of its own; the names of its fields are the keys of its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, Self, dataclass_transform

from sailau.provenance import exact
from sailau.rulebook.schema import Base, Comparison, Provision


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
@dataclass(frozen=True)
class Step:
    """One step of the count: each kind is a frozen dataclass of its own.

    Attributes:
        tier: id of the tier.
        contest: the ballot paper.
        unit: the district; empty for the whole.
        path: the provision in the rule book, such as `list.threshold`.
        cite: its article.
        confidence: how sure the rule book is of it.
        note: what the rule book says is open about it.
        rows: option → its own numbers.
    """

    code: ClassVar[str]
    tier: str
    contest: str
    unit: str
    path: str
    cite: str
    confidence: str
    note: str
    rows: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def __init_subclass__(cls, code: str) -> None:
        """Make a kind of step."""
        cls.code = code
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def under(cls, rule: Provision, at: tuple[str, str, str], path: str, /, **told: Any) -> Self:
        """Return a step of this kind: a field that is not told is the provision's own of that name.

        Args:
            rule: the provision.
            at: tier, contest and unit.
            path: where the rule book has the provision.
            told: the numbers of the step.
        """
        own = {f.name: getattr(rule, f.name) for f in fields(cls)[len(_SHARED) :] if f.name not in told}
        tier, contest, unit = at
        return cls(tier, contest, unit, path, rule.cite, rule.confidence, rule.note, **own, **told)

    @property
    def values(self) -> dict[str, Any]:
        """Numbers common to all options, by the name of their field."""
        return {f.name: getattr(self, f.name) for f in fields(self)[len(_SHARED) :]}

    def concerns(self, option: str) -> bool:
        """Whether the step says something about an option, or about all of them: of its rows, else among its equals."""
        named = self.rows or dict.fromkeys(getattr(self, "among", ()))
        return not named or option in named

    def to_json(self) -> dict[str, Any]:
        """Return the step as data, every number exact."""
        data = {"code": self.code} | {f.name: getattr(self, f.name) for f in _SHARED}
        data["provision"] = data.pop("path")
        return data | {"values": exact(self.values), "rows": exact(self.rows)}


_SHARED = fields(Step)

# ---------------------------------------------------------------------- before seats are dealt


class DistrictRow(NamedTuple):
    """A district's share in the seats: what it is measured by, and what it gets."""

    score: int
    seats: int


class DistrictSeats(Step, code="district-seats"):
    """Seats shared among districts; `set_aside` of each are kept for a later tier, scores are `scale` times what they are."""

    total: int
    by: tuple[str, ...]
    set_aside: int
    scale: int
    districts: Mapping[str, DistrictRow]


class TurnoutChecked(Step, code="turnout"):
    """Whether enough voters took part: `counted` of `of`, which is the base `of_base`."""

    counted: int
    of: int
    share: Fraction
    comparison: Comparison
    enough: bool
    of_base: Base


class BarRow(NamedTuple):
    """A list at its bar."""

    votes: int
    share: Fraction
    passed: bool


class ThresholdApplied(Step, code="threshold"):
    """Who reaches the bar; `anywhere`: whoever reaches it here takes part everywhere."""

    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    anywhere: bool
    rows: Mapping[str, BarRow]


class LoweredRow(NamedTuple):
    """A list at a bar that fell."""

    share: Fraction
    passed: bool


class BarLowered(Step, code="bar-lowered"):
    """Every bar falls by `step`, the highest one to `share`, since fewer than `lists` qualify."""

    share: Fraction
    step: Fraction
    lists: int
    rows: Mapping[str, LoweredRow]


class VotesRow(NamedTuple):
    """Votes of an option."""

    votes: int


class FilledUp(Step, code="filled-up"):
    """The next largest lists (the rows) join, since those admitted hold less than the share of the base."""

    share: Fraction
    held: int
    base: int
    rows: Mapping[str, VotesRow]


class NobodyQualifies(Step, code="nobody-qualifies"):
    """No list reaches the bar; `rule` says what follows."""

    seats: int
    rule: str


# ---------------------------------------------------------------------- lists


class QuotaSet(Step, code="quota"):
    """What a seat costs to those who take part (among); `sharing`: by how many lists votes under the bar are shared, 1 for none."""

    votes: int
    seats: int
    quota: Fraction
    kind: str
    rounding: str
    unqualified: str
    sharing: int
    among: tuple[str, ...]


class WholeRow(NamedTuple):
    """Votes over the quota: whole seats and a remainder."""

    votes: int
    whole: int
    remainder: Fraction
    quotient: Fraction


class WholeSeats(Step, code="whole"):
    """Whole seats of every list; `left` seats are left, which `moves` to a later tier."""

    quota: Fraction
    left: int
    moves: bool
    sharing: int
    rows: Mapping[str, WholeRow]


class RemainderRow(NamedTuple):
    """What a remainder gained or lost."""

    remainder: Fraction
    gained: int
    tied: bool
    votes: int


class RemaindersRanked(Step, code="remainders"):
    """Seats that whole quotas left, by remainders or (`by_votes`) to the lists with most votes."""

    left: int
    order: tuple[str, ...]
    by_votes: bool
    rows: Mapping[str, RemainderRow]


class SurplusTaken(RemaindersRanked, code="taken-back"):
    """Seats that the quota gave too many, taken back from the smallest remainders."""


class QuotientRow(NamedTuple):
    """A list between its last quotient with a seat and the next without; None for none."""

    votes: int
    seats: int
    last: Fraction | None
    next: Fraction | None
    tied: bool


class QuotientsRanked(Step, code="quotients"):
    """Seats by the largest quotients; the formula keeps them raised to `power`."""

    seats: int | None
    power: int
    method: str
    smallest: Fraction | None
    largest: Fraction | None
    first: Fraction | None
    exponent: Fraction | None
    rows: Mapping[str, QuotientRow]


class PartnerRow(NamedTuple):
    """A list with partners: its own quotients among them, and those they have together."""

    votes: int
    seats: int
    last: Fraction | None
    next: Fraction | None
    tied: bool
    partners: tuple[str, ...]
    together_votes: int
    together_seats: int
    together_last: Fraction | None
    together_next: Fraction | None
    together_tied: bool


class PartnersShared(QuotientsRanked, code="agreements"):
    """What partners were dealt together, and how they shared it; `seats` says nothing of them."""

    rows: Mapping[str, PartnerRow]  # type: ignore[assignment]


class LimitRow(NamedTuple):
    """The most seats a list can take."""

    most: int


class LimitReached(Step, code="limit"):
    """Lists that take no more seats; `exhausted`: since all their candidates are elected."""

    exhausted: bool
    rows: Mapping[str, LimitRow]


class SharedRow(NamedTuple):
    """One of two lists that share the seats; the quotient is that of the second."""

    seats: int
    votes: int
    quotient: Fraction | None


class SingleJoined(Step, code="single-qualifier"):
    """One list alone reaches the bar and the next one joins; equal: those of whom one joins, where it is open which."""

    first: str
    second: str
    equal: tuple[str, ...]
    quota: Fraction
    factor: Fraction
    minimum: int
    quotient: Fraction
    seats: int
    rows: Mapping[str, SharedRow]


# ---------------------------------------------------------------------- tiers that look at the whole


class PoolRow(NamedTuple):
    """A list's share of the whole against what it holds; over: it holds more."""

    votes: int
    held: int
    share: int
    over: bool
    last: Fraction | None


class LevellingShared(Step, code="levelling"):
    """Seats of the whole shared among the lists still in the computation."""

    pool: int
    method: str
    first: Fraction | None
    rows: Mapping[str, PoolRow]


class LevellingRow(NamedTuple):
    """The quotient that brought a levelling seat to a district."""

    votes: int
    held: int
    divisor: Fraction
    district_votes: int
    district_seats: int
    quotient: Fraction


class LevellingPlaced(Step, code="levelling-place"):
    """The district of one levelling seat."""

    rows: Mapping[str, LevellingRow]


class TransferRow(NamedTuple):
    """A list in the second scrutiny: `first` seats it holds already."""

    transferred: int
    whole: int
    remainder: Fraction
    seats: int
    first: int


class Transferred(Step, code="transfer"):
    """Seats that districts left, shared in the whole."""

    left: int
    votes: int
    quota: Fraction
    kind: str
    rows: Mapping[str, TransferRow]


class TransferPlaceRow(NamedTuple):
    """Seats that lie in a district by a remainder."""

    seats: int
    remainder: int


class TransferPlaced(Step, code="transfer-place"):
    """The district of transferred seats."""

    rows: Mapping[str, TransferPlaceRow]


class SeatsOfVotesRow(NamedTuple):
    """Votes, or voter numbers, and seats."""

    votes: int
    seats: int


class MatrixLists(Step, code="matrix-lists"):
    """Seats of lists in the whole."""

    seats: int
    method: str
    rows: Mapping[str, SeatsOfVotesRow]


class CellRow(NamedTuple):
    """A cell of the matrix: votes over both divisors, rounded."""

    votes: int
    divisor: Fraction
    quotient: Fraction
    seats: int


class MatrixDealt(Step, code="matrix"):
    """Seats of lists in one district."""

    divisor: Fraction | None
    rounding: str
    rows: Mapping[str, CellRow]


# ---------------------------------------------------------------------- persons and questions


class ElectedRow(NamedTuple):
    """Who is elected by votes."""

    votes: int
    elected: bool
    tied: bool


class MostVotes(Step, code="most-votes"):
    """The most votes elect."""

    seats: int
    candidates: int
    rows: Mapping[str, ElectedRow]


class PassedRow(NamedTuple):
    """Who clears a bar."""

    votes: int
    passed: bool


class MajorityChecked(Step, code="majority"):
    """Who clears the bar of the first round."""

    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    turnout_from: Fraction | None
    turnout_below: Fraction | None
    rows: Mapping[str, PassedRow]


class SecondRow(NamedTuple):
    """Who is elected by the second vote."""

    votes: int
    elected: bool


class SecondRound(Step, code="second-round"):
    """The second vote, as the returns hold it."""

    rows: Mapping[str, SecondRow]


class AdoptionChecked(Step, code="adoption"):
    """Whether the answer that adopts a question has enough votes."""

    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    answer: str
    passed: bool
    rows: Mapping[str, PassedRow]


class RegionsCounted(Step, code="regions"):
    """In how many regions the answer won."""

    yes: int
    unknown: int
    regions: int
    share: Fraction
    outcome: str
    declared: int
    answer: str
    comparison: Comparison


# ---------------------------------------------------------------------- ties, decisions, declared seats


class TieBroken(Step, code="tie"):
    """Equals told apart by the law's own criterion."""

    rule: str
    among: tuple[str, ...]
    chosen: tuple[str, ...]


class Decided(Step, code="decision"):
    """What was decided by lot or by the authority."""

    chosen: tuple[str, ...]
    among: tuple[str, ...]
    kind: str
    date: str
    source: str


class LeftOpen(Step, code="open"):
    """What nobody has decided."""

    question: str
    among: tuple[str, ...]
    beside: tuple[str, ...]
    seats: int


class DeclaredRow(NamedTuple):
    """Seats that were announced."""

    seats: int


class SeatsDeclared(Step, code="declared"):
    """Seats announced by the authority, not counted."""

    rows: Mapping[str, DeclaredRow]


def kinds(step: type[Step] = Step) -> dict[str, type[Step]]:
    """Return every kind of step by its code."""
    own = {} if step is Step else {step.code: step}
    for further in step.__subclasses__():
        own |= kinds(further)
    return own
