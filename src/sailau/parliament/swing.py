"""Two elections side by side: shares, swing, seats and turnout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sailau.counting import Outcome
from sailau.counting.results import ContestOutcome
from sailau.provenance import exact
from sailau.tabulation.turnout import Participation, turnout_of


@dataclass(frozen=True, slots=True)
class SwingRow:
    """One option in two elections; None where it did not stand. Shares are of all valid votes."""

    option: str
    share_before: Fraction | None
    share_after: Fraction | None
    seats_before: int | None
    seats_after: int | None

    @property
    def swing(self) -> Fraction | None:
        """Change of the share, None where it stood only once."""
        if self.share_before is None or self.share_after is None:
            return None
        return self.share_after - self.share_before


@dataclass(frozen=True, slots=True)
class ContestSwing:
    """One ballot paper in two elections.

    Attributes:
        turnout: who took part, before and after.
        pedersen: index of volatility (Pedersen 1979), half the sum of absolute changes of shares.
    """

    contest: str
    rows: Sequence[SwingRow]
    turnout: tuple[Participation, Participation]
    pedersen: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as data, shares exact."""
        return {
            "contest": self.contest,
            "turnout": [exact(t.share) for t in self.turnout],
            "registered": [t.registered for t in self.turnout],
            "ballots": [t.ballots for t in self.turnout],
            "invalid": [t.invalid for t in self.turnout],
            "pedersen": exact(self.pedersen),
            "options": [
                {
                    "option": r.option,
                    "share": [exact(r.share_before), exact(r.share_after)],
                    "swing": exact(r.swing),
                    "seats": [r.seats_before, r.seats_after],
                }
                for r in self.rows
            ],
        }


def swing(before: Outcome, after: Outcome, same: Mapping[str, str] | None = None) -> list[ContestSwing]:
    """Compare two outcomes contest by contest, options matched by id.

    Args:
        before: the earlier outcome.
        after: the later one.
        same: id before → id after, for lists that were renamed beside those that parties.csv says were (`was`).
    """
    renamed = {**_renamed(before, after), **(same or {})}
    names = [name for name in after.contests if name in before.contests]
    return [_contest(before, after, name, renamed) for name in names if _has_votes(before, after, name)]


def _renamed(before: Outcome, after: Outcome) -> dict[str, str]:
    """Return id before → id after of the lists that the later case says bore other names, or merged."""
    stood = {option for contest in before.contests.values() for option in (*contest.votes, *contest.seats)}
    still = {option for contest in after.contests.values() for option in (*contest.votes, *contest.seats)}
    parties = after.election.parties.values()
    return {name: party.id for party in parties for name in party.was if name in stood and name not in still}


def _summed(figures: Mapping[str, int], renamed: Mapping[str, str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for option, number in figures.items():
        name = renamed.get(option, option)
        total[name] = total.get(name, 0) + number
    return total


def _has_votes(before: Outcome, after: Outcome, name: str) -> bool:
    held = (before.contests[name], after.contests[name])
    return any(c.votes or c.seats for c in held)


def _contest(before: Outcome, after: Outcome, name: str, renamed: Mapping[str, str]) -> ContestSwing:
    earlier, new = before.contests[name], after.contests[name]
    base = before.valid_votes(name)
    votes, seats = _summed(earlier.votes, renamed), _summed(earlier.seats, renamed)
    old = replace(earlier, votes=votes, seats=seats)
    shares = ({o: Fraction(v, base) for o, v in votes.items()} if base else {}, _shares(after, new))
    options = dict.fromkeys([*_ranked(new), *_ranked(old)])
    rows = [SwingRow(o, shares[0].get(o), shares[1].get(o), _seats(old, o), _seats(new, o)) for o in options]
    both = [r for r in rows if r.share_before is not None or r.share_after is not None]
    took_part = turnout_of(before.plan.tabulation.of(name)), turnout_of(after.plan.tabulation.of(name))
    known = bool(shares[0]) and bool(shares[1])
    zero = Fraction(0)
    moved = sum((abs((r.share_after or zero) - (r.share_before or zero)) for r in both), zero)
    return ContestSwing(name, rows, took_part, moved / 2 if known else None)


def _ranked(contest: ContestOutcome) -> list[str]:
    return sorted(
        {**contest.votes, **contest.seats}, key=lambda o: (-contest.votes.get(o, 0), -contest.seats.get(o, 0))
    )


def _seats(contest: ContestOutcome, option: str) -> int | None:
    stood = option in contest.votes or option in contest.seats
    return contest.seats.get(option, 0) if stood else None


def _shares(outcome: Outcome, contest: ContestOutcome) -> dict[str, Fraction]:
    base = outcome.valid_votes(contest.name)
    return {o: Fraction(v, base) for o, v in contest.votes.items()} if base else {}
