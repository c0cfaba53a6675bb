"""Many elections laid options first, in no more bits than their law needs: half the width is twice the speed.

Users give (elections, districts, items); the count works on (items, districts, elections). A block is turned tile by tile,
so that its figures stay in the cache between looking for the largest number and writing them down.
"""

from __future__ import annotations

from math import prod

import numpy as np

from sailau.formulas.arrays import IntArray
from sailau.formulas.door import largest_whole

_TILE = 2**16
"""Numbers that are turned together: they stay in the cache between the passes, measured."""
MULTIPLIED = 32
"""How many times its sum a paper must fit into 32 bits, so that bars and factors of laws do."""
_INT32_ROOM = 2**31 - 1
_INT64_ROOM = 2**62


def options_first(votes: IntArray, name: str, *, narrow: bool) -> IntArray:
    """Turn a block (elections, districts, items) into (items, districts, elections).

    Args:
        votes: native whole numbers, see `formulas.door`.
        name: of the paper, for the message.
        narrow: whether the rules of the paper do well with 32 bits, see `Plan.narrow`.

    Returns:
        32 bits where they are enough and the rules allow it, else 64, else Python integers.

    Raises:
        ValueError: a number that is negative or beyond 2**63 − 1.
    """
    cells = prod(votes.shape[1:])
    turned = _turned_narrow(votes, cells * MULTIPLIED) if narrow else None
    if turned is None:
        wide: type = np.int64 if largest_whole(votes, f"votes of “{name}”") * cells <= _INT64_ROOM else object
        turned = votes.astype(wide, copy=False).transpose(2, 1, 0)
        if turned.strides[-1] != turned.itemsize:
            turned = np.ascontiguousarray(turned)
    return turned


def _turned_narrow(votes: IntArray, cells: int) -> IntArray | None:
    """Return a block options first in 32 bits, tile by tile; None where that is too narrow for the sum of a paper."""
    if votes.dtype == object:
        return None
    turned = np.empty(votes.shape[::-1], np.int32)
    # Read as unsigned, a negative number is huge: whoever is told of it looks again.
    unsigned, most = votes.view(f"u{votes.itemsize}"), _INT32_ROOM // max(cells, 1)
    step = max(_TILE // max(prod(votes.shape[1:]), 1), 1)
    for begin in range(0, len(votes), step):
        tile = slice(begin, begin + step)
        if np.maximum.reduce(unsigned[tile], axis=None, initial=0) > most:
            return None
        turned[..., tile] = votes[tile].astype(np.int32, copy=False).transpose(2, 1, 0)
    return turned  # type: ignore[return-value]
