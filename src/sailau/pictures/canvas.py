"""A canvas measured in inches, and panels on it: the one way in which every picture is drawn.

What is on it is plain data. It is written as an SVG whose words stay words: a desk can set them in its own type, a reader
can read them. A PNG is made from that SVG, with the font that comes with us.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from sailau.extras import library
from sailau.pictures.fonts import FAMILY, FILES, POINTS

INK, EDGE, PALE, GRID = "#222222", "#444444", "#666666", "#e4e4e4"
"""Colours of words, of axes and the numbers on them, of what is said by the way, and of the grid."""
FAMILIES = f"'{FAMILY}', Verdana, sans-serif"
"""What an SVG is set in where DejaVu is missing: Verdana has the same widths."""
SOLID: tuple[float, ...] = ()
UNDER, MIDDLE, OVER = 0, 2, 3
"""Order of drawing: grids and bands, bars, lines and marks."""
_DROP = {"baseline": 0.0, "middle": 0.365, "top": 0.76}
"""How far below its height a word's baseline is, in sizes of its type: half a capital, a capital with a little air."""
_DOTS_PER_INCH = 300
_HIDDEN = "\ufffd"
"""Stands for a character that would act instead of being read."""

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
    floor: float = 0.0

    @property
    def right(self) -> float:
        """Where its right edge is."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Where its upper edge is."""
        return self.bottom + self.height

    def across(self, value: Any) -> Any:
        """Return where a value of the horizontal axis stands."""
        return self.left + (value - self.low) / (self.high - self.low) * self.width

    def up(self, value: Any) -> Any:
        """Return how high a value of the vertical axis stands."""
        return self.bottom + (value - self.floor) / (self.tallest - self.floor) * self.height


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
class _Style:
    order: int
    fill: str
    opacity: float = 1.0
    stroke: str = ""
    width: float = 0.0
    dashes: tuple[float, ...] = SOLID


class Canvas:
    """Bars, areas, dots, lines and words on a white sheet; (0, 0) is at the bottom left."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes: dict[_Style, list[str]] = {}
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
        drop = _DROP[at] * size / POINTS
        place = (x + drop, y) if turned else (x, y - drop)
        self.texts.append(_Words(*place, words, size, color, anchor, bold, turned))

    def bar(self, left: float, bottom: float, right: float, top: float, color: str) -> None:
        """Draw a filled bar."""
        (x, y), (far, up) = self._at(left, bottom), self._at(right, top)
        self._add(_Style(MIDDLE, color), f"M{x} {y}V{up}H{far}V{y}Z")

    def area(self, points: Points, color: str, opacity: float = 1.0, order: int = UNDER) -> None:
        """Fill what a line through points (x, y) encloses."""
        self._add(_Style(order, color, opacity), self._path(points) + "Z")

    def dot(self, x: float, y: float, radius: float, color: str, *, hollow: bool = False) -> None:
        """Draw a dot, or a ring where it is hollow."""
        left, height = self._at(x - radius, y)
        reach, across = _short(radius * POINTS), _short(2 * radius * POINTS)
        path = f"M{left} {height}a{reach} {reach} 0 1 0 {across} 0a{reach} {reach} 0 1 0 -{across} 0Z"
        self._add(_Style(OVER, "none", stroke=color, width=0.9) if hollow else _Style(OVER, color), path)

    def line(self, points: Points, color: str, width: float, dashes: tuple[float, ...] = SOLID, order: int = 1) -> None:
        """Draw a line through points (x, y); widths are in points, dashes in widths of the line."""
        self._add(_Style(order, "none", stroke=color, width=width, dashes=dashes), self._path(points))

    def _add(self, style: _Style, path: str) -> None:
        self.shapes.setdefault(style, []).append(path)

    def _at(self, x: float, y: float) -> tuple[str, str]:
        """Return a place as SVG has it, in points from the top left."""
        return _short(x * POINTS), _short((self.height - y) * POINTS)

    def _path(self, points: Points) -> str:
        return "M" + "L".join(" ".join(self._at(x, y)) for x, y in points)

    # ------------------------------------------------------------------ two ways out

    def svg(self, title: str, language: str) -> str:
        """Return the sheet as an SVG."""
        wide, high = _short(self.width * POINTS), _short(self.height * POINTS)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
            f' role="img" aria-label="{_escaped(title)}" xml:lang="{language}">',
            f"<title>{_escaped(title)}</title>",
            f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
            *(_shape(*item) for item in sorted(self.shapes.items(), key=lambda item: item[0].order)),
            f'<g font-family="{FAMILIES}">',
            *map(self._text, self.texts),
            "</g>",
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _text(self, text: _Words) -> str:
        x, y = self._at(text.x, text.y)
        place = f'transform="translate({x} {y}) rotate(-90)"' if text.turned else f'x="{x}" y="{y}"'
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        weight = ' font-weight="bold"' if text.bold else ""
        style = f'font-size="{_short(text.size)}" fill="{text.color}"{anchor}{weight}'
        return f"<text {place} {style}>{_escaped(text.words)}</text>"

    def png(self, title: str, language: str) -> bytes:
        """Return the sheet as a PNG for print, drawn from its SVG.

        Raises:
            BadInput: the extra `plots` is not installed.
        """
        renderer = library("resvg_py", "plots", "--plot")
        content: bytes = renderer.svg_to_bytes(
            svg_string=self.svg(title, language), width=round(self.width * _DOTS_PER_INCH), dpi=96, skip_system_fonts=True,
            font_files=[str(file) for file in FILES], font_family=FAMILY, sans_serif_family=FAMILY,
        )  # fmt: skip
        return bytes(content)


def _shape(style: _Style, paths: Sequence[str]) -> str:
    """Return all paths that are drawn alike as one."""
    written = f'fill="{style.fill}"'
    if style.opacity < 1:
        written += f' fill-opacity="{_short(style.opacity)}"'
    if style.stroke:
        written += f' stroke="{style.stroke}" stroke-width="{_short(style.width)}"'
    if style.dashes:
        dashes = " ".join(_short(dash * style.width) for dash in style.dashes)
        written += f' stroke-dasharray="{dashes}"'
    if style.opacity < 1 and len(paths) > 1:  # areas that lie on one another are seen through each other
        return "\n".join(f'<path {written} d="{path}"/>' for path in paths)
    return f'<path {written} d="{"".join(paths)}"/>'


def _escaped(words: str) -> str:
    """Return words as XML has them; what would break a line, turn it round or be no character is shown as a mark."""
    shown = "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _HIDDEN for c in words)
    return escape(shown)


def _short(value: float) -> str:
    """Return a number with two decimals at most."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
