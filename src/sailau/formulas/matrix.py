"""The most proportional matrix of seats for given row and column sums: floats propose it, integers decide.

Proposal: a few rounds of proportional fitting, each row filled by the divisor method, then seats moved along
the cheapest chains from columns that hold too many to columns that hold too few, one misplaced seat per move.
That is a transport problem with convex costs, the sum over a cell's seats of log(rounding bound / votes),
solved by successive shortest paths; it always ends.

Decision: the divisors are put in the middle of the room they have, and every cell's quotient is compared with
its rounding bounds in exact arithmetic. If all comparisons are strict, the matrix is proved to be the only
solution. If not, an exact search (Bellman and Ford, in fractions) finds a cycle of cells along which a move
makes the matrix more proportional, makes it and looks again, or it ends with exact divisors. The ties are
then the cells on cycles of cells whose exact quotients equal a rounding bound.

Sources: M. L. Balinski and G. Demange, "Algorithms for proportional matrices in reals and integers",
Mathematical Programming 45 (1989); F. Pukelsheim, Proportional Representation, 2nd edition (Springer 2017),
chapters 14 and 15.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from sailau.formulas.arrays import BoolArray, FloatArray, IntArray

# (scale, offset): the bound between n - 1 and n seats is (scale * n - offset) / scale.
Bounds: TypeAlias = tuple[int, int]

_FITTING_ROUNDS = 25
_NOISE = 1e-12  # smaller differences of logarithms are left to the exact search
_BITS = 200  # the exact search starts from whole multiples of 2**-200


class BlockedError(Exception):
    """These rows have votes only in these columns and hold more seats than they do (masks)."""

    def __init__(self, rows: BoolArray, columns: BoolArray) -> None:
        super().__init__()
        self.rows = rows
        self.columns = columns


@dataclass(frozen=True, slots=True)
class Solution:
    """One most proportional matrix, and the cells that differ between all of them.

    Attributes:
        seats: `(rows, columns)`.
        tied: Cells whose number of seats is not the same in every solution.
        gains: Cells whose quotient equals the bound to one seat more.
        losses: Cells whose quotient equals the bound to one seat less.
    """

    seats: IntArray
    tied: BoolArray
    gains: BoolArray
    losses: BoolArray

    @classmethod
    def only(cls, seats: IntArray) -> "Solution":
        """Return a solution without ties."""
        return cls(seats, *(np.zeros(seats.shape, dtype=np.bool_) for _ in range(3)))


def solve(votes: IntArray, rows: IntArray, columns: IntArray, bounds: Bounds) -> Solution:
    """Find the most proportional matrix with these sums.

    Args:
        votes: `(rows, columns)`, not negative, int64 or Python integers.
        rows: Seats of each row, all positive.
        columns: Seats of each column, all positive, with the same total.
        bounds: Scale and offset of the rounding bounds; the bound to the first seat must be positive.

    Raises:
        BlockedError: If cells with votes alone cannot meet the sums.
    """
    seats = _proposal(votes, rows, columns, bounds)
    search = Search(votes, seats, bounds)
    if search.is_strict():
        return Solution.only(seats)
    while cycle := search.improvement():
        for row, column, other in cycle:
            seats[row, column] += 1
            seats[other, column] -= 1
    gains, losses = search.touching()
    return Solution(seats, _on_cycles(gains, losses), gains, losses)


def _proposal(votes: IntArray, rows: IntArray, columns: IntArray, bounds: Bounds) -> IntArray:
    """Return a matrix that meets both sums and is most proportional up to the noise of floats."""
    logs = _logarithms(votes)
    if len(rows) >= len(columns):
        return _balanced(logs, rows, columns, bounds)
    try:  # chains are searched over the smaller side
        return _balanced(logs.T, columns, rows, bounds).T
    except BlockedError as blocked:
        raise BlockedError(~blocked.columns, ~blocked.rows) from None


def _balanced(logs: FloatArray, rows: IntArray, columns: IntArray, bounds: Bounds) -> IntArray:
    """Fill the rows, then move seats between columns along cheapest chains until the columns are met too."""
    voteless = np.isneginf(logs.max(axis=1))
    if voteless.any():
        raise BlockedError(voteless, np.zeros(len(columns), dtype=np.bool_))
    seats = _filled(logs + _fitted(logs, rows, columns), rows, bounds)
    low, high = _log_bounds(logs, seats, bounds)
    while (excess := seats.sum(axis=0) - columns).any():
        chain, reached = _cheapest_chain((high[:, None, :] - low[:, :, None]).min(axis=0), excess)
        if not chain:
            raise BlockedError(seats[:, reached].sum(axis=1) > 0, reached)
        for source, target in pairwise(chain):
            row = (high[:, target] - low[:, source]).argmin()
            seats[row, source] -= 1
            seats[row, target] += 1
        low[:, chain], high[:, chain] = _log_bounds(logs[:, chain], seats[:, chain], bounds)
    return seats


def _fitted(logs: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Return logarithms of column factors with which real-valued seats come near both sums."""
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    factors = np.ones(len(columns))
    with np.errstate(all="ignore"):
        for _ in range(_FITTING_ROUNDS):
            factors = columns / ((rows / (weights @ factors)) @ weights)
        result: FloatArray = np.log(factors)
    return result if np.isfinite(result).all() else np.zeros(len(columns))


def _filled(logs: FloatArray, rows: IntArray, bounds: Bounds) -> IntArray:
    """Deal the seats of each row by the divisor method: estimate, then correct seat by seat, in all rows."""
    shift = bounds[1] / bounds[0]
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    target = rows + (0.5 - shift) * np.isfinite(logs).sum(axis=1)
    seats: IntArray = np.floor(weights * (target / weights.sum(axis=1))[:, None] + shift).astype(np.int64)
    while (missing := rows - seats.sum(axis=1)).any():
        low, high = _log_bounds(logs, seats, bounds)
        short, over = np.flatnonzero(missing > 0), np.flatnonzero(missing < 0)
        seats[short, high[short].argmin(axis=1)] += 1
        seats[over, low[over].argmax(axis=1)] -= 1
    return seats


def _log_bounds(logs: FloatArray, seats: IntArray, bounds: Bounds) -> tuple[FloatArray, FloatArray]:
    """Return the logarithms between which p / q (see `Search`) must lie for a cell to keep its seats."""
    scale, offset = bounds
    lower = scale * seats - offset
    low = np.where(lower > 0, np.log(np.maximum(lower, 1) / scale) - logs, -np.inf)
    return low, np.log(np.maximum(lower + scale, 1) / scale) - logs


def _cheapest_chain(costs: FloatArray, excess: IntArray) -> tuple[list[int], BoolArray]:
    """Find the cheapest chain of columns from one with too many seats to one with too few.

    Args:
        costs: Price of moving a seat from the first column to the second, within the best row.
        excess: Seats that each column holds too many.

    Returns:
        The chain, empty if no column with too few can be reached, and the columns that can be reached.
    """
    distance = np.where(excess > 0, 0.0, np.inf)
    every = np.arange(len(excess))
    rounds: list[tuple[BoolArray, NDArray[np.intp]]] = []
    for _ in every:
        through = distance[:, None] + costs
        before = through.argmin(axis=0)
        nearest = through[before, every]
        better = nearest < distance - _NOISE
        if not better.any():
            break
        rounds.append((better, before))
        distance = np.where(better, nearest, distance)
    reached = np.isfinite(distance)
    ends = np.flatnonzero((excess < 0) & reached)
    if not ends.size:
        return [], reached
    chain = [int(ends[distance[ends].argmin()])]
    for better, before in reversed(rounds):
        if better[chain[-1]]:
            column = int(before[chain[-1]])
            # Noise may lead the walk through a column twice; what lies between is a loop and is left out.
            chain = chain[: chain.index(column) + 1] if column in chain else [*chain, column]
    return chain[::-1], reached


def _centred(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return values in the middle of the room that `low <= row - column <= high` leaves.

    The mean of the shortest distances from every column touches no bound unless a cycle of length zero forces
    it to.
    """
    if len(low) < low.shape[1]:
        of_columns, of_rows = _centred(low.T, high.T)
        return -of_rows, -of_columns
    distance = (high[:, None, :] - low[:, :, None]).min(axis=0)
    np.fill_diagonal(distance, 0.0)
    for k in range(len(distance)):
        np.minimum(distance, distance[:, k, None] + distance[k], out=distance)
    finite = np.isfinite(distance)
    far = 1.0 + 2.0 * np.abs(distance[finite]).max() + distance.min(axis=0)
    columns = -np.where(finite, distance, far).mean(axis=0)
    bottom, top = (low + columns).max(axis=1), (high + columns).min(axis=1)
    return np.where(np.isfinite(bottom), (bottom + top) / 2, top - 1.0), columns


def _logarithms(votes: IntArray) -> FloatArray:
    """Return natural logarithms of votes of any size, minus infinity where there are none."""
    if votes.dtype == object:
        return np.array([[math.log(count) if count else -math.inf for count in row] for row in votes])
    with np.errstate(divide="ignore"):
        return cast(FloatArray, np.log(votes))


class Search:
    """Exact row multipliers p and column divisors q with which every cell keeps `low <= p / q <= high`.

    `low` and `high` are the rounding bounds around the cell's seats, divided by its votes. The seats may be
    changed between two calls of `improvement`.
    """

    def __init__(self, votes: IntArray, seats: IntArray, bounds: Bounds) -> None:
        self.votes: NDArray[Any] = votes.astype(object)
        self.seats = seats
        self.scale, self.offset = bounds
        rows, columns = _centred(*_log_bounds(_logarithms(votes), seats, bounds))
        self._row_units, self._column_units = _units(rows), _units(-columns)
        self.p = [Fraction(units, 1 << _BITS) for units in self._row_units]
        self.q = [Fraction(1 << _BITS, units) for units in self._column_units]

    def is_strict(self) -> bool:
        """Prove, if it is so, that the matrix is the only solution: no quotient touches a rounding bound."""
        one = 1 << 2 * _BITS
        quotients = np.multiply.outer(self._row_units, self._column_units) * self.votes * self.scale
        lower = (self.scale * self.seats - self.offset).astype(object) * one
        inside = (lower < quotients) & (quotients < lower + self.scale * one)
        return bool((inside | (self.votes == 0)).all())

    def improvement(self) -> list[tuple[int, int, int]]:
        """Tighten p and q until they fit, or find a cycle of moves that makes the matrix more proportional.

        Returns:
            Moves (row, column, other row): a seat of the column goes to the row, from the other row.
        """
        cells = self._cells()
        by_column: dict[int, int] = {}
        by_row: dict[int, int] = {}
        while True:
            changed = False
            for row, column, low, high in cells:
                if (most := self.q[column] * high) < self.p[row]:
                    self.p[row], by_column[row], changed = most, column, True
                if low and (most := self.p[row] / low) < self.q[column]:
                    self.q[column], by_row[column], changed = most, row, True
            if not changed:
                return []
            if cycle := _cycle(by_column, by_row):
                return cycle

    def touching(self) -> tuple[BoolArray, BoolArray]:
        """Return the cells whose quotient equals the bound to one seat more, and to one seat less."""
        gains, losses = (np.zeros(self.seats.shape, dtype=np.bool_) for _ in range(2))
        for row, column, low, high in self._cells():
            gains[row, column] = self.p[row] == self.q[column] * high
            losses[row, column] = self.p[row] == self.q[column] * low
        return gains, losses

    def short_divisors(self) -> tuple[list[Fraction], list[Fraction]]:
        """Return row and column divisors with few digits, each from the room that the others leave it."""
        middle = sorted(self.q)[len(self.q) // 2]
        rows, columns = [x / middle for x in self.p], [x / middle for x in self.q]
        cells = self._cells()
        for column in range(len(columns)):
            columns[column] = _shortest(
                (rows[i] / high, rows[i] / low if low else None) for i, j, low, high in cells if j == column
            )
        for row in range(len(rows)):
            rows[row] = _shortest(
                (1 / (columns[j] * high), 1 / (columns[j] * low) if low else None)
                for i, j, low, high in cells
                if i == row
            )
        return rows, columns

    def _cells(self) -> list[tuple[int, int, Fraction, Fraction]]:
        """Return cells with votes and their bounds; a lower bound of zero never binds."""
        cells = []
        for row, column in np.argwhere(self.votes > 0).tolist():
            lower = max(0, self.scale * int(self.seats[row, column]) - self.offset)
            upper = self.scale * (int(self.seats[row, column]) + 1) - self.offset
            parts = self.scale * self.votes[row, column]
            cells.append((row, column, Fraction(lower, parts), Fraction(upper, parts)))
        return cells


def _units(logarithms: FloatArray) -> NDArray[Any]:
    """Return exponentials as whole multiples of 2**-200, at least one."""
    units = np.empty(len(logarithms), dtype=object)
    for k, exponent in enumerate((logarithms / math.log(2)).tolist()):
        whole = math.floor(exponent)
        mantissa, shift = int(2.0 ** (exponent - whole + 52)), whole + _BITS - 52
        units[k] = max(1, mantissa << shift if shift >= 0 else mantissa >> -shift)
    return units


def _cycle(by_column: dict[int, int], by_row: dict[int, int]) -> list[tuple[int, int, int]]:
    """Find a cycle in "row last bounded by column" and "column last bounded by row"."""
    seen: set[int] = set()
    for row in by_column:
        walk: list[int] = []
        while row not in seen and row in by_column and by_column[row] in by_row:
            seen.add(row)
            walk.append(row)
            row = by_row[by_column[row]]
        if row in walk:
            return [(i, by_column[i], by_row[by_column[i]]) for i in walk[walk.index(row) :]]
    return []


def _shortest(room: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction:
    """Return a number with few digits from the common part of intervals, from its inside if it has one."""
    intervals = list(room)
    bottom = max(low for low, _ in intervals)
    top = min((high for _, high in intervals if high is not None), default=2 * bottom)
    if bottom == top:
        return bottom
    step = Fraction(10 ** len(str(int(top))))
    while not bottom < (number := round((bottom + top) / 2 / step) * step) < top:
        step /= 10
    return number


def _on_cycles(gains: BoolArray, losses: BoolArray) -> BoolArray:
    """Return the cells that can change together with others: gains lead from row to column, losses back."""
    rows, size = len(gains), sum(gains.shape)
    leads = np.eye(size, dtype=np.bool_)
    leads[:rows, rows:], leads[rows:, :rows] = gains, losses.T
    for _ in range(size.bit_length()):
        leads = leads @ leads
    return (gains & leads[rows:, :rows].T) | (losses & leads[:rows, rows:])
