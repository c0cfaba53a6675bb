"""What a count gives, contest by contest and district by district, and who is elected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sailau.election.model import Award


@dataclass(frozen=True)
class District:
    """What one contest gave in one district.

    Attributes:
        base: what shares are measured by; None where no rule uses one.
        declared: the seats were announced, not counted.
    """

    unit: str
    base: int | None
    votes: Mapping[str, int]
    seats: Mapping[str, int]
    declared: bool = False


@dataclass(frozen=True)
class ContestOutcome:
    """What one ballot paper gave.

    Attributes:
        second: votes of the second round, where one was held.
    """

    name: str
    base: int | None
    votes: Mapping[str, int]
    seats: Mapping[str, int]
    districts: Mapping[str, District]
    second: Mapping[str, int] = field(default_factory=dict)

    @property
    def declared(self) -> int:
        """Seats that were announced, not counted."""
        return sum(sum(d.seats.values()) for d in self.districts.values() if d.declared)


@dataclass(frozen=True)
class Elected:
    """One seat and who holds it, as far as the count can tell."""

    contest: str
    unit: str
    party: str
    candidate: str | None
    position: int | None


@dataclass(frozen=True)
class Announced:
    """Seats of one district, or of the whole, that the authority announced and that stand in for votes."""

    contest: str
    unit: str
    awards: tuple[Award, ...]
