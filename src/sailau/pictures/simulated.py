"""A simulation as pictures draw it: its sheet, and which parties are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sailau.pictures.sheet import WIDTH, PictureFrame
from sailau.rulebook import BadInput, Fault
from sailau.simulation.report import Report, Result
from sailau.wording.pictures import drawn
from sailau.wording.simulation import result_name


@dataclass(frozen=True)
class Simulated:
    """A report in a language."""

    report: Report
    language: str
    width: float = WIDTH

    @cached_property
    def parties(self) -> list[str]:
        """Parties that win seats which votes decide, the largest first.

        Raises:
            BadInput: there are none.
        """
        winners = [p for p in self.report.job.parties if any(r.enters(p) for r in self.report.results)]
        still = _still(self.report)
        shown = [p for p in winners if p not in still] or winners
        if not shown:
            raise BadInput([Fault("--plot", 0, "", "no seats in this simulation", "an election that fills seats")])
        return sorted(shown, key=lambda p: -self.report.own.expected(p))

    def sheet(self, title: str, *, said: tuple[str, ...] = (), foot: tuple[str, ...] = ()) -> PictureFrame:
        """Return the sheet of a picture of the report.

        Args:
            title: key of its headline.
            said: sentences after the number of elections.
            foot: sentences below the drawing.
        """
        job = self.report.job
        fixed = (self.plain.say("fixed"),) if int(job.plan.declared.sum()) else ()
        return PictureFrame(
            job.election,
            self.report.own.variant.law,
            self.language,
            self.plain.say(title),
            (drawn(self.language, job.draws), *said),
            (*foot, *fixed),
            job.seed,
            self.width,
        )

    @cached_property
    def plain(self) -> PictureFrame:
        """Words, names and colours of the case."""
        return PictureFrame(self.report.job.election, self.report.own.variant.law, self.language, "", width=self.width)

    def law(self, result: Result) -> str:
        """Return what a law of the report is called."""
        return result_name(self.report, result, self.language)


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
