"""Many elections, and one election under many laws: drawing, what-if, comparison, paradoxes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.simulation.comparing import Comparison, compare, compare_at
    from sailau.simulation.models import Model, Polls, Swing, model_of
    from sailau.simulation.paradox import Witness, find_paradoxes
    from sailau.simulation.polls import Poll, read_polls
    from sailau.simulation.report import Report, Result
    from sailau.simulation.run import Job, prepare, simulate

_HOMES = {
    "comparing": ("Comparison", "compare", "compare_at"),
    "models": ("Model", "Polls", "Swing", "model_of"),
    "paradox": ("Witness", "find_paradoxes"),
    "polls": ("Poll", "read_polls"),
    "report": ("Report", "Result"),
    "run": ("Job", "prepare", "simulate"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Comparison",
    "Job",
    "Model",
    "Poll",
    "Polls",
    "Report",
    "Result",
    "Swing",
    "Witness",
    "compare",
    "compare_at",
    "find_paradoxes",
    "model_of",
    "prepare",
    "read_polls",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
