"""Many elections, and one election under many laws: drawing, what-if, comparison."""

from sailau.simulation.compare import Comparison, compare, compare_at

__all__ = ["Comparison", "compare", "compare_at"]
