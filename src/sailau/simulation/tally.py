"""What a simulation keeps of its elections: whole numbers that add up, so that any order and any cluster give the same.

Every field is a count or a sum of integers. Indices that are no integers (disproportionality) are rounded to a millionth in
each election before they are added. A tally of a million elections is as small as that of one block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import zip_longest
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.formulas.arrays import summed

Counts = NDArray[np.int64]
SCALE = 10**6
"""Parts of one in which indices are added up."""
BINS = 200
"""Classes of the votes-seats curve: half a per cent of the vote each."""
_COMBINATIONS = 2**12
"""Of the seats of several parties, at most, that are counted together: their counts stay in the fastest cache."""
INDICES = ("gallagher", "loosemore_hanby", "effective_parties")


@dataclass
class Tally:
    """Counts of one variant.

    Attributes:
        elections: how many.
        seats: (parties, seats + 1) elections in which a party had so many seats.
        coalitions: (coalitions, seats + 1) the same for parties together.
        sizes: (seats + 1,) elections in which so many seats were filled.
        entered: (parties + 1,) elections in which so many parties had a seat.
        indices: index → sum of its values in parts of `SCALE`.
        defined: elections in which the indices have a value: some votes and some seats.
        tied: elections in which a tie had to be broken or a seat stayed open.
        adopted: question → elections in which it was adopted.
        first: (parties,) seats won in those elections whose differences are split among provisions.
        curve: (2, parties, BINS) elections, and seats won on the paper of that vote, by class of a party's share of it.
        on_paper: the most seats filled from that paper.
    """

    elections: int = 0
    seats: Counts = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    coalitions: Counts = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    sizes: Counts = field(default_factory=lambda: np.zeros(0, np.int64))
    entered: Counts = field(default_factory=lambda: np.zeros(0, np.int64))
    indices: dict[str, int] = field(default_factory=dict)
    defined: int = 0
    tied: int = 0
    adopted: dict[str, int] = field(default_factory=dict)
    first: tuple[int, ...] = ()
    curve: Counts = field(default_factory=lambda: np.zeros((0, 0, 0), np.int64))
    on_paper: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.elections + other.elections,
            _sum(self.seats, other.seats),
            _sum(self.coalitions, other.coalitions),
            _sum(self.sizes, other.sizes),
            _sum(self.entered, other.entered),
            _sums(self.indices, other.indices),
            self.defined + other.defined,
            self.tied + other.tied,
            _sums(self.adopted, other.adopted),
            tuple(a + b for a, b in zip_longest(self.first, other.first, fillvalue=0)),
            _sum(self.curve, other.curve),
            max(self.on_paper, other.on_paper),
        )

    # ------------------------------------------------------------------ reading

    def mean(self, party: int) -> Fraction:
        """Expected seats of a party, exact."""
        held = self.seats[party]
        return Fraction(int((held * np.arange(held.size)).sum()), max(self.elections, 1))

    def quantile(self, party: int, share: Fraction) -> int:
        """Fewest seats that a share of the elections does not pass."""
        reached = np.cumsum(self.seats[party])
        enough = reached * share.denominator >= self.elections * share.numerator
        return int(enough.argmax())

    def index(self, name: str) -> Fraction | None:
        """Expected value of an index, None where it never has one."""
        return Fraction(self.indices.get(name, 0), SCALE * self.defined) if self.defined else None


@dataclass(frozen=True)
class Shares:
    """Shares of the vote in a block: computed once, compared with the seats under every law.

    Attributes:
        share: (parties, elections) of the votes for parties.
        some: (elections,) whether there are any.
    """

    share: NDArray[np.float32]
    some: NDArray[np.bool_]

    @staticmethod
    def of(votes: NDArray[Any]) -> Shares:
        """Return the shares of (parties, elections) votes; what adds up to a paper fits into the width of its votes."""
        cast = summed(votes)
        share = votes.astype(np.float32)
        share *= np.float32(1) / np.maximum(cast, 1).astype(np.float32)
        return Shares(share, cast > 0)


def measure(
    totals: NDArray[Any], shares: Shares, tied: NDArray[np.bool_], coalitions: Sequence[Sequence[int]] = ()
) -> Tally:
    """Return the tally of one block.

    Args:
        totals: (parties, elections) seats, of one election at least.
        shares: of the vote, on the paper that shares are measured on; 0 for parties that are not on it.
        tied: (elections,).
        coalitions: positions of the parties of each coalition.
    """
    size = np.add.reduce(totals, axis=0, dtype=totals.dtype)
    entered = np.add.reduce((totals > 0).view(np.int8), axis=0, dtype=np.int8 if len(totals) < 128 else np.int64)
    together = [totals[list(members)].sum(axis=0, dtype=totals.dtype) for members in coalitions]
    most = int(np.maximum.reduce(size))
    seats, whole = len(totals), len(totals) + 2
    found = _histograms([*totals, size, entered.astype(size.dtype), *together], max(most, len(totals)) + 1)
    indices, defined = _indices(totals, shares, size)
    return Tally(
        elections=totals.shape[1],
        seats=_filled(found[:seats]),
        coalitions=found[whole:, : most + 1],
        sizes=found[seats, : most + 1],
        entered=found[seats + 1, : len(totals) + 1],
        indices=indices,
        defined=defined,
        tied=int(np.count_nonzero(tied)),
    )


def _histograms(rows: Sequence[NDArray[Any]], width: int) -> Counts:
    """Count whole numbers below `width`, row by row: (rows, width).

    Counting takes much longer than arithmetic: rows are counted together, as digits of one number, while these are few.
    """
    spans = [(int(np.minimum.reduce(row)), int(np.maximum.reduce(row))) for row in rows]
    found = np.zeros((len(rows), width), np.int64)
    for counts, row, (least, _) in zip(found, rows, spans, strict=True):
        counts[least] = row.size
    for together in _groups({place: most - least + 1 for place, (least, most) in enumerate(spans) if least < most}):
        first, *others = together
        numbers = rows[first] - spans[first][0]
        for place in others:
            numbers *= together[place]
            numbers += rows[place]
            numbers -= spans[place][0]
        counted = np.bincount(numbers, minlength=prod(together.values())).reshape(*together.values())
        for axis, place in enumerate(together):
            rest = tuple(other for other in range(len(together)) if other != axis)
            least, most = spans[place]
            found[place, least : most + 1] = np.add.reduce(counted, axis=rest)
    return found


def _filled(counts: Counts) -> Counts:
    """Return the columns of (rows, width) counts up to the last one that holds any."""
    return counts[:, : int(np.flatnonzero(counts.any(axis=0)).max(initial=0)) + 1]


def _groups(widths: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Yield rows (place → width) that are counted together: few enough combinations to stay in the cache."""
    together: dict[int, int] = {}
    for place, width in widths.items():
        if together and prod(together.values()) * width > _COMBINATIONS:
            yield together
            together = {}
        together[place] = width
    if together:
        yield together


def _indices(totals: NDArray[Any], shares: Shares, size: NDArray[Any]) -> tuple[dict[str, int], int]:
    """Return the sums of the indices, and in how many elections they have a value.

    Gallagher (1991) and Loosemore and Hanby (1971) compare shares of votes and of seats; Laakso and Taagepera (1979) count
    parties by their shares of seats.
    """
    if (size == size[0]).all():
        size = size[:1]
    some = shares.some & (size > 0)
    whole = bool(some.all())
    apart = totals.astype(np.float32)
    apart *= np.float32(1) / np.maximum(size, 1).astype(np.float32)
    squares = _sum_of_squares(apart)
    apart -= shares.share
    found = np.empty((len(INDICES), some.size), np.float32)
    np.sqrt(_sum_of_squares(apart) * np.float32(0.5), out=found[0])
    np.multiply(np.add.reduce(np.abs(apart, out=apart), axis=0), np.float32(0.5), out=found[1])
    np.divide(np.float32(1), squares if whole else np.where(squares > 0, squares, np.float32(1)), out=found[2])
    found *= np.float32(SCALE)
    np.rint(found, out=found)
    # Whole numbers in floats: their sums are far below 2**53, so that they are exact in any order.
    sums = np.add.reduce(found if whole else found[:, some], axis=1, dtype=np.float64)
    return dict(zip(INDICES, map(int, sums.tolist()), strict=True)), int(np.count_nonzero(some))


def _sum_of_squares(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add up squares one after the other: a sum of products in one step rounds differently on some processors."""
    total, square = np.zeros(rows.shape[1:], np.float32), np.empty(rows.shape[1:], np.float32)
    for row in rows:
        total += np.multiply(row, row, out=square)
    return total


def classes_of(votes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the class of each party's share of the vote: (parties, elections) votes → places below `BINS`."""
    each = np.float64(BINS) / np.maximum(votes.sum(axis=0, dtype=np.int64), 1)
    return np.asarray(np.minimum((votes * each).astype(np.int64), BINS - 1))


def draw_curve(tally: Tally, classes: NDArray[np.int64], on_paper: NDArray[Any]) -> None:
    """Add the votes-seats curve of a block to its tally.

    Args:
        tally: of the block; it is written to.
        classes: (parties, elections) of the shares on the paper that shares are measured on, see `classes_of`.
        on_paper: (parties, elections) seats won on it.
    """
    tally.curve = np.zeros((2, len(classes), BINS), np.int64)
    for party, (place, seats) in enumerate(zip(classes, on_paper, strict=True)):
        tally.curve[0, party] = np.bincount(place, minlength=BINS)
        # Weights are floats, and sums of seats are far below 2**53, so that they stay exact.
        tally.curve[1, party] = np.bincount(place, weights=seats, minlength=BINS).astype(np.int64)
    tally.on_paper = int(on_paper.sum(axis=0).max(initial=0))


def _sum(mine: Counts, other: Counts) -> Counts:
    """Add arrays of different widths."""
    if not mine.size or not other.size:
        return mine if mine.size else other
    if mine.shape == other.shape:
        return mine + other
    shape = tuple(max(a, b) for a, b in zip(mine.shape, other.shape, strict=True))
    total = np.zeros(shape, np.int64)
    for part in (mine, other):
        total[tuple(slice(n) for n in part.shape)] += part
    return total


def _sums(mine: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: mine.get(name, 0) + other.get(name, 0) for name in {**mine, **other}}
