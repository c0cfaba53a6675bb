"""Paradoxes of a law: small elections in which its seats do what nobody expects, found by search and made smaller.

A finder counts thousands of random small elections in pairs, keeps a pair that shows a paradox, and then takes votes away
as long as the paradox stays: what is left is a witness to look at, with both counts explained. Finding none proves nothing.
Which methods are free of which paradox is proved in M. Balinski and H. P. Young, Fair Representation (2nd ed., 2001).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting import Outcome, Plan, compile
from sailau.counting.building import outcome_of
from sailau.counting.sheet import Sheet, sheet_of
from sailau.counting.ties import Ties
from sailau.naming import Names
from sailau.rulebook import BadInput, Fault, amend
from sailau.simulation.chance import Chance
from sailau.simulation.machine import can_fork, hold_memory, processors, side_by_side
from sailau.tabulation import VALID_LINES

KINDS = (
    "more-votes-fewer-seats",
    "both-gain-one-loses",
    "larger-house-fewer-seats",
    "new-party-moves-others",
    "threshold-cliff",
)
"""What can be looked for.

- `more-votes-fewer-seats`: a list gains votes, nobody else does, and it loses a seat.
- `both-gain-one-loses`: two lists gain, the one that grows faster loses a seat to the other (population paradox).
- `larger-house-fewer-seats`: one seat more to fill, and a list loses one (Alabama paradox).
- `new-party-moves-others`: a new list brings as many seats as it wins, and a seat moves between two others (new states).
- `threshold-cliff`: one vote more gives a list that had none at least two seats.
"""
_SIZES = (12, 30, 80, 200, 600, 2000, 10_000)
"""Votes in the elections that are tried, for each district, small ones first."""
_BATCH = 1024
_CLIFF = 2
_WITH_CHOICES = 0.3
"""Share of the elections with ballots against all or blank ones."""

Votes = NDArray[np.int64]


@dataclass(frozen=True)
class Pair:
    """One pair of elections: votes (cells,) and seats to fill."""

    before: Votes
    after: Votes
    house: tuple[int, int]

    @property
    def weight(self) -> tuple[int, int]:
        """How large it is: votes, then lists with votes."""
        return int(self.before.sum() + self.after.sum()), int(np.count_nonzero(self.after))


@dataclass(frozen=True)
class Witness:
    """A paradox, shown.

    Attributes:
        kind: one of `KINDS`.
        option: the list to which it happens.
        house: seats by list before and after.
        votes: list or line → votes before and after.
        seats: list → seats before and after.
        plans: the law compiled for both numbers of seats.
    """

    kind: str
    contest: str
    option: str
    house: tuple[int, int]
    votes: Mapping[str, tuple[int, int]]
    seats: Mapping[str, tuple[int, int]]
    plans: tuple[Plan, Plan]
    pair: Pair

    def outcomes(self) -> tuple[Outcome, Outcome]:
        """Count both elections with every step."""
        found = []
        for plan, cells in zip(self.plans, (self.pair.before, self.pair.after), strict=True):
            sheets = plan.sheets({}, 1) | {self.contest: _block(plan, self.contest, cells[:, None])}
            found.append(outcome_of(plan, sheets, Ties(1, seed=0), drawn=True))
        return found[0], found[1]

    def to_json(self) -> dict[str, Any]:
        """Return the witness as data."""
        from sailau import answers

        return answers.told(answers.WitnessAnswer, self)


def find_paradoxes(
    plan: Plan,
    *,
    kinds: Sequence[str] = KINDS,
    seats: int | None = None,
    seed: int = 1,
    tries: int = 30_000,
    progress: Callable[[int], None] | None = None,
) -> list[Witness]:
    """Look for paradoxes of a law's list tier, on all processors.

    Args:
        plan: the law compiled for a case, `sailau.compile("my-case")`; lists and districts are those of the case.
        kinds: what to look for.
        seats: list seats in place of the law's own number; a smaller house makes smaller witnesses.
        seed: of the search; the same seed finds the same witnesses.
        tries: pairs that are counted for each kind before giving up, and again to make what was found smaller.
        progress: called with the number of kinds that are done after each.

    Returns:
        The smallest witness found for each kind that has one.

    Raises:
        BadInput: the case has no list vote, or no such kind.
    """
    names = Names(dict.fromkeys(KINDS, ()))
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise BadInput(Fault("--kind", 0, "", f"“{k}”", names.expected(k, "a kind of paradox")) for k in unknown)
    hold_memory()
    finder = _Finder(plan, seats, seed)
    found = []
    # A search takes many seconds and a thread cannot be interrupted: where no process can be forked, it is done here.
    workers = processors() if can_fork() else 1
    with closing(side_by_side(partial(finder.find, tries=tries), kinds, workers)) as pairs:
        for done, (kind, pair) in enumerate(zip(kinds, pairs, strict=True), 1):
            if pair is not None:
                found.append(finder.witness(kind, pair))
            if progress is not None:
                progress(done)
    return found


class _Finder:
    def __init__(self, plan: Plan, seats: int | None, seed: int) -> None:
        contest = next((n for n, paper in plan.papers.items() if paper.contest.ballot == "list"), None)
        if contest is None:
            raise BadInput([Fault(plan.election.name, 0, "", "no votes for lists", "a case with a list vote")])
        self.base, self.contest, self.seed = plan, contest, seed
        self.paper = plan.papers[contest]
        tiers = plan.law.tiers_of(self.paper.contest.id)
        self.tier = next((t for t in tiers if t.seats.value is not None and not t.seats.column), None)
        self.own = self.tier.seats.value if self.tier is not None and self.tier.seats.value is not None else 0
        self.house = seats if seats is not None and self.tier is not None else self.own
        self.plans: dict[int, Plan] = {self.own: plan}
        self.options = len(self.paper.votes)
        self.cells = self.options * len(self.paper.districts)
        choices = [line for line in self.paper.lines if line in VALID_LINES]
        self.width = self.cells + len(choices) * len(self.paper.districts)

    def plan(self, house: int) -> Plan:
        """Return the law compiled for another number of list seats."""
        if house not in self.plans:
            assert self.tier is not None
            law = amend(self.base.law, {f"{self.tier.id}.seats": house})
            self.plans[house] = compile(law, self.base.election)
        return self.plans[house]

    def find(self, kind: str, tries: int) -> Pair | None:
        """Search, then make smaller."""
        if kind in ("larger-house-fewer-seats", "new-party-moves-others") and self.tier is None:
            return None
        each = max(tries // (len(_SIZES) * _BATCH), 1)
        for size in _SIZES:
            for number in range(each):
                # A stream of its own for each batch: more tries never find less.
                chance = Chance(self.seed, KINDS.index(kind), size, number)
                shown = self._shows(kind, *self._drawn(kind, chance, size * len(self.paper.districts)))
                if shown:
                    return self._smaller(kind, min(shown, key=lambda p: p.weight), tries)
        return None

    # ------------------------------------------------------------------ pairs

    def _drawn(self, kind: str, chance: Chance, size: int) -> tuple[Votes, Votes, Votes]:
        """Draw pairs of elections of about so many votes: before and after (cells, pairs), houses (2, pairs)."""
        pairs = np.arange(_BATCH)
        shares = chance.gammas(np.full((self.width, _BATCH), 0.7))
        shares /= np.maximum(shares.sum(axis=0), 1e-300)
        keep = np.repeat(chance.uniform((_BATCH,))[None] < _WITH_CHOICES, self.width, axis=0)
        keep[: self.cells] = np.repeat(self._some_lists(chance), len(self.paper.districts), axis=0)
        before = np.where(keep, np.rint(shares * size), 0).astype(np.int64)
        first = chance.below(0, self.cells, _BATCH)
        second = (first + chance.below(1, max(self.cells, 2), _BATCH)) % self.cells
        if kind == "threshold-cliff":
            before[first, pairs] = self._just_short(before, first)
        elif kind == "new-party-moves-others":
            before[first, pairs] = 0
        after, house = before.copy(), np.full((2, _BATCH), self.house)
        if kind == "threshold-cliff":
            after[first, pairs] += 1
        elif kind == "more-votes-fewer-seats":
            after[first, pairs] += chance.below(1, max(size // 8, 2), _BATCH)
        elif kind == "both-gain-one-loses":
            for place in (first, second):
                after[place, pairs] += chance.below(1, max(size // 3, 2), _BATCH)
        elif kind == "larger-house-fewer-seats":
            house[1] += 1
        else:
            after[first, pairs] = chance.below(1, max(size // 4, 2), _BATCH)
            house[1] += self._brought(after, first)
        return before, after, house

    def _some_lists(self, chance: Chance) -> NDArray[np.bool_]:
        """Return which lists stand, two at least, (options, pairs)."""
        number = chance.below(min(2, self.options), self.options + 1, _BATCH)
        order = chance.uniform((self.options, _BATCH)).argsort(axis=0, kind="stable")
        return np.asarray(order.argsort(axis=0, kind="stable") < number)

    def _just_short(self, cells: Votes, cell: Votes) -> Votes:
        """Return the most votes that leave a list under a bar measured on all these ballots."""
        tiers = self.base.law.tiers_of(self.paper.contest.id)
        bar = next((t.threshold.share for t in tiers if t.threshold is not None), None)
        own = cells[cell, np.arange(len(cell))]
        if bar is None or bar >= 1:
            return own
        others = cells.sum(axis=0) - own
        return np.asarray(np.maximum(-(-others * bar.numerator // (bar.denominator - bar.numerator)) - 1, 0))

    def _brought(self, after: Votes, new: Votes) -> Votes:
        """Return the seats that a new list brings with it: its share of the house there was, rounded, one at least."""
        gained = after[new, np.arange(len(new))]
        others = np.maximum(after[: self.cells].sum(axis=0) - gained, 1)
        return np.asarray(np.maximum((2 * self.house * gained + others) // (2 * others), 1))

    def _shows(self, kind: str, before: Votes, after: Votes, house: Votes) -> list[Pair]:
        """Return the pairs that show the paradox, ties aside."""
        old, clear = self._seats(before, house[0])
        new, clearer = self._seats(after, house[1])
        test: Callable[[Pair, Votes, Votes], int | None] = getattr(self, f"_{kind.replace('-', '_')}")
        found = []
        for n in np.flatnonzero(clear & clearer & (old != new).any(axis=0)).tolist():
            pair = Pair(before[:, n], after[:, n], (int(house[0, n]), int(house[1, n])))
            if test(pair, old[:, n], new[:, n]) is not None:
                found.append(pair)
        return found

    def _seats(self, cells: Votes, houses: Votes) -> tuple[Votes, NDArray[np.bool_]]:
        """Return seats (options, elections) and where no tie had to be broken."""
        seats = np.zeros((self.options, len(houses)), np.int64)
        clear = np.zeros(len(houses), np.bool_)
        for house in np.unique(houses).tolist():
            where = np.flatnonzero(houses == house)
            # No seed: what is tied is left out, so that nothing is drawn for it.
            plan, ties = self.plan(house), Ties(len(where))
            won = plan.contest_seats(self.contest, _block(plan, self.contest, cells[:, where]), ties)
            seats[:, where], clear[where] = won.sum(axis=1), ~ties.broken
        return seats, clear

    # ------------------------------------------------------------------ what is a paradox

    def _by_list(self, cells: Votes) -> Votes:
        return np.asarray(cells[: self.cells].reshape(self.options, -1).sum(axis=1))

    def _more_votes_fewer_seats(self, pair: Pair, before: Votes, after: Votes) -> int | None:
        gained = self._by_list(pair.after) - self._by_list(pair.before)
        lists = np.flatnonzero(gained)
        if len(lists) != 1 or gained[lists[0]] <= 0 or after[lists[0]] >= before[lists[0]]:
            return None
        return int(lists[0])

    def _both_gain_one_loses(self, pair: Pair, before: Votes, after: Votes) -> int | None:
        old, new = self._by_list(pair.before), self._by_list(pair.after)
        lists = np.flatnonzero(new != old).tolist()
        if len(lists) != 2 or (new < old).any() or not old[lists].all():
            return None
        for faster, slower in (lists, lists[::-1]):
            grows = int(new[faster]) * int(old[slower]) > int(new[slower]) * int(old[faster])
            if grows and after[faster] < before[faster] and after[slower] > before[slower]:
                return int(faster)
        return None

    def _larger_house_fewer_seats(self, pair: Pair, before: Votes, after: Votes) -> int | None:
        lists = np.flatnonzero(after < before)
        same = bool((pair.before == pair.after).all()) and pair.house[1] > pair.house[0]
        return int(lists[0]) if same and lists.size else None

    def _new_party_moves_others(self, pair: Pair, before: Votes, after: Votes) -> int | None:
        old, new = self._by_list(pair.before), self._by_list(pair.after)
        joined = np.flatnonzero((old == 0) & (new > 0))
        if len(joined) != 1 or int(after[joined[0]]) != pair.house[1] - pair.house[0]:
            return None
        moved = (after - before)[np.arange(self.options) != joined[0]]
        return int(joined[0]) if (moved > 0).any() and (moved < 0).any() else None

    def _threshold_cliff(self, pair: Pair, before: Votes, after: Votes) -> int | None:
        gained = self._by_list(pair.after) - self._by_list(pair.before)
        lists = np.flatnonzero(gained)
        if len(lists) != 1 or int(gained[lists[0]]) != 1 or not self._by_list(pair.before)[lists[0]]:
            return None
        return int(lists[0]) if before[lists[0]] == 0 and after[lists[0]] >= _CLIFF else None

    # ------------------------------------------------------------------ smaller

    def _smaller(self, kind: str, pair: Pair, tries: int) -> Pair:
        """Take votes away as long as the paradox stays; every step tries many ways at once and takes the smallest.

        Large cuts come first, single votes when none of those is left, and at most so many pairs are counted.
        """
        ways = (self._coarse, self._fine) if len(self.paper.districts) > 1 else (self._fine,)
        for cuts in ways:
            while tries > 0:
                tried = [p for p in cuts(kind, pair) if p.weight < pair.weight]
                tries -= len(tried)
                shown = self._shows(kind, *_together(tried)) if tried else []
                if not shown:
                    break
                pair = min(shown, key=lambda p: (p.weight, p.before.tolist(), p.after.tolist()))
        return pair

    def _fine(self, kind: str, pair: Pair) -> Iterator[Pair]:
        """Yield pairs with fewer votes, cell by cell."""
        for part in (0.5, 0.75, 0.9):
            yield self._changed(kind, pair, (pair.before * part).astype(np.int64), None)
        for cell in np.flatnonzero(pair.before).tolist():
            held = int(pair.before[cell])
            for step in {held, held // 2, held // 4, 5, 2, 1}:
                if 0 < step <= held:
                    less = pair.before.copy()
                    less[cell] -= step
                    yield self._changed(kind, pair, less, None)
        gained = pair.after - pair.before
        for cell in np.flatnonzero(gained).tolist():
            for step in {int(gained[cell]) // 2, int(gained[cell]) // 4, 1}:
                if 0 < step < gained[cell]:
                    less = gained.copy()
                    less[cell] -= step
                    yield self._changed(kind, pair, pair.before, less)
                    for other in np.flatnonzero(pair.before).tolist():
                        base = pair.before.copy()
                        base[other] -= 1
                        yield self._changed(kind, pair, base, less)

    def _coarse(self, kind: str, pair: Pair) -> Iterator[Pair]:
        """Yield pairs without a list, without a district, and with one vote in a district."""
        for part in (0.1, 0.5, 0.75):
            yield self._changed(kind, pair, (pair.before * part).astype(np.int64), None)
        table = pair.before[: self.cells].reshape(self.options, -1)
        for place in np.flatnonzero(table.sum(axis=0) > 1).tolist():
            for votes in (0, 1):
                less = table.copy()
                less[:, place] = 0
                less[table[:, place].argmax(), place] = votes
                yield self._changed(kind, pair, np.append(less.ravel(), pair.before[self.cells :]), None)
        for slot in np.flatnonzero(table.any(axis=1)).tolist():
            less = table.copy()
            less[slot] = 0
            yield self._changed(kind, pair, np.append(less.ravel(), pair.before[self.cells :]), None)

    def _changed(self, kind: str, pair: Pair, before: Votes, gained: Votes | None) -> Pair:
        after = before + (pair.after - pair.before if gained is None else gained)
        house = pair.house
        if kind == "new-party-moves-others":
            new = int(np.flatnonzero(pair.after != pair.before)[0])
            house = (pair.house[0], pair.house[0] + int(self._brought(after[:, None], np.array([new]))[0]))
        return Pair(before, after, house)

    def witness(self, kind: str, pair: Pair) -> Witness:
        """Return a pair that shows a paradox with its names and both plans."""
        first, second, house = _together([pair])
        (before, _), (after, _) = self._seats(first, house[0]), self._seats(second, house[1])
        option = getattr(self, f"_{kind.replace('-', '_')}")(pair, before[:, 0], after[:, 0])
        names = [str(o) for o in self.paper.options]
        old, new = self._by_list(pair.before), self._by_list(pair.after)
        votes = {n: (int(old[o]), int(new[o])) for o, n in enumerate(names) if old[o] or new[o]}
        lines = [line for line in self.paper.lines if line in VALID_LINES]
        for place, line in enumerate(lines):
            part = slice(
                self.cells + place * len(self.paper.districts), self.cells + (place + 1) * len(self.paper.districts)
            )
            if pair.after[part].any() or pair.before[part].any():
                votes[line] = int(pair.before[part].sum()), int(pair.after[part].sum())
        seats = {n: (int(before[o, 0]), int(after[o, 0])) for o, n in enumerate(names) if n in votes}
        plans = self.plan(pair.house[0]), self.plan(pair.house[1])
        return Witness(kind, self.contest, names[option], pair.house, votes, seats, plans, pair)


def _together(pairs: Sequence[Pair]) -> tuple[Votes, Votes, Votes]:
    """Lay pairs side by side: before and after (cells, pairs), houses (2, pairs)."""
    return (
        np.array([p.before for p in pairs]).T,
        np.array([p.after for p in pairs]).T,
        np.array([p.house for p in pairs]).T,
    )


def _block(plan: Plan, contest: str, cells: Votes) -> Sheet:
    """Lay (cells, elections) votes over a paper; lines that are sums of ballots follow from them."""
    paper = plan.papers[contest]
    options, districts = paper.votes.shape
    size = cells.shape[1]
    votes = cells[: options * districts].reshape(options, districts, size)
    rest = cells[options * districts :].reshape((len(cells) // districts) - options, districts, size)
    choices = {line: rest[place] for place, line in enumerate(x for x in paper.lines if x in VALID_LINES)}
    total = votes.sum(axis=0) + (rest.sum(axis=0) if len(rest) else 0)
    zero = np.zeros_like(total)
    lines = [choices.get(line, zero if line == "@invalid" else total) for line in paper.lines]
    held = np.array(lines, np.int64).reshape(len(paper.lines), districts, size)
    return sheet_of(paper, votes, held, size)
