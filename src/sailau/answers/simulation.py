"""Answers of `compare`, `simulate` and `paradox`."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from sailau.answers.counting import FindingAnswer
from sailau.answers.model import AnswerTable, Count, Exact, Name, Sourced


class RemarkAnswer(Sourced):
    """What of another law could not be carried over, or only changed."""

    provision: str
    reason: str
    values: dict[str, str] = Field(default_factory=dict)
    message: str
    lost: bool = False


class LawOpen(AnswerTable):
    """A question that another law leaves open with these votes."""

    question: str
    among: list[str]
    seats: int
    unit: str
    cite: str


class Compared(AnswerTable):
    """One law on the votes of a case."""

    law: str
    day: date
    changes: dict[str, str]
    seats: Count
    chamber: Count
    status: str
    disproportionality: float | None
    indices: dict[str, float | None]
    not_transplanted: list[RemarkAnswer]
    remarks: list[RemarkAnswer]
    findings: list[FindingAnswer]
    undetermined: list[LawOpen]
    shapley: dict[str, dict[str, Exact]]
    drawn: bool


class ComparisonAnswer(AnswerTable):
    """`sailau compare`."""

    case: str
    contest: str
    laws: list[Compared]


class PartyDrawn(AnswerTable):
    """Seats of a party over all draws."""

    mean: float
    low: int
    median: int
    high: int
    enters: float
    majority: float
    histogram: Count


class PowerDrawn(Sourced):
    """How often one party can take or stop a decision."""

    id: str
    title: Name
    needed: int
    alone: dict[str, float]
    blocks: dict[str, float]


class CoalitionDrawn(AnswerTable):
    """Seats of several parties together."""

    parties: list[str]
    mean: float
    majority: float
    histogram: Count


class Adopted(AnswerTable):
    """How often a question is adopted."""

    adopted: int
    share: float


class Varied(AnswerTable):
    """A provision of a sweep, and its value."""

    path: str
    value: str


class VariantAnswer(AnswerTable):
    """One law over all draws."""

    name: str
    law: str
    day: date
    changes: dict[str, str]
    vary: Varied | None
    chamber: int
    members: int
    majority: int
    seats: dict[str, PartyDrawn]
    parties_in_chamber: Count
    no_majority: float
    powers: list[PowerDrawn]
    coalitions: list[CoalitionDrawn]
    indices: dict[str, float | None]
    filled: Count
    tied: int
    questions: dict[str, Adopted]
    remarks: list[RemarkAnswer]


class AttributionAnswer(AnswerTable):
    """The difference that a law makes, split among its provisions."""

    of: str
    draws: int
    provisions: dict[str, dict[str, float]]
    difference: dict[str, float]


class Simulation(AnswerTable):
    """`sailau simulate`."""

    case: str
    law: str
    day: date
    draws: int
    seed: int
    block: int
    generator: dict[str, Any]
    model: dict[str, Any]
    paper: str
    parties: list[str]
    variants: list[VariantAnswer]
    attributions: list[AttributionAnswer]


class WitnessAnswer(AnswerTable):
    """`sailau paradox`: two elections that show one."""

    kind: str
    contest: str
    option: str
    house: tuple[int, int]
    votes: dict[str, tuple[int, int]]
    seats: dict[str, tuple[int, int]]
