"""Pictures inside a page, as SVG that takes its letters and lines from the page: half circle, bars, how close it was.

They stand beside a table with the same figures. Nothing in them acts, and no style is written into them: a page forbids it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape as _escape

from sailau.pictures.result import hall_of
from sailau.rulebook.marks import visible

RADIUS = 2.45
"""Inches of a half circle's outer edge."""
_SCALE = 100
_AIR = 12
_HIGH = 62
"""Height of a tile."""
_LONGEST = 20
"""Letters on a tile."""


class Drawing(str):
    """Markup made here, which a template takes as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return it for a template."""
        return self


@dataclass(frozen=True)
class Mark:
    """A party in a picture: its seats, what is said of it, where it leads.

    Attributes:
        declared: how many of its seats were announced, not counted.
    """

    name: str
    color: str
    number: int
    label: str
    href: str = ""
    declared: int = 0


def escape(text: str) -> str:
    """Return text as markup holds it, in which nothing acts."""
    return _escape(visible(text))


def _short(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def half_circle(marks: Sequence[Mark], vacant: int, texts: tuple[str, str, str]) -> Drawing:
    """Draw a chamber, every seat a dot, parties from the left; open seats are rings.

    Args:
        marks: parties with seats, the largest first.
        vacant: seats that are open.
        texts: what the picture is called, its large figure and the line under that.
    """
    title, figure, below = texts
    total = sum(mark.number for mark in marks) + vacant
    if not total:
        return Drawing("")
    hall = hall_of(total, RADIUS, is_wide=True)
    places, radius = hall.places, hall.dot
    wide, high = 2 * RADIUS * _SCALE + 2 * _AIR, RADIUS * _SCALE + 2 * _AIR
    dots = [(RADIUS * _SCALE + _AIR + x * _SCALE, high - _AIR - y * _SCALE - 8) for x, y in places]
    parts, first = [], 0
    for mark in marks:
        own = dots[first : first + mark.number]
        first += mark.number
        path = f'<path d="{_points(own)}" stroke="{escape(mark.color)}" stroke-width="{_short(2 * radius * _SCALE)}"/>'
        if mark.declared:
            holes = _points(own[mark.number - mark.declared :])
            path += f'<path class="hole" d="{holes}" stroke-width="{_short(radius * _SCALE)}"/>'
        parts.append(_linked(f'<g class="dots">{path}</g>', mark))
    if vacant:
        rings = "".join(
            f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius * _SCALE - 1)}"/>' for x, y in dots[first:]
        )
        parts.append(f'<g class="rings">{rings}</g>')
    middle = _short(wide / 2)
    return Drawing(
        f'<svg class="chamber" viewBox="0 0 {_short(wide)} {_short(high)}" role="group" aria-label="{escape(title)}">'
        f"{''.join(parts)}"
        f'<text class="figure" x="{middle}" y="{_short(high - 50)}">{escape(figure)}</text>'
        f'<text class="below" x="{middle}" y="{_short(high - 24)}">{escape(below)}</text></svg>'
    )


def _points(dots: Sequence[tuple[float, float]]) -> str:
    return "".join(f"M{_short(x)} {_short(y)}h0" for x, y in dots)


def _linked(drawn: str, mark: Mark) -> str:
    """Return a shape that says what it is, and leads somewhere where it can."""
    said = escape(mark.label)
    if not mark.href:
        return f'<g role="img" aria-label="{said}"><title>{said}</title>{drawn}</g>'
    return f'<a href="{escape(mark.href)}" aria-label="{said}"><title>{said}</title>{drawn}</a>'


def swatch(color: str) -> Drawing:
    """Return a spot of a colour."""
    drawn = f'<rect width="10" height="10" rx="2" fill="{escape(color)}"/>'
    return Drawing(f'<svg class="spot" viewBox="0 0 10 10" aria-hidden="true">{drawn}</svg>')


def bar(part: Fraction | None, color: str = "currentColor", mark: Fraction | None = None) -> Drawing:
    """Return a bar for a part of a whole, and a stroke across it where a threshold lies."""
    if part is None:
        return Drawing("")
    wide = _short(min(float(part), 1.0) * 100)
    line = "" if mark is None else f'<path class="limit" d="M{_short(min(float(mark), 1.0) * 100)} 0v10"/>'
    drawn = (
        f'<rect class="track" width="100" height="10"/><rect width="{wide}" height="10" fill="{escape(color)}"/>{line}'
    )
    return Drawing(f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>')


@dataclass(frozen=True)
class MapRegion:
    """A region on a map.

    Attributes:
        label: what is said of it.
        name: what it is called.
        short: who leads there, for a tile.
        strength: with which share, None where that is not known.
    """

    code: str
    label: str
    name: str
    short: str
    color: str
    href: str = ""
    strength: Fraction | None = None


def tiles(regions: Sequence[MapRegion], title: str, columns: int = 5) -> Drawing:
    """Draw regions as equal tiles in the order given."""
    size, gap, parts = 150, 6, []
    for number, region in enumerate(regions):
        x, y = (number % columns) * (size + gap), (number // columns) * (_HIGH + gap)
        middle = _short(x + size / 2)
        tile = (
            f'<rect class="tile" x="{_short(x)}" y="{_short(y)}" width="{size}" height="{_HIGH}" rx="6"'
            f' fill="{escape(region.color)}"{_opacity(region)}/>'
            f'<text class="tile-name" x="{middle}" y="{_short(y + 27)}">{escape(_cut(region.name))}</text>'
            f'<text class="tile-name small" x="{middle}" y="{_short(y + 47)}">{escape(_cut(region.short))}</text>'
        )
        parts.append(_linked(tile, Mark(region.label, region.color, 0, region.label, region.href)))
    rows = -(-len(regions) // columns)
    wide, high = columns * (size + gap) - gap, rows * (_HIGH + gap) - gap
    return Drawing(
        f'<svg class="tiles" viewBox="0 0 {_short(wide)} {_short(high)}" role="group" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _opacity(region: MapRegion) -> str:
    if region.strength is None:
        return ""
    return f' fill-opacity="{0.35 + 0.65 * min(float(region.strength), 1.0):.2f}"'


def regions_map(
    regions: Sequence[MapRegion],
    paths: Mapping[str, str],
    marks: Mapping[str, tuple[float, float]],
    box: tuple[str, str],
) -> Drawing:
    """Draw a map.

    Args:
        regions: to be shown; those without a path and mark are left out.
        paths: code → outline.
        marks: code → where a place too small for its outline stands.
        box: the `viewBox`, and what the map is called.
    """
    view, title = box
    areas = [
        _area(region, paths[region.code]) for region in regions if region.code in paths and region.code not in marks
    ]
    spots = [_spot(region, *marks[region.code]) for region in regions if region.code in marks]
    return Drawing(
        f'<svg class="map" viewBox="{view}" role="group" aria-label="{escape(title)}">{"".join(areas)}{"".join(spots)}</svg>'
    )


def _area(region: MapRegion, path: str) -> str:
    drawn = f'<path class="area" d="{path}" fill="{escape(region.color)}"{_opacity(region)}/>'
    return _linked(drawn, Mark(region.label, region.color, 0, region.label, region.href))


def _spot(region: MapRegion, x: float, y: float) -> str:
    drawn = f'<circle class="area" cx="{_short(x)}" cy="{_short(y)}" r="9" fill="{escape(region.color)}"/>'
    return _linked(drawn, Mark(region.label, region.color, 0, region.label, region.href))


@dataclass(frozen=True)
class Near:
    """How near a list is to a seat more and a seat less, in votes; None where it cannot be reached."""

    name: str
    color: str
    more: int | None
    fewer: int | None
    href: str = ""


def closeness(rows: Sequence[Near], number: Callable[[int], str], title: str) -> Drawing:
    """Draw how close each list was: to the left what it could have lost, to the right what it lacked."""
    most = max((n for row in rows for n in (row.more, row.fewer) if n is not None), default=0) or 1
    parts = []
    for place, row in enumerate(rows):
        y = place * 34
        lost = 180 * (row.fewer or 0) / most if row.fewer is not None else 0
        lacked = 180 * (row.more or 0) / most if row.more is not None else 0
        drawn = f'<text class="row-name" x="300" y="{y + 11}">{escape(row.name)}</text>'
        if row.fewer is not None:
            drawn += _side(300 - lost, y, lost, row.color, faded=True)
            drawn += f'<text class="row-left" x="{_short(296 - lost)}" y="{y + 25}">−{escape(number(row.fewer))}</text>'
        if row.more is not None:
            drawn += _side(300, y, lacked, row.color, faded=False)
            drawn += (
                f'<text class="row-right" x="{_short(304 + lacked)}" y="{y + 25}">+{escape(number(row.more))}</text>'
            )
        parts.append(drawn)
    high = len(rows) * 34
    return Drawing(
        f'<svg class="close" viewBox="0 0 600 {high}" role="img" aria-label="{escape(title)}">'
        f'<path class="axis" d="M300 0V{high}"/>{"".join(parts)}</svg>'
    )


def _side(x: float, y: float, wide: float, color: str, *, faded: bool) -> str:
    """Return one side of a row: what could be lost is paler than what is lacking."""
    opacity = ' fill-opacity=".55"' if faded else ""
    return f'<rect x="{_short(x)}" y="{y + 16}" width="{_short(wide)}" height="9" fill="{escape(color)}"{opacity}/>'
