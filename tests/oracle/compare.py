"""Comparing what Sailau counts with what the oracle counts: seat for seat, question for question, one election or many."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle import law as oracle
from oracle.cases import plain
from sailau.counting import Batch, Outcome, Plan, compile, count
from sailau.counting.papers import Paper
from sailau.election import Election
from sailau.rulebook import Law


def held(seats: Mapping[str, int]) -> dict[str, int]:
    """Leave out who has no seat."""
    return {option: number for option, number in seats.items() if number}


def differences(law: Law, election: Election) -> list[str]:
    """Return what one count and the oracle do not agree on: seats by district, open questions, answers, status."""
    return list(_compared(count(law, election), oracle.count(law.id, law.tables, plain(election))))


def _compared(mine: Outcome, other: oracle.Counted) -> Iterator[str]:
    for name, contest in mine.contests.items():
        for unit, district in contest.districts.items():
            expected = held(other.seats.get((name, unit), {}))
            if held(district.seats) != expected:
                yield f"{name}/{unit}: {held(district.seats)}, oracle {expected}"
    units = {(name, unit) for name, contest in mine.contests.items() for unit in contest.districts}
    for key, seats in other.seats.items():
        if held(seats) and key not in units:
            yield f"{key}: nothing, oracle {held(seats)}"
    asked = {oracle.Question(q.contest, q.unit, q.question, tuple(sorted(q.among)), q.seats) for q in mine.undetermined}
    if asked != other.open:
        yield f"open: only here {asked - other.open}, only oracle {other.open - asked}"
    if dict(mine.questions) != other.answers:
        yield f"answers: {dict(mine.questions)}, oracle {other.answers}"
    if mine.status != other.status:
        yield f"status: {mine.status}, oracle {other.status}"


# ---------------------------------------------------------------------- many elections at once


def random_votes(random: Random, plan: Plan, size: int, most: int, scale: int = 1) -> dict[str, NDArray[np.int64]]:
    """Return random figures for every paper of a plan, (size, districts, items); places without an option have none."""
    rng = np.random.default_rng(random.getrandbits(32))
    votes = {}
    for name, paper in plan.papers.items():
        shape = (size, len(paper.districts), len(paper.votes) + len(paper.lines))
        drawn = rng.integers(0, most + 1, shape) * rng.choice((1, 1, 5), shape)
        # In most elections few distinct numbers, so that options are equal.
        few = np.take_along_axis(drawn, rng.integers(0, min(2, shape[2]), shape), axis=2)
        drawn = np.where(rng.random((size, 1, 1)) < 0.6, few, drawn)
        if any(tier.formula.method == "biproportional" for tier in plan.law.tiers_of(paper.contest.id)):
            drawn += 1  # with votes in every cell a matrix exists
        stood = np.ones(shape[1:], bool)
        stood[:, : len(paper.votes)] = paper.stood.T & paper.reported[:, None]
        votes[name] = np.where(stood, drawn, 0)
        _hold_together(votes[name], len(paper.votes), paper.lines)
        votes[name][:, ~paper.reported] = 0
        votes[name] *= scale
    return votes


def _hold_together(votes: NDArray[np.int64], options: int, lines: tuple[str, ...]) -> None:
    """Let nobody vote who is not registered, and give list papers at least one vote."""
    votes[..., 0] += ~votes[..., :options].any(axis=-1)
    if "@cast" in lines:
        at = options + lines.index("@cast")
        votes[..., at] = votes[..., :options].sum(axis=-1) + votes[..., at]
        if "@registered" in lines:
            votes[..., options + lines.index("@registered")] += votes[..., at]


def told(plan: Plan, case: dict[str, Any], votes: Mapping[str, NDArray[Any]], number: int) -> dict[str, Any]:
    """Return the case with the figures of one election of a batch in place of its own."""
    returns = {key: dict(units) for key, units in case["returns"].items()}
    for name, paper in plan.papers.items():
        first = returns[name, 1]
        regional = [u for u in first if u and u not in paper.districts] if paper.contest.ballot == "question" else []
        kept = {u: _moved(paper, first[u], votes[name][number, 0]) for u in regional}
        for place, unit in enumerate(paper.districts):
            if paper.reported[place]:
                items = [*paper.names(place), *[""] * (len(paper.votes) - len(paper.names(place))), *paper.lines]
                kept[unit] = {i: int(v) for i, v in zip(items, votes[name][number, place], strict=True) if i}
        returns[name, 1] = kept
    return {**case, "returns": returns}


def _moved(paper: Paper, own: dict[str, int], drawn: NDArray[Any]) -> dict[str, int]:
    """Return a region's figures moved in the proportion in which the whole has moved, rounded to the nearest."""
    before = [*paper.votes.sum(axis=1).tolist(), *paper.figures.sum(axis=1).tolist()]
    after = dict(zip([*map(str, paper.options), *paper.lines], zip(before, drawn.tolist(), strict=True), strict=True))
    moved = dict(own)
    for item, (was, now) in after.items():
        if item in own:
            moved[item] = own[item] if now == was else (2 * own[item] * now + max(was, 1)) // (2 * max(was, 1))
    return moved


def batch_differences(law: Law, election: Election, votes: Mapping[str, NDArray[Any]], plan: Plan) -> Iterator[str]:
    """Yield what a batch and the oracle do not agree on."""
    batch = plan(votes)
    case = plain(election)
    for number in range(len(batch.tied)):
        other = oracle.count(law.id, law.tables, told(plan, case, votes, number))
        yield from (f"election {number}: {what}" for what in _one_of(plan, batch, number, other))


def _one_of(plan: Plan, batch: Batch, number: int, other: oracle.Counted) -> Iterator[str]:
    if other.open:
        if not batch.tied[number]:
            yield f"open in the oracle, not tied: {other.open}"
        return
    for name, paper in plan.papers.items():
        if paper.contest.ballot == "question":
            adopted = other.answers[name] == "adopted"
            if bool(batch.questions[name][number]) != adopted:
                yield f"{name}: {bool(batch.questions[name][number])}, oracle {other.answers[name]}"
        elif name in batch.seats and name not in other.void:
            yield from _seats_of(plan, batch, number, name, other)


def _seats_of(plan: Plan, batch: Batch, number: int, name: str, other: oracle.Counted) -> Iterator[str]:
    paper = plan.papers[name]
    if paper.local:
        for place, unit in enumerate(paper.districts):
            mine = held(dict(zip(paper.names(place), batch.seats[name][number, place].tolist(), strict=False)))
            if mine != held(other.seats.get((name, unit), {})):
                yield f"{name}/{unit}: {mine}, oracle {held(other.seats.get((name, unit), {}))}"
        return
    expected: dict[str, int] = {}
    for (contest, _), seats in other.seats.items():
        for option, won in seats.items() if contest == name else ():
            expected[option] = expected.get(option, 0) + won
    mine = held(dict(zip(map(str, paper.options), batch.seats[name][number].tolist(), strict=True)))
    if mine != held(expected):
        yield f"{name}: {mine}, oracle {held(expected)}"


def single_differences(plan: Plan, votes: Mapping[str, NDArray[Any]], batch: Batch, number: int) -> Iterator[str]:
    """Yield what one election of a batch and its full outcome do not agree on."""
    outcome = batch.outcome(number)
    for name, paper in plan.papers.items():
        if name not in batch.seats:
            continue
        rows = batch.seats[name][number]
        if paper.local:
            mine = {
                unit: held(dict(zip(paper.names(place), rows[place].tolist(), strict=False)))
                for place, unit in enumerate(paper.districts)
            }
            full = {unit: held(d.seats) for unit, d in outcome.contests[name].districts.items()}
            mine = {unit: seats for unit, seats in mine.items() if unit in full}
        else:
            mine = {"": held(dict(zip(map(str, paper.options), rows.tolist(), strict=True)))}
            full = {"": held(outcome.contests[name].seats)}
        if mine != full:
            yield f"{name}: batch {mine}, outcome {full}"
    total = held(dict(zip(plan.parties, batch.total[number].tolist(), strict=True)))
    if outcome.election.declared == () and total != held(outcome.seats):
        yield f"total: batch {total}, outcome {held(outcome.seats)}"


def check_batch(random: Random, law: Law, election: Election, size: int, most: int = 6, scale: int = 1) -> list[str]:
    """Return the differences between a batch of random figures, the oracle, and single outcomes of the batch."""
    plan = compile(law, election)
    if not plan.papers:
        return []
    votes = random_votes(random, plan, size, most, scale)
    found = list(batch_differences(law, election, votes, plan))
    batch = plan(votes)
    for number in range(min(size, 4)):
        found += single_differences(plan, votes, batch, number)
    return found
