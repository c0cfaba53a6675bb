"""One suite of axioms over every formula, and proof that each axiom can fail."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulas import axioms
from formulas.axioms import Axiom, Formula, Seats, Votes, first_witness
from formulas.cases import FORMULAS, HARE, HOMOGENEOUS
from sailau.formulas import DIVISOR_METHODS

MONOTONE = [*DIVISOR_METHODS, "dhondt, first 3/2", "balinski-young-quota"]
EXACT = [HARE, "dhondt", "sainte-lague", "huntington-hill", "adams", "dean", "danish", "balinski-young-quota"]
KEPT_BY: dict[Axiom, list[str]] = {
    axioms.completeness: list(FORMULAS),
    axioms.anonymity: list(FORMULAS),
    axioms.neutrality: list(FORMULAS),
    axioms.balancedness: list(FORMULAS),
    axioms.concordance: list(FORMULAS),
    axioms.decency: HOMOGENEOUS,
    axioms.exactness: EXACT,
    axioms.lower_quota: [HARE, "dhondt", "balinski-young-quota"],
    axioms.upper_quota: [HARE, "adams", "balinski-young-quota"],
    axioms.house_monotonicity: [*DIVISOR_METHODS, "dhondt, first 3/2", "balinski-young-quota"],
    axioms.population_monotonicity: [*DIVISOR_METHODS, "dhondt, first 3/2"],
    axioms.merging: ["dhondt"],
    axioms.splitting: ["adams"],
}
VOTES = st.one_of(
    st.lists(st.integers(0, 6), min_size=1, max_size=5),
    st.lists(st.integers(0, 4000), min_size=1, max_size=6),
)


@pytest.mark.parametrize("name", FORMULAS)
@given(votes=VOTES, seats=st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_formula_keeps_to_its_axioms(name: str, votes: list[int], seats: int) -> None:
    kept = [axiom for axiom, names in KEPT_BY.items() if name in names]
    assert [found for axiom in kept if (found := axiom(FORMULAS[name], tuple(votes), seats))] == []


def _sure(share: Callable[[Votes, int], tuple[int, ...]]) -> Formula:
    """Make a formula without ties."""
    return lambda votes, seats: Seats(share(votes, seats), share(votes, seats))


def _first_takes_all(votes: Votes, seats: int) -> tuple[int, ...]:
    return (seats, *(0 for _ in votes[1:]))


def _smallest_remainder(votes: Votes, seats: int) -> tuple[int, ...]:
    whole = [count * seats // max(sum(votes), 1) for count in votes]
    order = sorted(range(len(votes)), key=lambda i: (votes[i] * seats % max(sum(votes), 1), i))
    for i in order[: seats - sum(whole)]:
        whole[i] += 1
    return tuple(whole)


def _to_the_smallest(votes: Votes, seats: int) -> tuple[int, ...]:
    return tuple(seats if i == votes.index(min(votes)) else 0 for i in range(len(votes)))


def _one_too_few(votes: Votes, seats: int) -> tuple[int, ...]:
    return FORMULAS["dhondt"](votes, max(seats - 1, 0)).least


def _tied_first(votes: Votes, seats: int) -> Seats:
    found = FORMULAS["sainte-lague"](votes, seats)
    return Seats(
        found.least,
        tuple(n + (n == m and i == 0) for i, (n, m) in enumerate(zip(found.least, found.most, strict=True))),
    )


CASES = [((a, b, c), seats) for a in range(1, 9) for b in range(1, 9) for c in (1, 2, 5) for seats in (3, 4, 5, 10)]
MUTANTS: list[tuple[Axiom, Formula, list[tuple[Votes, int]]]] = [
    (axioms.completeness, _sure(_one_too_few), CASES),
    (axioms.anonymity, _sure(_first_takes_all), CASES),
    (axioms.neutrality, _tied_first, CASES),
    (axioms.balancedness, _sure(_first_takes_all), CASES),
    (axioms.concordance, _sure(_to_the_smallest), CASES),
    (axioms.decency, FORMULAS["droop quota, rounded no"], CASES),
    (axioms.exactness, FORMULAS["imperiali-divisor"], CASES),
    (axioms.lower_quota, FORMULAS["adams"], CASES),
    (axioms.upper_quota, FORMULAS["dhondt"], CASES),
    (axioms.house_monotonicity, FORMULAS[HARE], CASES),
    (axioms.population_monotonicity, _sure(_smallest_remainder), CASES),
    (axioms.merging, FORMULAS["adams"], CASES),
    (axioms.splitting, FORMULAS["dhondt"], CASES),
]


@pytest.mark.parametrize(("axiom", "formula", "cases"), [pytest.param(*row, id=row[0].__name__) for row in MUTANTS])
def test_axiom_finds_a_witness_in_a_wrong_formula(
    axiom: Axiom, formula: Formula, cases: list[tuple[Votes, int]]
) -> None:
    witness = first_witness(axiom, formula, cases)
    assert witness is not None
    assert axiom(formula, witness.votes, witness.seats) == witness


def test_every_axiom_is_shown_to_fail() -> None:
    assert {row[0] for row in MUTANTS} == set(KEPT_BY)


def test_largest_remainders_lose_a_seat_in_a_larger_house() -> None:
    """The Alabama paradox with 6, 6 and 2 people: 4, 4, 2 of 10 seats, but 5, 5, 1 of 11."""
    assert FORMULAS[HARE]((6, 6, 2), 10).least == (4, 4, 2)
    assert FORMULAS[HARE]((6, 6, 2), 11).least == (5, 5, 1)
