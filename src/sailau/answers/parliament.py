"""Answers of `parliament`."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from sailau.answers.model import AnswerTable, Count, Name


class Decimal(AnswerTable):
    """A figure, exact and as a decimal."""

    exact: str
    value: float


def _figure(value: Fraction | float | None) -> dict[str, Any] | float | None:
    """Return an index as data: exact as text beside a decimal, a float as a decimal, null where it is undefined."""
    if isinstance(value, Fraction):
        return {"exact": str(value), "value": round(float(value), 6)}
    return None if value is None else round(value, 6)


Figure = Annotated[Decimal | float | None, BeforeValidator(_figure)]


ExactText = Annotated[str, BeforeValidator(str)]


class IndicesAnswer(AnswerTable):
    """How votes became seats."""

    votes: Count
    seats: Count
    votes_per_seat: dict[str, Figure]
    effective_number_votes: Figure = Field(validation_alias=AliasPath("figures", "effective_number_votes"))
    effective_number_seats: Figure = Field(validation_alias=AliasPath("figures", "effective_number_seats"))
    gallagher: Figure = Field(validation_alias=AliasPath("figures", "gallagher"))
    loosemore_hanby: Figure = Field(validation_alias=AliasPath("figures", "loosemore_hanby"))
    sainte_lague: Figure = Field(validation_alias=AliasPath("figures", "sainte_lague"))
    dhondt: Figure = Field(validation_alias=AliasPath("figures", "dhondt"))
    wasted_votes: Figure = Field(validation_alias=AliasPath("figures", "wasted_votes"))
    mean_votes_per_seat: Figure = Field(validation_alias=AliasPath("figures", "mean_votes_per_seat"))


class BarrierAnswer(AnswerTable):
    """What a list needs at least, and what is enough, for a seat."""

    contest: str
    tier: str
    magnitude: int
    parties: int
    inclusion: Figure = Field(validation_alias=AliasPath("thresholds", "inclusion"))
    exclusion: Figure = Field(validation_alias=AliasPath("thresholds", "exclusion"))


class MajorityAnswer(AnswerTable):
    """A share that must be reached."""

    share: ExactText
    of: str
    comparison: str


class Government(AnswerTable):
    """Parties that can form a government."""

    parties: list[str]
    independents: int
    seats: int


class CoalitionAnswer(Government):
    """Parties that reach a majority together; `ways`: by which independents they are."""

    ways: int


class CoalitionsAnswer(AnswerTable):
    """Coalitions: how many, and those that are listed."""

    lines: int
    total: int
    listed: list[CoalitionAnswer]


class Voting(AnswerTable):
    """The power of a party in one decision."""

    seats: int
    banzhaf: ExactText
    penrose: ExactText
    shapley: ExactText


class PartnerAnswer(AnswerTable):
    """Another chamber that must agree."""

    chamber: str
    members: int | None
    needed: int | None


class Analysis(AnswerTable):
    """Who passes and who blocks a decision."""

    held: int
    possible: bool
    alone: list[str]
    vetoes: list[str]
    winning: CoalitionsAnswer
    least_seats: CoalitionsAnswer
    fewest_parties: CoalitionsAnswer
    blocking: CoalitionsAnswer
    smallest_blocking: CoalitionsAnswer
    power: dict[str, Voting] = Field(validation_alias="by_party")


class DecisionAnswer(AnswerTable):
    """One decision of the chamber and what it takes."""

    id: str
    subject: str = Field(validation_alias=AliasPath("rule", "subject"))
    by: str = Field(validation_alias=AliasPath("rule", "by"))
    title: Annotated[Name, BeforeValidator(lambda texts: texts or {})] = Field(
        validation_alias=AliasPath("rule", "title")
    )
    then: Name = Field(validation_alias=AliasPath("rule", "consequence"))
    cite: str = Field(validation_alias=AliasPath("rule", "article"))
    confidence: str = Field(validation_alias=AliasPath("rule", "sureness"))
    note: str
    negative: bool = Field(validation_alias=AliasPath("rule", "negative"))
    majority: MajorityAnswer | None = Field(validation_alias=AliasPath("rule", "vote"))
    members: int
    needed: int | None
    needed_at_quorum: int | None = Field(validation_alias="at_quorum")
    quorum: int | None
    motion: int | None
    movers: CoalitionsAnswer | None
    unknown_members: int = Field(validation_alias="unknown")
    quorum_breakers: list[str] = Field(validation_alias="absent")
    partners: list[PartnerAnswer]


class DecisionAnalysed(DecisionAnswer, Analysis):
    """One decision that the chamber's votes decide, and who passes and who blocks it."""


class PowerAnswer(AnswerTable):
    """Who decides, by which majority."""

    by: str
    majority: MajorityAnswer | None = Field(validation_alias="vote")
    then: Name = Field(validation_alias="consequence")
    cite: str = Field(validation_alias="article")


class PowerChangeAnswer(AnswerTable):
    """What a reform did to one decision."""

    id: str
    before: PowerAnswer | None
    after: PowerAnswer | None


class ReformAnswer(AnswerTable):
    """A day on which powers changed."""

    day: date
    changes: list[PowerChangeAnswer]


class Parliament(AnswerTable):
    """`sailau parliament`."""

    law: str
    day: date
    case: str
    status: str
    members: int | None
    held: int
    seats: Count
    independents: int
    unknown_members: int
    indices: dict[str, IndicesAnswer]
    chamber: IndicesAnswer | None
    thresholds: list[BarrierAnswer]
    decisions: list[DecisionAnswer | DecisionAnalysed]
    government: list[Government]
    balance: dict[str, list[str]]
    reforms: list[ReformAnswer]
