"""Tiers that build on an earlier one: levelling seats, and the second scrutiny of remainders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from sailau.counting.lists import ListWorkings
from sailau.counting.proportional import Share
from sailau.counting.sheet import Sheet
from sailau.counting.tiers import CompiledTier, Sitting, Workings
from sailau.counting.ties import Answer, Settled, Ties, Undetermined, criteria, still_open
from sailau.election.model import WHOLE
from sailau.formulas.allocation import Allocation, QuotaWorkings
from sailau.formulas.arrays import BoolArray, FloatArray, IntArray
from sailau.formulas.majority import most_votes
from sailau.rulebook.schema import Levelling

_NOBODY = -1.0
"""In place of a quotient where no seat can be placed."""
_ALIKE = 1e-12
"""Floats this close, as parts of themselves, may stand for quotients in another order or for equal ones."""

# ---------------------------------------------------------------------- levelling seats


@dataclass
class Round:
    """One computation of the shares of the whole."""

    share: Share  # what the formula was given: votes of the whole and the pool of seats
    dealt: Allocation  # the allocation before its ties were settled
    settled: Settled | None  # and after; None where lists that hold too many left before that
    over: BoolArray  # (options, 1, elections) lists that hold more than their share


@dataclass
class Places:
    """In which district each seat lies."""

    seats: IntArray  # (options, districts, elections)
    # slot and district of each seat of the first election as it was placed, and questions answered
    order: list[tuple[int, int] | Answer] = field(default_factory=list)
    alone: int = 0  # elections placed by exact quotients, one by one

    @property
    def answers(self) -> list[Answer]:
        """Questions of the first election."""
        return [event for event in self.order if isinstance(event, Answer)]


@dataclass(kw_only=True)
class LevellingWorkings(Workings):
    """How levelling seats were dealt and placed."""

    held: IntArray  # (options, districts, elections) seats of the earlier tier
    rounds: list[Round]  # the computations of the shares, until nobody holds more than its own
    placed: Places | None  # where each levelling seat lies; None while something is open


@dataclass(frozen=True, kw_only=True)
class LevellingTier(CompiledTier):
    """Levelling seats: what each list lacks of its share of the whole, then a place for every one of them."""

    of_whole = True

    @property
    def levelling(self) -> Levelling:
        """The provision."""
        assert self.rule.levelling is not None
        return self.rule.levelling

    def deal(self, sitting: Sitting) -> LevellingWorkings:
        """Deal and place them.

        A list that holds more seats in the districts than its share keeps them and leaves the computation, which is then
        done again for the others.
        """
        sheet, ties = sitting.sheet, sitting.ties
        admission = None if self.bar is None else self.bar.admit(sheet)
        first, rounds = sitting.earlier[self.levelling.tier].seats, []
        active = np.ones((len(sheet.votes), 1, sheet.size), np.bool_) if admission is None else admission.admitted
        blocked = sitting.waits
        while not blocked:
            rounds.append(self._round(sheet, first, active, ties))
            if not rounds[-1].over.any():
                break
            active = active & ~rounds[-1].over
        answers = [a for r in rounds if r.settled is not None for a in r.settled.answers]
        placed = None
        if not blocked and not still_open(answers):
            seats = rounds[-1].settled.allocation.seats if rounds[-1].settled is not None else rounds[-1].dealt.seats
            due = np.where(active, seats - first.sum(axis=1, keepdims=True), 0)[:, 0]
            placed = self._place(sheet, first, np.maximum(due, 0), ties)
            answers += placed.answers
        return LevellingWorkings(
            tier=self,
            sitting=sitting,
            seats=np.zeros_like(first) if placed is None else placed.seats,
            admission=admission,
            admitted=None if admission is None else admission.admitted,
            answers=answers,
            held=first,
            rounds=rounds,
            placed=placed,
        )

    def _round(self, sheet: Sheet, first: IntArray, active: BoolArray, ties: Ties) -> Round:
        """Compute the shares of the lists still in the computation, of all seats that others do not hold."""
        votes, held = sheet.votes.sum(axis=1, keepdims=True), first.sum(axis=1, keepdims=True)
        # The whole is shared as if it were one district: seats of districts and levelling seats together, but for those of
        # lists that hold more than their share and have left.
        extra = self.levelling.per_district * first.shape[1]
        pool = first.sum(axis=(0, 1))[None] + extra - np.where(active, 0, held).sum(axis=0)
        share = Share(self.rule.formula, votes, pool, active)
        dealt = share.dealt(len(votes))
        over = active & (held > dealt.seats + (dealt.tied & (dealt.open > 0)))
        if over.any():
            return Round(share, dealt, None, over)
        # A tie counts only when no list leaves for sure: the next computation may not have it.
        settled = ties.settle(dealt, self.equals, criteria(sheet, votes))
        seats, open_ = settled.allocation.seats, settled.allocation.open
        return Round(share, dealt, settled, active & (held > seats) & (open_ == 0))

    # ------------------------------------------------------------------ where they lie

    def _place(self, sheet: Sheet, first: IntArray, due: IntArray, ties: Ties) -> Places:
        """Walk down the ranked quotients; a seat goes where the district's levelling seat is free and the list has one due."""
        placed = Places(np.zeros(sheet.votes.shape, np.int64))
        numbers = np.flatnonzero(due.any(axis=0))
        if numbers.size and sheet.votes.dtype != object:
            numbers = self._place_together(sheet, first, due, numbers, placed)
        placed.alone = len(numbers)
        for number in numbers.tolist():
            for event in self._place_alone(sheet, first, due[:, number], number, ties):
                if not isinstance(event, Answer):
                    placed.seats[(*event, number)] += 1
                if number == 0:
                    placed.order.append(event)
        return placed

    def _place_together(
        self, sheet: Sheet, first: IntArray, due: IntArray, numbers: IntArray, placed: Places
    ) -> IntArray:
        """Place seats in many elections at once, largest quotient by largest quotient.

        Returns:
            The elections in which two quotients are closer than floats can tell apart: nothing is placed in them.
        """
        slots = np.flatnonzero(due[:, numbers].any(axis=1))
        left = due[np.ix_(slots, numbers)].T.copy()
        free = np.full((numbers.size, sheet.votes.shape[1]), self.levelling.per_district)
        waiting = self._float_quotients(sheet, first, slots, numbers)
        waiting[left == 0] = _NOBODY
        cells = waiting.reshape(numbers.size, -1)
        rows, sure = np.arange(numbers.size), np.ones(numbers.size, np.bool_)
        gains: list[tuple[IntArray, ...]] = []
        while rows.size:
            best = cells[rows].argmax(axis=1)
            top = cells[rows, best]
            cells[rows, best] = _NOBODY
            sure[rows] &= (cells[rows].max(axis=1) < top * (1 - _ALIKE)) | (top < 0)
            going = (top >= 0) & sure[rows]
            rows, best = rows[going], best[going]
            slot, place = np.divmod(best, free.shape[1])
            gains.append((rows, slot, place))
            left[rows, slot] -= 1
            free[rows, place] -= 1
            done = left[rows, slot] == 0
            waiting[rows[done], slot[done]] = _NOBODY
            done = free[rows, place] == 0
            waiting[rows[done], :, place[done]] = _NOBODY
        for rows, slot, place in gains:
            kept = sure[rows]
            lists, units, elections = slots[slot[kept]], place[kept], numbers[rows[kept]]
            placed.seats[lists, units, elections] += 1
            placed.order += zip(lists[elections == 0].tolist(), units[elections == 0].tolist(), strict=True)
        return numbers[~sure]

    def _float_quotients(self, sheet: Sheet, first: IntArray, slots: IntArray, numbers: IntArray) -> FloatArray:
        """Return quotients about, (elections, lists, districts): votes ÷ divisor ÷ votes per seat of the district.

        The divisors are 1, or the law's own first one, where a list holds nothing, else 3, 5, 7 …
        """
        votes, held = sheet.votes[..., numbers], first[..., numbers]
        average = held.sum(axis=0) / np.maximum(votes.sum(axis=0), 1)
        own = held[slots]
        divisor = np.where(own == 0, float(self.levelling.placement_first), 2.0 * own + 1)
        # A district without seats of its own has quotients of 0, and its levelling seat all the same.
        quotients = np.where(votes[slots] > 0, votes[slots] * average / divisor, _NOBODY)
        return np.ascontiguousarray(quotients.transpose(2, 0, 1))

    def _place_alone(
        self, sheet: Sheet, first: IntArray, due: IntArray, number: int, ties: Ties
    ) -> Iterator[tuple[int, int] | Answer]:
        """Place the seats of one election by exact quotients; equals are decided or stay open."""
        cells = self._quotients(sheet, first, number, due > 0)
        left, free = due.copy(), np.full(sheet.votes.shape[1], self.levelling.per_district)
        for _, level in groupby(cells, lambda cell: cell[0]):
            waiting = [(slot, place) for _, slot, place in level]
            while able := [(slot, place) for slot, place in waiting if left[slot] and free[place]]:
                sure, answer = self._next_of(able, left, free, number, ties)
                if answer is not None:
                    yield answer
                if not sure:
                    return
                for slot, place in sure:
                    yield slot, place
                    left[slot] -= 1
                    free[place] -= 1
                waiting = [cell for cell in waiting if cell not in sure]
            if not left.any():
                return

    def _quotients(self, sheet: Sheet, first: IntArray, number: int, due: BoolArray) -> list[tuple[int, int, int]]:
        """Return (quotient, list, district) of every place, largest first.

        Quotients are whole numbers, scaled so far up that different ones stay different: two fractions whose denominators
        are below 2ⁿ differ by more than 2⁻²ⁿ.
        """
        votes, held = sheet.votes[:, :, number].tolist(), first[:, :, number].tolist()
        total, magnitude = [sum(v) for v in zip(*votes, strict=True)], [sum(h) for h in zip(*held, strict=True)]
        start = self.levelling.placement_first
        most = max(map(max, held), default=0)
        scale = 2 * (max(total, default=1) * (2 * most + 1) * start.numerator).bit_length() + 1
        cells = []
        for slot in np.flatnonzero(due).tolist():
            for place, cast in enumerate(votes[slot]):
                if cast and total[place]:
                    own = held[slot][place]
                    above, below = (start.denominator, start.numerator) if own == 0 else (1, 2 * own + 1)
                    quotient = (cast * magnitude[place] * above << scale) // (total[place] * below)
                    cells.append((-quotient, slot, place))
        return sorted(cells)

    def _next_of(
        self, able: list[tuple[int, int]], left: IntArray, free: IntArray, number: int, ties: Ties
    ) -> tuple[list[tuple[int, int]], Answer | None]:
        """Return who of those with one quotient gets a seat next, (list, district), and by which answer; nobody if open."""
        for place in dict.fromkeys(p for _, p in able):
            lists = [s for s, p in able if p == place]
            if len(lists) > free[place]:
                chosen, answer = Rivals(self, number, ties).lists(place, lists, int(free[place]))
                return [(s, place) for s in chosen], answer
        for slot in dict.fromkeys(s for s, _ in able):
            places = [p for s, p in able if s == slot]
            if len(places) > left[slot]:
                chosen, answer = Rivals(self, number, ties).districts(slot, places, int(left[slot]))
                return [(slot, p) for p in chosen], answer
        return able, None


@dataclass
class Rivals:
    """Decides between equals when seats are placed in one election: a recorded decision or a draw; else it is open."""

    tier: CompiledTier
    number: int
    ties: Ties

    def lists(self, place: int, slots: list[int], seats: int) -> tuple[list[int], Answer]:
        """Return which lists get the seats of one district."""
        paper = self.tier.paper
        names = tuple(paper.option(slot, place) for slot in slots)
        return self._resolved(Undetermined(paper.name, paper.districts[place], "quotient", names, seats, ""), slots, "")

    def districts(self, slot: int, places: list[int], seats: int) -> tuple[list[int], Answer]:
        """Return in which districts one list gets its seats."""
        paper = self.tier.paper
        names = tuple(paper.districts[place] for place in places)
        asked = Undetermined(paper.name, WHOLE, "district", names, seats, "")
        return self._resolved(asked, places, paper.option(slot, 0))

    def _resolved(self, asked: Undetermined, among: list[int], of: str) -> tuple[list[int], Answer]:
        rule = self.tier.rule
        who = "lot" if rule.tie is not None and rule.tie.otherwise == "lot" else "none"
        asked = replace(asked, cite=(rule.levelling or rule.transfer or rule).cite, tier=rule.id, answer=who)
        path = f"{rule.id}.{'levelling' if rule.levelling else 'transfer'}"
        answer = self.ties.resolve(asked, self.number, path, of)
        chosen = answer.chosen or ()
        return [place for place, name in zip(among, asked.among, strict=True) if name in chosen], answer


# ---------------------------------------------------------------------- second scrutiny


@dataclass(kw_only=True)
class TransferWorkings(Workings):
    """How the seats that districts left were shared and placed."""

    first: IntArray  # (options, districts, elections) seats of the first scrutiny
    # what the formula was given: remainders of all districts and the seats left; None while something is open
    share: Share | None = None
    dealt: Allocation | None = None  # the allocation before its ties were settled
    settled: Settled | None = None  # and after
    remainders: IntArray | None = None  # (options, districts, elections) votes by which seats are placed
    placing: list[Answer] = field(default_factory=list)  # what became of questions between districts


@dataclass(frozen=True, kw_only=True)
class TransferTier(CompiledTier):
    """The seats that districts left open are shared by the added remainders of all districts, and placed."""

    of_whole = True

    def deal(self, sitting: Sitting) -> TransferWorkings:
        """Share and place them."""
        assert self.rule.transfer is not None
        scrutiny = sitting.earlier[self.rule.transfer.tier]
        assert isinstance(scrutiny, ListWorkings), "a second scrutiny follows a tier of lists"
        sheet, ties = sitting.sheet, sitting.ties
        first, admitted = scrutiny.seats, scrutiny.admitted
        workings = TransferWorkings(
            tier=self, sitting=sitting, seats=np.zeros_like(first), admitted=admitted, first=first
        )
        if sitting.waits:
            return workings
        work = scrutiny.dealt.workings
        assert isinstance(work, QuotaWorkings), "a second scrutiny follows a quota formula"
        part = np.broadcast_to(np.True_ if admitted is None else admitted, first.shape)
        remainders = np.where(part, work.remainders // work.quota_denominator, 0)
        # A list without a seat in a district brings all its votes there to the second scrutiny.
        transferred = np.where(first == 0, np.where(part, sheet.votes, 0), remainders)
        total = transferred.sum(axis=1, keepdims=True)
        left = (np.broadcast_to(scrutiny.filling.seats, first.shape[1:]) - first.sum(axis=0)).sum(axis=0)[None]
        # A list that has run out of candidates in its districts can take no more seats there, nor in the whole.
        room = self._room_left(first)
        limits = None if room is None else room.sum(axis=1, keepdims=True)
        stood = np.broadcast_to(part.any(axis=1, keepdims=True), total.shape)
        workings.share = Share(self.rule.formula, total, np.maximum(left, 0), stood, limits)
        workings.dealt = workings.share.dealt(len(total))
        ranks = criteria(sheet, further={"more-transferred": total})
        workings.settled = ties.settle(workings.dealt, self.equals, ranks)
        workings.remainders = remainders
        won = workings.settled.allocation.seats[:, 0]
        workings.seats, workings.placing = self._place(remainders, room, won, ties)
        workings.answers = [*workings.settled.answers, *workings.placing]
        return workings

    def _room_left(self, seats: IntArray) -> IntArray | None:
        """Return how many more seats each list can take in a district, where lists can run out of candidates."""
        if self.limits is None:
            return None
        return np.where(self.paper.reported[:, None], np.maximum(self.limits - seats, 0), 0)

    def _place(
        self, remainders: IntArray, room: IntArray | None, won: IntArray, ties: Ties
    ) -> tuple[IntArray, list[Answer]]:
        """Give each list its seats in the districts where its remainders are largest, in rounds where it has more than districts.

        Args:
            remainders: (options, districts, elections).
            room: (options, districts, elections) seats a list can still take; None without limit.
            won: (options, elections) seats to place.
            ties: settles or asks.
        """
        by_district = np.moveaxis(remainders, 1, 0)
        seats = np.zeros(by_district.shape, np.int64)
        reported = self.paper.reported[:, None, None]
        answers: list[Answer] = []
        while True:
            open_to = np.broadcast_to(reported, seats.shape)
            if room is not None:
                open_to = open_to & (np.broadcast_to(np.moveaxis(room, 1, 0), seats.shape) > seats)
            number = np.minimum(won - seats.sum(axis=0), open_to.sum(axis=0))
            if not number.any():
                return np.asarray(np.moveaxis(seats, 0, 1)), answers
            placed = most_votes(by_district, number, eligible=open_to, voteless=True)
            seats += placed.seats
            if placed.tied.any():
                decided = self._place_ties(placed, ties, answers)
                seats += decided
                won = won - np.where(placed.tied.any(axis=0), placed.open - decided.sum(axis=0), 0)  # what stays open

    def _place_ties(self, placed: Allocation, ties: Ties, answers: list[Answer]) -> IntArray:
        """Decide between districts with equal remainders of one list: by lot."""
        extra = np.zeros(placed.seats.shape, np.int64)
        for slot, number in np.argwhere((placed.open > 0) & placed.tied.any(axis=0)).tolist():
            places = np.flatnonzero(placed.tied[:, slot, number]).tolist()
            chosen, answer = Rivals(self, number, ties).districts(slot, places, int(placed.open[slot, number]))
            extra[chosen, slot, number] = 1
            answers.append(answer)
        return extra
