"""Votes to seats: one exact, vectorised implementation of every formula, without laws, countries or files.

The functions here take options first, `(options, ...)`, with any batch axes after them, and check nothing;
`allocate` is the checked door with options last.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sailau.formulas.allocation import (
    Allocation,
    DivisorWorkings,
    LargestWorkings,
    QuotaWorkings,
    Tie,
    Workings,
    draw,
    settle,
)
from sailau.formulas.majority import absolute_majority, at_least, more_than, most_votes

if TYPE_CHECKING:
    from sailau.formulas.divisor import DIVISOR_METHODS, Divisors, divisors, highest_averages
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
    "LargestWorkings",
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
_MODULES = {
    **dict.fromkeys(("DIVISOR_METHODS", "Divisors", "divisors", "highest_averages"), "divisor"),
    **dict.fromkeys(("METHODS", "allocate"), "public"),
    **dict.fromkeys(("QUOTAS", "QUOTA_ROUNDINGS", "largest_remainder"), "quota"),
    "balinski_young": "quota_method",
}


def __getattr__(name: str) -> Any:
    """Load a method when it is first used: a count reads only those that its law names."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
