"""List tiers: seats allocated to lists by a formula, for many elections at once.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting.papers import Paper
from sailau.counting.proportional import Share
from sailau.counting.sheet import Sheet
from sailau.counting.tiers import CompiledTier, Sitting, Workings
from sailau.counting.ties import Answer, Settled, Ties, Undetermined, criteria
from sailau.election.model import WHOLE, Election
from sailau.formulas.allocation import Allocation
from sailau.formulas.arrays import BoolArray, IntArray, places, tally_in_bytes, wide_enough
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.schema import Agreements, SingleQualifier, Tier

UNLIMITED = 10**6
"""Seats that no list can exceed."""


@dataclass
class Joined:
    """Where one list alone cleared the bar and the next one joins: a cell for each such district of an election."""

    place: NDArray[np.intp]  # (cells,) its district
    number: NDArray[np.intp]  # (cells,) its election
    first: NDArray[np.intp]  # (cells,) slot of the list over the bar
    second: NDArray[np.intp]  # (cells,) slot of the one that joins; −1 where it is open which
    total: IntArray  # (cells,) seats to be shared
    get: IntArray  # (cells,) those of the second list; where several are equal, of whichever joins
    equal: Sequence[Sequence[int]] = ()  # for each cell the options that are equal second, empty where one is ahead
    answers: list[Answer] = field(default_factory=list)  # what became of the questions between equal second lists


@dataclass(kw_only=True)
class ListWorkings(Workings):
    """How lists got their seats."""

    share: Share  # what the formula was given
    dealt: Allocation  # the allocation before its ties were settled
    settled: Settled  # and after
    joined: Joined | None  # where a single list over the bar shares with the next

    def nobody(self) -> list[Answer]:
        """Return the question of every district, or of the whole, in which no list cleared the bar."""
        if self.admission is None:
            return []
        rule, paper = self.admission.bar.rule, self.tier.paper
        there = np.asarray(self.admission.admitted[:, :, 0].any(axis=0))
        by_district = rule.area == "district"
        answers = []
        for place in np.flatnonzero(~there & paper.reported if by_district else ~there[:1]).tolist():
            unit, stake = (paper.districts[place], self.to_fill(place)) if by_district else (WHOLE, self.to_fill(None))
            among = tuple(option for option in paper.names(place) if option)
            asked = Undetermined(paper.name, unit, rule.nobody, among, stake, rule.cite, self.tier.rule.id)
            answers.append(Answer(asked, None, None, f"{self.tier.rule.id}.threshold"))
        return answers


@dataclass(frozen=True, kw_only=True)
class ListTier(CompiledTier):
    """Lists that share the seats of each district by a formula."""

    group: IntArray | None  # (options,) number of the group of partners; None where nobody agreed

    def deal(self, sitting: Sitting) -> ListWorkings:
        """Deal the seats of each district to the lists over the bar, the law's extra rule for a lone one included."""
        sheet, ties, want = sitting.sheet, sitting.ties, sitting.want
        admission = None if self.bar is None else self.bar.admit(sheet)
        admitted = None if admission is None else admission.admitted
        number = None if admitted is None else tally_in_bytes(admitted)
        if number is not None and (nobody := number == 0).any():
            want = np.where(nobody, 0, want)
            ties.broken |= nobody.any(axis=0)
        share = replace(Share.of(self.rule.formula, sheet, want, admitted, self.limits), group=self.group)
        dealt, joined = share.dealt(len(sheet.votes)), None
        if self.rule.single_qualifier is not None and number is not None and (number == 1).any():
            assert admitted is not None
            joined = self._joined(sheet, want, admitted, ties)
            dealt, admitted = _shared_by_two(joined, dealt, admitted)
        settled = ties.settle(dealt, self.equals, criteria(sheet))
        return ListWorkings(
            tier=self,
            sitting=sitting,
            seats=settled.allocation.seats,
            admission=admission,
            admitted=admitted,
            answers=[*(joined.answers if joined is not None else ()), *settled.answers],
            share=share,
            dealt=dealt,
            settled=settled,
            joined=joined,
        )

    def _joined(self, sheet: Sheet, seats: IntArray, admitted: BoolArray, ties: Ties) -> Joined:
        """Return which list joins a lone one: the next by votes, and with how many seats."""
        rule = self.rule.single_qualifier
        assert rule is not None
        place, number = places(tally_in_bytes(admitted) == 1)
        alone = admitted[:, place, number]
        # A chamber of one list is to be avoided: the list with most votes under the bar joins. Where no rival has a vote,
        # there is none to join, and the lone list keeps all seats.
        rivals = np.where(alone, 0, sheet.votes[:, place, number])
        some = rivals.any(axis=0)
        place, number, alone, rivals = place[some], number[some], alone[:, some], rivals[:, some]
        first, second, cells = alone.argmax(axis=0), rivals.argmax(axis=0), np.arange(len(place))
        # Equal lists have equal votes: how many seats go to the one that joins is known before it is known which.
        votes, total = sheet.votes[first, place, number], seats[place, number]
        get = _second_gets(rule, votes, rivals.max(axis=0), total)
        equal, answers = rivals == rivals.max(axis=0), []
        equals: list[list[int]] = [[] for _ in cells]
        for cell in np.flatnonzero(equal.sum(axis=0) > 1).tolist():
            # The law has no rule between equal second lists: a decision or a draw.
            where, slots = int(place[cell]), np.flatnonzero(equal[:, cell]).tolist()
            equals[cell] = slots
            names = tuple(self.paper.option(slot, where) for slot in slots)
            unit = self.paper.districts[where]
            at_stake = int(get[cell])
            asked = Undetermined(self.paper.name, unit, "no-rule", names, at_stake, rule.cite, self.rule.id, choose=1)
            answers.append(answer := ties.resolve(asked, int(number[cell]), f"{self.rule.id}.single-qualifier"))
            second[cell] = -1 if answer.chosen is None else slots[names.index(answer.chosen[0])]
        return Joined(place, number, first, second, total, get, equals, answers)


def _second_gets(rule: SingleQualifier, first: IntArray, second: IntArray, seats: IntArray) -> IntArray:
    """Return the second list's seats: whole part of votes ÷ quota × factor, at least the minimum, at most all."""
    # Votes of both lists together over the seats are the quota; the second is paid a part of what its votes would buy.
    scale = int(seats.max(initial=0)) * rule.factor.numerator
    wide = wide_enough(second, max(scale, 1))
    both = wide_enough(first + second, rule.factor.denominator)
    whole = wide * (seats * rule.factor.numerator) // np.maximum(both * rule.factor.denominator, 1)
    return np.asarray(np.minimum(np.maximum(whole, rule.minimum_seats), seats), np.int64)


def _shared_by_two(joined: Joined, dealt: Allocation, admitted: BoolArray) -> tuple[Allocation, BoolArray]:
    """Give the second list its seats and every other one to the first; where it is open who joins, its seats are."""
    seats, both = dealt.seats.copy(), admitted.copy()
    tied, left = dealt.tied.copy(), dealt.open.copy()
    place, number, known = joined.place, joined.number, joined.second >= 0
    seats[:, place, number], tied[:, place, number] = 0, False
    left[place, number] = np.where(known, 0, joined.get)
    seats[joined.first, place, number] = joined.total - joined.get
    place, number, second = place[known], number[known], joined.second[known]
    seats[second, place, number] = joined.get[known]
    both[second, place, number] = True
    return replace(dealt, seats=seats, tied=tied, open=left), both


def list_limits(tier: Tier, paper: Paper, election: Election) -> IntArray | None:
    """Return the most seats each list can take, (options, districts, 1); None where nothing limits them."""
    if tier.limits is None and tier.exhaustion is None:
        return None
    most = np.full((len(paper.options), len(paper.districts), 1), UNLIMITED, np.int64)
    lengths = _list_lengths(paper.name, election) if tier.exhaustion is not None else {}
    for slot, option in enumerate(map(str, paper.options)):
        party = election.parties.get(option)
        if tier.limits is not None and party is not None and party.kind in tier.limits.kinds:
            most[slot] = tier.limits.kinds[party.kind]
        for place, district in enumerate(paper.districts):
            if (option, district) in lengths:
                most[slot, place] = np.minimum(most[slot, place], lengths[option, district])
    return most


def _list_lengths(contest: str, election: Election) -> dict[tuple[str, str], int]:
    """Return (party, district) → number of candidates, for lists given completely (positions 1 to n)."""
    positions: dict[tuple[str, str], list[int]] = {}
    for person in election.candidates.values():
        if person.contest == contest and person.position is not None:
            positions.setdefault((person.party, person.unit), []).append(person.position)
    return {key: len(at) for key, at in positions.items() if sorted(at) == list(range(1, len(at) + 1))}


def partners(rule: Agreements | None, paper: Paper, election: Election) -> IntArray | None:
    """Return the number of each list's group, (options,): partners of an agreement share one; None where nobody agreed.

    Raises:
        BadInput: more lists in one agreement than the law allows.
    """
    if rule is None:
        return None
    names = [str(option) for option in paper.options]
    keys = [election.parties[n].agreement or f"={n}" if n in election.parties else f"={n}" for n in names]
    for key, number in Counter(keys).items():
        if number > rule.partners:
            told, expected = f"{number} lists with “{key}”", f"{rule.partners} lists at most in one agreement"
            raise BadInput([Fault("parties.csv", 0, "agreement", told, expected)])
    numbers: dict[str, Any] = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys]) if len(numbers) < len(names) else None
