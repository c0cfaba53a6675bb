"""Counting: a law and an election give an outcome. Knows nothing of screens and databases."""

import sys
from types import ModuleType
from typing import Any

from sailau.count.batch import Batch
from sailau.count.building import count
from sailau.count.outcome import Outcome
from sailau.count.plan import Plan
from sailau.count.plan import compile_plan as compile
from sailau.count.steps import Step, Undetermined

__all__ = ["Batch", "Outcome", "Plan", "Step", "Undetermined", "compile", "count"]


class _Verb(ModuleType):
    """The room can be called by its name: `sailau.count(…)` is `sailau.api.count(…)`."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from sailau import api

        return api.count(*arguments, **named)


sys.modules[__name__].__class__ = _Verb
