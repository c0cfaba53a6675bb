"""Rule books: electoral laws as dated, cited data. Knows nothing of votes."""

import sys
from types import ModuleType
from typing import Any

from sailau.law.amend import amend, diff, entries
from sailau.law.book import Book, books, load
from sailau.law.faults import BadInput, Fault
from sailau.law.finding import Finding
from sailau.law.schema import Law

__all__ = ["BadInput", "Book", "Fault", "Finding", "Law", "amend", "books", "diff", "entries", "load"]


class _Verb(ModuleType):
    """The room can be called by its name: `sailau.law(…)` is `sailau.api.law(…)`."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from sailau import api

        return api.law(*arguments, **named)


sys.modules[__name__].__class__ = _Verb
