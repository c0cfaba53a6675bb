"""Answers of `mandates` and `chamber`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from sailau.answers.model import AnswerTable, Sourced


def _range(pair: tuple[int, int]) -> dict[str, int]:
    return {"count": pair[0], "at_most": pair[1]}


def _swapped(pairs: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"candidate": candidate, "place": place} for candidate, place in pairs]


class SeatAnswer(Sourced):
    """One seat and who takes it."""

    contest: str
    unit: str
    party: str
    candidate: str | None
    name: str
    position: int | None
    basis: str
    office: str


class Swapped(AnswerTable):
    """Somebody who moves in a proposal."""

    candidate: str
    place: int


class Range(AnswerTable):
    """A number that is not known to one."""

    count: int
    at_most: int


class ProposalAnswer(AnswerTable):
    """How a quota could be met."""

    takes: list[str]
    out: Annotated[list[Swapped], BeforeValidator(_swapped)]
    in_: Annotated[list[Swapped], BeforeValidator(_swapped)] = Field(validation_alias="into", serialization_alias="in")
    count: int = Field(validation_alias="low")
    further: int


class Quota(Sourced):
    """The quota of mandates of one list."""

    contest: str = Field(validation_alias=AliasPath("place", "contest"))
    unit: str = Field(validation_alias=AliasPath("place", "unit"))
    party: str = Field(validation_alias=AliasPath("place", "party"))
    seats: int
    needed: int
    count: int = Field(validation_alias="low")
    at_most: int = Field(validation_alias="high")
    groups: dict[str, Annotated[Range, BeforeValidator(_range)]]
    verdict: str
    missing: list[str]
    guessed: bool
    proposal: ProposalAnswer | None


class RefundAnswer(Sourced):
    """Whether a deposit is given back."""

    contest: str
    unit: str
    option: str
    refunded: bool | None
    because: str
    votes: int | None
    base: int | None
    bar: str


class MandateFinding(Sourced):
    """What was noticed in turning seats into persons."""

    code: str
    contest: str
    unit: str
    values: dict[str, Any]


class MandatesAnswer(AnswerTable):
    """`sailau mandates`."""

    law: str = Field(validation_alias=AliasPath("outcome", "law", "id"))
    day: date = Field(validation_alias=AliasPath("outcome", "law", "day"))
    status: str = Field(validation_alias=AliasPath("outcome", "status"))
    seats: list[SeatAnswer]
    open: int
    quotas: list[Quota]
    refunds: list[RefundAnswer]
    findings: list[MandateFinding]


class VacancyFinding(AnswerTable):
    """What was noticed in filling a vacancy."""

    code: str
    values: dict[str, Any]
    cite: str


class VacancyAnswer(Sourced):
    """`sailau mandates --vacate`."""

    seat: SeatAnswer
    on: date
    reason: str
    status: str
    successor: str | None
    proposed: str | None
    due: date | None
    what: str
    quota: Quota | None
    findings: list[VacancyFinding]


class Certain(AnswerTable):
    """Members surely, and at most."""

    members: int
    at_most: int


class Member(AnswerTable):
    """Somebody who sat, or may have sat."""

    name: str
    party: str
    contest: str
    unit: str
    sure: bool
    source: str


class Chamber(AnswerTable):
    """`sailau chamber`."""

    day: date
    seats: int | None
    missing: int | None
    parties: dict[str, Certain]
    members: list[Member]
