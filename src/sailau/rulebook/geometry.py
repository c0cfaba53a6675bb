"""Outlines of a country's regions, kept as data beside its rule books and dated like them: for pictures, never for a rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

BOOKS = Path(__file__).parent / "books"


@dataclass(frozen=True, slots=True)
class Geometry:
    """The regions of a country on a day.

    Attributes:
        size: width and height of the picture.
        areas: code of a region → its outline, as a path of SVG.
        marks: code → where a region stands that is too small for its outline to be seen.
        source: whom to name under a picture.
    """

    size: tuple[int, int]
    areas: Mapping[str, str]
    marks: Mapping[str, tuple[float, float]]
    source: str


@lru_cache(maxsize=8)
def _maps(country: str) -> tuple[Mapping[str, Any], ...]:
    path = BOOKS / country / "map.json"
    if not path.is_file():
        return ()
    held = json.loads(path.read_text(encoding="utf-8"))
    return tuple({**entry, "source": held["source"]} for entry in held["maps"])


def geometry(law: str, day: date) -> Geometry | None:
    """Return the regions of the country of a law on a day; None where there are no outlines.

    Args:
        law: id of a law, `xx/chamber`.
        day: of the vote.
    """
    for entry in _maps(law.partition("/")[0]):
        since, until = entry.get("from", "0001-01-01"), entry.get("until", "9999-12-31")
        if since <= day.isoformat() < until:
            marks = {code: (x, y) for code, (x, y) in entry["marks"].items()}
            return Geometry((entry["wide"], entry["high"]), entry["areas"], marks, entry["source"])
    return None
