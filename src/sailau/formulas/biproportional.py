"""Double-proportional (biproportional) apportionment: a matrix of seats, fair to districts and lists at once.

Every district gets the seats it is entitled to, every list gets the seats it is entitled to, and within these
bounds the cells are proportional to their votes: there is one divisor per district and one per list such that
each cell's ``votes / (district divisor * list divisor)``, rounded, is its number of seats. Such a matrix
exists whenever the entitlements can be met at all, and it is unique up to ties. `sailau.formulas.matrix`
finds it.

Sources: M. L. Balinski and G. Demange, "An axiomatic approach to proportionality between matrices",
Mathematics of Operations Research 14 (1989); F. Pukelsheim, Proportional Representation, 2nd edition
(Springer 2017), chapter 14.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from sailau.formulas.allocation import Tie
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.door import whole_numbers
from sailau.formulas.matrix import BlockedError, Bounds, Search, Solution, solve

__all__ = ["MatrixTie", "Rounding", "biproportional", "divisors"]

Rounding: TypeAlias = Literal["standard", "down", "up"]
Cell: TypeAlias = tuple[int, int]

# The bound between n - 1 and n seats is n - 1/2, n, n - 1.
_BOUNDS: dict[str, Bounds] = {"standard": (2, 1), "down": (1, 0), "up": (1, 1)}


class MatrixTie(Tie):
    """A tie between the cells of a matrix of seats.

    Attributes:
        cells: The tied cells, as (district, list).
        options: The lists among them.
        seats: How many of the tied cells get one seat more than the others leave them.
        election: Index of the matrix in a batch; `()` for a single one.
    """

    def __init__(self, cells: tuple[Cell, ...], seats: int, election: tuple[int, ...] = ()) -> None:
        super().__init__(tuple(sorted({column for _, column in cells})), seats, election)
        self.cells = cells
        where = f" in matrix {', '.join(map(str, election))}" if election else ""
        what = "1 seat is" if seats == 1 else f"{seats} seats are"
        names = ", ".join(map(str, cells))
        self.args = (f"{what} tied between the cells (district, list) {names}{where}: pass a seed as ties=",)

    def __reduce__(self) -> tuple[type["MatrixTie"], tuple[Any, ...]]:
        return type(self), (self.cells, self.seats, self.election)


@overload
def biproportional(
    votes: ArrayLike,
    district_seats: ArrayLike,
    party_seats: ArrayLike,
    rounding: Rounding = ...,
    *,
    ties: Literal["report"],
) -> tuple[IntArray, BoolArray]: ...


@overload
def biproportional(
    votes: ArrayLike,
    district_seats: ArrayLike,
    party_seats: ArrayLike,
    rounding: Rounding = ...,
    ties: Literal["raise"] | int | Sequence[int] | np.random.Generator = ...,
) -> IntArray: ...


def biproportional(
    votes: ArrayLike,
    district_seats: ArrayLike,
    party_seats: ArrayLike,
    rounding: Rounding = "standard",
    ties: Literal["raise", "report"] | int | Sequence[int] | np.random.Generator = "raise",
) -> IntArray | tuple[IntArray, BoolArray]:
    """Deal seats to districts and lists at once (double-proportional divisor method).

    Leading batch axes are worked through one matrix after the other, in a plain loop.

    Args:
        votes: Whole numbers of votes, `(..., districts, parties)`. A cell without votes gets no seat.
        district_seats: Seats of each district, `(..., districts)` or `(districts,)`; 0 is allowed.
        party_seats: Seats of each list in all districts together, `(..., parties)` or `(parties,)`; 0 is
            allowed.
        rounding: "standard" rounds quotients to the nearest whole number (Sainte-Laguë), "down" drops
            fractions (D'Hondt), "up" rounds them up (Adams): each cell with votes, in a district and of a
            list that are entitled to seats, then gets at least one.
        ties: What to do if several matrices are equally proportional. "raise" raises `MatrixTie`. "report"
            returns the mask of tied cells too, and the matrix in which these take the higher number in
            reading order (district by district). A seed or a generator draws lots: the tied cells are put in
            a random order, and each in turn takes the higher number if one of the matrices still allows it.
            Every matrix can be drawn, and those that are alike are equally likely. A sequence of lists is an order: each
            in turn takes the higher number in its tied cells, district by district, if one of the matrices still allows it.

    Returns:
        Seats as int64, in the shape of `votes`; with `ties="report"` seats and mask. A cell is tied if its
        number of seats differs between equally proportional matrices (then by one).

    Raises:
        Tie: With `ties="raise"`, as `MatrixTie`, which names the tied cells and the number of seats at stake.
        ValueError: If a shape or sign is wrong, if districts and lists hold different totals, or if no matrix
            can meet the entitlements; the message then names the districts and lists that contradict each
            other.
        TypeError: If an input is not made of whole numbers.

    Example:
        >>> biproportional([[123, 912, 312], [45, 714, 255], [815, 414, 215]], [7, 5, 8], [5, 11, 4]).tolist()
        [[1, 4, 2], [0, 4, 1], [4, 3, 1]]
    """
    order = list(ties) if isinstance(ties, Sequence) and not isinstance(ties, str) else None
    bounds, rng = _bounds(rounding), None if order is not None else _lots(ties)
    table, rows, columns = _entitlements(votes, district_seats, party_seats)
    seats, tied = np.zeros(table.shape, dtype=np.int64), np.zeros(table.shape, dtype=np.bool_)
    for index in np.ndindex(table.shape[:-2]):
        found = _apportioned(table[index], rows[index], columns[index], bounds)
        cells = [(row, column) for row, column in np.argwhere(found.tied).tolist()]
        if cells and ties == "raise":
            raise MatrixTie(tuple(cells), int((found.losses & found.tied).sum()), index)
        if cells and rng is not None:
            cells = [cells[k] for k in rng.permutation(len(cells))]
        if order is not None:
            cells.sort(key=lambda cell: order.index(cell[1]) if cell[1] in order else len(order))
        _deal(found, cells)
        seats[index], tied[index] = found.seats, found.tied
    return (seats, tied) if ties == "report" else seats


def divisors(
    votes: ArrayLike, seats: ArrayLike, rounding: Rounding = "standard"
) -> tuple[list[Fraction | None], list[Fraction | None]]:
    """Find divisors that explain a matrix of seats.

    Each cell's `votes / (district divisor * list divisor)`, rounded, is its number of seats. The divisors are
    chosen within the room that the matrix leaves, with few digits, and those of lists lie around 1. Where
    lots decided a tie, the quotients of tied cells lie exactly on a rounding bound and may go either way.

    Args:
        votes: Whole numbers of votes, `(districts, parties)`.
        seats: Whole numbers of seats in the same shape, as `biproportional` returns them.
        rounding: As in `biproportional`.

    Returns:
        The divisors of districts (votes per seat) and of lists (pure numbers), exact. None stands for a
        district or a list without seats, which takes no part.

    Raises:
        ValueError: If a shape or sign is wrong, or if no divisors exist because the seats are not
            proportional.
        TypeError: If an input is not made of whole numbers.

    Example:
        >>> table = [[123, 912, 312], [45, 714, 255], [815, 414, 215]]
        >>> of_districts, of_lists = divisors(table, [[1, 4, 2], [0, 4, 1], [4, 3, 1]])
        >>> [str(x) for x in of_districts], [str(x) for x in of_lists]
        (['210', '200', '160'], ['57/50', '1', '9/10'])
    """
    bounds = _bounds(rounding)
    table, result = _as_table(votes, "votes"), _as_table(seats, "seats")
    if table.ndim != 2 or result.shape != table.shape:
        raise ValueError(f"votes and seats must be two tables of one shape, not {table.shape} and {result.shape}")
    takes_part = result.sum(axis=1) > 0, result.sum(axis=0) > 0
    part = np.ix_(*takes_part)
    table, result = table[part], result[part]
    rows: list[Fraction] = []
    columns: list[Fraction] = []
    if result.size:
        search = None if _misplaced(table, result, bounds) else Search(table, result, bounds)
        if search is None or search.improvement():
            raise ValueError(f"no divisors exist: with rounding {rounding!r} the seats are not proportional")
        rows, columns = search.short_divisors()
    return _spread(rows, takes_part[0]), _spread(columns, takes_part[1])


def _spread(values: list[Fraction], takes_part: BoolArray) -> list[Fraction | None]:
    remaining = iter(values)
    return [next(remaining) if taking else None for taking in takes_part]


def _misplaced(votes: IntArray, seats: IntArray, bounds: Bounds) -> bool:
    """Tell whether a cell has seats without votes, or votes that no divisor rounds to 0."""
    never_empty = bounds == _BOUNDS["up"]
    return bool((((seats > 0) & (votes == 0)) | (never_empty & (seats == 0) & (votes > 0))).any())


def _apportioned(votes: IntArray, rows: IntArray, columns: IntArray, bounds: Bounds) -> Solution:
    """Solve one matrix. Rounding up is rounding down once every cell with votes has got a seat."""
    live = (votes > 0) & (rows > 0)[:, None] & (columns > 0)
    owed = live.astype(np.int64) * (bounds == _BOUNDS["up"])
    rest = rows - owed.sum(axis=1), columns - owed.sum(axis=0)
    for axis in (0, 1):
        if (rest[axis] < 0).any():
            raise ValueError(_crowded(axis, (rows, columns)[axis], owed))
    found = Solution.only(owed)
    kept = np.flatnonzero(rest[0]), np.flatnonzero(rest[1])
    if not kept[0].size:
        return found
    part = np.ix_(*kept)
    lower = _BOUNDS["down"] if bounds == _BOUNDS["up"] else bounds
    try:
        inner = solve(votes[part], rest[0][kept[0]], rest[1][kept[1]], lower)
    except BlockedError as blocked:
        raise ValueError(_contradiction(blocked, kept, rest, bounds)) from None
    found.seats[part] += inner.seats
    found.tied[part], found.gains[part], found.losses[part] = inner.tied, inner.gains, inner.losses
    return found


def _deal(found: Solution, cells: Iterable[Cell]) -> None:
    """Let the tied cells, in this order, take the higher of their numbers while a solution allows it."""
    gains, losses = found.gains & found.tied, found.losses & found.tied
    for row, column in cells:
        path = [] if losses[row, column] else _path(gains, losses, column, row)
        gains[row, column] = losses[row, column] = False
        found.seats[row, column] += bool(path)
        for k, cell in enumerate(path):
            rises = k % 2 == 1
            found.seats[cell] += 1 if rises else -1
            gains[cell], losses[cell] = not rises, rises


def _path(gains: BoolArray, losses: BoolArray, column: int, row: int) -> list[Cell]:
    """Find cells that lose and gain a seat in turn and lead from the column to the row, if there are any."""
    to_row: dict[int, int] = {}
    to_column = {column: -1}
    queue = [column]
    for at in queue:
        for i in np.flatnonzero(losses[:, at]).tolist():
            if i in to_row:
                continue
            to_row[i] = at
            for j in np.flatnonzero(gains[i]).tolist():
                if j not in to_column:
                    to_column[j] = i
                    queue.append(j)
    cells: list[Cell] = []
    while row in to_row:
        cells.append((row, to_row[row]))
        row, column = to_column[to_row[row]], to_row[row]
        cells.append((row, column))
    return cells[-2::-1]


def _entitlements(
    votes: ArrayLike, district_seats: ArrayLike, party_seats: ArrayLike
) -> tuple[IntArray, IntArray, IntArray]:
    """Check the three inputs and give both kinds of entitlements the batch axes of the votes."""
    table = _as_table(votes, "votes")
    if table.ndim < 2:
        raise ValueError(f"votes must have the shape (..., districts, parties), not {table.shape}")
    *batch, districts, parties = table.shape
    rows = _side(district_seats, "district_seats", (*batch, districts))
    columns = _side(party_seats, "party_seats", (*batch, parties))
    totals = rows.sum(axis=-1), columns.sum(axis=-1)
    if (totals[0] != totals[1]).any():
        at = np.unravel_index((totals[0] != totals[1]).argmax(), totals[0].shape)
        raise ValueError(f"districts hold {totals[0][at]} seats, but lists {totals[1][at]}: totals must be equal")
    return table, rows, columns


def _side(values: ArrayLike, name: str, shape: tuple[int, ...]) -> IntArray:
    side = _as_table(values, name)
    if side.shape != shape and side.shape != shape[-1:]:
        raise ValueError(f"{name} must have the shape {shape} or {shape[-1:]}, not {side.shape}")
    return np.broadcast_to(side, shape)


def _as_table(values: ArrayLike, name: str) -> IntArray:
    """Take whole numbers from 0 up: as int64 where they fit, else as Python integers; not to be written to."""
    array = whole_numbers(values, name)
    return array if array.dtype == object else array.astype(np.int64, copy=False)


def _lots(ties: object) -> np.random.Generator | None:
    if ties in ("raise", "report"):
        return None
    if isinstance(ties, np.random.Generator):
        return ties
    if isinstance(ties, bool) or not isinstance(ties, int | np.integer):
        raise ValueError(f"ties must be 'raise', 'report', a seed or a generator, not {ties!r}")
    return np.random.default_rng(int(ties))


def _bounds(rounding: str) -> Bounds:
    if rounding not in _BOUNDS:
        raise ValueError(f"rounding must be one of {', '.join(_BOUNDS)}, not {rounding!r}")
    return _BOUNDS[rounding]


def _crowded(axis: int, seats: IntArray, owed: IntArray) -> str:
    """Say where rounding up owes more seats than there are."""
    counts = owed.sum(axis=1 - axis)
    at = int((seats - counts).argmin())
    one, other = (("district", "list"), ("list", "district"))[axis]
    return (
        f"the entitlements cannot be met: {one} {at} has fewer seats ({seats[at]}) than rounding up owes it "
        f"({counts[at]}, one for every {other} in which it has votes)"
    )


def _contradiction(
    blocked: BlockedError, kept: tuple[Any, Any], seats: tuple[IntArray, IntArray], bounds: Bounds
) -> str:
    """Say which districts and lists contradict each other, from the side that needs fewer names."""
    axis, masks = 0, (blocked.rows, blocked.columns)
    if sum(mask.sum() for mask in masks) > sum((~mask).sum() for mask in masks):
        axis, masks = 1, (~blocked.rows, ~blocked.columns)
    who, whom = kept[axis][masks[axis]], kept[1 - axis][masks[1 - axis]]
    holders, others = (("districts", "lists"), ("lists", "districts"))[axis]
    when = ", after one seat for every cell with votes" if bounds == _BOUNDS["up"] else ""
    return (
        f"the entitlements cannot be met{when}: {holders} {who.tolist()} hold more seats "
        f"({seats[axis][who].sum()}) than all {others} that hold seats and in which they have votes, "
        f"{whom.tolist()} ({seats[1 - axis][whom].sum()})"
    )
