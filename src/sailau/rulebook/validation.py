"""Validate a whole rule book: every version of every provision, every section, every citation."""

from __future__ import annotations

from datetime import date, timedelta

from sailau.rulebook.book import SOURCES, Book
from sailau.rulebook.citation import unknown_sources
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.schema import Law, Source
from sailau.rulebook.sections import SECTION_MODELS


def faults_of(book: Book) -> list[Fault]:
    """Return what is wrong with a book on any of its days, each fault once."""
    found: dict[Fault, None] = {}
    try:
        days = book.days or (date(2000, 1, 1),)
    except BadInput as error:
        return list(error.faults)
    found.update(dict.fromkeys(unknown_sources(book)))
    since, until = book.span
    for day in (*days, *((until - timedelta(days=1),) if until else ())):
        if day < since:
            continue
        try:
            law = book.on(day)
        except BadInput as error:
            found.update(dict.fromkeys(error.faults))
            continue
        found.update(dict.fromkeys(_section_faults(law)))
    return list(found)


def _section_faults(law: Law) -> list[Fault]:
    from pydantic import ValidationError

    from sailau.rulebook.schema import schema_faults, unknown_sections

    faults = list(unknown_sections(law.tables, law.book))
    for name in SECTION_MODELS:
        try:
            law.section(name)
        except BadInput as error:
            faults += error.faults
    for key in sorted(set(law.tables.get("sources", {})) - set(law.book.sources)):
        file, line = law.book.line(("sources", key))
        faults.append(Fault(file, line, f"sources.{key}", "a source in a part", f"it in {SOURCES} or the book itself"))
    for key, table in law.tables.get("sources", {}).items():
        try:
            Source.model_validate(table)
        except ValidationError as error:
            faults.extend(schema_faults(error, law.tables, law.book, prefix=("sources", key)))
    return faults
