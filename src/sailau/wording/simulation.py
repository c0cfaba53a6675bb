"""Simulations and paradoxes as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailau.wording import document
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import marked, text_in, words
from sailau.wording.names import NONE, figure_name, law_changes, law_name, provision_name, show_value
from sailau.wording.seats import contest_title
from sailau.wording.transplants import say_remark
from sailau.wording.under_laws import PROVISIONS
from sailau.wording.view import option_short

if TYPE_CHECKING:
    from sailau.simulation.paradox import Witness
    from sailau.simulation.report import Attribution, Report, Result

_LEAST = Fraction(1, 1000)


def report_tables(report: Report, language: str = "en") -> list[Table]:
    """Return a simulation as tables; those without rows are left out.

    Args:
        report: of one simulation.
        language: `en`, `kk` or `ru`.
    """
    writer = _SimulationWriter(report, language)
    plain = [r for r in report.results if r.variant.vary is None]
    tables = [writer.seats(result) for result in plain]
    tables += [writer.sweep(path, results) for path, results in report.sweeps.items()]
    tables.append(writer.chambers(report.results))
    tables.append(writer.questions())
    if not any(table.rows for table in tables):
        tables.append(writer.undecided(report.results))
    tables += [writer.powers(result) for result in plain]
    tables += [writer.coalitions(result) for result in plain]
    tables += [writer.parts(part) for part in report.attributions]
    tables.append(writer.remarks(plain))
    return [table for table in tables if table.rows]


def report_notes(report: Report, language: str = "en") -> list[str]:
    """Say what was not simulated: seats that were announced where no votes are known."""
    seats = int(report.job.plan.declared.sum())
    if not seats:
        return []
    return [
        words(language).plural(
            "{n} seat was announced and has no votes here: it is the same in every election.",
            "{n} seats were announced and have no votes here: they are the same in every election.",
            seats,
        )
    ]


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as data, its remarks with their sentences in English."""
    data = report.to_json()
    english = words("en")
    for shown, result in zip(data["variants"], report.results, strict=True):
        for row, remark in zip(shown["remarks"], result.variant.remarks, strict=True):
            row["message"] = say_remark(remark, result.variant.law, english)
    return data


def result_name(report: Report, result: Result, language: str) -> str:
    """Return what a law of the report is called."""
    return _SimulationWriter(report, language).law(result)


class _SimulationWriter:
    """Puts one report into the words of one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report, self.words = report, words(language)
        self.say = self.words.say

    def name(self, party: str) -> str:
        """Return what a party is called."""
        return option_short(self.report.job.election, party, self.words)

    def law(self, result: Result) -> str:
        """Return what a law of the report is called."""
        variant = result.variant
        if variant.name == "law":
            return self.say("The law as it stands")
        if variant.ballots is not None:
            return self.say("List seats by {law}", law=self.words.quote(law_name(variant.law, self.words)))
        return self.say("What if {changes}", changes=law_changes(variant.law, self.words))

    def chance(self, value: Fraction) -> Cell:
        """Return a probability in per cent; what happened, however rarely, is not shown as nothing or as certain."""
        percent = self.words.percent
        if 0 < value < _LEAST / 2:
            return Cell(f"<{percent(_LEAST, digits=1)}", "share", value)
        if 1 - _LEAST / 2 < value < 1:
            return Cell(f">{percent(1 - _LEAST, digits=1)}", "share", value)
        return Cell(percent(value, digits=1), "share", value)

    @property
    def shown(self) -> list[str]:
        """Parties that win a seat under some law."""
        job = self.report.job
        return [p for p in job.parties if any(r.enters(p) for r in self.report.results)]

    def mean(self, value: Fraction | None) -> Cell:
        return document.figure(self.words, value)

    # ------------------------------------------------------------------ tables

    def seats(self, result: Result) -> Table:
        """Every party's seats under one law."""
        own = self.report.own
        is_compared = result is not own
        rows = []
        for party in self.shown:
            low, _, high = result.quantiles(party)
            mean = result.expected(party)
            change = (document.change(self.words, mean - own.expected(party)),) if is_compared else ()
            span = Cell(f"{low}–{high}" if low != high else str(low), "number")
            chances = self.chance(result.enters(party)), self.chance(result.has(party, result.majority))
            rows.append((document.name(self.name(party)), self.mean(mean), *change, span, *chances))
        columns = (
            Column(self.say("Party"), "name"),
            Column(self.say("Expected"), "number"),
            *((Column(self.say("Change"), "number"),) if is_compared else ()),
            Column(self.say("9 in 10 elections"), "number"),
            Column(self.say("Enters"), "share"),
            self._majority(result),
        )
        title = self.words.plural(
            "Seats in {n} election: {law}",
            "Seats in {n} elections: {law}",
            self.report.job.draws,
            law=self.law(result),
        )
        return Table(title, columns, tuple(rows))

    def _majority(self, result: Result) -> Column:
        return Column(self.say("Majority ({needed})", needed=self.words.number(result.majority)), "share")

    def sweep(self, path: str, results: Sequence[Result]) -> Table:
        """Expected seats by the values of a provision."""
        name = provision_name(path, self.words)
        rows = []
        for result in results:
            assert result.variant.vary is not None
            value = document.name(show_value(result.variant.vary[1], self.words))
            rows.append((value, *(self.mean(result.expected(p)) for p in self.shown)))
        columns = (Column(self.say("Value"), "name"), *(Column(self.name(p), "number") for p in self.shown))
        return Table(self.say("Expected seats: {path}", path=name), columns, tuple(rows))

    def chambers(self, results: Sequence[Result]) -> Table:
        """What the chambers look like."""
        rows = []
        for result in results:
            tally = result.tally
            entered = sum(n * int(count) for n, count in enumerate(tally.entered))
            mean = Fraction(entered, max(tally.elections, 1))
            shares = [tally.index(name) for name in ("gallagher", "loosemore_hanby")]
            rows.append(
                (
                    document.name(self._row_name(result)),
                    self.mean(mean),
                    self.mean(tally.index("effective_parties")),
                    *(document.share(self.words, s, NONE) for s in shares),
                    self.chance(result.no_majority),
                    document.count(self.words, tally.tied),
                )
            )
        columns = (
            Column(self.say("Law"), "name"),
            Column(self.say("Parties with seats"), "number"),
            Column(self.say("Effective parties"), "number"),
            Column(self.say("Gallagher"), "share"),
            Column(self.say("Loosemore–Hanby"), "share"),
            Column(self.say("No party has a majority"), "share"),
            Column(self.say("Elections with a tie or an open seat"), "count"),
        )
        some = any(r.chamber for r in results)
        return Table(self.say("The chamber"), columns, tuple(rows) if some else ())

    def _row_name(self, result: Result) -> str:
        """Return a law's name in a row: of a sweep its value alone."""
        vary = result.variant.vary
        if vary is None:
            return self.law(result)
        return f"{provision_name(vary[0], self.words)}: {show_value(vary[1], self.words)}"

    def undecided(self, results: Sequence[Result]) -> Table:
        """In how many elections nothing was decided, where that is so in all of them."""
        rows = tuple((document.name(self.law(r)), document.count(self.words, r.tally.tied)) for r in results)
        columns = (
            Column(self.say("Law"), "name"),
            Column(self.say("Elections with a tie or an open seat"), "count"),
        )
        title = self.say("No seat is decided in the first round; a second one is not drawn")
        return Table(title, columns, rows)

    def questions(self) -> Table:
        """How often questions are adopted."""
        rows = []
        for result in self.report.results:
            for question, number in result.tally.adopted.items():
                share = self.chance(Fraction(number, max(result.tally.elections, 1)))
                title = contest_title(result.variant.law, question, self.words)
                rows.append((document.name(self._row_name(result)), document.name(title), share))
        columns = (
            Column(self.say("Law"), "name"),
            Column(self.say("Question"), "name"),
            Column(self.say("Adopted"), "share"),
        )
        return Table(self.say("How often the question is adopted"), columns, tuple(rows))

    def powers(self, result: Result) -> Table:
        """Which party alone can take or stop which decision, and how often."""
        rows = []
        for power, needed, enough in result.powers:
            strong = [p for p in self.shown if p in result.blocs]
            strong = [p for p in strong if result.has(p, needed) or result.has(p, enough)]
            title = document.name(text_in(power.title or {}, self.words.language, power.id))
            article = document.article(cite(result.variant.law, power.article, self.words.language))
            for party in strong[:3]:
                chances = self.chance(result.has(party, needed)), self.chance(result.has(party, enough))
                votes = document.count(self.words, needed)
                rows.append((title, votes, document.name(self.name(party)), *chances, article))
        columns = (
            Column(self.say("Decision"), "name"),
            Column(self.say("Votes needed"), "count"),
            Column(self.say("Party"), "name"),
            Column(self.say("Alone"), "share"),
            Column(self.say("Can block"), "share"),
            Column(self.say("Article"), "article"),
        )
        return Table(self.say("Who can decide alone: {law}", law=self.law(result)), columns, tuple(rows))

    def coalitions(self, result: Result) -> Table:
        """Seats of parties together."""
        rows = []
        for members, counts in zip(self.report.job.coalitions, result.tally.coalitions, strict=True):
            elections = max(result.tally.elections, 1)
            mean = Fraction(sum(n * int(count) for n, count in enumerate(counts)), elections)
            majority = Fraction(int(counts[result.majority :].sum()), elections)
            together = " + ".join(self.name(p) for p in members)
            rows.append((document.name(together), self.mean(mean), self.chance(majority)))
        columns = (
            Column(self.say("Coalition"), "name"),
            Column(self.say("Expected"), "number"),
            self._majority(result),
        )
        return Table(self.say("Together: {law}", law=self.law(result)), columns, tuple(rows))

    def parts(self, part: Attribution) -> Table:
        """The parts of provisions in an expected difference."""
        parties = [p for p in self.report.job.parties if any(v.get(p) for v in part.parts.values())]
        rows = [
            (document.name(self._provision(name)), *(document.change(self.words, v[p]) for p in parties))
            for name, v in part.parts.items()
            if any(v.values())
        ]
        total = (document.change(self.words, part.difference[p]) for p in parties)
        rows.append((document.name(self.say("Together")), *total))
        columns = (Column(self.say("Provision"), "name"), *(Column(self.name(p), "number") for p in parties))
        title = self.words.plural(
            "Where the expected difference comes from: {law} ({n} election)",
            "Where the expected difference comes from: {law} ({n} elections)",
            part.draws,
            law=self.law(self.report.result(part.of)),
        )
        return Table(title, columns, tuple(rows) if parties else ())

    def _provision(self, name: str) -> str:
        """Return the name of a group of provisions, or of one that was changed."""
        return self.say(PROVISIONS[name]) if name in PROVISIONS else provision_name(name, self.words)

    def remarks(self, results: Sequence[Result]) -> Table:
        """What of other laws could not be carried over."""
        columns = (
            Column(self.say("Law"), "name"),
            Column(self.say("Provision"), "name"),
            Column(self.say("Remark")),
            Column(self.say("Article"), "article"),
        )
        return Table(self.say("What was kept or left behind"), columns, tuple(self._remarks(results)))

    def _remarks(self, results: Sequence[Result]) -> Iterator[tuple[Cell, ...]]:
        for result in results:
            law = result.variant.law
            for remark in result.variant.remarks:
                article = document.article(cite(law, remark.cite, self.words.language))
                provision = provision_name(remark.provision, self.words) if remark.provision else ""
                text = Cell(say_remark(remark, law, self.words))
                yield document.name(law_name(law, self.words)), document.name(provision), text, article


# ---------------------------------------------------------------- paradoxes

_KINDS = {
    "more-votes-fewer-seats": marked("More votes, fewer seats"),
    "larger-house-fewer-seats": marked("A larger house, fewer seats"),
    "threshold-cliff": marked("One vote at the threshold moves many seats"),
    "new-party-moves-others": marked("A new list moves seats between others"),
    "both-gain-one-loses": marked("The faster-growing list loses to the slower"),
}


def no_paradox(language: str) -> str:
    """Say that none was found."""
    return words(language).say("No paradox was found; that does not prove that there is none.")


def witness_table(witness: Witness, language: str = "en") -> Table:
    """Return a paradox: votes and seats before and after."""
    said = words(language)
    election = witness.plans[0].election

    def name(item: str) -> Cell:
        return document.name(figure_name(item, said) if item.startswith("@") else option_short(election, item, said))

    rows: list[tuple[Cell, ...]] = []
    for item, votes in witness.votes.items():
        seats = witness.seats.get(item, (None, None))
        figures = (document.count(said, votes[0]), document.seats(said, seats[0], NONE))
        rows.append((name(item), *figures, document.count(said, votes[1]), document.seats(said, seats[1], NONE)))
    total: list[Cell] = []
    for place in (0, 1):
        total.append(document.count(said, _sum(witness.votes, place)))
        total.append(document.seats(said, _sum(witness.seats, place)))
    rows.append((document.name(said.say("Together")), *total))
    columns = (
        Column(said.say("Party"), "name"),
        Column(said.say("Votes before"), "count"),
        Column(said.say("Seats before"), "seats"),
        Column(said.say("Votes after"), "count"),
        Column(said.say("Seats after"), "seats"),
    )
    return Table(said.say(_KINDS[witness.kind]), columns, tuple(rows))


def _sum(figures: Mapping[str, tuple[int, int]], place: int) -> int:
    return sum(figure[place] for figure in figures.values())
