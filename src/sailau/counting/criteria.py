"""The law's criteria between equals, as ranks of a paper's options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sailau.counting.bars import over_districts
from sailau.counting.block import Block
from sailau.counting.ties import Question, Ranks
from sailau.election.model import Election
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook.schema import Tier, TieRule


def tie_question(tier: Tier, path: str = "tie") -> Question:
    """Return what a tie between lists of a tier is about."""
    kind = "remainder" if tier.formula.method == "largest-remainder" else "quotient"
    rule = tier.tie
    where = f"{tier.id}.{path}"
    if rule is None:
        return Question(kind, (), "no-rule", f"{tier.id}.formula", tier.formula)
    return Question(kind, rule.order, rule.otherwise, where, rule, rule.of_two)


def criteria(block: Block, election: Election, further: dict[str, IntArray] | None = None) -> Ranks:
    """Return the values of the law's tie criteria for a paper's options."""

    def ranks(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        if further is not None and rule in further:
            return narrow_ranks(-further[rule]), None
        if rule == "more-votes":
            return narrow_ranks(-block.votes), None
        if rule == "fewer-votes":
            return narrow_ranks(block.votes), None
        if rule == "more-votes-whole":
            return narrow_ranks(-over_districts(block.votes)), None
        facts = [_fact(rule, str(option), election) for option in _flat(block.paper.options)]
        unknown = np.array([fact is None for fact in facts])[:, None, None]
        rank = np.array([0 if fact is None else fact for fact in facts], np.int64)[:, None, None]
        return rank, unknown

    return ranks


def narrow_ranks(values: IntArray) -> IntArray:
    """Return values as ranks: as they are, or numbered in order where they may not fit into 64 bits."""
    if values.dtype != object:
        return values
    return np.asarray(np.unique(values, return_inverse=True)[1]).reshape(values.shape)


def _flat(options: Sequence[Any]) -> Sequence[Any]:
    return options if not options or isinstance(options[0], str) else options[0]


def _fact(rule: TieRule, option: str, election: Election) -> int | None:
    party = election.parties.get(option)
    if party is None:
        return None
    if rule == "registered-earlier":
        return None if party.registered is None else party.registered.toordinal()
    return party.number if rule == "list-number" else None
