"""Single seats and block votes: the most votes, or an absolute majority with a second round.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from sailau.counting.bars import exceeds
from sailau.counting.sheet import Measure, Sheet
from sailau.counting.tiers import CompiledTier, Sitting, Workings
from sailau.counting.ties import ANSWERED_BY, Answer, Settled, Ties, Undetermined, criteria
from sailau.counting.turnout import not_checked
from sailau.formulas.allocation import Allocation, settle
from sailau.formulas.arrays import BoolArray, IntArray, places
from sailau.formulas.majority import at_least, most_votes
from sailau.rulebook import Finding
from sailau.rulebook.schema import FirstRoundBar

# ---------------------------------------------------------------------- the most votes


@dataclass(kw_only=True)
class PluralityWorkings(Workings):
    """How the most votes elected."""

    first: Allocation  # what the votes gave, ties open
    # districts in which a repeat vote decided between equals, and the slot of its winner, −1 for none
    repeated: list[tuple[int, int]]
    settled: Settled  # the allocation with its ties settled

    def second_rounds(self) -> Iterable[int]:
        """Return the districts in which a repeat vote decided."""
        return [place for place, _ in self.repeated]


@dataclass(frozen=True, kw_only=True)
class PluralityTier(CompiledTier):
    """The options with the most votes are elected: plurality, block vote, limited vote."""

    def deal(self, sitting: Sitting) -> PluralityWorkings:
        """Elect as many as there are seats in each district."""
        sheet, ties = sitting.sheet, sitting.ties
        first = allocation = most_votes(sheet.votes, sitting.filling.seats)
        repeated: list[tuple[int, int]] = []
        if first.open.any():
            allocation = _voteless_tied(sheet, first)
            allocation, repeated = self._repeat_vote(allocation, ties)
        settled = ties.settle(allocation, self.equals, criteria(sheet))
        return PluralityWorkings(
            tier=self,
            sitting=sitting,
            seats=settled.allocation.seats,
            answers=[*settled.answers],
            first=first,
            repeated=repeated,
            settled=settled,
        )

    def _repeat_vote(self, allocation: Allocation, ties: Ties) -> tuple[Allocation, list[tuple[int, int]]]:
        """Decide tied districts by the repeat vote that the returns hold as round 2, where the law knows one."""
        second, repeated = self.paper.second, []
        if second is None or self.equals.otherwise not in ("repeat-vote", "repeat-election"):
            return allocation, []
        seats, tied, left = allocation.seats.copy(), allocation.tied.copy(), allocation.open.copy()
        for place in np.flatnonzero(allocation.tied.any(axis=(0, 2)) & second[1]).tolist():
            winner = _leader(second[0][:, place])
            if not tied[winner, place].any():
                winner = -1  # somebody who was not among the equals cannot win the vote between them
            numbers = np.flatnonzero(tied[:, place].any(axis=0))
            ties.broken[numbers] = True
            if winner >= 0:
                won = numbers[tied[winner, place, numbers] & (left[place, numbers] == 1)]
                seats[winner, place, won] += 1
                tied[:, place, won], left[place, won] = False, 0
            repeated.append((place, winner))
        return Allocation(seats, tied, left, room=allocation.room), repeated


def _voteless_tied(sheet: Sheet, allocation: Allocation) -> Allocation:
    """Tie all who stood where none of them has a vote: nobody is elected, and the law must say what follows."""
    place, number = places(allocation.open > 0)
    empty = (sheet.votes[:, place, number].max(axis=0, initial=0) == 0) & sheet.paper.reported[place]
    if not empty.any():
        return allocation
    void = np.zeros(allocation.open.shape, np.bool_)
    void[place[empty], number[empty]] = True
    tied = np.where(void[None], sheet.paper.stood[:, :, None], allocation.tied)
    left = np.where(void, np.minimum(allocation.open, tied.sum(axis=0)), allocation.open)
    return Allocation(allocation.seats, tied, left.astype(np.int64), room=tied.astype(np.int64))


def _leader(votes: IntArray) -> int:
    """Return the slot with the most votes of a second vote; −1 for a tie or no votes."""
    top = np.flatnonzero(votes == votes.max(initial=0))
    return int(top[0]) if len(top) == 1 and votes.max() > 0 else -1


# ---------------------------------------------------------------------- absolute majority


@dataclass
class BarCleared:
    """Who cleared one bar of the first round."""

    bar: FirstRoundBar
    base: Measure  # what shares are measured by
    cleared: BoolArray  # (options, districts, elections)
    applies: bool = True  # whether the turnout to which the bar is tied holds anywhere
    notes: tuple[Finding, ...] = ()  # what of that turnout could not be checked


@dataclass
class Final:
    """The second round of one district."""

    place: int  # the district
    ties: Ties  # answers its questions
    answers: list[Answer] = field(default_factory=list)  # what became of its questions, in order
    winners: list[int] | None = None  # slots elected in a second round that was held; None where none was
    replaced: tuple[str, ...] = ()  # who was in it though others were ahead


@dataclass(kw_only=True)
class MajorityWorkings(Workings):
    """How a majority elected, in one round or two."""

    bars: list[BarCleared]  # who cleared each bar of the first round
    finals: list[Final]  # second rounds, in the order of districts

    def second_rounds(self) -> Iterable[int]:
        """Return the districts in which a second round decided."""
        return [final.place for final in self.finals if final.winners is not None]

    def own_findings(self) -> Iterator[Finding]:
        """Yield bases that are not known where it matters, and second rounds with others than the leaders."""
        contest, rule = self.tier.paper.name, self.tier.rule
        assert rule.majority is not None
        for bar in self.bars:
            yield from bar.notes
            if bar.applies:
                passed = np.asarray(bar.cleared[:, :, 0].any(axis=0))
                base = bar.base.where(passed, self.sheet)
                yield from base.findings(contest, f"{rule.id}.majority", rule.majority.cite)
        for final in self.finals:
            if final.replaced:
                unit, values = self.tier.paper.districts[final.place], {"options": list(final.replaced)}
                cite = rule.run_off.cite if rule.run_off is not None else rule.cite
                yield Finding("second-round-replaced", contest, unit, values, cite)


@dataclass(frozen=True, kw_only=True)
class MajorityTier(CompiledTier):
    """Who clears a bar is elected in the first round, else who leads in the second.

    A second round is fresh votes: the case's round 2 where it has one, a question otherwise.
    """

    def deal(self, sitting: Sitting) -> MajorityWorkings:
        """Elect those over a bar; what is left goes to the second round."""
        assert self.rule.majority is not None
        sheet, ties, want = sitting.sheet, sitting.ties, sitting.want
        bars = [self._over(sheet, bar, want, ties) for bar in self.rule.majority.bars]
        # Bars are alternatives: which one holds may depend on the turnout.
        cleared = np.logical_or.reduce([bar.cleared for bar in bars])
        seats = most_votes(sheet.votes, want, eligible=cleared).seats
        missing = want - seats.sum(axis=0)
        finals = []
        for place in np.flatnonzero(missing.any(axis=1) & self.paper.reported).tolist():
            ties.broken |= missing[place] > 0
            finals.append(self._final(place, sheet, seats, missing[place], ties))
        answers = [answer for final in finals for answer in final.answers]
        return MajorityWorkings(tier=self, sitting=sitting, seats=seats, answers=answers, bars=bars, finals=finals)

    def _over(self, sheet: Sheet, bar: FirstRoundBar, seats: IntArray, ties: Ties) -> BarCleared:
        """Return who clears one bar, nobody where it is tied to a turnout that was not so.

        Where several seats are filled at once every ballot has a mark for each: votes add up to so many times the ballots.
        """
        base, votes = sheet.measure(bar.base), sheet.votes
        marks = np.maximum(seats, 1) if base.used in ("valid", "options") else np.ones_like(seats)
        if (marks != 1).any():
            votes = np.asarray(votes.astype(object) * marks)
        cleared = exceeds(votes, base.figures, bar.share, bar.comparison)
        notes: tuple[Finding, ...] = ()
        if bar.turnout_from is not None or bar.turnout_below is not None:
            applies, notes = self._turnout_holds(sheet, bar)
            cleared &= applies
            if not applies.any():
                return BarCleared(bar, base, cleared, False, notes)
        if base.missing and ties.asks and self.paper.second is not None:
            # A second round was held: whatever the base that is not known, nobody had been elected before.
            cleared[:, self.paper.second[1] & ~sheet.base_where(bar.base)[1]] = False
        return BarCleared(bar, base, cleared, True, notes)

    def _turnout_holds(self, sheet: Sheet, bar: FirstRoundBar) -> tuple[BoolArray, tuple[Finding, ...]]:
        """Return where the turnout is as the bar asks, taken as met where it is unknown, and what is."""
        (cast, has_cast), (registered, has_registered) = sheet.base_where("cast"), sheet.base_where("registered")
        known = (has_cast & has_registered)[:, None]
        if bar.turnout_from is None:
            assert bar.turnout_below is not None
            below = ~at_least(cast, registered, bar.turnout_below.numerator, bar.turnout_below.denominator)
            return np.asarray(below & known), ()
        rule, path = self.rule.majority, f"{self.rule.id}.majority"
        assert rule is not None
        notes = not_checked(sheet, rule, path, ("registered", has_registered), ("cast", has_cast))
        enough = at_least(cast, registered, bar.turnout_from.numerator, bar.turnout_from.denominator)
        return np.asarray(enough | ~known), tuple(notes)

    # ------------------------------------------------------------------ the second round of one district

    def _final(self, place: int, sheet: Sheet, seats: IntArray, missing: IntArray, ties: Ties) -> Final:
        """Fill the seats that the first round left in a district, in place, in every election of the sheet."""
        rule, second, final = self.rule.run_off, self.paper.second, Final(place, ties)
        stood = self.paper.stood[:, place]
        if rule is None or int(stood.sum()) <= rule.stood:
            # Too few stood for a second round: the law says what follows instead.
            standing = np.flatnonzero(stood & (seats[:, place, 0] == 0)).tolist()
            answer = rule.else_ if rule is not None else "no-rule"
            slots = self._ask(final, answer, standing, int(missing[0]))
            seats[slots, place, 0] += 1
        elif second is not None and bool(second[1][place]):
            self._held(final, sheet, seats, missing)
        elif ties.asks:
            standing = np.flatnonzero(stood & (seats[:, place, 0] == 0)).tolist()
            finalists = self._finalists(final, sheet.votes[:, place, 0], standing, int(missing[0]))
            slots = self._ask(final, "run-off", finalists, int(missing[0])) if finalists else []
            seats[slots, place, 0] += 1
        return final

    def _finalists(self, final: Final, votes: IntArray, standing: list[int], missing: int) -> list[int]:
        """Return who goes on; a tie for a place is asked as the law says, and nobody goes on while it is open."""
        rule = self.rule.run_off
        assert rule is not None
        # For one seat the law names how many go on; for several, one more than there are seats, so that there is a contest.
        number = rule.candidates if missing == 1 else missing + 1
        top = most_votes(
            votes[:, None], min(number, len(standing)), eligible=_mask(len(votes), standing), voteless=True
        )
        sure, tied = np.flatnonzero(top.seats).tolist(), np.flatnonzero(top.tied).tolist()
        if not tied:
            return sure
        chosen = self._ask(final, rule.tie_for_place, tied, int(top.open[0]), "run-off", sure)
        return sure + chosen if chosen else []

    def _held(self, final: Final, sheet: Sheet, seats: IntArray, missing: IntArray) -> None:
        """Seat who won the second round that the returns hold, wherever the first left seats."""
        rule, place = self.rule.run_off, final.place
        assert rule is not None
        assert self.paper.second is not None
        votes, first = self.paper.second[0][:, place], sheet.votes[:, place]
        in_final = votes >= 0
        number = np.minimum(missing, int(in_final.sum()))
        everywhere = np.broadcast_to(votes[:, None], first.shape)
        top = most_votes(everywhere, number, eligible=np.broadcast_to(in_final[:, None], first.shape), voteless=True)
        if "first-round" in rule.tie:
            top = settle(top, -first)
        seats[:, place] += top.seats.astype(seats.dtype)
        last = np.sort(first[:, 0])[::-1][min(rule.candidates, len(first)) - 1]
        names = self.paper.names(place)
        final.replaced = tuple(names[s] for s in np.flatnonzero(in_final & (first[:, 0] < last)))
        final.winners = np.flatnonzero(top.seats[:, 0]).tolist()
        if top.tied[:, 0].any() and final.ties.asks:
            tied = np.flatnonzero(top.tied[:, 0]).tolist()
            chosen = self._ask(final, rule.tie_otherwise, tied, int(top.open[0]))
            seats[chosen, place, 0] += 1
            final.winners = [*final.winners, *chosen]

    def _ask(
        self, final: Final, answer: str, slots: list[int], seats: int, kind: str | None = None, sure: Sequence[int] = ()
    ) -> list[int]:
        """Ask who is elected or goes on, beside who surely does; return the slots that a decision names, else none."""
        if not final.ties.asks:
            return []
        names, rule = self.paper.names(final.place), self.rule.run_off
        among, unit = tuple(names[s] for s in slots), self.paper.districts[final.place]
        question = kind or ("district" if answer == "lot" else answer)
        cite, who = (rule or self.rule).cite, ANSWERED_BY.get(answer, "none")
        beside = tuple(names[s] for s in sure)
        asked = Undetermined(self.paper.name, unit, question, among, seats, cite, self.rule.id, who, beside=beside)
        reply = final.ties.decide(asked, f"{self.rule.id}.run-off")
        final.answers.append(reply)
        return [slots[among.index(name)] for name in reply.chosen or ()]


def _mask(options: int, slots: list[int]) -> BoolArray:
    """Return the options of one election, (options, 1), that are in some slots."""
    mask = np.zeros((options, 1), np.bool_)
    mask[slots] = True
    return mask
