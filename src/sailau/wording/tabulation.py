"""A tabulation as a document: protocols in, totals by unit, figures that do not add up, protocols left out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.rulebook.forms import form_of
from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Block, Cell, Column, Heading, Items, Note, Paragraph, Table
from sailau.wording.findings import say_finding
from sailau.wording.language import Words, capital, marked, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name, unit_name

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.rulebook.forms import Relation
    from sailau.simulation.decisive import Decisive, Decisiveness
    from sailau.tabulation.report import TabulationReport, UnitLine

LEFT_OUT = {
    "superseded": marked("superseded by another version"),
    "void": marked("void"),
    "missing": marked("missing"),
}
SEVERITY = {"error": marked("error"), "warning": marked("warning")}
_NAMED = 20
_BALLOTS = ("@registered", "@issued", "@cast", "@invalid")


def say_tabulation(
    report: TabulationReport, language: str = "en", level: str | None = None, shown: int = _NAMED
) -> list[Block]:
    """Return one case's tabulation.

    Args:
        report: what was tabulated.
        language: `en`, `kk` or `ru`.
        level: level of the units of which totals are shown; those right below the whole where none is named.
        shown: how many findings and protocols left out are told one by one.
    """
    said = words(language)
    title = text_in(report.election.titles, language, report.election.name)
    blocks: list[Block] = [Heading(title), Paragraph(text_in(report.law.body.name, language, report.law.id), "quiet")]
    for contest, round_ in report.tabulation.totals:
        name = capital(contest_title(report.law, contest, said))
        if round_ == 2:
            name = said.say("{contest}, second round", contest=name)
        lines = report.lines(contest, round_, level)
        blocks.append(Paragraph(_progress(lines[0], name, said), "good" if lines[0].is_complete else "doubt"))
        blocks += _totals(report, lines, name, said)
    return [*blocks, *_findings(report, said, shown), *_left_out(report, said, shown)]


def _progress(line: UnitLine, name: str, said: Words) -> str:
    if not line.expected:
        return said.say("{contest}: no polling stations in the units of this case.", contest=name)
    return said.say(
        "{contest}: {received} of {expected} protocols in ({share}), {voters} voters on their lists.",
        contest=name,
        received=said.number(line.received),
        expected=said.number(line.expected),
        share=said.percent(Fraction(line.received, line.expected)),
        voters=said.number(line.voters),
    )


def _totals(report: TabulationReport, lines: list[UnitLine], name: str, said: Words) -> Iterator[Table]:
    """Yield the figures of the whole, line by line, and the ballots of each unit."""
    whole = lines[0]
    items = [i for i, value in whole.figures.items() if value is not None]
    figures = tuple((_item_cell(report, i, said), document.count(said, whole.figures[i])) for i in items)
    yield Table(name, (Column(said.say("line"), "name"), Column(said.say("whole"), "count")), figures)
    if len(lines) == 1:
        return
    ballots = [i for i in _BALLOTS if any(line.figures.get(i) is not None for line in lines)]
    stations = any(line.expected for line in lines)
    columns = (
        Column(said.say("unit"), "name"),
        *((Column(said.say("protocols"), "count"), Column(said.say("expected"), "count")) if stations else ()),
        *(Column(figure_name(item, said), "count") for item in ballots),
        Column(figure_name("options", said), "count"),
    )
    rows = tuple(
        (
            document.name(unit_name(report.election, line.unit, said)),
            *((document.count(said, line.received), document.count(said, line.expected)) if stations else ()),
            *(document.count(said, line.figures.get(item), "–") for item in ballots),
            document.count(said, sum(v or 0 for i, v in line.figures.items() if not i.startswith("@"))),
        )
        for line in lines[1:]
    )
    yield Table("", columns, rows)


def _item_cell(report: TabulationReport, item: str, said: Words) -> Cell:
    short = "" if item.startswith("@") else report.election.name_of(item, said.language, short=True)
    return document.name(_item(report, item, said), short)


def _item(report: TabulationReport, item: str, said: Words) -> str:
    """Return the name of an option or a line; one that only the law's form knows is called as there."""
    if not item.startswith("@"):
        return option_name(report.election, item, said)
    name = figure_name(item, said)
    forms = (form_of(report.law, contest) for contest, _ in report.tabulation.totals) if name == item else ()
    titles = (text_in(line.title or {}, said.language, item) for f in forms if f for line in f.line if line.id == item)
    return next(titles, name)


def _findings(report: TabulationReport, said: Words, shown: int) -> Iterator[Block]:
    codes = report.codes()
    if not codes:
        yield Paragraph(said.say("Every figure that was checked adds up."), "good")
        return
    relations = _relations(report)
    kinds = {one.check.code: one.check for one in report.breaches}
    rows = []
    for code, number in codes.items():
        relation = relations.get(code)
        meaning = text_in(relation.meaning or {}, said.language, "") if relation is not None else ""
        action = text_in(relation.action or {}, said.language, "") if relation is not None else ""
        article = cite(report.law, kinds[code].cite, said.language) if kinds[code].cite else ""
        severity = said.say(SEVERITY[kinds[code].severity])
        rows.append(
            (
                Cell(code),
                Cell(severity),
                document.count(said, number),
                Cell(meaning),
                Cell(action),
                Cell(article, "article"),
            )
        )
    heads = (
        Column(said.say("code"), "name"),
        Column(said.say("kind")),
        Column(said.say("protocols"), "count"),
        Column(said.say("what should hold")),
        Column(said.say("what to do"), optional=True),
        Column(said.say("article"), "article", optional=True),
    )
    yield Table(said.say("Figures that do not add up"), heads, tuple(rows))
    told = report.findings(shown)
    yield Items(tuple(say_finding(f, said.language, report.election, report.law) for f in told))
    left = sum(codes.values()) - len(told)
    if left > 0:
        yield Note(
            said.plural(
                "… and {n} more; the file of findings has all", "… and {n} more; the file of findings has all", left
            )
        )


def _relations(report: TabulationReport) -> dict[str, Relation]:
    forms = [form_of(report.law, contest) for contest, _ in report.tabulation.totals]
    return {r.id: r for form in forms if form is not None for r in form.relation}


def _left_out(report: TabulationReport, said: Words, shown: int) -> Iterator[Block]:
    if not report.tabulation.left_out:
        return
    counts = [f"{said.say(LEFT_OUT[s])}: {said.number(n)}" for s, n in sorted(report.tabulation.left_out.items())]
    yield Heading(said.say("Protocols that are in no total"), 2)
    yield Paragraph("; ".join(counts), "doubt")
    told = report.tabulation.excluded[:shown]
    yield Items(tuple(_excluded(report, e, said) for e in told))
    left = sum(report.tabulation.left_out.values()) - len(told)
    if left > 0:
        yield Note(said.plural("… and {n} more", "… and {n} more", left))


def _excluded(report: TabulationReport, one: object, said: Words) -> str:
    from sailau.tabulation import Exclusion

    assert isinstance(one, Exclusion)
    contest = contest_title(report.law, one.contest, said) if one.contest else said.say("all ballot papers")
    unit = unit_name(report.election, one.unit, said) if one.unit in report.election.units else one.unit
    text = said.say(
        "{unit}, {contest}, version {version}: {status}",
        unit=unit,
        contest=contest,
        version=said.number(one.version),
        status=said.say(LEFT_OUT[one.status]),
    )
    return f"{text} ({one.reason})" if one.reason else text


WAYS = {
    "to": marked("{votes} votes more for {option}: {change}"),
    "from": marked("{votes} votes fewer for {option}: {change}"),
    "between": marked("{votes} votes for {option} and not for {other}: {change}"),
}
"""Way in which unexplained votes may lie → sentence."""


def say_decisive(
    report: TabulationReport, made: Decisiveness, language: str = "en", shown: int = _NAMED
) -> list[Block]:
    """Return what the unexplained votes of a case could decide."""
    said = words(language)
    blocks: list[Block] = [Heading(said.say("What the unexplained votes could decide"), 2)]
    if not made.unexplained:
        return [*blocks, Paragraph(said.say("The protocols leave no votes unexplained."), "good")]
    sums: dict[str, int] = {}
    for (contest, _), votes in made.unexplained.items():
        sums[contest] = sums.get(contest, 0) + votes
    for contest, votes in sums.items():
        mine = [d for d in made.decisive if d.contest == contest]
        texts = {"contest": capital(contest_title(report.law, contest, said)), "votes": said.number(votes)}
        if contest in made.untold:
            text = said.say(
                "{contest}: {votes} unexplained votes; a rule reads figures that the case does not have.", **texts
            )
            blocks.append(Paragraph(text, "doubt"))
            continue
        if not mine:
            blocks.append(
                Paragraph(said.say("{contest}: {votes} unexplained votes could change no seat.", **texts), "good")
            )
            continue
        blocks.append(Paragraph(said.say("{contest}: {votes} unexplained votes could change seats.", **texts), "bad"))
        for option in dict.fromkeys(o for d in mine for o in d.enters):
            name = option_name(report.election, option, said)
            text = said.say("Whether {option} has a seat at all lies inside the errors of protocols.", option=name)
            blocks.append(Paragraph(text, "bad"))
        blocks.append(Items(tuple(_way(report, d, said) for d in mine[:shown])))
        if len(mine) > shown:
            blocks.append(Note(said.plural("… and {n} more", "… and {n} more", len(mine) - shown)))
    text = said.plural(
        "{n} way was counted under the whole law.", "{n} ways were counted under the whole law.", made.tried
    )
    return [*blocks, Note(text)]


def _way(report: TabulationReport, one: Decisive, said: Words) -> str:
    changes = [
        f"{option_name(report.election, o, said)} {'+' if n > 0 else '−'}{abs(n)}" for o, n in one.change.items()
    ]
    text = said.say(
        WAYS[one.way],
        votes=said.number(one.votes),
        option=option_name(report.election, one.option, said),
        other=option_name(report.election, one.other, said) if one.other else "",
        change=", ".join(changes) or said.say("another answer or an open question"),
    )
    return f"{unit_name(report.election, one.district, said)}: {text}" if one.district else text


def findings_table(report: TabulationReport, language: str, law: Law | None = None) -> Table:
    """Return all findings as a table for a file: code, contest, unit, both figures, in words."""
    said = words(language)
    law = law or report.law
    heads = ("code", "contest", "unit", "found", "expected", "text")
    rows = []
    for finding in report.findings(10**9):
        numbers = tuple(
            Cell(str(finding.values.get(k, "")), "count", finding.values.get(k)) for k in ("found", "expected")
        )
        text = say_finding(finding, language, report.election, law)
        rows.append((Cell(finding.code), Cell(finding.contest), Cell(finding.unit), *numbers, Cell(text)))
    columns = tuple(Column(h, "count" if h in ("found", "expected") else "text") for h in heads)
    return Table(said.say("Figures that do not add up"), columns, tuple(rows))
