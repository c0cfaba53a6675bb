"""What was done, step by step, as data: from it terminal text, JSON and pages are rendered.

A step names the provision it applies (path in the rule book, article, confidence), the numbers it used, exactly, and what
each option got or lost by it. Nothing is computed a second time to explain it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sailau.rulebook.schema import Provision


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the count.

    Attributes:
        code: what was done, such as `threshold` or `remainders`; `wording` has its sentences.
        tier: id of the tier.
        contest: the ballot paper.
        unit: the district; empty for the whole.
        path: the provision in the rule book, such as `list.threshold`.
        cite: its article.
        confidence: how sure the rule book is of it.
        values: numbers common to all options.
        rows: option → its own numbers.
        note: what the rule book says is open about it.
    """

    code: str
    tier: str
    contest: str
    unit: str
    path: str
    cite: str
    confidence: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""

    def concerns(self, option: str) -> bool:
        """Whether the step says something about an option, or about all of them."""
        return not self.rows or option in self.rows


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A question that the count cannot answer: between whom, how many seats, by which article.

    Attributes:
        question: what kind of question it is, one of the words of the contract.
        answer: who may answer it: `lot`, `authority`, `returns` (a further round) or `none` (the law has no rule).
    """

    contest: str
    unit: str
    question: str
    among: tuple[str, ...]
    seats: int
    cite: str
    tier: str = ""
    answer: str = "none"


class Trace:
    """Collects the steps of one count; functions that compute get it only when somebody wants to know."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(
        self,
        code: str,
        tier: str,
        contest: str,
        unit: str,
        path: str,
        rule: Provision | None,
        values: Mapping[str, Any] | None = None,
        rows: Mapping[str, Mapping[str, Any]] | None = None,
        cite: str = "",
    ) -> None:
        """Record one step under the provision `rule`."""
        self.steps.append(
            Step(
                code,
                tier,
                contest,
                unit,
                path,
                cite or (rule.cite if rule is not None else ""),
                rule.confidence if rule is not None else "statute",
                values or {},
                rows or {},
                rule.note if rule is not None else "",
            )
        )


def exact(value: Any) -> Any:
    """Return a number of a step as JSON can say it exactly: an integer, or a fraction as text."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple | list):
        return [exact(v) for v in value]
    if isinstance(value, Mapping):
        return {k: exact(v) for k, v in value.items()}
    return value
