"""The provisions that a what-if changes, as a table: path, value, what else may stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import capital, text_in, words
from sailau.wording.names import provision_name

if TYPE_CHECKING:
    from sailau.rulebook import Law


def show_paths(law: Law, language: str = "en") -> Table:
    """Return every path that `--set` takes for a law, with its value as it is written there.

    Args:
        law: as it stands on a day.
        language: `en`, `kk` or `ru`.
    """
    from sailau.rulebook.changes import changeable, choices

    said = words(language)
    heads = (said.say("path"), said.say("value"), said.say("or one of"), said.say("provision"))
    rows = tuple(
        (
            Cell(path),
            Cell(_written(entry.value)),
            Cell(", ".join(word for word in choices(law, path) if word != entry.value)),
            Cell(capital(provision_name(path, said, law))),
        )
        for path, entry in changeable(law).items()
    )
    title = f"{text_in(law.body.name, language, law.id)}, {said.day(law.day)}"
    return Table(
        title,
        tuple(map(Column, heads)),
        rows,
        said.say("For example: {example}.", example="--set list.threshold.share=7%"),
    )


def _written(value: Any) -> str:
    """Return a value as a command line takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(f'"{item}"' if isinstance(item, str) else _written(item) for item in value) + "]"
    return str(value)
