"""The parliament that an election gave, in figures: indices of its election, and what it can decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.election.model import RESERVED
from sailau.parliament.decisions import (
    Balance,
    ChamberDecision,
    ChamberSeats,
    PowersReform,
    balance,
    decisions,
    formation,
    reforms,
)
from sailau.parliament.indices import (
    Ratio,
    Thresholds,
    dhondt_index,
    effective_number,
    gallagher,
    loosemore_hanby,
    mean_votes_per_seat,
    sainte_lague_index,
    thresholds,
    wasted_votes,
)
from sailau.rulebook.powers import Power

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.rulebook.schema import Tier

Figure = Fraction | float | None
"""An index: exact, a float where it has no exact value, None where it is undefined or infinite."""


@dataclass(frozen=True, slots=True)
class Indices:
    """How votes became seats in one contest, or in the chamber.

    Attributes:
        votes: by party; against all and blank ballots are no party.
        seats: by party.
        figures: index → value.
    """

    votes: Mapping[str, int]
    seats: Mapping[str, int]
    figures: Mapping[str, Figure]

    @property
    def votes_per_seat(self) -> Mapping[str, Fraction]:
        """Votes for each seat of the parties that have any."""
        return {p: Fraction(v, self.seats[p]) for p, v in self.votes.items() if self.seats.get(p)}


def indices_of(votes: Mapping[str, int], seats: Mapping[str, int], alone: int = 0) -> Indices:
    """Return the indices of votes and seats by party.

    Args:
        votes: party → votes; independents each on their own line where they are known.
        seats: party → seats.
        alone: members who stand each alone and have no votes here: each a party of one seat.
    """
    names = list(dict.fromkeys([*votes, *seats]))
    cast = np.array([votes.get(n, 0) for n in names] + [0] * alone, object)
    held = np.array([seats.get(n, 0) for n in names] + [1] * alone, object)
    figures: dict[str, Figure] = {
        "effective_number_votes": _one(effective_number(cast)),
        "effective_number_seats": _one(effective_number(held)),
        "gallagher": _float(gallagher(cast, held)),
        "loosemore_hanby": _one(loosemore_hanby(cast, held)),
        "sainte_lague": _float(sainte_lague_index(cast, held)),
        "dhondt": _one(dhondt_index(cast, held)),
        "wasted_votes": _one(wasted_votes(cast, held)),
        "mean_votes_per_seat": _one(mean_votes_per_seat(cast, held)),
    }
    return Indices(dict(votes), dict(seats), figures)


def _one(ratio: Ratio) -> Fraction | None:
    return ratio.fraction()


def _float(value: Any) -> float | None:
    number = float(value)
    return None if isnan(number) or not isfinite(number) else number


@dataclass(frozen=True, slots=True)
class Barrier:
    """Between which shares of the vote the first seat of a nationwide list tier lies."""

    contest: str
    tier: str
    magnitude: int
    parties: int
    thresholds: Thresholds


@dataclass(frozen=True)
class ChamberReport:
    """A parliament in figures.

    Attributes:
        contests: contest → indices, for contests with votes whose seats are all known.
        chamber: list votes against all seats of the chamber; None without a list contest or while seats are unknown.
        barriers: of the tiers whose district is the whole.
        decisions: what the chamber can decide.
        reforms: what changed in its powers in the life of its law.
    """

    outcome: Outcome
    seats: ChamberSeats
    contests: Mapping[str, Indices]
    chamber: Indices | None
    barriers: Sequence[Barrier]
    decisions: Sequence[ChamberDecision]
    reforms: Sequence[PowersReform]

    @property
    def powers(self) -> tuple[Power, ...]:
        """The powers of the law."""
        return tuple(d.rule for d in self.decisions)

    @property
    def balance(self) -> Balance:
        """How many decisions lie with whom."""
        return balance(self.powers)

    def to_json(self) -> dict[str, Any]:
        """Return the report as data."""
        from sailau import answers
        from sailau.answers import told

        spread, government = self.balance, formation(self.decisions)
        return {
            "law": self.outcome.law.id,
            "day": self.outcome.law.day.isoformat(),
            "case": self.outcome.election.name,
            "status": self.outcome.status,
            "members": self.seats.members,
            "held": self.seats.held,
            "seats": dict(self.seats.parties),
            "independents": self.seats.alone,
            "unknown_members": self.seats.size - self.seats.held,
            "indices": {name: told(answers.IndicesAnswer, figures) for name, figures in self.contests.items()},
            "chamber": None if self.chamber is None else told(answers.IndicesAnswer, self.chamber),
            "thresholds": [told(answers.BarrierAnswer, barrier) for barrier in self.barriers],
            "decisions": [d.to_json() for d in self.decisions],
            "government": [told(answers.Government, coalition) for coalition in government.coalitions],
            "balance": {name: list(getattr(spread, name)) for name in Balance.__dataclass_fields__},
            "reforms": [told(answers.ReformAnswer, reform) for reform in self.reforms],
        }


def report(outcome: Outcome, *, limit: int = 40) -> ChamberReport:
    """Return the parliament that an outcome gave, in figures.

    Args:
        outcome: of any election; where no chamber is elected there are indices but no decisions.
        limit: coalitions listed at most for each decision.

    Raises:
        BadInput: the section of powers is faulty.
    """
    contests = {
        name: indices_of(*votes_and_seats(outcome, name)) for name in outcome.contests if _decided(outcome, name)
    }
    seats = ChamberSeats.of(outcome)
    return ChamberReport(
        outcome=outcome,
        seats=seats,
        contests=contests,
        chamber=_chamber(outcome, seats),
        barriers=_barriers(outcome),
        decisions=decisions(outcome, limit=limit),
        reforms=reforms(outcome.law),
    )


def _counted(outcome: Outcome, name: str) -> bool:
    contest = outcome.contests[name]
    return bool(sum(contest.votes.values())) and outcome.plan.held[name].ballot != "question"


def _decided(outcome: Outcome, name: str) -> bool:
    """Whether every seat of a contest is known: votes against a part of the seats would say nothing of the chamber."""
    paper = outcome.plan.papers.get(name)
    asked = any(question.contest == name for question in outcome.undetermined)
    return _counted(outcome, name) and not asked and paper is not None and bool(paper.reported.all())


def votes_and_seats(outcome: Outcome, contest: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return votes and seats of one contest by party; every candidate without a party stands alone."""
    found = outcome.contests[contest]
    votes: dict[str, int] = {}
    seats: dict[str, int] = {}
    for option in dict.fromkeys([*found.votes, *found.seats]):
        party = outcome.plan.party(option)
        key = option if party in RESERVED else party
        votes[key] = votes.get(key, 0) + found.votes.get(option, 0)
        seats[key] = seats.get(key, 0) + found.seats.get(option, 0)
    return votes, seats


def _list_contest(outcome: Outcome) -> str | None:
    held = outcome.plan.held
    return next((n for n in outcome.contests if held[n].ballot == "list" and _counted(outcome, n)), None)


def _chamber(outcome: Outcome, seats: ChamberSeats) -> Indices | None:
    name = _list_contest(outcome)
    if name is None or not seats.complete:
        return None
    votes, _ = votes_and_seats(outcome, name)
    return indices_of(votes, seats.parties, seats.alone)


def _barriers(outcome: Outcome) -> tuple[Barrier, ...]:
    found = []
    for (name, _), compiled in outcome.plan.tiers.items():
        paper, tier, seats = compiled.paper, compiled.rule, compiled.magnitudes.known
        if paper.contest.ballot != "list" or len(paper.districts) != 1 or seats is None or tier.seats.rest:
            continue
        parties = sum(1 for v in outcome.contests[name].votes.values() if v)
        barrier = _barrier(name, tier, int(seats[0]), parties)
        if barrier is not None:
            found.append(barrier)
    return tuple(found)


def _barrier(contest: str, tier: Tier, magnitude: int, parties: int) -> Barrier | None:
    """Return the thresholds of a tier; None for a formula for which none are known."""
    formula = tier.formula
    rule = tier.threshold
    bar = rule.share if rule is not None else Fraction(0)
    made = partial(
        thresholds, formula.method, magnitude, parties, quota=formula.quota, first=formula.first or Fraction(7, 5)
    )
    try:
        found = made(bar=bar)
        if tier.single_qualifier is not None:
            # A lone list over the bar is joined by the next one, however few votes that has.
            found = replace(found, inclusion=Fraction(0))
        elif rule is not None and (rule.fill is not None or rule.lower is not None):
            # Lists under the bar take part where those over it are too few or hold too little.
            found = replace(found, inclusion=made().inclusion)
    except ValueError:
        return None
    return Barrier(contest, tier.id, magnitude, parties, found)
