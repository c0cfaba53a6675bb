"""Steps, findings, open questions, provisions and changes of law as text in three languages; the only room with gettext.

Nothing is loaded before it is asked for: the path of a count imports only what it says.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.wording.answers import say_nothing, say_question, say_status, say_synthetic, say_whatif
    from sailau.wording.asked_for import (
        explainable,
        explainable_units,
        find_option,
        find_unit,
        known_options,
        resolve_option,
    )
    from sailau.wording.citations import cite
    from sailau.wording.explanation import explain
    from sailau.wording.findings import say_finding
    from sailau.wording.language import LANGUAGES
    from sailau.wording.lawbook import Section, review_sheet, show_law, sources_sheet
    from sailau.wording.paths import show_paths
    from sailau.wording.reform import DiffRow, Reform, show_diff
    from sailau.wording.result import say_result, summary
    from sailau.wording.steps import step_lines
    from sailau.wording.view import Line

_HOMES = {
    "say_nothing": "answers",
    "say_question": "answers",
    "say_status": "answers",
    "say_synthetic": "answers",
    "say_whatif": "answers",
    "cite": "citations",
    "explain": "explanation",
    "explainable": "asked_for",
    "explainable_units": "asked_for",
    "find_option": "asked_for",
    "find_unit": "asked_for",
    "known_options": "asked_for",
    "resolve_option": "asked_for",
    "say_finding": "findings",
    "LANGUAGES": "language",
    "Section": "lawbook",
    "review_sheet": "lawbook",
    "show_law": "lawbook",
    "sources_sheet": "lawbook",
    "DiffRow": "reform",
    "Reform": "reform",
    "show_diff": "reform",
    "show_paths": "paths",
    "step_lines": "steps",
    "say_result": "result",
    "summary": "result",
    "Line": "view",
}

__all__ = [
    "LANGUAGES",
    "DiffRow",
    "Line",
    "Reform",
    "Section",
    "cite",
    "explain",
    "explainable",
    "explainable_units",
    "find_option",
    "find_unit",
    "known_options",
    "resolve_option",
    "review_sheet",
    "say_finding",
    "say_nothing",
    "say_question",
    "say_result",
    "say_status",
    "say_synthetic",
    "say_whatif",
    "show_diff",
    "show_law",
    "show_paths",
    "sources_sheet",
    "step_lines",
    "summary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
