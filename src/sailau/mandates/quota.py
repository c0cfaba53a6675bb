"""The quota of mandates: counted, and where the party has not spoken, the nearest assignment that meets it.

Facts about health enter as counts only. A proposal therefore names persons by sex and age alone: who gives way and who
comes in is chosen by public facts, so that nothing about anybody's health can be read from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sailau.mandates.model import Place, Proposal, QuotaCheck, Verdict
from sailau.nomination.quota import belongs, needed, tally_of
from sailau.nomination.subjects import Subject
from sailau.rulebook.facts import FACTS
from sailau.rulebook.mandates import MandateQuota
from sailau.rulebook.mandates import MandateRules as Rule

_FACT = {"women": "sex", "youth": "birth_date", "disability": "disability"}


def check(
    rule: Rule, place: Place, taking: Sequence[Subject], everybody: Sequence[Subject], seats: int, day: date
) -> QuotaCheck | None:
    """Check the quota of one party's mandates; None where the law has none or nobody is named.

    Args:
        rule: the rule of the tier.
        place: the list.
        taking: the persons who take its seats.
        everybody: all who could take them, those included.
        seats: mandates that the list received.
        day: polling day, for ages.
    """
    quota = rule.quota
    if quota is None or not taking:
        return None
    test = quota.rule()
    wanted = mandates_needed(quota, seats)
    found = tally_of(test, taking, day)
    low, high, groups, missing = found.low, found.high, dict(found.groups), found.missing
    unnamed = seats - len(taking)
    if unnamed > 0 and high < wanted:
        # A seat whose holder is not known yet may still go to anybody.
        high = min(seats, high + unnamed)
        missing = missing or ("name",)
    return QuotaCheck(
        place,
        seats,
        wanted,
        low,
        high,
        groups,
        _verdict(low, high, wanted, _most(quota, everybody, seats, day)),
        missing if low < wanted <= high else (),
        found.guessed,
        rule.cite,
        rule.confidence,
    )


def mandates_needed(quota: MandateQuota, seats: int) -> int:
    """Return how many of a party's mandates must go to the groups."""
    return needed(quota.rule(), seats)


def _verdict(low: int, high: int, wanted: int, most: int) -> Verdict:
    if low >= wanted:
        return "met"
    if most < wanted:
        return "impossible"
    return "undecided" if high >= wanted else "broken"


def _most(quota: MandateQuota, everybody: Sequence[Subject], seats: int, day: date) -> int:
    """Return how many the best choice of persons could count, every open fact taken as true."""
    test = quota.rule()
    each = sorted((tally_of(test, [person], day).high for person in everybody), reverse=True)
    return sum(each[:seats])


def weight(quota: MandateQuota, person: Subject, day: date) -> int:
    """Return for how many a person surely counts by public facts."""
    public = [group for group in quota.groups if not _is_health(group)]
    sure = sum(belongs(group, person, quota.youth_under, day) is True for group in public)
    return min(sure, 1) if quota.persons == "once" else sure


def _is_health(group: str) -> bool:
    fact = FACTS.get(_FACT[group])
    return fact is not None and fact.health


def propose(quota: MandateQuota, order: Sequence[Subject], seats: int, wanted: int, day: date) -> Proposal | None:
    """Return the nearest assignment that meets a quota: fewest persons displaced, then least distance in the order.

    Args:
        quota: groups and how they count.
        order: everybody who can take a seat, in the default order.
        seats: mandates to give.
        wanted: how many must count.
        day: polling day, for ages.

    Returns:
        None where the default order already meets it or nobody waits on the list; without exchanges where public facts
        find nobody to exchange.
    """
    seated, waiting = list(order[:seats]), list(order[seats:])
    test = quota.rule()
    start = tally_of(test, seated, day).low
    if start >= wanted or not waiting:
        return None
    weights = [weight(quota, person, day) for person in order]
    best = _proposal((seated, [], []), start, wanted)
    for swaps in range(1, min(len(seated), len(waiting)) + 1):
        pair = _nearest(weights, seats, swaps, wanted - start)
        if pair is None:
            break
        found = _exchanged(order, seats, *pair)
        low = tally_of(test, found[0], day).low
        if low > best.low:
            best = _proposal(found, low, wanted)
        if low >= wanted:
            return best
    return best


def _nearest(
    weights: Sequence[int], seats: int, swaps: int, gain: int
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Return (places out, places in) of so many exchanges: gain reached (or the most there is), nearest to the cut.

    Every exchange must gain, so that persons are never displaced for nothing.
    """
    outs = _choices(weights[:seats][::-1], swaps, lowest=True)
    ins = _choices(weights[seats:], swaps, lowest=False)
    pairs = []
    for lost, out in outs.items():
        for won, into in ins.items():
            if won - lost >= swaps:
                pairs.append((min(won - lost, gain), out, into))
    if not pairs:
        return None
    most = max(pair[0] for pair in pairs)
    _, out, into = min(
        (pair for pair in pairs if pair[0] == most), key=lambda pair: (sum(pair[1]) + sum(pair[2]), pair[2], pair[1])
    )
    return tuple(seats - 1 - place for place in out), tuple(seats + place for place in into)


def _choices(weights: Sequence[int], number: int, *, lowest: bool) -> dict[int, tuple[int, ...]]:
    """Return total weight → the places of `number` persons nearest to the cut that have it."""
    heads: dict[int, list[int]] = {}
    for place, value in enumerate(weights):
        heads.setdefault(value, []).append(place)
    found: dict[tuple[int, int], tuple[int, ...]] = {(0, 0): ()}
    for value in sorted(heads, reverse=not lowest):
        grown: dict[tuple[int, int], tuple[int, ...]] = {}
        for (count, total), places in found.items():
            for more in range(min(number - count, len(heads[value])) + 1):
                key = (count + more, total + more * value)
                chosen = (*places, *heads[value][:more])
                if key not in grown or (sum(chosen), sorted(chosen)) < (sum(grown[key]), sorted(grown[key])):
                    grown[key] = chosen
        found = grown
    return {total: tuple(sorted(places)) for (count, total), places in found.items() if count == number}


def _exchanged(
    order: Sequence[Subject], seats: int, out: tuple[int, ...], into: tuple[int, ...]
) -> tuple[list[Subject], list[tuple[Subject, int]], list[tuple[Subject, int]]]:
    takes = [order[place] for place in range(seats) if place not in out] + [order[place] for place in into]
    return takes, [(order[p], p + 1) for p in sorted(out)], [(order[p], p + 1) for p in sorted(into)]


def _proposal(
    found: tuple[list[Subject], list[tuple[Subject, int]], list[tuple[Subject, int]]], low: int, wanted: int
) -> Proposal:
    takes, out, into = found
    return Proposal(
        tuple(person.id for person in takes),
        tuple((person.id, place) for person, place in out),
        tuple((person.id, place) for person, place in into),
        low,
        max(0, wanted - low),
    )


def fits(quota: MandateQuota, staying: Sequence[Subject], comes: Subject, wanted: int, day: date) -> bool:
    """Whether a successor surely keeps the quota: those who stay count by all facts, who comes by public ones."""
    return tally_of(quota.rule(), staying, day).low + weight(quota, comes, day) >= wanted
