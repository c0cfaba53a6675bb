"""Answers that list what there is: cases, files of a site, versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from sailau.answers.model import AnswerTable, Name


class Published(AnswerTable):
    """`sailau publish`: what a publication did."""

    release: str
    files: int
    written: list[str]
    removed: list[str]


class CaseListed(AnswerTable):
    """`sailau case list`."""

    case: str
    law: str
    day: date
    title: Name


class CaseShown(AnswerTable):
    """`sailau case show`; figures that are unknown are null."""

    case: str
    law: str
    day: str
    title: dict[str, str]
    contests: dict[str, dict[str, int | None]]
    findings: list[str]
    notes: list[str]
    sources: list[dict[str, Any]]


class VersionAnswer(AnswerTable):
    """`sailau version`."""

    version: str
    rule_books: str = Field(description="digest of all shipped rule books")
    python: str
    numpy: str
    pydantic: str
    platform: str
