"""Further sections of a rule book, beside the counting: each a list of cited things with a model of its own.

They are read on demand, so that counting does not pay for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from sailau.rulebook.book import resolve
from sailau.rulebook.faults import BadInput, Fault

if TYPE_CHECKING:
    from sailau.rulebook.book import Book
    from sailau.rulebook.schema import Law

SECTION_MODELS: dict[str, str] = {
    "form": "sailau.rulebook.forms:Form",
    "power": "sailau.rulebook.powers:Power",
    "condition": "sailau.rulebook.conduct:Condition",
    "deadline": "sailau.rulebook.conduct:Deadline",
    "held": "sailau.rulebook.conduct:Held",
    "wage": "sailau.rulebook.conduct:Wage",
    "deposit": "sailau.rulebook.conduct:Deposit",
    "fund": "sailau.rulebook.conduct:Fund",
    "commission": "sailau.rulebook.conduct:Commission",
    "complaint": "sailau.rulebook.conduct:Complaint",
    "ballot": "sailau.rulebook.conduct:Ballot",
    "region": "sailau.rulebook.conduct:Region",
    "station": "sailau.rulebook.conduct:Station",
    "voting": "sailau.rulebook.conduct:Rule",
    "observer": "sailau.rulebook.conduct:Rule",
    "access": "sailau.rulebook.conduct:Rule",
    "administration": "sailau.rulebook.conduct:Rule",
}
"""Name of the section → `module:Model` that reads one of its things."""


def read_section(law: Law, name: str) -> tuple[Any, ...]:
    """Return one section of a law as validated models, in the order of the book.

    Raises:
        BadInput: with file, line and field of every fault.
        KeyError: no such section.
    """
    return _validated(name, law.tables, law.book)


def section_on(law: Law, name: str, day: date) -> tuple[Any, ...]:
    """Return a section as it stood on another day than the vote: complaints follow the event.

    A day outside the life of the law gives what the book says for it; a what-if holds for its own day only.
    """
    if day == law.day:
        return read_section(law, name)
    return _validated(name, resolve({name: law.book.data.get(name, [])}, day), law.book)


def _validated(name: str, tables: Mapping[str, Any], book: Book) -> tuple[Any, ...]:
    from sailau.rulebook.schema import schema_faults

    things = tables.get(name, [])
    if not isinstance(things, list):
        file, line = book.line((name,))
        raise BadInput([Fault(file, line, name, repr(things), f"tables [[{name}]]")])
    try:
        return tuple(_adapter(name).validate_python(things))
    except ValidationError as error:
        raise BadInput(schema_faults(error, tables, book, prefix=(name,))) from None


@cache
def _adapter(name: str) -> TypeAdapter[list[Any]]:
    """Return what reads a section; building it takes as long as reading a hundred."""
    module, _, model = SECTION_MODELS[name].partition(":")
    return TypeAdapter(list[getattr(import_module(module), model)])  # type: ignore[misc, arg-type]
