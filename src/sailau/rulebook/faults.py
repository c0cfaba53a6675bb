"""Faults in what a person gave us: one line each, with the place, what was found and what was expected.

Bad input is never a traceback. A reader collects every fault of a file and raises one `BadInput` that holds them all;
the command line prints the first twenty and exits with 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sailau.rulebook.marks import visible

LINE_LENGTH = 200
SHOWN = 20


def _short(text: str, room: int) -> str:
    flat = " ".join(visible(text).split())
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
        case: name of the case whose file it is, or empty.
    """

    file: str
    line: int
    field: str
    found: str
    expected: str
    case: str = ""

    @property
    def place(self) -> str:
        """Where it is: the file with its case in front, since cases have files of the same names."""
        return f"{_short(self.case, 40)}/{self.file}" if self.case else self.file

    def __str__(self) -> str:
        place = _short(self.place, 60)
        if self.line:
            place += f", line {self.line}"
        if self.field:
            place += f", {_short(self.field, 40)}"
        found = _short(self.found, 70)
        room = LINE_LENGTH - len(place) - len(found) - 14
        head = f"{place}: found {found}; " if found else f"{place}: "
        return _short(head + "expected " + _short(self.expected, max(room, 30)), LINE_LENGTH)


class Faults:
    """Faults in the order in which they are seen: all are counted, the first twenty are kept.

    A broken file may hold millions of them, so whoever finds one may give a function that writes it: it is called only
    where the fault is kept.
    """

    __slots__ = ("count", "kept")

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.kept: list[Fault] = []
        self.count = 0
        self.extend(faults)

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.kept)

    def add(self, fault: Fault | Callable[[], Fault]) -> None:
        """Count one fault, and keep it while there is room."""
        self.count += 1
        if len(self.kept) < SHOWN:
            self.kept.append(fault if isinstance(fault, Fault) else fault())

    def extend(self, faults: Iterable[Fault]) -> None:
        """Count further faults; of a `BadInput` or other `Faults` also those that were not kept."""
        if isinstance(faults, BadInput | Faults):
            before, kept = self.count, list(faults)
            for fault in kept:
                self.add(fault)
            self.count = before + faults.count
            return
        for fault in faults:
            self.add(fault)

    def raise_any(self) -> None:
        """Raise what there is.

        Raises:
            BadInput: there is a fault.
        """
        if self.count:
            raise BadInput(self)


def reason_of(error: Exception) -> str:
    """Return in words what stopped the reading of a file: what the system says, else what kind of damage it is."""
    if isinstance(error, UnicodeError):
        return "text in another encoding"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    told = error.strerror if isinstance(error, OSError) else ""
    return told or "damaged or cut short"


class BadInput(ValueError):  # noqa: N818 - the word of the contract
    """Everything that is wrong with an input, all faults at once.

    Attributes:
        faults: the first twenty.
        count: how many there are in all.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        every = faults if isinstance(faults, Faults) else Faults(faults)
        self.faults: Sequence[Fault] = tuple(every.kept)
        self.count = every.count
        super().__init__("\n".join(self.lines()))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    def changed(self, change: Callable[[Fault], Fault]) -> BadInput:
        """Return the same faults told otherwise: by another file, at another line."""
        every = Faults(map(change, self.faults))
        every.count = self.count
        return BadInput(every)

    def lines(self) -> list[str]:
        """Return what the command line prints: at most twenty faults, then how many more there are."""
        shown = [str(fault) for fault in self.faults]
        if self.count > len(shown):
            shown.append(f"… and {self.count - len(shown):,} more")
        return shown
