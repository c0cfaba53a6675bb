"""Laws with their parts on conduct, read from a copy of the books so that tests may change them."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import lru_cache
from pathlib import Path

from sailau.election.model import Candidate, Election, Party
from sailau.rulebook import Law
from sailau.rulebook.book import BOOKS, Book, read

DAYS = {
    "mazhilis": "2023-03-19",
    "kurultai": "2026-08-23",
    "maslikhat-region": "2023-03-19",
    "maslikhat-district": "2023-03-19",
    "president": "2022-11-20",
    "senate": "2023-01-14",
    "akim": "2023-11-05",
    "referendum": "2026-03-15",
}


@lru_cache(maxsize=1)
def folder() -> Path:
    """Return a copy of the books."""
    place = Path(tempfile.mkdtemp()) / "books"
    shutil.copytree(BOOKS / "kz", place)
    return place


@lru_cache(maxsize=16)
def book(name: str) -> Book:
    return read(folder() / f"{name}.toml")


@lru_cache(maxsize=32)
def law(name: str, day: str = "") -> Law:
    return book(name).on(date.fromisoformat(day or DAYS[name]))


def election(name: str, candidates: list[Candidate], parties: list[Party] | None = None, **more: object) -> Election:
    return Election(
        name="constructed",
        law=f"kz/{name}",
        day=law(name).day,
        titles={"en": "constructed"},
        parties={p.id: p for p in parties or []},
        candidates={c.id: c for c in candidates},
        **more,  # type: ignore[arg-type]
    )
