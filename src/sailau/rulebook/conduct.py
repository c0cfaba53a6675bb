"""The conduct of elections as law-data: conditions, deadlines, money, commissions, complaints, rules.

Each section of a rule book is a list of cited things with an `id`. A condition is one test out of a small
closed set on named facts (`facts.toml`), so a new condition is a new table in the book and no new code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from sailau.rulebook.facts import FACTS, GROUPS
from sailau.rulebook.provision import Time
from sailau.rulebook.schema import Block, Comparison, Confidence, Provision, Share, Text

Rounding = Literal["up", "nearest", "down"]
Purpose = Literal["vote", "stand", "register", "serve", "found"]
Kind = Literal["regular", "early", "repeat", "run-off", "by-election"]
LANGUAGES = ("en", "kk", "ru")


class Conduct(Provision):
    """One cited thing of a section.

    Attributes:
        contests: ballot papers it concerns; all when empty.
        bodies: laws it concerns where one file serves several (`xx/council-region`); all when empty.
    """

    id: str
    contests: list[str] = Field(default_factory=list, description="ballot papers it concerns; all when empty")
    bodies: list[str] = Field(default_factory=list, description="laws it concerns; all when empty")

    @model_validator(mode="after")
    def _named(self) -> Conduct:
        missing = [code for code in LANGUAGES if code not in (self.title or {})]
        if missing:
            raise ValueError(f"give a title in en, kk and ru (missing: {', '.join(missing)})")
        return self

    def concerns(self, body: str, contest: str | None = None) -> bool:
        """Say whether it concerns a law and (where given) one of its ballot papers."""
        if self.bodies and body not in self.bodies:
            return False
        return contest is None or not self.contests or contest in self.contests


# ---------------------------------------------------------------- tests on facts


def _known(name: str) -> str:
    if name not in FACTS:
        raise ValueError("name a fact of the table of facts")
    return name


class _OnFact(Block):
    fact: str

    @field_validator("fact")
    @classmethod
    def _fact_known(cls, value: str) -> str:
        return _known(value)


class AgeAtLeast(Block):
    """The person is at least so old on the day; the birthday itself counts."""

    op: Literal["age-at-least"]
    years: Time = Field(ge=0)


class YearsSince(_OnFact):
    """At least so many full years lie between the fact and the day."""

    op: Literal["years-since"]
    years: Time = Field(ge=0)


class Is(_OnFact):
    """The fact has the value."""

    op: Literal["is"]
    value: bool | int | str


class IsNot(_OnFact):
    """The fact has another value."""

    op: Literal["is-not"]
    value: bool | int | str


class In(_OnFact):
    """The fact is one of the values."""

    op: Literal["in"]
    values: list[str]


class Given(_OnFact):
    """The fact is recorded at all (for `when`)."""

    op: Literal["given"]


class _Count(_OnFact):
    value: int | None = None
    share: Share | None = Field(None, description="of another fact, in place of a number")
    of: str = ""
    comparison: Comparison = "at-least"

    @model_validator(mode="after")
    def _one_bound(self) -> _Count:
        if (self.value is None) == (self.share is None):
            raise ValueError("give value, or share and of")
        if self.share is not None:
            _known(self.of)
        return self


class CountAtLeast(_Count):
    """The number is at least a value, or a share of another number (`comparison` may say more than)."""

    op: Literal["count-at-least"]


class CountAtMost(_Count):
    """The number is at most a value, or a share of another number."""

    op: Literal["count-at-most"]


class ShareAtLeast(Block):
    """Persons of several groups together make up a share of the list.

    Attributes:
        persons: a person of two groups counts `once` or in `each-group`.
        youth_under: the first age that is no longer young, on polling day.
        youth_or: another reading of that age, where the text names none: what the two readings answer differently
            is undecided.
    """

    op: Literal["share-at-least"]
    groups: list[Literal["women", "youth", "disability"]]
    share: Share
    rounding: Rounding = "up"
    persons: Literal["once", "each-group"] = "once"
    youth_under: int = 35
    youth_or: int | None = None

    @field_validator("groups")
    @classmethod
    def _some_group(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError(f"name at least one of {', '.join(GROUPS)}")
        return value


class LengthAtMost(Block):
    """The list has at most the seats of its tier and a share more."""

    op: Literal["length-at-most"]
    extra: Share = Fraction(0)
    rounding: Rounding = "up"


class InTime(_OnFact):
    """The fact lies inside a period of the calendar, or not after a deadline."""

    op: Literal["in-time"]
    deadline: str


class OutOfTime(_OnFact):
    """The fact lies after a deadline of the calendar and so has no effect."""

    op: Literal["out-of-time"]
    deadline: str


class Within(_OnFact):
    """The fact follows another one within months or days."""

    op: Literal["within"]
    after: str
    months: Time = 0
    days: Time = 0

    @field_validator("after")
    @classmethod
    def _after_known(cls, value: str) -> str:
        return _known(value)


class NotAfter(_OnFact):
    """The fact is not later than another fact."""

    op: Literal["not-after"]
    other: str

    @field_validator("other")
    @classmethod
    def _other_known(cls, value: str) -> str:
        return _known(value)


class ExclusiveWith(Block):
    """The person stands in no other place of these ballot papers: one list, one district."""

    op: Literal["exclusive-with"]
    contests: list[str]


class SameParty(_OnFact):
    """The fact names the party whose list or nomination it is."""

    op: Literal["same-party"]


class OnePerNominator(Block):
    """A nominator of a kind names at most so many persons: in a district, or in the whole contest."""

    op: Literal["one-per-nominator"]
    kinds: list[str]
    most: int = 1
    area: Literal["district", "contest"] = "district"


class DepositPaid(_OnFact):
    """The sum paid covers the deposit (by id) that the last result and the minimum wage give."""

    op: Literal["deposit-paid"]
    deposit: str


class ContestantsAtLeast(Block):
    """At least so many persons or lists stand in the district."""

    op: Literal["contestants-at-least"]
    count: int


Test = Annotated[
    AgeAtLeast
    | YearsSince
    | Is
    | IsNot
    | In
    | Given
    | CountAtLeast
    | CountAtMost
    | ShareAtLeast
    | LengthAtMost
    | InTime
    | OutOfTime
    | Within
    | NotAfter
    | ExclusiveWith
    | SameParty
    | OnePerNominator
    | DepositPaid
    | ContestantsAtLeast,
    Field(discriminator="op"),
]
"""The closed set of operators a condition may use."""


class Condition(Conduct):
    """One thing the law asks of a person, a list or a party.

    Attributes:
        to: what it is a condition of: to vote, to stand, to be registered (papers, deadlines), to serve,
            to found a party.
        when: it is asked only where all these hold.
        presumed: a ground that an authority must establish; a missing fact means that it has not.
        consequence: `note` reports a breach for which the law has no sanction.
        always: reported with its figures even when it is met.
    """

    of: Literal["person", "list", "party"]
    to: Purpose = "stand"
    test: Test
    when: list[Test] = Field(default_factory=list)
    presumed: bool = False
    consequence: Literal["refuse", "note"] = "refuse"
    always: bool = False
    document: Text | None = Field(None, description="the paper that proves it; else that of the fact")
    cure: Text | None = Field(None, description="what can still be done about it")

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """Title, document and cure by language; thousands of findings share them."""
        texts = {"title": self.title, "document": self.document, "cure": self.cure}
        return {
            name: {str(language): words for language, words in (text or {}).items()} for name, text in texts.items()
        }


# ---------------------------------------------------------------- calendar


class Moment(Block):
    """A day counted from an event.

    Attributes:
        of: `vote`, `called`, `results`, `term-end`, `powers-end`, `first-round`, `year`, or the id of a deadline (its end).
        full: “N days before” leaves N full days between in the commission's practice: one day further.
        sunday: the nth Sunday of `month` in the year of the vote.
    """

    of: str = "vote"
    days: Time = 0
    working_days: Time = 0
    months: Time = 0
    hour: str = Field("", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d$")
    full: bool = False
    sunday: int | None = Field(None, ge=1, le=5)
    month: int | None = Field(None, ge=1, le=12)


class Deadline(Conduct):
    """A period (`opens`, `closes`) or a last day (`closes` alone) or a day (`opens` alone).

    Attributes:
        kinds: elections in which it is set.
        interim: in an early or repeat election the commission sets it.
        binds: the event that it binds; an event outside is a conflict.
        after: deadlines that must be over by its end.
    """

    kinds: tuple[Kind, ...] = ("regular", "early", "repeat")
    opens: Moment | None = None
    closes: Moment | None = None
    interim: bool = False
    binds: Literal["", "vote", "called"] = ""
    after: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_day(self) -> Deadline:
        if self.opens is None and self.closes is None and not self.interim:
            raise ValueError("give opens, closes, or interim = true")
        return self


class HeldDate(Block):
    """A date that the authority set (or on which it was done) in one election."""

    deadline: str
    opens: date | None = None
    closes: date | None = None
    opens_hour: str = ""
    closes_hour: str = ""
    done: bool = Field(False, description="what happened, not what was set")
    title: Text | None = Field(None, description="where the law knows no such day")
    cite: str = ""
    confidence: Confidence = "reported"
    note: str = ""


class Held(Conduct):
    """One election as it was called: its dates are data, because the law leaves them to the authority."""

    day: date
    kind: Kind = "regular"
    called: date | None = None
    results: date | None = None
    term_end: date | None = None
    powers_end: date | None = Field(None, description="day on which the powers of the body ended early")
    together: list[str] = Field(default_factory=list, description="laws of the bodies elected on the same day")
    dates: list[HeldDate] = Field(default_factory=list)


# ---------------------------------------------------------------- money


class Wage(Conduct):
    """The minimum wage from a day on, in whole units of the currency; it may change within a year."""

    since: date = Field(description="first day on which it is in force")
    amount: int = Field(gt=0)
    currency: str = Field(description="ISO 4217 code")


class Relief(Block):
    """Lists that had at least a share of the votes last time pay only a part."""

    last: Share
    pay: Share


class Refund(Block):
    """When a deposit comes back."""

    share: Share
    comparison: Comparison = "at-least"
    elected: bool = True
    death: bool = True
    base: Literal["valid", "cast"] = "valid"


class Deposit(Conduct):
    """The sum paid before registration: a multiple of the minimum wage, per candidate or name on a list."""

    multiple: int = Field(ge=0)
    per: Literal["candidate", "name"]
    wage_of: Literal["payment", "year"] = Field(
        "payment", description="the minimum wage on the day of payment, or that of 1 January of the year of the vote"
    )
    relief: list[Relief] = Field(default_factory=list)
    refund: Refund


class Fund(Conduct):
    """Ceilings of a campaign fund as multiples of the minimum wage."""

    of: Literal["candidate", "list"]
    own: int
    nominator: int | None = Field(None, description="means of the party or association that nominated")
    donations: int
    person: int | None = None
    entity: int | None = None
    run_off_factor: Share = Fraction(1)


# ---------------------------------------------------------------- commissions, complaints


class Band(Block):
    """Size of a commission up to a number of voters (None: without limit)."""

    voters: int | None = None
    least: int
    most: int


class Commission(Conduct):
    """One level of the commissions."""

    level: int = Field(description="1 is the highest")
    size: list[Band]
    odd: bool = False
    term_years: Time | None = None
    formed_by: Text | None = None
    per_party: int | None = Field(None, description="members that one party may propose")
    one_employer: Share | None = Field(None, description="largest share of members from one employer")
    barred: list[str] = Field(default_factory=list, description="offices that bar a member")


class Complaint(Conduct):
    """Who decides on a complaint, within which days.

    Attributes:
        file_days: days after the event; None: at any time.
        decide_days: 0 is the same day; None: not set by this law.
        urgent_days: fewer days than these before the vote: decided at once.
    """

    to: Text
    file_days: Time | None = None
    decide_days: Time | None = None
    urgent_days: Time | None = None
    final: bool = False


# ---------------------------------------------------------------- rules told to people


class Rule(Conduct):
    """A rule told to voters, observers, campaigners: its title says it; figures are typed beside it.

    Attributes:
        kind: where it belongs, such as `hours`, `document`, `mark`, `right`, `duty`, `poll`.
        figures: numbers and hours in it.
    """

    kind: str
    text: Text | None = None
    figures: dict[str, int | str] = Field(default_factory=dict)


class Ballot(Conduct):
    """A ballot paper as a voter meets it.

    Attributes:
        kinds: kinds of region whose voters receive it; all when empty.
        abroad: given at the missions abroad.
        abroad_district: rule by which votes abroad count to a district.
    """

    kinds: list[str] = Field(default_factory=list)
    abroad: bool = False
    abroad_rule: Text | None = None
    order: Text | None = None
    row: Literal["candidate", "list", "answer", "elector"] = "candidate"


class Region(Conduct):
    """A region of the country, as conditions and ballots count them."""

    kind: str
    code: str = ""


class Station(Conduct):
    """A polling station abroad on one polling day."""

    day: date
    country: str
    city: str
    voters: int | None = None
