"""What the schema cannot say: whether the provisions of a law fit each other, so that it can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailau.rulebook.schema import Contest, Formula, Law, Tier

Path = tuple[str | int, ...]
Trouble = tuple[Path, str, str]
"""Where in the tables, what stands there, what is expected."""

SECOND_DIVISORS = {
    "dhondt": Fraction(2),
    "sainte-lague": Fraction(3),
    "modified-sainte-lague": Fraction(3),
    "huntington-hill": Fraction(2),
    "adams": Fraction(1),
    "dean": Fraction(4, 3),
    "danish": Fraction(4),
    "imperiali-divisor": Fraction(3, 2),
}
"""Divisor method → its divisor for the second seat (of Huntington–Hill the square), which a first one stays below."""
MOST_ROOT = 99
"""Votes are raised to an exponent's denominator, which is no larger."""
SHARING = ("largest-remainder", "balinski-young-quota", *SECOND_DIVISORS)
"""Methods that share seats out among lists."""
ELECTING = ("plurality", "majority")


def incoherences(law: Law) -> Iterator[Trouble]:
    """Yield every place where a provision leans on one that is missing or of another kind."""
    before: dict[str, Tier] = {}
    for index, tier in enumerate(law.tier):
        contest = law.contests.get(tier.contest)
        place: Path = ("tier", index)
        yield from _formula(tier.formula, (*place, "formula"))
        yield from _needs(tier, place)
        if contest is not None:
            yield from _ballot(tier, contest, place)
        yield from _seats(tier, place)
        yield from _agreements(tier, place)
        yield from _later(tier, before, place)
        before[tier.id] = tier


def other_seats(law: Law) -> Iterator[Trouble]:
    """Yield what the body says of its seats where the tiers of a book fill another number; a what-if may change only these."""
    seats = law.body.seats
    if seats is None or any(tier.contest not in law.contests for tier in law.tier):
        return
    each = [law.seats(tier) for tier in law.tier]
    if each and None not in each and (total := sum(number or 0 for number in each)) != seats:
        yield ("body", "seats"), str(seats), f"{total}, the seats of its tiers together"


def _formula(formula: Formula, place: Path) -> Iterator[Trouble]:
    if formula.leftover != "remainders" and formula.method != "largest-remainder":
        yield (*place, "leftover"), formula.leftover, "remainders: only a quota leaves seats over"
    if formula.exponent is not None:
        yield from _exponent(formula, formula.exponent, place)
    if formula.first is None or formula.method not in SECOND_DIVISORS:
        return
    second = SECOND_DIVISORS[formula.method]
    first = formula.first**2 if formula.method == "huntington-hill" else formula.first
    if not 0 < first < second:
        yield (*place, "first"), str(formula.first), "a first divisor above 0 and below the second"


def _exponent(formula: Formula, exponent: Fraction, place: Path) -> Iterator[Trouble]:
    if formula.method not in ("dhondt", "sainte-lague", "danish"):
        yield (*place, "exponent"), f"beside {formula.method}", "dhondt, sainte-lague or danish"
    if not 0 < exponent <= 1 or exponent.denominator > MOST_ROOT:
        yield (
            (*place, "exponent"),
            str(exponent),
            f"above 0 and up to 1, a fraction of {MOST_ROOT} parts at most",
        )
    if formula.first is not None:
        yield (*place, "first"), str(formula.first), "no first divisor beside an exponent"


def _agreements(tier: Tier, place: Path) -> Iterator[Trouble]:
    """Yield what agreements do not go with: partners are dealt seats twice, by divisors and by nothing else."""
    if tier.agreements is None:
        return
    if tier.formula.method not in SECOND_DIVISORS:
        yield (*place, "agreements"), f"beside {tier.formula.method}", f"one of {', '.join(SECOND_DIVISORS)}"
    for name in ("single_qualifier", "limits", "exhaustion", "levelling", "transfer"):
        if getattr(tier, name) is not None:
            yield (*place, "agreements"), f"beside {name.replace('_', '-')}", "a tier without it"
    if tier.formula.unqualified != "set-aside":
        yield (
            (*place, "agreements"),
            f"beside unqualified = {tier.formula.unqualified}",
            "votes under the bar set aside",
        )


def _needs(tier: Tier, place: Path) -> Iterator[Trouble]:
    """Yield what a method needs beside it."""
    method = tier.formula.method
    if method == "majority" and tier.majority is None:
        yield (*place, "majority"), "nothing", "the bars of the first round, as the formula is a majority"
    if method == "question" and tier.adoption is None:
        yield (*place, "adoption"), "nothing", "what adopts the question"
    if method != "majority" and tier.majority is not None:
        yield (*place, "majority"), f"bars beside {method}", "the formula majority"


def _ballot(tier: Tier, contest: Contest, place: Path) -> Iterator[Trouble]:
    method = tier.formula.method
    if (contest.ballot == "question") != (method == "question"):
        yield (
            (*place, "formula", "method"),
            f"{method} for a ballot of kind {contest.ballot}",
            "question for a question",
        )
    elif contest.ballot == "candidates" and contest.level and method not in (*ELECTING, "declared"):
        yield (*place, "formula", "method"), f"{method} among the persons of a district", "plurality or majority"
    if tier.adoption is not None and tier.adoption.answer not in contest.answers:
        found = f"“{tier.adoption.answer}”"
        yield (*place, "adoption", "answer"), found, f"an answer of the ballot: {', '.join(contest.answers) or 'none'}"


def _seats(tier: Tier, place: Path) -> Iterator[Trouble]:
    seats = tier.seats
    if seats.rest and tier.levelling is None and tier.transfer is None:
        yield (*place, "seats", "rest"), "true", "a tier with levelling or transfer, which take the rest"
    if seats.apportion is None:
        return
    where = (*place, "seats", "apportion")
    yield from _formula(seats.apportion.formula, (*where, "formula"))
    if seats.apportion.formula.method not in SHARING:
        yield (*where, "formula", "method"), seats.apportion.formula.method, f"one of {', '.join(SHARING)}"
    counted = [name for name in seats.apportion.score if name in ("valid", "options")]
    if counted and len(seats.apportion.score) > 1:
        yield (*where, "score"), ", ".join(seats.apportion.score), f"{counted[0]} alone: votes are not added to areas"


def _later(tier: Tier, before: dict[str, Tier], place: Path) -> Iterator[Trouble]:
    """Yield what is wrong with a tier that builds on an earlier one."""
    for name, block in (("levelling", tier.levelling), ("transfer", tier.transfer)):
        if block is None:
            continue
        earlier = before.get(block.tier)
        if earlier is None or earlier.contest != tier.contest:
            yield (*place, name, "tier"), f"“{block.tier}”", "an earlier tier of the same ballot paper"
            continue
        wanted = ("largest-remainder",) if name == "transfer" else SHARING
        for what, formula in (("formula", tier.formula), (f"{block.tier}.formula", earlier.formula)):
            if formula.method not in wanted:
                yield (*place, name), f"{what} {formula.method}", f"one of {', '.join(wanted)}"
        if tier.threshold is not None and tier.threshold.area != "whole":
            yield (*place, "threshold", "area"), tier.threshold.area, "whole, as the tier shares out seats of the whole"
