"""Further sections of a rule book, beside the counting: each a list of cited things with a model of its own.

They are read on demand, so that counting does not pay for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from sailau.law.faults import BadInput

if TYPE_CHECKING:
    from sailau.law.schema import Law

SECTION_MODELS: dict[str, str] = {
    "power": "sailau.law.powers:Power",
}
"""Name of the section → `module:Model` that reads one of its things."""


def read_section(law: Law, name: str) -> tuple[Any, ...]:
    """Return one section of a law as validated models, in the order of the book.

    Raises:
        BadInput: with file, line and field of every fault.
        KeyError: no such section.
    """
    from sailau.law.schema import schema_faults

    module, _, model = SECTION_MODELS[name].partition(":")
    adapter: TypeAdapter[tuple[Any, ...]] = TypeAdapter(tuple[getattr(import_module(module), model), ...])  # type: ignore[misc]
    try:
        return adapter.validate_python(law.tables.get(name, ()))
    except ValidationError as error:
        raise BadInput(schema_faults(error, law.tables, law.book, prefix=(name,))) from None
