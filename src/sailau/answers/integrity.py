"""Answers of the public log, of observers, audits and forensics."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from sailau.answers.model import AnswerTable, Count


class LogHead(AnswerTable):
    """How far a log has come."""

    origin: str
    size: int
    root: str


class LogMissing(AnswerTable):
    """A protocol that is not in the log, and why."""

    station: str
    contest: str
    reason: str


class LogFinding(AnswerTable):
    """What is wrong in a log, with the numbers that show it."""

    model_config = ConfigDict(extra="allow")

    kind: str
    place: str
    code: str


class Verified(AnswerTable):
    """`sailau verify`."""

    verdict: str
    kind: str | None
    numbers: Count = Field(description="kind of finding → how many")
    done: list[str]
    log: LogHead
    protocols: int
    missing: list[LogMissing]
    findings: list[LogFinding]


class Watched(AnswerTable):
    """`sailau log watch`: the entries seen before, and now."""

    verdict: Literal["good", "tree"]
    before: int
    entries: int


class LogsCompared(AnswerTable):
    """`sailau log compare`: whether one copy continues the other, else where they part."""

    verdict: Literal["good", "tree"]
    same_log: bool
    sizes: tuple[int, int]
    consistent: bool
    first: int | None
    entries: list[Any]
    checkpoints: list[str]


class StationDrawn(AnswerTable):
    """A station that observers go to."""

    region: str
    station: str


class Sampled(AnswerTable):
    """`sailau observe plan`."""

    seed: str
    stations: list[StationDrawn]


class Estimated(AnswerTable):
    """An option's share of the valid votes, half of its interval with 95 per cent confidence, fewest and most seats."""

    option: str
    share: float
    half: float
    seats: tuple[int, int] | None


class QuickCounted(AnswerTable):
    """`sailau observe estimate`."""

    contest: str
    population: int
    reported: int
    estimates: list[Estimated]


class CopyDifference(AnswerTable):
    """A line that is another one in a copy."""

    copy_: str = Field(alias="copy")
    station: str
    contest: str
    line: str
    official: int
    copied: int


class CopyConflict(AnswerTable):
    """A line in which two copies of one station differ."""

    station: str
    contest: str
    line: str
    counts: list[int]


class CopyEffect(AnswerTable):
    """Seats that would be others by the copies."""

    contest: str
    unit: str
    option: str
    official: int
    copied: int


class CopiesCompared(AnswerTable):
    """`sailau observe compare`; `at_most_altered` is null where nothing is inferred about other stations."""

    copies: Count
    stations: int
    differing: int
    population: int
    at_most_altered: int | None
    differences: list[CopyDifference]
    conflicts: list[CopyConflict]
    effects: list[CopyEffect]


class AuditClaim(AnswerTable):
    """One assertion: its margin and the sum of bounds as texts, and how many draws it needs alone."""

    contest: str
    unit: str
    kind: str
    option: str
    against: str | None
    margin: str
    sum: str
    alone: int


class AuditPlanned(AnswerTable):
    """`sailau audit plan`; `bounds` are stations with their largest errors, `open` what cannot be audited and why."""

    trusted: str
    risk: str
    sum: str
    first_sample: int
    claims: list[AuditClaim]
    open: list[tuple[str, str, str]]
    bounds: list[tuple[str, str]]


class AuditDrawn(AnswerTable):
    """`sailau audit draw`: stations in the order of drawing."""

    seed: str
    drawn: list[str]


class AuditDiscrepancy(AnswerTable):
    """A line that is another one in the recount."""

    station: str
    contest: str
    line: str
    announced: int
    recounted: int


class AuditStatus(AnswerTable):
    """`sailau audit status`; `p` in the order of the plan's claims."""

    trusted: str
    decision: Literal["confirmed", "go-on", "full-recount"]
    drawn: list[str]
    waiting: list[str]
    p: list[float]
    needed: int | None
    discrepancies: list[AuditDiscrepancy]


class ForensicTest(AnswerTable):
    """A test of a whole contest."""

    contest: str
    test: str
    option: str | None
    effect: float
    p: float | None
    false_alarms: float | None
    stations: int
    region: str | None


class ForensicLead(AnswerTable):
    """A reason to look at a station."""

    station: str
    contest: str
    reason: str
    detail: str
    size: int


class Examined(AnswerTable):
    """`sailau forensics`."""

    tests: list[ForensicTest]
    leads: list[ForensicLead]
    decisive: list[str]
    small: list[str]
