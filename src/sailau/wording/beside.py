"""Rows of a table beside those who can be elected: votes against all, blank ones, those for others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.wording.names import figure_name
from sailau.wording.view import Row, View

if TYPE_CHECKING:
    from sailau.counting import Step

OUTSIDE = ("@others", "@against_all", "@blank")
"""Lines that are valid votes for nobody."""
_MARK = "·"


def outside(view: View, step: Step, base: int | None = None) -> tuple[Row, ...]:
    """Return the rows of a table for valid votes that are for nobody who can be elected, such as those against all."""
    totals = view.outcome.plan.tabulation.of(step.contest)
    rows: list[Row] = []
    for line in OUTSIDE if totals is not None else ():
        figure = totals.figure(step.unit, line) if totals is not None else None
        if figure:
            share = () if base is None else (view.words.percent(Fraction(figure, base) if base else Fraction(0)),)
            rows.append((f"{_MARK} {figure_name(line, view.words)}", view.words.number(figure), *share))
    return tuple(rows)
