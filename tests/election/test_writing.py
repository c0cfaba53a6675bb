"""A case that is written back and read again is the same election."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sailau.election import Election, open_case, save_case, shipped
from sailau.rulebook import BadInput


def same(one: Election, other: Election) -> list[str]:
    """Return the fields in which two elections differ, name, files and book aside."""
    differing = []
    for field in fields(Election):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("name", "files", "book"):
            continue
        if field.name == "returns":
            lines = [
                [
                    (r.contests[c], r.units[u], r.items[i], n, x)
                    for c, u, i, n, x in zip(r.contest, r.unit, r.item, r.count, r.round, strict=True)
                ]
                for r in (mine, theirs)
            ]
            if lines[0] != lines[1]:
                differing.append(field.name)
        elif field.name in ("declared", "official"):
            if [(a.contest, a.unit, a.option, a.seats) for a in mine] != [
                (a.contest, a.unit, a.option, a.seats) for a in theirs
            ]:
                differing.append(field.name)
        elif mine != theirs:
            differing.append(field.name)
    return differing


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_case_survives_writing(name: str, tmp_path: Path) -> None:
    election = open_case(name)
    again = open_case(save_case(election, tmp_path / name))
    assert same(election, again) == []


def test_a_changed_count_is_seen(tmp_path: Path) -> None:
    election = open_case(shipped()[0])
    path = save_case(election, tmp_path / "case")
    text = (path / "returns.csv").read_text("utf-8")
    first = str(int(np.max(election.returns.count)))
    (path / "returns.csv").write_text(text.replace(f",{first}", f",{int(first) + 1}", 1), encoding="utf-8")
    assert same(election, open_case(path)) == ["returns"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(BadInput, match="not empty"):
        save_case(open_case(shipped()[0]), tmp_path)


@pytest.mark.parametrize("name", ['q"uo', "a\\b", "x\x7f", "Қазақ сайлауы", "{law}"])
def test_a_new_case_of_any_name_is_sound(tmp_path: Path, name: str) -> None:
    from datetime import date

    from sailau.election.template import write_case
    from sailau.rulebook import load

    made = open_case(write_case(tmp_path / name, load("kz/mazhilis"), date(2023, 3, 19)))
    assert made.titles["en"] == name.capitalize()
