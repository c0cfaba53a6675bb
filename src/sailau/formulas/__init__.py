"""Votes to seats: one exact, vectorised implementation of every formula, without laws, countries or files.

The functions here take options first, `(options, ...)`, with any batch axes after them, and check nothing;
`allocate` is the checked door with options last.
"""

from sailau.formulas.allocation import (
    Allocation,
    DivisorWorkings,
    MajorityWorkings,
    QuotaWorkings,
    Tie,
    Workings,
    draw,
    settle,
)
from sailau.formulas.divisor import DIVISOR_METHODS, Divisors, divisors, highest_averages
from sailau.formulas.majority import absolute_majority, at_least, more_than, most_votes
from sailau.formulas.public import METHODS, allocate
from sailau.formulas.quota import QUOTA_ROUNDINGS, QUOTAS, largest_remainder
from sailau.formulas.quota_method import balinski_young

__all__ = [
    "DIVISOR_METHODS",
    "METHODS",
    "QUOTAS",
    "QUOTA_ROUNDINGS",
    "Allocation",
    "DivisorWorkings",
    "Divisors",
    "MajorityWorkings",
    "QuotaWorkings",
    "Tie",
    "Workings",
    "absolute_majority",
    "allocate",
    "at_least",
    "balinski_young",
    "divisors",
    "draw",
    "highest_averages",
    "largest_remainder",
    "more_than",
    "most_votes",
    "settle",
]
