"""Vetting, calendar, the voter's page, money, complaints and commissions as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from string import Formatter
from typing import TYPE_CHECKING, Any

from sailau.nomination.notes import CodedNote
from sailau.nomination.subjects import When
from sailau.rulebook.facts import FACTS
from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Kind, Table
from sailau.wording.language import Words, counted, marked, text_in, words
from sailau.wording.names import NONE, VALUES, money
from sailau.wording.notes import note_in
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name

if TYPE_CHECKING:
    from sailau.election.model import Election
    from sailau.nomination import CalendarEntry, ConditionFinding, PersonAnswer, Verdict, Vetting
    from sailau.nomination.authorities import Breach, CommissionLine, ComplaintLine
    from sailau.nomination.money import Sum
    from sailau.nomination.voter import VoterPage
    from sailau.rulebook import Law
    from sailau.rulebook.coverage import Coverage


_NOTES = {
    # what was found or is asked for
    "years-by": marked("{years} years by {day}"),
    "span": marked("{opens} to {closes}"),
    "range": "{low}–{high}",
    "by": marked("by {day}"),
    "within": marked("within {span} of {fact}"),
    "not-after": marked("not after {fact}"),
    "not": marked("not {value}"),
    "at-least": marked("at least {amount}"),
    "more-than": marked("more than {amount}"),
    "at-most": marked("at most {amount}"),
    "fewer-than": marked("fewer than {amount}"),
    "at-most-for-seats": marked("at most {amount} ({seats} seats)"),
    "of": marked("{count} of {whole}"),
    "part-of": marked("{share} of {whole}"),
    "part-of-fact": marked("{share} of {fact}"),
    "share-of": marked("{count} of {whole} ({share})"),
    "share-of-or-more": marked("{count} of {whole} ({share} or more)"),
    "one-place": marked("one place in {contests}"),
    "persons": "{persons}",
    "same-name": marked("same name: {persons}"),
    "odd": marked("an odd number"),
    "none-of": marked("none of {offices}"),
    "names-unknown": marked("an unknown number of names"),
    "minimum-wage": marked("the minimum wage"),
    "equals": "{sum} = {amount}",
    "group": "{group} {count}",
    "share": "{share}",
    "by-group": "{whole}: {groups}",
    # how a condition stands
    "not-met": marked("not met"),
    "met": marked("met"),
    "note": marked("to be noted: the law sets no refusal for it"),
    "presumed": marked("taken as met: no authority is known to have established it"),
    "needs-fact": marked("undecided: needs {facts}"),
    "needs-day": marked("undecided: only the year is known, and it lies at the boundary; needs {facts}"),
    "needs-hour": marked("undecided: the last day has an hour ({hour}); needs the hour of {facts}"),
    "needs-deadline": marked("undecided: the days of {deadlines} are not known"),
    "needs-age": marked(
        "undecided: the text names no age of youth; counted as under {refused} the law refuses, as under {admitted} it admits"
    ),
    "needs-reading": marked(
        "undecided: read as here, the law refuses; the rule or its figure was not verified in the text, and without it"
        " the law admits"
    ),
    "needs-conditions": marked("undecided: the rule book holds no conditions"),
    # what a day of the calendar depends on
    "authority-sets": marked("The commission sets it for this election; its dates are not in the data."),
    "law-silent": marked("The law sets no day."),
    "needs-called": marked("Needs the day on which the election was called."),
    "needs-results": marked("Needs the day of the results."),
    "needs-term-end": marked("Needs the last day of the term."),
    "needs-powers-end": marked("Needs the day on which the powers ended early."),
    "needs-event": marked("Needs the day of {event}."),
    "done": marked("Done on {day} ({cite})."),
    "rule-from": marked("The rule gives {rule} as the first day; the authority set {day}."),
    "rule-to": marked("The rule gives {rule} as the last day; the authority set {day}."),
    "inferred-from": marked(
        "The rule gives {rule} as the first day; {day} is inferred, no publication of it was found."
    ),
    "inferred-to": marked("The rule gives {rule} as the last day; {day} is inferred, no publication of it was found."),
    "inferred": marked("This day is inferred; no publication of it was found."),
    "by-statute": marked("The words of the law alone give {day}."),
    "by-practice": marked("The commission's practice gives {day}."),
    "conflict-span": marked("It would begin on {first} and end on {last}."),
    "conflict-called": marked("It ends on {last}, before the election is called ({day})."),
    "conflict-vote": marked("Voting day is {day}; the law allows {last} at the latest."),
    "conflict-vote-day": marked("Voting day is {day}; the law allows only {last}."),
    "conflict-call": marked("The election is called on {day}; the law allows {last} at the latest."),
    "conflict-order": marked("It ends on {last}, before {other} ({day})."),
}
"""Every sentence that the room `nomination` has a code for; those without letters are the same in every language."""
_COUNTS = {
    "months": counted("{n} month", "{n} months"),
    "days": counted("{n} day", "{n} days"),
    "names": counted("{n} name", "{n} names"),
}
CODES = {*_NOTES, *_COUNTS, "book", "product", "one-of"}
"""Every code of the room `nomination` that can be said."""
_NOT_FACTS = {
    "seats": marked("the number of seats"),
    "party": marked("the party"),
    "wage": marked("the minimum wage of the year"),
    "birth_date": marked("the date of birth"),
    "sex": marked("the sex"),
}
"""What may be missing beside the facts of the table."""
_CHOICES = {
    "F": marked("female"),
    "M": marked("male"),
    "none": marked("none"),
    "secondary": marked("secondary education"),
    "vocational": marked("vocational education"),
    "higher": marked("higher education"),
    "association": marked("association"),
    "self": marked("the person alone"),
    "council": marked("council"),
    "higher-executive": marked("the head of a higher unit"),
    "district": marked("a district"),
    "city": marked("a city of regional significance"),
    "town": marked("a city of district significance"),
    "village": marked("a village"),
    "township": marked("a township"),
    "rural-district": marked("a rural district"),
}
"""Values of facts that are words, beside those that a rule book knows."""
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
_COVERAGE: tuple[tuple[str, Kind], ...] = (
    (marked("law"), "name"),
    (marked("provisions"), "count"),
    (marked("read in the law"), "count"),
    (marked("share"), "share"),
    (marked("edition named"), "count"),
    (marked("unverified"), "count"),
    (marked("oldest edition"), "date"),
    (marked("newest edition"), "date"),
)
_SUMS = {
    "deposit": marked("deposit"),
    "own": marked("own money, at most"),
    "nominator": marked("means of the nominator, at most"),
    "donations": marked("donations, at most"),
    "person": marked("from one person, at most"),
    "entity": marked("from one legal entity, at most"),
}


class People:
    """Says what the room `nomination` found, in one language, with the names of a law and, where there is one, a case."""

    def __init__(self, law: Law, language: str, election: Election | None = None) -> None:
        self.law, self.words, self.election = law, words(language), election

    def cite(self, text: str) -> str:
        """Return an article in the language."""
        return cite(self.law, text, self.words.language)

    def name(self, option: str) -> str:
        """Return what a party, a list or a person is called."""
        return option_name(self.election, option, self.words) if self.election is not None else option

    def note(self, note: CodedNote) -> str:
        """Return what a note says."""
        values = dict(note.values)
        if note.code == "book":
            text = str(values["text"])
            return note_in(text, self.words.language, self.law) or text
        if note.code in _COUNTS:
            return self.words.plural(*_COUNTS[note.code], int(str(values["count"])))
        if note.code == "product":
            return " × ".join(self.value(factor) for factor in _several(values["factors"]))
        if note.code == "one-of":
            return self._either(_several(values["values"]))
        said = {name: self._named(name, value) for name, value in values.items()}
        sentence = _NOTES[note.code]
        return (
            self.words.say(sentence, **said) if any(c.isalpha() for c in _bare(sentence)) else sentence.format(**said)
        )

    def _named(self, name: str, value: object) -> str:
        """Return a value of a note, by what the name says that it is."""
        if name == "cite":
            return self.cite(str(value))
        if name in ("fact", "facts"):
            return ", ".join(self.fact(str(fact)) for fact in _several(value))
        if name == "deadlines":
            return ", ".join(self._deadline(str(deadline)) for deadline in _several(value))
        if name == "contests":
            return ", ".join(contest_title(self.law, str(contest), self.words) for contest in _several(value))
        if name == "persons":
            return ", ".join(self.name(str(person)) for person in _several(value))
        if name == "whole" and isinstance(value, str):
            return self.name(value)
        if name == "share" and isinstance(value, Fraction):
            return self.words.measured(value)
        return ", ".join(self.value(part) for part in _several(value))

    def value(self, value: object) -> str:
        """Return what was found or is asked for, empty where nothing was."""
        if isinstance(value, CodedNote):
            return self.note(value)
        if isinstance(value, When):
            return str(value) if not value.exact else f"{self.words.day(value.first)} {value.hour}".strip()
        if isinstance(value, bool):
            return self.words.say(marked("yes") if value else marked("no"))
        if isinstance(value, int | Fraction):
            return self.words.number(value, 1)
        if isinstance(value, date):
            return self.words.day(value)
        if isinstance(value, Mapping):
            return self.words.quote(text_in(value, self.words.language, ""))
        known = _CHOICES.get(str(value)) or VALUES.get(str(value))
        return self.words.say(known) if known else "" if value is None else self.name(str(value))

    def fact(self, name: str) -> str:
        """Return what a fact is, in quotation marks; of what is no fact, its name."""
        if name in _NOT_FACTS:
            return self.words.say(_NOT_FACTS[name])
        return self.words.quote(text_in(FACTS[name].meaning, self.words.language, name)) if name in FACTS else name

    def _deadline(self, name: str) -> str:
        found = next((d for d in self.law.section("deadline") if d.id == name), None)
        title = text_in(found.title or {}, self.words.language, name) if found is not None else name
        return self.words.quote(title)

    def _either(self, values: Sequence[object]) -> str:
        *others, last = values
        if not others:
            return self.value(last)
        return self.words.say("{one} or {other}", one=self._either(others), other=self.value(last))

    def finding(self, finding: ConditionFinding) -> str:
        """Return a finding in a few words: title and state."""
        return f"{text_in(finding.title, self.words.language, finding.provision)}: {self.note(finding.state)}"

    def reasons(self, finding: ConditionFinding, verdict: str) -> tuple[str, ...]:
        """Return what a verdict hangs on: of a refusal the condition that is not met, else the facts that are missing."""
        title = text_in(finding.title, self.words.language, finding.provision)
        if verdict == "refused":
            return (title,) if finding.refuses else ()
        if not finding.undecided:
            return ()
        if finding.code == "needs-deadline":
            return tuple(self._deadline(name) for name in finding.needs)
        if finding.code in ("needs-reading", "needs-age", "needs-conditions") or not finding.needs:
            return (self.words.say("the reading of {condition}", condition=self.words.quote(title)),)
        return tuple(self.fact(name) for name in finding.needs)

    def finding_json(self, finding: ConditionFinding) -> dict[str, Any]:
        """Return a finding as plain data, its texts in the language."""
        language = self.words.language
        return {
            "code": finding.code,
            "provision": finding.provision,
            "cite": finding.cite,
            "confidence": finding.confidence,
            "title": text_in(finding.title, language, finding.provision),
            "fact": finding.fact,
            "found": self.value(finding.found),
            "required": self.value(finding.required),
            "needs": list(finding.needs),
            "document": text_in(finding.document, language, ""),
            "cure": text_in(finding.cure, language, ""),
            "note": finding.note,
            "text": self.finding(finding),
        }

    def verdict_json(self, verdict: Verdict) -> dict[str, Any]:
        """Return a verdict as plain data."""
        findings = [self.finding_json(finding) for finding in verdict.findings]
        decides = list(dict.fromkeys(text for f in verdict.findings for text in self.reasons(f, verdict.verdict)))
        return {"id": verdict.id, "verdict": verdict.verdict, "decides": decides, "findings": findings}


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) else (value,)


def _bare(sentence: str) -> str:
    """Return what stands in a sentence between its values."""
    return "".join(text for text, *_ in Formatter().parse(sentence))


def vetting_json(vetting: Vetting, law: Law, election: Election, language: str) -> dict[str, Any]:
    """Return `{"persons": [...], "lists": [...], "parties": [...]}`."""
    people = People(law, language, election)
    groups = {"persons": vetting.persons, "lists": vetting.lists, "parties": vetting.parties}
    return {name: [people.verdict_json(verdict) for verdict in verdicts] for name, verdicts in groups.items()}


def answer_json(answer: PersonAnswer, law: Law, language: str) -> dict[str, Any]:
    """Return `{"vote": verdict, "stand": {contest: verdict}}`."""
    people = People(law, language)
    stand = {contest: people.verdict_json(verdict) for contest, verdict in answer.stand.items()}
    return {"vote": people.verdict_json(answer.vote), "stand": stand}


def breach_json(breaches: Sequence[Breach], law: Law, election: Election, language: str) -> list[dict[str, Any]]:
    """Return what is wrong with the composition of commissions as plain data."""
    people = People(law, language, election)
    return [
        {
            "commission": breach.commission,
            "code": breach.code,
            "found": people.value(breach.found),
            "required": people.value(breach.required),
            "cite": breach.cite,
            "confidence": breach.confidence,
        }
        for breach in breaches
    ]


def calendar_json(entries: Sequence[CalendarEntry], law: Law, language: str) -> list[dict[str, Any]]:
    """Return the calendar as plain data; `from` and `to` are ISO dates or None."""
    people = People(law, language)
    return [
        {
            "id": entry.id,
            "title": text_in(entry.title, language, entry.id),
            "from": entry.opens.isoformat() if entry.opens else None,
            "to": entry.closes.isoformat() if entry.closes else None,
            "cite": entry.cite,
            "confidence": entry.confidence,
            "from_hour": entry.opens_hour,
            "to_hour": entry.closes_hour,
            "official": entry.official,
            "done": entry.done.isoformat() if entry.done else None,
            "notes": [people.note(note) for note in entry.notes],
            "conflicts": [people.note(conflict) for conflict in entry.conflicts],
        }
        for entry in entries
    ]


def money_json(sums: Sequence[Sum], law: Law, language: str) -> list[dict[str, Any]]:
    """Return deposits and ceilings of funds as plain data."""
    people = People(law, language)
    return [
        {
            "id": line.id,
            "kind": line.kind,
            "title": text_in(line.title, language, line.id),
            "multiple": str(line.multiple),
            "amount": line.amount,
            "currency": line.currency,
            "words": people.note(line.sum),
            "cite": line.cite,
            "confidence": line.confidence,
            "note": line.note,
        }
        for line in sums
    ]


def _heads(said: Words, *heads: tuple[str, Kind]) -> tuple[Column, ...]:
    """Return columns from heads of the catalogue and what their cells hold."""
    return tuple(Column(said.say(head) if head else "", kind) for head, kind in heads)


def vetting_sheets(vetting: Vetting, law: Law, election: Election, language: str) -> list[Table]:
    """Return what vetting found: a count of verdicts, then every finding that decides."""
    people = People(law, language, election)
    said = people.words
    groups = (
        (said.say("Parties"), vetting.parties),
        (said.say("Lists"), vetting.lists),
        (said.say("Persons"), vetting.persons),
    )
    counts = tuple(
        (document.name(name), *(document.count(said, sum(v.verdict == kind for v in verdicts)) for kind in VERDICTS))
        for name, verdicts in groups
    )
    verdict_heads: list[tuple[str, Kind]] = [(verdict, "count") for verdict in VERDICTS.values()]
    sheets = [Table(said.say("Verdicts"), _heads(said, ("", "name"), *verdict_heads), counts)]
    deciding = tuple(row for _, verdicts in groups for row in _deciding_rows(verdicts, people))
    if deciding:
        sheets.append(Table(said.say("What would decide"), _heads(said, *_DECIDING_HEADS), deciding))
    for name, verdicts in groups:
        rows = tuple(_finding_rows(_grouped(verdicts, people), people))
        if rows:
            sheets.append(Table(name, _heads(said, (marked("who"), "name"), *_FINDING_HEADS), rows))
    return sheets


_DECIDING_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("who"), "name"),
    (marked("verdict"), "text"),
    (marked("facts and readings that would decide"), "text"),
)


def _deciding_rows(verdicts: Iterable[Verdict], people: People) -> Iterator[tuple[Cell, ...]]:
    """Say of every verdict that is no admission what it hangs on, each fact once, those of one answer together."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    told: dict[tuple[str, str, tuple[str, ...], str], tuple[str, ...]] = {}

    def reasons_of(finding: ConditionFinding, verdict: str) -> tuple[str, ...]:
        key = (finding.provision, finding.code, finding.needs, verdict)
        if key not in told:
            told[key] = people.reasons(finding, verdict)
        return told[key]

    for verdict in verdicts:
        reasons = tuple(dict.fromkeys(reason for f in verdict.findings for reason in reasons_of(f, verdict.verdict)))
        if reasons:
            alike.setdefault((verdict.verdict, reasons), []).append(people.name(verdict.id))
    for (verdict_found, reasons), names in alike.items():
        state = people.words.say(VERDICTS[verdict_found])
        yield document.name(_who(names)), Cell(state), Cell("; ".join(reasons))


_FINDING_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("verdict"), "text"),
    (marked("finding"), "text"),
    (marked("article"), "article"),
)


def _grouped(verdicts: Iterable[Verdict], people: People) -> list[tuple[str, Verdict]]:
    """Join verdicts that say the same of many: “87 persons” in place of 87 rows."""
    alike: dict[Any, list[Verdict]] = {}
    for verdict in verdicts:
        key = (verdict.verdict, tuple((f.provision, f.code, f.found, f.required, f.needs) for f in verdict.findings))
        alike.setdefault(key, []).append(verdict)
    return [(_who([people.name(v.id) for v in same]), same[0]) for same in alike.values()]


def _who(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{names[0]}, {names[1]} … ({len(names)})"


def _finding_rows(verdicts: Iterable[tuple[str, Verdict]], people: People) -> Iterator[tuple[Cell, ...]]:
    for who, verdict in verdicts:
        for number, finding in enumerate(verdict.findings):
            shown = people.finding(finding)
            found, required = people.value(finding.found), people.value(finding.required)
            if found or required:
                shown += f" ({found or NONE} / {required or NONE})"
            first = number == 0
            name, state = (who, people.words.say(VERDICTS[verdict.verdict])) if first else ("", "")
            yield document.name(name), Cell(state), Cell(shown), document.article(people.cite(finding.cite))


_BREACH_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("commission"), "name"),
    (marked("finding"), "text"),
    (marked("found"), "text"),
    (marked("required"), "text"),
    (marked("article"), "article"),
)
_MONEY_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("what"), "name"),
    (marked("kind"), "text"),
    (marked("minimum wages"), "count"),
    (marked("amount"), "count"),
    (marked("article"), "article"),
)
_COMPLAINT_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("matter"), "name"),
    (marked("to whom"), "text"),
    (marked("file within days"), "text"),
    (marked("decided within days"), "text"),
    (marked("article"), "article"),
)
_COMMISSION_HEADS: tuple[tuple[str, Kind], ...] = (
    (marked("commission"), "name"),
    (marked("formed by"), "text"),
    (marked("members"), "count"),
    (marked("article"), "article"),
)
_BREACHES = {
    "size": marked("number of members"),
    "even": marked("an even number of members"),
    "party-share": marked("members proposed by one party"),
    "one-employer": marked("members from one employer"),
    "barred-office": marked("an office that bars membership"),
}


def breach_sheets(breaches: Sequence[Breach], law: Law, election: Election, language: str) -> list[Table]:
    """Return what is wrong with the composition of commissions, nothing where all is well."""
    people = People(law, language, election)
    said = people.words
    rows = tuple(
        (
            document.name(b.commission),
            Cell(said.say(_BREACHES[b.code])),
            Cell(people.value(b.found)),
            Cell(people.value(b.required)),
            document.article(people.cite(b.cite)),
        )
        for b in breaches
    )
    return [Table(said.say("Commissions"), _heads(said, *_BREACH_HEADS), rows)] if rows else []


def person_sheets(answer: PersonAnswer, law: Law, language: str) -> list[Table]:
    """Return whether a described person may vote and may stand, with every condition."""
    people = People(law, language)
    said = people.words
    columns = _heads(said, ("", "name"), *_FINDING_HEADS)
    vote = Table(said.say("May vote"), columns, tuple(_finding_rows([("", answer.vote)], people)))
    stand = [(contest_title(law, contest, said), verdict) for contest, verdict in answer.stand.items()]
    return [vote, Table(said.say("May stand"), columns, tuple(_finding_rows(stand, people)))]


def calendar_sheet(entries: Sequence[CalendarEntry], law: Law, language: str) -> Table:
    """Return the calendar of an election, in order of dates."""
    people = People(law, language)
    said = people.words
    rows = []
    for entry in entries:
        notes = [people.note(note) for note in (*entry.notes, *entry.conflicts)]
        what = Cell(text_in(entry.title, language, entry.id) + "".join(f"\n  {note}" for note in notes))
        begins, ends = _moment(said, entry.opens, entry.opens_hour), _moment(said, entry.closes, entry.closes_hour)
        same = begins.text == ends.text
        rows.append((begins, Cell("", "date") if same else ends, what, document.article(people.cite(entry.cite))))
    heads = _heads(
        said, (marked("from"), "date"), (marked("to"), "date"), (marked("what"), "text"), (marked("article"), "article")
    )
    return Table(said.say("Calendar"), heads, tuple(rows))


def _moment(said: Words, day: date | None, hour: str) -> Cell:
    """Return a day with its hour, where it has one."""
    if day is None:
        return document.day(said, None)
    return Cell(f"{said.day(day)}, {hour}" if hour else said.day(day), "date", day)


def voter_sheets(page: VoterPage, law: Law, language: str) -> list[Table]:
    """Return the page of a voter: papers, then hours, documents, marks and voting elsewhere."""
    said = words(language)
    papers = []
    for number, paper in enumerate(page.ballots, 1):
        extra = said.say("with a row “against all”") if paper.against_all else ""
        counts = text_in(paper.counts_to, language, "")
        details = "; ".join(x for x in (text_in(paper.order, language, ""), extra, counts) if x)
        title = document.name(text_in(paper.title, language, paper.contest))
        article = document.article(cite(law, paper.cite, language))
        papers.append((document.count(said, number), title, Cell(details), article))
    heads = _heads(
        said,
        ("", "count"),
        (marked("ballot paper"), "name"),
        (marked("what stands on it"), "text"),
        (marked("article"), "article"),
    )
    sheets = [Table(said.say("Your ballot papers"), heads, tuple(papers))]
    for kind, lines in page.rules.items():
        if lines:
            sheets.append(_rules(said.say(_KINDS[kind]) if kind in _KINDS else kind, lines, law, said))
    if page.stations:
        places = tuple((_line(item, said),) for item in page.stations)
        sheets.append(Table(said.say("Polling stations abroad"), _heads(said, (marked("place"), "text")), places))
    return sheets


def _line(item: Any, said: Words) -> Cell:
    return Cell(text_in(item.title, said.language, item.id))


def _rules(title: str, lines: Sequence[Any], law: Law, said: Words) -> Table:
    rows = tuple((_line(item, said), document.article(cite(law, item.cite, said.language))) for item in lines)
    return Table(title, _heads(said, (marked("rule"), "text"), (marked("article"), "article")), rows)


def money_sheet(sums: Sequence[Sum], law: Law, language: str) -> Table:
    """Return deposits and ceilings of funds, in minimum wages and in money."""
    said = words(language)
    rows = []
    for line in sums:
        sum_ = Cell(NONE, "count")
        if line.amount is not None:
            sum_ = Cell(money(line.amount, line.currency, said), "count", line.amount)
        title = document.name(text_in(line.title, language, line.id))
        kind = Cell(said.say(_SUMS[line.kind]) if line.kind in _SUMS else line.kind)
        wages = Cell(said.number(line.multiple), "count", line.multiple)
        rows.append((title, kind, wages, sum_, document.article(cite(law, line.cite, language))))
    return Table(said.say("Money"), _heads(said, *_MONEY_HEADS), tuple(rows))


def coverage_sheet(rows: Sequence[Coverage], language: str) -> Table:
    """Return how much of each law was read in the text, one line a law."""
    said = words(language)
    lines = []
    for row in rows:
        statute = row.by_confidence["statute"]
        share = Fraction(statute, row.provisions) if row.provisions else None
        lines.append(
            (
                document.name(row.law),
                document.count(said, row.provisions),
                document.count(said, statute),
                Cell(NONE if share is None else said.percent(share, digits=0), "share", share),
                document.count(said, row.edition),
                document.count(said, row.by_confidence["unverified"]),
                document.day(said, row.oldest),
                document.day(said, row.newest),
            )
        )
    return Table(said.say("What was read in the text"), _heads(said, *_COVERAGE), tuple(lines))


def complaint_sheet(lines: Sequence[ComplaintLine], law: Law, language: str) -> Table:
    """Return which body decides which complaint, within how many days."""
    said = words(language)
    rows = []
    for line in lines:
        within = said.say("any time") if line.file_days is None else said.number(line.file_days)
        if line.file_by is not None:
            within += f" ({said.say('by {day}', day=said.day(line.file_by))})"
        decided = NONE if line.decide_days is None else said.number(line.decide_days) if line.decide_days else ""
        decided = said.say("at once") if line.at_once else decided or said.say("the same day")
        title, to = text_in(line.title, language, line.id), text_in(line.to, language, "")
        article = document.article(cite(law, line.cite, language))
        rows.append((document.name(title), Cell(to), Cell(within), Cell(decided), article))
    return Table(said.say("Complaints"), _heads(said, *_COMPLAINT_HEADS), tuple(rows))


def commission_sheet(lines: Sequence[CommissionLine], law: Law, language: str) -> Table:
    """Return the levels of commissions, who forms them and how many members they have."""
    said = words(language)
    rows = []
    for line in lines:
        size = document.count(said, line.least)
        if line.least != line.most:
            size = Cell(f"{line.least}–{line.most}", "count")
        title, formed = text_in(line.title, language, line.id), text_in(line.formed_by, language, "")
        rows.append((document.name(title), Cell(formed), size, document.article(cite(law, line.cite, language))))
    return Table(said.say("Commissions"), _heads(said, *_COMMISSION_HEADS), tuple(rows))


RULES = {"observers": marked("Observers"), "campaign": marked("Campaign")}
"""Lists of cited rules, by the key they have in JSON."""


def rule_sheet(name: str, lines: Sequence[Any], law: Law, language: str) -> Table:
    """Return any list of cited rules as a table."""
    said = words(language)
    return _rules(said.say(RULES[name]), lines, law, said)
