"""Vetting, calendar, the voter's page, money, complaints and commissions as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from string import Formatter
from typing import TYPE_CHECKING, Any

from sailau.nomination.notes import Note
from sailau.nomination.subjects import When
from sailau.rulebook.facts import FACTS
from sailau.rulebook.sheet import Table
from sailau.wording.citations import cite
from sailau.wording.language import counted, marked, text_in, words
from sailau.wording.names import VALUES
from sailau.wording.notes import note_in
from sailau.wording.seats import contest_title
from sailau.wording.view import option_name

if TYPE_CHECKING:
    from sailau.election.model import Election
    from sailau.nomination import Entry, Finding, PersonAnswer, Verdict, Vetting
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
_COVERAGE = (
    marked("law"),
    marked("provisions"),
    marked("read in the law"),
    marked("share"),
    marked("edition named"),
    marked("unverified"),
    marked("oldest edition"),
    marked("newest edition"),
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

    def note(self, note: Note) -> str:
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
        if isinstance(value, Note):
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

    def finding(self, finding: Finding) -> str:
        """Return a finding in a few words: title and state."""
        return f"{text_in(finding.title, self.words.language, finding.provision)}: {self.note(finding.state)}"

    def finding_json(self, finding: Finding) -> dict[str, Any]:
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
        return {"id": verdict.id, "verdict": verdict.verdict, "findings": findings}


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


def calendar_json(entries: Sequence[Entry], law: Law, language: str) -> list[dict[str, Any]]:
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


def vetting_sheets(vetting: Vetting, law: Law, election: Election, language: str) -> list[Table]:
    """Return what vetting found: a count of verdicts, then every finding that decides."""
    people = People(law, language, election)
    said = people.words
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
        rows = list(_finding_rows(_grouped(verdicts, people), people))
        if rows:
            columns = [said.say("who"), said.say("verdict"), said.say("finding"), said.say("article")]
            sheets.append(Table(name, columns, rows))
    return sheets


def _grouped(verdicts: Iterable[Verdict], people: People) -> list[tuple[str, Verdict]]:
    """Join verdicts that say the same of many: “87 persons” in place of 87 rows."""
    alike: dict[Any, list[Verdict]] = {}
    for verdict in verdicts:
        key = (verdict.verdict, tuple((f.provision, f.code, f.found, f.required, f.needs) for f in verdict.findings))
        alike.setdefault(key, []).append(verdict)
    return [(_who([people.name(v.id) for v in same]), same[0]) for same in alike.values()]


def _who(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{names[0]}, {names[1]} … ({len(names)})"


def _finding_rows(verdicts: Iterable[tuple[str, Verdict]], people: People) -> Iterable[list[str]]:
    for who, verdict in verdicts:
        for number, finding in enumerate(verdict.findings):
            shown = people.finding(finding)
            found, required = people.value(finding.found), people.value(finding.required)
            if found or required:
                shown += f" ({found or '–'} / {required or '–'})"
            first = number == 0
            name, state = (who, people.words.say(VERDICTS[verdict.verdict])) if first else ("", "")
            yield [name, state, shown, people.cite(finding.cite)]


_BREACH_COLUMNS = (marked("commission"), marked("finding"), marked("found"), marked("required"), marked("article"))
_MONEY_COLUMNS = (marked("what"), marked("kind"), marked("minimum wages"), marked("amount"), marked("article"))
_COMPLAINT_COLUMNS = (
    marked("matter"),
    marked("to whom"),
    marked("file within days"),
    marked("decided within days"),
    marked("article"),
)
_COMMISSION_COLUMNS = (marked("commission"), marked("formed by"), marked("members"), marked("article"))
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
    rows = [
        [
            b.commission,
            said.say(_BREACHES[b.code]),
            people.value(b.found),
            people.value(b.required),
            people.cite(b.cite),
        ]
        for b in breaches
    ]
    columns = [said.say(c) for c in _BREACH_COLUMNS]
    return [Table(said.say("Commissions"), columns, rows)] if rows else []


def person_sheets(answer: PersonAnswer, law: Law, language: str) -> list[Table]:
    """Return whether a described person may vote and may stand, with every condition."""
    people = People(law, language)
    said = people.words
    columns = ["", said.say("verdict"), said.say("finding"), said.say("article")]
    vote = Table(said.say("May vote"), columns, list(_finding_rows([("", answer.vote)], people)))
    stand = [(contest_title(law, contest, said), verdict) for contest, verdict in answer.stand.items()]
    return [vote, Table(said.say("May stand"), columns, list(_finding_rows(stand, people)))]


def calendar_sheet(entries: Sequence[Entry], law: Law, language: str) -> Table:
    """Return the calendar of an election, in order of dates."""
    people = People(law, language)
    said = people.words
    rows = []
    for entry in entries:
        notes = [people.note(note) for note in (*entry.notes, *entry.conflicts)]
        what = text_in(entry.title, language, entry.id) + "".join(f"\n  {note}" for note in notes)
        begins = _moment(entry.opens, entry.opens_hour)
        ends = _moment(entry.closes, entry.closes_hour)
        rows.append([begins, ends if ends != begins else "", what, people.cite(entry.cite)])
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
    columns = [said.say(c) for c in _MONEY_COLUMNS]
    return Table(said.say("Money"), columns, rows)


def coverage_sheet(rows: Sequence[Coverage], language: str) -> Table:
    """Return how much of each law was read in the text, one line a law."""
    said = words(language)
    lines = []
    for row in rows:
        statute = row.by_confidence["statute"]
        share = f"{100 * statute // row.provisions} %" if row.provisions else "–"
        days = [said.day(day) if day else "–" for day in (row.oldest, row.newest)]
        counts = [row.provisions, statute, row.edition, row.by_confidence["unverified"]]
        lines.append([row.law, *map(said.number, counts[:2]), share, *map(said.number, counts[2:]), *days])
    return Table(said.say("What was read in the text"), [said.say(head) for head in _COVERAGE], lines)


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
    columns = [said.say(c) for c in _COMPLAINT_COLUMNS]
    return Table(said.say("Complaints"), columns, rows)


def commission_sheet(lines: Sequence[CommissionLine], law: Law, language: str) -> Table:
    """Return the levels of commissions, who forms them and how many members they have."""
    said = words(language)
    rows = []
    for line in lines:
        size = str(line.least) if line.least == line.most else f"{line.least}–{line.most}"
        title, formed = line.title.get(language, line.id), line.formed_by.get(language, "")
        rows.append([title, formed, size, cite(law, line.cite, language)])
    columns = [said.say(c) for c in _COMMISSION_COLUMNS]
    return Table(said.say("Commissions"), columns, rows)


RULES = {"observers": marked("Observers"), "campaign": marked("Campaign")}
"""Lists of cited rules, by the key they have in JSON."""


def rule_sheet(name: str, lines: Sequence[Any], law: Law, language: str) -> Table:
    """Return any list of cited rules as a table."""
    said = words(language)
    rows = [[_line(item, language), cite(law, item.cite, language)] for item in lines]
    return Table(said.say(RULES[name]), [said.say("rule"), said.say("article")], rows)
