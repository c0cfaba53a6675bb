"""Paradoxes that are found are real: recounted by hand, in fractions."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

import sailau
from sailau.rulebook import BadInput
from sailau.simulation import Witness, find_paradoxes
from sailau.simulation.paradox import KINDS
from sailau.wording.simulation import witness_table


@pytest.fixture(scope="module")
def found() -> dict[str, Witness]:
    plan = sailau.compile("mazhilis-2023")
    return {w.kind: w for w in find_paradoxes(plan, seats=10, seed=1)}


def by_hand(votes: Mapping[str, int], seats: int) -> dict[str, int]:
    """Five per cent of all ballots, largest remainder; alone above it, the next list joins with 7/10 and two seats at least."""
    ballots = sum(votes.values())
    lists = {k: v for k, v in votes.items() if not k.startswith("@")}
    over = {k: v for k, v in lists.items() if Fraction(v, ballots) >= Fraction(1, 20)}
    if len(over) == 1:
        (first,) = over
        second = max((k for k in lists if k != first and lists[k]), key=lambda k: lists[k], default=None)
        if second is None:
            return {first: seats}
        share = Fraction(lists[second] * seats, lists[first] + lists[second]) * Fraction(7, 10)
        gets = min(max(int(share), 2), seats)
        return {first: seats - gets, second: gets}
    quotient = {k: Fraction(v * seats, sum(over.values())) for k, v in over.items()}
    won = {k: int(q) for k, q in quotient.items()}
    rest = sorted(quotient, key=lambda k: won[k] - quotient[k])
    for name in rest[: seats - sum(won.values())]:
        won[name] += 1
    return won


@pytest.mark.parametrize("kind", KINDS)
def test_a_witness_counts_by_hand_as_it_says(found: dict[str, Witness], kind: str) -> None:
    witness = found[kind]
    for place in (0, 1):
        votes = {k: v[place] for k, v in witness.votes.items()}
        seats = {k: v[place] for k, v in witness.seats.items() if v[place]}
        hand = {k: n for k, n in by_hand(votes, witness.house[place]).items() if n}
        assert seats == hand


def test_a_witness_shows_its_paradox(found: dict[str, Witness]) -> None:
    more = found["more-votes-fewer-seats"]
    assert more.votes[more.option][1] > more.votes[more.option][0]
    assert more.seats[more.option][1] < more.seats[more.option][0]
    assert all(v[0] == v[1] for k, v in more.votes.items() if k != more.option)
    larger = found["larger-house-fewer-seats"]
    assert larger.house == (10, 11)
    assert larger.seats[larger.option][1] < larger.seats[larger.option][0]
    assert all(before == after for before, after in larger.votes.values())
    cliff = found["threshold-cliff"]
    assert cliff.votes[cliff.option][1] - cliff.votes[cliff.option][0] == 1
    assert cliff.seats[cliff.option][0] == 0
    assert cliff.seats[cliff.option][1] >= 2


def test_witnesses_are_small_and_the_same_for_the_same_seed(found: dict[str, Witness]) -> None:
    assert sum(v[1] for v in found["larger-house-fewer-seats"].votes.values()) < 40
    again = find_paradoxes(sailau.compile("mazhilis-2023"), seats=10, seed=1, kinds=["larger-house-fewer-seats"])
    assert again[0].to_json() == found["larger-house-fewer-seats"].to_json()


def test_both_counts_are_explained(found: dict[str, Witness]) -> None:
    before, after = found["larger-house-fewer-seats"].outcomes()
    assert {step.code for step in before.steps} >= {"threshold", "quota"}
    assert sum(after.contests["list"].seats.values()) == 11
    for language in ("en", "kk", "ru"):
        table = witness_table(found["larger-house-fewer-seats"], language)
        assert len(table.rows) >= 4
    assert (
        witness_table(found["larger-house-fewer-seats"], "en").title
        != witness_table(found["larger-house-fewer-seats"], "kk").title
    )


def test_a_divisor_law_is_free_of_the_paradoxes_of_quotas() -> None:
    plan = sailau.compile(sailau.law("md/parliament", on="2025-09-28"), sailau.open_case("parlament-2025"))
    kinds = ["larger-house-fewer-seats"]
    assert find_paradoxes(plan, seats=11, kinds=kinds, tries=8000) == []


def test_unknown_kinds_and_cases_without_lists_are_bad_input() -> None:
    with pytest.raises(BadInput, match="a kind of paradox"):
        find_paradoxes(sailau.compile("mazhilis-2023"), kinds=["magic"])
    with pytest.raises(BadInput, match="list vote"):
        find_paradoxes(sailau.compile("referendum-2024"))


def test_a_witness_of_several_districts_is_small() -> None:
    done: list[int] = []
    plan = sailau.compile("snemovna-2021")
    kinds = ["threshold-cliff", "larger-house-fewer-seats"]
    (witness,) = find_paradoxes(plan, kinds=kinds, seed=1, tries=4000, progress=done.append)
    assert done == [1, 2]
    assert witness.kind == "threshold-cliff"
    assert sum(before for before, _ in witness.votes.values()) < 1500
    assert witness.seats[witness.option][0] == 0
    assert witness.seats[witness.option][1] >= 2
