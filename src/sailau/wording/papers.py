"""Official papers as data for a typesetter: a station's protocol, a commission's summary, the act of results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sailau.rulebook.forms import Form
from sailau.wording.citations import cite
from sailau.wording.explanation import explain
from sailau.wording.language import Words, capital, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.numerals import in_words
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name, unit_name

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.election import Election
    from sailau.rulebook import Law
    from sailau.tabulation import Totals
    from sailau.tabulation.report import TabulationReport

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """One paper.

    Attributes:
        issuer: the commission.
        title: what it is.
        act: law and articles by which it is drawn up.
        facts: name → value lines at the top: the vote, its day, the place.
        tables: (heads, widths, rows) of each table; the last column of a blank one is empty.
        paragraphs: sentences below the tables.
        laid_out: a text whose columns stand by spaces.
        signatures: who signs.
        code: text of its two-dimensional code, or empty.
        note: a small line at its end.
    """

    language: str
    issuer: str
    title: str
    act: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[tuple[Cells, tuple[int, ...], tuple[Cells, ...]], ...]
    paragraphs: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    code: str = ""
    note: str = ""
    laid_out: str = ""


def protocol_paper(
    law: Law, form: Form | None, election: Election, contest: str, unit: str, totals: Totals | None, language: str
) -> OfficialPaper:
    """Return the protocol of a station, blank where no totals are given.

    Args:
        law: its form.
        form: the form of the contest; without one the lines that a case has.
        election: names of lists and units.
        contest: the ballot paper.
        unit: the station, or empty on a blank form.
        totals: figures that the station states; None for a blank form.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    row = totals.place(unit) if totals is not None else None
    figures = {}
    if totals is not None and row is not None:
        figures = {i: int(totals.counts[row, c]) for c, i in enumerate(totals.items) if totals.own[row, c]}
    lines = [line for line in form.line if not line.sum] if form is not None else []
    rows = [
        _line(
            n, text_in(x.title or {}, language, figure_name(x.id, said)), figures.get(x.id), x.in_words, language, said
        )
        for n, x in enumerate(lines, 1)
    ]
    if not lines:
        stated = [i for i in figures if i.startswith("@")]
        rows = [_line(n, figure_name(i, said), figures[i], True, language, said) for n, i in enumerate(stated, 1)]
    paper = law.contest_of(contest)
    options = (
        list(paper.answers)
        if paper is not None and paper.answers
        else [*election.parties] or [i for i in figures if not i.startswith("@")]
    )
    votes = [
        _line(n, option_name(election, o, said), figures.get(o), True, language, said)
        for n, o in enumerate((o for o in options if totals is None or o in figures), len(rows) + 1)
    ]
    heads = (said.say("No."), said.say("line"), said.say("figure"), said.say("in words"))
    widths = (6, 46, 16, 32)
    articles = cite(law, form.cite, language) if form is not None and form.cite else ""
    return OfficialPaper(
        language,
        said.say("Precinct election commission"),
        text_in(
            (form.title or {}) if form is not None else {}, language, said.say("Protocol of the results of voting")
        ),
        articles,
        _facts(law, election, contest, unit_name(election, unit, said) if unit else "", said),
        ((heads, widths, tuple(rows)), ((heads[0], said.say("votes for"), *heads[2:]), widths, tuple(votes))),
        (),
        _signers(said),
        _code(election, contest, unit, figures) if figures else "",
        said.say("Figures stand as the paper has them; corrections are a new version."),
    )


def _line(number: int, name: str, figure: int | None, words_too: bool, language: str, said: Words) -> Cells:
    if figure is None:
        return (str(number), name, "", "")
    return (str(number), name, said.number(figure), in_words(figure, language) if words_too else "")


def _facts(law: Law, election: Election, contest: str, place: str, said: Words) -> tuple[tuple[str, str], ...]:
    return (
        (said.say("vote"), f"{text_in(law.body.name, said.language, law.id)}, {contest_title(law, contest, said)}"),
        (said.say("polling day"), said.day(election.day)),
        (said.say("polling station"), place or "____________________"),
        (said.say("place and time of signing"), "____________________"),
    )


def _signers(said: Words) -> tuple[str, ...]:
    return (said.say("chair"), said.say("deputy chair"), said.say("secretary"), *[said.say("member")] * 4)


def _code(election: Election, contest: str, unit: str, figures: dict[str, int]) -> str:
    """Return the figures as one line that a scanner reads: what it rests on, then item=figure."""
    told = ";".join(f"{item}={figure}" for item, figure in figures.items())
    return f"sailau:1;{election.day.isoformat()};{election.law};{contest};{unit};{told}"


def summary_paper(report: TabulationReport, contest: str, unit: str, language: str) -> OfficialPaper:
    """Return a commission's summary protocol of one ballot paper: the sums of its unit, and the units below."""
    said = words(language)
    total = report.tabulation.totals[contest, 1]
    every = {line.unit: line for level in _levels(report) for line in report.lines(contest, 1, level)}
    own = every[unit]
    heads = (said.say("No."), said.say("line"), said.say("figure"), said.say("in words"))
    shown = [i for i, v in own.figures.items() if v is not None]
    rows = tuple(
        _line(
            n,
            figure_name(i, said) if i.startswith("@") else option_name(report.election, i, said),
            own.figures[i],
            True,
            language,
            said,
        )
        for n, i in enumerate(shown, 1)
    )
    below = [u for u in total.units if u and total.units[total.parent[total.place(u) or 0]] == unit and u in every]
    units = tuple(
        (
            unit_name(report.election, u, said),
            said.number(every[u].received),
            said.number(every[u].expected),
            _cast(every[u].figures, said),
        )
        for u in below
    )
    tables: list[tuple[Cells, tuple[int, ...], tuple[Cells, ...]]] = [(heads, (6, 46, 16, 32), rows)]
    if units:
        columns = (said.say("unit"), said.say("protocols"), said.say("expected"), figure_name("@cast", said))
        tables.append((columns, (46, 18, 18, 18), units))
    broken = sum(len(b) for b in report.breaches if b.contest == contest and b.check.severity == "error")
    place = unit_name(report.election, unit, said) if unit else said.say("whole")
    return OfficialPaper(
        language,
        said.say("Territorial election commission"),
        said.say("Summary protocol of the results of voting"),
        "",
        (
            *_facts(report.law, report.election, contest, place, said)[:2],
            (said.say("unit"), place),
            (said.say("protocols"), f"{said.number(own.received)} / {said.number(own.expected)}"),
        ),
        tuple(tables),
        (said.plural("{n} figure does not add up.", "{n} figures do not add up.", broken),),
        _signers(said),
    )


def _levels(report: TabulationReport) -> list[str | None]:
    return [None, *dict.fromkeys(u.level for u in report.election.units.values() if u.level)]


def _cast(figures: object, said: Words) -> str:
    assert isinstance(figures, dict)
    value = figures.get("@cast")
    return "–" if value is None else said.number(value)


def act_paper(outcome: Outcome, language: str) -> OfficialPaper:
    """Return the act of results: seats of every contest, and the reasons by article."""
    said = words(language)
    tables = []
    for name, contest in outcome.contests.items():
        votes = contest.votes or {}
        options = sorted({*votes, *contest.seats}, key=lambda o: (-contest.seats.get(o, 0), -votes.get(o, 0), o))
        rows = tuple(
            (
                figure_name(o, said) if o.startswith("@") else option_name(outcome.election, o, said),
                said.number(votes[o]) if o in votes else "–",
                said.number(contest.seats.get(o, 0)),
            )
            for o in options
            if contest.seats.get(o, 0) or votes.get(o, 0)
        )
        heads = (capital(contest_title(outcome.law, name, said)), said.say("votes"), said.say("seats"))
        tables.append((heads, (60, 20, 20), rows))
    return OfficialPaper(
        language,
        said.say("Central election commission"),
        said.say("Act of the results of the election"),
        "",
        (
            (said.say("vote"), text_in(outcome.law.body.name, language, outcome.law.id)),
            (said.say("polling day"), said.day(outcome.election.day)),
            (said.say("place and time of signing"), "____________________"),
        ),
        tuple(tables),
        (),
        _signers(said),
        "",
        outcome.digest,
        explain(outcome, None, language),
    )
