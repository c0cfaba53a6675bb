"""Deposits that come back: to whom the law returns them after the count."""

from __future__ import annotations

from collections.abc import Iterator

from sailau.counting import Outcome
from sailau.counting.results import District
from sailau.mandates.model import DepositRefund
from sailau.rulebook.conduct import Deposit
from sailau.rulebook.schema import show_share
from sailau.tabulation import base_of


def refunds(outcome: Outcome) -> tuple[DepositRefund, ...]:
    """Return for every list and candidate whether its deposit comes back, as far as the votes are known.

    The share is measured where the list or candidate stood, by the base that the book's deposit names; a share equal to
    the bar is compared as integers.
    """
    found: list[DepositRefund] = []
    for name in outcome.contests:
        contest = outcome.law.contest_of(name)
        rules = [d for d in outcome.law.section("deposit") if contest and d.concerns(outcome.law.id, contest.id)]
        for rule in rules[:1]:
            found += _of_contest(outcome, name, rule)
    return tuple(found)


def _of_contest(outcome: Outcome, name: str, rule: Deposit) -> Iterator[DepositRefund]:
    for district in outcome.contests[name].districts.values():
        base = _base(outcome, name, district, rule)
        for option in dict.fromkeys([*district.votes, *district.seats]):
            if option in outcome.election.candidates or (rule.per == "name" and option in outcome.election.parties):
                yield _refund(name, district, option, base, rule)


def _base(outcome: Outcome, name: str, district: District, rule: Deposit) -> int | None:
    """Return the votes by which the share is measured, None where they are not known."""
    totals = outcome.plan.tabulation.of(name)
    if totals is None:
        return None
    return base_of(totals, district.unit, rule.refund.base)


def _refund(name: str, district: District, option: str, base: int | None, rule: Deposit) -> DepositRefund:
    votes, bar = district.votes.get(option), rule.refund.share
    refunded: bool | None = None
    because = "votes-unknown"
    if rule.refund.elected and district.seats.get(option):
        refunded, because = True, "elected"
    elif votes is not None and base:
        left, right = votes * bar.denominator, bar.numerator * base
        refunded = left >= right if rule.refund.comparison == "at-least" else left > right
        because = "share" if refunded else "below"
    return DepositRefund(
        name,
        district.unit,
        option,
        refunded,
        because,  # type: ignore[arg-type]
        votes,
        base,
        show_share(bar),
        rule.cite,
        rule.confidence,
    )
