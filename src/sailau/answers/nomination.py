"""Answers of `vet`, `calendar`, `ballot` and `rights`."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from sailau.answers.model import AnswerTable, Said, Sourced, Title


class VetFinding(Sourced):
    """What one condition found."""

    code: str
    provision: str
    title: str
    fact: str
    found: Any
    required: Any
    needs: list[str]
    document: str
    cure: str
    note: str
    text: str


class VerdictAnswer(AnswerTable):
    """What the conditions say of a person, a list or a party."""

    id: str
    verdict: str
    decides: list[str]
    findings: list[VetFinding]


class BreachAnswer(Sourced):
    """What is wrong with the composition of a commission."""

    commission: str
    code: str
    found: Any
    required: Any


class Vetted(AnswerTable):
    """`sailau vet CASE`."""

    persons: list[VerdictAnswer]
    lists: list[VerdictAnswer]
    parties: list[VerdictAnswer]
    commissions: list[BreachAnswer]


class PersonVetted(AnswerTable):
    """`sailau vet --person FILE`."""

    vote: VerdictAnswer
    stand: dict[str, VerdictAnswer]


class Noted(Sourced):
    """Something of the law that is told to somebody."""

    id: str
    title: Title
    note: str


class Dated(Sourced):
    """`sailau calendar`: one deadline or period."""

    id: str
    title: str
    from_: date | None = Field(alias="from")
    to: date | None
    from_hour: str | None
    to_hour: str | None
    official: bool
    done: date | None
    notes: list[str]
    conflicts: list[str]


class LineAnswer(Noted):
    """One cited thing to tell somebody."""

    kind: str
    figures: dict[str, int | str]


class PaperAnswer(Sourced):
    """One ballot paper."""

    law: str
    contest: str
    title: Title
    order: Said
    counts_to: Said
    against_all: bool
    note: str


class VoterTold(AnswerTable):
    """`sailau ballot`."""

    law: str
    day: date
    region: str
    abroad: bool
    ballots: list[PaperAnswer]
    rules: dict[str, list[LineAnswer]]
    stations: list[LineAnswer]
    region_needed: bool


class SumAnswer(Sourced):
    """A deposit, or a ceiling of a fund."""

    id: str
    kind: str
    title: str
    multiple: str
    amount: int | None
    currency: str
    words: str
    note: str


class CommissionAnswer(Noted):
    """A level of commissions."""

    level: int
    formed_by: Said
    least: int
    most: int
    odd: bool
    term_years: int | None


class ComplaintAnswer(Noted):
    """Where, and until when, somebody complains."""

    to: Said
    file_days: int | None
    file_by: date | None
    decide_days: int | None
    at_once: bool
    final: bool


class Rights(AnswerTable):
    """`sailau rights`."""

    money: list[SumAnswer]
    commissions: list[CommissionAnswer]
    complaints: list[ComplaintAnswer]
    observers: list[LineAnswer]
    campaign: list[LineAnswer]
