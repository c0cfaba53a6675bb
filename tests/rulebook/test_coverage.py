"""How much of a book was read: counted once a version, inside tables too, and only what concerns the body."""

from pathlib import Path

import pytest

from sailau.rulebook import books, load
from sailau.rulebook.book import read
from sailau.rulebook.coverage import coverage

BOOK = """
schema = 1
[body]
id = "xx/chamber"
kind = "chamber"
name = { en = "Chamber" }
cite = "Act 1"
[sources.Act]
title = { en = "Act" }
[[contest]]
id = "list"
ballot = "list"
cite = "Act 2"
read = 2001-05-01
[[tier]]
id = "list"
contest = "list"
cite = "Act 3"
confidence = "unverified"
seats = { value = 5, cite = "Act 4" }
formula = [{ method = "dhondt", cite = "Act 5", read = 1999-01-01 }, { from = 2005-01-01, method = "adams", cite = "Act 6" }]
[[condition]]
id = "elsewhere"
bodies = ["xx/other"]
cite = "Act 7"
[[held]]
id = "first"
cite = "Act 8"
"""


def test_every_version_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "chamber.toml"
    path.write_text(BOOK, encoding="utf-8")
    found = coverage(read(path))
    assert found.provisions == 6
    assert found.by_confidence == {"statute": 5, "reported": 0, "secondary": 0, "unverified": 1}
    assert (found.edition, found.bare) == (2, 3)
    assert (str(found.oldest), str(found.newest)) == ("1999-01-01", "2001-05-01")
    assert found.to_json()["oldest"] == "1999-01-01"


def test_what_can_never_govern_a_body_is_not_counted(tmp_path: Path) -> None:
    """Of two wages the first ends before the body begins; of two versions of a rule the second begins after its end."""
    wages = "".join(f'[[wage]]\nid = "w{y}"\nsince = {y}-01-01\ncite = "Act 9"\n' for y in (2000, 2001, 2010))
    rules = "".join(
        f'[[voting]]\nid = "hours"\nfrom = {day}\ncite = "Act 10"\n' for day in ("1990-01-01", "2010-01-01")
    )
    span = 'kind = "chamber"\nfrom = 2005-01-01\nuntil = 2010-01-01\n'
    path = tmp_path / "chamber.toml"
    path.write_text(BOOK.replace('kind = "chamber"\n', span) + wages + rules, encoding="utf-8")
    assert coverage(read(path)).provisions == 6 + 1 + 1


@pytest.mark.parametrize("name", books())
def test_what_names_an_edition_was_read_in_the_law(name: str) -> None:
    found = coverage(load(name))
    assert sum(found.by_confidence.values()) == found.provisions
    assert found.bare <= found.by_confidence["statute"]


def test_every_rule_of_the_newest_chamber_was_read_in_a_named_edition() -> None:
    found = coverage(load("kz/kurultai"))
    assert found.bare == 0
    assert found.by_confidence["statute"] >= 0.95 * found.provisions


@pytest.mark.parametrize("name", ["kz/mazhilis", "kz/president", "kz/senate", "kz/kurultai"])
def test_nineteen_of_twenty_provisions_of_the_national_bodies_were_read_in_the_text(name: str) -> None:
    found = coverage(load(name))
    assert found.by_confidence["statute"] * 20 >= found.provisions * 19
    assert found.bare == 0
