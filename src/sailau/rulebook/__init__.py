"""Rule books: electoral laws as dated, cited data. Knows nothing of votes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.rulebook.book import Book, books, load
    from sailau.rulebook.changes import amend, diff, entries
    from sailau.rulebook.faults import BadInput, Fault
    from sailau.rulebook.finding import Finding
    from sailau.rulebook.schema import Law

_HOMES = {
    "changes": ("amend", "diff", "entries"),
    "book": ("Book", "books", "load"),
    "faults": ("BadInput", "Fault"),
    "finding": ("Finding",),
    "schema": ("Law",),
}
"""Module → what the room exports of it; read when it is first used, since a fault needs no schema."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["BadInput", "Book", "Fault", "Finding", "Law", "amend", "books", "diff", "entries", "load"]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOME_OF[name]
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
