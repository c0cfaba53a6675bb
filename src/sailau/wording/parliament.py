"""The parliament in figures as tables: indices, voting power, decisions, governments, what reforms changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.parliament.decisions import Balance, ChamberDecision, PartnerNeed, formation
from sailau.rulebook import BadInput, load
from sailau.wording import document, powers
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import marked, text_in, words
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import NONE
from sailau.wording.view import option_short

if TYPE_CHECKING:
    from sailau.parliament.chamber import ChamberReport, Figure, Indices
    from sailau.parliament.coalitions import Coalition, Coalitions
    from sailau.rulebook.powers import Power

SHOWN = 3
"""Coalitions written out in one cell."""
_PERCENT = ("gallagher", "loosemore_hanby", "sainte_lague", "wasted_votes")
_INDICES = {
    "effective_number_votes": marked("Effective number of parties, votes"),
    "effective_number_seats": marked("Effective number of parties, seats"),
    "gallagher": marked("Gallagher (least squares)"),
    "loosemore_hanby": marked("Loosemore–Hanby (misplaced seats)"),
    "sainte_lague": marked("Sainte-Laguë index"),
    "dhondt": marked("D'Hondt index (largest advantage)"),
    "wasted_votes": marked("Votes without a seat"),
    "mean_votes_per_seat": marked("Votes per seat, mean"),
    "inclusion": marked("Threshold of inclusion"),
    "exclusion": marked("Threshold of exclusion"),
}
_BALLOTS = {"list": marked("List vote"), "candidates": marked("Vote for candidates")}
_BALANCE = {
    "alone": marked("Decided without the chamber"),
    "majority": marked("By a majority of the chamber"),
    "more": marked("By more than a majority"),
    "partner": marked("Shared with another chamber"),
    "minority": marked("A minority can begin or do it"),
}


PARTS = ("indices", "power", "decisions", "government", "balance", "reforms")
"""Parts of a report, each a table."""


def parliament_tables(report: ChamberReport, language: str = "en", parts: Sequence[str] = PARTS) -> list[Table]:
    """Return a report as tables; those without rows are left out.

    Args:
        report: of one outcome.
        language: `en`, `kk` or `ru`.
        parts: of `PARTS`.
    """
    writer = _ParliamentWriter(report, language)
    writers = (writer.indices, writer.power, writer.decisions, writer.forming, writer.balance, writer.reforms)
    tables = (write() for part, write in zip(PARTS, writers, strict=True) if part in parts)
    return [table for table in tables if table.rows]


class _ParliamentWriter:
    def __init__(self, report: ChamberReport, language: str) -> None:
        self.report, self.words = report, words(language)
        self.say, self.law = self.words.say, report.outcome.law

    # ------------------------------------------------------------------ figures

    def indices(self) -> Table:
        report = self.report
        held = report.outcome.plan.held
        columns: list[tuple[str, str, Indices]] = [
            (name, self.say(_BALLOTS[held[name].ballot]), indices) for name, indices in report.contests.items()
        ]
        if report.chamber is not None:
            columns.append(("", self.say("Whole chamber"), report.chamber))
        first = columns[0][2] if columns else None
        rows = [
            (document.name(self.say(_INDICES[name])), *(self._figure(name, c.figures[name]) for _, _, c in columns))
            for name in (first.figures if first is not None else ())
        ]
        for barrier in report.barriers:
            for kind in ("inclusion", "exclusion"):
                value = document.share(self.words, getattr(barrier.thresholds, kind))
                none = Cell(NONE, "share")
                cells = (value if name == barrier.contest else none for name, _, _ in columns)
                rows.append((document.name(self.say(_INDICES[kind])), *cells))
        heads = (Column(self.say("Index"), "name"), *(Column(title, "number") for _, title, _ in columns))
        return Table(self.say("How votes became seats"), heads, tuple(rows))

    def _figure(self, name: str, value: Figure) -> Cell:
        exact = None if value is None else Fraction(value)
        if name in _PERCENT:
            return document.share(self.words, exact, NONE)
        return document.figure(self.words, exact, 0 if name == "mean_votes_per_seat" else 2)

    def power(self) -> Table:
        """Shapley–Shubik indices for every number of votes that some decision of the full chamber needs."""
        games = {d.needed: d for d in self.report.decisions if d.analysis is not None and d.members == self._size}
        needs = sorted(needed for needed in games if needed is not None)
        analyses = [analysis for needed in needs if (analysis := games[needed].analysis) is not None]
        rows = []
        for place, (party, seats) in enumerate(self.report.seats.parties.items()):
            shares = [document.measured(self.words, a.power[place].shapley) for a in analyses]
            rows.append((self._name(party), document.seats(self.words, seats), self._cost(party), *shares))
        alone = next((a.independents for a in analyses), 0)
        if alone and rows:
            shares = [document.measured(self.words, a.independent.shapley) for a in analyses if a.independent]
            name = self.words.plural("each of {n} member on their own", "each of {n} members on their own", alone)
            one = document.seats(self.words, 1)
            rows.append((document.name(name), one, document.figure(self.words, None, 0), *shares))
        heads = [
            Column(self.say("Party"), "name"),
            Column(self.say("Seats"), "seats"),
            Column(self.say("Votes per seat"), "count"),
            *(Column(self.words.plural("{n} vote needed", "{n} votes needed", n), "share") for n in needs),
        ]
        return Table(self.say("Voting power (Shapley–Shubik)"), tuple(heads), tuple(rows) if needs else ())

    @property
    def _size(self) -> int:
        sizes = [d.members for d in self.report.decisions if d.rule.vote is not None]
        return max(set(sizes), key=sizes.count, default=0)

    def _cost(self, party: str) -> Cell:
        votes = sum(indices.votes.get(party, 0) for indices in self.report.contests.values())
        seats = sum(indices.seats.get(party, 0) for indices in self.report.contests.values())
        return document.figure(self.words, Fraction(votes, seats) if votes and seats else None, 0)

    # ------------------------------------------------------------------ decisions

    def decisions(self) -> Table:
        heads = (
            Column(self.say("Decision"), "name"),
            Column(self.say("Votes needed")),
            Column(self.say("Who can pass it")),
            Column(self.say("Who can block it")),
            Column(self.say("Also needed")),
            Column(self.say("What follows")),
            Column(self.say("Article"), "article"),
        )
        title = self.say("What the chamber can decide")
        unknown = self.report.seats.size - self.report.seats.held
        if unknown and self.report.seats.held:
            further = self.say(
                "Members not given by this outcome: {count}. They count as single members.",
                count=self.words.number(unknown),
            )
            title = f"{title}. {further}"
        return Table(title, heads, tuple(self._decision(d) for d in self.report.decisions))

    def _decision(self, decision: ChamberDecision) -> tuple[Cell, ...]:
        rule = decision.rule
        doubt = f" ({self.say(CONFIDENCE[rule.sureness])})" if rule.sureness in CONFIDENCE else ""
        article = document.article(self._cite(rule.article) + doubt)
        name, then = document.name(self._title(rule)), Cell(self._text(rule.consequence))
        if decision.needed is None:
            return name, Cell(NONE), Cell(powers.decides(rule, self.words)), Cell(NONE), Cell(NONE), then, article
        passes = blocks = self.say("unknown: no seats are known")
        if decision.analysis is not None:
            passes = self._who(decision.analysis.alone, decision.analysis.winning)
            blocks = self._who(decision.analysis.vetoes, decision.analysis.blocking)
        partners = "; ".join(self._partner(p) for p in decision.partners) or NONE
        return name, Cell(self._needed(decision)), Cell(passes), Cell(blocks), Cell(partners), then, article

    def _needed(self, decision: ChamberDecision) -> str:
        vote, number = decision.rule.vote, self.words.number
        figures = {"needed": number(decision.needed or 0), "members": number(decision.members)}
        text = self.say("{needed} of {members}", **figures)
        if vote is not None and vote.of != "all-members":
            text = self.say("{needed} of {members} present", **figures)
            if decision.at_quorum is not None:
                least = number(decision.at_quorum)
                text = self.say("{needed} of {members} present ({least} at the quorum)", **figures, least=least)
        parts = [text]
        if decision.motion is not None:
            parts.append(self.say("moved by {share}", share=number(decision.motion)))
        if decision.quorum is not None:
            parts.append(self.say("quorum {share}", share=number(decision.quorum)))
        return ", ".join(parts)

    def _who(self, alone: Sequence[str], coalitions: Coalitions) -> str:
        names = [self.say("{parties} alone", parties=self._party(party)) for party in alone]
        others = [c for c in coalitions.listed if not (len(c.parties) == 1 and not c.independents)]
        written = [*names, *(self._coalition(c) for c in others)]
        lines = coalitions.lines + len(alone) - sum(1 for c in coalitions.listed if c not in others)
        if not any(c.parties or c.independents for c in coalitions.listed):
            return self.say("nobody")
        shown = "; ".join(written[:SHOWN])
        if lines <= SHOWN:
            return shown
        return self.words.plural("{shown}; {n} way in all", "{shown}; {n} ways in all", lines, shown=shown)

    def _coalition(self, coalition: Coalition) -> str:
        names = [self._party(party) for party in coalition.parties]
        if coalition.independents:
            number = self.words.number(coalition.independents)
            names.append(self.say("{count} of the single members", count=number))
        return " + ".join(names)

    def _party(self, party: str) -> str:
        return option_short(self.report.outcome.election, party, self.words)

    def _name(self, party: str) -> Cell:
        return document.name(self._party(party))

    def _partner(self, partner: PartnerNeed) -> str:
        name = self._chamber(partner.chamber)
        if partner.needed is None:
            return f"{name}: {powers.majority(partner.rule, self.words)}"
        figures = {"needed": self.words.number(partner.needed), "members": self.words.number(partner.members or 0)}
        return f"{name}: {self.say('{needed} of {members}', **figures)}"

    def _chamber(self, chamber: str) -> str:
        try:
            return text_in(load(chamber).own["body"].get("name") or {}, self.words.language, chamber)
        except BadInput:
            return chamber

    # ------------------------------------------------------------------ government, reforms

    def forming(self) -> Table:
        coalitions = formation(self.report.decisions).coalitions
        rows = tuple((document.name(self._coalition(c)), document.seats(self.words, c.seats)) for c in coalitions)
        heads = (Column(self.say("Coalition"), "name"), Column(self.say("Seats"), "seats"))
        return Table(self.say("Coalitions that can form a government, fewest seats first"), heads, rows)

    def balance(self) -> Table:
        spread, titles = self.report.balance, {p.id: self._title(p) for p in self.report.powers}
        rows = []
        for name in Balance.__dataclass_fields__:
            ids: tuple[str, ...] = getattr(spread, name)
            if ids:
                number = document.count(self.words, len(ids))
                rows.append((document.name(self.say(_BALANCE[name])), number, Cell("; ".join(titles[p] for p in ids))))
        heads = (
            Column(self.say("Who decides"), "name"),
            Column(self.say("Number"), "count"),
            Column(self.say("Which")),
        )
        return Table(self.say("Where decisions lie"), heads, tuple(rows))

    def reforms(self) -> Table:
        heads = (
            Column(self.say("From"), "date"),
            Column(self.say("Decision"), "name"),
            Column(self.say("Before")),
            Column(self.say("After")),
            Column(self.say("Article"), "article"),
        )
        return Table(self.say("What reforms changed"), heads, tuple(self._changes()))

    def _changes(self) -> Iterator[tuple[Cell, ...]]:
        for reform in self.report.reforms:
            for change in reform.changes:
                power = change.after or change.before
                assert power is not None
                before, after = (Cell(self._rule(p)) for p in (change.before, change.after))
                day, name = document.day(self.words, reform.day), document.name(self._title(power))
                yield day, name, before, after, document.article(self._cite(power.article))

    def _rule(self, power: Power | None) -> str:
        return NONE if power is None else powers.power(power, self.words, chamber=self._chamber)

    def _title(self, power: Power) -> str:
        return text_in(power.title or {}, self.words.language, power.id)

    def _text(self, names: object) -> str:
        return text_in(names, self.words.language, "")  # type: ignore[arg-type]

    def _cite(self, article: str) -> str:
        return cite(self.law, article, self.words.language)
