"""Plots of a simulation that a newspaper can print: SVG or PNG, labelled in three languages, safe for all eyes.

Nothing rests on colour alone: lines carry their names, other laws are dashed, bars have titles. The same report gives the
same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.law import BadInput, Fault
from sailau.pictures.canvas import INK, Box, Canvas
from sailau.pictures.colors import palette
from sailau.simulation.report import Report, Result
from sailau.simulation.tables import Writer
from sailau.simulation.tally import BINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {
    # Words stay words in an SVG: a desk can set them in its own type, a screen reader can read them.
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    # A fixed place for titles: looking for a free one costs a third of a plot.
    "axes.titley": 1.0,
    "axes.edgecolor": "#444444",
    "axes.labelcolor": "#222222",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "svg.hashsalt": "sailau",
}
_FAMILIES = b"'DejaVu Sans', Verdana, sans-serif"
"""What an SVG is set in where DejaVu is missing: Verdana has the same widths."""
_INK, _PALE, _GRID = INK, "#777777", "#e4e4e4"
_DASHES = ((0, (4, 2)), (0, (1, 1.4)), (0, (6, 2, 1, 2)))
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
_DPI = 200
_WIDTH = 8.0
_HEAD = 0.78
"""Inches above the panels for title and subtitle."""
_OTHER_LAWS = 2
_GAP = 2.5
"""Ratio between neighbouring parties from which large and small ones get panels of their own."""
_NEVER = Fraction(1, 1000)
"""Share of the elections with a seat up to which a party has no panel."""
_RARE = 20
"""Elections of a class of the votes-seats curve below which its mean is noise."""


def draw(report: Report, kind: str, path: Path, language: str) -> Path:
    """Draw a plot of a report into an .svg or .png file.

    Raises:
        BadInput: another kind of file, a file that cannot be written, matplotlib is not installed, or nothing to show.
    """
    check_file(path)
    try:
        from matplotlib import rc_context
    except ModuleNotFoundError:
        raise BadInput([Fault("--plot", 0, "", "matplotlib is not installed", "pip install 'sailau[plots]'")]) from None
    painter = {"seats": _seats, "sweep": _sweep, "curve": _curve}[kind]
    with rc_context(_STYLE):
        figure = painter(_Easel(report, language))
        _save(figure, path)
    return path


def check_file(path: Path) -> None:
    """See to it, before anything is computed for it, that a plot can go where it is wanted.

    Raises:
        BadInput: another kind of file, or a folder that is not there.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise BadInput([Fault("--plot", 0, "", f"“{path.name}”", "a file that ends with .svg or .png")])
    if not path.parent.is_dir():
        raise BadInput(
            [Fault(str(path), 0, "", "no such folder", "a file that can be written, in a folder that is there")]
        )


def _save(figure: Figure, path: Path) -> None:
    file = BytesIO()
    if path.suffix.lower() == ".png":
        figure.savefig(file, format="png", dpi=_DPI, facecolor="white", metadata={"Software": None})
        content = file.getvalue()
    else:
        figure.savefig(file, format="svg", facecolor="white", metadata={"Date": None})
        content = file.getvalue().replace(b"'DejaVu Sans'", _FAMILIES)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput([Fault(str(path), 0, "", type(error).__name__, "a file that can be written")]) from None


class _Easel:
    """A report with its words, its parties and their colours."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.writer = Writer(report, language)
        self.say, self.phrases = self.writer.say, self.writer.phrases
        self.language = language
        own = report.own
        shown = [p for p in self.writer.shown if p not in _still(report)] or self.writer.shown
        self.parties = sorted(shown, key=lambda p: -own.expected(p))
        if not self.parties:
            raise BadInput([Fault("--plot", 0, "", "no seats in this simulation", "an election that fills seats")])
        self.own_colors = {name: party.color for name, party in report.job.election.parties.items()}
        self.colors = palette(self.parties, self.own_colors)

    def figure(self, height: float, title: str, subtitle: str) -> Figure:
        """Return an empty figure with its head."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(_WIDTH, height))
        figure.text(0.02, 1 - 0.26 / height, title, fontsize=14, fontweight="bold", color=_INK, va="center")
        figure.text(0.02, 1 - 0.54 / height, subtitle, fontsize=8.5, color=_PALE, va="center")
        return figure

    def fill(self, party: str) -> str:
        """Return the colour of a panel that has the party's name on it: its own, if it can be seen."""
        return palette([party], self.own_colors)[party] if party in self.own_colors else self.colors[party]

    @property
    def subtitle(self) -> str:
        """What was simulated."""
        job, language = self.report.job, self.language
        titles = job.election.titles
        title = next((titles[code] for code in (language, "kk", "ru", "en") if titles.get(code)), job.election.name)
        draws = self.phrases.number(job.draws)
        return self.say("subtitle", title=title, draws=draws, seed=job.seed)

    def decimals(self, digits: int = 0) -> Any:
        """Return a formatter of axis numbers in the language."""
        from matplotlib.ticker import FuncFormatter

        return FuncFormatter(lambda value, _: self.written(value, digits))

    def written(self, value: float, digits: int) -> str:
        """Return a number on an axis in the language."""
        exact = Fraction(value).limit_denominator(1000)
        return self.phrases.number(exact, digits if exact.denominator > 1 else 0)


def _still(report: Report) -> set[str]:
    """Return those whose seats never change, under no law: announced ones."""
    return {p for p in report.job.parties if all(r.quantiles(p)[0] == r.quantiles(p)[-1] for r in report.results)} & {
        p for p in report.job.parties if len({r.expected(p) for r in report.results}) == 1 and p not in _voted(report)
    }


def _voted(report: Report) -> set[str]:
    paper = report.job.plan.papers[report.job.paper]
    return set() if paper.local else {report.job.plan.party(str(option)) for option in paper.options}


# ---------------------------------------------------------------------- how many seats


def _seats(easel: _Easel) -> Figure:
    """Bars for the case's own law, dashed outlines for others: one panel for each party.

    All panels share one canvas: axes of their own, each with its ticks, take five times as long to set up and draw.
    """
    results = [r for r in easel.report.results if r.variant.vary is None]
    results = results[: 1 + _OTHER_LAWS]
    shown = [p for p in easel.parties if any(r.enters(p) > _NEVER for r in results)] or easel.parties[:1]
    columns = 1 if len(shown) == 1 else 2
    rows = -(-len(shown) // columns)
    legend = _KEY_LINE * len(results) + 0.1 if len(results) > 1 else 0.0
    height = _HEAD + legend + _PANEL * rows + 0.15
    canvas = Canvas(easel.figure(height, easel.say("plot-seats"), easel.subtitle), height)
    top = height - _HEAD - legend - 0.2
    wide = (_WIDTH - _LEFT - _RIGHT - (columns - 1) * _BETWEEN) / columns
    for place, party in enumerate(shown):
        row, column = divmod(place, columns)
        corner = (_LEFT + column * (wide + _BETWEEN), top - row * _PANEL - _INNER)
        box = _panel(easel, canvas, party, results, (*corner, wide, _INNER))
        if place >= len(shown) - columns:
            canvas.write(box.left + wide / 2, box.bottom - 0.36, easel.say("seats"), 9, ha="center", va="top")
    middle = (top + top - (rows - 1) * _PANEL - _INNER) / 2
    canvas.write(0.1, middle, easel.say("share-of-elections"), 9, rotation=90, va="center")
    if len(results) > 1:
        _key(easel, canvas, results, height - _HEAD - 0.04)
    return canvas.finish()


_PANEL, _INNER = 1.7, 1.0
"""Inches from one row of panels to the next, and of the bars in them."""
_KEY_LINE = 0.2
"""Inches between the names of laws."""
_LEFT, _RIGHT, _BETWEEN = 0.56, 0.16, 0.54
"""Inches beside the panels and between them."""


def _panel(
    easel: _Easel,
    canvas: Canvas,
    party: str,
    results: Sequence[Result],
    place: tuple[float, float, float, float],
) -> Box:
    row = easel.report.job.parties.index(party)
    spreads = [r.tally.seats[row] / max(r.tally.elections, 1) * 100 for r in results]
    held = [np.flatnonzero(spread > 0.02) for spread in spreads]
    low = min(int(h[0]) for h in held if h.size)
    high = max(int(h[-1]) for h in held if h.size)
    tallest = max(float(s.max()) for s in spreads)
    box = Box(*place, low - 0.8, high + 0.8, tallest * 1.12)
    _axes(easel, canvas, box)
    color = easel.fill(party)
    for seats in held[0]:
        left, right, top = box.across(seats - 0.45), box.across(seats + 0.45), box.up(spreads[0][seats])
        shape = [(left, box.bottom), (left, top), (right, top), (right, box.bottom)]
        canvas.bars.append((shape, color))
    for number, spread in enumerate(spreads[1:]):
        heights = np.zeros(high - low + 3)
        part = spread[low : high + 1]
        heights[1 : 1 + part.size] = part
        edges = np.clip(np.arange(low, high + 4) - 1.5, box.low, box.high)
        points = np.stack([np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)], axis=1)
        canvas.line(np.stack([box.across(points[:, 0]), box.up(points[:, 1])], axis=1), _INK, 1.3, _DASHES[number], 3)
    needed = results[0].majority
    if low <= needed <= high:
        where = box.across(needed - 0.5)
        canvas.line([(where, box.bottom), (where, box.bottom + box.height)], _INK, 0.8, order=4)
        words = easel.say("half-line", needed=needed)
        canvas.write(where + 0.03, box.bottom + box.height * 0.98, words, 7.5, va="top")
    low_90, _, high_90 = results[0].quantiles(party)
    span = str(low_90) if low_90 == high_90 else easel.say("from-to", low=low_90, high=high_90)
    mean = easel.phrases.number(results[0].expected(party), 1)
    over = box.bottom + box.height + 0.06
    canvas.write(box.left, over, easel.writer.name(party), 10, fontweight="bold")
    canvas.write(box.left + box.width, over, f"{easel.say('average-mark')} {mean} ({span})", 8.5, _PALE, ha="right")
    return box


def _axes(easel: _Easel, canvas: Canvas, box: Box) -> None:
    """Draw the grid, the two axes and their numbers."""
    from matplotlib.ticker import MaxNLocator

    edge, tick = "#444444", 0.035
    for value in MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, box.tallest):
        if 0 <= value <= box.tallest:
            height = box.up(value)
            canvas.line([(box.left, height), (box.left + box.width, height)], _GRID, 0.7, order=0)
            canvas.line([(box.left - tick, height), (box.left, height)], edge, 0.8, order=3)
            canvas.write(box.left - 0.08, height, easel.written(value, 1), 9, edge, ha="right", va="center_baseline")
    for value in MaxNLocator(nbins=6, integer=True).tick_values(box.low, box.high):
        if box.low <= value <= box.high:
            where = box.across(value)
            canvas.line([(where, box.bottom - tick), (where, box.bottom)], edge, 0.8, order=3)
            canvas.write(where, box.bottom - 0.09, easel.written(value, 1), 9, edge, ha="center", va="top")
    corner = (box.left, box.bottom)
    canvas.line([(box.left, box.bottom + box.height), corner, (box.left + box.width, box.bottom)], edge, 0.8, order=3)


def _key(easel: _Easel, canvas: Canvas, results: Sequence[Result], top: float) -> None:
    """Say which law is drawn how, one below the other: names of laws can be long."""
    for number, result in enumerate(results):
        height, left, right = top - number * _KEY_LINE, 0.18, 0.5
        if number:
            canvas.line([(left, height), (right, height)], _INK, 1.4, _DASHES[number - 1])
        else:
            low, high = height - 0.045, height + 0.045
            canvas.bars.append(([(left, low), (left, high), (right, high), (right, low)], _PALE))
        canvas.write(right + 0.1, height, easel.writer.law(result), 8.5, va="center_baseline")


def _tidy(easel: _Easel, axis: Axes) -> None:
    axis.grid(axis="y", color=_GRID, lw=0.7, zorder=0)
    axis.set_axisbelow(True)
    axis.tick_params(length=2.5)
    axis.yaxis.set_major_formatter(easel.decimals(1))
    axis.xaxis.set_major_formatter(easel.decimals(1))
    axis.locator_params(axis="y", nbins=4)


# ---------------------------------------------------------------------- a provision varied


def _sweep(easel: _Easel) -> Figure:
    """Expected seats by the value of a provision; large and small parties in panels of their own."""
    path, results = next(iter(easel.report.sweeps.items()))
    places, percent = _places([str(r.variant.vary[1]) for r in results if r.variant.vary is not None])
    groups = _groups(easel, results)
    height = _HEAD + 4.9
    figure = easel.figure(height, easel.say("plot-sweep"), f"{easel.subtitle}. {easel.say('bands')}")
    ratios = [1.0] if len(groups) == 1 else [1.0, 1.7]
    axes = figure.subplots(len(groups), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    top = 1 - (_HEAD + 0.2) / height
    figure.subplots_adjust(left=0.085, right=0.84, top=top, bottom=0.55 / height, hspace=0.1)
    standing = _standing(easel.report, path, percent)
    for axis, parties in zip(axes, groups, strict=True):
        for party in parties:
            _line(easel, axis, party, results, places)
        if standing is not None and places[0] <= standing <= places[-1]:
            axis.axvline(standing, color=_PALE, lw=0.9, ls=_DASHES[1], zorder=1)
        axis.set_xlim(places[0], places[-1] if len(places) > 1 else places[0] + 1)
        _tidy(easel, axis)
        axis.set_ylim(bottom=0 if axis is axes[-1] else None)
        _name_lines(easel, axis, {p: float(results[-1].expected(p)) for p in parties}, places[-1], height)
    if standing is not None and places[0] <= standing <= places[-1]:
        axes[0].annotate(
            easel.say("law-line"), (standing, 1), xycoords=("data", "axes fraction"), xytext=(3, 2), fontsize=8,
            textcoords="offset points", color=_PALE,
        )  # fmt: skip
    kind = (
        "path-threshold-share" if path.endswith("threshold.share") else "path-seats" if path.endswith("seats") else ""
    )
    axes[-1].set_xlabel(easel.say(kind) if kind else path)
    middle = (top + 0.55 / height) / 2
    figure.text(0.012, middle, easel.say("expected-seats"), rotation=90, va="center", fontsize=9, color=_INK)
    return figure


def _places(values: Sequence[str]) -> tuple[list[float], bool]:
    """Return where the values of a sweep stand on the axis: numbers in order, other words one after the other."""
    from sailau.law.schema import share

    try:
        exact = [share(v) for v in values]
    except ValueError:
        return [float(n) for n in range(len(values))], False
    percent = any(v.endswith("%") for v in values)
    return [float(v * 100 if percent else v) for v in exact], percent


def _standing(report: Report, path: str, percent: bool) -> float | None:
    """Return the value that the law has as it stands, on the axis."""
    from sailau.law import entries
    from sailau.law.schema import share

    found = entries(report.own.variant.law)
    entry = found.get(path) or found.get(f"{path}.value")
    try:
        value = None if entry is None else share(entry.value)
    except ValueError:
        return None
    return None if value is None else float(value * 100 if percent else value)


def _groups(easel: _Easel, results: Sequence[Result]) -> list[list[str]]:
    """Split parties where the next smaller one is much smaller."""
    most = {p: max(float(r.expected(p)) for r in results) for p in easel.parties}
    order = sorted(easel.parties, key=lambda p: -most[p])
    for place in range(1, len(order)):
        if most[order[place]] * _GAP < most[order[place - 1]] and most[order[place]] > 1 and place <= 2:
            return [order[:place], order[place:]]
    return [order]


def _line(easel: _Easel, axis: Axes, party: str, results: Sequence[Result], places: Sequence[float]) -> None:
    means = [float(r.expected(party)) for r in results]
    spans = [r.quantiles(party) for r in results]
    color, mark = easel.colors[party], _MARKS[easel.parties.index(party) % len(_MARKS)]
    axis.fill_between(places, [s[0] for s in spans], [s[-1] for s in spans], color=color, alpha=0.08, lw=0, zorder=1)
    axis.plot(places, means, color=color, lw=1.8, marker=mark, ms=3.6, zorder=3, clip_on=False)


def _name_lines(easel: _Easel, axis: Axes, ends: dict[str, float], right: float, height: float) -> None:
    """Write names beside the ends of lines, apart from each other; `height` of the figure in inches."""
    low, high = axis.get_ylim()
    box = axis.get_position()
    inches = box.height * height
    apart = (high - low) * 0.15 / max(inches, 0.1)
    order = sorted(ends, key=lambda p: ends[p])
    heights = [ends[p] for p in order]
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + apart)
    over = heights[-1] - high if heights else 0
    if over > 0:
        heights = [h - over for h in heights]
    for party, height in zip(order, heights, strict=True):
        mean = easel.phrases.number(Fraction(ends[party]), 1)
        axis.annotate(
            f"{easel.writer.name(party)} {mean}", (right, height), xytext=(7, 0), textcoords="offset points", va="center",
            fontsize=8.5, color=_dark(easel.colors[party]), annotation_clip=False,
        )  # fmt: skip


def _dark(color: str) -> str:
    """Return a colour dark enough for small letters."""
    parts = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    factor = min(1.0, 105 / max(light, 1.0))
    return "#" + "".join(f"{int(p * factor):02x}" for p in parts)


# ---------------------------------------------------------------------- votes and seats


def _curve(easel: _Easel) -> Figure:
    """Mean share of seats by share of the vote: who gains and who loses at the bar."""
    result = easel.report.own
    points = {p: found for p in easel.parties if (found := _points(easel, result, p))}
    if not points:
        raise BadInput([Fault("--plot", 0, "", "no votes to show", "a case with a vote for parties")])
    right = max(x for found in points.values() for x, _ in found)
    near = _near(points, right)
    height = _HEAD + 4.0
    figure = easel.figure(height, easel.say("plot-curve"), easel.subtitle)
    axes = figure.subplots(1, 2 if near else 1, squeeze=False)[0]
    figure.subplots_adjust(left=0.08, right=0.97, top=1 - (_HEAD + 0.2) / height, bottom=0.55 / height, wspace=0.2)
    for axis, edge in zip(axes, (near, right * 1.05) if near else (right * 1.05,), strict=True):
        _curve_panel(easel, axis, points, edge)
    paper = easel.report.job.plan.papers[easel.report.job.paper]
    words = easel.say("proportional-line")
    label = "share-of-votes" if paper.contest.ballot == "list" else "share-of-paper"
    for axis in axes:
        axis.set_xlabel(easel.say(label))
    axes[0].set_ylabel(easel.say("share-of-list-seats" if paper.contest.ballot == "list" else "share-of-seats"))
    lines = [*axes[0].get_lines(), *axes[-1].get_lines()]
    named = {line.get_label(): line for line in lines if not str(line.get_label()).startswith("_")}
    order = sorted(named, key=lambda name: [easel.writer.name(p) for p in points].index(name) if name != words else 99)
    axes[-1].legend([named[n] for n in order], order, loc="lower right", frameon=False, fontsize=8, handlelength=1.8)
    return figure


def _points(easel: _Easel, result: Result, party: str) -> list[tuple[float, float]]:
    """Return (share of the vote, mean share of seats) in per cent, for classes with enough elections."""
    row = easel.report.job.parties.index(party)
    if not result.tally.curve.size or party not in _voted(easel.report):
        return []
    number, seats = result.tally.curve[:, row]
    wide = 100 / BINS
    filled = max(result.tally.on_paper, 1)
    return [
        ((place + 0.5) * wide, float(seats[place]) / int(number[place]) / filled * 100)
        for place in np.flatnonzero(number >= _RARE)
    ]


def _near(points: dict[str, list[tuple[float, float]]], right: float) -> float:
    """Return the right edge of a panel for the small parties, 0 where all are alike."""
    ends = sorted(max(x for x, _ in found) for found in points.values())
    small = [e for e in ends if e * _GAP < right]
    return small[-1] * 1.08 if small else 0.0


def _curve_panel(easel: _Easel, axis: Axes, points: dict[str, list[tuple[float, float]]], edge: float) -> None:
    axis.plot([0, edge], [0, edge], color=_PALE, lw=0.9, ls=_DASHES[0], label=easel.say("proportional-line"), zorder=1)
    tallest = 0.0
    for party, found in points.items():
        inside = [(x, y) for x, y in found if x <= edge]
        if not inside:
            continue
        tallest = max(tallest, *(y for _, y in inside))
        mark = _MARKS[easel.parties.index(party) % len(_MARKS)]
        across, up = zip(*inside, strict=True)
        axis.plot(
            across, up, color=easel.colors[party], lw=1.5, marker=mark, ms=3.4, label=easel.writer.name(party), zorder=3
        )
    tier = next((t for t in easel.report.own.variant.law.tier if t.threshold is not None), None)
    top = max(tallest, edge) * 1.06
    if tier is not None and tier.threshold is not None and float(tier.threshold.share) * 100 < edge:
        bar = float(tier.threshold.share) * 100
        axis.axvline(bar, color=_INK, lw=0.8, zorder=1)
        share = easel.phrases.share(tier.threshold.share)
        axis.annotate(
            easel.say("bar-line", share=share), (bar, top), xytext=(3, 0), textcoords="offset points", fontsize=8,
            color=_INK, va="top",
        )  # fmt: skip
    axis.set_xlim(0, edge)
    axis.set_ylim(0, top)
    _tidy(easel, axis)
    axis.grid(axis="x", color=_GRID, lw=0.7)
