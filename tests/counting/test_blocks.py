"""Blocks of any length, full of ties, in every kind of whole numbers: each election against the oracle, no seat twice."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pyarrow.parquet import read_table

from oracle.blocks import EDGES, check_block, length
from oracle.cases import case, votes
from oracle.elections import DAYS, random_case, random_law
from sailau.counting import compile, count
from sailau.election.model import Decision
from sailau.rulebook import BadInput, amend
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


@pytest.mark.parametrize(("order", "first"), [(["a", "b"], "a"), (["b", "a"], "b")])
def test_a_lot_between_matrices_puts_the_lists_in_an_order(order: list[str], first: str) -> None:
    parties, units = [{"party": p} for p in "ab"], [{"unit": u, "level": "district", "seats_list": 1} for u in "xy"]
    rows = [(unit, "list", party, 10, 1) for unit in "xy" for party in "ab"]
    decided = Decision("authority", "list", "", "quotient", ("a", "b"), tuple(order))
    election = replace(case("ch/zh-kantonsrat", "2023-02-12", rows, parties=parties, units=units), decisions=(decided,))
    outcome = count(election.own_law(), election)
    assert outcome.status == "final"
    assert {d.unit: next(o for o, n in d.seats.items() if n) for d in outcome.contests["list"].districts.values()} == {
        "x": first,
        "y": "ab".replace(first, ""),
    }
    assert [s.values["chosen"] for s in outcome.steps if s.code == "decision"] == [tuple(order)]
    short = replace(election, decisions=(replace(decided, chosen=("a",)),))
    with pytest.raises(BadInput, match="1 chosen; expected all, in the order drawn, of a, b"):
        count(election.own_law(), short)


def test_a_matrix_that_cannot_be_is_a_question_and_stops_no_batch() -> None:
    """List a, with votes in district x alone, is due two seats of the whole, and x has one."""
    parties, units = [{"party": p} for p in "ab"], [{"unit": u, "level": "district", "seats_list": 1} for u in "xy"]
    rows = [("x", "list", "a", 90, 1), ("x", "list", "b", 1, 1), ("y", "list", "a", 0, 1), ("y", "list", "b", 9, 1)]
    election = case("ch/zh-kantonsrat", "2023-02-12", rows, parties=parties, units=units)
    law = election.own_law()
    outcome = count(law, election)
    assert [(q.question, q.unit, q.among, q.seats) for q in outcome.undetermined] == [("no-rule", "", ("a",), 2)]
    assert outcome.explain()
    batch = compile(law, election)({"list": [[[90, 1], [0, 9]], [[10, 1], [1, 10]]]})
    assert batch.seats["list"].tolist() == [[0, 0], [1, 1]]
    assert batch.tied.tolist() == [True, False]


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
