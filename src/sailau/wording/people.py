"""Vetting, calendar, the voter's page, money, complaints and commissions as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sailau.nomination.figures import Figure
from sailau.rulebook.sheet import Table
from sailau.wording.citations import cite
from sailau.wording.language import Words, marked, words

if TYPE_CHECKING:
    from sailau.nomination import Entry, PersonAnswer, Verdict, Vetting
    from sailau.nomination.authorities import Breach, CommissionLine, ComplaintLine
    from sailau.nomination.money import Sum
    from sailau.nomination.voter import VoterPage
    from sailau.rulebook import Law


_FIGURES = (
    marked("yes"),
    marked("no"),
    marked("{years} years by {day}"),
    marked("{opens} to {closes}"),
    marked("by {day}"),
    marked("{count} months"),
    marked("{count} days"),
    marked("within {span} of {fact}"),
    marked("not after {fact}"),
    marked("not {value}"),
    marked("{one} or {other}"),
    marked("at least {amount}"),
    marked("more than {amount}"),
    marked("at most {amount}"),
    marked("fewer than {amount}"),
    marked("at most {amount} ({seats} seats)"),
    marked("{count} of {whole}"),
    marked("{count} of {whole} ({share})"),
    marked("{share} or more"),
    marked("{low} to {high}"),
    marked("one place in {contests}"),
    marked("same name: {persons}"),
    marked("an odd number"),
    marked("none of {offices}"),
    marked("{count} names"),
    marked("the minimum wage"),
    marked("women"),
    marked("youth"),
    marked("disability"),
)
"""Every sentence that the room `nomination` makes a figure of."""
VERDICTS = {"admitted": marked("admitted"), "refused": marked("refused"), "undecided": marked("undecided")}
_KINDS = {
    "hours": marked("Hours of voting"),
    "list": marked("The list of voters"),
    "document": marked("Documents"),
    "mark": marked("A valid mark"),
    "elsewhere": marked("Voting elsewhere"),
    "home": marked("Voting at home"),
    "abroad": marked("Voting abroad"),
}
_SUMS = {
    "deposit": marked("deposit"),
    "own": marked("own money, at most"),
    "donations": marked("donations, at most"),
    "person": marked("from one person, at most"),
    "entity": marked("from one legal entity, at most"),
}


def vetting_sheets(vetting: Vetting, law: Law, language: str) -> list[Table]:
    """Return what vetting found: a count of verdicts, then every finding that decides."""
    said = words(language)
    groups = (
        (said.say("Parties"), vetting.parties),
        (said.say("Lists"), vetting.lists),
        (said.say("Persons"), vetting.persons),
    )
    counts = [
        [name, *(str(sum(v.verdict == kind for v in verdicts)) for kind in VERDICTS)] for name, verdicts in groups
    ]
    columns = ["", *(said.say(v) for v in VERDICTS.values())]
    sheets = [Table(said.say("Verdicts"), columns, counts)]
    for name, verdicts in groups:
        rows = list(_finding_rows(_grouped(verdicts), law, said))
        if rows:
            columns = [said.say("who"), said.say("verdict"), said.say("finding"), said.say("article")]
            sheets.append(Table(name, columns, rows))
    return sheets


def _grouped(verdicts: Iterable[Verdict]) -> list[tuple[str, Verdict]]:
    """Join verdicts that say the same of many: “87 persons” in place of 87 rows."""
    alike: dict[Any, list[Verdict]] = {}
    for verdict in verdicts:
        key = (verdict.verdict, tuple((f.provision, f.code, f.found, f.required, f.needs) for f in verdict.findings))
        alike.setdefault(key, []).append(verdict)
    return [(_who([v.id for v in held]), held[0]) for held in alike.values()]


def _who(ids: Sequence[str]) -> str:
    return ", ".join(ids) if len(ids) < 4 else f"{ids[0]}, {ids[1]} … ({len(ids)})"


def _finding_rows(verdicts: Iterable[tuple[str, Verdict]], law: Law, said: Words) -> Iterable[list[str]]:
    for who, verdict in verdicts:
        for number, finding in enumerate(verdict.findings):
            shown = finding.say(said.language)
            if finding.found or finding.required:
                shown += f" ({_figure(finding.found, said) or '–'} / {_figure(finding.required, said) or '–'})"
            first = number == 0
            name, state = (who, said.say(VERDICTS[verdict.verdict])) if first else ("", "")
            yield [name, state, shown, cite(law, finding.cite, said.language)]


def _figure(value: object, said: Words) -> str:
    """Return what was found or is asked for in a language."""
    if not isinstance(value, Figure):
        return str(value)
    return said.say(value.sentence, **{name: _figure(part, said) for name, part in value.parts.items()})


_BREACHES = {
    "size": marked("number of members"),
    "even": marked("an even number of members"),
    "party-share": marked("members proposed by one party"),
    "one-employer": marked("members from one employer"),
    "barred-office": marked("an office that bars membership"),
}


def breach_sheets(breaches: Sequence[Breach], law: Law, language: str) -> list[Table]:
    """Return what is wrong with the composition of commissions, nothing where all is well."""
    said = words(language)
    rows = [
        [
            b.commission,
            said.say(_BREACHES[b.code]),
            _figure(b.found, said),
            _figure(b.required, said),
            cite(law, b.cite, language),
        ]
        for b in breaches
    ]
    columns = [said.say(c) for c in ("commission", "finding", "found", "required", "article")]
    return [Table(said.say("Commissions"), columns, rows)] if rows else []


def person_sheets(answer: PersonAnswer, law: Law, language: str) -> list[Table]:
    """Return whether a described person may vote and may stand, with every condition."""
    said = words(language)
    columns = ["", said.say("verdict"), said.say("finding"), said.say("article")]
    vote = Table(said.say("May vote"), columns, list(_finding_rows([("", answer.vote)], law, said)))
    stand = [(contest, verdict) for contest, verdict in answer.stand.items()]
    return [vote, Table(said.say("May stand"), columns, list(_finding_rows(stand, law, said)))]


def calendar_sheet(entries: Sequence[Entry], law: Law, language: str) -> Table:
    """Return the calendar of an election, in order of dates."""
    said = words(language)
    rows = []
    for entry in entries:
        notes = [remark.say(language) for remark in (*entry.notes, *entry.conflicts)]
        what = entry.title.get(language, entry.id) + "".join(f"\n  {note}" for note in notes)
        begins = _moment(entry.opens, entry.opens_hour)
        ends = _moment(entry.closes, entry.closes_hour)
        rows.append([begins, ends if ends != begins else "", what, cite(law, entry.cite, language)])
    return Table(said.say("Calendar"), [said.say("from"), said.say("to"), said.say("what"), said.say("article")], rows)


def _moment(day: Any, hour: str) -> str:
    return f"{day.isoformat() if day else '–'} {hour}".strip()


def voter_sheets(page: VoterPage, law: Law, language: str) -> list[Table]:
    """Return the page of a voter: papers, then hours, documents, marks and voting elsewhere."""
    said = words(language)
    papers = []
    for number, paper in enumerate(page.ballots, 1):
        extra = said.say("with a row “against all”") if paper.against_all else ""
        counts = paper.counts_to.get(language, "")
        details = "; ".join(x for x in (paper.order.get(language, ""), extra, counts) if x)
        title = paper.title.get(language, paper.contest)
        papers.append([str(number), title, details, cite(law, paper.cite, language)])
    columns = ["", said.say("ballot paper"), said.say("what stands on it"), said.say("article")]
    sheets = [Table(said.say("Your ballot papers"), columns, papers)]
    for kind, lines in page.rules.items():
        rows = [[_line(item, language), cite(law, item.cite, language)] for item in lines]
        if rows:
            sheets.append(Table(said.say(_KINDS.get(kind, kind)), [said.say("rule"), said.say("article")], rows))
    if page.stations:
        rows = [[_line(item, language)] for item in page.stations]
        sheets.append(Table(said.say("Polling stations abroad"), [said.say("place")], rows))
    return sheets


def _line(item: Any, language: str) -> str:
    text: str = item.title.get(language, item.id)
    return text


def money_sheet(sums: Sequence[Sum], law: Law, language: str) -> Table:
    """Return deposits and ceilings of funds, in minimum wages and in money."""
    said = words(language)
    rows = []
    for line in sums:
        amount = "–" if line.amount is None else f"{said.number(line.amount)} {line.currency}"
        kind = said.say(_SUMS.get(line.kind, line.kind))
        title = line.title.get(language, line.id)
        rows.append([title, kind, said.number(line.multiple), amount, cite(law, line.cite, language)])
    columns = [said.say(c) for c in ("what", "kind", "minimum wages", "amount", "article")]
    return Table(said.say("Money"), columns, rows)


def complaint_sheet(lines: Sequence[ComplaintLine], law: Law, language: str) -> Table:
    """Return which body decides which complaint, within how many days."""
    said = words(language)
    rows = []
    for line in lines:
        within = said.say("any time") if line.file_days is None else str(line.file_days)
        if line.file_by is not None:
            within += f" ({line.file_by.isoformat()})"
        decided = (
            "–"
            if line.decide_days is None
            else said.say("the same day")
            if not line.decide_days
            else str(line.decide_days)
        )
        decided = said.say("at once") if line.at_once else decided
        title, to = line.title.get(language, line.id), line.to.get(language, "")
        rows.append([title, to, within, decided, cite(law, line.cite, language)])
    columns = [said.say(c) for c in ("matter", "to whom", "file within days", "decided within days", "article")]
    return Table(said.say("Complaints"), columns, rows)


def commission_sheet(lines: Sequence[CommissionLine], law: Law, language: str) -> Table:
    """Return the levels of commissions, who forms them and how many members they have."""
    said = words(language)
    rows = []
    for line in lines:
        size = str(line.least) if line.least == line.most else f"{line.least}–{line.most}"
        title, formed = line.title.get(language, line.id), line.formed_by.get(language, "")
        rows.append([title, formed, size, cite(law, line.cite, language)])
    columns = [said.say(c) for c in ("commission", "formed by", "members", "article")]
    return Table(said.say("Commissions"), columns, rows)


def rule_sheet(title: str, lines: Sequence[Any], law: Law, language: str) -> Table:
    """Return any list of cited rules as a table."""
    said = words(language)
    rows = [[_line(item, language), cite(law, item.cite, language)] for item in lines]
    return Table(said.say(title), [said.say("rule"), said.say("article")], rows)
