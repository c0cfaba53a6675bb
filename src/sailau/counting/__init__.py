"""Counting: a law and an election give an outcome. Knows nothing of screens and databases."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sailau.counting.outcome import Outcome
from sailau.counting.plan import Plan, count
from sailau.counting.plan import compile_plan as compile
from sailau.counting.ties import Undetermined

if TYPE_CHECKING:
    from sailau.counting.batch import Batch
    from sailau.counting.steps import Step

__all__ = ["Batch", "Outcome", "Plan", "Step", "Undetermined", "compile", "count"]


def __getattr__(name: str) -> Any:
    """Load steps and batches when somebody asks for them: a count does without."""
    if name not in ("Batch", "Step"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'batch' if name == 'Batch' else 'steps'}"), name)
