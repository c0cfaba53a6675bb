"""Double-proportional tiers: seats of lists in the whole first, then the matrix of districts and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sailau.counting.tiers import CompiledTier, Sitting, Workings
from sailau.counting.ties import Answer, Settled, Ties, Undetermined, criteria
from sailau.election.model import WHOLE
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.biproportional import biproportional
from sailau.formulas.divisor import highest_averages

UPPER: dict[str, Literal["sainte-lague", "dhondt", "adams"]] = {
    "standard": "sainte-lague",
    "down": "dhondt",
    "up": "adams",
}
"""Rounding of the matrix → the method that shares the seats of the whole among lists."""


@dataclass(kw_only=True)
class MatrixWorkings(Workings):
    """How the matrix came about."""

    votes: IntArray  # (options, districts, elections) of the lists that take part
    strength: IntArray  # (options, 1, elections) votes, or voter numbers, of the whole
    upper: Settled  # seats of the lists in the whole
    won: IntArray  # (options, districts, elections) one matrix, of those that are as proportional

    def nobody(self) -> list[Answer]:
        """Ask what the law says where no list takes part: the matrix is of the whole, whatever the bar is measured on."""
        if self.votes[:, :, 0].any():
            return []
        rule, paper = self.tier.rule, self.tier.paper
        kind, cite = ("no-rule", rule.cite) if rule.threshold is None else (rule.threshold.nobody, rule.threshold.cite)
        among = tuple(option for option in paper.names(0) if option)
        asked = Undetermined(paper.name, WHOLE, kind, among, self.to_fill(None), cite, rule.id)
        return [Answer(asked, None, None, f"{rule.id}.threshold")]


@dataclass(frozen=True, kw_only=True)
class MatrixTier(CompiledTier):
    """Seats of lists in the whole, then of lists in districts so that both margins hold."""

    of_whole = True

    def deal(self, sitting: Sitting) -> MatrixWorkings:
        """Deal the seats; the matrix is computed election by election, plainly."""
        sheet, ties, formula = sitting.sheet, sitting.ties, self.rule.formula
        admission = None if self.bar is None else self.bar.admit(sheet)
        votes = sheet.votes if admission is None else np.where(admission.admitted, sheet.votes, 0)
        nobody = np.asarray((votes == 0).all(axis=(0, 1)))
        ties.broken |= nobody
        each = np.where(nobody, 0, sitting.want)
        strength = _strength(votes, each) if formula.voter_numbers else votes.sum(axis=1, keepdims=True)
        # Each list's seats of the whole come first: a voter counts alike in every district, whatever the number of its seats.
        upper = highest_averages(strength, each.sum(axis=0)[None], method=UPPER[formula.rounding])
        settled = ties.settle(upper, self.equals, criteria(sheet, strength))
        of_lists = settled.allocation.seats[:, 0]
        won, tied = np.zeros(votes.shape, np.int64), np.zeros(votes.shape, np.bool_)
        answers = [*settled.answers]
        for number in np.flatnonzero(of_lists.sum(axis=0) == each.sum(axis=0)).tolist():
            table = votes[:, :, number].T, each[:, number], of_lists[:, number]
            won[:, :, number], tied[:, :, number] = self._matrix(table, number, ties, answers)
        # Nobody holds a seat of a cell that another matrix, as proportional, gives to others.
        return MatrixWorkings(
            tier=self,
            sitting=sitting,
            seats=np.where(tied, 0, won),
            admission=admission,
            admitted=None if admission is None else admission.admitted,
            answers=answers,
            votes=votes,
            strength=strength,
            upper=settled,
            won=won,
        )

    def _matrix(
        self, table: tuple[IntArray, IntArray, IntArray], number: int, ties: Ties, answers: list[Answer]
    ) -> tuple[IntArray, BoolArray]:
        """Return one matrix, (options, districts), and the cells that stay open because another one is as proportional.

        Args:
            table: votes (districts, options), seats of districts, seats of lists.
            number: of the election.
            ties: draws, or asks.
            answers: what became of its question is added.
        """
        rounding = self.rule.formula.rounding
        try:
            seats, tied = biproportional(*table, rounding, ties="report")
        except ValueError:
            # Districts and lists contradict each other: no matrix has both margins, and the law does not say what then.
            lists = [int(slot) for slot in np.flatnonzero(table[2])]
            answers.append(Answer(self._asked("no-rule", lists, int(table[2].sum()))))
            ties.broken[number] = True
            return np.zeros_like(table[0].T, np.int64), np.zeros(table[0].T.shape, np.bool_)
        if not tied.any():
            return seats.T, tied.T
        ties.broken[number] = True
        if ties.seed is not None:
            seats = biproportional(*table, rounding, ties=ties.lot(number, f"{self.rule.id} matrix"))
            return seats.T, np.zeros_like(tied.T)
        lists = [int(slot) for slot in np.flatnonzero(tied.any(axis=0))]
        asked = self._asked("quotient", lists, int(np.where(tied, seats, 0).sum()))
        answers.append(answer := ties.decide(asked, f"{self.rule.id}.formula", ranked=True))
        if answer.chosen is None:
            return seats.T, tied.T
        # The lot puts the lists in an order: each in turn takes what an equally proportional matrix still leaves it.
        order = [lists[asked.among.index(name)] for name in answer.chosen]
        return biproportional(*table, rounding, ties=order).T, np.zeros_like(tied.T)

    def _asked(self, kind: str, lists: list[int], seats: int) -> Undetermined:
        rule, names = self.rule, self.paper.names(0)
        by_lot = kind != "no-rule" and rule.tie is not None and rule.tie.otherwise == "lot"
        cite, who = (rule.tie or rule).cite, "lot" if by_lot else "none"
        among = tuple(names[slot] for slot in lists)
        return Undetermined(self.paper.name, WHOLE, kind, among, seats, cite, rule.id, who)


def _strength(votes: IntArray, seats: IntArray) -> IntArray:
    """Return voter numbers of the whole: votes of a list over the seats of the district, each rounded to the nearest."""
    divisor = np.maximum(seats, 1)
    return np.asarray(((2 * votes + divisor) // (2 * divisor)).sum(axis=1, keepdims=True))
