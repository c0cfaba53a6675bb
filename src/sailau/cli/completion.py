"""What a shell completes: cases, laws, options of a case, provisions that `--set` changes."""

from __future__ import annotations

import os
from typing import Any

Said = list[str] | list[tuple[str, str]]


def prepare() -> None:
    """Make the shells known to whom the answer is printed."""
    from typer._completion_classes import completion_init

    completion_init()


def cases(incomplete: str) -> Said:
    """Return the shipped cases with their titles."""
    from sailau.election.files import titles

    return [(name, called[0] if called else "") for name, called in titles().items() if name.startswith(incomplete)]


def laws(incomplete: str) -> Said:
    """Return the shipped laws."""
    from sailau.rulebook import books

    return [name for name in books() if name.startswith(incomplete)]


def options(ctx: Any, incomplete: str) -> Said:
    """Return the options of the case that the command line names."""
    from sailau.election import open_case
    from sailau.rulebook import BadInput

    try:
        election = open_case(str(ctx.params.get("case")))
    except BadInput:
        return []
    names = (*election.parties, *election.candidates)
    return [(name, election.name_of(name)) for name in names if name.startswith(incomplete)]


def _typed_case() -> str:
    """Return the word behind the command, from what the shell says was typed: an option without its value hides it."""
    words = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or "").split()
    return words[2] if len(words) > 2 else ""


def paths(ctx: Any, incomplete: str) -> Said:
    """Return the provisions that can be changed, of the law of the case that the command line names."""
    from sailau.election import open_case
    from sailau.rulebook import BadInput
    from sailau.rulebook.changes import changeable

    try:
        law = open_case(str(ctx.params.get("case") or _typed_case())).own_law()
    except BadInput:
        return []
    return [(f"{path}=", str(entry.value)) for path, entry in changeable(law).items() if path.startswith(incomplete)]
