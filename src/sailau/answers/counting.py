"""Answers of `count`, `explain`, `check` and `diff`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from sailau.answers.model import AnswerTable, Count, Exact, Provenance, Sourced


class DistrictAnswer(AnswerTable):
    """What one contest gave in one district."""

    base: int | None = Field(description="what shares are measured by; null where no rule uses one")
    votes: Count
    seats: Count


class ContestAnswer(DistrictAnswer):
    """What one ballot paper gave."""

    districts: dict[str, DistrictAnswer] = Field(description="district → the same; the empty name is the whole")
    second_round: Count = Field(default_factory=dict, description="votes of the second round, where there was one")


class ElectedAnswer(AnswerTable):
    """One seat."""

    contest: str
    unit: str
    party: str
    candidate: str | None
    position: int | None


class AskedAnswer(AnswerTable):
    """What became of a question."""

    outcome: Literal["adopted", "rejected", "invalid"] | None
    districts: dict[str, str | None] = Field(default_factory=dict)


class Open(AnswerTable):
    """A question that the count leaves open."""

    contest: str
    unit: str
    question: Literal["remainder", "quotient", "district", "run-off", "repeat-vote", "repeat-election", "no-rule"]
    among: list[str]
    beside: list[str]
    seats: int
    cite: str
    answer: Literal["lot", "authority", "returns", "none"]


class FindingAnswer(AnswerTable):
    """What was noticed and changes no number."""

    code: str
    contest: str = ""
    unit: str = ""
    cite: str
    message: str
    values: dict[str, Any]


class CountedAnswer(AnswerTable):
    """`sailau count`."""

    law: str
    day: date
    status: Literal["final", "partial", "undetermined", "invalid"]
    seats: Count
    contests: dict[str, ContestAnswer]
    elected: list[ElectedAnswer]
    questions: dict[str, AskedAnswer]
    undetermined: list[Open]
    findings: list[FindingAnswer]
    declared: list[str]
    whatif: dict[str, str]
    case: str
    voters_per_seat: dict[str, dict[str, Any]]


class CountedDay(AnswerTable):
    """`sailau count` of a polling day with several cases."""

    cases: list[CountedWhole]


class CountedWhole(Provenance, CountedAnswer):
    """One case of a polling day."""


class StepAnswer(Sourced):
    """`sailau explain`: one step of the count."""

    code: str
    tier: str
    contest: str
    unit: str
    provision: str
    values: dict[str, Any]
    rows: dict[str, dict[str, Any]]
    note: str


class DifferenceAnswer(AnswerTable):
    """Where official and counted seats differ."""

    contest: str
    unit: str
    option: str
    official: int
    counted: int


class CheckAnswer(AnswerTable):
    """Counted seats of a case beside the official ones."""

    case: str
    verdict: Literal["agrees", "differs", "nothing verified"]
    counted: int
    declared: int
    differences: list[DifferenceAnswer]


class ChecksAnswer(AnswerTable):
    """`sailau check`."""

    checks: list[CheckAnswer]
    skipped: list[str]


class Swung(AnswerTable):
    """How a list fared in two elections."""

    option: str
    share: tuple[Exact | None, Exact | None]
    swing: Exact | None
    seats: tuple[int | None, int | None]


class SwingAnswer(AnswerTable):
    """One contest in two elections."""

    contest: str
    turnout: tuple[Exact | None, Exact | None]
    registered: tuple[int | None, int | None]
    ballots: tuple[int | None, int | None]
    invalid: tuple[int | None, int | None]
    pedersen: Exact | None
    options: list[Swung]


class Diff(AnswerTable):
    """`sailau diff`."""

    before: str
    after: str
    contests: list[SwingAnswer]
