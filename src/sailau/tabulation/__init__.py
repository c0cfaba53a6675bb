"""Tabulation: returns added up and checked. Knows nothing of seats."""

from sailau.tabulation.bases import FALLBACK, OTHERS_LINE, VALID_LINES, base_of, lines_of
from sailau.tabulation.protocols import Exclusion
from sailau.tabulation.totals import Tabulation, Totals, awaited, tabulate

__all__ = [
    "FALLBACK",
    "OTHERS_LINE",
    "VALID_LINES",
    "Exclusion",
    "Tabulation",
    "Totals",
    "awaited",
    "base_of",
    "lines_of",
    "tabulate",
]
