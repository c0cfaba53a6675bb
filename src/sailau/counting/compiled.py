"""A law compiled for an election: what is laid out and settled before a vote is looked at, and the run of its tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from sailau.counting.bars import Bar
from sailau.counting.lists import ListTier, list_limits, partners
from sailau.counting.papers import Paper, contests_held, districts_of, lay_out, party_of
from sailau.counting.seats import Magnitudes, magnitudes
from sailau.counting.sheet import Sheet, own_sheet, sheet_of
from sailau.counting.tiers import CompiledTier, Workings
from sailau.counting.ties import Equals, Ties
from sailau.counting.turnout import TurnoutRule
from sailau.election.model import WHOLE, Award, Election
from sailau.formulas.arrays import IntArray
from sailau.rulebook import Law
from sailau.rulebook.limits import SEATS
from sailau.rulebook.schema import Contest, Tier
from sailau.tabulation import Tabulation, tabulate

if TYPE_CHECKING:
    from sailau.counting.question import QuestionTier, QuestionWorkings, Regions


@dataclass
class Run:
    """What one pass over some sheets gave: (contest, tier) → workings, in the order of counting."""

    sheets: Mapping[str, Sheet]
    workings: dict[tuple[str, str], Workings] = field(default_factory=dict)

    def of(self, contest: str) -> dict[str, Workings]:
        """Return tier → workings of one contest."""
        return {tier: workings for (name, tier), workings in self.workings.items() if name == contest}

    def without(self, contest: str) -> Run:
        """Return the same without a contest."""
        return Run(self.sheets, {key: workings for key, workings in self.workings.items() if key[0] != contest})

    def question(self, contest: str) -> QuestionWorkings | None:
        """Return what became of a question; None for other contests."""
        return cast("QuestionWorkings | None", next((w for w in self.of(contest).values() if w.tier.answers), None))

    def won(self, contest: str) -> IntArray | None:
        """Return the seats of a contest over all its tiers, (options, districts, elections); None where it fills none."""
        seats = [w.seats for w in self.of(contest).values() if not w.tier.answers]
        # Seats of plurality are bytes, and many tiers may fill one seat each: sums are as wide as other seats.
        return reduce(lambda won, more: np.add(won, more, dtype=np.int64), seats) if seats else None


@dataclass(frozen=True)
class CompiledLaw:
    """A law compiled for one election: everything that does not depend on votes is settled."""

    law: Law
    election: Election
    tabulation: Tabulation
    held: Mapping[str, Contest]  # contest → its rule, for all contests that the law and the case know
    papers: Mapping[str, Paper]  # contest → its ballot paper, laid out, for the contests that have votes
    tiers: Mapping[tuple[str, str], CompiledTier]  # (contest, tier) → the compiled tier, in the order of counting

    @classmethod
    def of(cls, law: Law, election: Election, totals: Tabulation | None = None) -> Self:
        """Compile a law for an election; see `sailau.compile`."""
        tabulation = tabulate(election, law) if totals is None else totals
        held = contests_held(law, election, tabulation)
        papers = {}
        for name, contest in held.items():
            paper = lay_out(name, contest, law, election, tabulation)
            if paper is not None:
                papers[name] = paper
        tiers = {
            (name, tier.id): _compiled(tier, paper, law, election, tabulation)
            for tier in law.tier
            for name, paper in papers.items()
            if paper.contest.id == tier.contest and tier.formula.method != "declared"
        }
        SEATS.check(
            law.id, sum(int(t.magnitudes.known.sum()) for t in tiers.values() if t.magnitudes.known is not None)
        )
        return cls(law, election, tabulation, held, papers, tiers)

    def __repr__(self) -> str:
        """Show it as one line in a shell."""
        return f"<Plan {self.election.name} under {self.law.id} of {self.law.day}: {', '.join(self.papers) or '–'}>"

    @property
    def items(self) -> dict[str, Any]:
        """Contest → what the columns of its votes mean; per district where every district has its own options."""
        return {name: paper.items for name, paper in self.papers.items()}

    @property
    def districts(self) -> dict[str, tuple[str, ...]]:
        """Contest → ids of its districts."""
        return {name: paper.districts for name, paper in self.papers.items()}

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Ids under which seats are added up over contests; the columns of `Batch.total`."""
        stand = dict.fromkeys(self.party(option) for paper in self.papers.values() for option in paper.everybody)
        declared = dict.fromkeys(self.party(a.option) for a in self.election.declared if self._stands(a))
        known = [p for p in self.election.parties if p in stand or p in declared]
        return tuple(dict.fromkeys([*known, *stand, *declared]))

    def party(self, option: str) -> str:
        """Return the id under which an option's seats count: its party; itself for a single office."""
        return option if self.law.body.single_office else party_of(option, self.election)

    def tiers_of(self, contest: str) -> list[CompiledTier]:
        """Return the compiled tiers of one contest, in the order of counting."""
        return [tier for (name, _), tier in self.tiers.items() if name == contest]

    def regions(self, contest: str) -> Regions | None:
        """Return the regions that a question must carry; None where the law asks none."""
        return next((cast("QuestionTier", t).regions for t in self.tiers_of(contest) if t.answers), None)

    def lawful_seats(self, contest: str) -> int | None:
        """Return the seats that the law gives a contest of which no votes are known, None where the case does not tell."""
        rule, total = self.held[contest], 0
        units = districts_of(rule, self.election) if rule.level else ()
        for tier in self.law.tiers_of(rule.id):
            seats = self.law.seats(tier)
            if seats is None:
                each = [self.election.units[u].seats.get(contest, tier.seats.value) for u in units]
                if not each or None in each:
                    return None
                seats = sum(n for n in each if n is not None)
            total += seats
        return total

    def run(self, sheets: Mapping[str, Sheet], ties: Ties) -> Run:
        """Apply every tier to some sheets of elections; contests without a sheet are left out."""
        run = Run(sheets)
        for (name, tier), compiled in self.tiers.items():
            if name in sheets:
                run.workings[name, tier] = compiled.run(sheets[name], ties, run.of(name))
        return run

    def contest_seats(self, name: str, sheet: Sheet, ties: Ties) -> IntArray:
        """Return the seats of one contest over its tiers, (options, districts, elections)."""
        won = self.run({name: sheet}, ties).won(name)
        return np.zeros(sheet.votes.shape, np.int64) if won is None else won

    def of_district(self, name: str, place: int) -> Self:
        """Return the plan of one district of a contest that is counted by itself."""
        paper = self.papers[name].of_district(place)
        tiers = {key: tier.of_district(place, paper) for key, tier in self.tiers.items() if key[0] == name}
        return replace(self, papers={name: paper}, tiers=tiers)

    def sheet(self, name: str, given: tuple[IntArray, IntArray] | None, size: int) -> Sheet:
        """Lay `size` elections on a paper: given (votes, lines), or the case's own figures."""
        return own_sheet(self.papers[name], size) if given is None else sheet_of(self.papers[name], *given, size)

    def sheets(self, parts: Mapping[str, tuple[IntArray, IntArray]], size: int) -> dict[str, Sheet]:
        """Lay a sheet over every paper; see `sheet`."""
        return {name: self.sheet(name, parts.get(name), size) for name in self.papers}

    def totals(self, run: Run, size: int) -> NDArray[Any]:
        """Return seats by party of a block that was counted, (parties, elections), declared seats included."""
        total = np.empty((len(self.parties), size), self.width)
        total[:] = self.declared[:, None]
        self.add_seats(total, run)
        return total

    def add_seats(self, total: NDArray[Any], run: Run, rows: Sequence[int] | None = None) -> None:
        """Add the seats of a block that was counted to a total, (parties, elections).

        Args:
            total: it is written to.
            run: what was counted.
            rows: of the total, one for each of the plan's parties; their own when None.
        """
        rows = range(len(self.parties)) if rows is None else rows
        for name, paper in self.papers.items():
            won = run.won(name)
            if won is None:
                continue
            if paper.local:
                cast = won.reshape(-1, won.shape[-1])
                for party, cells in self._cells[name]:
                    add_rows(total[rows[party]], cast, cells)
                continue
            for party, seats in zip(self.columns(name), over_districts(won), strict=True):
                np.add(total[rows[party]], seats, out=total[rows[party]], casting="unsafe")

    @cached_property
    def width(self) -> type[np.int32] | type[np.int64]:
        """Integers that hold any sum of seats under this plan."""
        most = sum(award.seats for award in self.election.declared)
        most += sum(self.to_fill(name)[1] for name in self.papers)
        return np.int32 if most < 2**31 else np.int64

    def to_fill(self, name: str) -> tuple[IntArray | None, int]:
        """Return the seats that a contest fills: by district, None where votes decide, and in all."""
        each: IntArray | None = np.zeros(len(self.papers[name].districts), np.int64)
        total = 0
        for tier in self.tiers_of(name):
            seats, apportion = tier.to_fill, tier.rule.seats.apportion
            total += int(seats.sum()) if seats is not None else apportion.total if apportion is not None else 0
            each = None if each is None or seats is None else each + seats
        return each, total

    @cached_property
    def declared(self) -> NDArray[Any]:
        """(parties,) seats that were announced where no votes are known."""
        total = np.zeros(len(self.parties), self.width)
        rows = {party: row for row, party in enumerate(self.parties)}
        for award in self.election.declared:
            if self._stands(award):
                total[rows[self.party(award.option)]] += award.seats
        return total

    def _stands(self, award: Award) -> bool:
        """Whether announced seats stand in for votes: those of a contest, or of one of its districts, without any."""
        held, paper = self.held.get(award.contest), self.papers.get(award.contest)
        if held is None or held.ballot == "question":
            return False
        place = None if paper is None else paper.place(award.unit)
        return paper is None or (place is not None and not paper.reported[place])

    def columns(self, name: str) -> tuple[int, ...]:
        """Return the place among the parties of every option of a paper that has the same ones everywhere."""
        return self._columns[name]

    def narrow(self, name: str) -> bool:
        """Whether the rules of a paper do well with 32 bits where votes are few: others multiply votes."""
        return bool(self.tiers_of(name)) and all(tier.narrow for tier in self.tiers_of(name))

    @cached_property
    def _columns(self) -> dict[str, tuple[int, ...]]:
        place = {party: column for column, party in enumerate(self.parties)}
        papers = {name: paper for name, paper in self.papers.items() if not paper.local}
        return {name: tuple(place[self.party(o)] for o in paper.everybody) for name, paper in papers.items()}

    @cached_property
    def _cells(self) -> dict[str, list[tuple[int, NDArray[np.intp]]]]:
        """Paper of persons → (party, cells of the flattened (slots, districts))."""
        column, cells = {party: column for column, party in enumerate(self.parties)}, {}
        for name, paper in self.papers.items():
            of = np.full(paper.votes.shape, -1)
            for place in range(len(paper.districts)) if paper.local else ():
                names = paper.names(place)
                of[: len(names), place] = [column[self.party(option)] for option in names]
            cells[name] = [(party, np.flatnonzero(of.ravel() == party)) for party in np.unique(of[of >= 0]).tolist()]
        return cells


def _compiled(tier: Tier, paper: Paper, law: Law, election: Election, tabulation: Tabulation) -> CompiledTier:
    """Compile one tier for a ballot paper."""
    kind, further = _kind(tier), dict[str, Any]()
    seats = Magnitudes(tier, paper).with_known(np.zeros((len(paper.districts), 1), np.int64))
    if kind.answers:
        from sailau.counting.question import regions_of

        further["regions"] = regions_of(paper, law, election, tabulation)
    else:
        seats = magnitudes(paper, tier, election)
        further["bar"] = Bar.of(tier.id, tier.threshold, paper, election)
        further["limits"] = list_limits(tier, paper, election)
    if kind is ListTier:
        further["group"] = partners(tier.agreements, paper, election)
    units = (WHOLE,) if kind.of_whole else paper.districts
    turnout = None if tier.turnout is None else TurnoutRule(tier.id, tier.turnout)
    equals = Equals.of(tier, paper, units)
    return kind(rule=tier, paper=paper, magnitudes=seats, equals=equals, turnout=turnout, **further)


def _kind(tier: Tier) -> type[CompiledTier]:
    """Return the kind of a tier, which is that of its rules; what a law does not need is not read."""
    if tier.levelling is not None or tier.transfer is not None:
        from sailau.counting.compensation import LevellingTier, TransferTier

        return TransferTier if tier.levelling is None else LevellingTier
    if tier.formula.method in ("plurality", "majority"):
        from sailau.counting.persons import MajorityTier, PluralityTier

        return PluralityTier if tier.formula.method == "plurality" else MajorityTier
    if tier.formula.method == "question":
        from sailau.counting.question import QuestionTier

        return QuestionTier
    if tier.formula.method == "biproportional":
        from sailau.counting.matrix import MatrixTier

        return MatrixTier
    return ListTier


def over_districts(won: IntArray) -> IntArray:
    """(options, districts, elections) → (options, elections)."""
    return won[:, 0] if won.shape[1] == 1 else np.asarray(won.sum(axis=1))


def add_rows(total: NDArray[Any], rows: IntArray, chosen: NDArray[np.intp]) -> None:
    """Add rows to a total, in place; rows of bytes hold 0 or 1 and are first added up in bytes."""
    if rows.dtype != np.int8:
        total += rows[chosen].sum(axis=0, dtype=total.dtype)
        return
    for begin in range(0, len(chosen), 127):
        total += np.add.reduce(rows[chosen[begin : begin + 127]], axis=0, dtype=np.int8)
