"""What every plot of a report shares: its words, the parties that are shown, their colours, and the head of the sheet."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailau.pictures.canvas import INK
from sailau.pictures.colors import palette
from sailau.rulebook import BadInput, Fault
from sailau.simulation.report import Report
from sailau.simulation.tables import Writer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PALE, GRID = "#777777", "#e4e4e4"
WIDTH = 8.0
"""Inches of a plot."""
HEAD = 0.78
"""Inches above the panels for title and subtitle."""
MARGIN, TITLE, SUBTITLE = 0.16, 0.26, 0.54
"""Inches from the left edge to both, and from the upper edge to the middle of each."""
TITLE_SIZE, SUBTITLE_SIZE = 14, 8.5


class Easel:
    """A report with its words, its parties and their colours."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.writer = Writer(report, language)
        self.say, self.phrases = self.writer.say, self.writer.phrases
        self.language = language
        own = report.own
        still = _still(report)
        shown = [p for p in self.writer.shown if p not in still] or self.writer.shown
        self.parties = sorted(shown, key=lambda p: -own.expected(p))
        if not self.parties:
            raise BadInput([Fault("--plot", 0, "", "no seats in this simulation", "an election that fills seats")])
        self.own_colors = {name: party.color for name, party in report.job.election.parties.items()}
        self.colors = palette(self.parties, self.own_colors)

    def figure(self, height: float, title: str, subtitle: str) -> Figure:
        """Return an empty figure with its head."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, height))
        left, first, second = MARGIN / WIDTH, 1 - TITLE / height, 1 - SUBTITLE / height
        figure.text(left, first, title, va="center", fontsize=TITLE_SIZE, fontweight="bold", color=INK)
        figure.text(left, second, subtitle, va="center", fontsize=SUBTITLE_SIZE, color=PALE)
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

    def decimals(self, digits: int) -> Any:
        """Return a formatter of axis numbers in the language."""
        from matplotlib.ticker import FuncFormatter

        def written(value: float, _: int) -> str:
            exact = Fraction(value).limit_denominator(1000)
            return self.phrases.number(exact, digits if exact.denominator > 1 else 0)

        return FuncFormatter(written)


def _still(report: Report) -> set[str]:
    """Return those whose seats never change, under no law: announced ones."""
    voted = voted_for(report)
    return {
        p
        for p in report.job.parties
        if p not in voted
        and len({r.expected(p) for r in report.results}) == 1
        and all(r.quantiles(p)[0] == r.quantiles(p)[-1] for r in report.results)
    }


def voted_for(report: Report) -> set[str]:
    """Return the parties of the ballot paper that shares of the vote are measured on."""
    paper = report.job.plan.papers[report.job.paper]
    return set() if paper.local else {report.job.plan.party(str(option)) for option in paper.options}
