"""The law's criteria between equals, as ranks of a paper's options."""

from __future__ import annotations

import numpy as np

from sailau.counting.bars import over_districts
from sailau.counting.block import Block
from sailau.counting.ties import Question, Ranks
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


def criteria(block: Block, further: dict[str, IntArray] | None = None) -> Ranks:
    """Return the values of the law's tie criteria for a paper's options, each in its own district."""
    paper, districts = block.paper, block.votes.shape[1]

    def ranks(rule: TieRule) -> tuple[IntArray, BoolArray | None]:
        if further is not None and rule in further:
            return narrow_ranks(-further[rule]), None
        if rule == "more-votes" or (rule == "more-votes-whole" and paper.local):
            return narrow_ranks(-block.votes), None
        if rule == "fewer-votes":
            return narrow_ranks(block.votes), None
        if rule == "more-votes-whole":
            return narrow_ranks(-over_districts(block.votes)), None
        # A tie of the whole is between lists, which are the same in every district.
        rank, unknown = paper.facts[rule]
        return rank[:, :districts, None], unknown[:, :districts, None]

    return ranks


def narrow_ranks(values: IntArray) -> IntArray:
    """Return values as ranks: as they are, or numbered in order where they may not fit into 64 bits."""
    if values.dtype != object:
        return values
    return np.asarray(np.unique(values, return_inverse=True)[1]).reshape(values.shape)
