"""Plots of a simulation that a newspaper can print: SVG or PNG, labelled in three languages, safe for all eyes.

Nothing rests on colour alone: lines carry their names, other laws are dashed, bars have titles. The same report gives the
same file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.extras import library
from sailau.pictures.canvas import EDGE, FAMILIES, INK
from sailau.pictures.easel import GRID, HEAD, PALE, Easel, voted_for
from sailau.pictures.seats import DASHES, seats
from sailau.rulebook import BadInput, Fault
from sailau.simulation.report import PLOTS, Report, Result
from sailau.simulation.tally import BINS
from sailau.writing import write_whole

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
    "axes.edgecolor": EDGE,
    "axes.labelcolor": INK,
    "xtick.color": EDGE,
    "ytick.color": EDGE,
    "svg.hashsalt": "sailau",
}
_DASHED, _DOTTED = (0, DASHES[0]), (0, DASHES[1])
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
_DPI = 200
_GAP = 2.5
"""Ratio between neighbouring parties from which large and small ones get panels of their own."""
_RARE = 20
"""Elections of a class of the votes-seats curve below which its mean is noise."""


def draw(report: Report, kind: str, path: Path, language: str) -> Path:
    """Draw a plot of a report into an .svg or .png file.

    Raises:
        BadInput: what `check` finds, or nothing to show.
        OSError: the file cannot be written.
    """
    check(kind, path, len(report.sweeps))
    easel, pixels = Easel(report, language), path.suffix.lower() == ".png"
    if kind == "seats":
        canvas = seats(easel)
        content = _in_pixels(canvas.figure) if pixels else canvas.svg(easel.say("plot-seats"), language).encode()
    else:
        figure = partial({"sweep": _sweep, "curve": _curve}[kind], easel)
        content = _in_pixels(figure) if pixels else _in_shapes(figure)
    return write_whole(path, content)


def check(kind: str, path: Path, sweeps: int) -> None:
    """See to it, before anything is computed for it, that there is such a plot and that it can go where it is wanted.

    Args:
        kind: of the plot.
        path: where it goes.
        sweeps: how many provisions are varied.

    Raises:
        BadInput: no such plot, one of a provision varied where none or several are, another kind of file, a folder that is
            not there, or matplotlib is needed and not installed.
    """
    if kind not in PLOTS:
        raise BadInput([Fault("--plot", 0, "", f"“{kind}”", f"one of {', '.join(PLOTS)}")])
    if kind == "sweep" and not sweeps:
        raise BadInput([Fault("--plot", 0, "", "sweep without --vary", "--vary PATH=FIRST..LAST:STEP")])
    if kind == "sweep" and sweeps > 1:
        raise BadInput([Fault("--plot", 0, "", f"a plot of {sweeps} sweeps", "one --vary, or seats=FILE")])
    if path.suffix.lower() not in (".svg", ".png"):
        raise BadInput([Fault("--plot", 0, "", f"“{path.name}”", "a file that ends with .svg or .png")])
    if not path.parent.is_dir():
        raise BadInput(
            [Fault(str(path), 0, "", "no such folder", "a file that can be written, in a folder that is there")]
        )
    if not (kind == "seats" and path.suffix.lower() == ".svg"):
        library("matplotlib", "plots", "--plot")


def _in_pixels(figure: Callable[[], Figure]) -> bytes:
    return _saved(figure, format="png", dpi=_DPI, metadata={"Software": None})


def _in_shapes(figure: Callable[[], Figure]) -> bytes:
    return _saved(figure, format="svg", metadata={"Date": None}).replace(b"'DejaVu Sans'", FAMILIES.encode())


def _saved(figure: Callable[[], Figure], **how: Any) -> bytes:
    """Draw a figure with matplotlib."""
    from matplotlib import rc_context

    file = BytesIO()
    with rc_context(_STYLE):
        figure().savefig(file, facecolor="white", **how)
    return file.getvalue()


def _tidy(easel: Easel, axis: Axes) -> None:
    axis.grid(axis="y", color=GRID, lw=0.7, zorder=0)
    axis.set_axisbelow(True)
    axis.tick_params(length=2.5)
    axis.yaxis.set_major_formatter(easel.decimals(1))
    axis.xaxis.set_major_formatter(easel.decimals(1))
    axis.locator_params(axis="y", nbins=4)


# ---------------------------------------------------------------------- a provision varied


def _sweep(easel: Easel) -> Figure:
    """Expected seats by the value of a provision; large and small parties in panels of their own."""
    path, results = next(iter(easel.report.sweeps.items()))
    values = [str(r.variant.vary[1]) for r in results if r.variant.vary is not None]
    places, percent, numbers = _places(values)
    groups = _groups(easel, results)
    height = HEAD + 4.9
    figure = easel.figure(height, easel.say("plot-sweep"), f"{easel.subtitle}. {easel.say('bands')}")
    ratios = [1.0] if len(groups) == 1 else [1.0, 1.7]
    axes = figure.subplots(len(groups), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    top = 1 - (HEAD + 0.2) / height
    figure.subplots_adjust(left=0.085, right=0.84, top=top, bottom=0.55 / height, hspace=0.1)
    standing = _standing(easel.report, path, percent)
    for axis, parties in zip(axes, groups, strict=True):
        for party in parties:
            _line(easel, axis, party, results, places, "-" if numbers else "")
        if standing is not None and places[0] <= standing <= places[-1]:
            axis.axvline(standing, color=PALE, lw=0.9, ls=_DOTTED, zorder=1)
        axis.set_xlim(places[0], places[-1] if len(places) > 1 else places[0] + 1)
        _tidy(easel, axis)
        axis.set_ylim(bottom=0 if axis is axes[-1] else None)
        _name_lines(easel, axis, {p: float(results[-1].expected(p)) for p in parties}, places[-1], height)
    if standing is not None and places[0] <= standing <= places[-1]:
        axes[0].annotate(
            easel.say("law-line"), (standing, 1), xycoords=("data", "axes fraction"), xytext=(3, 2), fontsize=8,
            textcoords="offset points", color=PALE,
        )  # fmt: skip
    if not numbers:
        axes[-1].set_xticks(places, values)
    kind = (
        "path-threshold-share" if path.endswith("threshold.share") else "path-seats" if path.endswith("seats") else ""
    )
    axes[-1].set_xlabel(easel.say(kind) if kind else path)
    middle = (top + 0.55 / height) / 2
    figure.text(0.012, middle, easel.say("expected-seats"), rotation=90, va="center", fontsize=9, color=INK)
    return figure


def _places(values: Sequence[str]) -> tuple[list[float], bool, bool]:
    """Return where the values of a sweep stand on the axis, whether in per cent, and whether they are numbers at all.

    Words stand one after the other, with nothing between them.
    """
    from sailau.rulebook.schema import share

    try:
        exact = [share(v) for v in values]
    except ValueError:
        return [float(n) for n in range(len(values))], False, False
    percent = any(v.endswith("%") for v in values)
    return [float(v * 100 if percent else v) for v in exact], percent, True


def _standing(report: Report, path: str, percent: bool) -> float | None:
    """Return the value that the law has as it stands, on the axis."""
    from sailau.rulebook import entries
    from sailau.rulebook.schema import share

    found = entries(report.own.variant.law)
    entry = found.get(path) or found.get(f"{path}.value")
    try:
        value = None if entry is None else share(entry.value)
    except ValueError:
        return None
    return None if value is None else float(value * 100 if percent else value)


def _groups(easel: Easel, results: Sequence[Result]) -> list[list[str]]:
    """Split parties where the next smaller one is much smaller."""
    most = {p: max(float(r.expected(p)) for r in results) for p in easel.parties}
    order = sorted(easel.parties, key=lambda p: -most[p])
    for place in range(1, len(order)):
        if most[order[place]] * _GAP < most[order[place - 1]] and most[order[place]] > 1 and place <= 2:
            return [order[:place], order[place:]]
    return [order]


def _line(easel: Easel, axis: Axes, party: str, results: Sequence[Result], places: Sequence[float], style: str) -> None:
    means = [float(r.expected(party)) for r in results]
    spans = [r.quantiles(party) for r in results]
    color, mark = easel.colors[party], _MARKS[easel.parties.index(party) % len(_MARKS)]
    low, high = [s[0] for s in spans], [s[-1] for s in spans]
    if style:
        axis.fill_between(places, low, high, color=color, alpha=0.08, lw=0, zorder=1)
    else:
        axis.vlines(places, low, high, color=color, alpha=0.25, lw=5, zorder=1, clip_on=False)
    axis.plot(places, means, color=color, lw=1.8, ls=style, marker=mark, ms=3.6, zorder=3, clip_on=False)


def _name_lines(easel: Easel, axis: Axes, ends: dict[str, float], right: float, height: float) -> None:
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


def _curve(easel: Easel) -> Figure:
    """Mean share of seats by share of the vote: who gains and who loses at the bar."""
    result = easel.report.own
    points = {p: found for p in easel.parties if (found := _points(easel, result, p))}
    if not points:
        raise BadInput([Fault("--plot", 0, "", "no votes to show", "a case with a vote for parties")])
    right = max(x for found in points.values() for x, _ in found)
    near = _near(points, right)
    height = HEAD + 4.0
    figure = easel.figure(height, easel.say("plot-curve"), easel.subtitle)
    axes = figure.subplots(1, 2 if near else 1, squeeze=False)[0]
    figure.subplots_adjust(left=0.08, right=0.97, top=1 - (HEAD + 0.2) / height, bottom=0.55 / height, wspace=0.2)
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


def _points(easel: Easel, result: Result, party: str) -> list[tuple[float, float]]:
    """Return (share of the vote, mean share of seats) in per cent, for classes with enough elections."""
    row = easel.report.job.parties.index(party)
    if not result.tally.curve.size or party not in voted_for(easel.report):
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


def _curve_panel(easel: Easel, axis: Axes, points: dict[str, list[tuple[float, float]]], edge: float) -> None:
    axis.plot([0, edge], [0, edge], color=PALE, lw=0.9, ls=_DASHED, label=easel.say("proportional-line"), zorder=1)
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
        axis.axvline(bar, color=INK, lw=0.8, zorder=1)
        share = easel.phrases.share(tier.threshold.share)
        axis.annotate(
            easel.say("bar-line", share=share), (bar, top), xytext=(3, 0), textcoords="offset points", fontsize=8,
            color=INK, va="top",
        )  # fmt: skip
    axis.set_xlim(0, edge)
    axis.set_ylim(0, top)
    _tidy(easel, axis)
    axis.grid(axis="x", color=GRID, lw=0.7)
