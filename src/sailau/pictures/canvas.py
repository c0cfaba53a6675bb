"""A canvas measured in inches, and panels on it: what many small charts share in place of axes of their own.

What is on it is plain data with two ways out: an SVG, written as it stands, or a figure of matplotlib, for pixels. Words are
placed by their baseline, so that both look the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, EDGE = "#222222", "#444444"
"""Colours of words, and of axes and the numbers on them."""
FAMILIES = "'DejaVu Sans', Verdana, sans-serif"
"""What an SVG is set in where DejaVu is missing: Verdana has the same widths."""
SOLID: tuple[float, ...] = ()
_POINTS = 72
"""Points of an inch."""
_DROP = {"baseline": 0.0, "middle": 0.365, "top": 0.76}
"""How far below its height a word's baseline is, in sizes of its type: half a capital, a capital with a little air."""
_BARS = 2
"""Where bars are among the lines, which say in what order they are drawn."""

_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

Points = Sequence[tuple[float, float]]


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


@dataclass(frozen=True)
class _Words:
    x: float
    y: float
    words: str
    size: float
    color: str
    anchor: Literal["start", "middle", "end"]
    bold: bool
    turned: bool


@dataclass(frozen=True)
class _Stroke:
    order: int
    color: str
    width: float
    dashes: tuple[float, ...]


class Canvas:
    """Bars, lines and words on a white sheet; (0, 0) is at the bottom left."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.bars: dict[str, list[tuple[float, float, float, float]]] = {}
        self.lines: dict[_Stroke, list[Points]] = {}
        self.texts: list[_Words] = []

    def write(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        color: str = INK,
        *,
        anchor: Literal["start", "middle", "end"] = "start",
        at: Literal["baseline", "middle", "top"] = "baseline",
        bold: bool = False,
        turned: bool = False,
    ) -> None:
        """Write a line of text.

        Args:
            x: where its anchor is.
            y: where its height is.
            words: the text.
            size: of its type, in points.
            color: of its type.
            anchor: which of its ends is at x.
            at: what of it is at y.
            bold: whether its type is.
            turned: by a quarter to the left; its anchor is then on y, and what `at` says on x.
        """
        drop = _DROP[at] * size / _POINTS
        place = (x + drop, y) if turned else (x, y - drop)
        self.texts.append(_Words(*place, words, size, color, anchor, bold, turned))

    def bar(self, left: float, bottom: float, right: float, top: float, color: str) -> None:
        """Draw a filled bar."""
        self.bars.setdefault(color, []).append((left, bottom, right, top))

    def line(self, points: Points, color: str, width: float, dashes: tuple[float, ...] = SOLID, order: int = 1) -> None:
        """Draw a line through points (x, y); widths are in points, dashes in widths of the line."""
        self.lines.setdefault(_Stroke(order, color, width, dashes), []).append(points)

    # ------------------------------------------------------------------ as SVG

    def svg(self, title: str, language: str) -> str:
        """Return the sheet as an SVG whose words stay words: a desk can set them in its own type, a reader can read them."""
        wide, high = _short(self.width * _POINTS), _short(self.height * _POINTS)
        strokes = sorted(self.lines.items(), key=lambda item: item[0].order)
        under = [self._stroke(*item) for item in strokes if item[0].order < _BARS]
        over = [self._stroke(*item) for item in strokes if item[0].order >= _BARS]
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
            f' role="img" aria-label="{_escaped(title)}" xml:lang="{language}">',
            f"<title>{_escaped(title)}</title>",
            f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
            '<g fill="none">',
            *under,
            "</g>",
            *(f'<path fill="{color}" d="{"".join(map(self._bar, bars))}"/>' for color, bars in self.bars.items()),
            '<g fill="none">',
            *over,
            "</g>",
            f'<g font-family="{FAMILIES}">',
            *map(self._text, self.texts),
            "</g>",
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _at(self, x: float, y: float) -> tuple[str, str]:
        """Return a place as SVG has it, in points from the top left."""
        return _short(x * _POINTS), _short((self.height - y) * _POINTS)

    def _bar(self, bar: tuple[float, float, float, float]) -> str:
        (left, bottom), (right, top) = self._at(*bar[:2]), self._at(*bar[2:])
        return f"M{left} {bottom}V{top}H{right}V{bottom}Z"

    def _stroke(self, stroke: _Stroke, lines: Sequence[Points]) -> str:
        path = "".join("M" + "L".join(" ".join(self._at(x, y)) for x, y in points) for points in lines)
        dashes = " ".join(_short(dash * stroke.width) for dash in stroke.dashes)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        return f'<path stroke="{stroke.color}" stroke-width="{_short(stroke.width)}"{dashed} d="{path}"/>'

    def _text(self, text: _Words) -> str:
        x, y = self._at(text.x, text.y)
        place = f'transform="translate({x} {y}) rotate(-90)"' if text.turned else f'x="{x}" y="{y}"'
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        weight = ' font-weight="bold"' if text.bold else ""
        style = f'font-size="{_short(text.size)}" fill="{text.color}"{anchor}{weight}'
        return f"<text {place} {style}>{_escaped(text.words)}</text>"

    # ------------------------------------------------------------------ as a figure

    def figure(self) -> Figure:
        """Return the sheet as a figure of matplotlib."""
        from matplotlib.collections import LineCollection, PolyCollection
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width, self.height))
        inches = figure.dpi_scale_trans
        for color, bars in self.bars.items():
            shapes = [[(left, low), (left, top), (right, top), (right, low)] for left, low, right, top in bars]
            figure.add_artist(PolyCollection(shapes, facecolors=color, linewidths=0, zorder=_BARS, transform=inches))
        for stroke, lines in self.lines.items():
            style: Any = (0, stroke.dashes) if stroke.dashes else "solid"
            drawn = LineCollection(
                lines, colors=stroke.color, linewidths=stroke.width, linestyles=[style], zorder=stroke.order,
                transform=inches,
            )  # fmt: skip
            figure.add_artist(drawn)
        across = {"start": "left", "middle": "center", "end": "right"}
        for text in self.texts:
            figure.text(
                text.x, text.y, text.words, fontsize=text.size, color=text.color, ha=across[text.anchor], va="baseline",
                rotation=90 if text.turned else 0, rotation_mode="anchor", transform=inches,
                fontweight="bold" if text.bold else "normal",
            )  # fmt: skip
        return figure


def _escaped(words: str) -> str:
    """Return words as XML has them, without the characters that it cannot have."""
    return escape(_NOT_IN_XML.sub("", words))


def _short(value: float) -> str:
    """Return a number with two decimals at most."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
