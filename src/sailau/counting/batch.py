"""Many elections counted: seats, totals and ties as arrays, and the full outcome of any one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting.ties import Ties
from sailau.formulas.arrays import IntArray

if TYPE_CHECKING:
    from sailau.counting.outcome import Outcome
    from sailau.counting.plan import Plan


@dataclass
class Batch:
    """Many elections counted.

    Attributes:
        plan: the plan they were counted by.
        inputs: contest → votes as given, (elections, districts, items).
        lead: leading axes of the input.
        seats: contest → (..., options); for a paper of persons (..., districts, slots).
        total: (..., parties), columns as in `plan.parties`, declared seats included.
        tied: (...,) elections in which a tie had to be broken or a seat stayed open.
        questions: contest → (...,) whether the question was adopted, in all of its districts.
    """

    plan: Plan
    inputs: Mapping[str, IntArray]
    lead: tuple[int, ...]
    seats: dict[str, NDArray[Any]]
    total: NDArray[Any]
    tied: NDArray[np.bool_]
    questions: dict[str, NDArray[np.bool_]]
    seed: int

    def __repr__(self) -> str:
        """Show it as one line in a shell."""
        return f"<Batch of {self.lead or 'one'}: {self.plan!r}, {int(self.tied.sum())} tied>"

    def impossible(self) -> NDArray[np.bool_]:
        """Return the elections whose seats cannot be, (...,): seats filled twice, or open though nothing is."""
        size = self.tied.size
        seats = {name: won.reshape(size, *won.shape[len(self.lead) :]) for name, won in self.seats.items()}
        votes = {name: self.inputs.get(name, self.plan.papers[name].votes.T[None]) for name in seats}
        options = {name: len(self.plan.papers[name].votes) for name in seats}
        votes = {name: np.broadcast_to(v, (size, *v.shape[1:]))[..., : options[name]] for name, v in votes.items()}
        return impossible(self.plan, seats, votes, self.tied.reshape(size)).reshape(self.lead)

    def outcome(self, index: int | tuple[int, ...]) -> Outcome:
        """Return the full outcome, steps included, of one election of the batch; ties broken as in the batch."""
        from sailau.counting.building import outcome_of

        number = int(np.ravel_multi_index(index, self.lead)) if isinstance(index, tuple) else int(index)
        if not 0 <= number < max(1, prod(self.lead)):
            raise IndexError(f"election {index} of {prod(self.lead)}")
        parts = {name: self.plan.laid(name, a[number : number + 1]) for name, a in self.inputs.items()}
        return outcome_of(self.plan, self.plan.sheets(parts, 1), Ties(1, seed=self.seed, first=number), drawn=True)


def impossible(
    plan: Plan, seats: Mapping[str, NDArray[Any]], votes: Mapping[str, NDArray[Any]], tied: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the elections whose seats cannot be, (elections,): this is none, or the count is wrong.

    A seat is filled once: no district has more winners than seats, no person has two, and where nothing is open every
    seat is filled that somebody with votes can take.

    Args:
        plan: the plan they were counted by.
        seats: contest → (elections, options); for a paper of persons (elections, districts, slots).
        votes: contest → (elections, districts, options).
        tied: (elections,) where a seat may be open.
    """
    wrong = np.zeros(tied.shape, np.bool_)
    for name, won in seats.items():
        paper, (each, total) = plan.papers[name], plan.to_fill(name)
        tiers = [tier.rule for tier in plan.tiers_of(name)]
        wrong |= (won < 0).any(axis=tuple(range(1, won.ndim)))
        if paper.local and each is not None:
            given, due = won.sum(axis=2, dtype=np.int64), each
            able = np.minimum((votes[name] > 0).sum(axis=2), due)
            wrong |= (won > 1).any(axis=(1, 2)) & all(t.formula.method in ("plurality", "majority") for t in tiers)
        else:
            given, due = won.sum(axis=tuple(range(1, won.ndim)), dtype=np.int64)[:, None], np.array([total])
            able = np.where(votes[name].any(axis=(1, 2)), total, 0)[:, None]
        wrong |= (given > due).any(axis=1)
        if not any(tier.limits or tier.exhaustion or (each is None and tier.seats.apportion) for tier in tiers):
            wrong |= (given < able).any(axis=1) & ~tied
    return wrong


def empty_batch(plan: Plan, inputs: Mapping[str, IntArray], lead: tuple[int, ...], size: int, seed: int) -> Batch:
    """Return a batch with room for the results of `size` elections, elections last in memory; nothing is filled in."""
    seats: dict[str, NDArray[Any]] = {}
    for name, paper in plan.papers.items():
        if paper.contest.ballot != "question" and plan.tiers_of(name):
            slots = len(paper.votes)
            shape = (slots, len(paper.districts), size) if paper.local else (slots, size)
            seats[name] = np.empty(shape, np.int8 if paper.local else plan.width).T
    total, tied = np.empty((len(plan.parties), size), plan.width).T, np.empty(size, np.bool_)
    questions = {n: np.empty(size, np.bool_) for n, p in plan.papers.items() if p.contest.ballot == "question"}
    return Batch(plan, inputs, lead, seats, total, tied, questions, seed)


def shaped(batch: Batch) -> Batch:
    """Give every array of a full batch its leading axes."""
    lead = batch.lead
    batch.seats = {name: a.reshape(*lead, *a.shape[1:]) for name, a in batch.seats.items()}
    batch.total = (
        batch.total.reshape(*lead, -1) if batch.total.size else batch.total.reshape(*lead, batch.total.shape[1])
    )
    batch.tied = batch.tied.reshape(lead)
    batch.questions = {name: a.reshape(lead) for name, a in batch.questions.items()}
    return batch
