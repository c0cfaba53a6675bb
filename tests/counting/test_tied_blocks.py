"""Ties in every election of a block: each seat is given once, whatever the length of the block."""

from pathlib import Path

import numpy as np
import pytest

import sailau
from sailau.counting import Plan

LENGTHS = (1, 2, 5, 14, 15, 16, 20, 31, 32, 63, 64, 100, 127, 128, 129, 200, 255, 256, 300, 65_536)


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Two single-member districts with nine parties' candidates each."""
    case: Path = tmp_path_factory.mktemp("tied")
    (case / "case.toml").write_text('law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "Two districts"\n')
    (case / "units.csv").write_text("unit,level\nd1,district\nd2,district\n")
    (case / "parties.csv").write_text("party\n" + "".join(f"p{n}\n" for n in range(9)))
    rows = [f"{unit},single,p{n},{100 - n}\n" for unit in ("d1", "d2") for n in range(9)]
    (case / "returns.csv").write_text("unit,contest,item,count\n" + "".join(rows))
    return sailau.compile(case)


@pytest.mark.parametrize("length", LENGTHS)
def test_one_of_two_equal_candidates_is_elected(districts: Plan, length: int) -> None:
    """Two candidates lead with equal votes in each district of each election; the draw seats one of them."""
    ballot = np.full((2, 9), 10, dtype=np.int64)
    ballot[:, :2] = 500
    seats = np.asarray(districts({"single": np.broadcast_to(ballot, (length, *ballot.shape))}).seats["single"])
    assert (seats[..., :2].sum(axis=-1) == 1).all()
    assert (seats[..., 2:] == 0).all()
