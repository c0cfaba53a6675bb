"""Answers of `tabulate`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from sailau.answers.model import AnswerTable, Count


class StationsAnswer(AnswerTable):
    """Stations of a unit: how many are expected and in, and the voters on their lists."""

    expected: int
    received: int
    voters: int


class UnitTotals(AnswerTable):
    """What the protocols of a unit add up to."""

    stations: StationsAnswer
    complete: bool
    figures: Count


class TabulatedFinding(AnswerTable):
    """A relation of the form that does not hold, with the figures that break it."""

    model_config = ConfigDict(extra="allow")

    code: str
    contest: str
    unit: str
    cite: str


class Excluded(AnswerTable):
    """A protocol that is not in the totals."""

    unit: str
    contest: str
    version: int
    status: str
    reason: str


class DecisiveWay(AnswerTable):
    """One way in which unexplained votes would change something: all to an option, all from one, from one to another."""

    contest: str
    district: str
    way: Literal["to", "from", "between"]
    votes: int
    option: str
    other: str
    change: Count = Field(description="option → seats gained or lost")
    enters: list[str] = Field(description="options that gain their first seat or lose their last")


class DecidedAnswer(AnswerTable):
    """What unexplained votes could decide, with --decisive: contest → district → votes; the ways that change something."""

    unexplained: dict[str, Count]
    tried: int
    untold: list[str] = Field(description="contests of which nothing can be said")
    ways: list[DecisiveWay]


class Tabulated(AnswerTable):
    """`sailau tabulate`: contest → round → unit → totals."""

    case: str
    law: str
    day: date
    contests: dict[str, dict[str, dict[str, UnitTotals]]]
    codes: Count = Field(description="code → how often it was found")
    findings: list[TabulatedFinding]
    left_out: Count
    excluded: list[Excluded]
    decisive: DecidedAnswer | None = None


class TabulatedDay(AnswerTable):
    """`sailau tabulate` of a polling day with several cases."""

    cases: list[Tabulated]
