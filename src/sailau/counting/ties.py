"""Ties: the law's own order first, then a recorded decision (one election) or a seeded draw (a batch), else a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sailau.counting.papers import Paper
from sailau.counting.sheet import Sheet, of_whole
from sailau.election.model import Decision
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.schema import OpenTie, Provision, Tier, TieRule

Ranks = Callable[[TieRule], tuple[IntArray, BoolArray | None]]
"""Rule → (rank (options, districts, elections), smaller preferred; options whose fact is unknown, or None)."""

ANSWERED_BY = {"lot": "lot", "run-off": "returns", "repeat-vote": "returns"}
"""What the law says of a question → who answers it, where somebody does: a lot, or votes still to be returned."""


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A question that the count cannot answer: between whom, how many seats, by which article.

    Attributes:
        question: what kind of question it is, one of the words of the contract.
        answer: who may answer it: `lot`, `authority`, `returns` (a further round) or `none` (the law has no rule).
        choose: how many of them an answer names; 0 where it is one for each seat.
        beside: who is sure beside them, such as the leader of a second round for whose other place several are equal.
    """

    contest: str
    unit: str
    question: str
    among: tuple[str, ...]
    seats: int
    cite: str
    tier: str = ""
    answer: str = "none"
    choose: int = 0
    beside: tuple[str, ...] = ()

    @property
    def wanted(self) -> int:
        """How many of them an answer names."""
        return self.choose or self.seats


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question."""

    asked: Undetermined  # the question
    chosen: tuple[str, ...] | None = None  # who was chosen; None where it stays open
    decision: Decision | None = None  # what the case records about it; None where a lot was drawn or it stays open
    path: str = ""  # the provision it is about, such as `list.tie`; empty for the tier itself.


def still_open(answers: Iterable[Answer]) -> list[Undetermined]:
    """Return the questions that nobody has answered."""
    return [answer.asked for answer in answers if answer.chosen is None]


@dataclass(frozen=True)
class Equals:
    """Who may be equal, and what the law says then: compiled once for a tier."""

    tier: str  # whose seats they are
    paper: Paper  # whose options they are
    units: tuple[str, ...]  # ids of the districts in which they compete, or the whole alone
    kind: str  # the word of the contract where the law itself leaves the tie open (`remainder`, `quotient`, `district`)
    path: str  # provision in the book
    rule: Provision
    order: tuple[TieRule, ...] = ()  # criteria of the law, first to last
    otherwise: OpenTie = "no-rule"  # what the law says when options are still equal
    of_two: OpenTie | None = None  # the same where only two options stood

    @staticmethod
    def of(tier: Tier, paper: Paper, units: tuple[str, ...]) -> Equals:
        """Return what a tier says about equals."""
        kinds = {"plurality": "district", "majority": "district", "largest-remainder": "remainder"}
        kind = kinds.get(tier.formula.method, "quotient")
        if tier.tie is None:
            return Equals(tier.id, paper, units, kind, f"{tier.id}.formula", tier.formula)
        tie = tier.tie
        order = tuple(tie.order)
        return Equals(tier.id, paper, units, kind, f"{tier.id}.tie", tie, order, tie.otherwise, tie.of_two)

    def option(self, slot: int, place: int) -> str:
        """Return the id of the option in a slot of one of the units."""
        return self.paper.option(slot, place if self._districts else 0)

    @property
    def _districts(self) -> bool:
        return len(self.units) == len(self.paper.districts)

    def asked(self, tied: BoolArray, place: int, seats: int, *, unknown: bool) -> Undetermined:
        """Return the question between the tied options, (options,), of one unit.

        A tie that a fact missing in the case (`unknown`) would settle keeps the name of what is tied; one on which the law
        is silent after its own criteria is `no-rule`.
        """
        among = tuple(self.option(int(slot), place) for slot in np.flatnonzero(tied))
        stood = int(self.paper.stood[:, place].sum()) if self._districts else len(among)
        says = self.of_two if self.of_two is not None and stood <= 2 else self.otherwise
        kind = self.kind
        if says in ("repeat-vote", "repeat-election") or (says == "no-rule" and self.order and not unknown):
            kind = says
        who, cite = ANSWERED_BY.get(says, "none"), self.rule.cite
        return Undetermined(self.paper.name, self.units[place], kind, among, seats, cite, self.tier, who)


@dataclass(frozen=True)
class Stage:
    """One criterion of the law applied to equals: the allocation before and after it."""

    rule: TieRule
    before: Allocation
    after: Allocation


@dataclass(frozen=True)
class Settled:
    """An allocation with its open seats decided as far as anybody may decide them, and how that went."""

    allocation: Allocation
    equals: Equals
    stages: Sequence[Stage] = ()
    answers: Sequence[Answer] = ()


@dataclass
class Ties:
    """Settles ties in a batch of elections.

    Attributes:
        broken: (elections,) where a tie had to be broken.
    """

    size: int  # number of elections
    # what the case records; None where nobody is asked (a batch): without a seed, what is tied stays open
    decisions: Sequence[Decision] | None = None
    seed: int | None = None  # of the draws that break ties of a batch
    first: int = 0  # number of the first election
    # (elections,) the numbers of all of them, counted from `first` unless given
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.numbers.size:
            self.numbers = np.arange(self.first, self.first + self.size)
        self.broken = np.zeros(self.size, np.bool_)

    @property
    def asks(self) -> bool:
        """Whether questions are asked and recorded decisions taken: for a single election."""
        return self.decisions is not None

    # ------------------------------------------------------------------ seats of many elections

    def settle(self, allocation: Allocation, equals: Equals, ranks: Ranks) -> Settled:
        """Decide open seats: by the law's criteria, then a draw or a decision; what is left is asked or stays open.

        Args:
            allocation: arrays (options, districts, elections), fresh from the formula: a batch's are written to.
            equals: who may be equal and what the law says about it.
            ranks: values of the law's criteria.
        """
        if not allocation.open.any():
            return Settled(allocation, equals)
        some = np.flatnonzero((allocation.open > 0).any(axis=0))
        if len(some) == self.size or allocation.again is not None:
            return self._settle(allocation, equals, ranks)
        # The few elections in which a seat is open are settled apart from all others, in place.
        room = None if allocation.room is None else allocation.room[..., some]
        part = Allocation(
            allocation.seats[..., some], allocation.tied[..., some], allocation.open[..., some], room=room
        )
        few = Ties(len(some), self.decisions, self.seed, numbers=self.numbers[some], used=self.used)
        settled = few._settle(part, equals, _only(ranks, some))
        self.broken[some] |= few.broken
        allocation.seats[..., some] = settled.allocation.seats
        allocation.tied[..., some] = settled.allocation.tied
        allocation.open[..., some] = settled.allocation.open
        return replace(settled, allocation=allocation)

    def _settle(self, allocation: Allocation, equals: Equals, ranks: Ranks) -> Settled:
        tied = allocation.tied.any(axis=0) & (allocation.open > 0)
        if not tied.any():
            return Settled(allocation, equals)
        self.broken |= tied.any(axis=0)
        lacking: BoolArray = np.zeros(tied.shape, np.bool_)
        stages = []
        for rule in equals.order:
            rank, unknown = ranks(rule)
            # A criterion says nothing where the fact of one of the equals is missing.
            skip = np.zeros_like(lacking) if unknown is None else np.asarray((allocation.tied & unknown).any(axis=0))
            after = _settle_but(allocation, rank, skip)
            lacking = lacking | skip
            stages.append(Stage(rule, allocation, after))
            allocation = after
        still = allocation.tied.any(axis=0) & (allocation.open > 0)
        if self.seed is not None and still.any():
            allocation = settle(allocation, self.lots(allocation.seats.shape, f"{equals.tier} {equals.path}"))
            return Settled(allocation, equals, stages)
        answers = []
        for place in np.flatnonzero(still[:, 0]) if self.asks else ():
            seats, unknown_fact = int(allocation.open[place, 0]), bool(lacking[place, 0])
            asked = equals.asked(allocation.tied[:, place, 0], int(place), seats, unknown=unknown_fact)
            answers.append(answer := self.decide(asked))
            if answer.chosen is not None:
                allocation = _as_decided(allocation, equals, int(place), answer.chosen)
        return Settled(allocation, equals, stages, answers)

    def lots(self, shape: tuple[int, ...], question: str) -> IntArray:
        """Return a lot per option that depends on the seed, the election's number and the question alone."""
        options, districts, _ = shape
        place = np.arange(options * districts, dtype=np.uint64).reshape(options, districts, 1)
        return _lots(self._start(question), self.numbers.astype(np.uint64)[None, None, :], place)

    def lot(self, number: int, question: str) -> int:
        """Return the lot of one question in one election; see `lots`, of which it is the first."""
        return int(_lots(self._start(question), self.numbers[number : number + 1].astype(np.uint64))[0])

    def _start(self, question: str) -> np.uint64:
        assert self.seed is not None
        salt = crc32(question.encode())
        return np.uint64((self.seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) % 2**64)

    # ------------------------------------------------------------------ one question

    def resolve(self, asked: Undetermined, number: int = 0, path: str = "", of: str = "") -> Answer:
        """Answer a question between equals in one election.

        Three may answer: in a batch a draw, in a single election the decision that the case records, else nobody, and
        the question stays open.

        Args:
            asked: the question.
            number: of the election in its sheet.
            path: provision in the book.
            of: whose question it is, where several ask the same in one election: each is drawn by itself.

        Raises:
            BadInput: the decision is not one that the law allows.
        """
        self.broken[number] = True
        if self.seed is None:
            return self.decide(asked, path)
        key = " ".join((asked.tier, asked.contest, asked.unit, asked.question, *asked.among))
        lots = [self.lot(number, f"{key} {of} {place}") for place in range(len(asked.among))]
        drawn = sorted(range(len(lots)), key=lots.__getitem__)[: asked.wanted]
        return Answer(asked, tuple(asked.among[place] for place in sorted(drawn)), None, path)

    def decide(self, asked: Undetermined, path: str = "", *, ranked: bool = False) -> Answer:
        """Answer a question on which no lot is drawn: as the case records, else it stays open.

        Args:
            asked: the question.
            path: provision in the book.
            ranked: a decision puts all of them in an order, instead of choosing as many as there are seats.

        Raises:
            BadInput: the decision is not one that the law allows.
        """
        for number, made in enumerate(self.decisions or ()):
            same = (made.contest, made.unit, made.question) == (asked.contest, asked.unit, asked.question)
            if not same or set(made.among) != set(asked.among) or number in self.used:
                continue
            self.used.add(number)
            if made.kind == "lot" and asked.answer != "lot":
                raise BadInput([self._refused(number, "kind", "lot", f"authority: {asked.cite} knows no lot here")])
            wanted = len(asked.among) if ranked else asked.wanted
            if len(set(made.chosen)) != wanted:
                expected = f"{'all, in the order drawn,' if ranked else wanted} of {', '.join(asked.among)}"
                raise BadInput([self._refused(number, "chosen", f"{len(set(made.chosen))} chosen", expected)])
            return Answer(asked, made.chosen, made, path)
        return Answer(asked, None, None, path)

    def unused(self, asked: Sequence[Undetermined]) -> list[Fault]:
        """Return a fault for every recorded decision that answers nothing, naming what is open."""
        expected = "no decision: nothing is undetermined"
        if asked:
            first = asked[0]
            expected = f"a question that is open: {first.question} in {first.contest} among {', '.join(first.among)}"
        return [
            self._refused(n, "among", f"{d.question} among {', '.join(d.among)}", expected)
            for n, d in enumerate(self.decisions or ())
            if n not in self.used
        ]

    def _refused(self, number: int, key: str, found: str, expected: str) -> Fault:
        assert self.decisions is not None
        return Fault("case.toml", self.decisions[number].line, f"decision {number + 1}, {key}", found, expected)


def criteria(sheet: Sheet, votes: IntArray | None = None, further: Mapping[Any, IntArray] | None = None) -> Ranks:
    """Return the values of the law's tie criteria for a paper's options, each in its own district.

    Args:
        sheet: the figures.
        votes: (options, 1 or districts, elections) of those who may be equal, where not the sheet's own.
        further: criterion → what it compares, the larger preferred.
    """
    paper = sheet.paper
    votes = sheet.votes if votes is None else votes

    def ranks(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        if further is not None and rule in further:
            return narrow_ranks(-further[rule]), None
        if rule == "more-votes" or (rule == "more-votes-whole" and paper.local):
            return narrow_ranks(-votes), None
        if rule == "fewer-votes":
            return narrow_ranks(votes), None
        if rule == "more-votes-whole":
            return narrow_ranks(-of_whole(votes)), None
        # A tie of the whole is between lists, which are the same in every district.
        rank, unknown = paper.facts[rule]
        districts = votes.shape[1]
        return rank[:, :districts, None], unknown[:, :districts, None]

    return ranks


def narrow_ranks(values: IntArray) -> IntArray:
    """Return values as ranks: as they are, or numbered in order where they may not fit into 64 bits."""
    if values.dtype != object:
        return values
    return np.asarray(np.unique(values, return_inverse=True)[1]).reshape(values.shape)


def _only(ranks: Ranks, some: NDArray[np.intp]) -> Ranks:
    """Return the values of criteria for some elections alone."""

    def chosen(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        rank, unknown = ranks(rule)
        return rank[..., some] if rank.shape[-1] > 1 else rank, unknown

    return chosen


def _as_decided(allocation: Allocation, equals: Equals, place: int, chosen: Sequence[str]) -> Allocation:
    """Seat those whom a decision names in one unit."""
    rank = np.zeros(allocation.seats.shape, np.int64)
    for slot in np.flatnonzero(allocation.tied[:, place, 0]):
        rank[slot, place, 0] = 0 if equals.option(int(slot), place) in chosen else 1
    elsewhere = np.ones(allocation.open.shape, np.bool_)
    elsewhere[place] = False
    return _settle_but(allocation, rank, elsewhere)


def _settle_but(allocation: Allocation, rank: IntArray, skip: BoolArray) -> Allocation:
    """Settle by a criterion, except in the districts and elections to skip."""
    if not skip.any():
        return settle(allocation, rank)
    kept = replace(allocation, tied=allocation.tied & ~skip)
    settled = settle(kept, np.broadcast_to(rank, allocation.seats.shape))
    return replace(
        settled,
        seats=np.where(skip, allocation.seats, settled.seats),
        tied=np.where(skip, allocation.tied, settled.tied),
        open=np.where(skip, allocation.open, settled.open),
    )


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
