"""Compile a law and an election into a plan, count the election, or many elections at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from sailau.counting.building import outcome_of
from sailau.counting.compiled import CompiledLaw
from sailau.counting.outcome import Outcome
from sailau.counting.ties import Ties
from sailau.election.model import Election
from sailau.rulebook import Law
from sailau.tabulation import Tabulation

if TYPE_CHECKING:
    from sailau.counting.batch import Batch


@dataclass(frozen=True, repr=False)
class Plan(CompiledLaw):
    """A law compiled for one election: everything that does not depend on votes is settled. Call it with votes of many.

    Attributes:
        papers: contest → its ballot paper, laid out, for the contests that have votes.
        held: contest → its rule, for all contests that the law and the case know.
        tiers: (contest, tier) → the compiled tier, in the order of counting.
    """

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
        from sailau.counting.batch import count_many

        return count_many(self, votes, seed, progress)


def compile_plan(law: Law, election: Election, totals: Tabulation | None = None) -> Plan:
    """Compile a law for an election.

    Args:
        law: as it stands on the day.
        election: its units, lists and persons.
        totals: its returns added up, where that was done before.

    Raises:
        BadInput: sums that do not hold, or seats of districts that are not known, or more than any body has.
    """
    return Plan.of(law, election, totals)


def count(law: Law, election: Election) -> Outcome:
    """Count one election under a law: pure and deterministic.

    Args:
        law: as it stands on the polling day, `law.on(day)`, or amended for a what-if.
        election: the case.

    Returns:
        The outcome with every step; ties that nobody has decided are open questions in it.

    Raises:
        BadInput: sums that do not hold, seats of districts that are not known, or a decision that answers nothing.
    """
    plan = compile_plan(law, election)
    return outcome_of(plan, plan.sheets({}, 1), Ties(1, election.decisions))
