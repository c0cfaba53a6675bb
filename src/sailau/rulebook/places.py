"""Where something stands in a TOML text: the lines that faults name. No library gives them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_HEADER = re.compile(r"\s*\[(\[)?([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-\".]+)\s*=")
_INLINE = 100
"""Inline tables of one list that are looked for one by one."""

Mark = tuple[int, str, tuple[str, ...]]
"""Line, what stands there (`table`, `array`, `key`, `inline`), and the names of its key."""


@lru_cache(maxsize=16)
def _marks(text: str) -> tuple[Mark, ...]:
    """Return the lines of a text that name something."""
    marks: list[Mark] = []
    for number, raw in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(raw):
            names = tuple(n.strip().strip('"') for n in header.group(2).split("."))
            marks.append((number, "array" if header.group(1) else "table", names))
        elif match := _KEY.match(raw):
            marks.append((number, "key", tuple(match.group(1).replace('"', "").split("."))))
        elif raw.lstrip().startswith("{"):
            marks.append((number, "inline", ()))
    return tuple(marks)


def things_in(text: str, name: str) -> list[int]:
    """Return the lines of all headers `[[name]]` of a text."""
    return [line for line, kind, names in _marks(text) if kind == "array" and names == (name,)]


def lines_of_things(text: str, name: str, number: int) -> list[int]:
    """Return the line of each of so many tables of one list, written as `[[name]]` or inline."""
    lines = things_in(text, name)
    if len(lines) == number:
        return lines
    return [locate(text, (name, place)) if number <= _INLINE else locate(text, (name,)) for place in range(number)]


def locate(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) on which the key `path` of a TOML text stands, the nearest one above it, or 0.

    Good enough for an error message: it reads headers and keys line by line and counts the tables of an array.
    """
    best, depth = 0, 0
    here: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, kind, names in _marks(text):
        if kind in ("table", "array"):
            here = _header_path(names, kind == "array", counts)
            key = here
        elif kind == "key":
            key = (*here, *names)
        elif best and depth and len(path) > depth:
            key = _next_item(path, depth, counts)
        else:
            continue
        common = _common(key, path)
        if (common == len(key) and common > depth) or (common == len(path) and not best):
            best, depth = number, common
            if common == len(path):
                return best
    return best


def _header_path(
    names: tuple[str, ...], array: bool, counts: dict[tuple[str | int, ...], int]
) -> tuple[str | int, ...]:
    path: tuple[str | int, ...] = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if place == len(names) - 1 and array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _next_item(
    path: Sequence[str | int], depth: int, counts: dict[tuple[str | int, ...], int]
) -> tuple[str | int, ...]:
    """Return the path of the next inline table inside the array whose key was found last."""
    array = tuple(path[:depth]) if isinstance(path[depth], int) else tuple(path[: depth - 1])
    counts[array] = counts.get(array, -1) + 1
    return (*array, counts[array])


def _common(key: Sequence[str | int], path: Sequence[str | int]) -> int:
    shared = 0
    for mine, other in zip(key, path, strict=False):
        if mine != other:
            break
        shared += 1
    return shared
