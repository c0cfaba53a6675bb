"""Steps, findings and provisions as text in three languages."""

from __future__ import annotations
from typing import Any

def say_finding(finding: Any, language: str = "en") -> str:
    return f"{finding.code} {dict(finding.values)}"
