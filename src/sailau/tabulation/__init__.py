"""Tabulation: returns added up and checked. Knows nothing of seats."""

from sailau.tabulation.totals import Tabulation, Totals, tabulate

__all__ = ["Tabulation", "Totals", "tabulate"]
