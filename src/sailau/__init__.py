"""Sailau: elections as code. A law is an executable, cited rule book; every seat is explained by article.

>>> import sailau
>>> outcome = sailau.count("my-case")  # doctest: +SKIP
>>> outcome.seats["greens"]  # doctest: +SKIP
8
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.api import compile, count, html, law, shipped_cases, shipped_laws
    from sailau.counting import Batch, Outcome, Plan, Step, Undetermined
    from sailau.counting.margins import Margin
    from sailau.election import Election, open_case, open_day
    from sailau.formulas import Tie, allocate
    from sailau.formulas.biproportional import biproportional
    from sailau.pictures.plots import plot, svg
    from sailau.rulebook.changes import amend
    from sailau.rulebook.faults import BadInput, Fault
    from sailau.rulebook.finding import Finding
    from sailau.rulebook.schema import Law
    from sailau.simulation import compare, simulate
    from sailau.simulation.comparing import Comparison, Row
    from sailau.simulation.paradox import Witness, find_paradoxes
    from sailau.simulation.report import Report, Result
    from sailau.wording import explain, say_finding

__version__ = "0.1.0"
SCHEMA = 1
"""Version of the JSON that commands print: keys are added within it, and never renamed."""

_HOMES = {
    "sailau.api": ("compile", "count", "html", "law", "shipped_cases", "shipped_laws"),
    "sailau.counting": ("Batch", "Outcome", "Plan", "Step", "Undetermined"),
    "sailau.counting.margins": ("Margin",),
    "sailau.election": ("Election", "open_case", "open_day"),
    "sailau.formulas": ("Tie", "allocate"),
    "sailau.formulas.biproportional": ("biproportional",),
    "sailau.rulebook": ("BadInput", "Fault", "Finding", "Law", "amend"),
    "sailau.pictures.plots": ("plot", "svg"),
    "sailau.simulation": ("compare", "simulate"),
    "sailau.simulation.comparing": ("Comparison", "Row"),
    "sailau.simulation.paradox": ("Witness", "find_paradoxes"),
    "sailau.simulation.report": ("Report", "Result"),
    "sailau.wording": ("explain", "say_finding"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BadInput",
    "Batch",
    "Comparison",
    "Election",
    "Fault",
    "Finding",
    "Law",
    "Margin",
    "Outcome",
    "Plan",
    "Report",
    "Result",
    "Row",
    "Step",
    "Tie",
    "Undetermined",
    "Witness",
    "allocate",
    "amend",
    "biproportional",
    "compare",
    "compile",
    "count",
    "explain",
    "find_paradoxes",
    "html",
    "law",
    "open_case",
    "open_day",
    "plot",
    "say_finding",
    "shipped_cases",
    "shipped_laws",
    "simulate",
    "svg",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that counting does not pay for simulation."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'sailau' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
