"""Constructed cases for the room: a folder as a person would write it, counted under a shipped law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sailau.counting import Outcome, count
from sailau.election import open_case


def case(folder: Path, law: str, day: str, files: Mapping[str, str]) -> Outcome:
    """Write a case and count it under its own law."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_text(f'law = "{law}"\nday = {day}\n[title]\nen = "constructed"\n', encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    election = open_case(folder)
    return count(election.own_law(), election)


def lines(header: str, rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV text."""
    return "\n".join([header, *(",".join("" if v is None else str(v) for v in row) for row in rows)]) + "\n"


def parties(*names: str) -> str:
    return lines("party,short", ((name, name) for name in names))


def mazhilis(folder: Path, people: Iterable[Iterable[object]], *, columns: str = "", votes: int = 60) -> Outcome:
    """Two lists at the election of 2023: `ours` with so many of 100 votes and the persons given, and `theirs`."""
    header = "candidate,contest,unit,party,position,name,sex,birth_date" + columns
    files = {
        "parties.csv": parties("ours", "theirs"),
        "candidates.csv": lines(header, people),
        "returns.csv": lines(
            "unit,contest,item,count", [("", "list", "ours", votes * 100), ("", "list", "theirs", (100 - votes) * 100)]
        ),
    }
    return case(folder, "kz/mazhilis", "2023-03-19", files)


def listed(names: Iterable[str], sexes: str, born: str = "1970-01-01") -> list[tuple[object, ...]]:
    """Return rows of the list of `ours`: ids p1, p2 … in the order of the list."""
    return [
        (f"p{place}", "list", "", "ours", place, name, sex, born)
        for place, (name, sex) in enumerate(zip(names, sexes, strict=True), 1)
    ]
