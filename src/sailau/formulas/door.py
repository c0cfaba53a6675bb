"""The one door for numbers from outside: any array becomes native whole numbers, or is refused before anything sees it.

Behind it every array is of 32 or 64 bits in the byte order of the machine, or of Python integers, and nothing is negative:
code behind the door may read bits as unsigned, narrow and multiply.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.formulas.arrays import LARGEST_INT64, IntArray


def whole_numbers(values: ArrayLike, name: str, most: int | None = None) -> IntArray:
    """Return native whole numbers, none of them negative.

    Args:
        values: An integer, nested sequences of integers, or an array of any integer type, width and byte order.
        name: What a message calls them.
        most: The largest number allowed; None for no limit.

    Returns:
        int32 or int64, Python integers where 64 bits are too few. A native array of 32 or 64 bits is not copied.

    Raises:
        TypeError: Something is not a whole number, or a masked array hides what it is.
        ValueError: A number is negative or too large.
    """
    array = native(values, name)
    top = _largest(array)
    if top < 0:
        index = np.unravel_index(int(array.argmin()), array.shape)
        raise ValueError(f"{name}{at(index)} is {array[index]}: expected no negative number")
    if most is not None and top > most:
        index = np.unravel_index(int(array.argmax()), array.shape)
        raise ValueError(f"{name}{at(index)} is {top}: expected {most} at most")
    return array


def native(values: ArrayLike, name: str) -> IntArray:
    """Return whole numbers as `whole_numbers` does, whose signs `largest_whole` has still to look at.

    Raises:
        TypeError: Something is not a whole number, or a masked array hides what it is.
    """
    if isinstance(values, np.ma.MaskedArray):
        if np.ma.getmaskarray(values).any():
            raise TypeError(f"{name} are masked: expected a number everywhere")
        values = values.data
    if type(values) is int:
        values = np.array(values)
    elif not hasattr(values, "__array__"):
        # Through objects: from a list NumPy would make floats of numbers on both sides of 2**63.
        values = np.array(values, dtype=object)
    array: NDArray[Any] = np.asarray(values)
    if array.dtype == object:
        return _of_objects(array, name)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} are {array.dtype}: expected whole numbers (an integer array)")
    signed, width = array.dtype.kind == "i", array.dtype.itemsize
    if signed and width >= 4:
        return cast(IntArray, array.astype(array.dtype.newbyteorder("="), copy=False))
    if width == 8 and array.size and int(array.max()) > LARGEST_INT64:
        return cast(IntArray, array.astype(np.uint64).astype(object))
    # What has fewer bits, or no sign, keeps its value in the next wider signed type.
    return cast(IntArray, array.astype(np.int64 if width >= 4 else np.int32))


def _of_objects(array: NDArray[Any], name: str) -> IntArray:
    """Return Python integers in 64 bits where they fit; integers of NumPy among them would wrap, so they go."""
    for index, value in np.ndenumerate(array):
        if not isinstance(value, int | np.integer) or isinstance(value, bool):
            raise TypeError(f"{name}{at(index)} is {value!r}: expected a whole number (int)")
    if not array.size or (int(array.min()) >= -LARGEST_INT64 and int(array.max()) <= LARGEST_INT64):
        return array.astype(np.int64)
    plain = np.empty(array.shape, object)
    plain.reshape(-1)[:] = [int(value) for value in array.flat]
    return cast(IntArray, plain)


def largest_whole(array: IntArray, name: str, most: int = LARGEST_INT64) -> int:
    """Return the largest of native whole numbers, 0 for none, refusing negative and larger ones.

    Raises:
        ValueError: A number is negative, or larger than `most`.
    """
    top = _largest(array)
    if top < 0:
        raise ValueError(f"{name} hold {int(array.min())}: expected no negative number")
    if top > most:
        raise ValueError(f"{name} hold {top}: expected {most} at most")
    return top


def _largest(array: IntArray) -> int:
    """Return the largest number, 0 for none, −1 where one is negative."""
    if not array.size:
        return 0
    if array.dtype == object:
        return -1 if array.min() < 0 else int(array.max())
    # Read as unsigned, a negative number is huge: one pass finds both.
    most = int(array.view(f"u{array.itemsize}").max())
    return most if most <= np.iinfo(array.dtype).max else -1


def at(index: Sequence[Any]) -> str:
    """Return an index as a message shows it; nothing for that of a single number."""
    return f"[{', '.join(str(int(place)) for place in index)}]" if index else ""
