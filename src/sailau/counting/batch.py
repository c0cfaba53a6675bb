"""Many elections counted: seats, totals and ties as arrays, and the full outcome of any one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.counting.building import outcome_of
from sailau.counting.compiled import CompiledLaw, over_districts
from sailau.counting.outcome import Outcome
from sailau.counting.sheet import Sheet
from sailau.counting.ties import Ties
from sailau.counting.widths import options_first
from sailau.formulas.arrays import IntArray
from sailau.formulas.door import native

_FEWEST = 256
"""Elections of a block, at least."""
_MOST, _CELLS = 2**14, 2**20
"""Elections, and numbers, of a block of a paper at most, so that they stay in the cache; measured."""
_BLOCKS_MEMORY = 2**25 - 2**16
"""Bytes of a buffer that is never written to. Where an array was freed, the C library keeps as much memory for the next ones:
without it a block's memory goes back to the system after every block, and is cleared anew, which takes a seventh of the time."""


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

    plan: CompiledLaw
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
        number = int(np.ravel_multi_index(index, self.lead)) if isinstance(index, tuple) else int(index)
        if not 0 <= number < max(1, prod(self.lead)):
            raise IndexError(f"election {index} of {prod(self.lead)}")
        parts = {name: laid(self.plan, name, a[number : number + 1]) for name, a in self.inputs.items()}
        return outcome_of(self.plan, self.plan.sheets(parts, 1), Ties(1, seed=self.seed, first=number), drawn=True)


def impossible(
    plan: CompiledLaw, seats: Mapping[str, NDArray[Any]], votes: Mapping[str, NDArray[Any]], tied: NDArray[np.bool_]
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


def count_many(
    plan: CompiledLaw, votes: Mapping[str, ArrayLike], seed: int, progress: Callable[[int], None] | None
) -> Batch:
    """Count many elections; see `Plan.__call__`."""
    if not isinstance(votes, Mapping):
        raise TypeError(f"votes are {type(votes).__name__}: expected a mapping, such as {{'list': votes}}")
    arrays = {name: _checked(plan, name, values) for name, values in votes.items()}
    lead = _leading(arrays)
    size = prod(lead)
    flat = {name: a.reshape(size, *a.shape[-2:]) for name, a in arrays.items()}
    batch = _empty(plan, flat, lead, seed)
    np.empty(_BLOCKS_MEMORY, np.uint8)
    for elections in _pieces(range(size), _MOST):
        part = slice(elections.start, elections.stop)
        batch.tied[part], batch.total.T[:, part] = False, plan.declared[:, None]
        for name in plan.papers:
            for piece in _pieces(elections, _together(plan, name)):
                given = laid(plan, name, flat[name][piece.start : piece.stop]) if name in flat else None
                _fill(batch, name, piece, plan.sheet(name, given, len(piece)))
        if progress is not None:
            progress(len(elections))
    return _shaped(batch)


def _empty(plan: CompiledLaw, inputs: Mapping[str, IntArray], lead: tuple[int, ...], seed: int) -> Batch:
    """Return a batch with room for all results, elections last in memory; nothing is filled in."""
    size, seats = prod(lead), dict[str, NDArray[Any]]()
    for name, paper in plan.papers.items():
        if paper.contest.ballot != "question" and plan.tiers_of(name):
            slots = len(paper.votes)
            shape = (slots, len(paper.districts), size) if paper.local else (slots, size)
            seats[name] = np.empty(shape, np.int8 if paper.local else plan.width).T
    total, tied = np.empty((len(plan.parties), size), plan.width).T, np.empty(size, np.bool_)
    questions = {n: np.empty(size, np.bool_) for n, p in plan.papers.items() if p.contest.ballot == "question"}
    return Batch(plan, inputs, lead, seats, total, tied, questions, seed)


def _fill(batch: Batch, name: str, elections: range, sheet: Sheet) -> None:
    """Count some elections of a paper and write them into a batch."""
    part, plan = slice(elections.start, elections.stop), batch.plan
    ties = Ties(sheet.size, seed=batch.seed, first=part.start)
    run = plan.run({name: sheet}, ties)
    batch.tied[part] |= ties.broken
    plan.add_seats(batch.total.T[:, part], run)
    paper, won, question = plan.papers[name], run.won(name), run.question(name)
    if won is not None:
        # The batch keeps elections last in memory, as the sheet does.
        batch.seats[name].T[..., part] = won if paper.local else over_districts(won)
    elif question is not None:
        each = [question.adopted(place) for place in np.flatnonzero(paper.reported).tolist()]
        batch.questions[name][part] = np.logical_and.reduce(each) if each else False


def _shaped(batch: Batch) -> Batch:
    """Give every array of a full batch its leading axes."""
    lead = batch.lead
    batch.seats = {name: a.reshape(*lead, *a.shape[1:]) for name, a in batch.seats.items()}
    batch.total = batch.total.reshape(*lead, batch.total.shape[1])
    batch.tied = batch.tied.reshape(lead)
    batch.questions = {name: a.reshape(lead) for name, a in batch.questions.items()}
    return batch


# ---------------------------------------------------------------------- what is given


def _checked(plan: CompiledLaw, name: str, values: ArrayLike) -> IntArray:
    if name not in plan.papers:
        raise ValueError(f"no votes were cast in “{name}”: expected one of {', '.join(plan.papers)}")
    paper = plan.papers[name]
    # Signs are looked at block by block, in the pass that turns it: a pass of its own costs a tenth of the count.
    array = native(values, f"votes of “{name}”")
    expected = len(paper.districts), len(paper.votes) + len(paper.lines)
    # An array of a paper with one district may leave its axis out: two axes are elections and items.
    short = array.ndim <= 2 or array.shape[-2] != 1
    if expected[0] == 1 and array.shape[-1:] == expected[1:] and short:
        array = array[..., None, :]
    if array.ndim < 2 or array.shape[-2:] != expected:
        raise ValueError(f"votes of “{name}” have shape {array.shape}: expected (..., {expected[0]}, {expected[1]})")
    return array


def _leading(arrays: Mapping[str, IntArray]) -> tuple[int, ...]:
    shapes = {a.shape[:-2] for a in arrays.values()}
    if len(shapes) > 1:
        raise ValueError(f"leading axes differ between contests: {', '.join(map(str, sorted(shapes)))}")
    return next(iter(shapes), ())


def _pieces(elections: range, size: int) -> Iterator[range]:
    """Cut a range of elections into pieces of a size."""
    for start in range(elections.start, elections.stop, max(size, 1)):
        yield range(start, min(start + size, elections.stop))


def _together(plan: CompiledLaw, name: str) -> int:
    """Return how many elections of a paper are counted together."""
    paper = plan.papers[name]
    # The workings of all tiers of a paper are kept until it is counted.
    width = (len(paper.votes) + len(paper.lines)) * len(paper.districts) * len(plan.tiers_of(name))
    return max(_FEWEST, min(_MOST, _CELLS // max(width, 1)))


def laid(plan: CompiledLaw, name: str, votes: IntArray) -> tuple[IntArray, IntArray]:
    """Turn a block (elections, districts, items) into votes and lines (options or lines, districts, elections).

    The width is decided here, once for the block: 32 bits where rules only compare the figures of a paper, 64 where
    they multiply them, Python integers beyond.

    Raises:
        ValueError: a negative number.
    """
    options = len(plan.papers[name].votes)
    turned = options_first(votes, name, narrow=plan.narrow(name))
    return turned[:options], turned[options:]
