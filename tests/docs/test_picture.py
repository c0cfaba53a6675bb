"""The picture of README.md is drawn from today's count."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
sys.path.insert(0, str(PICTURES))
import seats  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_fresh() -> None:
    assert seats.FILE.read_text(encoding="utf-8") == seats.picture(), "stale: run python docs/pictures/seats.py"


def test_the_picture_shows_as_many_squares_as_there_are_seats() -> None:
    squares = [r for r in ElementTree.fromstring(seats.picture()).iter(f"{SVG}rect") if r.get("width") == "12"]
    filled = [r for r in squares if r.get("fill") != "none" and r.get("opacity") is None]
    won = [r for r in squares if r.get("stroke-width") == "1.6"]
    assert (len(filled), len(won)) == (67, 2)


@pytest.mark.parametrize(
    ("share", "shown"), [("1/20", "5.00 %"), ("1/3", "33.33 %"), ("2/3", "66.67 %"), ("1/80000", "0.00 %")]
)
def test_percentages_are_rounded_from_exact_shares(share: str, shown: str) -> None:
    assert seats.percent(seats.Fraction(share)) == shown
