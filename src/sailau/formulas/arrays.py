"""Integer arrays: how wide they must be, and the exact steps that every formula shares.

Inside the room every array has two axes, options first: `(options, elections)`. Rows are then long and
contiguous, which is what NumPy is fast at. Votes are 64-bit integers as long as the largest product that a
formula can form fits; otherwise the same code runs on object arrays of Python integers. Floats propose,
integers decide.
"""

import math
from functools import lru_cache
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Beyond 64 bits an object array of Python integers takes the place of an int64 array; the code is the same.
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
FloatArray: TypeAlias = NDArray[np.float64]

LARGEST_INT64 = 2**63 - 1
LARGEST_INT32 = 2**31 - 1
# A network of row-wise comparisons beats a sort of many short columns; measured from 4 to 24 options.
_NETWORK_OPTIONS = 24
_NETWORK_ELECTIONS = 256


def largest(values: IntArray) -> int:
    """Return the largest entry as a Python integer, 0 for an empty array."""
    return int(values.max()) if values.size else 0


def as_integers(values: ArrayLike) -> IntArray:
    """Return `values` as signed integers to compare, not to multiply: of any width, or as Python integers."""
    array = cast(IntArray, np.asarray(values))
    return array if array.dtype.kind == "i" else wide_enough(array, 1)


def wide_enough(values: ArrayLike, factor: int) -> IntArray:
    """Return `values` so that `values * factor` is exact: int64, or Python integers where that is too small.

    Args:
        values: Non-negative integers of any shape and any integer dtype, or Python integers.
        factor: The largest number that an entry will be multiplied with.
    """
    array = cast(IntArray, np.asarray(values))
    if largest(array) * factor <= LARGEST_INT64:
        return array.astype(np.int64, copy=False)
    return cast(IntArray, array.astype(object))


def fitting(values: ArrayLike, factor: int) -> IntArray:
    """Return `values` so that `values * factor` is exact, in no more bits than needed; see `wide_enough`.

    32 bits stay where a caller who can vouch for them gave them: half the memory, twice the speed.
    """
    array = cast(IntArray, np.asarray(values))
    # A factor must fit too, even where there is nothing to multiply it with.
    if array.dtype == np.int32 and max(largest(array), 1) * factor <= LARGEST_INT32:
        return array
    return wide_enough(array, factor)


def columns(values: Any, shape: tuple[int, ...], dtype: Any = np.int64) -> NDArray[Any]:
    """Return per-option values as `(options, elections)`.

    Args:
        values: A scalar, an array `(options,)` or one that broadcasts to `shape` with options first.
        shape: `(options, ...)` of the votes.
        dtype: What the values are turned into; None keeps them as they are.
    """
    array = np.asarray(values, dtype=dtype)
    if 0 < array.ndim < len(shape):
        array = array.reshape(array.shape + (1,) * (len(shape) - array.ndim))
    if array.shape != shape:
        array = np.broadcast_to(array, shape)
    return array.reshape(shape[0], math.prod(shape[1:]))


def per_election(values: Any, shape: tuple[int, ...]) -> IntArray:
    """Return a scalar or an array that broadcasts to `shape` as int64 `(elections,)`, which is not to be written to."""
    array = np.asarray(values, dtype=np.int64)
    if array.shape == shape:
        return array.reshape(-1)
    return np.broadcast_to(array, shape).reshape(-1)


def one_for_all(values: IntArray) -> IntArray:
    """Return `(elections,)` values, or `(1,)` where one number stands for all: what is made of it is made once."""
    return values[:1] if values.strides == (0,) else values


def whole_parts(dividend: IntArray, divisor: IntArray) -> tuple[IntArray, IntArray]:
    """Divide exactly: return whole parts and remainders.

    Integer division is an order of magnitude slower than the float division that proposes the whole part
    here; the remainder, an integer, says whether the proposal was right, and where it was not the integers divide.

    Args:
        dividend: `(options, elections)`, not negative.
        divisor: `(elections,)`, positive.
    """
    if dividend.dtype == object:
        whole = dividend // divisor
        return whole, dividend - whole * divisor
    # Half the width is twice the speed, and wrong about one in 100,000 times.
    floating: Any = np.float32 if dividend.dtype == np.int32 else np.float64
    proposed: NDArray[Any] = dividend.astype(floating)
    proposed *= floating(1) / divisor.astype(floating)
    whole = proposed.astype(dividend.dtype)
    remainder = whole * divisor
    np.subtract(dividend, remainder, out=remainder)
    unsigned = f"u{remainder.dtype.itemsize}"
    # Read as unsigned, a negative remainder is huge: one comparison finds both kinds of wrong proposals. A product that
    # leaves the width comes back in the difference, as integers wrap.
    wrong = remainder.view(unsigned) >= divisor.view(unsigned)
    if wrong.any():
        cells = places(wrong)
        whole[cells] = dividend[cells] // divisor[cells[1]]
        remainder[cells] = dividend[cells] - whole[cells] * divisor[cells[1]]
    return whole, remainder


def places(mask: BoolArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column of the few places that a mask marks; looking for them in one long row is much faster."""
    row, column = np.divmod(np.flatnonzero(mask), max(mask.shape[1], 1))
    return row, column


def floats(values: IntArray) -> FloatArray:
    """Return float estimates; integers beyond the range of floats are scaled down together."""
    if values.dtype == object and (excess := largest(values).bit_length() - 900) > 0:
        return (values >> excess).astype(np.float64)
    return values.astype(np.float64)


def tally(mask: BoolArray) -> IntArray:
    """Count the options in a mask: `(options, ...)` → `(...)`."""
    return cast(IntArray, tally_in_bytes(mask).astype(np.int64))


def tally_in_bytes(mask: BoolArray) -> NDArray[Any]:
    """Count as `tally` does, in bytes where they are enough."""
    wide = np.int8 if len(mask) < 128 else np.int64
    return np.asarray(np.add.reduce(mask.view(np.int8), axis=0, dtype=wide))


def summed(values: IntArray) -> IntArray:
    """Add up the options in the width that they have: `(options, elections)` → `(elections,)`."""
    return cast(IntArray, np.add.reduce(values, axis=0, dtype=values.dtype))


def choose(keys: IntArray, count: IntArray, bottom: int) -> tuple[BoolArray, IntArray]:
    """Choose the `count` options with the largest keys.

    Args:
        keys: `(options, elections)`; an option whose key is `bottom`, the smallest possible, does not
            compete.
        count: `(elections,)` how many are chosen, not negative; it may exceed the number of competitors.
        bottom: No key is smaller.

    Returns:
        The options that are chosen for sure, and the key of the first option that is not, `(elections,)`:
        where fewer than `count` are sure, the options with exactly this key are tied for what is left (nobody
        where it is `bottom`).
    """
    bar = next_in_line(keys, count, bottom)
    return keys > bar, bar


def next_in_line(keys: IntArray, count: IntArray, bottom: int) -> IntArray:
    """Return the largest key after the `count` largest of every column, `bottom` where there is none."""
    options, elections = keys.shape
    # A count in bytes would wrap where rank and elections are multiplied.
    rank = np.maximum(options - count.astype(np.int64), 0)
    if not 1 < options <= _NETWORK_OPTIONS or elections < _NETWORK_ELECTIONS:
        ordered = np.empty((options + 1, elections), dtype=keys.dtype)
        ordered[0] = bottom
        ordered[1:] = np.sort(keys, axis=0)
        return cast(IntArray, ordered.ravel().take(rank * elections + _numbers(elections)))
    rows = np.empty((options + 2, elections), dtype=keys.dtype)
    rows[0] = bottom
    # Where each entry is: among the keys, which are not written to, until it has been compared for the first time.
    entries, place, spare = list(keys), [0] * options, list(range(1, options + 2))
    for low, high in _network(options):
        small = spare.pop()
        large = place[high] or spare.pop()
        np.minimum(entries[low], entries[high], out=rows[small])
        np.maximum(entries[low], entries[high], out=rows[large])
        if place[low]:
            spare.append(place[low])
        place[low], place[high] = small, large
        entries[low], entries[high] = rows[small], rows[large]
    cells = (np.array([0, *place], dtype=np.int64) * elections).take(rank)
    cells += _numbers(elections)
    return cast(IntArray, rows.ravel().take(cells))


@lru_cache(maxsize=4)
def _numbers(size: int) -> NDArray[np.int64]:
    """Return 0, 1, 2 …, made once for blocks of the same size and not to be written to."""
    numbers = np.arange(size)
    numbers.flags.writeable = False
    return numbers


@lru_cache(maxsize=64)
def _network(size: int) -> tuple[tuple[int, int], ...]:
    """Return the comparisons of Batcher's odd-even merge sort for `size` entries (Knuth, TAOCP 3, 5.3.4)."""
    pairs: list[tuple[int, int]] = []
    p = 1
    while p < size:
        k = p
        while k >= 1:
            for j in range(k % p, size - k, 2 * k):
                lows = range(j, min(j + k, size - k))
                pairs += [(low, low + k) for low in lows if low // (2 * p) == (low + k) // (2 * p)]
            k //= 2
        p *= 2
    return tuple(pairs)
