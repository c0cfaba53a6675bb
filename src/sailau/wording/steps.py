"""Steps as lines: every code that the count records has its sentence here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sailau.wording import compensation, lists, majority
from sailau.wording.language import words
from sailau.wording.view import Line, Said, View

if TYPE_CHECKING:
    from sailau.counting import Outcome, Step

TELLERS: Mapping[str, Callable[[Any, View], list[Said]]] = {
    "district-seats": lists.district_seats,
    "turnout": majority.turnout,
    "threshold": lists.threshold,
    "bar-lowered": lists.bar_lowered,
    "filled-up": lists.filled_up,
    "nobody-qualifies": lists.nobody_qualifies,
    "quota": lists.quota,
    "whole": lists.whole,
    "remainders": lists.remainders,
    "taken-back": lists.taken_back,
    "single-qualifier": lists.single_qualifier,
    "quotients": lists.quotients,
    "agreements": lists.agreements,
    "limit": lists.limit,
    "levelling": compensation.levelling,
    "levelling-place": compensation.levelling_place,
    "transfer": compensation.transfer,
    "transfer-place": compensation.transfer_place,
    "matrix-lists": compensation.matrix_lists,
    "matrix": compensation.matrix,
    "most-votes": majority.most_votes,
    "majority": majority.majority,
    "second-round": majority.second_round,
    "adoption": majority.adoption,
    "regions": majority.regions,
    "tie": majority.tie,
    "decision": majority.decision,
    "open": majority.open_question,
    "declared": majority.declared,
}
"""Code of a step → what says it."""


def step_lines(step: Step, outcome: Outcome, option: str | None = None, language: str = "en") -> list[Line]:
    """Return what a step says, as lines with its article.

    Args:
        step: one step of the outcome.
        outcome: the outcome it belongs to.
        option: for whom it is told; None tells it for all, with a row each.
        language: `en`, `kk` or `ru`.

    Returns:
        No line where the step does not concern the option.
    """
    if option is not None and not step.concerns(option):
        return []
    view = View(outcome, words(language), option)
    return [
        Line(s.text, step.cite if s.cite is None else s.cite, step.confidence, step.note, s.rows, step.path)
        for s in TELLERS[step.code](step, view)
    ]
