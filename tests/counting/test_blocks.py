"""Blocks of any length, full of ties, in every kind of whole numbers: each election against the oracle, no seat twice."""

from pathlib import Path
from random import Random

import pytest
from pyarrow.parquet import read_table

from oracle.blocks import EDGES, check_block, length
from oracle.cases import case, votes
from oracle.elections import DAYS, random_case, random_law
from sailau.counting import compile, count
from sailau.rulebook import amend
from sailau.simulation import simulate

MOST_VOTES = {"cz/chamber": 400, "no/storting": 400}
LONGEST = {"ch/zh-kantonsrat": 129}
"""A matrix is computed election by election."""
SECOND_ROUNDS = ("cz/senate", "kz/president", "kz/senate", "lt/seimas", "md/president")
"""Who goes on to a second round is found election by election."""


def longest(law: str) -> int:
    return LONGEST.get(law, 257 if law in SECOND_ROUNDS else EDGES[-1])


@pytest.mark.parametrize("law", sorted(DAYS))
def test_blocks_of_any_length(law: str) -> None:
    for seed in range(4):
        random = Random(f"{law} {seed}")
        now = random_law(random, law, amended=bool(seed % 2))
        size = length(random, longest(law))
        assert check_block(random, now, random_case(random, now), size, 6, MOST_VOTES.get(law, 6)) == [], (seed, size)


@pytest.mark.parametrize("law", sorted(DAYS))
@pytest.mark.parametrize("size", [1, 16, 17, 127, 128, 129, 255, 256, 257])
def test_edges_of_a_byte(law: str, size: int) -> None:
    size = min(size, longest(law))
    random = Random(f"{law} {size}")
    now = random_law(random, law, amended=False)
    assert check_block(random, now, random_case(random, now), size, 2, MOST_VOTES.get(law, 6)) == []


def test_a_matrix_of_which_another_is_as_good_is_tied() -> None:
    parties, units = [{"party": p} for p in "ab"], [{"unit": u, "level": "district", "seats_list": 1} for u in "xy"]
    rows = [(unit, "list", party, 10, 1) for unit in "xy" for party in "ab"]
    election = case("ch/zh-kantonsrat", "2023-02-12", rows, parties=parties, units=units)
    outcome = count(election.own_law(), election)
    assert (outcome.status, outcome.undetermined[0].seats) == ("undetermined", 2)
    assert not any(any(district.seats.values()) for district in outcome.contests["list"].districts.values())
    batch = compile(election.own_law(), election)({"list": [[[10, 10], [10, 10]], [[10, 1], [1, 10]]]})
    assert batch.tied.tolist() == [True, False]
    assert batch.seats["list"].tolist() == [[1, 1], [1, 1]]


def test_a_matrix_in_which_nobody_takes_part_is_a_question() -> None:
    parties = [{"party": p} for p in "abc"]
    units = [{"unit": "x", "level": "district", "seats_list": 2}]
    rows = [("x", "list", party, 10, 1) for party in "abc"]
    election = case("ch/zh-kantonsrat", "2023-02-12", rows, parties=parties, units=units)
    law = amend(election.own_law(), {"list.threshold.share": "50%"})
    asked = count(law, election).undetermined
    assert [(q.question, q.unit, q.seats) for q in asked] == [("no-rule", "", 2)]
    assert compile(law, election)({"list": [[[10, 10, 10]], [[5, 10, 90]]]}).seats["list"].tolist() == [
        [0, 0, 0],
        [0, 0, 2],
    ]


@pytest.mark.parametrize("draws", [20, 127, 129, 600])
def test_a_simulation_full_of_ties_gives_one_seat_in_every_draw(tmp_path: Path, draws: int) -> None:
    persons = [{"candidate": f"c{n}", "contest": "akim", "unit": "v"} for n in range(9)]
    rows = votes("akim", {"c0": 3, "c1": 3, **{f"c{n}": 0 for n in range(2, 9)}}, "v")
    election = case("kz/akim", "2023-11-05", rows, candidates=persons, units=[{"unit": "v", "level": "district"}])
    path = tmp_path / "draws.parquet"
    simulate(election, draws=draws, seed=3, parquet=path, threads=1)
    table = read_table(path).to_pydict()
    seats = [table[name] for name in table if name.startswith("seats:law:")]
    assert sum(table["tied:law"]) > draws / 10
    assert {sum(draw) for draw in zip(*seats, strict=True)} == {1}
