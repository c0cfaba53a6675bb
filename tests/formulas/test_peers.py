"""The same seats as votelib and apportionment where these are exact and nothing is tied."""

import random
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from apportionment import methods as apportionment
from votelib.component import divisor, quota
from votelib.evaluate.core import Tie as VotelibTie
from votelib.evaluate.proportional import HighestAverages, LargestRemainder

from sailau.formulas import allocate, highest_averages, largest_remainder

VOTELIB_QUOTAS = {
    ("hare", "no"): quota.hare,
    ("hare", "nearest"): quota.hare_rounded,
    ("droop", "no"): quota.droop,
    ("hagenbach-bischoff", "no"): quota.hagenbach_bischoff,
    ("hagenbach-bischoff", "up"): quota.hagenbach_bischoff_ceil,
    ("hagenbach-bischoff", "nearest"): quota.hagenbach_bischoff_rounded,
}
VOTELIB_DIVISORS = {
    "dhondt": divisor.d_hondt,
    "sainte-lague": divisor.sainte_lague,
    "modified-sainte-lague": divisor.modified_first_coef(divisor.sainte_lague, Fraction(7, 5)),
    "danish": divisor.danish,
    "imperiali-divisor": divisor.imperiali,
}
APPORTIONMENT = {
    "largest-remainder": "hamilton",
    "dhondt": "dhondt",
    "sainte-lague": "saintelague",
    "adams": "adams",
    "dean": "dean",
    "huntington-hill": "huntington",
    "balinski-young-quota": "quota",
}


def elections(seed: int, number: int = 60) -> Iterator[tuple[list[int], int]]:
    """Yield votes and seats, some small, some large."""
    numbers = random.Random(seed)
    for _ in range(number):
        top = numbers.choice([60, 5_000, 3_000_000])
        yield [numbers.randint(1, top) for _ in range(numbers.randint(2, 9))], numbers.randint(9, 40)


def listed(result: dict[object, int], options: int) -> list[int] | None:
    """Turn votelib's answer into a list; None where it holds a tie."""
    if any(isinstance(key, VotelibTie) for key in result):
        return None
    return [result.get(i, 0) for i in range(options)]


@pytest.mark.parametrize(("name", "rounding"), VOTELIB_QUOTAS)
def test_votelib_agrees_on_quotas(name: str, rounding: str) -> None:
    evaluator = LargestRemainder(VOTELIB_QUOTAS[name, rounding], on_overaward="subtract")
    compared = 0
    for votes, seats in elections(1):
        ours = largest_remainder(np.array(votes), seats, quota=name, round_quota=rounding, workings=True)
        if abs(int(ours.workings.left)) > len(votes):
            continue  # votelib deals no second round
        theirs = listed(evaluator.evaluate(dict(enumerate(votes)), seats), len(votes))
        assert (theirs is None) == bool(ours.open)
        if theirs is not None:
            assert ours.seats.tolist() == theirs
            compared += 1
    assert compared > 30


@pytest.mark.parametrize("method", VOTELIB_DIVISORS)
def test_votelib_agrees_on_divisors(method: str) -> None:
    evaluator = HighestAverages(VOTELIB_DIVISORS[method])
    compared = 0
    for votes, seats in elections(2):
        theirs = listed(evaluator.evaluate(dict(enumerate(votes)), seats), len(votes))
        ours = highest_averages(np.array(votes), seats, method=method)
        assert (theirs is None) == bool(ours.open)
        if theirs is not None:
            assert ours.seats.tolist() == theirs
            compared += 1
    assert compared > 30


@pytest.mark.parametrize("method", APPORTIONMENT)
def test_apportionment_agrees(method: str) -> None:
    compared = 0
    for votes, seats in elections(3):
        ours, tied = allocate(votes, seats, method, ties="report")
        if not tied.any():
            theirs = apportionment.compute(APPORTIONMENT[method], votes, seats, fractions=True)
            assert ours.tolist() == theirs
            compared += 1
    assert compared > 30
