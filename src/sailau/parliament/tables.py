"""The parliament in figures as tables of text in three languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sailau.parliament.coalitions import Coalition, Coalitions
from sailau.parliament.decisions import Balance, Decision, PartnerNeed, formation
from sailau.rulebook import BadInput, load
from sailau.rulebook.powers import Partner, Power, Vote
from sailau.rulebook.sheet import Phrases, Table, cited

if TYPE_CHECKING:
    from sailau.parliament.chamber import Figure, Indices, Report

WORDS = Path(__file__).parent / "words.toml"
SHOWN = 3
"""Coalitions written out in one cell."""
_PERCENT = ("gallagher", "loosemore_hanby", "sainte_lague", "wasted_votes")


def tables(report: Report, language: str = "en") -> list[Table]:
    """Return a report as tables; those without rows are left out.

    Args:
        report: of one outcome.
        language: `en`, `kk` or `ru`.
    """
    writer = _Writer(report, Phrases(WORDS, language))
    found = [writer.indices(), writer.power(), writer.decisions(), writer.forming(), writer.balance(), writer.reforms()]
    return [table for table in found if table.rows]


class _Writer:
    def __init__(self, report: Report, phrases: Phrases) -> None:
        self.report, self.say, self.phrases = report, phrases.say, phrases

    # ------------------------------------------------------------------ figures

    def indices(self) -> Table:
        report = self.report
        held = report.outcome.plan.held
        columns: list[tuple[str, str, Indices]] = [
            (name, self.say(f"ballot-{held[name].ballot}"), found) for name, found in report.contests.items()
        ]
        if report.chamber is not None:
            columns.append(("", self.say("chamber"), report.chamber))
        first = columns[0][2] if columns else None
        rows = [
            (self.say(name), *(self._figure(name, column.figures[name]) for _, _, column in columns))
            for name in (first.figures if first is not None else ())
        ]
        for barrier in report.barriers:
            for kind in ("inclusion", "exclusion"):
                value = self.phrases.percent(getattr(barrier.thresholds, kind), 2)
                rows.append((self.say(kind), *(value if name == barrier.contest else "–" for name, _, _ in columns)))
        return Table(self.say("indices"), (self.say("index"), *(title for _, title, _ in columns)), tuple(rows))

    def _figure(self, name: str, value: Figure) -> str:
        if value is None:
            return "–"
        exact = value if isinstance(value, Fraction) else Fraction(value)
        if name in _PERCENT:
            return self.phrases.percent(exact, 2)
        return self.phrases.number(exact, 0 if name == "mean_votes_per_seat" else 2)

    def power(self) -> Table:
        """Shapley–Shubik indices for every number of votes that some decision of the full chamber needs."""
        games = {d.needed: d for d in self.report.decisions if d.analysis is not None and d.members == self._size}
        columns = [self.say("if-needed", needed=needed) for needed in sorted(n for n in games if n is not None)]
        found = [games[needed].analysis for needed in sorted(n for n in games if n is not None)]
        rows = []
        for place, (party, seats) in enumerate(self.report.seats.parties.items()):
            shares = [self.phrases.percent(a.power[place].shapley) for a in found if a is not None]
            rows.append((self._party(party), str(seats), self._cost(party), *shares))
        alone = next((d.analysis.independents for d in games.values() if d.analysis is not None), 0)
        if alone and rows:
            shares = [self.phrases.percent(a.independent.shapley) for a in found if a is not None and a.independent]
            rows.append((self.say("each-alone", count=alone), "1", "–", *shares))
        head = (self.say("party"), self.say("seats"), self.say("votes-per-seat"), *columns)
        return Table(self.say("power"), head, tuple(rows) if columns else ())

    @property
    def _size(self) -> int:
        sizes = [d.members for d in self.report.decisions if d.rule.vote is not None]
        return max(set(sizes), key=sizes.count, default=0)

    def _cost(self, party: str) -> str:
        votes = sum(found.votes.get(party, 0) for found in self.report.contests.values())
        seats = sum(found.seats.get(party, 0) for found in self.report.contests.values())
        return self.phrases.number(Fraction(votes, seats)) if votes and seats else "–"

    # ------------------------------------------------------------------ decisions

    def decisions(self) -> Table:
        head = ("decision", "needed", "passes", "blocks", "with", "then", "article")
        rows = tuple(self._decision(d) for d in self.report.decisions)
        title = self.say("decisions")
        unknown = self.report.seats.size - self.report.seats.held
        if unknown and self.report.seats.held:
            title = f"{title}. {self.say('unknown-members', count=unknown)}"
        return Table(title, tuple(self.say(name) for name in head), rows)

    def _decision(self, decision: Decision) -> tuple[str, ...]:
        rule = decision.rule
        article = f"{self._cited(rule.article)}{self.say('mark-' + rule.sureness)}"
        name, then = self.phrases.text(rule.title, rule.id), self.phrases.text(rule.consequence)
        if decision.needed is None:
            return name, "–", self.say(rule.by), "–", "–", then, article
        passes = blocks = self.say("unknown")
        if decision.analysis is not None:
            passes = self._who(decision.analysis.alone, decision.analysis.winning)
            blocks = self._who(decision.analysis.vetoes, decision.analysis.smallest_blocking)
        partners = "; ".join(self._partner(p) for p in decision.partners) or "–"
        return name, self._needed(decision), passes, blocks, partners, then, article

    def _needed(self, decision: Decision) -> str:
        vote = decision.rule.vote
        key = "of-members"
        if vote is not None and vote.of != "all-members":
            key = "of-present" if decision.at_quorum is not None else "of-present-open"
        said = [self.say(key, needed=decision.needed, members=decision.members, least=decision.at_quorum)]
        if decision.motion is not None:
            said.append(self.say("moved-by", motion=decision.motion))
        if decision.quorum is not None:
            said.append(self.say("quorum", quorum=decision.quorum))
        return ", ".join(said)

    def _who(self, alone: Sequence[str], coalitions: Coalitions) -> str:
        names = [self.say("alone", parties=self._party(party)) for party in alone]
        others = [c for c in coalitions.listed if not (len(c.parties) == 1 and not c.independents)]
        written = [*names, *(self._coalition(c) for c in others)]
        lines = coalitions.lines + len(alone) - sum(1 for c in coalitions.listed if c not in others)
        if not any(c.parties or c.independents for c in coalitions.listed):
            return self.say("nobody")
        shown = "; ".join(written[:SHOWN])
        return shown if lines <= SHOWN else self.say("more", shown=shown, count=self.phrases.number(lines))

    def _coalition(self, coalition: Coalition) -> str:
        names = [self._party(party) for party in coalition.parties]
        if coalition.independents:
            names.append(self.say("any-others", count=coalition.independents))
        return " + ".join(names)

    def _party(self, party: str) -> str:
        return self.report.outcome.election.name_of(party, self.phrases.language, short=True)

    def _partner(self, partner: PartnerNeed) -> str:
        name = self._chamber(partner.chamber)
        if partner.needed is None:
            return self.say("partner-open", chamber=name, share=self._majority(partner.rule))
        return self.say("partner", chamber=name, needed=partner.needed, members=partner.members)

    def _chamber(self, chamber: str) -> str:
        try:
            return self.phrases.text(load(chamber).own["body"].get("name"), chamber)
        except BadInput:
            return chamber

    def _majority(self, rule: Vote | Partner) -> str:
        share = self.say(rule.comparison, share=self.phrases.share(rule.share))
        return self.say("majority", share=share, of=self.say(rule.of))

    # ------------------------------------------------------------------ government, reforms

    def forming(self) -> Table:
        found = formation(self.report.decisions).coalitions
        rows = tuple((self._coalition(c), str(c.seats)) for c in found)
        return Table(self.say("forming"), (self.say("coalition"), self.say("seats")), rows)

    def balance(self) -> Table:
        spread, titles = self.report.balance, {p.id: self.phrases.text(p.title, p.id) for p in self.report.powers}
        rows = []
        for name in Balance.__dataclass_fields__:
            held: tuple[str, ...] = getattr(spread, name)
            if held:
                rows.append((self.say(f"balance-{name}"), str(len(held)), "; ".join(titles[p] for p in held)))
        return Table(self.say("balance"), (self.say("passes"), self.say("count"), self.say("which")), tuple(rows))

    def reforms(self) -> Table:
        head = tuple(self.say(name) for name in ("day", "decision", "before", "after", "article"))
        return Table(self.say("reforms"), head, tuple(self._changes()))

    def _changes(self) -> Iterator[tuple[str, ...]]:
        for reform in self.report.reforms:
            for change in reform.changes:
                held = change.after or change.before
                assert held is not None
                title = self.phrases.text(held.title, held.id)
                before, after = self._rule(change.before), self._rule(change.after)
                yield reform.day.isoformat(), title, before, after, self._cited(held.article)

    def _cited(self, article: str) -> str:
        return cited(self.report.outcome.law, article, self.phrases.language)

    def _rule(self, power: Power | None) -> str:
        if power is None:
            return "–"
        said = [self.say(power.by)] if power.by not in ("chamber",) else []
        if power.vote is not None:
            said.append(self._majority(power.vote))
            said.extend(
                self.say("partner-open", chamber=self._chamber(p.chamber), share=self._majority(p))
                for p in power.vote.with_
            )
        then = self.phrases.text(power.consequence)
        return "; ".join([*said, *([then] if then else [])])
