"""Who took part: voters on the lists, ballots, and how many of them were not valid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from sailau.election.model import WHOLE
from sailau.tabulation.bases import base_of

if TYPE_CHECKING:
    from sailau.tabulation.totals import Totals

Measure = Literal["cast", "issued"]


@dataclass(frozen=True, slots=True)
class Participation:
    """Figures of one contest in one unit; None where they are unknown.

    Attributes:
        registered: voters on the lists.
        ballots: ballots of those who took part.
        measure: what these are: ballots `cast`, or `issued` where no others are known.
        invalid: ballots that were not valid.
    """

    registered: int | None
    ballots: int | None
    measure: Measure
    invalid: int | None

    @property
    def share(self) -> Fraction | None:
        """Those who took part over voters on the lists."""
        return Fraction(self.ballots, self.registered) if self.registered and self.ballots is not None else None

    @property
    def invalid_share(self) -> Fraction | None:
        """Ballots that were not valid over ballots cast."""
        if self.invalid is None or not self.ballots or self.measure != "cast":
            return None
        return Fraction(self.invalid, self.ballots)


def turnout_of(totals: Totals | None, unit: str = WHOLE) -> Participation:
    """Return who took part in a contest in a unit.

    Args:
        totals: of the contest, None where it has no returns.
        unit: id of a unit, empty for the whole.
    """
    if totals is None:
        return Participation(None, None, "cast", None)
    cast, issued = base_of(totals, unit, "cast"), totals.figure(unit, "@issued")
    measure: Measure = "issued" if cast is None and issued is not None else "cast"
    ballots = issued if measure == "issued" else cast
    return Participation(totals.figure(unit, "@registered"), ballots, measure, totals.figure(unit, "@invalid"))
