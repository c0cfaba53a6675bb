"""Counting millions of drawn elections under one law or several, the same draws for all, in memory that does not grow.

A simulation is a list of blocks. A block is drawn from the seed and its number, counted under every law, reduced to a
`Tally` of whole numbers and forgotten; tallies add up in any order. What-ifs, sweeps and other laws see the same votes
(common random numbers: P. Glasserman and D. Yao, Some guidelines and guarantees for common random numbers, Management
Science 38 (1992)), so that their differences are those of the laws and not of the luck of the draw.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import tee
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting import Plan
from sailau.counting.batch import impossible
from sailau.counting.compiled import Run
from sailau.counting.sheet import Sheet
from sailau.counting.ties import Ties
from sailau.election import Election, open_case
from sailau.formulas.arrays import IntArray
from sailau.naming import Names
from sailau.rulebook import BadInput, Fault, Law
from sailau.rulebook.limits import DRAWS, THREADS
from sailau.simulation.machine import hold_memory, processors, side_by_side
from sailau.simulation.models import Model, model_of
from sailau.simulation.sampler import Drawn, Sampler, lay, with_newcomers
from sailau.simulation.tally import Shares, Tally, classes_of, draw_curve, measure
from sailau.simulation.variants import Explained, Variant, variants_of
from sailau.writing import whole_file

if TYPE_CHECKING:
    from sailau.simulation.report import Report

_CELLS = 2**20
"""Numbers drawn in one block, about: rows long enough that two threads rarely wait for the interpreter, measured."""
_FEWEST, _MOST = 512, 2**15
"""Elections of a block."""
_MOST_CELLS = 2**21
"""Numbers drawn in one block, at most: a block of fewer elections is slower, a larger one takes hundreds of megabytes."""
_DETAILED = (8, 2**17)
"""Blocks, and elections, at most, whose differences are split among provisions."""
_CURVED = (4, 2**15)
"""Blocks, and elections, at most, of which the votes-seats curve is kept."""
_WORTH_IT = 0.15
"""Seconds of work from which several processors are set to it."""
_TASK, _TASKS_EACH = 8, 4
"""Blocks of a task at most, and tasks for each processor at least: few results to send, and nobody waits long at the end."""

Progress = Callable[[int, float], None]
"""Called with elections done and elections a second."""


@dataclass(frozen=True)
class Job:
    """A simulation as data: what any machine needs to draw and count any of its blocks.

    Attributes:
        election: the case, new parties included.
        variants: the laws, the case's own first.
        explained: differences that are split among provisions.
        model: what is uncertain.
        draws: elections in all.
        seed: of everything that is drawn.
        coalitions: parties whose seats are added up.
        description: what a file of draws says about itself, for whoever has not the case; see `sailau.simulation.draws`.
    """

    election: Election
    variants: tuple[Variant, ...]
    explained: tuple[Explained, ...]
    model: Model
    draws: int
    seed: int
    coalitions: tuple[tuple[str, ...], ...] = ()
    description: tuple[tuple[str, str], ...] = ()

    @cached_property
    def sampler(self) -> Sampler:
        """What draws the elections."""
        whole = [v.plan for v in self.variants if v.ballots is None]
        return Sampler(whole, self.model, [v.plan for v in self.variants if v.ballots is not None])

    @property
    def plan(self) -> Plan:
        """The case's own law, compiled."""
        return self.variants[0].plan

    @cached_property
    def block_size(self) -> int:
        """Elections of a block: it depends on the case alone, so that the same seed gives the same draws everywhere."""
        cells = sum((len(p.votes) + len(p.lines)) * len(p.districts) for p in self.plan.papers.values())
        fewest = max(1, min(_FEWEST, _MOST_CELLS // max(cells, 1)))
        return max(fewest, min(_MOST, _CELLS // max(cells, 1)))

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.draws // self.block_size)

    def size_of(self, number: int) -> int:
        """Elections in a block; the last one may be shorter."""
        return min(self.block_size, self.draws - number * self.block_size)

    @cached_property
    def detailed(self) -> range:
        """Numbers of the blocks whose differences are split among provisions."""
        return self._first_blocks(*_DETAILED)

    @cached_property
    def curved(self) -> range:
        """Numbers of the blocks of which the votes-seats curve is kept."""
        return self._first_blocks(*_CURVED)

    def _first_blocks(self, most: int, draws: int) -> range:
        return range(min(self.blocks, most, max(draws // self.block_size, 1)))

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Columns of every tally: the parties of the case's own law, then those of others."""
        return tuple(dict.fromkeys(p for v in self.variants for p in v.plan.parties))

    @cached_property
    def paper(self) -> str:
        """The ballot paper on which shares of the vote are measured: the list vote, else the first."""
        return self.sampler.first.paper.name

    # ------------------------------------------------------------------ one block

    def count(self, number: int, *, rows: bool = False) -> Counted:
        """Draw and count one block.

        Args:
            number: of the block.
            rows: keep votes and seats of every election, for a file of draws.
        """
        hold_memory()
        size = self.size_of(number)
        drawn = self.sampler.block(self.seed, number, size)
        votes = self._party_votes(drawn, size)
        shares = Shares.of(votes)
        classes = classes_of(votes) if number in self.curved else None
        first = number * self.block_size
        own: _Run | None = None
        tallies: list[Tally] = []
        kept: list[tuple[NDArray[Any], NDArray[np.bool_]]] = []
        for variant in self.variants:
            if not variant.shown and number not in self.detailed:
                tallies.append(Tally())
                continue
            done = self._count(variant, drawn, size, first, own)
            own = done if own is None else own
            totals = done.totals
            if not variant.shown:
                tallies.append(Tally(elections=size, first=tuple(int(n) for n in totals.sum(axis=1))))
                continue
            tally = measure(totals, shares, done.tied, self._members)
            if number in self.detailed:
                tally.first = tuple(int(n) for n in totals.sum(axis=1))
            if classes is not None:
                draw_curve(tally, classes, self._on_paper(variant, done, size))
            tally.adopted = done.adopted
            tallies.append(tally)
            if rows:
                kept.append((totals, done.tied))
        return Counted(number, tallies, drawn if rows else {}, kept)

    def _count(self, variant: Variant, drawn: Mapping[str, Drawn], size: int, first: int, own: _Run | None) -> _Run:
        ties = Ties(size, seed=self.seed, first=first)
        plan = variant.plan
        if variant.ballots is None:
            run = plan.run(lay(drawn, plan, size), ties)
            self._see_that_it_can_be(variant, run, ties.broken, first)
            return _Run(run, self._in_columns(plan.parties, plan.totals(run, size)), ties.broken, _adopted(run))
        # Another law's list tier: everything but the list vote is kept from the case's own law.
        assert own is not None
        (contest,) = plan.papers
        blocks = lay({contest: placed(drawn[contest], variant.ballots)}, plan, size)
        run = plan.run(blocks, ties)
        self._see_that_it_can_be(variant, run, ties.broken, first)
        totals = self._without(own, contest, size).copy()
        rows = [self._column[party] for party in plan.parties]
        if plan.declared.any():
            totals[rows] += plan.declared[:, None]
        plan.add_seats(totals, run, rows)
        return _Run(run, totals, ties.broken, own.adopted)

    def _see_that_it_can_be(self, variant: Variant, run: Run, tied: NDArray[np.bool_], first: int) -> None:
        """See to it that no seat of a block was filled twice, or left open though nothing is: better no report than a wrong one.

        Raises:
            BadInput: the count is wrong.
        """
        seats, votes = {}, {}
        for name, paper in variant.plan.papers.items():
            won, (each, total) = run.won(name), variant.plan.to_fill(name)
            if won is None or _is_full(won, each if paper.local else None, total):
                continue
            seats[name] = (won if paper.local else won.sum(axis=1, dtype=np.int64)).T
            votes[name] = np.asarray(run.sheets[name].votes).T
        number = int(impossible(variant.plan, seats, votes, tied).sum()) if seats else 0
        if number:
            found = f"{number:,} elections from draw {first:,} on whose seats cannot be"
            expected = f"every seat filled once: please report it, with seed {self.seed}"
            raise BadInput([Fault(self.election.name, 0, variant.name, found, expected)])

    def _without(self, own: _Run, contest: str, size: int) -> NDArray[Any]:
        """Return the seats of all other papers under the case's own law, in the columns of the job; not to be written to."""
        if contest not in own.rest:
            own.rest[contest] = self._in_columns(self.plan.parties, self.plan.totals(own.run.without(contest), size))
        return own.rest[contest]

    def _on_paper(self, variant: Variant, done: _Run, size: int) -> NDArray[Any]:
        """Return seats won on the paper that shares are measured on, in the columns of the job."""
        plan = variant.plan
        won = plan.totals(done.run, size) - plan.totals(done.run.without(self.paper), size)
        return self._in_columns(plan.parties, won)

    def _in_columns(self, theirs: tuple[str, ...], totals: NDArray[Any]) -> NDArray[Any]:
        """Return totals in the columns of the job."""
        if theirs == self.parties:
            return totals
        found = np.zeros((len(self.parties), totals.shape[1]), totals.dtype)
        for party, seats in zip(theirs, totals, strict=True):
            found[self._column[party]] = seats
        return found

    @cached_property
    def _column(self) -> dict[str, int]:
        return {party: row for row, party in enumerate(self.parties)}

    def _party_votes(self, drawn: Mapping[str, Drawn], size: int) -> NDArray[np.int64]:
        """Return votes for the parties on the paper that shares are measured on, (parties, elections)."""
        paper, sheet = self.plan.papers[self.paper], drawn[self.paper]
        by_option = sheet.votes[:, 0] if sheet.votes.shape[1] == 1 else sheet.votes.sum(axis=1, dtype=np.int64)
        found = np.zeros((len(self.parties), size), by_option.dtype)
        if not paper.local:
            columns = list(self.plan.columns(self.paper))
            if len(set(columns)) == len(columns):
                found[columns] = by_option
            else:
                np.add.at(found, columns, by_option)
            return found
        for place, names in enumerate(paper.options):
            for slot, option in enumerate(names):
                found[self._column[self.plan.party(option)]] += sheet.votes[slot, place]
        return found

    @cached_property
    def _members(self) -> list[list[int]]:
        return [[self.parties.index(party) for party in together] for together in self.coalitions]


@dataclass(frozen=True)
class _Run:
    run: Run
    totals: NDArray[Any]
    tied: NDArray[np.bool_]
    adopted: dict[str, int]
    rest: dict[str, NDArray[Any]] = field(default_factory=dict)


@dataclass
class Counted:
    """One block, counted.

    Attributes:
        number: of the block.
        tallies: one for each variant.
        drawn: the votes, where they are kept.
        rows: (parties, elections) seats and (elections,) ties of each variant shown, where they are kept.
    """

    number: int
    tallies: list[Tally]
    drawn: Mapping[str, Drawn]
    rows: list[tuple[NDArray[Any], NDArray[np.bool_]]]


def _is_full(won: IntArray, each: IntArray | None, total: int) -> bool:
    """Whether every seat of (options, districts, elections) is filled, no more than one by a person."""
    if each is None:
        return bool((won >= 0).all() and (won.sum(axis=(0, 1), dtype=np.int64) == total).all())
    most = 1 if int(each.max(initial=0)) <= 1 else total
    return bool(((won >= 0) & (won <= most)).all() and (won.sum(axis=0, dtype=np.int64) == each[:, None]).all())


def _adopted(run: Run) -> dict[str, int]:
    questions = {name: run.question(name) for name in run.sheets}
    return {name: int(np.count_nonzero(q.adopted(0))) for name, q in questions.items() if q is not None}


def placed(sheet: Drawn, ballots: tuple[str, str]) -> Drawn:
    """Put drawn ballots against all and blank ones where another law counts them: its row, its blank ballots, or invalid."""
    found = [dict(sheet.lines), dict(sheet.whole)]
    against, blank = ballots
    for lines in found:
        if against == "blank" and "@against_all" in lines:
            more = lines.pop("@against_all")
            lines["@blank"] = lines["@blank"] + more if "@blank" in lines else more
        for line, place in (("@against_all", against), ("@blank", blank)):
            if place in ("out", "spoilt") and line in lines:
                more = lines.pop(line)
                if "@invalid" in lines:
                    lines["@invalid"] = lines["@invalid"] + more
                elif place == "spoilt":
                    lines["@not_counted"] = lines["@not_counted"] + more if "@not_counted" in lines else more
    return Drawn(sheet.votes, found[0], found[1])


# ---------------------------------------------------------------------- the whole


def simulate(
    case: Election | str | Path,
    *,
    draws: int = 100_000,
    seed: int = 1,
    model: Model | Mapping[str, Any] | str | Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    polls: str | Path | None = None,
    sets: Sequence[str] | Mapping[str, str | int] = (),
    vary: str | Sequence[str] | None = None,
    under: Sequence[str | Law] = (),
    coalitions: Sequence[Sequence[str]] = (),
    cluster: str | None = None,
    parquet: str | Path | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Report:
    """Count many elections that could have been, under the case's own law and any others, on the same draws.

    Args:
        case: a case with votes: its name, its path or an election.
        draws: how many elections.
        seed: of everything that is drawn; the same seed gives the same report on any number of threads or machines.
        model: what is uncertain: a model, its name (`swing`, `polls`), a table or a TOML file; see `sailau.simulation.models`.
        parameters: of the model named, `{"national": 0.2}`.
        polls: a poll file for the model `polls`.
        sets: provisions changed for a what-if, `["list.threshold.share=7%"]`, compared with the law as it stands.
        vary: a provision varied, `"list.threshold.share=0%..10%:0.5%"`, or several such sweeps.
        under: other laws whose list tier is applied, `["xx/chamber", "xx/chamber@2021-01-10"]`.
        coalitions: parties whose seats are added up, `[["a", "b"]]`.
        cluster: address of a Dask scheduler that does the work; None for this machine.
        parquet: file in which every drawn election is kept; on a cluster a new folder of such files. It is there when all
            of it is.
        progress: called after each block with the elections done and how many are done in a second.
        threads: blocks counted side by side on this machine; when None as many as it has processors, if it takes a while.

    Returns:
        The report: distributions, probabilities, differences and their causes.

    Raises:
        BadInput: the case, the laws, the model or the coalitions make no sense together.
        OSError: the file of draws cannot be written.
    """
    if threads is not None and not 1 <= threads <= THREADS.most:
        expected = f"a number from 1 to {THREADS.most} (limit {THREADS.name})"
        raise BadInput([Fault("--threads", 0, "", str(threads), expected)])
    chosen = model_of(model, parameters, polls)
    job = prepare(case, draws=draws, seed=seed, model=chosen, sets=sets, vary=vary, under=under, coalitions=coalitions)
    begin = perf_counter()
    if cluster is not None:
        from sailau.simulation.cluster import run_on_cluster

        tallies = run_on_cluster(job, cluster, parquet=parquet, progress=progress)
    else:
        tallies = run_here(job, threads=threads, parquet=parquet, progress=progress)
    from sailau.simulation.report import Report

    return Report(job, tallies, seconds=perf_counter() - begin)


def prepare(
    case: Election | str | Path,
    *,
    draws: int,
    seed: int = 1,
    model: Model | Mapping[str, Any] | str | Path | None = None,
    sets: Sequence[str] | Mapping[str, str | int] = (),
    vary: str | Sequence[str] | None = None,
    under: Sequence[str | Law] = (),
    coalitions: Sequence[Sequence[str]] = (),
) -> Job:
    """Compile everything that a simulation needs; see `simulate`."""
    if not 1 <= draws <= DRAWS.most:
        expected = f"a number of elections from 1 to {DRAWS.most:,} (limit {DRAWS.name})"
        raise BadInput([Fault("--draws", 0, "", str(draws), expected)])
    if not 0 <= seed < 2**63:
        raise BadInput([Fault("--seed", 0, "", str(seed), "a whole number from 0 to 2^63 − 1")])
    chosen = model_of(model)
    election = case if isinstance(case, Election) else open_case(case)
    election = with_newcomers(election, chosen)
    sweeps = [vary] if isinstance(vary, str) else list(vary or ())
    variants, explained = variants_of(election, sets, sweeps, under)
    job = Job(election, tuple(variants), tuple(explained), chosen, draws, seed)
    job = replace(job, coalitions=_together(job.parties, election, coalitions))
    _ = job.sampler
    return job


def _together(
    parties: Sequence[str], election: Election, coalitions: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """Return the ids of parties that are added up; they are found by any of their names."""
    names = Names({party: election.names_of(party) for party in parties})
    faults = [
        Fault("--coalition", 0, "", f"“{party}”", names.expected(party, "a party of the case"))
        for members in coalitions
        for party in members
        if names.find(party) is None
    ]
    if faults:
        raise BadInput(faults)
    found = ((names.find(party) or party for party in members) for members in coalitions)
    return tuple(dict.fromkeys(tuple(dict.fromkeys(members)) for members in found))


def run_here(
    job: Job, *, threads: int | None = None, parquet: str | Path | None = None, progress: Progress | None = None
) -> list[Tally]:
    """Count all blocks on this machine; returns one tally for each variant."""
    tallies = [Tally() for _ in job.variants]
    begin, done = perf_counter(), 0
    work = kept(job, range(job.blocks), Path(parquet)) if parquet is not None else _counted(job, threads)
    with closing(work):
        for numbers, more in work:
            tallies = together(tallies, more)
            done += sum(map(job.size_of, numbers))
            if progress is not None:
                progress(done, done / max(perf_counter() - begin, 1e-9))
    return tallies


def _counted(job: Job, threads: int | None) -> Generator[tuple[range, list[Tally]], None, None]:
    """Yield numbers of blocks and their tallies; several at a time where that was asked for, or where it takes a while."""
    begin = perf_counter()
    yield range(1), tallies_of(job, range(1))
    if threads is None:
        rest = (perf_counter() - begin) * (job.blocks - 1)
        threads = processors() if rest > _WORTH_IT else 1
    size = max(1, min(_TASK, (job.blocks - 1) // (_TASKS_EACH * threads)))
    tasks, again = tee(range(first, min(first + size, job.blocks)) for first in range(1, job.blocks, size))
    with closing(side_by_side(partial(tallies_of, job), tasks, threads)) as tallies:
        yield from zip(again, tallies, strict=True)


def kept(job: Job, numbers: Sequence[int], path: Path) -> Generator[tuple[range, list[Tally]], None, None]:
    """Yield numbers of blocks and their tallies, and write their draws to a file."""
    from sailau.simulation.draws import DrawsFile

    with whole_file(path) as beside, DrawsFile(job, beside) as file:
        for number in numbers:
            counted = job.count(number, rows=True)
            file.write(counted)
            yield range(number, number + 1), counted.tallies


def tallies_of(job: Job, numbers: Sequence[int]) -> list[Tally]:
    """Count some blocks one after the other and add them up: one task of a process or a cluster."""
    tallies = [Tally() for _ in job.variants]
    for number in numbers:
        tallies = together(tallies, job.count(number).tallies)
    return tallies


def together(tallies: Sequence[Tally], more: Sequence[Tally]) -> list[Tally]:
    """Add up tallies variant by variant."""
    return [mine + other for mine, other in zip(tallies, more, strict=True)]


def outcome_sheets(job: Job, number: int, variant: int = 0) -> dict[str, Sheet]:
    """Return one block as drawn, laid out for a variant that counts the whole law, to look at single elections."""
    drawn = job.sampler.block(job.seed, number, job.size_of(number))
    return lay(drawn, job.variants[variant].plan, job.size_of(number))


def again(job: Job, **changes: Any) -> Job:
    """Return a job with other draws, seed or coalitions."""
    return replace(job, **changes)
