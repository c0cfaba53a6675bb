"""What holds of every election: no order, no name and no list without votes matters; more votes never cost a seat; sums hold.

A method of largest remainders is not monotone in the size of the house (Alabama) nor in votes when others change too; with
the votes of all others as they are, more votes never cost a list a seat. With a bar, or where votes of lists under it are
shared, more votes can bring another list in, so that the property is stated without a bar.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sailau
from oracle.cases import case, votes
from sailau.election import Election
from sailau.rulebook import amend

DIVISORS = (
    "dhondt",
    "sainte-lague",
    "modified-sainte-lague",
    "huntington-hill",
    "adams",
    "danish",
    "imperiali-divisor",
)
FIGURES = st.lists(st.integers(0, 400), min_size=2, max_size=6).filter(any)
SEATS = st.integers(1, 25)


def lists(figures: dict[str, int], unit: str = "", parties: list[str] | None = None) -> Election:
    known = [{"party": name, "registered": f"2023-01-{10 + n:02}"} for n, name in enumerate(parties or sorted(figures))]
    return case("kz/mazhilis", "2023-03-19", votes("list", figures, unit), parties=known)


def counted(election: Election, **changes: str | int) -> tuple[dict[str, int], list[tuple[str, frozenset[str], int]]]:
    """Return seats of the list vote of those who have any, and what is open."""
    law = amend(election.own_law(), {f"list.{key.replace('_', '.')}": value for key, value in changes.items()})
    outcome = sailau.count(law, election)
    seats = {option: number for option, number in outcome.contests["list"].seats.items() if number}
    return seats, sorted((q.question, frozenset(q.among), q.seats) for q in outcome.undetermined)


@settings(max_examples=12)
@given(FIGURES, SEATS, st.randoms(use_true_random=False))
def test_order_and_names_of_lists_never_matter(figures: list[int], seats: int, random: Random) -> None:
    names = [f"p{n}" for n in range(len(figures))]
    held = dict(zip(names, figures, strict=True))
    mine = counted(lists(held, parties=names), seats=seats)
    rows = list(held.items())
    random.shuffle(rows)
    shuffled = names.copy()
    random.shuffle(shuffled)
    election = lists(dict(rows), parties=names)
    assert counted(election, seats=seats) == mine
    # Dates of registration, which the law asks for, go with the list and not with its name.
    renamed = dict(zip(names, shuffled, strict=True))
    other = lists({renamed[n]: v for n, v in rows}, parties=[renamed[n] for n in names])
    found, asked = counted(other, seats=seats)
    assert found == {renamed[n]: s for n, s in mine[0].items()}
    assert asked == sorted((kind, frozenset(renamed[n] for n in among), s) for kind, among, s in mine[1])


@settings(max_examples=12)
@given(FIGURES, SEATS)
def test_a_list_without_votes_changes_nothing(figures: list[int], seats: int) -> None:
    held = {f"p{n}": v for n, v in enumerate(figures)}
    names = [*held, "nobody"]
    without, with_one = lists(held, parties=names), lists({**held, "nobody": 0}, parties=names)
    first, second = counted(without, seats=seats), counted(with_one, seats=seats)
    assert first[0] == second[0]
    if not any(kind == "no-rule" for kind, _, _ in first[1]):
        assert first[1] == second[1]


@pytest.mark.parametrize("method", DIVISORS)
@settings(max_examples=20)
@given(figures=FIGURES, seats=SEATS, more=st.integers(1, 300), at=st.integers(0, 5), house=st.booleans())
def test_more_votes_or_seats_never_cost_a_seat_under_divisors(
    method: str, figures: list[int], seats: int, more: int, at: int, house: bool
) -> None:
    at %= len(figures)
    lucky = np.arange(len(figures))
    grown = [v + more * (n == at) for n, v in enumerate(figures)]
    before = sailau.allocate(figures, seats, method=method, ties=lucky)
    assert sailau.allocate(grown, seats, method=method, ties=lucky)[at] >= before[at]
    assert (sailau.allocate(figures, seats + 1, method=method, ties=lucky) >= before).all()


@pytest.mark.parametrize("quota", ["hare", "droop", "hagenbach-bischoff", "imperiali"])
@settings(max_examples=20)
@given(figures=FIGURES, seats=SEATS, more=st.integers(1, 300), at=st.integers(0, 5))
def test_more_votes_alone_never_cost_a_seat_under_quotas(
    quota: str, figures: list[int], seats: int, more: int, at: int
) -> None:
    at %= len(figures)
    grown = [v + more * (n == at) for n, v in enumerate(figures)]
    order = np.arange(len(figures))
    before, after = (sailau.allocate(v, seats, quota=quota, ties=order) for v in (figures, grown))
    assert after[at] >= before[at]


def test_a_larger_house_can_cost_a_seat_under_quotas() -> None:
    """Why the property above says nothing of the house: the paradox of Alabama."""
    small, large = (sailau.allocate([6, 6, 2], seats) for seats in (10, 11))
    assert (small[2], large[2]) == (2, 1)


@settings(max_examples=12)
@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any), min_size=1, max_size=5))
def test_districts_and_their_sum_are_the_same_whole(parts: list[list[int]]) -> None:
    names = ("a", "b", "c")
    whole = {name: sum(part[n] for part in parts) for n, name in enumerate(names)}
    units = [{"unit": f"r{n}", "level": "region"} for n in range(len(parts))]
    known = [{"party": name, "registered": f"2023-01-1{n}"} for n, name in enumerate(names)]
    rows = [row for n, part in enumerate(parts) for row in votes("list", dict(zip(names, part, strict=True)), f"r{n}")]
    assert counted(case("kz/mazhilis", "2023-03-19", rows, parties=known, units=units)) == counted(
        lists(whole, parties=list(names))
    )
    shuffled = [*reversed(rows)]
    assert counted(case("kz/mazhilis", "2023-03-19", shuffled, parties=known, units=units[::-1])) == counted(
        lists(whole, parties=list(names))
    )


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_every_single_member_district_stands_alone(parts: list[list[int]]) -> None:
    def single(chosen: list[tuple[str, list[int]]]) -> dict[str, dict[str, int]]:
        units = [{"unit": unit, "level": "district"} for unit, _ in chosen]
        persons = [{"candidate": f"{u}-{n}", "contest": "single", "unit": u} for u, part in chosen for n in range(3)]
        rows = [r for u, part in chosen for r in votes("single", {f"{u}-{n}": v for n, v in enumerate(part)}, u)]
        election = case("kz/mazhilis", "2023-03-19", rows, units=units, candidates=persons)
        found = sailau.count(election).contests["single"].districts
        return {unit: dict(district.seats) for unit, district in found.items()}

    places = [(f"d{n}", part) for n, part in enumerate(parts)]
    together = single(places) if any(any(part) for part in parts) else {}
    assert single(places[::-1]) == together or not together
    for unit, part in places:
        if any(part) and together:
            assert single([(unit, part)])[unit] == together[unit]
            assert sum(together[unit].values()) <= 1
