"""All formulas under one face, and what the tests share to compare them."""

from collections.abc import Callable
from functools import partial

import numpy as np

from formulas.axioms import Formula, Seats, Votes
from oracle import formulas as oracle
from sailau.formulas import (
    DIVISOR_METHODS,
    QUOTA_ROUNDINGS,
    QUOTAS,
    Allocation,
    balinski_young,
    highest_averages,
    largest_remainder,
)


def span(allocation: Allocation) -> Seats:
    """Return the least and the most seats of each option of a single election with votes."""
    least = tuple(allocation.seats.tolist())
    return Seats(least, tuple(n + int(t) for n, t in zip(least, allocation.tied.tolist(), strict=True)))


def _face(kernel: Callable[..., Allocation], votes: Votes, seats: int) -> Seats:
    return span(kernel(np.array(votes), seats))


KERNELS: dict[str, Callable[..., Allocation]] = {
    **{
        f"{quota} quota, rounded {rounding}": partial(largest_remainder, quota=quota, round_quota=rounding)
        for quota in QUOTAS
        for rounding in QUOTA_ROUNDINGS
    },
    **{method: partial(highest_averages, method=method) for method in DIVISOR_METHODS},
    "dhondt, first 3/2": partial(highest_averages, method="dhondt", first=(3, 2)),
    "balinski-young-quota": balinski_young,
}
FORMULAS: dict[str, Formula] = {name: partial(_face, kernel) for name, kernel in KERNELS.items()}
HARE = "hare quota, rounded no"
HOMOGENEOUS = [
    name for name in FORMULAS if (name.endswith("rounded no") and not name.startswith("droop")) or "quota," not in name
]


def same(allocation: Allocation, expected: oracle.Verdict) -> bool:
    """Compare a single election with the oracle: seats, tied options, open seats."""
    return (
        tuple(allocation.seats.tolist()) == expected.seats
        and tuple(allocation.tied.tolist()) == expected.tied
        and int(allocation.open) == expected.open
    )
