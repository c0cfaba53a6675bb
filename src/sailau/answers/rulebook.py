"""Answers of `law`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from sailau.answers.model import AnswerTable, Count, Name, Sourced


class LawListed(AnswerTable):
    """`sailau law list`: one law and the days on which it changes."""

    law: str
    name: Name
    from_: date = Field(alias="from")
    until: date | None
    changes: list[date]


class Covered(AnswerTable):
    """`sailau law coverage`: how much of a law was read in the text."""

    law: str
    provisions: int
    confidence: Count = Field(validation_alias="by_confidence")
    edition: int
    bare: int
    oldest: date | None
    newest: date | None


class Value(Sourced):
    """One value of a law."""

    value: Any


class ValueSince(Value):
    """One value of a law, and since when it has stood so."""

    from_: str = Field(alias="from")
    links: list[str] = Field(description="where its articles can be read, if the source has anchors for them")


class LawShown(AnswerTable):
    """`sailau law show`: path → value."""

    law: str
    day: date
    provisions: dict[str, ValueSince]


class LawChange(AnswerTable):
    """What a reform changed."""

    path: str
    before: Value | None
    after: Value | None


class LawDiff(AnswerTable):
    """`sailau law diff`."""

    law: str
    from_: str = Field(alias="from")
    to: str
    changes: list[LawChange]


class LawNamed(AnswerTable):
    """A law on a day."""

    law: str
    day: date
    name: Name


class CellAnswer(AnswerTable):
    """What one law says on one point."""

    law: str
    known: bool
    text: Name
    value: Any
    cite: str
    confidence: str | None
    note: str


class RowAnswer(AnswerTable):
    """One point of comparison."""

    id: str
    subject: Literal["election", "powers"]
    title: Name
    cells: list[CellAnswer]


class LawsCompared(AnswerTable):
    """`sailau law compare`."""

    laws: list[LawNamed]
    rows: list[RowAnswer]
