"""Citations and findings: what a rule noticed, always with the article it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing that changes no number.

    Attributes:
        code: what was found, in lower-case words with hyphens; `wording` has its sentence.
        values: the numbers and names of that sentence.
        cite: article, or the rule of arithmetic it breaks.
    """

    code: str
    contest: str = ""
    unit: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    cite: str = ""
    confidence: str = "statute"
