"""Compile a law and an election into a plan, and run the plan on one election or on millions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.counting.batch import Batch, empty_batch, shaped
from sailau.counting.block import Block, block_of
from sailau.counting.compensation import levelling_tier, transfer_tier
from sailau.counting.lists import TierResult, list_tier
from sailau.counting.majority import majority_tier, plurality_tier
from sailau.counting.papers import Paper, contests_held, lay_out, party_of
from sailau.counting.question import Answer, Regions, question_tier, regions_of, turnout_void
from sailau.counting.seats import by_votes, magnitudes
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Ties
from sailau.counting.widths import add_rows, is_narrow, options_first, over_districts
from sailau.election.model import WHOLE, Award, Election
from sailau.formulas.arrays import IntArray
from sailau.formulas.door import native
from sailau.rulebook import Finding, Law
from sailau.rulebook.schema import Contest, Tier
from sailau.tabulation import Tabulation, tabulate

_FEWEST = 256
"""Elections of a block, at least."""
_MOST, _CELLS = 2**14, 2**20
"""Elections, and numbers, of a block of a paper at most, so that they stay in the cache; measured."""


@dataclass
class Run:
    """What one pass over a block gave: results by (contest, tier), answers by contest."""

    blocks: Mapping[str, Block]
    results: dict[tuple[str, str], TierResult] = field(default_factory=dict)
    magnitudes: dict[tuple[str, str], IntArray] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    invalid: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Plan:
    """A law compiled for one election: everything that does not depend on votes is settled.

    Attributes:
        papers: contest → its ballot paper, laid out, for the contests that have votes.
        held: contest → its rule, for all contests that the law and the case know.
        seats: (contest, tier) → seats of the districts, (districts,); None where they depend on the votes.
        regions: contest → the regions that a question must carry.
    """

    law: Law
    election: Election
    tabulation: Tabulation
    held: Mapping[str, Contest]
    papers: Mapping[str, Paper]
    seats: Mapping[tuple[str, str], IntArray | None]
    regions: Mapping[str, Regions] = field(default_factory=dict)

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
        found = dict.fromkeys(self.party(option) for paper in self.papers.values() for option in _all_options(paper))
        declared = dict.fromkeys(self.party(a.option) for a in self.election.declared if self._stands(a))
        known = [p for p in self.election.parties if p in found or p in declared]
        return tuple(dict.fromkeys([*known, *found, *declared]))

    def party(self, option: str) -> str:
        """Return the id under which an option's seats count: its party; itself for a single office."""
        return option if self.law.body.single_office else party_of(option, self.election)

    def tiers(self) -> Iterator[tuple[str, Paper, Tier]]:
        """Yield (contest, paper, tier) in the order of counting."""
        for tier in self.law.tier:
            for name, paper in self.papers.items():
                if paper.contest.id == tier.contest:
                    yield name, paper, tier

    def run(self, blocks: Mapping[str, Block], ties: Ties, trace: Trace | None = None) -> Run:
        """Apply every tier to a block of elections; contests without a block are left out."""
        run = Run(blocks)
        for name, paper, tier in self.tiers():
            if name in blocks:
                self._tier(run, name, paper, tier, ties, trace)
        return run

    def _tier(self, run: Run, name: str, paper: Paper, tier: Tier, ties: Ties, trace: Trace | None) -> None:
        block, method = run.blocks[name], tier.formula.method
        if method == "declared":
            return
        if method == "question":
            run.answers[name] = question_tier(block, tier, self.regions.get(name), run.findings, trace)
            return
        void = turnout_void(block, tier, run.findings, trace)
        seats = self.seats[name, tier.id]
        if trace is not None and seats is not None:
            magnitudes(paper, tier, self.election, run.findings, trace)
        each = by_votes(block, tier, self.election, ties, trace) if seats is None else seats[:, None]
        each = np.where(paper.reported[:, None], each, 0)
        run.magnitudes[name, tier.id] = each
        result = self._seats(run, name, block, tier, each, ties, trace)
        if void is not None and void.any():
            _void(run, name, tier, result, each, void, ties)
        elif ties.asks:
            _vacant(run, name, tier, result, each, ties)
        run.results[name, tier.id] = result

    def _seats(
        self, run: Run, name: str, block: Block, tier: Tier, seats: IntArray, ties: Ties, trace: Trace | None
    ) -> TierResult:
        election, findings = self.election, run.findings
        if tier.levelling is not None:
            earlier = run.results[name, tier.levelling.tier]
            return levelling_tier(block, tier, earlier, election, ties, findings, trace)
        if tier.transfer is not None:
            earlier = run.results[name, tier.transfer.tier]
            return transfer_tier(block, tier, earlier, run.magnitudes[name, tier.transfer.tier], election, ties, trace)
        if tier.formula.method == "plurality":
            return plurality_tier(block, tier, seats, ties, trace)
        if tier.formula.method == "majority":
            return majority_tier(block, tier, seats, ties, findings, trace)
        if tier.formula.method == "biproportional":
            from sailau.counting.matrix import matrix_tier

            return matrix_tier(block, tier, seats, election, ties, findings, trace)
        return list_tier(block, tier, seats, election, ties, findings, trace)

    def contest_seats(self, name: str, block: Block, ties: Ties) -> IntArray:
        """Return the seats of one contest over its tiers, (options, districts, elections)."""
        won = _won(self.run({name: block}, ties), name)
        return np.zeros(block.votes.shape, np.int64) if won is None else won

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
        for elections in _pieces(range(size), _MOST):
            part = slice(elections.start, elections.stop)
            batch.tied[part], batch.total.T[:, part] = False, self.declared[:, None]
            for name in self.papers:
                for block in _pieces(elections, self._block_size(name)):
                    given = self.laid(name, flat[name][block.start : block.stop]) if name in flat else None
                    self._fill(batch, name, block, self.block(name, given, len(block)), seed)
            if progress is not None:
                progress(len(elections))
        return shaped(batch)

    def _block_size(self, name: str) -> int:
        """Elections of a paper that are counted together."""
        paper = self.papers[name]
        width = (len(paper.votes) + len(paper.lines)) * len(paper.districts)
        return max(_FEWEST, min(_MOST, _CELLS // max(width, 1)))

    def block(self, name: str, given: tuple[IntArray, IntArray] | None, size: int) -> Block:
        """Lay `size` elections on a paper: given (votes, lines), or the case's own figures."""
        paper = self.papers[name]
        if given is not None:
            return block_of(paper, *given, size)
        votes = np.broadcast_to(paper.votes[:, :, None], (*paper.votes.shape, size))
        return block_of(paper, votes, None, size)

    def blocks(self, parts: Mapping[str, tuple[IntArray, IntArray]], size: int) -> dict[str, Block]:
        """Lay a block on every paper; see `block`."""
        return {name: self.block(name, parts.get(name), size) for name in self.papers}

    def _fill(self, batch: Batch, name: str, elections: range, block: Block, seed: int) -> None:
        """Count some elections of a paper and write them into a batch."""
        part = slice(elections.start, elections.stop)
        ties = Ties(block.size, seed=seed, first=part.start)
        run = self.run({name: block}, ties)
        batch.tied[part] |= ties.broken
        self.add_seats(batch.total.T[:, part], run)
        paper, won = self.papers[name], _won(run, name)
        if won is not None:
            # The batch keeps elections last in memory, as the block does.
            batch.seats[name].T[..., part] = won if paper.local else over_districts(won)
            return
        answers = zip(run.answers.get(name, []), paper.reported, strict=False)
        each = [answer.adopted for answer, reported in answers if reported]
        if name in batch.questions:
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
            won = _won(run, name)
            if won is None:
                continue
            if paper.local:
                cast = won.reshape(-1, won.shape[-1])
                for party, cells in self._cells(name):
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
        paper = self.papers[name]
        each: IntArray | None = np.zeros(len(paper.districts), np.int64)
        total = 0
        for tier in self.law.tiers_of(paper.contest.id):
            if (name, tier.id) not in self.seats:
                continue
            seats = self.seats[name, tier.id]
            if tier.levelling is not None:
                seats = np.full(len(paper.districts), tier.levelling.per_district)
            if seats is None:
                assert tier.seats.apportion is not None
                each, total = None, total + tier.seats.apportion.total
                continue
            filled = np.where(paper.reported | (tier.levelling is not None), seats, 0)
            each, total = None if each is None else each + filled, total + sum(filled.tolist())
        return each, total

    @cached_property
    def declared(self) -> NDArray[Any]:
        """(parties,) seats that were announced where no votes are known."""
        total = np.zeros(len(self.parties), self.width)
        for award in self.election.declared:
            if self._stands(award):
                total[self.parties.index(self.party(award.option))] += award.seats
        return total

    def _stands(self, award: Award) -> bool:
        """Whether announced seats stand in for votes: those of a contest, or of one of its districts, without any."""
        held, paper = self.held.get(award.contest), self.papers.get(award.contest)
        if held is None or held.ballot == "question":
            return False
        return paper is None or (
            award.unit in paper.districts and not paper.reported[paper.districts.index(award.unit)]
        )

    def columns(self, name: str) -> tuple[int, ...]:
        """Return the place among the parties of every option of a paper that has the same ones everywhere."""
        held = self._column_cache
        if name not in held:
            held[name] = tuple(self.parties.index(self.party(str(option))) for option in self.papers[name].options)
        return held[name]

    @cached_property
    def _column_cache(self) -> dict[str, tuple[int, ...]]:
        return {}

    def _cells(self, name: str) -> list[tuple[int, NDArray[np.intp]]]:
        """Return (party, cells of the flattened (slots, districts)) of a paper of persons."""
        held: dict[str, list[tuple[int, NDArray[np.intp]]]] = self._cell_cache
        if name not in held:
            paper = self.papers[name]
            of = np.full(paper.votes.shape, -1)
            for place, names in enumerate(paper.options):
                for slot, option in enumerate(names):
                    of[slot, place] = self.parties.index(self.party(option))
            held[name] = [(p, np.flatnonzero(of.ravel() == p)) for p in np.unique(of[of >= 0]).tolist()]
        return held[name]

    @cached_property
    def _cell_cache(self) -> dict[str, list[tuple[int, NDArray[np.intp]]]]:
        return {}

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
        BadInput: sums that do not hold, or seats of districts that are not known.
    """
    tabulation = tabulate(election, law) if totals is None else totals
    held = contests_held(law, election, tabulation)
    papers = {}
    for name, contest in held.items():
        paper = lay_out(name, contest, law, election, tabulation)
        if paper is not None:
            papers[name] = paper
    seats: dict[tuple[str, str], IntArray | None] = {}
    for tier in law.tier:
        for name, paper in papers.items():
            if paper.contest.id == tier.contest and tier.formula.method not in ("declared", "question"):
                seats[name, tier.id] = magnitudes(paper, tier, election, [], None)
    asked = {name: regions_of(p, law, election, tabulation) for name, p in papers.items() if p.contest.answers}
    regions = {name: found for name, found in asked.items() if found is not None}
    return Plan(law, election, tabulation, held, papers, seats, regions)


def _void(
    run: Run, name: str, tier: Tier, result: TierResult, seats: IntArray, void: NDArray[np.bool_], ties: Ties
) -> None:
    """Take the seats of a poll that too few attended; ask or declare it void as the law says."""
    rule = tier.turnout
    assert rule is not None
    result.seats = np.where(void[None], 0, result.seats)
    ties.broken |= void.any(axis=0)
    if not ties.asks:
        return
    paper = run.blocks[name].paper
    for place in np.flatnonzero(void[:, 0]):
        unit = WHOLE if rule.area == "whole" else paper.districts[place]
        ties.open_questions[:] = [
            q for q in ties.open_questions if (q.contest, q.tier) != (name, tier.id) or (unit and q.unit != unit)
        ]
        if rule.otherwise == "invalid":
            run.invalid.add(name)
            run.findings.append(Finding("invalid", name, unit, {"rule": f"{tier.id}.turnout"}, rule.cite))
            continue
        each = np.broadcast_to(seats, (len(paper.districts), ties.size))[:, 0]
        stake = int(each[place]) if unit else int(each.sum())
        among = paper.names(int(place))
        ties.open_questions.append(
            Undetermined(name, unit, rule.otherwise, among, stake, rule.cite, tier.id, "returns")
        )


def _vacant(run: Run, name: str, tier: Tier, result: TierResult, seats: IntArray, ties: Ties) -> None:
    """Note seats that nobody can take: fewer candidates than seats, or fewer with any vote."""
    if tier.seats.rest or tier.majority is not None or tier.formula.leftover == "transfer":
        return
    asked = [q for q in ties.open_questions if (q.contest, q.tier) == (name, tier.id)]
    for place, unit in enumerate(run.blocks[name].paper.districts):
        left = int(seats[place, 0]) - int(result.seats[:, place, 0].sum())
        if left > sum(q.seats for q in asked if q.unit == unit) and not any(q.unit == WHOLE != unit for q in asked):
            left -= sum(q.seats for q in asked if q.unit == unit)
            run.findings.append(Finding("seats-vacant", name, unit, {"seats": left}, tier.seats.cite or tier.cite))


def _won(run: Run, name: str) -> IntArray | None:
    """Return the seats of a contest over all its tiers, (options, districts, elections)."""
    won: IntArray | None = None
    for (contest, _), result in run.results.items():
        if contest == name:
            won = (
                result.seats
                if won is None
                else np.add(won, result.seats, dtype=object if won.dtype == object else np.int64)
            )
    return won


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


def _all_options(paper: Paper) -> Sequence[str]:
    if paper.local:
        return [option for names in paper.options for option in names]
    return [str(option) for option in paper.options]
