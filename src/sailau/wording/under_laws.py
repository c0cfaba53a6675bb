"""One election under several laws as tables: seats, the part of every provision, what could not be carried over."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.findings import say_finding
from sailau.wording.language import marked, words
from sailau.wording.names import NONE, law_names, provision_name
from sailau.wording.transplants import say_remark
from sailau.wording.view import option_short

if TYPE_CHECKING:
    from sailau.simulation.comparing import Comparison, Row

PROVISIONS = {
    "base": marked("Base of the bar"),
    "threshold": marked("Bar"),
    "kinds": marked("Bars by kind of list"),
    "area": marked("Where the bar is measured"),
    "single-qualifier": marked("Rule for a single list above the bar"),
    "formula": marked("Formula"),
    "rounding": marked("Rounding of the quota"),
    "limits": marked("Limits of a list's seats"),
    "districts": marked("Districts"),
    "levelling": marked("Levelling seats"),
    "tie": marked("Rule for ties"),
    "turnout": marked("Turnout that makes the poll valid"),
}
"""Group of provisions that is exchanged as one → its name."""
_STATUSES = {
    "final": "",
    "partial": marked("partial"),
    "undetermined": marked("undetermined"),
    "invalid": marked("not valid"),
}


def comparison_tables(comparison: Comparison, language: str = "en") -> list[Table]:
    """Return seats by law, the parts of the difference by provision, and what is left; tables with rows only.

    Args:
        comparison: of `sailau.compare`.
        language: `en`, `kk` or `ru`.
    """
    writer = _LawsWriter(comparison, language)
    return [table for table in (writer.seats(), *writer.parts(), writer.left()) if table.rows]


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as data, its remarks and findings with their sentences in English."""
    data = comparison.to_json()
    english = words("en")
    for shown, row in zip(data["laws"], comparison.rows, strict=True):
        remarks = [r for r in row.remarks if r.lost], [r for r in row.remarks if not r.lost]
        for key, of_kind in zip(("not_transplanted", "remarks"), remarks, strict=True):
            for line, remark in zip(shown[key], of_kind, strict=True):
                line["message"] = say_remark(remark, row.law, english)
        for line, finding in zip(shown["findings"], row.findings, strict=True):
            line["message"] = say_finding(finding, "en", row.outcome.election, row.law)
    return data


class _LawsWriter:
    def __init__(self, comparison: Comparison, language: str) -> None:
        self.comparison, self.words = comparison, words(language)
        self.say = self.words.say
        self.names = law_names([row.law for row in comparison.rows], self.words)

    def party(self, party: str) -> str:
        return option_short(self.comparison.election, party, self.words)

    def seats(self) -> Table:
        comparison = self.comparison
        lists = [name for name in comparison.rows[0].seats if any(row.seats.get(name) for row in comparison.rows)]
        rows = []
        for name, row in zip(self.names, comparison.rows, strict=True):
            gallagher = row.indices.figures["gallagher"]
            index = document.share(self.words, None if gallagher is None else Fraction(gallagher), NONE)
            status = _STATUSES[row.outcome.status]
            numbers = (document.seats(self.words, row.seats.get(k, 0)) for k in lists)
            rows.append((document.name(name), *numbers, index, Cell(self.say(status) if status else "")))
        columns = (
            Column(self.say("Law"), "name"),
            *(Column(self.party(k), "seats") for k in lists),
            Column(self.say("Gallagher"), "share"),
            *((Column(self.say("Status")),) if any(row[-1].text for row in rows) else ()),
        )
        cut = tuple(row[: len(columns)] for row in rows)
        return Table(self.say("List seats with the same votes"), columns, cut)

    def parts(self) -> list[Table]:
        return [self._parts(name, row) for name, row in zip(self.names[1:], self.comparison.rows[1:], strict=True)]

    def _parts(self, name: str, row: Row) -> Table:
        lists = [k for k in self.comparison.rows[0].seats if any(parts.get(k) for parts in row.shapley.values())]
        rows = [
            (document.name(self.say(PROVISIONS[group])), *(document.change(self.words, parts[k]) for k in lists))
            for group, parts in row.shapley.items()
            if any(parts.values())
        ]
        total = [sum((parts[k] for parts in row.shapley.values()), Fraction(0)) for k in lists]
        rows.append((document.name(self.say("Together")), *(document.change(self.words, number) for number in total)))
        columns = (Column(self.say("Provision"), "name"), *(Column(self.party(k), "number") for k in lists))
        title = self.say("Where the difference comes from: {law}", law=name)
        return Table(title, columns, tuple(rows) if lists else ())

    def left(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for name, row in zip(self.names, self.comparison.rows, strict=True):
            lines = [(r.provision, say_remark(r, row.law, self.words), r.cite) for r in row.remarks]
            if row is not self.comparison.rows[0]:
                lines += [
                    (
                        str(f.values.get("rule", "")),
                        say_finding(f, self.words.language, row.outcome.election, row.law),
                        f.cite,
                    )
                    for f in row.findings
                ]
            for path, text, article in lines:
                provision = document.name(provision_name(path, self.words, row.law) if path else "")
                where = document.article(cite(row.law, article, self.words.language))
                rows.append((document.name(name), provision, Cell(text), where))
        columns = (
            Column(self.say("Law"), "name"),
            Column(self.say("Provision"), "name"),
            Column(self.say("Remark")),
            Column(self.say("Article"), "article"),
        )
        return Table(self.say("What was kept or left behind"), columns, tuple(rows))
