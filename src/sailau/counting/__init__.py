"""Counting: a law and an election give an outcome. Knows nothing of screens and databases."""

from sailau.counting.batch import Batch
from sailau.counting.building import count
from sailau.counting.outcome import Outcome
from sailau.counting.plan import Plan
from sailau.counting.plan import compile_plan as compile
from sailau.counting.steps import Step, Undetermined

__all__ = ["Batch", "Outcome", "Plan", "Step", "Undetermined", "compile", "count"]
