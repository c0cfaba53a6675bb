"""What shares are measured by: the one place that says which figures are valid votes, ballots cast, issued, voters.

Bars, questions, refunds of deposits, shares and margins all read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailau.rulebook.schema import Base

if TYPE_CHECKING:
    from sailau.tabulation.totals import Totals

OTHERS_LINE = "@others"
"""Votes for lists that no line names: small ones together, none of which can win."""
VALID_LINES = ("@against_all", "@blank", "@not_counted", OTHERS_LINE)
"""Lines that are valid votes beside those of the options."""
LINES: dict[Base, tuple[str, ...]] = {
    "options": (OTHERS_LINE,),
    "valid": VALID_LINES,
    "cast": (*VALID_LINES, "@cast", "@invalid"),
    "issued": ("@issued",),
    "present": ("@present",),
    "registered": ("@registered",),
}
"""Lines that a base is made of."""
FALLBACK: dict[Base, Base] = {"cast": "valid", "issued": "cast"}
"""What stands in for a base whose figures are unknown, never larger than it; the outcome says so."""


def lines_of(bases: set[Base]) -> tuple[str, ...]:
    """Return the @ lines that some bases are made of, in a fixed order."""
    wanted = {line for base in bases for line in LINES[base]}
    return tuple(dict.fromkeys(line for lines in LINES.values() for line in lines if line in wanted))


def base_of(totals: Totals, unit: str, name: Base) -> int | None:
    """Return a base of one unit; None where its figures are unknown.

    Votes for options and the lines beside them are the valid votes; a `@valid` that stands alone is taken for them.
    """
    if name == "options":
        named = sum(totals.figure(unit, item) or 0 for item in totals.items[: totals.electable])
        return named + (totals.figure(unit, OTHERS_LINE) or 0)
    if name == "valid":
        if not totals.reports(unit) and (given := totals.figure(unit, "@valid")) is not None:
            return given
        beside = (totals.figure(unit, line) or 0 for line in VALID_LINES if line != OTHERS_LINE)
        return (base_of(totals, unit, "options") or 0) + sum(beside)
    given = totals.figure(unit, f"@{name}")
    if given is None and name == "cast" and (invalid := totals.figure(unit, "@invalid")) is not None:
        return (base_of(totals, unit, "valid") or 0) + invalid
    return given
