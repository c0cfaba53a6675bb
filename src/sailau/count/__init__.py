"""Counting: a law and an election give an outcome. Knows nothing of screens and databases."""

from sailau.count.outcome import Outcome, count
from sailau.count.plan import Batch, Plan
from sailau.count.plan import compile_plan as compile  # noqa: A004 - the word of the library
from sailau.count.steps import Step, Undetermined

__all__ = ["Batch", "Outcome", "Plan", "Step", "Undetermined", "compile", "count"]
