"""Faults in what a person gave us: one line each, with the place, what was found and what was expected.

Bad input is never a traceback. A reader collects every fault of a file and raises one `BadInput` that holds them all;
the command line prints the first twenty and exits with 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LINE_LENGTH = 200
SHOWN = 20


def _short(text: str, room: int) -> str:
    flat = " ".join("".join(c if c.isprintable() else "�" for c in text).split())
    return flat if len(flat) <= room else flat[: max(0, room - 1)] + "…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input file.

    Attributes:
        file: name of the file as the user knows it.
        line: line in the file, counted from 1, or 0 where the fault belongs to the whole file.
        field: column or key that is wrong, or empty.
        found: what stands there.
        expected: what should stand there.
    """

    file: str
    line: int
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = _short(self.file, 60)
        if self.line:
            place += f", line {self.line}"
        if self.field:
            place += f", {_short(self.field, 40)}"
        found = _short(self.found, 70)
        room = LINE_LENGTH - len(place) - len(found) - 14
        head = f"{place}: found {found}; " if found else f"{place}: "
        return _short(head + "expected " + _short(self.expected, max(room, 30)), LINE_LENGTH)


class BadInput(ValueError):  # noqa: N818 - the word of the contract
    """Everything that is wrong with an input, all faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return what the command line prints: at most twenty faults, then how many more there are."""
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            shown.append(f"… and {len(self.faults) - SHOWN} more")
        return shown
