"""What was done, step by step, as data: from it terminal text, JSON and pages are rendered.

A step names the provision it applies (path in the rule book, article, confidence), the numbers it used, exactly, and what
each option got or lost by it. Each kind of step is a class of its own; the names of its fields are the keys of its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, TypeAlias

from sailau.counting.outcome import exact
from sailau.rulebook.schema import Base, Comparison, Provision

Place: TypeAlias = tuple[str, str, str, str, str, str, str]
"""The first fields of every step: tier, contest, unit, path, cite, confidence, note."""


def place(tier: str, contest: str, unit: str, path: str, rule: Provision) -> Place:
    """Return the first fields of a step under a provision."""
    return tier, contest, unit, path, rule.cite, rule.confidence, rule.note


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the count.

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

    @property
    def values(self) -> dict[str, Any]:
        """Numbers common to all options, by the name of their field."""
        return {f.name: getattr(self, f.name) for f in fields(self)[len(_SHARED) :]}

    def concerns(self, option: str) -> bool:
        """Whether the step says something about an option, or about all of them."""
        return not self.rows or option in self.rows

    def to_json(self) -> dict[str, Any]:
        """Return the step as data, every number exact."""
        return {
            "code": self.code,
            "tier": self.tier,
            "contest": self.contest,
            "unit": self.unit,
            "provision": self.path,
            "cite": self.cite,
            "confidence": self.confidence,
            "values": exact(self.values),
            "rows": exact(self.rows),
            "note": self.note,
        }


_SHARED = fields(Step)

# ---------------------------------------------------------------------- before seats are dealt


class DistrictRow(NamedTuple):
    """A district's share in the seats: what it is measured by, and what it gets."""

    score: int
    seats: int


@dataclass(frozen=True, slots=True)
class DistrictSeats(Step):
    """Seats shared among districts; `set_aside` of each are kept for a later tier, scores are `scale` times what they are."""

    code: ClassVar[str] = "district-seats"
    total: int
    by: tuple[str, ...]
    set_aside: int
    scale: int
    districts: Mapping[str, DistrictRow]


@dataclass(frozen=True, slots=True)
class TurnoutChecked(Step):
    """Whether enough voters took part: `counted` of `of`, which is the base `of_base`."""

    code: ClassVar[str] = "turnout"
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


@dataclass(frozen=True, slots=True)
class ThresholdApplied(Step):
    """Who reaches the bar; `anywhere`: whoever reaches it here takes part everywhere."""

    code: ClassVar[str] = "threshold"
    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    anywhere: bool
    rows: Mapping[str, BarRow] = field(kw_only=True)


class LoweredRow(NamedTuple):
    """A list at a bar that fell."""

    share: Fraction
    passed: bool


@dataclass(frozen=True, slots=True)
class BarLowered(Step):
    """Every bar falls by `step`, the highest one to `share`, since fewer than `lists` qualify."""

    code: ClassVar[str] = "bar-lowered"
    share: Fraction
    step: Fraction
    lists: int
    rows: Mapping[str, LoweredRow] = field(kw_only=True)


class VotesRow(NamedTuple):
    """Votes of an option."""

    votes: int


@dataclass(frozen=True, slots=True)
class FilledUp(Step):
    """The next largest lists (the rows) join, since those admitted hold less than the share of the base."""

    code: ClassVar[str] = "filled-up"
    share: Fraction
    held: int
    base: int
    rows: Mapping[str, VotesRow] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NobodyQualifies(Step):
    """No list reaches the bar; `rule` says what follows."""

    code: ClassVar[str] = "nobody-qualifies"
    seats: int
    rule: str


# ---------------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class QuotaSet(Step):
    """What a seat costs to those who take part; `sharing`: by how many lists votes under the bar are shared, 1 for none."""

    code: ClassVar[str] = "quota"
    votes: int
    seats: int
    quota: Fraction
    kind: str
    rounding: str
    unqualified: str
    sharing: int
    among: tuple[str, ...]

    def concerns(self, option: str) -> bool:
        """Whether an option takes part: a quota means nothing to a list under the bar."""
        return option in self.among


class WholeRow(NamedTuple):
    """Votes over the quota: whole seats and a remainder."""

    votes: int
    whole: int
    remainder: Fraction
    quotient: Fraction


@dataclass(frozen=True, slots=True)
class WholeSeats(Step):
    """Whole seats of every list; `left` seats are left, which `moves` to a later tier."""

    code: ClassVar[str] = "whole"
    quota: Fraction
    left: int
    moves: bool
    sharing: int
    rows: Mapping[str, WholeRow] = field(kw_only=True)


class RemainderRow(NamedTuple):
    """What a remainder gained or lost."""

    remainder: Fraction
    gained: int
    tied: bool
    votes: int


@dataclass(frozen=True, slots=True)
class RemaindersRanked(Step):
    """Seats that whole quotas left, by remainders or (`by_votes`) to the lists with most votes."""

    code: ClassVar[str] = "remainders"
    left: int
    order: tuple[str, ...]
    by_votes: bool
    rows: Mapping[str, RemainderRow] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SurplusTaken(RemaindersRanked):
    """Seats that the quota gave too many, taken back from the smallest remainders."""

    code: ClassVar[str] = "taken-back"


class QuotientRow(NamedTuple):
    """A list between its last quotient with a seat and the next without; None for none."""

    votes: int
    seats: int
    last: Fraction | None
    next: Fraction | None
    tied: bool


@dataclass(frozen=True, slots=True)
class QuotientsRanked(Step):
    """Seats by the largest quotients; the formula keeps them raised to `power`."""

    code: ClassVar[str] = "quotients"
    seats: int | None
    power: int
    method: str
    smallest: Fraction | None
    largest: Fraction | None
    first: Fraction | None
    exponent: Fraction | None
    rows: Mapping[str, QuotientRow] = field(kw_only=True)


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


@dataclass(frozen=True, slots=True)
class PartnersShared(QuotientsRanked):
    """What partners were dealt together, and how they shared it; `seats` says nothing of them."""

    code: ClassVar[str] = "agreements"
    rows: Mapping[str, PartnerRow] = field(kw_only=True)  # type: ignore[assignment]


class LimitRow(NamedTuple):
    """The most seats a list can take."""

    most: int


@dataclass(frozen=True, slots=True)
class LimitReached(Step):
    """Lists that take no more seats; `exhausted`: since all their candidates are elected."""

    code: ClassVar[str] = "limit"
    exhausted: bool
    rows: Mapping[str, LimitRow] = field(kw_only=True)


class SharedRow(NamedTuple):
    """One of two lists that share the seats; the quotient is that of the second."""

    seats: int
    votes: int
    quotient: Fraction | None


@dataclass(frozen=True, slots=True)
class SingleJoined(Step):
    """One list alone reaches the bar and the next one joins."""

    code: ClassVar[str] = "single-qualifier"
    first: str
    second: str
    quota: Fraction
    factor: Fraction
    minimum: int
    quotient: Fraction
    seats: int
    rows: Mapping[str, SharedRow] = field(kw_only=True)


# ---------------------------------------------------------------------- tiers that look at the whole


class PoolRow(NamedTuple):
    """A list's share of the whole against what it holds; over: it holds more."""

    votes: int
    held: int
    share: int
    over: bool
    last: Fraction | None


@dataclass(frozen=True, slots=True)
class LevellingShared(Step):
    """Seats of the whole shared among the lists still in the computation."""

    code: ClassVar[str] = "levelling"
    pool: int
    method: str
    first: Fraction | None
    rows: Mapping[str, PoolRow] = field(kw_only=True)


class LevellingRow(NamedTuple):
    """The quotient that brought a levelling seat to a district."""

    votes: int
    held: int
    divisor: Fraction
    district_votes: int
    district_seats: int
    quotient: Fraction


@dataclass(frozen=True, slots=True)
class LevellingPlaced(Step):
    """The district of one levelling seat."""

    code: ClassVar[str] = "levelling-place"
    rows: Mapping[str, LevellingRow] = field(kw_only=True)


class TransferRow(NamedTuple):
    """A list in the second scrutiny: `first` seats it holds already."""

    transferred: int
    whole: int
    remainder: Fraction
    seats: int
    first: int


@dataclass(frozen=True, slots=True)
class Transferred(Step):
    """Seats that districts left, shared in the whole."""

    code: ClassVar[str] = "transfer"
    left: int
    votes: int
    quota: Fraction
    kind: str
    rows: Mapping[str, TransferRow] = field(kw_only=True)


class TransferPlaceRow(NamedTuple):
    """Seats that lie in a district by a remainder."""

    seats: int
    remainder: int


@dataclass(frozen=True, slots=True)
class TransferPlaced(Step):
    """The district of transferred seats."""

    code: ClassVar[str] = "transfer-place"
    rows: Mapping[str, TransferPlaceRow] = field(kw_only=True)


class SeatsOfVotesRow(NamedTuple):
    """Votes, or voter numbers, and seats."""

    votes: int
    seats: int


@dataclass(frozen=True, slots=True)
class MatrixLists(Step):
    """Seats of lists in the whole."""

    code: ClassVar[str] = "matrix-lists"
    seats: int
    method: str
    rows: Mapping[str, SeatsOfVotesRow] = field(kw_only=True)


class CellRow(NamedTuple):
    """A cell of the matrix: votes over both divisors, rounded."""

    votes: int
    divisor: Fraction
    quotient: Fraction
    seats: int


@dataclass(frozen=True, slots=True)
class MatrixDealt(Step):
    """Seats of lists in one district."""

    code: ClassVar[str] = "matrix"
    divisor: Fraction | None
    rounding: str
    rows: Mapping[str, CellRow] = field(kw_only=True)


# ---------------------------------------------------------------------- persons and questions


class ElectedRow(NamedTuple):
    """Who is elected by votes."""

    votes: int
    elected: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class MostVotes(Step):
    """The most votes elect."""

    code: ClassVar[str] = "most-votes"
    seats: int
    candidates: int
    rows: Mapping[str, ElectedRow] = field(kw_only=True)


class PassedRow(NamedTuple):
    """Who clears a bar."""

    votes: int
    passed: bool


@dataclass(frozen=True, slots=True)
class MajorityChecked(Step):
    """Who clears the bar of the first round."""

    code: ClassVar[str] = "majority"
    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    turnout_from: Fraction | None
    turnout_below: Fraction | None
    rows: Mapping[str, PassedRow] = field(kw_only=True)


class SecondRow(NamedTuple):
    """Who is elected by the second vote."""

    votes: int
    elected: bool


@dataclass(frozen=True, slots=True)
class SecondRound(Step):
    """The second vote, as the returns hold it."""

    code: ClassVar[str] = "second-round"
    rows: Mapping[str, SecondRow] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AdoptionChecked(Step):
    """Whether the answer that adopts a question has enough votes."""

    code: ClassVar[str] = "adoption"
    base: int
    base_name: Base
    share: Fraction
    comparison: Comparison
    answer: str
    passed: bool
    rows: Mapping[str, PassedRow] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RegionsCounted(Step):
    """In how many regions the answer won."""

    code: ClassVar[str] = "regions"
    yes: int
    unknown: int
    regions: int
    share: Fraction
    outcome: str
    declared: int
    answer: str
    comparison: Comparison


# ---------------------------------------------------------------------- ties, decisions, declared seats


@dataclass(frozen=True, slots=True)
class TieBroken(Step):
    """Equals told apart by the law's own criterion."""

    code: ClassVar[str] = "tie"
    rule: str
    among: tuple[str, ...]
    chosen: tuple[str, ...]

    def concerns(self, option: str) -> bool:
        """Whether an option is among the equals."""
        return option in self.among


@dataclass(frozen=True, slots=True)
class Decided(Step):
    """What was decided by lot or by the authority."""

    code: ClassVar[str] = "decision"
    chosen: tuple[str, ...]
    among: tuple[str, ...]
    kind: str
    date: str
    source: str

    def concerns(self, option: str) -> bool:
        """Whether an option is among the equals."""
        return option in self.among


@dataclass(frozen=True, slots=True)
class LeftOpen(Step):
    """What nobody has decided."""

    code: ClassVar[str] = "open"
    question: str
    among: tuple[str, ...]

    def concerns(self, option: str) -> bool:
        """Whether an option is among those between whom it is open."""
        return option in self.among


class DeclaredRow(NamedTuple):
    """Seats that were announced."""

    seats: int


@dataclass(frozen=True, slots=True)
class SeatsDeclared(Step):
    """Seats announced by the authority, not counted."""

    code: ClassVar[str] = "declared"
    rows: Mapping[str, DeclaredRow] = field(kw_only=True)


def kinds(step: type[Step] = Step) -> dict[str, type[Step]]:
    """Return every kind of step by its code."""
    own = {} if step is Step else {step.code: step}
    for further in step.__subclasses__():
        own |= kinds(further)
    return own
