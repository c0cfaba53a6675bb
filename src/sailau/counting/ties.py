"""Ties: the law's own order first, then a recorded decision (one election) or a seeded draw (a batch), else a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sailau.counting.papers import Paper
from sailau.counting.steps import Trace, Undetermined
from sailau.election.model import Decision
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.schema import OpenTie, Provision, Tier, TieRule

Ranks = Callable[[TieRule], tuple[IntArray, BoolArray | None]]
"""Rule → (rank (options, districts, elections), smaller preferred; options whose fact is unknown, or None)."""

_ANSWER = {"lot": "lot", "no-rule": "none", "repeat-vote": "returns", "repeat-election": "none", "run-off": "returns"}


@dataclass(frozen=True)
class Question:
    """What a tie is about.

    Attributes:
        kind: the word of the contract where the law itself leaves the tie open (`remainder`, `quotient`, `district`).
        order: criteria of the law, first to last.
        otherwise: what the law says when options are still equal.
        of_two: the same where only two options stood.
        path: provision in the book.
        rule: the provision.
        code: code of the step that tells how the tie was decided.
    """

    kind: str
    order: Sequence[TieRule]
    otherwise: OpenTie
    path: str
    rule: Provision | None
    of_two: OpenTie | None = None


class Ties:
    """Settles ties and keeps what stays open.

    Attributes:
        seed: of the draws that break ties of a batch.
        asks: questions are asked and recorded decisions taken (a single election); without a seed and without
            questions, what is tied stays open.
        numbers: (elections,) the numbers of all of them, counted from `first` unless given.
        broken: (elections,) where a tie had to be broken.
        open_questions: what nobody has answered.
    """

    def __init__(
        self,
        size: int,
        decisions: Sequence[Decision] | None = None,
        *,
        seed: int | None = None,
        first: int = 0,
        numbers: NDArray[np.int64] | None = None,
    ) -> None:
        self.size = size
        self.numbers = np.arange(first, first + size) if numbers is None else numbers
        self.asks = decisions is not None
        self.decisions = decisions or ()
        self.used: set[int] = set()
        self.seed = seed
        self.broken = np.zeros(size, np.bool_)
        self.open_questions: list[Undetermined] = []

    def settle(
        self,
        allocation: Allocation,
        tier: Tier,
        paper: Paper,
        units: Sequence[str],
        question: Question,
        ranks: Ranks,
        trace: Trace | None,
    ) -> Allocation:
        """Return the allocation with its open seats decided as far as anybody may decide them.

        Args:
            allocation: arrays (options, districts, elections), fresh from the formula: a block's are written to.
            tier: whose seats they are.
            paper: whose options they are.
            units: ids of the districts axis.
            question: what the law says about this tie.
            ranks: values of the law's criteria.
            trace: where steps go.
        """
        if not allocation.open.any():
            return allocation
        some = np.flatnonzero((allocation.open > 0).any(axis=0))
        if not self.asks and trace is None and allocation.again is None and len(some) < self.size:
            return self._settle_some(allocation, some, tier, paper, units, question, ranks)
        tied = allocation.tied.any(axis=0) & (allocation.open > 0)
        if not tied.any():
            return allocation
        self.broken |= tied.any(axis=0)
        unknown_fact = np.zeros(tied.shape, np.bool_)
        for rule in question.order:
            rank, unknown = ranks(rule)
            before = allocation
            allocation = _settle_known(allocation, rank, unknown, unknown_fact)
            if trace is not None:
                _tell(trace, before, allocation, tier, paper, units, question, rule)
        still = allocation.tied.any(axis=0) & (allocation.open > 0)
        if not still.any():
            return allocation
        if self.seed is not None:
            return settle(allocation, self.lots(allocation.seats.shape, f"{tier.id} {question.path}"))
        if not self.asks:
            return allocation
        for district in np.flatnonzero(still[:, 0]):
            allocation = self._ask(allocation, int(district), tier, paper, units, question, unknown_fact, trace)
        return allocation

    def _settle_some(
        self,
        allocation: Allocation,
        some: NDArray[np.intp],
        tier: Tier,
        paper: Paper,
        units: Sequence[str],
        question: Question,
        ranks: Ranks,
    ) -> Allocation:
        """Settle the few elections of a block in which a seat is open, apart from all others, in place."""
        room = None if allocation.room is None else allocation.room[..., some]
        part = Allocation(
            allocation.seats[..., some], allocation.tied[..., some], allocation.open[..., some], room=room
        )
        few = Ties(len(some), seed=self.seed, numbers=self.numbers[some])
        settled = few.settle(part, tier, paper, units, question, _only(ranks, some), None)
        self.broken[some] |= few.broken
        allocation.seats[..., some] = settled.seats
        allocation.tied[..., some] = settled.tied
        allocation.open[..., some] = settled.open
        return allocation

    def lots(self, shape: tuple[int, ...], question: str) -> IntArray:
        """Return a lot per option that depends on the seed, the election's number and the question alone."""
        options, districts, _ = shape
        place = np.arange(options * districts, dtype=np.uint64).reshape(options, districts, 1)
        return _lots(self._start(question), self.numbers.astype(np.uint64)[None, None, :], place)

    def _start(self, question: str) -> np.uint64:
        assert self.seed is not None
        salt = crc32(question.encode())
        return np.uint64((self.seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) % 2**64)

    def _ask(
        self,
        allocation: Allocation,
        district: int,
        tier: Tier,
        paper: Paper,
        units: Sequence[str],
        question: Question,
        unknown_fact: BoolArray,
        trace: Trace | None,
    ) -> Allocation:
        """Look for a recorded decision; leave a question where there is none."""
        slots = np.flatnonzero(allocation.tied[:, district, 0])
        among = tuple(_option(paper, int(slot), district, len(units)) for slot in slots)
        seats = int(allocation.open[district, 0])
        stood = int(paper.stood[:, district].sum()) if len(units) == len(paper.districts) else len(among)
        law_says = question.of_two if question.of_two is not None and stood <= 2 else question.otherwise
        kind = _kind(question.kind, law_says, bool(question.order), bool(unknown_fact[district, 0]))
        asked = Undetermined(
            paper.name, units[district], kind, among, seats, _cite(question), tier.id, _ANSWER[law_says]
        )
        chosen = self.decision(asked, trace)
        if chosen is None:
            self.open_questions.append(asked)
            return allocation
        rank = np.ones(allocation.seats.shape, np.int64)
        for slot, name in zip(slots, among, strict=True):
            rank[slot, district, 0] = 0 if name in chosen else 1
        others = np.arange(len(units)) != district
        rank[:, others] = 0
        return _settle_known(allocation, rank, None, np.zeros_like(unknown_fact), only=district)

    def resolve(
        self, asked: Undetermined, number: int = 0, trace: Trace | None = None, path: str = "", of: str = ""
    ) -> tuple[str, ...] | None:
        """Return who is chosen between equals in one election, None where it stays open.

        Three may answer: in a batch a draw, in a single election the decision that the case records, else nobody, and
        the question stays open.

        Args:
            asked: the question.
            number: of the election in its block.
            trace: where the step of a recorded decision goes.
            path: provision in the book.
            of: whose question it is, where several ask the same in one election: each is drawn by itself.

        Raises:
            BadInput: the decision is not one that the law allows.
        """
        self.broken[number] = True
        if self.seed is not None:
            lots = [self.lot(number, f"{_key(asked)} {of} {place}") for place in range(len(asked.among))]
            drawn = sorted(range(len(lots)), key=lots.__getitem__)[: asked.seats]
            return tuple(asked.among[place] for place in sorted(drawn))
        if not self.asks:
            return None
        chosen = self.decision(asked, trace, path)
        if chosen is None:
            self.open_questions.append(asked)
        return chosen

    def lot(self, number: int, question: str) -> int:
        """Return the lot of one question in one election; see `lots`, of which it is the first."""
        return int(_lots(self._start(question), self.numbers[number : number + 1].astype(np.uint64))[0])

    def waiting(self, contest: str) -> bool:
        """Whether a question is open in a contest, so that what builds on its seats cannot be computed yet."""
        return any(asked.contest == contest for asked in self.open_questions)

    def decision(self, asked: Undetermined, trace: Trace | None = None, path: str = "") -> tuple[str, ...] | None:
        """Return what was decided on a question, None where nothing was recorded.

        Raises:
            BadInput: the decision is not one that the law allows.
        """
        for number, made in enumerate(self.decisions):
            same = (made.contest, made.unit, made.question) == (asked.contest, asked.unit, asked.question)
            if not same or set(made.among) != set(asked.among) or number in self.used:
                continue
            self.used.add(number)
            if made.kind == "lot" and asked.answer != "lot":
                raise BadInput([self._refused(number, "kind", "lot", f"authority: {asked.cite} knows no lot here")])
            if len(set(made.chosen)) != asked.seats:
                found = f"{len(set(made.chosen))} chosen"
                expected = f"{asked.seats} of {', '.join(asked.among)}"
                raise BadInput([self._refused(number, "chosen", found, expected)])
            if trace is not None:
                values = {"chosen": made.chosen, "among": made.among, "kind": made.kind, "date": str(made.date or "")}
                values["source"] = made.source
                trace.add("decision", asked.tier, asked.contest, asked.unit, path, None, values, cite=asked.cite)
            return made.chosen
        return None

    def unused(self) -> list[Fault]:
        """Return a fault for every recorded decision that answers nothing."""
        return [
            self._refused(n, "among", f"{d.question} among {', '.join(d.among)}", _what_is_open(self.open_questions))
            for n, d in enumerate(self.decisions)
            if n not in self.used
        ]

    def _refused(self, number: int, key: str, found: str, expected: str) -> Fault:
        return Fault("case.toml", self.decisions[number].line, f"decision {number + 1}, {key}", found, expected)


def _only(ranks: Ranks, some: NDArray[np.intp]) -> Ranks:
    """Return the values of criteria for some elections alone."""

    def chosen(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        rank, unknown = ranks(rule)
        return rank[..., some] if rank.shape[-1] > 1 else rank, unknown

    return chosen


def _what_is_open(questions: Sequence[Undetermined]) -> str:
    if not questions:
        return "no decision: nothing is undetermined"
    first = questions[0]
    return f"a question that is open: {first.question} in {first.contest} among {', '.join(first.among)}"


def _cite(question: Question) -> str:
    return question.rule.cite if question.rule is not None else ""


def _kind(kind: str, law_says: OpenTie, has_order: bool, unknown_fact: bool) -> str:
    """Return the word of the contract for a tie.

    A tie that a fact missing in the case would settle keeps the name of what is tied; one on which the law is silent
    after its own criteria is `no-rule`.
    """
    if law_says in ("repeat-vote", "repeat-election"):
        return law_says
    return "no-rule" if law_says == "no-rule" and has_order and not unknown_fact else kind


def _option(paper: Paper, slot: int, district: int, districts: int) -> str:
    return paper.option(slot, district) if districts == len(paper.districts) else paper.option(slot, 0)


def _settle_known(
    allocation: Allocation, rank: IntArray, unknown: BoolArray | None, noted: BoolArray, only: int | None = None
) -> Allocation:
    """Settle by a criterion, except among options of which one lacks the fact; note where that was so."""
    skip: BoolArray = np.zeros(allocation.open.shape, np.bool_)
    if unknown is not None:
        skip = np.asarray((allocation.tied & unknown).any(axis=0))
        noted |= skip
    if only is not None:
        skip = np.ones_like(skip)
        skip[only] = False
    if not skip.any():
        return settle(allocation, rank)
    held = replace(allocation, tied=allocation.tied & ~skip)
    settled = settle(held, np.broadcast_to(rank, allocation.seats.shape))
    return replace(
        settled,
        seats=np.where(skip, allocation.seats, settled.seats),
        tied=np.where(skip, allocation.tied, settled.tied),
        open=np.where(skip, allocation.open, settled.open),
    )


def _tell(
    trace: Trace,
    before: Allocation,
    after: Allocation,
    tier: Tier,
    paper: Paper,
    units: Sequence[str],
    question: Question,
    rule: TieRule,
) -> None:
    decided = (before.open != after.open)[:, 0]
    for district in np.flatnonzero(decided):
        slots = np.flatnonzero(before.tied[:, district, 0])
        among = tuple(_option(paper, int(s), int(district), len(units)) for s in slots)
        gained = tuple(
            name for name, s in zip(among, slots, strict=True) if (after.seats - before.seats)[s, district, 0] > 0
        )
        values = {"rule": rule, "among": among, "chosen": gained}
        trace.add("tie", tier.id, paper.name, units[int(district)], question.path, question.rule, values)


def _key(asked: Undetermined) -> str:
    return " ".join((asked.tier, asked.contest, asked.unit, asked.question, *asked.among))


def _lots(start: np.uint64, number: NDArray[np.uint64], place: NDArray[np.uint64] | None = None) -> IntArray:
    """Return the lottery's numbers: of the seed and question (start), the election and the place among the options."""
    mixed = _mix(number + start)
    if place is not None:
        mixed = mixed + place * np.uint64(0xA0761D6478BD642F)
    return (_mix(mixed) >> np.uint64(2)).astype(np.int64)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finish of SplitMix64 (Steele, Lea & Flood 2014): a good hash of 64-bit counters."""
    z = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
