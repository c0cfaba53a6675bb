"""A simulation as tables of text in three languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sailau.rulebook.sheet import Phrases, Table, cited
from sailau.simulation.comparing import WORDS as COMPARE_WORDS
from sailau.simulation.comparing import say_remark

if TYPE_CHECKING:
    from sailau.simulation.report import Attribution, Report, Result

WORDS = Path(__file__).parent / "words.toml"
_LEAST = Fraction(1, 1000)


def tables(report: Report, language: str = "en") -> list[Table]:
    """Return a report as tables; those without rows are left out.

    Args:
        report: of one simulation.
        language: `en`, `kk` or `ru`.
    """
    writer = Writer(report, language)
    plain = [r for r in report.results if r.variant.vary is None]
    found = [writer.seats(result) for result in plain]
    found += [writer.sweep(path, results) for path, results in report.sweeps.items()]
    found.append(writer.chambers(report.results))
    found.append(writer.questions())
    if not any(table.rows for table in found):
        found.append(writer.undecided(report.results))
    found += [writer.powers(result) for result in plain]
    found += [writer.coalitions(result) for result in plain]
    found += [writer.parts(part) for part in report.attributions]
    found.append(writer.remarks(plain))
    return [table for table in found if table.rows]


class Writer:
    """Puts one report into the words of one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.phrases = Phrases(WORDS, language)
        self.say = self.phrases.say

    def name(self, party: str) -> str:
        """Return what a party is called."""
        if self.phrases.has(party):
            return self.say(party)
        return self.report.job.election.name_of(party, self.phrases.language, short=True)

    def law(self, result: Result) -> str:
        """Return what a law of the report is called."""
        variant = result.variant
        if variant.name == "law":
            return self.say("own-law")
        if variant.ballots is not None:
            return self.say("other-law", law=variant.name)
        return self.say("what-if", changes=", ".join(f"{path}={value}" for path, value in variant.law.changes.items()))

    def chance(self, value: Fraction) -> str:
        """Return a probability in per cent; what happened, however rarely, is not shown as nothing or as certain."""
        if 0 < value < _LEAST / 2:
            return f"<{self.phrases.percent(_LEAST)}"
        if 1 - _LEAST / 2 < value < 1:
            return f">{self.phrases.percent(1 - _LEAST)}"
        return self.phrases.percent(value)

    def signed(self, value: Fraction) -> str:
        """Return a difference with its sign."""
        shown = self.phrases.number(value, 2)
        return f"+{shown}" if value > 0 and shown.strip("0.,") else shown

    @property
    def shown(self) -> list[str]:
        """Parties that win a seat under some law."""
        job = self.report.job
        return [p for p in job.parties if any(r.enters(p) for r in self.report.results)]

    # ------------------------------------------------------------------ tables

    def notes(self) -> list[str]:
        """What was not simulated: seats that were announced where no votes are known."""
        held = int(self.report.job.plan.declared.sum())
        return [self.say("held", seats=held)] if held else []

    def seats(self, result: Result) -> Table:
        """Every party's seats under one law."""
        own = self.report.own
        compared = result is not own
        rows = []
        for party in self.shown:
            low, _, high = result.quantiles(party)
            mean = result.expected(party)
            change = (self.signed(mean - own.expected(party)),) if compared else ()
            chances = self.chance(result.enters(party)), self.chance(result.has(party, result.majority))
            span = self.say("from-to", low=low, high=high) if low != high else str(low)
            rows.append((self.name(party), self.phrases.number(mean, 2), *change, span, *chances))
        head = ("party", "mean", *(("change",) if compared else ()), "range", "enters")
        columns = (*(self.say(h) for h in head), self.say("majority", needed=result.majority))
        draws = self.phrases.number(self.report.job.draws)
        return Table(self.say("seats-title", draws=draws, law=self.law(result)), columns, tuple(rows))

    def sweep(self, path: str, results: Sequence[Result]) -> Table:
        """Expected seats by the values of a provision."""
        rows = [(self._value(r), *(self.phrases.number(r.expected(p), 2) for p in self.shown)) for r in results]
        columns = (path, *(self.name(p) for p in self.shown))
        return Table(self.say("sweep-title", path=path), columns, tuple(rows))

    def _value(self, result: Result) -> str:
        assert result.variant.vary is not None
        return result.variant.vary[1]

    def chambers(self, results: Sequence[Result]) -> Table:
        """What the chambers look like."""
        rows = []
        for result in results:
            tally = result.tally
            entered = sum(n * int(count) for n, count in enumerate(tally.entered))
            mean = Fraction(entered, max(tally.elections, 1))
            effective = tally.index("effective_parties")
            shares = [tally.index(name) for name in ("gallagher", "loosemore_hanby")]
            rows.append(
                (
                    self.law(result),
                    self.phrases.number(mean, 2),
                    "–" if effective is None else self.phrases.number(effective, 2),
                    *("–" if s is None else self.phrases.percent(s, 2) for s in shares),
                    self.chance(result.no_majority),
                    self.phrases.number(tally.tied),
                )
            )
        names = ("law", "parties-in", "effective_parties", "gallagher", "loosemore_hanby", "no-majority", "ties")
        some = any(r.chamber for r in results)
        return Table(self.say("chamber"), tuple(self.say(n) for n in names), tuple(rows) if some else ())

    def undecided(self, results: Sequence[Result]) -> Table:
        """In how many elections nothing was decided, where that is so in all of them."""
        rows = tuple((self.law(r), self.phrases.number(r.tally.tied)) for r in results)
        return Table(self.say("undecided"), (self.say("law"), self.say("ties")), rows)

    def questions(self) -> Table:
        """How often questions are adopted."""
        rows = [
            (self.law(r), name, self.chance(Fraction(number, max(r.tally.elections, 1))))
            for r in self.report.results
            for name, number in r.tally.adopted.items()
        ]
        columns = self.say("law"), self.say("question"), self.say("adopted")
        return Table(self.say("questions-title"), columns, tuple(rows))

    def powers(self, result: Result) -> Table:
        """Which party alone can take or stop which decision, and how often."""
        rows = []
        for power, needed, enough in result.powers:
            told = [p for p in self.shown if p in result.blocs]
            told = [p for p in told if result.has(p, needed) or result.has(p, enough)]
            for party in told[:3]:
                passes, blocks = result.has(party, needed), result.has(party, enough)
                title = self.phrases.text(power.title, power.id)
                article = cited(result.variant.law, power.article, self.phrases.language)
                rows.append((title, str(needed), self.name(party), self.chance(passes), self.chance(blocks), article))
        columns = tuple(self.say(h) for h in ("decision", "needed", "party", "passes", "blocks", "article"))
        return Table(self.say("powers-title", law=self.law(result)), columns, tuple(rows))

    def coalitions(self, result: Result) -> Table:
        """Seats of parties together."""
        rows = []
        for members, counts in zip(self.report.job.coalitions, result.tally.coalitions, strict=True):
            elections = max(result.tally.elections, 1)
            mean = Fraction(sum(n * int(count) for n, count in enumerate(counts)), elections)
            majority = Fraction(int(counts[result.majority :].sum()), elections)
            together = " + ".join(self.name(p) for p in members)
            rows.append((together, self.phrases.number(mean, 2), self.chance(majority)))
        columns = self.say("coalition"), self.say("mean"), self.say("majority", needed=result.majority)
        return Table(self.say("coalitions-title", law=self.law(result)), columns, tuple(rows))

    def parts(self, part: Attribution) -> Table:
        """The parts of provisions in an expected difference."""
        parties = [p for p in self.report.job.parties if any(v.get(p) for v in part.parts.values())]
        rows = [
            (self._provision(name), *(self.signed(v[p]) for p in parties))
            for name, v in part.parts.items()
            if any(v.values())
        ]
        rows.append((self.say("together"), *(self.signed(part.difference[p]) for p in parties)))
        columns = (self.say("provision"), *(self.name(p) for p in parties))
        law = self.law(self.report.result(part.of))
        title = self.say("parts-title", law=law, draws=self.phrases.number(part.draws))
        return Table(title, columns, tuple(rows) if parties else ())

    def _provision(self, name: str) -> str:
        groups = Phrases(COMPARE_WORDS, self.phrases.language)
        return groups.say(f"provision-{name}") if groups.has(f"provision-{name}") else name

    def remarks(self, results: Sequence[Result]) -> Table:
        """What of other laws could not be carried over."""
        columns = tuple(self.say(h) for h in ("law", "provision", "remark", "article"))
        return Table(self.say("remarks-title"), columns, tuple(self._remarks(results)))

    def _remarks(self, results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
        for result in results:
            for found in result.variant.remarks:
                article = cited(result.variant.law, found.cite, self.phrases.language)
                yield result.name, found.provision, say_remark(found, self.phrases.language), article
