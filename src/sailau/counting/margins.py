"""Margins: how many more votes would have won an option its next seat, how many fewer would have lost its last.

All else equal: the other options keep their votes, while bases, bars and quotas move with the changed votes. The whole law
is counted for a grid of changes at once and the grid is narrowed to a single vote; nothing is stepped vote by vote. Seats
are taken to grow with an option's own votes between two points of a grid (tests compare with brute force).
A seat that a tie leaves open is not won.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting.compiled import CompiledLaw
from sailau.counting.papers import Paper
from sailau.counting.results import ContestOutcome
from sailau.counting.sheet import Sheet, sheet_of
from sailau.counting.ties import Ties
from sailau.formulas.arrays import IntArray
from sailau.tabulation import VALID_LINES

_CELLS, _FEWEST, _MOST = 2**17, 32, 1024
"""Numbers, and changed elections, that are counted at once, measured."""
_FARTHEST = 64
"""Times all votes of the contest: an option with more has won whatever can be won."""
_INT64_ROOM = 2**62


@dataclass(frozen=True, slots=True)
class Margin:
    """How near an option is to one seat more or less.

    Attributes:
        more: additional votes that win at least one seat more; None where none do.
        more_seats: its seats in the whole contest then.
        fewer: votes whose loss costs at least one seat; None where it has none to lose.
        fewer_seats: its seats in the whole contest then.
    """

    more: int | None
    more_seats: int | None
    fewer: int | None
    fewer_seats: int | None


class Margins(Mapping[tuple[str, str, str], Margin]):
    """(contest, unit, option) → margin, computed when it is asked for."""

    def __init__(self, plan: CompiledLaw, contests: Mapping[str, ContestOutcome]) -> None:
        self._plan, self._contests = plan, contests
        self._held: dict[tuple[str, str, str], Margin] = {}
        self._papers = {
            name: paper
            for name, paper in plan.papers.items()
            if paper.contest.ballot != "question" and not contests[name].declared
        }

    def __getitem__(self, key: tuple[str, str, str]) -> Margin:
        if key not in self._held:
            self._search(*key)
        return self._held[key]

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for name, paper in self._papers.items():
            for place, unit in enumerate(paper.districts):
                if paper.reported[place]:
                    yield from ((name, unit, str(option)) for option in paper.names(place))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of(self, contest: str, unit: str) -> dict[str, Margin]:
        """Return option → margin in one district.

        Raises:
            KeyError: no votes were counted there.
        """
        names = [str(option) for option in self._papers[contest].names(self._place(contest, unit))]
        if any((contest, unit, name) not in self._held for name in names):
            self._search(contest, unit, None)
        return {name: self._held[contest, unit, name] for name in names}

    def quick(self, contest: str) -> bool:
        """Whether the margins of a list can be computed while somebody waits: not where a whole matrix moves with a vote."""
        tiers = self._plan.tiers_of(contest) if contest in self._papers else ()
        return bool(tiers) and all(tier.rule.formula.method != "biproportional" for tier in tiers)

    def _place(self, contest: str, unit: str) -> int:
        paper = self._papers[contest]
        place = paper.place(unit)
        if place is None or not paper.reported[place]:
            raise KeyError((contest, unit))
        return place

    def _search(self, contest: str, unit: str, option: str | None) -> None:
        """Find the margins of one option, or of all in the district."""
        search = _Search(self._plan, self._contests[contest], self._place(contest, unit))
        for name, margin in search.margins(option).items():
            self._held[contest, unit, name] = margin


class _Search:
    """Looks for the margins of options of one district together."""

    def __init__(self, plan: CompiledLaw, counted: ContestOutcome, place: int) -> None:
        self.contest, self.place = counted.name, place
        contest = counted.name
        self.elsewhere: dict[str, int] = {}
        if len(plan.papers[contest].districts) > 1 and not any(tier.joined for tier in plan.tiers_of(contest)):
            here = counted.districts[plan.papers[contest].districts[place]].seats
            self.elsewhere = {o: n - here.get(o, 0) for o, n in counted.seats.items()}
            plan, self.place = plan.of_district(contest, place), 0
        self.plan, self.paper = plan, plan.papers[contest]
        self.votes, self.lines = _figures(counted, self.paper)
        self.options = [str(o) for o in self.paper.names(self.place)]
        held = counted.seats
        # What was decided by lot or by the authority is held as well: one vote fewer would have lost it.
        self.now = np.array([held.get(o, 0) - self.elsewhere.get(o, 0) for o in self.options], np.int64)
        self.total = int(self.votes.sum())

    def margins(self, option: str | None) -> dict[str, Margin]:
        """Return option → margin, of one option or of all."""
        slots = np.arange(len(self.options)) if option is None else np.array([self.options.index(option)])
        mine = self.votes[slots, self.place]
        far = _FARTHEST * self.total + _FARTHEST
        farthest = np.full(len(slots), far, np.int64 if 4 * far <= _INT64_ROOM else object)
        slot = np.concatenate([slots, slots])
        sign = np.repeat([1, -1], len(slots))
        found, seats = self._first(slot, sign, np.concatenate([farthest, mine]))
        count = len(slots)
        return {
            self.options[k]: Margin(
                *self._said(k, found[n], seats[n]), *self._said(k, found[count + n], seats[count + n])
            )
            for n, k in enumerate(slots)
        }

    def _said(self, slot: int, change: int | None, seats: int) -> tuple[int | None, int | None]:
        return change, None if change is None else seats + self.elsewhere.get(self.options[slot], 0)

    @property
    def points(self) -> int:
        """Changed elections that are counted at once."""
        return max(_FEWEST, min(_MOST, _CELLS // max(self.votes.size, 1)))

    def _first(self, slot: Any, sign: Any, farthest: Any) -> tuple[list[int | None], list[int]]:
        """Return for each search the smallest change that changes its seats, and the seats then."""
        low, high = np.zeros(len(slot), farthest.dtype), np.asarray(farthest).copy()
        seats, rows = np.zeros(len(slot), np.int64), np.arange(len(slot))
        alive = high > 0
        grid = _by_fours(high)
        if any(tier.ranked for tier in self.plan.tiers_of(self.contest)):
            grid = np.concatenate([grid, self._overtaking(slot, sign, high), self._crossing(slot, sign, high)], axis=1)
            grid.sort(axis=1)
        while True:
            hit, won = self._changed(np.repeat(slot, grid.shape[1]), np.repeat(sign, grid.shape[1]), grid.ravel())
            hit, won = hit.reshape(grid.shape), won.reshape(grid.shape)
            alive &= hit.any(axis=1)
            first = np.where(alive, hit.argmax(axis=1), grid.shape[1] - 1)
            seats = np.where(alive, won[rows, first], seats)
            high = np.where(alive, grid[rows, first], high)
            low = np.where(alive & (first > 0), grid[rows, np.maximum(first - 1, 0)], low)
            if not (np.where(alive, high - low, 0) > 1).any():
                break
            grid = _grid(low, high, max(self.points // len(slot), 8))
        return [int(h) if a else None for h, a in zip(high, alive, strict=True)], [int(s) for s in seats]

    def _overtaking(self, slot: Any, sign: Any, high: Any) -> Any:
        """Return for each search the changes at which the option passes each of the others, (searches, options)."""
        votes = self.votes[:, self.place].astype(high.dtype)
        passing = sign[:, None] * (votes[None, :] - votes[slot][:, None]) + 1
        return np.minimum(np.maximum(passing, 1), high[:, None])

    def _crossing(self, slot: Any, sign: Any, high: Any) -> Any:
        """Return for each search the changes around which a list passes its bar, its own or another's, (searches, points)."""
        bars = {bar for tier in self.plan.tiers_of(self.contest) for bar in tier.shares}
        lines = sum(int(self.lines[k, self.place]) for k, x in enumerate(self.paper.lines) if x in VALID_LINES)
        base = int(self.votes[:, self.place].sum()) + lines
        points = []
        for chosen, direction, most in zip(slot.tolist(), sign.tolist(), high.tolist(), strict=True):
            own = int(self.votes[chosen, self.place])
            near = [(bar * base - own) / (1 - bar) for bar in bars if bar < 1]
            near += [int(v) / bar - base for bar in bars if bar for v in self.votes[:, self.place]]
            found = [direction * int(x) + step for x in near for step in (-1, 0, 1, 2)]
            points.append([min(max(x, 1), most) for x in found])
        return np.array(points, high.dtype).reshape(len(slot), -1)

    def _changed(self, slot: Any, sign: Any, change: Any) -> tuple[NDArray[np.bool_], IntArray]:
        won = self._seats(slot, change * sign)
        now = self.now[slot]
        return np.where(sign > 0, won > now, won < now), won

    def _seats(self, slot: Any, change: Any) -> IntArray:
        """Return the seats of each option over the contest after its votes in the district were changed."""
        size = len(slot)
        large = int(np.abs(change).max(initial=0)) + int(self.votes.max(initial=0))
        dtype = object if large * self.votes.size > _INT64_ROOM else self.votes.dtype
        change = change.astype(dtype)
        votes = np.repeat(self.votes[:, :, None].astype(dtype), size, axis=2)
        votes[slot, self.place, np.arange(size)] += change
        lines = np.repeat(self.lines[:, :, None].astype(dtype), size, axis=2)
        if "@cast" in self.paper.lines:
            lines[self.paper.lines.index("@cast"), self.place] += change
        won = self.plan.contest_seats(self.contest, self._sheet(votes, lines, size), Ties(size))
        by_option = won.sum(axis=1)
        return np.asarray(by_option[slot, np.arange(size)])

    def _sheet(self, votes: IntArray, lines: IntArray, size: int) -> Sheet:
        """Lay the changed figures out; lines that are unknown in some district stay as the case has them."""
        sheet = sheet_of(self.paper, votes, None, size)
        for place, line in enumerate(self.paper.lines):
            if line in sheet.lines:
                sheet.lines[line] = lines[place]
        return sheet


def _by_fours(high: Any) -> Any:
    """Return 1, 4, 16 … up to each number: a change that wins a seat may lose it again further on, at a bar."""
    powers = [4**n for n in range(int(max(high.max(initial=1), 1)).bit_length() // 2 + 1)]
    return np.minimum(np.array([*powers, 4 * powers[-1]], high.dtype)[None, :], high[:, None])


def _grid(low: Any, high: Any, points: int) -> Any:
    """Return so many points of each interval (low, high], the last one high."""
    if high.dtype == object:
        width = np.array([h - w for h, w in zip(high, low, strict=True)], object)
    else:
        width = high - low
    steps = np.arange(1, points + 1)
    even = low[:, None] + width[:, None] // points * steps + (width[:, None] % points) * steps // points
    return np.maximum(even, low[:, None] + 1)


def _figures(counted: ContestOutcome, paper: Paper) -> tuple[IntArray, IntArray]:
    """Return the outcome's votes of a contest and the paper's own lines."""
    votes = paper.votes.copy()
    for place, unit in enumerate(paper.districts):
        district = counted.districts.get(unit)
        for slot, option in enumerate(paper.names(place)):
            if district is not None:
                votes[slot, place] = district.votes.get(str(option), 0)
    return votes, paper.figures
