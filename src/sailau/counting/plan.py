"""Compile a law and an election into a plan, and run the plan on one election or on millions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.counting.bars import Bar
from sailau.counting.batch import Batch, empty_batch, shaped
from sailau.counting.compensation import LevellingTier, TransferTier
from sailau.counting.lists import ListTier, list_limits, partners
from sailau.counting.papers import Paper, contests_held, districts_of, lay_out, party_of
from sailau.counting.persons import MajorityTier, PluralityTier
from sailau.counting.question import QuestionTier, QuestionWorkings, Regions, regions_of
from sailau.counting.seats import Magnitudes, magnitudes
from sailau.counting.sheet import Sheet, sheet_of
from sailau.counting.tiers import CompiledTier, Workings
from sailau.counting.ties import Equals, Ties
from sailau.counting.turnout import TurnoutRule
from sailau.counting.widths import add_rows, is_narrow, options_first, over_districts
from sailau.election.model import WHOLE, Award, Election
from sailau.formulas.arrays import IntArray
from sailau.formulas.door import native
from sailau.rulebook import Law
from sailau.rulebook.limits import SEATS
from sailau.rulebook.schema import Contest, Tier
from sailau.tabulation import Tabulation, tabulate

_FEWEST = 256
"""Elections of a block, at least."""
_MOST, _CELLS = 2**14, 2**20
"""Elections, and numbers, of a block of a paper at most, so that they stay in the cache; measured."""

_BLOCKS_MEMORY = 2**25 - 2**16
"""Bytes of a buffer that is never written to. Where an array was freed, the C library keeps as much memory for the next ones:
without it a block's memory goes back to the system after every block, and is cleared anew, which takes a seventh of the time."""


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
        return next((w for w in self.of(contest).values() if isinstance(w, QuestionWorkings)), None)

    def won(self, contest: str) -> IntArray | None:
        """Return the seats of a contest over all its tiers, (options, districts, elections); None where it fills none."""
        seats = [w.seats for w in self.of(contest).values() if not isinstance(w, QuestionWorkings)]
        # Seats of plurality are bytes, and many tiers may fill one seat each: sums are as wide as other seats.
        return reduce(lambda won, more: np.add(won, more, dtype=np.int64), seats) if seats else None


@dataclass(frozen=True)
class Plan:
    """A law compiled for one election: everything that does not depend on votes is settled.

    Attributes:
        papers: contest → its ballot paper, laid out, for the contests that have votes.
        held: contest → its rule, for all contests that the law and the case know.
        tiers: (contest, tier) → the compiled tier, in the order of counting.
    """

    law: Law
    election: Election
    tabulation: Tabulation
    held: Mapping[str, Contest]
    papers: Mapping[str, Paper]
    tiers: Mapping[tuple[str, str], CompiledTier]

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
        return next((t.regions for t in self.tiers_of(contest) if isinstance(t, QuestionTier)), None)

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

    def of_district(self, name: str, place: int) -> Plan:
        """Return the plan of one district of a contest that is counted by itself."""
        paper = self.papers[name].of_district(place)
        tiers = {key: tier.of_district(place, paper) for key, tier in self.tiers.items() if key[0] == name}
        return replace(self, papers={name: paper}, tiers=tiers)

    # ------------------------------------------------------------------ many elections

    def __call__(
        self,
        votes: Mapping[str, ArrayLike],
        *,
        seed: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> Batch:
        """Count many elections at once under the whole law.

        Args:
            votes: contest → int array `(..., districts, items)`, items as in `plan.items`; with one district that axis may be
                left out: one axis is one election, two are `(elections, items)`; of more, the last but one is the district
                where it has length one. Contests that are left out keep the case's own figures.
            seed: of the draws that break what the law's own order does not.
            progress: called with the number of elections done after each block.

        Returns:
            Seats by contest and by party, and where ties had to be broken.

        Raises:
            TypeError: no mapping, or something is not a whole number.
            ValueError: an unknown contest, arrays of the wrong shape, or a number that is negative or beyond 2**63 − 1.
        """
        if not isinstance(votes, Mapping):
            raise TypeError(f"votes are {type(votes).__name__}: expected a mapping, such as {{'list': votes}}")
        arrays = {name: self._checked(name, values) for name, values in votes.items()}
        lead = _leading(arrays)
        size = prod(lead)
        flat = {name: a.reshape(size, *a.shape[-2:]) for name, a in arrays.items()}
        batch = empty_batch(self, flat, lead, size, seed)
        np.empty(_BLOCKS_MEMORY, np.uint8)
        for elections in _pieces(range(size), _MOST):
            part = slice(elections.start, elections.stop)
            batch.tied[part], batch.total.T[:, part] = False, self.declared[:, None]
            for name in self.papers:
                for piece in _pieces(elections, self._piece(name)):
                    given = self.laid(name, flat[name][piece.start : piece.stop]) if name in flat else None
                    self._fill(batch, name, piece, self.sheet(name, given, len(piece)))
            if progress is not None:
                progress(len(elections))
        return shaped(batch)

    def _piece(self, name: str) -> int:
        """Elections of a paper that are counted together."""
        paper = self.papers[name]
        # The workings of all tiers of a paper are kept until it is counted.
        width = (len(paper.votes) + len(paper.lines)) * len(paper.districts) * len(self.tiers_of(name))
        return max(_FEWEST, min(_MOST, _CELLS // max(width, 1)))

    def sheet(self, name: str, given: tuple[IntArray, IntArray] | None, size: int) -> Sheet:
        """Lay `size` elections on a paper: given (votes, lines), or the case's own figures."""
        paper = self.papers[name]
        if given is not None:
            return sheet_of(paper, *given, size)
        votes = np.broadcast_to(paper.votes[:, :, None], (*paper.votes.shape, size))
        return sheet_of(paper, votes, None, size)

    def sheets(self, parts: Mapping[str, tuple[IntArray, IntArray]], size: int) -> dict[str, Sheet]:
        """Lay a sheet over every paper; see `sheet`."""
        return {name: self.sheet(name, parts.get(name), size) for name in self.papers}

    def _fill(self, batch: Batch, name: str, elections: range, sheet: Sheet) -> None:
        """Count some elections of a paper and write them into a batch."""
        part = slice(elections.start, elections.stop)
        ties = Ties(sheet.size, seed=batch.seed, first=part.start)
        run = self.run({name: sheet}, ties)
        batch.tied[part] |= ties.broken
        self.add_seats(batch.total.T[:, part], run)
        paper, won, question = self.papers[name], run.won(name), run.question(name)
        if won is not None:
            # The batch keeps elections last in memory, as the sheet does.
            batch.seats[name].T[..., part] = won if paper.local else over_districts(won)
        elif question is not None:
            each = [question.adopted(place) for place in np.flatnonzero(paper.reported).tolist()]
            batch.questions[name][part] = np.logical_and.reduce(each) if each else False

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

    def _checked(self, name: str, values: ArrayLike) -> IntArray:
        if name not in self.papers:
            raise ValueError(f"no votes were cast in “{name}”: expected one of {', '.join(self.papers)}")
        paper = self.papers[name]
        # Signs are looked at block by block, in the pass that turns it: a pass of its own costs a tenth of the count.
        array = native(values, f"votes of “{name}”")
        width = len(paper.votes) + len(paper.lines)
        if len(paper.districts) == 1 and _without_district(array.shape, width):
            array = array[..., None, :]
        expected = (len(paper.districts), width)
        if array.ndim < 2 or array.shape[-2:] != expected:
            raise ValueError(
                f"votes of “{name}” have shape {array.shape}: expected (..., {expected[0]}, {expected[1]})"
            )
        return array

    def laid(self, name: str, votes: IntArray) -> tuple[IntArray, IntArray]:
        """Turn a block (elections, districts, items) into votes and lines (options or lines, districts, elections).

        The width is decided here, once for the block: 32 bits where rules only compare the figures of a paper, 64 where
        they multiply them, Python integers beyond.

        Raises:
            ValueError: a negative number.
        """
        turned = options_first(votes, name, narrow=name in self.narrow)
        options = len(self.papers[name].votes)
        return turned[:options], turned[options:]

    @cached_property
    def narrow(self) -> frozenset[str]:
        """Papers whose rules do well with 32 bits where votes are few: all others multiply votes with each other or more."""
        rules = {name: self.law.tiers_of(paper.contest.id) for name, paper in self.papers.items()}
        return frozenset(name for name, tiers in rules.items() if tiers and all(is_narrow(tier) for tier in tiers))


def compile_plan(law: Law, election: Election, totals: Tabulation | None = None) -> Plan:
    """Compile a law for an election.

    Args:
        law: as it stands on the day.
        election: its units, lists and persons.
        totals: its returns added up, where that was done before.

    Raises:
        BadInput: sums that do not hold, or seats of districts that are not known, or more than any body has.
    """
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
    SEATS.check(law.id, sum(int(t.magnitudes.known.sum()) for t in tiers.values() if t.magnitudes.known is not None))
    return Plan(law, election, tabulation, held, papers, tiers)


def _compiled(tier: Tier, paper: Paper, law: Law, election: Election, tabulation: Tabulation) -> CompiledTier:
    """Compile one tier for a ballot paper: the kind is that of its rules."""
    method = tier.formula.method
    turnout = None if tier.turnout is None else TurnoutRule(tier.id, tier.turnout)
    kind = "remainder" if method == "largest-remainder" else "quotient"
    districts = Equals.of(tier, paper, paper.districts, "district" if method in ("plurality", "majority") else kind)
    whole = Equals.of(tier, paper, (WHOLE,), kind)
    if method == "question":
        none = Magnitudes(tier, paper).with_known(np.zeros((len(paper.districts), 1), np.int64))
        regions = regions_of(paper, law, election, tabulation)
        return QuestionTier(rule=tier, paper=paper, magnitudes=none, equals=districts, turnout=turnout, regions=regions)
    seats = magnitudes(paper, tier, election)
    bar = Bar.of(tier.id, tier.threshold, paper, election)
    limits = list_limits(tier, paper, election)
    if tier.levelling is not None:
        return LevellingTier(rule=tier, paper=paper, magnitudes=seats, equals=whole, turnout=turnout, bar=bar)
    if tier.transfer is not None:
        return TransferTier(rule=tier, paper=paper, magnitudes=seats, equals=whole, turnout=turnout, limits=limits)
    if method == "plurality":
        return PluralityTier(rule=tier, paper=paper, magnitudes=seats, equals=districts, turnout=turnout)
    if method == "majority":
        return MajorityTier(rule=tier, paper=paper, magnitudes=seats, equals=districts, turnout=turnout)
    if method == "biproportional":
        from sailau.counting.matrix import MatrixTier

        return MatrixTier(rule=tier, paper=paper, magnitudes=seats, equals=whole, turnout=turnout, bar=bar)
    group = partners(tier.agreements, paper, election)
    return ListTier(
        rule=tier,
        paper=paper,
        magnitudes=seats,
        equals=districts,
        turnout=turnout,
        bar=bar,
        limits=limits,
        group=group,
    )


def _without_district(shape: tuple[int, ...], width: int) -> bool:
    """Whether an array of a paper with one district leaves its axis out: two axes are elections and items."""
    return shape[-1:] == (width,) and (len(shape) <= 2 or shape[-2] != 1)


def _pieces(elections: range, size: int) -> Iterator[range]:
    """Cut a range of elections into pieces of a size."""
    for start in range(elections.start, elections.stop, max(size, 1)):
        yield range(start, min(start + size, elections.stop))


def _leading(arrays: Mapping[str, IntArray]) -> tuple[int, ...]:
    shapes = {a.shape[:-2] for a in arrays.values()}
    if len(shapes) > 1:
        raise ValueError(f"leading axes differ between contests: {', '.join(map(str, sorted(shapes)))}")
    return next(iter(shapes), ())
