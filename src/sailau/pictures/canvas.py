"""A canvas measured in inches, and panels on it: what many small charts share in place of axes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"


@dataclass(frozen=True)
class Box:
    """A panel on the canvas, in inches, and what its edges stand for."""

    left: float
    bottom: float
    width: float
    height: float
    low: float
    high: float
    tallest: float

    def across(self, value: Any) -> Any:
        """Return where a number of seats stands."""
        return self.left + (value - self.low) / (self.high - self.low) * self.width

    def up(self, value: Any) -> Any:
        """Return how high a share of the elections stands."""
        return self.bottom + value / self.tallest * self.height


class Canvas:
    """A figure measured in inches; shapes of one kind are drawn together."""

    def __init__(self, figure: Figure, height: float) -> None:
        self.figure, self.height = figure, height
        self.bars: list[tuple[Any, str]] = []
        self.lines: dict[tuple[Any, ...], list[Any]] = {}

    def write(self, x: float, y: float, words: str, size: float, color: str = INK, **how: Any) -> None:
        """Write a line of text."""
        inches = self.figure.dpi_scale_trans
        self.figure.text(x, y, words, fontsize=size, color=color, transform=inches, **how)

    def line(self, points: Any, color: str, width: float, dashes: Any = "-", order: int = 1) -> None:
        """Draw a line through points (x, y)."""
        self.lines.setdefault((color, width, dashes, order), []).append(points)

    def finish(self) -> Figure:
        """Put all shapes on the figure."""
        from matplotlib.collections import LineCollection, PolyCollection

        inches = self.figure.dpi_scale_trans
        shapes, colors = [shape for shape, _ in self.bars], [color for _, color in self.bars]
        bars = PolyCollection(shapes, facecolors=colors, linewidths=0, zorder=2, transform=inches)
        self.figure.add_artist(bars)
        for (color, width, dashes, order), segments in self.lines.items():
            style: dict[str, Any] = {"colors": color, "linewidths": width, "linestyles": [dashes]}
            self.figure.add_artist(LineCollection(segments, zorder=order, transform=inches, **style))
        return self.figure
