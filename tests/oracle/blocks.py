"""Blocks of elections of any length, in any kind of whole numbers, each election compared with the oracle.

A block repeats a few random elections in random order: the oracle counts each of them once, and every election of the
block is compared with it. Where the oracle leaves a question open the batch draws: then nobody outside the tie gains or
loses a seat, and all repetitions give the same number of seats.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle import law as oracle
from oracle.cases import plain
from oracle.compare import held, random_votes, single_differences, told
from sailau.counting import Batch, Plan, compile
from sailau.election import Election
from sailau.rulebook import Law

EDGES = (1, 15, 16, 17, 127, 128, 129, 255, 256, 257, 4_095, 4_096, 4_097, 65_535, 65_536, 65_537)
"""Lengths at which a number of elections outgrows a byte, two bytes or a piece of work."""
TYPES = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2", ">i4", ">i8", ">u4", ">u8", "O")
"""Kinds of whole numbers, those of machines with the other order of bytes included."""
Votes = Mapping[str, NDArray[Any]]


def length(random: Random, most: int = 70_000) -> int:
    """Return a block's length: an edge as often as not, else from 1 up, short ones as often as long ones."""
    edges = [edge for edge in EDGES if edge <= most]
    return random.choice(edges) if random.random() < 0.5 else int(most ** random.random())


@dataclass(frozen=True)
class Patterns:
    """A few elections, what the oracle counts in each, and which of them each election of a block is."""

    votes: dict[str, NDArray[np.int64]]
    counted: list[oracle.Counted]
    which: NDArray[np.intp]

    @property
    def block(self) -> dict[str, NDArray[np.int64]]:
        """The votes of all elections of the block."""
        return {name: votes[self.which] for name, votes in self.votes.items()}


def patterns(random: Random, law: Law, election: Election, plan: Plan, number: int, size: int, most: int) -> Patterns:
    """Return a block of a size that repeats a few random elections."""
    votes = random_votes(random, plan, number, most)
    case = plain(election)
    counted = [oracle.count(law.id, law.tables, told(plan, case, votes, n)) for n in range(number)]
    return Patterns(votes, counted, np.random.default_rng(random.getrandbits(32)).integers(0, number, size))


def in_type(votes: Votes, kind: str, layout: str = "C") -> dict[str, NDArray[Any]] | None:
    """Return votes as another kind of whole numbers in another order of memory; None where they do not fit."""
    if kind != "O" and any(a.size and int(a.max()) > np.iinfo(np.dtype(kind)).max for a in votes.values()):
        return None
    return {name: _laid(array.astype(kind), layout) for name, array in votes.items()}


def _laid(array: NDArray[Any], layout: str) -> NDArray[Any]:
    if layout == "strided":
        wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    if layout == "backwards":
        return np.ascontiguousarray(array[::-1])[::-1]
    return np.asfortranarray(array) if layout == "F" else array


# ---------------------------------------------------------------------- a block against the oracle


def block_differences(plan: Plan, drawn: Patterns, batch: Batch) -> Iterator[str]:
    """Yield what a batch and the oracle do not agree on, in all elections of the block."""
    for number, other in enumerate(drawn.counted):
        chosen = np.flatnonzero(drawn.which == number)
        if len(chosen):
            yield from (
                f"election {chosen[0]} and {len(chosen) - 1} more: {w}" for w in _all(plan, batch, chosen, other)
            )


def _all(plan: Plan, batch: Batch, chosen: NDArray[np.intp], other: oracle.Counted) -> Iterator[str]:
    tied = batch.tied[chosen]
    if not (tied == tied[0]).all():
        yield f"{int(tied.sum())} of {len(tied)} equal elections are tied"
    if other.open and not tied.all():
        yield f"open in the oracle, not tied: {other.open}"
    for name, answers in batch.questions.items():
        if not other.open and (answers[chosen] != (other.answers[name] == "adopted")).any():
            yield f"{name}: oracle {other.answers[name]}"
    for name, seats in batch.seats.items():
        if name not in other.void and layered(plan, name) and any(q.contest == name for q in other.open):
            # The draw of one tier changes what the next one gives: only the sum is known.
            whole = set(seats[chosen].reshape(len(chosen), -1).sum(axis=1).tolist())
            if len(whole) != 1 or max(whole) > _to_fill(plan, name):
                yield f"{name}: {whole} seats of {_to_fill(plan, name)}, {other.open}"
        elif name not in other.void:
            yield from _paper(plan, name, seats[chosen], other)
        elif seats[chosen].any():
            yield f"{name}: seats, though the poll is void"
    total = batch.total[chosen].sum(axis=1)
    won = sum((seats[chosen].sum(axis=tuple(range(1, seats.ndim))) for seats in batch.seats.values()), np.int64(0))
    if (total != won + sum(award.seats for award in plan.election.declared)).any():
        yield f"total of {total.tolist()[:3]}, seats by contest {np.asarray(won).tolist()[:3]}"


def layered(plan: Plan, name: str) -> bool:
    """Whether seats of a paper are given in several steps, each of which builds on the one before."""
    tiers = plan.law.tiers_of(plan.papers[name].contest.id)
    return len(tiers) > 1 or any(t.formula.method == "biproportional" or t.seats.apportion is not None for t in tiers)


def _to_fill(plan: Plan, name: str) -> int:
    """Return the seats of all districts and tiers of a paper at most."""
    seats = plan.law.tiers_of(plan.papers[name].contest.id)[0].seats
    if seats.apportion is not None and seats.apportion.total is not None:
        return seats.apportion.total
    return sum(plan.election.units[unit].seats.get(name, 0) for unit in plan.districts[name])


def _paper(plan: Plan, name: str, seats: NDArray[Any], other: oracle.Counted) -> Iterator[str]:
    """Compare the seats of a paper, (elections, options) or (elections, districts, slots), place by place."""
    paper = plan.papers[name]
    if paper.local:
        for place, unit in enumerate(paper.districts):
            names = paper.names(place)
            if seats[:, place].max(initial=0) > 1 or seats[:, place, len(names) :].any():
                yield f"{name}/{unit}: a person with two seats, or nobody with one"
            yield from _place(f"{name}/{unit}", names, seats[:, place, : len(names)], other, name, unit)
    else:
        yield from _place(name, [str(option) for option in paper.options], seats, other, name, None)


def _place(
    where: str, names: Any, seats: NDArray[Any], other: oracle.Counted, contest: str, unit: str | None
) -> Iterator[str]:
    sure = dict.fromkeys(names, 0)
    for (paper, place), given in other.seats.items():
        if paper == contest and unit in (None, place):
            for option, number in given.items():
                sure[option] = sure.get(option, 0) + number
    extra = seats.astype(np.int64) - np.array([sure[n] for n in names])
    asked = [q for q in other.open if q.contest == contest and unit in (None, q.unit)]
    if not asked:
        if extra.any() and not any(q.contest == contest for q in other.open):
            bad = int(np.flatnonzero(extra.any(axis=1))[0])
            yield f"{where}: {held(dict(zip(names, seats[bad].tolist(), strict=True)))}, oracle {held(sure)}"
        return
    among, stake = {option for q in asked for option in q.among}, sum(q.seats for q in asked)
    more = extra.sum(axis=1)
    if (more != more[0]).any() or more[0] < 0:
        yield f"{where}: {sorted(set(more.tolist()))} seats drawn, {stake} open: {asked}"
    if any(q.question.startswith(("no-rule", "run-off", "repeat-election")) for q in asked):
        return  # nothing is drawn, or what is drawn is who takes part
    if more[0] not in (0, stake):
        yield f"{where}: {more[0]} seats drawn, {stake} open: {asked}"
    outside = [place for place, option in enumerate(names) if option not in among]
    if extra[:, outside].any() or (extra < 0).any():
        yield f"{where}: seats drawn beyond those that are tied: {asked}"
    inside = [place for place, option in enumerate(names) if option in among]
    if (
        len(asked) == 1
        and stake == more[0] == 1
        and len(seats) > 100 * len(inside)
        and not extra[:, inside].any(axis=0).all()
    ):
        yield f"{where}: the draw never reaches one of {sorted(among)}"


def check_block(random: Random, law: Law, election: Election, size: int, number: int, most: int = 6) -> list[str]:
    """Return what differs between a block and the oracle, the block in other numbers, and its single outcomes."""
    plan = compile(law, election)
    if not plan.papers:
        return []
    drawn = patterns(random, law, election, plan, number, size, most)
    votes = drawn.block
    batch = plan(votes)
    found = list(block_differences(plan, drawn, batch))
    kinds = [kind for kind in TYPES if in_type(drawn.votes, kind) is not None]
    kind, layout = random.choice(kinds), random.choice(("C", "F", "strided", "backwards"))
    other = in_type(votes, kind, layout)
    assert other is not None
    again = plan(other)
    if not same(batch, again):
        found.append(f"{law.id}: {size} elections in {kind} ({layout}) give something else than in int64")
    for at in {0, size - 1, random.randrange(size), min(size - 1, 128)}:
        found += single_differences(plan, votes, batch, at)
    return found


def same(one: Batch, other: Batch) -> bool:
    """Whether two batches hold the same seats, totals, ties and answers."""
    pairs = [(one.tied, other.tied), (one.total, other.total)]
    pairs += [(one.seats[name], other.seats[name]) for name in one.seats]
    pairs += [(one.questions[name], other.questions[name]) for name in one.questions]
    return all(np.array_equal(a, b) for a, b in pairs)
