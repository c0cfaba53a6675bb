"""Facts about persons, lists and parties that conditions of a rule book may ask for: one table, as data.

The table is `facts.toml` beside this file; the docs are made from it. A fact of a person is a column of
`candidates.csv` (or a key of the file that describes one person); a fact of a list or of a party is a
column of `parties.csv`. Which article asks for a fact stands in the rule books, not here. A fact that is
absent is unknown, and the condition stays undecided.

Yes/no facts are written `yes` or `no`; dates `2023-02-08`, or `2023-02-08T18:00` where the hour matters,
or the year alone where no more is known; shares of votes `5.20%`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Of = Literal["person", "list", "party"]
Kind = Literal["bool", "date", "int", "text", "choice"]
_TABLE = Path(__file__).with_suffix(".toml")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fact:
    """One column that conditions may use.

    Attributes:
        of: what it describes.
        kind: how it is written.
        values: what a `choice` may be.
        meaning: language → what it says.
        document: language → the paper that proves it, empty where none is asked for.
        health: a fact about health; it may appear in output only as a count.
    """

    name: str
    of: Of
    kind: Kind
    meaning: Mapping[str, str]
    values: tuple[str, ...] = ()
    document: Mapping[str, str] = field(default_factory=dict)
    health: bool = False

    @property
    def file(self) -> str:
        """The table of a case in which it is a column."""
        return "candidates.csv" if self.of == "person" else "parties.csv"


def _read(table: Mapping[str, Any]) -> dict[str, Fact]:
    documents = {name: MappingProxyType(text) for name, text in table["document"].items()}
    return {
        row["name"]: Fact(
            name=row["name"],
            of=row["of"],
            kind=row["kind"],
            meaning=MappingProxyType(row["meaning"]),
            values=tuple(row.get("values", ())),
            document=documents.get(row.get("document", ""), _NONE),
            health=row.get("health", False),
        )
        for row in table["fact"]
    }


FACTS: Mapping[str, Fact] = MappingProxyType(_read(tomllib.loads(_TABLE.read_text(encoding="utf-8"))))
"""Every fact by its column name."""

COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {file: frozenset(f.name for f in FACTS.values() if f.file == file) for file in ("candidates.csv", "parties.csv")}
)
"""File of a case → the columns that hold facts."""

GROUPS = ("women", "youth", "disability")
"""Groups of persons that a quota may name."""
