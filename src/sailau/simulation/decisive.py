"""Could what the protocols do not explain have changed a seat? All of it to one option, from one, or from one to another.

The unexplained votes of a protocol are the largest difference in any relation of the law's form that it breaks; those of a
district are the sum over its protocols. Every way of giving them to one option, taking them from one, or moving them from
one to another is one election of a batch, counted by the nucleus under the whole law. Nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sailau.counting import Plan
from sailau.counting.papers import Paper
from sailau.tabulation import Tabulation, Totals
from sailau.tabulation.report import progress

Way = Literal["to", "from", "between"]


@dataclass(frozen=True, slots=True)
class Decisive:
    """One way in which the unexplained votes of a district would change seats.

    Attributes:
        district: empty for the whole.
        votes: how many votes it moves; no more than an option has are taken from it.
        option: to which they go, or from which they come where `way` is `from`.
        other: from which they come where `way` is `between`.
        change: option → seats gained or lost; empty where an answer, a tie or a run-off changes.
        enters: options that gain their first seat or lose their last: a bar or a winner lies inside the errors.
    """

    contest: str
    district: str
    way: Way
    votes: int
    option: str
    other: str
    change: Mapping[str, int]
    enters: tuple[str, ...]


@dataclass(frozen=True)
class Decisiveness:
    """What the unexplained votes of a case could decide.

    Attributes:
        unexplained: (contest, district) → votes.
        tried: elections that were counted.
        decisive: those in which something changes, in the order in which they were tried.
        untold: contests of which nothing can be said, because a rule reads figures that the case does not have.
    """

    unexplained: Mapping[tuple[str, str], int]
    tried: int
    decisive: tuple[Decisive, ...]
    untold: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        unexplained: dict[str, dict[str, int]] = {}
        for (contest, district), votes in self.unexplained.items():
            unexplained.setdefault(contest, {})[district] = votes
        ways = [{**asdict(way), "change": dict(way.change), "enters": list(way.enters)} for way in self.decisive]
        return {"unexplained": unexplained, "tried": self.tried, "untold": list(self.untold), "ways": ways}


def decisiveness(plan: Plan, tabulation: Tabulation, *, per_missing: int = 0) -> Decisiveness:
    """Try every way in which unexplained votes could lie.

    Args:
        plan: the law compiled for the case.
        tabulation: its protocols, checked by the law's form.
        per_missing: votes that a polling station whose protocol is missing may hold.
    """
    amounts: dict[tuple[str, str], int] = {}
    found: list[Decisive] = []
    untold: list[str] = []
    tried = 0
    for name, paper in plan.papers.items():
        total = tabulation.of(name)
        if total is None or paper.votes.dtype == object:
            continue
        here = _unexplained(plan, total, tabulation, per_missing)
        amounts |= {(name, d): n for d in paper.districts if (n := here.get(d, 0))}
        ways = list(_ways(paper, here))
        changes = _changes(plan, name, paper, ways)
        if changes is None:
            untold.append(name)
            continue
        tried += len(ways)
        found += changes
    return Decisiveness(amounts, tried, tuple(found), tuple(untold))


def _unexplained(plan: Plan, total: Totals, tabulation: Tabulation, per_missing: int) -> dict[str, int]:
    """Return the unexplained votes of every unit."""
    worst = np.zeros(len(total.units), object)
    for one in tabulation.breaches:
        if (one.contest, one.round) != (total.contest, 1) or one.check.severity != "error" or one.check.sign == "share":
            continue
        for row, left, right in zip(one.rows, one.left, one.right, strict=True):
            place = total.place(one.names[row]) if one.names is not None else int(row)
            if place is not None:
                worst[place] = max(int(worst[place]), abs(int(left) - int(right)))
    for above, votes in tabulation.unexplained.get((total.contest, 1), {}).items():
        place = total.place(above)
        if place is not None:
            worst[place] = int(worst[place]) + votes
    made = progress(plan.election, total)
    sums: dict[str, int] = {}
    for row in np.flatnonzero(worst):
        unit = int(row)
        while True:
            sums[total.units[unit]] = sums.get(total.units[unit], 0) + int(worst[row])
            if unit == 0:
                break
            unit = int(total.parent[unit])
    for row, unit_name in enumerate(total.units):
        missing = int(made.expected[row] - made.received[row])
        if per_missing and missing:
            sums[unit_name] = sums.get(unit_name, 0) + missing * per_missing
    return sums


def _ways(paper: Paper, amounts: Mapping[str, int]) -> Iterator[tuple[int, Way, int, int, int]]:
    """Yield (district, way, votes, option, other) of every way; options are places on the paper."""
    for place, district in enumerate(paper.districts):
        amount = amounts.get(district, 0)
        if not amount:
            continue
        held = [k for k in range(len(paper.votes)) if k < len(paper.names(place))]
        for option in held:
            yield place, "to", amount, option, -1
            taken = min(amount, int(paper.votes[option, place]))
            if not taken:
                continue
            yield place, "from", taken, option, -1
            yield from ((place, "between", taken, other, option) for other in held if other != option)


def _changes(plan: Plan, name: str, paper: Paper, ways: list[tuple[int, Way, int, int, int]]) -> list[Decisive] | None:
    """Return the ways that change something; None where the case's own figures do not give its own seats."""
    if not ways:
        return []
    sheet = np.concatenate([paper.votes, paper.figures], axis=0).T
    sheets = np.repeat(np.asarray(sheet, np.int64)[None], len(ways) + 1, axis=0)
    for number, (place, way, votes, option, other) in enumerate(ways, 1):
        sheets[number, place, option] += -votes if way == "from" else votes
        if other >= 0:
            sheets[number, place, other] -= votes
    batch = plan({name: sheets})
    answers = batch.questions.get(name)
    seats = batch.seats.get(name)
    own = plan({}).seats.get(name)
    if seats is not None and own is not None and not np.array_equal(seats[0], own.reshape(seats[0].shape)):
        return None
    found = []
    for number, (place, way, votes, option, other) in enumerate(ways, 1):
        change = _difference(seats, number, paper) if seats is not None else {}
        flips = answers is not None and bool(answers[number] != answers[0])
        if not change and not flips and bool(batch.tied[number]) == bool(batch.tied[0]):
            continue
        names = paper.names(place)
        before = _seats_of(seats, 0, paper) if seats is not None else {}
        enters = tuple(o for o, n in change.items() if not before.get(o, 0) or before[o] + n == 0)
        source = names[other] if other >= 0 else ""
        found.append(Decisive(name, paper.districts[place], way, votes, names[option], source, change, enters))
    return found


def _seats_of(seats: NDArray[Any], number: int, paper: Paper) -> dict[str, int]:
    """Return the seats of one election by option; persons of several districts each under their own name."""
    won: dict[str, int] = {}
    if paper.local:
        for place in range(len(paper.districts)):
            for slot, option in enumerate(paper.names(place)):
                if seats[number, place, slot]:
                    won[option] = won.get(option, 0) + int(seats[number, place, slot])
        return won
    for slot, option in enumerate(paper.names(0)):
        if seats[number, slot]:
            won[option] = int(seats[number, slot])
    return won


def _difference(seats: NDArray[Any], number: int, paper: Paper) -> dict[str, int]:
    if np.array_equal(seats[number], seats[0]):
        return {}
    before, after = _seats_of(seats, 0, paper), _seats_of(seats, number, paper)
    options = dict.fromkeys([*before, *after])
    return {o: after.get(o, 0) - before.get(o, 0) for o in options if after.get(o, 0) != before.get(o, 0)}
